/*
 * supervisor.h - the process that owns a running cluster.
 *
 * `rehome up` leaves one: in a session of its own, it holds the run directory, the number and all
 * programs, serves the control socket and ends on the verb down, SIGTERM or SIGINT. When it is
 * killed its programs die with it (they asked for that at their start), and the next `up` removes
 * the directory.
 */
#ifndef SIM_HARNESS_SUPERVISOR_H
#define SIM_HARNESS_SUPERVISOR_H

#include "sim/harness/topology.h"

struct sim_up {
	const struct sim_topology *topology;
	const char *cluster; /* name; NULL = the default */
	/* Absolute path of a database that is there and holds the topology: it is used in place, and
	 * stays. NULL: one is made and goes with the cluster. */
	const char *database;
	int speed;
	bool foreground;
};

/* Starts the cluster. Prints how long readiness took; in the foreground it returns at the end of
 * the cluster. Returns the exit status; *err has a text when it is not 0. */
int sim_up(const struct sim_up *up, struct sim_error *err);

/* The database of a run directory, filled from the topology: <dir>/cluster.db. NULL with *err. */
struct db *sim_database_make(const char *dir, const struct sim_topology *topology,
			     struct sim_error *err);

#endif
