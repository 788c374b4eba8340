/* Verbs that strike programs and the lines between them. */
#include "sim/harness/verb.h"

#include <stdlib.h>
#include <string.h>

#include "common/msg/messages.h"
#include "sim/harness/activation.h"

#define READY_NS 20000000000LL

/* The programs meant: a target, or a node and one of its programs. */
static int targets(struct sim_call *call, struct sim_program *found[SIM_PROGRAMS_MAX])
{
	char both[SIM_NAME_SIZE * 2];

	if (!call->args[1])
		return sim_host_target(call->host, call->args[0], found, call->err);
	snprintf(both, sizeof(both), "%.60s:%.30s", call->args[0], call->args[1]);
	return sim_host_target(call->host, both, found, call->err);
}

typedef int strike(struct sim_host *host, struct sim_program *program, struct sim_error *err);

/* Of a node those programs are struck that are in a state to be; of a single program an error is
 * one. */
static int each(struct sim_call *call, strike *one, bool (*fit)(const struct sim_program *p))
{
	struct sim_program *found[SIM_PROGRAMS_MAX];
	int n = targets(call, found);
	int done = 0;

	for (int i = 0; i < n; i++) {
		if (n > 1 && !fit(found[i]))
			continue;
		if (one(call->host, found[i], call->err) < 0)
			return -1;
		done++;
	}
	if (n > 0 && done == 0)
		return sim_fail(call->err, SIM_USAGE, "%s %s: nothing there is in a state for it",
				call->verb->name, call->args[0]);
	return n < 0 ? -1 : 0;
}

static bool runs(const struct sim_program *p)
{
	return p->state != SIM_DOWN;
}

static bool moves(const struct sim_program *p)
{
	return p->state == SIM_STARTING || p->state == SIM_READY;
}

static bool frozen(const struct sim_program *p)
{
	return p->state == SIM_FROZEN;
}

static bool down(const struct sim_program *p)
{
	return p->state == SIM_DOWN && !p->deactivated;
}

int sim_do_poke(struct sim_call *call)
{
	sim_host_poke(call->host);
	return sim_host_follow(call->host, call->err);
}

int sim_do_kill(struct sim_call *call)
{
	struct sim_program *found[SIM_PROGRAMS_MAX];
	int n = targets(call, found);
	size_t kept = 0;

	for (int i = 0; i < n; i++)
		if (n == 1 || runs(found[i]))
			found[kept++] = found[i];
	if (n > 0 && kept == 0)
		return sim_fail(call->err, SIM_USAGE, "kill %s: nothing there runs", call->args[0]);
	return n < 0 ? -1 : sim_host_kill_all(call->host, found, kept, call->err);
}

/* In the order of enum sim_moment. */
static enum sim_moment moment_of(const char *text)
{
	static const char *const names[] = { "before_sent", "after_sent", "before_handled",
					     "after_handled" };
	enum sim_moment m = SIM_AFTER_HANDLED;

	while (m > SIM_BEFORE_SENT && strcmp(names[m], text) != 0)
		m--;
	return m;
}

int sim_do_crash_at(struct sim_call *call)
{
	struct sim_program *found[SIM_PROGRAMS_MAX];
	int n = sim_host_target(call->host, call->args[0], found, call->err);
	unsigned long nth = call->args[2] ? strtoul(call->args[2], NULL, 10) : 1;
	const char *moment = call->args[3] ? call->args[3] : "before_handled";

	if (n < 0)
		return -1;
	if (n > 1)
		return sim_fail(call->err, SIM_USAGE, "crash_at %s: name one program",
				call->args[0]);
	if (nth < 1 || nth > 1000000)
		return sim_fail(call->err, SIM_USAGE, "crash_at: nth is 1 to 1000000");
	return sim_host_crash_at(call->host, found[0], signal_by_name(call->args[1]), (uint32_t)nth,
				 moment_of(moment), call->err);
}

int sim_do_freeze(struct sim_call *call)
{
	return each(call, sim_host_freeze, moves);
}

int sim_do_thaw(struct sim_call *call)
{
	return each(call, sim_host_thaw, frozen);
}

/* ---- verbs that wait for what they began --------------------------------------------- */

struct wait {
	struct sim_program *found[SIM_PROGRAMS_MAX];
	int n;
};

static bool none_starting(void *arg)
{
	const struct wait *w = arg;

	for (int i = 0; i < w->n; i++)
		if (w->found[i]->state == SIM_STARTING)
			return false;
	return true;
}

static bool none_left(void *arg)
{
	const struct wait *w = arg;

	for (int i = 0; i < w->n; i++)
		if (w->found[i]->state != SIM_DOWN)
			return false;
	return true;
}

int sim_do_start(struct sim_call *call)
{
	struct wait w;

	w.n = targets(call, w.found);
	if (w.n < 0 || each(call, sim_host_start, down) < 0)
		return -1;
	switch (sim_host_until(call->host, none_starting, &w,
			       sim_host_now(call->host) + READY_NS)) {
	case SIM_DONE:
		return 0;
	case SIM_BROKEN:
		for (int i = 0; i < w.n; i++)
			if (w.found[i]->state == SIM_DOWN) {
				sim_host_broken(call->host);
				return sim_fail(call->err, SIM_FAILED, "%s did not start: %s",
						w.found[i]->name, w.found[i]->end);
			}
		return 0;
	default:
		return sim_fail(call->err, SIM_FAILED, "%s is not ready after 20 s", call->args[0]);
	}
}

int sim_do_term(struct sim_call *call)
{
	struct wait w;

	w.n = targets(call, w.found);
	if (w.n < 0 || each(call, sim_host_term, moves) < 0)
		return -1;
	if (sim_host_until(call->host, none_left, &w, sim_host_now(call->host) + READY_NS) ==
	    SIM_DEADLINE)
		return sim_fail(call->err, SIM_FAILED, "%s has not ended after 20 s",
				call->args[0]);
	return 0;
}

/* ---- lines --------------------------------------------------------------------------- */

typedef int line_fault(struct sim_call *call, struct sim_program *a, struct sim_program *b);

/* All pairs of two targets, both ways unless told otherwise; what is down has no lines. */
static int pairs(struct sim_call *call, line_fault *one, bool one_way)
{
	struct sim_program *a[SIM_PROGRAMS_MAX], *b[SIM_PROGRAMS_MAX];
	int an = sim_host_target(call->host, call->args[0], a, call->err);
	int bn = an < 0 ? -1 : sim_host_target(call->host, call->args[1], b, call->err);
	int done = 0;

	if (bn < 0)
		return -1;
	for (int i = 0; i < an; i++)
		for (int k = 0; k < bn; k++) {
			if (a[i] == b[k])
				continue;
			done++;
			if (runs(a[i]) && one(call, a[i], b[k]) < 0)
				return -1;
			if (!one_way && runs(b[k]) && one(call, b[k], a[i]) < 0)
				return -1;
		}
	if (!done)
		return sim_fail(call->err, SIM_USAGE, "%s: %s has no line to itself",
				call->verb->name, call->args[0]);
	return 0;
}

static int cut_one(struct sim_call *call, struct sim_program *a, struct sim_program *b)
{
	return sim_host_cut(call->host, a, b, true, call->err);
}

static int heal_one(struct sim_call *call, struct sim_program *a, struct sim_program *b)
{
	return sim_host_cut(call->host, a, b, false, call->err);
}

static int slow_one(struct sim_call *call, struct sim_program *a, struct sim_program *b)
{
	return sim_host_slow(call->host, a, b, sim_time_parse(call->args[2]), call->err);
}

int sim_do_cut(struct sim_call *call)
{
	return pairs(call, cut_one, call->args[2] != NULL);
}

int sim_do_heal(struct sim_call *call)
{
	return pairs(call, heal_one, false);
}

int sim_do_slow(struct sim_call *call)
{
	return pairs(call, slow_one, false);
}
