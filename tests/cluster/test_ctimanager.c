/* The CTIManager with CallManagers that only pretend: login, opening, calls, failures. */
#include "tests/lib/cti_fixture.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <string.h>

#include "common/base/cti_error.h"

#include "common/msg/address.h"
#include "ctimanager/ctimanager.h"

#define FAILED_1 "LineOutOfService 4001 1001\nDeviceOutOfService CTIP_1 1001\n"
#define BACK_2	 "DeviceInService CTIP_1 2\nLineInService 4001 2\nExistingCallCompleted 4001\n"

START_TEST(the_tables_of_the_program_are_sound)
{
	struct sdl_config config = { 0 };
	char why[256] = "";

	ctim_program(&config);
	ck_assert_msg(!sdl_program_check(config.types, config.types_n, why, sizeof(why)), "%s",
		      why);
}
END_TEST

/* ---- login ---------------------------------------------------------------------------------- */

static void up_without_login(void)
{
	cti_fixture_new(0);
	cti_fixture_start();
}

START_TEST(usr_05_a_wrong_password_and_an_unknown_user_get_the_same_answer)
{
	app_provider_open(0, "ivr", "wrong");
	ck_assert(app_knows(0, "Response 1 DIRECTORY_LOGIN_FAILED\n"));
	cluster_start(fx->c, "app1");
	app_provider_open(1, "who", "secret");
	ck_assert(app_knows(1, "Response 1 DIRECTORY_LOGIN_FAILED\n"));
}
END_TEST

START_TEST(usr_05_grp_01_a_user_outside_standard_cti_enabled_is_refused)
{
	app_provider_open(0, "nobody", "secret");
	ck_assert(app_knows(0, "Response 1 DIRECTORY_LOGIN_NOT_ALLOWED\n"));
}
END_TEST

START_TEST(a_user_logs_in_and_gets_the_heartbeat_he_asked_for)
{
	app_provider_open(0, "ivr", "secret");
	ck_assert(app_told(0, "ProviderOpenCompleted"));
	app_told_exactly(0, "up\nResponse 1 SUCCESS 10\nProviderOpenCompleted SUCCESS\n");
}
END_TEST

START_TEST(requests_before_the_provider_is_open_are_refused)
{
	DeviceOpen open = DEVICE_OPEN__INIT;

	ck_assert(app_told(0, "up"));
	open.seq = 4;
	open.device = (char *)"CTIP_1";
	app_send(0, SIG_DeviceOpen, &open);
	ck_assert(app_told(0, "Response 4 PROVIDER_NOT_OPEN\n"));
}
END_TEST

static void up_with_one_connection(void)
{
	char why[256];

	cti_fixture_new(0);
	ck_assert(!param_set_parse(cluster_params(fx->c), PARAM_MAX_CTI_CONNECTIONS, "1", why,
				   sizeof(why)));
	cti_fixture_start();
}

START_TEST(connections_over_the_maximum_are_rejected_until_one_ends)
{
	app_provider_open(0, "ivr", "secret");
	cluster_start(fx->c, "app1");
	app_provider_open(1, "ivr", "secret");
	ck_assert(app_knows(1, "Response 1 MAX_NUMBER_OF_CTI_CONNECTIONS_REACHED\n"));
	ck_assert(app_told(1, "down\n"));
	cluster_kill(fx->c, "app0");
	cluster_start(fx->c, "app2");
	app_provider_open(2, "ivr", "secret");
	ck_assert(app_knows(2, "Response 1 SUCCESS"));
}
END_TEST

#define CALL(node, ci) ((uint64_t)(node) << 32 | (ci))

static void open_port(void)
{
	app_line_open(0, 3, app_device_open(0, 2, "CTIP_1", 2), "4001");
	ck_assert(app_told(0, "ExistingCallCompleted 4001\n"));
	app_forget(0);
}

/* ---- opening -------------------------------------------------------------------------------- */

START_TEST(usr_01_a_device_that_is_not_controlled_is_denied)
{
	app_device_open(0, 2, "CTIP_2", 2);
	ck_assert(app_knows(0, "Response 2 ACCESS_TO_DEVICE_DENIED\n"));
	app_device_open(0, 3, "CTIP_9", 2);
	ck_assert(app_knows(0, "Response 3 INVALID_DEVICE_NAME\n"));
}
END_TEST

START_TEST(usr_06_a_restricted_device_is_refused)
{
	app_device_open(0, 2, "CTIP_R", 2);
	ck_assert(app_knows(0, "Response 2 DEVICE_RESTRICTED\n"));
}
END_TEST

START_TEST(usr_06_a_restricted_line_is_refused_also_to_a_super_provider)
{
	uint64_t device;

	cluster_start(fx->c, "app1");
	app_provider_open(1, "super", "secret");
	device = app_device_open(1, 2, "CTIP_2", 2);
	app_line_open(1, 3, device, "4003");
	ck_assert(app_knows(1, "Response 3 LINE_RESTRICTED\n"));
	app_line_open(1, 4, device, "4002");
	ck_assert(app_knows(1, "Response 4 SUCCESS\n"));
}
END_TEST

START_TEST(prt_04_a_tapi_application_may_use_ports_of_one_line_only)
{
	fx->app[1].kind = PROVIDER_KIND__TAPI;
	cluster_start(fx->c, "app1");
	app_provider_open(1, "super", "secret");
	app_device_open(1, 2, "CTIP_2", 2);
	ck_assert(app_knows(1, "Response 2 OPERATION_NOT_ALLOWED\n"));
	app_device_open(1, 3, "CTIP_1", 2);
	ck_assert(app_knows(1, "Response 3 SUCCESS\n"));
}
END_TEST

START_TEST(usr_07_a_changed_configuration_is_read_at_the_next_registration)
{
	DbChangeNotify change = DB_CHANGE_NOTIFY__INIT;

	open_port();
	change.table = (char *)"devicepool";
	change.pkid = (char *)"00000000-0000-0000-0000-000000000000";
	change.operation = (char *)"update";
	cluster_post(fx->c, "cti1", CTIM_CTI_MANAGER, SIG_DbChangeNotify, &change);
	cluster_advance(fx->c, SECONDS(1));
	app_told_exactly(0, "");
	cluster_mark(fx->c);
	cluster_kill(fx->c, "ccm1");
	ck_assert(cluster_until_signal(fx->c, "cti1", "CTIP_1", SIG_CtiDbDeviceRes, NULL, NULL,
				       SECONDS(1)));
	ck_assert(app_told(0, "ExistingCallCompleted"));
	app_told_exactly(0, FAILED_1 BACK_2);
}
END_TEST

START_TEST(dev_02_only_listed_sip_phones_can_be_opened)
{
	fx->ccm[1].phone_here = true;
	app_device_open(0, 2, "SEP000000007960", -1);
	ck_assert(app_knows(0, "Response 2 DB_ILLEGAL_DEVICE_TYPE\n"));
	app_device_open(0, 3, "SEP000000007961", -1);
	ck_assert(app_told(0, "Response 3 SUCCESS\nDeviceInService SEP000000007961 1\n"));
}
END_TEST

START_TEST(sup_01_grp_04_a_super_provider_opens_what_it_does_not_control)
{
	cluster_start(fx->c, "app1");
	app_provider_open(1, "super", "secret");
	app_device_open(1, 2, "CTIP_2", 2);
	ck_assert(app_told(1, "Response 2 SUCCESS\nDeviceInService CTIP_2 1\n"));
}
END_TEST

START_TEST(a_device_opens_at_the_first_member_and_then_its_line)
{
	uint64_t device = app_device_open(0, 2, "CTIP_1", 2);

	app_line_open(0, 3, device, "4001");
	ck_assert(app_told(0, "ExistingCallCompleted"));
	app_told_exactly(0,
			 "Response 2 SUCCESS\nDeviceInService CTIP_1 1\n"
			 "Response 3 SUCCESS\nLineInService 4001 1\nExistingCallCompleted 4001\n");
}
END_TEST

START_TEST(a_device_is_opened_once_per_provider)
{
	uint64_t device = app_device_open(0, 2, "CTIP_1", 2);

	app_device_open(0, 3, "CTIP_1", 2);
	ck_assert(app_knows(0, "Response 3 DEVICE_ALREADY_OPENED\n"));
	app_line_open(0, 4, device, "4444");
	ck_assert(app_knows(0, "Response 4 UNDEFINED_LINE\n"));
	app_line_open(0, 5, device + 1, "4001");
	ck_assert(app_knows(0, "Response 5 ILLEGAL_HANDLE\n"));
}
END_TEST

START_TEST(a_line_refused_by_callmanager_is_refused_to_the_application)
{
	uint64_t device = app_device_open(0, 2, "CTIP_1", 2);

	fx->ccm[1].refuse_line = CTIERR_LINE_RESTRICTED;
	app_line_open(0, 3, device, "4001");
	ck_assert(app_knows(0, "Response 3 LINE_RESTRICTED\n"));
	fx->ccm[1].refuse_line = 0;
	app_line_open(0, 4, device, "4001");
	ck_assert(app_told(0, "Response 4 SUCCESS\nLineInService 4001 1\n"));
}
END_TEST

START_TEST(a_closed_device_is_closed_at_callmanager_and_can_be_opened_again)
{
	DeviceRequest close = DEVICE_REQUEST__INIT;

	close.seq = 3;
	close.device_handle = app_device_open(0, 2, "CTIP_1", 2);
	app_send(0, SIG_DeviceClose, &close);
	ck_assert(app_told(0, "Response 3 SUCCESS\n"));
	app_device_open(0, 4, "CTIP_1", 2);
	ck_assert_str_eq(fx->ccm[1].last, "close CTIP_1 failed");
	ck_assert(app_told(0, "Response 4 SUCCESS\nDeviceInService CTIP_1 1\n"));
}
END_TEST

/* ---- calls ---------------------------------------------------------------------------------- */

START_TEST(call_events_and_requests_pass_through)
{
	open_port();
	ccm_call(1, SIG_CtiNewCallNotify, "CTIP_1", "4001", 7, CTI_CALL_STATE__OFFERING);
	ck_assert(app_told(0, "NewCall 4001 1|7 1\n"));
	app_call(0, SIG_CallAnswer, 4, CALL(1, 7));
	ck_assert(app_told(0, "Response 4 SUCCESS\n"));
	ccm_call(1, SIG_CtiCallStateNotify, "CTIP_1", "4001", 7, CTI_CALL_STATE__CONNECTED);
	ck_assert(app_told(0, "CallStateChanged 4001 1|7 7\n"));
	ccm_call(1, SIG_CtiCallClosedNotify, "CTIP_1", "4001", 7, CTI_CALL_STATE__IDLE);
	ck_assert(app_told(0, "CallClosed 4001 1|7 0\n"));
	app_call(0, SIG_CallDisconnect, 5, CALL(1, 7));
	ck_assert(app_told(0, "Response 5 CALLHANDLE_UNKNOWN_TO_LINECONTROL\n"));
}
END_TEST

START_TEST(a_callmanager_that_does_not_answer_is_a_timeout)
{
	open_port();
	fx->ccm[1].silent_calls = true;
	ccm_call(1, SIG_CtiNewCallNotify, "CTIP_1", "4001", 7, CTI_CALL_STATE__OFFERING);
	ck_assert(app_told(0, "NewCall"));
	app_call(0, SIG_CallAnswer, 4, CALL(1, 7));
	ck_assert(app_told(0, "Response 4 TIMEOUT\n"));
}
END_TEST

START_TEST(cal_06_a_second_application_gets_a_snapshot_and_then_the_same_events)
{
	open_port();
	ccm_call(1, SIG_CtiNewCallNotify, "CTIP_1", "4001", 7, CTI_CALL_STATE__OFFERING);
	ck_assert(app_told(0, "NewCall"));
	cluster_start(fx->c, "app1");
	app_provider_open(1, "ivr", "secret");
	app_line_open(1, 3, app_device_open(1, 2, "CTIP_1", -1), "4001");
	ck_assert(app_told(1, "LineInService 4001 1\nExistingCall 4001 1|7 1\n"
			      "ExistingCallCompleted 4001\n"));
	app_forget(0);
	app_forget(1);
	ccm_call(1, SIG_CtiCallStateNotify, "CTIP_1", "4001", 7, CTI_CALL_STATE__ACCEPTED);
	ck_assert(app_told(0, "CallStateChanged"));
	ck_assert(app_told(1, "CallStateChanged"));
	app_told_exactly(0, "CallStateChanged 4001 1|7 2\n");
	app_told_exactly(1, "CallStateChanged 4001 1|7 2\n");
}
END_TEST

START_TEST(mgr_04_one_application_terminates_media_of_a_device_once)
{
	open_port();
	cluster_start(fx->c, "app1");
	app_provider_open(1, "ivr", "secret");
	app_device_open(1, 2, "CTIP_1", MEDIA_REGISTRATION__DYNAMIC);
	ck_assert(app_knows(1, "Response 2 MEDIA_ALREADY_TERMINATED_DYNAMIC\n"));
	app_device_open(1, 3, "CTIP_1", -1);
	ck_assert(app_knows(1, "Response 3 SUCCESS\n"));
}
END_TEST

START_TEST(med_02_media_refused_by_callmanager_are_refused_to_that_application_only)
{
	open_port();
	fx->ccm[1].refuse_media = CTIERR_MEDIA_ALREADY_TERMINATED_STATIC;
	cluster_start(fx->c, "app1");
	app_provider_open(1, "super", "secret");
	app_device_open(1, 2, "CTIP_1", MEDIA_REGISTRATION__STATIC);
	ck_assert(app_knows(1, "Response 2 MEDIA_ALREADY_TERMINATED_STATIC\n"));
	app_told_exactly(0, "");
}
END_TEST

/* ---- CallManager failure -------------------------------------------------------------------- */

START_TEST(cmf_01_cmf_04_cmf_06_a_port_moves_to_the_next_member_and_the_application_is_told)
{
	open_port();
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
	open_port();
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
	open_port();
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
	open_port();
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
	open_port();
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
	open_port();
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
	open_port();
	cluster_advance(fx->c, SECONDS(1000));
	app_told_exactly(0, "");
}
END_TEST

START_TEST(apf_03_the_devices_of_an_application_that_died_are_released)
{
	open_port();
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
	open_port();
	cluster_kill(fx->c, "app0");
	cluster_advance(fx->c, SECONDS(1));
	ck_assert_str_eq(fx->ccm[1].last, "close line 4001");
}
END_TEST

/* ---- many devices --------------------------------------------------------------------------- */

static void up_with_ports(void)
{
	cti_fixture_new(1000);
	for (int n = 1; n <= 3; n++)
		fx->ccm[n].slow = true;
	cti_fixture_start();
	app_provider_open(0, "ivr", "secret");
}

static void open_many(void)
{
	for (uint32_t i = 0; i < 1000; i++) {
		DeviceOpen open = DEVICE_OPEN__INIT;
		char name[24];

		snprintf(name, sizeof(name), "CTIP_M%u", i);
		open.seq = 100 + i;
		open.device = name;
		app_send(0, SIG_DeviceOpen, &open);
	}
}

static bool all_in_service(struct cluster *c, void *arg)
{
	(void)c;
	(void)arg;
	return app_count(0, "DeviceInService") == 1000;
}

START_TEST(a_thousand_ports_move_with_at_most_256_opens_outstanding)
{
	open_many();
	ck_assert(cluster_until(fx->c, all_in_service, NULL, SECONDS(10)));
	app_forget(0);
	cluster_kill(fx->c, "ccm1");
	ck_assert(cluster_until(fx->c, all_in_service, NULL, SECONDS(10)));
	ck_assert_uint_eq(app_count(0, "DeviceOutOfService"), 1000);
	ck_assert_uint_eq(fx->ccm[2].opens_max, 256);
	ck_assert_int_eq(sdl_program_counter(cluster_program(fx->c, "cti1"), COUNTER_DEVICES_OPEN),
			 1000);
}
END_TEST

static unsigned alarms(const char *name)
{
	struct sdl_record_cursor at = { 0 };
	const struct sdl_record *r = sdl_virt_record(cluster_virt(fx->c));
	const struct sdl_record_entry *e;
	unsigned n = 0;

	while ((e = sdl_record_next(r, &at)))
		if (e->kind == SDL_REC_ALARM &&
		    memmem(e->payload, e->payload_len, name, strlen(name)))
			n++;
	return n;
}

static void up_with_limits(void)
{
	char why[256];

	cti_fixture_new(6);
	ck_assert(!param_set_parse(cluster_params(fx->c), PARAM_MAX_DEVICES_PER_PROVIDER, "3", why,
				   sizeof(why)));
	ck_assert(!param_set_parse(cluster_params(fx->c), PARAM_MAX_DEVICES_PER_NODE, "4", why,
				   sizeof(why)));
	cti_fixture_start();
	app_provider_open(0, "ivr", "secret");
}

static void close_device(int app, uint32_t seq, uint64_t device)
{
	DeviceRequest close = DEVICE_REQUEST__INIT;

	close.seq = seq;
	close.device_handle = device;
	app_send(app, SIG_DeviceClose, &close);
	cluster_advance(fx->c, MS(100));
}

START_TEST(mgr_07_mgr_09_each_crossing_of_the_providers_limit_is_one_alarm)
{
	uint64_t device = 0;

	for (uint32_t i = 0; i < 5; i++) {
		char name[24];

		snprintf(name, sizeof(name), "CTIP_M%u", i);
		device = app_device_open(0, 10 + i, name, 2);
		ck_assert_uint_eq(alarms("MaxDevicesPerProviderExceeded"), i < 3 ? 0 : 1);
	}
	ck_assert(app_knows(0, "Response 14 SUCCESS"));
	close_device(0, 20, device);
	app_device_open(0, 21, "CTIP_M4", 2);
	ck_assert_uint_eq(alarms("MaxDevicesPerProviderExceeded"), 1);
}
END_TEST

START_TEST(mgr_08_mgr_09_the_nodes_limit_counts_devices_of_all_providers)
{
	uint64_t last;

	app_device_open(0, 10, "CTIP_M0", 2);
	app_device_open(0, 11, "CTIP_M1", 2);
	cluster_start(fx->c, "app1");
	app_provider_open(1, "super", "secret");
	app_device_open(1, 10, "CTIP_M0", -1);
	app_device_open(1, 11, "CTIP_M2", 2);
	cluster_advance(fx->c, MS(100));
	ck_assert_uint_eq(alarms("MaxDevicesPerNodeExceeded"), 0);
	last = app_device_open(1, 12, "CTIP_M3", 2);
	cluster_advance(fx->c, MS(100));
	ck_assert_uint_eq(alarms("MaxDevicesPerNodeExceeded"), 1);
	close_device(1, 13, last);
	app_device_open(1, 14, "CTIP_M3", 2);
	cluster_advance(fx->c, MS(100));
	ck_assert_uint_eq(alarms("MaxDevicesPerNodeExceeded"), 2);
	cluster_kill(fx->c, "app1");
	cluster_advance(fx->c, MS(100));
	ck_assert_int_eq(sdl_program_counter(cluster_program(fx->c, "cti1"), COUNTER_DEVICES_OPEN),
			 2);
}
END_TEST

START_TEST(the_controlled_devices_are_listed_by_name)
{
	ProviderGetDeviceInfo list = PROVIDER_GET_DEVICE_INFO__INIT;

	list.seq = 9;
	list.after = (char *)"CTIP_R";
	app_send(0, SIG_ProviderGetDeviceInfo, &list);
	ck_assert(app_told(0, "Response 9 SUCCESS CTIRP_1 SEP000000000001 SEP000000007960 "
			      "SEP000000007961\n"));
}
END_TEST

START_TEST(a_closed_provider_ends_with_its_answer)
{
	ProviderRequest close = PROVIDER_REQUEST__INIT;

	open_port();
	close.seq = 9;
	app_send(0, SIG_ProviderClose, &close);
	ck_assert(app_told(0, "down\n"));
	app_told_exactly(0, "Response 9 SUCCESS\nProviderClosed SUCCESS\ndown\n");
	cluster_advance(fx->c, SECONDS(1));
	ck_assert_str_eq(fx->ccm[1].last, "close CTIP_1 failed");
	ck_assert_int_eq(sdl_program_counter(cluster_program(fx->c, "cti1"), COUNTER_LINES_OPEN),
			 0);
	ck_assert_int_eq(
		sdl_program_counter(cluster_program(fx->c, "cti1"), COUNTER_CTI_CONNECTION_ACTIVE),
		0);
}
END_TEST

START_TEST(apf_05_a_ctimanager_that_slept_itself_gives_its_applications_another_interval)
{
	open_port();
	cluster_freeze(fx->c, "cti1");
	cluster_advance(fx->c, SECONDS(60));
	cluster_thaw(fx->c, "cti1");
	cluster_advance(fx->c, SECONDS(60));
	ck_assert(!app_knows(0, "ProviderClosed"));
}
END_TEST

/* Bytes that no application sends, over the newest connection. */
static void send_garbage(void)
{
	struct sdl_program *program = cluster_program(fx->c, "cti1");
	struct sdl_record_cursor at = { 0 };
	const struct sdl_record_entry *e;
	uint32_t conn = 0;

	while ((e = sdl_record_next(sdl_virt_record(cluster_virt(fx->c)), &at)))
		if (e->number == SIG_SdlConnAccepted && e->to.node == 1)
			conn = e->from.inst;
	sdl_program_wake(program, cluster_now(fx->c));
	sdl_program_conn_frame(program, conn, 0, "garbage", 7);
	while (sdl_program_step(program))
		;
	sdl_program_flush(program);
}

START_TEST(a_malformed_message_ends_its_session_and_refuses_its_sender_for_a_while)
{
	open_port();
	send_garbage();
	ck_assert(app_told(0, "down\n"));
	cluster_advance(fx->c, MS(100));
	ck_assert_uint_eq(alarms("InvalidQBEMessage"), 1);
	ck_assert_str_eq(fx->ccm[1].last, "close CTIP_1 failed");
	cluster_kill(fx->c, "app0");
	app_forget(0);
	cluster_start(fx->c, "app0");
	app_provider_open(0, "ivr", "secret");
	ck_assert(app_knows(0, "Response 1 TEMPORARY_FAILURE\n"));
	cluster_kill(fx->c, "app0");
	cluster_advance(fx->c, SECONDS(5));
	app_forget(0);
	cluster_start(fx->c, "app0");
	app_provider_open(0, "ivr", "secret");
	ck_assert(app_knows(0, "Response 1 SUCCESS"));
}
END_TEST

START_TEST(texts_longer_than_the_field_knows_are_refused)
{
	static const char digits[] = "012345678901234567890123456789012345678901234567890";
	LineCallInitiate call = LINE_CALL_INITIATE__INIT;
	CallRedirect redirect = CALL_REDIRECT__INIT;
	uint64_t device = app_device_open(0, 2, "CTIP_1", 2);

	app_line_open(0, 3, device, digits);
	ck_assert(app_knows(0, "Response 3 UNDEFINED_LINE\n"));
	call.seq = 4;
	call.line_handle = app_line_open(0, 5, device, "4001");
	call.called = (char *)(uintptr_t)digits;
	app_send(0, SIG_LineCallInitiate, &call);
	ck_assert(app_told(0, "Response 4 INVALID_PARAMETER\n"));
	redirect.seq = 6;
	redirect.call_handle = 1;
	redirect.destination = (char *)(uintptr_t)digits;
	app_send(0, SIG_CallRedirect, &redirect);
	ck_assert(app_told(0, "Response 6 INVALID_PARAMETER\n"));
	cluster_start(fx->c, "app1");
	app_provider_open(1, digits, "secret");
	ck_assert(app_knows(1, "Response 1 INVALID_PARAMETER\n"));
	ck_assert_uint_eq(alarms("kCtiProviderOpenInvalidUserNameSize"), 1);
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
		SUITE_CASE(the_tables_of_the_program_are_sound),
#define LOGIN(t) SUITE_CASE_WITH(t, up_without_login, cti_fixture_down)
		LOGIN(usr_05_a_wrong_password_and_an_unknown_user_get_the_same_answer),
		LOGIN(usr_05_grp_01_a_user_outside_standard_cti_enabled_is_refused),
		LOGIN(a_user_logs_in_and_gets_the_heartbeat_he_asked_for),
		LOGIN(requests_before_the_provider_is_open_are_refused),
		SUITE_CASE_WITH(connections_over_the_maximum_are_rejected_until_one_ends,
				up_with_one_connection, cti_fixture_down),
		WITH(usr_01_a_device_that_is_not_controlled_is_denied),
		WITH(usr_06_a_restricted_device_is_refused),
		WITH(usr_06_a_restricted_line_is_refused_also_to_a_super_provider),
		WITH(prt_04_a_tapi_application_may_use_ports_of_one_line_only),
		WITH(usr_07_a_changed_configuration_is_read_at_the_next_registration),
		WITH(dev_02_only_listed_sip_phones_can_be_opened),
		WITH(sup_01_grp_04_a_super_provider_opens_what_it_does_not_control),
		WITH(a_device_opens_at_the_first_member_and_then_its_line),
		WITH(a_device_is_opened_once_per_provider),
		WITH(a_line_refused_by_callmanager_is_refused_to_the_application),
		WITH(a_closed_device_is_closed_at_callmanager_and_can_be_opened_again),
		WITH(call_events_and_requests_pass_through),
		WITH(a_callmanager_that_does_not_answer_is_a_timeout),
		WITH(cal_06_a_second_application_gets_a_snapshot_and_then_the_same_events),
		WITH(mgr_04_one_application_terminates_media_of_a_device_once),
		WITH(med_02_media_refused_by_callmanager_are_refused_to_that_application_only),
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
		WITH(cmf_17_what_is_opened_where_the_device_has_just_gone_from_is_closed_again),
		WITH(cmf_18_a_late_asker_is_sent_to_the_registration_or_told_that_it_is_out_of_reach),
		WITH(ctf_04_an_unregistered_phone_opens_out_of_service_and_comes_with_a_snapshot),
		WITH(cmf_02_cmf_03_a_phone_is_out_of_service_until_it_has_failed_over_itself),
		WITH(cmf_15_a_phone_that_returns_by_itself_is_out_of_service_1002_and_then_in_service),
		WITH(apf_02_apf_06_one_silent_interval_is_nothing_two_close_the_provider),
		WITH(apf_05_a_living_application_is_never_closed),
		WITH(apf_03_the_devices_of_an_application_that_died_are_released),
		WITH(apf_03_a_device_that_another_application_has_open_is_not_released),
		SUITE_CASE_WITH(mgr_07_mgr_09_each_crossing_of_the_providers_limit_is_one_alarm,
				up_with_limits, cti_fixture_down),
		SUITE_CASE_WITH(mgr_08_mgr_09_the_nodes_limit_counts_devices_of_all_providers,
				up_with_limits, cti_fixture_down),
		WITH(the_controlled_devices_are_listed_by_name),
		WITH(a_closed_provider_ends_with_its_answer),
		WITH(apf_05_a_ctimanager_that_slept_itself_gives_its_applications_another_interval),
		WITH(a_malformed_message_ends_its_session_and_refuses_its_sender_for_a_while),
		WITH(texts_longer_than_the_field_knows_are_refused),
		WITH(opening_closing_and_dying_at_random_leaves_no_process_behind),
		SUITE_CASE_WITH(a_thousand_ports_move_with_at_most_256_opens_outstanding,
				up_with_ports, cti_fixture_down),
	};

	return suite_main(argc, argv, "cluster/test_ctimanager", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
