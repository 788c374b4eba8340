/*
 * sip_calls.c - the calls of a SIP phone, each a dialog. Offers and answers say where it listens.
 *
 * Only the process that registered the phone has a say: what comes from another one is of a
 * registration that is over.
 */
#include "sim/phone/sip_phone.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/cause.h"
#include "sdl/view/text.h"

/* As SIP counts calls of this side; see sip.proto. */
#define OWN_CALLS (UINT64_C(1) << 32)

struct sip_call *sim_sip_call(struct sip_phone *phone, uint64_t id)
{
	for (unsigned i = 0; i < phone->calls_n; i++)
		if (phone->calls[i].id == id)
			return &phone->calls[i];
	return NULL;
}

bool sim_sip_active(const struct sip_call *call)
{
	return call->state != SIP_CANCELLING && call->state != SIP_RINGING &&
	       call->state != SIP_HELD;
}

bool sim_sip_idle(struct sdl_process *self)
{
	const struct sip_phone *phone = sdl_data(self);

	return phone->calls_n == 0 && !phone->off_hook;
}

bool sim_sip_streaming(struct sdl_process *self)
{
	struct sip_phone *phone = sdl_data(self);
	const struct sip_call *call = sim_sip_call(phone, phone->base.voice.call);

	return call && call->state == SIP_CONNECTED && sim_voice_streaming(&phone->base.voice);
}

/* NULL when the phone has more calls than any line may have. */
static struct sip_call *add_call(struct sip_phone *phone, uint64_t id, uint32_t line,
				 enum sip_call_state state)
{
	struct sip_call *call;

	if (phone->calls_n == UINT8_MAX)
		return NULL;
	if (phone->calls_n == phone->calls_size) {
		unsigned size = phone->calls_size ? 2u * phone->calls_size : 2;

		phone->calls_size = size > UINT8_MAX ? UINT8_MAX : (uint8_t)size;
		phone->calls = realloc(phone->calls, phone->calls_size * sizeof(*phone->calls));
		if (!phone->calls)
			abort();
	}
	call = &phone->calls[phone->calls_n++];
	*call = (struct sip_call){ .id = id,
				   .line = (uint8_t)(line ? line : 1),
				   .state = (uint8_t)state };
	return call;
}

static void remove_call(struct sdl_process *self, struct sip_call *call)
{
	struct sip_phone *phone = sdl_data(self);
	size_t after = (size_t)(phone->calls + phone->calls_n - (call + 1));

	if (phone->base.voice.call == call->id)
		sim_voice_close(self, &phone->base.voice);
	memmove(call, call + 1, after * sizeof(*call));
	if (--phone->calls_n > 0)
		return;
	free(phone->calls);
	phone->calls = NULL;
	phone->calls_size = 0;
}

void sim_sip_clear_calls(struct sdl_process *self, bool keep_streaming)
{
	struct sip_phone *phone = sdl_data(self);
	uint64_t kept = keep_streaming ? phone->base.voice.call : 0;

	for (unsigned i = phone->calls_n; i > 0; i--)
		if (phone->calls[i - 1].id != kept)
			remove_call(self, &phone->calls[i - 1]);
	phone->off_hook = false;
	phone->refer = 0;
	phone->digits[0] = '\0';
	sdl_timer_stop(self, SIG_SipDialTimer);
	sdl_timer_stop(self, SIG_SipRetryTimer);
	sim_sip_play(self, STATION_TONE__Silence, 0);
}

/* ---- messages ------------------------------------------------------------------------------ */

static SipSdp own_offer(const struct sdl_process *self, const struct sip_phone *phone)
{
	SipSdp sdp = SIP_SDP__INIT;

	sdp.direction = SIP_DIRECTION__SIP_SENDRECV;
	sdp.has_ip = sdp.has_port = true;
	sdp.ip = sim_voice_ip(self);
	sdp.port = phone->base.voice.port;
	return sdp;
}

static SipSdp inactive(void)
{
	SipSdp sdp = SIP_SDP__INIT;

	sdp.direction = SIP_DIRECTION__SIP_INACTIVE;
	return sdp;
}

static void respond(struct sdl_process *self, uint16_t number, uint64_t id, uint32_t cseq,
		    uint32_t status, SipSdp *sdp)
{
	SipResponse res = SIP_RESPONSE__INIT;

	res.call_id = id;
	res.cseq = cseq;
	res.status = status;
	res.sdp = sdp;
	sim_phone_to_station(self, number, &res);
}

static void in_dialog(struct sdl_process *self, uint16_t number, const struct sip_call *call)
{
	SipDialog m = SIP_DIALOG__INIT;

	m.call_id = call->id;
	m.cseq = call->cseq;
	sim_phone_to_station(self, number, &m);
}

static void invite_again(struct sdl_process *self, struct sip_call *call, SipSdp sdp)
{
	SipInvite invite = SIP_INVITE__INIT;

	invite.call_id = call->id;
	invite.cseq = ++call->cseq;
	invite.sdp = &sdp;
	sim_phone_to_station(self, SIG_SipInvite, &invite);
}

/* It listens where it is about to say that it does. */
static SipSdp offer(struct sdl_process *self, const struct sip_call *call)
{
	struct sip_phone *phone = sdl_data(self);

	sim_voice_take(self, &phone->base.voice, call->id);
	sim_voice_receive(self, &phone->base.voice);
	return own_offer(self, phone);
}

/* What the other side answered, or is to be had now. */
static void agree(struct sdl_process *self, const struct sip_call *call, const SipSdp *sdp)
{
	struct sip_phone *phone = sdl_data(self);

	if (phone->base.voice.call != call->id)
		return;
	if (sdp && sdp->direction == SIP_DIRECTION__SIP_SENDRECV)
		sim_voice_transmit(self, &phone->base.voice, sdp->ip, sdp->port);
	else
		sim_voice_close(self, &phone->base.voice);
}

/* ---- what the user wants ------------------------------------------------------------------- */

void sim_sip_invite(struct sdl_process *self, const char *number, uint32_t line, uint32_t refer)
{
	struct sip_phone *phone = sdl_data(self);
	struct sip_call *call = add_call(phone, OWN_CALLS + ++phone->calls_made, line, SIP_CALLING);
	SipInvite invite = SIP_INVITE__INIT;
	SipSdp sdp;

	if (!call)
		return; /* one call too many for any phone */
	sdp = offer(self, call);
	invite.call_id = call->id;
	invite.cseq = ++call->cseq;
	invite.sdp = &sdp;
	invite.has_line = true;
	invite.line = call->line;
	invite.to = (char *)(uintptr_t)number;
	invite.has_refer = refer != 0;
	invite.refer = refer;
	sim_phone_to_station(self, SIG_SipInvite, &invite);
}

void sim_sip_answer(struct sdl_process *self, struct sip_call *call)
{
	SipSdp sdp = offer(self, call);

	sim_sip_stop_dialling(self);
	call->state = SIP_ANSWERED;
	call->offered = true;
	respond(self, SIG_SipOk, call->id, call->their_cseq, 200, &sdp);
}

void sim_sip_hang_up(struct sdl_process *self, struct sip_call *call)
{
	struct sip_phone *phone = sdl_data(self);

	sim_sip_play(self, STATION_TONE__Silence, 0);
	if (call->state == SIP_CALLING || call->state == SIP_RINGBACK) {
		in_dialog(self, SIG_SipCancel, call);
		call->state = SIP_CANCELLING;
		if (phone->base.voice.call == call->id)
			sim_voice_close(self, &phone->base.voice);
		return;
	}
	call->cseq++;
	in_dialog(self, SIG_SipBye, call);
	remove_call(self, call);
}

/* The voice goes on until the CallManager has agreed. */
void sim_sip_hold(struct sdl_process *self, struct sip_call *call)
{
	call->state = SIP_HOLDING;
	call->try_again = call->done = false;
	invite_again(self, call, inactive());
}

void sim_sip_resume(struct sdl_process *self, struct sip_call *call)
{
	call->state = SIP_RESUMING;
	call->try_again = call->done = false;
	invite_again(self, call, offer(self, call));
}

/* ---- what the CallManager says ------------------------------------------------------------- */

static void invited_again(struct sdl_process *self, struct sip_call *call, const SipInvite *invite)
{
	SipSdp sdp;

	call->their_cseq = invite->cseq;
	call->offered = !invite->sdp;
	if (invite->sdp) {
		agree(self, call, invite->sdp);
		sdp = inactive();
	} else {
		sdp = offer(self, call);
	}
	respond(self, SIG_SipOk, call->id, invite->cseq, 200, &sdp);
}

int sim_sip_on_invite(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_phone *phone = sdl_data(self);
	const SipInvite *invite = sig->msg;
	struct sip_call *call = sim_sip_call(phone, invite->call_id);

	if (!sim_phone_from_station(self, sig))
		return sdl_state(self);
	if (call) {
		invited_again(self, call, invite);
		return sdl_state(self);
	}
	if (invite->call_id >= OWN_CALLS || invite->cseq != 1) {
		respond(self, SIG_SipFailure, invite->call_id, invite->cseq, 481, NULL);
		return sdl_state(self);
	}
	call = add_call(phone, invite->call_id, invite->line, SIP_RINGING);
	if (!call) {
		respond(self, SIG_SipFailure, invite->call_id, invite->cseq, 486, NULL);
		return sdl_state(self);
	}
	call->their_cseq = invite->cseq;
	if (invite->answer_at_once)
		sim_sip_answer(self, call);
	else
		respond(self, SIG_SipRinging, call->id, call->their_cseq, 180, NULL);
	return sdl_state(self);
}

int sim_sip_on_ringing(struct sdl_process *self, const struct sdl_signal *sig)
{
	const SipResponse *res = sig->msg;
	struct sip_call *call = sim_sip_call(sdl_data(self), res->call_id);

	if (!sim_phone_from_station(self, sig) || !call || call->state != SIP_CALLING)
		return sdl_state(self);
	call->state = SIP_RINGBACK;
	sim_sip_play(self, STATION_TONE__AlertingTone, 0);
	return sdl_state(self);
}

int sim_sip_on_ok(struct sdl_process *self, const struct sdl_signal *sig)
{
	const SipResponse *res = sig->msg;
	struct sip_call *call = sim_sip_call(sdl_data(self), res->call_id);

	if (!sim_phone_from_station(self, sig) || !call || res->cseq != call->cseq)
		return sdl_state(self);
	switch (call->state) {
	case SIP_CALLING:
	case SIP_RINGBACK:
		sim_sip_play(self, STATION_TONE__Silence, 0);
		/* fall through */
	case SIP_RESUMING:
		call->state = SIP_CONNECTED;
		in_dialog(self, SIG_SipAck, call);
		agree(self, call, res->sdp);
		break;
	case SIP_HOLDING:
		call->state = SIP_HELD;
		in_dialog(self, SIG_SipAck, call);
		agree(self, call, NULL);
		break;
	case SIP_CANCELLING: /* too late: it was answered */
		in_dialog(self, SIG_SipAck, call);
		call->cseq++;
		in_dialog(self, SIG_SipBye, call);
		remove_call(self, call);
		break;
	default:
		break;
	}
	return sdl_state(self);
}

static StationTone tone_of(uint32_t status)
{
	switch (status) {
	case 487:
		return STATION_TONE__Silence;
	case 486:
	case 600:
	case 603:
		return STATION_TONE__LineBusyTone;
	default:
		return STATION_TONE__ReorderTone;
	}
}

/* Hold and resume: as before, or once more a little later. If the application was faster, its offer
 * may be under way. */
static void not_changed(struct sdl_process *self, struct sip_call *call, uint32_t status)
{
	struct sip_phone *phone = sdl_data(self);
	bool holding = call->state == SIP_HOLDING;

	call->state = holding != call->done ? SIP_CONNECTED : SIP_HELD;
	if (!holding && !(call->done && call->offered) && phone->base.voice.call == call->id)
		sim_voice_close(self, &phone->base.voice);
	call->try_again = status == 491 && !call->done;
	if (call->try_again)
		sdl_timer_start_param(self, SIG_SipRetryTimer, PARAM_MEDIA_TICK_INTERVAL);
}

/* The call is over for the CallManager; the tone lasts as long as the user likes (DEV-09). */
int sim_sip_on_failure(struct sdl_process *self, const struct sdl_signal *sig)
{
	const SipResponse *res = sig->msg;
	struct sip_call *call = sim_sip_call(sdl_data(self), res->call_id);

	if (!sim_phone_from_station(self, sig) || !call || res->cseq != call->cseq)
		return sdl_state(self);
	switch (call->state) {
	case SIP_CALLING:
	case SIP_RINGBACK:
		in_dialog(self, SIG_SipAck, call);
		remove_call(self, call);
		sim_sip_play(self, tone_of(res->status), res->cause);
		break;
	case SIP_CANCELLING:
		in_dialog(self, SIG_SipAck, call);
		remove_call(self, call);
		break;
	case SIP_HOLDING:
	case SIP_RESUMING:
		in_dialog(self, SIG_SipAck, call);
		not_changed(self, call, res->status);
		break;
	default:
		break;
	}
	return sdl_state(self);
}

int sim_sip_on_retry(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_phone *phone = sdl_data(self);

	(void)sig;
	for (unsigned i = 0; i < phone->calls_n && !sdl_pid_none(phone->base.place.station); i++) {
		struct sip_call *call = &phone->calls[i];

		if (!call->try_again)
			continue;
		if (call->state == SIP_CONNECTED)
			sim_sip_hold(self, call);
		else if (call->state == SIP_HELD)
			sim_sip_resume(self, call);
	}
	return sdl_state(self);
}

int sim_sip_on_ack(struct sdl_process *self, const struct sdl_signal *sig)
{
	const SipDialog *ack = sig->msg;
	struct sip_call *call = sim_sip_call(sdl_data(self), ack->call_id);

	if (!sim_phone_from_station(self, sig) || !call || ack->cseq != call->their_cseq)
		return sdl_state(self);
	if (call->state == SIP_ANSWERED)
		call->state = SIP_CONNECTED;
	/* Otherwise all was said before; the user may have resumed the call meanwhile. */
	if (call->offered)
		agree(self, call, ack->sdp);
	call->offered = false;
	return sdl_state(self);
}

int sim_sip_on_bye(struct sdl_process *self, const struct sdl_signal *sig)
{
	const SipDialog *bye = sig->msg;
	struct sip_call *call = sim_sip_call(sdl_data(self), bye->call_id);

	if (!sim_phone_from_station(self, sig))
		return sdl_state(self);
	respond(self, call ? SIG_SipOk : SIG_SipFailure, bye->call_id, bye->cseq, call ? 200 : 481,
		NULL);
	if (call)
		remove_call(self, call);
	return sdl_state(self);
}

/* Of a call that was answered already, it means nothing: BYE follows. */
int sim_sip_on_cancel(struct sdl_process *self, const struct sdl_signal *sig)
{
	const SipDialog *cancel = sig->msg;
	struct sip_call *call = sim_sip_call(sdl_data(self), cancel->call_id);

	if (!sim_phone_from_station(self, sig) || !call || call->state != SIP_RINGING)
		return sdl_state(self);
	respond(self, SIG_SipFailure, call->id, call->their_cseq, 487, NULL);
	remove_call(self, call);
	return sdl_state(self);
}

/* What an application has done with the call, or wants it to do. */
static uint32_t obey(struct sdl_process *self, const SipRefer *refer)
{
	struct sip_phone *phone = sdl_data(self);
	struct sip_call *call = refer->has_call_id ? sim_sip_call(phone, refer->call_id) : NULL;

	if (refer->kind == SIP_REFER_KIND__SIP_REFER_INITCALL) {
		if (!refer->refer_to || !*refer->refer_to ||
		    strlen(refer->refer_to) >= SIP_DIGITS_SIZE)
			return 400;
		sim_sip_dial_number(self, refer->refer_to, refer->line, refer->refer);
		return 202;
	}
	if (!call)
		return 481;
	switch (refer->kind) {
	case SIP_REFER_KIND__SIP_REFER_ANSWER:
		if (call->state == SIP_RINGING)
			sim_sip_answer(self, call);
		return 202;
	case SIP_REFER_KIND__SIP_REFER_HOLD:
		if (call->state == SIP_CONNECTED || call->state == SIP_ANSWERED)
			call->state = SIP_HELD;
		call->done = call->state == SIP_HOLDING;
		call->try_again = false;
		return 202;
	case SIP_REFER_KIND__SIP_REFER_RESUME:
		if (call->state == SIP_HELD)
			call->state = SIP_CONNECTED;
		call->done = call->state == SIP_RESUMING;
		call->try_again = false;
		return 202;
	default:
		return 501;
	}
}

int sim_sip_on_refer(struct sdl_process *self, const struct sdl_signal *sig)
{
	const SipRefer *refer = sig->msg;
	SipReferRes res = SIP_REFER_RES__INIT;

	if (!sim_phone_from_station(self, sig))
		return sdl_state(self);
	res.refer = refer->refer;
	res.status = obey(self, refer);
	sim_phone_to_station(self, SIG_SipReferRes, &res);
	return sdl_state(self);
}

/* ---- voice --------------------------------------------------------------------------------- */

void sim_sip_media_failure(struct sdl_process *self)
{
	const struct sip_phone *phone = sdl_data(self);
	SipNotify notify = SIP_NOTIFY__INIT;

	notify.event = SIP_EVENT__SIP_MEDIA_FAILURE;
	notify.has_call_id = notify.has_last_tick = true;
	notify.call_id = phone->base.voice.call;
	notify.last_tick = phone->base.voice.ended;
	sim_phone_to_station(self, SIG_SipNotify, &notify);
}

/* ---- show ---------------------------------------------------------------------------------- */

void sim_sip_describe(struct sdl_process *self, struct sdl_text *text)
{
	const struct sip_phone *phone = sdl_data(self);
	static const char *const states[] = { "calling", "ringback", "cancelling",
					      "ringing", "answered", "connected",
					      "holding", "held",     "resuming" };
	const ProtobufCEnumValue *tone =
		protobuf_c_enum_descriptor_get_value(&station_tone__descriptor, phone->tone);

	if (phone->off_hook)
		sdl_text_put(text, ", off hook%s%s", phone->digits[0] ? ": " : "", phone->digits);
	for (unsigned i = 0; i < phone->calls_n; i++)
		sdl_text_put(text, ", call %llu on line %u %s",
			     (unsigned long long)phone->calls[i].id, (unsigned)phone->calls[i].line,
			     states[phone->calls[i].state]);
	sim_voice_describe(&phone->base.voice, text);
	if (phone->tone)
		sdl_text_put(text, ", %s", tone ? tone->name : "tone");
}
