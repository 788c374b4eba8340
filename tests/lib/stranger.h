/*
 * stranger.h - signals that a link may carry, from somebody whom nobody asked: late, doubled, about
 * calls and devices that are not there.
 *
 * A program has to take whatever its links may bring it. What comes so is told by the tables: every
 * row of every process, for a signal between programs of the cluster.
 */
#ifndef TESTS_LIB_STRANGER_H
#define TESTS_LIB_STRANGER_H

#include "tests/lib/cluster.h"

enum stranger_fields {
	STRANGER_BRIEF, /* what is required */
	STRANGER_FULL,	/* all that a message has once */
	STRANGER_WILD,	/* all, with the largest numbers, long texts, values that no enum has */
};

/* One of each such signal to every process that the program has now, with fields that mean nothing.
 * Returns how many. */
unsigned stranger_says_all(struct cluster *c, const char *name, struct sdl_pid from,
			   enum stranger_fields fields);
/* Likewise the signals that never leave the program, to the processes of one type: as from a
 * process of it that has ended since. */
unsigned stranger_says_within(struct cluster *c, const char *name, const char *type,
			      struct sdl_pid from, enum stranger_fields fields);
/* Both kinds, to the processes of one type. */
unsigned stranger_says_to(struct cluster *c, const char *name, const char *type,
			  struct sdl_pid from, enum stranger_fields fields);

#endif
