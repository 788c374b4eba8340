/* The ring of the record, and reading along. Files are made in sdl/real/record_file.c. */
#include "sdl/core/record_ring.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/hash.h"

#define ATTEMPTS_MAX 4
#define ALIGN(n)     (((n) + 7) & ~(size_t)7)
/* More than any entry has: its payload is a signal or a text. */
#define COPY_MAX (SDL_FRAME_MAX + sizeof(struct sdl_record_entry))

struct sdl_record *record_over(struct record_ring *ring, size_t mapped)
{
	struct sdl_record *r = calloc(1, sizeof *r);

	if (!r)
		abort();
	r->ring = ring;
	r->mapped = mapped;
	if (mapped) {
		r->copy = malloc(COPY_MAX);
		if (!r->copy)
			abort();
	}
	return r;
}

void record_ring_init(struct record_ring *ring, size_t size)
{
	memcpy(ring->magic, RECORD_MAGIC, sizeof ring->magic);
	ring->size = size;
	ring->entry_size = sizeof(struct sdl_record_entry);
	ring->hash = 0x7265686f6d65; /* any constant: the chain begins there */
	atomic_store(&ring->head, 0);
	atomic_store(&ring->tail, 0);
}

size_t record_ring_size(size_t size)
{
	size_t power = 65536 * 2;

	while (power < size)
		power *= 2;
	return power;
}

struct sdl_record *sdl_record_new(size_t size)
{
	struct record_ring *ring;

	size = record_ring_size(size);
	ring = calloc(1, sizeof *ring + size); /* all of it may come to be saved */
	if (!ring)
		abort();
	record_ring_init(ring, size);
	return record_over(ring, 0);
}

/* Makes room: the oldest entries go, and tail says so before their bytes do. */
static void make_room(struct record_ring *ring, uint64_t head, size_t len)
{
	uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);

	while (head + len - tail > ring->size) {
		const struct sdl_record_entry *e =
			(const void *)(ring->bytes + (tail & (ring->size - 1)));

		tail += e->len;
	}
	atomic_store_explicit(&ring->tail, tail, memory_order_release);
	atomic_thread_fence(memory_order_seq_cst);
}

static uint64_t chain(uint64_t hash, const struct sdl_record_entry *e, const void *payload)
{
	const uint64_t fields[4] = { (uint64_t)e->time_ns, sdl_pid_pack(e->from),
				     sdl_pid_pack(e->to), e->number };

	return hash64(hash64(hash, fields, sizeof fields), payload, e->payload_len);
}

void sdl_record_append(struct sdl_record *r, struct sdl_record_entry *entry, const void *payload,
		       size_t payload_len)
{
	struct record_ring *ring = r->ring;
	size_t len = ALIGN(sizeof *entry + payload_len);
	uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
	size_t at = head & (ring->size - 1);
	size_t pad = at + len > ring->size ? ring->size - at : 0;
	unsigned char *place;

	make_room(ring, head, len + pad);
	if (pad) { /* entries do not wrap: the rest of the ring is skipped */
		struct sdl_record_entry skip = { .len = (uint32_t)pad, .kind = 0 };

		memcpy(ring->bytes + at, &skip, pad < sizeof skip ? 8 : sizeof skip);
		head += pad;
		at = 0;
	}
	entry->len = (uint32_t)len;
	entry->payload_len = (uint32_t)payload_len;
	place = ring->bytes + at;
	memcpy(place, entry, sizeof *entry);
	if (payload_len)
		memcpy(place + sizeof *entry, payload, payload_len);
	memset(place + sizeof *entry + payload_len, 0, len - sizeof *entry - payload_len);
	if (entry->kind == SDL_REC_SIGNAL || entry->kind == SDL_REC_IN)
		ring->hash = chain(ring->hash, entry, payload);
	atomic_store_explicit(&ring->head, head + len, memory_order_release);
}

uint64_t sdl_record_hash(const struct sdl_record *r)
{
	return r->ring->hash;
}

uint64_t sdl_record_head(const struct sdl_record *r)
{
	return atomic_load_explicit(&r->ring->head, memory_order_acquire);
}

/* The length of the entry at `at`, or 0 if what lies there is none. */
static size_t entry_len(const struct record_ring *ring, uint64_t at, uint64_t head)
{
	size_t offset = at & (ring->size - 1);
	const struct sdl_record_entry *e = (const void *)(ring->bytes + offset);
	uint32_t len = __atomic_load_n(&e->len, __ATOMIC_RELAXED);

	return len < 8 || len % 8 || len > ring->size - offset || len > head - at ? 0 : len;
}

static bool is_whole(const struct sdl_record_entry *e, size_t len)
{
	return len >= sizeof *e && e->len == len &&
	       ALIGN(sizeof *e + (size_t)e->payload_len) == len;
}

/* An entry of a ring that another program writes is copied, and counts only if it was not
 * overwritten meanwhile. */
static const struct sdl_record_entry *taken(const struct sdl_record *r, uint64_t at, size_t len)
{
	const unsigned char *from = r->ring->bytes + (at & (r->ring->size - 1));

	if (!r->copy)
		return (const void *)from;
	if (len > COPY_MAX)
		len = COPY_MAX; /* a skipped rest; entries are shorter */
	memcpy(r->copy, from, len);
	return (const void *)r->copy;
}

const struct sdl_record_entry *sdl_record_next(const struct sdl_record *r,
					       struct sdl_record_cursor *cursor)
{
	struct record_ring *ring = r->ring;
	uint64_t head;

	for (int attempts = 0; attempts < ATTEMPTS_MAX; attempts++) {
		uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
		const struct sdl_record_entry *e;
		size_t len;

		if (cursor->at < tail) {
			cursor->lost += tail - cursor->at;
			cursor->at = tail;
		}
		head = sdl_record_head(r);
		if (cursor->at >= head)
			return NULL;
		len = entry_len(ring, cursor->at, head);
		e = len ? taken(r, cursor->at, len) : NULL;
		atomic_thread_fence(memory_order_acquire);
		if (atomic_load_explicit(&ring->tail, memory_order_relaxed) > cursor->at)
			continue; /* overwritten while we looked */
		if (!e || (e->kind && !is_whole(e, len)))
			break;
		cursor->at += len;
		if (e->kind)
			return e;
		attempts--; /* the skipped end of the ring */
	}
	/* A broken file, or a writer that is always faster: go on at its newest. */
	head = sdl_record_head(r);
	cursor->lost += head - cursor->at;
	cursor->at = head;
	return NULL;
}
