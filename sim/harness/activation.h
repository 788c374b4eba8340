/*
 * activation.h - which programs run where: the services activated in the database (MGR-10).
 *
 * A node has the programs of both services installed; activation chooses which of them run. A change
 * takes effect at once: a program whose service is deactivated ends in order and is not started again,
 * one whose service is activated starts. What was killed by a fault stays down. A node that is new in
 * the database has its programs from the next start of the cluster on.
 */
#ifndef SIM_HARNESS_ACTIVATION_H
#define SIM_HARNESS_ACTIVATION_H

#include "sim/harness/verb.h"

/* Follows the database; waits until what was started is ready and what was ended has ended. */
int sim_host_follow(struct sim_host *host, struct sim_error *err);

/* Verbs. */
int sim_do_activate(struct sim_call *call);

#endif
