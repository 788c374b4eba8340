/* The language of dial patterns, and the trie; and that the database takes just what they can read. */
#include "callmanager/dial_pattern.h"
#include "common/base/prng.h"
#include "common/db/db.h"
#include "tests/lib/suite.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

struct found {
	const char *what[8];
	unsigned looseness[8];
	size_t n;
};

static void match(void *arg, void *what, unsigned looseness)
{
	struct found *f = arg;

	ck_assert_uint_lt(f->n, 8);
	f->what[f->n] = what;
	f->looseness[f->n++] = looseness;
}

static bool counts(void *arg, void *what)
{
	(void)arg;
	return strcmp(what, "hidden") != 0;
}

static bool find(const struct cm_trie *t, const char *digits, struct found *f)
{
	const struct cm_trie_walk walk = { match, counts, f };

	*f = (struct found){ .n = 0 };
	return cm_trie_find(t, digits, &walk);
}

static bool matches(const char *pattern, const char *digits)
{
	struct cm_trie t = { NULL };
	struct found f;

	ck_assert_msg(cm_trie_add(&t, pattern, (void *)pattern), "%s", pattern);
	find(&t, digits, &f);
	cm_trie_free(&t);
	return f.n == 1;
}

START_TEST(a_pattern_matches_what_it_says)
{
	ck_assert(matches("1X3", "103"));
	ck_assert(!matches("1X3", "1*3"));
	ck_assert(!matches("1X3", "1033"));
	ck_assert(!matches("1X3", "10"));
	ck_assert(matches("9.1XX", "9123"));
	ck_assert(matches("[2-46]0", "30"));
	ck_assert(matches("[2-46]0", "60"));
	ck_assert(!matches("[2-46]0", "50"));
	ck_assert(matches("[^2-4]0", "50"));
	ck_assert(!matches("[^2-4]0", "30"));
	ck_assert(!matches("[^2-4]0", "*0"));
	ck_assert(matches("[*#]1", "#1"));
	ck_assert(matches("8!", "81"));
	ck_assert(matches("8!", "8123456789"));
	ck_assert(!matches("8!", "8"));
	ck_assert(!matches("8!", "81#"));
	ck_assert(matches("8!#", "81#"));
	ck_assert(!matches("8!#", "81"));
	ck_assert(matches("\\+49!", "+491"));
	ck_assert(matches("A*", "A*"));
}
END_TEST

START_TEST(the_trie_says_which_may_match_with_more_digits_and_how_loosely_each_matches)
{
	struct cm_trie t = { NULL };
	struct found f;

	ck_assert(!cm_trie_add(&t, "1[", "no pattern"));
	ck_assert(cm_trie_add(&t, "1XX", "a"));
	ck_assert(cm_trie_add(&t, "12X", "b"));
	ck_assert(cm_trie_add(&t, "1!", "c"));
	ck_assert(cm_trie_add(&t, "5X", "hidden"));
	ck_assert(find(&t, "123", &f)); /* 1! goes on */
	ck_assert_uint_eq(f.n, 3);
	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < 3; k++)
			if (strcmp(f.what[i], f.what[k]) < 0 && f.what[k][0] != 'c')
				ck_assert_uint_gt(f.looseness[i], f.looseness[k]);
	ck_assert(find(&t, "1", &f));
	ck_assert_uint_eq(f.n, 0);
	ck_assert(!find(&t, "5", &f)); /* only what does not count */
	ck_assert(!find(&t, "7", &f));
	ck_assert(!find(&t, "1*", &f));
	cm_trie_free(&t);
}
END_TEST

START_TEST(a_mask_keeps_digits_from_the_right)
{
	static const struct {
		const char *mask, *digits, *out;
	} masks[] = {
		{ "XXXX", "91234", "1234" }, { "5XXX", "1234", "5234" },
		{ "1001", "77", "1001" },    { "55XXXX", "1000", "551000" },
		{ "XXXX", "12", "12" },	     { "XX", "", "" },
	};
	char out[8];

	for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
		ck_assert(cm_pattern_mask(out, sizeof out, masks[i].mask, masks[i].digits));
		ck_assert_str_eq(out, masks[i].out);
	}
	ck_assert(!cm_pattern_mask(out, sizeof out, "12345678", "1"));
	ck_assert_uint_eq(cm_pattern_predot("9.1XX"), 1);
	ck_assert_uint_eq(cm_pattern_predot("[1-3]0.!"), 2);
	ck_assert_uint_eq(cm_pattern_predot("1XX"), 0);
}
END_TEST

/* Patterns made of what patterns are made of, right ones and wrong ones. */
START_TEST(the_database_takes_just_the_patterns_that_can_be_read)
{
	static const char parts[] = "0135X!.[]^-*#\\+A[1-3][^2]";
	struct prng dice;
	struct db_error err = { 0 };
	struct db *db;
	unsigned taken = 0;

	ck_assert_int_eq(db_memory(&db, &err), 0);
	prng_key(&dice, 7, "test", "patterns");
	for (int i = 0; i < 6000; i++) {
		char text[12];
		size_t n = 1 + prng_below(&dice, 10);
		struct cm_pattern p;
		bool reads, takes;

		for (size_t k = 0; k < n; k++)
			text[k] = parts[prng_below(&dice, sizeof parts - 1)];
		text[n] = '\0';
		const struct db_pattern_spec spec = { .pattern = text, .usage = DB_USAGE_ROUTE };

		reads = cm_pattern_parse(&p, text);
		takes = db_add_pattern(db, &spec, &err) == 0 || !strcmp(err.key, "RH_NUMBER_TWICE");
		ck_assert_msg(reads == takes, "%s is %sread, but %staken (%s)", text,
			      reads ? "" : "not ", takes ? "" : "not ", err.text);
		taken += takes;
	}
	ck_assert_uint_gt(taken, 500);
	db_close(&db);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(a_pattern_matches_what_it_says),
		SUITE_CASE(
			the_trie_says_which_may_match_with_more_digits_and_how_loosely_each_matches),
		SUITE_CASE(a_mask_keeps_digits_from_the_right),
		SUITE_CASE(the_database_takes_just_the_patterns_that_can_be_read),
	};

	return suite_main(argc, argv, "unit/test_dial_pattern", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
