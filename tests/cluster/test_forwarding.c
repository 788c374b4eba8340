/* Call forwarding: all, busy, no answer, registered nowhere; and its loops. */
#include "tests/lib/cm_cluster.h"
#include "tests/lib/suite.h"

#include "callmanager/forwarding.h"

static struct cm_cluster k;

static void up(void)
{
	cm_cluster_up(&k);
}

static void down(void)
{
	cluster_advance(k.c, SECONDS(1));
	cm_cluster_down(&k);
}

static void start(void)
{
	cm_cluster_start(&k, 3);
	cm_plug_all(&k);
}

#define SEES(phone, what)                                                                          \
	ck_assert_msg(cm_phone_sees(&k, phone, STATION_CALL_STATE_VALUE__##what, SECONDS(3)),      \
		      "%s does not show " #what, phone)
#define FORWARD(device, number, ...)                                                               \
	cm_forward(&k, device, &(struct db_line_spec){ .index = 1, .dn = (number), __VA_ARGS__ })

START_TEST(cal_01_a_phone_that_forwards_all_calls_does_not_ring)
{
	FORWARD(PHONE_B, "1002", .cfa = "1004");
	start();
	cm_press(&k, PHONE_A, "call", "1002");
	SEES(PHONE_D, RingIn);
	ck_assert_uint_eq(
		cluster_count_signal(k.c, "phones", PHONE_B, SIG_StationSetRinger, NULL, NULL), 0);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(cal_01_a_phone_that_is_registered_nowhere_forwards_all_calls_on)
{
	FORWARD(PHONE_B, "1002", .cfa = "1004");
	cm_cluster_start(&k, 3);
	cm_plug(&k, PHONE_A);
	cm_plug(&k, PHONE_D);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_A, "call", "1002");
	SEES(PHONE_D, RingIn);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(cal_01_a_busy_phone_forwards_on_busy)
{
	FORWARD(PHONE_D, "1004", .cfb = "1003", .max_calls = 1, .busy_trigger = 1);
	start();
	cm_press(&k, PHONE_A, "call", "1004");
	SEES(PHONE_D, RingIn);
	cm_press(&k, PHONE_B, "call", "1004");
	SEES(PHONE_C, RingIn);
	cm_press(&k, PHONE_A, "hangup", NULL);
	cm_press(&k, PHONE_B, "hangup", NULL);
}
END_TEST

START_TEST(cal_01_a_phone_that_does_not_answer_forwards_after_its_ring_duration)
{
	FORWARD(PHONE_D, "1004", .cfna = "1003", .cfna_duration_s = 5);
	start();
	cm_press(&k, PHONE_A, "call", "1004");
	SEES(PHONE_D, RingIn);
	cluster_advance(k.c, MS(4500));
	ck_assert_uint_eq(cm_legs_in(&k, 3, "call_received7"), 1);
	SEES(PHONE_C, RingIn);
	SEES(PHONE_D, OnHook);
	cm_press(&k, PHONE_C, "answer", NULL);
	SEES(PHONE_A, Connected);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(cal_01_without_cfna_a_phone_rings_until_the_caller_gives_up)
{
	start();
	cm_press(&k, PHONE_A, "call", "1004");
	SEES(PHONE_D, RingIn);
	cluster_advance(k.c, SECONDS(60));
	ck_assert_uint_eq(cm_legs_in(&k, 3, "call_received7"), 1);
	cm_press(&k, PHONE_A, "hangup", NULL);
	SEES(PHONE_D, OnHook);
}
END_TEST

START_TEST(apf_04_forwards_between_ports_that_nobody_has_open_end_with_an_error)
{
	FORWARD("CTIP_1", "6001", .cfna = "6002");
	FORWARD("CTIP_2", "6002", .cfna = "6001");
	start();
	cm_press(&k, PHONE_A, "call", "6001");
	SEES(PHONE_A, InvalidNumber);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(cal_01_phones_that_forward_all_to_each_other_end_with_an_error)
{
	FORWARD(PHONE_B, "1002", .cfa = "1004");
	FORWARD(PHONE_D, "1004", .cfa = "1002");
	start();
	cm_press(&k, PHONE_A, "call", "1002");
	SEES(PHONE_A, InvalidNumber);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(cal_01_phones_that_do_not_answer_and_forward_to_each_other_end_with_an_error)
{
	FORWARD(PHONE_B, "1002", .cfna = "1004", .cfna_duration_s = 1);
	FORWARD(PHONE_D, "1004", .cfna = "1002", .cfna_duration_s = 1);
	start();
	cm_press(&k, PHONE_A, "call", "1002");
	SEES(PHONE_B, RingIn);
	cluster_advance(k.c, SECONDS(CM_FORWARD_HOPS_MAX + 2));
	SEES(PHONE_A, InvalidNumber);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(a_forward_that_is_changed_counts_from_the_next_call_on)
{
	const struct db_line_spec forward = { .index = 1, .dn = "1004", .cfa = "1003" };
	DbChangeNotify change = DB_CHANGE_NOTIFY__INIT;
	struct db_error err = { 0 };

	start();
	ck_assert_int_eq(db_change_line(k.opened[2], PHONE_D, &forward, &err), 0);
	change.table = "callforwarddynamic";
	change.pkid = "";
	change.operation = "update";
	change.name = "1004";
	cluster_post(k.c, "ccm3", CM_DEVICE_MANAGER, SIG_DbChangeNotify, &change);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_A, "call", "1004");
	SEES(PHONE_C, RingIn);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(cfof_counts_before_cfna_and_an_internal_destination_before_the_general_one)
{
	LineConfig line = LINE_CONFIG__INIT;

	ck_assert_ptr_null(cm_forward_on_failure(&line).to);
	line.cfna = "1";
	ck_assert_str_eq(cm_forward_no_answer(&line).to, "1");
	ck_assert_str_eq(cm_forward_on_failure(&line).to, "1");
	line.cfna_int = "2";
	ck_assert_str_eq(cm_forward_no_answer(&line).to, "2");
	line.cfof = "3";
	ck_assert_str_eq(cm_forward_on_failure(&line).to, "3");
	line.cfb = "4";
	line.cfb_int = "";
	ck_assert_str_eq(cm_forward_busy(&line).to, "4");
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(cal_01_a_phone_that_forwards_all_calls_does_not_ring, up, down),
		SUITE_CASE_WITH(cal_01_a_phone_that_is_registered_nowhere_forwards_all_calls_on, up,
				down),
		SUITE_CASE_WITH(cal_01_a_busy_phone_forwards_on_busy, up, down),
		SUITE_CASE_WITH(
			cal_01_a_phone_that_does_not_answer_forwards_after_its_ring_duration, up,
			down),
		SUITE_CASE_WITH(cal_01_without_cfna_a_phone_rings_until_the_caller_gives_up, up,
				down),
		SUITE_CASE_WITH(
			apf_04_forwards_between_ports_that_nobody_has_open_end_with_an_error, up,
			down),
		SUITE_CASE_WITH(cal_01_phones_that_forward_all_to_each_other_end_with_an_error, up,
				down),
		SUITE_CASE_WITH(
			cal_01_phones_that_do_not_answer_and_forward_to_each_other_end_with_an_error,
			up, down),
		SUITE_CASE_WITH(a_forward_that_is_changed_counts_from_the_next_call_on, up, down),
		SUITE_CASE(
			cfof_counts_before_cfna_and_an_internal_destination_before_the_general_one),
	};

	return suite_main(argc, argv, "cluster/test_forwarding", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
