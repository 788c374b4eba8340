#include "sim/harness/host_private.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sim/harness/topology.h"

int sim_fail(struct sim_error *err, enum sim_exit status, const char *format, ...)
{
	va_list ap;

	err->status = (int)status;
	va_start(ap, format);
	vsnprintf(err->text, sizeof(err->text), format, ap);
	va_end(ap);
	return -1;
}

const char *sim_state_name(enum sim_state state)
{
	static const char *const names[] = { "down", "starting", "ready", "frozen" };

	return names[state];
}

/* ---- programs ------------------------------------------------------------------------ */

struct sim_program *sim_host_declare(struct sim_host *host, uint8_t node, uint16_t app,
				     const char *name, const char *suffix)
{
	struct sim_program *p;

	if (host->programs_n == SIM_PROGRAMS_MAX)
		return NULL;
	p = &host->programs[host->programs_n++];
	snprintf(p->name, sizeof(p->name), "%.48s%s", name, suffix);
	p->node = node;
	p->app = app;
	return p;
}

void sim_host_init(struct sim_host *host, const struct sim_host_ops *ops,
		   const struct sim_host_options *options)
{
	const struct sim_topology *t = options->topology;
	bool phones = false;

	assert(ops->start && ops->kill && ops->term && ops->freeze && ops->thaw && ops->post &&
	       ops->now && ops->turn && ops->poke && ops->alarms);
	host->ops = ops;
	host->options = *options;
	if (host->options.speed < 1)
		host->options.speed = 1;
	for (size_t i = 0; i < t->nodes_n; i++) {
		uint8_t node = (uint8_t)(i + 1);

		if (t->nodes[i].callmanager)
			sim_host_declare(host, node, SDL_APP_CALLMANAGER, t->nodes[i].name,
					 ":callmanager");
		if (t->nodes[i].ctimanager)
			sim_host_declare(host, node, SDL_APP_CTIMANAGER, t->nodes[i].name,
					 ":ctimanager");
	}
	for (size_t i = 0; i < t->devices_n; i++)
		phones = phones || t->devices[i].kind == SIM_PHONE;
	if (phones)
		sim_host_declare(host, SIM_NODE_PHONES, SDL_APP_PHONES, "phones", "");
}

static void app_free(struct sim_app *app)
{
	if (!app)
		return;
	free(app->user);
	free(app->password);
	free(app->instance);
	free(app->key);
	free(app);
}

void sim_host_free(struct sim_host *host)
{
	for (size_t i = 0; i < host->programs_n; i++)
		app_free(host->apps[i]);
	for (size_t i = 0; i < host->logs_n; i++)
		if (host->logs[i].record)
			sdl_record_destroy(&host->logs[i].record);
	free(host->logs);
}

void sim_host_destroy(struct sim_host **host)
{
	if (!*host)
		return;
	(*host)->ops->destroy(*host);
	*host = NULL;
}

bool sim_host_is_virtual(const struct sim_host *host)
{
	return host->ops->is_virtual;
}

const struct sim_host_options *sim_host_options(const struct sim_host *host)
{
	return &host->options;
}

int64_t sim_host_now(const struct sim_host *host)
{
	return host->ops->now(host);
}

int sim_host_fd(const struct sim_host *host)
{
	return host->ops->fd ? host->ops->fd(host) : -1;
}

void sim_host_poke(struct sim_host *host)
{
	host->ops->poke(host);
}

int64_t sim_host_lag(struct sim_host *host)
{
	int64_t lag = host->lag_ns;

	host->lag_ns = 0;
	return lag;
}

struct sdl_program *sim_host_running(struct sim_host *host, const struct sim_program *program)
{
	return host->ops->running ? host->ops->running(host, program) : NULL;
}

uint64_t sim_host_trace_hash(const struct sim_host *host)
{
	return host->ops->hash ? host->ops->hash(host) : 0;
}

uint64_t sim_host_signals(const struct sim_host *host)
{
	return host->ops->signals ? host->ops->signals(host) : 0;
}

char *sim_host_alarms(struct sim_host *host)
{
	return host->ops->alarms(host);
}

struct sim_program *sim_host_programs(struct sim_host *host, size_t *n)
{
	*n = host->programs_n;
	return host->programs;
}

struct sim_program *sim_host_program(struct sim_host *host, const char *name)
{
	for (size_t i = 0; i < host->programs_n; i++)
		if (!strcmp(host->programs[i].name, name))
			return &host->programs[i];
	return NULL;
}

struct sim_program *sim_host_program_at(struct sim_host *host, uint8_t node, uint16_t app)
{
	for (size_t i = 0; i < host->programs_n; i++)
		if (host->programs[i].node == node && host->programs[i].app == app)
			return &host->programs[i];
	return NULL;
}

static int no_target(struct sim_host *host, const char *target, struct sim_error *err)
{
	char names[600] = "";
	size_t n = 0;

	for (size_t i = 0; i < host->programs_n && n < sizeof(names) - 80; i++) {
		int more = snprintf(names + n, sizeof(names) - n, "%s%s", n ? ", " : "",
				    host->programs[i].name);

		n += more > 0 ? (size_t)more : 0;
	}
	return sim_fail(err, SIM_USAGE, "there is no '%s' in this cluster; it has %s", target,
			names);
}

int sim_host_target(struct sim_host *host, const char *target,
		    struct sim_program *found[SIM_PROGRAMS_MAX], struct sim_error *err)
{
	int node = sim_topology_node(host->options.topology, target);
	int n = 0;

	for (size_t i = 0; i < host->programs_n; i++) {
		struct sim_program *p = &host->programs[i];

		if (!strcmp(p->name, target) || (node > 0 && p->node == node))
			found[n++] = p;
	}
	return n ? n : no_target(host, target, err);
}

unsigned sim_host_links(const struct sim_host *host, const struct sim_program *program,
			struct sdl_pid *peers, unsigned max)
{
	unsigned n = 0;

	if (program->app == SDL_APP_CTI)
		return 0;
	for (size_t i = 0; i < host->programs_n && n < max; i++) {
		const struct sim_program *p = &host->programs[i];
		bool wanted = p != program && p->app == SDL_APP_CALLMANAGER;

		if (p->app == SDL_APP_CTIMANAGER && program->app == SDL_APP_CALLMANAGER)
			wanted = true;
		if (wanted)
			peers[n++] = (struct sdl_pid){ .node = p->node, .app = p->app };
	}
	return n;
}

void sim_host_params(const struct sim_host *host, struct param_set *params)
{
	const struct sim_topology *t = host->options.topology;

	param_set_defaults(params);
	params->speed = host->options.speed;
	for (size_t i = 0; i < t->parameters_n; i++) {
		char why[200];
		enum param_id id = param_by_name(NULL, t->parameters[i].name);

		if (id != PARAM_IDS)
			param_set_parse(params, id, t->parameters[i].value, why, sizeof(why));
	}
}

/* ---- what programs say --------------------------------------------------------------- */

void sim_host_state(struct sim_host *host, struct sim_program *program, enum sim_state state)
{
	program->state = state;
	program->since_ns = sim_host_now(host);
}

static void plug_phone(struct sim_host *host, struct sim_program *program,
		       const struct sim_device *d)
{
	const struct sim_topology *t = host->options.topology;
	const struct sim_group *g = sim_topology_group_of(t, d);
	uint32_t group[SIM_TOPOLOGY_MEMBERS];
	struct sim_error err;
	PhonePlug plug = PHONE_PLUG__INIT;

	plug.phone = (char *)(uintptr_t)d->name;
	plug.model = (uint32_t)d->model;
	for (size_t i = 0; i < g->nodes_n; i++)
		group[i] = (uint32_t)sim_topology_node(t, g->nodes[i]);
	plug.group = group;
	plug.n_group = g->nodes_n;
	plug.has_sip = plug.has_enbloc = plug.has_udp = true;
	plug.sip = d->sip;
	plug.enbloc = d->enbloc;
	plug.udp = d->udp;
	sim_host_post(host, program, PHONES_PHONE_INIT, SIG_PhonePlug, &plug, &err);
}

/* Each CallManager has a software conference bridge. */
static void plug_bridge(struct sim_host *host, struct sim_program *program, uint32_t node)
{
	char name[16];
	struct sim_error err;
	PhonePlug plug = PHONE_PLUG__INIT;

	snprintf(name, sizeof(name), "CFB_%u", (unsigned)node);
	plug.phone = name;
	plug.model = 50;
	plug.group = &node;
	plug.n_group = 1;
	sim_host_post(host, program, PHONES_PHONE_INIT, SIG_PhonePlug, &plug, &err);
}

/* Phones exist from when their program is ready; not from within its own turn. */
static void plug_phones(struct sim_host *host)
{
	const struct sim_topology *t = host->options.topology;
	struct sim_program *p = sim_host_program(host, "phones");

	host->plug = false;
	for (size_t i = 0; p && i < t->nodes_n; i++)
		plug_bridge(host, p, (uint32_t)i + 1);
	for (size_t i = 0; p && i < t->devices_n; i++)
		if (t->devices[i].kind == SIM_PHONE)
			plug_phone(host, p, &t->devices[i]);
}

void sim_host_control(struct sim_host *host, struct sim_program *program,
		      const struct sdl_envelope *e)
{
	if (e->number == SIG_Ready && program->state == SIM_STARTING) {
		program->was_ready = true;
		sim_host_state(host, program, SIM_READY);
		host->plug = host->plug || program->app == SDL_APP_PHONES;
	}
	if (host->listener)
		host->listener(host->listener_arg, program, e);
}

/* As a crash point does: on the virtual host, on the real one. */
static bool killed_itself(const char *how)
{
	return !strcmp(how, "killed at a crash point") || !strncmp(how, "killed by signal 9 ", 19);
}

void sim_host_ended(struct sim_host *host, struct sim_program *program, const char *how)
{
	snprintf(program->end, sizeof(program->end), "%s", how);
	program->pid = 0;
	program->was_ready = false;
	if (program->doomed && !program->ordered && killed_itself(how)) {
		program->ordered = true;
		sim_host_note(host, "crash %s", program->name);
	}
	sim_host_state(host, program, SIM_DOWN);
	if (!program->ordered && !host->broken)
		host->broken = program;
}

void sim_host_listen(struct sim_host *host, sim_listener *listener, void *arg)
{
	host->listener = listener;
	host->listener_arg = arg;
}

struct sim_program *sim_host_broken(struct sim_host *host)
{
	struct sim_program *p = host->broken;

	host->broken = NULL;
	return p;
}

/* ---- time ---------------------------------------------------------------------------- */

enum sim_until sim_host_until(struct sim_host *host, bool (*done)(void *arg), void *arg,
			      int64_t deadline_ns)
{
	for (;;) {
		enum sim_until turn;

		if (host->plug)
			plug_phones(host);
		if (done && done(arg))
			return SIM_DONE;
		if (host->options.interrupted && *host->options.interrupted)
			return SIM_DEADLINE;
		if (host->broken)
			return SIM_BROKEN;
		turn = host->ops->turn(host, deadline_ns, done != NULL);
		if (turn == SIM_DONE && sim_host_now(host) < deadline_ns)
			continue;
		if (done && done(arg))
			return SIM_DONE;
		return host->broken ? SIM_BROKEN : turn == SIM_AT_REST ? SIM_AT_REST : SIM_DEADLINE;
	}
}

static bool all_ready(void *arg)
{
	struct sim_host *host = arg;

	for (size_t i = 0; i < host->programs_n; i++)
		if (host->programs[i].state == SIM_STARTING)
			return false;
	return true;
}

int sim_host_up(struct sim_host *host, int64_t deadline_ns, struct sim_error *err)
{
	struct sim_program *p;
	enum sim_until until;

	for (size_t i = 0; i < host->programs_n; i++)
		if (sim_host_start(host, &host->programs[i], err) < 0)
			return -1;
	until = sim_host_until(host, all_ready, host, deadline_ns);
	if (until == SIM_DONE)
		until = sim_host_meet(host, deadline_ns);
	if (until == SIM_DONE)
		return 0;
	if (until == SIM_BROKEN) {
		p = sim_host_broken(host);
		/* A program that refuses to start has said why, and says so by status 2. */
		return sim_fail(err, strstr(p->end, "status 2") ? SIM_USAGE : SIM_FAILED,
				"%s did not start: %s", p->name, p->end);
	}
	for (size_t i = 0; i < host->programs_n; i++)
		if (host->programs[i].state == SIM_STARTING)
			return sim_fail(err, SIM_FAILED, "%s is not ready in time",
					host->programs[i].name);
	return sim_fail(err, SIM_FAILED, "the programs are ready, but have not all met in time");
}

/* ---- applications -------------------------------------------------------------------- */

static char *copy(const char *text)
{
	char *c = strdup(text);

	if (!c)
		abort();
	return c;
}

struct sim_app *sim_host_app_of(struct sim_host *host, const struct sim_program *program)
{
	return host->apps[program - host->programs];
}

static const char *const app_kinds[] = { "JTAPI", "TAPI", "DIRECT" };

static int kind_of(const char *name)
{
	for (int i = 0; name && i < 3; i++)
		if (!strcmp(app_kinds[i], name))
			return i;
	return name ? -1 : 0;
}

const char *sim_app_kind_name(const struct sim_app *app)
{
	return app_kinds[app->kind];
}

static int app_make(struct sim_host *host, const struct sim_app_spec *spec, struct sim_app *app,
		    struct sim_error *err)
{
	const struct sim_topology *t = host->options.topology;
	const struct sim_user *user = sim_topology_user(t, spec->user);
	int kind = kind_of(spec->kind);

	if (kind < 0)
		return sim_fail(err, SIM_USAGE,
				"application %s: its kind is JTAPI, TAPI or DIRECT, not %.40s",
				spec->name, spec->kind);
	if ((!user || !user->password) && !spec->password)
		return sim_fail(err, SIM_USAGE,
				"application %s: the topology has no %s %s, so it needs a password",
				spec->name, user ? "password of user" : "user", spec->user);
	if (spec->ctimanagers_n < 1 || spec->ctimanagers_n > 10)
		return sim_fail(err, SIM_USAGE,
				"application %s has %zu CTIManagers: allowed are 1 to 10",
				spec->name, spec->ctimanagers_n);
	for (size_t i = 0; i < spec->ctimanagers_n; i++) {
		int node = sim_topology_node(t, spec->ctimanagers[i]);

		if (!node)
			return sim_fail(err, SIM_USAGE, "application %s: there is no node %s",
					spec->name, spec->ctimanagers[i]);
		app->ctimanagers[app->ctimanagers_n++] = (uint8_t)node;
	}
	app->user = copy(spec->user);
	app->password = copy(spec->password ? spec->password : user->password);
	app->instance = copy(spec->name);
	app->key = spec->key ? copy(spec->key) : NULL;
	app->heartbeat_s = spec->heartbeat_s;
	app->kind = kind;
	app->callbacks = spec->callbacks;
	return 0;
}

int sim_host_app(struct sim_host *host, const struct sim_app_spec *spec,
		 struct sim_program **program, struct sim_error *err)
{
	struct sim_program *p;
	struct sim_app *app;
	char name[SIM_NAME_SIZE];
	uint8_t node = SIM_NODE_APP_FIRST;

	snprintf(name, sizeof(name), "app:%.48s", spec->name);
	if (!*spec->name || strpbrk(spec->name, " /:") || strlen(spec->name) > 40)
		return sim_fail(err, SIM_USAGE, "'%s' cannot be the name of an application",
				spec->name);
	if (sim_host_program(host, name))
		return sim_fail(err, SIM_USAGE, "there is an application %s already", spec->name);
	if (spec->callbacks && !sim_host_is_virtual(host))
		return sim_fail(err, SIM_USAGE,
				"application %s: on the real host it is a program of its own",
				spec->name);
	app = calloc(1, sizeof(*app));
	if (!app)
		abort();
	if (app_make(host, spec, app, err) < 0) {
		app_free(app);
		return -1;
	}
	while (sim_host_program_at(host, node, SDL_APP_CTI))
		node++;
	p = sim_host_declare(host, node, SDL_APP_CTI, name, "");
	if (!p) {
		app_free(app);
		return sim_fail(err, SIM_USAGE, "more than %d programs", SIM_PROGRAMS_MAX);
	}
	host->apps[p - host->programs] = app;
	*program = p;
	return sim_host_start(host, p, err);
}
