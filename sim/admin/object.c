/* Add, change and remove, for all kinds: the row of the kind's own table, its lists, and what the kind
 * does around it. */
#include "sim/admin/object.h"

#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "sim/admin/sentence.h"

static int broken(struct db_error *err, const struct admin_object *o, const char *what)
{
	char key[300];

	admin_key_text(o, key, sizeof(key));
	return db_error_set(err, DB_EINPUT, "%s '%.200s': %s.", o->kind->title, key, what);
}

/* What is bound for a column; NULL = NULL. */
static const char *bound(const struct admin_object *o, size_t i)
{
	enum admin_type type = o->kind->columns[i].type;
	const char *text = type == ADMIN_FLAG || type == ADMIN_REFERS ? o->bound[i] : o->text[i];

	return text && *text ? text : NULL;
}

static bool is_row(const struct admin_column *c)
{
	return c->type != ADMIN_LIST && c->type != ADMIN_SECRET && c->type != ADMIN_SHOWN;
}

/* ---- finding ------------------------------------------------------------------------- */

size_t admin_match_keys(const struct admin_object *o, struct sentence *s, const char **texts)
{
	size_t n = 0;

	for (size_t i = 0; o->kind->columns[i].name; i++) {
		const struct admin_column *c = &o->kind->columns[i];

		if (!(c->how & ADMIN_KEY))
			continue;
		texts[n++] = bound(o, i);
		if (c->match)
			sentence_add(s, " AND %s = ?%zu", c->match, n);
		else if (c->how & ADMIN_NEEDED)
			sentence_add(s, " AND %c.%s = ?%zu", c->place, c->name, n);
		else
			sentence_add(s, " AND coalesce(%c.%s, '') = coalesce(?%zu, '')", c->place,
				     c->name, n);
	}
	return n;
}

int admin_find(struct admin *a, struct admin_object *o, struct db_error *err)
{
	const struct admin_kind *kind = o->kind;
	struct sentence s;
	const char *texts[ADMIN_COLUMNS_MAX];
	sqlite3_stmt *stmt;
	const unsigned char *pkid;
	char key[300];
	size_t n;
	int rc;

	sentence_begin(&s, "SELECT t.pkid FROM %s WHERE %s", kind->from,
		       kind->where ? kind->where : "1");
	n = admin_match_keys(o, &s, texts);
	stmt = admin_sql(a, s.text, n, texts, err);
	if (!stmt)
		return DB_EIO;
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		pkid = sqlite3_column_text(stmt, 0);
		snprintf(o->pkid, sizeof(o->pkid), "%s", pkid ? (const char *)pkid : "");
		sqlite3_reset(stmt);
		return 0;
	}
	if (rc != SQLITE_DONE) {
		rc = db_last_error(a->db, "Looking up a name", err);
		sqlite3_reset(stmt);
		return rc;
	}
	sqlite3_reset(stmt);
	admin_key_text(o, key, sizeof(key));
	return db_error_set(
		err, DB_ENOTFOUND,
		"There is no %s '%.200s'; 'rehome admin list %s' shows which there are.",
		kind->title, key, kind->name);
}

/* ---- the row ------------------------------------------------------------------------- */

int admin_store(struct admin *a, const struct admin_object *o, char place, const char *table,
		const char *link, const char *pkid, int *changed, struct db_error *err)
{
	struct sentence s;
	const char *texts[ADMIN_COLUMNS_MAX + 1];
	size_t n = 0;
	int rc;

	*changed = 1;
	sentence_begin(&s, "UPDATE %s SET", table);
	texts[n++] = pkid;
	for (size_t i = 0; o->kind->columns[i].name; i++) {
		const struct admin_column *c = &o->kind->columns[i];

		if (!o->text[i] || c->place != place || !is_row(c))
			continue;
		texts[n++] = bound(o, i);
		sentence_add(&s, "%s %s = ?%zu", n > 2 ? "," : "", c->name, n);
	}
	if (n == 1)
		return 0;
	sentence_add(&s, " WHERE %s = ?1", link);
	rc = admin_run(a, o, o->adding ? "Adding" : "Changing", s.text, n, texts, err);
	if (!rc)
		*changed = sqlite3_changes(db_sqlite(a->db));
	return rc;
}

/* "tkclass = 1, tkmodel = 72" as columns, then as values. */
static void add_constants(struct sentence *s, const char *constant, bool values)
{
	for (const char *c = constant; c && *c;) {
		size_t name = strcspn(c, " "), all = strcspn(c, ",");

		if (values)
			sentence_add(s, ", %.*s", (int)(all - name - 3), c + name + 3);
		else
			sentence_add(s, ", %.*s", (int)name, c);
		c += all;
		c += strspn(c, ", ");
	}
}

static int insert(struct admin *a, struct admin_object *o, struct db_error *err)
{
	const struct admin_kind *kind = o->kind;
	const char *texts[ADMIN_COLUMNS_MAX + 2] = { o->pkid };
	struct sentence s;
	size_t n = 1;

	db_pkid(a->db, o->pkid);
	sentence_begin(&s, "INSERT INTO %s (pkid", kind->table);
	add_constants(&s, kind->constant, false);
	if (kind->link && o->link[0]) {
		sentence_add(&s, ", %s", kind->link);
		texts[n++] = o->link;
	}
	for (size_t i = 0; kind->columns[i].name; i++)
		if (o->text[i] && kind->columns[i].place == 't' && is_row(&kind->columns[i]) &&
		    bound(o, i)) {
			sentence_add(&s, ", %s", kind->columns[i].name);
			texts[n++] = bound(o, i);
		}
	sentence_add(&s, ") VALUES (?1");
	add_constants(&s, kind->constant, true);
	for (size_t i = 2; i <= n; i++)
		sentence_add(&s, ", ?%zu", i);
	sentence_add(&s, ")");
	return admin_run(a, o, "Adding", s.text, n, texts, err);
}

/* ---- operations ---------------------------------------------------------------------- */

static int complete(struct admin_object *o, struct db_error *err)
{
	for (size_t i = 0; o->kind->columns[i].name; i++) {
		const struct admin_column *c = &o->kind->columns[i];
		const char *name = c->name;
		char what[200];

		if ((!o->text[i] || !*o->text[i]) && c->preset)
			o->text[i] = c->preset;
		if (!(c->how & ADMIN_NEEDED) || (o->text[i] && *o->text[i]))
			continue;
		if (!strncmp(name, "fk", 2) || !strncmp(name, "tk", 2))
			name += 2;
		snprintf(what, sizeof(what), "%s is missing; give --%s (%.100s)", c->name, name,
			 c->help);
		return broken(err, o, what);
	}
	return 0;
}

static int allowed(const struct admin_object *o, struct db_error *err)
{
	bool any = false;

	for (size_t i = 0; o->kind->columns[i].name; i++) {
		const struct admin_column *c = &o->kind->columns[i];
		char what[200];

		if (!o->text[i])
			continue;
		any = true;
		if (!(c->how & ADMIN_FIXED) || o->adding)
			continue;
		snprintf(what, sizeof(what), "%s cannot be changed; remove it and add it anew",
			 c->name);
		return broken(err, o, what);
	}
	return any || o->adding ? 0 : broken(err, o, "nothing is said to be different");
}

int admin_add(struct admin *a, struct admin_object *o, struct db_error *err)
{
	const struct admin_kind *kind = o->kind;
	int rc;

	o->adding = true;
	rc = complete(o, err);
	if (!rc && kind->check)
		rc = kind->check(a, o, err);
	if (!rc)
		rc = admin_bind_object(a, o, err);
	if (!rc && kind->before)
		rc = kind->before(a, o, err);
	if (!rc)
		rc = kind->add ? kind->add(a, o, err) : insert(a, o, err);
	if (!rc)
		rc = admin_store_lists(a, o, err);
	if (!rc && kind->after)
		rc = kind->after(a, o, err);
	return rc;
}

int admin_change(struct admin *a, const struct admin_object *o, struct admin_object *to,
		 struct db_error *err)
{
	const struct admin_kind *kind = o->kind;
	struct admin_object was = *o;
	int rc, changed;

	to->of = o;
	rc = allowed(to, err);
	if (!rc)
		rc = admin_bind_object(a, &was, err);
	if (!rc)
		rc = admin_find(a, &was, err);
	memcpy(to->pkid, was.pkid, sizeof(to->pkid));
	if (!rc && kind->check)
		rc = kind->check(a, to, err);
	if (!rc)
		rc = admin_bind_object(a, to, err);
	if (!rc && kind->before)
		rc = kind->before(a, to, err);
	if (!rc)
		rc = kind->change ? kind->change(a, to, err)
				  : admin_store(a, to, 't', kind->table, "pkid", to->pkid, &changed,
						err);
	if (!rc)
		rc = admin_store_lists(a, to, err);
	if (!rc && kind->after)
		rc = kind->after(a, to, err);
	return rc;
}

int admin_remove(struct admin *a, struct admin_object *o, struct db_error *err)
{
	const struct admin_kind *kind = o->kind;
	const char *pkid[1] = { o->pkid };
	struct sentence s;
	int rc = admin_bind_object(a, o, err);

	if (!rc)
		rc = admin_find(a, o, err);
	if (rc)
		return rc;
	if (kind->remove)
		return kind->remove(a, o, err);
	sentence_begin(&s, "DELETE FROM %s WHERE pkid = ?1", kind->table);
	return admin_run(a, o, "Removing", s.text, 1, pkid, err);
}
