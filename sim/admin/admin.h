/*
 * admin.h - `rehome admin`: the objects of a cluster's database, as an administrator works on them.
 *
 *	rehome admin add phone SEP000000000009 --model 7960 --devicepool devices
 *	rehome admin list line --json
 *	rehome admin remove devicepool devices		refused: in use by ...
 *
 * Works on a running cluster (its programs are told at once) and on a stopped one (--database FILE). What
 * kinds of objects there are, with their columns, is one table: kind.h. Each change is one
 * transaction: nothing is half-written, whatever goes wrong.
 *
 * Source: clauses CHK, DEP, GRP-07, USR-03.
 */
#ifndef SIM_ADMIN_ADMIN_H
#define SIM_ADMIN_ADMIN_H

#include <stdio.h>

#include "sim/harness/command.h"

/* The verb. Returns the exit status; *err has a text when it is not 0. */
int sim_admin_command(struct sim_command *command, struct sim_error *err);

/* What `rehome admin --help` prints; with words ("add phone") more of that. */
void sim_admin_help(const char *const *words, size_t n, FILE *out);

#endif
