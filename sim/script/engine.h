/* engine.h - one run of one scenario: its Lua state, its cluster, and what it said and judged. */
#ifndef SIM_SCRIPT_ENGINE_H
#define SIM_SCRIPT_ENGINE_H

#include <lua.h>

#include "common/base/prng.h"
#include "sim/harness/run_dir.h"
#include "sim/harness/topology.h"
#include "sim/harness/verb.h"
#include "sim/script/history.h"
#include "sim/script/script.h"

enum engine_mode {
	ENGINE_CHECK, /* nothing runs; arguments and names are checked */
	ENGINE_RUN,
};

#define ENGINE_APPS_MAX 32

struct engine {
	enum engine_mode mode;
	struct sim_run *run;
	const char *path;
	lua_State *L;
	struct prng random; /* math.random */

	/* The cluster; host and history are NULL while nothing runs. */
	struct sim_topology *topology;
	struct sim_host *host;
	struct sim_history *history;
	struct live_trace *live;
	struct db *db;
	struct sim_run_dir dir;			   /* real host */
	char apps[ENGINE_APPS_MAX][SIM_NAME_SIZE]; /* applications so far */
	size_t apps_n;

	/* Where expectations look from unless told: set by the first act after time has passed. */
	size_t from;
	int64_t from_ns;
	bool acted; /* since time last passed */

	/* An error that no pcall may swallow. */
	bool fatal;
	struct sim_error err;
	size_t memory;
	uint64_t instructions;
};

struct engine *engine_of(lua_State *L);

/* Ends the scenario; the message gets file:line of the scenario in front. */
__attribute__((noreturn, format(printf, 3, 4))) void
engine_raise(lua_State *L, enum sim_exit status, const char *format, ...);
/* The line of the scenario that is being executed. */
int engine_line(lua_State *L);

/* By file. */
void sandbox_open(struct engine *e); /* sandbox.c */
lua_State *sandbox_state(struct engine *e);
void bindings_open(struct engine *e); /* bindings.c */
void expect_open(struct engine *e);   /* expect.c */
void narrate_open(struct engine *e);  /* narrate.c */

/* An act is about to happen; fault: the user may be asked to wait. */
void engine_act(struct engine *e, const char *what, bool fault);
/* Time is about to pass. */
void engine_passed(struct engine *e);

/* What an actor is: stack value i. NULL and 0 for a cluster. */
enum actor_kind { ACTOR_CLUSTER, ACTOR_PHONE, ACTOR_APP };
struct actor {
	enum actor_kind kind;
	char name[SIM_NAME_SIZE];
};
struct actor *actor_at(lua_State *L, int i);

struct sim_judged *engine_judge(struct engine *e, int line);
void engine_tell(struct sim_told **list, size_t *n, int64_t at_ns, const char *text,
		 int64_t took_ns);

/* home.c: waits until all phones are registered where they belong. */
void engine_wait_phones(lua_State *L, struct engine *e);
/* Waits until an application's provider is in service or refused, for a while. */
void engine_wait_app(struct engine *e, const struct sim_program *program);

/* bundle.c */
void bundle_write(struct engine *e);

#endif
