/* The cluster, its phones and its applications as a scenario sees them: the verbs of the table. */
#include "sim/script/engine.h"
#include "sim/script/live_trace.h"

#include <lauxlib.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/db/db.h"
#include "sim/harness/supervisor.h"

#define READY_NS 30000000000LL
#define ACTOR	 "rehome.actor"

/* ---- errors -------------------------------------------------------------------------- */

struct engine *engine_of(lua_State *L)
{
	return *(struct engine **)lua_getextraspace(L);
}

int engine_line(lua_State *L)
{
	lua_Debug ar;

	for (int level = 0; lua_getstack(L, level, &ar); level++) {
		lua_getinfo(L, "Sl", &ar);
		if (ar.currentline > 0)
			return ar.currentline;
	}
	return 1;
}

void engine_raise(lua_State *L, enum sim_exit status, const char *format, ...)
{
	struct engine *e = engine_of(L);
	char text[2400];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	/* What nobody waited for any more has not failed. */
	if (e->run->options.interrupted && *e->run->options.interrupted) {
		snprintf(text, sizeof(text), "interrupted");
		status = SIM_UNKNOWN;
	}
	if (!e->fatal)
		sim_fail(&e->err, status, "%s:%d: %s", e->path, engine_line(L), text);
	e->fatal = true;
	lua_pushnil(L);
	lua_error(L);
	abort();
}

void engine_act(struct engine *e, const char *what, bool fault)
{
	if (e->mode == ENGINE_CHECK)
		return;
	if (fault && e->run->options.step) {
		printf("  next: %s. What will happen, and what will the application be told? "
		       "(Enter) ",
		       what);
		fflush(stdout);
		for (int c = getchar(); c != '\n' && c != EOF;)
			c = getchar();
	} else if (e->run->options.narrate && !e->run->options.quiet) {
		printf("  do      %s\n", what);
		fflush(stdout);
	}
	if (e->acted)
		return;
	sim_history_update(e->history);
	e->from = sim_history_n(e->history);
	e->from_ns = sim_host_now(e->host);
	e->acted = true;
}

void engine_passed(struct engine *e)
{
	e->acted = false;
}

/* ---- actors -------------------------------------------------------------------------- */

static struct actor *push_actor(lua_State *L, enum actor_kind kind, const char *name)
{
	struct actor *a = lua_newuserdatauv(L, sizeof(*a), 0);

	*a = (struct actor){ .kind = kind };
	snprintf(a->name, sizeof(a->name), "%s", name);
	luaL_setmetatable(L, ACTOR);
	return a;
}

struct actor *actor_at(lua_State *L, int i)
{
	return luaL_testudata(L, i, ACTOR);
}

static bool app_known(void *arg, const char *name)
{
	struct engine *e = arg;

	for (size_t i = 0; i < e->apps_n; i++)
		if (!strcmp(e->apps[i], name))
			return true;
	return false;
}

/* ---- calling a verb ------------------------------------------------------------------ */

/* A value as the text that verbs take; NULL = none of the types. Stays valid on the stack. */
static const char *text_of(lua_State *L, int i)
{
	switch (lua_type(L, i)) {
	case LUA_TSTRING:
		return lua_tostring(L, i);
	case LUA_TNUMBER:
		if (lua_isinteger(L, i)) {
			lua_pushvalue(L, i);
			return lua_tostring(L, -1);
		}
		return NULL;
	case LUA_TBOOLEAN:
		return lua_toboolean(L, i) ? "true" : NULL;
	default:
		return NULL;
	}
}

static unsigned option_of(lua_State *L, const struct sim_verb *verb, const char *key)
{
	for (unsigned i = 0; i < sim_verb_args(verb); i++) {
		const char *name = verb->args[i].name;
		size_t n = strlen(name);
		bool same = n == strlen(key);

		for (size_t k = 0; same && k < n; k++)
			same = name[k] == key[k] || (name[k] == '-' && key[k] == '_');
		if (same)
			return i;
	}
	engine_raise(L, SIM_USAGE, "%s has no option '%s'", verb->name, key);
}

static void read_options(lua_State *L, int table, const struct sim_verb *verb, const char **args)
{
	for (lua_pushnil(L); lua_next(L, table);) {
		unsigned at;

		if (lua_type(L, -2) != LUA_TSTRING)
			engine_raise(L, SIM_USAGE, "%s: write { name = value }", verb->name);
		at = option_of(L, verb, lua_tostring(L, -2));
		args[at] = text_of(L, lua_absindex(L, -1));
		if (!args[at] && !lua_isboolean(L, -1))
			engine_raise(L, SIM_USAGE, "%s: %s is a %s", verb->name,
				     lua_tostring(L, -2), luaL_typename(L, -1));
		/* The texts belong to the table, which stays. */
		lua_settop(L, lua_gettop(L) - (lua_type(L, -1) == LUA_TSTRING &&
							       lua_type(L, -2) == LUA_TNUMBER
						       ? 2
						       : 1));
	}
}

static void read_args(lua_State *L, const struct sim_verb *verb, const char **args)
{
	int top = lua_gettop(L);
	unsigned k = 0;

	luaL_checkstack(L, 32, verb->name);
	for (int i = 2; i <= top; i++) {
		if (lua_istable(L, i)) {
			read_options(L, i, verb, args);
			continue;
		}
		while (k < sim_verb_args(verb) && verb->args[k].use == SIM_OPTION)
			k++;
		if (k == sim_verb_args(verb))
			engine_raise(L, SIM_USAGE, "%s: too many arguments; example: %s",
				     verb->name, verb->example);
		args[k] = text_of(L, i);
		if (!args[k])
			engine_raise(L, SIM_USAGE, "%s: %s is a %s; example: %s", verb->name,
				     verb->args[k].name, luaL_typename(L, i), verb->example);
		k++;
	}
}

static void describe(const struct actor *a, const struct sim_verb *verb, const char *const *args,
		     char *buf, size_t size)
{
	size_t n = (size_t)snprintf(buf, size, "%s%s%s", a->name, *a->name ? " " : "", verb->name);

	for (unsigned i = 0; i < sim_verb_args(verb) && n < size; i++)
		if (args[i])
			n += (size_t)snprintf(buf + n, size - n, " %s", args[i]);
}

static int call_verb(lua_State *L)
{
	struct engine *e = engine_of(L);
	const struct sim_verb *verb = lua_touserdata(L, lua_upvalueindex(1));
	struct actor *a = actor_at(L, 1);
	struct sim_error err = { 0 };
	struct sim_call call = { .verb = verb, .host = e->host, .out = stdout, .err = &err };
	unsigned here = e->run->options.real ? SIM_REAL : SIM_VIRTUAL;
	char what[300];

	if (!a)
		engine_raise(L, SIM_USAGE, "write x:%s(...), with a colon", verb->name);
	read_args(L, verb, call.args);
	if (sim_verb_check(verb, call.args, e->topology, app_known, e, &err) < 0)
		engine_raise(L, SIM_USAGE, "%s", err.text);
	if (e->mode == ENGINE_CHECK || !(verb->where & here))
		return 0;
	describe(a, verb, call.args, what, sizeof(what));
	engine_act(e, what, verb->subject == SIM_ON_CLUSTER);
	call.subject = a->name;
	if (sim_verb_run(&call) < 0)
		engine_raise(L, (enum sim_exit)err.status, "%s", err.text);
	return 0;
}

static void no_verb(lua_State *L, const struct actor *a, const char *key)
{
	static const char *const kinds[] = { "cluster", "phone", "application" };
	const struct sim_verb *verbs;
	size_t n = sim_verbs(&verbs);
	char list[600] = "";
	size_t used = 0;

	for (size_t i = 0; i < n && used < sizeof(list); i++)
		if ((int)verbs[i].subject == (int)a->kind && (verbs[i].where & SIM_SCENARIO))
			used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s",
						 used ? ", " : "", verbs[i].name);
	engine_raise(L, SIM_USAGE, "a %s has no verb '%s'; its verbs are %s%s", kinds[a->kind], key,
		     a->kind == ACTOR_CLUSTER ? "app, phone, " : "", list);
}

/* ---- c:app and c:phone --------------------------------------------------------------- */

static size_t read_managers(lua_State *L, int options, const char *names[10])
{
	struct engine *e = engine_of(L);
	size_t n;

	if (lua_getfield(L, options, "ctimanagers") != LUA_TTABLE)
		engine_raise(L, SIM_USAGE,
			     "an application needs ctimanagers = { \"ccm1\", ... }, primary first");
	n = lua_rawlen(L, -1);
	if (n < 1 || n > 10)
		engine_raise(L, SIM_USAGE, "ctimanagers: allowed are 1 to 10, not %d", (int)n);
	for (size_t i = 0; i < n; i++) {
		lua_rawgeti(L, -1, (lua_Integer)i + 1);
		names[i] = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "?";
		if (!sim_topology_node(e->topology, names[i]))
			engine_raise(L, SIM_USAGE, "ctimanagers: there is no node '%s' in %s",
				     names[i], e->topology->name);
		lua_pop(L, 1);
	}
	lua_pop(L, 1);
	return n;
}

static const char *option_text(lua_State *L, int options, const char *key)
{
	const char *text = NULL;

	if (lua_getfield(L, options, key) == LUA_TSTRING)
		text = lua_tostring(L, -1);
	else if (!lua_isnil(L, -1))
		engine_raise(L, SIM_USAGE, "%s is a %s, not a text", key, luaL_typename(L, -1));
	lua_pop(L, 1);
	return text;
}

static void check_options(lua_State *L, int options, const char *const *known)
{
	for (lua_pushnil(L); lua_next(L, options); lua_pop(L, 1)) {
		bool found = false;

		for (const char *const *k = known; lua_type(L, -2) == LUA_TSTRING && *k; k++)
			found = found || !strcmp(*k, lua_tostring(L, -2));
		if (!found)
			engine_raise(L, SIM_USAGE, "there is no option '%s'",
				     lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "?");
	}
}

static int new_app(lua_State *L)
{
	static const char *const known[] = { "user", "password", "ctimanagers", "heartbeat",
					     "kind", "wait",	 "key",		NULL };
	struct engine *e = engine_of(L);
	const char *names[10];
	struct sim_app_spec spec = { .ctimanagers = names };
	const char *heartbeat;
	char what[100];

	spec.name = luaL_checkstring(L, 2);
	if (!lua_istable(L, 3))
		engine_raise(L, SIM_USAGE,
			     "app: write c:app(\"ivr\", { user = \"ivr\", ctimanagers = "
			     "{ \"ccm1\", \"ccm2\" } })");
	check_options(L, 3, known);
	spec.user = option_text(L, 3, "user");
	spec.password = option_text(L, 3, "password");
	spec.kind = option_text(L, 3, "kind");
	spec.key = option_text(L, 3, "key");
	if (spec.kind && strcmp(spec.kind, "JTAPI") != 0 && strcmp(spec.kind, "TAPI") != 0 &&
	    strcmp(spec.kind, "DIRECT") != 0)
		engine_raise(L, SIM_USAGE, "kind is JTAPI, TAPI or DIRECT, not \"%s\"", spec.kind);
	heartbeat = option_text(L, 3, "heartbeat");
	spec.heartbeat_s = heartbeat ? (int)(sim_time_parse(heartbeat) / 1000000000) : 0;
	if (heartbeat && spec.heartbeat_s < 1)
		engine_raise(L, SIM_USAGE, "heartbeat \"%s\" is not a time of a second or more",
			     heartbeat);
	spec.ctimanagers_n = read_managers(L, 3, names);
	if (!spec.user)
		spec.user = spec.name;
	if (!sim_topology_user(e->topology, spec.user) && !spec.password)
		engine_raise(L, SIM_USAGE,
			     "there is no user '%s' in %s; with a password it may be tried",
			     spec.user, e->topology->name);
	if (app_known(e, spec.name) || e->apps_n == ENGINE_APPS_MAX || strlen(spec.name) > 40)
		engine_raise(L, SIM_USAGE, "application '%s': there is one already, or too many",
			     spec.name);
	snprintf(e->apps[e->apps_n++], SIM_NAME_SIZE, "%s", spec.name);
	if (e->mode == ENGINE_RUN) {
		struct sim_program *p;

		snprintf(what, sizeof(what), "application %s starts", spec.name);
		engine_act(e, what, false);
		if (sim_host_app(e->host, &spec, &p, &e->err) < 0)
			engine_raise(L, (enum sim_exit)e->err.status, "%.2000s", e->err.text);
		lua_getfield(L, 3, "wait");
		if (!lua_isboolean(L, -1) || lua_toboolean(L, -1))
			engine_wait_app(e, p);
		lua_pop(L, 1);
	}
	push_actor(L, ACTOR_APP, spec.name);
	return 1;
}

static int new_phone(lua_State *L)
{
	struct engine *e = engine_of(L);
	const char *name = luaL_checkstring(L, 2);
	const struct sim_device *d = sim_topology_device(e->topology, name);

	if (!d || d->kind != SIM_PHONE)
		engine_raise(L, SIM_USAGE, "there is no phone '%s' in %s", name, e->topology->name);
	push_actor(L, ACTOR_PHONE, name);
	return 1;
}

static int actor_index(lua_State *L)
{
	struct actor *a = actor_at(L, 1);
	const char *key = luaL_checkstring(L, 2);
	const struct sim_verb *verb = sim_verb((enum sim_subject)a->kind, key);

	if (a->kind == ACTOR_CLUSTER && !strcmp(key, "app")) {
		lua_pushcfunction(L, new_app);
	} else if (a->kind == ACTOR_CLUSTER && !strcmp(key, "phone")) {
		lua_pushcfunction(L, new_phone);
	} else if (verb && (verb->where & SIM_SCENARIO)) {
		lua_pushlightuserdata(L, (void *)(uintptr_t)verb);
		lua_pushcclosure(L, call_verb, 1);
	} else {
		no_verb(L, a, key);
	}
	return 1;
}

static int actor_tostring(lua_State *L)
{
	struct actor *a = actor_at(L, 1);

	lua_pushstring(L, *a->name ? a->name : "cluster");
	return 1;
}

/* ---- cluster ------------------------------------------------------------------------- */

static void make_database(lua_State *L, struct engine *e)
{
	struct db_error why = { 0 };

	if (e->run->options.real) {
		if (sim_run_dir_new(&e->dir, NULL, &e->err) < 0 ||
		    !(e->db = sim_database_make(e->dir.path, e->topology, &e->err)))
			engine_raise(L, (enum sim_exit)e->err.status, "%.2000s", e->err.text);
		return;
	}
	if (db_memory(&e->db, &why) < 0)
		engine_raise(L, SIM_UNKNOWN, "the database: %s", why.text);
	db_seed(e->db, e->run->options.seed);
	if (sim_topology_fill(e->topology, e->db, &e->err) < 0)
		engine_raise(L, SIM_USAGE, "%.2000s", e->err.text);
}

static void make_host(lua_State *L, struct engine *e)
{
	struct sim_host_options o = {
		.topology = e->topology,
		.db = e->db,
		.seed = e->run->options.seed,
		.mutants = e->run->options.mutants,
		.speed = e->run->options.speed,
		.record_size = e->run->options.record_size,
		.watch = e->run->options.watch,
		.dir = e->dir.path,
		.cluster = e->dir.cluster,
		.interrupted = e->run->options.interrupted,
	};
	int result;

	if (e->run->options.trace && !e->run->options.real) {
		e->live = live_trace_new(e->run->options.trace, o.watch);
		o.watch = live_trace_watch(e->live);
	}
	result = e->run->options.real ? sim_host_real(&e->host, &o, &e->err)
				      : sim_host_virtual(&e->host, &o, &e->err);
	if (result < 0)
		engine_raise(L, (enum sim_exit)e->err.status, "%.2000s", e->err.text);
	e->history = sim_history_new(e->host);
	if (sim_host_up(e->host, sim_host_now(e->host) + READY_NS, &e->err) < 0)
		engine_raise(L, (enum sim_exit)e->err.status, "%.2000s", e->err.text);
}

/* { seed = "12", speed = 10 }: of the virtual host; for scenarios that come from exploration. */
static void cluster_options(lua_State *L, struct engine *e)
{
	static const char *const known[] = { "seed", "speed", NULL };
	const char *seed;

	if (!lua_istable(L, 2))
		return;
	check_options(L, 2, known);
	seed = option_text(L, 2, "seed");
	if (seed && !e->run->options.real)
		e->run->options.seed = strtoull(seed, NULL, 10);
	if (lua_getfield(L, 2, "speed") == LUA_TNUMBER && lua_tointeger(L, -1) >= 1 &&
	    lua_tointeger(L, -1) <= 1000)
		e->run->options.speed = (int)lua_tointeger(L, -1);
	lua_pop(L, 1);
}

/* A name, a path, or the text of a topology itself. */
static int load_topology(struct engine *e, const char *name)
{
	if (strncmp(name, "return", 6) != 0)
		return sim_topology_load(&e->topology, name, &e->err);
	if (sim_topology_parse(&e->topology, "the scenario's cluster", name, &e->err) < 0)
		return -1;
	e->topology->name = "own";
	return 0;
}

static int new_cluster(lua_State *L)
{
	struct engine *e = engine_of(L);
	const char *name = luaL_checkstring(L, 1);

	if (e->run->options.topology)
		name = e->run->options.topology;
	if (e->topology)
		engine_raise(L, SIM_USAGE, "a scenario has one cluster");
	if (load_topology(e, name) < 0)
		engine_raise(L, SIM_USAGE, "%.2000s", e->err.text);
	cluster_options(L, e);
	if (e->mode == ENGINE_RUN) {
		make_database(L, e);
		make_host(L, e);
		engine_wait_phones(L, e);
		/* What happened while it came up may be expected, too. */
		e->from_ns = sim_host_now(e->host);
		e->acted = true;
	}
	push_actor(L, ACTOR_CLUSTER, "");
	return 1;
}

void bindings_open(struct engine *e)
{
	lua_State *L = e->L;

	luaL_newmetatable(L, ACTOR);
	lua_pushcfunction(L, actor_index);
	lua_setfield(L, -2, "__index");
	lua_pushcfunction(L, actor_tostring);
	lua_setfield(L, -2, "__tostring");
	lua_pop(L, 1);
	lua_register(L, "cluster", new_cluster);
}
