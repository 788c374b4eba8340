#include "sim/admin/transfer.h"

#include <errno.h>
#include <string.h>

#include <sqlite3.h>

#include "sim/admin/csv.h"

static int file_failed(struct db_error *e, const char *path)
{
	return db_error_set(e, DB_EINPUT, "%s: %s.", path, strerror(errno));
}

/* ---- import -------------------------------------------------------------------------- */

struct import {
	struct work *w;
	struct csv csv;
	int columns[CSV_CELLS_MAX]; /* of the kind; -1: passed over */
	size_t n;
	size_t row; /* data rows so far */
	size_t added, changed;
};

static int bad_row(const struct import *im, struct db_error *e, const char *why)
{
	struct db_error refused = *e;

	return db_error_set(e, refused.code ? refused.code : DB_EINPUT,
			    "Row %zu (line %zu): %s Nothing was imported.", im->row, im->csv.line,
			    why ? why : refused.text);
}

static int read_heading(struct import *im, struct db_error *e)
{
	const struct admin_kind *kind = im->w->kind;
	const char *why = NULL;
	int got = csv_read(&im->csv, &why);

	if (got <= 0)
		return db_error_set(e, DB_EINPUT, "The first row names the columns: %s.",
				    got ? why : "there is none");
	im->n = im->csv.n;
	for (size_t i = 0; i < im->n; i++) {
		const char *name = im->csv.cells[i];
		int column = admin_column(kind, name, strlen(name));

		if (column < 0)
			return db_error_set(
				e, DB_EINPUT,
				"Column %zu: a %s has no '%.100s'; 'rehome admin export "
				"%s' writes those that it has.",
				i + 1, kind->title, name, kind->name);
		for (size_t k = 0; k < i; k++)
			if (im->columns[k] == column)
				return db_error_set(e, DB_EINPUT,
						    "Column %zu: '%.100s' is there twice.", i + 1,
						    name);
		im->columns[i] = kind->columns[column].type == ADMIN_SHOWN ? -1 : column;
	}
	return 0;
}

/* By its keys alone: 0, DB_ENOTFOUND, or what is wrong with them. */
static int is_there(struct import *im, struct admin_object *key, struct db_error *e)
{
	int rc = admin_bind_object(&im->w->admin, key, e);

	/* What it refers to is not there, or no number: adding it says so. */
	return rc ? DB_ENOTFOUND : admin_find(&im->w->admin, key, e);
}

/* 1 when there is no such object; all but its keys is what is to be different. */
static int update(struct import *im, const struct admin_object *o, struct db_error *e)
{
	struct admin_object key = { .kind = o->kind };
	struct admin_object to = { .kind = o->kind };
	bool any = false;
	int rc;

	for (size_t i = 0; o->kind->columns[i].name; i++) {
		unsigned how = o->kind->columns[i].how;

		if (how & ADMIN_KEY)
			key.text[i] = o->text[i];
		else if (!(how & ADMIN_FIXED))
			to.text[i] = o->text[i];
		any = any || to.text[i];
	}
	rc = is_there(im, &key, e);
	if (rc)
		return rc == DB_ENOTFOUND ? 1 : rc;
	im->changed++;
	return any ? admin_change(&im->w->admin, &key, &to, e) : 0;
}

static int take_row(struct import *im, struct db_error *e)
{
	struct work *w = im->w;
	struct admin_object *o = &w->object;
	int rc;

	*o = (struct admin_object){ .kind = w->kind };
	for (size_t i = 0; i < im->n; i++)
		if (im->columns[i] >= 0 && *im->csv.cells[i])
			o->text[im->columns[i]] = im->csv.cells[i];
	rc = admin_key(o, NULL, 0, true, e);
	if (rc)
		return rc;
	rc = w->update ? update(im, o, e) : 1;
	if (rc != 1)
		return rc;
	im->added++;
	return admin_add(&w->admin, o, e);
}

static int take_rows(struct import *im, struct db_error *e)
{
	const char *why = NULL;
	int got, rc = read_heading(im, e);

	while (!rc && (got = csv_read(&im->csv, &why))) {
		char cells[100];

		im->row++;
		if (got < 0)
			return bad_row(im, e, why);
		if (im->csv.n != im->n) {
			snprintf(cells, sizeof(cells), "it has %zu cells, the first row has %zu.",
				 im->csv.n, im->n);
			return bad_row(im, e, cells);
		}
		*e = (struct db_error){ 0 };
		rc = take_row(im, e);
		if (rc)
			return bad_row(im, e, NULL);
	}
	return rc;
}

int work_import(struct work *w, struct db_error *e)
{
	const char *path = w->words_n ? w->words[0] : "-";
	struct import im = { .w = w };
	FILE *in;
	int rc;

	if (w->words_n > 1)
		return db_error_set(e, DB_EINPUT, "'%.60s' is one word too many.", w->words[1]);
	in = strcmp(path, "-") ? fopen(path, "re") : stdin;
	if (!in)
		return file_failed(e, path);
	/* Of this connection, which is about to touch much of the file. */
	sqlite3_exec(db_sqlite(w->db), "PRAGMA cache_size = -131072", NULL, NULL, NULL);
	csv_open(&im.csv, in);
	rc = take_rows(&im, e);
	if (!rc && ferror(in))
		rc = file_failed(e, path);
	csv_close(&im.csv);
	if (in != stdin)
		fclose(in);
	w->added = im.added;
	w->changed = im.changed;
	return rc;
}

/* ---- export -------------------------------------------------------------------------- */

struct export
{
	FILE *out;
};

static size_t cells_of(const struct admin_kind *kind, const char *const *values, const char **cells)
{
	size_t n = 0;

	for (size_t i = 0; kind->columns[i].name; i++)
		if (kind->columns[i].type != ADMIN_SHOWN && kind->columns[i].type != ADMIN_SECRET)
			cells[n++] = values ? values[i] : kind->columns[i].name;
	return n;
}

static int write_row(void *arg, const struct admin_kind *kind, const char *const *values)
{
	const struct export *ex = arg;
	const char *cells[ADMIN_COLUMNS_MAX];

	csv_write(ex->out, cells, cells_of(kind, values, cells));
	return ferror(ex->out) ? DB_EIO : 0;
}

int work_export(struct work *w, struct db_error *e)
{
	const char *path = w->words_n ? w->words[0] : "-";
	struct export ex = { .out = w->out };
	const char *cells[ADMIN_COLUMNS_MAX];
	int rc;

	if (w->words_n > 1)
		return db_error_set(e, DB_EINPUT, "'%.60s' is one word too many.", w->words[1]);
	if (strcmp(path, "-") != 0)
		ex.out = fopen(path, "we");
	if (!ex.out)
		return file_failed(e, path);
	csv_write(ex.out, cells, cells_of(w->kind, NULL, cells));
	rc = admin_list_objects(&w->admin, w->kind, NULL, write_row, &ex, e);
	if ((fflush(ex.out) || ferror(ex.out)) && (!rc || rc == DB_EIO)) {
		rc = file_failed(e, path);
		e->code = rc = DB_EIO;
	}
	if (ex.out != w->out)
		fclose(ex.out);
	return rc;
}
