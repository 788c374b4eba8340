#include "sim/bench/load.h"

#include <stdlib.h>
#include <string.h>

static struct load *load_of(struct cti *cti)
{
	return cti_data(cti);
}

static struct load_port *port_of(struct load *load, const struct cti_event *e)
{
	const char *digits = strchr(e->device, '_');
	size_t i = digits ? strtoul(digits + 1, NULL, 10) : load->ports_n;

	return i < load->ports_n ? &load->ports[i] : NULL;
}

void load_failed(struct load *load, const char *what, const char *why)
{
	if (!load->failures++)
		snprintf(load->failure, sizeof(load->failure), "%s: %s", what, why);
}

static void remember(struct load *load, int seq, size_t port)
{
	size_t at = (size_t)seq;

	if (seq < 0) {
		load_failed(load, "a request", "not taken");
		return;
	}
	if (at >= load->asked_n) {
		size_t more = (at + 1) * 2;

		load->asked = realloc(load->asked, more * sizeof(*load->asked));
		if (!load->asked)
			abort();
		memset(load->asked + load->asked_n, 0,
		       (more - load->asked_n) * sizeof(*load->asked));
		load->asked_n = more;
	}
	load->asked[at] = port + 1;
}

/* ---- devices ------------------------------------------------------------------------- */

void bench_load_open(struct load *load, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		struct cti_media media = { .registration = CTI_STATIC_MEDIA,
					   .ip = 0x7f010066,
					   .port = (uint32_t)(20000 + i % 40000),
					   .codecs = { 4 } };
		char device[40];

		snprintf(device, sizeof(device), BENCH_DEVICE, i);
		remember(load, cti_device_open(load->cti, 1, device, &media), i);
	}
}

static void on_provider(struct cti *cti, const struct cti_event *e)
{
	(void)e;
	load_of(cti)->cti = cti;
	load_of(cti)->provider_open = true;
}

static void on_response(struct cti *cti, const struct cti_event *e)
{
	struct load *load = load_of(cti);
	size_t seq = (size_t)e->seq;
	size_t port = seq < load->asked_n ? load->asked[seq] : 0;
	char dn[40];

	if (e->result)
		load_failed(load, e->request, cti_error_name(e->result));
	if (!port || e->result)
		return;
	load->asked[seq] = 0;
	if (e->line_handle) {
		load->ports[port - 1].line = e->line_handle;
		return;
	}
	load->opened++;
	snprintf(dn, sizeof(dn), BENCH_DN, port - 1);
	remember(load, cti_line_open(cti, e->device_handle, dn, false), port - 1);
}

static void on_line_in_service(struct cti *cti, const struct cti_event *e)
{
	struct load *load = load_of(cti);
	struct load_port *p = port_of(load, e);

	if (!p || p->in_service)
		return;
	p->in_service = true;
	load->in_service++;
	load->last_in_ns = bench_now_ns();
}

static void on_line_out_of_service(struct cti *cti, const struct cti_event *e)
{
	struct load *load = load_of(cti);
	struct load_port *p = port_of(load, e);

	if (!p || !p->in_service)
		return;
	p->in_service = false;
	load->in_service--;
	if (!load->first_out_ns)
		load->first_out_ns = bench_now_ns();
}

void bench_load_mark(struct load *load)
{
	load->first_out_ns = load->last_in_ns = 0;
}

/* ---- calls --------------------------------------------------------------------------- */

static void begin(struct load *load, size_t pair)
{
	struct load_port *p = &load->ports[2 * pair];
	char dn[40];

	if (pair >= load->calls_max || load->begun >= load->calls_wanted)
		return;
	load->begun++;
	p[0].connected = p[1].connected = false;
	p[0].busy = p[1].busy = true;
	p[0].asked_ns = bench_now_ns();
	snprintf(dn, sizeof(dn), BENCH_DN, 2 * pair + 1);
	if (cti_line_call_initiate(load->cti, p->line, dn) < 0)
		load_failed(load, "LineCallInitiate", "not taken");
}

void bench_load_call(struct load *load, size_t pairs, uint64_t wanted)
{
	load->calls_max = pairs;
	load->calls_wanted = wanted;
	load->begun = load->connected = load->completed = 0;
	for (size_t i = 0; i < pairs; i++) {
		if (load->work == LOAD_CALLS)
			begin(load, i);
		else
			load_trio_begin(load, i);
	}
}

static void on_new_call(struct cti *cti, const struct cti_event *e)
{
	struct load_port *p = port_of(load_of(cti), e);

	if (!p)
		return;
	if (load_of(cti)->work != LOAD_CALLS) {
		load_trio_new_call(load_of(cti), p, e);
		return;
	}
	p->call = e->call;
	if (!e->outgoing)
		cti_call_answer(cti, e->call);
}

static void on_call_state(struct cti *cti, const struct cti_event *e)
{
	struct load *load = load_of(cti);
	struct load_port *p = port_of(load, e);
	size_t pair = p ? (size_t)(p - load->ports) / 2 : 0;
	struct load_port *caller = &load->ports[2 * pair];

	if (p && e->state == CTI_CONNECTED && load->work != LOAD_CALLS)
		load_trio_connected(load, p, e);
	if (!p || e->state != CTI_CONNECTED || p->connected || load->work != LOAD_CALLS)
		return;
	p->connected = true;
	if (!caller[0].connected || !caller[1].connected)
		return;
	load->connected++;
	load->latency_us = (double)(bench_now_ns() - caller->asked_ns) / 1e3;
	if (!load->hold)
		cti_call_disconnect(cti, caller->call);
}

static void on_call_closed(struct cti *cti, const struct cti_event *e)
{
	struct load *load = load_of(cti);
	struct load_port *p = port_of(load, e);
	size_t pair = p ? (size_t)(p - load->ports) / 2 : 0;

	if (p && load->work != LOAD_CALLS)
		load_trio_closed(load, p, e);
	if (!p || !p->busy || load->work != LOAD_CALLS)
		return;
	p->busy = false;
	if (load->ports[2 * pair].busy || load->ports[2 * pair + 1].busy)
		return;
	load->completed++;
	begin(load, pair);
}

/* ---- life ---------------------------------------------------------------------------- */

void bench_load_init(struct load *load, size_t ports)
{
	memset(load, 0, sizeof(*load));
	load->ports_n = ports;
	load->ports = calloc(ports + 2, sizeof(*load->ports));
	if (!load->ports)
		abort();
	load->app = (struct cti_app){
		.name = "bench",
		.data = load,
		.on_response = on_response,
		.on_provider_open_completed = on_provider,
		.on_line_in_service = on_line_in_service,
		.on_line_out_of_service = on_line_out_of_service,
		.on_new_call = on_new_call,
		.on_call_state_changed = on_call_state,
		.on_call_closed = on_call_closed,
	};
}

void bench_load_free(struct load *load)
{
	free(load->ports);
	free(load->asked);
	memset(load, 0, sizeof(*load));
}
