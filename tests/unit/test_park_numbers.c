#include "callmanager/park_numbers.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <string.h>

static bool taken_below(void *arg, const char *number)
{
	return strcmp(number, arg) < 0;
}

static struct cm_park_numbers *two_nodes(void)
{
	struct cm_park_numbers *p = cm_park_numbers_new();

	cm_park_numbers_begin(p);
	ck_assert(cm_park_numbers_add(p, "77X", 1));
	ck_assert(cm_park_numbers_add(p, "7800", 1));
	ck_assert(cm_park_numbers_add(p, "*8X", 2));
	cm_park_numbers_end(p);
	return p;
}

START_TEST(a_number_belongs_to_the_node_that_has_its_range)
{
	struct cm_park_numbers *p = two_nodes();

	ck_assert_uint_eq(cm_park_numbers_node(p, "770"), 1);
	ck_assert_uint_eq(cm_park_numbers_node(p, "7800"), 1);
	ck_assert_uint_eq(cm_park_numbers_node(p, "*83"), 2);
	ck_assert_uint_eq(cm_park_numbers_node(p, "77"), 0);
	ck_assert_uint_eq(cm_park_numbers_node(p, "7701"), 0);
	ck_assert_uint_eq(cm_park_numbers_node(p, "77*"), 0);
	ck_assert_uint_eq(cm_park_numbers_node(p, ""), 0);
	ck_assert_uint_eq(cm_park_numbers_node(NULL, "770"), 0);
	cm_park_numbers_destroy(&p);
	ck_assert_ptr_null(p);
}
END_TEST

START_TEST(digits_that_a_park_number_begins_with_may_become_one)
{
	struct cm_park_numbers *p = two_nodes();

	ck_assert(cm_park_numbers_longer(p, "7"));
	ck_assert(cm_park_numbers_longer(p, "780"));
	ck_assert(!cm_park_numbers_longer(p, "770"));
	ck_assert(!cm_park_numbers_longer(p, "9"));
	ck_assert(!cm_park_numbers_longer(NULL, "7"));
	cm_park_numbers_destroy(&p);
}
END_TEST

START_TEST(the_first_free_number_of_the_node_is_given_out)
{
	struct cm_park_numbers *p = two_nodes();
	char number[8];

	ck_assert(cm_park_numbers_free(p, 1, number, sizeof number, taken_below, (void *)"0"));
	ck_assert_str_eq(number, "770");
	ck_assert(cm_park_numbers_free(p, 1, number, sizeof number, taken_below, (void *)"774"));
	ck_assert_str_eq(number, "774");
	ck_assert(cm_park_numbers_free(p, 1, number, sizeof number, taken_below, (void *)"78"));
	ck_assert_str_eq(number, "7800");
	ck_assert(!cm_park_numbers_free(p, 1, number, sizeof number, taken_below, (void *)"9"));
	ck_assert(cm_park_numbers_free(p, 2, number, sizeof number, taken_below, (void *)""));
	ck_assert_str_eq(number, "*80");
	ck_assert(!cm_park_numbers_free(p, 3, number, sizeof number, taken_below, (void *)""));
	cm_park_numbers_destroy(&p);
}
END_TEST

START_TEST(what_is_no_range_of_numbers_is_refused)
{
	struct cm_park_numbers *p = NULL;

	cm_park_numbers_destroy(&p);
	p = cm_park_numbers_new();
	cm_park_numbers_begin(p);
	ck_assert(!cm_park_numbers_add(p, "", 1));
	ck_assert(!cm_park_numbers_add(p, "77[1-3]", 1));
	ck_assert(!cm_park_numbers_add(p, "77!", 1));
	ck_assert(!cm_park_numbers_add(p, "XXXXXX", 1));
	ck_assert(!cm_park_numbers_add(p, "77X", 0));
	ck_assert(
		!cm_park_numbers_add(p, "012345678901234567890123456789012345678901234567890", 1));
	cm_park_numbers_end(p);
	ck_assert(!cm_park_numbers_longer(p, ""));
	cm_park_numbers_destroy(&p);
}
END_TEST

START_TEST(numbers_that_are_loaded_no_more_are_gone)
{
	struct cm_park_numbers *p = two_nodes();

	cm_park_numbers_begin(p);
	ck_assert(cm_park_numbers_add(p, "7800", 2));
	ck_assert_uint_eq(cm_park_numbers_node(p, "770"), 1); /* until the end */
	cm_park_numbers_end(p);
	ck_assert_uint_eq(cm_park_numbers_node(p, "770"), 0);
	ck_assert_uint_eq(cm_park_numbers_node(p, "7800"), 2);
	cm_park_numbers_destroy(&p);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(a_number_belongs_to_the_node_that_has_its_range),
		SUITE_CASE(digits_that_a_park_number_begins_with_may_become_one),
		SUITE_CASE(the_first_free_number_of_the_node_is_given_out),
		SUITE_CASE(what_is_no_range_of_numbers_is_refused),
		SUITE_CASE(numbers_that_are_loaded_no_more_are_gone),
	};

	return suite_main(argc, argv, "unit/test_park_numbers", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
