/* SIPStationD: one registered SIP phone. Its calls are dialogs, which follow the legs; see
 * sip_station_d.h. */
#include "callmanager/sip_station_d.h"

#include <stdio.h>

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

static sdl_handler on_refresh, on_call;

static const struct sdl_row rows[] = {
	{ STATION_REGISTERED, SIG_SipRegisterRefresh, on_refresh,
	  TO(STATION_UNREGISTERING) | TO(STATION_LEAVING) },
	{ STATION_REGISTERED, SIG_SipInvite, sip_station_on_invite, TO(STATION_ORIGINATING) },
	{ STATION_REGISTERED, SIG_SipBye, sip_station_on_bye, 0 },
	{ STATION_REGISTERED, SIG_SipCancel, sip_station_on_cancel, 0 },
	{ STATION_REGISTERED, SIG_SipRefer, sip_station_on_refer, 0 },
	{ STATION_REGISTERED, SIG_SipInfo, sip_station_on_info, 0 },
	/* The phone's requests wait until the line has said what became of its INVITE. */
	{ STATION_ORIGINATING, SIG_SipRegisterRefresh, sdl_save, 0 },
	{ STATION_ORIGINATING, SIG_SipInvite, sdl_save, 0 },
	{ STATION_ORIGINATING, SIG_SipBye, sdl_save, 0 },
	{ STATION_ORIGINATING, SIG_SipCancel, sdl_save, 0 },
	{ STATION_ORIGINATING, SIG_SipRefer, sdl_save, 0 },
	{ STATION_ORIGINATING, SIG_SipInfo, sdl_save, 0 },
	{ STATION_ORIGINATING, SIG_CcOffHookRej, sip_station_on_off_hook_rejected,
	  TO(STATION_REGISTERED) },
	{ STATION_UNREGISTERING, SIG_SipRegisterRefresh, sdl_save, 0 },
	{ STATION_UNREGISTERING, SIG_SipInvite, sdl_save, 0 },
	{ STATION_UNREGISTERING, SIG_SipBye, sdl_save, 0 },
	{ STATION_UNREGISTERING, SIG_SipCancel, sdl_save, 0 },
	{ STATION_UNREGISTERING, SIG_SipRefer, sdl_save, 0 },
	{ STATION_UNREGISTERING, SIG_SipInfo, sdl_save, 0 },
	{ STATION_LEAVING, SIG_SipDialogCheck, sdl_ignore, 0 },
	/* Of a phone that is taken for gone. */
	{ STATION_LEAVING, SIG_SipOk, sdl_ignore, 0 },
	{ STATION_LEAVING, SIG_SipFailure, sdl_ignore, 0 },
	{ STATION_LEAVING, SIG_SipReferRes, sdl_ignore, 0 },
	{ STATION_LEAVING, SIG_SipNotify, sdl_ignore, 0 },
	{ SDL_ANY, SIG_SipRegisterRefresh, sdl_ignore, 0 },
	{ SDL_ANY, SIG_SipInvite, sdl_ignore, 0 },
	{ SDL_ANY, SIG_SipBye, sdl_ignore, 0 },
	{ SDL_ANY, SIG_SipCancel, sdl_ignore, 0 },
	{ SDL_ANY, SIG_SipRefer, sdl_ignore, 0 },
	{ SDL_ANY, SIG_SipInfo, sdl_ignore, 0 },

	{ SDL_ANY, SIG_SipRinging, sdl_ignore, 0 }, /* the leg rings already */
	{ SDL_ANY, SIG_SipOk, sip_station_on_ok, 0 },
	{ SDL_ANY, SIG_SipAck, sdl_ignore, 0 },
	{ SDL_ANY, SIG_SipFailure, sip_station_on_failure, 0 },
	{ SDL_ANY, SIG_SipReferRes, sip_station_on_refer_res, 0 },
	{ SDL_ANY, SIG_SipNotify, sip_station_on_notify, 0 },
	{ SDL_ANY, SIG_SipDialogCheck, sip_station_on_check, 0 },
	{ SDL_ANY, SIG_CcCallInd, on_call, TO(STATION_REGISTERED) },
	{ SDL_ANY, SIG_CcMediaOpenReq, sip_station_on_media_open, 0 },
	{ SDL_ANY, SIG_CcMediaCloseReq, sip_station_on_media_close, 0 },
	{ SDL_ANY, SIG_CcMediaSendReq, sip_station_on_media_send, 0 },
	{ SDL_ANY, SIG_CcMediaSendStopReq, sip_station_on_media_send_stop, 0 },
	{ SDL_ANY, SIG_CtiLineCallInitiateReq, sip_station_on_initiate, 0 },
	{ STATION_UNREGISTERING, SIG_CtiLineCallUnParkReq, sdl_save, 0 },
	{ SDL_ANY, SIG_CtiLineCallUnParkReq, cm_phone_on_initiate, 0 },
	{ SDL_ANY, SIG_CtiLineCallHoldRes, sip_station_on_hold_res, 0 },
	{ SDL_ANY, SIG_CtiLineCallRetrieveRes, sip_station_on_retrieve_res, 0 },
#include "callmanager/phone_rows.def"
};

/* ---- registration --------------------------------------------------------------------------- */

static uint32_t expires_s(struct sdl_process *self)
{
	return (uint32_t)param_value(sdl_params(self), PARAM_SIP_STATION_KEEPALIVE_INTERVAL);
}

static void say_expires(struct sdl_process *self, uint32_t s)
{
	const struct cm_phone *p = sdl_data(self);
	SipRegisterOk ok = SIP_REGISTER_OK__INIT;

	ok.expires_s = s;
	ok.node = sdl_self(self).node;
	sdl_send(self, p->pid, SIG_SipRegisterOk, &ok);
}

/* The first answer has what the phone would load as its configuration. */
static void acknowledge(struct sdl_process *self, const DeviceConfig *device)
{
	struct sip_station_d *d = sdl_data(self);
	const struct cm_phone *p = &d->phone;
	SipRegisterOk ok = SIP_REGISTER_OK__INIT;
	char **dn = calloc(p->station.lines_n + 1, sizeof *dn);

	if (!dn)
		abort();
	for (size_t i = 0; i < p->station.lines_n; i++)
		dn[i] = p->station.lines[i].dn;
	d->udp = device->udp;
	ok.expires_s = expires_s(self);
	ok.node = sdl_self(self).node;
	ok.group = device->group;
	ok.n_group = device->n_group;
	ok.dn = dn;
	ok.n_dn = p->station.lines_n;
	ok.dial_rule = device->dial_rule;
	ok.n_dial_rule = device->n_dial_rule;
	ok.has_inter_digit_ms = true;
	ok.inter_digit_ms = (uint32_t)param_value(sdl_params(self), PARAM_T302_TIMER);
	sdl_send(self, p->pid, SIG_SipRegisterOk, &ok);
	free(dn);
}

static void say_goodbye(struct sdl_process *self, bool gone)
{
	const struct cm_phone *p = sdl_data(self);
	SipRegisterFailure failure = SIP_REGISTER_FAILURE__INIT;

	if (gone) {
		say_expires(self, 0);
		return;
	}
	failure.status = 491; /* a call is under way */
	sdl_send(self, p->pid, SIG_SipRegisterFailure, &failure);
}

static void restart(struct sdl_process *self)
{
	const struct cm_phone *p = sdl_data(self);
	SipNotify notify = SIP_NOTIFY__INIT;

	notify.event = SIP_EVENT__SIP_SERVICE_CONTROL;
	sdl_send(self, p->pid, SIG_SipNotify, &notify);
}

static void show_dtmf(struct sdl_process *self, const struct cm_station_call *call, char *digits)
{
	struct sip_station_d *d = sdl_data(self);
	const struct sip_dialog *dialog = sip_station_dialog_of(d, call->ci);
	SipInfo info = SIP_INFO__INIT;

	if (!dialog)
		return;
	info.call_id = dialog->id;
	info.digits = digits;
	sdl_send(self, d->phone.pid, SIG_SipInfo, &info);
}

static void show_text(struct sdl_process *self, const char *text, uint32_t ms)
{
	const struct cm_phone *p = sdl_data(self);
	SipNotify notify = SIP_NOTIFY__INIT;

	notify.event = SIP_EVENT__SIP_DISPLAY;
	notify.text = (char *)(uintptr_t)text;
	notify.has_timeout_ms = ms > 0;
	notify.timeout_ms = ms;
	sdl_send(self, p->pid, SIG_SipNotify, &notify);
}

static void show_forward(struct sdl_process *self, const struct cm_station_line *line, uint32_t why)
{
	char text[CM_DN_SIZE + 16] = "Forward Off";

	if (why)
		snprintf(text, sizeof text, "%s",
			 why == CTIERR_DB_ERROR ? "Temporary Failure" : "Invalid Number");
	else if (line->cfa)
		snprintf(text, sizeof text, "Forwarded To %s", line->cfa);
	show_text(self, text, 0);
}

/* What is in a datagram may be lost, and so it is not even tried (DEV-12). */
static uint32_t send_data(struct sdl_process *self, const ProtobufCBinaryData *data)
{
	const struct sip_station_d *d = sdl_data(self);
	SipNotify notify = SIP_NOTIFY__INIT;

	if (d->udp)
		return CTIERR_UDP_PASS_THROUGH_NOT_SUPPORTED;
	notify.event = SIP_EVENT__SIP_DEVICE_DATA;
	notify.has_body = true;
	notify.body = *data;
	sdl_send(self, d->phone.pid, SIG_SipNotify, &notify);
	return CTIERR_SUCCESS;
}

/* What applications wait for will not come. */
static void leaving(struct sdl_process *self)
{
	struct sip_station_d *d = sdl_data(self);

	while (d->initcalls)
		sip_station_initcall_done(self, d->initcalls->refer, CTIERR_DEVICE_OUT_OF_SERVICE,
					  0);
}

static const struct cm_phone_protocol sip = {
	.door = CM_SIP_STATION_INIT,
	.keepalive = PARAM_SIP_STATION_KEEPALIVE_INTERVAL,
	.acknowledge = acknowledge,
	.leaving = leaving,
	.say_goodbye = say_goodbye,
	.send_data = send_data,
	.restart = restart,
	.show_dtmf = show_dtmf,
	.show_text = show_text,
	.show_forward = show_forward,
};

static int start(struct sdl_process *self)
{
	struct sip_station_d *d = sdl_data(self);

	d->phone.protocol = &sip;
	return STATION_INITIAL;
}

static void stop(struct sdl_process *self)
{
	struct sip_station_d *d = sdl_data(self);

	while (d->dialogs)
		sip_station_dialog_forget(d, d->dialogs);
	while (d->initcalls) {
		struct sip_initcall *i = d->initcalls;

		d->initcalls = i->next;
		free(i);
	}
	cm_station_free(&d->phone.station);
}

static int on_refresh(struct sdl_process *self, const struct sdl_signal *sig)
{
	const SipRegister *reg = sig->msg;

	if (reg->expires_s == 0)
		return cm_phone_unregister(self, reg->fallback);
	say_expires(self, expires_s(self));
	cm_phone_arm_keepalive(self);
	return STATION_REGISTERED;
}

/* ---- calls ---------------------------------------------------------------------------------- */

/* The line has made a leg for the phone's INVITE. All digits are there (DEV-06). */
static int originated(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_station_d *d = sdl_data(self);
	const struct sip_origin *o = &d->origin;
	const CcCallInd *ind = sig->msg;
	struct sip_dialog *dialog = sip_station_dialog_add(self, o->id, ind->call->ci);
	CcDigits digits = CC_DIGITS__INIT;

	dialog->theirs = SIP_THEIRS_INVITE;
	dialog->their_cseq = o->cseq;
	dialog->ip = o->ip;
	dialog->port = o->port;
	dialog->codec = o->codec;
	sip_station_initcall_done(self, o->refer, CTIERR_SUCCESS, ind->call->ci);
	cm_station_on_call(self, &d->phone.station, sig);
	digits.digits = d->origin.number;
	digits.complete = true;
	sdl_send(self, sig->from, SIG_CcDigitsInd, &digits);
	return STATION_REGISTERED;
}

static void new_call(struct sdl_process *self, const struct cm_station_call *call)
{
	sip_station_dialog_add(self, call->ci, call->ci)->ours = SIP_OURS_INVITE;
	sip_station_invite(self, call, call->outgoing);
}

static int on_call(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sip_station_d *d = sdl_data(self);
	const CcCallInd *ind = sig->msg;
	struct cm_station_call *call;
	struct sip_dialog *dialog;

	if (ind->kind == CALL_IND_KIND__CALL_NEW && ind->call->outgoing &&
	    ind->call->state == CTI_CALL_STATE__DIALTONE && sdl_state(self) == STATION_ORIGINATING)
		return originated(self, sig);
	call = cm_station_on_call(self, &d->phone.station, sig);
	if (!call)
		return sdl_state(self);
	if (ind->kind == CALL_IND_KIND__CALL_NEW) {
		if (call->outgoing)
			cm_phone_make_way(self, call); /* for what an application has begun */
		new_call(self, call);
		cm_phone_auto_answer(self, call);
		return sdl_state(self);
	}
	if (ind->kind != CALL_IND_KIND__CALL_CLOSED) {
		sip_station_check(self);
		return sdl_state(self);
	}
	dialog = sip_station_dialog_of(d, call->ci);
	if (dialog)
		sip_station_dialog_end(self, dialog, ind->call->cause, call->outgoing);
	cm_station_call_end(self, &d->phone.station, call);
	return sdl_state(self);
}

const struct sdl_type cm_sip_station_d = {
	.name = "SIPStationD",
	.number = CM_SIP_STATION_D,
	.size = sizeof(struct sip_station_d),
	.states = states,
	.states_n = sizeof states / sizeof states[0],
	.rows = rows,
	.rows_n = sizeof rows / sizeof rows[0],
	.start = start,
	.stop = stop,
};
