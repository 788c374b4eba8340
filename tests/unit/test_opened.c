#include "ctimanager/client/opened.h"
#include "ctimanager/client/pending.h"
#include "tests/lib/suite.h"

#include <string.h>

START_TEST(what_is_opened_is_found_by_number_and_name_in_the_order_of_opening)
{
	struct cti_opened o = { 0 };
	struct cti_device *a = cti_opened_add_device(&o, "CTIP_6001");
	struct cti_device *b = cti_opened_add_device(&o, "CTIRP_5000");
	struct cti_line *line = cti_opened_add_line(&o, b, "5000");

	ck_assert_ptr_eq(cti_opened_device_named(&o, "CTIP_6001"), a);
	ck_assert_ptr_eq(cti_opened_device(&o, b->id), b);
	ck_assert_ptr_null(cti_opened_device_named(&o, "CTIP"));
	ck_assert_ptr_null(cti_opened_device(&o, line->id));
	ck_assert_ptr_eq(cti_opened_line(&o, line->id), line);
	ck_assert_ptr_eq(o.devices, a);
	ck_assert_ptr_eq(a->hh.next, b);
	cti_opened_clear(&o);
	ck_assert_ptr_null(o.devices);
	ck_assert_ptr_null(o.names);
	ck_assert_ptr_null(o.lines);
}
END_TEST

START_TEST(a_line_is_known_by_its_handle_before_its_number)
{
	struct cti_opened o = { 0 };
	struct cti_device *d = cti_opened_add_device(&o, "SEP000000000001");
	struct cti_line *one = cti_opened_add_line(&o, d, "1001");
	struct cti_line *two = cti_opened_add_line(&o, d, "1001");

	one->wire = 5;
	two->wire = 6;
	ck_assert_ptr_eq(cti_opened_line_of(d, 6, "1001"), two);
	ck_assert_ptr_eq(cti_opened_line_of(d, 7, "1001"), one);
	ck_assert_ptr_null(cti_opened_line_of(d, 7, "1002"));
	cti_opened_clear(&o);
}
END_TEST

START_TEST(calls_go_with_their_line)
{
	struct cti_opened o = { 0 };
	struct cti_device *d = cti_opened_add_device(&o, "CTIRP_5000");
	struct cti_line *line = cti_opened_add_line(&o, d, "5000");
	struct cti_line *other = cti_opened_add_line(&o, d, "5001");

	cti_opened_add_call(&o, line, 17);
	cti_opened_add_call(&o, line, 17);
	cti_opened_add_call(&o, line, 18);
	cti_opened_add_call(&o, other, 19);
	ck_assert_uint_eq(HASH_COUNT(o.calls), 3);
	cti_opened_remove_call(&o, 18);
	cti_opened_remove_call(&o, 18);
	cti_opened_remove_line(&o, line);
	ck_assert_uint_eq(HASH_COUNT(o.calls), 1);
	ck_assert_uint_eq(o.calls->handle, 19);
	cti_opened_clear(&o);
	ck_assert_ptr_null(o.calls);
}
END_TEST

START_TEST(cmf_06_one_out_of_service_is_told_until_in_service_and_1003_and_1006_once_more)
{
	struct cti_service s = { 0 };

	ck_assert(cti_service_out(&s, CTI_DEVICE_UNREGISTERED)); /* never in service yet: CTF-04 */
	ck_assert(!cti_service_out(&s, CTI_DEVICE_UNREGISTERED));
	ck_assert(cti_service_in(&s));
	ck_assert(cti_service_out(&s, CTI_REHOME_TO_HIGHER_PRIORITY_CM));
	ck_assert(!cti_service_out(&s, CTI_CALLMANAGER_FAILURE));
	ck_assert(cti_service_out(&s, CTI_REHOMING_FAILURE));
	ck_assert(cti_service_out(&s, CTI_NOCALLMANAGER_AVAILABLE));
	ck_assert(!cti_service_out(&s, CTI_NOCALLMANAGER_AVAILABLE));
	ck_assert(!cti_service_out(&s, CTI_CTIMANAGER_FAILURE));
	ck_assert(cti_service_in(&s));
	ck_assert(cti_service_out(&s, CTI_NOCALLMANAGER_AVAILABLE));
}
END_TEST

START_TEST(requests_are_found_by_their_number_and_overdue_in_the_order_of_sending)
{
	struct cti_pending_table t = { 0 };
	struct cti_pending *a = cti_pending_add(&t, 1, 11, 300);
	struct cti_pending *b = cti_pending_add(&t, 2, 12, 100);
	struct cti_pending *c = cti_pending_add(&t, 3, 13, 200);

	ck_assert_uint_ne(a->wire_seq, b->wire_seq);
	ck_assert_ptr_eq(cti_pending_find(&t, c->wire_seq), c);
	ck_assert_int_eq(cti_pending_deadline(&t), 100);
	ck_assert_ptr_null(cti_pending_overdue(&t, 99));
	ck_assert_ptr_eq(cti_pending_overdue(&t, 250), b);
	cti_pending_remove(&t, b);
	ck_assert_ptr_eq(cti_pending_overdue(&t, 250), c);
	cti_pending_clear(&t);
	ck_assert_int_eq(cti_pending_deadline(&t), INT64_MAX);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(what_is_opened_is_found_by_number_and_name_in_the_order_of_opening),
		SUITE_CASE(a_line_is_known_by_its_handle_before_its_number),
		SUITE_CASE(calls_go_with_their_line),
		SUITE_CASE(
			cmf_06_one_out_of_service_is_told_until_in_service_and_1003_and_1006_once_more),
		SUITE_CASE(requests_are_found_by_their_number_and_overdue_in_the_order_of_sending),
	};

	return suite_main(argc, argv, "unit/test_opened", cases, sizeof(cases) / sizeof(cases[0]));
}
