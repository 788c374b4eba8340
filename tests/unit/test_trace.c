#include "sdl/view/trace.h"

#include <stdlib.h>
#include <string.h>

#include "common/msg/messages.h"
#include "tests/lib/suite.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))

static const struct sdl_state states[] = {
	{ .name = "null0", .waits = "" },
	{ .name = "call_received7", .waits = "" },
};
static const struct sdl_type station_cdpc = {
	.name = "StationCdpc", .number = 64, .states = states, .states_n = N(states)
};

static struct sdl_trace *trace;
static struct sdl_record *record;
static char line[1000];

static const struct sdl_type *type(void *arg, uint16_t app, uint8_t number)
{
	(void)arg;
	return app == SDL_APP_CALLMANAGER && number == 64 ? &station_cdpc : NULL;
}

static void up(void)
{
	const struct sdl_trace_options options = { .type = type,
						   .day_ns = SDL_TRACE_VIRTUAL_DAY_NS };

	trace = sdl_trace_new(&options);
	record = sdl_record_new(1 << 16);
}

static void down(void)
{
	sdl_trace_destroy(&trace);
	sdl_record_destroy(&record);
}

static struct sdl_record_entry entry_of(enum sdl_record_kind kind)
{
	struct sdl_record_entry e = {
		.kind = (uint8_t)kind,
		.node = 1,
		.app = SDL_APP_CALLMANAGER,
		.time_ns = INT64_C(122999999),
		.seq = 44,
		.to = { .node = 1, .app = SDL_APP_CALLMANAGER, .type = 64, .inst = 3 },
		.from = { .node = 2, .app = SDL_APP_CTIMANAGER, .type = 25, .inst = 1 },
		.state = 1,
		.depth = { 0, 2, 0, 1 },
		.tag = { .origin = { .node = 2, .app = SDL_APP_CTIMANAGER, .type = 13, .inst = 1 },
			 .seq = 9,
			 .ip = 0x7f010009,
			 .device = "CTIRP1" },
	};
	return e;
}

/* The line of an entry with that payload. */
static const char *render(struct sdl_record_entry e, const void *payload, size_t len)
{
	static struct sdl_record_cursor cursor;

	sdl_record_append(record, &e, payload, len);
	cursor = (struct sdl_record_cursor){ 0 };
	const struct sdl_record_entry *last = NULL;

	for (const struct sdl_record_entry *n; (n = sdl_record_next(record, &cursor));)
		last = n;
	ck_assert_ptr_nonnull(last);
	*line = '\0';
	sdl_trace_line(trace, last, line, sizeof(line));
	return line;
}

static const char *render_answer(enum sdl_record_kind kind)
{
	CtiLineCallReq req = CTI_LINE_CALL_REQ__INIT;
	struct sdl_record_entry e = entry_of(kind);
	uint8_t bytes[64];

	req.async_response = 9;
	req.ci = 17;
	e.number = SIG_CtiLineCallAnswerReq;
	return render(e, bytes, protobuf_c_message_pack(&req.base, bytes));
}

START_TEST(a_signal_from_another_program_has_the_columns_of_a_real_trace)
{
	ck_assert_str_eq(
		render_answer(SDL_REC_IN),
		"00000044.000 |10:00:00.122 |SdlSig-I |CtiLineCallAnswerReq                  "
		"|call_received7                 |StationCdpc(1,100,64,3)          "
		"|UnknownProcessName(2,200,25,1)   |2,200,13,1.9^127.1.0.9^CTIRP1           "
		"|[R:N-H:0,N:2,L:0,V:1,Z:0,D:0] async_response=9 ci=17");
}
END_TEST

START_TEST(a_signal_sent_away_goes_to_an_unknown_process_in_a_remote_state)
{
	render_answer(SDL_REC_OUT);
	ck_assert(strstr(line, "|SdlSig-O |"));
	ck_assert(strstr(line, "|NA RemoteSignal "));
	ck_assert(strstr(line, "|UnknownProcessName(1,100,64,3) "));
}
END_TEST

START_TEST(what_was_not_handled_says_why)
{
	ck_assert(strstr(render_answer(SDL_REC_UNEXPECTED), "D:0] *NoRow async_response=9"));
	ck_assert(strstr(render_answer(SDL_REC_SAVED), "D:0] *Saved "));
	ck_assert(strstr(render_answer(SDL_REC_STALE), "D:0] *Stale "));
	ck_assert(strstr(render_answer(SDL_REC_LOST), "D:0] *NotSent "));
}
END_TEST

START_TEST(texts_are_numbered_under_the_signal_that_is_handled)
{
	struct sdl_record_entry e = entry_of(SDL_REC_INFO);

	render_answer(SDL_REC_IN);
	e.seq = 45;
	ck_assert_str_eq(render(e, "answering CI=17", 15),
			 "00000044.001 |10:00:00.122 |AppInfo  |StationCdpc - answering CI=17");
	e.seq = 46;
	ck_assert_str_eq(render(e, "two\nlines", 9),
			 "00000044.002 |10:00:00.122 |AppInfo  |StationCdpc - two.lines");
}
END_TEST

START_TEST(a_tag_without_origin_is_made_of_stars)
{
	struct sdl_record_entry e = entry_of(SDL_REC_SIGNAL);

	e.tag = (struct sdl_tag){ 0 };
	e.number = SIG_StationKeepAlive;
	render(e, "", 0);
	ck_assert(strstr(line, "|*^*^* "));
	ck_assert(strstr(line, "[R:L-H:0"));
}
END_TEST

START_TEST(links_births_files_and_faults_have_lines_of_their_own)
{
	struct sdl_record_entry e = entry_of(SDL_REC_LINK);

	e.to.node = 2;
	e.state = 0;
	e.number = LINK_REASON__LINK_SILENCE;
	ck_assert_str_eq(render(e, "", 0), "00000044.000 |10:00:00.122 |LnkState |LinkAdmin - "
					   "NodeId: 2 Application: 100 out of service "
					   "(LINK_SILENCE)");
	e = entry_of(SDL_REC_CREATED);
	ck_assert(strstr(render(e, "", 0), "|Created  |"));
	ck_assert(strstr(line, "|StationCdpc(1,100,64,3) "));
	e = entry_of(SDL_REC_START);
	e.seq = 7;
	ck_assert_str_eq(render(e, "ccm1", 4), "00000000.000 |10:00:00.122 |FileHead |ccm1 NodeId: "
					       "1 Application: 100 Incarnation: 7");
	e = entry_of(SDL_REC_FAULT);
	ck_assert(strstr(render(e, "kill ccm1", 9), "|Fault    |kill ccm1"));
	e = entry_of(SDL_REC_ALARM);
	ck_assert(strstr(render(e, "%UC_X", 5), "|Alarm    |%UC_X"));
	e = entry_of(SDL_REC_MALFORMED);
	ck_assert(strstr(render(e, "bad frame", 9), "|AppError |StationCdpc - bad frame"));
}
END_TEST

START_TEST(bytes_that_are_no_message_are_counted_not_shown)
{
	struct sdl_record_entry e = entry_of(SDL_REC_IN);

	e.number = SIG_CtiLineCallAnswerReq;
	ck_assert(strstr(render(e, "\xff\xff", 2), "*Malformed: 2 bytes"));
}
END_TEST

START_TEST(details_come_only_when_asked_for)
{
	struct sdl_record_entry e = entry_of(SDL_REC_STATE);
	const struct sdl_trace_options options = { .type = type, .details = true };

	e.number = 0;
	ck_assert_str_eq(render(e, "", 0), "");
	sdl_trace_destroy(&trace);
	trace = sdl_trace_new(&options);
	ck_assert(strstr(render(e, "", 0), "StationCdpc - state null0 -> call_received7"));
}
END_TEST

START_TEST(a_whole_record_is_printed_line_by_line)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	render_answer(SDL_REC_IN);
	render_answer(SDL_REC_OUT);
	sdl_trace_print(trace, record, out);
	fclose(out);
	ck_assert_ptr_nonnull(strstr(text, "SdlSig-I"));
	ck_assert_ptr_nonnull(strstr(text, "\n00000044.000"));
	ck_assert_int_eq(text[size - 1], '\n');
	free(text);
}
END_TEST

#define WITH(t) SUITE_CASE_WITH(t, up, down)

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		WITH(a_signal_from_another_program_has_the_columns_of_a_real_trace),
		WITH(a_signal_sent_away_goes_to_an_unknown_process_in_a_remote_state),
		WITH(what_was_not_handled_says_why),
		WITH(texts_are_numbered_under_the_signal_that_is_handled),
		WITH(a_tag_without_origin_is_made_of_stars),
		WITH(links_births_files_and_faults_have_lines_of_their_own),
		WITH(bytes_that_are_no_message_are_counted_not_shown),
		WITH(details_come_only_when_asked_for),
		WITH(a_whole_record_is_printed_line_by_line),
	};
	return suite_main(argc, argv, "unit/test_trace", cases, N(cases));
}
