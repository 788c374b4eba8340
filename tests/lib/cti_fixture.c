#include "tests/lib/cti_fixture.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cti_error.h"
#include "callmanager/callmanager.h"
#include "common/db/db.h"
#include "common/msg/address.h"
#include "ctimanager/ctimanager.h"
#include "sdl/link/link_admin.h"

struct cti_fixture *fx;
static struct db_template *template;
static bool real_ccm;
static uint64_t seed = 1;

static void unmake_ccm(void *arg, void *context)
{
	(void)arg;
	if (real_ccm)
		free(context);
}

/* ---- a CallManager that pretends ------------------------------------------------------------ */
enum { RUNNING };

static struct fake_device *device_named(struct fake_ccm *f, const char *name)
{
	for (int i = 0; i < f->devices; i++)
		if (!strcmp(f->device[i].name, name))
			return &f->device[i];
	ck_assert_int_lt(f->devices, FAKE_DEVICES);
	snprintf(f->device[f->devices].name, sizeof(f->device[0].name), "%s", name);
	f->device[f->devices].askers_n = 0;
	return &f->device[f->devices++];
}

static void add_asker(struct fake_device *d, struct sdl_pid pid)
{
	for (int i = 0; i < d->askers_n; i++)
		if (sdl_pid_equal(d->askers[i], pid))
			return;
	d->askers[d->askers_n++] = pid;
}

static int fake_start(struct sdl_process *self)
{
	struct fake_ccm *f = sdl_context(self);

	f->devices = 0;
	f->outstanding = 0;
	f->slow_n = 0;
	sdl_watch(self, 0, SDL_APP_CTIMANAGER);
	return RUNNING;
}

static int fake_on_isv(struct sdl_process *self, const struct sdl_signal *sig)
{
	const SdlLinkStatus *status = sig->msg;
	struct sdl_pid to = { .node = (uint8_t)status->node,
			      .type = CTIM_CTI_MANAGER,
			      .app = SDL_APP_CTIMANAGER,
			      .inst = 1 };
	CcmInService up = CCM_IN_SERVICE__INIT;

	up.initialization_state = 100;
	sdl_send(self, to, SIG_CcmInService, &up);
	return RUNNING;
}

static void answer_open(struct sdl_process *self, struct sdl_pid to, uint32_t async,
			uint32_t result, bool registered)
{
	struct fake_ccm *f = sdl_context(self);
	CtiDeviceOpenDeviceRes res = CTI_DEVICE_OPEN_DEVICE_RES__INIT;

	res.async_response = async;
	res.result = result;
	res.has_registered = true;
	res.registered = registered;
	res.has_device_pid = registered;
	res.device_pid = sdl_pid_pack(sdl_self(self));
	res.has_other_node = result == CTIERR_DEVICE_ALREADY_REGISTERED;
	res.other_node = f->other_node;
	sdl_send(self, to, SIG_CtiDeviceOpenDeviceRes, &res);
}

static int fake_on_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct fake_ccm *f = sdl_context(self);
	const CtiDeviceOpenDeviceReq *req = sig->msg;
	bool phone = req->device->kind == DEVICE_KIND__DEVICE_SCCP_PHONE ||
		     req->device->kind == DEVICE_KIND__DEVICE_SIP_PHONE;
	struct fake_device *d = device_named(f, req->device->name);

	f->opens++;
	if (f->mute)
		return RUNNING;
	if (f->other_node && req->lost_node != f->other_node) {
		answer_open(self, sig->from, req->async_response, CTIERR_DEVICE_ALREADY_REGISTERED,
			    false);
		return RUNNING;
	}
	if (f->refuse || (f->refuse_media && req->has_registration)) {
		answer_open(self, sig->from, req->async_response,
			    f->refuse ? f->refuse : f->refuse_media, false);
		return RUNNING;
	}
	add_asker(d, sig->from);
	if (f->slow) {
		f->slow_to[f->slow_n] = sig->from;
		f->slow_async[f->slow_n++] = req->async_response;
		if (f->slow_n > f->opens_max)
			f->opens_max = f->slow_n;
		sdl_timer_start(self, SIG_CtiRequestTimer, MS(1));
		return RUNNING;
	}
	answer_open(self, sig->from, req->async_response, 0, !phone || f->phone_here);
	return RUNNING;
}

static int fake_on_slow(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct fake_ccm *f = sdl_context(self);
	unsigned n = f->slow_n;

	(void)sig;
	f->slow_n = 0;
	for (unsigned i = 0; i < n; i++)
		answer_open(self, f->slow_to[i], f->slow_async[i], 0, true);
	return RUNNING;
}

static int fake_on_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct fake_ccm *f = sdl_context(self);
	const CtiDeviceCloseDeviceReq *req = sig->msg;
	CtiLineCallRes res = CTI_LINE_CALL_RES__INIT;

	snprintf(f->last, sizeof(f->last), "close %s%s%s%s", req->device,
		 req->owner ? " owner " : "", req->owner ? req->owner : "",
		 req->application_failed ? " failed" : "");
	if (!req->owner)
		device_named(f, req->device)->askers_n = 0;
	res.async_response = req->async_response;
	sdl_send(self, sig->from, SIG_CtiDeviceCloseDeviceRes, &res);
	return RUNNING;
}

static int fake_on_rehome(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct fake_ccm *f = sdl_context(self);
	const CtiDeviceRehomeReq *req = sig->msg;

	snprintf(f->last, sizeof(f->last), "rehome %s %u%s", req->device, req->target_node,
		 req->cancel ? " cancel" : "");
	return RUNNING;
}

static const char *device_of_line(struct fake_ccm *f, struct sdl_pid asker)
{
	for (int i = 0; i < f->devices; i++)
		for (int k = 0; k < f->device[i].askers_n; k++)
			if (sdl_pid_equal(f->device[i].askers[k], asker))
				return f->device[i].name;
	return "";
}

static int fake_on_line_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct fake_ccm *f = sdl_context(self);
	const CtiLineOpenLineReq *req = sig->msg;
	CtiLineOpenLineRes res = CTI_LINE_OPEN_LINE_RES__INIT;
	CtiExistingCallCompletedNotify done = CTI_EXISTING_CALL_COMPLETED_NOTIFY__INIT;
	CtiCallNotify call = CTI_CALL_NOTIFY__INIT;

	res.async_response = req->async_response;
	res.result = f->refuse_line;
	res.dn = req->dn;
	sdl_send(self, sig->from, SIG_CtiLineOpenLineRes, &res);
	if (res.result)
		return RUNNING;
	call.device = done.device = (char *)(uintptr_t)device_of_line(f, sig->from);
	call.dn = done.dn = req->dn;
	call.ci = 77;
	call.has_state = true;
	call.state = CTI_CALL_STATE__CONNECTED;
	if (f->existing)
		sdl_send(self, sig->from, SIG_CtiExistingCallNotify, &call);
	sdl_send(self, sig->from, SIG_CtiExistingCallCompletedNotify, &done);
	return RUNNING;
}

static int fake_on_line_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct fake_ccm *f = sdl_context(self);
	const CtiLineCloseLineReq *req = sig->msg;
	CtiLineCallRes res = CTI_LINE_CALL_RES__INIT;

	snprintf(f->last, sizeof(f->last), "close line %s", req->dn);
	res.async_response = req->async_response;
	sdl_send(self, sig->from, SIG_CtiLineCloseLineRes, &res);
	return RUNNING;
}

/* Requests have the number of their answer plus one less; all begin with async_response. */
static int fake_on_call(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct fake_ccm *f = sdl_context(self);
	const CtiLineCallReq *req = sig->msg;
	CtiLineCallRes res = CTI_LINE_CALL_RES__INIT;

	res.async_response = req->async_response;
	res.has_ci = sig->number == SIG_CtiLineCallInitiateReq;
	res.ci = 99;
	if (!f->silent_calls)
		sdl_send(self, sig->from, (uint16_t)(sig->number + 1), &res);
	return RUNNING;
}

/* Posted by the test: to all who have the device open. Its name is the first field of all these. */
static int fake_on_tell(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct fake_ccm *f = sdl_context(self);
	const CtiDeviceUnregisterNotify *notify = sig->msg;
	const struct fake_device *d = device_named(f, notify->device);

	for (int i = 0; i < d->askers_n; i++)
		sdl_forward(self, d->askers[i], sig);
	return RUNNING;
}

static int fake_on_register(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct fake_ccm *f = sdl_context(self);
	CtiDeviceRegisterNotifyWithLineInfo notify =
		*(const CtiDeviceRegisterNotifyWithLineInfo *)sig->msg;
	const struct fake_device *d = device_named(f, notify.device);

	notify.device_pid = sdl_pid_pack(sdl_self(self));
	for (int i = 0; i < d->askers_n; i++)
		sdl_send(self, d->askers[i], sig->number, &notify);
	return RUNNING;
}

static const struct sdl_state running[] = {
	[RUNNING] = { "running", .waits = "" },
};

#define ROW(signal, handler)                                                                       \
	{                                                                                          \
		RUNNING, SIG_##signal, handler, 0                                                  \
	}
static const struct sdl_row fake_rows[] = {
	ROW(SdlLinkInService, fake_on_isv),
	ROW(SdlLinkOutOfService, sdl_ignore),
	ROW(CtiDeviceOpenDeviceReq, fake_on_open),
	ROW(CtiRequestTimer, fake_on_slow),
	ROW(CtiDeviceCloseDeviceReq, fake_on_close),
	ROW(CtiDeviceRehomeReq, fake_on_rehome),
	ROW(CtiLineOpenLineReq, fake_on_line_open),
	ROW(CtiLineCloseLineReq, fake_on_line_close),
	ROW(CtiLineCallInitiateReq, fake_on_call),
	ROW(CtiLineCallAcceptReq, fake_on_call),
	ROW(CtiLineCallAnswerReq, fake_on_call),
	ROW(CtiLineCallDisconnectReq, fake_on_call),
	ROW(CtiLineCallHoldReq, fake_on_call),
	ROW(CtiLineCallRetrieveReq, fake_on_call),
	ROW(CtiLineCallRedirectReq, fake_on_call),
	ROW(CtiDeviceSetRTPForCallReq, fake_on_call),
	ROW(CtiDeviceRegisterNotifyWithLineInfo, fake_on_register),
	ROW(CtiDeviceUnregisterNotify, fake_on_tell),
	ROW(CtiNewCallNotify, fake_on_tell),
	ROW(CtiCallStateNotify, fake_on_tell),
	ROW(CtiCallPartyInfoNotify, fake_on_tell),
	ROW(CtiCallClosedNotify, fake_on_tell),
	ROW(CtiOpenLogicalChannelNotify, fake_on_tell),
	ROW(CtiStartReceptionNotify, fake_on_tell),
};

static const struct sdl_type fake_registrar = {
	.name = "CTIRegistrar",
	.number = CM_CTI_REGISTRAR,
	.at_start = true,
	.states = running,
	.states_n = 1,
	.rows = fake_rows,
	.rows_n = sizeof(fake_rows) / sizeof(fake_rows[0]),
	.start = fake_start,
};
static const struct sdl_type *const fake_types[] = { &sdl_link_admin, &fake_registrar };

static void make_ccm(void *arg, struct sdl_config *config)
{
	if (real_ccm) {
		struct cm_context *context = calloc(1, sizeof(*context));

		ck_assert_ptr_nonnull(context);
		cm_program(config, context);
		return;
	}
	config->types = fake_types;
	config->types_n = 2;
	config->context = arg;
}

/* ---- an application that writes down -------------------------------------------------------- */

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

	a->far = sdl_conn_open(self, a->ctimanager);
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

static const struct sdl_row app_rows[] = {
	ROW(SdlConnUp, app_on_up),
	ROW(SdlConnDown, app_on_down),
	ROW(ClientHeartbeatTimer, app_on_beat),
	ROW(ServerHeartbeat, sdl_ignore),
	ROW(Response, app_on_response),
	ROW(ProviderOpenCompleted, app_on_provider),
	ROW(ProviderClosed, app_on_provider),
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
	ROW(DeviceSetRTPForCall, app_on_request),
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

static void make_app(void *arg, struct sdl_config *config)
{
	config->types = app_types;
	config->types_n = 2;
	config->context = arg;
}

/* ---- the cluster ---------------------------------------------------------------------------- */

#define OK(call) ck_assert_msg((call) == 0, "%s", err.text)

static void add_device(struct db *db, const char *user, const struct db_device_spec *spec,
		       const char *dn)
{
	struct db_error err;

	OK(db_add_device(db, spec, &err));
	OK(db_add_line(db, spec->name, &(struct db_line_spec){ .index = 1, .dn = dn }, &err));
	if (user)
		OK(db_associate(db, user, spec->name, &err));
}

static void add_user(struct db *db, const char *name, const char *group, const char *second)
{
	struct db_error err;

	OK(db_add_user(db,
		       &(struct db_user_spec){ .userid = name,
					       .application = true,
					       .password = "secret",
					       .cost = DB_COST_MINIMAL },
		       &err));
	if (group)
		OK(db_join_group(db, name, group, &err));
	if (second)
		OK(db_join_group(db, name, second, &err));
}

static void add_devices(struct db *db, unsigned ports)
{
	struct db_error err;
	struct db_device_spec port = { .name = "CTIP_1",
				       .model = DB_MODEL_CTI_PORT,
				       .device_pool = "P12" };
	struct db_device_spec phone = { .name = "SEP000000000001",
					.model = DB_MODEL_7961,
					.device_pool = "P12" };

	add_device(db, "ivr", &port, "4001");
	port.name = "CTIP_2";
	add_device(db, NULL, &port, "4002");
	OK(db_add_line(db, "CTIP_2",
		       &(struct db_line_spec){ .index = 2, .dn = "4003", .cti_restricted = true },
		       &err));
	port.name = "CTIP_R";
	port.cti_restricted = true;
	add_device(db, "ivr", &port, "4005");
	port.cti_restricted = false;
	port.name = "CTIP_3";
	port.device_pool = "P123";
	add_device(db, "ivr", &port, "4011");
	port.device_pool = "P12";
	port.name = "CTIRP_1";
	port.model = DB_MODEL_CTI_ROUTE_POINT;
	add_device(db, "ivr", &port, "5001");
	OK(db_change_line(db, "CTIRP_1",
			  &(struct db_line_spec){ .index = 1,
						  .dn = "5001",
						  .cfof = "4011",
						  .cfna = "4002",
						  .cfna_int = "4002" },
			  &err));
	add_device(db, "ivr", &phone, "1001");
	phone.protocol = DB_PROTOCOL_SIP;
	phone.name = "SEP000000007961";
	add_device(db, "ivr", &phone, "1061");
	phone.name = "SEP000000007960";
	phone.model = DB_MODEL_7960;
	add_device(db, "ivr", &phone, "1060");
	port.model = DB_MODEL_CTI_PORT;
	for (unsigned i = 0; i < ports; i++) {
		char name[24], dn[16];

		snprintf(name, sizeof(name), "CTIP_M%u", i);
		snprintf(dn, sizeof(dn), "%u", 7000000 + i);
		port.name = name;
		add_device(db, "ivr", &port, dn);
	}
}

static void make_database(unsigned ports)
{
	static const char *const names[] = { "ccm1", "ccm2", "ccm3" };
	static const enum db_service services[] = { DB_SERVICE_CALLMANAGER, DB_SERVICE_CTIMANAGER };
	struct db_error err;
	struct db *db;

	OK(db_memory(&db, &err));
	db_seed(db, 1);
	OK(db_begin(db, &err));
	for (int i = 0; i < 3; i++)
		OK(db_add_node(db,
			       &(struct db_node_spec){ .name = names[i],
						       .node_id = i + 1,
						       .services = services,
						       .n_services = 2 },
			       &err));
	OK(db_add_group(db, &(struct db_group_spec){ .name = "G12", .nodes = names, .n_nodes = 2 },
			&err));
	OK(db_add_group(db, &(struct db_group_spec){ .name = "G123", .nodes = names, .n_nodes = 3 },
			&err));
	OK(db_add_device_pool(db, "P12", "G12", &err));
	OK(db_add_device_pool(db, "P123", "G123", &err));
	add_user(db, "ivr", "Standard CTI Enabled", NULL);
	add_user(db, "super", "Standard CTI Enabled", "Standard CTI Allow Control of All Devices");
	add_user(db, "nobody", NULL, NULL);
	add_devices(db, ports);
	OK(db_commit(db, &err));
	template = db_template_new(db);
	db_close(&db);
}

static void *open_database(void *arg, char *why, size_t why_size)
{
	struct db_error err;
	struct db *db;

	(void)arg;
	if (db_clone(&db, template, &err) < 0) {
		snprintf(why, why_size, "%s", err.text);
		return NULL;
	}
	return db;
}

static void close_database(void *resource)
{
	struct db *db = resource;

	db_close(&db);
}

static void make_ctimanager(void *arg, struct sdl_config *config)
{
	(void)arg;
	ctim_program(config);
}

static const char *const ccm_names[] = { NULL, "ccm1", "ccm2", "ccm3" };
static const char *const ctim_names[] = { NULL, "cti1", "cti2", "cti3" };
static const char *const app_names[] = { "app0", "app1", "app2" };

static void add_programs(void)
{
	for (uint8_t n = 1; n <= 3; n++) {
		struct sdl_virt_program ctim = {
			.make = make_ctimanager,
			.name = ctim_names[n],
			.node = n,
			.app = SDL_APP_CTIMANAGER,
			.resource = { .open = open_database, .close = close_database },
			.links = { { 1, SDL_APP_CALLMANAGER },
				   { 2, SDL_APP_CALLMANAGER },
				   { 3, SDL_APP_CALLMANAGER } },
			.links_n = 3,
			.serve_cti = true,
		};
		struct sdl_virt_program ccm = {
			.make = make_ccm,
			.unmake = unmake_ccm,
			.arg = &fx->ccm[n],
			.name = ccm_names[n],
			.node = n,
			.app = SDL_APP_CALLMANAGER,
			.links = { { 1, SDL_APP_CTIMANAGER },
				   { 2, SDL_APP_CTIMANAGER },
				   { 3, SDL_APP_CTIMANAGER } },
			.links_n = 3,
		};

		if (real_ccm) {
			ccm.resource = (struct sdl_resource){ .open = open_database,
							      .close = close_database };
			for (uint8_t peer = 1; peer <= 3; peer++) {
				if (peer == n)
					continue;
				ccm.links[ccm.links_n].node = peer;
				ccm.links[ccm.links_n++].app = SDL_APP_CALLMANAGER;
			}
		}
		fx->ccm[n].node = n;
		cluster_add(fx->c, &ctim);
		cluster_add(fx->c, &ccm);
	}
	for (int i = 0; i < 3; i++) {
		struct sdl_virt_program app = { .make = make_app,
						.arg = &fx->app[i],
						.name = app_names[i],
						.node = (uint8_t)(101 + i),
						.app = SDL_APP_CTI };

		fx->app[i].ctimanager = 1;
		cluster_add(fx->c, &app);
	}
}

void cti_fixture_new(unsigned ports)
{
	fx = calloc(1, sizeof(*fx));
	ck_assert_ptr_nonnull(fx);
	make_database(ports);
	fx->c = cluster_new(seed);
	add_programs();
}

void cti_start_node(int node)
{
	cluster_start(fx->c, ccm_names[node]);
	cluster_start(fx->c, ctim_names[node]);
}

void cti_fixture_start(void)
{
	for (int n = 1; n <= 3; n++)
		cti_start_node(n);
	cluster_advance(fx->c, SECONDS(1));
	cluster_start(fx->c, "app0");
}

void cti_fixture_up(void)
{
	cti_fixture_new(0);
	cti_fixture_start();
	app_provider_open(0, "ivr", "secret");
	ck_assert(app_told(0, "ProviderOpenCompleted"));
	app_forget(0);
}

void cti_fixture_new_real(uint64_t with_seed)
{
	real_ccm = true;
	seed = with_seed;
	cti_fixture_up();
}

void cti_fixture_up_real(void)
{
	real_ccm = true;
	cti_fixture_up();
}

void cti_fixture_down(void)
{
	cluster_destroy(&fx->c);
	db_template_destroy(&template);
	free(fx);
	fx = NULL;
	real_ccm = false;
	seed = 1;
}

/* ---- verbs ---------------------------------------------------------------------------------- */

void app_send(int app, uint16_t signal, const void *msg)
{
	cluster_post(fx->c, app_names[app], APP_CTI_APPLICATION, signal, msg);
}

void app_provider_open(int app, const char *user, const char *password)
{
	ProviderOpen open = PROVIDER_OPEN__INIT;

	ck_assert(app_told(app, "up"));
	open.seq = 1;
	open.version = 1;
	open.user = (char *)(uintptr_t)user;
	open.password = (char *)(uintptr_t)password;
	open.has_heartbeat_s = true;
	open.heartbeat_s = 10;
	open.has_kind = true;
	open.kind = fx->app[app].kind;
	app_send(app, SIG_ProviderOpen, &open);
	ck_assert(app_told(app, "Response 1 "));
}

uint64_t app_device_open(int app, uint32_t seq, const char *device, int media)
{
	DeviceOpen open = DEVICE_OPEN__INIT;
	char text[32];

	open.seq = seq;
	open.device = (char *)(uintptr_t)device;
	open.has_registration = media >= 0;
	open.registration = (MediaRegistration)(media < 0 ? 0 : media);
	open.has_ip = open.has_port = media == MEDIA_REGISTRATION__STATIC;
	open.ip = 0x7f010065;
	open.port = 5000 + seq;
	app_send(app, SIG_DeviceOpen, &open);
	snprintf(text, sizeof(text), "Response %u ", seq);
	fx->app[app].device_handle = 0;
	ck_assert(app_told(app, text));
	return fx->app[app].device_handle;
}

uint64_t app_line_open(int app, uint32_t seq, uint64_t device, const char *dn)
{
	LineOpen open = LINE_OPEN__INIT;
	char text[32];

	open.seq = seq;
	open.device_handle = device;
	open.dn = (char *)(uintptr_t)dn;
	app_send(app, SIG_LineOpen, &open);
	snprintf(text, sizeof(text), "Response %u ", seq);
	fx->app[app].line_handle = 0;
	ck_assert(app_told(app, text));
	return fx->app[app].line_handle;
}

void app_call(int app, uint16_t signal, uint32_t seq, uint64_t call)
{
	CallRequest req = CALL_REQUEST__INIT;

	req.seq = seq;
	req.call_handle = call;
	app_send(app, signal, &req);
}

struct telling {
	int app;
	const char *text;
};

bool app_knows(int app, const char *text)
{
	return strstr(fx->app[app].log, text) != NULL;
}

static bool told(struct cluster *c, void *arg)
{
	const struct telling *t = arg;

	(void)c;
	return app_knows(t->app, t->text);
}

bool app_told_within(int app, const char *text, int64_t ns)
{
	struct telling t = { app, text };

	return cluster_until(fx->c, told, &t, ns);
}

bool app_told(int app, const char *text)
{
	bool is = app_told_within(app, text, SECONDS(60));

	if (!is)
		fprintf(stderr, "never told: %s\nbut:\n%s", text, fx->app[app].log);
	return is;
}

void app_told_exactly(int app, const char *text)
{
	ck_assert_str_eq(fx->app[app].log, text);
}

void app_forget(int app)
{
	fx->app[app].log_n = 0;
	fx->app[app].log[0] = '\0';
}

uint64_t app_last_call(int app, const char *dn)
{
	char text[64];
	unsigned node = 0, ci = 0;

	snprintf(text, sizeof(text), "Call %s ", dn);
	for (const char *at = fx->app[app].log; (at = strstr(at, text)); at++)
		sscanf(at + strlen(text), "%u|%u", &node, &ci);
	ck_assert_msg(node, "no call at %s:\n%s", dn, fx->app[app].log);
	return (uint64_t)node << 32 | ci;
}

unsigned app_count(int app, const char *text)
{
	unsigned n = 0;

	for (const char *at = fx->app[app].log; (at = strstr(at, text)); at++)
		n++;
	return n;
}

void ccm_tell(int node, uint16_t signal, const void *msg)
{
	cluster_post(fx->c, ccm_names[node], CM_CTI_REGISTRAR, signal, msg);
}

void ccm_call(int node, uint16_t signal, const char *device, const char *dn, uint32_t ci, int state)
{
	CtiCallNotify notify = CTI_CALL_NOTIFY__INIT;

	notify.device = (char *)(uintptr_t)device;
	notify.dn = (char *)(uintptr_t)dn;
	notify.ci = ci;
	notify.has_state = true;
	notify.state = (CtiCallState)state;
	ccm_tell(node, signal, &notify);
}
