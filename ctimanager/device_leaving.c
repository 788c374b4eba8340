/* A CTIDeviceLineMgr whose device goes: away from a CallManager, away from an application, and for
 * good. The states are told in cti_device_line_mgr.c. */
#include "ctimanager/process.h"

#include <utlist.h>

#include "ctimanager/device.h"

/* ---- from its CallManager ------------------------------------------------------------------- */

/* Ends what the device has at node: one opener's media, or all of it (NULL). */
void ctim_device_send_close(struct sdl_process *self, uint8_t node, const struct opener *o,
			    bool failed)
{
	struct device *d = sdl_data(self);
	CtiHandlerDeviceOpen *asked = o ? ctim_opener_unpack(o) : NULL;
	CtiDeviceCloseDeviceReq req = CTI_DEVICE_CLOSE_DEVICE_REQ__INIT;

	req.async_response = ++d->last_id;
	req.device = d->name;
	req.owner = asked ? asked->owner : NULL;
	req.has_application_failed = true;
	req.application_failed = failed;
	sdl_send(self, ctim_device_registrar(node), SIG_CtiDeviceCloseDeviceReq, &req);
	if (asked)
		cti_handler_device_open__free_unpacked(asked, NULL);
}

/* The device is nowhere any more: what was asked there fails, its calls end, and openers are told.
 */
void ctim_device_leave(struct sdl_process *self, OutOfServiceCause cause, uint32_t request_error,
		       uint32_t call_cause)
{
	struct device *d = sdl_data(self);
	struct pending *p, *next;

	DL_FOREACH_SAFE (d->pending, p, next) {
		struct opener *o = ctim_device_opener(d, p->opener);

		if (p->node != d->node)
			continue;
		if (p->kind == PENDING_CALL && o && !sdl_mutant(self, MUTANT_REQUESTS_FORGOTTEN))
			ctim_device_respond(self, o, p->seq, request_error);
		ctim_device_remove_pending(d, p);
	}
	for (struct opener *o = d->openers; o; o = o->next) {
		struct line_user *u, *next_user;

		o->registered = o->registering = false;
		DL_FOREACH_SAFE (o->lines, u, next_user)
			if (!u->answered)
				ctim_device_answer_line(self, o, u, request_error);
	}
	ctim_device_end_calls(self, call_cause);
	for (struct line *l = d->lines; l; l = l->next)
		l->state = LINE_CLOSED;
	ctim_device_end_turn(self, ctim_device_member(d, d->node));
	ctim_device_forget_opens(d, d->node);
	d->node = 0;
	d->pid = (struct sdl_pid){ 0 };
	d->target = 0;
	d->cause = cause;
	ctim_device_tell_out_of_service(self);
}

OutOfServiceCause ctim_device_cause_of_failure(const struct device *d)
{
	return ctim_device_member_in_service(d) ? OUT_OF_SERVICE_CAUSE__CALLMANAGER_FAILURE
						: OUT_OF_SERVICE_CAUSE__NOCALLMANAGER_AVAILABLE;
}

/* ---- from its openers ----------------------------------------------------------------------- */

/* What only this opener has at the CallManager ends there; others stay. */
static void withdraw(struct sdl_process *self, const struct opener *o)
{
	struct device *d = sdl_data(self);
	uint8_t node = d->node ? d->node : d->candidate;

	if (o->has_registration && (o->registered || o->registering) && node)
		ctim_device_send_close(self, node, o, true);
	for (const struct line_user *u = o->lines; u; u = u->next)
		ctim_device_leave_line(self, u);
}

/* APF-03: when the last one goes, by whatever way, its unterminated calls are for the CallManager
 * to redirect; while others stay, only its media end. */
static int part(struct sdl_process *self, struct opener *o)
{
	struct device *d = sdl_data(self);
	bool last = o == d->openers && !o->next;

	if (!last)
		withdraw(self, o);
	ctim_device_remove_opener(d, o);
	return last ? ctim_device_retire(self) : ctim_device_arrive(self);
}

/* USR-04: the opener may have the device no longer. One whose own question to the database is not
 * answered yet gets that answer, which is newer. */
static int taken_away(struct sdl_process *self, struct opener *o, uint32_t reason)
{
	struct device *d = sdl_data(self);
	bool last = o == d->openers && !o->next;

	if (o->state == OPENER_LOOKUP)
		return sdl_state(self);
	if (!last)
		withdraw(self, o);
	ctim_device_tell_closed(self, o, reason);
	return last ? ctim_device_retire(self) : ctim_device_arrive(self);
}

int ctim_device_on_release(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct opener *o = ctim_device_opener_of(sdl_data(self), sig->from);
	const CtiHandlerDeviceRelease *release = sig->msg;

	if (!o || (release->has_device_handle && release->device_handle != o->handle))
		return sdl_state(self);
	return release->has_reason ? taken_away(self, o, release->reason) : part(self, o);
}

int ctim_device_on_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	const DeviceRequest *req = sig->msg;
	struct opener *o = ctim_device_opener_of(sdl_data(self), sig->from);

	if (!o)
		return sdl_state(self);
	ctim_device_respond(self, o, req->seq, CTIERR_SUCCESS);
	return part(self, o);
}

/* CMF-11: nobody takes it. */
int ctim_device_give_up(struct sdl_process *self)
{
	struct device *d = sdl_data(self);
	struct opener *o, *next;

	if (d->cause == OUT_OF_SERVICE_CAUSE__REHOME_TO_HIGHER_PRIORITY_CM) {
		d->cause = OUT_OF_SERVICE_CAUSE__REHOMING_FAILURE;
		ctim_device_tell_out_of_service(self);
	}
	DL_FOREACH_SAFE (d->openers, o, next)
		if (o->state != OPENER_LOOKUP)
			ctim_device_tell_closed(self, o, d->last_error);
	return ctim_device_retire(self);
}

/* ---- for good ------------------------------------------------------------------------------- */

static int say_idle(struct sdl_process *self)
{
	struct device *d = sdl_data(self);
	CtiDeviceIdleNotify notify = CTI_DEVICE_IDLE_NOTIFY__INIT;

	for (uint8_t i = 0; i < d->members_n; i++)
		if (!sdl_pid_none(d->members[i].link))
			sdl_send(self, d->members[i].link, SIG_CmUnwatchReq, NULL);
	notify.device = d->name;
	sdl_send(self, sdl_local(self, CTIM_CTI_MANAGER), SIG_CtiDeviceIdleNotify, &notify);
	return GONE;
}

static bool knows_of_it(const struct device *d, const struct member *m)
{
	if (m->node == d->node || m->interest)
		return true;
	for (const struct pending *p = d->pending; p; p = p->next)
		if (p->node == m->node)
			return true;
	return false;
}

/* Nobody has it open: every CallManager that knows of it is told, and its answer awaited, so that a
 * new open of the device cannot overtake the close. */
int ctim_device_retire(struct sdl_process *self)
{
	struct device *d = sdl_data(self);
	bool waiting = false;

	for (uint8_t i = 0; i < d->members_n; i++) {
		struct member *m = &d->members[i];

		m->closing = m->in_service && knows_of_it(d, m);
		waiting |= m->closing;
		if (m->closing)
			ctim_device_send_close(self, m->node, NULL, true);
	}
	return waiting ? CLOSING : say_idle(self);
}

static int closed_at(struct sdl_process *self, uint8_t node)
{
	struct device *d = sdl_data(self);
	struct member *m = ctim_device_member(d, node);

	if (m)
		m->closing = false;
	for (uint8_t i = 0; i < d->members_n; i++)
		if (d->members[i].closing)
			return CLOSING;
	return say_idle(self);
}

int ctim_device_on_close_res(struct sdl_process *self, const struct sdl_signal *sig)
{
	return closed_at(self, sig->from.node);
}

int ctim_device_on_status_when_closing(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CmStatusNotify *status = sig->msg;

	return status->in_service ? CLOSING : closed_at(self, (uint8_t)status->node);
}

int ctim_device_on_close_timeout(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	return say_idle(self);
}

/* Made anew where it had just gone from, and where it is not being closed (CMF-17). */
int ctim_device_on_opened_too_late(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const CtiDeviceOpenDeviceRes *res = sig->msg;
	const struct member *m = ctim_device_member(d, sig->from.node);

	if (!res->result && !ctim_device_is_phone(d) && m && !m->closing)
		ctim_device_send_close(self, m->node, NULL, true);
	return sdl_state(self);
}

/* CtiManager sent it before it heard that the device is gone: it goes back there, in order. */
int ctim_device_on_opener_too_late(struct sdl_process *self, const struct sdl_signal *sig)
{
	sdl_relay(self, sdl_local(self, CTIM_CTI_MANAGER), sig);
	return GONE;
}

int ctim_device_on_idle_ack(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)self;
	(void)sig;
	return SDL_STOP;
}
