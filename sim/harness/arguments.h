/* arguments.h - the command line with which the real host starts a program, and its names there. */
#ifndef SIM_HARNESS_ARGUMENTS_H
#define SIM_HARNESS_ARGUMENTS_H

#include "sim/harness/host_private.h"

#define ARGUMENTS_CONTROL_FD 3 /* the descriptor of the control channel in the program */
#define ARGUMENTS_MAX	     128

/* Texts live in the list. */
struct arguments {
	char *argv[ARGUMENTS_MAX + 1];
	unsigned n;
};

/* folder: of the programs. Free with arguments_free. */
void arguments_of(struct sim_host *host, const char *folder, struct sim_program *p,
		  struct arguments *a);
void arguments_free(struct arguments *a);

/* What the program calls itself in alarms and records: its node's name, or its own. */
void arguments_own_name(const struct sim_host *host, const struct sim_program *p,
			char name[SIM_NAME_SIZE]);
/* Of its log: "ccm1-callmanager". */
void arguments_file_name(const struct sim_program *p, char name[SIM_NAME_SIZE]);

#endif
