/* output.h - JSON of objects. */
#ifndef SIM_ADMIN_OUTPUT_H
#define SIM_ADMIN_OUTPUT_H

#include <jansson.h>
#include <stdio.h>

#include "sim/admin/kind.h"

/* One object, by the names of its columns. */
json_t *work_json(const struct admin_kind *kind, const char *const *values);
/* Prints it and lets it go. */
void work_print_json(FILE *out, json_t *o);

#endif
