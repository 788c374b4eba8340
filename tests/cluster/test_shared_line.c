/* Shared lines: one number on three phones of two nodes, whatever crosses and whoever dies. */
#include "tests/lib/cm_cluster.h"
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
	for (uint8_t node = 1; node <= 3; node += 2)
		if (cluster_is_up(k.c, node == 1 ? "ccm1" : "ccm3"))
			ck_assert_uint_eq(cm_processes(&k, node, "SharedLine"), 0);
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
}

START_TEST(cal_01_all_devices_of_a_line_ring_and_the_first_to_answer_has_the_call)
{
	all_ring();
	cm_press(&k, PHONE_D, "answer", NULL);
	SEES(PHONE_A, Connected);
	SEES(PHONE_D, Connected);
	SEES(PHONE_B, OnHook);
	SEES(PHONE_C, OnHook);
	SEES(PHONE_B, CallRemoteMultiline);
	SEES(PHONE_C, CallRemoteMultiline);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 1);
	ck_assert_uint_eq(cm_legs_in(&k, 3, "active10"), 1);
	ck_assert_uint_eq(cm_processes(&k, 1, "SharedLine"), 0);
	cm_press(&k, PHONE_A, "hangup", NULL);
	SEES(PHONE_D, OnHook);
	SEES(PHONE_B, OnHook);
}
END_TEST

START_TEST(cal_01_of_those_that_answer_at_once_one_has_the_call)
{
	all_ring();
	cm_press(&k, PHONE_B, "answer", NULL);
	cm_press(&k, PHONE_C, "answer", NULL);
	cm_press(&k, PHONE_D, "answer", NULL);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_legs(&k, 1) + cm_legs(&k, 3), 2);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10") + cm_legs_in(&k, 3, "active10"), 2);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(cal_01_the_caller_who_hangs_up_while_somebody_answers_leaves_nothing)
{
	all_ring();
	cm_press(&k, PHONE_D, "answer", NULL);
	cluster_advance(k.c, _i * 50000);
	cm_press(&k, PHONE_A, "hangup", NULL);
	cluster_advance(k.c, SECONDS(2));
	ck_assert_uint_eq(cm_legs(&k, 1) + cm_legs(&k, 3), 0);
}
END_TEST

START_TEST(dev_13_a_line_is_busy_when_all_its_devices_are)
{
	all_ring();
	cm_press(&k, PHONE_B, "answer", NULL);
	SEES(PHONE_A, Connected);
	cm_press(&k, PHONE_C, "call", "1002");
	SEES(PHONE_D, RingIn);
	cm_press(&k, PHONE_D, "answer", NULL);
	SEES(PHONE_C, Connected);
	cm_press(&k, PHONE_A, "hold", NULL);
	SEES(PHONE_A, Hold);
	cm_press(&k, PHONE_A, "call", "1002");
	SEES(PHONE_A, Busy);
	cm_press(&k, PHONE_A, "hangup", NULL);
	cm_press(&k, PHONE_D, "hangup", NULL);
	SEES(PHONE_C, OnHook);
	cm_press(&k, PHONE_A, "hangup", NULL);
	SEES(PHONE_B, OnHook);
}
END_TEST

START_TEST(cal_03_the_death_of_one_device_s_node_leaves_the_others_ringing)
{
	all_ring();
	cluster_kill(k.c, "ccm3");
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "call_received7"), 2);
	cm_press(&k, PHONE_B, "answer", NULL);
	SEES(PHONE_A, Connected);
	cm_press(&k, PHONE_A, "hangup", NULL);
	SEES(PHONE_B, OnHook);
}
END_TEST

START_TEST(a_call_that_rings_at_several_devices_is_not_handed_on_by_who_makes_it)
{
	all_ring();
	cm_press(&k, PHONE_D, "answer", NULL);
	SEES(PHONE_A, Connected);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_D, "transfer", "1002");
	SEES(PHONE_B, RingIn);
	cm_press(&k, PHONE_D, "transfer", NULL);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_processes_in(&k, 3, "SharedLine", "ringing"), 1);
	ck_assert_uint_eq(cm_legs_in(&k, 3, "hold"), 1);
	cm_press(&k, PHONE_D, "hangup", NULL);
	SEES(PHONE_B, OnHook);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

/* ---- an application at B's line: what it asks for comes in one turn ------------------------- */

static uint32_t rings_at_b(void)
{
	uint32_t ci;

	cm_open(&k, 1, 1, PHONE_B, 0, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "1002", CTIERR_SUCCESS);
	cm_press(&k, PHONE_A, "call", "1002");
	ci = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	SEES(PHONE_B, RingIn);
	SEES(PHONE_D, RingIn);
	cluster_advance(k.c, SECONDS(1));
	return ci;
}

START_TEST(cal_01_who_answers_and_hangs_up_at_once_ends_the_call_for_all)
{
	uint32_t ci = rings_at_b();

	cm_post_request(&k, 1, SIG_CtiLineCallAnswerReq, ci);
	cm_post_request(&k, 1, SIG_CtiLineCallDisconnectReq, ci);
	cluster_advance(k.c, SECONDS(2));
	cm_press(&k, PHONE_A, "hangup", NULL);
	cluster_advance(k.c, SECONDS(2));
	ck_assert_uint_eq(cm_legs(&k, 1) + cm_legs(&k, 3), 0);
}
END_TEST

START_TEST(cal_01_a_caller_who_hangs_up_in_the_moment_of_the_answer_ends_the_call_for_all)
{
	uint32_t called, ci;

	cm_open(&k, 1, 1, PHONE_A, 0, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "1001", CTIERR_SUCCESS);
	cm_open(&k, 2, 1, PHONE_B, 0, CTIERR_SUCCESS);
	cm_open_line(&k, 2, "1002", CTIERR_SUCCESS);
	cm_initiate(&k, 1, "1001", "1002", CTIERR_SUCCESS);
	ci = k.driver[1].ci;
	called = cm_new_call(&k, 2, CTI_CALL_STATE__OFFERING);
	cluster_advance(k.c, SECONDS(1));
	if (_i % 2)
		cm_post_request(&k, 2, SIG_CtiLineCallAnswerReq, called);
	cm_post_request(&k, 1, SIG_CtiLineCallDisconnectReq, ci);
	if (_i % 2 == 0)
		cm_post_request(&k, 2, SIG_CtiLineCallAnswerReq, called);
	cluster_advance(k.c, SECONDS(2));
	ck_assert_uint_eq(cm_legs(&k, 1) + cm_legs(&k, 3), 0);
}
END_TEST

START_TEST(cal_01_one_device_that_is_not_rung_any_more_leaves_the_others_ringing)
{
	uint32_t ci = rings_at_b();

	cm_request(&k, 1, SIG_CtiLineCallDisconnectReq, ci, CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_processes_in(&k, 1, "SharedLine", "ringing"), 1);
	cm_press(&k, PHONE_D, "answer", NULL);
	SEES(PHONE_A, Connected);
	cm_press(&k, PHONE_A, "hangup", NULL);
	SEES(PHONE_D, OnHook);
}
END_TEST

START_TEST(a_shared_line_s_call_that_is_sent_nowhere_rings_on)
{
	uint32_t ci = rings_at_b();

	cm_post_redirect(&k, 1, ci, _i ? "6002" : "7777"); /* nobody's; registered nowhere */
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_refusals(&k, SIG_CtiLineCallRedirectRes), 1);
	cm_press(&k, PHONE_D, "answer", NULL);
	SEES(PHONE_A, Connected);
	cm_press(&k, PHONE_A, "hangup", NULL);
	SEES(PHONE_D, OnHook);
}
END_TEST

/* D's node does not say whether it takes the call before the caller is gone. */
static void d_says_nothing(void)
{
	cluster_freeze(k.c, "ccm3");
	cm_press(&k, PHONE_A, "call", "1002");
	SEES(PHONE_B, RingIn);
	cm_press(&k, PHONE_A, "hangup", NULL);
	SEES(PHONE_B, OnHook);
	ck_assert_uint_eq(cm_processes_in(&k, 1, "SharedLine", "ending"), 1);
}

START_TEST(cal_01_a_device_that_takes_the_call_when_it_is_over_is_released)
{
	d_says_nothing();
	cluster_thaw(k.c, "ccm3");
	cluster_advance(k.c, SECONDS(2));
	ck_assert_uint_eq(cm_legs(&k, 1) + cm_legs(&k, 3), 0);
}
END_TEST

START_TEST(cal_03_a_device_whose_node_dies_is_not_waited_for_at_the_end)
{
	d_says_nothing();
	cluster_kill(k.c, "ccm3");
	cluster_advance(k.c, SECONDS(5));
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
}
END_TEST

/* The steps of a call to the line; the k-th is taken, then, a little later, a node dies. */
static const struct {
	const char *phone, *verb, *number;
} steps[] = {
	{ PHONE_A, "call", "1002" },
	{ PHONE_D, "answer", NULL },
	{ PHONE_D, "hold", NULL },
	{ PHONE_B, "resume", NULL },
};

#define STEPS	((int)(sizeof steps / sizeof steps[0]))
#define MOMENTS 14 /* of 150 us: longer than a signal goes to the other node and back */

START_TEST(cal_03_no_leg_is_left_over_whichever_node_dies_at_whatever_moment)
{
	static const char *const phones[] = { PHONE_A, PHONE_B, PHONE_C, PHONE_D };
	const char *victim = _i % 2 ? "ccm1" : "ccm3";
	int step = _i / 2 / MOMENTS, moment = _i / 2 % MOMENTS;

	for (int i = 0; i <= step; i++) {
		cm_press(&k, steps[i].phone, steps[i].verb, steps[i].number);
		cluster_advance(k.c, i < step ? SECONDS(1) : moment * 150000);
	}
	cluster_kill(k.c, victim);
	cluster_advance(k.c, SECONDS(5));
	for (int round = 0; round < 3; round++)
		for (unsigned i = 0; i < 4; i++) {
			cm_press(&k, phones[i], "hangup", NULL);
			cluster_advance(k.c, SECONDS(1));
		}
	cluster_advance(k.c, SECONDS(5));
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(
			cal_01_all_devices_of_a_line_ring_and_the_first_to_answer_has_the_call, up,
			down),
		SUITE_CASE_WITH(cal_01_of_those_that_answer_at_once_one_has_the_call, up, down),
		{ .name = "cal_01_the_caller_who_hangs_up_while_somebody_answers_leaves_nothing",
		  .test = cal_01_the_caller_who_hangs_up_while_somebody_answers_leaves_nothing,
		  .setup = up,
		  .teardown = down,
		  .loop_to = 40 },
		SUITE_CASE_WITH(dev_13_a_line_is_busy_when_all_its_devices_are, up, down),
		SUITE_CASE_WITH(cal_03_the_death_of_one_device_s_node_leaves_the_others_ringing, up,
				down),
		SUITE_CASE_WITH(
			a_call_that_rings_at_several_devices_is_not_handed_on_by_who_makes_it, up,
			down),
		SUITE_CASE_WITH(cal_01_who_answers_and_hangs_up_at_once_ends_the_call_for_all, up,
				down),
		{ .name = "cal_01_a_caller_who_hangs_up_in_the_moment_of_the_answer_ends_the_call_"
			  "for_all",
		  .test = cal_01_a_caller_who_hangs_up_in_the_moment_of_the_answer_ends_the_call_for_all,
		  .setup = up,
		  .teardown = down,
		  .loop_to = 2 },
		SUITE_CASE_WITH(
			cal_01_one_device_that_is_not_rung_any_more_leaves_the_others_ringing, up,
			down),
		{ .name = "a_shared_line_s_call_that_is_sent_nowhere_rings_on",
		  .test = a_shared_line_s_call_that_is_sent_nowhere_rings_on,
		  .setup = up,
		  .teardown = down,
		  .loop_to = 2 },
		SUITE_CASE_WITH(cal_01_a_device_that_takes_the_call_when_it_is_over_is_released, up,
				down),
		SUITE_CASE_WITH(cal_03_a_device_whose_node_dies_is_not_waited_for_at_the_end, up,
				down),
		{ .name = "cal_03_no_leg_is_left_over_whichever_node_dies_at_whatever_moment",
		  .test = cal_03_no_leg_is_left_over_whichever_node_dies_at_whatever_moment,
		  .setup = up,
		  .teardown = down,
		  .loop_to = 2 * STEPS * MOMENTS },
	};

	return suite_main(argc, argv, "cluster/test_shared_line", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
