/* The administrator's prompt: typed lines, scripts, and a person at a terminal. */
#include "tests/lib/suite.h"

#include <ftw.h>
#include <poll.h>
#include <pty.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
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
	char line[4096];
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
	setenv("XDG_STATE_HOME", place, 1);
	ck_assert_msg(run("up --nodes 2") == 0, "%s", output);
}

static void tear_down(void)
{
	run("down");
	nftw(place, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

START_TEST(one_line_is_done_and_its_answer_shown_alone)
{
	ck_assert_int_eq(run("shell -c 'show risdb query phone'"), 0);
	says("\n----------- Phone Information -----------\n\n#TotalPhones, ");
	says("\nSEP000000000001, ");
	says("Total count in phone table = 8\n");
	ck_assert_int_eq(run("shell --node ccm2 -c 'show risdb query phone'"), 0);
	says("Total count in phone table = 0\n");
	ck_assert_int_eq(
		run("shell -c \"run sql SELECT FIRST 1 name AS Phone FROM device WHERE name "
		    "MATCHES 'SEP*' ORDER BY name\""),
		0);
	ck_assert_str_eq(output, "phone\n===============\nSEP000000000001\n");
	ck_assert_int_eq(run("shell -c 'utils service list\nnode ccm2'"), 0);
	ck_assert_ptr_null(strstr(output, "admin:"));
	ck_assert_int_eq(run("shell --command 'status'"), 0);
	says("ccm2:ctimanager");
}
END_TEST

START_TEST(a_script_reads_like_a_captured_session)
{
	static const char *const told[] = {
		"admin:utils service stop Cisco CTIManager\n",
		"Cisco CTIManager[STOPPING]\n",
		"Cisco CTIManager[STOPPED]  Command Out of Service\n",
		"admin:utils service list\n",
		"Cisco CTIManager[STOPPED]  Command Out of Service\n",
		"Cisco CallManager[STARTED]\n",
		"admin:utils service start Cisco CTIManager\n",
		"Cisco CTIManager[STARTED]\n",
		"admin:run sql update device set description = 'x' where name = 'CTIP_6001'\n",
		"Rows: 1\n",
		"admin:kill ccm2:callmanager\n",
		"admin:node ccm2\n",
		"ccm2\n",
		"admin:utils service list\n",
		"Cisco CallManager[STOPPED]  Component is not running\n",
		"Primary Node =false\n",
		"admin:quit\n",
		NULL,
	};

	ck_assert_int_eq(
		run("shell <<'.'\nutils service stop Cisco CTIManager\nutils service list\n"
		    "utils service start Cisco CTIManager\n# a remark\n\n"
		    "run sql update device set description = 'x' where name = 'CTIP_6001'\n"
		    "kill ccm2:callmanager\nnode ccm2\nutils service list\nquit\nstatus\n."),
		0);
	tells(told);
	ck_assert_ptr_null(strstr(output, "PROGRAM"));
}
END_TEST

START_TEST(what_makes_no_sense_is_said_and_ends_nothing)
{
	static const char *const told[] = {
		"Executed command unsuccessfully\nNo valid command entered: show foo\n",
		"there is no verb 'foo'",
		"The specified table (nosuch) is not in the database.",
		"usage: run sql STATEMENT",
		"there is no node 'ccm7', but ccm1, ccm2",
		"a quote is not closed",
		"this is the shell",
		"kill: target is missing",
		"usage: rehome kill TARGET [PROGRAM]",
		"ccm1\n",
		NULL,
	};

	ck_assert_int_eq(run("shell <<'.'\nshow foo\nfoo\nrun sql select * from nosuch\nrun sql\n"
			     "node ccm7\nutils service \"\nshell\nkill\nkill --help\nnode\n."),
			 2);
	tells(told);
	ck_assert_int_eq(run("shell --node ccm7 -c 'show status'"), 2);
	says("there is no node 'ccm7'");
	ck_assert_int_eq(run("shell -c help"), 0);
	says("show risdb query TABLE ...");
	says("start-app");
	ck_assert_int_eq(run("--cluster two shell -c 'show status'"), 2);
	says("there is no cluster 'two'");
}
END_TEST

/* Reads from the terminal until it has shown that; what came behind it is for the next look. */
static bool shows(int terminal, const char *what)
{
	size_t n = strlen(output);
	struct pollfd p = { .fd = terminal, .events = POLLIN };
	char *rest;

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
	rest = strstr(output, what) + strlen(what);
	memmove(output, rest, strlen(rest) + 1);
	return true;
}

static void type(int terminal, const char *keys)
{
	ck_assert_int_eq(write(terminal, keys, strlen(keys)), (ssize_t)strlen(keys));
}

static pid_t begin(int *terminal)
{
	pid_t pid;

	output[0] = '\0';
	pid = forkpty(terminal, NULL, NULL, NULL);
	if (pid == 0) {
		setenv("TERM", "xterm", 1);
		execl(rehome, rehome, "shell", (char *)NULL);
		_exit(127);
	}
	ck_assert(shows(*terminal, "admin:"));
	return pid;
}

static void finish(int terminal, pid_t pid)
{
	int status;

	type(terminal, "quit\n");
	while (read(terminal, output, sizeof(output)) > 0)
		;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	close(terminal);
}

START_TEST(at_a_terminal_words_are_completed_and_lines_are_remembered)
{
	char path[200], kept[4096] = "";
	int terminal;
	pid_t pid = begin(&terminal);
	FILE *f;

	type(terminal, "ut\tser\tl\t\n");
	ck_assert(shows(terminal, "Primary Node =true"));
	ck_assert(shows(terminal, "admin:"));
	type(terminal, "node cc\t2\n");
	ck_assert(shows(terminal, "\nccm2\r\n"));
	ck_assert(shows(terminal, "admin:"));
	type(terminal, "start-app ivr --password secret\n");
	ck_assert(shows(terminal, "admin:"));
	finish(terminal, pid);

	snprintf(path, sizeof(path), "%s/rehome/history", place);
	f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_gt(fread(kept, 1, sizeof(kept) - 1, f), 0);
	fclose(f);
	ck_assert_ptr_nonnull(strstr(kept, "node"));
	ck_assert_ptr_null(strstr(kept, "secret"));

	pid = begin(&terminal);
	type(terminal, "\033[A\033[A"); /* quit, node ccm2 */
	ck_assert(shows(terminal, "node ccm2"));
	type(terminal, "\n");
	ck_assert(shows(terminal, "\nccm2\r\n"));
	finish(terminal, pid);
}
END_TEST

START_TEST(a_long_answer_comes_a_screen_at_a_time_if_that_is_wanted)
{
	struct winsize small = { .ws_row = 6, .ws_col = 100 };
	int terminal;
	pid_t pid = begin(&terminal);

	ck_assert_int_eq(ioctl(terminal, TIOCSWINSZ, &small), 0);
	type(terminal, "show risdb query phoneextn page\n");
	ck_assert(shows(terminal, "----------- PhoneExtn Information"));
	ck_assert(
		shows(terminal, "Press <enter> for 1 line, <space> for one page, or <q> to quit"));
	type(terminal, "\n");
	ck_assert(shows(terminal, "SEP000000000002"));
	ck_assert(shows(terminal, "Press <enter>"));
	type(terminal, " ");
	ck_assert(shows(terminal, "SEP000000000007"));
	ck_assert(shows(terminal, "Press <enter>"));
	type(terminal, "q");
	ck_assert(shows(terminal, "admin:"));
	finish(terminal, pid);
	ck_assert_int_eq(run("shell -c 'utils service list page'"), 0);
	says("Primary Node =true");
	ck_assert_int_eq(run("shell -c 'show risdb query phone Page '"), 0);
	says("Total count in phone table = 8");
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(one_line_is_done_and_its_answer_shown_alone, set_up, tear_down),
		SUITE_CASE_WITH(a_script_reads_like_a_captured_session, set_up, tear_down),
		SUITE_CASE_WITH(what_makes_no_sense_is_said_and_ends_nothing, set_up, tear_down),
		SUITE_CASE_WITH(at_a_terminal_words_are_completed_and_lines_are_remembered, set_up,
				tear_down),
		SUITE_CASE_WITH(a_long_answer_comes_a_screen_at_a_time_if_that_is_wanted, set_up,
				tear_down),
	};

	return suite_main(argc, argv, "e2e/test_shell", cases, sizeof(cases) / sizeof(cases[0]));
}
