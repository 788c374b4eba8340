/* Records and listed faults as one sequence. */
#include "sim/report/report_private.h"

#include <stdlib.h>
#include <string.h>

static void add(struct report_history *h, const struct report_item *item)
{
	REPORT_GROW(h->items, h->n, h->size);
	h->items[h->n] = *item;
	h->items[h->n].order = h->n;
	h->n++;
}

/* A start carries its incarnation where others have their place: it is the first of all. */
static uint64_t place(const struct sdl_record_entry *e)
{
	return e->kind == SDL_REC_START ? 0 : e->seq;
}

static int by_time(const void *a, const void *b)
{
	const struct report_item *x = a;
	const struct report_item *y = b;

	if (x->at_ns != y->at_ns)
		return x->at_ns < y->at_ns ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* For entries of several records, between which nothing else tells the order of an instant. */
static int by_time_and_program(const void *a, const void *b)
{
	const struct report_item *x = a;
	const struct report_item *y = b;

	if (x->at_ns == y->at_ns && x->entry && y->entry) {
		const struct sdl_record_entry *e = x->entry;
		const struct sdl_record_entry *o = y->entry;

		if (e->node != o->node)
			return e->node < o->node ? -1 : 1;
		if (e->app != o->app)
			return e->app < o->app ? -1 : 1;
		if (place(e) != place(o))
			return place(e) < place(o) ? -1 : 1;
	}
	if (x->at_ns == y->at_ns && !x->entry != !y->entry)
		return x->entry ? 1 : -1;
	return by_time(a, b);
}

static bool recorded(const struct report_history *h, const struct sim_report_line *fault)
{
	size_t len = strlen(fault->text);

	for (size_t i = 0; i < h->n; i++) {
		const struct sdl_record_entry *e = h->items[i].entry;

		if (e && e->kind == SDL_REC_FAULT && e->time_ns == fault->at_ns &&
		    e->payload_len == len && !memcmp(e->payload, fault->text, len))
			return true;
	}
	return false;
}

/* Entries are valid only while they are read. */
static struct sdl_record_entry *copy_of(const struct sdl_record_entry *e)
{
	struct sdl_record_entry *copy = malloc(e->len);

	if (!copy)
		abort();
	return memcpy(copy, e, e->len);
}

void report_history_read(struct report_history *h, const struct sim_report *in)
{
	size_t records = 0;

	for (size_t i = 0; i < in->records_n; i++) {
		struct sdl_record_cursor cursor = { 0 };
		const struct sdl_record_entry *e;

		if (!in->records[i])
			continue;
		records++;
		while ((e = sdl_record_next(in->records[i], &cursor)))
			add(h, &(struct report_item){ .at_ns = e->time_ns, .entry = copy_of(e) });
		h->lost += cursor.lost;
	}
	for (size_t i = 0; i < in->faults_n; i++)
		if (in->faults[i].text && !recorded(h, &in->faults[i]))
			add(h, &(struct report_item){ .at_ns = in->faults[i].at_ns,
						      .text = in->faults[i].text });
	if (h->n)
		qsort(h->items, h->n, sizeof(*h->items),
		      records > 1 ? by_time_and_program : by_time);
}

void report_history_free(struct report_history *h)
{
	for (size_t i = 0; i < h->n; i++)
		free((void *)(uintptr_t)h->items[i].entry);
	free(h->items);
}
