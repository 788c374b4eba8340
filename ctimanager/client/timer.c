/* The timers of an application: any number of them, over one timer of CtiApplication. */
#include "ctimanager/client/client.h"

#include <stdlib.h>

#define NS_PER_MS INT64_C(1000000)

static struct cti_timer *find_timer(const struct cti *cti, uint32_t number)
{
	struct cti_timer *t;

	HASH_FIND(hh, cti->timers, &number, sizeof(number), t);
	return t;
}

static struct cti_timer *earliest(const struct cti *cti)
{
	struct cti_timer *first = cti->timers;

	for (struct cti_timer *t = cti->timers; t; t = t->hh.next)
		if (t->due_ns < first->due_ns)
			first = t;
	return first;
}

static void arm(struct cti *cti)
{
	const struct cti_timer *first = earliest(cti);
	int64_t now = sdl_now(cti->process);

	if (first)
		sdl_timer_start(cti->process, SIG_ClientTimer,
				first->due_ns > now ? first->due_ns - now : 0);
	else
		sdl_timer_stop(cti->process, SIG_ClientTimer);
}

void cti_timer_stop(struct cti *cti, uint32_t timer)
{
	struct cti_timer *t = find_timer(cti, timer);

	if (!t)
		return;
	HASH_DELETE(hh, cti->timers, t);
	free(t);
}

void cti_timer_start(struct cti *cti, uint32_t timer, uint32_t delay_ms)
{
	struct cti_timer *t;

	if (!cti->process)
		return;
	cti_timer_stop(cti, timer);
	t = calloc(1, sizeof(*t));
	if (!t)
		abort();
	t->number = timer;
	t->due_ns = sdl_now(cti->process) + delay_ms * NS_PER_MS;
	HASH_ADD(hh, cti->timers, number, sizeof(t->number), t);
	arm(cti);
}

int cti_on_timer(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti *cti = cti_enter(self);
	struct cti_timer *t = earliest(cti);

	if (t && t->due_ns <= sdl_now(self)) {
		struct cti_event e = { 0 };

		cti_event_fill(&e, SIG_ClientTimer, sig->msg);
		e.timer = t->number;
		HASH_DELETE(hh, cti->timers, t);
		free(t);
		cti_deliver(cti, &e);
	}
	arm(cti);
	return cti_leave(cti);
}

int64_t cti_now_ms(const struct cti *cti)
{
	return cti->process ? sdl_now(cti->process) / NS_PER_MS : 0;
}
