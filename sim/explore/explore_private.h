/* explore_private.h - what the parent and its workers share. */
#ifndef SIM_EXPLORE_EXPLORE_PRIVATE_H
#define SIM_EXPLORE_EXPLORE_PRIVATE_H

#include <stdatomic.h>

#include "sim/explore/trial.h"

#define EXPLORE_JOBS_MAX 256
/* Breaches of one rule that are shrunk; more of them would be the same story again. */
#define EXPLORE_SHRUNK_MAX 3

/* Lies in shared memory. */
struct explore_shared {
	_Atomic uint64_t next; /* seed not taken yet, counted from the first */
	_Atomic uint64_t done, broken, signals;
	_Atomic bool stop;
	_Atomic unsigned shrunk[WATCH_RULES];
	struct {
		_Atomic uint64_t seed;
		_Atomic int64_t since_ns; /* CLOCK_MONOTONIC; 0 = it has none */
	} job[EXPLORE_JOBS_MAX];
	struct watch_coverage coverage;
};

struct explore {
	uint64_t first, last; /* seeds, both included */
	uint64_t shard, shards;
	unsigned jobs;
	int64_t time_ns; /* 0 = until all seeds are done */
	int out;	 /* results, appended; -1 = nowhere */
	const char *bundles;
	bool leaves; /* mutants, too, leave the scenario of what they broke */
	char commit[80];
	uint64_t *known; /* seeds done before, sorted */
	size_t known_n;
	struct explore_shared *shared;
};

/* explore_result.c */
/* 0, or -1: there are no results to resume, or they cannot be read. */
int explore_resume(struct explore *x, const char *path, struct sim_error *err);
bool explore_known(const struct explore *x, uint64_t seed);
void explore_commit(char *commit, size_t size);
void explore_write(const struct explore *x, uint64_t seed, const struct trial *trial, double ms);

/* explore_worker.c */
int64_t explore_now(void);
/* Never returns to its caller's life: the process of job number `job`. */
void explore_worker(struct explore *x, unsigned job);
/* Draws, lives, writes the result; a breach leaves its bundle. */
void explore_seed(struct explore *x, uint64_t seed);

/* explore_bundle.c */
/* Tells of the breach and leaves what is needed to see it again: SEED-RULE.lua and the bundle
 * SEED-RULE of its run, below x->bundles. The plan shrinks. */
void explore_bundle(struct explore *x, struct plan *plan, const struct watch_breach *found);
/* The scenario of that breach, as short as it gets (shrink: as it was), and the bundle of its run.
 * True if it fails with the same rule. */
bool explore_leave(struct plan *plan, const struct watch_breach *found, uint64_t mutants,
		   bool shrink, const char *path);

/* explore_mutants.c */
/* Hunts each mutant (names: those only) from seed x->first on, as far as its row in the table
 * allows; ranged: as far as x->last. Those of names leave their scenarios, below x->bundles.
 * SIM_PASSED if all are found. */
int explore_mutants(const struct explore *x, const char *names, bool ranged, struct sim_error *err);

/* explore_report.c */
void explore_progress(const struct explore *x, int64_t began_ns);
void explore_report(const struct explore *x, int64_t began_ns, bool rows);

#endif
