/* What applications ask, and what they are answered: the signals that CtiApplication handles. */
#include "sim/explore/watch_app_private.h"

#include <stdio.h>
#include <string.h>

#include "common/base/cti_error.h"
#include "common/msg/address.h"
#include "sdl/view/fields.h"

/* ---- requests ------------------------------------------------------------------------ */

static void take_request(const struct watch *w, struct watch_app *a, uint16_t signal,
			 const ProtobufCMessage *m)
{
	struct app_request r = { .signal = signal, .asked_ns = w->now_ns };
	const ClientDeviceOpen *open = (const ClientDeviceOpen *)m;
	int64_t seq = 0, handle = 0;

	if (signal == SIG_ClientDeviceOpen) {
		r.seq = open->open->seq;
		snprintf(r.name, sizeof(r.name), "%s", open->open->device);
	} else if (signal == SIG_ClientDeviceAcquire || signal == SIG_ClientDeviceDeAcquire) {
		r.seq = ((const ClientDevice *)m)->device->seq;
	} else if (signal == SIG_ClientChangeEventFilter) {
		const ClientChangeEventFilter *f = (const ClientChangeEventFilter *)m;

		r.seq = f->filter->seq;
		r.provider = f->provider;
		r.filter = f->filter->filter;
		watch_filter_asked(a, &r);
	} else {
		if (sdl_field_int(m, "seq", &seq) < 0)
			return;
		r.seq = (uint32_t)seq;
		if (sdl_field_int(m, "device_handle", &handle) < 0 &&
		    sdl_field_int(m, "line_handle", &handle) < 0)
			sdl_field_int(m, "call_handle", &handle);
		r.handle = (uint64_t)handle;
		if (signal == SIG_LineOpen)
			snprintf(r.name, sizeof(r.name), "%s", ((const LineOpen *)m)->dn);
	}
	if (signal == SIG_ClientProviderOpen)
		a->provider_asked = true;
	a->requests = watch_more(a->requests, a->requests_n, sizeof(r));
	a->requests[a->requests_n++] = r;
}

static void asked(struct watch *w, struct watch_app *a, uint16_t signal, const ProtobufCMessage *m)
{
	struct app_request *r;
	struct app_device *d;

	take_request(w, a, signal, m);
	r = a->requests_n ? &a->requests[a->requests_n - 1] : NULL;
	if (r && signal == SIG_ClientDeviceOpen && !watch_device_named(a, r->name)) {
		a->devices = watch_more(a->devices, a->devices_n, sizeof(*d));
		d = &a->devices[a->devices_n++];
		snprintf(d->name, sizeof(d->name), "%.15s", r->name);
		d->device = sim_topology_device(w->topology, r->name);
	}
	d = r ? watch_device_by_handle(a, r->handle) : NULL;
	if (d && signal == SIG_LineOpen && !watch_line_named(d, r->name)) {
		d->lines = watch_more(d->lines, d->lines_n, sizeof(*d->lines));
		snprintf(d->lines[d->lines_n++].dn, sizeof(d->lines->dn), "%s", r->name);
	}
}

/* Another open of the same name is under way. */
static bool asked_twice(const struct watch_app *a, const struct app_request *r)
{
	for (size_t i = 0; i < a->requests_n; i++)
		if (a->requests[i].signal == r->signal && !strcmp(a->requests[i].name, r->name))
			return true;
	return false;
}

/* Somebody has asked, and may have read it then. */
static void opened(struct watch *w, const struct watch_app *a, const struct app_request *r)
{
	const struct sim_device *d = sim_topology_device(w->topology, r->name);

	if (a->user)
		watch_check(w, WATCH_CONTROL, watch_controls(w, a->user, r->name, r->asked_ns),
			    "%s opened %s, which its user does not control", a->name, r->name);
	if (d)
		watch_check(w, WATCH_RESTRICTED, watch_unrestricted(w, d, r->asked_ns),
			    "%s opened %s, which is restricted", a->name, r->name);
}

static void open_answered(struct watch *w, struct watch_app *a, const struct app_request *r,
			  const Response *m)
{
	struct app_device *d = watch_device_named(a, r->name);

	watch_check(w, WATCH_SOFT_LIMIT,
		    m->result != CTIERR_RESOURCE_NOT_AVAILABLE &&
			    m->result != CTIERR_MAXCALL_LIMIT_REACHED,
		    "%s: the open of %s was refused: %s", a->name, r->name,
		    cti_error_name(m->result));
	if (m->result == CTIERR_SUCCESS)
		opened(w, a, r);
	if (!d)
		return;
	if (m->result && !d->open && !asked_twice(a, r)) {
		watch_drop_device(a, d);
	} else if (!m->result) {
		d->open = true;
		d->handle = m->device_handle;
	}
}

static void line_open_answered(struct watch_app *a, const struct app_request *r, const Response *m)
{
	struct app_device *d = watch_device_by_handle(a, r->handle);
	struct app_line *l = watch_line_named(d, r->name);

	if (!l)
		return;
	if (m->result && !l->open && !asked_twice(a, r)) {
		watch_drop_line(a, d, l);
	} else if (!m->result) {
		l->open = true;
		l->handle = m->line_handle;
	}
}

static void line_close_answered(struct watch_app *a, const struct app_request *r)
{
	for (size_t i = 0; i < a->devices_n; i++)
		for (size_t k = 0; k < a->devices[i].lines_n; k++)
			if (a->devices[i].lines[k].handle == r->handle) {
				watch_drop_line(a, &a->devices[i], &a->devices[i].lines[k]);
				return;
			}
}

/* own: the library's own answer to what a provider that ended may not have answered; it tells the
 * application of it only if nothing came before. */
static void answered(struct watch *w, struct watch_app *a, const Response *m, bool own)
{
	struct app_request r = { 0 };
	size_t i = 0;

	while (i < a->requests_n && a->requests[i].seq != m->seq)
		i++;
	if (own && i == a->requests_n)
		return;
	if (!watch_check(w, WATCH_ONE_ANSWER, i < a->requests_n,
			 "%s: an answer to request %u, which was answered or never made", a->name,
			 m->seq))
		return;
	watch_check(w, WATCH_ANSWER_CODE, strcmp(cti_error_name(m->result), "UNKNOWN") != 0,
		    "%s: request %u is answered with %x", a->name, m->seq, (unsigned)m->result);
	r = a->requests[i];
	a->requests[i] = a->requests[--a->requests_n];
	if (r.signal == SIG_ClientDeviceOpen)
		open_answered(w, a, &r, m);
	else if (r.signal == SIG_LineOpen)
		line_open_answered(a, &r, m);
	else if (r.signal == SIG_LineClose && !m->result)
		line_close_answered(a, &r);
	else if (r.signal == SIG_DeviceClose && !m->result && watch_device_by_handle(a, r.handle))
		watch_drop_device(a, watch_device_by_handle(a, r.handle));
	else if (r.signal == SIG_ClientProviderOpen && m->result)
		a->provider_asked = false;
	else if (r.signal == SIG_ClientChangeEventFilter)
		watch_filter_answered(a, &r, m->result);
}

/* ---- entries ------------------------------------------------------------------------- */

static void told_provider(struct watch_app *a, uint16_t signal, const ProviderEvent *m)
{
	uint64_t bit = UINT64_C(1) << m->provider_id % 64;

	a->in_service &= ~bit;
	a->alone &= ~bit;
	if (signal == SIG_ProviderInService)
		a->in_service |= bit;
	if (signal == SIG_ProviderOutOfService && m->no_backup)
		a->alone |= bit;
	watch_parked_unknown(a, (uint32_t)m->provider_id);
	if (signal != SIG_ProviderClosed)
		return;
	watch_filter_over(a, (uint32_t)m->provider_id);
	a->provider_asked = (a->in_service | a->alone) != 0;
	for (size_t i = a->devices_n; i > 0; i--)
		if (!a->devices[i - 1].handle || watch_provider_of(&a->devices[i - 1]) == bit)
			watch_drop_device(a, &a->devices[i - 1]);
}

static void handled(struct watch *w, struct watch_app *a, uint16_t signal,
		    const ProtobufCMessage *m, bool own)
{
	switch (signal) {
	case SIG_ClientProviderOpen:
	case SIG_ClientProviderClose:
	case SIG_ClientGetDeviceInfo:
	case SIG_ClientChangeEventFilter:
	case SIG_ClientDeviceAcquire:
	case SIG_ClientDeviceDeAcquire:
	case SIG_ClientDeviceOpen:
	case SIG_DeviceClose:
	case SIG_LineOpen:
	case SIG_LineClose:
#define CTI_REQUEST(request, callmanager, subject) case SIG_##request:
#include "common/msg/cti_relay.def"
		asked(w, a, signal, m);
		break;
	case SIG_Response:
		answered(w, a, (const Response *)m, own);
		break;
	case SIG_ProviderInService:
	case SIG_ProviderOutOfService:
	case SIG_ProviderClosed:
		told_provider(a, signal, (const ProviderEvent *)m);
		break;
	case SIG_DeviceInService:
	case SIG_DeviceOutOfService:
	case SIG_DeviceClosed:
		watch_told_device(w, a, signal, (const DeviceEvent *)m);
		break;
	case SIG_LineInService:
	case SIG_LineOutOfService:
	case SIG_LineClosed:
		watch_told_line(w, a, signal, (const LineEvent *)m);
		break;
	case SIG_NewCall:
	case SIG_ExistingCall:
	case SIG_CallStateChanged:
	case SIG_CallPartyInfoChanged:
	case SIG_CallClosed:
		watch_told_call(w, a, signal, (const CallEvent *)m);
		break;
	case SIG_LineParkStatus:
		watch_told_park(w, a, (const LineParkStatusEvent *)m);
		break;
	case SIG_ProviderUserChanged:
		watch_told_user(a, (const ProviderUserEvent *)m);
		break;
	case SIG_StartReception:
	case SIG_StartTransmission:
		watch_told_media(w, a, (const MediaEvent *)m);
		break;
	case SIG_CallObservationEnded:
		watch_unobserved(w, a, (const CallObservationEnded *)m);
		break;
	default:
		break;
	}
}

void watch_app_entry(struct watch *w, const struct sdl_record_entry *e)
{
	struct watch_app *a;
	ProtobufCMessage *m;

	if (e->kind == SDL_REC_IN && e->number == SIG_MediaTick)
		w->last_tick = e->time_ns;
	if (e->kind != SDL_REC_SIGNAL || e->to.type != APP_CTI_APPLICATION)
		return;
	a = watch_app_at(w, e->node);
	m = a ? sdl_fields_unpack(e->number, e->payload, e->payload_len) : NULL;
	if (!m)
		return;
	if (e->number == SIG_ClientProviderOpen)
		a->user = sim_topology_user(w->topology, ((ClientProviderOpen *)m)->user);
	handled(w, a, e->number, m, sdl_pid_equal(e->from, e->to));
	sdl_fields_free(&m);
}
