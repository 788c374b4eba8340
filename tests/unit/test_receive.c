/* What a program refuses of that which reaches it from outside, and what it throws away: frames
 * that no program of ours would send, signals for processes that have ended. */
#include "tests/lib/suite.h"

#include <stdio.h>
#include <string.h>

#include "common/msg/messages.h"
#include "sdl/link/frame.h"
#include "sdl/link/link_admin.h"

enum { LISTENER = 10, PASSER = 11 };
enum { WAIT };
#define CONN 7

static const struct sdl_conn_peer nobody;

static struct sdl_program *program;
static struct sdl_record *record;
static struct param_set params;
static struct sdl_record_cursor seen;
static size_t names;
static struct sdl_pid passer;

/* ---- a world that only swallows ------------------------------------------------------------ */

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
	return SDL_SENT;
}

static void conn_close(void *w, uint32_t conn)
{
	(void)w;
	(void)conn;
}

static int conn_send(void *w, uint32_t conn, const void *frame, size_t len)
{
	(void)w;
	(void)conn;
	(void)frame;
	(void)len;
	return SDL_SENT;
}

static void alarm_line(void *w, const char *text)
{
	(void)w;
	(void)text;
}

static const struct sdl_world world = { .line_open = line,
					.line_close = line,
					.line_send = line_send,
					.conn_close = conn_close,
					.conn_send = conn_send,
					.alarm = alarm_line };

/* ---- processes ------------------------------------------------------------------------------ */

static const struct sdl_type passer_type;

static int on_accepted(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)self;
	(void)sig;
	return WAIT;
}

static int on_names(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CtiDbDeviceListRes *m = sig->msg;

	(void)self;
	names = m->n_name;
	for (size_t i = 0; i < m->n_name; i++)
		ck_assert_str_eq(m->name[i], "x");
	return WAIT;
}

static int on_create(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	passer = sdl_create(self, &passer_type);
	sdl_send(self, passer, SIG_StationKeepAlive, NULL);
	return WAIT;
}

static int on_end(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)self;
	(void)sig;
	return SDL_STOP;
}

static int start_and_end(struct sdl_process *self)
{
	(void)self;
	return SDL_STOP;
}

static const struct sdl_state states[] = {
	[WAIT] = { .name = "wait", .waits = "" },
};
static const struct sdl_row rows[] = {
	{ WAIT, SIG_SdlConnAccepted, on_accepted, 0 },
	{ WAIT, SIG_SdlConnDown, sdl_ignore, 0 },
	{ WAIT, SIG_CtiDbDeviceListRes, on_names, 0 },
	{ WAIT, SIG_StationKeepAlive, sdl_save, 0 },
	{ WAIT, SIG_StationKeepAliveAck, on_create, 0 },
	{ WAIT, SIG_StationReset, on_end, TO_STOP },
};
static const struct sdl_type listener_type = { .name = "Listener",
					       .number = LISTENER,
					       .at_start = true,
					       .states = states,
					       .states_n = 1,
					       .rows = rows,
					       .rows_n = sizeof(rows) / sizeof(rows[0]) };
static const struct sdl_type passer_type = { .name = "Passer",
					     .number = PASSER,
					     .states = states,
					     .states_n = 1,
					     .rows = rows,
					     .rows_n = sizeof(rows) / sizeof(rows[0]),
					     .start = start_and_end };

static void up(void)
{
	static const struct sdl_type *const types[] = { &sdl_link_admin, &listener_type,
							&passer_type };
	struct sdl_config config = { .node = 1,
				     .app = SDL_APP_CTIMANAGER,
				     .incarnation = 5,
				     .name = "ctim1",
				     .cluster_id = "c",
				     .token = "secret",
				     .types = types,
				     .types_n = 3,
				     .accept_type = LISTENER,
				     .params = &params,
				     .world = &world };

	param_set_defaults(&params);
	record = sdl_record_new(0);
	config.record = record;
	program = sdl_program_new(&config, 0);
	seen = (struct sdl_record_cursor){ .at = sdl_record_head(record) };
	names = 0;
}

static void down(void)
{
	sdl_program_destroy(&program);
	sdl_record_destroy(&record);
}

static void turn(void)
{
	while (sdl_program_step(program))
		;
	sdl_program_flush(program);
}

/* How many such entries there are since the last look; text: what the last one says. */
static unsigned noted(enum sdl_record_kind kind, char text[200])
{
	const struct sdl_record_entry *e;
	unsigned n = 0;

	while ((e = sdl_record_next(record, &seen))) {
		if (e->kind != kind)
			continue;
		n++;
		if (text)
			snprintf(text, 200, "%.*s", (int)e->payload_len, (const char *)e->payload);
	}
	return n;
}

static void refused(const char *why)
{
	char text[200] = "";

	turn();
	ck_assert_msg(noted(SDL_REC_MALFORMED, text) == 1, "'%s' is not refused", why);
	ck_assert_msg(strstr(text, why) != NULL, "refused as '%s', not as '%s'", text, why);
}

/* ---- frames --------------------------------------------------------------------------------- */

static void frame(uint8_t kind, bool conn, uint32_t seq, uint16_t signal, size_t cut)
{
	uint8_t bytes[1024];
	size_t len = FRAME_HEADER;
	struct frame f = { .kind = kind,
			   .node = conn ? 101 : 2,
			   .app = conn ? SDL_APP_CTI : SDL_APP_CALLMANAGER,
			   .incarnation = 1,
			   .session = 1,
			   .seq = seq,
			   .count = signal ? 1 : 0 };
	const struct sdl_envelope e = { .number = signal };

	if (kind == FRAME_CONNECT || kind == FRAME_HELLO)
		len += frame_write_hello(bytes + len, conn ? "" : "secret", "name");
	if (signal)
		len += envelope_write(bytes + len, &e);
	f.body_len = len - cut - FRAME_HEADER;
	frame_write(bytes, &f);
	if (conn)
		sdl_program_conn_frame(program, CONN, &nobody, bytes, len - cut);
	else
		sdl_program_frame(program, NULL, bytes, len - cut);
}

static void connect(void)
{
	frame(FRAME_CONNECT, true, 1, 0, 0);
	turn();
	ck_assert_uint_eq(noted(SDL_REC_MALFORMED, NULL), 0);
}

START_TEST(a_connection_begins_with_its_connect)
{
	frame(FRAME_DATA, true, 1, SIG_Heartbeat, 0);
	refused("first frame of a connection is no connect");
	frame(FRAME_CONNECT, true, 2, 0, 0);
	refused("first frame of a connection is no connect");
	frame(FRAME_CONNECT, true, 1, 0, 3);
	refused("first frame of a connection is no connect");
	connect();
}
END_TEST

START_TEST(an_application_sends_requests_and_nothing_else)
{
	connect();
	frame(FRAME_DATA, true, 2, SIG_StationKeepAlive, 0);
	refused("frame with what its sender may not send");
}
END_TEST

START_TEST(signals_of_a_frame_fill_it)
{
	connect();
	frame(FRAME_DATA, true, 2, SIG_Heartbeat, 1);
	refused("frame with what its sender may not send");
}
END_TEST

START_TEST(a_server_is_not_welcomed)
{
	connect();
	frame(FRAME_WELCOME, true, 2, 0, 0);
	refused("unsolicited welcome");
}
END_TEST

START_TEST(frames_of_links_and_of_connections_are_kept_apart)
{
	connect();
	frame(FRAME_HEARTBEAT, true, 2, 0, 0);
	refused("frame of a link on a connection");
	frame(FRAME_CONNECT, false, 1, 0, 0);
	refused("frame of a connection on a link");
}
END_TEST

START_TEST(frames_of_no_kind_are_refused)
{
	frame(99, false, 1, 0, 0);
	refused("frame of an unknown kind");
	frame(0, false, 1, 0, 0);
	refused("frame of an unknown kind");
}
END_TEST

START_TEST(a_hello_that_is_cut_opens_no_link)
{
	frame(FRAME_HELLO, false, 0, 0, 2);
	refused("hello whose body does not add up");
	ck_assert(!sdl_program_linked(program, 2, SDL_APP_CALLMANAGER));
}
END_TEST

/* ---- signals -------------------------------------------------------------------------------- */

static void post(uint16_t number, const void *msg)
{
	static uint8_t bytes[SDL_SIGNAL_MAX];
	struct sdl_envelope e = {
		.to = { .node = 1, .type = LISTENER, .app = SDL_APP_CTIMANAGER, .inst = 1 },
		.from = { .node = SDL_HARNESS_NODE, .app = SDL_APP_HARNESS },
		.number = number,
		.bytes = bytes,
	};
	int64_t len = sdl_pack(number, msg, bytes, sizeof(bytes));

	ck_assert_int_ge(len, 0);
	e.len = (uint32_t)len;
	sdl_program_post(program, &e);
}

START_TEST(a_posted_signal_without_a_number_or_too_long_is_refused)
{
	struct sdl_envelope e = { .number = SIGNAL_COUNT };

	sdl_program_post(program, &e);
	refused("unknown number or too long");
	e.number = SIG_StationKeepAlive;
	e.len = SDL_SIGNAL_MAX + 1;
	sdl_program_post(program, &e);
	refused("unknown number or too long");
}
END_TEST

START_TEST(a_signal_may_be_as_large_as_one_may_be)
{
	CtiDbDeviceListRes m = CTI_DB_DEVICE_LIST_RES__INIT;
	static char *list[20000];

	for (size_t i = 0; i < 20000; i++)
		list[i] = (char *)(uintptr_t) "x";
	m.name = list;
	m.n_name = 20000;
	post(SIG_CtiDbDeviceListRes, &m);
	turn();
	ck_assert_uint_eq(names, 20000);
	m.n_name = 1;
	post(SIG_CtiDbDeviceListRes, &m);
	turn();
	ck_assert_uint_eq(names, 1);
}
END_TEST

START_TEST(what_a_process_had_put_aside_is_stale_when_it_ends)
{
	post(SIG_StationKeepAlive, NULL);
	post(SIG_StationKeepAlive, NULL);
	turn();
	ck_assert_uint_eq(noted(SDL_REC_SAVED, NULL), 2);
	post(SIG_StationReset, &(StationReset)STATION_RESET__INIT);
	turn();
	ck_assert_uint_eq(noted(SDL_REC_STALE, NULL), 2);
}
END_TEST

START_TEST(a_process_may_end_as_it_is_created)
{
	post(SIG_StationKeepAliveAck, NULL);
	turn();
	ck_assert_uint_eq(passer.type, PASSER);
	ck_assert_uint_eq(noted(SDL_REC_STALE, NULL), 1);
}
END_TEST

#define CASE(t) SUITE_CASE_WITH(t, up, down)

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		CASE(a_connection_begins_with_its_connect),
		CASE(an_application_sends_requests_and_nothing_else),
		CASE(signals_of_a_frame_fill_it),
		CASE(a_server_is_not_welcomed),
		CASE(frames_of_links_and_of_connections_are_kept_apart),
		CASE(frames_of_no_kind_are_refused),
		CASE(a_hello_that_is_cut_opens_no_link),
		CASE(a_posted_signal_without_a_number_or_too_long_is_refused),
		CASE(a_signal_may_be_as_large_as_one_may_be),
		CASE(what_a_process_had_put_aside_is_stale_when_it_ends),
		CASE(a_process_may_end_as_it_is_created),
	};

	return suite_main(argc, argv, "unit/test_receive", cases, sizeof(cases) / sizeof(cases[0]));
}
