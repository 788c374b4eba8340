/* Legs: digits that come too late or are too many, media that cannot be, two who send each other on at
 * once, and what is said by somebody who has no part in the call. */
#include "tests/lib/cm_cluster.h"
#include "tests/lib/moment.h"
#include "tests/lib/suite.h"

static struct cm_cluster k;

static void up(void)
{
	cm_cluster_up(&k);
	cm_cluster_start(&k, 3);
	cm_plug_bridge(&k, 1);
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

static const struct sdl_pid ctim1 = {
	.node = 1, .type = CTIM_CTI_MANAGER, .app = SDL_APP_CTIMANAGER, .inst = 1
};

static void hang_up(const char *phone)
{
	cm_press(&k, phone, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
}

static void talk(const char *caller, const char *number, const char *called)
{
	cm_press(&k, caller, "call", number);
	SEES(called, RingIn);
	cm_press(&k, called, "answer", NULL);
	SEES(caller, Connected);
	cluster_advance(k.c, SECONDS(1));
}

static void watch(const char *phone, const char *number)
{
	cm_open(&k, 1, 1, phone, MEDIA_REGISTRATION__NO_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, number, CTIERR_SUCCESS);
}

static struct sdl_pid leg_in(const char *state)
{
	return moment_process(k.c, "ccm1", "LineCdpc", NULL, state);
}

static void phone_says(const char *phone, uint16_t number, const void *msg)
{
	cluster_allow_unexpected(k.c); /* it is told what becomes of what it did not ask for */
	cluster_enqueue(k.c, "ccm1", cluster_process(k.c, "phones", phone),
			moment_process(k.c, "ccm1", "StationD", phone, NULL), number, msg);
}

static void presses(const char *phone, char key)
{
	StationKeypadButton button = STATION_KEYPAD_BUTTON__INIT;

	button.button = (uint32_t)key;
	phone_says(phone, SIG_StationKeypadButton, &button);
	cluster_turn(k.c, "ccm1");
}

/* ---- digits --------------------------------------------------------------------------------- */

START_TEST(cal_01_a_digit_too_many_does_not_change_where_the_call_goes)
{
	cluster_freeze(k.c, "ccm3");
	cm_press(&k, PHONE_A, "call", "1004");
	cluster_advance(k.c, MS(500));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "overlap_sending2"), 1);
	presses(PHONE_A, '9');
	cluster_mark(k.c);
	cluster_thaw(k.c, "ccm3");
	SEES(PHONE_D, RingIn);
	hang_up(PHONE_A);
}
END_TEST

START_TEST(a_pound_key_alone_is_no_number)
{
	cm_press(&k, PHONE_A, "offhook", NULL);
	cluster_advance(k.c, SECONDS(1));
	presses(PHONE_A, '#');
	cluster_advance(k.c, MS(100));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "disconnect_request11"), 1);
	hang_up(PHONE_A);
}
END_TEST

START_TEST(more_digits_than_a_number_can_have_end_the_call)
{
	static char digits[] = "1234567890123456789012345678901234567890";
	CtiLineCallDigitsReq req = CTI_LINE_CALL_DIGITS_REQ__INIT;
	struct sdl_pid station = moment_process(k.c, "ccm1", "StationD", PHONE_A, NULL);

	watch(PHONE_A, "1001");
	cm_press(&k, PHONE_A, "offhook", NULL);
	req.ci = cm_new_call(&k, 1, CTI_CALL_STATE__DIALTONE);
	cluster_advance(k.c, SECONDS(1));
	req.digits = digits;
	for (uint32_t i = 0; i < 2; i++) {
		req.async_response = 9001 + i;
		cluster_enqueue(k.c, "ccm1", ctim1, station, SIG_CtiLineCallDialReq, &req);
	}
	cluster_turn(k.c, "ccm1");
	cluster_advance(k.c, MS(100));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "disconnect_request11"), 1);
	hang_up(PHONE_A);
}
END_TEST

/* ---- nodes ---------------------------------------------------------------------------------- */

START_TEST(cal_03_a_call_to_a_node_that_is_lost_as_it_is_looked_up_ends)
{
	StationEnblocCall enbloc = STATION_ENBLOC_CALL__INIT;

	enbloc.called_party = (char *)(uintptr_t) "1004";
	phone_says(PHONE_A, SIG_StationEnblocCall, &enbloc);
	moment_steps(k.c, "ccm1", _i);
	cluster_kill(k.c, "ccm3");
	moment_lose(k.c, "ccm1", 3, SDL_APP_CALLMANAGER);
	cluster_turn(k.c, "ccm1");
	ck_assert_uint_eq(cm_legs_in(&k, 1, "outgoing_call_proceeding3"), 0);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "call_delivered4"), 0);
	hang_up(PHONE_A);
	hang_up(PHONE_A);
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
}
END_TEST

/* ---- media ---------------------------------------------------------------------------------- */

static bool both_talk(struct cluster *c, void *arg)
{
	(void)c;
	(void)arg;
	return cm_legs_in(&k, 1, "active10") == 2;
}

START_TEST(a_phone_that_cannot_listen_has_no_call)
{
	StationOpenReceiveChannelAck ack = STATION_OPEN_RECEIVE_CHANNEL_ACK__INIT;

	watch(PHONE_A, "1001");
	cm_press(&k, PHONE_A, "call", "1002");
	ack.call_reference = cm_new_call(&k, 1, CTI_CALL_STATE__DIALTONE);
	SEES(PHONE_B, RingIn);
	cm_press(&k, PHONE_B, "answer", NULL);
	ck_assert(cluster_until(k.c, both_talk, NULL, SECONDS(1)));
	ack.status = 1;
	phone_says(PHONE_A, SIG_StationOpenReceiveChannelAck, &ack);
	cluster_turn(k.c, "ccm1");
	SEES(PHONE_A, OnHook);
	SEES(PHONE_B, OnHook);
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
}
END_TEST

/* ---- two at once ---------------------------------------------------------------------------- */

static bool is_outstanding(const void *msg, void *arg)
{
	(void)arg;
	return ((const CtiLineCallRes *)msg)->result == CTIERR_TRANSFERFAILED_OUTSTANDING_TRANSFER;
}

START_TEST(cal_03_of_two_who_send_each_other_on_at_once_neither_goes)
{
	uint16_t answer = SIG_CtiLineCallTransferBlindRes;
	uint32_t first, second;

	cm_open(&k, 1, 1, "CTIP_1", MEDIA_REGISTRATION__STATIC, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "6001", CTIERR_SUCCESS);
	cm_open(&k, 2, 2, "CTIP_2", MEDIA_REGISTRATION__STATIC, CTIERR_SUCCESS);
	cm_open_line(&k, 2, "6002", CTIERR_SUCCESS);
	cm_initiate(&k, 1, "6001", "6002", CTIERR_SUCCESS);
	second = cm_new_call(&k, 2, CTI_CALL_STATE__OFFERING);
	cm_request(&k, 2, SIG_CtiLineCallAnswerReq, second, CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(1));
	first = k.driver[1].ci;
	cluster_freeze(k.c, "ccm1");
	cluster_freeze(k.c, "ccm2");
	cm_post_to(&k, 1, SIG_CtiLineCallTransferBlindReq, first, "1001");
	cluster_advance(k.c, MS(10));
	cm_post_to(&k, 2, SIG_CtiLineCallTransferBlindReq, second, "1002");
	cluster_advance(k.c, MS(10));
	cluster_thaw(k.c, "ccm1");
	cluster_thaw(k.c, "ccm2");
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cluster_count_signal(k.c, "ctim1", NULL, answer, is_outstanding, NULL),
			  1);
	ck_assert_uint_eq(cluster_count_signal(k.c, "ctim2", NULL, answer, is_outstanding, NULL),
			  1);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 1);
	ck_assert_uint_eq(cm_legs_in(&k, 2, "active10"), 1);
	cm_request(&k, 1, SIG_CtiLineCallDisconnectReq, first, CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

/* ---- somebody else -------------------------------------------------------------------------- */

static const struct sdl_pid stranger = {
	.node = 2, .type = 13, .app = SDL_APP_CALLMANAGER, .inst = 9999
};

static void stranger_tells(struct sdl_pid to, uint16_t number, const void *msg)
{
	cluster_enqueue(k.c, "ccm1", stranger, to, number, msg);
	cluster_turn(k.c, "ccm1");
}

START_TEST(cal_02_a_call_minds_neither_strangers_nor_nodes_that_it_does_not_need)
{
	CcDtmf dtmf = CC_DTMF__INIT;
	CcConsultEnd end = CC_CONSULT_END__INIT;
	SdlLinkStatus lost = SDL_LINK_STATUS__INIT;
	struct sdl_pid leg;

	talk(PHONE_D, "1001", PHONE_A);
	leg = leg_in("active10");
	dtmf.digits = (char *)(uintptr_t) "5";
	end.has_lost = true;
	end.lost = CAUSE_CALL_CALLMANAGER_FAILURE;
	lost.node = 2;
	lost.app = SDL_APP_CALLMANAGER;
	cluster_mark(k.c);
	stranger_tells(leg, SIG_CcDtmfInd, &dtmf);
	stranger_tells(leg, SIG_CcConsultEndInd, &end);
	stranger_tells(leg, SIG_CcPeerLostInd, NULL);
	stranger_tells(leg, SIG_SdlLinkOutOfService, &lost);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 1);
	/* No key was heard: the device was told of none. */
	ck_assert_uint_eq(cluster_count_signal(k.c, "ccm1", PHONE_A, SIG_CcDtmfInd, NULL, NULL), 0);
	cm_press(&k, PHONE_A, "hold", NULL);
	SEES(PHONE_A, Hold);
	hang_up(PHONE_D);
}
END_TEST

START_TEST(a_call_that_is_on_its_way_waits_for_the_line_that_it_calls_alone)
{
	CcSetupAck ack = CC_SETUP_ACK__INIT;
	CcSetupRej rej = CC_SETUP_REJ__INIT;
	struct sdl_pid leg;

	watch(PHONE_A, "1001");
	cluster_freeze(k.c, "ccm3");
	cm_initiate(&k, 1, "1001", "1004", CTIERR_SUCCESS);
	cluster_advance(k.c, MS(100));
	leg = leg_in("outgoing_call_proceeding3");
	ack.setup = rej.setup = 99;
	ack.dn = (char *)(uintptr_t) "1002";
	stranger_tells(leg, SIG_CcSetupAck, &ack);
	stranger_tells(leg, SIG_CcSetupRej, &rej);
	stranger_tells(leg, SIG_CcAlertInd, NULL);
	stranger_tells(leg, SIG_CcConnectInd, NULL);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "outgoing_call_proceeding3"), 1);
	cluster_mark(k.c);
	cluster_thaw(k.c, "ccm3");
	SEES(PHONE_D, RingIn);
	hang_up(PHONE_A);
	ck_assert_uint_eq(cm_legs(&k, 3), 0);
}
END_TEST

START_TEST(cal_01_a_redirect_is_over_when_the_other_side_says_so_and_nobody_else)
{
	CcRedirectResult done = CC_REDIRECT_RESULT__INIT;

	watch(PHONE_A, "1001");
	talk(PHONE_D, "1001", PHONE_A);
	cluster_freeze(k.c, "ccm3");
	cm_post_redirect(&k, 1, k.driver[1].ci, "1002");
	cluster_advance(k.c, MS(100));
	stranger_tells(leg_in("redirect_request"), SIG_CcRedirectRes, &done);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "redirect_request"), 1);
	cluster_mark(k.c);
	cluster_thaw(k.c, "ccm3");
	SEES(PHONE_B, RingIn);
	SEES(PHONE_A, OnHook);
	hang_up(PHONE_D);
}
END_TEST

/* The bridge's own program is there. */
/* It registers anew, and takes its own place. */
static void bridge_registers_again(struct sdl_pid manager)
{
	StationRegister reg = STATION_REGISTER__INIT;

	reg.device_name = (char *)(uintptr_t) "CFB_1";
	cluster_enqueue(k.c, "ccm1", cluster_process(k.c, "phones", "CFB_1"), manager,
			SIG_StationRegister, &reg);
	cluster_turn(k.c, "ccm1");
}

START_TEST(a_bridge_does_not_mind_the_end_of_another_program_of_phones)
{
	const struct sdl_pid manager =
		moment_process(k.c, "ccm1", "MediaResourceManager", NULL, NULL);
	SdlLinkStatus lost = SDL_LINK_STATUS__INIT;

	lost.node = 103;
	lost.app = SDL_APP_PHONES;
	stranger_tells(manager, SIG_SdlLinkOutOfService, &lost);
	bridge_registers_again(manager);
	talk(PHONE_A, "1002", PHONE_B);
	cm_press(&k, PHONE_B, "conference", "1003");
	SEES(PHONE_C, RingIn);
	cm_press(&k, PHONE_C, "answer", NULL);
	SEES(PHONE_C, Connected);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_B, "conference", NULL);
	cluster_advance(k.c, SECONDS(2));
	ck_assert_uint_eq(cm_processes(&k, 1, "Conference"), 1);
	hang_up(PHONE_A);
	hang_up(PHONE_B);
	hang_up(PHONE_C);
}
END_TEST

#define CASE(t) SUITE_CASE_WITH(t, up, down)

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		CASE(cal_01_a_digit_too_many_does_not_change_where_the_call_goes),
		CASE(a_pound_key_alone_is_no_number),
		CASE(more_digits_than_a_number_can_have_end_the_call),
		{ .name = "cal_03_a_call_to_a_node_that_is_lost_as_it_is_looked_up_ends",
		  .test = cal_03_a_call_to_a_node_that_is_lost_as_it_is_looked_up_ends,
		  .setup = up,
		  .teardown = down,
		  .loop_to = 14 },
		CASE(a_phone_that_cannot_listen_has_no_call),
		CASE(cal_03_of_two_who_send_each_other_on_at_once_neither_goes),
		CASE(cal_02_a_call_minds_neither_strangers_nor_nodes_that_it_does_not_need),
		CASE(a_call_that_is_on_its_way_waits_for_the_line_that_it_calls_alone),
		CASE(cal_01_a_redirect_is_over_when_the_other_side_says_so_and_nobody_else),
		CASE(a_bridge_does_not_mind_the_end_of_another_program_of_phones),
	};

	return suite_main(argc, argv, "cluster/test_leg_moments", cases,
			  sizeof cases / sizeof cases[0]);
}
