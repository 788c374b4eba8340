/* A topology becomes the rows of a database. */
#include "sim/harness/topology.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/param.h"
#include "common/base/phone_model.h"
#include "common/db/db.h"

static int broken(const struct sim_topology *t, const struct db_error *e, struct sim_error *err)
{
	return sim_fail(err, SIM_USAGE, "topology %s: %s", t->name, e->text);
}

static int fill_nodes(const struct sim_topology *t, struct db *db, struct db_error *e)
{
	for (size_t i = 0; i < t->nodes_n; i++) {
		enum db_service services[2];
		struct db_node_spec spec = { .name = t->nodes[i].name,
					     .node_id = (int)i + 1,
					     .services = services };

		if (t->nodes[i].callmanager)
			services[spec.n_services++] = DB_SERVICE_CALLMANAGER;
		if (t->nodes[i].ctimanager)
			services[spec.n_services++] = DB_SERVICE_CTIMANAGER;
		if (db_add_node(db, &spec, e) < 0)
			return -1;
	}
	for (size_t i = 0; i < t->groups_n; i++) {
		struct db_group_spec spec = { .name = t->groups[i].name,
					      .nodes = t->groups[i].nodes,
					      .n_nodes = t->groups[i].nodes_n };

		if (db_add_group(db, &spec, e) < 0)
			return -1;
	}
	for (size_t i = 0; i < t->pools_n; i++)
		if (db_add_device_pool(db, t->pools[i].name, t->pools[i].group, e) < 0)
			return -1;
	for (size_t i = 0; i < t->partitions_n; i++)
		if (db_add_partition(db, t->partitions[i], e) < 0)
			return -1;
	return 0;
}

/* "8,..... 0": a pattern, and how long to wait after it. */
static int fill_rules(const struct sim_dial_rules *from, struct db *db, struct db_error *e)
{
	struct dial_rule rules[DIAL_RULES_MAX];
	size_t n = from->rules_n < DIAL_RULES_MAX ? from->rules_n : DIAL_RULES_MAX;

	for (size_t i = 0; i < n; i++) {
		const char *space = strchr(from->rules[i], ' ');
		int length = space ? (int)(space - from->rules[i]) : DIAL_PATTERN_MAX;

		snprintf(rules[i].pattern, sizeof(rules[i].pattern), "%.*s", length,
			 from->rules[i]);
		rules[i].timeout_s = space ? atoi(space + 1) : -1;
	}
	return db_add_dial_rules(db, from->name, rules, n, e);
}

static int fill_dial_plan(const struct sim_topology *t, struct db *db, struct db_error *e)
{
	for (size_t i = 0; i < t->spaces_n; i++)
		if (db_add_search_space(db, t->spaces[i].name, t->spaces[i].partitions,
					t->spaces[i].partitions_n, e) < 0)
			return -1;
	for (size_t i = 0; i < t->dial_rules_n; i++)
		if (fill_rules(&t->dial_rules[i], db, e) < 0)
			return -1;
	for (size_t i = 0; i < t->patterns_n; i++) {
		const struct sim_pattern *p = &t->patterns[i];
		const struct db_pattern_spec spec = {
			.pattern = p->pattern,
			.partition = p->partition,
			.usage = p->route ? DB_USAGE_ROUTE : DB_USAGE_TRANSLATION,
			.block = p->block,
			.urgent = p->urgent,
			.discard = p->discard,
			.prefix = p->prefix,
			.called_mask = p->called_mask,
			.calling_mask = p->calling_mask,
			.css = p->css,
		};

		if (db_add_pattern(db, &spec, e) < 0)
			return -1;
	}
	for (size_t i = 0; i < t->pickup_groups_n; i++)
		if (db_add_pickup_group(db, t->pickup_groups[i].name, t->pickup_groups[i].number,
					e) < 0)
			return -1;
	for (size_t i = 0; i < t->park_numbers_n; i++) {
		const struct sim_park_number *p = &t->park_numbers[i];

		if (db_add_park_number(db, p->pattern, p->partition, p->node, e) < 0)
			return -1;
	}
	return 0;
}

/* Phones are called by their number on the box; the database counts models its own way. */
static int model_of(const struct sim_device *d)
{
	const struct phone_model *model = phone_model((uint32_t)d->model);

	if (d->kind == SIM_PORT)
		return DB_MODEL_CTI_PORT;
	if (d->kind == SIM_ROUTE_POINT)
		return DB_MODEL_CTI_ROUTE_POINT;
	return model ? model->number : d->model;
}

static int fill_line(struct db *db, const struct sim_device *d, size_t i, struct db_error *e)
{
	const struct sim_line *line = &d->lines[i];
	struct db_line_spec spec = {
		.index = (int)i + 1,
		.dn = line->dn,
		.partition = line->partition,
		.display = line->display,
		.max_calls = line->max_calls,
		.busy_trigger = line->busy_trigger,
		.cfa = line->cfa,
		.cfb = line->cfb,
		.cfb_int = line->cfb_int ? line->cfb_int : line->cfb,
		.cfna = line->cfna,
		.cfna_int = line->cfna_int ? line->cfna_int : line->cfna,
		.cfur = line->cfur,
		.cfur_int = line->cfur_int ? line->cfur_int : line->cfur,
		.cfof = line->cfof,
		.css = line->css,
		.cfa_css = line->cfa_css,
		.cfb_css = line->cfb_css,
		.cfna_css = line->cfna_css,
		.cfur_css = line->cfur_css,
		.cfof_css = line->cfof_css,
		.auto_answer = line->auto_answer,
		.cfna_duration_s = line->ring_s,
		.cti_restricted = line->cti_restricted,
	};

	if (db_add_line(db, d->name, &spec, e) < 0)
		return -1;
	return line->pickup_group
		       ? db_set_pickup_group(db, line->dn, line->partition, line->pickup_group, e)
		       : 0;
}

static int fill_devices(const struct sim_topology *t, struct db *db, struct db_error *e)
{
	for (size_t i = 0; i < t->devices_n; i++) {
		const struct sim_device *d = &t->devices[i];
		struct db_device_spec spec = {
			.name = d->name,
			.model = model_of(d),
			.protocol = d->sip ? DB_PROTOCOL_SIP : DB_PROTOCOL_SCCP,
			.transport = d->encrypted ? DB_TRANSPORT_TLS
				     : d->udp	  ? DB_TRANSPORT_UDP
						  : DB_TRANSPORT_TCP,
			.dial_rules = d->dial_rules,
			.device_pool = d->pool,
			.search_space = d->css,
			.cti_restricted = d->cti_restricted,
		};

		if (db_add_device(db, &spec, e) < 0)
			return -1;
		for (size_t k = 0; k < d->lines_n; k++)
			if (fill_line(db, d, k, e) < 0)
				return -1;
	}
	return 0;
}

static int fill_users(const struct sim_topology *t, struct db *db, struct db_error *e)
{
	for (size_t i = 0; i < t->users_n; i++) {
		const struct sim_user *u = &t->users[i];
		struct db_user_spec spec = { .userid = u->name,
					     .application = u->application,
					     .password = u->password,
					     .cost = DB_COST_MINIMAL };

		if (db_add_user(db, &spec, e) < 0)
			return -1;
		for (size_t k = 0; k < u->groups_n; k++)
			if (db_join_group(db, u->name, u->groups[k], e) < 0)
				return -1;
		for (size_t k = 0; k < u->devices_n; k++)
			if (db_associate(db, u->name, u->devices[k], e) < 0)
				return -1;
	}
	return 0;
}

static int fill_parameters(const struct sim_topology *t, struct db *db, struct db_error *e)
{
	static const enum db_service services[] = {
		[PARAM_CALLMANAGER] = DB_SERVICE_CALLMANAGER,
		[PARAM_CTIMANAGER] = DB_SERVICE_CTIMANAGER,
		[PARAM_ENTERPRISE] = DB_SERVICE_ENTERPRISE,
	};

	for (size_t i = 0; i < t->parameters_n; i++) {
		const struct sim_parameter *p = &t->parameters[i];
		const struct param_def *def = param_def(param_by_name(NULL, p->name));

		/* What an application's jtapi.ini holds is given to the application itself. */
		if (def->service == PARAM_JTAPI_INI)
			continue;
		if (db_set_parameter(db, services[def->service], def->name, p->value, NULL, e) < 0)
			return -1;
	}
	return 0;
}

int sim_topology_fill(const struct sim_topology *topology, struct db *db, struct sim_error *err)
{
	struct db_error e = { 0 };

	if (db_begin(db, &e) < 0)
		return broken(topology, &e, err);
	if (fill_nodes(topology, db, &e) < 0 || fill_dial_plan(topology, db, &e) < 0 ||
	    fill_devices(topology, db, &e) < 0 || fill_users(topology, db, &e) < 0 ||
	    fill_parameters(topology, db, &e) < 0) {
		db_rollback(db);
		return broken(topology, &e, err);
	}
	if (db_commit(db, &e) < 0 || db_forget_changes(db, &e) < 0)
		return broken(topology, &e, err);
	return 0;
}
