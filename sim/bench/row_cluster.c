/* Whole clusters: how fast they are there, and what they cost when nothing happens. */

#include <fcntl.h>
#include <spawn.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/db/db.h"
#include "sim/bench/cluster.h"
#include "sim/bench/proc.h"

extern char **environ;

/* ---- start-up ------------------------------------------------------------------------ */

/* So many processes of this very program that print their version and end, all at once. */
static double spawn_ms(int n)
{
	char self[] = "/proc/self/exe", version[] = "--version";
	char *argv[] = { self, version, NULL };
	int64_t start = bench_now_ns();
	posix_spawn_file_actions_t quiet;
	pid_t pids[2 * SDL_NODES_MAX];
	int k = 0;

	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
	while (k < n && posix_spawn(&pids[k], self, &quiet, NULL, argv, environ) == 0)
		k++;
	for (int i = 0; i < k; i++)
		waitpid(pids[i], NULL, 0);
	posix_spawn_file_actions_destroy(&quiet);
	return (double)(bench_now_ns() - start) / 1e6;
}

static int startup(struct bench *b, int nodes, const char *aim, struct sim_error *err)
{
	struct bench_samples ready = { 0 }, spawned = { 0 };
	struct bench_figure *f;
	char name[40];

	for (unsigned i = 0; i < b->repeat; i++) {
		struct bench_cluster_spec spec = { .nodes = nodes, .real = true };
		struct bench_cluster *c;

		bench_sample(&spawned, spawn_ms(2 * nodes));
		c = bench_cluster_new(&spec, err);
		if (!c)
			return -1;
		bench_sample(&ready, (double)c->ready_ns / 1e6);
		bench_cluster_destroy(&c);
	}
	snprintf(name, sizeof(name), "startup.%d", nodes);
	f = bench_figure(&b->report, name, "ms", BENCH_LOWER, &ready);
	bench_yardstick(f, "as many processes that do nothing", &spawned);
	bench_aim(f, aim);
	return 0;
}

int bench_row_startup(struct bench *bench, struct sim_error *err)
{
	if (startup(bench, 1, "", err) < 0 || startup(bench, 3, "300", err) < 0)
		return -1;
	if (bench->quick)
		return 0;
	return startup(bench, 8, "1 000", err) < 0 ? -1 : startup(bench, 20, "", err);
}

/* ---- idle ---------------------------------------------------------------------------- */

struct idle {
	double cpu_s;
	double switches;
};

static struct idle look(struct bench_cluster *c)
{
	struct idle sum = { 0 };
	size_t n;
	struct sim_program *p = sim_host_programs(c->host, &n);

	for (size_t i = 0; i < n; i++) {
		sum.cpu_s += bench_proc_cpu_s(p[i].pid);
		sum.switches += bench_proc_switches(p[i].pid);
	}
	return sum;
}

/* Heartbeats a second of a mesh: 6 programs, from each to each but between CTIManagers. */
#define IDLE_NODES	3
#define IDLE_HEARTBEATS (IDLE_NODES * (IDLE_NODES - 1) + 2 * IDLE_NODES * IDLE_NODES)

int bench_row_idle(struct bench *bench, struct sim_error *err)
{
	struct bench_cluster_spec spec = { .nodes = IDLE_NODES, .real = true };
	struct bench_samples cpu = { 0 }, switches = { 0 }, trip = { 0 }, yard = { 0 };
	double seconds = bench->quick ? 1 : 5;
	struct bench_cluster *c;
	struct bench_figure *f;
	int result = 0;

	if (bench_message_cpu(bench, &trip, err) < 0)
		return -1;
	c = bench_cluster_new(&spec, err);
	if (!c || bench_cluster_rest(c, 1000000000, err) < 0)
		result = -1;
	for (unsigned i = 0; i < bench->repeat && result == 0; i++) {
		struct idle before = look(c), after;

		result = bench_cluster_rest(c, (int64_t)(seconds * 1e9), err);
		after = look(c);
		bench_sample(&cpu, (after.cpu_s - before.cpu_s) / seconds * 100);
		bench_sample(&switches, (after.switches - before.switches) / seconds);
	}
	if (c)
		bench_cluster_destroy(&c);
	if (result < 0)
		return -1;
	for (unsigned i = 0; i < trip.n; i++)
		bench_sample(&yard, trip.values[i] * IDLE_HEARTBEATS / 1e6 * 100);
	f = bench_figure(&bench->report, "idle.cpu", "% of a core", BENCH_LOWER, &cpu);
	bench_yardstick(f, "24 bare messages a second", &yard);
	bench_figure(&bench->report, "idle.switches", "1/s", BENCH_LOWER, &switches);
	return 0;
}

/* ---- memory -------------------------------------------------------------------------- */

static double memory(struct bench_cluster *c)
{
	return bench_cluster_memory(c, SDL_APP_CALLMANAGER) +
	       bench_cluster_memory(c, SDL_APP_CTIMANAGER);
}

static double database_size(const struct bench_cluster *c)
{
	static const char sql[] = "SELECT page_count * page_size FROM pragma_page_count, "
				  "pragma_page_size";
	sqlite3_stmt *s = NULL;
	double size = 0;

	if (sqlite3_prepare_v2(db_sqlite(c->db), sql, -1, &s, NULL) == SQLITE_OK &&
	    sqlite3_step(s) == SQLITE_ROW)
		size = sqlite3_column_double(s, 0);
	sqlite3_finalize(s);
	return size;
}

struct memories {
	struct bench_samples device, call, link, row;
};

/* The first open devices bring what is there once; what the rest add is what a device takes. */
static int per_device(struct bench *b, struct memories *m, struct sim_error *err)
{
	size_t n = b->quick ? 500 : 10000, few = n / 2;
	struct bench_cluster_spec spec = { .nodes = 2, .ports = n, .real = true };
	struct bench_cluster *c = bench_cluster_new(&spec, err);
	double before;
	int result = c ? bench_cluster_open(c, 0, few, err) : -1;

	if (result == 0) {
		before = memory(c);
		result = bench_cluster_open(c, few, n, err);
		bench_sample(&m->device, (memory(c) - before) / (double)(n - few));
		bench_sample(&m->row, database_size(c) / (double)n);
	}
	if (c)
		bench_cluster_destroy(&c);
	return result;
}

static int per_call(struct bench *b, struct memories *m, struct sim_error *err)
{
	size_t n = b->quick ? 200 : 2000, few = n / 10;
	struct bench_cluster_spec spec = { .nodes = 2, .ports = 2 * n, .spread = 2, .real = true };
	struct bench_cluster *c = bench_cluster_new(&spec, err);
	double before;
	int result = c ? bench_cluster_open(c, 0, spec.ports, err) : -1;

	if (result == 0)
		result = bench_cluster_call(c, few, few, err);
	if (result == 0) {
		before = memory(c);
		c->load.hold = true;
		result = bench_cluster_call(c, n, n, err);
		bench_sample(&m->call, (memory(c) - before) / (double)n);
	}
	if (c)
		bench_cluster_destroy(&c);
	return result;
}

/* A CallManager of a large cluster against one of a small one: 2 links more for each node. */
static int per_link(struct bench *b, struct memories *m, struct sim_error *err)
{
	int sizes[2] = { 2, b->quick ? 4 : 12 };
	double bytes[2];

	for (int i = 0; i < 2; i++) {
		struct bench_cluster_spec spec = { .nodes = sizes[i], .real = true };
		struct bench_cluster *c = bench_cluster_new(&spec, err);

		if (!c)
			return -1;
		bytes[i] = bench_cluster_memory(c, SDL_APP_CALLMANAGER) / sizes[i];
		bench_cluster_destroy(&c);
	}
	bench_sample(&m->link, (bytes[1] - bytes[0]) / (2 * (sizes[1] - sizes[0])));
	return 0;
}

int bench_row_memory(struct bench *bench, struct sim_error *err)
{
	struct memories m = { 0 };
	struct bench_figure *f;

	for (unsigned i = 0; i < bench->repeat; i++)
		if (per_device(bench, &m, err) < 0 || per_call(bench, &m, err) < 0 ||
		    per_link(bench, &m, err) < 0)
			return -1;
	f = bench_figure(&bench->report, "memory.device", "B", BENCH_LOWER, &m.device);
	bench_yardstick(f, "of cluster.db for each device", &m.row);
	bench_aim(f, "2 048");
	f = bench_figure(&bench->report, "memory.call", "B", BENCH_LOWER, &m.call);
	bench_yardstick(f, "an open device", &m.device);
	f = bench_figure(&bench->report, "memory.link", "B", BENCH_LOWER, &m.link);
	bench_yardstick(f, "an open device", &m.device);
	return 0;
}

/* ---- hours --------------------------------------------------------------------------- */

int bench_row_hours(struct bench *bench, struct sim_error *err)
{
	struct bench_cluster_spec spec = { .nodes = 3 };
	double hours = bench->quick ? 1 : 24;
	struct bench_samples rates = { 0 }, yard = { 0 };
	struct bench_cluster *c = bench_cluster_new(&spec, err);
	struct bench_figure *f;
	int result = c ? 0 : -1;

	for (unsigned i = 0; i < bench->repeat && result == 0; i++) {
		int64_t start = bench_cpu_ns();

		result = bench_cluster_rest(c, (int64_t)(hours * 3600e9), err);
		bench_sample(&rates, hours * 1e9 / (double)(bench_cpu_ns() - start));
		bench_sample(&yard, 1 / 3600.0);
	}
	if (c)
		bench_cluster_destroy(&c);
	if (result < 0)
		return -1;
	f = bench_figure(&bench->report, "hours.idle.3", "h/s", BENCH_HIGHER, &rates);
	bench_yardstick(f, "the real host", &yard);
	bench_aim(f, "24");
	return 0;
}
