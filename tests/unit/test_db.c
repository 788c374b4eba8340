/* The database: what it stores, what it gives back, what it refuses and how it says so. */
#include "common/db/db.h"
#include "tests/lib/suite.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct db *db;
static struct db_error err;
static char folder[64];

#define OK(call)    ck_assert_msg((call) == 0, "%s", err.text)
#define FAILS(call) ck_assert_int_ne((call), 0)
#define SAYS(part)                                                                                 \
	ck_assert_msg(strstr(err.text, part) != NULL, "'%s' is not in: %s", part, err.text)

/* Three nodes; a group of two; a pool; a phone, a port, a route point; two users. */
static void fill(struct db *to)
{
	static const enum db_service both[] = { DB_SERVICE_CALLMANAGER, DB_SERVICE_CTIMANAGER };
	static const char *const names[] = { "ccm1", "ccm2", "ccm3" };
	const struct db_group_spec group = { .name = "G12", .nodes = names, .n_nodes = 2 };
	const struct db_device_spec devices[] = {
		{ .name = "SEP000000000001", .model = DB_MODEL_7960, .device_pool = "P12" },
		{ .name = "CTIP_1", .model = DB_MODEL_CTI_PORT, .device_pool = "P12" },
		{ .name = "CTIRP_5000", .model = DB_MODEL_CTI_ROUTE_POINT, .device_pool = "P12" },
	};
	const struct db_line_spec lines[] = {
		{ .index = 1, .dn = "1001", .partition = "Internal", .display = "Alice" },
		{ .index = 1, .dn = "6001", .partition = "Internal", .cfna = "1001" },
		{ .index = 1,
		  .dn = "5000",
		  .partition = "Internal",
		  .cfof = "1001",
		  .cfna = "1002",
		  .cfa = "",
		  .cfna_duration_s = 8 },
	};
	const struct db_user_spec users[] = {
		{ .userid = "alice", .password = "secret" },
		{ .userid = "ivr", .password = "cisco", .application = true },
	};

	for (int i = 0; i < 3; i++) {
		const struct db_node_spec node = {
			.name = names[i], .node_id = i + 1, .services = both, .n_services = 2
		};

		OK(db_add_node(to, &node, &err));
	}
	OK(db_add_group(to, &group, &err));
	OK(db_add_device_pool(to, "P12", "G12", &err));
	OK(db_add_partition(to, "Internal", &err));
	for (int i = 0; i < 3; i++) {
		OK(db_add_device(to, &devices[i], &err));
		OK(db_add_line(to, devices[i].name, &lines[i], &err));
	}
	for (int i = 0; i < 2; i++) {
		OK(db_add_user(to, &users[i], &err));
		OK(db_join_group(to, users[i].userid, "Standard CTI Enabled", &err));
		OK(db_associate(to, users[i].userid, "CTIP_1", &err));
	}
	OK(db_associate(to, "ivr", "CTIRP_5000", &err));
}

static void up(void)
{
	OK(db_memory(&db, &err));
	fill(db);
}

static void down(void)
{
	db_close(&db);
}

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

START_TEST(an_open_file_has_what_was_written)
{
	char path[128];
	struct db *file, *again;
	struct db_device d;

	snprintf(path, sizeof(path), "%s/cluster.db", folder);
	OK(db_create(&file, path, &err));
	OK(db_begin(file, &err));
	fill(file);
	OK(db_commit(file, &err));
	OK(db_open(&again, path, DB_READ_WRITE, &err));
	OK(db_device_by_name(again, "CTIP_1", &d, &err));
	db_device_free(&d);
	db_close(&again);
	OK(db_open(&again, path, DB_READ_ONLY, &err));
	ck_assert_int_eq(db_add_partition(again, "X", &err), DB_EREADONLY);
	SAYS("read-only");
	db_close(&again);
	db_close(&file);
}
END_TEST

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
	SAYS("SCCP goes over TCP only");
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

struct names {
	char text[400];
};

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

static const char *const right[] = { "9.1XXX", "9.!",	"9.!#",	  "[2-5]XX", "[^2-5]X", "[1-35-7]",
				     "*67.X",  "\\+1!", "[*#]12", "X",	     "A1",	"8X[0-9]X" };

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

static int add_change(void *arg, const struct db_change *c)
{
	struct names *names = arg;
	size_t n = strlen(names->text);

	snprintf(names->text + n, sizeof(names->text) - n, "%s %s %s;", c->operation, c->table,
		 c->name);
	return 0;
}

START_TEST(changes_are_notified_to_other_connections)
{
	char path[128];
	struct db *writer, *reader;
	struct names names = { "" };
	int64_t before, version;

	snprintf(path, sizeof(path), "%s/cluster.db", folder);
	OK(db_create(&writer, path, &err));
	fill(writer);
	OK(db_open(&reader, path, DB_READ_ONLY, &err));
	before = db_last_change(reader);
	version = db_data_version(reader);
	ck_assert_int_eq(db_data_version(reader), version);
	OK(db_dissociate(writer, "ivr", "CTIP_1", &err));
	OK(db_join_group(writer, "ivr", db_group_name(DB_GROUP_CONTROL_ALL), &err));
	ck_assert_int_ne(db_data_version(reader), version);
	OK(db_changes_since(reader, before, add_change, &names, &err));
	ck_assert_str_eq(names.text, "delete applicationuserdevicemap ivr;"
				     "insert applicationuserdirgroupmap ivr;");
	before = db_last_change(reader);
	OK(db_forget_changes(writer, &err));
	OK(db_add_partition(writer, "X", &err));
	names.text[0] = 0;
	OK(db_changes_since(reader, before, add_change, &names, &err));
	ck_assert_str_eq(names.text, "insert routepartition X;");
	db_close(&reader);
	db_close(&writer);
}
END_TEST

START_TEST(clones_are_equal_and_independent)
{
	struct db_template *t = db_template_new(db);
	struct db *one, *two;
	struct db_device d;
	char pkid[DB_PKID];

	OK(db_clone(&one, t, &err));
	OK(db_clone(&two, t, &err));
	db_template_destroy(&t);
	OK(db_device_by_name(db, "CTIP_1", &d, &err));
	memcpy(pkid, d.pkid, sizeof(pkid));
	db_device_free(&d);
	OK(db_remove_line(one, "CTIP_1", 1, &err));
	OK(db_device_by_name(one, "CTIP_1", &d, &err));
	ck_assert_uint_eq(d.n_lines, 0);
	db_device_free(&d);
	OK(db_device_by_name(two, "CTIP_1", &d, &err));
	ck_assert_uint_eq(d.n_lines, 1);
	ck_assert_str_eq(d.pkid, pkid);
	db_device_free(&d);
	ck_assert_int_eq(db_remove_device_pool(two, "P12", &err), DB_EINUSE);
	db_close(&one);
	db_close(&two);
}
END_TEST

START_TEST(a_seeded_database_is_the_same_each_time)
{
	char pkid[2][DB_PKID], secret[2][DB_SECRET];

	for (int i = 0; i < 2; i++) {
		struct db *seeded;
		struct db_device d;
		struct db_user u;

		OK(db_memory(&seeded, &err));
		db_seed(seeded, 42);
		fill(seeded);
		OK(db_device_by_name(seeded, "CTIP_1", &d, &err));
		memcpy(pkid[i], d.pkid, sizeof(pkid[i]));
		db_device_free(&d);
		OK(db_user_by_id(seeded, "ivr", &u, &err));
		memcpy(secret[i], u.secret, sizeof(secret[i]));
		ck_assert(db_password_matches(&u, "cisco"));
		db_close(&seeded);
	}
	ck_assert_str_eq(pkid[0], pkid[1]);
	ck_assert_str_eq(secret[0], secret[1]);
}
END_TEST

START_TEST(a_copy_is_a_whole_database)
{
	char path[128];
	struct db *copy;
	struct db_device d;

	snprintf(path, sizeof(path), "%s/copy.db", folder);
	OK(db_memory(&db, &err));
	fill(db);
	OK(db_copy_to(db, path, &err));
	ck_assert_int_eq(db_copy_to(db, path, &err), DB_EEXISTS);
	OK(db_open(&copy, path, DB_READ_WRITE, &err));
	OK(db_device_by_name(copy, "CTIRP_5000", &d, &err));
	db_device_free(&d);
	db_close(&copy);
	db_close(&db);
}
END_TEST

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

START_TEST(a_wrong_file_is_refused_with_its_reason)
{
	char path[128];
	struct db *file;
	sqlite3 *sq;

	snprintf(path, sizeof(path), "%s/cluster.db", folder);
	ck_assert_int_eq(db_open(&file, path, DB_READ_WRITE, &err), DB_EMISSING);
	SAYS("There is no database");
	ck_assert_ptr_null(file);
	ck_assert_int_eq(db_open(&file, folder, DB_READ_WRITE, &err), DB_ENOTDB);
	SAYS("is not a file");
	write_file(
		path,
		"This is a letter to my aunt, long enough to fill a header. Dear aunt, it rains.\n"
		"There is more of it, so that nobody takes it for an empty database. Yours.\n");
	ck_assert_int_eq(db_open(&file, path, DB_READ_WRITE, &err), DB_ENOTDB);
	SAYS("this is not a database");
	ck_assert_int_eq(db_create(&file, path, &err), DB_EEXISTS);
	unlink(path);
	ck_assert_int_eq(sqlite3_open(path, &sq), SQLITE_OK);
	sqlite3_exec(sq, "CREATE TABLE t (a)", NULL, NULL, NULL);
	ck_assert_int_eq(db_open(&file, path, DB_READ_WRITE, &err), DB_ENOTDB);
	SAYS("not one of Rehome");
	sqlite3_exec(sq, "PRAGMA application_id = 0x52656831; PRAGMA user_version = 99", NULL, NULL,
		     NULL);
	sqlite3_close(sq);
	ck_assert_int_eq(db_open(&file, path, DB_READ_WRITE, &err), DB_EVERSION);
	SAYS("has version 99, this program needs version 2");
}
END_TEST

START_TEST(a_damaged_database_says_so)
{
	char path[128], page[4096];
	struct db *file;
	int rc, fd;

	snprintf(path, sizeof(path), "%s/cluster.db", folder);
	OK(db_create(&file, path, &err));
	fill(file);
	db_close(&file);
	fd = open(path, O_WRONLY);
	memset(page, 0xa5, sizeof(page));
	for (int i = 1; i < 140; i++)
		ck_assert_int_eq(pwrite(fd, page, sizeof(page), i * 4096), 4096);
	close(fd);
	rc = db_open(&file, path, DB_READ_WRITE, &err);
	ck_assert_int_eq(rc, DB_ECORRUPT);
	SAYS("damaged");
}
END_TEST

START_TEST(an_unreadable_database_says_so)
{
	char path[128];
	struct db *file;

	snprintf(path, sizeof(path), "%s/cluster.db", folder);
	OK(db_create(&file, path, &err));
	db_close(&file);
	if (geteuid() == 0) /* root may read everything */
		ck_assert_int_eq(chmod(folder, 0700) | seteuid(65534), 0);
	else
		ck_assert_int_eq(chmod(path, 0), 0);
	ck_assert_int_eq(db_open(&file, path, DB_READ_WRITE, &err), DB_EACCESS);
	SAYS(path);
	if (getuid() == 0)
		ck_assert_int_eq(seteuid(0), 0);
}
END_TEST

START_TEST(a_locked_database_says_so_and_changes_nothing)
{
	char path[128];
	struct db *one, *two;
	struct db_node nodes[DB_NODES_MAX];

	snprintf(path, sizeof(path), "%s/cluster.db", folder);
	OK(db_create(&one, path, &err));
	OK(db_open(&two, path, DB_READ_WRITE, &err));
	db_busy_timeout(two, 0);
	OK(db_begin(one, &err));
	OK(db_add_partition(one, "A", &err));
	ck_assert_int_eq(db_add_partition(two, "B", &err), DB_ELOCKED);
	SAYS("another program holds it locked");
	ck_assert_int_eq(db_nodes(two, nodes, &err), 0); /* readers go on */
	OK(db_commit(one, &err));
	OK(db_add_partition(two, "B", &err));
	db_close(&one);
	db_close(&two);
}
END_TEST

START_TEST(a_full_disk_says_so_and_keeps_nothing_half_written)
{
	struct db_device_spec phone = { .model = DB_MODEL_7960, .device_pool = "P12" };
	struct db_device d;
	char name[DB_NAME];
	int rc = 0;

	OK(db_memory(&db, &err));
	fill(db);
	OK(db_limit_pages(db, 1, &err)); /* no more than there are now */
	OK(db_begin(db, &err));
	for (int i = 0; i < 2000 && !rc; i++) {
		snprintf(name, sizeof(name), "SEPFFFF%08d", i);
		phone.name = name;
		rc = db_add_device(db, &phone, &err);
	}
	ck_assert_int_eq(rc, DB_EFULL);
	SAYS("no space left");
	db_rollback(db);
	ck_assert_int_eq(db_device_by_name(db, "SEPFFFF00000000", &d, &err), DB_ENOTFOUND);
	OK(db_limit_pages(db, 0, &err));
	OK(db_add_device(db, &phone, &err));
	db_close(&db);
}
END_TEST

START_TEST(a_failed_writer_leaves_the_transaction_usable)
{
	OK(db_begin(db, &err));
	OK(db_add_partition(db, "A", &err));
	ck_assert_int_eq(db_add_partition(db, "A", &err), DB_ECONSTRAINT);
	SAYS("a partition 'A' exists already");
	OK(db_add_partition(db, "B", &err));
	OK(db_commit(db, &err));
	ck_assert_int_eq(db_add_partition(db, "B", &err), DB_ECONSTRAINT);
	OK(db_begin(db, &err));
	OK(db_add_partition(db, "C", &err));
	db_rollback(db);
	OK(db_add_partition(db, "C", &err));
}
END_TEST

START_TEST(every_statement_is_valid_and_sorted)
{
	/* db_open prepares all of them. */
	char path[128];
	struct db *file;

	snprintf(path, sizeof(path), "%s/cluster.db", folder);
	OK(db_create(&file, path, &err));
	db_close(&file);
	OK(db_open(&file, path, DB_READ_WRITE, &err));
	for (sqlite3_stmt *s = NULL; (s = sqlite3_next_stmt(db_sqlite(file), s));) {
		const char *sql = sqlite3_sql(s);

		ck_assert_msg(!strstr(sql, "random") && !strstr(sql, "datetime(") &&
				      !strstr(sql, "'now'"),
			      "%s", sql);
		if (!strncmp(sql, "SELECT", 6) && !strstr(sql, "ORDER BY"))
			ck_assert_msg(strstr(sql, "= ?") || strstr(sql, "max("), "%s", sql);
	}
	db_close(&file);
}
END_TEST

static void folder_up(void)
{
	snprintf(folder, sizeof(folder), "/tmp/rehome-db-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void folder_down(void)
{
	static const char *const names[] = { "cluster.db", "cluster.db-wal", "cluster.db-shm",
					     "copy.db" };
	char path[128];

	for (int i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	rmdir(folder);
}

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(a_device_comes_back_with_its_group_and_lines, up, down),
		SUITE_CASE_WITH(nodes_come_back_with_their_services, up, down),
		SUITE_CASE_WITH(usr_05_users_of_both_kinds_are_known_by_password, up, down),
		SUITE_CASE_WITH(an_open_file_has_what_was_written, folder_up, folder_down),
		SUITE_CASE_WITH(a_fourth_member_of_a_group_is_refused, up, down),
		SUITE_CASE_WITH(a_group_keeps_its_order_and_names_each_node_once, up, down),
		{ .name = "the_database_itself_refuses_what_is_wrong",
		  .test = the_database_itself_refuses_what_is_wrong,
		  .setup = up,
		  .teardown = down,
		  .loop_to = (int)(sizeof(wrong) / sizeof(wrong[0])) },
		SUITE_CASE_WITH(usr_03_a_device_without_pool_is_refused, up, down),
		SUITE_CASE_WITH(a_line_is_taken_once_and_a_number_is_shared, up, down),
		SUITE_CASE_WITH(a_line_is_changed_and_removed, up, down),
		SUITE_CASE_WITH(usr_06_restrictions_come_back, up, down),
		SUITE_CASE_WITH(dep_01_dep_02_dependents_are_listed, up, down),
		SUITE_CASE_WITH(dep_04_what_is_in_use_is_not_removed, up, down),
		SUITE_CASE_WITH(wrong_nodes_are_refused, up, down),
		SUITE_CASE_WITH(grp_08_users_are_in_several_groups, up, down),
		SUITE_CASE_WITH(a_parameter_is_set_for_the_cluster_or_a_node, up, down),
		SUITE_CASE_WITH(all_numbers_come_in_order_for_digit_analysis, up, down),
		SUITE_CASE_WITH(a_search_space_reaches_its_partitions_in_order, up, down),
		{ .name = "a_pattern_of_the_fields_language_is_taken",
		  .test = a_pattern_of_the_fields_language_is_taken,
		  .setup = up,
		  .teardown = down,
		  .loop_to = (int)(sizeof(right) / sizeof(right[0])) },
		SUITE_CASE_WITH(a_pattern_comes_back_with_what_it_does_to_the_digits, up, down),
		SUITE_CASE_WITH(a_line_comes_back_with_its_calling_search_spaces, up, down),
		SUITE_CASE_WITH(the_names_of_each_kind_are_listed_in_order, up, down),
		SUITE_CASE_WITH(usr_01_controlled_devices_come_by_name, up, down),
		SUITE_CASE_WITH(changes_are_notified_to_other_connections, folder_up, folder_down),
		SUITE_CASE_WITH(clones_are_equal_and_independent, up, down),
		SUITE_CASE(a_seeded_database_is_the_same_each_time),
		SUITE_CASE_WITH(a_copy_is_a_whole_database, folder_up, folder_down),
		SUITE_CASE_WITH(a_wrong_file_is_refused_with_its_reason, folder_up, folder_down),
		SUITE_CASE_WITH(a_damaged_database_says_so, folder_up, folder_down),
		SUITE_CASE_WITH(an_unreadable_database_says_so, folder_up, folder_down),
		SUITE_CASE_WITH(a_locked_database_says_so_and_changes_nothing, folder_up,
				folder_down),
		SUITE_CASE(a_full_disk_says_so_and_keeps_nothing_half_written),
		SUITE_CASE_WITH(a_failed_writer_leaves_the_transaction_usable, up, down),
		SUITE_CASE_WITH(every_statement_is_valid_and_sorted, folder_up, folder_down),
	};

	return suite_main(argc, argv, "unit/test_db", cases, sizeof(cases) / sizeof(cases[0]));
}
