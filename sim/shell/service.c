/* utils service ...: the programs of a node as its service manager lists them. */
#include "sim/shell/platform.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Those that Rehome runs; what else a node could have is in the database's list of services. */
static const struct {
	const char *name;
	uint16_t app;
	const char *program;
} services[] = {
	{ "Cisco CTIManager", SDL_APP_CTIMANAGER, "ctimanager" },
	{ "Cisco CallManager", SDL_APP_CALLMANAGER, "callmanager" },
};
#define SERVICES (sizeof(services) / sizeof(services[0]))

const char *platform_service_choice(size_t i)
{
	return i < SERVICES ? services[i].name : NULL;
}

static uint16_t app_of(const char *name)
{
	for (size_t i = 0; i < SERVICES; i++)
		if (!strcasecmp(services[i].name, name))
			return services[i].app;
	return 0;
}

static const char *state_of(const struct sim_program *program)
{
	if (!program || program->deactivated)
		return "[STOPPED]  Service Not Activated";
	switch (program->state) {
	case SIM_READY:
	case SIM_FROZEN: /* nobody has noticed yet */
		return "[STARTED]";
	case SIM_STARTING:
		return "[STARTING]";
	case SIM_DOWN:
		break;
	}
	/* A kill is a failure, whoever ordered it. */
	return program->ordered && strncmp(program->end, "killed", 6) != 0
		       ? "[STOPPED]  Command Out of Service"
		       : "[STOPPED]  Component is not running";
}

int platform_service_list(struct platform *p)
{
	char *names =
		platform_rows(p, "select name from typeservice where enum <> 11 order by name");
	char *save = NULL;

	if (!names)
		return -1;
	fputs("Requesting service status, please wait...\nService Manager is running\n"
	      "Getting list of all services\n>> Return code = 0\n",
	      p->out);
	for (char *l = strtok_r(names, "\n", &save); l; l = strtok_r(NULL, "\n", &save)) {
		uint16_t app = app_of(l);

		fprintf(p->out, "%s%s\n", l, state_of(app ? platform_program(p, app) : NULL));
	}
	free(names);
	fprintf(p->out, "Primary Node =%s\n", p->number == 1 ? "true" : "false");
	return 0;
}

/* The service that the line names; -1 with an error if the node does not have it. */
static int find(struct platform *p, size_t *found)
{
	char *name = shell_words_join(p->words, p->first);
	int result = -1;

	for (size_t i = 0; i < SERVICES; i++)
		if (!strcasecmp(services[i].name, name)) {
			*found = i;
			result = 0;
		}
	if (result < 0)
		sim_fail(p->call->err, SIM_USAGE,
			 "Service '%.60s' is not one of this node's; 'utils service list' shows "
			 "them",
			 name);
	else if (!platform_program(p, services[*found].app) ||
		 platform_program(p, services[*found].app)->deactivated)
		result = sim_fail(p->call->err, SIM_FAILED, "%s[STOPPED]  Service Not Activated",
				  services[*found].name);
	free(name);
	return result;
}

/* Has a verb of the cluster done to the service. */
static int have(struct platform *p, size_t i, const char *verb)
{
	char target[SIM_NAME_SIZE * 2];
	struct sim_call call = *p->call;

	snprintf(target, sizeof(target), "%s:%s", p->node, services[i].program);
	call.verb = sim_verb(SIM_ON_CLUSTER, verb);
	memset(call.args, 0, sizeof(call.args));
	call.args[0] = target;
	return sim_verb_run(&call);
}

static int start(struct platform *p, size_t i)
{
	const char *name = services[i].name;

	fprintf(p->out, "Service Manager is running\n");
	if (platform_program(p, services[i].app)->state == SIM_DOWN) {
		fprintf(p->out, "%s[STARTING]\n", name);
		if (have(p, i, "start") < 0)
			return -1;
	}
	fprintf(p->out, "%s%s\n", name, state_of(platform_program(p, services[i].app)));
	return 0;
}

static int stop(struct platform *p, size_t i)
{
	const char *name = services[i].name;

	fprintf(p->out, "Service Manager is running\n");
	if (platform_program(p, services[i].app)->state != SIM_DOWN) {
		fprintf(p->out, "%s[STOPPING]\n", name);
		if (have(p, i, "term") < 0)
			return -1;
	}
	fprintf(p->out, "%s%s\n", name, state_of(platform_program(p, services[i].app)));
	return 0;
}

int platform_service_start(struct platform *p)
{
	size_t i;

	return find(p, &i) < 0 ? -1 : start(p, i);
}

int platform_service_stop(struct platform *p)
{
	size_t i;

	return find(p, &i) < 0 ? -1 : stop(p, i);
}

int platform_service_restart(struct platform *p)
{
	size_t i;

	return find(p, &i) < 0 || stop(p, i) < 0 ? -1 : start(p, i);
}
