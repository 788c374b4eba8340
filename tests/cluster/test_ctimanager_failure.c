/* The CTIManager when a CallManager or an application dies; CallManagers only pretend. */
#include "tests/lib/cti_fixture.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <string.h>

#include "common/base/cti_error.h"

/* ---- CallManager failure -------------------------------------------------------------------- */

START_TEST(cmf_01_cmf_04_cmf_06_a_port_moves_to_the_next_member_and_the_application_is_told)
{
	cti_open_port();
	ccm_call(1, SIG_CtiNewCallNotify, "CTIP_1", "4001", 7, CTI_CALL_STATE__OFFERING);
	ck_assert(app_told(0, "NewCall"));
	fx->ccm[1].silent_calls = true;
	app_call(0, SIG_CallAnswer, 4, CALL(1, 7));
	cluster_advance(fx->c, MS(100));
	app_forget(0);
	cluster_kill(fx->c, "ccm1");
	ck_assert(app_told(0, "ExistingCallCompleted"));
	app_told_exactly(0, "Response 4 CLUSTER_LINK_FAILURE\n"
			    "CallStateChanged 4001 1|7 11 508\nCallStateChanged 4001 1|7 0 "
			    "508\nCallClosed 4001 1|7 0 508\n" FAILED_1 BACK_2);
}
END_TEST

START_TEST(cmf_04_requests_are_refused_while_the_device_is_out_of_service)
{
	uint64_t device = app_device_open(0, 2, "CTIP_1", 2);
	uint64_t line = app_line_open(0, 3, device, "4001");
	LineCallInitiate call = LINE_CALL_INITIATE__INIT;
	DeviceRequest snapshot = DEVICE_REQUEST__INIT;

	ccm_call(1, SIG_CtiNewCallNotify, "CTIP_1", "4001", 7, CTI_CALL_STATE__OFFERING);
	ck_assert(app_told(0, "NewCall"));
	fx->ccm[2].mute = true;
	cluster_kill(fx->c, "ccm1");
	ck_assert(app_told(0, "DeviceOutOfService CTIP_1 1001\n"));
	call.seq = 5;
	call.line_handle = line;
	call.called = (char *)"1001";
	app_send(0, SIG_LineCallInitiate, &call);
	snapshot.seq = 6;
	snapshot.device_handle = device;
	app_send(0, SIG_DeviceGetSnapShot, &snapshot);
	app_call(0, SIG_CallAnswer, 7, CALL(1, 7));
	ck_assert(app_told(0, "Response 7 LINE_OUT_OF_SERVICE\n"));
	ck_assert(app_knows(0, "Response 5 LINE_OUT_OF_SERVICE\n"));
	ck_assert(app_knows(0, "Response 6 DEVICE_OUT_OF_SERVICE\n"));
}
END_TEST

START_TEST(cmf_05_cmf_10_without_any_member_the_device_waits_until_one_comes)
{
	cti_open_port();
	cluster_kill(fx->c, "ccm2");
	cluster_advance(fx->c, SECONDS(1));
	cluster_kill(fx->c, "ccm1");
	ck_assert(app_told(0, "DeviceOutOfService CTIP_1 1003\n"));
	cluster_advance(fx->c, SECONDS(100));
	app_told_exactly(0, "LineOutOfService 4001 1003\nDeviceOutOfService CTIP_1 1003\n");
	app_forget(0);
	cluster_start(fx->c, "ccm2");
	ck_assert(app_told(0, "ExistingCallCompleted"));
	app_told_exactly(0, BACK_2);
}
END_TEST

START_TEST(cmf_06_dying_of_the_second_while_it_takes_over_is_told_as_no_callmanager)
{
	cti_open_port();
	fx->ccm[2].mute = true;
	cluster_kill(fx->c, "ccm1");
	ck_assert(app_told(0, "DeviceOutOfService CTIP_1 1001\n"));
	cluster_kill(fx->c, "ccm2");
	ck_assert(app_told(0, "DeviceOutOfService CTIP_1 1003\n"));
	app_told_exactly(0,
			 FAILED_1 "LineOutOfService 4001 1003\nDeviceOutOfService CTIP_1 1003\n");
	fx->ccm[2].mute = false;
	cluster_start(fx->c, "ccm1");
	ck_assert(app_told(0, "DeviceInService CTIP_1 1\n"));
}
END_TEST

START_TEST(cmf_07_cmf_08_a_better_member_gets_the_device_when_it_is_idle)
{
	CtiDeviceUnregisterNotify moved = CTI_DEVICE_UNREGISTER_NOTIFY__INIT;

	cluster_kill(fx->c, "ccm1");
	cluster_advance(fx->c, SECONDS(1));
	app_line_open(0, 3, app_device_open(0, 2, "CTIP_1", 2), "4001");
	ck_assert(app_knows(0, "DeviceInService CTIP_1 2\n"));
	app_forget(0);
	cluster_start(fx->c, "ccm1");
	cluster_advance(fx->c, SECONDS(10));
	ck_assert_str_eq(fx->ccm[2].last, "rehome CTIP_1 1");
	app_told_exactly(0, "");
	moved.device = (char *)"CTIP_1";
	moved.cause = OUT_OF_SERVICE_CAUSE__REHOME_TO_HIGHER_PRIORITY_CM;
	moved.has_target_node = true;
	moved.target_node = 1;
	ccm_tell(2, SIG_CtiDeviceUnregisterNotify, &moved);
	ck_assert(app_told(0, "ExistingCallCompleted"));
	app_told_exactly(0, "LineOutOfService 4001 1002\nDeviceOutOfService CTIP_1 1002\n"
			    "DeviceInService CTIP_1 1\nLineInService 4001 1\n"
			    "ExistingCallCompleted 4001\n");
}
END_TEST

START_TEST(cmf_07_a_rehome_is_called_off_when_the_target_goes_again)
{
	cluster_kill(fx->c, "ccm1");
	cluster_advance(fx->c, SECONDS(1));
	app_device_open(0, 2, "CTIP_1", 2);
	cluster_start(fx->c, "ccm1");
	cluster_advance(fx->c, SECONDS(1));
	ck_assert_str_eq(fx->ccm[2].last, "rehome CTIP_1 1");
	cluster_kill(fx->c, "ccm1");
	cluster_advance(fx->c, SECONDS(1));
	ck_assert_str_eq(fx->ccm[2].last, "rehome CTIP_1 1 cancel");
}
END_TEST

START_TEST(cmf_16_a_target_that_refuses_sends_the_device_back_and_is_not_asked_again)
{
	CtiDeviceUnregisterNotify moved = CTI_DEVICE_UNREGISTER_NOTIFY__INIT;

	cluster_kill(fx->c, "ccm1");
	cluster_advance(fx->c, SECONDS(1));
	app_line_open(0, 3, app_device_open(0, 2, "CTIP_1", 2), "4001");
	cluster_start(fx->c, "ccm1");
	cluster_advance(fx->c, SECONDS(1));
	fx->ccm[1].refuse = CTIERR_RESOURCE_NOT_AVAILABLE;
	fx->ccm[2].last[0] = '\0';
	app_forget(0);
	moved.device = (char *)"CTIP_1";
	moved.cause = OUT_OF_SERVICE_CAUSE__REHOME_TO_HIGHER_PRIORITY_CM;
	moved.has_target_node = true;
	moved.target_node = 1;
	ccm_tell(2, SIG_CtiDeviceUnregisterNotify, &moved);
	ck_assert(app_told(0, "ExistingCallCompleted"));
	cluster_advance(fx->c, SECONDS(10));
	app_told_exactly(0, "LineOutOfService 4001 1002\nDeviceOutOfService CTIP_1 1002\n" BACK_2);
	ck_assert_str_eq(fx->ccm[2].last, "");
}
END_TEST

START_TEST(cmf_11_refused_by_every_member_the_device_is_closed)
{
	cti_open_port();
	fx->ccm[2].refuse = CTIERR_RESOURCE_NOT_AVAILABLE;
	cluster_kill(fx->c, "ccm1");
	ck_assert(app_told(0, "DeviceClosed"));
	app_told_exactly(0, FAILED_1 "LineClosed 4001 RESOURCE_NOT_AVAILABLE\n"
				     "DeviceClosed CTIP_1 RESOURCE_NOT_AVAILABLE\n");
	app_forget(0);
	fx->ccm[2].refuse = 0;
	cluster_advance(fx->c, SECONDS(10));
	app_told_exactly(0, "");
	app_device_open(0, 9, "CTIP_1", 2);
	ck_assert(app_told(0, "Response 9 SUCCESS\nDeviceInService CTIP_1 2\n"));
}
END_TEST

START_TEST(cmf_11_a_line_that_cannot_be_opened_sends_the_device_to_the_next_member)
{
	app_line_open(0, 3, app_device_open(0, 2, "CTIP_3", 2), "4011");
	ck_assert(app_told(0, "ExistingCallCompleted"));
	app_forget(0);
	fx->ccm[2].refuse_line = CTIERR_CANNOT_OPEN_DEVICE;
	cluster_kill(fx->c, "ccm1");
	ck_assert(app_told(0, "ExistingCallCompleted"));
	app_told_exactly(0, "LineOutOfService 4011 1001\nDeviceOutOfService CTIP_3 1001\n"
			    "DeviceInService CTIP_3 3\nLineInService 4011 3\n"
			    "ExistingCallCompleted 4011\n");
}
END_TEST

START_TEST(cmf_13_devices_of_other_callmanagers_notice_nothing)
{
	cti_open_port();
	cluster_kill(fx->c, "ccm3");
	cluster_advance(fx->c, SECONDS(10));
	cluster_kill(fx->c, "ccm2");
	cluster_advance(fx->c, SECONDS(10));
	app_told_exactly(0, "");
}
END_TEST

START_TEST(cmf_18_a_late_asker_is_sent_to_the_registration_or_told_that_it_is_out_of_reach)
{
	fx->ccm[1].other_node = 2;
	app_device_open(0, 2, "CTIP_1", 2);
	ck_assert(app_told(0, "DeviceInService CTIP_1 2\n"));
	cluster_kill(fx->c, "ccm3");
	cluster_advance(fx->c, SECONDS(1));
	fx->ccm[1].other_node = 3;
	app_device_open(0, 3, "CTIP_3", 2);
	ck_assert(app_told(0, "DeviceInService CTIP_3 1\n"));
}
END_TEST

/* The second application's media are asked for at node 1 when the device goes from there. */
START_TEST(cmf_17_what_is_opened_where_the_device_has_just_gone_from_is_closed_again)
{
	CtiDeviceUnregisterNotify moved = CTI_DEVICE_UNREGISTER_NOTIFY__INIT;
	DeviceOpen open = DEVICE_OPEN__INIT;
	unsigned opens;

	app_device_open(0, 2, "CTIP_1", MEDIA_REGISTRATION__DYNAMIC);
	ck_assert(app_told(0, "DeviceInService CTIP_1 1\n"));
	cluster_start(fx->c, "app1");
	app_provider_open(1, "super", "secret");
	fx->ccm[1].slow = true;
	opens = fx->ccm[1].opens;
	open.seq = 2;
	open.device = (char *)"CTIP_1";
	open.has_registration = true;
	open.registration = MEDIA_REGISTRATION__DYNAMIC;
	app_send(1, SIG_DeviceOpen, &open);
	for (int i = 0; i < 1000 && fx->ccm[1].opens == opens; i++)
		cluster_advance(fx->c, MS(1) / 10);
	ck_assert_uint_eq(fx->ccm[1].opens, opens + 1);
	moved.device = (char *)"CTIP_1";
	moved.cause = OUT_OF_SERVICE_CAUSE__REHOME_TO_HIGHER_PRIORITY_CM;
	moved.has_target_node = true;
	moved.target_node = 2;
	ccm_tell(1, SIG_CtiDeviceUnregisterNotify, &moved);
	ck_assert(app_told(0, "DeviceInService CTIP_1 2\n"));
	ck_assert(app_told(1, "DeviceInService CTIP_1 2\n"));
	cluster_advance(fx->c, SECONDS(1));
	ck_assert_str_eq(fx->ccm[1].last, "close CTIP_1");
}
END_TEST

/* ---- phones --------------------------------------------------------------------------------- */

static void ccm_register(int node, const char *device)
{
	CtiDeviceRegisterNotifyWithLineInfo notify =
		CTI_DEVICE_REGISTER_NOTIFY_WITH_LINE_INFO__INIT;

	notify.device = (char *)(uintptr_t)device;
	ccm_tell(node, SIG_CtiDeviceRegisterNotifyWithLineInfo, &notify);
}

START_TEST(ctf_04_an_unregistered_phone_opens_out_of_service_and_comes_with_a_snapshot)
{
	uint64_t device = app_device_open(0, 2, "SEP000000000001", -1);

	app_line_open(0, 3, device, "1001");
	ck_assert(app_told(0, "LineOutOfService 1001"));
	app_told_exactly(0, "Response 2 SUCCESS\nDeviceOutOfService SEP000000000001 1005\n"
			    "Response 3 SUCCESS\nLineOutOfService 1001 1005\n");
	app_forget(0);
	fx->ccm[2].existing = true;
	ccm_register(2, "SEP000000000001");
	ck_assert(app_told(0, "ExistingCallCompleted"));
	app_told_exactly(0, "DeviceInService SEP000000000001 2\nLineInService 1001 2\n"
			    "ExistingCall 1001 2|77 7\nExistingCallCompleted 1001\n");
}
END_TEST

START_TEST(cmf_02_cmf_03_a_phone_is_out_of_service_until_it_has_failed_over_itself)
{
	fx->ccm[1].phone_here = true;
	app_line_open(0, 3, app_device_open(0, 2, "SEP000000000001", -1), "1001");
	ck_assert(app_told(0, "LineInService 1001 1\n"));
	app_forget(0);
	cluster_kill(fx->c, "ccm1");
	ck_assert(app_told(0, "DeviceOutOfService SEP000000000001 1001\n"));
	cluster_advance(fx->c, SECONDS(60));
	app_told_exactly(0, "LineOutOfService 1001 1001\n"
			    "DeviceOutOfService SEP000000000001 1001\n");
	app_forget(0);
	ccm_register(2, "SEP000000000001");
	ck_assert(app_told(0, "ExistingCallCompleted"));
	app_told_exactly(0, "DeviceInService SEP000000000001 2\nLineInService 1001 2\n"
			    "ExistingCallCompleted 1001\n");
}
END_TEST

START_TEST(cmf_15_a_phone_that_returns_by_itself_is_out_of_service_1002_and_then_in_service)
{
	fx->ccm[2].phone_here = true;
	app_line_open(0, 3, app_device_open(0, 2, "SEP000000000001", -1), "1001");
	ck_assert(app_told(0, "LineInService 1001 2\n"));
	app_forget(0);
	ccm_register(1, "SEP000000000001");
	ck_assert(app_told(0, "ExistingCallCompleted"));
	app_told_exactly(0, "LineOutOfService 1001 1002\n"
			    "DeviceOutOfService SEP000000000001 1002\n"
			    "DeviceInService SEP000000000001 1\nLineInService 1001 1\n"
			    "ExistingCallCompleted 1001\n");
}
END_TEST

/* ---- application failure -------------------------------------------------------------------- */

START_TEST(apf_02_apf_06_one_silent_interval_is_nothing_two_close_the_provider)
{
	cti_open_port();
	fx->app[0].silent = true;
	cluster_advance(fx->c, SECONDS(14));
	app_told_exactly(0, "");
	ck_assert(app_told_within(0, "ProviderClosed", SECONDS(7)));
	cluster_advance(fx->c, SECONDS(1));
	ck_assert_str_eq(fx->ccm[1].last, "close CTIP_1 failed");
}
END_TEST

START_TEST(apf_05_a_living_application_is_never_closed)
{
	cti_open_port();
	cluster_advance(fx->c, SECONDS(1000));
	app_told_exactly(0, "");
}
END_TEST

START_TEST(apf_03_the_devices_of_an_application_that_died_are_released)
{
	cti_open_port();
	cluster_kill(fx->c, "app0");
	cluster_advance(fx->c, SECONDS(1));
	ck_assert_str_eq(fx->ccm[1].last, "close CTIP_1 failed");
}
END_TEST

START_TEST(apf_03_a_device_that_another_application_has_open_is_not_released)
{
	cluster_start(fx->c, "app1");
	app_provider_open(1, "super", "secret");
	app_device_open(1, 2, "CTIP_1", -1);
	cti_open_port();
	cluster_kill(fx->c, "app0");
	cluster_advance(fx->c, SECONDS(1));
	ck_assert_str_eq(fx->ccm[1].last, "close line 4001");
}
END_TEST

START_TEST(apf_05_a_ctimanager_that_slept_itself_gives_its_applications_another_interval)
{
	cti_open_port();
	cluster_freeze(fx->c, "cti1");
	cluster_advance(fx->c, SECONDS(60));
	cluster_thaw(fx->c, "cti1");
	cluster_advance(fx->c, SECONDS(60));
	ck_assert(!app_knows(0, "ProviderClosed"));
}
END_TEST

/* Whatever is done in whatever order, nothing is left behind in the CTIManager. */
static unsigned processes;

static void count_devices(void *arg, struct sdl_process *process)
{
	const struct sdl_type *type = sdl_process_type(process);

	(void)arg;
	if (!strcmp(type->name, "CTIDeviceLineMgr") || !strcmp(type->name, "CTIHandler"))
		processes++;
}

START_TEST(opening_closing_and_dying_at_random_leaves_no_process_behind)
{
	uint32_t draw = 12345;

	cluster_start(fx->c, "app1");
	app_provider_open(1, "super", "secret");
	for (uint32_t i = 0; i < 400; i++) {
		static const char *const devices[] = { "CTIP_1", "CTIP_3", "CTIRP_1",
						       "SEP000000000001" };
		DeviceOpen open = DEVICE_OPEN__INIT;
		DeviceRequest close = DEVICE_REQUEST__INIT;

		draw = draw * 1103515245 + 12345;
		open.seq = 1000 + i;
		open.device = (char *)(uintptr_t)devices[draw >> 16 & 3];
		app_send((int)(draw >> 20 & 1), SIG_DeviceOpen, &open);
		draw = draw * 1103515245 + 12345;
		close.seq = 5000 + i;
		close.device_handle = UINT64_C(1) << 32 | (draw >> 16) % (i + 2);
		app_send((int)(draw >> 20 & 1), SIG_DeviceClose, &close);
		if (draw >> 24 < 4 && cluster_is_up(fx->c, "ccm1"))
			cluster_kill(fx->c, "ccm1");
		else if (draw >> 24 < 8 && !cluster_is_up(fx->c, "ccm1"))
			cluster_start(fx->c, "ccm1");
		cluster_advance(fx->c, (draw >> 18 & 7) * MS(1));
	}
	cluster_advance(fx->c, SECONDS(1));
	for (uint32_t i = 0; i < 400; i++) {
		char text[32];

		snprintf(text, sizeof(text), "Response %u ", 1000 + i);
		ck_assert_uint_eq(app_count(0, text) + app_count(1, text), 1);
		snprintf(text, sizeof(text), "Response %u ", 5000 + i);
		ck_assert_uint_eq(app_count(0, text) + app_count(1, text), 1);
	}
	cluster_kill(fx->c, "app0");
	cluster_kill(fx->c, "app1");
	cluster_advance(fx->c, SECONDS(1));
	processes = 0;
	sdl_program_each(cluster_program(fx->c, "cti1"), count_devices, NULL);
	ck_assert_uint_eq(processes, 0);
	ck_assert_int_eq(sdl_program_counter(cluster_program(fx->c, "cti1"), COUNTER_DEVICES_OPEN),
			 0);
}
END_TEST

int main(int argc, char **argv)
{
#define WITH(t) SUITE_CASE_WITH(t, cti_fixture_up, cti_fixture_down)
	const struct suite_case cases[] = {
		WITH(cmf_01_cmf_04_cmf_06_a_port_moves_to_the_next_member_and_the_application_is_told),
		WITH(cmf_04_requests_are_refused_while_the_device_is_out_of_service),
		WITH(cmf_05_cmf_10_without_any_member_the_device_waits_until_one_comes),
		WITH(cmf_06_dying_of_the_second_while_it_takes_over_is_told_as_no_callmanager),
		WITH(cmf_07_cmf_08_a_better_member_gets_the_device_when_it_is_idle),
		WITH(cmf_07_a_rehome_is_called_off_when_the_target_goes_again),
		WITH(cmf_16_a_target_that_refuses_sends_the_device_back_and_is_not_asked_again),
		WITH(cmf_11_refused_by_every_member_the_device_is_closed),
		WITH(cmf_11_a_line_that_cannot_be_opened_sends_the_device_to_the_next_member),
		WITH(cmf_13_devices_of_other_callmanagers_notice_nothing),
		WITH(cmf_18_a_late_asker_is_sent_to_the_registration_or_told_that_it_is_out_of_reach),
		WITH(cmf_17_what_is_opened_where_the_device_has_just_gone_from_is_closed_again),
		WITH(ctf_04_an_unregistered_phone_opens_out_of_service_and_comes_with_a_snapshot),
		WITH(cmf_02_cmf_03_a_phone_is_out_of_service_until_it_has_failed_over_itself),
		WITH(cmf_15_a_phone_that_returns_by_itself_is_out_of_service_1002_and_then_in_service),
		WITH(apf_02_apf_06_one_silent_interval_is_nothing_two_close_the_provider),
		WITH(apf_05_a_living_application_is_never_closed),
		WITH(apf_03_the_devices_of_an_application_that_died_are_released),
		WITH(apf_03_a_device_that_another_application_has_open_is_not_released),
		WITH(apf_05_a_ctimanager_that_slept_itself_gives_its_applications_another_interval),
		WITH(opening_closing_and_dying_at_random_leaves_no_process_behind),
	};

	return suite_main(argc, argv, "cluster/test_ctimanager_failure", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
