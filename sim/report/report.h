/*
 * report.h - what a run leaves for people: one HTML file that tells the whole run.
 *
 * The page holds the verdicts with their clauses and source lines, the narration, the times, the
 * timeline of every device, the ladder of signals with the faults where they struck, and the line
 * that repeats the run. It needs nothing but the file: style and script are in it, and it may load
 * nothing. Whatever text comes from a run is shown, never run.
 *
 *	struct sim_report report = { .title = "story.lua", .host = "virtual", ... };
 *	if (sim_report_write(&report, "rehome-report/story.html", why, sizeof(why)) < 0)
 *		complain(why);
 *
 * Everything in struct sim_report is borrowed until the call returns, and may be NULL or 0 where
 * nothing is known. Call it when the programs have come to rest or are gone: records are read, not
 * copied. Times are nanoseconds of the host's clock, as in the records.
 *
 * Where a device was is derived from signals: a CallManager holds it from the DaRegisterReq that it
 * handled until DaUnregisterReq or its end; a phone tells by StationRegisterAck and what ends the
 * registration; an application by DeviceInService, DeviceOutOfService and DeviceClosed.
 */
#ifndef SIM_REPORT_REPORT_H
#define SIM_REPORT_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "sdl/record.h"
#include "sdl/sdl.h"

enum sim_report_result {
	SIM_REPORT_PASSED,
	SIM_REPORT_FAILED,
	SIM_REPORT_UNKNOWN, /* run, but not judgeable */
};

/* A program, by its name in verbs: "ccm1:callmanager", "phones", "app:ivr". The order is that of
 * the columns of the ladder. Programs that are in a record only come after these. */
struct sim_report_program {
	uint8_t node;
	uint16_t app;
	const char *name;
};

/* One expectation or invariant. */
struct sim_report_verdict {
	enum sim_report_result result;
	const char *clause;	 /* "CMF-01", or several with blanks between; NULL = none */
	const char *clause_text; /* what the clause says */
	const char *file;	 /* of the scenario */
	int line;
	const char *text;    /* what was expected */
	const char *seen;    /* what was seen instead, or why it is unknown */
	int64_t deadline_ns; /* how long it had; 0 = none */
	int64_t took_ns;     /* how long it took; -1 = it did not happen */
	int64_t at_ns;	     /* when it was judged */
};

/* A line at a time: narration, or a fault ("kill ccm1:callmanager", "cut A B"). */
struct sim_report_line {
	int64_t at_ns;
	const char *text;
};

/* A row of the table of times: "kill to OOS". */
struct sim_report_time {
	const char *what;
	int64_t took_ns; /* -1 = was not measured */
};

/* As in sdl/view/trace.h: the table of a process type, NULL = not known. Then
 * numbers are shown. */
typedef const struct sdl_type *sim_report_type_of(void *arg, uint16_t app, uint8_t type);

struct sim_report {
	const char *title; /* of the scenario */
	enum sim_report_result result;
	const char *host; /* "virtual", "real" */
	uint64_t seed;
	const char *commit;
	uint64_t trace_hash; /* 0 = none */
	const char *topology;
	const char *const *nodes; /* node i + 1 is called nodes[i] */
	size_t nodes_n;
	const char *repeat; /* the line that repeats the run */

	const struct sim_report_program *programs;
	size_t programs_n;
	/* One that holds all programs, or one per program and incarnation; merged by (time, node,
	 * app, seq). NULLs are passed over. */
	const struct sdl_record *const *records;
	size_t records_n;
	sim_report_type_of *type_of;
	void *type_arg;

	const struct sim_report_verdict *verdicts;
	size_t verdicts_n;
	const struct sim_report_line *narration;
	size_t narration_n;
	const struct sim_report_line *faults; /* beside those in the records (SDL_REC_FAULT) */
	size_t faults_n;
	const struct sim_report_time *times;
	size_t times_n;

	int64_t from_ns;	/* the page's time zero; 0 = the first entry's */
	int64_t time_of_day_ns; /* of the clock's zero, since midnight; virtual host: 10:00 */
	size_t signals_max; /* rows of the ladder; 0 = 400,000. Beyond, signals inside programs go
			       first, then the oldest, and the page says so */
};

/* Makes the file anew (its folder exists); nothing is left of it on failure. Returns 0, or -errno
 * with a sentence in why. */
int sim_report_write(const struct sim_report *report, const char *path, char *why, size_t why_size);

#endif
