/* Calls through CTI: many at once, and one alone. */
#include "sim/bench/cluster.h"

#define IN_FLIGHT 200

struct calls {
	const char *name;
	int nodes;
	bool real;
	const char *aim;
};

/* What programs send each other for a call, counted on the virtual host: the yardstick is as many
 * bare messages. */
static int messages_of_call(int nodes, double *messages, struct sim_error *err)
{
	struct bench_cluster_spec spec = { .nodes = nodes, .ports = IN_FLIGHT, .spread = nodes };
	struct bench_cluster *c = bench_cluster_new(&spec, err);
	int result = c ? bench_cluster_open(c, 0, spec.ports, err) : -1;

	if (result == 0) {
		bench_cluster_messages(c);
		result = bench_cluster_call(c, IN_FLIGHT / 2, IN_FLIGHT, err);
		*messages = (double)bench_cluster_messages(c) / IN_FLIGHT;
	}
	if (c)
		bench_cluster_destroy(&c);
	return result;
}

static int measure(struct bench *b, const struct calls *k, struct bench_samples *rates,
		   struct bench_samples *signals, struct bench_samples *each, struct sim_error *err)
{
	struct bench_cluster_spec spec = {
		.nodes = k->nodes, .ports = 2 * IN_FLIGHT, .spread = k->nodes, .real = k->real
	};
	uint64_t n = b->quick ? 400 : 10000;
	struct bench_cluster *c = bench_cluster_new(&spec, err);
	int result = c ? bench_cluster_open(c, 0, spec.ports, err) : -1;

	if (result == 0)
		result = bench_cluster_call(c, IN_FLIGHT, IN_FLIGHT, err); /* caches are warm */
	for (unsigned i = 0; i < b->repeat && result == 0; i++) {
		uint64_t before = sim_host_signals(c->host);
		int64_t start = k->real ? bench_now_ns() : bench_cpu_ns();
		double s;

		result = bench_cluster_call(c, IN_FLIGHT, n, err);
		s = (double)((k->real ? bench_now_ns() : bench_cpu_ns()) - start) / 1e9;
		bench_sample(rates, (double)n / s);
		if (!k->real)
			bench_sample(signals, (double)(sim_host_signals(c->host) - before) / s);
		if (!k->real)
			bench_sample(each,
				     (double)(sim_host_signals(c->host) - before) / (double)n);
	}
	if (c)
		bench_cluster_destroy(&c);
	return result;
}

static int row(struct bench *b, const struct calls *k, struct sim_error *err)
{
	struct bench_samples rates = { 0 }, signals = { 0 }, yard = { 0 };
	const struct bench_samples *message = bench_message_rate(b, err);
	struct bench_figure *f;
	struct bench_samples us = { 0 }, yard_us = { 0 }, each = { 0 }, sent = { 0 };
	double messages = 0;
	char what[60], name[48];

	if (!message || messages_of_call(k->nodes, &messages, err) < 0 ||
	    measure(b, k, &rates, &signals, &each, err) < 0)
		return -1;
	for (unsigned i = 0; i < message->n; i++)
		bench_sample(&yard, message->values[i] / messages);
	f = bench_figure(&b->report, k->name, "calls/s", BENCH_HIGHER, &rates);
	snprintf(what, sizeof(what), "%.0f bare messages each", messages);
	bench_yardstick(f, what, &yard);
	bench_aim(f, k->aim);
	for (unsigned i = 0; i < rates.n; i++)
		bench_sample(&us, 1e6 / rates.values[i]);
	for (unsigned i = 0; i < yard.n; i++)
		bench_sample(&yard_us, 1e6 / yard.values[i]);
	snprintf(name, sizeof(name), "%s.each", k->name);
	f = bench_figure(&b->report, name, "us", BENCH_LOWER, &us);
	bench_yardstick(f, what, &yard_us);
	if (k->real || k->nodes > 2)
		return 0;
	f = bench_figure(&b->report, "virtual.signals-of-calls", "signals/s", BENCH_HIGHER,
			 &signals);
	bench_yardstick(f, "bare libzmq messages", message);
	bench_sample(&sent, messages);
	f = bench_figure(&b->report, "calls.signals-of-each", "signals", BENCH_LOWER, &each);
	bench_yardstick(f, "sent from program to program", &sent);
	return 0;
}

int bench_row_calls(struct bench *bench, struct sim_error *err)
{
	static const struct calls kinds[] = {
		{ "calls.real.2", 2, true, "3 000" },
		{ "calls.virtual.2", 2, false, "" },
		{ "calls.virtual.8", 8, false, "" },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (row(bench, &kinds[i], err) < 0)
			return -1;
	return 0;
}

/* ---- one alone ----------------------------------------------------------------------- */

static int measure_alone(struct bench *b, struct bench_cluster *c, struct bench_samples *us,
			 struct sim_error *err)
{
	for (unsigned i = 0; i < b->repeat; i++) {
		struct bench_samples some = { 0 };

		for (int k = 0; k < BENCH_SAMPLES_MAX; k++) {
			if (bench_cluster_call(c, 1, 1, err) < 0)
				return -1;
			bench_sample(&some, c->load.latency_us);
		}
		bench_sample(us, bench_median(&some));
	}
	return 0;
}

int bench_row_latency(struct bench *bench, struct sim_error *err)
{
	struct bench_cluster_spec spec = { .nodes = 2, .ports = 2, .spread = 2, .real = true };
	struct bench_samples us = { 0 };
	struct bench_samples trip = { 0 };
	struct bench_cluster *c;
	struct bench_figure *f;
	int result;

	if (bench_round_trip(bench, &trip, err) < 0)
		return -1;
	c = bench_cluster_new(&spec, err);
	result = c ? bench_cluster_open(c, 0, 2, err) : -1;
	if (result == 0)
		result = measure_alone(bench, c, &us, err);
	if (c)
		bench_cluster_destroy(&c);
	if (result < 0)
		return -1;
	f = bench_figure(&bench->report, "latency.call", "us", BENCH_LOWER, &us);
	bench_yardstick(f, "one round trip over bare libzmq", &trip);
	return 0;
}

/* ---- transfers and conferences ------------------------------------------------------- */

#define TRIOS 10

struct features {
	const char *name, *unit;
	enum load_work work;
	bool real;
};

/* Samples how many a second. messages, if given: what programs send each other for one. */
static int measure_features(struct bench *b, const struct features *k, bool real,
			    struct bench_samples *rates, double *messages, struct sim_error *err)
{
	struct bench_cluster_spec spec = {
		.nodes = 2, .ports = 3 * TRIOS, .spread = 2, .real = real, .bridges = true
	};
	uint64_t n = b->quick ? 50 : 2000;
	struct bench_cluster *c = bench_cluster_new(&spec, err);
	int result = c ? bench_cluster_open(c, 0, spec.ports, err) : -1;

	if (c)
		c->load.work = k->work;
	if (result == 0 && messages) {
		bench_cluster_messages(c);
		result = bench_cluster_call(c, TRIOS / 2, TRIOS, err);
		*messages = (double)bench_cluster_messages(c) / TRIOS;
	}
	for (unsigned i = 0; rates && i < b->repeat && result == 0; i++) {
		int64_t start = real ? bench_now_ns() : bench_cpu_ns();

		result = bench_cluster_call(c, TRIOS, n, err);
		bench_sample(rates,
			     (double)n * 1e9 /
				     (double)((real ? bench_now_ns() : bench_cpu_ns()) - start));
	}
	if (c)
		bench_cluster_destroy(&c);
	return result;
}

static int feature(struct bench *b, const struct features *k, struct sim_error *err)
{
	struct bench_samples rates = { 0 }, yard = { 0 };
	const struct bench_samples *message = bench_message_rate(b, err);
	double messages = 0;
	char what[60];

	if (!message || measure_features(b, k, false, NULL, &messages, err) < 0 ||
	    measure_features(b, k, k->real, &rates, NULL, err) < 0)
		return -1;
	for (unsigned i = 0; i < message->n; i++)
		bench_sample(&yard, message->values[i] / messages);
	snprintf(what, sizeof(what), "%.0f bare messages each", messages);
	bench_yardstick(bench_figure(&b->report, k->name, k->unit, BENCH_HIGHER, &rates), what,
			&yard);
	return 0;
}

int bench_row_features(struct bench *bench, struct sim_error *err)
{
	static const struct features kinds[] = {
		{ "transfers.real.2", "transfers/s", LOAD_TRANSFERS, true },
		{ "transfers.virtual.2", "transfers/s", LOAD_TRANSFERS, false },
		{ "conferences.real.2", "conferences/s", LOAD_CONFERENCES, true },
		{ "conferences.virtual.2", "conferences/s", LOAD_CONFERENCES, false },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (feature(bench, &kinds[i], err) < 0)
			return -1;
	return 0;
}
