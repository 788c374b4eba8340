/*
 * ladder.c - one row per thing that people look for, in the order of time.
 *
 * A signal to another program is one row where it was handled; what was sent of it waits in
 * `flight` until then, first in first out among equals, and stays as a row of its own when it is
 * never handled.
 */
#include "sim/report/report_private.h"

#include <stdlib.h>
#include <string.h>

#include "common/msg/messages.h"
#include "sdl/view/fields.h"

#define ROWS_MAX   400000
#define FIELDS_MAX 400

struct ladder {
	struct report_model *m;
	char text[FIELDS_MAX];
};

/* ---- names --------------------------------------------------------------------------------- */
static const struct sdl_type *type_of(const struct report_model *m, struct sdl_pid pid)
{
	return m->in->type_of ? m->in->type_of(m->in->type_arg, pid.app, pid.type) : NULL;
}

static uint32_t state_name(struct report_model *m, const struct sdl_record_entry *e)
{
	const struct sdl_type *type = type_of(m, e->to);
	char number[16];

	if (type && e->state < type->states_n)
		return report_name(&m->names, type->states[e->state].name);
	if (!e->state)
		return 0;
	snprintf(number, sizeof(number), "%u", e->state);
	return report_name(&m->names, number);
}

static uint32_t process_of(struct report_model *m, struct sdl_pid pid)
{
	struct report_process *p,
		find = { .key.pid = sdl_pid_pack(pid), .key.label = report_label(m, pid) };
	const struct sdl_type *type = type_of(m, pid);

	HASH_FIND(hh, m->processes, &find.key, sizeof(find.key), p);
	if (p)
		return p->number;
	p = calloc(1, sizeof(*p));
	if (!p)
		abort();
	p->key = find.key;
	p->number = (uint32_t)m->processes_n;
	p->type = type ? report_name(&m->names, type->name) : 0;
	HASH_ADD(hh, m->processes, key, sizeof(p->key), p);
	REPORT_GROW(m->process_at, m->processes_n, m->processes_size);
	m->process_at[m->processes_n++] = p;
	report_program(m, pid.node, pid.app);
	return p->number;
}

static uint32_t chain_of(struct report_model *m, const struct sdl_tag *tag)
{
	char text[64];

	if (!tag->seq && sdl_pid_none(tag->origin))
		return 0;
	snprintf(text, sizeof(text), "%u,%u,%u,%u.%u", tag->origin.node, tag->origin.app,
		 tag->origin.type, tag->origin.inst, tag->seq);
	return report_name(&m->names, text);
}

/* ---- rows ---------------------------------------------------------------------------------- */
static struct report_row *row_new(struct report_model *m, enum report_kind kind, int64_t at_ns)
{
	struct report_row *row;

	REPORT_GROW(m->rows, m->rows_n, m->rows_size);
	row = &m->rows[m->rows_n];
	memset(row, 0, sizeof(*row));
	row->order = (uint32_t)m->rows_n++;
	row->kind = (uint8_t)kind;
	row->rank = 2;
	row->at_ns = at_ns;
	row->sent_ns = -1;
	row->next = REPORT_NONE;
	return row;
}

static bool is_keepalive(uint16_t number)
{
	switch (number) {
	case SIG_Heartbeat:
	case SIG_ServerHeartbeat:
	case SIG_StationKeepAlive:
	case SIG_StationKeepAliveAck:
	case SIG_SipRegisterRefresh:
	case SIG_MediaTick:
	case SIG_DoorQuery:
	case SIG_DoorProcess:
	case SIG_DoorLink:
	case SIG_DoorCounter:
	case SIG_DoorAlarm:
	case SIG_DoorEnd:
		return true;
	default:
		return false;
	}
}

/* ci and call_reference are those of the CallManager among the two. */
static void read_call(struct report_row *row, const ProtobufCMessage *msg,
		      const struct sdl_record_entry *e)
{
	uint64_t node = e->from.app == SDL_APP_CALLMANAGER ? e->from.node : e->to.node;
	int64_t v;

	if (sdl_field_int(msg, "gci", &v) == 0 || sdl_field_int(msg, "global_call_handle", &v) == 0)
		row->gci = (uint64_t)v;
	if (sdl_field_int(msg, "call_handle", &v) == 0)
		row->leg = (uint64_t)v;
	else if (v = 0,
		 sdl_field_int(msg, "ci", &v) == 0 || sdl_field_int(msg, "call_reference", &v) == 0)
		row->leg = v ? node << 32 | (uint64_t)v : 0;
}

static void read_message(struct ladder *l, struct report_row *row, const struct sdl_record_entry *e)
{
	static const char *const fields[] = { "device.name", "device", "device_name", "phone" };
	ProtobufCMessage *msg = sdl_fields_unpack(e->number, e->payload, e->payload_len);
	struct report_model *m = l->m;
	char device[64] = "";

	if (msg) {
		sdl_fields_print(msg, l->text, sizeof(l->text));
		row->text = report_name(&m->names, l->text);
		for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]) && !device[0]; i++)
			if (sdl_field_text(msg, fields[i], device, sizeof(device)) < 0 ||
			    strchr(device, ' '))
				device[0] = '\0';
		read_call(row, msg, e);
		sdl_fields_free(&msg);
	}
	if (!device[0])
		memcpy(device, e->tag.device, sizeof(e->tag.device));
	row->device = report_name_n(&m->names, device, sizeof(device) - 1);
}

static struct report_row *signal_new(struct ladder *l, enum report_kind kind,
				     const struct sdl_record_entry *e)
{
	const struct signal_def *def = signal_def(e->number);
	uint32_t from = process_of(l->m, e->from);
	uint32_t to = process_of(l->m, e->to);
	struct report_row *row = row_new(l->m, kind, e->time_ns);
	char number[24];

	snprintf(number, sizeof(number), "signal %u", e->number);
	row->name = report_name(&l->m->names, def ? def->name : number);
	row->from = from;
	row->to = to;
	row->chain = chain_of(l->m, &e->tag);
	row->keepalive = is_keepalive(e->number);
	if (kind == REPORT_SIGNAL || kind == REPORT_INSIDE)
		row->state = state_name(l->m, e);
	if (!row->keepalive && def)
		read_message(l, row, e);
	return row;
}

/* ---- in flight ----------------------------------------------------------------------------- */
static void depart(struct ladder *l, const struct sdl_record_entry *e)
{
	struct report_row *row =
		signal_new(l, e->to.app == SDL_APP_HARNESS ? REPORT_SIGNAL : REPORT_VANISHED, e);

	if (row->kind == REPORT_SIGNAL) /* the harness keeps no record of what it got */
		return;
	row->sent_ns = e->time_ns;
	report_flight_begin(l->m, e, row);
}

/* What was sent arrived: its row goes, and the new one knows when and by whom it was sent. */
static void arrive(struct ladder *l, struct report_row *row, const struct sdl_record_entry *e)
{
	struct report_row *sent = report_flight_end(l->m, e);

	if (!sent)
		return;
	row->sent_ns = sent->sent_ns;
	row->from = sent->from;
	sent->kind = REPORT_GONE;
}

/* ---- entries ------------------------------------------------------------------------------- */
static bool from_outside(const struct sdl_record_entry *e)
{
	return e->from.node != e->node || e->from.app != e->app;
}

/* Media goes as datagrams also from a program to itself. */
static bool is_media(const struct sdl_record_entry *e)
{
	const struct signal_def *def = signal_def(e->number);

	return def && def->reach == REACH_MEDIA;
}

static void on_handled(struct ladder *l, const struct sdl_record_entry *e)
{
	bool sent = e->kind == SDL_REC_IN || is_media(e);
	struct report_row *row = signal_new(l, sent ? REPORT_SIGNAL : REPORT_INSIDE, e);

	if (sent)
		arrive(l, row, e);
	else if (e->number == SIG_SdlConnDown) /* the far end's answers are gone with it */
		report_flights_forget(l->m, e->from, e->to);
}

static void on_discarded(struct ladder *l, const struct sdl_record_entry *e, const char *why)
{
	struct report_row *row;

	if (e->number == SIG_NONE) { /* a frame: no signal came out of it */
		row = row_new(l->m, REPORT_DISCARDED, e->time_ns);
		row->from = row->to =
			process_of(l->m, (struct sdl_pid){ .node = e->node, .app = e->app });
		row->text = report_name_n(&l->m->names, (const char *)e->payload, e->payload_len);
		row->state = report_name(&l->m->names, why);
		return;
	}
	row = signal_new(l, REPORT_DISCARDED, e);
	row->state = report_name(&l->m->names, why);
	if (from_outside(e))
		arrive(l, row, e);
}

static struct report_row *on_program(struct ladder *l, const struct sdl_record_entry *e,
				     const char *text)
{
	struct sdl_pid self = { .node = e->node, .app = e->app };
	uint32_t process = process_of(l->m, self);
	struct report_row *row = row_new(l->m, REPORT_PROGRAM, e->time_ns);

	row->from = row->to = process;
	row->text = report_name(&l->m->names, text);
	return row;
}

static void on_start(struct ladder *l, const struct sdl_record_entry *e)
{
	struct sdl_pid self = { .node = e->node, .app = e->app };
	struct report_program *p = report_program_of(l->m, e);

	p->starts++;
	report_life_change(p, e->time_ns, REPORT_UP);
	on_program(l, e, p->starts > 1 ? "starts again" : "starts");
	report_flights_forget(l->m, self, (struct sdl_pid){ 0 });
	report_flights_forget(l->m, (struct sdl_pid){ 0 }, self);
}

static void on_end(struct ladder *l, const struct sdl_record_entry *e)
{
	char text[40];

	report_life_change(report_program_of(l->m, e), e->time_ns, REPORT_DOWN);
	snprintf(text, sizeof(text), "ends with status %u", e->number);
	on_program(l, e, text);
}

static void on_link(struct ladder *l, const struct sdl_record_entry *e)
{
	const ProtobufCEnumValue *reason =
		protobuf_c_enum_descriptor_get_value(&link_reason__descriptor, e->number);
	struct sdl_pid self = { .node = e->node, .app = e->app };
	uint32_t from = process_of(l->m, self);
	uint32_t to = process_of(l->m, (struct sdl_pid){ .node = e->to.node, .app = e->to.app });
	struct report_row *row = row_new(l->m, REPORT_LINK, e->time_ns);

	row->from = from;
	row->to = to;
	row->extra = e->state;
	row->name = report_name(&l->m->names, e->state ? "SDLLinkISV" : "SDLLinkOOS");
	if (!e->state) {
		row->text = report_name(&l->m->names, reason ? reason->name : "");
		report_flights_forget(l->m, e->to, self);
	}
}

static void on_text(struct ladder *l, enum report_kind kind, const struct sdl_record_entry *e)
{
	uint32_t process = process_of(l->m, e->to);
	struct report_row *row = row_new(l->m, kind, e->time_ns);

	row->from = row->to = process;
	row->text = report_name_n(&l->m->names, (const char *)e->payload, e->payload_len);
	row->chain = chain_of(l->m, &e->tag);
	row->device = report_name_n(&l->m->names, e->tag.device, sizeof(e->tag.device));
}

static void strike(struct report_model *m, const struct report_fault *fault, int64_t at_ns)
{
	static const enum report_life life[] = {
		[REPORT_KILL] = REPORT_DOWN,
		[REPORT_FREEZE] = REPORT_FROZEN,
		[REPORT_THAW] = REPORT_UP,
	};

	if (fault->verb == REPORT_KILL || fault->verb == REPORT_FREEZE ||
	    fault->verb == REPORT_THAW)
		for (uint8_t i = 0; i < fault->a_n; i++)
			report_life_change(&m->programs[fault->a[i]], at_ns, life[fault->verb]);
}

static void on_fault(struct ladder *l, int64_t at_ns, const char *text, size_t len)
{
	struct report_model *m = l->m;
	uint32_t name = report_name_n(&m->names, text, len);
	struct report_row *row = row_new(m, REPORT_FAULT, at_ns);

	REPORT_GROW(m->faults, m->faults_n, m->faults_size);
	report_fault_read(m, report_text(&m->names, name), &m->faults[m->faults_n]);
	strike(m, &m->faults[m->faults_n], at_ns);
	m->faults[m->faults_n].row = row->order;
	row->text = name;
	row->extra = (uint32_t)m->faults_n++;
}

static void on_entry(struct ladder *l, const struct sdl_record_entry *e)
{
	switch (e->kind) {
	case SDL_REC_START:
		on_start(l, e);
		break;
	case SDL_REC_SIGNAL:
	case SDL_REC_IN:
		on_handled(l, e);
		break;
	case SDL_REC_OUT:
		depart(l, e);
		break;
	case SDL_REC_LOST:
		signal_new(l, REPORT_NOT_SENT, e);
		break;
	case SDL_REC_UNEXPECTED:
		on_discarded(l, e, "no row in this state");
		break;
	case SDL_REC_STALE:
		on_discarded(l, e, "for a process that has ended, or from an older session");
		break;
	case SDL_REC_MALFORMED:
		on_discarded(l, e, "malformed");
		break;
	case SDL_REC_LABEL:
		report_label_set(l->m, e);
		break;
	case SDL_REC_INFO:
		on_text(l, REPORT_INFO, e);
		break;
	case SDL_REC_LINK:
		on_link(l, e);
		break;
	case SDL_REC_ALARM:
		on_text(l, REPORT_ALARM, e);
		break;
	case SDL_REC_FAULT:
		on_fault(l, e->time_ns, (const char *)e->payload, e->payload_len);
		break;
	case SDL_REC_END:
		on_end(l, e);
		break;
	default: /* states, timers, draws: the trace has them */
		break;
	}
}

/* ---- the whole ----------------------------------------------------------------------------- */
/* The caller's lines have no place within an instant: what was judged and told there comes after
 * the signals, and before what was struck next. */
static void add_line(struct report_model *m, enum report_kind kind, int64_t at_ns, uint32_t place,
		     const char *text)
{
	uint32_t order = REPORT_NONE;
	struct report_row *row;

	for (size_t i = 0; i < m->faults_n && order == REPORT_NONE; i++)
		if (m->rows[m->faults[i].row].at_ns == at_ns)
			order = m->faults[i].row;
	row = row_new(m, kind, at_ns);
	row->order = order;
	row->rank = kind == REPORT_VERDICT ? 0 : 1;
	row->extra = place;
	row->text = report_name(&m->names, text);
}

static void add_lines(struct report_model *m)
{
	const struct sim_report *in = m->in;

	for (size_t i = 0; i < in->narration_n; i++)
		add_line(m, REPORT_NARRATION, in->narration[i].at_ns, (uint32_t)i,
			 in->narration[i].text);
	for (size_t i = 0; i < in->verdicts_n; i++)
		add_line(m, REPORT_VERDICT, in->verdicts[i].at_ns, (uint32_t)i,
			 in->verdicts[i].text);
}

static int by_time(const void *a, const void *b)
{
	const struct report_row *x = a;
	const struct report_row *y = b;

	if (x->at_ns != y->at_ns)
		return x->at_ns < y->at_ns ? -1 : 1;
	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return x->extra < y->extra ? -1 : x->extra > y->extra;
}

/* Takes up to `excess` rows away, the oldest first; returns how many are still too many. */
static size_t thin(struct report_model *m, bool inside, size_t excess)
{
	for (size_t i = 0; i < m->rows_n && excess; i++) {
		struct report_row *row = &m->rows[i];

		if (inside ? row->kind == REPORT_INSIDE || row->kind == REPORT_INFO
			   : row->kind <= REPORT_DISCARDED) {
			row->kind = REPORT_GONE;
			excess--;
			m->left_out++;
		}
	}
	return excess;
}

static void compact(struct report_model *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->rows_n; i++)
		if (m->rows[i].kind != REPORT_GONE)
			m->rows[n++] = m->rows[i];
	m->rows_n = n;
}

void report_ladder(struct report_model *m)
{
	struct ladder l = { .m = m };
	size_t max = m->in->signals_max ? m->in->signals_max : ROWS_MAX;

	for (size_t i = 0; i < m->history.n; i++) {
		const struct report_item *item = &m->history.items[i];

		if (item->entry)
			on_entry(&l, item->entry);
		else
			on_fault(&l, item->at_ns, item->text, strlen(item->text));
	}
	report_flights_forget(m, (struct sdl_pid){ 0 }, (struct sdl_pid){ 0 });
	add_lines(m);
	if (m->rows_n)
		qsort(m->rows, m->rows_n, sizeof(*m->rows), by_time);
	compact(m);
	if (m->rows_n > max)
		thin(m, false, thin(m, true, m->rows_n - max));
	compact(m);
}
