/* Call processing on the virtual host: registration, and calls between phones. */
#include "tests/lib/cm_cluster.h"
#include "tests/lib/suite.h"

#include "callmanager/callmanager.h"

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

/* A calls number, phone to answers it; both are connected and stream. */
static void connect(const char *from, const char *number, const char *to)
{
	cm_press(&k, from, "call", number);
	SEES(to, RingIn);
	SEES(from, RingOut);
	cm_press(&k, to, "answer", NULL);
	SEES(to, Connected);
	cluster_advance(k.c, SECONDS(1));
}

START_TEST(the_tables_of_the_callmanager_are_sound)
{
	struct sdl_config config = { .incarnation = 1 };
	struct cm_context context;
	char why[200] = "";

	cm_program(&config, &context);
	ck_assert_msg(sdl_program_check(config.types, config.types_n, why, sizeof why) == 0, "%s",
		      why);
}
END_TEST

START_TEST(phones_register_at_the_first_member_of_their_group)
{
	ck_assert_int_eq(sdl_program_counter(cluster_program(k.c, "ccm1"),
					     COUNTER_REGISTERED_HARDWARE_PHONES),
			 3);
	ck_assert_int_eq(sdl_program_counter(cluster_program(k.c, "ccm3"),
					     COUNTER_REGISTERED_HARDWARE_PHONES),
			 1);
}
END_TEST

START_TEST(cal_01_a_call_on_one_node_is_made_answered_and_dropped)
{
	connect(PHONE_A, "1002", PHONE_B);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 2);
	cm_press(&k, PHONE_A, "hangup", NULL);
	SEES(PHONE_B, OnHook);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
}
END_TEST

START_TEST(cal_01_a_call_between_two_nodes_is_made_answered_and_dropped)
{
	connect(PHONE_A, "1004", PHONE_D);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 1);
	ck_assert_uint_eq(cm_legs_in(&k, 3, "active10"), 1);
	cm_press(&k, PHONE_D, "hangup", NULL);
	SEES(PHONE_A, OnHook);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(cal_01_hold_stops_the_streams_and_retrieve_starts_them_again)
{
	connect(PHONE_A, "1004", PHONE_D);
	cm_press(&k, PHONE_A, "hold", NULL);
	SEES(PHONE_A, Hold);
	ck_assert(cm_phone_gets(&k, PHONE_D, SIG_StationCloseReceiveChannel, SECONDS(1)));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "hold"), 1);
	cm_press(&k, PHONE_A, "resume", NULL);
	SEES(PHONE_A, Connected);
	ck_assert(cm_phone_gets(&k, PHONE_D, SIG_StationStartMediaTransmission, SECONDS(1)));
	ck_assert(cm_phone_gets(&k, PHONE_A, SIG_MediaStreamStarted, SECONDS(1)));
	cm_press(&k, PHONE_A, "hangup", NULL);
	SEES(PHONE_D, OnHook);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(a_call_held_by_both_sides_streams_only_after_both_have_retrieved_it)
{
	connect(PHONE_A, "1004", PHONE_D);
	cm_press(&k, PHONE_A, "hold", NULL);
	cm_press(&k, PHONE_D, "hold", NULL);
	cluster_advance(k.c, SECONDS(1));
	cluster_mark(k.c);
	cm_press(&k, PHONE_A, "resume", NULL);
	SEES(PHONE_A, Connected);
	cluster_advance(k.c, SECONDS(2));
	ck_assert_uint_eq(cluster_count_signal(k.c, "phones", NULL, SIG_StationOpenReceiveChannel,
					       NULL, NULL),
			  0);
	cm_press(&k, PHONE_D, "resume", NULL);
	ck_assert(cm_phone_gets(&k, PHONE_A, SIG_StationStartMediaTransmission, SECONDS(1)));
	cm_press(&k, PHONE_A, "hangup", NULL);
	SEES(PHONE_D, OnHook);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(dev_04_digits_one_by_one_reach_the_number)
{
	cm_press(&k, PHONE_A, "offhook", NULL);
	SEES(PHONE_A, OffHook);
	cm_press(&k, PHONE_A, "dial", "10");
	cluster_advance(k.c, SECONDS(2));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "overlap_sending2"), 1);
	cm_press(&k, PHONE_A, "dial", "02");
	SEES(PHONE_B, RingIn);
	cm_press(&k, PHONE_A, "hangup", NULL);
	SEES(PHONE_B, OnHook);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(a_number_that_does_not_exist_gives_reorder_until_the_user_hangs_up)
{
	cm_press(&k, PHONE_A, "call", "77");
	SEES(PHONE_A, InvalidNumber);
	cm_press(&k, PHONE_A, "hangup", NULL);
	SEES(PHONE_A, OnHook);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(dev_13_a_phone_whose_busy_trigger_is_reached_is_busy)
{
	connect(PHONE_A, "1002", PHONE_B);
	cm_press(&k, PHONE_C, "call", "1002");
	SEES(PHONE_B, RingIn);
	cm_press(&k, PHONE_D, "call", "1002");
	SEES(PHONE_D, Busy);
	cm_press(&k, PHONE_D, "hangup", NULL);
	cm_press(&k, PHONE_C, "hangup", NULL);
	cm_press(&k, PHONE_A, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(a_second_call_is_answered_while_the_first_one_is_held)
{
	connect(PHONE_A, "1002", PHONE_B);
	cm_press(&k, PHONE_C, "call", "1002");
	SEES(PHONE_B, RingIn);
	cm_press(&k, PHONE_B, "answer", NULL);
	SEES(PHONE_C, Connected);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "hold"), 1);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 3);
	cm_press(&k, PHONE_C, "hangup", NULL);
	cm_press(&k, PHONE_A, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(cal_02_cal_04_a_connected_call_is_preserved_when_the_other_node_dies)
{
	connect(PHONE_A, "1004", PHONE_D);
	cluster_kill(k.c, "ccm3");
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "preserved"), 1);
	cm_press(&k, PHONE_A, "hold", NULL);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "preserved"), 1);
	cm_press(&k, PHONE_A, "hangup", NULL);
	SEES(PHONE_A, OnHook);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(cal_04_a_preserved_call_ends_when_the_other_side_hangs_up)
{
	connect(PHONE_A, "1004", PHONE_D);
	cluster_kill(k.c, "ccm3");
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_D, "hangup", NULL);
	SEES(PHONE_A, OnHook);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(cal_02_the_death_of_a_third_node_means_nothing)
{
	connect(PHONE_A, "1002", PHONE_B);
	cluster_kill(k.c, "ccm3");
	cluster_kill(k.c, "ccm2");
	cluster_advance(k.c, SECONDS(2));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 2);
	cm_press(&k, PHONE_A, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(cal_03_a_ringing_call_is_cleared_when_the_called_node_dies)
{
	cm_press(&k, PHONE_A, "call", "1004");
	SEES(PHONE_D, RingIn);
	cluster_kill(k.c, "ccm3");
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
}
END_TEST

START_TEST(cal_03_a_ringing_call_is_cleared_when_the_callers_node_dies)
{
	cm_press(&k, PHONE_D, "call", "1001");
	SEES(PHONE_A, RingIn);
	cluster_kill(k.c, "ccm3");
	SEES(PHONE_A, OnHook);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(cal_03_a_held_call_is_cleared_when_the_other_node_dies)
{
	connect(PHONE_A, "1004", PHONE_D);
	cm_press(&k, PHONE_A, "hold", NULL);
	SEES(PHONE_A, Hold);
	cluster_kill(k.c, "ccm3");
	SEES(PHONE_A, OnHook);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(calls_of_a_lost_phones_program_are_cleared)
{
	connect(PHONE_A, "1004", PHONE_D);
	cluster_kill(k.c, "phones");
	cluster_advance(k.c, SECONDS(2));
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
	ck_assert_uint_eq(cm_legs(&k, 3), 0);
	ck_assert_int_eq(sdl_program_counter(cluster_program(k.c, "ccm1"),
					     COUNTER_REGISTERED_HARDWARE_PHONES),
			 0);
}
END_TEST

START_TEST(cmf_15_phones_fail_over_and_come_back_when_idle)
{
	struct sdl_program *second;

	cluster_kill(k.c, "ccm1");
	cluster_advance(k.c, SECONDS(2));
	second = cluster_program(k.c, "ccm2");
	ck_assert_int_eq(sdl_program_counter(second, COUNTER_REGISTERED_HARDWARE_PHONES), 3);
	connect(PHONE_D, "1001", PHONE_A);
	cluster_start(k.c, "ccm1");
	cluster_advance(k.c, SECONDS(20));
	ck_assert_int_eq(sdl_program_counter(second, COUNTER_REGISTERED_HARDWARE_PHONES), 1);
	cm_press(&k, PHONE_A, "hangup", NULL);
	cluster_advance(k.c, SECONDS(20));
	ck_assert_int_eq(sdl_program_counter(second, COUNTER_REGISTERED_HARDWARE_PHONES), 0);
	connect(PHONE_D, "1001", PHONE_A);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 1);
	cm_press(&k, PHONE_D, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(dev_05_a_phone_that_sends_its_number_as_a_whole_dials_at_once)
{
	cm_cluster_up(&k);
	cm_cluster_start(&k, 3);
	cm_plug_enbloc(&k, PHONE_A);
	cm_plug(&k, PHONE_D);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_A, "call", "1004");
	SEES(PHONE_D, RingIn);
	cm_press(&k, PHONE_A, "hangup", NULL);
	SEES(PHONE_D, OnHook);
	cm_press(&k, PHONE_A, "offhook", NULL);
	SEES(PHONE_A, OffHook);
	cm_press(&k, PHONE_A, "dial", "1004");
	SEES(PHONE_D, RingIn);
	cm_press(&k, PHONE_A, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
	cm_cluster_down(&k);
}
END_TEST

START_TEST(a_user_who_dials_nothing_or_stops_half_way_hears_reorder)
{
	cm_press(&k, PHONE_A, "offhook", NULL);
	cluster_advance(k.c, MS(14500));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "call_initiated1"), 1);
	SEES(PHONE_A, InvalidNumber);
	cm_press(&k, PHONE_A, "hangup", NULL);
	cm_press(&k, PHONE_B, "call", "100");
	cluster_advance(k.c, MS(14500));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "overlap_sending2"), 1);
	SEES(PHONE_B, InvalidNumber);
	cm_press(&k, PHONE_B, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(the_tables_of_the_callmanager_are_sound),
		SUITE_CASE_WITH(phones_register_at_the_first_member_of_their_group, up, down),
		SUITE_CASE_WITH(cal_01_a_call_on_one_node_is_made_answered_and_dropped, up, down),
		SUITE_CASE_WITH(cal_01_a_call_between_two_nodes_is_made_answered_and_dropped, up,
				down),
		SUITE_CASE_WITH(cal_01_hold_stops_the_streams_and_retrieve_starts_them_again, up,
				down),
		SUITE_CASE_WITH(a_call_held_by_both_sides_streams_only_after_both_have_retrieved_it,
				up, down),
		SUITE_CASE_WITH(dev_04_digits_one_by_one_reach_the_number, up, down),
		SUITE_CASE_WITH(a_number_that_does_not_exist_gives_reorder_until_the_user_hangs_up,
				up, down),
		SUITE_CASE_WITH(dev_13_a_phone_whose_busy_trigger_is_reached_is_busy, up, down),
		SUITE_CASE_WITH(a_second_call_is_answered_while_the_first_one_is_held, up, down),
		SUITE_CASE_WITH(
			cal_02_cal_04_a_connected_call_is_preserved_when_the_other_node_dies, up,
			down),
		SUITE_CASE_WITH(cal_04_a_preserved_call_ends_when_the_other_side_hangs_up, up,
				down),
		SUITE_CASE_WITH(cal_02_the_death_of_a_third_node_means_nothing, up, down),
		SUITE_CASE_WITH(cal_03_a_ringing_call_is_cleared_when_the_called_node_dies, up,
				down),
		SUITE_CASE_WITH(cal_03_a_ringing_call_is_cleared_when_the_callers_node_dies, up,
				down),
		SUITE_CASE_WITH(cal_03_a_held_call_is_cleared_when_the_other_node_dies, up, down),
		SUITE_CASE_WITH(calls_of_a_lost_phones_program_are_cleared, up, down),
		SUITE_CASE_WITH(cmf_15_phones_fail_over_and_come_back_when_idle, up, down),
		SUITE_CASE(dev_05_a_phone_that_sends_its_number_as_a_whole_dials_at_once),
		SUITE_CASE_WITH(a_user_who_dials_nothing_or_stops_half_way_hears_reorder, up, down),
	};

	return suite_main(argc, argv, "cluster/test_call", cases, sizeof(cases) / sizeof(cases[0]));
}
