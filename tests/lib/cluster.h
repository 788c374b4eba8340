/*
 * cluster.h - the fixture of cluster tests: programs on the virtual host, with the verbs of the
 * field.
 *
 *	struct cluster *c = cluster_new(1);
 *	cluster_add(c, &(struct sdl_virt_program){ .name = "ccm1", .node = 1, ... });
 *	cluster_start(c, "ccm1");
 *	ck_assert(cluster_until_signal(c, "ccm1", NULL, SIG_Ready, NULL, NULL, SECONDS(2)));
 *	cluster_destroy(&c);
 *
 * Nothing here sleeps; time is virtual. Every wait has a deadline, after which it is false.
 */
#ifndef TESTS_LIB_CLUSTER_H
#define TESTS_LIB_CLUSTER_H

#include "sdl/virt.h"

#define MS(n)	   ((int64_t)(n)*1000000)
#define SECONDS(n) ((int64_t)(n)*1000000000)

struct cluster;

/* The latency of lines is 200 us, with up to as much jitter. */
struct cluster *cluster_new(uint64_t seed);
/* The same with another high-water mark of lines, in frames. */
struct cluster *cluster_new_queue(uint64_t seed, uint32_t queue_max);
/* Also fails the test if any signal was discarded for want of a row; see cluster_expect_unexpected.
 */
void cluster_destroy(struct cluster **cluster);
/* The test knows that signals are discarded. */
void cluster_allow_unexpected(struct cluster *c);

/* name has to be unique. params, cluster_id and token get defaults when NULL. */
void cluster_add(struct cluster *c, const struct sdl_virt_program *spec);
/* The parameters that programs added later get; change before cluster_add. */
struct param_set *cluster_params(struct cluster *c);

void cluster_start(struct cluster *c, const char *name);
void cluster_kill(struct cluster *c, const char *name);
void cluster_term(struct cluster *c, const char *name);
void cluster_freeze(struct cluster *c, const char *name);
void cluster_thaw(struct cluster *c, const char *name);
/* Both directions. */
void cluster_cut(struct cluster *c, const char *a, const char *b);
void cluster_heal(struct cluster *c, const char *a, const char *b);
bool cluster_is_up(struct cluster *c, const char *name);
struct sdl_program *cluster_program(struct cluster *c, const char *name);
struct sdl_virt *cluster_virt(struct cluster *c);
/* A signal from the harness to instance 1 of that type. */
void cluster_post(struct cluster *c, const char *name, uint8_t type, uint16_t signal,
		  const void *msg);
/* The process with that label in a running program. */
struct sdl_pid cluster_process(struct cluster *c, const char *name, const char *label);
/* Signals that wait in a program's queue at one moment, from whomever: all of them, and then a
 * turn in which they are handled. */
void cluster_enqueue(struct cluster *c, const char *name, struct sdl_pid from, struct sdl_pid to,
		     uint16_t signal, const void *msg);
void cluster_turn(struct cluster *c, const char *name);

int64_t cluster_now(const struct cluster *c);
void cluster_advance(struct cluster *c, int64_t ns);
/* Steps until done says so; false when that took longer than within_ns. */
bool cluster_until(struct cluster *c, bool (*done)(struct cluster *c, void *arg), void *arg,
		   int64_t within_ns);

/* Looks at the history from the mark on (cluster_mark; 0 at first) and steps until program `name`
 * has handled that signal: in the process with that label (NULL = any), and for which match says so
 * (NULL = any; msg is unpacked). Moves the mark behind it, so that the next wait finds the next.
 * Sent to the harness counts too. */
bool cluster_until_signal(struct cluster *c, const char *name, const char *label, uint16_t signal,
			  bool (*match)(const void *msg, void *arg), void *arg, int64_t within_ns);
void cluster_mark(struct cluster *c);
/* How many such signals there have been since the mark, without stepping. */
unsigned cluster_count_signal(struct cluster *c, const char *name, const char *label,
			      uint16_t signal, bool (*match)(const void *msg, void *arg),
			      void *arg);

#endif
