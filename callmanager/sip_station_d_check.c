/* SIPStationD: makes the phone's dialogs agree with the legs. */
#include "callmanager/sip_station_d.h"

void sip_station_check(struct sdl_process *self)
{
	struct sip_station_d *d = sdl_data(self);

	if (d->checking)
		return;
	d->checking = true;
	sdl_send(self, sdl_self(self), SIG_SipDialogCheck, NULL);
}

/* ---- what the leg wants of the media -------------------------------------------------------- */

int sip_station_on_media_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	cm_phone_media_asked(self, sig->msg);
	sip_station_check(self);
	return sdl_state(self);
}

int sip_station_on_media_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	cm_phone_media_closed(self, sig->msg);
	sip_station_check(self);
	return sdl_state(self);
}

int sip_station_on_media_send(struct sdl_process *self, const struct sdl_signal *sig)
{
	cm_phone_media_sending(self, sig->msg);
	sip_station_check(self);
	return sdl_state(self);
}

int sip_station_on_media_send_stop(struct sdl_process *self, const struct sdl_signal *sig)
{
	cm_phone_media_silent(self, sig->msg);
	sip_station_check(self);
	return sdl_state(self);
}

/* ---- answers to what the phone asked for ---------------------------------------------------- */

static struct sip_dialog *asked_for(struct sdl_process *self, const struct sdl_signal *sig,
				    enum sip_theirs what)
{
	struct sip_station_d *d = sdl_data(self);
	const CtiLineCallRes *res = sig->msg;
	struct sip_dialog *dialog = sip_station_dialog_of(d, res->ci);

	if (!dialog || dialog->theirs != what)
		return NULL;
	if (res->result == CTIERR_SUCCESS)
		return dialog;
	/* As it is: the call is preserved, perhaps. */
	sip_station_fail(self, dialog->id, dialog->their_cseq, 488, CAUSE_CALL_NETOUTOFORDER);
	dialog->theirs = SIP_THEIRS_NONE;
	sip_station_check(self);
	return NULL;
}

int sip_station_on_hold_res(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_dialog *dialog = asked_for(self, sig, SIP_THEIRS_HOLD);

	if (!dialog)
		return sdl_state(self);
	dialog->held = true;
	sip_station_ok(self, dialog, NULL);
	sip_station_check(self);
	return sdl_state(self);
}

int sip_station_on_retrieve_res(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_dialog *dialog = asked_for(self, sig, SIP_THEIRS_RESUME);

	if (!dialog)
		return sdl_state(self);
	dialog->held = false;
	dialog->theirs = SIP_THEIRS_RESUMED;
	sip_station_check(self);
	return sdl_state(self);
}

/* ---- the check ------------------------------------------------------------------------------ */

/* The phone listens where its offer says: the leg may know. */
static void listen(struct sdl_process *self, struct cm_station_call *call,
		   const struct sip_dialog *dialog)
{
	struct cm_phone *p = sdl_data(self);

	if (!call->media.pending)
		return;
	call->media.unanswered = 0;
	call->media.ip = dialog->ip;
	call->media.port = dialog->port;
	cm_station_listening(self, &p->station, call, true);
}

static SipSdp far_end(const struct cm_station_call *call)
{
	SipSdp sdp = SIP_SDP__INIT;

	sdp.direction = SIP_DIRECTION__SIP_SENDRECV;
	sdp.has_ip = sdp.has_port = sdp.has_codec = true;
	sdp.ip = call->media.far_ip;
	sdp.port = call->media.far_port;
	sdp.codec = call->media.codec;
	return sdp;
}

static bool talks(const struct cm_station_call *call)
{
	return call->state == CTI_CALL_STATE__CONNECTED || call->state == CTI_CALL_STATE__ONHOLD;
}

/* The answer to an offer is due: yes with the far end, or no because nothing flows now. */
static bool answer_known(const struct cm_station_call *call)
{
	return talks(call) && (call->media.sending || (!call->media.open && !call->media.pending));
}

static void check_invite(struct sdl_process *self, struct cm_station_call *call,
			 struct sip_dialog *dialog)
{
	const struct cm_phone *p = sdl_data(self);
	SipResponse ringing = SIP_RESPONSE__INIT;
	SipSdp sdp = far_end(call);

	if (call->state == CTI_CALL_STATE__RINGBACK && !dialog->rung) {
		dialog->rung = true;
		ringing.call_id = dialog->id;
		ringing.cseq = dialog->their_cseq;
		ringing.status = 180;
		sdl_send(self, p->pid, SIG_SipRinging, &ringing);
	}
	listen(self, call, dialog);
	if (answer_known(call))
		sip_station_ok(self, dialog, call->media.sending ? &sdp : NULL);
}

static void check_resumed(struct sdl_process *self, struct cm_station_call *call,
			  struct sip_dialog *dialog)
{
	SipSdp sdp = far_end(call);

	listen(self, call, dialog);
	if (answer_known(call))
		sip_station_ok(self, dialog, call->media.sending ? &sdp : NULL);
}

static void check_ack(struct sdl_process *self, struct cm_station_call *call,
		      struct sip_dialog *dialog)
{
	const struct cm_phone *p = sdl_data(self);
	SipDialog ack = SIP_DIALOG__INIT;
	SipSdp sdp = far_end(call);

	listen(self, call, dialog);
	if (!answer_known(call))
		return;
	ack.call_id = dialog->id;
	ack.cseq = dialog->cseq;
	dialog->active = call->media.sending;
	if (dialog->active)
		ack.sdp = &sdp;
	dialog->ours = SIP_OURS_NONE;
	sdl_send(self, p->pid, SIG_SipAck, &ack);
}

static void invite_again(struct sdl_process *self, struct sip_dialog *dialog, enum sip_ours what)
{
	const struct cm_phone *p = sdl_data(self);
	SipInvite invite = SIP_INVITE__INIT;
	SipSdp stop = SIP_SDP__INIT;

	stop.direction = SIP_DIRECTION__SIP_INACTIVE;
	invite.call_id = dialog->id;
	invite.cseq = ++dialog->cseq;
	if (what == SIP_OURS_STOP)
		invite.sdp = &stop;
	dialog->ours = (uint8_t)what;
	sdl_send(self, p->pid, SIG_SipInvite, &invite);
}

/* Nothing is under way: is the phone as the leg is? */
static void check_settled(struct sdl_process *self, const struct cm_station_call *call,
			  struct sip_dialog *dialog)
{
	bool hold = call->state == CTI_CALL_STATE__ONHOLD;

	if (hold != dialog->held && talks(call)) {
		sip_station_refer(self, dialog,
				  hold ? SIP_REFER_KIND__SIP_REFER_HOLD
				       : SIP_REFER_KIND__SIP_REFER_RESUME);
		dialog->held = hold;
	}
	if (call->media.pending)
		invite_again(self, dialog, SIP_OURS_OFFER);
	else if (dialog->active && !call->media.open)
		invite_again(self, dialog, SIP_OURS_STOP);
}

static void check(struct sdl_process *self, struct cm_station_call *call, struct sip_dialog *dialog)
{
	if (dialog->ours == SIP_OURS_INVITE && talks(call) && !call->outgoing &&
	    !dialog->told_answer) {
		dialog->told_answer = true; /* an application has answered */
		sip_station_refer(self, dialog, SIP_REFER_KIND__SIP_REFER_ANSWER);
	}
	if (dialog->theirs == SIP_THEIRS_INVITE)
		check_invite(self, call, dialog);
	else if (dialog->theirs == SIP_THEIRS_RESUMED)
		check_resumed(self, call, dialog);
	else if (dialog->ours == SIP_OURS_ACK)
		check_ack(self, call, dialog);
	if (dialog->ours == SIP_OURS_NONE && dialog->theirs == SIP_THEIRS_NONE)
		check_settled(self, call, dialog);
}

int sip_station_on_check(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_station_d *d = sdl_data(self);

	(void)sig;
	d->checking = false;
	for (struct sip_dialog *dialog = d->dialogs; dialog; dialog = dialog->next) {
		struct cm_station_call *call = cm_station_call(&d->phone.station, dialog->ci);

		if (call)
			check(self, call, dialog);
	}
	return sdl_state(self);
}
