#include "tests/lib/failure_bed.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/db/db.h"
#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/view/fields.h"
#include "sim/explore/rest.h"
#include "sim/harness/door.h"
#include "sim/harness/topology.h"
#include "sim/script/history.h"

#define SECONDS(n)  ((int64_t)(n)*1000000000)
#define RECORD_SIZE (16u << 20)

static const char cluster[] =
	"return {\n"
	"nodes = { { \"ccm1\", ctimanager = false }, { \"ccm2\", ctimanager = false },\n"
	"  { \"ccm3\", ctimanager = false }, { \"ccm4\", ctimanager = false },\n"
	"  { \"ccm5\", callmanager = false }, { \"ccm6\", callmanager = false } },\n"
	"groups = { a = { \"ccm1\", \"ccm4\" }, b = { \"ccm2\", \"ccm4\" },\n"
	"  c = { \"ccm3\", \"ccm4\" }, d = { \"ccm4\" } },\n"
	"pools = { a = \"a\", b = \"b\", c = \"c\", d = \"d\" },\n"
	"phones = {\n"
	"  { \"SEP00000000000A\", dn = \"1001\", pool = \"a\", ring = 60 },\n"
	"  { \"SEP00000000000B\", dn = \"1002\", pool = \"b\", ring = 60 },\n"
	"  { \"SEP00000000000C\", dn = \"1003\", pool = \"c\", ring = 60 },\n"
	"  { \"SEP00000000000D\", dn = \"1004\", pool = \"d\", ring = 60 } },\n"
	"ports = {\n"
	"  { \"CTIP_A\", dn = \"2001\", pool = \"a\", ring = 60, cfof = \"1004\" },\n"
	"  { \"CTIP_B\", dn = \"2002\", pool = \"b\", ring = 60, cfof = \"1004\" },\n"
	"  { \"CTIP_C\", dn = \"2003\", pool = \"c\", ring = 60, cfof = \"1004\" } },\n"
	"route_points = {\n"
	"  { \"CTIRP_B\", dn = \"3002\", pool = \"b\", ring = 60, cfof = \"1004\" } },\n"
	"users = {\n"
	"  a = { application = true, password = \"a\", groups = { \"Standard CTI Enabled\" },\n"
	"    devices = { \"SEP00000000000A\", \"CTIP_A\" } },\n"
	"  b = { application = true, password = \"b\", groups = { \"Standard CTI Enabled\" },\n"
	"    devices = { \"SEP00000000000B\", \"CTIP_B\", \"CTIRP_B\" } },\n"
	"  c = { application = true, password = \"c\", groups = { \"Standard CTI Enabled\" },\n"
	"    devices = { \"SEP00000000000C\", \"CTIP_C\" } },\n"
	"  d = { application = true, password = \"d\", groups = { \"Standard CTI Enabled\" },\n"
	"    devices = { \"SEP00000000000D\" } } },\n"
	"parameters = { [\"CTI New Call Accept Timer\"] = 60, [\"Media Exchange Timeout\"] = 60,\n"
	"  [\"T302 Timer\"] = 60000, [\"Offhook To First Digit Timer\"] = 60000 },\n"
	"}\n";

struct party_state {
	enum party_kind kind;
	size_t told, shown; /* places in the history up to which events were awaited */
};

/* One end of a stream: the program and its port there. */
struct end {
	uint8_t node;
	uint32_t port;
	char device[16];
	int64_t spoke_ns; /* when a tick of it last reached somebody; 0 = never */
};

static struct {
	struct sim_topology *topology;
	struct db *db;
	struct sim_host *host;
	struct watch *watch;
	struct sim_history *history;
	struct sim_reader *reader; /* of streams */
	struct party_state party[PARTIES];
	size_t mark;
	struct end ends[64]; /* of streams, as they came up */
	size_t ends_n;
	char words[1200];
} bed;

/* ---- names --------------------------------------------------------------------------------- */
static const char *const apps[] = { "a", "b", "c", "d" };
static const char *const phones[] = { "SEP00000000000A", "SEP00000000000B", "SEP00000000000C",
				      "SEP00000000000D" };
static const char *const ports[] = { "CTIP_A", "CTIP_B", "CTIP_C", NULL };

static const char *device_of(enum party p)
{
	enum party_kind kind = bed.party[p].kind;

	return kind == ROUTE_POINT ? "CTIRP_B" : kind == PHONE ? phones[p] : ports[p];
}

const char *bed_number(enum party p)
{
	return sim_topology_device(bed.topology, device_of(p))->lines[0].dn;
}

static struct sim_program *program_of(enum party p)
{
	char name[16];

	snprintf(name, sizeof(name), "app:%s", apps[p]);
	return sim_host_program(bed.host, name);
}

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
		if (!strcmp(bed.ends[i].device, device_of(p)) && bed.ends[i].spoke_ns &&
		    sim_host_now(bed.host) - bed.ends[i].spoke_ns < SECONDS(2))
			return true;
	return false;
}

/* ---- time ---------------------------------------------------------------------------------- */
struct wait {
	bool (*done)(void *arg);
	void *arg;
};

static bool look(void *arg)
{
	const struct wait *w = arg;

	watch_look(bed.watch);
	sim_history_update(bed.history);
	sim_reader_read(bed.reader, note, NULL);
	return watch_breach(bed.watch)->broken || (w->done && w->done(w->arg));
}

/* False when it did not come to that. */
static bool until(bool (*done)(void *arg), void *arg, int64_t ns)
{
	struct wait w = { done, arg };
	enum sim_until how = sim_host_until(bed.host, look, &w, sim_host_now(bed.host) + ns);
	const struct watch_breach *b = watch_breach(bed.watch);

	ck_assert_msg(how != SIM_BROKEN, "%s", "a program ended that nobody had struck");
	ck_assert_msg(!b->broken, "%s: %s: %s", watch_rule_clause(b->rule),
		      watch_rule_def(b->rule)->text, b->text);
	return how == SIM_DONE;
}

void bed_advance(int64_t ms)
{
	until(NULL, NULL, ms * 1000000);
}

/* ---- acts ---------------------------------------------------------------------------------- */
static void act(enum sim_subject subject, const char *who, const char *verb,
		const char *const args[3])
{
	struct sim_error err = { 0 };
	struct sim_call call = { .verb = sim_verb(subject, verb),
				 .host = bed.host,
				 .subject = who,
				 .out = stdout,
				 .err = &err };

	ck_assert_msg(call.verb, "there is no verb %s", verb);
	for (int i = 0; i < 3; i++)
		call.args[i] = args[i];
	ck_assert_msg(sim_verb_run(&call) == 0, "%s %s: %s", who, verb, err.text);
}

void bed_app_do(enum party p, const char *verb, const char *arg)
{
	act(SIM_ON_APP, apps[p], verb, (const char *const[3]){ device_of(p), arg });
}

void bed_do(enum party p, const char *verb, const char *arg)
{
	if (bed.party[p].kind == PHONE)
		act(SIM_ON_PHONE, phones[p], verb, (const char *const[3]){ arg });
	else
		bed_app_do(p, verb, arg);
}

void bed_strike(const char *verb, const char *a, const char *b, const char *delay)
{
	act(SIM_ON_CLUSTER, "", verb, (const char *const[3]){ a, b, delay });
}

/* ---- events -------------------------------------------------------------------------------- */
static bool of_app(const struct sim_event *e, enum party p)
{
	const struct sim_program *program = program_of(p);

	return e->kind == SIM_EVENT_SIGNAL && program && e->to.node == program->node &&
	       e->to.app == program->app && e->to.type == APP_CTI_APPLICATION;
}

static bool of_phone(const struct sim_event *e, enum party p)
{
	return e->kind == SIM_EVENT_SIGNAL && e->to.app == SDL_APP_PHONES &&
	       !strcmp(e->label, phones[p]);
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

		if (!of_app(e, p) && !of_phone(e, p))
			continue;
		sim_history_print(bed.history, i, line, sizeof line);
		used += (size_t)snprintf(bed.words + used, sizeof bed.words - used, "\n  %s", line);
	}
	return bed.words;
}

void bed_told(enum party p, const char *what)
{
	struct awaited a = { p, what, bed.party[p].told };

	ck_assert_msg(until(is_told, &a, SECONDS(5)), "the application at %c is not told %s:%s",
		      'A' + p, what, bed_events(p));
	bed.party[p].told = a.at + 1;
}

void bed_shown(enum party p, const char *state)
{
	struct awaited a = { p, state, bed.party[p].shown };

	ck_assert_msg(until(is_shown, &a, SECONDS(5)), "phone %c does not show %s:%s", 'A' + p,
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
	ck_assert_msg(until(is_answered, &a, SECONDS(5)),
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

	ck_assert_msg(until(both_speak, pair, SECONDS(3)), "%c and %c do not talk", 'A' + a,
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
__attribute__((format(printf, 3, 4))) static void put(char *to, size_t size, const char *format,
						      ...)
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
		put(s->app, sizeof s->app, "provider out");
		break;
	case SIG_ProviderInService:
		put(s->app, sizeof s->app, "provider in");
		break;
	case SIG_DeviceOutOfService:
		put(s->app, sizeof s->app, "out %s", field(e, "cause", text));
		break;
	case SIG_DeviceInService:
		put(s->app, sizeof s->app, "in ccm%s", field(e, "node", text));
		break;
	case SIG_NewCall:
		put(s->app, sizeof s->app, "new %s", field(e, "state", text));
		break;
	case SIG_ExistingCall:
		put(s->app, sizeof s->app, "existing %s", field(e, "state", text));
		break;
	case SIG_CallObservationEnded:
		put(s->app, sizeof s->app, "unobserved");
		break;
	case SIG_CallClosed:
		put(s->app, sizeof s->app, "ended %s", field(e, "cause", text));
		break;
	case SIG_CallStateChanged:
		if (strcmp(field(e, "state", text), "IDLE") != 0 &&
		    strcmp(text, "DISCONNECTED") != 0)
			put(s->app, sizeof s->app, "%s", text);
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

void bed_look(enum party p, struct sight *s)
{
	struct known known = { .n = 0 };
	char text[64];

	*s = (struct sight){ .speaks = bed.party[p].kind && speaks(p) };
	for (size_t i = 0; i < sim_history_n(bed.history); i++) {
		const struct sim_event *e = sim_history_at(bed.history, i);

		if (of_app(e, p))
			learn(&known, e);
		if (of_app(e, p) && i >= bed.mark)
			see_app(e, s);
		if (of_phone(e, p) && e->number == SIG_StationCallState && i >= bed.mark)
			put(s->screen, sizeof s->screen, "%s", field(e, "state", text));
	}
	for (size_t i = 0; i < known.n; i++)
		put(s->calls, sizeof s->calls, "%s", known.calls[i].state);
	if (bed.party[p].kind == PHONE) {
		const struct sim_device *d = sim_topology_device(bed.topology, phones[p]);
		unsigned node = watch_phone_node(bed.watch, d);

		if (node)
			snprintf(s->place, sizeof s->place, "ccm%u", node);
	}
}

/* ---- the end ------------------------------------------------------------------------------- */
static void hang_up(enum party p)
{
	struct sim_error err = { 0 };
	bool phone = bed.party[p].kind == PHONE;
	struct sim_call call = { .verb = phone ? sim_verb(SIM_ON_PHONE, "hangup")
					       : sim_verb(SIM_ON_APP, "drop"),
				 .host = bed.host,
				 .subject = phone ? phones[p] : apps[p],
				 .args = { phone ? NULL : device_of(p) },
				 .out = stdout,
				 .err = &err };

	if (bed.party[p].kind && (phone || program_of(p)->state == SIM_READY))
		sim_verb_run(&call);
}

/* Processes that stay when no call is left. */
static bool stays(const struct sdl_type *type)
{
	static const char *const devices[] = { "StationD", "SIPStationD", "CTIStationD",
					       "LineControl" };

	for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++)
		if (!strcmp(type->name, devices[i]))
			return true;
	return type->at_start;
}

static void look_at_process(void *arg, struct sdl_process *process)
{
	const struct sim_program *p = arg;
	const struct sdl_type *type = sdl_process_type(process);
	const char *state = type->states[sdl_state(process)].name;

	if (p->app == SDL_APP_CALLMANAGER && !stays(type))
		put(bed.words, sizeof bed.words, "%s has a %s in %s", p->name, type->name, state);
	if (!strcmp(type->name, "Media") && strcmp(state, "quiet") != 0)
		put(bed.words, sizeof bed.words, "%s has streams", p->name);
}

static void look_at_counter(const struct sim_program *p, enum counter_id counter)
{
	int64_t value = sdl_program_counter(sim_host_running(bed.host, p), counter);

	if (value)
		put(bed.words, sizeof bed.words, "%s of %s is %lld", counter_def(counter)->name,
		    p->name, (long long)value);
}

const char *bed_leaks(void)
{
	struct sim_program *p;
	size_t n;

	for (int round = 0; round < 8; round++) {
		for (int i = 0; i < PARTIES; i++)
			hang_up((enum party)i);
		bed_advance(1000);
	}
	*bed.words = '\0';
	p = sim_host_programs(bed.host, &n);
	for (size_t i = 0; i < n; i++) {
		if (p[i].state != SIM_READY)
			continue;
		sdl_program_each(sim_host_running(bed.host, &p[i]), look_at_process, &p[i]);
		if (p[i].app == SDL_APP_CALLMANAGER) {
			look_at_counter(&p[i], COUNTER_CALLS_ACTIVE);
			look_at_counter(&p[i], COUNTER_CALLS_IN_PROGRESS);
		}
	}
	return bed.words;
}

const char *bed_rest(void)
{
	const struct watch_breach *b = watch_breach(bed.watch);

	rest_run(bed.host, bed.watch, sim_host_now(bed.host) + rest_bound(1));
	*bed.words = '\0';
	if (b->broken)
		snprintf(bed.words, sizeof bed.words, "%s: %s: %s", watch_rule_clause(b->rule),
			 watch_rule_def(b->rule)->text, b->text);
	return bed.words;
}

/* ---- life ---------------------------------------------------------------------------------- */
static bool at_home(void *arg)
{
	const struct sim_topology *t = bed.topology;

	(void)arg;
	for (size_t i = 0; i < t->devices_n; i++)
		if (t->devices[i].kind == SIM_PHONE && !watch_phone_node(bed.watch, &t->devices[i]))
			return false;
	return true;
}

void bed_up(void)
{
	struct sim_host_options o = { .seed = 1, .speed = 1, .record_size = RECORD_SIZE };
	struct sim_error err = { 0 };
	struct db_error why = { 0 };

	memset(&bed, 0, sizeof bed);
	ck_assert_msg(sim_topology_parse(&bed.topology, "failures", cluster, &err) == 0, "%s",
		      err.text);
	ck_assert_msg(db_memory(&bed.db, &why) == 0, "%s", why.text);
	db_seed(bed.db, 1);
	ck_assert_msg(sim_topology_fill(bed.topology, bed.db, &err) == 0, "%s", err.text);
	o.topology = bed.topology;
	o.db = bed.db;
	ck_assert_msg(sim_host_virtual(&bed.host, &o, &err) == 0, "%s", err.text);
	bed.watch = watch_new(bed.host, NULL);
	bed.history = sim_history_new(bed.host);
	bed.reader = sim_reader_new(bed.host);
	ck_assert_msg(sim_host_up(bed.host, SECONDS(30), &err) == 0, "%s", err.text);
	ck_assert_msg(until(at_home, NULL, SECONDS(30)), "phones are not registered");
}

void bed_down(void)
{
	watch_destroy(&bed.watch);
	sim_history_destroy(&bed.history);
	sim_reader_destroy(&bed.reader);
	sim_host_destroy(&bed.host);
	db_close(&bed.db);
	sim_topology_destroy(&bed.topology);
}

void bed_join(enum party p, enum party_kind kind)
{
	static const char *const managers[] = { "ccm5", "ccm6" };
	struct sim_app_spec spec = { .name = apps[p],
				     .user = apps[p],
				     .ctimanagers = managers,
				     .ctimanagers_n = 2,
				     .heartbeat_s = 5 };
	struct sim_program *program;
	struct sim_error err = { 0 };

	bed.party[p].kind = kind;
	ck_assert_msg(sim_host_app(bed.host, &spec, &program, &err) == 0, "%s", err.text);
	bed_told(p, "ProviderInService");
	act(SIM_ON_APP, apps[p], "open",
	    (const char *const[3]){ device_of(p), NULL, kind == DYNAMIC_PORT ? "dynamic" : NULL });
	bed_told(p, "ExistingCallCompleted");
	if (kind == DYNAMIC_PORT)
		act(SIM_ON_APP, apps[p], "media", (const char *const[3]){ "hand" });
}
