/* Transfer: connects the other sides of two calls of a line with each other; the line itself is
 * left out. It ends with the request that it is made for.
 *
 *   locking --both legs of the line are locked--> preparing --both other sides agree--> committing
 *      |                                              |                                    |
 *      +----------- one refuses, or is gone: all is as before -----> (end) <--- both legs are over
 *
 * It needs to watch no node: the legs do, and one that ends says so. */
#include "callmanager/process.h"

#include <stdio.h>

enum { LOCKING, PREPARING, COMMITTING };

static const struct sdl_state states[] = {
	[LOCKING] = { "locking", 0, PARAM_NONE, "the two legs, at this node, which always answer" },
	[PREPARING] = { "preparing", 0, PARAM_NONE,
			"the other sides, whose loss the two legs tell" },
	[COMMITTING] = { "committing", 0, PARAM_NONE, "the end of the two legs, at this node" },
};

static sdl_handler on_init, on_locked, on_gone_locking, on_prepared, on_over;

static const struct sdl_row rows[] = {
	{ LOCKING, SIG_CcTransferInit, on_init, 0 },
	{ LOCKING, SIG_CcTransferLockRes, on_locked, TO(PREPARING) | TO_STOP },
	{ LOCKING, SIG_CcTransferRes, on_gone_locking, 0 },
	{ PREPARING, SIG_CcTransferRes, on_prepared, TO(COMMITTING) | TO_STOP },
	{ COMMITTING, SIG_CcTransferRes, on_over, TO_STOP },
};

/* One of the two calls. */
struct side {
	struct sdl_pid leg;  /* of the line */
	struct sdl_pid peer; /* the other side */
	uint64_t gci;
	char number[CM_DN_SIZE];
	LegStand stand;
	bool answered;
	bool agreed;
	bool seat; /* in a conference */
	bool over;
};

struct transfer {
	CcTransferInit *is; /* own copy */
	struct side side[2];
	uint32_t refusal; /* CTIERR */
};

static void stop(struct sdl_process *self)
{
	struct transfer *t = sdl_data(self);

	if (t->is)
		cc_transfer_init__free_unpacked(t->is, NULL);
}

static int on_init(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct transfer *t = sdl_data(self);
	const CcTransferInit *init = sig->msg;

	if (t->is || !sdl_pid_equal(sig->from, sdl_parent(self)))
		return cm_stranger(self, sig);
	t->is = cm_copy(&init->base);
	t->side[0].leg = sdl_pid_unpack(init->leg);
	t->side[1].leg = sdl_pid_unpack(init->other_leg);
	return LOCKING;
}

/* Both legs speak for their other sides, too. NULL: somebody else. */
static struct side *side_of(struct transfer *t, const struct sdl_signal *sig)
{
	for (size_t i = 0; i < 2; i++)
		if (sdl_pid_equal(sig->from, t->side[i].leg))
			return &t->side[i];
	return NULL;
}

/* ---- what comes of it ----------------------------------------------------------------------- */

static void tell(struct sdl_process *self, uint16_t notify, uint32_t result)
{
	const struct transfer *t = sdl_data(self);
	CcFeature ind = CC_FEATURE__INIT;

	ind.notify = notify;
	ind.line = t->is->line;
	ind.has_ci = true;
	ind.ci = t->is->ci;
	ind.other_ci = (uint32_t *)&t->is->other_ci;
	ind.n_other_ci = 1;
	ind.has_result = true;
	ind.result = result;
	sdl_send(self, sdl_parent(self), SIG_CcFeatureInd, &ind);
}

static void answer(struct sdl_process *self, uint32_t result)
{
	const struct transfer *t = sdl_data(self);
	CtiLineCallRes res = CTI_LINE_CALL_RES__INIT;

	res.async_response = t->is->async_response;
	res.result = result;
	res.has_ci = true;
	res.ci = t->is->ci;
	sdl_send(self, sdl_pid_unpack(t->is->asker), (uint16_t)t->is->answer, &res);
}

static void cancel(struct sdl_process *self)
{
	const struct transfer *t = sdl_data(self);

	if (sdl_mutant(self, MUTANT_TRANSFER_NOT_UNDONE))
		return;
	for (size_t i = 0; i < 2; i++)
		if (!sdl_pid_none(t->side[i].peer) && !t->side[i].over)
			sdl_send(self, t->side[i].leg, SIG_CcTransferCancel, NULL);
}

static FeatureReason reason(const struct transfer *t)
{
	return t->is->has_reason ? t->is->reason : FEATURE_REASON__TRANSFER;
}

/* ---- locking -------------------------------------------------------------------------------- */

static void ask(struct sdl_process *self, const struct side *asked, const struct side *other)
{
	const struct transfer *t = sdl_data(self);
	CcTransfer req = CC_TRANSFER__INIT;

	req.new_peer = sdl_pid_pack(other->peer);
	req.gci = t->side[0].gci;
	req.number = (char *)other->number;
	req.from = t->is->dn;
	req.reason = reason(t);
	sdl_send(self, asked->leg, SIG_CcTransferReq, &req);
}

static int on_locked(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct transfer *t = sdl_data(self);
	const CcTransferLocked *res = sig->msg;
	struct side *side = side_of(t, sig);

	if (!side || side->answered)
		return cm_stranger(self, sig);
	side->answered = true;
	if (res->result) {
		t->refusal = res->result;
	} else {
		side->peer = sdl_pid_unpack(res->peer);
		side->gci = res->gci;
		snprintf(side->number, sizeof side->number, "%s", res->number);
	}
	if (!t->side[0].answered || !t->side[1].answered)
		return LOCKING;
	/* A line that has called itself. */
	if (!t->refusal && sdl_pid_equal(t->side[0].peer, t->side[1].leg))
		t->refusal = CTIERR_TRANSFERFAILED;
	if (t->refusal) {
		cancel(self);
		answer(self, t->refusal);
		return SDL_STOP;
	}
	tell(self, SIG_CtiLineTransferStartedNotify, CTIERR_SUCCESS);
	ask(self, &t->side[0], &t->side[1]);
	ask(self, &t->side[1], &t->side[0]);
	return PREPARING;
}

/* One leg was locked and has ended before the other one answered. */
static int on_gone_locking(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct transfer *t = sdl_data(self);
	struct side *side = side_of(t, sig);

	if (!side)
		return cm_stranger(self, sig);
	side->over = true;
	t->refusal = CTIERR_TRANSFERFAILED;
	return LOCKING;
}

/* ---- preparing ------------------------------------------------------------------------------ */

static bool connected(const struct side *side)
{
	return side->stand == LEG_STAND__STAND_CONNECTED || side->stand == LEG_STAND__STAND_HELD;
}

static int fail(struct sdl_process *self, uint32_t result)
{
	cancel(self);
	answer(self, result);
	tell(self, SIG_CtiLineTransferEndedNotify, result);
	return SDL_STOP;
}

static void commit(struct sdl_process *self, const struct side *side, const struct side *other)
{
	CcTransferCommit msg = CC_TRANSFER_COMMIT__INIT;

	msg.stand = other->stand;
	msg.reason = reason(sdl_data(self));
	sdl_send(self, side->leg, SIG_CcTransferCommit, &msg);
}

static int on_prepared(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct transfer *t = sdl_data(self);
	const CcTransferResult *res = sig->msg;
	struct side *side = side_of(t, sig);

	if (!side)
		return cm_stranger(self, sig);
	if (res->cause) {
		bool busy = res->cause == CAUSE_CALL_SWITCHINGEQUIPMENTCONGESTION;

		return fail(self, busy ? CTIERR_TRANSFERFAILED_OUTSTANDING_TRANSFER
				       : CTIERR_TRANSFERFAILED);
	}
	side->agreed = true;
	side->stand = res->stand;
	side->seat = res->seat;
	if (!t->side[0].agreed || !t->side[1].agreed)
		return PREPARING;
	if (!connected(&t->side[0]) && !connected(&t->side[1])) /* nobody to be transferred */
		return fail(self, CTIERR_TRANSFERFAILED);
	if (t->side[0].seat && t->side[1].seat) /* conferences are not chained */
		return fail(self, CTIERR_TRANSFERFAILED);
	commit(self, &t->side[0], &t->side[1]);
	commit(self, &t->side[1], &t->side[0]);
	return COMMITTING;
}

/* ---- committing ----------------------------------------------------------------------------- */

static int on_over(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct transfer *t = sdl_data(self);
	struct side *side = side_of(t, sig);

	if (!side)
		return cm_stranger(self, sig);
	side->over = true;
	if (!t->side[0].over || !t->side[1].over)
		return COMMITTING;
	answer(self, CTIERR_SUCCESS);
	tell(self, SIG_CtiLineTransferEndedNotify, CTIERR_SUCCESS);
	return SDL_STOP;
}

const struct sdl_type cm_transfer = {
	.name = "Transfer",
	.number = CM_TRANSFER,
	.size = sizeof(struct transfer),
	.states = states,
	.states_n = sizeof states / sizeof states[0],
	.rows = rows,
	.rows_n = sizeof rows / sizeof rows[0],
	.stop = stop,
};
