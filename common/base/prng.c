#include "common/base/prng.h"

#include "common/base/hash.h"

#include <stdlib.h>
#include <string.h>

void prng_key(struct prng *prng, uint64_t seed, const char *node, const char *purpose)
{
	/* Lengths are part of each hash, so ("ab", "c") and ("a", "bc") are different keys. */
	uint64_t key = hash64_text(hash64_text(hash64_u64(0, seed), node), purpose);

	prng->key[0] = key;
	prng->key[1] = hash64_u64(key, seed) | 1; /* never zero: zero marks an unkeyed stream */
	prng->drawn = 0;
}

uint64_t prng_u64(struct prng *prng)
{
	if (prng->key[1] == 0)
		abort();
	return hash64_u64(prng->key[0] + prng->drawn++ * prng->key[1], prng->key[1]);
}

/* The high half of bound * draw is even but for `rest` low values, which are drawn again. */
uint64_t prng_below(struct prng *prng, uint64_t bound)
{
	if (bound == 0)
		abort();
	for (;;) {
		unsigned __int128 product = (unsigned __int128)prng_u64(prng) * bound;
		uint64_t low = (uint64_t)product;

		if (low >= bound || low >= -bound % bound)
			return (uint64_t)(product >> 64);
	}
}

int64_t prng_between(struct prng *prng, int64_t low, int64_t high)
{
	uint64_t width = (uint64_t)high - (uint64_t)low;

	if (high < low)
		abort();
	if (width == UINT64_MAX)
		return (int64_t)prng_u64(prng);
	return (int64_t)((uint64_t)low + prng_below(prng, width + 1));
}

bool prng_chance(struct prng *prng, uint64_t parts, uint64_t whole)
{
	return prng_below(prng, whole) < parts;
}
