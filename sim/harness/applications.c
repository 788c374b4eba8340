/* rehome applications: who runs, as which user, with which CTIManagers, and where its provider is. */
#include <stdlib.h>
#include <string.h>

#include "common/msg/address.h"
#include "sim/harness/door.h"
#include "sim/harness/host_private.h"
#include "sim/harness/table.h"
#include "sim/harness/topology.h"
#include "sim/harness/verb.h"

#define ANSWER_NS 2000000000LL

/* "ccm1,ccm2": the nodes whose CTIManager has a provider of the user open. */
static void providers_of(struct sim_host *host, const struct sim_door *doors, const char *user,
			 char *buf, size_t size)
{
	size_t n = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < host->programs_n; i++)
		for (size_t k = 0; k < doors[i].processes_n && n < size; k++) {
			const struct sim_door_process *p = &doors[i].processes[k];

			if (strcmp(p->type, "CTIHandler") != 0 || strcmp(p->label, user) != 0)
				continue;
			n += (size_t)snprintf(
				buf + n, size - n, "%s%s", n ? "," : "",
				host->options.topology->nodes[host->programs[i].node - 1].name);
		}
	if (!n)
		snprintf(buf, size, "-");
}

static void managers_of(struct sim_host *host, const struct sim_app *app, char *buf, size_t size)
{
	size_t n = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < app->ctimanagers_n && n < size; i++)
		n += (size_t)snprintf(buf + n, size - n, "%s%s", i ? "," : "",
				      host->options.topology->nodes[app->ctimanagers[i] - 1].name);
}

int sim_do_applications(struct sim_call *call)
{
	struct sim_host *host = call->host;
	struct sim_door *doors = calloc(SIM_PROGRAMS_MAX, sizeof(*doors));
	struct sim_table *t = sim_table_new();

	if (!doors)
		abort();
	for (size_t i = 0; i < host->programs_n; i++) {
		struct sim_program *p = &host->programs[i];
		struct sim_error unread;

		if (p->app == SDL_APP_CTIMANAGER && p->state == SIM_READY)
			sim_door_ask(host, p, SIM_DOOR_PROCESSES, 0, NULL,
				     sim_host_now(host) + ANSWER_NS, &doors[i], &unread);
	}
	sim_table_row(t, "APPLICATION\tUSER\tCTIMANAGERS\tSTATE\tPROVIDER");
	for (size_t i = 0; i < host->programs_n; i++) {
		const struct sim_app *app = sim_host_app_of(host, &host->programs[i]);
		char managers[400], providers[400];

		if (!app)
			continue;
		managers_of(host, app, managers, sizeof(managers));
		providers_of(host, doors, app->user, providers, sizeof(providers));
		sim_table_row(t, "%s\t%s\t%s\t%s\t%s", app->instance, app->user, managers,
			      sim_state_name(host->programs[i].state), providers);
	}
	sim_table_print(&t, call->out);
	for (size_t i = 0; i < host->programs_n; i++)
		sim_door_free(&doors[i]);
	free(doors);
	return 0;
}
