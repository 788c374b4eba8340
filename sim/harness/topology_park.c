/* Call park and pickup in a topology. */
#include "sim/harness/topology_reader.h"

#include <lauxlib.h>

static void read_park_number(struct loader *l, struct sim_park_number *p)
{
	static const char *const fields[] = { "node", "partition", NULL };

	if (!lua_istable(l->L, -1))
		field_stop(l, "park_numbers",
			   "park_numbers: each is a table { \"77XX\", node = \"ccm1\" }");
	field_only(l, "park_numbers", fields, 1);
	lua_rawgeti(l->L, -1, 1);
	if (lua_type(l->L, -1) != LUA_TSTRING)
		field_stop(l, "park_numbers",
			   "park_numbers: each begins with its number or range, a text");
	p->pattern = sim_topology_text(l->t, lua_tostring(l->L, -1));
	lua_pop(l->L, 1);
	p->partition = field_text(l, p->pattern, "partition");
	p->node = field_text(l, p->pattern, "node");
	if (!p->node || !sim_topology_node(l->t, p->node))
		field_stop(l, p->pattern, "park number %s: there is no node %s", p->pattern,
			   p->node ? p->node : "named");
}

void topology_read_park_numbers(struct loader *l)
{
	struct sim_topology *t = l->t;

	lua_getfield(l->L, -1, "park_numbers");
	if (!lua_isnil(l->L, -1) && !lua_istable(l->L, -1))
		field_stop(l, "park_numbers", "park_numbers has to be a list");
	t->park_numbers_n = lua_isnil(l->L, -1) ? 0 : lua_rawlen(l->L, -1);
	t->park_numbers = sim_topology_alloc(t, (t->park_numbers_n + 1) * sizeof(*t->park_numbers));
	for (size_t i = 0; i < t->park_numbers_n; i++) {
		lua_rawgeti(l->L, -1, (lua_Integer)i + 1);
		read_park_number(l, &t->park_numbers[i]);
		lua_pop(l->L, 1);
	}
	lua_pop(l->L, 1);
}

static void read_pickup_group(struct loader *l, struct sim_pickup_group *g)
{
	static const char *const fields[] = { "number", NULL };

	if (!lua_istable(l->L, -1))
		field_stop(l, "pickup_groups",
			   "pickup_groups: each is a table { \"sales\", number = \"7900\" }");
	field_only(l, "pickup_groups", fields, 1);
	lua_rawgeti(l->L, -1, 1);
	if (lua_type(l->L, -1) != LUA_TSTRING)
		field_stop(l, "pickup_groups", "pickup_groups: each begins with its name, a text");
	g->name = sim_topology_text(l->t, lua_tostring(l->L, -1));
	lua_pop(l->L, 1);
	g->number = field_text(l, g->name, "number");
	if (!g->number)
		field_stop(l, g->name, "pickup group %s needs a number", g->name);
}

void topology_read_pickup_groups(struct loader *l)
{
	struct sim_topology *t = l->t;

	lua_getfield(l->L, -1, "pickup_groups");
	if (!lua_isnil(l->L, -1) && !lua_istable(l->L, -1))
		field_stop(l, "pickup_groups", "pickup_groups has to be a list");
	t->pickup_groups_n = lua_isnil(l->L, -1) ? 0 : lua_rawlen(l->L, -1);
	t->pickup_groups =
		sim_topology_alloc(t, (t->pickup_groups_n + 1) * sizeof(*t->pickup_groups));
	for (size_t i = 0; i < t->pickup_groups_n; i++) {
		lua_rawgeti(l->L, -1, (lua_Integer)i + 1);
		read_pickup_group(l, &t->pickup_groups[i]);
		lua_pop(l->L, 1);
	}
	lua_pop(l->L, 1);
}
