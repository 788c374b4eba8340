/* StationD: one registered SCCP phone. Turns keys into requests to its lines and calls, and what
 * those say into lamps, tones and streams. */
#include "callmanager/station_d.h"

#include <string.h>

static const struct sdl_state states[] = {
	[STATION_INITIAL] = { "initial", 0, PARAM_NONE,
			      "its configuration, sent with its creation" },
	[STATION_REGISTERED] = { "registered", 0, PARAM_NONE, "" },
	[STATION_ORIGINATING] = { "originating", 0, PARAM_NONE, "its line, which always answers" },
	[STATION_UNREGISTERING] = { "unregistering", 0, PARAM_NONE,
				    "its lines, which always answer" },
	[STATION_LEAVING] = { "leaving", 0, PARAM_NONE,
			      "the end of its calls, and digit analysis" },
};

static sdl_handler on_config, on_init, on_keepalive, on_keepalive_missed, on_unregister, on_locked,
	on_replaced, on_duplicate, on_call, on_call_leaving, on_line_open, on_line_close,
	on_initiate, on_call_request, on_redirect, on_no_rtp, on_close, on_line_left, on_da_left,
	on_link_down, on_out_of_service, on_call_out_of_service;

static const struct sdl_row rows[] = {
	{ STATION_INITIAL, SIG_CcStationInit, on_init,
	  TO(STATION_REGISTERED) | TO(STATION_LEAVING) },

	{ STATION_REGISTERED, SIG_StationUnregister, on_unregister,
	  TO(STATION_UNREGISTERING) | TO(STATION_LEAVING) },
	{ STATION_REGISTERED, SIG_StationOffHook, station_on_off_hook, TO(STATION_ORIGINATING) },
	{ STATION_REGISTERED, SIG_StationEnblocCall, station_on_enbloc, TO(STATION_ORIGINATING) },
	{ STATION_REGISTERED, SIG_StationSoftKeyEvent, station_on_soft_key,
	  TO(STATION_ORIGINATING) },
	{ STATION_REGISTERED, SIG_StationKeypadButton, station_on_button, 0 },
	{ STATION_REGISTERED, SIG_StationOnHook, station_on_on_hook, 0 },
	{ STATION_REGISTERED, SIG_DaDuplicateInd, on_duplicate, 0 },
	/* Keys wait until the line has said what became of going off hook. */
	{ STATION_ORIGINATING, SIG_StationUnregister, sdl_save, 0 },
	{ STATION_ORIGINATING, SIG_StationOffHook, sdl_save, 0 },
	{ STATION_ORIGINATING, SIG_StationEnblocCall, sdl_save, 0 },
	{ STATION_ORIGINATING, SIG_StationSoftKeyEvent, sdl_save, 0 },
	{ STATION_ORIGINATING, SIG_StationKeypadButton, sdl_save, 0 },
	{ STATION_ORIGINATING, SIG_StationOnHook, sdl_save, 0 },
	{ STATION_ORIGINATING, SIG_DaDuplicateInd, sdl_save, 0 },
	{ STATION_ORIGINATING, SIG_CcOffHookRej, station_on_off_hook_rejected,
	  TO(STATION_REGISTERED) },
	{ STATION_UNREGISTERING, SIG_CcLineCloseRes, on_locked,
	  TO(STATION_REGISTERED) | TO(STATION_LEAVING) },
	{ STATION_UNREGISTERING, SIG_StationOffHook, sdl_save, 0 },
	{ STATION_UNREGISTERING, SIG_StationEnblocCall, sdl_save, 0 },
	{ STATION_UNREGISTERING, SIG_StationSoftKeyEvent, sdl_save, 0 },
	{ STATION_UNREGISTERING, SIG_StationKeypadButton, sdl_save, 0 },
	{ STATION_UNREGISTERING, SIG_StationOnHook, sdl_save, 0 },
	{ STATION_UNREGISTERING, SIG_CtiLineCallInitiateReq, sdl_save, 0 },

	{ STATION_LEAVING, SIG_CcLineCloseRes, on_line_left, TO_STOP },
	{ STATION_LEAVING, SIG_DaUnregisterRes, on_da_left, TO_STOP },
	{ STATION_LEAVING, SIG_CcCallInd, on_call_leaving, 0 },
	{ STATION_LEAVING, SIG_StationKeepAlive, sdl_ignore, 0 },
	{ STATION_LEAVING, SIG_CtiLineOpenLineReq, on_out_of_service, 0 },
	{ STATION_LEAVING, SIG_CtiLineCallInitiateReq, on_out_of_service, 0 },
	{ STATION_LEAVING, SIG_CtiLineCallAcceptReq, on_call_out_of_service, 0 },
	{ STATION_LEAVING, SIG_CtiLineCallAnswerReq, on_call_out_of_service, 0 },
	{ STATION_LEAVING, SIG_CtiLineCallDisconnectReq, on_call_out_of_service, 0 },
	{ STATION_LEAVING, SIG_CtiLineCallHoldReq, on_call_out_of_service, 0 },
	{ STATION_LEAVING, SIG_CtiLineCallRetrieveReq, on_call_out_of_service, 0 },
	{ STATION_LEAVING, SIG_CtiLineCallRedirectReq, on_out_of_service, 0 },
	{ STATION_LEAVING, SIG_CcMediaOpenReq, sdl_ignore, 0 },
	{ STATION_LEAVING, SIG_CcMediaSendReq, sdl_ignore, 0 },
	{ STATION_LEAVING, SIG_CcReplacedInd, sdl_ignore, 0 },
	{ STATION_LEAVING, SIG_StationUnregister, sdl_ignore, 0 },
	{ STATION_LEAVING, SIG_StationKeepAliveTimer, sdl_ignore, 0 },
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
	{ SDL_ANY, SIG_StationKeepAliveTimer, on_keepalive_missed, TO(STATION_LEAVING) },
	{ SDL_ANY, SIG_CcReplacedInd, on_replaced, TO(STATION_LEAVING) },
	{ SDL_ANY, SIG_SdlLinkOutOfService, on_link_down, TO(STATION_LEAVING) },
	{ SDL_ANY, SIG_SdlLinkInService, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcConfigInd, on_config, 0 },
	{ SDL_ANY, SIG_StationOpenReceiveChannelAck, station_on_channel_open, 0 },
	{ SDL_ANY, SIG_StationMediaTransmissionFailure, station_on_stream_lost, 0 },
	{ SDL_ANY, SIG_CcCallInd, on_call, TO(STATION_REGISTERED) },
	{ SDL_ANY, SIG_CcMediaOpenReq, station_on_media_open, 0 },
	{ SDL_ANY, SIG_CcMediaCloseReq, station_on_media_close, 0 },
	{ SDL_ANY, SIG_CcMediaSendReq, station_on_media_send, 0 },
	{ SDL_ANY, SIG_CcMediaSendStopReq, station_on_media_send_stop, 0 },
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

static void stop(struct sdl_process *self)
{
	struct station_d *d = sdl_data(self);

	cm_station_free(&d->station);
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
	uint32_t group[3];

	if (!dn)
		abort();
	for (size_t i = 0; i < s->lines_n; i++)
		dn[i] = s->lines[i].dn;
	ack.keepalive_s = (uint32_t)param_value(sdl_params(self), PARAM_STATION_KEEPALIVE_INTERVAL);
	ack.has_secondary_keepalive_s = true;
	ack.secondary_keepalive_s =
		(uint32_t)param_value(sdl_params(self), PARAM_STATION_STANDBY_KEEPALIVE_INTERVAL);
	for (size_t i = 0; i < s->group_n; i++)
		group[i] = s->group[i];
	ack.group = group;
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
	return STATION_LEAVING;
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
	return STATION_REGISTERED;
}

static int on_config(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const CcConfig *ind = sig->msg;

	cm_station_configure(self, &d->station, ind->device);
	return sdl_state(self);
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
	if (sdl_state(self) == STATION_LEAVING)
		return STATION_LEAVING;
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
	return STATION_REGISTERED;
}

static void say_goodbye(struct sdl_process *self, StationUnregisterStatus status)
{
	struct station_d *d = sdl_data(self);
	StationUnregisterAck ack = STATION_UNREGISTER_ACK__INIT;

	ack.status = status;
	sdl_send(self, d->phone, SIG_StationUnregisterAck, &ack);
}

/* A phone that leaves for a better CallManager of its group, or just leaves: it says which. */
static OutOfServiceCause farewell(const struct station_d *d)
{
	return d->falls_back ? OUT_OF_SERVICE_CAUSE__REHOME_TO_HIGHER_PRIORITY_CM
			     : OUT_OF_SERVICE_CAUSE__DEVICE_UNREGISTERED;
}

static int farewell_reason(const struct station_d *d)
{
	return d->falls_back ? CAUSE_UNREG_FALLBACK_INITIATED : CAUSE_UNREG_DEVICE_UNREGISTERED;
}

/* Only an idle phone may go; a call may be on its way to it just now. */
static int on_unregister(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const StationUnregister *m = sig->msg;

	d->falls_back = m->fallback;
	if (cm_station_try_leave(self, &d->station) == CM_LEAVING)
		return STATION_UNREGISTERING;
	d->says_goodbye = true;
	return leave(self, farewell(d), farewell_reason(d));
}

static int on_locked(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const CcLineClosed *res = sig->msg;

	switch (cm_station_on_locked(self, &d->station, res->closed)) {
	case CM_LEAVING:
		return STATION_UNREGISTERING;
	case CM_STAYS:
		say_goodbye(self, STATION_UNREGISTER_STATUS__UnregisterNAK);
		return STATION_REGISTERED;
	default:
		break;
	}
	d->says_goodbye = true;
	return leave(self, farewell(d), farewell_reason(d));
}

/* ---- calls ---------------------------------------------------------------------------------- */

static int on_call(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const CcCallInd *ind = sig->msg;
	struct cm_station_call *call = cm_station_on_call(self, &d->station, sig);

	if (!call)
		return sdl_state(self);
	if (ind->kind == CALL_IND_KIND__CALL_CLOSED) {
		station_show_end(self, call);
		cm_station_call_end(self, &d->station, call);
		return sdl_state(self);
	}
	if (ind->kind == CALL_IND_KIND__CALL_PARTY)
		station_show_parties(self, call);
	else
		station_show(self, call);
	if (sdl_state(self) != STATION_ORIGINATING || ind->kind != CALL_IND_KIND__CALL_NEW ||
	    !call->outgoing || call->state != CTI_CALL_STATE__DIALTONE)
		return sdl_state(self);
	if (d->enbloc[0])
		station_dial(self, call, d->enbloc, true);
	d->enbloc[0] = '\0';
	return STATION_REGISTERED;
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
	return STATION_LEAVING;
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
	station_make_way(self, NULL);
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
	if ((sig->number == SIG_CtiLineCallAnswerReq && station_call_waits(call)) ||
	    (sig->number == SIG_CtiLineCallRetrieveReq && call->state == CTI_CALL_STATE__ONHOLD))
		station_make_way(self, call);
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
		return STATION_LEAVING;
	}
	if (sig->number == SIG_CtiLineCallInitiateReq)
		async = ((const CtiLineCallInitiateReq *)sig->msg)->async_response;
	else
		async = ((const CtiLineCallRedirectReq *)sig->msg)->async_response;
	cm_station_answer(self, sig, async, CTIERR_DEVICE_OUT_OF_SERVICE);
	return STATION_LEAVING;
}

static int on_call_out_of_service(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CtiLineCallReq *req = sig->msg;

	cm_station_answer(self, sig, req->async_response, CTIERR_DEVICE_OUT_OF_SERVICE);
	return STATION_LEAVING;
}

static int left(struct sdl_process *self, enum cm_leaving how)
{
	struct station_d *d = sdl_data(self);

	if (how != CM_LEFT)
		return STATION_LEAVING;
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
