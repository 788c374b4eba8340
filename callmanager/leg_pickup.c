/* Call pickup as a leg sees it: the one that rings lets its caller go on to who picks the call up;
 * the picker's own is told to whom it belongs. */
#include "callmanager/leg.h"

void leg_pickup_rings(struct sdl_process *self)
{
	struct leg *leg = sdl_data(self);
	CcPickupRing ring = CC_PICKUP_RING__INIT;

	if (!leg->is->line->pickup_group || leg->rings_in_group)
		return;
	leg->rings_in_group = true;
	ring.group = leg->is->line->pickup_group;
	ring.device = leg->is->device;
	sdl_send(self, sdl_local(self, CM_PICKUP_MANAGER), SIG_CcPickupRingInd, &ring);
}

void leg_pickup_gone(struct sdl_process *self)
{
	struct leg *leg = sdl_data(self);

	if (!leg->rings_in_group || sdl_mutant(self, MUTANT_PICKUP_REMEMBERS))
		return;
	leg->rings_in_group = false;
	sdl_send(self, sdl_local(self, CM_PICKUP_MANAGER), SIG_CcPickupGoneInd, NULL);
}

/* The redirect's answer goes to the Pickup. */
int leg_on_pickup(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const CcPickupTake *take = sig->msg;

	leg->asker = sig->from;
	leg->answer = SIG_CcPickupTakeRes;
	leg->async_response = 0;
	return leg_redirect_to_picker(self, take->picker);
}

int leg_on_pickup_refused(struct sdl_process *self, const struct sdl_signal *sig)
{
	CtiLineCallRes res = CTI_LINE_CALL_RES__INIT;

	res.result = CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE;
	sdl_send(self, sig->from, SIG_CcPickupTakeRes, &res);
	return sdl_state(self);
}

void leg_pickup_tell(struct sdl_process *self, const CcSetup *setup)
{
	const struct leg *leg = sdl_data(self);
	struct sdl_pid pickup = sdl_pid_unpack(setup->pickup);
	CcPickupLeg ind = CC_PICKUP_LEG__INIT;

	if (!setup->has_pickup || pickup.node != sdl_self(self).node)
		return;
	ind.ci = leg->ci;
	sdl_send(self, pickup, SIG_CcPickupLegInd, &ind);
}
