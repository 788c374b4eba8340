/*
 * journal.h - what is kept of one passing of a run: where its signals and faults are, and where it
 * leaves the record of another run.
 *
 * Signals are numbered from 1 in the order in which all programs handled them, which is that of the
 * trace hash. A stop is a place where a run can be looked at: a program is done with a signal.
 * Requests that its database answered on the way count, too, so the numbers of stops may have gaps.
 */
#ifndef SIM_REPLAY_JOURNAL_H
#define SIM_REPLAY_JOURNAL_H

#include "sim/harness/host.h"

struct journal_stop {
	uint64_t signals; /* the number of the last one */
	int64_t time_ns;
};

struct journal_fault {
	uint64_t signals; /* handled before it */
	char *text;
};

struct journal {
	struct journal_stop *stops;
	size_t stops_n, stops_size;
	struct journal_fault *faults;
	size_t faults_n;
	uint64_t signals;

	/* Compared with; borrowed, NULL = nothing. */
	const struct sdl_record *recorded;
	uint64_t differs; /* number of the first signal that does; 0 = none */
	char was[600];	  /* its line there, and here; "" = the run was over */
	char is[600];
	bool begins_later; /* the recorded run's first signals are not kept any more */

	struct sdl_record_cursor cursor, then_cursor;
	const struct sdl_record_entry *then; /* the recorded signal that is to come */
	bool begun;
};

void journal_begin(struct journal *j, const struct sdl_record *recorded);
/* Takes in what the record has got; a stop is where it ends. */
void journal_take(struct journal *j, const struct sdl_record *record);
/* The run is over: the recorded one must be, too. */
void journal_end(struct journal *j);
void journal_free(struct journal *j);

/* The last stop at or before, the first stop at or after; there is one as soon as there are any. */
const struct journal_stop *journal_before(const struct journal *j, uint64_t signals);
const struct journal_stop *journal_after(const struct journal *j, uint64_t signals);
const struct journal_stop *journal_at_time(const struct journal *j, int64_t time_ns);

/* Counts as a signal of the trace. */
bool journal_counts(const struct sdl_record_entry *entry);

#endif
