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
static bool consult_pair(const struct cm_station *s, struct cm_station_call *call,
			 const CtiLineCallOthersReq *req, ConsultFor purpose,
			 struct cm_station_call **held, struct cm_station_call **consult)
{
	*held = call->consult_of ? cm_station_call(s, call->consult_of) : call;
	*consult = *held ? cm_station_consult_of(s, *held) : NULL;
	if (!*consult || (*consult)->purpose != purpose || req->n_other_ci > 1)
		return false;
	return req->n_other_ci == 0 || req->other_ci[0] == (*consult)->ci ||
	       req->other_ci[0] == (*held)->ci;
}

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
	if (consult_pair(s, call, req, CONSULT_FOR__CONSULT_TRANSFER, &held, &consult))
		cm_station_transfer(self, held, consult, &asker);
	else
		sdl_relay(self, call->leg, sig); /* which knows why not */
	return sdl_state(self);
}

/* ---- conferences ---------------------------------------------------------------------------- */

/* As with locking: what the device asks for the Join reaches the conference before its own end. */
static void reserve(struct sdl_process *self, const struct cm_station_call *call,
		    struct sdl_pid joiner, size_t others)
{
	CcConferenceAdd req = CC_CONFERENCE_ADD__INIT;

	req.conference = call->conference;
	req.joiner = sdl_pid_pack(joiner);
	req.parties = (uint32_t)others + (call->conference ? 0 : 2);
	req.device = sdl_pid_pack(sdl_self(self));
	req.ci = call->ci;
	sdl_send(self, sdl_local(self, CM_MEDIA_RESOURCE_MANAGER), SIG_CcConferenceAddReq, &req);
}

void cm_station_join(struct sdl_process *self, struct cm_station_call *call,
		     struct cm_station_call *const *other, size_t others,
		     const struct cm_station_asker *asker)
{
	struct sdl_pid join = sdl_create(self, &cm_join);
	CcJoinInit init = CC_JOIN_INIT__INIT;
	CcJoinParty *party = calloc(others + 1, sizeof *party);
	CcJoinParty **list = calloc(others + 1, sizeof *list);

	if (!party || !list)
		abort();
	for (size_t i = 0; i < others; i++) {
		cc_join_party__init(&party[i]);
		party[i].ci = other[i]->ci;
		party[i].leg = sdl_pid_pack(other[i]->leg);
		list[i] = &party[i];
	}
	init.asker = sdl_pid_pack(asker->pid);
	init.async_response = asker->async_response;
	init.answer = asker->answer;
	init.dn = call->line->dn;
	init.line = call->line->index;
	init.ci = call->ci;
	init.leg = sdl_pid_pack(call->leg);
	init.fresh = !call->conference;
	init.other = list;
	init.n_other = others;
	sdl_send(self, join, SIG_CcJoinInit, &init);
	if (init.fresh)
		lock(self, call->leg, join);
	for (size_t i = 0; i < others; i++)
		lock(self, other[i]->leg, join);
	reserve(self, call, join, others);
	free(list);
	free(party);
}

int cm_station_on_complete_conference(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_station *s = sdl_data(self);
	const CtiLineCallOthersReq *req = sig->msg;
	const struct cm_station_asker asker = asker_of(sig, req->async_response);
	struct cm_station_call *call =
		cm_station_asked_call(self, s, sig, req->async_response, req->ci);
	struct cm_station_call *held, *consult;

	if (!call)
		return sdl_state(self);
	if (consult_pair(s, call, req, CONSULT_FOR__CONSULT_CONFERENCE, &held, &consult))
		cm_station_join(self, held, &consult, 1, &asker);
	else
		sdl_relay(self, call->leg, sig);
	return sdl_state(self);
}

/* All calls that are named, without the one that stays: the conference, if one of them is in it.
 * 0, or why not. */
static uint32_t joined(const struct cm_station *s, const CtiLineCallOthersReq *req,
		       struct cm_station_call **stays, struct cm_station_call **other)
{
	for (size_t i = 0; i < req->n_other_ci; i++) {
		struct cm_station_call *call = cm_station_call(s, req->other_ci[i]);

		if (!call)
			return CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL;
		if (call == *stays || call->line != (*stays)->line)
			return CTIERR_CONFERENCE_INVALID_PARTICIPANT;
		for (size_t k = 0; k < i; k++)
			if (other[k] == call)
				return CTIERR_CONFERENCE_INVALID_PARTICIPANT;
		other[i] = call;
		if (!call->conference)
			continue;
		if ((*stays)->conference) /* conferences are not chained */
			return CTIERR_CONFERENCE_INVALID_PARTICIPANT;
		other[i] = *stays;
		*stays = call;
	}
	return 0;
}

int cm_station_on_join(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_station *s = sdl_data(self);
	const CtiLineCallOthersReq *req = sig->msg;
	const struct cm_station_asker asker = asker_of(sig, req->async_response);
	uint32_t most = (uint32_t)param_value(sdl_params(self), PARAM_MAX_AD_HOC_CONFERENCE);
	struct cm_station_call *call =
		cm_station_asked_call(self, s, sig, req->async_response, req->ci);
	struct cm_station_call **other;
	uint32_t why;

	if (!call)
		return sdl_state(self);
	if (!req->n_other_ci || req->n_other_ci > most) {
		cm_station_answer(self, sig, req->async_response,
				  req->n_other_ci ? CTIERR_CONFERENCE_FULL
						  : CTIERR_INVALID_PARAMETER);
		return sdl_state(self);
	}
	other = calloc(req->n_other_ci, sizeof *other);
	if (!other)
		abort();
	why = joined(s, req, &call, other);
	if (why)
		cm_station_answer(self, sig, req->async_response, why);
	else
		cm_station_join(self, call, other, req->n_other_ci, &asker);
	free(other);
	return sdl_state(self);
}

int cm_station_on_conference(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct cm_station *s = sdl_data(self);
	const CcConferenceCall *ind = sig->msg;
	struct cm_station_call *call = cm_station_call(s, ind->ci);

	if (call)
		call->conference = ind->conference;
	return sdl_state(self);
}

/* ---- what is told --------------------------------------------------------------------------- */

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
