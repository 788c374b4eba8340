#include "sim/script/wanted.h"

#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log/alarm.h"
#include "common/msg/address.h"
#include "sdl/view/fields.h"
#include "sim/harness/clauses.h"

#define OPTION	 "rehome.option"
#define SEQUENCE "rehome.sequence"

/* ---- options ------------------------------------------------------------------------- */

struct option *option_at(lua_State *L, int i)
{
	return luaL_testudata(L, i, OPTION);
}

static struct option *push_option(lua_State *L, enum option_kind kind)
{
	struct option *o = lua_newuserdatauv(L, sizeof(*o), 0);

	memset(o, 0, sizeof(*o));
	o->kind = kind;
	luaL_setmetatable(L, OPTION);
	return o;
}

static int make_within(lua_State *L)
{
	const char *text = lua_type(L, 1) == LUA_TSTRING ? lua_tostring(L, 1) : "";
	int64_t ns = sim_time_parse(text);

	if (ns < 0 || !*text)
		engine_raise(L, SIM_USAGE, "within: write a time as \"500ms\", \"2s\" or \"1m\"");
	push_option(L, OPTION_WITHIN)->ns = ns;
	return 1;
}

static int make_clause(lua_State *L)
{
	const char *text = lua_type(L, 1) == LUA_TSTRING ? lua_tostring(L, 1) : "";
	struct option *o;

	for (const char *p = text; *p || p == text;) {
		char id[16];
		size_t n = strcspn(p, " ");

		snprintf(id, sizeof(id), "%.*s", (int)(n < 15 ? n : 15), p);
		if (!sim_clause_known(id))
			engine_raise(L, SIM_USAGE,
				     "there is no clause '%s'; 'rehome clauses' lists them", id);
		p += n + strspn(p + n, " ");
	}
	o = push_option(L, OPTION_CLAUSE);
	snprintf(o->text, sizeof(o->text), "%s", text);
	return 1;
}

static int make_mark(lua_State *L)
{
	struct engine *e = engine_of(L);
	struct option *o = push_option(L, OPTION_MARK);

	if (e->history) {
		sim_history_update(e->history);
		o->at = sim_history_n(e->history);
		o->ns = sim_host_now(e->host);
	}
	return 1;
}

static int make_from(lua_State *L)
{
	struct option *mark = option_at(L, 1);
	struct option *o;

	if (!mark || mark->kind != OPTION_MARK)
		engine_raise(L, SIM_USAGE, "from: give a mark, made by mark()");
	o = push_option(L, OPTION_FROM);
	o->at = mark->at;
	o->ns = mark->ns;
	return 1;
}

static int make_times(lua_State *L)
{
	lua_Integer n = lua_isinteger(L, 1) ? lua_tointeger(L, 1) : 0;

	if (n < 1 || n > 1000000)
		engine_raise(L, SIM_USAGE, "times: how often? 1 to 1000000");
	push_option(L, OPTION_TIMES)->at = (size_t)n;
	return 1;
}

static int make_sequence(lua_State *L)
{
	if (!lua_istable(L, 1) || lua_rawlen(L, 1) < 1 || lua_rawlen(L, 1) > WANTED_STEPS)
		engine_raise(L, SIM_USAGE,
			     "sequence: a list of 1 to %d { \"Event\", field = value }",
			     WANTED_STEPS);
	lua_settop(L, 1);
	luaL_setmetatable(L, SEQUENCE);
	return 1;
}

void options_open(struct engine *e)
{
	lua_State *L = e->L;

	luaL_newmetatable(L, OPTION);
	luaL_newmetatable(L, SEQUENCE);
	lua_settop(L, 0);
	lua_register(L, "within", make_within);
	lua_register(L, "clause", make_clause);
	lua_register(L, "mark", make_mark);
	lua_register(L, "from", make_from);
	lua_register(L, "times", make_times);
	lua_register(L, "sequence", make_sequence);
}

/* ---- reading ------------------------------------------------------------------------- */

static const char *keep(lua_State *L, struct wanted *w, const char *text)
{
	size_t n = strlen(text) + 1;

	if (w->texts_n + n > sizeof(w->texts))
		engine_raise(L, SIM_USAGE, "the expectation is too long");
	memcpy(w->texts + w->texts_n, text, n);
	w->texts_n += n;
	return w->texts + w->texts_n - n;
}

static void read_event(lua_State *L, struct wanted *w, const char *name)
{
	struct wanted_step *step;

	if (w->steps_n == WANTED_STEPS)
		engine_raise(L, SIM_USAGE, "more than %d events", WANTED_STEPS);
	step = &w->steps[w->steps_n++];
	step->name = keep(L, w, name);
	if (w->actor.kind == ACTOR_CLUSTER) {
		if (alarm_by_name(name) == ALARM_IDS)
			engine_raise(L, SIM_USAGE,
				     "there is no alarm '%s': a cluster's events are its alarms",
				     name);
		return;
	}
	if (!strncmp(name, "jtapi.", 6)) {
		char own[60];

		snprintf(own, sizeof(own), "Jtapi%.50s", name + 6);
		step->signal = signal_by_name(own);
	} else {
		step->signal = signal_by_name(name);
	}
	if (step->signal == SIG_NONE)
		engine_raise(L, SIM_USAGE, "there is no event '%s'", name);
}

/* A field's value as it is matched: names of nodes become their numbers. */
static const char *value_of(lua_State *L, struct wanted *w, const char *field)
{
	struct engine *e = engine_of(L);
	char number[16];
	int node;

	switch (lua_type(L, -1)) {
	case LUA_TBOOLEAN:
		return lua_toboolean(L, -1) ? "true" : "false";
	case LUA_TNUMBER:
		lua_pushvalue(L, -1);
		field = keep(L, w, lua_tostring(L, -1));
		lua_pop(L, 1);
		return field;
	case LUA_TSTRING:
		node = !strcmp(field, "node") && e->topology && w->actor.kind != ACTOR_CLUSTER
			       ? sim_topology_node(e->topology, lua_tostring(L, -1))
			       : 0;
		if (node) {
			snprintf(number, sizeof(number), "%d", node);
			return keep(L, w, number);
		}
		return keep(L, w, lua_tostring(L, -1));
	default:
		engine_raise(L, SIM_USAGE, "field %s is a %s", field, luaL_typename(L, -1));
	}
}

static void check_field(lua_State *L, const struct wanted *w, const struct wanted_step *step,
			const char *field, const char *value)
{
	struct engine *e = engine_of(L);
	char why[300] = "";

	if (w->actor.kind == ACTOR_CLUSTER)
		return;
	if (!sdl_field_known(step->signal, field))
		engine_raise(L, SIM_USAGE, "%s has no field '%s'", step->name, field);
	if (!strcmp(field, "node") && value[strspn(value, "0123456789")])
		engine_raise(L, SIM_USAGE, "there is no node '%s' in %s", value, e->topology->name);
	if (!strcmp(field, "device") && *value && !sim_topology_device(e->topology, value))
		engine_raise(L, SIM_USAGE, "there is no device '%s' in %s", value,
			     e->topology->name);
	if (!sdl_field_accepts(step->signal, field, value, why, sizeof(why)))
		engine_raise(L, SIM_USAGE, "%s: %s", step->name, why);
}

/* Named fields of the table on top, by the order of their names. */
static void read_fields(lua_State *L, struct wanted *w, struct wanted_step *step)
{
	for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
		const char *field;
		unsigned at = step->fields_n;

		if (lua_type(L, -2) == LUA_TNUMBER)
			continue;
		if (lua_type(L, -2) != LUA_TSTRING || step->fields_n == WANTED_FIELDS)
			engine_raise(L, SIM_USAGE, "%s: write { field = value }", step->name);
		field = keep(L, w, lua_tostring(L, -2));
		while (at > 0 && strcmp(step->fields[at - 1], field) > 0) {
			step->fields[at] = step->fields[at - 1];
			step->values[at] = step->values[at - 1];
			at--;
		}
		step->fields[at] = field;
		step->values[at] = value_of(L, w, field);
		step->fields_n++;
		check_field(L, w, step, field, step->values[at]);
	}
}

static void read_sequence(lua_State *L, int i, struct wanted *w)
{
	lua_Integer n = (lua_Integer)lua_rawlen(L, i);

	for (lua_Integer k = 1; k <= n; k++) {
		lua_rawgeti(L, i, k);
		if (!lua_istable(L, -1) || lua_rawgeti(L, -1, 1) != LUA_TSTRING)
			engine_raise(L, SIM_USAGE,
				     "sequence: element %d has to be { \"Event\", field = value }",
				     (int)k);
		read_event(L, w, lua_tostring(L, -1));
		lua_pop(L, 1);
		read_fields(L, w, &w->steps[w->steps_n - 1]);
		lua_pop(L, 1);
	}
}

static void read_option(lua_State *L, const struct option *o, struct wanted *w)
{
	switch (o->kind) {
	case OPTION_WITHIN:
		w->within_ns = o->ns;
		return;
	case OPTION_FROM:
	case OPTION_MARK:
		w->has_from = true;
		w->from = o->at;
		w->from_ns = o->ns;
		return;
	case OPTION_TIMES:
		w->times = (unsigned)o->at;
		return;
	case OPTION_CLAUSE:
		snprintf(w->clause, sizeof(w->clause), "%s", o->text);
		return;
	}
	(void)L;
}

static bool is_sequence(lua_State *L, int i)
{
	bool is = false;

	if (lua_getmetatable(L, i)) {
		luaL_getmetatable(L, SEQUENCE);
		is = lua_rawequal(L, -1, -2);
		lua_pop(L, 2);
	}
	return is;
}

void wanted_read(lua_State *L, struct wanted *w)
{
	struct engine *e = engine_of(L);
	int top = lua_gettop(L);

	memset(w, 0, sizeof(*w));
	w->within_ns = -1;
	w->times = 1;
	w->topology = e->topology;
	if (!actor_at(L, 1))
		engine_raise(L, SIM_USAGE,
			     "who? The first argument is a phone, an application or the "
			     "cluster");
	w->actor = *actor_at(L, 1);
	luaL_checkstack(L, 20, "expect");
	for (int i = 2; i <= top; i++) {
		struct option *o = option_at(L, i);

		if (o) {
			read_option(L, o, w);
		} else if (lua_type(L, i) == LUA_TSTRING) {
			read_event(L, w, lua_tostring(L, i));
		} else if (lua_istable(L, i) && is_sequence(L, i)) {
			read_sequence(L, i, w);
		} else if (lua_istable(L, i) && w->steps_n == 1) {
			lua_pushvalue(L, i);
			read_fields(L, w, &w->steps[0]);
			lua_pop(L, 1);
		} else {
			engine_raise(L, SIM_USAGE, "argument %d is a %s that means nothing here", i,
				     luaL_typename(L, i));
		}
	}
	if (!w->steps_n)
		engine_raise(L, SIM_USAGE, "which event?");
	if (!w->has_from) {
		w->from = e->from;
		w->from_ns = e->from_ns;
	}
}

static const char *field_of(const struct wanted_step *s, const char *field)
{
	for (unsigned k = 0; k < s->fields_n; k++)
		if (!strcmp(s->fields[k], field))
			return s->values[k];
	return "";
}

/* The device first, then what the step before has not said already; nodes by their names. */
static void print_fields(const struct wanted *w, unsigned i, char *buf, size_t size)
{
	const struct wanted_step *s = &w->steps[i];
	const char *device = field_of(s, "device");
	size_t n = 0;

	if (*device && (!i || strcmp(field_of(&w->steps[i - 1], "device"), device) != 0))
		n += (size_t)snprintf(buf, size, " %s", device);
	for (unsigned k = 0; k < s->fields_n && n < size; k++) {
		const char *field = s->fields[k];
		const char *value = s->values[k];
		size_t node = !strcmp(field, "node") ? strtoul(value, NULL, 10) : 0;

		if (!strcmp(field, "device") ||
		    (i && !strcmp(field_of(&w->steps[i - 1], field), value)))
			continue;
		if (node && node <= w->topology->nodes_n)
			n += (size_t)snprintf(buf + n, size - n, " at %s",
					      w->topology->nodes[node - 1].name);
		else
			n += (size_t)snprintf(buf + n, size - n, " %s=%s", field, value);
	}
}

void wanted_print(const struct wanted *w, char *buf, size_t size)
{
	size_t n = (size_t)snprintf(buf, size, "%s:", *w->actor.name ? w->actor.name : "alarms");

	for (unsigned i = 0; i < w->steps_n && n < size; i++) {
		char fields[200] = "";

		print_fields(w, i, fields, sizeof(fields));
		n += (size_t)snprintf(buf + n, size - n, "%s %s%s", i ? "," : "", w->steps[i].name,
				      fields);
	}
}

/* ---- matching ------------------------------------------------------------------------ */

void wanted_begin(struct wanted_search *s, struct engine *e, const struct wanted *w)
{
	char name[SIM_NAME_SIZE + 4];
	struct sim_program *p;

	*s = (struct wanted_search){ .wanted = w, .engine = e, .next = w->from };
	if (w->actor.kind != ACTOR_APP)
		return;
	snprintf(name, sizeof(name), "app:%.60s", w->actor.name);
	p = sim_host_program(e->host, name);
	if (p)
		s->app = (struct sdl_pid){
			.node = p->node, .app = p->app, .type = APP_CTI_APPLICATION, .inst = 1
		};
}

bool wanted_actor(const struct wanted_search *s, const struct sim_event *event)
{
	switch (s->wanted->actor.kind) {
	case ACTOR_CLUSTER:
		return event->kind == SIM_EVENT_ALARM;
	case ACTOR_APP:
		return event->kind != SIM_EVENT_ALARM && sdl_pid_equal(event->to, s->app);
	default:
		return event->kind == SIM_EVENT_SIGNAL && event->to.app == SDL_APP_PHONES &&
		       !strcmp(event->label, s->wanted->actor.name);
	}
}

static bool alarm_is(const struct wanted_step *step, const struct sim_event *event)
{
	char line[ALARM_LINE_MAX];
	struct alarm_line *alarm;
	bool is;

	snprintf(line, sizeof(line), "%.*s", (int)event->len, (const char *)event->bytes);
	alarm = malloc(sizeof(*alarm));
	if (!alarm)
		abort();
	is = alarm_parse(alarm, line) == 0 && !strcmp(alarm->name, step->name);
	for (unsigned i = 0; is && i < step->fields_n; i++) {
		const char *value = alarm_value(alarm, step->fields[i]);

		is = value && !strcmp(value, step->values[i]);
	}
	free(alarm);
	return is;
}

static bool step_is(const struct wanted_step *step, const struct sim_event *event)
{
	ProtobufCMessage *m;
	bool is;

	if (event->kind == SIM_EVENT_ALARM)
		return alarm_is(step, event);
	if (event->number != step->signal)
		return false;
	m = sdl_fields_unpack(event->number, event->bytes, event->len);
	is = m != NULL;
	for (unsigned i = 0; is && i < step->fields_n; i++)
		is = sdl_field_is(m, step->fields[i], step->values[i]);
	sdl_fields_free(&m);
	return is;
}

bool wanted_look(struct wanted_search *s)
{
	struct sim_history *h = s->engine->history;

	sim_history_update(h);
	for (; s->next < sim_history_n(h) && s->step < s->wanted->steps_n; s->next++) {
		const struct sim_event *event = sim_history_at(h, s->next);

		if (!wanted_actor(s, event) || !step_is(&s->wanted->steps[s->step], event))
			continue;
		s->last = s->next;
		if (++s->step == s->wanted->steps_n && ++s->count < s->wanted->times)
			s->step = 0;
	}
	return s->step == s->wanted->steps_n;
}
