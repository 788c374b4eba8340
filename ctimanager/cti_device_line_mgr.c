/*
 * CTIDeviceLineMgr - one device that applications have open through this CTIManager, with its lines.
 *
 *	looking_up --CtiDbDeviceRes--> watching --CmStatusNotify of each member--> opening
 *	opening --CtiDeviceOpenDeviceRes--> lineState_opening --all lines--> in_service
 *	in_service <--> await_rehome	a better member came: as soon as no call is on the device
 *	in_service, await_rehome --member gone, unregistered--> opening | waiting
 *	opening --nobody left to ask--> waiting --a member comes, a phone registers--> opening
 *	any --last opener gone--> closing --CtiDeviceCloseDeviceRes--> gone --CtiDeviceIdleAck--> end
 *
 * Ports and route points are opened at the best member of the group that takes them, one member at
 * a time, each time by turn (CmLink). Phones register themselves: every member is told of the
 * interest, and the one that has the phone says so. In opening a device holds its turn until its
 * lines are open, and applications hear nothing until then: device, then lines, then snapshot
 * (CMF-06). Who opened the device while it was on its way is answered when it has arrived, or when
 * it turns out that there is nothing to wait for (CTF-04, CMF-10).
 *
 * Here are the table, what the database says, and what happens to members and openers. The rest by
 * what the device is about: device_opening.c looks for a member, device_arriving.c brings the device
 * into service there and onwards, device_requests.c serves applications meanwhile, device_leaving.c
 * takes it away. device.c keeps the data, device_events.c tells the applications.
 */
#include "ctimanager/process.h"

#include <stdlib.h>
#include <string.h>

#include "ctimanager/device.h"

static const struct sdl_state states[] = {
	[LOOKING_UP] = { "looking_up", .waits = "the database" },
	[WATCHING] = { "watching", .waits = "CmLink of each member" },
	[OPENING] = { "opening", .waits = "a turn, then the CallManager or the end of its link" },
	[LINES_OPENING] = { "lineState_opening",
			    .waits = "the CallManager or the end of its link" },
	[IN_SERVICE] = { "in_service", .waits = "" },
	[AWAIT_REHOME] = { "await_rehome", .waits = "the end of the last call" },
	[WAITING] = { "waiting", .waits = "a CallManager of the group, or the phone" },
	[CLOSING] = { "closing", SIG_CtiDeviceCloseTimer, PARAM_CTI_REQUEST_TIMER, "" },
	[GONE] = { "gone", .waits = "CtiManager" },
};

static sdl_handler on_open, on_db_device, on_config_changed, on_cm_status, on_register_notify,
	on_unregister_notify;

#define SEEKING (TO(LOOKING_UP) | TO(WATCHING) | TO(OPENING) | TO(WAITING))
#define ARRIVED (TO(LINES_OPENING) | TO(IN_SERVICE) | TO(AWAIT_REHOME))
#define ENDED	(TO(CLOSING) | TO(GONE))

static const struct sdl_row rows[] = {
	{ SDL_ANY, SIG_CtiHandlerDeviceOpen, on_open, 0 },
	{ SDL_ANY, SIG_CtiHandlerDeviceRelease, ctim_device_on_release, ARRIVED | ENDED },
	{ SDL_ANY, SIG_DeviceClose, ctim_device_on_close, ARRIVED | ENDED },
	{ SDL_ANY, SIG_CtiDbDeviceRes, on_db_device, SEEKING | ARRIVED | ENDED },
	{ SDL_ANY, SIG_CtiDeviceConfigChanged, on_config_changed, TO(LOOKING_UP) },
	{ SDL_ANY, SIG_CmStatusNotify, on_cm_status, SEEKING | ARRIVED | ENDED },
	{ SDL_ANY, SIG_CmOpenTurn, ctim_device_on_open_turn, 0 },
	{ SDL_ANY, SIG_CtiDeviceOpenDeviceRes, ctim_device_on_open_res, SEEKING | ARRIVED | ENDED },
	{ SDL_ANY, SIG_CtiLineOpenLineRes, ctim_device_on_line_open_res,
	  SEEKING | ARRIVED | ENDED },
	{ SDL_ANY, SIG_CtiExistingCallCompletedNotify, ctim_device_on_existing_completed, ARRIVED },
	{ WAITING, SIG_CtiDeviceRetryTimer, ctim_device_on_retry, SEEKING | ENDED },
	{ SDL_ANY, SIG_CtiDeviceRetryTimer, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CtiDeviceRegisterNotifyWithLineInfo, on_register_notify, ARRIVED },
	{ SDL_ANY, SIG_CtiDeviceUnregisterNotify, on_unregister_notify, SEEKING | ARRIVED | ENDED },
	/* Of registrations that were given up. */
	{ SDL_ANY, SIG_CtiDeviceCloseDeviceRes, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CtiLineCloseLineRes, sdl_ignore, 0 },

	/* Requests of applications and their answers. */
	{ SDL_ANY, SIG_CtiHandlerLineOpen, ctim_device_on_line_open, 0 },
	{ SDL_ANY, SIG_LineClose, ctim_device_on_line_close, 0 },
	{ SDL_ANY, SIG_DeviceGetSnapShot, ctim_device_on_snapshot, 0 },
#define CTI_REQUEST(request, callmanager, subject)                                                 \
	{ SDL_ANY, SIG_##request, ctim_device_on_request, 0 },                                     \
		{ SDL_ANY, SIG_##callmanager##Res, ctim_device_on_res, 0 },
#include "common/msg/cti_relay.def"
	{ SDL_ANY, SIG_CtiRequestTimer, ctim_device_on_request_timer, 0 },

	/* Events. */
	{ SDL_ANY, SIG_CtiExistingCallNotify, ctim_device_on_existing_call, 0 },
#define CTI_CALL_EVENT(event, callmanager)                                                         \
	{ SDL_ANY, SIG_##callmanager, ctim_device_on_call_notify, 0 },
#define CTI_EVENT(event, callmanager, subject)                                                     \
	{ SDL_ANY, SIG_##callmanager, ctim_device_on_notify, 0 },
#include "common/msg/cti_relay.def"

	/* Nobody has it open any more. */
	{ CLOSING, SIG_CtiHandlerDeviceOpen, sdl_save, 0 },
	{ CLOSING, SIG_CtiHandlerDeviceRelease, sdl_save, 0 },
	{ CLOSING, SIG_CtiDeviceCloseDeviceRes, ctim_device_on_close_res, TO(GONE) },
	{ CLOSING, SIG_CmStatusNotify, ctim_device_on_status_when_closing, TO(GONE) },
	{ CLOSING, SIG_CtiDeviceCloseTimer, ctim_device_on_close_timeout, TO(GONE) },
	{ CLOSING, SIG_CmOpenTurn, sdl_ignore, 0 },
	{ CLOSING, SIG_CtiDeviceOpenDeviceRes, ctim_device_on_opened_too_late, 0 },
	{ CLOSING, SIG_CtiDeviceRegisterNotifyWithLineInfo, sdl_ignore, 0 },
	{ CLOSING, SIG_CtiDeviceUnregisterNotify, sdl_ignore, 0 },
	{ CLOSING, SIG_CtiDbDeviceRes, sdl_ignore, 0 },
	{ CLOSING, SIG_CtiDeviceConfigChanged, sdl_ignore, 0 },
	{ CLOSING, SIG_CtiDeviceRetryTimer, sdl_ignore, 0 },
	{ CLOSING, SIG_CtiRequestTimer, sdl_ignore, 0 },

	{ GONE, SIG_CtiHandlerDeviceOpen, ctim_device_on_opener_too_late, 0 },
	{ GONE, SIG_CtiHandlerDeviceRelease, ctim_device_on_opener_too_late, 0 },
	{ GONE, SIG_CtiDeviceIdleAck, ctim_device_on_idle_ack, TO_STOP },
	{ GONE, SIG_CmStatusNotify, sdl_ignore, 0 },
	{ GONE, SIG_CmOpenTurn, sdl_ignore, 0 },
	{ GONE, SIG_CtiDeviceOpenDeviceRes, ctim_device_on_opened_too_late, 0 },
	{ GONE, SIG_CtiDeviceRegisterNotifyWithLineInfo, sdl_ignore, 0 },
	{ GONE, SIG_CtiDeviceUnregisterNotify, sdl_ignore, 0 },
	{ GONE, SIG_CtiDbDeviceRes, sdl_ignore, 0 },
	{ GONE, SIG_CtiDeviceConfigChanged, sdl_ignore, 0 },
	{ GONE, SIG_CtiDeviceRetryTimer, sdl_ignore, 0 },
	{ GONE, SIG_CtiRequestTimer, sdl_ignore, 0 },
};

/* ---- what happens to CallManagers and devices ----------------------------------------------- */

static void look_up(struct sdl_process *self, const struct opener *o)
{
	CtiHandlerDeviceOpen *asked = ctim_opener_unpack(o);
	CtiDbDeviceReq req = CTI_DB_DEVICE_REQ__INIT;

	req.cookie = o->id;
	req.user = asked->login_id;
	req.device = asked->open->device;
	sdl_send(self, sdl_local(self, CTIM_DB_ACCESS), SIG_CtiDbDeviceReq, &req);
	cti_handler_device_open__free_unpacked(asked, NULL);
}

/* One whose own question is not answered yet may be refused: then nobody would ask for the rest. */
static const struct opener *admitted(const struct device *d)
{
	const struct opener *o = d->openers;

	while (o && o->state == OPENER_LOOKUP)
		o = o->next;
	return o ? o : d->openers;
}

int ctim_device_seek_anew(struct sdl_process *self)
{
	struct device *d = sdl_data(self);

	ctim_device_begin_round(d);
	if (!d->stale || !d->openers)
		return ctim_device_seek(self);
	look_up(self, admitted(d));
	return LOOKING_UP;
}

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
		return ctim_device_is_phone(d) && sdl_state(self) == OPENING
			       ? ctim_device_seek(self)
			       : sdl_state(self);
	case WAITING:
		if (sdl_mutant(self, MUTANT_WAITS_FOR_EVER))
			return WAITING;
		return ctim_device_seek_anew(self);
	case IN_SERVICE:
	case AWAIT_REHOME:
		if (ctim_device_is_phone(d)) {
			ctim_device_ask_turn(self, m);
			return sdl_state(self);
		}
		if (sdl_mutant(self, MUTANT_NEVER_REHOMES))
			return sdl_state(self);
		return ctim_device_rehome_or_stay(self);
	default:
		return sdl_state(self);
	}
}

static int member_down(struct sdl_process *self, struct member *m)
{
	struct device *d = sdl_data(self);

	m->turn = TURN_NONE;
	m->phone = 0;
	m->interest = m->refused = m->elsewhere = m->no_rehome = false;
	ctim_device_forget_opens(d, m->node);
	if (ctim_device_attached(self) && d->node == m->node) {
		d->lost = m->node;
		ctim_device_leave(self, ctim_device_cause_of_failure(d),
				  CTIERR_CLUSTER_LINK_FAILURE, CAUSE_CALL_CALLMANAGER_FAILURE);
		return ctim_device_seek_anew(self);
	}
	switch (sdl_state(self)) {
	case OPENING:
		return ctim_device_is_phone(d) || d->candidate == m->node ? ctim_device_seek(self)
									  : OPENING;
	case WAITING:
		return ctim_device_member_in_service(d)
			       ? WAITING
			       : ctim_device_wait(self,
						  OUT_OF_SERVICE_CAUSE__NOCALLMANAGER_AVAILABLE);
	case IN_SERVICE:
	case AWAIT_REHOME:
		return ctim_device_rehome_or_stay(self);
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
	struct member *m = ctim_device_member(d, (uint8_t)status->node);
	bool was;

	if (!m)
		return sdl_state(self);
	was = m->in_service;
	m->link = sig->from;
	m->in_service = status->in_service;
	if (sdl_state(self) == WATCHING)
		return all_known(d) ? ctim_device_seek(self) : WATCHING;
	if (was == m->in_service)
		return sdl_state(self);
	return m->in_service ? member_up(self, m) : member_down(self, m);
}

/* node is a member. */
static bool better(const struct device *d, uint8_t node, uint8_t than)
{
	uint8_t i = 0;

	while (d->members[i].node != node && d->members[i].node != than)
		i++;
	return d->members[i].node == node;
}

/* The phone is elsewhere than we took it to be. Going down its group it has lost its CallManager, of
 * which we hear only now (CMF-04). */
static void leave_unnoticed(struct sdl_process *self, uint8_t node)
{
	struct device *d = sdl_data(self);
	bool lost = d->node != node && !better(d, node, d->node);

	ctim_device_leave(self,
			  lost		    ? OUT_OF_SERVICE_CAUSE__CALLMANAGER_FAILURE
			  : d->node == node ? OUT_OF_SERVICE_CAUSE__DEVICE_UNREGISTERED
					    : OUT_OF_SERVICE_CAUSE__REHOME_TO_HIGHER_PRIORITY_CM,
			  lost ? CTIERR_CLUSTER_LINK_FAILURE : CTIERR_DEVICE_OUT_OF_SERVICE,
			  lost ? CAUSE_CALL_CALLMANAGER_FAILURE : CAUSE_CALL_DESTINATIONOUTOFORDER);
}

/* A phone has registered. It may have moved before its old CallManager noticed: then it is out of
 * service first, with the cause of the move (CMF-15). */
static int on_register_notify(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const CtiDeviceRegisterNotifyWithLineInfo *notify = sig->msg;
	uint8_t node = sig->from.node;
	struct sdl_pid pid = sdl_pid_unpack(notify->device_pid);

	if (!ctim_device_is_phone(d) || !ctim_device_member(d, node))
		return sdl_state(self);
	ctim_device_member(d, node)->phone = notify->device_pid;
	if (ctim_device_attached(self)) {
		if (d->node == node && sdl_pid_equal(d->pid, pid))
			return sdl_state(self);
		leave_unnoticed(self, node);
	}
	return ctim_device_attach(self, node, notify->device_pid);
}

static int on_unregister_notify(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const CtiDeviceUnregisterNotify *notify = sig->msg;
	struct member *m = ctim_device_member(d, sig->from.node);

	if (m)
		m->phone = 0;
	if (!ctim_device_attached(self) || sig->from.node != d->node)
		return sdl_state(self);
	ctim_device_leave(self, notify->cause,
			  notify->cause == OUT_OF_SERVICE_CAUSE__CALLMANAGER_FAILURE
				  ? CTIERR_CLUSTER_LINK_FAILURE
				  : CTIERR_DEVICE_OUT_OF_SERVICE,
			  CAUSE_CALL_DESTINATIONOUTOFORDER);
	if (notify->has_target_node)
		d->target = (uint8_t)notify->target_node;
	return ctim_device_seek_anew(self);
}

static int on_config_changed(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);

	(void)sig;
	d->stale = true;
	/* It is registered nowhere, and waits for what may not be its group any more. */
	return sdl_state(self) == WAITING ? ctim_device_seek_anew(self) : sdl_state(self);
}

/* ---- the database --------------------------------------------------------------------------- */

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

static void forget_interest(struct device *d)
{
	for (uint8_t i = 0; i < d->members_n; i++)
		d->members[i].interest = false;
}

/* Members that are not in the group any more are not listened to any longer. */
static void adopt(struct sdl_process *self, const DeviceConfig *config)
{
	struct device *d = sdl_data(self);
	struct member old[GROUP_MAX];
	uint8_t old_n = d->members_n;

	memcpy(old, d->members, sizeof(old));
	ctim_device_adopt(d, config);
	/* CallManagers that know of the interest in a phone hear of its new group. */
	for (uint8_t i = 0; i < d->members_n; i++)
		if (d->members_n != old_n || d->members[i].node != old[i].node)
			forget_interest(d);
	for (uint8_t i = 0; i < old_n; i++)
		if (!ctim_device_member(d, old[i].node) && !sdl_pid_none(old[i].link))
			sdl_send(self, old[i].link, SIG_CmUnwatchReq, NULL);
	watch_members(self);
}

static uint32_t verdict(struct sdl_process *self, const struct opener *o, const CtiDbDeviceRes *res)
{
	const struct device *d = sdl_data(self);
	bool controlled = res->controlled || sdl_mutant(self, MUTANT_CONTROL_WITHOUT_ASSOCIATION);
	CtiHandlerDeviceOpen *asked;
	uint32_t error;

	if (res->result == DB_RESULT__DB_NOT_FOUND)
		return CTIERR_INVALID_DEVICE_NAME;
	if (res->result != DB_RESULT__DB_OK || !res->device)
		return CTIERR_DB_ERROR;
	asked = ctim_opener_unpack(o);
	error = ctim_device_admits(asked, res->device, controlled);
	cti_handler_device_open__free_unpacked(asked, NULL);
	return error ? error : ctim_device_media_conflict(d, o);
}

/* An opener has been found good: it waits for the device with the others, or has it at once. */
static int admit_opener(struct sdl_process *self, struct opener *o, const DeviceConfig *config)
{
	struct device *d = sdl_data(self);
	const struct member *asked = ctim_device_member(d, d->candidate);

	o->state = OPENER_WAITING;
	switch (sdl_state(self)) {
	case LOOKING_UP:
		adopt(self, config);
		return all_known(d) ? ctim_device_seek_anew(self) : WATCHING;
	case OPENING:
		/* The turn was given back if it came while nobody was admitted. */
		return asked && asked->turn == TURN_NONE ? ctim_device_seek(self) : OPENING;
	case IN_SERVICE:
	case AWAIT_REHOME:
		ctim_device_settle_opener(self, o);
		return sdl_state(self);
	case WAITING:
		return ctim_device_wait(self, d->cause);
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
	d->stale = d->stale && !res->device;
	if (res->result == DB_RESULT__DB_NOT_FOUND ||
	    (res->device && res->device->has_cti_allowed && !res->device->cti_allowed)) {
		d->last_error = res->device ? CTIERR_DEVICE_RESTRICTED : CTIERR_INVALID_DEVICE_NAME;
		return ctim_device_give_up(self);
	}
	if (res->device)
		adopt(self, res->device);
	return all_known(d) ? ctim_device_seek(self) : WATCHING;
}

static int on_db_device(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const CtiDbDeviceRes *res = sig->msg;
	struct opener *o = ctim_device_opener(d, (uint32_t)res->cookie);
	uint32_t error;

	/* Who asked for all has gone meanwhile. */
	if (!o && sdl_state(self) == LOOKING_UP && d->openers)
		look_up(self, admitted(d));
	if (!o)
		return sdl_state(self);
	if (o->state != OPENER_LOOKUP)
		return readopt(self, res);
	error = verdict(self, o, res);
	if (!error)
		return admit_opener(self, o, res->device);
	ctim_device_answer_open(self, o, error);
	return d->openers ? sdl_state(self) : ctim_device_retire(self);
}

/* ---- openers come and go -------------------------------------------------------------------- */

static int on_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct device *d = sdl_data(self);
	const CtiHandlerDeviceOpen *req = sig->msg;

	if (!d->name)
		d->name = (char *)sdl_label(self, req->open->device);
	if (ctim_device_opener_of(d, sig->from)) {
		ctim_device_respond(self, ctim_device_opener_of(d, sig->from), req->open->seq,
				    CTIERR_DEVICE_ALREADY_OPENED);
		return sdl_state(self);
	}
	look_up(self, ctim_device_add_opener(d, sig->from, req));
	return sdl_state(self);
}

static void stop(struct sdl_process *self)
{
	ctim_device_free(sdl_data(self));
}

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
