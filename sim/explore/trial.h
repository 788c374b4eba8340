/*
 * trial.h - a plan, run on the virtual host: faults and work first, then rest.
 */
#ifndef SIM_EXPLORE_TRIAL_H
#define SIM_EXPLORE_TRIAL_H

#include "sim/explore/plan.h"
#include "sim/explore/watch.h"

#define TRIAL_RECORD_SIZE (16u << 20)

struct trial {
	/* asked */
	const struct plan *plan;
	bool *failed;			 /* per step: it could not be done; may be NULL */
	struct watch_coverage *coverage; /* may be NULL */
	uint64_t mutants;
	/* A directory that exists: pending.txt (who waits for what) goes there when a rule is
	 * broken; NULL = nowhere. */
	const char *bundle;
	/* came of it */
	struct watch_breach breach;
	uint64_t hash;
	uint64_t signals;
	int64_t virtual_ns;
};

void trial_run(struct trial *trial);

#endif
