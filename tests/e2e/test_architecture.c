/* docs/architecture.md shows what happens: its ladders are those of a run on each host, and the files
 * that it sends its reader to are there. */
#include "tests/lib/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char output[1 << 16];

static void ladder(const char *option)
{
	char line[100];
	FILE *f;
	int status;

	snprintf(line, sizeof(line), "scripts/ladder %s 2>&1", option);
	f = popen(line, "r");
	ck_assert_ptr_nonnull(f);
	output[fread(output, 1, sizeof(output) - 1, f)] = '\0';
	status = pclose(f);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s:\n%s", line, output);
}

START_TEST(the_ladders_of_the_page_are_those_of_a_run)
{
	ladder("--check virtual");
}
END_TEST

START_TEST(the_real_host_has_the_same_ladders)
{
	ladder("--check real");
}
END_TEST

/* `folder/file.c`, as the walk names them. */
START_TEST(the_files_that_the_page_names_are_there)
{
	FILE *f = fopen("docs/architecture.md", "r");
	char *at, *end;
	int n = 0;

	ck_assert_ptr_nonnull(f);
	output[fread(output, 1, sizeof(output) - 1, f)] = '\0';
	ck_assert_int_ne(feof(f), 0);
	fclose(f);
	for (at = output; (at = strchr(at, '`')); at = end + 1) {
		end = strchr(at + 1, '`');
		ck_assert_ptr_nonnull(end);
		*end = '\0';
		if (!strpbrk(at + 1, " (*\n") && strchr(at + 1, '/')) {
			ck_assert_msg(access(at + 1, R_OK) == 0, "there is no %s", at + 1);
			n++;
		}
	}
	ck_assert_int_gt(n, 30);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(the_ladders_of_the_page_are_those_of_a_run),
		SUITE_CASE(the_real_host_has_the_same_ladders),
		SUITE_CASE(the_files_that_the_page_names_are_there),
	};

	return suite_main(argc, argv, "e2e/test_architecture", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
