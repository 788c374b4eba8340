/* What digit analysis knows: numbers, registrations, and which of several counts. */
#include "callmanager/registry.h"
#include "common/db/db.h"
#include "tests/lib/suite.h"

static struct cm_registry *r;

static void up(void)
{
	r = cm_registry_new(1);
}

static void down(void)
{
	cm_registry_destroy(&r);
	ck_assert_ptr_null(r);
}

static void number(const char *dn, DeviceKind kind, const char *cfna)
{
	NumberConfig n = NUMBER_CONFIG__INIT;

	n.dn = (char *)dn;
	n.has_kind = true;
	n.kind = kind;
	n.cfna = (char *)cfna;
	cm_registry_load(r, &n);
}

static void place(uint8_t node, const char *device, const char *dn, uint32_t generation,
		  bool orphan)
{
	uint32_t group[] = { 1, 2 };
	DaRegistration d = DA_REGISTRATION__INIT;
	DaLine line = DA_LINE__INIT;
	DaLine *lines[] = { &line };

	line.dn = (char *)dn;
	line.line_pid = sdl_pid_pack((struct sdl_pid){ .node = node, .app = 100, .inst = 7 });
	d.device = (char *)device;
	d.kind = DEVICE_KIND__DEVICE_CTI_PORT;
	d.group = group;
	d.n_group = 2;
	d.generation = generation;
	d.has_orphan = true;
	d.orphan = orphan;
	d.line = lines;
	d.n_line = 1;
	cm_registry_add(r, node, &d);
}

static struct cm_route from(const char *css, const char *digits, bool complete)
{
	const struct cm_query q = { .digits = digits,
				    .complete = complete,
				    .scope = { .css = { css }, .n = css ? 1 : 0 },
				    .calling = "1000" };

	return cm_registry_route(r, &q);
}

static struct cm_route route(const char *digits, bool complete)
{
	return from(NULL, digits, complete);
}

static const char *forward_of(const char *dn)
{
	FeatureReason reason;

	return cm_registry_forward(r, dn, NULL, &reason).to;
}

static void space(const char *name, const char *first, const char *second)
{
	char *partitions[] = { (char *)first, (char *)second };
	SearchSpaceConfig s = SEARCH_SPACE_CONFIG__INIT;

	s.name = (char *)name;
	s.partition = partitions;
	s.n_partition = second ? 2 : 1;
	cm_registry_load_space(r, &s);
}

static void number_in(const char *partition, const char *dn)
{
	NumberConfig n = NUMBER_CONFIG__INIT;

	n.dn = (char *)dn;
	n.partition = (char *)partition;
	cm_registry_load(r, &n);
}

static void pattern(enum db_usage usage, const char *partition, const char *dn, PatternConfig p)
{
	NumberConfig n = NUMBER_CONFIG__INIT;

	n.dn = (char *)dn;
	n.partition = (char *)partition;
	n.has_usage = true;
	n.usage = (uint32_t)usage;
	n.pattern = &p;
	cm_registry_load(r, &n);
}

static void check_found(struct cm_route got, const char *dn, const char *partition)
{
	ck_assert_int_ne(got.result, DA_RESULT__DA_MORE);
	ck_assert_msg(got.dn != NULL, "cause %u", got.cause);
	ck_assert_str_eq(got.dn, dn);
	ck_assert_str_eq(got.partition ? got.partition : "", partition);
}

START_TEST(digits_are_enough_when_no_longer_number_begins_with_them)
{
	cm_registry_load_begin(r);
	number("100", DEVICE_KIND__DEVICE_SCCP_PHONE, NULL);
	number("1001", DEVICE_KIND__DEVICE_SCCP_PHONE, NULL);
	number("20", DEVICE_KIND__DEVICE_SCCP_PHONE, NULL);
	cm_registry_load_end(r);
	ck_assert_int_eq(route("1", false).result, DA_RESULT__DA_MORE);
	ck_assert_int_eq(route("100", false).result, DA_RESULT__DA_MORE);
	ck_assert_int_eq(route("100", true).result, DA_RESULT__DA_NONE);
	ck_assert_uint_eq(route("100", true).cause, CAUSE_CALL_DESTINATIONOUTOFORDER);
	ck_assert_int_eq(route("3", false).result, DA_RESULT__DA_NONE);
	ck_assert_uint_eq(route("3", false).cause, CAUSE_CALL_UNALLOCATEDNUMBER);
	ck_assert_uint_eq(route("", true).cause, CAUSE_CALL_UNALLOCATEDNUMBER);
	place(1, "P", "1001", 1, false);
	ck_assert_int_eq(route("1001", false).result, DA_RESULT__DA_ROUTE);
}
END_TEST

START_TEST(apf_04_only_ports_and_route_points_forward_when_registered_nowhere)
{
	cm_registry_load_begin(r);
	number("1", DEVICE_KIND__DEVICE_SCCP_PHONE, "9");
	number("2", DEVICE_KIND__DEVICE_CTI_PORT, "9");
	number("3", DEVICE_KIND__DEVICE_ROUTE_POINT, "9");
	cm_registry_load_end(r);
	ck_assert_int_eq(route("1", true).result, DA_RESULT__DA_NONE);
	ck_assert_int_eq(route("2", true).result, DA_RESULT__DA_FORWARD);
	ck_assert_str_eq(route("3", true).forward.to, "9");
	ck_assert_str_eq(forward_of("2"), "9");
	ck_assert_ptr_null(forward_of("77"));
}
END_TEST

START_TEST(a_number_that_is_configured_no_more_is_forgotten_unless_it_is_registered)
{
	cm_registry_load_begin(r);
	number("1", DEVICE_KIND__DEVICE_CTI_PORT, NULL);
	number("2", DEVICE_KIND__DEVICE_CTI_PORT, NULL);
	cm_registry_load_end(r);
	place(2, "P", "2", 1, false);
	cm_registry_load_begin(r);
	cm_registry_load_end(r);
	ck_assert_uint_eq(cm_registry_numbers(r), 1);
	ck_assert_int_eq(route("2", true).result, DA_RESULT__DA_ROUTE);
	cm_registry_node_lost(r, 2);
	ck_assert_uint_eq(cm_registry_numbers(r), 0);
}
END_TEST

START_TEST(cmf_17_the_better_member_counts_and_one_that_nobody_has_open_counts_last)
{
	place(2, "P", "6001", 1, false);
	ck_assert_uint_eq(route("6001", true).node, 2);
	place(1, "P", "6001", 1, true);
	ck_assert_uint_eq(route("6001", true).node, 2);
	place(1, "P", "6001", 1, false);
	ck_assert_uint_eq(route("6001", true).node, 1);
	ck_assert_uint_eq(cm_registry_device(r, "P", 1)->node, 2);
	ck_assert_uint_eq(cm_registry_here(r, "P")->node, 1);
	ck_assert_uint_eq(cm_registry_devices_here(r), 1);
	cm_registry_remove(r, 1, "P", 2); /* of another registration: means nothing */
	ck_assert_uint_eq(route("6001", true).node, 1);
	cm_registry_remove(r, 1, "P", 1);
	ck_assert_uint_eq(route("6001", true).node, 2);
	ck_assert_uint_eq(cm_registry_devices_here(r), 0);
}
END_TEST

START_TEST(a_caller_reaches_the_partitions_of_its_search_space_in_order_and_those_in_none)
{
	cm_registry_load_begin(r);
	space("AB", "A", "B");
	space("BA", "B", "A");
	space("B", "B", NULL);
	number_in("A", "1001");
	number_in("B", "1001");
	number_in(NULL, "1001");
	number_in("A", "1002");
	number_in(NULL, "1003");
	cm_registry_load_end(r);
	check_found(from("AB", "1001", true), "1001", "A");
	check_found(from("BA", "1001", true), "1001", "B");
	check_found(from(NULL, "1001", true), "1001", "");
	check_found(from("none such", "1001", true), "1001", "");
	ck_assert_uint_eq(from("B", "1002", true).cause, CAUSE_CALL_UNALLOCATEDNUMBER);
	check_found(from("B", "1003", true), "1003", "");
	/* Nobody waits for what he cannot reach. */
	number_in("A", "10031");
	check_found(from("B", "1003", false), "1003", "");
	ck_assert_int_eq(from("AB", "1003", false).result, DA_RESULT__DA_MORE);
	ck_assert_int_eq(from("B", "10031", false).result, DA_RESULT__DA_NONE);
}
END_TEST

START_TEST(a_number_in_two_partitions_has_a_line_in_each)
{
	DaRegistration d = DA_REGISTRATION__INIT;
	DaLine line = DA_LINE__INIT;
	DaLine *lines[] = { &line };

	space("B", "B", NULL);
	place(1, "P", "1001", 1, false);
	line.dn = "1001";
	line.partition = "B";
	line.line_pid = sdl_pid_pack((struct sdl_pid){ .node = 1, .app = 100, .inst = 8 });
	d.device = "Q";
	d.device_pid = sdl_pid_pack((struct sdl_pid){ 0 });
	d.line = lines;
	d.n_line = 1;
	cm_registry_add(r, 1, &d);
	ck_assert_uint_eq(cm_registry_line(r, "1001", NULL, NULL).inst, 7);
	ck_assert_uint_eq(cm_registry_line(r, "1001", "B", NULL).inst, 8);
	ck_assert_uint_eq(cm_registry_line(r, "1001", "B", "P").inst, 0);
	ck_assert_uint_eq(cm_registry_line(r, "1001", "C", NULL).inst, 0);
	ck_assert_int_eq(from("B", "1001", true).result, DA_RESULT__DA_ROUTE);
	ck_assert_uint_eq(cm_registry_numbers(r), 2);
	cm_registry_node_lost(r, 1);
	ck_assert_uint_eq(cm_registry_numbers(r), 0);
}
END_TEST

static const PatternConfig plain = PATTERN_CONFIG__INIT;

START_TEST(the_closest_of_overlapping_patterns_wins)
{
	cm_registry_load_begin(r);
	space("AB", "A", "B");
	number_in("A", "8XXX");
	number_in("B", "81XX");
	number_in("A", "8[0-4]XX");
	number_in("A", "8!");
	number_in("B", "8150");
	cm_registry_load_end(r);
	check_found(from("AB", "8150", true), "8150", "B");
	check_found(from("AB", "8151", true), "81XX", "B");
	check_found(from("AB", "8251", true), "8[0-4]XX", "A");
	check_found(from("AB", "8951", true), "8XXX", "A");
	check_found(from("AB", "89510", true), "8!", "A");
	check_found(from("AB", "895", true), "8!", "A");
	ck_assert_int_eq(from("AB", "8150", false).result, DA_RESULT__DA_MORE); /* 8! takes more */
	ck_assert_int_eq(from("AB", "8", true).result, DA_RESULT__DA_NONE);
	ck_assert_int_eq(from("AB", "8", false).result, DA_RESULT__DA_MORE);
	ck_assert_int_eq(from("AB", "8*", false).result, DA_RESULT__DA_NONE);
	ck_assert_int_eq(from(NULL, "8", false).result, DA_RESULT__DA_NONE);
	ck_assert_int_eq(from("AB", "8XXX", true).result, DA_RESULT__DA_NONE);
}
END_TEST

START_TEST(a_translation_discards_masks_prefixes_and_is_looked_for_in_its_own_space)
{
	PatternConfig p = plain;
	struct cm_route got;

	cm_registry_load_begin(r);
	space("OUT", "T", NULL);
	space("IN", "I", NULL);
	number_in("I", "2345");
	p.has_discard_predot = p.discard_predot = true;
	p.css = "IN";
	p.calling_mask = "55XXXX";
	pattern(DB_USAGE_TRANSLATION, "T", "9.XXXX", p);
	p = plain;
	p.css = "IN";
	p.called_mask = "23XX";
	pattern(DB_USAGE_TRANSLATION, "T", "7XX", p);
	p.called_mask = NULL;
	p.prefix = "23";
	pattern(DB_USAGE_TRANSLATION, "T", "45", p);
	p.css = NULL;
	pattern(DB_USAGE_TRANSLATION, "T", "46", p);
	cm_registry_load_end(r);
	got = from("OUT", "92345", false);
	check_found(got, "2345", "I");
	ck_assert_str_eq(got.called, "2345");
	ck_assert_str_eq(got.calling, "551000");
	check_found(from("OUT", "745", true), "2345", "I");
	check_found(from("OUT", "45", true), "2345", "I");
	ck_assert_uint_eq(from("OUT", "46", true).cause, CAUSE_CALL_UNALLOCATEDNUMBER);
	ck_assert_uint_eq(from("OUT", "2345", true).cause, CAUSE_CALL_UNALLOCATEDNUMBER);
}
END_TEST

START_TEST(a_route_pattern_leads_into_the_cluster_or_is_blocked)
{
	PatternConfig p = plain;

	cm_registry_load_begin(r);
	number_in(NULL, "1001");
	p.has_discard_predot = p.discard_predot = true;
	pattern(DB_USAGE_ROUTE, NULL, "0.!", p);
	p = plain;
	p.has_block = p.block = true;
	pattern(DB_USAGE_ROUTE, NULL, "0900!", p);
	cm_registry_load_end(r);
	check_found(route("01001", true), "1001", "");
	ck_assert_int_eq(route("01001", false).result, DA_RESULT__DA_MORE);
	ck_assert_uint_eq(route("09001", true).cause, CAUSE_CALL_NOROUTETODDESTINATION);
	ck_assert_uint_eq(route("0", true).cause, CAUSE_CALL_UNALLOCATEDNUMBER);
}
END_TEST

START_TEST(an_urgent_pattern_waits_for_no_more_digits)
{
	PatternConfig p = plain;

	cm_registry_load_begin(r);
	number_in(NULL, "1001");
	number_in(NULL, "9110");
	p.called_mask = "1001";
	pattern(DB_USAGE_TRANSLATION, NULL, "911", p);
	cm_registry_load_end(r);
	ck_assert_int_eq(route("911", false).result, DA_RESULT__DA_MORE);
	cm_registry_load_begin(r);
	number_in(NULL, "1001");
	number_in(NULL, "9110");
	p.has_urgent = p.urgent = true;
	pattern(DB_USAGE_TRANSLATION, NULL, "911", p);
	cm_registry_load_end(r);
	check_found(route("911", false), "1001", "");
}
END_TEST

START_TEST(translations_in_a_circle_or_without_end_lead_nowhere)
{
	PatternConfig p = plain;

	cm_registry_load_begin(r);
	pattern(DB_USAGE_TRANSLATION, NULL, "1", p);
	p.prefix = "2";
	pattern(DB_USAGE_TRANSLATION, NULL, "2!", p);
	p.prefix = NULL;
	p.has_discard_predot = p.discard_predot = true;
	pattern(DB_USAGE_TRANSLATION, NULL, "3.", p);
	p.prefix = "12345678901234567890123456789012345678901234567890";
	pattern(DB_USAGE_TRANSLATION, NULL, "4X", p);
	cm_registry_load_end(r);
	ck_assert_uint_eq(route("1", true).cause, CAUSE_CALL_NOROUTETODDESTINATION);
	ck_assert_uint_eq(route("21", true).cause, CAUSE_CALL_NOROUTETODDESTINATION);
	ck_assert_uint_eq(route("3", true).cause, CAUSE_CALL_INVALIDNUMBERFORMAT);
	ck_assert_uint_eq(route("41", true).cause, CAUSE_CALL_INVALIDNUMBERFORMAT);
}
END_TEST

START_TEST(a_number_of_several_devices_is_shared_by_those_that_are_registered)
{
	struct cm_route got;

	place(1, "P", "6001", 1, false);
	place(2, "P", "6001", 2, false); /* the same device once more is no second one */
	ck_assert_int_eq(route("6001", true).result, DA_RESULT__DA_ROUTE);
	place(2, "Q", "6001", 1, false);
	got = route("6001", true);
	ck_assert_int_eq(got.result, DA_RESULT__DA_SHARED);
	ck_assert_uint_eq(cm_registry_line(r, "6001", NULL, "P").node, 1);
	cm_registry_node_lost(r, 2);
	ck_assert_uint_eq(route("6001", true).node, 1);
}
END_TEST

START_TEST(cal_01_a_phone_that_is_registered_nowhere_forwards_to_cfur)
{
	NumberConfig n = NUMBER_CONFIG__INIT;
	struct cm_route got;

	cm_registry_load_begin(r);
	n.dn = "1";
	n.has_kind = true;
	n.kind = DEVICE_KIND__DEVICE_SCCP_PHONE;
	n.cfna = "8";
	n.cfur = "7";
	n.cfur_int = "9";
	n.cfur_int_css = "CSS";
	cm_registry_load(r, &n);
	cm_registry_load_end(r);
	got = route("1", true);
	ck_assert_int_eq(got.result, DA_RESULT__DA_FORWARD);
	ck_assert_str_eq(got.forward.to, "9");
	ck_assert_uint_eq(got.forward.scope.n, 1);
	ck_assert_str_eq(got.forward.scope.css[0], "CSS");
}
END_TEST

START_TEST(a_search_space_or_a_partition_s_number_that_is_configured_no_more_is_forgotten)
{
	struct cm_registry *none = NULL;

	cm_registry_destroy(&none);
	cm_registry_load_begin(r);
	space("A", "A", NULL);
	space("B", "B", NULL);
	space("C", "C", NULL);
	space("AA", "A", "A"); /* twice the same is once */
	number_in("A", "1001");
	number_in("B", "1001");
	number_in("C", "1001");
	number_in("A", "1002");
	cm_registry_load_end(r);
	check_found(from("AA", "1001", true), "1001", "A");
	check_found(from("B", "1001", true), "1001", "B");
	check_found(from("C", "1001", true), "1001", "C");
	cm_registry_load_begin(r);
	space("A", "A", NULL);
	number_in("A", "1001");
	number_in("C", "1001");
	number_in("A", "1002");
	cm_registry_load_end(r);
	check_found(from("A", "1001", true), "1001", "A");
	ck_assert_uint_eq(from("B", "1001", true).cause, CAUSE_CALL_UNALLOCATEDNUMBER);
	ck_assert_uint_eq(from("C", "1001", true).cause, CAUSE_CALL_UNALLOCATEDNUMBER);
	check_found(from("A", "1002", true), "1002", "A");
	cm_registry_load_begin(r);
	space("A", "A", NULL);
	space("B", "B", NULL);
	number_in("B", "1001");
	number_in("A", "1002");
	cm_registry_load_end(r);
	check_found(from("B", "1001", true), "1001", "B");
	ck_assert_uint_eq(cm_registry_numbers(r), 2);
}
END_TEST

START_TEST(a_translation_whose_mask_is_longer_than_a_number_leads_nowhere)
{
	PatternConfig p = plain;

	cm_registry_load_begin(r);
	p.called_mask = "123456789012345678901234567890123456789012345678901234567890";
	pattern(DB_USAGE_TRANSLATION, NULL, "7XX", p);
	cm_registry_load_end(r);
	ck_assert_int_eq(route("745", true).result, DA_RESULT__DA_NONE);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(digits_are_enough_when_no_longer_number_begins_with_them, up, down),
		SUITE_CASE_WITH(apf_04_only_ports_and_route_points_forward_when_registered_nowhere,
				up, down),
		SUITE_CASE_WITH(
			a_number_that_is_configured_no_more_is_forgotten_unless_it_is_registered,
			up, down),
		SUITE_CASE_WITH(
			cmf_17_the_better_member_counts_and_one_that_nobody_has_open_counts_last,
			up, down),
		SUITE_CASE_WITH(
			a_caller_reaches_the_partitions_of_its_search_space_in_order_and_those_in_none,
			up, down),
		SUITE_CASE_WITH(a_number_in_two_partitions_has_a_line_in_each, up, down),
		SUITE_CASE_WITH(the_closest_of_overlapping_patterns_wins, up, down),
		SUITE_CASE_WITH(
			a_translation_discards_masks_prefixes_and_is_looked_for_in_its_own_space,
			up, down),
		SUITE_CASE_WITH(a_route_pattern_leads_into_the_cluster_or_is_blocked, up, down),
		SUITE_CASE_WITH(an_urgent_pattern_waits_for_no_more_digits, up, down),
		SUITE_CASE_WITH(translations_in_a_circle_or_without_end_lead_nowhere, up, down),
		SUITE_CASE_WITH(a_number_of_several_devices_is_shared_by_those_that_are_registered,
				up, down),
		SUITE_CASE_WITH(
			a_search_space_or_a_partition_s_number_that_is_configured_no_more_is_forgotten,
			up, down),
		SUITE_CASE_WITH(a_translation_whose_mask_is_longer_than_a_number_leads_nowhere, up,
				down),
		SUITE_CASE_WITH(cal_01_a_phone_that_is_registered_nowhere_forwards_to_cfur, up,
				down),
	};

	return suite_main(argc, argv, "unit/test_registry", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
