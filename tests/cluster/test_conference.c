/* Conferences: made, joined, left, and what is left of them when a node dies. */
#include "tests/lib/cm_cluster.h"
#include "tests/lib/suite.h"

static struct cm_cluster k;

static void up(void)
{
	cm_cluster_up(&k);
	cm_cluster_start(&k, 3);
	cm_plug_bridge(&k, 1);
	cm_plug_bridge(&k, 3);
	cm_plug_all(&k);
}

static void up_without_bridge(void)
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

static void hears(const char *phone)
{
	ck_assert_msg(cm_phone_gets(&k, phone, SIG_MediaStreamStarted, SECONDS(3)),
		      "%s hears nothing", phone);
}

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

/* B takes that party into its call. */
static void add(const char *number, const char *phone)
{
	cm_press(&k, PHONE_B, "conference", number);
	SEES(phone, RingIn);
	cm_press(&k, phone, "answer", NULL);
	SEES(phone, Connected);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_B, "conference", NULL);
	hears(phone);
	hears(PHONE_B);
	cluster_advance(k.c, SECONDS(1));
}

static unsigned conferences(void)
{
	static const char *const name[] = { "ccm1", "ccm2", "ccm3" };
	unsigned n = 0;

	for (uint8_t node = 1; node <= 3; node++)
		if (cluster_is_up(k.c, name[node - 1]))
			n += cm_processes(&k, node, "Conference");
	return n;
}

static void three(void)
{
	talk(PHONE_A);
	add("1004", PHONE_D);
	ck_assert_uint_eq(conferences(), 1);
}

static void hang_up_all(void)
{
	static const char *const all[] = { PHONE_A, PHONE_B, PHONE_C, PHONE_D };

	for (size_t i = 0; i < 4; i++)
		cm_press(&k, all[i], "hangup", NULL);
	cluster_advance(k.c, SECONDS(4));
	for (size_t i = 0; i < 4; i++)
		cm_press(&k, all[i], "hangup", NULL);
	cluster_advance(k.c, SECONDS(4));
}

START_TEST(cal_01_three_parties_on_two_nodes_confer_and_each_hears_the_others)
{
	talk(PHONE_A);
	cm_press(&k, PHONE_B, "conference", "1004");
	SEES(PHONE_D, RingIn);
	cm_press(&k, PHONE_D, "answer", NULL);
	SEES(PHONE_D, Connected);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_B, "conference", NULL);
	ck_assert(cm_hears(&k, 1, SIG_CtiLineConferenceStartedNotify, SECONDS(1)));
	ck_assert(cm_hears(&k, 1, SIG_CtiLineConferenceEndedNotify, SECONDS(1)));
	hears(PHONE_A);
	hears(PHONE_B);
	hears(PHONE_D);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(conferences(), 1);
	/* Three parties and three seats. */
	ck_assert_uint_eq(cm_legs(&k, 1), 5);
	ck_assert_uint_eq(cm_legs(&k, 3), 1);
	hang_up_all();
	ck_assert_uint_eq(conferences(), 0);
}
END_TEST

START_TEST(cal_01_when_one_of_three_leaves_the_two_that_stay_talk_directly)
{
	static const char *const who[] = { PHONE_A, PHONE_B, PHONE_D };
	const char *leaves = who[_i], *one = who[(_i + 1) % 3], *other = who[(_i + 2) % 3];

	three();
	cm_press(&k, leaves, "hangup", NULL);
	hears(one);
	hears(other);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(conferences(), 0);
	ck_assert_uint_eq(cm_legs(&k, 1) + cm_legs(&k, 3), 2);
	cm_press(&k, one, "hold", NULL);
	SEES(one, Hold);
	cm_press(&k, one, "resume", NULL);
	hears(other);
	cm_press(&k, one, "hangup", NULL);
	SEES(other, OnHook);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(cal_01_a_fourth_party_is_added_and_the_last_one_is_removed)
{
	three();
	add("1003", PHONE_C);
	ck_assert_uint_eq(conferences(), 1);
	ck_assert_uint_eq(cm_legs(&k, 1), 7);
	cm_press(&k, PHONE_B, "rmlstc", NULL);
	SEES(PHONE_C, OnHook);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(conferences(), 1);
	ck_assert_uint_eq(cm_legs(&k, 1), 5);
	hang_up_all();
}
END_TEST

START_TEST(cal_01_who_confers_removes_others_and_not_itself)
{
	three();
	cm_press(&k, PHONE_B, "rmlstc", NULL);
	SEES(PHONE_D, OnHook);
	hears(PHONE_A);
	hears(PHONE_B);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(conferences(), 0);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 2);
	hang_up_all();
}
END_TEST

START_TEST(cal_01_a_party_of_a_conference_holds_and_comes_back)
{
	three();
	cm_press(&k, PHONE_A, "hold", NULL);
	SEES(PHONE_A, Hold);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_A, "resume", NULL);
	hears(PHONE_A);
	hang_up_all();
}
END_TEST

START_TEST(cal_01_a_party_of_a_conference_is_transferred_out_and_another_is_in_its_place)
{
	three();
	cm_press(&k, PHONE_A, "transfer", "1003");
	SEES(PHONE_C, RingIn);
	cm_press(&k, PHONE_C, "answer", NULL);
	hears(PHONE_C);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_A, "transfer", NULL);
	SEES(PHONE_A, OnHook);
	hears(PHONE_C);
	ck_assert_uint_eq(conferences(), 1);
	hang_up_all();
}
END_TEST

START_TEST(cal_01_a_conference_that_is_full_takes_nobody_else)
{
	uint32_t held, none[] = { 0 };

	held = talk(PHONE_A);
	add("1004", PHONE_D);
	add("1003", PHONE_C);
	cm_open(&k, 2, 1, "CTIP_1", MEDIA_REGISTRATION__STATIC, CTIERR_SUCCESS);
	cm_open_line(&k, 2, "6001", CTIERR_SUCCESS);
	cm_to(&k, 1, SIG_CtiLineCallConferenceSetupReq, held, "6001", CTIERR_SUCCESS);
	cm_request(&k, 2, SIG_CtiLineCallAnswerReq, cm_new_call(&k, 2, CTI_CALL_STATE__OFFERING),
		   CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(1));
	cm_others(&k, 1, SIG_CtiLineCallConferenceCompleteReq, held, none, CTIERR_CONFERENCE_FULL);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(conferences(), 1);
	hang_up_all();
}
END_TEST

START_TEST(cal_01_keys_of_a_party_are_heard_by_the_others_but_not_by_who_holds)
{
	three();
	cm_press(&k, PHONE_A, "dial", "5");
	ck_assert(cm_phone_gets(&k, PHONE_B, SIG_StationNotifyDtmfTone, SECONDS(1)));
	ck_assert(cm_phone_gets(&k, PHONE_D, SIG_StationNotifyDtmfTone, SECONDS(1)));
	ck_assert_msg(cm_hears(&k, 1, SIG_CtiDTMFNotify, SECONDS(1)),
		      "who has B open does not hear it");
	ck_assert(!cm_phone_gets(&k, PHONE_A, SIG_StationNotifyDtmfTone, MS(200)));
	cm_press(&k, PHONE_D, "hold", NULL);
	SEES(PHONE_D, Hold);
	cm_press(&k, PHONE_B, "dial", "6");
	ck_assert(cm_phone_gets(&k, PHONE_A, SIG_StationNotifyDtmfTone, SECONDS(1)));
	ck_assert(!cm_phone_gets(&k, PHONE_D, SIG_StationNotifyDtmfTone, SECONDS(1)));
	hang_up_all();
}
END_TEST

static bool is_refused(const void *msg, void *arg)
{
	(void)arg;
	return ((const CommandResult *)msg)->result == CTIERR_COMMAND_NOT_IMPLEMENTED_ON_DEVICE;
}

START_TEST(a_bridge_has_no_keys)
{
	PhoneCommand show = PHONE_COMMAND__INIT;

	show.phone = (char *)"CFB_1";
	show.verb = (char *)"show";
	cluster_post(k.c, "phones", PHONES_PHONE_INIT, SIG_PhoneCommand, &show);
	ck_assert(cluster_until_signal(k.c, "phones", NULL, SIG_CommandResult, is_refused, NULL,
				       SECONDS(1)));
}
END_TEST

START_TEST(cal_01_without_a_bridge_there_is_no_conference_and_nothing_changes)
{
	uint32_t held = talk(PHONE_A), none[] = { 0 };

	cm_to(&k, 1, SIG_CtiLineCallConferenceSetupReq, held, "1004", CTIERR_SUCCESS);
	SEES(PHONE_D, RingIn);
	cm_press(&k, PHONE_D, "answer", NULL);
	SEES(PHONE_D, Connected);
	cluster_advance(k.c, SECONDS(1));
	cm_others(&k, 1, SIG_CtiLineCallTransferCompleteReq, held, none, CTIERR_TRANSFER_INACTIVE);
	cm_others(&k, 1, SIG_CtiLineCallConferenceCompleteReq, held, none,
		  CTIERR_NO_CONFERENCE_BRIDGE);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "hold"), 1);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 2);
	hang_up_all();
}
END_TEST

START_TEST(cal_01_a_conference_with_who_rings_or_with_nobody_is_refused)
{
	uint32_t held = talk(PHONE_A), none[] = { 0 }, itself[] = { held, 0 }, unknown[] = { 7, 0 };
	uint16_t complete = SIG_CtiLineCallConferenceCompleteReq, join = SIG_CtiLineCallJoinReq;

	cm_others(&k, 1, complete, held, none, CTIERR_CONFERENCE_INACTIVE);
	cm_others(&k, 1, join, held, none, CTIERR_INVALID_PARAMETER);
	cm_others(&k, 1, join, held, itself, CTIERR_CONFERENCE_INVALID_PARTICIPANT);
	cm_others(&k, 1, join, held, unknown, CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL);
	cm_to(&k, 1, SIG_CtiLineCallConferenceSetupReq, held, "1004", CTIERR_SUCCESS);
	SEES(PHONE_D, RingIn);
	cm_others(&k, 1, complete, held, none, CTIERR_CONFERENCE_INVALID_PARTICIPANT);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(conferences(), 0);
	ck_assert_uint_eq(cm_legs_in(&k, 3, "call_received7"), 1);
	hang_up_all();
}
END_TEST

START_TEST(cal_01_calls_are_joined_by_their_marks)
{
	talk(PHONE_A);
	cm_press(&k, PHONE_B, "hold", NULL);
	SEES(PHONE_B, Hold);
	cm_press(&k, PHONE_B, "call", "1004");
	SEES(PHONE_D, RingIn);
	cm_press(&k, PHONE_D, "answer", NULL);
	hears(PHONE_D);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_B, "select", "1001");
	cluster_advance(k.c, MS(100));
	cm_press(&k, PHONE_B, "join", NULL);
	hears(PHONE_A);
	hears(PHONE_B);
	hears(PHONE_D);
	ck_assert_uint_eq(conferences(), 1);
	hang_up_all();
}
END_TEST

START_TEST(cal_01_the_call_of_a_user_joins_the_conference_that_is_marked)
{
	three();
	cm_press(&k, PHONE_B, "select", NULL);
	cluster_advance(k.c, MS(100));
	cm_press(&k, PHONE_B, "hold", NULL);
	SEES(PHONE_B, Hold);
	cm_press(&k, PHONE_B, "call", "1003");
	SEES(PHONE_C, RingIn);
	cm_press(&k, PHONE_C, "answer", NULL);
	SEES(PHONE_C, Connected);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_B, "join", NULL);
	hears(PHONE_C);
	cluster_advance(k.c, SECONDS(2));
	ck_assert_uint_eq(conferences(), 1);
	/* Four parties and four seats, one of them at ccm3. */
	ck_assert_uint_eq(cm_legs(&k, 1) + cm_legs(&k, 3), 8);
	hang_up_all();
}
END_TEST

START_TEST(cal_01_two_marked_calls_are_transferred_directly)
{
	talk(PHONE_A);
	cm_press(&k, PHONE_B, "hold", NULL);
	SEES(PHONE_B, Hold);
	cm_press(&k, PHONE_B, "call", "1004");
	SEES(PHONE_D, RingIn);
	cm_press(&k, PHONE_D, "answer", NULL);
	hears(PHONE_D);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_B, "select", "1001");
	cluster_advance(k.c, MS(100));
	cm_press(&k, PHONE_B, "dirtrfr", NULL);
	SEES(PHONE_B, OnHook);
	hears(PHONE_A);
	hears(PHONE_D);
	hang_up_all();
}
END_TEST

START_TEST(cal_01_conferences_are_not_chained)
{
	three();
	cm_press(&k, PHONE_A, "conference", "1003");
	SEES(PHONE_C, RingIn);
	cm_press(&k, PHONE_C, "answer", NULL);
	hears(PHONE_C);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_A, "conference", NULL);
	ck_assert(cm_phone_gets(&k, PHONE_A, SIG_StationDisplayPromptStatus, SECONDS(1)));
	ck_assert_uint_eq(conferences(), 1);
	hang_up_all();
}
END_TEST

/* B's second call, while its first one is held. */
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

START_TEST(cal_01_an_application_joins_calls_but_none_of_them_twice)
{
	uint32_t first = talk(PHONE_A), second = calls_too("1004", PHONE_D);
	const uint32_t twice[] = { second, second, 0 }, once[] = { second, 0 };

	cm_others(&k, 1, SIG_CtiLineCallJoinReq, first, twice,
		  CTIERR_CONFERENCE_INVALID_PARTICIPANT);
	ck_assert_uint_eq(conferences(), 0);
	cm_others(&k, 1, SIG_CtiLineCallJoinReq, first, once, CTIERR_SUCCESS);
	hears(PHONE_A);
	hears(PHONE_D);
	ck_assert_uint_eq(conferences(), 1);
	hang_up_all();
}
END_TEST

START_TEST(cal_01_a_call_that_a_conference_is_joined_with_becomes_part_of_it)
{
	uint32_t first = talk(PHONE_A), added;
	uint32_t conference[] = { first, 0 };

	add("1004", PHONE_D);
	added = calls_too("1003", PHONE_C);
	cm_others(&k, 1, SIG_CtiLineCallJoinReq, added, conference, CTIERR_SUCCESS);
	hears(PHONE_C);
	ck_assert_uint_eq(conferences(), 1);
	hang_up_all();
}
END_TEST

/* ---- failures ------------------------------------------------------------------------------- */

START_TEST(cal_02_when_the_node_of_who_confers_dies_the_parties_hear_each_other_on)
{
	three();
	cluster_kill(k.c, "ccm1");
	cluster_advance(k.c, SECONDS(3));
	ck_assert_uint_eq(cm_legs_in(&k, 3, "preserved"), 1);
	cluster_mark(k.c);
	cluster_advance(k.c, SECONDS(5));
	ck_assert_uint_eq(
		cluster_count_signal(k.c, "phones", PHONE_D, SIG_MediaStreamStopped, NULL, NULL),
		0);
	hang_up_all();
	ck_assert_uint_eq(cm_legs(&k, 3), 0);
}
END_TEST

START_TEST(cal_02_cal_04_when_the_node_of_a_party_dies_it_is_heard_until_it_hangs_up)
{
	three();
	cluster_kill(k.c, "ccm3");
	cluster_advance(k.c, SECONDS(3));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "preserved"), 1);
	ck_assert_uint_eq(conferences(), 1);
	cm_press(&k, PHONE_D, "hangup", NULL);
	cluster_advance(k.c, SECONDS(10));
	ck_assert_uint_eq(conferences(), 0);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 2);
	hang_up_all();
}
END_TEST

/* D's stream goes on in the conference although its node is dead; it cannot be connected with A. */
START_TEST(cal_02_cal_04_two_that_are_left_confer_on_if_they_cannot_be_connected)
{
	three();
	cluster_kill(k.c, "ccm3");
	cluster_advance(k.c, SECONDS(3));
	cm_press(&k, PHONE_B, "hangup", NULL);
	cluster_advance(k.c, SECONDS(12));
	ck_assert_uint_eq(conferences(), 1);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "preserved"), 1);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 2);
	cm_press(&k, PHONE_D, "hangup", NULL);
	SEES(PHONE_A, OnHook);
	cluster_advance(k.c, SECONDS(6));
	ck_assert_uint_eq(conferences(), 0);
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
}
END_TEST

/* D is kept for its stream: it cannot be given another peer, and nobody tries to. */
START_TEST(cal_04_two_of_whom_one_is_preserved_stay_with_the_bridge_until_one_of_them_goes)
{
	three();
	cluster_kill(k.c, "ccm3");
	cluster_advance(k.c, SECONDS(3));
	cm_press(&k, PHONE_A, "hangup", NULL);
	cluster_advance(k.c, SECONDS(60));
	ck_assert_uint_eq(
		cluster_count_signal(k.c, "ccm1", NULL, SIG_CcTransferLockReq, NULL, NULL), 0);
	ck_assert_uint_eq(
		cluster_count_signal(k.c, "ccm1", NULL, SIG_ConferenceRetryTimer, NULL, NULL), 0);
	ck_assert_uint_eq(conferences(), 1);
	ck_assert_uint_eq(
		cluster_count_signal(k.c, "phones", PHONE_B, SIG_MediaStreamStopped, NULL, NULL),
		0);
	cm_press(&k, _i ? PHONE_D : PHONE_B, "hangup", NULL);
	if (_i)
		SEES(PHONE_B, OnHook);
	else
		ck_assert(cm_phone_gets(&k, PHONE_D, SIG_MediaStreamStopped, SECONDS(3)));
	cluster_advance(k.c, SECONDS(10));
	ck_assert_uint_eq(conferences(), 0);
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
}
END_TEST

/* B is on its way to D when C goes: its seat has to be there before A can have it. */
START_TEST(cal_01_two_that_are_left_are_connected_as_soon_as_both_are_free_for_it)
{
	uint32_t ci = talk(PHONE_A);

	add("1003", PHONE_C);
	ck_assert_uint_eq(conferences(), 1);
	cluster_freeze(k.c, "ccm3");
	cm_post_redirect(&k, 1, ci, "1004");
	cluster_advance(k.c, MS(100));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "rerouting"), 1);
	cm_press(&k, PHONE_C, "hangup", NULL);
	cluster_advance(k.c, MS(500));
	ck_assert_uint_eq(conferences(), 1);
	cluster_mark(k.c);
	cluster_thaw(k.c, "ccm3");
	SEES(PHONE_D, RingIn);
	cluster_advance(k.c, SECONDS(6));
	ck_assert_uint_eq(conferences(), 0);
	cm_press(&k, PHONE_D, "answer", NULL);
	hears(PHONE_D);
	hears(PHONE_A);
	ck_assert_uint_eq(cm_legs(&k, 1) + cm_legs(&k, 3), 2);
	hang_up_all();
}
END_TEST

/* The death of a node at each signal of the making of a conference that it handles. */
static const uint16_t steps[] = {
	SIG_CcConsultReq,	SIG_CcConsultInit,	SIG_CcTransferLockReq,
	SIG_CcConferenceAddReq, SIG_CcConferenceAddRes, SIG_CcTransferLockRes,
	SIG_CcTransferReq,	SIG_CcTransferRes,	SIG_CcTransferCommit,
	SIG_CcMediaInd,
};
#define STEPS (int)(sizeof steps / sizeof steps[0])

START_TEST(cal_02_cal_03_a_node_that_dies_while_a_conference_is_made_leaves_nothing)
{
	static const char *const name[] = { "ccm1", "ccm3" };
	int victim = _i / (STEPS * 2), step = _i / 2 % STEPS;
	CrashPoint crash = CRASH_POINT__INIT;

	talk(PHONE_A);
	crash.signal = steps[step];
	crash.nth = step == STEPS - 1 ? 3 : 1 + (uint32_t)(_i % 2);
	crash.when = 2 + (uint32_t)(_i % 2);
	cluster_post(k.c, name[victim], TYPE_LINK_ADMIN, SIG_CrashPoint, &crash);
	cluster_advance(k.c, MS(10));
	cm_press(&k, PHONE_B, "conference", "1004");
	cluster_advance(k.c, SECONDS(2));
	cm_press(&k, PHONE_D, "answer", NULL);
	cluster_advance(k.c, SECONDS(2));
	cm_press(&k, PHONE_B, "conference", NULL);
	cluster_advance(k.c, SECONDS(10));
	hang_up_all();
	cluster_advance(k.c, SECONDS(10));
}
END_TEST

/* The death of the program that plays phones and bridges. */
START_TEST(a_conference_whose_bridge_is_gone_ends)
{
	three();
	cluster_kill(k.c, "phones");
	cluster_advance(k.c, SECONDS(10));
	ck_assert_uint_eq(conferences(), 0);
}
END_TEST

#define CASE(name) SUITE_CASE_WITH(name, up, down)
#define CASES(t, n)                                                                                \
	{                                                                                          \
		.name = #t, .test = (t), .setup = up, .teardown = down, .loop_to = (n)             \
	}

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		CASE(cal_01_three_parties_on_two_nodes_confer_and_each_hears_the_others),
		CASES(cal_01_when_one_of_three_leaves_the_two_that_stay_talk_directly, 3),
		CASE(cal_01_a_fourth_party_is_added_and_the_last_one_is_removed),
		CASE(cal_01_who_confers_removes_others_and_not_itself),
		CASE(cal_01_a_party_of_a_conference_holds_and_comes_back),
		CASE(cal_01_a_party_of_a_conference_is_transferred_out_and_another_is_in_its_place),
		CASE(cal_01_a_conference_that_is_full_takes_nobody_else),
		CASE(cal_01_keys_of_a_party_are_heard_by_the_others_but_not_by_who_holds),
		CASE(a_bridge_has_no_keys),
		SUITE_CASE_WITH(cal_01_without_a_bridge_there_is_no_conference_and_nothing_changes,
				up_without_bridge, down),
		CASE(cal_01_a_conference_with_who_rings_or_with_nobody_is_refused),
		CASE(cal_01_calls_are_joined_by_their_marks),
		CASE(cal_01_the_call_of_a_user_joins_the_conference_that_is_marked),
		CASE(cal_01_two_marked_calls_are_transferred_directly),
		SUITE_CASE_WITH(cal_01_an_application_joins_calls_but_none_of_them_twice, up, down),
		SUITE_CASE_WITH(cal_01_a_call_that_a_conference_is_joined_with_becomes_part_of_it,
				up, down),
		CASE(cal_01_conferences_are_not_chained),
		CASE(cal_02_when_the_node_of_who_confers_dies_the_parties_hear_each_other_on),
		CASE(cal_02_cal_04_when_the_node_of_a_party_dies_it_is_heard_until_it_hangs_up),
		CASE(cal_02_cal_04_two_that_are_left_confer_on_if_they_cannot_be_connected),
		CASES(cal_04_two_of_whom_one_is_preserved_stay_with_the_bridge_until_one_of_them_goes,
		      2),
		CASE(cal_01_two_that_are_left_are_connected_as_soon_as_both_are_free_for_it),
		CASES(cal_02_cal_03_a_node_that_dies_while_a_conference_is_made_leaves_nothing,
		      2 * 2 * STEPS),
		CASE(a_conference_whose_bridge_is_gone_ends),
	};

	return suite_main(argc, argv, "cluster/test_conference", cases,
			  sizeof cases / sizeof cases[0]);
}
