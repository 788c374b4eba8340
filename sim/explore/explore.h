/*
 * explore.h - rehome explore: many seeds, each a whole life of a cluster (plan.h, trial.h), checked
 * against rule.def; a breach is shrunk to a short scenario.
 *
 * Workers are processes of their own, so that one that aborts is a result and not the end. They
 * take seeds in turn and each writes its results, a JSON object a line: commit, seed, verdict,
 * rule, clause, text, ms, signals, hash. Files of several machines or runs are merged by putting
 * them together; --resume goes on with what a file does not have for this commit.
 */
#ifndef SIM_EXPLORE_EXPLORE_H
#define SIM_EXPLORE_EXPLORE_H

#include "sim/harness/command.h"

int sim_explore_command(struct sim_command *command, struct sim_error *err);

#endif
