/* SIPStationInit: the registrar for SIP phones: whom it admits, it makes a SIPStationD for. */
#include "callmanager/phone_door.h"

enum { READY };

static const struct sdl_state states[] = {
	[READY] = { "ready", 0, PARAM_NONE, "" },
};

static sdl_handler on_register, on_token;

static const struct sdl_row rows[] = {
	{ READY, SIG_SipRegister, on_register, 0 },
	{ READY, SIG_DbDeviceRes, cm_door_on_device, 0 },
	{ READY, SIG_CcDeviceGoneInd, cm_door_on_gone, 0 },
	{ READY, SIG_SipToken, on_token, 0 },
	{ READY, SIG_SdlLinkOutOfService, cm_door_on_link_down, 0 },
	{ READY, SIG_SdlLinkInService, sdl_ignore, 0 },
};

/* A registration that is refused for what the database says is forbidden; otherwise later, perhaps. */
static uint32_t status_of(int reason)
{
	switch (reason) {
	case CAUSE_REGFAIL_NO_ENTRY_IN_DATABASE:
		return 404;
	case CAUSE_REGFAIL_DEVICE_TYPE_MISMATCH:
	case CAUSE_REGFAIL_DATABASE_CONFIGURATION_ERROR:
		return 403;
	default:
		return 503;
	}
}

static void fail(struct sdl_process *self, struct sdl_pid phone, uint16_t number, uint32_t status,
		 const char *text, const DeviceConfig *device)
{
	SipRegisterFailure failure = SIP_REGISTER_FAILURE__INIT;

	failure.status = status;
	failure.has_retry_after_s = status == 503;
	failure.retry_after_s =
		(uint32_t)param_value(sdl_params(self), PARAM_STATION_RETRY_INTERVAL);
	failure.text = (char *)text;
	if (device) {
		failure.group = device->group;
		failure.n_group = device->n_group;
	}
	sdl_send(self, phone, number, &failure);
}

static void reject(struct sdl_process *self, struct sdl_pid phone, int reason,
		   const DeviceConfig *device)
{
	fail(self, phone, SIG_SipRegisterFailure, status_of(reason),
	     cause_name(CAUSE_REGFAIL, reason), device);
}

static const struct cm_door_protocol sip = {
	.station = &cm_sip_station_d,
	.kind = DEVICE_KIND__DEVICE_SIP_PHONE,
	.reject = reject,
};

static int start(struct sdl_process *self)
{
	struct cm_phone_door *d = sdl_data(self);

	d->protocol = &sip;
	sdl_watch(self, 0, SDL_APP_PHONES);
	return READY;
}

static void stop(struct sdl_process *self)
{
	cm_door_free(sdl_data(self));
}

static int on_register(struct sdl_process *self, const struct sdl_signal *sig)
{
	const SipRegister *reg = sig->msg;

	cm_door_register(self, sig->from, reg->device_name, reg->ip);
	return READY;
}

static int on_token(struct sdl_process *self, const struct sdl_signal *sig)
{
	if (cm_door_token(self))
		sdl_send(self, sig->from, SIG_SipTokenAccepted, NULL);
	else
		fail(self, sig->from, SIG_SipTokenFailure, 503, NULL, NULL);
	return READY;
}

const struct sdl_type cm_sip_station_init = {
	.name = "SIPStationInit",
	.number = CM_SIP_STATION_INIT,
	.at_start = true,
	.size = sizeof(struct cm_phone_door),
	.states = states,
	.states_n = sizeof states / sizeof states[0],
	.rows = rows,
	.rows_n = sizeof rows / sizeof rows[0],
	.start = start,
	.stop = stop,
};
