/* suite: the runner that every test program shares.
 *
 * A test program is a file of Check cases and a main() of three lines:
 *
 *	int main(int argc, char **argv)
 *	{
 *		const struct suite_case cases[] = {
 *			SUITE_CASE(usr_05_a_wrong_password_is_refused),
 *		};
 *		return suite_main(argc, argv, "unit/test_login", cases,
 *				  sizeof(cases) / sizeof(cases[0]));
 *	}
 *
 * A case's name is a sentence. Clause ids in front of it (`usr_05_`, several in a row are allowed)
 * say which clauses it asserts. Each case runs in a process of its own unless CK_FORK=no is set.
 * There is no time limit per case: scripts/run-tests watches the whole program.
 *
 * Arguments: --list prints the names; any other word runs only the cases that contain it.
 * When REHOME_VERDICTS names a directory, one file per program is written there, a JSON object
 * a line: {"test":...,"case":...,"clauses":[...],"verdict":"passed"|"failed"}.
 */
#ifndef TESTS_LIB_SUITE_H
#define TESTS_LIB_SUITE_H

#include <check.h>
#include <stddef.h>

struct suite_case {
	const char *name;
	const TTest *test;
	void (*setup)(void);	/* checked fixture, inside the case's own process; may be NULL */
	void (*teardown)(void); /* may be NULL */
	int loop_from;		/* a loop case runs with _i = loop_from .. loop_to - 1 */
	int loop_to;		/* 0: not a loop */
	int signal;		/* the case passes if this signal ends it; 0: if it returns */
};

#define SUITE_CASE(t)                                                                              \
	{                                                                                          \
		.name = #t, .test = (t)                                                            \
	}
#define SUITE_CASE_WITH(t, up, down)                                                               \
	{                                                                                          \
		.name = #t, .test = (t), .setup = (up), .teardown = (down)                         \
	}
#define SUITE_SIGNAL(t, up, down, number)                                                          \
	{                                                                                          \
		.name = #t, .test = (t), .setup = (up), .teardown = (down), .signal = (number)     \
	}
#define SUITE_LOOP(t, from, to)                                                                    \
	{                                                                                          \
		.name = #t, .test = (t), .loop_from = (from), .loop_to = (to)                      \
	}

/* Runs the cases; last line printed is "<name>: N passed, N failed". Returns the exit status:
 * 0 all passed, 1 something failed, 2 usage. */
int suite_main(int argc, char **argv, const char *name, const struct suite_case *cases, size_t n);

/* The most clauses that one case may name. */
#define SUITE_CLAUSES_MAX 8

/* Writes the clause ids that `case_name` begins with ("usr_05_mgr_02_x" gives USR-05, MGR-02) and
 * returns how many there are. */
size_t suite_clauses(const char *case_name, char ids[SUITE_CLAUSES_MAX][8]);

#endif
