/* The list of devices that a user controls. */
#include "ctimanager/control_list.h"
#include "tests/lib/suite.h"

#include <string.h>

START_TEST(names_are_there_once_and_in_order_however_they_come)
{
	static const char *const names[] = { "SEP2", "CTIP_1", "SEP1", "CTIP_1", "CTIP_10", "Z" };
	struct control_list list = { 0 };
	unsigned new = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		new += ctim_control_list_add(&list, names[i]);
	ck_assert_uint_eq(new, 5);
	ck_assert_uint_eq(list.n, 5);
	for (size_t i = 1; i < list.n; i++)
		ck_assert_int_lt(strcmp(list.name[i - 1], list.name[i]), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ck_assert(ctim_control_list_has(&list, names[i]));
	ck_assert(!ctim_control_list_has(&list, "SEP"));
	ctim_control_list_free(&list);
	ck_assert_uint_eq(list.n, 0);
	ck_assert(!ctim_control_list_has(&list, "SEP1"));
}
END_TEST

START_TEST(a_name_is_removed_once)
{
	struct control_list list = { 0 };

	ctim_control_list_add(&list, "B");
	ctim_control_list_add(&list, "A");
	ctim_control_list_add(&list, "C");
	ck_assert(ctim_control_list_remove(&list, "B"));
	ck_assert(!ctim_control_list_remove(&list, "B"));
	ck_assert_uint_eq(list.n, 2);
	ck_assert_str_eq(list.name[0], "A");
	ck_assert_str_eq(list.name[1], "C");
	ctim_control_list_free(&list);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(names_are_there_once_and_in_order_however_they_come),
		SUITE_CASE(a_name_is_removed_once),
	};

	return suite_main(argc, argv, "unit/test_control_list", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
