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

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(the_tables_of_the_callmanager_are_sound),
		SUITE_CASE_WITH(phones_register_at_the_first_member_of_their_group, up, down),
		SUITE_CASE_WITH(cal_01_a_call_on_one_node_is_made_answered_and_dropped, up, down),
		SUITE_CASE_WITH(cal_01_a_call_between_two_nodes_is_made_answered_and_dropped, up,
				down),
	};

	return suite_main(argc, argv, "cluster/test_call", cases, sizeof(cases) / sizeof(cases[0]));
}
