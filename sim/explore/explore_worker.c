/* What a worker does with a seed. */
#include "sim/explore/explore_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "sim/explore/shrink.h"

int64_t explore_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int make_bundle(const struct explore *x, uint64_t seed, enum watch_rule rule, char *path,
		       size_t size)
{
	if (mkdir(x->bundles, 0777) < 0 && errno != EEXIST)
		return -1;
	snprintf(path, size, "%.900s/%llu-%s", x->bundles, (unsigned long long)seed,
		 watch_rule_def(rule)->name);
	return mkdir(path, 0777) < 0 && errno != EEXIST ? -1 : 0;
}

static void write_scenario(const struct plan *plan, const bool *skip,
			   const struct watch_breach *breach, const char *dir)
{
	char path[1100];
	FILE *f;

	snprintf(path, sizeof(path), "%.1000s/scenario.lua", dir);
	f = fopen(path, "we");
	if (!f)
		return;
	shrink_write(plan, skip, breach, f);
	fclose(f);
}

/* The scenario is there before it is shrunk, so that a breach is never without one. */
static void tell_breach(struct explore *x, const struct plan *plan, const struct trial *found)
{
	enum watch_rule rule = found->breach.rule;
	bool skip[PLAN_STEPS_MAX] = { false };
	char dir[1000];
	struct trial t = { .plan = plan, .skip = skip, .bundle = dir };
	size_t left;

	printf("\nseed %llu: %s: %s\n", (unsigned long long)plan->seed, watch_rule_clause(rule),
	       found->breach.text);
	fflush(stdout);
	if (make_bundle(x, plan->seed, rule, dir, sizeof(dir)) < 0) {
		fprintf(stderr, "rehome explore: %s: %s\n", x->bundles, strerror(errno));
		return;
	}
	write_scenario(plan, skip, &found->breach, dir);
	if (atomic_fetch_add(&x->shared->shrunk[rule], 1) >= EXPLORE_SHRUNK_MAX)
		return;
	left = shrink_plan(plan, rule, 0, skip);
	trial_run(&t);
	if (!t.breach.broken)
		return;
	write_scenario(plan, skip, &t.breach, dir);
	printf("seed %llu: %zu of %zu steps are left in %s/scenario.lua\n",
	       (unsigned long long)plan->seed, left, plan->steps_n, dir);
	fflush(stdout);
}

void explore_seed(struct explore *x, uint64_t seed)
{
	struct plan *plan = malloc(sizeof(*plan));
	struct trial trial = { .plan = plan, .coverage = &x->shared->coverage };
	struct sim_error err = { 0 };
	int64_t began = explore_now();

	if (!plan)
		abort();
	if (plan_draw(plan, seed, &err) < 0) {
		trial.breach = (struct watch_breach){ .broken = true, .rule = WATCH_UP };
		snprintf(trial.breach.text, sizeof(trial.breach.text), "%.390s", err.text);
	} else {
		trial_run(&trial);
	}
	explore_write(x, seed, &trial, (double)(explore_now() - began) / 1e6);
	atomic_fetch_add(&x->shared->signals, trial.signals);
	atomic_fetch_add(&x->shared->done, 1);
	if (trial.breach.broken) {
		atomic_fetch_add(&x->shared->broken, 1);
		tell_breach(x, plan, &trial);
	}
	plan_free(plan);
	free(plan);
}

void explore_worker(struct explore *x, unsigned job)
{
	struct explore_shared *s = x->shared;

	while (!atomic_load(&s->stop)) {
		uint64_t i = atomic_fetch_add(&s->next, 1);
		uint64_t seed = x->first + i;

		if (i > x->last - x->first)
			break;
		if (i % x->shards != x->shard - 1 || explore_known(x, seed))
			continue;
		atomic_store(&s->job[job].seed, seed);
		atomic_store(&s->job[job].since_ns, explore_now());
		explore_seed(x, seed);
		atomic_store(&s->job[job].since_ns, 0);
	}
	_exit(0);
}
