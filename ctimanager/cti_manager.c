/*
 * CtiManager - the one process that every other of the program hangs on.
 *
 *	initializing --DbInitRes--> ready
 *
 * It takes the connections of applications and makes a CTIHandler for each, brings the opens of a
 * device to its one CTIDeviceLineMgr, keeps one CmLink per CallManager node, and counts what the
 * node's limits are about. Devices that nobody has open any more say so and are forgotten here
 * before they end, so that no open is ever sent to one that is gone.
 */
#include "ctimanager/process.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cti_error.h"
#include "common/base/roster.h"
#include "common/msg/messages.h"
#include "ctimanager/alarm.h"

enum { INITIALIZING, READY };

static const struct sdl_state states[] = {
	[INITIALIZING] = { "initializing", SIG_CtiDbInitTimer, PARAM_DATABASE_POLL_INTERVAL, "" },
	[READY] = { "ready", .waits = "" },
};

static sdl_handler on_db_init_res, on_db_not_there, on_conn_accepted, on_provider_open_req,
	on_devices_open, on_handler_ended, on_device_open, on_device_release, on_device_idle,
	on_db_change, on_cm_watch, on_link_status, on_ccm_in_service;

static const struct sdl_row rows[] = {
	{ INITIALIZING, SIG_DbInitRes, on_db_init_res, TO(READY) },
	{ INITIALIZING, SIG_CtiDbInitTimer, on_db_not_there, 0 },
	/* Applications may come before the database; they wait for their answer. */
	{ INITIALIZING, SIG_CtiProviderOpenReq, sdl_save, 0 },
	{ INITIALIZING, SIG_DbChangeNotify, sdl_ignore, 0 },
	/* A late answer to a question asked twice. */
	{ READY, SIG_DbInitRes, sdl_ignore, 0 },
	{ READY, SIG_CtiProviderOpenReq, on_provider_open_req, 0 },
	{ READY, SIG_CtiDevicesOpenNotify, on_devices_open, 0 },
	{ READY, SIG_CtiHandlerDeviceOpen, on_device_open, 0 },
	{ READY, SIG_CtiHandlerDeviceRelease, on_device_release, 0 },
	{ READY, SIG_CtiDeviceIdleNotify, on_device_idle, 0 },
	{ READY, SIG_DbChangeNotify, on_db_change, 0 },
	{ READY, SIG_CmWatchReq, on_cm_watch, 0 },
	{ SDL_ANY, SIG_SdlConnAccepted, on_conn_accepted, 0 },
	{ SDL_ANY, SIG_CtiHandlerEndedNotify, on_handler_ended, 0 },
	{ SDL_ANY, SIG_SdlLinkInService, on_link_status, 0 },
	{ SDL_ANY, SIG_SdlLinkOutOfService, on_link_status, 0 },
	{ SDL_ANY, SIG_CcmInService, on_ccm_in_service, 0 },
};

struct device {
	struct sdl_pid pid;
	char name[];
};

static struct roster_key name_of(const void *row)
{
	const struct device *const *device = row;

	return (struct roster_key){ (*device)->name, strlen((*device)->name) };
}

static const struct roster_kind by_name = { sizeof(struct device *), name_of };

/* Where malformed messages came from lately; the oldest gives way. */
#define SUSPECTS 16
struct suspect {
	uint32_t ip;
	int64_t until_ns;
};

static struct roster_key pid_of(const void *row)
{
	return (struct roster_key){ row, sizeof(struct sdl_pid) };
}

static const struct roster_kind by_pid = { sizeof(struct sdl_pid), pid_of };

struct cti_manager {
	struct roster handlers; /* CTIHandlers, by their address */
	struct suspect suspects[SUSPECTS];
	uint32_t next_suspect;
	struct roster devices; /* by name */
	struct sdl_pid cm_link[SDL_NODES_MAX + 1];
	int64_t connections;
	int64_t devices_open; /* (provider, device) pairs: MGR-08 */
};

static struct device *device_of(struct cti_manager *m, const char *name)
{
	struct device **row = roster_find(&by_name, &m->devices, name, strlen(name));

	return row ? *row : NULL;
}

static struct device *device_new(const char *name)
{
	size_t size = strlen(name) + 1;
	struct device *d = calloc(1, offsetof(struct device, name) + size);

	if (!d)
		abort();
	memcpy(d->name, name, size);
	return d;
}

static void forget(struct cti_manager *m, struct device *d)
{
	roster_remove(&by_name, &m->devices,
		      roster_find(&by_name, &m->devices, d->name, strlen(d->name)));
	free(d);
}

static int start(struct sdl_process *self)
{
	sdl_count(self, COUNTER_QBE_VERSION, 1);
	sdl_watch(self, 0, SDL_APP_CALLMANAGER);
	sdl_send(self, sdl_local(self, CTIM_DB_ACCESS), SIG_DbInitReq, NULL);
	return INITIALIZING;
}

static int on_db_init_res(struct sdl_process *self, const struct sdl_signal *sig)
{
	const DbInitRes *res = sig->msg;
	struct sdl_pid harness = { .node = SDL_HARNESS_NODE, .app = SDL_APP_HARNESS };

	if (res->result != DB_RESULT__DB_OK) {
		sdl_info(self, "database: %s", res->text ? res->text : "cannot be used");
		return INITIALIZING;
	}
	sdl_send(self, harness, SIG_Ready, NULL);
	return READY;
}

static int on_db_not_there(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	sdl_send(self, sdl_local(self, CTIM_DB_ACCESS), SIG_DbInitReq, NULL);
	return INITIALIZING | SDL_REENTER;
}

/* ---- applications -------------------------------------------------------------------------- */

static bool is_suspect(struct sdl_process *self, uint32_t ip)
{
	const struct cti_manager *m = sdl_data(self);

	for (int i = 0; i < SUSPECTS; i++)
		if (m->suspects[i].ip == ip && m->suspects[i].until_ns > sdl_now(self))
			return true;
	return false;
}

static void suspect(struct sdl_process *self, uint32_t ip)
{
	struct cti_manager *m = sdl_data(self);
	struct suspect *s = &m->suspects[m->next_suspect++ % SUSPECTS];

	s->ip = ip;
	s->until_ns = sdl_now(self) + param_ns(sdl_params(self), PARAM_CTI_REFUSAL_TIMER);
}

static int on_conn_accepted(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_manager *m = sdl_data(self);
	const SdlConnStatus *conn = sig->msg;
	CtiHandlerStart begin = CTI_HANDLER_START__INIT;
	struct sdl_pid handler = sdl_create(self, &ctim_cti_handler);

	begin.app = sdl_pid_pack(sig->from);
	begin.has_ip = true;
	begin.ip = conn->ip;
	begin.identity = conn->identity;
	if (m->connections >= param_value(sdl_params(self), PARAM_MAX_CTI_CONNECTIONS)) {
		begin.refusal = CTIERR_MAX_NUMBER_OF_CTI_CONNECTIONS_REACHED;
		ctim_alarm(self, ALARM_CtiMaxConnectionReached,
			   { "CTIconnectionId", ctim_decimal(handler.inst).text },
			   { "IPAddress", ctim_address(conn->ip).text });
	}
	if (is_suspect(self, conn->ip))
		begin.refusal = CTIERR_TEMPORARY_FAILURE;
	m->connections++;
	roster_add(&by_pid, &m->handlers, &handler);
	sdl_count(self, COUNTER_CTI_CONNECTION_ACTIVE, 1);
	sdl_conn_own(self, sig->from, handler);
	sdl_send(self, handler, SIG_CtiHandlerStart, &begin);
	return sdl_state(self);
}

static int on_provider_open_req(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CtiProviderOpenReq *req = sig->msg;
	CtiProceedWithAppLogin proceed = CTI_PROCEED_WITH_APP_LOGIN__INIT;

	proceed.async_response = req->async_response;
	proceed.result = CTIERR_SUCCESS;
	sdl_send(self, sig->from, SIG_CtiProceedWithAppLogin, &proceed);
	return READY;
}

static void count_devices(struct sdl_process *self, struct sdl_pid handler, const char *user,
			  int64_t delta)
{
	struct cti_manager *m = sdl_data(self);
	int64_t limit = param_value(sdl_params(self), PARAM_MAX_DEVICES_PER_NODE);
	bool over = m->devices_open > limit;

	m->devices_open += delta;
	sdl_count(self, COUNTER_DEVICES_OPEN, delta);
	if (over || m->devices_open <= limit)
		return;
	ctim_alarm(self, ALARM_MaxDevicesPerNodeExceeded,
		   { "CTIconnectionId", ctim_decimal(handler.inst).text }, { "LoginUserId", user },
		   { "DevicesOpen", ctim_decimal(m->devices_open).text },
		   { "Limit", ctim_decimal(limit).text });
}

static int on_devices_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CtiDevicesOpenNotify *notify = sig->msg;

	count_devices(self, sig->from, notify->login_id, notify->delta);
	return READY;
}

static int on_handler_ended(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_manager *m = sdl_data(self);
	const CtiHandlerEndedNotify *notify = sig->msg;
	struct sdl_pid *handler = roster_find(&by_pid, &m->handlers, &sig->from, sizeof(sig->from));

	if (notify->has_malformed_ip)
		suspect(self, notify->malformed_ip);
	m->connections--;
	if (handler)
		roster_remove(&by_pid, &m->handlers, handler);
	sdl_count(self, COUNTER_CTI_CONNECTION_ACTIVE, -1);
	count_devices(self, sig->from, "", -(int64_t)notify->devices);
	return sdl_state(self);
}

/* ---- devices ------------------------------------------------------------------------------- */

static int on_device_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_manager *m = sdl_data(self);
	const CtiHandlerDeviceOpen *open = sig->msg;
	struct device *d = device_of(m, open->open->device);

	if (!d) {
		d = device_new(open->open->device);
		d->pid = sdl_create(self, &ctim_cti_device_line_mgr);
		roster_add(&by_name, &m->devices, &d);
	}
	sdl_relay(self, d->pid, sig);
	return READY;
}

static int on_device_release(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CtiHandlerDeviceRelease *release = sig->msg;
	struct device *d = device_of(sdl_data(self), release->device);

	if (d)
		sdl_relay(self, d->pid, sig);
	return READY;
}

static int on_device_idle(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_manager *m = sdl_data(self);
	const CtiDeviceIdleNotify *notify = sig->msg;
	struct device *d = device_of(m, notify->device);

	if (d && sdl_pid_equal(d->pid, sig->from))
		forget(m, d);
	sdl_send(self, sig->from, SIG_CtiDeviceIdleAck, NULL);
	return READY;
}

/* USR-04: who logs in and what he may. */
static bool is_about_users(const char *table)
{
	static const char *const tables[] = { "enduser",
					      "applicationuser",
					      "enduserdevicemap",
					      "applicationuserdevicemap",
					      "enduserdirgroupmap",
					      "applicationuserdirgroupmap" };

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (!strcmp(tables[i], table))
			return true;
	return false;
}

static int user_changed(struct sdl_process *self, char *user)
{
	struct cti_manager *m = sdl_data(self);
	CtiUserConfigChanged changed = CTI_USER_CONFIG_CHANGED__INIT;
	const struct sdl_pid *handler;

	changed.user = user;
	for (uint32_t at = 0; (handler = roster_next(&by_pid, &m->handlers, &at));)
		sdl_send(self, *handler, SIG_CtiUserConfigChanged, &changed);
	return READY;
}

/* USR-07: what changed takes effect when a device is opened at a CallManager next. Rows name the
 * device only sometimes; asking for one configuration too many harms nobody. */
static int on_db_change(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_manager *m = sdl_data(self);
	const DbChangeNotify *change = sig->msg;
	struct device *named = change->name ? device_of(m, change->name) : NULL;
	struct device **row;

	if (is_about_users(change->table))
		return user_changed(self, change->name);
	if (named) {
		sdl_send(self, named->pid, SIG_CtiDeviceConfigChanged, NULL);
		return READY;
	}
	for (uint32_t at = 0; (row = roster_next(&by_name, &m->devices, &at));)
		sdl_send(self, (*row)->pid, SIG_CtiDeviceConfigChanged, NULL);
	return READY;
}

/* ---- CallManagers --------------------------------------------------------------------------- */

static bool link_of(struct sdl_process *self, uint32_t node, struct sdl_pid *link)
{
	struct cti_manager *m = sdl_data(self);

	if (node == 0 || node > SDL_NODES_MAX)
		return false;
	if (sdl_pid_none(m->cm_link[node])) {
		CmWatchReq name = CM_WATCH_REQ__INIT;

		m->cm_link[node] = sdl_create(self, &ctim_cm_link);
		name.node = node;
		sdl_send(self, m->cm_link[node], SIG_CmWatchReq, &name);
	}
	*link = m->cm_link[node];
	return true;
}

static int on_link_status(struct sdl_process *self, const struct sdl_signal *sig)
{
	const SdlLinkStatus *status = sig->msg;
	struct sdl_pid link;

	if (link_of(self, status->node, &link))
		sdl_forward(self, link, sig);
	return sdl_state(self);
}

static int on_ccm_in_service(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sdl_pid link;

	if (link_of(self, sig->from.node, &link))
		sdl_forward(self, link, sig);
	return sdl_state(self);
}

static int on_cm_watch(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CmWatchReq *req = sig->msg;
	struct sdl_pid link;

	if (link_of(self, req->node, &link))
		sdl_relay(self, link, sig);
	return READY;
}

static void stop(struct sdl_process *self)
{
	struct cti_manager *m = sdl_data(self);
	struct device **row;

	for (uint32_t at = 0; (row = roster_next(&by_name, &m->devices, &at));)
		forget(m, *row);
	roster_free(&m->handlers);
}

const struct sdl_type ctim_cti_manager = {
	.name = "CtiManager",
	.number = CTIM_CTI_MANAGER,
	.at_start = true,
	.size = sizeof(struct cti_manager),
	.states = states,
	.states_n = sizeof(states) / sizeof(states[0]),
	.rows = rows,
	.rows_n = sizeof(rows) / sizeof(rows[0]),
	.start = start,
	.stop = stop,
};
