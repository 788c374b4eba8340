#include "common/base/hash.h"

#include <endian.h>
#include <string.h>

/* Odd numbers with no pattern: the fractional digits of the roots of 2, 3 and 5 in base 16. */
#define ROOT2 UINT64_C(0x6A09E667F3BCC909)
#define ROOT3 UINT64_C(0xBB67AE8584CAA73B)
#define ROOT5 UINT64_C(0x3C6EF372FE94F82B)

/* All bits of both numbers reach all bits of the result. */
static uint64_t fold(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t rotate(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

static uint64_t load(const unsigned char *p)
{
	uint64_t x;

	memcpy(&x, p, sizeof(x));
	return le64toh(x);
}

/* The rotated state is kept beside the product, so that a factor of zero does not wipe it out. */
static uint64_t absorb(uint64_t state, uint64_t low, uint64_t high)
{
	return fold(low ^ ROOT3, high ^ state) ^ rotate(state, 29);
}

static uint64_t finish(uint64_t state, uint64_t len)
{
	return fold(state ^ ROOT5, fold(state ^ len, ROOT2) ^ ROOT3);
}

uint64_t hash64(uint64_t seed, const void *data, size_t len)
{
	const unsigned char *p = data;
	uint64_t state = seed ^ ROOT2;
	size_t left = len;

	for (; left >= 16; left -= 16, p += 16)
		state = absorb(state, load(p), load(p + 8));
	if (left) {
		unsigned char tail[16] = { 0 };

		memcpy(tail, p, left);
		state = absorb(state, load(tail), load(tail + 8));
	}
	return finish(state, len);
}

uint64_t hash64_u64(uint64_t seed, uint64_t value)
{
	return finish(absorb(seed ^ ROOT2, value, ROOT5), sizeof(value));
}

uint64_t hash64_text(uint64_t seed, const char *text)
{
	return hash64(seed, text, strlen(text));
}
