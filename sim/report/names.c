/* Texts, each kept once. */
#include "sim/report/report_private.h"

#include <stdlib.h>
#include <string.h>

void *report_grow(void *array, size_t n, size_t *size, size_t element)
{
	if (n < *size)
		return array;
	*size = *size ? *size * 2 : 16;
	array = realloc(array, *size * element);
	if (!array)
		abort();
	return array;
}

static struct report_name *add(struct report_names *names, const char *text, size_t len)
{
	struct report_name *name = malloc(sizeof(*name) + len + 1);

	if (!name)
		abort();
	memcpy(name->text, text, len);
	name->text[len] = '\0';
	name->number = (uint32_t)names->n;
	HASH_ADD(hh, names->table, text, (unsigned)len, name);
	REPORT_GROW(names->at, names->n, names->size);
	names->at[names->n++] = name;
	return name;
}

uint32_t report_name_n(struct report_names *names, const char *text, size_t len)
{
	struct report_name *name;

	if (!names->n)
		add(names, "", 0);
	len = strnlen(text, len);
	if (len == 0)
		return 0;
	HASH_FIND(hh, names->table, text, (unsigned)len, name);
	if (!name)
		name = add(names, text, len);
	return name->number;
}

uint32_t report_name(struct report_names *names, const char *text)
{
	return report_name_n(names, text ? text : "", text ? strlen(text) : 0);
}

const char *report_text(const struct report_names *names, uint32_t number)
{
	return number < names->n ? names->at[number]->text : "";
}

void report_names_free(struct report_names *names)
{
	HASH_CLEAR(hh, names->table);
	for (size_t i = 0; i < names->n; i++)
		free(names->at[i]);
	free(names->at);
}
