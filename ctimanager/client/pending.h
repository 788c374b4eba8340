/*
 * pending.h - requests of a provider that its CTIManager has not answered yet.
 *
 * Each has a sequence number on the wire, its own in the application (0 = the library's own, while
 * it reopens), and a deadline. Kept in the order of sending. The table owns its entries.
 */
#ifndef CTIMANAGER_CLIENT_PENDING_H
#define CTIMANAGER_CLIENT_PENDING_H

#include <stdbool.h>
#include <stdint.h>

#include <uthash.h>

struct cti_pending {
	uint32_t wire_seq;
	uint32_t seq;
	uint16_t signal;
	uint32_t device; /* numbers of opened.h; 0 = none */
	uint32_t line;
	bool auto_accept; /* LineAutoAcceptChange */
	uint32_t filter;  /* ProviderChangeEventFilter */
	int64_t deadline; /* ns of the host's clock */
	UT_hash_handle hh;
};

struct cti_pending_table {
	struct cti_pending *first;
	uint32_t last_seq;
};

struct cti_pending *cti_pending_add(struct cti_pending_table *t, uint16_t signal, uint32_t seq,
				    int64_t deadline);
struct cti_pending *cti_pending_find(const struct cti_pending_table *t, uint32_t wire_seq);
void cti_pending_remove(struct cti_pending_table *t, struct cti_pending *pending);
/* The first in the order of sending whose deadline is not after now, or NULL. */
struct cti_pending *cti_pending_overdue(const struct cti_pending_table *t, int64_t now);
/* The earliest deadline; INT64_MAX = none. */
int64_t cti_pending_deadline(const struct cti_pending_table *t);
void cti_pending_clear(struct cti_pending_table *t);

#endif
