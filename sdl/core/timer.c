/* Timers: a binary heap by (time, order of starting), so that the order never depends on luck. */
#include "sdl/core/core.h"

#include <stdlib.h>

static bool earlier(const struct timer *a, const struct timer *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void place(struct timers *ts, struct timer *t, uint32_t index)
{
	ts->heap[index] = t;
	t->index = index;
}

static void sift_up(struct timers *ts, struct timer *t, uint32_t index)
{
	while (index > 0) {
		uint32_t parent = (index - 1) / 2;

		if (!earlier(t, ts->heap[parent]))
			break;
		place(ts, ts->heap[parent], index);
		index = parent;
	}
	place(ts, t, index);
}

static void sift_down(struct timers *ts, struct timer *t, uint32_t index)
{
	for (;;) {
		uint32_t child = 2 * index + 1;

		if (child >= ts->length)
			break;
		if (child + 1 < ts->length && earlier(ts->heap[child + 1], ts->heap[child]))
			child++;
		if (!earlier(ts->heap[child], t))
			break;
		place(ts, ts->heap[child], index);
		index = child;
	}
	place(ts, t, index);
}

static void heap_insert(struct timers *ts, struct timer *t)
{
	if (ts->length == ts->size) {
		ts->size = ts->size ? 2 * ts->size : 32;
		ts->heap = realloc(ts->heap, ts->size * sizeof *ts->heap);
		if (!ts->heap)
			abort();
	}
	ts->length++;
	sift_up(ts, t, ts->length - 1);
}

static void heap_remove(struct timers *ts, struct timer *t)
{
	struct timer *last = ts->heap[--ts->length];

	if (last == t)
		return;
	if (earlier(last, t))
		sift_up(ts, last, t->index);
	else
		sift_down(ts, last, t->index);
}

static struct timer **find(struct sdl_process *process, uint16_t number)
{
	struct timer **at = &process->timers;

	while (*at && (*at)->number != number)
		at = &(*at)->next;
	return at;
}

void sdl_timer_start(struct sdl_process *self, uint16_t number, int64_t delay_ns)
{
	struct timers *ts = &self->type->program->timers;
	struct timer **at = find(self, number);
	struct timer *t = *at;

	if (t) {
		heap_remove(ts, t);
	} else {
		t = calloc(1, sizeof *t);
		if (!t)
			abort();
		t->process = self;
		t->number = number;
		*at = t;
	}
	t->at = self->type->program->now + (delay_ns > 0 ? delay_ns : 0);
	t->order = ++ts->started;
	heap_insert(ts, t);
}

void sdl_timer_start_param(struct sdl_process *self, uint16_t number, enum param_id param)
{
	sdl_timer_start(self, number, param_ns(&self->type->program->params, param));
}

void sdl_timer_stop(struct sdl_process *self, uint16_t number)
{
	struct timer **at = find(self, number);
	struct timer *t = *at;

	if (!t)
		return;
	*at = t->next;
	heap_remove(&self->type->program->timers, t);
	free(t);
}

bool sdl_timer_running(const struct sdl_process *self, uint16_t number)
{
	for (const struct timer *t = self->timers; t; t = t->next)
		if (t->number == number)
			return true;
	return false;
}

void timer_stop_all(struct sdl_process *process)
{
	while (process->timers)
		sdl_timer_stop(process, process->timers->number);
}

int64_t timers_first(const struct timers *timers)
{
	return timers->length ? timers->heap[0]->at : INT64_MAX;
}

struct timer *timers_due(struct sdl_program *p)
{
	struct timer *t;
	struct timer **at;

	if (timers_first(&p->timers) > p->now)
		return NULL;
	t = p->timers.heap[0];
	at = find(t->process, t->number);
	*at = t->next;
	heap_remove(&p->timers, t);
	return t;
}

void timers_free(struct timers *timers)
{
	free(timers->heap);
}
