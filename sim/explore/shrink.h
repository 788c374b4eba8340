/*
 * shrink.h - a failing plan becomes a short one that fails in the same way, and that a scenario.
 */
#ifndef SIM_EXPLORE_SHRINK_H
#define SIM_EXPLORE_SHRINK_H

#include <stdio.h>

#include "sim/explore/trial.h"

/* Marks in skip (one per step) all steps without which the same rule breaks, as far as a
 * bounded number of runs allows. Returns how many steps are left. */
size_t shrink_plan(const struct plan *plan, enum watch_rule rule, uint64_t mutants, bool *skip);

/* Writes the plan without the skipped steps as a scenario that fails with that breach. */
void shrink_write(const struct plan *plan, const bool *skip, const struct watch_breach *breach,
		  FILE *out);

#endif
