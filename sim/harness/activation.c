#include "sim/harness/activation.h"

#include <stdio.h>
#include <string.h>

#include "common/db/db.h"
#include "common/msg/address.h"
#include "sim/harness/host_private.h"
#include "sim/harness/topology.h"

#define SETTLE_NS 20000000000LL

static const struct {
	enum db_service service;
	uint16_t app;
	const char *name;
} services[] = {
	{ DB_SERVICE_CALLMANAGER, SDL_APP_CALLMANAGER, "callmanager" },
	{ DB_SERVICE_CTIMANAGER, SDL_APP_CTIMANAGER, "ctimanager" },
};

static int activate(struct sim_host *host, struct sim_program *p, uint8_t node, size_t service,
		    struct sim_error *err)
{
	const struct sim_topology *t = host->options.topology;
	char suffix[24];

	if (!p) {
		snprintf(suffix, sizeof(suffix), ":%s", services[service].name);
		p = sim_host_declare(host, node, services[service].app, t->nodes[node - 1].name,
				     suffix);
		if (!p)
			return sim_fail(err, SIM_USAGE, "more than %d programs", SIM_PROGRAMS_MAX);
	} else if (!p->deactivated) {
		return 0; /* it runs, or a fault has struck it */
	}
	p->deactivated = false;
	return sim_host_start(host, p, err);
}

static int deactivate(struct sim_host *host, struct sim_program *p, struct sim_error *err)
{
	if (!p || p->deactivated)
		return 0;
	p->deactivated = true;
	if (p->state == SIM_DOWN)
		return 0;
	/* One that is frozen cannot end in order. */
	return p->state == SIM_FROZEN ? sim_host_kill(host, p, err) : sim_host_term(host, p, err);
}

static bool settled(void *arg)
{
	struct sim_host *host = arg;

	for (size_t i = 0; i < host->programs_n; i++) {
		const struct sim_program *p = &host->programs[i];

		if ((p->state == SIM_STARTING && p->app != SDL_APP_CTI) ||
		    (p->deactivated && p->state != SIM_DOWN))
			return false;
	}
	return true;
}

int sim_host_follow(struct sim_host *host, struct sim_error *err)
{
	struct db_node nodes[DB_NODES_MAX];
	struct db_error e = { 0 };
	struct sim_program *broken;
	int n = host->options.db ? db_nodes(host->options.db, nodes, &e) : 0;

	if (n < 0)
		return sim_fail(err, SIM_FAILED, "%s", e.text);
	for (int i = 0; i < n; i++)
		for (size_t s = 0; s < sizeof(services) / sizeof(services[0]); s++) {
			const uint8_t node = (uint8_t)nodes[i].node_id;
			const bool active = nodes[i].services & (1u << services[s].service);
			struct sim_program *p = sim_host_program_at(host, node, services[s].app);

			if (node > host->options.topology->nodes_n)
				continue;
			if ((active ? activate(host, p, node, s, err) : deactivate(host, p, err)) <
			    0)
				return -1;
		}
	if (settled(host))
		return 0;
	switch (sim_host_until(host, settled, host, sim_host_now(host) + SETTLE_NS)) {
	case SIM_DONE:
		return 0;
	case SIM_BROKEN:
		broken = sim_host_broken(host);
		return sim_fail(err, SIM_FAILED, "%s did not start: %s", broken->name, broken->end);
	default:
		return sim_fail(err, SIM_FAILED,
				"what was activated is not ready after 20 s; 'rehome status' shows "
				"it");
	}
}

int sim_do_activate(struct sim_call *call)
{
	const bool active = !strcmp(call->verb->name, "activate");
	struct db *db = sim_host_options(call->host)->db;
	struct db_error e = { 0 };
	size_t s = 0;

	while (strcmp(services[s].name, call->args[1]) != 0)
		s++; /* one of the verb's choices */
	if (!db)
		return sim_fail(call->err, SIM_USAGE,
				"%s: this cluster has no database that is open here",
				call->verb->name);
	if (db_set_service(db, call->args[0], services[s].service, active, &e) < 0)
		return sim_fail(call->err, SIM_USAGE, "%s: %s", call->verb->name, e.text);
	sim_host_note(call->host, "set service/%s/%s %s", call->args[0], services[s].name,
		      active ? "on" : "off");
	sim_host_poke(call->host);
	return sim_host_follow(call->host, call->err);
}
