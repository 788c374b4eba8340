/* The configuration as it was and is: the topology's, and what verbs have set since. */
#include "sim/explore/watch_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A change is told within that, and what was under way goes on with what it has read. */
#define SETTLE_NS 2000000000LL

struct version {
	int64_t from_ns;
	char value[64];
};

struct watch_setting {
	char key[80];
	struct version *versions; /* oldest first; before them it is as the topology has it */
	size_t versions_n;
};

static struct watch_setting *setting(const struct watch *w, const char *key)
{
	for (size_t i = 0; i < w->settings_n; i++)
		if (!strcmp(w->settings[i].key, key))
			return &w->settings[i];
	return NULL;
}

void watch_config_set(struct watch *w, const char *text)
{
	char key[80], value[64];
	struct watch_setting *s;
	struct version *v;

	if (sscanf(text, "set %79s %63s", key, value) != 2)
		return;
	s = setting(w, key);
	if (!s) {
		w->settings = watch_more(w->settings, w->settings_n, sizeof(*s));
		s = &w->settings[w->settings_n++];
		snprintf(s->key, sizeof(s->key), "%s", key);
	}
	s->versions = watch_more(s->versions, s->versions_n, sizeof(*v));
	v = &s->versions[s->versions_n++];
	v->from_ns = w->now_ns;
	snprintf(v->value, sizeof(v->value), "%s", value);
}

void watch_config_free(struct watch *w)
{
	for (size_t i = 0; i < w->settings_n; i++)
		free(w->settings[i].versions);
	free(w->settings);
}

int64_t watch_since(const struct watch *w, int64_t at_ns)
{
	/* Who is frozen or cut off hears of nothing. */
	return w->split ? 0 : at_ns - SETTLE_NS;
}

/* Is one of the values that were in force at that time or later as `is` wants it? */
static bool any(const struct watch *w, const char *key, const char *first, int64_t since_ns,
		bool (*is)(const struct watch *w, void *arg, const char *value), void *arg)
{
	const struct watch_setting *s = setting(w, key);
	size_t n = s ? s->versions_n : 0;

	if ((n == 0 || s->versions[0].from_ns > since_ns) && is(w, arg, first))
		return true;
	for (size_t i = 0; i < n; i++)
		if ((i + 1 == n || s->versions[i + 1].from_ns > since_ns) &&
		    is(w, arg, s->versions[i].value))
			return true;
	return false;
}

static bool same(const struct watch *w, void *arg, const char *value)
{
	(void)w;
	return !strcmp(value, arg);
}

static bool was(const struct watch *w, const char *key, const char *first, int64_t since_ns,
		const char *value)
{
	return any(w, key, first, since_ns, same, (void *)(uintptr_t)value);
}

/* ---- groups -------------------------------------------------------------------------- */

struct looking {
	int64_t since_ns;
	uint32_t node;
	bool home; /* the first one that is activated; else any member */
};

static bool in_members(const struct watch *w, void *arg, const char *members)
{
	const struct looking *l = arg;
	char names[64];
	char *rest = names;

	snprintf(names, sizeof(names), "%s", members);
	for (char *name; (name = strtok_r(rest, ",", &rest));) {
		int node = sim_topology_node(w->topology, name);

		if ((uint32_t)node == l->node)
			return true;
		if (l->home && node && w->topology->nodes[node - 1].callmanager)
			return false;
	}
	return false;
}

static bool in_group(const struct watch *w, void *arg, const char *name)
{
	const struct looking *l = arg;
	const struct sim_topology *t = w->topology;
	char key[80], members[64] = "";
	size_t n = 0;

	for (size_t i = 0; i < t->groups_n; i++)
		for (size_t k = 0; !strcmp(t->groups[i].name, name) && k < t->groups[i].nodes_n &&
				   n < sizeof(members);
		     k++)
			n += (size_t)snprintf(members + n, sizeof(members) - n, "%s%s",
					      k ? "," : "", t->groups[i].nodes[k]);
	snprintf(key, sizeof(key), "group/%.60s", name);
	return any(w, key, members, l->since_ns, in_members, arg);
}

static bool in_pool(const struct watch *w, void *arg, const char *name)
{
	const struct looking *l = arg;
	const struct sim_topology *t = w->topology;
	const char *group = "";
	char key[80];

	for (size_t i = 0; i < t->pools_n; i++)
		if (!strcmp(t->pools[i].name, name))
			group = t->pools[i].group;
	snprintf(key, sizeof(key), "pool/%.60s", name);
	return any(w, key, group, l->since_ns, in_group, arg);
}

static bool looked(const struct watch *w, const struct sim_device *d, struct looking *l)
{
	char key[80];

	snprintf(key, sizeof(key), "device/%.50s/pool", d->name);
	return any(w, key, d->pool, l->since_ns, in_pool, l);
}

bool watch_in_group(const struct watch *w, const struct sim_device *d, uint32_t node, int64_t at_ns)
{
	struct looking l = { .since_ns = watch_since(w, at_ns), .node = node };

	return looked(w, d, &l);
}

bool watch_is_home(const struct watch *w, const struct sim_device *d, uint32_t node, int64_t at_ns)
{
	struct looking l = { .since_ns = watch_since(w, at_ns), .node = node, .home = true };

	return looked(w, d, &l);
}

/* ---- users, lines -------------------------------------------------------------------- */

static bool was_in(const struct watch *w, const struct sim_user *u, const char *group,
		   int64_t since_ns)
{
	bool in = false;
	char key[80];
	int n = snprintf(key, sizeof(key), "user/%.30s/", u->name);

	for (size_t i = 0; i < u->groups_n; i++)
		in = in || !strcmp(u->groups[i], group);
	for (const char *c = group; *c && n < (int)sizeof(key) - 1; c++)
		if (*c != ' ')
			key[n++] = *c;
	key[n] = '\0';
	return was(w, key, in ? "in" : "out", since_ns, "in");
}

static bool controlled(const struct watch *w, const struct sim_user *u, const char *device,
		       int64_t since_ns)
{
	bool has = false;
	char key[80];

	if (was_in(w, u, "Standard CTI Allow Control of All Devices", since_ns))
		return true;
	for (size_t i = 0; i < u->devices_n; i++)
		has = has || !strcmp(u->devices[i], device);
	snprintf(key, sizeof(key), "user/%.30s/%.40s", u->name, device);
	return was(w, key, has ? "controls" : "not", since_ns, "controls");
}

bool watch_in_user_group(const struct watch *w, const struct sim_user *u, const char *group,
			 int64_t at_ns)
{
	return was_in(w, u, group, watch_since(w, at_ns));
}

bool watch_controls(const struct watch *w, const struct sim_user *u, const char *device,
		    int64_t at_ns)
{
	return controlled(w, u, device, watch_since(w, at_ns));
}

bool watch_controls_now(const struct watch *w, const struct sim_user *u, const char *device)
{
	return controlled(w, u, device, INT64_MAX);
}

bool watch_unrestricted(const struct watch *w, const struct sim_device *d, int64_t at_ns)
{
	char key[80];

	snprintf(key, sizeof(key), "device/%.50s/cti", d->name);
	return was(w, key, d->cti_restricted ? "restricted" : "allowed", watch_since(w, at_ns),
		   "allowed");
}

static const char *or_off(const char *dn)
{
	return dn && *dn ? dn : "off";
}

bool watch_forwarded(const struct watch *w, const struct sim_device *d, const struct sim_line *l,
		     const char *forward, const char *dn, int64_t at_ns)
{
	const char *first = !strcmp(forward, "cfof") ? l->cfof : l->cfna;
	char key[80];

	snprintf(key, sizeof(key), "line/%.40s/%d/%.8s", d->name, (int)(l - d->lines) + 1, forward);
	return was(w, key, or_off(first), watch_since(w, at_ns), or_off(dn));
}
