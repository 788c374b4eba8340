/*
 * roster.h - rows found by their key, kept in the order in which they came.
 *
 * For tables of thousands of devices and numbers: a row costs its own size and about 8 bytes more,
 * finding one costs the same however many there are, and walking goes by age on every machine.
 *
 * A row is a few plain bytes that say themselves what their key is; most often a pointer to what
 * is found by it. A row of zero bytes is no row. The roster owns its rows, not what they point to;
 * pointers to rows hold until the next roster_add. A zeroed struct is an empty roster; all calls on
 * one roster name the same kind. Keys are unique and must not change while the row is there.
 *
 *	static const struct roster_kind by_name = { sizeof(struct device *), name_of };
 *	struct device **row = roster_find(&by_name, &devices, name, strlen(name));
 *
 *	for (uint32_t at = 0; (row = roster_next(&by_name, &devices, &at));)
 *		...			rows may be removed here, but none added
 */
#ifndef COMMON_BASE_ROSTER_H
#define COMMON_BASE_ROSTER_H

#include <stddef.h>
#include <stdint.h>

struct roster_key {
	const void *bytes;
	size_t len;
};

struct roster_kind {
	size_t row_size;
	struct roster_key (*key)(const void *row);
};

struct roster {
	unsigned char *rows; /* by age, with holes where rows were removed */
	uint32_t *slots;     /* hash table of row numbers + 1 */
	uint32_t rows_n;     /* with holes */
	uint32_t rows_size;
	uint32_t slots_n; /* 0 or a power of two */
	uint32_t n;	  /* rows without holes */
};

/* NULL if there is none. */
void *roster_find(const struct roster_kind *kind, const struct roster *r, const void *key,
		  size_t len);
/* Copies the row in; no row has its key yet. */
void roster_add(const struct roster_kind *kind, struct roster *r, const void *row);
/* row: as found in this roster. With the last one all memory goes. */
void roster_remove(const struct roster_kind *kind, struct roster *r, void *row);
/* The next row by age from place *at on, which moves behind it; begin with 0. NULL at the end. */
void *roster_next(const struct roster_kind *kind, const struct roster *r, uint32_t *at);
/* Forgets all rows. */
void roster_free(struct roster *r);

#endif
