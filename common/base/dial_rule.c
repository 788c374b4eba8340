#include "common/base/dial_rule.h"

#include <stdio.h>
#include <string.h>

bool dial_rule_valid(const char *pattern, char *why, size_t size)
{
	size_t n = strlen(pattern);

	if (n == 0 || n > DIAL_PATTERN_MAX) {
		snprintf(why, size, "a pattern has 1 to %d characters", DIAL_PATTERN_MAX);
		return false;
	}
	if (strspn(pattern, "0123456789#.*,") != n) {
		snprintf(why, size, "a pattern has 0 to 9, #, and the signs . * and ,");
		return false;
	}
	if (pattern[0] == ',' || pattern[n - 1] == ',' || strstr(pattern, ",,")) {
		snprintf(why, size, "the secondary dial tone comes between two keys");
		return false;
	}
	return true;
}

/* The pattern without its tones; *tone: one comes after that many keys of it (bit set). */
static size_t keys_of(const char *pattern, char keys[DIAL_PATTERN_MAX + 1], uint64_t *tone)
{
	size_t n = 0;

	*tone = 0;
	for (; *pattern && n < DIAL_PATTERN_MAX; pattern++) {
		if (*pattern == ',')
			*tone |= UINT64_C(1) << n;
		else
			keys[n++] = *pattern;
	}
	keys[n] = '\0';
	return n;
}

/* Where in the pattern one can be after these digits: bit i = before its key i, bit n = at the end. */
static uint64_t walk(const char *keys, size_t n, const char *digits)
{
	uint64_t at = 1;

	for (; *digits && at; digits++) {
		uint64_t next = 0;

		for (size_t i = 0; i < n; i++) {
			if (!(at >> i & 1))
				continue;
			if (keys[i] == '*')
				next |= UINT64_C(3) << i;
			else if (keys[i] == '.' || keys[i] == *digits)
				next |= UINT64_C(2) << i;
		}
		at = next;
	}
	return at;
}

static enum dial_fit fit(const char *pattern, const char *digits, bool *tone)
{
	char keys[DIAL_PATTERN_MAX + 1];
	uint64_t tones, at;
	size_t n = keys_of(pattern, keys, &tones);

	at = walk(keys, n, digits);
	*tone = (at & tones) != 0;
	if (at >> n & 1)
		return DIAL_WHOLE;
	return at ? DIAL_PART : DIAL_NEVER;
}

enum dial_fit dial_rule_fit(const char *pattern, const char *digits)
{
	bool tone;

	return fit(pattern, digits, &tone);
}

/* The longer a pattern is without its *, and the fewer dots it has, the more it weighs. */
static unsigned weight(const char *pattern)
{
	unsigned keys = 0, dots = 0;

	for (; *pattern; pattern++) {
		keys += *pattern != '*' && *pattern != ',';
		dots += *pattern == '.';
	}
	return keys * 2 * DIAL_PATTERN_MAX - dots;
}

struct dial_look dial_rules_look(const struct dial_rule *rules, size_t n, const char *digits)
{
	struct dial_look look = { .timeout_s = -1 };

	for (size_t i = 0; i < n; i++) {
		bool tone;
		enum dial_fit f = fit(rules[i].pattern, digits, &tone);

		if (f == DIAL_NEVER)
			continue;
		look.secondary_tone = look.secondary_tone || tone;
		if (f == DIAL_WHOLE &&
		    (!look.rule || weight(rules[i].pattern) > weight(look.rule->pattern)))
			look.rule = &rules[i];
	}
	if (!look.rule)
		return look;
	look.timeout_s = look.rule->timeout_s;
	look.at_once = look.timeout_s == 0;
	return look;
}
