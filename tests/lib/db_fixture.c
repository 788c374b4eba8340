#include "tests/lib/db_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct db *db;
struct db_error err;
char folder[64];

/* Three nodes; a group of two; a pool; a phone, a port, a route point; two users. */
void db_fixture_fill(struct db *to)
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

void db_fixture_up(void)
{
	OK(db_memory(&db, &err));
	db_fixture_fill(db);
}

void db_fixture_down(void)
{
	db_close(&db);
}

void db_fixture_folder_up(void)
{
	snprintf(folder, sizeof(folder), "/tmp/rehome-db-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

void db_fixture_folder_down(void)
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
