/*
 * SccpPhone - one SCCP phone and its place in the cluster.
 *
 *   unplugged --PhoneStart--> unregistered <----------------- no member to be had --------------+
 *                                  |  a member is in service                                      |
 *                                  v                                                              |
 *            +------------------ queued --granted--> registering --rejected by this one--> (next) +
 *            |                     ^                     | RegisterAck                            |
 *            |                     |                     v                                        |
 *            |     unregistering --+<--TokenAck-- token <--> registered --lost, no stream---------+
 *            |                                    (a better member, and idle)  |
 *            |                                                                 v lost, streaming
 *            +<----------------- hung up, or the other side's stream ended -- preserved
 *
 * A phone that is idle fails over at once. One whose voice streams keeps it, registers nowhere, and
 * fails over when its user hangs up or the other side's stream ends (CMF-14, CAL-02, CAL-04); calls
 * in set-up it drops itself (CAL-03). It goes back to a better member only when idle (CMF-15): it
 * asks that one for a token, unregisters, registers there.
 *
 * Each phone watches the link of the CallManager it deals with, so a request that is under way is
 * answered or followed by the loss of the link.
 */
#include "sim/phone/sccp_phone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cti_error.h"
#include "sim/media.h"

enum { UNPLUGGED, UNREGISTERED, QUEUED, REGISTERING, REGISTERED, TOKEN, UNREGISTERING, PRESERVED };

#define NS_PER_S INT64_C(1000000000)
/* Where choose() may lead. */
#define CHOOSE (TO(UNREGISTERED) | TO(QUEUED))
/* Where the loss of the CallManager may lead. */
#define LOSS (CHOOSE | TO(PRESERVED))

static sdl_handler on_start, on_cm_in_service, on_useless_grant, on_grant, on_fallback_grant,
	on_register_ack, on_register_reject, on_keepalive_due, on_keepalive_ack, on_retry,
	on_token_ack, on_token_reject, on_token_retry, on_unregister_ack, on_reset, on_link_out,
	on_call_state, on_preserved_stream_stopped, on_stream_stopped, on_command;

static const struct sdl_state states[] = {
	[UNPLUGGED] = { .name = "unplugged", .waits = "PhoneInit says what it is" },
	[UNREGISTERED] = { .name = "unregistered", .waits = "" },
	[QUEUED] = { .name = "queued", .waits = "its turn, or the loss of the CallManager" },
	[REGISTERING] = { .name = "registering", .waits = "the answer, or the loss of the link" },
	[REGISTERED] = { .name = "registered", .waits = "" },
	[TOKEN] = { .name = "token", .waits = "the answer, or the loss of the link" },
	[UNREGISTERING] = { .name = "unregistering",
			    .waits = "the answer, or the loss of the link" },
	[PRESERVED] = { .name = "preserved", .waits = "the user hangs up, or the other side does" },
};

static const struct sdl_row rows[] = {
	{ UNPLUGGED, SIG_PhoneStart, on_start, CHOOSE },

	{ UNREGISTERED, SIG_PhoneCmInService, on_cm_in_service, CHOOSE },
	{ QUEUED, SIG_PhoneCmInService, on_cm_in_service, CHOOSE },
	{ REGISTERED, SIG_PhoneCmInService, on_cm_in_service, TO(UNREGISTERING) },
	{ SDL_ANY, SIG_PhoneCmInService, sdl_ignore, 0 },
	{ UNREGISTERED, SIG_StationRetryTimer, on_retry, CHOOSE },

	{ QUEUED, SIG_PhoneRegisterGrant, on_grant, TO(REGISTERING) },
	{ REGISTERED, SIG_PhoneRegisterGrant, on_fallback_grant, TO(TOKEN) },
	{ SDL_ANY, SIG_PhoneRegisterGrant, on_useless_grant, 0 },
	{ REGISTERING, SIG_StationRegisterAck, on_register_ack,
	  TO(REGISTERED) | TO(UNREGISTERING) },
	{ REGISTERING, SIG_StationRegisterReject, on_register_reject, CHOOSE },

	{ REGISTERED, SIG_StationKeepAliveTimer, on_keepalive_due, LOSS },
	{ TOKEN, SIG_StationKeepAliveTimer, on_keepalive_due, LOSS },
	{ UNREGISTERING, SIG_StationKeepAliveTimer, on_keepalive_due, LOSS },
	{ SDL_ANY, SIG_StationKeepAliveAck, on_keepalive_ack, 0 },
	{ SDL_ANY, SIG_SdlLinkInService, sdl_ignore, 0 },
	{ QUEUED, SIG_SdlLinkOutOfService, on_link_out, CHOOSE },
	{ REGISTERING, SIG_SdlLinkOutOfService, on_link_out, CHOOSE },
	{ REGISTERED, SIG_SdlLinkOutOfService, on_link_out, LOSS },
	{ TOKEN, SIG_SdlLinkOutOfService, on_link_out, LOSS | TO(REGISTERED) },
	{ UNREGISTERING, SIG_SdlLinkOutOfService, on_link_out, LOSS },
	{ SDL_ANY, SIG_SdlLinkOutOfService, sdl_ignore, 0 },

	{ TOKEN, SIG_StationRegisterTokenAck, on_token_ack, TO(UNREGISTERING) | TO(REGISTERED) },
	{ TOKEN, SIG_StationRegisterTokenReject, on_token_reject, TO(REGISTERED) },
	/* Asked for, then given up. */
	{ SDL_ANY, SIG_StationRegisterTokenAck, sdl_ignore, 0 },
	{ SDL_ANY, SIG_StationRegisterTokenReject, sdl_ignore, 0 },
	{ REGISTERED, SIG_StationTokenTimer, on_token_retry, TO(UNREGISTERING) },
	{ SDL_ANY, SIG_StationTokenTimer, sdl_ignore, 0 },
	{ UNREGISTERING, SIG_StationUnregisterAck, on_unregister_ack,
	  TO(REGISTERING) | TO(REGISTERED) | CHOOSE },
	{ SDL_ANY, SIG_StationUnregisterAck, sdl_ignore, 0 },

	/* A call may come before the answer to the registration: it has a higher class. */
	{ REGISTERING, SIG_StationCallState, sdl_save, 0 },
	{ REGISTERING, SIG_StationCallInfo, sdl_save, 0 },
	{ REGISTERING, SIG_StationStartTone, sdl_save, 0 },
	{ REGISTERING, SIG_StationStopTone, sdl_save, 0 },
	{ REGISTERING, SIG_StationSetRinger, sdl_save, 0 },
	{ REGISTERING, SIG_StationDisplayPromptStatus, sdl_save, 0 },
	{ REGISTERING, SIG_StationNotifyDtmfTone, sdl_save, 0 },
	{ REGISTERING, SIG_StationForwardStat, sdl_save, 0 },
	{ REGISTERING, SIG_StationUserToDeviceData, sdl_save, 0 },
	{ REGISTERING, SIG_StationSetSpeakerMode, sdl_save, 0 },
	{ REGISTERING, SIG_StationOpenReceiveChannel, sdl_save, 0 },
	{ REGISTERING, SIG_StationCloseReceiveChannel, sdl_save, 0 },
	{ REGISTERING, SIG_StationStartMediaTransmission, sdl_save, 0 },
	{ REGISTERING, SIG_StationStopMediaTransmission, sdl_save, 0 },
	{ REGISTERING, SIG_StationReset, sdl_save, 0 },
	{ REGISTERED, SIG_StationCallState, on_call_state, TO(UNREGISTERING) },
	{ REGISTERED, SIG_StationReset, on_reset, TO(UNREGISTERING) },
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
	{ SDL_ANY, SIG_StationReset, on_reset, 0 },

	{ PRESERVED, SIG_MediaStreamStopped, on_preserved_stream_stopped, CHOOSE },
	{ SDL_ANY, SIG_MediaStreamStopped, on_stream_stopped, 0 },
	{ SDL_ANY, SIG_MediaStreamStarted, sim_sccp_on_stream_started, 0 },
	{ SDL_ANY, SIG_StationMediaFailureTimer, sim_sccp_on_media_failure, 0 },

	/* While the phone is about to be registered the user's finger waits. */
	{ QUEUED, SIG_PhoneCommand, sdl_save, 0 },
	{ REGISTERING, SIG_PhoneCommand, sdl_save, 0 },
	{ UNREGISTERING, SIG_PhoneCommand, sdl_save, 0 },
	{ REGISTERED, SIG_PhoneCommand, on_command, TO(UNREGISTERING) },
	{ PRESERVED, SIG_PhoneCommand, on_command, CHOOSE },
	{ SDL_ANY, SIG_PhoneCommand, on_command, 0 },
};

/* ---- dealings with a CallManager ----------------------------------------------------------- */
static struct sdl_pid station_init(uint8_t node)
{
	return (struct sdl_pid){
		.node = node, .type = CM_STATION_INIT, .app = SDL_APP_CALLMANAGER, .inst = 1
	};
}

void sim_sccp_to_station(struct sdl_process *self, uint16_t number, const void *msg)
{
	struct sccp_phone *phone = sdl_data(self);

	sdl_send(self, phone->place.station, number, msg);
}

static int choose(struct sdl_process *self)
{
	struct sccp_phone *phone = sdl_data(self);

	return sim_place_choose(self, &phone->place) ? QUEUED : UNREGISTERED;
}

static int send_register(struct sdl_process *self)
{
	struct sccp_phone *phone = sdl_data(self);
	const struct phones_context *context = sdl_context(self);
	StationRegister reg = STATION_REGISTER__INIT;

	reg.device_name = phone->name;
	reg.has_device_type = true;
	reg.device_type = phone->model;
	reg.has_ip = true;
	reg.ip = sim_media_ip(context->cluster, sdl_self(self).node);
	reg.has_active_streams = true;
	sdl_send(self, station_init(phone->place.at), SIG_StationRegister, &reg);
	return REGISTERING;
}

/* Registered and idle: is there something better to do than to stay? */
static int settle(struct sdl_process *self, int state)
{
	struct sccp_phone *phone = sdl_data(self);

	if (state != REGISTERED || !sim_sccp_idle(phone))
		return state;
	if (phone->place.reset_due) {
		sim_place_set(self, &phone->place, &phone->place.target, 0);
		sim_sccp_to_station(self, SIG_StationUnregister, NULL);
		return UNREGISTERING;
	}
	sim_place_improve(self, &phone->place);
	return REGISTERED;
}

/* The CallManager is gone, whichever way it was noticed. */
static int lose(struct sdl_process *self)
{
	struct sccp_phone *phone = sdl_data(self);
	bool streaming =
		sim_sccp_streaming(phone) && !sdl_mutant(self, MUTANT_PHONE_MOVES_STREAMING);
	int state = sdl_state(self);

	if (phone->place.target && (state == TOKEN || state == UNREGISTERING))
		sim_place_to_phone_init(self, SIG_PhoneRegisterDone, phone->place.target);
	sim_sccp_clear_calls(self, streaming);
	if (!streaming)
		return choose(self);
	sim_place_none(self, &phone->place);
	return PRESERVED;
}

/* ---- rows, in their order ------------------------------------------------------------------ */
static int on_start(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);
	const PhoneStart *start = sig->msg;

	strncpy(phone->name, start->phone, PHONE_NAME_MAX);
	phone->model = (uint16_t)start->model;
	phone->enbloc = start->enbloc;
	phone->voice.port = start->port;
	phone->voice.device = phone->name;
	sim_place_take_group(&phone->place, start->group, start->n_group);
	sdl_label(self, phone->name);
	return choose(self);
}

static int on_cm_in_service(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);
	uint8_t node = (uint8_t)((const PhoneCmInService *)sig->msg)->node;
	int state = sdl_state(self);

	phone->place.refused &= ~(1u << node); /* it may have been started anew */
	if (state == REGISTERED)
		return settle(self, state);
	return sim_place_better(&phone->place, node, state == QUEUED) ? choose(self) : state;
}

static int on_retry(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);

	(void)sig;
	phone->place.refused = 0;
	return choose(self);
}

/* The place in the queue is of no use any more: it is given back. */
static int on_useless_grant(struct sdl_process *self, const struct sdl_signal *sig)
{
	const PhoneRegistration *granted = sig->msg;

	sim_place_to_phone_init(self, SIG_PhoneRegisterDone, (uint8_t)granted->node);
	return sdl_state(self);
}

static int on_grant(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct sccp_phone *phone = sdl_data(self);
	const PhoneRegistration *granted = sig->msg;

	if (granted->node != phone->place.at)
		return on_useless_grant(self, sig);
	return send_register(self);
}

static int on_fallback_grant(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);
	const PhoneRegistration *granted = sig->msg;
	StationRegisterTokenReq req = STATION_REGISTER_TOKEN_REQ__INIT;

	if (granted->node != phone->place.target)
		return on_useless_grant(self, sig);
	if (!sim_sccp_idle(phone)) { /* it asks again when it is */
		sim_place_set(self, &phone->place, &phone->place.target, 0);
		return on_useless_grant(self, sig);
	}
	req.device_name = phone->name;
	sdl_send(self, station_init(phone->place.target), SIG_StationRegisterTokenReq, &req);
	return TOKEN;
}

static int on_register_ack(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);
	const StationRegisterAck *ack = sig->msg;

	if (sig->from.node != phone->place.at)
		return REGISTERING;
	sim_place_take_group(&phone->place, ack->group, ack->n_group);
	sim_place_registered(self, &phone->place, sig->from, ack->keepalive_s);
	/* A better member may have come into service on the way. */
	return settle(self, REGISTERED);
}

static int on_register_reject(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);
	const StationRegisterReject *reject = sig->msg;

	if (sig->from.node != phone->place.at)
		return REGISTERING;
	sdl_info(self, "rejected by %u: %s", (unsigned)phone->place.at,
		 reject->text ? reject->text : "");
	/* It may belong elsewhere by now (USR-07). */
	sim_place_take_group(&phone->place, reject->group, reject->n_group);
	phone->place.refused |= 1u << phone->place.at;
	sim_place_to_phone_init(self, SIG_PhoneRegisterDone, phone->place.at);
	return choose(self);
}

static int on_keepalive_due(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);

	(void)sig;
	if (!sim_place_keepalive(self, &phone->place))
		return lose(self);
	sim_sccp_to_station(self, SIG_StationKeepAlive, NULL);
	return sdl_state(self);
}

static int on_keepalive_ack(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);

	if (sdl_pid_equal(sig->from, phone->place.station))
		phone->place.missed = 0;
	return sdl_state(self);
}

static int on_link_out(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);
	uint8_t node = (uint8_t)((const SdlLinkStatus *)sig->msg)->node;
	int state = sdl_state(self);

	if (node == phone->place.target) {
		sim_place_set(self, &phone->place, &phone->place.target, 0);
		return state == TOKEN ? REGISTERED : state;
	}
	return node == phone->place.at ? lose(self) : state;
}

static int on_token_ack(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);
	StationUnregister leave = STATION_UNREGISTER__INIT;

	if (sig->from.node != phone->place.target)
		return TOKEN;
	if (!sim_sccp_idle(phone)) {
		sim_place_to_phone_init(self, SIG_PhoneRegisterDone, phone->place.target);
		sim_place_set(self, &phone->place, &phone->place.target, 0);
		return REGISTERED;
	}
	leave.has_fallback = leave.fallback = true;
	sim_sccp_to_station(self, SIG_StationUnregister, &leave);
	return UNREGISTERING;
}

static int on_token_reject(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);
	const StationRegisterTokenReject *reject = sig->msg;

	if (sig->from.node != phone->place.target)
		return TOKEN;
	sim_place_stay(self, &phone->place,
		       (int64_t)reject->wait_s * NS_PER_S / sdl_params(self)->speed);
	return REGISTERED;
}

static int on_token_retry(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	return settle(self, sdl_state(self));
}

static int on_unregister_ack(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);
	const StationUnregisterAck *ack = sig->msg;

	if (!sdl_pid_equal(sig->from, phone->place.station))
		return UNREGISTERING;
	if (ack->status != STATION_UNREGISTER_STATUS__UnregisterOK) {
		/* A call was quicker; the end of it brings us back here. */
		sim_place_stay(self, &phone->place,
			       param_ns(sdl_params(self), PARAM_STATION_RETRY_INTERVAL));
		return REGISTERED;
	}
	if (!phone->place.target)
		return choose(self);
	sim_place_move(self, &phone->place);
	return send_register(self);
}

static int on_reset(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);

	if (sdl_pid_equal(sig->from, phone->place.station))
		phone->place.reset_due = true;
	return settle(self, sdl_state(self));
}

static int on_call_state(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);

	if (sdl_pid_equal(sig->from, phone->place.station))
		sim_sccp_show_call(self, sig->msg);
	return settle(self, sdl_state(self));
}

/* The end of a preserved call: the user has hung up, or the other side has. */
static int end_preserved(struct sdl_process *self)
{
	sim_sccp_clear_calls(self, false);
	return choose(self);
}

static int on_preserved_stream_stopped(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct sccp_phone *phone = sdl_data(self);

	(void)sig;
	return phone->voice.receiving ? end_preserved(self) : PRESERVED;
}

static int on_stream_stopped(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);

	sim_voice_stopped(self, &phone->voice, sig->msg);
	return sdl_state(self);
}

static int on_command(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);
	const PhoneCommand *command = sig->msg;
	enum phone_key key = sim_phone_key(command->verb);
	char text[200] = "";
	uint32_t result = CTIERR_SUCCESS;
	int next = sdl_state(self);

	if (key == KEY_NONE) {
		result = CTIERR_COMMAND_NOT_IMPLEMENTED_ON_DEVICE;
		snprintf(text, sizeof(text), "%s", sim_phone_keys());
	} else if (key == KEY_SHOW) {
		sim_sccp_describe(phone, text, sizeof(text));
	} else if (next == PRESERVED && key != KEY_HANG_UP) {
		result = CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE;
		strcpy(text, "the CallManager is lost: a preserved call can only be ended");
	} else if (next == PRESERVED) {
		next = end_preserved(self);
	} else if (next != REGISTERED && next != TOKEN) {
		result = CTIERR_DEVICE_OUT_OF_SERVICE;
		strcpy(text, "the phone is registered nowhere");
	} else {
		result = sim_sccp_press(self, key, command, text, sizeof(text));
		next = settle(self, next);
	}
	sim_phone_result(self, sig->from, command->verb, phone->name, result, *text ? text : NULL);
	return next;
}

/* ---- life ---------------------------------------------------------------------------------- */
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
	.states = states,
	.states_n = sizeof(states) / sizeof(states[0]),
	.rows = rows,
	.rows_n = sizeof(rows) / sizeof(rows[0]),
	.stop = stop,
};
