/* Signals under way: first in, first out among equals of two programs. */
#include "sim/report/report_private.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/hash.h"

struct report_flight {
	struct {
		uint64_t ends; /* programs */
		uint64_t what; /* number and bytes */
	} key;
	uint32_t first, last;
	UT_hash_handle hh;
};

static uint64_t ends_of(struct sdl_pid from, struct sdl_pid to)
{
	return (uint64_t)from.node << 48 | (uint64_t)from.app << 32 | (uint64_t)to.node << 16 |
	       to.app;
}

static struct report_flight *flight_of(struct report_model *m, const struct sdl_record_entry *e,
				       bool make)
{
	struct report_flight *f, find;

	memset(&find, 0, sizeof(find));
	find.key.ends = ends_of(e->from, e->to);
	find.key.what = hash64(e->number, e->payload, e->payload_len);
	HASH_FIND(hh, m->flights, &find.key, sizeof(find.key), f);
	if (f || !make)
		return f;
	f = calloc(1, sizeof(*f));
	if (!f)
		abort();
	f->key = find.key;
	f->first = f->last = REPORT_NONE;
	HASH_ADD(hh, m->flights, key, sizeof(f->key), f);
	return f;
}

static void flight_free(struct report_model *m, struct report_flight *f)
{
	HASH_DEL(m->flights, f);
	free(f);
}

void report_flight_begin(struct report_model *m, const struct sdl_record_entry *e,
			 struct report_row *row)
{
	struct report_flight *f = flight_of(m, e, true);

	if (f->first == REPORT_NONE)
		f->first = row->order;
	else
		m->rows[f->last].next = row->order;
	f->last = row->order;
}

struct report_row *report_flight_end(struct report_model *m, const struct sdl_record_entry *e)
{
	struct report_flight *f = flight_of(m, e, false);
	struct report_row *sent;

	if (!f)
		return NULL;
	sent = &m->rows[f->first];
	f->first = sent->next;
	if (f->first == REPORT_NONE)
		flight_free(m, f);
	return sent;
}

void report_flights_forget(struct report_model *m, struct sdl_pid from, struct sdl_pid to)
{
	struct report_flight *f, *next;

	HASH_ITER (hh, m->flights, f, next) {
		uint64_t mask = (from.app ? UINT64_C(0xffffffff) << 32 : 0) |
				(to.app ? UINT64_C(0xffffffff) : 0);

		if ((f->key.ends & mask) == (ends_of(from, to) & mask))
			flight_free(m, f);
	}
}
