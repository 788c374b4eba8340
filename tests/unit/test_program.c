/* One program against a host that only remembers: what no sequence of real or virtual events brings
 * about at will. Links that open while their line is down, connections that end within a turn,
 * processes that send while their program is taken down, crash points. */
#include "tests/lib/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/msg/messages.h"
#include "sdl/link/link.h"
#include "sdl/link/link_admin.h"

enum { LOW_TYPE = 10, LISTENER = 20, OWNER = 21 };
enum { WAIT };
#define APP_NODE 101
#define CONN	 7

static struct {
	struct sdl_program *program;
	struct sdl_record *record;
	struct param_set params;
	struct sdl_pid far;
	struct sdl_pid owner; /* who the listener makes the owner */
	int frames;	      /* sent on lines */
	int closed;	      /* connections */
	bool close_at_once;
	char heard[256]; /* what processes handled, in order */
} t;

/* ---- the world ------------------------------------------------------------------------------ */
static void line(void *w, uint8_t node, uint16_t app)
{
	(void)w;
	(void)node;
	(void)app;
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

static void conn_open(void *w, uint32_t conn, uint8_t node, const char *identity)
{
	(void)w;
	(void)conn;
	(void)node;
	(void)identity;
}

static void conn_close(void *w, uint32_t conn)
{
	(void)w;
	(void)conn;
	t.closed++;
}

static int conn_send(void *w, uint32_t conn, const void *frame, size_t len)
{
	(void)w;
	(void)conn;
	(void)frame;
	(void)len;
	return SDL_SENT;
}

static void envelope(void *w, const struct sdl_envelope *e)
{
	(void)w;
	(void)e;
}

static void alarm_line(void *w, const char *text)
{
	(void)w;
	(void)text;
}

static void halt(void *w, int status)
{
	(void)w;
	(void)status;
}

static void crash(void *w)
{
	(void)w;
}

static const struct sdl_world world = { .line_open = line,
					.line_close = line,
					.line_send = line_send,
					.conn_open = conn_open,
					.conn_close = conn_close,
					.conn_send = conn_send,
					.datagram = envelope,
					.control = envelope,
					.alarm = alarm_line,
					.halt = halt,
					.crash = crash };

/* ---- processes ------------------------------------------------------------------------------ */
static void heard(const struct sdl_process *self, const char *what)
{
	size_t n = strlen(t.heard);

	snprintf(t.heard + n, sizeof t.heard - n, "%u:%s ", sdl_self(self).type, what);
}

static const struct sdl_type owner_type;

static int on_SdlConnAccepted(struct sdl_process *self, const struct sdl_signal *sig)
{
	heard(self, "accepted");
	t.far = sig->from;
	t.owner = sdl_create(self, &owner_type);
	sdl_conn_own(self, sig->from, t.owner);
	return WAIT;
}

static int on_Heartbeat(struct sdl_process *self, const struct sdl_signal *sig)
{
	heard(self, "request");
	if (t.close_at_once)
		sdl_conn_close(self, sig->from);
	return WAIT;
}

static int on_SdlConnDown(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	heard(self, "down");
	return WAIT;
}

static int on_StationKeepAlive(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	heard(self, "handled");
	return WAIT;
}

/* To a process of a type that is taken down before this one. */
static void farewell(struct sdl_process *self)
{
	sdl_send(self, sdl_local(self, LOW_TYPE), SIG_StationKeepAlive, NULL);
}

static const struct sdl_state states[] = {
	[WAIT] = { .name = "wait", .waits = "" },
};
static const struct sdl_row rows[] = {
	{ WAIT, SIG_SdlConnAccepted, on_SdlConnAccepted, 0 },
	{ WAIT, SIG_Heartbeat, on_Heartbeat, 0 },
	{ WAIT, SIG_SdlConnDown, on_SdlConnDown, 0 },
	{ WAIT, SIG_StationKeepAlive, on_StationKeepAlive, 0 },
};
#define TYPE(type_name, type_number)                                                               \
	{                                                                                          \
		.name = (type_name), .number = (type_number), .at_start = true, .states = states,  \
		.states_n = 1, .rows = rows, .rows_n = sizeof rows / sizeof *rows                  \
	}
static const struct sdl_type low_type = TYPE("Low", LOW_TYPE);
static const struct sdl_type listener_type = TYPE("Listener", LISTENER);
static const struct sdl_type owner_type = {
	.name = "Owner",
	.number = OWNER,
	.states = states,
	.states_n = 1,
	.rows = rows,
	.rows_n = sizeof rows / sizeof *rows,
	.stop = farewell,
};

/* ---- the program ---------------------------------------------------------------------------- */
static void up(void)
{
	static const struct sdl_type *const types[] = { &sdl_link_admin, &low_type, &listener_type,
							&owner_type };
	struct sdl_config config = { .node = 1,
				     .app = SDL_APP_CTIMANAGER,
				     .incarnation = 5,
				     .name = "ctim1",
				     .cluster_id = "c",
				     .token = "secret",
				     .types = types,
				     .types_n = 4,
				     .accept_type = LISTENER,
				     .world = &world };

	memset(&t, 0, sizeof t);
	param_set_defaults(&t.params);
	t.record = sdl_record_new(0);
	config.params = &t.params;
	config.record = t.record;
	t.program = sdl_program_new(&config, 0);
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

static void conn_frame(uint8_t kind, uint32_t seq, unsigned signals)
{
	uint8_t bytes[1024];
	size_t len = FRAME_HEADER;
	struct frame f = { .kind = kind,
			   .node = APP_NODE,
			   .app = SDL_APP_CTI,
			   .incarnation = 1,
			   .session = 1,
			   .seq = seq,
			   .count = (uint16_t)signals };
	const struct sdl_envelope e = { .number = SIG_Heartbeat };

	if (kind == FRAME_CONNECT)
		len += frame_write_hello(bytes + len, "", "app");
	for (unsigned i = 0; i < signals; i++)
		len += envelope_write(bytes + len, &e);
	f.body_len = len - FRAME_HEADER;
	frame_write(bytes, &f);
	sdl_program_conn_frame(t.program, CONN, &(struct sdl_conn_peer){ 0 }, bytes, len);
}

static bool no_conns(void)
{
	return !t.program->links->conns;
}

START_TEST(what_a_connection_sent_before_it_was_lost_is_handled_and_then_its_end)
{
	conn_frame(FRAME_CONNECT, 1, 0);
	turn();
	conn_frame(FRAME_DATA, 2, 2);
	sdl_program_conn_down(t.program, CONN);
	turn();
	ck_assert_str_eq(t.heard, "20:accepted 21:request 21:request 21:down ");
	ck_assert(no_conns());
}
END_TEST

START_TEST(the_end_of_a_connection_goes_to_who_owns_it_by_then)
{
	conn_frame(FRAME_CONNECT, 1, 0);
	sdl_program_conn_down(t.program, CONN);
	turn();
	ck_assert_str_eq(t.heard, "20:accepted 21:down ");
	ck_assert(no_conns());
}
END_TEST

START_TEST(an_owner_that_closed_its_connection_hears_nothing_more_of_it)
{
	conn_frame(FRAME_CONNECT, 1, 0);
	turn();
	t.close_at_once = true;
	conn_frame(FRAME_DATA, 2, 3);
	turn();
	ck_assert_str_eq(t.heard, "20:accepted 21:request ");
	ck_assert(no_conns());
	ck_assert_int_eq(t.closed, 1);
}
END_TEST

START_TEST(a_connection_that_broke_the_rules_is_closed_and_forgotten)
{
	conn_frame(FRAME_CONNECT, 1, 0);
	turn();
	conn_frame(FRAME_DATA, 9, 1);
	conn_frame(FRAME_DATA, 2, 1);
	turn();
	ck_assert_str_eq(t.heard, "20:accepted 21:down ");
	ck_assert(no_conns());
	ck_assert_int_eq(t.closed, 1);
}
END_TEST

START_TEST(a_process_may_send_while_its_program_is_taken_down)
{
	conn_frame(FRAME_CONNECT, 1, 0);
	turn();
	ck_assert_str_eq(t.heard, "20:accepted "); /* down() ends the owner, who says farewell */
}
END_TEST

static void hello(uint32_t session, uint32_t ack_session)
{
	uint8_t bytes[256];
	struct frame f = { .kind = FRAME_HELLO,
			   .node = 2,
			   .app = SDL_APP_CALLMANAGER,
			   .incarnation = 3,
			   .session = session,
			   .ack_session = ack_session,
			   .ack_incarnation = ack_session ? 5 : 0 };

	f.body_len = frame_write_hello(bytes + FRAME_HEADER, "secret", "ccm2");
	frame_write(bytes, &f);
	sdl_program_frame(t.program, NULL, bytes, FRAME_HEADER + f.body_len);
}

START_TEST(a_link_does_not_open_while_its_line_is_down)
{
	sdl_program_link(t.program, 2, SDL_APP_CALLMANAGER);
	sdl_program_line_up(t.program, 2, SDL_APP_CALLMANAGER);
	hello(1, 0); /* answered, with its session */
	sdl_program_line_down(t.program, 2, SDL_APP_CALLMANAGER);
	hello(1, 1); /* was on its way */
	ck_assert(!sdl_program_linked(t.program, 2, SDL_APP_CALLMANAGER));
	sdl_program_line_up(t.program, 2, SDL_APP_CALLMANAGER);
	ck_assert(sdl_program_linked(t.program, 2, SDL_APP_CALLMANAGER));
}
END_TEST

static void data_frame(uint32_t seq)
{
	uint8_t bytes[FRAME_HEADER];
	const struct frame f = { .kind = FRAME_DATA,
				 .node = 2,
				 .app = SDL_APP_CALLMANAGER,
				 .incarnation = 3,
				 .session = 1,
				 .ack_session = 1,
				 .ack_incarnation = 5,
				 .seq = seq };

	frame_write(bytes, &f);
	sdl_program_frame(t.program, NULL, bytes, sizeof bytes);
}

START_TEST(a_signal_that_links_do_not_carry_is_not_sent_and_harms_no_link)
{
	const struct sdl_pid far = { 2, LISTENER, SDL_APP_CALLMANAGER, 1 };
	struct sdl_process *low =
		process_find(t.program, (struct sdl_pid){ .type = LOW_TYPE, .inst = 1 });
	struct sdl_signal sig = { .from = { 3, LISTENER, SDL_APP_CALLMANAGER, 1 },
				  .number = SIG_StationKeepAlive };
	Empty empty = EMPTY__INIT;
	int frames;

	sdl_program_link(t.program, 2, SDL_APP_CALLMANAGER);
	sdl_program_line_up(t.program, 2, SDL_APP_CALLMANAGER);
	hello(1, 0);
	hello(1, 1);
	data_frame(1);
	ck_assert(sdl_program_linked(t.program, 2, SDL_APP_CALLMANAGER));
	sdl_program_flush(t.program);
	frames = t.frames;
	sig.msg = &empty;
	sdl_relay(low, far, &sig);
	sdl_send(low, far, SIG_Heartbeat, &empty);
	sdl_program_flush(t.program);
	ck_assert_int_eq(t.frames, frames);
	sdl_send(low, far, SIG_StationKeepAlive, &empty);
	sdl_program_flush(t.program);
	ck_assert_int_eq(t.frames, frames + 1);
}
END_TEST

START_TEST(applications_out_of_the_ordinary_are_told_apart)
{
	for (int i = 0; i < 10; i++) {
		sdl_program_cut(t.program, 2, SDL_APP_CALLMANAGER, i & 1);
		sdl_program_cut(t.program, 2, SDL_APP_CALLMANAGER + 1, i & 1);
	}
	ck_assert_ptr_null(t.program->links->peers->next->next);
}
END_TEST

START_TEST(a_timer_that_a_handler_arms_for_its_next_state_runs_on_there)
{
	struct sdl_process *low =
		process_find(t.program, (struct sdl_pid){ .type = LOW_TYPE, .inst = 1 });
	const struct sdl_type *def = low->type->def;
	const struct sdl_state both[] = {
		{ "one", SIG_StationKeepAliveAck, PARAM_NONE, NULL },
		{ "two", SIG_StationKeepAliveAck, PARAM_NONE, NULL },
	};
	struct sdl_type two = *def;

	two.states = both;
	two.states_n = 2;
	t.program->types[LOW_TYPE]->def = &two;
	sdl_timer_start(low, SIG_StationKeepAliveAck, 1000);
	process_enter(low, 1);
	ck_assert(sdl_timer_running(low, SIG_StationKeepAliveAck));
	process_enter(low, 0);
	t.program->types[LOW_TYPE]->def = def;
}
END_TEST

START_TEST(what_a_process_sends_when_the_program_starts_says_where_it_began)
{
	ck_assert_uint_gt(t.program->tag.seq, 0);
	ck_assert(!sdl_pid_none(t.program->tag.origin));
}
END_TEST

START_TEST(a_hello_that_claims_the_last_session_of_all_does_not_block_the_link)
{
	sdl_program_link(t.program, 2, SDL_APP_CALLMANAGER);
	sdl_program_line_up(t.program, 2, SDL_APP_CALLMANAGER);
	hello(1, UINT32_MAX);
	ck_assert_uint_ne(t.program->links->peers->own_session, 0);
}
END_TEST

static void post(uint8_t type, uint16_t number, const void *msg)
{
	uint8_t bytes[64];
	struct sdl_envelope e = { .to = { 1, type, SDL_APP_CTIMANAGER, 1 },
				  .from = { .node = SDL_HARNESS_NODE, .app = SDL_APP_HARNESS },
				  .number = number };

	e.len = (uint32_t)sdl_pack(number, msg, bytes, sizeof bytes);
	e.bytes = bytes;
	sdl_program_post(t.program, &e);
}

START_TEST(a_program_that_crashes_before_a_signal_is_handled_leaves_no_trace_of_it)
{
	CrashPoint m = CRASH_POINT__INIT;
	uint64_t head;

	m.signal = SIG_StationKeepAlive;
	m.nth = 1;
	m.when = 2;
	post(1, SIG_CrashPoint, &m);
	turn();
	post(LOW_TYPE, SIG_StationKeepAlive, NULL);
	head = sdl_record_head(t.record);
	turn();
	ck_assert_str_eq(t.heard, "");
	sdl_program_destroy(&t.program);
	ck_assert_uint_eq(sdl_record_head(t.record), head);
}
END_TEST

START_TEST(a_label_may_be_made_from_itself)
{
	struct sdl_process *p = process_find(t.program, (struct sdl_pid){ .type = 1, .inst = 1 });

	sdl_label(p, "SEP000000000001");
	sdl_label(p, sdl_process_label(p));
	ck_assert_str_eq(sdl_process_label(p), "SEP000000000001");
}
END_TEST

START_TEST(processes_that_come_and_go_one_by_one_leave_nothing_behind)
{
	struct type_index *type = t.program->types[OWNER];
	struct sdl_process *low =
		process_find(t.program, (struct sdl_pid){ .type = LOW_TYPE, .inst = 1 });
	uint32_t pages = 0;

	for (int i = 0; i < 10 * PROCESSES_PER_PAGE; i++)
		process_free(process_find(t.program, sdl_create(low, &owner_type)));
	for (uint32_t i = 0; i < type->pages_n; i++)
		pages += type->pages[i] != NULL;
	ck_assert_uint_le(pages, 1);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(
			what_a_connection_sent_before_it_was_lost_is_handled_and_then_its_end, up,
			down),
		SUITE_CASE_WITH(the_end_of_a_connection_goes_to_who_owns_it_by_then, up, down),
		SUITE_CASE_WITH(an_owner_that_closed_its_connection_hears_nothing_more_of_it, up,
				down),
		SUITE_CASE_WITH(a_connection_that_broke_the_rules_is_closed_and_forgotten, up,
				down),
		SUITE_CASE_WITH(a_process_may_send_while_its_program_is_taken_down, up, down),
		SUITE_CASE_WITH(a_link_does_not_open_while_its_line_is_down, up, down),
		SUITE_CASE_WITH(a_hello_that_claims_the_last_session_of_all_does_not_block_the_link,
				up, down),
		SUITE_CASE_WITH(
			a_program_that_crashes_before_a_signal_is_handled_leaves_no_trace_of_it, up,
			down),
		SUITE_CASE_WITH(a_signal_that_links_do_not_carry_is_not_sent_and_harms_no_link, up,
				down),
		SUITE_CASE_WITH(applications_out_of_the_ordinary_are_told_apart, up, down),
		SUITE_CASE_WITH(a_timer_that_a_handler_arms_for_its_next_state_runs_on_there, up,
				down),
		SUITE_CASE_WITH(what_a_process_sends_when_the_program_starts_says_where_it_began,
				up, down),
		SUITE_CASE_WITH(a_label_may_be_made_from_itself, up, down),
		SUITE_CASE_WITH(processes_that_come_and_go_one_by_one_leave_nothing_behind, up,
				down),
	};

	return suite_main(argc, argv, "unit/test_program", cases, sizeof cases / sizeof *cases);
}
