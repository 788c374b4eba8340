/* The database: what it stores and gives back. */
#include "tests/lib/db_fixture.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <string.h>

START_TEST(a_device_comes_back_with_its_group_and_lines)
{
	struct db_device d;

	OK(db_device_by_name(db, "CTIRP_5000", &d, &err));
	ck_assert_int_eq(d.model, 73);
	ck_assert_int_eq(d.device_class, DB_CLASS_ROUTE_POINT);
	ck_assert_str_eq(d.device_pool, "P12");
	ck_assert_str_eq(d.group.name, "G12");
	ck_assert_int_eq(d.group.n_members, 2);
	ck_assert_int_eq(d.group.members[0], 1);
	ck_assert_int_eq(d.group.members[1], 2);
	ck_assert(d.allow_cti);
	ck_assert_uint_eq(d.n_lines, 1);
	ck_assert_str_eq(d.lines[0].dn, "5000");
	ck_assert_str_eq(d.lines[0].partition, "Internal");
	ck_assert_str_eq(d.lines[0].forwards.cfof, "1001");
	ck_assert_str_eq(d.lines[0].forwards.cfna, "1002");
	ck_assert_str_eq(d.lines[0].forwards.cfa, "");
	ck_assert_int_eq(d.lines[0].forwards.cfna_duration_s, 8);
	ck_assert_int_eq(d.lines[0].max_calls, 5000);
	ck_assert_int_eq(d.lines[0].busy_trigger, 4500);
	db_device_free(&d);
	ck_assert_int_eq(db_device_by_name(db, "SEP9", &d, &err), DB_ENOTFOUND);
	SAYS("'SEP9'");
}
END_TEST

START_TEST(nodes_come_back_with_their_services)
{
	struct db_node nodes[DB_NODES_MAX];

	OK(db_set_service(db, "ccm3", DB_SERVICE_CTIMANAGER, false, &err));
	ck_assert_int_eq(db_nodes(db, nodes, &err), 3);
	ck_assert_str_eq(nodes[0].name, "ccm1");
	ck_assert_int_eq(nodes[2].node_id, 3);
	ck_assert_uint_eq(nodes[0].services, 1u << 0 | 1u << 2);
	ck_assert_uint_eq(nodes[2].services, 1u << 0);
}
END_TEST

START_TEST(usr_05_users_of_both_kinds_are_known_by_password)
{
	struct db_user u;

	OK(db_user_by_id(db, "ivr", &u, &err));
	ck_assert(u.application);
	ck_assert_uint_eq(u.groups, DB_GROUP_CTI_ENABLED);
	ck_assert(db_password_matches(&u, "cisco"));
	ck_assert(!db_password_matches(&u, "Cisco"));
	OK(db_user_by_id(db, "alice", &u, &err));
	ck_assert(!u.application);
	ck_assert(db_password_matches(&u, "secret"));
	ck_assert_int_eq(db_user_by_id(db, "bob", &u, &err), DB_ENOTFOUND);
	ck_assert_int_eq(db_controls(db, "ivr", "CTIRP_5000", &err), 1);
	ck_assert_int_eq(db_controls(db, "alice", "CTIRP_5000", &err), 0);
}
END_TEST

START_TEST(a_group_keeps_its_order_and_names_each_node_once)
{
	static const char *const order[] = { "ccm3", "ccm1" }, *const twice[] = { "ccm1", "ccm1" };
	static const char *const unknown[] = { "ccm9" };
	struct db_group_spec group = { .name = "G12", .nodes = order, .n_nodes = 2 };
	struct db_group g;

	OK(db_set_group(db, &group, &err));
	OK(db_group_by_name(db, "G12", &g, &err));
	ck_assert_int_eq(g.n_members, 2);
	ck_assert_int_eq(g.members[0], 3);
	ck_assert_int_eq(g.members[1], 1);
	group.nodes = twice;
	ck_assert_int_eq(db_set_group(db, &group, &err), DB_ECONSTRAINT);
	SAYS("node 'ccm1' is a member of CallManager group 'G12' already");
	group.nodes = unknown;
	group.n_nodes = 1;
	ck_assert_int_eq(db_set_group(db, &group, &err), DB_ENOTFOUND);
	SAYS("There is no node 'ccm9'");
	group.n_nodes = 0;
	ck_assert_int_eq(db_set_group(db, &group, &err), DB_EINPUT);
	SAYS("has no member");
	OK(db_group_by_name(db, "G12", &g, &err));
	ck_assert_int_eq(g.members[0], 3);
}
END_TEST

START_TEST(a_line_is_changed_and_removed)
{
	struct db_line_spec line = { .index = 1, .cfof = "", .cfa = "1001", .busy_trigger = 10 };
	struct db_device d;

	OK(db_change_line(db, "CTIRP_5000", &line, &err));
	OK(db_device_by_name(db, "CTIRP_5000", &d, &err));
	ck_assert_str_eq(d.lines[0].dn, "5000");
	ck_assert_str_eq(d.lines[0].forwards.cfof, "");
	ck_assert_str_eq(d.lines[0].forwards.cfa, "1001");
	ck_assert_str_eq(d.lines[0].forwards.cfna, "1002");
	ck_assert_int_eq(d.lines[0].busy_trigger, 10);
	ck_assert_int_eq(d.lines[0].max_calls, 5000);
	db_device_free(&d);
	line = (struct db_line_spec){ .index = 1, .cfna_duration_s = -1 };
	OK(db_change_line(db, "CTIRP_5000", &line, &err));
	OK(db_device_by_name(db, "CTIRP_5000", &d, &err));
	ck_assert_int_eq(d.lines[0].forwards.cfna_duration_s, 0);
	ck_assert_str_eq(d.lines[0].forwards.cfa, "1001");
	db_device_free(&d);
	OK(db_remove_line(db, "CTIRP_5000", 1, &err));
	ck_assert_int_eq(db_remove_line(db, "CTIRP_5000", 1, &err), DB_ENOTFOUND);
	SAYS("has no line 1");
	OK(db_remove_number(db, "5000", "Internal", &err));
	ck_assert_int_eq(db_remove_number(db, "5000", "Internal", &err), DB_ENOTFOUND);
}
END_TEST

START_TEST(usr_06_restrictions_come_back)
{
	const struct db_device_spec phone = { .name = "SEP000000000001",
					      .model = DB_MODEL_7960,
					      .device_pool = "P12",
					      .owner = "alice",
					      .cti_restricted = true };
	const struct db_line_spec line = { .index = 1, .cti_restricted = true };
	struct db_device d;

	OK(db_change_device(db, &phone, &err));
	OK(db_change_line(db, "SEP000000000001", &line, &err));
	OK(db_device_by_name(db, "SEP000000000001", &d, &err));
	ck_assert(!d.allow_cti);
	ck_assert(!d.lines[0].allow_cti);
	ck_assert_str_eq(d.owner, "alice");
	ck_assert_int_eq(d.transport, DB_TRANSPORT_TCP);
	db_device_free(&d);
}
END_TEST

START_TEST(grp_08_users_are_in_several_groups)
{
	const struct db_user_spec ivr = { .userid = "ivr", .password = "x" };
	struct db_user u;

	OK(db_join_group(db, "alice", db_group_name(DB_GROUP_CONTROL_ALL), &err));
	OK(db_join_group(db, "alice", db_group_name(DB_GROUP_CONTROL_ALL), &err));
	OK(db_join_group(db, "alice", db_group_name(DB_GROUP_SECURE_CONNECTION), &err));
	OK(db_user_by_id(db, "alice", &u, &err));
	ck_assert_uint_eq(u.groups,
			  DB_GROUP_CTI_ENABLED | DB_GROUP_CONTROL_ALL | DB_GROUP_SECURE_CONNECTION);
	OK(db_leave_group(db, "alice", db_group_name(DB_GROUP_CTI_ENABLED), &err));
	OK(db_user_by_id(db, "alice", &u, &err));
	ck_assert_uint_eq(u.groups, DB_GROUP_CONTROL_ALL | DB_GROUP_SECURE_CONNECTION);
	ck_assert_int_eq(db_join_group(db, "alice", "Standard Nonsense", &err), DB_ENOTFOUND);
	SAYS("There is no user group 'Standard Nonsense'");
	ck_assert_int_eq(db_add_user(db, &ivr, &err), DB_ECONSTRAINT);
	SAYS("cannot both be named 'ivr'");
	OK(db_set_password(db, "ivr", "new", DB_COST_STRONG, &err));
	OK(db_user_by_id(db, "ivr", &u, &err));
	ck_assert(db_password_matches(&u, "new"));
	ck_assert(!db_password_matches(&u, "cisco"));
}
END_TEST

static int add_parameter(void *arg, const struct db_parameter *p)
{
	struct names *names = arg;
	size_t n = strlen(names->text);

	snprintf(names->text + n, sizeof(names->text) - n, "%d/%d/%s=%s;", p->node_id,
		 (int)p->service, p->name, p->value);
	return 0;
}

START_TEST(a_parameter_is_set_for_the_cluster_or_a_node)
{
	struct names names = { "" };

	OK(db_set_parameter(db, DB_SERVICE_CTIMANAGER, "Maximum Devices Per Node", "900", NULL,
			    &err));
	OK(db_set_parameter(db, DB_SERVICE_CTIMANAGER, "Maximum Devices Per Node", "901", NULL,
			    &err));
	OK(db_set_parameter(db, DB_SERVICE_CALLMANAGER, "T302 Timer", "4000", "ccm2", &err));
	OK(db_set_parameter(db, DB_SERVICE_ENTERPRISE, "Cluster ID", "x", NULL, &err));
	OK(db_set_parameter(db, DB_SERVICE_ENTERPRISE, "Cluster ID", NULL, NULL, &err));
	OK(db_each_parameter(db, add_parameter, &names, &err));
	ck_assert_str_eq(names.text, "0/2/Maximum Devices Per Node=901;2/0/T302 Timer=4000;");
	ck_assert_int_eq(db_set_parameter(db, DB_SERVICE_CALLMANAGER, "T302 Timer", "1", "x", &err),
			 DB_ENOTFOUND);
}
END_TEST

static int add_number(void *arg, const struct db_number *number)
{
	struct names *names = arg;
	size_t n = strlen(names->text);

	snprintf(names->text + n, sizeof(names->text) - n, "%s/%s %s %d %d;", number->dn,
		 number->partition, number->device, (int)number->usage, number->node_id);
	return 0;
}

static int add_name(void *arg, const char *name)
{
	struct names *names = arg;

	strcat(strcat(names->text, name), ";");
	return 0;
}

static int stop_at_once(void *arg, const char *name)
{
	(void)arg;
	(void)name;
	return 42;
}

START_TEST(all_numbers_come_in_order_for_digit_analysis)
{
	struct names names = { "" };

	OK(db_add_park_number(db, "88XX", NULL, "ccm2", &err));
	OK(db_each_number(db, add_number, &names, &err));
	ck_assert_str_eq(names.text,
			 "1001/Internal SEP000000000001 2 0;5000/Internal CTIRP_5000 2 0;"
			 "6001/Internal CTIP_1 2 0;88XX/  0 2;");
}
END_TEST

static void group_of_1001(const char *group)
{
	struct db_device d;

	OK(db_device_by_name(db, "SEP000000000001", &d, &err));
	ck_assert_str_eq(d.lines[0].pickup_group, group);
	db_device_free(&d);
}

START_TEST(a_number_is_in_one_pickup_group_or_in_none)
{
	OK(db_add_pickup_group(db, "sales", "8900", &err));
	OK(db_add_pickup_group(db, "support", "8901", &err));
	group_of_1001("");
	OK(db_set_pickup_group(db, "1001", "Internal", "sales", &err));
	group_of_1001("8900");
	OK(db_set_pickup_group(db, "1001", "Internal", "support", &err));
	group_of_1001("8901");
	OK(db_set_pickup_group(db, "1001", "Internal", NULL, &err));
	group_of_1001("");
	ck_assert_int_eq(db_set_pickup_group(db, "1001", "Internal", "nobody", &err), DB_ENOTFOUND);
	ck_assert_int_eq(db_set_pickup_group(db, "4711", NULL, "sales", &err), DB_ENOTFOUND);
	ck_assert_int_lt(db_add_pickup_group(db, "sales", "8902", &err), 0);
	ck_assert_msg(strstr(err.text, "pickup group 'sales'") != NULL, "%s", err.text);
	ck_assert_int_lt(db_add_pickup_group(db, "third", "8900", &err), 0);
	ck_assert_msg(strstr(err.text, "8900") != NULL, "%s", err.text);
}
END_TEST

static const char *const right[] = {
	"9.1XXX", "9.!",   "9.!#",   "[2-5]XX", "[^2-5]X", "[1-35-7]",
	"*67.X",  "\\+1!", "[*#]12", "X",	"A1",	   "8X[0-9]X"
};

START_TEST(a_pattern_of_the_fields_language_is_taken)
{
	const struct db_pattern_spec spec = { .pattern = right[_i], .usage = DB_USAGE_ROUTE };

	OK(db_add_pattern(db, &spec, &err));
}
END_TEST

static int list_pattern(void *arg, const struct db_pattern *p)
{
	char *text = arg;

	snprintf(text + strlen(text), 500, "%s %s %d %d %d %d %s %s %s %s;", p->pattern,
		 p->partition, (int)p->usage, p->discard_predot, p->block, p->urgent, p->prefix,
		 p->called_mask, p->calling_mask, p->css);
	return 0;
}

START_TEST(a_pattern_comes_back_with_what_it_does_to_the_digits)
{
	const char *const partitions[] = { "Internal" };
	struct db_pattern_spec spec = { .pattern = "9.1XXX",
					.partition = "Internal",
					.usage = DB_USAGE_TRANSLATION,
					.urgent = true,
					.discard = "PreDot",
					.prefix = "77",
					.called_mask = "2XXX",
					.calling_mask = "5XXX",
					.css = "CSS" };
	char text[1200] = "";

	OK(db_add_search_space(db, "CSS", partitions, 1, &err));
	OK(db_add_pattern(db, &spec, &err));
	spec = (struct db_pattern_spec){ .pattern = "0!", .usage = DB_USAGE_ROUTE, .block = true };
	OK(db_add_pattern(db, &spec, &err));
	OK(db_each_pattern(db, list_pattern, text, &err));
	ck_assert_str_eq(text, "0!  5 0 1 0    ;9.1XXX Internal 3 1 0 1 77 2XXX 5XXX CSS;");
	spec.pattern = "0.@";
	ck_assert_int_eq(db_add_pattern(db, &spec, &err), DB_ECONSTRAINT);
	SAYS("pattern '0.@' has an @");
	spec.pattern = "1";
	spec.discard = "PreAt";
	ck_assert_int_eq(db_add_pattern(db, &spec, &err), DB_ENOTFOUND);
	SAYS("no discard instruction 'PreAt'");
	spec.usage = DB_USAGE_DEVICE;
	ck_assert_int_eq(db_add_pattern(db, &spec, &err), DB_EINPUT);
}
END_TEST

START_TEST(a_line_comes_back_with_its_calling_search_spaces)
{
	const char *const partitions[] = { "Internal" };
	struct db_line_spec line = { .index = 1, .css = "L", .cfa_css = "A", .cfna_css = "N" };
	struct db_device d;

	OK(db_add_search_space(db, "L", partitions, 1, &err));
	OK(db_add_search_space(db, "A", partitions, 1, &err));
	OK(db_add_search_space(db, "N", partitions, 1, &err));
	OK(db_change_line(db, "CTIP_1", &line, &err));
	OK(db_device_by_name(db, "CTIP_1", &d, &err));
	ck_assert_str_eq(d.lines[0].forwards.line_css, "L");
	ck_assert_str_eq(d.lines[0].forwards.cfa_css, "A");
	ck_assert_str_eq(d.lines[0].forwards.cfna_css, "N");
	ck_assert_str_eq(d.lines[0].forwards.cfna_int_css, "N");
	ck_assert_str_eq(d.lines[0].forwards.cfb_css, "");
	db_device_free(&d);
	line.css = "none";
	ck_assert_int_eq(db_change_line(db, "CTIP_1", &line, &err), DB_ENOTFOUND);
	SAYS("no calling search space 'none'");
	ck_assert_int_eq(db_remove_search_space(db, "A", &err), DB_EINUSE);
	SAYS("number '6001'");
}
END_TEST

START_TEST(a_search_space_reaches_its_partitions_in_order)
{
	static const char *const two[] = { "Second", "Internal" }, *const bad[] = { "None" };
	struct names names = { "" };

	OK(db_add_partition(db, "Second", &err));
	OK(db_add_search_space(db, "CSS", two, 2, &err));
	OK(db_each_reachable(db, "CSS", add_name, &names, &err));
	ck_assert_str_eq(names.text, "Second;Internal;");
	ck_assert_int_eq(db_add_search_space(db, "CSS2", bad, 1, &err), DB_ENOTFOUND);
	ck_assert_int_eq(db_remove_partition(db, "Second", &err), DB_EINUSE);
	SAYS("calling search space 'CSS'");
	OK(db_remove_search_space(db, "CSS", &err));
	OK(db_remove_partition(db, "Second", &err));
}
END_TEST

START_TEST(the_names_of_each_kind_are_listed_in_order)
{
	static const struct {
		enum db_kind kind;
		const char *names;
	} lists[] = {
		{ DB_KIND_NODE, "ccm1;ccm2;ccm3;" },
		{ DB_KIND_GROUP, "Default;G12;" },
		{ DB_KIND_POOL, "Default;P12;" },
		{ DB_KIND_PARTITION, "Internal;" },
		{ DB_KIND_SEARCH_SPACE, "" },
		{ DB_KIND_DEVICE, "CTIP_1;CTIRP_5000;SEP000000000001;" },
		{ DB_KIND_NUMBER, "1001/Internal;5000/Internal;6001/Internal;" },
		{ DB_KIND_USER, "alice;ivr;" },
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct names names = { "" };

		OK(db_each_name(db, lists[i].kind, add_name, &names, &err));
		ck_assert_str_eq(names.text, lists[i].names);
	}
}
END_TEST

START_TEST(usr_01_controlled_devices_come_by_name)
{
	struct names names = { "" };

	OK(db_associate(db, "ivr", "CTIP_1", &err)); /* again: nothing changes */
	OK(db_each_controlled(db, "ivr", add_name, &names, &err));
	ck_assert_str_eq(names.text, "CTIP_1;CTIRP_5000;");
	ck_assert_int_eq(db_each_controlled(db, "ivr", stop_at_once, NULL, &err), 42);
	ck_assert_int_eq(db_each_controlled(db, "nobody", add_name, &names, &err), DB_ENOTFOUND);
	SAYS("There is no user 'nobody'");
	ck_assert_int_eq(db_associate(db, "ivr", "SEP9", &err), DB_ENOTFOUND);
	SAYS("There is no device 'SEP9'");
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(a_device_comes_back_with_its_group_and_lines, db_fixture_up,
				db_fixture_down),
		SUITE_CASE_WITH(nodes_come_back_with_their_services, db_fixture_up,
				db_fixture_down),
		SUITE_CASE_WITH(usr_05_users_of_both_kinds_are_known_by_password, db_fixture_up,
				db_fixture_down),
		SUITE_CASE_WITH(a_group_keeps_its_order_and_names_each_node_once, db_fixture_up,
				db_fixture_down),
		SUITE_CASE_WITH(a_line_is_changed_and_removed, db_fixture_up, db_fixture_down),
		SUITE_CASE_WITH(usr_06_restrictions_come_back, db_fixture_up, db_fixture_down),
		SUITE_CASE_WITH(grp_08_users_are_in_several_groups, db_fixture_up, db_fixture_down),
		SUITE_CASE_WITH(a_parameter_is_set_for_the_cluster_or_a_node, db_fixture_up,
				db_fixture_down),
		SUITE_CASE_WITH(a_number_is_in_one_pickup_group_or_in_none, db_fixture_up,
				db_fixture_down),
		SUITE_CASE_WITH(all_numbers_come_in_order_for_digit_analysis, db_fixture_up,
				db_fixture_down),
		SUITE_CASE_WITH(a_search_space_reaches_its_partitions_in_order, db_fixture_up,
				db_fixture_down),
		{ .name = "a_pattern_of_the_fields_language_is_taken",
		  .test = a_pattern_of_the_fields_language_is_taken,
		  .setup = db_fixture_up,
		  .teardown = db_fixture_down,
		  .loop_to = (int)(sizeof(right) / sizeof(right[0])) },
		SUITE_CASE_WITH(a_pattern_comes_back_with_what_it_does_to_the_digits, db_fixture_up,
				db_fixture_down),
		SUITE_CASE_WITH(a_line_comes_back_with_its_calling_search_spaces, db_fixture_up,
				db_fixture_down),
		SUITE_CASE_WITH(the_names_of_each_kind_are_listed_in_order, db_fixture_up,
				db_fixture_down),
		SUITE_CASE_WITH(usr_01_controlled_devices_come_by_name, db_fixture_up,
				db_fixture_down),
	};

	return suite_main(argc, argv, "unit/test_db", cases, sizeof(cases) / sizeof(cases[0]));
}
