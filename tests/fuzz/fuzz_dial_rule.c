/* SIP dial rules: any pattern is refused or can be matched against any digits; more digits never make
 * a match of what could not be one. */
#include <stdlib.h>
#include <string.h>

#include "common/base/dial_rule.h"
#include "tests/fuzz/input.h"

static void text(struct input *in, char *buf, size_t size)
{
	size_t len;
	const uint8_t *piece = input_piece(in, &len);

	if (len > size - 1)
		len = size - 1;
	if (len)
		memcpy(buf, piece, len);
	buf[len] = '\0';
}

/* Each key may only narrow what is possible. */
static void check(const struct dial_rule *rule, const char *digits)
{
	char so_far[64];
	enum dial_fit before = DIAL_PART;

	for (size_t n = 1; n <= strlen(digits) && n < sizeof(so_far); n++) {
		enum dial_fit now;

		memcpy(so_far, digits, n);
		so_far[n] = '\0';
		now = dial_rule_fit(rule->pattern, so_far);
		if (before == DIAL_NEVER && now != DIAL_NEVER)
			abort();
		before = now;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct dial_rule rules[4];
	char digits[64], why[100];
	size_t n = 0;
	struct dial_look look;

	text(&in, digits, sizeof(digits));
	for (size_t i = 0; i < 4; i++) {
		char pattern[80];

		text(&in, pattern, sizeof(pattern));
		if (!dial_rule_valid(pattern, why, sizeof(why)))
			continue;
		strcpy(rules[n].pattern, pattern);
		rules[n].timeout_s = (int)input_byte(&in) % (DIAL_TIMEOUT_MAX + 2) - 1;
		check(&rules[n++], digits);
	}
	look = dial_rules_look(rules, n, digits);
	if (look.rule && dial_rule_fit(look.rule->pattern, digits) != DIAL_WHOLE)
		abort();
	if (look.at_once && (!look.rule || look.timeout_s != 0))
		abort();
	return 0;
}
