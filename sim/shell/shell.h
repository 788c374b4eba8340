/*
 * shell.h - `rehome shell`: the administrator's prompt.
 *
 * It belongs to one node of the cluster. A line is one of: the shell's own commands (help, node,
 * quit, run sql ...), a command of the platform (sim/shell/platform.h), a verb of the harness as
 * after `rehome`. At a terminal it has a history, which is kept in $XDG_STATE_HOME/rehome/history
 * (lines that contain "password" are not), and completion. From a pipe it echoes each line behind
 * the prompt, so that what comes out reads like a captured session; with -c it shows the answers
 * alone. Empty lines and lines that begin with # are skipped.
 *
 * The exit status is the first one that is not 0; at a terminal, where all was seen, 0.
 */
#ifndef SIM_SHELL_SHELL_H
#define SIM_SHELL_SHELL_H

#include <stdbool.h>

#include "sim/harness/command.h"

struct shell {
	const char *cluster;
	char node[SIM_NAME_SIZE]; /* "": the first one of the cluster */
	bool over;
};

int sim_shell_command(struct sim_command *command, struct sim_error *err);

/* Does one line; its exit status, with *err set if that is not 0. */
int shell_do(struct shell *shell, const char *line, struct sim_error *err);

/* The shell's own commands: name and what follows it, for help and completion; NULL after the
 * last. */
const char *shell_own(size_t i, const char **wants, const char **help);

/* ---- complete.c -------------------------------------------------------------------------- */

/* What may come after the words of this text and begins as the word to complete does: each told
 * once. The nodes, devices and users are those of the cluster's database, if it runs. */
void shell_candidates(const struct shell *shell, const char *text, const char *begin,
		      void (*tell)(void *arg, const char *word), void *arg);

/* ---- page.c ------------------------------------------------------------------------------ */

/* Prints a text, at a terminal a screen at a time. */
void shell_page(const char *text);

/* ---- prompt.c ---------------------------------------------------------------------------- */

/* Talks with a person at a terminal until they quit. */
void shell_talk(struct shell *shell);

#endif
