/* mutant: known-bad switches, from the one table mutant.def.
 *
 * A test that cannot fail proves nothing: each switch makes one mistake on purpose, in one line of
 * the code that would make it, and something has to find it. A program has the set of its switches
 * in its configuration, as bits; only the virtual host sets any, and a bit that is off costs a test
 * of that word. Asked with sdl_mutant(self, MUTANT_REHOME_DURING_CALL).
 */
#ifndef COMMON_BASE_MUTANT_H
#define COMMON_BASE_MUTANT_H

#include <stddef.h>
#include <stdint.h>

enum mutant_id {
#define MUTANT(id, name, program, clause, seeds, text) MUTANT_##id,
#include "common/base/mutant.def"
#undef MUTANT
	MUTANTS, /* how many there are */
};

struct mutant {
	const char *name;    /* "rehome-during-call" */
	const char *program; /* where it is */
	const char *clause;  /* what it breaks */
	const char *text;    /* what it does wrong: one line */
	uint64_t seeds;	     /* of explore, within which it must be found */
};

const struct mutant *mutant(enum mutant_id id);

static inline uint64_t mutant_bit(enum mutant_id id)
{
	return UINT64_C(1) << id;
}

/* Names, separated by commas, to bits: 0, or -1 with *unknown at the first name that is none. */
int mutants_by_name(const char *names, uint64_t *bits, const char **unknown);
/* The way back, cut at size. */
void mutants_names(uint64_t bits, char *names, size_t size);

#endif
