/* Call park as a device sees it: who may park, and where a parked call can be asked for. */
#include "callmanager/park_numbers.h"
#include "callmanager/station.h"

void cm_station_park(struct sdl_process *self, const struct cm_station_call *call,
		     struct sdl_pid asker, uint32_t async)
{
	struct sdl_pid slot = sdl_create(self, &cm_park_slot);
	CcParkInit init = CC_PARK_INIT__INIT;
	CcTransferLock lock = CC_TRANSFER_LOCK__INIT;

	init.asker = sdl_pid_pack(asker);
	init.async_response = async;
	init.dn = call->line->dn;
	init.ci = call->ci;
	init.leg = sdl_pid_pack(call->leg);
	sdl_send(self, slot, SIG_CcParkInit, &init);
	lock.coordinator = sdl_pid_pack(slot);
	sdl_send(self, call->leg, SIG_CcTransferLockReq, &lock);
}

int cm_station_on_park(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_station *s = sdl_data(self);
	const CtiLineCallReq *req = sig->msg;
	struct cm_station_call *call =
		cm_station_asked_call(self, s, sig, req->async_response, req->ci);

	if (!call)
		return sdl_state(self);
	if (call->state == CTI_CALL_STATE__CONNECTED)
		cm_station_park(self, call, sig->from, req->async_response);
	else
		cm_station_answer(self, sig, req->async_response,
				  CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	return sdl_state(self);
}

bool cm_station_may_unpark(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CtiLineNumberReq *req = sig->msg;

	if (req->number && cm_park_numbers_node(cm_context(self)->park_numbers, req->number))
		return true;
	cm_station_answer(self, sig, req->async_response, CTIERR_INVALID_PARK_DN);
	return false;
}
