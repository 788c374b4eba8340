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
#define SAYS(part)  ck_assert_msg(strstr(err.text, part) != NULL, "'%s' is not in: %s", part, err.text)

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

static void folder_up(void)
{
	snprintf(folder, sizeof(folder), "/tmp/rehome-db-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void folder_down(void)
{
	static const char *const names[] = { "cluster.db", "cluster.db-wal", "cluster.db-shm", "copy.db" };
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
	};

	return suite_main(argc, argv, "unit/test_db", cases, sizeof(cases) / sizeof(cases[0]));
}
