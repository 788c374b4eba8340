/* Servers, phones, and the reading of the records. */
#include "sim/explore/watch_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "callmanager/process.h"
#include "common/msg/address.h"
#include "sdl/view/fields.h"
#include "sim/harness/process_types.h"

static const struct watch_rule_def rules[] = {
#define RULE(id, clause, text) { #id, clause, text },
#include "sim/explore/rule.def"
#undef RULE
};

const struct watch_rule_def *watch_rule_def(enum watch_rule rule)
{
	return &rules[rule];
}

const char *watch_rule_clause(enum watch_rule rule)
{
	return *rules[rule].clause ? rules[rule].clause : rules[rule].name;
}

void *watch_more(void *list, size_t n, size_t size)
{
	/* Grows at powers of two. */
	if ((n & (n - 1)) == 0)
		list = realloc(list, (n ? n * 2 : 1) * size);
	if (!list)
		abort();
	memset((char *)list + n * size, 0, size);
	return list;
}

__attribute__((format(printf, 3, 0))) static void break_va(struct watch *w, enum watch_rule rule,
							   const char *format, va_list ap)
{
	if (w->breach.broken)
		return;
	w->breach.broken = true;
	w->breach.rule = rule;
	w->breach.at_ns = w->now_ns;
	vsnprintf(w->breach.text, sizeof(w->breach.text), format, ap);
}

void watch_break(struct watch *w, enum watch_rule rule, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	break_va(w, rule, format, ap);
	va_end(ap);
}

bool watch_check(struct watch *w, enum watch_rule rule, bool ok, const char *format, ...)
{
	va_list ap;

	if (w->coverage)
		__atomic_fetch_add(&w->coverage->reached[rule], 1, __ATOMIC_RELAXED);
	if (ok)
		return true;
	va_start(ap, format);
	break_va(w, rule, format, ap);
	va_end(ap);
	return false;
}

/* Looked up once: the tables of the programs are made anew each time they are asked for. */
const struct sdl_type *watch_type_of(struct watch *w, const struct sdl_record_entry *e)
{
	unsigned app = e->app / 100u - 1;

	if (app > 3 || e->to.type >= WATCH_TYPES)
		return NULL;
	if (!w->types[app][e->to.type])
		w->types[app][e->to.type] = sim_type_of(NULL, e->app, e->to.type);
	return w->types[app][e->to.type];
}

/* ---- programs ------------------------------------------------------------------------ */

static struct watch_program *program_at(struct watch *w, uint8_t node, uint16_t app)
{
	for (size_t i = 0; i < w->programs_n; i++)
		if (w->programs[i].node == node && w->programs[i].app == app)
			return &w->programs[i];
	return NULL;
}

static void gone(struct watch *w, uint8_t node, uint16_t app)
{
	struct watch_program *p = program_at(w, node, app);
	size_t n = 0;

	if (p)
		p->up = false;
	watch_life_gone(w->lives, node, app);
	if (app == SDL_APP_CTI)
		watch_app_end(w, node);
	if (app == SDL_APP_PHONES)
		memset(w->places, 0, w->topology->devices_n * sizeof(*w->places));
	if (app != SDL_APP_CALLMANAGER)
		return;
	w->legs[node] = 0;
	if (p)
		watch_calls_gone(w, node);
	watch_calls_node_gone(w->calls, node);
	for (size_t i = 0; i < w->stations_n; i++)
		if (w->stations[i].pid.node != node)
			w->stations[n++] = w->stations[i];
	w->stations_n = n;
}

static void started(struct watch *w, const struct sdl_record_entry *e)
{
	struct watch_program *p = program_at(w, e->node, e->app);

	gone(w, e->node, e->app);
	if (!p && w->programs_n < SIM_PROGRAMS_MAX)
		p = &w->programs[w->programs_n++];
	if (!p)
		return;
	p->node = e->node;
	p->app = e->app;
	p->up = true;
	snprintf(p->name, sizeof(p->name), "%.*s", (int)e->payload_len, (const char *)e->payload);
	if (p->app == SDL_APP_CTI)
		watch_app_start(w, p->node, p->name);
}

static const char *kind_of(uint16_t app)
{
	return app == SDL_APP_CALLMANAGER  ? ":callmanager"
	       : app == SDL_APP_CTIMANAGER ? ":ctimanager"
					   : "";
}

/* The harness names programs, the records number them. */
static void struck(struct watch *w, const char *verb, const char *name)
{
	char full[SIM_NAME_SIZE * 2];

	for (size_t i = 0; i < w->programs_n; i++) {
		struct watch_program *p = &w->programs[i];

		snprintf(full, sizeof(full), "%s%s%s", p->app == SDL_APP_CTI ? "app:" : "", p->name,
			 kind_of(p->app));
		if (strcmp(full, name) != 0 &&
		    (p->app != SDL_APP_PHONES || strcmp(name, "phones") != 0))
			continue;
		if (!strcmp(verb, "kill") || !strcmp(verb, "crash"))
			gone(w, p->node, p->app);
		else
			watch_life_struck(w, verb, p->node, p->app);
	}
}

static void fault(struct watch *w, const struct sdl_record_entry *e)
{
	char text[300], verb[20] = "", a[SIM_NAME_SIZE] = "", b[SIM_NAME_SIZE] = "";

	snprintf(text, sizeof(text), "%.*s", (int)e->payload_len, (const char *)e->payload);
	if (sscanf(text, "%19s %63s %63s", verb, a, b) < 2)
		return;
	if (!strcmp(verb, "set"))
		watch_config_set(w, text);
	if (!strcmp(verb, "kill") || !strcmp(verb, "crash") || !strcmp(verb, "freeze") ||
	    !strcmp(verb, "thaw"))
		struck(w, verb, a);
	if (!strcmp(verb, "freeze") || !strcmp(verb, "cut") || !strcmp(verb, "slow"))
		w->split = true;
	if (strcmp(verb, "cut") != 0 && strcmp(verb, "slow") != 0)
		return;
	w->lines = watch_more(w->lines, w->lines_n, sizeof(*w->lines));
	snprintf(w->lines[w->lines_n].a, SIM_NAME_SIZE, "%s", a);
	snprintf(w->lines[w->lines_n++].b, SIM_NAME_SIZE, "%s", b);
}

/* ---- what CallManagers hold ---------------------------------------------------------- */

static struct watch_station *station_of(struct watch *w, struct sdl_pid pid)
{
	for (size_t i = 0; i < w->stations_n; i++)
		if (sdl_pid_equal(w->stations[i].pid, pid))
			return &w->stations[i];
	return NULL;
}

int64_t watch_registered(const struct watch *w, const struct sim_device *d, uint32_t node)
{
	for (size_t i = 0; i < w->stations_n; i++)
		if (w->stations[i].device == d && w->stations[i].serves &&
		    w->stations[i].pid.node == node)
			return w->stations[i].since_ns;
	return w->now_ns;
}

static bool is_station(const struct sdl_record_entry *e)
{
	return e->to.type == CM_STATION_D || e->to.type == CM_SIP_STATION_D ||
	       e->to.type == CM_CTI_STATION_D;
}

static void station_created(struct watch *w, const struct sdl_record_entry *e)
{
	w->stations = watch_more(w->stations, w->stations_n, sizeof(*w->stations));
	w->stations[w->stations_n++].pid = e->to;
}

static void station_labelled(struct watch *w, const struct sdl_record_entry *e)
{
	struct watch_station *s = station_of(w, e->to);
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)e->payload_len, (const char *)e->payload);
	if (s)
		s->device = sim_topology_device(w->topology, name);
}

static void one_place(struct watch *w, const struct watch_station *s)
{
	for (size_t i = 0; i < w->stations_n; i++) {
		const struct watch_station *o = &w->stations[i];

		if (o == s || o->device != s->device || !o->serves)
			continue;
		/* Two CTIManagers may ask two members before these have met: one wins soon. */
		watch_check(w, WATCH_ONE_PLACE, w->split || watch_openers(w, s->device->name) > 1,
			    "%s is registered at %s and at %s", s->device->name,
			    w->topology->nodes[o->pid.node - 1].name,
			    w->topology->nodes[s->pid.node - 1].name);
	}
}

static void of_group(struct watch *w, const struct watch_station *s)
{
	watch_check(w, WATCH_IS_GROUP, watch_in_group(w, s->device, s->pid.node, w->now_ns),
		    "%s is registered at %s, which is not of its group", s->device->name,
		    w->topology->nodes[s->pid.node - 1].name);
}

static void station_state(struct watch *w, const struct sdl_record_entry *e)
{
	const struct sdl_type *type = watch_type_of(w, e);
	struct watch_station *s = station_of(w, e->to);
	const char *state = type && e->state < type->states_n ? type->states[e->state].name : "";
	bool before = s && s->serves;

	if (!s || !s->device)
		return;
	s->serves = !strcmp(state, "registered") || !strcmp(state, "originating");
	if (s->serves && !before)
		one_place(w, s);
	/* A call may come while it leaves: then it stays, and has not registered anew (USR-07). */
	if (s->serves && !before && !s->leaves) {
		s->since_ns = e->time_ns;
		of_group(w, s);
	}
	s->leaves = !strcmp(state, "unregistering");
}

static void station_stopped(struct watch *w, const struct sdl_record_entry *e)
{
	struct watch_station *s = station_of(w, e->to);

	if (s)
		*s = w->stations[--w->stations_n];
}

static void callmanager_entry(struct watch *w, const struct sdl_record_entry *e)
{
	bool leg = e->to.type == CM_LINE_CDPC || e->to.type == CM_PARK_SLOT ||
		   e->to.type == CM_TRANSFER || e->to.type == CM_JOIN ||
		   e->to.type == CM_CONFERENCE || e->to.type == CM_PICKUP;

	if (e->to.type == CM_SIP_STATION_D)
		watch_sip_station(w, e);
	switch (e->kind) {
	case SDL_REC_CREATED:
		w->legs[e->node] += leg;
		if (is_station(e))
			station_created(w, e);
		break;
	case SDL_REC_STOPPED:
		w->legs[e->node] -= leg && w->legs[e->node] > 0;
		if (is_station(e))
			station_stopped(w, e);
		break;
	case SDL_REC_LABEL:
		if (is_station(e))
			station_labelled(w, e);
		break;
	case SDL_REC_STATE:
		if (is_station(e))
			station_state(w, e);
		break;
	default:
		break;
	}
}

/* ---- what phones are told ------------------------------------------------------------ */

static struct watch_place *place_of(struct watch *w, struct sdl_pid pid)
{
	for (size_t i = 0; i < w->topology->devices_n; i++)
		if (w->places[i].pid == sdl_pid_pack(pid))
			return &w->places[i];
	return NULL;
}

static void registered(const struct sdl_record_entry *e, struct watch_place *p)
{
	ProtobufCMessage *m = sdl_fields_unpack(e->number, e->payload, e->payload_len);
	uint8_t node = 0;

	if (m && e->number == SIG_SipRegisterOk)
		node = ((SipRegisterOk *)m)->expires_s ? (uint8_t)((SipRegisterOk *)m)->node : 0;
	else if (m)
		node = (uint8_t)((StationRegisterAck *)m)->node;
	if (node && node != p->node)
		p->since_ns = e->time_ns;
	p->node = node ? node : p->node;
	sdl_fields_free(&m);
}

/* Who wants to leave may have to stay, for a call that comes. */
static void phone_state(struct watch_place *p, const char *state)
{
	uint8_t left = p->leaves;

	p->leaves = !strcmp(state, "unregistering") ? p->node : 0;
	if (left && !strcmp(state, "registered"))
		p->node = left;
	if (strcmp(state, "registered") != 0 && strcmp(state, "token") != 0)
		p->node = 0;
}

static void phone_entry(struct watch *w, const struct sdl_record_entry *e)
{
	struct watch_place *p;
	char name[64];

	if (e->number == SIG_MediaTick && e->kind == SDL_REC_IN)
		w->last_tick = e->time_ns;
	if (e->kind == SDL_REC_LABEL) {
		const struct sim_device *d;

		snprintf(name, sizeof(name), "%.*s", (int)e->payload_len, (const char *)e->payload);
		d = sim_topology_device(w->topology, name);
		if (d)
			w->places[d - w->topology->devices].pid = sdl_pid_pack(e->to);
	}
	if (e->kind == SDL_REC_STATE) {
		const struct sdl_type *type = watch_type_of(w, e);
		const char *state =
			type && e->state < type->states_n ? type->states[e->state].name : "";

		p = place_of(w, e->to);
		if (p)
			phone_state(p, state);
	}
	watch_sip_phone(w, e);
	if (e->kind == SDL_REC_IN &&
	    (e->number == SIG_StationRegisterAck || e->number == SIG_SipRegisterOk)) {
		p = place_of(w, e->to);
		if (p)
			registered(e, p);
	}
}

/* ---- reading ------------------------------------------------------------------------- */

static void cover(struct watch *w, const struct sdl_record_entry *e)
{
	unsigned app = e->app / 100u - 1;

	if (!w->coverage || app > 3 || e->to.type >= WATCH_TYPES || e->state >= WATCH_STATES ||
	    e->number >= SIGNAL_COUNT)
		return;
	w->coverage->rows[app][e->to.type][e->state][e->number] = 1;
}

static const char *type_name(struct watch *w, const struct sdl_record_entry *e)
{
	const struct sdl_type *type = watch_type_of(w, e);

	return type ? type->name : "?";
}

static const char *state_name(struct watch *w, const struct sdl_record_entry *e)
{
	const struct sdl_type *type = watch_type_of(w, e);

	return type && e->state < type->states_n ? type->states[e->state].name : "?";
}

/* What a program sent before it died, or to one that has died, is read by nobody. */
static bool is_old(const struct sdl_record_entry *e)
{
	static const char old[] = "frame of another session";

	return e->payload_len >= sizeof(old) - 1 && !memcmp(e->payload, old, sizeof(old) - 1);
}

static void common_entry(struct watch *w, const struct sdl_record_entry *e)
{
	switch (e->kind) {
	case SDL_REC_START:
		started(w, e);
		break;
	case SDL_REC_END:
		gone(w, e->node, e->app);
		break;
	case SDL_REC_FAULT:
		fault(w, e);
		break;
	case SDL_REC_SIGNAL:
	case SDL_REC_IN:
	case SDL_REC_SAVED:
		cover(w, e);
		break;
	case SDL_REC_UNEXPECTED:
		watch_check(w, WATCH_UNEXPECTED, false,
			    "%s for %s of node %u, which is %s, from %u,%u",
			    signal_def(e->number)->name, type_name(w, e), e->node, state_name(w, e),
			    e->from.node, e->from.app);
		break;
	case SDL_REC_MALFORMED:
		watch_check(w, WATCH_MALFORMED, is_old(e), "node %u application %u refused: %.*s",
			    e->node, e->app, (int)e->payload_len, (const char *)e->payload);
		break;
	default:
		break;
	}
}

static void entry(void *arg, const struct sdl_record_entry *e)
{
	struct watch *w = arg;

	w->now_ns = e->time_ns;
	common_entry(w, e);
	watch_life_entry(w, e);
	if (e->app == SDL_APP_CALLMANAGER)
		watch_call_entry(w, e);
	if (e->app == SDL_APP_CALLMANAGER)
		callmanager_entry(w, e);
	else if (e->app == SDL_APP_PHONES)
		phone_entry(w, e);
	else if (e->app == SDL_APP_CTI)
		watch_app_entry(w, e);
}

void watch_look(struct watch *w)
{
	sim_reader_read(w->reader, entry, w);
	watch_pairs_look(w);
}

/* ---- life and looks ------------------------------------------------------------------ */

struct watch *watch_new(struct sim_host *host, struct watch_coverage *coverage)
{
	struct watch *w = calloc(1, sizeof(*w));

	if (!w)
		abort();
	w->host = host;
	w->coverage = coverage;
	w->topology = sim_host_options(host)->topology;
	w->places = calloc(w->topology->devices_n + 1, sizeof(*w->places));
	w->reader = sim_reader_new(host);
	w->calls = watch_calls_new();
	w->lives = watch_lives_new();
	w->pairs = watch_pairs_new();
	if (!w->places)
		abort();
	return w;
}

void watch_destroy(struct watch **watch)
{
	struct watch *w = *watch;

	if (!w)
		return;
	watch_apps_free(w);
	watch_calls_free(w->calls);
	watch_lives_free(w->lives);
	watch_pairs_free(w->pairs);
	sim_reader_destroy(&w->reader);
	free(w->stations);
	free(w->places);
	free(w->lines);
	free(w->stories);
	watch_config_free(w);
	free(w);
	*watch = NULL;
}

const struct watch_breach *watch_breach(const struct watch *w)
{
	return &w->breach;
}

uint8_t watch_phone_node(const struct watch *w, const struct sim_device *phone)
{
	return w->places[phone - w->topology->devices].node;
}

bool watch_phone_home(const struct watch *w, const struct sim_device *phone)
{
	const struct watch_place *p = &w->places[phone - w->topology->devices];

	return p->node && watch_is_home(w, phone, p->node, p->since_ns);
}

const char *watch_double(const struct watch *w)
{
	for (size_t i = 0; i < w->stations_n; i++)
		for (size_t k = 0; k < i; k++)
			if (w->stations[i].serves && w->stations[k].serves &&
			    w->stations[i].device == w->stations[k].device)
				return w->stations[i].device->name;
	return NULL;
}

unsigned watch_legs(const struct watch *w, uint8_t node)
{
	return w->legs[node];
}

int64_t watch_last_tick(const struct watch *w)
{
	return w->last_tick;
}

size_t watch_lines(const struct watch *w)
{
	return w->lines_n;
}

void watch_line(const struct watch *w, size_t i, const char **a, const char **b)
{
	*a = w->lines[i].a;
	*b = w->lines[i].b;
}
