/* rehome clauses: what asserts each clause, and the last verdicts.
 *
 * Scenarios are asked by checking them without running; tests and runs left verdict files: lines of
 * JSON, either
 * {"test","case","clauses","verdict"} or {"scenario","clause","host","verdict"}. */
#include <dirent.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "sim/harness/clauses.h"
#include "sim/harness/command.h"
#include "sim/harness/places.h"
#include "sim/script/script.h"

enum { VERDICT_NONE, VERDICT_PASSED, VERDICT_UNKNOWN, VERDICT_FAILED };

struct row {
	const struct sim_clause *clause;
	json_t *scenarios; /* lists of names, each once */
	json_t *tests;
	int real, virtual_; /* the worst of the last verdicts */
};

struct map {
	struct row *rows;
	size_t n;
};

static const char *const names[] = { NULL, "passed", "unknown", "failed" };

static struct row *row_of(struct map *m, const char *id)
{
	for (size_t i = 0; i < m->n; i++)
		if (!strncmp(m->rows[i].clause->id, id, 6))
			return &m->rows[i];
	return NULL;
}

static void add_once(json_t *list, const char *name)
{
	size_t i;
	json_t *v;

	json_array_foreach(list, i, v) if (!strcmp(json_string_value(v), name)) return;
	json_array_append_new(list, json_string(name));
}

static void worse(int *verdict, const char *text)
{
	for (int v = VERDICT_PASSED; text && v <= VERDICT_FAILED; v++)
		if (!strcmp(names[v], text) && v > *verdict)
			*verdict = v;
}

/* ---- scenarios ------------------------------------------------------------------------------ */

static int ask_scenario(struct map *m, const char *path, struct sim_error *err)
{
	struct sim_run *run = calloc(1, sizeof(*run));
	int result;

	if (!run)
		abort();
	result = sim_scenario_check(run, path, err);
	for (size_t i = 0; i < run->judged_n; i++) {
		const char *id = run->judged[i].clause;

		for (; *id; id += strcspn(id, " "), id += strspn(id, " ")) {
			struct row *row = row_of(m, id);

			if (row)
				add_once(row->scenarios, run->title);
		}
	}
	sim_run_free(run);
	free(run);
	return result;
}

static int ask_scenarios(struct map *m, struct sim_error *err)
{
	char folder[PATH_MAX];
	const char *paths[1] = { folder };
	char **found = NULL;
	size_t n = 0;
	int result = 0;

	if (!sim_place(folder, sizeof(folder), "sim/scenarios", "scenarios"))
		return 0;
	/* An empty folder is no error here. */
	if (sim_scenarios_find(paths, 1, &found, &n, err) < 0)
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (result == 0)
			result = ask_scenario(m, found[i], err);
		free(found[i]);
	}
	free(found);
	return result;
}

/* ---- verdict files -------------------------------------------------------------------------- */

/* Tests of programs and of the command run on the real host. */
static bool on_real(const char *test)
{
	return !strncmp(test, "e2e/", 4) || !strncmp(test, "proc/", 5);
}

static void take_test(struct map *m, const json_t *o)
{
	const char *test = json_string_value(json_object_get(o, "test"));
	const char *name = json_string_value(json_object_get(o, "case"));
	const char *verdict = json_string_value(json_object_get(o, "verdict"));
	size_t i;
	json_t *id;

	json_array_foreach(json_object_get(o, "clauses"), i, id)
	{
		struct row *row = json_is_string(id) ? row_of(m, json_string_value(id)) : NULL;
		char full[300];

		if (!row || !test || !name)
			continue;
		snprintf(full, sizeof(full), "%s: %s", test, name);
		add_once(row->tests, full);
		worse(on_real(test) ? &row->real : &row->virtual_, verdict);
	}
}

static void take_scenario(struct map *m, const json_t *o)
{
	const char *id = json_string_value(json_object_get(o, "clause"));
	const char *host = json_string_value(json_object_get(o, "host"));
	const char *verdict = json_string_value(json_object_get(o, "verdict"));

	for (; id && host && *id; id += strcspn(id, " "), id += strspn(id, " ")) {
		struct row *row = row_of(m, id);

		if (row)
			worse(!strcmp(host, "real") ? &row->real : &row->virtual_, verdict);
	}
}

static void read_verdicts(struct map *m, const char *path)
{
	FILE *f = fopen(path, "re");
	char line[4096];

	while (f && fgets(line, sizeof(line), f)) {
		json_t *o = json_loads(line, 0, NULL);

		if (json_object_get(o, "test"))
			take_test(m, o);
		else if (json_object_get(o, "scenario"))
			take_scenario(m, o);
		json_decref(o);
	}
	if (f)
		fclose(f);
}

static void read_folder(struct map *m, const char *folder)
{
	struct dirent **list = NULL;
	int n = scandir(folder, &list, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		size_t len = strlen(list[i]->d_name);
		char path[PATH_MAX + 300];

		snprintf(path, sizeof(path), "%s/%s", folder, list[i]->d_name);
		if (len > 6 && !strcmp(list[i]->d_name + len - 6, ".jsonl"))
			read_verdicts(m, path);
		free(list[i]);
	}
	free(list);
}

static void read_all_verdicts(struct map *m)
{
	const char *set = getenv("REHOME_VERDICTS");
	char programs[PATH_MAX], path[PATH_MAX + 16];

	if (set && *set)
		read_folder(m, set);
	sim_place_programs(programs, sizeof(programs));
	snprintf(path, sizeof(path), "%s/verdicts", programs);
	if (!set || strcmp(set, path) != 0)
		read_folder(m, path);
	read_folder(m, "rehome-report/verdicts");
}

/* ---- output --------------------------------------------------------------------------------- */

static json_t *verdict_json(int verdict)
{
	return verdict == VERDICT_NONE ? json_null() : json_string(names[verdict]);
}

static void print_json(const struct map *m)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->n; i++)
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:O, s:O, s:o, s:o}", "id",
					m->rows[i].clause->id, "text", m->rows[i].clause->text,
					"scenarios", m->rows[i].scenarios, "tests",
					m->rows[i].tests, "real", verdict_json(m->rows[i].real),
					"virtual", verdict_json(m->rows[i].virtual_)));
	json_dumpf(list, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(list);
}

static void print_list(const char *what, const json_t *list)
{
	size_t i;
	json_t *v;

	json_array_foreach((json_t *)(uintptr_t)list, i, v)
		printf("        %s %s\n", what, json_string_value(v));
}

static void print_text(const struct map *m)
{
	size_t covered = 0;

	for (size_t i = 0; i < m->n; i++) {
		const struct row *r = &m->rows[i];
		bool asserted = json_array_size(r->scenarios) || json_array_size(r->tests);

		covered += asserted;
		printf("%s  real %-7s  virtual %-7s  %.70s%s\n", r->clause->id,
		       names[r->real] ? names[r->real] : "-",
		       names[r->virtual_] ? names[r->virtual_] : "-", r->clause->text,
		       strlen(r->clause->text) > 70 ? "..." : "");
		print_list("scenario", r->scenarios);
		print_list("test", r->tests);
	}
	printf("%zu clauses, %zu asserted by a scenario or a test\n", m->n, covered);
}

int sim_cmd_clauses(struct sim_command *command, struct sim_error *err)
{
	struct map m = { 0 };
	const struct sim_clause *clauses = sim_clauses(&m.n);
	int result;

	if (!m.n)
		return sim_fail(err, SIM_USAGE,
				"docs/clauses.md is neither here or above nor beside the programs");
	m.rows = calloc(m.n, sizeof(*m.rows));
	if (!m.rows)
		abort();
	for (size_t i = 0; i < m.n; i++)
		m.rows[i] = (struct row){ .clause = &clauses[i],
					  .scenarios = json_array(),
					  .tests = json_array() };
	result = ask_scenarios(&m, err);
	if (result == 0) {
		read_all_verdicts(&m);
		if (sim_command_value(command, "json"))
			print_json(&m);
		else
			print_text(&m);
	}
	for (size_t i = 0; i < m.n; i++) {
		json_decref(m.rows[i].scenarios);
		json_decref(m.rows[i].tests);
	}
	free(m.rows);
	return result;
}
