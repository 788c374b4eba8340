/*
 * moment.h - the moments within one turn of a program: what happens between two of the signals that it
 * handles. A real program stops there, too, when much waits in its queues.
 *
 *	cluster_enqueue(c, "ccm1", from, to, SIG_..., &msg);
 *	moment_until(c, "ccm1", "Transfer", "preparing");
 *	moment_lose(c, "ccm1", 3, SDL_APP_CALLMANAGER);
 *	cluster_turn(c, "ccm1");
 *
 * Time stands still meanwhile; what the program says to others goes out with its next turn.
 */
#ifndef TESTS_LIB_MOMENT_H
#define TESTS_LIB_MOMENT_H

#include "tests/lib/cluster.h"

/* Handles so many signals, or as many as wait. */
void moment_steps(struct cluster *c, const char *program, int n);
/* Handles signals until a process of the type is in that state (NULL: until there is one). */
void moment_until(struct cluster *c, const char *program, const char *type, const char *state);
/* The newest process of that type; of that label and in that state, unless NULL. */
struct sdl_pid moment_process(struct cluster *c, const char *program, const char *type,
			      const char *label, const char *state);
/* Its line to that peer breaks. */
void moment_lose(struct cluster *c, const char *program, uint8_t node, uint16_t app);

#endif
