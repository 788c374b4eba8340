/* What a scenario may use of Lua: the same results in every run, on every machine, and an end.
 *
 * pairs and next go by sorted keys, table.sort is stable, math.random is the scenario's own stream,
 * nothing prints an address, there is no bytecode, no finaliser and no weak table; instructions,
 * memory and the work of patterns are bounded, and no pcall swallows the end. */
#include "sim/script/engine.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INSTRUCTIONS_MAX  50000000u
#define INSTRUCTIONS_HOOK 10000
#define MEMORY_MAX	  (256u << 20)
#define PATTERN_WORK_MAX  100000000.0
#define KEYS_MAX	  1000000

/* ---- limits -------------------------------------------------------------------------- */

static void *allocate(void *arg, void *ptr, size_t old, size_t size)
{
	struct engine *e = arg;
	void *p;

	old = ptr ? old : 0;
	if (size == 0) {
		e->memory -= old;
		free(ptr);
		return NULL;
	}
	if (size > old && e->memory + (size - old) > MEMORY_MAX)
		return NULL;
	p = realloc(ptr, size);
	if (p)
		e->memory = e->memory - old + size;
	return p;
}

static void count(lua_State *L, lua_Debug *ar)
{
	struct engine *e = engine_of(L);

	(void)ar;
	e->instructions += INSTRUCTIONS_HOOK;
	if (e->fatal)
		lua_error(L);
	if (e->instructions > INSTRUCTIONS_MAX)
		engine_raise(L, SIM_USAGE,
			     "the scenario goes round in circles: more than %u instructions",
			     INSTRUCTIONS_MAX);
}

lua_State *sandbox_state(struct engine *e)
{
	lua_State *L = lua_newstate(allocate, e);

	if (!L)
		abort();
	*(struct engine **)lua_getextraspace(L) = e;
	lua_sethook(L, count, LUA_MASKCOUNT, INSTRUCTIONS_HOOK);
	return L;
}

/* What pcall and resume caught, passed on if it may not be caught. */
static void rethrow(lua_State *L)
{
	if (engine_of(L)->fatal) {
		lua_pushnil(L);
		lua_error(L);
	}
}

static int safe_pcall(lua_State *L)
{
	int status;

	luaL_checkany(L, 1);
	status = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);
	rethrow(L);
	lua_pushboolean(L, status == LUA_OK);
	lua_insert(L, 1);
	return lua_gettop(L);
}

/* The original is the upvalue. */
static int safe_resume(lua_State *L)
{
	lua_pushvalue(L, lua_upvalueindex(1));
	lua_insert(L, 1);
	lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
	rethrow(L);
	return lua_gettop(L);
}

/* ---- keys in order ------------------------------------------------------------------- */

static int rank(lua_State *L, int i)
{
	switch (lua_type(L, i)) {
	case LUA_TNUMBER:
		return 0;
	case LUA_TSTRING:
		return 1;
	case LUA_TBOOLEAN:
		return 2;
	default:
		return 3;
	}
}

/* Whether the key at a comes before that at b. */
static bool before(lua_State *L, int a, int b)
{
	int ra = rank(L, a);
	int rb = rank(L, b);

	if (ra != rb)
		return ra < rb;
	if (ra == 0)
		return lua_compare(L, a, b, LUA_OPLT);
	if (ra == 1) {
		size_t na, nb;
		const char *x = lua_tolstring(L, a, &na);
		const char *y = lua_tolstring(L, b, &nb);
		int c = memcmp(x, y, na < nb ? na : nb);

		return c ? c < 0 : na < nb;
	}
	return ra == 2 && !lua_toboolean(L, a) && lua_toboolean(L, b);
}

typedef bool less_than(lua_State *L, int a, int b);

/* Merges list[from, middle) and list[middle, to) of the table at `list` through that at `work`. */
static void merge(lua_State *L, int list, int work, lua_Integer from, lua_Integer middle,
		  lua_Integer to, less_than *less)
{
	lua_Integer a = from, b = middle;

	for (lua_Integer k = from; k < to; k++) {
		bool second = a == middle;

		if (a < middle && b < to) {
			lua_rawgeti(L, list, b);
			lua_rawgeti(L, list, a);
			second = less(L, lua_absindex(L, -2), lua_absindex(L, -1));
			lua_pop(L, 2);
		}
		if (second)
			lua_rawgeti(L, list, b++);
		else
			lua_rawgeti(L, list, a++);
		lua_rawseti(L, work, k);
	}
	for (lua_Integer k = from; k < to; k++) {
		lua_rawgeti(L, work, k);
		lua_rawseti(L, list, k);
	}
}

/* Sorts the list at index `list`, 1..n, stably. */
static void sort(lua_State *L, int list, lua_Integer n, less_than *less)
{
	int work;

	list = lua_absindex(L, list);
	lua_createtable(L, (int)n, 0);
	work = lua_gettop(L);
	luaL_checkstack(L, 8, "sort");
	for (lua_Integer width = 1; width < n; width *= 2)
		for (lua_Integer from = 1; from + width <= n; from += 2 * width) {
			lua_Integer to = from + 2 * width;

			merge(L, list, work, from, from + width, to > n + 1 ? n + 1 : to, less);
		}
	lua_pop(L, 1);
}

/* The comparison of the scenario is at index 2. */
static bool by_function(lua_State *L, int a, int b)
{
	bool result;

	if (lua_isnoneornil(L, 2))
		return lua_compare(L, a, b, LUA_OPLT);
	lua_pushvalue(L, 2);
	lua_pushvalue(L, a);
	lua_pushvalue(L, b);
	lua_call(L, 2, 1);
	result = lua_toboolean(L, -1);
	lua_pop(L, 1);
	return result;
}

static int stable_sort(lua_State *L)
{
	luaL_checktype(L, 1, LUA_TTABLE);
	lua_settop(L, 2);
	sort(L, 1, (lua_Integer)lua_rawlen(L, 1), by_function);
	return 0;
}

/* Pushes the list of keys of the table at index 1, sorted. */
static lua_Integer sorted_keys(lua_State *L)
{
	lua_Integer n = 0;

	lua_newtable(L);
	for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1)) {
		if (rank(L, -2) == 3)
			luaL_error(L, "keys that are tables or functions have no order");
		if (++n > KEYS_MAX)
			luaL_error(L, "a table of more than %d keys", KEYS_MAX);
		lua_pushvalue(L, -2);
		lua_rawseti(L, -4, n);
	}
	sort(L, -1, n, before);
	return n;
}

/* Upvalues: table, keys, position. */
static int step(lua_State *L)
{
	for (;;) {
		lua_Integer i = lua_tointeger(L, lua_upvalueindex(3)) + 1;

		lua_pushinteger(L, i);
		lua_replace(L, lua_upvalueindex(3));
		lua_settop(L, 0);
		lua_rawgeti(L, lua_upvalueindex(2), i);
		if (lua_isnil(L, -1))
			return 1;
		lua_pushvalue(L, -1);
		lua_rawget(L, lua_upvalueindex(1));
		/* Taken out meanwhile. */
		if (!lua_isnil(L, -1))
			return 2;
	}
}

static int sorted_pairs(lua_State *L)
{
	luaL_checktype(L, 1, LUA_TTABLE);
	lua_settop(L, 1);
	sorted_keys(L);
	lua_pushinteger(L, 0);
	lua_pushcclosure(L, step, 3);
	return 1;
}

static int sorted_next(lua_State *L)
{
	lua_Integer n;

	luaL_checktype(L, 1, LUA_TTABLE);
	lua_settop(L, 2);
	n = sorted_keys(L);
	for (lua_Integer i = 1; i <= n; i++) {
		lua_rawgeti(L, 3, i);
		if (lua_isnil(L, 2) || before(L, 2, 4)) {
			lua_pushvalue(L, -1);
			lua_rawget(L, 1);
			return 2;
		}
		lua_pop(L, 1);
	}
	lua_pushnil(L);
	return 1;
}

/* ---- texts --------------------------------------------------------------------------- */

/* Pushes the value at i as text, without an address. */
static void push_text(lua_State *L, int i)
{
	if (luaL_callmeta(L, i, "__tostring"))
		return;
	if (lua_type(L, i) == LUA_TTABLE || lua_type(L, i) > LUA_TTABLE ||
	    lua_type(L, i) == LUA_TLIGHTUSERDATA)
		lua_pushstring(L, luaL_typename(L, i));
	else
		luaL_tolstring(L, i, NULL);
}

static int safe_tostring(lua_State *L)
{
	luaL_checkany(L, 1);
	push_text(L, 1);
	return 1;
}

/* string.format; the original is the upvalue. */
static int safe_format(lua_State *L)
{
	const char *format = luaL_checkstring(L, 1);
	int n = lua_gettop(L);

	for (const char *p = strchr(format, '%'); p; p = strchr(p + 1 + (p[1] == '%'), '%'))
		if (p[1 + strspn(p + 1, "-+ #0123456789.")] == 'p')
			return luaL_error(L, "format: %%p shows an address");
	lua_pushvalue(L, lua_upvalueindex(1));
	for (int i = 1; i <= n; i++) {
		if (lua_type(L, i) >= LUA_TTABLE)
			push_text(L, i);
		else
			lua_pushvalue(L, i);
	}
	lua_call(L, n, 1);
	return 1;
}

/* A pattern function with its work bounded: each repetition may try every length at every place. */
static int bounded_pattern(lua_State *L)
{
	size_t length, n;
	double work;

	luaL_checklstring(L, 1, &length);
	if (lua_type(L, 2) == LUA_TSTRING) {
		const char *pattern = lua_tolstring(L, 2, &n);

		work = (double)(length + 1) * (double)(n + 1);
		for (size_t i = 0; i < n; i++)
			if (pattern[i] == '*' || pattern[i] == '+' || pattern[i] == '-')
				work *= (double)(length + 1);
		if (n > 1000 || work > PATTERN_WORK_MAX)
			return luaL_error(
				L, "the pattern may take too long on a text of %d characters",
				(int)length);
	}
	lua_pushvalue(L, lua_upvalueindex(1));
	lua_insert(L, 1);
	lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
	return lua_gettop(L);
}

/* ---- the rest ------------------------------------------------------------------------ */

static int safe_setmetatable(lua_State *L)
{
	static const char *const refused[] = { "__gc", "__mode" };

	luaL_checktype(L, 1, LUA_TTABLE);
	for (size_t i = 0; i < 2 && lua_istable(L, 2); i++) {
		lua_getfield(L, 2, refused[i]);
		if (!lua_isnil(L, -1))
			return luaL_error(L,
					  "%s is not for scenarios: when it acts is left to chance",
					  refused[i]);
		lua_pop(L, 1);
	}
	lua_pushvalue(L, lua_upvalueindex(1));
	lua_insert(L, 1);
	lua_call(L, lua_gettop(L) - 1, 1);
	return 1;
}

static int random_number(lua_State *L)
{
	struct engine *e = engine_of(L);
	lua_Integer low = 1, high;

	if (lua_gettop(L) == 0) {
		lua_pushnumber(L, (lua_Number)(prng_u64(&e->random) >> 11) / 9007199254740992.0);
		return 1;
	}
	high = luaL_checkinteger(L, 1);
	if (lua_gettop(L) > 1) {
		low = high;
		high = luaL_checkinteger(L, 2);
	}
	luaL_argcheck(L, low <= high, 1, "interval is empty");
	lua_pushinteger(L, prng_between(&e->random, low, high));
	return 1;
}

/* There is nothing of that name. */
static int no_global(lua_State *L)
{
	const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?";

	engine_raise(L, SIM_USAGE, "there is no '%s'%s", name,
		     !strcmp(name, "sleep") ? ": say what is waited for with expect, or settle"
					    : "");
}

static void wrap(lua_State *L, const char *library, const char *name, lua_CFunction f)
{
	if (library)
		lua_getglobal(L, library);
	else
		lua_pushglobaltable(L);
	lua_getfield(L, -1, name);
	lua_pushcclosure(L, f, 1);
	lua_setfield(L, -2, name);
	lua_pop(L, 1);
}

static void remove_all(lua_State *L, const char *library, const char *const *names)
{
	if (library)
		lua_getglobal(L, library);
	else
		lua_pushglobaltable(L);
	for (; *names; names++) {
		lua_pushnil(L);
		lua_setfield(L, -2, *names);
	}
	lua_pop(L, 1);
}

void sandbox_open(struct engine *e)
{
	static const char *const base[] = { "dofile",	"loadfile",	"load",	   "collectgarbage",
					    "print",	"warn",		"xpcall",  "rawequal",
					    "_VERSION", "getmetatable", "require", NULL };
	static const char *const text[] = { "dump", NULL };
	static const char *const maths[] = { "randomseed", NULL };
	static const char *const threads[] = { "wrap", "close", NULL };
	lua_State *L = e->L;

	luaL_requiref(L, "_G", luaopen_base, 1);
	luaL_requiref(L, LUA_STRLIBNAME, luaopen_string, 1);
	luaL_requiref(L, LUA_TABLIBNAME, luaopen_table, 1);
	luaL_requiref(L, LUA_MATHLIBNAME, luaopen_math, 1);
	luaL_requiref(L, LUA_COLIBNAME, luaopen_coroutine, 1);
	lua_settop(L, 0);
	remove_all(L, NULL, base);
	remove_all(L, "string", text);
	remove_all(L, "math", maths);
	remove_all(L, "coroutine", threads);
	lua_register(L, "pcall", safe_pcall);
	lua_register(L, "pairs", sorted_pairs);
	lua_register(L, "next", sorted_next);
	lua_register(L, "tostring", safe_tostring);
	wrap(L, NULL, "setmetatable", safe_setmetatable);
	wrap(L, "table", "sort", stable_sort);
	wrap(L, "math", "random", random_number);
	wrap(L, "coroutine", "resume", safe_resume);
	wrap(L, "string", "format", safe_format);
	wrap(L, "string", "find", bounded_pattern);
	wrap(L, "string", "match", bounded_pattern);
	wrap(L, "string", "gmatch", bounded_pattern);
	wrap(L, "string", "gsub", bounded_pattern);
	/* Texts have their functions as methods: those too are the bounded ones. */
	lua_pushglobaltable(L);
	lua_newtable(L);
	lua_pushcfunction(L, no_global);
	lua_setfield(L, -2, "__index");
	lua_setmetatable(L, -2);
	lua_settop(L, 0);
}
