/* CTIHandler: answers that it does not wait for any more, and what is told of devices that the
 * application does not have. */
#include "tests/lib/cti_fixture.h"
#include "tests/lib/db_fault.h"
#include "tests/lib/suite.h"

#include <string.h>

#include "common/msg/address.h"

static void up(void)
{
	cti_fixture_new(0);
	cti_fixture_start();
	ck_assert(app_told(0, "up\n"));
	app_forget(0);
	cluster_mark(fx->c);
}

static void settle(void)
{
	while (sdl_program_step(cluster_program(fx->c, "cti1")))
		;
}

/* The application's request has come, and its user is being asked for. */
static struct sdl_pid logs_in(const char *user, const char *password)
{
	ProviderOpen open = PROVIDER_OPEN__INIT;

	open.seq = 1;
	open.version = 1;
	open.user = (char *)(uintptr_t)user;
	open.password = (char *)(uintptr_t)password;
	app_send(0, SIG_ProviderOpen, &open);
	ck_assert(cluster_until_signal(fx->c, "cti1", NULL, SIG_CtiLoginCheckReq, NULL, NULL,
				       SECONDS(1)));
	return cluster_process(fx->c, "cti1", user);
}

static void checked(struct sdl_pid handler, uint32_t attempt)
{
	const struct sdl_pid directory = {
		.node = 1, .type = CTIM_DIRECTORY, .app = SDL_APP_CTIMANAGER, .inst = 1
	};
	CtiLoginCheckRes res = CTI_LOGIN_CHECK_RES__INIT;

	res.async_response = attempt;
	cluster_enqueue(fx->c, "cti1", directory, handler, SIG_CtiLoginCheckRes, &res);
	settle();
}

START_TEST(usr_05_an_answer_to_a_login_that_was_given_up_lets_nobody_in)
{
	checked(logs_in("ivr", "wrong"), 99);
	ck_assert(app_told(0, "Response 1 "));
	cluster_advance(fx->c, SECONDS(1));
	app_told_exactly(0, "Response 1 DIRECTORY_LOGIN_FAILED\n");
}
END_TEST

START_TEST(usr_05_rights_of_a_login_that_was_given_up_give_none)
{
	const struct sdl_pid db = {
		.node = 1, .type = CTIM_DB_ACCESS, .app = SDL_APP_CTIMANAGER, .inst = 1
	};
	struct sdl_pid handler = logs_in("nobody", "secret");
	CtiUserSettingsRes res = CTI_USER_SETTINGS_RES__INIT;

	res.async_response = 99;
	res.has_cti_enabled = res.cti_enabled = true;
	ck_assert(cluster_until_signal(fx->c, "cti1", NULL, SIG_CtiLoginCheckRes, NULL, NULL,
				       SECONDS(1)));
	cluster_enqueue(fx->c, "cti1", db, handler, SIG_CtiUserSettingsRes, &res);
	settle();
	ck_assert(app_told(0, "Response 1 "));
	cluster_advance(fx->c, SECONDS(1));
	app_told_exactly(0, "Response 1 DIRECTORY_LOGIN_NOT_ALLOWED\n");
}
END_TEST

START_TEST(usr_05_who_is_removed_while_he_logs_in_is_not_let_in)
{
	checked(logs_in("gone", "secret"), 1);
	ck_assert(app_told(0, "Response 1 "));
	cluster_advance(fx->c, SECONDS(1));
	app_told_exactly(0, "Response 1 DIRECTORY_LOGIN_FAILED\n");
}
END_TEST

START_TEST(nothing_is_told_of_devices_lines_and_requests_that_the_application_does_not_have)
{
	struct sdl_pid handler = logs_in("ivr", "secret");
	const struct sdl_pid device = {
		.node = 1, .type = 99, .app = SDL_APP_CTIMANAGER, .inst = 999
	};
	Response res = RESPONSE__INIT;
	DeviceEvent of_device = DEVICE_EVENT__INIT;
	LineEvent of_line = LINE_EVENT__INIT;
	CallEvent of_call = CALL_EVENT__INIT;

	ck_assert(app_told(0, "ProviderOpenCompleted"));
	app_forget(0);
	res.seq = 99;
	of_device.device_handle = of_line.line_handle = of_call.line_handle = 99;
	of_device.device = of_line.device = of_call.device = (char *)(uintptr_t) "CTIP_1";
	of_line.dn = of_call.dn = (char *)(uintptr_t) "4001";
	cluster_enqueue(fx->c, "cti1", device, handler, SIG_Response, &res);
	cluster_enqueue(fx->c, "cti1", device, handler, SIG_DeviceInService, &of_device);
	cluster_enqueue(fx->c, "cti1", device, handler, SIG_LineInService, &of_line);
	cluster_enqueue(fx->c, "cti1", device, handler, SIG_NewCall, &of_call);
	cluster_advance(fx->c, SECONDS(1));
	app_told_exactly(0, "");
}
END_TEST

/* ---- what a user may, as it changes ------------------------------------------------------------ */

static const struct sdl_pid database = {
	.node = 1, .type = CTIM_DB_ACCESS, .app = SDL_APP_CTIMANAGER, .inst = 1
};

/* Questions of a handler for its own use; the first round is that of the login. */
#define ROUND(n) (UINT64_C(1) << 32 | (n))

static unsigned asked_for_list(void)
{
	return cluster_count_signal(fx->c, "cti1", NULL, SIG_CtiDbDeviceListReq, NULL, NULL);
}

static void listed(struct sdl_pid handler, uint64_t cookie, char *device)
{
	CtiDbDeviceListRes res = CTI_DB_DEVICE_LIST_RES__INIT;

	res.cookie = cookie;
	res.name = &device;
	res.n_name = 1;
	cluster_enqueue(fx->c, "cti1", database, handler, SIG_CtiDbDeviceListRes, &res);
	settle();
}

static void logged_in(const char *user)
{
	cti_fixture_start();
	app_provider_open(0, user, "secret");
	ck_assert(app_told(0, "ProviderOpenCompleted"));
	cluster_advance(fx->c, SECONDS(1));
	app_forget(0);
	cluster_mark(fx->c);
}

START_TEST(usr_04_a_list_of_devices_that_the_database_fails_to_give_is_asked_for_again)
{
	db_fault_request = SIG_CtiDbDeviceListReq;
	db_fault = DB_FAULT_ERROR;
	logged_in("ivr");
	cluster_advance(fx->c, SECONDS(10));
	ck_assert_uint_ge(asked_for_list(), 2);
	db_fault = DB_FAULT_NONE;
	cluster_advance(fx->c, SECONDS(10));
	cluster_mark(fx->c);
	cluster_advance(fx->c, SECONDS(30));
	ck_assert_uint_eq(asked_for_list(), 0);
}
END_TEST

static void down_mended(void)
{
	db_fault = DB_FAULT_NONE;
	db_fault_request = 0;
	cti_fixture_down();
}

static bool is_after(const void *msg, void *arg)
{
	const CtiDbDeviceListReq *req = msg;

	(void)arg;
	return req->after != NULL;
}

START_TEST(usr_04_a_long_list_of_devices_is_asked_for_page_by_page)
{
	app_provider_open(0, "ivr", "secret");
	ck_assert(app_told(0, "ProviderOpenCompleted"));
	cluster_advance(fx->c, SECONDS(1));
	ck_assert_uint_eq(asked_for_list(), 2);
	ck_assert_uint_eq(
		cluster_count_signal(fx->c, "cti1", NULL, SIG_CtiDbDeviceListReq, is_after, NULL),
		1);
}
END_TEST

static void up_many(void)
{
	cti_fixture_new(1100);
	cti_fixture_start();
	ck_assert(app_told(0, "up\n"));
	cluster_mark(fx->c);
}

START_TEST(usr_04_a_list_that_nobody_waits_for_gives_and_takes_nothing)
{
	logged_in("ivr");
	listed(cluster_process(fx->c, "cti1", "ivr"), ROUND(77), (char *)(uintptr_t) "CTIP_2");
	cluster_advance(fx->c, SECONDS(1));
	ck_assert_uint_eq(asked_for_list(), 0);
	app_told_exactly(0, "");
	app_device_open(0, 2, "CTIP_2", -1);
	ck_assert(app_knows(0, "Response 2 ACCESS_TO_DEVICE_DENIED\n"));
}
END_TEST

static void ask(struct sdl_pid handler, uint16_t signal, uint32_t seq, const char *device)
{
	ProviderDevice m = PROVIDER_DEVICE__INIT;

	m.seq = seq;
	m.device = (char *)(uintptr_t)device;
	cluster_enqueue(fx->c, "cti1", database, handler, signal, &m);
	settle();
}

START_TEST(sup_02_a_number_of_a_request_that_is_not_answered_yet_is_not_taken_twice)
{
	struct sdl_pid handler;

	logged_in("super");
	handler = cluster_process(fx->c, "cti1", "super");
	ask(handler, SIG_ProviderDeviceAcquire, 5, "CTIP_1");
	ask(handler, SIG_ProviderDeviceAcquire, 5, "CTIP_1");
	ask(handler, SIG_ProviderDeviceDeAcquire, 5, "CTIP_1");
	cluster_advance(fx->c, SECONDS(1));
	app_told_exactly(0,
			 "Response 5 ILLEGAL_MESSAGE_FORMAT\n"
			 "Response 5 ILLEGAL_MESSAGE_FORMAT\nResponse 5 SUCCESS\nCreated CTIP_1\n");
}
END_TEST

START_TEST(sup_02_what_was_acquired_and_is_associated_meanwhile_stays_when_it_is_let_go)
{
	CtiUserConfigChanged change = CTI_USER_CONFIG_CHANGED__INIT;
	struct sdl_pid handler;

	logged_in("super");
	handler = cluster_process(fx->c, "cti1", "super");
	ask(handler, SIG_ProviderDeviceAcquire, 5, "CTIP_1");
	cluster_advance(fx->c, SECONDS(1));
	app_device_open(0, 6, "CTIP_1", -1);
	ck_assert(app_told(0, "DeviceInService CTIP_1"));
	cluster_enqueue(fx->c, "cti1", database, handler, SIG_CtiUserConfigChanged, &change);
	settle();
	listed(handler, ROUND(2), (char *)(uintptr_t) "CTIP_1");
	app_forget(0);
	ask(handler, SIG_ProviderDeviceDeAcquire, 7, "CTIP_1");
	cluster_advance(fx->c, SECONDS(1));
	app_told_exactly(0, "Response 7 SUCCESS\n");
}
END_TEST

static void up_stopped(void)
{
	cti_fixture_new(0);
}

#define CASE(t) SUITE_CASE_WITH(t, up, cti_fixture_down)

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		CASE(usr_05_an_answer_to_a_login_that_was_given_up_lets_nobody_in),
		CASE(usr_05_rights_of_a_login_that_was_given_up_give_none),
		CASE(usr_05_who_is_removed_while_he_logs_in_is_not_let_in),
		CASE(nothing_is_told_of_devices_lines_and_requests_that_the_application_does_not_have),
		SUITE_CASE_WITH(
			usr_04_a_list_of_devices_that_the_database_fails_to_give_is_asked_for_again,
			up_stopped, down_mended),
		SUITE_CASE_WITH(usr_04_a_long_list_of_devices_is_asked_for_page_by_page, up_many,
				cti_fixture_down),
		SUITE_CASE_WITH(usr_04_a_list_that_nobody_waits_for_gives_and_takes_nothing,
				up_stopped, cti_fixture_down),
		SUITE_CASE_WITH(
			sup_02_a_number_of_a_request_that_is_not_answered_yet_is_not_taken_twice,
			up_stopped, cti_fixture_down),
		SUITE_CASE_WITH(
			sup_02_what_was_acquired_and_is_associated_meanwhile_stays_when_it_is_let_go,
			up_stopped, cti_fixture_down),
	};

	return suite_main(argc, argv, "cluster/test_cti_handler", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
