/* wanted.h - an expectation: who, which events in order, with which fields. */
#ifndef SIM_SCRIPT_WANTED_H
#define SIM_SCRIPT_WANTED_H

#include "sim/script/engine.h"

#define WANTED_STEPS  16
#define WANTED_FIELDS 12

struct wanted_step {
	uint16_t signal;  /* SIG_NONE: an alarm */
	const char *name; /* of the signal or alarm */
	const char *fields[WANTED_FIELDS];
	const char *values[WANTED_FIELDS];
	unsigned fields_n;
};

struct wanted {
	struct actor actor;
	const struct sim_topology *topology; /* borrowed; names of nodes */
	struct wanted_step steps[WANTED_STEPS];
	unsigned steps_n;
	unsigned times;	   /* how often all steps have to be met */
	int64_t within_ns; /* -1 = not said */
	bool has_from;
	size_t from;
	int64_t from_ns;
	char clause[40];
	char texts[4096]; /* values, kept here: Lua's may go */
	size_t texts_n;
};

/* Reads the arguments of expect, never, seen from the stack (1 = who); raises what is wrong with
 * them. */
void wanted_read(lua_State *L, struct wanted *w);
/* "ivr: DeviceInService CTIRP_5000 at ccm1". */
void wanted_print(const struct wanted *w, char *buf, size_t size);

/* Follows the history. */
struct wanted_search {
	const struct wanted *wanted;
	struct engine *engine;
	size_t next; /* first event not looked at */
	unsigned step;
	size_t last;	    /* the event that the last step met */
	unsigned count;	    /* how often all of it was met (seen) */
	struct sdl_pid app; /* the application's CtiApplication */
};

void wanted_begin(struct wanted_search *s, struct engine *e, const struct wanted *w);
/* Looks at what is new; true as soon as all steps are met, as often as wanted. */
bool wanted_look(struct wanted_search *s);
/* Whether an event is the actor's at all: for telling what was seen. */
bool wanted_actor(const struct wanted_search *s, const struct sim_event *event);

/* The options of expectations, as values. */
struct option {
	enum option_kind {
		OPTION_WITHIN,
		OPTION_FROM,
		OPTION_CLAUSE,
		OPTION_MARK,
		OPTION_TIMES
	} kind;
	int64_t ns; /* within; when the mark was set */
	size_t at;  /* mark */
	char text[40];
};
struct option *option_at(lua_State *L, int i);
void options_open(struct engine *e);

#endif
