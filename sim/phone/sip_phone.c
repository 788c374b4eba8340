/*
 * SipPhone - one SIP phone and its place in the cluster.
 *
 *   unplugged --PhoneStart--> unregistered <-------------- no member to be had ------------------+
 *                                  |  a member is in service                                     |
 *                                  v                                                             |
 *            +------------------ queued --granted--> registering --4xx, 5xx of this one--> (next) +
 *            |                     ^                     | 200                                   |
 *            |                     |                     v                                       |
 *            |     unregistering --+<--- 202 ---- token <--> registered --lost, no stream--------+
 *            |     (Expires 0)           (a better member, and idle)  |
 *            |                                                        v lost, streaming
 *            +<---------- hung up, or the other side's stream ended -- preserved
 *
 * REGISTER is repeated as keepalive. Calls live in REGISTERED and are dialogs (sip_calls.c); off
 * hook, digits and tones are the phone's own (sip_dial.c). What happens to its streams and calls
 * when the CallManager dies is as on other phones (CMF-14, CMF-15, CAL-02..04).
 */
#include "sim/phone/sip_phone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cti_error.h"

enum { UNPLUGGED, UNREGISTERED, QUEUED, REGISTERING, REGISTERED, TOKEN, UNREGISTERING, PRESERVED };

#define NS_PER_S INT64_C(1000000000)
#define CHOOSE	 (TO(UNREGISTERED) | TO(QUEUED))
#define LOSS	 (CHOOSE | TO(PRESERVED))

static sdl_handler on_start, on_cm_in_service, on_useless_grant, on_grant, on_fallback_grant,
	on_registered, on_refreshed, on_rejected, on_unregistered, on_stays, on_refresh_due,
	on_retry, on_token_accepted, on_token_failure, on_token_retry, on_notify, on_link_out,
	on_preserved_stream_stopped, on_stream_stopped, on_call_over, on_call_answered, on_command,
	on_dial_timer;

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
	{ REGISTERING, SIG_SipRegisterOk, on_registered, TO(REGISTERED) | TO(UNREGISTERING) },
	{ REGISTERING, SIG_SipRegisterFailure, on_rejected, CHOOSE },
	{ UNREGISTERING, SIG_SipRegisterOk, on_unregistered, TO(REGISTERING) | CHOOSE },
	{ UNREGISTERING, SIG_SipRegisterFailure, on_stays, TO(REGISTERED) },
	{ SDL_ANY, SIG_SipRegisterOk, on_refreshed, 0 },
	{ SDL_ANY, SIG_SipRegisterFailure, sdl_ignore, 0 },

	{ REGISTERED, SIG_StationKeepAliveTimer, on_refresh_due, LOSS },
	{ TOKEN, SIG_StationKeepAliveTimer, on_refresh_due, LOSS },
	{ UNREGISTERING, SIG_StationKeepAliveTimer, on_refresh_due, LOSS },
	{ SDL_ANY, SIG_SdlLinkInService, sdl_ignore, 0 },
	{ QUEUED, SIG_SdlLinkOutOfService, on_link_out, CHOOSE },
	{ REGISTERING, SIG_SdlLinkOutOfService, on_link_out, CHOOSE },
	{ REGISTERED, SIG_SdlLinkOutOfService, on_link_out, LOSS },
	{ TOKEN, SIG_SdlLinkOutOfService, on_link_out, LOSS | TO(REGISTERED) },
	{ UNREGISTERING, SIG_SdlLinkOutOfService, on_link_out, LOSS },
	{ SDL_ANY, SIG_SdlLinkOutOfService, sdl_ignore, 0 },

	{ TOKEN, SIG_SipTokenAccepted, on_token_accepted, TO(UNREGISTERING) | TO(REGISTERED) },
	{ TOKEN, SIG_SipTokenFailure, on_token_failure, TO(REGISTERED) },
	/* Asked for, then given up. */
	{ SDL_ANY, SIG_SipTokenAccepted, sdl_ignore, 0 },
	{ SDL_ANY, SIG_SipTokenFailure, sdl_ignore, 0 },
	{ REGISTERED, SIG_StationTokenTimer, on_token_retry, TO(UNREGISTERING) },
	{ SDL_ANY, SIG_StationTokenTimer, sdl_ignore, 0 },

	/* A call may come before the answer to the registration: it has a higher class. */
	{ REGISTERING, SIG_SipInvite, sdl_save, 0 },
	{ REGISTERING, SIG_SipCancel, sdl_save, 0 },
	{ REGISTERING, SIG_SipBye, sdl_save, 0 },
	{ REGISTERING, SIG_SipRefer, sdl_save, 0 },
	{ REGISTERING, SIG_SipNotify, sdl_save, 0 },
	/* The last call may have ended: then something waits that wants an idle phone. */
	{ REGISTERED, SIG_SipBye, on_call_over, TO(UNREGISTERING) },
	{ REGISTERED, SIG_SipCancel, on_call_over, TO(UNREGISTERING) },
	{ REGISTERED, SIG_SipFailure, on_call_over, TO(UNREGISTERING) },
	{ REGISTERED, SIG_SipOk, on_call_answered, TO(UNREGISTERING) },
	{ REGISTERED, SIG_SipNotify, on_notify, TO(UNREGISTERING) },
	{ SDL_ANY, SIG_SipInvite, sim_sip_on_invite, 0 },
	{ SDL_ANY, SIG_SipTrying, sdl_ignore, 0 },
	{ SDL_ANY, SIG_SipRinging, sim_sip_on_ringing, 0 },
	{ SDL_ANY, SIG_SipOk, on_call_answered, 0 },
	{ SDL_ANY, SIG_SipFailure, on_call_over, 0 },
	{ SDL_ANY, SIG_SipAck, sim_sip_on_ack, 0 },
	{ SDL_ANY, SIG_SipBye, on_call_over, 0 },
	{ SDL_ANY, SIG_SipCancel, on_call_over, 0 },
	{ SDL_ANY, SIG_SipRefer, sim_sip_on_refer, 0 },
	{ SDL_ANY, SIG_SipReferRes, sdl_ignore, 0 },
	{ SDL_ANY, SIG_SipNotify, on_notify, 0 },
	{ SDL_ANY, SIG_SipInfo, sdl_ignore, 0 }, /* tones in the ear */
	{ SDL_ANY, SIG_PhoneTone, sdl_ignore, 0 },
	{ REGISTERED, SIG_SipDialTimer, on_dial_timer, TO(UNREGISTERING) },
	{ SDL_ANY, SIG_SipDialTimer, sim_sip_on_dial_timer, 0 },
	{ SDL_ANY, SIG_SipRetryTimer, sim_sip_on_retry, 0 },

	{ PRESERVED, SIG_MediaStreamStopped, on_preserved_stream_stopped, CHOOSE },
	{ SDL_ANY, SIG_MediaStreamStopped, on_stream_stopped, 0 },
	{ SDL_ANY, SIG_MediaStreamStarted, sim_sip_on_stream_started, 0 },
	{ SDL_ANY, SIG_StationMediaFailureTimer, sim_sip_on_media_failure, 0 },

	/* While the phone is about to be registered the user's finger waits. */
	{ QUEUED, SIG_PhoneCommand, sdl_save, 0 },
	{ REGISTERING, SIG_PhoneCommand, sdl_save, 0 },
	{ UNREGISTERING, SIG_PhoneCommand, sdl_save, 0 },
	{ REGISTERED, SIG_PhoneCommand, on_command, TO(UNREGISTERING) },
	{ PRESERVED, SIG_PhoneCommand, on_command, CHOOSE },
	{ SDL_ANY, SIG_PhoneCommand, on_command, 0 },
};

/* ---- dealings with a CallManager ----------------------------------------------------------- */

static struct sdl_pid registrar(uint8_t node)
{
	return (struct sdl_pid){
		.node = node, .type = CM_SIP_STATION_INIT, .app = SDL_APP_CALLMANAGER, .inst = 1
	};
}

void sim_sip_to_station(struct sdl_process *self, uint16_t number, const void *msg)
{
	const struct sip_phone *phone = sdl_data(self);

	sdl_send(self, phone->place.station, number, msg);
}

static int choose(struct sdl_process *self)
{
	struct sip_phone *phone = sdl_data(self);

	return sim_place_choose(self, &phone->place) ? QUEUED : UNREGISTERED;
}

static SipRegister who(struct sdl_process *self)
{
	struct sip_phone *phone = sdl_data(self);
	SipRegister reg = SIP_REGISTER__INIT;

	reg.device_name = phone->name;
	reg.expires_s = phone->place.keepalive_s ? phone->place.keepalive_s : 120;
	return reg;
}

static int send_register(struct sdl_process *self)
{
	const struct sip_phone *phone = sdl_data(self);
	SipRegister reg = who(self);

	reg.has_model = reg.has_ip = reg.has_udp = true;
	reg.model = phone->model;
	reg.ip = sim_voice_ip(self);
	reg.udp = phone->udp;
	sdl_send(self, registrar(phone->place.at), SIG_SipRegister, &reg);
	return REGISTERING;
}

static int unregister(struct sdl_process *self, bool fallback)
{
	SipRegister reg = who(self);

	reg.expires_s = 0;
	reg.has_fallback = true;
	reg.fallback = fallback;
	sim_sip_to_station(self, SIG_SipRegisterRefresh, &reg);
	return UNREGISTERING;
}

/* Registered and idle: is there something better to do than to stay? */
static int settle(struct sdl_process *self, int state)
{
	struct sip_phone *phone = sdl_data(self);

	if (state != REGISTERED || !sim_sip_idle(phone))
		return state;
	if (phone->place.reset_due) {
		sim_place_set(self, &phone->place, &phone->place.target, 0);
		return unregister(self, false);
	}
	sim_place_improve(self, &phone->place);
	return REGISTERED;
}

/* The CallManager is gone, whichever way it was noticed. */
static int lose(struct sdl_process *self)
{
	struct sip_phone *phone = sdl_data(self);
	bool streaming =
		sim_sip_streaming(phone) && !sdl_mutant(self, MUTANT_PHONE_MOVES_STREAMING);
	int state = sdl_state(self);

	if (phone->place.target && (state == TOKEN || state == UNREGISTERING))
		sim_place_to_phone_init(self, SIG_PhoneRegisterDone, phone->place.target);
	sim_sip_clear_calls(self, streaming);
	if (!streaming)
		return choose(self);
	sim_place_none(self, &phone->place);
	return PRESERVED;
}

/* ---- rows, in their order ------------------------------------------------------------------ */

static int on_start(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_phone *phone = sdl_data(self);
	const PhoneStart *start = sig->msg;

	strncpy(phone->name, start->phone, PHONE_NAME_MAX);
	phone->model = (uint16_t)start->model;
	phone->udp = start->udp;
	phone->voice.port = start->port;
	phone->voice.device = phone->name;
	sim_place_take_group(&phone->place, start->group, start->n_group);
	sdl_label(self, phone->name);
	return choose(self);
}

static int on_cm_in_service(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_phone *phone = sdl_data(self);
	uint8_t node = (uint8_t)((const PhoneCmInService *)sig->msg)->node;
	int state = sdl_state(self);

	phone->place.refused &= ~(1u << node); /* it may have been started anew */
	if (state == REGISTERED)
		return settle(self, state);
	return sim_place_better(&phone->place, node, state == QUEUED) ? choose(self) : state;
}

static int on_retry(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_phone *phone = sdl_data(self);

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
	const struct sip_phone *phone = sdl_data(self);
	const PhoneRegistration *granted = sig->msg;

	if (granted->node != phone->place.at)
		return on_useless_grant(self, sig);
	return send_register(self);
}

static int on_fallback_grant(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_phone *phone = sdl_data(self);
	const PhoneRegistration *granted = sig->msg;
	SipToken token = SIP_TOKEN__INIT;

	if (granted->node != phone->place.target)
		return on_useless_grant(self, sig);
	if (!sim_sip_idle(phone)) { /* it asks again when it is */
		sim_place_set(self, &phone->place, &phone->place.target, 0);
		return on_useless_grant(self, sig);
	}
	token.device_name = phone->name;
	sdl_send(self, registrar(phone->place.target), SIG_SipToken, &token);
	return TOKEN;
}

static int on_registered(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_phone *phone = sdl_data(self);
	const SipRegisterOk *ok = sig->msg;

	if (sig->from.node != phone->place.at)
		return REGISTERING;
	sim_place_take_group(&phone->place, ok->group, ok->n_group);
	sim_place_registered(self, &phone->place, sig->from, ok->expires_s);
	sim_sip_take_rules(phone, ok);
	/* A better member may have come into service on the way. */
	return settle(self, REGISTERED);
}

static int on_refreshed(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_phone *phone = sdl_data(self);

	if (sdl_pid_equal(sig->from, phone->place.station))
		phone->place.missed = 0;
	return sdl_state(self);
}

static int on_rejected(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_phone *phone = sdl_data(self);
	const SipRegisterFailure *failure = sig->msg;

	if (sig->from.node != phone->place.at)
		return REGISTERING;
	sdl_info(self, "rejected by %u: %u %s", (unsigned)phone->place.at,
		 (unsigned)failure->status, failure->text ? failure->text : "");
	sim_place_take_group(&phone->place, failure->group, failure->n_group);
	phone->place.refused |= 1u << phone->place.at;
	sim_place_to_phone_init(self, SIG_PhoneRegisterDone, phone->place.at);
	return choose(self);
}

static int on_unregistered(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_phone *phone = sdl_data(self);
	const SipRegisterOk *ok = sig->msg;

	if (!sdl_pid_equal(sig->from, phone->place.station))
		return UNREGISTERING;
	phone->place.missed = 0;
	if (ok->expires_s > 0)
		return UNREGISTERING; /* to a refresh before */
	if (!phone->place.target)
		return choose(self);
	sim_place_move(self, &phone->place);
	return send_register(self);
}

/* A call was quicker; the end of it brings us back here. */
static int on_stays(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_phone *phone = sdl_data(self);

	if (!sdl_pid_equal(sig->from, phone->place.station))
		return UNREGISTERING;
	sim_place_stay(self, &phone->place,
		       param_ns(sdl_params(self), PARAM_STATION_RETRY_INTERVAL));
	return REGISTERED;
}

static int on_refresh_due(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_phone *phone = sdl_data(self);
	SipRegister reg = who(self);

	(void)sig;
	if (!sim_place_keepalive(self, &phone->place))
		return lose(self);
	sim_sip_to_station(self, SIG_SipRegisterRefresh, &reg);
	return sdl_state(self);
}

static int on_link_out(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_phone *phone = sdl_data(self);
	uint8_t node = (uint8_t)((const SdlLinkStatus *)sig->msg)->node;
	int state = sdl_state(self);

	if (node == phone->place.target) {
		sim_place_set(self, &phone->place, &phone->place.target, 0);
		return state == TOKEN ? REGISTERED : state;
	}
	return node == phone->place.at ? lose(self) : state;
}

static int on_token_accepted(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_phone *phone = sdl_data(self);

	if (sig->from.node != phone->place.target)
		return TOKEN;
	if (!sim_sip_idle(phone)) {
		sim_place_to_phone_init(self, SIG_PhoneRegisterDone, phone->place.target);
		sim_place_set(self, &phone->place, &phone->place.target, 0);
		return REGISTERED;
	}
	return unregister(self, true);
}

static int on_token_failure(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_phone *phone = sdl_data(self);
	const SipRegisterFailure *failure = sig->msg;

	if (sig->from.node != phone->place.target)
		return TOKEN;
	sim_place_stay(self, &phone->place,
		       (int64_t)failure->retry_after_s * NS_PER_S / sdl_params(self)->speed);
	return REGISTERED;
}

static int on_token_retry(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	return settle(self, sdl_state(self));
}

static int on_notify(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_phone *phone = sdl_data(self);
	const SipNotify *notify = sig->msg;

	if (sdl_pid_equal(sig->from, phone->place.station) &&
	    notify->event == SIP_EVENT__SIP_SERVICE_CONTROL)
		phone->place.reset_due = true;
	return settle(self, sdl_state(self));
}

static int on_call_over(struct sdl_process *self, const struct sdl_signal *sig)
{
	switch (sig->number) {
	case SIG_SipBye:
		sim_sip_on_bye(self, sig);
		break;
	case SIG_SipCancel:
		sim_sip_on_cancel(self, sig);
		break;
	default:
		sim_sip_on_failure(self, sig);
		break;
	}
	return settle(self, sdl_state(self));
}

static int on_call_answered(struct sdl_process *self, const struct sdl_signal *sig)
{
	sim_sip_on_ok(self, sig);
	return settle(self, sdl_state(self));
}

static int on_dial_timer(struct sdl_process *self, const struct sdl_signal *sig)
{
	sim_sip_on_dial_timer(self, sig);
	return settle(self, sdl_state(self));
}

/* The end of a preserved call: the user has hung up, or the other side has. */
static int end_preserved(struct sdl_process *self)
{
	sim_sip_clear_calls(self, false);
	return choose(self);
}

static int on_preserved_stream_stopped(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct sip_phone *phone = sdl_data(self);

	(void)sig;
	return phone->voice.receiving ? end_preserved(self) : PRESERVED;
}

static int on_stream_stopped(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_phone *phone = sdl_data(self);

	sim_voice_stopped(self, &phone->voice, sig->msg);
	return sdl_state(self);
}

static int on_command(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct sip_phone *phone = sdl_data(self);
	const PhoneCommand *command = sig->msg;
	enum phone_key key = sim_phone_key(command->verb);
	char text[200] = "";
	uint32_t result = CTIERR_SUCCESS;
	int next = sdl_state(self);

	if (key == KEY_NONE) {
		result = CTIERR_COMMAND_NOT_IMPLEMENTED_ON_DEVICE;
		snprintf(text, sizeof(text), "%s", sim_phone_keys());
	} else if (key == KEY_SHOW) {
		sim_sip_describe(phone, text, sizeof(text));
	} else if (next == PRESERVED && key != KEY_HANG_UP) {
		result = CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE;
		strcpy(text, "the CallManager is lost: a preserved call can only be ended");
	} else if (next == PRESERVED) {
		next = end_preserved(self);
	} else if (next != REGISTERED && next != TOKEN) {
		result = CTIERR_DEVICE_OUT_OF_SERVICE;
		strcpy(text, "the phone is registered nowhere");
	} else {
		result = sim_sip_press(self, key, command, text, sizeof(text));
		next = settle(self, next);
	}
	sim_phone_result(self, sig->from, command->verb, phone->name, result, *text ? text : NULL);
	return next;
}

/* ---- life ---------------------------------------------------------------------------------- */

static void stop(struct sdl_process *self)
{
	struct sip_phone *phone = sdl_data(self);

	free(phone->calls);
	free(phone->rules);
}

const struct sdl_type sim_sip_phone = {
	.name = "SipPhone",
	.number = PHONES_SIP_PHONE,
	.size = sizeof(struct sip_phone),
	.states = states,
	.states_n = sizeof(states) / sizeof(states[0]),
	.rows = rows,
	.rows_n = sizeof(rows) / sizeof(rows[0]),
	.stop = stop,
};
