#include "common/base/cti_error.h"
#include "tests/lib/suite.h"

#include <stdio.h>

START_TEST(every_error_is_found_again_by_its_name_with_and_without_prefix)
{
	char name[100];
	uint32_t value;
	uint32_t again;

	for (size_t i = 0; cti_error_at(i, &value) == 0; i++) {
		ck_assert_int_eq(cti_error_by_name(cti_error_name(value), &again), 0);
		ck_assert_uint_eq(value, again);
		snprintf(name, sizeof(name), "CTIERR_%s", cti_error_name(value));
		ck_assert_int_eq(cti_error_by_name(name, &again), 0);
		ck_assert_uint_eq(value, again);
	}
	ck_assert_int_eq(cti_error_by_name("NO_SUCH_THING", &value), -1);
	ck_assert_int_eq(cti_error_by_name("", &value), -1);
}
END_TEST

START_TEST(no_two_errors_share_a_value)
{
	uint32_t a;
	uint32_t b;

	for (size_t i = 0; cti_error_at(i, &a) == 0; i++)
		for (size_t k = i + 1; cti_error_at(k, &b) == 0; k++)
			ck_assert_msg(a != b, "%s and %s", cti_error_name(a), cti_error_name(b));
}
END_TEST

START_TEST(values_are_the_fields_own)
{
	ck_assert_uint_eq(CTIERR_SUCCESS, 0);
	ck_assert_uint_eq(CTIERR_DIRECTORY_LOGIN_FAILED, 0x8CCC0060);
	ck_assert_uint_eq(CTIERR_MEDIA_ALREADY_TERMINATED_DYNAMIC, 0x8CCC00A4);
	ck_assert_uint_eq(CTIERR_PROVIDER_CLOSED, 0xDEADBEEF);
	/* A real trace prints this one so. */
	ck_assert_int_eq((int32_t)CTIERR_LINE_RESTRICTED, -1932787501);
}
END_TEST

START_TEST(an_unknown_value_has_a_name_that_says_so)
{
	ck_assert_str_eq(cti_error_name(0x12345678), "UNKNOWN");
	ck_assert_str_eq(cti_error_text(0x12345678), "an error that this release does not know");
	ck_assert_str_eq(cti_error_text(CTIERR_LINE_RESTRICTED),
			 "the line is configured not to be controlled");
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(every_error_is_found_again_by_its_name_with_and_without_prefix),
		SUITE_CASE(no_two_errors_share_a_value),
		SUITE_CASE(values_are_the_fields_own),
		SUITE_CASE(an_unknown_value_has_a_name_that_says_so),
	};

	return suite_main(argc, argv, "unit/test_cti_error", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
