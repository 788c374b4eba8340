/* callmanager.h - the call-processing program of a node.
 *
 * A host fills an sdl_config (node, incarnation, name, parameters ...), lets cm_program() put in
 * what makes the program a CallManager, and makes it with sdl_program_new(). Its served type Db
 * wants a `struct db *` as resource; DbChangeNotify goes to instance 1 of CM_DEVICE_MANAGER. It
 * says Ready to the harness when its initialization is complete. Links to the other CallManagers
 * and to the CTIManagers are the host's to set up.
 *
 * Source: design.md 4; the order of start-up is that of the counter InitializationState.
 */
#ifndef CALLMANAGER_CALLMANAGER_H
#define CALLMANAGER_CALLMANAGER_H

#include "sdl/program.h"

struct cm_registry;
struct cm_park_numbers;

/* What all processes of one CallManager may read. One process writes each field; the host owns the
 * struct, zeroed, and keeps it until the program is destroyed. */
struct cm_context {
	uint64_t incarnation;		      /* cm_program, from the configuration */
	struct cm_registry *registry;	      /* Da: numbers, and where they are registered */
	struct cm_park_numbers *park_numbers; /* ParkManager */
	uint32_t ci_base;	       /* Cc: call identifiers of this incarnation lie above it */
	uint32_t initialization_state; /* DeviceManager: 1..14, 100 */
};

/* Puts types, types_n, accept_type and context into config, whose incarnation must be set already.
 */
void cm_program(struct sdl_config *config, struct cm_context *context);

#endif
