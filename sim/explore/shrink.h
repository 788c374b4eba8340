/*
 * shrink.h - a failing plan becomes a short one that fails in the same way, and that a scenario.
 */
#ifndef SIM_EXPLORE_SHRINK_H
#define SIM_EXPLORE_SHRINK_H

#include <stdio.h>

#include "sim/explore/trial.h"

/* Leaves out of the plan all steps without which the same rule breaks, and makes the waits that
 * are left short and round, as far as a bounded number of runs allows. */
void shrink_plan(struct plan *plan, enum watch_rule rule, uint64_t mutants);
/* Leaves out what could not be done anyway: a scenario stops at it. */
void shrink_failed(struct plan *plan, enum watch_rule rule, uint64_t mutants);

/* Writes the plan as a scenario that fails with that breach. */
void shrink_write(const struct plan *plan, const struct watch_breach *breach, FILE *out);

#endif
