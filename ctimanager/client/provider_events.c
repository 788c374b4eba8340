/* CtiProvider: events of the CTIManager, its loss, and what is reopened at the next one. */
#include "ctimanager/client/provider.h"

#include <stdlib.h>

#include <utlist.h>

#include "common/base/cti_error.h"
#include "common/msg/cti_relay.h"

/* Opens under way while reopening: more of them would only wait at the CTIManager. */
#define REOPENING_MAX 256
/* An error that may pass is asked again after half a heartbeat interval; for longer than the lost
 * CTIManager takes to notice that we are gone (two intervals), so that it lets go of media. */
#define RETRIES_MAX   8
#define BEATS_TO_WAIT 2

/* ---- handles ------------------------------------------------------------------------------- */
static uint64_t device_handle(const struct provider *p, const struct cti_device *device)
{
	return cti_handle(p->number, device->id);
}

static uint64_t line_handle(const struct provider *p, const struct cti_line *line)
{
	return cti_handle(p->number, line->id);
}

/* Of an event; none: closed meanwhile, or opened too late and about to be closed again: the event
 * means nothing. */
static struct cti_device *device_of(const struct provider *p, const char *name)
{
	struct cti_device *d = cti_opened_device_named(&p->opened, name);

	return d && d->state != CTI_LOST && d->state != CTI_REOPENING ? d : NULL;
}

static struct cti_line *line_of(const struct provider *p, const char *device, uint64_t wire,
				const char *dn)
{
	struct cti_device *d = device_of(p, device);
	struct cti_line *line = d ? cti_opened_line_of(d, wire, dn) : NULL;

	return line && line->state != CTI_LOST ? line : NULL;
}

/* ---- of the provider ------------------------------------------------------------------------ */
int cti_provider_on_device_changed(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct provider *p = sdl_data(self);
	ProviderDeviceEvent ev = *(const ProviderDeviceEvent *)sig->msg;

	cti_provider_heard(p);
	ev.provider_id = p->number;
	cti_provider_tell(self, sig->number, &ev);
	return sdl_state(self);
}

int cti_provider_on_user_changed(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct provider *p = sdl_data(self);
	ProviderUserEvent ev = *(const ProviderUserEvent *)sig->msg;

	cti_provider_heard(p);
	ev.provider_id = p->number;
	cti_provider_tell(self, sig->number, &ev);
	return sdl_state(self);
}

int cti_provider_on_park_status(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct provider *p = sdl_data(self);
	LineParkStatusEvent ev = *(const LineParkStatusEvent *)sig->msg;

	cti_provider_heard(p);
	ev.provider_id = p->number;
	cti_provider_tell(self, sig->number, &ev);
	return sdl_state(self);
}

/* ---- events -------------------------------------------------------------------------------- */
/* What is told of an open comes after its answer: of one whose answer came too late, and which is
 * being undone, nothing is passed on. */
int cti_provider_on_device_event(struct sdl_process *self, const struct sdl_signal *sig)
{
	const DeviceEvent *m = sig->msg;
	struct provider *p = sdl_data(self);
	struct cti_device *device = device_of(p, m->device);
	DeviceEvent ev = *m;

	cti_provider_heard(p);
	if (!device || device->state != CTI_OPEN)
		return sdl_state(self);
	if (sig->number == SIG_DeviceInService ? !cti_service_in(&device->service)
					       : !cti_service_out(&device->service, (int)m->cause))
		return sdl_state(self);
	ev.device_handle = device_handle(p, device);
	cti_provider_tell(self, sig->number, &ev);
	return sdl_state(self);
}

int cti_provider_on_line_event(struct sdl_process *self, const struct sdl_signal *sig)
{
	const LineEvent *m = sig->msg;
	struct provider *p = sdl_data(self);
	struct cti_line *line = line_of(p, m->device, m->line_handle, m->dn);
	LineEvent ev = *m;

	cti_provider_heard(p);
	if (!line || line->state != CTI_OPEN)
		return sdl_state(self);
	if (sig->number == SIG_LineInService ? !cti_service_in(&line->service)
					     : !cti_service_out(&line->service, (int)m->cause))
		return sdl_state(self);
	ev.line_handle = line_handle(p, line);
	cti_provider_tell(self, sig->number, &ev);
	return sdl_state(self);
}

void cti_provider_line_is_closed(struct sdl_process *self, struct cti_line *line, uint32_t reason)
{
	struct provider *p = sdl_data(self);
	LineEvent ev = LINE_EVENT__INIT;

	ev.line_handle = line_handle(p, line);
	ev.device = line->device->name;
	ev.dn = line->dn;
	ev.has_reason = true;
	ev.reason = reason;
	cti_provider_tell(self, SIG_LineClosed, &ev);
	cti_opened_remove_line(&p->opened, line);
}

void cti_provider_device_is_closed(struct sdl_process *self, struct cti_device *device,
				   uint32_t reason)
{
	struct provider *p = sdl_data(self);
	DeviceEvent ev = DEVICE_EVENT__INIT;

	while (device->lines)
		cti_provider_line_is_closed(self, device->lines, reason);
	ev.device_handle = device_handle(p, device);
	ev.device = device->name;
	ev.has_reason = true;
	ev.reason = reason;
	cti_provider_tell(self, SIG_DeviceClosed, &ev);
	cti_opened_remove_device(&p->opened, device);
}

int cti_provider_on_device_closed(struct sdl_process *self, const struct sdl_signal *sig)
{
	const DeviceEvent *m = sig->msg;
	struct provider *p = sdl_data(self);
	struct cti_device *device = cti_opened_device_named(&p->opened, m->device);

	cti_provider_heard(p);
	if (device && device->state != CTI_OPENING)
		cti_provider_device_is_closed(self, device, m->reason);
	return sdl_state(self);
}

int cti_provider_on_line_closed(struct sdl_process *self, const struct sdl_signal *sig)
{
	const LineEvent *m = sig->msg;
	struct provider *p = sdl_data(self);
	struct cti_line *line = line_of(p, m->device, m->line_handle, m->dn);

	cti_provider_heard(p);
	if (line && line->state != CTI_OPENING)
		cti_provider_line_is_closed(self, line, m->reason);
	return sdl_state(self);
}

int cti_provider_on_call_event(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CallEvent *m = sig->msg;
	struct provider *p = sdl_data(self);
	struct cti_line *line = line_of(p, m->device, m->line_handle, m->dn);
	CallEvent ev = *m;

	cti_provider_heard(p);
	if (!line)
		return sdl_state(self);
	ev.line_handle = line_handle(p, line);
	ev.call_handle = cti_handle(p->number, m->call_handle);
	cti_provider_tell(self, sig->number, &ev);
	if (sig->number == SIG_CallClosed)
		cti_opened_remove_call(&p->opened, m->call_handle);
	else
		cti_opened_add_call(&p->opened, line, m->call_handle);
	return sdl_state(self);
}

int cti_provider_on_existing_completed(struct sdl_process *self, const struct sdl_signal *sig)
{
	const ExistingCallCompleted *m = sig->msg;
	struct provider *p = sdl_data(self);
	struct cti_line *line = line_of(p, m->device, m->line_handle, m->dn);
	ExistingCallCompleted ev = *m;

	cti_provider_heard(p);
	if (!line)
		return sdl_state(self);
	ev.line_handle = line_handle(p, line);
	cti_provider_tell(self, sig->number, &ev);
	return sdl_state(self);
}

/* The handle of an event's subject as the application knows it; 0: it knows it no more. */
static uint64_t handle_of(const struct provider *p, const struct sdl_signal *sig)
{
	const struct cti_event_head *m = sig->msg;
	const LineForwardEvent *of_line = sig->msg; /* as all of lines: handle, device, dn */
	const MediaEvent *of_call = sig->msg;	    /* as all of calls: handle, device */
	const DeviceDataEvent *of_device = sig->msg;
	const struct cti_device *device;
	const struct cti_line *line;

	switch (msg_cti_event_told(sig->number)->subject) {
	case CTI_SUBJECT_DEVICE:
		device = device_of(p, of_device->device);
		return device && device->state == CTI_OPEN ? device_handle(p, device) : 0;
	case CTI_SUBJECT_LINE:
		line = line_of(p, of_line->device, m->handle, of_line->dn);
		return line && line->state == CTI_OPEN ? line_handle(p, line) : 0;
	default:
		return device_of(p, of_call->device) ? cti_handle(p->number, m->handle) : 0;
	}
}

static void tell_feature(struct sdl_process *self, const struct sdl_signal *sig, uint64_t handle)
{
	struct provider *p = sdl_data(self);
	LineFeatureEvent ev = *(const LineFeatureEvent *)sig->msg;
	uint64_t *others = calloc(ev.n_other_call_handle + 1, sizeof(others[0]));

	if (!others)
		abort();
	for (size_t i = 0; i < ev.n_other_call_handle; i++)
		others[i] = cti_handle(p->number, ev.other_call_handle[i]);
	ev.line_handle = handle;
	ev.call_handle = cti_handle(p->number, ev.call_handle);
	ev.other_call_handle = others;
	cti_provider_tell(self, sig->number, &ev);
	free(others);
}

int cti_provider_on_event(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct provider *p = sdl_data(self);
	const struct cti_event_head *m = sig->msg;
	uint64_t handle = handle_of(p, sig);
	union cti_event_body ev;

	cti_provider_heard(p);
	if (!handle)
		return sdl_state(self);
	if (m->base.descriptor == &line_feature_event__descriptor) {
		tell_feature(self, sig, handle);
		return sdl_state(self);
	}
	msg_cti_copy(m, &ev);
	ev.head.handle = handle;
	cti_provider_tell(self, sig->number, &ev);
	return sdl_state(self);
}

/* ---- the CTIManager is lost ---------------------------------------------------------------- */
static void end_observation(struct sdl_process *self, const struct cti_line *line)
{
	struct provider *p = sdl_data(self);
	struct cti_known_call *call;

	DL_FOREACH(line->calls, call)
	{
		CallObservationEnded ev = CALL_OBSERVATION_ENDED__INIT;

		ev.call_handle = cti_handle(p->number, call->handle);
		ev.device = line->device->name;
		ev.dn = (char *)line->dn;
		ev.has_cause = true;
		ev.cause = OUT_OF_SERVICE_CAUSE__CTIMANAGER_FAILURE;
		cti_provider_tell(self, SIG_CallObservationEnded, &ev);
	}
}

static void lose_line(struct sdl_process *self, struct cti_line *line)
{
	struct provider *p = sdl_data(self);
	LineEvent ev = LINE_EVENT__INIT;

	while (line->calls)
		cti_opened_remove_call(&p->opened, line->calls->handle);
	line->state = CTI_LOST;
	line->wire = 0;
	line->retries = 0;
	if (!cti_service_out(&line->service, CTI_CTIMANAGER_FAILURE) &&
	    !sdl_mutant(self, MUTANT_SECOND_OOS))
		return;
	ev.line_handle = line_handle(p, line);
	ev.device = line->device->name;
	ev.dn = line->dn;
	ev.has_cause = true;
	ev.cause = OUT_OF_SERVICE_CAUSE__CTIMANAGER_FAILURE;
	cti_provider_tell(self, SIG_LineOutOfService, &ev);
}

static void lose_device(struct sdl_process *self, struct cti_device *device)
{
	struct provider *p = sdl_data(self);
	DeviceEvent ev = DEVICE_EVENT__INIT;
	struct cti_line *line;

	DL_FOREACH(device->lines, line)
	lose_line(self, line);
	device->state = CTI_LOST;
	device->wire = 0;
	device->retries = 0;
	if (!cti_service_out(&device->service, CTI_CTIMANAGER_FAILURE) &&
	    !sdl_mutant(self, MUTANT_SECOND_OOS))
		return;
	ev.device_handle = device_handle(p, device);
	ev.device = device->name;
	ev.has_cause = true;
	ev.cause = OUT_OF_SERVICE_CAUSE__CTIMANAGER_FAILURE;
	cti_provider_tell(self, SIG_DeviceOutOfService, &ev);
}

/* What was to be closed as soon as it was reopened is closed now. */
static void finish_closes(struct sdl_process *self)
{
	struct provider *p = sdl_data(self);
	struct cti_device *device, *next_device;
	struct cti_line *line, *next_line;

	HASH_ITER (hh, p->opened.devices, device, next_device) {
		DL_FOREACH_SAFE (device->lines, line, next_line) {
			if (!line->close_seq)
				continue;
			cti_provider_answer(self, line->close_seq, CTIERR_SUCCESS);
			cti_opened_remove_line(&p->opened, line);
		}
		if (!device->close_seq)
			continue;
		cti_provider_answer(self, device->close_seq, CTIERR_SUCCESS);
		cti_opened_remove_device(&p->opened, device);
	}
}

void cti_provider_lose(struct sdl_process *self)
{
	struct provider *p = sdl_data(self);
	struct cti_device *device, *next;
	struct cti_line *line;

	sdl_timer_stop(self, SIG_ClientReopenTimer);
	cti_provider_fail_pending(self);
	finish_closes(self);
	HASH_ITER (hh, p->opened.devices, device, next) {
		DL_FOREACH(device->lines, line)
		end_observation(self, line);
	}
	HASH_ITER (hh, p->opened.devices, device, next)
		lose_device(self, device);
}

/* ---- reopening ----------------------------------------------------------------------------- */
static void reopen_device(struct sdl_process *self, struct cti_device *device)
{
	struct provider *p = sdl_data(self);
	struct cti_pending *pending = cti_provider_pending(self, SIG_DeviceOpen, 0);
	DeviceOpen open = DEVICE_OPEN__INIT;

	pending->device = device->id;
	device->state = CTI_REOPENING;
	p->reopening++;
	open.seq = pending->wire_seq;
	open.device = device->name;
	if (device->registration != CTI_WATCH) {
		open.has_registration = true;
		open.registration = (MediaRegistration)device->registration;
		open.has_ip = open.has_port = device->ip || device->port;
		open.ip = device->ip;
		open.port = device->port;
		open.n_codec = device->codecs_n;
		open.codec = device->codec;
	}
	sdl_send(self, p->far, SIG_DeviceOpen, &open);
}

static void reopen_line(struct sdl_process *self, struct cti_line *line)
{
	struct provider *p = sdl_data(self);
	struct cti_pending *pending = cti_provider_pending(self, SIG_LineOpen, 0);
	LineOpen open = LINE_OPEN__INIT;

	pending->device = line->device->id;
	pending->line = line->id;
	line->state = CTI_REOPENING;
	p->reopening++;
	open.seq = pending->wire_seq;
	open.device_handle = line->device->wire;
	open.dn = line->dn;
	open.has_auto_accept = line->auto_accept;
	open.auto_accept = line->auto_accept;
	sdl_send(self, p->far, SIG_LineOpen, &open);
}

/* The next devices of the list, as far as the window goes. */
static void go_on(struct sdl_process *self)
{
	struct provider *p = sdl_data(self);

	while (p->reopening < REOPENING_MAX && p->lost_at < p->lost_n) {
		struct cti_device *device = cti_opened_device(&p->opened, p->lost[p->lost_at++]);

		if (device && device->state == CTI_LOST)
			reopen_device(self, device);
	}
}

void cti_provider_reopen(struct sdl_process *self)
{
	struct provider *p = sdl_data(self);
	unsigned n = HASH_CNT(hh, p->opened.devices);
	struct cti_device *device, *next;

	free(p->lost);
	p->lost = calloc(n ? n : 1, sizeof(p->lost[0]));
	if (!p->lost)
		abort();
	p->lost_n = p->lost_at = 0;
	HASH_ITER (hh, p->opened.devices, device, next)
		if (device->state == CTI_LOST)
			p->lost[p->lost_n++] = device->id;
	go_on(self);
}

static void ask_again_later(struct sdl_process *self)
{
	struct provider *p = sdl_data(self);

	if (!sdl_timer_running(self, SIG_ClientReopenTimer))
		sdl_timer_start(self, SIG_ClientReopenTimer, BEATS_TO_WAIT * p->beat_ns);
}

int cti_provider_on_reopen_timer(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct provider *p = sdl_data(self);
	struct cti_device *device, *next;
	struct cti_line *line;

	(void)sig;
	if (sdl_state(self) != PROVIDER_IN_SERVICE)
		return sdl_state(self);
	HASH_ITER (hh, p->opened.devices, device, next)
		DL_FOREACH(device->lines, line)
	if (device->state == CTI_OPEN && line->state == CTI_LOST)
		reopen_line(self, line);
	cti_provider_reopen(self);
	return sdl_state(self);
}

/* No CallManager: as long as it takes (CMF-10). Others: for a bounded time. */
static bool ask_again(uint32_t result, unsigned *retries)
{
	if (result == CTIERR_CALL_MANAGER_NOT_AVAILABLE)
		return true;
	return cti_provider_error_passes(result) && ++*retries <= RETRIES_MAX;
}

void cti_provider_reopened_device(struct sdl_process *self, struct cti_device *device,
				  const Response *m)
{
	struct provider *p = sdl_data(self);
	struct cti_line *line;

	p->reopening--;
	if (!device || device->state != CTI_REOPENING) {
		go_on(self);
		return;
	}
	if (m->result == CTIERR_SUCCESS) {
		uint32_t close_seq = device->close_seq;

		device->state = CTI_OPEN;
		device->wire = m->device_handle;
		device->close_seq = 0;
		if (close_seq)
			cti_provider_close_device(self, device, close_seq);
		else if (!sdl_mutant(self, MUTANT_LINES_NOT_REOPENED))
			DL_FOREACH(device->lines, line)
		reopen_line(self, line);
	} else if (device->close_seq) {
		cti_provider_answer(self, device->close_seq, CTIERR_SUCCESS);
		cti_opened_remove_device(&p->opened, device);
	} else if (ask_again(m->result, &device->retries)) {
		device->state = CTI_LOST;
		ask_again_later(self);
	} else {
		cti_provider_device_is_closed(self, device, m->result); /* CTF-10 */
	}
	go_on(self);
}

void cti_provider_reopened_line(struct sdl_process *self, struct cti_line *line, const Response *m)
{
	struct provider *p = sdl_data(self);

	p->reopening--;
	if (!line || line->state != CTI_REOPENING) {
		go_on(self);
		return;
	}
	if (m->result == CTIERR_SUCCESS) {
		uint32_t close_seq = line->close_seq;

		line->state = CTI_OPEN;
		line->wire = m->line_handle;
		line->close_seq = 0;
		if (close_seq)
			cti_provider_close_line(self, line, close_seq);
	} else if (line->close_seq) {
		cti_provider_answer(self, line->close_seq, CTIERR_SUCCESS);
		cti_opened_remove_line(&p->opened, line);
	} else if (ask_again(m->result, &line->retries)) {
		line->state = CTI_LOST;
		ask_again_later(self);
	} else {
		cti_provider_line_is_closed(self, line, m->result);
	}
	go_on(self);
}
