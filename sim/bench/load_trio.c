/* Transfers and conferences, by three ports each. */
#include "sim/bench/load.h"

#include <stdio.h>

enum { CALLER, MIDDLE, THIRD, TRIO };

void load_trio_begin(struct load *load, size_t trio)
{
	struct load_port *p = &load->ports[TRIO * trio];
	char dn[40];

	if (trio >= load->calls_max || load->begun >= load->calls_wanted)
		return;
	load->begun++;
	for (int i = 0; i < TRIO; i++) {
		p[i].call = p[i].consult = 0;
		p[i].calls = 0;
	}
	snprintf(dn, sizeof(dn), BENCH_DN, TRIO * trio + MIDDLE);
	if (cti_line_call_initiate(load->cti, p[CALLER].line, dn) < 0)
		load_failed(load, "LineCallInitiate", "not taken");
}

static size_t place_of(const struct load *load, const struct load_port *port)
{
	return (size_t)(port - load->ports) % TRIO;
}

void load_trio_new_call(struct load *load, struct load_port *port, const struct cti_event *e)
{
	port->calls++;
	if (!e->outgoing) {
		port->call = e->call;
		cti_call_answer(load->cti, e->call);
	} else if (place_of(load, port) == MIDDLE) {
		port->consult = e->call;
	} else {
		port->call = e->call;
	}
}

static int consult(struct load *load, struct load_port *port)
{
	char dn[40];

	snprintf(dn, sizeof(dn), BENCH_DN, (size_t)(port - load->ports) + 1);
	return load->work == LOAD_TRANSFERS ? cti_call_setup_transfer(load->cti, port->call, dn)
					    : cti_call_setup_conference(load->cti, port->call, dn);
}

static int complete(struct load *load, const struct load_port *port)
{
	return load->work == LOAD_TRANSFERS
		       ? cti_call_complete_transfer(load->cti, port->call, port->consult)
		       : cti_call_complete_conference(load->cti, port->call, port->consult);
}

void load_trio_connected(struct load *load, struct load_port *port, const struct cti_event *e)
{
	int seq = 0;

	if (place_of(load, port) != MIDDLE)
		return;
	if (e->call == port->call && !port->connected) {
		port->connected = true;
		seq = consult(load, port);
	} else if (e->call == port->consult) {
		seq = complete(load, port);
	}
	if (seq < 0)
		load_failed(load, "a transfer or conference", "not taken");
}

/* The middle one has its consult call no more: all is connected, and they hang up. */
static void hang_up(struct load *load, struct load_port *trio)
{
	cti_call_disconnect(load->cti, trio[CALLER].call);
	if (load->work == LOAD_CONFERENCES)
		cti_call_disconnect(load->cti, trio[MIDDLE].call);
}

void load_trio_closed(struct load *load, struct load_port *port, const struct cti_event *e)
{
	size_t number = (size_t)(port - load->ports) / TRIO;
	struct load_port *trio = &load->ports[TRIO * number];

	port->calls--;
	if (e->call == trio[MIDDLE].consult)
		hang_up(load, trio);
	if (trio[CALLER].calls || trio[MIDDLE].calls || trio[THIRD].calls)
		return;
	trio[MIDDLE].connected = false;
	load->completed++;
	load_trio_begin(load, number);
}
