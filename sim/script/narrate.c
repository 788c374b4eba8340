/* Telling the story: say, took; and letting time pass: advance, settle. */
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/msg/messages.h"
#include "sim/script/wanted.h"

#define QUIET_NS 500000000LL /* nothing new for so long: at rest */

void engine_tell(struct sim_told **list, size_t *n, int64_t at_ns, const char *text,
		 int64_t took_ns)
{
	*list = realloc(*list, (*n + 1) * sizeof(**list));
	if (!*list)
		abort();
	(*list)[*n] = (struct sim_told){ .at_ns = at_ns, .text = strdup(text), .took_ns = took_ns };
	if (!(*list)[*n].text)
		abort();
	(*n)++;
}

static int do_say(lua_State *L)
{
	struct engine *e = engine_of(L);
	const char *text = luaL_checkstring(L, 1);

	if (e->mode == ENGINE_CHECK)
		return 0;
	engine_tell(&e->run->said, &e->run->said_n, e->host ? sim_host_now(e->host) : 0, text, -1);
	if (!e->run->options.quiet) {
		puts(text);
		fflush(stdout);
	}
	return 0;
}

/* took("kill to OOS", mark, event): a row of the table of times. */
static int do_took(lua_State *L)
{
	struct engine *e = engine_of(L);
	const char *what = luaL_checkstring(L, 1);
	struct option *mark = option_at(L, 2);
	int64_t at;

	if (!mark || mark->kind != OPTION_MARK || !lua_istable(L, 3))
		engine_raise(L, SIM_USAGE,
			     "took(\"what\", mark, event): an event is what expect gives");
	lua_getfield(L, 3, "at");
	at = lua_tointeger(L, -1);
	if (e->mode == ENGINE_RUN)
		engine_tell(&e->run->times, &e->run->times_n, at, what, at - mark->ns);
	lua_pushinteger(L, e->mode == ENGINE_RUN ? (at - mark->ns) / 1000000 : 0);
	return 1;
}

static int64_t time_of(lua_State *L, const char *what)
{
	struct option *o = option_at(L, 1);
	int64_t ns = o && o->kind == OPTION_WITHIN   ? o->ns
		     : lua_type(L, 1) == LUA_TSTRING ? sim_time_parse(lua_tostring(L, 1))
						     : -1;

	if (ns < 0)
		engine_raise(L, SIM_USAGE, "%s: write a time as \"500ms\", \"2s\" or \"1m\"", what);
	return ns;
}

static void check_broken(lua_State *L, struct engine *e, enum sim_until until)
{
	struct sim_program *p;

	if (until != SIM_BROKEN)
		return;
	p = sim_host_broken(e->host);
	engine_raise(L,
		     strstr(p->end, "signal 9") || strstr(p->end, "was stopped") ? SIM_UNKNOWN
										 : SIM_FAILED,
		     "%s %s, and nobody had ordered it", p->name, p->end);
}

static void need_host(lua_State *L, const struct engine *e)
{
	if (!e->topology)
		engine_raise(L, SIM_USAGE, "there is no cluster yet");
}

static int do_advance(lua_State *L)
{
	struct engine *e = engine_of(L);
	int64_t ns = time_of(L, "advance");

	need_host(L, e);
	if (e->mode == ENGINE_CHECK)
		return 0;
	check_broken(L, e, sim_host_until(e->host, NULL, NULL, sim_host_now(e->host) + ns));
	engine_passed(e);
	return 0;
}

struct quiet {
	struct engine *e;
	size_t n; /* events looked at */
	int64_t since;
};

/* Timers, heartbeats and keepalives go on for ever; they say nothing, so they have no fields. */
static bool is_news(const struct sim_event *event)
{
	return event->kind != SIM_EVENT_SIGNAL ||
	       signal_def(event->number)->message != &empty__descriptor;
}

static bool is_quiet(void *arg)
{
	struct quiet *q = arg;
	struct sim_history *h = q->e->history;
	int64_t now = sim_host_now(q->e->host);

	sim_history_update(h);
	for (; q->n < sim_history_n(h); q->n++)
		if (is_news(sim_history_at(h, q->n)))
			q->since = now;
	return now - q->since >= QUIET_NS;
}

/* Until phones and applications have heard nothing new for half a second. */
static int do_settle(lua_State *L)
{
	struct engine *e = engine_of(L);
	int64_t ns = time_of(L, "settle");
	struct quiet q = { .e = e };
	enum sim_until until;

	need_host(L, e);
	if (e->mode == ENGINE_CHECK)
		return 0;
	q.since = sim_host_now(e->host);
	until = sim_host_until(e->host, is_quiet, &q, q.since + ns);
	check_broken(L, e, until);
	if (until == SIM_DEADLINE)
		engine_raise(L, SIM_FAILED, "the cluster does not come to rest");
	engine_passed(e);
	return 0;
}

/* scaled "10s": that long, divided by the run's --speed as the timers of service parameters are. */
static int do_scaled(lua_State *L)
{
	const struct engine *e = engine_of(L);
	int64_t ns = time_of(L, "scaled") / (e->run->options.speed > 1 ? e->run->options.speed : 1);

	lua_pushfstring(L, "%dus", (int)(ns / 1000));
	return 1;
}

void narrate_open(struct engine *e)
{
	lua_register(e->L, "say", do_say);
	lua_register(e->L, "took", do_took);
	lua_register(e->L, "scaled", do_scaled);
	lua_register(e->L, "advance", do_advance);
	lua_register(e->L, "settle", do_settle);
}
