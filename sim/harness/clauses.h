/*
 * clauses.h - the specification's clauses, and what asserts them.
 *
 * The list is docs/clauses.md: an item that begins with its id, over indented lines. Found from the
 * working directory upwards, and beside the programs.
 */
#ifndef SIM_HARNESS_CLAUSES_H
#define SIM_HARNESS_CLAUSES_H

#include <stdbool.h>
#include <stddef.h>

struct sim_clause {
	char id[8];
	char *text;
};

/* The list, read once; NULL and n = 0 when the file is not found. */
const struct sim_clause *sim_clauses(size_t *n);
/* True also when there is no list to look in, but the id has a clause's shape. */
bool sim_clause_known(const char *id);
/* NULL = none. */
const char *sim_clause_text(const char *id);

#endif
