/* CTIStationD: what applications ask of a port or route point, and the media of its calls. */
#include "callmanager/cti_station_d.h"

static void listen_there(struct sdl_process *self, struct cm_station_call *call, uint32_t ip,
			 uint32_t port, const struct cm_registrant *r)
{
	struct cti_station_d *d = sdl_data(self);

	call->media.ip = ip;
	call->media.port = port;
	call->media.by = r->by;
	call->media.codec = r->codec_n ? r->codec[0] : CM_CODEC_DEFAULT;
	cm_station_listening(self, &d->station, call, true);
}

void cti_station_ask_where(struct sdl_process *self, struct cm_station_call *call)
{
	struct cti_station_d *d = sdl_data(self);
	const struct cm_registrant *r = cm_openers_media(&d->openers, (struct sdl_pid){ 0 });

	call->media.pending = true;
	if (r && r->type == MEDIA_REGISTRATION__STATIC)
		listen_there(self, call, r->ip, r->port, r);
	else if (r)
		cm_station_tell_media(self, &d->station, call, SIG_CtiOpenLogicalChannelNotify);
	else if (sdl_state(self) != CTI_STATION_OWNER_ALIVE)
		cm_station_listening(self, &d->station, call, false);
	else if (call->media.ip) /* its owner is not there to be asked, and listened there before */
		cm_station_listening(self, &d->station, call, true);
}

int cti_station_on_media_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const CcMediaOpen *open = sig->msg;
	struct cm_station_call *call = cm_station_call(&d->station, open->ci);

	if (!call)
		return sdl_state(self);
	call->media.asked = open->open;
	cm_srtp_make(self, &call->media.srtp, d->station.encrypted);
	cti_station_ask_where(self, call);
	return sdl_state(self);
}

int cti_station_on_media_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const CcMediaEnd *end = sig->msg;
	struct cm_station_call *call = cm_station_call(&d->station, end->ci);

	if (!call)
		return sdl_state(self);
	if (call->media.open)
		cm_station_tell_media(self, &d->station, call, SIG_CtiStopReceptionNotify);
	call->media.open = call->media.pending = false;
	return sdl_state(self);
}

int cti_station_on_media_send(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const CcMediaSend *send = sig->msg;
	struct cm_station_call *call = cm_station_call(&d->station, send->ci);

	if (!call)
		return sdl_state(self);
	call->media.far_ip = send->ip;
	call->media.far_port = send->port;
	CM_SRTP_TAKE(&call->media.far_srtp, send);
	call->media.sending = true;
	cm_station_tell_media(self, &d->station, call, SIG_CtiStartTransmissionNotify);
	return sdl_state(self);
}

int cti_station_on_media_send_stop(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const CcMediaEnd *end = sig->msg;
	struct cm_station_call *call = cm_station_call(&d->station, end->ci);

	if (call && call->media.sending)
		cm_station_tell_media(self, &d->station, call, SIG_CtiStopTransmissionNotify);
	if (call)
		call->media.sending = false;
	return sdl_state(self);
}

/* What is not given per call was given at open (MED-04); the first answer counts (MED-08). */
static uint32_t set_rtp(struct sdl_process *self, const struct sdl_signal *sig,
			struct cm_station_call *call)
{
	struct cti_station_d *d = sdl_data(self);
	const CtiDeviceSetRTPForCallReq *req = sig->msg;
	const struct cm_registrant *r = cm_openers_media(&d->openers, sig->from);
	uint32_t ip = req->ip, port = req->port;

	if (!r || r->type != MEDIA_REGISTRATION__DYNAMIC)
		return CTIERR_MEDIAREGISTRATIONTYPE_DO_NOT_MATCH;
	if (!call->media.pending && !sdl_mutant(self, MUTANT_SECOND_RTP_COUNTS))
		return CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE;
	if (d->station.kind == DEVICE_KIND__DEVICE_CTI_PORT) {
		ip = ip ? ip : r->ip;
		port = port ? port : r->port;
	}
	if (!ip || !port || port > UINT16_MAX)
		return CTIERR_INVALID_PARAMETER;
	listen_there(self, call, ip, port, r);
	return CTIERR_SUCCESS;
}

int cti_station_on_set_rtp(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const CtiDeviceSetRTPForCallReq *req = sig->msg;
	struct cm_station_call *call =
		cm_station_asked_call(self, &d->station, sig, req->async_response, req->ci);

	if (call)
		cm_station_answer(self, sig, req->async_response, set_rtp(self, sig, call));
	return sdl_state(self);
}

/* ---- requests ------------------------------------------------------------------------------- */

int cti_station_on_line_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);

	cm_station_line_open(self, &d->station, sig);
	for (struct cm_station_call *call = d->station.calls; call; call = call->next)
		if (call->media.pending) /* a question that its first hearer did not answer */
			cm_station_tell_media(self, &d->station, call,
					      SIG_CtiOpenLogicalChannelNotify);
	return sdl_state(self);
}

int cti_station_on_line_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);

	cm_station_line_close(self, &d->station, sig);
	return sdl_state(self);
}

bool cti_station_has_media(const struct cti_station_d *d)
{
	return cm_openers_media(&d->openers, (struct sdl_pid){ 0 }) != NULL;
}

int cti_station_on_initiate(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const CtiLineCallInitiateReq *req = sig->msg;
	struct cm_station_line *line = cm_station_asked_line(self, &d->station, sig);

	if (!line || (sig->number == SIG_CtiLineCallUnParkReq && !cm_station_may_unpark(self, sig)))
		return sdl_state(self);
	if (cti_station_has_media(d))
		sdl_relay(self, line->control, sig);
	else
		cm_station_answer(self, sig, req->async_response, CTIERR_RESOURCE_NOT_AVAILABLE);
	return sdl_state(self);
}

static struct cm_station_call *asked(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const CtiLineCallReq *req = sig->msg;

	return cm_station_asked_call(self, &d->station, sig, req->async_response, req->ci);
}

int cti_station_on_call_request(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_station_call *call = asked(self, sig);

	if (call)
		sdl_relay(self, call->leg, sig);
	return sdl_state(self);
}

/* A port's line has one voice (PRT-03). */
static bool line_speaks(const struct cm_station *s, const struct cm_station_call *but)
{
	if (s->kind != DEVICE_KIND__DEVICE_CTI_PORT)
		return false;
	for (const struct cm_station_call *call = s->calls; call; call = call->next)
		if (call != but && call->line == but->line &&
		    call->state == CTI_CALL_STATE__CONNECTED)
			return true;
	return false;
}

int cti_station_on_answer(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const CtiLineCallReq *req = sig->msg;
	struct cm_station_call *call = asked(self, sig);

	if (!call)
		return sdl_state(self);
	if (!cti_station_has_media(d))
		cm_station_answer(self, sig, req->async_response, CTIERR_RESOURCE_NOT_AVAILABLE);
	else if (line_speaks(&d->station, call))
		cm_station_answer(self, sig, req->async_response,
				  CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	else
		sdl_relay(self, call->leg, sig);
	return sdl_state(self);
}

int cti_station_on_retrieve(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const CtiLineCallReq *req = sig->msg;
	struct cm_station_call *call = asked(self, sig);

	if (!call)
		return sdl_state(self);
	if (line_speaks(&d->station, call))
		cm_station_answer(self, sig, req->async_response,
				  CTIERR_RETRIEVEFAILED_ACTIVE_CALL_ON_LINE);
	else
		sdl_relay(self, call->leg, sig);
	return sdl_state(self);
}

int cti_station_on_dtmf(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);

	cm_station_tell_dtmf(self, &d->station, sig);
	return sdl_state(self);
}

/* Counts from the next call on (USR-02). */
int cti_station_on_auto_accept(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const CtiLineAutoAcceptChangeReq *req = sig->msg;
	struct cm_station_line *line = cm_station_asked_line(self, &d->station, sig);

	if (!line)
		return sdl_state(self);
	line->auto_accept = req->auto_accept;
	cm_station_answer(self, sig, req->async_response, CTIERR_SUCCESS);
	return sdl_state(self);
}

/* The consult call needs a voice. */
int cti_station_on_setup_consult(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct cti_station_d *d = sdl_data(self);
	const CtiLineCallToReq *req = sig->msg;

	if (cti_station_has_media(d))
		return cti_station_on_call_request(self, sig);
	cm_station_answer(self, sig, req->async_response, CTIERR_RESOURCE_NOT_AVAILABLE);
	return sdl_state(self);
}
