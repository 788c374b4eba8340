/* What a leg shows: to its device and the applications, to its line, to who asked. */
#include "callmanager/leg.h"

static void tell(struct sdl_process *self, CallIndKind kind, CtiCallState state, uint32_t cause)
{
	struct leg *leg = sdl_data(self);
	CcCallInd ind = CC_CALL_IND__INIT;
	CtiCallNotify call = CTI_CALL_NOTIFY__INIT;

	call.device = leg->is->device;
	call.dn = leg->is->line->dn;
	call.ci = leg->ci;
	call.has_gci = true;
	call.gci = leg->gci;
	call.has_state = true;
	call.state = state;
	call.has_cause = true;
	call.cause = cause;
	call.has_reason = true;
	call.reason = leg->reason;
	call.calling = leg->calling;
	call.called = leg->called;
	call.original_called = leg->original_called[0] ? leg->original_called : leg->called;
	call.last_redirecting = leg->last_redirecting;
	call.has_outgoing = true;
	call.outgoing = leg->outgoing;
	ind.kind = kind;
	ind.line = leg->is->line->index;
	ind.call = &call;
	if (leg->consult && leg->consult->held_ci) {
		ind.has_consult_of = ind.has_purpose = true;
		ind.consult_of = leg->consult->held_ci;
		ind.purpose = leg->consult->purpose;
	}
	sdl_send(self, leg->device, SIG_CcCallInd, &ind);
}

void leg_tell(struct sdl_process *self, CtiCallState state, uint32_t cause)
{
	struct leg *leg = sdl_data(self);
	CallIndKind kind = CALL_IND_KIND__CALL_STATE;

	if (!leg->told)
		kind = CALL_IND_KIND__CALL_NEW;
	else if (leg->cti == state)
		kind = CALL_IND_KIND__CALL_PARTY;
	leg->told = true;
	leg->cti = state;
	tell(self, kind, state, cause);
}

void leg_tell_gci(struct sdl_process *self)
{
	const struct leg *leg = sdl_data(self);

	tell(self, CALL_IND_KIND__CALL_GCI, leg->cti, 0);
}

void leg_tell_closed(struct sdl_process *self, uint32_t cause)
{
	tell(self, CALL_IND_KIND__CALL_CLOSED, CTI_CALL_STATE__IDLE, cause);
}

void leg_use(struct sdl_process *self, LegUse use)
{
	struct leg *leg = sdl_data(self);
	CcLegUse ind = CC_LEG_USE__INIT;

	if (leg->use == use)
		return;
	ind.before = leg->use;
	ind.now = use;
	leg->use = use;
	sdl_send(self, sdl_parent(self), SIG_CcLegUseInd, &ind);
}

/* Each answer follows its request in the signal table. */
_Static_assert(SIG_CtiLineCallAcceptRes == SIG_CtiLineCallAcceptReq + 1 &&
		       SIG_CtiLineCallAnswerRes == SIG_CtiLineCallAnswerReq + 1 &&
		       SIG_CtiLineCallDisconnectRes == SIG_CtiLineCallDisconnectReq + 1 &&
		       SIG_CtiLineCallHoldRes == SIG_CtiLineCallHoldReq + 1 &&
		       SIG_CtiLineCallRetrieveRes == SIG_CtiLineCallRetrieveReq + 1 &&
		       SIG_CtiLineCallRedirectRes == SIG_CtiLineCallRedirectReq + 1 &&
		       SIG_CtiLineCallTransferBlindRes == SIG_CtiLineCallTransferBlindReq + 1 &&
		       SIG_CtiLineCallTransferSetupRes == SIG_CtiLineCallTransferSetupReq + 1 &&
		       SIG_CtiLineCallConferenceSetupRes == SIG_CtiLineCallConferenceSetupReq + 1,
	       "an answer does not follow its request in signal_cti_sdl.def");

static void answer(struct sdl_process *self, struct sdl_pid to, uint16_t number, uint32_t async,
		   uint32_t result)
{
	const struct leg *leg = sdl_data(self);
	CtiLineCallRes res = CTI_LINE_CALL_RES__INIT;

	res.async_response = async;
	res.result = result;
	res.has_ci = true;
	res.ci = leg->ci;
	sdl_send(self, to, number, &res);
}

/* All requests about a call begin with async_response. */
void leg_answer(struct sdl_process *self, const struct sdl_signal *req, uint32_t result)
{
	const CtiLineCallReq *asked = req->msg;

	answer(self, req->from, (uint16_t)(req->number + 1), asked->async_response, result);
}

/* The same failure, as transfers have it. */
static uint32_t transfer_error(uint32_t result)
{
	switch (result) {
	case CTIERR_SUCCESS:
	case CTIERR_CLUSTER_LINK_FAILURE:
	case CTIERR_CALL_DROPPED:
		return result;
	case CTIERR_REDIRECT_CALL_DESTINATION_BUSY:
		return CTIERR_TRANSFERFAILED_DESTINATION_BUSY;
	case CTIERR_REDIRECT_CALL_UNKNOWN_DESTINATION:
		return CTIERR_TRANSFERFAILED_DESTINATION_UNALLOCATED;
	case CTIERR_REDIRECT_CALL_PENDING_REDIRECT_TRANSACTION:
		return CTIERR_TRANSFERFAILED_OUTSTANDING_TRANSFER;
	default:
		return CTIERR_TRANSFERFAILED;
	}
}

void leg_answer_redirect(struct sdl_process *self, uint32_t result)
{
	struct leg *leg = sdl_data(self);

	if (sdl_pid_none(leg->asker))
		return;
	if (leg->answer == SIG_CtiLineCallTransferBlindRes)
		result = transfer_error(result);
	answer(self, leg->asker, leg->answer, leg->async_response, result);
	leg->asker = (struct sdl_pid){ 0 };
}

void leg_answer_unpark(struct sdl_process *self, uint32_t result)
{
	struct leg *leg = sdl_data(self);

	if (sdl_pid_none(leg->unparker))
		return;
	answer(self, leg->unparker, SIG_CtiLineCallUnParkRes, leg->unpark_async, result);
	leg->unparker = (struct sdl_pid){ 0 };
}
