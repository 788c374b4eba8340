#include "tests/lib/suite.h"

START_TEST(a_name_without_an_id_names_no_clause)
{
	char ids[SUITE_CLAUSES_MAX][8];

	ck_assert_uint_eq(suite_clauses("links_come_back", ids), 0);
	ck_assert_uint_eq(suite_clauses("us_05_links", ids), 0);
	ck_assert_uint_eq(suite_clauses("usr_5_links", ids), 0);
	ck_assert_uint_eq(suite_clauses("usr", ids), 0);
	ck_assert_uint_eq(suite_clauses("", ids), 0);
}
END_TEST

START_TEST(leading_ids_become_clauses)
{
	char ids[SUITE_CLAUSES_MAX][8];

	ck_assert_uint_eq(suite_clauses("usr_05_a_wrong_password_is_refused", ids), 1);
	ck_assert_str_eq(ids[0], "USR-05");
	ck_assert_uint_eq(suite_clauses("cmf_04_ctf_10_told", ids), 2);
	ck_assert_str_eq(ids[0], "CMF-04");
	ck_assert_str_eq(ids[1], "CTF-10");
}
END_TEST

static int fixture_value;

static void set_value(void)
{
	fixture_value = 42;
}

START_TEST(a_fixture_runs_in_the_process_of_its_case)
{
	ck_assert_int_eq(fixture_value, 42);
}
END_TEST

START_TEST(a_loop_case_counts_from_its_first_to_before_its_last)
{
	ck_assert_int_ge(_i, 3);
	ck_assert_int_lt(_i, 5);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(a_name_without_an_id_names_no_clause),
		SUITE_CASE(leading_ids_become_clauses),
		SUITE_CASE_WITH(a_fixture_runs_in_the_process_of_its_case, set_value, NULL),
		SUITE_LOOP(a_loop_case_counts_from_its_first_to_before_its_last, 3, 5),
	};

	return suite_main(argc, argv, "unit/test_suite", cases, sizeof(cases) / sizeof(cases[0]));
}
