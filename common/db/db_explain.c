/* Sentences for what SQLite refuses: the key of the broken rule, filled with the writer's values.
 */
#include "common/db/db_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct rule { /* see db_rule.def */
	const char *key;
	const char *reported;
	const char *sentence;
};

static const struct rule rules[] = {
#define RULE(key, reported, sentence) { #key, reported, sentence },
#include "common/db/db_rule.def"
#undef RULE
};

const char *db_code_name(int code)
{
	switch (code) {
	case 0:
		return "0";
#define X(value, name)                                                                             \
	case (value):                                                                              \
		return #name;
		DB_CODES(X)
#undef X
	default:
		return "?";
	}
}

int db_error_set(struct db_error *err, int code, const char *format, ...)
{
	va_list ap;

	if (!err)
		return code;
	err->code = code;
	err->key[0] = 0;
	va_start(ap, format);
	vsnprintf(err->text, sizeof(err->text), format, ap);
	va_end(ap);
	return code;
}

/* Copies the sentence, with {name} replaced; stops quietly when `out` is full. */
static void fill(char *out, size_t size, const char *sentence,
		 const struct db_fact facts[DB_FACTS_MAX])
{
	size_t n = strlen(out);

	for (const char *p = sentence; *p && n + 1 < size; p++) {
		size_t name_length;

		if (*p != '{') {
			out[n++] = *p;
			continue;
		}
		name_length = strcspn(++p, "}");
		for (int i = 0; i < DB_FACTS_MAX && facts[i].name; i++) {
			int written;

			if (strlen(facts[i].name) != name_length ||
			    strncmp(facts[i].name, p, name_length) != 0 || !facts[i].value ||
			    !*facts[i].value)
				continue;
			written = snprintf(out + n, size - n, " '%s'", facts[i].value);
			n = written < 0 || (size_t)written >= size - n ? size - 1
								       : n + (size_t)written;
		}
		p += name_length;
		if (!*p)
			break;
	}
	out[n] = 0;
}

static const struct rule *rule_of(const char *message)
{
	const char *broken = strstr(message, "constraint failed: ");

	broken = broken ? broken + strlen("constraint failed: ") : message;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (!strcmp(broken, rules[i].key) ||
		    (rules[i].reported && !strcmp(broken, rules[i].reported)))
			return &rules[i];
	return NULL;
}

struct cause {
	int rc; /* primary result code of SQLite */
	int code;
	const char *sentence;
};
static const struct cause causes[] = {
	{ SQLITE_BUSY, DB_ELOCKED, "another program holds it locked; try again" },
	{ SQLITE_LOCKED, DB_ELOCKED, "another statement holds a table locked; try again" },
	{ SQLITE_FULL, DB_EFULL, "there is no space left; nothing was changed; make room" },
	{ SQLITE_READONLY, DB_EREADONLY, "the database is read-only" },
	{ SQLITE_CANTOPEN, DB_EACCESS,
	  "it cannot be opened; its folder must exist and be writable, for it holds the log too" },
	{ SQLITE_PERM, DB_EACCESS, "access is not permitted" },
	{ SQLITE_NOTADB, DB_ENOTDB, "this is not a database" },
	{ SQLITE_CORRUPT, DB_ECORRUPT, "the database is damaged; go back to a copy" },
	{ SQLITE_INTERRUPT, DB_ELIMIT, "it took too long and was stopped" },
	{ SQLITE_TOOBIG, DB_ELIMIT, "a value is too big" },
	{ SQLITE_IOERR, DB_EIO, "the system failed to read or write the file" },
};

static int explain_constraint(struct db *db, struct db_error *err, const char *message,
			      const struct db_fact facts[DB_FACTS_MAX])
{
	const struct rule *rule = rule_of(message);
	size_t n = strlen(err->text);

	if (rule) {
		snprintf(err->key, sizeof(err->key), "%s", rule->key);
		fill(err->text, sizeof(err->text) - 1, rule->sentence, facts);
		return DB_ECONSTRAINT;
	}
	if (sqlite3_extended_errcode(db->sq) == SQLITE_CONSTRAINT_FOREIGNKEY) {
		snprintf(err->key, sizeof(err->key), "RH_REFERENCE");
		snprintf(err->text + n, sizeof(err->text) - n,
			 "rows refer to each other: what is in use cannot be removed, and what is "
			 "referred to must exist; change the rows that refer to it first");
		return DB_EINUSE;
	}
	if (sqlite3_extended_errcode(db->sq) == SQLITE_CONSTRAINT_NOTNULL)
		snprintf(err->text + n, sizeof(err->text) - n, "%s needs a value",
			 strrchr(message, ' ') ? strrchr(message, ' ') + 1 : message);
	else
		snprintf(err->text + n, sizeof(err->text) - n, "a rule was broken: %s", message);
	return DB_ECONSTRAINT;
}

int db_explain(struct db *db, struct db_error *err, const char *doing,
	       const struct db_fact facts[DB_FACTS_MAX])
{
	struct db_error unread;
	const char *message = sqlite3_errmsg(db->sq);
	int rc = sqlite3_errcode(db->sq) & 0xff;
	size_t n;

	if (!err)
		err = &unread;
	err->code = DB_EIO;
	err->key[0] = 0;
	snprintf(err->text, sizeof(err->text), "%s%s", doing, *doing ? ": " : "");
	n = strlen(err->text);
	if (rc == SQLITE_CONSTRAINT) {
		err->code = explain_constraint(db, err, message, facts);
	} else {
		size_t i = 0, count = sizeof(causes) / sizeof(causes[0]);

		while (i < count && causes[i].rc != rc)
			i++;
		if (i < count) {
			err->code = causes[i].code;
			snprintf(err->text + n, sizeof(err->text) - n, "%s", causes[i].sentence);
		} else {
			snprintf(err->text + n, sizeof(err->text) - n, "%s", message);
		}
	}
	n = strlen(err->text);
	if (n + 1 < sizeof(err->text))
		memcpy(err->text + n, ".", 2);
	return err->code;
}

int db_last_error(struct db *db, const char *doing, struct db_error *err)
{
	static const struct db_fact none[DB_FACTS_MAX];

	return db_explain(db, err, doing, none);
}

int db_last_error_about(struct db *db, const char *doing, const struct db_fact facts[DB_FACTS_MAX],
			struct db_error *err)
{
	return db_explain(db, err, doing, facts);
}
