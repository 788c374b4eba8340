/* Verbs that look into the files of a running cluster: sql, alarms, trace. */
#include "sim/harness/command.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/db/db.h"
#include "common/sql/sql.h"
#include "sdl/view/trace.h"
#include "sim/harness/control.h"
#include "sim/harness/run_dir.h"
#include "sim/harness/process_types.h"

static int find(const struct sim_command *c, char dir[SIM_RUN_DIR_SIZE], struct sim_error *err)
{
	return sim_run_dir_find(dir, c->cluster ? c->cluster : SIM_CLUSTER_DEFAULT, err);
}

int sim_cmd_sql(struct sim_command *command, struct sim_error *err)
{
	char dir[SIM_RUN_DIR_SIZE], path[SIM_RUN_DIR_SIZE + 16];
	struct db_error e = { 0 };
	struct db *db;
	int64_t before;
	bool changed;
	int result;

	if (find(command, dir, err) < 0)
		return -1;
	snprintf(path, sizeof(path), "%s/cluster.db", dir);
	if (db_open(&db, path, DB_READ_WRITE, &e) < 0)
		return sim_fail(err, SIM_USAGE, "%s: %s", path, e.text);
	before = db_last_change(db);
	result = sql_run(db, sim_command_value(command, "statement"), stdout, &e);
	changed = db_last_change(db) != before;
	db_close(&db);
	if (result == 0 && changed) {
		const char *none[SIM_ARGS_MAX] = { 0 };

		return sim_control_ask(dir, sim_verb(SIM_ON_CLUSTER, "poke"), "", none, stdout,
				       err);
	}
	if (result < 0)
		return sim_fail(err,
				e.code == DB_ESQL || e.code == DB_EINPUT ? SIM_USAGE : SIM_FAILED,
				"%s", e.text);
	return 0;
}

int sim_cmd_alarms(struct sim_command *command, struct sim_error *err)
{
	char dir[SIM_RUN_DIR_SIZE], path[SIM_RUN_DIR_SIZE + 16], bytes[65536];
	size_t n;
	FILE *f;

	if (find(command, dir, err) < 0)
		return -1;
	snprintf(path, sizeof(path), "%s/alarms.log", dir);
	f = fopen(path, "re");
	if (!f && errno == ENOENT)
		return 0; /* none yet */
	if (!f)
		return sim_fail(err, SIM_UNKNOWN, "%s: %s", path, strerror(errno));
	while ((n = fread(bytes, 1, sizeof(bytes), f)) > 0)
		fwrite(bytes, 1, n, stdout);
	fclose(f);
	return 0;
}

/* ---- trace --------------------------------------------------------------------------- */

struct records {
	char **names;
	size_t n;
};

static int by_name(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

static void list(const char *dir, struct records *r)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		size_t n = strlen(e->d_name);

		if (n < 5 || strcmp(e->d_name + n - 4, ".rec") != 0)
			continue;
		r->names = realloc(r->names, (r->n + 1) * sizeof(*r->names));
		if (!r->names)
			abort();
		r->names[r->n++] = strdup(e->d_name);
	}
	if (d)
		closedir(d);
	if (r->n)
		qsort(r->names, r->n, sizeof(*r->names), by_name);
}

/* What verbs call a program, and its record. */
static const struct {
	const char *ending;
	const char *app;
} apps[] = { { ":callmanager", "-100." }, { ":ctimanager", "-200." } };

/* The program of ccm1-100.1.rec, or "" for the harness's own. */
static void program_of(const char *record, char *program, size_t size)
{
	for (size_t i = 0; i < 2; i++) {
		const char *at = strstr(record, apps[i].app);

		if (at) {
			snprintf(program, size, "%.*s%s", (int)(at - record), record,
				 apps[i].ending);
			return;
		}
	}
	snprintf(program, size, "%s", "");
	if (!strncmp(record, "phones-300.", 11))
		snprintf(program, size, "phones");
	else if (strstr(record, "-400."))
		snprintf(program, size, "app:%.*s", (int)(strstr(record, "-400.") - record),
			 record);
}

static void print_record(const char *record)
{
	char program[80];

	program_of(record, program, sizeof(program));
	printf("%-17s  %s\n", program, record);
}

/* A program as verbs name it, or the beginning of a record's name. */
static void prefix_of(const char *program, char *prefix, size_t size)
{
	snprintf(prefix, size, "%s", program);
	for (size_t i = 0; i < 2; i++) {
		char *at = strstr(prefix, apps[i].ending);

		if (at)
			snprintf(at, size - (size_t)(at - prefix), "%s", apps[i].app);
	}
	if (!strncmp(prefix, "app:", 4))
		snprintf(prefix, size, "%s-400.", program + 4);
	if (!strcmp(prefix, "phones"))
		snprintf(prefix, size, "phones-300.");
}

static int show(const char *dir, const char *name, struct sim_error *err)
{
	char path[SIM_RUN_DIR_SIZE + 300];
	struct sdl_trace_options o = { .type = sim_type_of, .day_ns = sim_record_day_ns() };
	struct sdl_record *record;
	struct sdl_trace *trace;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	record = sdl_record_attach(path);
	if (!record)
		return sim_fail(err, SIM_UNKNOWN, "%s: %s", path,
				errno == EINVAL ? "is not a record" : strerror(errno));
	trace = sdl_trace_new(&o);
	sdl_trace_print(trace, record, stdout);
	sdl_trace_destroy(&trace);
	sdl_record_destroy(&record);
	return 0;
}

int sim_cmd_trace(struct sim_command *command, struct sim_error *err)
{
	const char *program = sim_command_value(command, "program");
	char dir[SIM_RUN_DIR_SIZE], prefix[80];
	struct records r = { 0 };
	int result = 0;
	size_t shown = 0;

	if (find(command, dir, err) < 0)
		return -1;
	list(dir, &r);
	prefix_of(program ? program : "", prefix, sizeof(prefix));
	if (!program)
		printf("%-17s  %s\n", "PROGRAM", "RECORD");
	for (size_t i = 0; i < r.n && result == 0; i++) {
		if (!program)
			print_record(r.names[i]);
		else if (!strncmp(r.names[i], prefix, strlen(prefix)))
			result = show(dir, r.names[i], err);
		else
			continue;
		shown++;
	}
	for (size_t i = 0; i < r.n; i++)
		free(r.names[i]);
	free(r.names);
	if (result == 0 && program && !shown)
		return sim_fail(err, SIM_USAGE,
				"there is no record of '%s'; 'rehome trace' lists all", program);
	return result;
}
