/* watch_private.h - the parts of a watch: servers and phones (watch.c), applications
 * (watch_app.c). */
#ifndef SIM_EXPLORE_WATCH_PRIVATE_H
#define SIM_EXPLORE_WATCH_PRIVATE_H

#include "sim/explore/watch.h"

#include "common/msg/messages.h"

struct watch_app;
struct watch_calls;
struct watch_lives;

/* A device process of a CallManager. */
struct watch_station {
	struct sdl_pid pid;
	const struct sim_device *device; /* NULL until it is labelled */
	bool serves;			 /* in a state in which calls are offered to it */
	bool leaves;			 /* is about to, if it is idle */
	int64_t since_ns;		 /* it is registered */
};

struct watch_place {
	uint8_t node;	/* where the phone is registered, as it was told */
	uint8_t leaves; /* where it was, and asks to leave */
	uint64_t pid;	/* of the phone's process */
	int64_t since_ns;
	int64_t keyed_ns; /* when a number was last given to a SIP phone, a key or the whole */
};

struct watch_program {
	uint8_t node;
	uint16_t app;
	char name[SIM_NAME_SIZE];
	bool up;
};

struct watch_line {
	char a[SIM_NAME_SIZE], b[SIM_NAME_SIZE];
};

/* States of a call as the first watcher was told them. */
struct watch_story {
	uint64_t call;
	uint8_t states[32];
	size_t n;
};

struct watch {
	struct sim_host *host;
	const struct sim_topology *topology;
	struct sim_reader *reader;
	struct watch_coverage *coverage;
	struct watch_breach breach;
	int64_t now_ns; /* of the entry being looked at */
	struct watch_program programs[SIM_PROGRAMS_MAX];
	size_t programs_n;
	struct watch_station *stations;
	size_t stations_n;
	struct watch_place *places; /* by device of the topology */
	unsigned legs[SDL_NODES_MAX + 1];
	int64_t last_tick;
	uint32_t reborn; /* CallManagers that have ended once, by node, as bits */
	bool split;	 /* a partition, a freeze or a delay was possible */
	struct watch_line *lines;
	size_t lines_n;
	struct watch_setting *settings;
	size_t settings_n;
	struct watch_app *apps;
	struct watch_calls *calls;
	struct watch_lives *lives;
	struct watch_pairs *pairs;
	const struct sdl_type *types[4][WATCH_TYPES];
	struct watch_story *stories;
	size_t stories_n;
};

/* One more element at the end of a list, zeroed. */
void *watch_more(void *list, size_t n, size_t size);
/* The rule is being put to the test: false, and broken, if ok is false. */
bool watch_check(struct watch *w, enum watch_rule rule, bool ok, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Of the process that the entry is about; NULL: of no program that is known. */
const struct sdl_type *watch_type_of(struct watch *w, const struct sdl_record_entry *e);

/* Since when it has been registered there; now, if it is not. */
int64_t watch_registered(const struct watch *w, const struct sim_device *d, uint32_t node);

/* watch_config.c: what is configured, in force shortly before at_ns or since (ever, if somebody may
 * not have heard of a change). */
struct watch_setting;
/* Takes a note "set KEY VALUE". */
void watch_config_set(struct watch *w, const char *text);
void watch_config_free(struct watch *w);
int64_t watch_since(const struct watch *w, int64_t at_ns);
/* Was the node a member of the device's group; the first one that is activated? */
bool watch_in_group(const struct watch *w, const struct sim_device *d, uint32_t node,
		    int64_t at_ns);
bool watch_is_home(const struct watch *w, const struct sim_device *d, uint32_t node, int64_t at_ns);
bool watch_controls(const struct watch *w, const struct sim_user *u, const char *device,
		    int64_t at_ns);
bool watch_in_user_group(const struct watch *w, const struct sim_user *u, const char *group,
			 int64_t at_ns);
bool watch_controls_now(const struct watch *w, const struct sim_user *u, const char *device);
bool watch_unrestricted(const struct watch *w, const struct sim_device *d, int64_t at_ns);
/* Was that the line's forward, "cfna" or "cfof"? dn NULL: was there none? */
bool watch_forwarded(const struct watch *w, const struct sim_device *d, const struct sim_line *l,
		     const char *forward, const char *dn, int64_t at_ns);

/* watch_app.c */
void watch_app_start(struct watch *w, uint8_t node, const char *name);
void watch_app_end(struct watch *w, uint8_t node);
/* How many applications have the device open, or are about to. */
unsigned watch_openers(const struct watch *w, const char *device);
void watch_app_entry(struct watch *w, const struct sdl_record_entry *e);
/* A CallManager has gone; when it comes back it names its calls from 1 on. */
void watch_calls_gone(struct watch *w, uint8_t node);
void watch_apps_free(struct watch *w);

/* watch_call.c: entries of CallManagers. */
struct watch_calls *watch_calls_new(void);
void watch_calls_free(struct watch_calls *c);
void watch_calls_node_gone(struct watch_calls *c, uint8_t node);
void watch_call_entry(struct watch *w, const struct sdl_record_entry *e);

/* watch_sip.c: SIP phones: entries of phones, and of CallManagers. */
void watch_sip_phone(struct watch *w, const struct sdl_record_entry *e);
void watch_sip_station(struct watch *w, const struct sdl_record_entry *e);

/* watch_phone.c: a call of that device process, as its phone has it. */
struct watch_phone_call {
	bool known; /* the phone is registered there */
	bool talks, holds;
	bool waits; /* for the answer to its offer */
	bool hears, speaks;
};
struct watch_phone_call watch_phone_call(struct watch *w, struct sdl_pid station, uint32_t ci);

/* watch_pair.c: connected legs, two by two. */
struct watch_pairs;
struct watch_pairs *watch_pairs_new(void);
void watch_pairs_free(struct watch_pairs *p);
void watch_pairs_look(struct watch *w);

/* watch_life.c: entries of all programs. */
struct watch_lives *watch_lives_new(void);
void watch_lives_free(struct watch_lives *l);
void watch_life_gone(struct watch_lives *l, uint8_t node, uint16_t app);
/* verb: freeze or thaw, of that program. */
void watch_life_struck(struct watch *w, const char *verb, uint8_t node, uint16_t app);
void watch_life_entry(struct watch *w, const struct sdl_record_entry *e);

#endif
