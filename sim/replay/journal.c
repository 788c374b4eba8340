#include "sim/replay/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sdl/view/trace.h"
#include "sim/harness/process_types.h"

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

bool journal_counts(const struct sdl_record_entry *entry)
{
	return entry->kind == SDL_REC_SIGNAL || entry->kind == SDL_REC_IN;
}

/* ---- comparing ----------------------------------------------------------------------- */

static void next_recorded(struct journal *j)
{
	do
		j->then = sdl_record_next(j->recorded, &j->then_cursor);
	while (j->then && !journal_counts(j->then));
}

/* What the trace hash runs over. */
static bool same(const struct sdl_record_entry *a, const struct sdl_record_entry *b)
{
	return a->time_ns == b->time_ns && sdl_pid_pack(a->from) == sdl_pid_pack(b->from) &&
	       sdl_pid_pack(a->to) == sdl_pid_pack(b->to) && a->number == b->number &&
	       a->payload_len == b->payload_len && !memcmp(a->payload, b->payload, a->payload_len);
}

/* The line of the entry that ends at a position: traces are read from the beginning. */
static void line_at(const struct sdl_record *record, uint64_t at, char *line, size_t size)
{
	struct sdl_trace_options o = { .type = sim_type_of, .day_ns = SDL_TRACE_VIRTUAL_DAY_NS };
	struct sdl_trace *trace = sdl_trace_new(&o);
	struct sdl_record_cursor cursor = { 0 };
	const struct sdl_record_entry *e;

	while (cursor.at < at && (e = sdl_record_next(record, &cursor)))
		sdl_trace_line(trace, e, line, size);
	sdl_trace_destroy(&trace);
}

static void compare(struct journal *j, const struct sdl_record *record,
		    const struct sdl_record_entry *now)
{
	if (!j->recorded || j->differs)
		return;
	if (!j->begun) {
		j->begun = true;
		next_recorded(j);
		j->begins_later = j->then_cursor.lost > 0;
	}
	/* Entries that are the same lie at the same places. */
	if (j->begins_later && j->cursor.at < j->then_cursor.at)
		return;
	if (j->then && same(j->then, now)) {
		next_recorded(j);
		return;
	}
	j->differs = j->signals;
	line_at(record, j->cursor.at, j->is, sizeof(j->is));
	if (j->then)
		line_at(j->recorded, j->then_cursor.at, j->was, sizeof(j->was));
}

/* ---- a passing ----------------------------------------------------------------------- */

void journal_begin(struct journal *j, const struct sdl_record *recorded)
{
	*j = (struct journal){ .recorded = recorded };
}

static void add_fault(struct journal *j, const struct sdl_record_entry *e)
{
	struct journal_fault *f;

	j->faults = must(realloc(j->faults, (j->faults_n + 1) * sizeof(*j->faults)));
	f = &j->faults[j->faults_n++];
	f->signals = j->signals;
	f->text = must(strndup((const char *)e->payload, e->payload_len));
}

static void add_stop(struct journal *j, int64_t time_ns)
{
	if (j->stops_n && j->stops[j->stops_n - 1].signals == j->signals)
		return; /* nothing was handled: discarded, or put aside */
	if (j->stops_n == j->stops_size) {
		j->stops_size = j->stops_size ? j->stops_size * 2 : 1024;
		j->stops = must(realloc(j->stops, j->stops_size * sizeof(*j->stops)));
	}
	j->stops[j->stops_n++] = (struct journal_stop){ j->signals, time_ns };
}

void journal_take(struct journal *j, const struct sdl_record *record)
{
	const struct sdl_record_entry *e;
	int64_t time_ns = 0;

	while ((e = sdl_record_next(record, &j->cursor))) {
		time_ns = e->time_ns;
		if (e->kind == SDL_REC_FAULT)
			add_fault(j, e);
		if (!journal_counts(e))
			continue;
		j->signals++;
		compare(j, record, e);
	}
	if (j->signals)
		add_stop(j, time_ns);
}

void journal_end(struct journal *j)
{
	if (!j->recorded || j->differs || !j->then)
		return;
	j->differs = j->signals + 1;
	line_at(j->recorded, j->then_cursor.at, j->was, sizeof(j->was));
}

void journal_free(struct journal *j)
{
	for (size_t i = 0; i < j->faults_n; i++)
		free(j->faults[i].text);
	free(j->faults);
	free(j->stops);
	*j = (struct journal){ 0 };
}

/* ---- places -------------------------------------------------------------------------- */

/* How many stops lie before that signal; they are in its order. */
static size_t count_before(const struct journal *j, uint64_t signals)
{
	size_t low = 0;
	size_t high = j->stops_n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (j->stops[middle].signals < signals)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct journal_stop *journal_after(const struct journal *j, uint64_t signals)
{
	size_t i = count_before(j, signals);

	return &j->stops[i < j->stops_n ? i : j->stops_n - 1];
}

const struct journal_stop *journal_before(const struct journal *j, uint64_t signals)
{
	size_t i = count_before(j, signals);

	if (i < j->stops_n && j->stops[i].signals == signals)
		return &j->stops[i];
	return &j->stops[i ? i - 1 : 0];
}

const struct journal_stop *journal_at_time(const struct journal *j, int64_t time_ns)
{
	size_t i = j->stops_n;

	while (i > 1 && j->stops[i - 1].time_ns > time_ns)
		i--;
	return &j->stops[i - 1];
}
