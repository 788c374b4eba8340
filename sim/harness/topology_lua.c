/* Reads the Lua table of a topology. Everything runs inside one protected call: an error leaves
 * through lua_error with the sentence already in *err. */
#include "sim/harness/topology_private.h"

#include <lauxlib.h>
#include <lua.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INSTRUCTIONS_MAX 20000000
#define MEMORY_MAX	 (512u << 20)

struct loader {
	lua_State *L;
	struct sim_topology *t;
	struct sim_error *err;
	const char *name;
	const char *source;
	const char *anchor; /* name of the element being read */
	size_t memory;
	size_t devices_size;
};

int sim_topology_line(const char *source, const char *anchor, const char *quoted)
{
	const char *from = source;
	const char *at = NULL;
	char key[160];
	int line = 1;

	if (anchor && *anchor) {
		snprintf(key, sizeof(key), "%s", anchor);
		from = strstr(source, key);
		if (!from)
			from = source;
		at = from == source ? NULL : from;
	}
	if (quoted && *quoted) {
		const char *found = strstr(from, quoted);

		if (found)
			at = found;
	}
	if (!at)
		return 1;
	for (const char *s = source; s < at; s++)
		line += *s == '\n';
	return line;
}

__attribute__((noreturn, format(printf, 3, 4))) static void
stop(struct loader *l, const char *quoted, const char *format, ...)
{
	char text[800];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	sim_fail(l->err, SIM_USAGE, "%s:%d: %s", l->name,
		 sim_topology_line(l->source, l->anchor, quoted), text);
	lua_pushnil(l->L);
	lua_error(l->L);
	abort();
}

/* ---- fields of the table on top of the stack ----------------------------------------- */

/* A table may hold only these keys; keys are names, or positions up to `positions`. */
static void only(struct loader *l, const char *what, const char *const *keys, int positions)
{
	lua_pushnil(l->L);
	while (lua_next(l->L, -2)) {
		bool known = false;

		lua_pop(l->L, 1);
		if (lua_type(l->L, -1) == LUA_TSTRING) {
			for (const char *const *k = keys; *k; k++)
				known = known || !strcmp(*k, lua_tostring(l->L, -1));
			if (!known)
				stop(l, lua_tostring(l->L, -1), "%s has no field '%s'", what,
				     lua_tostring(l->L, -1));
		} else if (!lua_isinteger(l->L, -1) || lua_tointeger(l->L, -1) < 1 ||
			   (positions >= 0 && lua_tointeger(l->L, -1) > positions)) {
			stop(l, NULL, "%s: what has no field name does not belong there", what);
		}
	}
}

/* A text or a whole number as text; NULL when absent. */
static const char *text_of(struct loader *l, const char *what, const char *key)
{
	const char *text = NULL;

	lua_getfield(l->L, -1, key);
	if (lua_type(l->L, -1) == LUA_TSTRING || lua_isinteger(l->L, -1)) {
		text = sim_topology_text(l->t, lua_tostring(l->L, -1));
		if (strlen(text) > 128)
			stop(l, key, "%s: %s is longer than 128 characters", what, key);
	} else if (!lua_isnil(l->L, -1)) {
		stop(l, key, "%s: %s has to be a text, not a %s", what, key,
		     luaL_typename(l->L, -1));
	}
	lua_pop(l->L, 1);
	return text;
}

static int number_of(struct loader *l, const char *what, const char *key, int none, int min,
		     int max)
{
	int value = none;

	lua_getfield(l->L, -1, key);
	if (lua_isinteger(l->L, -1)) {
		lua_Integer n = lua_tointeger(l->L, -1);

		if (n < min || n > max)
			stop(l, key, "%s: %s = %lld: allowed is %d to %d", what, key, (long long)n,
			     min, max);
		value = (int)n;
	} else if (!lua_isnil(l->L, -1)) {
		stop(l, key, "%s: %s has to be a whole number, not a %s", what, key,
		     luaL_typename(l->L, -1));
	}
	lua_pop(l->L, 1);
	return value;
}

static bool flag_of(struct loader *l, const char *what, const char *key, bool none)
{
	bool value = none;

	lua_getfield(l->L, -1, key);
	if (lua_isboolean(l->L, -1))
		value = lua_toboolean(l->L, -1);
	else if (!lua_isnil(l->L, -1))
		stop(l, key, "%s: %s has to be true or false, not a %s", what, key,
		     luaL_typename(l->L, -1));
	lua_pop(l->L, 1);
	return value;
}

/* The list of texts in the table on top. */
static const char **texts_here(struct loader *l, const char *what, size_t *n)
{
	const char **list;

	if (!lua_istable(l->L, -1))
		stop(l, NULL, "%s has to be a list of names, not a %s", what,
		     luaL_typename(l->L, -1));
	only(l, what, (const char *const[]){ NULL }, -1);
	*n = lua_rawlen(l->L, -1);
	list = sim_topology_alloc(l->t, (*n + 1) * sizeof(*list));
	for (size_t i = 0; i < *n; i++) {
		lua_rawgeti(l->L, -1, (lua_Integer)i + 1);
		if (lua_type(l->L, -1) != LUA_TSTRING)
			stop(l, NULL, "%s: name %zu is a %s, not a text", what, i + 1,
			     luaL_typename(l->L, -1));
		list[i] = sim_topology_text(l->t, lua_tostring(l->L, -1));
		lua_pop(l->L, 1);
	}
	return list;
}

static const char **texts_of(struct loader *l, const char *what, const char *key, size_t *n)
{
	const char **list = NULL;
	char both[200];

	*n = 0;
	snprintf(both, sizeof(both), "%s: %s", what, key);
	lua_getfield(l->L, -1, key);
	if (!lua_isnil(l->L, -1))
		list = texts_here(l, both, n);
	lua_pop(l->L, 1);
	return list;
}

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
		stop(l, key, "%s has to be a table, not a %s", key, luaL_typename(l->L, -1));
	for (lua_pushnil(l->L); lua_next(l->L, -2); lua_pop(l->L, 1)) {
		if (lua_type(l->L, -2) != LUA_TSTRING)
			stop(l, key, "%s: write { name = ... }", key);
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
		stop(l, "nodes", "a topology needs nodes = { \"ccm1\", ... }");
	l->t->nodes_n = lua_rawlen(l->L, -1);
	if (l->t->nodes_n > SIM_TOPOLOGY_NODES)
		stop(l, "nodes", "%zu nodes: a cluster has at most %d", l->t->nodes_n,
		     SIM_TOPOLOGY_NODES);
	l->t->nodes = sim_topology_alloc(l->t, l->t->nodes_n * sizeof(*l->t->nodes));
	for (size_t i = 0; i < l->t->nodes_n; i++) {
		struct sim_node *node = &l->t->nodes[i];

		node->callmanager = node->ctimanager = true;
		lua_rawgeti(l->L, -1, (lua_Integer)i + 1);
		if (lua_istable(l->L, -1)) {
			only(l, "a node", fields, 1);
			node->callmanager = flag_of(l, "a node", "callmanager", true);
			node->ctimanager = flag_of(l, "a node", "ctimanager", true);
			lua_rawgeti(l->L, -1, 1);
			lua_remove(l->L, -2);
		}
		if (lua_type(l->L, -1) != LUA_TSTRING)
			stop(l, "nodes", "node %zu needs a name", i + 1);
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
		nodes = texts_here(l, what, &g->nodes_n);
		if (g->nodes_n < 1 || g->nodes_n > SIM_TOPOLOGY_MEMBERS)
			stop(l, NULL, "group %s has %zu members: allowed are 1 to %d", g->name,
			     g->nodes_n, SIM_TOPOLOGY_MEMBERS);
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
			stop(l, names[i], "pool %s: write %s = \"its group\"", names[i], names[i]);
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
			stop(l, names[i], "parameter %s: its value is a %s", names[i],
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
			stop(l, NULL, "%s: write %s = { ... }", what, u->name);
		only(l, what, fields, 0);
		u->application = flag_of(l, what, "application", false);
		u->password = text_of(l, what, "password");
		if (!u->password)
			stop(l, NULL, "%s needs a password", what);
		u->groups = texts_of(l, what, "groups", &u->groups_n);
		u->devices = texts_of(l, what, "devices", &u->devices_n);
		lua_pop(l->L, 1);
	}
	l->anchor = NULL;
	lua_pop(l->L, 1);
}

/* ---- devices ------------------------------------------------------------------------- */

static const char *const line_fields[] = { "dn",	"partition",	"display",	  "cfa",
					   "cfb",	"cfna",		"cfof",		  "ring",
					   "max_calls", "busy_trigger", "cti_restricted", NULL };
static const char *const device_fields[] = { "name",	     "count",	       "model", "sip",
					     "enbloc",	     "pool",	       "lines", "dn",
					     "partition",    "display",	       "cfa",	"cfb",
					     "cfna",	     "cfof",	       "ring",	"max_calls",
					     "busy_trigger", "cti_restricted", NULL };

static void read_line(struct loader *l, const char *what, struct sim_line *line)
{
	line->dn = text_of(l, what, "dn");
	if (!line->dn || !*line->dn)
		stop(l, NULL, "%s: a line needs a number (dn)", what);
	line->partition = text_of(l, what, "partition");
	line->display = text_of(l, what, "display");
	line->cfa = text_of(l, what, "cfa");
	line->cfb = text_of(l, what, "cfb");
	line->cfna = text_of(l, what, "cfna");
	line->cfof = text_of(l, what, "cfof");
	line->ring_s = number_of(l, what, "ring", 0, 1, 300);
	line->max_calls = number_of(l, what, "max_calls", 0, 1, 10000);
	line->busy_trigger = number_of(l, what, "busy_trigger", 0, 1, 10000);
	line->cti_restricted = flag_of(l, what, "cti_restricted", false);
}

static void read_lines(struct loader *l, const char *what, struct sim_device *d)
{
	lua_getfield(l->L, -1, "lines");
	if (lua_isnil(l->L, -1)) {
		lua_pop(l->L, 1);
		d->lines_n = 1;
		d->lines = sim_topology_alloc(l->t, sizeof(*d->lines));
		read_line(l, what, d->lines);
		d->lines->cti_restricted = false; /* said of the device */
		return;
	}
	if (!lua_istable(l->L, -1))
		stop(l, "lines", "%s: lines has to be a list of tables", what);
	d->lines_n = lua_rawlen(l->L, -1);
	if (d->lines_n < 1 || d->lines_n > SIM_TOPOLOGY_LINES)
		stop(l, "lines", "%s has %zu lines: allowed are 1 to %d", what, d->lines_n,
		     SIM_TOPOLOGY_LINES);
	d->lines = sim_topology_alloc(l->t, d->lines_n * sizeof(*d->lines));
	for (size_t i = 0; i < d->lines_n; i++) {
		lua_rawgeti(l->L, -1, (lua_Integer)i + 1);
		if (!lua_istable(l->L, -1))
			stop(l, "lines", "%s: line %zu is a %s, not a table", what, i + 1,
			     luaL_typename(l->L, -1));
		only(l, what, line_fields, 0);
		read_line(l, what, &d->lines[i]);
		lua_pop(l->L, 1);
	}
	lua_pop(l->L, 1);
}

static struct sim_device *add_device(struct loader *l)
{
	if (l->t->devices_n == SIM_TOPOLOGY_DEVICES)
		stop(l, "count", "more than %d devices", SIM_TOPOLOGY_DEVICES);
	if (l->t->devices_n == l->devices_size) {
		l->devices_size = l->devices_size ? l->devices_size * 2 : 32;
		l->t->devices = realloc(l->t->devices, l->devices_size * sizeof(*l->t->devices));
		if (!l->t->devices)
			abort();
	}
	return &l->t->devices[l->t->devices_n++];
}

/* The text with its last digits counted up; as many digits as they were, or more. Phones count in
 * hexadecimal where the text ends in such digits only from a decimal start, so decimal it is. */
static const char *counted(struct loader *l, const char *text, int by)
{
	size_t n = strlen(text);
	size_t digits = 0;
	char out[200];

	while (digits < n && digits < 9 && isdigit((unsigned char)text[n - digits - 1]))
		digits++;
	if (digits == 0)
		stop(l, text, "'%s' does not end in a number, so it cannot be counted up", text);
	snprintf(out, sizeof(out), "%.*s%0*ld", (int)(n - digits), text, (int)digits,
		 strtol(text + n - digits, NULL, 10) + by);
	return sim_topology_text(l->t, out);
}

static void repeat(struct loader *l, size_t first, int count)
{
	for (int i = 1; i < count; i++) {
		struct sim_device *copy = add_device(l);
		struct sim_line *lines = NULL;

		*copy = l->t->devices[first];
		copy->name = counted(l, copy->name, i);
		lines = sim_topology_alloc(l->t, copy->lines_n * sizeof(*lines));
		memcpy(lines, copy->lines, copy->lines_n * sizeof(*lines));
		for (size_t n = 0; n < copy->lines_n; n++)
			lines[n].dn = counted(l, lines[n].dn, i);
		copy->lines = lines;
	}
}

static void read_device(struct loader *l, enum sim_kind kind, const char *key)
{
	static const int models[] = { [SIM_PHONE] = 7960, [SIM_PORT] = 0, [SIM_ROUTE_POINT] = 0 };
	struct sim_device d = { .kind = kind };
	const char *name;
	size_t first = l->t->devices_n;
	int count;

	if (!lua_istable(l->L, -1))
		stop(l, key, "%s: each is a table { \"NAME\", dn = \"1001\" }", key);
	only(l, key, device_fields, 1);
	lua_rawgeti(l->L, -1, 1);
	name = lua_type(l->L, -1) == LUA_TSTRING ? sim_topology_text(l->t, lua_tostring(l->L, -1))
						 : NULL;
	lua_pop(l->L, 1);
	d.name = name ? name : text_of(l, key, "name");
	if (!d.name || !*d.name)
		stop(l, key, "%s: a device needs a name", key);
	l->anchor = d.name;
	d.model = number_of(l, d.name, "model", models[kind], 1, 100000);
	d.sip = flag_of(l, d.name, "sip", false);
	d.enbloc = flag_of(l, d.name, "enbloc", false);
	d.cti_restricted = flag_of(l, d.name, "cti_restricted", false);
	d.pool = text_of(l, d.name, "pool");
	if (!d.pool && l->t->pools_n == 1)
		d.pool = l->t->pools[0].name;
	if (!d.pool)
		stop(l, NULL, "%s: a device needs a pool (USR-03)", d.name);
	count = number_of(l, d.name, "count", 1, 1, SIM_TOPOLOGY_DEVICES);
	read_lines(l, d.name, &d);
	*add_device(l) = d;
	repeat(l, first, count);
	l->anchor = NULL;
}

static void read_devices(struct loader *l, enum sim_kind kind, const char *key)
{
	lua_getfield(l->L, -1, key);
	if (!lua_isnil(l->L, -1) && !lua_istable(l->L, -1))
		stop(l, key, "%s has to be a list", key);
	for (lua_Integer i = 1; !lua_isnil(l->L, -1) && i <= (lua_Integer)lua_rawlen(l->L, -1);
	     i++) {
		lua_rawgeti(l->L, -1, i);
		read_device(l, kind, key);
		lua_pop(l->L, 1);
	}
	lua_pop(l->L, 1);
}

/* ---- the whole ----------------------------------------------------------------------- */

static int read_topology(lua_State *L)
{
	static const char *const fields[] = { "nodes",	    "groups", "pools",
					      "partitions", "phones", "route_points",
					      "ports",	    "users",  "parameters",
					      NULL };
	struct loader *l = lua_touserdata(L, 1);

	lua_settop(L, 2);
	if (!lua_istable(L, 2))
		stop(l, NULL, "the file has to return a table, not a %s", luaL_typename(L, 2));
	only(l, "a topology", fields, 0);
	read_nodes(l);
	read_groups(l);
	read_pools(l);
	l->t->partitions = texts_of(l, "topology", "partitions", &l->t->partitions_n);
	read_devices(l, SIM_PHONE, "phones");
	read_devices(l, SIM_ROUTE_POINT, "route_points");
	read_devices(l, SIM_PORT, "ports");
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
