/* Join: brings the other sides of calls of a line into a conference, and the line with them. One of
 * the calls stays, as the line's call to the conference; the others end. It ends with the request
 * that it is made for.
 *
 *   locking --the legs are locked, the conference has room--> preparing --all agree--> committing
 *      |                                                          |                        |
 *      +-------- one refuses, or is gone: all is as before -----> (end) <-- the legs have followed
 */
#include "callmanager/process.h"

#include <stdio.h>

enum { LOCKING, PREPARING, COMMITTING };

static const struct sdl_state states[] = {
	[LOCKING] = { "locking", 0, PARAM_NONE,
		      "its legs and the conference, at this node, which always answer" },
	[PREPARING] = { "preparing", 0, PARAM_NONE, "the other sides, whose loss its legs tell" },
	[COMMITTING] = { "committing", 0, PARAM_NONE, "its legs, at this node" },
};

static sdl_handler on_init, on_locked, on_added, on_gone_locking, on_prepared, on_released, on_over;

static const struct sdl_row rows[] = {
	{ LOCKING, SIG_CcJoinInit, on_init, 0 },
	{ LOCKING, SIG_CcTransferLockRes, on_locked, TO(PREPARING) | TO_STOP },
	{ LOCKING, SIG_CcConferenceAddRes, on_added, TO(PREPARING) | TO_STOP },
	{ LOCKING, SIG_CcTransferRes, on_gone_locking, 0 },
	{ PREPARING, SIG_CcTransferRes, on_prepared, TO(COMMITTING) | TO_STOP },
	{ PREPARING, SIG_CcReleaseInd, on_released, TO_STOP },
	{ COMMITTING, SIG_CcTransferRes, on_over, TO_STOP },
	{ COMMITTING, SIG_CcReleaseInd, sdl_ignore, 0 },
	{ COMMITTING, SIG_CtiLineCallDisconnectRes, sdl_ignore, 0 },
};

#define NUMBER "Conference"

/* Who joins: the other side of a call of the line. */
struct side {
	struct sdl_pid leg;  /* of the line */
	struct sdl_pid peer; /* the other side */
	struct sdl_pid seat; /* its leg in the conference */
	char number[CM_DN_SIZE];
	LegStand stand;
	bool locked, answered, agreed, seated, over;
};

struct join {
	CcJoinInit *is; /* own copy */
	struct side *side;
	size_t sides;
	struct sdl_pid own_seat; /* of the line itself, if it is fresh */
	bool own_seated;
	bool added;
	uint64_t gci;
	uint32_t conference;
	uint32_t refusal; /* CTIERR */
};

static void stop(struct sdl_process *self)
{
	struct join *j = sdl_data(self);

	free(j->side);
	if (j->is)
		cc_join_init__free_unpacked(j->is, NULL);
}

static int on_init(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct join *j = sdl_data(self);
	const CcJoinInit *init = sig->msg;
	size_t n = 0;

	if (j->is || !sdl_pid_equal(sig->from, sdl_parent(self)))
		return cm_stranger(self, sig);
	j->is = cm_copy(&init->base);
	j->sides = init->n_other + (init->fresh ? 1 : 0);
	j->side = calloc(j->sides + 1, sizeof *j->side);
	if (!j->side)
		abort();
	if (init->fresh)
		j->side[n++].leg = sdl_pid_unpack(init->leg);
	for (size_t i = 0; i < init->n_other; i++)
		j->side[n++].leg = sdl_pid_unpack(init->other[i]->leg);
	return LOCKING;
}

/* By its leg of the line, or by that in the conference. */
static struct side *side_of(struct join *j, struct sdl_pid from)
{
	for (size_t i = 0; i < j->sides; i++)
		if (sdl_pid_equal(j->side[i].leg, from) || sdl_pid_equal(j->side[i].seat, from))
			return &j->side[i];
	return NULL;
}

static bool is_known(struct join *j, struct sdl_pid from)
{
	return side_of(j, from) || sdl_pid_equal(from, j->own_seat);
}

/* ---- what comes of it ----------------------------------------------------------------------- */

static void tell(struct sdl_process *self, uint16_t notify, uint32_t result)
{
	const struct join *j = sdl_data(self);
	CcFeature ind = CC_FEATURE__INIT;
	uint32_t *others = calloc(j->is->n_other + 1, sizeof *others);

	if (!others)
		abort();
	for (size_t i = 0; i < j->is->n_other; i++)
		others[i] = j->is->other[i]->ci;
	ind.notify = notify;
	ind.line = j->is->line;
	ind.has_ci = true;
	ind.ci = j->is->ci;
	ind.other_ci = others;
	ind.n_other_ci = j->is->n_other;
	ind.has_result = true;
	ind.result = result;
	sdl_send(self, sdl_parent(self), SIG_CcFeatureInd, &ind);
	free(others);
}

static void answer(struct sdl_process *self, uint32_t result)
{
	const struct join *j = sdl_data(self);
	CtiLineCallRes res = CTI_LINE_CALL_RES__INIT;

	res.async_response = j->is->async_response;
	res.result = result;
	res.has_ci = true;
	res.ci = j->is->ci;
	sdl_send(self, sdl_pid_unpack(j->is->asker), (uint16_t)j->is->answer, &res);
}

static void cancel_leg(struct sdl_process *self, struct sdl_pid leg)
{
	if (!sdl_pid_none(leg))
		sdl_send(self, leg, SIG_CcTransferCancel, NULL);
}

static int fail(struct sdl_process *self, uint32_t result)
{
	const struct join *j = sdl_data(self);

	for (size_t i = 0; i < j->sides; i++) {
		if (j->side[i].locked)
			cancel_leg(self, j->side[i].leg);
		cancel_leg(self, j->side[i].seat);
	}
	cancel_leg(self, j->own_seat);
	answer(self, result);
	if (sdl_state(self) == PREPARING)
		tell(self, SIG_CtiLineConferenceEndedNotify, result);
	return SDL_STOP;
}

/* ---- locking -------------------------------------------------------------------------------- */

static void ask(struct sdl_process *self, struct sdl_pid leg, struct sdl_pid new_peer,
		const char *number)
{
	const struct join *j = sdl_data(self);
	CcTransfer req = CC_TRANSFER__INIT;

	req.new_peer = sdl_pid_pack(new_peer);
	req.gci = j->gci;
	req.number = (char *)number;
	req.from = "";
	req.reason = FEATURE_REASON__CONFERENCE;
	sdl_send(self, leg, SIG_CcTransferReq, &req);
}

static int prepare_when_locked(struct sdl_process *self)
{
	const struct join *j = sdl_data(self);

	for (size_t i = 0; i < j->sides; i++)
		if (!j->side[i].answered)
			return LOCKING;
	if (!j->added)
		return LOCKING;
	if (j->refusal)
		return fail(self, j->refusal);
	tell(self, SIG_CtiLineConferenceStartedNotify, CTIERR_SUCCESS);
	for (size_t i = 0; i < j->sides; i++) {
		const struct side *side = &j->side[i];

		ask(self, side->seat, side->peer, side->number);
		ask(self, side->leg, side->seat, NUMBER);
	}
	if (j->is->fresh)
		ask(self, j->own_seat, sdl_pid_unpack(j->is->leg), j->is->dn);
	return PREPARING;
}

static int on_locked(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct join *j = sdl_data(self);
	const CcTransferLocked *res = sig->msg;
	struct side *side = side_of(j, sig->from);

	if (!side || side->answered)
		return cm_stranger(self, sig);
	side->answered = true;
	if (res->result) {
		j->refusal = res->result == CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL
				     ? res->result
				     : CTIERR_CONFERENCE_INVALID_PARTICIPANT;
		return prepare_when_locked(self);
	}
	side->locked = true;
	side->peer = sdl_pid_unpack(res->peer);
	snprintf(side->number, sizeof side->number, "%s", res->number);
	if (side == &j->side[0] && !j->gci)
		j->gci = res->gci;
	return prepare_when_locked(self);
}

/* A Conference, or MediaResourceManager for none. */
static bool may_answer(struct sdl_process *self, struct sdl_pid from)
{
	struct sdl_pid own = sdl_self(self);

	return from.node == own.node && from.app == own.app &&
	       (from.type == CM_CONFERENCE || from.type == CM_MEDIA_RESOURCE_MANAGER);
}

static int on_added(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct join *j = sdl_data(self);
	const CcConferenceAdded *res = sig->msg;

	if (j->added || !may_answer(self, sig->from))
		return cm_stranger(self, sig);
	j->added = true;
	if (res->result) {
		j->refusal = res->result;
		return prepare_when_locked(self);
	}
	j->conference = res->conference;
	if (res->has_gci)
		j->gci = res->gci;
	for (size_t i = 0; i < j->sides && i < res->n_leg; i++)
		j->side[i].seat = sdl_pid_unpack(res->leg[i]);
	if (j->is->fresh && res->n_leg > j->sides)
		j->own_seat = sdl_pid_unpack(res->leg[j->sides]);
	return prepare_when_locked(self);
}

/* One was locked and has ended before all had answered. */
static int on_gone_locking(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct join *j = sdl_data(self);

	if (!is_known(j, sig->from))
		return cm_stranger(self, sig);
	j->refusal = CTIERR_CONFERENCE_FAILED;
	return LOCKING;
}

/* ---- preparing ------------------------------------------------------------------------------ */

static void commit(struct sdl_process *self)
{
	struct join *j = sdl_data(self);
	CcTransferCommit msg = CC_TRANSFER_COMMIT__INIT;
	CcTransfer own = CC_TRANSFER__INIT;

	msg.reason = FEATURE_REASON__CONFERENCE;
	for (size_t i = 0; i < j->sides; i++) {
		msg.stand = j->side[i].stand;
		sdl_send(self, j->side[i].seat, SIG_CcTransferCommit, &msg);
	}
	msg.stand = LEG_STAND__STAND_CONNECTED;
	if (j->is->fresh)
		sdl_send(self, j->own_seat, SIG_CcTransferCommit, &msg);
	for (size_t i = 0; i < j->sides; i++) {
		bool stays = j->is->fresh && i == 0;

		own.new_peer = sdl_pid_pack(j->own_seat);
		own.gci = j->gci;
		own.number = NUMBER;
		own.from = "";
		own.reason = FEATURE_REASON__CONFERENCE;
		msg.own = stays ? &own : NULL;
		sdl_send(self, j->side[i].leg, SIG_CcTransferCommit, &msg);
	}
}

static uint32_t refusal(uint32_t cause)
{
	return cause == CAUSE_CALL_RESOURCESNAVAIL ? CTIERR_CONFERENCE_INVALID_PARTICIPANT
						   : CTIERR_CONFERENCE_FAILED;
}

static bool connected(const struct side *side)
{
	return side->stand == LEG_STAND__STAND_CONNECTED || side->stand == LEG_STAND__STAND_HELD;
}

static int on_prepared(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct join *j = sdl_data(self);
	const CcTransferResult *res = sig->msg;
	struct side *side = side_of(j, sig->from);

	if (!is_known(j, sig->from))
		return cm_stranger(self, sig);
	if (res->cause)
		return fail(self, refusal(res->cause));
	if (!side) {
		j->own_seated = true;
	} else if (sdl_pid_equal(sig->from, side->seat)) {
		side->seated = true;
	} else {
		side->agreed = true;
		side->stand = res->stand;
	}
	if (j->is->fresh && !j->own_seated)
		return PREPARING;
	for (size_t i = 0; i < j->sides; i++)
		if (!j->side[i].agreed || !j->side[i].seated)
			return PREPARING;
	for (size_t i = 0; i < j->sides; i++)
		if (!connected(&j->side[i]))
			return fail(self, CTIERR_CONFERENCE_INVALID_PARTICIPANT);
	commit(self);
	return COMMITTING;
}

/* A leg of the conference has ended: whom it was for is lost. */
static int on_released(struct sdl_process *self, const struct sdl_signal *sig)
{
	if (!is_known(sdl_data(self), sig->from))
		return cm_stranger(self, sig);
	return fail(self, CTIERR_CONFERENCE_FAILED);
}

/* ---- committing ----------------------------------------------------------------------------- */

/* The line's own call, which may have been held for the consult call, or have ended just now. */
static void take_part(struct sdl_process *self)
{
	const struct join *j = sdl_data(self);
	CcConferenceCall ind = CC_CONFERENCE_CALL__INIT;
	CtiLineCallReq req = CTI_LINE_CALL_REQ__INIT;

	ind.ci = j->is->ci;
	ind.conference = j->conference;
	sdl_send(self, sdl_parent(self), SIG_CcConferenceInd, &ind);
	req.ci = j->is->ci;
	if (!j->is->fresh)
		sdl_send(self, sdl_pid_unpack(j->is->leg), SIG_CtiLineCallRetrieveReq, &req);
}

static int on_over(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct join *j = sdl_data(self);
	const CcTransferResult *res = sig->msg;
	struct side *side = side_of(j, sig->from); /* seats have answered before */
	CtiLineCallReq leave = CTI_LINE_CALL_REQ__INIT;

	if (!side || !sdl_pid_equal(sig->from, side->leg))
		return cm_stranger(self, sig);
	side->over = true;
	if (j->is->fresh && side == &j->side[0] &&
	    res->cause) /* it was to stay, and is not there */
		sdl_send(self, j->own_seat, SIG_CtiLineCallDisconnectReq, &leave);
	for (size_t i = 0; i < j->sides; i++)
		if (!j->side[i].over)
			return COMMITTING;
	take_part(self);
	answer(self, CTIERR_SUCCESS);
	tell(self, SIG_CtiLineConferenceEndedNotify, CTIERR_SUCCESS);
	return SDL_STOP;
}

const struct sdl_type cm_join = {
	.name = "Join",
	.number = CM_JOIN,
	.size = sizeof(struct join),
	.states = states,
	.states_n = sizeof states / sizeof states[0],
	.rows = rows,
	.rows_n = sizeof rows / sizeof rows[0],
	.stop = stop,
};
