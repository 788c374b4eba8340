/* pids.h - a few processes, in the order in which they came: who has a device or a line open.
 * Mostly that is one, which takes no memory beyond the struct. A zeroed struct is empty.
 */
#ifndef CALLMANAGER_PIDS_H
#define CALLMANAGER_PIDS_H

#include "sdl/sdl.h"

struct cm_pids {
	union {
		struct sdl_pid one; /* n is at most 1 */
		struct sdl_pid *many;
	};
	uint32_t n;
	uint32_t room; /* of many; 0: it is one */
};

void cm_pids_free(struct cm_pids *p);
/* i < n. */
struct sdl_pid cm_pids_at(const struct cm_pids *p, uint32_t i);
bool cm_pids_has(const struct cm_pids *p, struct sdl_pid pid);
/* It is not there yet. */
void cm_pids_add(struct cm_pids *p, struct sdl_pid pid);
/* Those behind it move up. */
void cm_pids_remove_at(struct cm_pids *p, uint32_t i);

#endif
