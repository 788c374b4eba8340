/* A parked party that transfers its call: another one takes its place, in the two steps in which any leg
 * gets another peer (call.proto). */
#include "callmanager/park_slot.h"

#include <stdio.h>

int park_slot_on_transfer_refused(struct sdl_process *self, const struct sdl_signal *sig)
{
	CcTransferResult res = CC_TRANSFER_RESULT__INIT;

	res.cause = CAUSE_CALL_SWITCHINGEQUIPMENTCONGESTION;
	sdl_send(self, sig->from, SIG_CcTransferRes, &res);
	return sdl_state(self);
}

/* Two slots would have each other, and nobody else; in a conference, too, in the end. */
int park_slot_on_transfer(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_slot *s = sdl_data(self);
	const CcTransfer *req = sig->msg;
	struct sdl_pid next = sdl_pid_unpack(req->new_peer);
	CcTransferResult res = CC_TRANSFER_RESULT__INIT;

	if (!park_slot_from(sig, &s->parked) || next.type == CM_PARK_SLOT ||
	    req->reason == FEATURE_REASON__CONFERENCE || next.node > SDL_NODES_MAX ||
	    !sdl_link_up(self, next.node, SDL_APP_CALLMANAGER))
		return park_slot_on_transfer_refused(self, sig);
	s->transfer = cm_copy(&req->base);
	s->next_gone = false;
	res.has_stand = true;
	res.stand = LEG_STAND__STAND_HELD;
	sdl_send(self, sig->from, SIG_CcTransferRes, &res);
	return SLOT_MOVING;
}

static void forget_transfer(struct park_slot *s)
{
	cc_transfer__free_unpacked(s->transfer, NULL);
	s->transfer = NULL;
}

int park_slot_on_moved(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_slot *s = sdl_data(self);
	const CcTransferCommit *msg = sig->msg;

	if (!park_slot_from(sig, &s->parked))
		return SLOT_MOVING;
	s->parked = (struct park_party){ .leg = sdl_pid_unpack(s->transfer->new_peer) };
	snprintf(s->parked.number, sizeof s->parked.number, "%s", s->transfer->number);
	s->gci = s->transfer->gci;
	s->rings = msg->stand != LEG_STAND__STAND_CONNECTED && msg->stand != LEG_STAND__STAND_HELD;
	forget_transfer(s);
	return s->next_gone ? park_slot_over(self) : SLOT_PARKED;
}

int park_slot_on_not_moved(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_slot *s = sdl_data(self);

	if (!park_slot_from(sig, &s->parked))
		return SLOT_MOVING;
	forget_transfer(s);
	return SLOT_PARKED;
}

/* Whoever is left of the two is told. */
static int end_moving(struct sdl_process *self, uint32_t cause)
{
	struct park_slot *s = sdl_data(self);
	const struct park_party next = { .leg = sdl_pid_unpack(s->transfer->new_peer) };

	park_slot_release(self, &s->parked, cause);
	park_slot_release(self, &next, cause);
	forget_transfer(s);
	return park_slot_over(self);
}

int park_slot_on_gone_moving(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_slot *s = sdl_data(self);

	if (park_slot_from(sig, &s->parked))
		return end_moving(self, CAUSE_CALL_NORMALCALLCLEARING);
	if (sdl_pid_equal(sig->from, sdl_pid_unpack(s->transfer->new_peer)))
		s->next_gone = true;
	return SLOT_MOVING;
}

int park_slot_on_link_down_moving(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_slot *s = sdl_data(self);
	const SdlLinkStatus *status = sig->msg;

	if (status->node != s->parked.leg.node &&
	    status->node != sdl_pid_unpack(s->transfer->new_peer).node)
		return SLOT_MOVING;
	s->lost = true;
	return end_moving(self, CAUSE_CALL_CALLMANAGER_FAILURE);
}

int park_slot_on_connected(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_slot *s = sdl_data(self);

	if (park_slot_from(sig, &s->parked))
		s->rings = false;
	return sdl_state(self);
}
