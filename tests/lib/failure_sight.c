/* What there is to be seen on a bed: what applications are told, what phones show, whose stream
 * goes on. */
#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/view/fields.h"
#include "tests/lib/failure_bed_private.h"

/* ---- streams ------------------------------------------------------------------------------- */
static struct end *end_at(uint8_t node, uint32_t port)
{
	for (size_t i = 0; i < bed.ends_n; i++)
		if (bed.ends[i].node == node && bed.ends[i].port == port)
			return &bed.ends[i];
	return NULL;
}

static void note_end(const struct sdl_record_entry *e, const MediaStream *m)
{
	struct end *end = end_at(e->to.node, m->port);

	if (!m->device)
		return;
	if (!end) {
		ck_assert_uint_lt(bed.ends_n, sizeof bed.ends / sizeof bed.ends[0]);
		end = &bed.ends[bed.ends_n++];
		*end = (struct end){ .node = e->to.node, .port = m->port };
	}
	snprintf(end->device, sizeof end->device, "%s", m->device);
}

static void note_tick(const struct sdl_record_entry *e, const MediaTick *m)
{
	struct end *end = end_at((uint8_t)m->from_ip, m->from_port);

	if (end && !m->last)
		end->spoke_ns = e->time_ns;
}

static void note(void *arg, const struct sdl_record_entry *e)
{
	ProtobufCMessage *m;

	(void)arg;
	if (e->kind != SDL_REC_IN && e->kind != SDL_REC_SIGNAL)
		return;
	if (e->number != SIG_MediaTick && e->number != SIG_MediaStartReception &&
	    e->number != SIG_MediaStartTransmission)
		return;
	m = sdl_fields_unpack(e->number, e->payload, e->payload_len);
	if (m && e->number == SIG_MediaTick)
		note_tick(e, (const MediaTick *)m);
	else if (m)
		note_end(e, (const MediaStream *)m);
	sdl_fields_free(&m);
}

static bool speaks(enum party p)
{
	for (size_t i = 0; i < bed.ends_n; i++)
		if (!strcmp(bed.ends[i].device, bed_device(p)) && bed.ends[i].spoke_ns &&
		    sim_host_now(bed.host) - bed.ends[i].spoke_ns < SECONDS(2))
			return true;
	return false;
}

void bed_read(void)
{
	watch_look(bed.watch);
	sim_history_update(bed.history);
	sim_reader_read(bed.reader, note, NULL);
}

/* ---- events -------------------------------------------------------------------------------- */
static bool of_app(const struct sim_event *e, enum party p)
{
	const struct sim_program *program = bed_program(p);

	return e->kind == SIM_EVENT_SIGNAL && program && e->to.node == program->node &&
	       e->to.app == program->app && e->to.type == APP_CTI_APPLICATION;
}

static bool of_phone(const struct sim_event *e, enum party p)
{
	return e->kind == SIM_EVENT_SIGNAL && e->to.app == SDL_APP_PHONES &&
	       bed_is_phone(bed.party[p].kind) && !strcmp(e->label, bed_device(p));
}

/* The value of a field; "" if there is none. */
static const char *field(const struct sim_event *e, const char *name, char text[64])
{
	ProtobufCMessage *m = sdl_fields_unpack(e->number, e->bytes, e->len);

	if (!m || sdl_field_text(m, name, text, 64) < 0)
		*text = '\0';
	sdl_fields_free(&m);
	return text;
}

struct awaited {
	enum party party;
	const char *what;
	size_t at;
};

static bool is_told(void *arg)
{
	struct awaited *a = arg;
	char text[64];

	for (; a->at < sim_history_n(bed.history); a->at++) {
		const struct sim_event *e = sim_history_at(bed.history, a->at);

		if (of_app(e, a->party) && (!strcmp(signal_def(e->number)->name, a->what) ||
					    !strcmp(field(e, "state", text), a->what)))
			return true;
	}
	return false;
}

static bool is_shown(void *arg)
{
	struct awaited *a = arg;
	char text[64];

	for (; a->at < sim_history_n(bed.history); a->at++) {
		const struct sim_event *e = sim_history_at(bed.history, a->at);

		if (of_phone(e, a->party) && e->number == SIG_StationCallState &&
		    !strcmp(field(e, "state", text), a->what))
			return true;
	}
	return false;
}

const char *bed_events(enum party p)
{
	size_t used = 0;

	*bed.words = '\0';
	for (size_t i = bed.mark; i < sim_history_n(bed.history) && used < sizeof bed.words; i++) {
		const struct sim_event *e = sim_history_at(bed.history, i);
		char line[160];

		if ((!of_app(e, p) && !of_phone(e, p)) || e->number == SIG_ClientTimer)
			continue;
		sim_history_print(bed.history, i, line, sizeof line);
		used += (size_t)snprintf(bed.words + used, sizeof bed.words - used, "\n  %s", line);
	}
	return bed.words;
}

void bed_told(enum party p, const char *what)
{
	struct awaited a = { p, what, bed.party[p].told };

	ck_assert_msg(bed_until(is_told, &a, SECONDS(5)), "the application at %c is not told %s:%s",
		      'A' + p, what, bed_events(p));
	bed.party[p].told = a.at + 1;
}

void bed_shown(enum party p, const char *state)
{
	struct awaited a = { p, state, bed.party[p].shown };

	ck_assert_msg(bed_until(is_shown, &a, SECONDS(5)), "phone %c does not show %s:%s", 'A' + p,
		      state, bed_events(p));
	bed.party[p].shown = a.at + 1;
}

static bool is_answered(void *arg)
{
	struct awaited *a = arg;
	char text[64];

	for (; a->at < sim_history_n(bed.history); a->at++) {
		const struct sim_event *e = sim_history_at(bed.history, a->at);

		if (of_app(e, a->party) && e->number == SIG_Response &&
		    !strcmp(field(e, "result", text), a->what))
			return true;
	}
	return false;
}

void bed_asks(enum party p, const char *verb, const char *result)
{
	struct awaited a = { p, result, sim_history_n(bed.history) };

	bed_app_do(p, verb, NULL);
	ck_assert_msg(bed_until(is_answered, &a, SECONDS(5)),
		      "%s asked by the application at %c is not answered with %s:%s", verb, 'A' + p,
		      result, bed_events(p));
}

static bool both_speak(void *arg)
{
	const enum party *pair = arg;

	return speaks(pair[0]) && speaks(pair[1]);
}

void bed_talk(enum party a, enum party b)
{
	enum party pair[2] = { a, b };

	ck_assert_msg(bed_until(both_speak, pair, SECONDS(3)), "%c and %c do not talk", 'A' + a,
		      'A' + b);
	bed_advance(500);
}

void bed_mark(void)
{
	bed.mark = sim_history_n(bed.history);
	for (int i = 0; i < PARTIES; i++)
		bed.party[i].told = bed.party[i].shown = bed.mark;
}

/* ---- what was seen ------------------------------------------------------------------------- */
void bed_put(char *to, size_t size, const char *format, ...)
{
	size_t used = strlen(to);
	va_list ap;

	if (used && used + 2 < size)
		used += (size_t)snprintf(to + used, size - used, ", ");
	va_start(ap, format);
	vsnprintf(to + used, size - used, format, ap);
	va_end(ap);
}

static void see_app(const struct sim_event *e, struct sight *s)
{
	char text[64];

	switch (e->number) {
	case SIG_ProviderOutOfService:
		bed_put(s->app, sizeof s->app, "provider out");
		break;
	case SIG_ProviderInService:
		bed_put(s->app, sizeof s->app, "provider in");
		break;
	case SIG_DeviceOutOfService:
		bed_put(s->app, sizeof s->app, "out %s", field(e, "cause", text));
		break;
	case SIG_DeviceInService:
		bed_put(s->app, sizeof s->app, "in ccm%s", field(e, "node", text));
		break;
	case SIG_NewCall:
		bed_put(s->app, sizeof s->app, "new %s", field(e, "state", text));
		break;
	case SIG_ExistingCall:
		bed_put(s->app, sizeof s->app, "existing %s", field(e, "state", text));
		break;
	case SIG_CallObservationEnded:
		bed_put(s->app, sizeof s->app, "unobserved");
		break;
	case SIG_CallClosed:
		bed_put(s->app, sizeof s->app, "ended %s", field(e, "cause", text));
		break;
	case SIG_CallStateChanged:
		if (strcmp(field(e, "state", text), "IDLE") != 0 &&
		    strcmp(text, "DISCONNECTED") != 0)
			bed_put(s->app, sizeof s->app, "%s", text);
		break;
	default:
		break;
	}
}

struct known_call {
	char handle[64], state[64];
};

/* Calls that the application knows, in the order in which they came. */
struct known {
	struct known_call calls[8];
	size_t n;
};

static void forget(struct known *k, size_t i)
{
	memmove(&k->calls[i], &k->calls[i + 1], (--k->n - i) * sizeof k->calls[0]);
}

static void learn(struct known *k, const struct sim_event *e)
{
	bool begins = e->number == SIG_NewCall || e->number == SIG_ExistingCall;
	bool ends = e->number == SIG_CallClosed || e->number == SIG_CallObservationEnded;
	char handle[64];
	size_t i = 0;

	if (!begins && !ends && e->number != SIG_CallStateChanged)
		return;
	field(e, "call_handle", handle);
	while (i < k->n && strcmp(k->calls[i].handle, handle) != 0)
		i++;
	if (i < k->n && ends)
		forget(k, i);
	if (ends || (i == k->n && (!begins || k->n == sizeof k->calls / sizeof k->calls[0])))
		return;
	k->n += i == k->n;
	memcpy(k->calls[i].handle, handle, sizeof handle);
	field(e, "state", k->calls[i].state);
}

/* A SIP phone has no screen states of its CallManager: what it shows follows from its dialogs. */
struct dialog {
	char id[64];
	bool confirmed;
};

struct dialogs {
	struct dialog list[8];
	size_t n;
};

static struct dialog *dialog_of(struct dialogs *d, const struct sim_event *e)
{
	char id[64];
	size_t i = 0;

	field(e, "call_id", id);
	while (i < d->n && strcmp(d->list[i].id, id) != 0)
		i++;
	if (i < d->n)
		return &d->list[i];
	ck_assert_uint_lt(d->n, sizeof d->list / sizeof d->list[0]);
	memcpy(d->list[d->n].id, id, sizeof id);
	d->list[d->n].confirmed = false;
	return &d->list[d->n++];
}

/* In the words of SCCP; "" = what was there stays. */
static const char *sip_shows(struct dialogs *d, const struct sim_event *e)
{
	bool invites = e->number == SIG_SipInvite;
	bool confirms = e->number == SIG_SipOk || e->number == SIG_SipAck;
	bool ends = e->number == SIG_SipBye || e->number == SIG_SipCancel;
	size_t known = d->n;
	struct dialog *dialog;

	if (!invites && !confirms && !ends && e->number != SIG_SipTrying &&
	    e->number != SIG_SipRinging && e->number != SIG_SipFailure)
		return "";
	dialog = dialog_of(d, e);
	if (invites)
		return d->n > known ? "RingIn" : "";
	if (ends)
		return "OnHook";
	if (dialog->confirmed) /* of a request within it */
		return "";
	dialog->confirmed = confirms;
	if (confirms)
		return "Connected";
	if (e->number == SIG_SipFailure)
		return "OnHook";
	return e->number == SIG_SipRinging ? "RingOut" : "Proceed";
}

static void see_phone(const struct sim_event *e, struct dialogs *d, bool counts, struct sight *s)
{
	char text[64] = "";
	const char *shown = text;

	if (e->number == SIG_StationCallState)
		field(e, "state", text);
	else
		shown = sip_shows(d, e);
	if (counts && *shown)
		bed_put(s->screen, sizeof s->screen, "%s", shown);
}

void bed_look(enum party p, struct sight *s)
{
	struct known known = { .n = 0 };
	struct dialogs dialogs = { .n = 0 };

	*s = (struct sight){ .speaks = bed.party[p].kind && speaks(p) };
	for (size_t i = 0; i < sim_history_n(bed.history); i++) {
		const struct sim_event *e = sim_history_at(bed.history, i);

		if (of_app(e, p))
			learn(&known, e);
		if (of_app(e, p) && i >= bed.mark)
			see_app(e, s);
		if (of_phone(e, p))
			see_phone(e, &dialogs, i >= bed.mark, s);
	}
	for (size_t i = 0; i < known.n; i++)
		bed_put(s->calls, sizeof s->calls, "%s", known.calls[i].state);
	if (bed_is_phone(bed.party[p].kind)) {
		const struct sim_device *d = sim_topology_device(bed.topology, bed_device(p));
		unsigned node = watch_phone_node(bed.watch, d);

		if (node)
			snprintf(s->place, sizeof s->place, "ccm%u", node);
	}
}
