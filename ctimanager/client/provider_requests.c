/* CtiProvider: the application's requests, with handles turned into those of the present
 * CTIManager, and the answers, turned back. */
#include "ctimanager/client/provider.h"

#include <stdlib.h>

#include "common/base/cti_error.h"
#include "common/msg/cti_relay.h"

/* ---- what is unanswered -------------------------------------------------------------------- */
void cti_provider_answer(struct sdl_process *self, uint32_t seq, uint32_t result)
{
	Response answer = RESPONSE__INIT;

	if (!seq)
		return;
	answer.seq = seq;
	answer.result = result;
	cti_provider_tell(self, SIG_Response, &answer);
}

struct cti_pending *cti_provider_pending(struct sdl_process *self, uint16_t signal, uint32_t seq)
{
	struct provider *p = sdl_data(self);
	enum param_id timeout = signal == SIG_CallRedirect ? PARAM_CTI_REDIRECT_REQUEST_TIMEOUT
							   : PARAM_CTI_REQUEST_TIMEOUT;
	int64_t delay = param_ns(sdl_params(self), timeout);

	if (!sdl_timer_running(self, SIG_ClientRequestTimer))
		sdl_timer_start(self, SIG_ClientRequestTimer, delay);
	return cti_pending_add(&p->pending, signal, seq, sdl_now(self) + delay);
}

/* The application was not answered an open, so there is nothing open. */
static void forget_unopened(struct provider *p, const struct cti_pending *pending)
{
	struct cti_device *device = cti_opened_device(&p->opened, pending->device);
	struct cti_line *line = cti_opened_line(&p->opened, pending->line);

	if (pending->signal == SIG_LineOpen && line && line->state == CTI_OPENING)
		cti_opened_remove_line(&p->opened, line);
	else if (pending->signal == SIG_DeviceOpen && device && device->state == CTI_OPENING)
		cti_opened_remove_device(&p->opened, device);
	else if (pending->signal == SIG_LineClose && line)
		cti_opened_remove_line(&p->opened, line);
	else if (pending->signal == SIG_DeviceClose && device)
		cti_opened_remove_device(&p->opened, device);
}

/* A close whose answer came too late, or never: the application has been told of a time-out. */
static void closed_late(struct sdl_process *self, const struct cti_pending *pending)
{
	struct provider *p = sdl_data(self);
	struct cti_device *device = cti_opened_device(&p->opened, pending->device);
	struct cti_line *line = cti_opened_line(&p->opened, pending->line);

	if (pending->signal == SIG_LineClose && line)
		cti_provider_line_is_closed(self, line, CTIERR_SUCCESS);
	else if (pending->signal == SIG_DeviceClose && device)
		cti_provider_device_is_closed(self, device, CTIERR_SUCCESS);
}

void cti_provider_fail_pending(struct sdl_process *self)
{
	struct provider *p = sdl_data(self);

	while (p->pending.first) {
		struct cti_pending *pending = p->pending.first;
		bool closing =
			pending->signal == SIG_LineClose || pending->signal == SIG_DeviceClose;

		if (!closing || pending->seq)
			forget_unopened(p, pending);
		else
			closed_late(self, pending);
		/* What was to be closed is not open any more: just what was asked for. */
		cti_provider_answer(self, pending->seq,
				    closing ? CTIERR_SUCCESS : CTIERR_PROVIDER_CLOSED);
		cti_pending_remove(&p->pending, pending);
	}
	p->reopening = 0;
	sdl_timer_stop(self, SIG_ClientRequestTimer);
}

int cti_provider_on_request_timer(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct provider *p = sdl_data(self);
	struct cti_pending *pending;
	int64_t next;

	(void)sig;
	while ((pending = cti_pending_overdue(&p->pending, sdl_now(self)))) {
		Response none = RESPONSE__INIT;
		struct cti_device *device = cti_opened_device(&p->opened, pending->device);
		struct cti_line *line = cti_opened_line(&p->opened, pending->line);
		uint16_t signal = pending->signal;
		uint32_t seq = pending->seq;

		none.result = CTIERR_PROTOCOL_TIMEOUT;
		if (signal == SIG_DeviceClose || signal == SIG_LineClose) {
			/* It may be done yet; then the application has to know. */
			pending->seq = 0;
			pending->deadline = INT64_MAX;
			cti_provider_answer(self, seq, none.result);
			continue;
		}
		if (signal == SIG_DeviceOpen || signal == SIG_LineOpen)
			forget_unopened(p, pending);
		cti_pending_remove(&p->pending, pending);
		cti_provider_answer(self, seq, none.result);
		if (!seq && signal == SIG_DeviceOpen)
			cti_provider_reopened_device(self, device, &none);
		else if (!seq && signal == SIG_LineOpen)
			cti_provider_reopened_line(self, line, &none);
	}
	next = cti_pending_deadline(&p->pending);
	if (next != INT64_MAX)
		sdl_timer_start(self, SIG_ClientRequestTimer, next - sdl_now(self));
	return sdl_state(self);
}

/* ---- requests ------------------------------------------------------------------------------ */
static bool in_service(const struct sdl_process *self)
{
	return sdl_state(self) == PROVIDER_IN_SERVICE;
}

int cti_provider_on_get_device_info(struct sdl_process *self, const struct sdl_signal *sig)
{
	const ClientGetDeviceInfo *m = sig->msg;
	struct provider *p = sdl_data(self);
	ProviderGetDeviceInfo get = PROVIDER_GET_DEVICE_INFO__INIT;

	if (!in_service(self)) {
		cti_provider_answer(self, m->seq, CTIERR_PROVIDER_NOT_OPEN);
		return sdl_state(self);
	}
	get.seq = cti_provider_pending(self, SIG_ProviderGetDeviceInfo, m->seq)->wire_seq;
	get.after = m->after;
	sdl_send(self, p->far, SIG_ProviderGetDeviceInfo, &get);
	return sdl_state(self);
}

/* Once it is granted, the next CTIManager is asked for the same. */
int cti_provider_on_change_filter(struct sdl_process *self, const struct sdl_signal *sig)
{
	const ProviderChangeEventFilter *m = sig->msg;
	struct provider *p = sdl_data(self);
	ProviderChangeEventFilter ask = *m;
	struct cti_pending *pending;

	if (!in_service(self)) {
		cti_provider_answer(self, m->seq, CTIERR_PROVIDER_NOT_OPEN);
		return sdl_state(self);
	}
	pending = cti_provider_pending(self, sig->number, m->seq);
	pending->filter = m->filter;
	ask.seq = pending->wire_seq;
	sdl_send(self, p->far, sig->number, &ask);
	return sdl_state(self);
}

/* A super provider takes a device, or lets go of it. */
int cti_provider_on_acquire(struct sdl_process *self, const struct sdl_signal *sig)
{
	const ProviderDevice *m = sig->msg;
	struct provider *p = sdl_data(self);
	ProviderDevice ask = *m;

	if (!in_service(self)) {
		cti_provider_answer(self, m->seq, CTIERR_PROVIDER_NOT_OPEN);
		return sdl_state(self);
	}
	ask.seq = cti_provider_pending(self, sig->number, m->seq)->wire_seq;
	sdl_send(self, p->far, sig->number, &ask);
	return sdl_state(self);
}

int cti_provider_on_device_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	const DeviceOpen *m = sig->msg;
	struct provider *p = sdl_data(self);
	DeviceOpen open = *m;
	struct cti_device *device;
	struct cti_pending *pending;

	if (!in_service(self)) {
		cti_provider_answer(self, m->seq, CTIERR_PROVIDER_NOT_OPEN);
		return sdl_state(self);
	}
	if (cti_opened_device_named(&p->opened, m->device)) {
		cti_provider_answer(self, m->seq, CTIERR_DEVICE_ALREADY_OPENED);
		return sdl_state(self);
	}
	device = cti_opened_add_device(&p->opened, m->device);
	device->registration =
		m->has_registration ? (enum cti_registration)m->registration : CTI_WATCH;
	device->ip = m->ip;
	device->port = m->port;
	for (size_t i = 0; i < m->n_codec && i < CTI_CODECS_MAX; i++)
		device->codec[device->codecs_n++] = m->codec[i];
	pending = cti_provider_pending(self, SIG_DeviceOpen, m->seq);
	pending->device = device->id;
	open.seq = pending->wire_seq;
	sdl_send(self, p->far, SIG_DeviceOpen, &open);
	return sdl_state(self);
}

void cti_provider_close_device(struct sdl_process *self, struct cti_device *device, uint32_t seq)
{
	struct provider *p = sdl_data(self);
	struct cti_pending *pending = cti_provider_pending(self, SIG_DeviceClose, seq);
	DeviceRequest close = DEVICE_REQUEST__INIT;

	pending->device = device->id;
	close.seq = pending->wire_seq;
	close.device_handle = device->wire;
	sdl_send(self, p->far, SIG_DeviceClose, &close);
}

int cti_provider_on_device_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	const DeviceRequest *m = sig->msg;
	struct provider *p = sdl_data(self);
	struct cti_device *device =
		cti_opened_device(&p->opened, (uint32_t)cti_handle_id(m->device_handle));

	if (!device || device->state == CTI_OPENING) {
		cti_provider_answer(self, m->seq, CTIERR_ILLEGAL_HANDLE);
	} else if (device->state == CTI_OPEN) {
		cti_provider_close_device(self, device, m->seq);
	} else if (device->state == CTI_LOST) {
		cti_opened_remove_device(&p->opened, device);
		cti_provider_answer(self, m->seq, CTIERR_SUCCESS);
	} else if (!device->close_seq) {
		device->close_seq = m->seq; /* done when it is reopened */
	} else {
		cti_provider_answer(self, m->seq, CTIERR_ILLEGAL_HANDLE); /* closed twice */
	}
	return sdl_state(self);
}

int cti_provider_on_line_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	const LineOpen *m = sig->msg;
	struct provider *p = sdl_data(self);
	struct cti_device *device =
		cti_opened_device(&p->opened, (uint32_t)cti_handle_id(m->device_handle));
	LineOpen open = *m;
	struct cti_pending *pending;
	struct cti_line *line;

	if (!device || device->state == CTI_OPENING) {
		cti_provider_answer(self, m->seq, CTIERR_DEVICE_NOT_OPEN);
		return sdl_state(self);
	}
	if (!in_service(self) || device->state != CTI_OPEN) {
		cti_provider_answer(self, m->seq, CTIERR_DEVICE_OUT_OF_SERVICE);
		return sdl_state(self);
	}
	if (cti_opened_line_of(device, 0, m->dn)) {
		cti_provider_answer(self, m->seq, CTIERR_LINE_ALREADY_OPENED);
		return sdl_state(self);
	}
	line = cti_opened_add_line(&p->opened, device, m->dn);
	line->auto_accept = m->auto_accept;
	pending = cti_provider_pending(self, SIG_LineOpen, m->seq);
	pending->device = device->id;
	pending->line = line->id;
	open.seq = pending->wire_seq;
	open.device_handle = device->wire;
	sdl_send(self, p->far, SIG_LineOpen, &open);
	return sdl_state(self);
}

void cti_provider_close_line(struct sdl_process *self, struct cti_line *line, uint32_t seq)
{
	struct provider *p = sdl_data(self);
	struct cti_pending *pending = cti_provider_pending(self, SIG_LineClose, seq);
	LineRequest close = LINE_REQUEST__INIT;

	pending->line = line->id;
	close.seq = pending->wire_seq;
	close.line_handle = line->wire;
	sdl_send(self, p->far, SIG_LineClose, &close);
}

int cti_provider_on_line_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	const LineRequest *m = sig->msg;
	struct provider *p = sdl_data(self);
	struct cti_line *line =
		cti_opened_line(&p->opened, (uint32_t)cti_handle_id(m->line_handle));

	if (!line || line->state == CTI_OPENING) {
		cti_provider_answer(self, m->seq, CTIERR_INVALID_LINE_HANDLE);
	} else if (line->state == CTI_OPEN) {
		cti_provider_close_line(self, line, m->seq);
	} else if (line->state == CTI_LOST) {
		cti_opened_remove_line(&p->opened, line);
		cti_provider_answer(self, m->seq, CTIERR_SUCCESS);
	} else if (!line->close_seq) {
		line->close_seq = m->seq;
	} else {
		cti_provider_answer(self, m->seq, CTIERR_INVALID_LINE_HANDLE);
	}
	return sdl_state(self);
}

/* What a request is about, as the present CTIManager calls it; an error: nothing that it could be
 * asked about. Of calls only the CTIManager knows all. */
static uint32_t find_subject(struct sdl_process *self, const struct cti_request_head *m,
			     uint8_t subject, uint64_t *wire, struct cti_line **line)
{
	struct provider *p = sdl_data(self);
	uint64_t id = cti_handle_id(m->handle);
	const struct cti_device *device;
	const struct cti_known_call *call;

	switch (subject) {
	case CTI_SUBJECT_DEVICE:
		device = cti_opened_device(&p->opened, (uint32_t)id);
		if (!device || device->state == CTI_OPENING)
			return CTIERR_ILLEGAL_HANDLE;
		*wire = device->wire;
		return device->state == CTI_OPEN ? CTIERR_SUCCESS : CTIERR_DEVICE_OUT_OF_SERVICE;
	case CTI_SUBJECT_LINE:
		*line = cti_opened_line(&p->opened, (uint32_t)id);
		if (!*line || (*line)->state == CTI_OPENING)
			return CTIERR_INVALID_LINE_HANDLE;
		*wire = (*line)->wire;
		return (*line)->state == CTI_OPEN ? CTIERR_SUCCESS : CTIERR_LINE_OUT_OF_SERVICE;
	default:
		call = cti_opened_call(&p->opened, id);
		*line = call ? call->line : NULL;
		*wire = id;
		return in_service(self) ? CTIERR_SUCCESS : CTIERR_LINE_OUT_OF_SERVICE;
	}
}

/* Further calls, as the CTIManager calls them; NULL: one is another provider's. */
static uint64_t *wire_calls(const struct provider *p, const CallWithOthers *m)
{
	uint64_t *wire = calloc(m->n_other_call_handle + 1, sizeof(wire[0]));

	if (!wire)
		abort();
	for (size_t i = 0; i < m->n_other_call_handle; i++) {
		wire[i] = cti_handle_id(m->other_call_handle[i]);
		if (cti_handle_provider(m->other_call_handle[i]) == p->number)
			continue;
		free(wire);
		return NULL;
	}
	return wire;
}

static void send_request(struct sdl_process *self, const struct sdl_signal *sig, uint64_t wire,
			 const struct cti_line *line)
{
	struct provider *p = sdl_data(self);
	const struct cti_request_head *m = sig->msg;
	union cti_request_body request;
	uint64_t *others = NULL;
	struct cti_pending *pending;

	msg_cti_copy(m, &request);
	if (m->base.descriptor == &call_with_others__descriptor) {
		others = wire_calls(p, sig->msg);
		if (!others) {
			cti_provider_answer(self, m->seq, CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL);
			return;
		}
		request.others.other_call_handle = others;
	}
	pending = cti_provider_pending(self, sig->number, m->seq);
	pending->line = line ? line->id : 0;
	if (sig->number == SIG_LineAutoAcceptChange)
		pending->auto_accept = request.auto_accept.auto_accept;
	request.head.seq = pending->wire_seq;
	request.head.handle = wire;
	sdl_send(self, p->far, sig->number, &request);
	free(others);
}

int cti_provider_on_request(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct cti_request_head *m = sig->msg;
	struct cti_line *line = NULL;
	uint64_t wire = 0;
	uint32_t error = find_subject(self, m, msg_cti_request(sig->number)->subject, &wire, &line);

	if (error)
		cti_provider_answer(self, m->seq, error);
	else
		send_request(self, sig, wire, line);
	return sdl_state(self);
}

/* ---- answers ------------------------------------------------------------------------------- */
static void opened_device(struct provider *p, struct cti_device *device, Response *answer)
{
	if (answer->result != CTIERR_SUCCESS) {
		cti_opened_remove_device(&p->opened, device);
		return;
	}
	device->wire = answer->device_handle;
	device->state = CTI_OPEN;
	answer->has_device_handle = true;
	answer->device_handle = cti_handle(p->number, device->id);
}

static void opened_line(struct provider *p, struct cti_line *line, Response *answer)
{
	if (answer->result != CTIERR_SUCCESS) {
		cti_opened_remove_line(&p->opened, line);
		return;
	}
	line->wire = answer->line_handle;
	line->state = CTI_OPEN;
	answer->has_line_handle = answer->has_device_handle = true;
	answer->line_handle = cti_handle(p->number, line->id);
	answer->device_handle = cti_handle(p->number, line->device->id);
}

/* Its answer names a new call, ahead of what is told of it. The answers of others name calls that are
 * known by their events, and may have ended before. */
static bool makes_call(uint16_t request)
{
	return request == SIG_LineCallInitiate || request == SIG_CallSetupTransfer ||
	       request == SIG_CallSetupConference;
}

/* What a successful answer changes here; handles in it become those of the application. */
static void take_answer(struct provider *p, const struct cti_pending *pending, Response *answer)
{
	struct cti_device *device = cti_opened_device(&p->opened, pending->device);
	struct cti_line *line = cti_opened_line(&p->opened, pending->line);
	bool ok = answer->result == CTIERR_SUCCESS;

	if (answer->has_call_handle) {
		if (line && ok && makes_call(pending->signal))
			cti_opened_add_call(&p->opened, line, answer->call_handle);
		answer->call_handle = cti_handle(p->number, answer->call_handle);
	}
	if (pending->signal == SIG_DeviceOpen && device && device->state == CTI_OPENING)
		opened_device(p, device, answer);
	else if (pending->signal == SIG_LineOpen && line && line->state == CTI_OPENING)
		opened_line(p, line, answer);
	else if (pending->signal == SIG_DeviceClose && device && ok)
		cti_opened_remove_device(&p->opened, device);
	else if (pending->signal == SIG_LineClose && line && ok)
		cti_opened_remove_line(&p->opened, line);
	else if (pending->signal == SIG_ProviderChangeEventFilter && ok)
		p->filter = pending->filter;
	else if (pending->signal == SIG_LineAutoAcceptChange && line && ok)
		line->auto_accept = pending->auto_accept; /* also where it is reopened */
}

/* Answered too late: the application was told of a time-out, so what was opened after all is closed
 * again; else the next open of it would be refused. */
static void undo_late_open(struct sdl_process *self, const Response *m)
{
	struct provider *p = sdl_data(self);
	DeviceRequest device = DEVICE_REQUEST__INIT;
	LineRequest line = LINE_REQUEST__INIT;

	if (!in_service(self) || m->result != CTIERR_SUCCESS)
		return;
	if (m->has_line_handle) {
		line.seq = ++p->pending.last_seq;
		line.line_handle = m->line_handle;
		sdl_send(self, p->far, SIG_LineClose, &line);
	} else if (m->has_device_handle) {
		device.seq = ++p->pending.last_seq;
		device.device_handle = m->device_handle;
		sdl_send(self, p->far, SIG_DeviceClose, &device);
	}
}

int cti_provider_on_response(struct sdl_process *self, const struct sdl_signal *sig)
{
	const Response *m = sig->msg;
	struct provider *p = sdl_data(self);
	struct cti_pending *found = cti_pending_find(&p->pending, m->seq);
	Response answer = *m;
	struct cti_pending pending;
	struct cti_device *device;
	struct cti_line *line;

	cti_provider_heard(p);
	if (!found) {
		undo_late_open(self, m);
		return sdl_state(self);
	}
	pending = *found;
	cti_pending_remove(&p->pending, found);
	if (pending.seq) {
		take_answer(p, &pending, &answer);
		answer.seq = pending.seq;
		cti_provider_tell(self, SIG_Response, &answer);
		return sdl_state(self);
	}
	device = cti_opened_device(&p->opened, pending.device);
	line = cti_opened_line(&p->opened, pending.line);
	if (pending.signal == SIG_DeviceOpen)
		cti_provider_reopened_device(self, device, m);
	else if (pending.signal == SIG_LineOpen)
		cti_provider_reopened_line(self, line, m);
	else if (m->result == CTIERR_SUCCESS)
		closed_late(self, &pending);
	return sdl_state(self);
}
