/* Reads the Lua table of a topology. Everything runs inside one protected call: an error leaves
 * through lua_error with the sentence already in *err. */
#include "sim/harness/topology_reader.h"

#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INSTRUCTIONS_MAX 20000000
#define MEMORY_MAX	 (512u << 20)

/* ---- named tables, in the order of their names --------------------------------------- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Pushes field `key` (a table, or nil: returns NULL) and gives its keys, sorted. */
static const char **names_in(struct loader *l, const char *key, size_t *n)
{
	const char **names;
	size_t i = 0;

	*n = 0;
	lua_getfield(l->L, -1, key);
	if (lua_isnil(l->L, -1))
		return NULL;
	if (!lua_istable(l->L, -1))
		field_stop(l, key, "%s has to be a table, not a %s", key, luaL_typename(l->L, -1));
	for (lua_pushnil(l->L); lua_next(l->L, -2); lua_pop(l->L, 1)) {
		if (lua_type(l->L, -2) != LUA_TSTRING)
			field_stop(l, key, "%s: write { name = ... }", key);
		(*n)++;
	}
	names = sim_topology_alloc(l->t, (*n + 1) * sizeof(*names));
	for (lua_pushnil(l->L); lua_next(l->L, -2); lua_pop(l->L, 1))
		names[i++] = sim_topology_text(l->t, lua_tostring(l->L, -2));
	qsort(names, *n, sizeof(*names), by_name);
	return names;
}

static void read_nodes(struct loader *l)
{
	static const char *const fields[] = { "callmanager", "ctimanager", NULL };

	lua_getfield(l->L, -1, "nodes");
	if (!lua_istable(l->L, -1) || lua_rawlen(l->L, -1) == 0)
		field_stop(l, "nodes", "a topology needs nodes = { \"ccm1\", ... }");
	l->t->nodes_n = lua_rawlen(l->L, -1);
	if (l->t->nodes_n > SIM_TOPOLOGY_NODES)
		field_stop(l, "nodes", "%zu nodes: a cluster has at most %d", l->t->nodes_n,
			   SIM_TOPOLOGY_NODES);
	l->t->nodes = sim_topology_alloc(l->t, l->t->nodes_n * sizeof(*l->t->nodes));
	for (size_t i = 0; i < l->t->nodes_n; i++) {
		struct sim_node *node = &l->t->nodes[i];

		node->callmanager = node->ctimanager = true;
		lua_rawgeti(l->L, -1, (lua_Integer)i + 1);
		if (lua_istable(l->L, -1)) {
			field_only(l, "a node", fields, 1);
			node->callmanager = field_flag(l, "a node", "callmanager", true);
			node->ctimanager = field_flag(l, "a node", "ctimanager", true);
			lua_rawgeti(l->L, -1, 1);
			lua_remove(l->L, -2);
		}
		if (lua_type(l->L, -1) != LUA_TSTRING)
			field_stop(l, "nodes", "node %zu needs a name", i + 1);
		node->name = sim_topology_text(l->t, lua_tostring(l->L, -1));
		lua_pop(l->L, 1);
	}
	lua_pop(l->L, 1);
}

static void read_groups(struct loader *l)
{
	const char **names = names_in(l, "groups", &l->t->groups_n);

	l->t->groups = sim_topology_alloc(l->t, (l->t->groups_n + 1) * sizeof(*l->t->groups));
	for (size_t i = 0; i < l->t->groups_n; i++) {
		struct sim_group *g = &l->t->groups[i];
		char what[200];
		const char **nodes;

		l->anchor = g->name = names[i];
		snprintf(what, sizeof(what), "group %s", g->name);
		lua_getfield(l->L, -1, g->name);
		nodes = field_texts_here(l, what, &g->nodes_n);
		if (g->nodes_n < 1 || g->nodes_n > SIM_TOPOLOGY_MEMBERS)
			field_stop(l, NULL, "group %s has %zu members: allowed are 1 to %d",
				   g->name, g->nodes_n, SIM_TOPOLOGY_MEMBERS);
		for (size_t m = 0; m < g->nodes_n; m++)
			g->nodes[m] = nodes[m];
		lua_pop(l->L, 1);
	}
	l->anchor = NULL;
	lua_pop(l->L, 1);
}

static void read_pools(struct loader *l)
{
	const char **names = names_in(l, "pools", &l->t->pools_n);

	l->t->pools = sim_topology_alloc(l->t, (l->t->pools_n + 1) * sizeof(*l->t->pools));
	for (size_t i = 0; i < l->t->pools_n; i++) {
		lua_getfield(l->L, -1, names[i]);
		if (lua_type(l->L, -1) != LUA_TSTRING)
			field_stop(l, names[i], "pool %s: write %s = \"its group\"", names[i],
				   names[i]);
		l->t->pools[i].name = names[i];
		l->t->pools[i].group = sim_topology_text(l->t, lua_tostring(l->L, -1));
		lua_pop(l->L, 1);
	}
	lua_pop(l->L, 1);
}

static void read_parameters(struct loader *l)
{
	const char **names = names_in(l, "parameters", &l->t->parameters_n);

	l->t->parameters =
		sim_topology_alloc(l->t, (l->t->parameters_n + 1) * sizeof(*l->t->parameters));
	for (size_t i = 0; i < l->t->parameters_n; i++) {
		l->t->parameters[i].name = names[i];
		lua_getfield(l->L, -1, names[i]);
		if (lua_isboolean(l->L, -1))
			l->t->parameters[i].value = lua_toboolean(l->L, -1) ? "True" : "False";
		else if (lua_type(l->L, -1) == LUA_TSTRING || lua_isinteger(l->L, -1))
			l->t->parameters[i].value = sim_topology_text(l->t, lua_tostring(l->L, -1));
		else
			field_stop(l, names[i], "parameter %s: its value is a %s", names[i],
				   luaL_typename(l->L, -1));
		lua_pop(l->L, 1);
	}
	lua_pop(l->L, 1);
}

static void read_users(struct loader *l)
{
	static const char *const fields[] = { "application", "password", "groups", "devices",
					      NULL };
	const char **names = names_in(l, "users", &l->t->users_n);

	l->t->users = sim_topology_alloc(l->t, (l->t->users_n + 1) * sizeof(*l->t->users));
	for (size_t i = 0; i < l->t->users_n; i++) {
		struct sim_user *u = &l->t->users[i];
		char what[200];

		l->anchor = u->name = names[i];
		snprintf(what, sizeof(what), "user %s", u->name);
		lua_getfield(l->L, -1, u->name);
		if (!lua_istable(l->L, -1))
			field_stop(l, NULL, "%s: write %s = { ... }", what, u->name);
		field_only(l, what, fields, 0);
		u->application = field_flag(l, what, "application", false);
		u->password = field_text(l, what, "password");
		if (!u->password)
			field_stop(l, NULL, "%s needs a password", what);
		u->groups = field_texts(l, what, "groups", &u->groups_n);
		u->devices = field_texts(l, what, "devices", &u->devices_n);
		lua_pop(l->L, 1);
	}
	l->anchor = NULL;
	lua_pop(l->L, 1);
}

/* ---- the dial plan ------------------------------------------------------------------- */

static void read_spaces(struct loader *l)
{
	const char **names = names_in(l, "search_spaces", &l->t->spaces_n);

	l->t->spaces = sim_topology_alloc(l->t, (l->t->spaces_n + 1) * sizeof(*l->t->spaces));
	for (size_t i = 0; i < l->t->spaces_n; i++) {
		struct sim_space *s = &l->t->spaces[i];

		s->name = names[i];
		s->partitions = field_texts(l, "search_spaces", names[i], &s->partitions_n);
	}
	lua_pop(l->L, 1);
}

static void read_dial_rules(struct loader *l)
{
	const char **names = names_in(l, "dial_rules", &l->t->dial_rules_n);

	l->t->dial_rules =
		sim_topology_alloc(l->t, (l->t->dial_rules_n + 1) * sizeof(*l->t->dial_rules));
	for (size_t i = 0; i < l->t->dial_rules_n; i++) {
		struct sim_dial_rules *r = &l->t->dial_rules[i];

		r->name = names[i];
		r->rules = field_texts(l, "dial_rules", names[i], &r->rules_n);
	}
	lua_pop(l->L, 1);
}

static void read_pattern(struct loader *l, const char *key, struct sim_pattern *p)
{
	static const char *const fields[] = { "partition", "discard",	   "mask",
					      "prefix",	   "calling_mask", "css",
					      "block",	   "urgent",	   NULL };

	if (!lua_istable(l->L, -1))
		field_stop(l, key, "%s: each is a table { \"9.XXXX\", ... }", key);
	field_only(l, key, fields, 1);
	lua_rawgeti(l->L, -1, 1);
	if (lua_type(l->L, -1) != LUA_TSTRING)
		field_stop(l, key, "%s: each begins with its pattern, a text", key);
	p->pattern = sim_topology_text(l->t, lua_tostring(l->L, -1));
	lua_pop(l->L, 1);
	p->partition = field_text(l, p->pattern, "partition");
	p->discard = field_text(l, p->pattern, "discard");
	p->called_mask = field_text(l, p->pattern, "mask");
	p->prefix = field_text(l, p->pattern, "prefix");
	p->calling_mask = field_text(l, p->pattern, "calling_mask");
	p->css = field_text(l, p->pattern, "css");
	p->block = field_flag(l, p->pattern, "block", false);
	p->urgent = field_flag(l, p->pattern, "urgent", false);
}

static void read_patterns(struct loader *l, const char *key, bool route)
{
	struct sim_topology *t = l->t;
	struct sim_pattern *old = t->patterns;
	size_t n;

	lua_getfield(l->L, -1, key);
	if (!lua_isnil(l->L, -1) && !lua_istable(l->L, -1))
		field_stop(l, key, "%s has to be a list", key);
	n = lua_isnil(l->L, -1) ? 0 : lua_rawlen(l->L, -1);
	t->patterns = sim_topology_alloc(t, (t->patterns_n + n + 1) * sizeof(*t->patterns));
	if (t->patterns_n)
		memcpy(t->patterns, old, t->patterns_n * sizeof(*old));
	for (size_t i = 0; i < n; i++) {
		lua_rawgeti(l->L, -1, (lua_Integer)i + 1);
		t->patterns[t->patterns_n].route = route;
		read_pattern(l, key, &t->patterns[t->patterns_n++]);
		lua_pop(l->L, 1);
	}
	lua_pop(l->L, 1);
}

/* ---- the whole ----------------------------------------------------------------------- */

static int read_topology(lua_State *L)
{
	static const char *const fields[] = {
		"nodes",	"groups",	 "pools",	  "partitions",
		"phones",	"route_points",	 "ports",	  "users",
		"parameters",	"search_spaces", "translations",  "route_patterns",
		"park_numbers", "dial_rules",	 "pickup_groups", NULL
	};
	struct loader *l = lua_touserdata(L, 1);

	lua_settop(L, 2);
	if (!lua_istable(L, 2))
		field_stop(l, NULL, "the file has to return a table, not a %s",
			   luaL_typename(L, 2));
	field_only(l, "a topology", fields, 0);
	read_nodes(l);
	read_groups(l);
	read_pools(l);
	l->t->partitions = field_texts(l, "topology", "partitions", &l->t->partitions_n);
	read_spaces(l);
	read_dial_rules(l);
	read_patterns(l, "translations", false);
	read_patterns(l, "route_patterns", true);
	topology_read_park_numbers(l);
	topology_read_pickup_groups(l);
	topology_read_devices(l, SIM_PHONE, "phones");
	topology_read_devices(l, SIM_ROUTE_POINT, "route_points");
	topology_read_devices(l, SIM_PORT, "ports");
	read_users(l);
	read_parameters(l);
	return 0;
}

static void too_long(lua_State *L, lua_Debug *ar)
{
	lua_getinfo(L, "Sl", ar);
	lua_pushfstring(L, "%s:%d: a topology is data; this one runs for too long", ar->short_src,
			ar->currentline);
	lua_error(L);
}

static void *allocate(void *arg, void *ptr, size_t old, size_t size)
{
	struct loader *l = arg;
	void *p;

	old = ptr ? old : 0;
	if (size == 0) {
		l->memory -= old;
		free(ptr);
		return NULL;
	}
	if (size > old && l->memory + (size - old) > MEMORY_MAX)
		return NULL;
	p = realloc(ptr, size);
	if (p)
		l->memory = l->memory - old + size;
	return p;
}

static int run(struct loader *l)
{
	char chunk[SIM_NAME_SIZE * 4];

	snprintf(chunk, sizeof(chunk), "@%s", l->name);
	if (luaL_loadbufferx(l->L, l->source, strlen(l->source), chunk, "t") != LUA_OK)
		return sim_fail(l->err, SIM_USAGE, "%s%s%s",
				l->source[0] == LUA_SIGNATURE[0] ? l->name : "",
				l->source[0] == LUA_SIGNATURE[0] ? ":1: " : "",
				lua_tostring(l->L, -1));
	lua_newtable(l->L);
	if (!lua_setupvalue(l->L, -2, 1))
		lua_pop(l->L, 1);
	lua_sethook(l->L, too_long, LUA_MASKCOUNT, INSTRUCTIONS_MAX);
	if (lua_pcall(l->L, 0, 1, 0) != LUA_OK)
		return sim_fail(l->err, SIM_USAGE, "%s",
				lua_isstring(l->L, -1) ? lua_tostring(l->L, -1)
						       : "the topology fails");
	lua_pushcfunction(l->L, read_topology);
	lua_insert(l->L, -2);
	lua_pushlightuserdata(l->L, l);
	lua_insert(l->L, -2);
	l->err->text[0] = '\0';
	if (lua_pcall(l->L, 2, 0, 0) == LUA_OK)
		return 0;
	if (!l->err->text[0])
		sim_fail(l->err, SIM_USAGE, "%s: %s", l->name,
			 lua_isstring(l->L, -1) ? lua_tostring(l->L, -1) : "cannot be read");
	return -1;
}

int sim_topology_parse(struct sim_topology **topology, const char *name, const char *text,
		       struct sim_error *err)
{
	struct loader l = { .err = err, .name = name, .source = text };
	int result;

	*topology = NULL;
	l.t = sim_topology_new();
	l.L = lua_newstate(allocate, &l);
	if (!l.L)
		abort();
	result = run(&l);
	lua_close(l.L);
	if (result == 0) {
		l.t->name = sim_topology_text(l.t, name);
		l.t->path = l.t->name;
		l.t->source = sim_topology_text(l.t, text);
		result = sim_topology_check(l.t, err);
	}
	if (result < 0)
		sim_topology_destroy(&l.t);
	*topology = l.t;
	return result;
}
