/*
 * SipPhone - one SIP phone. Its life, with its diagram, is in registration.c, and so are its states;
 * here is how it says that in SIP: REGISTER, repeated as keepalive, with Expires 0 to leave. Calls
 * live in REGISTERED and are dialogs (sip_calls.c); off hook, digits and tones are the phone's own
 * (sip_dial.c).
 */
#include "sim/phone/sip_phone.h"

#include <stdlib.h>

static sdl_handler on_registered, on_rejected, on_unregistered, on_stays, on_token_failure,
	on_notify, on_call_over, on_call_answered, on_dial_timer;

static const struct sdl_row rows[] = {
#include "sim/phone/registration_rows.def"

	{ PHONE_REGISTERING, SIG_SipRegisterOk, on_registered,
	  TO(PHONE_REGISTERED) | TO(PHONE_UNREGISTERING) },
	{ PHONE_REGISTERING, SIG_SipRegisterFailure, on_rejected, PHONE_CHOOSES },
	{ PHONE_UNREGISTERING, SIG_SipRegisterOk, on_unregistered,
	  TO(PHONE_REGISTERING) | PHONE_CHOOSES },
	{ PHONE_UNREGISTERING, SIG_SipRegisterFailure, on_stays, TO(PHONE_REGISTERED) },
	{ SDL_ANY, SIG_SipRegisterOk, sim_phone_on_keepalive_ack, 0 },
	{ SDL_ANY, SIG_SipRegisterFailure, sdl_ignore, 0 },

	{ PHONE_TOKEN, SIG_SipTokenAccepted, sim_phone_on_token,
	  TO(PHONE_UNREGISTERING) | TO(PHONE_REGISTERED) },
	{ PHONE_TOKEN, SIG_SipTokenFailure, on_token_failure, TO(PHONE_REGISTERED) },
	/* Asked for, then given up. */
	{ SDL_ANY, SIG_SipTokenAccepted, sdl_ignore, 0 },
	{ SDL_ANY, SIG_SipTokenFailure, sdl_ignore, 0 },

	/* A call may come before the answer to the registration: it has a higher class. */
	{ PHONE_REGISTERING, SIG_SipInvite, sdl_save, 0 },
	{ PHONE_REGISTERING, SIG_SipCancel, sdl_save, 0 },
	{ PHONE_REGISTERING, SIG_SipBye, sdl_save, 0 },
	{ PHONE_REGISTERING, SIG_SipRefer, sdl_save, 0 },
	{ PHONE_REGISTERING, SIG_SipNotify, sdl_save, 0 },
	/* The last call may have ended: then something waits that wants an idle phone. */
	{ PHONE_REGISTERED, SIG_SipBye, on_call_over, TO(PHONE_UNREGISTERING) },
	{ PHONE_REGISTERED, SIG_SipCancel, on_call_over, TO(PHONE_UNREGISTERING) },
	{ PHONE_REGISTERED, SIG_SipFailure, on_call_over, TO(PHONE_UNREGISTERING) },
	{ PHONE_REGISTERED, SIG_SipOk, on_call_answered, TO(PHONE_UNREGISTERING) },
	{ PHONE_REGISTERED, SIG_SipNotify, on_notify, TO(PHONE_UNREGISTERING) },
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
	{ PHONE_REGISTERED, SIG_SipDialTimer, on_dial_timer, TO(PHONE_UNREGISTERING) },
	{ SDL_ANY, SIG_SipDialTimer, sim_sip_on_dial_timer, 0 },
	{ SDL_ANY, SIG_SipRetryTimer, sim_sip_on_retry, 0 },
};

/* ---- what it says -------------------------------------------------------------------------- */

static SipRegister who(struct sdl_process *self)
{
	struct sip_phone *phone = sdl_data(self);
	SipRegister reg = SIP_REGISTER__INIT;

	reg.device_name = phone->base.name;
	reg.expires_s = phone->base.place.keepalive_s ? phone->base.place.keepalive_s : 120;
	return reg;
}

static void take_start(struct sdl_process *self, const PhoneStart *start)
{
	struct sip_phone *phone = sdl_data(self);

	phone->udp = start->udp;
}

static void enrol(struct sdl_process *self)
{
	const struct sip_phone *phone = sdl_data(self);
	SipRegister reg = who(self);

	reg.has_model = reg.has_ip = reg.has_udp = true;
	reg.model = phone->base.model;
	reg.ip = sim_voice_ip(self);
	reg.udp = phone->udp;
	sdl_send(self, sim_phone_door(self, phone->base.place.at), SIG_SipRegister, &reg);
}

static void ask_token(struct sdl_process *self)
{
	struct sip_phone *phone = sdl_data(self);
	SipToken token = SIP_TOKEN__INIT;

	token.device_name = phone->base.name;
	sdl_send(self, sim_phone_door(self, phone->base.place.target), SIG_SipToken, &token);
}

static void keepalive(struct sdl_process *self)
{
	SipRegister reg = who(self);

	sim_phone_to_station(self, SIG_SipRegisterRefresh, &reg);
}

static void unregister(struct sdl_process *self, bool falls_back)
{
	SipRegister reg = who(self);

	reg.expires_s = 0;
	reg.has_fallback = true;
	reg.fallback = falls_back;
	sim_phone_to_station(self, SIG_SipRegisterRefresh, &reg);
}

static const struct sim_phone_protocol protocol = {
	.door = CM_SIP_STATION_INIT,
	.start = take_start,
	.enrol = enrol,
	.ask_token = ask_token,
	.keepalive = keepalive,
	.unregister = unregister,
	.media_failure = sim_sip_media_failure,
	.idle = sim_sip_idle,
	.streaming = sim_sip_streaming,
	.clear_calls = sim_sip_clear_calls,
	.press = sim_sip_press,
	.describe = sim_sip_describe,
};

/* ---- rows, in their order ------------------------------------------------------------------ */

static int on_registered(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_phone *phone = sdl_data(self);
	const SipRegisterOk *ok = sig->msg;

	if (sig->from.node != phone->base.place.at)
		return PHONE_REGISTERING;
	sim_sip_take_rules(phone, ok);
	return sim_phone_registered(self, sig->from, ok->group, ok->n_group, ok->expires_s);
}

static int on_rejected(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct sip_phone *phone = sdl_data(self);
	const SipRegisterFailure *failure = sig->msg;

	if (sig->from.node != phone->base.place.at)
		return PHONE_REGISTERING;
	sdl_info(self, "rejected by %u: %u %s", (unsigned)sig->from.node, (unsigned)failure->status,
		 failure->text ? failure->text : "");
	return sim_phone_rejected(self, failure->group, failure->n_group);
}

static int on_unregistered(struct sdl_process *self, const struct sdl_signal *sig)
{
	const SipRegisterOk *ok = sig->msg;

	if (!sim_phone_from_station(self, sig))
		return PHONE_UNREGISTERING;
	if (ok->expires_s > 0) /* to a refresh before */
		return sim_phone_on_keepalive_ack(self, sig);
	return sim_phone_unregistered(self);
}

static int on_stays(struct sdl_process *self, const struct sdl_signal *sig)
{
	return sim_phone_from_station(self, sig) ? sim_phone_stays(self) : PHONE_UNREGISTERING;
}

static int on_token_failure(struct sdl_process *self, const struct sdl_signal *sig)
{
	const SipRegisterFailure *failure = sig->msg;

	return sim_phone_token_refused(self, sig, failure->retry_after_s);
}

static int on_notify(struct sdl_process *self, const struct sdl_signal *sig)
{
	const SipNotify *notify = sig->msg;

	if (notify->event == SIP_EVENT__SIP_SERVICE_CONTROL)
		return sim_phone_on_reset(self, sig);
	return sim_phone_settle(self);
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
	return sim_phone_settle(self);
}

static int on_call_answered(struct sdl_process *self, const struct sdl_signal *sig)
{
	sim_sip_on_ok(self, sig);
	return sim_phone_settle(self);
}

static int on_dial_timer(struct sdl_process *self, const struct sdl_signal *sig)
{
	sim_sip_on_dial_timer(self, sig);
	return sim_phone_settle(self);
}

/* ---- life ---------------------------------------------------------------------------------- */

static int start(struct sdl_process *self)
{
	struct sip_phone *phone = sdl_data(self);

	phone->base.protocol = &protocol;
	return PHONE_UNPLUGGED;
}

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
	.states = sim_phone_states,
	.states_n = PHONE_STATES,
	.rows = rows,
	.rows_n = sizeof(rows) / sizeof(rows[0]),
	.start = start,
	.stop = stop,
};
