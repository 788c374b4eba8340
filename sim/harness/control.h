/*
 * control.h - the control socket of a running cluster.
 *
 * In the run directory, mode 0700. A client sends one line of JSON and gets one back:
 *	{"verb":"kill","subject":"cluster"|"phone"|"app","name":"ivr","args":{"target":"ccm1"}}
 *	{"status":0,"output":"...","error":"..."}
 * A request has at most 64 KiB. Only the owner of the cluster is served.
 */
#ifndef SIM_HARNESS_CONTROL_H
#define SIM_HARNESS_CONTROL_H

#include "sim/harness/verb.h"

#define SIM_CONTROL_MAX 65536

/* Server: a listening socket in the directory; -1 with *err. */
int sim_control_listen(const char *dir, struct sim_error *err);
/* Takes one waiting client, does what it asks with the host, answers. *down is set by the verb
 * down. */
void sim_control_serve(int listening, struct sim_host *host, bool *down);

/* Does one request line; the answer is allocated. Apart for tests and fuzzing. */
char *sim_control_answer(const char *line, size_t len, struct sim_host *host, bool *down);

/* Client: sends a verb with its arguments, prints its output. Returns the exit status; *err has a
 * text when it is not 0. */
int sim_control_ask(const char *dir, const struct sim_verb *verb, const char *subject,
		    const char *const *args, FILE *out, struct sim_error *err);

/* A pidfd of the supervisor, for waiting for its end. */
int sim_control_supervisor(const char *dir, struct sim_error *err);

#endif
