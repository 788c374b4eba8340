/* Connected legs, two by two, as they are and not as they say: looked at every few seconds. */
#include "sim/explore/watch_private.h"

#include <stdlib.h>
#include <string.h>

#include "callmanager/leg.h"

#define LOOK_NS INT64_C(5000000000)

/* One wrong at two looks is wrong: everything between two legs takes less than that, unless links were
 * cut, slow or frozen. */
struct pair_leg {
	struct sdl_pid pid, peer;
	struct sdl_pid device;
	uint32_t ci;
	int state;
	bool busy; /* a feature, a redirect, or media are under way */
	bool local_hold, remote_hold;
	bool listens, sends;
	bool speaks; /* a device that needs no application for its media */
	bool phone;  /* it is one */
	enum watch_rule wrong;
	enum watch_rule phone_wrong;
};

struct watch_pairs {
	struct pair_leg *legs, *before;
	size_t legs_n, before_n;
	int64_t looked_ns;
};

struct watch_pairs *watch_pairs_new(void)
{
	struct watch_pairs *p = calloc(1, sizeof(*p));

	if (!p)
		abort();
	return p;
}

void watch_pairs_free(struct watch_pairs *p)
{
	free(p->legs);
	free(p->before);
	free(p);
}

static void take(void *arg, struct sdl_process *process)
{
	struct watch_pairs *p = arg;
	const struct leg *leg = sdl_data(process);
	struct pair_leg *l;

	if (sdl_self(process).type != CM_LINE_CDPC || !leg->is)
		return;
	p->legs = watch_more(p->legs, p->legs_n, sizeof(*p->legs));
	l = &p->legs[p->legs_n++];
	l->pid = sdl_self(process);
	l->peer = leg->peer;
	l->device = leg->device;
	l->ci = leg->ci;
	l->phone = leg_is_phone(leg);
	l->state = sdl_state(process);
	l->busy = leg->transfer || !sdl_pid_none(leg->coordinator) || leg->target;
	l->local_hold = leg->media.local_hold;
	l->remote_hold = leg->media.remote_hold;
	l->listens = leg->media.rx == LEG_RX_OPEN;
	l->sends = leg->media.sending;
	l->speaks = leg->is->kind != DEVICE_KIND__DEVICE_CTI_PORT &&
		    leg->is->kind != DEVICE_KIND__DEVICE_ROUTE_POINT;
	l->wrong = WATCH_RULES;
}

static const struct pair_leg *find(const struct pair_leg *legs, size_t n, struct sdl_pid pid)
{
	for (size_t i = 0; i < n; i++)
		if (sdl_pid_equal(legs[i].pid, pid))
			return &legs[i];
	return NULL;
}

static bool talks(const struct pair_leg *l)
{
	return l->state == LEG_ACTIVE10 || l->state == LEG_HOLD;
}

/* What is wrong with it and its peer; WATCH_RULES: nothing. */
static enum watch_rule judge(const struct watch_pairs *p, const struct pair_leg *l)
{
	const struct pair_leg *peer = find(p->legs, p->legs_n, l->peer);

	if (!talks(l) || l->busy || l->peer.type != CM_LINE_CDPC)
		return WATCH_RULES;
	if (!peer || !sdl_pid_equal(peer->peer, l->pid))
		return WATCH_PAIRED;
	if (!talks(peer) || peer->busy)
		return WATCH_RULES;
	if (l->remote_hold != peer->local_hold)
		return WATCH_PAIRED;
	if (l->state == LEG_ACTIVE10 && peer->state == LEG_ACTIVE10 && l->speaks && peer->speaks &&
	    !(l->listens && l->sends))
		return WATCH_BOTH_HEAR;
	return WATCH_RULES;
}

/* The phone of a connected leg. */
static enum watch_rule judge_phone(struct watch *w, const struct pair_leg *l)
{
	struct watch_phone_call call;

	if (!talks(l) || l->busy || !l->phone)
		return WATCH_RULES;
	call = watch_phone_call(w, l->device, l->ci);
	if (!call.known)
		return WATCH_RULES;
	/* Nobody answers an offer before it is known where the other side listens. */
	if (call.waits && !l->local_hold && !l->sends)
		return WATCH_RULES;
	if (l->local_hold ? !call.holds : !call.talks)
		return WATCH_PHONE_AGREES;
	if (l->listens && l->sends && !(call.hears && call.speaks))
		return WATCH_PHONE_AGREES;
	return WATCH_RULES;
}

static void check(struct watch *w, enum watch_rule rule, const struct pair_leg *l, bool still)
{
	watch_check(w, rule, l->wrong != rule || !still,
		    "node %u: a leg in state %d (%s%s%s%s) and its peer at node %u", l->pid.node,
		    l->state, l->local_hold ? "holds, " : "", l->remote_hold ? "is held, " : "",
		    l->listens ? "listens, " : "", l->sends ? "sends" : "silent", l->peer.node);
}

static void look(struct watch *w)
{
	struct watch_pairs *p = w->pairs;
	size_t n;
	struct sim_program *programs = sim_host_programs(w->host, &n);

	for (size_t i = 0; i < n; i++) {
		struct sdl_program *running = sim_host_running(w->host, &programs[i]);

		if (programs[i].app == SDL_APP_CALLMANAGER && running)
			sdl_program_each(running, take, p);
	}
	for (size_t i = 0; i < p->legs_n; i++) {
		struct pair_leg *l = &p->legs[i];
		const struct pair_leg *b = find(p->before, p->before_n, l->pid);
		bool still;

		l->wrong = judge(p, l);
		l->phone_wrong = judge_phone(w, l);
		still = b && b->wrong == l->wrong && sdl_pid_equal(b->peer, l->peer) &&
			b->state == l->state;
		if (!talks(l))
			continue;
		check(w, WATCH_PAIRED, l, still);
		check(w, WATCH_BOTH_HEAR, l, still);
		if (l->phone)
			watch_check(w, WATCH_PHONE_AGREES,
				    l->phone_wrong == WATCH_RULES || !b ||
					    b->phone_wrong != l->phone_wrong ||
					    b->state != l->state,
				    "node %u: a leg in state %d (%s%s%s%s), and its phone has it "
				    "otherwise",
				    l->pid.node, l->state, l->local_hold ? "holds, " : "",
				    l->remote_hold ? "is held, " : "",
				    l->listens ? "listens, " : "", l->sends ? "sends" : "silent");
	}
}

void watch_pairs_look(struct watch *w)
{
	struct watch_pairs *p = w->pairs;
	struct pair_leg *reuse = p->before;

	if (w->split || w->now_ns - p->looked_ns < LOOK_NS)
		return;
	p->looked_ns = w->now_ns;
	p->before = p->legs;
	p->before_n = p->legs_n;
	p->legs = reuse;
	p->legs_n = 0;
	look(w);
}

/* ---- at rest ------------------------------------------------------------------------- */

static void left(void *arg, struct sdl_process *process)
{
	static const uint8_t types[] = { CM_LINE_CDPC, CM_TRANSFER,   CM_PARK_SLOT, CM_SHARED_LINE,
					 CM_PICKUP,    CM_CONFERENCE, CM_JOIN };
	const char **name = arg;

	for (size_t i = 0; i < sizeof(types); i++)
		if (sdl_self(process).type == types[i])
			*name = sdl_process_type(process)->name;
}

const char *watch_call_left(struct sdl_program *callmanager)
{
	const char *name = NULL;

	sdl_program_each(callmanager, left, &name);
	return name;
}

static void streams(void *arg, struct sdl_process *process)
{
	bool *some = arg;
	const struct sdl_type *type = sdl_process_type(process);

	if (!strcmp(type->name, "Media") &&
	    !strcmp(type->states[sdl_state(process)].name, "streaming"))
		*some = true;
}

bool watch_stream_left(struct sdl_program *endpoints)
{
	bool some = false;

	sdl_program_each(endpoints, streams, &some);
	return some;
}
