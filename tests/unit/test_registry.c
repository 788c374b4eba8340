/* What digit analysis knows: numbers, registrations, and which of several counts. */
#include "callmanager/registry.h"
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

static struct cm_route route(const char *digits, bool complete)
{
	return cm_registry_route(r, digits, complete);
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
	ck_assert_str_eq(route("3", true).forward, "9");
	ck_assert_str_eq(cm_registry_forward(r, "2"), "9");
	ck_assert_ptr_null(cm_registry_forward(r, "77"));
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
	};

	return suite_main(argc, argv, "unit/test_registry", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
