/* command.h - what `rehome VERB ...` does; each returns an exit status. */
#ifndef SIM_HARNESS_COMMAND_H
#define SIM_HARNESS_COMMAND_H

#include "sim/harness/verb.h"

/* The arguments of a command line, sorted out by the verb's table. */
struct sim_command {
	const struct sim_verb *verb;
	const char *subject;
	const char *args[SIM_ARGS_MAX];
	const char *cluster; /* --cluster NAME */
	const char **rest;   /* of a verb that takes many: scenarios */
	size_t rest_n;
};

/* argv[0] is the verb. 0, or -1 with what is wrong. Borrows argv; the caller frees rest. */
int sim_command_parse(struct sim_command *command, int argc, char **argv, struct sim_error *err);
/* The value of an argument by its name. */
const char *sim_command_value(const struct sim_command *command, const char *name);

/* What VERB --help, phone NAME VERB --help tell; argv ends with --help. -1: there is no such verb. */
int sim_command_help(int argc, char **argv); /* help.c */

int sim_command_run(struct sim_command *command, struct sim_error *err);

/* By file. */
int sim_cmd_up(struct sim_command *command, struct sim_error *err); /* command.c */
int sim_cmd_down(struct sim_command *command, struct sim_error *err);
int sim_cmd_sql(struct sim_command *command, struct sim_error *err); /* command_look.c */
int sim_cmd_alarms(struct sim_command *command, struct sim_error *err);
int sim_cmd_trace(struct sim_command *command, struct sim_error *err);
int sim_cmd_process(struct sim_command *command, struct sim_error *err); /* process_types.c */
int sim_cmd_manual(struct sim_command *command, struct sim_error *err);	 /* manual.c */
int sim_cmd_mutants(struct sim_command *command, struct sim_error *err); /* mutants.c */
int sim_cmd_clauses(struct sim_command *command, struct sim_error *err); /* clauses.c */

#endif
