#include "callmanager/park_numbers.h"

#include <stdlib.h>
#include <string.h>

/* Of a range: a hundred thousand calls parked at once are enough. */
#define WILD_MAX    5
#define PATTERN_MAX 50

struct range {
	uint8_t node;
	uint8_t wild; /* so many X */
	char pattern[PATTERN_MAX + 1];
};

struct list {
	struct range *range;
	size_t n;
};

struct cm_park_numbers {
	struct list now;
	struct list next; /* being loaded */
};

struct cm_park_numbers *cm_park_numbers_new(void)
{
	struct cm_park_numbers *p = calloc(1, sizeof *p);

	if (!p)
		abort();
	return p;
}

void cm_park_numbers_destroy(struct cm_park_numbers **p)
{
	if (!*p)
		return;
	free((*p)->now.range);
	free((*p)->next.range);
	free(*p);
	*p = NULL;
}

/* ---- loading -------------------------------------------------------------------------------- */

void cm_park_numbers_begin(struct cm_park_numbers *p)
{
	p->next.n = 0;
}

bool cm_park_numbers_add(struct cm_park_numbers *p, const char *pattern, uint8_t node)
{
	size_t len = strlen(pattern), wild = 0;
	struct range *r;

	for (const char *c = pattern; *c; c++)
		wild += *c == 'X';
	if (!node || len < 1 || len > PATTERN_MAX || wild > WILD_MAX ||
	    strspn(pattern, "0123456789*#ABCDX") != len)
		return false;
	p->next.range = realloc(p->next.range, (p->next.n + 1) * sizeof *p->next.range);
	if (!p->next.range)
		abort();
	r = &p->next.range[p->next.n++];
	r->node = node;
	r->wild = (uint8_t)wild;
	memcpy(r->pattern, pattern, len + 1);
	return true;
}

void cm_park_numbers_end(struct cm_park_numbers *p)
{
	struct list old = p->now;

	p->now = p->next;
	p->next = old;
}

/* ---- looking -------------------------------------------------------------------------------- */

/* How many of the pattern's places the text fills, -1 if it does not fit. */
static int fits(const char *pattern, const char *text)
{
	int n = 0;

	for (; text[n]; n++) {
		bool digit = text[n] >= '0' && text[n] <= '9';

		if (!pattern[n] || (pattern[n] == 'X' ? !digit : pattern[n] != text[n]))
			return -1;
	}
	return n;
}

uint8_t cm_park_numbers_node(const struct cm_park_numbers *p, const char *number)
{
	for (size_t i = 0; p && i < p->now.n; i++) {
		const struct range *r = &p->now.range[i];

		if (number[0] && fits(r->pattern, number) == (int)strlen(r->pattern))
			return r->node;
	}
	return 0;
}

bool cm_park_numbers_longer(const struct cm_park_numbers *p, const char *digits)
{
	for (size_t i = 0; p && i < p->now.n; i++) {
		int n = fits(p->now.range[i].pattern, digits);

		if (n >= 0 && p->now.range[i].pattern[n])
			return true;
	}
	return false;
}

/* The n-th number of the range. */
static void nth(const struct range *r, unsigned n, char number[PATTERN_MAX + 1])
{
	size_t len = strlen(r->pattern);

	memcpy(number, r->pattern, len + 1);
	for (size_t i = len; i-- > 0;) {
		if (number[i] != 'X')
			continue;
		number[i] = (char)('0' + n % 10);
		n /= 10;
	}
}

bool cm_park_numbers_free(const struct cm_park_numbers *p, uint8_t node, char *number, size_t size,
			  bool (*taken)(void *arg, const char *number), void *arg)
{
	for (size_t i = 0; i < p->now.n; i++) {
		const struct range *r = &p->now.range[i];
		char candidate[PATTERN_MAX + 1];
		unsigned count = 1;

		for (uint8_t x = 0; x < r->wild; x++)
			count *= 10;
		for (unsigned n = 0; r->node == node && n < count; n++) {
			nth(r, n, candidate);
			if (strlen(candidate) >= size || taken(arg, candidate))
				continue;
			memcpy(number, candidate, strlen(candidate) + 1);
			return true;
		}
	}
	return false;
}
