#include "ctimanager/client/pending.h"

#include <stdlib.h>

struct cti_pending *cti_pending_add(struct cti_pending_table *t, uint16_t signal, uint32_t seq,
				    int64_t deadline)
{
	struct cti_pending *pending = calloc(1, sizeof(*pending));

	if (!pending)
		abort();
	pending->wire_seq = ++t->last_seq;
	pending->seq = seq;
	pending->signal = signal;
	pending->deadline = deadline;
	HASH_ADD(hh, t->first, wire_seq, sizeof(pending->wire_seq), pending);
	return pending;
}

struct cti_pending *cti_pending_find(const struct cti_pending_table *t, uint32_t wire_seq)
{
	struct cti_pending *pending;

	HASH_FIND(hh, t->first, &wire_seq, sizeof(wire_seq), pending);
	return pending;
}

void cti_pending_remove(struct cti_pending_table *t, struct cti_pending *pending)
{
	HASH_DELETE(hh, t->first, pending);
	free(pending);
}

struct cti_pending *cti_pending_overdue(const struct cti_pending_table *t, int64_t now)
{
	for (struct cti_pending *p = t->first; p; p = p->hh.next)
		if (p->deadline <= now)
			return p;
	return NULL;
}

int64_t cti_pending_deadline(const struct cti_pending_table *t)
{
	int64_t first = INT64_MAX;

	for (struct cti_pending *p = t->first; p; p = p->hh.next)
		if (p->deadline < first)
			first = p->deadline;
	return first;
}

void cti_pending_clear(struct cti_pending_table *t)
{
	while (t->first)
		cti_pending_remove(t, t->first);
}
