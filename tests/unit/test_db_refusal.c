/* What the database refuses, and how it says so. */
#include "tests/lib/db_fixture.h"
#include "tests/lib/suite.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

START_TEST(a_fourth_member_of_a_group_is_refused)
{
	static const char *const four[] = { "ccm3", "ccm2", "ccm1", "ccm4" };
	const struct db_node_spec node = { .name = "ccm4", .node_id = 4 };
	const struct db_group_spec group = { .name = "G4", .nodes = four, .n_nodes = 4 };
	struct db_group g;

	OK(db_add_node(db, &node, &err));
	ck_assert_int_eq(db_add_group(db, &group, &err), DB_ECONSTRAINT);
	ck_assert_str_eq(err.key, "RH_GROUP_FULL");
	SAYS("CallManager group 'G4' has three members already");
	SAYS("take one out before 'ccm4' goes in");
	/* All or nothing: not even the group is there. */
	ck_assert_int_eq(db_group_by_name(db, "G4", &g, &err), DB_ENOTFOUND);
}
END_TEST

/* What only foreign writers can get wrong, by plain SQL. */
static const struct {
	const char *sql, *key;
} wrong[] = {
	{ "UPDATE callmanagergroupmember SET priority = 1 WHERE priority = 0",
	  "RH_GROUP_PRIORITY" },
	{ "UPDATE callmanagergroupmember SET priority = -1 WHERE priority = 0",
	  "RH_PRIORITY_NEGATIVE" },
	{ "UPDATE device SET fkdevicepool = NULL", "RH_DEVICE_WITHOUT_POOL" },
	{ "UPDATE device SET name = 'CTIP_1'", "RH_DEVICE_TAKEN" },
	{ "UPDATE device SET name = 'two words' WHERE name = 'CTIP_1'", "RH_DEVICE_NAME" },
	{ "UPDATE device SET tkclass = 1", "RH_CLASS_OF_MODEL" },
	{ "UPDATE device SET allowcticontrolflag = 'x'", "RH_FLAG" },
	{ "UPDATE device SET pkid = upper(pkid) WHERE name = 'SEP000000000001'", "RH_PKID" },
	{ "UPDATE device SET tkmodel = 4711 WHERE name = 'CTIP_1'", "RH_REFERENCE" },
	{ "UPDATE devicepool SET fkcallmanagergroup = NULL", "RH_POOL_WITHOUT_GROUP" },
	{ "INSERT INTO numplan (dnorpattern, fkroutepartition) SELECT '1001', pkid FROM "
	  "routepartition",
	  "RH_NUMBER_TWICE" },
	{ "INSERT INTO numplan (dnorpattern) VALUES ('77'), ('77')", "RH_NUMBER_TWICE" },
	{ "INSERT INTO numplan (dnorpattern) VALUES ('7 7')", "RH_NUMBER_CHARACTERS" },
	{ "UPDATE numplan SET cfnaduration = 301", "RH_RING_DURATION" },
	{ "INSERT INTO numplan (dnorpattern, tkpatternusage) VALUES ('9.@', 5)", "RH_PATTERN_AT" },
	{ "INSERT INTO numplan (dnorpattern, tkpatternusage) VALUES ('9.1.X', 5)",
	  "RH_PATTERN_DOT" },
	{ "INSERT INTO numplan (dnorpattern, tkpatternusage) VALUES ('9!1', 5)",
	  "RH_PATTERN_MANY" },
	{ "INSERT INTO numplan (dnorpattern, tkpatternusage) VALUES ('9!!', 5)",
	  "RH_PATTERN_MANY" },
	{ "INSERT INTO numplan (dnorpattern, tkpatternusage) VALUES ('9!##', 5)",
	  "RH_PATTERN_MANY" },
	{ "INSERT INTO numplan (dnorpattern, tkpatternusage) VALUES ('9[12', 5)",
	  "RH_PATTERN_BRACKETS" },
	{ "INSERT INTO numplan (dnorpattern, tkpatternusage) VALUES ('9]12[', 5)",
	  "RH_PATTERN_BRACKETS" },
	{ "INSERT INTO numplan (dnorpattern, tkpatternusage) VALUES ('9[]', 5)",
	  "RH_PATTERN_BRACKETS" },
	{ "INSERT INTO numplan (dnorpattern, tkpatternusage) VALUES ('9[^]', 5)",
	  "RH_PATTERN_BRACKETS" },
	{ "INSERT INTO numplan (dnorpattern, tkpatternusage) VALUES ('[1[2]3]', 5)",
	  "RH_PATTERN_BRACKETS" },
	{ "INSERT INTO numplan (dnorpattern, tkpatternusage) VALUES ('[1X]', 5)",
	  "RH_PATTERN_BRACKETS" },
	{ "INSERT INTO numplan (dnorpattern, tkpatternusage) VALUES ('[5-2]', 5)",
	  "RH_PATTERN_RANGE" },
	{ "INSERT INTO numplan (dnorpattern, tkpatternusage) VALUES ('[2-]', 5)",
	  "RH_PATTERN_RANGE" },
	{ "INSERT INTO numplan (dnorpattern, tkpatternusage) VALUES ('1-2', 5)",
	  "RH_PATTERN_RANGE" },
	{ "INSERT INTO numplan (dnorpattern, tkpatternusage) VALUES ('[1^2]', 5)",
	  "RH_PATTERN_RANGE" },
	{ "INSERT INTO numplan (dnorpattern, tkpatternusage) VALUES ('\\1', 5)",
	  "RH_PATTERN_RANGE" },
	{ "UPDATE numplan SET prefixdigitsout = '1X'", "RH_PREFIX_DIGITS" },
	{ "UPDATE numplan SET calledpartytransformationmask = '1!'", "RH_MASK" },
	{ "UPDATE devicenumplanmap SET numplanindex = 0", "RH_LINE_INDEX" },
	{ "UPDATE devicenumplanmap SET busytrigger = maxnumcalls + 1", "RH_BUSY_TRIGGER" },
	{ "UPDATE devicenumplanmap SET maxnumcalls = 201", "RH_CALLS_ON_PHONE" },
	{ "INSERT INTO enduser (userid) VALUES ('ivr')", "RH_USER_TWICE" },
	{ "INSERT INTO applicationuser (name) VALUES ('alice')", "RH_USER_TWICE" },
	{ "UPDATE credential SET credentials = 'cisco'", "RH_PASSWORD_IN_CLEAR" },
	{ "DELETE FROM dirgroup WHERE name = 'Standard CCM Super Users'", "RH_STANDARD_GROUP" },
	{ "UPDATE dirgroup SET name = 'x' WHERE name = 'Standard CTI Enabled'",
	  "RH_STANDARD_GROUP" },
	{ "DELETE FROM processnode WHERE name = 'EnterpriseWideData'", "RH_ENTERPRISE_NODE" },
	{ "DELETE FROM callmanagergroup WHERE name = 'G12'", "RH_REFERENCE" },
	{ "DELETE FROM device", "RH_REFERENCE" },
	{ "UPDATE callmanager SET ctiid = 21 WHERE ctiid = 3", "RH_NODE_NUMBER" },
	{ "UPDATE callmanager SET ctiid = 2 WHERE ctiid = 3", "RH_NODE_NUMBER_TAKEN" },
};

START_TEST(the_database_itself_refuses_what_is_wrong)
{
	ck_assert_int_ne(sqlite3_exec(db_sqlite(db), wrong[_i].sql, NULL, NULL, NULL), SQLITE_OK);
	db_last_error(db, "Writing", &err);
	ck_assert_msg(!strcmp(err.key, wrong[_i].key), "%s: %s: %s", wrong[_i].sql, err.key,
		      err.text);
	ck_assert_msg(!strchr(err.text, '{'), "%s", err.text);
}
END_TEST

START_TEST(usr_03_a_device_without_pool_is_refused)
{
	const struct db_device_spec port = { .name = "CTIP_2", .model = DB_MODEL_CTI_PORT };
	struct db_device_spec lost = port;

	ck_assert_int_eq(db_add_device(db, &port, &err), DB_ECONSTRAINT);
	SAYS("device 'CTIP_2' names no device pool");
	lost.device_pool = "P9";
	ck_assert_int_eq(db_add_device(db, &lost, &err), DB_ENOTFOUND);
	SAYS("There is no device pool 'P9'");
	lost.device_pool = "P12";
	lost.model = 4711;
	ck_assert_int_eq(db_add_device(db, &lost, &err), DB_EINPUT);
	SAYS("no model 4711");
	lost.model = DB_MODEL_7970;
	lost.protocol = DB_PROTOCOL_SCCP;
	lost.transport = DB_TRANSPORT_UDP;
	ck_assert_int_eq(db_add_device(db, &lost, &err), DB_EINPUT);
	SAYS("SCCP goes over TCP or TLS");
}
END_TEST

START_TEST(a_line_is_taken_once_and_a_number_is_shared)
{
	struct db_line_spec line = { .index = 1, .dn = "5000", .partition = "Internal" };
	struct db_device d;

	ck_assert_int_eq(db_add_line(db, "CTIP_1", &line, &err), DB_ECONSTRAINT);
	SAYS("line '1' of device 'CTIP_1' is taken already");
	line.index = 2;
	OK(db_add_line(db, "CTIP_1", &line, &err));
	/* The shared number keeps its forwards. */
	OK(db_device_by_name(db, "CTIP_1", &d, &err));
	ck_assert_uint_eq(d.n_lines, 2);
	ck_assert_str_eq(d.lines[1].forwards.cfof, "1001");
	ck_assert_int_eq(d.lines[1].max_calls, 4);
	db_device_free(&d);
	line.index = 3;
	ck_assert_int_eq(db_add_line(db, "CTIP_1", &line, &err), DB_ECONSTRAINT);
	SAYS("number '5000' is on device 'CTIP_1' already");
	line.dn = "12 3";
	ck_assert_int_eq(db_add_line(db, "CTIP_1", &line, &err), DB_ECONSTRAINT);
	SAYS("number '12 3' is not allowed");
	line.dn = "7777";
	line.max_calls = 500;
	ck_assert_int_eq(db_add_line(db, "CTIP_1", &line, &err), DB_ECONSTRAINT);
	SAYS("more than 200 calls");
	line.max_calls = 2;
	line.busy_trigger = 3;
	ck_assert_int_eq(db_add_line(db, "CTIP_1", &line, &err), DB_ECONSTRAINT);
	SAYS("busy trigger of number '7777'");
	line.busy_trigger = 0;
	line.cfna_duration_s = 500;
	ck_assert_int_eq(db_add_line(db, "CTIP_1", &line, &err), DB_ECONSTRAINT);
	SAYS("1 to 300 seconds");
}
END_TEST

static int add_dependent(void *arg, const struct db_dependent *d)
{
	struct names *names = arg;
	size_t n = strlen(names->text);

	snprintf(names->text + n, sizeof(names->text) - n, "%s %s;", d->kind, d->name);
	return 0;
}

START_TEST(dep_01_dep_02_dependents_are_listed)
{
	struct names names = { "" };

	OK(db_each_dependent(db, DB_KIND_DEVICE, "CTIRP_5000", add_dependent, &names, &err));
	ck_assert_str_eq(names.text, "application user ivr;directory number 5000/Internal;");
	names.text[0] = 0;
	OK(db_each_dependent(db, DB_KIND_NUMBER, "5000/Internal", add_dependent, &names, &err));
	ck_assert_str_eq(names.text, "device CTIRP_5000;");
	names.text[0] = 0;
	OK(db_each_dependent(db, DB_KIND_NODE, "ccm1", add_dependent, &names, &err));
	ck_assert_str_eq(names.text, "CallManager group G12;");
	ck_assert_int_eq(db_each_dependent(db, DB_KIND_POOL, "P9", add_dependent, &names, &err),
			 DB_ENOTFOUND);
}
END_TEST

START_TEST(dep_04_what_is_in_use_is_not_removed)
{
	ck_assert_int_eq(db_remove_device_pool(db, "P12", &err), DB_EINUSE);
	SAYS("The device pool 'P12' is in use by device 'CTIP_1', device 'CTIRP_5000', device "
	     "'SEP000000000001'; change or remove those first");
	ck_assert_int_eq(db_remove_group(db, "G12", &err), DB_EINUSE);
	SAYS("device pool 'P12'");
	ck_assert_int_eq(db_remove_node(db, "ccm1", &err), DB_EINUSE);
	SAYS("CallManager group 'G12'");
	ck_assert_int_eq(db_remove_device(db, "CTIRP_5000", &err), DB_EINUSE);
	SAYS("application user 'ivr', directory number '5000/Internal'");
	ck_assert_int_eq(db_remove_partition(db, "Internal", &err), DB_EINUSE);
	SAYS("number '1001'");
	ck_assert_int_eq(db_remove_number(db, "5000", "Internal", &err), DB_EINUSE);
	SAYS("device 'CTIRP_5000'");
	OK(db_dissociate(db, "ivr", "CTIRP_5000", &err));
	OK(db_remove_line(db, "CTIRP_5000", 1, &err));
	OK(db_remove_device(db, "CTIRP_5000", &err));
	OK(db_remove_node(db, "ccm3", &err));
	OK(db_remove_user(db, "alice", &err));
}
END_TEST

START_TEST(wrong_nodes_are_refused)
{
	struct db_node_spec node = { .name = "ccm1", .node_id = 9 };

	ck_assert_int_eq(db_add_node(db, &node, &err), DB_ECONSTRAINT);
	SAYS("a node 'ccm1' exists already");
	node.name = "ccm9";
	node.node_id = 2;
	ck_assert_int_eq(db_add_node(db, &node, &err), DB_ECONSTRAINT);
	SAYS("another node has the number '2' already");
	node.node_id = 21;
	ck_assert_int_eq(db_add_node(db, &node, &err), DB_ECONSTRAINT);
	SAYS("cannot have the number '21'");
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(a_fourth_member_of_a_group_is_refused, db_fixture_up,
				db_fixture_down),
		{ .name = "the_database_itself_refuses_what_is_wrong",
		  .test = the_database_itself_refuses_what_is_wrong,
		  .setup = db_fixture_up,
		  .teardown = db_fixture_down,
		  .loop_to = (int)(sizeof(wrong) / sizeof(wrong[0])) },
		SUITE_CASE_WITH(usr_03_a_device_without_pool_is_refused, db_fixture_up,
				db_fixture_down),
		SUITE_CASE_WITH(a_line_is_taken_once_and_a_number_is_shared, db_fixture_up,
				db_fixture_down),
		SUITE_CASE_WITH(dep_01_dep_02_dependents_are_listed, db_fixture_up,
				db_fixture_down),
		SUITE_CASE_WITH(dep_04_what_is_in_use_is_not_removed, db_fixture_up,
				db_fixture_down),
		SUITE_CASE_WITH(wrong_nodes_are_refused, db_fixture_up, db_fixture_down),
	};

	return suite_main(argc, argv, "unit/test_db_refusal", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
