#include "sim/bench/cluster.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "common/db/db.h"
#include "sim/bench/proc.h"
#include "sim/harness/supervisor.h"
#include "sim/harness/topology.h"

#define PATIENCE_NS INT64_C(120000000000)
#define USER	    "bench"

/* ---- what it consists of ------------------------------------------------------------- */

static void write_names(FILE *f, const struct bench_cluster_spec *s)
{
	int spread = s->spread;

	fputs("return { nodes = {", f);
	for (int i = 1; i <= s->nodes; i++)
		fprintf(f, " \"ccm%d\",", i);
	fputs(" },\ngroups = {", f);
	for (int i = 1; i <= spread; i++) {
		fprintf(f, " g%d = { \"ccm%d\"", i, i);
		if (s->nodes > 1)
			fprintf(f, ", \"ccm%d\"", i % s->nodes + 1);
		fputs(" },", f);
	}
	fputs(" },\npools = {", f);
	for (int i = 1; i <= spread; i++)
		fprintf(f, " p%d = \"g%d\",", i, i);
	fputs(" },\n", f);
}

/* Ports that follow each other have pools that do, so runs of one pool are written one by one. */
static void write_ports(FILE *f, const struct bench_cluster_spec *s)
{
	size_t each = s->spread > 1 ? 1 : s->ports;

	fputs("ports = {\n", f);
	for (size_t i = 0; i < s->ports; i += each)
		fprintf(f,
			"{ \"" BENCH_DEVICE "\", count = %zu, dn = \"" BENCH_DN
			"\", pool = \"p%zu\" },\n",
			i, each, i, i % (size_t)s->spread + 1);
	fputs("},\n", f);
}

static int make_topology(struct bench_cluster *c, struct sim_error *err)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	int result;

	if (!f)
		abort();
	write_names(f, &c->spec);
	if (c->spec.ports)
		write_ports(f, &c->spec);
	if (c->spec.bridges)
		fputs("phones = { { \"SEP000000000001\", dn = \"1001\", pool = \"p1\" } },\n", f);
	fputs("parameters = { [\"Maximum Number of Registered Devices\"] = \"1000000\",\n"
	      "[\"Maximum Devices Per Provider\"] = \"1000000\",\n"
	      "[\"Maximum Devices Per Node\"] = \"1000000\" },\n"
	      "users = { " USER " = { application = true, password = \"" USER "\", groups = {\n"
	      "\"Standard CTI Enabled\", \"Standard CTI Allow Control of All Devices\" } } } }\n",
	      f);
	fclose(f);
	result = sim_topology_parse(&c->topology, "bench", text, err);
	free(text);
	return result;
}

static int make_database(struct bench_cluster *c, struct sim_error *err)
{
	struct db_error why = { 0 };

	if (c->spec.real) {
		if (sim_run_dir_new(&c->dir, NULL, err) < 0)
			return -1;
		c->db = sim_database_make(c->dir.path, c->topology, err);
		return c->db ? 0 : -1;
	}
	if (db_memory(&c->db, &why) < 0)
		return sim_fail(err, SIM_UNKNOWN, "the database: %s", why.text);
	db_seed(c->db, 1);
	return sim_topology_fill(c->topology, c->db, err);
}

static int make_host(struct bench_cluster *c, struct sim_error *err)
{
	struct sim_host_options o = { .topology = c->topology,
				      .db = c->db,
				      .seed = 1,
				      .speed = 1,
				      .dir = c->dir.path,
				      .record_size = c->spec.record_size,
				      .cluster = c->dir.cluster };
	int64_t start;

	if ((c->spec.real ? sim_host_real(&c->host, &o, err)
			  : sim_host_virtual(&c->host, &o, err)) < 0)
		return -1;
	start = bench_now_ns();
	if (sim_host_up(c->host, sim_host_now(c->host) + PATIENCE_NS, err) < 0)
		return -1;
	c->ready_ns = bench_now_ns() - start;
	return 0;
}

static bool provider_open(struct bench_cluster *c)
{
	return c->load.provider_open;
}

static int make_real_app(struct bench_cluster *c, struct sim_error *err)
{
	struct cti_options o = { .cluster = (uint8_t)c->dir.cluster, .run_dir = c->dir.path };
	struct cti_provider p = { .ctimanagers = { 1 }, .user = USER, .password = USER };
	char why[300];

	c->load.cti = cti_open(&c->load.app, &o, why, sizeof(why));
	if (!c->load.cti)
		return sim_fail(err, SIM_UNKNOWN, "bench: %s", why);
	cti_provider_open(c->load.cti, &p, NULL);
	return 0;
}

static int make_app(struct bench_cluster *c, struct sim_error *err)
{
	static const char *const ctimanagers[] = { "ccm1" };
	struct sim_app_spec spec = { .name = "bench",
				     .user = USER,
				     .ctimanagers = ctimanagers,
				     .ctimanagers_n = 1,
				     .callbacks = &c->load.app };
	struct sim_program *program;

	bench_load_init(&c->load, c->spec.ports);
	if ((c->spec.real ? make_real_app(c, err) : sim_host_app(c->host, &spec, &program, err)) <
	    0)
		return -1;
	return bench_cluster_until(c, provider_open, err);
}

struct bench_cluster *bench_cluster_new(const struct bench_cluster_spec *spec,
					struct sim_error *err)
{
	struct bench_cluster *c = calloc(1, sizeof(*c));

	if (!c)
		abort();
	c->spec = *spec;
	c->spec.spread = spec->spread ? spec->spread : 1;
	c->dir.lock = c->dir.number = -1;
	if (make_topology(c, err) < 0 || make_database(c, err) < 0 || make_host(c, err) < 0 ||
	    (c->spec.ports && make_app(c, err) < 0))
		bench_cluster_destroy(&c);
	return c;
}

void bench_cluster_destroy(struct bench_cluster **cluster)
{
	struct bench_cluster *c = *cluster;

	if (c->spec.real && c->load.cti)
		cti_close(&c->load.cti);
	if (c->reader)
		sim_reader_destroy(&c->reader);
	sim_host_destroy(&c->host);
	bench_load_free(&c->load);
	if (c->db)
		db_close(&c->db);
	if (c->dir.lock >= 0)
		sim_run_dir_remove(&c->dir);
	sim_topology_destroy(&c->topology);
	free(c);
	*cluster = NULL;
}

/* ---- time ---------------------------------------------------------------------------- */

struct wait {
	struct bench_cluster *cluster;
	bool (*done)(struct bench_cluster *cluster);
};

static bool is_done(void *arg)
{
	struct wait *w = arg;

	return w->done && w->done(w->cluster);
}

static bool ended_unordered(struct bench_cluster *c, struct sim_error *err)
{
	struct sim_program *p = sim_host_broken(c->host);

	if (p)
		sim_fail(err, SIM_FAILED, "bench: %s %s", p->name, p->end);
	return p != NULL;
}

/* The application lives in this process: its loop and that of the harness are one. 1 = done. */
static int real_until(struct bench_cluster *c, struct wait *w, int64_t until, struct sim_error *err)
{
	while (!is_done(w)) {
		struct pollfd fds[2] = {
			{ .fd = sim_host_fd(c->host), .events = POLLIN },
			{ .fd = c->load.cti ? cti_fd(c->load.cti) : -1, .events = POLLIN },
		};
		int64_t left = until - bench_now_ns();

		if (left <= 0)
			return 0;
		poll(fds, 2, left < 100000000 ? (int)(left / 1000000) + 1 : 100);
		if (fds[0].revents)
			sim_host_until(c->host, NULL, NULL, 0);
		if (c->load.cti && !cti_dispatch(c->load.cti))
			return sim_fail(err, SIM_FAILED, "bench: the application ended");
		if (ended_unordered(c, err))
			return -1;
	}
	return 1;
}

static int virtual_until(struct bench_cluster *c, struct wait *w, int64_t until,
			 struct sim_error *err)
{
	enum sim_until how = sim_host_until(c->host, w->done ? is_done : NULL, w, until);

	if (how == SIM_BROKEN && ended_unordered(c, err))
		return -1;
	return how == SIM_DONE;
}

static int until(struct bench_cluster *c, bool (*done)(struct bench_cluster *), int64_t at,
		 struct sim_error *err)
{
	struct wait w = { c, done };

	return c->spec.real ? real_until(c, &w, at, err) : virtual_until(c, &w, at, err);
}

int bench_cluster_until(struct bench_cluster *c, bool (*done)(struct bench_cluster *cluster),
			struct sim_error *err)
{
	int result = until(c, done, sim_host_now(c->host) + PATIENCE_NS, err);

	if (result < 0)
		return -1;
	if (c->load.failures)
		return sim_fail(err, SIM_FAILED, "bench: %zu requests were refused: %s",
				c->load.failures, c->load.failure);
	if (result == 0)
		return sim_fail(err, SIM_FAILED,
				"bench: not done in time: %zu of %zu devices in service, %llu of "
				"%llu calls completed",
				c->load.in_service, c->load.ports_n,
				(unsigned long long)c->load.completed,
				(unsigned long long)c->load.calls_wanted);
	return 0;
}

int bench_cluster_rest(struct bench_cluster *c, int64_t ns, struct sim_error *err)
{
	return until(c, NULL, sim_host_now(c->host) + ns, err) < 0 ? -1 : 0;
}

/* ---- work ---------------------------------------------------------------------------- */

static bool all_open(struct bench_cluster *c)
{
	return c->load.failures || c->load.in_service == c->load.wanted;
}

int bench_cluster_open(struct bench_cluster *c, size_t from, size_t to, struct sim_error *err)
{
	c->load.wanted = to;
	bench_load_open(&c->load, from, to);
	return bench_cluster_until(c, all_open, err);
}

static bool all_called(struct bench_cluster *c)
{
	return c->load.failures ||
	       (c->load.hold ? c->load.connected : c->load.completed) == c->load.calls_wanted;
}

int bench_cluster_call(struct bench_cluster *c, size_t pairs, uint64_t calls, struct sim_error *err)
{
	bench_load_call(&c->load, pairs, calls);
	return bench_cluster_until(c, all_called, err);
}

static void count_sent(void *arg, const struct sdl_record_entry *e)
{
	uint64_t *n = arg;

	*n += e->kind == SDL_REC_OUT;
}

uint64_t bench_cluster_messages(struct bench_cluster *c)
{
	uint64_t n = 0;

	if (!c->reader)
		c->reader = sim_reader_new(c->host);
	sim_reader_read(c->reader, count_sent, &n);
	return n;
}

double bench_cluster_memory(struct bench_cluster *c, uint16_t app)
{
	double bytes = 0;
	size_t n;
	struct sim_program *p = sim_host_programs(c->host, &n);

	for (size_t i = 0; i < n; i++)
		if (p[i].app == app && p[i].pid > 0)
			bytes += bench_proc_memory(p[i].pid);
	return bytes;
}
