/* How a leg ends: by its user, by the other side, by the loss of a node, a device or an
 * application; and when it does not (CAL-02..05, APF-03). */
#include "callmanager/leg.h"

static void count_end(struct sdl_process *self, uint32_t cause)
{
	struct leg *leg = sdl_data(self);

	if (!leg->outgoing)
		return;
	sdl_count(self, COUNTER_CALLS_IN_PROGRESS, -1);
	if (!leg->connected_once)
		return;
	sdl_count(self, COUNTER_CALLS_ACTIVE, -1);
	sdl_count(self, COUNTER_ENCRYPTED_CALLS_ACTIVE, leg->encrypted ? -1 : 0);
	if (cause != CAUSE_CALL_NORMALCALLCLEARING)
		return;
	sdl_count(self, COUNTER_CALLS_COMPLETED, 1);
	sdl_count(self, COUNTER_ENCRYPTED_CALLS_COMPLETED, leg->encrypted);
}

int leg_clear(struct sdl_process *self, uint32_t cause)
{
	struct leg *leg = sdl_data(self);
	CcRelease rel = CC_RELEASE__INIT;

	leg_media_stop(self);
	leg_answer_redirect(self, CTIERR_CALL_DROPPED);
	leg_answer_unpark(self, CTIERR_CALL_UNPARK_FAILED);
	leg_pickup_gone(self);
	leg_leave_transfer(self, cause);
	leg_end_consult(self, 0);
	if (!sdl_pid_none(leg->peer)) {
		rel.cause = cause;
		sdl_send(self, leg->peer, SIG_CcReleaseInd, &rel);
		leg->peer = (struct sdl_pid){ 0 };
		leg_watch(self);
	}
	count_end(self, cause);
	leg_tell(self, CTI_CALL_STATE__DISCONNECTED, cause);
	leg_tell(self, CTI_CALL_STATE__IDLE, cause);
	leg_tell_closed(self, cause);
	leg_use(self, LEG_USE__LEG_ENDED);
	return LEG_RELEASE_REQUEST;
}

int leg_fail(struct sdl_process *self, uint32_t cause)
{
	struct leg *leg = sdl_data(self);
	bool busy = cause == CAUSE_CALL_USERBUSY || cause == CAUSE_CALL_CALLREJECTED;

	/* A SIP phone plays the tone by itself: its call is over (DEV-09..11). */
	if (!leg_is_phone(leg) || !leg->outgoing ||
	    (leg->is->kind == DEVICE_KIND__DEVICE_SIP_PHONE &&
	     !sdl_mutant(self, MUTANT_SIP_REORDER_KEEPS_CALL)))
		return leg_clear(self, cause);
	leg_media_stop(self);
	leg_answer_unpark(self, CTIERR_CALL_UNPARK_FAILED);
	leg_tell(self, busy ? CTI_CALL_STATE__BUSY : CTI_CALL_STATE__REORDER, cause);
	return LEG_DISCONNECT_REQUEST;
}

int leg_forward(struct sdl_process *self, struct cm_forward forward, FeatureReason reason,
		uint32_t cause)
{
	if (!forward.to)
		return leg_clear(self, cause);
	return leg_redirect_in(self, &forward, reason);
}

int leg_on_released(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const CcRelease *rel = sig->msg;
	int state = sdl_state(self);

	if (!leg_from_peer(leg, sig))
		return state;
	leg->peer = (struct sdl_pid){ 0 };
	leg_watch(self);
	leg_answer_redirect(self, state == LEG_CONNECT_REQUEST
					  ? CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE
					  : CTIERR_REDIRECT_CALL_ORIGINATOR_ABANDONED);
	if (state == LEG_CALL_PROCEEDING || state == LEG_CALL_DELIVERED)
		return leg_fail(self, rel->cause);
	return leg_clear(self, rel->cause);
}

int leg_on_disconnect(struct sdl_process *self, const struct sdl_signal *sig)
{
	int state = sdl_state(self);
	bool offered = state == LEG_CALL_PRESENT || state == LEG_CALL_RECEIVED;

	leg_answer(self, sig, CTIERR_SUCCESS);
	return leg_clear(self, offered ? CAUSE_CALL_CALLREJECTED : CAUSE_CALL_NORMALCALLCLEARING);
}

/* The stream goes on if it flows and nothing was under way; everything else ends (CAL-02, CAL-03).
 * cause: what was lost. */
static int lose_peer(struct sdl_process *self, uint32_t cause)
{
	struct leg *leg = sdl_data(self);
	bool keep = sdl_state(self) == LEG_ACTIVE10 && leg_media_established(leg) &&
		    !leg->consult && !leg->peer_consults &&
		    !sdl_mutant(self, MUTANT_NOTHING_PRESERVED);

	leg->peer = (struct sdl_pid){ 0 };
	leg_watch(self);
	leg_answer_redirect(self, CTIERR_CLUSTER_LINK_FAILURE);
	if (keep) {
		sdl_info(self, "preserved");
		if (leg->is->kind == DEVICE_KIND__DEVICE_CONFERENCE_BRIDGE)
			leg_use(self, LEG_USE__LEG_PRESERVED);
		return LEG_PRESERVED;
	}
	leg_end_consult(self, cause);
	return leg_clear(self, cause);
}

/* The other side's device is lost, its CallManager is not. */
int leg_on_peer_lost(struct sdl_process *self, const struct sdl_signal *sig)
{
	if (!leg_from_peer(sdl_data(self), sig))
		return sdl_state(self);
	return lose_peer(self, CAUSE_CALL_DESTINATIONOUTOFORDER);
}

int leg_on_link_down(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const SdlLinkStatus *status = sig->msg;
	bool called_lost = leg->target && leg->target == status->node;

	if (sdl_mutant(self, MUTANT_LEG_LEAKED))
		return sdl_state(self);
	if (called_lost) {
		leg->target = 0;
		leg_watch(self);
	}
	if (!sdl_pid_none(leg->peer) && leg->peer.node == status->node)
		return lose_peer(self, CAUSE_CALL_CALLMANAGER_FAILURE);
	if (!called_lost)
		return sdl_state(self);
	if (sdl_state(self) != LEG_REROUTING)
		return leg_clear(self, CAUSE_CALL_CALLMANAGER_FAILURE);
	return leg_stay(self, CAUSE_CALL_TEMPORARYFAILURE);
}

/* The other side of a preserved call has ended it (CAL-04). */
int leg_on_stream_lost(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	return leg_clear(self, CAUSE_CALL_NORMALCALLCLEARING);
}

/* The device's own streams end: the other side's user hears it, and hangs up. */
int leg_on_device_lost(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);

	(void)sig;
	if (!sdl_pid_none(leg->peer))
		sdl_send(self, leg->peer, SIG_CcPeerLostInd, NULL);
	leg->peer = (struct sdl_pid){ 0 };
	leg_watch(self);
	return leg_clear(self, CAUSE_CALL_DESTINATIONOUTOFORDER);
}

/* Nobody controls the port or route point any more (APF-03). */
int leg_on_app_lost(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	int state = sdl_state(self);
	bool waiting = state == LEG_CALL_PRESENT || state == LEG_CALL_RECEIVED ||
		       (state == LEG_ACTIVE10 && !leg->outgoing && leg->media.rx == LEG_RX_OPENING);

	(void)sig;
	if (state == LEG_REDIRECT_REQUEST)
		return state; /* on its way elsewhere already */
	if (!waiting)
		return leg_clear(self, CAUSE_CALL_DESTINATIONOUTOFORDER);
	return leg_forward(self,
			   sdl_mutant(self, MUTANT_CFNA_ON_APP_FAILURE)
				   ? cm_forward_no_answer(leg->is->line)
				   : cm_forward_on_failure(leg->is->line),
			   FEATURE_REASON__FORWARDNOANSWER, CAUSE_CALL_DESTINATIONOUTOFORDER);
}

int leg_finish(struct sdl_process *self)
{
	const struct leg *leg = sdl_data(self);

	return leg->target || !leg->closed_known || leg->consult ? LEG_RELEASE_REQUEST : SDL_STOP;
}

/* A line that was being called when the call ended: what it made of it ends, too. */
int leg_on_late_answer(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	CcRelease rel = CC_RELEASE__INIT;

	if (sig->number == SIG_SdlLinkOutOfService) {
		if (((const SdlLinkStatus *)sig->msg)->node == leg->target)
			leg->target = 0;
		return leg_finish(self);
	}
	if (sig->number == SIG_CcSetupAck) {
		rel.cause = CAUSE_CALL_NORMALCALLCLEARING;
		sdl_send(self, sig->from, SIG_CcReleaseInd, &rel);
	}
	leg->target = 0;
	return leg_finish(self);
}

int leg_on_closed(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);

	(void)sig;
	leg->closed_known = true;
	return leg_finish(self);
}
