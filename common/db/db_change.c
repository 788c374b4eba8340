/* Change notification, and the keyed stream of pkids. */
#include "common/base/guid.h"
#include "common/db/db_private.h"

#include <stdio.h>

/* Tables whose rows running programs have read, and whom a row is about: a column, or with another
 * table the name that the column's pkid has there. */
static const struct {
	const char *table;
	const char *column;
	const char *other, *other_name;
} watched[] = {
	{ "processnode", "name", NULL, NULL },
	{ "processnodeservice", "fkprocessnode", "processnode", "name" },
	{ "processconfig", "paramname", NULL, NULL },
	{ "callmanager", "name", NULL, NULL },
	{ "callmanagergroup", "name", NULL, NULL },
	{ "callmanagergroupmember", "fkcallmanagergroup", "callmanagergroup", "name" },
	{ "routepartition", "name", NULL, NULL },
	{ "callingsearchspace", "name", NULL, NULL },
	{ "callingsearchspacemember", "fkcallingsearchspace", "callingsearchspace", "name" },
	{ "devicepool", "name", NULL, NULL },
	{ "device", "name", NULL, NULL },
	{ "numplan", "dnorpattern", NULL, NULL },
	{ "callforwarddynamic", "fknumplan", "numplan", "dnorpattern" },
	{ "devicenumplanmap", "fkdevice", "device", "name" },
	{ "pickupgrouplinemap", "fknumplan_line", "numplan", "dnorpattern" },
	{ "enduser", "userid", NULL, NULL },
	{ "applicationuser", "name", NULL, NULL },
	{ "enduserdevicemap", "fkenduser", "enduser", "userid" },
	{ "applicationuserdevicemap", "fkapplicationuser", "applicationuser", "name" },
	{ "enduserdirgroupmap", "fkenduser", "enduser", "userid" },
	{ "applicationuserdirgroupmap", "fkapplicationuser", "applicationuser", "name" },
};

int db_make_change_triggers(struct db *db)
{
	static const char *const operations[][2] = { { "insert", "NEW" },
						     { "update", "NEW" },
						     { "delete", "OLD" } };
	char name[160], sql[640];

	for (size_t t = 0; t < sizeof(watched) / sizeof(watched[0]); t++) {
		for (size_t o = 0; o < 3; o++) {
			const char *row = operations[o][1];
			int rc;

			if (watched[t].other)
				snprintf(name, sizeof(name),
					 "(SELECT %s FROM %s WHERE pkid = %s.%s)",
					 watched[t].other_name, watched[t].other, row,
					 watched[t].column);
			else
				snprintf(name, sizeof(name), "%s.%s", row, watched[t].column);
			snprintf(sql, sizeof(sql),
				 "CREATE TRIGGER change_%s_%s AFTER %s ON %s BEGIN"
				 " INSERT INTO rehomechange (tablename, rowpkid, operation, name)"
				 " VALUES ('%s', %s.pkid, '%s', %s); END",
				 watched[t].table, operations[o][0], operations[o][0],
				 watched[t].table, watched[t].table, row, operations[o][0], name);
			rc = sqlite3_exec(db->sq, sql, NULL, NULL, NULL);
			if (rc)
				return rc;
		}
	}
	return 0;
}

int64_t db_last_change(struct db *db)
{
	sqlite3_stmt *stmt = db_bind(db, DB_S_LAST_CHANGE, "");
	int64_t id = 0;
	int rc;

	if (db_row(stmt, &rc)) {
		id = sqlite3_column_int64(stmt, 0);
		sqlite3_reset(stmt);
	}
	return id;
}

int db_changes_since(struct db *db, int64_t after,
		     int (*each)(void *arg, const struct db_change *c), void *arg,
		     struct db_error *err)
{
	static const struct db_fact none[DB_FACTS_MAX];
	sqlite3_stmt *stmt = db_bind(db, DB_S_CHANGES, "l", after);
	int rc;

	while (db_row(stmt, &rc)) {
		const unsigned char *name = sqlite3_column_text(stmt, 4);
		const struct db_change change = {
			.id = sqlite3_column_int64(stmt, 0),
			.table = (const char *)sqlite3_column_text(stmt, 1),
			.pkid = (const char *)sqlite3_column_text(stmt, 2),
			.operation = (const char *)sqlite3_column_text(stmt, 3),
			.name = name ? (const char *)name : "",
		};

		rc = each(arg, &change);
		if (rc) {
			sqlite3_reset(stmt);
			return rc;
		}
	}
	return rc ? db_explain(db, err, "Reading the changes", none) : 0;
}

int db_forget_changes(struct db *db, struct db_error *err)
{
	static const struct db_fact none[DB_FACTS_MAX];

	return db_exec(db, DB_S_FORGET, "") ? db_explain(db, err, "Forgetting changes", none) : 0;
}

int64_t db_data_version(struct db *db)
{
	sqlite3_stmt *stmt = db_bind(db, DB_S_DATA_VERSION, "");
	int64_t version = 0;
	int rc;

	if (db_row(stmt, &rc)) {
		version = sqlite3_column_int64(stmt, 0);
		sqlite3_reset(stmt);
	}
	return version;
}

void db_seed(struct db *db, uint64_t seed)
{
	prng_key(&db->prng, seed, "", "pkid");
	db->seeded = true;
}

void db_pkid(struct db *db, char pkid[DB_PKID])
{
	guid_draw(&db->prng, pkid);
}
