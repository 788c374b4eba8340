/* rehome replay: the bundle, the run, and what there is to say about it. */
#include "sim/replay/replay.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/harness/command.h"
#include "sim/replay/journal.h"
#include "sim/replay/step.h"
#include "sim/script/script.h"

struct replay {
	char scenario[PATH_MAX];
	char topology[PATH_MAX];
	char record[PATH_MAX];
	char name[512]; /* the scenario's path when it was run */
	char commit[64];
	char verdict[16];
	uint64_t hash;
	struct sim_run_options options;
	/* While it goes on. */
	struct journal journal;
	struct sim_run run;
};

/* ---- the bundle ---------------------------------------------------------------------- */

static const char *text_in(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text ? text : "";
}

static int read_run(struct replay *r, const char *dir, const json_t *o, struct sim_error *err)
{
	json_int_t speed = json_integer_value(json_object_get(o, "speed"));

	if (strcmp(text_in(o, "host"), "virtual") != 0)
		return sim_fail(err, SIM_USAGE,
				"%s: only runs of the virtual host repeat; this one was '%.20s'",
				dir, text_in(o, "host"));
	if (!*text_in(o, "trace_hash") || speed < 1 || speed > 1000)
		return sim_fail(err, SIM_USAGE, "%s/run.json tells no run", dir);
	snprintf(r->name, sizeof(r->name), "%s", text_in(o, "scenario"));
	snprintf(r->commit, sizeof(r->commit), "%s", text_in(o, "commit"));
	snprintf(r->verdict, sizeof(r->verdict), "%s", text_in(o, "verdict"));
	r->hash = strtoull(text_in(o, "trace_hash"), NULL, 16);
	r->options = (struct sim_run_options){
		.seed = strtoull(text_in(o, "seed"), NULL, 10),
		.mutants = strtoull(text_in(o, "mutants"), NULL, 10),
		.speed = (int)speed,
		.topology = r->topology,
		.quiet = true,
	};
	return 0;
}

static int read_bundle(struct replay *r, const char *dir, struct sim_error *err)
{
	char path[PATH_MAX];
	json_error_t why;
	json_t *o;
	int result;

	snprintf(path, sizeof(path), "%s/run.json", dir);
	snprintf(r->scenario, sizeof(r->scenario), "%s/scenario.lua", dir);
	snprintf(r->topology, sizeof(r->topology), "%s/topology.lua", dir);
	snprintf(r->record, sizeof(r->record), "%s/virtual.rec", dir);
	if (access(path, R_OK) < 0)
		return sim_fail(err, SIM_USAGE, "%s: there is no bundle: %s", dir, strerror(errno));
	o = json_load_file(path, 0, &why);
	if (!o)
		return sim_fail(err, SIM_USAGE, "%s:%d: %s", path, why.line, why.text);
	result = read_run(r, dir, o, err);
	json_decref(o);
	return result;
}

/* ---- running ------------------------------------------------------------------------- */

static void run_again(void *arg, const struct sim_watch *watch)
{
	struct replay *r = arg;
	struct sim_run_options o = r->options;

	o.watch = watch;
	sim_run_free(&r->run);
	sim_scenario_run(&r->run, r->scenario, &o);
}

static void stepped(void *arg, struct sim_host *host)
{
	struct journal *j = arg;
	size_t n;

	journal_take(j, sim_host_programs(host, &n)[0].record);
}

static const char *verdict_name(enum sim_exit verdict)
{
	return verdict == SIM_PASSED ? "passed" : verdict == SIM_FAILED ? "failed" : "unknown";
}

static void tell_commit(const struct replay *r)
{
	char here[64];

	sim_bundle_commit(here);
	if (*r->commit && *here && strcmp(here, r->commit) != 0)
		printf("recorded at commit %s, this is %s: a seed repeats its own commit only\n",
		       r->commit, here);
}

static void tell_difference(const struct journal *j)
{
	if (!j->differs) {
		puts(j->recorded ? "no signal differs that the bundle still has"
				 : "the bundle has no record to compare with");
		return;
	}
	if (j->begins_later)
		puts("the bundle has lost the first signals of its run; of those it has:");
	printf("first difference: signal %" PRIu64 "\n  recorded: %s\n  now:      %s\n", j->differs,
	       *j->was ? j->was : "the run was over", *j->is ? j->is : "the run is over");
}

/* Is it the same run? */
static bool tell(const struct replay *r)
{
	const struct sim_run *run = &r->run;
	bool same = run->trace_hash == r->hash && !strcmp(verdict_name(run->verdict), r->verdict);

	printf("replay: %s, seed %" PRIu64 ": %" PRIu64 " signals, %zu faults, %lld ms\n", r->name,
	       r->options.seed, r->journal.signals, r->journal.faults_n,
	       (long long)(run->took_ns / 1000000));
	if (run->verdict != SIM_PASSED)
		printf("%s\n", run->err.text);
	printf("verdict: %s%s%s\n", verdict_name(run->verdict),
	       strcmp(verdict_name(run->verdict), r->verdict) ? ", recorded was " : ", as recorded",
	       strcmp(verdict_name(run->verdict), r->verdict) ? r->verdict : "");
	if (run->trace_hash == r->hash) {
		printf("trace hash: %016" PRIx64 ", as recorded\n", r->hash);
		return same;
	}
	printf("trace hash: %016" PRIx64 ", recorded was %016" PRIx64 "\n", run->trace_hash,
	       r->hash);
	tell_difference(&r->journal);
	tell_commit(r);
	return same;
}

int sim_replay_command(struct sim_command *command, struct sim_error *err)
{
	struct replay *r = calloc(1, sizeof(*r));
	struct sim_watch watch;
	struct sdl_record *recorded;
	int status;

	if (!r)
		abort();
	if (read_bundle(r, sim_command_value(command, "bundle"), err) < 0) {
		free(r);
		return err->status;
	}
	recorded = sdl_record_attach(r->record);
	journal_begin(&r->journal, recorded);
	watch = (struct sim_watch){ stepped, &r->journal };
	run_again(r, &watch);
	journal_end(&r->journal);
	if (r->run.verdict == SIM_USAGE && !r->journal.signals) {
		*err = r->run.err;
		status = SIM_USAGE;
	} else {
		status = tell(r) ? SIM_PASSED : SIM_FAILED;
		err->text[0] = '\0';
		if (sim_command_value(command, "step"))
			step_prompt(&r->journal, run_again, r, stdin, stdout);
	}
	sim_run_free(&r->run);
	journal_free(&r->journal);
	sdl_record_destroy(&recorded);
	free(r);
	return status;
}
