/* Queues of packed signals. A number of blocks of the common size is kept for reuse; what a burst
 * needs more is as large as its signals, and given back for the processes that it made. */
#include "sdl/core/core.h"

#include <stdlib.h>
#include <string.h>

static bool is_small(uint32_t len)
{
	return sizeof(struct queued) + len <= BLOCK_SMALL;
}

static struct queued *block_new(struct sdl_program *p, uint32_t len)
{
	struct queued *q = p->spare;
	bool kept = is_small(len) && (q || p->blocks_kept < BLOCKS_KEPT_MAX);

	if (kept && q) {
		p->spare = q->next;
		return q;
	}
	q = malloc(kept ? BLOCK_SMALL : sizeof *q + len);
	if (!q)
		abort();
	q->kept = kept;
	p->blocks_kept += kept;
	return q;
}

struct queued *queued_new(struct sdl_program *p, const struct sdl_envelope *e)
{
	struct queued *q = block_new(p, e->len);
	uint8_t *bytes = (uint8_t *)(q + 1);

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
	if (!q->kept) {
		free(q);
		return;
	}
	q->next = p->spare;
	p->spare = q;
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
