/* Pickup: takes a ringing call of a pickup group to the line that asked for it: asks all nodes what
 * rings there, and then the call that rings longest. It ends with the request that it is made for.
 *
 *   initial --who asks--> asking --all nodes have answered--> taking --taken--> (end)
 *                           |  ^                                |
 *                           |  +---- it has gone meanwhile -----+
 *                           +-------- nothing rings ----------------------> (end)
 *
 * Of two who pick up at once, one is refused by the call itself, and looks for another one. */
#include "callmanager/process.h"

#include <stdio.h>

enum { INITIAL, ASKING, TAKING };

static const struct sdl_state states[] = {
	[INITIAL] = { "initial", 0, PARAM_NONE, "who asks, sent with its creation" },
	[ASKING] = { "asking", 0, PARAM_NONE, "all nodes, whose loss it hears of" },
	[TAKING] = { "taking", 0, PARAM_NONE, "the call, whose node's loss it hears of" },
};

static sdl_handler on_init, on_result, on_leg, on_taken, on_link_down_asking, on_link_down_taking;

static const struct sdl_row rows[] = {
	{ INITIAL, SIG_CcPickupInit, on_init, TO(ASKING) | TO_STOP },
	{ ASKING, SIG_CcPickupQueryRes, on_result, TO(TAKING) | TO_STOP },
	{ ASKING, SIG_SdlLinkOutOfService, on_link_down_asking, TO(TAKING) | TO_STOP },
	{ TAKING, SIG_CcPickupLegInd, on_leg, 0 },
	{ TAKING, SIG_CcPickupTakeRes, on_taken, TO(ASKING) | TO_STOP },
	{ TAKING, SIG_SdlLinkOutOfService, on_link_down_taking, TO_STOP },
	{ SDL_ANY, SIG_CcPickupLegInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcPickupQueryRes, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcPickupTakeRes, sdl_ignore, 0 },
	{ SDL_ANY, SIG_SdlLinkInService, sdl_ignore, 0 },
	{ SDL_ANY, SIG_SdlLinkOutOfService, sdl_ignore, 0 },
};

struct pickup {
	CcPickupInit *is;   /* own copy */
	uint32_t asked;	    /* bit per node whose answer is to come */
	uint32_t tries;	    /* calls that had gone when they were asked */
	struct sdl_pid leg; /* that rings longest, none: nothing rings */
	uint64_t rings_us;  /* so long */
	uint32_t ci;	    /* of the picker's leg, 0: it is not there yet */
};

/* Calls come and go while they are picked up; somebody gets one in the end. */
#define TRIES_MAX 5

static int start(struct sdl_process *self)
{
	sdl_watch(self, 0, SDL_APP_CALLMANAGER);
	return INITIAL;
}

static void stop(struct sdl_process *self)
{
	struct pickup *p = sdl_data(self);

	if (p->is)
		cc_pickup_init__free_unpacked(p->is, NULL);
}

static int answer(struct sdl_process *self, uint32_t result)
{
	const struct pickup *p = sdl_data(self);
	CtiLineCallRes res = CTI_LINE_CALL_RES__INIT;

	res.async_response = p->is->async_response;
	res.result = result;
	res.has_ci = p->ci != 0;
	res.ci = p->ci;
	sdl_send(self, sdl_pid_unpack(p->is->asker), SIG_CtiLineCallPickupRes, &res);
	return SDL_STOP;
}

/* ---- asking --------------------------------------------------------------------------------- */

static int ask(struct sdl_process *self)
{
	struct pickup *p = sdl_data(self);
	CcPickupQuery query = CC_PICKUP_QUERY__INIT;

	p->leg = (struct sdl_pid){ 0 };
	p->rings_us = 0;
	query.group = p->is->group;
	query.device = p->is->device;
	for (uint8_t node = 1; node <= SDL_NODES_MAX; node++) {
		if (!sdl_link_up(self, node, SDL_APP_CALLMANAGER))
			continue;
		p->asked |= 1u << node;
		sdl_send(self, cm_singleton(node, CM_PICKUP_MANAGER), SIG_CcPickupQueryReq, &query);
	}
	return ASKING;
}

static int on_init(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct pickup *p = sdl_data(self);
	const CcPickupInit *init = sig->msg;

	p->is = cm_copy(&init->base);
	return ask(self);
}

static int answered_by(struct sdl_process *self, uint8_t node)
{
	struct pickup *p = sdl_data(self);
	CcPickupTake take = CC_PICKUP_TAKE__INIT;
	CcPicker picker = CC_PICKER__INIT;

	p->asked &= ~(1u << node);
	if (p->asked)
		return ASKING;
	/* Its node may have been lost since it answered. */
	if (sdl_pid_none(p->leg) || !sdl_link_up(self, p->leg.node, SDL_APP_CALLMANAGER))
		return answer(self, CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	picker.node = sdl_self(self).node;
	picker.device = p->is->device;
	picker.dn = p->is->dn;
	picker.partition = p->is->partition;
	picker.pickup = sdl_pid_pack(sdl_self(self));
	take.leg = sdl_pid_pack(p->leg);
	take.picker = &picker;
	sdl_send(self, cm_singleton(p->leg.node, CM_PICKUP_MANAGER), SIG_CcPickupTakeReq, &take);
	return TAKING;
}

static int on_result(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct pickup *p = sdl_data(self);
	const CcPickupQueryResult *res = sig->msg;

	if (!(p->asked & 1u << sig->from.node))
		return ASKING;
	if (res->has_leg && (sdl_pid_none(p->leg) || res->rings_us > p->rings_us)) {
		p->leg = sdl_pid_unpack(res->leg);
		p->rings_us = res->rings_us;
	}
	return answered_by(self, sig->from.node);
}

static int on_link_down_asking(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct pickup *p = sdl_data(self);
	uint8_t node = (uint8_t)((const SdlLinkStatus *)sig->msg)->node;

	if (node > SDL_NODES_MAX || !(p->asked & 1u << node))
		return ASKING;
	return answered_by(self, node);
}

/* ---- taking --------------------------------------------------------------------------------- */

static int on_leg(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct pickup *p = sdl_data(self);

	p->ci = ((const CcPickupLeg *)sig->msg)->ci;
	return TAKING;
}

static int on_taken(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct pickup *p = sdl_data(self);
	const CtiLineCallRes *res = sig->msg;

	if (res->result == CTIERR_SUCCESS)
		return answer(self, CTIERR_SUCCESS);
	p->ci = 0;
	if (res->result == CTIERR_REDIRECT_CALL_DESTINATION_BUSY)
		return answer(self, CTIERR_MAXCALL_LIMIT_REACHED);
	return ++p->tries < TRIES_MAX
		       ? ask(self)
		       : answer(self, CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
}

static int on_link_down_taking(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct pickup *p = sdl_data(self);
	const SdlLinkStatus *status = sig->msg;

	return status->node == p->leg.node ? answer(self, CTIERR_CLUSTER_LINK_FAILURE) : TAKING;
}

const struct sdl_type cm_pickup = {
	.name = "Pickup",
	.number = CM_PICKUP,
	.size = sizeof(struct pickup),
	.states = states,
	.states_n = sizeof states / sizeof states[0],
	.rows = rows,
	.rows_n = sizeof rows / sizeof rows[0],
	.start = start,
	.stop = stop,
};
