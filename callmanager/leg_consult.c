/* Consult calls: a leg is held while its user talks to somebody else on a further leg of the line,
 * to transfer the one to the other, or to confer. The two know of each other, for the end of one is
 * the end of the consulting, and the loss of one that of both (CAL-03). */
#include "callmanager/leg.h"

static struct leg_consult *consult_new(struct leg *leg)
{
	leg->consult = calloc(1, sizeof *leg->consult);
	if (!leg->consult)
		abort();
	return leg->consult;
}

static void consult_free(struct leg *leg)
{
	free(leg->consult);
	leg->consult = NULL;
}

/* lost: the cause by which the other one ends, too; 0 = it does not. */
static void end_other(struct sdl_process *self, struct sdl_pid other, uint32_t lost)
{
	CcConsultEnd end = CC_CONSULT_END__INIT;

	end.has_lost = lost != 0;
	end.lost = lost;
	sdl_send(self, other, SIG_CcConsultEndInd, &end);
}

/* ---- the leg that is held ------------------------------------------------------------------- */

static bool given(const char *number)
{
	return number && number[0];
}

int leg_on_setup_consult(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const CtiLineCallToReq *req = sig->msg;
	bool transfer = sig->number == SIG_CtiLineCallTransferSetupReq;
	CcConsult ask = CC_CONSULT__INIT;

	if (leg->consult) {
		leg_answer(self, sig, CTIERR_CONSULTCALL_ALREADY_OUTSTANDING);
		return sdl_state(self);
	}
	if (given(req->destination) && !leg_number_valid(req->destination)) {
		leg_answer(self, sig,
			   transfer ? CTIERR_TRANSFERFAILED_DESTINATION_UNALLOCATED
				    : CTIERR_CONSULT_CALL_FAILURE);
		return sdl_state(self);
	}
	consult_new(leg);
	leg->consult->req = cm_copy(&req->base);
	leg->consult->asker = sig->from;
	leg->consult->answer = (uint16_t)(sig->number + 1);
	leg->consult->purpose =
		transfer ? CONSULT_FOR__CONSULT_TRANSFER : CONSULT_FOR__CONSULT_CONFERENCE;
	ask.active = sdl_state(self) == LEG_ACTIVE10;
	sdl_send(self, sdl_parent(self), SIG_CcConsultReq, &ask);
	return sdl_state(self);
}

int leg_on_consult_refused(struct sdl_process *self, const struct sdl_signal *sig)
{
	int state = sdl_state(self);
	bool busy = state == LEG_TRANSFER_REQUEST || state == LEG_TRANSFERRING ||
		    state == LEG_REDIRECT_REQUEST || state == LEG_REROUTING;

	leg_answer(self, sig,
		   busy ? CTIERR_TRANSFERFAILED_OUTSTANDING_TRANSFER
			: CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	return state;
}

static void answer(struct sdl_process *self, uint32_t result)
{
	struct leg *leg = sdl_data(self);
	struct leg_consult *c = leg->consult;
	CtiLineCallRes res = CTI_LINE_CALL_RES__INIT;

	if (!c->req)
		return;
	res.async_response = c->req->async_response;
	res.result = result;
	sdl_send(self, c->asker, c->answer, &res);
	cti_line_call_to_req__free_unpacked(c->req, NULL);
	c->req = NULL;
}

static void begin(struct sdl_process *self, struct sdl_pid other)
{
	struct leg *leg = sdl_data(self);
	struct leg_consult *c = leg->consult;
	CcConsultInit init = CC_CONSULT_INIT__INIT;

	init.leg = sdl_pid_pack(sdl_self(self));
	init.ci = leg->ci;
	init.purpose = c->purpose;
	init.asker = sdl_pid_pack(c->asker);
	init.async_response = c->req->async_response;
	init.answer = c->answer;
	init.destination = given(c->req->destination) ? c->req->destination : NULL;
	sdl_send(self, other, SIG_CcConsultInit, &init);
	cti_line_call_to_req__free_unpacked(c->req, NULL);
	c->req = NULL;
	c->other = other;
}

/* The line's answer. Meanwhile the call may have ended, or be about something else: then the new
 * leg, of which nobody knows yet, goes again. */
int leg_on_consult_granted(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const CcConsultGranted *res = sig->msg;
	int state = sdl_state(self);

	if (!res->result && (state == LEG_ACTIVE10 || state == LEG_HOLD)) {
		if (state == LEG_ACTIVE10)
			leg_hold(self);
		begin(self, sdl_pid_unpack(res->leg));
		return LEG_HOLD;
	}
	if (!res->result)
		end_other(self, sdl_pid_unpack(res->leg), 0);
	answer(self, res->result ? res->result : CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	consult_free(leg);
	return state == LEG_RELEASE_REQUEST ? leg_finish(self) : state;
}

/* ---- the consult leg ------------------------------------------------------------------------ */

int leg_on_consult(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const CcConsultInit *init = sig->msg;
	struct leg_consult *c = consult_new(leg);
	CtiLineCallRes res = CTI_LINE_CALL_RES__INIT;

	c->other = sdl_pid_unpack(init->leg);
	c->purpose = init->purpose;
	c->held_ci = init->ci;
	leg_begin_outgoing(self);
	res.async_response = init->async_response;
	res.has_ci = true;
	res.ci = leg->ci;
	sdl_send(self, sdl_pid_unpack(init->asker), (uint16_t)init->answer, &res);
	return init->destination ? leg_dial(self, init->destination) : LEG_CALL_INITIATED;
}

/* ---- the end -------------------------------------------------------------------------------- */

void leg_end_consult(struct sdl_process *self, uint32_t lost)
{
	struct leg *leg = sdl_data(self);

	if (!leg->consult)
		return;
	if (sdl_pid_none(leg->consult->other)) { /* the line is still to answer */
		answer(self, CTIERR_CALL_DROPPED);
		return;
	}
	end_other(self, leg->consult->other, lost);
	consult_free(leg);
}

int leg_on_consult_end(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const CcConsultEnd *end = sig->msg;

	if (!leg->consult || !sdl_pid_equal(leg->consult->other, sig->from))
		return sdl_state(self);
	consult_free(leg);
	if (end->has_lost && !sdl_mutant(self, MUTANT_CONSULT_OUTLIVES_NODE))
		return leg_clear(self, end->lost);
	leg_tell_consulting(self);
	return sdl_state(self);
}

/* ---- the other side of a consult call ------------------------------------------------------- */

bool leg_consults(const struct leg *leg)
{
	return leg->consult && leg->consult->held_ci;
}

void leg_tell_consulting(struct sdl_process *self)
{
	struct leg *leg = sdl_data(self);
	CcConsulting ind = CC_CONSULTING__INIT;

	if (sdl_pid_none(leg->peer) || leg_consults(leg) == leg->told_consults)
		return;
	ind.consults = leg->told_consults = leg_consults(leg);
	sdl_send(self, leg->peer, SIG_CcConsultingInd, &ind);
}

int leg_on_consulting(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);

	if (leg_from_peer(leg, sig))
		leg->peer_consults = ((const CcConsulting *)sig->msg)->consults;
	return sdl_state(self);
}
