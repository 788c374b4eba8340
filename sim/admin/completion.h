/*
 * completion.h - rehome completion: what may follow on a command line, for a shell.
 *
 *	rehome completion bash		a script; source it, or install it as share/bash-completion has it
 *	rehome completion words W...	what the last word may become, each on a line, as the script asks
 *
 * Verbs, options and choices come from the table of verbs, kinds and columns from that of kinds, names of
 * objects from the database of the cluster that runs, or that --database says.
 */
#ifndef SIM_ADMIN_COMPLETION_H
#define SIM_ADMIN_COMPLETION_H

#include <stdio.h>

#include "sim/harness/command.h"

int sim_completion_command(struct sim_command *command, struct sim_error *err);

/* The candidates for the last of the words. */
void sim_completion_words(const char *const *words, size_t n, FILE *out);

#endif
