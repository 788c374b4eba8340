/* The change of a leg's peer, and transfers, which are made of it. */
#include "tests/lib/cm_cluster.h"
#include "tests/lib/suite.h"

static struct cm_cluster k;

static void up(void)
{
	cm_cluster_up(&k);
	cm_cluster_start(&k, 3);
	cm_plug_all(&k);
}

static void down(void)
{
	cm_cluster_down(&k);
}

#define SEES(phone, what)                                                                          \
	ck_assert_msg(cm_phone_sees(&k, phone, STATION_CALL_STATE_VALUE__##what, SECONDS(3)),      \
		      "%s does not show " #what, phone)

/* Phone B's calls: the first from A, held; the second to that number. ctim1 watches B. */
struct two {
	uint32_t first, second;
};

static struct two begin(const char *first, const char *number)
{
	struct two two;

	cm_open(&k, 1, 1, PHONE_B, 0, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "1002", CTIERR_SUCCESS);
	cm_press(&k, first, "call", "1002");
	two.first = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	SEES(PHONE_B, RingIn);
	cm_press(&k, PHONE_B, "answer", NULL);
	SEES(first, Connected);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_B, "hold", NULL);
	SEES(PHONE_B, Hold);
	cm_press(&k, PHONE_B, "call", number);
	two.second = cm_new_call(&k, 1, CTI_CALL_STATE__DIALTONE);
	cluster_advance(k.c, SECONDS(1));
	return two;
}

static void direct(struct two two, uint32_t result)
{
	const uint32_t others[] = { two.second, 0 };

	cm_others(&k, 1, SIG_CtiLineCallTransferDirectReq, two.first, others, result);
}

static void streams(const char *a, const char *b)
{
	ck_assert_msg(cm_phone_gets(&k, a, SIG_MediaStreamStarted, SECONDS(2)), "%s hears nothing",
		      a);
	ck_assert_msg(cm_phone_gets(&k, b, SIG_MediaStreamStarted, SECONDS(2)), "%s hears nothing",
		      b);
}

START_TEST(cal_01_a_direct_transfer_connects_two_parties_and_leaves_the_third_out)
{
	struct two two = begin(PHONE_A, "1003");

	cm_press(&k, PHONE_C, "answer", NULL);
	SEES(PHONE_C, Connected);
	cluster_advance(k.c, SECONDS(1));
	direct(two, CTIERR_SUCCESS);
	ck_assert(cm_hears(&k, 1, SIG_CtiLineTransferStartedNotify, SECONDS(1)));
	ck_assert(cm_hears(&k, 1, SIG_CtiLineTransferEndedNotify, SECONDS(1)));
	ck_assert(cm_call_state(&k, 1, two.first, CTI_CALL_STATE__IDLE, NULL, SECONDS(1)));
	ck_assert(cm_call_state(&k, 1, two.second, CTI_CALL_STATE__IDLE, NULL, SECONDS(1)));
	streams(PHONE_A, PHONE_C);
	SEES(PHONE_B, OnHook);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_legs(&k, 1), 2);
	cm_press(&k, PHONE_A, "hangup", NULL);
	SEES(PHONE_C, OnHook);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(cal_01_a_party_is_transferred_to_one_that_rings_and_hears_it_ring)
{
	struct two two = begin(PHONE_D, "1003");

	direct(two, CTIERR_SUCCESS);
	SEES(PHONE_D, RingOut);
	cm_press(&k, PHONE_C, "answer", NULL);
	SEES(PHONE_D, Connected);
	streams(PHONE_D, PHONE_C);
	cm_press(&k, PHONE_D, "hangup", NULL);
	SEES(PHONE_C, OnHook);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(cal_01_what_was_transferred_is_held_retrieved_and_transferred_again)
{
	struct two two = begin(PHONE_A, "1004");

	cm_press(&k, PHONE_D, "answer", NULL);
	SEES(PHONE_D, Connected);
	cm_press(&k, PHONE_D, "hold", NULL);
	SEES(PHONE_D, Hold);
	direct(two, CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_D, "resume", NULL);
	streams(PHONE_A, PHONE_D);
	cm_press(&k, PHONE_A, "hold", NULL);
	SEES(PHONE_A, Hold);
	cm_press(&k, PHONE_A, "resume", NULL);
	streams(PHONE_A, PHONE_D);
	cm_press(&k, PHONE_A, "hangup", NULL);
	SEES(PHONE_D, OnHook);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(a_transfer_of_a_call_with_itself_or_a_made_up_one_is_refused_and_changes_nothing)
{
	struct two two = begin(PHONE_A, "1003");
	const uint32_t none[] = { 0 }, itself[] = { two.first, 0 }, unknown[] = { 7, 0 },
		       second[] = { two.second, 0 };
	uint16_t number = SIG_CtiLineCallTransferDirectReq;

	cm_others(&k, 1, number, two.first, none, CTIERR_INVALID_PARAMETER);
	cm_others(&k, 1, number, two.first, itself, CTIERR_INVALID_PARAMETER);
	cm_others(&k, 1, number, two.first, unknown, CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL);
	cm_others(&k, 1, number, 7, second, CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "hold"), 1);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "call_received7"), 1);
	cm_press(&k, PHONE_A, "hangup", NULL);
	cm_press(&k, PHONE_B, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(a_transfer_in_which_both_parties_ring_is_refused_and_changes_nothing)
{
	struct two two;

	cm_open(&k, 1, 1, PHONE_B, 0, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "1002", CTIERR_SUCCESS);
	cm_press(&k, PHONE_A, "call", "1002");
	two.first = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_B, "call", "1003");
	two.second = cm_new_call(&k, 1, CTI_CALL_STATE__DIALTONE);
	cluster_advance(k.c, SECONDS(1));
	direct(two, CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "call_received7"), 2);
	cm_press(&k, PHONE_A, "hangup", NULL);
	cm_press(&k, PHONE_B, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

/* ---- failures ------------------------------------------------------------------------------- */

START_TEST(cal_02_after_a_transfer_the_node_of_who_transferred_does_not_matter)
{
	struct two two;
	uint32_t port;

	cm_open(&k, 2, 2, "CTIP_1", MEDIA_REGISTRATION__STATIC, CTIERR_SUCCESS);
	cm_open_line(&k, 2, "6001", CTIERR_SUCCESS);
	two = begin(PHONE_D, "6001");
	port = k.driver[2].ci;
	cm_request(&k, 2, SIG_CtiLineCallAnswerReq, port, CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(1));
	direct(two, CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(1));
	cluster_kill(k.c, "ccm1");
	cluster_advance(k.c, SECONDS(2));
	ck_assert_uint_eq(cm_legs_in(&k, 2, "active10"), 1);
	ck_assert_uint_eq(cm_legs_in(&k, 3, "active10"), 1);
	cm_press(&k, PHONE_D, "hold", NULL);
	SEES(PHONE_D, Hold);
	ck_assert(cm_hears(&k, 2, SIG_CtiStopTransmissionNotify, SECONDS(1)));
	cm_press(&k, PHONE_D, "resume", NULL);
	ck_assert(cm_hears(&k, 2, SIG_CtiStartTransmissionNotify, SECONDS(1)));
	cm_request(&k, 2, SIG_CtiLineCallDisconnectReq, port, CTIERR_SUCCESS);
	SEES(PHONE_D, OnHook);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

/* The death of each of the three nodes at each signal of the transfer that it handles. */
static const uint16_t steps[] = { SIG_CcTransferLockReq, SIG_CcTransferLockRes, SIG_CcTransferReq,
				  SIG_CcTransferRes, SIG_CcTransferCommit };
#define STEPS (int)(sizeof steps / sizeof steps[0])

START_TEST(cal_02_cal_03_a_node_that_dies_in_a_transfer_leaves_no_leg_and_no_process)
{
	static const char *const name[] = { "ccm1", "ccm2", "ccm3" };
	int victim = _i / (STEPS * 2), step = _i / 2 % STEPS;
	CrashPoint crash = CRASH_POINT__INIT;
	struct two two;
	uint32_t port, list[2] = { 0 };

	cm_open(&k, 2, 2, "CTIP_1", MEDIA_REGISTRATION__STATIC, CTIERR_SUCCESS);
	cm_open_line(&k, 2, "6001", CTIERR_SUCCESS);
	two = begin(PHONE_D, "6001");
	port = k.driver[2].ci;
	cm_request(&k, 2, SIG_CtiLineCallAnswerReq, port, CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(1));
	crash.signal = steps[step];
	crash.nth = 1;
	crash.when = 2 + (uint32_t)(_i % 2);
	cluster_post(k.c, name[victim], TYPE_LINK_ADMIN, SIG_CrashPoint, &crash);
	cluster_advance(k.c, MS(10));
	list[0] = two.second;
	cm_post_others(&k, 1, SIG_CtiLineCallTransferDirectReq, two.first, list);
	cluster_advance(k.c, SECONDS(5));
	ck_assert(cluster_is_up(k.c, name[victim]) !=
		  (victim == 0 || steps[step] == SIG_CcTransferReq ||
		   steps[step] == SIG_CcTransferCommit));
	cm_press(&k, PHONE_D, "hangup", NULL);
	cm_press(&k, PHONE_B, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
	if (cluster_is_up(k.c, "ccm2") && cm_legs(&k, 2))
		cm_post_request(&k, 2, SIG_CtiLineCallDisconnectReq, port);
	cluster_advance(k.c, SECONDS(5));
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(
			cal_01_a_direct_transfer_connects_two_parties_and_leaves_the_third_out, up,
			down),
		SUITE_CASE_WITH(cal_01_a_party_is_transferred_to_one_that_rings_and_hears_it_ring,
				up, down),
		SUITE_CASE_WITH(cal_01_what_was_transferred_is_held_retrieved_and_transferred_again,
				up, down),
		SUITE_CASE_WITH(
			a_transfer_of_a_call_with_itself_or_a_made_up_one_is_refused_and_changes_nothing,
			up, down),
		SUITE_CASE_WITH(
			a_transfer_in_which_both_parties_ring_is_refused_and_changes_nothing, up,
			down),
		SUITE_CASE_WITH(cal_02_after_a_transfer_the_node_of_who_transferred_does_not_matter,
				up, down),
		{ .name = "cal_02_cal_03_a_node_that_dies_in_a_transfer_leaves_no_leg_and_no_"
			  "process",
		  .test = cal_02_cal_03_a_node_that_dies_in_a_transfer_leaves_no_leg_and_no_process,
		  .setup = up,
		  .teardown = down,
		  .loop_from = 0,
		  .loop_to = 3 * 2 * STEPS },
	};

	return suite_main(argc, argv, "cluster/test_transfer", cases,
			  sizeof cases / sizeof cases[0]);
}
