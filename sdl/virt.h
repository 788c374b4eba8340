/*
 * virt.h - the virtual host: a whole cluster of programs in one operating-system process, in
 * virtual time, from one seed. Same seed, same order of calls here -> the same record and hash.
 *
 * Lines between programs behave as TCP with ZeroMQ on it does: first in first out, lost only by a
 * disconnection (what a dead program had sent arrives up to a random point), a high-water mark,
 * reconnection. A frozen program does nothing; what comes for it waits. Nothing here reads a clock,
 * and there are no threads. Programs are named by the index that sdl_virt_add returned.
 */
#ifndef SDL_VIRT_H
#define SDL_VIRT_H

#include "sdl/program.h"

struct sdl_virt;

struct sdl_virt_options {
	uint64_t seed;
	size_t record_size;  /* bytes; 0 = 1 MiB */
	int64_t latency_ns;  /* of every line, at least; > 0; 0 = 200 us */
	int64_t jitter_ns;   /* at most that much more, at random; 0 = none (teaching) */
	uint32_t queue_max;  /* high-water mark in frames; 0 = 100,000 */
	uint32_t events_max; /* events at one instant that are a livelock; 0 = 1,000,000 */
	/* Told as it happens; may be NULL. ended: the program is gone already (crash: by a crash
	 * point). */
	void (*control)(void *arg, int program, const struct sdl_envelope *e);
	void (*ended)(void *arg, int program, int status, bool crash);
	void (*alarm)(void *arg, int program, const char *line);
	/* Is there a key of that name? NULL = of every name. */
	bool (*has_key)(void *arg, const char *identity);
	/* A signal was taken from a queue and is done with. Looks at everything, changes nothing.
	 */
	void (*stepped)(void *arg);
	void *arg;
};

struct sdl_virt_program {
	/* Fills types, types_n, accept_type and context of a new life. The rest comes from here. */
	void (*make)(void *arg, struct sdl_config *config);
	/* Frees the context of a life that has ended. Optional. */
	void (*unmake)(void *arg, void *context);
	void *arg;
	const char *name; /* borrowed for life, as the following */
	uint8_t node;
	uint16_t app;
	const char *cluster_id;
	const char *token;
	const struct param_set *params;
	uint64_t mutants;
	struct sdl_resource resource; /* opened at start, closed at the end */
	struct {
		uint8_t node;
		uint16_t app;
	} links[64]; /* lines kept from the start */
	unsigned links_n;
	bool serve_cti;
};

enum sdl_virt_state { SDL_VIRT_DOWN, SDL_VIRT_UP, SDL_VIRT_FROZEN };

struct sdl_virt *sdl_virt_new(const struct sdl_virt_options *options);
void sdl_virt_destroy(struct sdl_virt **virt);

/* The spec is copied. */
int sdl_virt_add(struct sdl_virt *v, const struct sdl_virt_program *spec);
int sdl_virt_find(const struct sdl_virt *v, uint8_t node, uint16_t app); /* -1 = none */
enum sdl_virt_state sdl_virt_state(const struct sdl_virt *v, int program);
/* NULL while it is down. */
struct sdl_program *sdl_virt_running(struct sdl_virt *v, int program);

/* 0, or -1 with one sentence in why (its resource would not open, it runs already). */
int sdl_virt_start(struct sdl_virt *v, int program, char *why, size_t why_size);
/* SIGKILL. A callback may ask it for the very program that called: that is down at once for all who
 * ask, nothing of it leaves any more, and it can be started again when the callback's event is over. */
void sdl_virt_kill(struct sdl_virt *v, int program);
void sdl_virt_term(struct sdl_virt *v, int program);   /* SIGTERM: it ends in order */
void sdl_virt_freeze(struct sdl_virt *v, int program); /* SIGSTOP */
void sdl_virt_thaw(struct sdl_virt *v, int program);   /* SIGCONT */
/* A signal from the harness, after the usual delay. */
void sdl_virt_post(struct sdl_virt *v, int program, const struct sdl_envelope *e);
/* The database was changed by the harness: all programs look at once. */
void sdl_virt_poke(struct sdl_virt *v);

int64_t sdl_virt_now(const struct sdl_virt *v);
/* When the next event is; INT64_MAX = never again. */
int64_t sdl_virt_next(struct sdl_virt *v);
/* Lets one event happen. False if there is none. */
bool sdl_virt_step(struct sdl_virt *v);
/* Lets everything up to that time happen; now is `until` afterwards. */
void sdl_virt_advance(struct sdl_virt *v, int64_t until);

struct sdl_record *sdl_virt_record(struct sdl_virt *v);
/* Signals handled by all programs so far, and those discarded for want of a row. */
uint64_t sdl_virt_signals(const struct sdl_virt *v);
uint64_t sdl_virt_unexpected(const struct sdl_virt *v);

#endif
