/* Phones at home: each registered at the first member of its group that is activated. A scenario
 * begins there. */
#include <stdlib.h>
#include <string.h>

#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/view/fields.h"
#include "sim/script/engine.h"

#define READY_NS    30000000000LL
#define PROVIDER_NS 5000000000LL

struct homes {
	struct engine *e;
	size_t next; /* event */
	bool *home;  /* by device */
	size_t missing;
};

/* The number of the node where a phone belongs now; 0 = nowhere. */
static int home_of(struct engine *e, const struct sim_device *d)
{
	const struct sim_group *g = sim_topology_group_of(e->topology, d);

	for (size_t i = 0; i < g->nodes_n; i++) {
		int node = sim_topology_node(e->topology, g->nodes[i]);

		if (e->topology->nodes[node - 1].callmanager)
			return node;
	}
	return 0;
}

/* Where the phone is registered now, by what it was answered; 0 = nowhere. */
static int registered_at(uint16_t number, const ProtobufCMessage *m)
{
	if (number == SIG_StationRegisterAck)
		return (int)((const StationRegisterAck *)m)->node;
	return ((const SipRegisterOk *)m)->expires_s ? (int)((const SipRegisterOk *)m)->node : 0;
}

static void registered(struct homes *h, const struct sim_event *event)
{
	const struct sim_device *d = sim_topology_device(h->e->topology, event->label);
	ProtobufCMessage *m;
	size_t i;

	if (!d)
		return;
	i = (size_t)(d - h->e->topology->devices);
	m = sdl_fields_unpack(event->number, event->bytes, event->len);
	if (m && !h->home[i] && registered_at(event->number, m) == home_of(h->e, d)) {
		h->home[i] = true;
		h->missing--;
	}
	sdl_fields_free(&m);
}

static bool all_home(void *arg)
{
	struct homes *h = arg;

	sim_history_update(h->e->history);
	for (; h->next < sim_history_n(h->e->history); h->next++) {
		const struct sim_event *event = sim_history_at(h->e->history, h->next);

		if (event->kind == SIM_EVENT_SIGNAL &&
		    (event->number == SIG_StationRegisterAck || event->number == SIG_SipRegisterOk))
			registered(h, event);
	}
	return h->missing == 0;
}

void engine_wait_phones(lua_State *L, struct engine *e)
{
	struct homes h = { .e = e, .home = calloc(e->topology->devices_n + 1, sizeof(bool)) };
	enum sim_until until;

	if (!h.home)
		abort();
	for (size_t i = 0; i < e->topology->devices_n; i++)
		h.missing += e->topology->devices[i].kind == SIM_PHONE &&
			     home_of(e, &e->topology->devices[i]) > 0;
	until = sim_host_until(e->host, all_home, &h, sim_host_now(e->host) + READY_NS);
	free(h.home);
	if (until != SIM_DONE)
		engine_raise(L, SIM_FAILED,
			     "%zu phones are not registered where they belong after 30 s (CMF-15)",
			     h.missing);
}

/* ---- applications -------------------------------------------------------------------- */

struct provider {
	struct engine *e;
	const struct sim_program *program;
	size_t next;
	bool settled;
};

static bool settles(const struct provider *p, const struct sim_event *event)
{
	bool refused = false;
	ProtobufCMessage *m;

	if (event->kind != SIM_EVENT_SIGNAL || event->to.node != p->program->node ||
	    event->to.app != p->program->app || event->to.type != APP_CTI_APPLICATION)
		return false;
	if (event->number != SIG_Response)
		return event->number == SIG_ProviderInService ||
		       event->number == SIG_ProviderClosed;
	m = sdl_fields_unpack(event->number, event->bytes, event->len);
	if (m)
		refused = ((Response *)m)->result != 0;
	sdl_fields_free(&m);
	return refused;
}

static bool settled(void *arg)
{
	struct provider *p = arg;
	struct sim_history *h = p->e->history;

	sim_history_update(h);
	for (; p->next < sim_history_n(h); p->next++)
		p->settled = p->settled || settles(p, sim_history_at(h, p->next));
	return p->settled || p->program->state == SIM_DOWN;
}

void engine_wait_app(struct engine *e, const struct sim_program *program)
{
	struct provider p = { .e = e, .program = program, .next = e->from };

	/* One whose CTIManagers are all down goes on trying; that is no error. */
	sim_host_until(e->host, settled, &p, sim_host_now(e->host) + PROVIDER_NS);
}
