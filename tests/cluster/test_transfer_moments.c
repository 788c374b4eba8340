/* Transfers, conferences and parks, which change several legs at once, and what happens between two
 * signals of them: somebody hangs up, a node is lost, another one has plans of his own. Who asked is
 * answered once, and nothing is left over. */
#include "tests/lib/cm_cluster.h"
#include "tests/lib/moment.h"
#include "tests/lib/suite.h"

#include <stdlib.h>

static struct cm_cluster k;

static void up(void)
{
	cm_cluster_up(&k);
	cm_cluster_start(&k, 3);
	cm_plug_bridge(&k, 1);
	cm_plug_bridge(&k, 3);
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

/* ---- calls ---------------------------------------------------------------------------------- */

static void watch(const char *phone, const char *number)
{
	cm_open(&k, 1, 1, phone, MEDIA_REGISTRATION__NO_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, number, CTIERR_SUCCESS);
}

static void talk(const char *caller, const char *number, const char *called)
{
	cm_press(&k, caller, "call", number);
	SEES(called, RingIn);
	cm_press(&k, called, "answer", NULL);
	SEES(caller, Connected);
	cluster_advance(k.c, SECONDS(1));
}

/* A second call of B, whose first one is held. */
static uint32_t calls_too(const char *number, const char *phone)
{
	uint32_t ci;

	cm_press(&k, PHONE_B, "hold", NULL);
	SEES(PHONE_B, Hold);
	cm_press(&k, PHONE_B, "call", number);
	ci = cm_new_call(&k, 1, CTI_CALL_STATE__DIALTONE);
	SEES(phone, RingIn);
	cm_press(&k, phone, "answer", NULL);
	SEES(phone, Connected);
	cluster_advance(k.c, SECONDS(1));
	return ci;
}

/* B, watched by ctim1, is called by that phone, holds, and talks to the other one. */
struct two {
	uint32_t first, second;
};

static struct two two_calls(const char *first, const char *number, const char *second)
{
	struct two two;

	watch(PHONE_B, "1002");
	cm_press(&k, first, "call", "1002");
	two.first = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	SEES(PHONE_B, RingIn);
	cm_press(&k, PHONE_B, "answer", NULL);
	SEES(first, Connected);
	cluster_advance(k.c, SECONDS(1));
	two.second = calls_too(number, second);
	return two;
}

static void hang_up(const char *phone)
{
	cm_press(&k, phone, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
}

/* Those who have several calls, several times. */
static void hang_up_all(void)
{
	static const char *const all[] = { PHONE_A, PHONE_B, PHONE_C, PHONE_D };

	for (size_t i = 0; i < 12; i++)
		hang_up(all[i % 4]);
	cluster_advance(k.c, SECONDS(10));
}

/* ---- what is said within a turn of ccm1 ----------------------------------------------------- */

static const struct sdl_pid ctim1 = {
	.node = 1, .type = CTIM_CTI_MANAGER, .app = SDL_APP_CTIMANAGER, .inst = 1
};

#define ASYNC 9001

static void say(const char *phone, struct sdl_pid from, uint16_t number, const void *msg)
{
	cluster_enqueue(k.c, "ccm1", from, moment_process(k.c, "ccm1", "StationD", phone, NULL),
			number, msg);
}

static void app_says(const char *phone, uint16_t number, uint32_t ci, uint32_t other)
{
	CtiLineCallOthersReq req = CTI_LINE_CALL_OTHERS_REQ__INIT;

	req.async_response = ASYNC;
	req.ci = ci;
	req.other_ci = &other;
	req.n_other_ci = other != 0;
	say(phone, ctim1, number, &req);
}

static void phone_says(const char *phone, uint16_t number, const void *msg)
{
	cluster_allow_unexpected(k.c); /* it is told what becomes of what it did not ask for */
	say(phone, cluster_process(k.c, "phones", phone), number, msg);
}

static void goes_on_hook(const char *phone)
{
	StationHook hook = STATION_HOOK__INIT;

	phone_says(phone, SIG_StationOnHook, &hook);
}

/* The node dies, and ccm1 knows at once. */
static void dies_now(const char *name, uint8_t node)
{
	cluster_kill(k.c, name);
	moment_lose(k.c, "ccm1", node, SDL_APP_CALLMANAGER);
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

/* The one answer to what app_says() asked since the mark. */
static uint32_t answered(uint16_t number)
{
	struct answer a = { 0 };

	cluster_turn(k.c, "ccm1");
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(
		cluster_count_signal(k.c, "ctim1", NULL, (uint16_t)(number + 1), is_mine, &a), 1);
	return a.result;
}

static unsigned conferences(void)
{
	unsigned n = cm_processes(&k, 1, "Conference");

	return cluster_is_up(k.c, "ccm3") ? n + cm_processes(&k, 3, "Conference") : n;
}

/* ---- transfers ------------------------------------------------------------------------------ */

START_TEST(cal_03_a_transfer_fails_if_one_call_ends_while_the_other_is_being_locked)
{
	struct two two = two_calls(PHONE_D, "1003", PHONE_C);
	uint16_t number = SIG_CtiLineCallTransferDirectReq;

	cluster_mark(k.c);
	app_says(PHONE_B, number, two.first, two.second);
	moment_until(k.c, "ccm1", "LineCdpc", "transfer_request");
	dies_now("ccm3", 3);
	ck_assert_uint_eq(answered(number), CTIERR_TRANSFERFAILED);
	ck_assert_uint_eq(cm_processes(&k, 1, "Transfer"), 0);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 2);
	cm_press(&k, PHONE_B, "hold", NULL);
	SEES(PHONE_B, Hold);
	hang_up(PHONE_C);
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
	hang_up(PHONE_D);
}
END_TEST

/* A route point makes as many calls as it likes. */
static uint32_t point_calls(const char *number)
{
	cm_initiate(&k, 1, "5000", number, CTIERR_SUCCESS);
	return cm_new_call(&k, 1, CTI_CALL_STATE__DIALTONE);
}

static void open_point(void)
{
	cm_open(&k, 1, 1, "CTIRP_5000", MEDIA_REGISTRATION__DYNAMIC, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "5000", CTIERR_SUCCESS);
}

START_TEST(two_who_ring_are_not_connected_with_each_other)
{
	struct two two;
	uint32_t list[2] = { 0 };

	open_point();
	two.first = point_calls("1001");
	SEES(PHONE_A, RingIn);
	two.second = point_calls("1002");
	SEES(PHONE_B, RingIn);
	list[0] = two.second;
	cm_others(&k, 1, SIG_CtiLineCallTransferDirectReq, two.first, list, CTIERR_TRANSFERFAILED);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "call_received7"), 2);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "call_delivered4"), 2);
	cm_request(&k, 1, SIG_CtiLineCallDisconnectReq, two.first, CTIERR_SUCCESS);
	SEES(PHONE_A, OnHook);
	cm_request(&k, 1, SIG_CtiLineCallDisconnectReq, two.second, CTIERR_SUCCESS);
	SEES(PHONE_B, OnHook);
}
END_TEST

START_TEST(a_line_that_has_called_itself_is_not_transferred_to_itself)
{
	uint32_t calling, called, list[2] = { 0 };

	open_point();
	cm_post_initiate(&k, 1, "5000", "5000");
	calling = cm_new_call(&k, 1, CTI_CALL_STATE__DIALTONE);
	called = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, called, CTIERR_SUCCESS);
	cluster_advance(k.c, MS(100));
	list[0] = called;
	cm_others(&k, 1, SIG_CtiLineCallTransferDirectReq, calling, list, CTIERR_TRANSFERFAILED);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 2);
	cm_request(&k, 1, SIG_CtiLineCallDisconnectReq, calling, CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
}
END_TEST

START_TEST(a_call_that_has_not_reached_anybody_yet_is_not_transferred)
{
	uint32_t first, second, list[2] = { 0 };

	watch(PHONE_B, "1002");
	talk(PHONE_A, "1002", PHONE_B);
	first = k.driver[1].ci;
	cm_press(&k, PHONE_B, "hold", NULL);
	SEES(PHONE_B, Hold);
	cluster_freeze(k.c, "ccm3");
	cm_initiate(&k, 1, "1002", "1004", CTIERR_SUCCESS);
	second = cm_new_call(&k, 1, CTI_CALL_STATE__DIALTONE);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "outgoing_call_proceeding3"), 1);
	list[0] = second;
	cm_others(&k, 1, SIG_CtiLineCallTransferDirectReq, first, list,
		  CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "hold"), 1);
	cluster_thaw(k.c, "ccm3");
	SEES(PHONE_D, RingIn);
	hang_up(PHONE_B);
	SEES(PHONE_D, OnHook);
	hang_up(PHONE_A);
}
END_TEST

START_TEST(cal_01_who_is_transferred_to_a_port_that_has_not_accepted_yet_waits_for_it)
{
	uint32_t held, consult, offered, list[2] = { 0 };

	cm_open(&k, 2, 2, "CTIP_1", MEDIA_REGISTRATION__STATIC, CTIERR_SUCCESS);
	cm_open_line(&k, 2, "6001", CTIERR_SUCCESS);
	watch(PHONE_B, "1002");
	talk(PHONE_A, "1002", PHONE_B);
	held = k.driver[1].ci;
	cm_to(&k, 1, SIG_CtiLineCallTransferSetupReq, held, "6001", CTIERR_SUCCESS);
	consult = cm_new_call(&k, 1, CTI_CALL_STATE__DIALTONE);
	offered = cm_new_call(&k, 2, CTI_CALL_STATE__OFFERING);
	list[0] = consult;
	cm_others(&k, 1, SIG_CtiLineCallTransferCompleteReq, held, list, CTIERR_SUCCESS);
	SEES(PHONE_A, Proceed);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "outgoing_call_proceeding3"), 1);
	ck_assert_uint_eq(cm_legs_in(&k, 2, "call_present6"), 1);
	cm_request(&k, 2, SIG_CtiLineCallAcceptReq, offered, CTIERR_SUCCESS);
	SEES(PHONE_A, RingOut);
	cm_request(&k, 2, SIG_CtiLineCallAnswerReq, offered, CTIERR_SUCCESS);
	SEES(PHONE_A, Connected);
	hang_up(PHONE_A);
}
END_TEST

/* A CallManager that names a peer at a node that there cannot be. */
START_TEST(a_new_peer_at_no_node_is_refused_and_the_call_goes_on)
{
	CcTransfer req = CC_TRANSFER__INIT;
	struct sdl_pid nowhere = { .node = 200, .type = 13, .app = SDL_APP_CALLMANAGER, .inst = 1 };
	struct sdl_pid d, a;

	talk(PHONE_D, "1001", PHONE_A);
	d = moment_process(k.c, "ccm3", "LineCdpc", NULL, "active10");
	a = moment_process(k.c, "ccm1", "LineCdpc", NULL, "active10");
	req.new_peer = sdl_pid_pack(nowhere);
	req.number = (char *)(uintptr_t) "1002";
	req.from = (char *)(uintptr_t) "1004";
	req.reason = FEATURE_REASON__TRANSFER;
	cluster_mark(k.c);
	cluster_enqueue(k.c, "ccm1", d, a, SIG_CcTransferReq, &req);
	cluster_turn(k.c, "ccm1");
	ck_assert_uint_eq(cluster_count_signal(k.c, "ccm3", NULL, SIG_CcTransferRes, NULL, NULL),
			  1);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 1);
	hang_up(PHONE_A);
	ck_assert_uint_eq(cm_legs(&k, 3), 0);
}
END_TEST

/* ---- conferences ---------------------------------------------------------------------------- */

/* Whatever comes of it, the two who stay have each other, or nobody has anybody. */
static void at_rest(void)
{
	unsigned legs;

	cluster_advance(k.c, SECONDS(15));
	ck_assert_uint_eq(cm_processes(&k, 1, "Join"), 0);
	ck_assert_uint_eq(cm_processes(&k, 1, "Transfer"), 0);
	legs = cm_legs(&k, 1);
	ck_assert_uint_eq(conferences(), 0);
	ck_assert_msg(legs == 0 || legs == 2, "%u legs", legs);
}

START_TEST(cal_01_whoever_hangs_up_while_a_conference_is_made_is_not_in_it)
{
	struct two two = two_calls(PHONE_A, "1003", PHONE_C);
	const char *leaves = _i % 2 ? PHONE_A : PHONE_C;

	cluster_mark(k.c);
	app_says(PHONE_B, SIG_CtiLineCallJoinReq, two.first, two.second);
	moment_steps(k.c, "ccm1", _i / 2);
	goes_on_hook(leaves);
	answered(SIG_CtiLineCallJoinReq);
	SEES(leaves, OnHook);
	at_rest();
	hang_up_all();
}
END_TEST

START_TEST(cal_03_a_node_that_is_lost_while_a_conference_is_made_is_not_in_it)
{
	struct two two = two_calls(PHONE_D, "1003", PHONE_C);

	cluster_mark(k.c);
	app_says(PHONE_B, SIG_CtiLineCallJoinReq, two.first, two.second);
	moment_steps(k.c, "ccm1", _i);
	dies_now("ccm3", 3);
	ck_assert_uint_ne(answered(SIG_CtiLineCallJoinReq), CTIERR_SUCCESS);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 2);
	at_rest();
	hang_up_all();
}
END_TEST

/* B's call to the conference, and another one to D. */
START_TEST(a_conference_that_is_ending_takes_nobody)
{
	struct two two = two_calls(PHONE_A, "1003", PHONE_C);
	const uint32_t others[] = { two.second, 0 };
	SdlLinkStatus gone = SDL_LINK_STATUS__INIT;
	struct sdl_pid conference;
	uint32_t call, result;

	cm_others(&k, 1, SIG_CtiLineCallJoinReq, two.first, others, CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(2));
	call = calls_too("1004", PHONE_D);
	conference = moment_process(k.c, "ccm1", "Conference", NULL, NULL);
	gone.node = 101;
	gone.app = SDL_APP_PHONES;
	cluster_mark(k.c);
	/* Its bridge is lost. */
	cluster_enqueue(k.c, "ccm1", ctim1, conference, SIG_SdlLinkOutOfService, &gone);
	moment_steps(k.c, "ccm1", _i);
	app_says(PHONE_B, SIG_CtiLineCallJoinReq, two.first, call);
	result = answered(SIG_CtiLineCallJoinReq);
	ck_assert_uint_ne(result, CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(5));
	ck_assert_uint_eq(cm_processes(&k, 1, "Join"), 0);
	ck_assert_uint_eq(cm_legs_in(&k, 3, "active10"), 1); /* D talks on */
	hang_up_all();
	ck_assert_uint_eq(conferences(), 0);
}
END_TEST

START_TEST(conferences_are_not_chained_by_a_transfer_or_a_join)
{
	struct two two = two_calls(PHONE_A, "1003", PHONE_C);
	uint32_t list[] = { two.second, 0 }, other;

	cm_others(&k, 1, SIG_CtiLineCallJoinReq, two.first, list, CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(2));
	cm_press(&k, PHONE_B, "hold", NULL);
	SEES(PHONE_B, Hold);
	/* D confers with B and a port. */
	cm_open(&k, 2, 2, "CTIP_1", MEDIA_REGISTRATION__STATIC, CTIERR_SUCCESS);
	cm_open_line(&k, 2, "6001", CTIERR_SUCCESS);
	cm_press(&k, PHONE_D, "call", "1002");
	other = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	SEES(PHONE_B, RingIn);
	cm_press(&k, PHONE_B, "answer", NULL);
	SEES(PHONE_D, Connected);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_D, "conference", "6001");
	cm_request(&k, 2, SIG_CtiLineCallAnswerReq, cm_new_call(&k, 2, CTI_CALL_STATE__OFFERING),
		   CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_D, "conference", NULL);
	cluster_advance(k.c, SECONDS(2));
	ck_assert_uint_eq(conferences(), 2);
	list[0] = other;
	cm_others(&k, 1, SIG_CtiLineCallJoinReq, two.first, list,
		  CTIERR_CONFERENCE_INVALID_PARTICIPANT);
	cm_others(&k, 1, SIG_CtiLineCallTransferDirectReq, two.first, list, CTIERR_TRANSFERFAILED);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(conferences(), 2);
	hang_up_all();
	ck_assert_uint_eq(conferences(), 0);
}
END_TEST

START_TEST(two_conferences_of_one_user_are_not_joined)
{
	struct two two = two_calls(PHONE_A, "1003", PHONE_C);
	uint32_t list[] = { two.second, 0 }, other;

	cm_others(&k, 1, SIG_CtiLineCallJoinReq, two.first, list, CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(2));
	cm_open(&k, 2, 2, "CTIP_1", MEDIA_REGISTRATION__STATIC, CTIERR_SUCCESS);
	cm_open_line(&k, 2, "6001", CTIERR_SUCCESS);
	other = calls_too("1004", PHONE_D);
	cm_to(&k, 1, SIG_CtiLineCallConferenceSetupReq, other, "6001", CTIERR_SUCCESS);
	list[0] = cm_new_call(&k, 1, CTI_CALL_STATE__DIALTONE);
	cm_request(&k, 2, SIG_CtiLineCallAnswerReq, cm_new_call(&k, 2, CTI_CALL_STATE__OFFERING),
		   CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(1));
	cm_others(&k, 1, SIG_CtiLineCallConferenceCompleteReq, other, list, CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(2));
	ck_assert_uint_eq(conferences(), 2);
	list[0] = other;
	cm_others(&k, 1, SIG_CtiLineCallJoinReq, two.first, list,
		  CTIERR_CONFERENCE_INVALID_PARTICIPANT);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(conferences(), 2);
	hang_up_all();
	ck_assert_uint_eq(conferences(), 0);
}
END_TEST

/* ---- somebody else -------------------------------------------------------------------------- */

/* To the newest process of that type, when it is in that state. */
static void stranger_tells(const char *type, const char *state, uint16_t number, const void *msg)
{
	const struct sdl_pid stranger = {
		.node = 1, .type = 13, .app = SDL_APP_CALLMANAGER, .inst = 9999
	};

	moment_until(k.c, "ccm1", type, state);
	cluster_enqueue(k.c, "ccm1", stranger, moment_process(k.c, "ccm1", type, NULL, state),
			number, msg);
}

START_TEST(cal_01_a_join_listens_to_its_own_legs_from_beginning_to_end)
{
	struct two two = two_calls(PHONE_A, "1003", PHONE_C);
	CcJoinInit init = CC_JOIN_INIT__INIT;
	CcTransferResult res = CC_TRANSFER_RESULT__INIT;

	init.dn = (char *)(uintptr_t) "1002";
	cluster_mark(k.c);
	app_says(PHONE_B, SIG_CtiLineCallJoinReq, two.first, two.second);
	stranger_tells("Join", "locking", SIG_CcJoinInit, &init);
	stranger_tells("Join", "committing", SIG_CcTransferRes, &res);
	ck_assert_uint_eq(answered(SIG_CtiLineCallJoinReq), CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(conferences(), 1);
	hang_up_all();
}
END_TEST

START_TEST(cal_01_a_transfer_listens_to_its_own_legs_from_beginning_to_end)
{
	struct two two = two_calls(PHONE_A, "1003", PHONE_C);
	CcTransferInit init = CC_TRANSFER_INIT__INIT;
	CcTransferResult res = CC_TRANSFER_RESULT__INIT;

	init.dn = (char *)(uintptr_t) "1002";
	cluster_mark(k.c);
	app_says(PHONE_B, SIG_CtiLineCallTransferDirectReq, two.first, two.second);
	stranger_tells("Transfer", "locking", SIG_CcTransferInit, &init);
	stranger_tells("Transfer", "committing", SIG_CcTransferRes, &res);
	ck_assert_uint_eq(answered(SIG_CtiLineCallTransferDirectReq), CTIERR_SUCCESS);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 2);
	hang_up(PHONE_A);
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
}
END_TEST

START_TEST(a_conference_that_is_ending_ends_when_its_manager_says_so)
{
	struct two two = two_calls(PHONE_A, "1003", PHONE_C);
	const uint32_t others[] = { two.second, 0 };
	SdlLinkStatus gone = SDL_LINK_STATUS__INIT;
	CcConferenceAdd add = CC_CONFERENCE_ADD__INIT;

	cm_others(&k, 1, SIG_CtiLineCallJoinReq, two.first, others, CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(2));
	gone.node = 101;
	gone.app = SDL_APP_PHONES;
	cluster_enqueue(k.c, "ccm1", ctim1, moment_process(k.c, "ccm1", "Conference", NULL, NULL),
			SIG_SdlLinkOutOfService, &gone);
	stranger_tells("Conference", "ending", SIG_CcConferenceAddReq, &add);
	stranger_tells("Conference", "ending", SIG_CcConferenceGoneAck, NULL);
	cluster_turn(k.c, "ccm1");
	ck_assert_uint_eq(conferences(), 0);
	hang_up_all();
}
END_TEST

/* ---- parks ---------------------------------------------------------------------------------- */

static unsigned slots(const char *state)
{
	return cm_processes_in(&k, 1, "ParkSlot", state);
}

START_TEST(a_parked_party_that_hangs_up_while_it_is_being_parked_is_not_parked)
{
	watch(PHONE_A, "1001");
	talk(PHONE_B, "1001", PHONE_A);
	cluster_mark(k.c);
	app_says(PHONE_A, SIG_CtiLineCallParkReq, k.driver[1].ci, 0);
	moment_steps(k.c, "ccm1", _i);
	goes_on_hook(PHONE_B);
	answered(SIG_CtiLineCallParkReq);
	SEES(PHONE_B, OnHook);
	ck_assert_uint_eq(slots(NULL), 0);
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
	/* The number is free. */
	talk(PHONE_B, "1001", PHONE_A);
	cm_request(&k, 1, SIG_CtiLineCallParkReq, k.driver[1].ci, CTIERR_SUCCESS);
	ck_assert_uint_eq(slots("parked"), 1);
	hang_up(PHONE_B);
}
END_TEST

/* D has agreed; its node is lost before the slot has looked at that. */
START_TEST(cal_03_a_party_whose_node_is_lost_in_the_moment_of_its_parking_is_not_parked)
{
	CcTransferResult agreed = CC_TRANSFER_RESULT__INIT;
	struct sdl_pid d, leg;

	watch(PHONE_A, "1001");
	talk(PHONE_D, "1001", PHONE_A);
	d = moment_process(k.c, "ccm3", "LineCdpc", NULL, "active10");
	leg = moment_process(k.c, "ccm1", "LineCdpc", NULL, "active10");
	cluster_mark(k.c);
	app_says(PHONE_A, SIG_CtiLineCallParkReq, k.driver[1].ci, 0);
	moment_until(k.c, "ccm1", "ParkSlot", "preparing");
	moment_steps(k.c, "ccm1", 1); /* D's leg is asked */
	agreed.has_stand = true;
	agreed.stand = LEG_STAND__STAND_CONNECTED;
	cluster_enqueue(k.c, "ccm1", d, leg, SIG_CcTransferRes, &agreed);
	moment_steps(k.c, "ccm1", 1);
	dies_now("ccm3", 3);
	answered(SIG_CtiLineCallParkReq);
	ck_assert_uint_eq(slots(NULL), 0);
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
	hang_up(PHONE_D);
}
END_TEST

/* B, watched, is parked by A, and asks C. */
static struct two b_is_parked_and_asks_c(void)
{
	struct two two;

	watch(PHONE_B, "1002");
	cm_press(&k, PHONE_B, "call", "1001");
	two.first = cm_new_call(&k, 1, CTI_CALL_STATE__DIALTONE);
	SEES(PHONE_A, RingIn);
	cm_press(&k, PHONE_A, "answer", NULL);
	SEES(PHONE_B, Connected);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_A, "park", NULL);
	SEES(PHONE_A, OnHook);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_B, "transfer", "1003");
	two.second = cm_new_call(&k, 1, CTI_CALL_STATE__DIALTONE);
	SEES(PHONE_C, RingIn);
	cm_press(&k, PHONE_C, "answer", NULL);
	SEES(PHONE_C, Connected);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(slots("parked"), 1);
	return two;
}

static void a_dials_8801(void)
{
	StationEnblocCall enbloc = STATION_ENBLOC_CALL__INIT;

	enbloc.called_party = (char *)(uintptr_t) "8801";
	phone_says(PHONE_A, SIG_StationEnblocCall, &enbloc);
}

/* Negative: A is so many signals earlier. */
START_TEST(cal_01_a_parked_party_that_transfers_while_it_is_retrieved_does_one_of_them_or_stays)
{
	struct two two = b_is_parked_and_asks_c();
	uint16_t number = SIG_CtiLineCallTransferCompleteReq;
	bool transferred, retrieved;

	cluster_mark(k.c);
	if (_i < 0)
		a_dials_8801();
	else
		app_says(PHONE_B, number, two.first, two.second);
	moment_steps(k.c, "ccm1", abs(_i));
	if (_i < 0)
		app_says(PHONE_B, number, two.first, two.second);
	else
		a_dials_8801();
	transferred = answered(number) == CTIERR_SUCCESS;
	retrieved = slots(NULL) == 0;
	if (retrieved && transferred) { /* one after the other: A has C */
		ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 2);
		ck_assert_uint_eq(cm_legs(&k, 1), 2);
	} else if (retrieved) { /* A has B's held call; B asks C */
		ck_assert_uint_eq(cm_legs(&k, 1), 4);
	} else {
		ck_assert_uint_eq(slots("parked"), 1);
	}
	hang_up_all();
	ck_assert_uint_eq(slots(NULL), 0);
}
END_TEST

START_TEST(cal_03_a_parked_party_whose_phone_is_gone_while_it_transfers_is_not_parked_any_more)
{
	struct two two = b_is_parked_and_asks_c();
	uint16_t number = SIG_CtiLineCallTransferCompleteReq;
	struct sdl_pid station = moment_process(k.c, "ccm1", "StationD", PHONE_B, NULL);

	cluster_mark(k.c);
	app_says(PHONE_B, number, two.first, two.second);
	moment_until(k.c, "ccm1", "ParkSlot", "moving");
	cluster_enqueue(k.c, "ccm1", station, station, SIG_StationKeepAliveTimer, NULL);
	ck_assert_uint_ne(answered(number), CTIERR_SUCCESS);
	ck_assert_uint_eq(slots(NULL), 0);
	SEES(PHONE_C, OnHook);
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
}
END_TEST

START_TEST(cal_02_a_third_node_means_nothing_to_a_parked_party_that_transfers)
{
	struct two two = b_is_parked_and_asks_c();
	uint16_t number = SIG_CtiLineCallTransferCompleteReq;

	cluster_mark(k.c);
	app_says(PHONE_B, number, two.first, two.second);
	moment_until(k.c, "ccm1", "ParkSlot", "moving");
	dies_now("ccm2", 2);
	ck_assert_uint_eq(answered(number), CTIERR_SUCCESS);
	ck_assert_uint_eq(slots("parked"), 1);
	SEES(PHONE_B, OnHook);
	ck_assert_uint_eq(cm_legs(&k, 1), 1);
	hang_up(PHONE_C);
	ck_assert_uint_eq(slots(NULL), 0);
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
		CASE(cal_03_a_transfer_fails_if_one_call_ends_while_the_other_is_being_locked),
		CASE(two_who_ring_are_not_connected_with_each_other),
		CASE(a_line_that_has_called_itself_is_not_transferred_to_itself),
		CASE(a_call_that_has_not_reached_anybody_yet_is_not_transferred),
		CASE(cal_01_who_is_transferred_to_a_port_that_has_not_accepted_yet_waits_for_it),
		CASE(a_new_peer_at_no_node_is_refused_and_the_call_goes_on),
		CASES(cal_01_whoever_hangs_up_while_a_conference_is_made_is_not_in_it, 0, 80),
		CASES(cal_03_a_node_that_is_lost_while_a_conference_is_made_is_not_in_it, 1, 20),
		CASES(a_conference_that_is_ending_takes_nobody, 0, 30),
		CASE(conferences_are_not_chained_by_a_transfer_or_a_join),
		CASE(two_conferences_of_one_user_are_not_joined),
		CASE(cal_01_a_join_listens_to_its_own_legs_from_beginning_to_end),
		CASE(cal_01_a_transfer_listens_to_its_own_legs_from_beginning_to_end),
		CASE(a_conference_that_is_ending_ends_when_its_manager_says_so),
		CASES(a_parked_party_that_hangs_up_while_it_is_being_parked_is_not_parked, 0, 20),
		CASE(cal_03_a_party_whose_node_is_lost_in_the_moment_of_its_parking_is_not_parked),
		CASES(cal_01_a_parked_party_that_transfers_while_it_is_retrieved_does_one_of_them_or_stays,
		      -20, 20),
		CASE(cal_03_a_parked_party_whose_phone_is_gone_while_it_transfers_is_not_parked_any_more),
		CASE(cal_02_a_third_node_means_nothing_to_a_parked_party_that_transfers),
	};

	return suite_main(argc, argv, "cluster/test_transfer_moments", cases,
			  sizeof cases / sizeof cases[0]);
}
