/* StationD: what a phone shows, plays and opens: the way from StationD to the phone. */
#include "callmanager/station_d.h"

/* ---- to the phone --------------------------------------------------------------------------- */

static void show(struct sdl_process *self, const struct cm_station_call *call,
		 StationCallStateValue state)
{
	struct station_d *d = sdl_data(self);
	StationCallState msg = STATION_CALL_STATE__INIT;

	msg.state = state;
	msg.line = call->line->index;
	msg.call_reference = call->ci;
	sdl_send(self, d->phone.pid, SIG_StationCallState, &msg);
}

void station_show_parties(struct sdl_process *self, struct cm_station_call *call)
{
	struct station_d *d = sdl_data(self);
	StationCallInfo msg = STATION_CALL_INFO__INIT;

	msg.line = call->line->index;
	msg.call_reference = call->ci;
	msg.calling_party = call->calling;
	msg.called_party = call->called;
	msg.original_called_party = call->original_called;
	msg.last_redirecting_party = call->last_redirecting;
	msg.has_inbound = true;
	msg.inbound = !call->outgoing;
	sdl_send(self, d->phone.pid, SIG_StationCallInfo, &msg);
}

static void ring(struct sdl_process *self, struct cm_station_call *call, bool on)
{
	struct station_d *d = sdl_data(self);
	StationSetRinger msg = STATION_SET_RINGER__INIT;

	if (call->ringing == on)
		return;
	call->ringing = on;
	msg.on = on;
	msg.has_line = msg.has_call_reference = true;
	msg.line = call->line->index;
	msg.call_reference = call->ci;
	sdl_send(self, d->phone.pid, SIG_StationSetRinger, &msg);
}

static void play(struct sdl_process *self, struct cm_station_call *call, StationTone tone)
{
	struct station_d *d = sdl_data(self);
	StationToneMsg msg = STATION_TONE_MSG__INIT;
	bool on = tone != STATION_TONE__Silence;

	if (!on && !call->tone)
		return;
	call->tone = on;
	msg.tone = tone;
	msg.has_line = msg.has_call_reference = true;
	msg.line = call->line->index;
	msg.call_reference = call->ci;
	sdl_send(self, d->phone.pid, on ? SIG_StationStartTone : SIG_StationStopTone, &msg);
}

void station_show(struct sdl_process *self, struct cm_station_call *call)
{
	switch (call->state) {
	case CTI_CALL_STATE__OFFERING:
	case CTI_CALL_STATE__ACCEPTED:
		if (call->ringing)
			return;
		show(self, call, STATION_CALL_STATE_VALUE__RingIn);
		station_show_parties(self, call);
		ring(self, call, true);
		return;
	case CTI_CALL_STATE__DIALTONE:
		show(self, call, STATION_CALL_STATE_VALUE__OffHook);
		play(self, call, STATION_TONE__InsideDialTone);
		return;
	case CTI_CALL_STATE__DIALING:
		play(self, call, STATION_TONE__Silence);
		return;
	case CTI_CALL_STATE__PROCEEDING:
		play(self, call, STATION_TONE__Silence);
		show(self, call, STATION_CALL_STATE_VALUE__Proceed);
		station_show_parties(self, call);
		return;
	case CTI_CALL_STATE__RINGBACK:
		show(self, call, STATION_CALL_STATE_VALUE__RingOut);
		play(self, call, STATION_TONE__AlertingTone);
		return;
	case CTI_CALL_STATE__CONNECTED:
		play(self, call, STATION_TONE__Silence);
		ring(self, call, false);
		show(self, call, STATION_CALL_STATE_VALUE__Connected);
		station_show_parties(self, call);
		return;
	case CTI_CALL_STATE__ONHOLD:
		show(self, call, STATION_CALL_STATE_VALUE__Hold);
		return;
	case CTI_CALL_STATE__BUSY:
		show(self, call, STATION_CALL_STATE_VALUE__Busy);
		play(self, call, STATION_TONE__LineBusyTone);
		return;
	case CTI_CALL_STATE__REORDER:
		show(self, call, STATION_CALL_STATE_VALUE__InvalidNumber);
		play(self, call, STATION_TONE__ReorderTone);
		return;
	default:
		return;
	}
}

void station_show_end(struct sdl_process *self, struct cm_station_call *call)
{
	play(self, call, STATION_TONE__Silence);
	ring(self, call, false);
	show(self, call, STATION_CALL_STATE_VALUE__OnHook);
}

void station_show_dtmf(struct sdl_process *self, const struct cm_station_call *call, char *digits)
{
	struct station_d *d = sdl_data(self);
	StationDtmfTone tone = STATION_DTMF_TONE__INIT;

	tone.digits = digits;
	tone.has_call_reference = true;
	tone.call_reference = call->ci;
	sdl_send(self, d->phone.pid, SIG_StationNotifyDtmfTone, &tone);
}

void station_show_forward(struct sdl_process *self, const struct cm_station_line *line,
			  uint32_t why)
{
	struct cm_phone *p = sdl_data(self);
	StationForwardStat msg = STATION_FORWARD_STAT__INIT;
	StationDisplayPrompt prompt = STATION_DISPLAY_PROMPT__INIT;

	if (why) {
		prompt.text = why == CTIERR_DB_ERROR ? "Temporary Failure" : "Invalid Number";
		sdl_send(self, p->pid, SIG_StationDisplayPromptStatus, &prompt);
		return;
	}
	msg.line = line->index;
	msg.on = line->cfa != NULL;
	msg.number = line->cfa;
	sdl_send(self, p->pid, SIG_StationForwardStat, &msg);
}

void station_show_remote(struct sdl_process *self, const struct cm_station_remote *remote,
			 const CcRemote *ind)
{
	const struct cm_phone *p = sdl_data(self);
	StationCallState msg = STATION_CALL_STATE__INIT;
	StationCallInfo info = STATION_CALL_INFO__INIT;

	msg.line = info.line = remote->line->index;
	msg.call_reference = info.call_reference = remote->reference;
	msg.state = remote->use == REMOTE_USE__IN_USE
			    ? STATION_CALL_STATE_VALUE__CallRemoteMultiline
		    : remote->use == REMOTE_USE__HELD ? STATION_CALL_STATE_VALUE__Hold
						      : STATION_CALL_STATE_VALUE__OnHook;
	sdl_send(self, p->pid, SIG_StationCallState, &msg);
	if (remote->use != REMOTE_USE__IN_USE || !ind)
		return;
	info.calling_party = ind->calling;
	info.called_party = ind->called;
	sdl_send(self, p->pid, SIG_StationCallInfo, &info);
}

void station_speaker(struct sdl_process *self)
{
	const struct cm_phone *p = sdl_data(self);
	StationSpeakerMode msg = STATION_SPEAKER_MODE__INIT;

	msg.on = true;
	sdl_send(self, p->pid, SIG_StationSetSpeakerMode, &msg);
}

void station_show_text(struct sdl_process *self, const char *text, uint32_t ms)
{
	struct station_d *d = sdl_data(self);
	StationDisplayPrompt prompt = STATION_DISPLAY_PROMPT__INIT;

	prompt.text = (char *)(uintptr_t)text;
	prompt.has_timeout_ms = ms > 0;
	prompt.timeout_ms = ms;
	sdl_send(self, d->phone.pid, SIG_StationDisplayPromptStatus, &prompt);
}

/* ---- media ---------------------------------------------------------------------------------- */

int station_on_media_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct station_d *d = sdl_data(self);
	const struct cm_station_call *call = cm_phone_media_asked(self, sig->msg);
	StationOpenReceiveChannel msg = STATION_OPEN_RECEIVE_CHANNEL__INIT;

	if (!call)
		return sdl_state(self);
	msg.call_reference = call->ci;
	msg.has_codec = true;
	msg.codec = call->media.codec;
	CM_SRTP_PUT(&msg, &call->media.srtp);
	sdl_send(self, d->phone.pid, SIG_StationOpenReceiveChannel, &msg);
	return sdl_state(self);
}

/* A phone answers each opening, in order: only the answer to the last one is of use. */
int station_on_channel_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const StationOpenReceiveChannelAck *ack = sig->msg;
	struct cm_station_call *call = cm_station_call(&d->phone.station, ack->call_reference);

	if (!call || !call->media.unanswered || --call->media.unanswered || !call->media.pending)
		return sdl_state(self);
	call->media.ip = ack->ip;
	call->media.port = ack->port;
	cm_station_listening(self, &d->phone.station, call, ack->status == 0);
	return sdl_state(self);
}

int station_on_media_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct station_d *d = sdl_data(self);
	const CcMediaEnd *end = sig->msg;
	StationMediaEnd msg = STATION_MEDIA_END__INIT;

	msg.call_reference = end->ci;
	sdl_send(self, d->phone.pid, SIG_StationCloseReceiveChannel, &msg);
	cm_phone_media_closed(self, end);
	return sdl_state(self);
}

int station_on_media_send(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct station_d *d = sdl_data(self);
	const CcMediaSend *send = sig->msg;
	StationStartMediaTransmission msg = STATION_START_MEDIA_TRANSMISSION__INIT;

	if (!cm_station_call(&d->phone.station, send->ci))
		return sdl_state(self);
	msg.call_reference = send->ci;
	msg.ip = send->ip;
	msg.port = send->port;
	msg.has_codec = true;
	msg.codec = send->codec;
	msg.has_key = send->has_key;
	msg.key = send->key;
	msg.has_salt = send->has_salt;
	msg.salt = send->salt;
	sdl_send(self, d->phone.pid, SIG_StationStartMediaTransmission, &msg);
	cm_phone_media_sending(self, send);
	return sdl_state(self);
}

int station_on_media_send_stop(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct station_d *d = sdl_data(self);
	const CcMediaEnd *end = sig->msg;
	StationMediaEnd msg = STATION_MEDIA_END__INIT;

	msg.call_reference = end->ci;
	sdl_send(self, d->phone.pid, SIG_StationStopMediaTransmission, &msg);
	cm_phone_media_silent(self, end);
	return sdl_state(self);
}
