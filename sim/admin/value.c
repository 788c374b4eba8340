/* The texts of an object: which object they say, and what is bound for them. */
#include "sim/admin/object.h"

#include <string.h>
#include <strings.h>

#include "sim/admin/sentence.h"

#define TEXT_MAX 128 /* bytes; what programs read has room for no more */

const char *admin_text(const struct admin_object *o, const char *column)
{
	int i = admin_column(o->kind, column, strlen(column));

	if (i < 0)
		return NULL;
	return o->text[i] ? o->text[i] : o->of ? o->of->text[i] : NULL;
}

/* "1000/Internal": the second goes to the partition that follows. */
static void split(struct admin_object *o, size_t i)
{
	const struct admin_column *next = &o->kind->columns[i + 1];
	const char *slash = strchr(o->text[i], '/');

	if (!slash || !next->name || next->reference != ADMIN_REF_PARTITION || o->text[i + 1])
		return;
	snprintf(o->room[1], sizeof(o->room[1]), "%.*s", (int)(slash - o->text[i]), o->text[i]);
	o->text[i] = o->room[1];
	o->text[i + 1] = slash + 1;
}

int admin_key(struct admin_object *o, const char *const *words, size_t n, bool adding,
	      struct db_error *err)
{
	const struct admin_column *c = o->kind->columns;
	char usage[200];
	size_t used = 0;

	for (size_t i = 0; c[i].name && used < n; i++) {
		bool key = c[i].how & ADMIN_KEY, word = adding && (c[i].how & ADMIN_WORD);

		/* A partition comes behind a slash; what has a preset is for the words beyond. */
		if ((!key && !word) || o->text[i] || c[i].reference == ADMIN_REF_PARTITION)
			continue;
		if (key && c[i].preset && adding && n - used < 2)
			continue;
		o->text[i] = words[used++];
		split(o, i);
	}
	for (size_t i = 0; c[i].name; i++)
		if ((c[i].how & ADMIN_KEY) && !o->text[i] && c[i].preset && used == n)
			o->text[i] = c[i].preset;
	admin_key_usage(o->kind, adding, usage, sizeof(usage));
	if (used < n)
		return db_error_set(err, DB_EINPUT,
				    "'%.100s' is one word too many; a %s is named by: %s.",
				    words[used], o->kind->title, usage);
	for (size_t i = 0; c[i].name; i++)
		if ((c[i].how & ADMIN_KEY) && (c[i].how & ADMIN_NEEDED) &&
		    (!o->text[i] || !*o->text[i]))
			return db_error_set(err, DB_EINPUT, "Which %s? It is named by: %s.",
					    o->kind->title, usage);
	return 0;
}

void admin_key_text(const struct admin_object *o, char *buf, size_t size)
{
	size_t n = 0;

	buf[0] = '\0';
	for (size_t i = 0; o->kind->columns[i].name && n < size; i++) {
		const struct admin_column *c = &o->kind->columns[i];
		const char *text = o->text[i] ? o->text[i] : o->of ? o->of->text[i] : NULL;

		if (!(c->how & ADMIN_KEY) || !text || !*text)
			continue;
		n += (size_t)snprintf(buf + n, size - n, "%s%s",
				      !n				    ? ""
				      : c->reference == ADMIN_REF_PARTITION ? "/"
									    : " ",
				      text);
	}
}

/* ---- what is bound ------------------------------------------------------------------- */

static int wrong(const struct admin_object *o, size_t i, const char *why, struct db_error *err)
{
	char key[300];

	admin_key_text(o, key, sizeof(key));
	return db_error_set(err, DB_EINPUT, "%s '%.150s': %s '%.100s' %s.", o->kind->title, key,
			    o->kind->columns[i].name, o->text[i], why);
}

/* Bytes that are UTF-8 and command no terminal. */
static bool is_text(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	while (*p) {
		unsigned more = *p < 0x80		  ? 0
				: *p >= 0xc2 && *p < 0xe0 ? 1
				: *p >= 0xe0 && *p < 0xf0 ? 2
				: *p >= 0xf0 && *p < 0xf5 ? 3
							  : 9;

		if (more == 9 || *p < 0x20 || *p == 0x7f)
			return false;
		for (p++; more; more--, p++)
			if ((*p & 0xc0) != 0x80)
				return false;
	}
	return true;
}

static int bind_flag(struct admin_object *o, size_t i, struct db_error *err)
{
	static const char *const yes[] = { "t", "true", "yes", "on", "1" };
	static const char *const no[] = { "f", "false", "no", "off", "0" };

	for (size_t k = 0; k < sizeof(yes) / sizeof(yes[0]); k++) {
		if (!strcasecmp(o->text[i], yes[k]))
			strcpy(o->bound[i], "t");
		if (!strcasecmp(o->text[i], no[k]))
			strcpy(o->bound[i], "f");
	}
	return o->bound[i][0] ? 0 : wrong(o, i, "is neither t (yes) nor f (no)", err);
}

static int bind_reference(struct admin *a, struct admin_object *o, size_t i, struct db_error *err)
{
	const struct admin_reference_def *r = admin_reference(o->kind->columns[i].reference);
	struct sentence s;
	int rc;

	sentence_begin(&s, "%s", "");
	sentence_expand(&s, r->find, "?1");
	rc = admin_look(a, s.text, 1, &o->text[i], o->bound[i], sizeof(o->bound[i]), err);
	if (!rc && !o->bound[i][0])
		return db_error_set(err, DB_ENOTFOUND,
				    "There is no %s '%.150s'; add it first, or correct the name.",
				    r->what, o->text[i]);
	return rc;
}

static int bind_one(struct admin *a, struct admin_object *o, size_t i, struct db_error *err)
{
	const char *text = o->text[i];
	const char *digits = text + (*text == '-');

	o->bound[i][0] = '\0';
	switch (o->kind->columns[i].type) {
	case ADMIN_SHOWN:
		return wrong(o, i, "is shown, not set", err);
	case ADMIN_WHOLE:
		if (*text && (!*digits || strspn(digits, "0123456789") != strlen(digits) ||
			      strlen(digits) > 9))
			return wrong(o, i, "is not a whole number", err);
		return 0;
	case ADMIN_FLAG:
		return *text ? bind_flag(o, i, err) : wrong(o, i, "is neither t nor f", err);
	case ADMIN_REFERS:
		return *text ? bind_reference(a, o, i, err) : 0;
	case ADMIN_TEXT:
		if (!is_text(text))
			return wrong(o, i, "is not text in UTF-8, or has control characters", err);
		if (strlen(text) > TEXT_MAX && o->kind->columns[i].place != 'x')
			return wrong(o, i, "is longer than 128 bytes", err);
		return 0;
	default:
		return 0;
	}
}

int admin_bind_object(struct admin *a, struct admin_object *o, struct db_error *err)
{
	int rc = 0;

	for (size_t i = 0; o->kind->columns[i].name && !rc; i++)
		if (o->text[i])
			rc = bind_one(a, o, i, err);
	return rc;
}
