/* prng: random streams keyed by (seed, node name, purpose).
 *
 * Each stream depends on its key alone, so a draw added for one purpose shifts no other. A
 * stream is a counter under its key: a plain value that may be copied; the copy goes on alike.
 * Drawing from a stream that was never keyed aborts. Integers only: floats differ by machine.
 *
 * Not for secrets.
 */
#ifndef COMMON_BASE_PRNG_H
#define COMMON_BASE_PRNG_H

#include <stdbool.h>
#include <stdint.h>

struct prng {
	uint64_t key[2];
	uint64_t drawn; /* how many numbers have been drawn */
};

void prng_key(struct prng *prng, uint64_t seed, const char *node, const char *purpose);

uint64_t prng_u64(struct prng *prng);

/* Evenly in 0 .. bound - 1; bound is above zero. */
uint64_t prng_below(struct prng *prng, uint64_t bound);

/* Evenly in low .. high, both included. */
int64_t prng_between(struct prng *prng, int64_t low, int64_t high);

/* True in `parts` of `whole` cases. Draws even when the odds are 0 or 1. */
bool prng_chance(struct prng *prng, uint64_t parts, uint64_t whole);

#endif
