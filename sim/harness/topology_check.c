/* What refers to what in a topology, before any program or database sees it. */
#include "sim/harness/topology_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/dial_rule.h"
#include "common/base/param.h"
#include "common/base/phone_model.h"
#include "common/db/db.h"

__attribute__((format(printf, 5, 6))) static int wrong(const struct sim_topology *t,
						       struct sim_error *err, const char *anchor,
						       const char *quoted, const char *format, ...)
{
	char text[800];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	return sim_fail(err, SIM_USAGE, "%s:%d: %s", t->path,
			t->source ? sim_topology_line(t->source, anchor, quoted) : 1, text);
}

static int check_nodes(const struct sim_topology *t, struct sim_error *err)
{
	for (size_t i = 0; i < t->nodes_n; i++) {
		const char *name = t->nodes[i].name;

		if (!*name || strlen(name) > 40 || strpbrk(name, ": /") ||
		    !strcmp(name, "phones") || !strcmp(name, "app"))
			return wrong(
				t, err, "nodes", name,
				"'%s' cannot be the name of a node: at most 40 characters, without "
				"colon, blank or slash, and neither 'phones' nor 'app'",
				name);
		for (size_t k = 0; k < i; k++)
			if (!strcmp(t->nodes[k].name, name))
				return wrong(t, err, "nodes", name, "node %s is there twice", name);
	}
	return 0;
}

static int check_groups(const struct sim_topology *t, struct sim_error *err)
{
	for (size_t i = 0; i < t->groups_n; i++) {
		const struct sim_group *g = &t->groups[i];

		for (size_t m = 0; m < g->nodes_n; m++) {
			if (!sim_topology_node(t, g->nodes[m]))
				return wrong(t, err, "groups", g->nodes[m],
					     "group %s: there is no node %s", g->name, g->nodes[m]);
			for (size_t k = 0; k < m; k++)
				if (!strcmp(g->nodes[k], g->nodes[m]))
					return wrong(t, err, "groups", g->nodes[m],
						     "group %s has %s twice", g->name, g->nodes[m]);
		}
	}
	for (size_t i = 0; i < t->pools_n; i++) {
		bool known = false;

		for (size_t g = 0; g < t->groups_n; g++)
			known = known || !strcmp(t->groups[g].name, t->pools[i].group);
		if (!known)
			return wrong(t, err, "pools", t->pools[i].group,
				     "pool %s: there is no group %s", t->pools[i].name,
				     t->pools[i].group);
	}
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct sim_device *const *x = a;
	const struct sim_device *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static int check_model(const struct sim_topology *t, const struct sim_device *d,
		       struct sim_error *err)
{
	const struct phone_model *m = phone_model((uint32_t)d->model);
	bool known = !d->dial_rules;

	if (!m)
		return wrong(t, err, d->name, NULL, "%s: there is no phone of model %d", d->name,
			     d->model);
	if (!(m->protocols & (d->sip ? PHONE_SIP : PHONE_SCCP)))
		return wrong(t, err, d->name, NULL, "%s: a %s does not speak %s", d->name, m->name,
			     d->sip ? "SIP" : "SCCP");
	if (d->lines_n > m->lines)
		return wrong(t, err, d->name, NULL, "%s: a %s has room for %u lines, not %zu",
			     d->name, m->name, (unsigned)m->lines, d->lines_n);
	for (size_t i = 0; !known && i < t->dial_rules_n; i++)
		known = !strcmp(t->dial_rules[i].name, d->dial_rules);
	return known ? 0
		     : wrong(t, err, d->name, d->dial_rules, "%s: there are no dial rules %s",
			     d->name, d->dial_rules);
}

static int check_dial_rules(const struct sim_topology *t, const struct sim_dial_rules *set,
			    struct sim_error *err)
{
	char pattern[DIAL_PATTERN_MAX + 2], why[100];

	if (set->rules_n == 0 || set->rules_n > DIAL_RULES_MAX)
		return wrong(t, err, "dial_rules", set->name,
			     "dial rules %s: a set has 1 to %d patterns", set->name,
			     DIAL_RULES_MAX);
	for (size_t i = 0; i < set->rules_n; i++) {
		const char *rule = set->rules[i];
		size_t n = strcspn(rule, " ");
		const char *time = rule[n] ? rule + n + 1 : "0";

		snprintf(pattern, sizeof(pattern), "%.*s", (int)n, rule);
		if (!dial_rule_valid(pattern, why, sizeof(why)))
			return wrong(t, err, "dial_rules", rule, "dial rules %s: '%s': %s",
				     set->name, rule, why);
		if (!*time || strspn(time, "0123456789") != strlen(time) || strlen(time) > 3 ||
		    atoi(time) > DIAL_TIMEOUT_MAX)
			return wrong(
				t, err, "dial_rules", rule,
				"dial rules %s: '%s': after the pattern comes a time-out of 0 to "
				"%d seconds, or nothing",
				set->name, rule, DIAL_TIMEOUT_MAX);
	}
	return 0;
}

static int check_device(const struct sim_topology *t, const struct sim_device *d,
			struct sim_error *err)
{
	bool known = false;

	for (size_t p = 0; p < t->pools_n; p++)
		known = known || !strcmp(t->pools[p].name, d->pool);
	if (!known)
		return wrong(t, err, d->name, d->pool, "%s: there is no pool %s", d->name, d->pool);
	if (strlen(d->name) > 15)
		return wrong(t, err, d->name, NULL, "%s: a device name has at most 15 characters",
			     d->name);
	if (d->kind == SIM_PHONE && check_model(t, d, err) < 0)
		return -1;
	for (size_t i = 0; i < d->lines_n; i++) {
		const char *p = d->lines[i].partition;

		known = !p;
		for (size_t k = 0; !known && k < t->partitions_n; k++)
			known = !strcmp(t->partitions[k], p);
		if (!known)
			return wrong(t, err, d->name, p, "%s: there is no partition %s", d->name,
				     p);
	}
	return 0;
}

static int check_devices(const struct sim_topology *t, struct sim_error *err)
{
	const struct sim_device **sorted;
	int result = 0;

	for (size_t i = 0; i < t->dial_rules_n && result == 0; i++)
		result = check_dial_rules(t, &t->dial_rules[i], err);
	for (size_t i = 0; i < t->devices_n && result == 0; i++)
		result = check_device(t, &t->devices[i], err);
	if (result < 0 || t->devices_n < 2)
		return result;
	sorted = calloc(t->devices_n, sizeof(const struct sim_device *));
	if (!sorted)
		abort();
	for (size_t i = 0; i < t->devices_n; i++)
		sorted[i] = &t->devices[i];
	qsort(sorted, t->devices_n, sizeof(*sorted), by_name);
	for (size_t i = 1; i < t->devices_n && result == 0; i++)
		if (!strcmp(sorted[i]->name, sorted[i - 1]->name))
			result = wrong(t, err, NULL, sorted[i]->name, "device %s is there twice",
				       sorted[i]->name);
	free(sorted);
	return result;
}

static bool user_group(const char *name)
{
	for (unsigned bit = 1; db_group_name(bit); bit <<= 1)
		if (!strcmp(db_group_name(bit), name))
			return true;
	return false;
}

static int check_users(const struct sim_topology *t, struct sim_error *err)
{
	for (size_t i = 0; i < t->users_n; i++) {
		const struct sim_user *u = &t->users[i];

		for (size_t k = 0; k < u->groups_n; k++)
			if (!user_group(u->groups[k]))
				return wrong(t, err, u->name, u->groups[k],
					     "user %s: there is no user group '%s'", u->name,
					     u->groups[k]);
		for (size_t k = 0; k < u->devices_n; k++)
			if (!sim_topology_device(t, u->devices[k]))
				return wrong(t, err, u->name, u->devices[k],
					     "user %s: there is no device %s", u->name,
					     u->devices[k]);
	}
	return 0;
}

static int check_parameters(const struct sim_topology *t, struct sim_error *err)
{
	struct param_set set;

	param_set_defaults(&set);
	for (size_t i = 0; i < t->parameters_n; i++) {
		const struct sim_parameter *p = &t->parameters[i];
		enum param_id id = param_by_name(NULL, p->name);
		char why[300];

		if (id == PARAM_IDS)
			return wrong(t, err, "parameters", p->name, "there is no parameter '%s'",
				     p->name);
		if (param_set_parse(&set, id, p->value, why, sizeof(why)) < 0)
			return wrong(t, err, "parameters", p->name, "%s", why);
	}
	return 0;
}

int sim_topology_check(const struct sim_topology *topology, struct sim_error *err)
{
	if (check_nodes(topology, err) < 0 || check_groups(topology, err) < 0 ||
	    check_devices(topology, err) < 0 || check_users(topology, err) < 0)
		return -1;
	return check_parameters(topology, err);
}
