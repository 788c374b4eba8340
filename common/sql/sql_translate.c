#include "common/sql/sql.h"
#include "common/db/db.h"
#include "common/sql/sql_token.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A copy of a token with `before` and `after` around it; caller frees. */
static char *wrapped(const struct sql_token *t, const char *before, const char *after)
{
	size_t a = strlen(before), b = strlen(after);
	char *out = malloc(a + t->length + b + 1);

	if (!out)
		abort();
	memcpy(out, before, a);
	memcpy(out + a, t->text, t->length);
	memcpy(out + a + t->length, after, b + 1);
	return out;
}

/* In place of the token, in lower case: Informix folds names. */
static void name_as(struct sql_tokens *s, size_t i, const char *around)
{
	char *text = wrapped(&s->t[i], around, around);

	for (char *p = text; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	sql_replace(s, i, text);
	free(text);
}

static void quote(struct sql_tokens *s, size_t i)
{
	name_as(s, i, "\"");
}

static bool is_set_operator(const struct sql_tokens *s, size_t i)
{
	return sql_is(s, i, "union") || sql_is(s, i, "minus") || sql_is(s, i, "intersect") ||
	       sql_is(s, i, "except");
}

/* Where the SELECT at i ends: the token after its last. */
static size_t select_end(const struct sql_tokens *s, size_t i)
{
	int depth = s->t[i].depth;
	size_t j;

	for (j = i + 1; j < s->n; j++) {
		if (s->t[j].depth < depth || sql_is_sign(s, j, ';'))
			break;
		if (s->t[j].depth == depth && is_set_operator(s, j))
			break;
	}
	return j;
}

/* `SELECT SKIP m FIRST n cols ...` -> `SELECT cols ... LIMIT n OFFSET m`. An arm of a UNION has no
 * LIMIT of its own in SQLite, so there it goes into a subquery. */
static void select_first(struct sql_tokens *s, size_t i)
{
	const struct sql_token *skip = NULL, *first = NULL;
	size_t j = i + 1, first_kept, end;
	bool arm;

	if (sql_is(s, j, "skip") && sql_is_kind(s, j + 1, SQL_NUMBER)) {
		skip = &s->t[j + 1];
		j += 2;
	}
	if ((sql_is(s, j, "first") || sql_is(s, j, "limit")) && sql_is_kind(s, j + 1, SQL_NUMBER)) {
		first = &s->t[j + 1];
		j += 2;
	}
	first_kept = j;
	if (sql_is(s, j, "unique"))
		sql_replace(s, j, "DISTINCT");
	if (!skip && !first)
		return;
	for (size_t k = i + 1; k < first_kept; k++)
		sql_drop(s, k);
	end = select_end(s, i);
	arm = is_set_operator(s, end) ||
	      (i > 0 && (is_set_operator(s, i - 1) ||
			 (sql_is(s, i - 1, "all") && i > 1 && is_set_operator(s, i - 2))));
	if (arm)
		sql_put_before(s, i, "SELECT * FROM (");
	if (first) {
		char *text = wrapped(first, " LIMIT ", "");

		sql_put_after(s, end - 1, text);
		free(text);
	} else {
		sql_put_after(s, end - 1, " LIMIT -1");
	}
	if (skip) {
		char *text = wrapped(skip, " OFFSET ", "");

		sql_put_after(s, end - 1, text);
		free(text);
	}
	if (arm)
		sql_put_after(s, end - 1, ")");
}

/* Informix escapes a wildcard with a backslash, GLOB by brackets. */
static char *glob_pattern(const struct sql_token *t, char escape)
{
	char *out = malloc(3 * t->length + 1);
	size_t n = 0;

	if (!out)
		abort();
	for (size_t i = 0; i < t->length; i++) {
		char c = t->text[i];

		if (c != escape || i + 2 >= t->length) {
			out[n++] = c;
			continue;
		}
		c = t->text[++i];
		if (c == '*' || c == '?' || c == '[') {
			out[n++] = '[';
			out[n++] = c;
			out[n++] = ']';
		} else {
			out[n++] = c;
		}
	}
	out[n] = 0;
	return out;
}

static bool is_text(const struct sql_tokens *s, size_t i)
{
	return sql_is_kind(s, i, SQL_STRING) || sql_is_kind(s, i, SQL_QUOTED);
}

static void matches(struct sql_tokens *s, size_t i)
{
	char escape = '\\';

	if (i == 0 || sql_is_sign(s, i - 1, '.') || sql_is_sign(s, i + 1, '.') ||
	    sql_is(s, i - 1, "as") || sql_is(s, i - 1, "select") || i + 1 >= s->n)
		return;
	sql_replace(s, i, "GLOB");
	if (!is_text(s, i + 1))
		return;
	if (sql_is(s, i + 2, "escape") && is_text(s, i + 3)) {
		if (s->t[i + 3].length == 3)
			escape = s->t[i + 3].text[1];
		sql_drop(s, i + 2);
		sql_drop(s, i + 3);
	}
	if (escape != '\'' && escape != '"' &&
	    memchr(s->t[i + 1].text, escape, s->t[i + 1].length)) {
		char *pattern = glob_pattern(&s->t[i + 1], escape);

		sql_replace(s, i + 1, pattern);
		free(pattern);
	}
}

static bool is_reserved(const struct sql_tokens *s, size_t i)
{
	return sql_is_kind(s, i, SQL_WORD) && s->t[i].length < 64 &&
	       sqlite3_keyword_check(s->t[i].text, (int)s->t[i].length) &&
	       !sql_is(s, i, "materialized");
}

static bool same_word(const struct sql_tokens *s, size_t i, size_t j)
{
	return s->t[i].length == s->t[j].length &&
	       strncasecmp(s->t[i].text, s->t[j].text, s->t[i].length) == 0;
}

/* Makes a word the name of a column, which is printed as its header. */
static void column_alias(struct sql_tokens *s, size_t i)
{
	bool reserved = is_reserved(s, i);

	name_as(s, i, reserved ? "\"" : "");
	if (!reserved)
		return;
	/* ORDER BY knows it by that name, too. */
	for (size_t k = 1; k < s->n; k++)
		if (k != i && sql_is_kind(s, k, SQL_WORD) && same_word(s, k, i) &&
		    (sql_is(s, k - 1, "by") || sql_is_sign(s, k - 1, ',')) &&
		    !sql_is(s, k + 1, "by") && !sql_is_sign(s, k + 1, '('))
			name_as(s, k, "\"");
}

/* Whether an expression may end with token i. */
static bool ends_operand(const struct sql_tokens *s, size_t i)
{
	return s->t[i].kind != SQL_SIGN ? s->t[i].kind != SQL_WORD || !is_reserved(s, i) ||
						  sql_is(s, i, "end") || sql_is_sign(s, i - 1, '.')
					: sql_is_sign(s, i, ')') || sql_is_sign(s, i, ']');
}

/* `SELECT d.name Device, m.numplanindex index FROM ...`: names of columns without AS. */
static void bare_columns(struct sql_tokens *s, size_t i)
{
	int depth = s->t[i].depth;

	for (size_t j = i + 2; j < s->n && s->t[j].depth >= depth; j++) {
		if (s->t[j].depth != depth)
			continue;
		if (sql_is(s, j, "from") || sql_is(s, j, "end"))
			return;
		if (sql_is_kind(s, j, SQL_WORD) && ends_operand(s, j - 1) &&
		    (sql_is_sign(s, j + 1, ',') || sql_is(s, j + 1, "from")))
			column_alias(s, j);
	}
}

/* `FROM callmanagergroup group`: an alias without AS is known by its use as `group.`. */
static void bare_alias(struct sql_tokens *s, size_t used)
{
	for (size_t i = 1; i < s->n; i++)
		if (i != used && sql_is_kind(s, i, SQL_WORD) && same_word(s, i, used) &&
		    sql_is_kind(s, i - 1, SQL_WORD) && !is_reserved(s, i - 1) &&
		    !sql_is(s, i + 1, "by") && !sql_is_sign(s, i + 1, '.'))
			quote(s, i);
}

/* How many different reserved words a statement may use as a table's alias. */
#define ALIASES_MAX 16

static void aliases(struct sql_tokens *s)
{
	size_t seen[ALIASES_MAX], n = 0;

	for (size_t i = 0; i < s->n; i++) {
		size_t k;

		if (i && sql_is(s, i - 1, "as") && sql_is_kind(s, i, SQL_WORD) &&
		    !sql_is(s, i, "select")) {
			if (!sql_is(s, i, "not"))
				column_alias(s, i);
		}
		if (sql_is(s, i, "select"))
			bare_columns(s, i);
		if (!is_reserved(s, i))
			continue;
		if (i && sql_is_sign(s, i - 1, '.')) {
			quote(s, i);
			continue;
		}
		if (!sql_is_sign(s, i + 1, '.'))
			continue;
		quote(s, i);
		for (k = 0; k < n && !same_word(s, seen[k], i); k++)
			;
		if (k == n && n < ALIASES_MAX) {
			seen[n++] = i;
			bare_alias(s, i);
		}
	}
}

/* `UPDATE device d SET d.name = 'x', d.description = 'y'`: SQLite wants AS, and bare targets. */
static void update(struct sql_tokens *s, size_t i)
{
	size_t set = i + 2;
	int depth = s->t[i].depth;

	if (sql_is_kind(s, set, SQL_WORD) && !sql_is(s, set, "set")) {
		if (sql_is(s, set, "as"))
			set++;
		else
			sql_put_before(s, set, "AS ");
		set++;
	}
	if (!sql_is(s, set, "set"))
		return;
	for (size_t j = set; j + 4 < s->n && s->t[j].depth >= depth; j++) {
		if (s->t[j].depth == depth &&
		    (sql_is(s, j, "where") || sql_is(s, j, "from") || sql_is_sign(s, j, ';')))
			return;
		if ((j == set || (sql_is_sign(s, j, ',') && s->t[j].depth == depth)) &&
		    sql_is_kind(s, j + 1, SQL_WORD) && sql_is_sign(s, j + 2, '.') &&
		    sql_is_kind(s, j + 3, SQL_WORD) && sql_is_sign(s, j + 4, '=')) {
			sql_drop(s, j + 1);
			sql_drop(s, j + 2);
		}
	}
}

static void delete_from(struct sql_tokens *s, size_t i)
{
	size_t table = i + 1;

	if (sql_is(s, table, "from"))
		table++;
	else if (sql_is_kind(s, table, SQL_WORD))
		sql_put_before(s, table, "FROM ");
	if (sql_is_kind(s, table + 1, SQL_WORD) && !sql_is(s, table + 1, "where") &&
	    !sql_is(s, table + 1, "as"))
		sql_put_before(s, table + 1, "AS ");
}

/* Where the operand that ends at token i begins: a literal, a.b.c, f(...), or (...). */
static size_t operand_start(const struct sql_tokens *s, size_t i)
{
	size_t start = i;

	if (sql_is_sign(s, i, ')')) {
		int depth = s->t[i].depth;

		while (start > 0 && !(sql_is_sign(s, start, '(') && s->t[start].depth == depth))
			start--;
		if (start > 0 && sql_is_kind(s, start - 1, SQL_WORD) && !is_reserved(s, start - 1))
			start--;
	}
	while (start > 1 && sql_is_sign(s, start - 1, '.') && sql_is_kind(s, start - 2, SQL_WORD))
		start -= 2;
	return start;
}

static const char *sqlite_type(const struct sql_tokens *s, size_t i)
{
	static const char *const integers[] = { "int",	  "integer", "smallint",
						"bigint", "int8",    "serial" };
	static const char *const reals[] = { "decimal", "numeric", "float", "real", "money" };

	for (size_t k = 0; k < sizeof(integers) / sizeof(integers[0]); k++)
		if (sql_is(s, i, integers[k]))
			return " AS INTEGER)";
	for (size_t k = 0; k < sizeof(reals) / sizeof(reals[0]); k++)
		if (sql_is(s, i, reals[k]))
			return " AS REAL)";
	return " AS TEXT)";
}

/* `x::lvarchar(20)` -> `CAST(x AS TEXT)` */
static void cast(struct sql_tokens *s, size_t i)
{
	size_t end = i + 2;

	if (i == 0 || !sql_is_sign(s, i + 1, ':') || !sql_is_kind(s, end, SQL_WORD))
		return;
	sql_put_before(s, operand_start(s, i - 1), "CAST(");
	sql_put_after(s, i - 1, sqlite_type(s, end));
	if (sql_is_sign(s, end + 1, '('))
		while (end + 1 < s->n &&
		       !(sql_is_sign(s, end, ')') && s->t[end].depth <= s->t[i].depth))
			end++;
	for (size_t k = i; k <= end && k < s->n; k++)
		sql_drop(s, k);
}

/* `substring(x FROM 1 FOR 3)` -> `substring(x , 1 , 3)` */
static void substring(struct sql_tokens *s, size_t i)
{
	int depth = s->t[i].depth + 1;

	if (!sql_is_sign(s, i + 1, '('))
		return;
	for (size_t j = i + 2; j < s->n && s->t[j].depth >= depth; j++)
		if (s->t[j].depth == depth && (sql_is(s, j, "from") || sql_is(s, j, "for")))
			sql_replace(s, j, ",");
}

/* `name[1,3]` -> `substr(name, 1, 3 - 1 + 1)` */
static void subscript(struct sql_tokens *s, size_t i)
{
	size_t last = sql_is_sign(s, i + 2, ',') ? i + 3 : i + 1;
	char *text;

	if (i == 0 || !ends_operand(s, i - 1) || !sql_is_kind(s, i + 1, SQL_NUMBER) ||
	    !sql_is_kind(s, last, SQL_NUMBER) || !sql_is_sign(s, last + 1, ']'))
		return;
	sql_put_before(s, operand_start(s, i - 1), "substr(");
	text = wrapped(&s->t[i + 1], ", ", ", ");
	sql_put_after(s, i - 1, text);
	free(text);
	text = wrapped(&s->t[last], "", " - ");
	sql_put_after(s, i - 1, text);
	free(text);
	text = wrapped(&s->t[i + 1], "", " + 1)");
	sql_put_after(s, i - 1, text);
	free(text);
	for (size_t k = i; k <= last + 1; k++)
		sql_drop(s, k);
}

static void edit(struct sql_tokens *s)
{
	aliases(s);
	for (size_t i = 0; i < s->n; i++) {
		bool named = i && (sql_is_sign(s, i - 1, '.') || sql_is(s, i - 1, "as"));

		if (named || s->t[i].kind == SQL_STRING || s->t[i].kind == SQL_QUOTED)
			continue;
		if (sql_is(s, i, "select"))
			select_first(s, i);
		else if (sql_is(s, i, "matches"))
			matches(s, i);
		else if (sql_is(s, i, "minus"))
			sql_replace(s, i, "EXCEPT");
		else if (i == 0 && sql_is(s, i, "update"))
			update(s, i);
		else if (i == 0 && sql_is(s, i, "delete"))
			delete_from(s, i);
		else if (sql_is(s, i, "substring"))
			substring(s, i);
		else if (sql_is_sign(s, i, ':'))
			cast(s, i);
		else if (sql_is_sign(s, i, '['))
			subscript(s, i);
	}
}

char *sql_translate(const char *statement, struct db_error *err)
{
	struct sql_tokens tokens;
	char *out = NULL;

	if (strnlen(statement, SQL_STATEMENT_MAX + 1) > SQL_STATEMENT_MAX) {
		db_error_set(err, DB_ELIMIT, "The statement is longer than %d bytes.",
			     SQL_STATEMENT_MAX);
		return NULL;
	}
	sql_tokens_read(&tokens, statement);
	if (tokens.unclosed) {
		db_error_set(err, DB_ESQL, "A syntax error has occurred. (%s is not closed.)",
			     tokens.unclosed);
	} else if (!tokens.n) {
		db_error_set(err, DB_ESQL, "The statement is empty.");
	} else {
		edit(&tokens);
		out = sql_tokens_write(&tokens);
	}
	sql_tokens_free(&tokens);
	return out;
}
