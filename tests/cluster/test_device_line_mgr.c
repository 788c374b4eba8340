/* CTIDeviceLineMgr: openers, CallManagers and the database that say something at one instant, and
 * what comes from CallManagers that are not asked any more. */
#include "tests/lib/cti_fixture.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <string.h>

#include "common/base/cti_error.h"
#include "common/base/param.h"
#include "common/msg/address.h"

#define PHONE  "SEP000000000001"
#define PORT   "CTIP_1"
#define STATIC MEDIA_REGISTRATION__STATIC

/* ---- at one instant -------------------------------------------------------------------------- */

static struct sdl_pid process(const char *label)
{
	return cluster_process(fx->c, "cti1", label);
}

static void say(struct sdl_pid from, const char *to, uint16_t signal, const void *msg)
{
	cluster_enqueue(fx->c, "cti1", from, process(to), signal, msg);
}

/* All that can be handled without waiting for anybody. */
static void settle(void)
{
	while (sdl_program_step(cluster_program(fx->c, "cti1")))
		;
}

static struct sdl_pid registrar(uint8_t node)
{
	return (struct sdl_pid){
		.node = node, .type = CM_CTI_REGISTRAR, .app = SDL_APP_CALLMANAGER, .inst = 1
	};
}

/* As CmLink would tell it. */
static void status(const char *device, uint8_t node, bool in_service)
{
	CmStatusNotify m = CM_STATUS_NOTIFY__INIT;
	char link[8];

	snprintf(link, sizeof(link), "CM %u", node);
	m.node = node;
	m.in_service = in_service;
	say(process(link), device, SIG_CmStatusNotify, &m);
	settle();
}

static void configuration_changed(const char *device)
{
	say(process(device), device, SIG_CtiDeviceConfigChanged, NULL);
	settle();
}

/* The second application is of user super; its request has come. Its device is being looked up. */
static void second_asks(const char *device)
{
	DeviceOpen open = DEVICE_OPEN__INIT;

	open.seq = 2;
	open.device = (char *)(uintptr_t)device;
	say(process("super"), "super", SIG_DeviceOpen, &open);
	settle();
}

/* The first one gives its device back. */
static void first_leaves(const char *device)
{
	CtiHandlerDeviceRelease m = CTI_HANDLER_DEVICE_RELEASE__INIT;

	m.device = (char *)(uintptr_t)device;
	say(process("ivr"), device, SIG_CtiHandlerDeviceRelease, &m);
	settle();
}

static void opened(uint8_t node, const char *device, uint32_t async)
{
	CtiDeviceOpenDeviceRes m = CTI_DEVICE_OPEN_DEVICE_RES__INIT;

	m.async_response = async;
	m.has_registered = m.registered = m.has_device_pid = true;
	m.device_pid = sdl_pid_pack(registrar(node));
	say(registrar(node), device, SIG_CtiDeviceOpenDeviceRes, &m);
	settle();
}

static bool takes_async(const void *msg, void *arg)
{
	*(uint32_t *)arg = ((const CtiDeviceOpenDeviceReq *)msg)->async_response;
	return true;
}

/* A CallManager that does not answer has been asked for a device; returns what the answer bears. */
static uint32_t asked_at(const char *ccm)
{
	uint32_t async = 0;

	ck_assert(cluster_until_signal(fx->c, ccm, NULL, SIG_CtiDeviceOpenDeviceReq, takes_async,
				       &async, SECONDS(2)));
	return async;
}

static void post_open(int app, uint32_t seq, const char *device, int media)
{
	DeviceOpen open = DEVICE_OPEN__INIT;

	open.seq = seq;
	open.device = (char *)(uintptr_t)device;
	open.has_registration = open.has_ip = open.has_port = media >= 0;
	open.registration = (MediaRegistration)(media < 0 ? 0 : media);
	open.ip = 0x7f010065;
	open.port = 5000;
	app_send(app, SIG_DeviceOpen, &open);
}

static void registered(int node)
{
	CtiDeviceRegisterNotifyWithLineInfo m = CTI_DEVICE_REGISTER_NOTIFY_WITH_LINE_INFO__INIT;

	m.device = (char *)(uintptr_t)PHONE;
	ccm_tell(node, SIG_CtiDeviceRegisterNotifyWithLineInfo, &m);
}

static void up(void)
{
	cti_fixture_up();
	cluster_start(fx->c, "app1");
	app_provider_open(1, "super", "secret");
	ck_assert(app_told(1, "ProviderOpenCompleted"));
	app_forget(1);
	cluster_mark(fx->c);
}

/* ---- openers --------------------------------------------------------------------------------- */

START_TEST(who_is_looked_up_while_the_last_other_opener_and_the_callmanager_go_gets_the_device)
{
	cti_open_port();
	second_asks(PORT);
	first_leaves(PORT);
	if (_i == 1)
		configuration_changed(PORT); /* then all is asked once more */
	status(PORT, 1, false);
	ck_assert(app_told(1, "DeviceInService CTIP_1 2\n"));
	cluster_advance(fx->c, SECONDS(1));
	ck_assert_uint_eq(app_count(1, "Response 2 SUCCESS\n"), 1);
	ck_assert_uint_eq(app_count(1, "DeviceInService"), 1);
}
END_TEST

START_TEST(who_is_looked_up_while_the_first_opener_that_was_looked_up_goes_gets_the_device)
{
	DeviceOpen open = DEVICE_OPEN__INIT;

	open.seq = 2;
	open.device = (char *)(uintptr_t)PORT;
	say(process("ivr"), "ivr", SIG_DeviceOpen, &open);
	settle();
	second_asks(PORT);
	first_leaves(PORT);
	ck_assert(app_told(1, "DeviceInService CTIP_1 1\n"));
	cluster_advance(fx->c, SECONDS(1));
	ck_assert_uint_eq(app_count(1, "Response 2 SUCCESS\n"), 1);
	ck_assert_uint_eq(app_count(1, "DeviceInService"), 1);
}
END_TEST

/* The device waits for its turn at ccm1; the turn comes when nobody is there that is admitted. */
START_TEST(a_turn_that_comes_while_the_only_opener_is_looked_up_is_asked_for_again)
{
	ProviderRequest close = PROVIDER_REQUEST__INIT;

	fx->ccm[1].mute = true;
	post_open(0, 2, "CTIRP_1", -1);
	asked_at("ccm1"); /* it holds the only turn */
	post_open(0, 3, PORT, -1);
	cluster_advance(fx->c, MS(100));
	second_asks(PORT);
	first_leaves(PORT);
	say(process("CM 1"), PORT, SIG_CmOpenTurn, NULL);
	settle();
	cluster_advance(fx->c, MS(100));
	fx->ccm[1].mute = false;
	close.seq = 4;
	app_send(0, SIG_ProviderClose, &close);
	ck_assert(app_told(1, "DeviceInService CTIP_1 1\n"));
}
END_TEST

static void one_turn(void)
{
	char why[100];

	cti_fixture_new(0);
	ck_assert_int_eq(param_set_parse(cluster_params(fx->c), PARAM_OPENS_OUTSTANDING_MAX, "1",
					 why, sizeof(why)),
			 0);
	cti_fixture_start();
	app_provider_open(0, "ivr", "secret");
	cluster_start(fx->c, "app1");
	app_provider_open(1, "super", "secret");
	app_forget(0);
	app_forget(1);
	cluster_mark(fx->c);
}

START_TEST(who_is_looked_up_as_the_device_comes_into_service_is_told_so_afterwards)
{
	uint32_t async;

	fx->ccm[1].mute = true;
	post_open(0, 2, PORT, -1);
	async = asked_at("ccm1");
	second_asks(PORT);
	opened(1, PORT, async);
	ck_assert(app_told(0, "DeviceInService CTIP_1 1\n"));
	ck_assert(app_told(1, "DeviceInService CTIP_1 1\n"));
	app_told_exactly(1, "Response 2 SUCCESS\nDeviceInService CTIP_1 1\n");
}
END_TEST

START_TEST(who_opens_a_device_that_a_callmanager_does_not_give_gets_it_from_the_next_one)
{
	fx->ccm[1].mute = true;
	post_open(0, 2, PORT, _i ? STATIC : -1);
	asked_at("ccm1");
	post_open(1, 2, PORT, -1);
	cluster_advance(fx->c, MS(100));
	cluster_kill(fx->c, "ccm1");
	ck_assert(app_told(0, "DeviceInService CTIP_1 2\n"));
	ck_assert(app_told(1, "DeviceInService CTIP_1 2\n"));
}
END_TEST

START_TEST(who_is_looked_up_while_the_next_callmanager_is_asked_gets_the_device_from_there)
{
	fx->ccm[1].mute = true;
	post_open(0, 2, PORT, -1);
	asked_at("ccm1");
	second_asks(PORT);
	status(PORT, 1, false);
	ck_assert(app_told(0, "DeviceInService CTIP_1 2\n"));
	ck_assert(app_told(1, "DeviceInService CTIP_1 2\n"));
}
END_TEST

START_TEST(who_is_admitted_while_the_lines_of_the_device_are_opened_gets_it_with_them)
{
	cti_open_port();
	cluster_kill(fx->c, "ccm1");
	cluster_mark(fx->c);
	ck_assert(cluster_until_signal(fx->c, "cti1", PORT, SIG_CtiDeviceOpenDeviceRes, NULL, NULL,
				       SECONDS(5)));
	second_asks(PORT);
	ck_assert(app_told(0, "LineInService 4001 2\n"));
	ck_assert(app_told(1, "DeviceInService CTIP_1 2\n"));
	app_told_exactly(1, "Response 2 SUCCESS\nDeviceInService CTIP_1 2\n");
}
END_TEST

/* ---- members --------------------------------------------------------------------------------- */

START_TEST(a_phone_is_found_where_it_is_while_another_callmanager_does_not_answer)
{
	fx->ccm[1].mute = true;
	fx->ccm[2].phone_here = true;
	cluster_kill(fx->c, "ccm2");
	cluster_advance(fx->c, SECONDS(1));
	post_open(0, 2, PHONE, -1);
	asked_at("ccm1");
	cluster_start(fx->c, "ccm2");
	ck_assert(app_told_within(0, "DeviceInService " PHONE " 2\n", SECONDS(2)));
}
END_TEST

/* What a CallManager that came anew does not know is asked there again. */
START_TEST(members_that_come_and_go_while_their_phone_is_looked_up_are_asked_again)
{
	app_device_open(0, 2, PHONE, -1);
	ck_assert(app_told(0, "DeviceOutOfService " PHONE));
	cluster_advance(fx->c, SECONDS(1));
	cluster_mark(fx->c);
	configuration_changed(PHONE);
	status(PHONE, 2, false);
	status(PHONE, 2, false);
	status(PHONE, 2, true);
	cluster_advance(fx->c, SECONDS(1));
	ck_assert_uint_eq(
		cluster_count_signal(fx->c, "ccm2", NULL, SIG_CtiDeviceOpenDeviceReq, NULL, NULL),
		1);
	registered(2);
	ck_assert(app_told(0, "DeviceInService " PHONE " 2\n"));
}
END_TEST

START_TEST(a_phone_that_is_registered_where_it_was_has_not_moved)
{
	fx->ccm[1].phone_here = true;
	app_device_open(0, 2, PHONE, -1);
	ck_assert(app_told(0, "DeviceInService " PHONE " 1\n"));
	cluster_advance(fx->c, SECONDS(1));
	app_forget(0);
	registered(1);
	cluster_advance(fx->c, SECONDS(1));
	app_told_exactly(0, "");
}
END_TEST

/* Its answer comes when the phone's group has lost it. */
START_TEST(usr_07_a_callmanager_that_is_no_member_any_more_has_no_say)
{
	static uint32_t group[] = { 1, 3 };
	DeviceConfig config = DEVICE_CONFIG__INIT;
	CtiDbDeviceRes res = CTI_DB_DEVICE_RES__INIT;
	const struct sdl_pid db = {
		.node = 1, .type = CTIM_DB_ACCESS, .app = SDL_APP_CTIMANAGER, .inst = 1
	};
	uint32_t async;

	fx->ccm[1].phone_here = true;
	fx->ccm[2].mute = true;
	post_open(0, 2, PHONE, -1);
	async = asked_at("ccm2");
	ck_assert(app_told(0, "DeviceInService " PHONE " 1\n"));
	configuration_changed(PHONE);
	status(PHONE, 1, false);
	config.name = (char *)(uintptr_t)PHONE;
	config.kind = DEVICE_KIND__DEVICE_SCCP_PHONE;
	config.group = group;
	config.n_group = 2;
	res.cookie = 1;
	res.name = config.name;
	res.device = &config;
	say(db, PHONE, SIG_CtiDbDeviceRes, &res);
	settle();
	opened(2, PHONE, async);
	app_forget(0);
	cluster_advance(fx->c, SECONDS(1));
	ck_assert(!app_knows(0, "InService"));
	registered(3);
	ck_assert(app_told(0, "DeviceInService " PHONE " 3\n"));
}
END_TEST

/* Down its group: it has lost its CallManager, of which that one has not told yet (CMF-04). */
START_TEST(cmf_15_a_phone_that_registers_further_down_its_group_has_lost_its_callmanager)
{
	static uint32_t group[] = { 1, 2, 3 };
	DeviceConfig config = DEVICE_CONFIG__INIT;
	CtiDbDeviceRes res = CTI_DB_DEVICE_RES__INIT;
	const struct sdl_pid db = {
		.node = 1, .type = CTIM_DB_ACCESS, .app = SDL_APP_CTIMANAGER, .inst = 1
	};

	app_device_open(0, 2, PHONE, -1);
	ck_assert(app_told(0, "DeviceOutOfService " PHONE));
	configuration_changed(PHONE);
	config.name = (char *)(uintptr_t)PHONE;
	config.kind = DEVICE_KIND__DEVICE_SCCP_PHONE;
	config.group = group;
	config.n_group = 3;
	res.cookie = 1;
	res.name = config.name;
	res.device = &config;
	say(db, PHONE, SIG_CtiDbDeviceRes, &res);
	cluster_advance(fx->c, SECONDS(1));
	registered(2);
	ck_assert(app_told(0, "DeviceInService " PHONE " 2\n"));
	app_forget(0);
	registered(3);
	ck_assert(app_told(0, "DeviceInService " PHONE " 3\n"));
	app_told_exactly(0, "DeviceOutOfService " PHONE " 1001\nDeviceInService " PHONE " 3\n");
}
END_TEST

/* A member of the old group answers while the new one is looked up. */
START_TEST(cmf_07_a_phone_is_sought_in_its_new_group_whatever_the_old_one_says_meanwhile)
{
	static uint32_t group[] = { 3 };
	const struct sdl_pid db = {
		.node = 1, .type = CTIM_DB_ACCESS, .app = SDL_APP_CTIMANAGER, .inst = 1
	};
	DeviceConfig config = DEVICE_CONFIG__INIT;
	CtiDbDeviceRes res = CTI_DB_DEVICE_RES__INIT;
	CtiDeviceOpenDeviceRes not_here = CTI_DEVICE_OPEN_DEVICE_RES__INIT;

	fx->ccm[1].phone_here = fx->ccm[3].phone_here = true;
	fx->ccm[2].mute = true;
	post_open(0, 2, PHONE, -1);
	not_here.async_response = asked_at("ccm2");
	ck_assert(app_told(0, "DeviceInService " PHONE " 1\n"));
	configuration_changed(PHONE);
	status(PHONE, 1, false);
	say(registrar(2), PHONE, SIG_CtiDeviceOpenDeviceRes, &not_here);
	settle();
	config.name = (char *)(uintptr_t)PHONE;
	config.kind = DEVICE_KIND__DEVICE_SCCP_PHONE;
	config.group = group;
	config.n_group = 1;
	res.cookie = 1;
	res.name = config.name;
	res.device = &config;
	say(db, PHONE, SIG_CtiDbDeviceRes, &res);
	ck_assert(app_told(0, "DeviceInService " PHONE " 3\n"));
}
END_TEST

START_TEST(cmf_10_a_device_that_nobody_takes_is_looked_up_again_if_its_group_has_changed_meanwhile)
{
	fx->ccm[1].mute = true;
	post_open(0, 2, PORT, -1);
	asked_at("ccm1");
	cluster_mark(fx->c);
	configuration_changed(PORT);
	status(PORT, 2, false);
	status(PORT, 1, false);
	cluster_advance(fx->c, MS(100));
	ck_assert_uint_eq(cluster_count_signal(fx->c, "cti1", NULL, SIG_CtiDbDeviceReq, NULL, NULL),
			  1);
	ck_assert(app_told(0, "DeviceOutOfService CTIP_1 1003\n"));
	status(PORT, 2, true);
	ck_assert(app_told(0, "DeviceInService CTIP_1 2\n"));
}
END_TEST

/* ---- the database ---------------------------------------------------------------------------- */

static void database_says(DbResult result, bool allowed)
{
	const struct sdl_pid db = {
		.node = 1, .type = CTIM_DB_ACCESS, .app = SDL_APP_CTIMANAGER, .inst = 1
	};
	DeviceConfig config = DEVICE_CONFIG__INIT;
	CtiDbDeviceRes res = CTI_DB_DEVICE_RES__INIT;

	app_device_open(0, 2, PHONE, -1);
	ck_assert(app_told(0, "DeviceOutOfService " PHONE));
	app_forget(0);
	configuration_changed(PHONE);
	config.name = (char *)(uintptr_t)PHONE;
	config.kind = DEVICE_KIND__DEVICE_SCCP_PHONE;
	config.has_cti_allowed = true;
	config.cti_allowed = allowed;
	res.cookie = 1;
	res.name = config.name;
	res.result = result;
	res.device = result ? NULL : &config;
	say(db, PHONE, SIG_CtiDbDeviceRes, &res);
	cluster_advance(fx->c, SECONDS(1));
}

START_TEST(usr_07_a_waiting_device_that_is_removed_or_forbidden_is_closed)
{
	database_says(_i ? DB_RESULT__DB_OK : DB_RESULT__DB_NOT_FOUND, false);
	app_told_exactly(0, _i ? "DeviceClosed " PHONE " DEVICE_RESTRICTED\n"
			       : "DeviceClosed " PHONE " INVALID_DEVICE_NAME\n");
	app_device_open(0, 3, PHONE, -1);
	ck_assert(app_told(0, "Response 3 SUCCESS\n"));
}
END_TEST

/* ---- the end of a device --------------------------------------------------------------------- */

static bool is_closed(const void *msg, void *arg)
{
	(void)arg;
	return !strcmp(((const CtiDeviceCloseDeviceReq *)msg)->device, PORT);
}

static unsigned closes_at(const char *ccm)
{
	return cluster_count_signal(fx->c, ccm, NULL, SIG_CtiDeviceCloseDeviceReq, is_closed, NULL);
}

START_TEST(cmf_17_what_a_callmanager_makes_again_while_the_device_closes_is_closed_there_too)
{
	cti_open_port();
	cluster_mark(fx->c);
	first_leaves(PORT); /* ccm1 is asked to close it */
	opened(2, PORT, 9999);
	cluster_advance(fx->c, SECONDS(1));
	ck_assert_uint_eq(closes_at("ccm1"), 1);
	ck_assert_uint_eq(closes_at("ccm2"), 1);
}
END_TEST

START_TEST(a_device_that_closes_is_gone_with_the_callmanager_that_was_asked)
{
	cti_open_port();
	fx->ccm[1].mute = true;
	cluster_freeze(fx->c, "ccm1");
	first_leaves(PORT);
	status(PORT, 1, true);
	second_asks(PORT); /* kept until it is closed */
	cluster_advance(fx->c, MS(100));
	app_told_exactly(1, "");
	status(PORT, 1, false);
	cluster_kill(fx->c, "ccm1");
	ck_assert(app_told(1, "DeviceInService CTIP_1 2\n"));
}
END_TEST

START_TEST(usr_04_who_may_have_a_device_no_longer_loses_it_and_the_others_keep_it)
{
	CtiHandlerDeviceRelease m = CTI_HANDLER_DEVICE_RELEASE__INIT;

	cti_open_port();
	app_device_open(1, 2, PORT, -1);
	ck_assert(app_told(1, "DeviceInService CTIP_1 1\n"));
	app_forget(1);
	m.device = (char *)(uintptr_t)PORT;
	m.has_reason = true;
	m.reason = CTIERR_ACCESS_TO_DEVICE_DENIED;
	say(process("ivr"), PORT, SIG_CtiHandlerDeviceRelease, &m);
	ck_assert(app_told(0, "DeviceClosed CTIP_1 ACCESS_TO_DEVICE_DENIED\n"));
	cluster_advance(fx->c, SECONDS(1));
	app_told_exactly(1, "");
}
END_TEST

START_TEST(cmf_17_an_answer_that_nobody_waits_for_closes_nothing_that_is_being_opened)
{
	uint32_t async;

	fx->ccm[1].mute = true;
	post_open(0, 2, PORT, -1);
	async = asked_at("ccm1");
	opened(1, PORT, async + 1000);
	cluster_advance(fx->c, MS(100));
	ck_assert_uint_eq(closes_at("ccm1"), 0);
	opened(1, PORT, async);
	ck_assert(app_told(0, "DeviceInService CTIP_1 1\n"));
}
END_TEST

static void impatient(void)
{
	char why[100];

	cti_fixture_new(0);
	ck_assert_int_eq(param_set_parse(cluster_params(fx->c), PARAM_CTI_REQUEST_TIMER, "1", why,
					 sizeof(why)),
			 0);
	cti_fixture_start();
	app_provider_open(0, "ivr", "secret");
	app_forget(0);
}

START_TEST(a_device_whose_callmanager_never_answers_the_close_is_gone_after_a_while)
{
	cti_open_port();
	cluster_freeze(fx->c, "ccm1"); /* for less than its link would stand */
	first_leaves(PORT);
	cluster_advance(fx->c, MS(1500));
	cluster_thaw(fx->c, "ccm1");
	cluster_start(fx->c, "app1");
	app_provider_open(1, "super", "secret");
	app_device_open(1, 2, PORT, -1);
	ck_assert(app_told(1, "DeviceInService CTIP_1 1\n"));
}
END_TEST

/* ---- requests and events --------------------------------------------------------------------- */

/* The phone is at ccm1; ccm2 has not said yet that it knows of the interest. */
START_TEST(a_request_without_an_answer_ends_whatever_else_is_open)
{
	LineCallInitiate req = LINE_CALL_INITIATE__INIT;
	uint64_t line;

	fx->ccm[1].phone_here = fx->ccm[1].silent_calls = true;
	fx->ccm[2].mute = true;
	line = app_line_open(0, 3, app_device_open(0, 2, PHONE, -1), "1001");
	ck_assert(app_told(0, "LineInService 1001 1\n"));
	req.seq = 4;
	req.line_handle = line;
	req.called = (char *)(uintptr_t) "1002";
	app_send(0, SIG_LineCallInitiate, &req);
	ck_assert(app_told_within(0, "Response 4 TIMEOUT\n", SECONDS(3)));
}
END_TEST

/* The handler has not heard yet that it is over. */
START_TEST(a_request_about_a_call_that_is_just_over_is_refused_by_name)
{
	CtiCallNotify over = CTI_CALL_NOTIFY__INIT;
	CallRequest answer = CALL_REQUEST__INIT;

	cti_open_port();
	ccm_call(1, SIG_CtiNewCallNotify, PORT, "4001", 7, CTI_CALL_STATE__OFFERING);
	ck_assert(app_told(0, "NewCall 4001"));
	over.device = (char *)(uintptr_t)PORT;
	over.dn = (char *)(uintptr_t) "4001";
	over.ci = 7;
	answer.seq = 9;
	answer.call_handle = CALL(1, 7);
	say(registrar(1), PORT, SIG_CtiCallClosedNotify, &over);
	say(process("ivr"), "ivr", SIG_CallAnswer, &answer);
	ck_assert(app_told(0, "Response 9 CALLHANDLE_UNKNOWN_TO_LINECONTROL\n"));
	ck_assert_uint_eq(app_count(0, "CallClosed 4001"), 1);
}
END_TEST

START_TEST(events_of_lines_that_are_not_open_are_told_to_nobody)
{
	CtiMediaNotify media = CTI_MEDIA_NOTIFY__INIT;

	app_device_open(0, 2, PORT, -1);
	ck_assert(app_told(0, "DeviceInService CTIP_1 1\n"));
	app_forget(0);
	media.device = (char *)(uintptr_t)PORT;
	media.dn = (char *)(uintptr_t) "4001";
	media.ci = 7;
	ccm_tell(1, SIG_CtiStartReceptionNotify, &media);
	ccm_call(1, SIG_CtiNewCallNotify, PORT, "4001", 7, CTI_CALL_STATE__OFFERING);
	ccm_call(1, SIG_CtiNewCallNotify, PORT, "9999", 8, CTI_CALL_STATE__OFFERING);
	ccm_call(1, SIG_CtiCallStateNotify, PORT, "4001", 9, CTI_CALL_STATE__CONNECTED);
	cluster_advance(fx->c, SECONDS(1));
	app_told_exactly(0, "");
}
END_TEST

#define CASE(t) SUITE_CASE_WITH(t, up, cti_fixture_down)
#define LOOP(t, times)                                                                             \
	{                                                                                          \
		.name = #t, .test = (t), .setup = up, .teardown = cti_fixture_down,                \
		.loop_to = (times)                                                                 \
	}

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		LOOP(who_is_looked_up_while_the_last_other_opener_and_the_callmanager_go_gets_the_device,
		     2),
		CASE(who_is_looked_up_while_the_first_opener_that_was_looked_up_goes_gets_the_device),
		SUITE_CASE_WITH(
			a_turn_that_comes_while_the_only_opener_is_looked_up_is_asked_for_again,
			one_turn, cti_fixture_down),
		CASE(who_is_looked_up_as_the_device_comes_into_service_is_told_so_afterwards),
		LOOP(who_opens_a_device_that_a_callmanager_does_not_give_gets_it_from_the_next_one,
		     2),
		CASE(who_is_looked_up_while_the_next_callmanager_is_asked_gets_the_device_from_there),
		CASE(who_is_admitted_while_the_lines_of_the_device_are_opened_gets_it_with_them),
		CASE(a_phone_is_found_where_it_is_while_another_callmanager_does_not_answer),
		CASE(members_that_come_and_go_while_their_phone_is_looked_up_are_asked_again),
		CASE(a_phone_that_is_registered_where_it_was_has_not_moved),
		CASE(usr_07_a_callmanager_that_is_no_member_any_more_has_no_say),
		CASE(cmf_15_a_phone_that_registers_further_down_its_group_has_lost_its_callmanager),
		CASE(cmf_07_a_phone_is_sought_in_its_new_group_whatever_the_old_one_says_meanwhile),
		CASE(cmf_10_a_device_that_nobody_takes_is_looked_up_again_if_its_group_has_changed_meanwhile),
		CASE(a_device_that_closes_is_gone_with_the_callmanager_that_was_asked),
		CASE(usr_04_who_may_have_a_device_no_longer_loses_it_and_the_others_keep_it),
		CASE(a_request_about_a_call_that_is_just_over_is_refused_by_name),
		LOOP(usr_07_a_waiting_device_that_is_removed_or_forbidden_is_closed, 2),
		CASE(cmf_17_what_a_callmanager_makes_again_while_the_device_closes_is_closed_there_too),
		CASE(cmf_17_an_answer_that_nobody_waits_for_closes_nothing_that_is_being_opened),
		SUITE_CASE_WITH(
			a_device_whose_callmanager_never_answers_the_close_is_gone_after_a_while,
			impatient, cti_fixture_down),
		SUITE_CASE_WITH(a_request_without_an_answer_ends_whatever_else_is_open, impatient,
				cti_fixture_down),
		CASE(events_of_lines_that_are_not_open_are_told_to_nobody),
	};

	return suite_main(argc, argv, "cluster/test_device_line_mgr", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
