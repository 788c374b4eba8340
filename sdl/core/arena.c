/* Memory of the message being handled: bumped while it is unpacked, thrown away as a whole. A
 * message may need many times its packed size; the cap keeps a hostile one from taking the program
 * down. */
#include "sdl/core/core.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE 8192
#define ARENA_MAX  (4u << 20)

struct arena_chunk {
	struct arena_chunk *next;
	size_t size;
	size_t used;
	_Alignas(16) unsigned char bytes[];
};

static struct arena_chunk *chunk_new(size_t size)
{
	struct arena_chunk *c = malloc(sizeof *c + size);

	if (!c)
		abort();
	c->next = NULL;
	c->size = size;
	c->used = 0;
	return c;
}

static void *arena_alloc(void *data, size_t size)
{
	struct arena *a = data;
	struct arena_chunk *c = a->chunks;

	size = (size + 15) & ~(size_t)15;
	if (size > ARENA_MAX || a->used + size > ARENA_MAX)
		return NULL;
	if (c->used + size > c->size) {
		c = chunk_new(size > CHUNK_SIZE ? size : CHUNK_SIZE);
		c->next = a->chunks;
		a->chunks = c;
	}
	a->used += size;
	c->used += size;
	return c->bytes + c->used - size;
}

static void arena_release(void *data, void *pointer)
{
	(void)data;
	(void)pointer; /* all at once, in arena_reset */
}

void arena_init(struct arena *a)
{
	a->allocator = (ProtobufCAllocator){ arena_alloc, arena_release, a };
	a->chunks = chunk_new(CHUNK_SIZE);
	a->used = 0;
}

void arena_reset(struct arena *a)
{
	while (a->chunks->next) {
		struct arena_chunk *c = a->chunks;

		a->chunks = c->next;
		free(c);
	}
	a->chunks->used = 0;
	a->used = 0;
}

void arena_free(struct arena *a)
{
	while (a->chunks) {
		struct arena_chunk *c = a->chunks;

		a->chunks = c->next;
		free(c);
	}
}

void *arena_unpack(struct arena *a, const ProtobufCMessageDescriptor *d, const uint8_t *bytes,
		   size_t len)
{
	return protobuf_c_message_unpack(d, &a->allocator, len, bytes);
}
