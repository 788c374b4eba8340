/* StationInit: the door for SCCP phones. */
#include "callmanager/phone_door.h"

enum { READY };

static const struct sdl_state states[] = {
	[READY] = { "ready", 0, PARAM_NONE, "" },
};

static sdl_handler on_register, on_token;

static const struct sdl_row rows[] = {
	{ READY, SIG_StationRegister, on_register, 0 },
	{ READY, SIG_DbDeviceRes, cm_door_on_device, 0 },
	{ READY, SIG_CcDeviceGoneInd, cm_door_on_gone, 0 },
	{ READY, SIG_StationRegisterTokenReq, on_token, 0 },
	{ READY, SIG_SdlLinkOutOfService, cm_door_on_link_down, 0 },
	{ READY, SIG_SdlLinkInService, sdl_ignore, 0 },
};

/* device: its configuration, where it has one. */
static void reject(struct sdl_process *self, struct sdl_pid phone, int reason,
		   const DeviceConfig *device)
{
	StationRegisterReject rej = STATION_REGISTER_REJECT__INIT;

	rej.reason = (uint32_t)reason;
	rej.text = (char *)cause_name(CAUSE_REGFAIL, reason);
	if (device) {
		rej.group = device->group;
		rej.n_group = device->n_group;
	}
	sdl_send(self, phone, SIG_StationRegisterReject, &rej);
}

static const struct cm_door_protocol sccp = {
	.station = &cm_station_d,
	.kind = DEVICE_KIND__DEVICE_SCCP_PHONE,
	.reject = reject,
};

static int start(struct sdl_process *self)
{
	struct cm_phone_door *d = sdl_data(self);

	d->protocol = &sccp;
	sdl_watch(self, 0, SDL_APP_PHONES);
	return READY;
}

static void stop(struct sdl_process *self)
{
	cm_door_free(sdl_data(self));
}

static int on_register(struct sdl_process *self, const struct sdl_signal *sig)
{
	const StationRegister *reg = sig->msg;

	cm_door_register(self, sig->from, reg->device_name, reg->ip);
	return READY;
}

static int on_token(struct sdl_process *self, const struct sdl_signal *sig)
{
	StationRegisterTokenReject rej = STATION_REGISTER_TOKEN_REJECT__INIT;

	if (cm_door_token(self)) {
		sdl_send(self, sig->from, SIG_StationRegisterTokenAck, NULL);
		return READY;
	}
	rej.wait_s = (uint32_t)param_value(sdl_params(self), PARAM_STATION_RETRY_INTERVAL);
	sdl_send(self, sig->from, SIG_StationRegisterTokenReject, &rej);
	return READY;
}

const struct sdl_type cm_station_init = {
	.name = "StationInit",
	.number = CM_STATION_INIT,
	.at_start = true,
	.size = sizeof(struct cm_phone_door),
	.states = states,
	.states_n = sizeof states / sizeof states[0],
	.rows = rows,
	.rows_n = sizeof rows / sizeof rows[0],
	.start = start,
	.stop = stop,
};
