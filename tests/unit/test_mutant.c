/* The table of mutants: names, bits, clauses. */
#include "common/base/mutant.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <string.h>

START_TEST(each_mutant_has_a_name_of_its_own_a_clause_and_a_sentence)
{
	for (unsigned a = 0; a < MUTANTS; a++) {
		const struct mutant *m = mutant((enum mutant_id)a);
		uint64_t bits = 0;
		const char *unknown;

		ck_assert_int_eq(mutants_by_name(m->name, &bits, &unknown), 0);
		ck_assert_uint_eq(bits, mutant_bit((enum mutant_id)a));
		ck_assert_uint_eq(strlen(m->clause), 6);
		ck_assert_uint_gt(strlen(m->text), 20);
		ck_assert_uint_gt(m->seeds, 0);
		for (unsigned b = 0; b < a; b++)
			ck_assert_str_ne(m->name, mutant((enum mutant_id)b)->name);
	}
	ck_assert_uint_ge(MUTANTS, 15);
}
END_TEST

START_TEST(names_are_a_list_and_an_unknown_one_is_pointed_at)
{
	uint64_t bits = 0;
	char names[200];
	const char *unknown = NULL;

	ck_assert_int_eq(mutants_by_name("phone-stays,leg-leaked", &bits, &unknown), 0);
	ck_assert_uint_eq(bits, mutant_bit(MUTANT_PHONE_STAYS) | mutant_bit(MUTANT_LEG_LEAKED));
	mutants_names(bits, names, sizeof(names));
	ck_assert_str_eq(names, "leg-leaked,phone-stays");
	mutants_names(bits, names, 5);
	ck_assert_str_eq(names, "leg-");
	ck_assert_int_eq(mutants_by_name("phone-stays,leg", &bits, &unknown), -1);
	ck_assert_str_eq(unknown, "leg");
	ck_assert_int_eq(mutants_by_name("", &bits, &unknown), -1);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(each_mutant_has_a_name_of_its_own_a_clause_and_a_sentence),
		SUITE_CASE(names_are_a_list_and_an_unknown_one_is_pointed_at),
	};

	return suite_main(argc, argv, "unit/test_mutant", cases, sizeof(cases) / sizeof(cases[0]));
}
