/*
 * CTIDeviceLineMgr - one device that applications have open through this CTIManager, with its
 *lines.
 *
 *	looking_up --CtiDbDeviceRes--> watching --CmStatusNotify of each member--> opening
 *	opening --CtiDeviceOpenDeviceRes--> lineState_opening --all lines--> in_service
 *	in_service <--> await_rehome        a better member came: as soon as no call is on the
 *device in_service, await_rehome --member gone, unregistered--> opening | waiting opening --nobody
 *left to ask--> waiting --a member comes, a phone registers--> opening any --last opener gone-->
 *closing --CtiDeviceCloseDeviceRes--> gone --CtiDeviceIdleAck--> end
 *
 * Ports and route points are opened at the best member of the group that takes them, one member at
 *a time, each time by turn (CmLink). Phones register themselves: every member is told of the
 *interest, and the one that has the phone says so. In opening a device holds its turn until its
 *lines are open, and applications hear nothing until then: device, then lines, then snapshot
 *(CMF-06). Who opened the device while it was on its way is answered when it has arrived, or when
 *it turns out that there is nothing to wait for (CTF-04, CMF-10).
 */
#include "ctimanager/process.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "ctimanager/device.h"

static int seek(struct sdl_process *self);
static int enter_service(struct sdl_process *self);
static int retire(struct sdl_process *self);

static struct sdl_pid registrar(uint8_t node)
{
	return (struct sdl_pid){
		.node = node, .type = CM_CTI_REGISTRAR, .app = SDL_APP_CALLMANAGER, .inst = 1
	};
}

/* ---- what is asked of CallManagers ----------------------------------------------------------- */

static void ask_turn(struct sdl_process *self, struct member *m)
{
	if (m->turn != TURN_NONE)
		return;
	m->turn = TURN_ASKED;
	sdl_send(self, m->link, SIG_CmOpenTurnReq, NULL);
}

static void end_turn(struct sdl_process *self, struct member *m)
{
	if (!m || m->turn == TURN_NONE)
		return;
	m->turn = TURN_NONE;
	sdl_send(self, m->link, SIG_CmOpenTurnDone, NULL);
}

/* The device is opened at node, with the media of o (NULL: as an interest only). */
static void send_open(struct sdl_process *self, uint8_t node, struct opener *o,
		      enum pending_kind kind)
{
	struct device *d = sdl_data(self);
	struct pending *p = device_add_pending(d, kind, node);
	CtiDeviceOpenDeviceReq req = CTI_DEVICE_OPEN_DEVICE_REQ__INIT;

	p->opener = o ? o->id : 0;
	req.async_response = p->async;
	req.device = d->config;
	req.has_reopen = true;
	req.reopen = d->cause != OUT_OF_SERVICE_CAUSE__CAUSE_NONE;
	req.has_lost_node = d->lost != 0;
	req.lost_node = d->lost;
	if (o) {
		const DeviceOpen *open = o->request->open;

		o->registering = true;
		req.owner = o->request->owner;
		req.has_registration = open->has_registration;
		req.registration = open->registration;
		req.has_ip = open->has_ip;
		req.ip = open->ip;
		req.has_port = open->has_port;
		req.port = open->port;
		req.n_codec = open->n_codec;
		req.codec = open->codec;
	}
	sdl_send(self, registrar(node), SIG_CtiDeviceOpenDeviceReq, &req);
}

/* Ends what the device has at node: one owner's media, or all of it (owner NULL). */
static void send_close(struct sdl_process *self, uint8_t node, char *owner, bool failed)
{
	struct device *d = sdl_data(self);
	CtiDeviceCloseDeviceReq req = CTI_DEVICE_CLOSE_DEVICE_REQ__INIT;

	req.async_response = ++d->last_id;
	req.device = d->config->name;
	req.owner = owner;
	req.has_application_failed = true;
	req.application_failed = failed;
	sdl_send(self, registrar(node), SIG_CtiDeviceCloseDeviceReq, &req);
}

static void send_rehome(struct sdl_process *self, uint8_t target, bool cancel)
{
	struct device *d = sdl_data(self);
	CtiDeviceRehomeReq req = CTI_DEVICE_REHOME_REQ__INIT;

	req.device = d->config->name;
	req.target_node = target;
	req.has_cancel = true;
	req.cancel = cancel;
	sdl_send(self, registrar(d->node), SIG_CtiDeviceRehomeReq, &req);
}

/* ---- losing it ---------------------------------------------------------------------------------
 */

/* The device is nowhere any more: what was asked there fails, its calls end, and openers are told.
 */
static void leave(struct sdl_process *self, OutOfServiceCause cause, uint32_t request_error,
		  uint32_t call_cause)
{
	struct device *d = sdl_data(self);
	struct pending *p, *next;

	DL_FOREACH_SAFE(d->pending, p, next)
	{
		struct opener *o = device_opener(d, p->opener);

		if (p->node != d->node)
			continue;
		if (p->kind == PENDING_CALL && o)
			device_respond(self, o, p->seq, request_error);
		device_remove_pending(d, p);
	}
	for (struct opener *o = d->openers; o; o = o->next) {
		struct line_user *u, *next_user;

		o->registered = o->registering = false;
		DL_FOREACH_SAFE(o->lines, u, next_user)
		if (!u->answered)
			device_answer_line(self, o, u, request_error);
	}
	device_end_calls(self, call_cause);
	for (struct line *l = d->lines; l; l = l->next)
		l->state = LINE_CLOSED;
	end_turn(self, device_member(d, d->node));
	device_forget_opens(d, d->node);
	d->node = 0;
	d->pid = (struct sdl_pid){ 0 };
	d->target = 0;
	d->cause = cause;
	device_tell_out_of_service(self);
}

/* A new round: everybody in service may be asked again. */
static void begin_round(struct device *d)
{
	for (uint8_t i = 0; i < d->members_n; i++)
		d->members[i].refused = d->members[i].elsewhere = false;
	d->last_error = CTIERR_SUCCESS;
}

static OutOfServiceCause cause_of_failure(const struct device *d)
{
	return device_member_in_service(d) ? OUT_OF_SERVICE_CAUSE__CALLMANAGER_FAILURE
					   : OUT_OF_SERVICE_CAUSE__NOCALLMANAGER_AVAILABLE;
}

/* The next of those whose media go along with the open of the device; without media, any. */
static struct opener *lead_opener(const struct device *d)
{
	struct opener *any = NULL;

	for (struct opener *o = d->openers; o; o = o->next) {
		if (o->state == OPENER_LOOKUP)
			continue;
		if (opener_wants_media(o))
			return o;
		if (!any)
			any = o;
	}
	return any;
}

/* ---- finding a CallManager ----------------------------------------------------------------------
 */

/* Out of service until something happens; those who wait for their device get it as it is. */
static int wait_for_change(struct sdl_process *self, OutOfServiceCause cause)
{
	struct device *d = sdl_data(self);
	struct opener *o, *next;

	d->cause = cause;
	DL_FOREACH_SAFE(d->openers, o, next)
	if (o->state == OPENER_WAITING)
		device_answer_open(self, o, CTIERR_SUCCESS);
	device_tell_out_of_service(self);
	return WAITING;
}

/* CMF-11: nobody takes it. */
static int give_up(struct sdl_process *self)
{
	struct device *d = sdl_data(self);
	struct opener *o, *next;

	if (d->cause == OUT_OF_SERVICE_CAUSE__REHOME_TO_HIGHER_PRIORITY_CM) {
		d->cause = OUT_OF_SERVICE_CAUSE__REHOMING_FAILURE;
		device_tell_out_of_service(self);
	}
	DL_FOREACH_SAFE(d->openers, o, next)
	if (o->state != OPENER_LOOKUP)
		device_tell_closed(self, o, d->last_error);
	return retire(self);
}

/* Phones: every member in service learns that we want to hear of it. */
static int seek_phone(struct sdl_process *self)
{
	struct device *d = sdl_data(self);
	bool asking = false;

	for (uint8_t i = 0; i < d->members_n; i++) {
		struct member *m = &d->members[i];

		if (m->in_service && !m->interest && !m->refused)
			ask_turn(self, m);
		asking |= m->turn != TURN_NONE;
	}
	if (asking && d->cause == OUT_OF_SERVICE_CAUSE__CAUSE_NONE)
		return OPENING;
	if (!device_member_in_service(d))
		return wait_for_change(self, OUT_OF_SERVICE_CAUSE__NOCALLMANAGER_AVAILABLE);
	if (!asking && d->last_error) {
		bool all = true;

		for (uint8_t i = 0; i < d->members_n; i++)
			all &= !d->members[i].in_service || d->members[i].refused;
		if (all)
			return give_up(self);
	}
	return wait_for_change(self,
			       d->cause ? d->cause : OUT_OF_SERVICE_CAUSE__DEVICE_UNREGISTERED);
}

static bool somebody_is(const struct device *d, bool elsewhere)
{
	for (uint8_t i = 0; i < d->members_n; i++)
		if (elsewhere ? d->members[i].elsewhere : d->members[i].refused)
			return true;
	return false;
}

/* Asks the best member that has not answered yet in this round. */
static int seek(struct sdl_process *self)
{
	struct device *d = sdl_data(self);
	struct member *m;

	if (!d->openers)
		return retire(self);
	if (!lead_opener(d))
		return LOOKING_UP; /* for those who are left */
	if (device_is_phone(d))
		return seek_phone(self);
	m = device_best_member(d);
	if (m) {
		d->candidate = m->node;
		ask_turn(self, m);
		return OPENING;
	}
	d->candidate = 0;
	if (somebody_is(d, true)) {
		/* Registered where we cannot reach it: the answer may change without a sign. */
		sdl_timer_start_param(self, SIG_CtiDeviceRetryTimer, PARAM_STATION_RETRY_INTERVAL);
		return wait_for_change(self, d->cause ? d->cause
						      : OUT_OF_SERVICE_CAUSE__CALLMANAGER_FAILURE);
	}
	if (somebody_is(d, false))
		return give_up(self);
	return wait_for_change(self, OUT_OF_SERVICE_CAUSE__NOCALLMANAGER_AVAILABLE);
}

static int on_retry(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	begin_round(sdl_data(self));
	return seek(self);
}

static int on_open_turn(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	struct member *m = NULL;

	for (uint8_t i = 0; i < d->members_n; i++)
		if (sdl_pid_equal(d->members[i].link, sig->from))
			m = &d->members[i];
	if (!m || m->turn != TURN_ASKED) {
		if (!m || m->turn == TURN_NONE)
			sdl_send(self, sig->from, SIG_CmOpenTurnDone, NULL);
		return sdl_state(self);
	}
	m->turn = TURN_HELD;
	if (device_is_phone(d))
		send_open(self, m->node, NULL, PENDING_OPEN);
	else if (sdl_state(self) == OPENING && d->candidate == m->node && lead_opener(d))
		send_open(self, m->node, lead_opener(d), PENDING_OPEN);
	else
		end_turn(self, m);
	return sdl_state(self);
}

/* ---- arriving -----------------------------------------------------------------------------------
 */

/* The device is at node: the other media and the lines follow. */
static int attach(struct sdl_process *self, uint8_t node, uint64_t pid)
{
	struct device *d = sdl_data(self);

	d->node = node;
	d->pid = sdl_pid_unpack(pid);
	d->candidate = 0;
	d->target = 0;
	for (struct opener *o = d->openers; o; o = o->next)
		if (o->state != OPENER_LOOKUP && opener_wants_media(o) && !o->registered &&
		    !o->registering && !device_is_phone(d))
			send_open(self, node, o, PENDING_JOIN);
	for (struct line *l = d->lines; l; l = l->next)
		device_send_line_open(self, l);
	return device_opening(d) ? LINES_OPENING : enter_service(self);
}

/* CMF-07: is there a better member in service than the one that has the device? */
static int rehome_or_stay(struct sdl_process *self)
{
	struct device *d = sdl_data(self);

	if (device_is_phone(d))
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

/* An opener's part is settled: it is answered, and told where the device is. */
static void settle_opener(struct sdl_process *self, struct opener *o)
{
	struct device *d = sdl_data(self);

	if (o->state == OPENER_LOOKUP || o->registering)
		return;
	if (o->state == OPENER_WAITING && opener_wants_media(o) && !o->registered &&
	    !device_is_phone(d)) {
		send_open(self, d->node, o, PENDING_JOIN);
		return;
	}
	if (o->state == OPENER_WAITING)
		device_answer_open(self, o, CTIERR_SUCCESS);
	else if (o->told == OUT_OF_SERVICE_CAUSE__CAUSE_NONE)
		return;
	device_tell_in_service(self, o);
}

static int enter_service(struct sdl_process *self)
{
	struct device *d = sdl_data(self);
	struct opener *o, *next;

	end_turn(self, device_member(d, d->node));
	d->cause = OUT_OF_SERVICE_CAUSE__CAUSE_NONE;
	begin_round(d);
	DL_FOREACH_SAFE(d->openers, o, next)
	settle_opener(self, o);
	for (struct call *c = d->calls; c; c = c->next)
		c->fresh = false;
	return rehome_or_stay(self);
}

/* After each answer on the way into service. */
static int arrive(struct sdl_process *self)
{
	if (sdl_state(self) == LINES_OPENING && !device_opening(sdl_data(self)))
		return enter_service(self);
	return sdl_state(self);
}

/* The member that was asked has refused: CMF-11, the next one. */
static int refused(struct sdl_process *self, uint8_t node, uint32_t error)
{
	struct device *d = sdl_data(self);
	struct member *m = device_member(d, node);

	d->last_error = error;
	if (m) {
		m->refused = m->no_rehome = true;
		end_turn(self, m);
	}
	sdl_info(self, "node %u refuses: %s", node, cti_error_name(error));
	return seek(self);
}

/* Registered at another member: that one is asked. One that we cannot reach does not count, and the
 * one that named it is told so (CMF-17). */
static int sent_elsewhere(struct sdl_process *self, uint8_t node, uint8_t other)
{
	struct device *d = sdl_data(self);
	struct member *m = device_member(d, node);
	const struct member *there = device_member(d, other);

	if (there && !there->in_service && d->lost != other) {
		d->lost = other;
		send_open(self, node, lead_opener(d), PENDING_OPEN);
		return OPENING;
	}
	if (m) {
		m->elsewhere = true;
		end_turn(self, m);
	}
	d->target = other;
	return seek(self);
}

static int on_phone_answer(struct sdl_process *self, uint8_t node,
			   const CtiDeviceOpenDeviceRes *res)
{
	struct device *d = sdl_data(self);
	struct member *m = device_member(d, node);

	end_turn(self, m);
	if (!m)
		return sdl_state(self);
	m->interest = res->result == CTIERR_SUCCESS;
	m->refused = res->result != CTIERR_SUCCESS;
	if (m->refused)
		d->last_error = res->result;
	if (device_attached(self))
		return sdl_state(self);
	if (res->result == CTIERR_SUCCESS && res->registered && res->has_device_pid)
		return attach(self, node, res->device_pid);
	return seek(self);
}

/* An opener's media are refused: it is refused, the device goes on with the others. */
static int media_refused(struct sdl_process *self, const struct pending *asked, uint32_t error)
{
	struct device *d = sdl_data(self);
	struct opener *o = device_opener(d, asked->opener);

	if (o)
		device_tell_closed(self, o, error);
	if (asked->kind == PENDING_OPEN) {
		end_turn(self, device_member(d, asked->node));
		return seek(self);
	}
	return d->openers ? arrive(self) : retire(self);
}

static int on_open_answer(struct sdl_process *self, const struct pending *asked,
			  const CtiDeviceOpenDeviceRes *res)
{
	struct device *d = sdl_data(self);
	struct opener *o = device_opener(d, asked->opener);

	if (o)
		o->registering = false;
	if (asked->kind == PENDING_OPEN && res->result && res->has_other_node &&
	    res->other_node != asked->node)
		return sent_elsewhere(self, asked->node, (uint8_t)res->other_node);
	if (res->result && (asked->kind == PENDING_JOIN || device_error_is_media(res->result)))
		return media_refused(self, asked, res->result);
	if (res->result)
		return refused(self, asked->node, res->result);
	if (o)
		o->registered = true;
	if (asked->kind == PENDING_OPEN)
		return attach(self, asked->node, res->device_pid);
	if (o && device_in_service(self))
		settle_opener(self, o);
	return arrive(self);
}

static int on_open_res(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const CtiDeviceOpenDeviceRes *res = sig->msg;
	struct pending *p = device_pending(d, res->async_response);
	struct pending asked;

	if (!p || p->node != sig->from.node || (p->kind != PENDING_OPEN && p->kind != PENDING_JOIN))
		return sdl_state(self);
	asked = *p;
	device_remove_pending(d, p);
	if (device_is_phone(d))
		return on_phone_answer(self, asked.node, res);
	return on_open_answer(self, &asked, res);
}

/* A line that cannot be opened: the line of a phone is closed; a port or route point goes on to the
 * next member, for there it may be different (CMF-11). */
static int line_refused(struct sdl_process *self, struct line *l, uint32_t error)
{
	struct device *d = sdl_data(self);
	struct opener *o, *next;
	uint8_t node = d->node;

	l->state = LINE_CLOSED;
	if (device_in_service(self) || device_is_phone(d)) {
		DL_FOREACH_SAFE(d->openers, o, next)
		{
			struct line_user *u = opener_line_of(o, l);

			if (u && u->line->users == 1) {
				device_tell_line_closed(self, o, u, error);
				return arrive(self);
			}
			if (u)
				device_tell_line_closed(self, o, u, error);
		}
		return arrive(self);
	}
	send_close(self, node, NULL, false);
	leave(self, d->cause, CTIERR_CLUSTER_LINK_FAILURE, CAUSE_CALL_DESTINATIONOUTOFORDER);
	return refused(self, node, error);
}

static int on_line_open_res(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const CtiLineOpenLineRes *res = sig->msg;
	struct pending *p = device_pending(d, res->async_response);
	struct line *l;

	if (!p || p->kind != PENDING_LINE || p->node != sig->from.node)
		return sdl_state(self);
	l = p->line;
	device_remove_pending(d, p);
	if (res->result)
		return line_refused(self, l, res->result);
	l->state = LINE_SNAPSHOT;
	return sdl_state(self);
}

static int on_existing_completed(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const CtiExistingCallCompletedNotify *notify = sig->msg;
	struct line *l = device_line(d, notify->dn, NULL);

	if (!l || l->state != LINE_SNAPSHOT || sig->from.node != d->node)
		return sdl_state(self);
	l->state = LINE_OPEN;
	if (!device_in_service(self))
		return arrive(self);
	for (struct opener *o = d->openers; o; o = o->next) {
		struct line_user *u = opener_line_of(o, l);

		if (!u || o->state != OPENER_OPEN)
			continue;
		if (!u->answered)
			device_answer_line(self, o, u, CTIERR_SUCCESS);
		device_tell_line_in_service(self, o, u);
	}
	for (struct call *c = d->calls; c; c = c->next)
		if (c->line == l)
			c->fresh = false;
	return sdl_state(self);
}

/* ---- what happens to CallManagers and devices ---------------------------------------------------
 */

static int member_up(struct sdl_process *self, struct member *m)
{
	struct device *d = sdl_data(self);

	m->no_rehome = m->refused = m->elsewhere = false;
	if (d->lost == m->node)
		d->lost = 0;
	switch (sdl_state(self)) {
	case WATCHING:
	case OPENING:
	case LINES_OPENING:
		return device_is_phone(d) && sdl_state(self) == OPENING ? seek(self)
									: sdl_state(self);
	case WAITING:
		begin_round(d);
		return seek(self);
	case IN_SERVICE:
	case AWAIT_REHOME:
		if (device_is_phone(d)) {
			ask_turn(self, m);
			return sdl_state(self);
		}
		return rehome_or_stay(self);
	default:
		return sdl_state(self);
	}
}

static void look_up(struct sdl_process *self, const struct opener *o)
{
	CtiDbDeviceReq req = CTI_DB_DEVICE_REQ__INIT;

	req.cookie = o->id;
	req.user = o->request->login_id;
	req.device = o->request->open->device;
	sdl_send(self, sdl_local(self, CTIM_DB_ACCESS), SIG_CtiDbDeviceReq, &req);
}

/* The search begins anew, with the configuration as it is now (USR-07). */
static int seek_anew(struct sdl_process *self)
{
	struct device *d = sdl_data(self);

	begin_round(d);
	if (!d->stale || !d->openers)
		return seek(self);
	look_up(self, d->openers);
	return LOOKING_UP;
}

static int member_down(struct sdl_process *self, struct member *m)
{
	struct device *d = sdl_data(self);

	m->turn = TURN_NONE;
	m->interest = m->refused = m->elsewhere = m->no_rehome = false;
	device_forget_opens(d, m->node);
	if (device_attached(self) && d->node == m->node) {
		d->lost = m->node;
		leave(self, cause_of_failure(d), CTIERR_CLUSTER_LINK_FAILURE,
		      CAUSE_CALL_CALLMANAGER_FAILURE);
		return seek_anew(self);
	}
	switch (sdl_state(self)) {
	case OPENING:
		return device_is_phone(d) || d->candidate == m->node ? seek(self) : OPENING;
	case WAITING:
		return device_member_in_service(d)
			       ? WAITING
			       : wait_for_change(self,
						 OUT_OF_SERVICE_CAUSE__NOCALLMANAGER_AVAILABLE);
	case IN_SERVICE:
	case AWAIT_REHOME:
		return rehome_or_stay(self);
	default:
		return sdl_state(self);
	}
}

/* All members have said whether they are in service: the first round begins. */
static bool all_known(const struct device *d)
{
	for (uint8_t i = 0; i < d->members_n; i++)
		if (sdl_pid_none(d->members[i].link))
			return false;
	return true;
}

static int on_cm_status(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const CmStatusNotify *status = sig->msg;
	struct member *m = device_member(d, (uint8_t)status->node);
	bool was;

	if (!m)
		return sdl_state(self);
	was = m->in_service;
	m->link = sig->from;
	m->in_service = status->in_service;
	if (sdl_state(self) == WATCHING)
		return all_known(d) ? seek(self) : WATCHING;
	if (was == m->in_service)
		return sdl_state(self);
	return m->in_service ? member_up(self, m) : member_down(self, m);
}

static bool better(struct device *d, uint8_t node, uint8_t than)
{
	for (uint8_t i = 0; i < d->members_n; i++) {
		if (d->members[i].node == node)
			return true;
		if (d->members[i].node == than)
			return false;
	}
	return false;
}

/* A phone has registered. It may have moved before its old CallManager noticed: then it is out of
 * service first, with the cause of the move (CMF-15). */
static int on_register_notify(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const CtiDeviceRegisterNotifyWithLineInfo *notify = sig->msg;
	uint8_t node = sig->from.node;
	struct sdl_pid pid = sdl_pid_unpack(notify->device_pid);

	if (!device_is_phone(d) || !device_member(d, node))
		return sdl_state(self);
	if (device_attached(self)) {
		if (d->node == node && sdl_pid_equal(d->pid, pid))
			return sdl_state(self);
		leave(self,
		      d->node == node ? OUT_OF_SERVICE_CAUSE__DEVICE_UNREGISTERED
		      : better(d, node, d->node)
			      ? OUT_OF_SERVICE_CAUSE__REHOME_TO_HIGHER_PRIORITY_CM
			      : OUT_OF_SERVICE_CAUSE__CALLMANAGER_FAILURE,
		      CTIERR_DEVICE_OUT_OF_SERVICE, CAUSE_CALL_DESTINATIONOUTOFORDER);
	}
	return attach(self, node, notify->device_pid);
}

static int on_unregister_notify(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const CtiDeviceUnregisterNotify *notify = sig->msg;

	if (!device_attached(self) || sig->from.node != d->node)
		return sdl_state(self);
	leave(self, notify->cause,
	      notify->cause == OUT_OF_SERVICE_CAUSE__CALLMANAGER_FAILURE
		      ? CTIERR_CLUSTER_LINK_FAILURE
		      : CTIERR_DEVICE_OUT_OF_SERVICE,
	      CAUSE_CALL_DESTINATIONOUTOFORDER);
	if (notify->has_target_node)
		d->target = (uint8_t)notify->target_node;
	return seek_anew(self);
}

static int on_config_changed(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);

	(void)sig;
	d->stale = true;
	return sdl_state(self);
}

/* ---- the database ------------------------------------------------------------------------------
 */

static void watch_members(struct sdl_process *self)
{
	const struct device *d = sdl_data(self);

	for (uint8_t i = 0; i < d->members_n; i++) {
		CmWatchReq req = CM_WATCH_REQ__INIT;

		req.node = d->members[i].node;
		if (sdl_pid_none(d->members[i].link))
			sdl_send(self, sdl_local(self, CTIM_CTI_MANAGER), SIG_CmWatchReq, &req);
	}
}

/* Members that are not in the group any more are not listened to any longer. */
static void adopt(struct sdl_process *self, const DeviceConfig *config)
{
	struct device *d = sdl_data(self);
	struct member old[GROUP_MAX];
	uint8_t old_n = d->members_n;

	memcpy(old, d->members, sizeof(old));
	device_adopt(d, config);
	for (uint8_t i = 0; i < old_n; i++)
		if (!device_member(d, old[i].node) && !sdl_pid_none(old[i].link))
			sdl_send(self, old[i].link, SIG_CmUnwatchReq, NULL);
	watch_members(self);
}

static uint32_t verdict(const struct device *d, const struct opener *o, const CtiDbDeviceRes *res)
{
	uint32_t error;

	if (res->result == DB_RESULT__DB_NOT_FOUND)
		return CTIERR_INVALID_DEVICE_NAME;
	if (res->result != DB_RESULT__DB_OK || !res->device)
		return CTIERR_DB_ERROR;
	error = device_admits(o->request, res->device, res->controlled);
	return error ? error : device_media_conflict(d, o);
}

/* An opener has been found good: it waits for the device with the others, or has it at once. */
static int admit_opener(struct sdl_process *self, struct opener *o, const DeviceConfig *config)
{
	struct device *d = sdl_data(self);

	o->state = OPENER_WAITING;
	switch (sdl_state(self)) {
	case LOOKING_UP:
		adopt(self, config);
		return all_known(d) ? seek_anew(self) : WATCHING;
	case IN_SERVICE:
	case AWAIT_REHOME:
		settle_opener(self, o);
		return sdl_state(self);
	case WAITING:
		return wait_for_change(self, d->cause);
	default:
		return sdl_state(self);
	}
}

/* The configuration of a device that is open already was asked for once more. */
static int readopt(struct sdl_process *self, const CtiDbDeviceRes *res)
{
	struct device *d = sdl_data(self);

	if (sdl_state(self) != LOOKING_UP)
		return sdl_state(self);
	d->stale = false;
	if (res->result == DB_RESULT__DB_NOT_FOUND ||
	    (res->device && res->device->has_cti_allowed && !res->device->cti_allowed)) {
		d->last_error = res->device ? CTIERR_DEVICE_RESTRICTED : CTIERR_INVALID_DEVICE_NAME;
		return give_up(self);
	}
	if (res->device)
		adopt(self, res->device);
	return all_known(d) ? seek(self) : WATCHING;
}

static int on_db_device(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const CtiDbDeviceRes *res = sig->msg;
	struct opener *o = device_opener(d, (uint32_t)res->cookie);
	uint32_t error;

	if (!o)
		return sdl_state(self);
	if (o->state != OPENER_LOOKUP)
		return readopt(self, res);
	error = verdict(d, o, res);
	if (!error)
		return admit_opener(self, o, res->device);
	device_answer_open(self, o, error);
	return d->openers ? sdl_state(self) : retire(self);
}

/* ---- openers come and go
 * -------------------------------------------------------------------------- */

static int on_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const CtiHandlerDeviceOpen *req = sig->msg;

	if (!d->name) {
		d->name = strdup(req->open->device);
		if (!d->name)
			abort();
		sdl_label(self, d->name);
	}
	look_up(self, device_add_opener(d, sig->from, req));
	return sdl_state(self);
}

/* APF-03: when the last one goes, by whatever way, its unterminated calls are for the CallManager
 * to redirect; while others stay, only its media end. */
static int part(struct sdl_process *self, struct opener *o)
{
	struct device *d = sdl_data(self);
	bool last = o == d->openers && !o->next;
	uint8_t node = d->node ? d->node : d->candidate;

	if (!last && opener_wants_media(o) && (o->registered || o->registering) && node)
		send_close(self, node, o->request->owner, true);
	while (!last && o->lines)
		device_close_line(self, o, o->lines);
	device_remove_opener(d, o);
	return last ? retire(self) : arrive(self);
}

static int on_release(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct opener *o = device_opener_of(sdl_data(self), sig->from);

	return o ? part(self, o) : sdl_state(self);
}

static int on_device_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	const DeviceRequest *req = sig->msg;
	struct opener *o = device_opener_of(sdl_data(self), sig->from);

	if (!o)
		return sdl_state(self);
	device_respond(self, o, req->seq, CTIERR_SUCCESS);
	return part(self, o);
}

/* ---- the end
 * -------------------------------------------------------------------------------------- */

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
static int retire(struct sdl_process *self)
{
	struct device *d = sdl_data(self);
	bool waiting = false;

	for (uint8_t i = 0; i < d->members_n; i++) {
		struct member *m = &d->members[i];

		m->closing = m->in_service && knows_of_it(d, m);
		waiting |= m->closing;
		if (m->closing)
			send_close(self, m->node, NULL, true);
	}
	return waiting ? CLOSING : say_idle(self);
}

static int closed_at(struct sdl_process *self, uint8_t node)
{
	struct device *d = sdl_data(self);
	struct member *m = device_member(d, node);

	if (m)
		m->closing = false;
	for (uint8_t i = 0; i < d->members_n; i++)
		if (d->members[i].closing)
			return CLOSING;
	return say_idle(self);
}

static int on_close_res(struct sdl_process *self, const struct sdl_signal *sig)
{
	return closed_at(self, sig->from.node);
}

static int on_status_when_closing(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CmStatusNotify *status = sig->msg;

	return status->in_service ? CLOSING : closed_at(self, (uint8_t)status->node);
}

static int on_close_timeout(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	return say_idle(self);
}

/* CtiManager sent it before it heard that the device is gone: it goes back there, in order. */
static int on_opener_too_late(struct sdl_process *self, const struct sdl_signal *sig)
{
	sdl_relay(self, sdl_local(self, CTIM_CTI_MANAGER), sig);
	return GONE;
}

static int on_idle_ack(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)self;
	(void)sig;
	return SDL_STOP;
}

static void stop(struct sdl_process *self)
{
	device_free(sdl_data(self));
}

static const struct sdl_state states[] = {
	[LOOKING_UP] = {"looking_up",	       .waits = "the database"				       },
	[WATCHING] = { "watching",	   .waits = "CmLink of each member"				    },
	[OPENING] = { "opening",		 .waits = "a turn, then the CallManager or the end of its link"},
	[LINES_OPENING] = { "lineState_opening",
			    .waits = "the CallManager or the end of its link"				      },
	[IN_SERVICE] = { "in_service",	       .waits = ""						   },
	[AWAIT_REHOME] = { "await_rehome",	   .waits = "the end of the last call"			       },
	[WAITING] = { "waiting",		 .waits = "a CallManager of the group, or the phone"	     },
	[CLOSING] = { "closing",		 SIG_CtiDeviceCloseTimer,					  PARAM_CTI_REQUEST_TIMER, "" },
	[GONE] = { "gone",		   .waits = "CtiManager"									      },
};

#define SEEKING (TO(LOOKING_UP) | TO(WATCHING) | TO(OPENING) | TO(WAITING))
#define ARRIVED (TO(LINES_OPENING) | TO(IN_SERVICE) | TO(AWAIT_REHOME))
#define ENDED	(TO(CLOSING) | TO(GONE))

static const struct sdl_row rows[] = {
	{CLOSING,  SIG_CtiHandlerDeviceOpen,		     sdl_save,		       0			 },
	{ CLOSING, SIG_CtiHandlerDeviceRelease,		sdl_save,		  0			    },
	{ CLOSING, SIG_CtiDeviceCloseDeviceRes,		on_close_res,	      TO(GONE)		       },
	{ CLOSING, SIG_CmStatusNotify,		       on_status_when_closing,  TO(GONE)			},
	{ CLOSING, SIG_CtiDeviceCloseTimer,		    on_close_timeout,	      TO(GONE)		       },
	{ CLOSING, SIG_CmOpenTurn,			   sdl_ignore,	       0			 },
	{ CLOSING, SIG_CtiDeviceOpenDeviceRes,	       sdl_ignore,		   0			     },
	{ CLOSING, SIG_CtiDeviceRegisterNotifyWithLineInfo, sdl_ignore,		0			  },
	{ CLOSING, SIG_CtiDeviceUnregisterNotify,		  sdl_ignore,	      0			},
	{ CLOSING, SIG_CtiDbDeviceRes,		       sdl_ignore,		   0			     },
	{ CLOSING, SIG_CtiDeviceConfigChanged,	       sdl_ignore,		   0			     },
	{ CLOSING, SIG_CtiDeviceRetryTimer,		    sdl_ignore,		0			  },
	{ CLOSING, SIG_CtiRequestTimer,			sdl_ignore,		    0			      },

	{ GONE,	SIG_CtiHandlerDeviceOpen,		  on_opener_too_late,      0			},
	{ GONE,	SIG_CtiHandlerDeviceRelease,	     on_opener_too_late,	 0			   },
	{ GONE,	SIG_CtiDeviceIdleAck,		      on_idle_ack,		   TO_STOP		   },
	{ GONE,	SIG_CmStatusNotify,			    sdl_ignore,		0			  },
	{ GONE,	SIG_CmOpenTurn,				sdl_ignore,		    0			      },
	{ GONE,	SIG_CtiDeviceOpenDeviceRes,		    sdl_ignore,		0			  },
	{ GONE,	SIG_CtiDeviceRegisterNotifyWithLineInfo, sdl_ignore,		     0			       },
	{ GONE,	SIG_CtiDeviceUnregisterNotify,	       sdl_ignore,		   0			     },
	{ GONE,	SIG_CtiDbDeviceRes,			    sdl_ignore,		0			  },
	{ GONE,	SIG_CtiDeviceConfigChanged,		    sdl_ignore,		0			  },
	{ GONE,	SIG_CtiDeviceRetryTimer,		 sdl_ignore,		     0			       },
	{ GONE,	SIG_CtiRequestTimer,		     sdl_ignore,		 0			   },

	{ SDL_ANY, SIG_CtiHandlerDeviceOpen,		     on_open,		      0			},
	{ SDL_ANY, SIG_CtiHandlerDeviceRelease,		on_release,		    ARRIVED | ENDED	    },
	{ SDL_ANY, SIG_DeviceClose,			    on_device_close,	     ARRIVED | ENDED	     },
	{ SDL_ANY, SIG_CtiDbDeviceRes,		       on_db_device,	     SEEKING | ENDED	     },
	{ SDL_ANY, SIG_CtiDeviceConfigChanged,	       on_config_changed,	  0			    },
	{ SDL_ANY, SIG_CmStatusNotify,		       on_cm_status,	     SEEKING | ARRIVED | ENDED},
	{ SDL_ANY, SIG_CmOpenTurn,			   on_open_turn,		 0			   },
	{ SDL_ANY, SIG_CtiDeviceOpenDeviceRes,	       on_open_res,		    SEEKING | ARRIVED | ENDED},
	{ SDL_ANY, SIG_CtiLineOpenLineRes,		   on_line_open_res,	     SEEKING | ARRIVED | ENDED},
	{ SDL_ANY, SIG_CtiExistingCallCompletedNotify,      on_existing_completed,   ARRIVED		      },
	{ WAITING, SIG_CtiDeviceRetryTimer,		    on_retry,		      SEEKING | ENDED	      },
	{ SDL_ANY, SIG_CtiDeviceRetryTimer,		    sdl_ignore,		0			  },
	{ SDL_ANY, SIG_CtiDeviceRegisterNotifyWithLineInfo, on_register_notify,	ARRIVED			},
	{ SDL_ANY, SIG_CtiDeviceUnregisterNotify,		  on_unregister_notify,	SEEKING | ENDED		},
 /* Of registrations that were given up. */
	{ SDL_ANY, SIG_CtiDeviceCloseDeviceRes,		sdl_ignore,		    0			      },
	{ SDL_ANY, SIG_CtiLineCloseLineRes,		    sdl_ignore,		0			  },

 /* Requests of applications and their answers. */
	{ SDL_ANY, SIG_CtiHandlerLineOpen,		   device_on_line_open,	0			  },
	{ SDL_ANY, SIG_LineClose,				  device_on_line_close,	0			  },
	{ SDL_ANY, SIG_DeviceGetSnapShot,			  device_on_snapshot,      0			},
	{ SDL_ANY, SIG_LineCallInitiate,			 device_on_call_initiate, 0			    },
	{ SDL_ANY, SIG_CallAccept,			   device_on_call_request,  0			     },
	{ SDL_ANY, SIG_CallAnswer,			   device_on_call_request,  0			     },
	{ SDL_ANY, SIG_CallDisconnect,		       device_on_call_request,  0			 },
	{ SDL_ANY, SIG_CallHold,				 device_on_call_request,	 0			   },
	{ SDL_ANY, SIG_CallRetrieve,			     device_on_call_request,  0			       },
	{ SDL_ANY, SIG_CallRedirect,			     device_on_redirect,	 0			   },
	{ SDL_ANY, SIG_DeviceSetRTPForCall,		    device_on_set_rtp,       0			 },
	{ SDL_ANY, SIG_CtiLineCallInitiateRes,	       device_on_call_res,	   0			     },
	{ SDL_ANY, SIG_CtiLineCallAcceptRes,		     device_on_call_res,	 0			   },
	{ SDL_ANY, SIG_CtiLineCallAnswerRes,		     device_on_call_res,	 0			   },
	{ SDL_ANY, SIG_CtiLineCallDisconnectRes,		 device_on_call_res,	     0			       },
	{ SDL_ANY, SIG_CtiLineCallHoldRes,		   device_on_call_res,      0			 },
	{ SDL_ANY, SIG_CtiLineCallRetrieveRes,	       device_on_call_res,	   0			     },
	{ SDL_ANY, SIG_CtiLineCallRedirectRes,	       device_on_call_res,	   0			     },
	{ SDL_ANY, SIG_CtiDeviceSetRTPForCallRes,		  device_on_call_res,      0			},
	{ SDL_ANY, SIG_CtiRequestTimer,			device_on_request_timer, 0			   },

 /* Events. */
	{ SDL_ANY, SIG_CtiExistingCallNotify,		      device_on_existing_call, 0			 },
	{ SDL_ANY, SIG_CtiNewCallNotify,			 device_on_call_notify,	0			  },
	{ SDL_ANY, SIG_CtiCallStateNotify,		   device_on_call_notify,	  0			    },
	{ SDL_ANY, SIG_CtiCallPartyInfoNotify,	       device_on_call_notify,   0			},
	{ SDL_ANY, SIG_CtiCallClosedNotify,		    device_on_call_notify,   0			     },
	{ SDL_ANY, SIG_CtiOpenLogicalChannelNotify,	    device_on_media_notify,  0			      },
	{ SDL_ANY, SIG_CtiStartReceptionNotify,		device_on_media_notify,	0			  },
	{ SDL_ANY, SIG_CtiStopReceptionNotify,	       device_on_media_notify,  0			 },
	{ SDL_ANY, SIG_CtiStartTransmissionNotify,	   device_on_media_notify,  0			     },
	{ SDL_ANY, SIG_CtiStopTransmissionNotify,		  device_on_media_notify,  0			    },
};

const struct sdl_type ctim_cti_device_line_mgr = {
	.name = "CTIDeviceLineMgr",
	.number = CTIM_CTI_DEVICE_LINE_MGR,
	.size = sizeof(struct device),
	.states = states,
	.states_n = sizeof(states) / sizeof(states[0]),
	.rows = rows,
	.rows_n = sizeof(rows) / sizeof(rows[0]),
	.stop = stop,
};
