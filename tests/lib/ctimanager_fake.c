#include "tests/lib/ctimanager_fake.h"

#include <string.h>

#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/link/link_admin.h"

enum { RUNNING };

static sdl_handler on_accepted, on_down, on_provider_open, on_provider_close, on_device_open,
	on_device_request, on_line_open, on_line_request, on_initiate, on_call, on_redirect,
	on_set_rtp, on_heartbeat, on_beat, on_event, on_device_info;

static const struct sdl_state states[] = { { .name = "running", .waits = "" } };

static const struct sdl_row rows[] = {
	{ RUNNING, SIG_SdlConnAccepted, on_accepted, 0 },
	{ RUNNING, SIG_SdlConnDown, on_down, 0 },
	{ RUNNING, SIG_ProviderOpen, on_provider_open, 0 },
	{ RUNNING, SIG_ProviderClose, on_provider_close, 0 },
	{ RUNNING, SIG_ProviderGetDeviceInfo, on_device_info, 0 },
	{ RUNNING, SIG_DeviceOpen, on_device_open, 0 },
	{ RUNNING, SIG_DeviceClose, on_device_request, 0 },
	{ RUNNING, SIG_LineOpen, on_line_open, 0 },
	{ RUNNING, SIG_LineClose, on_line_request, 0 },
	{ RUNNING, SIG_LineCallInitiate, on_initiate, 0 },
	{ RUNNING, SIG_CallAccept, on_call, 0 },
	{ RUNNING, SIG_CallAnswer, on_call, 0 },
	{ RUNNING, SIG_CallDisconnect, on_call, 0 },
	{ RUNNING, SIG_CallHold, on_call, 0 },
	{ RUNNING, SIG_CallRetrieve, on_call, 0 },
	{ RUNNING, SIG_CallRedirect, on_redirect, 0 },
	{ RUNNING, SIG_DeviceSetRTPForCall, on_set_rtp, 0 },
	{ RUNNING, SIG_Heartbeat, on_heartbeat, 0 },
	{ RUNNING, SIG_ClientHeartbeatTimer, on_beat, 0 },
	/* posted by the test */
	{ RUNNING, SIG_ProviderClosed, on_event, 0 },
	{ RUNNING, SIG_DeviceInService, on_event, 0 },
	{ RUNNING, SIG_DeviceOutOfService, on_event, 0 },
	{ RUNNING, SIG_DeviceClosed, on_event, 0 },
	{ RUNNING, SIG_LineInService, on_event, 0 },
	{ RUNNING, SIG_LineClosed, on_event, 0 },
	{ RUNNING, SIG_LineOutOfService, on_event, 0 },
	{ RUNNING, SIG_NewCall, on_event, 0 },
	{ RUNNING, SIG_ExistingCallCompleted, on_event, 0 },
	{ RUNNING, SIG_CallStateChanged, on_event, 0 },
	{ RUNNING, SIG_CallClosed, on_event, 0 },
	{ RUNNING, SIG_DeviceCallOpenLogicalChannel, on_event, 0 },
	{ RUNNING, SIG_StartReception, on_event, 0 },
	{ RUNNING, SIG_StartTransmission, on_event, 0 },
	{ RUNNING, SIG_StopReception, on_event, 0 },
	{ RUNNING, SIG_StopTransmission, on_event, 0 },
};

static void tell(struct sdl_process *self, const char *verb)
{
	struct sdl_pid harness = { .node = SDL_HARNESS_NODE, .app = SDL_APP_HARNESS };
	CommandResult m = COMMAND_RESULT__INIT;

	m.verb = (char *)verb;
	sdl_send(self, harness, SIG_CommandResult, &m);
}

static int start(struct sdl_process *self)
{
	tell(self, "ready");
	return RUNNING;
}

static const struct sdl_type ctimanager_type = {
	.name = "CtiManager",
	.number = CTIM_CTI_MANAGER,
	.at_start = true,
	.states = states,
	.states_n = 1,
	.rows = rows,
	.rows_n = sizeof(rows) / sizeof(rows[0]),
	.start = start,
};

static int64_t interval(struct sdl_process *self)
{
	const struct fake_ctimanager *f = sdl_context(self);

	return f->heartbeat_s * INT64_C(1000000000);
}

static int on_accepted(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct fake_ctimanager *f = sdl_context(self);

	f->far = sig->from;
	sdl_conn_own(self, sig->from, sdl_self(self));
	return RUNNING;
}

static int on_down(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct fake_ctimanager *f = sdl_context(self);

	(void)sig;
	f->far = (struct sdl_pid){ 0 };
	sdl_timer_stop(self, SIG_ClientHeartbeatTimer);
	return RUNNING;
}

static void respond(struct sdl_process *self, const Response *r)
{
	struct fake_ctimanager *f = sdl_context(self);

	if (f->late && f->kept_n < sizeof(f->kept) / sizeof(f->kept[0]))
		f->kept[f->kept_n++] = *r;
	else if (!f->mute)
		sdl_send(self, f->far, SIG_Response, r);
}

static int ok(struct sdl_process *self, uint32_t seq)
{
	Response r = RESPONSE__INIT;

	r.seq = seq;
	respond(self, &r);
	return RUNNING;
}

static int on_provider_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	const ProviderOpen *m = sig->msg;
	struct fake_ctimanager *f = sdl_context(self);
	Response r = RESPONSE__INIT;

	f->providers++;
	r.seq = m->seq;
	r.result = f->refuse_provider;
	r.has_heartbeat_s = true;
	r.heartbeat_s = f->heartbeat_s;
	sdl_send(self, f->far, SIG_Response, &r);
	if (!r.result)
		sdl_timer_start(self, SIG_ClientHeartbeatTimer, interval(self));
	return RUNNING;
}

static int on_provider_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	const ProviderRequest *m = sig->msg;

	return ok(self, m->seq);
}

static int on_device_info(struct sdl_process *self, const struct sdl_signal *sig)
{
	const ProviderGetDeviceInfo *m = sig->msg;
	static char *names[] = { (char *)"CTIRP_5000", (char *)"SEP000000000001" };
	Response r = RESPONSE__INIT;

	r.seq = m->seq;
	r.device = names;
	r.n_device = 2;
	respond(self, &r);
	return RUNNING;
}

static bool refused(struct fake_ctimanager *f, const char *device)
{
	if (!f->refuse_device || strcmp(f->refuse_device, device) != 0)
		return false;
	if (f->refuse_times && !--f->refuse_times)
		f->refuse_device = NULL;
	return true;
}

static int on_device_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	const DeviceOpen *m = sig->msg;
	struct fake_ctimanager *f = sdl_context(self);
	Response r = RESPONSE__INIT;
	DeviceEvent ev = DEVICE_EVENT__INIT;

	r.seq = m->seq;
	if (refused(f, m->device)) {
		r.result = f->refuse_with;
		respond(self, &r);
		return RUNNING;
	}
	r.has_device_handle = true;
	r.device_handle = ++f->devices + 1000;
	f->device_handle = r.device_handle;
	respond(self, &r);
	ev.device_handle = r.device_handle;
	ev.device = m->device;
	ev.has_node = true;
	ev.node = 7;
	sdl_send(self, f->far, SIG_DeviceInService, &ev);
	return RUNNING;
}

static int on_device_request(struct sdl_process *self, const struct sdl_signal *sig)
{
	const DeviceRequest *m = sig->msg;

	return ok(self, m->seq);
}

static void snapshot(struct sdl_process *self, uint64_t line, const char *dn)
{
	struct fake_ctimanager *f = sdl_context(self);
	ExistingCallCompleted done = EXISTING_CALL_COMPLETED__INIT;
	CallEvent call = CALL_EVENT__INIT;

	if (f->existing_call) {
		call.call_handle = f->existing_call;
		call.line_handle = line;
		call.device = (char *)"CTIRP_5000";
		call.dn = (char *)dn;
		call.has_state = true;
		call.state = CTI_CALL_STATE__CONNECTED;
		sdl_send(self, f->far, SIG_ExistingCall, &call);
	}
	done.line_handle = line;
	done.device = (char *)"CTIRP_5000";
	done.dn = (char *)dn;
	sdl_send(self, f->far, SIG_ExistingCallCompleted, &done);
}

#define OFFERED (UINT64_C(1) << 32 | 17)

static void offer(struct sdl_process *self, uint64_t line, const char *dn)
{
	const struct fake_ctimanager *f = sdl_context(self);
	CallEvent call = CALL_EVENT__INIT;

	call.call_handle = OFFERED;
	call.line_handle = line;
	call.device = (char *)"CTIRP_5000";
	call.dn = (char *)dn;
	call.has_state = true;
	call.state = CTI_CALL_STATE__OFFERING;
	call.calling = (char *)"1001";
	sdl_send(self, f->far, SIG_NewCall, &call);
}

/* The tests open lines of CTIRP_5000 only. */
static int on_line_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	const LineOpen *m = sig->msg;
	struct fake_ctimanager *f = sdl_context(self);
	Response r = RESPONSE__INIT;
	LineEvent ev = LINE_EVENT__INIT;

	r.seq = m->seq;
	if (f->refuse_line_with) {
		r.result = f->refuse_line_with;
		if (f->refuse_line_times && --f->refuse_line_times == 0)
			f->refuse_line_with = 0;
		respond(self, &r);
		return RUNNING;
	}
	r.has_line_handle = true;
	r.line_handle = ++f->lines + 2000;
	f->line_handle = r.line_handle;
	respond(self, &r);
	ev.line_handle = r.line_handle;
	ev.device = (char *)"CTIRP_5000";
	ev.dn = m->dn;
	sdl_send(self, f->far, SIG_LineInService, &ev);
	snapshot(self, r.line_handle, m->dn);
	tell(self, "LineOpen");
	if (f->offer)
		offer(self, r.line_handle, m->dn);
	return RUNNING;
}

static int on_line_request(struct sdl_process *self, const struct sdl_signal *sig)
{
	const LineRequest *m = sig->msg;

	return ok(self, m->seq);
}

static int on_initiate(struct sdl_process *self, const struct sdl_signal *sig)
{
	const LineCallInitiate *m = sig->msg;
	Response r = RESPONSE__INIT;

	r.seq = m->seq;
	r.has_call_handle = true;
	r.call_handle = UINT64_C(2) << 32 | 99;
	tell(self, m->called);
	respond(self, &r);
	return RUNNING;
}

static int note(struct sdl_process *self, uint16_t signal, uint32_t seq, uint64_t call)
{
	struct fake_ctimanager *f = sdl_context(self);

	tell(self, signal_def(signal)->name);
	f->requests++;
	f->last_call = call;
	return ok(self, seq);
}

static int on_call(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CallRequest *m = sig->msg;
	const struct fake_ctimanager *f = sdl_context(self);
	MediaEvent ask = MEDIA_EVENT__INIT;

	note(self, sig->number, m->seq, m->call_handle);
	if (f->offer && sig->number == SIG_CallAnswer) {
		ask.call_handle = m->call_handle;
		ask.device = (char *)"CTIRP_5000";
		sdl_send(self, f->far, SIG_DeviceCallOpenLogicalChannel, &ask);
	}
	return RUNNING;
}

static int on_redirect(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CallRedirect *m = sig->msg;

	return note(self, sig->number, m->seq, m->call_handle);
}

static int on_set_rtp(struct sdl_process *self, const struct sdl_signal *sig)
{
	const DeviceSetRTPForCall *m = sig->msg;

	return note(self, sig->number, m->seq, m->call_handle);
}

static int on_heartbeat(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct fake_ctimanager *f = sdl_context(self);

	(void)sig;
	f->heartbeats++;
	for (unsigned i = 0; !f->late && i < f->kept_n; i++)
		sdl_send(self, f->far, SIG_Response, &f->kept[i]);
	if (!f->late)
		f->kept_n = 0;
	return RUNNING;
}

static int on_beat(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct fake_ctimanager *f = sdl_context(self);

	(void)sig;
	sdl_send(self, f->far, SIG_ServerHeartbeat, NULL);
	sdl_timer_start(self, SIG_ClientHeartbeatTimer, interval(self));
	return RUNNING;
}

static int on_event(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct fake_ctimanager *f = sdl_context(self);

	sdl_forward(self, f->far, sig);
	return RUNNING;
}

void fake_ctimanager_program(struct sdl_config *config, struct fake_ctimanager *context)
{
	static const struct sdl_type *const types[] = { &sdl_link_admin, &ctimanager_type };

	config->types = types;
	config->types_n = 2;
	config->accept_type = CTIM_CTI_MANAGER;
	config->context = context;
	context->far = (struct sdl_pid){ 0 };
	if (!context->heartbeat_s)
		context->heartbeat_s = 5;
}
