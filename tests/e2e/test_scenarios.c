/* All scenarios on both hosts. On the real one most of their time is waiting, so several run beside
 * each other, each with a cluster of its own. */
#include "tests/lib/suite.h"

#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RUNS = 4, LINE_SIZE = 1 << 14 };

/* Run directories and reports. */
static char place[] = "/tmp/rehome-scenarios-XXXXXX";
static char rehome[1024];
static char lines[RUNS][LINE_SIZE];
static char output[1 << 18];
static size_t found;

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static void set_up(void)
{
	const char *build = getenv("REHOME_BUILD");

	ck_assert_ptr_nonnull(realpath(build ? build : "build", rehome));
	strcat(rehome, "/rehome");
	ck_assert_msg(access(rehome, X_OK) == 0, "%s is not there", rehome);
	ck_assert_ptr_nonnull(mkdtemp(place));
	setenv("XDG_RUNTIME_DIR", place, 1);
}

static void tear_down(void)
{
	nftw(place, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Reads what a run says to its end; true if it passed. */
static bool passes(FILE *f)
{
	size_t n = fread(output, 1, sizeof(output) - 1, f);

	output[n] = '\0';
	while (fgetc(f) != EOF)
		;
	return pclose(f) == 0;
}

/* Deals the scenarios out to the runs like cards. */
static int deal(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	size_t len = strlen(path);
	char *line = lines[found % RUNS];

	(void)st;
	(void)ftw;
	if (kind != FTW_F || len < 4 || strcmp(path + len - 4, ".lua") != 0)
		return 0;
	ck_assert_uint_lt(strlen(line) + len + 2, LINE_SIZE - 200);
	strcat(line, " ");
	strcat(line, path);
	found++;
	return 0;
}

START_TEST(scenarios_pass_on_the_virtual_host)
{
	char line[2400];

	snprintf(line, sizeof(line), "%s run sim/scenarios --host=virtual --report %s/r 2>&1",
		 rehome, place);
	ck_assert_msg(passes(popen(line, "re")), "%s", output);
	ck_assert_msg(strstr(output, " 0 failed, 0 unknown") != NULL, "%s", output);
}
END_TEST

START_TEST(scenarios_pass_on_the_real_host_the_long_timers_five_times_as_fast)
{
	FILE *runs[RUNS];
	bool all = true;

	for (size_t i = 0; i < RUNS; i++)
		snprintf(lines[i], LINE_SIZE, "%s run", rehome);
	ck_assert_int_eq(nftw("sim/scenarios", deal, 16, FTW_PHYS), 0);
	ck_assert_uint_ge(found, RUNS);
	for (size_t i = 0; i < RUNS; i++) {
		snprintf(lines[i] + strlen(lines[i]), LINE_SIZE - strlen(lines[i]),
			 " --host=real --speed 5 --report %s/r --junit %s/%zu.xml 2>&1", place,
			 place, i);
		runs[i] = popen(lines[i], "re");
		ck_assert_ptr_nonnull(runs[i]);
	}
	for (size_t i = 0; i < RUNS; i++)
		if (!passes(runs[i])) {
			puts(output);
			fflush(stdout);
			all = false;
		}
	ck_assert_msg(all, "see above");
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(scenarios_pass_on_the_virtual_host, set_up, tear_down),
		SUITE_CASE_WITH(scenarios_pass_on_the_real_host_the_long_timers_five_times_as_fast,
				set_up, tear_down),
	};

	return suite_main(argc, argv, "e2e/test_scenarios", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
