#include "common/base/cause.h"
#include "tests/lib/suite.h"

#include <string.h>

START_TEST(every_set_maps_names_and_values_one_to_one)
{
	enum cause_set set = (enum cause_set)_i;
	const char *name;
	int value;
	int again;
	size_t i;

	for (i = 0; (name = cause_at(set, i, &value)); i++) {
		ck_assert_str_eq(cause_name(set, value), name);
		ck_assert_int_eq(cause_by_name(set, name, &again), 0);
		ck_assert_int_eq(again, value);
	}
	ck_assert_uint_gt(i, 4);
	ck_assert_int_eq(cause_by_name(set, "noSuchThing", &value), -1);
	ck_assert_str_eq(cause_name(set, -1), "UNDEFINED");
}
END_TEST

START_TEST(values_are_the_fields_own)
{
	int value;

	ck_assert_str_eq(cause_name(CAUSE_CALL, 508), "CALLMANAGER_FAILURE");
	ck_assert_int_eq(CAUSE_CALL_DESTINATIONOUTOFORDER, 27);
	ck_assert_int_eq(CAUSE_UNREG_DUPLICATE_REGISTRATION, 16);
	ck_assert_int_eq(CAUSE_INIT_COMPLETE, 100);
	ck_assert_int_eq(cause_by_name(CAUSE_CALL, "USERBUSY", &value), 0);
	ck_assert_int_eq(value, 17);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_LOOP(every_set_maps_names_and_values_one_to_one, 0, CAUSE_SETS),
		SUITE_CASE(values_are_the_fields_own),
	};

	return suite_main(argc, argv, "unit/test_cause", cases, sizeof(cases) / sizeof(cases[0]));
}
