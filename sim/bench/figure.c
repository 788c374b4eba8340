#include "sim/bench/figure.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/harness/table.h"

#define NOISE_MIN 0.10
#define NOISE_MAX 3.0
/* Of fewer samples than this nobody knows how much they vary. */
#define KNOWN_SAMPLES 3
#define NOISE_UNKNOWN 1.0

/* ---- samples ------------------------------------------------------------------------- */

void bench_sample(struct bench_samples *samples, double value)
{
	if (samples->n < BENCH_SAMPLES_MAX)
		samples->values[samples->n++] = value;
}

static int by_value(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

static struct bench_quantity quantity(const struct bench_samples *samples)
{
	struct bench_quantity q = { .n = samples->n };
	double sorted[BENCH_SAMPLES_MAX];
	unsigned n = samples->n;

	if (n == 0)
		return q;
	memcpy(sorted, samples->values, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), by_value);
	q.median = n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
	q.min = sorted[0];
	q.max = sorted[n - 1];
	return q;
}

double bench_median(const struct bench_samples *samples)
{
	return quantity(samples).median;
}

/* ---- figures ------------------------------------------------------------------------- */

struct bench_figure *bench_figure(struct bench_report *report, const char *name, const char *unit,
				  enum bench_better better, const struct bench_samples *samples)
{
	struct bench_figure *f = &report->figures[report->n];

	if (report->n == BENCH_FIGURES_MAX)
		abort(); /* the rows are a fixed table */
	report->n++;
	memset(f, 0, sizeof(*f));
	snprintf(f->name, sizeof(f->name), "%s", name);
	snprintf(f->unit, sizeof(f->unit), "%s", unit);
	f->better = better;
	f->value = quantity(samples);
	return f;
}

void bench_yardstick(struct bench_figure *figure, const char *what,
		     const struct bench_samples *samples)
{
	snprintf(figure->yardstick, sizeof(figure->yardstick), "%s", what);
	figure->yard = quantity(samples);
}

void bench_aim(struct bench_figure *figure, const char *aim)
{
	snprintf(figure->aim, sizeof(figure->aim), "%s", aim);
}

double bench_ratio(const struct bench_figure *f)
{
	double value = f->value.median;
	double yard = f->yard.median;

	if (f->yard.n == 0 || !(value > 0) || !(yard > 0))
		return 0;
	return f->better == BENCH_HIGHER ? value / yard : yard / value;
}

double bench_spread(const struct bench_quantity *q)
{
	return q->n > 1 && q->median > 0 ? (q->max - q->min) / q->median : 0;
}

/* ---- the table ----------------------------------------------------------------------- */

/* Three figures, and a blank between thousands: "1 234 567", "12.3", "0.123". */
static const char *number(double v, char *text, size_t size)
{
	char digits[32];
	size_t n, k = 0;

	if (!(v < 1e15)) {
		snprintf(text, size, "-");
		return text;
	}
	if (v < 999.5) {
		snprintf(text, size, "%.*f", v < 0.9995 ? 3 : v < 9.995 ? 2 : v < 99.95 ? 1 : 0, v);
		return text;
	}
	n = (size_t)snprintf(digits, sizeof(digits), "%.0f", v);
	for (size_t i = 0; i < n && k + 2 < size; i++) {
		if (i && (n - i) % 3 == 0)
			text[k++] = ' ';
		text[k++] = digits[i];
	}
	text[k] = '\0';
	return text;
}

static void show(const struct bench_quantity *q, char *text, size_t size)
{
	char median[40], min[40], max[40];

	number(q->median, median, sizeof(median));
	if (bench_spread(q) > BENCH_NOISY)
		snprintf(text, size, "%s (%s - %s)", median, number(q->min, min, sizeof(min)),
			 number(q->max, max, sizeof(max)));
	else
		snprintf(text, size, "%s", median);
}

void bench_print(const struct bench_report *report, FILE *out)
{
	struct sim_table *t = sim_table_new();

	sim_table_row(t, "figure\tmeasured\tunit\tyardstick\tof\tratio\taim");
	for (size_t i = 0; i < report->n; i++) {
		const struct bench_figure *f = &report->figures[i];
		char value[140], yard[140] = "", ratio[40] = "", text[40];

		show(&f->value, value, sizeof(value));
		if (f->yard.n)
			show(&f->yard, yard, sizeof(yard));
		if (bench_ratio(f) > 0)
			snprintf(ratio, sizeof(ratio), "%s",
				 number(bench_ratio(f), text, sizeof(text)));
		sim_table_row(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s", f->name, value, f->unit, yard,
			      f->yardstick, ratio, f->aim);
	}
	sim_table_print(&t, out);
	fputs("Medians; (min - max) where they lie apart. A ratio above 1 is better than the "
	      "yardstick.\n",
	      out);
}

/* ---- JSON ---------------------------------------------------------------------------- */

static json_t *quantity_json(const struct bench_quantity *q)
{
	return json_pack("{s:f, s:f, s:f, s:i}", "median", q->median, "min", q->min, "max", q->max,
			 "samples", (int)q->n);
}

static json_t *figure_json(const struct bench_figure *f)
{
	json_t *o = json_pack("{s:s, s:s, s:s, s:o}", "name", f->name, "unit", f->unit, "better",
			      f->better == BENCH_HIGHER ? "higher" : "lower", "value",
			      quantity_json(&f->value));

	if (o && f->yard.n) {
		json_object_set_new(o, "yardstick", json_string(f->yardstick));
		json_object_set_new(o, "yard", quantity_json(&f->yard));
		json_object_set_new(o, "ratio", json_real(bench_ratio(f)));
	}
	if (o && *f->aim)
		json_object_set_new(o, "aim", json_string(f->aim));
	return o;
}

int bench_write(const struct bench_report *report, FILE *out, struct sim_error *err)
{
	json_t *list = json_array();
	json_t *o;
	int result;

	for (size_t i = 0; i < report->n; i++)
		json_array_append_new(list, figure_json(&report->figures[i]));
	o = json_pack("{s:s, s:b, s:o}", "version", REHOME_VERSION, "quick", report->quick,
		      "figures", list);
	if (!o)
		abort();
	result = json_dumpf(o, out, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
	json_decref(o);
	fputc('\n', out);
	if (result < 0 || fflush(out) != 0)
		return sim_fail(err, SIM_UNKNOWN, "bench: the figures cannot be written");
	return 0;
}

static bool read_quantity(struct bench_quantity *q, json_t *o)
{
	int n;

	if (json_unpack(o, "{s:F, s:F, s:F, s:i}", "median", &q->median, "min", &q->min, "max",
			&q->max, "samples", &n) < 0 ||
	    n < 0)
		return false;
	q->n = (unsigned)n;
	return true;
}

static bool read_figure(struct bench_figure *f, json_t *o)
{
	const char *name, *unit, *better;
	const char *yardstick = "", *aim = "";
	json_t *value, *yard = NULL;

	memset(f, 0, sizeof(*f));
	if (json_unpack(o, "{s:s, s:s, s:s, s:o, s?:s, s?:o, s?:s}", "name", &name, "unit", &unit,
			"better", &better, "value", &value, "yardstick", &yardstick, "yard", &yard,
			"aim", &aim) < 0)
		return false;
	snprintf(f->name, sizeof(f->name), "%s", name);
	snprintf(f->unit, sizeof(f->unit), "%s", unit);
	snprintf(f->yardstick, sizeof(f->yardstick), "%s", yardstick);
	snprintf(f->aim, sizeof(f->aim), "%s", aim);
	f->better = !strcmp(better, "higher") ? BENCH_HIGHER : BENCH_LOWER;
	return read_quantity(&f->value, value) && (!yard || read_quantity(&f->yard, yard));
}

int bench_read(struct bench_report *report, const char *path, struct sim_error *err)
{
	json_error_t why;
	json_t *o = json_load_file(path, 0, &why);
	json_t *list = json_object_get(o, "figures");
	bool good = json_is_array(list) && json_array_size(list) <= BENCH_FIGURES_MAX;

	memset(report, 0, sizeof(*report));
	if (!o && why.line < 1)
		return sim_fail(err, SIM_USAGE, "%s", why.text);
	if (!o)
		return sim_fail(err, SIM_USAGE, "%s:%d: %s", path, why.line, why.text);
	report->quick = json_is_true(json_object_get(o, "quick"));
	for (size_t i = 0; good && i < json_array_size(list); i++)
		good = read_figure(&report->figures[report->n++], json_array_get(list, i));
	json_decref(o);
	if (!good)
		return sim_fail(err, SIM_USAGE, "%s: these are not figures of rehome bench --json",
				path);
	return 0;
}

/* ---- comparing ----------------------------------------------------------------------- */

static const struct bench_figure *find(const struct bench_report *report, const char *name)
{
	for (size_t i = 0; i < report->n; i++)
		if (!strcmp(report->figures[i].name, name))
			return &report->figures[i];
	return NULL;
}

static double larger(double a, double b)
{
	return a > b ? a : b;
}

static double noise(const struct bench_figure *a, const struct bench_figure *b, bool by_ratio)
{
	double n = larger(bench_spread(&a->value), bench_spread(&b->value));

	if (by_ratio)
		n += larger(bench_spread(&a->yard), bench_spread(&b->yard));
	if ((a->value.n < KNOWN_SAMPLES || b->value.n < KNOWN_SAMPLES) && n < NOISE_UNKNOWN)
		n = NOISE_UNKNOWN;
	return n < NOISE_MIN ? NOISE_MIN : n > NOISE_MAX ? NOISE_MAX : n;
}

/* How many times better it is now; 0: it cannot be said. */
static double change(const struct bench_figure *before, const struct bench_figure *now,
		     bool by_ratio)
{
	double a = by_ratio ? bench_ratio(before) : before->value.median;
	double b = by_ratio ? bench_ratio(now) : now->value.median;

	if (!(a > 0) || !(b > 0))
		return 0;
	return by_ratio || now->better == BENCH_HIGHER ? b / a : a / b;
}

size_t bench_compare(const struct bench_report *before, const struct bench_report *now, FILE *out)
{
	struct sim_table *t = sim_table_new();
	size_t worse = 0, common = 0;

	sim_table_row(t, "figure\tbefore\tnow\tunit\ttimes as good\tnoise\t");
	for (size_t i = 0; i < now->n; i++) {
		const struct bench_figure *b = &now->figures[i];
		const struct bench_figure *a = find(before, b->name);
		bool by_ratio = a && bench_ratio(a) > 0 && bench_ratio(b) > 0;
		double times = a ? change(a, b, by_ratio) : 0;
		double n = a ? noise(a, b, by_ratio) : 0;
		const char *verdict = times * (1 + n) < 1 ? "slower"
				      : times > 1 + n	  ? "faster"
							  : "";
		char was[140], is[140];

		if (!(times > 0))
			continue;
		common++;
		worse += *verdict == 's';
		show(&a->value, was, sizeof(was));
		show(&b->value, is, sizeof(is));
		sim_table_row(t, "%s\t%s\t%s\t%s\t%.2f%s\t%.0f %%\t%s", b->name, was, is, b->unit,
			      times, by_ratio ? " (by yardstick)" : "", n * 100, verdict);
	}
	sim_table_print(&t, out);
	fprintf(out, "%zu figures compared, %zu slower beyond noise.%s\n", common, worse,
		before->quick != now->quick
			? " One of the runs is a quick one: sizes differ, noise is larger."
			: "");
	return worse;
}
