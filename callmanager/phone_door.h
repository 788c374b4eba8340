/* phone_door.h - what StationInit and SIPStationInit share: who may register here, and a device
 * process for it. Functions are called by their handlers; the process's data begins with a struct
 * cm_phone_door, whose protocol is set in start().
 */
#ifndef CALLMANAGER_PHONE_DOOR_H
#define CALLMANAGER_PHONE_DOOR_H

#include "callmanager/process.h"

struct cm_door_protocol {
	const struct sdl_type *station; /* StationD, SIPStationD */
	DeviceKind kind;
	/* reason: enum cause of the set REGFAIL; device: its configuration, or NULL */
	void (*reject)(struct sdl_process *self, struct sdl_pid phone, int reason,
		       const DeviceConfig *device);
};

struct cm_phone_door {
	const struct cm_door_protocol *protocol;
	struct door_phone *phones;
	struct door_waiting *waiting; /* registrations that wait for the database, oldest first */
	uint64_t cookie;
	uint32_t generation;
};

void cm_door_free(struct cm_phone_door *d);
/* The phone that the signal comes from wants to register. */
void cm_door_register(struct sdl_process *self, struct sdl_pid phone, char *name, uint32_t ip);
/* May it come back to this CallManager? (CMF-15) */
bool cm_door_token(const struct sdl_process *self);
/* Rows. */
sdl_handler cm_door_on_device, cm_door_on_gone, cm_door_on_link_down;

#endif
