/* Calls by hand: what a person types, and what is seen of it. */
#include "tests/lib/suite.h"

#include <ftw.h>
#include <poll.h>
#include <pty.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char place[] = "/tmp/rehome-e2e-XXXXXX";
static char rehome[1024];
static char output[1 << 16];

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

/* Runs "rehome WORDS" of a shell line; its exit status. */
static int run(const char *words)
{
	char line[2048];
	FILE *f;
	size_t n;
	int status;

	snprintf(line, sizeof(line), "exec 2>&1; %s %s", rehome, words);
	f = popen(line, "re");
	ck_assert_ptr_nonnull(f);
	n = fread(output, 1, sizeof(output) - 1, f);
	output[n] = '\0';
	status = pclose(f);
	ck_assert_msg(WIFEXITED(status), "rehome died: %s", output);
	return WEXITSTATUS(status);
}

static void says(const char *what)
{
	ck_assert_msg(strstr(output, what) != NULL, "this does not say '%s':\n%s", what, output);
}

/* One after the other, as they are listed. */
static void tells(const char *const *what)
{
	const char *at = output;

	for (; *what; what++) {
		at = strstr(at, *what);
		ck_assert_msg(at != NULL, "'%s' does not come, or not here:\n%s", *what, output);
		at += strlen(*what);
	}
}

static void set_up(void)
{
	const char *build = getenv("REHOME_BUILD");

	ck_assert_ptr_nonnull(realpath(build ? build : "build", rehome));
	strcat(rehome, "/rehome");
	ck_assert_ptr_nonnull(mkdtemp(place));
	setenv("XDG_RUNTIME_DIR", place, 1);
	ck_assert_msg(run("up --nodes 2") == 0, "%s", output);
}

static void tear_down(void)
{
	run("down");
	nftw(place, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

START_TEST(cal_01_a_call_is_placed_and_every_change_of_its_state_is_shown)
{
	static const char *const placed[] = { "1001   SEP000000000001  DIALTONE\n", "DIALING\n",
					      "1002   SEP000000000002  OFFERING      from 1001\n",
					      "RINGBACK      to 1002\n", NULL };
	static const char *const talked[] = { "call> answer 1002",
					      "CONNECTED",
					      "call> hold 1001",
					      "ONHOLD        to 1002",
					      "call> retrieve 1001",
					      "CONNECTED     to 1002",
					      "call> drop SEP000000000002",
					      "IDLE",
					      "IDLE",
					      NULL };

	ck_assert_msg(run("call 1001 SEP000000000002 </dev/null") == 0, "%s", output);
	tells(placed);
	ck_assert_msg(run("call <<.\nanswer 1002\nhold 1001\nretrieve 1001\n"
			  "drop SEP000000000002\nquit\nanswer 1002\n.\n") == 0,
		      "%s", output);
	tells(talked);
	ck_assert_ptr_null(strstr(output, "call> answer 1002\n1"));
}
END_TEST

START_TEST(what_a_phone_shows_of_no_call_is_seen)
{
	static const char *const lines[] = { "call> park 1002", "SEP000000000002    shows \"",
					     NULL };

	ck_assert_msg(
		run("call <<.\ncall 1001 1002\nanswer 1002\npark 1002\ndrop 1001\nquit\n.\n") == 0,
		"%s", output);
	tells(lines);
}
END_TEST

START_TEST(what_makes_no_sense_is_said_and_ends_nothing)
{
	static const char *const lines[] = { "there is no verb 'foo'",
					     "number is missing",
					     "7777 is nobody",
					     "6001 is no phone",
					     "who?",
					     NULL };

	ck_assert_int_eq(run("call <<.\nfoo 1\ncall 1001\ncall 7777 1001\nanswer 6001\ncall\n"
			     "who\nhelp\n.\n"),
			 2);
	for (size_t i = 0; i < 5; i++)
		says(lines[i]);
	says("6001    CTIP_6001");
	says("hangup WHO");
	ck_assert_int_eq(run("call 1001"), 2);
	says("say who calls whom");
	ck_assert_int_eq(run("call --help"), 0);
	says("At the prompt:");
}
END_TEST

/* Reads from the terminal until it has shown that. */
static bool shows(int terminal, const char *what)
{
	size_t n = strlen(output);
	struct pollfd p = { .fd = terminal, .events = POLLIN };

	while (!strstr(output, what)) {
		ssize_t got;

		if (n >= sizeof(output) - 1 || poll(&p, 1, 10000) <= 0)
			return false;
		got = read(terminal, output + n, sizeof(output) - 1 - n);
		if (got <= 0)
			return false;
		n += (size_t)got;
		output[n] = '\0';
	}
	output[0] = '\0';
	return true;
}

static void type(int terminal, const char *keys)
{
	ck_assert_int_eq(write(terminal, keys, strlen(keys)), (ssize_t)strlen(keys));
}

START_TEST(at_a_terminal_words_are_completed_and_changes_come_while_one_types)
{
	int terminal, status;
	pid_t pid;

	output[0] = '\0';
	pid = forkpty(&terminal, NULL, NULL, NULL);
	if (pid == 0) {
		setenv("TERM", "xterm", 1);
		execl(rehome, rehome, "call", (char *)NULL);
		_exit(127);
	}
	ck_assert(shows(terminal, "call> "));
	type(terminal, "call 1001 1002\n");
	ck_assert(shows(terminal, "RINGBACK      to 1002"));
	type(terminal, "hold 10");
	ck_assert(shows(terminal, "hold 10"));
	ck_assert_int_eq(run("phone SEP000000000002 answer"), 0);
	output[0] = '\0';
	ck_assert(shows(terminal, "hold 10")); /* what was typed stands below the new lines */
	type(terminal, "01\n");
	ck_assert(shows(terminal, "ONHOLD        to 1002"));
	type(terminal, "hangu\t1001\n");
	ck_assert(shows(terminal, "IDLE"));
	type(terminal, "quit\n");
	while (read(terminal, output, sizeof(output)) > 0)
		;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	close(terminal);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(cal_01_a_call_is_placed_and_every_change_of_its_state_is_shown,
				set_up, tear_down),
		SUITE_CASE_WITH(what_a_phone_shows_of_no_call_is_seen, set_up, tear_down),
		SUITE_CASE_WITH(what_makes_no_sense_is_said_and_ends_nothing, set_up, tear_down),
		SUITE_CASE_WITH(at_a_terminal_words_are_completed_and_changes_come_while_one_types,
				set_up, tear_down),
	};

	return suite_main(argc, argv, "e2e/test_call", cases, sizeof(cases) / sizeof(cases[0]));
}
