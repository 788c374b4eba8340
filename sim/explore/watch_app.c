/* What applications ask and are told: the signals that CtiApplication handles. */
#include "sim/explore/watch_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cti_error.h"
#include "common/msg/address.h"
#include "sdl/view/fields.h"

enum service { UNTOLD, IN_SERVICE, OUT_OF_SERVICE };

struct line {
	char dn[52];
	uint64_t handle;
	enum service service;
	int cause;
	bool open; /* the open was answered */
};

struct device {
	char name[16];
	const struct sim_device *device; /* NULL: the topology has none */
	uint64_t handle;
	bool open; /* the open was answered; until then what is told of it may come first */
	bool closing;
	enum service service;
	int cause;
	uint32_t node;
	struct line *lines;
	size_t lines_n;
};

struct request {
	uint32_t seq;
	uint16_t signal;
	char name[52]; /* device or number */
	uint64_t handle;
};

struct call {
	uint64_t handle;
	char device[16];
	char dn[52];
	CtiCallState state;
	bool whole;  /* from its beginning, and still comparable with what others are told */
	size_t told; /* states so far */
};

struct watch_app {
	uint8_t node;
	char name[SIM_NAME_SIZE];
	const struct sim_user *user;
	bool provider_asked;
	/* Providers by number, as bits; there may be two when an impatient user opens one more. */
	uint64_t in_service;
	uint64_t alone; /* the list names no other CTIManager (MGR-06): told, and left so */
	struct device *devices;
	size_t devices_n;
	struct request *requests;
	size_t requests_n;
	struct call *calls;
	size_t calls_n;
	struct watch_app *next;
};

static struct watch_app *app_at(const struct watch *w, uint8_t node)
{
	struct watch_app *a = w->apps;

	while (a && a->node != node)
		a = a->next;
	return a;
}

static void app_free(struct watch_app *a)
{
	for (size_t i = 0; i < a->devices_n; i++)
		free(a->devices[i].lines);
	free(a->devices);
	free(a->requests);
	free(a->calls);
	free(a);
}

void watch_app_start(struct watch *w, uint8_t node, const char *name)
{
	struct watch_app *a = calloc(1, sizeof(*a));

	if (!a)
		abort();
	a->node = node;
	snprintf(a->name, sizeof(a->name), "%s", name);
	a->next = w->apps;
	w->apps = a;
}

void watch_app_end(struct watch *w, uint8_t node)
{
	for (struct watch_app **at = &w->apps; *at; at = &(*at)->next) {
		struct watch_app *a = *at;

		if (a->node != node)
			continue;
		*at = a->next;
		app_free(a);
		return;
	}
}

void watch_apps_free(struct watch *w)
{
	while (w->apps)
		watch_app_end(w, w->apps->node);
}

/* ---- the book ------------------------------------------------------------------------ */

static struct device *device_named(struct watch_app *a, const char *name)
{
	for (size_t i = 0; i < a->devices_n; i++)
		if (!strcmp(a->devices[i].name, name))
			return &a->devices[i];
	return NULL;
}

unsigned watch_openers(const struct watch *w, const char *device)
{
	unsigned n = 0;

	for (struct watch_app *a = w->apps; a; a = a->next)
		n += device_named(a, device) != NULL;
	return n;
}

static struct line *line_named(struct device *d, const char *dn)
{
	for (size_t i = 0; d && i < d->lines_n; i++)
		if (!strcmp(d->lines[i].dn, dn))
			return &d->lines[i];
	return NULL;
}

static struct call *call_of(struct watch_app *a, uint64_t handle)
{
	for (size_t i = 0; i < a->calls_n; i++)
		if (a->calls[i].handle == handle)
			return &a->calls[i];
	return NULL;
}

static void drop_call(struct watch_app *a, struct call *c)
{
	*c = a->calls[--a->calls_n];
}

/* dn NULL: all of the device. */
static void drop_calls(struct watch_app *a, const char *device, const char *dn)
{
	for (size_t i = a->calls_n; i > 0; i--)
		if (!strcmp(a->calls[i - 1].device, device) &&
		    (!dn || !strcmp(a->calls[i - 1].dn, dn)))
			drop_call(a, &a->calls[i - 1]);
}

static void drop_device(struct watch_app *a, struct device *d)
{
	drop_calls(a, d->name, NULL);
	free(d->lines);
	*d = a->devices[--a->devices_n];
}

static void drop_line(struct watch_app *a, struct device *d, struct line *l)
{
	drop_calls(a, d->name, l->dn);
	*l = d->lines[--d->lines_n];
}

static const struct call *any_call(const struct watch_app *a, const char *device, const char *dn)
{
	for (size_t i = 0; i < a->calls_n; i++)
		if (!strcmp(a->calls[i].device, device) && (!dn || !strcmp(a->calls[i].dn, dn)))
			return &a->calls[i];
	return NULL;
}

/* ---- requests ------------------------------------------------------------------------ */

static void take_request(struct watch_app *a, uint16_t signal, const ProtobufCMessage *m)
{
	struct request r = { .signal = signal };
	const ClientDeviceOpen *open = (const ClientDeviceOpen *)m;
	int64_t seq = 0, handle = 0;

	if (signal == SIG_ClientDeviceOpen) {
		r.seq = open->open->seq;
		snprintf(r.name, sizeof(r.name), "%s", open->open->device);
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

static struct device *by_handle(struct watch_app *a, uint64_t handle)
{
	for (size_t i = 0; i < a->devices_n; i++)
		if (a->devices[i].handle == handle)
			return &a->devices[i];
	return NULL;
}

static void asked(struct watch *w, struct watch_app *a, uint16_t signal, const ProtobufCMessage *m)
{
	struct request *r;
	struct device *d;

	take_request(a, signal, m);
	r = a->requests_n ? &a->requests[a->requests_n - 1] : NULL;
	if (r && signal == SIG_ClientDeviceOpen && !device_named(a, r->name)) {
		a->devices = watch_more(a->devices, a->devices_n, sizeof(*d));
		d = &a->devices[a->devices_n++];
		snprintf(d->name, sizeof(d->name), "%.15s", r->name);
		d->device = sim_topology_device(w->topology, r->name);
	}
	d = r ? by_handle(a, r->handle) : NULL;
	if (d && signal == SIG_LineOpen && !line_named(d, r->name)) {
		d->lines = watch_more(d->lines, d->lines_n, sizeof(*d->lines));
		snprintf(d->lines[d->lines_n++].dn, sizeof(d->lines->dn), "%s", r->name);
	}
}

static bool controls(const struct watch *w, const struct watch_app *a, const char *device)
{
	const struct sim_user *u = a->user;

	(void)w;
	for (size_t i = 0; u && i < u->groups_n; i++)
		if (!strcmp(u->groups[i], "Standard CTI Allow Control of All Devices"))
			return true;
	for (size_t i = 0; u && i < u->devices_n; i++)
		if (!strcmp(u->devices[i], device))
			return true;
	return !u;
}

/* Another open of the same name is under way. */
static bool asked_twice(const struct watch_app *a, const struct request *r)
{
	for (size_t i = 0; i < a->requests_n; i++)
		if (a->requests[i].signal == r->signal && !strcmp(a->requests[i].name, r->name))
			return true;
	return false;
}

static void open_answered(struct watch *w, struct watch_app *a, const struct request *r,
			  const Response *m)
{
	struct device *d = device_named(a, r->name);

	watch_check(w, WATCH_SOFT_LIMIT,
		    m->result != CTIERR_RESOURCE_NOT_AVAILABLE &&
			    m->result != CTIERR_MAXCALL_LIMIT_REACHED,
		    "%s: the open of %s was refused: %s", a->name, r->name,
		    cti_error_name(m->result));
	if (m->result == CTIERR_SUCCESS)
		watch_check(w, WATCH_CONTROL, controls(w, a, r->name),
			    "%s opened %s, which its user does not control", a->name, r->name);
	if (!d)
		return;
	if (m->result && !d->open && !asked_twice(a, r)) {
		drop_device(a, d);
	} else if (!m->result) {
		d->open = true;
		d->handle = m->device_handle;
	}
}

static void line_open_answered(struct watch_app *a, const struct request *r, const Response *m)
{
	struct device *d = by_handle(a, r->handle);
	struct line *l = line_named(d, r->name);

	if (!l)
		return;
	if (m->result && !l->open && !asked_twice(a, r)) {
		drop_line(a, d, l);
	} else if (!m->result) {
		l->open = true;
		l->handle = m->line_handle;
	}
}

static void line_close_answered(struct watch_app *a, const struct request *r)
{
	for (size_t i = 0; i < a->devices_n; i++)
		for (size_t k = 0; k < a->devices[i].lines_n; k++)
			if (a->devices[i].lines[k].handle == r->handle) {
				drop_line(a, &a->devices[i], &a->devices[i].lines[k]);
				return;
			}
}

/* own: the library's own answer to what a provider that ended may not have answered; it tells the
 * application of it only if nothing came before. */
static void answered(struct watch *w, struct watch_app *a, const Response *m, bool own)
{
	struct request r = { 0 };
	size_t i = 0;

	while (i < a->requests_n && a->requests[i].seq != m->seq)
		i++;
	if (own && i == a->requests_n)
		return;
	if (!watch_check(w, WATCH_ONE_ANSWER, i < a->requests_n,
			 "%s: an answer to request %u, which was answered or never made", a->name,
			 m->seq))
		return;
	r = a->requests[i];
	a->requests[i] = a->requests[--a->requests_n];
	if (r.signal == SIG_ClientDeviceOpen)
		open_answered(w, a, &r, m);
	else if (r.signal == SIG_LineOpen)
		line_open_answered(a, &r, m);
	else if (r.signal == SIG_LineClose && !m->result)
		line_close_answered(a, &r);
	else if (r.signal == SIG_DeviceClose && !m->result && by_handle(a, r.handle))
		drop_device(a, by_handle(a, r.handle));
	else if (r.signal == SIG_ClientProviderOpen && m->result)
		a->provider_asked = false;
}

/* ---- service ------------------------------------------------------------------------- */

static bool legal_cause(int cause)
{
	return cause >= 1001 && cause <= 1009;
}

/* Out of service once, and again only when it becomes 1003 or 1006. */
static bool once(enum service service, int before, int cause)
{
	return service != OUT_OF_SERVICE || (cause != before && (cause == 1003 || cause == 1006));
}

static void device_out(struct watch *w, struct watch_app *a, struct device *d, int cause)
{
	const struct call *c = any_call(a, d->name, NULL);
	bool rehome = cause == 1002;

	watch_check(w, WATCH_OOS_CAUSE, legal_cause(cause), "%s: %s out of service with cause %d",
		    a->name, d->name, cause);
	watch_check(w, WATCH_OOS_ONCE, once(d->service, d->cause, cause),
		    "%s: %s out of service %d while it is, with %d", a->name, d->name, cause,
		    d->cause);
	watch_check(w, rehome ? WATCH_REHOME_IDLE : WATCH_OOS_ORDER, !c,
		    "%s: %s out of service %d, and call %llx has not ended", a->name, d->name,
		    cause, c ? (unsigned long long)c->handle : 0);
	for (size_t i = 0; i < d->lines_n; i++)
		watch_check(w, WATCH_OOS_ORDER, d->lines[i].service != IN_SERVICE,
			    "%s: %s out of service before its line %s", a->name, d->name,
			    d->lines[i].dn);
	d->service = OUT_OF_SERVICE;
	d->cause = cause;
}

static void device_in(struct watch *w, struct watch_app *a, struct device *d, uint32_t node)
{
	watch_check(w, WATCH_OOS_ONCE, d->service != IN_SERVICE, "%s: %s in service while it is",
		    a->name, d->name);
	if (d->device)
		watch_check(w, WATCH_IS_GROUP, watch_in_group(w, d->device, node),
			    "%s: %s in service at node %u, which is not of its group", a->name,
			    d->name, node);
	d->service = IN_SERVICE;
	d->node = node;
}

static void told_device(struct watch *w, struct watch_app *a, uint16_t signal, const DeviceEvent *m)
{
	struct device *d = device_named(a, m->device);

	if (!watch_check(w, WATCH_OPEN_ONLY, d != NULL, "%s: %s for %s, which is not open", a->name,
			 signal_def(signal)->name, m->device))
		return;
	if (signal == SIG_DeviceInService)
		device_in(w, a, d, m->node);
	else if (signal == SIG_DeviceOutOfService)
		device_out(w, a, d, (int)m->cause);
	else
		drop_device(a, d);
}

static void line_out(struct watch *w, struct watch_app *a, struct device *d, struct line *l,
		     int cause)
{
	const struct call *c = any_call(a, d->name, l->dn);

	watch_check(w, WATCH_OOS_CAUSE, legal_cause(cause), "%s: line %s out of service with %d",
		    a->name, l->dn, cause);
	watch_check(w, WATCH_OOS_ONCE, once(l->service, l->cause, cause),
		    "%s: line %s of %s out of service %d while it is, with %d", a->name, l->dn,
		    d->name, cause, l->cause);
	watch_check(w, cause == 1002 ? WATCH_REHOME_IDLE : WATCH_OOS_ORDER, !c,
		    "%s: line %s of %s out of service %d, and call %llx has not ended", a->name,
		    l->dn, d->name, cause, c ? (unsigned long long)c->handle : 0);
	l->service = OUT_OF_SERVICE;
	l->cause = cause;
}

static void told_line(struct watch *w, struct watch_app *a, uint16_t signal, const LineEvent *m)
{
	struct device *d = device_named(a, m->device);
	struct line *l = line_named(d, m->dn);

	if (!watch_check(w, WATCH_OPEN_ONLY, l != NULL, "%s: %s for %s of %s, which is not open",
			 a->name, signal_def(signal)->name, m->dn, m->device))
		return;
	if (signal == SIG_LineOutOfService) {
		line_out(w, a, d, l, (int)m->cause);
	} else if (signal == SIG_LineClosed) {
		drop_line(a, d, l);
	} else {
		watch_check(w, WATCH_IS_ORDER, d->service == IN_SERVICE,
			    "%s: line %s in service before %s", a->name, l->dn, d->name);
		watch_check(w, WATCH_OOS_ONCE, l->service != IN_SERVICE,
			    "%s: line %s of %s in service while it is", a->name, l->dn, d->name);
		l->service = IN_SERVICE;
	}
}

/* ---- calls --------------------------------------------------------------------------- */

#define S(state) (1u << CTI_CALL_STATE__##state)
#define END	 (S(DISCONNECTED) | S(IDLE))

/* What may follow what; staying is always allowed. */
static const unsigned follows[] = {
	[CTI_CALL_STATE__IDLE] = 0,
	[CTI_CALL_STATE__OFFERING] = S(ACCEPTED) | S(CONNECTED) | END,
	[CTI_CALL_STATE__ACCEPTED] = S(CONNECTED) | END,
	[CTI_CALL_STATE__DIALTONE] = S(DIALING) | S(REORDER) | END,
	[CTI_CALL_STATE__DIALING] =
		S(PROCEEDING) | S(RINGBACK) | S(CONNECTED) | S(BUSY) | S(REORDER) | END,
	[CTI_CALL_STATE__PROCEEDING] = S(RINGBACK) | S(CONNECTED) | S(BUSY) | S(REORDER) | END,
	[CTI_CALL_STATE__RINGBACK] = S(PROCEEDING) | S(CONNECTED) | S(BUSY) | S(REORDER) | END,
	[CTI_CALL_STATE__CONNECTED] =
		S(ONHOLD) | S(PROCEEDING) | S(RINGBACK) | S(BUSY) | S(REORDER) | END,
	[CTI_CALL_STATE__ONHOLD] =
		S(CONNECTED) | S(PROCEEDING) | S(RINGBACK) | S(BUSY) | S(REORDER) | END,
	[CTI_CALL_STATE__BUSY] = END,
	[CTI_CALL_STATE__REORDER] = END,
	[CTI_CALL_STATE__DISCONNECTED] = S(IDLE),
};

static bool may_follow(CtiCallState before, CtiCallState now)
{
	return before == now || before >= CTI_CALL_STATE__UNKNOWN_CALL_STATE ||
	       (follows[before] & 1u << now) != 0;
}

/* The cluster's own name of the call, the same for all applications. */
static struct watch_story *story_of(struct watch *w, const CallEvent *m)
{
	uint64_t call = m->call_handle & ((UINT64_C(1) << 56) - 1);

	for (size_t i = w->stories_n; i > 0; i--)
		if (w->stories[i - 1].call == call)
			return &w->stories[i - 1];
	w->stories = watch_more(w->stories, w->stories_n, sizeof(*w->stories));
	w->stories[w->stories_n].call = call;
	return &w->stories[w->stories_n++];
}

static uint8_t node_of(uint64_t call)
{
	return (uint8_t)(call >> 32);
}

void watch_calls_gone(struct watch *w, uint8_t node)
{
	size_t n = 0;

	w->reborn |= 1u << node;
	for (size_t i = 0; i < w->stories_n; i++)
		if (node_of(w->stories[i].call) != node)
			w->stories[n++] = w->stories[i];
	w->stories_n = n;
	for (struct watch_app *a = w->apps; a; a = a->next)
		for (size_t i = 0; i < a->calls_n; i++)
			if (node_of(a->calls[i].handle) == node)
				a->calls[i].whole = false;
}

/* Ends that a lost link makes come at different places for different watchers. */
static void compare(struct watch *w, struct watch_app *a, struct call *c, const CallEvent *m)
{
	struct watch_story *s;

	if (!c->whole)
		return;
	/* What was held back tells of calls of the life before, by the same names. */
	if (w->split && w->reborn & 1u << node_of(c->handle)) {
		c->whole = false;
		return;
	}
	if (m->cause == 507 || m->cause == 508) {
		c->whole = false;
		return;
	}
	s = story_of(w, m);
	if (c->told >= sizeof(s->states)) {
		c->whole = false;
		return;
	}
	if (c->told < s->n)
		watch_check(w, WATCH_SAME_STATES, s->states[c->told] == m->state,
			    "%s: state %zu of call %llx on %s is %d, others were told %d", a->name,
			    c->told, (unsigned long long)c->handle, c->device, (int)m->state,
			    (int)s->states[c->told]);
	else
		s->states[s->n++] = (uint8_t)m->state;
	c->told++;
}

static struct call *begin_call(struct watch_app *a, const CallEvent *m, bool whole)
{
	struct call *c;

	a->calls = watch_more(a->calls, a->calls_n, sizeof(*a->calls));
	c = &a->calls[a->calls_n++];
	c->handle = m->call_handle;
	snprintf(c->device, sizeof(c->device), "%.15s", m->device);
	snprintf(c->dn, sizeof(c->dn), "%.50s", m->dn);
	c->state = m->state;
	c->whole = whole;
	return c;
}

static bool line_open(struct watch *w, struct watch_app *a, uint16_t signal, const CallEvent *m)
{
	struct line *l = line_named(device_named(a, m->device), m->dn);

	return watch_check(w, WATCH_OPEN_ONLY, l != NULL, "%s: %s on %s of %s, which is not open",
			   a->name, signal_def(signal)->name, m->dn, m->device);
}

static void told_call(struct watch *w, struct watch_app *a, uint16_t signal, const CallEvent *m)
{
	struct call *c = call_of(a, m->call_handle);
	bool first = signal == SIG_NewCall || signal == SIG_ExistingCall;

	if (!line_open(w, a, signal, m))
		return;
	if (!watch_check(w, WATCH_CALL_ONCE, first ? !c : c != NULL,
			 "%s: %s for call %llx on %s, which %s", a->name, signal_def(signal)->name,
			 (unsigned long long)m->call_handle, m->device,
			 first ? "is there already" : "is not there"))
		return;
	if (first) {
		c = begin_call(a, m, signal == SIG_NewCall);
	} else if (m->has_state && signal != SIG_CallPartyInfoChanged) {
		watch_check(w, WATCH_CALL_ORDER, may_follow(c->state, m->state),
			    "%s: call %llx on %s goes from state %d to %d", a->name,
			    (unsigned long long)c->handle, c->device, (int)c->state, (int)m->state);
		c->state = m->state;
	}
	if (signal == SIG_NewCall || signal == SIG_CallStateChanged)
		compare(w, a, c, m);
	if (signal == SIG_CallClosed)
		drop_call(a, c);
}

static void unobserved(struct watch *w, struct watch_app *a, const CallObservationEnded *m)
{
	struct call *c = call_of(a, m->call_handle);

	if (watch_check(w, WATCH_CALL_ONCE, c != NULL,
			"%s: the observation of call %llx ends, which is not there", a->name,
			(unsigned long long)m->call_handle))
		drop_call(a, c);
}

/* ---- entries ------------------------------------------------------------------------- */

/* Handles of the library begin with the provider's number less one. */
static uint64_t provider_of(const struct device *d)
{
	return UINT64_C(1) << ((d->handle >> 56) + 1) % 64;
}

static void told_provider(struct watch_app *a, uint16_t signal, const ProviderEvent *m)
{
	uint64_t bit = UINT64_C(1) << m->provider_id % 64;

	a->in_service &= ~bit;
	a->alone &= ~bit;
	if (signal == SIG_ProviderInService)
		a->in_service |= bit;
	if (signal == SIG_ProviderOutOfService && m->no_backup)
		a->alone |= bit;
	if (signal != SIG_ProviderClosed)
		return;
	a->provider_asked = (a->in_service | a->alone) != 0;
	for (size_t i = a->devices_n; i > 0; i--)
		if (!a->devices[i - 1].handle || provider_of(&a->devices[i - 1]) == bit)
			drop_device(a, &a->devices[i - 1]);
}

static void handled(struct watch *w, struct watch_app *a, uint16_t signal,
		    const ProtobufCMessage *m, bool own)
{
	switch (signal) {
	case SIG_ClientProviderOpen:
	case SIG_ClientProviderClose:
	case SIG_ClientGetDeviceInfo:
	case SIG_ClientDeviceOpen:
	case SIG_DeviceClose:
	case SIG_LineOpen:
	case SIG_LineClose:
	case SIG_LineCallInitiate:
	case SIG_CallAccept:
	case SIG_CallAnswer:
	case SIG_CallDisconnect:
	case SIG_CallHold:
	case SIG_CallRetrieve:
	case SIG_CallRedirect:
	case SIG_DeviceSetRTPForCall:
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
		told_device(w, a, signal, (const DeviceEvent *)m);
		break;
	case SIG_LineInService:
	case SIG_LineOutOfService:
	case SIG_LineClosed:
		told_line(w, a, signal, (const LineEvent *)m);
		break;
	case SIG_NewCall:
	case SIG_ExistingCall:
	case SIG_CallStateChanged:
	case SIG_CallPartyInfoChanged:
	case SIG_CallClosed:
		told_call(w, a, signal, (const CallEvent *)m);
		break;
	case SIG_CallObservationEnded:
		unobserved(w, a, (const CallObservationEnded *)m);
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
	a = app_at(w, e->node);
	m = a ? sdl_fields_unpack(e->number, e->payload, e->payload_len) : NULL;
	if (!m)
		return;
	if (e->number == SIG_ClientProviderOpen)
		a->user = sim_topology_user(w->topology, ((ClientProviderOpen *)m)->user);
	handled(w, a, e->number, m, sdl_pid_equal(e->from, e->to));
	sdl_fields_free(&m);
}

/* ---- at rest ------------------------------------------------------------------------- */

void watch_each_call(const struct watch *w, uint8_t app_node,
		     void (*call)(void *arg, const char *device, uint64_t handle), void *arg)
{
	const struct watch_app *a = app_at(w, app_node);

	for (size_t i = 0; a && i < a->calls_n; i++)
		call(arg, a->calls[i].device, a->calls[i].handle);
}

void watch_each_closed_line(const struct watch *w, uint8_t app_node,
			    void (*line)(void *arg, const char *device, const char *dn), void *arg)
{
	const struct watch_app *a = app_at(w, app_node);

	for (size_t i = 0; a && i < a->devices_n; i++) {
		struct device *d = &a->devices[i];

		for (size_t k = 0; d->open && d->device && k < d->device->lines_n; k++)
			if (!line_named(d, d->device->lines[k].dn))
				line(arg, d->name, d->device->lines[k].dn);
	}
}

static bool device_rests(const struct watch *w, const struct watch_app *a, const struct device *d,
			 char *why, size_t why_size)
{
	int home = d->device ? watch_home(w, d->device) : 0;

	if (d->service != IN_SERVICE) {
		snprintf(why, why_size, "%s: %s is out of service, cause %d", a->name, d->name,
			 d->cause);
		return false;
	}
	if ((int)d->node != home) {
		snprintf(why, why_size, "%s: %s is at node %u, its home is node %d", a->name,
			 d->name, d->node, home);
		return false;
	}
	for (size_t i = 0; i < d->lines_n; i++)
		if (d->lines[i].service != IN_SERVICE) {
			snprintf(why, why_size, "%s: line %s of %s is out of service, cause %d",
				 a->name, d->lines[i].dn, d->name, d->lines[i].cause);
			return false;
		}
	return true;
}

bool watch_app_rests(const struct watch *w, uint8_t app_node, enum watch_rule *rule, char *why,
		     size_t why_size)
{
	const struct watch_app *a = app_at(w, app_node);

	if (!a)
		return true;
	*rule = WATCH_REST_PROVIDERS;
	if (a->provider_asked && !a->in_service && !a->alone) {
		snprintf(why, why_size, "%s: its provider is out of service", a->name);
		return false;
	}
	*rule = WATCH_REST_ANSWERS;
	if (a->requests_n) {
		snprintf(why, why_size, "%s: %s (%s) has no answer", a->name,
			 signal_def(a->requests[0].signal)->name, a->requests[0].name);
		return false;
	}
	*rule = WATCH_REST_CALLS;
	if (a->calls_n) {
		snprintf(why, why_size, "%s: call %llx on %s, state %d", a->name,
			 (unsigned long long)a->calls[0].handle, a->calls[0].device,
			 (int)a->calls[0].state);
		return false;
	}
	*rule = WATCH_REST_DEVICES;
	for (size_t i = 0; i < a->devices_n; i++)
		if (!(a->alone & provider_of(&a->devices[i])) &&
		    !device_rests(w, a, &a->devices[i], why, why_size))
			return false;
	return true;
}
