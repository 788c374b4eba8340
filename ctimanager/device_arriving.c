/* A CTIDeviceLineMgr whose device a CallManager has taken: further media, lines and their calls, then
 * service, and onwards as soon as a better member of the group is there. The states are told in
 * cti_device_line_mgr.c. */
#include "ctimanager/process.h"

#include <utlist.h>

#include "ctimanager/device.h"

static int enter_service(struct sdl_process *self);

/* ---- into service --------------------------------------------------------------------------- */

/* The device is at node: the other media and the lines follow. */
int ctim_device_attach(struct sdl_process *self, uint8_t node, uint64_t pid)
{
	struct device *d = sdl_data(self);

	d->node = node;
	d->pid = sdl_pid_unpack(pid);
	d->candidate = 0;
	d->target = 0;
	for (struct opener *o = d->openers; o; o = o->next)
		if (o->state != OPENER_LOOKUP && o->has_registration && !o->registered &&
		    !o->registering && !ctim_device_is_phone(d))
			ctim_device_send_open(self, node, o, PENDING_JOIN);
	for (struct line *l = d->lines; l; l = l->next)
		ctim_device_send_line_open(self, l);
	return ctim_device_opening(d) ? LINES_OPENING : enter_service(self);
}

/* An opener's part is settled: it is answered, and told where the device is. */
void ctim_device_settle_opener(struct sdl_process *self, struct opener *o)
{
	struct device *d = sdl_data(self);

	if (o->state == OPENER_LOOKUP || o->registering)
		return;
	if (o->state == OPENER_WAITING && o->has_registration && !o->registered &&
	    !ctim_device_is_phone(d)) {
		ctim_device_send_open(self, d->node, o, PENDING_JOIN);
		return;
	}
	if (o->state == OPENER_WAITING)
		ctim_device_answer_open(self, o, CTIERR_SUCCESS);
	else if (o->told == OUT_OF_SERVICE_CAUSE__CAUSE_NONE)
		return;
	ctim_device_tell_in_service(self, o);
}

static int enter_service(struct sdl_process *self)
{
	struct device *d = sdl_data(self);
	struct opener *o, *next;

	ctim_device_end_turn(self, ctim_device_member(d, d->node));
	d->cause = OUT_OF_SERVICE_CAUSE__CAUSE_NONE;
	ctim_device_begin_round(d);
	DL_FOREACH_SAFE (d->openers, o, next)
		ctim_device_settle_opener(self, o);
	for (struct call *c = d->calls; c; c = c->next)
		c->fresh = false;
	return ctim_device_rehome_or_stay(self);
}

/* After each answer on the way into service. */
int ctim_device_arrive(struct sdl_process *self)
{
	if (sdl_state(self) == LINES_OPENING && !ctim_device_opening(sdl_data(self)))
		return enter_service(self);
	return sdl_state(self);
}

/* ---- rehoming ------------------------------------------------------------------------------- */

static void send_rehome(struct sdl_process *self, uint8_t target, bool cancel)
{
	struct device *d = sdl_data(self);
	CtiDeviceRehomeReq req = CTI_DEVICE_REHOME_REQ__INIT;

	req.device = d->name;
	req.target_node = target;
	req.has_cancel = true;
	req.cancel = cancel;
	sdl_send(self, ctim_device_registrar(d->node), SIG_CtiDeviceRehomeReq, &req);
}

/* CMF-07: is there a better member in service than the one that has the device? */
int ctim_device_rehome_or_stay(struct sdl_process *self)
{
	struct device *d = sdl_data(self);

	if (ctim_device_is_phone(d))
		return IN_SERVICE;
	for (uint8_t i = 0; i < d->members_n && d->members[i].node != d->node; i++) {
		struct member *m = &d->members[i];

		if (!m->in_service || m->no_rehome)
			continue;
		if (d->target != m->node) {
			d->target = m->node;
			send_rehome(self, m->node, false);
		}
		return AWAIT_REHOME;
	}
	if (d->target)
		send_rehome(self, d->target, true);
	d->target = 0;
	return IN_SERVICE;
}

/* ---- lines ---------------------------------------------------------------------------------- */

/* A line that cannot be opened: the line of a phone is closed; a port or route point goes on to the
 * next member, for there it may be different (CMF-11). */
static int line_refused(struct sdl_process *self, struct line *l, uint32_t error)
{
	struct device *d = sdl_data(self);
	struct opener *o, *next;
	uint8_t node = d->node;

	l->state = LINE_CLOSED;
	if (ctim_device_in_service(self) || ctim_device_is_phone(d)) {
		DL_FOREACH_SAFE (d->openers, o, next) {
			struct line_user *u = ctim_opener_line_of(o, l);
			bool last = u && l->users == 1; /* with whom the line goes */

			if (u)
				ctim_device_tell_line_closed(self, o, u, error);
			if (last)
				break;
		}
		return ctim_device_arrive(self);
	}
	ctim_device_send_close(self, node, NULL, false);
	ctim_device_leave(self, d->cause, CTIERR_CLUSTER_LINK_FAILURE,
			  CAUSE_CALL_DESTINATIONOUTOFORDER);
	return ctim_device_refused(self, node, error);
}

int ctim_device_on_line_open_res(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const CtiLineOpenLineRes *res = sig->msg;
	struct pending *p = ctim_device_pending(d, res->async_response);
	struct line *l;

	if (!p || p->kind != PENDING_LINE || p->node != sig->from.node)
		return sdl_state(self);
	l = p->line;
	ctim_device_remove_pending(d, p);
	if (res->result)
		return line_refused(self, l, res->result);
	l->state = LINE_SNAPSHOT;
	return sdl_state(self);
}

int ctim_device_on_existing_completed(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const CtiExistingCallCompletedNotify *notify = sig->msg;
	struct line *l = ctim_device_line(d, notify->dn, NULL);

	if (!l || l->state != LINE_SNAPSHOT || sig->from.node != d->node)
		return sdl_state(self);
	l->state = LINE_OPEN;
	if (!ctim_device_in_service(self))
		return ctim_device_arrive(self);
	for (struct opener *o = d->openers; o; o = o->next) {
		struct line_user *u = ctim_opener_line_of(o, l);

		if (!u || o->state != OPENER_OPEN)
			continue;
		if (!u->answered)
			ctim_device_answer_line(self, o, u, CTIERR_SUCCESS);
		ctim_device_tell_line_in_service(self, o, u);
	}
	for (struct call *c = d->calls; c; c = c->next)
		if (c->line == l)
			c->fresh = false;
	return sdl_state(self);
}
