#include "sim/explore/rest.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sim/harness/door.h"
#include "sim/harness/process_types.h"

#define ROUND_NS  500000000LL
#define QUIET_NS  2000000000LL /* four intervals of media ticks */
#define DOOR_NS	  1000000000LL
#define TIMERS_NS 600000000000LL /* the sum of those that may run one after the other */
#define FIXED_NS  60000000000LL	 /* links, ticks */

int64_t rest_bound(int speed)
{
	return TIMERS_NS / (speed > 1 ? speed : 1) + FIXED_NS;
}

/* ---- faults stop --------------------------------------------------------------------- */

static void heal(struct sim_host *host, const char *a, const char *b)
{
	struct sim_program *p = sim_host_program(host, a);
	struct sim_program *q = sim_host_program(host, b);
	struct sim_error err;

	if (!p || !q || p->state == SIM_DOWN)
		return;
	sim_host_cut(host, p, q, false, &err);
	sim_host_slow(host, p, q, 0, &err);
}

/* The notes of what is done here name lines, too. */
static void heal_all(struct sim_host *host, const struct watch *w)
{
	size_t n = watch_lines(w);

	for (size_t i = 0; i < n; i++) {
		const char *a, *b;
		bool again = false;

		watch_line(w, i, &a, &b);
		for (size_t k = 0; k < i && !again; k++) {
			const char *c, *d;

			watch_line(w, k, &c, &d);
			again = !strcmp(a, c) && !strcmp(b, d);
		}
		if (!again)
			heal(host, a, b);
	}
}

static void thaw_and_start(struct sim_host *host)
{
	size_t n;
	struct sim_program *p = sim_host_programs(host, &n);
	struct sim_error err;

	for (size_t i = 0; i < n; i++) {
		if (p[i].state == SIM_FROZEN)
			sim_host_thaw(host, &p[i], &err);
		if (p[i].state == SIM_DOWN)
			sim_host_start(host, &p[i], &err);
	}
}

/* ---- users hang up ------------------------------------------------------------------- */

struct dropping {
	struct sim_host *host;
	struct sim_program *program;
};

static void drop(void *arg, const char *device, uint64_t handle)
{
	struct dropping *d = arg;
	AppCommand m = APP_COMMAND__INIT;
	struct sim_error err;

	m.verb = (char *)"drop";
	m.device = (char *)(uintptr_t)device;
	m.has_call_handle = true;
	m.call_handle = handle;
	sim_host_post(d->host, d->program, APP_CTI_APPLICATION, SIG_AppCommand, &m, &err);
}

/* Only the stream of a preserved call is left: the application hangs that up, too. */
static void drop_streams(struct sim_host *host)
{
	const struct sim_topology *t = sim_host_options(host)->topology;
	struct sim_error err;
	size_t n;
	struct sim_program *p = sim_host_programs(host, &n);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; p[i].app == SDL_APP_CTI && k < t->devices_n; k++) {
			AppCommand m = APP_COMMAND__INIT;

			m.verb = (char *)"drop";
			m.device = (char *)(uintptr_t)t->devices[k].name;
			if (t->devices[k].kind != SIM_PHONE && p[i].state == SIM_READY)
				sim_host_post(host, &p[i], APP_CTI_APPLICATION, SIG_AppCommand, &m,
					      &err);
		}
}

/* A call on a line that nobody watches can be ended by nobody. */
static void open_line(void *arg, const char *device, const char *dn)
{
	struct dropping *d = arg;
	AppCommand m = APP_COMMAND__INIT;
	struct sim_error err;

	m.verb = (char *)"lineopen";
	m.device = (char *)(uintptr_t)device;
	m.dn = (char *)(uintptr_t)dn;
	sim_host_post(d->host, d->program, APP_CTI_APPLICATION, SIG_AppCommand, &m, &err);
}

static void hang_up(struct sim_host *host, const struct sim_device *phone)
{
	struct sim_program *p = sim_host_program(host, "phones");
	PhoneCommand m = PHONE_COMMAND__INIT;
	struct sim_error err;

	m.phone = (char *)(uintptr_t)phone->name;
	m.verb = (char *)"hangup";
	if (p && p->state == SIM_READY)
		sim_host_post(host, p, PHONES_PHONE_INIT, SIG_PhoneCommand, &m, &err);
}

static void all_hang_up(struct sim_host *host, const struct watch *w)
{
	const struct sim_topology *t = sim_host_options(host)->topology;
	size_t n;
	struct sim_program *p = sim_host_programs(host, &n);

	for (size_t i = 0; i < t->devices_n; i++)
		if (t->devices[i].kind == SIM_PHONE)
			hang_up(host, &t->devices[i]);
	for (size_t i = 0; i < n; i++)
		if (p[i].app == SDL_APP_CTI && p[i].state == SIM_READY) {
			struct dropping d = { .host = host, .program = &p[i] };

			watch_each_call(w, p[i].node, drop, &d);
			watch_each_closed_line(w, p[i].node, open_line, &d);
		}
}

/* ---- is everything as it belongs? ---------------------------------------------------- */

struct answer {
	enum watch_rule rule;
	char why[300];
};

__attribute__((format(printf, 3, 4))) static bool no(struct answer *a, enum watch_rule rule,
						     const char *format, ...)
{
	va_list ap;

	a->rule = rule;
	va_start(ap, format);
	vsnprintf(a->why, sizeof(a->why), format, ap);
	va_end(ap);
	return false;
}

static bool calls_rest(struct sim_host *host, const struct watch *w, struct sim_program *p,
		       struct answer *a)
{
	static const enum counter_id counters[] = { COUNTER_CALLS_ACTIVE,
						    COUNTER_CALLS_IN_PROGRESS };
	struct sdl_program *running = sim_host_running(host, p);

	if (watch_legs(w, p->node))
		return no(a, WATCH_REST_CALLS, "%s has %u legs, parked calls or features of calls",
			  p->name, watch_legs(w, p->node));
	if (running && watch_call_left(running))
		return no(a, WATCH_REST_CALLS, "%s has a %s left", p->name,
			  watch_call_left(running));
	for (size_t i = 0; running && i < 2; i++)
		if (sdl_program_counter(running, counters[i]))
			return no(a, WATCH_REST_CALLS, "%s: %s is %lld", p->name,
				  counter_def(counters[i])->name,
				  (long long)sdl_program_counter(running, counters[i]));
	return true;
}

static bool phones_rest(const struct sim_topology *t, const struct watch *w, struct answer *a)
{
	for (size_t i = 0; i < t->devices_n; i++) {
		const struct sim_device *d = &t->devices[i];

		if (d->kind == SIM_PHONE && !watch_phone_home(w, d))
			return no(a, WATCH_REST_PHONES,
				  "%s is registered at node %u, which is not the first of its "
				  "group",
				  d->name, watch_phone_node(w, d));
	}
	return true;
}

static bool rests(struct sim_host *host, const struct watch *w, struct answer *a)
{
	size_t n;
	struct sim_program *p = sim_host_programs(host, &n);

	for (size_t i = 0; i < n; i++)
		if (p[i].state != SIM_READY)
			return no(a, WATCH_REST_PROGRAMS, "%s is %s", p[i].name,
				  sim_state_name(p[i].state));
	for (size_t i = 0; i < n; i++)
		if (p[i].app == SDL_APP_CALLMANAGER && !calls_rest(host, w, &p[i], a))
			return false;
	for (size_t i = 0; i < n; i++)
		if (p[i].app == SDL_APP_CTI &&
		    !watch_app_rests(w, p[i].node, &a->rule, a->why, sizeof(a->why)))
			return false;
	if (!phones_rest(sim_host_options(host)->topology, w, a))
		return false;
	if (watch_double(w))
		return no(a, WATCH_REST_PLACES, "%s is registered at two CallManagers",
			  watch_double(w));
	if (watch_last_tick(w) && sim_host_now(host) - watch_last_tick(w) < QUIET_NS)
		return no(a, WATCH_REST_MEDIA, "media still flow");
	for (size_t i = 0; i < n; i++)
		if ((p[i].app == SDL_APP_CTI || p[i].app == SDL_APP_PHONES) &&
		    sim_host_running(host, &p[i]) &&
		    watch_stream_left(sim_host_running(host, &p[i])))
			return no(a, WATCH_REST_MEDIA, "%s still listens or sends", p[i].name);
	return true;
}

/* ---- the phase ----------------------------------------------------------------------- */

static bool look(void *arg)
{
	watch_look(arg);
	return watch_breach(arg)->broken;
}

/* Something fell: it was ordered by nobody. */
static void broken(struct sim_host *host, struct watch *w)
{
	struct sim_program *p = sim_host_broken(host);

	if (p)
		watch_break(w, WATCH_ENDED, "%s %s", p->name, p->end);
}

void rest_run(struct sim_host *host, struct watch *w, int64_t deadline_ns)
{
	struct answer a;

	thaw_and_start(host);
	watch_look(w);
	heal_all(host, w);
	for (;;) {
		all_hang_up(host, w);
		switch (sim_host_until(host, look, w, sim_host_now(host) + ROUND_NS)) {
		case SIM_BROKEN:
			broken(host, w);
			return;
		case SIM_DONE:
			return;
		default:
			break;
		}
		if (rests(host, w, &a))
			return;
		if (sim_host_now(host) >= deadline_ns) {
			watch_break(w, a.rule, "at rest: %s", a.why);
			return;
		}
		if (a.rule == WATCH_REST_MEDIA)
			drop_streams(host);
		/* A program may have gone on to its end that was ordered before. */
		thaw_and_start(host);
	}
}

int sim_do_rest(struct sim_call *call)
{
	struct watch *w = watch_new(call->host, NULL);
	const struct watch_breach *b = watch_breach(w);
	int result = 0;

	watch_look(w);
	if (!b->broken)
		rest_run(call->host, w,
			 sim_host_now(call->host) +
				 rest_bound(sim_host_options(call->host)->speed));
	if (b->broken)
		result = sim_fail(call->err, SIM_FAILED, "%s: %s: %s", watch_rule_clause(b->rule),
				  watch_rule_def(b->rule)->text, b->text);
	watch_destroy(&w);
	return result;
}

/* ---- pending ------------------------------------------------------------------------- */

static const struct sdl_state *state_of(const struct sdl_type *type, const char *name)
{
	for (uint8_t i = 0; type && i < type->states_n; i++)
		if (!strcmp(type->states[i].name, name))
			return &type->states[i];
	return NULL;
}

static void pending_of(struct sim_host *host, struct sim_program *p, FILE *out)
{
	struct sim_door door;
	struct sim_error err;

	if (sim_door_ask(host, p, SIM_DOOR_PROCESSES, 0, NULL, sim_host_now(host) + DOOR_NS, &door,
			 &err) < 0)
		fprintf(out, "%s: %s\n", p->name, err.text);
	for (size_t i = 0; i < door.processes_n; i++) {
		const struct sim_door_process *d = &door.processes[i];
		const struct sdl_type *type = sim_type_of(NULL, p->app, d->pid.type);
		const struct sdl_state *state = state_of(type, d->state);

		if (state && state->waits && !*state->waits)
			continue;
		fprintf(out, "%s: %s(%u) %s is %s since %lld ms; %s%s%s\n", p->name, d->type,
			d->pid.inst, d->label, d->state, (long long)(d->since_ns / 1000000),
			state && state->waits ? "waits for " : "",
			state && state->waits ? state->waits : "", d->timers);
	}
	sim_door_free(&door);
}

void rest_pending(struct sim_host *host, FILE *out)
{
	size_t n;
	struct sim_program *p = sim_host_programs(host, &n);

	for (size_t i = 0; i < n; i++) {
		if (p[i].state == SIM_READY)
			pending_of(host, &p[i], out);
		else
			fprintf(out, "%s is %s\n", p[i].name, sim_state_name(p[i].state));
	}
}
