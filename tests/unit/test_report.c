#include "sim/report/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/program.h"
#include "tests/lib/suite.h"

#define N(a)  (sizeof(a) / sizeof((a)[0]))
#define MS(n) ((int64_t)(n)*1000000)

static const struct sdl_pid cm = { .node = 1, .app = 100, .type = CM_DA, .inst = 1 };
static const struct sdl_pid cm2 = { .node = 2, .app = 100, .type = CM_DA, .inst = 1 };
static const struct sdl_pid phone = { .node = 101, .app = 300, .type = 10, .inst = 3 };
static const struct sdl_pid app = { .node = 102, .app = 400, .type = 4, .inst = 1 };

static struct sdl_record *record;
static uint64_t seq;
static char path[64];
static char why[300];
static char *page;

static void setup(void)
{
	int fd;

	strcpy(path, "/tmp/rehome-test-report-XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	close(fd);
	record = sdl_record_new(1 << 20);
	seq = 0;
}

static void teardown(void)
{
	sdl_record_destroy(&record);
	unlink(path);
	free(page);
	page = NULL;
}

/* ---- a record by hand ---------------------------------------------------------------------- */
static struct sdl_record_entry entry(enum sdl_record_kind kind, int64_t at_ns, struct sdl_pid self)
{
	return (struct sdl_record_entry){ .kind = (uint8_t)kind,
					  .node = self.node,
					  .app = self.app,
					  .time_ns = at_ns,
					  .seq = ++seq,
					  .to = self,
					  .from = self };
}

static void text(enum sdl_record_kind kind, int64_t at_ns, struct sdl_pid self, const char *words)
{
	struct sdl_record_entry e = entry(kind, at_ns, self);

	sdl_record_append(record, &e, words, strlen(words));
}

static void message(enum sdl_record_kind kind, int64_t at_ns, struct sdl_pid from,
		    struct sdl_pid to, uint16_t number, const void *msg)
{
	struct sdl_record_entry e = entry(kind, at_ns, kind == SDL_REC_OUT ? from : to);
	uint8_t bytes[1000];
	int64_t len = sdl_pack(number, msg, bytes, sizeof(bytes));

	ck_assert_int_ge(len, 0);
	e.from = from;
	e.to = to;
	e.number = number;
	e.tag.origin = from;
	e.tag.seq = 7;
	sdl_record_append(record, &e, bytes, (size_t)len);
}

/* Sent, and handled 2 ms later. */
static void across(int64_t at_ns, struct sdl_pid from, struct sdl_pid to, uint16_t number,
		   const void *msg)
{
	message(SDL_REC_OUT, at_ns, from, to, number, msg);
	message(SDL_REC_IN, at_ns + MS(2), from, to, number, msg);
}

static void registered(int64_t at_ns, struct sdl_pid where)
{
	uint32_t group[] = { 1, 2 };
	DaRegistration r = DA_REGISTRATION__INIT;

	r.device = (char *)"SEP000000000001";
	r.kind = DEVICE_KIND__DEVICE_SCCP_PHONE;
	r.group = group;
	r.n_group = N(group);
	message(SDL_REC_SIGNAL, at_ns, where, where, SIG_DaRegisterReq, &r);
}

static void unregistered(int64_t at_ns, struct sdl_pid where)
{
	DaUnregister u = DA_UNREGISTER__INIT;

	u.device = (char *)"SEP000000000001";
	message(SDL_REC_SIGNAL, at_ns, where, where, SIG_DaUnregisterReq, &u);
}

static void device_event(int64_t at_ns, uint16_t number, uint32_t node, uint32_t cause)
{
	DeviceEvent e = DEVICE_EVENT__INIT;

	e.device_handle = UINT64_C(1) << 32 | 9;
	e.device = (char *)"SEP000000000001";
	e.has_node = node > 0;
	e.node = node;
	e.has_cause = cause > 0;
	e.cause = (OutOfServiceCause)cause;
	across(at_ns, (struct sdl_pid){ .node = 1, .app = 200, .type = 11, .inst = 1 }, app, number,
	       &e);
}

/* ---- the page ------------------------------------------------------------------------------ */
static const struct sim_report_program programs[] = {
	{ 1, 100, "ccm1:callmanager" }, { 2, 100, "ccm2:callmanager" },
	{ 1, 200, "ccm1:ctimanager" },	{ 101, 300, "phones" },
	{ 102, 400, "app:ivr" },
};

static struct sim_report plain_report(void)
{
	static const char *const nodes[] = { "ccm1", "ccm2" };

	return (struct sim_report){ .title = "story",
				    .host = "virtual",
				    .seed = 18446744073709551615u,
				    .nodes = nodes,
				    .nodes_n = N(nodes),
				    .repeat = "rehome run story.lua --seed 1",
				    .programs = programs,
				    .programs_n = N(programs),
				    .records = (const struct sdl_record *const *)&record,
				    .records_n = 1 };
}

static void write_report(const struct sim_report *report)
{
	FILE *f;
	size_t size;

	ck_assert_msg(sim_report_write(report, path, why, sizeof(why)) == 0, "%s", why);
	f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	fseek(f, 0, SEEK_END);
	size = (size_t)ftell(f);
	rewind(f);
	free(page);
	page = calloc(1, size + 1);
	ck_assert_uint_eq(fread(page, 1, size, f), size);
	fclose(f);
}

/* From `from` on to the first `to`, in the page's data. */
static const char *part(const char *from, const char *to)
{
	static char found[20000];
	const char *data = strstr(page, "id=\"data\">");
	const char *a = data ? strstr(data, from) : NULL;
	const char *b = a ? strstr(a + strlen(from), to) : NULL;

	ck_assert_msg(b && b - a < (long)sizeof(found), "no %s..%s", from, to);
	memcpy(found, a, (size_t)(b - a));
	found[b - a] = '\0';
	return found;
}

/* How many of these kinds there are among the rows. */
static int rows_of(int kind)
{
	char all[20000];
	int n = 0;

	snprintf(all, sizeof(all), "%s", part("\"k\":[", "]") + strlen("\"k\":["));
	for (char *k = strtok(all, ","); k; k = strtok(NULL, ","))
		n += atoi(k) == kind;
	return n;
}

START_TEST(an_empty_run_makes_a_page_that_loads_nothing)
{
	struct sim_report report = plain_report();

	write_report(&report);
	ck_assert_int_eq(strncmp(page, "<!DOCTYPE html>", 15), 0);
	ck_assert_ptr_nonnull(strstr(page, "default-src 'none'"));
	ck_assert_ptr_null(strstr(page, " src="));
	ck_assert_ptr_null(strstr(page, "url("));
	ck_assert_ptr_null(strstr(page, "@import"));
	ck_assert_ptr_null(strstr(page, "@@"));
	ck_assert_ptr_nonnull(strstr(page, "rehome run story.lua --seed 1"));
	ck_assert_ptr_nonnull(strstr(page, "\"seed\":\"18446744073709551615\""));
}
END_TEST

START_TEST(names_with_markup_in_them_are_shown_and_never_run)
{
	struct sim_report report = plain_report();
	struct sim_report_line told = { MS(1), "</script><script>alert(1)</script>" };
	struct sim_report_verdict v = { .clause = "<b>CMF-01</b>",
					.file = "<img src=x onerror=alert(1)>",
					.text = "a\"b\\c\n\xff\xe2\x80\xa8",
					.took_ns = -1 };

	report.title = "<i>&'\"";
	report.narration = &told;
	report.narration_n = 1;
	report.verdicts = &v;
	report.verdicts_n = 1;
	text(SDL_REC_LABEL, MS(1), phone, "<svg onload=alert(1)>");
	across(MS(2), phone, cm, SIG_StationKeepAlive, NULL);
	write_report(&report);
	ck_assert_ptr_null(strstr(page, "<script>alert"));
	ck_assert_ptr_null(strstr(page, "<svg"));
	ck_assert_ptr_null(strstr(page, "<img"));
	ck_assert_ptr_null(strstr(page, "<b>CMF"));
	ck_assert_ptr_nonnull(strstr(page, "<title>&#60;i&#62;&#38;&#39;&#34; - Rehome"));
	ck_assert_ptr_nonnull(strstr(page, "\\u003c/script\\u003e\\u003cscript\\u003ealert(1)"));
	ck_assert_ptr_nonnull(strstr(page, "a\\u0022b\\u005cc\\u000a\xef\xbf\xbd\\u2028"));
}
END_TEST

START_TEST(a_signal_is_one_row_where_it_was_handled_and_tells_how_long_it_took)
{
	struct sim_report report = plain_report();
	StationOpenReceiveChannel open = STATION_OPEN_RECEIVE_CHANNEL__INIT;

	open.call_reference = 17;
	text(SDL_REC_LABEL, 0, phone, "SEP000000000001");
	across(MS(5), cm, phone, SIG_StationOpenReceiveChannel, &open);
	write_report(&report);
	ck_assert_str_eq(part("\"k\":[", "]"), "\"k\":[0");
	ck_assert_str_eq(part("\"t\":[", "]"), "\"t\":[7000000");
	ck_assert_str_eq(part("\"l\":[", "]"), "\"l\":[2000000");
	ck_assert_ptr_nonnull(strstr(page, "\"call_reference=17\""));
	ck_assert_ptr_nonnull(strstr(page, "\"SEP000000000001\""));
}
END_TEST

START_TEST(what_was_never_handled_not_sent_or_discarded_is_told_apart)
{
	struct sim_report report = plain_report();

	message(SDL_REC_OUT, MS(1), phone, cm, SIG_StationUnregister, NULL);
	across(MS(2), phone, cm, SIG_StationUnregister, NULL);
	message(SDL_REC_LOST, MS(9), phone, cm, SIG_StationUnregister, NULL);
	message(SDL_REC_UNEXPECTED, MS(10), phone, cm, SIG_StationOffHook, NULL);
	text(SDL_REC_MALFORMED, MS(11), cm, "frame of a wrong version");
	write_report(&report);
	ck_assert_int_eq(rows_of(0), 1);
	ck_assert_int_eq(rows_of(2), 1);
	ck_assert_int_eq(rows_of(3), 1);
	ck_assert_int_eq(rows_of(4), 2);
	ck_assert_ptr_nonnull(strstr(page, "\"frame of a wrong version\""));
}
END_TEST

START_TEST(what_was_sent_to_a_program_that_started_anew_is_not_taken_for_what_it_handles)
{
	struct sim_report report = plain_report();

	message(SDL_REC_OUT, MS(1), phone, cm, SIG_StationUnregister, NULL);
	text(SDL_REC_START, MS(5), cm, "ccm1");
	across(MS(8), phone, cm, SIG_StationUnregister, NULL);
	write_report(&report);
	ck_assert_str_eq(part("\"k\":[", "]"), "\"k\":[2,10,0");
	ck_assert_str_eq(part("\"l\":[", "]"), "\"l\":[0,-1,2000000");
}
END_TEST

START_TEST(keepalives_are_folded_between_two_other_things)
{
	struct sim_report report = plain_report();

	for (int i = 0; i < 10; i++) {
		across(MS(10 * i), phone, cm, SIG_StationKeepAlive, NULL);
		message(SDL_REC_SIGNAL, MS(10 * i + 3), cm, cm, SIG_T302Timer, NULL);
		across(MS(10 * i + 4), cm, phone, SIG_StationKeepAliveAck, NULL);
	}
	text(SDL_REC_FAULT, MS(200), cm, "freeze ccm1:callmanager");
	message(SDL_REC_OUT, MS(210), phone, cm, SIG_StationKeepAlive, NULL);
	write_report(&report);
	ck_assert_int_eq(rows_of(5), 2);
	ck_assert_int_eq(rows_of(0), 0);
	/* ten of each were handled; the last one never was */
	ck_assert_ptr_nonnull(strstr(part("\"folds\":[", "]],"), ",3,0,10,0,"));
	ck_assert_ptr_nonnull(strstr(part("\"folds\":[", "]],"), ",0,3,10,0]"));
	ck_assert_ptr_nonnull(strstr(part("\"folds\":[", "\"devices\""), ",3,0,0,1]"));
}
END_TEST

START_TEST(media_from_a_program_to_itself_arrives_too)
{
	struct sim_report report = plain_report();
	struct sdl_pid media = { .node = 101, .app = 300, .type = ENDPOINT_MEDIA, .inst = 1 };
	MediaTick tick = MEDIA_TICK__INIT;

	message(SDL_REC_OUT, MS(1), phone, media, SIG_MediaTick, &tick);
	message(SDL_REC_SIGNAL, MS(2), phone, media, SIG_MediaTick, &tick);
	write_report(&report);
	ck_assert_ptr_nonnull(strstr(part("\"folds\":[", "\"devices\""), ",3,3,1,0]"));
}
END_TEST

START_TEST(a_fault_is_drawn_on_the_programs_that_it_struck)
{
	struct sim_report report = plain_report();
	struct sim_report_line listed[] = { { MS(30), "cut ccm1:callmanager ccm2:callmanager" },
					    { MS(20), "kill ccm1" } };

	report.faults = listed;
	report.faults_n = N(listed);
	text(SDL_REC_START, 0, cm, "ccm1");
	text(SDL_REC_FAULT, MS(20), (struct sdl_pid){ .node = 254, .app = 900 }, "kill ccm1");
	write_report(&report);
	ck_assert_int_eq(rows_of(6), 2);
	/* kill: both programs of the node; cut: between two */
	ck_assert_str_eq(part("\"faults\":[", "],\n"), "\"faults\":[[1,[0,2],[]],[6,[0],[1]]");
	/* up, then down */
	ck_assert_ptr_nonnull(strstr(part("\"programs\":[", "\"processes\""), "[0,1,20000000,0]"));
}
END_TEST

START_TEST(a_device_has_its_timeline_from_registration_to_failover_to_rehome)
{
	struct sim_report report = plain_report();

	registered(MS(10), cm);
	device_event(MS(12), SIG_DeviceInService, 1, 0);
	text(SDL_REC_FAULT, MS(100), cm, "kill ccm1:callmanager");
	device_event(MS(101), SIG_DeviceOutOfService, 0, 1001);
	registered(MS(120), cm2);
	device_event(MS(121), SIG_DeviceInService, 2, 0);
	unregistered(MS(200), cm2);
	registered(MS(210), cm);
	write_report(&report);
	const char *d = part("\"devices\":[", "]],\n\"rows\"");

	/* registered at 1, then 2, then 1 again, to the end; times are from the first entry on */
	ck_assert_ptr_nonnull(strstr(d, "[-1,[0,90000000,0,1,0,110000000,190000000,0,2,0,"
					"200000000,200000000,0,1,0]]"));
	/* app:ivr: in service, out of service with a cause, in service at 2 */
	ck_assert_ptr_nonnull(strstr(d, "[4,[4000000,93000000,1,1,0,93000000,113000000,2,0,"));
	ck_assert_ptr_nonnull(strstr(page, "\"CALLMANAGER_FAILURE\""));
	/* failed over to 2, rehomed to 1 */
	ck_assert_ptr_nonnull(strstr(d, "[110000000,1,2,0,200000000,2,1,1"));
}
END_TEST

START_TEST(the_phone_itself_tells_where_it_is_registered)
{
	struct sim_report report = plain_report();
	StationRegisterAck ack = STATION_REGISTER_ACK__INIT;
	struct sdl_record_entry link = entry(SDL_REC_LINK, MS(50), phone);

	ack.keepalive_s = 30;
	ack.node = 1;
	text(SDL_REC_LABEL, 0, phone, "SEP000000000001");
	across(MS(8), cm, phone, SIG_StationRegisterAck, &ack);
	link.to = (struct sdl_pid){ .node = 1, .app = 100 };
	link.number = 2;
	sdl_record_append(record, &link, NULL, 0);
	write_report(&report);
	ck_assert_ptr_nonnull(
		strstr(part("\"devices\":[", "\"rows\""), "[3,[10000000,50000000,1,1,0,50000000"));
	ck_assert_ptr_nonnull(strstr(page, "\"link lost\""));
	ck_assert_ptr_nonnull(strstr(page, "\"LINK_SILENCE\""));
}
END_TEST

START_TEST(verdicts_come_with_clause_source_line_and_times)
{
	struct sim_report report = plain_report();
	struct sim_report_verdict v[] = {
		{ SIM_REPORT_PASSED, "CMF-01", "When a CM fails ...", "story.lua", 12,
		  "CTIRP_5000 in service at ccm2", NULL, MS(10000), MS(850), MS(2000) },
		{ SIM_REPORT_FAILED, "CMF-06", "After a device has moved ...", "story.lua", 14,
		  "OOS before IS", "nothing of the kind", MS(10000), -1, MS(12000) },
	};

	report.verdicts = v;
	report.verdicts_n = N(v);
	report.result = SIM_REPORT_FAILED;
	write_report(&report);
	ck_assert_ptr_nonnull(
		strstr(page, "[0,\"CMF-01\",\"When a CM fails ...\",\"story.lua\",\"CTIRP_5000 in "
			     "service at ccm2\",\"\",12,10000000000,850000000,0]"));
	ck_assert_ptr_nonnull(
		strstr(page, "\"nothing of the kind\",14,10000000000,-1,10000000000"));
	ck_assert_ptr_nonnull(strstr(page, "<li>failed CMF-06 OOS before IS (story.lua:14)</li>"));
}
END_TEST

START_TEST(what_was_judged_and_told_at_an_instant_stands_before_what_was_struck_then)
{
	struct sim_report report = plain_report();
	struct sim_report_line told[] = { { MS(5), "now it is killed" }, { MS(9), "the end" } };
	struct sim_report_verdict v = { .text = "up", .at_ns = MS(5) };

	report.narration = told;
	report.narration_n = N(told);
	report.verdicts = &v;
	report.verdicts_n = 1;
	text(SDL_REC_START, MS(5), cm, "ccm1");
	text(SDL_REC_FAULT, MS(5), cm, "kill ccm1:callmanager");
	text(SDL_REC_FAULT, MS(5), cm, "start ccm1:callmanager");
	text(SDL_REC_START, MS(5), cm, "ccm1");
	write_report(&report);
	ck_assert_str_eq(part("\"k\":[", "]"), "\"k\":[10,8,7,6,6,10,7");
}
END_TEST

START_TEST(records_of_several_programs_are_merged_by_time)
{
	struct sim_report report = plain_report();
	struct sdl_record *other = sdl_record_new(65536);
	struct sdl_record *mine = record;
	const struct sdl_record *both[] = { mine, NULL, other };

	message(SDL_REC_OUT, MS(1), phone, cm, SIG_StationOffHook, NULL);
	message(SDL_REC_IN, MS(4), cm, phone, SIG_StationReset,
		&(StationReset){ .base = { &station_reset__descriptor, 0, NULL } });
	record = other;
	message(SDL_REC_IN, MS(2), phone, cm, SIG_StationOffHook, NULL);
	message(SDL_REC_OUT, MS(3), cm, phone, SIG_StationReset,
		&(StationReset){ .base = { &station_reset__descriptor, 0, NULL } });
	record = mine;
	report.records = both;
	report.records_n = N(both);
	write_report(&report);
	sdl_record_destroy(&other);
	ck_assert_str_eq(part("\"k\":[", "]"), "\"k\":[0,0");
	ck_assert_str_eq(part("\"t\":[", "]"), "\"t\":[1000000,2000000");
	ck_assert_str_eq(part("\"l\":[", "]"), "\"l\":[1000000,1000000");
}
END_TEST

START_TEST(signals_without_a_call_of_their_own_are_found_by_the_handle_of_their_leg)
{
	struct sim_report report = plain_report();
	CallRequest answer = CALL_REQUEST__INIT;
	CallEvent event = CALL_EVENT__INIT;

	answer.call_handle = event.call_handle = UINT64_C(1) << 32 | 17;
	event.device = event.dn = (char *)"5000";
	event.has_global_call_handle = true;
	event.global_call_handle = UINT64_C(1) << 32 | 4;
	across(MS(1), app, cm, SIG_CallAnswer, &answer);
	across(MS(5), cm, app, SIG_NewCall, &event);
	write_report(&report);
	char calls[100];

	snprintf(calls, sizeof(calls), "%s", part("\"c\":[", "]"));
	int first = atoi(calls + 5);
	ck_assert_int_gt(first, 0);
	ck_assert_int_eq(first, atoi(strchr(calls, ',') + 1));
	ck_assert_ptr_nonnull(strstr(page, "\"1|4\""));
}
END_TEST

START_TEST(beyond_its_limit_the_ladder_leaves_out_what_is_inside_programs_first)
{
	struct sim_report report = plain_report();

	report.signals_max = 3;
	for (int i = 0; i < 4; i++)
		message(SDL_REC_SIGNAL, MS(i), cm, cm, SIG_T302Timer, NULL);
	for (int i = 0; i < 4; i++)
		across(MS(10 * (i + 1)), phone, cm, SIG_StationOffHook, NULL);
	write_report(&report);
	ck_assert_int_eq(rows_of(1), 0);
	ck_assert_int_eq(rows_of(0), 3);
	ck_assert_ptr_nonnull(strstr(page, "\"leftOut\":5"));
}
END_TEST

START_TEST(programs_that_nobody_listed_are_named_by_their_node_and_kind)
{
	struct sim_report report = plain_report();

	report.programs_n = 0;
	for (uint8_t node = 1; node <= 20; node++)
		text(SDL_REC_START, MS(node), (struct sdl_pid){ .node = node, .app = 100 }, "ccm");
	text(SDL_REC_START, MS(30), app, "ivr");
	write_report(&report);
	ck_assert_int_eq(rows_of(10), 21);
	ck_assert_ptr_nonnull(strstr(page, "\"ccm2:callmanager\""));
	ck_assert_ptr_nonnull(strstr(page, "\"node20:callmanager\""));
	ck_assert_ptr_nonnull(strstr(page, "\"node102:application\""));
}
END_TEST

START_TEST(a_place_that_cannot_be_written_is_named)
{
	struct sim_report report = plain_report();

	ck_assert_int_eq(sim_report_write(&report, "/nonexistent/r.html", why, sizeof(why)),
			 -ENOENT);
	ck_assert_ptr_nonnull(strstr(why, "/nonexistent/r.html"));
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(an_empty_run_makes_a_page_that_loads_nothing, setup, teardown),
		SUITE_CASE_WITH(names_with_markup_in_them_are_shown_and_never_run, setup, teardown),
		SUITE_CASE_WITH(a_signal_is_one_row_where_it_was_handled_and_tells_how_long_it_took,
				setup, teardown),
		SUITE_CASE_WITH(what_was_never_handled_not_sent_or_discarded_is_told_apart, setup,
				teardown),
		SUITE_CASE_WITH(
			what_was_sent_to_a_program_that_started_anew_is_not_taken_for_what_it_handles,
			setup, teardown),
		SUITE_CASE_WITH(keepalives_are_folded_between_two_other_things, setup, teardown),
		SUITE_CASE_WITH(media_from_a_program_to_itself_arrives_too, setup, teardown),
		SUITE_CASE_WITH(a_fault_is_drawn_on_the_programs_that_it_struck, setup, teardown),
		SUITE_CASE_WITH(a_device_has_its_timeline_from_registration_to_failover_to_rehome,
				setup, teardown),
		SUITE_CASE_WITH(the_phone_itself_tells_where_it_is_registered, setup, teardown),
		SUITE_CASE_WITH(verdicts_come_with_clause_source_line_and_times, setup, teardown),
		SUITE_CASE_WITH(
			what_was_judged_and_told_at_an_instant_stands_before_what_was_struck_then,
			setup, teardown),
		SUITE_CASE_WITH(records_of_several_programs_are_merged_by_time, setup, teardown),
		SUITE_CASE_WITH(
			signals_without_a_call_of_their_own_are_found_by_the_handle_of_their_leg,
			setup, teardown),
		SUITE_CASE_WITH(
			beyond_its_limit_the_ladder_leaves_out_what_is_inside_programs_first, setup,
			teardown),
		SUITE_CASE_WITH(programs_that_nobody_listed_are_named_by_their_node_and_kind, setup,
				teardown),
		SUITE_CASE_WITH(a_place_that_cannot_be_written_is_named, setup, teardown),
	};
	return suite_main(argc, argv, "unit/test_report", cases, N(cases));
}
