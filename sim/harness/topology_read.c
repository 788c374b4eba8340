/* The topology of a database: what rehome up --database starts is what administrators left there. */
#include "sim/harness/topology_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/phone_model.h"
#include "common/db/db.h"

struct reading {
	struct sim_topology *t;
	struct db *db;
	size_t room; /* of t->devices */
	struct sim_error *err;
};

static const char *kept(struct reading *r, const char *text)
{
	return sim_topology_text(r->t, text);
}

static int broken(struct reading *r, const struct db_error *e)
{
	return sim_fail(r->err, SIM_USAGE, "%s: %s", r->t->path, e->text);
}

/* ---- nodes and groups ---------------------------------------------------------------- */

static int read_nodes(struct reading *r)
{
	struct db_node nodes[DB_NODES_MAX];
	struct db_error e = { 0 };
	int n = db_nodes(r->db, nodes, &e);

	if (n < 0)
		return broken(r, &e);
	if (n == 0)
		return sim_fail(
			r->err, SIM_USAGE,
			"%s has no node; 'rehome admin --database %s add node NAME' adds one",
			r->t->path, r->t->path);
	r->t->nodes = sim_topology_alloc(r->t, (size_t)n * sizeof(*r->t->nodes));
	r->t->nodes_n = (size_t)n;
	for (int i = 0; i < n; i++) {
		if (nodes[i].node_id != i + 1)
			return sim_fail(r->err, SIM_USAGE,
					"%s: node %s has the number %d, and there is no node %d; "
					"numbers go from 1 without a gap",
					r->t->path, nodes[i].name, nodes[i].node_id, i + 1);
		r->t->nodes[i] = (struct sim_node){
			.name = kept(r, nodes[i].name),
			.callmanager = nodes[i].services & (1u << DB_SERVICE_CALLMANAGER),
			.ctimanager = nodes[i].services & (1u << DB_SERVICE_CTIMANAGER),
		};
	}
	return 0;
}

static int count_group(void *arg, const struct db_group *g)
{
	(void)g;
	++*(size_t *)arg;
	return 0;
}

static int read_group(void *arg, const struct db_group *g)
{
	struct reading *r = arg;
	struct sim_group *to = &r->t->groups[r->t->groups_n++];

	to->name = kept(r, g->name);
	for (int i = 0; i < g->n_members; i++)
		to->nodes[to->nodes_n++] = r->t->nodes[g->members[i] - 1].name;
	return 0;
}

static int read_groups(struct reading *r)
{
	struct db_error e = { 0 };
	size_t n = 0;

	if (db_each_group(r->db, count_group, &n, &e))
		return broken(r, &e);
	r->t->groups = sim_topology_alloc(r->t, (n + 1) * sizeof(*r->t->groups));
	return db_each_group(r->db, read_group, r, &e) ? broken(r, &e) : 0;
}

/* ---- devices ------------------------------------------------------------------------- */

/* Pools are known by their devices: the others serve nobody. */
static const char *pool_of(struct reading *r, const struct db_device *d)
{
	struct sim_topology *t = r->t;
	struct sim_pool *more;

	for (size_t i = 0; i < t->pools_n; i++)
		if (!strcmp(t->pools[i].name, d->device_pool))
			return t->pools[i].name;
	more = sim_topology_alloc(t, (t->pools_n + 1) * sizeof(*more));
	if (t->pools_n)
		memcpy(more, t->pools, t->pools_n * sizeof(*more));
	more[t->pools_n] = (struct sim_pool){ .name = kept(r, d->device_pool),
					      .group = kept(r, d->group.name) };
	t->pools = more;
	return t->pools[t->pools_n++].name;
}

static struct sim_line *line_of(struct reading *r, const char *device)
{
	struct sim_line *line = sim_topology_alloc(r->t, sizeof(*line));
	struct db_device d;
	struct db_error e;

	line->dn = "-";
	if (!db_device_by_name(r->db, device, &d, &e)) {
		if (d.n_lines)
			line->dn = kept(r, d.lines[0].dn);
		db_device_free(&d);
	}
	return line;
}

static int read_device(void *arg, const struct db_device *d)
{
	struct reading *r = arg;
	struct sim_topology *t = r->t;
	const struct phone_model *model = phone_model((uint32_t)d->model);

	if (d->device_class != DB_CLASS_PHONE && d->device_class != DB_CLASS_ROUTE_POINT)
		return 0;
	if (t->devices_n == r->room) {
		r->room = r->room ? r->room * 2 : 256;
		t->devices = realloc(t->devices, r->room * sizeof(*t->devices));
		if (!t->devices)
			abort();
	}
	t->devices[t->devices_n++] = (struct sim_device){
		.name = kept(r, d->name),
		.kind = d->device_class == DB_CLASS_ROUTE_POINT ? SIM_ROUTE_POINT
			: d->model == DB_MODEL_CTI_PORT		? SIM_PORT
								: SIM_PHONE,
		.model = d->model,
		.sip = d->protocol == DB_PROTOCOL_SIP,
		.udp = d->transport == DB_TRANSPORT_UDP,
		.encrypted = d->transport == DB_TRANSPORT_TLS,
		.enbloc = d->protocol == DB_PROTOCOL_SCCP && model && model->enbloc,
		.cti_restricted = !d->allow_cti,
		.pool = pool_of(r, d),
		.lines_n = 1,
	};
	return 0;
}

static int read_devices(struct reading *r)
{
	struct db_error e = { 0 };

	if (db_each_device(r->db, read_device, r, &e))
		return broken(r, &e);
	for (size_t i = 0; i < r->t->devices_n; i++)
		r->t->devices[i].lines = line_of(r, r->t->devices[i].name);
	return 0;
}

/* ---- users and parameters ------------------------------------------------------------ */

struct names {
	struct reading *r;
	const char **names;
	size_t n;
};

static int keep_name(void *arg, const char *name)
{
	struct names *names = arg;

	names->names = realloc(names->names, (names->n + 1) * sizeof(*names->names));
	if (!names->names)
		abort();
	names->names[names->n++] = kept(names->r, name);
	return 0;
}

/* Their passwords are known to nobody but themselves. */
static int read_users(struct reading *r)
{
	struct names names = { .r = r };
	struct db_error e = { 0 };
	int rc = db_each_name(r->db, DB_KIND_USER, keep_name, &names, &e);

	r->t->users = sim_topology_alloc(r->t, (names.n + 1) * sizeof(*r->t->users));
	for (size_t i = 0; i < names.n; i++)
		r->t->users[r->t->users_n++].name = names.names[i];
	free(names.names);
	return rc ? broken(r, &e) : 0;
}

static int read_parameter(void *arg, const struct db_parameter *p)
{
	struct reading *r = arg;
	struct sim_topology *t = r->t;
	struct sim_parameter *more;

	if (p->node_id || !p->value)
		return 0;
	more = sim_topology_alloc(t, (t->parameters_n + 1) * sizeof(*more));
	if (t->parameters_n)
		memcpy(more, t->parameters, t->parameters_n * sizeof(*more));
	more[t->parameters_n++] =
		(struct sim_parameter){ .name = kept(r, p->name), .value = kept(r, p->value) };
	t->parameters = more;
	return 0;
}

int sim_topology_read(struct sim_topology **topology, const char *path, struct sim_error *err)
{
	struct reading r = { .err = err };
	struct db_error e = { 0 };
	int result = 0;

	*topology = NULL;
	if (db_open(&r.db, path, DB_READ_WRITE, &e) < 0)
		return sim_fail(err, SIM_USAGE, "%s", e.text);
	r.t = sim_topology_new();
	r.t->path = kept(&r, path);
	r.t->name = r.t->path;
	result = read_nodes(&r);
	if (result == 0)
		result = read_groups(&r);
	if (result == 0)
		result = read_devices(&r);
	if (result == 0)
		result = read_users(&r);
	if (result == 0 && db_each_parameter(r.db, read_parameter, &r, &e))
		result = broken(&r, &e);
	db_close(&r.db);
	if (result < 0)
		sim_topology_destroy(&r.t);
	*topology = r.t;
	return result;
}
