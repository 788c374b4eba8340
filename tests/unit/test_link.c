/* LinkAdmin and the links of one program against a host that only counts: lines that come and go for
 * nobody, hellos at odd moments, what is looked at through the door. */
#include "tests/lib/suite.h"

#include <string.h>

#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/link/link.h"
#include "sdl/link/link_admin.h"

enum { WATCHER = 20 };
enum { WAIT };
#define FAR 2

static struct {
	struct sdl_program *program;
	struct sdl_record *record;
	struct sdl_record_cursor read;
	struct param_set params;
	struct sdl_process *watcher;
	int frames, opened, closed; /* of lines */
	int datagrams;
	int processes, links; /* told through the door */
	int halts, status;
	int crashes;
	int told; /* the watcher, of links */
} t;

/* ---- the world ------------------------------------------------------------------------------ */
static void line_open(void *w, uint8_t node, uint16_t app)
{
	(void)w;
	(void)node;
	(void)app;
	t.opened++;
}

static void line_close(void *w, uint8_t node, uint16_t app)
{
	(void)w;
	(void)node;
	(void)app;
	t.closed++;
}

static int line_send(void *w, uint8_t node, uint16_t app, const void *frame, size_t len)
{
	(void)w;
	(void)node;
	(void)app;
	(void)frame;
	(void)len;
	t.frames++;
	return SDL_SENT;
}

static void datagram(void *w, const struct sdl_envelope *e)
{
	(void)w;
	(void)e;
	t.datagrams++;
}

static void control(void *w, const struct sdl_envelope *e)
{
	(void)w;
	t.processes += e->number == SIG_DoorProcess;
	t.links += e->number == SIG_DoorLink;
}

static void alarm_line(void *w, const char *text)
{
	(void)w;
	(void)text;
}

static void halt(void *w, int status)
{
	(void)w;
	t.halts++;
	t.status = status;
}

static void crash(void *w)
{
	(void)w;
	t.crashes++;
}

static const struct sdl_world world = { .line_open = line_open,
					.line_close = line_close,
					.line_send = line_send,
					.datagram = datagram,
					.control = control,
					.alarm = alarm_line,
					.halt = halt,
					.crash = crash };

/* ---- the program ---------------------------------------------------------------------------- */
static int on_link(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)self;
	(void)sig;
	t.told++;
	return WAIT;
}

static int start(struct sdl_process *self)
{
	t.watcher = self;
	sdl_label(self, "the watcher");
	return WAIT;
}

static const struct sdl_state states[] = { [WAIT] = { .name = "wait", .waits = "" } };
static const struct sdl_row rows[] = {
	{ WAIT, SIG_SdlLinkInService, on_link, 0 },
	{ WAIT, SIG_SdlLinkOutOfService, on_link, 0 },
	{ WAIT, SIG_StationKeepAlive, sdl_ignore, 0 },
	{ WAIT, SIG_StationKeepAliveAck, sdl_ignore, 0 },
};
static const struct sdl_type watcher_type = { .name = "Watcher",
					      .number = WATCHER,
					      .at_start = true,
					      .states = states,
					      .states_n = 1,
					      .rows = rows,
					      .rows_n = sizeof(rows) / sizeof(rows[0]),
					      .start = start };

static void up(void)
{
	static const struct sdl_type *const types[] = { &sdl_link_admin, &watcher_type };
	struct sdl_config config = { .node = 1,
				     .app = SDL_APP_CALLMANAGER,
				     .incarnation = 5,
				     .name = "ccm1",
				     .cluster_id = "c",
				     .token = "secret",
				     .types = types,
				     .types_n = 2,
				     .world = &world };

	memset(&t, 0, sizeof(t));
	param_set_defaults(&t.params);
	t.record = sdl_record_new(0);
	config.params = &t.params;
	config.record = t.record;
	t.program = sdl_program_new(&config, 0);
	t.read = (struct sdl_record_cursor){ .at = sdl_record_head(t.record) };
}

static void down(void)
{
	sdl_program_destroy(&t.program);
	sdl_record_destroy(&t.record);
}

static void turn(void)
{
	while (sdl_program_step(t.program))
		;
	sdl_program_flush(t.program);
}

static unsigned malformed(void)
{
	const struct sdl_record_entry *e;
	unsigned n = 0;

	while ((e = sdl_record_next(t.record, &t.read)))
		n += e->kind == SDL_REC_MALFORMED;
	return n;
}

static void hello(uint8_t node, uint32_t ack_session)
{
	uint8_t bytes[256];
	struct frame f = { .kind = FRAME_HELLO,
			   .node = node,
			   .app = SDL_APP_CALLMANAGER,
			   .incarnation = 3,
			   .session = 1,
			   .ack_session = ack_session,
			   .ack_incarnation = ack_session ? 5 : 0 };

	f.body_len = frame_write_hello(bytes + FRAME_HEADER, "secret", "ccm2");
	frame_write(bytes, &f);
	sdl_program_frame(t.program, NULL, bytes, FRAME_HEADER + f.body_len);
}

static bool linked(void)
{
	return sdl_program_linked(t.program, FAR, SDL_APP_CALLMANAGER);
}

static void line_up(void)
{
	sdl_program_line_up(t.program, FAR, SDL_APP_CALLMANAGER);
}

static void line_down(void)
{
	sdl_program_line_down(t.program, FAR, SDL_APP_CALLMANAGER);
}

static void link_up(void)
{
	sdl_program_link(t.program, FAR, SDL_APP_CALLMANAGER);
	line_up();
	hello(FAR, 0);
	hello(FAR, 1);
	ck_assert(linked());
}

/* ---- lines ---------------------------------------------------------------------------------- */
START_TEST(lines_that_nobody_asked_for_come_and_go_unnoticed)
{
	line_up();
	line_down();
	ck_assert_ptr_null(t.program->links->peers);
	ck_assert_int_eq(t.frames, 0);
}
END_TEST

START_TEST(a_line_that_comes_up_once_more_under_its_link_changes_nothing)
{
	int frames;

	link_up();
	frames = t.frames;
	line_up();
	ck_assert(linked());
	ck_assert_int_eq(t.frames, frames);
}
END_TEST

/* Its own side keeps no line to whoever it does not want by itself. */
START_TEST(a_peer_that_hangs_up_before_its_link_is_there_costs_no_line)
{
	hello(FAR, 0);
	ck_assert_int_eq(t.opened, 1);
	line_up();
	line_down();
	ck_assert_int_eq(t.closed, 1);
	line_down();
	peer_line_close(t.program->links, t.program->links->peers);
	ck_assert_int_eq(t.closed, 1);
}
END_TEST

/* ---- hellos --------------------------------------------------------------------------------- */
START_TEST(a_hello_in_the_programs_own_name_is_refused)
{
	hello(1, 0);
	ck_assert_uint_eq(malformed(), 1);
	ck_assert_ptr_null(t.program->links->peers);
}
END_TEST

START_TEST(a_peer_that_has_not_heard_the_hello_yet_is_told_again_and_the_link_stays)
{
	int frames;

	link_up();
	frames = t.frames;
	hello(FAR, 0);
	ck_assert_int_eq(t.frames, frames + 1);
	ck_assert(linked());
	hello(FAR, 1);
	ck_assert_int_eq(t.frames, frames + 1);
}
END_TEST

START_TEST(a_program_ends_once_and_looks_at_no_frame_any_more)
{
	link_up();
	sdl_halt(t.watcher, 3);
	sdl_halt(t.watcher, 4);
	ck_assert_int_eq(t.halts, 1);
	ck_assert_int_eq(t.status, 3);
	malformed();
	sdl_program_frame(t.program, NULL, "nonsense", 8);
	ck_assert_uint_eq(malformed(), 0);
}
END_TEST

/* ---- watches -------------------------------------------------------------------------------- */
START_TEST(who_watches_a_link_no_more_is_not_told_of_it)
{
	sdl_unwatch(t.watcher, FAR, SDL_APP_CALLMANAGER);
	sdl_watch(t.watcher, FAR, SDL_APP_CALLMANAGER);
	sdl_watch(t.watcher, FAR, SDL_APP_CALLMANAGER);
	link_up();
	turn();
	ck_assert_int_eq(t.told, 1);
	sdl_unwatch(t.watcher, FAR, SDL_APP_CALLMANAGER);
	sdl_unwatch(t.watcher, FAR, SDL_APP_CALLMANAGER);
	line_down();
	turn();
	ck_assert_int_eq(t.told, 1);
}
END_TEST

/* ---- the door ------------------------------------------------------------------------------- */
static void post(uint8_t type, uint16_t number, const void *msg)
{
	uint8_t bytes[128];
	struct sdl_envelope e = { .to = { 1, type, SDL_APP_CALLMANAGER, 1 },
				  .from = { .node = SDL_HARNESS_NODE, .app = SDL_APP_HARNESS },
				  .number = number };

	e.len = (uint32_t)sdl_pack(number, msg, bytes, sizeof(bytes));
	e.bytes = bytes;
	sdl_program_post(t.program, &e);
	turn();
}

static int processes_shown(const DoorQuery *q)
{
	t.processes = 0;
	post(TYPE_LINK_ADMIN, SIG_DoorQuery, q);
	return t.processes;
}

START_TEST(the_door_shows_all_processes_or_those_of_a_type_or_a_label)
{
	DoorQuery q = DOOR_QUERY__INIT;

	q.has_processes = q.processes = true;
	ck_assert_int_eq(processes_shown(&q), 2);
	q.has_type = true;
	q.type = WATCHER;
	ck_assert_int_eq(processes_shown(&q), 1);
	q.type = 99;
	ck_assert_int_eq(processes_shown(&q), 0);
	q.has_type = false;
	q.label = (char *)(uintptr_t) "the watcher";
	ck_assert_int_eq(processes_shown(&q), 1);
}
END_TEST

START_TEST(the_door_shows_no_link_to_whom_somebody_only_watches_for)
{
	DoorQuery q = DOOR_QUERY__INIT;

	q.has_links = q.links = true;
	sdl_watch(t.watcher, 3, SDL_APP_CALLMANAGER);
	post(TYPE_LINK_ADMIN, SIG_DoorQuery, &q);
	ck_assert_int_eq(t.links, 0);
	link_up();
	post(TYPE_LINK_ADMIN, SIG_DoorQuery, &q);
	ck_assert_int_eq(t.links, 1);
}
END_TEST

static void arm(uint32_t signal, uint32_t nth)
{
	CrashPoint m = CRASH_POINT__INIT;

	m.signal = signal;
	m.nth = nth;
	m.when = 2;
	post(TYPE_LINK_ADMIN, SIG_CrashPoint, &m);
}

START_TEST(one_of_several_crash_points_is_reached_first)
{
	arm(SIG_StationKeepAlive, 3);
	arm(SIG_StationKeepAliveAck, 1);
	post(WATCHER, SIG_StationKeepAlive, NULL);
	ck_assert_int_eq(t.crashes, 0);
	post(WATCHER, SIG_StationKeepAliveAck, NULL);
	ck_assert_int_eq(t.crashes, 1);
}
END_TEST

/* ---- sends ---------------------------------------------------------------------------------- */
START_TEST(what_is_longer_than_a_signal_may_be_is_noted_and_not_sent)
{
	static char text[SDL_SIGNAL_MAX + 1];
	const struct sdl_pid far = { FAR, WATCHER, SDL_APP_CALLMANAGER, 1 };
	StationRegister m = STATION_REGISTER__INIT;

	memset(text, 'x', sizeof(text) - 1);
	m.device_name = text;
	link_up();
	malformed();
	sdl_send(t.watcher, sdl_self(t.watcher), SIG_StationRegister, &m);
	ck_assert_uint_eq(malformed(), 1);
	sdl_datagram(t.watcher, far, SIG_StationRegister, &m);
	ck_assert_uint_eq(malformed(), 1);
	ck_assert_int_eq(t.datagrams, 0);
	m.device_name = (char *)(uintptr_t) "SEP000000000001";
	sdl_datagram(t.watcher, far, SIG_StationRegister, &m);
	ck_assert_int_eq(t.datagrams, 1);
}
END_TEST

#define CASE(test) SUITE_CASE_WITH(test, up, down)

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		CASE(lines_that_nobody_asked_for_come_and_go_unnoticed),
		CASE(a_line_that_comes_up_once_more_under_its_link_changes_nothing),
		CASE(a_peer_that_hangs_up_before_its_link_is_there_costs_no_line),
		CASE(a_hello_in_the_programs_own_name_is_refused),
		CASE(a_peer_that_has_not_heard_the_hello_yet_is_told_again_and_the_link_stays),
		CASE(a_program_ends_once_and_looks_at_no_frame_any_more),
		CASE(who_watches_a_link_no_more_is_not_told_of_it),
		CASE(the_door_shows_all_processes_or_those_of_a_type_or_a_label),
		CASE(the_door_shows_no_link_to_whom_somebody_only_watches_for),
		CASE(one_of_several_crash_points_is_reached_first),
		CASE(what_is_longer_than_a_signal_may_be_is_noted_and_not_sent),
	};

	return suite_main(argc, argv, "unit/test_link", cases, sizeof(cases) / sizeof(cases[0]));
}
