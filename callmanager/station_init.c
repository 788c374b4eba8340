/* StationInit: the door for SCCP phones. Checks who may register here and makes a StationD for it. */
#include "callmanager/admission.h"

#include <string.h>
#include <uthash.h>

enum { READY };

static const struct sdl_state states[] = {
	[READY] = { "ready", 0, PARAM_NONE, "" },
};

static sdl_handler on_register, on_device, on_gone, on_token, on_link_down;

static const struct sdl_row rows[] = {
	{ READY, SIG_StationRegister, on_register, 0 },
	{ READY, SIG_DbDeviceRes, on_device, 0 },
	{ READY, SIG_CcDeviceGoneInd, on_gone, 0 },
	{ READY, SIG_StationRegisterTokenReq, on_token, 0 },
	{ READY, SIG_SdlLinkOutOfService, on_link_down, 0 },
	{ READY, SIG_SdlLinkInService, sdl_ignore, 0 },
};

struct phone {
	UT_hash_handle hh;
	struct sdl_pid station; /* StationD */
	char name[];
};

/* A registration that waits for the database. */
struct waiting {
	struct waiting *next;
	uint64_t cookie;
	struct sdl_pid phone;
	uint32_t ip;
};

struct station_init {
	struct phone *phones;
	struct waiting *waiting; /* oldest first */
	uint64_t cookie;
	uint32_t generation;
};

static int start(struct sdl_process *self)
{
	sdl_watch(self, 0, SDL_APP_PHONES);
	return READY;
}

static void stop(struct sdl_process *self)
{
	struct station_init *init = sdl_data(self);
	struct phone *p, *next;

	HASH_ITER (hh, init->phones, p, next) {
		HASH_DEL(init->phones, p);
		free(p);
	}
	while (init->waiting) {
		struct waiting *w = init->waiting;

		init->waiting = w->next;
		free(w);
	}
}

/* device: its configuration, where it has one. */
static void reject(struct sdl_process *self, struct sdl_pid phone, int reason,
		   const DeviceConfig *device)
{
	StationRegisterReject rej = STATION_REGISTER_REJECT__INIT;

	rej.reason = (uint32_t)reason;
	rej.text = (char *)cause_name(CAUSE_REGFAIL, reason);
	if (device) {
		rej.group = device->group;
		rej.n_group = device->n_group;
	}
	sdl_send(self, phone, SIG_StationRegisterReject, &rej);
}

static int on_register(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_init *init = sdl_data(self);
	const StationRegister *reg = sig->msg;
	struct waiting **end = &init->waiting;
	struct waiting *w;
	DbDeviceReq req = DB_DEVICE_REQ__INIT;

	if (cm_context(self)->initialization_state != CM_INITIALIZED) {
		reject(self, sig->from, CAUSE_REGFAIL_INITIALIZATION_ERROR, NULL);
		return READY;
	}
	w = calloc(1, sizeof *w);
	if (!w)
		abort();
	w->cookie = ++init->cookie;
	w->phone = sig->from;
	w->ip = reg->ip;
	while (*end)
		end = &(*end)->next;
	*end = w;
	req.name = reg->device_name;
	req.has_cookie = true;
	req.cookie = w->cookie;
	sdl_send(self, sdl_local(self, CM_DB), SIG_DbDeviceReq, &req);
	return READY;
}

/* 0: it may register here. */
static int refusal(struct sdl_process *self, const DbDeviceRes *res)
{
	if (res->result == DB_RESULT__DB_NOT_FOUND)
		return CAUSE_REGFAIL_NO_ENTRY_IN_DATABASE;
	if (res->result == DB_RESULT__DB_BUSY)
		return CAUSE_REGFAIL_DATABASE_TIMEOUT;
	if (res->result != DB_RESULT__DB_OK || !res->device)
		return CAUSE_REGFAIL_DB_ACCESS_ERROR;
	if (res->device->kind != DEVICE_KIND__DEVICE_SCCP_PHONE)
		return CAUSE_REGFAIL_DEVICE_TYPE_MISMATCH;
	if (!cm_admission_member(self, res->device))
		return CAUSE_REGFAIL_DATABASE_CONFIGURATION_ERROR;
	if (cm_admission_room(self))
		return 0;
	cm_admission_alarm(self);
	return CAUSE_REGFAIL_MAX_DEV_REG_EXCEEDED;
}

static struct phone *phone_get(struct station_init *init, const char *name)
{
	struct phone *p;
	size_t len = strlen(name);

	HASH_FIND(hh, init->phones, name, (unsigned)len, p);
	if (p)
		return p;
	p = calloc(1, sizeof *p + len + 1);
	if (!p)
		abort();
	memcpy(p->name, name, len + 1);
	HASH_ADD_KEYPTR(hh, init->phones, p->name, (unsigned)len, p);
	return p;
}

static int on_device(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_init *init = sdl_data(self);
	const DbDeviceRes *res = sig->msg;
	struct waiting **at = &init->waiting;
	struct waiting w;
	struct phone *p;
	CcStationInit up = CC_STATION_INIT__INIT;
	int why = refusal(self, res);

	while (*at && (*at)->cookie != res->cookie)
		at = &(*at)->next;
	if (!*at)
		return READY; /* the phone's program has gone meanwhile */
	w = **at;
	free(*at);
	*at = w.next;
	if (why) {
		sdl_info(self, "%s is rejected: %s", res->name, cause_name(CAUSE_REGFAIL, why));
		reject(self, w.phone, why, res->device);
		return READY;
	}
	p = phone_get(init, res->name);
	if (!sdl_pid_none(p->station))
		sdl_send(self, p->station, SIG_CcReplacedInd, NULL);
	p->station = sdl_create(self, &cm_station_d);
	up.device = res->device;
	up.phone = sdl_pid_pack(w.phone);
	up.generation = ++init->generation;
	up.has_ip = true;
	up.ip = w.ip;
	sdl_send(self, p->station, SIG_CcStationInit, &up);
	return READY;
}

static int on_gone(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_init *init = sdl_data(self);
	const CcDevice *d = sig->msg;
	struct phone *p;

	HASH_FIND(hh, init->phones, d->device, (unsigned)strlen(d->device), p);
	if (p && sdl_pid_equal(p->station, sig->from)) {
		HASH_DEL(init->phones, p);
		free(p);
	}
	return READY;
}

/* May the phone come back to this CallManager? (CMF-15) */
static int on_token(struct sdl_process *self, const struct sdl_signal *sig)
{
	StationRegisterTokenReject rej = STATION_REGISTER_TOKEN_REJECT__INIT;

	if (cm_context(self)->initialization_state == CM_INITIALIZED && cm_admission_room(self)) {
		sdl_send(self, sig->from, SIG_StationRegisterTokenAck, NULL);
		return READY;
	}
	rej.wait_s = (uint32_t)param_value(sdl_params(self), PARAM_STATION_RETRY_INTERVAL);
	sdl_send(self, sig->from, SIG_StationRegisterTokenReject, &rej);
	return READY;
}

static int on_link_down(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct station_init *init = sdl_data(self);
	const SdlLinkStatus *status = sig->msg;
	struct waiting **at = &init->waiting;

	while (*at) {
		struct waiting *w = *at;

		if (w->phone.node != status->node) {
			at = &w->next;
			continue;
		}
		*at = w->next;
		free(w);
	}
	return READY;
}

const struct sdl_type cm_station_init = {
	.name = "StationInit",
	.number = CM_STATION_INIT,
	.at_start = true,
	.size = sizeof(struct station_init),
	.states = states,
	.states_n = sizeof states / sizeof states[0],
	.rows = rows,
	.rows_n = sizeof rows / sizeof rows[0],
	.start = start,
	.stop = stop,
};
