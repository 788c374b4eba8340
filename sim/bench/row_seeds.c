/* What exploration is made of: whole lives of clusters from their seeds, and the databases they
 * begin with. */
#include <stdlib.h>

#include "common/db/db.h"
#include "sim/bench/bench.h"
#include "sim/explore/trial.h"
#include "sim/harness/run_dir.h"

/* ---- databases ----------------------------------------------------------------------- */

/* In memory; or as a file of the run directory, where the tables are made each time. */
static int make_one(const struct sim_run_dir *dir, struct bench_samples *ms, struct sim_error *err)
{
	char path[SIM_RUN_DIR_SIZE + 20];
	struct db_error why = { 0 };
	int64_t start = bench_now_ns();
	struct db *db;

	snprintf(path, sizeof(path), "%s/%u.db", dir ? dir->path : "", ms->n);
	if ((dir ? db_create(&db, path, &why) : db_memory(&db, &why)) < 0)
		return sim_fail(err, SIM_UNKNOWN, "bench: %s", why.text);
	bench_sample(ms, (double)(bench_now_ns() - start) / 1e6);
	db_close(&db);
	return 0;
}

int bench_row_database(struct bench *bench, struct sim_error *err)
{
	struct bench_samples memory = { 0 }, file = { 0 };
	struct bench_figure *f;
	struct sim_run_dir dir;
	int result = 0;

	if (sim_run_dir_new(&dir, NULL, err) < 0)
		return -1;
	for (unsigned i = 0; i < BENCH_SAMPLES_MAX && result == 0; i++) {
		result = make_one(&dir, &file, err);
		if (result == 0)
			result = make_one(NULL, &memory, err);
	}
	sim_run_dir_remove(&dir);
	if (result < 0)
		return -1;
	f = bench_figure(&bench->report, "database.memory", "ms", BENCH_LOWER, &memory);
	bench_yardstick(f, "making it as a file", &file);
	bench_aim(f, "1");
	return 0;
}

/* ---- seeds --------------------------------------------------------------------------- */

static int run_seed(uint64_t seed, double *ms, double *signals, struct sim_error *err)
{
	struct plan *plan = calloc(1, sizeof(*plan));
	struct trial trial = { .plan = plan };
	int64_t start = bench_cpu_ns();

	if (!plan)
		abort();
	if (plan_draw(plan, seed, err) < 0) {
		free(plan);
		return -1;
	}
	trial_run(&trial);
	*ms = (double)(bench_cpu_ns() - start) / 1e6;
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
