/* Completion and manual pages: made from the tables, and good for the programs that read them. */
#include "tests/lib/rehome.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char file[200];

static void set_up(void)
{
	const char *build = getenv("REHOME_BUILD");
	static char path[2000], full[1000];

	rehome_set_up();
	snprintf(file, sizeof(file), "%s/t.db", rehome_place);
	ck_assert_int_eq(rehome_run("admin create %s --topology three-nodes", file), 0);
	ck_assert_ptr_nonnull(realpath(build ? build : "build", full));
	setenv("B", full, 1);
	setenv("F", file, 1);
	snprintf(path, sizeof(path), "%s:%s", full, getenv("PATH"));
	setenv("PATH", path, 1);
}

/* What may follow, each candidate on a line, and what must not be among them. */
static const struct {
	const char *words, *has, *has_not;
} lines[] = {
	{ "''", "up\n", "set_group2" },
	{ "ad", "admin\n", "up\n" },
	{ "explore --s", "--seeds\n", "--jobs" },
	{ "run --host ''", "virtual\n", "--seed" },
	{ "--cluster other up --n", "--nodes\n", "--speed" },
	{ "phone SEP000000000001 di", "dial\n", "answer" },
	{ "app ivr open --media s", "static\n", "none" },
	{ "admin ''", "checklist\n", "phone" },
	{ "admin add route", "routepoint\nroutepattern\n", "phone" },
	{ "admin add dev", "devicepool\n", "device\n" },
	{ "admin add phone SEP9 --de", "--devicepool\n", "--lines" },
	{ "admin add phone SEP9 --allowcticontrolflag ''", "t\nf\n", "--json" },
	{ "admin --database $F show phone SEP", "SEP000000000008\n", "CTIP" },
	{ "admin --database $F add phone SEP9 --devicepool ''", "devices\n", "ccm1" },
	{ "admin --database $F checklist ''", "ivr\n", "ccm1" },
	{ "admin --database $F add membership ivr --dirgroup ''", "", "SEP" },
};

START_TEST(what_may_follow_is_told_from_the_tables_and_the_database)
{
	char words[300];
	const char *at = strstr(lines[_i].words, "$F");

	if (at)
		snprintf(words, sizeof(words), "%.*s%s%s", (int)(at - lines[_i].words),
			 lines[_i].words, file, at + 2);
	else
		snprintf(words, sizeof(words), "%s", lines[_i].words);
	ck_assert_int_eq(rehome_run("completion words %s", words), 0);
	rehome_says(lines[_i].has);
	ck_assert_msg(!strstr(rehome_output, lines[_i].has_not), "%s", rehome_output);
}
END_TEST

/* Runs a shell command; its output goes to rehome_output. */
static int shell(const char *command)
{
	FILE *f = popen(command, "r");
	size_t n = fread(rehome_output, 1, 10000, f);

	rehome_output[n] = '\0';
	return WEXITSTATUS(pclose(f));
}

START_TEST(bash_completes_with_the_script)
{
	ck_assert_msg(shell("bash -c 'source <(rehome completion bash); COMP_WORDS=(rehome admin "
			    "--database $F show phone SEP00000000000); COMP_CWORD=6; _rehome; "
			    "printf \"%s\\n\" \"${COMPREPLY[@]}\"' 2>&1") == 0,
		      "%s", rehome_output);
	rehome_says("SEP000000000001\n");
	rehome_says("SEP000000000008\n");
	ck_assert_int_eq(shell("bash -c 'source <(rehome completion bash); complete -p rehome' "
			       "2>&1"),
			 0);
	rehome_says("-F _rehome rehome");
	ck_assert_int_eq(rehome_run("completion fish"), 2);
	rehome_says("other shells are not known");
}
END_TEST

START_TEST(manual_pages_have_every_verb_and_kind_and_no_complaint_of_groff)
{
	ck_assert_int_eq(shell("ls $B/man/rehome.1 $B/man/callmanager.1 $B/man/ctimanager.1 "
			       "$B/man/phones.1 $B/man/ctiapp.1 2>&1"),
			 0);
	if (shell("command -v groff") == 0) {
		ck_assert_int_eq(shell("groff -man -ww -z -Tutf8 $B/man/*.1 2>&1"), 0);
		ck_assert_str_eq(rehome_output, "");
	}
	ck_assert_int_eq(shell("grep -c '^.B checklist USER' $B/man/rehome.1"), 0);
	ck_assert_int_eq(shell("grep -c '^.B routepoint NAME' $B/man/rehome.1"), 0);
	ck_assert_int_eq(shell("grep -c 'ctimanagers' $B/man/ctiapp.1"), 0);
}
END_TEST

int main(int argc, char **argv)
{
#define CASE(t) SUITE_CASE_WITH(t, set_up, rehome_tear_down)
	struct suite_case cases[] = {
		CASE(what_may_follow_is_told_from_the_tables_and_the_database),
		CASE(bash_completes_with_the_script),
		CASE(manual_pages_have_every_verb_and_kind_and_no_complaint_of_groff),
	};

	cases[0].loop_to = (int)(sizeof(lines) / sizeof(lines[0]));
	return suite_main(argc, argv, "e2e/test_completion", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
