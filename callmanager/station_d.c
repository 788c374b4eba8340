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

static sdl_handler on_keepalive, on_unregister, on_data, on_call;

static const struct sdl_row rows[] = {
	{ STATION_REGISTERED, SIG_StationUnregister, on_unregister,
	  TO(STATION_UNREGISTERING) | TO(STATION_LEAVING) },
	{ STATION_REGISTERED, SIG_StationOffHook, station_on_off_hook, TO(STATION_ORIGINATING) },
	{ STATION_REGISTERED, SIG_StationEnblocCall, station_on_enbloc, TO(STATION_ORIGINATING) },
	{ STATION_REGISTERED, SIG_StationSoftKeyEvent, station_on_soft_key,
	  TO(STATION_ORIGINATING) },
	{ STATION_REGISTERED, SIG_StationKeypadButton, station_on_button, 0 },
	{ STATION_REGISTERED, SIG_StationOnHook, station_on_on_hook, 0 },
	/* Keys wait until the line has said what became of going off hook. */
	{ STATION_ORIGINATING, SIG_StationUnregister, sdl_save, 0 },
	{ STATION_ORIGINATING, SIG_StationOffHook, sdl_save, 0 },
	{ STATION_ORIGINATING, SIG_StationEnblocCall, sdl_save, 0 },
	{ STATION_ORIGINATING, SIG_StationSoftKeyEvent, sdl_save, 0 },
	{ STATION_ORIGINATING, SIG_StationKeypadButton, sdl_save, 0 },
	{ STATION_ORIGINATING, SIG_StationOnHook, sdl_save, 0 },
	{ STATION_ORIGINATING, SIG_CcOffHookRej, station_on_off_hook_rejected,
	  TO(STATION_REGISTERED) },
	{ STATION_UNREGISTERING, SIG_StationOffHook, sdl_save, 0 },
	{ STATION_UNREGISTERING, SIG_StationEnblocCall, sdl_save, 0 },
	{ STATION_UNREGISTERING, SIG_StationSoftKeyEvent, sdl_save, 0 },
	{ STATION_UNREGISTERING, SIG_StationKeypadButton, sdl_save, 0 },
	{ STATION_UNREGISTERING, SIG_StationOnHook, sdl_save, 0 },
	{ STATION_LEAVING, SIG_StationKeepAlive, sdl_ignore, 0 },
	/* Of a phone that is taken for gone. */
	{ SDL_ANY, SIG_StationOffHook, sdl_ignore, 0 },
	{ SDL_ANY, SIG_StationEnblocCall, sdl_ignore, 0 },
	{ SDL_ANY, SIG_StationSoftKeyEvent, sdl_ignore, 0 },
	{ SDL_ANY, SIG_StationKeypadButton, sdl_ignore, 0 },
	{ SDL_ANY, SIG_StationOnHook, sdl_ignore, 0 },
	{ SDL_ANY, SIG_StationUnregister, sdl_ignore, 0 },

	{ SDL_ANY, SIG_StationKeepAlive, on_keepalive, 0 },
	{ SDL_ANY, SIG_StationDeviceToUserData, on_data, 0 },
	{ SDL_ANY, SIG_StationOpenReceiveChannelAck, station_on_channel_open, 0 },
	{ SDL_ANY, SIG_CcCallInd, on_call, TO(STATION_REGISTERED) },
	{ SDL_ANY, SIG_CcMediaOpenReq, station_on_media_open, 0 },
	{ SDL_ANY, SIG_CcMediaCloseReq, station_on_media_close, 0 },
	{ SDL_ANY, SIG_CcMediaSendReq, station_on_media_send, 0 },
	{ SDL_ANY, SIG_CcMediaSendStopReq, station_on_media_send_stop, 0 },
	{ SDL_ANY, SIG_CtiLineCallInitiateReq, cm_phone_on_initiate, 0 },
	{ STATION_UNREGISTERING, SIG_CtiLineCallUnParkReq, sdl_save, 0 },
	{ SDL_ANY, SIG_CtiLineCallUnParkReq, cm_phone_on_initiate, 0 },
	{ SDL_ANY, SIG_CtiLineCallHoldRes, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CtiLineCallRetrieveRes, sdl_ignore, 0 },
#include "callmanager/phone_rows.def"
};

/* ---- registration --------------------------------------------------------------------------- */

static void acknowledge(struct sdl_process *self, const DeviceConfig *device)
{
	const struct cm_phone *p = sdl_data(self);
	const struct cm_station *s = &p->station;
	StationRegisterAck ack = STATION_REGISTER_ACK__INIT;
	char **dn = calloc(s->lines_n + 1, sizeof *dn);
	uint32_t group[3];

	(void)device;
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
	sdl_send(self, p->pid, SIG_StationRegisterAck, &ack);
	free(dn);
}

static void say_goodbye(struct sdl_process *self, bool gone)
{
	const struct cm_phone *p = sdl_data(self);
	StationUnregisterAck ack = STATION_UNREGISTER_ACK__INIT;

	ack.status = gone ? STATION_UNREGISTER_STATUS__UnregisterOK
			  : STATION_UNREGISTER_STATUS__UnregisterNAK;
	sdl_send(self, p->pid, SIG_StationUnregisterAck, &ack);
}

static void restart(struct sdl_process *self)
{
	const struct cm_phone *p = sdl_data(self);
	StationReset reset = STATION_RESET__INIT;

	reset.restart_only = true;
	sdl_send(self, p->pid, SIG_StationReset, &reset);
}

static uint32_t send_data(struct sdl_process *self, const ProtobufCBinaryData *data)
{
	const struct cm_phone *p = sdl_data(self);
	StationDeviceData msg = STATION_DEVICE_DATA__INIT;

	msg.data = *data;
	sdl_send(self, p->pid, SIG_StationUserToDeviceData, &msg);
	return CTIERR_SUCCESS;
}

static const struct cm_phone_protocol sccp = {
	.door = CM_STATION_INIT,
	.keepalive = PARAM_STATION_KEEPALIVE_INTERVAL,
	.acknowledge = acknowledge,
	.say_goodbye = say_goodbye,
	.show_dtmf = station_show_dtmf,
	.show_text = station_show_text,
	.send_data = send_data,
	.restart = restart,
	.show_forward = station_show_forward,
	.show_remote = station_show_remote,
	.speaker = station_speaker,
};

static int start(struct sdl_process *self)
{
	struct station_d *d = sdl_data(self);

	d->phone.protocol = &sccp;
	return STATION_INITIAL;
}

static void stop(struct sdl_process *self)
{
	struct station_d *d = sdl_data(self);

	cm_station_free(&d->phone.station);
}

static int on_keepalive(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct cm_phone *p = sdl_data(self);

	(void)sig;
	sdl_send(self, p->pid, SIG_StationKeepAliveAck, NULL);
	cm_phone_arm_keepalive(self);
	return sdl_state(self);
}

static int on_data(struct sdl_process *self, const struct sdl_signal *sig)
{
	cm_phone_tell_data(self, &((const StationDeviceData *)sig->msg)->data);
	return sdl_state(self);
}

static int on_unregister(struct sdl_process *self, const struct sdl_signal *sig)
{
	const StationUnregister *m = sig->msg;

	return cm_phone_unregister(self, m->fallback);
}

/* ---- calls ---------------------------------------------------------------------------------- */

static int on_call(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_d *d = sdl_data(self);
	const CcCallInd *ind = sig->msg;
	struct cm_station_call *call = cm_station_on_call(self, &d->phone.station, sig);

	if (!call)
		return sdl_state(self);
	if (ind->kind == CALL_IND_KIND__CALL_CLOSED) {
		station_show_end(self, call);
		cm_station_call_end(self, &d->phone.station, call);
		return sdl_state(self);
	}
	/* Only now: a line that is full has refused, and the call that is there goes on. */
	if (ind->kind == CALL_IND_KIND__CALL_NEW && call->outgoing)
		cm_phone_make_way(self, call);
	if (ind->kind == CALL_IND_KIND__CALL_PARTY)
		station_show_parties(self, call);
	else
		station_show(self, call);
	if (ind->kind == CALL_IND_KIND__CALL_NEW)
		cm_phone_auto_answer(self, call);
	if (sdl_state(self) != STATION_ORIGINATING || ind->kind != CALL_IND_KIND__CALL_NEW ||
	    !call->outgoing || call->state != CTI_CALL_STATE__DIALTONE)
		return sdl_state(self);
	if (d->enbloc[0])
		station_dial(self, call, d->enbloc, true);
	d->enbloc[0] = '\0';
	return STATION_REGISTERED;
}

const struct sdl_type cm_station_d = {
	.name = "StationD",
	.number = CM_STATION_D,
	.size = sizeof(struct station_d),
	.states = states,
	.states_n = sizeof states / sizeof states[0],
	.rows = rows,
	.rows_n = sizeof rows / sizeof rows[0],
	.start = start,
	.stop = stop,
};
