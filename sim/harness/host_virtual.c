/* The virtual host: all programs in this process, in virtual time. sdl/virt does the work; here
 * each program of the topology gets its processes, and the database that all share. */
#include "sim/harness/host_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "callmanager/callmanager.h"
#include "common/msg/address.h"
#include "ctimanager/ctimanager.h"
#include "sdl/database.h"
#include "sdl/virt.h"
#include "sim/app.h"
#include "sim/harness/topology.h"
#include "sim/phones.h"

#define RECORD_SIZE   (64u << 20)
#define JITTER_NS     200000 /* as much as the latency, so that seeds differ in order */
#define VIRTUAL_C     1	     /* c of 127.c.0.n */
#define VIRTUAL_TOKEN "virtual"

struct host_virtual {
	struct sim_host host;
	struct sdl_virt *virt;
	struct param_set params;
	struct maker {
		struct host_virtual *v;
		struct sim_program *program;
		char name[SIM_NAME_SIZE];
		struct sdl_database place;
		struct cti_provider provider; /* of an application with callbacks of its own */
		int index;		      /* in sdl/virt; -1 = not added yet */
	} makers[SIM_PROGRAMS_MAX];
	char *alarms;
	size_t alarms_n, alarms_size;
};

static struct host_virtual *virtual_of(const struct sim_host *host)
{
	return (struct host_virtual *)(uintptr_t)host;
}

static int index_of(struct sim_host *host, const struct sim_program *p)
{
	return virtual_of(host)->makers[p - host->programs].index;
}

/* ---- programs ------------------------------------------------------------------------ */

static void *zeroed(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		abort();
	return p;
}

static struct sim_app *app_of(struct maker *m)
{
	return sim_host_app_of(&m->v->host, m->program);
}

/* Requests made between two turns, as on the real host. */
static void post_request(void *arg, const struct sdl_envelope *e)
{
	struct maker *m = arg;

	sdl_virt_post(m->v->virt, m->index, e);
}

static void make_app(struct maker *m, struct sdl_config *config)
{
	const struct sim_app *app = app_of(m);
	struct sim_app_options o = { .cluster = VIRTUAL_C, .node = m->program->node };
	struct cti *cti;

	memcpy(o.provider.ctimanagers, app->ctimanagers, app->ctimanagers_n);
	o.provider.user = app->user;
	o.provider.password = app->password;
	o.provider.instance = app->instance;
	o.provider.heartbeat_s = (uint32_t)app->heartbeat_s;
	o.provider.kind = (enum cti_kind)app->kind;
	o.provider.key = app->key;
	if (!app->callbacks) {
		sim_app_program(config, sim_app_new(&o));
		return;
	}
	m->provider = o.provider;
	cti = cti_new(app->callbacks);
	cti_set_provider(cti, &m->provider);
	cti_set_post(cti, post_request, m);
	cti_program(config, cti);
}

static void make(void *arg, struct sdl_config *config)
{
	struct maker *m = arg;
	struct phones_context *phones;

	switch (m->program->app) {
	case SDL_APP_CALLMANAGER:
		cm_program(config, zeroed(sizeof(struct cm_context)));
		return;
	case SDL_APP_CTIMANAGER:
		ctim_program(config);
		return;
	case SDL_APP_PHONES:
		phones = zeroed(sizeof(*phones));
		phones->cluster = VIRTUAL_C;
		phones_program(config, phones);
		return;
	default:
		make_app(m, config);
	}
}

static void unmake(void *arg, void *context)
{
	struct maker *m = arg;
	struct sim_app *app = app_of(m);

	if (app && app->callbacks) {
		struct cti *cti = ((struct cti_context *)context)->cti;

		cti_destroy(&cti);
	} else if (app)
		sim_app_destroy((struct sim_app **)&context);
	else
		free(context);
}

static void *resource_open(void *arg, char *why, size_t why_size)
{
	struct maker *m = arg;

	(void)why;
	(void)why_size;
	sdl_database_begin(&m->place, m->v->host.options.db);
	return m->v->host.options.db;
}

static void resource_close(void *resource)
{
	(void)resource;
}

static void resource_poll(void *arg, void *resource, struct sdl_answer *a)
{
	struct maker *m = arg;

	sdl_database_tell(&m->place, resource, a);
}

static void add(struct host_virtual *v, struct sim_program *p)
{
	struct sim_host *host = &v->host;
	const struct sim_topology *t = host->options.topology;
	struct maker *m = &v->makers[p - host->programs];
	struct sdl_pid peers[64];
	struct sdl_virt_program spec = {
		.make = make,
		.unmake = unmake,
		.arg = m,
		.name = m->name,
		.node = p->node,
		.app = p->app,
		.cluster_id = param_text(&v->params, PARAM_CLUSTER_ID),
		.token = VIRTUAL_TOKEN,
		.params = &v->params,
		.mutants = host->options.mutants,
		.serve_cti = p->app == SDL_APP_CTIMANAGER,
	};

	/* Only servers have the database. */
	if (p->app == SDL_APP_CALLMANAGER || p->app == SDL_APP_CTIMANAGER)
		spec.resource = (struct sdl_resource){ .open = resource_open,
						       .close = resource_close,
						       .poll = resource_poll,
						       .notify_type = p->app == SDL_APP_CALLMANAGER
									      ? CM_DEVICE_MANAGER
									      : CTIM_CTI_MANAGER,
						       .arg = m };
	m->v = v;
	m->program = p;
	if (p->node <= t->nodes_n)
		snprintf(m->name, sizeof(m->name), "%.60s", t->nodes[p->node - 1].name);
	else
		snprintf(m->name, sizeof(m->name), "%s",
			 strchr(p->name, ':') ? strchr(p->name, ':') + 1 : p->name);
	spec.links_n = sim_host_links(host, p, peers, 64);
	for (unsigned i = 0; i < spec.links_n; i++) {
		spec.links[i].node = peers[i].node;
		spec.links[i].app = peers[i].app;
	}
	m->index = sdl_virt_add(v->virt, &spec);
}

static int virtual_start(struct sim_host *host, struct sim_program *p, struct sim_error *err)
{
	struct host_virtual *v = virtual_of(host);
	char why[300];

	if (index_of(host, p) < 0)
		add(v, p);
	p->record = host->logs[0].record;
	if (sdl_virt_start(v->virt, index_of(host, p), why, sizeof(why)) < 0)
		return sim_fail(err, SIM_USAGE, "%s: %s", p->name, why);
	return 0;
}

static int virtual_kill(struct sim_host *host, struct sim_program *p, struct sim_error *err)
{
	(void)err;
	sdl_virt_kill(virtual_of(host)->virt, index_of(host, p));
	if (p->state != SIM_DOWN)
		sim_host_ended(host, p, "killed by signal 9 (Killed)");
	return 0;
}

static int virtual_term(struct sim_host *host, struct sim_program *p, struct sim_error *err)
{
	(void)err;
	sdl_virt_term(virtual_of(host)->virt, index_of(host, p));
	return 0;
}

static int virtual_freeze(struct sim_host *host, struct sim_program *p, struct sim_error *err)
{
	(void)err;
	sdl_virt_freeze(virtual_of(host)->virt, index_of(host, p));
	return 0;
}

static int virtual_thaw(struct sim_host *host, struct sim_program *p, struct sim_error *err)
{
	(void)err;
	sdl_virt_thaw(virtual_of(host)->virt, index_of(host, p));
	return 0;
}

static int virtual_post(struct sim_host *host, struct sim_program *p, const struct sdl_envelope *e,
			struct sim_error *err)
{
	(void)err;
	sdl_virt_post(virtual_of(host)->virt, index_of(host, p), e);
	return 0;
}

/* ---- what sdl/virt tells ------------------------------------------------------------- */

static struct sim_program *by_index(struct host_virtual *v, int index)
{
	for (size_t i = 0; i < v->host.programs_n; i++)
		if (v->makers[i].index == index)
			return &v->host.programs[i];
	return NULL;
}

static void on_control(void *arg, int program, const struct sdl_envelope *e)
{
	struct host_virtual *v = arg;
	struct sim_program *p = by_index(v, program);

	if (p)
		sim_host_control(&v->host, p, e);
}

static void on_ended(void *arg, int program, int status, bool crash)
{
	struct host_virtual *v = arg;
	struct sim_program *p = by_index(v, program);
	char how[80];

	if (!p || p->state == SIM_DOWN)
		return;
	if (crash)
		snprintf(how, sizeof(how), "killed at a crash point");
	else
		snprintf(how, sizeof(how), "ended with status %d", status);
	sim_host_ended(&v->host, p, how);
}

static void on_alarm(void *arg, int program, const char *line)
{
	struct host_virtual *v = arg;
	size_t n = strlen(line);

	(void)program;
	if (v->alarms_n + n + 2 > v->alarms_size) {
		v->alarms_size = (v->alarms_n + n + 2) * 2;
		v->alarms = realloc(v->alarms, v->alarms_size);
		if (!v->alarms)
			abort();
	}
	memcpy(v->alarms + v->alarms_n, line, n);
	memcpy(v->alarms + v->alarms_n + n, "\n", 2);
	v->alarms_n += n + 1;
}

static void on_stepped(void *arg)
{
	struct host_virtual *v = arg;
	const struct sim_watch *watch = v->host.options.watch;

	watch->stepped(watch->arg, &v->host);
}

static char *virtual_alarms(struct sim_host *host)
{
	struct host_virtual *v = virtual_of(host);
	char *text = strdup(v->alarms ? v->alarms : "");

	if (!text)
		abort();
	return text;
}

/* ---- time ---------------------------------------------------------------------------- */

static int64_t virtual_now(const struct sim_host *host)
{
	return sdl_virt_now(virtual_of(host)->virt);
}

static enum sim_until virtual_turn(struct sim_host *host, int64_t deadline_ns, bool watched)
{
	struct sdl_virt *virt = virtual_of(host)->virt;
	int64_t next = sdl_virt_next(virt);

	if (next > deadline_ns) {
		if (deadline_ns > sdl_virt_now(virt) && deadline_ns != INT64_MAX)
			sdl_virt_advance(virt, deadline_ns);
		return next == INT64_MAX ? SIM_AT_REST : SIM_DEADLINE;
	}
	(void)watched;
	sdl_virt_step(virt);
	return SIM_DONE;
}

static void virtual_poke(struct sim_host *host)
{
	sdl_virt_poke(virtual_of(host)->virt);
}

static uint64_t virtual_hash(const struct sim_host *host)
{
	return sdl_record_hash(host->logs[0].record);
}

static uint64_t virtual_signals(const struct sim_host *host)
{
	return sdl_virt_signals(virtual_of(host)->virt);
}

static struct sdl_program *virtual_running(struct sim_host *host, const struct sim_program *program)
{
	int i = index_of(host, program);

	return i < 0 ? NULL : sdl_virt_running(virtual_of(host)->virt, i);
}

static void virtual_destroy(struct sim_host *host)
{
	struct host_virtual *v = virtual_of(host);

	host->listener = NULL;
	/* The record belongs to sdl/virt. */
	host->logs[0].record = NULL;
	sdl_virt_destroy(&v->virt);
	sim_host_free(host);
	free(v->alarms);
	free(v);
}

static const struct sim_host_ops virtual_ops = {
	.is_virtual = true,
	.start = virtual_start,
	.kill = virtual_kill,
	.term = virtual_term,
	.freeze = virtual_freeze,
	.thaw = virtual_thaw,
	.post = virtual_post,
	.now = virtual_now,
	.turn = virtual_turn,
	.hash = virtual_hash,
	.poke = virtual_poke,
	.running = virtual_running,
	.signals = virtual_signals,
	.alarms = virtual_alarms,
	.destroy = virtual_destroy,
};

/* The real host makes keys for the users of the topology. */
static bool has_key(void *arg, const char *identity)
{
	const struct host_virtual *v = arg;

	return sim_topology_user(v->host.options.topology, identity) != NULL;
}

int sim_host_virtual(struct sim_host **host, const struct sim_host_options *options,
		     struct sim_error *err)
{
	struct host_virtual *v = zeroed(sizeof(*v));
	struct sdl_virt_options o = {
		.seed = options->seed,
		.jitter_ns = JITTER_NS,
		.record_size = options->record_size ? options->record_size : RECORD_SIZE,
		.control = on_control,
		.ended = on_ended,
		.alarm = on_alarm,
		.has_key = has_key,
		.stepped = options->watch ? on_stepped : NULL,
		.arg = v,
	};

	(void)err;
	for (size_t i = 0; i < SIM_PROGRAMS_MAX; i++)
		v->makers[i].index = -1;
	v->virt = sdl_virt_new(&o);
	sim_host_init(&v->host, &virtual_ops, options);
	v->host.options.cluster = VIRTUAL_C;
	sim_host_params(&v->host, &v->params);
	sim_host_log(&v->host, sdl_virt_record(v->virt), "", "virtual");
	*host = &v->host;
	return 0;
}
