/* What an application asks of its open provider, and what the devices answer and tell. Handles are
 * checked here, everything else in the CTIDeviceLineMgr. */
#include "ctimanager/process.h"

#include <string.h>

#include "common/base/cause.h"
#include "common/base/cti_error.h"
#include "common/msg/cti_relay.h"
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

	if (ctim_handler_control_listed(self, list) || !r)
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

int ctim_handler_on_line_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	const LineRequest *req = sig->msg;
	struct ctim_provider_line *l = ctim_provider_line(&h->provider, req->line_handle);

	ctim_handler_heard(self);
	if (!l || !l->open)
		return ctim_handler_refuse(self, req->seq, CTIERR_INVALID_LINE_HANDLE);
	return pass(self, sig, REQUEST_LINE_CLOSE, l->device, l);
}

/* ---- requests about a call, a line, a device ------------------------------------------------- */

/* No text of a request may be longer than a number is. */
static uint32_t check_lengths(const struct sdl_signal *sig)
{
	const ProtobufCMessage *msg = sig->msg;

	for (unsigned i = 0; i < msg->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &msg->descriptor->fields[i];
		const void *at = (const char *)msg + f->offset;

		if (f->type == PROTOBUF_C_TYPE_STRING && too_long(*(char *const *)at))
			return sig->number == SIG_CallPlayDtmf ? CTIERR_INVALID_DTMFDIGITS
							       : CTIERR_INVALID_PARAMETER;
		if (f->type == PROTOBUF_C_TYPE_BYTES &&
		    ((const ProtobufCBinaryData *)at)->len > DATA_LENGTH_MAX)
			return CTIERR_MESSAGE_TOO_BIG;
	}
	return CTIERR_SUCCESS;
}

/* GRP-03: who may not change the calling number may not ask for it, whatever it is to be. */
static uint32_t check_rights(const struct cti_handler *h, const struct sdl_signal *sig)
{
	const CallRedirect *redirect = sig->msg;

	if (sig->number == SIG_CallRedirect && redirect->calling &&
	    !(h->capabilities & CAPABILITY_MODIFY_CGPN))
		return CTIERR_REDIRECT_UNAUTHORIZED_COMMAND_USAGE;
	return CTIERR_SUCCESS;
}

/* RTP-09: a call that is gone is unknown to line control; one that its CallManager took with it is
 * refused until the line is in service. */
static uint32_t check_call(const struct ctim_provider_call *c)
{
	if (!c)
		return CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL;
	return c->ended ? CTIERR_LINE_OUT_OF_SERVICE : CTIERR_SUCCESS;
}

/* What is joined has to be on one device. */
static uint32_t check_others(const struct cti_handler *h, const CallWithOthers *req,
			     const struct ctim_provider_device *device)
{
	if (req->n_other_call_handle > OTHERS_MAX)
		return CTIERR_INVALID_PARAMETER;
	for (size_t i = 0; i < req->n_other_call_handle; i++) {
		const struct ctim_provider_call *c =
			ctim_provider_call(&h->provider, req->other_call_handle[i]);
		uint32_t error = check_call(c);

		if (error)
			return error;
		if (c->line->device != device || req->other_call_handle[i] == req->call_handle)
			return CTIERR_ILLEGAL_HANDLE;
	}
	return CTIERR_SUCCESS;
}

/* The device and line that a request is about; an error: it is about none. */
static uint32_t find_subject(const struct cti_handler *h, const struct sdl_signal *sig,
			     struct ctim_provider_device **d, struct ctim_provider_line **l)
{
	const struct cti_request_head *req = sig->msg;
	const struct ctim_provider_call *c;
	uint32_t error;

	switch (msg_cti_request(sig->number)->subject) {
	case CTI_SUBJECT_DEVICE:
		*d = ctim_provider_device(&h->provider, req->handle);
		return *d && (*d)->open ? CTIERR_SUCCESS : CTIERR_ILLEGAL_HANDLE;
	case CTI_SUBJECT_LINE:
		*l = ctim_provider_line(&h->provider, req->handle);
		if (!*l || !(*l)->open)
			return CTIERR_INVALID_LINE_HANDLE;
		*d = (*l)->device;
		return CTIERR_SUCCESS;
	default:
		c = ctim_provider_call(&h->provider, req->handle);
		error = check_call(c);
		if (error)
			return error;
		*d = c->line->device;
		return req->base.descriptor == &call_with_others__descriptor
			       ? check_others(h, sig->msg, *d)
			       : CTIERR_SUCCESS;
	}
}

int ctim_handler_on_request(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti_handler *h = sdl_data(self);
	struct ctim_provider_device *d = NULL;
	struct ctim_provider_line *l = NULL;
	uint32_t error = check_lengths(sig);

	ctim_handler_heard(self);
	if (!error)
		error = check_rights(h, sig);
	if (!error)
		error = find_subject(h, sig, &d, &l);
	if (error)
		return ctim_handler_refuse(self, seq_of(sig), error);
	return pass(self, sig, REQUEST_OTHER, d, l);
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

	if (sig->number == SIG_StartReception || sig->number == SIG_StartTransmission)
		return ctim_handler_on_media_event(self, sig);
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
