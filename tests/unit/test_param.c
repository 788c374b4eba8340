#include "common/base/param.h"
#include "tests/lib/suite.h"

#include <string.h>

#define NS_PER_S INT64_C(1000000000)

START_TEST(every_default_is_accepted_by_its_own_range)
{
	struct param_set set;
	char text[PARAM_TEXT_MAX + 1];
	char why[200];

	param_set_defaults(&set);
	for (int i = 0; i < PARAM_IDS; i++) {
		param_print(&set, (enum param_id)i, text, sizeof(text));
		ck_assert_msg(param_set_parse(&set, (enum param_id)i, text, why, sizeof(why)) == 0,
			      "%s", why);
	}
}
END_TEST

START_TEST(every_parameter_is_found_by_service_and_name_and_no_other_has_both)
{
	for (int i = 0; i < PARAM_IDS; i++) {
		const struct param_def *def = param_def((enum param_id)i);
		const char *service = param_service_name(def->service);

		ck_assert_int_eq((int)param_by_name(service, def->name), i);
		ck_assert_uint_gt(strlen(def->help), 10);
	}
	ck_assert_int_eq(param_by_name("Cisco CTIManager", "SDL Listening Port"),
			 PARAM_CTIM_SDL_PORT);
	ck_assert_int_eq(param_by_name("cisco callmanager", "sdl listening port"),
			 PARAM_CCM_SDL_PORT);
	ck_assert_int_eq(param_by_name(NULL, "T302 Timer"), PARAM_T302_TIMER);
	ck_assert_int_eq(param_by_name("Enterprise Wide", "T302 Timer"), PARAM_IDS);
	ck_assert_int_eq(param_by_name(NULL, "T3020 Timer"), PARAM_IDS);
}
END_TEST

START_TEST(the_published_defaults_are_the_defaults)
{
	struct param_set set;

	param_set_defaults(&set);
	ck_assert_int_eq(param_value(&set, PARAM_MAX_DEVICES_PER_PROVIDER), 2000);
	ck_assert_int_eq(param_value(&set, PARAM_MAX_DEVICES_PER_NODE), 800);
	ck_assert_int_eq(param_ns(&set, PARAM_NEW_CALL_ACCEPT_TIMER), 4 * NS_PER_S);
	ck_assert_int_eq(param_ns(&set, PARAM_HEARTBEAT_MIN), 5 * NS_PER_S);
	ck_assert_int_eq(param_ns(&set, PARAM_HEARTBEAT_MAX), 3600 * NS_PER_S);
	ck_assert_str_eq(param_text(&set, PARAM_CLUSTER_ID), "StandAloneCluster");
}
END_TEST

START_TEST(speed_shortens_long_timers_and_never_the_links)
{
	struct param_set set;

	param_set_defaults(&set);
	set.speed = 10;
	ck_assert_int_eq(param_ns(&set, PARAM_T302_TIMER), 15 * NS_PER_S / 10);
	ck_assert_int_eq(param_ns(&set, PARAM_MAX_CALL_DURATION_TIMER), 72 * 60 * NS_PER_S);
	ck_assert_int_eq(param_ns(&set, PARAM_SDL_LINK_KEEPALIVE_INTERVAL), NS_PER_S);
	ck_assert_int_eq(param_ns(&set, PARAM_SDL_LINK_KEEPALIVE_TIMEOUT), 3 * NS_PER_S);
	ck_assert_int_eq(param_value(&set, PARAM_T302_TIMER), 15000);
}
END_TEST

START_TEST(a_value_outside_its_range_is_refused_with_the_range_and_changes_nothing)
{
	struct param_set set;
	struct param_set before;
	char why[200];

	param_set_defaults(&set);
	before = set;
	ck_assert_int_eq(param_set_parse(&set, PARAM_T302_TIMER, "2999", why, sizeof(why)), -1);
	ck_assert_str_eq(why,
			 "T302 Timer goes from 3000 to 60000 ms (default 15000); 2999 is outside");
	ck_assert_int_eq(
		param_set_parse(&set, PARAM_T302_TIMER, "99999999999999999999", why, sizeof(why)),
		-1);
	ck_assert_mem_eq(&set, &before, sizeof(set));
}
END_TEST

START_TEST(what_is_no_number_is_refused_by_name)
{
	static const char *const bad[] = { "", "4s", "4.5", " 4", "+4", "0x4", "four", "-", "4 " };
	struct param_set set;
	char why[200];

	param_set_defaults(&set);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_int_eq(param_set_parse(&set, PARAM_NEW_CALL_ACCEPT_TIMER, bad[i], why,
						 sizeof(why)),
				 -1);
	param_set_parse(&set, PARAM_NEW_CALL_ACCEPT_TIMER, "4s", why, sizeof(why));
	ck_assert_str_eq(why, "CTI New Call Accept Timer is a whole number from 1 to 300 seconds, "
			      "not '4s'");
	ck_assert_int_eq(param_value(&set, PARAM_NEW_CALL_ACCEPT_TIMER), 4);
}
END_TEST

START_TEST(truth_values_are_taken_as_the_pages_and_the_database_write_them)
{
	struct param_set set;
	char why[200];
	char text[16];

	param_set_defaults(&set);
	ck_assert_int_eq(
		param_set_parse(&set, PARAM_ENABLE_DEPENDENCY_RECORDS, "T", why, sizeof(why)), 0);
	ck_assert_int_eq(param_value(&set, PARAM_ENABLE_DEPENDENCY_RECORDS), 1);
	param_print(&set, PARAM_ENABLE_DEPENDENCY_RECORDS, text, sizeof(text));
	ck_assert_str_eq(text, "True");
	ck_assert_int_eq(
		param_set_parse(&set, PARAM_ENABLE_DEPENDENCY_RECORDS, "2", why, sizeof(why)), -1);
	ck_assert_str_eq(why, "Enable Dependency Records is True or False, not '2'");
}
END_TEST

START_TEST(texts_are_bounded_and_hold_no_control_characters)
{
	struct param_set set;
	char why[200];
	char text[PARAM_TEXT_MAX + 2];

	param_set_defaults(&set);
	memset(text, 'x', sizeof(text));
	text[PARAM_TEXT_MAX] = '\0';
	ck_assert_int_eq(param_set_parse(&set, PARAM_CLUSTER_ID, text, why, sizeof(why)), 0);
	ck_assert_str_eq(param_text(&set, PARAM_CLUSTER_ID), text);
	text[PARAM_TEXT_MAX] = 'x';
	text[PARAM_TEXT_MAX + 1] = '\0';
	ck_assert_int_eq(param_set_parse(&set, PARAM_CLUSTER_ID, text, why, sizeof(why)), -1);
	ck_assert_int_eq(param_set_parse(&set, PARAM_CLUSTER_ID, "a\nb", why, sizeof(why)), -1);
	ck_assert_uint_eq(strlen(param_text(&set, PARAM_CLUSTER_ID)), PARAM_TEXT_MAX);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(every_default_is_accepted_by_its_own_range),
		SUITE_CASE(every_parameter_is_found_by_service_and_name_and_no_other_has_both),
		SUITE_CASE(the_published_defaults_are_the_defaults),
		SUITE_CASE(speed_shortens_long_timers_and_never_the_links),
		SUITE_CASE(a_value_outside_its_range_is_refused_with_the_range_and_changes_nothing),
		SUITE_CASE(what_is_no_number_is_refused_by_name),
		SUITE_CASE(truth_values_are_taken_as_the_pages_and_the_database_write_them),
		SUITE_CASE(texts_are_bounded_and_hold_no_control_characters),
	};

	return suite_main(argc, argv, "unit/test_param", cases, sizeof(cases) / sizeof(cases[0]));
}
