#include "common/base/dial_rule.h"

#include "tests/lib/suite.h"

#include <string.h>

#define N(a) (sizeof(a) / sizeof((a)[0]))

static const struct dial_rule office[] = {
	{ "1...", 0 }, { "6...", 5 }, { "8,.....", 0 }, { "911", 0 }, { "9.......", 0 }, { "*", 2 },
};

static struct dial_look look(const char *digits)
{
	return dial_rules_look(office, N(office), digits);
}

static void expect_rule(const char *digits, const char *pattern, bool at_once)
{
	struct dial_look l = look(digits);

	ck_assert_msg(l.rule && !strcmp(l.rule->pattern, pattern), "%s is matched by %s", digits,
		      l.rule ? l.rule->pattern : "none");
	ck_assert_msg(l.at_once == at_once, "%s", digits);
}

START_TEST(dev_07_a_dot_is_one_key_and_a_star_is_one_or_more)
{
	ck_assert_int_eq(dial_rule_fit("1...", "1"), DIAL_PART);
	ck_assert_int_eq(dial_rule_fit("1...", "100"), DIAL_PART);
	ck_assert_int_eq(dial_rule_fit("1...", "1002"), DIAL_WHOLE);
	ck_assert_int_eq(dial_rule_fit("1...", "10023"), DIAL_NEVER);
	ck_assert_int_eq(dial_rule_fit("1...", "2"), DIAL_NEVER);
	ck_assert_int_eq(dial_rule_fit("1...", ""), DIAL_PART);
	ck_assert_int_eq(dial_rule_fit("*", ""), DIAL_PART);
	ck_assert_int_eq(dial_rule_fit("*", "7"), DIAL_WHOLE);
	ck_assert_int_eq(dial_rule_fit("*", "7*#"), DIAL_WHOLE);
	ck_assert_int_eq(dial_rule_fit("9*5", "95"), DIAL_PART);
	ck_assert_int_eq(dial_rule_fit("9*5", "9125"), DIAL_WHOLE);
	ck_assert_int_eq(dial_rule_fit("9*5", "9126"), DIAL_PART);
	ck_assert_int_eq(dial_rule_fit("**", "1"), DIAL_PART);
	ck_assert_int_eq(dial_rule_fit("**", "12"), DIAL_WHOLE);
	ck_assert_int_eq(dial_rule_fit("#1", "#1"), DIAL_WHOLE);
}
END_TEST

START_TEST(dev_07_the_longest_pattern_wins_and_says_how_long_to_wait)
{
	expect_rule("1", "*", false);
	ck_assert_int_eq(look("1").timeout_s, 2);
	expect_rule("1002", "1...", true);
	expect_rule("6002", "6...", false);
	ck_assert_int_eq(look("6002").timeout_s, 5);
	expect_rule("911", "911", true);
	expect_rule("91123456", "9.......", true);
	expect_rule("10021", "*", false);
}
END_TEST

START_TEST(dev_07_fewer_dots_win_then_the_first)
{
	static const struct dial_rule rules[] = { { "7...", 1 }, { "71..", 2 }, { "7.1.", 3 } };

	ck_assert_int_eq(dial_rules_look(rules, N(rules), "7000").timeout_s, 1);
	ck_assert_int_eq(dial_rules_look(rules, N(rules), "7100").timeout_s, 2);
	ck_assert_int_eq(dial_rules_look(rules, N(rules), "7110").timeout_s, 2);
	ck_assert_int_eq(dial_rules_look(rules, N(rules), "7010").timeout_s, 3);
}
END_TEST

START_TEST(dev_07_a_comma_is_a_second_dial_tone_and_not_a_key)
{
	ck_assert(look("8").secondary_tone);
	ck_assert(!look("81").secondary_tone);
	ck_assert(!look("1").secondary_tone);
	expect_rule("812345", "8,.....", true);
	ck_assert_int_eq(dial_rule_fit("8,.....", "81234"), DIAL_PART);
}
END_TEST

START_TEST(dev_07_without_a_match_the_inter_digit_timer_decides)
{
	struct dial_look l = dial_rules_look(office, 1, "2");

	ck_assert_ptr_null(l.rule);
	ck_assert(!l.at_once);
	ck_assert_int_eq(l.timeout_s, -1);
	l = dial_rules_look(NULL, 0, "1002");
	ck_assert_ptr_null(l.rule);
	ck_assert_int_eq(l.timeout_s, -1);
}
END_TEST

START_TEST(what_is_no_pattern_is_refused_in_words)
{
	static const char *const bad[] = { "", ",1", "1,", "1,,2", "12a", "1 2", "[1-3]" };
	char why[100], longest[DIAL_PATTERN_MAX + 2];

	for (size_t i = 0; i < N(bad); i++) {
		why[0] = '\0';
		ck_assert_msg(!dial_rule_valid(bad[i], why, sizeof(why)), "'%s'", bad[i]);
		ck_assert_str_ne(why, "");
	}
	memset(longest, '1', sizeof(longest));
	longest[DIAL_PATTERN_MAX] = '\0';
	ck_assert(dial_rule_valid(longest, why, sizeof(why)));
	ck_assert_int_eq(dial_rule_fit(longest, longest), DIAL_WHOLE);
	longest[DIAL_PATTERN_MAX] = '1';
	longest[DIAL_PATTERN_MAX + 1] = '\0';
	ck_assert(!dial_rule_valid(longest, why, sizeof(why)));
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(dev_07_a_dot_is_one_key_and_a_star_is_one_or_more),
		SUITE_CASE(dev_07_the_longest_pattern_wins_and_says_how_long_to_wait),
		SUITE_CASE(dev_07_fewer_dots_win_then_the_first),
		SUITE_CASE(dev_07_a_comma_is_a_second_dial_tone_and_not_a_key),
		SUITE_CASE(dev_07_without_a_match_the_inter_digit_timer_decides),
		SUITE_CASE(what_is_no_pattern_is_refused_in_words),
	};

	return suite_main(argc, argv, "unit/test_dial_rule", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
