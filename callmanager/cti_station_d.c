/* CTIStationD: one registered CTI port or route point. Applications are its user: what a phone
 * shows, they are told; what a user presses, they request. It goes when nobody has it open, and
 * moves when idle. */
#include "callmanager/cti_station_d.h"

static const struct sdl_state states[] = {
	[CTI_STATION_INITIAL] = { "initial", 0, PARAM_NONE,
				  "its configuration, sent with its creation" },
	[CTI_STATION_REGISTERED] = { "registered", 0, PARAM_NONE, "" },
	[CTI_STATION_OWNER_ALIVE] = { "owner_alive", SIG_OwnerAliveTimer, PARAM_OWNER_ALIVE_TIMER,
				      NULL },
	[CTI_STATION_UNREGISTERING] = { "unregistering", 0, PARAM_NONE,
					"its lines, which always answer" },
	[CTI_STATION_LEAVING] = { "leaving", 0, PARAM_NONE,
				  "the end of its calls, and digit analysis" },
	[CTI_STATION_GONE] = { "gone", 0, PARAM_NONE, "CTIRegistrar, which always answers" },
};

static sdl_handler on_config, on_initiate_gone, on_init, on_open, on_open_again, on_close,
	on_closed, on_rehome, on_duplicate, on_owner_lost, on_reset, on_locked, on_line_left,
	on_da_left, on_gone, on_link_down, on_link_up, on_call;

static const struct sdl_row rows[] = {
	{ CTI_STATION_INITIAL, SIG_CcCtiInit, on_init, TO(CTI_STATION_REGISTERED) },
	{ CTI_STATION_REGISTERED, SIG_CtiDeviceOpenDeviceReq, on_open, TO(CTI_STATION_LEAVING) },
	{ CTI_STATION_REGISTERED, SIG_CtiDeviceCloseDeviceReq, on_close, TO(CTI_STATION_LEAVING) },
	{ CTI_STATION_REGISTERED, SIG_CtiDeviceRehomeReq, on_rehome,
	  TO(CTI_STATION_UNREGISTERING) | TO(CTI_STATION_LEAVING) },
	{ CTI_STATION_REGISTERED, SIG_DaDuplicateInd, on_duplicate,
	  TO(CTI_STATION_UNREGISTERING) | TO(CTI_STATION_LEAVING) },
	{ CTI_STATION_REGISTERED, SIG_CcResetInd, on_reset,
	  TO(CTI_STATION_UNREGISTERING) | TO(CTI_STATION_LEAVING) },
	{ SDL_ANY, SIG_CcResetInd, sdl_ignore, 0 },
	{ CTI_STATION_OWNER_ALIVE, SIG_CtiDeviceOpenDeviceReq, on_open,
	  TO(CTI_STATION_REGISTERED) },
	{ CTI_STATION_OWNER_ALIVE, SIG_DaDuplicateInd, on_duplicate,
	  TO(CTI_STATION_UNREGISTERING) | TO(CTI_STATION_LEAVING) },
	{ CTI_STATION_OWNER_ALIVE, SIG_OwnerAliveTimer, on_owner_lost, TO(CTI_STATION_LEAVING) },
	/* Whether it stays is known in a moment. */
	{ CTI_STATION_UNREGISTERING, SIG_CcLineCloseRes, on_locked,
	  TO(CTI_STATION_REGISTERED) | TO(CTI_STATION_OWNER_ALIVE) | TO(CTI_STATION_LEAVING) },
	{ CTI_STATION_UNREGISTERING, SIG_CtiDeviceOpenDeviceReq, sdl_save, 0 },
	{ CTI_STATION_UNREGISTERING, SIG_CtiDeviceCloseDeviceReq, sdl_save, 0 },
	{ CTI_STATION_UNREGISTERING, SIG_CtiDeviceRehomeReq, on_rehome, 0 },
	{ CTI_STATION_UNREGISTERING, SIG_CtiLineCallInitiateReq, sdl_save, 0 },
	{ CTI_STATION_UNREGISTERING, SIG_CtiLineCallUnParkReq, sdl_save, 0 },
	{ CTI_STATION_LEAVING, SIG_CcLineCloseRes, on_line_left, TO(CTI_STATION_GONE) },
	{ CTI_STATION_LEAVING, SIG_DaUnregisterRes, on_da_left, TO(CTI_STATION_GONE) },
	{ CTI_STATION_LEAVING, SIG_CtiDeviceOpenDeviceReq, sdl_save, 0 },
	{ CTI_STATION_GONE, SIG_CtiDeviceOpenDeviceReq, on_open_again, 0 },
	{ CTI_STATION_GONE, SIG_CtiLineCallInitiateReq, on_initiate_gone, 0 },
	{ CTI_STATION_GONE, SIG_CtiLineCallUnParkReq, on_initiate_gone, 0 },
	{ CTI_STATION_GONE, SIG_CcDeviceGoneAck, on_gone, TO_STOP },

	{ SDL_ANY, SIG_CtiDeviceCloseDeviceReq, on_closed, 0 },
	{ SDL_ANY, SIG_CtiDeviceRehomeReq, sdl_ignore, 0 },
	{ SDL_ANY, SIG_DaDuplicateInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_DaUnregisterRes, sdl_ignore, 0 },
	{ SDL_ANY, SIG_SdlLinkOutOfService, on_link_down,
	  TO(CTI_STATION_OWNER_ALIVE) | TO(CTI_STATION_GONE) },
	{ CTI_STATION_REGISTERED, SIG_SdlLinkInService, on_link_up,
	  TO(CTI_STATION_UNREGISTERING) | TO(CTI_STATION_LEAVING) },
	{ SDL_ANY, SIG_SdlLinkInService, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcConfigInd, on_config, 0 },
	{ SDL_ANY, SIG_CcCallInd, on_call,
	  TO(CTI_STATION_UNREGISTERING) | TO(CTI_STATION_LEAVING) },
	{ SDL_ANY, SIG_CcMediaOpenReq, cti_station_on_media_open, 0 },
	{ SDL_ANY, SIG_CcMediaCloseReq, cti_station_on_media_close, 0 },
	{ SDL_ANY, SIG_CcMediaSendReq, cti_station_on_media_send, 0 },
	{ SDL_ANY, SIG_CcMediaSendStopReq, cti_station_on_media_send_stop, 0 },
	{ SDL_ANY, SIG_CtiDeviceSetRTPForCallReq, cti_station_on_set_rtp, 0 },
	{ SDL_ANY, SIG_CtiLineOpenLineReq, cti_station_on_line_open, 0 },
	{ SDL_ANY, SIG_CtiLineCloseLineReq, cti_station_on_line_close, 0 },
	{ SDL_ANY, SIG_CtiLineCallInitiateReq, cti_station_on_initiate, 0 },
	{ SDL_ANY, SIG_CtiLineCallAcceptReq, cti_station_on_call_request, 0 },
	{ SDL_ANY, SIG_CtiLineCallAnswerReq, cti_station_on_answer, 0 },
	{ SDL_ANY, SIG_CtiLineCallDisconnectReq, cti_station_on_call_request, 0 },
	{ SDL_ANY, SIG_CtiLineCallHoldReq, cti_station_on_call_request, 0 },
	{ SDL_ANY, SIG_CtiLineCallRetrieveReq, cti_station_on_retrieve, 0 },
	{ SDL_ANY, SIG_CtiLineCallRedirectReq, cti_station_on_call_request, 0 },
	{ SDL_ANY, SIG_CtiLineCallTransferBlindReq, cti_station_on_call_request, 0 },
	{ SDL_ANY, SIG_CtiLineCallTransferSetupReq, cti_station_on_setup_consult, 0 },
	{ SDL_ANY, SIG_CtiLineCallTransferCompleteReq, cm_station_on_complete_transfer, 0 },
	{ SDL_ANY, SIG_CtiLineCallTransferDirectReq, cm_station_on_direct_transfer, 0 },
	{ SDL_ANY, SIG_CtiLineCallConferenceSetupReq, cti_station_on_setup_consult, 0 },
	{ SDL_ANY, SIG_CtiLineCallConferenceCompleteReq, cm_station_on_complete_conference, 0 },
	{ SDL_ANY, SIG_CtiLineCallJoinReq, cm_station_on_join, 0 },
	{ SDL_ANY, SIG_CtiLineCallParkReq, cm_station_on_park, 0 },
	{ SDL_ANY, SIG_CcParkedInd, sdl_ignore, 0 }, /* the answer has it */
	{ SDL_ANY, SIG_CtiLineCallDialReq, cti_station_on_call_request, 0 },
	{ SDL_ANY, SIG_CtiLineCallPlayDtmfReq, cti_station_on_call_request, 0 },
	{ SDL_ANY, SIG_CtiLineCallUnParkReq, cti_station_on_initiate, 0 },
	{ SDL_ANY, SIG_CtiLineCallPickupReq, cm_station_on_pickup, 0 },
	{ SDL_ANY, SIG_CtiLineSetForwardReq, cm_station_on_set_forward, 0 },
	{ SDL_ANY, SIG_CtiLineGetForwardReq, cm_station_on_get_forward, 0 },
	{ SDL_ANY, SIG_DbForwardRes, cm_station_on_forward_res, 0 },
	{ SDL_ANY, SIG_CcForwardInd, cm_station_on_forward, 0 },
	{ SDL_ANY, SIG_CcRemoteInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcRemoteReq, cm_station_on_remote_req, 0 },
	{ SDL_ANY, SIG_CtiLineAutoAcceptChangeReq, cti_station_on_auto_accept, 0 },
	{ SDL_ANY, SIG_CtiDeviceDataPassThroughReq, cm_station_not_implemented, 0 },
	{ SDL_ANY, SIG_CcFeatureInd, cm_station_on_feature, 0 },
	{ SDL_ANY, SIG_CcConferenceInd, cm_station_on_conference, 0 },
	{ SDL_ANY, SIG_CcDtmfInd, cti_station_on_dtmf, 0 },
	{ SDL_ANY, SIG_CtiLineCallAcceptRes, sdl_ignore, 0 }, /* of an automatic accept */
	{ SDL_ANY, SIG_CtiLineCallAnswerRes, sdl_ignore, 0 }, /* of a call picked up */
};

static void stop(struct sdl_process *self)
{
	struct cti_station_d *d = sdl_data(self);

	cm_station_free(&d->station);
	cm_openers_free(&d->openers);
}

static int here(const struct cti_station_d *d)
{
	return d->openers.pids.n ? CTI_STATION_REGISTERED : CTI_STATION_OWNER_ALIVE;
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
	return CTI_STATION_REGISTERED;
}

static int on_config(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	const CcConfig *ind = sig->msg;

	cm_station_configure(self, &d->station, ind->device);
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
	return CTI_STATION_LEAVING;
}

static void end_calls(struct sdl_process *self)
{
	struct cti_station_d *d = sdl_data(self);

	for (struct cm_station_call *call = d->station.calls; call; call = call->next)
		sdl_send(self, call->leg, SIG_CcAppLostInd, NULL);
}

/* Nobody has it open any more: what waits is forwarded, the rest is released (APF-03). */
static int abandon(struct sdl_process *self, int reason)
{
	struct cti_station_d *d = sdl_data(self);

	end_calls(self);
	d->target = 0;
	return leave(self, OUT_OF_SERVICE_CAUSE__DEVICE_UNREGISTERED, reason);
}

/* Calls from before: who answers for their media now, and what has not been answered yet. */
static void take_over_media(struct sdl_process *self, struct sdl_pid by)
{
	struct cti_station_d *d = sdl_data(self);
	const struct cm_registrant *r = cm_openers_media(&d->openers, by);

	if (!r)
		return;
	for (struct cm_station_call *call = d->station.calls; call; call = call->next) {
		if (call->media.open && !cm_openers_media(&d->openers, call->media.by))
			call->media.by = by;
		if (call->media.pending && r->type == MEDIA_REGISTRATION__STATIC)
			cti_station_ask_where(self, call);
	}
}

static int on_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);
	struct cm_station *s = &d->station;
	const CtiDeviceOpenDeviceReq *req = sig->msg;
	CtiDeviceOpenDeviceRes res = CTI_DEVICE_OPEN_DEVICE_RES__INIT;

	if (!sdl_link_up(self, sig->from.node, sig->from.app)) /* gone while it was on its way */
		return d->openers.pids.n || sdl_state(self) == CTI_STATION_OWNER_ALIVE
			       ? sdl_state(self)
			       : abandon(self, CAUSE_UNREG_DEVICE_NO_RESPONSE);
	res.async_response = req->async_response;
	res.result = cm_openers_add(&d->openers, sig->from, req);
	res.has_registered = true;
	res.registered = true;
	res.has_device_pid = true;
	res.device_pid = sdl_pid_pack(sdl_self(self));
	res.device = s->name;
	sdl_send(self, sig->from, SIG_CtiDeviceOpenDeviceRes, &res);
	take_over_media(self, sig->from);
	if (sdl_state(self) == CTI_STATION_OWNER_ALIVE && d->openers.pids.n) {
		cm_station_register(self, s, false);
		return CTI_STATION_REGISTERED;
	}
	return sdl_state(self);
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

	if (!cm_pids_has(&d->openers.pids, sig->from)) {
		answer_close(self, sig, CTIERR_DEVICE_NOT_OPEN);
		return CTI_STATION_REGISTERED;
	}
	answer_close(self, sig, CTIERR_SUCCESS);
	if (req->owner) {
		cm_openers_remove_owner(&d->openers, sig->from, req->owner);
		release_media(self);
		return CTI_STATION_REGISTERED;
	}
	cm_openers_remove(&d->openers, sig->from);
	cm_station_forget_watcher(&d->station, sig->from);
	if (!d->openers.pids.n)
		return abandon(self, CAUSE_UNREG_DEVICE_UNREGISTERED);
	release_media(self);
	return CTI_STATION_REGISTERED;
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
		return state == CTI_STATION_LEAVING && status->node == d->target
			       ? on_da_left(self, sig)
			       : state;
	cm_openers_remove_node(&d->openers, (uint8_t)status->node);
	cm_station_forget_node(&d->station, (uint8_t)status->node);
	if (state != CTI_STATION_REGISTERED || d->openers.pids.n)
		return state;
	if (sdl_mutant(self, MUTANT_CALLS_DIE_WITH_CTIMANAGER))
		end_calls(self);
	/* Kept for those who will come back for it through another CTIManager (CTF-09). */
	d->target = 0;
	cm_station_register(self, &d->station, true);
	return CTI_STATION_OWNER_ALIVE;
}

/* ---- moving --------------------------------------------------------------------------------- */

static int leave_for_target(struct sdl_process *self, int reason)
{
	return leave(self, OUT_OF_SERVICE_CAUSE__REHOME_TO_HIGHER_PRIORITY_CM, reason);
}

static bool target_in_reach(const struct sdl_process *self, const struct cti_station_d *d)
{
	return d->target && sdl_link_up(self, d->target, SDL_APP_CALLMANAGER);
}

/* To a better CallManager, or to register anew. */
static int leave_idle(struct sdl_process *self)
{
	struct cti_station_d *d = sdl_data(self);

	if (d->target)
		return leave_for_target(self, CAUSE_UNREG_FALLBACK_INITIATED);
	return leave(self, OUT_OF_SERVICE_CAUSE__DEVICE_UNREGISTERED,
		     CAUSE_UNREG_CALLMANAGER_RESET);
}

/* Only if there is no call; the lines, where calls come in, have the last word (CMF-08, CMF-16). */
static int move_if_idle(struct sdl_process *self)
{
	struct cti_station_d *d = sdl_data(self);

	if (!target_in_reach(self, d) && !(d->reset && sdl_state(self) == CTI_STATION_REGISTERED))
		return sdl_state(self);
	if (d->station.calls && d->target && sdl_mutant(self, MUTANT_REHOME_DURING_CALL)) {
		end_calls(self);
		return leave_for_target(self, CAUSE_UNREG_FALLBACK_INITIATED);
	}
	if (d->station.calls)
		return sdl_state(self);
	if (cm_station_try_leave(self, &d->station) == CM_LEAVING)
		return CTI_STATION_UNREGISTERING;
	return leave_idle(self);
}

static int on_reset(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_station_d *d = sdl_data(self);

	if (!cm_station_is_meant(&d->station, sig->msg))
		return sdl_state(self);
	d->reset = true;
	return move_if_idle(self);
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
	if (sdl_state(self) == CTI_STATION_UNREGISTERING)
		return CTI_STATION_UNREGISTERING;
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
		return CTI_STATION_UNREGISTERING;
	case CM_STAYS:
		return here(d);
	default:
		break;
	}
	if (d->target || d->reset)
		return leave_idle(self);
	cm_station_stay(self, &d->station);
	return here(d);
}

static int left(struct sdl_process *self, enum cm_leaving how)
{
	struct cti_station_d *d = sdl_data(self);
	CtiDeviceUnregisterNotify n = CTI_DEVICE_UNREGISTER_NOTIFY__INIT;

	if (how != CM_LEFT)
		return CTI_STATION_LEAVING;
	n.device = d->station.name;
	n.cause = d->cause;
	n.has_target_node = d->target != 0;
	n.target_node = d->target;
	for (uint32_t i = 0; i < d->openers.pids.n; i++)
		sdl_send(self, cm_pids_at(&d->openers.pids, i), SIG_CtiDeviceUnregisterNotify, &n);
	cm_station_tell_registrar(self, &d->station, CM_CTI_REGISTRAR, SIG_CcDeviceGoneInd,
				  d->cause);
	return CTI_STATION_GONE;
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
	return CTI_STATION_GONE;
}

/* Its lines are not there any more to say so. */
static int on_initiate_gone(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CtiLineCallInitiateReq *req = sig->msg;

	cm_station_answer(self, sig, req->async_response, CTIERR_LINE_OUT_OF_SERVICE);
	return CTI_STATION_GONE;
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
		return state == CTI_STATION_REGISTERED || state == CTI_STATION_OWNER_ALIVE
			       ? move_if_idle(self)
			       : state;
	}
	if (ind->kind != CALL_IND_KIND__CALL_NEW)
		return state;
	if (state == CTI_STATION_LEAVING) /* it was on its way when the last opener went */
		sdl_send(self, call->leg, SIG_CcAppLostInd, NULL);
	else if (cm_station_answers_pickup(self, call) && cti_station_has_media(d))
		cm_station_request(self, call, SIG_CtiLineCallAnswerReq);
	else if (!call->outgoing && call->line->auto_accept)
		cm_station_request(self, call, SIG_CtiLineCallAcceptReq);
	return state;
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
