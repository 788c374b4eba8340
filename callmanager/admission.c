#include "callmanager/admission.h"

#include <stdio.h>

#include "callmanager/registry.h"

bool cm_admission_member(const struct sdl_process *self, const DeviceConfig *device)
{
	for (size_t i = 0; i < device->n_group; i++)
		if (device->group[i] == sdl_self(self).node)
			return true;
	return false;
}

static int64_t devices_max(const struct sdl_process *self)
{
	return param_value(sdl_params(self), PARAM_MAX_REGISTERED_DEVICES);
}

bool cm_admission_room(const struct sdl_process *self)
{
	return (int64_t)cm_registry_devices_here(cm_context(self)->registry) < devices_max(self);
}

void cm_admission_alarm(struct sdl_process *self)
{
	char have[24], limit[24];
	struct alarm_param params[] = { { "DevicesRegistered", have }, { "Limit", limit } };

	snprintf(have, sizeof have, "%zu", cm_registry_devices_here(cm_context(self)->registry));
	snprintf(limit, sizeof limit, "%lld", (long long)devices_max(self));
	sdl_alarm(self, ALARM_NumDevRegExceeded, params, 2);
}
