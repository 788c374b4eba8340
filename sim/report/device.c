/*
 * device.c - where every device was, from three points of view.
 *
 * The CallManagers: from DaRegisterReq (a device process tells its Da that it is registered) to
 * DaUnregisterReq or the program's end; during a partition two of them may have it. The phone: from
 * StationRegisterAck to StationUnregisterAck, StationReset, or the loss of the link. Applications:
 * what DeviceInService, DeviceOutOfService and DeviceClosed told them.
 */
#include "sim/report/report_private.h"

#include <stdlib.h>
#include <string.h>

#include "common/msg/messages.h"
#include "sdl/view/fields.h"

#define CALLMANAGERS (-1)

static struct report_device *device_of(struct report_model *m, const char *name)
{
	uint32_t number = report_name(&m->names, name);
	struct report_device *d;

	if (!number)
		return NULL;
	HASH_FIND(hh, m->devices, &number, sizeof(number), d);
	if (d)
		return d;
	d = calloc(1, sizeof(*d));
	if (!d)
		abort();
	d->name = number;
	HASH_ADD(hh, m->devices, name, sizeof(d->name), d);
	return d;
}

static struct report_track *track_of(struct report_device *d, int program, bool make)
{
	for (size_t i = 0; i < d->tracks_n; i++)
		if (d->tracks[i].program == program)
			return &d->tracks[i];
	if (!make)
		return NULL;
	REPORT_GROW(d->tracks, d->tracks_n, d->tracks_size);
	d->tracks[d->tracks_n] = (struct report_track){ .program = program };
	return &d->tracks[d->tracks_n++];
}

static struct report_span *span_new(struct report_track *t, int64_t at_ns,
				    enum report_service service, uint8_t node)
{
	REPORT_GROW(t->spans, t->n, t->size);
	t->spans[t->n] = (struct report_span){
		.from_ns = at_ns, .to_ns = -1, .service = service, .node = node
	};
	return &t->spans[t->n++];
}

/* What one observer knows: one thing at a time. */
static void see(struct report_track *t, int64_t at_ns, enum report_service service, uint8_t node,
		uint32_t why)
{
	struct report_span *last = t->n ? &t->spans[t->n - 1] : NULL;

	if (last && last->to_ns < 0) {
		if (last->service == service && last->node == node && last->why == why)
			return;
		last->to_ns = at_ns;
	}
	if (service != REPORT_NOTHING)
		span_new(t, at_ns, service, node)->why = why;
}

/* ---- the CallManagers' view ---------------------------------------------------------------- */
static struct report_span *held_by(struct report_device *d, uint8_t node)
{
	struct report_track *t = track_of(d, CALLMANAGERS, false);

	for (size_t i = t ? t->n : 0; i-- > 0;)
		if (t->spans[i].node == node && t->spans[i].to_ns < 0)
			return &t->spans[i];
	return NULL;
}

static void move(struct report_device *d, int64_t at_ns, uint8_t to, const DaRegistration *r)
{
	size_t old = r->n_group, new = r->n_group;

	for (size_t i = 0; i < r->n_group; i++) {
		if (r->group[i] == d->last_node)
			old = i;
		if (r->group[i] == to)
			new = i;
	}
	REPORT_GROW(d->moves, d->moves_n, d->moves_size);
	d->moves[d->moves_n++] = (struct report_move){
		.at_ns = at_ns, .from = d->last_node, .to = to, .home = new < old
	};
}

static void on_registered(struct report_model *m, const struct sdl_record_entry *e,
			  const ProtobufCMessage *msg)
{
	const DaRegistration *r = (const DaRegistration *)msg;
	struct report_device *d = device_of(m, r->device);

	if (!d)
		return;
	d->kind = r->kind;
	if (held_by(d, e->node))
		return;
	if (d->last_node && d->last_node != e->node)
		move(d, e->time_ns, e->node, r);
	d->last_node = e->node;
	span_new(track_of(d, CALLMANAGERS, true), e->time_ns, REPORT_HELD, e->node);
}

static void let_go(struct report_device *d, uint8_t node, int64_t at_ns)
{
	struct report_span *span = held_by(d, node);

	if (span)
		span->to_ns = at_ns;
}

static void on_unregistered(struct report_model *m, const struct sdl_record_entry *e,
			    const ProtobufCMessage *msg)
{
	struct report_device *d = device_of(m, ((const DaUnregister *)msg)->device);

	if (d)
		let_go(d, e->node, e->time_ns);
}

/* ---- the phone's view ---------------------------------------------------------------------- */
static struct report_track *phone_track(struct report_model *m, const struct sdl_record_entry *e,
					bool make)
{
	struct report_device *d = device_of(m, report_text(&m->names, report_label(m, e->to)));

	return d ? track_of(d, (int)report_program(m, e->node, e->app), make) : NULL;
}

static void on_phone(struct report_model *m, const struct sdl_record_entry *e,
		     const ProtobufCMessage *msg)
{
	bool sip = e->number == SIG_SipRegisterOk;
	struct report_track *t = phone_track(m, e, sip || e->number == SIG_StationRegisterAck);

	if (!t)
		return;
	if (sip && ((const SipRegisterOk *)msg)->expires_s)
		see(t, e->time_ns, REPORT_IN, (uint8_t)((const SipRegisterOk *)msg)->node, 0);
	else if (sip)
		see(t, e->time_ns, REPORT_OUT, 0, report_name(&m->names, "unregistered"));
	else if (e->number == SIG_StationRegisterAck)
		see(t, e->time_ns, REPORT_IN, (uint8_t)((const StationRegisterAck *)msg)->node, 0);
	else if (e->number == SIG_StationReset)
		see(t, e->time_ns, REPORT_OUT, 0, report_name(&m->names, "reset"));
	else if (((const StationUnregisterAck *)msg)->status ==
		 STATION_UNREGISTER_STATUS__UnregisterOK)
		see(t, e->time_ns, REPORT_OUT, 0, report_name(&m->names, "unregistered"));
}

static void on_phones_link(struct report_model *m, const struct sdl_record_entry *e)
{
	int program = (int)report_program(m, e->node, e->app);

	for (struct report_device *d = m->devices; d; d = d->hh.next) {
		struct report_track *t = track_of(d, program, false);
		const struct report_span *last = t && t->n ? &t->spans[t->n - 1] : NULL;

		if (last && last->service == REPORT_IN && last->node == e->to.node)
			see(t, e->time_ns, REPORT_OUT, 0, report_name(&m->names, "link lost"));
	}
}

/* ---- an application's view ----------------------------------------------------------------- */
static void on_device_event(struct report_model *m, const struct sdl_record_entry *e,
			    const ProtobufCMessage *msg)
{
	const DeviceEvent *event = (const DeviceEvent *)msg;
	struct report_device *d = device_of(m, event->device);
	struct report_track *t;
	char why[80] = "";

	if (!d)
		return;
	t = track_of(d, (int)report_program(m, e->node, e->app), true);
	if (e->number == SIG_DeviceInService) {
		see(t, e->time_ns, REPORT_IN, (uint8_t)event->node, 0);
		return;
	}
	sdl_field_text(msg, e->number == SIG_DeviceClosed ? "reason" : "cause", why, sizeof(why));
	see(t, e->time_ns, e->number == SIG_DeviceClosed ? REPORT_CLOSED : REPORT_OUT, 0,
	    report_name(&m->names, why));
}

/* ---- the end of a program ends what it held or knew ----------------------------------------- */
static void on_program_end(struct report_model *m, size_t program, int64_t at_ns)
{
	const struct report_program *p = &m->programs[program];

	for (struct report_device *d = m->devices; d; d = d->hh.next) {
		struct report_track *t = track_of(d, (int)program, false);

		if (t)
			see(t, at_ns, REPORT_NOTHING, 0, 0);
		if (p->app == SDL_APP_CALLMANAGER)
			let_go(d, p->node, at_ns);
	}
}

static void on_fault(struct report_model *m, int64_t at_ns, uint32_t text)
{
	struct report_fault fault;

	report_fault_read(m, report_text(&m->names, text), &fault);
	if (fault.verb == REPORT_KILL)
		for (uint8_t i = 0; i < fault.a_n; i++)
			on_program_end(m, fault.a[i], at_ns);
}

typedef void on_message(struct report_model *m, const struct sdl_record_entry *e,
			const ProtobufCMessage *msg);

static on_message *handler_of(const struct sdl_record_entry *e)
{
	switch (e->number) {
	case SIG_DaRegisterReq:
		return e->app == SDL_APP_CALLMANAGER ? on_registered : NULL;
	case SIG_DaUnregisterReq:
		return e->app == SDL_APP_CALLMANAGER ? on_unregistered : NULL;
	case SIG_StationRegisterAck:
	case SIG_StationUnregisterAck:
	case SIG_StationReset:
	case SIG_SipRegisterOk:
		return e->app == SDL_APP_PHONES ? on_phone : NULL;
	case SIG_DeviceInService:
	case SIG_DeviceOutOfService:
	case SIG_DeviceClosed:
		return e->app == SDL_APP_CTI ? on_device_event : NULL;
	default:
		return NULL;
	}
}

static void on_entry(struct report_model *m, const struct sdl_record_entry *e)
{
	ProtobufCMessage *msg;
	on_message *handler;

	if (e->kind == SDL_REC_LABEL) {
		report_label_set(m, e);
	} else if (e->kind == SDL_REC_START || e->kind == SDL_REC_END) {
		on_program_end(m, report_program(m, e->node, e->app), e->time_ns);
	} else if (e->kind == SDL_REC_LINK && !e->state && e->app == SDL_APP_PHONES) {
		on_phones_link(m, e);
	} else if (e->kind == SDL_REC_FAULT) {
		on_fault(m, e->time_ns,
			 report_name_n(&m->names, (const char *)e->payload, e->payload_len));
	} else if (e->kind == SDL_REC_SIGNAL || e->kind == SDL_REC_IN) {
		handler = handler_of(e);
		msg = handler ? sdl_fields_unpack(e->number, e->payload, e->payload_len) : NULL;
		if (msg)
			handler(m, e, msg);
		sdl_fields_free(&msg);
	}
}

void report_devices(struct report_model *m)
{
	for (size_t i = 0; i < m->history.n; i++) {
		const struct report_item *item = &m->history.items[i];

		if (item->entry)
			on_entry(m, item->entry);
		else
			on_fault(m, item->at_ns, report_name(&m->names, item->text));
	}
}

void report_devices_free(struct report_model *m)
{
	struct report_device *d, *next;

	HASH_ITER (hh, m->devices, d, next) {
		HASH_DEL(m->devices, d);
		for (size_t i = 0; i < d->tracks_n; i++)
			free(d->tracks[i].spans);
		free(d->tracks);
		free(d->moves);
		free(d);
	}
}
