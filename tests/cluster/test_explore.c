/* Exploration: a seed means the same life each time; a known mistake is found, and shrinks to a
 * scenario that fails in the same way. */
#include "sim/explore/shrink.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/mutant.h"
#include "sim/script/script.h"

#define SEEDS 40

static struct plan plan, again;
static struct watch_coverage coverage;
static bool skip[PLAN_STEPS_MAX];

static void draw(struct plan *p, uint64_t seed)
{
	struct sim_error err = { 0 };

	ck_assert_msg(plan_draw(p, seed, &err) == 0, "seed %llu: %s", (unsigned long long)seed,
		      err.text);
}

START_TEST(a_seed_is_the_same_life_each_time_looked_at_or_not)
{
	for (uint64_t seed = 1; seed <= 8; seed++) {
		struct trial first = { .plan = &plan };
		struct trial second = { .plan = &again, .coverage = &coverage };

		draw(&plan, seed);
		draw(&again, seed);
		ck_assert_str_eq(plan.source, again.source);
		ck_assert_uint_eq(plan.steps_n, again.steps_n);
		trial_run(&first);
		trial_run(&second);
		ck_assert_uint_eq(first.hash, second.hash);
		ck_assert_uint_eq(first.signals, second.signals);
		plan_free(&plan);
		plan_free(&again);
	}
}
END_TEST

START_TEST(no_seed_of_the_first_breaks_a_rule)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct trial t = { .plan = &plan };

		draw(&plan, seed);
		trial_run(&t);
		ck_assert_msg(!t.breach.broken, "seed %llu: %s: %s", (unsigned long long)seed,
			      watch_rule_clause(t.breach.rule), t.breach.text);
		plan_free(&plan);
	}
}
END_TEST

static bool fails(uint64_t seed, uint64_t mutants, struct watch_breach *breach)
{
	struct trial t = { .plan = &plan, .mutants = mutants };

	draw(&plan, seed);
	trial_run(&t);
	*breach = t.breach;
	if (!t.breach.broken)
		plan_free(&plan);
	return t.breach.broken;
}

/* Its verdict on the virtual host. */
static enum sim_exit run_scenario(const struct watch_breach *breach, uint64_t mutants)
{
	const struct sim_run_options o = {
		.seed = 1, .speed = 1, .mutants = mutants, .quiet = true
	};
	char path[] = "/tmp/explore-XXXXXX";
	int fd = mkstemp(path);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	struct sim_run *run = calloc(1, sizeof(*run));
	enum sim_exit verdict;

	ck_assert(f && run);
	shrink_write(&plan, skip, breach, f);
	fclose(f);
	sim_scenario_run(run, path, &o);
	verdict = run->verdict;
	sim_run_free(run);
	free(run);
	unlink(path);
	return verdict;
}

START_TEST(a_known_mistake_is_found_and_shrinks_to_a_scenario_that_fails)
{
	const uint64_t mutants = mutant_bit(MUTANT_NO_OOS_BEFORE_IS);
	struct watch_breach breach = { 0 };
	uint64_t seed = 1;
	size_t left;

	while (seed <= SEEDS && !fails(seed, mutants, &breach))
		seed++;
	ck_assert_uint_le(seed, SEEDS);
	ck_assert_str_eq(watch_rule_clause(breach.rule), "CMF-06");
	left = shrink_plan(&plan, breach.rule, mutants, skip);
	ck_assert_uint_lt(left, plan.steps_n);
	ck_assert_int_eq(run_scenario(&breach, mutants), SIM_FAILED);
	ck_assert_int_eq(run_scenario(&breach, 0), SIM_PASSED);
	plan_free(&plan);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(a_seed_is_the_same_life_each_time_looked_at_or_not),
		SUITE_CASE(no_seed_of_the_first_breaks_a_rule),
		SUITE_CASE(a_known_mistake_is_found_and_shrinks_to_a_scenario_that_fails),
	};

	return suite_main(argc, argv, "cluster/test_explore", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
