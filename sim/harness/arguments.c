/* The command lines of programs on the real host. */
#include "sim/harness/arguments.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sdl/real.h"
#include "sim/harness/topology.h"

__attribute__((format(printf, 2, 3))) static void add(struct arguments *a, const char *format, ...)
{
	va_list ap;

	if (a->n == ARGUMENTS_MAX)
		abort();
	va_start(ap, format);
	if (vasprintf(&a->argv[a->n++], format, ap) < 0)
		abort();
	va_end(ap);
}

void arguments_free(struct arguments *a)
{
	for (unsigned i = 0; i < a->n; i++)
		free(a->argv[i]);
}

static const char *file_of(const struct sim_program *p)
{
	switch (p->app) {
	case SDL_APP_CALLMANAGER:
		return "callmanager";
	case SDL_APP_CTIMANAGER:
		return "ctimanager";
	case SDL_APP_PHONES:
		return "phones";
	default:
		return "ctiapp";
	}
}

void arguments_own_name(const struct sim_host *host, const struct sim_program *p,
			char name[SIM_NAME_SIZE])
{
	const struct sim_topology *t = host->options.topology;

	if (p->node <= t->nodes_n)
		snprintf(name, SIM_NAME_SIZE, "%.60s", t->nodes[p->node - 1].name);
	else if (p->app == SDL_APP_PHONES)
		snprintf(name, SIM_NAME_SIZE, "phones");
	else
		snprintf(name, SIM_NAME_SIZE, "%s", strchr(p->name, ':') + 1);
}

void arguments_file_name(const struct sim_program *p, char name[SIM_NAME_SIZE])
{
	snprintf(name, SIM_NAME_SIZE, "%s", p->name);
	for (char *c = name; *c; c++)
		if (*c == ':')
			*c = '-';
}

/* Command lines are read by everybody on the machine; a file of the run directory is not. */
static void write_password(const struct sim_host *host, const struct sim_app *app, char *path,
			   size_t size)
{
	FILE *f;
	int fd;

	snprintf(path, size, "%s/%s.password", host->options.dir, app->instance);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	f = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (!f)
		return; /* the program says what is missing */
	fprintf(f, "%s\n", app->password);
	fclose(f);
}

static void add_app(const struct sim_host *host, struct arguments *a, const struct sim_app *app)
{
	char list[64] = "", path[256];
	size_t n = 0;

	write_password(host, app, path, sizeof(path));
	for (size_t i = 0; i < app->ctimanagers_n; i++)
		n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%u", i ? "," : "",
				      app->ctimanagers[i]);
	add(a, "--user=%s", app->user);
	add(a, "--password-file=%s", path);
	add(a, "--instance=%s", app->instance);
	add(a, "--ctimanagers=%s", list);
	if (app->heartbeat_s)
		add(a, "--heartbeat=%d", app->heartbeat_s);
	add(a, "--kind=%s", sim_app_kind_name(app));
	if (app->key)
		add(a, "--key=%s", app->key);
}

static void add_links(struct sim_host *host, const struct sim_program *p, struct arguments *a)
{
	struct sdl_pid peers[SDL_PEERS_MAX];
	unsigned n = sim_host_links(host, p, peers, SDL_PEERS_MAX);

	for (unsigned i = 0; i < n; i++)
		add(a, "--link=%u.%u", peers[i].node, peers[i].app);
}

void arguments_of(struct sim_host *host, const char *folder, struct sim_program *p,
		  struct arguments *a)
{
	const struct sim_host_options *o = &host->options;
	struct param_set params;
	char name[SIM_NAME_SIZE];

	arguments_own_name(host, p, name);
	add(a, "%s/%s", folder, file_of(p));
	add(a, "--node=%u", p->node);
	add(a, "--cluster=%d", o->cluster);
	add(a, "--run=%s", o->dir);
	add(a, "--name=%s", name);
	add(a, "--incarnation=%llu", (unsigned long long)p->incarnation);
	add(a, "--speed=%d", o->speed);
	add(a, "--token-file=%s/token", o->dir);
	add(a, "--control-fd=%d", ARGUMENTS_CONTROL_FD);
	add(a, "--parent=%d", (int)getpid());
	sim_host_params(host, &params);
	if (param_value(&params, PARAM_CLUSTER_SECURITY_MODE))
		add(a, "--secure-links");
	add_links(host, p, a);
	if (sim_host_app_of(host, p))
		add_app(host, a, sim_host_app_of(host, p));
	a->argv[a->n] = NULL;
}
