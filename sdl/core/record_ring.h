/*
 * record_ring.h - how a record lies in memory and in its file: this struct, then `size` bytes.
 */
#ifndef SDL_CORE_RECORD_RING_H
#define SDL_CORE_RECORD_RING_H

#include <stdatomic.h>

#include "sdl/record.h"

#define RECORD_MAGIC "RHREC001"

struct record_ring {
	char magic[8];
	uint64_t size; /* of bytes; a power of two */
	uint64_t entry_size;
	uint64_t hash;
	_Atomic uint64_t head; /* bytes ever written */
	_Atomic uint64_t tail; /* the oldest byte that is still whole */
	_Alignas(16) unsigned char bytes[];
};

struct sdl_record {
	struct record_ring *ring;
	size_t mapped;	     /* length of the mapping; 0 = from malloc */
	unsigned char *copy; /* of the entry last read, when somebody else may be writing */
};

size_t record_ring_size(size_t size);
void record_ring_init(struct record_ring *ring, size_t size);
struct sdl_record *record_over(struct record_ring *ring, size_t mapped);

#endif
