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

/* ---- consult -------------------------------------------------------------------------------- */

/* Phone B, watched by ctim1, is called by that phone and talks. Returns the call's ci. */
static uint32_t talk(const char *phone)
{
	uint32_t ci;

	cm_open(&k, 1, 1, PHONE_B, 0, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "1002", CTIERR_SUCCESS);
	cm_press(&k, phone, "call", "1002");
	ci = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	SEES(PHONE_B, RingIn);
	cm_press(&k, PHONE_B, "answer", NULL);
	SEES(phone, Connected);
	cluster_advance(k.c, SECONDS(1));
	return ci;
}

START_TEST(cal_01_a_user_transfers_after_having_asked)
{
	talk(PHONE_A);
	cm_press(&k, PHONE_B, "transfer", "1004");
	SEES(PHONE_B, Hold);
	SEES(PHONE_D, RingIn);
	cm_press(&k, PHONE_D, "answer", NULL);
	streams(PHONE_B, PHONE_D);
	cm_press(&k, PHONE_B, "transfer", NULL);
	SEES(PHONE_B, OnHook);
	streams(PHONE_A, PHONE_D);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_legs(&k, 1), 1);
	cm_press(&k, PHONE_D, "hangup", NULL);
	SEES(PHONE_A, OnHook);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(cal_01_a_user_transfers_to_a_phone_that_rings_with_digits_one_by_one)
{
	talk(PHONE_A);
	cm_press(&k, PHONE_B, "transfer", NULL);
	SEES(PHONE_B, OffHook);
	cm_press(&k, PHONE_B, "dial", "1003");
	SEES(PHONE_C, RingIn);
	cluster_advance(k.c, MS(500));
	cm_press(&k, PHONE_B, "transfer", NULL);
	SEES(PHONE_A, RingOut);
	cm_press(&k, PHONE_C, "answer", NULL);
	streams(PHONE_A, PHONE_C);
	cm_press(&k, PHONE_C, "hangup", NULL);
	SEES(PHONE_A, OnHook);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(cal_01_a_consult_call_for_a_transfer_makes_no_conference)
{
	talk(PHONE_A);
	cm_press(&k, PHONE_B, "transfer", "1003");
	SEES(PHONE_C, RingIn);
	cm_press(&k, PHONE_C, "answer", NULL);
	streams(PHONE_B, PHONE_C);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_B, "conference", NULL);
	ck_assert(cm_phone_gets(&k, PHONE_B, SIG_StationDisplayPromptStatus, SECONDS(1)));
	cm_press(&k, PHONE_B, "transfer", NULL);
	streams(PHONE_A, PHONE_C);
	cm_press(&k, PHONE_A, "hangup", NULL);
	SEES(PHONE_C, OnHook);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(cal_01_an_application_transfers_after_having_asked)
{
	uint32_t held = talk(PHONE_A), consult;
	const uint32_t none[] = { 0 };

	cm_to(&k, 1, SIG_CtiLineCallTransferSetupReq, held, "1003", CTIERR_SUCCESS);
	ck_assert(cm_call_state(&k, 1, held, CTI_CALL_STATE__ONHOLD, NULL, SECONDS(1)));
	consult = cm_new_call(&k, 1, CTI_CALL_STATE__DIALTONE);
	ck_assert_uint_ne(consult, held);
	SEES(PHONE_C, RingIn);
	cm_to(&k, 1, SIG_CtiLineCallTransferSetupReq, held, "1004",
	      CTIERR_CONSULTCALL_ALREADY_OUTSTANDING);
	cm_press(&k, PHONE_C, "answer", NULL);
	cluster_advance(k.c, SECONDS(1));
	cm_others(&k, 1, SIG_CtiLineCallTransferCompleteReq, held, none, CTIERR_SUCCESS);
	streams(PHONE_A, PHONE_C);
	cm_press(&k, PHONE_C, "hangup", NULL);
	SEES(PHONE_A, OnHook);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(cal_01_a_transfer_is_completed_by_either_of_its_two_calls)
{
	uint32_t held = talk(PHONE_A), consult;
	const uint32_t with_held[] = { held, 0 }, wrong[] = { 7, 0 };

	cm_to(&k, 1, SIG_CtiLineCallTransferSetupReq, held, "1003", CTIERR_SUCCESS);
	consult = cm_new_call(&k, 1, CTI_CALL_STATE__DIALTONE);
	SEES(PHONE_C, RingIn);
	cm_press(&k, PHONE_C, "answer", NULL);
	cluster_advance(k.c, SECONDS(1));
	cm_others(&k, 1, SIG_CtiLineCallTransferCompleteReq, consult, wrong,
		  CTIERR_TRANSFER_INACTIVE);
	cm_others(&k, 1, SIG_CtiLineCallTransferCompleteReq, consult, with_held, CTIERR_SUCCESS);
	streams(PHONE_A, PHONE_C);
	cm_press(&k, PHONE_C, "hangup", NULL);
	SEES(PHONE_A, OnHook);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(cal_01_a_consult_call_that_ends_leaves_the_held_call_as_it_is)
{
	uint32_t held = talk(PHONE_A), consult;
	const uint32_t none[] = { 0 };

	cm_to(&k, 1, SIG_CtiLineCallTransferSetupReq, held, "1003", CTIERR_SUCCESS);
	consult = cm_new_call(&k, 1, CTI_CALL_STATE__DIALTONE);
	cluster_advance(k.c, SECONDS(1));
	cm_request(&k, 1, SIG_CtiLineCallDisconnectReq, consult, CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_legs(&k, 1), 2);
	cm_others(&k, 1, SIG_CtiLineCallTransferCompleteReq, held, none, CTIERR_TRANSFER_INACTIVE);
	cm_request(&k, 1, SIG_CtiLineCallRetrieveReq, held, CTIERR_SUCCESS);
	streams(PHONE_A, PHONE_B);
	cm_press(&k, PHONE_A, "hangup", NULL);
	SEES(PHONE_B, OnHook);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(a_consult_call_that_cannot_be_is_refused_and_the_call_goes_on)
{
	uint32_t held = talk(PHONE_A);
	uint16_t setup = SIG_CtiLineCallTransferSetupReq;

	cm_to(&k, 1, setup, held, "12a", CTIERR_TRANSFERFAILED_DESTINATION_UNALLOCATED);
	cm_to(&k, 1, setup, 7, "1003", CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 2);
	cm_press(&k, PHONE_A, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
	cm_to(&k, 1, setup, held, "1003", CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(cal_01_a_blind_transfer_goes_to_whom_it_is_said_or_is_refused)
{
	uint32_t ci = talk(PHONE_D);
	uint16_t blind = SIG_CtiLineCallTransferBlindReq;

	cm_to(&k, 1, blind, ci, NULL, CTIERR_TRANSFERFAILED_DESTINATION_UNALLOCATED);
	cm_to(&k, 1, blind, ci, "77", CTIERR_TRANSFERFAILED_DESTINATION_UNALLOCATED);
	cm_to(&k, 1, blind, ci, "1002", CTIERR_TRANSFERFAILED);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 1);
	cm_to(&k, 1, blind, ci, "1003", CTIERR_SUCCESS);
	SEES(PHONE_C, RingIn);
	SEES(PHONE_B, OnHook);
	cm_press(&k, PHONE_C, "answer", NULL);
	streams(PHONE_C, PHONE_D);
	cm_press(&k, PHONE_C, "hangup", NULL);
	SEES(PHONE_D, OnHook);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

/* ---- failures ------------------------------------------------------------------------------- */

static void up_with_d_busy(void)
{
	const struct db_line_spec line = { .index = 1, .dn = "1004", .busy_trigger = 1 };
	struct db_error err = { 0 };

	cm_cluster_up(&k);
	ck_assert_msg(db_change_line(k.db, PHONE_D, &line, &err) == 0, "%s", err.text);
	cm_cluster_start(&k, 3);
	cm_plug_all(&k);
	cm_press(&k, PHONE_D, "call", "1003");
	SEES(PHONE_C, RingIn);
	cm_press(&k, PHONE_C, "answer", NULL);
	SEES(PHONE_D, Connected);
}

START_TEST(a_blind_transfer_to_who_is_busy_is_refused_by_name)
{
	uint32_t ci = talk(PHONE_A);

	cm_to(&k, 1, SIG_CtiLineCallTransferBlindReq, ci, "1004",
	      CTIERR_TRANSFERFAILED_DESTINATION_BUSY);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 3);
	cm_press(&k, PHONE_A, "hangup", NULL);
	cm_press(&k, PHONE_D, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(a_call_that_is_being_sent_on_is_not_sent_on_again)
{
	uint32_t ci = talk(PHONE_A);

	cm_post_redirect(&k, 1, ci, "1003");
	if (_i == 0)
		cm_post_redirect(&k, 1, ci, "1004");
	else
		cm_post_to(&k, 1, SIG_CtiLineCallTransferBlindReq, ci, "1004");
	cluster_advance(k.c, SECONDS(2));
	ck_assert_uint_eq(cm_refusals(&k, SIG_CtiLineCallRedirectRes) +
				  cm_refusals(&k, SIG_CtiLineCallTransferBlindRes),
			  1);
	cm_press(&k, PHONE_A, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

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

/* A consult transfer in progress: D at node 3 is held by B at node 1, who asks port CTIP_1 at node 2.
 * How far that is, and which node dies. */
enum { DIAL_TONE, RINGING, CONNECTED, PHASES };

static void consult_to(int phase)
{
	uint32_t held, port;

	cm_open(&k, 2, 2, "CTIP_1", MEDIA_REGISTRATION__STATIC, CTIERR_SUCCESS);
	cm_open_line(&k, 2, "6001", CTIERR_SUCCESS);
	held = talk(PHONE_D);
	cm_to(&k, 1, SIG_CtiLineCallTransferSetupReq, held, phase == DIAL_TONE ? NULL : "6001",
	      CTIERR_SUCCESS);
	if (phase == DIAL_TONE) {
		cluster_advance(k.c, SECONDS(1));
		return;
	}
	port = cm_new_call(&k, 2, CTI_CALL_STATE__OFFERING);
	cm_request(&k, 2, phase == RINGING ? SIG_CtiLineCallAcceptReq : SIG_CtiLineCallAnswerReq,
		   port, CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(1));
}

START_TEST(cal_03_a_consult_transfer_in_progress_that_loses_a_node_loses_both_its_legs)
{
	static const char *const name[] = { "ccm1", "ccm2", "ccm3" };
	int victim = _i % 3, phase = _i / 3;
	/* Before the number is dialled the third node has no part in it. */
	bool untouched = victim == 1 && phase == DIAL_TONE;

	consult_to(phase);
	cluster_kill(k.c, name[victim]);
	cluster_advance(k.c, SECONDS(3));
	for (uint8_t node = 1; node <= 3; node++)
		if (node != victim + 1 && !untouched)
			ck_assert_msg(cm_legs(&k, node) == 0, "%u legs are left at node %u",
				      cm_legs(&k, node), node);
	if (!untouched)
		return;
	ck_assert_uint_eq(cm_legs(&k, 1), 2);
	cm_press(&k, PHONE_B, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_D, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

/* The one that is asked hears that nobody asks any more, and its call is one like others. */
START_TEST(cal_02_a_consult_call_whose_transfer_is_over_is_kept_like_any_other)
{
	talk(PHONE_A);
	cm_press(&k, PHONE_B, "transfer", "1004");
	SEES(PHONE_D, RingIn);
	cm_press(&k, PHONE_D, "answer", NULL);
	streams(PHONE_B, PHONE_D);
	cm_press(&k, PHONE_A, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
	cluster_kill(k.c, "ccm3");
	cluster_advance(k.c, SECONDS(2));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "preserved"), 1);
	cm_press(&k, PHONE_B, "hangup", NULL);
	cluster_advance(k.c, SECONDS(2));
}
END_TEST

/* A is held by B at node 1, who asks D at node 3, who gives B to the port at node 2 and dies meanwhile, or the port's
 * or B's node does: at each signal that it handles. The consulting goes on with another one who is asked, or is lost
 * as a whole. */
START_TEST(cal_03_a_consult_call_that_is_transferred_is_lost_with_the_held_one_or_not_at_all)
{
	static const char *const name[] = { "ccm1", "ccm2", "ccm3" };
	int victim = _i / (STEPS * 2), step = _i / 2 % STEPS;
	CrashPoint crash = CRASH_POINT__INIT;
	uint32_t left;

	cm_open(&k, 2, 2, "CTIP_1", MEDIA_REGISTRATION__STATIC, CTIERR_SUCCESS);
	cm_open_line(&k, 2, "6001", CTIERR_SUCCESS);
	talk(PHONE_A);
	cm_press(&k, PHONE_B, "transfer", "1004");
	SEES(PHONE_D, RingIn);
	cm_press(&k, PHONE_D, "answer", NULL);
	streams(PHONE_B, PHONE_D);
	cm_press(&k, PHONE_D, "transfer", "6001");
	cm_request(&k, 2, SIG_CtiLineCallAnswerReq, cm_new_call(&k, 2, CTI_CALL_STATE__OFFERING),
		   CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(1));
	crash.signal = steps[step];
	crash.nth = 1;
	crash.when = 2 + (uint32_t)(_i % 2);
	cluster_post(k.c, name[victim], TYPE_LINK_ADMIN, SIG_CrashPoint, &crash);
	cluster_advance(k.c, MS(10));
	cm_press(&k, PHONE_D, "transfer", NULL);
	cluster_advance(k.c, SECONDS(5));
	if (!cluster_is_up(k.c, "ccm1") || !cluster_is_up(k.c, "ccm2")) {
		ck_assert_uint_eq(cluster_is_up(k.c, "ccm1") ? cm_legs(&k, 1) : 0, 0);
		ck_assert_uint_eq(cluster_is_up(k.c, "ccm2") ? cm_legs(&k, 2) : 0, 0);
		ck_assert_uint_eq(cm_legs(&k, 3), 0);
		return;
	}
	left = cm_legs(&k, 1);
	ck_assert_msg(left == 0 || left == 3, "%u legs are left", left);
	ck_assert_uint_eq(cm_legs(&k, 2), left ? 1 : 0);
	cluster_kill(k.c, "ccm2");
	cluster_advance(k.c, SECONDS(3));
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(cal_01_a_consult_call_for_a_transfer_makes_no_conference, up, down),
		{ .name = "cal_03_a_consult_transfer_in_progress_that_loses_a_node_loses_both_its_"
			  "legs",
		  .test = cal_03_a_consult_transfer_in_progress_that_loses_a_node_loses_both_its_legs,
		  .setup = up,
		  .teardown = down,
		  .loop_to = 3 * PHASES },
		{ .name = "cal_03_a_consult_call_that_is_transferred_is_lost_with_the_held_one_or_"
			  "not_at_all",
		  .test = cal_03_a_consult_call_that_is_transferred_is_lost_with_the_held_one_or_not_at_all,
		  .setup = up,
		  .teardown = down,
		  .loop_to = 3 * STEPS * 2 },
		SUITE_CASE_WITH(cal_02_a_consult_call_whose_transfer_is_over_is_kept_like_any_other,
				up, down),
		SUITE_CASE_WITH(cal_01_a_user_transfers_after_having_asked, up, down),
		SUITE_CASE_WITH(
			cal_01_a_user_transfers_to_a_phone_that_rings_with_digits_one_by_one, up,
			down),
		SUITE_CASE_WITH(cal_01_an_application_transfers_after_having_asked, up, down),
		SUITE_CASE_WITH(cal_01_a_transfer_is_completed_by_either_of_its_two_calls, up,
				down),
		SUITE_CASE_WITH(cal_01_a_consult_call_that_ends_leaves_the_held_call_as_it_is, up,
				down),
		SUITE_CASE_WITH(a_consult_call_that_cannot_be_is_refused_and_the_call_goes_on, up,
				down),
		SUITE_CASE_WITH(cal_01_a_blind_transfer_goes_to_whom_it_is_said_or_is_refused, up,
				down),
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
		SUITE_CASE_WITH(a_blind_transfer_to_who_is_busy_is_refused_by_name, up_with_d_busy,
				down),
		{ .name = "a_call_that_is_being_sent_on_is_not_sent_on_again",
		  .test = a_call_that_is_being_sent_on_is_not_sent_on_again,
		  .setup = up,
		  .teardown = down,
		  .loop_to = 2 },
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
