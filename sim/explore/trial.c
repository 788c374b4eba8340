#include "sim/explore/trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/db/db.h"
#include "sim/explore/rest.h"
#include "sim/explore/watch_private.h"

#define UP_NS 30000000000LL

struct running {
	struct trial *trial;
	struct sim_host *host;
	struct db *db;
	struct watch *watch;
};

static bool look(void *arg)
{
	struct running *r = arg;

	watch_look(r->watch);
	return watch_breach(r->watch)->broken;
}

static bool all_home(void *arg)
{
	struct running *r = arg;
	const struct sim_topology *t = r->trial->plan->topology;

	if (look(r))
		return true;
	for (size_t i = 0; i < t->devices_n; i++) {
		const struct sim_device *d = &t->devices[i];

		if (d->kind == SIM_PHONE &&
		    watch_phone_node(r->watch, d) !=
			    sim_topology_node(t, sim_topology_group_of(t, d)->nodes[0]))
			return false;
	}
	return true;
}

static int up(struct running *r, struct sim_error *err)
{
	const struct plan *p = r->trial->plan;
	struct sim_host_options o = { .topology = p->topology,
				      .seed = p->seed,
				      .speed = p->speed,
				      .mutants = r->trial->mutants,
				      .record_size = TRIAL_RECORD_SIZE };
	struct db_error why = { 0 };

	if (db_memory(&r->db, &why) < 0)
		return sim_fail(err, SIM_UNKNOWN, "the database: %s", why.text);
	db_seed(r->db, p->seed);
	if (sim_topology_fill(p->topology, r->db, err) < 0)
		return -1;
	o.db = r->db;
	if (sim_host_virtual(&r->host, &o, err) < 0)
		return -1;
	r->watch = watch_new(r->host, r->trial->coverage);
	if (sim_host_up(r->host, UP_NS, err) < 0)
		return -1;
	if (sim_host_until(r->host, all_home, r, sim_host_now(r->host) + UP_NS) != SIM_DONE)
		watch_break(r->watch, WATCH_UP, "not all phones are at home after 30 s");
	return 0;
}

static int start_apps(struct running *r, struct sim_error *err)
{
	const struct plan *p = r->trial->plan;

	for (size_t i = 0; i < p->apps_n; i++) {
		const struct plan_app *a = &p->apps[i];
		const char *managers[SIM_TOPOLOGY_NODES];
		struct sim_app_spec spec = { .name = a->name,
					     .user = a->user,
					     .ctimanagers = managers,
					     .ctimanagers_n = a->managers_n,
					     .heartbeat_s = a->heartbeat_s };
		struct sim_program *program;

		for (size_t k = 0; k < a->managers_n; k++)
			managers[k] = a->managers[k];
		if (sim_host_app(r->host, &spec, &program, err) < 0)
			return -1;
	}
	return 0;
}

/* What cannot be done as things are is not done. */
static void act(struct running *r, size_t i)
{
	const struct plan_step *s = &r->trial->plan->steps[i];
	bool failed;

	struct sim_error err = { 0 };
	struct sim_call call = {
		.verb = s->verb, .host = r->host, .subject = s->subject, .out = stdout, .err = &err
	};

	for (unsigned k = 0; k < SIM_ARGS_MAX; k++)
		call.args[k] = *s->args[k] ? s->args[k] : NULL;
	failed = sim_verb_run(&call) < 0;
	if (r->trial->failed)
		r->trial->failed[i] = failed;
}

/* False: it is over. */
static bool pass(struct running *r, int64_t ns)
{
	struct sim_program *p;

	switch (sim_host_until(r->host, look, r, sim_host_now(r->host) + ns)) {
	case SIM_DONE:
		return false;
	case SIM_BROKEN:
		p = sim_host_broken(r->host);
		watch_break(r->watch, WATCH_ENDED, "%s %s", p->name, p->end);
		return false;
	default:
		return true;
	}
}

static void live(struct running *r)
{
	const struct plan *p = r->trial->plan;

	for (size_t i = 0; i < p->steps_n; i++) {
		if (!pass(r, p->steps[i].after_ns))
			return;
		act(r, i);
	}
	rest_run(r->host, r->watch, sim_host_now(r->host) + rest_bound(p->speed));
}

static void leave_pending(struct running *r)
{
	char path[1100];
	FILE *f;

	snprintf(path, sizeof(path), "%.1000s/pending.txt", r->trial->bundle);
	f = fopen(path, "we");
	if (!f)
		return;
	rest_pending(r->host, f);
	fclose(f);
}

/* Rules of a whole life, which this one has kept. */
static void count_whole(struct watch *watch)
{
	for (int rule = WATCH_UNEXPECTED; rule < WATCH_RULES; rule++)
		watch_check(watch, (enum watch_rule)rule, true, "kept");
}

void trial_run(struct trial *trial)
{
	struct running r = { .trial = trial };
	struct sim_error err = { 0 };
	bool begun = up(&r, &err) == 0 && start_apps(&r, &err) == 0;

	memset(&trial->breach, 0, sizeof(trial->breach));
	if (begun)
		live(&r);
	else if (r.watch)
		watch_break(r.watch, WATCH_UP, "%.300s", err.text);
	if (r.watch) {
		trial->breach = *watch_breach(r.watch);
		if (!trial->breach.broken)
			count_whole(r.watch);
		trial->hash = sim_host_trace_hash(r.host);
		trial->virtual_ns = sim_host_now(r.host);
		trial->signals = sim_host_signals(r.host);
		if (trial->breach.broken && trial->bundle)
			leave_pending(&r);
	} else {
		trial->breach = (struct watch_breach){ .broken = true, .rule = WATCH_UP };
		snprintf(trial->breach.text, sizeof(trial->breach.text), "%.390s", err.text);
	}
	watch_destroy(&r.watch);
	sim_host_destroy(&r.host);
	if (r.db)
		db_close(&r.db);
}
