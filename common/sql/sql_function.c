#include "common/sql/sql_function.h"
#include "common/db/db.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define PAD_MAX 32768 /* characters of a padded text */

static const char *text_of(sqlite3_value *value)
{
	return (const char *)sqlite3_value_text(value);
}

static void newid(sqlite3_context *context, int n, sqlite3_value **values)
{
	char pkid[DB_PKID];

	(void)n;
	(void)values;
	db_pkid(sqlite3_user_data(context), pkid);
	sqlite3_result_text(context, pkid, -1, SQLITE_TRANSIENT);
}

static void concat(sqlite3_context *context, int n, sqlite3_value **values)
{
	const char *a = text_of(values[0]), *b = text_of(values[1]);
	char *joined;

	(void)n;
	if (!a || !b)
		return;
	joined = sqlite3_mprintf("%s%s", a, b);
	if (joined)
		sqlite3_result_text(context, joined, -1, sqlite3_free);
	else
		sqlite3_result_error_nomem(context);
}

static void nvl(sqlite3_context *context, int n, sqlite3_value **values)
{
	(void)n;
	sqlite3_result_value(context,
			     sqlite3_value_type(values[0]) == SQLITE_NULL ? values[1] : values[0]);
}

/* Text and number are one, as everywhere in these statements: decode(tkclass, '1', ...). */
static bool same(sqlite3_value *a, sqlite3_value *b)
{
	const char *x = text_of(a), *y = text_of(b);

	return x && y ? !strcmp(x, y) : !x && !y;
}

static void decode(sqlite3_context *context, int n, sqlite3_value **values)
{
	int i = 1;

	if (n < 3) {
		sqlite3_result_error(context, "wrong number of arguments to function decode()", -1);
		return;
	}
	while (i + 1 < n && !same(values[0], values[i]))
		i += 2;
	if (i + 1 < n)
		sqlite3_result_value(context, values[i + 1]);
	else if (i < n)
		sqlite3_result_value(context, values[i]);
}

/* lpad, rpad: user data says whether the filling comes first. Widths count bytes that begin a
 * character. */
static void pad(sqlite3_context *context, int n, sqlite3_value **values)
{
	const char *text = text_of(values[0]);
	const char *fill = n > 2 ? text_of(values[2]) : " ";
	sqlite3_int64 want = sqlite3_value_int64(values[1]), have = 0;
	bool first = sqlite3_user_data(context) != NULL;
	size_t cut = 0, length, fill_length;
	char *out, *to;

	if (!text || !fill || sqlite3_value_type(values[1]) == SQLITE_NULL)
		return;
	if (want > PAD_MAX) {
		sqlite3_result_error_toobig(context);
		return;
	}
	for (; text[cut]; cut++) {
		bool begins = ((unsigned char)text[cut] & 0xc0) != 0x80;

		if (begins && have >= want)
			break;
		have += begins;
	}
	fill_length = strlen(fill);
	length = fill_length && have < want ? (size_t)(want - have) : 0;
	out = to = sqlite3_malloc64(cut + length + 1);
	if (!out) {
		sqlite3_result_error_nomem(context);
		return;
	}
	if (!first) {
		memcpy(to, text, cut);
		to += cut;
	}
	for (size_t i = 0; i < length; i++)
		*to++ = fill[i % fill_length];
	if (first) {
		memcpy(to, text, cut);
		to += cut;
	}
	sqlite3_result_text64(context, out, (sqlite3_uint64)(to - out), sqlite3_free, SQLITE_UTF8);
}

static void mod(sqlite3_context *context, int n, sqlite3_value **values)
{
	sqlite3_int64 by = sqlite3_value_int64(values[1]);

	(void)n;
	if (sqlite3_value_type(values[0]) == SQLITE_NULL || by == 0)
		return;
	sqlite3_result_int64(context, by == -1 ? 0 : sqlite3_value_int64(values[0]) % by);
}

static void char_length(sqlite3_context *context, int n, sqlite3_value **values)
{
	const char *text = text_of(values[0]);
	int length = 0;

	(void)n;
	if (!text)
		return;
	for (; *text; text++)
		length += ((unsigned char)*text & 0xc0) != 0x80;
	sqlite3_result_int(context, length);
}

static void to_char(sqlite3_context *context, int n, sqlite3_value **values)
{
	const char *text = text_of(values[0]);

	(void)n;
	if (text)
		sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

static void dbinfo(sqlite3_context *context, int n, sqlite3_value **values)
{
	const char *what = text_of(values[0]);
	time_t s = (time_t)sqlite3_value_int64(values[1]);
	struct tm tm;
	char text[64];

	(void)n;
	if (!what || strcasecmp(what, "utc_to_datetime") != 0) {
		sqlite3_result_error(context, "no such function: dbinfo", -1);
		return;
	}
	if (sqlite3_value_type(values[1]) == SQLITE_NULL || !gmtime_r(&s, &tm))
		return;
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

void sql_functions_add(struct db *db)
{
	static const char left[] = "left";
	static const struct {
		const char *name;
		int arguments;
		void (*run)(sqlite3_context *context, int n, sqlite3_value **values);
		const void *data;
	} functions[] = {
		{ "concat", 2, concat, NULL },
		{ "nvl", 2, nvl, NULL },
		{ "decode", -1, decode, NULL },
		{ "lpad", 2, pad, left },
		{ "lpad", 3, pad, left },
		{ "rpad", 2, pad, NULL },
		{ "rpad", 3, pad, NULL },
		{ "mod", 2, mod, NULL },
		{ "char_length", 1, char_length, 0 },
		{ "to_char", 1, to_char, NULL },
		{ "dbinfo", 2, dbinfo, NULL },
	};
	const int flags = SQLITE_UTF8 | SQLITE_INNOCUOUS;
	struct sqlite3 *sq = db_sqlite(db);

	sqlite3_create_function_v2(sq, "newid", 0, flags, db, newid, NULL, NULL, NULL);
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		sqlite3_create_function_v2(
			sq, functions[i].name, functions[i].arguments, flags | SQLITE_DETERMINISTIC,
			(void *)(uintptr_t)functions[i].data, functions[i].run, NULL, NULL, NULL);
}
