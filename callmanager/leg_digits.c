/* Digits: before a call, of the number that is dialled; in a call, tones for the other side. */
#include "callmanager/leg.h"

#include <string.h>

/* ---- dialling ------------------------------------------------------------------------------- */

/* Some more digits of the number, or with complete the last ones. */
static int dial(struct sdl_process *self, const char *digits, bool complete)
{
	struct leg *leg = sdl_data(self);
	size_t have = strlen(leg->digits), more = strlen(digits);

	if (leg->target)
		return sdl_state(self); /* the number was complete without them */
	if (sdl_state(self) == LEG_CALL_INITIATED)
		leg_tell(self, CTI_CALL_STATE__DIALING, 0);
	if (have + more >= CM_DN_SIZE)
		return leg_fail(self, CAUSE_CALL_INVALIDNUMBERFORMAT);
	memcpy(leg->digits + have, digits, more + 1);
	if (complete && !leg_number_valid(leg->digits))
		return leg_fail(self, CAUSE_CALL_INVALIDNUMBERFORMAT);
	leg_text(leg->called, leg->digits);
	leg_analyse(self, complete);
	if (complete)
		return LEG_CALL_PROCEEDING;
	return LEG_OVERLAP_SENDING | SDL_REENTER;
}

int leg_on_digits(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CcDigits *in = sig->msg;

	return dial(self, in->digits, in->complete);
}

int leg_on_no_digits(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	return leg_fail(self, CAUSE_CALL_INVALIDNUMBERFORMAT);
}

int leg_on_digits_complete(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct leg *leg = sdl_data(self);

	(void)sig;
	if (!leg->target) /* else the number turned out complete without waiting */
		leg_analyse(self, true);
	return LEG_CALL_PROCEEDING;
}

/* The keys that a phone has, and the four that only the signalling has. */
static bool tones(const char *digits)
{
	size_t n = strspn(digits, "0123456789*#ABCD");

	return n > 0 && n < CM_DN_SIZE && digits[n] == '\0';
}

/* An application dials as fingers do: a pound key at the end says that the number is complete. */
int leg_on_dial(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CtiLineCallDigitsReq *req = sig->msg;
	char digits[CM_DN_SIZE];
	size_t last;

	if (!tones(req->digits)) {
		leg_answer(self, sig, CTIERR_INVALID_DTMFDIGITS);
		return sdl_state(self);
	}
	leg_answer(self, sig, CTIERR_SUCCESS);
	leg_text(digits, req->digits);
	last = strlen(digits) - 1;
	if (digits[last] != '#')
		return dial(self, digits, false);
	digits[last] = '\0';
	return dial(self, digits, true);
}

/* ---- tones ---------------------------------------------------------------------------------- */

/* They go the way of the call, from leg to leg, and not with the voice: no node is in between. */
int leg_on_play_dtmf(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const CtiLineCallDigitsReq *req = sig->msg;
	CcDtmf dtmf = CC_DTMF__INIT;

	if (!tones(req->digits)) {
		leg_answer(self, sig, CTIERR_INVALID_DTMFDIGITS);
		return sdl_state(self);
	}
	leg_answer(self, sig, CTIERR_SUCCESS);
	dtmf.digits = req->digits;
	sdl_send(self, leg->peer, SIG_CcDtmfInd, &dtmf);
	return sdl_state(self);
}

/* A party that has the call on hold hears nothing. */
int leg_on_dtmf(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	CcDtmf dtmf = *(const CcDtmf *)sig->msg;

	if (!leg_from_peer(leg, sig))
		return sdl_state(self);
	dtmf.has_ci = true;
	dtmf.ci = leg->ci;
	sdl_send(self, leg->device, SIG_CcDtmfInd, &dtmf);
	return sdl_state(self);
}
