#include "sim/admin/kind.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct admin_reference_def references[] = {
	[ADMIN_REF_NONE] = { "nothing", "", "" },
#define REFERENCE(id, what, find, name) [ADMIN_REF_##id] = { what, find, name },
#include "sim/admin/reference.def"
#undef REFERENCE
};

const struct admin_reference_def *admin_reference(enum admin_reference reference)
{
	return &references[reference];
}

const struct admin_kind *admin_kind_at(size_t i)
{
	static const struct admin_kind *const tables[] = { admin_device_kinds, admin_plan_kinds,
							   admin_cluster_kinds, admin_user_kinds };

	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (const struct admin_kind *k = tables[t]; k->name; k++)
			if (i-- == 0)
				return k;
	return NULL;
}

const struct admin_kind *admin_kind(const char *name)
{
	const struct admin_kind *k;

	for (size_t i = 0; (k = admin_kind_at(i)); i++)
		if (!strcmp(k->name, name))
			return k;
	return NULL;
}

size_t admin_columns(const struct admin_kind *kind)
{
	size_t n = 0;

	while (kind->columns[n].name)
		n++;
	return n;
}

/* Without the fk or tk that says what kind of column it is. */
static const char *short_name(const char *name)
{
	return !strncmp(name, "fk", 2) || !strncmp(name, "tk", 2) ? name + 2 : name;
}

static bool begins(const char *text, const char *name, size_t length)
{
	return !strncmp(text, name, length);
}

static bool ends(const char *text, const char *name, size_t length)
{
	size_t n = strlen(text);

	return n > length && !strncmp(text + n - length, name, length);
}

/* The one column whose name fits in part; -1: none, or several. */
static int only(const struct admin_kind *kind, const char *name, size_t length,
		bool (*fits)(const char *text, const char *name, size_t length))
{
	int found = -1;

	for (size_t i = 0; length > 2 && kind->columns[i].name; i++)
		if (fits(short_name(kind->columns[i].name), name, length)) {
			if (found >= 0)
				return -1;
			found = (int)i;
		}
	return found;
}

int admin_column(const struct admin_kind *kind, const char *name, size_t length)
{
	int found;

	for (size_t i = 0; kind->columns[i].name; i++) {
		const char *own = kind->columns[i].name, *brief = short_name(own);

		if ((strlen(own) == length && begins(own, name, length)) ||
		    (strlen(brief) == length && begins(brief, name, length)))
			return (int)i;
	}
	found = only(kind, name, length, begins);
	return found >= 0 ? found : only(kind, name, length, ends);
}

void admin_key_usage(const struct admin_kind *kind, bool with_words, char *buf, size_t size)
{
	size_t n = 0;

	buf[0] = '\0';
	for (size_t i = 0; kind->columns[i].name && n < size; i++) {
		const struct admin_column *c = &kind->columns[i];
		const char *name = short_name(c->name);
		char upper[40];
		size_t k = 0;
		bool optional;

		if (!(c->how & ADMIN_KEY) && !(with_words && (c->how & ADMIN_WORD)))
			continue;
		optional = (c->how & ADMIN_KEY) && c->preset;
		if (c->reference == ADMIN_REF_PARTITION) { /* behind a slash */
			n += (size_t)snprintf(buf + n, size - n, "[/PARTITION]");
			continue;
		}
		for (; name[k] && k < sizeof(upper) - 1; k++)
			upper[k] = (char)toupper((unsigned char)name[k]);
		upper[k] = '\0';
		n += (size_t)snprintf(buf + n, size - n, optional ? "%s[%s]" : "%s%s", n ? " " : "",
				      upper);
	}
}
