#include "sim/script/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "common/msg/address.h"
#include "common/msg/signal.h"
#include "sdl/view/fields.h"
#include "sim/script/jtapi.h"

struct label {
	uint64_t pid;
	char *text;
	UT_hash_handle hh;
};

struct block {
	struct block *next;
	size_t used, size;
	uint8_t bytes[];
};

struct sim_history {
	struct sim_host *host;
	struct sim_reader *reader;
	struct sim_event *events;
	size_t n, size;
	struct label *labels;
	struct block *blocks;
	struct sim_jtapi *jtapi;
	int64_t start_ns;
};

#define BLOCK_SIZE (1u << 20)

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

struct sim_history *sim_history_new(struct sim_host *host)
{
	struct sim_history *h = must(calloc(1, sizeof(*h)));

	h->host = host;
	h->reader = sim_reader_new(host);
	h->jtapi = sim_jtapi_new();
	h->start_ns = sim_host_is_virtual(host) ? 0 : sim_host_now(host);
	return h;
}

static void forget_labels(struct sim_history *h)
{
	struct label *l, *next;

	HASH_ITER (hh, h->labels, l, next) {
		HASH_DEL(h->labels, l);
		free(l);
	}
}

void sim_history_destroy(struct sim_history **history)
{
	struct sim_history *h = *history;

	if (!h)
		return;
	forget_labels(h);
	for (struct block *b = h->blocks, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	sim_reader_destroy(&h->reader);
	sim_jtapi_destroy(&h->jtapi);
	free(h->events);
	free(h);
	*history = NULL;
}

/* Memory that stays where it is. */
static uint8_t *keep(struct sim_history *h, const void *bytes, size_t n)
{
	struct block *b = h->blocks;
	uint8_t *at;

	if (!b || b->size - b->used < n) {
		size_t size = n > BLOCK_SIZE ? n : BLOCK_SIZE;

		b = must(malloc(sizeof(*b) + size));
		*b = (struct block){ .next = h->blocks, .size = size };
		h->blocks = b;
	}
	at = b->bytes + b->used;
	memcpy(at, bytes, n);
	b->used += n;
	return at;
}

static struct label *label_of(struct sim_history *h, struct sdl_pid pid)
{
	uint64_t key = sdl_pid_pack(pid);
	struct label *l;

	HASH_FIND(hh, h->labels, &key, sizeof(key), l);
	return l;
}

static void set_label(struct sim_history *h, const struct sdl_record_entry *e)
{
	struct label *l = label_of(h, e->to);
	char *text = (char *)keep(h, "", 1);

	if (e->payload_len) {
		text = (char *)keep(h, e->payload, e->payload_len + 1);
		text[e->payload_len] = '\0';
	}
	if (!l) {
		l = must(calloc(1, sizeof(*l)));
		l->pid = sdl_pid_pack(e->to);
		HASH_ADD(hh, h->labels, pid, sizeof(l->pid), l);
	}
	l->text = text;
}

/* A program begins anew: the addresses of its processes mean others from now on. */
static void forget_program(struct sim_history *h, const struct sdl_record_entry *e)
{
	struct label *l, *next;

	HASH_ITER (hh, h->labels, l, next) {
		struct sdl_pid pid = sdl_pid_unpack(l->pid);

		if (pid.node == e->node && pid.app == e->app) {
			HASH_DEL(h->labels, l);
			free(l);
		}
	}
}

static void add(struct sim_history *h, const struct sdl_record_entry *e, enum sim_event_kind kind)
{
	struct label *l = label_of(h, e->to);
	struct sim_event *event;

	if (h->n == h->size) {
		h->size = h->size ? h->size * 2 : 256;
		h->events = must(realloc(h->events, h->size * sizeof(*h->events)));
	}
	event = &h->events[h->n++];
	*event = (struct sim_event){
		.kind = kind,
		.time_ns = e->time_ns,
		.to = e->to,
		.number = e->number,
		.label = l ? l->text : "",
		.bytes = keep(h, e->payload, e->payload_len),
		.len = e->payload_len,
	};
	if (kind == SIM_EVENT_ALARM)
		event->to = (struct sdl_pid){ .node = e->node, .app = e->app };
}

/* A JTAPI event follows from the CTI event that was added last. */
static void add_jtapi(void *arg, uint16_t signal, const JtapiEvent *e)
{
	struct sim_history *h = arg;
	uint8_t bytes[512];
	struct sdl_record_entry like = { .payload_len = 0 };
	struct sim_event from = h->events[h->n - 1];

	like.to = from.to;
	like.time_ns = from.time_ns;
	like.number = signal;
	add(h, &like, SIM_EVENT_JTAPI);
	h->events[h->n - 1].len = (uint32_t)jtapi_event__pack(e, bytes);
	h->events[h->n - 1].bytes = keep(h, bytes, h->events[h->n - 1].len);
}

static void derive_jtapi(struct sim_history *h, const struct sdl_record_entry *e)
{
	ProtobufCMessage *m;

	if (e->to.app != SDL_APP_CTI || e->to.type != APP_CTI_APPLICATION ||
	    !signal_def(e->number) || signal_def(e->number)->message != &call_event__descriptor)
		return;
	m = sdl_fields_unpack(e->number, e->payload, e->payload_len);
	if (m)
		sim_jtapi_look(h->jtapi, e->to.node, e->number, m, add_jtapi, h);
	sdl_fields_free(&m);
}

static bool of_endpoint(const struct sdl_record_entry *e)
{
	return (e->to.app == SDL_APP_PHONES || e->to.app == SDL_APP_CTI) &&
	       e->number != SIG_MediaTick && e->number != SIG_MediaTickTimer;
}

static void visit(void *arg, const struct sdl_record_entry *e)
{
	struct sim_history *h = arg;

	switch (e->kind) {
	case SDL_REC_START:
		forget_program(h, e);
		if (e->app == SDL_APP_CTI)
			sim_jtapi_forget(h->jtapi, e->node);
		break;
	case SDL_REC_LABEL:
		set_label(h, e);
		break;
	case SDL_REC_SIGNAL:
	case SDL_REC_IN:
		if (of_endpoint(e)) {
			add(h, e, SIM_EVENT_SIGNAL);
			derive_jtapi(h, e);
		}
		break;
	case SDL_REC_ALARM:
		add(h, e, SIM_EVENT_ALARM);
		break;
	default:
		break;
	}
}

void sim_history_update(struct sim_history *history)
{
	sim_reader_read(history->reader, visit, history);
}

size_t sim_history_n(const struct sim_history *history)
{
	return history->n;
}

const struct sim_event *sim_history_at(const struct sim_history *history, size_t i)
{
	return &history->events[i];
}

uint64_t sim_history_lost(const struct sim_history *history)
{
	return sim_reader_lost(history->reader);
}

void sim_history_print(const struct sim_history *history, size_t i, char *buf, size_t size)
{
	const struct sim_event *e = &history->events[i];
	const struct sim_program *p = sim_host_program_at(history->host, e->to.node, e->to.app);
	int64_t at = e->time_ns - history->start_ns;
	const struct signal_def *def = signal_def(e->number);
	ProtobufCMessage *m;
	int n;

	n = snprintf(buf, size, "%4lld.%06lld s  %-15s  ", (long long)(at / 1000000000),
		     (long long)(at % 1000000000 / 1000),
		     *e->label ? e->label
		     : p       ? p->name
			       : "?");
	if (n < 0 || (size_t)n >= size)
		return;
	if (e->kind == SIM_EVENT_ALARM) {
		snprintf(buf + n, size - (size_t)n, "%.*s", (int)e->len, (const char *)e->bytes);
		return;
	}
	n += snprintf(buf + n, size - (size_t)n, "%s%s ",
		      e->kind == SIM_EVENT_JTAPI ? "jtapi." : "",
		      !def			   ? "?"
		      : e->kind == SIM_EVENT_JTAPI ? def->name + strlen("Jtapi")
						   : def->name);
	m = sdl_fields_unpack(e->number, e->bytes, e->len);
	if (m && (size_t)n < size)
		sdl_fields_print(m, buf + n, size - (size_t)n);
	sdl_fields_free(&m);
}
