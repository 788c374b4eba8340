/* The virtual host itself: how programs start, die at crash points and at rest, and what is told of
 * the database. */
#include "tests/lib/suite.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "common/msg/messages.h"
#include "sdl/link/link_admin.h"
#include "sdl/virt.h"

enum { LISTENER = 10, ARCHIVE = 12 };
#define MS(n) ((int64_t)(n)*1000000)

static struct sdl_virt *virt;
static struct {
	int heard;    /* StationKeepAlive */
	int notified; /* DbChangeNotify */
	int ended;    /* programs */
	bool crash;   /* the last of them */
	int status;
	int counters; /* told through the door */
	bool no_database;
	bool broken_table;
	bool for_ever;			 /* each signal sends the next */
	bool says_ready, strikes, rests; /* at start; when told of a counter */
	bool asks;			 /* the archive, at each signal, after an answer to it */
	int asked;
	int opened, closed;
} t;

/* ---- a program --------------------------------------------------------------------------- */

static int on_keep_alive(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	t.heard++;
	if (t.asks) {
		sdl_send(self, sdl_self(self), SIG_StationKeepAliveAck, NULL);
		sdl_send(self, sdl_local(self, ARCHIVE), SIG_StationKeepAlive, NULL);
	}
	if (t.for_ever)
		sdl_send(self, sdl_self(self), SIG_StationKeepAlive, NULL);
	return 0;
}

static int on_change(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)self;
	(void)sig;
	t.notified++;
	return 0;
}

static int begin(struct sdl_process *self)
{
	const struct sdl_pid harness = { .node = SDL_HARNESS_NODE, .app = SDL_APP_HARNESS };
	Ready ready = READY__INIT;

	if (t.says_ready)
		sdl_send(self, harness, SIG_Ready, &ready);
	return 0;
}

static const struct sdl_state states[] = { { .name = "wait", .waits = "" } };
static const struct sdl_row rows[] = {
	{ 0, SIG_StationKeepAlive, on_keep_alive, 0 },
	{ 0, SIG_StationKeepAliveAck, sdl_ignore, 0 },
	{ 0, SIG_DbChangeNotify, on_change, 0 },
};
static const struct sdl_type listener = { .name = "Listener",
					  .number = LISTENER,
					  .at_start = true,
					  .states = states,
					  .states_n = 1,
					  .rows = rows,
					  .rows_n = 3,
					  .start = begin };

static void serve(void *resource, const struct sdl_signal *request, struct sdl_answer *a)
{
	(void)a;
	ck_assert_ptr_eq(resource, &t);
	ck_assert_uint_eq(request->number, SIG_StationKeepAlive);
	t.asked++;
}

static const struct sdl_type archive = { .name = "Archive", .number = ARCHIVE, .serve = serve };
static const struct sdl_type nameless = { .number = 11, .name = "Nameless" };

static void make(void *arg, struct sdl_config *config)
{
	static const struct sdl_type *const types[] = { &sdl_link_admin, &listener, &archive,
							&nameless };

	(void)arg;
	config->types = types;
	config->types_n = t.broken_table ? 4 : 3;
}

static void *open_database(void *arg, char *why, size_t why_size)
{
	(void)arg;
	if (t.no_database) {
		snprintf(why, why_size, "there is no database");
		return NULL;
	}
	t.opened++;
	return &t;
}

static void close_database(void *resource)
{
	ck_assert_ptr_eq(resource, &t);
	t.closed++;
}

static void poll_database(void *arg, void *resource, struct sdl_answer *a)
{
	DbChangeNotify n = DB_CHANGE_NOTIFY__INIT;

	(void)arg;
	ck_assert_ptr_eq(resource, &t);
	sdl_answer(a, SIG_DbChangeNotify, &n);
}

/* ---- the host ---------------------------------------------------------------------------- */

/* Somebody who acts at the very moment at which he is told. */
static void on_control(void *arg, int program, const struct sdl_envelope *e)
{
	char why[256];

	(void)arg;
	t.counters += e->number == SIG_DoorCounter;
	if (t.strikes) {
		sdl_virt_kill(virt, program);
		ck_assert_int_eq(sdl_virt_state(virt, program), SDL_VIRT_DOWN);
		ck_assert_ptr_null(sdl_virt_running(virt, program));
		ck_assert_int_eq(sdl_virt_start(virt, program, why, sizeof(why)), -1);
	}
	if (t.rests) {
		sdl_virt_freeze(virt, program);
		ck_assert_int_eq(sdl_virt_state(virt, program), SDL_VIRT_FROZEN);
		sdl_virt_thaw(virt, program);
	}
}

static void on_ended(void *arg, int program, int status, bool crash)
{
	(void)arg;
	ck_assert_int_eq(sdl_virt_state(virt, program), SDL_VIRT_DOWN);
	t.ended++;
	t.status = status;
	t.crash = crash;
}

static struct param_set params;

static void up_down(void)
{
	const struct sdl_virt_options o = {
		.seed = 1, .events_max = 1000, .control = on_control, .ended = on_ended
	};
	struct sdl_virt_program spec = {
		.make = make,
		.name = "ccm1",
		.node = 1,
		.app = SDL_APP_CALLMANAGER,
		.cluster_id = "c",
		.token = "secret",
		.params = &params,
		.resource = { .open = open_database,
			      .close = close_database,
			      .poll = poll_database,
			      .notify_type = LISTENER },
	};

	memset(&t, 0, sizeof(t));
	param_set_defaults(&params);
	virt = sdl_virt_new(&o);
	ck_assert_int_eq(sdl_virt_add(virt, &spec), 0);
}

static void up(void)
{
	char why[256];

	up_down();
	ck_assert_int_eq(sdl_virt_start(virt, 0, why, sizeof(why)), 0);
}

static void down(void)
{
	sdl_virt_destroy(&virt);
	ck_assert_int_eq(t.opened, t.closed);
}

static void post(uint8_t type, uint16_t number, const void *msg)
{
	uint8_t bytes[256];
	struct sdl_envelope e = {
		.to = { .node = 1, .type = type, .app = SDL_APP_CALLMANAGER, .inst = 1 },
		.from = { .node = SDL_HARNESS_NODE, .app = SDL_APP_HARNESS },
		.number = number,
		.bytes = bytes,
	};

	e.len = (uint32_t)sdl_pack(number, msg, bytes, sizeof(bytes));
	sdl_virt_post(virt, 0, &e);
	sdl_virt_advance(virt, sdl_virt_now(virt) + MS(1));
}

/* ---- lives ------------------------------------------------------------------------------- */

static void refused(const char *what)
{
	char why[256] = "";

	ck_assert_int_eq(sdl_virt_start(virt, 0, why, sizeof(why)), -1);
	ck_assert_msg(strstr(why, what) != NULL, "'%s' does not say '%s'", why, what);
}

START_TEST(a_program_that_cannot_start_says_why_and_leaves_nothing)
{
	t.no_database = true;
	refused("there is no database");
	t.no_database = false;
	t.broken_table = true;
	refused("Nameless");
	ck_assert_int_eq(sdl_virt_state(virt, 0), SDL_VIRT_DOWN);
	ck_assert_int_eq(t.opened, 1);
	ck_assert_int_eq(t.closed, 1);
}
END_TEST

START_TEST(a_program_runs_once)
{
	refused("ccm1 runs already");
}
END_TEST

START_TEST(a_host_without_events_is_at_rest)
{
	ck_assert_int_eq(sdl_virt_next(virt), INT64_MAX);
	ck_assert(!sdl_virt_step(virt));
}
END_TEST

static void arm(uint32_t nth, uint32_t when)
{
	CrashPoint m = CRASH_POINT__INIT;

	m.signal = SIG_StationKeepAlive;
	m.nth = nth;
	m.when = when;
	post(1, SIG_CrashPoint, &m);
}

START_TEST(a_crash_point_kills_the_program_before_or_after_it_handles_the_signal)
{
	char why[256];

	arm(2, 2);
	post(LISTENER, SIG_StationKeepAlive, NULL);
	ck_assert_int_eq(sdl_virt_state(virt, 0), SDL_VIRT_UP);
	post(LISTENER, SIG_StationKeepAlive, NULL);
	ck_assert_int_eq(t.heard, 1);
	ck_assert_int_eq(t.ended, 1);
	ck_assert(t.crash);
	ck_assert_int_eq(sdl_virt_start(virt, 0, why, sizeof(why)), 0);
	arm(1, 3);
	post(LISTENER, SIG_StationKeepAlive, NULL);
	ck_assert_int_eq(t.heard, 2);
	ck_assert_int_eq(t.ended, 2);
	ck_assert_ptr_null(sdl_virt_running(virt, 0));
}
END_TEST

static void ask_for_counters(void)
{
	DoorQuery q = DOOR_QUERY__INIT;

	q.cookie = 1;
	q.has_counters = true;
	q.counters = true;
	post(1, SIG_DoorQuery, &q);
}

/* What a handler still does when its program has crashed has not happened. */
START_TEST(a_program_that_crashes_as_it_sends_asks_its_database_nothing_more)
{
	CrashPoint m = CRASH_POINT__INIT;

	t.asks = true;
	post(LISTENER, SIG_StationKeepAlive, NULL);
	ck_assert_int_eq(t.asked, 1);
	m.signal = SIG_StationKeepAliveAck;
	m.nth = 1;
	m.when = 0;
	post(1, SIG_CrashPoint, &m);
	post(LISTENER, SIG_StationKeepAlive, NULL);
	ck_assert_int_eq(t.asked, 1);
	ck_assert(t.crash);
}
END_TEST

START_TEST(a_program_killed_by_whom_it_tells_something_says_nothing_more)
{
	char why[256];

	t.strikes = true;
	ask_for_counters();
	ck_assert_int_eq(t.counters, 1);
	ck_assert_int_eq(t.ended, 0); /* who asked for it knows */
	ck_assert_int_eq(t.closed, 1);
	ck_assert_int_eq(sdl_virt_next(virt), INT64_MAX);
	t.strikes = false;
	ck_assert_int_eq(sdl_virt_start(virt, 0, why, sizeof(why)), 0);
	post(LISTENER, SIG_StationKeepAlive, NULL);
	ck_assert_int_eq(t.heard, 1);
}
END_TEST

START_TEST(a_program_killed_as_it_says_that_it_is_ready_has_ended_and_starts_again)
{
	char why[256];

	t.strikes = t.says_ready = true;
	ck_assert_int_eq(sdl_virt_start(virt, 0, why, sizeof(why)), 0);
	ck_assert_int_eq(sdl_virt_state(virt, 0), SDL_VIRT_DOWN);
	ck_assert_int_eq(t.closed, 1);
	ck_assert_int_eq(t.ended, 0);
	t.strikes = false;
	ck_assert_int_eq(sdl_virt_start(virt, 0, why, sizeof(why)), 0);
	ck_assert_int_eq(sdl_virt_state(virt, 0), SDL_VIRT_UP);
}
END_TEST

START_TEST(a_program_frozen_and_thawed_while_it_speaks_goes_on)
{
	sdl_virt_thaw(virt, 0); /* nobody froze it */
	ck_assert_int_eq(sdl_virt_state(virt, 0), SDL_VIRT_UP);
	t.rests = true;
	ask_for_counters();
	ck_assert_int_eq(t.counters, COUNTER_COUNT);
	ck_assert_int_eq(sdl_virt_state(virt, 0), SDL_VIRT_UP);
}
END_TEST

START_TEST(the_signals_of_ended_lives_count_on)
{
	char why[256];
	uint64_t before;

	post(LISTENER, SIG_StationKeepAlive, NULL);
	before = sdl_virt_signals(virt);
	ck_assert_uint_ge(before, 1);
	sdl_virt_kill(virt, 0);
	ck_assert_uint_eq(sdl_virt_signals(virt), before);
	ck_assert_int_eq(sdl_virt_start(virt, 0, why, sizeof(why)), 0);
	post(LISTENER, SIG_StationKeepAlive, NULL);
	ck_assert_uint_eq(sdl_virt_signals(virt), before + 1);
}
END_TEST

START_TEST(a_change_of_the_database_is_told_to_programs_that_run)
{
	sdl_virt_poke(virt);
	sdl_virt_advance(virt, sdl_virt_now(virt) + MS(1));
	ck_assert_int_eq(t.notified, 1);
	sdl_virt_kill(virt, 0);
	sdl_virt_poke(virt);
	sdl_virt_advance(virt, sdl_virt_now(virt) + MS(1));
	ck_assert_int_eq(t.notified, 1);
}
END_TEST

START_TEST(all_counters_are_told_through_the_door)
{
	ask_for_counters();
	ck_assert_int_eq(t.counters, COUNTER_COUNT);
}
END_TEST

START_TEST(too_many_events_at_one_instant_are_a_livelock)
{
	struct sdl_envelope e = {
		.to = { .node = 1, .type = LISTENER, .app = SDL_APP_CALLMANAGER, .inst = 1 },
		.from = { .node = SDL_HARNESS_NODE, .app = SDL_APP_HARNESS },
		.number = SIG_StationKeepAlive,
	};

	for (int i = 0; i < 1100; i++)
		sdl_virt_post(virt, 0, &e);
	sdl_virt_advance(virt, MS(1));
}
END_TEST

START_TEST(a_host_that_is_gone_stays_gone)
{
	sdl_virt_destroy(&virt);
	ck_assert_ptr_null(virt);
	sdl_virt_destroy(&virt);
	ck_assert_ptr_null(virt);
}
END_TEST

START_TEST(signals_without_end_at_one_instant_are_a_livelock)
{
	t.for_ever = true;
	post(LISTENER, SIG_StationKeepAlive, NULL);
}
END_TEST

#define CASE(test) SUITE_CASE_WITH(test, up, down)

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(a_program_that_cannot_start_says_why_and_leaves_nothing, up_down,
				down),
		SUITE_CASE_WITH(a_host_without_events_is_at_rest, up_down, down),
		CASE(a_program_runs_once),
		CASE(a_crash_point_kills_the_program_before_or_after_it_handles_the_signal),
		CASE(a_program_that_crashes_as_it_sends_asks_its_database_nothing_more),
		CASE(a_host_that_is_gone_stays_gone),
		SUITE_SIGNAL(too_many_events_at_one_instant_are_a_livelock, up, NULL, SIGABRT),
		CASE(a_program_killed_by_whom_it_tells_something_says_nothing_more),
		SUITE_CASE_WITH(
			a_program_killed_as_it_says_that_it_is_ready_has_ended_and_starts_again,
			up_down, down),
		CASE(a_program_frozen_and_thawed_while_it_speaks_goes_on),
		CASE(the_signals_of_ended_lives_count_on),
		CASE(a_change_of_the_database_is_told_to_programs_that_run),
		CASE(all_counters_are_told_through_the_door),
		SUITE_SIGNAL(signals_without_end_at_one_instant_are_a_livelock, up, NULL, SIGABRT),
	};

	return suite_main(argc, argv, "cluster/test_virt", cases, sizeof(cases) / sizeof(cases[0]));
}
