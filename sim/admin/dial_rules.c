#include "sim/admin/dial_rules.h"

#include <string.h>

#include "common/base/dial_rule.h"

/* One rule, cut in place: "8,..... 0". */
static int add_rule(struct admin *a, const struct admin_object *o, char *rule, int place,
		    struct db_error *err)
{
	char order[16], *timeout;
	const char *texts[4] = { o->pkid, order, rule, NULL };

	rule += strspn(rule, " ");
	texts[2] = rule;
	timeout = strchr(rule, ' ');
	if (timeout) {
		*timeout++ = '\0';
		timeout += strspn(timeout, " ");
		timeout[strcspn(timeout, " ")] = '\0';
		if (*timeout && strspn(timeout, "0123456789") != strlen(timeout))
			return db_error_set(err, DB_EINPUT,
					    "Dial rule '%s': '%s' is no number of seconds.", rule,
					    timeout);
		texts[3] = *timeout ? timeout : NULL;
	}
	snprintf(order, sizeof(order), "%d", place);
	return admin_run(a, o, "Setting the patterns of",
			 "INSERT INTO dialrulespattern (fkdialrules, sortorder, pattern, timeout)"
			 " VALUES (?1, ?2, ?3, ?4)",
			 4, texts, err);
}

int admin_dial_rules_after(struct admin *a, struct admin_object *o, struct db_error *err)
{
	const char *given = admin_text(o, "patterns");
	const char *pkid[1] = { o->pkid };
	char rules[DIAL_RULES_MAX * (DIAL_PATTERN_MAX + 8)];
	int place = 0;
	int rc;

	if (!given)
		return 0;
	if (strlen(given) >= sizeof(rules))
		return db_error_set(err, DB_EINPUT, "A set has at most %d SIP dial rules.",
				    DIAL_RULES_MAX);
	rc = admin_run(a, o, "Setting the patterns of",
		       "DELETE FROM dialrulespattern WHERE fkdialrules = ?1", 1, pkid, err);
	strcpy(rules, given);
	for (char *save, *rule = strtok_r(rules, ";", &save); rule && !rc;
	     rule = strtok_r(NULL, ";", &save)) {
		if (place == DIAL_RULES_MAX)
			return db_error_set(err, DB_EINPUT, "A set has at most %d SIP dial rules.",
					    DIAL_RULES_MAX);
		rc = add_rule(a, o, rule, ++place, err);
	}
	return rc;
}
