/* StationD: what a user presses: the way from the phone to its lines and calls. */
#include "callmanager/station_d.h"

#include <string.h>

/* ---- keys ----------------------------------------------------------------------------------- */

bool station_call_waits(const struct cm_station_call *call)
{
	return call->state == CTI_CALL_STATE__OFFERING || call->state == CTI_CALL_STATE__ACCEPTED;
}

/* The call the user is in: neither waiting to be answered nor held. */
static struct cm_station_call *current(const struct cm_station *s)
{
	for (struct cm_station_call *call = s->calls; call; call = call->next)
		if (!station_call_waits(call) && call->state != CTI_CALL_STATE__ONHOLD &&
		    call->state != CTI_CALL_STATE__IDLE)
			return call;
	return NULL;
}

static struct cm_station_call *incoming(const struct cm_station *s, uint32_t line)
{
	for (struct cm_station_call *call = s->calls; call; call = call->next)
		if (station_call_waits(call) && (!line || call->line->index == line))
			return call;
	return NULL;
}

/* A phone has one voice: what the user was in gives way. */
void station_make_way(struct sdl_process *self, const struct cm_station_call *for_call)
{
	struct station_d *d = sdl_data(self);

	for (struct cm_station_call *call = d->station.calls; call; call = call->next) {
		if (call == for_call || station_call_waits(call) ||
		    call->state == CTI_CALL_STATE__ONHOLD)
			continue;
		if (call->state == CTI_CALL_STATE__CONNECTED)
			cm_station_request(self, call, SIG_CtiLineCallHoldReq);
		else if (call->state != CTI_CALL_STATE__IDLE)
			cm_station_request(self, call, SIG_CtiLineCallDisconnectReq);
	}
}

static int originate(struct sdl_process *self, uint32_t index, const char *number)
{
	struct station_d *d = sdl_data(self);
	struct cm_station_line *line = cm_station_line_at(&d->station, index ? index : 1);

	if (!line)
		return station_on_off_hook_rejected(self, NULL);
	strncpy(d->enbloc, number ? number : "", CM_DN_SIZE - 1);
	station_make_way(self, NULL);
	sdl_send(self, line->control, SIG_CcOffHookReq, NULL);
	return STATION_ORIGINATING;
}

static void answer(struct sdl_process *self, struct cm_station_call *call)
{
	station_make_way(self, call);
	cm_station_request(self, call, SIG_CtiLineCallAnswerReq);
}

int station_on_off_hook(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const StationHook *hook = sig->msg;
	struct cm_station_call *call = hook->has_call_reference
					       ? cm_station_call(&d->station, hook->call_reference)
					       : incoming(&d->station, hook->line);

	if (call && station_call_waits(call)) {
		answer(self, call);
		return STATION_REGISTERED;
	}
	return originate(self, hook->line, NULL);
}

int station_on_on_hook(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const StationHook *hook = sig->msg;
	struct cm_station_call *call = hook->has_call_reference
					       ? cm_station_call(&d->station, hook->call_reference)
					       : current(&d->station);

	if (call && !station_call_waits(call))
		cm_station_request(self, call, SIG_CtiLineCallDisconnectReq);
	return STATION_REGISTERED;
}

void station_dial(struct sdl_process *self, const struct cm_station_call *call, char *number,
		  bool complete)
{
	CcDigits in = CC_DIGITS__INIT;

	in.digits = number;
	in.complete = complete;
	sdl_send(self, call->leg, SIG_CcDigitsInd, &in);
}

int station_on_button(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const StationKeypadButton *button = sig->msg;
	struct cm_station_call *call =
		button->has_call_reference && button->call_reference
			? cm_station_call(&d->station, button->call_reference)
			: current(&d->station);
	char digit[2] = { (char)(button->button & 0x7f), '\0' };

	if (!call || !strchr("0123456789*#", digit[0]) || !digit[0])
		return STATION_REGISTERED;
	if (call->state == CTI_CALL_STATE__DIALTONE || call->state == CTI_CALL_STATE__DIALING)
		station_dial(self, call, digit[0] == '#' ? (char[]){ "" } : digit, digit[0] == '#');
	return STATION_REGISTERED;
}

int station_on_enbloc(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const StationEnblocCall *enbloc = sig->msg;
	struct cm_station_call *call = current(&d->station);

	if (call && call->state == CTI_CALL_STATE__DIALTONE) {
		station_dial(self, call, enbloc->called_party, true);
		return STATION_REGISTERED;
	}
	return originate(self, enbloc->line, enbloc->called_party);
}

int station_on_soft_key(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const StationSoftKeyEvent *key = sig->msg;
	struct cm_station *s = &d->station;
	struct cm_station_call *call =
		key->has_call_reference ? cm_station_call(s, key->call_reference) : NULL;

	switch (key->key) {
	case STATION_SOFT_KEY__NewCall:
		return originate(self, key->line, key->digits);
	case STATION_SOFT_KEY__EndCall:
		call = call ? call : current(s);
		if (call)
			cm_station_request(self, call, SIG_CtiLineCallDisconnectReq);
		break;
	case STATION_SOFT_KEY__Answer:
		call = call ? call : incoming(s, key->line);
		if (call)
			answer(self, call);
		break;
	case STATION_SOFT_KEY__HoldKey:
		call = call ? call : current(s);
		if (call)
			cm_station_request(self, call, SIG_CtiLineCallHoldReq);
		break;
	case STATION_SOFT_KEY__Resume:
		if (!call)
			break;
		station_make_way(self, call);
		cm_station_request(self, call, SIG_CtiLineCallRetrieveReq);
		break;
	default: {
		StationDisplayPrompt prompt = STATION_DISPLAY_PROMPT__INIT;

		prompt.text = "Key Is Not Active";
		sdl_send(self, d->phone, SIG_StationDisplayPromptStatus, &prompt);
		break;
	}
	}
	return STATION_REGISTERED;
}

/* The line has no room for it: the phone is on hook again. */
int station_on_off_hook_rejected(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	StationCallState msg = STATION_CALL_STATE__INIT;

	(void)sig;
	msg.state = STATION_CALL_STATE_VALUE__OnHook;
	msg.line = 1;
	msg.call_reference = 0;
	sdl_send(self, d->phone, SIG_StationCallState, &msg);
	return STATION_REGISTERED;
}
