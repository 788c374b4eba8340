#include "common/sql/sql.h"
#include "common/db/db.h"
#include "common/sql/sql_function.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TICK_STEPS 10000 /* of SQLite's machine between two looks at the budget */
#define TICKS_MAX  20000 /* 200 million steps: a few seconds */

struct run {
	struct db *db;
	sqlite3 *sq;
	unsigned ticks;
};

/* ---- bounds --------------------------------------------------------------------------------- */

static int authorize(void *arg, int action, const char *first, const char *second, const char *base,
		     const char *inner)
{
	(void)arg;
	(void)base;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		return second && !strcasecmp(second, "load_extension") ? SQLITE_DENY : SQLITE_OK;
	case SQLITE_INSERT:
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
		if (!first || !strncasecmp(first, "sqlite_", 7))
			return SQLITE_DENY;
		/* The list of changes is written by triggers only. */
		return strcasecmp(first, "rehomechange") || inner ? SQLITE_OK : SQLITE_DENY;
	case SQLITE_PRAGMA: /* the view syscolumns looks there */
		return first && !strcasecmp(first, "table_info") ? SQLITE_OK : SQLITE_DENY;
	default:
		return SQLITE_DENY;
	}
}

static int tick(void *arg)
{
	struct run *run = arg;

	return ++run->ticks > TICKS_MAX;
}

static const struct {
	int what, at_most;
} bounds[] = {
	{ SQLITE_LIMIT_LENGTH, 4 << 20 },
	{ SQLITE_LIMIT_SQL_LENGTH, 4 * SQL_STATEMENT_MAX },
	{ SQLITE_LIMIT_COLUMN, 1000 },
	{ SQLITE_LIMIT_EXPR_DEPTH, 200 },
	{ SQLITE_LIMIT_COMPOUND_SELECT, 50 },
	{ SQLITE_LIMIT_VDBE_OP, 250000 },
	{ SQLITE_LIMIT_FUNCTION_ARG, 32 },
	{ SQLITE_LIMIT_ATTACHED, 0 },
	{ SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000 },
};
#define BOUNDS (sizeof(bounds) / sizeof(bounds[0]))

static void bind_limits(struct run *run, int before[BOUNDS])
{
	for (size_t i = 0; i < BOUNDS; i++)
		before[i] = sqlite3_limit(run->sq, bounds[i].what, bounds[i].at_most);
	sqlite3_set_authorizer(run->sq, authorize, NULL);
	sqlite3_progress_handler(run->sq, TICK_STEPS, tick, run);
}

static void lift_limits(struct run *run, const int before[BOUNDS])
{
	sqlite3_progress_handler(run->sq, 0, NULL, NULL);
	sqlite3_set_authorizer(run->sq, NULL, NULL);
	for (size_t i = 0; i < BOUNDS; i++)
		sqlite3_limit(run->sq, bounds[i].what, before[i]);
}

/* ---- errors in the field's words ------------------------------------------------------------ */

/* "<prefix>name" of SQLite's message -> the name; NULL if it is another message. */
static const char *after(const char *message, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(message, prefix, n) ? NULL : message + n;
}

static int sql_error(struct run *run, struct db_error *err)
{
	const char *message = sqlite3_errmsg(run->sq), *name;
	int rc = sqlite3_errcode(run->sq);

	if (rc == SQLITE_AUTH)
		return db_error_set(
			err, DB_ESQL,
			"`run sql` reads and changes rows; it changes neither tables nor "
			"settings, nor opens other files.");
	if (rc != SQLITE_ERROR && rc != SQLITE_MISMATCH && rc != SQLITE_RANGE)
		return db_last_error(run->db, "", err);
	if ((name = after(message, "no such table: ")))
		return db_error_set(err, DB_ESQL,
				    "The specified table (%s) is not in the database.", name);
	if ((name = after(message, "no such column: ")))
		return db_error_set(err, DB_ESQL,
				    "Column (%s) not found in any table in the query (or SLV is "
				    "undefined).",
				    name);
	if ((name = after(message, "no such function: ")))
		return db_error_set(err, DB_ESQL, "Routine (%s) can not be resolved.", name);
	if ((name = after(message, "wrong number of arguments to function ")))
		return db_error_set(err, DB_ESQL, "Routine (%.*s) can not be resolved.",
				    (int)strcspn(name, "("), name);
	if ((name = after(message, "ambiguous column name: ")))
		return db_error_set(err, DB_ESQL, "Ambiguous column (%s).", name);
	if (strstr(message, "syntax error") || strstr(message, "incomplete input") ||
	    strstr(message, "unrecognized token"))
		return db_error_set(err, DB_ESQL, "A syntax error has occurred. (%s)", message);
	return db_error_set(err, DB_ESQL, "%s.", message);
}

/* ---- the printed result --------------------------------------------------------------------- */

struct table {
	char *text; /* cells one after the other, each ended by 0 */
	size_t used, room;
	size_t *widths;
	int columns;
};

/* Bytes that begin a character. */
static size_t width_of(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

/* One cell; control characters, which could command a terminal, become dots. */
static bool add_cell(struct table *table, int column, const char *text)
{
	size_t length = strlen(text) + 1, width = width_of(text);

	if (table->used + length > SQL_RESULT_MAX)
		return false;
	while (table->used + length > table->room) {
		table->room = table->room ? 2 * table->room : 4096;
		table->text = realloc(table->text, table->room);
		if (!table->text)
			abort();
	}
	for (size_t i = 0; i < length; i++) {
		char c = text[i];
		bool control = (c > 0 && c < 0x20) || c == 0x7f;

		table->text[table->used + i] = control ? '.' : c;
	}
	table->used += length;
	if (width > table->widths[column])
		table->widths[column] = width;
	return true;
}

/* Whether it is "word(...)", as SQLite heads a function without alias. */
static bool is_function(const char *name)
{
	size_t word =
		strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	size_t n = strlen(name);

	return word && name[word] == '(' && name[n - 1] == ')';
}

/* Informix heads what has no alias by its kind in parentheses. */
static void header(char *out, size_t size, const char *name)
{
	static const char *const aggregates[] = { "count", "sum", "avg", "min", "max" };

	if (!strcasecmp(name, "count(*)")) {
		snprintf(out, size, "(count(*))");
		return;
	}
	for (size_t i = 0; i < sizeof(aggregates) / sizeof(aggregates[0]); i++) {
		size_t n = strlen(aggregates[i]);

		if (!strncasecmp(name, aggregates[i], n) && name[n] == '(') {
			snprintf(out, size, "(%s)", aggregates[i]);
			return;
		}
	}
	if (name[0] == '\'')
		snprintf(out, size, "(constant)");
	else if (strstr(name, "||") || is_function(name) || !strncasecmp(name, "case ", 5))
		snprintf(out, size, "(expression)");
	else
		snprintf(out, size, "%s", name);
}

static void print_row(FILE *out, const struct table *table, const char **cell)
{
	for (int c = 0; c < table->columns; c++) {
		size_t width = width_of(*cell);

		fputs(*cell, out);
		if (c + 1 < table->columns)
			fprintf(out, "%*s", (int)(table->widths[c] - width + 1), "");
		*cell += strlen(*cell) + 1;
	}
	fputc('\n', out);
}

static void print_table(FILE *out, const struct table *table)
{
	const char *cell = table->text;

	print_row(out, table, &cell);
	for (int c = 0; c < table->columns; c++) {
		for (size_t i = 0; i < table->widths[c]; i++)
			fputc('=', out);
		fputc(c + 1 < table->columns ? ' ' : '\n', out);
	}
	while (cell < table->text + table->used)
		print_row(out, table, &cell);
}

static int select_rows(struct run *run, sqlite3_stmt *stmt, FILE *out, struct db_error *err)
{
	struct table table = { .columns = sqlite3_column_count(stmt) };
	bool fits = true;
	int rc = SQLITE_ROW;

	table.widths = calloc((size_t)table.columns, sizeof(*table.widths));
	if (!table.widths)
		abort();
	for (int c = 0; c < table.columns; c++) {
		const char *name = sqlite3_column_name(stmt, c);
		char text[256];

		header(text, sizeof(text), name ? name : "");
		fits = add_cell(&table, c, text) && fits;
	}
	while (fits && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		for (int c = 0; c < table.columns && fits; c++) {
			const char *text = (const char *)sqlite3_column_text(stmt, c);

			fits = add_cell(&table, c, text ? text : "NULL");
		}
	}
	if (!fits)
		rc = db_error_set(err, DB_ELIMIT,
				  "The result is larger than 64 MiB; ask for fewer rows "
				  "or columns.");
	else if (rc != SQLITE_DONE)
		rc = sql_error(run, err);
	else
		rc = 0;
	if (!rc)
		print_table(out, &table);
	free(table.widths);
	free(table.text);
	return rc;
}

static int change_rows(struct run *run, sqlite3_stmt *stmt, FILE *out, struct db_error *err)
{
	if (sqlite3_step(stmt) != SQLITE_DONE) {
		/* The reset puts the whole message on the connection. */
		sqlite3_reset(stmt);
		return sql_error(run, err);
	}
	fprintf(out, "Rows: %d\n", sqlite3_changes(run->sq));
	return 0;
}

/* Nothing but blanks, semicolons and comments may follow the statement. */
static bool only_blank(struct run *run, const char *tail)
{
	sqlite3_stmt *second = NULL;
	bool blank = true;

	while (blank && *tail) {
		int rc = sqlite3_prepare_v2(run->sq, tail, -1, &second, &tail);

		blank = rc == SQLITE_OK && !second;
		sqlite3_finalize(second);
	}
	return blank;
}

static int run_translated(struct run *run, const char *sql, FILE *out, struct db_error *err)
{
	sqlite3_stmt *stmt = NULL;
	const char *tail = "";
	int rc;

	if (sqlite3_prepare_v2(run->sq, sql, -1, &stmt, &tail))
		rc = sql_error(run, err);
	else if (!stmt)
		rc = db_error_set(err, DB_ESQL, "The statement is empty.");
	else if (!only_blank(run, tail))
		rc = db_error_set(err, DB_ESQL,
				  "One statement at a time; what follows the semicolon was "
				  "not run, nor was the rest.");
	else if (sqlite3_bind_parameter_count(stmt))
		rc = db_error_set(err, DB_ESQL,
				  "A syntax error has occurred. (A statement typed here has "
				  "no parameters to fill.)");
	else if (sqlite3_column_count(stmt))
		rc = select_rows(run, stmt, out, err);
	else
		rc = change_rows(run, stmt, out, err);
	sqlite3_finalize(stmt);
	return rc;
}

int sql_run(struct db *db, const char *statement, FILE *out, struct db_error *err)
{
	struct run run = { .db = db, .sq = db_sqlite(db) };
	int before[BOUNDS], rc;
	char *sql = sql_translate(statement, err);

	if (!sql)
		return err ? err->code : DB_ESQL;
	sql_functions_add(db);
	bind_limits(&run, before);
	rc = run_translated(&run, sql, out, err);
	lift_limits(&run, before);
	free(sql);
	return rc;
}
