/* Requests of an application that are not a call's, at a CTIManager with CallManagers: lines are
 * opened and closed again, and what makes no sense is refused by name. */
#include "tests/lib/cti_fixture.h"
#include "tests/lib/suite.h"

#define STATIC MEDIA_REGISTRATION__STATIC

static void line_close(uint32_t seq, uint64_t line)
{
	LineRequest close = LINE_REQUEST__INIT;

	close.seq = seq;
	close.line_handle = line;
	app_send(0, SIG_LineClose, &close);
}

static void device_request(uint16_t signal, uint32_t seq, uint64_t device)
{
	DeviceRequest req = DEVICE_REQUEST__INIT;

	req.seq = seq;
	req.device_handle = device;
	app_send(0, signal, &req);
}

static void initiate(uint32_t seq, uint64_t line, const char *called)
{
	LineCallInitiate req = LINE_CALL_INITIATE__INIT;

	req.seq = seq;
	req.line_handle = line;
	req.called = (char *)(uintptr_t)called;
	app_send(0, SIG_LineCallInitiate, &req);
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
	};

	return suite_main(argc, argv, "cluster/test_cti_requests", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
