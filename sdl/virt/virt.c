/* The virtual host: programs, their lives, and the turn of one event. The network is in net.c. */
#include "sdl/virt/host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/hash.h"
#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/link/frame.h"

#define DEFAULT_LATENCY 200000
#define DEFAULT_QUEUE	100000
#define DEFAULT_EVENTS	1000000

/* ---- life of the host ---------------------------------------------------------------------- */
struct sdl_virt *sdl_virt_new(const struct sdl_virt_options *options)
{
	struct sdl_virt *v = calloc(1, sizeof *v);

	if (!v)
		abort();
	v->options = *options;
	if (!v->options.latency_ns)
		v->options.latency_ns = DEFAULT_LATENCY;
	if (!v->options.queue_max)
		v->options.queue_max = DEFAULT_QUEUE;
	if (!v->options.events_max)
		v->options.events_max = DEFAULT_EVENTS;
	v->first_at = WAKE_UNKNOWN;
	prng_key(&v->prng, options->seed, "network", "delay");
	v->record = sdl_record_new(options->record_size ? options->record_size : 1 << 20);
	return v;
}

void sdl_virt_destroy(struct sdl_virt **virt)
{
	struct sdl_virt *v = *virt;

	if (!v)
		return;
	for (int i = 0; i < v->programs_n; i++)
		program_end(v, &v->programs[i]); /* looks at the lines of all others */
	for (int i = 0; i < v->programs_n; i++)
		free(v->programs[i].lines);
	events_free(&v->events);
	free(v->conns);
	free(v->programs);
	free(v->wakes);
	sdl_record_destroy(&v->record);
	free(v);
	*virt = NULL;
}

int sdl_virt_add(struct sdl_virt *v, const struct sdl_virt_program *spec)
{
	struct program *p;

	v->programs = realloc(v->programs, (size_t)(v->programs_n + 1) * sizeof *v->programs);
	v->wakes = realloc(v->wakes, (size_t)(v->programs_n + 1) * sizeof *v->wakes);
	if (!v->programs || !v->wakes)
		abort();
	v->wakes[v->programs_n] = INT64_MAX;
	p = &v->programs[v->programs_n];
	*p = (struct program){ .virt = v, .index = v->programs_n, .spec = *spec };
	return v->programs_n++;
}

int sdl_virt_find(const struct sdl_virt *v, uint8_t node, uint16_t app)
{
	for (int i = 0; i < v->programs_n; i++)
		if (v->programs[i].spec.node == node && v->programs[i].spec.app == app)
			return i;
	return -1;
}

enum sdl_virt_state sdl_virt_state(const struct sdl_virt *v, int program)
{
	const struct program *p = &v->programs[program];

	return !p->running || p->killed ? SDL_VIRT_DOWN : p->frozen ? SDL_VIRT_FROZEN : SDL_VIRT_UP;
}

/* The program changed, or may be changed by whoever asked for it. */
static void touch(struct sdl_virt *v, int program)
{
	v->wakes[program] = WAKE_UNKNOWN;
	v->first_at = WAKE_UNKNOWN;
}

struct sdl_program *sdl_virt_running(struct sdl_virt *v, int program)
{
	touch(v, program);
	return v->programs[program].killed ? NULL : v->programs[program].running;
}

/* ---- the world of a program: what is not the network ---------------------------------------- */
struct asker {
	struct sdl_virt *virt;
	struct program *program;
	struct sdl_pid served;
	struct sdl_pid asker;
	struct sdl_tag tag;
};

/* Answers come later and in order, however fast they were made. */
static void emit(void *arg, uint16_t number, const void *msg)
{
	const struct asker *a = arg;
	uint8_t bytes[SDL_SIGNAL_MAX];
	int64_t len = sdl_pack(number, msg, bytes, sizeof bytes);
	struct sdl_envelope e = { .to = a->asker,
				  .from = a->served,
				  .tag = a->tag,
				  .number = number,
				  .len = (uint32_t)len,
				  .bytes = bytes };

	if (len < 0) {
		fprintf(stderr, "%s: an answer %s is longer than a signal\n", a->program->spec.name,
			signal_def(number)->name);
		abort();
	}
	post_later(a->virt, a->program, &e, &a->program->answers_until);
}

static void world_serve(void *w, const struct sdl_type *type, const struct sdl_envelope *e)
{
	struct program *p = seat_program(w);
	struct asker asker = { p->virt, p, e->to, e->from, e->tag };
	struct sdl_answer answer = { emit, &asker };
	struct sdl_signal request = {
		.to = e->to, .from = e->from, .number = e->number, .tag = e->tag
	};

	if (p->crashed)
		return;
	request.msg =
		protobuf_c_message_unpack(signal_def(e->number)->message, NULL, e->len, e->bytes);
	type->serve(p->resource, &request, &answer);
	protobuf_c_message_free_unpacked((ProtobufCMessage *)request.msg, NULL);
}

static void world_control(void *w, const struct sdl_envelope *e)
{
	struct program *p = seat_program(w);

	if (!p->crashed && p->virt->options.control)
		p->virt->options.control(p->virt->options.arg, p->index, e);
}

static void world_alarm(void *w, const char *line)
{
	struct program *p = seat_program(w);

	if (!p->crashed && p->virt->options.alarm)
		p->virt->options.alarm(p->virt->options.arg, p->index, line);
}

static void world_halt(void *w, int status)
{
	struct program *p = seat_program(w);

	p->halted = true;
	p->status = status;
}

static void world_crash(void *w)
{
	seat_program(w)->crashed = true;
}

static const struct sdl_world world = {
	.line_open = net_line_open,
	.line_close = net_line_close,
	.line_send = net_line_send,
	.conn_open = net_conn_open,
	.conn_close = net_conn_close,
	.conn_send = net_conn_send,
	.datagram = net_datagram,
	.serve = world_serve,
	.control = world_control,
	.alarm = world_alarm,
	.halt = world_halt,
	.crash = world_crash,
};

/* ---- lives --------------------------------------------------------------------------------- */
static int open_resource(struct program *p, char *why, size_t why_size)
{
	if (!p->spec.resource.open)
		return 0;
	p->resource = p->spec.resource.open(p->spec.resource.arg, why, why_size);
	return p->resource ? 0 : -1;
}

static void close_resource(struct program *p)
{
	if (p->resource && p->spec.resource.close)
		p->spec.resource.close(p->resource);
	p->resource = NULL;
}

int sdl_virt_start(struct sdl_virt *v, int program, char *why, size_t why_size)
{
	struct program *p = &v->programs[program];
	struct sdl_config config = { .node = p->spec.node,
				     .app = p->spec.app,
				     .incarnation = p->life + 1,
				     .name = p->spec.name,
				     .cluster_id = p->spec.cluster_id,
				     .token = p->spec.token,
				     .seed = hash64_u64(v->options.seed, p->life + 1),
				     .mutants = p->spec.mutants,
				     .params = p->spec.params,
				     .record = v->record,
				     .world = &world };

	if (p->running || p->inside) {
		snprintf(why, why_size, "%s runs already", p->spec.name);
		return -1;
	}
	if (open_resource(p, why, why_size))
		return -1;
	p->seat = malloc(sizeof *p->seat);
	if (!p->seat)
		abort();
	*p->seat = (struct seat){ v, program };
	config.world_data = p->seat;
	p->spec.make(p->spec.arg, &config);
	if (sdl_program_check(config.types, config.types_n, why, why_size)) {
		close_resource(p);
		free(p->seat);
		p->seat = NULL;
		return -1;
	}
	p->life++;
	p->frozen = p->halted = p->crashed = p->killed = false;
	p->inside = true;
	p->answers_until = p->control_until = 0;
	p->running = sdl_program_new(&config, v->now);
	p->context = config.context;
	for (unsigned i = 0; i < p->spec.links_n; i++)
		sdl_program_link(p->running, p->spec.links[i].node, p->spec.links[i].app);
	net_program_up(v, p);
	turn(v, p);
	return 0;
}

/* Everything of this life goes, the program first. */
void program_end(struct sdl_virt *v, struct program *p)
{
	if (!p->running)
		return;
	touch(v, p->index);
	p->inside = true; /* what ends may still say something */
	net_program_down(v, p);
	sdl_program_destroy(&p->running);
	p->inside = p->killed = false;
	if (p->spec.unmake)
		p->spec.unmake(p->spec.arg, p->context);
	p->context = NULL;
	close_resource(p);
	free(p->seat);
	p->seat = NULL;
	while (p->inbox) {
		struct event *e = p->inbox;

		p->inbox = e->next;
		free(e);
	}
	p->inbox_last = NULL;
	p->frozen = false;
}

void sdl_virt_kill(struct sdl_virt *v, int program)
{
	struct program *p = &v->programs[program];

	p->crashed = true; /* what is in flight arrives up to a random point */
	p->killed = p->inside;
	if (!p->inside)
		program_end(v, p);
}

void sdl_virt_term(struct sdl_virt *v, int program)
{
	const struct program *p = &v->programs[program];
	struct sdl_envelope e = { .to = { .node = p->spec.node,
					  .type = TYPE_LINK_ADMIN,
					  .app = p->spec.app,
					  .inst = 1 },
				  .from = { .node = SDL_HARNESS_NODE, .app = SDL_APP_HARNESS },
				  .number = SIG_Terminate };

	sdl_virt_post(v, program, &e);
}

void sdl_virt_freeze(struct sdl_virt *v, int program)
{
	if (v->programs[program].running)
		v->programs[program].frozen = true;
	touch(v, program);
}

/* Timers first, then what has waited: a program that slept too long distrusts its links. */
void sdl_virt_thaw(struct sdl_virt *v, int program)
{
	struct program *p = &v->programs[program];

	if (!p->running || !p->frozen)
		return;
	p->frozen = false;
	if (p->inside)
		return;
	turn(v, p);
	while (p->running && !p->frozen && p->inbox) {
		struct event *e = p->inbox;

		p->inbox = e->next;
		if (!p->inbox)
			p->inbox_last = NULL;
		if (net_still_comes(v, e)) {
			p->inside = true;
			net_deliver(v, p, e);
			turn(v, p);
		}
		free(e);
	}
}

void sdl_virt_post(struct sdl_virt *v, int program, const struct sdl_envelope *e)
{
	struct program *p = &v->programs[program];

	if (p->running)
		post_later(v, p, e, &p->control_until);
}

void sdl_virt_poke(struct sdl_virt *v)
{
	for (int i = 0; i < v->programs_n; i++) {
		struct program *p = &v->programs[i];
		struct asker asker = { .virt = v, .program = p };
		struct sdl_answer answer = { emit, &asker };

		if (!p->running || !p->spec.resource.poll)
			continue;
		asker.asker = (struct sdl_pid){ .node = p->spec.node,
						.type = p->spec.resource.notify_type,
						.app = p->spec.app,
						.inst = 1 };
		asker.served = asker.asker;
		p->spec.resource.poll(p->spec.resource.arg, p->resource, &answer);
	}
}

/* ---- time ---------------------------------------------------------------------------------- */
/* A program takes its turn: everything that waits in it is handled at this instant. */
void turn(struct sdl_virt *v, struct program *p)
{
	uint32_t steps = 0;

	touch(v, p->index);
	p->inside = true;
	sdl_program_wake(p->running, v->now);
	while (!p->crashed && sdl_program_step(p->running)) {
		if (v->options.stepped)
			v->options.stepped(v->options.arg);
		if (++steps > v->options.events_max) {
			fprintf(stderr, "livelock: %s handled %u signals at one instant\n",
				p->spec.name, steps);
			abort();
		}
	}
	if (!p->crashed)
		sdl_program_flush(p->running);
	p->inside = false;
	if (p->crashed || p->halted) {
		bool crash = p->crashed;
		bool killed = p->killed; /* whoever asked for it knows */
		int status = p->status;

		program_end(v, p);
		if (!killed && v->options.ended)
			v->options.ended(v->options.arg, p->index, status, crash);
	}
}

static int64_t wake_of(const struct program *p)
{
	return p->running && !p->frozen ? sdl_program_deadline(p->running) : INT64_MAX;
}

/* The program that wants to be woken first; -1 = none. */
static int first_waker(struct sdl_virt *v, int64_t *at)
{
	if (v->first_at == WAKE_UNKNOWN) {
		v->first = -1;
		v->first_at = INT64_MAX;
		for (int i = 0; i < v->programs_n; i++) {
			if (v->wakes[i] == WAKE_UNKNOWN)
				v->wakes[i] = wake_of(&v->programs[i]);
			if (v->wakes[i] < v->first_at) {
				v->first_at = v->wakes[i];
				v->first = i;
			}
		}
	}
	*at = v->first_at;
	return v->first;
}

int64_t sdl_virt_now(const struct sdl_virt *v)
{
	return v->now;
}

int64_t sdl_virt_next(struct sdl_virt *v)
{
	const struct event *e = events_first(&v->events);
	int64_t wake;

	first_waker(v, &wake);
	return e && e->at < wake ? e->at : wake;
}

static void check_livelock(struct sdl_virt *v, int64_t at)
{
	if (at != v->now) {
		v->instant = 0;
	} else if (++v->instant > v->options.events_max) {
		fprintf(stderr, "livelock: %u events at one instant\n", v->instant);
		abort();
	}
	if (at > v->now)
		v->now = at;
}

static void defer(struct program *p, struct event *e)
{
	e->next = NULL;
	if (p->inbox_last)
		p->inbox_last->next = e;
	else
		p->inbox = e;
	p->inbox_last = e;
}

bool sdl_virt_step(struct sdl_virt *v)
{
	const struct event *first = events_first(&v->events);
	int64_t wake;
	int waker = first_waker(v, &wake);
	struct event *e;
	struct program *p;

	if (waker >= 0 && (!first || wake <= first->at)) {
		check_livelock(v, wake);
		turn(v, &v->programs[waker]);
		return true;
	}
	e = events_pop(&v->events);
	if (!e)
		return false;
	check_livelock(v, e->at);
	p = &v->programs[e->to];
	if (p->frozen && p->life == e->life) {
		defer(p, e);
		return true;
	}
	if (net_still_comes(v, e)) {
		p->inside = true;
		sdl_program_wake(p->running, v->now);
		net_deliver(v, p, e);
		turn(v, p);
	}
	free(e);
	return true;
}

void sdl_virt_advance(struct sdl_virt *v, int64_t until)
{
	while (sdl_virt_next(v) <= until)
		sdl_virt_step(v);
	if (until > v->now)
		v->now = until;
}

struct sdl_record *sdl_virt_record(struct sdl_virt *v)
{
	return v->record;
}

uint64_t sdl_virt_signals(const struct sdl_virt *v)
{
	uint64_t n = v->signals;

	for (int i = 0; i < v->programs_n; i++)
		if (v->programs[i].running)
			n += sdl_program_signals(v->programs[i].running);
	return n;
}

uint64_t sdl_virt_unexpected(const struct sdl_virt *v)
{
	uint64_t n = v->unexpected;

	for (int i = 0; i < v->programs_n; i++)
		if (v->programs[i].running)
			n += sdl_program_unexpected(v->programs[i].running);
	return n;
}
