/*
 * places.h - where files of the project are: from the working directory upwards, from the programs
 * upwards, and where `make install` puts them.
 */
#ifndef SIM_HARNESS_PLACES_H
#define SIM_HARNESS_PLACES_H

#include <stdbool.h>
#include <stddef.h>

/* Finds `name` ("docs/clauses.md"); `installed` is its name below share/rehome. */
bool sim_place(char *path, size_t size, const char *name, const char *installed);
/* The directory of the running program; "" when it is not known. */
void sim_place_programs(char *path, size_t size);

#endif
