/* A CTIDeviceLineMgr looks for a CallManager that takes its device: who is asked, by turn, and what
 * the answers lead to. With a yes it goes on in device_arriving.c. The states are told in
 * cti_device_line_mgr.c. */
#include "ctimanager/process.h"

#include <utlist.h>

#include "ctimanager/device.h"

/* ---- what is asked -------------------------------------------------------------------------- */

struct sdl_pid ctim_device_registrar(uint8_t node)
{
	return (struct sdl_pid){
		.node = node, .type = CM_CTI_REGISTRAR, .app = SDL_APP_CALLMANAGER, .inst = 1
	};
}

void ctim_device_ask_turn(struct sdl_process *self, struct member *m)
{
	if (m->turn != TURN_NONE)
		return;
	m->turn = TURN_ASKED;
	sdl_send(self, m->link, SIG_CmOpenTurnReq, NULL);
}

void ctim_device_end_turn(struct sdl_process *self, struct member *m)
{
	if (!m || m->turn == TURN_NONE)
		return;
	m->turn = TURN_NONE;
	sdl_send(self, m->link, SIG_CmOpenTurnDone, NULL);
}

/* The device is opened at node, with the media of o (NULL: as an interest only). */
void ctim_device_send_open(struct sdl_process *self, uint8_t node, struct opener *o,
			   enum pending_kind kind)
{
	struct device *d = sdl_data(self);
	struct pending *p = ctim_device_add_pending(d, kind, node);
	DeviceConfig *config = ctim_device_unpack_config(d);
	CtiHandlerDeviceOpen *asked = o ? ctim_opener_unpack(o) : NULL;
	CtiDeviceOpenDeviceReq req = CTI_DEVICE_OPEN_DEVICE_REQ__INIT;

	p->opener = o ? o->id : 0;
	req.async_response = p->async;
	req.device = config;
	req.has_reopen = true;
	req.reopen = d->cause != OUT_OF_SERVICE_CAUSE__CAUSE_NONE;
	req.has_lost_node = d->lost != 0;
	req.lost_node = d->lost;
	if (asked) {
		const DeviceOpen *open = asked->open;

		o->registering = true;
		req.owner = asked->owner;
		req.has_registration = open->has_registration;
		req.registration = open->registration;
		req.has_ip = open->has_ip;
		req.ip = open->ip;
		req.has_port = open->has_port;
		req.port = open->port;
		req.n_codec = open->n_codec;
		req.codec = open->codec;
	}
	sdl_send(self, ctim_device_registrar(node), SIG_CtiDeviceOpenDeviceReq, &req);
	device_config__free_unpacked(config, NULL);
	if (asked)
		cti_handler_device_open__free_unpacked(asked, NULL);
}

/* ---- whom to ask ---------------------------------------------------------------------------- */

/* A new round: everybody in service may be asked again. */
void ctim_device_begin_round(struct device *d)
{
	for (uint8_t i = 0; i < d->members_n; i++)
		d->members[i].refused = d->members[i].elsewhere = false;
	d->last_error = CTIERR_SUCCESS;
}

/* The next of those whose media go along with the open of the device; without media, any. */
static struct opener *lead_opener(const struct device *d)
{
	struct opener *any = NULL;

	for (struct opener *o = d->openers; o; o = o->next) {
		if (o->state == OPENER_LOOKUP)
			continue;
		if (o->has_registration)
			return o;
		if (!any)
			any = o;
	}
	return any;
}

/* Out of service until something happens; those who wait for their device get it as it is. */
int ctim_device_wait(struct sdl_process *self, OutOfServiceCause cause)
{
	struct device *d = sdl_data(self);
	struct opener *o, *next;

	d->cause = cause;
	DL_FOREACH_SAFE (d->openers, o, next)
		if (o->state == OPENER_WAITING)
			ctim_device_answer_open(self, o, CTIERR_SUCCESS);
	ctim_device_tell_out_of_service(self);
	/* Its group may have changed while the members of the old one were asked. */
	if (sdl_state(self) == OPENING && d->stale &&
	    !sdl_timer_running(self, SIG_CtiDeviceRetryTimer))
		return ctim_device_seek_anew(self);
	return WAITING;
}

/* Phones: every member in service learns that we want to hear of it. One may have said that it has
 * the phone before another one has said that it is gone there: their links are not equally fast. */
static int seek_phone(struct sdl_process *self)
{
	struct device *d = sdl_data(self);
	bool asking = false;

	for (uint8_t i = 0; i < d->members_n; i++)
		if (d->members[i].in_service && d->members[i].phone)
			return ctim_device_attach(self, d->members[i].node, d->members[i].phone);
	for (uint8_t i = 0; i < d->members_n; i++) {
		struct member *m = &d->members[i];

		if (m->in_service && !m->interest && !m->refused)
			ctim_device_ask_turn(self, m);
		asking |= m->turn != TURN_NONE;
	}
	if (asking && d->cause == OUT_OF_SERVICE_CAUSE__CAUSE_NONE)
		return OPENING;
	if (!ctim_device_member_in_service(d))
		return ctim_device_wait(self, OUT_OF_SERVICE_CAUSE__NOCALLMANAGER_AVAILABLE);
	if (!asking && d->last_error) {
		bool all = true;

		for (uint8_t i = 0; i < d->members_n; i++)
			all &= !d->members[i].in_service || d->members[i].refused;
		if (all)
			return ctim_device_give_up(self);
	}
	return ctim_device_wait(self,
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
int ctim_device_seek(struct sdl_process *self)
{
	struct device *d = sdl_data(self);
	struct member *m;

	if (!d->openers)
		return ctim_device_retire(self);
	if (!lead_opener(d))
		return LOOKING_UP; /* for those who are left */
	if (ctim_device_is_phone(d))
		return seek_phone(self);
	m = sdl_mutant(self, MUTANT_IGNORE_GROUP_ORDER) ? ctim_device_last_member(d)
							: ctim_device_best_member(d);
	if (m) {
		d->candidate = m->node;
		ctim_device_ask_turn(self, m);
		return OPENING;
	}
	d->candidate = 0;
	if (somebody_is(d, true)) {
		/* Registered where we cannot reach it: the answer may change without a sign. */
		sdl_timer_start_param(self, SIG_CtiDeviceRetryTimer, PARAM_STATION_RETRY_INTERVAL);
		return ctim_device_wait(self, d->cause ? d->cause
						       : OUT_OF_SERVICE_CAUSE__CALLMANAGER_FAILURE);
	}
	if (somebody_is(d, false))
		return ctim_device_give_up(self);
	return ctim_device_wait(self, OUT_OF_SERVICE_CAUSE__NOCALLMANAGER_AVAILABLE);
}

int ctim_device_on_retry(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	return ctim_device_seek_anew(self);
}

int ctim_device_on_open_turn(struct sdl_process *self, const struct sdl_signal *sig)
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
	if (ctim_device_is_phone(d))
		ctim_device_send_open(self, m->node, NULL, PENDING_OPEN);
	else if (sdl_state(self) == OPENING && d->candidate == m->node && lead_opener(d))
		ctim_device_send_open(self, m->node, lead_opener(d), PENDING_OPEN);
	else
		ctim_device_end_turn(self, m);
	return sdl_state(self);
}

/* ---- what they answer ----------------------------------------------------------------------- */

/* The member that was asked has refused: CMF-11, the next one. */
int ctim_device_refused(struct sdl_process *self, uint8_t node, uint32_t error)
{
	struct device *d = sdl_data(self);
	struct member *m = ctim_device_member(d, node);

	d->last_error = error;
	if (m) {
		m->refused = m->no_rehome = true;
		ctim_device_end_turn(self, m);
	}
	sdl_info(self, "node %u refuses: %s", node, cti_error_name(error));
	return ctim_device_seek(self);
}

/* Registered at another member: that one is asked. One that we cannot reach does not count, and the
 * one that named it is told so (CMF-17). */
static int sent_elsewhere(struct sdl_process *self, uint8_t node, uint8_t other)
{
	struct device *d = sdl_data(self);
	struct member *m = ctim_device_member(d, node);
	const struct member *there = ctim_device_member(d, other);

	if (there && !there->in_service && d->lost != other) {
		d->lost = other;
		ctim_device_send_open(self, node, lead_opener(d), PENDING_OPEN);
		return OPENING;
	}
	if (m) {
		m->elsewhere = true;
		ctim_device_end_turn(self, m);
	}
	d->target = other;
	return ctim_device_seek(self);
}

static int on_phone_answer(struct sdl_process *self, uint8_t node,
			   const CtiDeviceOpenDeviceRes *res)
{
	struct device *d = sdl_data(self);
	struct member *m = ctim_device_member(d, node);

	ctim_device_end_turn(self, m);
	if (!m)
		return sdl_state(self);
	m->interest = res->result == CTIERR_SUCCESS;
	m->refused = res->result != CTIERR_SUCCESS;
	m->phone = m->interest && res->registered && res->has_device_pid ? res->device_pid : 0;
	if (m->refused)
		d->last_error = res->result;
	/* Its group is being asked for, and may be another one: what was said counts then. */
	if (ctim_device_attached(self) || sdl_state(self) == LOOKING_UP)
		return sdl_state(self);
	if (m->phone)
		return ctim_device_attach(self, node, m->phone);
	return ctim_device_seek(self);
}

/* An opener's media are refused: it is refused, the device goes on with the others. */
static int media_refused(struct sdl_process *self, const struct pending *asked, uint32_t error)
{
	struct device *d = sdl_data(self);
	struct opener *o = ctim_device_opener(d, asked->opener);

	if (o)
		ctim_device_tell_closed(self, o, error);
	if (asked->kind == PENDING_OPEN) {
		ctim_device_end_turn(self, ctim_device_member(d, asked->node));
		return ctim_device_seek(self);
	}
	return d->openers ? ctim_device_arrive(self) : ctim_device_retire(self);
}

static int on_open_answer(struct sdl_process *self, const struct pending *asked,
			  const CtiDeviceOpenDeviceRes *res)
{
	struct device *d = sdl_data(self);
	struct opener *o = ctim_device_opener(d, asked->opener);

	if (o)
		o->registering = false;
	if (asked->kind == PENDING_OPEN && res->result && res->has_other_node &&
	    res->other_node != asked->node)
		return sent_elsewhere(self, asked->node, (uint8_t)res->other_node);
	if (res->result && (asked->kind == PENDING_JOIN || ctim_device_error_is_media(res->result)))
		return media_refused(self, asked, res->result);
	if (res->result)
		return ctim_device_refused(self, asked->node, res->result);
	if (o)
		o->registered = true;
	if (asked->kind == PENDING_OPEN)
		return ctim_device_attach(self, asked->node, res->device_pid);
	if (o && ctim_device_in_service(self))
		ctim_device_settle_opener(self, o);
	return ctim_device_arrive(self);
}

/* The device went from node while this was asked there, and is sought anew: CallManager has made it
 * again for us, which nobody would ever end (CMF-17). Kept if node has it, or is asked again. */
static void give_up_unasked(struct sdl_process *self, uint8_t node,
			    const CtiDeviceOpenDeviceRes *res)
{
	struct device *d = sdl_data(self);

	if (res->result || ctim_device_is_phone(d) || d->node == node)
		return;
	for (const struct pending *p = d->pending; p; p = p->next)
		if (p->node == node && (p->kind == PENDING_OPEN || p->kind == PENDING_JOIN))
			return;
	ctim_device_send_close(self, node, NULL, false);
}

int ctim_device_on_open_res(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const CtiDeviceOpenDeviceRes *res = sig->msg;
	struct pending *p = ctim_device_pending(d, res->async_response);
	struct pending asked;

	if (!p || p->node != sig->from.node ||
	    (p->kind != PENDING_OPEN && p->kind != PENDING_JOIN)) {
		give_up_unasked(self, sig->from.node, res);
		return sdl_state(self);
	}
	asked = *p;
	ctim_device_remove_pending(d, p);
	if (ctim_device_is_phone(d))
		return on_phone_answer(self, asked.node, res);
	return on_open_answer(self, &asked, res);
}
