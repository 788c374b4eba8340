/* Databases that are locked, broken, silent or not there: what the programs do meanwhile, and that
 * they go on as soon as it is mended. */
#include "tests/lib/cm_cluster.h"
#include "tests/lib/cti_fixture.h"
#include "tests/lib/db_fault.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <string.h>

#include "ctimanager/ctimanager.h"

/* ---- CallManager --------------------------------------------------------------------------- */
static struct cm_cluster k;

static void up(void)
{
	cm_cluster_up(&k);
	cm_cluster_start(&k, 0);
}

static void up_and_ready(void)
{
	cm_cluster_up(&k);
	cm_cluster_start(&k, 2);
}

static void down(void)
{
	db_fault = DB_FAULT_NONE;
	cm_cluster_down(&k);
}

static bool ccm1_handles(uint16_t signal, int64_t within_ns)
{
	return cluster_until_signal(k.c, "ccm1", NULL, signal, NULL, NULL, within_ns);
}

static bool is_reason(const void *msg, void *arg)
{
	return ((const StationRegisterReject *)msg)->reason == *(const uint32_t *)arg;
}

static void rejected(const char *phone, uint32_t reason)
{
	ck_assert_msg(cluster_until_signal(k.c, "phones", phone, SIG_StationRegisterReject,
					   is_reason, &reason, SECONDS(2)),
		      "%s is not rejected with %u", phone, reason);
}

/* More numbers than one answer has, and a search space in which nothing is. */
static void up_many(void)
{
	struct db_error err = { 0 };

	cm_cluster_up(&k);
	ck_assert_msg(db_add_search_space(k.db, "Nothing", NULL, 0, &err) == 0, "%s", err.text);
	for (unsigned i = 0; i < 110; i++) {
		char name[20], dn[16];
		const struct db_device_spec port = { .name = name,
						     .model = DB_MODEL_CTI_PORT,
						     .device_pool = "P12" };
		const struct db_line_spec line = { .index = 1, .dn = dn, .cfna = "1002" };

		snprintf(name, sizeof name, "CTIP_7%03u", i);
		snprintf(dn, sizeof dn, "7%03u", i);
		ck_assert_msg(db_add_device(k.db, &port, &err) == 0, "%s", err.text);
		ck_assert_msg(db_add_line(k.db, name, &line, &err) == 0, "%s", err.text);
	}
	cm_cluster_start(&k, 1);
	cm_plug_all(&k);
}

START_TEST(apf_04_a_callmanager_knows_all_numbers_however_many_there_are)
{
	static const char *const numbers[] = { "7000", "7109" };

	for (size_t i = 0; i < 2; i++) {
		cm_press(&k, PHONE_A, "call", numbers[i]);
		ck_assert(cm_phone_sees(&k, PHONE_B, STATION_CALL_STATE_VALUE__RingIn, SECONDS(2)));
		cm_press(&k, PHONE_A, "hangup", NULL);
		cluster_advance(k.c, SECONDS(1));
	}
}
END_TEST

START_TEST(a_callmanager_asks_a_database_that_is_not_there_again_until_it_is)
{
	db_fault = DB_FAULT_MISSING;
	cluster_start(k.c, "ccm1");
	ck_assert(ccm1_handles(SIG_DbRetryTimer, SECONDS(10)));
	ck_assert(ccm1_handles(SIG_DbRetryTimer, SECONDS(10)));
	ck_assert_uint_eq(cluster_count_signal(k.c, "ccm1", NULL, SIG_DaLoadReq, NULL, NULL), 0);
	db_fault = DB_FAULT_NONE;
	ck_assert(cluster_until_signal(k.c, "ccm1", NULL, SIG_Ready, NULL, NULL, SECONDS(10)));
}
END_TEST

START_TEST(a_callmanager_whose_numbers_cannot_be_read_begins_anew)
{
	db_fault = DB_FAULT_ERROR;
	db_fault_request = SIG_DbNumbersReq;
	cluster_start(k.c, "ccm1");
	ck_assert(ccm1_handles(SIG_DbRetryTimer, SECONDS(10)));
	db_fault = DB_FAULT_NONE;
	ck_assert(cluster_until_signal(k.c, "ccm1", NULL, SIG_Ready, NULL, NULL, SECONDS(10)));
}
END_TEST

START_TEST(a_phone_is_rejected_by_a_callmanager_that_is_not_initialized)
{
	StationRegister reg = STATION_REGISTER__INIT;
	uint32_t reason = CAUSE_REGFAIL_INITIALIZATION_ERROR;

	db_fault = DB_FAULT_MISSING;
	cluster_start(k.c, "ccm1");
	ck_assert(ccm1_handles(SIG_DbRetryTimer, SECONDS(10)));
	reg.device_name = (char *)PHONE_A;
	cluster_post(k.c, "ccm1", CM_STATION_INIT, SIG_StationRegister, &reg);
	ck_assert(cluster_until_signal(k.c, "ccm1", NULL, SIG_StationRegisterReject, is_reason,
				       &reason, SECONDS(1)));
}
END_TEST

static bool is_not_initialized(const void *msg, void *arg)
{
	(void)arg;
	return ((const CtiDeviceOpenDeviceRes *)msg)->result == CTIERR_NOT_INITIALIZED;
}

START_TEST(a_port_is_not_opened_at_a_callmanager_that_is_not_initialized)
{
	CtiDeviceOpenDeviceReq req = CTI_DEVICE_OPEN_DEVICE_REQ__INIT;
	DeviceConfig config = DEVICE_CONFIG__INIT;

	db_fault = DB_FAULT_MISSING;
	cluster_start(k.c, "ccm1");
	ck_assert(ccm1_handles(SIG_DbRetryTimer, SECONDS(10)));
	config.name = (char *)(uintptr_t) "CTIP_1";
	config.kind = DEVICE_KIND__DEVICE_CTI_PORT;
	req.async_response = 1;
	req.device = &config;
	cluster_post(k.c, "ccm1", CM_CTI_REGISTRAR, SIG_CtiDeviceOpenDeviceReq, &req);
	ck_assert(cluster_until_signal(k.c, "ccm1", NULL, SIG_CtiDeviceOpenDeviceRes,
				       is_not_initialized, NULL, SECONDS(1)));
}
END_TEST

START_TEST(numbers_that_cannot_be_read_anew_stay_as_they_are_until_they_can)
{
	DbChangeNotify change = DB_CHANGE_NOTIFY__INIT;

	cm_plug_all(&k);
	change.table = (char *)"numplan";
	db_fault = DB_FAULT_ERROR;
	cluster_post(k.c, "ccm1", CM_DEVICE_MANAGER, SIG_DbChangeNotify, &change);
	ck_assert(ccm1_handles(SIG_DaLoadRes, SECONDS(1)));
	/* Better old numbers than none. */
	cm_press(&k, PHONE_A, "call", "1002");
	ck_assert(cm_phone_sees(&k, PHONE_B, STATION_CALL_STATE_VALUE__RingIn, SECONDS(2)));
	cm_press(&k, PHONE_A, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
	db_fault = DB_FAULT_NONE;
	cluster_mark(k.c);
	ck_assert(ccm1_handles(SIG_DaLoadRes, SECONDS(10)));
	cluster_advance(k.c, SECONDS(20));
	cluster_mark(k.c);
	cluster_advance(k.c, SECONDS(20));
	ck_assert_uint_eq(cluster_count_signal(k.c, "ccm1", NULL, SIG_DaLoadReq, NULL, NULL), 0);
}
END_TEST

START_TEST(a_forward_that_cannot_be_stored_is_not_there)
{
	cm_plug_all(&k);
	db_fault = DB_FAULT_ERROR;
	cm_press(&k, PHONE_A, "forward", "1003");
	ck_assert(ccm1_handles(SIG_DbForwardRes, SECONDS(2)));
	ck_assert(cm_phone_gets(&k, PHONE_A, SIG_StationDisplayPromptStatus, SECONDS(1)));
	db_fault = DB_FAULT_NONE;
	cm_press(&k, PHONE_B, "call", "1001");
	ck_assert(cm_phone_sees(&k, PHONE_A, STATION_CALL_STATE_VALUE__RingIn, SECONDS(2)));
	cm_press(&k, PHONE_B, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(a_phone_hears_that_the_database_is_locked_and_registers_later)
{
	db_fault = DB_FAULT_LOCKED;
	cm_plug(&k, PHONE_A);
	rejected(PHONE_A, CAUSE_REGFAIL_DATABASE_TIMEOUT);
	db_fault = DB_FAULT_NONE;
	ck_assert(cm_phone_gets(&k, PHONE_A, SIG_StationRegisterAck, SECONDS(60)));
}
END_TEST

START_TEST(a_phone_hears_that_the_database_fails_and_registers_later)
{
	db_fault = DB_FAULT_ERROR;
	cm_plug(&k, PHONE_A);
	rejected(PHONE_A, CAUSE_REGFAIL_DB_ACCESS_ERROR);
	db_fault = DB_FAULT_NONE;
	ck_assert(cm_phone_gets(&k, PHONE_A, SIG_StationRegisterAck, SECONDS(60)));
}
END_TEST

START_TEST(a_phone_that_waits_for_a_silent_database_is_forgotten_with_its_program)
{
	db_fault = DB_FAULT_SILENT;
	cm_plug(&k, PHONE_A);
	ck_assert(ccm1_handles(SIG_DbDeviceReq, SECONDS(2)));
	cluster_kill(k.c, "phones");
	ck_assert(ccm1_handles(SIG_SdlLinkOutOfService, SECONDS(5)));
	db_fault = DB_FAULT_NONE;
	cluster_start(k.c, "phones");
	cluster_advance(k.c, MS(500));
	cm_plug(&k, PHONE_A);
	ck_assert(cm_phone_gets(&k, PHONE_A, SIG_StationRegisterAck, SECONDS(60)));
}
END_TEST

static void door_hears(struct sdl_pid from, uint16_t number, const void *msg)
{
	struct sdl_pid door = {
		.node = 1, .type = CM_STATION_INIT, .app = SDL_APP_CALLMANAGER, .inst = 1
	};

	cluster_enqueue(k.c, "ccm1", from, door, number, msg);
	cluster_turn(k.c, "ccm1");
}

static void database_says(const char *name, uint64_t cookie)
{
	struct sdl_pid db = { .node = 1, .type = CM_DB, .app = SDL_APP_CALLMANAGER, .inst = 1 };
	DbDeviceRes res = DB_DEVICE_RES__INIT;

	res.name = (char *)(uintptr_t)name;
	res.has_cookie = true;
	res.cookie = cookie;
	res.result = DB_RESULT__DB_NOT_FOUND;
	door_hears(db, SIG_DbDeviceRes, &res);
}

/* The first one's program goes; what is said of it then means nobody. */
START_TEST(of_two_who_wait_for_a_silent_database_the_one_whose_program_stays_is_answered)
{
	struct sdl_pid other = { .node = 103, .type = 10, .app = SDL_APP_PHONES, .inst = 1 };
	StationRegister reg = STATION_REGISTER__INIT;

	db_fault = DB_FAULT_SILENT;
	cm_plug(&k, PHONE_A);
	ck_assert(ccm1_handles(SIG_StationRegister, SECONDS(5)));
	reg.device_name = (char *)(uintptr_t)PHONE_B;
	door_hears(other, SIG_StationRegister, &reg);
	cluster_kill(k.c, "phones");
	cluster_advance(k.c, SECONDS(1));
	cluster_mark(k.c);
	database_says(PHONE_A, 1);
	ck_assert_uint_eq(cluster_count_signal(k.c, "ccm1", NULL, SIG_CcStationInit, NULL, NULL),
			  0);
	db_fault = DB_FAULT_NONE;
	database_says(PHONE_B, 2);
	database_says(PHONE_B, 2); /* it is answered once */
	ck_assert_uint_eq(cm_processes(&k, 1, "StationD"), 0);
}
END_TEST

/* ---- CTIManager ---------------------------------------------------------------------------- */
static void cti_up_without_login(void)
{
	cti_fixture_new(0);
	cti_fixture_start();
}

static void cti_new(void)
{
	cti_fixture_new(0);
}

static void cti_down(void)
{
	db_fault = DB_FAULT_NONE;
	db_fault_after = 0;
	cti_fixture_down();
}

START_TEST(a_ctimanager_asks_a_silent_database_again_and_keeps_connections_waiting)
{
	db_fault = DB_FAULT_SILENT;
	cti_fixture_start();
	cluster_advance(fx->c, SECONDS(20));
	ck_assert_uint_eq(cluster_count_signal(fx->c, "cti1", NULL, SIG_Ready, NULL, NULL), 0);
	db_fault = DB_FAULT_NONE;
	app_provider_open(0, "ivr", "secret");
	ck_assert(app_told(0, "ProviderOpenCompleted"));
}
END_TEST

START_TEST(a_ctimanager_without_a_database_waits_for_it)
{
	db_fault = DB_FAULT_MISSING;
	cti_fixture_start();
	cluster_advance(fx->c, SECONDS(20));
	ck_assert_uint_eq(cluster_count_signal(fx->c, "cti1", NULL, SIG_Ready, NULL, NULL), 0);
	db_fault = DB_FAULT_NONE;
	app_provider_open(0, "ivr", "secret");
	ck_assert(app_told(0, "ProviderOpenCompleted"));
}
END_TEST

START_TEST(usr_05_who_logs_in_while_the_database_fails_is_told_that_it_is_for_now)
{
	db_fault = DB_FAULT_ERROR;
	app_provider_open(0, "ivr", "secret");
	ck_assert(app_knows(0, "Response 1 DIRECTORY_TEMPORARY_UNAVAILABLE\n"));
}
END_TEST

static void open_provider(uint32_t seq)
{
	ProviderOpen open = PROVIDER_OPEN__INIT;

	open.seq = seq;
	open.version = 1;
	open.user = (char *)"ivr";
	open.password = (char *)"secret";
	app_send(0, SIG_ProviderOpen, &open);
}

START_TEST(usr_05_a_password_that_is_right_does_not_help_when_the_settings_cannot_be_read)
{
	ck_assert(app_told(0, "up"));
	db_fault = DB_FAULT_ERROR;
	db_fault_request = SIG_CtiUserSettingsReq;
	open_provider(1);
	ck_assert(app_told(0, "Response 1 DIRECTORY_TEMPORARY_UNAVAILABLE\n"));
}
END_TEST

START_TEST(usr_05_a_login_that_nobody_checks_ends_with_a_time_out_and_can_be_tried_again)
{
	ck_assert(app_told(0, "up"));
	db_fault = DB_FAULT_SILENT;
	open_provider(1);
	ck_assert(app_told(0, "Response 1 DIRECTORY_LOGIN_TIMEOUT\n"));
	db_fault = DB_FAULT_NONE;
	cluster_advance(fx->c, SECONDS(5));
	cluster_start(fx->c, "app1");
	app_provider_open(1, "ivr", "secret");
	ck_assert(app_told(1, "ProviderOpenCompleted"));
}
END_TEST

START_TEST(a_device_that_cannot_be_looked_up_is_refused_and_can_be_opened_later)
{
	DeviceOpen open = DEVICE_OPEN__INIT;

	app_provider_open(0, "ivr", "secret");
	ck_assert(app_told(0, "ProviderOpenCompleted"));
	open.seq = 2;
	open.device = (char *)"CTIP_1";
	db_fault = DB_FAULT_ERROR;
	app_send(0, SIG_DeviceOpen, &open);
	ck_assert(app_told(0, "Response 2 DB_ERROR\n"));
	db_fault = DB_FAULT_NONE;
	open.seq = 3;
	app_send(0, SIG_DeviceOpen, &open);
	ck_assert(app_told(0, "Response 3 SUCCESS"));
}
END_TEST

START_TEST(usr_01_the_list_of_devices_is_refused_while_the_database_fails)
{
	ProviderGetDeviceInfo ask = PROVIDER_GET_DEVICE_INFO__INIT;

	app_provider_open(0, "ivr", "secret");
	ck_assert(app_told(0, "ProviderOpenCompleted"));
	ask.seq = 2;
	db_fault = DB_FAULT_ERROR;
	app_send(0, SIG_ProviderGetDeviceInfo, &ask);
	ck_assert(app_told(0, "Response 2 DB_ERROR\n"));
}
END_TEST

/* It may fail at any step of what it is asked about a device. */
START_TEST(a_device_is_opened_or_the_database_has_failed_and_nothing_else)
{
	bool opened = false;
	uint32_t seq = 100;

	app_provider_open(0, "ivr", "secret");
	db_fault_request = SIG_CtiDbDeviceReq;
	for (unsigned after = 0; !opened && after < 5000; after += 20, seq++) {
		char text[48];

		db_fault_after = after;
		db_fault = DB_FAULT_ERROR;
		app_device_open(0, seq, "CTIP_1", -1);
		snprintf(text, sizeof(text), "Response %u SUCCESS\n", seq);
		opened = app_knows(0, text);
		snprintf(text, sizeof(text), "Response %u DB_ERROR\n", seq);
		ck_assert_msg(opened != app_knows(0, text), "after %u steps: %s", after,
			      fx->app[0].log);
	}
	db_fault_request = 0;
	ck_assert(opened);
	ck_assert_uint_gt(seq, 110);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(apf_04_a_callmanager_knows_all_numbers_however_many_there_are,
				up_many, down),
		SUITE_CASE_WITH(a_callmanager_asks_a_database_that_is_not_there_again_until_it_is,
				up, down),
		SUITE_CASE_WITH(a_callmanager_whose_numbers_cannot_be_read_begins_anew, up, down),
		SUITE_CASE_WITH(a_phone_is_rejected_by_a_callmanager_that_is_not_initialized, up,
				down),
		SUITE_CASE_WITH(a_port_is_not_opened_at_a_callmanager_that_is_not_initialized, up,
				down),
		SUITE_CASE_WITH(numbers_that_cannot_be_read_anew_stay_as_they_are_until_they_can,
				up_and_ready, down),
		SUITE_CASE_WITH(a_forward_that_cannot_be_stored_is_not_there, up_and_ready, down),
		SUITE_CASE_WITH(a_phone_hears_that_the_database_is_locked_and_registers_later,
				up_and_ready, down),
		SUITE_CASE_WITH(a_phone_hears_that_the_database_fails_and_registers_later,
				up_and_ready, down),
		SUITE_CASE_WITH(
			a_phone_that_waits_for_a_silent_database_is_forgotten_with_its_program,
			up_and_ready, down),
		SUITE_CASE_WITH(
			of_two_who_wait_for_a_silent_database_the_one_whose_program_stays_is_answered,
			up_and_ready, down),
		SUITE_CASE_WITH(
			a_ctimanager_asks_a_silent_database_again_and_keeps_connections_waiting,
			cti_new, cti_down),
		SUITE_CASE_WITH(a_ctimanager_without_a_database_waits_for_it, cti_new, cti_down),
		SUITE_CASE_WITH(a_device_is_opened_or_the_database_has_failed_and_nothing_else,
				cti_up_without_login, cti_down),
		SUITE_CASE_WITH(
			usr_05_who_logs_in_while_the_database_fails_is_told_that_it_is_for_now,
			cti_up_without_login, cti_down),
		SUITE_CASE_WITH(
			usr_05_a_password_that_is_right_does_not_help_when_the_settings_cannot_be_read,
			cti_up_without_login, cti_down),
		SUITE_CASE_WITH(
			usr_05_a_login_that_nobody_checks_ends_with_a_time_out_and_can_be_tried_again,
			cti_up_without_login, cti_down),
		SUITE_CASE_WITH(
			a_device_that_cannot_be_looked_up_is_refused_and_can_be_opened_later,
			cti_up_without_login, cti_down),
		SUITE_CASE_WITH(usr_01_the_list_of_devices_is_refused_while_the_database_fails,
				cti_up_without_login, cti_down),
	};

	return suite_main(argc, argv, "cluster/test_database_faults", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
