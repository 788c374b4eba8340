/* rehome replay: a run again from what it left, compared, and step by step. */
#include "tests/lib/suite.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define BUNDLE "r/kill-callmanager-virtual-1"

static char place[] = "/tmp/rehome-replay-XXXXXX";
static char root[PATH_MAX], rehome[PATH_MAX + 10];
static char output[1 << 18]; /* of the last command, both streams */

__attribute__((format(printf, 1, 2))) static int shell(const char *format, ...)
{
	char line[2000];
	va_list ap;
	FILE *f;
	size_t n;
	int status;

	va_start(ap, format);
	vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	f = popen(line, "r");
	ck_assert_ptr_nonnull(f);
	n = fread(output, 1, sizeof(output) - 1, f);
	output[n] = '\0';
	status = pclose(f);
	ck_assert_msg(WIFEXITED(status), "%s died: %s", line, output);
	return WEXITSTATUS(status);
}

static int replay(const char *commands)
{
	if (!commands)
		return shell("\"$R\" replay " BUNDLE " 2>&1");
	return shell("printf '%s' | \"$R\" replay " BUNDLE " --step 2>&1", commands);
}

static void says(const char *what)
{
	ck_assert_msg(strstr(output, what) != NULL, "this does not say '%s':\n%s", what, output);
}

/* A run has left its bundle in a place where nothing else of the project is. */
static void set_up(void)
{
	const char *build = getenv("REHOME_BUILD");

	ck_assert_ptr_nonnull(getcwd(root, sizeof(root)));
	ck_assert_ptr_nonnull(realpath(build ? build : "build", rehome));
	strcat(rehome, "/rehome");
	setenv("R", rehome, 1);
	setenv("ROOT", root, 1);
	ck_assert_ptr_nonnull(mkdtemp(place));
	ck_assert_int_eq(chdir(place), 0);
	ck_assert_int_eq(shell("REHOME_VERDICTS=v \"$R\" run "
			       "\"$ROOT\"/sim/scenarios/kill-callmanager.lua --host=virtual "
			       "--report r 2>&1"),
			 0);
}

static void tear_down(void)
{
	ck_assert_int_eq(chdir(root), 0);
	ck_assert_int_eq(shell("rm -rf '%s'", place), 0);
}

/* The text of the answer to the n-th command, from 0: between prompts. */
static char *answer(int n)
{
	const char *from = output;
	const char *to;

	for (int i = 0; i <= n; i++) {
		from = strstr(from, "\n> ");
		ck_assert_ptr_nonnull(from);
		from += 3;
	}
	to = strstr(from, "\n> ");
	return strndup(from, to ? (size_t)(to - from) : strlen(from));
}

START_TEST(a_virtual_run_is_repeated_from_its_bundle_with_the_same_trace)
{
	ck_assert_int_eq(replay(NULL), 0);
	says("kill-callmanager.lua, seed 1:");
	says("2 faults");
	says("verdict: passed, as recorded");
	says(", as recorded\n");
	/* The scenario and its topology are those of the bundle, wherever they came from. */
	ck_assert_int_eq(shell("grep -c 'cluster \"three-nodes\"' " BUNDLE "/scenario.lua"), 0);
	ck_assert_int_eq(shell("sed -i 's/three-nodes/elsewhere/' " BUNDLE "/scenario.lua"), 0);
	ck_assert_int_eq(replay(NULL), 0);
}
END_TEST

START_TEST(a_run_with_a_mistake_made_on_purpose_is_repeated_with_it)
{
	ck_assert_int_eq(shell("REHOME_VERDICTS=v \"$R\" run "
			       "\"$ROOT\"/sim/scenarios/kill-callmanager.lua --host=virtual "
			       "--mutant ignore-group-order --report r 2>&1"),
			 1);
	ck_assert_int_eq(replay(NULL), 0);
	says("verdict: failed, as recorded");
	says("CMF-01");
}
END_TEST

START_TEST(the_first_signal_that_differs_is_shown_as_it_was_and_as_it_is)
{
	ck_assert_int_eq(shell("sed -i 's/\"seed\": \"1\"/\"seed\": \"2\"/' " BUNDLE "/run.json"),
			 0);
	ck_assert_int_eq(replay(NULL), 1);
	says(", recorded was ");
	says("first difference: signal ");
	says("\n  recorded: 0");
	says("\n  now:      0");
}
END_TEST

START_TEST(a_run_that_is_longer_or_shorter_than_the_recorded_one_differs_at_its_end)
{
	ck_assert_int_eq(shell("echo 'advance \"20s\"' >>" BUNDLE "/scenario.lua"), 0);
	ck_assert_int_eq(replay(NULL), 1);
	says("recorded: the run was over");
	ck_assert_int_eq(shell("sed -i '/^local back/,$d' " BUNDLE "/scenario.lua"), 0);
	ck_assert_int_eq(replay(NULL), 1);
	says("now:      the run is over");
}
END_TEST

START_TEST(another_commit_than_the_recorded_one_is_named_when_the_traces_differ)
{
	ck_assert_int_eq(shell("git init -q . && git -c user.name=a -c user.email=a@b commit -q "
			       "--allow-empty -m x && sed -i 's/\"commit\": \"\"/\"commit\": "
			       "\"abc\"/; s/\"seed\": \"1\"/\"seed\": \"2\"/' " BUNDLE "/run.json"),
			 0);
	ck_assert_int_eq(replay(NULL), 1);
	says("recorded at commit abc, this is ");
}
END_TEST

START_TEST(what_cannot_be_repeated_is_refused_with_exit_status_2)
{
	ck_assert_int_eq(shell("\"$R\" replay nowhere 2>&1"), 2);
	says("nowhere: there is no bundle");
	ck_assert_int_eq(
		shell("sed -i 's/\"host\": \"virtual\"/\"host\": \"real\"/' " BUNDLE "/run.json"),
		0);
	ck_assert_int_eq(replay(NULL), 2);
	says("only runs of the virtual host repeat");
	ck_assert_int_eq(shell("echo '{' >" BUNDLE "/run.json"), 0);
	ck_assert_int_eq(replay(NULL), 2);
	says("run.json:");
	ck_assert_int_eq(shell("echo '{\"host\": \"virtual\"}' >" BUNDLE "/run.json"), 0);
	ck_assert_int_eq(replay(NULL), 2);
	says("tells no run");
}
END_TEST

START_TEST(a_run_is_stepped_through_to_the_faults_and_back_and_is_the_same_each_time)
{
	char *before, *killed, *again, *signal;

	ck_assert_int_eq(replay("fault\\nstates\\nforward\\nback\\nstates\\nfault\\nfault\\n"), 0);
	before = answer(0);
	killed = answer(2);
	again = answer(3);
	ck_assert_ptr_nonnull(strstr(before, "\nnext: kill ccm1:callmanager"));
	ck_assert_ptr_null(strstr(killed, "next:"));
	ck_assert_str_eq(before, again);
	free(killed);
	free(again);
	free(before);
	before = answer(1);
	again = answer(4);
	ck_assert_ptr_nonnull(strstr(before, "ccm1:callmanager"));
	ck_assert_str_eq(before, again);
	free(before);
	free(again);
	says("\nnext: start ccm1:callmanager");
	says("> no more faults");

	ck_assert_int_eq(replay("signal 100\\n\\nback 2\\nf 3\\nb 100000\\ntime 1s\\n"
				"time 10:00:01\\nsignal 99999999\\nforward\\nquit\\nforward\\n"),
			 0);
	signal = answer(0);
	ck_assert_int_eq(strncmp(signal, "signal 10", 9), 0);
	free(signal);
	before = answer(5);
	again = answer(6);
	ck_assert_ptr_nonnull(strstr(before, "next: start ccm1:callmanager"));
	ck_assert_str_eq(before, again);
	free(before);
	free(again);
	says("> that was the last signal");
}
END_TEST

START_TEST(states_and_timers_of_processes_are_shown_by_label_type_and_program)
{
	char *label, *type, *program, *trace;

	ck_assert_int_eq(replay("fault\\nstates CTIRP_5000\\nstates ctihandler\\n"
				"states ccm1:ctimanager\\nstates nobody\\ntrace 3\\n"),
			 0);
	label = answer(1);
	type = answer(2);
	program = answer(3);
	trace = answer(5);
	ck_assert_ptr_nonnull(strstr(label, "CTIStationD("));
	ck_assert_ptr_nonnull(strstr(label, "registered"));
	ck_assert_ptr_nonnull(strstr(label, "CTIDeviceLineMgr("));
	ck_assert_ptr_null(strstr(label, "CTIHandler("));
	ck_assert_ptr_nonnull(strstr(type, "CTIHandler("));
	ck_assert_ptr_nonnull(strstr(type, " in "));
	ck_assert_ptr_nonnull(strstr(program, "CTIHandler("));
	ck_assert_ptr_null(strstr(program, "ccm1:callmanager"));
	says("there is no process of label, type or program 'nobody' now");
	ck_assert_ptr_nonnull(strstr(trace, "|SdlSig"));
	free(label);
	free(type);
	free(program);
	free(trace);
}
END_TEST

START_TEST(the_prompt_says_what_it_does_not_understand_and_what_there_is)
{
	ck_assert_int_eq(replay("jump\\nforward x\\nsignal 0\\ntime soon\\nhelp\\n"), 0);
	says("there is no 'jump'; 'help' lists what there is");
	says("'x' is not a number of signals");
	says("'0' is not a number of signals");
	says("'soon' is no time here; write 1.5s or 10:00:01.500");
	says("states   [LABEL|TYPE|PROGRAM]");
}
END_TEST

#define CASE(t) SUITE_CASE_WITH(t, set_up, tear_down)

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		CASE(a_virtual_run_is_repeated_from_its_bundle_with_the_same_trace),
		CASE(a_run_with_a_mistake_made_on_purpose_is_repeated_with_it),
		CASE(the_first_signal_that_differs_is_shown_as_it_was_and_as_it_is),
		CASE(a_run_that_is_longer_or_shorter_than_the_recorded_one_differs_at_its_end),
		CASE(another_commit_than_the_recorded_one_is_named_when_the_traces_differ),
		CASE(what_cannot_be_repeated_is_refused_with_exit_status_2),
		CASE(a_run_is_stepped_through_to_the_faults_and_back_and_is_the_same_each_time),
		CASE(states_and_timers_of_processes_are_shown_by_label_type_and_program),
		CASE(the_prompt_says_what_it_does_not_understand_and_what_there_is),
	};

	return suite_main(argc, argv, "e2e/test_replay", cases, sizeof(cases) / sizeof(cases[0]));
}
