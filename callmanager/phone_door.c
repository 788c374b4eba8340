#include "callmanager/phone_door.h"

#include <string.h>
#include <uthash.h>

#include "callmanager/admission.h"

struct door_phone {
	UT_hash_handle hh;
	struct sdl_pid station;
	char name[];
};

struct door_waiting {
	struct door_waiting *next;
	uint64_t cookie;
	struct sdl_pid phone;
	uint32_t ip;
};

void cm_door_free(struct cm_phone_door *d)
{
	struct door_phone *p, *next;

	HASH_ITER (hh, d->phones, p, next) {
		HASH_DEL(d->phones, p);
		free(p);
	}
	while (d->waiting) {
		struct door_waiting *w = d->waiting;

		d->waiting = w->next;
		free(w);
	}
}

void cm_door_register(struct sdl_process *self, struct sdl_pid phone, char *name, uint32_t ip)
{
	struct cm_phone_door *d = sdl_data(self);
	struct door_waiting **end = &d->waiting;
	struct door_waiting *w;
	DbDeviceReq req = DB_DEVICE_REQ__INIT;

	if (cm_context(self)->initialization_state != CM_INITIALIZED) {
		d->protocol->reject(self, phone, CAUSE_REGFAIL_INITIALIZATION_ERROR, NULL);
		return;
	}
	w = calloc(1, sizeof *w);
	if (!w)
		abort();
	w->cookie = ++d->cookie;
	w->phone = phone;
	w->ip = ip;
	while (*end)
		end = &(*end)->next;
	*end = w;
	req.name = name;
	req.has_cookie = true;
	req.cookie = w->cookie;
	sdl_send(self, sdl_local(self, CM_DB), SIG_DbDeviceReq, &req);
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
	if (res->device->kind != ((const struct cm_phone_door *)sdl_data(self))->protocol->kind)
		return CAUSE_REGFAIL_DEVICE_TYPE_MISMATCH;
	if (!cm_admission_member(self, res->device))
		return CAUSE_REGFAIL_DATABASE_CONFIGURATION_ERROR;
	if (cm_admission_room(self))
		return 0;
	cm_admission_alarm(self);
	return CAUSE_REGFAIL_MAX_DEV_REG_EXCEEDED;
}

static struct door_phone *phone_get(struct cm_phone_door *d, const char *name)
{
	struct door_phone *p;
	size_t len = strlen(name);

	HASH_FIND(hh, d->phones, name, (unsigned)len, p);
	if (p)
		return p;
	p = calloc(1, sizeof *p + len + 1);
	if (!p)
		abort();
	memcpy(p->name, name, len + 1);
	HASH_ADD_KEYPTR(hh, d->phones, p->name, (unsigned)len, p);
	return p;
}

int cm_door_on_device(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_phone_door *d = sdl_data(self);
	const DbDeviceRes *res = sig->msg;
	struct door_waiting **at = &d->waiting;
	struct door_waiting w;
	struct door_phone *p;
	CcStationInit up = CC_STATION_INIT__INIT;
	int why = refusal(self, res);

	while (*at && (*at)->cookie != res->cookie)
		at = &(*at)->next;
	if (!*at)
		return sdl_state(self); /* the phone's program has gone meanwhile */
	w = **at;
	free(*at);
	*at = w.next;
	if (why) {
		sdl_info(self, "%s is rejected: %s", res->name, cause_name(CAUSE_REGFAIL, why));
		d->protocol->reject(self, w.phone, why, res->device);
		return sdl_state(self);
	}
	p = phone_get(d, res->name);
	if (!sdl_pid_none(p->station))
		sdl_send(self, p->station, SIG_CcReplacedInd, NULL);
	p->station = sdl_create(self, d->protocol->station);
	up.device = res->device;
	up.phone = sdl_pid_pack(w.phone);
	up.generation = ++d->generation;
	up.has_ip = true;
	up.ip = w.ip;
	sdl_send(self, p->station, SIG_CcStationInit, &up);
	return sdl_state(self);
}

int cm_door_on_gone(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_phone_door *d = sdl_data(self);
	const CcDevice *gone = sig->msg;
	struct door_phone *p;

	HASH_FIND(hh, d->phones, gone->device, (unsigned)strlen(gone->device), p);
	if (p && sdl_pid_equal(p->station, sig->from)) {
		HASH_DEL(d->phones, p);
		free(p);
	}
	return sdl_state(self);
}

bool cm_door_token(const struct sdl_process *self)
{
	return cm_context(self)->initialization_state == CM_INITIALIZED && cm_admission_room(self);
}

int cm_door_on_link_down(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_phone_door *d = sdl_data(self);
	const SdlLinkStatus *status = sig->msg;
	struct door_waiting **at = &d->waiting;

	while (*at) {
		struct door_waiting *w = *at;

		if (w->phone.node != status->node) {
			at = &w->next;
			continue;
		}
		*at = w->next;
		free(w);
	}
	return sdl_state(self);
}
