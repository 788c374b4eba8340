/* Fields of a topology's tables, and where in the file an error is. */
#include "sim/harness/topology_reader.h"

#include <lauxlib.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

void field_stop(struct loader *l, const char *quoted, const char *format, ...)
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
void field_only(struct loader *l, const char *what, const char *const *keys, int positions)
{
	lua_pushnil(l->L);
	while (lua_next(l->L, -2)) {
		bool known = false;

		lua_pop(l->L, 1);
		if (lua_type(l->L, -1) == LUA_TSTRING) {
			for (const char *const *k = keys; *k; k++)
				known = known || !strcmp(*k, lua_tostring(l->L, -1));
			if (!known)
				field_stop(l, lua_tostring(l->L, -1), "%s has no field '%s'", what,
					   lua_tostring(l->L, -1));
		} else if (!lua_isinteger(l->L, -1) || lua_tointeger(l->L, -1) < 1 ||
			   (positions >= 0 && lua_tointeger(l->L, -1) > positions)) {
			field_stop(l, NULL, "%s: what has no field name does not belong there",
				   what);
		}
	}
}

/* A text or a whole number as text; NULL when absent. */
const char *field_text(struct loader *l, const char *what, const char *key)
{
	const char *text = NULL;

	lua_getfield(l->L, -1, key);
	if (lua_type(l->L, -1) == LUA_TSTRING || lua_isinteger(l->L, -1)) {
		text = sim_topology_text(l->t, lua_tostring(l->L, -1));
		if (strlen(text) > 128)
			field_stop(l, key, "%s: %s is longer than 128 characters", what, key);
	} else if (!lua_isnil(l->L, -1)) {
		field_stop(l, key, "%s: %s has to be a text, not a %s", what, key,
			   luaL_typename(l->L, -1));
	}
	lua_pop(l->L, 1);
	return text;
}

int field_number(struct loader *l, const char *what, const char *key, int none, int min, int max)
{
	int value = none;

	lua_getfield(l->L, -1, key);
	if (lua_isinteger(l->L, -1)) {
		lua_Integer n = lua_tointeger(l->L, -1);

		if (n < min || n > max)
			field_stop(l, key, "%s: %s = %lld: allowed is %d to %d", what, key,
				   (long long)n, min, max);
		value = (int)n;
	} else if (!lua_isnil(l->L, -1)) {
		field_stop(l, key, "%s: %s has to be a whole number, not a %s", what, key,
			   luaL_typename(l->L, -1));
	}
	lua_pop(l->L, 1);
	return value;
}

bool field_flag(struct loader *l, const char *what, const char *key, bool none)
{
	bool value = none;

	lua_getfield(l->L, -1, key);
	if (lua_isboolean(l->L, -1))
		value = lua_toboolean(l->L, -1);
	else if (!lua_isnil(l->L, -1))
		field_stop(l, key, "%s: %s has to be true or false, not a %s", what, key,
			   luaL_typename(l->L, -1));
	lua_pop(l->L, 1);
	return value;
}

/* The list of texts in the table on top. */
const char **field_texts_here(struct loader *l, const char *what, size_t *n)
{
	const char **list;

	if (!lua_istable(l->L, -1))
		field_stop(l, NULL, "%s has to be a list of names, not a %s", what,
			   luaL_typename(l->L, -1));
	field_only(l, what, (const char *const[]){ NULL }, -1);
	*n = lua_rawlen(l->L, -1);
	list = sim_topology_alloc(l->t, (*n + 1) * sizeof(*list));
	for (size_t i = 0; i < *n; i++) {
		lua_rawgeti(l->L, -1, (lua_Integer)i + 1);
		if (lua_type(l->L, -1) != LUA_TSTRING)
			field_stop(l, NULL, "%s: name %zu is a %s, not a text", what, i + 1,
				   luaL_typename(l->L, -1));
		list[i] = sim_topology_text(l->t, lua_tostring(l->L, -1));
		lua_pop(l->L, 1);
	}
	return list;
}

const char **field_texts(struct loader *l, const char *what, const char *key, size_t *n)
{
	const char **list = NULL;
	char both[200];

	*n = 0;
	snprintf(both, sizeof(both), "%s: %s", what, key);
	lua_getfield(l->L, -1, key);
	if (!lua_isnil(l->L, -1))
		list = field_texts_here(l, both, n);
	lua_pop(l->L, 1);
	return list;
}
