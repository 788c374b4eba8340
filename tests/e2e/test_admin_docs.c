/* The session of docs/administration.md, as it stands there: each command says what the page says. */
#include "tests/lib/rehome.h"
#include "tests/lib/suite.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char root[PATH_MAX];
static char page[1 << 16];

static void set_up(void)
{
	const char *build = getenv("REHOME_BUILD");
	static char full[PATH_MAX], path[PATH_MAX * 2];
	FILE *f = fopen("docs/administration.md", "re");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_lt(fread(page, 1, sizeof(page) - 1, f), sizeof(page) - 1);
	fclose(f);
	rehome_set_up();
	ck_assert_ptr_nonnull(realpath(build ? build : "build", full));
	snprintf(path, sizeof(path), "%s:%s", full, getenv("PATH"));
	setenv("PATH", path, 1);
	ck_assert_ptr_nonnull(getcwd(root, sizeof(root)));
	ck_assert_int_eq(chdir(rehome_place), 0);
}

static void tear_down(void)
{
	ck_assert_int_eq(chdir(root), 0);
	rehome_tear_down();
}

/* The output of a line of the page, both streams. */
static void run(const char *command)
{
	char file[200], line[2000];
	FILE *f;

	snprintf(file, sizeof(file), "%s/command", rehome_place);
	f = fopen(file, "we");
	ck_assert_ptr_nonnull(f);
	fprintf(f, "%s\n", command);
	fclose(f);
	snprintf(line, sizeof(line), "bash %s 2>&1", file);
	f = popen(line, "r");
	ck_assert_ptr_nonnull(f);
	rehome_output[fread(rehome_output, 1, 1 << 19, f)] = '\0';
	pclose(f);
}

/* Line by line; one that ends in dots only begins so. */
static void same(const char *command, const char *wanted)
{
	const char *got = rehome_output;

	while (*wanted || *got) {
		size_t w = strcspn(wanted, "\n"), g = strcspn(got, "\n");
		bool dots = w >= 3 && !strncmp(wanted + w - 3, "...", 3);

		ck_assert_msg(dots ? !strncmp(wanted, got, w - 3)
				   : w == g && !strncmp(wanted, got, w),
			      "%s\nthe page says: %.*s\nit says: %s", command, (int)w, wanted,
			      rehome_output);
		wanted += w + (wanted[w] == '\n');
		got += g + (got[g] == '\n');
	}
}

START_TEST(chk_02_chk_05_chk_07_chk_09_the_session_of_the_page_is_what_happens)
{
	static char wanted[1 << 14];
	char command[1000] = "";
	bool inside = false;
	int n = 0;

	for (char *save, *line = strtok_r(page, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		const bool fence = !strncmp(line, "```", 3);

		if (*command && inside && (fence || !strncmp(line, "$ ", 2))) {
			run(command);
			same(command, wanted);
			command[0] = wanted[0] = '\0';
			n++;
		}
		if (fence)
			inside = !strcmp(line, "```console");
		else if (inside && !strncmp(line, "$ ", 2))
			snprintf(command, sizeof(command), "%s", line + 2);
		else if (inside)
			snprintf(wanted + strlen(wanted), sizeof(wanted) - strlen(wanted), "%s\n",
				 line);
	}
	ck_assert_int_gt(n, 25);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(chk_02_chk_05_chk_07_chk_09_the_session_of_the_page_is_what_happens,
				set_up, tear_down),
	};

	return suite_main(argc, argv, "e2e/test_admin_docs", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
