/*
 * run_dir.h - the directory of a running cluster, and the number it holds.
 *
 * Directories lie in one place of this user, mode 0700: $XDG_RUNTIME_DIR/rehome, else
 * $TMPDIR or /tmp and rehome-<uid>. A cluster's directory bears its name and holds cluster.db, the
 * records, the programs' logs, alarms.log, the token and the control socket. Its supervisor keeps a
 * lock in it; a directory that nobody locks is left over from one that was killed, and goes.
 *
 * The number c (node n lives on 127.c.0.n) is the first that is free, held by an abstract socket
 * which any death releases.
 */
#ifndef SIM_HARNESS_RUN_DIR_H
#define SIM_HARNESS_RUN_DIR_H

#include "sim/harness/host.h"

#define SIM_RUN_DIR_SIZE 90 /* a socket's path has 108 bytes */

struct sim_run_dir {
	char path[SIM_RUN_DIR_SIZE];
	char name[32]; /* of the cluster */
	int cluster;   /* c */
	int lock;      /* descriptors held for life */
	int number;
	char token[33];
};

#define SIM_CLUSTER_DEFAULT "rehome"

/* Makes the directory of the cluster `name` (NULL: a name of its own for a run) and takes a number.
 * Removes what killed supervisors left. A cluster of that name that runs: an error. */
int sim_run_dir_new(struct sim_run_dir *dir, const char *name, struct sim_error *err);
/* Removes it with all that is in it, and lets the number go. */
void sim_run_dir_remove(struct sim_run_dir *dir);

/* The directory of a running cluster; an error that says what runs. */
int sim_run_dir_find(char path[SIM_RUN_DIR_SIZE], const char *name, struct sim_error *err);

#endif
