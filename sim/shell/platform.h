/*
 * platform.h - what an administrator types at the prompt of a node: the commands of the platform's
 * command line that Rehome knows, one table for what they do, for help and for completion.
 *
 * They are carried out where the cluster is held (the supervisor, or a virtual host) by the verb
 * `platform`, which the shell sends; all they show comes from the programs' doors, the database and
 * the harness. Layouts are the platform's where they are known (service list, perf query: scripts
 * of the field read them), else ours under the field's names.
 *
 * Source: domain facts 2.4, 3, 8.5, 9.
 */
#ifndef SIM_SHELL_PLATFORM_H
#define SIM_SHELL_PLATFORM_H

#include "sim/harness/door.h"
#include "sim/harness/topology.h"
#include "sim/harness/verb.h"
#include "sim/shell/words.h"

/* One command at work. */
struct platform {
	struct sim_call *call;
	const struct platform_command *command;
	const char *node;
	uint8_t number; /* of the node */
	FILE *out;
	const struct shell_words *words;
	size_t first; /* of the words, behind the command's own */
};

struct platform_command {
	const char *phrase; /* "utils service start" */
	const char *wants;  /* what follows, for the usage; "" = nothing */
	/* What may follow, one at a time from 0 on until NULL, for completion; or NULL. */
	const char *(*choice)(size_t i);
	const char *help;
	int (*run)(struct platform *p); /* 0, or -1 with the call's error */
};

/* The table; returns how many there are. */
size_t platform_commands(const struct platform_command **commands);
/* The one that the line begins with; NULL: none. */
const struct platform_command *platform_find(const struct shell_words *words);

/* The verb: arguments node and line. */
int sim_do_platform(struct sim_call *call);

/* The node's program of that application; NULL: it has none. */
struct sim_program *platform_program(const struct platform *p, uint16_t app);
/* Asks its door. -1: it does not run, or does not answer. The caller frees the door. */
int platform_ask(const struct platform *p, uint16_t app, int what, struct sim_door *door);
/* The rows that a statement prints, without header and ruler, to be freed; NULL with the call's
 * error. */
char *platform_rows(const struct platform *p, const char *statement);
/* "127.1.0.1". */
void platform_address(const struct platform *p, uint8_t node, char text[32]);
/* A moment of the host's clock as seconds since 1970 (virtual host: of the virtual day). */
long long platform_epoch(const struct platform *p, int64_t at_ns);

/* By file. */
const char *platform_service_choice(size_t i); /* service.c */
int platform_service_list(struct platform *p);
int platform_service_start(struct platform *p);
int platform_service_stop(struct platform *p);
int platform_service_restart(struct platform *p);
const char *platform_risdb_choice(size_t i); /* risdb.c */
int platform_risdb_list(struct platform *p);
int platform_risdb_query(struct platform *p);
const char *platform_perf_choice(size_t i); /* perf.c */
int platform_perf_classes(struct platform *p);
int platform_perf_counters(struct platform *p);
int platform_perf_query(struct platform *p);
int platform_perf_counter(struct platform *p);
int platform_show_status(struct platform *p); /* show.c */
int platform_show_version(struct platform *p);
int platform_show_cluster(struct platform *p);

#endif
