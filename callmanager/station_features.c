/* What several calls of a device are asked at once: the device looks whose they are and makes the
 * process that does it. */
#include "callmanager/station.h"

/* The other call of a transfer, or NULL and why. */
static struct cm_station_call *other_call(const struct cm_station *s,
					  const struct cm_station_call *call,
					  const CtiLineCallOthersReq *req, uint32_t *why)
{
	struct cm_station_call *other = NULL;

	*why = CTIERR_INVALID_PARAMETER;
	if (req->n_other_ci != 1 || req->other_ci[0] == call->ci)
		return NULL;
	other = cm_station_call(s, req->other_ci[0]);
	*why = CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL;
	if (!other)
		return NULL;
	*why = CTIERR_TRANSFERFAILED;
	return other->line == call->line ? other : NULL;
}

/* The legs are told here and not by the Transfer: what the device sends them comes before its word
 * that they may go. */
static void lock(struct sdl_process *self, struct sdl_pid leg, struct sdl_pid coordinator)
{
	CcTransferLock req = CC_TRANSFER_LOCK__INIT;

	req.coordinator = sdl_pid_pack(coordinator);
	sdl_send(self, leg, SIG_CcTransferLockReq, &req);
}

void cm_station_transfer(struct sdl_process *self, const struct cm_station_call *call,
			 const struct cm_station_call *other, const struct cm_station_asker *asker)
{
	struct sdl_pid transfer = sdl_create(self, &cm_transfer);
	CcTransferInit init = CC_TRANSFER_INIT__INIT;

	init.asker = sdl_pid_pack(asker->pid);
	init.async_response = asker->async_response;
	init.answer = asker->answer;
	init.dn = call->line->dn;
	init.line = call->line->index;
	init.ci = call->ci;
	init.other_ci = other->ci;
	init.leg = sdl_pid_pack(call->leg);
	init.other_leg = sdl_pid_pack(other->leg);
	sdl_send(self, transfer, SIG_CcTransferInit, &init);
	lock(self, call->leg, transfer);
	lock(self, other->leg, transfer);
}

static struct cm_station_asker asker_of(const struct sdl_signal *sig, uint32_t async)
{
	return (struct cm_station_asker){ .pid = sig->from,
					  .async_response = async,
					  .answer = (uint16_t)(sig->number + 1) };
}

int cm_station_on_direct_transfer(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_station *s = sdl_data(self);
	const CtiLineCallOthersReq *req = sig->msg;
	struct cm_station_call *call =
		cm_station_asked_call(self, s, sig, req->async_response, req->ci);
	const struct cm_station_asker asker = asker_of(sig, req->async_response);
	struct cm_station_call *other;
	uint32_t why;

	if (!call)
		return sdl_state(self);
	other = other_call(s, call, req, &why);
	if (other)
		cm_station_transfer(self, call, other, &asker);
	else
		cm_station_answer(self, sig, req->async_response, why);
	return sdl_state(self);
}

/* ---- consult calls -------------------------------------------------------------------------- */

struct cm_station_call *cm_station_consult_of(const struct cm_station *s,
					      const struct cm_station_call *call)
{
	for (struct cm_station_call *other = s->calls; other; other = other->next)
		if (other->consult_of == call->ci)
			return other;
	return NULL;
}

/* Named by either of the two calls, with or without the other one. */
int cm_station_on_complete_transfer(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_station *s = sdl_data(self);
	const CtiLineCallOthersReq *req = sig->msg;
	struct cm_station_call *call =
		cm_station_asked_call(self, s, sig, req->async_response, req->ci);
	const struct cm_station_asker asker = asker_of(sig, req->async_response);
	struct cm_station_call *held, *consult;

	if (!call)
		return sdl_state(self);
	held = call->consult_of ? cm_station_call(s, call->consult_of) : call;
	consult = held ? cm_station_consult_of(s, held) : NULL;
	if (!consult || consult->purpose != CONSULT_FOR__CONSULT_TRANSFER || req->n_other_ci > 1 ||
	    (req->n_other_ci == 1 && req->other_ci[0] != consult->ci &&
	     req->other_ci[0] != held->ci)) {
		cm_station_answer(self, sig, req->async_response, CTIERR_TRANSFER_INACTIVE);
		return sdl_state(self);
	}
	cm_station_transfer(self, held, consult, &asker);
	return sdl_state(self);
}

int cm_station_on_feature(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct cm_station *s = sdl_data(self);
	const CcFeature *ind = sig->msg;
	const struct cm_station_line *line = cm_station_line_at(s, ind->line);
	CtiLineFeatureNotify n = CTI_LINE_FEATURE_NOTIFY__INIT;

	if (!line)
		return sdl_state(self);
	n.device = s->name;
	n.dn = line->dn;
	n.has_ci = ind->has_ci;
	n.ci = ind->ci;
	n.other_ci = ind->other_ci;
	n.n_other_ci = ind->n_other_ci;
	n.has_result = ind->has_result;
	n.result = ind->result;
	for (uint32_t i = 0; i < line->watchers.n; i++)
		sdl_send(self, cm_pids_at(&line->watchers, i), (uint16_t)ind->notify, &n);
	return sdl_state(self);
}
