/* dial_rule.h - SIP dial rules of type 7940_7960_OTHER: when a phone that collects digits has a whole
 * number.
 *
 * A pattern consists of the keys 0 to 9 and #, which stand for themselves, and of
 *	.	any one key
 *	*	one or more keys
 *	,	not a key: from here on a secondary dial tone, until the next key
 * After a pattern has matched, the phone waits for its time-out, unless more keys come; with 0 it
 * does not wait, though a longer pattern might still match. Of several patterns that match at the
 * same time the longest wins: the one with most keys that are not under its *, then with fewest dots,
 * then the first. Digits that no pattern matches are complete when no further key comes within
 * T302, as if the last rule were `*` with that time-out.
 *
 * Source: DEV-06, DEV-07; Administration Guide, SIP dial rules.
 */
#ifndef COMMON_BASE_DIAL_RULE_H
#define COMMON_BASE_DIAL_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIAL_PATTERN_MAX 50 /* characters */
#define DIAL_RULES_MAX	 64 /* in a set */
#define DIAL_TIMEOUT_MAX 120

struct dial_rule {
	char pattern[DIAL_PATTERN_MAX + 1];
	int timeout_s; /* 0 = at once; -1 = T302 */
};

/* Is that a pattern? False: why says what is wrong with it. */
bool dial_rule_valid(const char *pattern, char *why, size_t size);

enum dial_fit {
	DIAL_NEVER, /* whatever keys come */
	DIAL_PART,  /* more keys may make it match */
	DIAL_WHOLE, /* matches; more keys may match, too, if it has a * */
};

/* The pattern must be valid. */
enum dial_fit dial_rule_fit(const char *pattern, const char *digits);

struct dial_look {
	const struct dial_rule *rule; /* the one that matches; NULL = none */
	bool at_once;		      /* nothing is to be waited for */
	int timeout_s;		      /* else: how long for another key; -1 = T302 */
	bool secondary_tone;
};

/* What these digits, at least one, are to a set of rules. */
struct dial_look dial_rules_look(const struct dial_rule *rules, size_t n, const char *digits);

#endif
