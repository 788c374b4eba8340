/* What a provider may open, as it changes while it is open (USR-04, GRP-04, SUP-02): the user's list of
 * Controlled Devices, his groups, and what a super provider has acquired.
 *
 * CtiManager says that something about the user has changed; what, the database is asked: his groups,
 * then his list, page by page. Changes that come meanwhile are looked for in one more round. The
 * application is told what differs from what it knew, and loses what it has open and may open no
 * more. */
#include "ctimanager/process.h"

#include <string.h>

#include "common/base/cti_error.h"
#include "common/msg/messages.h"
#include "ctimanager/alarm.h"
#include "ctimanager/device.h"
#include "ctimanager/handler.h"

/* Names of one answer of the database; questions of an application have cookies below that bit. */
#define PAGE	  1024
#define OWN_ROUND (UINT64_C(1) << 32)

static void ask_list(struct sdl_process *self, const char *after)
{
	struct cti_handler *h = sdl_data(self);
	CtiDbDeviceListReq req = CTI_DB_DEVICE_LIST_REQ__INIT;

	req.cookie = OWN_ROUND | h->control.round;
	req.user = h->user;
	req.after = (char *)(uintptr_t)after;
	req.has_page = true;
	req.page = PAGE;
	sdl_send(self, sdl_local(self, CTIM_DB_ACCESS), SIG_CtiDbDeviceListReq, &req);
}

void ctim_handler_control_begin(struct sdl_process *self)
{
	struct cti_handler *h = sdl_data(self);

	h->control.busy = true;
	h->control.round++;
	ask_list(self, NULL);
}

void ctim_handler_control_free(struct handler_control *c)
{
	ctim_control_list_free(&c->known);
	ctim_control_list_free(&c->next);
	ctim_control_list_free(&c->acquired);
}

static void look(struct sdl_process *self)
{
	struct cti_handler *h = sdl_data(self);
	CtiUserSettingsReq req = CTI_USER_SETTINGS_REQ__INIT;

	h->control.busy = true;
	h->control.again = false;
	h->control.round++;
	req.async_response = h->control.round;
	req.user = h->user;
	sdl_send(self, sdl_local(self, CTIM_DB_ACCESS), SIG_CtiUserSettingsReq, &req);
}

int ctim_handler_on_user_changed(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const CtiUserConfigChanged *change = sig->msg;

	if ((change->user && strcmp(change->user, h->user) != 0) ||
	    sdl_mutant(self, MUTANT_CONTROL_FOR_EVER))
		return READY;
	if (h->control.busy)
		h->control.again = true;
	else
		look(self);
	return READY;
}

/* The database does not answer now: what is known stays. */
static int look_later(struct sdl_process *self)
{
	struct cti_handler *h = sdl_data(self);

	ctim_control_list_free(&h->control.next);
	sdl_timer_start_param(self, SIG_CtiUserRetryTimer, PARAM_DATABASE_POLL_INTERVAL);
	return READY;
}

int ctim_handler_on_user_retry(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	look(self);
	return READY;
}

/* ---- groups --------------------------------------------------------------------------------- */

int ctim_handler_on_user_settings(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const CtiUserSettingsRes *res = sig->msg;
	ProviderUserEvent event = PROVIDER_USER_EVENT__INIT;
	uint32_t before = h->capabilities;

	if (!h->control.busy || res->async_response != h->control.round)
		return READY;
	if (res->result == CTIERR_DIRECTORY_TEMPORARY_UNAVAILABLE)
		return look_later(self);
	if (res->result || !res->cti_enabled)
		return ctim_handler_shut(self, CTIERR_DIRECTORY_LOGIN_NOT_ALLOWED);
	h->capabilities = ctim_handler_capabilities(res);
	if (h->capabilities != before) {
		event.has_provider_id = true;
		event.provider_id = h->provider_id;
		event.capabilities = h->capabilities;
		sdl_send(self, h->app, SIG_ProviderUserChanged, &event);
		ctim_handler_monitor_parks(self, false);
	}
	h->control.demoted = h->control.demoted || (before & ~h->capabilities & CAPABILITY_SUPER);
	ask_list(self, NULL);
	return READY;
}

/* ---- devices -------------------------------------------------------------------------------- */

static void tell(struct sdl_process *self, const char *device, DeviceChange change)
{
	struct cti_handler *h = sdl_data(self);
	ProviderDeviceEvent event = PROVIDER_DEVICE_EVENT__INIT;

	event.has_provider_id = true;
	event.provider_id = h->provider_id;
	event.device = (char *)(uintptr_t)device;
	event.change = change;
	sdl_send(self, h->app, SIG_ProviderDeviceConfigurationChanged, &event);
}

static bool is_super(const struct cti_handler *h)
{
	return (h->capabilities & CAPABILITY_SUPER) != 0;
}

/* The device's CTIDeviceLineMgr closes it; CtiManager passes it on behind an open that is under way. */
static void take_away(struct sdl_process *self, const struct ctim_provider_device *d)
{
	CtiHandlerDeviceRelease release = CTI_HANDLER_DEVICE_RELEASE__INIT;

	release.device = (char *)(uintptr_t)d->name;
	release.has_device_handle = release.has_reason = true;
	release.device_handle = d->handle;
	release.reason = CTIERR_ACCESS_TO_DEVICE_DENIED;
	sdl_send(self, sdl_local(self, CTIM_CTI_MANAGER), SIG_CtiHandlerDeviceRelease, &release);
}

static void tell_removed(struct sdl_process *self)
{
	struct cti_handler *h = sdl_data(self);
	const struct handler_control *c = &h->control;
	struct ctim_provider_device *d;

	for (size_t i = 0; i < c->known.n; i++)
		if (!ctim_control_list_has(&c->next, c->known.name[i]) &&
		    !ctim_control_list_has(&c->acquired, c->known.name[i]))
			tell(self, c->known.name[i], DEVICE_CHANGE__REMOVED);
	if (!c->demoted)
		return;
	for (size_t i = 0; i < c->acquired.n; i++)
		if (!ctim_control_list_has(&c->next, c->acquired.name[i]))
			tell(self, c->acquired.name[i], DEVICE_CHANGE__REMOVED);
	/* Opened without being acquired. */
	for (uint32_t at = 0; (d = ctim_provider_next_device(&h->provider, &at));)
		if (d->open && !ctim_control_list_has(&c->next, d->name) &&
		    !ctim_control_list_has(&c->known, d->name) &&
		    !ctim_control_list_has(&c->acquired, d->name))
			tell(self, d->name, DEVICE_CHANGE__REMOVED);
}

static void tell_created(struct sdl_process *self)
{
	const struct cti_handler *h = sdl_data(self);
	const struct handler_control *c = &h->control;

	for (size_t i = 0; i < c->next.n; i++)
		if (!ctim_control_list_has(&c->known, c->next.name[i]) &&
		    !ctim_control_list_has(&c->acquired, c->next.name[i]))
			tell(self, c->next.name[i], DEVICE_CHANGE__CREATED);
}

/* The list is complete. One whose open the database has not answered yet is not our affair: that
 * answer is newer than the list. */
static void settle(struct sdl_process *self)
{
	struct cti_handler *h = sdl_data(self);
	struct handler_control *c = &h->control;
	struct ctim_provider_device *d;

	if (c->complete) {
		tell_removed(self);
		tell_created(self);
	}
	if (c->demoted)
		ctim_control_list_free(&c->acquired);
	if (!is_super(h))
		for (uint32_t at = 0; (d = ctim_provider_next_device(&h->provider, &at));)
			if (!ctim_control_list_has(&c->next, d->name))
				take_away(self, d);
	ctim_control_list_free(&c->known);
	c->known = c->next;
	c->next = (struct control_list){ 0 };
	c->complete = true;
	c->busy = c->demoted = false;
	if (c->again)
		look(self);
}

/* True: the answer was to a question of ours. */
bool ctim_handler_control_listed(struct sdl_process *self, const CtiDbDeviceListRes *list)
{
	struct cti_handler *h = sdl_data(self);
	struct handler_control *c = &h->control;

	if (!(list->cookie & OWN_ROUND))
		return false;
	if (!c->busy || list->cookie != (OWN_ROUND | c->round))
		return true;
	if (list->result != DB_RESULT__DB_OK) {
		look_later(self);
		return true;
	}
	for (size_t i = 0; i < list->n_name; i++)
		ctim_control_list_add(&c->next, list->name[i]);
	if (list->more && list->n_name)
		ask_list(self, list->name[list->n_name - 1]);
	else
		settle(self);
	return true;
}

/* ---- a super provider's own choice (SUP-02) -------------------------------------------------- */

int ctim_handler_on_acquire(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const ProviderDevice *req = sig->msg;
	CtiDbDeviceReq ask = CTI_DB_DEVICE_REQ__INIT;

	ctim_handler_heard(self);
	if (ctim_provider_pending(&h->provider, req->seq))
		return ctim_handler_refuse(self, req->seq, CTIERR_ILLEGAL_MESSAGE_FORMAT);
	if (strlen(req->device) > NAME_LENGTH_MAX || !req->device[0])
		return ctim_handler_refuse(self, req->seq, CTIERR_INVALID_DEVICE_NAME);
	if (!is_super(h))
		return ctim_handler_refuse(self, req->seq, CTIERR_ACCESS_TO_DEVICE_DENIED);
	ctim_provider_add_pending(&h->provider, req->seq, REQUEST_OTHER, NULL, NULL);
	ask.cookie = req->seq;
	ask.user = h->user;
	ask.device = req->device;
	sdl_send(self, sdl_local(self, CTIM_DB_ACCESS), SIG_CtiDbDeviceReq, &ask);
	return READY;
}

static uint32_t may_acquire(const struct cti_handler *h, const CtiDbDeviceRes *res)
{
	DeviceOpen open = DEVICE_OPEN__INIT;
	CtiHandlerDeviceOpen asked = CTI_HANDLER_DEVICE_OPEN__INIT;

	if (res->result == DB_RESULT__DB_NOT_FOUND)
		return CTIERR_INVALID_DEVICE_NAME;
	if (res->result != DB_RESULT__DB_OK || !res->device)
		return CTIERR_DB_ERROR;
	asked.open = &open;
	asked.super_provider = is_super(h);
	asked.kind = h->kind;
	return ctim_device_admits(&asked, res->device, res->controlled);
}

int ctim_handler_on_db_device(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const CtiDbDeviceRes *res = sig->msg;
	struct ctim_provider_pending *r =
		ctim_provider_pending(&h->provider, (uint32_t)res->cookie);
	uint32_t error = may_acquire(h, res);

	if (!r)
		return READY;
	ctim_provider_remove_pending(&h->provider, r);
	ctim_handler_respond(self, (uint32_t)res->cookie, error);
	if (!error && !ctim_control_list_has(&h->control.known, res->name) &&
	    ctim_control_list_add(&h->control.acquired, res->name))
		tell(self, res->name, DEVICE_CHANGE__CREATED);
	return READY;
}

int ctim_handler_on_deacquire(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const ProviderDevice *req = sig->msg;
	struct ctim_provider_device *d;

	ctim_handler_heard(self);
	if (ctim_provider_pending(&h->provider, req->seq))
		return ctim_handler_refuse(self, req->seq, CTIERR_ILLEGAL_MESSAGE_FORMAT);
	if (!ctim_control_list_remove(&h->control.acquired, req->device))
		return ctim_handler_refuse(self, req->seq, CTIERR_INVALID_DEVICE_NAME);
	ctim_handler_respond(self, req->seq, CTIERR_SUCCESS);
	if (ctim_control_list_has(&h->control.known, req->device))
		return READY; /* associated meanwhile */
	tell(self, req->device, DEVICE_CHANGE__REMOVED);
	for (uint32_t at = 0; (d = ctim_provider_next_device(&h->provider, &at));)
		if (!strcmp(d->name, req->device))
			take_away(self, d);
	return READY;
}
