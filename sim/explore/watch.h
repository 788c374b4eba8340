/*
 * watch.h - what must hold in every run, whatever happens: looked at from outside, in the records.
 *
 * A watch reads the records of a host from their beginning on and checks the rules of rule.def on
 * each entry: what phones and applications were told, what CallManagers hold. It keeps the first
 * breach. It never acts, so a run with a watch is the same as without.
 *
 *	struct watch *w = watch_new(host);
 *	... watch_look(w) after each event; watch_broken(w) ...
 *	watch_destroy(&w);
 */
#ifndef SIM_EXPLORE_WATCH_H
#define SIM_EXPLORE_WATCH_H

#include "sim/harness/host.h"
#include "sim/harness/topology.h"

enum watch_rule {
#define RULE(id, clause, text) WATCH_##id,
#include "sim/explore/rule.def"
#undef RULE
	WATCH_RULES
};

struct watch_rule_def {
	const char *name;
	const char *clause; /* "" = the runtime's own */
	const char *text;
};
const struct watch_rule_def *watch_rule_def(enum watch_rule rule);
/* "CMF-06", or the rule's own name. */
const char *watch_rule_clause(enum watch_rule rule);

struct watch_breach {
	bool broken;
	enum watch_rule rule;
	int64_t at_ns;
	char text[400];
};

/* Rows of process types that were taken: rows[app index][type][state][signal]. Zeroed memory of
 * the caller's, may be shared. */
#define WATCH_TYPES  32
#define WATCH_STATES 32
struct watch_coverage {
	uint64_t reached[WATCH_RULES]; /* how often each rule was put to the test */
	uint8_t rows[4][WATCH_TYPES][WATCH_STATES][SIGNAL_COUNT];
};

struct watch;

/* coverage may be NULL. */
struct watch *watch_new(struct sim_host *host, struct watch_coverage *coverage);
void watch_destroy(struct watch **watch);
/* Takes what is new in the records. */
void watch_look(struct watch *w);
const struct watch_breach *watch_breach(const struct watch *w);
/* Only the first one is kept. */
void watch_break(struct watch *w, enum watch_rule rule, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* ---- what it knows, for who brings a run to rest ------------------------------------------- */
/* The node where the phone is registered as its user sees it; 0 = nowhere. */
uint8_t watch_phone_node(const struct watch *w, const struct sim_device *phone);
/* Is that where it belongs? */
bool watch_phone_home(const struct watch *w, const struct sim_device *phone);
/* A device that is registered at two CallManagers, NULL if there is none. */
const char *watch_double(const struct watch *w);
/* Legs at that node. */
unsigned watch_legs(const struct watch *w, uint8_t node);
/* The kind of a process that is there for a call only, NULL if none is left; is there a stream, be it one
 * that nobody sends? */
const char *watch_call_left(struct sdl_program *callmanager);
bool watch_stream_left(struct sdl_program *endpoints);
/* When the last media tick was heard by anybody. */
int64_t watch_last_tick(const struct watch *w);
/* Pairs of programs between which lines were cut or slowed, as they were named. */
size_t watch_lines(const struct watch *w);
void watch_line(const struct watch *w, size_t i, const char **a, const char **b);

/* Applications, by the node of their program. call: each call that it has, by handle. */
void watch_each_call(const struct watch *w, uint8_t app_node,
		     void (*call)(void *arg, const char *device, uint64_t handle), void *arg);
/* Lines that are not open, of devices that are. */
void watch_each_closed_line(const struct watch *w, uint8_t app_node,
			    void (*line)(void *arg, const char *device, const char *dn), void *arg);
/* Is everything of the application as it should be at rest? If not: which rule is broken, and a
 * sentence. home: the node where a device belongs. */
bool watch_app_rests(const struct watch *w, uint8_t app_node, enum watch_rule *rule, char *why,
		     size_t why_size);

#endif
