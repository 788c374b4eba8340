/* Exploration: a seed means the same life each time; a known mistake is found, and shrinks to a
 * scenario that fails in the same way. */
#include "sim/explore/explore_private.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/mutant.h"
#include "sim/script/script.h"

#define SEEDS 40

static struct plan plan, again;
static struct watch_coverage coverage;

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
static enum sim_exit run_scenario(const char *path, uint64_t mutants, uint64_t *hash)
{
	const struct sim_run_options o = {
		.seed = 1, .speed = 1, .mutants = mutants, .quiet = true
	};
	struct sim_run *run = calloc(1, sizeof(*run));
	enum sim_exit verdict;

	ck_assert_ptr_nonnull(run);
	sim_scenario_run(run, path, &o);
	verdict = run->verdict;
	*hash = run->trace_hash;
	sim_run_free(run);
	free(run);
	return verdict;
}

#define MISTAKE mutant_bit(MUTANT_NO_OOS_BEFORE_IS)
static char place[] = "/tmp/explore-XXXXXX";
static char base[100], scenario[110], command[400];
static size_t steps_n;

/* A seed that finds the mistake has left its scenario and bundle. */
static void leave(void)
{
	struct watch_breach breach = { 0 };
	uint64_t seed = 1;

	ck_assert_ptr_nonnull(mkdtemp(place));
	snprintf(base, sizeof(base), "%s/breach", place);
	snprintf(scenario, sizeof(scenario), "%s.lua", base);
	while (seed <= SEEDS && !fails(seed, MISTAKE, &breach))
		seed++;
	ck_assert_uint_le(seed, SEEDS);
	ck_assert_str_eq(watch_rule_clause(breach.rule), "CMF-06");
	steps_n = plan.steps_n;
	ck_assert(explore_leave(&plan, &breach, MISTAKE, true, base));
}

static void clear(void)
{
	plan_free(&plan);
	snprintf(command, sizeof(command), "rm -rf '%s'", place);
	ck_assert_int_eq(system(command), 0);
	snprintf(place, sizeof(place), "/tmp/explore-XXXXXX");
}

START_TEST(a_known_mistake_is_found_and_shrinks_to_a_scenario_that_fails)
{
	uint64_t hash, second;

	ck_assert_uint_lt(plan.steps_n, steps_n);
	ck_assert_int_eq(run_scenario(scenario, MISTAKE, &hash), SIM_FAILED);
	ck_assert_int_eq(run_scenario(scenario, MISTAKE, &second), SIM_FAILED);
	ck_assert_uint_eq(hash, second);
	ck_assert_int_eq(run_scenario(scenario, 0, &hash), SIM_PASSED);
}
END_TEST

START_TEST(the_waits_of_a_shrunk_scenario_are_short_and_round)
{
	int64_t sum = 0;

	for (size_t i = 0; i < plan.steps_n; i++) {
		sum += plan.steps[i].after_ns;
		ck_assert_int_eq(plan.steps[i].after_ns % 1000000, 0);
	}
	ck_assert_int_le(sum, 30000000000LL);
}
END_TEST

START_TEST(the_bundle_of_a_breach_is_repeated_with_the_same_trace)
{
	const char *build = getenv("REHOME_BUILD");

	snprintf(command, sizeof(command), "%s/rehome replay %s >/dev/null",
		 build ? build : "build", base);
	ck_assert_int_eq(system(command), 0);
	snprintf(command, sizeof(command), "%s/pending.txt", base);
	ck_assert_int_eq(access(command, R_OK), 0);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(a_seed_is_the_same_life_each_time_looked_at_or_not),
		SUITE_CASE(no_seed_of_the_first_breaks_a_rule),
		SUITE_CASE_WITH(a_known_mistake_is_found_and_shrinks_to_a_scenario_that_fails,
				leave, clear),
		SUITE_CASE_WITH(the_waits_of_a_shrunk_scenario_are_short_and_round, leave, clear),
		SUITE_CASE_WITH(the_bundle_of_a_breach_is_repeated_with_the_same_trace, leave,
				clear),
	};

	return suite_main(argc, argv, "cluster/test_explore", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
