/* Requests of an application that are not a call's, at a CTIManager with CallManagers: lines are
 * opened and closed again, and what makes no sense is refused by name. */
#include "tests/lib/cti_fixture.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <string.h>

#include "common/base/cti_error.h"

#define STATIC MEDIA_REGISTRATION__STATIC

/* From now on requests come to the CTIHandler with others before them in the queue. */
static bool crowded;

static void send_request(uint16_t signal, const void *msg)
{
	struct sdl_pid app = { .node = 101, .app = 200, .inst = 1 };

	if (crowded)
		cluster_enqueue(fx->c, "cti1", app, cluster_process(fx->c, "cti1", "ivr"), signal,
				msg);
	else
		app_send(0, signal, msg);
}

static void take_all(void)
{
	crowded = false;
	cluster_turn(fx->c, "cti1");
}

static void line_close(uint32_t seq, uint64_t line)
{
	LineRequest close = LINE_REQUEST__INIT;

	close.seq = seq;
	close.line_handle = line;
	send_request(SIG_LineClose, &close);
}

static void device_request(uint16_t signal, uint32_t seq, uint64_t device)
{
	DeviceRequest req = DEVICE_REQUEST__INIT;

	req.seq = seq;
	req.device_handle = device;
	send_request(signal, &req);
}

static void initiate(uint32_t seq, uint64_t line, const char *called)
{
	LineCallInitiate req = LINE_CALL_INITIATE__INIT;

	req.seq = seq;
	req.line_handle = line;
	req.called = (char *)(uintptr_t)called;
	send_request(SIG_LineCallInitiate, &req);
}

START_TEST(a_closed_line_is_told_nothing_and_can_be_opened_again)
{
	uint64_t device = app_device_open(0, 2, "CTIP_1", STATIC);
	uint64_t line = app_line_open(0, 3, device, "4001");
	uint64_t again;

	ck_assert(app_told(0, "LineInService 4001 1"));
	line_close(4, line);
	ck_assert(app_told(0, "Response 4 SUCCESS\n"));
	cluster_advance(fx->c, MS(100));
	app_forget(0);
	line_close(5, line);
	ck_assert(app_told(0, "Response 5 INVALID_LINE_HANDLE\n"));
	initiate(6, line, "4002");
	ck_assert(app_told(0, "Response 6 INVALID_LINE_HANDLE\n"));
	app_forget(0);
	cluster_kill(fx->c, "ccm1");
	ck_assert(app_told(0, "DeviceInService CTIP_1 2"));
	ck_assert(!app_knows(0, "Line"));
	again = app_line_open(0, 7, device, "4001");
	ck_assert_uint_ne(again, 0);
	ck_assert_uint_ne(again, line);
	ck_assert(app_told(0, "LineInService 4001 2"));
}
END_TEST

START_TEST(a_line_that_another_application_has_open_stays_open_for_it)
{
	uint64_t line = app_line_open(0, 3, app_device_open(0, 2, "SEP000000000001", -1), "1001");

	cluster_start(fx->c, "app1");
	app_provider_open(1, "super", "secret");
	app_line_open(1, 3, app_device_open(1, 2, "SEP000000000001", -1), "1001");
	ck_assert(app_knows(1, "Response 3 SUCCESS"));
	line_close(4, line);
	ck_assert(app_told(0, "Response 4 SUCCESS\n"));
	app_forget(1);
	cluster_advance(fx->c, SECONDS(1));
	ck_assert(!app_knows(1, "Line"));
}
END_TEST

START_TEST(a_line_is_opened_once_by_an_application)
{
	uint64_t device = app_device_open(0, 2, "CTIP_1", STATIC);

	app_line_open(0, 3, device, "4001");
	app_line_open(0, 4, device, "4001");
	ck_assert(app_knows(0, "Response 4 LINE_ALREADY_OPENED\n"));
	app_line_open(0, 5, device, "9999");
	ck_assert(app_knows(0, "Response 5 UNDEFINED_LINE\n"));
	app_line_open(0, 6, device, "123456789012345678901234567890123456789012345678901234567890");
	ck_assert(app_knows(0, "Response 6 UNDEFINED_LINE\n"));
}
END_TEST

START_TEST(a_closed_device_is_closed_with_its_lines)
{
	uint64_t device = app_device_open(0, 2, "CTIP_1", STATIC);
	uint64_t line = app_line_open(0, 3, device, "4001");

	device_request(SIG_DeviceClose, 4, device);
	ck_assert(app_told(0, "Response 4 SUCCESS\n"));
	line_close(5, line);
	ck_assert(app_told(0, "Response 5 INVALID_LINE_HANDLE\n"));
	device_request(SIG_DeviceClose, 6, device);
	ck_assert(app_told(0, "Response 6 ILLEGAL_HANDLE\n"));
	app_line_open(0, 7, device, "4001");
	ck_assert(app_knows(0, "Response 7 ILLEGAL_HANDLE\n"));
}
END_TEST

START_TEST(a_snapshot_tells_the_calls_of_open_lines_or_that_the_device_is_out_of_service)
{
	uint64_t device = app_device_open(0, 2, "CTIP_1", STATIC);

	app_line_open(0, 3, device, "4001");
	ck_assert(app_told(0, "ExistingCallCompleted 4001\n"));
	app_forget(0);
	device_request(SIG_DeviceGetSnapShot, 4, device);
	ck_assert(app_told(0, "Response 4 SUCCESS\n"));
	ck_assert(app_told(0, "ExistingCallCompleted 4001\n"));
	cluster_kill(fx->c, "ccm1");
	cluster_kill(fx->c, "ccm2");
	ck_assert(app_told(0, "DeviceOutOfService CTIP_1"));
	device_request(SIG_DeviceGetSnapShot, 5, device);
	ck_assert(app_told(0, "Response 5 DEVICE_OUT_OF_SERVICE\n"));
}
END_TEST

START_TEST(an_application_may_ask_what_it_is_allowed)
{
	ProviderRequest ask = PROVIDER_REQUEST__INIT;

	ask.seq = 9;
	app_send(0, SIG_ProviderGetCapabilities, &ask);
	ck_assert(app_told(0, "Response 9 SUCCESS may 0\n"));
}
END_TEST

START_TEST(a_provider_is_opened_once_and_in_a_version_that_is_known)
{
	ProviderOpen open = PROVIDER_OPEN__INIT;

	open.seq = 8;
	open.version = 1;
	open.user = (char *)"ivr";
	open.password = (char *)"secret";
	app_send(0, SIG_ProviderOpen, &open);
	ck_assert(app_told(0, "Response 8 PROVIDER_ALREADY_OPEN\n"));
	cluster_start(fx->c, "app1");
	ck_assert(app_told(1, "up"));
	open.version = 99;
	app_send(1, SIG_ProviderOpen, &open);
	ck_assert(app_told(1, "Response 8 INCOMPATIBLE_PROTOCOL_VERSION\n"));
	ck_assert(app_told(1, "down\n"));
}
END_TEST

START_TEST(a_refused_application_that_stays_is_put_out)
{
	cluster_start(fx->c, "app1");
	app_provider_open(1, "ivr", "wrong");
	ck_assert(app_knows(1, "Response 1 DIRECTORY_LOGIN_FAILED\n"));
	ck_assert(app_told(1, "down\n"));
}
END_TEST

START_TEST(a_device_that_cannot_be_is_refused_by_name)
{
	app_device_open(0, 2, "", STATIC);
	ck_assert(app_knows(0, "Response 2 INVALID_DEVICE_NAME\n"));
	app_device_open(0, 3, "CTIP_1", 9);
	ck_assert(app_knows(0, "Response 3 "));
	ck_assert(!app_knows(0, "Response 3 SUCCESS"));
	app_device_open(0, 4, "CTIRP_1", STATIC);
	ck_assert(app_knows(0, "Response 4 DEVICE_REGISTRATION_FAILED_NOT_SUPPORTED_MEDIATYPE\n"));
}
END_TEST

START_TEST(a_sequence_number_that_waits_for_its_answer_cannot_be_used_again)
{
	DeviceOpen open = DEVICE_OPEN__INIT;

	open.seq = 2;
	open.device = (char *)"CTIP_1";
	app_send(0, SIG_DeviceOpen, &open);
	app_send(0, SIG_DeviceOpen, &open);
	ck_assert(app_told(0, "Response 2 ILLEGAL_MESSAGE_FORMAT\n"));
	ck_assert(app_told(0, "Response 2 SUCCESS"));
}
END_TEST

/* ---- one upon the other ------------------------------------------------------------------- */

START_TEST(every_request_needs_a_sequence_number_of_its_own_while_it_waits)
{
	uint64_t device = app_device_open(0, 2, "CTIP_1", STATIC);
	ProviderGetDeviceInfo list = PROVIDER_GET_DEVICE_INFO__INIT;
	LineOpen open = LINE_OPEN__INIT;

	list.seq = 3;
	app_send(0, SIG_ProviderGetDeviceInfo, &list);
	app_send(0, SIG_ProviderGetDeviceInfo, &list);
	ck_assert(app_told(0, "Response 3 ILLEGAL_MESSAGE_FORMAT\n"));
	ck_assert(app_told(0, "Response 3 SUCCESS"));
	crowded = true;
	device_request(SIG_DeviceGetSnapShot, 4, device);
	device_request(SIG_DeviceGetSnapShot, 4, device);
	take_all();
	ck_assert(app_told(0, "Response 4 ILLEGAL_MESSAGE_FORMAT\n"));
	ck_assert(app_told(0, "Response 4 SUCCESS"));
	open.seq = 5;
	open.device_handle = device;
	open.dn = (char *)"4001";
	app_send(0, SIG_LineOpen, &open);
	app_send(0, SIG_LineOpen, &open);
	ck_assert(app_told(0, "Response 5 ILLEGAL_MESSAGE_FORMAT\n"));
	ck_assert(app_told(0, "Response 5 SUCCESS"));
}
END_TEST

START_TEST(what_is_asked_of_a_line_that_is_being_closed_is_refused)
{
	uint64_t line = app_line_open(0, 3, app_device_open(0, 2, "CTIP_1", STATIC), "4001");

	ck_assert(app_told(0, "LineInService 4001 1"));
	crowded = true;
	line_close(4, line);
	line_close(5, line);
	initiate(6, line, "4002");
	take_all();
	ck_assert(app_told(0, "Response 4 SUCCESS\n"));
	ck_assert(app_told(0, "Response 5 INVALID_LINE_HANDLE\n"));
	ck_assert(app_told(0, "Response 6 INVALID_LINE_HANDLE\n"));
}
END_TEST

START_TEST(what_is_asked_of_a_device_that_is_being_closed_is_refused)
{
	uint64_t device = app_device_open(0, 2, "CTIP_1", STATIC);
	uint64_t line = app_line_open(0, 3, device, "4001");

	crowded = true;
	device_request(SIG_DeviceClose, 4, device);
	device_request(SIG_DeviceClose, 5, device);
	device_request(SIG_DeviceGetSnapShot, 6, device);
	line_close(7, line);
	initiate(8, line, "4002");
	take_all();
	ck_assert(app_told(0, "Response 4 SUCCESS\n"));
	for (uint32_t seq = 5; seq <= 8; seq++) {
		char text[40];

		snprintf(text, sizeof(text), "Response %u DEVICE_NOT_OPEN\n", seq);
		ck_assert_msg(app_told(0, text), "%s", text);
	}
}
END_TEST

START_TEST(a_device_out_of_service_takes_no_data)
{
	DeviceDataPassThrough data = DEVICE_DATA_PASS_THROUGH__INIT;
	static uint8_t bytes[4000];

	data.device_handle = app_device_open(0, 2, "CTIP_1", STATIC);
	data.seq = 3;
	data.data.data = bytes;
	data.data.len = sizeof(bytes);
	app_send(0, SIG_DeviceDataPassThrough, &data);
	ck_assert(app_told(0, "Response 3 MESSAGE_TOO_BIG\n"));
	cluster_kill(fx->c, "ccm1");
	cluster_kill(fx->c, "ccm2");
	ck_assert(app_told(0, "DeviceOutOfService CTIP_1"));
	cluster_advance(fx->c, SECONDS(5));
	data.seq = 4;
	data.data.len = 1;
	app_send(0, SIG_DeviceDataPassThrough, &data);
	ck_assert(app_told(0, "Response 4 DEVICE_OUT_OF_SERVICE\n"));
}
END_TEST

START_TEST(more_codecs_and_longer_passwords_than_the_field_knows_are_refused)
{
	uint32_t codecs[40] = { 4 };
	char endless[300];
	ProviderOpen provider = PROVIDER_OPEN__INIT;
	DeviceOpen open = DEVICE_OPEN__INIT;

	open.seq = 2;
	open.device = (char *)"CTIP_1";
	open.codec = codecs;
	open.n_codec = 40;
	app_send(0, SIG_DeviceOpen, &open);
	ck_assert(app_told(0, "Response 2 INVALID_PARAMETER\n"));
	memset(endless, 'x', sizeof(endless) - 1);
	endless[sizeof(endless) - 1] = '\0';
	cluster_start(fx->c, "app1");
	ck_assert(app_told(1, "up"));
	provider.seq = 3;
	provider.version = 1;
	provider.user = (char *)"ivr";
	provider.password = endless;
	app_send(1, SIG_ProviderOpen, &provider);
	ck_assert(app_told(1, "Response 3 INVALID_PARAMETER\n"));
}
END_TEST

/* ---- calls --------------------------------------------------------------------------------- */

static void join(uint32_t seq, uint64_t call, uint64_t *others, size_t others_n)
{
	CallWithOthers req = CALL_WITH_OTHERS__INIT;

	req.seq = seq;
	req.call_handle = call;
	req.other_call_handle = others;
	req.n_other_call_handle = others_n;
	app_send(0, SIG_CallJoin, &req);
}

static void offer(uint32_t ci)
{
	ccm_call(1, SIG_CtiNewCallNotify, "CTIP_1", "4001", ci, CTI_CALL_STATE__OFFERING);
}

START_TEST(only_calls_that_are_there_are_joined_and_not_too_many)
{
	uint64_t others[40];

	cti_open_port();
	offer(7);
	offer(8);
	ck_assert(app_told(0, "NewCall 4001 1|8"));
	for (size_t i = 0; i < 40; i++)
		others[i] = CALL(1, 8);
	join(5, CALL(1, 7), others, 40);
	ck_assert(app_told(0, "Response 5 INVALID_PARAMETER\n"));
	others[1] = CALL(1, 9);
	join(6, CALL(1, 7), others, 2);
	ck_assert(app_told(0, "Response 6 CALLHANDLE_UNKNOWN_TO_LINECONTROL\n"));
	join(7, CALL(1, 7), others, 1);
	ck_assert(app_told(0, "Response 7 SUCCESS"));
}
END_TEST

START_TEST(a_snapshot_tells_a_call_once_more_under_the_same_handle)
{
	uint64_t device;

	device = app_device_open(0, 2, "CTIP_1", STATIC);
	app_line_open(0, 3, device, "4001");
	ck_assert(app_told(0, "ExistingCallCompleted 4001\n"));
	offer(7);
	ck_assert(app_told(0, "NewCall 4001 1|7"));
	device_request(SIG_DeviceGetSnapShot, 4, device);
	ck_assert(app_told(0, "ExistingCall 4001 1|7"));
	app_call(0, SIG_CallAnswer, 5, CALL(1, 7));
	ck_assert(app_told(0, "Response 5 SUCCESS"));
}
END_TEST

START_TEST(requests_that_a_callmanager_leaves_open_time_out_each_in_its_time)
{
	cti_open_port();
	offer(7);
	ck_assert(app_told(0, "NewCall 4001"));
	fx->ccm[1].silent_calls = true;
	app_call(0, SIG_CallHold, 5, CALL(1, 7));
	cluster_advance(fx->c, SECONDS(1));
	app_call(0, SIG_CallHold, 6, CALL(1, 7));
	ck_assert(app_told(0, "Response 5 TIMEOUT\n"));
	ck_assert(!app_knows(0, "Response 6"));
	cluster_advance(fx->c, MS(900));
	ck_assert(!app_knows(0, "Response 6"));
	cluster_advance(fx->c, MS(200));
	ck_assert(app_knows(0, "Response 6 TIMEOUT\n"));
}
END_TEST

START_TEST(a_line_that_two_ask_for_at_once_is_refused_to_both)
{
	LineOpen open = LINE_OPEN__INIT;

	fx->ccm[1].refuse_line = CTIERR_LINE_RESTRICTED;
	open.seq = 9;
	open.dn = (char *)"4001";
	open.device_handle = app_device_open(0, 2, "CTIP_1", STATIC);
	cluster_start(fx->c, "app1");
	app_provider_open(1, "super", "secret");
	app_device_open(1, 2, "CTIP_1", -1);
	app_send(0, SIG_LineOpen, &open);
	open.device_handle = fx->app[1].device_handle;
	app_send(1, SIG_LineOpen, &open);
	ck_assert(app_told(0, "Response 9 LINE_RESTRICTED\n"));
	ck_assert(app_told(1, "Response 9 LINE_RESTRICTED\n"));
}
END_TEST

START_TEST(a_call_that_comes_while_its_line_is_opened_is_told_after_the_snapshot)
{
	uint64_t device = app_device_open(0, 2, "CTIP_1", STATIC);

	fx->ccm[1].calling = true;
	app_line_open(0, 3, device, "4001");
	ck_assert(app_told(0, "ExistingCallCompleted 4001\nNewCall 4001 1|77"));
	ck_assert(!app_knows(0, "ExistingCall 4001"));
}
END_TEST

#define CASE(t)	     SUITE_CASE_WITH(t, cti_fixture_up_real, cti_fixture_down)
#define FAKE_CASE(t) SUITE_CASE_WITH(t, cti_fixture_up, cti_fixture_down)

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		CASE(a_closed_line_is_told_nothing_and_can_be_opened_again),
		CASE(a_line_that_another_application_has_open_stays_open_for_it),
		CASE(a_line_is_opened_once_by_an_application),
		CASE(a_closed_device_is_closed_with_its_lines),
		CASE(a_snapshot_tells_the_calls_of_open_lines_or_that_the_device_is_out_of_service),
		CASE(an_application_may_ask_what_it_is_allowed),
		FAKE_CASE(a_provider_is_opened_once_and_in_a_version_that_is_known),
		FAKE_CASE(a_refused_application_that_stays_is_put_out),
		CASE(a_device_that_cannot_be_is_refused_by_name),
		FAKE_CASE(a_sequence_number_that_waits_for_its_answer_cannot_be_used_again),
		FAKE_CASE(every_request_needs_a_sequence_number_of_its_own_while_it_waits),
		FAKE_CASE(what_is_asked_of_a_line_that_is_being_closed_is_refused),
		FAKE_CASE(what_is_asked_of_a_device_that_is_being_closed_is_refused),
		FAKE_CASE(a_device_out_of_service_takes_no_data),
		FAKE_CASE(more_codecs_and_longer_passwords_than_the_field_knows_are_refused),
		FAKE_CASE(only_calls_that_are_there_are_joined_and_not_too_many),
		FAKE_CASE(a_line_that_two_ask_for_at_once_is_refused_to_both),
		FAKE_CASE(a_call_that_comes_while_its_line_is_opened_is_told_after_the_snapshot),
		FAKE_CASE(a_snapshot_tells_a_call_once_more_under_the_same_handle),
		FAKE_CASE(requests_that_a_callmanager_leaves_open_time_out_each_in_its_time),
	};

	return suite_main(argc, argv, "cluster/test_cti_requests", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
