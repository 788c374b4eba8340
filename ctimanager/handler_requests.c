/* What an application asks of its open provider, and what the devices answer and tell. Handles are
 * checked here, everything else in the CTIDeviceLineMgr. */
#include "ctimanager/process.h"

#include <string.h>

#include "common/base/cause.h"
#include "common/base/cti_error.h"
#include "ctimanager/alarm.h"
#include "ctimanager/handler.h"

/* ---- requests ------------------------------------------------------------------------------ */

/* Every request begins with its number (field 1, seq). */
static uint32_t seq_of(const struct sdl_signal *sig)
{
	const ProviderRequest *req = sig->msg;

	return req->seq;
}

int ctim_handler_on_not_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	return ctim_handler_refuse(self, seq_of(sig), CTIERR_PROVIDER_NOT_OPEN);
}

int ctim_handler_on_get_capabilities(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	Response res = RESPONSE__INIT;

	ctim_handler_heard(self);
	res.seq = seq_of(sig);
	res.has_capabilities = true;
	res.capabilities = h->capabilities;
	sdl_send(self, h->app, SIG_Response, &res);
	return READY;
}

int ctim_handler_on_get_device_info(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const ProviderGetDeviceInfo *req = sig->msg;
	CtiDbDeviceListReq list = CTI_DB_DEVICE_LIST_REQ__INIT;

	ctim_handler_heard(self);
	if (!ctim_provider_add_pending(&h->provider, req->seq, REQUEST_DEVICE_LIST, NULL, NULL))
		return ctim_handler_refuse(self, req->seq, CTIERR_ILLEGAL_MESSAGE_FORMAT);
	list.cookie = req->seq;
	list.user = h->user;
	list.after = req->after;
	sdl_send(self, sdl_local(self, CTIM_DB_ACCESS), SIG_CtiDbDeviceListReq, &list);
	return READY;
}

int ctim_handler_on_device_list(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const CtiDbDeviceListRes *list = sig->msg;
	struct ctim_provider_pending *r =
		ctim_provider_pending(&h->provider, (uint32_t)list->cookie);
	Response res = RESPONSE__INIT;

	if (!r)
		return READY;
	res.seq = r->seq;
	ctim_provider_remove_pending(&h->provider, r);
	if (list->result != DB_RESULT__DB_OK)
		return ctim_handler_refuse(self, res.seq, CTIERR_DB_ERROR);
	res.device = list->name;
	res.n_device = list->n_name;
	res.has_more = true;
	res.more = list->more;
	sdl_send(self, h->app, SIG_Response, &res);
	return READY;
}

static bool too_long(const char *number)
{
	return number && strlen(number) > NUMBER_LENGTH_MAX;
}

int ctim_handler_on_device_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const DeviceOpen *req = sig->msg;
	CtiHandlerDeviceOpen open = CTI_HANDLER_DEVICE_OPEN__INIT;
	struct ctim_provider_device *d;

	ctim_handler_heard(self);
	if (ctim_provider_pending(&h->provider, req->seq))
		return ctim_handler_refuse(self, req->seq, CTIERR_ILLEGAL_MESSAGE_FORMAT);
	if (strlen(req->device) > NAME_LENGTH_MAX || !req->device[0])
		return ctim_handler_refuse(self, req->seq, CTIERR_INVALID_DEVICE_NAME);
	if (req->n_codec > CODECS_MAX)
		return ctim_handler_refuse(self, req->seq, CTIERR_INVALID_PARAMETER);
	if (sdl_mutant(self, MUTANT_SOFT_LIMIT_REFUSES) &&
	    h->provider.devices_open >=
		    param_value(sdl_params(self), PARAM_MAX_DEVICES_PER_PROVIDER))
		return ctim_handler_refuse(self, req->seq, CTIERR_RESOURCE_NOT_AVAILABLE);
	d = ctim_provider_add_device(&h->provider, sdl_self(self).node, req->device);
	ctim_provider_add_pending(&h->provider, req->seq, REQUEST_DEVICE_OPEN, d, NULL);
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
		struct ctim_provider_device *d, struct ctim_provider_line *l)
{
	struct cti_handler *h = sdl_data(self);

	if (!ctim_provider_add_pending(&h->provider, seq_of(sig), kind, d, l))
		return ctim_handler_refuse(self, seq_of(sig), CTIERR_ILLEGAL_MESSAGE_FORMAT);
	sdl_forward(self, d->mgr, sig);
	return READY;
}

int ctim_handler_on_device_request(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const DeviceRequest *req = sig->msg;
	struct ctim_provider_device *d = ctim_provider_device(&h->provider, req->device_handle);

	ctim_handler_heard(self);
	if (!d || !d->open)
		return ctim_handler_refuse(self, req->seq, CTIERR_ILLEGAL_HANDLE);
	return pass(self, sig,
		    sig->number == SIG_DeviceClose ? REQUEST_DEVICE_CLOSE : REQUEST_OTHER, d, NULL);
}

int ctim_handler_on_line_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const LineOpen *req = sig->msg;
	CtiHandlerLineOpen open = CTI_HANDLER_LINE_OPEN__INIT;
	struct ctim_provider_device *d = ctim_provider_device(&h->provider, req->device_handle);
	struct ctim_provider_line *l;

	ctim_handler_heard(self);
	if (!d || !d->open)
		return ctim_handler_refuse(self, req->seq, CTIERR_ILLEGAL_HANDLE);
	if (ctim_provider_pending(&h->provider, req->seq))
		return ctim_handler_refuse(self, req->seq, CTIERR_ILLEGAL_MESSAGE_FORMAT);
	if (too_long(req->dn) || too_long(req->partition))
		return ctim_handler_refuse(self, req->seq, CTIERR_UNDEFINED_LINE);
	l = ctim_provider_add_line(&h->provider, sdl_self(self).node, d);
	ctim_provider_add_pending(&h->provider, req->seq, REQUEST_LINE_OPEN, d, l);
	open.open = (LineOpen *)(uintptr_t)req;
	open.line_handle = l->handle;
	sdl_send(self, d->mgr, SIG_CtiHandlerLineOpen, &open);
	return READY;
}

static int line_request(struct sdl_process *self, const struct sdl_signal *sig, uint64_t handle,
			enum provider_request kind)
{
	struct cti_handler *h = sdl_data(self);
	struct ctim_provider_line *l = ctim_provider_line(&h->provider, handle);

	ctim_handler_heard(self);
	if (!l || !l->open)
		return ctim_handler_refuse(self, seq_of(sig), CTIERR_INVALID_LINE_HANDLE);
	return pass(self, sig, kind, l->device, l);
}

int ctim_handler_on_line_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	const LineRequest *req = sig->msg;

	return line_request(self, sig, req->line_handle, REQUEST_LINE_CLOSE);
}

int ctim_handler_on_call_initiate(struct sdl_process *self, const struct sdl_signal *sig)
{
	const LineCallInitiate *req = sig->msg;

	ctim_handler_heard(self);
	if (too_long(req->called))
		return ctim_handler_refuse(self, req->seq, CTIERR_INVALID_PARAMETER);
	return line_request(self, sig, req->line_handle, REQUEST_OTHER);
}

/* All requests about a call begin with seq and call handle. RTP-09: a call that is gone is unknown
 * to line control; one that its CallManager took with it is refused until the line is in service.
 */
int ctim_handler_on_call_request(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const CallRequest *req = sig->msg;
	struct ctim_provider_call *c = ctim_provider_call(&h->provider, req->call_handle);

	ctim_handler_heard(self);
	if (sig->number == SIG_CallRedirect) {
		const CallRedirect *redirect = sig->msg;

		if (too_long(redirect->destination) || too_long(redirect->original_called))
			return ctim_handler_refuse(self, req->seq, CTIERR_INVALID_PARAMETER);
	}
	if (!c)
		return ctim_handler_refuse(self, req->seq,
					   CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL);
	if (c->ended)
		return ctim_handler_refuse(self, req->seq, CTIERR_LINE_OUT_OF_SERVICE);
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

static void drop_line(struct sdl_process *self, struct ctim_provider_line *l)
{
	struct cti_handler *h = sdl_data(self);

	if (l->open)
		sdl_count(self, COUNTER_LINES_OPEN, -1);
	ctim_provider_remove_line(&h->provider, l);
}

static void drop_device(struct sdl_process *self, struct ctim_provider_device *d, uint32_t reason)
{
	struct cti_handler *h = sdl_data(self);

	while (d->requests) {
		ctim_handler_respond(self, d->requests->seq, reason);
		ctim_provider_remove_pending(&h->provider, d->requests);
	}
	while (d->lines)
		drop_line(self, d->lines);
	if (d->open)
		count_device(self, -1);
	ctim_provider_remove_device(&h->provider, d);
}

int ctim_handler_on_response(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const Response *res = sig->msg;
	struct ctim_provider_pending *r = ctim_provider_pending(&h->provider, res->seq);
	struct ctim_provider_pending done;

	if (!r)
		return READY; /* answered here already */
	done = *r;
	ctim_provider_remove_pending(&h->provider, r);
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

int ctim_handler_on_event(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);

	sdl_forward(self, h->app, sig);
	return READY;
}

int ctim_handler_on_device_event(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const DeviceEvent *event = sig->msg;
	struct ctim_provider_device *d = ctim_provider_device(&h->provider, event->device_handle);

	if (!d)
		return READY;
	sdl_forward(self, h->app, sig);
	if (sig->number == SIG_DeviceInService)
		ctim_provider_forget_ended(&h->provider, d);
	else if (sig->number == SIG_DeviceClosed)
		drop_device(self, d, event->reason ? event->reason : CTIERR_DEVICE_NOT_OPEN);
	return READY;
}

int ctim_handler_on_line_event(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const LineEvent *event = sig->msg;
	struct ctim_provider_line *l = ctim_provider_line(&h->provider, event->line_handle);

	if (!l)
		return READY;
	sdl_forward(self, h->app, sig);
	if (sig->number == SIG_LineClosed)
		drop_line(self, l);
	return READY;
}

int ctim_handler_on_call_event(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const CallEvent *event = sig->msg;
	struct ctim_provider_line *l = ctim_provider_line(&h->provider, event->line_handle);
	struct ctim_provider_call *c = ctim_provider_call(&h->provider, event->call_handle);

	if (!l)
		return READY;
	sdl_forward(self, h->app, sig);
	if (sig->number == SIG_NewCall || sig->number == SIG_ExistingCall)
		ctim_provider_add_call(&h->provider, l, event->call_handle);
	else if (sig->number == SIG_CallClosed && c) {
		if (event->cause == CAUSE_CALL_CALLMANAGER_FAILURE)
			c->ended = true;
		else
			ctim_provider_remove_call(&h->provider, c);
	}
	return READY;
}
