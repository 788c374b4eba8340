/* Comma-separated values: what is read, what is refused, and that what is written is read again. */
#include "sim/admin/csv.h"
#include "tests/lib/suite.h"

#include <stdlib.h>
#include <string.h>

static struct csv csv;

static void reads(const char *text, size_t size)
{
	FILE *f = fmemopen((void *)(uintptr_t)text, size, "r");

	ck_assert_ptr_nonnull(f);
	csv_open(&csv, f);
}

static void done(void)
{
	fclose(csv.in);
	csv_close(&csv);
}

static void row_is(const char *joined, size_t line)
{
	const char *why = NULL;
	char all[400] = "";

	ck_assert_msg(csv_read(&csv, &why) == 1, "%s", why);
	for (size_t i = 0; i < csv.n; i++) {
		strcat(all, i ? "|" : "");
		strcat(all, csv.cells[i]);
	}
	ck_assert_str_eq(all, joined);
	ck_assert_uint_eq(csv.line, line);
}

START_TEST(rows_have_cells_in_quotes_or_not_and_ends_of_either_kind)
{
	static const char text[] = "\xef\xbb\xbf"
				   "\"name\",description\r\n"
				   "a,\"x, \"\"y\"\"\"\n"
				   "\n"
				   "b,\"two\nlines\"\r\n"
				   ",\n"
				   "c,";
	const char *why;

	reads(text, sizeof(text) - 1);
	row_is("name|description", 1);
	row_is("a|x, \"y\"", 2);
	row_is("b|two\nlines", 4);
	row_is("|", 6);
	row_is("c|", 7);
	ck_assert_int_eq(csv_read(&csv, &why), 0);
	done();
}
END_TEST

static const struct {
	const char *text, *why;
} bad[] = {
	{ "a\"b\n", "a quote stands in the middle" },
	{ "\"a\"b\n", "something behind the quote" },
	{ "\"a,b\n", "its quotes do not end" },
};

START_TEST(a_row_that_is_none_is_refused)
{
	const char *why = NULL;

	reads(bad[_i].text, strlen(bad[_i].text));
	ck_assert_int_eq(csv_read(&csv, &why), -1);
	ck_assert_ptr_nonnull(strstr(why, bad[_i].why));
	done();
}
END_TEST

START_TEST(too_much_and_zero_bytes_are_refused)
{
	static char text[CSV_ROW_MAX + 100];
	const char *why = NULL;

	memset(text, ',', 200);
	reads(text, 200);
	ck_assert_int_eq(csv_read(&csv, &why), -1);
	ck_assert_str_eq(why, "it has too many cells");
	done();
	memset(text, 'x', sizeof(text));
	reads(text, sizeof(text));
	ck_assert_int_eq(csv_read(&csv, &why), -1);
	ck_assert_str_eq(why, "it is longer than 1 MiB");
	done();
	reads("a\0b\n", 4);
	ck_assert_int_eq(csv_read(&csv, &why), -1);
	ck_assert_str_eq(why, "it has a zero byte");
	done();
}
END_TEST

START_TEST(what_is_written_is_read_again)
{
	const char *const cells[] = { "plain", "a,b", "say \"hello\"", "two\nlines", NULL, "\r" };
	char *text = NULL;
	const char *why;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	csv_write(f, cells, 6);
	fclose(f);
	reads(text, size);
	ck_assert_int_eq(csv_read(&csv, &why), 1);
	ck_assert_uint_eq(csv.n, 6);
	for (size_t i = 0; i < 6; i++)
		ck_assert_str_eq(csv.cells[i], cells[i] ? cells[i] : "");
	done();
	free(text);
}
END_TEST

int main(int argc, char **argv)
{
	struct suite_case cases[] = {
		SUITE_CASE(a_row_that_is_none_is_refused),
		SUITE_CASE(rows_have_cells_in_quotes_or_not_and_ends_of_either_kind),
		SUITE_CASE(too_much_and_zero_bytes_are_refused),
		SUITE_CASE(what_is_written_is_read_again),
	};

	cases[0].loop_to = (int)(sizeof(bad) / sizeof(bad[0]));
	return suite_main(argc, argv, "unit/test_csv", cases, sizeof(cases) / sizeof(cases[0]));
}
