/*
 * verb.h - the one table of verbs.
 *
 * The command line, scenarios, the control socket and the manual are made from it: each verb has a
 * subject (the cluster, a phone, an application), typed arguments, an example and one function.
 * Arguments travel as texts; sim_verb_check says what is wrong with them before anything is done.
 */
#ifndef SIM_HARNESS_VERB_H
#define SIM_HARNESS_VERB_H

#include <stdio.h>

#include "sim/harness/host.h"
#include "sim/harness/topology.h"

enum sim_subject {
	SIM_ON_CLUSTER,
	SIM_ON_PHONE, /* command line: rehome phone NAME verb; scenario: c:phone(NAME):verb */
	SIM_ON_APP,   /* rehome app NAME verb; c:app(NAME, {...}):verb */
};

enum sim_arg_type {
	SIM_ARG_NONE,
	SIM_ARG_TARGET, /* ccm1, ccm1:ctimanager, app:ivr, phones */
	SIM_ARG_NODE,
	SIM_ARG_DEVICE, /* of the topology, or unknown on purpose: any name */
	SIM_ARG_DIGITS, /* 0-9 * # + */
	SIM_ARG_TEXT,
	SIM_ARG_COUNT,	/* whole number, 0 or more */
	SIM_ARG_TIME,	/* 500ms, 2s, 1m; a bare number is milliseconds */
	SIM_ARG_CHOICE, /* one of choices */
	SIM_ARG_SIGNAL, /* a signal's name */
	SIM_ARG_FLAG,	/* given or not */
	SIM_ARG_REST,	/* all words that follow, with their options: the command's own affair */
};

struct sim_arg {
	const char *name;
	enum sim_arg_type type;
	enum {
		SIM_NEEDED,
		SIM_OPTIONAL,
		SIM_OPTION
	} use;		     /* option: --name X, in Lua { name = X } */
	const char *choices; /* "none static dynamic watch" */
};

#define SIM_ARGS_MAX 14

enum { /* where a verb is known */
       SIM_REAL = 1,
       SIM_VIRTUAL = 2,
       SIM_BOTH = 3,
       SIM_COMMAND = 4,	 /* on the command line, through the control socket */
       SIM_SCENARIO = 8, /* in scenarios */
       SIM_HERE = 16,	 /* on the command line, done by the command itself */
};

/* One use of a verb. */
struct sim_call {
	const struct sim_verb *verb;
	struct sim_host *host;
	struct sim_program *program;	/* the application's, or that of the phones */
	const char *subject;		/* the phone's or the application's name */
	const char *args[SIM_ARGS_MAX]; /* by position in the verb's table; NULL = not given */
	FILE *out;			/* what is shown to the user */
	bool watch; /* somebody waits for what comes of it: tell it (command line) */
	struct sim_error *err;
};

struct sim_verb {
	const char *name;
	enum sim_subject subject;
	unsigned where;
	struct sim_arg args[SIM_ARGS_MAX];
	const char *help;		   /* one sentence */
	const char *example;		   /* in a scenario, or on the command line */
	int (*run)(struct sim_call *call); /* NULL for SIM_HERE */
};

/* The table; returns how many there are. */
size_t sim_verbs(const struct sim_verb **verbs);
const struct sim_verb *sim_verb(enum sim_subject subject, const char *name);
unsigned sim_verb_args(const struct sim_verb *verb);

/* Are these arguments possible in this topology? app_known says whether a name is an application's.
 */
int sim_verb_check(const struct sim_verb *verb, const char *const *args,
		   const struct sim_topology *topology,
		   bool (*app_known)(void *arg, const char *name), void *arg,
		   struct sim_error *err);
/* One argument alone. */
int sim_arg_check(const struct sim_arg *arg, const char *text, const struct sim_topology *topology,
		  bool (*app_known)(void *arg, const char *name), void *app_arg,
		  struct sim_error *err);
/* Finds the subject and does it. */
int sim_verb_run(struct sim_call *call);

/* Nanoseconds of "500ms", "2s", "1m", "250us"; -1 if it is none. */
int64_t sim_time_parse(const char *text);

/* "kill TARGET": how a verb is written on the command line. */
void sim_verb_usage(const struct sim_verb *verb, char *buf, size_t size);

/* ---- functions of the table, by file ------------------------------------------------- */
int sim_do_poke(struct sim_call *call); /* verb_cluster.c */
int sim_do_kill(struct sim_call *call);
int sim_do_term(struct sim_call *call);
int sim_do_crash_at(struct sim_call *call);
int sim_do_freeze(struct sim_call *call);
int sim_do_thaw(struct sim_call *call);
int sim_do_start(struct sim_call *call);
int sim_do_cut(struct sim_call *call);
int sim_do_heal(struct sim_call *call);
int sim_do_slow(struct sim_call *call);
int sim_do_set_group(struct sim_call *call); /* verb_config.c */
int sim_do_set_pool(struct sim_call *call);
int sim_do_set_device(struct sim_call *call);
int sim_do_set_line(struct sim_call *call);
int sim_do_associate(struct sim_call *call);
int sim_do_reset(struct sim_call *call);
int sim_do_user_group(struct sim_call *call);
int sim_do_phone(struct sim_call *call); /* verb_endpoint.c */
int sim_do_app(struct sim_call *call);
int sim_do_start_app(struct sim_call *call);
int sim_do_status(struct sim_call *call);	/* status.c */
int sim_do_applications(struct sim_call *call); /* applications.c */
int sim_do_metrics(struct sim_call *call);	/* metrics.c */
int sim_do_platform(struct sim_call *call);	/* sim/shell/platform.c */
int sim_do_rest(struct sim_call *call);		/* sim/explore/rest.c */

#endif
