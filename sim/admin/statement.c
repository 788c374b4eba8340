/* SQL made from the table of kinds: prepared once for each text, refusals in sentences. */
#include "sim/admin/object.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

struct admin_statement {
	char *sql;
	sqlite3_stmt *stmt;
};

void admin_open(struct admin *a, struct db *db)
{
	*a = (struct admin){ .db = db };
}

void admin_close(struct admin *a)
{
	for (size_t i = 0; i < a->statements_n; i++) {
		sqlite3_finalize(a->statements[i].stmt);
		free(a->statements[i].sql);
	}
	free(a->statements);
	for (size_t i = 0; i < a->warnings_n; i++)
		free(a->warnings[i]);
	*a = (struct admin){ 0 };
}

void admin_warn(struct admin *a, const char *format, ...)
{
	va_list ap;

	if (a->warnings_n == ADMIN_WARNINGS_MAX)
		return;
	va_start(ap, format);
	if (vasprintf(&a->warnings[a->warnings_n++], format, ap) < 0)
		abort();
	va_end(ap);
}

/* Those used last stand first: an import has a handful. */
static sqlite3_stmt *prepared(struct admin *a, const char *sql)
{
	struct admin_statement s = { 0 };
	size_t i = 0;

	while (i < a->statements_n && strcmp(a->statements[i].sql, sql) != 0)
		i++;
	if (i < a->statements_n)
		return a->statements[i].stmt;
	if (sqlite3_prepare_v3(db_sqlite(a->db), sql, -1, SQLITE_PREPARE_PERSISTENT, &s.stmt, NULL))
		return NULL;
	a->statements = realloc(a->statements, (i + 1) * sizeof(s));
	s.sql = strdup(sql);
	if (!a->statements || !s.sql)
		abort();
	a->statements[a->statements_n++] = s;
	return s.stmt;
}

sqlite3_stmt *admin_sql(struct admin *a, const char *sql, size_t n, const char *const *texts,
			struct db_error *err)
{
	sqlite3_stmt *stmt = prepared(a, sql);

	if (!stmt) {
		db_last_error(a->db, "Preparing a statement", err);
		return NULL;
	}
	sqlite3_reset(stmt);
	for (size_t i = 0; i < n; i++)
		if (texts[i] && *texts[i])
			sqlite3_bind_text(stmt, (int)i + 1, texts[i], -1, SQLITE_TRANSIENT);
		else
			sqlite3_bind_null(stmt, (int)i + 1);
	return stmt;
}

/* Names and values for the sentences of db_rule.def. */
static void facts_of(const struct admin *a, const struct admin_object *o,
		     struct db_fact facts[DB_FACTS_MAX])
{
	size_t n = 0;

	memset(facts, 0, DB_FACTS_MAX * sizeof(*facts));
	if (a->member.name)
		facts[n++] = a->member;
	for (size_t i = 0; o->kind->columns[i].name && n < DB_FACTS_MAX; i++) {
		const struct admin_column *c = &o->kind->columns[i];
		const char *text = c->fact ? admin_text(o, c->name) : NULL;

		if (text)
			facts[n++] = (struct db_fact){ c->fact, text };
	}
}

int admin_run(struct admin *a, const struct admin_object *o, const char *doing, const char *sql,
	      size_t n, const char *const *texts, struct db_error *err)
{
	sqlite3_stmt *stmt = admin_sql(a, sql, n, texts, err);
	struct db_fact facts[DB_FACTS_MAX];
	char key[300], what[400];
	int rc;

	if (!stmt)
		return DB_EIO;
	do
		rc = sqlite3_step(stmt);
	while (rc == SQLITE_ROW);
	if (rc == SQLITE_DONE) {
		sqlite3_reset(stmt);
		return 0;
	}
	facts_of(a, o, facts);
	admin_key_text(o, key, sizeof(key));
	snprintf(what, sizeof(what), "%s %s '%.200s'", doing, o->kind->title, key);
	rc = db_last_error_about(a->db, what, facts, err);
	sqlite3_reset(stmt);
	return rc;
}

int admin_look(struct admin *a, const char *sql, size_t n, const char *const *texts, char *out,
	       size_t size, struct db_error *err)
{
	sqlite3_stmt *stmt = admin_sql(a, sql, n, texts, err);
	const unsigned char *text;
	int rc;

	out[0] = '\0';
	if (!stmt)
		return DB_EIO;
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		text = sqlite3_column_text(stmt, 0);
		snprintf(out, size, "%s", text ? (const char *)text : "");
	} else if (rc != SQLITE_DONE) {
		rc = db_last_error(a->db, "Looking up a name", err);
		sqlite3_reset(stmt);
		return rc;
	}
	sqlite3_reset(stmt);
	return 0;
}
