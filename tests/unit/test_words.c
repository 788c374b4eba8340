/* A typed line as words, and what may come next. */
#include "sim/shell/words.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/shell/shell.h"

static void reads(const char *line, size_t n, const char *joined)
{
	struct shell_words words;
	const char *why = "";
	char *text;

	ck_assert_msg(shell_words_read(&words, line, &why) == 0, "%s: %s", line, why);
	ck_assert_uint_eq(words.n, n);
	ck_assert_ptr_null(words.word[n]);
	text = shell_words_join(&words, 0);
	ck_assert_str_eq(text, joined);
	free(text);
	shell_words_free(&words);
}

START_TEST(blanks_part_words_and_quotes_keep_them)
{
	reads("", 0, "");
	reads("  \t ", 0, "");
	reads("utils service list", 3, "utils service list");
	reads(" show  perf query class \"Cisco CTI Manager\" ", 5,
	      "show perf query class Cisco CTI Manager");
	reads("a'b c'd \"\" 'it''s'", 3, "ab cd  its");
}
END_TEST

START_TEST(a_line_that_does_not_end_or_never_ends_is_refused)
{
	struct shell_words words;
	const char *why = NULL;
	char line[300] = "";

	ck_assert_int_eq(shell_words_read(&words, "say \"hello", &why), -1);
	ck_assert_str_eq(why, "a quote is not closed");
	shell_words_free(&words);
	for (int i = 0; i < SHELL_WORDS_MAX; i++)
		strcat(line, "a ");
	reads(line, SHELL_WORDS_MAX,
	      "a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a "
	      "a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a "
	      "a a");
	strcat(line, "b");
	ck_assert_int_eq(shell_words_read(&words, line, &why), -1);
	shell_words_free(&words);
}
END_TEST

START_TEST(a_phrase_is_begun_or_not)
{
	struct shell_words words;
	const char *why;

	ck_assert_int_eq(shell_words_read(&words, "Utils SERVICE list page", &why), 0);
	ck_assert_uint_eq(shell_words_begin(&words, "utils service list"), 3);
	ck_assert_uint_eq(shell_words_begin(&words, "utils service listing"), 0);
	ck_assert_uint_eq(shell_words_begin(&words, "utils service list page two"), 4);
	ck_assert_uint_eq(shell_phrase_length("utils service list"), 3);
	ck_assert_uint_eq(shell_phrase_length(""), 0);
	shell_words_free(&words);
}
END_TEST

/* ---- completion without a cluster: what the tables alone say ------------------------------- */

static char told[8192];

static void note(void *arg, const char *word)
{
	char mark[100];

	(void)arg;
	snprintf(mark, sizeof(mark), "|%s|", word);
	ck_assert_msg(!strstr(told, mark), "%s comes twice", word);
	strcat(strcat(told, word), "|");
}

static void look(const char *line, const char *begin)
{
	struct shell shell = { .cluster = "no-such-cluster" };

	strcpy(told, "|");
	shell_candidates(&shell, line, begin, note, NULL);
}

static void offers(const char *line, const char *begin, const char *word)
{
	char mark[100];

	look(line, begin);
	snprintf(mark, sizeof(mark), "|%s|", word);
	ck_assert_msg(strstr(told, mark) != NULL, "'%s' offers %s", line, told);
}

START_TEST(what_may_come_next_is_offered)
{
	offers("", "", "utils");
	offers("", "", "run");
	offers("", "fr", "freeze");
	offers("", "ph", "phone");
	offers("utils ", "", "service");
	offers("UTILS Service", "RE", "restart");
	offers("utils service restart", "", "Cisco");
	offers("utils service restart Cisco", "c", "CTIManager");
	offers("show risdb query", "", "ctimlist");
	offers("show risdb query phone", "", "cti");
	offers("show perf query class", "\"C", "\"Cisco");
	offers("show perf query class \"Cisco", "", "CTI");
	offers("show perf query class \"Cisco CTI", "", "Manager\"");
	offers("run", "sq", "sql");
	offers("kill ccm1", "", "ctimanager");
	offers("cut ccm1 ccm2", "--", "--one-way");
	offers("run --host", "v", "virtual");
	offers("phone SEP000000000001", "", "answer");
	offers("app ivr open CTIP_6001", "--m", "--media");
	offers("admin add", "dev", "devicepool");
	look("utils service start Cisco CTIManager", "");
	ck_assert_str_eq(told, "|");
	look("utils service", "zz");
	ck_assert_str_eq(told, "|");
	look("nonsense", "");
	ck_assert_str_eq(told, "|");
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(blanks_part_words_and_quotes_keep_them),
		SUITE_CASE(a_line_that_does_not_end_or_never_ends_is_refused),
		SUITE_CASE(a_phrase_is_begun_or_not),
		SUITE_CASE(what_may_come_next_is_offered),
	};

	return suite_main(argc, argv, "unit/test_words", cases, sizeof(cases) / sizeof(cases[0]));
}
