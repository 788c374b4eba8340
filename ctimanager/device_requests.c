/* A device in service: requests to its CallManager and their answers, events from there. None
 * of these handlers changes the state of the CTIDeviceLineMgr. */
#include "ctimanager/device.h"

#include <stdlib.h>
#include <utlist.h>

#include "common/msg/cti_relay.h"
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

void ctim_device_leave_line(struct sdl_process *self, const struct line_user *u)
{
	struct device *d = sdl_data(self);
	CtiLineCloseLineReq req = CTI_LINE_CLOSE_LINE_REQ__INIT;

	if (u->line->users == 1 && u->line->state != LINE_CLOSED && ctim_device_attached(self)) {
		req.async_response = ++d->last_id;
		req.dn = u->line->dn;
		sdl_send(self, d->pid, SIG_CtiLineCloseLineReq, &req);
	}
}

void ctim_device_close_line(struct sdl_process *self, struct opener *o, struct line_user *u)
{
	ctim_device_leave_line(self, u);
	ctim_device_remove_line_user(sdl_data(self), o, u);
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

/* ---- requests about a call, a line, the device ---------------------------------------------- */

/* Notes that the CallManager owes an answer, and asks for it in time. */
static struct pending *expect_answer(struct sdl_process *self, const struct opener *o,
				     const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const struct cti_request_head *req = sig->msg;
	struct pending *p = ctim_device_add_pending(d, PENDING_CALL, d->node);

	p->opener = o->id;
	p->seq = req->seq;
	p->request = sig->number;
	p->handle = req->handle;
	p->asked_ns = sdl_now(self);
	if (!sdl_timer_running(self, SIG_CtiRequestTimer))
		sdl_timer_start_param(self, SIG_CtiRequestTimer, PARAM_CTI_REQUEST_TIMER);
	return p;
}

/* A call of this device at its present CallManager, on a line that the opener has open. */
static uint32_t check_call(const struct device *d, const struct opener *o, uint64_t handle)
{
	const struct call *c = ctim_device_call(d, (uint32_t)handle);

	if (!c || !ctim_opener_line_of(o, c->line) || handle >> 32 != d->node)
		return CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL;
	return c->line->state == LINE_OPEN ? CTIERR_SUCCESS : CTIERR_LINE_OUT_OF_SERVICE;
}

static uint32_t check_others(const struct device *d, const struct opener *o,
			     const CallWithOthers *req)
{
	uint32_t error = CTIERR_SUCCESS;

	for (size_t i = 0; i < req->n_other_call_handle && !error; i++)
		error = check_call(d, o, req->other_call_handle[i]);
	return error;
}

static uint32_t admit(struct sdl_process *self, const struct opener *o,
		      const struct sdl_signal *sig, uint8_t subject)
{
	const struct device *d = sdl_data(self);
	const struct cti_request_head *req = sig->msg;
	const struct line_user *u;
	uint32_t error;

	if (subject == CTI_SUBJECT_LINE) {
		u = ctim_opener_line(o, req->handle);
		if (!u)
			return CTIERR_INVALID_LINE_HANDLE;
		return ctim_device_in_service(self) && u->line->state == LINE_OPEN
			       ? CTIERR_SUCCESS
			       : CTIERR_LINE_OUT_OF_SERVICE;
	}
	if (!ctim_device_in_service(self))
		return subject == CTI_SUBJECT_CALL ? CTIERR_LINE_OUT_OF_SERVICE
						   : CTIERR_DEVICE_OUT_OF_SERVICE;
	if (subject == CTI_SUBJECT_DEVICE)
		return CTIERR_SUCCESS;
	error = check_call(d, o, req->handle);
	if (!error && req->base.descriptor == &call_with_others__descriptor)
		error = check_others(d, o, sig->msg);
	return error;
}

/* Handles become what the CallManager knows; the rest is the same. */
static void relay(struct sdl_process *self, const struct opener *o, const struct sdl_signal *sig,
		  const struct cti_relay *as)
{
	struct device *d = sdl_data(self);
	const struct cti_request_head *req = sig->msg;
	struct pending *p = expect_answer(self, o, sig);
	union cti_cm_request_body cm;
	uint32_t *other_ci = NULL;

	msg_cti_init(as->callmanager, &cm);
	msg_carry(req, &cm);
	cm.call.async_response = p->async;
	if (as->subject == CTI_SUBJECT_CALL)
		cm.call.ci = (uint32_t)req->handle;
	else if (as->subject == CTI_SUBJECT_LINE)
		cm.line.dn = ctim_opener_line(o, req->handle)->line->dn;
	if (req->base.descriptor == &call_with_others__descriptor) {
		const CallWithOthers *others = sig->msg;

		other_ci =
			ctim_device_ci_of(others->other_call_handle, others->n_other_call_handle);
		cm.others.n_other_ci = others->n_other_call_handle;
		cm.others.other_ci = other_ci;
	}
	if (sig->number == SIG_LineAutoAcceptChange)
		p->auto_accept = cm.auto_accept.auto_accept;
	sdl_send(self, d->pid, as->callmanager, &cm);
	free(other_ci);
}

int ctim_device_on_request(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct cti_relay *as = msg_cti_request(sig->number);
	const struct cti_request_head *req = sig->msg;
	struct opener *o = ctim_device_opener_of(sdl_data(self), sig->from);
	uint32_t error;

	if (!o)
		return sdl_state(self);
	error = admit(self, o, sig, as->subject);
	if (error)
		ctim_device_respond(self, o, req->seq, error);
	else
		relay(self, o, sig, as);
	return sdl_state(self);
}

/* It holds also when the line is opened anew at another CallManager. */
static void note_auto_accept(const struct opener *o, const struct pending *p)
{
	struct line_user *u = ctim_opener_line(o, p->handle);

	if (u)
		u->line->auto_accept = p->auto_accept;
}

int ctim_device_on_res(struct sdl_process *self, const struct sdl_signal *sig)
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
	answer.call_handle = ctim_device_call_handle(d, res->ci);
	answer.number = res->number;
	if (o && !res->result && p->request == SIG_LineAutoAcceptChange)
		note_auto_accept(o, p);
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
		ctim_device_tell_call(self, msg_cti_event(sig->number)->application, c, notify);
	else if (sig->number == SIG_CtiNewCallNotify)
		c->fresh = true;
	if (sig->number == SIG_CtiCallClosedNotify)
		ctim_device_remove_call(d, c);
	return sdl_state(self);
}

int ctim_device_on_notify(struct sdl_process *self, const struct sdl_signal *sig)
{
	if (is_current(self, sig))
		ctim_device_tell(self, sig);
	return sdl_state(self);
}
