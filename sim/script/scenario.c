/* A scenario's life: read, checked, rehearsed, run. */
#include <errno.h>
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mutant.h"
#include "common/db/db.h"
#include "sim/script/engine.h"
#include "sim/script/live_trace.h"

#define SCENARIO_MAX (1u << 20)

static char *read_file(const char *path, size_t *n, struct sim_error *err)
{
	FILE *f = fopen(path, "re");
	char *text;

	if (!f) {
		sim_fail(err, SIM_USAGE, "%s: %s", path, strerror(errno));
		return NULL;
	}
	text = malloc(SCENARIO_MAX + 1);
	if (!text)
		abort();
	errno = 0;
	*n = fread(text, 1, SCENARIO_MAX + 1, f);
	if (ferror(f) || *n > SCENARIO_MAX) {
		sim_fail(err, SIM_USAGE, "%s: %s", path,
			 errno ? strerror(errno) : "it is larger than 1 MiB");
		free(text);
		text = NULL;
	}
	fclose(f);
	return text;
}

/* What a Lua error says that did not come from here. */
static void take_error(struct engine *e)
{
	const char *text = lua_isstring(e->L, -1) ? lua_tostring(e->L, -1) : "the scenario failed";

	if (e->fatal)
		return;
	/* Lua does not say where memory ran out, nor in which file bytecode was found. */
	if (strncmp(text, e->path, strlen(e->path)) != 0)
		sim_fail(&e->err, SIM_USAGE, "%s:1: %s", e->path, text);
	else
		sim_fail(&e->err, SIM_USAGE, "%s", text);
}

static int execute(struct engine *e)
{
	char chunk[600];
	size_t n;
	char *text = read_file(e->path, &n, &e->err);
	int result = 0;

	if (!text)
		return -1;
	snprintf(chunk, sizeof(chunk), "@%s", e->path);
	e->L = sandbox_state(e);
	sandbox_open(e);
	bindings_open(e);
	expect_open(e);
	narrate_open(e);
	if (luaL_loadbufferx(e->L, text, n, chunk, "t") != LUA_OK ||
	    lua_pcall(e->L, 0, 0, 0) != LUA_OK) {
		take_error(e);
		result = -1;
	}
	free(text);
	return result;
}

static void engine_begin(struct engine *e, struct sim_run *run, enum engine_mode mode)
{
	memset(e, 0, sizeof(*e));
	e->mode = mode;
	e->run = run;
	e->path = run->path;
	e->dir.lock = e->dir.number = -1;
	prng_key(&e->random, run->options.seed, "scenario", "math.random");
}

static void engine_end(struct engine *e)
{
	if (e->L)
		lua_close(e->L);
	sim_history_destroy(&e->history);
	if (e->live && e->host)
		live_trace_update(e->live, e->host);
	sim_host_destroy(&e->host);
	live_trace_destroy(&e->live);
	if (e->db)
		db_close(&e->db);
	if (e->dir.lock >= 0)
		sim_run_dir_remove(&e->dir);
	sim_topology_destroy(&e->topology);
}

static void forget_told(struct sim_told **list, size_t *n)
{
	for (size_t i = 0; i < *n; i++)
		free((*list)[i].text);
	free(*list);
	*list = NULL;
	*n = 0;
}

/* What one way of running found is not what the next one finds. */
static void forget(struct sim_run *run)
{
	free(run->judged);
	run->judged = NULL;
	run->judged_n = 0;
	forget_told(&run->said, &run->said_n);
	forget_told(&run->times, &run->times_n);
}

void sim_run_free(struct sim_run *run)
{
	forget(run);
}

static void name_run(struct sim_run *run, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dot;

	snprintf(run->path, sizeof(run->path), "%s", path);
	snprintf(run->title, sizeof(run->title), "%.60s", slash ? slash + 1 : path);
	dot = strrchr(run->title, '.');
	if (dot)
		*dot = '\0';
}

int sim_scenario_check(struct sim_run *run, const char *path, struct sim_error *err)
{
	struct engine *e = malloc(sizeof(*e));
	int result;

	if (!e)
		abort();
	name_run(run, path);
	engine_begin(e, run, ENGINE_CHECK);
	result = execute(e);
	if (result < 0)
		*err = e->err;
	engine_end(e);
	free(e);
	return result;
}

/* One run on the host that the options name. bundle: leaves one. */
static void run_once(struct sim_run *run, bool bundle)
{
	struct engine *e = malloc(sizeof(*e));
	int64_t start;

	if (!e)
		abort();
	forget(run);
	engine_begin(e, run, ENGINE_RUN);
	run->verdict = SIM_PASSED;
	start = 0;
	if (execute(e) < 0) {
		run->verdict = (enum sim_exit)e->err.status;
		run->err = e->err;
	}
	if (e->host) {
		run->trace_hash = sim_host_trace_hash(e->host);
		run->took_ns = sim_host_now(e->host) - start;
		if (bundle)
			bundle_write(e);
	}
	engine_end(e);
	free(e);
}

static void repeat_line(struct sim_run *run)
{
	const struct sim_run_options *o = &run->options;
	char speed[32] = "", mutants[80] = "";

	if (o->speed > 1)
		snprintf(speed, sizeof(speed), " --speed %d", o->speed);
	mutants_names(o->mutants, mutants, sizeof(mutants));
	snprintf(run->repeat, sizeof(run->repeat), "rehome run %s --host=%s --seed %llu%s%s%s",
		 run->path, o->real ? "real" : "virtual", (unsigned long long)o->seed, speed,
		 *mutants ? " --mutant " : "", mutants);
}

void sim_scenario_run(struct sim_run *run, const char *path, const struct sim_run_options *options)
{
	memset(run, 0, sizeof(*run));
	run->options = *options;
	name_run(run, path);
	repeat_line(run);
	if (sim_scenario_check(run, path, &run->err) < 0) {
		run->verdict = (enum sim_exit)run->err.status;
		return;
	}
	if (options->real) {
		/* The rehearsal takes milliseconds; only errors of usage stop the run. */
		run->options = (struct sim_run_options){ .seed = options->seed,
							 .speed = options->speed,
							 .quiet = true };
		run_once(run, false);
		run->options = *options;
		if (run->verdict == SIM_USAGE)
			return;
		memset(&run->err, 0, sizeof(run->err));
		run->trace_hash = 0;
	}
	run_once(run, true);
}
