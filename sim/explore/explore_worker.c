/* What a worker does with a seed. */
#include "sim/explore/explore_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int64_t explore_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
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
		if (plan->topology)
			explore_bundle(x, plan, &trial.breach);
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
