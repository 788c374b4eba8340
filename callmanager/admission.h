/* admission.h - may a device register at this node? What StationInit (phones) and CTIRegistrar (CTI
 * ports, route points) ask alike; each says it in the words of its protocol.
 *
 * Source: CMF-01 (group), Maximum Number of Registered Devices.
 */
#ifndef CALLMANAGER_ADMISSION_H
#define CALLMANAGER_ADMISSION_H

#include "callmanager/process.h"

/* Is this node one of the device's group? */
bool cm_admission_member(const struct sdl_process *self, const DeviceConfig *device);
/* Is there room for one more device? */
bool cm_admission_room(const struct sdl_process *self);
/* There was none: raises NumDevRegExceeded. */
void cm_admission_alarm(struct sdl_process *self);

#endif
