/* An application that sends CTI requests as they are and writes down what it is told. */
#include "tests/lib/cti_fixture_programs.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>

#include "common/base/cti_error.h"
#include "common/msg/address.h"
#include "sdl/link/link_admin.h"

enum { RUNNING };

static void note(struct sdl_process *self, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static void note(struct sdl_process *self, const char *format, ...)
{
	struct raw_app *a = sdl_context(self);
	va_list args;

	va_start(args, format);
	a->log_n += (size_t)vsnprintf(a->log + a->log_n, sizeof(a->log) - a->log_n, format, args);
	va_end(args);
	ck_assert_uint_lt(a->log_n, sizeof(a->log));
}

static int app_start(struct sdl_process *self)
{
	struct raw_app *a = sdl_context(self);

	a->far = sdl_conn_open(self, a->ctimanager, NULL);
	return RUNNING;
}

static int app_on_up(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	note(self, "up\n");
	sdl_timer_start(self, SIG_ClientHeartbeatTimer, SECONDS(5));
	return RUNNING;
}

static int app_on_beat(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct raw_app *a = sdl_context(self);

	(void)sig;
	if (!a->silent)
		sdl_send(self, a->far, SIG_Heartbeat, NULL);
	sdl_timer_start(self, SIG_ClientHeartbeatTimer, SECONDS(5));
	return RUNNING;
}

static int app_on_down(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	note(self, "down\n");
	sdl_timer_stop(self, SIG_ClientHeartbeatTimer);
	return RUNNING;
}

static int app_on_response(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct raw_app *a = sdl_context(self);
	const Response *r = sig->msg;

	if (r->has_device_handle)
		a->device_handle = r->device_handle;
	if (r->has_line_handle)
		a->line_handle = r->line_handle;
	note(self, "Response %u %s", r->seq, cti_error_name(r->result));
	if (r->has_heartbeat_s)
		note(self, " %u", r->heartbeat_s);
	else if (r->has_capabilities)
		note(self, " may %u", r->capabilities);
	for (size_t i = 0; i < r->n_device; i++)
		note(self, " %s", r->device[i]);
	note(self, "\n");
	return RUNNING;
}

static int app_on_provider(struct sdl_process *self, const struct sdl_signal *sig)
{
	const ProviderEvent *e = sig->msg;

	note(self, "%s %s\n", signal_def(sig->number)->name, cti_error_name(e->reason));
	return RUNNING;
}

static int app_on_device_changed(struct sdl_process *self, const struct sdl_signal *sig)
{
	const ProviderDeviceEvent *e = sig->msg;

	note(self, "%s %s\n", e->change == DEVICE_CHANGE__CREATED ? "Created" : "Removed",
	     e->device);
	return RUNNING;
}

static int app_on_user_changed(struct sdl_process *self, const struct sdl_signal *sig)
{
	const ProviderUserEvent *e = sig->msg;

	note(self, "ProviderUserChanged may %u\n", e->capabilities);
	return RUNNING;
}

static void note_service(struct sdl_process *self, const struct sdl_signal *sig, const char *what,
			 uint32_t node, OutOfServiceCause cause, uint32_t reason)
{
	note(self, "%s %s", signal_def(sig->number)->name, what);
	if (node)
		note(self, " %u", node);
	if (cause)
		note(self, " %d", (int)cause);
	if (reason)
		note(self, " %s", cti_error_name(reason));
	note(self, "\n");
}

static int app_on_device(struct sdl_process *self, const struct sdl_signal *sig)
{
	const DeviceEvent *e = sig->msg;

	note_service(self, sig, e->device, e->node, e->cause, e->reason);
	return RUNNING;
}

static int app_on_line(struct sdl_process *self, const struct sdl_signal *sig)
{
	const LineEvent *e = sig->msg;

	note_service(self, sig, e->dn, e->node, e->cause, e->reason);
	return RUNNING;
}

static int app_on_call(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct raw_app *a = sdl_context(self);
	const CallEvent *e = sig->msg;

	a->calls += sig->number == SIG_NewCall;
	a->connected +=
		sig->number == SIG_CallStateChanged && e->state == CTI_CALL_STATE__CONNECTED;
	note(self, "%s %s %u|%u %d", signal_def(sig->number)->name, e->dn,
	     (unsigned)(e->call_handle >> 32), (unsigned)e->call_handle, (int)e->state);
	if (e->has_cause)
		note(self, " %u", e->cause);
	note(self, "\n");
	return RUNNING;
}

static int app_on_completed(struct sdl_process *self, const struct sdl_signal *sig)
{
	const ExistingCallCompleted *e = sig->msg;

	note(self, "ExistingCallCompleted %s\n", e->dn);
	return RUNNING;
}

static int app_on_media(struct sdl_process *self, const struct sdl_signal *sig)
{
	const MediaEvent *e = sig->msg;

	note(self, "%s %s\n", signal_def(sig->number)->name, e->dn);
	return RUNNING;
}

/* Posted by the test: goes to the CTIManager as it is. */
static int app_on_request(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct raw_app *a = sdl_context(self);

	sdl_forward(self, a->far, sig);
	return RUNNING;
}

static const struct sdl_state running[] = {
	[RUNNING] = { "running", .waits = "" },
};

#define ROW(signal, handler)                                                                       \
	{                                                                                          \
		RUNNING, SIG_##signal, handler, 0                                                  \
	}
static const struct sdl_row app_rows[] = {
	ROW(SdlConnUp, app_on_up),
	ROW(SdlConnDown, app_on_down),
	ROW(ClientHeartbeatTimer, app_on_beat),
	ROW(ServerHeartbeat, sdl_ignore),
	ROW(Response, app_on_response),
	ROW(ProviderOpenCompleted, app_on_provider),
	ROW(ProviderClosed, app_on_provider),
	ROW(ProviderDeviceConfigurationChanged, app_on_device_changed),
	ROW(ProviderUserChanged, app_on_user_changed),
	ROW(DeviceInService, app_on_device),
	ROW(DeviceOutOfService, app_on_device),
	ROW(DeviceClosed, app_on_device),
	ROW(LineInService, app_on_line),
	ROW(LineOutOfService, app_on_line),
	ROW(LineClosed, app_on_line),
	ROW(NewCall, app_on_call),
	ROW(ExistingCall, app_on_call),
	ROW(CallStateChanged, app_on_call),
	ROW(CallPartyInfoChanged, app_on_call),
	ROW(CallClosed, app_on_call),
	ROW(ExistingCallCompleted, app_on_completed),
	ROW(DeviceCallOpenLogicalChannel, app_on_media),
	ROW(StartReception, app_on_media),
	ROW(StopReception, app_on_media),
	ROW(StartTransmission, app_on_media),
	ROW(StopTransmission, app_on_media),
	ROW(ProviderOpen, app_on_request),
	ROW(ProviderClose, app_on_request),
	ROW(ProviderGetCapabilities, app_on_request),
	ROW(ProviderGetDeviceInfo, app_on_request),
	ROW(ProviderChangeEventFilter, app_on_request),
	ROW(ProviderDeviceAcquire, app_on_request),
	ROW(ProviderDeviceDeAcquire, app_on_request),
	ROW(DeviceOpen, app_on_request),
	ROW(DeviceClose, app_on_request),
	ROW(DeviceGetSnapShot, app_on_request),
	ROW(LineOpen, app_on_request),
	ROW(LineClose, app_on_request),
	ROW(LineCallInitiate, app_on_request),
	ROW(CallAnswer, app_on_request),
	ROW(CallDisconnect, app_on_request),
	ROW(CallHold, app_on_request),
	ROW(CallRetrieve, app_on_request),
	ROW(CallRedirect, app_on_request),
	ROW(CallJoin, app_on_request),
	ROW(DeviceSetRTPForCall, app_on_request),
	ROW(DeviceDataPassThrough, app_on_request),
};

static const struct sdl_type raw_app_type = {
	.name = "RawApp",
	.number = APP_CTI_APPLICATION,
	.at_start = true,
	.states = running,
	.states_n = 1,
	.rows = app_rows,
	.rows_n = sizeof(app_rows) / sizeof(app_rows[0]),
	.start = app_start,
};
static const struct sdl_type *const app_types[] = { &sdl_link_admin, &raw_app_type };

void raw_app_make(void *arg, struct sdl_config *config)
{
	config->types = app_types;
	config->types_n = 2;
	config->context = arg;
}
