#include "sim/harness/clauses.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/harness/places.h"

static struct {
	bool read;
	struct sim_clause *list;
	size_t n;
} clauses;

static bool is_id(const char *s)
{
	return isupper((unsigned char)s[0]) && isupper((unsigned char)s[1]) &&
	       isupper((unsigned char)s[2]) && s[3] == '-' && isdigit((unsigned char)s[4]) &&
	       isdigit((unsigned char)s[5]) && !isalnum((unsigned char)s[6]);
}

static void add(const char *item)
{
	struct sim_clause *c;

	clauses.list = realloc(clauses.list, (clauses.n + 1) * sizeof(*clauses.list));
	if (!clauses.list)
		abort();
	c = &clauses.list[clauses.n++];
	snprintf(c->id, sizeof(c->id), "%.6s", item);
	c->text = strdup(item + 6 + strspn(item + 6, " "));
	if (!c->text)
		abort();
}

/* The item goes on over lines that are indented. */
static void go_on(const char *line)
{
	struct sim_clause *c = &clauses.list[clauses.n - 1];
	size_t n = strlen(c->text);

	c->text = realloc(c->text, n + strlen(line) + 2);
	if (!c->text)
		abort();
	c->text[n] = ' ';
	strcpy(c->text + n + 1, line);
}

static void read_file(FILE *f)
{
	char line[4096];
	bool in = false;

	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\r\n")] = '\0';
		if (!strncmp(line, "- ", 2)) {
			in = is_id(line + 2);
			if (in)
				add(line + 2);
		} else if (in && line[0] == ' ' && line[strspn(line, " ")]) {
			go_on(line + strspn(line, " "));
		} else {
			in = false;
		}
	}
}

const struct sim_clause *sim_clauses(size_t *n)
{
	char path[PATH_MAX];

	if (!clauses.read && sim_place(path, sizeof(path), "docs/clauses.md", "clauses.md")) {
		FILE *f = fopen(path, "re");

		if (f) {
			read_file(f);
			fclose(f);
		}
	}
	clauses.read = true;
	*n = clauses.n;
	return clauses.list;
}

const char *sim_clause_text(const char *id)
{
	size_t n;
	const struct sim_clause *list = sim_clauses(&n);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i].id, id))
			return list[i].text;
	return NULL;
}

bool sim_clause_known(const char *id)
{
	size_t n;

	sim_clauses(&n);
	return n ? sim_clause_text(id) != NULL : strlen(id) == 6 && is_id(id);
}
