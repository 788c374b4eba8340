/* Shared lines within one turn of a CallManager: who answers and hangs up at once, who is lost between
 * two signals, and what is said by those whom nobody asked. */
#include "tests/lib/cm_cluster.h"
#include "tests/lib/moment.h"
#include "tests/lib/suite.h"

static struct cm_cluster k;

#define OK(call) ck_assert_msg((call) == 0, "%s", err.text)

/* 1002 is B's and C's at ccm1, and D's at ccm3; A calls from ccm1. */
static void up(void)
{
	const struct db_line_spec line = { .index = 1, .dn = "1002", .busy_trigger = 1 };
	struct db_error err = { 0 };

	cm_cluster_up(&k);
	OK(db_change_line(k.db, PHONE_B, &line, &err));
	OK(db_change_line(k.db, PHONE_C, &line, &err));
	OK(db_change_line(k.db, PHONE_D, &line, &err));
	cm_cluster_start(&k, 3);
	cm_plug_all(&k);
}

static void down(void)
{
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_processes(&k, 1, "SharedLine"), 0);
	cm_cluster_down(&k);
}

#define SEES(phone, what)                                                                          \
	ck_assert_msg(cm_phone_sees(&k, phone, STATION_CALL_STATE_VALUE__##what, SECONDS(3)),      \
		      "%s does not show " #what, phone)

static void all_ring(void)
{
	cm_press(&k, PHONE_A, "call", "1002");
	SEES(PHONE_B, RingIn);
	SEES(PHONE_C, RingIn);
	SEES(PHONE_D, RingIn);
	SEES(PHONE_A, RingOut);
	cluster_advance(k.c, MS(100));
}

static void hang_up(const char *phone)
{
	cm_press(&k, phone, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
}

/* All that there is ends: nothing of calls is left. */
static void hang_up_all(void)
{
	static const char *const all[] = { PHONE_A, PHONE_B, PHONE_C, PHONE_D };

	for (size_t i = 0; i < 8; i++)
		hang_up(all[i % 4]);
}

/* ---- what is said within a turn of ccm1 ----------------------------------------------------- */

static struct sdl_pid station(const char *phone)
{
	return moment_process(k.c, "ccm1", "StationD", phone, NULL);
}

static void phone_says(const char *phone, uint16_t number, const void *msg)
{
	cluster_allow_unexpected(k.c); /* it is told what becomes of what it did not ask for */
	cluster_enqueue(k.c, "ccm1", cluster_process(k.c, "phones", phone), station(phone), number,
			msg);
}

static void presses(const char *phone, StationSoftKey key)
{
	StationSoftKeyEvent event = STATION_SOFT_KEY_EVENT__INIT;

	event.key = key;
	phone_says(phone, SIG_StationSoftKeyEvent, &event);
}

static void a_calls(void)
{
	StationEnblocCall enbloc = STATION_ENBLOC_CALL__INIT;

	enbloc.called_party = (char *)(uintptr_t) "1002";
	phone_says(PHONE_A, SIG_StationEnblocCall, &enbloc);
}

static void a_goes_on_hook(void)
{
	StationHook hook = STATION_HOOK__INIT;

	phone_says(PHONE_A, SIG_StationOnHook, &hook);
}

static void dies_now(const char *name, uint8_t node)
{
	cluster_kill(k.c, name);
	moment_lose(k.c, "ccm1", node, SDL_APP_CALLMANAGER);
}

static void rest(void)
{
	cluster_turn(k.c, "ccm1");
	cluster_advance(k.c, SECONDS(1));
}

static unsigned legs_in(const char *state)
{
	unsigned n = cm_legs_in(&k, 1, state);

	return cluster_is_up(k.c, "ccm3") ? n + cm_legs_in(&k, 3, state) : n;
}

/* ---- answers -------------------------------------------------------------------------------- */

static const struct sdl_pid ctim1 = {
	.node = 1, .type = CTIM_CTI_MANAGER, .app = SDL_APP_CTIMANAGER, .inst = 1
};

static void app_asks_b(uint16_t number, uint32_t ci)
{
	CtiLineCallReq req = CTI_LINE_CALL_REQ__INIT;

	req.async_response = 9001;
	req.ci = ci;
	cluster_enqueue(k.c, "ccm1", ctim1, station(PHONE_B), number, &req);
}

/* Who has it is told so, and ends it; who has not yet is one less that rings. */
START_TEST(cal_01_who_answers_and_hangs_up_at_once_ends_the_call_or_is_one_less_that_rings)
{
	unsigned left;

	cm_open(&k, 1, 1, PHONE_B, MEDIA_REGISTRATION__NO_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "1002", CTIERR_SUCCESS);
	all_ring();
	app_asks_b(SIG_CtiLineCallAnswerReq, k.driver[1].ci);
	moment_steps(k.c, "ccm1", _i);
	app_asks_b(SIG_CtiLineCallDisconnectReq, k.driver[1].ci);
	rest();
	left = cm_legs(&k, 1) + cm_legs(&k, 3);
	ck_assert_uint_eq(legs_in("active10"), 0);
	ck_assert_msg(left == 0 || (left == 3 && legs_in("call_received7") == 2), "%u legs", left);
	hang_up_all();
	ck_assert_uint_eq(cm_legs(&k, 1) + cm_legs(&k, 3), 0);
}
END_TEST

START_TEST(cal_01_the_caller_hangs_up_at_any_moment_of_the_answer_and_all_are_released)
{
	all_ring();
	presses(PHONE_B, STATION_SOFT_KEY__Answer);
	moment_steps(k.c, "ccm1", _i);
	a_goes_on_hook();
	rest();
	ck_assert_uint_eq(cm_legs(&k, 1) + cm_legs(&k, 3), 0);
	SEES(PHONE_C, OnHook);
	SEES(PHONE_D, OnHook);
}
END_TEST

START_TEST(cal_01_one_who_stops_ringing_while_another_answers_takes_nothing_from_him)
{
	all_ring();
	presses(PHONE_B, STATION_SOFT_KEY__Answer);
	moment_until(k.c, "ccm1", "SharedLine", "answering");
	cluster_enqueue(k.c, "ccm1", station(PHONE_C), station(PHONE_C), SIG_StationKeepAliveTimer,
			NULL); /* C's phone is gone */
	rest();
	ck_assert_uint_eq(legs_in("active10"), 2);
	SEES(PHONE_A, Connected);
	hang_up(PHONE_A);
	ck_assert_uint_eq(cm_legs(&k, 1) + cm_legs(&k, 3), 0);
}
END_TEST

/* D's answer is here, and then its node is not any more. */
START_TEST(cal_03_when_the_node_of_who_has_just_answered_is_lost_the_others_ring_on)
{
	struct sdl_pid shared, d;

	all_ring();
	shared = moment_process(k.c, "ccm1", "SharedLine", NULL, "ringing");
	d = moment_process(k.c, "ccm3", "LineCdpc", NULL, "call_received7");
	cluster_enqueue(k.c, "ccm1", d, shared, SIG_CcConnectInd, NULL);
	moment_until(k.c, "ccm1", "SharedLine", "answering");
	dies_now("ccm3", 3);
	rest();
	ck_assert_uint_eq(cm_processes_in(&k, 1, "SharedLine", "ringing"), 1);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "call_received7"), 2);
	cm_press(&k, PHONE_B, "answer", NULL);
	SEES(PHONE_A, Connected);
	hang_up(PHONE_A);
}
END_TEST

/* ---- set-ups -------------------------------------------------------------------------------- */

START_TEST(cal_01_a_device_whose_node_is_lost_before_it_is_asked_is_not_waited_for)
{
	a_calls();
	moment_until(k.c, "ccm1", "SharedLine", NULL);
	dies_now("ccm3", 3);
	rest();
	SEES(PHONE_B, RingIn);
	SEES(PHONE_C, RingIn);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "call_received7"), 2);
	cm_press(&k, PHONE_B, "answer", NULL);
	SEES(PHONE_B, Connected);
	hang_up(PHONE_B);
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
}
END_TEST

static void d_is_busy(void)
{
	cm_press(&k, PHONE_D, "offhook", NULL);
	cluster_advance(k.c, SECONDS(1));
	cluster_freeze(k.c, "ccm3");
}

START_TEST(dev_13_of_those_who_do_not_take_the_call_the_busy_one_says_most)
{
	uint32_t b, c;

	cm_open(&k, 1, 1, PHONE_B, MEDIA_REGISTRATION__NO_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "1002", CTIERR_SUCCESS);
	cm_open(&k, 2, 1, PHONE_C, MEDIA_REGISTRATION__NO_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 2, "1002", CTIERR_SUCCESS);
	d_is_busy();
	cm_press(&k, PHONE_A, "call", "1002");
	b = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	c = cm_new_call(&k, 2, CTI_CALL_STATE__OFFERING);
	cluster_advance(k.c, MS(100));
	cm_request(&k, 1, SIG_CtiLineCallDisconnectReq, b, CTIERR_SUCCESS);
	cm_request(&k, 2, SIG_CtiLineCallDisconnectReq, c, CTIERR_SUCCESS);
	cluster_mark(k.c);
	cluster_thaw(k.c, "ccm3");
	SEES(PHONE_A, Busy);
	hang_up(PHONE_A);
	hang_up(PHONE_D);
}
END_TEST

START_TEST(cal_01_a_busy_device_that_says_so_when_the_call_is_over_is_heard_to_the_end)
{
	d_is_busy();
	cm_press(&k, PHONE_A, "call", "1002");
	SEES(PHONE_B, RingIn);
	hang_up(PHONE_A);
	ck_assert_uint_eq(cm_processes_in(&k, 1, "SharedLine", "ending"), 1);
	cluster_thaw(k.c, "ccm3");
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_processes(&k, 1, "SharedLine"), 0);
	hang_up(PHONE_D);
}
END_TEST

/* ---- strangers ------------------------------------------------------------------------------ */

static const struct sdl_pid stranger = {
	.node = 2, .type = 13, .app = SDL_APP_CALLMANAGER, .inst = 9999
};

static void stranger_tells(struct sdl_pid to, uint16_t number, const void *msg)
{
	cluster_enqueue(k.c, "ccm1", stranger, to, number, msg);
}

/* All that an appearance or a caller may say. */
static void stranger_says_all_to(struct sdl_pid shared)
{
	CcSetupAck ack = CC_SETUP_ACK__INIT;
	CcSetupRej rej = CC_SETUP_REJ__INIT;
	CcRelease rel = CC_RELEASE__INIT;
	CcRedirect redirect = CC_REDIRECT__INIT;
	CcRedirectResult redirected = CC_REDIRECT_RESULT__INIT;

	ack.setup = rej.setup = 99;
	ack.dn = (char *)(uintptr_t) "1002";
	redirect.destination = (char *)(uintptr_t) "1004";
	redirect.reason = FEATURE_REASON__REDIRECT;
	redirect.from = (char *)(uintptr_t) "1002";
	stranger_tells(shared, SIG_CcSetupAck, &ack);
	stranger_tells(shared, SIG_CcSetupRej, &rej);
	stranger_tells(shared, SIG_CcAlertInd, NULL);
	stranger_tells(shared, SIG_CcConnectInd, NULL);
	stranger_tells(shared, SIG_CcTakeRes, NULL);
	stranger_tells(shared, SIG_CcReleaseInd, &rel);
	stranger_tells(shared, SIG_CcPeerLostInd, NULL);
	stranger_tells(shared, SIG_CcRedirectReq, &redirect);
	stranger_tells(shared, SIG_CcRedirectRes, &redirected);
}

START_TEST(a_shared_line_that_rings_listens_to_those_whom_it_asked_and_nobody_else)
{
	struct sdl_pid shared;

	all_ring();
	shared = moment_process(k.c, "ccm1", "SharedLine", NULL, "ringing");
	stranger_says_all_to(shared);
	rest();
	ck_assert_uint_eq(cm_processes_in(&k, 1, "SharedLine", "ringing"), 1);
	ck_assert_uint_eq(legs_in("call_received7"), 3);
	cm_press(&k, PHONE_D, "answer", NULL);
	SEES(PHONE_A, Connected);
	hang_up(PHONE_A);
}
END_TEST

START_TEST(a_shared_line_that_is_answered_listens_to_those_whom_it_asked_and_nobody_else)
{
	all_ring();
	presses(PHONE_B, STATION_SOFT_KEY__Answer);
	moment_until(k.c, "ccm1", "SharedLine", "answering");
	stranger_says_all_to(moment_process(k.c, "ccm1", "SharedLine", NULL, "answering"));
	rest();
	ck_assert_uint_eq(legs_in("active10"), 2);
	hang_up(PHONE_A);
	ck_assert_uint_eq(cm_legs(&k, 1) + cm_legs(&k, 3), 0);
}
END_TEST

/* The signals before the caller's own answer are the strangers'. */
START_TEST(a_shared_line_s_call_that_is_sent_on_goes_where_its_caller_says)
{
	CtiLineCallRedirectReq req = CTI_LINE_CALL_REDIRECT_REQ__INIT;

	cm_open(&k, 1, 1, PHONE_B, MEDIA_REGISTRATION__NO_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "1002", CTIERR_SUCCESS);
	cm_open(&k, 2, 2, "CTIP_1", MEDIA_REGISTRATION__STATIC, CTIERR_SUCCESS);
	cm_open_line(&k, 2, "6001", CTIERR_SUCCESS);
	all_ring();
	req.async_response = 9001;
	req.ci = k.driver[1].ci;
	req.destination = (char *)(uintptr_t) "6001";
	cluster_mark(k.c);
	cluster_enqueue(k.c, "ccm1", ctim1, station(PHONE_B), SIG_CtiLineCallRedirectReq, &req);
	moment_until(k.c, "ccm1", "SharedLine", "redirecting");
	stranger_says_all_to(moment_process(k.c, "ccm1", "SharedLine", NULL, "redirecting"));
	rest();
	cm_new_call(&k, 2, CTI_CALL_STATE__OFFERING);
	SEES(PHONE_C, OnHook);
	ck_assert_uint_eq(cm_legs_in(&k, 2, "call_present6"), 1);
	hang_up(PHONE_A);
}
END_TEST

START_TEST(a_shared_line_that_ends_waits_for_those_whom_it_asked_and_nobody_else)
{
	cluster_freeze(k.c, "ccm3");
	cm_press(&k, PHONE_A, "call", "1002");
	SEES(PHONE_B, RingIn);
	cm_press(&k, PHONE_A, "hangup", NULL);
	cluster_advance(k.c, MS(100));
	stranger_says_all_to(moment_process(k.c, "ccm1", "SharedLine", NULL, "ending"));
	cluster_turn(k.c, "ccm1");
	ck_assert_uint_eq(cm_processes_in(&k, 1, "SharedLine", "ending"), 1);
	cluster_thaw(k.c, "ccm3");
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_legs(&k, 3), 0);
}
END_TEST

/* The caller's leg is offered who answered first; a leg that it does not know offers it nobody. */
START_TEST(a_caller_takes_nobody_whom_its_line_has_not_named)
{
	CcTake take = CC_TAKE__INIT;

	all_ring();
	take.leg = sdl_pid_pack(stranger);
	stranger_tells(moment_process(k.c, "ccm1", "LineCdpc", NULL, "call_delivered4"),
		       SIG_CcTakeInd, &take);
	rest();
	ck_assert_uint_eq(cm_legs_in(&k, 1, "call_delivered4"), 1);
	cm_press(&k, PHONE_C, "answer", NULL);
	SEES(PHONE_A, Connected);
	hang_up(PHONE_A);
}
END_TEST

/* ---- calls at the other devices of the line ------------------------------------------------- */

static void d_resumes(uint32_t ci)
{
	StationSoftKeyEvent event = STATION_SOFT_KEY_EVENT__INIT;

	event.key = STATION_SOFT_KEY__Resume;
	event.has_call_reference = true;
	event.call_reference = 0x81u << 24 | (ci & 0xffffff); /* of node 1 */
	cluster_allow_unexpected(k.c);
	cluster_mark(k.c);
	cluster_enqueue(k.c, "ccm3", cluster_process(k.c, "phones", PHONE_D),
			moment_process(k.c, "ccm3", "StationD", PHONE_D, NULL),
			SIG_StationSoftKeyEvent, &event);
	cluster_turn(k.c, "ccm3");
	cluster_advance(k.c, SECONDS(1));
}

/* B, watched, calls that number and talks. */
static uint32_t b_talks(const char *number, const char *other)
{
	uint32_t ci;

	cm_press(&k, PHONE_B, "call", number);
	ci = cm_new_call(&k, 1, CTI_CALL_STATE__DIALTONE);
	if (other) {
		SEES(other, RingIn);
		cm_press(&k, other, "answer", NULL);
	} else {
		cm_request(&k, 2, SIG_CtiLineCallAnswerReq,
			   cm_new_call(&k, 2, CTI_CALL_STATE__OFFERING), CTIERR_SUCCESS);
	}
	cluster_advance(k.c, SECONDS(1));
	return ci;
}

START_TEST(cal_01_of_two_calls_held_at_one_device_another_resumes_the_one_it_means)
{
	uint32_t first, second;

	cm_open(&k, 1, 1, PHONE_B, MEDIA_REGISTRATION__NO_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "1002", CTIERR_SUCCESS);
	cm_open(&k, 2, 2, "CTIP_1", MEDIA_REGISTRATION__STATIC, CTIERR_SUCCESS);
	cm_open_line(&k, 2, "6001", CTIERR_SUCCESS);
	first = b_talks("1001", PHONE_A);
	d_resumes(first); /* it is in use: nothing comes of it */
	ck_assert_uint_eq(cm_legs(&k, 3), 0);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 2);
	cm_press(&k, PHONE_B, "hold", NULL);
	SEES(PHONE_B, Hold);
	second = b_talks("6001", NULL);
	cm_press(&k, PHONE_B, "hold", NULL);
	SEES(PHONE_B, Hold);
	ck_assert_uint_ne(first, second);
	d_resumes(first);
	SEES(PHONE_D, Connected);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "hold"), 1);
	ck_assert_uint_eq(cm_legs_in(&k, 2, "active10"), 1);
	hang_up(PHONE_A);
	ck_assert_uint_eq(cm_legs(&k, 3), 0);
	hang_up_all();
}
END_TEST

/* A call that another one is asked about stays with who asks. */
START_TEST(a_call_that_is_held_to_ask_somebody_is_not_resumed_elsewhere)
{
	uint32_t ci;

	cm_open(&k, 1, 1, PHONE_B, MEDIA_REGISTRATION__NO_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "1002", CTIERR_SUCCESS);
	ci = b_talks("1001", PHONE_A);
	cm_to(&k, 1, SIG_CtiLineCallTransferSetupReq, ci, NULL, CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(1));
	d_resumes(ci);
	ck_assert_uint_eq(cm_legs(&k, 3), 0);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "hold"), 1);
	hang_up(PHONE_A);
	hang_up(PHONE_B);
}
END_TEST

#define CASE(t) SUITE_CASE_WITH(t, up, down)
#define CASES(t, n)                                                                                \
	{                                                                                          \
		.name = #t, .test = (t), .setup = up, .teardown = down, .loop_to = (n)             \
	}

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		CASES(cal_01_who_answers_and_hangs_up_at_once_ends_the_call_or_is_one_less_that_rings,
		      20),
		CASES(cal_01_the_caller_hangs_up_at_any_moment_of_the_answer_and_all_are_released,
		      20),
		CASE(cal_01_one_who_stops_ringing_while_another_answers_takes_nothing_from_him),
		CASE(cal_03_when_the_node_of_who_has_just_answered_is_lost_the_others_ring_on),
		CASE(cal_01_a_device_whose_node_is_lost_before_it_is_asked_is_not_waited_for),
		CASE(dev_13_of_those_who_do_not_take_the_call_the_busy_one_says_most),
		CASE(cal_01_a_busy_device_that_says_so_when_the_call_is_over_is_heard_to_the_end),
		CASE(a_shared_line_that_rings_listens_to_those_whom_it_asked_and_nobody_else),
		CASE(a_shared_line_that_is_answered_listens_to_those_whom_it_asked_and_nobody_else),
		CASE(a_shared_line_s_call_that_is_sent_on_goes_where_its_caller_says),
		CASE(a_shared_line_that_ends_waits_for_those_whom_it_asked_and_nobody_else),
		CASE(a_caller_takes_nobody_whom_its_line_has_not_named),
		CASE(cal_01_of_two_calls_held_at_one_device_another_resumes_the_one_it_means),
		CASE(a_call_that_is_held_to_ask_somebody_is_not_resumed_elsewhere),
	};

	return suite_main(argc, argv, "cluster/test_shared_moments", cases,
			  sizeof cases / sizeof cases[0]);
}
