/* Queues of packed signals. Blocks of the common size are kept for reuse, up to a number: what a
 * burst took is given back, for the processes that it made. */
#include "sdl/core/core.h"

#include <stdlib.h>
#include <string.h>

static bool is_small(uint32_t len)
{
	return sizeof(struct queued) + len <= BLOCK_SMALL;
}

struct queued *queued_new(struct sdl_program *p, const struct sdl_envelope *e)
{
	struct queued *q;
	uint8_t *bytes;

	if (is_small(e->len) && p->spare) {
		q = p->spare;
		p->spare = q->next;
		p->spares--;
	} else {
		q = malloc(is_small(e->len) ? BLOCK_SMALL : sizeof *q + e->len);
		if (!q)
			abort();
	}
	bytes = (uint8_t *)(q + 1);
	q->next = NULL;
	q->session = 0;
	q->envelope = *e;
	q->envelope.bytes = bytes;
	if (e->len)
		memcpy(bytes, e->bytes, e->len);
	return q;
}

void queued_free(struct sdl_program *p, struct queued *q)
{
	if (!is_small(q->envelope.len) || p->spares == SPARES_MAX) {
		free(q);
		return;
	}
	q->next = p->spare;
	p->spare = q;
	p->spares++;
}

void queue_push(struct queue *queue, struct queued *q)
{
	q->next = NULL;
	if (queue->tail)
		queue->tail->next = q;
	else
		queue->head = q;
	queue->tail = q;
	queue->length++;
}

struct queued *queue_pop(struct queue *queue)
{
	struct queued *q = queue->head;

	if (!q)
		return NULL;
	queue->head = q->next;
	if (!queue->head)
		queue->tail = NULL;
	queue->length--;
	return q;
}

void queue_purge(struct sdl_program *p, struct queue *queue,
		 bool (*drop)(const struct queued *q, const void *arg), const void *arg)
{
	struct queue kept = { 0 };
	struct queued *q;

	while ((q = queue_pop(queue))) {
		if (drop(q, arg)) {
			program_note_envelope(p, SDL_REC_STALE, &q->envelope, 0);
			queued_free(p, q);
		} else {
			queue_push(&kept, q);
		}
	}
	*queue = kept;
}
