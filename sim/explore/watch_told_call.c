/* Calls, as applications are told. */
#include "sim/explore/watch_app_private.h"

#include <stdio.h>
#include <string.h>

#include "common/base/cause.h"

#define S(state) (1u << CTI_CALL_STATE__##state)
#define END	 (S(DISCONNECTED) | S(IDLE))

/* What may follow what; staying is always allowed. */
static const unsigned follows[] = {
	[CTI_CALL_STATE__IDLE] = 0,
	[CTI_CALL_STATE__OFFERING] = S(ACCEPTED) | S(CONNECTED) | END,
	[CTI_CALL_STATE__ACCEPTED] = S(CONNECTED) | END,
	[CTI_CALL_STATE__DIALTONE] = S(DIALING) | S(REORDER) | END,
	[CTI_CALL_STATE__DIALING] =
		S(PROCEEDING) | S(RINGBACK) | S(CONNECTED) | S(BUSY) | S(REORDER) | END,
	[CTI_CALL_STATE__PROCEEDING] = S(RINGBACK) | S(CONNECTED) | S(BUSY) | S(REORDER) | END,
	[CTI_CALL_STATE__RINGBACK] = S(PROCEEDING) | S(CONNECTED) | S(BUSY) | S(REORDER) | END,
	[CTI_CALL_STATE__CONNECTED] =
		S(ONHOLD) | S(PROCEEDING) | S(RINGBACK) | S(BUSY) | S(REORDER) | END,
	[CTI_CALL_STATE__ONHOLD] =
		S(CONNECTED) | S(PROCEEDING) | S(RINGBACK) | S(BUSY) | S(REORDER) | END,
	[CTI_CALL_STATE__BUSY] = END,
	[CTI_CALL_STATE__REORDER] = END,
	[CTI_CALL_STATE__DISCONNECTED] = S(IDLE),
};

static bool may_follow(CtiCallState before, CtiCallState now)
{
	return before == now || before >= CTI_CALL_STATE__UNKNOWN_CALL_STATE ||
	       (follows[before] & 1u << now) != 0;
}

/* The cluster's own name of the call, the same for all applications. */
static struct watch_story *story_of(struct watch *w, const CallEvent *m)
{
	uint64_t call = m->call_handle & ((UINT64_C(1) << 56) - 1);

	for (size_t i = w->stories_n; i > 0; i--)
		if (w->stories[i - 1].call == call)
			return &w->stories[i - 1];
	w->stories = watch_more(w->stories, w->stories_n, sizeof(*w->stories));
	w->stories[w->stories_n].call = call;
	return &w->stories[w->stories_n++];
}

static uint8_t node_of(uint64_t call)
{
	return (uint8_t)(call >> 32);
}

void watch_calls_gone(struct watch *w, uint8_t node)
{
	size_t n = 0;

	w->reborn |= 1u << node;
	for (size_t i = 0; i < w->stories_n; i++)
		if (node_of(w->stories[i].call) != node)
			w->stories[n++] = w->stories[i];
	w->stories_n = n;
	for (struct watch_app *a = w->apps; a; a = a->next)
		for (size_t i = 0; i < a->calls_n; i++)
			if (node_of(a->calls[i].handle) == node)
				a->calls[i].whole = false;
}

/* Ends that a lost link makes come at different places for different watchers. */
static void compare(struct watch *w, struct watch_app *a, struct app_call *c, const CallEvent *m)
{
	struct watch_story *s;

	if (!c->whole)
		return;
	/* What was held back tells of calls of the life before, by the same names. */
	if (w->split && w->reborn & 1u << node_of(c->handle)) {
		c->whole = false;
		return;
	}
	/* A CTIManager that is cut off finds the device elsewhere, and ends what it has not heard the end of. */
	bool cut_off = w->split && m->cause == CAUSE_CALL_DESTINATIONOUTOFORDER;

	if (m->cause == 507 || m->cause == 508 || cut_off) {
		c->whole = false;
		return;
	}
	s = story_of(w, m);
	if (c->told >= sizeof(s->states)) {
		c->whole = false;
		return;
	}
	if (c->told < s->n)
		watch_check(w, WATCH_SAME_STATES, s->states[c->told] == m->state,
			    "%s: state %zu of call %llx on %s is %d, others were told %d", a->name,
			    c->told, (unsigned long long)c->handle, c->device, (int)m->state,
			    (int)s->states[c->told]);
	else
		s->states[s->n++] = (uint8_t)m->state;
	c->told++;
}

static struct app_call *begin_call(struct watch_app *a, const CallEvent *m, bool whole)
{
	struct app_call *c;

	a->calls = watch_more(a->calls, a->calls_n, sizeof(*a->calls));
	c = &a->calls[a->calls_n++];
	c->handle = m->call_handle;
	snprintf(c->device, sizeof(c->device), "%.15s", m->device);
	snprintf(c->dn, sizeof(c->dn), "%.50s", m->dn);
	c->state = m->state;
	c->whole = whole;
	return c;
}

static bool line_open(struct watch *w, struct watch_app *a, uint16_t signal, const CallEvent *m)
{
	struct app_line *l = watch_line_named(watch_device_named(a, m->device), m->dn);

	return watch_check(w, WATCH_OPEN_ONLY, l != NULL, "%s: %s on %s of %s, which is not open",
			   a->name, signal_def(signal)->name, m->dn, m->device);
}

void watch_told_call(struct watch *w, struct watch_app *a, uint16_t signal, const CallEvent *m)
{
	struct app_call *c = watch_call_of(a, m->call_handle);
	bool first = signal == SIG_NewCall || signal == SIG_ExistingCall;

	if (!line_open(w, a, signal, m))
		return;
	if (!watch_check(w, WATCH_CALL_ONCE, first ? !c : c != NULL,
			 "%s: %s for call %llx on %s, which %s", a->name, signal_def(signal)->name,
			 (unsigned long long)m->call_handle, m->device,
			 first ? "is there already" : "is not there"))
		return;
	if (first) {
		c = begin_call(a, m, signal == SIG_NewCall);
	} else if (m->has_state && signal != SIG_CallPartyInfoChanged) {
		watch_check(w, WATCH_CALL_ORDER, may_follow(c->state, m->state),
			    "%s: call %llx on %s goes from state %d to %d", a->name,
			    (unsigned long long)c->handle, c->device, (int)c->state, (int)m->state);
		c->state = m->state;
	}
	if (signal == SIG_NewCall || signal == SIG_CallStateChanged)
		compare(w, a, c, m);
	if (signal == SIG_CallClosed)
		watch_drop_call(a, c);
}

void watch_unobserved(struct watch *w, struct watch_app *a, const CallObservationEnded *m)
{
	struct app_call *c = watch_call_of(a, m->call_handle);

	if (watch_check(w, WATCH_CALL_ONCE, c != NULL,
			"%s: the observation of call %llx ends, which is not there", a->name,
			(unsigned long long)m->call_handle))
		watch_drop_call(a, c);
}
