#include "sim/harness/topology.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <string.h>

#include "common/db/db.h"

static const char *const rest = ", groups = { g = { \"a\" } }, pools = { p = \"g\" } ";

/* Parses a topology that is wrong and gives what was said about it. */
static const char *complaint(const char *text)
{
	static struct sim_error err;
	struct sim_topology *t;

	ck_assert_int_eq(sim_topology_parse(&t, "t.lua", text, &err), -1);
	ck_assert_ptr_null(t);
	ck_assert_int_eq(err.status, SIM_USAGE);
	return err.text;
}

static void says(const char *text, const char *what)
{
	const char *said = complaint(text);

	ck_assert_msg(strstr(said, what) != NULL, "'%s' does not say '%s'", said, what);
}

START_TEST(the_topology_of_the_story_is_loaded_and_fills_a_database)
{
	struct sim_error err;
	struct sim_topology *t;
	struct db_error e;
	struct db_device d;
	struct db *db;

	ck_assert_msg(sim_topology_load(&t, "three-nodes", &err) == 0, "%s", err.text);
	ck_assert_uint_eq(t->nodes_n, 3);
	ck_assert_int_eq(sim_topology_node(t, "ccm3"), 3);
	ck_assert_uint_eq(t->devices_n, 8 + 1 + 4);
	ck_assert_str_eq(sim_topology_device(t, "SEP000000000008")->lines[0].dn, "1008");
	ck_assert_int_eq(db_memory(&db, &e), 0);
	ck_assert_msg(sim_topology_fill(t, db, &err) == 0, "%s", err.text);
	ck_assert_int_eq(db_device_by_name(db, "CTIRP_5000", &d, &e), 0);
	ck_assert_int_eq(d.group.members[0], 1);
	ck_assert_int_eq(d.group.members[1], 2);
	ck_assert_str_eq(d.lines[0].forwards.cfna, "1007");
	ck_assert_str_eq(d.lines[0].forwards.cfof, "1008");
	db_device_free(&d);
	ck_assert_int_eq(db_controls(db, "ivr", "SEP000000000001", &e), 1);
	ck_assert_int_eq(db_controls(db, "ivr", "SEP000000000002", &e), 0);
	db_close(&db);
	sim_topology_destroy(&t);
}
END_TEST

START_TEST(a_generated_topology_has_as_many_nodes_as_told)
{
	struct sim_error err;
	struct sim_topology *t;

	for (int n = 1; n <= SIM_TOPOLOGY_NODES; n++) {
		ck_assert_msg(sim_topology_generate(&t, n, &err) == 0, "%s", err.text);
		ck_assert_uint_eq(t->nodes_n, (size_t)n);
		sim_topology_destroy(&t);
	}
	ck_assert_int_eq(sim_topology_generate(&t, 0, &err), -1);
	ck_assert_int_eq(sim_topology_generate(&t, 21, &err), -1);
}
END_TEST

START_TEST(an_error_names_file_and_line)
{
	says("return {\n nodes = { \"a\" },\n groups = { g = { \"b\" } },\n}", "t.lua:3: group g");
	says("return {\n", "t.lua:2:");
	says("return { nodes = { \"a\" }, groups = { g = { \"a\" } }, pools = { p = \"g\" },\n"
	     "phones = {\n{ \"SEP1\", dn = \"1\", pool = \"x\" } } }",
	     "t.lua:3: SEP1: there is no pool x");
}
END_TEST

START_TEST(what_is_no_topology_is_refused)
{
	char text[400];

	says("return 3", "has to return a table");
	says("return {}", "needs nodes");
	says("return { nodes = { \"a\", \"a\" } }", "twice");
	says("return { nodes = { \"a\" }, colour = 3 }", "no field 'colour'");
	says("return { nodes = { \"a:b\" } }", "cannot be the name");
	says("return { nodes = { \"a\" }, groups = { g = { \"a\", \"a\" } } }", "twice");
	says("return { nodes = { \"a\" }, parameters = { [\"No Such\"] = 1 } }", "no parameter");
	snprintf(text, sizeof(text), "return { nodes = { \"a\" }%s, phones = { { \"S1\" } } }",
		 rest);
	says(text, "needs a number");
	snprintf(text, sizeof(text),
		 "return { nodes = { \"a\" }%s, users = { u = { password = \"x\", devices = { "
		 "\"Z\" } } } }",
		 rest);
	says(text, "no device Z");
	snprintf(text, sizeof(text),
		 "return { nodes = { \"a\" }%s, users = { u = { password = \"x\", groups = { \"Z\" "
		 "} "
		 "} } }",
		 rest);
	says(text, "no user group 'Z'");
}
END_TEST

/* One phone, with these fields beside its number, and these fields of the topology. */
static void phone_says(const char *fields, const char *more, const char *what)
{
	char text[400];

	snprintf(text, sizeof(text),
		 "return { nodes = { \"a\" }%s, %s phones = { { \"SEP1\", dn = \"1\", %s } } }",
		 rest, more, fields);
	says(text, what);
}

START_TEST(dev_02_a_phone_is_of_a_model_that_speaks_so_and_has_room)
{
	phone_says("model = 1234", "", "no phone of model 1234");
	phone_says("model = 7920, sip = true", "", "a Cisco 7920 does not speak SIP");
	phone_says("model = 7911, lines = { { dn = \"1\" }, { dn = \"2\" } }", "",
		   "room for 1 line");
	phone_says("transport = \"udp\"", "", "for SIP phones");
	phone_says("sip = true, transport = \"tls\"", "", "\"tcp\" or \"udp\"");
}
END_TEST

START_TEST(dev_07_dial_rules_are_patterns_with_a_time)
{
	phone_says("sip = true, dial_rules = \"x\"", "", "no dial rules x");
	phone_says("dial_rules = \"x\"", "dial_rules = { x = { \"1\" } },", "for SIP phones");
	phone_says("sip = true", "dial_rules = { x = { \"1a\" } },", "a pattern has");
	phone_says("sip = true", "dial_rules = { x = { \"1. soon\" } },", "a time-out of 0 to");
	phone_says("sip = true", "dial_rules = { x = { \"1. 121\" } },", "a time-out of 0 to");
	phone_says("sip = true", "dial_rules = { x = {} },", "1 to 64 patterns");
}
END_TEST

START_TEST(dev_07_a_sip_phone_gets_its_dial_rules_from_the_database)
{
	struct sim_error err;
	struct sim_topology *t;
	struct db_error e;
	struct db_device d;
	struct db *db;

	ck_assert_msg(sim_topology_load(&t, "sip-phones", &err) == 0, "%s", err.text);
	ck_assert_int_eq(db_memory(&db, &e), 0);
	ck_assert_msg(sim_topology_fill(t, db, &err) == 0, "%s", err.text);
	ck_assert_int_eq(db_device_by_name(db, "SEP000000000003", &d, &e), 0);
	ck_assert_int_eq(d.transport, DB_TRANSPORT_UDP);
	ck_assert_uint_eq(d.n_dial_rules, 4);
	ck_assert_str_eq(d.dial_rules[2].pattern, "8,.....");
	ck_assert_int_eq(d.dial_rules[2].timeout_s, 0);
	ck_assert_int_eq(d.dial_rules[3].timeout_s, 2);
	db_device_free(&d);
	ck_assert_int_eq(db_device_by_name(db, "SEP000000000004", &d, &e), 0);
	ck_assert_uint_eq(d.n_dial_rules, 0);
	db_device_free(&d);
	db_close(&db);
	sim_topology_destroy(&t);
}
END_TEST

START_TEST(usr_03_a_device_without_a_pool_is_refused)
{
	says("return { nodes = { \"a\" }, ports = { { \"P1\", dn = \"1\" } } }", "needs a pool");
}
END_TEST

START_TEST(a_group_of_four_is_refused)
{
	says("return { nodes = {\"a\",\"b\",\"c\",\"d\"}, groups = { g = {\"a\",\"b\",\"c\",\"d\"} "
	     "} }",
	     "allowed are 1 to 3");
}
END_TEST

START_TEST(a_topology_is_data_and_runs_nothing)
{
	says("while true do end", "runs for too long");
	says("return { nodes = { os.getenv(\"HOME\") } }", "t.lua:1:");
	says("\x1bLua", "t.lua");
}
END_TEST

START_TEST(count_makes_devices_whose_names_and_numbers_are_counted_up)
{
	struct sim_error err;
	struct sim_topology *t;
	char text[300];

	snprintf(text, sizeof(text),
		 "return { nodes = { \"a\" }%s, ports = { { \"P0998\", count = 3, dn = \"70099\" } "
		 "} }",
		 rest);
	ck_assert_msg(sim_topology_parse(&t, "t.lua", text, &err) == 0, "%s", err.text);
	ck_assert_uint_eq(t->devices_n, 3);
	ck_assert_str_eq(t->devices[2].name, "P1000");
	ck_assert_str_eq(t->devices[2].lines[0].dn, "70101");
	sim_topology_destroy(&t);
}
END_TEST

static void says_of(const char *key, const char *what)
{
	char text[400];

	snprintf(text, sizeof(text), "return { nodes = { \"a\" }%s, %s }", rest, key);
	says(text, what);
}

START_TEST(park_numbers_belong_to_nodes_and_pickup_groups_have_numbers)
{
	says_of("park_numbers = 7", "park_numbers has to be a list");
	says_of("park_numbers = { \"77XX\" }", "each is a table");
	says_of("park_numbers = { { node = \"a\" } }", "each begins with its number");
	says_of("park_numbers = { { \"77XX\" } }", "there is no node named");
	says_of("park_numbers = { { \"77XX\", node = \"b\" } }", "there is no node b");
	says_of("park_numbers = { { \"77XX\", nodes = \"a\" } }", "nodes");
	says_of("pickup_groups = { \"sales\" }", "each is a table");
	says_of("pickup_groups = { { number = \"8900\" } }", "each begins with its name");
	says_of("pickup_groups = { { \"sales\" } }", "needs a number");
}
END_TEST

START_TEST(a_missing_topology_is_told_by_its_name)
{
	struct sim_error err;
	struct sim_topology *t;

	ck_assert_int_eq(sim_topology_load(&t, "no-such", &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "no-such"));
	ck_assert_int_eq(sim_topology_load(&t, "/no/such.lua", &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "No such file"));
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(the_topology_of_the_story_is_loaded_and_fills_a_database),
		SUITE_CASE(a_generated_topology_has_as_many_nodes_as_told),
		SUITE_CASE(an_error_names_file_and_line),
		SUITE_CASE(what_is_no_topology_is_refused),
		SUITE_CASE(dev_02_a_phone_is_of_a_model_that_speaks_so_and_has_room),
		SUITE_CASE(dev_07_dial_rules_are_patterns_with_a_time),
		SUITE_CASE(dev_07_a_sip_phone_gets_its_dial_rules_from_the_database),
		SUITE_CASE(usr_03_a_device_without_a_pool_is_refused),
		SUITE_CASE(a_group_of_four_is_refused),
		SUITE_CASE(a_topology_is_data_and_runs_nothing),
		SUITE_CASE(count_makes_devices_whose_names_and_numbers_are_counted_up),
		SUITE_CASE(park_numbers_belong_to_nodes_and_pickup_groups_have_numbers),
		SUITE_CASE(a_missing_topology_is_told_by_its_name),
	};

	return suite_main(argc, argv, "unit/test_topology", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
