/* Rows lie in an array by age; a table of row numbers, probed linearly, finds them by key. What is
 * removed leaves a hole among the rows, but none in the table: the entries behind it close up. */
#include "common/base/roster.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/hash.h"

#define SLOTS_MIN 8

static void *row_at(const struct roster_kind *kind, const struct roster *r, uint32_t i)
{
	return r->rows + i * kind->row_size;
}

static bool is_hole(const struct roster_kind *kind, const void *row)
{
	const unsigned char *bytes = row;

	for (size_t i = 0; i < kind->row_size; i++)
		if (bytes[i])
			return false;
	return true;
}

/* Where the search for a key begins. */
static uint32_t home(const struct roster *r, const void *key, size_t len)
{
	return (uint32_t)hash64(0, key, len) & (r->slots_n - 1);
}

static uint32_t home_of(const struct roster_kind *kind, const struct roster *r, uint32_t slot)
{
	struct roster_key key = kind->key(row_at(kind, r, r->slots[slot] - 1));

	return home(r, key.bytes, key.len);
}

/* The slot of the row with that key, or the free one where it would go. */
static uint32_t slot_of(const struct roster_kind *kind, const struct roster *r, const void *key,
			size_t len)
{
	uint32_t slot = home(r, key, len);

	for (; r->slots[slot]; slot = (slot + 1) & (r->slots_n - 1)) {
		struct roster_key have = kind->key(row_at(kind, r, r->slots[slot] - 1));

		if (have.len == len && memcmp(have.bytes, key, len) == 0)
			break;
	}
	return slot;
}

void *roster_find(const struct roster_kind *kind, const struct roster *r, const void *key,
		  size_t len)
{
	uint32_t slot;

	if (!r->n)
		return NULL;
	slot = slot_of(kind, r, key, len);
	return r->slots[slot] ? row_at(kind, r, r->slots[slot] - 1) : NULL;
}

static void enter(const struct roster_kind *kind, struct roster *r, uint32_t i)
{
	struct roster_key key = kind->key(row_at(kind, r, i));

	r->slots[slot_of(kind, r, key.bytes, key.len)] = i + 1;
}

static void enter_all(const struct roster_kind *kind, struct roster *r)
{
	memset(r->slots, 0, r->slots_n * sizeof *r->slots);
	for (uint32_t i = 0; i < r->rows_n; i++)
		if (!is_hole(kind, row_at(kind, r, i)))
			enter(kind, r, i);
}

static void close_holes(const struct roster_kind *kind, struct roster *r)
{
	uint32_t to = 0;

	for (uint32_t i = 0; i < r->rows_n; i++) {
		if (is_hole(kind, row_at(kind, r, i)))
			continue;
		if (to != i)
			memcpy(row_at(kind, r, to), row_at(kind, r, i), kind->row_size);
		to++;
	}
	r->rows_n = to;
	enter_all(kind, r);
}

static void rows_grow(const struct roster_kind *kind, struct roster *r)
{
	r->rows_size += r->rows_size / 4 + 4;
	r->rows = realloc(r->rows, r->rows_size * kind->row_size);
	if (!r->rows)
		abort();
}

static void slots_grow(const struct roster_kind *kind, struct roster *r)
{
	r->slots_n = r->slots_n ? 2 * r->slots_n : SLOTS_MIN;
	free(r->slots);
	r->slots = malloc(r->slots_n * sizeof *r->slots);
	if (!r->slots)
		abort();
	enter_all(kind, r);
}

void roster_add(const struct roster_kind *kind, struct roster *r, const void *row)
{
	if (r->rows_n == r->rows_size) {
		if (r->rows_n - r->n > r->rows_n / 4)
			close_holes(kind, r);
		else
			rows_grow(kind, r);
	}
	if (r->n >= r->slots_n / 4 * 3)
		slots_grow(kind, r);
	memcpy(row_at(kind, r, r->rows_n), row, kind->row_size);
	enter(kind, r, r->rows_n);
	r->rows_n++;
	r->n++;
}

void roster_remove(const struct roster_kind *kind, struct roster *r, void *row)
{
	struct roster_key key = kind->key(row);
	uint32_t mask = r->slots_n - 1;
	uint32_t hole = slot_of(kind, r, key.bytes, key.len);

	r->slots[hole] = 0;
	for (uint32_t slot = (hole + 1) & mask; r->slots[slot]; slot = (slot + 1) & mask) {
		if (((slot - home_of(kind, r, slot)) & mask) < ((slot - hole) & mask))
			continue; /* its search does not come by the hole */
		r->slots[hole] = r->slots[slot];
		r->slots[slot] = 0;
		hole = slot;
	}
	memset(row, 0, kind->row_size);
	if (--r->n == 0)
		roster_free(r);
}

void *roster_next(const struct roster_kind *kind, const struct roster *r, uint32_t *at)
{
	while (*at < r->rows_n) {
		void *row = row_at(kind, r, (*at)++);

		if (!is_hole(kind, row))
			return row;
	}
	return NULL;
}

void roster_free(struct roster *r)
{
	free(r->rows);
	free(r->slots);
	*r = (struct roster){ 0 };
}
