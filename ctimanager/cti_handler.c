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
#include "ctimanager/provider.h"

enum { INIT, AWAIT_PROVOPEN, REJECTED, AWAIT_AUTH, AUTHENTICATING, VERIFYING, READY };

#define PROTOCOL_VERSION 1
#define NAME_LENGTH_MAX	 128 /* of a user, an instance, a device */
#define SECOND_NS	 INT64_C(1000000000)

/* Capabilities, with the field's values for those that have one. */
#define CAPABILITY_SRTP_KEYS	1
#define CAPABILITY_SUPER	16
#define CAPABILITY_MODIFY_CGPN	32
#define CAPABILITY_PARK_MONITOR 64

struct cti_handler {
	struct sdl_pid app;
	uint32_t ip;
	uint32_t refusal;
	uint32_t provider_id;
	uint32_t open_seq; /* of the ProviderOpen under way */
	char *user;
	char *password; /* until it is checked */
	char *instance;
	char *owner; /* user and instance */
	ProviderKind kind;
	uint32_t heartbeat_s;
	uint32_t capabilities;
	int64_t heard_ns; /* when the last message came */
	struct provider provider;
};

/* ---- answers ------------------------------------------------------------------------------- */

static void respond(struct sdl_process *self, uint32_t seq, uint32_t result)
{
	struct cti_handler *h = sdl_data(self);
	Response res = RESPONSE__INIT;

	res.seq = seq;
	res.result = result;
	if (result)
		res.text = (char *)(uintptr_t)cti_error_text(result);
	sdl_send(self, h->app, SIG_Response, &res);
}

static int refuse(struct sdl_process *self, uint32_t seq, uint32_t result)
{
	respond(self, seq, result);
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

	provider_free(&h->provider);
	forget_password(h);
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

	for (struct provider_device *d = h->provider.by_name; d; d = d->by_name.next) {
		CtiHandlerDeviceRelease release = CTI_HANDLER_DEVICE_RELEASE__INIT;

		release.device = d->name;
		sdl_send(self, manager, SIG_CtiHandlerDeviceRelease, &release);
		for (struct provider_line *l = d->lines; l; l = l->next)
			sdl_count(self, COUNTER_LINES_OPEN, l->open ? -1 : 0);
	}
	ended.devices = h->provider.devices_open;
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

static int on_conn_down(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);

	(void)sig;
	if (sdl_state(self) == READY)
		ctim_alarm(self, ALARM_ApplicationConnectionDropped,
			   { "CTIconnectionId", ctim_decimal(h->provider_id).text },
			   { "IPAddress", ctim_address(h->ip).text });
	return end(self, CTIERR_CLUSTER_LINK_FAILURE);
}

static int on_provider_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	const ProviderRequest *req = sig->msg;

	respond(self, req->seq, CTIERR_SUCCESS);
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
	respond(self, h->open_seq, result);
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
	if (strlen(req->user) > NAME_LENGTH_MAX || strlen(req->password) > NAME_LENGTH_MAX ||
	    (req->app_instance && strlen(req->app_instance) > NAME_LENGTH_MAX))
		return CTIERR_INVALID_PARAMETER;
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

static uint32_t capabilities_of(const CtiUserSettingsRes *res)
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

static int on_user_settings_res(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const CtiUserSettingsRes *res = sig->msg;

	if (res->async_response != h->open_seq)
		return sdl_state(self);
	if (res->result || !res->cti_enabled)
		return refuse_login(self,
				    res->result ? res->result : CTIERR_DIRECTORY_LOGIN_NOT_ALLOWED);
	h->capabilities = capabilities_of(res);
	ctim_alarm(self, ALARM_CtiProviderOpened, { "LoginUserId", h->user },
		   { "SeqNumber", ctim_decimal(h->open_seq).text },
		   { "Version", ctim_decimal(PROTOCOL_VERSION).text },
		   { "CTIconnectionId", ctim_decimal(h->provider_id).text },
		   { "IPAddress", ctim_address(h->ip).text });
	tell_open(self);
	h->heard_ns = sdl_now(self);
	sdl_timer_start(self, SIG_CtiHeartbeatTimer, 2 * heartbeat_ns(self));
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

	return refuse(self, req->seq, CTIERR_PROVIDER_ALREADY_OPEN);
}

/* ---- heartbeats (APF-01, APF-02, APF-06) ---------------------------------------------------- */

static void heard(struct sdl_process *self)
{
	struct cti_handler *h = sdl_data(self);

	h->heard_ns = sdl_now(self);
}

static int on_heartbeat(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	heard(self);
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
	if (silence >= 3 * interval)
		h->heard_ns = sdl_now(self) - interval;
	else if (silence >= 2 * interval) {
		ctim_alarm(self, ALARM_CtiProviderCloseHeartbeatTimeout, { "LoginUserId", h->user },
			   { "CTIconnectionId", ctim_decimal(h->provider_id).text },
			   { "IPAddress", ctim_address(h->ip).text });
		tell_closed(self, CTIERR_TIMEOUT);
		return end(self, CTIERR_TIMEOUT);
	}
	sdl_timer_start(self, SIG_CtiHeartbeatTimer, h->heard_ns + 2 * interval - sdl_now(self));
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

/* ---- requests ------------------------------------------------------------------------------ */

/* Every request begins with its number (field 1, seq). */
static uint32_t seq_of(const struct sdl_signal *sig)
{
	const ProviderRequest *req = sig->msg;

	return req->seq;
}

static int on_not_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	return refuse(self, seq_of(sig), CTIERR_PROVIDER_NOT_OPEN);
}

static int on_get_capabilities(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	Response res = RESPONSE__INIT;

	heard(self);
	res.seq = seq_of(sig);
	res.has_capabilities = true;
	res.capabilities = h->capabilities;
	sdl_send(self, h->app, SIG_Response, &res);
	return READY;
}

static int on_get_device_info(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const ProviderGetDeviceInfo *req = sig->msg;
	CtiDbDeviceListReq list = CTI_DB_DEVICE_LIST_REQ__INIT;

	heard(self);
	if (!provider_add_pending(&h->provider, req->seq, REQUEST_DEVICE_LIST, NULL, NULL))
		return refuse(self, req->seq, CTIERR_ILLEGAL_MESSAGE_FORMAT);
	list.cookie = req->seq;
	list.user = h->user;
	list.after = req->after;
	sdl_send(self, sdl_local(self, CTIM_DB_ACCESS), SIG_CtiDbDeviceListReq, &list);
	return READY;
}

static int on_device_list(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const CtiDbDeviceListRes *list = sig->msg;
	struct provider_pending *r = provider_pending(&h->provider, (uint32_t)list->cookie);
	Response res = RESPONSE__INIT;

	if (!r)
		return READY;
	res.seq = r->seq;
	provider_remove_pending(&h->provider, r);
	if (list->result != DB_RESULT__DB_OK)
		return refuse(self, res.seq, CTIERR_DB_ERROR);
	res.device = list->name;
	res.n_device = list->n_name;
	res.has_more = true;
	res.more = list->more;
	sdl_send(self, h->app, SIG_Response, &res);
	return READY;
}

static int on_device_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const DeviceOpen *req = sig->msg;
	CtiHandlerDeviceOpen open = CTI_HANDLER_DEVICE_OPEN__INIT;
	struct provider_device *d;

	heard(self);
	if (provider_pending(&h->provider, req->seq))
		return refuse(self, req->seq, CTIERR_ILLEGAL_MESSAGE_FORMAT);
	if (strlen(req->device) > NAME_LENGTH_MAX || !req->device[0])
		return refuse(self, req->seq, CTIERR_INVALID_DEVICE_NAME);
	if (provider_device_named(&h->provider, req->device))
		return refuse(self, req->seq, CTIERR_DEVICE_ALREADY_OPENED);
	d = provider_add_device(&h->provider, sdl_self(self).node, req->device);
	provider_add_pending(&h->provider, req->seq, REQUEST_DEVICE_OPEN, d, NULL);
	open.open = (DeviceOpen *)(uintptr_t)req;
	open.device_handle = d->handle;
	open.provider_id = h->provider_id;
	open.login_id = h->user;
	open.owner = h->owner;
	open.has_super_provider = open.has_kind = true;
	open.super_provider = (h->capabilities & CAPABILITY_SUPER) != 0;
	open.kind = h->kind;
	sdl_send(self, sdl_local(self, CTIM_CTI_MANAGER), SIG_CtiHandlerDeviceOpen, &open);
	return READY;
}

/* Passes a request on to the manager of its device. */
static int pass(struct sdl_process *self, const struct sdl_signal *sig, enum provider_request kind,
		struct provider_device *d, struct provider_line *l)
{
	struct cti_handler *h = sdl_data(self);

	if (!provider_add_pending(&h->provider, seq_of(sig), kind, d, l))
		return refuse(self, seq_of(sig), CTIERR_ILLEGAL_MESSAGE_FORMAT);
	sdl_forward(self, d->mgr, sig);
	return READY;
}

static int on_device_request(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const DeviceRequest *req = sig->msg;
	struct provider_device *d = provider_device(&h->provider, req->device_handle);

	heard(self);
	if (!d || !d->open)
		return refuse(self, req->seq, CTIERR_ILLEGAL_HANDLE);
	return pass(self, sig,
		    sig->number == SIG_DeviceClose ? REQUEST_DEVICE_CLOSE : REQUEST_OTHER, d, NULL);
}

static int on_line_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const LineOpen *req = sig->msg;
	CtiHandlerLineOpen open = CTI_HANDLER_LINE_OPEN__INIT;
	struct provider_device *d = provider_device(&h->provider, req->device_handle);
	struct provider_line *l;

	heard(self);
	if (!d || !d->open)
		return refuse(self, req->seq, CTIERR_ILLEGAL_HANDLE);
	if (provider_pending(&h->provider, req->seq))
		return refuse(self, req->seq, CTIERR_ILLEGAL_MESSAGE_FORMAT);
	l = provider_add_line(&h->provider, sdl_self(self).node, d);
	provider_add_pending(&h->provider, req->seq, REQUEST_LINE_OPEN, d, l);
	open.open = (LineOpen *)(uintptr_t)req;
	open.line_handle = l->handle;
	sdl_send(self, d->mgr, SIG_CtiHandlerLineOpen, &open);
	return READY;
}

static int line_request(struct sdl_process *self, const struct sdl_signal *sig, uint64_t handle,
			enum provider_request kind)
{
	struct cti_handler *h = sdl_data(self);
	struct provider_line *l = provider_line(&h->provider, handle);

	heard(self);
	if (!l || !l->open)
		return refuse(self, seq_of(sig), CTIERR_INVALID_LINE_HANDLE);
	return pass(self, sig, kind, l->device, l);
}

static int on_line_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	const LineRequest *req = sig->msg;

	return line_request(self, sig, req->line_handle, REQUEST_LINE_CLOSE);
}

static int on_call_initiate(struct sdl_process *self, const struct sdl_signal *sig)
{
	const LineCallInitiate *req = sig->msg;

	return line_request(self, sig, req->line_handle, REQUEST_OTHER);
}

/* All requests about a call begin with seq and call handle. RTP-09: a call that is gone is unknown
 * to line control; one that its CallManager took with it is refused until the line is in service.
 */
static int on_call_request(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const CallRequest *req = sig->msg;
	struct provider_call *c = provider_call(&h->provider, req->call_handle);

	heard(self);
	if (!c)
		return refuse(self, req->seq, CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL);
	if (c->ended)
		return refuse(self, req->seq, CTIERR_LINE_OUT_OF_SERVICE);
	return pass(self, sig, REQUEST_OTHER, c->line->device, NULL);
}

/* ---- answers and events of devices ----------------------------------------------------------- */

static void count_device(struct sdl_process *self, int delta)
{
	struct cti_handler *h = sdl_data(self);
	CtiDevicesOpenNotify notify = CTI_DEVICES_OPEN_NOTIFY__INIT;
	int64_t limit = param_value(sdl_params(self), PARAM_MAX_DEVICES_PER_PROVIDER);

	h->provider.devices_open += (uint32_t)delta;
	notify.delta = delta;
	notify.login_id = h->user;
	sdl_send(self, sdl_local(self, CTIM_CTI_MANAGER), SIG_CtiDevicesOpenNotify, &notify);
	if (delta < 0 || h->provider.devices_open != limit + 1)
		return;
	ctim_alarm(self, ALARM_MaxDevicesPerProviderExceeded,
		   { "CTIconnectionId", ctim_decimal(h->provider_id).text },
		   { "LoginUserId", h->user },
		   { "DevicesOpen", ctim_decimal(h->provider.devices_open).text },
		   { "Limit", ctim_decimal(limit).text });
}

static void drop_line(struct sdl_process *self, struct provider_line *l)
{
	struct cti_handler *h = sdl_data(self);

	if (l->open)
		sdl_count(self, COUNTER_LINES_OPEN, -1);
	provider_remove_line(&h->provider, l);
}

static void drop_device(struct sdl_process *self, struct provider_device *d, uint32_t reason)
{
	struct cti_handler *h = sdl_data(self);

	while (d->requests) {
		respond(self, d->requests->seq, reason);
		provider_remove_pending(&h->provider, d->requests);
	}
	while (d->lines)
		drop_line(self, d->lines);
	if (d->open)
		count_device(self, -1);
	provider_remove_device(&h->provider, d);
}

static int on_response(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const Response *res = sig->msg;
	struct provider_pending *r = provider_pending(&h->provider, res->seq);
	struct provider_pending done;

	if (!r)
		return READY; /* answered here already */
	done = *r;
	provider_remove_pending(&h->provider, r);
	sdl_forward(self, h->app, sig);
	if (done.kind == REQUEST_DEVICE_OPEN && !res->result) {
		done.device->open = true;
		done.device->mgr = sig->from;
		count_device(self, 1);
	} else if (done.kind == REQUEST_DEVICE_OPEN ||
		   (done.kind == REQUEST_DEVICE_CLOSE && !res->result)) {
		drop_device(self, done.device, CTIERR_DEVICE_NOT_OPEN);
	} else if (done.kind == REQUEST_LINE_OPEN && done.line && !res->result) {
		done.line->open = true;
		sdl_count(self, COUNTER_LINES_OPEN, 1);
	} else if (done.line && (done.kind == REQUEST_LINE_OPEN ||
				 (done.kind == REQUEST_LINE_CLOSE && !res->result))) {
		drop_line(self, done.line);
	}
	return READY;
}

static int on_event(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);

	sdl_forward(self, h->app, sig);
	return READY;
}

static int on_device_event(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const DeviceEvent *event = sig->msg;
	struct provider_device *d = provider_device(&h->provider, event->device_handle);

	if (!d)
		return READY;
	sdl_forward(self, h->app, sig);
	if (sig->number == SIG_DeviceInService)
		provider_forget_ended(&h->provider, d);
	else if (sig->number == SIG_DeviceClosed)
		drop_device(self, d, event->reason ? event->reason : CTIERR_DEVICE_NOT_OPEN);
	return READY;
}

static int on_line_event(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const LineEvent *event = sig->msg;
	struct provider_line *l = provider_line(&h->provider, event->line_handle);

	if (!l)
		return READY;
	sdl_forward(self, h->app, sig);
	if (sig->number == SIG_LineClosed)
		drop_line(self, l);
	return READY;
}

static int on_call_event(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const CallEvent *event = sig->msg;
	struct provider_line *l = provider_line(&h->provider, event->line_handle);
	struct provider_call *c = provider_call(&h->provider, event->call_handle);

	if (!l)
		return READY;
	sdl_forward(self, h->app, sig);
	if (sig->number == SIG_NewCall || sig->number == SIG_ExistingCall)
		provider_add_call(&h->provider, l, event->call_handle);
	else if (sig->number == SIG_CallClosed && c) {
		if (event->cause == CAUSE_CALL_CALLMANAGER_FAILURE)
			c->ended = true;
		else
			provider_remove_call(&h->provider, c);
	}
	return READY;
}

static const struct sdl_state states[] = {
	[INIT] = {"init",			   .waits = "CtiManager"				 },
	[AWAIT_PROVOPEN] = { "init_complete_await_provopen", SIG_CtiAwaitProviderOpenTimer,
		     PARAM_CTI_REQUEST_TIMER, "" },
	[REJECTED] = { "rejected",				   SIG_CtiAwaitProviderOpenTimer,									      PARAM_CTI_REQUEST_TIMER, "" },
	[AWAIT_AUTH] = { "init_complete_await_auth",.waits = "CtiManager"},
	[AUTHENTICATING] = { "authenticating",			       SIG_CtiLoginTimer,							  PARAM_DIRECTORY_LOGIN_TIMER, "" },
	[VERIFYING] = { "verifying",				     SIG_CtiLoginTimer,																	      PARAM_DIRECTORY_LOGIN_TIMER, "" },
	[READY] = { "ready",    .waits = ""},
};

static const struct sdl_row rows[] = {
	{INIT,		SIG_CtiHandlerStart,		     on_start,		       TO(AWAIT_PROVOPEN) | TO(REJECTED)},
	{ INIT,		SIG_ProviderOpen,		  sdl_save,		    0				      },
	{ AWAIT_PROVOPEN, SIG_ProviderOpen,		    on_provider_open,	      TO(AWAIT_AUTH)		     },
	{ AWAIT_PROVOPEN, SIG_CtiAwaitProviderOpenTimer,	 on_await_timeout,	   TO_STOP			   },
	{ REJECTED,	    SIG_ProviderOpen,		      on_open_rejected,		TO_STOP				},
	{ REJECTED,	    SIG_CtiAwaitProviderOpenTimer,	   on_await_timeout,	     TO_STOP			     },
	{ AWAIT_AUTH,     SIG_CtiProceedWithAppLogin,	  on_proceed,
	  TO(AUTHENTICATING) | TO(AWAIT_PROVOPEN)									},
	{ AUTHENTICATING, SIG_CtiLoginCheckRes,		on_login_check_res,
	  TO(VERIFYING) | TO(AWAIT_PROVOPEN)									     },
	{ AUTHENTICATING, SIG_CtiLoginTimer,		     on_no_answer_to_login,	    TO(AWAIT_PROVOPEN)	       },
	{ VERIFYING,	     SIG_CtiUserSettingsRes,	     on_user_settings_res,	   TO(READY) | TO(AWAIT_PROVOPEN)	  },
	{ VERIFYING,	     SIG_CtiLoginTimer,		on_no_answer_to_login,     TO(AWAIT_PROVOPEN)		  },
 /* Answers that come after the time-out. */
	{ SDL_ANY,	   SIG_CtiLoginCheckRes,		 sdl_ignore,		     0				       },
	{ SDL_ANY,	   SIG_CtiUserSettingsRes,	   sdl_ignore,		       0				 },

	{ READY,		 SIG_Heartbeat,			on_heartbeat,	      0				},
	{ READY,		 SIG_CtiHeartbeatTimer,		on_heartbeat_timer,	    TO_STOP			    },
	{ READY,		 SIG_CtiServerHeartbeatTimer,      on_server_heartbeat_timer, 0				   },
	{ READY,		 SIG_ProviderClose,		    on_provider_close,	       TO_STOP			       },
	{ READY,		 SIG_ProviderGetCapabilities,      on_get_capabilities,	   0				     },
	{ READY,		 SIG_ProviderGetDeviceInfo,	    on_get_device_info,	0				  },
	{ READY,		 SIG_DeviceOpen,			 on_device_open,		 0				   },
	{ READY,		 SIG_DeviceClose,		  on_device_request,	     0				       },
	{ READY,		 SIG_DeviceGetSnapShot,		on_device_request,	   0				     },
	{ READY,		 SIG_DeviceSetRTPForCall,	  on_call_request,	   0				     },
	{ READY,		 SIG_LineOpen,		       on_line_open,		     0				       },
	{ READY,		 SIG_LineClose,			on_line_close,	       0				 },
	{ READY,		 SIG_LineCallInitiate,	       on_call_initiate,		 0				   },
	{ READY,		 SIG_CallAccept,			 on_call_request,		  0				    },
	{ READY,		 SIG_CallAnswer,			 on_call_request,		  0				    },
	{ READY,		 SIG_CallDisconnect,		     on_call_request,	      0				},
	{ READY,		 SIG_CallHold,		       on_call_request,		0				  },
	{ READY,		 SIG_CallRetrieve,		   on_call_request,	    0				      },
	{ READY,		 SIG_CallRedirect,		   on_call_request,	    0				      },
	{ READY,		 SIG_CtiDbDeviceListRes,		 on_device_list,		 0				   },
	{ READY,		 SIG_Response,		       on_response,		    0				      },
	{ READY,		 SIG_DeviceInService,	      on_device_event,	       0				 },
	{ READY,		 SIG_DeviceOutOfService,		 on_device_event,		  0				    },
	{ READY,		 SIG_DeviceClosed,		   on_device_event,	    0				      },
	{ READY,		 SIG_LineInService,		    on_line_event,		   0				     },
	{ READY,		 SIG_LineOutOfService,	       on_line_event,	      0				},
	{ READY,		 SIG_LineClosed,			 on_line_event,		0				  },
	{ READY,		 SIG_NewCall,		      on_call_event,	     0				       },
	{ READY,		 SIG_ExistingCall,		   on_call_event,		  0				    },
	{ READY,		 SIG_CallStateChanged,	       on_call_event,	      0				},
	{ READY,		 SIG_CallPartyInfoChanged,	   on_call_event,		  0				    },
	{ READY,		 SIG_CallClosed,			 on_call_event,		0				  },
	{ READY,		 SIG_ExistingCallCompleted,	    on_event,		      0				},
	{ READY,		 SIG_DeviceCallOpenLogicalChannel, on_event,		     0				       },
	{ READY,		 SIG_StartReception,		     on_event,		       0				 },
	{ READY,		 SIG_StopReception,		    on_event,		      0				},
	{ READY,		 SIG_StartTransmission,		on_event,		  0				    },
	{ READY,		 SIG_StopTransmission,	       on_event,			 0				   },

 /* Before and without a provider. */
	{ SDL_ANY,	   SIG_ProviderOpen,		     on_open_again,		    0				      },
	{ SDL_ANY,	   SIG_Heartbeat,			  sdl_ignore,		      0				},
	{ SDL_ANY,	   SIG_ProviderClose,		      on_not_open,		   0				     },
	{ SDL_ANY,	   SIG_ProviderGetCapabilities,	on_not_open,		     0				       },
	{ SDL_ANY,	   SIG_ProviderGetDeviceInfo,	      on_not_open,		   0				     },
	{ SDL_ANY,	   SIG_DeviceOpen,		   on_not_open,		0				  },
	{ SDL_ANY,	   SIG_DeviceClose,		    on_not_open,		 0				   },
	{ SDL_ANY,	   SIG_DeviceGetSnapShot,		  on_not_open,	       0				 },
	{ SDL_ANY,	   SIG_DeviceSetRTPForCall,	    on_not_open,		 0				   },
	{ SDL_ANY,	   SIG_LineOpen,			 on_not_open,		      0				},
	{ SDL_ANY,	   SIG_LineClose,			  on_not_open,	       0				 },
	{ SDL_ANY,	   SIG_LineCallInitiate,		 on_not_open,		      0				},
	{ SDL_ANY,	   SIG_CallAccept,		   on_not_open,		0				  },
	{ SDL_ANY,	   SIG_CallAnswer,		   on_not_open,		0				  },
	{ SDL_ANY,	   SIG_CallDisconnect,	       on_not_open,		    0				      },
	{ SDL_ANY,	   SIG_CallHold,			 on_not_open,		      0				},
	{ SDL_ANY,	   SIG_CallRetrieve,		     on_not_open,		  0				    },
	{ SDL_ANY,	   SIG_CallRedirect,		     on_not_open,		  0				    },
	{ SDL_ANY,	   SIG_SdlConnDown,		    on_conn_down,		  TO_STOP			  },
};

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
