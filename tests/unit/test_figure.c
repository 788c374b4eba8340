#include "sim/bench/figure.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/bench/bench.h"
#include "tests/lib/suite.h"

static struct bench_samples samples(double a, double b, double c)
{
	return (struct bench_samples){ .values = { a, b, c }, .n = 3 };
}

/* One figure of each kind; the machine of the yardsticks is so many times as fast. */
static void fill(struct bench_report *r, double machine)
{
	struct bench_samples high = samples(1000 * machine, 1020 * machine, 990 * machine);
	struct bench_samples low = samples(5 / machine, 5.1 / machine, 4.9 / machine);
	struct bench_samples wide = samples(10, 20, 15);

	memset(r, 0, sizeof(*r));
	bench_yardstick(bench_figure(r, "rate", "calls/s", BENCH_HIGHER, &high), "bare", &high);
	bench_yardstick(bench_figure(r, "cost", "us", BENCH_LOWER, &low), "bare", &low);
	bench_aim(bench_figure(r, "alone", "B", BENCH_LOWER, &wide), "2 048");
}

static char *compared(const struct bench_report *before, const struct bench_report *now,
		      size_t *worse)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	*worse = bench_compare(before, now, f);
	fclose(f);
	return text;
}

START_TEST(a_figure_is_the_median_of_its_samples)
{
	struct bench_report r;
	struct bench_samples odd = samples(9, 1, 5), none = { 0 };
	struct bench_samples even = { .values = { 4, 1, 2, 100 }, .n = 4 };

	fill(&r, 1);
	ck_assert_double_eq(bench_median(&odd), 5);
	ck_assert_double_eq(bench_median(&even), 3);
	ck_assert_double_eq(bench_median(&none), 0);
	ck_assert_double_eq(r.figures[2].value.min, 10);
	ck_assert_double_eq(r.figures[2].value.max, 20);
	for (int i = 0; i < 2 * BENCH_SAMPLES_MAX; i++)
		bench_sample(&none, i);
	ck_assert_uint_eq(none.n, BENCH_SAMPLES_MAX);
}
END_TEST

START_TEST(a_ratio_above_one_is_better_whichever_way_a_figure_counts)
{
	struct bench_report r = { 0 };
	struct bench_samples two = samples(2, 2, 2), four = samples(4, 4, 4);
	struct bench_figure *f = bench_figure(&r, "rate", "1/s", BENCH_HIGHER, &four);

	ck_assert_double_eq(bench_ratio(f), 0);
	bench_yardstick(f, "bare", &two);
	ck_assert_double_eq(bench_ratio(f), 2);
	f = bench_figure(&r, "cost", "us", BENCH_LOWER, &four);
	bench_yardstick(f, "bare", &two);
	ck_assert_double_eq(bench_ratio(f), 0.5);
}
END_TEST

START_TEST(the_table_shows_each_figure_beside_its_yardstick_and_how_far_samples_lie_apart)
{
	struct bench_report r;
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	fill(&r, 1);
	bench_print(&r, f);
	fclose(f);
	ck_assert_ptr_nonnull(strstr(text, "rate    1 000"));
	ck_assert_ptr_nonnull(strstr(text, "bare"));
	ck_assert_ptr_nonnull(strstr(text, "15.0 (10.0 - 20.0)"));
	ck_assert_ptr_nonnull(strstr(text, "2 048"));
	ck_assert_ptr_null(strstr(text, "1 000 ("));
	free(text);
}
END_TEST

START_TEST(figures_are_read_as_they_were_written)
{
	struct bench_report r, again;
	struct sim_error err;
	char path[] = "/tmp/rehome-test-figure-XXXXXX";
	int fd = mkstemp(path);
	FILE *f = fdopen(fd, "w");

	fill(&r, 1);
	ck_assert_int_eq(bench_write(&r, f, &err), 0);
	fclose(f);
	ck_assert_int_eq(bench_read(&again, path, &err), 0);
	unlink(path);
	ck_assert_uint_eq(again.n, r.n);
	for (size_t i = 0; i < r.n; i++) {
		ck_assert_str_eq(again.figures[i].name, r.figures[i].name);
		ck_assert_str_eq(again.figures[i].unit, r.figures[i].unit);
		ck_assert_str_eq(again.figures[i].yardstick, r.figures[i].yardstick);
		ck_assert_str_eq(again.figures[i].aim, r.figures[i].aim);
		ck_assert_int_eq(again.figures[i].better, r.figures[i].better);
		ck_assert_double_eq(again.figures[i].value.median, r.figures[i].value.median);
		ck_assert_double_eq(again.figures[i].yard.max, r.figures[i].yard.max);
		ck_assert_uint_eq(again.figures[i].value.n, r.figures[i].value.n);
	}
}
END_TEST

static const char *const broken[] = { "", "{}", "[1]", "{\"figures\": [{\"name\": 1}]}",
				      ("{\"figures\": [{\"name\": \"a\", \"unit\": \"b\", "
				       "\"better\": \"lower\", \"value\": {}}]}") };

START_TEST(what_is_no_report_is_refused_with_its_name)
{
	struct bench_report r;
	struct sim_error err;
	char path[] = "/tmp/rehome-test-figure-XXXXXX";
	FILE *f = fdopen(mkstemp(path), "w");

	fputs(broken[_i], f);
	fclose(f);
	ck_assert_int_eq(bench_read(&r, path, &err), -1);
	ck_assert_int_eq(err.status, SIM_USAGE);
	ck_assert_ptr_nonnull(strstr(err.text, path));
	unlink(path);
}
END_TEST

START_TEST(a_slower_machine_makes_no_figure_with_a_yardstick_slower)
{
	struct bench_report before, now;
	size_t worse;
	char *text;

	fill(&before, 3);
	fill(&now, 1);
	text = compared(&before, &now, &worse);
	ck_assert_uint_eq(worse, 0);
	ck_assert_ptr_nonnull(strstr(text, "3 figures compared, 0 slower"));
	free(text);
}
END_TEST

START_TEST(what_became_slower_beyond_noise_is_named)
{
	struct bench_report before, now;
	size_t worse;
	char *text;

	fill(&before, 1);
	fill(&now, 1);
	now.figures[0].value.median = 800;
	now.figures[1].value.median = 3.5;
	now.figures[2].value.median = 17;
	text = compared(&before, &now, &worse);
	ck_assert_uint_eq(worse, 1);
	ck_assert_ptr_nonnull(strstr(text, "slower\n"));
	ck_assert_ptr_nonnull(strstr(text, "faster\n"));
	free(text);
}
END_TEST

START_TEST(figures_that_only_one_run_has_are_not_compared)
{
	struct bench_report before, now;
	size_t worse;
	char *text;

	fill(&before, 1);
	fill(&now, 1);
	strcpy(now.figures[0].name, "another");
	now.quick = true;
	text = compared(&before, &now, &worse);
	ck_assert_uint_eq(worse, 0);
	ck_assert_ptr_nonnull(strstr(text, "2 figures compared"));
	ck_assert_ptr_nonnull(strstr(text, "quick"));
	free(text);
}
END_TEST

START_TEST(rows_have_names_that_a_list_can_hold)
{
	const struct bench_row *rows;
	size_t n = bench_rows(&rows);

	ck_assert_uint_ge(n, 10);
	for (size_t i = 0; i < n; i++) {
		ck_assert_ptr_nonnull(rows[i].run);
		ck_assert_ptr_null(strpbrk(rows[i].name, ", "));
		for (size_t k = 0; k < i; k++)
			ck_assert_str_ne(rows[i].name, rows[k].name);
	}
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(a_figure_is_the_median_of_its_samples),
		SUITE_CASE(a_ratio_above_one_is_better_whichever_way_a_figure_counts),
		SUITE_CASE(
			the_table_shows_each_figure_beside_its_yardstick_and_how_far_samples_lie_apart),
		SUITE_CASE(figures_are_read_as_they_were_written),
		SUITE_LOOP(what_is_no_report_is_refused_with_its_name, 0, 5),
		SUITE_CASE(a_slower_machine_makes_no_figure_with_a_yardstick_slower),
		SUITE_CASE(what_became_slower_beyond_noise_is_named),
		SUITE_CASE(figures_that_only_one_run_has_are_not_compared),
		SUITE_CASE(rows_have_names_that_a_list_can_hold),
	};

	return suite_main(argc, argv, "unit/test_figure", cases, sizeof(cases) / sizeof(cases[0]));
}
