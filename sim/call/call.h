/*
 * call.h - `rehome call`: calls by hand on a running cluster, with every change of state as it
 * happens.
 *
 * Changes are what the CallManagers' device processes hear of their legs (CcCallInd, media), and
 * what phones are given to show (a park number), read from the records of the cluster; nothing in
 * the cluster knows that somebody looks.
 */
#ifndef SIM_CALL_CALL_H
#define SIM_CALL_CALL_H

#include "sim/harness/command.h"

int sim_call_command(struct sim_command *command, struct sim_error *err);
/* What the prompt understands, for its help and that of `rehome call --help`. */
void sim_call_help(FILE *out);

/* ---- view.c: changes of state ----------------------------------------------------------------- */
struct call_view;
/* What happens from now on in the cluster whose run directory that is. */
struct call_view *call_view_new(const char *dir);
void call_view_destroy(struct call_view **view);
/* One line per change since the last time, oldest first, each given to print without a line feed.
 * Returns how many. */
size_t call_view_read(struct call_view *view, void (*print)(void *arg, const char *line),
		      void *arg);

/* ---- who.c: who has which number -------------------------------------------------------------- */
struct call_who {
	struct call_party {
		char *dn;
		char *device;
		bool phone;
	} * parties;
	size_t n;
};
int call_who_read(struct call_who *who, const char *dir, struct sim_error *err);
void call_who_free(struct call_who *who);
/* By its name, or by a number of it; a phone first. NULL: nobody. */
const struct call_party *call_who_find(const struct call_who *who, const char *name);

#endif
