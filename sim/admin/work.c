/* One use of `rehome admin`, from its words to its exit status. */
#include "sim/admin/work.h"

#include <stdlib.h>
#include <string.h>

#include "sim/admin/admin.h"
#include "sim/admin/checklist.h"
#include "sim/admin/depend.h"
#include "sim/admin/node.h"
#include "sim/admin/transfer.h"
#include "sim/harness/control.h"
#include "sim/harness/run_dir.h"

const struct work_operation work_operations[] = {
	{ .name = "add",
	  .done = "added",
	  .can = ADMIN_CAN_ADD,
	  .writes = true,
	  .sets = true,
	  .usage = "KIND KEY... [--COLUMN VALUE]...",
	  .help = "Adds an object.",
	  .run = work_add },
	{ .name = "show",
	  .can = ADMIN_CAN_LIST,
	  .usage = "KIND KEY...",
	  .help = "Shows an object with all its columns.",
	  .run = work_show },
	{ .name = "list",
	  .can = ADMIN_CAN_LIST,
	  .usage = "KIND [PATTERN] [--columns A,B,...]",
	  .help = "Lists the objects of a kind; PATTERN is as for files: 'SEP*'.",
	  .run = work_list },
	{ .name = "change",
	  .done = "changed",
	  .can = ADMIN_CAN_CHANGE,
	  .writes = true,
	  .sets = true,
	  .usage = "KIND KEY... --COLUMN VALUE...",
	  .help = "Changes an object; an empty VALUE takes one away.",
	  .run = work_change },
	{ .name = "remove",
	  .done = "removed",
	  .can = ADMIN_CAN_REMOVE,
	  .writes = true,
	  .usage = "KIND KEY...",
	  .help = "Removes an object that nothing uses.",
	  .run = work_remove },
	{ .name = "import",
	  .done = "imported",
	  .can = ADMIN_CAN_ADD,
	  .writes = true,
	  .usage = "KIND [FILE] [--update]",
	  .help = "Adds all rows of a CSV file, or none; --update: changes those that exist.",
	  .run = work_import },
	{ .name = "export",
	  .can = ADMIN_CAN_LIST,
	  .usage = "KIND [FILE]",
	  .help = "Writes all objects of a kind as CSV, as import takes it.",
	  .run = work_export },
	{ .name = "depends",
	  .can = ADMIN_CAN_LIST,
	  .usage = "KIND KEY... [--details]",
	  .help = "Shows its dependency records: how many objects use it, or which.",
	  .run = work_depends },
	{ .name = "checklist",
	  .usage = "USER [--ctimanagers A,B]",
	  .help = "What is complete and what is missing for an application of that user.",
	  .run = work_checklist },
	{ .name = "kinds",
	  .bare = true,
	  .usage = "",
	  .help = "Lists the kinds of objects.",
	  .run = work_kinds },
	{ .name = "create",
	  .bare = true,
	  .usage = "FILE [--topology NAME]",
	  .help = "Makes a database for a cluster that does not run.",
	  .run = work_create },
	{ .name = NULL },
};

/* Exit status of a code: what the user can mend is 2, what the machine has done 1. */
static int status_of(int code)
{
	switch (code) {
	case DB_ECONSTRAINT:
	case DB_EINUSE:
	case DB_ENOTFOUND:
	case DB_EINPUT:
	case DB_EEXISTS:
	case DB_EMISSING:
	case DB_ENOTDB:
	case DB_EVERSION:
		return SIM_USAGE;
	default:
		return SIM_FAILED;
	}
}

static int complain(struct work *w, const struct db_error *e)
{
	sim_fail(w->err, (enum sim_exit)status_of(e->code), "%s", e->text);
	return w->err->status;
}

/* ---- words --------------------------------------------------------------------------- */

static const struct {
	const char *name;
	size_t place; /* of its value in struct work */
} options[] = {
	{ "cluster", offsetof(struct work, cluster) },
	{ "database", offsetof(struct work, database) },
	{ "columns", offsetof(struct work, columns) },
	{ "topology", offsetof(struct work, topology) },
	{ "ctimanagers", offsetof(struct work, ctimanagers) },
};

static int set_column(struct work *w, const char *name, size_t n, const char *value,
		      struct db_error *e)
{
	int column = w->kind ? admin_column(w->kind, name, n) : -1;

	if (!w->kind || !w->operation->sets)
		return db_error_set(e, DB_EINPUT, "There is no option --%.*s here.", (int)n, name);
	if (column < 0)
		return db_error_set(e, DB_EINPUT,
				    "A %s has no %.*s; 'rehome admin %s %s --help' shows what it "
				    "has.",
				    w->kind->title, (int)n, name, w->operation->name,
				    w->kind->name);
	w->object.text[column] = value;
	return 0;
}

static bool take_flag(struct work *w, const char *name)
{
	bool *flag = !strcmp(name, "json")	? &w->json
		     : !strcmp(name, "details") ? &w->details
		     : !strcmp(name, "update")	? &w->update
						: NULL;

	if (flag)
		*flag = true;
	return flag;
}

/* "--name=value" or "--name value"; *i is its place among the words. */
static int take_option(struct work *w, const char *const *words, size_t n, size_t *i,
		       struct db_error *e)
{
	const char *name = words[*i] + 2;
	size_t length = strcspn(name, "=");
	const char *value = name[length] ? name + length + 1 : NULL;

	if (take_flag(w, name))
		return 0;
	if (!value && *i + 1 == n)
		return db_error_set(e, DB_EINPUT, "%.100s needs a value.", words[*i]);
	if (!value)
		value = words[++*i];
	for (size_t k = 0; k < sizeof(options) / sizeof(options[0]); k++)
		if (strlen(options[k].name) == length && !strncmp(options[k].name, name, length)) {
			*(const char **)((char *)w + options[k].place) = value;
			return 0;
		}
	return set_column(w, name, length, value, e);
}

static int take_word(struct work *w, const char *word, struct db_error *e)
{
	if (!w->operation) {
		for (size_t i = 0; work_operations[i].name; i++)
			if (!strcmp(work_operations[i].name, word))
				w->operation = &work_operations[i];
		return w->operation ? 0
				    : db_error_set(e, DB_EINPUT,
						   "admin does not know '%.60s'; 'rehome admin "
						   "--help' shows what it does.",
						   word);
	}
	if (w->operation->can && !w->kind) {
		w->kind = w->object.kind = admin_kind(word);
		if (!w->kind)
			return db_error_set(e, DB_EINPUT,
					    "There is no kind '%.60s'; 'rehome admin kinds' lists "
					    "them.",
					    word);
		if (!(w->kind->can & w->operation->can))
			return db_error_set(e, DB_EINPUT, "%s does not work for a %s.",
					    w->operation->name, w->kind->title);
		return 0;
	}
	if (w->words_n == WORK_WORDS_MAX)
		return db_error_set(e, DB_EINPUT, "'%.60s' is one word too many.", word);
	w->words[w->words_n++] = word;
	return 0;
}

/* Options of the whole may stand before the operation. */
static int take_words(struct work *w, const char *const *words, size_t n, struct db_error *e)
{
	bool words_only = false;
	int rc = 0;

	for (size_t i = 0; i < n && !rc; i++)
		if (!words_only && !strcmp(words[i], "--"))
			words_only = true;
		else if (!words_only && !strncmp(words[i], "--", 2))
			rc = take_option(w, words, n, &i, e);
		else
			rc = take_word(w, words[i], e);
	if (!rc && !w->operation)
		return db_error_set(e, DB_EINPUT,
				    "What is admin to do? 'rehome admin --help' shows what it "
				    "does.");
	if (!rc && w->operation->can && !w->kind)
		return db_error_set(e, DB_EINPUT,
				    "%s what? 'rehome admin kinds' lists the kinds of objects.",
				    w->operation->name);
	return rc;
}

int work_key(struct work *w, bool adding, struct db_error *e)
{
	return admin_key(&w->object, w->words, w->words_n, adding, e);
}

/* ---- the database -------------------------------------------------------------------- */

static int open_database(struct work *w, struct db_error *e)
{
	const char *cluster = w->cluster ? w->cluster : SIM_CLUSTER_DEFAULT;
	int rc;

	if (w->database) {
		snprintf(w->path, sizeof(w->path), "%s", w->database);
	} else {
		struct sim_error err = { 0 };

		if (sim_run_dir_find(w->dir, cluster, &err) < 0)
			return db_error_set(e, DB_EMISSING,
					    "%.400s; --database FILE works on one that is stopped.",
					    err.text);
		snprintf(w->path, sizeof(w->path), "%s/cluster.db", w->dir);
	}
	rc = db_open(&w->db, w->path, w->operation->writes ? DB_READ_WRITE : DB_READ_ONLY, e);
	if (rc)
		return rc;
	admin_open(&w->admin, w->db);
	return admin_parameter_table(w->db, e);
}

static void close_database(struct work *w)
{
	admin_close(&w->admin);
	db_close(&w->db);
}

/* What runs is told; one that cannot be told looks by itself within a second. */
static int tell(struct work *w)
{
	const char *none[SIM_ARGS_MAX] = { 0 };

	return sim_control_ask(w->dir, sim_verb(SIM_ON_CLUSTER, "poke"), "", none, w->out, w->err);
}

static int do_writing(struct work *w, struct db_error *e)
{
	int rc = db_begin(w->db, e);

	if (rc)
		return rc;
	rc = w->operation->run(w, e);
	if (!rc)
		rc = db_commit(w->db, e);
	else
		db_rollback(w->db);
	return rc;
}

int work_run(struct work *w, const char *const *words, size_t n)
{
	struct db_error e = { 0 };
	int64_t before;
	int status = 0;

	if (take_words(w, words, n, &e))
		return complain(w, &e);
	if (w->operation->bare)
		return w->operation->run(w, &e) < 0 ? complain(w, &e) : 0;
	if (open_database(w, &e)) {
		close_database(w);
		return complain(w, &e);
	}
	before = db_last_change(w->db);
	if (!w->operation->writes) {
		status = w->operation->run(w, &e);
		if (status < 0)
			status = complain(w, &e);
	} else if (do_writing(w, &e)) {
		if (e.code == DB_EINUSE)
			work_in_use(w, &e);
		status = complain(w, &e);
	} else {
		if (*w->dir && db_last_change(w->db) != before)
			status = tell(w);
		(w->operation->run == work_import ? work_imported : work_done)(w);
	}
	close_database(w);
	return status;
}

int sim_admin_command(struct sim_command *command, struct sim_error *err)
{
	struct work *w = calloc(1, sizeof(*w));
	int status;

	if (!w)
		abort();
	w->cluster = command->cluster;
	w->out = stdout;
	w->err = err;
	status = work_run(w, command->rest, command->rest_n);
	free(w);
	return status;
}
