/* The CTIManager with CallManagers that only pretend: login, opening, calls. */
#include "tests/lib/cti_fixture.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <string.h>

#include "common/base/cti_error.h"
#include "common/msg/address.h"
#include "ctimanager/ctimanager.h"

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

	cti_open_port();
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
	ck_assert(app_knows(0, "Response 2 DEVICE_RESTRICTED\n"));
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

	cti_open_port();
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

/* ---- calls ---------------------------------------------------------------------------------- */

START_TEST(call_events_and_requests_pass_through)
{
	cti_open_port();
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
	cti_open_port();
	fx->ccm[1].silent_calls = true;
	ccm_call(1, SIG_CtiNewCallNotify, "CTIP_1", "4001", 7, CTI_CALL_STATE__OFFERING);
	ck_assert(app_told(0, "NewCall"));
	app_call(0, SIG_CallAnswer, 4, CALL(1, 7));
	ck_assert(app_told(0, "Response 4 TIMEOUT\n"));
}
END_TEST

START_TEST(cal_06_a_second_application_gets_a_snapshot_and_then_the_same_events)
{
	cti_open_port();
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
	cti_open_port();
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
	cti_open_port();
	fx->ccm[1].refuse_media = CTIERR_MEDIA_ALREADY_TERMINATED_STATIC;
	cluster_start(fx->c, "app1");
	app_provider_open(1, "super", "secret");
	app_device_open(1, 2, "CTIP_1", MEDIA_REGISTRATION__STATIC);
	ck_assert(app_knows(1, "Response 2 MEDIA_ALREADY_TERMINATED_STATIC\n"));
	app_told_exactly(0, "");
}
END_TEST

int main(int argc, char **argv)
{
#define WITH(t) SUITE_CASE_WITH(t, cti_fixture_up, cti_fixture_down)
	const struct suite_case cases[] = {
		SUITE_CASE(the_tables_of_the_program_are_sound),
		SUITE_CASE_WITH(usr_05_a_wrong_password_and_an_unknown_user_get_the_same_answer,
				up_without_login, cti_fixture_down),
		SUITE_CASE_WITH(usr_05_grp_01_a_user_outside_standard_cti_enabled_is_refused,
				up_without_login, cti_fixture_down),
		SUITE_CASE_WITH(a_user_logs_in_and_gets_the_heartbeat_he_asked_for,
				up_without_login, cti_fixture_down),
		SUITE_CASE_WITH(requests_before_the_provider_is_open_are_refused, up_without_login,
				cti_fixture_down),
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
		WITH(the_controlled_devices_are_listed_by_name),
		WITH(a_closed_provider_ends_with_its_answer),
		WITH(call_events_and_requests_pass_through),
		WITH(a_callmanager_that_does_not_answer_is_a_timeout),
		WITH(cal_06_a_second_application_gets_a_snapshot_and_then_the_same_events),
		WITH(mgr_04_one_application_terminates_media_of_a_device_once),
		WITH(med_02_media_refused_by_callmanager_are_refused_to_that_application_only),
	};

	return suite_main(argc, argv, "cluster/test_ctimanager", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
