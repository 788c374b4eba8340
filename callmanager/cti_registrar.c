/* CTIRegistrar: where CTIManagers open devices. Makes a CTIStationD for a port or route point,
 * sends a late asker to where the device is registered, and remembers who wants to hear of a phone.
 */
#include "callmanager/admission.h"
#include "callmanager/registry.h"

#include <stddef.h>
#include <string.h>

#include "common/base/roster.h"

enum { READY };

static const struct sdl_state states[] = {
	[READY] = { "ready", 0, PARAM_NONE, "" },
};

static sdl_handler on_elsewhere, on_device, on_open, on_close, on_rehome, on_data, on_up, on_gone,
	on_reset, on_link_down;

static const struct sdl_row rows[] = {
	{ READY, SIG_CtiDeviceOpenDeviceReq, on_open, 0 },
	{ READY, SIG_CtiDeviceCloseDeviceReq, on_close, 0 },
	{ READY, SIG_CtiDeviceRehomeReq, on_rehome, 0 },
	{ READY, SIG_DaElsewhereInd, on_elsewhere, 0 },
	{ READY, SIG_DbDeviceRes, on_device, 0 },
	{ READY, SIG_CtiDeviceDataPassThroughNotify, on_data, 0 },
	{ READY, SIG_DeviceReset, on_reset, 0 },
	{ READY, SIG_CcDeviceUpInd, on_up, 0 },
	{ READY, SIG_CcDeviceGoneInd, on_gone, 0 },
	{ READY, SIG_SdlLinkOutOfService, on_link_down, 0 },
	{ READY, SIG_SdlLinkInService, sdl_ignore, 0 },
};

struct device {
	struct sdl_pid pid;	    /* StationD, CTIStationD; none: a phone that is not here */
	struct sdl_pid *interested; /* phones: CTIDeviceLineMgr processes */
	uint32_t interested_n;
	bool phone;
	uint8_t group_n; /* phones: as who is interested knows it */
	uint8_t group[3];
	char name[];
};

static struct roster_key name_of(const void *row)
{
	const struct device *const *device = row;

	return (struct roster_key){ (*device)->name, strlen((*device)->name) };
}

static const struct roster_kind by_name = { sizeof(struct device *), name_of };

struct registrar {
	struct roster devices; /* by name */
	uint32_t generation;
};

static int start(struct sdl_process *self)
{
	sdl_watch(self, 0, SDL_APP_CTIMANAGER);
	return READY;
}

static void device_free(struct registrar *r, struct device *d)
{
	roster_remove(&by_name, &r->devices,
		      roster_find(&by_name, &r->devices, d->name, strlen(d->name)));
	free(d->interested);
	free(d);
}

static void stop(struct sdl_process *self)
{
	struct registrar *r = sdl_data(self);
	struct device **row;

	for (uint32_t at = 0; (row = roster_next(&by_name, &r->devices, &at));)
		device_free(r, *row);
}

static struct device *device_find(struct registrar *r, const char *name)
{
	struct device **row = roster_find(&by_name, &r->devices, name, strlen(name));

	return row ? *row : NULL;
}

static struct device *device_get(struct registrar *r, const char *name)
{
	struct device *d = device_find(r, name);
	size_t size = strlen(name) + 1;

	if (d)
		return d;
	d = calloc(1, offsetof(struct device, name) + size);
	if (!d)
		abort();
	memcpy(d->name, name, size);
	roster_add(&by_name, &r->devices, &d);
	return d;
}

/* ---- open ----------------------------------------------------------------------------------- */

static void answer(struct sdl_process *self, const struct sdl_signal *sig, uint32_t result,
		   const struct device *d, uint8_t other)
{
	const CtiDeviceOpenDeviceReq *req = sig->msg;
	CtiDeviceOpenDeviceRes res = CTI_DEVICE_OPEN_DEVICE_RES__INIT;

	res.async_response = req->async_response;
	res.result = result;
	res.device = req->device->name;
	res.has_registered = true;
	res.registered = d && !sdl_pid_none(d->pid);
	if (res.registered) {
		res.has_device_pid = true;
		res.device_pid = sdl_pid_pack(d->pid);
	}
	res.has_other_node = other != 0;
	res.other_node = other;
	sdl_send(self, sig->from, SIG_CtiDeviceOpenDeviceRes, &res);
}

/* What is wrong with the request whatever the device's state is; 0 = nothing. */
static uint32_t refusal(struct sdl_process *self, const CtiDeviceOpenDeviceReq *req)
{
	const DeviceConfig *device = req->device;
	bool phone = cm_is_phone(device->kind);
	bool media = req->has_registration && req->registration != MEDIA_REGISTRATION__NO_MEDIA;

	if (cm_context(self)->initialization_state != CM_INITIALIZED)
		return CTIERR_NOT_INITIALIZED;
	if (req->has_registration && req->registration != MEDIA_REGISTRATION__NO_MEDIA &&
	    req->registration != MEDIA_REGISTRATION__STATIC &&
	    req->registration != MEDIA_REGISTRATION__DYNAMIC)
		return CTIERR_INVALID_PARAMETER;
	if (device->kind == DEVICE_KIND__DEVICE_UNKNOWN)
		return CTIERR_ILLEGAL_DEVICE_TYPE;
	if (device->has_cti_allowed && !device->cti_allowed)
		return CTIERR_DEVICE_RESTRICTED;
	if (phone)
		return media ? CTIERR_CANNOT_TERMINATE_MEDIA_ON_PHONE : CTIERR_SUCCESS;
	if (!cm_admission_member(self, device))
		return CTIERR_CANNOT_OPEN_DEVICE;
	if (!media || req->registration == MEDIA_REGISTRATION__DYNAMIC)
		return CTIERR_SUCCESS;
	if (device->kind == DEVICE_KIND__DEVICE_ROUTE_POINT) /* MED-06 */
		return CTIERR_DEVICE_REGISTRATION_FAILED_NOT_SUPPORTED_MEDIATYPE;
	if (!req->ip || !req->port || req->port > UINT16_MAX)
		return CTIERR_INVALID_PARAMETER;
	return CTIERR_SUCCESS;
}

static void remember(struct device *d, struct sdl_pid who)
{
	for (uint32_t i = 0; i < d->interested_n; i++)
		if (sdl_pid_equal(d->interested[i], who))
			return;
	d->interested = realloc(d->interested, (d->interested_n + 1) * sizeof *d->interested);
	if (!d->interested)
		abort();
	d->interested[d->interested_n++] = who;
}

/* Registered at another node, as far as this one sees and the asker can reach: 0 = nowhere. */
static uint8_t elsewhere(struct sdl_process *self, const CtiDeviceOpenDeviceReq *req)
{
	const struct cm_registration *at = cm_registry_device(
		cm_context(self)->registry, req->device->name, sdl_self(self).node);

	return at && at->node != req->lost_node ? at->node : 0;
}

/* It is registered where it belonged before its group was changed, and who opens it now does not
 * look there: it is to register anew, as soon as no call is on it (USR-07). */
static void end_outside(struct sdl_process *self, char *device, uint8_t at)
{
	CtiDeviceRehomeReq req = CTI_DEVICE_REHOME_REQ__INIT;

	req.device = device;
	req.target_node = sdl_self(self).node;
	sdl_send(self, cm_singleton(at, CM_CTI_REGISTRAR), SIG_CtiDeviceRehomeReq, &req);
}

static void look_outside(struct sdl_process *self, const DeviceConfig *device)
{
	const struct cm_registration *at =
		cm_registry_device(cm_context(self)->registry, device->name, sdl_self(self).node);

	for (size_t i = 0; at && i < device->n_group; i++)
		if (device->group[i] == at->node)
			return;
	if (at)
		end_outside(self, device->name, at->node);
}

static void remember_group(struct device *d, const DeviceConfig *device)
{
	d->group_n = 0;
	for (size_t i = 0; i < device->n_group && d->group_n < sizeof d->group; i++)
		d->group[d->group_n++] = (uint8_t)device->group[i];
}

static int on_elsewhere(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct registrar *r = sdl_data(self);
	const DaElsewhere *ind = sig->msg;
	const struct device *d = device_find(r, ind->device);

	if (!d || !d->phone || !d->interested_n || !sdl_pid_none(d->pid))
		return READY;
	for (uint8_t i = 0; i < d->group_n; i++)
		if (d->group[i] == ind->node)
			return READY;
	if (d->group_n)
		end_outside(self, ind->device, (uint8_t)ind->node);
	return READY;
}

static int on_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct registrar *r = sdl_data(self);
	const CtiDeviceOpenDeviceReq *req = sig->msg;
	struct device *d = device_find(r, req->device->name);
	uint32_t why = refusal(self, req);
	CcCtiInit init = CC_CTI_INIT__INIT;

	if (why) {
		answer(self, sig, why, NULL, 0);
		return READY;
	}
	if (cm_is_phone(req->device->kind)) {
		d = device_get(r, req->device->name);
		d->phone = true;
		remember(d, sig->from);
		answer(self, sig, CTIERR_SUCCESS, d, 0);
		remember_group(d, req->device);
		if (sdl_pid_none(d->pid))
			look_outside(self, req->device);
		return READY;
	}
	if (!d && elsewhere(self, req)) {
		look_outside(self, req->device);
		answer(self, sig, CTIERR_DEVICE_ALREADY_REGISTERED, NULL, elsewhere(self, req));
		return READY;
	}
	if (!d && !cm_admission_room(self)) {
		cm_admission_alarm(self);
		answer(self, sig, CTIERR_RESOURCE_NOT_AVAILABLE, NULL, 0);
		return READY;
	}
	if (!d) {
		d = device_get(r, req->device->name);
		d->pid = sdl_create(self, &cm_cti_station_d);
		init.device = req->device;
		init.generation = ++r->generation;
		sdl_send(self, d->pid, SIG_CcCtiInit, &init);
	}
	sdl_relay(self, d->pid, sig);
	return READY;
}

/* ---- close, rehome -------------------------------------------------------------------------- */

static void forget(struct device *d, struct sdl_pid who)
{
	for (uint32_t i = d->interested_n; i-- > 0;)
		if (sdl_pid_equal(d->interested[i], who))
			d->interested[i] = d->interested[--d->interested_n];
}

static int on_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct registrar *r = sdl_data(self);
	const CtiDeviceCloseDeviceReq *req = sig->msg;
	struct device *d = device_find(r, req->device);
	CtiLineCallRes res = CTI_LINE_CALL_RES__INIT;

	if (d && !sdl_pid_none(d->pid))
		sdl_relay(self, d->pid, sig);
	if (d && !d->phone)
		return READY; /* the device answers */
	res.async_response = req->async_response;
	res.result = d ? CTIERR_SUCCESS : CTIERR_DEVICE_NOT_OPEN;
	sdl_send(self, sig->from, SIG_CtiDeviceCloseDeviceRes, &res);
	if (!d || req->owner)
		return READY;
	forget(d, sig->from);
	if (!d->interested_n && sdl_pid_none(d->pid))
		device_free(r, d);
	return READY;
}

/* Another CallManager may know less than we do: the database has the last word. */
static int on_rehome(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct registrar *r = sdl_data(self);
	const CtiDeviceRehomeReq *req = sig->msg;
	struct device *d = device_find(r, req->device);
	DbDeviceReq ask = DB_DEVICE_REQ__INIT;

	if (!d || sdl_pid_none(d->pid))
		return READY;
	if (sig->from.app == SDL_APP_CALLMANAGER) {
		ask.name = req->device;
		ask.has_cookie = true;
		ask.cookie = req->target_node;
		sdl_send(self, sdl_local(self, CM_DB), SIG_DbDeviceReq, &ask);
	} else if (!d->phone) {
		sdl_relay(self, d->pid, sig);
	}
	return READY;
}

/* Does it still belong here? If not, it goes; a phone by itself, when it is told. */
static int on_device(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct registrar *r = sdl_data(self);
	const DbDeviceRes *res = sig->msg;
	const struct device *d = device_find(r, res->name);
	CtiDeviceRehomeReq rehome = CTI_DEVICE_REHOME_REQ__INIT;
	DaDuplicate elsewhere = DA_DUPLICATE__INIT;

	if (!d || sdl_pid_none(d->pid) || res->result != DB_RESULT__DB_OK || !res->device ||
	    cm_admission_member(self, res->device))
		return READY;
	if (d->phone) {
		elsewhere.node = (uint32_t)res->cookie;
		sdl_send(self, d->pid, SIG_DaDuplicateInd, &elsewhere);
	} else {
		rehome.device = res->name;
		rehome.target_node = (uint32_t)res->cookie;
		sdl_send(self, d->pid, SIG_CtiDeviceRehomeReq, &rehome);
	}
	return READY;
}

/* ---- devices come and go -------------------------------------------------------------------- */

static void tell_gone(struct sdl_process *self, const struct device *d, OutOfServiceCause cause)
{
	CtiDeviceUnregisterNotify n = CTI_DEVICE_UNREGISTER_NOTIFY__INIT;

	n.device = (char *)d->name;
	n.cause = cause;
	for (uint32_t i = 0; i < d->interested_n; i++)
		sdl_send(self, d->interested[i], SIG_CtiDeviceUnregisterNotify, &n);
}

/* A phone. */
static int on_up(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct registrar *r = sdl_data(self);
	const CcDevice *up = sig->msg;
	struct device *d = device_get(r, up->device);
	CtiDeviceRegisterNotifyWithLineInfo n = CTI_DEVICE_REGISTER_NOTIFY_WITH_LINE_INFO__INIT;

	d->phone = true;
	if (!sdl_pid_none(d->pid))
		tell_gone(self, d, OUT_OF_SERVICE_CAUSE__DEVICE_UNREGISTERED);
	d->pid = sig->from;
	n.device = up->device;
	n.device_pid = up->device_pid;
	n.line = up->line;
	n.n_line = up->n_line;
	for (uint32_t i = 0; i < d->interested_n; i++)
		sdl_send(self, d->interested[i], SIG_CtiDeviceRegisterNotifyWithLineInfo, &n);
	return READY;
}

/* Of devices that are here; who is elsewhere is reset there. */
static int on_reset(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct registrar *r = sdl_data(self);
	const DeviceReset *reset = sig->msg;
	struct device **row;

	for (uint32_t at = 0; (row = roster_next(&by_name, &r->devices, &at));)
		if (!sdl_pid_none((*row)->pid) &&
		    (!reset->device || !strcmp(reset->device, (*row)->name)))
			sdl_send(self, (*row)->pid, SIG_CcResetInd, reset);
	return READY;
}

/* A phone has something to say to who has it open. */
static int on_data(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct registrar *r = sdl_data(self);
	const CtiDeviceDataPassThroughNotify *n = sig->msg;
	const struct device *d = device_find(r, n->device);

	for (uint32_t i = 0; d && i < d->interested_n; i++)
		sdl_send(self, d->interested[i], SIG_CtiDeviceDataPassThroughNotify, n);
	return READY;
}

static int on_gone(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct registrar *r = sdl_data(self);
	const CcDevice *gone = sig->msg;
	struct device *d = device_find(r, gone->device);

	if (!d || !sdl_pid_equal(d->pid, sig->from))
		return READY;
	if (!d->phone) {
		sdl_send(self, sig->from, SIG_CcDeviceGoneAck, NULL);
		device_free(r, d);
		return READY;
	}
	d->pid = (struct sdl_pid){ 0 };
	tell_gone(self, d, gone->cause);
	if (!d->interested_n)
		device_free(r, d);
	return READY;
}

static int on_link_down(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct registrar *r = sdl_data(self);
	const SdlLinkStatus *status = sig->msg;
	struct device **row;

	for (uint32_t at = 0; (row = roster_next(&by_name, &r->devices, &at));) {
		struct device *d = *row;

		for (uint32_t i = d->interested_n; i-- > 0;)
			if (d->interested[i].node == status->node)
				d->interested[i] = d->interested[--d->interested_n];
		if (d->phone && !d->interested_n && sdl_pid_none(d->pid))
			device_free(r, d);
	}
	return READY;
}

const struct sdl_type cm_cti_registrar = {
	.name = "CTIRegistrar",
	.number = CM_CTI_REGISTRAR,
	.at_start = true,
	.size = sizeof(struct registrar),
	.states = states,
	.states_n = sizeof states / sizeof states[0],
	.rows = rows,
	.rows_n = sizeof rows / sizeof rows[0],
	.start = start,
	.stop = stop,
};
