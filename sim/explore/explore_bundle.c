/* What a breach leaves behind: a scenario that fails in the same way, and the bundle of its run. */
#include "sim/explore/explore_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/explore/shrink.h"
#include "sim/script/script.h"

static int write_scenario(const struct plan *plan, const struct watch_breach *breach,
			  const char *path)
{
	FILE *f = fopen(path, "we");

	if (!f)
		return -1;
	shrink_write(plan, breach, f);
	return fclose(f);
}

/* The breach as the plan has it now; who waits for what is told beside the bundle. */
static struct watch_breach breach_of(const struct plan *plan, uint64_t mutants, const char *bundle)
{
	struct trial t = { .plan = plan, .mutants = mutants, .bundle = bundle };

	trial_run(&t);
	return t.breach;
}

static bool run_scenario(const struct plan *plan, uint64_t mutants, const char *path,
			 const char *bundle, enum watch_rule rule)
{
	const struct sim_run_options o = { .seed = plan->seed,
					   .speed = plan->speed,
					   .mutants = mutants,
					   .bundle = bundle,
					   .record_size = TRIAL_RECORD_SIZE,
					   .quiet = true };
	struct sim_run *run = calloc(1, sizeof(*run));
	bool fails;

	if (!run)
		abort();
	sim_scenario_run(run, path, &o);
	/* What does not come up is told by the scenario in its own words. */
	fails = run->verdict == SIM_FAILED &&
		(rule == WATCH_UP || strstr(run->err.text, watch_rule_clause(rule)));
	if (!fails)
		printf("seed %llu: the scenario %s does not fail with %s: %s\n",
		       (unsigned long long)plan->seed, path, watch_rule_clause(rule),
		       *run->err.text ? run->err.text : "it passes");
	sim_run_free(run);
	free(run);
	return fails;
}

bool explore_leave(struct plan *plan, const struct watch_breach *found, uint64_t mutants,
		   bool shrink, const char *path)
{
	struct watch_breach breach = *found;
	char scenario[1100];
	bool fails;

	/* It is there before it is shrunk, so that a breach is never without one. */
	snprintf(scenario, sizeof(scenario), "%.1000s.lua", path);
	if (write_scenario(plan, &breach, scenario) < 0)
		return false;
	if (shrink)
		shrink_plan(plan, found->rule, mutants);
	else
		shrink_failed(plan, found->rule, mutants);
	breach = breach_of(plan, mutants, NULL);
	if (!breach.broken || write_scenario(plan, &breach, scenario) < 0)
		return false;
	fails = run_scenario(plan, mutants, scenario, path, breach.rule);
	breach_of(plan, mutants, path);
	return fails;
}

void explore_bundle(struct explore *x, struct plan *plan, const struct watch_breach *found)
{
	bool shrink = atomic_fetch_add(&x->shared->shrunk[found->rule], 1) < EXPLORE_SHRUNK_MAX;
	size_t steps_n = plan->steps_n;
	char path[1000];

	printf("\nseed %llu: %s: %s\n", (unsigned long long)plan->seed,
	       watch_rule_clause(found->rule), found->text);
	fflush(stdout);
	snprintf(path, sizeof(path), "%.900s/%llu-%s", x->bundles, (unsigned long long)plan->seed,
		 watch_rule_def(found->rule)->name);
	if (mkdir(x->bundles, 0777) < 0 && errno != EEXIST)
		fprintf(stderr, "rehome explore: %s: %s\n", x->bundles, strerror(errno));
	else if (explore_leave(plan, found, 0, shrink, path))
		printf("seed %llu: %zu of %zu steps are left in %s.lua\n",
		       (unsigned long long)plan->seed, plan->steps_n, steps_n, path);
	fflush(stdout);
}
