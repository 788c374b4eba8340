/* SIP dial rules: sets of patterns that phones get when they register. */
#include "common/db/db_private.h"

#include <stdlib.h>
#include <string.h>

static int bad_rule(const char *name, const struct dial_rule *rule, struct db_error *err)
{
	char why[100];

	if (!dial_rule_valid(rule->pattern, why, sizeof(why)))
		return db_error_set(err, DB_EINPUT, "SIP dial rules '%s': pattern '%s': %s.", name,
				    rule->pattern, why);
	if (rule->timeout_s < -1 || rule->timeout_s > DIAL_TIMEOUT_MAX)
		return db_error_set(err, DB_EINPUT,
				    "SIP dial rules '%s': pattern '%s': a time-out is 0 to %d "
				    "seconds.",
				    name, rule->pattern, DIAL_TIMEOUT_MAX);
	return 0;
}

static int add_rule(struct db *db, const char *rules, const struct dial_rule *rule, int order)
{
	char pkid[DB_PKID];

	db_pkid(db, pkid);
	return db_exec(db, DB_S_DIALRULE_ADD, "ssisi", pkid, rules, order, rule->pattern,
		       rule->timeout_s);
}

int db_add_dial_rules(struct db *db, const char *name, const struct dial_rule *rules, size_t n,
		      struct db_error *err)
{
	const struct db_fact facts[DB_FACTS_MAX] = { { "rules", name } };
	char pkid[DB_PKID];
	int rc = 0;

	if (!name || !*name || n == 0 || n > DIAL_RULES_MAX)
		return db_error_set(err, DB_EINPUT,
				    "SIP dial rules need a name and 1 to %d patterns.",
				    DIAL_RULES_MAX);
	for (size_t i = 0; i < n && !rc; i++)
		rc = bad_rule(name, &rules[i], err);
	if (!rc)
		rc = db_write_begin(db, err);
	if (rc)
		return rc;
	db_pkid(db, pkid);
	if (db_exec(db, DB_S_DIALRULES_ADD, "ss", pkid, name))
		rc = db_explain(db, err, "Adding SIP dial rules", facts);
	for (size_t i = 0; i < n && !rc; i++)
		if (add_rule(db, pkid, &rules[i], (int)i + 1))
			rc = db_explain(db, err, "Adding a SIP dial rule", facts);
	return db_write_end(db, rc, err);
}

int db_read_dial_rules(struct db *db, struct db_device *dev)
{
	sqlite3_stmt *stmt = db_bind(db, DB_S_DIALRULES_OF, "s", dev->pkid);
	int rc;

	while (db_row(stmt, &rc)) {
		struct dial_rule *rule;

		dev->dial_rules = realloc(dev->dial_rules,
					  (dev->n_dial_rules + 1) * sizeof(*dev->dial_rules));
		if (!dev->dial_rules)
			abort();
		rule = &dev->dial_rules[dev->n_dial_rules++];
		memset(rule, 0, sizeof(*rule));
		db_column(stmt, 0, rule->pattern, sizeof(rule->pattern));
		rule->timeout_s = sqlite3_column_type(stmt, 1) == SQLITE_NULL
					  ? -1
					  : sqlite3_column_int(stmt, 1);
	}
	return rc;
}
