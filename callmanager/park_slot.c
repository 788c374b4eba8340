/* ParkSlot: a parked call. It is made for a party that wants to park, takes its place as the other
 * side's peer, and holds that until somebody dials the park number.
 *
 *   locking --leg is locked--> numbering --number--> preparing --other side agrees--> parked
 *      |                           |                     |                              |  ^
 *      +------ refused, or gone: all is as before -------+                              |  |
 *                                                                                       |  |
 *   parked --caller--> retrieving --both agree--> (over)    one of them does not -------|--+
 *   parked --Call Park Reversion Timer--> reverting --taken--> (over)    refused -------|--+
 *   parked --the other side transfers its call--> moving --done, or not---------------|--+
 *   parked, retrieving ... --the parked party, or its node, is gone--> (over) <---------+
 *
 * Nobody else is in the path: with this node the parked call ends (CAL-03), a third one does not
 * matter. */
#include "callmanager/park_slot.h"

#include <stdio.h>

static const struct sdl_state states[] = {
	[SLOT_LOCKING] = { "locking", 0, PARAM_NONE,
			   "the leg, at this node, which always answers" },
	[SLOT_NUMBERING] = { "numbering", 0, PARAM_NONE, "ParkManager, which always answers" },
	[SLOT_PREPARING] = { "preparing", 0, PARAM_NONE,
			     "the other side, whose loss the leg tells" },
	[SLOT_PARKED] = { "parked", SIG_CallParkReversionTimer, PARAM_CALL_PARK_REVERSION_TIMER,
			  NULL },
	[SLOT_RETRIEVING] = { "retrieving", 0, PARAM_NONE,
			      "the two parties, whose nodes' loss it hears of" },
	[SLOT_REVERTING] = { "reverting", 0, PARAM_NONE,
			     "the parked party, whose node's loss it hears of" },
	[SLOT_MOVING] = { "moving", 0, PARAM_NONE,
			  "the parked party's coordinator, whose node's loss it hears of" },
	[SLOT_OVER] = { "over", 0, PARAM_NONE, "ParkManager, which always answers" },
};

static sdl_handler on_init, on_locked, on_gone_numbering, on_number, on_prepared,
	on_party_gone_preparing, on_setup, on_busy, on_reversion, on_retrieval, on_reverted,
	on_party_gone, on_gone_retrieving, on_link_down, on_redirect, on_end;

static const struct sdl_row rows[] = {
	{ SLOT_LOCKING, SIG_CcParkInit, on_init, 0 },
	{ SLOT_LOCKING, SIG_CcTransferLockRes, on_locked, TO(SLOT_NUMBERING) | TO(SLOT_OVER) },
	{ SLOT_NUMBERING, SIG_CcParkNumberRes, on_number, TO(SLOT_PREPARING) | TO(SLOT_OVER) },
	{ SLOT_NUMBERING, SIG_CcTransferRes, on_gone_numbering, 0 },
	{ SLOT_PREPARING, SIG_CcTransferRes, on_prepared, TO(SLOT_PARKED) | TO(SLOT_OVER) },
	{ SLOT_PREPARING, SIG_CcReleaseInd, on_party_gone_preparing, TO(SLOT_OVER) },
	{ SLOT_PREPARING, SIG_CcSetupReq, on_busy, 0 },

	{ SLOT_PARKED, SIG_CcSetupReq, on_setup, TO(SLOT_RETRIEVING) },
	{ SLOT_PARKED, SIG_CallParkReversionTimer, on_reversion, TO(SLOT_REVERTING) },
	{ SLOT_PARKED, SIG_CcTransferReq, park_slot_on_transfer, TO(SLOT_MOVING) },
	{ SLOT_PARKED, SIG_CcReleaseInd, on_party_gone, TO(SLOT_OVER) },
	{ SLOT_PARKED, SIG_CcPeerLostInd, on_party_gone, TO(SLOT_OVER) },
	{ SLOT_RETRIEVING, SIG_CcSetupReq, on_busy, 0 },
	{ SLOT_RETRIEVING, SIG_CcTransferRes, on_retrieval, TO(SLOT_PARKED) | TO(SLOT_OVER) },
	{ SLOT_RETRIEVING, SIG_CcReleaseInd, on_gone_retrieving, TO(SLOT_PARKED) | TO(SLOT_OVER) },
	{ SLOT_RETRIEVING, SIG_CcPeerLostInd, on_gone_retrieving, TO(SLOT_PARKED) | TO(SLOT_OVER) },
	{ SLOT_REVERTING, SIG_CcSetupReq, on_busy, 0 },
	{ SLOT_REVERTING, SIG_CcRedirectRes, on_reverted, TO(SLOT_PARKED) | TO(SLOT_OVER) },
	{ SLOT_REVERTING, SIG_CcReleaseInd, on_party_gone, TO(SLOT_OVER) },
	{ SLOT_REVERTING, SIG_CcPeerLostInd, on_party_gone, TO(SLOT_OVER) },
	{ SLOT_MOVING, SIG_CcSetupReq, on_busy, 0 },
	{ SLOT_MOVING, SIG_CcTransferCommit, park_slot_on_moved, TO(SLOT_PARKED) | TO(SLOT_OVER) },
	{ SLOT_MOVING, SIG_CcTransferCancel, park_slot_on_not_moved, TO(SLOT_PARKED) },
	{ SLOT_MOVING, SIG_CcReleaseInd, park_slot_on_gone_moving, TO(SLOT_OVER) },
	{ SLOT_MOVING, SIG_CcPeerLostInd, park_slot_on_gone_moving, TO(SLOT_OVER) },
	{ SLOT_MOVING, SIG_SdlLinkOutOfService, park_slot_on_link_down_moving, TO(SLOT_OVER) },
	{ SLOT_MOVING, SIG_CcConnectInd, sdl_save, 0 },
	{ SLOT_OVER, SIG_CcSetupReq, on_busy, 0 },
	{ SLOT_OVER, SIG_CcParkOverAck, on_end, TO_STOP },

	{ SDL_ANY, SIG_SdlLinkOutOfService, on_link_down, TO(SLOT_PARKED) | TO(SLOT_OVER) },
	{ SDL_ANY, SIG_SdlLinkInService, sdl_ignore, 0 },
	/* A parked party may give its place to another one, and is not sent elsewhere. */
	{ SDL_ANY, SIG_CcRedirectReq, on_redirect, 0 },
	{ SDL_ANY, SIG_CcTransferReq, park_slot_on_transfer_refused, 0 },
	{ SDL_ANY, SIG_CcConnectInd, park_slot_on_connected, 0 },
	{ SDL_ANY, SIG_CcAlertInd, sdl_ignore, 0 },
	/* It may say what it likes; nobody listens. */
	{ SDL_ANY, SIG_CcHoldInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcRetrieveInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcMediaInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcDtmfInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcConsultingInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcTransferCommit, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcTransferCancel, sdl_ignore, 0 },
	/* Of legs that were left out, or that have gone already. */
	{ SDL_ANY, SIG_CcTransferRes, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcReleaseInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcPeerLostInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcRedirectRes, sdl_ignore, 0 },
};

static int start(struct sdl_process *self)
{
	sdl_watch(self, 0, SDL_APP_CALLMANAGER);
	return SLOT_LOCKING;
}

static void stop(struct sdl_process *self)
{
	struct park_slot *s = sdl_data(self);

	if (s->is)
		cc_park_init__free_unpacked(s->is, NULL);
	if (s->transfer)
		cc_transfer__free_unpacked(s->transfer, NULL);
}

static struct sdl_pid parker_leg(const struct park_slot *s)
{
	return sdl_pid_unpack(s->is->leg);
}

static int on_init(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_slot *s = sdl_data(self);
	const CcParkInit *init = sig->msg;

	s->is = cm_copy(&init->base);
	return SLOT_LOCKING;
}

/* ---- what comes of it ----------------------------------------------------------------------- */

static void answer(struct sdl_process *self, uint32_t result)
{
	const struct park_slot *s = sdl_data(self);
	CtiLineCallRes res = CTI_LINE_CALL_RES__INIT;

	res.async_response = s->is->async_response;
	res.result = result;
	res.has_ci = true;
	res.ci = s->is->ci;
	if (result == CTIERR_SUCCESS)
		res.number = (char *)s->number;
	sdl_send(self, sdl_pid_unpack(s->is->asker), SIG_CtiLineCallParkRes, &res);
}

/* For who watches park numbers (GRP-02): each call that is parked is told of until it is not. */
static void tell_status(struct sdl_process *self, ParkStatus status, uint32_t cause)
{
	struct park_slot *s = sdl_data(self);
	CcParkStatus ind = CC_PARK_STATUS__INIT;

	s->told = status == PARK_STATUS__CALLPARK;
	ind.status = status;
	ind.has_gci = true;
	ind.gci = s->gci;
	ind.parked = s->parked.number;
	ind.parked_by = s->is->dn;
	ind.retrieved_by = status == PARK_STATUS__CALLUNPARK && !cause ? s->caller.number : NULL;
	ind.has_cause = cause != 0;
	ind.cause = cause;
	sdl_send(self, sdl_local(self, CM_PARK_MANAGER), SIG_CcParkStatusInd, &ind);
}

int park_slot_over(struct sdl_process *self)
{
	struct park_slot *s = sdl_data(self);

	if (s->told)
		tell_status(self, PARK_STATUS__CALLUNPARK,
			    s->lost ? CAUSE_CALL_CALLMANAGER_FAILURE
				    : CAUSE_CALL_NORMALCALLCLEARING);
	sdl_send(self, sdl_local(self, CM_PARK_MANAGER), SIG_CcParkOverInd, NULL);
	return SLOT_OVER;
}

static int refused(struct sdl_process *self, uint32_t result)
{
	answer(self, result);
	return park_slot_over(self);
}

/* ---- the parker leaves ---------------------------------------------------------------------- */

static int on_locked(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_slot *s = sdl_data(self);
	const CcTransferLocked *res = sig->msg;

	if (res->result)
		return refused(self, res->result);
	s->parked.leg = sdl_pid_unpack(res->peer);
	s->gci = res->gci;
	snprintf(s->parked.number, sizeof s->parked.number, "%s", res->number);
	sdl_send(self, sdl_local(self, CM_PARK_MANAGER), SIG_CcParkNumberReq, NULL);
	return SLOT_NUMBERING;
}

static int on_gone_numbering(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_slot *s = sdl_data(self);

	(void)sig;
	s->gone = true;
	return SLOT_NUMBERING;
}

static int on_number(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_slot *s = sdl_data(self);
	const CcParkNumber *res = sig->msg;
	CcTransfer req = CC_TRANSFER__INIT;

	if (s->gone)
		return refused(self, CTIERR_CALL_DROPPED);
	if (!res->number) {
		sdl_send(self, parker_leg(s), SIG_CcTransferCancel, NULL);
		return refused(self, CTIERR_CALL_PARK_NO_DN);
	}
	snprintf(s->number, sizeof s->number, "%s", res->number);
	sdl_label(self, s->number);
	req.new_peer = sdl_pid_pack(sdl_self(self));
	req.gci = s->gci;
	req.number = s->number;
	req.from = s->is->dn;
	req.reason = FEATURE_REASON__PARK;
	sdl_send(self, parker_leg(s), SIG_CcTransferReq, &req);
	return SLOT_PREPARING;
}

/* It had agreed, and has ended since; the parker's leg will hear of it, too. */
static int on_party_gone_preparing(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct park_slot *s = sdl_data(self);

	(void)sig; /* nobody else knows of this slot yet */
	sdl_send(self, parker_leg(s), SIG_CcTransferCancel, NULL);
	return refused(self, CTIERR_CALL_DROPPED);
}

static uint32_t park_error(uint32_t cause)
{
	if (cause ==
	    CAUSE_CALL_RESOURCESNAVAIL) /* a conference, which would be left by its parties */
		return CTIERR_UNSUPPORTED_CALL_PARK_TYPE;
	return !cause || cause == CAUSE_CALL_SWITCHINGEQUIPMENTCONGESTION
		       ? CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE
		       : CTIERR_CALL_DROPPED;
}

/* The other side's answer, or the parker's leg has ended. */
static int on_prepared(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_slot *s = sdl_data(self);
	const CcTransferResult *res = sig->msg;
	CcTransferCommit commit = CC_TRANSFER_COMMIT__INIT;
	CcParked ind = CC_PARKED__INIT;

	if (res->cause ||
	    (res->stand != LEG_STAND__STAND_CONNECTED && res->stand != LEG_STAND__STAND_HELD)) {
		sdl_send(self, parker_leg(s), SIG_CcTransferCancel, NULL);
		return refused(self, park_error(res->cause));
	}
	commit.stand = LEG_STAND__STAND_HELD;
	commit.reason = FEATURE_REASON__PARK;
	sdl_send(self, parker_leg(s), SIG_CcTransferCommit, &commit);
	sdl_info(self, "%s is parked", s->parked.number);
	answer(self, CTIERR_SUCCESS);
	tell_status(self, PARK_STATUS__CALLPARK, 0);
	ind.number = s->number;
	sdl_send(self, sdl_parent(self), SIG_CcParkedInd, &ind);
	s->lost = !sdl_link_up(self, s->parked.leg.node, SDL_APP_CALLMANAGER);
	if (s->lost)
		return park_slot_over(self);
	return SLOT_PARKED;
}

/* ---- retrieval ------------------------------------------------------------------------------ */

void park_slot_release(struct sdl_process *self, const struct park_party *party, uint32_t cause)
{
	CcRelease rel = CC_RELEASE__INIT;

	rel.cause = cause;
	sdl_send(self, party->leg, SIG_CcReleaseInd, &rel);
}

static void ask(struct sdl_process *self, const struct park_party *party,
		const struct park_party *other)
{
	const struct park_slot *s = sdl_data(self);
	CcTransfer req = CC_TRANSFER__INIT;

	req.new_peer = sdl_pid_pack(other->leg);
	req.gci = s->gci;
	req.number = (char *)other->number;
	req.from = (char *)s->number;
	req.reason = FEATURE_REASON__UNPARK;
	sdl_send(self, party->leg, SIG_CcTransferReq, &req);
}

/* The caller becomes the other side's new peer, as this slot did before. */
static int on_setup(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_slot *s = sdl_data(self);
	const CcSetup *setup = sig->msg;
	CcSetupAck ack = CC_SETUP_ACK__INIT;

	s->caller = (struct park_party){ .leg = sig->from };
	snprintf(s->caller.number, sizeof s->caller.number, "%s", setup->calling);
	s->parked.agreed = false;
	ack.setup = setup->setup;
	ack.dn = s->number;
	sdl_send(self, s->caller.leg, SIG_CcSetupAck, &ack);
	ask(self, &s->caller, &s->parked);
	ask(self, &s->parked, &s->caller);
	return SLOT_RETRIEVING;
}

/* One takes it, the others are as those who dial a number where nobody is. */
static int on_busy(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CcSetup *setup = sig->msg;
	CcSetupRej rej = CC_SETUP_REJ__INIT;

	rej.setup = setup->setup;
	rej.cause = CAUSE_CALL_UNALLOCATEDNUMBER;
	rej.dn = setup->called;
	sdl_send(self, sig->from, SIG_CcSetupRej, &rej);
	return sdl_state(self);
}

bool park_slot_from(const struct sdl_signal *sig, const struct park_party *party)
{
	return sdl_pid_equal(sig->from, party->leg);
}

/* The caller does not get it; the other side stays where it is. */
static int still_parked(struct sdl_process *self, uint32_t cause)
{
	struct park_slot *s = sdl_data(self);

	sdl_send(self, s->parked.leg, SIG_CcTransferCancel, NULL);
	park_slot_release(self, &s->caller, cause);
	s->caller = (struct park_party){ .agreed = false };
	return SLOT_PARKED;
}

static void commit(struct sdl_process *self, const struct park_party *party, LegStand other)
{
	CcTransferCommit msg = CC_TRANSFER_COMMIT__INIT;

	msg.stand = other;
	msg.reason = FEATURE_REASON__UNPARK;
	sdl_send(self, party->leg, SIG_CcTransferCommit, &msg);
}

static int on_retrieval(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_slot *s = sdl_data(self);
	const CcTransferResult *res = sig->msg;
	struct park_party *party = park_slot_from(sig, &s->caller) ? &s->caller : &s->parked;

	if (!park_slot_from(sig, party))
		return SLOT_RETRIEVING;
	if (res->cause)
		return still_parked(self, CAUSE_CALL_SWITCHINGEQUIPMENTCONGESTION);
	party->agreed = true;
	party->stand = res->stand;
	if (!s->caller.agreed || !s->parked.agreed)
		return SLOT_RETRIEVING;
	commit(self, &s->caller, s->parked.stand);
	commit(self, &s->parked, LEG_STAND__STAND_CONNECTED);
	if (!sdl_mutant(self, MUTANT_UNPARK_UNTOLD))
		tell_status(self, PARK_STATUS__CALLUNPARK, 0);
	s->told = false;
	return park_slot_over(self);
}

static int on_gone_retrieving(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_slot *s = sdl_data(self);

	if (park_slot_from(sig, &s->caller)) {
		sdl_send(self, s->parked.leg, SIG_CcTransferCancel, NULL);
		s->caller = (struct park_party){ .agreed = false };
		return SLOT_PARKED;
	}
	if (!park_slot_from(sig, &s->parked))
		return SLOT_RETRIEVING;
	park_slot_release(self, &s->caller, CAUSE_CALL_NORMALCALLCLEARING);
	return park_slot_over(self);
}

/* ---- reversion ------------------------------------------------------------------------------ */

/* Back to who parked it, who may take it or not. */
static int on_reversion(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_slot *s = sdl_data(self);
	CcRedirect req = CC_REDIRECT__INIT;

	(void)sig;
	if (s->rings)
		return SLOT_PARKED | SDL_REENTER;
	req.destination = s->is->dn;
	req.reason = FEATURE_REASON__PARKREMINDER;
	req.from = s->number;
	req.original_called = s->is->dn;
	sdl_send(self, s->parked.leg, SIG_CcRedirectReq, &req);
	return SLOT_REVERTING;
}

/* A parker who cannot be reached is reminded after the same time again. */
static int on_reverted(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CcRedirectResult *res = sig->msg;

	if (res->cause)
		return SLOT_PARKED;
	tell_status(self, PARK_STATUS__CALLPARKREMINDER, 0);
	return park_slot_over(self);
}

/* ---- the end -------------------------------------------------------------------------------- */

static int on_party_gone(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct park_slot *s = sdl_data(self);

	return park_slot_from(sig, &s->parked) ? park_slot_over(self) : sdl_state(self);
}

static int on_link_down(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_slot *s = sdl_data(self);
	const SdlLinkStatus *status = sig->msg;
	int state = sdl_state(self);

	if (state < SLOT_PARKED || state == SLOT_OVER || sdl_mutant(self, MUTANT_PARK_NUMBER_KEPT))
		return state;
	if (status->node == s->parked.leg.node) {
		if (state == SLOT_RETRIEVING)
			park_slot_release(self, &s->caller, CAUSE_CALL_CALLMANAGER_FAILURE);
		s->lost = true;
		return park_slot_over(self);
	}
	if (state == SLOT_RETRIEVING && status->node == s->caller.leg.node) {
		sdl_send(self, s->parked.leg, SIG_CcTransferCancel, NULL);
		s->caller = (struct park_party){ .agreed = false };
		return SLOT_PARKED;
	}
	return state;
}

static int on_redirect(struct sdl_process *self, const struct sdl_signal *sig)
{
	CcRedirectResult res = CC_REDIRECT_RESULT__INIT;

	res.cause = CAUSE_CALL_SWITCHINGEQUIPMENTCONGESTION;
	sdl_send(self, sig->from, SIG_CcRedirectRes, &res);
	return sdl_state(self);
}

static int on_end(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)self;
	(void)sig;
	return SDL_STOP;
}

const struct sdl_type cm_park_slot = {
	.name = "ParkSlot",
	.number = CM_PARK_SLOT,
	.size = sizeof(struct park_slot),
	.states = states,
	.states_n = sizeof states / sizeof states[0],
	.rows = rows,
	.rows_n = sizeof rows / sizeof rows[0],
	.start = start,
	.stop = stop,
};
