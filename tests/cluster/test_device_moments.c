/* Devices within one turn of a CallManager: what comes while they register, move and leave; and devices
 * that have two lines, or none. */
#include "tests/lib/cm_cluster.h"
#include "tests/lib/moment.h"
#include "tests/lib/suite.h"

#include <stdlib.h>

static struct cm_cluster k;
static struct db_error err;

#define OK(call)     ck_assert_msg((call) == 0, "%s", err.text)
#define STATIC_MEDIA MEDIA_REGISTRATION__STATIC
#define NO_LINE	     "SEP0000000000E0"

/* C forwards to 1002 while it is registered nowhere, and has a second line; one phone has none. */
static void up(void)
{
	const struct db_line_spec c = { .index = 1, .dn = "1003", .cfur = "1002" };
	const struct db_line_spec second = { .index = 2, .dn = "1013" };
	const struct db_device_spec none = { .name = NO_LINE,
					     .model = DB_MODEL_7960,
					     .device_pool = "P12" };

	cm_cluster_up(&k);
	OK(db_change_line(k.db, PHONE_C, &c, &err));
	OK(db_add_line(k.db, PHONE_C, &second, &err));
	OK(db_add_device(k.db, &none, &err));
	cm_cluster_start(&k, 3);
	cm_plug_all(&k);
}

static void down(void)
{
	cluster_advance(k.c, SECONDS(1));
	cm_cluster_down(&k);
}

#define SEES(phone, what)                                                                          \
	ck_assert_msg(cm_phone_sees(&k, phone, STATION_CALL_STATE_VALUE__##what, SECONDS(3)),      \
		      "%s does not show " #what, phone)

static void hang_up(const char *phone)
{
	cm_press(&k, phone, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
}

/* All programs that have calls go; in time the calls do, too. */
static void all_go(void)
{
	cluster_kill(k.c, "ctim1");
	cluster_kill(k.c, "phones");
	cluster_advance(k.c, SECONDS(120));
}

/* ---- what is said within a turn ------------------------------------------------------------- */

static const struct sdl_pid ctim1 = {
	.node = 1, .type = CTIM_CTI_MANAGER, .app = SDL_APP_CTIMANAGER, .inst = 1
};
/* Its program has gone while its request was on its way. */
static const struct sdl_pid nobody = {
	.node = 9, .type = CTIM_CTI_MANAGER, .app = SDL_APP_CTIMANAGER, .inst = 1
};

#define ASYNC 9001

static struct sdl_pid registrar(uint8_t node)
{
	return (struct sdl_pid){
		.node = node, .type = CM_CTI_REGISTRAR, .app = SDL_APP_CALLMANAGER, .inst = 1
	};
}

static struct sdl_pid port(const char *name)
{
	return moment_process(k.c, "ccm2", "CTIStationD", name, NULL);
}

static void rest(const char *program)
{
	cluster_turn(k.c, program);
	cluster_advance(k.c, SECONDS(1));
}

struct answer {
	uint32_t result;
};

static bool is_mine(const void *msg, void *arg)
{
	const CtiLineCallRes *res = msg;
	struct answer *a = arg;

	if (res->async_response != ASYNC)
		return false;
	a->result = res->result;
	return true;
}

static uint32_t answered(const char *program, uint16_t number)
{
	struct answer a = { 0 };

	rest(program);
	ck_assert_uint_eq(cluster_count_signal(k.c, "ctim1", NULL, number, is_mine, &a), 1);
	return a.result;
}

static unsigned told(uint16_t number)
{
	return cluster_count_signal(k.c, "ctim1", NULL, number, NULL, NULL);
}

/* ---- ports with two lines, or none ---------------------------------------------------------- */

static CtiDeviceOpenDeviceReq open_req(DeviceConfig *config, LineConfig line[2],
				       LineConfig *list[2], size_t lines)
{
	static uint32_t group[] = { 1, 2 };
	CtiDeviceOpenDeviceReq req = CTI_DEVICE_OPEN_DEVICE_REQ__INIT;

	device_config__init(config);
	config->name = (char *)(uintptr_t) "CTIP_1";
	config->kind = DEVICE_KIND__DEVICE_CTI_PORT;
	config->group = group;
	config->n_group = 2;
	config->line = list;
	config->n_line = lines;
	for (size_t i = 0; i < lines; i++) {
		line_config__init(&line[i]);
		line[i].index = (uint32_t)i + 1;
		line[i].dn = (char *)(uintptr_t)(i ? "6009" : "6001");
		list[i] = &line[i];
	}
	req.async_response = ASYNC;
	req.device = config;
	req.has_registration = req.has_ip = req.has_port = true;
	req.registration = STATIC_MEDIA;
	req.ip = 0x7f010096;
	req.port = 4000;
	return req;
}

static void open_with(size_t lines)
{
	LineConfig line[2], *list[2];
	DeviceConfig config;
	CtiDeviceOpenDeviceReq req = open_req(&config, line, list, lines);

	k.driver[1].node = 2;
	cm_ask(&k, 1, SIG_CtiDeviceOpenDeviceReq, &req, CTIERR_SUCCESS);
	if (lines > 0)
		cm_open_line(&k, 1, "6001", CTIERR_SUCCESS);
	if (lines > 1)
		cm_open_line(&k, 1, "6009", CTIERR_SUCCESS);
	cluster_advance(k.c, MS(100));
	cluster_mark(k.c);
}

static void feed_rehome(bool cancel)
{
	CtiDeviceRehomeReq req = CTI_DEVICE_REHOME_REQ__INIT;

	req.device = (char *)(uintptr_t) "CTIP_1";
	req.target_node = 1;
	req.has_cancel = req.cancel = cancel;
	cluster_enqueue(k.c, "ccm2", ctim1, registrar(2), SIG_CtiDeviceRehomeReq, &req);
}

START_TEST(cmf_07_prt_01_a_port_with_two_lines_or_none_moves_as_a_whole)
{
	open_with((size_t)_i);
	feed_rehome(false);
	rest("ccm2");
	ck_assert_uint_eq(told(SIG_CtiDeviceUnregisterNotify), 1);
	ck_assert_uint_eq(cm_processes(&k, 2, "CTIStationD"), 0);
	ck_assert_uint_eq(cm_processes(&k, 2, "LineControl"), 0);
}
END_TEST

static void feed_call(const char *from, const char *number)
{
	CtiLineCallInitiateReq req = CTI_LINE_CALL_INITIATE_REQ__INIT;

	req.async_response = ASYNC;
	req.dn = (char *)(uintptr_t)(from[5] == '1' ? "6001" : "6002");
	req.called = (char *)(uintptr_t)number;
	cluster_enqueue(k.c, "ccm2", ctim1, port(from), SIG_CtiLineCallInitiateReq, &req);
}

static void second_port(void)
{
	cm_open(&k, 1, 2, "CTIP_2", STATIC_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "6002", CTIERR_SUCCESS);
}

/* Negative: so many signals before. Either the port has gone, or it stays with both of its lines. */
START_TEST(cmf_08_cmf_16_a_port_to_one_of_whose_lines_a_call_comes_stays_with_both)
{
	second_port();
	open_with(2);
	if (_i < 0)
		feed_rehome(false);
	else
		feed_call("CTIP_2", "6001");
	moment_steps(k.c, "ccm2", abs(_i));
	if (_i < 0)
		feed_call("CTIP_2", "6001");
	else
		feed_rehome(false);
	rest("ccm2");
	if (told(SIG_CtiDeviceUnregisterNotify) == 0) {
		ck_assert_uint_eq(cm_legs_in(&k, 2, "call_present6"), 1);
		cm_press(&k, PHONE_A, "call", "6009");
		cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	}
	all_go();
}
END_TEST

START_TEST(cmf_07_a_port_that_is_told_twice_to_move_moves_once)
{
	open_with(1);
	feed_rehome(false);
	feed_rehome(false);
	rest("ccm2");
	ck_assert_uint_eq(told(SIG_CtiDeviceUnregisterNotify), 1);
	ck_assert_uint_eq(cm_processes(&k, 2, "CTIStationD"), 0);
}
END_TEST

START_TEST(cmf_16_a_port_that_need_not_move_any_more_stays_and_takes_calls)
{
	open_with(1);
	feed_rehome(false);
	feed_rehome(true);
	rest("ccm2");
	ck_assert_uint_eq(told(SIG_CtiDeviceUnregisterNotify), 0);
	cm_press(&k, PHONE_A, "call", "6001");
	cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	hang_up(PHONE_A);
}
END_TEST

/* ---- ports that leave ----------------------------------------------------------------------- */

START_TEST(cmf_16_a_port_that_is_on_its_way_makes_no_call)
{
	uint32_t result;

	open_with(1);
	feed_rehome(false);
	moment_until(k.c, "ccm2", "CTIStationD", "leaving");
	moment_steps(k.c, "ccm2", _i);
	feed_call("CTIP_1", "1001");
	result = answered("ccm2", SIG_CtiLineCallInitiateRes);
	ck_assert_msg(result == CTIERR_LINE_OUT_OF_SERVICE, "%s", cti_error_name(result));
	ck_assert_uint_eq(cm_legs(&k, 2), 0);
	ck_assert_uint_eq(cm_processes(&k, 2, "CTIStationD"), 0);
}
END_TEST

START_TEST(who_closes_a_port_that_is_on_its_way_is_told_that_it_is_closed)
{
	CtiDeviceCloseDeviceReq req = CTI_DEVICE_CLOSE_DEVICE_REQ__INIT;

	open_with(1);
	feed_rehome(false);
	moment_until(k.c, "ccm2", "CTIStationD", "leaving");
	req.async_response = ASYNC;
	req.device = (char *)(uintptr_t) "CTIP_1";
	req.owner = (char *)(uintptr_t) "ivr/1";
	cluster_enqueue(k.c, "ccm2", ctim1, registrar(2), SIG_CtiDeviceCloseDeviceReq, &req);
	ck_assert_uint_eq(answered("ccm2", SIG_CtiDeviceCloseDeviceRes), CTIERR_SUCCESS);
	/* It has closed its own part only, and hears where the device goes. */
	ck_assert_uint_eq(told(SIG_CtiDeviceUnregisterNotify), 1);
}
END_TEST

START_TEST(apf_03_a_call_that_comes_as_the_last_one_closes_its_port_does_not_stay_there)
{
	CtiDeviceCloseDeviceReq req = CTI_DEVICE_CLOSE_DEVICE_REQ__INIT;

	second_port();
	open_with(1);
	feed_call("CTIP_2", "6001");
	moment_steps(k.c, "ccm2", _i);
	req.async_response = ASYNC;
	req.device = (char *)(uintptr_t) "CTIP_1";
	cluster_enqueue(k.c, "ccm2", ctim1, registrar(2), SIG_CtiDeviceCloseDeviceReq, &req);
	ck_assert_uint_eq(answered("ccm2", SIG_CtiDeviceCloseDeviceRes), CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(6));
	ck_assert_uint_eq(cm_processes(&k, 2, "CTIStationD"), 1);
	ck_assert_uint_eq(cm_legs_in(&k, 2, "call_present6"), 0);
	all_go();
}
END_TEST

START_TEST(an_open_whose_ctimanager_has_gone_leaves_the_device_as_it_was)
{
	LineConfig line[2], *list[2];
	DeviceConfig config;
	CtiDeviceOpenDeviceReq req = open_req(&config, line, list, 1);
	CtiLineOpenLineReq line_req = CTI_LINE_OPEN_LINE_REQ__INIT;

	if (_i)
		open_with(1);
	cluster_enqueue(k.c, "ccm2", nobody, registrar(2), SIG_CtiDeviceOpenDeviceReq, &req);
	rest("ccm2");
	ck_assert_uint_eq(cm_processes(&k, 2, "CTIStationD"), _i ? 1 : 0);
	if (!_i)
		return;
	line_req.async_response = ASYNC;
	line_req.dn = (char *)(uintptr_t) "6001";
	cluster_enqueue(k.c, "ccm2", nobody, port("CTIP_1"), SIG_CtiLineOpenLineReq, &line_req);
	rest("ccm2");
	cm_press(&k, PHONE_A, "call", "6001");
	cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	hang_up(PHONE_A);
	/* It was no opener: with the one there is, the device goes. */
	cm_close(&k, 1, 2, "CTIP_1");
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_processes(&k, 2, "CTIStationD"), 0);
}
END_TEST

/* ---- media of ports ------------------------------------------------------------------------- */

/* A calls the port, at ccm1, which answers. */
static uint32_t port_talks(MediaRegistration media)
{
	uint32_t ci;

	cm_open(&k, 1, 1, "CTIP_1", media, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "6001", CTIERR_SUCCESS);
	cm_press(&k, PHONE_A, "call", "6001");
	ci = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, ci, CTIERR_SUCCESS);
	SEES(PHONE_A, Connected);
	cluster_advance(k.c, SECONDS(1));
	return ci;
}

START_TEST(apf_03_a_held_call_whose_media_nobody_terminates_any_more_ends_when_it_is_retrieved)
{
	CtiDeviceCloseDeviceReq req = CTI_DEVICE_CLOSE_DEVICE_REQ__INIT;
	uint32_t ci = port_talks(STATIC_MEDIA), cause = 0;

	cm_request(&k, 1, SIG_CtiLineCallHoldReq, ci, CTIERR_SUCCESS);
	req.device = (char *)(uintptr_t) "CTIP_1";
	req.owner = (char *)(uintptr_t) "ivr/1";
	cm_ask(&k, 1, SIG_CtiDeviceCloseDeviceReq, &req, CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "hold"), 1);
	cm_to(&k, 1, SIG_CtiLineCallTransferSetupReq, ci, "1002", CTIERR_RESOURCE_NOT_AVAILABLE);
	cm_request(&k, 1, SIG_CtiLineCallRetrieveReq, ci, CTIERR_SUCCESS);
	ck_assert(cm_call_state(&k, 1, ci, CTI_CALL_STATE__IDLE, &cause, SECONDS(1)));
	ck_assert_uint_eq(cause, CAUSE_CALL_RESOURCESNAVAIL);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 0);
	hang_up(PHONE_A);
}
END_TEST

START_TEST(ctf_07_ctf_09_a_call_is_held_and_resumed_while_no_ctimanager_has_the_port)
{
	port_talks(STATIC_MEDIA);
	cluster_kill(k.c, "ctim1");
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_A, "hold", NULL);
	SEES(PHONE_A, Hold);
	cm_press(&k, PHONE_A, "resume", NULL);
	SEES(PHONE_A, Connected);
	ck_assert(cm_phone_gets(&k, PHONE_A, SIG_StationStartMediaTransmission, SECONDS(1)));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 2);
	hang_up(PHONE_A);
	cluster_advance(k.c, SECONDS(120));
}
END_TEST

START_TEST(ctf_09_an_address_that_the_dead_application_did_not_give_the_next_one_gives)
{
	port_talks(MEDIA_REGISTRATION__DYNAMIC);
	cluster_kill(k.c, "ctim1");
	cluster_advance(k.c, MS(100));
	cm_open(&k, 2, 1, "CTIP_1", STATIC_MEDIA, CTIERR_SUCCESS);
	ck_assert(cm_phone_gets(&k, PHONE_A, SIG_StationStartMediaTransmission, SECONDS(1)));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 2);
	hang_up(PHONE_A);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(prt_03_a_port_that_talks_holds_no_other_call_to_ask_somebody)
{
	uint32_t held = port_talks(STATIC_MEDIA), talks;

	cm_request(&k, 1, SIG_CtiLineCallHoldReq, held, CTIERR_SUCCESS);
	cm_press(&k, PHONE_B, "call", "6001");
	talks = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, talks, CTIERR_SUCCESS);
	SEES(PHONE_B, Connected);
	cm_to(&k, 1, SIG_CtiLineCallTransferSetupReq, held, "1003", CTIERR_CALL_ALREADY_EXISTS);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "hold"), 1);
	hang_up(PHONE_A);
	hang_up(PHONE_B);
}
END_TEST

/* ---- phones --------------------------------------------------------------------------------- */

static struct sdl_pid station(const char *phone)
{
	return moment_process(k.c, "ccm1", "StationD", phone, NULL);
}

static void is_lost(const char *phone)
{
	cluster_enqueue(k.c, "ccm1", station(phone), station(phone), SIG_StationKeepAliveTimer,
			NULL);
}

static void says(const char *phone, uint16_t number, const void *msg)
{
	cluster_allow_unexpected(k.c); /* it is told what becomes of what it did not ask for */
	cluster_enqueue(k.c, "ccm1", cluster_process(k.c, "phones", phone), station(phone), number,
			msg);
}

START_TEST(cal_01_a_call_to_a_phone_that_is_just_lost_forwards_or_ends)
{
	StationEnblocCall call = STATION_ENBLOC_CALL__INIT;

	call.called_party = (char *)(uintptr_t) "1003";
	cluster_mark(k.c);
	if (_i < 0)
		says(PHONE_A, SIG_StationEnblocCall, &call);
	else
		is_lost(PHONE_C);
	moment_steps(k.c, "ccm1", abs(_i));
	if (_i < 0)
		is_lost(PHONE_C);
	else
		says(PHONE_A, SIG_StationEnblocCall, &call);
	rest("ccm1");
	ck_assert_uint_eq(cm_processes(&k, 1, "StationD"), 2);
	/* As one that is registered nowhere; or it rang, and does not any more. */
	if (cm_legs_in(&k, 1, "call_received7") == 1)
		SEES(PHONE_B, RingIn);
	else
		ck_assert_uint_eq(cm_legs_in(&k, 1, "call_delivered4"), 0);
	hang_up(PHONE_A);
	hang_up(PHONE_A);
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
}
END_TEST

START_TEST(cal_03_a_phone_that_is_lost_as_it_asks_somebody_leaves_no_call)
{
	CtiLineCallToReq req = CTI_LINE_CALL_TO_REQ__INIT;

	cm_open(&k, 1, 1, PHONE_B, MEDIA_REGISTRATION__NO_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "1002", CTIERR_SUCCESS);
	cm_press(&k, PHONE_B, "call", "1001");
	req.ci = cm_new_call(&k, 1, CTI_CALL_STATE__DIALTONE);
	SEES(PHONE_A, RingIn);
	cm_press(&k, PHONE_A, "answer", NULL);
	SEES(PHONE_B, Connected);
	cluster_advance(k.c, SECONDS(1));
	req.async_response = ASYNC;
	req.destination = (char *)(uintptr_t) "1004";
	cluster_mark(k.c);
	cluster_enqueue(k.c, "ccm1", ctim1, station(PHONE_B), SIG_CtiLineCallTransferSetupReq,
			&req);
	moment_steps(k.c, "ccm1", _i);
	is_lost(PHONE_B);
	answered("ccm1", SIG_CtiLineCallTransferSetupRes);
	cluster_advance(k.c, SECONDS(2));
	hang_up(PHONE_A);
	ck_assert_uint_eq(cm_legs(&k, 1) + cm_legs(&k, 3), 0);
}
END_TEST

/* Whose other side goes on hook, or is sent on, while the line is asked for the second call. */
START_TEST(a_consult_call_for_a_call_that_is_over_or_leaves_is_not_made)
{
	CtiLineCallToReq req = CTI_LINE_CALL_TO_REQ__INIT;
	CtiLineCallRedirectReq redirect = CTI_LINE_CALL_REDIRECT_REQ__INIT;

	cm_open(&k, 1, 1, PHONE_B, MEDIA_REGISTRATION__NO_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "1002", CTIERR_SUCCESS);
	cm_press(&k, PHONE_A, "call", "1002");
	SEES(PHONE_B, RingIn);
	cm_press(&k, PHONE_B, "answer", NULL);
	SEES(PHONE_A, Connected);
	cluster_advance(k.c, SECONDS(1));
	req.ci = redirect.ci = k.driver[1].ci;
	req.async_response = ASYNC;
	req.destination = (char *)(uintptr_t) "1004";
	redirect.async_response = ASYNC + 1;
	redirect.destination = (char *)(uintptr_t) "1003";
	cluster_mark(k.c);
	cluster_enqueue(k.c, "ccm1", ctim1, station(PHONE_B), SIG_CtiLineCallTransferSetupReq,
			&req);
	moment_steps(k.c, "ccm1", _i / 2);
	if (_i % 2) {
		cluster_enqueue(k.c, "ccm1", ctim1, station(PHONE_B), SIG_CtiLineCallRedirectReq,
				&redirect);
	} else {
		StationHook hook = STATION_HOOK__INIT;

		says(PHONE_A, SIG_StationOnHook, &hook);
	}
	answered("ccm1", SIG_CtiLineCallTransferSetupRes);
	cluster_advance(k.c, SECONDS(1));
	for (int round = 0; round < 2; round++) {
		hang_up(PHONE_A);
		hang_up(PHONE_B);
		hang_up(PHONE_C);
	}
	ck_assert_uint_eq(cm_legs(&k, 1) + cm_legs(&k, 3), 0);
}
END_TEST

/* A call for its second line comes as it asks to go: it stays with both. */
START_TEST(cmf_15_a_phone_that_would_leave_stays_with_both_lines_if_a_call_comes_to_one)
{
	StationUnregister leaves = STATION_UNREGISTER__INIT;
	StationEnblocCall call = STATION_ENBLOC_CALL__INIT;

	call.called_party = (char *)(uintptr_t) "1013";
	cluster_mark(k.c);
	says(PHONE_A, SIG_StationEnblocCall, &call);
	moment_steps(k.c, "ccm1", _i);
	says(PHONE_C, SIG_StationUnregister, &leaves);
	rest("ccm1");
	if (cm_legs_in(&k, 1, "call_received7")) {
		hang_up(PHONE_A);
		cm_press(&k, PHONE_A, "call", "1003");
		SEES(PHONE_C, RingIn);
	} else {
		ck_assert_uint_eq(cm_processes(&k, 1, "StationD"), 2);
	}
	hang_up(PHONE_A);
	hang_up(PHONE_A);
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
}
END_TEST

START_TEST(a_phone_without_a_line_registers_and_leaves)
{
	StationUnregister leaves = STATION_UNREGISTER__INIT;
	unsigned before = cm_processes(&k, 1, "StationD");

	cm_plug(&k, NO_LINE);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_processes(&k, 1, "StationD"), before + 1);
	cluster_mark(k.c);
	says(NO_LINE, SIG_StationUnregister, &leaves);
	cluster_turn(k.c, "ccm1");
	ck_assert_uint_eq(
		cluster_count_signal(k.c, "phones", NO_LINE, SIG_StationUnregisterAck, NULL, NULL),
		1);
	ck_assert_uint_eq(cm_processes(&k, 1, "StationD"), before);
}
END_TEST

static void registers_from_nowhere(const char *phone, uint8_t door)
{
	struct sdl_pid from = { .node = 109, .type = 10, .app = SDL_APP_PHONES, .inst = 1 };
	struct sdl_pid to = { .node = 1, .type = door, .app = SDL_APP_CALLMANAGER, .inst = 1 };
	StationRegister reg = STATION_REGISTER__INIT;

	reg.device_name = (char *)(uintptr_t)phone;
	cluster_enqueue(k.c, "ccm1", from, to, SIG_StationRegister, &reg);
	rest("ccm1");
}

START_TEST(a_phone_whose_program_has_gone_before_it_is_registered_is_registered_nowhere)
{
	unsigned before = cm_processes(&k, 1, "StationD");

	registers_from_nowhere(NO_LINE, CM_STATION_INIT);
	ck_assert_uint_eq(cm_processes(&k, 1, "StationD"), before);
}
END_TEST

START_TEST(a_bridge_whose_program_has_gone_before_it_is_registered_is_no_bridge)
{
	uint32_t list[2] = { 0 }, first;

	registers_from_nowhere("CFB_9", CM_MEDIA_RESOURCE_MANAGER);
	cm_open(&k, 1, 1, PHONE_B, MEDIA_REGISTRATION__NO_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "1002", CTIERR_SUCCESS);
	cm_press(&k, PHONE_A, "call", "1002");
	SEES(PHONE_B, RingIn);
	cm_press(&k, PHONE_B, "answer", NULL);
	SEES(PHONE_A, Connected);
	first = k.driver[1].ci;
	cm_press(&k, PHONE_B, "hold", NULL);
	SEES(PHONE_B, Hold);
	cm_press(&k, PHONE_B, "call", "1003");
	list[0] = cm_new_call(&k, 1, CTI_CALL_STATE__DIALTONE);
	SEES(PHONE_C, RingIn);
	cm_press(&k, PHONE_C, "answer", NULL);
	SEES(PHONE_B, Connected);
	cm_others(&k, 1, SIG_CtiLineCallJoinReq, first, list, CTIERR_NO_CONFERENCE_BRIDGE);
	hang_up(PHONE_A);
	hang_up(PHONE_B);
	hang_up(PHONE_B);
}
END_TEST

START_TEST(dev_12_data_of_a_phone_that_are_too_long_reach_nobody)
{
	static uint8_t bytes[2001];
	StationDeviceData data = STATION_DEVICE_DATA__INIT;

	cm_open(&k, 1, 1, PHONE_A, MEDIA_REGISTRATION__NO_MEDIA, CTIERR_SUCCESS);
	cluster_advance(k.c, MS(100));
	data.data.data = bytes;
	data.data.len = sizeof bytes - (size_t)_i;
	cluster_mark(k.c);
	says(PHONE_A, SIG_StationDeviceToUserData, &data);
	rest("ccm1");
	ck_assert_uint_eq(told(SIG_CtiDeviceDataPassThroughNotify), (unsigned)_i);
}
END_TEST

/* Those of the line that is opened, not of the other one. */
START_TEST(ctf_03_the_snapshot_of_a_line_has_its_own_calls)
{
	cm_press(&k, PHONE_A, "call", "1013");
	SEES(PHONE_C, RingIn);
	cm_press(&k, PHONE_B, "call", "1003");
	cluster_advance(k.c, SECONDS(1));
	cm_open(&k, 1, 1, PHONE_C, MEDIA_REGISTRATION__NO_MEDIA, CTIERR_SUCCESS);
	cluster_advance(k.c, MS(100));
	cm_open_line(&k, 1, "1003", CTIERR_SUCCESS);
	cluster_advance(k.c, MS(100));
	ck_assert_uint_eq(told(SIG_CtiExistingCallNotify), 1);
	ck_assert_uint_eq(told(SIG_CtiExistingCallCompletedNotify), 1);
	hang_up(PHONE_A);
	hang_up(PHONE_B);
}
END_TEST

START_TEST(cal_06_of_two_who_watch_a_line_the_one_that_closes_it_hears_no_more)
{
	CtiLineCloseLineReq req = CTI_LINE_CLOSE_LINE_REQ__INIT;

	for (unsigned ctim = 1; ctim <= 2; ctim++) {
		cm_open(&k, ctim, 1, PHONE_A, MEDIA_REGISTRATION__NO_MEDIA, CTIERR_SUCCESS);
		cm_open_line(&k, ctim, "1001", CTIERR_SUCCESS);
	}
	req.dn = (char *)(uintptr_t) "1001";
	cm_ask(&k, 1, SIG_CtiLineCloseLineReq, &req, CTIERR_SUCCESS);
	cm_press(&k, PHONE_B, "call", "1001");
	cm_new_call(&k, 2, CTI_CALL_STATE__OFFERING);
	ck_assert_uint_eq(told(SIG_CtiNewCallNotify), 0);
	hang_up(PHONE_B);
}
END_TEST

#define CASE(t) SUITE_CASE_WITH(t, up, down)
#define CASES(t, from, to)                                                                         \
	{                                                                                          \
		.name = #t, .test = (t), .setup = up, .teardown = down, .loop_from = (from),       \
		.loop_to = (to)                                                                    \
	}

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		CASES(cmf_07_prt_01_a_port_with_two_lines_or_none_moves_as_a_whole, 0, 3),
		CASES(cmf_08_cmf_16_a_port_to_one_of_whose_lines_a_call_comes_stays_with_both, -8,
		      16),
		CASE(cmf_07_a_port_that_is_told_twice_to_move_moves_once),
		CASE(cmf_16_a_port_that_need_not_move_any_more_stays_and_takes_calls),
		CASES(cmf_16_a_port_that_is_on_its_way_makes_no_call, 0, 6),
		CASE(who_closes_a_port_that_is_on_its_way_is_told_that_it_is_closed),
		CASES(apf_03_a_call_that_comes_as_the_last_one_closes_its_port_does_not_stay_there,
		      0, 16),
		CASES(an_open_whose_ctimanager_has_gone_leaves_the_device_as_it_was, 0, 2),
		CASE(apf_03_a_held_call_whose_media_nobody_terminates_any_more_ends_when_it_is_retrieved),
		CASE(ctf_07_ctf_09_a_call_is_held_and_resumed_while_no_ctimanager_has_the_port),
		CASE(ctf_09_an_address_that_the_dead_application_did_not_give_the_next_one_gives),
		CASE(prt_03_a_port_that_talks_holds_no_other_call_to_ask_somebody),
		CASES(cal_01_a_call_to_a_phone_that_is_just_lost_forwards_or_ends, -12, 12),
		CASES(cal_03_a_phone_that_is_lost_as_it_asks_somebody_leaves_no_call, 0, 14),
		CASES(a_consult_call_for_a_call_that_is_over_or_leaves_is_not_made, 0, 16),
		CASES(cmf_15_a_phone_that_would_leave_stays_with_both_lines_if_a_call_comes_to_one,
		      0, 16),
		CASE(a_phone_without_a_line_registers_and_leaves),
		CASE(a_phone_whose_program_has_gone_before_it_is_registered_is_registered_nowhere),
		CASE(a_bridge_whose_program_has_gone_before_it_is_registered_is_no_bridge),
		CASES(dev_12_data_of_a_phone_that_are_too_long_reach_nobody, 0, 2),
		CASE(ctf_03_the_snapshot_of_a_line_has_its_own_calls),
		CASE(cal_06_of_two_who_watch_a_line_the_one_that_closes_it_hears_no_more),
	};

	return suite_main(argc, argv, "cluster/test_device_moments", cases,
			  sizeof cases / sizeof cases[0]);
}
