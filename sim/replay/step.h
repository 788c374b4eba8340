/* step.h - the prompt that stands at one signal of a run. */
#ifndef SIM_REPLAY_STEP_H
#define SIM_REPLAY_STEP_H

#include <stdio.h>

#include "sim/replay/journal.h"

/* The whole run again, watched. */
typedef void step_run(void *arg, const struct sim_watch *watch);

/* Reads commands, a line each, until "quit" or the end of `in`. The journal is that of the same
 * run. */
void step_prompt(const struct journal *journal, step_run *run, void *arg, FILE *in, FILE *out);

/* states.c: the processes of all programs that run, or those of a label, a type or a program: a row
 * each, with state and timers. Returns how many. */
size_t step_states(struct sim_host *host, const char *what, FILE *out);

#endif
