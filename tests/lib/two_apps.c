#include "tests/lib/two_apps.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/db/db.h"
#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sim/harness/topology.h"

#define PATIENCE MS(8000)

static const char topology_text[] =
	"return { nodes = { 'ccm1', 'ccm2' },\n"
	"groups = { west = { 'ccm1', 'ccm2' }, east = { 'ccm2' } },\n"
	"pools = { west = 'west', east = 'east' },\n"
	"phones = { { 'SEP000000000001', count = 3, dn = '1001', pool = 'west' },\n"
	"  { 'SEP000000000011', count = 2, dn = '2001', pool = 'east' },\n"
	"  { 'SEP000000000021', dn = '3001', cfa = '3002', pool = 'east' },\n"
	"  { 'SEP000000000022', dn = '3002', cfa = '3001', pool = 'east' } },\n"
	"ports = { { 'CTIP_6001', count = 2, dn = '6001', pool = 'west' } },\n"
	"route_points = { { 'CTIRP_5000', dn = '5000', ring = 300, pool = 'west' } },\n"
	"users = { ivr = { application = true, password = 'ivr',\n"
	"  groups = { 'Standard CTI Enabled' },\n"
	"  devices = { 'SEP000000000001', 'CTIP_6001', 'CTIP_6002', 'CTIRP_5000' } } },\n"
	"parameters = { ['CTI New Call Accept Timer'] = 300 } }\n";

/* ---- an application that writes down what it is told --------------------------------- */

struct app apps[2];
struct sim_host *host;
static struct sim_topology *topology;
static struct db *db;

static struct call *call_of(struct app *a, const struct cti_event *e)
{
	for (size_t i = 0; i < a->calls_n; i++)
		if (a->calls[i].handle == e->call)
			return &a->calls[i];
	ck_assert_uint_lt(a->calls_n, CALLS_MAX);
	a->calls[a->calls_n] = (struct call){ .handle = e->call };
	snprintf(a->calls[a->calls_n].device, CTI_DEVICE_MAX + 1, "%s", e->device);
	return &a->calls[a->calls_n++];
}

static void note(struct app *a, const struct cti_event *e)
{
	struct call *call = call_of(a, e);

	call->state = e->state;
	call->outgoing = e->outgoing;
}

static void on_device(struct app *a, const struct cti_event *e)
{
	size_t i = 0;

	while (i < a->devices_n && strcmp(a->devices[i].name, e->device) != 0)
		i++;
	if (i == a->devices_n) {
		ck_assert_uint_lt(i, DEVICES_MAX);
		snprintf(a->devices[i].name, sizeof(a->devices[i].name), "%s", e->device);
		a->devices_n++;
	}
	if (e->kind == CTI_DEVICE_IN_SERVICE)
		a->devices[i].handle = e->device_handle;
	if (e->kind == CTI_LINE_IN_SERVICE)
		a->devices[i].line = e->line_handle;
	a->devices[i].in_service = e->kind == CTI_LINE_IN_SERVICE;
}

static void on_event(struct cti *cti, const struct cti_event *e)
{
	struct app *a = cti_data(cti);

	if (e->kind == CTI_RESPONSE) {
		if (e->seq == a->seq) {
			a->answered = true;
			a->result = e->result;
		}
		return;
	}
	if (e->kind >= CTI_DEVICE_IN_SERVICE && e->kind <= CTI_LINE_CLOSED)
		on_device(a, e);
	if (e->kind == CTI_PROVIDER_IN_SERVICE)
		a->open = true;
	if (e->kind >= CTI_DEVICE_IN_SERVICE)
		a->events++;
	if (e->kind == CTI_NEW_CALL || e->kind == CTI_EXISTING_CALL ||
	    e->kind == CTI_CALL_STATE_CHANGED)
		note(a, e);
	if (e->kind == CTI_CALL_CLOSED)
		call_of(a, e)->closed = true;
	if (e->kind == CTI_DEVICE_CALL_OPEN_LOGICAL_CHANNEL)
		cti_device_set_rtp_for_call(cti, e->call, 0x7f000101, 20000);
}

static void on_start(struct cti *cti)
{
	((struct app *)cti_data(cti))->cti = cti;
}

/* ---- a cluster ----------------------------------------------------------------------- */

void until(bool (*done)(void *arg), void *arg, const char *what)
{
	enum sim_until how = sim_host_until(host, done, arg, sim_host_now(host) + PATIENCE);

	ck_assert_msg(how == SIM_DONE, "%s: does not come", what);
}

void rest(int64_t ms)
{
	sim_host_until(host, NULL, NULL, sim_host_now(host) + MS(ms));
}

static bool is_open(void *arg)
{
	return ((struct app *)arg)->open;
}

static void start_app(struct app *a, const char *name, const char *node)
{
	struct sim_app_spec spec = { .name = name,
				     .user = "ivr",
				     .ctimanagers = &node,
				     .ctimanagers_n = 1,
				     .callbacks = &a->callbacks };
	struct sim_error err = { 0 };
	struct sim_program *program;

	*a = (struct app){ .callbacks = { .data = a, .on_start = on_start, .on_event = on_event } };
	ck_assert_msg(sim_host_app(host, &spec, &program, &err) == 0, "%s", err.text);
	until(is_open, a, "the provider");
}

void cluster_up(void)
{
	struct sim_error err = { 0 };
	struct db_error why = { 0 };
	struct sim_host_options o = { .seed = 1, .speed = 1, .record_size = 1 << 20 };

	ck_assert_msg(sim_topology_parse(&topology, "bad-requests", topology_text, &err) == 0, "%s",
		      err.text);
	ck_assert_int_eq(db_memory(&db, &why), 0);
	db_seed(db, 1);
	ck_assert_msg(sim_topology_fill(topology, db, &err) == 0, "%s", err.text);
	o.topology = topology;
	o.db = db;
	ck_assert_msg(sim_host_virtual(&host, &o, &err) == 0, "%s", err.text);
	ck_assert_msg(sim_host_up(host, sim_host_now(host) + PATIENCE, &err) == 0, "%s", err.text);
	start_app(&apps[0], "ivr", "ccm1");
	start_app(&apps[1], "acd", "ccm2");
}

void cluster_down(void)
{
	sim_host_destroy(&host);
	db_close(&db);
	sim_topology_destroy(&topology);
}

void strike(const char *program)
{
	struct sim_error err = { 0 };

	ck_assert_msg(sim_host_kill(host, sim_host_program(host, program), &err) == 0, "%s",
		      err.text);
}

void start_again(const char *program)
{
	struct sim_error err = { 0 };

	ck_assert_msg(sim_host_start(host, sim_host_program(host, program), &err) == 0, "%s",
		      err.text);
	rest(500);
}

void press(const char *phone, const char *verb, const char *number)
{
	PhoneCommand m = PHONE_COMMAND__INIT;
	struct sim_error err = { 0 };

	m.phone = (char *)(uintptr_t)phone;
	m.verb = (char *)(uintptr_t)verb;
	m.number = (char *)(uintptr_t)number;
	ck_assert_msg(sim_host_post(host, sim_host_program(host, "phones"), PHONES_PHONE_INIT,
				    SIG_PhoneCommand, &m, &err) == 0,
		      "%s", err.text);
	rest(50);
}

/* ---- what is asked ------------------------------------------------------------------- */

static bool has_answered(void *arg)
{
	return ((struct app *)arg)->answered;
}

/* The answer to a request; what cti.h refuses at once is told by its own numbers. */
uint32_t answer(struct app *a, int seq)
{
	if (seq == CTI_INVALID_PARAMETER)
		return CTIERR_INVALID_PARAMETER;
	ck_assert_int_gt(seq, 0);
	a->seq = seq;
	a->answered = false;
	until(has_answered, a, "the answer");
	return a->result;
}

const char *const device_names[] = { "SEP000000000001", "CTIP_6001", "CTIRP_5000" };
const char *const device_numbers[] = { "1001", "6001", "5000" };

size_t device_at(const struct app *a, const char *name)
{
	for (size_t i = 0; i < a->devices_n; i++)
		if (!strcmp(a->devices[i].name, name))
			return i;
	ck_abort_msg("%s is not open", name);
	return 0;
}

/* In service, its line with it. */
static bool opened(void *arg)
{
	const struct app *a = arg;

	return a->devices_n && a->devices[a->devices_n - 1].in_service;
}

static bool has_device(void *arg)
{
	const struct app *a = arg;

	return a->devices_n && a->devices[a->devices_n - 1].handle;
}

static void open_device(struct app *a, int kind, enum cti_registration registration)
{
	bool fixed = registration == CTI_STATIC_MEDIA;
	struct cti_media media = { .registration = registration,
				   .ip = fixed ? 0x7f000101 : 0,
				   .port = fixed ? 20002 : 0,
				   .codecs = { 4 } };

	ck_assert_uint_eq(answer(a, cti_device_open(a->cti, 1, device_names[kind], &media)),
			  CTIERR_SUCCESS);
	until(has_device, a, device_names[kind]);
	ck_assert_uint_eq(answer(a, cti_line_open(a->cti, a->devices[a->devices_n - 1].handle,
						  device_numbers[kind], false)),
			  CTIERR_SUCCESS);
	until(opened, a, device_numbers[kind]);
}

/* The first application has all devices, the second one watches and controls them. */
void open_all(void)
{
	static const enum cti_registration how[] = { CTI_WATCH, CTI_STATIC_MEDIA,
						     CTI_DYNAMIC_MEDIA };

	for (int kind = 0; kind < KINDS; kind++) {
		open_device(&apps[0], kind, how[kind]);
		open_device(&apps[1], kind, CTI_WATCH);
	}
}

uint64_t line_of(const struct app *a, int kind)
{
	return a->devices[device_at(a, device_names[kind])].line;
}

/* The newest call of a device that is not closed; 0 = none. */
struct call *newest(struct app *a, const char *device)
{
	struct call *found = NULL;

	for (size_t i = 0; i < a->calls_n; i++)
		if (!a->calls[i].closed && !strcmp(a->calls[i].device, device))
			found = &a->calls[i];
	return found;
}

static struct call *need_call(struct app *a, int kind, enum cti_call_state state)
{
	struct call *call;

	rest(100);
	call = newest(a, device_names[kind]);
	ck_assert_msg(call != NULL, "%s has no call", device_names[kind]);
	ck_assert_msg(call->state == state, "%s: %s, not %s", device_names[kind],
		      cti_call_state_name(call->state), cti_call_state_name(state));
	return call;
}

/* ---- states of a call ---------------------------------------------------------------- */

const char *const state_names[] = { "DIALTONE", "DIALING",   "RINGBACK", "OFFERING",
				    "ACCEPTED", "CONNECTED", "ONHOLD",	 "REMOTE_HELD",
				    "REORDER",	"PRESERVED", "GONE" };

bool state_exists(int kind, enum state state)
{
	if (state == OFFERING) /* a phone rings at once */
		return kind != PHONE;
	if (state == REORDER) /* only somebody with an ear hears it */
		return kind == PHONE;
	return true;
}

static struct call *outgoing(int kind, enum state state)
{
	struct app *a = &apps[0];

	if (state == RINGBACK || state == REORDER) {
		answer(a, cti_line_call_initiate(a->cti, line_of(a, kind),
						 state == RINGBACK ? FAR_NUMBER : "9999"));
		return need_call(a, kind, state == RINGBACK ? CTI_RINGBACK : CTI_REORDER);
	}
	if (kind == PHONE)
		press(device_names[kind], "offhook", NULL);
	else
		answer(a, cti_line_call_initiate(a->cti, line_of(a, kind), NULL));
	need_call(a, kind, CTI_DIALTONE);
	if (state == DIALING && kind == PHONE)
		press(device_names[kind], "dial", "2");
	else if (state == DIALING)
		answer(a, cti_call_dial(a->cti, newest(a, device_names[kind])->handle, "2"));
	return need_call(a, kind, state == DIALING ? CTI_DIALING : CTI_DIALTONE);
}

static struct call *incoming(int kind, enum state state)
{
	struct app *a = &apps[0];
	struct call *call;

	press(FAR, "call", device_numbers[kind]);
	call = need_call(a, kind, kind == PHONE ? CTI_ACCEPTED : CTI_OFFERING);
	if (state == OFFERING)
		return call;
	if (state == ACCEPTED && kind != PHONE)
		answer(a, cti_call_accept(a->cti, call->handle));
	if (state == ACCEPTED)
		return need_call(a, kind, CTI_ACCEPTED);
	answer(a, cti_call_answer(a->cti, call->handle));
	need_call(a, kind, CTI_CONNECTED);
	if (state == ONHOLD)
		answer(a, cti_call_hold(a->cti, call->handle));
	else if (state == REMOTE_HELD)
		press(FAR, "hold", NULL);
	else if (state == GONE)
		press(FAR, "hangup", NULL);
	else if (state == PRESERVED)
		strike("ccm2:callmanager");
	if (state != GONE)
		return need_call(a, kind, state == ONHOLD ? CTI_ONHOLD : CTI_CONNECTED);
	rest(200);
	ck_assert(call->closed);
	return call;
}

struct call *make_state(int kind, enum state state)
{
	return state <= RINGBACK || state == REORDER ? outgoing(kind, state)
						     : incoming(kind, state);
}
