/* The README says what is so: its program and its scenario are the files that other tests compile
 * and run, its commands are verbs, its links lead somewhere, and every process table can be shown.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sdl/program.h"
#include "sim/harness/process_types.h"
#include "sim/harness/verb.h"
#include "tests/lib/suite.h"

static char *read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 1 << 20);

	ck_assert_msg(f != NULL, "%s cannot be read", path);
	ck_assert_uint_lt(fread(text, 1, (1 << 20) - 1, f), (1 << 20) - 1);
	fclose(f);
	return text;
}

/* The block behind `<!-- kind: FILE -->` is that file, to the letter. */
static void check_block(const char *kind)
{
	char *readme = read_file("README.md");
	char marker[64];
	char path[200] = "";
	char *at;
	char *end;
	char *file;

	snprintf(marker, sizeof marker, "<!-- %s: ", kind);
	at = strstr(readme, marker);
	ck_assert_msg(at != NULL, "README.md has no %s", marker);
	ck_assert_int_eq(sscanf(at + strlen(marker), "%199s", path), 1);
	at = strchr(strstr(at, "```"), '\n') + 1;
	end = strstr(at, "\n```");
	ck_assert_ptr_nonnull(end);
	end[1] = 0;
	file = read_file(path);
	ck_assert_msg(!strcmp(at, file), "README.md and %s differ", path);
	free(file);
	free(readme);
}

START_TEST(the_program_of_the_readme_is_the_one_that_is_compiled_and_run)
{
	char *program = read_file("docs/examples/answer.c");
	int lines = 0;

	check_block("program");
	for (const char *c = program; *c; c++)
		lines += *c == '\n';
	ck_assert_int_le(lines, 40);
	free(program);
}
END_TEST

START_TEST(the_scenario_of_the_readme_is_the_one_that_is_run)
{
	check_block("scenario");
}
END_TEST

START_TEST(the_commands_of_the_readme_are_verbs)
{
	char *readme = read_file("README.md");
	int n = 0;

	for (char *at = readme; (at = strstr(at, "build/rehome ")); n++) {
		char word[40] = "";

		at += strlen("build/rehome ");
		sscanf(at, "%39[a-z-]", word);
		if (*word && strncmp(word, "--", 2) && strcmp(word, "phone") && strcmp(word, "app"))
			ck_assert_msg(sim_verb(SIM_ON_CLUSTER, word) != NULL,
				      "README.md: rehome has no verb %s", word);
	}
	ck_assert_int_gt(n, 5);
	free(readme);
}
END_TEST

START_TEST(the_links_of_the_readme_lead_somewhere)
{
	char *readme = read_file("README.md");

	for (char *at = readme; (at = strstr(at, "](")); at++) {
		char path[200] = "";

		sscanf(at + 2, "%199[^)#]", path);
		if (*path && !strstr(path, "://"))
			ck_assert_msg(access(path, R_OK) == 0, "README.md: there is no %s", path);
	}
	free(readme);
}
END_TEST

START_TEST(all_tables_of_all_programs_are_sound)
{
	static const uint16_t apps[] = { SDL_APP_CALLMANAGER, SDL_APP_CTIMANAGER, SDL_APP_PHONES,
					 SDL_APP_CTI };
	char why[256];

	for (size_t a = 0; a < sizeof apps / sizeof *apps; a++) {
		const struct sdl_type *types[64];
		uint8_t n = 0;

		for (unsigned number = 1; number < 256 && n < 64; number++)
			if ((types[n] = sim_type_of(NULL, apps[a], (uint8_t)number)))
				n++;
		ck_assert_uint_gt(n, 3);
		ck_assert_msg(!sdl_program_check(types, n, why, sizeof why), "%s", why);
	}
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(the_program_of_the_readme_is_the_one_that_is_compiled_and_run),
		SUITE_CASE(the_scenario_of_the_readme_is_the_one_that_is_run),
		SUITE_CASE(the_commands_of_the_readme_are_verbs),
		SUITE_CASE(the_links_of_the_readme_lead_somewhere),
		SUITE_CASE(all_tables_of_all_programs_are_sound),
	};

	return suite_main(argc, argv, "e2e/test_readme", cases, sizeof cases / sizeof *cases);
}
