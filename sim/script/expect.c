/* expect, never, always, eventually, seen: what must follow, and by when. */
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sdl/view/fields.h"
#include "sim/script/wanted.h"

/* The real host's own delays: what a loaded machine adds to a deadline of the protocol. */
#define SLACK_NS  1000000000LL
#define LAG_NS	  300000000LL /* the harness itself was that late: nothing can be judged */
#define SHOWN_MAX 10	      /* events that are told when an expectation fails */

/* ---- judging ------------------------------------------------------------------------- */

struct sim_judged *engine_judge(struct engine *e, int line)
{
	struct sim_run *run = e->run;

	run->judged = realloc(run->judged, (run->judged_n + 1) * sizeof(*run->judged));
	if (!run->judged)
		abort();
	run->judged[run->judged_n] = (struct sim_judged){ .line = line, .took_ns = -1 };
	return &run->judged[run->judged_n++];
}

static struct sim_judged *judge(lua_State *L, const struct wanted *w, const char *before)
{
	struct engine *e = engine_of(L);
	struct sim_judged *j = engine_judge(e, engine_line(L));
	char text[180];

	wanted_print(w, text, sizeof(text));
	snprintf(j->text, sizeof(j->text), "%s%s", before, text);
	snprintf(j->clause, sizeof(j->clause), "%s", w->clause);
	j->deadline_ns = w->within_ns;
	j->verdict = SIM_PASSED;
	if (e->host)
		j->at_ns = sim_host_now(e->host);
	return j;
}

static void show(const struct engine *e, struct sim_judged *j)
{
	char took[24] = "";

	j->at_ns = sim_host_now(e->host);
	if (!e->run->options.narrate || e->run->options.quiet)
		return;
	if (j->took_ns >= 0)
		snprintf(took, sizeof(took), "%lld ms", (long long)(j->took_ns / 1000000));
	printf("  %-6s %8s  %-7s %s\n", j->verdict == SIM_PASSED ? "seen" : "MISSED", took,
	       j->clause, j->text);
	fflush(stdout);
}

/* The last events of the actor, so that a reader sees what came instead. */
static void tell_seen(const struct wanted_search *s, char *buf, size_t size)
{
	struct sim_history *h = s->engine->history;
	size_t places[SHOWN_MAX];
	size_t n = 0, used = 0;
	bool jtapi = !strncmp(s->wanted->steps[0].name, "jtapi.", 6);

	for (size_t i = sim_history_n(h); i > s->wanted->from && n < SHOWN_MAX; i--)
		if (wanted_actor(s, sim_history_at(h, i - 1)) &&
		    (jtapi || sim_history_at(h, i - 1)->kind != SIM_EVENT_JTAPI))
			places[n++] = i - 1;
	buf[0] = '\0';
	while (n > 0 && used < size) {
		char line[220];

		sim_history_print(h, places[--n], line, sizeof(line));
		used += (size_t)snprintf(buf + used, size - used, "\n  %s", line);
	}
	if (!used)
		snprintf(buf, size, "\n  nothing");
}

static void broken(lua_State *L, struct sim_program *p)
{
	/* SIGKILL and SIGSTOP come from somebody else on the machine. */
	bool killed = strstr(p->end, "signal 9") || strstr(p->end, "was stopped");

	engine_raise(L, killed ? SIM_UNKNOWN : SIM_FAILED, "%s %s, and nobody had ordered it",
		     p->name, p->end);
}

__attribute__((noreturn)) static void miss(lua_State *L, struct sim_judged *j,
					   const struct wanted_search *s, const char *what)
{
	struct engine *e = engine_of(L);
	int64_t lag = sim_host_lag(e->host);
	char seen[2000];

	if (e->run->options.interrupted && *e->run->options.interrupted) {
		j->verdict = SIM_UNKNOWN;
		snprintf(j->seen, sizeof(j->seen), "the run was interrupted");
		engine_raise(L, SIM_UNKNOWN, "interrupted");
	}
	tell_seen(s, seen, sizeof(seen));
	j->verdict = sim_history_lost(e->history) || lag > LAG_NS ? SIM_UNKNOWN : SIM_FAILED;
	snprintf(j->seen, sizeof(j->seen), "%.190s", strrchr(seen, '\n') + 3);
	show(e, j);
	if (lag > LAG_NS)
		engine_raise(
			L, SIM_UNKNOWN,
			"the machine is overloaded (the harness itself was %lld ms late): %s%s\n"
			"last events:%s",
			(long long)(lag / 1000000), what, j->text, seen);
	if (j->verdict == SIM_UNKNOWN)
		engine_raise(L, SIM_UNKNOWN, "records were overwritten before they were read");
	engine_raise(L, SIM_FAILED, "%s%s%s%s\nlast events:%s", j->clause, *j->clause ? ": " : "",
		     what, j->text, seen);
}

/* ---- waiting ------------------------------------------------------------------------- */

static bool found(void *arg)
{
	return wanted_look(arg);
}

static int64_t deadline(const struct engine *e, int64_t within_ns)
{
	int64_t slack = e->run->options.real ? SLACK_NS : 0;

	return sim_host_now(e->host) + within_ns + slack;
}

/* ---- results ------------------------------------------------------------------------- */

static void set_field(void *arg, const char *field, const char *text)
{
	lua_State *L = arg;

	lua_pushstring(L, text);
	lua_setfield(L, -2, field);
}

static int nothing(lua_State *L)
{
	lua_pushliteral(L, "");
	return 1;
}

/* The event as a table: its fields, name, at (ns of the host's clock), took (ms since the mark). */
static void push_event(lua_State *L, const struct sim_event *event, int64_t from_ns)
{
	const struct signal_def *def = event ? signal_def(event->number) : NULL;

	lua_newtable(L);
	if (event && event->kind != SIM_EVENT_ALARM) {
		ProtobufCMessage *m = sdl_fields_unpack(event->number, event->bytes, event->len);

		if (m)
			sdl_fields_each(m, set_field, L);
		sdl_fields_free(&m);
	}
	if (!event) {
		/* Nothing ran: any field is there, and empty. */
		lua_newtable(L);
		lua_pushcfunction(L, nothing);
		lua_setfield(L, -2, "__index");
		lua_setmetatable(L, -2);
	}
	lua_pushstring(L, def ? def->name : "");
	lua_setfield(L, -2, "name");
	lua_pushinteger(L, event ? event->time_ns : 0);
	lua_setfield(L, -2, "at");
	lua_pushinteger(L, event ? (event->time_ns - from_ns) / 1000000 : 0);
	lua_setfield(L, -2, "took");
}

/* ---- the functions -------------------------------------------------------------------------- */

static void need_within(lua_State *L, const struct wanted *w)
{
	if (w->within_ns < 0)
		engine_raise(L, SIM_USAGE, "by when? A deadline is needed: within \"2s\"");
}

static int do_expect(lua_State *L)
{
	struct engine *e = engine_of(L);
	struct wanted w;
	struct wanted_search s;
	struct sim_judged *j;

	wanted_read(L, &w);
	need_within(L, &w);
	j = judge(L, &w, "");
	if (e->mode == ENGINE_CHECK) {
		push_event(L, NULL, 0);
		return 1;
	}
	wanted_begin(&s, e, &w);
	sim_host_lag(e->host);
	switch (sim_host_until(e->host, found, &s, deadline(e, w.within_ns))) {
	case SIM_DONE:
		break;
	case SIM_BROKEN:
		snprintf(j->seen, sizeof(j->seen), "a program ended");
		j->verdict = SIM_FAILED;
		broken(L, sim_host_broken(e->host));
		break;
	default:
		miss(L, j, &s, "did not come: ");
	}
	j->took_ns = sim_history_at(e->history, s.last)->time_ns - w.from_ns;
	sim_history_print(e->history, s.last, j->seen, sizeof(j->seen));
	show(e, j);
	push_event(L, sim_history_at(e->history, s.last), w.from_ns);
	engine_passed(e);
	return 1;
}

static int do_never(lua_State *L)
{
	struct engine *e = engine_of(L);
	struct wanted w;
	struct wanted_search s;
	struct sim_judged *j;

	wanted_read(L, &w);
	need_within(L, &w);
	j = judge(L, &w, "never ");
	if (e->mode == ENGINE_CHECK)
		return 0;
	wanted_begin(&s, e, &w);
	switch (sim_host_until(e->host, found, &s, sim_host_now(e->host) + w.within_ns)) {
	case SIM_DONE:
		/* What came has come, however late the harness was. */
		sim_host_lag(e->host);
		miss(L, j, &s, "came: ");
	case SIM_BROKEN:
		j->verdict = SIM_FAILED;
		broken(L, sim_host_broken(e->host));
		break;
	default:
		break;
	}
	snprintf(j->seen, sizeof(j->seen), "it did not come");
	show(e, j);
	engine_passed(e);
	return 0;
}

/* How often an event has been seen since the mark; no time passes. */
static int do_seen(lua_State *L)
{
	struct engine *e = engine_of(L);
	struct wanted w;
	struct wanted_search s;

	wanted_read(L, &w);
	if (e->mode == ENGINE_CHECK) {
		lua_pushinteger(L, 0);
		return 1;
	}
	wanted_begin(&s, e, &w);
	while (wanted_look(&s))
		s.step = 0;
	lua_pushinteger(L, s.count);
	return 1;
}

/* ---- conditions in Lua --------------------------------------------------------------- */

struct condition {
	lua_State *L;
	bool wanted; /* the value that ends the wait */
	bool raised;
};

static bool holds(void *arg)
{
	struct condition *c = arg;
	bool value;

	lua_pushvalue(c->L, 1);
	if (lua_pcall(c->L, 0, 1, 0) != LUA_OK) {
		c->raised = true;
		return true;
	}
	value = lua_toboolean(c->L, -1);
	lua_pop(c->L, 1);
	return value == c->wanted;
}

static int condition(lua_State *L, bool always)
{
	struct engine *e = engine_of(L);
	struct condition c = { .L = L, .wanted = !always };
	struct sim_judged *j;
	int64_t within = -1;
	enum sim_until until;

	luaL_checktype(L, 1, LUA_TFUNCTION);
	j = engine_judge(e, engine_line(L));
	snprintf(j->text, sizeof(j->text), "%s", always ? "always" : "eventually");
	for (int i = 2; i <= lua_gettop(L); i++) {
		struct option *o = option_at(L, i);

		if (o && o->kind == OPTION_WITHIN)
			within = o->ns;
		if (o && o->kind == OPTION_CLAUSE)
			snprintf(j->clause, sizeof(j->clause), "%s", o->text);
	}
	if (within < 0)
		engine_raise(L, SIM_USAGE, "by when? A deadline is needed: within \"2s\"");
	j->deadline_ns = within;
	if (e->mode == ENGINE_CHECK)
		return 0;
	until = sim_host_until(e->host, holds, &c,
			       always ? sim_host_now(e->host) + within : deadline(e, within));
	if (c.raised)
		lua_error(L);
	if (until == SIM_BROKEN)
		broken(L, sim_host_broken(e->host));
	if ((until == SIM_DONE) == always) {
		j->verdict = SIM_FAILED;
		engine_raise(L, SIM_FAILED, "%s%s%s: the condition %s", j->clause,
			     *j->clause ? ": " : "", j->text,
			     always ? "did not hold all the time" : "did not come to hold");
	}
	show(e, j);
	engine_passed(e);
	return 0;
}

static int do_always(lua_State *L)
{
	return condition(L, true);
}

static int do_eventually(lua_State *L)
{
	return condition(L, false);
}

void expect_open(struct engine *e)
{
	options_open(e);
	lua_register(e->L, "expect", do_expect);
	lua_register(e->L, "never", do_never);
	lua_register(e->L, "seen", do_seen);
	lua_register(e->L, "always", do_always);
	lua_register(e->L, "eventually", do_eventually);
}
