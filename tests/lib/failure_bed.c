#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/db/db.h"
#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sim/explore/rest.h"
#include "sim/harness/door.h"
#include "sim/harness/topology.h"
#include "tests/lib/failure_bed_private.h"

#define RECORD_SIZE (16u << 20)

/* Shared: one number on a phone of B and on one of C. Calls are parked at B's node. */
static const char cluster[] =
	"return {\n"
	"nodes = { { 'ccm1', ctimanager = false }, { 'ccm2', ctimanager = false },\n"
	"  { 'ccm3', ctimanager = false }, { 'ccm4', ctimanager = false },\n"
	"  { 'ccm5', callmanager = false }, { 'ccm6', callmanager = false } },\n"
	"groups = { a = { 'ccm1', 'ccm4' }, b = { 'ccm2', 'ccm4' }, c = { 'ccm3', 'ccm4' },\n"
	"  d = { 'ccm4' } },\n"
	"pools = { a = 'a', b = 'b', c = 'c', d = 'd' },\n"
	"phones = {\n"
	"  { 'SEP00000000000A', dn = '1001', pool = 'a', ring = 60 },\n"
	"  { 'SEP00000000000B', dn = '1002', pool = 'b', ring = 60, cfna = '1003', pickup_group = "
	"'bc' },\n"
	"  { 'SEP00000000000C', dn = '1003', pool = 'c', ring = 60, pickup_group = 'bc' },\n"
	"  { 'SEP00000000000D', dn = '1004', pool = 'd', ring = 60 },\n"
	"  { 'SEP00000000001A', dn = '1101', pool = 'a', ring = 60, model = 7970, sip = true,\n"
	"    dial_rules = 'four' },\n"
	"  { 'SEP00000000001B', dn = '1102', pool = 'b', ring = 60, model = 7970, sip = true,\n"
	"    dial_rules = 'four' },\n"
	"  { 'SEP00000000001C', dn = '1103', pool = 'c', ring = 60, model = 7970, sip = true,\n"
	"    dial_rules = 'four' },\n"
	"  { 'SEP00000000002B', dn = '1200', pool = 'b', ring = 60 },\n"
	"  { 'SEP00000000002C', dn = '1200', pool = 'c', ring = 60 } },\n"
	"ports = {\n"
	"  { 'CTIP_A', dn = '2001', pool = 'a', ring = 60, cfof = '1004' },\n"
	"  { 'CTIP_B', dn = '2002', pool = 'b', ring = 60, cfof = '1004' },\n"
	"  { 'CTIP_C', dn = '2003', pool = 'c', ring = 60, cfof = '1004' } },\n"
	"route_points = { { 'CTIRP_B', dn = '3002', pool = 'b', ring = 60, cfof = '1004' } },\n"
	"dial_rules = { four = { '.... 0' } },\n"
	"park_numbers = { { '7701', node = 'ccm2' } },\n"
	"pickup_groups = { { 'bc', number = '7900' } },\n"
	"users = {\n"
	"  a = { application = true, password = 'a', groups = { 'Standard CTI Enabled' },\n"
	"    devices = { 'SEP00000000000A', 'SEP00000000001A', 'CTIP_A' } },\n"
	"  b = { application = true, password = 'b', groups = { 'Standard CTI Enabled' },\n"
	"    devices = { 'SEP00000000000B', 'SEP00000000001B', 'SEP00000000002B', 'CTIP_B',\n"
	"      'CTIRP_B' } },\n"
	"  c = { application = true, password = 'c', groups = { 'Standard CTI Enabled' },\n"
	"    devices = { 'SEP00000000000C', 'SEP00000000001C', 'SEP00000000002C', 'CTIP_C' } },\n"
	"  d = { application = true, password = 'd', groups = { 'Standard CTI Enabled' },\n"
	"    devices = { 'SEP00000000000D' } } },\n"
	"parameters = { ['CTI New Call Accept Timer'] = 60, ['Media Exchange Timeout'] = 60,\n"
	"  ['T302 Timer'] = 60000, ['Offhook To First Digit Timer'] = 60000,\n"
	"  ['Call Park Reversion Timer'] = 600 },\n"
	"}\n";

/* ---- names --------------------------------------------------------------------------------- */
struct bed bed;

static const char *const apps[] = { "a", "b", "c", "d" };
static const char *const devices[][PARTIES] = {
	[PHONE] = { "SEP00000000000A", "SEP00000000000B", "SEP00000000000C", "SEP00000000000D" },
	[SIP_PHONE] = { "SEP00000000001A", "SEP00000000001B", "SEP00000000001C", NULL },
	[SHARED_PHONE] = { NULL, "SEP00000000002B", "SEP00000000002C", NULL },
	[PORT] = { "CTIP_A", "CTIP_B", "CTIP_C", NULL },
	[DYNAMIC_PORT] = { "CTIP_A", "CTIP_B", "CTIP_C", NULL },
	[ROUTE_POINT] = { NULL, "CTIRP_B", NULL, NULL },
};

const char *bed_device(enum party p)
{
	return devices[bed.party[p].kind][p];
}

bool bed_is_phone(enum party_kind kind)
{
	return kind == PHONE || kind == SIP_PHONE || kind == SHARED_PHONE;
}

const char *bed_number(enum party p)
{
	return sim_topology_device(bed.topology, bed_device(p))->lines[0].dn;
}

struct sim_program *bed_program(enum party p)
{
	char name[16];

	snprintf(name, sizeof(name), "app:%s", apps[p]);
	return sim_host_program(bed.host, name);
}

/* ---- time ---------------------------------------------------------------------------------- */
struct wait {
	bool (*done)(void *arg);
	void *arg;
};

static bool look(void *arg)
{
	const struct wait *w = arg;

	bed_read();
	return watch_breach(bed.watch)->broken || (w->done && w->done(w->arg));
}

bool bed_until(bool (*done)(void *arg), void *arg, int64_t ns)
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
	bed_until(NULL, NULL, ms * 1000000);
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
	act(SIM_ON_APP, apps[p], verb, (const char *const[3]){ bed_device(p), arg });
}

void bed_do(enum party p, const char *verb, const char *arg)
{
	if (bed_is_phone(bed.party[p].kind))
		act(SIM_ON_PHONE, bed_device(p), verb, (const char *const[3]){ arg });
	else
		bed_app_do(p, verb, arg);
}

void bed_strike(const char *verb, const char *a, const char *b, const char *delay)
{
	act(SIM_ON_CLUSTER, "", verb, (const char *const[3]){ a, b, delay });
}

/* ---- the end ------------------------------------------------------------------------------- */
static void hang_up(enum party p)
{
	struct sim_error err = { 0 };
	bool phone = bed_is_phone(bed.party[p].kind);
	struct sim_call call = { .verb = phone ? sim_verb(SIM_ON_PHONE, "hangup")
					       : sim_verb(SIM_ON_APP, "drop"),
				 .host = bed.host,
				 .subject = phone ? bed_device(p) : apps[p],
				 .args = { phone ? NULL : bed_device(p) },
				 .out = stdout,
				 .err = &err };

	if (bed.party[p].kind && (phone || bed_program(p)->state == SIM_READY))
		sim_verb_run(&call);
}

/* Processes that stay when no call is left. */
static bool stays(const struct sdl_type *type)
{
	static const char *const kept[] = { "StationD", "SIPStationD", "CTIStationD",
					    "LineControl" };

	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
		if (!strcmp(type->name, kept[i]))
			return true;
	return type->at_start;
}

static void look_at_process(void *arg, struct sdl_process *process)
{
	const struct sim_program *p = arg;
	const struct sdl_type *type = sdl_process_type(process);
	const char *state = type->states[sdl_state(process)].name;

	if (p->app == SDL_APP_CALLMANAGER && !stays(type))
		bed_put(bed.words, sizeof bed.words, "%s has a %s in %s", p->name, type->name,
			state);
	if (!strcmp(type->name, "Media") && strcmp(state, "quiet") != 0)
		bed_put(bed.words, sizeof bed.words, "%s has streams", p->name);
}

static void look_at_counter(const struct sim_program *p, enum counter_id counter)
{
	int64_t value = sdl_program_counter(sim_host_running(bed.host, p), counter);

	if (value)
		bed_put(bed.words, sizeof bed.words, "%s of %s is %lld", counter_def(counter)->name,
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
	ck_assert_msg(bed_until(at_home, NULL, SECONDS(30)), "phones are not registered");
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
	    (const char *const[3]){ bed_device(p), NULL, kind == DYNAMIC_PORT ? "dynamic" : NULL });
	bed_told(p, "ExistingCallCompleted");
	if (kind == DYNAMIC_PORT)
		act(SIM_ON_APP, apps[p], "media", (const char *const[3]){ "hand" });
}
