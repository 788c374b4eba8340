/* rehome status: everything in it comes through the doors of the programs. */
#include "sim/harness/verb.h"

#include <stdlib.h>
#include <string.h>

#include "common/msg/messages.h"
#include "sim/harness/door.h"
#include "sim/harness/table.h"

#define ANSWER_NS 2000000000LL

struct look {
	struct sim_call *call;
	struct sim_program *programs;
	size_t n;
	struct sim_door doors[SIM_PROGRAMS_MAX];
};

static void ask_all(struct look *l)
{
	struct sim_host *host = l->call->host;

	for (size_t i = 0; i < l->n; i++) {
		struct sim_error err;

		if (l->programs[i].state == SIM_READY || l->programs[i].state == SIM_STARTING)
			sim_door_ask(host, &l->programs[i], SIM_DOOR_PROCESSES | SIM_DOOR_LINKS, 0,
				     NULL, sim_host_now(host) + ANSWER_NS, &l->doors[i], &err);
	}
}

static void seconds(int64_t ns, char text[32])
{
	if (ns < 0)
		ns = 0;
	snprintf(text, 32, "%lld.%01lld s", (long long)(ns / 1000000000),
		 (long long)(ns / 100000000 % 10));
}

static void show_programs(struct look *l)
{
	struct sim_table *t = sim_table_new();

	sim_table_row(t, "PROGRAM\tSTATE\tPID\tSINCE\tSIGNALS\t");
	for (size_t i = 0; i < l->n; i++) {
		const struct sim_program *p = &l->programs[i];
		char since[32], pid[16] = "-", signals[24] = "-";

		seconds(sim_host_now(l->call->host) - p->since_ns, since);
		if (p->pid)
			snprintf(pid, sizeof(pid), "%d", (int)p->pid);
		if (l->doors[i].complete)
			snprintf(signals, sizeof(signals), "%llu",
				 (unsigned long long)l->doors[i].signals);
		sim_table_row(t, "%s\t%s\t%s\t%s\t%s\t%s", p->name, sim_state_name(p->state), pid,
			      since, signals,
			      p->state == SIM_READY && !l->doors[i].complete ? "does not answer"
			      : p->deactivated				     ? "not activated"
									     : p->end);
	}
	sim_table_print(&t, l->call->out);
}

/* The other side's view of a link; NULL when it does not know of it. */
static const struct sim_door_link *other_side(struct look *l, size_t i,
					      const struct sim_door_link *link, size_t *other)
{
	for (size_t k = 0; k < l->n; k++) {
		if (l->programs[k].node != link->node || l->programs[k].app != link->app)
			continue;
		*other = k;
		for (size_t m = 0; m < l->doors[k].links_n; m++)
			if (l->doors[k].links[m].node == l->programs[i].node &&
			    l->doors[k].links[m].app == l->programs[i].app)
				return &l->doors[k].links[m];
		return NULL;
	}
	*other = l->n;
	return NULL;
}

static const char *reason_name(int reason)
{
	const ProtobufCEnumValue *v =
		protobuf_c_enum_descriptor_get_value(&link_reason__descriptor, reason);

	return v && reason ? v->name : "";
}

static void show_links(struct look *l)
{
	struct sim_table *t = sim_table_new();

	sim_table_row(t, "LINK\t\tSTATE\tSINCE\t");
	for (size_t i = 0; i < l->n; i++)
		for (size_t k = 0; k < l->doors[i].links_n; k++) {
			const struct sim_door_link *a = &l->doors[i].links[k];
			size_t other;
			const struct sim_door_link *b = other_side(l, i, a, &other);
			char since[32];

			/* Once per pair: by the first that answers. */
			if (other == l->n || (b && other < i))
				continue;
			seconds(sim_host_now(l->call->host) - a->since_ns, since);
			sim_table_row(t, "%s\t%s\t%s\t%s\t%s", l->programs[i].name,
				      l->programs[other].name,
				      a->in_service && (!b || b->in_service)  ? "in service"
				      : a->in_service || (b && b->in_service) ? "one side only"
									      : "out of service",
				      since, a->in_service ? "" : reason_name(a->reason));
		}
	sim_table_print(&t, l->call->out);
}

/* The device process of a CallManager: it bears the device's name, and its type is one of these. */
static bool is_station(const struct sim_door_process *p)
{
	return !strcmp(p->type, "StationD") || !strcmp(p->type, "SIPStationD") ||
	       !strcmp(p->type, "CTIStationD");
}

static const struct sim_door_process *registered(struct look *l, const char *device, size_t *from,
						 size_t *at)
{
	for (size_t i = *from / 100000; i < l->n; i++) {
		size_t k = i == *from / 100000 ? *from % 100000 : 0;

		if (l->programs[i].app != SDL_APP_CALLMANAGER)
			continue;
		for (; k < l->doors[i].processes_n; k++)
			if (is_station(&l->doors[i].processes[k]) &&
			    !strcmp(l->doors[i].processes[k].label, device)) {
				*from = i * 100000 + k + 1;
				*at = i;
				return &l->doors[i].processes[k];
			}
	}
	return NULL;
}

static void show_devices(struct look *l)
{
	static const char *const kinds[] = { "phone", "port", "route point" };
	const struct sim_topology *topology = sim_host_options(l->call->host)->topology;
	struct sim_table *t = sim_table_new();

	sim_table_row(t, "DEVICE\tKIND\tNUMBER\tREGISTERED AT\tSTATE");
	for (size_t i = 0; i < topology->devices_n; i++) {
		const struct sim_device *d = &topology->devices[i];
		const struct sim_door_process *p;
		size_t from = 0, at = 0;
		bool any = false;

		while ((p = registered(l, d->name, &from, &at))) {
			sim_table_row(t, "%s\t%s\t%s\t%s\t%s", d->name, kinds[d->kind],
				      d->lines[0].dn,
				      topology->nodes[l->programs[at].node - 1].name, p->state);
			any = true;
		}
		if (!any)
			sim_table_row(t, "%s\t%s\t%s\t%s\t%s", d->name, kinds[d->kind],
				      d->lines[0].dn, "-", "");
	}
	sim_table_print(&t, l->call->out);
}

static void show_providers(struct look *l)
{
	struct sim_table *t = sim_table_new();

	sim_table_row(t, "PROVIDER\tCTIMANAGER\tSTATE\tSINCE");
	for (size_t i = 0; i < l->n; i++)
		for (size_t k = 0; k < l->doors[i].processes_n; k++) {
			const struct sim_door_process *p = &l->doors[i].processes[k];
			char since[32];

			if (l->programs[i].app != SDL_APP_CTIMANAGER ||
			    strcmp(p->type, "CTIHandler") != 0)
				continue;
			seconds(sim_host_now(l->call->host) - p->since_ns, since);
			sim_table_row(t, "%s\t%s\t%s\t%s", *p->label ? p->label : "-",
				      l->programs[i].name, p->state, since);
		}
	sim_table_print(&t, l->call->out);
}

int sim_do_status(struct sim_call *call)
{
	const struct sim_host_options *o = sim_host_options(call->host);
	struct look *l = calloc(1, sizeof(*l));

	if (!l)
		abort();
	l->call = call;
	l->programs = sim_host_programs(call->host, &l->n);
	ask_all(l);
	if (o->cluster)
		fprintf(call->out, "topology %s on 127.%d.0.0/24, %s\n\n", o->topology->name,
			o->cluster, o->dir);
	show_programs(l);
	fputc('\n', call->out);
	show_links(l);
	fputc('\n', call->out);
	show_devices(l);
	fputc('\n', call->out);
	show_providers(l);
	for (size_t i = 0; i < l->n; i++)
		sim_door_free(&l->doors[i]);
	free(l);
	return 0;
}
