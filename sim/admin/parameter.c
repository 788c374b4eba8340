/* Service and enterprise parameters: param.def says which there are, processconfig has what differs. */
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "common/base/param.h"
#include "sim/admin/node.h"

static const enum db_service services[] = {
	[PARAM_CALLMANAGER] = DB_SERVICE_CALLMANAGER,
	[PARAM_CTIMANAGER] = DB_SERVICE_CTIMANAGER,
	[PARAM_ENTERPRISE] = DB_SERVICE_ENTERPRISE,
};

static void range_of(const struct param_def *d, char *buf, size_t size)
{
	if (d->unit == PARAM_STRING)
		snprintf(buf, size, "up to %d bytes", PARAM_TEXT_MAX);
	else if (d->unit == PARAM_BOOL)
		snprintf(buf, size, "False, True");
	else
		snprintf(buf, size, "%lld to %lld%s%s", (long long)d->min, (long long)d->max,
			 d->unit == PARAM_COUNT ? "" : " ",
			 d->unit == PARAM_COUNT ? "" : param_unit_name(d->unit));
}

static int fill(sqlite3 *sq, sqlite3_stmt *stmt)
{
	struct param_set set;
	int rc = SQLITE_DONE;

	(void)sq;
	param_set_defaults(&set);
	for (int id = 0; id < PARAM_IDS && rc == SQLITE_DONE; id++) {
		const struct param_def *d = param_def((enum param_id)id);
		char preset[PARAM_TEXT_MAX + 1], range[80];

		if (d->service == PARAM_JTAPI_INI)
			continue;
		param_print(&set, (enum param_id)id, preset, sizeof(preset));
		range_of(d, range, sizeof(range));
		sqlite3_reset(stmt);
		sqlite3_bind_int(stmt, 1, (int)services[d->service]);
		sqlite3_bind_int(stmt, 2, id);
		sqlite3_bind_text(stmt, 3, d->name, -1, SQLITE_STATIC);
		sqlite3_bind_text(stmt, 4, preset, -1, SQLITE_TRANSIENT);
		sqlite3_bind_text(stmt, 5, range, -1, SQLITE_TRANSIENT);
		sqlite3_bind_text(stmt, 6, d->help, -1, SQLITE_STATIC);
		rc = sqlite3_step(stmt);
	}
	return rc == SQLITE_DONE ? 0 : rc;
}

int admin_parameter_table(struct db *db, struct db_error *err)
{
	sqlite3 *sq = db_sqlite(db);
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_exec(sq,
			      "CREATE TEMP TABLE IF NOT EXISTS rehomeparameter (tkservice INTEGER,"
			      " place INTEGER PRIMARY KEY, paramname TEXT COLLATE NOCASE, preset"
			      " TEXT, range TEXT, about TEXT); DELETE FROM temp.rehomeparameter",
			      NULL, NULL, NULL);

	if (!rc)
		rc = sqlite3_prepare_v2(sq,
					"INSERT INTO temp.rehomeparameter VALUES"
					" (?1, ?2, ?3, ?4, ?5, ?6)",
					-1, &stmt, NULL);
	if (!rc)
		rc = fill(sq, stmt);
	if (rc)
		rc = db_last_error(db, "Listing the parameters", err);
	sqlite3_finalize(stmt);
	return rc;
}

static const char *node_of(const struct admin_object *o)
{
	const char *node = admin_text(o, "fkprocessnode");

	return !node || !*node || !strcmp(node, "EnterpriseWideData") ? NULL : node;
}

/* The service by its full name. */
static int service_of(struct admin *a, const struct admin_object *o, char name[80],
		      enum db_service *service, struct db_error *err)
{
	const int column = admin_column(o->kind, "tkservice", 9);
	struct admin_object named = o->of ? *o->of : *o;
	const char *key = named.bound[column];
	int rc = admin_bind_object(a, &named, err);

	if (!rc)
		rc = admin_look(a, "SELECT name FROM typeservice WHERE enum = ?1", 1, &key, name,
				80, err);
	*service = (enum db_service)atoi(key);
	return rc;
}

int admin_parameter_set(struct admin *a, struct admin_object *o, struct db_error *err)
{
	const char *name = admin_text(o, "paramname");
	const char *value = o->text[admin_column(o->kind, "paramvalue", 10)];
	struct param_set set;
	enum param_id id;
	enum db_service service;
	char title[80], why[300];
	int rc = service_of(a, o, title, &service, err);

	if (rc)
		return rc;
	id = param_by_name(title, name);
	if (id == PARAM_IDS)
		return db_error_set(err, DB_ENOTFOUND,
				    "%s has no parameter '%.100s'; 'rehome admin list parameter' "
				    "shows which there are.",
				    title, name);
	param_set_defaults(&set);
	if (param_set_parse(&set, id, value ? value : "", why, sizeof(why)) < 0)
		return db_error_set(err, DB_EINPUT, "%s", why);
	return db_set_parameter(a->db, service, param_def(id)->name, value, node_of(o), err);
}

/* Back to the preset. */
int admin_parameter_remove(struct admin *a, struct admin_object *o, struct db_error *err)
{
	enum db_service service;
	char title[80];
	enum param_id id;
	int rc = service_of(a, o, title, &service, err);

	if (rc)
		return rc;
	id = param_by_name(title, admin_text(o, "paramname"));
	return db_set_parameter(a->db, service,
				id == PARAM_IDS ? admin_text(o, "paramname") : param_def(id)->name,
				NULL, node_of(o), err);
}
