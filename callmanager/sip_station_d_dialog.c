/* SIPStationD: the phone's calls as SIP dialogs, and its requests. */
#include "callmanager/sip_station_d.h"

#include <stdio.h>
#include <string.h>

struct sip_dialog *sip_station_dialog(struct sip_station_d *d, uint64_t id)
{
	struct sip_dialog *dialog = d->dialogs;

	while (dialog && dialog->id != id)
		dialog = dialog->next;
	return dialog;
}

struct sip_dialog *sip_station_dialog_of(struct sip_station_d *d, uint32_t ci)
{
	struct sip_dialog *dialog = d->dialogs;

	while (dialog && dialog->ci != ci)
		dialog = dialog->next;
	return dialog;
}

struct sip_dialog *sip_station_dialog_add(struct sdl_process *self, uint64_t id, uint32_t ci)
{
	struct sip_station_d *d = sdl_data(self);
	struct sip_dialog *dialog = calloc(1, sizeof *dialog);
	struct sip_dialog **end = &d->dialogs;

	if (!dialog)
		abort();
	dialog->id = id;
	dialog->ci = ci;
	while (*end)
		end = &(*end)->next;
	*end = dialog;
	return dialog;
}

void sip_station_dialog_forget(struct sip_station_d *d, struct sip_dialog *dialog)
{
	struct sip_dialog **at = &d->dialogs;

	while (*at != dialog)
		at = &(*at)->next;
	*at = dialog->next;
	free(dialog);
}

/* ---- to the phone --------------------------------------------------------------------------- */

static void respond(struct sdl_process *self, uint16_t number, const SipResponse *res)
{
	const struct cm_phone *p = sdl_data(self);

	sdl_send(self, p->pid, number, res);
}

void sip_station_fail(struct sdl_process *self, uint64_t id, uint32_t cseq, uint32_t status,
		      uint32_t cause)
{
	SipResponse res = SIP_RESPONSE__INIT;

	res.call_id = id;
	res.cseq = cseq;
	res.status = status;
	res.has_cause = cause != 0;
	res.cause = cause;
	respond(self, SIG_SipFailure, &res);
}

void sip_station_ok(struct sdl_process *self, struct sip_dialog *dialog, const SipSdp *sdp)
{
	SipResponse res = SIP_RESPONSE__INIT;
	SipSdp none = SIP_SDP__INIT;

	none.direction = SIP_DIRECTION__SIP_INACTIVE;
	res.call_id = dialog->id;
	res.cseq = dialog->their_cseq;
	res.status = 200;
	res.sdp = (SipSdp *)(uintptr_t)(sdp ? sdp : &none);
	respond(self, SIG_SipOk, &res);
	dialog->theirs = SIP_THEIRS_NONE;
	dialog->active = sdp != NULL;
}

static void in_dialog(struct sdl_process *self, uint16_t number, uint64_t id, uint32_t cseq,
		      uint32_t cause)
{
	const struct cm_phone *p = sdl_data(self);
	SipDialog m = SIP_DIALOG__INIT;

	m.call_id = id;
	m.cseq = cseq;
	m.has_cause = cause != 0;
	m.cause = cause;
	sdl_send(self, p->pid, number, &m);
}

void sip_station_refer(struct sdl_process *self, struct sip_dialog *dialog, SipReferKind kind)
{
	struct sip_station_d *d = sdl_data(self);
	SipRefer refer = SIP_REFER__INIT;

	refer.refer = ++d->refers;
	refer.kind = kind;
	refer.has_call_id = true;
	refer.call_id = dialog->id;
	sdl_send(self, d->phone.pid, SIG_SipRefer, &refer);
}

void sip_station_invite(struct sdl_process *self, const struct cm_station_call *call,
			bool answer_at_once)
{
	struct sip_station_d *d = sdl_data(self);
	struct sip_dialog *dialog = sip_station_dialog_of(d, call->ci);
	SipInvite invite = SIP_INVITE__INIT;
	char info[32];

	snprintf(info, sizeof info, "gci=%u-%u", (unsigned)(call->gci >> 32),
		 (unsigned)(call->gci & UINT32_MAX));
	invite.call_id = dialog->id;
	invite.cseq = ++dialog->cseq;
	invite.has_line = true;
	invite.line = call->line->index;
	invite.from = (char *)(uintptr_t)call->calling;
	invite.to = (char *)(uintptr_t)call->called;
	invite.original_called = (char *)(uintptr_t)call->original_called;
	invite.last_redirecting = (char *)(uintptr_t)call->last_redirecting;
	invite.call_info = info;
	invite.has_answer_at_once = answer_at_once;
	invite.answer_at_once = answer_at_once;
	sdl_send(self, d->phone.pid, SIG_SipInvite, &invite);
}

/* What becomes of a call, in the words of SIP. 487: nobody has to hear a tone. */
static uint32_t status_of(uint32_t cause)
{
	switch (cause) {
	case CAUSE_CALL_NORMALCALLCLEARING:
	case CAUSE_CALL_REDIRECTED:
		return 487;
	case CAUSE_CALL_UNALLOCATEDNUMBER:
	case CAUSE_CALL_NOROUTETODDESTINATION:
		return 404;
	case CAUSE_CALL_USERBUSY:
		return 486;
	case CAUSE_CALL_CALLREJECTED:
		return 603;
	case CAUSE_CALL_NOUSERRESPONDING:
	case CAUSE_CALL_NOANSWERFROMUSER:
		return 480;
	case CAUSE_CALL_INVALIDNUMBERFORMAT:
		return 484;
	case CAUSE_CALL_DESTINATIONOUTOFORDER:
		return 502;
	default:
		return 503;
	}
}

void sip_station_dialog_end(struct sdl_process *self, struct sip_dialog *dialog, uint32_t cause,
			    bool outgoing)
{
	struct sip_station_d *d = sdl_data(self);

	if (dialog->theirs == SIP_THEIRS_INVITE) {
		sip_station_fail(self, dialog->id, dialog->their_cseq,
				 dialog->cancelled ? 487 : status_of(cause), cause);
	} else if (dialog->ours == SIP_OURS_INVITE && !outgoing) {
		in_dialog(self, SIG_SipCancel, dialog->id, dialog->cseq, cause);
	} else {
		if (dialog->ours == SIP_OURS_ACK)
			in_dialog(self, SIG_SipAck, dialog->id, dialog->cseq, 0);
		in_dialog(self, SIG_SipBye, dialog->id, ++dialog->cseq, cause);
	}
	sip_station_dialog_forget(d, dialog);
}

/* ---- the phone's INVITE --------------------------------------------------------------------- */

/* In a call that is there: hold, resume. */
static int invited_again(struct sdl_process *self, struct sip_dialog *dialog,
			 const SipInvite *invite)
{
	struct sip_station_d *d = sdl_data(self);
	struct cm_station_call *call = cm_station_call(&d->phone.station, dialog->ci);
	bool hold = !invite->sdp || invite->sdp->direction == SIP_DIRECTION__SIP_INACTIVE;

	if (dialog->ours != SIP_OURS_NONE || dialog->theirs != SIP_THEIRS_NONE || !call) {
		sip_station_fail(self, invite->call_id, invite->cseq, call ? 491 : 481, 0);
		return STATION_REGISTERED;
	}
	dialog->their_cseq = invite->cseq;
	if (hold) {
		dialog->theirs = SIP_THEIRS_HOLD;
		cm_station_request(self, call, SIG_CtiLineCallHoldReq);
		return STATION_REGISTERED;
	}
	dialog->theirs = SIP_THEIRS_RESUME;
	dialog->ip = invite->sdp->ip;
	dialog->port = invite->sdp->port;
	cm_phone_make_way(self, call);
	cm_station_request(self, call, SIG_CtiLineCallRetrieveReq);
	return STATION_REGISTERED;
}

int sip_station_on_invite(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_station_d *d = sdl_data(self);
	const SipInvite *invite = sig->msg;
	struct sip_dialog *dialog = sip_station_dialog(d, invite->call_id);
	struct cm_station_line *line =
		cm_station_line_at(&d->phone.station, invite->line ? invite->line : 1);
	struct sip_origin *o = &d->origin;
	SipResponse trying = SIP_RESPONSE__INIT;

	if (dialog)
		return invited_again(self, dialog, invite);
	if (invite->call_id < SIP_PHONE_CALLS || !invite->sdp || !line) {
		sip_station_fail(self, invite->call_id, invite->cseq, line ? 481 : 404, 0);
		sip_station_initcall_done(self, invite->refer, CTIERR_UNDEFINED_LINE, 0);
		return STATION_REGISTERED;
	}
	trying.call_id = invite->call_id;
	trying.cseq = invite->cseq;
	trying.status = 100;
	respond(self, SIG_SipTrying, &trying);
	*o = (struct sip_origin){ .id = invite->call_id,
				  .cseq = invite->cseq,
				  .refer = invite->refer,
				  .ip = invite->sdp->ip,
				  .port = invite->sdp->port,
				  .codec = invite->sdp->codec };
	snprintf(o->number, sizeof o->number, "%s", invite->to ? invite->to : "");
	cm_phone_make_way(self, NULL);
	sdl_send(self, line->control, SIG_CcOffHookReq, NULL);
	return STATION_ORIGINATING;
}

int sip_station_on_off_hook_rejected(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_station_d *d = sdl_data(self);
	const CcRelease *rej = sig->msg;

	sip_station_fail(self, d->origin.id, d->origin.cseq, status_of(rej->cause), rej->cause);
	sip_station_initcall_done(self, d->origin.refer,
				  rej->cause == CAUSE_CALL_USERBUSY ? CTIERR_MAXCALL_LIMIT_REACHED
								    : CTIERR_LINE_OUT_OF_SERVICE,
				  0);
	return STATION_REGISTERED;
}

/* ---- what the phone answers to ours --------------------------------------------------------- */

/* The phone has answered what we have given up meanwhile. For that it took its voice from the call
 * that its user was in. */
static void end_crossing(struct sdl_process *self, const SipResponse *res)
{
	cm_phone_make_way(self, NULL);
	in_dialog(self, SIG_SipAck, res->call_id, res->cseq, 0);
	in_dialog(self, SIG_SipBye, res->call_id, res->cseq + 1, CAUSE_CALL_NORMALCALLCLEARING);
}

int sip_station_on_ok(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_station_d *d = sdl_data(self);
	const SipResponse *res = sig->msg;
	struct sip_dialog *dialog = sip_station_dialog(d, res->call_id);
	struct cm_station_call *call =
		dialog ? cm_station_call(&d->phone.station, dialog->ci) : NULL;

	if (!dialog) {
		if (res->sdp && res->call_id < SIP_PHONE_CALLS && res->cseq == 1)
			end_crossing(self, res);
		return sdl_state(self);
	}
	if (res->cseq != dialog->cseq || dialog->ours == SIP_OURS_NONE ||
	    dialog->ours == SIP_OURS_ACK || !res->sdp)
		return sdl_state(self); /* to a BYE, or an old one */
	if (dialog->ours == SIP_OURS_STOP) {
		in_dialog(self, SIG_SipAck, dialog->id, dialog->cseq, 0);
		dialog->ours = SIP_OURS_NONE;
		dialog->active = false;
		sip_station_check(self);
		return sdl_state(self);
	}
	dialog->ip = res->sdp->ip;
	dialog->port = res->sdp->port;
	dialog->codec = res->sdp->codec;
	if (dialog->ours == SIP_OURS_INVITE && call && cm_phone_call_waits(call))
		cm_phone_answer(self, call);
	dialog->ours = SIP_OURS_ACK;
	sip_station_check(self);
	return sdl_state(self);
}

/* The phone refuses: the call, or to go on with it. */
int sip_station_on_failure(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_station_d *d = sdl_data(self);
	const SipResponse *res = sig->msg;
	struct sip_dialog *dialog = sip_station_dialog(d, res->call_id);
	struct cm_station_call *call =
		dialog ? cm_station_call(&d->phone.station, dialog->ci) : NULL;

	if (!dialog || res->cseq != dialog->cseq || dialog->ours == SIP_OURS_NONE)
		return sdl_state(self);
	in_dialog(self, SIG_SipAck, dialog->id, dialog->cseq, 0);
	if (call)
		cm_station_request(self, call, SIG_CtiLineCallDisconnectReq);
	sip_station_dialog_forget(d, dialog);
	return sdl_state(self);
}

/* ---- the phone's other requests ------------------------------------------------------------- */

int sip_station_on_bye(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_station_d *d = sdl_data(self);
	const SipDialog *bye = sig->msg;
	struct sip_dialog *dialog = sip_station_dialog(d, bye->call_id);
	struct cm_station_call *call =
		dialog ? cm_station_call(&d->phone.station, dialog->ci) : NULL;
	SipResponse res = SIP_RESPONSE__INIT;

	res.call_id = bye->call_id;
	res.cseq = bye->cseq;
	res.status = 200;
	if (dialog)
		respond(self, SIG_SipOk, &res);
	else
		sip_station_fail(self, bye->call_id, bye->cseq, 481, 0);
	if (call)
		cm_station_request(self, call, SIG_CtiLineCallDisconnectReq);
	if (dialog)
		sip_station_dialog_forget(d, dialog);
	return STATION_REGISTERED;
}

/* Of a call that has been answered already, it means nothing: the phone will say BYE. */
int sip_station_on_cancel(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_station_d *d = sdl_data(self);
	const SipDialog *cancel = sig->msg;
	struct sip_dialog *dialog = sip_station_dialog(d, cancel->call_id);
	struct cm_station_call *call =
		dialog ? cm_station_call(&d->phone.station, dialog->ci) : NULL;

	if (!call || dialog->theirs != SIP_THEIRS_INVITE)
		return STATION_REGISTERED;
	dialog->cancelled = true;
	cm_station_request(self, call, SIG_CtiLineCallDisconnectReq);
	return STATION_REGISTERED;
}

int sip_station_on_refer(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_station_d *d = sdl_data(self);
	const SipRefer *refer = sig->msg;
	const struct sip_dialog *dialog =
		refer->has_call_id ? sip_station_dialog(d, refer->call_id) : NULL;
	StationSoftKeyEvent key = STATION_SOFT_KEY_EVENT__INIT;
	SipReferRes res = SIP_REFER_RES__INIT;
	bool known = refer->kind == SIP_REFER_KIND__SIP_REFER_SOFT_KEY && refer->has_key;

	res.refer = refer->refer;
	if (refer->has_call_id && !dialog) {
		res.status = 481;
		sdl_send(self, d->phone.pid, SIG_SipReferRes, &res);
		return STATION_REGISTERED;
	}
	key.key = refer->key;
	key.has_line = refer->has_line;
	key.line = refer->line;
	key.has_call_reference = dialog != NULL;
	key.call_reference = dialog ? dialog->ci : 0;
	key.digits = refer->refer_to;
	res.status = known && cm_phone_soft_key(self, &key) ? 202 : 501;
	sdl_send(self, d->phone.pid, SIG_SipReferRes, &res);
	return STATION_REGISTERED;
}

int sip_station_on_info(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_station_d *d = sdl_data(self);
	const SipInfo *info = sig->msg;
	const struct sip_dialog *dialog = sip_station_dialog(d, info->call_id);
	const struct cm_station_call *call =
		dialog ? cm_station_call(&d->phone.station, dialog->ci) : NULL;
	CcDigits digits = CC_DIGITS__INIT;

	if (!call)
		return STATION_REGISTERED;
	if (call->state == CTI_CALL_STATE__CONNECTED) {
		cm_phone_play_dtmf(self, call, info->digits);
	} else if (call->state == CTI_CALL_STATE__DIALTONE) { /* a call made for the phone */
		digits.digits = info->digits;
		digits.complete = true;
		sdl_send(self, call->leg, SIG_CcDigitsInd, &digits);
	}
	return STATION_REGISTERED;
}

int sip_station_on_notify(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_station_d *d = sdl_data(self);
	const SipNotify *notify = sig->msg;
	const struct sip_dialog *dialog =
		notify->has_call_id ? sip_station_dialog(d, notify->call_id) : NULL;
	const struct cm_station_call *call =
		dialog ? cm_station_call(&d->phone.station, dialog->ci) : NULL;

	if (notify->event == SIP_EVENT__SIP_MEDIA_FAILURE && call)
		sdl_send(self, call->leg, SIG_CcStreamLostInd, NULL);
	else if (notify->event == SIP_EVENT__SIP_DEVICE_DATA && notify->has_body && !d->udp)
		cm_phone_tell_data(self, &notify->body);
	return sdl_state(self);
}

/* ---- makeCall ------------------------------------------------------------------------------- */

void sip_station_initcall_done(struct sdl_process *self, uint32_t refer, uint32_t result,
			       uint32_t ci)
{
	struct sip_station_d *d = sdl_data(self);
	struct sip_initcall **at = &d->initcalls;
	struct sip_initcall *i;
	CtiLineCallRes res = CTI_LINE_CALL_RES__INIT;

	while (*at && (*at)->refer != refer)
		at = &(*at)->next;
	i = *at;
	if (!i)
		return;
	*at = i->next;
	res.async_response = i->async_response;
	res.result = result;
	res.has_ci = result == CTIERR_SUCCESS;
	res.ci = ci;
	sdl_send(self, i->asker, SIG_CtiLineCallInitiateRes, &res);
	free(i);
}

/* The digits are handed to the phone, and dialled there (DEV-03, DEV-06). */
int sip_station_on_initiate(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_station_d *d = sdl_data(self);
	const CtiLineCallInitiateReq *req = sig->msg;
	struct cm_station_line *line = cm_station_asked_line(self, &d->phone.station, sig);
	struct sip_initcall *i;
	SipRefer refer = SIP_REFER__INIT;

	if (!line)
		return sdl_state(self);
	if (!req->called || !*req->called || strlen(req->called) >= CM_DN_SIZE) {
		cm_station_answer(self, sig, req->async_response,
				  req->called && *req->called
					  ? CTIERR_INVALID_PARAMETER
					  : CTIERR_COMMAND_NOT_IMPLEMENTED_ON_DEVICE);
		return sdl_state(self);
	}
	i = calloc(1, sizeof *i);
	if (!i)
		abort();
	i->refer = ++d->refers;
	i->async_response = req->async_response;
	i->asker = sig->from;
	i->next = d->initcalls;
	d->initcalls = i;
	cm_phone_make_way(self, NULL);
	refer.refer = i->refer;
	refer.kind = SIP_REFER_KIND__SIP_REFER_INITCALL;
	refer.has_line = true;
	refer.line = line->index;
	refer.refer_to = req->called;
	sdl_send(self, d->phone.pid, SIG_SipRefer, &refer);
	return sdl_state(self);
}

/* Accepted: the INVITE follows. Else the phone will not call, or no more. */
int sip_station_on_refer_res(struct sdl_process *self, const struct sdl_signal *sig)
{
	const SipReferRes *res = sig->msg;

	if (res->status >= 300)
		sip_station_initcall_done(self, res->refer,
					  res->status == 487
						  ? CTIERR_CALL_DROPPED
						  : CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE,
					  0);
	return sdl_state(self);
}
