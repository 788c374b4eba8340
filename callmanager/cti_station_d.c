/* CTIStationD: one registered CTI port or route point. Applications are its user: what a phone
 * shows, they are told; what a user presses, they request. It goes when nobody has it open, and
 * moves when idle. */
#include "callmanager/cti_media.h"
#include "callmanager/station.h"

#include <string.h>

enum { INITIAL, REGISTERED, OWNER_ALIVE, UNREGISTERING, LEAVING, GONE };

/* clang-format off */
static const struct sdl_state states[] = {
	[INITIAL] = { "initial", 0, PARAM_NONE, "its configuration, sent with its creation" },
	[REGISTERED] = { "registered", 0, PARAM_NONE, "" },
	[OWNER_ALIVE] = { "owner_alive", SIG_OwnerAliveTimer, PARAM_OWNER_ALIVE_TIMER, NULL },
	[UNREGISTERING] = { "unregistering", 0, PARAM_NONE, "its lines, which always answer" },
	[LEAVING] = { "leaving", 0, PARAM_NONE, "the end of its calls, and digit analysis" },
	[GONE] = { "gone", 0, PARAM_NONE, "CTIRegistrar, which always answers" },
};
/* clang-format on */

static sdl_handler on_init, on_open, on_open_again, on_close, on_closed, on_rehome, on_duplicate,
	on_owner_lost, on_locked, on_line_left, on_da_left, on_gone, on_link_down, on_link_up,
	on_call, on_media_open, on_media_close, on_media_send, on_media_send_stop, on_set_rtp,
	on_line_open, on_line_close, on_initiate, on_call_request, on_answer, on_retrieve,
	on_redirect;

/* clang-format off */
static const struct sdl_row rows[] = {
	{ INITIAL, SIG_CcCtiInit, on_init, TO(REGISTERED) },
	{ REGISTERED, SIG_CtiDeviceOpenDeviceReq, on_open, 0 },
	{ REGISTERED, SIG_CtiDeviceCloseDeviceReq, on_close, TO(LEAVING) },
	{ REGISTERED, SIG_CtiDeviceRehomeReq, on_rehome, TO(UNREGISTERING) | TO(LEAVING) },
	{ REGISTERED, SIG_DaDuplicateInd, on_duplicate, TO(UNREGISTERING) | TO(LEAVING) },
	{ OWNER_ALIVE, SIG_CtiDeviceOpenDeviceReq, on_open, TO(REGISTERED) },
	{ OWNER_ALIVE, SIG_DaDuplicateInd, on_duplicate, TO(UNREGISTERING) | TO(LEAVING) },
	{ OWNER_ALIVE, SIG_OwnerAliveTimer, on_owner_lost, TO(LEAVING) },
	/* Whether it stays is known in a moment. */
	{ UNREGISTERING, SIG_CcLineCloseRes, on_locked,
	  TO(REGISTERED) | TO(OWNER_ALIVE) | TO(LEAVING) },
	{ UNREGISTERING, SIG_CtiDeviceOpenDeviceReq, sdl_save, 0 },
	{ UNREGISTERING, SIG_CtiDeviceCloseDeviceReq, sdl_save, 0 },
	{ UNREGISTERING, SIG_CtiDeviceRehomeReq, on_rehome, 0 },
	{ UNREGISTERING, SIG_CtiLineCallInitiateReq, sdl_save, 0 },
	{ LEAVING, SIG_CcLineCloseRes, on_line_left, TO(GONE) },
	{ LEAVING, SIG_DaUnregisterRes, on_da_left, TO(GONE) },
	{ LEAVING, SIG_CtiDeviceOpenDeviceReq, sdl_save, 0 },
	{ GONE, SIG_CtiDeviceOpenDeviceReq, on_open_again, 0 },
	{ GONE, SIG_CcDeviceGoneAck, on_gone, TO_STOP },

	{ SDL_ANY, SIG_CtiDeviceCloseDeviceReq, on_closed, 0 },
	{ SDL_ANY, SIG_CtiDeviceRehomeReq, sdl_ignore, 0 },
	{ SDL_ANY, SIG_DaDuplicateInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_DaUnregisterRes, sdl_ignore, 0 },
	{ SDL_ANY, SIG_SdlLinkOutOfService, on_link_down, TO(OWNER_ALIVE) | TO(GONE) },
	{ REGISTERED, SIG_SdlLinkInService, on_link_up, TO(UNREGISTERING) | TO(LEAVING) },
	{ SDL_ANY, SIG_SdlLinkInService, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcCallInd, on_call, TO(UNREGISTERING) | TO(LEAVING) },
	{ SDL_ANY, SIG_CcMediaOpenReq, on_media_open, 0 },
	{ SDL_ANY, SIG_CcMediaCloseReq, on_media_close, 0 },
	{ SDL_ANY, SIG_CcMediaSendReq, on_media_send, 0 },
	{ SDL_ANY, SIG_CcMediaSendStopReq, on_media_send_stop, 0 },
	{ SDL_ANY, SIG_CtiDeviceSetRTPForCallReq, on_set_rtp, 0 },
	{ SDL_ANY, SIG_CtiLineOpenLineReq, on_line_open, 0 },
	{ SDL_ANY, SIG_CtiLineCloseLineReq, on_line_close, 0 },
	{ SDL_ANY, SIG_CtiLineCallInitiateReq, on_initiate, 0 },
	{ SDL_ANY, SIG_CtiLineCallAcceptReq, on_call_request, 0 },
	{ SDL_ANY, SIG_CtiLineCallAnswerReq, on_answer, 0 },
	{ SDL_ANY, SIG_CtiLineCallDisconnectReq, on_call_request, 0 },
	{ SDL_ANY, SIG_CtiLineCallHoldReq, on_call_request, 0 },
	{ SDL_ANY, SIG_CtiLineCallRetrieveReq, on_retrieve, 0 },
	{ SDL_ANY, SIG_CtiLineCallRedirectReq, on_redirect, 0 },
	{ SDL_ANY, SIG_CtiLineCallAcceptRes, sdl_ignore, 0 }, /* of an automatic accept */
};
/* clang-format on */

struct cti_station_d {
	struct cm_station station;
	struct cm_openers openers;
	uint8_t target; /* node to move to when idle, 0 = none */
	OutOfServiceCause cause;
};

static void stop(struct sdl_process *self)
{
	struct cti_station_d *d = sdl_data(self);

	cm_station_free(&d->station);
	cm_openers_free(&d->openers);
}

static int here(const struct cti_station_d *d)
{
	return d->openers.n ? REGISTERED : OWNER_ALIVE;
}

/* ---- registration --------------------------------------------------------------------------- */

static int on_init(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const CcCtiInit *init = sig->msg;

	cm_station_setup(self, &d->station, init->device, init->generation);
	cm_station_register(self, &d->station, false);
	cm_station_alarm(self, &d->station, 0, true, 0);
	sdl_count(self, COUNTER_REGISTERED_OTHER_STATION_DEVICES, 1);
	sdl_watch(self, 0, SDL_APP_CTIMANAGER);
	return REGISTERED;
}

static int on_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	struct cm_station *s = &d->station;
	const CtiDeviceOpenDeviceReq *req = sig->msg;
	CtiDeviceOpenDeviceRes res = CTI_DEVICE_OPEN_DEVICE_RES__INIT;

	res.async_response = req->async_response;
	res.result = cm_openers_add(&d->openers, sig->from, req);
	res.has_registered = true;
	res.registered = true;
	res.has_device_pid = true;
	res.device_pid = sdl_pid_pack(sdl_self(self));
	res.device = s->name;
	sdl_send(self, sig->from, SIG_CtiDeviceOpenDeviceRes, &res);
	if (res.result == CTIERR_SUCCESS && req->has_auto_accept)
		for (size_t i = 0; i < s->lines_n; i++)
			s->lines[i].auto_accept = req->auto_accept;
	if (sdl_state(self) == OWNER_ALIVE && d->openers.n) {
		cm_station_register(self, s, false);
		return REGISTERED;
	}
	return sdl_state(self);
}

/* Out, whatever is there. */
static int leave(struct sdl_process *self, OutOfServiceCause cause, int reason)
{
	struct cti_station_d *d = sdl_data(self);

	d->cause = cause;
	sdl_count(self, COUNTER_REGISTERED_OTHER_STATION_DEVICES, -1);
	cm_station_alarm(self, &d->station, 0, false, reason);
	if (d->target)
		sdl_watch(self, d->target, SDL_APP_CALLMANAGER);
	cm_station_leave(self, &d->station, d->target);
	return LEAVING;
}

/* Nobody has it open any more: what waits is forwarded, the rest is released (APF-03). */
static int abandon(struct sdl_process *self, int reason)
{
	struct cti_station_d *d = sdl_data(self);

	for (struct cm_station_call *call = d->station.calls; call; call = call->next)
		sdl_send(self, call->leg, SIG_CcAppLostInd, NULL);
	d->target = 0;
	return leave(self, OUT_OF_SERVICE_CAUSE__DEVICE_UNREGISTERED, reason);
}

static int on_owner_lost(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	return abandon(self, CAUSE_UNREG_DEVICE_NO_RESPONSE);
}

/* The media that somebody terminated who does not any more: those calls have lost their voice. */
static void release_media(struct sdl_process *self)
{
	struct cti_station_d *d = sdl_data(self);

	for (struct cm_station_call *call = d->station.calls; call; call = call->next)
		if (call->media.open && !cm_openers_media(&d->openers, call->media.by))
			sdl_send(self, call->leg, SIG_CcAppLostInd, NULL);
}

static void answer_close(struct sdl_process *self, const struct sdl_signal *sig, uint32_t result)
{
	const CtiDeviceCloseDeviceReq *req = sig->msg;
	CtiLineCallRes res = CTI_LINE_CALL_RES__INIT;

	res.async_response = req->async_response;
	res.result = result;
	sdl_send(self, sig->from, SIG_CtiDeviceCloseDeviceRes, &res);
}

static int on_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const CtiDeviceCloseDeviceReq *req = sig->msg;

	if (!cm_openers_has(&d->openers, sig->from)) {
		answer_close(self, sig, CTIERR_DEVICE_NOT_OPEN);
		return REGISTERED;
	}
	answer_close(self, sig, CTIERR_SUCCESS);
	if (req->owner) {
		cm_openers_remove_owner(&d->openers, sig->from, req->owner);
		release_media(self);
		return REGISTERED;
	}
	cm_openers_remove(&d->openers, sig->from);
	cm_station_forget_watcher(&d->station, sig->from);
	if (!d->openers.n)
		return abandon(self, CAUSE_UNREG_DEVICE_UNREGISTERED);
	release_media(self);
	return REGISTERED;
}

static int on_closed(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const CtiDeviceCloseDeviceReq *req = sig->msg;

	answer_close(self, sig, CTIERR_SUCCESS);
	if (req->owner)
		return sdl_state(self);
	cm_openers_remove(&d->openers, sig->from);
	cm_station_forget_watcher(&d->station, sig->from);
	return sdl_state(self);
}

static int on_link_down(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const SdlLinkStatus *status = sig->msg;
	int state = sdl_state(self);

	if (status->app == SDL_APP_CALLMANAGER)
		return state == LEAVING && status->node == d->target ? on_da_left(self, sig)
								     : state;
	cm_openers_remove_node(&d->openers, (uint8_t)status->node);
	cm_station_forget_node(&d->station, (uint8_t)status->node);
	if (state != REGISTERED || d->openers.n)
		return state;
	/* Kept for those who will come back for it through another CTIManager (CTF-09). */
	d->target = 0;
	cm_station_register(self, &d->station, true);
	return OWNER_ALIVE;
}

/* ---- moving --------------------------------------------------------------------------------- */

static int leave_for_target(struct sdl_process *self, int reason)
{
	return leave(self, OUT_OF_SERVICE_CAUSE__REHOME_TO_HIGHER_PRIORITY_CM, reason);
}

/* Only if there is no call; the lines, where calls come in, have the last word (CMF-08, CMF-16). */
static int move_if_idle(struct sdl_process *self)
{
	struct cti_station_d *d = sdl_data(self);

	if (!d->target || d->station.calls || !sdl_link_up(self, d->target, SDL_APP_CALLMANAGER))
		return sdl_state(self);
	if (cm_station_try_leave(self, &d->station) == CM_LEAVING)
		return UNREGISTERING;
	return leave_for_target(self, CAUSE_UNREG_FALLBACK_INITIATED);
}

static int on_rehome(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const CtiDeviceRehomeReq *req = sig->msg;

	if (req->target_node > SDL_NODES_MAX || req->target_node == sdl_self(self).node)
		return sdl_state(self);
	if (req->has_cancel && req->cancel) {
		if (d->target == req->target_node)
			d->target = 0;
		return sdl_state(self);
	}
	d->target = (uint8_t)req->target_node;
	sdl_watch(self, d->target, SDL_APP_CALLMANAGER);
	if (sdl_state(self) == UNREGISTERING)
		return UNREGISTERING;
	return move_if_idle(self);
}

/* The CTIManager may have its link to the target before this CallManager has its own. */
static int on_link_up(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const SdlLinkStatus *status = sig->msg;

	if (status->app != SDL_APP_CALLMANAGER || status->node != d->target)
		return sdl_state(self);
	return move_if_idle(self);
}

static int on_duplicate(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);

	d->target = (uint8_t)((const DaDuplicate *)sig->msg)->node;
	return move_if_idle(self);
}

static int on_locked(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const CcLineClosed *res = sig->msg;

	switch (cm_station_on_locked(self, &d->station, res->closed)) {
	case CM_LEAVING:
		return UNREGISTERING;
	case CM_STAYS:
		return here(d);
	default:
		break;
	}
	if (d->target)
		return leave_for_target(self, CAUSE_UNREG_FALLBACK_INITIATED);
	cm_station_stay(self, &d->station);
	return here(d);
}

static int left(struct sdl_process *self, enum cm_leaving how)
{
	struct cti_station_d *d = sdl_data(self);
	CtiDeviceUnregisterNotify n = CTI_DEVICE_UNREGISTER_NOTIFY__INIT;

	if (how != CM_LEFT)
		return LEAVING;
	n.device = d->station.name;
	n.cause = d->cause;
	n.has_target_node = d->target != 0;
	n.target_node = d->target;
	for (size_t i = 0; i < d->openers.n; i++)
		sdl_send(self, d->openers.pid[i], SIG_CtiDeviceUnregisterNotify, &n);
	cm_station_tell_registrar(self, &d->station, CM_CTI_REGISTRAR, SIG_CcDeviceGoneInd,
				  d->cause);
	return GONE;
}

static int on_line_left(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);

	(void)sig;
	return left(self, cm_station_on_line_left(self, &d->station));
}

static int on_da_left(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);

	(void)sig;
	return left(self, cm_station_on_da_left(self, &d->station));
}

/* Somebody opens what has just gone: CTIRegistrar knows by then. */
static int on_open_again(struct sdl_process *self, const struct sdl_signal *sig)
{
	sdl_relay(self, sdl_local(self, CM_CTI_REGISTRAR), sig);
	return GONE;
}

static int on_gone(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)self;
	(void)sig;
	return SDL_STOP;
}

/* ---- calls ---------------------------------------------------------------------------------- */

static int on_call(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const CcCallInd *ind = sig->msg;
	struct cm_station_call *call = cm_station_on_call(self, &d->station, sig);
	int state = sdl_state(self);

	if (!call)
		return state;
	if (ind->kind == CALL_IND_KIND__CALL_CLOSED) {
		cm_station_call_end(self, &d->station, call);
		return state == REGISTERED || state == OWNER_ALIVE ? move_if_idle(self) : state;
	}
	if (ind->kind != CALL_IND_KIND__CALL_NEW)
		return state;
	if (state == LEAVING) /* it was on its way when the last opener went */
		sdl_send(self, call->leg, SIG_CcAppLostInd, NULL);
	else if (!call->outgoing && call->line->auto_accept)
		cm_station_request(self, call, SIG_CtiLineCallAcceptReq);
	return state;
}

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

static int on_media_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const CcMediaOpen *open = sig->msg;
	struct cm_station_call *call = cm_station_call(&d->station, open->ci);
	const struct cm_registrant *r = cm_openers_media(&d->openers, (struct sdl_pid){ 0 });

	if (!call)
		return sdl_state(self);
	call->media.asked = open->open;
	call->media.pending = true;
	if (r && r->type == MEDIA_REGISTRATION__STATIC)
		listen_there(self, call, r->ip, r->port, r);
	else if (r)
		cm_station_tell_media(self, &d->station, call, SIG_CtiOpenLogicalChannelNotify);
	else if (sdl_state(self) != OWNER_ALIVE) /* there, somebody may come back who says where */
		cm_station_listening(self, &d->station, call, false);
	return sdl_state(self);
}

static int on_media_close(struct sdl_process *self, const struct sdl_signal *sig)
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

static int on_media_send(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const CcMediaSend *send = sig->msg;
	struct cm_station_call *call = cm_station_call(&d->station, send->ci);

	if (!call)
		return sdl_state(self);
	call->media.far_ip = send->ip;
	call->media.far_port = send->port;
	call->media.sending = true;
	cm_station_tell_media(self, &d->station, call, SIG_CtiStartTransmissionNotify);
	return sdl_state(self);
}

static int on_media_send_stop(struct sdl_process *self, const struct sdl_signal *sig)
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
	if (!call->media.pending)
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

static int on_set_rtp(struct sdl_process *self, const struct sdl_signal *sig)
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

static int on_line_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);

	cm_station_line_open(self, &d->station, sig);
	for (struct cm_station_call *call = d->station.calls; call; call = call->next)
		if (call->media.pending) /* a question that its first hearer did not answer */
			cm_station_tell_media(self, &d->station, call,
					      SIG_CtiOpenLogicalChannelNotify);
	return sdl_state(self);
}

static int on_line_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);

	cm_station_line_close(self, &d->station, sig);
	return sdl_state(self);
}

static bool has_media(const struct cti_station_d *d)
{
	return cm_openers_media(&d->openers, (struct sdl_pid){ 0 }) != NULL;
}

static int on_initiate(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const CtiLineCallInitiateReq *req = sig->msg;
	struct cm_station_line *line = cm_station_asked_line(self, &d->station, sig);

	if (!line)
		return sdl_state(self);
	if (has_media(d))
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

static int on_call_request(struct sdl_process *self, const struct sdl_signal *sig)
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

static int on_answer(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const CtiLineCallReq *req = sig->msg;
	struct cm_station_call *call = asked(self, sig);

	if (!call)
		return sdl_state(self);
	if (!has_media(d))
		cm_station_answer(self, sig, req->async_response, CTIERR_RESOURCE_NOT_AVAILABLE);
	else if (line_speaks(&d->station, call))
		cm_station_answer(self, sig, req->async_response,
				  CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	else
		sdl_relay(self, call->leg, sig);
	return sdl_state(self);
}

static int on_retrieve(struct sdl_process *self, const struct sdl_signal *sig)
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

static int on_redirect(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const CtiLineCallRedirectReq *req = sig->msg;
	struct cm_station_call *call =
		cm_station_asked_call(self, &d->station, sig, req->async_response, req->ci);

	if (call)
		sdl_relay(self, call->leg, sig);
	return sdl_state(self);
}

const struct sdl_type cm_cti_station_d = {
	.name = "CTIStationD",
	.number = CM_CTI_STATION_D,
	.size = sizeof(struct cti_station_d),
	.states = states,
	.states_n = sizeof states / sizeof states[0],
	.rows = rows,
	.rows_n = sizeof rows / sizeof rows[0],
	.stop = stop,
};
