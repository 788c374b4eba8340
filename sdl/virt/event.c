#include "sdl/virt/event.h"

#include <stdlib.h>
#include <string.h>

struct event *event_new(enum event_kind kind, int64_t at, const void *bytes, size_t len)
{
	struct event *e = malloc(sizeof *e + len);

	if (!e)
		abort();
	*e = (struct event){ .at = at, .kind = kind, .from = -1, .len = len };
	if (len)
		memcpy(e->bytes, bytes, len);
	return e;
}

static bool earlier(const struct event *a, const struct event *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

void events_push(struct events *events, struct event *e)
{
	uint32_t i = events->length++;

	e->order = ++events->made;
	if (i == events->size) {
		events->size = events->size ? 2 * events->size : 64;
		events->heap = realloc(events->heap, events->size * sizeof *events->heap);
		if (!events->heap)
			abort();
	}
	while (i > 0 && earlier(e, events->heap[(i - 1) / 2])) {
		events->heap[i] = events->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	events->heap[i] = e;
}

const struct event *events_first(const struct events *events)
{
	return events->length ? events->heap[0] : NULL;
}

struct event *events_pop(struct events *events)
{
	struct event *first;
	struct event *last;
	uint32_t i = 0;

	if (!events->length)
		return NULL;
	first = events->heap[0];
	last = events->heap[--events->length];
	for (;;) {
		uint32_t child = 2 * i + 1;

		if (child >= events->length)
			break;
		if (child + 1 < events->length &&
		    earlier(events->heap[child + 1], events->heap[child]))
			child++;
		if (!earlier(events->heap[child], last))
			break;
		events->heap[i] = events->heap[child];
		i = child;
	}
	events->heap[i] = last;
	return first;
}

void events_free(struct events *events)
{
	for (uint32_t i = 0; i < events->length; i++)
		free(events->heap[i]);
	free(events->heap);
}
