/* The scripts that judge: each is given something bad, in a project of its own, and must say so. */
#include "tests/lib/suite.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char root[PATH_MAX];
static char dir[] = "/tmp/rehome-scripts-XXXXXX";
static char output[65536];

static int run(const char *command)
{
	FILE *f = popen(command, "r");
	size_t len = fread(output, 1, sizeof(output) - 1, f);

	output[len] = '\0';
	return WEXITSTATUS(pclose(f));
}

static void set_up(void)
{
	ck_assert_ptr_nonnull(getcwd(root, sizeof(root)));
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chdir(dir), 0);
	ck_assert_int_eq(run("mkdir -p scripts docs build tests/unit build/tests/unit sdl/core "
			     "callmanager && git init -q . 2>&1"),
			 0);
	ck_assert_int_eq(setenv("ROOT", root, 1), 0);
	ck_assert_int_eq(run("cp \"$ROOT\"/scripts/tidy \"$ROOT\"/scripts/run-tests scripts/ && "
			     "cp \"$ROOT\"/.clang-format ."),
			 0);
	ck_assert_int_eq(run("echo '- USR-05 A clause' >docs/clauses.md"), 0);
}

static void tear_down(void)
{
	char command[100];

	ck_assert_int_eq(chdir(root), 0);
	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	ck_assert_int_eq(run(command), 0);
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	ck_assert_int_eq(fclose(f), 0);
}

static void compile(const char *path)
{
	char command[500];

	snprintf(command, sizeof(command),
		 "mkdir -p build/obj/%.*s && cc -fPIC -O1 -c -o build/obj/%.*s.o %s 2>&1",
		 (int)(strrchr(path, '/') - path), path, (int)(strlen(path) - 2), path, path);
	ck_assert_msg(run(command) == 0, "%s", output);
}

static const struct {
	const char *path;
	const char *text;
	bool compiled;
	const char *rule;
	const char *offence;
} breaches[] = {
	{ "callmanager/a.h", "#include \"ctimanager/b.h\"\n", false, "includes point one way",
	  "callmanager/a.h:1: includes ctimanager/b.h" },
	{ "sdl/sdl.h", "#include \"callmanager/b.h\"\n", false, "includes point one way",
	  "sdl/sdl.h:1: includes callmanager/b.h" },
	{ "sdl/utils.h", "", false, "files are nouns of the field", "sdl/utils.h" },
	{ "tests/unit/other.c", "", false, "files are nouns of the field", "tests/unit/other.c" },
	{ "sdl/a.h",
	  "/* TO"
	  "DO */\n",
	  false, "nothing is left to do later", "sdl/a.h:1" },
	{ "tests/unit/test_a.c",
	  "void f(void)\n{\n\tsleep"
	  "(1);\n}\n",
	  false, "no test sleeps", "tests/unit/test_a.c:3" },
	{ "tests/unit/test_a.c",
	  "START"
	  "_TEST(abc)\n",
	  false, "every test case is run", "tests/unit/test_a.c:1: abc" },
	{ "tests/unit/test_a.c",
	  "START"
	  "_TEST(usr_05_usr_06_a)\nSUITE"
	  "_CASE(usr_05_usr_06_a)\n",
	  false, "clauses that are named exist", "tests/unit/test_a.c:1: USR-06" },
	{ "callmanager/a.c",
	  "static int on_a(void)\n{\n\treturn 0;\n}\n\nstatic const struct sdl_row {\n"
	  "\tint (*on)(void);\n} rows[] = { { on_a } };\n\nint f(void);\nint f(void)\n{\n"
	  "\treturn rows[0].on();\n}\n",
	  true, "the table of a process comes first", "callmanager/a.c:1: a handler before" },
	{ "callmanager/a.c", "int a;\n", false, "objects are there to be looked at",
	  "callmanager/a.c has no object" },
	{ "callmanager/a.c",
	  "long time(long *);\nlong f(void);\nlong f(void)\n{\n\treturn time(0);\n}\n", true,
	  "behaviour reaches no clock", "callmanager/a.c: calls time" },
	{ "sdl/core/a.c", "int f(void);\nint f(void)\n{\n\tstatic int n;\n\treturn n++;\n}\n", true,
	  "behaviour keeps no writable data", "is writable (.bss)" },
	{ "sdl/core/a.c", "const char *names[] = { \"a\" };\n", true,
	  "behaviour keeps no writable data", "names is writable (.data" },
	{ "scripts/a", "#!/bin/bash\nif true\n", false, "scripts are well-formed", "scripts/a" },
	{ "sdl/a.h", "int   a;\n", false, "sources are in the project's format", "sdl/a.h:1" },
};

#define BREACHES ((int)(sizeof(breaches) / sizeof(breaches[0])))

START_TEST(tidy_finds_each_breach_and_names_its_place)
{
	char failed[200];

	/* Formatting differs by version, so tidy checks it with one version only. */
	if (strstr(breaches[_i].rule, "format") &&
	    run("clang-format --version | grep -q 'version 14'") != 0)
		return;
	write_file(breaches[_i].path, breaches[_i].text);
	if (breaches[_i].compiled)
		compile(breaches[_i].path);
	ck_assert_int_eq(run("scripts/tidy 2>&1"), 1);
	snprintf(failed, sizeof(failed), "FAILED %s", breaches[_i].rule);
	ck_assert_msg(strstr(output, failed) && strstr(output, breaches[_i].offence), "%s", output);
	ck_assert_msg(strstr(output, ", 1 failed\n") != NULL, "%s", output);
}
END_TEST

START_TEST(tidy_lets_good_sources_pass)
{
	write_file("sdl/core/a.c", "const char *const names[] = { \"a\" };\n");
	compile("sdl/core/a.c");
	write_file("sdl/core/a.h", "#include \"common/base/hash.h\"\n");
	write_file("tests/unit/test_a.c", "");
	ck_assert_msg(run("scripts/tidy 2>&1") == 0, "%s", output);
	ck_assert_ptr_nonnull(strstr(output, " passed, 0 failed\n"));
}
END_TEST

/* A test program for run-tests, as a script that prints what it is told to. */
static void add_program(const char *name, const char *script)
{
	char path[200];
	char text[500];

	snprintf(path, sizeof(path), "tests/unit/%s.c", name);
	write_file(path, "");
	snprintf(path, sizeof(path), "build/tests/unit/%s", name);
	snprintf(text, sizeof(text), "#!/bin/bash\n%s\n", script);
	write_file(path, text);
	ck_assert_int_eq(chmod(path, 0755), 0);
}

START_TEST(run_tests_sums_what_the_programs_say)
{
	add_program("test_a", "echo 'unit/test_a: 3 passed, 0 failed'");
	add_program("test_b", "echo 'FAILED bad'; echo 'unit/test_b: 2 passed, 1 failed'; exit 1");
	ck_assert_int_eq(run("scripts/run-tests build test_a 2>&1"), 0);
	ck_assert_ptr_nonnull(strstr(output, "\n3 passed, 0 failed\n"));
	ck_assert_int_eq(run("scripts/run-tests build 2>&1"), 1);
	ck_assert_ptr_nonnull(strstr(output, "\nFAILED bad\n"));
	ck_assert_ptr_nonnull(strstr(output, "\n5 passed, 1 failed\n"));
}
END_TEST

START_TEST(run_tests_counts_a_program_that_breaks_off_as_a_failure)
{
	add_program("test_a", "echo 'passed one'; kill -SEGV $$");
	add_program("test_b", "echo 'unit/test_b: 1 passed, 0 failed'; exit 23");
	ck_assert_int_eq(run("scripts/run-tests build 2>&1"), 1);
	ck_assert_msg(strstr(output, "\n2 passed, 2 failed\n") != NULL, "%s", output);
}
END_TEST

START_TEST(run_tests_kills_a_program_that_hangs_and_its_children)
{
	add_program("test_a", "echo $$ >pid; sleep"
			      " 600 & echo $! >child; wait");
	ck_assert_int_eq(run("REHOME_TEST_TIMEOUT=1 scripts/run-tests build 2>&1"), 1);
	ck_assert_ptr_nonnull(strstr(output, "killed by the watchdog after 1 s"));
	ck_assert_ptr_nonnull(strstr(output, "\n0 passed, 1 failed\n"));
	/* Dead, or a zombie that its new parent has not fetched yet. */
	ck_assert_int_eq(
		run("timeout 10 bash -c 'for p in $(cat pid child); do while [ -e /proc/$p ] &&"
		    " ! grep -q \"^State:.Z\" /proc/$p/status; do :; done; done'"),
		0);
}
END_TEST

START_TEST(run_tests_without_any_program_is_an_error_of_use)
{
	ck_assert_int_eq(run("scripts/run-tests build 2>&1"), 2);
	ck_assert_int_eq(run("scripts/run-tests nowhere 2>&1"), 2);
}
END_TEST

/* A command of the machine that scripts/setup sees: nothing is in its PATH but these. */
static void add_command(const char *name, const char *script)
{
	char path[200];
	char text[500];

	snprintf(path, sizeof(path), "bin/%s", name);
	snprintf(text, sizeof(text), "#!/bin/bash\n%s\n", script);
	write_file(path, text);
	ck_assert_int_eq(chmod(path, 0755), 0);
}

static int set_up_machine(void)
{
	ck_assert_int_eq(run("cp \"$ROOT\"/scripts/setup scripts/ && mkdir -p bin && for c in head "
			     "tail env mktemp grep rm; do ln -sf \"$(command -v $c)\" bin/; done"),
			 0);
	return run("PATH=$PWD/bin scripts/setup --quiet 2>&1");
}

START_TEST(setup_lists_what_to_install_where_there_is_no_dpkg)
{
	ck_assert_int_eq(set_up_machine(), 1);
	ck_assert_ptr_nonnull(strstr(output, "this is not Debian"));
	ck_assert_ptr_nonnull(strstr(output, "docs/install.md"));
	ck_assert_ptr_nonnull(strstr(output, "\n  program protoc-c\n"));
	ck_assert_ptr_nonnull(strstr(output, "\n  library libzmq with its headers\n"));
}
END_TEST

START_TEST(setup_says_nothing_and_needs_no_root_when_nothing_is_missing)
{
	ck_assert_int_eq(run("mkdir bin"), 0);
	add_command("dpkg-query", "echo installed");
	add_command("apt-get", "exit 1");
	ck_assert_int_eq(set_up_machine(), 0);
	ck_assert_str_eq(output, "");
}
END_TEST

START_TEST(setup_without_root_says_what_root_has_to_type)
{
	ck_assert_int_eq(run("mkdir bin"), 0);
	add_command("dpkg-query", "[ ${!#} != check ] && echo installed");
	add_command("apt-get", "exit 1");
	add_command("id", "echo 1000");
	ck_assert_int_eq(set_up_machine(), 1);
	ck_assert_ptr_nonnull(strstr(output, "needs root; as root:\n"));
	ck_assert_ptr_nonnull(strstr(output, "apt-get install --no-install-recommends check\n"));
}
END_TEST

static const struct {
	const char *apt;
	const char *cause;
} failures[] = {
	{ "Err:1 http://deb.debian.org Temporary failure resolving 'deb.debian.org'",
	  "cannot be reached: is there a network" },
	{ "E: Could not get lock /var/lib/dpkg/lock", "another package manager is at work" },
	{ "E: Unable to locate package check", "this distribution lacks packages" },
	{ "E: something else", "apt-get failed" },
};

START_TEST(setup_tells_why_packages_cannot_be_installed)
{
	char script[200];

	ck_assert_int_eq(run("mkdir bin"), 0);
	snprintf(script, sizeof(script), "echo \"%s\" >&2; exit 100", failures[_i].apt);
	add_command("dpkg-query", "exit 1");
	add_command("apt-get", script);
	add_command("id", "echo 0");
	ck_assert_int_eq(set_up_machine(), 1);
	ck_assert_msg(strstr(output, failures[_i].apt) != NULL, "%s", output);
	ck_assert_msg(strstr(output, failures[_i].cause) != NULL, "%s", output);
	ck_assert_int_eq(run("scripts/setup --nonsense 2>&1"), 2);
}
END_TEST

int main(int argc, char **argv)
{
	struct suite_case cases[] = {
		SUITE_LOOP(tidy_finds_each_breach_and_names_its_place, 0, BREACHES),
		SUITE_CASE(tidy_lets_good_sources_pass),
		SUITE_CASE(run_tests_sums_what_the_programs_say),
		SUITE_CASE(run_tests_counts_a_program_that_breaks_off_as_a_failure),
		SUITE_CASE(run_tests_kills_a_program_that_hangs_and_its_children),
		SUITE_CASE(run_tests_without_any_program_is_an_error_of_use),
		SUITE_CASE(setup_lists_what_to_install_where_there_is_no_dpkg),
		SUITE_CASE(setup_says_nothing_and_needs_no_root_when_nothing_is_missing),
		SUITE_CASE(setup_without_root_says_what_root_has_to_type),
		SUITE_LOOP(setup_tells_why_packages_cannot_be_installed, 0,
			   sizeof(failures) / sizeof(failures[0])),
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cases[i].setup = set_up;
		cases[i].teardown = tear_down;
	}
	return suite_main(argc, argv, "e2e/test_scripts", cases, sizeof(cases) / sizeof(cases[0]));
}
