/*
 * CtiProvider - one provider: its list of CTIManagers, and the connection to one of them.
 *
 *   new --ClientProviderOpen--> connecting --SdlConnUp--> opening --Response--> in service
 *                                 ^    ^                    |                      |
 *                                 |    +---- the next one --+---- lost ------------+
 *   retry --ClientRetryTimer------+         (all have failed: retry; no other one in the list: out)
 *
 *   closing: ProviderClose was sent. It ends when the application has closed it, when a login is
 *   refused, or when it could not be opened in time.
 *
 * The order of the list is kept (CTF-02): after a failure the round begins with the primary and
 * leaves the one that failed for the end. While one is in service nobody looks at the others
 * (CTF-05).
 *
 * Heartbeats: a beat is a quarter of the interval granted. One goes out every third beat, so that
 * one interval of being frozen stays below the two that CTIManager waits (APF-02, APF-06); the
 * CTIManager is lost after nine beats without a word. A program that was frozen itself gets one
 * beat for all that it missed, so it does not blame the CTIManager.
 */
#include "ctimanager/client/provider.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cti_error.h"

#define PROTOCOL_VERSION   1
#define BEATS_PER_INTERVAL 4
#define BEATS_TO_SEND	   3
#define BEATS_SILENT_MAX   9
#define NS_PER_S	   INT64_C(1000000000)

static sdl_handler on_open, on_conn_up, on_conn_down, on_connect_timer, on_answer_timer,
	on_open_timer, on_open_response, on_retry_timer, on_provider_closed, on_heartbeat_timer,
	on_server_heartbeat, on_close, on_close_response, on_close_timer;

static const struct sdl_state states[] = {
	[PROVIDER_NEW] = { "new", SIG_NONE, PARAM_NONE, "ClientProviderOpen" },
	[PROVIDER_CONNECTING] = { "connecting", SIG_ClientConnectTimer,
				  PARAM_SOCKET_CONNECT_TIMEOUT, NULL },
	[PROVIDER_OPENING] = { "opening", SIG_ClientAnswerTimer, PARAM_CTI_REQUEST_TIMEOUT, NULL },
	/* ClientHeartbeatTimer runs, with the interval that was granted. */
	[PROVIDER_IN_SERVICE] = { "in service", SIG_NONE, PARAM_NONE, "" },
	[PROVIDER_RETRY] = { "waiting for retry", SIG_ClientRetryTimer,
			     PARAM_PROVIDER_RETRY_INTERVAL, NULL },
	[PROVIDER_OUT_OF_SERVICE] = { "out of service", SIG_NONE, PARAM_NONE,
				      "a close: the list names no other CTIManager" },
	[PROVIDER_CLOSING] = { "closing", SIG_ClientCloseTimer, PARAM_POST_CONDITION_TIMEOUT,
			       NULL },
};

static const struct sdl_row rows[] = {
	{ PROVIDER_NEW, SIG_ClientProviderOpen, on_open, TO(PROVIDER_CONNECTING) },
	{ PROVIDER_CONNECTING, SIG_SdlConnUp, on_conn_up, TO(PROVIDER_OPENING) },
	{ PROVIDER_CONNECTING, SIG_ClientConnectTimer, on_connect_timer, TO_ANY },
	{ PROVIDER_OPENING, SIG_Response, on_open_response, TO_ANY },
	{ PROVIDER_OPENING, SIG_ClientAnswerTimer, on_answer_timer, TO_ANY },
	{ PROVIDER_RETRY, SIG_ClientRetryTimer, on_retry_timer, TO(PROVIDER_CONNECTING) },
	{ PROVIDER_CLOSING, SIG_Response, on_close_response, TO_STOP },
	{ PROVIDER_CLOSING, SIG_ClientCloseTimer, on_close_timer, TO_STOP },
	{ SDL_ANY, SIG_SdlConnDown, on_conn_down, TO_ANY },
	{ SDL_ANY, SIG_ClientOpenTimer, on_open_timer, TO_STOP },
	{ PROVIDER_IN_SERVICE, SIG_ClientHeartbeatTimer, on_heartbeat_timer, TO_ANY },
	{ SDL_ANY, SIG_ClientProviderClose, on_close, TO(PROVIDER_CLOSING) | TO_STOP },
	{ SDL_ANY, SIG_ServerHeartbeat, on_server_heartbeat, 0 },
	{ SDL_ANY, SIG_ProviderOpenCompleted, on_server_heartbeat, 0 },
	{ SDL_ANY, SIG_ProviderInService, on_server_heartbeat, 0 },
	{ SDL_ANY, SIG_ProviderOutOfService, on_server_heartbeat, 0 },
	{ SDL_ANY, SIG_ProviderClosed, on_provider_closed, TO_ANY },
	/* requests and answers */
	{ SDL_ANY, SIG_ClientGetDeviceInfo, cti_provider_on_get_device_info, 0 },
	{ SDL_ANY, SIG_ProviderChangeEventFilter, cti_provider_on_change_filter, 0 },
	{ SDL_ANY, SIG_ProviderDeviceAcquire, cti_provider_on_acquire, 0 },
	{ SDL_ANY, SIG_ProviderDeviceDeAcquire, cti_provider_on_acquire, 0 },
	{ SDL_ANY, SIG_DeviceOpen, cti_provider_on_device_open, 0 },
	{ SDL_ANY, SIG_DeviceClose, cti_provider_on_device_close, 0 },
	{ SDL_ANY, SIG_LineOpen, cti_provider_on_line_open, 0 },
	{ SDL_ANY, SIG_LineClose, cti_provider_on_line_close, 0 },
#define CTI_REQUEST(request, callmanager, subject)                                                 \
	{ SDL_ANY, SIG_##request, cti_provider_on_request, 0 },
#include "common/msg/cti_relay.def"
	{ PROVIDER_IN_SERVICE, SIG_Response, cti_provider_on_response, 0 },
	{ SDL_ANY, SIG_ClientRequestTimer, cti_provider_on_request_timer, 0 },
	/* events */
	{ SDL_ANY, SIG_ProviderDeviceConfigurationChanged, cti_provider_on_device_changed, 0 },
	{ SDL_ANY, SIG_ProviderUserChanged, cti_provider_on_user_changed, 0 },
	{ SDL_ANY, SIG_LineParkStatus, cti_provider_on_park_status, 0 },
	{ SDL_ANY, SIG_DeviceInService, cti_provider_on_device_event, 0 },
	{ SDL_ANY, SIG_DeviceOutOfService, cti_provider_on_device_event, 0 },
	{ SDL_ANY, SIG_DeviceClosed, cti_provider_on_device_closed, 0 },
	{ SDL_ANY, SIG_LineInService, cti_provider_on_line_event, 0 },
	{ SDL_ANY, SIG_LineOutOfService, cti_provider_on_line_event, 0 },
	{ SDL_ANY, SIG_LineClosed, cti_provider_on_line_closed, 0 },
	{ SDL_ANY, SIG_ExistingCall, cti_provider_on_call_event, 0 },
	{ SDL_ANY, SIG_ExistingCallCompleted, cti_provider_on_existing_completed, 0 },
#define CTI_CALL_EVENT(event, callmanager)     { SDL_ANY, SIG_##event, cti_provider_on_call_event, 0 },
#define CTI_EVENT(event, callmanager, subject) { SDL_ANY, SIG_##event, cti_provider_on_event, 0 },
#include "common/msg/cti_relay.def"
	{ SDL_ANY, SIG_ClientReopenTimer, cti_provider_on_reopen_timer, 0 },
};

/* ---- to the application -------------------------------------------------------------------- */
void cti_provider_tell(struct sdl_process *self, uint16_t number, const void *msg)
{
	sdl_send(self, sdl_parent(self), number, msg);
}

static void tell_provider(struct sdl_process *self, uint16_t number, const ProviderEvent *how)
{
	struct provider *p = sdl_data(self);
	ProviderEvent ev = *how;

	ev.has_provider_id = ev.has_node = true;
	ev.provider_id = p->number;
	ev.node = p->nodes[p->current];
	cti_provider_tell(self, number, &ev);
}

/* The provider ends: everything is answered, then ProviderClosed, if it had ever been open. */
static int end(struct sdl_process *self, uint32_t reason)
{
	struct provider *p = sdl_data(self);
	ProviderEvent ev = PROVIDER_EVENT__INIT;
	bool was_open = p->open_seq == 0;

	if (!sdl_pid_none(p->far))
		sdl_conn_close(self, p->far);
	p->far = (struct sdl_pid){ 0 };
	cti_provider_fail_pending(self);
	if (p->open_seq)
		cti_provider_answer(self, p->open_seq,
				    p->close_seq ? CTIERR_PROVIDER_CLOSED : reason);
	if (p->close_seq)
		cti_provider_answer(self, p->close_seq, CTIERR_SUCCESS);
	ev.has_reason = true;
	ev.reason = reason;
	if (was_open || p->close_seq)
		tell_provider(self, SIG_ProviderClosed, &ev);
	return SDL_STOP;
}

/* ---- which CTIManager ---------------------------------------------------------------------- */
bool cti_provider_error_passes(uint32_t result)
{
	switch (result) {
	case CTIERR_TIMEOUT:
	case CTIERR_PROTOCOL_TIMEOUT:
	case CTIERR_PROVIDER_CLOSED:
	case CTIERR_DB_ERROR:
	case CTIERR_CALL_MANAGER_NOT_AVAILABLE:
	case CTIERR_CANNOT_OPEN_DEVICE:
	case CTIERR_MAX_NUMBER_OF_CTI_CONNECTIONS_REACHED:
	case CTIERR_TEMPORARY_FAILURE:
	case CTIERR_DIRECTORY_TEMPORARY_UNAVAILABLE:
	case CTIERR_NOT_INITIALIZED:
	case CTIERR_CLUSTER_LINK_FAILURE:
	case CTIERR_DIRECTORY_LOGIN_TIMEOUT:
	case CTIERR_OPERATION_NOT_ALLOWED:
	/* Held by this very application through the CTIManager that was lost, until it notices. */
	case CTIERR_MEDIA_ALREADY_TERMINATED_NONE:
	case CTIERR_MEDIA_ALREADY_TERMINATED_STATIC:
	case CTIERR_MEDIA_ALREADY_TERMINATED_DYNAMIC:
	case CTIERR_RESOURCE_NOT_AVAILABLE:
	case CTIERR_DEVICE_OWNER_ALIVE_TIMER_STARTED:
	case CTIERR_CTIHANDLER_PROCESS_CREATION_FAILED:
		return true;
	default:
		return false;
	}
}

static int connect_to(struct sdl_process *self, unsigned index)
{
	struct provider *p = sdl_data(self);

	p->current = index;
	p->tried |= 1u << index;
	sdl_info(self, "CTIManager of node %u is tried", p->nodes[index]);
	p->far = sdl_conn_open(self, p->nodes[index], *p->key ? p->key : NULL);
	return PROVIDER_CONNECTING | SDL_REENTER;
}

/* The next of the round, or the pause after it. */
static int try_next(struct sdl_process *self)
{
	struct provider *p = sdl_data(self);

	if (!sdl_pid_none(p->far))
		sdl_conn_close(self, p->far);
	p->far = (struct sdl_pid){ 0 };
	for (unsigned i = 0; i < p->nodes_n; i++)
		if (!(p->tried & 1u << i))
			return connect_to(self, i);
	/* A first open that was refused wherever it was asked is answered now. */
	if (p->open_seq && p->last_refusal)
		return end(self, p->last_refusal);
	return PROVIDER_RETRY | SDL_REENTER;
}

static int on_retry_timer(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct provider *p = sdl_data(self);

	(void)sig;
	p->tried = 0;
	p->last_refusal = 0;
	return connect_to(self, 0);
}

static int on_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	const ClientProviderOpen *m = sig->msg;
	struct provider *p = sdl_data(self);
	char label[CTI_USER_MAX + 8];

	p->number = m->provider;
	p->open_seq = m->seq;
	strncpy(p->user, m->user, sizeof(p->user) - 1);
	strncpy(p->password, m->password, sizeof(p->password) - 1);
	strncpy(p->instance, m->app_instance, sizeof(p->instance) - 1);
	if (m->key)
		strncpy(p->key, m->key, sizeof(p->key) - 1);
	p->kind = m->kind;
	p->heartbeat_s = m->heartbeat_s;
	if (!p->heartbeat_s)
		p->heartbeat_s = (uint32_t)param_value(sdl_params(self),
						       PARAM_DESIRED_SERVER_HEARTBEAT_INTERVAL);
	p->filter = m->filter;
	while (p->nodes_n < m->n_node && p->nodes_n < CTI_CTIMANAGERS_MAX) {
		p->nodes[p->nodes_n] = (uint8_t)m->node[p->nodes_n];
		p->nodes_n++;
	}
	snprintf(label, sizeof(label), "%s/%u", p->user, (unsigned)p->number);
	sdl_label(self, label);
	sdl_timer_start_param(self, SIG_ClientOpenTimer, PARAM_PROVIDER_OPEN_REQUEST_TIMEOUT);
	return connect_to(self, 0);
}

/* ---- connecting, opening ------------------------------------------------------------------- */
static int on_conn_up(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct provider *p = sdl_data(self);
	ProviderOpen open = PROVIDER_OPEN__INIT;

	(void)sig;
	open.seq = ++p->pending.last_seq;
	open.version = PROTOCOL_VERSION;
	open.user = p->user;
	open.password = p->password;
	open.app_instance = p->instance;
	open.has_kind = open.has_heartbeat_s = open.has_filter = true;
	open.kind = p->kind;
	open.heartbeat_s = p->heartbeat_s;
	open.filter = p->filter;
	sdl_send(self, p->far, SIG_ProviderOpen, &open);
	return PROVIDER_OPENING;
}

static int on_connect_timer(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	return try_next(self);
}

static int on_answer_timer(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	return try_next(self);
}

static int on_open_timer(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct provider *p = sdl_data(self);

	(void)sig;
	return p->open_seq ? end(self, CTIERR_PROTOCOL_TIMEOUT) : sdl_state(self);
}

static void granted(struct sdl_process *self, const Response *m)
{
	struct provider *p = sdl_data(self);
	uint32_t seconds = m->heartbeat_s ? m->heartbeat_s : p->heartbeat_s;

	p->beat_ns = seconds * NS_PER_S / sdl_params(self)->speed / BEATS_PER_INTERVAL;
	p->beats = 0;
	p->silent = 0;
	sdl_timer_start(self, SIG_ClientHeartbeatTimer, p->beat_ns);
}

static int on_open_response(struct sdl_process *self, const struct sdl_signal *sig)
{
	const Response *m = sig->msg;
	struct provider *p = sdl_data(self);
	ProviderEvent ev = PROVIDER_EVENT__INIT;

	if (m->seq != p->pending.last_seq)
		return PROVIDER_OPENING;
	if (m->result != CTIERR_SUCCESS) {
		sdl_info(self, "CTIManager of node %u refuses: %s", p->nodes[p->current],
			 cti_error_name(m->result));
		if (!cti_provider_error_passes(m->result))
			return end(self, m->result);
		p->last_refusal = m->result;
		return try_next(self);
	}
	granted(self, m);
	p->tried = 0;
	p->last_refusal = 0;
	if (p->open_seq) {
		Response answer = *m;

		sdl_timer_stop(self, SIG_ClientOpenTimer);
		answer.seq = p->open_seq;
		answer.has_heartbeat_s = true;
		cti_provider_tell(self, SIG_Response, &answer);
		p->open_seq = 0;
		tell_provider(self, SIG_ProviderOpenCompleted, &ev);
	}
	tell_provider(self, SIG_ProviderInService, &ev);
	cti_provider_reopen(self);
	return PROVIDER_IN_SERVICE;
}

/* ---- in service, and its end --------------------------------------------------------------- */
void cti_provider_heard(struct provider *p)
{
	p->silent = 0;
}

static int on_server_heartbeat(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	cti_provider_heard(sdl_data(self));
	return sdl_state(self);
}

/* CTF-01, then CTF-02 or MGR-06. */
static int lost(struct sdl_process *self)
{
	struct provider *p = sdl_data(self);
	ProviderEvent ev = PROVIDER_EVENT__INIT;

	sdl_timer_stop(self, SIG_ClientHeartbeatTimer);
	if (!sdl_pid_none(p->far))
		sdl_conn_close(self, p->far);
	p->far = (struct sdl_pid){ 0 };
	cti_provider_lose(self);
	ev.has_cause = true;
	ev.cause = OUT_OF_SERVICE_CAUSE__CTIMANAGER_FAILURE;
	ev.has_no_backup = true;
	ev.no_backup = p->nodes_n == 1;
	tell_provider(self, SIG_ProviderOutOfService, &ev);
	if (ev.no_backup)
		return PROVIDER_OUT_OF_SERVICE;
	p->last_refusal = 0;
	p->tried = 1u << p->current;
	return try_next(self);
}

static int on_conn_down(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct provider *p = sdl_data(self);

	if (!sdl_pid_equal(sig->from, p->far))
		return sdl_state(self);
	p->far = (struct sdl_pid){ 0 };
	switch (sdl_state(self)) {
	case PROVIDER_IN_SERVICE:
		return lost(self);
	case PROVIDER_CLOSING:
		return end(self, CTIERR_SUCCESS);
	default:
		return try_next(self);
	}
}

static int on_heartbeat_timer(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct provider *p = sdl_data(self);

	(void)sig;
	if (++p->silent >= BEATS_SILENT_MAX) {
		sdl_info(self, "nothing from CTIManager of node %u for too long",
			 p->nodes[p->current]);
		return lost(self);
	}
	if (p->current != 0 && sdl_mutant(self, MUTANT_APP_FALLS_BACK))
		return lost(self);
	if (++p->beats >= BEATS_TO_SEND) {
		p->beats = 0;
		sdl_send(self, p->far, SIG_Heartbeat, NULL);
	}
	sdl_timer_start(self, SIG_ClientHeartbeatTimer, p->beat_ns);
	return PROVIDER_IN_SERVICE;
}

/* The CTIManager closes it: a missed heartbeat, a malformed message, deactivation. Another one, or
 * the same one later, says whether the user may still come in; one who may not is out. */
static int on_provider_closed(struct sdl_process *self, const struct sdl_signal *sig)
{
	const ProviderEvent *m = sig->msg;
	struct provider *p = sdl_data(self);

	if (!sdl_pid_equal(sig->from, p->far))
		return sdl_state(self);
	sdl_info(self, "closed by CTIManager of node %u: %s", p->nodes[p->current],
		 cti_error_name(m->reason));
	if (m->reason == CTIERR_DIRECTORY_LOGIN_NOT_ALLOWED &&
	    sdl_state(self) == PROVIDER_IN_SERVICE)
		return end(self, m->reason);
	switch (sdl_state(self)) {
	case PROVIDER_IN_SERVICE:
		return lost(self);
	case PROVIDER_OPENING:
		p->last_refusal = m->reason;
		return try_next(self);
	default:
		return sdl_state(self);
	}
}

/* ---- closing ------------------------------------------------------------------------------- */
static int on_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	const ClientProviderClose *m = sig->msg;
	struct provider *p = sdl_data(self);
	ProviderRequest close = PROVIDER_REQUEST__INIT;

	if (p->close_seq) {
		cti_provider_answer(self, m->seq, CTIERR_PROVIDER_NOT_OPEN);
		return sdl_state(self);
	}
	p->close_seq = m->seq;
	if (sdl_state(self) != PROVIDER_IN_SERVICE)
		return end(self, CTIERR_SUCCESS);
	sdl_timer_stop(self, SIG_ClientHeartbeatTimer);
	close.seq = ++p->pending.last_seq;
	sdl_send(self, p->far, SIG_ProviderClose, &close);
	return PROVIDER_CLOSING;
}

static int on_close_response(struct sdl_process *self, const struct sdl_signal *sig)
{
	const Response *m = sig->msg;
	struct provider *p = sdl_data(self);

	/* Whatever it says: nothing is left to be done. */
	return m->seq == p->pending.last_seq ? end(self, CTIERR_SUCCESS)
					     : cti_provider_on_response(self, sig);
}

static int on_close_timer(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	return end(self, CTIERR_SUCCESS);
}

static void stop(struct sdl_process *self)
{
	struct provider *p = sdl_data(self);

	cti_opened_clear(&p->opened);
	cti_pending_clear(&p->pending);
	free(p->lost);
}

const struct sdl_type cti_provider_type = {
	.name = "CtiProvider",
	.number = CTI_TYPE_PROVIDER,
	.size = sizeof(struct provider),
	.states = states,
	.states_n = sizeof(states) / sizeof(states[0]),
	.rows = rows,
	.rows_n = sizeof(rows) / sizeof(rows[0]),
	.stop = stop,
};
