/* CTIHandler: answers that it does not wait for any more, and what is told of devices that the
 * application does not have. */
#include "tests/lib/cti_fixture.h"
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

#define CASE(t) SUITE_CASE_WITH(t, up, cti_fixture_down)

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		CASE(usr_05_an_answer_to_a_login_that_was_given_up_lets_nobody_in),
		CASE(usr_05_rights_of_a_login_that_was_given_up_give_none),
		CASE(usr_05_who_is_removed_while_he_logs_in_is_not_let_in),
		CASE(nothing_is_told_of_devices_lines_and_requests_that_the_application_does_not_have),
	};

	return suite_main(argc, argv, "cluster/test_cti_handler", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
