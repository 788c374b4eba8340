/* Devices: opening many, and getting them back when their CallManager dies. */
#include "sim/bench/cluster.h"

#include <stdio.h>

#define COUNTED 200 /* devices that messages are counted of */

static struct bench_cluster *cluster(bool real, size_t ports, struct sim_error *err)
{
	struct bench_cluster_spec spec = { .nodes = 2, .ports = ports, .real = real };

	return bench_cluster_new(&spec, err);
}

/* What programs send each other for a device, counted on the virtual host: for its opening, and for
 * its recovery. The yardstick is as many bare messages. */
struct messages {
	double open;
	double recovery;
	struct bench_samples rate; /* bare messages a second */
};

static bool all_back(struct bench_cluster *c)
{
	return c->load.failures || (c->load.first_out_ns && c->load.in_service == c->load.wanted);
}

static int count_messages(struct bench *b, struct messages *m, struct sim_error *err)
{
	const struct bench_samples *rate = bench_message_rate(b, err);
	struct bench_cluster *c = rate ? cluster(false, COUNTED, err) : NULL;
	int result = -1;

	if (!c)
		return -1;
	m->rate = *rate;
	bench_cluster_messages(c);
	if (bench_cluster_open(c, 0, COUNTED, err) == 0) {
		m->open = (double)bench_cluster_messages(c) / COUNTED;
		result = sim_host_kill(c->host, sim_host_program(c->host, "ccm1:callmanager"), err);
	}
	if (result == 0)
		result = bench_cluster_until(c, all_back, err);
	m->recovery = (double)bench_cluster_messages(c) / COUNTED;
	bench_cluster_destroy(&c);
	return result;
}

static int64_t clock_of(bool real)
{
	return real ? bench_now_ns() : bench_cpu_ns();
}

/* ---- opening ------------------------------------------------------------------------- */

static int opens(struct bench *b, bool real, size_t n, const struct messages *m,
		 struct sim_error *err)
{
	struct bench_samples rates = { 0 }, yard = { 0 };
	struct bench_figure *f;
	char name[40], what[60];

	for (unsigned i = 0; i < b->repeat; i++) {
		struct bench_cluster *c = cluster(real, n, err);
		int64_t start = clock_of(real);
		int result = c ? bench_cluster_open(c, 0, n, err) : -1;

		bench_sample(&rates, (double)n * 1e9 / (double)(clock_of(real) - start));
		if (c)
			bench_cluster_destroy(&c);
		if (result < 0)
			return -1;
	}
	for (unsigned i = 0; i < m->rate.n; i++)
		bench_sample(&yard, m->rate.values[i] / m->open);
	snprintf(name, sizeof(name), "opens.%s.%zu", real ? "real" : "virtual", n);
	f = bench_figure(&b->report, name, "devices/s", BENCH_HIGHER, &rates);
	snprintf(what, sizeof(what), "%.0f bare messages each", m->open);
	bench_yardstick(f, what, &yard);
	return 0;
}

int bench_row_opens(struct bench *bench, struct sim_error *err)
{
	size_t n = bench->devices_max < 5000 ? bench->devices_max : 5000;

	struct messages m;

	if (count_messages(bench, &m, err) < 0 || opens(bench, true, n, &m, err) < 0)
		return -1;
	return opens(bench, false, n, &m, err);
}

/* ---- recovering ---------------------------------------------------------------------- */

struct recovery {
	struct bench_samples whole;    /* ms, from the kill to the last device in service */
	struct bench_samples detected; /* ms, from the first device out of service */
	struct bench_samples opened;   /* us per device: the opening before */
};

/* Devices come home when their CallManager is back; that the whole cluster has met again is what
 * the next kill waits for. */
static bool at_home(struct bench_cluster *c)
{
	return all_back(c) && sim_host_program(c->host, "ccm1:callmanager")->state == SIM_READY;
}

static int strike(struct bench_cluster *c, struct recovery *r, struct sim_error *err)
{
	struct sim_program *p = sim_host_program(c->host, "ccm1:callmanager");
	bool real = c->spec.real;
	int64_t start = clock_of(real);

	bench_load_mark(&c->load);
	if (sim_host_kill(c->host, p, err) < 0 || bench_cluster_until(c, all_back, err) < 0)
		return -1;
	bench_sample(&r->whole,
		     (double)((real ? c->load.last_in_ns : bench_cpu_ns()) - start) / 1e6);
	bench_sample(&r->detected, (double)(c->load.last_in_ns - c->load.first_out_ns) / 1e6);
	bench_load_mark(&c->load);
	if (sim_host_start(c->host, p, err) < 0 || bench_cluster_until(c, at_home, err) < 0)
		return -1;
	return 0;
}

static int recover(struct bench *b, bool real, size_t n, struct recovery *r, struct sim_error *err)
{
	struct bench_cluster *c = cluster(real, n, err);
	int64_t start = clock_of(real);
	int result = c ? bench_cluster_open(c, 0, n, err) : -1;

	bench_sample(&r->opened, (double)(clock_of(real) - start) / (double)n / 1e3);
	for (unsigned i = 0; i < b->repeat && result == 0; i++)
		result = strike(c, r, err);
	if (c)
		bench_cluster_destroy(&c);
	return result;
}

static int row(struct bench *b, bool real, size_t n, const struct messages *m,
	       struct sim_error *err)
{
	struct bench_samples yard = { 0 };
	struct recovery r = { 0 };
	struct bench_figure *f;
	char name[60], what[60];

	if (recover(b, real, n, &r, err) < 0)
		return -1;
	for (unsigned i = 0; i < m->rate.n; i++)
		bench_sample(&yard, (double)n * m->recovery / m->rate.values[i] * 1e3);
	snprintf(what, sizeof(what), "%.0f bare messages each", m->recovery);
	snprintf(name, sizeof(name), "recovery.%s.%zu", real ? "real" : "virtual", n);
	f = bench_figure(&b->report, name, "ms", BENCH_LOWER, &r.whole);
	bench_yardstick(f, what, &yard);
	if (!real || n == 1) /* of one alone, both events come in the same turn */
		return 0;
	snprintf(name, sizeof(name), "recovery.real.%zu.detected", n);
	f = bench_figure(&b->report, name, "ms", BENCH_LOWER, &r.detected);
	bench_yardstick(f, what, &yard);
	bench_aim(f, n == 10000 ? "500" : "");
	return 0;
}

int bench_row_recovery(struct bench *bench, struct sim_error *err)
{
	static const size_t sizes[] = { 1, 100, 1000, 10000 };
	struct messages m;

	if (count_messages(bench, &m, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (sizes[i] <= bench->devices_max && row(bench, true, sizes[i], &m, err) < 0)
			return -1;
	if (bench->devices_max >= 50000)
		return row(bench, false, 50000, &m, err);
	return 0;
}

/* ---- growth -------------------------------------------------------------------------- */

static void grown(struct bench *b, const char *what, unsigned times,
		  const struct bench_samples *cost, const struct bench_samples *base)
{
	struct bench_figure *f;
	char name[60];

	snprintf(name, sizeof(name), "growth.%s.%ux", what, times);
	f = bench_figure(&b->report, name, "us/device", BENCH_LOWER, cost);
	if (times == 1)
		return;
	bench_yardstick(f, "the same at 1x", base);
	bench_aim(f, times == 50 ? "ratio 0.77 or more" : "");
}

int bench_row_growth(struct bench *bench, struct sim_error *err)
{
	static const unsigned times[] = { 1, 10, 50 };
	struct recovery at[3] = { 0 };
	struct bench_samples cost[3] = { 0 };

	for (size_t i = 0; i < 3; i++) {
		size_t n = bench->devices_max / 50 * times[i];

		if (recover(bench, false, n, &at[i], err) < 0)
			return -1;
		for (unsigned k = 0; k < at[i].whole.n; k++)
			bench_sample(&cost[i], at[i].whole.values[k] * 1e3 / (double)n);
		grown(bench, "recovery", times[i], &cost[i], &cost[0]);
		grown(bench, "open", times[i], &at[i].opened, &at[0].opened);
	}
	return 0;
}
