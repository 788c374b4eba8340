/* StationD: what a user presses: the way from the phone to its lines and calls. */
#include "callmanager/station_d.h"

#include <string.h>

/* ---- keys ----------------------------------------------------------------------------------- */

static int originate(struct sdl_process *self, uint32_t index, const char *number)
{
	struct station_d *d = sdl_data(self);
	struct cm_station_line *line = cm_station_line_at(&d->phone.station, index ? index : 1);

	if (!line)
		return station_on_off_hook_rejected(self, NULL);
	strncpy(d->enbloc, number ? number : "", CM_DN_SIZE - 1);
	cm_phone_make_way(self, NULL);
	sdl_send(self, line->control, SIG_CcOffHookReq, NULL);
	return STATION_ORIGINATING;
}

int station_on_off_hook(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const StationHook *hook = sig->msg;
	struct cm_station_call *call =
		hook->has_call_reference ? cm_station_call(&d->phone.station, hook->call_reference)
					 : cm_phone_incoming(&d->phone.station, hook->line);

	if (call && cm_phone_call_waits(call)) {
		cm_phone_answer(self, call);
		return STATION_REGISTERED;
	}
	return originate(self, hook->line, NULL);
}

int station_on_on_hook(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const StationHook *hook = sig->msg;
	struct cm_station_call *call =
		hook->has_call_reference ? cm_station_call(&d->phone.station, hook->call_reference)
					 : cm_phone_current(&d->phone.station);

	if (call && !cm_phone_call_waits(call))
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
			? cm_station_call(&d->phone.station, button->call_reference)
			: cm_phone_current(&d->phone.station);
	char digit[2] = { (char)(button->button & 0x7f), '\0' };

	if (!call || !strchr("0123456789*#", digit[0]) || !digit[0])
		return STATION_REGISTERED;
	if (call->state == CTI_CALL_STATE__DIALTONE || call->state == CTI_CALL_STATE__DIALING)
		station_dial(self, call, digit[0] == '#' ? (char[]){ "" } : digit, digit[0] == '#');
	else if (call->state == CTI_CALL_STATE__CONNECTED)
		cm_phone_play_dtmf(self, call, digit);
	return STATION_REGISTERED;
}

int station_on_enbloc(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const StationEnblocCall *enbloc = sig->msg;
	struct cm_station_call *call = cm_phone_current(&d->phone.station);

	if (call && call->state == CTI_CALL_STATE__DIALTONE) {
		station_dial(self, call, enbloc->called_party, true);
		return STATION_REGISTERED;
	}
	return originate(self, enbloc->line, enbloc->called_party);
}

int station_on_soft_key(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct station_d *d = sdl_data(self);
	const StationSoftKeyEvent *key = sig->msg;
	StationDisplayPrompt prompt = STATION_DISPLAY_PROMPT__INIT;

	if (key->key == STATION_SOFT_KEY__NewCall)
		return originate(self, key->line, key->digits);
	if (cm_phone_soft_key(self, key))
		return STATION_REGISTERED;
	prompt.text = "Key Is Not Active";
	sdl_send(self, d->phone.pid, SIG_StationDisplayPromptStatus, &prompt);
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
	sdl_send(self, d->phone.pid, SIG_StationCallState, &msg);
	return STATION_REGISTERED;
}
