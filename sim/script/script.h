/*
 * script.h - scenarios: Lua files that act on a cluster and say what must follow.
 *
 * A scenario runs three times at most: checked without a cluster (verbs, arguments, names),
 * rehearsed on the virtual host before a real run, and run. What it may use and what its functions
 * mean is told in docs/scenarios.md; what it may call comes from the table of verbs.
 */
#ifndef SIM_SCRIPT_SCRIPT_H
#define SIM_SCRIPT_SCRIPT_H

#include <stdio.h>

#include "sim/harness/host.h"

struct sim_command;

struct sim_run_options {
	bool real;
	uint64_t seed;
	uint64_t mutants; /* bits of common/base/mutant.h; virtual host only */
	int speed;
	const char *topology; /* a file in place of the one that the scenario names; NULL = none */
	const struct sim_watch *watch; /* virtual host only; NULL = none */
	const char *report;	       /* where bundles go; NULL = none is left */
	const char *bundle;	       /* the one directory to leave instead; NULL = none */
	FILE *trace;	    /* virtual host: the trace is written while it runs; NULL = not */
	size_t record_size; /* virtual host: bytes of the record's ring; 0 = as the host has it */
	bool quiet;	    /* narration is not shown */
	bool narrate;	    /* expectations are shown as they are met, too */
	bool step;	    /* waits for Enter before each fault */
	/* The run ends, unknown, as soon as it is not 0; NULL = never. */
	const volatile sig_atomic_t *interrupted;
};

/* One expectation as it was judged. */
struct sim_judged {
	char clause[40]; /* "" = none */
	int line;
	char text[200]; /* what was expected */
	char seen[200]; /* what was seen, or why not */
	enum sim_exit verdict;
	int64_t deadline_ns;
	int64_t took_ns; /* -1 = it did not happen */
	int64_t at_ns;
};

/* A line of narration, or a time of the table of times. */
struct sim_told {
	int64_t at_ns;
	char *text;
	int64_t took_ns;
};

struct sim_run {
	char path[512];
	char title[64]; /* file name without .lua */
	struct sim_run_options options;
	enum sim_exit verdict;
	struct sim_error err; /* why it is not passed; begins with file:line where there is one */
	uint64_t trace_hash;  /* virtual host */
	int64_t took_ns;      /* of the host's time */
	struct sim_judged *judged;
	size_t judged_n;
	struct sim_told *said;
	size_t said_n;
	struct sim_told *times;
	size_t times_n;
	char bundle[600]; /* its directory, "" = none */
	char repeat[700]; /* the line that repeats the run */
};

/* Checks a scenario without running anything: 0, or -1 with file:line in *err. judged gets what it
 * would assert: clauses with their lines. */
int sim_scenario_check(struct sim_run *run, const char *path, struct sim_error *err);
/* Checks, rehearses, runs, leaves the bundle. The verdict is in *run. */
void sim_scenario_run(struct sim_run *run, const char *path, const struct sim_run_options *options);
void sim_run_free(struct sim_run *run);

/* The commit of the sources that lie here, "" = not known. */
void sim_bundle_commit(char commit[64]);

/* All scenarios in files and folders, sorted; the caller frees each and the list. */
int sim_scenarios_find(const char *const *paths, size_t paths_n, char ***found, size_t *n,
		       struct sim_error *err);

/* rehome run. */
int sim_script_command(struct sim_command *command, struct sim_error *err);

#endif
