/* What a user may, as it changes while his application is connected: the CTIManager alone. */
#include "tests/lib/cti_fixture.h"
#include "tests/lib/db_fault.h"
#include "tests/lib/suite.h"

#include "common/msg/address.h"

static void up(void)
{
	cti_fixture_up();
	cluster_start(fx->c, "app1");
	app_provider_open(1, "super", "secret");
	ck_assert(app_told(1, "ProviderOpenCompleted"));
	app_forget(0);
	app_forget(1);
}

static void down(void)
{
	db_fault = DB_FAULT_NONE;
	cti_fixture_down();
}

static void choose(int app, uint16_t signal, uint32_t seq, const char *device)
{
	ProviderDevice req = PROVIDER_DEVICE__INIT;

	req.seq = seq;
	req.device = (char *)(uintptr_t)device;
	app_send(app, signal, &req);
}

START_TEST(sup_02_a_super_provider_acquires_a_device_once_and_lets_go_of_it_once)
{
	choose(1, SIG_ProviderDeviceAcquire, 2, "CTIP_2");
	ck_assert(app_told(1, "Response 2 SUCCESS\nCreated CTIP_2\n"));
	app_forget(1);
	choose(1, SIG_ProviderDeviceAcquire, 3, "CTIP_2");
	ck_assert(app_told(1, "Response 3 SUCCESS\n"));
	choose(1, SIG_ProviderDeviceDeAcquire, 4, "CTIP_2");
	ck_assert(app_told(1, "Response 4 SUCCESS\nRemoved CTIP_2\n"));
	choose(1, SIG_ProviderDeviceDeAcquire, 5, "CTIP_2");
	ck_assert(app_told(1, "Response 5 INVALID_DEVICE_NAME\n"));
	app_told_exactly(1, "Response 3 SUCCESS\nResponse 4 SUCCESS\nRemoved CTIP_2\n"
			    "Response 5 INVALID_DEVICE_NAME\n");
}
END_TEST

START_TEST(sup_02_what_cannot_be_controlled_is_not_acquired)
{
	choose(1, SIG_ProviderDeviceAcquire, 2, "CTIP_9");
	ck_assert(app_told(1, "Response 2 INVALID_DEVICE_NAME\n"));
	choose(1, SIG_ProviderDeviceAcquire, 3, "");
	ck_assert(app_told(1, "Response 3 INVALID_DEVICE_NAME\n"));
	choose(1, SIG_ProviderDeviceAcquire, 4, "CTIP_R");
	ck_assert(app_told(1, "Response 4 DEVICE_RESTRICTED\n"));
	choose(1, SIG_ProviderDeviceAcquire, 5, "SEP000000007960");
	ck_assert(app_told(1, "Response 5 DEVICE_RESTRICTED\n"));
}
END_TEST

START_TEST(sup_02_what_a_super_provider_lets_go_of_is_closed)
{
	choose(1, SIG_ProviderDeviceAcquire, 2, "CTIP_2");
	app_line_open(1, 4, app_device_open(1, 3, "CTIP_2", 2), "4002");
	ck_assert(app_told(1, "ExistingCallCompleted"));
	app_forget(1);
	choose(1, SIG_ProviderDeviceDeAcquire, 5, "CTIP_2");
	ck_assert(app_told(1, "DeviceClosed"));
	app_told_exactly(1, "Response 5 SUCCESS\nRemoved CTIP_2\n"
			    "LineClosed 4002 ACCESS_TO_DEVICE_DENIED\n"
			    "DeviceClosed CTIP_2 ACCESS_TO_DEVICE_DENIED\n");
}
END_TEST

START_TEST(grp_04_who_may_not_control_all_acquires_nothing)
{
	choose(0, SIG_ProviderDeviceAcquire, 2, "CTIP_2");
	ck_assert(app_told(0, "Response 2 ACCESS_TO_DEVICE_DENIED\n"));
	choose(0, SIG_ProviderDeviceDeAcquire, 3, "CTIP_1");
	ck_assert(app_told(0, "Response 3 INVALID_DEVICE_NAME\n"));
	app_told_exactly(0, "Response 2 ACCESS_TO_DEVICE_DENIED\nResponse 3 INVALID_DEVICE_NAME\n");
}
END_TEST

static void filter(int app, uint32_t seq, uint32_t bits)
{
	ProviderChangeEventFilter req = PROVIDER_CHANGE_EVENT_FILTER__INIT;

	req.seq = seq;
	req.filter = bits;
	app_send(app, SIG_ProviderChangeEventFilter, &req);
}

START_TEST(grp_02_grp_05_what_the_groups_do_not_allow_cannot_be_asked_for)
{
	filter(0, 2, 1);
	ck_assert(app_told(0, "Response 2 OPERATION_NOT_ALLOWED\n"));
	filter(0, 3, 2);
	ck_assert(app_told(0, "Response 3 OPERATION_NOT_ALLOWED\n"));
	/* Control of all devices is not more than that (SUP-06). */
	filter(1, 2, 3);
	ck_assert(app_told(1, "Response 2 OPERATION_NOT_ALLOWED\n"));
	filter(0, 4, 4);
	ck_assert(app_told(0, "Response 4 INVALID_PARAMETER\n"));
	filter(0, 5, 0);
	ck_assert(app_told(0, "Response 5 SUCCESS\n"));
}
END_TEST

static void tell_change(const char *user)
{
	DbChangeNotify change = DB_CHANGE_NOTIFY__INIT;

	change.table = (char *)"applicationuserdevicemap";
	change.pkid = (char *)"00000000-0000-0000-0000-000000000000";
	change.operation = (char *)"insert";
	change.name = (char *)(uintptr_t)user;
	cluster_post(fx->c, "cti1", CTIM_CTI_MANAGER, SIG_DbChangeNotify, &change);
}

static unsigned handled(uint16_t signal)
{
	return cluster_count_signal(fx->c, "cti1", NULL, signal, NULL, NULL);
}

START_TEST(usr_04_a_database_that_cannot_be_read_is_asked_again)
{
	cti_open_port();
	cluster_mark(fx->c);
	db_fault = DB_FAULT_ERROR;
	tell_change("ivr");
	cluster_advance(fx->c, SECONDS(3));
	ck_assert_uint_ge(handled(SIG_CtiUserRetryTimer), 2);
	ck_assert_uint_eq(handled(SIG_CtiDbDeviceListRes), 0);
	db_fault = DB_FAULT_NONE;
	cluster_advance(fx->c, SECONDS(3));
	ck_assert_uint_eq(handled(SIG_CtiDbDeviceListRes), 1);
	app_told_exactly(0, "");
}
END_TEST

START_TEST(usr_04_many_changes_at_once_are_looked_at_twice_at_most)
{
	cluster_mark(fx->c);
	for (int i = 0; i < 100; i++)
		tell_change(i % 2 ? "ivr" : NULL);
	tell_change("somebody");
	cluster_advance(fx->c, SECONDS(1));
	/* Two applications. */
	ck_assert_uint_le(handled(SIG_CtiDbDeviceListRes), 4);
	ck_assert_uint_ge(handled(SIG_CtiDbDeviceListRes), 2);
	app_told_exactly(0, "");
	app_told_exactly(1, "");
}
END_TEST

START_TEST(without_a_provider_nothing_is_acquired)
{
	cluster_kill(fx->c, "app1");
	app_forget(1);
	cluster_start(fx->c, "app1");
	ck_assert(app_told(1, "up"));
	choose(1, SIG_ProviderDeviceAcquire, 9, "CTIP_2");
	ck_assert(app_told(1, "Response 9 PROVIDER_NOT_OPEN\n"));
	filter(1, 10, 0);
	ck_assert(app_told(1, "Response 10 PROVIDER_NOT_OPEN\n"));
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(
			sup_02_a_super_provider_acquires_a_device_once_and_lets_go_of_it_once, up,
			down),
		SUITE_CASE_WITH(sup_02_what_cannot_be_controlled_is_not_acquired, up, down),
		SUITE_CASE_WITH(sup_02_what_a_super_provider_lets_go_of_is_closed, up, down),
		SUITE_CASE_WITH(grp_04_who_may_not_control_all_acquires_nothing, up, down),
		SUITE_CASE_WITH(grp_02_grp_05_what_the_groups_do_not_allow_cannot_be_asked_for, up,
				down),
		SUITE_CASE_WITH(usr_04_a_database_that_cannot_be_read_is_asked_again, up, down),
		SUITE_CASE_WITH(usr_04_many_changes_at_once_are_looked_at_twice_at_most, up, down),
		SUITE_CASE_WITH(without_a_provider_nothing_is_acquired, up, down),
	};

	return suite_main(argc, argv, "cluster/test_user_changes", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
