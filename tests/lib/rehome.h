/* rehome.h - the built command, run as its users run it, for tests: each test program has a place of
 * its own for run directories and files. */
#ifndef TESTS_LIB_REHOME_H
#define TESTS_LIB_REHOME_H

#include <stdbool.h>

extern char rehome_place[];   /* "/tmp/rehome-e2e-..." */
extern char rehome_output[];  /* of the last command, both streams */
extern const char *rehome_in; /* file that is its standard input; NULL = nothing */

/* Makes the place; afterwards ends the cluster and removes the place. */
void rehome_set_up(void);
void rehome_tear_down(void);

/* Runs rehome with the words of a line; '...' keeps blanks. Returns its exit status. */
__attribute__((format(printf, 1, 2))) int rehome_run(const char *format, ...);
/* The output has that, or the test fails and shows it. */
void rehome_says(const char *what);
bool rehome_said(const char *what);

#endif
