#include "callmanager/phone.h"

#include <stdio.h>

/* ---- registration --------------------------------------------------------------------------- */

void cm_phone_arm_keepalive(struct sdl_process *self)
{
	const struct cm_phone *p = sdl_data(self);
	int64_t missed = param_value(sdl_params(self), PARAM_STATION_KEEPALIVES_MISSED_MAX);

	sdl_timer_start(self, SIG_StationKeepAliveTimer,
			(missed + 1) * param_ns(sdl_params(self), p->protocol->keepalive));
}

int cm_phone_leave(struct sdl_process *self, OutOfServiceCause cause, int reason)
{
	struct cm_phone *p = sdl_data(self);
	struct cm_station *s = &p->station;

	p->cause = cause;
	if (p->protocol->leaving)
		p->protocol->leaving(self);
	for (struct cm_station_call *call = s->calls; call; call = call->next)
		sdl_send(self, call->leg, SIG_CcDeviceLostInd, NULL);
	sdl_timer_stop(self, SIG_StationKeepAliveTimer);
	sdl_count(self, COUNTER_REGISTERED_HARDWARE_PHONES, -1);
	cm_station_alarm(self, s, p->ip, false, reason);
	cm_station_leave(self, s, 0);
	return STATION_LEAVING;
}

int cm_phone_on_init(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_phone *p = sdl_data(self);
	const CcStationInit *init = sig->msg;

	p->pid = sdl_pid_unpack(init->phone);
	p->ip = init->ip;
	p->station.show_forward = p->protocol->show_forward;
	cm_station_setup(self, &p->station, init->device, init->generation);
	cm_station_register(self, &p->station, false);
	cm_station_tell_registrar(self, &p->station, CM_CTI_REGISTRAR, SIG_CcDeviceUpInd,
				  OUT_OF_SERVICE_CAUSE__CAUSE_NONE);
	cm_station_alarm(self, &p->station, p->ip, true, 0);
	sdl_count(self, COUNTER_REGISTERED_HARDWARE_PHONES, 1);
	sdl_watch(self, p->pid.node, SDL_APP_PHONES);
	sdl_watch(self, 0, SDL_APP_CTIMANAGER);
	cm_phone_arm_keepalive(self);
	if (!sdl_link_up(self, p->pid.node, SDL_APP_PHONES))
		return cm_phone_leave(self, OUT_OF_SERVICE_CAUSE__DEVICE_FAILURE,
				      CAUSE_UNREG_CONNECTIVITY_ERROR);
	p->protocol->acknowledge(self, init->device);
	for (size_t i = 0; p->protocol->show_forward && i < p->station.lines_n; i++)
		if (p->station.lines[i].cfa)
			p->protocol->show_forward(self, &p->station.lines[i], 0);
	return STATION_REGISTERED;
}

int cm_phone_on_config(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_phone *p = sdl_data(self);
	const CcConfig *ind = sig->msg;

	cm_station_configure(self, &p->station, ind->device);
	return sdl_state(self);
}

int cm_phone_on_keepalive_missed(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	return cm_phone_leave(self, OUT_OF_SERVICE_CAUSE__DEVICE_FAILURE,
			      CAUSE_UNREG_KEEPALIVE_TIMEOUT);
}

int cm_phone_on_link_down(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_phone *p = sdl_data(self);
	const SdlLinkStatus *status = sig->msg;

	if (status->app == SDL_APP_CTIMANAGER) {
		cm_station_forget_node(&p->station, (uint8_t)status->node);
		return sdl_state(self);
	}
	if (status->app == SDL_APP_CALLMANAGER) {
		cm_phone_forget_remotes(self, (uint8_t)status->node);
		return sdl_state(self);
	}
	if (sdl_state(self) == STATION_LEAVING)
		return STATION_LEAVING;
	return cm_phone_leave(self, OUT_OF_SERVICE_CAUSE__DEVICE_FAILURE,
			      CAUSE_UNREG_CONNECTIVITY_ERROR);
}

int cm_phone_on_replaced(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	return cm_phone_leave(self, OUT_OF_SERVICE_CAUSE__DEVICE_UNREGISTERED,
			      CAUSE_UNREG_DUPLICATE_REGISTRATION);
}

/* The phone is registered where it belongs; told to start anew it will find out by itself (CMF-17).
 */
int cm_phone_on_duplicate(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct cm_phone *p = sdl_data(self);

	(void)sig;
	p->protocol->restart(self);
	return STATION_REGISTERED;
}

/* It goes when it is idle, and comes back by itself. */
int cm_phone_on_reset(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct cm_phone *p = sdl_data(self);

	if (cm_station_is_meant(&p->station, sig->msg))
		p->protocol->restart(self);
	return STATION_REGISTERED;
}

/* A phone that leaves for a better CallManager of its group, or just leaves: it says which. */
static int farewell(struct sdl_process *self)
{
	struct cm_phone *p = sdl_data(self);

	p->says_goodbye = true;
	if (p->falls_back)
		return cm_phone_leave(self, OUT_OF_SERVICE_CAUSE__REHOME_TO_HIGHER_PRIORITY_CM,
				      CAUSE_UNREG_FALLBACK_INITIATED);
	return cm_phone_leave(self, OUT_OF_SERVICE_CAUSE__DEVICE_UNREGISTERED,
			      CAUSE_UNREG_DEVICE_UNREGISTERED);
}

/* A call may be on its way to it just now. */
int cm_phone_unregister(struct sdl_process *self, bool falls_back)
{
	struct cm_phone *p = sdl_data(self);

	p->falls_back = falls_back;
	if (cm_station_try_leave(self, &p->station) == CM_LEAVING)
		return STATION_UNREGISTERING;
	return farewell(self);
}

int cm_phone_on_locked(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_phone *p = sdl_data(self);
	const CcLineClosed *res = sig->msg;

	switch (cm_station_on_locked(self, &p->station, res->closed)) {
	case CM_LEAVING:
		return STATION_UNREGISTERING;
	case CM_STAYS:
		p->protocol->say_goodbye(self, false);
		return STATION_REGISTERED;
	default:
		return farewell(self);
	}
}

/* ---- calls ---------------------------------------------------------------------------------- */

/* The phone is gone; its calls end, and one that was on its way to it does, too. */
int cm_phone_on_call_leaving(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_phone *p = sdl_data(self);
	const CcCallInd *ind = sig->msg;
	struct cm_station_call *call = cm_station_on_call(self, &p->station, sig);

	if (ind->kind == CALL_IND_KIND__CALL_NEW)
		sdl_send(self, sig->from, SIG_CcDeviceLostInd, NULL);
	else if (call && ind->kind == CALL_IND_KIND__CALL_CLOSED)
		cm_station_call_end(self, &p->station, call);
	return STATION_LEAVING;
}

/* Nothing is heard any more: of a preserved call it is the end, of another one it means nothing. */
int cm_phone_on_stream_lost(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct cm_phone *p = sdl_data(self);
	const StationMediaTransmissionFailure *failure = sig->msg;
	const struct cm_station_call *call = cm_station_call(&p->station, failure->call_reference);

	if (call)
		sdl_send(self, call->leg, SIG_CcStreamLostInd, NULL);
	return sdl_state(self);
}

/* ---- media ---------------------------------------------------------------------------------- */

static struct cm_station_call *call_of(struct sdl_process *self, uint32_t ci)
{
	const struct cm_phone *p = sdl_data(self);

	return cm_station_call(&p->station, ci);
}

struct cm_station_call *cm_phone_media_asked(struct sdl_process *self, const CcMediaOpen *open)
{
	const struct cm_phone *p = sdl_data(self);
	struct cm_station_call *call = call_of(self, open->ci);

	if (!call)
		return NULL;
	call->media.asked = open->open;
	call->media.codec = open->codec;
	cm_srtp_make(self, &call->media.srtp, p->station.encrypted);
	call->media.pending = true;
	call->media.unanswered++;
	return call;
}

void cm_phone_media_closed(struct sdl_process *self, const CcMediaEnd *end)
{
	const struct cm_phone *p = sdl_data(self);
	struct cm_station_call *call = call_of(self, end->ci);

	if (!call)
		return;
	if (call->media.open)
		cm_station_tell_media(self, &p->station, call, SIG_CtiStopReceptionNotify);
	call->media.open = call->media.pending = false;
}

void cm_phone_media_sending(struct sdl_process *self, const CcMediaSend *send)
{
	const struct cm_phone *p = sdl_data(self);
	struct cm_station_call *call = call_of(self, send->ci);

	if (!call)
		return;
	call->media.far_ip = send->ip;
	call->media.far_port = send->port;
	CM_SRTP_TAKE(&call->media.far_srtp, send);
	call->media.sending = true;
	cm_station_tell_media(self, &p->station, call, SIG_CtiStartTransmissionNotify);
}

void cm_phone_media_silent(struct sdl_process *self, const CcMediaEnd *end)
{
	const struct cm_phone *p = sdl_data(self);
	struct cm_station_call *call = call_of(self, end->ci);

	if (call && call->media.sending)
		cm_station_tell_media(self, &p->station, call, SIG_CtiStopTransmissionNotify);
	if (call)
		call->media.sending = false;
}

/* ---- CTI ------------------------------------------------------------------------------------ */

int cm_phone_on_line_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_phone *p = sdl_data(self);

	cm_station_line_open(self, &p->station, sig);
	return sdl_state(self);
}

int cm_phone_on_line_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_phone *p = sdl_data(self);

	cm_station_line_close(self, &p->station, sig);
	return sdl_state(self);
}

/* Relayed by CTIRegistrar, which has answered. */
int cm_phone_on_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_phone *p = sdl_data(self);
	const CtiDeviceCloseDeviceReq *req = sig->msg;

	if (!req->owner)
		cm_station_forget_watcher(&p->station, sig->from);
	return sdl_state(self);
}

int cm_phone_on_initiate(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_phone *p = sdl_data(self);
	struct cm_station_line *line = cm_station_asked_line(self, &p->station, sig);

	if (!line || (sig->number == SIG_CtiLineCallUnParkReq && !cm_station_may_unpark(self, sig)))
		return sdl_state(self);
	if (p->station.kind == DEVICE_KIND__DEVICE_SIP_PHONE)
		cm_phone_make_way(self, NULL);
	sdl_relay(self, line->control, sig);
	return sdl_state(self);
}

int cm_phone_on_call_request(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_phone *p = sdl_data(self);
	const CtiLineCallReq *req = sig->msg;
	struct cm_station_call *call =
		cm_station_asked_call(self, &p->station, sig, req->async_response, req->ci);

	if (!call)
		return sdl_state(self);
	if ((sig->number == SIG_CtiLineCallAnswerReq && cm_phone_call_waits(call)) ||
	    (sig->number == SIG_CtiLineCallRetrieveReq && call->state == CTI_CALL_STATE__ONHOLD))
		cm_phone_make_way(self, call);
	sdl_relay(self, call->leg, sig);
	return sdl_state(self);
}

int cm_phone_on_no_rtp(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CtiDeviceSetRTPForCallReq *req = sig->msg;

	cm_station_answer(self, sig, req->async_response, CTIERR_CANNOT_TERMINATE_MEDIA_ON_PHONE);
	return sdl_state(self);
}

/* A phone's calls are accepted by its ringing. */
int cm_phone_on_no_auto_accept(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_phone *p = sdl_data(self);
	const CtiLineAutoAcceptChangeReq *req = sig->msg;

	if (cm_station_asked_line(self, &p->station, sig))
		cm_station_answer(self, sig, req->async_response, CTIERR_ILLEGAL_DEVICE_TYPE);
	return sdl_state(self);
}

/* What the other side presses is heard. */
int cm_phone_on_dtmf(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_phone *p = sdl_data(self);
	const CcDtmf *dtmf = sig->msg;
	struct cm_station_call *call = cm_station_tell_dtmf(self, &p->station, sig);

	if (call && p->protocol->show_dtmf)
		p->protocol->show_dtmf(self, call, dtmf->digits);
	return sdl_state(self);
}

/* ---- data of its own ------------------------------------------------------------------------ */

int cm_phone_on_data(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct cm_phone *p = sdl_data(self);
	const CtiDeviceDataPassThroughReq *req = sig->msg;
	uint32_t result = CTIERR_MESSAGE_TOO_BIG;

	if (req->data.len <= CM_DEVICE_DATA_MAX)
		result = p->protocol->send_data(self, &req->data);
	cm_station_answer(self, sig, req->async_response, result);
	return sdl_state(self);
}

/* CTIRegistrar knows who has it open. */
void cm_phone_tell_data(struct sdl_process *self, const ProtobufCBinaryData *data)
{
	const struct cm_phone *p = sdl_data(self);
	CtiDeviceDataPassThroughNotify n = CTI_DEVICE_DATA_PASS_THROUGH_NOTIFY__INIT;

	if (data->len > CM_DEVICE_DATA_MAX)
		return;
	n.device = p->station.name;
	n.data = *data;
	sdl_send(self, sdl_local(self, CM_CTI_REGISTRAR), SIG_CtiDeviceDataPassThroughNotify, &n);
}

/* ---- call park ------------------------------------------------------------------------------ */

static void show(struct sdl_process *self, const char *text, uint32_t ms)
{
	const struct cm_phone *p = sdl_data(self);

	if (p->protocol->show_text)
		p->protocol->show_text(self, text, ms);
}

/* Of the phone's own key. */
int cm_phone_on_park_res(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CtiLineCallRes *res = sig->msg;

	if (res->result == CTIERR_CALL_PARK_NO_DN)
		show(self, "No Park Number Available", 0);
	else if (res->result)
		show(self, "Park Is Not Available", 0);
	return sdl_state(self);
}

/* Of the phone's own key. */
int cm_phone_on_pickup_res(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CtiLineCallRes *res = sig->msg;

	if (res->result)
		show(self, "No Call For Pickup", 0);
	return sdl_state(self);
}

/* Whoever asked for it: the user is told where the call is. */
int cm_phone_on_parked(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CcParked *ind = sig->msg;
	char text[CM_DN_SIZE + 16];

	snprintf(text, sizeof text, "Call Park At %s", ind->number);
	show(self, text,
	     (uint32_t)(param_ns(sdl_params(self), PARAM_CALL_PARK_DISPLAY_TIMER) / 1000000));
	return sdl_state(self);
}

/* ---- the end -------------------------------------------------------------------------------- */

int cm_phone_on_line_open_leaving(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CtiLineOpenLineReq *req = sig->msg;
	CtiLineOpenLineRes res = CTI_LINE_OPEN_LINE_RES__INIT;

	res.async_response = req->async_response;
	res.result = CTIERR_DEVICE_OUT_OF_SERVICE;
	res.dn = req->dn;
	sdl_send(self, sig->from, SIG_CtiLineOpenLineRes, &res);
	return STATION_LEAVING;
}

static int left(struct sdl_process *self, enum cm_leaving how)
{
	struct cm_phone *p = sdl_data(self);

	if (how != CM_LEFT)
		return STATION_LEAVING;
	cm_station_tell_registrar(self, &p->station, p->protocol->door, SIG_CcDeviceGoneInd,
				  p->cause);
	cm_station_tell_registrar(self, &p->station, CM_CTI_REGISTRAR, SIG_CcDeviceGoneInd,
				  p->cause);
	if (p->says_goodbye)
		p->protocol->say_goodbye(self, true);
	return SDL_STOP;
}

int cm_phone_on_line_left(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_phone *p = sdl_data(self);

	(void)sig;
	return left(self, cm_station_on_line_left(self, &p->station));
}

int cm_phone_on_da_left(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_phone *p = sdl_data(self);

	(void)sig;
	return left(self, cm_station_on_da_left(self, &p->station));
}
