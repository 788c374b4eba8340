/* Dependency records: what uses an object. */
#include "common/db/db_private.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *kind;
	enum db_stmt lookup, uses, all;
} kinds[] = {
	[DB_KIND_NODE] = { "node", DB_S_NODE_PKID, DB_S_USES_NODE, DB_S_ALL_NODES },
	[DB_KIND_GROUP] = { "CallManager group", DB_S_GROUP_PKID, DB_S_USES_GROUP,
			    DB_S_ALL_GROUPS },
	[DB_KIND_POOL] = { "device pool", DB_S_POOL_PKID, DB_S_USES_POOL, DB_S_ALL_POOLS },
	[DB_KIND_PARTITION] = { "partition", DB_S_PARTITION_PKID, DB_S_USES_PARTITION,
				DB_S_ALL_PARTITIONS },
	[DB_KIND_SEARCH_SPACE] = { "calling search space", DB_S_CSS_PKID, DB_S_USES_CSS,
				   DB_S_ALL_CSS },
	[DB_KIND_DEVICE] = { "device", DB_S_DEVICE_PKID, DB_S_USES_DEVICE, DB_S_ALL_DEVICES },
	[DB_KIND_NUMBER] = { "number", DB_S_NUMBER_PKID, DB_S_USES_NUMBER, DB_S_ALL_NUMBERS },
	[DB_KIND_USER] = { "user", DB_S_ENDUSER_PKID, DB_S_USES_USER, DB_S_ALL_USERS },
	[DB_KIND_USER_GROUP] = { "user group", DB_S_USERGROUP_PKID, DB_S_USES_USERGROUP,
				 DB_S_ALL_USERGROUPS },
	[DB_KIND_DIAL_RULES] = { "set of SIP dial rules", DB_S_DIALRULES_PKID, DB_S_USES_DIALRULES,
				 DB_S_ALL_DIALRULES },
	[DB_KIND_PICKUP_GROUP] = { "pickup group", DB_S_PICKUP_PKID, DB_S_USES_PICKUP,
				   DB_S_ALL_PICKUPS },
};

/* "1000" or "1000/Internal". */
static int find_number(struct db *db, const char *name, char pkid[DB_PKID], struct db_error *err)
{
	const char *slash = strchr(name, '/');
	char dn[DB_DN], partition[DB_PKID];
	sqlite3_stmt *stmt;
	size_t length;
	int rc;

	length = slash ? (size_t)(slash - name) : strlen(name);
	if (length >= sizeof(dn))
		return db_error_set(err, DB_ENOTFOUND, "There is no number '%s'.", name);
	memcpy(dn, name, length);
	dn[length] = 0;
	rc = db_need_optional(db, DB_S_PARTITION_PKID, "partition", slash ? slash + 1 : NULL,
			      partition, err);
	if (rc)
		return rc;
	stmt = db_bind(db, DB_S_NUMBER_PKID, "ss", dn, partition);
	if (!db_row(stmt, &rc))
		return db_error_set(err, DB_ENOTFOUND, "There is no number '%s'.", name);
	db_column(stmt, 0, pkid, DB_PKID);
	sqlite3_reset(stmt);
	return 0;
}

int db_each_dependent(struct db *db, enum db_kind kind, const char *name,
		      int (*each)(void *arg, const struct db_dependent *d), void *arg,
		      struct db_error *err)
{
	static const struct db_fact none[DB_FACTS_MAX];
	char pkid[DB_PKID];
	bool application;
	sqlite3_stmt *stmt;
	int rc;

	if (kind == DB_KIND_NUMBER)
		rc = find_number(db, name, pkid, err);
	else if (kind == DB_KIND_USER)
		rc = db_find_user(db, name, pkid, &application, err);
	else
		rc = db_need(db, kinds[kind].lookup, kinds[kind].kind, name, pkid, err);
	if (rc)
		return rc;
	stmt = db_bind(db, kinds[kind].uses, "s", pkid);
	while (db_row(stmt, &rc)) {
		const struct db_dependent d = {
			.kind = (const char *)sqlite3_column_text(stmt, 0),
			.name = (const char *)sqlite3_column_text(stmt, 1),
		};

		rc = each(arg, &d);
		if (rc) {
			sqlite3_reset(stmt);
			return rc;
		}
	}
	return rc ? db_explain(db, err, "Reading dependency records", none) : 0;
}

int db_each_name(struct db *db, enum db_kind kind, int (*each)(void *arg, const char *name),
		 void *arg, struct db_error *err)
{
	static const struct db_fact none[DB_FACTS_MAX];
	sqlite3_stmt *stmt = db_bind(db, kinds[kind].all, "");
	int rc;

	while (db_row(stmt, &rc)) {
		rc = each(arg, (const char *)sqlite3_column_text(stmt, 0));
		if (rc) {
			sqlite3_reset(stmt);
			return rc;
		}
	}
	return rc ? db_explain(db, err, "Listing names", none) : 0;
}

#define NAMED_MAX 5 /* dependents that a sentence names; the rest are counted */

struct list {
	char text[400];
	size_t used;
	size_t count;
};

static int list_one(void *arg, const struct db_dependent *d)
{
	struct list *list = arg;
	int n;

	if (list->count++ >= NAMED_MAX || list->used >= sizeof(list->text))
		return 0;
	n = snprintf(list->text + list->used, sizeof(list->text) - list->used, "%s%s '%.60s'",
		     list->count > 1 ? ", " : "", d->kind, d->name);
	list->used += (size_t)n;
	return 0;
}

int db_in_use(struct db *db, enum db_kind kind, const char *name, struct db_error *err)
{
	struct list list = { .used = 0 };
	char more[40] = "";

	if (db_each_dependent(db, kind, name, list_one, &list, NULL) || !list.count)
		return DB_EINUSE; /* the general sentence stands already */
	if (list.count > NAMED_MAX)
		snprintf(more, sizeof(more), " and %zu more", list.count - NAMED_MAX);
	db_error_set(err, DB_EINUSE,
		     "The %s '%.100s' is in use by %s%s; change or remove %s first.",
		     kinds[kind].kind, name, list.text, more, list.count > 1 ? "those" : "that");
	if (err)
		snprintf(err->key, sizeof(err->key), "RH_IN_USE");
	return DB_EINUSE;
}
