/* Call pickup as a device sees it. */
#include "callmanager/station.h"

#include <string.h>

void cm_station_pickup(struct sdl_process *self, const struct cm_station *s,
		       const struct cm_station_line *line, const char *group,
		       const struct cm_station_asker *asker)
{
	CcPickupInit init = CC_PICKUP_INIT__INIT;

	init.asker = sdl_pid_pack(asker->pid);
	init.async_response = asker->async_response;
	init.group = (char *)(uintptr_t)group;
	init.device = s->name;
	init.dn = line->dn;
	init.partition = line->partition;
	sdl_send(self, sdl_create(self, &cm_pickup), SIG_CcPickupInit, &init);
}

int cm_station_on_pickup(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_station *s = sdl_data(self);
	const CtiLineNumberReq *req = sig->msg;
	const struct cm_station_line *line = cm_station_asked_line(self, s, sig);
	const char *group;

	if (!line)
		return sdl_state(self);
	group = req->number && req->number[0] ? req->number : line->pickup_group;
	if (group && strlen(group) < CM_DN_SIZE)
		cm_station_pickup(
			self, s, line, group,
			&(struct cm_station_asker){ .pid = sig->from,
						    .async_response = req->async_response });
	else
		cm_station_answer(self, sig, req->async_response, CTIERR_INVALID_PARAMETER);
	return sdl_state(self);
}

bool cm_station_answers_pickup(const struct sdl_process *self, const struct cm_station_call *call)
{
	return !call->outgoing && call->reason == FEATURE_REASON__CALLPICKUP &&
	       param_value(sdl_params(self), PARAM_AUTO_CALL_PICKUP_ENABLED);
}
