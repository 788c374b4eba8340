/* Objects as texts: list, show, export. */
#include "sim/admin/object.h"

#include <string.h>

#include <sqlite3.h>

#include "sim/admin/sentence.h"

static void add_list(struct sentence *s, const struct admin_list *l)
{
	char column[80];

	snprintf(column, sizeof(column), "z.%s", l->column);
	sentence_add(s, "(SELECT group_concat(x, ',') FROM (SELECT ");
	sentence_expand(s, admin_reference(l->reference)->name, column);
	sentence_add(s, " AS x FROM %s AS z WHERE z.%s = t.pkid ORDER BY %s%s))", l->table, l->link,
		     l->order ? "z." : "", l->order ? l->order : "1");
}

static void add_expression(struct sentence *s, const struct admin_column *c)
{
	char column[80];

	snprintf(column, sizeof(column), "%c.%s", c->place, c->name);
	if (c->expression)
		sentence_add(s, "%s", c->expression);
	else if (c->type == ADMIN_LIST)
		add_list(s, c->list);
	else if (c->type == ADMIN_SECRET)
		sentence_add(s, "NULL");
	else if (c->type == ADMIN_REFERS)
		sentence_expand(s, admin_reference(c->reference)->name, column);
	else
		sentence_add(s, "%s", column);
}

static void add_select(struct sentence *s, const struct admin_kind *kind)
{
	sentence_begin(s, "SELECT ");
	for (size_t i = 0; kind->columns[i].name; i++) {
		sentence_add(s, "%s", i ? ", " : "");
		add_expression(s, &kind->columns[i]);
	}
	sentence_add(s, " FROM %s WHERE %s", kind->from, kind->where ? kind->where : "1");
}

static int rows(struct admin *a, const struct admin_kind *kind, sqlite3_stmt *stmt,
		admin_each *each, void *arg, struct db_error *err)
{
	const char *values[ADMIN_COLUMNS_MAX];
	size_t n = admin_columns(kind);
	int rc, result = 0;

	if (!stmt)
		return err->code;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW && !result) {
		for (size_t i = 0; i < n; i++)
			values[i] = (const char *)sqlite3_column_text(stmt, (int)i);
		result = each(arg, kind, values);
		if (result)
			break;
	}
	if (!result && rc != SQLITE_DONE)
		result = db_last_error(a->db, "Reading the database", err);
	sqlite3_reset(stmt);
	return result;
}

int admin_list_objects(struct admin *a, const struct admin_kind *kind, const char *glob,
		       admin_each *each, void *arg, struct db_error *err)
{
	struct sentence s;

	add_select(&s, kind);
	if (glob) {
		sentence_add(&s, " AND ");
		add_expression(&s, &kind->columns[0]);
		sentence_add(&s, " GLOB ?1");
	}
	sentence_add(&s, " ORDER BY %s", kind->order);
	return rows(a, kind, admin_sql(a, s.text, glob ? 1 : 0, &glob, err), each, arg, err);
}

int admin_read(struct admin *a, struct admin_object *o, admin_each *each, void *arg,
	       struct db_error *err)
{
	const char *keys[ADMIN_COLUMNS_MAX];
	struct sentence s;
	size_t n;
	int rc = admin_bind_object(a, o, err);

	if (!rc)
		rc = admin_find(a, o, err);
	if (rc)
		return rc;
	add_select(&s, o->kind);
	n = admin_match_keys(o, &s, keys);
	return rows(a, o->kind, admin_sql(a, s.text, n, keys, err), each, arg, err);
}
