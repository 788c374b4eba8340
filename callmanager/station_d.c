/* StationD: one registered SCCP phone. Turns keys into requests to its lines and calls, and what
 * those say into lamps, tones and streams. */
#include "callmanager/station.h"

#include <string.h>

enum { INITIAL, REGISTERED, ORIGINATING, UNREGISTERING, LEAVING };

/* clang-format off */
static const struct sdl_state states[] = {
	[INITIAL] = { "initial", 0, PARAM_NONE, "its configuration, sent with its creation" },
	[REGISTERED] = { "registered", 0, PARAM_NONE, "" },
	[ORIGINATING] = { "originating", 0, PARAM_NONE, "its line, which always answers" },
	[UNREGISTERING] = { "unregistering", 0, PARAM_NONE, "its lines, which always answer" },
	[LEAVING] = { "leaving", 0, PARAM_NONE, "the end of its calls, and digit analysis" },
};
/* clang-format on */

static sdl_handler on_init, on_keepalive, on_keepalive_missed, on_unregister, on_locked,
	on_replaced, on_duplicate, on_off_hook, on_on_hook, on_button, on_enbloc, on_soft_key,
	on_channel_open, on_stream_lost, on_off_hook_rejected, on_call, on_call_leaving,
	on_media_open, on_media_close, on_media_send, on_media_send_stop, on_line_open,
	on_line_close, on_initiate, on_call_request, on_redirect, on_no_rtp, on_close, on_line_left,
	on_da_left, on_link_down, on_out_of_service, on_call_out_of_service;

/* clang-format off */
static const struct sdl_row rows[] = {
	{ INITIAL, SIG_CcStationInit, on_init, TO(REGISTERED) | TO(LEAVING) },

	{ REGISTERED, SIG_StationUnregister, on_unregister, TO(UNREGISTERING) | TO(LEAVING) },
	{ REGISTERED, SIG_StationOffHook, on_off_hook, TO(ORIGINATING) },
	{ REGISTERED, SIG_StationEnblocCall, on_enbloc, TO(ORIGINATING) },
	{ REGISTERED, SIG_StationSoftKeyEvent, on_soft_key, TO(ORIGINATING) },
	{ REGISTERED, SIG_StationKeypadButton, on_button, 0 },
	{ REGISTERED, SIG_StationOnHook, on_on_hook, 0 },
	{ REGISTERED, SIG_DaDuplicateInd, on_duplicate, 0 },
	/* Keys wait until the line has said what became of going off hook. */
	{ ORIGINATING, SIG_StationUnregister, sdl_save, 0 },
	{ ORIGINATING, SIG_StationOffHook, sdl_save, 0 },
	{ ORIGINATING, SIG_StationEnblocCall, sdl_save, 0 },
	{ ORIGINATING, SIG_StationSoftKeyEvent, sdl_save, 0 },
	{ ORIGINATING, SIG_StationKeypadButton, sdl_save, 0 },
	{ ORIGINATING, SIG_StationOnHook, sdl_save, 0 },
	{ ORIGINATING, SIG_DaDuplicateInd, sdl_save, 0 },
	{ ORIGINATING, SIG_CcOffHookRej, on_off_hook_rejected, TO(REGISTERED) },
	{ UNREGISTERING, SIG_CcLineCloseRes, on_locked, TO(REGISTERED) | TO(LEAVING) },
	{ UNREGISTERING, SIG_StationOffHook, sdl_save, 0 },
	{ UNREGISTERING, SIG_StationEnblocCall, sdl_save, 0 },
	{ UNREGISTERING, SIG_StationSoftKeyEvent, sdl_save, 0 },
	{ UNREGISTERING, SIG_StationKeypadButton, sdl_save, 0 },
	{ UNREGISTERING, SIG_StationOnHook, sdl_save, 0 },
	{ UNREGISTERING, SIG_CtiLineCallInitiateReq, sdl_save, 0 },

	{ LEAVING, SIG_CcLineCloseRes, on_line_left, TO_STOP },
	{ LEAVING, SIG_DaUnregisterRes, on_da_left, TO_STOP },
	{ LEAVING, SIG_CcCallInd, on_call_leaving, 0 },
	{ LEAVING, SIG_StationKeepAlive, sdl_ignore, 0 },
	{ LEAVING, SIG_CtiLineOpenLineReq, on_out_of_service, 0 },
	{ LEAVING, SIG_CtiLineCallInitiateReq, on_out_of_service, 0 },
	{ LEAVING, SIG_CtiLineCallAcceptReq, on_call_out_of_service, 0 },
	{ LEAVING, SIG_CtiLineCallAnswerReq, on_call_out_of_service, 0 },
	{ LEAVING, SIG_CtiLineCallDisconnectReq, on_call_out_of_service, 0 },
	{ LEAVING, SIG_CtiLineCallHoldReq, on_call_out_of_service, 0 },
	{ LEAVING, SIG_CtiLineCallRetrieveReq, on_call_out_of_service, 0 },
	{ LEAVING, SIG_CtiLineCallRedirectReq, on_out_of_service, 0 },
	{ LEAVING, SIG_CcMediaOpenReq, sdl_ignore, 0 },
	{ LEAVING, SIG_CcMediaSendReq, sdl_ignore, 0 },
	{ LEAVING, SIG_CcReplacedInd, sdl_ignore, 0 },
	{ LEAVING, SIG_StationUnregister, sdl_ignore, 0 },
	{ LEAVING, SIG_StationKeepAliveTimer, sdl_ignore, 0 },
	/* Of a phone that is taken for gone. */
	{ SDL_ANY, SIG_StationOffHook, sdl_ignore, 0 },
	{ SDL_ANY, SIG_StationEnblocCall, sdl_ignore, 0 },
	{ SDL_ANY, SIG_StationSoftKeyEvent, sdl_ignore, 0 },
	{ SDL_ANY, SIG_StationKeypadButton, sdl_ignore, 0 },
	{ SDL_ANY, SIG_StationOnHook, sdl_ignore, 0 },
	{ SDL_ANY, SIG_StationUnregister, sdl_ignore, 0 },
	{ SDL_ANY, SIG_DaDuplicateInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcOffHookRej, sdl_ignore, 0 },
	{ SDL_ANY, SIG_DaUnregisterRes, sdl_ignore, 0 },

	{ SDL_ANY, SIG_StationKeepAlive, on_keepalive, 0 },
	{ SDL_ANY, SIG_StationKeepAliveTimer, on_keepalive_missed, TO(LEAVING) },
	{ SDL_ANY, SIG_CcReplacedInd, on_replaced, TO(LEAVING) },
	{ SDL_ANY, SIG_SdlLinkOutOfService, on_link_down, TO(LEAVING) },
	{ SDL_ANY, SIG_SdlLinkInService, sdl_ignore, 0 },
	{ SDL_ANY, SIG_StationOpenReceiveChannelAck, on_channel_open, 0 },
	{ SDL_ANY, SIG_StationMediaTransmissionFailure, on_stream_lost, 0 },
	{ SDL_ANY, SIG_CcCallInd, on_call, TO(REGISTERED) },
	{ SDL_ANY, SIG_CcMediaOpenReq, on_media_open, 0 },
	{ SDL_ANY, SIG_CcMediaCloseReq, on_media_close, 0 },
	{ SDL_ANY, SIG_CcMediaSendReq, on_media_send, 0 },
	{ SDL_ANY, SIG_CcMediaSendStopReq, on_media_send_stop, 0 },
	{ SDL_ANY, SIG_CtiLineOpenLineReq, on_line_open, 0 },
	{ SDL_ANY, SIG_CtiLineCloseLineReq, on_line_close, 0 },
	{ SDL_ANY, SIG_CtiDeviceCloseDeviceReq, on_close, 0 },
	{ SDL_ANY, SIG_CtiLineCallInitiateReq, on_initiate, 0 },
	{ SDL_ANY, SIG_CtiLineCallAcceptReq, on_call_request, 0 },
	{ SDL_ANY, SIG_CtiLineCallAnswerReq, on_call_request, 0 },
	{ SDL_ANY, SIG_CtiLineCallDisconnectReq, on_call_request, 0 },
	{ SDL_ANY, SIG_CtiLineCallHoldReq, on_call_request, 0 },
	{ SDL_ANY, SIG_CtiLineCallRetrieveReq, on_call_request, 0 },
	{ SDL_ANY, SIG_CtiLineCallRedirectReq, on_redirect, 0 },
	{ SDL_ANY, SIG_CtiDeviceSetRTPForCallReq, on_no_rtp, 0 },
	/* Answers to requests that keys made: the phone shows what becomes of them. */
	{ SDL_ANY, SIG_CtiLineCallAnswerRes, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CtiLineCallDisconnectRes, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CtiLineCallHoldRes, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CtiLineCallRetrieveRes, sdl_ignore, 0 },
};
/* clang-format on */

struct station_d {
	struct cm_station station;
	struct sdl_pid phone;
	uint32_t ip;
	OutOfServiceCause cause; /* why it goes */
	bool says_goodbye;	 /* the phone waits for StationUnregisterAck */
	char enbloc[CM_DN_SIZE]; /* to be dialled when the line is there */
};

static void stop(struct sdl_process *self)
{
	struct station_d *d = sdl_data(self);

	cm_station_free(&d->station);
}

/* ---- to the phone --------------------------------------------------------------------------- */

static void show(struct sdl_process *self, const struct cm_station_call *call,
		 StationCallStateValue state)
{
	struct station_d *d = sdl_data(self);
	StationCallState msg = STATION_CALL_STATE__INIT;

	msg.state = state;
	msg.line = call->line->index;
	msg.call_reference = call->ci;
	sdl_send(self, d->phone, SIG_StationCallState, &msg);
}

static void show_info(struct sdl_process *self, struct cm_station_call *call)
{
	struct station_d *d = sdl_data(self);
	StationCallInfo msg = STATION_CALL_INFO__INIT;

	msg.line = call->line->index;
	msg.call_reference = call->ci;
	msg.calling_party = call->calling;
	msg.called_party = call->called;
	msg.original_called_party = call->original_called;
	msg.last_redirecting_party = call->last_redirecting;
	msg.has_inbound = true;
	msg.inbound = !call->outgoing;
	sdl_send(self, d->phone, SIG_StationCallInfo, &msg);
}

static void ring(struct sdl_process *self, struct cm_station_call *call, bool on)
{
	struct station_d *d = sdl_data(self);
	StationSetRinger msg = STATION_SET_RINGER__INIT;

	if (call->ringing == on)
		return;
	call->ringing = on;
	msg.on = on;
	msg.has_line = msg.has_call_reference = true;
	msg.line = call->line->index;
	msg.call_reference = call->ci;
	sdl_send(self, d->phone, SIG_StationSetRinger, &msg);
}

static void play(struct sdl_process *self, struct cm_station_call *call, StationTone tone)
{
	struct station_d *d = sdl_data(self);
	StationToneMsg msg = STATION_TONE_MSG__INIT;
	bool on = tone != STATION_TONE__Silence;

	if (!on && !call->tone)
		return;
	call->tone = on;
	msg.tone = tone;
	msg.has_line = msg.has_call_reference = true;
	msg.line = call->line->index;
	msg.call_reference = call->ci;
	sdl_send(self, d->phone, on ? SIG_StationStartTone : SIG_StationStopTone, &msg);
}

/* ---- registration --------------------------------------------------------------------------- */

static void arm_keepalive(struct sdl_process *self)
{
	int64_t missed = param_value(sdl_params(self), PARAM_STATION_KEEPALIVES_MISSED_MAX);

	sdl_timer_start(self, SIG_StationKeepAliveTimer,
			(missed + 1) *
				param_ns(sdl_params(self), PARAM_STATION_KEEPALIVE_INTERVAL));
}

static void acknowledge(struct sdl_process *self)
{
	struct station_d *d = sdl_data(self);
	struct cm_station *s = &d->station;
	StationRegisterAck ack = STATION_REGISTER_ACK__INIT;
	char **dn = calloc(s->lines_n + 1, sizeof *dn);

	if (!dn)
		abort();
	for (size_t i = 0; i < s->lines_n; i++)
		dn[i] = s->lines[i].dn;
	ack.keepalive_s = (uint32_t)param_value(sdl_params(self), PARAM_STATION_KEEPALIVE_INTERVAL);
	ack.has_secondary_keepalive_s = true;
	ack.secondary_keepalive_s =
		(uint32_t)param_value(sdl_params(self), PARAM_STATION_STANDBY_KEEPALIVE_INTERVAL);
	ack.group = s->group;
	ack.n_group = s->group_n;
	ack.dn = dn;
	ack.n_dn = s->lines_n;
	ack.node = sdl_self(self).node;
	sdl_send(self, d->phone, SIG_StationRegisterAck, &ack);
	free(dn);
}

static int leave(struct sdl_process *self, OutOfServiceCause cause, int reason)
{
	struct station_d *d = sdl_data(self);
	struct cm_station *s = &d->station;

	d->cause = cause;
	for (struct cm_station_call *call = s->calls; call; call = call->next)
		sdl_send(self, call->leg, SIG_CcDeviceLostInd, NULL);
	sdl_timer_stop(self, SIG_StationKeepAliveTimer);
	sdl_count(self, COUNTER_REGISTERED_HARDWARE_PHONES, -1);
	cm_station_alarm(self, s, d->ip, false, reason);
	cm_station_leave(self, s, 0);
	return LEAVING;
}

static int on_init(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const CcStationInit *init = sig->msg;

	d->phone = sdl_pid_unpack(init->phone);
	d->ip = init->ip;
	cm_station_setup(self, &d->station, init->device, init->generation);
	cm_station_register(self, &d->station, false);
	cm_station_tell_registrar(self, &d->station, CM_CTI_REGISTRAR, SIG_CcDeviceUpInd,
				  OUT_OF_SERVICE_CAUSE__CAUSE_NONE);
	cm_station_alarm(self, &d->station, d->ip, true, 0);
	sdl_count(self, COUNTER_REGISTERED_HARDWARE_PHONES, 1);
	sdl_watch(self, d->phone.node, SDL_APP_PHONES);
	sdl_watch(self, 0, SDL_APP_CTIMANAGER);
	arm_keepalive(self);
	if (!sdl_link_up(self, d->phone.node, SDL_APP_PHONES))
		return leave(self, OUT_OF_SERVICE_CAUSE__DEVICE_FAILURE,
			     CAUSE_UNREG_CONNECTIVITY_ERROR);
	acknowledge(self);
	return REGISTERED;
}

static int on_keepalive(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);

	(void)sig;
	sdl_send(self, d->phone, SIG_StationKeepAliveAck, NULL);
	arm_keepalive(self);
	return sdl_state(self);
}

static int on_keepalive_missed(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	return leave(self, OUT_OF_SERVICE_CAUSE__DEVICE_FAILURE, CAUSE_UNREG_KEEPALIVE_TIMEOUT);
}

static int on_link_down(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const SdlLinkStatus *status = sig->msg;

	if (status->app == SDL_APP_CTIMANAGER) {
		cm_station_forget_node(&d->station, (uint8_t)status->node);
		return sdl_state(self);
	}
	if (sdl_state(self) == LEAVING)
		return LEAVING;
	return leave(self, OUT_OF_SERVICE_CAUSE__DEVICE_FAILURE, CAUSE_UNREG_CONNECTIVITY_ERROR);
}

static int on_replaced(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	return leave(self, OUT_OF_SERVICE_CAUSE__DEVICE_UNREGISTERED,
		     CAUSE_UNREG_DUPLICATE_REGISTRATION);
}

/* The phone is registered where it belongs; told to start anew it will find out by itself (CMF-17).
 */
static int on_duplicate(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	StationReset reset = STATION_RESET__INIT;

	(void)sig;
	reset.restart_only = true;
	sdl_send(self, d->phone, SIG_StationReset, &reset);
	return REGISTERED;
}

static void say_goodbye(struct sdl_process *self, StationUnregisterStatus status)
{
	struct station_d *d = sdl_data(self);
	StationUnregisterAck ack = STATION_UNREGISTER_ACK__INIT;

	ack.status = status;
	sdl_send(self, d->phone, SIG_StationUnregisterAck, &ack);
}

/* Only an idle phone may go; a call may be on its way to it just now. */
static int on_unregister(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);

	(void)sig;
	if (cm_station_try_leave(self, &d->station) == CM_LEAVING)
		return UNREGISTERING;
	d->says_goodbye = true;
	return leave(self, OUT_OF_SERVICE_CAUSE__DEVICE_UNREGISTERED,
		     CAUSE_UNREG_DEVICE_UNREGISTERED);
}

/* A phone that leaves a CallManager for a better one of its group, or just leaves. */
static OutOfServiceCause farewell(const struct sdl_process *self, const struct cm_station *s)
{
	for (size_t i = 0; i < s->group_n && s->group[i] != sdl_self(self).node; i++)
		if (sdl_link_up(self, (uint8_t)s->group[i], SDL_APP_CALLMANAGER))
			return OUT_OF_SERVICE_CAUSE__REHOME_TO_HIGHER_PRIORITY_CM;
	return OUT_OF_SERVICE_CAUSE__DEVICE_UNREGISTERED;
}

static int on_locked(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const CcLineClosed *res = sig->msg;
	OutOfServiceCause cause = farewell(self, &d->station);
	int reason = CAUSE_UNREG_DEVICE_UNREGISTERED;

	switch (cm_station_on_locked(self, &d->station, res->closed)) {
	case CM_LEAVING:
		return UNREGISTERING;
	case CM_STAYS:
		say_goodbye(self, STATION_UNREGISTER_STATUS__UnregisterNAK);
		return REGISTERED;
	default:
		break;
	}
	d->says_goodbye = true;
	if (cause == OUT_OF_SERVICE_CAUSE__REHOME_TO_HIGHER_PRIORITY_CM)
		reason = CAUSE_UNREG_FALLBACK_INITIATED;
	return leave(self, cause, reason);
}

/* ---- keys ----------------------------------------------------------------------------------- */

static bool in_set_up(const struct cm_station_call *call)
{
	return call->state == CTI_CALL_STATE__OFFERING || call->state == CTI_CALL_STATE__ACCEPTED;
}

/* The call the user is in: neither waiting to be answered nor held. */
static struct cm_station_call *current(const struct cm_station *s)
{
	for (struct cm_station_call *call = s->calls; call; call = call->next)
		if (!in_set_up(call) && call->state != CTI_CALL_STATE__ONHOLD &&
		    call->state != CTI_CALL_STATE__IDLE)
			return call;
	return NULL;
}

static struct cm_station_call *incoming(const struct cm_station *s, uint32_t line)
{
	for (struct cm_station_call *call = s->calls; call; call = call->next)
		if (in_set_up(call) && (!line || call->line->index == line))
			return call;
	return NULL;
}

/* A phone has one voice: what the user was in gives way. */
static void make_way(struct sdl_process *self, const struct cm_station_call *for_call)
{
	struct station_d *d = sdl_data(self);

	for (struct cm_station_call *call = d->station.calls; call; call = call->next) {
		if (call == for_call || in_set_up(call) || call->state == CTI_CALL_STATE__ONHOLD)
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
		return on_off_hook_rejected(self, NULL);
	strncpy(d->enbloc, number ? number : "", CM_DN_SIZE - 1);
	make_way(self, NULL);
	sdl_send(self, line->control, SIG_CcOffHookReq, NULL);
	return ORIGINATING;
}

static void answer(struct sdl_process *self, struct cm_station_call *call)
{
	make_way(self, call);
	cm_station_request(self, call, SIG_CtiLineCallAnswerReq);
}

static int on_off_hook(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const StationHook *hook = sig->msg;
	struct cm_station_call *call = hook->has_call_reference
					       ? cm_station_call(&d->station, hook->call_reference)
					       : incoming(&d->station, hook->line);

	if (call && in_set_up(call)) {
		answer(self, call);
		return REGISTERED;
	}
	return originate(self, hook->line, NULL);
}

static int on_on_hook(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const StationHook *hook = sig->msg;
	struct cm_station_call *call = hook->has_call_reference
					       ? cm_station_call(&d->station, hook->call_reference)
					       : current(&d->station);

	if (call && !in_set_up(call))
		cm_station_request(self, call, SIG_CtiLineCallDisconnectReq);
	return REGISTERED;
}

static void digits(struct sdl_process *self, const struct cm_station_call *call, char *number,
		   bool complete)
{
	CcDigits in = CC_DIGITS__INIT;

	in.digits = number;
	in.complete = complete;
	sdl_send(self, call->leg, SIG_CcDigitsInd, &in);
}

static int on_button(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const StationKeypadButton *button = sig->msg;
	struct cm_station_call *call =
		button->has_call_reference && button->call_reference
			? cm_station_call(&d->station, button->call_reference)
			: current(&d->station);
	char digit[2] = { (char)(button->button & 0x7f), '\0' };

	if (!call || !strchr("0123456789*#", digit[0]) || !digit[0])
		return REGISTERED;
	if (call->state == CTI_CALL_STATE__DIALTONE || call->state == CTI_CALL_STATE__DIALING)
		digits(self, call, digit[0] == '#' ? (char[]){ "" } : digit, digit[0] == '#');
	return REGISTERED;
}

static int on_enbloc(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const StationEnblocCall *enbloc = sig->msg;
	struct cm_station_call *call = current(&d->station);

	if (call && call->state == CTI_CALL_STATE__DIALTONE) {
		digits(self, call, enbloc->called_party, true);
		return REGISTERED;
	}
	return originate(self, enbloc->line, enbloc->called_party);
}

static int on_soft_key(struct sdl_process *self, const struct sdl_signal *sig)
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
		make_way(self, call);
		cm_station_request(self, call, SIG_CtiLineCallRetrieveReq);
		break;
	default: {
		StationDisplayPrompt prompt = STATION_DISPLAY_PROMPT__INIT;

		prompt.text = "Key Is Not Active";
		sdl_send(self, d->phone, SIG_StationDisplayPromptStatus, &prompt);
		break;
	}
	}
	return REGISTERED;
}

/* The line has no room for it: the phone is on hook again. */
static int on_off_hook_rejected(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	StationCallState msg = STATION_CALL_STATE__INIT;

	(void)sig;
	msg.state = STATION_CALL_STATE_VALUE__OnHook;
	msg.line = 1;
	msg.call_reference = 0;
	sdl_send(self, d->phone, SIG_StationCallState, &msg);
	return REGISTERED;
}

/* ---- calls ---------------------------------------------------------------------------------- */

static void show_state(struct sdl_process *self, struct cm_station_call *call)
{
	switch (call->state) {
	case CTI_CALL_STATE__OFFERING:
	case CTI_CALL_STATE__ACCEPTED:
		if (call->ringing)
			return;
		show(self, call, STATION_CALL_STATE_VALUE__RingIn);
		show_info(self, call);
		ring(self, call, true);
		return;
	case CTI_CALL_STATE__DIALTONE:
		show(self, call, STATION_CALL_STATE_VALUE__OffHook);
		play(self, call, STATION_TONE__InsideDialTone);
		return;
	case CTI_CALL_STATE__DIALING:
		play(self, call, STATION_TONE__Silence);
		return;
	case CTI_CALL_STATE__PROCEEDING:
		play(self, call, STATION_TONE__Silence);
		show(self, call, STATION_CALL_STATE_VALUE__Proceed);
		show_info(self, call);
		return;
	case CTI_CALL_STATE__RINGBACK:
		show(self, call, STATION_CALL_STATE_VALUE__RingOut);
		play(self, call, STATION_TONE__AlertingTone);
		return;
	case CTI_CALL_STATE__CONNECTED:
		play(self, call, STATION_TONE__Silence);
		ring(self, call, false);
		show(self, call, STATION_CALL_STATE_VALUE__Connected);
		show_info(self, call);
		return;
	case CTI_CALL_STATE__ONHOLD:
		show(self, call, STATION_CALL_STATE_VALUE__Hold);
		return;
	case CTI_CALL_STATE__BUSY:
		show(self, call, STATION_CALL_STATE_VALUE__Busy);
		play(self, call, STATION_TONE__LineBusyTone);
		return;
	case CTI_CALL_STATE__REORDER:
		show(self, call, STATION_CALL_STATE_VALUE__InvalidNumber);
		play(self, call, STATION_TONE__ReorderTone);
		return;
	default:
		return;
	}
}

static void show_end(struct sdl_process *self, struct cm_station_call *call)
{
	play(self, call, STATION_TONE__Silence);
	ring(self, call, false);
	show(self, call, STATION_CALL_STATE_VALUE__OnHook);
}

static int on_call(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const CcCallInd *ind = sig->msg;
	struct cm_station_call *call = cm_station_on_call(self, &d->station, sig);

	if (!call)
		return sdl_state(self);
	if (ind->kind == CALL_IND_KIND__CALL_CLOSED) {
		show_end(self, call);
		cm_station_call_end(self, &d->station, call);
		return sdl_state(self);
	}
	if (ind->kind == CALL_IND_KIND__CALL_PARTY)
		show_info(self, call);
	else
		show_state(self, call);
	if (sdl_state(self) != ORIGINATING || ind->kind != CALL_IND_KIND__CALL_NEW ||
	    !call->outgoing || call->state != CTI_CALL_STATE__DIALTONE)
		return sdl_state(self);
	if (d->enbloc[0])
		digits(self, call, d->enbloc, true);
	d->enbloc[0] = '\0';
	return REGISTERED;
}

/* The phone is gone; its calls end, and one that was on its way to it does, too. */
static int on_call_leaving(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const CcCallInd *ind = sig->msg;
	struct cm_station_call *call = cm_station_on_call(self, &d->station, sig);

	if (ind->kind == CALL_IND_KIND__CALL_NEW)
		sdl_send(self, sig->from, SIG_CcDeviceLostInd, NULL);
	else if (call && ind->kind == CALL_IND_KIND__CALL_CLOSED)
		cm_station_call_end(self, &d->station, call);
	return LEAVING;
}

/* ---- media ---------------------------------------------------------------------------------- */

static int on_media_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const CcMediaOpen *open = sig->msg;
	struct cm_station_call *call = cm_station_call(&d->station, open->ci);
	StationOpenReceiveChannel msg = STATION_OPEN_RECEIVE_CHANNEL__INIT;

	if (!call)
		return sdl_state(self);
	call->media.asked = open->open;
	call->media.codec = open->codec;
	call->media.pending = true;
	call->media.unanswered++;
	msg.call_reference = call->ci;
	msg.has_codec = true;
	msg.codec = open->codec;
	sdl_send(self, d->phone, SIG_StationOpenReceiveChannel, &msg);
	return sdl_state(self);
}

/* A phone answers each opening, in order: only the answer to the last one is of use. */
static int on_channel_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const StationOpenReceiveChannelAck *ack = sig->msg;
	struct cm_station_call *call = cm_station_call(&d->station, ack->call_reference);

	if (!call || !call->media.unanswered || --call->media.unanswered || !call->media.pending)
		return sdl_state(self);
	call->media.ip = ack->ip;
	call->media.port = ack->port;
	cm_station_listening(self, &d->station, call, ack->status == 0);
	return sdl_state(self);
}

static int on_media_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const CcMediaEnd *end = sig->msg;
	struct cm_station_call *call = cm_station_call(&d->station, end->ci);
	StationMediaEnd msg = STATION_MEDIA_END__INIT;

	msg.call_reference = end->ci;
	sdl_send(self, d->phone, SIG_StationCloseReceiveChannel, &msg);
	if (!call)
		return sdl_state(self);
	if (call->media.open)
		cm_station_tell_media(self, &d->station, call, SIG_CtiStopReceptionNotify);
	call->media.open = call->media.pending = false;
	return sdl_state(self);
}

static int on_media_send(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const CcMediaSend *send = sig->msg;
	struct cm_station_call *call = cm_station_call(&d->station, send->ci);
	StationStartMediaTransmission msg = STATION_START_MEDIA_TRANSMISSION__INIT;

	if (!call)
		return sdl_state(self);
	call->media.far_ip = send->ip;
	call->media.far_port = send->port;
	call->media.sending = true;
	msg.call_reference = send->ci;
	msg.ip = send->ip;
	msg.port = send->port;
	msg.has_codec = true;
	msg.codec = send->codec;
	sdl_send(self, d->phone, SIG_StationStartMediaTransmission, &msg);
	cm_station_tell_media(self, &d->station, call, SIG_CtiStartTransmissionNotify);
	return sdl_state(self);
}

static int on_media_send_stop(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const CcMediaEnd *end = sig->msg;
	struct cm_station_call *call = cm_station_call(&d->station, end->ci);
	StationMediaEnd msg = STATION_MEDIA_END__INIT;

	msg.call_reference = end->ci;
	sdl_send(self, d->phone, SIG_StationStopMediaTransmission, &msg);
	if (call && call->media.sending)
		cm_station_tell_media(self, &d->station, call, SIG_CtiStopTransmissionNotify);
	if (call)
		call->media.sending = false;
	return sdl_state(self);
}

/* Nothing is heard any more: of a preserved call it is the end, of another one it means nothing. */
static int on_stream_lost(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const StationMediaTransmissionFailure *failure = sig->msg;
	struct cm_station_call *call = cm_station_call(&d->station, failure->call_reference);

	if (call)
		sdl_send(self, call->leg, SIG_CcStreamLostInd, NULL);
	return sdl_state(self);
}

/* ---- CTI ------------------------------------------------------------------------------------ */

static int on_line_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);

	cm_station_line_open(self, &d->station, sig);
	return sdl_state(self);
}

static int on_line_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);

	cm_station_line_close(self, &d->station, sig);
	return sdl_state(self);
}

/* Relayed by CTIRegistrar, which has answered. */
static int on_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const CtiDeviceCloseDeviceReq *req = sig->msg;

	if (!req->owner)
		cm_station_forget_watcher(&d->station, sig->from);
	return sdl_state(self);
}

static int on_initiate(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	struct cm_station_line *line = cm_station_asked_line(self, &d->station, sig);

	if (!line)
		return sdl_state(self);
	make_way(self, NULL);
	sdl_relay(self, line->control, sig);
	return sdl_state(self);
}

static int on_call_request(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const CtiLineCallReq *req = sig->msg;
	struct cm_station_call *call =
		cm_station_asked_call(self, &d->station, sig, req->async_response, req->ci);

	if (!call)
		return sdl_state(self);
	if ((sig->number == SIG_CtiLineCallAnswerReq && in_set_up(call)) ||
	    (sig->number == SIG_CtiLineCallRetrieveReq && call->state == CTI_CALL_STATE__ONHOLD))
		make_way(self, call);
	sdl_relay(self, call->leg, sig);
	return sdl_state(self);
}

static int on_redirect(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const CtiLineCallRedirectReq *req = sig->msg;
	struct cm_station_call *call =
		cm_station_asked_call(self, &d->station, sig, req->async_response, req->ci);

	if (call)
		sdl_relay(self, call->leg, sig);
	return sdl_state(self);
}

static int on_no_rtp(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CtiDeviceSetRTPForCallReq *req = sig->msg;

	cm_station_answer(self, sig, req->async_response, CTIERR_CANNOT_TERMINATE_MEDIA_ON_PHONE);
	return sdl_state(self);
}

/* ---- the end -------------------------------------------------------------------------------- */

static int on_out_of_service(struct sdl_process *self, const struct sdl_signal *sig)
{
	uint32_t async = 0;

	if (sig->number == SIG_CtiLineOpenLineReq) {
		const CtiLineOpenLineReq *req = sig->msg;
		CtiLineOpenLineRes res = CTI_LINE_OPEN_LINE_RES__INIT;

		res.async_response = req->async_response;
		res.result = CTIERR_DEVICE_OUT_OF_SERVICE;
		res.dn = req->dn;
		sdl_send(self, sig->from, SIG_CtiLineOpenLineRes, &res);
		return LEAVING;
	}
	if (sig->number == SIG_CtiLineCallInitiateReq)
		async = ((const CtiLineCallInitiateReq *)sig->msg)->async_response;
	else
		async = ((const CtiLineCallRedirectReq *)sig->msg)->async_response;
	cm_station_answer(self, sig, async, CTIERR_DEVICE_OUT_OF_SERVICE);
	return LEAVING;
}

static int on_call_out_of_service(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CtiLineCallReq *req = sig->msg;

	cm_station_answer(self, sig, req->async_response, CTIERR_DEVICE_OUT_OF_SERVICE);
	return LEAVING;
}

static int left(struct sdl_process *self, enum cm_leaving how)
{
	struct station_d *d = sdl_data(self);

	if (how != CM_LEFT)
		return LEAVING;
	cm_station_tell_registrar(self, &d->station, CM_STATION_INIT, SIG_CcDeviceGoneInd,
				  d->cause);
	cm_station_tell_registrar(self, &d->station, CM_CTI_REGISTRAR, SIG_CcDeviceGoneInd,
				  d->cause);
	if (d->says_goodbye)
		say_goodbye(self, STATION_UNREGISTER_STATUS__UnregisterOK);
	return SDL_STOP;
}

static int on_line_left(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);

	(void)sig;
	return left(self, cm_station_on_line_left(self, &d->station));
}

static int on_da_left(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);

	(void)sig;
	return left(self, cm_station_on_da_left(self, &d->station));
}

const struct sdl_type cm_station_d = {
	.name = "StationD",
	.number = CM_STATION_D,
	.size = sizeof(struct station_d),
	.states = states,
	.states_n = sizeof states / sizeof states[0],
	.rows = rows,
	.rows_n = sizeof rows / sizeof rows[0],
	.stop = stop,
};
