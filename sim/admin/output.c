/* What is shown: aligned tables for people, JSON for programs. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sim/admin/output.h"
#include "sim/admin/work.h"
#include "sim/harness/table.h"

#define CELL_MAX 60 /* bytes of a cell in a list; show has all */

static json_t *text_json(const char *text)
{
	json_t *o = text ? json_string(text) : json_null();

	return o ? o : json_string("?"); /* not UTF-8: somebody else has written it */
}

json_t *work_json(const struct admin_kind *kind, const char *const *values)
{
	json_t *o = json_object();

	for (size_t i = 0; kind->columns[i].name; i++)
		if (kind->columns[i].type != ADMIN_SECRET)
			json_object_set_new(o, kind->columns[i].name, text_json(values[i]));
	return o;
}

void work_print_json(FILE *out, json_t *o)
{
	json_dumpf(o, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(o);
}

/* ---- list ---------------------------------------------------------------------------- */

struct listing {
	struct work *w;
	bool shown[ADMIN_COLUMNS_MAX];
	struct sim_table *table;
	json_t *array;
	char *line; /* of the table */
	size_t room;
	size_t n;
};

/* A cell; a tab or a line's end would break the table. */
static void add_cell(struct listing *l, size_t *n, const char *text, bool upper)
{
	size_t length = strlen(text), start = *n;
	bool cut = !upper && length > CELL_MAX;

	if (cut)
		for (length = CELL_MAX - 3; ((unsigned char)text[length] & 0xc0) == 0x80;)
			length--;
	if (*n + length + 8 > l->room) {
		l->room = (*n + length + 8) * 2;
		l->line = realloc(l->line, l->room);
		if (!l->line)
			abort();
	}
	if (*n)
		l->line[(*n)++] = '\t';
	start = *n;
	memcpy(l->line + start, text, length);
	for (size_t i = start; i < start + length; i++) {
		if ((unsigned char)l->line[i] < 0x20)
			l->line[i] = '.';
		if (upper)
			l->line[i] = (char)toupper((unsigned char)l->line[i]);
	}
	*n = start + length;
	if (cut) {
		memcpy(l->line + *n, "...", 3);
		*n += 3;
	}
	l->line[*n] = '\0';
}

static void heading(struct listing *l)
{
	const struct admin_column *c = l->w->kind->columns;
	size_t n = 0;

	for (size_t i = 0; c[i].name; i++)
		if (l->shown[i])
			add_cell(l, &n, c[i].name, true);
	sim_table_row(l->table, "%s", l->line);
}

static int one(void *arg, const struct admin_kind *kind, const char *const *values)
{
	struct listing *l = arg;
	size_t n = 0;

	l->n++;
	if (l->array)
		return json_array_append_new(l->array, work_json(kind, values));
	for (size_t i = 0; kind->columns[i].name; i++)
		if (l->shown[i])
			add_cell(l, &n, values[i] && *values[i] ? values[i] : "-", false);
	sim_table_row(l->table, "%s", l->line);
	return 0;
}

/* Those of --columns, or the brief ones. A table has room for twelve. */
static int choose(struct listing *l, struct db_error *e)
{
	const struct admin_kind *kind = l->w->kind;
	const char *list = l->w->columns;
	size_t n = 0;

	for (size_t i = 0; kind->columns[i].name && !list; i++)
		l->shown[i] = kind->columns[i].how & ADMIN_BRIEF;
	for (; list && *list; n++) {
		size_t length = strcspn(list, ",");
		int column = admin_column(kind, list, length);

		if (column < 0 || n == 12)
			return db_error_set(e, DB_EINPUT,
					    "There is no column '%.*s' (twelve at most); 'rehome "
					    "admin add %s --help' shows which a %s has.",
					    (int)length, list, kind->name, kind->title);
		l->shown[column] = true;
		list += length + (list[length] == ',');
	}
	return 0;
}

int work_list(struct work *w, struct db_error *e)
{
	struct listing l = { .w = w };
	const char *glob = w->words_n ? w->words[0] : NULL;
	int rc = choose(&l, e);

	if (rc)
		return rc;
	if (w->json)
		l.array = json_array();
	else
		l.table = sim_table_new();
	if (l.table)
		heading(&l);
	rc = admin_list_objects(&w->admin, w->kind, glob, one, &l, e);
	if (l.table)
		sim_table_print(&l.table, rc ? stderr : w->out);
	else if (rc)
		json_decref(l.array);
	else
		work_print_json(w->out, l.array);
	free(l.line);
	return rc;
}

/* ---- show ---------------------------------------------------------------------------- */

static int show(void *arg, const struct admin_kind *kind, const char *const *values)
{
	struct work *w = arg;
	struct sim_table *t;

	if (w->json) {
		work_print_json(w->out, work_json(kind, values));
		return 0;
	}
	t = sim_table_new();
	for (size_t i = 0; kind->columns[i].name; i++)
		if (kind->columns[i].type != ADMIN_SECRET)
			sim_table_row(t, "%s\t%s", kind->columns[i].name,
				      values[i] && *values[i] ? values[i] : "-");
	sim_table_print(&t, w->out);
	return 0;
}

int work_show(struct work *w, struct db_error *e)
{
	int rc = work_key(w, false, e);

	return rc ? rc : admin_read(&w->admin, &w->object, show, w, e);
}

static void print_warnings(struct work *w)
{
	for (size_t i = 0; i < w->admin.warnings_n; i++)
		fprintf(stderr, "warning: %s\n", w->admin.warnings[i]);
}

static json_t *warnings_json(const struct work *w)
{
	json_t *warnings = json_array();

	for (size_t i = 0; i < w->admin.warnings_n; i++)
		json_array_append_new(warnings, text_json(w->admin.warnings[i]));
	return warnings;
}

void work_done(struct work *w)
{
	char key[300];

	admin_key_text(&w->object, key, sizeof(key));
	if (!w->json) {
		print_warnings(w);
		fprintf(w->out, "%s %s: %s\n", w->kind->title, key, w->operation->done);
		return;
	}
	work_print_json(w->out,
			json_pack("{s:s, s:s, s:s, s:o}", "kind", w->kind->name, "key", key, "done",
				  w->operation->done, "warnings", warnings_json(w)));
}

void work_imported(struct work *w)
{
	if (!w->json) {
		print_warnings(w);
		fprintf(w->out, "%s: %zu added, %zu changed\n", w->kind->plural, w->added,
			w->changed);
		return;
	}
	work_print_json(w->out, json_pack("{s:s, s:I, s:I, s:o}", "kind", w->kind->name, "added",
					  (json_int_t)w->added, "changed", (json_int_t)w->changed,
					  "warnings", warnings_json(w)));
}
