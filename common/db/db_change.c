/* Change notification, and the keyed stream of pkids. */
#include "common/base/guid.h"
#include "common/db/db_private.h"

#include <stdio.h>

/* Tables whose rows running programs have read. */
static const char *const watched[] = {
	"processnode",
	"processnodeservice",
	"processconfig",
	"callmanager",
	"callmanagergroup",
	"callmanagergroupmember",
	"routepartition",
	"callingsearchspace",
	"callingsearchspacemember",
	"devicepool",
	"device",
	"numplan",
	"callforwarddynamic",
	"devicenumplanmap",
	"enduser",
	"applicationuser",
	"credential",
	"enduserdevicemap",
	"applicationuserdevicemap",
	"enduserdirgroupmap",
	"applicationuserdirgroupmap",
};

int db_make_change_triggers(struct db *db)
{
	static const char *const operations[][2] = {
		{"insert",  "NEW"},
		     { "update", "NEW"},
		  { "delete", "OLD"}
	};
	char sql[512];

	for (size_t t = 0; t < sizeof(watched) / sizeof(watched[0]); t++) {
		for (size_t o = 0; o < 3; o++) {
			int rc;

			snprintf(sql, sizeof(sql),
				 "CREATE TRIGGER change_%s_%s AFTER %s ON %s BEGIN"
				 " INSERT INTO rehomechange (tablename, rowpkid, operation)"
				 " VALUES ('%s', %s.pkid, '%s'); END",
				 watched[t], operations[o][0], operations[o][0], watched[t],
				 watched[t], operations[o][1], operations[o][0]);
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
		const struct db_change change = {
			.id = sqlite3_column_int64(stmt, 0),
			.table = (const char *)sqlite3_column_text(stmt, 1),
			.pkid = (const char *)sqlite3_column_text(stmt, 2),
			.operation = (const char *)sqlite3_column_text(stmt, 3),
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
