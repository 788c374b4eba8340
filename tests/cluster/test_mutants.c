/* A test that cannot fail proves nothing: each mutant breaks the clause that it says, in a scenario
 * that asserts it and passes without. */
#include "common/base/mutant.h"
#include "sim/harness/command.h"
#include "sim/script/script.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The scenario of each mutant. */
static const char *const scenarios[MUTANTS] = {
	[MUTANT_REHOME_DURING_CALL] = "rehome-waits-for-calls",
	[MUTANT_NOTHING_PRESERVED] = "node-of-a-call-dies",
	[MUTANT_LEG_LEAKED] = "node-of-a-call-dies",
	[MUTANT_HOLD_ON_PRESERVED] = "node-of-a-call-dies",
	[MUTANT_CFNA_ON_APP_FAILURE] = "unanswered-calls",
	[MUTANT_NO_CFNA_WHEN_CLOSED] = "unanswered-calls",
	[MUTANT_OFFERED_FOR_EVER] = "unanswered-calls",
	[MUTANT_SECOND_RTP_COUNTS] = "first-answer-counts",
	[MUTANT_PORT_NEVER_BUSY] = "port-is-busy",
	[MUTANT_CONSULT_OUTLIVES_NODE] = "features/transfer-loses-a-node",
	[MUTANT_TRANSFER_NOT_UNDONE] = "features/transfer",
	[MUTANT_CONFERENCE_NEVER_ENDS] = "features/conference",
	[MUTANT_PARK_NUMBER_KEPT] = "features/park",
	[MUTANT_UNPARK_UNTOLD] = "features/park-monitoring",
	[MUTANT_PICKUP_REMEMBERS] = "features/pickup",
	[MUTANT_RETRIEVED_IN_SILENCE] = "devices/sip-call",
	[MUTANT_CALLS_DIE_WITH_CTIMANAGER] = "ctimanager-dies",
	[MUTANT_IGNORE_GROUP_ORDER] = "group-order",
	[MUTANT_REQUESTS_FORGOTTEN] = "frozen-callmanager",
	[MUTANT_NO_OOS_BEFORE_IS] = "rehome-waits-for-calls",
	[MUTANT_NEVER_REHOMES] = "rehome-waits-for-calls",
	[MUTANT_WAITS_FOR_EVER] = "no-callmanager-left",
	[MUTANT_CONTROL_WITHOUT_ASSOCIATION] = "control-and-limits",
	[MUTANT_CONTROL_FOR_EVER] = "users/association",
	[MUTANT_KEYS_TO_ALL] = "media/key-material",
	[MUTANT_PARK_EVENTS_TO_ALL] = "features/park-monitoring",
	[MUTANT_SOFT_LIMIT_REFUSES] = "control-and-limits",
	[MUTANT_DEAD_AFTER_ONE_MISSED] = "heartbeats",
	[MUTANT_SILENT_APP_LIVES] = "heartbeats",
	[MUTANT_APP_FALLS_BACK] = "ctimanager-dies",
	[MUTANT_LINES_NOT_REOPENED] = "ctimanager-dies",
	[MUTANT_SECOND_OOS] = "no-callmanager-left",
	[MUTANT_STALE_SESSION] = "frozen-ctimanager",
	[MUTANT_SILENCE_IGNORED] = "frozen-callmanager",
	[MUTANT_PHONE_MOVES_STREAMING] = "node-of-a-call-dies",
	[MUTANT_PHONE_STAYS] = "node-of-a-call-dies",
	[MUTANT_SIP_REORDER_KEEPS_CALL] = "devices/sip-reorder",
	[MUTANT_SIP_DIALS_AT_ONCE] = "devices/sip-dial-rules",
	[MUTANT_FORWARDED_FOR_EVER] = "forwarding/forwards",
	[MUTANT_SHARED_LINE_RINGS_ON] = "lines/shared-line",
};

static void run(struct sim_run *run, enum mutant_id id, uint64_t mutants)
{
	const struct sim_run_options o = {
		.seed = 1, .speed = 1, .mutants = mutants, .quiet = true
	};
	char path[200];

	ck_assert_msg(scenarios[id] != NULL, "%s has no scenario", mutant(id)->name);
	snprintf(path, sizeof(path), "sim/scenarios/%s.lua", scenarios[id]);
	sim_scenario_run(run, path, &o);
}

static struct sim_run *new_run(void)
{
	struct sim_run *r = calloc(1, sizeof(*r));

	ck_assert_ptr_nonnull(r);
	return r;
}

START_TEST(each_mutant_breaks_its_clause_in_its_scenario)
{
	enum mutant_id id = (enum mutant_id)_i;
	struct sim_run *r = new_run();

	run(r, id, mutant_bit(id));
	ck_assert_msg(r->verdict == SIM_FAILED, "%s lives through %s (%s)", mutant(id)->name,
		      scenarios[id], r->err.text);
	ck_assert_msg(strstr(r->err.text, mutant(id)->clause) != NULL, "%s breaks not %s, but: %s",
		      mutant(id)->name, mutant(id)->clause, r->err.text);
	sim_run_free(r);
	free(r);
}
END_TEST

START_TEST(its_scenario_passes_without_it)
{
	enum mutant_id id = (enum mutant_id)_i;
	struct sim_run *r = new_run();

	run(r, id, 0);
	ck_assert_msg(r->verdict == SIM_PASSED, "%s", r->err.text);
	sim_run_free(r);
	free(r);
}
END_TEST

/* rehome run with these words: its exit status and what it says. */
static void refused(char *host, char *mutant_name, const char *what)
{
	char *argv[] = { "run", "sim/scenarios/basic-call.lua", host, "--mutant", mutant_name };
	struct sim_command c;
	struct sim_error err = { 0 };

	ck_assert_int_eq(sim_command_parse(&c, 5, argv, &err), 0);
	ck_assert_int_eq(sim_command_run(&c, &err), SIM_USAGE);
	ck_assert_msg(strstr(err.text, what) != NULL, "%s", err.text);
	free(c.rest);
}

START_TEST(only_the_virtual_host_makes_mistakes_and_only_those_it_knows)
{
	refused("--host=real", "phone-stays", "virtual host");
	refused("--host=virtual", "phone-stays,fly", "no mutant 'fly'");
}
END_TEST

static char place[] = "/tmp/mutants-XXXXXX";

static int explore(char *mutants, char *seeds)
{
	char *argv[] = { "explore", "--mutant", mutants, "--seeds", seeds, "--bundles", place };
	struct sim_command c;
	struct sim_error err = { 0 };
	int status;

	ck_assert_int_eq(sim_command_parse(&c, 7, argv, &err), 0);
	status = sim_command_run(&c, &err);
	free(c.rest);
	return status;
}

static int run_with(char *path, char *mutant_name)
{
	char *argv[] = { "run", path, "--no-report", "--mutant", mutant_name };
	struct sim_command c;
	struct sim_error err = { 0 };
	int status;

	ck_assert_int_eq(sim_command_parse(&c, 5, argv, &err), 0);
	status = sim_command_run(&c, &err);
	free(c.rest);
	return status;
}

START_TEST(exploration_passes_if_it_finds_all_mutants_and_fails_if_not)
{
	char line[400];

	ck_assert_ptr_nonnull(mkdtemp(place));
	ck_assert_int_eq(explore("no-oos-before-is,waits-for-ever", "1..100"), SIM_PASSED);
	/* What they broke is there, short, and fails again. */
	snprintf(line, sizeof(line), "%s/waits-for-ever.lua", place);
	ck_assert_int_eq(run_with(line, "waits-for-ever"), SIM_FAILED);
	snprintf(line, sizeof(line), "%s/no-oos-before-is.lua", place);
	ck_assert_int_eq(run_with(line, "no-oos-before-is"), SIM_FAILED);
	/* One seed is not enough for a call that is held after it was preserved. */
	ck_assert_int_eq(explore("no-oos-before-is,hold-on-preserved", "1..1"), SIM_FAILED);
	snprintf(line, sizeof(line), "rm -rf '%s'", place);
	ck_assert_int_eq(system(line), 0);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_LOOP(each_mutant_breaks_its_clause_in_its_scenario, 0, MUTANTS),
		SUITE_LOOP(its_scenario_passes_without_it, 0, MUTANTS),
		SUITE_CASE(exploration_passes_if_it_finds_all_mutants_and_fails_if_not),
		SUITE_CASE(only_the_virtual_host_makes_mistakes_and_only_those_it_knows),
	};

	return suite_main(argc, argv, "cluster/test_mutants", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
