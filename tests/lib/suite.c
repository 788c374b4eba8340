#include "tests/lib/suite.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

size_t suite_clauses(const char *case_name, char ids[SUITE_CLAUSES_MAX][8])
{
	const char *s = case_name;
	size_t n = 0;

	while (n < SUITE_CLAUSES_MAX && islower((unsigned char)s[0]) &&
	       islower((unsigned char)s[1]) && islower((unsigned char)s[2]) && s[3] == '_' &&
	       isdigit((unsigned char)s[4]) && isdigit((unsigned char)s[5]) && s[6] == '_') {
		for (int i = 0; i < 3; i++)
			ids[n][i] = (char)toupper((unsigned char)s[i]);
		ids[n][3] = '-';
		ids[n][4] = s[4];
		ids[n][5] = s[5];
		ids[n][6] = '\0';
		n++;
		s += 7;
	}
	return n;
}

static FILE *open_verdicts(const char *name)
{
	const char *dir = getenv("REHOME_VERDICTS");
	char path[4096];
	FILE *f;

	if (!dir || !*dir)
		return NULL;
	int len = snprintf(path, sizeof(path), "%s/%s.jsonl", dir, name);
	if (len < 0 || (size_t)len >= sizeof(path)) {
		fprintf(stderr, "%s: REHOME_VERDICTS is too long\n", name);
		exit(2);
	}
	for (char *s = path + strlen(dir) + 1; *s; s++)
		if (*s == '/')
			*s = '-';
	f = fopen(path, "w");
	if (!f) {
		fprintf(stderr, "%s: cannot write verdicts to %s: %s\n", name, path,
			strerror(errno));
		exit(2);
	}
	return f;
}

static void write_verdict(FILE *f, const char *name, const char *case_name, bool passed)
{
	char ids[SUITE_CLAUSES_MAX][8];
	size_t n;

	if (!f)
		return;
	n = suite_clauses(case_name, ids);
	fprintf(f, "{\"test\":\"%s\",\"case\":\"%s\",\"clauses\":[", name, case_name);
	for (size_t i = 0; i < n; i++)
		fprintf(f, "%s\"%s\"", i ? "," : "", ids[i]);
	fprintf(f, "],\"verdict\":\"%s\"}\n", passed ? "passed" : "failed");
	fflush(f);
}

#ifdef REHOME_COVERAGE
extern void __gcov_dump(void);

/* What a case that is to abort has reached would not be counted else. */
static void count_before_abort(int number)
{
	(void)number;
	__gcov_dump();
}
#endif

/* Check gives each case a process group of its own, which a kill of the runner's would miss. */
static void die_with_runner(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#ifdef REHOME_COVERAGE
	signal(SIGABRT, count_before_abort);
#endif
}

static SRunner *runner_of(const char *name, const struct suite_case *c)
{
	Suite *suite = suite_create(name);
	TCase *tcase = tcase_create(c->name);
	SRunner *runner;

	tcase_set_timeout(tcase, 0);
	if (c->loop_to > c->loop_from)
		tcase_add_loop_test(tcase, c->test, c->loop_from, c->loop_to);
	else if (c->signal)
		tcase_add_test_raise_signal(tcase, c->test, c->signal);
	else
		tcase_add_test(tcase, c->test);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	if (srunner_fork_status(runner) == CK_FORK)
		tcase_add_checked_fixture(tcase, die_with_runner, NULL);
	if (c->setup || c->teardown)
		tcase_add_checked_fixture(tcase, c->setup, c->teardown);
	return runner;
}

/* One Check runner per case, so that each result is on the screen before the next case starts. */
static bool run_case(const char *name, const struct suite_case *c)
{
	SRunner *runner = runner_of(name, c);
	int failed;
	TestResult **results;

	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	printf("%s %s\n", failed ? "FAILED" : "passed", c->name);
	results = srunner_failures(runner);
	for (int i = 0; i < failed; i++)
		printf("\t%s:%d: %s\n", tr_lfile(results[i]), tr_lno(results[i]),
		       tr_msg(results[i]));
	free(results);
	fflush(stdout);
	srunner_free(runner);
	return failed == 0;
}

static bool wanted(const char *case_name, int argc, char **argv)
{
	if (argc < 2)
		return true;
	for (int i = 1; i < argc; i++)
		if (strstr(case_name, argv[i]))
			return true;
	return false;
}

int suite_main(int argc, char **argv, const char *name, const struct suite_case *cases, size_t n)
{
	unsigned passed = 0;
	unsigned failed = 0;
	FILE *verdicts;

	if (argc == 2 && strcmp(argv[1], "--list") == 0) {
		for (size_t i = 0; i < n; i++)
			puts(cases[i].name);
		return 0;
	}
	if (argc > 1 && argv[1][0] == '-') {
		fprintf(stderr, "usage: %s [--list | WORD...]\n", argv[0]);
		return 2;
	}
	verdicts = open_verdicts(name);
	for (size_t i = 0; i < n; i++) {
		bool ok;

		if (!wanted(cases[i].name, argc, argv))
			continue;
		ok = run_case(name, &cases[i]);
		write_verdict(verdicts, name, cases[i].name, ok);
		if (ok)
			passed++;
		else
			failed++;
	}
	if (verdicts)
		fclose(verdicts);
	printf("%s: %u passed, %u failed\n", name, passed, failed);
	if (passed + failed == 0) {
		fprintf(stderr, "%s: no case has such a name; see --list\n", name);
		return 2;
	}
	return failed ? 1 : 0;
}
