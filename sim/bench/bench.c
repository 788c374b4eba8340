#include "sim/bench/bench.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct bench_row rows[] = {
	{ "signals", "signals between two programs; round trips", bench_row_signals },
	{ "curve", "the same over encrypted links", bench_row_curve },
	{ "virtual", "signals a second of the virtual host", bench_row_virtual },
	{ "encoding", "packing and unpacking one signal", bench_row_encoding },
	{ "calls", "completed calls a second through CTI", bench_row_calls },
	{ "features", "completed transfers and conferences a second through CTI",
	  bench_row_features },
	{ "latency", "one call alone", bench_row_latency },
	{ "opens", "device opens a second", bench_row_opens },
	{ "recovery", "from the death of a CallManager to the last device", bench_row_recovery },
	{ "growth", "cost per device at 1, 10 and 50 times as many", bench_row_growth },
	{ "startup", "from nothing to a cluster that is ready", bench_row_startup },
	{ "idle", "what a cluster costs that does nothing", bench_row_idle },
	{ "memory", "per open device, call and link", bench_row_memory },
	{ "hours", "virtual hours a second", bench_row_hours },
	{ "database", "databases of the virtual host", bench_row_database },
	{ "seeds", "lives of clusters, as exploration runs them", bench_row_seeds },
};

size_t bench_rows(const struct bench_row **table)
{
	*table = rows;
	return sizeof(rows) / sizeof(rows[0]);
}

static int64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t bench_now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

int64_t bench_cpu_ns(void)
{
	return clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

/* ---- the command --------------------------------------------------------------------- */

/* Is the row among those of the list "a,b"? No list: all are. */
static bool chosen(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = list; at && *at; at += strcspn(at, ",") + (at[strcspn(at, ",")] != 0))
		if (strcspn(at, ",") == n && !strncmp(at, name, n))
			return true;
	return !list;
}

static int check_rows(const char *list, struct sim_error *err)
{
	char names[300] = "";
	size_t n = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		n += (size_t)snprintf(names + n, sizeof(names) - n, "%s%s", i ? ", " : "",
				      rows[i].name);
	for (const char *at = list; at && *at;
	     at += strcspn(at, ",") + (at[strcspn(at, ",")] != 0)) {
		char name[40];
		bool known = false;

		snprintf(name, sizeof(name), "%.*s", (int)strcspn(at, ","), at);
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			known = known || !strcmp(rows[i].name, name);
		if (!known)
			return sim_fail(err, SIM_USAGE, "bench: there is no row '%s'; rows are %s",
					name, names);
	}
	return 0;
}

static int option(const struct sim_command *c, const char *name, size_t none, size_t max,
		  size_t *value, struct sim_error *err)
{
	const char *text = sim_command_value(c, name);

	*value = text ? strtoull(text, NULL, 10) : none;
	if (*value < 1 || *value > max)
		return sim_fail(err, SIM_USAGE, "bench: --%s is 1 to %zu", name, max);
	return 0;
}

static int run_rows(struct bench *b, const char *list, struct sim_error *err)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t start = bench_now_ns();

		if (!chosen(list, rows[i].name))
			continue;
		fprintf(stderr, "bench: %s: %s ...", rows[i].name, rows[i].help);
		if (rows[i].run(b, err) < 0) {
			fputc('\n', stderr);
			return -1;
		}
		fprintf(stderr, " %.1f s\n", (double)(bench_now_ns() - start) / 1e9);
	}
	return 0;
}

static int tell(const struct bench *b, const struct bench_report *before, bool json,
		struct sim_error *err)
{
	if (!json)
		bench_print(&b->report, stdout);
	else if (bench_write(&b->report, stdout, err) < 0)
		return -1;
	return before && bench_compare(before, &b->report, json ? stderr : stdout) ? SIM_FAILED : 0;
}

int bench_command(struct sim_command *command, struct sim_error *err)
{
	struct bench *b = calloc(1, sizeof(*b));
	struct bench_report *before = NULL;
	const char *list = sim_command_value(command, "rows");
	const char *earlier = sim_command_value(command, "compare");
	size_t repeat;
	int result = -1;

	if (!b || (earlier && !(before = calloc(1, sizeof(*before)))))
		abort();
	b->quick = b->report.quick = sim_command_value(command, "quick") != NULL;
	if (check_rows(list, err) == 0 &&
	    option(command, "repeat", b->quick ? 1 : 3, BENCH_SAMPLES_MAX, &repeat, err) == 0 &&
	    option(command, "devices", b->quick ? 500 : 50000, 100000, &b->devices_max, err) == 0 &&
	    (!before || bench_read(before, earlier, err) == 0)) {
		b->repeat = (unsigned)repeat;
		result = run_rows(b, list, err);
		if (result == 0)
			result = tell(b, before, sim_command_value(command, "json") != NULL, err);
	}
	free(before);
	free(b);
	return result;
}
