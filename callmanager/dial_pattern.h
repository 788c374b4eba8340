/* dial_pattern.h - the field's language of dial patterns, and a trie of them.
 *
 * 0-9 A-D * # + stand for themselves, X for any digit, [2-5] or [^2-5] for one out of (not out of)
 * these, ! for one digit or more and stands at the end (or before a last #), a dot for nothing: up
 * to it digits can be discarded. A backslash may precede +. The database has refused everything
 * else.
 *
 * The closest match wins: the pattern that fewest other numbers of the same length would match.
 *
 * Source: domain.md 8 (numplan.dnorpattern), 11.1; CAL-01.
 */
#ifndef CALLMANAGER_DIAL_PATTERN_H
#define CALLMANAGER_DIAL_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CM_PATTERN_MAX 50

struct cm_pattern_element {
	uint32_t set; /* of keys: bit n for the n-th of CM_PATTERN_KEYS */
	bool many;    /* takes more than one */
};

struct cm_pattern {
	struct cm_pattern_element element[CM_PATTERN_MAX];
	size_t n;
	size_t dot; /* elements before it; 0 = there is none */
};

#define CM_PATTERN_KEYS "0123456789*#+ABCD"

/* False if the text is no pattern. */
bool cm_pattern_parse(struct cm_pattern *p, const char *text);
/* Does it hold anything but keys that stand for themselves? */
bool cm_pattern_is_one(const char *text);
/* How many of the digits, which match, stand before the dot. */
size_t cm_pattern_predot(const char *text);
/* out: `size` bytes. Digits fill the X of the mask from the right; false if it does not fit. */
bool cm_pattern_mask(char *out, size_t size, const char *mask, const char *digits);

/* The trie. A zeroed struct is an empty one. */
struct cm_trie {
	struct cm_trie_node *root;
};

/* Adds what is found by the pattern; false if the text is no pattern. */
bool cm_trie_add(struct cm_trie *t, const char *text, void *what);
void cm_trie_free(struct cm_trie *t);

struct cm_trie_walk {
	/* For each thing whose pattern matches all the digits; looseness: 0 if it could match nothing
	 * else, more the more it could. */
	void (*match)(void *arg, void *what, unsigned looseness);
	/* Does it count? Asked for what could match if more digits came, until one does. */
	bool (*counts)(void *arg, void *what);
	void *arg;
};

/* Calls match for all matches. True if something that counts could match with more digits. */
bool cm_trie_find(const struct cm_trie *t, const char *digits, const struct cm_trie_walk *walk);

#endif
