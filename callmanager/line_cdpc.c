/* LineCdpc: a leg, one party's half of a call. See leg.h. */
#include "callmanager/leg.h"

#include <string.h>

static const struct sdl_state states[] = {
	[LEG_NULL] = { "null0", 0, PARAM_NONE, "what it is for, sent with its creation" },
	[LEG_CALL_INITIATED] = { "call_initiated1", SIG_OffhookToFirstDigitTimer,
				 PARAM_OFFHOOK_FIRST_DIGIT_TIMER, NULL },
	[LEG_OVERLAP_SENDING] = { "overlap_sending2", SIG_T302Timer, PARAM_T302_TIMER, NULL },
	[LEG_CALL_PROCEEDING] = { "outgoing_call_proceeding3", 0, PARAM_NONE,
				  "the called line, whose node's loss it hears of" },
	[LEG_CALL_DELIVERED] = { "call_delivered4", 0, PARAM_NONE,
				 "the called side, which has the ring timer" },
	[LEG_CALL_PRESENT] = { "call_present6", SIG_CtiNewCallAcceptTimer,
			       PARAM_NEW_CALL_ACCEPT_TIMER, NULL },
	[LEG_CALL_RECEIVED] = { "call_received7", SIG_ForwardNoAnswerTimer, PARAM_NONE, NULL },
	[LEG_CONNECT_REQUEST] = { "connect_request8", 0, PARAM_NONE,
				  "the caller's word, whose node's loss it hears of" },
	[LEG_ACTIVE10] = { "active10", 0, PARAM_NONE, "" },
	[LEG_HOLD] = { "hold", 0, PARAM_NONE, "" },
	[LEG_REDIRECT_REQUEST] = { "redirect_request", 0, PARAM_NONE,
				   "the other leg, whose node's loss it hears of" },
	[LEG_REROUTING] = { "rerouting", 0, PARAM_NONE,
			    "the called line, whose node's loss it hears of" },
	[LEG_TRANSFER_REQUEST] = { "transfer_request", 0, PARAM_NONE,
				   "who has locked it, at this node" },
	[LEG_TRANSFERRING] = { "transferring", 0, PARAM_NONE,
			       "the commit, or the loss of a node that it is about" },
	[LEG_PRESERVED] = { "preserved", 0, PARAM_NONE, "the user, who hangs up" },
	[LEG_DISCONNECT_REQUEST] = { "disconnect_request11", 0, PARAM_NONE,
				     "the user, who hears a tone" },
	[LEG_RELEASE_REQUEST] = { "release_request19", 0, PARAM_NONE,
				  "its device's last word, and that of a line being called" },
};

static sdl_handler on_init, on_setup, on_off_hook, on_initiate, on_unpark, on_alert, on_connect,
	on_accept, on_answer, on_redirect, on_not_accepted, on_not_answered, on_hold, on_retrieve,
	on_glare, on_unknown, on_refused, on_nothing_to_complete, on_redirect_refused,
	on_not_incoming, on_blind_transfer;

#define TO_RELEASE (TO(LEG_RELEASE_REQUEST))
#define TO_FAILURE (TO(LEG_DISCONNECT_REQUEST) | TO_RELEASE)
/* It was held here when its peer sent it on: it still is. */
#define TO_CONNECTED (TO(LEG_ACTIVE10) | TO(LEG_HOLD))
#define TO_BEFORE                                                                                  \
	(TO(LEG_CALL_PROCEEDING) | TO(LEG_CALL_DELIVERED) | TO(LEG_CALL_PRESENT) |                 \
	 TO(LEG_CALL_RECEIVED) | TO(LEG_ACTIVE10) | TO(LEG_HOLD))

static const struct sdl_row rows[] = {
	{ LEG_NULL, SIG_CcLegInit, on_init, 0 },
	{ LEG_NULL, SIG_CcSetupReq, on_setup,
	  TO(LEG_CALL_PRESENT) | TO(LEG_CALL_RECEIVED) | TO(LEG_ACTIVE10) },
	{ LEG_NULL, SIG_CcOffHookReq, on_off_hook, TO(LEG_CALL_INITIATED) },
	{ LEG_NULL, SIG_CtiLineCallInitiateReq, on_initiate,
	  TO(LEG_CALL_INITIATED) | TO(LEG_CALL_PROCEEDING) | TO_FAILURE },
	{ LEG_NULL, SIG_CcConsultInit, leg_on_consult,
	  TO(LEG_CALL_INITIATED) | TO(LEG_CALL_PROCEEDING) | TO_FAILURE },
	{ LEG_NULL, SIG_CcTransferReq, leg_on_join, TO(LEG_TRANSFERRING) },
	{ LEG_NULL, SIG_CcTransferCancel, leg_on_dropped, TO_STOP },
	{ LEG_NULL, SIG_CcConsultEndInd, leg_on_dropped, TO_STOP },

	{ LEG_NULL, SIG_CtiLineCallUnParkReq, on_unpark, TO(LEG_CALL_PROCEEDING) | TO_FAILURE },

	{ LEG_CALL_INITIATED, SIG_CcDigitsInd, leg_on_digits,
	  TO(LEG_OVERLAP_SENDING) | TO(LEG_CALL_PROCEEDING) | TO_FAILURE },
	{ LEG_CALL_INITIATED, SIG_CtiLineCallDialReq, leg_on_dial,
	  TO(LEG_OVERLAP_SENDING) | TO(LEG_CALL_PROCEEDING) | TO_FAILURE },
	{ LEG_CALL_INITIATED, SIG_OffhookToFirstDigitTimer, leg_on_no_digits, TO_FAILURE },
	{ LEG_OVERLAP_SENDING, SIG_CcDigitsInd, leg_on_digits,
	  TO(LEG_CALL_PROCEEDING) | TO_FAILURE },
	{ LEG_OVERLAP_SENDING, SIG_CtiLineCallDialReq, leg_on_dial,
	  TO(LEG_CALL_PROCEEDING) | TO_FAILURE },
	{ LEG_OVERLAP_SENDING, SIG_T302Timer, leg_on_digits_complete, TO(LEG_CALL_PROCEEDING) },
	{ LEG_OVERLAP_SENDING, SIG_DaRes, leg_on_da_res, TO(LEG_CALL_PROCEEDING) | TO_FAILURE },
	{ LEG_OVERLAP_SENDING, SIG_CcSetupRej, leg_on_setup_rej, TO_FAILURE },
	{ LEG_OVERLAP_SENDING, SIG_CcSetupAck, leg_on_setup_ack, TO(LEG_CALL_PROCEEDING) },

	{ LEG_CALL_PROCEEDING, SIG_DaRes, leg_on_da_res, TO_FAILURE },
	{ LEG_CALL_PROCEEDING, SIG_CcSetupRej, leg_on_setup_rej, TO_FAILURE },
	{ LEG_CALL_PROCEEDING, SIG_CcSetupAck, leg_on_setup_ack, 0 },
	{ LEG_CALL_PROCEEDING, SIG_CcAlertInd, on_alert, TO(LEG_CALL_DELIVERED) },
	{ LEG_CALL_PROCEEDING, SIG_CcConnectInd, on_connect, TO_CONNECTED },
	{ LEG_CALL_PROCEEDING, SIG_CcTakeInd, leg_on_take, TO_CONNECTED },
	{ LEG_CALL_PROCEEDING, SIG_CcReleaseInd, leg_on_released, TO_FAILURE },
	{ LEG_CALL_PROCEEDING, SIG_CcRedirectReq, leg_on_redirect_by_peer, TO(LEG_REROUTING) },
	{ LEG_CALL_DELIVERED, SIG_CcConnectInd, on_connect, TO_CONNECTED },
	{ LEG_CALL_DELIVERED, SIG_CcTakeInd, leg_on_take, TO_CONNECTED },
	{ LEG_CALL_DELIVERED, SIG_CcReleaseInd, leg_on_released, TO_FAILURE },
	{ LEG_CALL_DELIVERED, SIG_CcRedirectReq, leg_on_redirect_by_peer, TO(LEG_REROUTING) },

	{ LEG_CALL_PRESENT, SIG_CtiLineCallAcceptReq, on_accept, TO(LEG_CALL_RECEIVED) },
	{ LEG_CALL_PRESENT, SIG_CtiLineCallAnswerReq, on_answer,
	  TO(LEG_ACTIVE10) | TO(LEG_CONNECT_REQUEST) },
	{ LEG_CALL_PRESENT, SIG_CtiLineCallRedirectReq, on_redirect, TO(LEG_REDIRECT_REQUEST) },
	{ LEG_CALL_PRESENT, SIG_CtiNewCallAcceptTimer, on_not_accepted,
	  TO(LEG_REDIRECT_REQUEST) | TO_RELEASE },
	{ LEG_CALL_PRESENT, SIG_CcReleaseInd, leg_on_released, TO_RELEASE },
	{ LEG_CALL_RECEIVED, SIG_CtiLineCallAnswerReq, on_answer,
	  TO(LEG_ACTIVE10) | TO(LEG_CONNECT_REQUEST) },
	{ LEG_CALL_RECEIVED, SIG_CtiLineCallRedirectReq, on_redirect, TO(LEG_REDIRECT_REQUEST) },
	{ LEG_CALL_RECEIVED, SIG_CcPickupTakeReq, leg_on_pickup, TO(LEG_REDIRECT_REQUEST) },
	{ LEG_CALL_RECEIVED, SIG_ForwardNoAnswerTimer, on_not_answered,
	  TO(LEG_REDIRECT_REQUEST) | TO_RELEASE },
	{ LEG_CALL_RECEIVED, SIG_CcReleaseInd, leg_on_released, TO_RELEASE },
	{ LEG_CONNECT_REQUEST, SIG_CcTakeRes, leg_on_taken, TO(LEG_ACTIVE10) },
	{ LEG_CONNECT_REQUEST, SIG_CcAppLostInd, sdl_save, 0 },
	{ LEG_CONNECT_REQUEST, SIG_CcReleaseInd, leg_on_released, TO_RELEASE },

	{ LEG_ACTIVE10, SIG_CtiLineCallHoldReq, on_hold, TO(LEG_HOLD) },
	{ LEG_ACTIVE10, SIG_CtiLineCallRedirectReq, on_redirect, TO(LEG_REDIRECT_REQUEST) },
	{ LEG_ACTIVE10, SIG_CtiLineCallPlayDtmfReq, leg_on_play_dtmf, 0 },
	{ LEG_ACTIVE10, SIG_CcDtmfInd, leg_on_dtmf, 0 },
	{ LEG_ACTIVE10, SIG_CcReleaseInd, leg_on_released, TO_RELEASE },
	{ LEG_ACTIVE10, SIG_CcRedirectReq, leg_on_redirect_by_peer, TO(LEG_REROUTING) },
	{ LEG_ACTIVE10, SIG_CtiLineCallTransferBlindReq, on_blind_transfer,
	  TO(LEG_REDIRECT_REQUEST) },
	{ LEG_ACTIVE10, SIG_CtiLineCallTransferSetupReq, leg_on_setup_consult, 0 },
	{ LEG_ACTIVE10, SIG_CtiLineCallConferenceSetupReq, leg_on_setup_consult, 0 },
	{ LEG_ACTIVE10, SIG_CcConsultRes, leg_on_consult_granted, TO(LEG_HOLD) },
	{ LEG_HOLD, SIG_CtiLineCallTransferBlindReq, on_blind_transfer, TO(LEG_REDIRECT_REQUEST) },
	{ LEG_HOLD, SIG_CtiLineCallTransferSetupReq, leg_on_setup_consult, 0 },
	{ LEG_HOLD, SIG_CtiLineCallConferenceSetupReq, leg_on_setup_consult, 0 },
	{ LEG_HOLD, SIG_CcConsultRes, leg_on_consult_granted, 0 },
	{ LEG_HOLD, SIG_CtiLineCallRetrieveReq, on_retrieve, TO(LEG_ACTIVE10) },
	{ LEG_HOLD, SIG_CcPullReq, leg_on_pull, TO(LEG_REDIRECT_REQUEST) },
	{ LEG_HOLD, SIG_CcReleaseInd, leg_on_released, TO_RELEASE },
	{ LEG_HOLD, SIG_CcRedirectReq, leg_on_redirect_by_peer, TO(LEG_REROUTING) },

	{ LEG_REDIRECT_REQUEST, SIG_CcRedirectRes, leg_on_redirected, TO_BEFORE | TO_RELEASE },
	{ LEG_REDIRECT_REQUEST, SIG_CcRedirectReq, on_glare, 0 },
	{ LEG_REDIRECT_REQUEST, SIG_CcReleaseInd, leg_on_released, TO_RELEASE },
	{ LEG_REROUTING, SIG_DaRes, leg_on_da_res, TO_BEFORE },
	{ LEG_REROUTING, SIG_CcSetupRej, leg_on_setup_rej, TO_BEFORE },
	{ LEG_REROUTING, SIG_CcSetupAck, leg_on_setup_ack, TO(LEG_CALL_PROCEEDING) },
	{ LEG_REROUTING, SIG_CcReleaseInd, leg_on_released, TO_RELEASE },
	{ LEG_CALL_PROCEEDING, SIG_CcTransferLockReq, leg_on_lock, TO(LEG_TRANSFER_REQUEST) },
	{ LEG_CALL_DELIVERED, SIG_CcTransferLockReq, leg_on_lock, TO(LEG_TRANSFER_REQUEST) },
	{ LEG_ACTIVE10, SIG_CcTransferLockReq, leg_on_lock, TO(LEG_TRANSFER_REQUEST) },
	{ LEG_HOLD, SIG_CcTransferLockReq, leg_on_lock, TO(LEG_TRANSFER_REQUEST) },
	{ LEG_CALL_PROCEEDING, SIG_CcTransferReq, leg_on_transfer_by_peer, TO(LEG_TRANSFERRING) },
	{ LEG_CALL_DELIVERED, SIG_CcTransferReq, leg_on_transfer_by_peer, TO(LEG_TRANSFERRING) },
	{ LEG_CALL_PRESENT, SIG_CcTransferReq, leg_on_transfer_by_peer, TO(LEG_TRANSFERRING) },
	{ LEG_CALL_RECEIVED, SIG_CcTransferReq, leg_on_transfer_by_peer, TO(LEG_TRANSFERRING) },
	{ LEG_ACTIVE10, SIG_CcTransferReq, leg_on_transfer_by_peer, TO(LEG_TRANSFERRING) },
	{ LEG_HOLD, SIG_CcTransferReq, leg_on_transfer_by_peer, TO(LEG_TRANSFERRING) },
	/* What the other side says counts if nothing comes of the transfer. */
	{ LEG_TRANSFER_REQUEST, SIG_CcTransferReq, leg_on_transfer_locked, 0 },
	{ LEG_TRANSFER_REQUEST, SIG_CcTransferRes, leg_on_transfer_res, 0 },
	{ LEG_TRANSFER_REQUEST, SIG_CcTransferCommit, leg_on_transfer_done,
	  TO(LEG_ACTIVE10) | TO_RELEASE },
	{ LEG_TRANSFER_REQUEST, SIG_CcTransferCancel, leg_on_transfer_undone, TO_BEFORE },
	{ LEG_TRANSFER_REQUEST, SIG_CcReleaseInd, leg_on_released, TO_RELEASE },
	{ LEG_TRANSFER_REQUEST, SIG_CcAlertInd, sdl_save, 0 },
	{ LEG_TRANSFER_REQUEST, SIG_CcConnectInd, sdl_save, 0 },
	{ LEG_TRANSFER_REQUEST, SIG_CcTakeInd, sdl_save, 0 },
	{ LEG_TRANSFER_REQUEST, SIG_CcHoldInd, sdl_save, 0 },
	{ LEG_TRANSFER_REQUEST, SIG_CcRetrieveInd, sdl_save, 0 },
	{ LEG_TRANSFER_REQUEST, SIG_CcRedirectReq, sdl_save, 0 },
	{ LEG_TRANSFER_REQUEST, SIG_CcAppLostInd, sdl_save, 0 },
	{ LEG_TRANSFER_REQUEST, SIG_CtiLineCallDisconnectReq, sdl_save, 0 },
	{ LEG_TRANSFERRING, SIG_CcTransferCommit, leg_on_transferred, TO_BEFORE | TO_RELEASE },
	{ LEG_TRANSFERRING, SIG_CcTransferCancel, leg_on_not_transferred, TO_BEFORE | TO_STOP },
	{ LEG_TRANSFERRING, SIG_CcReleaseInd, leg_on_released_transferring, TO_RELEASE },
	{ LEG_TRANSFERRING, SIG_CcPeerLostInd, leg_on_released_transferring, TO_RELEASE },
	{ LEG_TRANSFERRING, SIG_SdlLinkOutOfService, leg_on_link_down_transferring, TO_RELEASE },
	{ LEG_TRANSFERRING, SIG_CcAlertInd, sdl_save, 0 },
	{ LEG_TRANSFERRING, SIG_CcConnectInd, sdl_save, 0 },
	{ LEG_TRANSFERRING, SIG_CcMediaInd, sdl_save, 0 },
	{ LEG_TRANSFERRING, SIG_CcHoldInd, sdl_save, 0 },
	{ LEG_TRANSFERRING, SIG_CcRetrieveInd, sdl_save, 0 },
	{ LEG_TRANSFERRING, SIG_CcRedirectReq, sdl_save, 0 },
	{ LEG_TRANSFERRING, SIG_CcTransferReq, sdl_save, 0 },
	{ LEG_TRANSFERRING, SIG_CcConsultingInd, sdl_save, 0 },
	{ LEG_TRANSFERRING, SIG_CcAppLostInd, sdl_save, 0 },
	{ LEG_TRANSFERRING, SIG_CtiLineCallAcceptReq, sdl_save, 0 },
	{ LEG_TRANSFERRING, SIG_CtiLineCallAnswerReq, sdl_save, 0 },
	{ LEG_TRANSFERRING, SIG_CtiLineCallHoldReq, sdl_save, 0 },
	{ LEG_TRANSFERRING, SIG_CtiLineCallRetrieveReq, sdl_save, 0 },
	{ LEG_PRESERVED, SIG_CcStreamLostInd, leg_on_stream_lost, TO_RELEASE },

	{ LEG_RELEASE_REQUEST, SIG_CcSetupAck, leg_on_late_answer, TO_STOP },
	{ LEG_RELEASE_REQUEST, SIG_CcSetupRej, leg_on_late_answer, TO_STOP },
	{ LEG_RELEASE_REQUEST, SIG_CcCallClosedAck, leg_on_closed, TO_STOP },
	{ LEG_RELEASE_REQUEST, SIG_CcTakeRes, leg_on_taken_late, 0 },
#define UNKNOWN_CALL(callmanager) { LEG_RELEASE_REQUEST, SIG_##callmanager##Req, on_unknown, 0 },
#define UNKNOWN_LINE(callmanager)
#define UNKNOWN_DEVICE(callmanager)
#define CTI_REQUEST(request, callmanager, subject) UNKNOWN_##subject(callmanager)
#include "common/msg/cti_relay.def"
	{ LEG_RELEASE_REQUEST, SIG_CcConsultRes, leg_on_consult_granted, TO_STOP },
	{ LEG_RELEASE_REQUEST, SIG_CcConsultEndInd, sdl_ignore, 0 },
	{ LEG_RELEASE_REQUEST, SIG_CcDeviceLostInd, sdl_ignore, 0 },
	{ LEG_RELEASE_REQUEST, SIG_CcAppLostInd, sdl_ignore, 0 },
	{ LEG_RELEASE_REQUEST, SIG_CcPeerLostInd, sdl_ignore, 0 },
	{ LEG_RELEASE_REQUEST, SIG_MediaExchangeTimer, sdl_ignore, 0 },
	{ LEG_RELEASE_REQUEST, SIG_SdlLinkOutOfService, leg_on_late_answer, TO_STOP },

	{ SDL_ANY, SIG_CtiLineCallDisconnectReq, leg_on_disconnect, TO_RELEASE },
	{ SDL_ANY, SIG_CtiLineCallAcceptReq, on_not_incoming, 0 },
	{ SDL_ANY, SIG_CtiLineCallAnswerReq, on_not_incoming, 0 },
	{ SDL_ANY, SIG_CtiLineCallHoldReq, on_refused, 0 },
	{ SDL_ANY, SIG_CtiLineCallRetrieveReq, on_refused, 0 },
	{ SDL_ANY, SIG_CtiLineCallDialReq, on_refused, 0 },
	{ SDL_ANY, SIG_CtiLineCallPlayDtmfReq, on_refused, 0 },
	{ SDL_ANY, SIG_CtiLineCallRedirectReq, on_redirect_refused, 0 },
	{ SDL_ANY, SIG_CtiLineCallTransferBlindReq, leg_on_consult_refused, 0 },
	{ SDL_ANY, SIG_CtiLineCallTransferSetupReq, leg_on_consult_refused, 0 },
	{ SDL_ANY, SIG_CtiLineCallTransferCompleteReq, on_nothing_to_complete, 0 },
	{ SDL_ANY, SIG_CtiLineCallTransferDirectReq, on_refused, 0 },
	{ SDL_ANY, SIG_CtiLineCallConferenceSetupReq, leg_on_consult_refused, 0 },
	{ SDL_ANY, SIG_CtiLineCallConferenceCompleteReq, on_nothing_to_complete, 0 },
	{ SDL_ANY, SIG_CtiLineCallJoinReq, on_refused, 0 },
	{ SDL_ANY, SIG_CtiLineCallParkReq, on_refused, 0 },
	{ SDL_ANY, SIG_CcDeviceLostInd, leg_on_device_lost, TO_RELEASE },
	{ SDL_ANY, SIG_CcAppLostInd, leg_on_app_lost, TO(LEG_REDIRECT_REQUEST) | TO_RELEASE },
	{ SDL_ANY, SIG_CcPeerLostInd, leg_on_peer_lost, TO(LEG_PRESERVED) | TO_RELEASE },
	{ SDL_ANY, SIG_SdlLinkOutOfService, leg_on_link_down,
	  TO(LEG_PRESERVED) | TO_BEFORE | TO_FAILURE },
	{ SDL_ANY, SIG_SdlLinkInService, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcConsultRes, leg_on_consult_granted, 0 },
	{ SDL_ANY, SIG_CcConsultEndInd, leg_on_consult_end, TO_RELEASE },
	{ SDL_ANY, SIG_CcConsultingInd, leg_on_consulting, 0 },
	{ SDL_ANY, SIG_CcPickupTakeReq, leg_on_pickup_refused, 0 },
	{ SDL_ANY, SIG_CcTransferLockReq, leg_on_lock_refused, 0 },
	{ SDL_ANY, SIG_CcTransferReq, leg_on_transfer_refused, 0 },
	{ SDL_ANY, SIG_CcMediaOpenRes, leg_on_media_open, TO_RELEASE },
	{ SDL_ANY, SIG_MediaExchangeTimer, leg_on_media_timeout, TO_RELEASE },
	{ SDL_ANY, SIG_CcMediaInd, leg_on_media_ind, 0 },
	{ SDL_ANY, SIG_CcHoldInd, leg_on_remote_hold, 0 },
	{ SDL_ANY, SIG_CcRetrieveInd, leg_on_remote_retrieve, 0 },
	/* Sent before their sender knew better. */
	{ SDL_ANY, SIG_CcStreamLostInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcReleaseInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcAlertInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcConnectInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcTakeInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcPullReq, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcRedirectReq, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcRedirectRes, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcTransferRes, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcTransferCommit, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcTransferCancel, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcDtmfInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcDigitsInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_DaRes, sdl_ignore, 0 },
};

static int start(struct sdl_process *self)
{
	struct leg *leg = sdl_data(self);

	leg->ci = cm_context(self)->ci_base + sdl_self(self).inst;
	leg->reason = FEATURE_REASON__NORMAL;
	return LEG_NULL;
}

static void stop(struct sdl_process *self)
{
	struct leg *leg = sdl_data(self);

	if (leg->is)
		cc_leg_init__free_unpacked(leg->is, NULL);
	if (leg->consult && leg->consult->req)
		cti_line_call_to_req__free_unpacked(leg->consult->req, NULL);
	free(leg->consult);
	if (leg->transfer)
		cc_transfer__free_unpacked(leg->transfer, NULL);
}

static int on_init(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const CcLegInit *init = sig->msg;

	leg->is = cm_copy(&init->base);
	leg->device = sdl_pid_unpack(init->device_pid);
	return LEG_NULL;
}

/* ---- calling -------------------------------------------------------------------------------- */

void leg_begin_outgoing(struct sdl_process *self)
{
	struct leg *leg = sdl_data(self);

	leg->outgoing = true;
	leg->gci = (uint64_t)sdl_self(self).node << 32 | leg->ci;
	leg_text(leg->calling, leg->is->line->dn);
	sdl_count(self, COUNTER_CALLS_ATTEMPTED, 1);
	sdl_count(self, COUNTER_CALLS_IN_PROGRESS, 1);
	leg_tell(self, CTI_CALL_STATE__DIALTONE, 0);
}

/* The application is told of the dialing before the call is on its way (DEV-08). */
int leg_dial(struct sdl_process *self, const char *number)
{
	struct leg *leg = sdl_data(self);

	leg_text(leg->called, number);
	leg_tell(self, CTI_CALL_STATE__DIALING, 0);
	if (!leg_number_valid(number))
		return leg_fail(self, CAUSE_CALL_INVALIDNUMBERFORMAT);
	leg_route(self, number, true);
	return LEG_CALL_PROCEEDING;
}

static int on_off_hook(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	leg_begin_outgoing(self);
	return LEG_CALL_INITIATED;
}

/* Without a number the call has dial tone. */
static int on_initiate(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const CtiLineCallInitiateReq *req = sig->msg;
	CtiLineCallRes res = CTI_LINE_CALL_RES__INIT;

	leg_begin_outgoing(self);
	res.async_response = req->async_response;
	res.has_ci = true;
	res.ci = leg->ci;
	sdl_send(self, sig->from, SIG_CtiLineCallInitiateRes, &res);
	if (!req->called[0])
		return LEG_CALL_INITIATED;
	return leg_dial(self, req->called);
}

/* A call to the park number, which is answered when the call that was parked there is here. */
static int on_unpark(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const CtiLineNumberReq *req = sig->msg;

	leg_begin_outgoing(self);
	leg->unparker = sig->from;
	leg->unpark_async = req->async_response;
	leg_text(leg->called, req->number);
	leg_tell(self, CTI_CALL_STATE__DIALING, 0);
	leg_route(self, req->number, true);
	return LEG_CALL_PROCEEDING;
}

static int on_alert(struct sdl_process *self, const struct sdl_signal *sig)
{
	if (!leg_from_peer(sdl_data(self), sig))
		return sdl_state(self);
	leg_tell(self, CTI_CALL_STATE__RINGBACK, 0);
	return LEG_CALL_DELIVERED;
}

int leg_connected(struct sdl_process *self)
{
	struct leg *leg = sdl_data(self);

	if (!leg->connected_once && leg->outgoing)
		sdl_count(self, COUNTER_CALLS_ACTIVE, 1);
	leg->connected_once = true;
	leg_answer_unpark(self, CTIERR_SUCCESS);
	leg_pickup_gone(self);
	leg->hops = 0;
	leg_tell(self, CTI_CALL_STATE__CONNECTED, 0);
	if (!leg->stays_held) {
		leg_media_start(self);
		return LEG_ACTIVE10;
	}
	leg->stays_held = false;
	leg_hold(self);
	return LEG_HOLD;
}

static int on_connect(struct sdl_process *self, const struct sdl_signal *sig)
{
	if (!leg_from_peer(sdl_data(self), sig))
		return sdl_state(self);
	return leg_connected(self);
}

/* ---- called --------------------------------------------------------------------------------- */

static void ring(struct sdl_process *self)
{
	struct leg *leg = sdl_data(self);

	leg_rings(self);
	sdl_send(self, leg->peer, SIG_CcAlertInd, NULL);
	leg_tell(self, CTI_CALL_STATE__ACCEPTED, 0);
	leg_pickup_rings(self);
}

static int on_setup(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const CcSetup *setup = sig->msg;
	CcSetupAck ack = CC_SETUP_ACK__INIT;

	leg->gci = setup->gci;
	leg->peer_consults = setup->has_consults && setup->consults;
	leg->shared = setup->has_shared && setup->shared;
	leg->hops = (uint8_t)(setup->hops & 0xff);
	if (setup->has_reason)
		leg->reason = setup->reason;
	leg_text(leg->calling, setup->calling);
	leg_text(leg->called, setup->called); /* the line's number may be a pattern */
	leg_text(leg->original_called, setup->original_called);
	leg_text(leg->last_redirecting, setup->last_redirecting);
	leg_set_peer(self, sig->from);
	ack.setup = setup->setup;
	ack.dn = leg->called;
	sdl_send(self, leg->peer, SIG_CcSetupAck, &ack);
	if (setup->has_resume && setup->resume) {
		sdl_send(self, leg->peer, SIG_CcConnectInd, NULL);
		return leg_connected(self);
	}
	leg_tell(self, CTI_CALL_STATE__OFFERING, 0);
	leg_pickup_tell(self, setup);
	if (!leg_is_phone(leg))
		return LEG_CALL_PRESENT;
	ring(self);
	return LEG_CALL_RECEIVED;
}

static int on_accept(struct sdl_process *self, const struct sdl_signal *sig)
{
	leg_answer(self, sig, CTIERR_SUCCESS);
	ring(self);
	return LEG_CALL_RECEIVED;
}

static int on_answer(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);

	if (leg->shared) {
		leg->asker = sig->from;
		leg->answer = SIG_CtiLineCallAnswerRes;
		leg->async_response = ((const CtiLineCallReq *)sig->msg)->async_response;
		sdl_send(self, leg->peer, SIG_CcConnectInd, NULL);
		return LEG_CONNECT_REQUEST;
	}
	leg_answer(self, sig, CTIERR_SUCCESS);
	sdl_send(self, leg->peer, SIG_CcConnectInd, NULL);
	return leg_connected(self);
}

static int on_redirect(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const CtiLineCallRedirectReq *req = sig->msg;

	if (!leg_number_valid(req->destination)) {
		leg_answer(self, sig, CTIERR_REDIRECT_CALL_UNKNOWN_DESTINATION);
		return sdl_state(self);
	}
	if (strcmp(req->destination, leg->is->line->dn) == 0) {
		leg_answer(self, sig, CTIERR_REDIRECT_ERR);
		return sdl_state(self);
	}
	if (req->calling && !leg_number_valid(req->calling)) {
		leg_answer(self, sig, CTIERR_ILLEGAL_CALLINGPARTY);
		return sdl_state(self);
	}
	leg->asker = sig->from;
	leg->answer = SIG_CtiLineCallRedirectRes;
	leg->async_response = req->async_response;
	return leg_redirect(self, req->destination, FEATURE_REASON__REDIRECT, req->original_called,
			    req->calling);
}

static int on_not_accepted(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);

	(void)sig;
	if (sdl_mutant(self, MUTANT_OFFERED_FOR_EVER))
		return sdl_state(self);
	return leg_forward(self, cm_forward_no_answer(leg->is->line),
			   FEATURE_REASON__FORWARDNOANSWER, CAUSE_CALL_DESTINATIONOUTOFORDER);
}

static int on_not_answered(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);

	(void)sig;
	return leg_forward(self, cm_forward_no_answer(leg->is->line),
			   FEATURE_REASON__FORWARDNOANSWER, CAUSE_CALL_NOANSWERFROMUSER);
}

/* ---- connected ------------------------------------------------------------------------------ */

void leg_hold(struct sdl_process *self)
{
	struct leg *leg = sdl_data(self);

	leg_media_stop(self);
	leg->media.local_hold = true;
	leg->media.told++;
	sdl_send(self, leg->peer, SIG_CcHoldInd, NULL);
	leg_use(self, LEG_USE__LEG_HELD);
	leg_tell(self, CTI_CALL_STATE__ONHOLD, 0);
}

static int on_hold(struct sdl_process *self, const struct sdl_signal *sig)
{
	leg_answer(self, sig, CTIERR_SUCCESS);
	leg_hold(self);
	return LEG_HOLD;
}

static int on_retrieve(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);

	leg_answer(self, sig, CTIERR_SUCCESS);
	leg->media.local_hold = false;
	leg->media.told++;
	sdl_send(self, leg->peer, SIG_CcRetrieveInd, NULL);
	leg_use(self, LEG_USE__LEG_ACTIVE);
	leg_tell(self, CTI_CALL_STATE__CONNECTED, 0);
	leg_media_start(self);
	return LEG_ACTIVE10;
}

/* A redirect of a call that is connected, by another name. */
static int on_blind_transfer(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const CtiLineCallToReq *req = sig->msg;

	if (!leg_number_valid(req->destination)) {
		leg_answer(self, sig, CTIERR_TRANSFERFAILED_DESTINATION_UNALLOCATED);
		return sdl_state(self);
	}
	if (leg->consult || strcmp(req->destination, leg->is->line->dn) == 0) {
		leg_answer(self, sig,
			   leg->consult ? CTIERR_TRANSFERFAILED_OUTSTANDING_TRANSFER
					: CTIERR_TRANSFERFAILED);
		return sdl_state(self);
	}
	leg->asker = sig->from;
	leg->answer = SIG_CtiLineCallTransferBlindRes;
	leg->async_response = req->async_response;
	return leg_redirect(self, req->destination, FEATURE_REASON__BLINDTRANSFER, NULL, NULL);
}

/* Both sides want to leave: neither does. */
static int on_glare(struct sdl_process *self, const struct sdl_signal *sig)
{
	if (leg_from_peer(sdl_data(self), sig))
		leg_redirect_res(self, CAUSE_CALL_SWITCHINGEQUIPMENTCONGESTION);
	return sdl_state(self);
}

/* ---- refusals ------------------------------------------------------------------------------- */

static int on_unknown(struct sdl_process *self, const struct sdl_signal *sig)
{
	leg_answer(self, sig, CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL);
	return sdl_state(self);
}

static int on_refused(struct sdl_process *self, const struct sdl_signal *sig)
{
	bool hold = sdl_state(self) == LEG_PRESERVED && sig->number == SIG_CtiLineCallHoldReq;

	leg_answer(self, sig,
		   hold && sdl_mutant(self, MUTANT_HOLD_ON_PRESERVED)
			   ? CTIERR_SUCCESS
			   : CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	return sdl_state(self);
}

/* The device knows of no consult call that belongs to this one. */
static int on_nothing_to_complete(struct sdl_process *self, const struct sdl_signal *sig)
{
	uint32_t result = sig->number == SIG_CtiLineCallTransferCompleteReq
				  ? CTIERR_TRANSFER_INACTIVE
				  : CTIERR_CONFERENCE_INACTIVE;

	if (sdl_state(self) == LEG_PRESERVED)
		result = CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE;
	leg_answer(self, sig, result);
	return sdl_state(self);
}

static int on_not_incoming(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct leg *leg = sdl_data(self);

	leg_answer(self, sig,
		   leg->outgoing && sdl_state(self) != LEG_PRESERVED
			   ? CTIERR_CALLHANDLE_NOTINCOMINGCALL
			   : CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	return sdl_state(self);
}

static int on_redirect_refused(struct sdl_process *self, const struct sdl_signal *sig)
{
	int state = sdl_state(self);
	uint32_t result = CTIERR_REDIRECT_CALL_INCOMPATIBLE_STATE;

	if (state == LEG_PRESERVED)
		result = CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE;
	else if (state == LEG_REDIRECT_REQUEST || state == LEG_REROUTING ||
		 state == LEG_TRANSFER_REQUEST || state == LEG_TRANSFERRING)
		result = CTIERR_REDIRECT_CALL_PENDING_REDIRECT_TRANSACTION;
	leg_answer(self, sig, result);
	return state;
}

const struct sdl_type cm_line_cdpc = {
	.name = "LineCdpc",
	.number = CM_LINE_CDPC,
	.size = sizeof(struct leg),
	.states = states,
	.states_n = sizeof states / sizeof states[0],
	.rows = rows,
	.rows_n = sizeof rows / sizeof rows[0],
	.start = start,
	.stop = stop,
};
