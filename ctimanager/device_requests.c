/* A device in service: call requests to its CallManager and their answers, events from there. None
 * of these handlers changes the state of the CTIDeviceLineMgr. */
#include "ctimanager/device.h"

#include <utlist.h>

#include "ctimanager/alarm.h"

bool ctim_device_in_service(const struct sdl_process *self)
{
	return sdl_state(self) == IN_SERVICE || sdl_state(self) == AWAIT_REHOME;
}

bool ctim_device_attached(const struct sdl_process *self)
{
	return ctim_device_in_service(self) || sdl_state(self) == LINES_OPENING;
}

/* ---- lines ---------------------------------------------------------------------------------- */

void ctim_device_send_line_open(struct sdl_process *self, struct line *l)
{
	struct device *d = sdl_data(self);
	struct pending *p = ctim_device_add_pending(d, PENDING_LINE, d->node);
	CtiLineOpenLineReq req = CTI_LINE_OPEN_LINE_REQ__INIT;

	p->line = l;
	l->state = LINE_OPENING;
	req.async_response = p->async;
	req.dn = l->dn;
	req.partition = l->partition;
	req.has_auto_accept = true;
	req.auto_accept = l->auto_accept;
	sdl_send(self, d->pid, SIG_CtiLineOpenLineReq, &req);
}

void ctim_device_close_line(struct sdl_process *self, struct opener *o, struct line_user *u)
{
	struct device *d = sdl_data(self);
	CtiLineCloseLineReq req = CTI_LINE_CLOSE_LINE_REQ__INIT;

	if (u->line->users == 1 && u->line->state != LINE_CLOSED && ctim_device_attached(self)) {
		req.async_response = ++d->last_id;
		req.dn = u->line->dn;
		sdl_send(self, d->pid, SIG_CtiLineCloseLineReq, &req);
	}
	ctim_device_remove_line_user(d, o, u);
}

static uint32_t check_line_open(const struct device *d, const struct opener *o, const LineOpen *req)
{
	const struct line *l = ctim_device_line(d, req->dn, req->partition);

	if (l && ctim_opener_line_of(o, l))
		return CTIERR_LINE_ALREADY_OPENED;
	return ctim_device_check_line(d, req->dn, req->partition);
}

static void refuse_line(struct sdl_process *self, const struct opener *o, const LineOpen *req,
			uint32_t result)
{
	ctim_alarm(self, ALARM_CtiLineOpenFailure,
		   { "CTIconnectionId", ctim_decimal(o->provider_id).text },
		   { "DeviceName", ((const struct device *)sdl_data(self))->name },
		   { "DirNum", req->dn }, { "Partition", req->partition ? req->partition : "" },
		   { "Reason", ctim_reason(result).text });
	ctim_device_respond(self, o, req->seq, result);
}

int ctim_device_on_line_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const CtiHandlerLineOpen *open = sig->msg;
	struct opener *o = ctim_device_opener_of(d, sig->from);
	struct line_user *u;
	uint32_t result;

	if (!o || o->state != OPENER_OPEN)
		return sdl_state(self);
	result = check_line_open(d, o, open->open);
	if (result) {
		refuse_line(self, o, open->open, result);
		return sdl_state(self);
	}
	u = ctim_device_add_line_user(d, o, open->open, open->line_handle);
	if (!ctim_device_in_service(self)) {
		ctim_device_answer_line(self, o, u, CTIERR_SUCCESS);
		ctim_device_tell_line_out_of_service(self, o, u);
	} else if (u->line->state == LINE_OPEN) {
		ctim_device_answer_line(self, o, u, CTIERR_SUCCESS);
		ctim_device_tell_line_in_service(self, o, u);
	}
	if (u->line->state == LINE_CLOSED && ctim_device_attached(self))
		ctim_device_send_line_open(self, u->line);
	return sdl_state(self);
}

int ctim_device_on_line_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	const LineRequest *req = sig->msg;
	struct opener *o = ctim_device_opener_of(sdl_data(self), sig->from);
	struct line_user *u = o ? ctim_opener_line(o, req->line_handle) : NULL;

	if (!o)
		return sdl_state(self);
	if (!u) {
		ctim_device_respond(self, o, req->seq, CTIERR_INVALID_LINE_HANDLE);
		return sdl_state(self);
	}
	ctim_device_close_line(self, o, u);
	ctim_device_respond(self, o, req->seq, CTIERR_SUCCESS);
	return sdl_state(self);
}

int ctim_device_on_snapshot(struct sdl_process *self, const struct sdl_signal *sig)
{
	const DeviceRequest *req = sig->msg;
	struct opener *o = ctim_device_opener_of(sdl_data(self), sig->from);

	if (!o)
		return sdl_state(self);
	if (!ctim_device_in_service(self)) {
		ctim_device_respond(self, o, req->seq, CTIERR_DEVICE_OUT_OF_SERVICE);
		return sdl_state(self);
	}
	ctim_device_respond(self, o, req->seq, CTIERR_SUCCESS);
	for (const struct line_user *u = o->lines; u; u = u->next)
		if (u->line->state == LINE_OPEN)
			ctim_device_tell_snapshot(self, o, u);
	return sdl_state(self);
}

/* ---- call requests --------------------------------------------------------------------------- */

/* Notes that the CallManager owes an answer, and asks for it in time. Returns its number. */
static uint32_t expect_answer(struct sdl_process *self, const struct opener *o, uint32_t seq)
{
	struct device *d = sdl_data(self);
	struct pending *p = ctim_device_add_pending(d, PENDING_CALL, d->node);

	p->opener = o->id;
	p->seq = seq;
	p->asked_ns = sdl_now(self);
	if (!sdl_timer_running(self, SIG_CtiRequestTimer))
		sdl_timer_start_param(self, SIG_CtiRequestTimer, PARAM_CTI_REQUEST_TIMER);
	return p->async;
}

/* The opener whose request about a call can be sent; NULL: it has been answered. Requests about
 * calls begin with seq and call handle. */
static struct opener *admit(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const CallRequest *req = sig->msg;
	struct opener *o = ctim_device_opener_of(d, sig->from);
	const struct call *c = ctim_device_call(d, (uint32_t)req->call_handle);
	const struct line_user *u = o && c ? ctim_opener_line_of(o, c->line) : NULL;

	if (!o)
		return NULL;
	if (!ctim_device_in_service(self))
		ctim_device_respond(self, o, req->seq, CTIERR_LINE_OUT_OF_SERVICE);
	else if (!u || req->call_handle >> 32 != d->node)
		ctim_device_respond(self, o, req->seq, CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL);
	else if (c->line->state != LINE_OPEN)
		ctim_device_respond(self, o, req->seq, CTIERR_LINE_OUT_OF_SERVICE);
	else
		return o;
	return NULL;
}

/* Requests that name a call and nothing more, and what the CallManager calls them. */
static const struct {
	uint16_t request, cm_request;
} call_requests[] = {
	{ SIG_CallAccept, SIG_CtiLineCallAcceptReq },
	{ SIG_CallAnswer, SIG_CtiLineCallAnswerReq },
	{ SIG_CallDisconnect, SIG_CtiLineCallDisconnectReq },
	{ SIG_CallHold, SIG_CtiLineCallHoldReq },
	{ SIG_CallRetrieve, SIG_CtiLineCallRetrieveReq },
};

int ctim_device_on_call_request(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const CallRequest *req = sig->msg;
	struct opener *o = admit(self, sig);
	CtiLineCallReq cm = CTI_LINE_CALL_REQ__INIT;

	if (!o)
		return sdl_state(self);
	cm.async_response = expect_answer(self, o, req->seq);
	cm.ci = (uint32_t)req->call_handle;
	for (size_t i = 0; i < sizeof(call_requests) / sizeof(call_requests[0]); i++)
		if (call_requests[i].request == sig->number)
			sdl_send(self, d->pid, call_requests[i].cm_request, &cm);
	return sdl_state(self);
}

int ctim_device_on_redirect(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const CallRedirect *req = sig->msg;
	struct opener *o = admit(self, sig);
	CtiLineCallRedirectReq cm = CTI_LINE_CALL_REDIRECT_REQ__INIT;

	if (!o)
		return sdl_state(self);
	cm.async_response = expect_answer(self, o, req->seq);
	cm.ci = (uint32_t)req->call_handle;
	cm.destination = req->destination;
	cm.original_called = req->original_called;
	sdl_send(self, d->pid, SIG_CtiLineCallRedirectReq, &cm);
	return sdl_state(self);
}

int ctim_device_on_set_rtp(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const DeviceSetRTPForCall *req = sig->msg;
	struct opener *o = admit(self, sig);
	CtiDeviceSetRTPForCallReq cm = CTI_DEVICE_SET_RTPFOR_CALL_REQ__INIT;

	if (!o)
		return sdl_state(self);
	cm.async_response = expect_answer(self, o, req->seq);
	cm.ci = (uint32_t)req->call_handle;
	cm.ip = req->ip;
	cm.port = req->port;
	sdl_send(self, d->pid, SIG_CtiDeviceSetRTPForCallReq, &cm);
	return sdl_state(self);
}

int ctim_device_on_call_initiate(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const LineCallInitiate *req = sig->msg;
	struct opener *o = ctim_device_opener_of(d, sig->from);
	const struct line_user *u = o ? ctim_opener_line(o, req->line_handle) : NULL;
	CtiLineCallInitiateReq cm = CTI_LINE_CALL_INITIATE_REQ__INIT;

	if (!o)
		return sdl_state(self);
	if (!u || !ctim_device_in_service(self) || u->line->state != LINE_OPEN) {
		ctim_device_respond(self, o, req->seq,
				    u ? CTIERR_LINE_OUT_OF_SERVICE : CTIERR_INVALID_LINE_HANDLE);
		return sdl_state(self);
	}
	cm.async_response = expect_answer(self, o, req->seq);
	cm.dn = u->line->dn;
	cm.called = req->called;
	sdl_send(self, d->pid, SIG_CtiLineCallInitiateReq, &cm);
	return sdl_state(self);
}

int ctim_device_on_call_res(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const CtiLineCallRes *res = sig->msg;
	struct pending *p = ctim_device_pending(d, res->async_response);
	const struct opener *o = p ? ctim_device_opener(d, p->opener) : NULL;
	Response answer = RESPONSE__INIT;

	if (!p || p->kind != PENDING_CALL || p->node != sig->from.node)
		return sdl_state(self); /* answered by a time-out */
	answer.seq = p->seq;
	answer.result = res->result;
	if (res->result)
		answer.text = (char *)(uintptr_t)cti_error_text(res->result);
	answer.has_call_handle = res->has_ci;
	answer.call_handle = (uint64_t)p->node << 32 | res->ci;
	ctim_device_remove_pending(d, p);
	if (res->result && sig->number == SIG_CtiLineCallRedirectRes)
		ctim_alarm(self, ALARM_RedirectCallRequestFailed,
			   { "SeqNumber", ctim_decimal(answer.seq).text });
	if (o)
		sdl_send(self, o->handler, SIG_Response, &answer);
	return sdl_state(self);
}

/* A living CallManager that does not answer. Requests are kept in the order in which they were
 * made. */
int ctim_device_on_request_timer(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	int64_t limit = param_ns(sdl_params(self), PARAM_CTI_REQUEST_TIMER);
	struct pending *p, *next;

	(void)sig;
	DL_FOREACH_SAFE (d->pending, p, next) {
		const struct opener *o = ctim_device_opener(d, p->opener);
		int64_t left = p->asked_ns + limit - sdl_now(self);

		if (p->kind != PENDING_CALL)
			continue;
		if (left > 0) {
			sdl_timer_start(self, SIG_CtiRequestTimer, left);
			break;
		}
		if (o)
			ctim_device_respond(self, o, p->seq, CTIERR_TIMEOUT);
		ctim_device_remove_pending(d, p);
	}
	return sdl_state(self);
}

/* ---- events --------------------------------------------------------------------------------- */

/* What comes from a CallManager that had the device before means nothing any more. */
static bool is_current(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct device *d = sdl_data(self);

	return ctim_device_attached(self) && sig->from.node == d->node;
}

int ctim_device_on_existing_call(struct sdl_process *self, const struct sdl_signal *sig)
{
	if (is_current(self, sig))
		ctim_device_note_call(sdl_data(self), sig->msg);
	return sdl_state(self);
}

static uint16_t call_event(uint16_t notify)
{
	switch (notify) {
	case SIG_CtiNewCallNotify:
		return SIG_NewCall;
	case SIG_CtiCallPartyInfoNotify:
		return SIG_CallPartyInfoChanged;
	case SIG_CtiCallClosedNotify:
		return SIG_CallClosed;
	default:
		return SIG_CallStateChanged;
	}
}

/* What happens to a call before its line is in service is told then: as a snapshot, and as a new
 * call if it is one. */
int ctim_device_on_call_notify(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const CtiCallNotify *notify = sig->msg;
	struct call *c;

	if (!is_current(self, sig))
		return sdl_state(self);
	if (sig->number != SIG_CtiNewCallNotify && !ctim_device_call(d, notify->ci))
		return sdl_state(self);
	c = ctim_device_note_call(d, notify);
	if (!c)
		return sdl_state(self);
	if (ctim_device_in_service(self) && c->line->state == LINE_OPEN)
		ctim_device_tell_call(self, call_event(sig->number), c, notify);
	else if (sig->number == SIG_CtiNewCallNotify)
		c->fresh = true;
	if (sig->number == SIG_CtiCallClosedNotify)
		ctim_device_remove_call(d, c);
	return sdl_state(self);
}

static uint16_t media_event(uint16_t notify)
{
	switch (notify) {
	case SIG_CtiStartReceptionNotify:
		return SIG_StartReception;
	case SIG_CtiStopReceptionNotify:
		return SIG_StopReception;
	case SIG_CtiStartTransmissionNotify:
		return SIG_StartTransmission;
	case SIG_CtiStopTransmissionNotify:
		return SIG_StopTransmission;
	default:
		return SIG_DeviceCallOpenLogicalChannel;
	}
}

int ctim_device_on_media_notify(struct sdl_process *self, const struct sdl_signal *sig)
{
	if (is_current(self, sig))
		ctim_device_tell_media(self, media_event(sig->number), sig->msg);
	return sdl_state(self);
}
