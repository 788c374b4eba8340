/* topology_reader.h - reading the Lua table of a topology: the state of it, and fields with their
 * errors.
 *
 * An error leaves through lua_error with its sentence in *err: file, line, what is wrong.
 */
#ifndef SIM_HARNESS_TOPOLOGY_READER_H
#define SIM_HARNESS_TOPOLOGY_READER_H

#include <lua.h>

#include "sim/harness/topology_private.h"

struct loader {
	lua_State *L;
	struct sim_topology *t;
	struct sim_error *err;
	const char *name;
	const char *source;
	const char *anchor; /* name of the element being read */
	size_t memory;
	size_t devices_size;
};

__attribute__((noreturn, format(printf, 3, 4))) void
field_stop(struct loader *l, const char *quoted, const char *format, ...);

/* All about the table on top of the stack. It may hold only these keys, and positions up to
 * `positions` (-1 = any). */
void field_only(struct loader *l, const char *what, const char *const *keys, int positions);
/* A text, or a whole number as text; NULL when absent. */
const char *field_text(struct loader *l, const char *what, const char *key);
int field_number(struct loader *l, const char *what, const char *key, int none, int min, int max);
bool field_flag(struct loader *l, const char *what, const char *key, bool none);
/* The list of texts that the table itself is, or that a field of it is. */
const char **field_texts_here(struct loader *l, const char *what, size_t *n);
const char **field_texts(struct loader *l, const char *what, const char *key, size_t *n);

/* topology_device.c: the list of devices in field `key`. */
void topology_read_devices(struct loader *l, enum sim_kind kind, const char *key);

/* topology_park.c */
void topology_read_park_numbers(struct loader *l);
void topology_read_pickup_groups(struct loader *l);

#endif
