/*
 * event.h - what is to happen on the virtual host, in one total order: (time, sequence). Private.
 */
#ifndef SDL_VIRT_EVENT_H
#define SDL_VIRT_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_kind {
	EVENT_FRAME, /* by a line: from a program's life */
	EVENT_LINE_UP,
	EVENT_LINE_DOWN,
	EVENT_CONN_UP,
	EVENT_CONN_FRAME,
	EVENT_CONN_DOWN,
	EVENT_POST, /* an envelope: answer, control, datagram */
};

struct event {
	struct event *next; /* while it waits for a frozen program */
	int64_t at;
	uint64_t order;
	enum event_kind kind;
	int to;	       /* program */
	uint64_t life; /* of `to`; 0 = whoever lives there then */
	int from;      /* program, or -1 */
	uint64_t from_life;
	uint32_t line; /* generation of the line or number of the connection */
	size_t len;
	uint8_t bytes[];
};

struct events {
	struct event **heap;
	uint32_t length;
	uint32_t size;
	uint64_t made;
};

/* Owned by the caller until pushed. bytes are copied. */
struct event *event_new(enum event_kind kind, int64_t at, const void *bytes, size_t len);
/* Consumes e. */
void events_push(struct events *events, struct event *e);
const struct event *events_first(const struct events *events);
/* Hands the first over to the caller, who frees it. NULL if there is none. */
struct event *events_pop(struct events *events);
void events_free(struct events *events);

#endif
