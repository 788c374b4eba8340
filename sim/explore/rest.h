/*
 * rest.h - the liveness phase: faults stop, users hang up, and everything must come to rest.
 */
#ifndef SIM_EXPLORE_REST_H
#define SIM_EXPLORE_REST_H

#include <stdio.h>

#include "sim/explore/watch.h"
#include "sim/harness/verb.h"

/* Heals, thaws and starts whatever was struck, has all users hang up, and waits until all is as it
 * belongs (the REST_ rules), at most until then. What is not breaks the watch. */
void rest_run(struct sim_host *host, struct watch *w, int64_t deadline_ns);
/* The longest that this may take with the timers of that speed. */
int64_t rest_bound(int speed);
/* Who waits for what: program, process, state, label, timers. */
void rest_pending(struct sim_host *host, FILE *out);

#endif
