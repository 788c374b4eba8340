/* How a leg gets another peer: as the one that is left out (locked by a coordinator at its node),
 * and as one of those that stay (asked by its peer). call.proto has the steps. Until the commit
 * everything is as before; a node lost before it ends what it was about (CAL-03), one lost after it
 * does not matter if it is left out (CAL-02). */
#include "callmanager/leg.h"

/* ---- the one that is left out --------------------------------------------------------------- */

int leg_on_lock(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const CcTransferLock *req = sig->msg;
	CcTransferLocked res = CC_TRANSFER_LOCKED__INIT;

	if (sdl_pid_none(leg->peer) || leg->target)
		return leg_on_lock_refused(self, sig);
	leg->before = (enum leg_state)sdl_state(self);
	leg->coordinator = sdl_pid_unpack(req->coordinator);
	res.result = CTIERR_SUCCESS;
	res.has_peer = res.has_gci = true;
	res.peer = sdl_pid_pack(leg->peer);
	res.gci = leg->gci;
	res.number = leg_far_number(leg);
	sdl_send(self, leg->coordinator, SIG_CcTransferLockRes, &res);
	return LEG_TRANSFER_REQUEST;
}

int leg_on_lock_refused(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CcTransferLock *req = sig->msg;
	CcTransferLocked res = CC_TRANSFER_LOCKED__INIT;

	switch (sdl_state(self)) {
	case LEG_TRANSFER_REQUEST:
	case LEG_TRANSFERRING:
	case LEG_REDIRECT_REQUEST:
	case LEG_REROUTING:
		res.result = CTIERR_TRANSFERFAILED_OUTSTANDING_TRANSFER;
		break;
	case LEG_RELEASE_REQUEST:
		res.result = CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL;
		break;
	default:
		res.result = CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE;
		break;
	}
	sdl_send(self, sdl_pid_unpack(req->coordinator), SIG_CcTransferLockRes, &res);
	return sdl_state(self);
}

/* From the coordinator: on to the peer. From the peer: it has plans of its own, and neither gets
 * its way. */
int leg_on_transfer_locked(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct leg *leg = sdl_data(self);

	if (!sdl_pid_equal(sig->from, leg->coordinator))
		return leg_on_transfer_refused(self, sig);
	sdl_forward(self, leg->peer, sig);
	return sdl_state(self);
}

int leg_on_transfer_res(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct leg *leg = sdl_data(self);

	if (leg_from_peer(leg, sig))
		sdl_forward(self, leg->coordinator, sig);
	return sdl_state(self);
}

int leg_on_transfer_undone(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);

	if (!sdl_pid_equal(sig->from, leg->coordinator))
		return sdl_state(self);
	sdl_forward(self, leg->peer, sig);
	leg->coordinator = (struct sdl_pid){ 0 };
	return (int)leg->before;
}

/* ---- those that stay ------------------------------------------------------------------------ */

static LegStand stand(const struct leg *leg)
{
	switch (leg->before) {
	case LEG_CALL_PRESENT:
		return LEG_STAND__STAND_OFFERED;
	case LEG_CALL_RECEIVED:
		return LEG_STAND__STAND_RINGING;
	case LEG_ACTIVE10:
		return LEG_STAND__STAND_CONNECTED;
	case LEG_HOLD:
		return LEG_STAND__STAND_HELD;
	default:
		return LEG_STAND__STAND_CALLING;
	}
}

int leg_on_transfer_refused(struct sdl_process *self, const struct sdl_signal *sig)
{
	CcTransferResult res = CC_TRANSFER_RESULT__INIT;

	res.cause = CAUSE_CALL_SWITCHINGEQUIPMENTCONGESTION;
	sdl_send(self, sig->from, SIG_CcTransferRes, &res);
	return sdl_state(self);
}

/* A leg of a conference. Conferences are not chained, and not parked: nobody would be left to end
 * one whose parties are all parked. */
static bool is_seat(const struct leg *leg)
{
	return leg->is->kind == DEVICE_KIND__DEVICE_CONFERENCE_BRIDGE;
}

int leg_on_transfer_by_peer(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const CcTransfer *req = sig->msg;
	struct sdl_pid new_peer = sdl_pid_unpack(req->new_peer);
	CcTransferResult res = CC_TRANSFER_RESULT__INIT;

	if (!leg_from_peer(leg, sig))
		return sdl_state(self);
	if (leg->target || new_peer.node > SDL_NODES_MAX)
		return leg_on_transfer_refused(self, sig);
	if (is_seat(leg) && sdl_state(self) != LEG_NULL &&
	    (req->reason == FEATURE_REASON__CONFERENCE || new_peer.type == CM_PARK_SLOT)) {
		res.cause = CAUSE_CALL_RESOURCESNAVAIL;
		sdl_send(self, sig->from, SIG_CcTransferRes, &res);
		return sdl_state(self);
	}
	if (!sdl_link_up(self, new_peer.node, SDL_APP_CALLMANAGER)) {
		res.cause = CAUSE_CALL_TEMPORARYFAILURE;
		sdl_send(self, sig->from, SIG_CcTransferRes, &res);
		return sdl_state(self);
	}
	leg->before = (enum leg_state)sdl_state(self);
	leg->transfer = cm_copy(&req->base);
	leg->new_peer_gone = 0;
	leg_watch(self);
	res.has_stand = true;
	res.stand = stand(leg);
	res.has_seat = true;
	res.seat = is_seat(leg);
	sdl_send(self, leg->peer, SIG_CcTransferRes, &res);
	return LEG_TRANSFERRING;
}

static void forget(struct sdl_process *self)
{
	struct leg *leg = sdl_data(self);

	if (!leg->transfer)
		return;
	cc_transfer__free_unpacked(leg->transfer, NULL);
	leg->transfer = NULL;
	leg_watch(self);
}

/* Back to where it was; what rang rings on. */
static int back(struct sdl_process *self)
{
	struct leg *leg = sdl_data(self);

	if (leg->before == LEG_CALL_RECEIVED)
		leg_rings_on(self);
	return (int)leg->before;
}

int leg_on_not_transferred(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);

	if (!leg_from_peer(leg, sig))
		return sdl_state(self);
	forget(self);
	if (leg->before == LEG_NULL)
		return leg_on_dropped(self, sig);
	return back(self);
}

/* A leg of a conference is made for a party: who brings it in is its peer until it is there. */
int leg_on_join(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);

	leg->peer = sig->from;
	leg_text(leg->called, leg->is->line->dn);
	return leg_on_transfer_by_peer(self, sig);
}

/* Nothing came of it, and nobody knows of it. */
int leg_on_dropped(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	leg_use(self, LEG_USE__LEG_ENDED);
	return SDL_STOP;
}

static void take_over(struct sdl_process *self, const CcTransfer *t, LegStand far)
{
	struct leg *leg = sdl_data(self);
	bool other_gci = leg->told && leg->gci != t->gci;

	leg_media_stop(self);
	leg_set_peer(self, sdl_pid_unpack(t->new_peer));
	leg->media.local_hold = leg->before == LEG_HOLD;
	leg->media.remote_hold = far == LEG_STAND__STAND_HELD;
	leg_text(leg_far_number(leg), t->number);
	if (t->from[0])
		leg_text(leg->last_redirecting, t->from);
	leg->reason = t->reason;
	leg->gci = t->gci;
	leg->peer_consults = leg->told_consults = false;
	leg_tell_consulting(self);
	forget(self);
	if (other_gci)
		leg_tell_gci(self);
}

/* In a conference the line stays, with another peer: it is retrieved, if it was held. */
static int stay(struct sdl_process *self, const CcTransferCommit *commit)
{
	struct leg *leg = sdl_data(self);
	struct sdl_pid coordinator = leg->coordinator;
	CcTransferResult res = CC_TRANSFER_RESULT__INIT;

	leg->coordinator = (struct sdl_pid){ 0 };
	leg->before = LEG_ACTIVE10;
	take_over(self, commit->own, commit->stand);
	leg_use(self, LEG_USE__LEG_ACTIVE);
	leg->stays_held = false;
	leg_connected(self);
	sdl_send(self, coordinator, SIG_CcTransferRes, &res);
	return LEG_ACTIVE10;
}

int leg_on_transfer_done(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const CcTransferCommit *commit = sig->msg;

	if (!sdl_pid_equal(sig->from, leg->coordinator))
		return sdl_state(self);
	sdl_forward(self, leg->peer, sig);
	if (commit->own)
		return stay(self, commit);
	leg->peer = (struct sdl_pid){ 0 };
	leg_watch(self);
	leg->reason = commit->reason;
	return leg_clear(self, CAUSE_CALL_NORMALCALLCLEARING);
}

/* The new peer may not have answered yet: then this side waits for it, whatever it was. It never calls
 * itself while this side does: one of the two at least has been connected. */
static int go_on(struct sdl_process *self, LegStand far)
{
	struct leg *leg = sdl_data(self);

	if (leg->before == LEG_CALL_PRESENT || leg->before == LEG_CALL_RECEIVED ||
	    leg->before == LEG_HOLD) {
		leg_tell(self, leg->cti, 0);
		return back(self);
	}
	switch (far) {
	case LEG_STAND__STAND_OFFERED:
		leg_tell(self, CTI_CALL_STATE__PROCEEDING, 0);
		return LEG_CALL_PROCEEDING;
	case LEG_STAND__STAND_RINGING:
		leg_tell(self, CTI_CALL_STATE__RINGBACK, 0);
		return LEG_CALL_DELIVERED;
	default:
		return leg_connected(self);
	}
}

int leg_on_transferred(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const CcTransferCommit *commit = sig->msg;

	if (!leg_from_peer(leg, sig))
		return sdl_state(self);
	if (leg->new_peer_gone) {
		leg->peer = (struct sdl_pid){ 0 };
		return leg_clear(self, leg->new_peer_gone);
	}
	take_over(self, leg->transfer, commit->stand);
	return go_on(self, commit->stand);
}

/* The old peer's end is the end of all; the new one's counts from the commit on. */
int leg_on_released_transferring(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	bool lost = sig->number == SIG_CcPeerLostInd;
	uint32_t cause =
		lost ? CAUSE_CALL_DESTINATIONOUTOFORDER : ((const CcRelease *)sig->msg)->cause;

	if (leg_from_peer(leg, sig)) {
		leg->peer = (struct sdl_pid){ 0 };
		leg_watch(self);
		if (lost)
			leg_end_consult(self, cause);
		return leg_clear(self, cause);
	}
	if (sdl_pid_equal(sig->from, sdl_pid_unpack(leg->transfer->new_peer)))
		leg->new_peer_gone = cause;
	return sdl_state(self);
}

/* The peer's node, or that of the new one: a leg that transfers watches no other. */
int leg_on_link_down_transferring(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	leg_end_consult(self, CAUSE_CALL_CALLMANAGER_FAILURE);
	return leg_clear(self, CAUSE_CALL_CALLMANAGER_FAILURE);
}

/* ---- the end -------------------------------------------------------------------------------- */

void leg_leave_transfer(struct sdl_process *self, uint32_t cause)
{
	struct leg *leg = sdl_data(self);
	CcTransferResult res = CC_TRANSFER_RESULT__INIT;
	CcRelease rel = CC_RELEASE__INIT;

	if (!sdl_pid_none(leg->coordinator)) {
		res.cause = cause;
		sdl_send(self, leg->coordinator, SIG_CcTransferRes, &res);
		leg->coordinator = (struct sdl_pid){ 0 };
	}
	if (leg->transfer) {
		rel.cause = cause;
		sdl_send(self, sdl_pid_unpack(leg->transfer->new_peer), SIG_CcReleaseInd, &rel);
		forget(self);
	}
}
