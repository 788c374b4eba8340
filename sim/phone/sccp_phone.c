/*
 * SccpPhone - one SCCP phone. Its life, with its diagram, is in registration.c, and so are its
 * states; here is how it says that in SCCP. What the CallManager shows and plays on it is in
 * sccp_screen.c, what its user presses in sccp_keys.c.
 */
#include "sim/phone/sccp_phone.h"

#include <stdlib.h>

static sdl_handler on_register_ack, on_register_reject, on_token_reject, on_unregister_ack,
	on_call_state;

static const struct sdl_row rows[] = {
#include "sim/phone/registration_rows.def"

	{ PHONE_REGISTERING, SIG_StationRegisterAck, on_register_ack,
	  TO(PHONE_REGISTERED) | TO(PHONE_UNREGISTERING) },
	{ PHONE_REGISTERING, SIG_StationRegisterReject, on_register_reject, PHONE_CHOOSES },
	{ SDL_ANY, SIG_StationKeepAliveAck, sim_phone_on_keepalive_ack, 0 },

	{ PHONE_TOKEN, SIG_StationRegisterTokenAck, sim_phone_on_token,
	  TO(PHONE_UNREGISTERING) | TO(PHONE_REGISTERED) },
	{ PHONE_TOKEN, SIG_StationRegisterTokenReject, on_token_reject, TO(PHONE_REGISTERED) },
	/* Asked for, then given up. */
	{ SDL_ANY, SIG_StationRegisterTokenAck, sdl_ignore, 0 },
	{ SDL_ANY, SIG_StationRegisterTokenReject, sdl_ignore, 0 },
	{ PHONE_UNREGISTERING, SIG_StationUnregisterAck, on_unregister_ack,
	  TO(PHONE_REGISTERING) | TO(PHONE_REGISTERED) | PHONE_CHOOSES },
	{ SDL_ANY, SIG_StationUnregisterAck, sdl_ignore, 0 },

	/* A call may come before the answer to the registration: it has a higher class. */
	{ PHONE_REGISTERING, SIG_StationCallState, sdl_save, 0 },
	{ PHONE_REGISTERING, SIG_StationCallInfo, sdl_save, 0 },
	{ PHONE_REGISTERING, SIG_StationStartTone, sdl_save, 0 },
	{ PHONE_REGISTERING, SIG_StationStopTone, sdl_save, 0 },
	{ PHONE_REGISTERING, SIG_StationSetRinger, sdl_save, 0 },
	{ PHONE_REGISTERING, SIG_StationDisplayPromptStatus, sdl_save, 0 },
	{ PHONE_REGISTERING, SIG_StationNotifyDtmfTone, sdl_save, 0 },
	{ PHONE_REGISTERING, SIG_StationForwardStat, sdl_save, 0 },
	{ PHONE_REGISTERING, SIG_StationUserToDeviceData, sdl_save, 0 },
	{ PHONE_REGISTERING, SIG_StationSetSpeakerMode, sdl_save, 0 },
	{ PHONE_REGISTERING, SIG_StationOpenReceiveChannel, sdl_save, 0 },
	{ PHONE_REGISTERING, SIG_StationCloseReceiveChannel, sdl_save, 0 },
	{ PHONE_REGISTERING, SIG_StationStartMediaTransmission, sdl_save, 0 },
	{ PHONE_REGISTERING, SIG_StationStopMediaTransmission, sdl_save, 0 },
	{ PHONE_REGISTERING, SIG_StationReset, sdl_save, 0 },
	{ PHONE_REGISTERED, SIG_StationCallState, on_call_state, TO(PHONE_UNREGISTERING) },
	{ PHONE_REGISTERED, SIG_StationReset, sim_phone_on_reset, TO(PHONE_UNREGISTERING) },
	{ SDL_ANY, SIG_StationCallState, on_call_state, 0 },
	{ SDL_ANY, SIG_StationCallInfo, sim_sccp_on_call_info, 0 },
	{ SDL_ANY, SIG_StationStartTone, sim_sccp_on_tone, 0 },
	{ SDL_ANY, SIG_StationStopTone, sim_sccp_on_tone, 0 },
	{ SDL_ANY, SIG_StationSetRinger, sim_sccp_on_ringer, 0 },
	{ SDL_ANY, SIG_StationDisplayPromptStatus, sim_sccp_on_prompt, 0 },
	{ SDL_ANY, SIG_StationNotifyDtmfTone, sim_sccp_on_shown, 0 },
	{ SDL_ANY, SIG_StationPromptTimer, sim_sccp_on_prompt_end, 0 },
	{ SDL_ANY, SIG_StationForwardStat, sim_sccp_on_shown, 0 },
	{ SDL_ANY, SIG_StationUserToDeviceData, sim_sccp_on_shown, 0 },
	{ SDL_ANY, SIG_StationSetSpeakerMode, sim_sccp_on_shown, 0 },
	{ SDL_ANY, SIG_StationOpenReceiveChannel, sim_sccp_on_open_channel, 0 },
	{ SDL_ANY, SIG_StationCloseReceiveChannel, sim_sccp_on_close_channel, 0 },
	{ SDL_ANY, SIG_StationStartMediaTransmission, sim_sccp_on_start_transmission, 0 },
	{ SDL_ANY, SIG_StationStopMediaTransmission, sim_sccp_on_stop_transmission, 0 },
	{ SDL_ANY, SIG_StationReset, sim_phone_on_reset, 0 },
};

/* ---- what it says -------------------------------------------------------------------------- */

static void take_start(struct sdl_process *self, const PhoneStart *start)
{
	struct sccp_phone *phone = sdl_data(self);

	phone->enbloc = start->enbloc;
}

static void enrol(struct sdl_process *self)
{
	struct sccp_phone *phone = sdl_data(self);
	StationRegister reg = STATION_REGISTER__INIT;

	reg.device_name = phone->base.name;
	reg.has_device_type = true;
	reg.device_type = phone->base.model;
	reg.has_ip = true;
	reg.ip = sim_voice_ip(self);
	reg.has_active_streams = true;
	sdl_send(self, sim_phone_door(self, phone->base.place.at), SIG_StationRegister, &reg);
}

static void ask_token(struct sdl_process *self)
{
	struct sccp_phone *phone = sdl_data(self);
	StationRegisterTokenReq req = STATION_REGISTER_TOKEN_REQ__INIT;

	req.device_name = phone->base.name;
	sdl_send(self, sim_phone_door(self, phone->base.place.target), SIG_StationRegisterTokenReq,
		 &req);
}

static void keepalive(struct sdl_process *self)
{
	sim_phone_to_station(self, SIG_StationKeepAlive, NULL);
}

static void unregister(struct sdl_process *self, bool falls_back)
{
	StationUnregister leave = STATION_UNREGISTER__INIT;

	leave.has_fallback = leave.fallback = falls_back;
	sim_phone_to_station(self, SIG_StationUnregister, &leave);
}

static const struct sim_phone_protocol protocol = {
	.door = CM_STATION_INIT,
	.start = take_start,
	.enrol = enrol,
	.ask_token = ask_token,
	.keepalive = keepalive,
	.unregister = unregister,
	.media_failure = sim_sccp_media_failure,
	.idle = sim_sccp_idle,
	.streaming = sim_sccp_streaming,
	.clear_calls = sim_sccp_clear_calls,
	.press = sim_sccp_press,
	.describe = sim_sccp_describe,
};

/* ---- rows, in their order ------------------------------------------------------------------ */

static int on_register_ack(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct sccp_phone *phone = sdl_data(self);
	const StationRegisterAck *ack = sig->msg;

	if (sig->from.node != phone->base.place.at)
		return PHONE_REGISTERING;
	return sim_phone_registered(self, sig->from, ack->group, ack->n_group, ack->keepalive_s);
}

static int on_register_reject(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct sccp_phone *phone = sdl_data(self);
	const StationRegisterReject *reject = sig->msg;

	if (sig->from.node != phone->base.place.at)
		return PHONE_REGISTERING;
	sdl_info(self, "rejected by %u: %s", (unsigned)sig->from.node,
		 reject->text ? reject->text : "");
	return sim_phone_rejected(self, reject->group, reject->n_group);
}

static int on_token_reject(struct sdl_process *self, const struct sdl_signal *sig)
{
	const StationRegisterTokenReject *reject = sig->msg;

	return sim_phone_token_refused(self, sig, reject->wait_s);
}

static int on_unregister_ack(struct sdl_process *self, const struct sdl_signal *sig)
{
	const StationUnregisterAck *ack = sig->msg;

	if (!sim_phone_from_station(self, sig))
		return PHONE_UNREGISTERING;
	return ack->status == STATION_UNREGISTER_STATUS__UnregisterOK ? sim_phone_unregistered(self)
								      : sim_phone_stays(self);
}

static int on_call_state(struct sdl_process *self, const struct sdl_signal *sig)
{
	if (sim_phone_from_station(self, sig))
		sim_sccp_show_call(self, sig->msg);
	return sim_phone_settle(self);
}

/* ---- life ---------------------------------------------------------------------------------- */

static int start(struct sdl_process *self)
{
	struct sccp_phone *phone = sdl_data(self);

	phone->base.protocol = &protocol;
	return PHONE_UNPLUGGED;
}

static void stop(struct sdl_process *self)
{
	struct sccp_phone *phone = sdl_data(self);

	free(phone->calls);
	free(phone->digits);
	free(phone->prompt);
}

const struct sdl_type sim_sccp_phone = {
	.name = "SccpPhone",
	.number = PHONES_SCCP_PHONE,
	.size = sizeof(struct sccp_phone),
	.states = sim_phone_states,
	.states_n = PHONE_STATES,
	.rows = rows,
	.rows_n = sizeof(rows) / sizeof(rows[0]),
	.start = start,
	.stop = stop,
};
