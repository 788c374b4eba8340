/* What exploration is made of: whole lives of clusters from their seeds, and the databases they
 * begin with. */
#include <stdlib.h>

#include "common/db/db.h"
#include "sim/bench/bench.h"
#include "sim/explore/trial.h"

/* ---- databases ----------------------------------------------------------------------- */

static int make_one(const struct db_template *t, struct db_error *e, double *ms)
{
	int64_t start = bench_now_ns();
	struct db *db;
	int result = t ? db_clone(&db, t, e) : db_memory(&db, e);

	*ms = (double)(bench_now_ns() - start) / 1e6;
	if (result == 0)
		db_close(&db);
	return result;
}

int bench_row_database(struct bench *bench, struct sim_error *err)
{
	struct bench_samples cloned = { 0 }, made = { 0 };
	struct sim_topology *topology = NULL;
	struct db_template *t = NULL;
	struct db_error why = { 0 };
	struct bench_figure *f;
	struct db *db = NULL;
	double ms;

	if (sim_topology_generate(&topology, 3, err) < 0)
		return -1;
	if (db_memory(&db, &why) == 0 && sim_topology_fill(topology, db, err) == 0)
		t = db_template_new(db);
	for (unsigned i = 0; t && i < BENCH_SAMPLES_MAX; i++) {
		if (make_one(NULL, &why, &ms) == 0)
			bench_sample(&made, ms);
		if (make_one(t, &why, &ms) == 0)
			bench_sample(&cloned, ms);
	}
	if (t)
		db_template_destroy(&t);
	if (db)
		db_close(&db);
	sim_topology_destroy(&topology);
	if (!cloned.n || !made.n)
		return sim_fail(err, SIM_UNKNOWN, "bench: no database: %s", why.text);
	f = bench_figure(&bench->report, "database.clone", "ms", BENCH_LOWER, &cloned);
	bench_yardstick(f, "making the tables", &made);
	bench_aim(f, "1");
	return 0;
}

/* ---- seeds --------------------------------------------------------------------------- */

static int run_seed(uint64_t seed, double *ms, double *signals, struct sim_error *err)
{
	struct plan *plan = calloc(1, sizeof(*plan));
	struct trial trial = { .plan = plan };
	int64_t start = bench_now_ns();

	if (!plan)
		abort();
	if (plan_draw(plan, seed, err) < 0) {
		free(plan);
		return -1;
	}
	trial_run(&trial);
	*ms = (double)(bench_now_ns() - start) / 1e6;
	*signals = (double)trial.signals;
	plan_free(plan);
	free(plan);
	return 0;
}

/* Seeds differ in size, so it is their median that counts, and every repetition has the same. */
int bench_row_seeds(struct bench *bench, struct sim_error *err)
{
	unsigned n = bench->quick ? 5 : BENCH_SAMPLES_MAX;
	struct bench_samples median = { 0 }, rate = { 0 }, bare = { 0 };
	struct bench_figure *f;

	for (unsigned i = 0; i < bench->repeat; i++) {
		struct bench_samples ms = { 0 }, signals = { 0 };
		double sum = 0, one, handled;

		for (unsigned k = 1; k <= n; k++) {
			if (run_seed(k, &one, &handled, err) < 0)
				return -1;
			bench_sample(&ms, one);
			bench_sample(&signals, handled);
			sum += one;
		}
		bench_sample(&median, bench_median(&ms));
		bench_sample(&rate, n / sum * 3.6e6);
		bench_sample(&bare, bench_median(&signals) / 1e3);
	}
	f = bench_figure(&bench->report, "seeds.median", "ms", BENCH_LOWER, &median);
	bench_yardstick(f, "its signals at a million a second", &bare);
	bench_aim(f, "30");
	bench_figure(&bench->report, "seeds.hour", "seeds/h", BENCH_HIGHER, &rate);
	return 0;
}
