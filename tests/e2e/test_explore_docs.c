/* The commands of docs/explore.md that spread seeds over machines, as they stand there, but with
 * few seeds: each does its share, and the files together have every seed once. */
#include "tests/lib/suite.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SEEDS "1..16"

static char place[] = "/tmp/rehome-docs-XXXXXX";
static char root[PATH_MAX];
static char document[1 << 16];

__attribute__((format(printf, 1, 2))) static int shell(const char *format, ...)
{
	char line[4000];
	va_list ap;
	int status;

	va_start(ap, format);
	vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	status = system(line);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A directory of its own, with the program on the path. */
static void set_up(void)
{
	const char *build = getenv("REHOME_BUILD");
	char path[PATH_MAX], search[PATH_MAX * 2];
	FILE *f = fopen("docs/explore.md", "re");

	ck_assert_ptr_nonnull(f);
	memset(document, 0, sizeof(document));
	ck_assert_uint_lt(fread(document, 1, sizeof(document) - 1, f), sizeof(document) - 1);
	fclose(f);
	ck_assert_ptr_nonnull(getcwd(root, sizeof(root)));
	ck_assert_ptr_nonnull(realpath(build ? build : "build", path));
	snprintf(search, sizeof(search), "%s:%s", path, getenv("PATH"));
	setenv("PATH", search, 1);
	setenv("REHOME_COMMIT", "docs", 1);
	ck_assert_ptr_nonnull(mkdtemp(place));
	ck_assert_int_eq(chdir(place), 0);
}

static void tear_down(void)
{
	ck_assert_int_eq(chdir(root), 0);
	ck_assert_int_eq(shell("rm -rf '%s'", place), 0);
	snprintf(place, sizeof(place), "/tmp/rehome-docs-XXXXXX");
}

/* The line of the document that begins with that, from there on, with few seeds. */
static char *command(const char *begins)
{
	static char line[1000];
	const char *at = strstr(document, begins);
	const char *seeds, *end;

	ck_assert_msg(at != NULL, "docs/explore.md has no '%s'", begins);
	end = strchr(at, '\n');
	seeds = strstr(at, "--seeds ");
	ck_assert(seeds && seeds < end);
	seeds += strlen("--seeds ");
	snprintf(line, sizeof(line), "%.*s" SEEDS "%.*s", (int)(seeds - at), at,
		 (int)(end - seeds - (long)strcspn(seeds, " ")), seeds + strcspn(seeds, " "));
	return line;
}

/* All files together have 16 seeds, none twice, and all passed. */
static void merged(void)
{
	ck_assert_int_eq(
		shell("test $(cat results-*.jsonl | grep -c '\"verdict\":\"passed\"') = 16"), 0);
	ck_assert_int_eq(shell("test $(grep -ho '\"seed\":\"[0-9]*\"' results-*.jsonl | sort -u | "
			       "grep -c .) = 16"),
			 0);
}

START_TEST(gnu_parallel_spreads_the_seeds_over_processes)
{
	const char *line = command("parallel -j8 ");

	ck_assert_msg(shell("command -v parallel >/dev/null") == 0,
		      "there is no GNU parallel: run scripts/setup");
	ck_assert_int_eq(shell("%s >/dev/null 2>&1", line), 0);
	merged();
}
END_TEST

START_TEST(a_task_of_a_job_array_does_its_share_and_goes_on_where_it_ended)
{
	char *line = command("rehome explore --seeds 1..1000000");

	/* The last one is the first, submitted again. */
	for (int task = 1; task <= 17; task++)
		ck_assert_int_eq(shell("SLURM_ARRAY_TASK_ID=%d; %s >/dev/null 2>&1",
				       task <= 16 ? task : 1, line),
				 0);
	merged();
}
END_TEST

START_TEST(the_shards_of_a_ci_matrix_are_all_seeds)
{
	static const char matrix[] = "${{ matrix.shard }}";
	const char *line = command("rehome explore --seeds 1..100000 --shard ${{");
	char shell_line[1000];
	size_t n = 0;

	for (const char *c = line; *c && n < sizeof(shell_line) - 10;)
		if (!strncmp(c, matrix, sizeof(matrix) - 1)) {
			n += (size_t)snprintf(shell_line + n, sizeof(shell_line) - n, "$shard");
			c += sizeof(matrix) - 1;
		} else {
			shell_line[n++] = *c++;
		}
	shell_line[n] = '\0';
	for (int shard = 1; shard <= 4; shard++)
		ck_assert_int_eq(shell("shard=%d; %s >/dev/null 2>&1", shard, shell_line), 0);
	merged();
}
END_TEST

START_TEST(results_name_the_commit_of_the_program_wherever_it_is_run)
{
	/* A tree without git, such as a tarball, has a version alone. */
	unsetenv("REHOME_COMMIT");
	ck_assert_int_eq(
		shell("git init -q . && git -c user.name=a -c user.email=a@b.example commit "
		      "-q --allow-empty -m other"),
		0);
	ck_assert_int_eq(shell("rehome explore --seeds 1..1 --out one.jsonl >/dev/null 2>&1"), 0);
	ck_assert_int_eq(
		shell("said=$(git -C '%s' rev-parse --short=12 HEAD 2>/dev/null) || said=v; "
		      "grep -q '\"commit\":\"'\"$said\" one.jsonl",
		      root),
		0);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(gnu_parallel_spreads_the_seeds_over_processes, set_up, tear_down),
		SUITE_CASE_WITH(a_task_of_a_job_array_does_its_share_and_goes_on_where_it_ended,
				set_up, tear_down),
		SUITE_CASE_WITH(the_shards_of_a_ci_matrix_are_all_seeds, set_up, tear_down),
		SUITE_CASE_WITH(results_name_the_commit_of_the_program_wherever_it_is_run, set_up,
				tear_down),
	};

	return suite_main(argc, argv, "e2e/test_explore_docs", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
