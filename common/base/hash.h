/* hash: a fast 64-bit hash of bytes, the same on every compiler and machine.
 *
 * For trace hashes, keys of random streams and tables of bounded, own keys. It is no protection
 * against somebody who chooses the bytes in order to collide.
 *
 * Chain by passing the last result as the next seed; what is hashed in two pieces gives another
 * value than the same bytes in one piece.
 */
#ifndef COMMON_BASE_HASH_H
#define COMMON_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t hash64(uint64_t seed, const void *data, size_t len);

/* One number; cheaper than hash64 of its bytes. */
uint64_t hash64_u64(uint64_t seed, uint64_t value);

/* A text without its end. */
uint64_t hash64_text(uint64_t seed, const char *text);

#endif
