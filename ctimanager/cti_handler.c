/*
 * CTIHandler - one connection of an application: its login, its provider, its handles.
 *
 *	init -> init_complete_await_provopen --ProviderOpen--> init_complete_await_auth
 *	     --CtiProceedWithAppLogin--> authenticating --CtiLoginCheckRes--> verifying
 *	     --CtiUserSettingsRes--> ready
 *
 * A refused login goes back to init_complete_await_provopen. Over Maximum CTI Connections the
 * connection is only told so (rejected). In ready, requests are checked for their handles and go to
 * the CTIDeviceLineMgr of the device, whose answers and events go to the application as they are.
 * Each request gets exactly one Response: what a device leaves unanswered is answered here.
 * What changes of the user's rights meanwhile is looked at in handler_control.c.
 * However it ends (ProviderClose, silence, lost connection), all devices are released.
 */
#include "ctimanager/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cti_error.h"
#include "common/base/cause.h"
#include "common/msg/messages.h"
#include "ctimanager/alarm.h"
#include "ctimanager/handler.h"

#define PROTOCOL_VERSION 1
#define SECOND_NS	 INT64_C(1000000000)

static const struct sdl_state states[] = {
	[INIT] = { "init", .waits = "CtiManager" },
	[AWAIT_PROVOPEN] = { "init_complete_await_provopen", SIG_CtiAwaitProviderOpenTimer,
			     PARAM_CTI_REQUEST_TIMER, "" },
	[REJECTED] = { "rejected", SIG_CtiAwaitProviderOpenTimer, PARAM_CTI_REQUEST_TIMER, "" },
	[AWAIT_AUTH] = { "init_complete_await_auth", .waits = "CtiManager" },
	[AUTHENTICATING] = { "authenticating", SIG_CtiLoginTimer, PARAM_DIRECTORY_LOGIN_TIMER, "" },
	[VERIFYING] = { "verifying", SIG_CtiLoginTimer, PARAM_DIRECTORY_LOGIN_TIMER, "" },
	[READY] = { "ready", .waits = "" },
};

static sdl_handler on_start, on_provider_open, on_await_timeout, on_open_rejected, on_proceed,
	on_login_check_res, on_no_answer_to_login, on_user_settings_res, on_heartbeat,
	on_heartbeat_timer, on_server_heartbeat_timer, on_provider_close, on_open_again,
	on_conn_down;

static const struct sdl_row rows[] = {
	{ INIT, SIG_CtiHandlerStart, on_start, TO(AWAIT_PROVOPEN) | TO(REJECTED) },
	{ INIT, SIG_ProviderOpen, sdl_save, 0 },
	{ AWAIT_PROVOPEN, SIG_ProviderOpen, on_provider_open, TO(AWAIT_AUTH) },
	{ AWAIT_PROVOPEN, SIG_CtiAwaitProviderOpenTimer, on_await_timeout, TO_STOP },
	{ REJECTED, SIG_ProviderOpen, on_open_rejected, TO_STOP },
	{ REJECTED, SIG_CtiAwaitProviderOpenTimer, on_await_timeout, TO_STOP },
	{ AWAIT_AUTH, SIG_CtiProceedWithAppLogin, on_proceed,
	  TO(AUTHENTICATING) | TO(AWAIT_PROVOPEN) },
	{ AUTHENTICATING, SIG_CtiLoginCheckRes, on_login_check_res,
	  TO(VERIFYING) | TO(AWAIT_PROVOPEN) },
	{ AUTHENTICATING, SIG_CtiLoginTimer, on_no_answer_to_login, TO(AWAIT_PROVOPEN) },
	{ VERIFYING, SIG_CtiUserSettingsRes, on_user_settings_res, TO(READY) | TO(AWAIT_PROVOPEN) },
	{ VERIFYING, SIG_CtiLoginTimer, on_no_answer_to_login, TO(AWAIT_PROVOPEN) },
	{ READY, SIG_CtiUserSettingsRes, ctim_handler_on_user_settings, TO_STOP },
	{ READY, SIG_CtiUserConfigChanged, ctim_handler_on_user_changed, 0 },
	{ READY, SIG_CtiUserRetryTimer, ctim_handler_on_user_retry, 0 },
	{ READY, SIG_CtiDbDeviceRes, ctim_handler_on_db_device, 0 },
	/* It reads what is configured when it logs in. */
	{ SDL_ANY, SIG_CtiUserConfigChanged, sdl_ignore, 0 },
	/* Answers that come after the time-out. */
	{ SDL_ANY, SIG_CtiLoginCheckRes, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CtiUserSettingsRes, sdl_ignore, 0 },

	{ READY, SIG_Heartbeat, on_heartbeat, 0 },
	{ READY, SIG_CtiHeartbeatTimer, on_heartbeat_timer, TO_STOP },
	{ READY, SIG_CtiServerHeartbeatTimer, on_server_heartbeat_timer, 0 },
	{ READY, SIG_ProviderClose, on_provider_close, TO_STOP },
	{ READY, SIG_ProviderGetCapabilities, ctim_handler_on_get_capabilities, 0 },
	{ READY, SIG_ProviderGetDeviceInfo, ctim_handler_on_get_device_info, 0 },
	{ READY, SIG_ProviderChangeEventFilter, ctim_handler_on_change_filter, 0 },
	{ READY, SIG_LineParkStatus, ctim_handler_on_park_status, 0 },
	{ READY, SIG_ProviderDeviceAcquire, ctim_handler_on_acquire, 0 },
	{ READY, SIG_ProviderDeviceDeAcquire, ctim_handler_on_deacquire, 0 },
	{ READY, SIG_DeviceOpen, ctim_handler_on_device_open, 0 },
	{ READY, SIG_DeviceClose, ctim_handler_on_device_request, 0 },
	{ READY, SIG_DeviceGetSnapShot, ctim_handler_on_device_request, 0 },
	{ READY, SIG_LineOpen, ctim_handler_on_line_open, 0 },
	{ READY, SIG_LineClose, ctim_handler_on_line_close, 0 },
/* Of calls, lines and devices. */
#define CTI_REQUEST(request, callmanager, subject)                                                 \
	{ READY, SIG_##request, ctim_handler_on_request, 0 },
#include "common/msg/cti_relay.def"
	{ READY, SIG_CtiDbDeviceListRes, ctim_handler_on_device_list, 0 },
	{ READY, SIG_Response, ctim_handler_on_response, 0 },
	{ READY, SIG_DeviceInService, ctim_handler_on_device_event, 0 },
	{ READY, SIG_DeviceOutOfService, ctim_handler_on_device_event, 0 },
	{ READY, SIG_DeviceClosed, ctim_handler_on_device_event, 0 },
	{ READY, SIG_LineInService, ctim_handler_on_line_event, 0 },
	{ READY, SIG_LineOutOfService, ctim_handler_on_line_event, 0 },
	{ READY, SIG_LineClosed, ctim_handler_on_line_event, 0 },
	{ READY, SIG_ExistingCall, ctim_handler_on_call_event, 0 },
	{ READY, SIG_ExistingCallCompleted, ctim_handler_on_event, 0 },
#define CTI_CALL_EVENT(event, callmanager)     { READY, SIG_##event, ctim_handler_on_call_event, 0 },
#define CTI_EVENT(event, callmanager, subject) { READY, SIG_##event, ctim_handler_on_event, 0 },
#include "common/msg/cti_relay.def"

	/* Before and without a provider. */
	{ SDL_ANY, SIG_ProviderOpen, on_open_again, 0 },
	{ SDL_ANY, SIG_Heartbeat, sdl_ignore, 0 },
	{ SDL_ANY, SIG_ProviderClose, ctim_handler_on_not_open, 0 },
	{ SDL_ANY, SIG_ProviderGetCapabilities, ctim_handler_on_not_open, 0 },
	{ SDL_ANY, SIG_ProviderGetDeviceInfo, ctim_handler_on_not_open, 0 },
	{ SDL_ANY, SIG_ProviderChangeEventFilter, ctim_handler_on_not_open, 0 },
	{ SDL_ANY, SIG_ProviderDeviceAcquire, ctim_handler_on_not_open, 0 },
	{ SDL_ANY, SIG_ProviderDeviceDeAcquire, ctim_handler_on_not_open, 0 },
	{ SDL_ANY, SIG_DeviceOpen, ctim_handler_on_not_open, 0 },
	{ SDL_ANY, SIG_DeviceClose, ctim_handler_on_not_open, 0 },
	{ SDL_ANY, SIG_DeviceGetSnapShot, ctim_handler_on_not_open, 0 },
	{ SDL_ANY, SIG_LineOpen, ctim_handler_on_not_open, 0 },
	{ SDL_ANY, SIG_LineClose, ctim_handler_on_not_open, 0 },
#define CTI_REQUEST(request, callmanager, subject)                                                 \
	{ SDL_ANY, SIG_##request, ctim_handler_on_not_open, 0 },
#include "common/msg/cti_relay.def"
	{ SDL_ANY, SIG_SdlConnDown, on_conn_down, TO_STOP },
};

/* ---- answers ------------------------------------------------------------------------------- */

void ctim_handler_respond(struct sdl_process *self, uint32_t seq, uint32_t result)
{
	struct cti_handler *h = sdl_data(self);
	Response res = RESPONSE__INIT;

	res.seq = seq;
	res.result = result;
	if (result)
		res.text = (char *)(uintptr_t)cti_error_text(result);
	sdl_send(self, h->app, SIG_Response, &res);
}

int ctim_handler_refuse(struct sdl_process *self, uint32_t seq, uint32_t result)
{
	ctim_handler_respond(self, seq, result);
	return sdl_state(self);
}

static void set_text(char **to, const char *text)
{
	free(*to);
	*to = text ? strdup(text) : NULL;
	if (text && !*to)
		abort();
}

static void forget_password(struct cti_handler *h)
{
	if (h->password)
		explicit_bzero(h->password, strlen(h->password));
	set_text(&h->password, NULL);
}

/* ---- the end ------------------------------------------------------------------------------- */

static void stop(struct sdl_process *self)
{
	struct cti_handler *h = sdl_data(self);

	ctim_provider_free(&h->provider);
	ctim_handler_control_free(&h->control);
	forget_password(h);
	free(h->identity);
	free(h->user);
	free(h->instance);
	free(h->owner);
}

/* Releases all devices; CtiManager passes it on, for a device may still be on its way there. */
static int end(struct sdl_process *self, uint32_t reason)
{
	struct cti_handler *h = sdl_data(self);
	struct sdl_pid manager = sdl_local(self, CTIM_CTI_MANAGER);
	CtiHandlerEndedNotify ended = CTI_HANDLER_ENDED_NOTIFY__INIT;
	struct ctim_provider_device *d;

	for (uint32_t at = 0; (d = ctim_provider_next_device(&h->provider, &at));) {
		CtiHandlerDeviceRelease release = CTI_HANDLER_DEVICE_RELEASE__INIT;

		release.device = d->name;
		sdl_send(self, manager, SIG_CtiHandlerDeviceRelease, &release);
		for (struct ctim_provider_line *l = d->lines; l; l = l->next)
			sdl_count(self, COUNTER_LINES_OPEN, l->open ? -1 : 0);
	}
	h->filter = h->capabilities = 0;
	ctim_handler_monitor_parks(self, false);
	ended.devices = h->provider.devices_open;
	ended.has_malformed_ip = h->malformed;
	ended.malformed_ip = h->ip;
	sdl_send(self, manager, SIG_CtiHandlerEndedNotify, &ended);
	if (sdl_state(self) == READY)
		ctim_alarm(self, ALARM_CtiProviderClosed, { "LoginUserId", h->user },
			   { "CTIconnectionId", ctim_decimal(h->provider_id).text },
			   { "IPAddress", ctim_address(h->ip).text },
			   { "Reason", ctim_reason(reason).text });
	return SDL_STOP;
}

static void tell_closed(struct sdl_process *self, uint32_t reason)
{
	struct cti_handler *h = sdl_data(self);
	ProviderEvent closed = PROVIDER_EVENT__INIT;

	closed.has_provider_id = closed.has_reason = closed.has_node = true;
	closed.provider_id = h->provider_id;
	closed.reason = reason;
	closed.node = sdl_self(self).node;
	sdl_send(self, h->app, SIG_ProviderClosed, &closed);
	sdl_conn_close(self, h->app);
}

int ctim_handler_shut(struct sdl_process *self, uint32_t reason)
{
	tell_closed(self, reason);
	return end(self, reason);
}

static int on_conn_down(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const SdlConnStatus *status = sig->msg;

	h->malformed = status->reason == LINK_REASON__LINK_MALFORMED;
	if (sdl_state(self) == READY)
		ctim_alarm(self, ALARM_ApplicationConnectionDropped,
			   { "CTIconnectionId", ctim_decimal(h->provider_id).text },
			   { "IPAddress", ctim_address(h->ip).text });
	return end(self, CTIERR_CLUSTER_LINK_FAILURE);
}

static int on_provider_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	const ProviderRequest *req = sig->msg;

	ctim_handler_respond(self, req->seq, CTIERR_SUCCESS);
	tell_closed(self, CTIERR_SUCCESS);
	return end(self, CTIERR_SUCCESS);
}

/* ---- login --------------------------------------------------------------------------------- */

static int start(struct sdl_process *self)
{
	struct cti_handler *h = sdl_data(self);
	struct sdl_pid me = sdl_self(self);

	h->provider_id = (uint32_t)me.node << 24 | (me.inst & 0xffffff);
	return INIT;
}

static int on_start(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const CtiHandlerStart *begin = sig->msg;

	h->app = sdl_pid_unpack(begin->app);
	h->ip = begin->ip;
	h->refusal = begin->refusal;
	set_text(&h->identity, begin->identity);
	return h->refusal ? REJECTED : AWAIT_PROVOPEN;
}

static int refuse_login(struct sdl_process *self, uint32_t result)
{
	struct cti_handler *h = sdl_data(self);

	forget_password(h);
	ctim_alarm(self, ALARM_CtiProviderOpenFailure,
		   { "CTIconnectionId", ctim_decimal(h->provider_id).text },
		   { "LoginUserId", h->user ? h->user : "" },
		   { "Reason", ctim_reason(result).text },
		   { "IPAddress", ctim_address(h->ip).text });
	ctim_handler_respond(self, h->open_seq, result);
	return AWAIT_PROVOPEN;
}

static uint32_t check_open(struct sdl_process *self, const ProviderOpen *req)
{
	struct cti_handler *h = sdl_data(self);

	if (req->version != PROTOCOL_VERSION) {
		ctim_alarm(self, ALARM_CtiIncompatibleProtocolVersion,
			   { "CTIconnectionId", ctim_decimal(h->provider_id).text },
			   { "Version", ctim_decimal(req->version).text },
			   { "IPAddress", ctim_address(h->ip).text });
		return CTIERR_INCOMPATIBLE_PROTOCOL_VERSION;
	}
	if (strlen(req->user) > USER_LENGTH_MAX) {
		ctim_alarm(self, ALARM_kCtiProviderOpenInvalidUserNameSize,
			   { "CTIconnectionId", ctim_decimal(h->provider_id).text },
			   { "Length", ctim_decimal((int64_t)strlen(req->user)).text });
		return CTIERR_INVALID_PARAMETER;
	}
	if (strlen(req->password) > NAME_LENGTH_MAX ||
	    (req->app_instance && strlen(req->app_instance) > NAME_LENGTH_MAX))
		return CTIERR_INVALID_PARAMETER;
	/* Somebody else's key is as good as a wrong password (GRP-06). */
	if (h->identity && strcmp(h->identity, req->user) != 0)
		return CTIERR_DIRECTORY_LOGIN_FAILED;
	return CTIERR_SUCCESS;
}

static uint32_t clamp_heartbeat(const struct sdl_process *self, const ProviderOpen *req)
{
	const struct param_set *params = sdl_params(self);
	int64_t min = param_value(params, PARAM_HEARTBEAT_MIN);
	int64_t max = param_value(params, PARAM_HEARTBEAT_MAX);
	int64_t asked = req->has_heartbeat_s
				? req->heartbeat_s
				: param_value(params, PARAM_DESIRED_SERVER_HEARTBEAT_INTERVAL);

	if (asked > max)
		asked = max;
	return (uint32_t)(asked < min ? min : asked);
}

static int on_provider_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const ProviderOpen *req = sig->msg;
	CtiProviderOpenReq open = CTI_PROVIDER_OPEN_REQ__INIT;
	uint32_t result = check_open(self, req);
	size_t size;

	h->open_seq = req->seq;
	if (result)
		return refuse_login(self, result);
	set_text(&h->user, req->user);
	set_text(&h->password, req->password);
	set_text(&h->instance, req->app_instance ? req->app_instance : "");
	size = strlen(h->user) + strlen(h->instance) + 2;
	free(h->owner);
	h->owner = malloc(size);
	if (!h->owner)
		abort();
	snprintf(h->owner, size, "%s/%s", h->user, h->instance);
	h->filter = req->filter & (FILTER_PARK | FILTER_KEYS);
	h->kind = req->has_kind ? req->kind : PROVIDER_KIND__JTAPI;
	h->heartbeat_s = clamp_heartbeat(self, req);
	sdl_label(self, h->user);
	open.async_response = req->seq;
	open.login_id = h->user;
	open.has_server_heartbeat = true;
	open.server_heartbeat = h->heartbeat_s;
	sdl_send(self, sdl_local(self, CTIM_CTI_MANAGER), SIG_CtiProviderOpenReq, &open);
	return AWAIT_AUTH;
}

static int on_proceed(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const CtiProceedWithAppLogin *proceed = sig->msg;
	CtiLoginCheckReq check = CTI_LOGIN_CHECK_REQ__INIT;

	if (proceed->result)
		return refuse_login(self, proceed->result);
	check.async_response = h->open_seq;
	check.user = h->user;
	check.password = h->password;
	sdl_send(self, sdl_local(self, CTIM_DIRECTORY), SIG_CtiLoginCheckReq, &check);
	forget_password(h);
	return AUTHENTICATING;
}

static int on_login_check_res(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const CtiLoginCheckRes *res = sig->msg;
	CtiUserSettingsReq settings = CTI_USER_SETTINGS_REQ__INIT;

	if (res->async_response != h->open_seq)
		return sdl_state(self); /* of an attempt that was given up */
	if (res->result) {
		ctim_alarm(self, ALARM_kCtiDirectoryLoginFailure,
			   { "SeqNumber", ctim_decimal(h->open_seq).text });
		return refuse_login(self, res->result);
	}
	settings.async_response = h->open_seq;
	settings.user = h->user;
	sdl_send(self, sdl_local(self, CTIM_DB_ACCESS), SIG_CtiUserSettingsReq, &settings);
	return VERIFYING;
}

static int on_no_answer_to_login(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	return refuse_login(self, CTIERR_DIRECTORY_LOGIN_TIMEOUT);
}

uint32_t ctim_handler_capabilities(const CtiUserSettingsRes *res)
{
	return (uint32_t)((res->super_provider ? CAPABILITY_SUPER : 0) |
			  (res->modify_calling_number ? CAPABILITY_MODIFY_CGPN : 0) |
			  (res->park_monitoring ? CAPABILITY_PARK_MONITOR : 0) |
			  (res->srtp_key_material ? CAPABILITY_SRTP_KEYS : 0));
}

static int64_t heartbeat_ns(const struct sdl_process *self)
{
	const struct cti_handler *h = sdl_data((struct sdl_process *)(uintptr_t)self);

	return h->heartbeat_s * SECOND_NS / sdl_params(self)->speed;
}

/* How long an application may be silent. */
static int64_t patience_ns(const struct sdl_process *self)
{
	return (sdl_mutant(self, MUTANT_DEAD_AFTER_ONE_MISSED) ? 1 : 2) * heartbeat_ns(self);
}

static void tell_open(struct sdl_process *self)
{
	struct cti_handler *h = sdl_data(self);
	Response res = RESPONSE__INIT;
	ProviderEvent completed = PROVIDER_EVENT__INIT;

	res.seq = h->open_seq;
	res.result = CTIERR_SUCCESS;
	res.has_heartbeat_s = res.has_provider_id = res.has_capabilities = true;
	res.heartbeat_s = h->heartbeat_s;
	res.provider_id = h->provider_id;
	res.capabilities = h->capabilities;
	sdl_send(self, h->app, SIG_Response, &res);
	completed.has_provider_id = completed.has_node = true;
	completed.provider_id = h->provider_id;
	completed.node = sdl_self(self).node;
	sdl_send(self, h->app, SIG_ProviderOpenCompleted, &completed);
}

/* GRP-06. */
static bool must_be_encrypted(struct sdl_process *self, const CtiUserSettingsRes *res)
{
	const struct cti_handler *h = sdl_data(self);

	return res->secure_connection && !h->identity &&
	       param_value(sdl_params(self), PARAM_CLUSTER_SECURITY_MODE);
}

static int on_user_settings_res(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const CtiUserSettingsRes *res = sig->msg;

	if (res->async_response != h->open_seq)
		return sdl_state(self);
	if (res->result || !res->cti_enabled)
		return refuse_login(self,
				    res->result ? res->result : CTIERR_DIRECTORY_LOGIN_NOT_ALLOWED);
	if (must_be_encrypted(self, res))
		return refuse_login(self, CTIERR_CONNECTION_ON_INVALID_PORT);
	h->capabilities = ctim_handler_capabilities(res);
	ctim_alarm(self, ALARM_CtiProviderOpened, { "LoginUserId", h->user },
		   { "SeqNumber", ctim_decimal(h->open_seq).text },
		   { "Version", ctim_decimal(PROTOCOL_VERSION).text },
		   { "CTIconnectionId", ctim_decimal(h->provider_id).text },
		   { "IPAddress", ctim_address(h->ip).text });
	tell_open(self);
	ctim_handler_control_begin(self);
	ctim_handler_monitor_parks(self, false);
	h->heard_ns = sdl_now(self);
	sdl_timer_start(self, SIG_CtiHeartbeatTimer, patience_ns(self));
	sdl_timer_start(self, SIG_CtiServerHeartbeatTimer, heartbeat_ns(self));
	return READY;
}

static int on_await_timeout(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);

	(void)sig;
	tell_closed(self, h->refusal ? h->refusal : (uint32_t)CTIERR_TIMEOUT);
	return end(self, CTIERR_TIMEOUT);
}

static int on_open_rejected(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const ProviderOpen *req = sig->msg;

	h->open_seq = req->seq;
	set_text(&h->user, req->user);
	refuse_login(self, h->refusal);
	tell_closed(self, h->refusal);
	return end(self, h->refusal);
}

static int on_open_again(struct sdl_process *self, const struct sdl_signal *sig)
{
	const ProviderOpen *req = sig->msg;

	ctim_handler_heard(self);
	return ctim_handler_refuse(self, req->seq, CTIERR_PROVIDER_ALREADY_OPEN);
}

/* ---- heartbeats (APF-01, APF-02, APF-06) ---------------------------------------------------- */

void ctim_handler_heard(struct sdl_process *self)
{
	struct cti_handler *h = sdl_data(self);

	h->heard_ns = sdl_now(self);
}

static int on_heartbeat(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	ctim_handler_heard(self);
	return READY;
}

/* The timer is not moved by each message: it looks when the last one came. A CTIManager that itself
 * stood still finds the timer late; then it cannot know who is silent, and listens once more. */
static int on_heartbeat_timer(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	int64_t interval = heartbeat_ns(self);
	int64_t silence = sdl_now(self) - h->heard_ns;

	(void)sig;
	if (silence >= 3 * interval || sdl_mutant(self, MUTANT_SILENT_APP_LIVES))
		h->heard_ns = sdl_now(self) - interval;
	else if (silence >= patience_ns(self)) {
		ctim_alarm(self, ALARM_CtiProviderCloseHeartbeatTimeout, { "LoginUserId", h->user },
			   { "CTIconnectionId", ctim_decimal(h->provider_id).text },
			   { "IPAddress", ctim_address(h->ip).text });
		tell_closed(self, CTIERR_TIMEOUT);
		return end(self, CTIERR_TIMEOUT);
	}
	sdl_timer_start(self, SIG_CtiHeartbeatTimer,
			h->heard_ns + patience_ns(self) - sdl_now(self));
	return READY;
}

static int on_server_heartbeat_timer(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);

	(void)sig;
	sdl_send(self, h->app, SIG_ServerHeartbeat, NULL);
	sdl_timer_start(self, SIG_CtiServerHeartbeatTimer, heartbeat_ns(self));
	return READY;
}

const struct sdl_type ctim_cti_handler = {
	.name = "CTIHandler",
	.number = CTIM_CTI_HANDLER,
	.size = sizeof(struct cti_handler),
	.states = states,
	.states_n = sizeof(states) / sizeof(states[0]),
	.rows = rows,
	.rows_n = sizeof(rows) / sizeof(rows[0]),
	.start = start,
	.stop = stop,
};
