/* Scenarios: what is refused before anything runs, the sandbox, and what expectations see. */
#include "sim/script/script.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CLUSTER "local c = cluster \"three-nodes\"\n"
#define PHONES	CLUSTER "local a, b = c:phone \"SEP000000000001\", c:phone \"SEP000000000002\"\n"

static char path[] = "/tmp/scenario-XXXXXX";

static void set_up(void)
{
	close(mkstemp(path));
}

static void tear_down(void)
{
	unlink(path);
}

static void write_scenario(const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

static struct sim_run *run_it(const char *text, uint64_t seed)
{
	struct sim_run_options o = { .seed = seed, .speed = 1, .quiet = true };
	struct sim_run *run = calloc(1, sizeof(*run));

	ck_assert_ptr_nonnull(run);
	write_scenario(text);
	sim_scenario_run(run, path, &o);
	return run;
}

static void done(struct sim_run *run)
{
	sim_run_free(run);
	free(run);
}

static void passes(const char *text)
{
	struct sim_run *run = run_it(text, 1);

	ck_assert_msg(run->verdict == SIM_PASSED, "%s", run->err.text);
	done(run);
}

/* Refused by the check, at that line, with these words. */
static void refused(const char *text, int line, const char *what)
{
	struct sim_run *run = calloc(1, sizeof(*run));
	struct sim_error err = { 0 };
	char where[80];

	ck_assert_ptr_nonnull(run);
	write_scenario(text);
	snprintf(where, sizeof(where), "%s:%d:", path, line);
	ck_assert_int_eq(sim_scenario_check(run, path, &err), -1);
	ck_assert_int_eq(err.status, SIM_USAGE);
	ck_assert_msg(strstr(err.text, where) != NULL, "'%s' is not at line %d", err.text, line);
	ck_assert_msg(strstr(err.text, what) != NULL, "'%s' does not say '%s'", err.text, what);
	done(run);
}

START_TEST(what_cannot_be_is_refused_with_file_and_line_before_anything_starts)
{
	refused("local x = \n\n", 3, "unexpected symbol");
	refused("\ncluster \"nowhere\"", 2, "nowhere");
	refused(CLUSTER "c:kill \"ccm9\"", 2, "ccm9");
	refused(CLUSTER "c:explode \"ccm1\"", 2, "no verb 'explode'");
	refused(CLUSTER "\nc:phone \"SEP9\"", 3, "no phone 'SEP9'");
	refused(CLUSTER "c:phone \"CTIRP_5000\"", 2, "no phone");
	refused(PHONES "a:call \"x\"", 3, "not a number to dial");
	refused(PHONES "a:call()", 3, "missing");
	refused(CLUSTER "c:app(\"x\", { user = \"nobody\", ctimanagers = { \"ccm1\" } })", 2,
		"no user 'nobody'");
	refused(CLUSTER "c:app(\"x\", { user = \"ivr\", ctimanagers = { \"ccm7\" } })", 2,
		"no node 'ccm7'");
	refused(CLUSTER CLUSTER, 2, "one cluster");
	refused("restart(1)", 1, "no 'restart'");
}
END_TEST

START_TEST(an_expectation_that_could_never_be_met_is_refused)
{
	refused(PHONES "expect(a, \"StationCallStat\", within \"1s\")", 3, "no event");
	refused(PHONES "expect(a, \"StationCallState\")", 3, "deadline");
	refused(PHONES "expect(a, \"StationCallState\", { stat = 1 }, within \"1s\")", 3,
		"no field 'stat'");
	refused(PHONES "expect(a, \"StationCallState\", { state = \"Bsy\" }, within \"1s\")", 3,
		"Bsy");
	refused(PHONES "expect(a, \"StationCallState\", within \"soon\")", 3, "within");
	refused(PHONES "expect(a, \"StationCallState\", within \"1s\", clause \"CMF-99\")", 3,
		"no clause 'CMF-99'");
	refused(PHONES "expect(a, \"StationRegisterAck\", { node = \"ccm9\" }, within \"1s\")", 3,
		"no node 'ccm9'");
	refused(PHONES "expect(nil, \"StationCallState\", within \"1s\")", 3, "who?");
	refused(PHONES "expect(a, \"StationCallState\", times(0), within \"1s\")", 3, "times");
	refused(CLUSTER "expect(c, \"NoSuchAlarm\", within \"1s\")", 2, "no alarm");
}
END_TEST

START_TEST(a_scenario_has_an_end_that_no_pcall_swallows)
{
	refused("while true do end", 1, "circles");
	refused("pcall(function() while true do end end)\nsay \"no\"", 1, "circles");
	refused("local t = coroutine.create(function() while true do end end)\n"
		"coroutine.resume(t)\nsay \"no\"",
		1, "circles");
	refused("local s = (\"a\"):rep(100000)\ns:find(\".-.-.-b\")", 2, "too long");
	refused("local t = {}\nfor i = 1, 1e9 do t[i] = (\"x\"):rep(1000) .. i end", 1,
		"not enough memory");
}
END_TEST

START_TEST(the_sandbox_gives_the_same_in_every_run)
{
	passes("local t = { z = 1, a = 2, [3] = 3, [1] = 4 }\nlocal s = \"\"\n"
	       "for k in pairs(t) do s = s .. tostring(k) end\nassert(s == \"13az\")");
	passes("assert(next({ b = 1, a = 2 }) == \"a\")\nassert(next({}) == nil)");
	passes("assert(tostring({}) == \"table\")\n"
	       "assert(string.format(\"%s\", function() end) == \"function\")");
	passes("local t = { {2,1}, {1,2}, {2,3}, {1,4} }\n"
	       "table.sort(t, function(x, y) return x[1] < y[1] end)\n"
	       "assert(t[1][2] == 2 and t[2][2] == 4 and t[3][2] == 1 and t[4][2] == 3)");
	passes("local x = math.random(1000000)\nassert(x == x)\nassert(not pcall(setmetatable, {}, "
	       "{ "
	       "__gc = true }))");
	refused("os.exit(1)", 1, "no 'os'");
	refused("io.open(\"/etc/passwd\")", 1, "no 'io'");
	refused("load(\"return 1\")", 1, "no 'load'");
	refused("require \"x\"", 1, "no 'require'");
	refused("string.dump(print)", 1, "");
}
END_TEST

START_TEST(cal_01_a_call_is_told_in_order_and_a_miss_shows_what_came_instead)
{
	struct sim_run *run;

	passes(PHONES "local m = mark()\na:call \"1002\"\n"
		      "expect(b, \"StationCallState\", { state = \"RingIn\" }, within \"2s\")\n"
		      "b:answer()\n"
		      "expect(a, sequence { { \"StationCallState\", state = \"RingOut\" },\n"
		      "{ \"StationCallState\", state = \"Connected\" } }, within \"2s\", from(m))\n"
		      "");
	run = run_it(PHONES
		     "a:call \"1002\"\nexpect(a, \"StationCallState\", { state = \"Busy\" }, "
		     "within \"3s\", clause \"CAL-01\")",
		     1);
	ck_assert_int_eq((int)run->verdict, SIM_FAILED);
	ck_assert_ptr_nonnull(strstr(run->err.text, ":4: CAL-01: did not come"));
	ck_assert_ptr_nonnull(strstr(run->err.text, "state=RingOut"));
	done(run);
}
END_TEST

START_TEST(never_fails_when_it_comes_and_passes_when_it_does_not)
{
	struct sim_run *run;

	passes(PHONES "never(a, \"StationCallState\", within \"2s\")");
	run = run_it(PHONES "a:call \"1002\"\nnever(a, \"StationCallState\", within \"2s\")", 1);
	ck_assert_int_eq((int)run->verdict, SIM_FAILED);
	ck_assert_ptr_nonnull(strstr(run->err.text, "came"));
	done(run);
}
END_TEST

START_TEST(conditions_are_looked_at_all_the_time)
{
	passes(PHONES
	       "local m = mark()\na:call \"1002\"\n"
	       "eventually(function() return seen(b, \"StationCallState\", { state = "
	       "\"RingIn\" }, from(m)) == 1 end, within \"2s\")\n"
	       "always(function() return seen(b, \"StationCallState\", { state = \"Connected\" "
	       "}, from(m)) == 0 end, within \"1s\")\nsettle \"30s\"");
}
END_TEST

START_TEST(cmf_12_a_killed_callmanager_is_seen_by_the_others_alarms)
{
	passes(CLUSTER "c:kill(\"ccm1\", \"callmanager\")\n"
		       "expect(c, \"SDLLinkOOS\", { NodeID = \"ccm2\", RemoteNodeID = 1 }, within "
		       "\"3s\", clause \"CMF-12\")");
}
END_TEST

START_TEST(the_same_seed_gives_the_same_hash_and_another_seed_another)
{
	static const char text[] = PHONES "a:call \"1002\"\nadvance \"5s\"";
	struct sim_run *one = run_it(text, 7);
	struct sim_run *two = run_it(text, 7);
	struct sim_run *three = run_it(text, 8);

	ck_assert_uint_ne(one->trace_hash, 0);
	ck_assert_uint_eq(one->trace_hash, two->trace_hash);
	ck_assert_uint_ne(one->trace_hash, three->trace_hash);
	done(one);
	done(two);
	done(three);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(what_cannot_be_is_refused_with_file_and_line_before_anything_starts,
				set_up, tear_down),
		SUITE_CASE_WITH(an_expectation_that_could_never_be_met_is_refused, set_up,
				tear_down),
		SUITE_CASE_WITH(a_scenario_has_an_end_that_no_pcall_swallows, set_up, tear_down),
		SUITE_CASE_WITH(the_sandbox_gives_the_same_in_every_run, set_up, tear_down),
		SUITE_CASE_WITH(cal_01_a_call_is_told_in_order_and_a_miss_shows_what_came_instead,
				set_up, tear_down),
		SUITE_CASE_WITH(never_fails_when_it_comes_and_passes_when_it_does_not, set_up,
				tear_down),
		SUITE_CASE_WITH(conditions_are_looked_at_all_the_time, set_up, tear_down),
		SUITE_CASE_WITH(cmf_12_a_killed_callmanager_is_seen_by_the_others_alarms, set_up,
				tear_down),
		SUITE_CASE_WITH(the_same_seed_gives_the_same_hash_and_another_seed_another, set_up,
				tear_down),
	};

	return suite_main(argc, argv, "cluster/test_scenario", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
