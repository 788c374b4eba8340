/* Writers: devices, their lines, and numbers. */
#include "common/base/phone_model.h"
#include "common/db/db_private.h"

#include <stdio.h>
#include <string.h>

static int class_of(int model)
{
	return model == DB_MODEL_CTI_ROUTE_POINT ? DB_CLASS_ROUTE_POINT : DB_CLASS_PHONE;
}

/* What a device refers to, by pkid. */
struct references {
	char pool[DB_PKID], css[DB_PKID], owner[DB_PKID], profile[DB_PKID], rules[DB_PKID];
};

static int find_references(struct db *db, const struct db_device_spec *spec,
			   struct references *refs, struct db_error *err)
{
	sqlite3_stmt *stmt;
	int rc = db_need_optional(db, DB_S_POOL_PKID, "device pool", spec->device_pool, refs->pool,
				  err);

	if (!rc)
		rc = db_need_optional(db, DB_S_CSS_PKID, "calling search space", spec->search_space,
				      refs->css, err);
	if (!rc)
		rc = db_need_optional(db, DB_S_ENDUSER_PKID, "end user", spec->owner, refs->owner,
				      err);
	if (rc)
		return rc;
	rc = db_need_optional(db, DB_S_DIALRULES_PKID, "set of SIP dial rules", spec->dial_rules,
			      refs->rules, err);
	if (rc)
		return rc;
	refs->profile[0] = 0;
	if ((class_of(spec->model) != DB_CLASS_PHONE || spec->model == DB_MODEL_CTI_PORT) &&
	    spec->transport != DB_TRANSPORT_TLS)
		return 0;
	stmt = db_bind(db, DB_S_PROFILE_PKID, "ii", (int)spec->protocol,
		       spec->transport ? (int)spec->transport : DB_TRANSPORT_TCP);
	if (db_row(stmt, &rc)) {
		db_column(stmt, 0, refs->profile, sizeof(refs->profile));
		sqlite3_reset(stmt);
		return 0;
	}
	return db_error_set(err, DB_EINPUT,
			    "Device '%s': there is no security profile for protocol "
			    "%d over transport %d; SCCP goes over TCP or TLS.",
			    spec->name, (int)spec->protocol, (int)spec->transport);
}

static int check_device(struct db *db, const struct db_device_spec *spec, struct db_error *err)
{
	const struct phone_model *model;
	sqlite3_stmt *stmt;
	int rc;

	if (!spec->name || !*spec->name)
		return db_error_set(err, DB_EINPUT, "A device needs a name.");
	stmt = db_bind(db, DB_S_MODEL_NAME, "i", spec->model);
	if (!db_row(stmt, &rc))
		return db_error_set(
			err, DB_EINPUT,
			"Device '%s': there is no model %d; table typemodel lists them.",
			spec->name, spec->model);
	sqlite3_reset(stmt);
	model = phone_model((uint32_t)spec->model);
	if (model && spec->protocol == DB_PROTOCOL_SIP && !(model->protocols & PHONE_SIP))
		return db_error_set(err, DB_EINPUT, "Device '%s': a %s does not speak SIP.",
				    spec->name, model->name);
	if (spec->dial_rules && spec->protocol != DB_PROTOCOL_SIP)
		return db_error_set(err, DB_EINPUT,
				    "Device '%s': SIP dial rules are for SIP phones.", spec->name);
	if (spec->protocol != DB_PROTOCOL_SCCP && spec->protocol != DB_PROTOCOL_SIP)
		return db_error_set(err, DB_EINPUT,
				    "Device '%s': protocol %d is neither SCCP (0) nor "
				    "SIP (11).",
				    spec->name, (int)spec->protocol);
	return 0;
}

static int device_failed(struct db *db, struct db_error *err, const char *what, const char *device)
{
	const struct db_fact facts[DB_FACTS_MAX] = { { "device", device } };
	char doing[200];

	snprintf(doing, sizeof(doing), "%s '%.128s'", what, device);
	return db_explain(db, err, doing, facts);
}

int db_add_device(struct db *db, const struct db_device_spec *spec, struct db_error *err)
{
	struct references refs;
	char pkid[DB_PKID];
	int rc = check_device(db, spec, err);

	if (!rc)
		rc = db_write_begin(db, err);
	if (rc)
		return rc;
	rc = find_references(db, spec, &refs, err);
	db_pkid(db, pkid);
	if (!rc &&
	    db_exec(db, DB_S_DEVICE_ADD, "sssiiissssss", pkid, spec->name, spec->description,
		    spec->model, (int)spec->protocol, class_of(spec->model), refs.pool, refs.css,
		    refs.owner, refs.profile, spec->cti_restricted ? "f" : "t", refs.rules))
		rc = device_failed(db, err, "Adding device", spec->name);
	return db_write_end(db, rc, err);
}

int db_change_device(struct db *db, const struct db_device_spec *spec, struct db_error *err)
{
	struct references refs;
	char pkid[DB_PKID];
	int rc = check_device(db, spec, err);

	if (!rc)
		rc = db_write_begin(db, err);
	if (rc)
		return rc;
	rc = db_need(db, DB_S_DEVICE_PKID, "device", spec->name, pkid, err);
	if (!rc)
		rc = find_references(db, spec, &refs, err);
	if (!rc && db_exec(db, DB_S_DEVICE_CHANGE, "ssssssss", pkid, spec->description, refs.pool,
			   refs.css, refs.owner, refs.profile, spec->cti_restricted ? "f" : "t",
			   refs.rules))
		rc = device_failed(db, err, "Changing device", spec->name);
	return db_write_end(db, rc, err);
}

static int line_failed(struct db *db, struct db_error *err, const char *device,
		       const struct db_line_spec *spec)
{
	char index[16], doing[200];
	const struct db_fact facts[DB_FACTS_MAX] = { { "device", device },
						     { "dn", spec->dn },
						     { "partition", spec->partition },
						     { "index", index } };

	snprintf(index, sizeof(index), "%d", spec->index);
	snprintf(doing, sizeof(doing), "Line %d of device '%.128s'", spec->index, device);
	return db_explain(db, err, doing, facts);
}

/* SQLite's code, or 0; *pkid is empty if the number does not exist. */
static int find_number(struct db *db, const char *dn, const char *partition, char pkid[DB_PKID])
{
	sqlite3_stmt *stmt = db_bind(db, DB_S_NUMBER_PKID, "ss", dn, partition);
	int rc;

	pkid[0] = 0;
	if (db_row(stmt, &rc)) {
		db_column(stmt, 0, pkid, DB_PKID);
		sqlite3_reset(stmt);
	}
	return rc;
}

static int add_number(struct db *db, const char *dn, const char *partition, enum db_usage usage,
		      const char *callmanager, char pkid[DB_PKID])
{
	char forward[DB_PKID];
	int rc;

	db_pkid(db, pkid);
	db_pkid(db, forward);
	rc = db_exec(db, DB_S_NUMBER_ADD, "sssis", pkid, dn, partition, (int)usage, callmanager);
	return rc ? rc : db_exec(db, DB_S_NUMBER_FORWARD_ADD, "ss", forward, pkid);
}

static bool long_forward(const struct db_line_spec *s)
{
	const char *const all[] = { s->cfa,	 s->cfb,  s->cfb_int,  s->cfna,
				    s->cfna_int, s->cfur, s->cfur_int, s->cfof };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i] && strlen(all[i]) >= DB_DN)
			return true;
	return false;
}

/* `lift`: a spec that does not restrict the number takes a restriction away. */
static int set_number(struct db *db, const char *pkid, const struct db_line_spec *s, bool lift)
{
	const char *allow = s->cti_restricted ? "f" : lift ? "t" : NULL;
	char forward[DB_PKID];
	int rc = db_exec(db, DB_S_NUMBER_SET,
			 "stttttttt"
			 "iis",
			 pkid, s->cfb, s->cfb_int, s->cfna, s->cfna_int, s->cfur, s->cfur_int,
			 s->cfof, s->alerting_name, s->cfna_duration_s, s->auto_answer, allow);

	if (!rc && s->cfa) {
		db_pkid(db, forward);
		rc = db_exec(db, DB_S_NUMBER_SET_CFA, "sss", forward, pkid, s->cfa);
	}
	return rc;
}

/* Who may be called from the line, and who by its forwards. */
static int set_number_css(struct db *db, const char *number, const struct db_line_spec *s,
			  struct db_error *err)
{
	const char *const names[] = { s->css,	   s->cfb_css,	s->cfna_css,
				      s->cfur_css, s->cfof_css, s->cfa_css };
	char pkid[6][DB_PKID];
	static const struct db_fact none[DB_FACTS_MAX];

	for (size_t i = 0; i < 6; i++) {
		int rc = db_need_optional(db, DB_S_CSS_PKID, "calling search space", names[i],
					  pkid[i], err);

		if (rc)
			return rc;
	}
	if (db_exec(db, DB_S_NUMBER_SET_CSS, "ssssss", number, pkid[0], pkid[1], pkid[2], pkid[3],
		    pkid[4]) ||
	    (pkid[5][0] && db_exec(db, DB_S_NUMBER_SET_CFA_CSS, "ss", number, pkid[5])))
		return db_explain(db, err, "Setting calling search spaces", none);
	return 0;
}

static bool sets_css(const struct db_line_spec *s)
{
	return s->css || s->cfa_css || s->cfb_css || s->cfna_css || s->cfur_css || s->cfof_css;
}

static bool sets_number(const struct db_line_spec *s)
{
	return s->cfa || s->cfb || s->cfb_int || s->cfna || s->cfna_int || s->cfur || s->cfur_int ||
	       s->cfof || s->alerting_name || s->cfna_duration_s || s->auto_answer ||
	       s->cti_restricted;
}

/* The number of the line: found or made, with the settings that the spec gives. */
static int number_of(struct db *db, const char *device, const struct db_line_spec *spec,
		     bool always_set, char pkid[DB_PKID], struct db_error *err)
{
	char partition[DB_PKID];
	int rc;

	if (!spec->dn || !*spec->dn)
		return db_error_set(err, DB_EINPUT, "Line %d of device '%s' needs a number.",
				    spec->index, device);
	if (long_forward(spec))
		return db_error_set(err, DB_EINPUT,
				    "Number '%s': a forward destination has at most %d digits.",
				    spec->dn, DB_DN - 1);
	rc = db_need_optional(db, DB_S_PARTITION_PKID, "partition", spec->partition, partition,
			      err);
	if (rc)
		return rc;
	rc = find_number(db, spec->dn, partition, pkid);
	if (!rc && !pkid[0])
		rc = add_number(db, spec->dn, partition, DB_USAGE_DEVICE, NULL, pkid);
	if (!rc && (always_set || sets_number(spec)))
		rc = set_number(db, pkid, spec, always_set);
	if (rc)
		return line_failed(db, err, device, spec);
	return sets_css(spec) ? set_number_css(db, pkid, spec, err) : 0;
}

static int device_class(struct db *db, const char *pkid)
{
	sqlite3_stmt *stmt = db_bind(db, DB_S_DEVICE_CLASS, "s", pkid);
	int found = DB_CLASS_PHONE, rc;

	if (db_row(stmt, &rc)) {
		found = sqlite3_column_int(stmt, 0);
		sqlite3_reset(stmt);
	}
	return found;
}

/* Fills in what the spec leaves to us. */
static void limits(const struct db_line_spec *spec, int class, int *max_calls, int *busy_trigger)
{
	bool route_point = class == DB_CLASS_ROUTE_POINT;

	*max_calls = spec->max_calls ? spec->max_calls : route_point ? 5000 : 4;
	*busy_trigger = spec->busy_trigger ? spec->busy_trigger : route_point ? 4500 : 2;
	if (!spec->busy_trigger && *busy_trigger > *max_calls)
		*busy_trigger = *max_calls;
}

int db_add_line(struct db *db, const char *device, const struct db_line_spec *spec,
		struct db_error *err)
{
	char dev[DB_PKID], number[DB_PKID], pkid[DB_PKID];
	int max_calls, busy_trigger;
	int rc = db_write_begin(db, err);

	if (rc)
		return rc;
	rc = db_need(db, DB_S_DEVICE_PKID, "device", device, dev, err);
	if (!rc)
		rc = number_of(db, device, spec, false, number, err);
	if (!rc) {
		limits(spec, device_class(db, dev), &max_calls, &busy_trigger);
		db_pkid(db, pkid);
		if (db_exec(db, DB_S_LINE_ADD, "ssisiiss", pkid, dev, spec->index, number,
			    max_calls, busy_trigger, spec->display, spec->label))
			rc = line_failed(db, err, device, spec);
	}
	return db_write_end(db, rc, err);
}

static int find_line(struct db *db, const char *device, int index, sqlite3_stmt **found,
		     struct db_error *err)
{
	char dev[DB_PKID];
	int rc = db_need(db, DB_S_DEVICE_PKID, "device", device, dev, err);

	if (rc)
		return rc;
	*found = db_bind(db, DB_S_LINE_PKID, "si", dev, index);
	if (db_row(*found, &rc))
		return 0;
	return db_error_set(err, DB_ENOTFOUND, "Device '%s' has no line %d.", device, index);
}

int db_change_line(struct db *db, const char *device, const struct db_line_spec *spec,
		   struct db_error *err)
{
	char line[DB_PKID], number[DB_PKID];
	struct db_line_spec to = *spec;
	int rc = db_write_begin(db, err);
	sqlite3_stmt *stmt;

	if (rc)
		return rc;
	rc = find_line(db, device, spec->index, &stmt, err);
	if (!rc) {
		db_column(stmt, 0, line, sizeof(line));
		db_column(stmt, 1, number, sizeof(number));
		to.max_calls = to.max_calls ? to.max_calls : sqlite3_column_int(stmt, 3);
		to.busy_trigger = to.busy_trigger ? to.busy_trigger : sqlite3_column_int(stmt, 4);
		sqlite3_reset(stmt);
		if (to.dn)
			rc = number_of(db, device, &to, true, number, err);
		else if (set_number(db, number, &to, true))
			rc = line_failed(db, err, device, &to);
		else if (sets_css(&to))
			rc = set_number_css(db, number, &to, err);
	}
	if (!rc && db_exec(db, DB_S_LINE_CHANGE, "ssiitt", line, number, to.max_calls,
			   to.busy_trigger, to.display, to.label))
		rc = line_failed(db, err, device, &to);
	return db_write_end(db, rc, err);
}

int db_remove_line(struct db *db, const char *device, int index, struct db_error *err)
{
	char line[DB_PKID];
	sqlite3_stmt *stmt;
	int rc = db_write_begin(db, err);

	if (rc)
		return rc;
	rc = find_line(db, device, index, &stmt, err);
	if (!rc) {
		db_column(stmt, 0, line, sizeof(line));
		sqlite3_reset(stmt);
		if (db_exec(db, DB_S_LINE_REMOVE, "s", line))
			rc = device_failed(db, err, "Removing a line of device", device);
	}
	return db_write_end(db, rc, err);
}

int db_remove_number(struct db *db, const char *dn, const char *partition, struct db_error *err)
{
	char pkid[DB_PKID], partition_pkid[DB_PKID], name[DB_DN + DB_NAME + 1];
	const struct db_fact facts[DB_FACTS_MAX] = { { "dn", dn }, { "partition", partition } };
	int rc = db_write_begin(db, err);

	if (rc)
		return rc;
	rc = db_need_optional(db, DB_S_PARTITION_PKID, "partition", partition, partition_pkid, err);
	if (!rc && find_number(db, dn, partition_pkid, pkid))
		rc = db_explain(db, err, "Removing a number", facts);
	if (!rc && !pkid[0])
		rc = db_error_set(err, DB_ENOTFOUND, "There is no number '%s' in %s%s%s.", dn,
				  partition ? "partition '" : "no partition",
				  partition ? partition : "", partition ? "'" : "");
	if (!rc && db_exec(db, DB_S_NUMBER_REMOVE, "s", pkid)) {
		rc = db_explain(db, err, "Removing a number", facts);
		snprintf(name, sizeof(name), "%s%s%s", dn, partition ? "/" : "",
			 partition ? partition : "");
		if (rc == DB_EINUSE)
			rc = db_in_use(db, DB_KIND_NUMBER, name, err);
	}
	return db_write_end(db, rc, err);
}

int db_add_park_number(struct db *db, const char *pattern, const char *partition, const char *node,
		       struct db_error *err)
{
	char pkid[DB_PKID], partition_pkid[DB_PKID], callmanager[DB_PKID];
	const struct db_fact facts[DB_FACTS_MAX] = { { "dn", pattern },
						     { "partition", partition } };
	int rc = db_write_begin(db, err);

	if (rc)
		return rc;
	rc = db_need_optional(db, DB_S_PARTITION_PKID, "partition", partition, partition_pkid, err);
	if (!rc)
		rc = db_need(db, DB_S_CALLMANAGER_PKID, "node", node, callmanager, err);
	if (!rc && add_number(db, pattern, partition_pkid, DB_USAGE_CALL_PARK, callmanager, pkid))
		rc = db_explain(db, err, "Adding a park number", facts);
	return db_write_end(db, rc, err);
}

static int set_pattern(struct db *db, const char *pkid, const struct db_pattern_spec *spec,
		       const char *discard, const char *css)
{
	return db_exec(db, DB_S_PATTERN_SET, "sssssssss", pkid, discard, spec->prefix,
		       spec->block ? "t" : "f", spec->called_mask, spec->calling_mask,
		       spec->urgent ? "t" : "f", css, spec->description);
}

int db_add_pattern(struct db *db, const struct db_pattern_spec *spec, struct db_error *err)
{
	char pkid[DB_PKID], partition[DB_PKID], css[DB_PKID], discard[DB_PKID];
	const struct db_fact facts[DB_FACTS_MAX] = { { "dn", spec->pattern },
						     { "partition", spec->partition } };
	int rc;

	if (!spec->pattern || !*spec->pattern)
		return db_error_set(err, DB_EINPUT, "A pattern needs its characters.");
	if (spec->usage != DB_USAGE_ROUTE && spec->usage != DB_USAGE_TRANSLATION)
		return db_error_set(err, DB_EINPUT,
				    "Pattern '%s' is neither a route pattern (5) nor a translation "
				    "pattern (3).",
				    spec->pattern);
	rc = db_write_begin(db, err);
	if (rc)
		return rc;
	rc = db_need_optional(db, DB_S_PARTITION_PKID, "partition", spec->partition, partition,
			      err);
	if (!rc)
		rc = db_need_optional(db, DB_S_CSS_PKID, "calling search space", spec->css, css,
				      err);
	if (!rc)
		rc = db_need_optional(db, DB_S_DISCARD_PKID, "discard instruction", spec->discard,
				      discard, err);
	if (!rc && (add_number(db, spec->pattern, partition, spec->usage, NULL, pkid) ||
		    set_pattern(db, pkid, spec, discard, css)))
		rc = db_explain(db, err, "Adding a pattern", facts);
	return db_write_end(db, rc, err);
}

/* 0 and its pkid, or DB_ENOTFOUND. */
static int find_forward(struct db *db, const char *dn, const char *partition, char pkid[DB_PKID],
			char to[DB_DN], char css[DB_NAME], struct db_error *err)
{
	const struct db_fact facts[DB_FACTS_MAX] = { { "dn", dn }, { "partition", partition } };
	sqlite3_stmt *stmt = db_bind(db, DB_S_FORWARD_ALL, "ss", dn, partition);
	int rc;

	if (db_row(stmt, &rc)) {
		db_column(stmt, 0, pkid, DB_PKID);
		db_column(stmt, 1, to, DB_DN);
		db_column(stmt, 2, css, DB_NAME);
		sqlite3_reset(stmt);
		return 0;
	}
	if (rc)
		return db_explain(db, err, "Reading a forward", facts);
	return db_error_set(err, DB_ENOTFOUND, "There is no number '%s'.", dn);
}

int db_forward_all(struct db *db, const char *dn, const char *partition, char to[DB_DN],
		   char css[DB_NAME], struct db_error *err)
{
	char pkid[DB_PKID];

	return find_forward(db, dn, partition, pkid, to, css, err);
}

int db_set_forward_all(struct db *db, const char *dn, const char *partition, const char *to,
		       struct db_error *err)
{
	const struct db_fact facts[DB_FACTS_MAX] = { { "dn", dn }, { "partition", partition } };
	char pkid[DB_PKID], forward[DB_PKID], now[DB_DN], css[DB_NAME];
	int rc;

	if (to && strlen(to) >= DB_DN)
		return db_error_set(err, DB_EINPUT,
				    "Number '%s': a forward destination has at most %d digits.", dn,
				    DB_DN - 1);
	rc = db_write_begin(db, err);
	if (rc)
		return rc;
	rc = find_forward(db, dn, partition, pkid, now, css, err);
	db_pkid(db, forward);
	if (!rc && db_exec(db, DB_S_NUMBER_SET_CFA, "sss", forward, pkid, to))
		rc = db_explain(db, err, "Setting a forward", facts);
	return db_write_end(db, rc, err);
}

int db_add_pickup_group(struct db *db, const char *name, const char *dn, struct db_error *err)
{
	char pkid[DB_PKID], number[DB_PKID];
	const struct db_fact facts[DB_FACTS_MAX] = { { "group", name }, { "dn", dn } };
	int rc = db_write_begin(db, err);

	if (rc)
		return rc;
	db_pkid(db, pkid);
	if (add_number(db, dn, NULL, DB_USAGE_PICKUP_GROUP, NULL, number) ||
	    db_exec(db, DB_S_PICKUP_ADD, "sss", pkid, name, number))
		rc = db_explain(db, err, "Adding a pickup group", facts);
	return db_write_end(db, rc, err);
}

int db_set_pickup_group(struct db *db, const char *dn, const char *partition, const char *group,
			struct db_error *err)
{
	char pkid[DB_PKID], number[DB_PKID], partition_pkid[DB_PKID], group_pkid[DB_PKID];
	const struct db_fact facts[DB_FACTS_MAX] = { { "group", group }, { "dn", dn } };
	int rc = db_write_begin(db, err);

	if (rc)
		return rc;
	rc = db_need_optional(db, DB_S_PARTITION_PKID, "partition", partition, partition_pkid, err);
	if (!rc)
		rc = db_need_optional(db, DB_S_PICKUP_PKID, "pickup group", group, group_pkid, err);
	if (!rc && find_number(db, dn, partition_pkid, number))
		rc = db_explain(db, err, "Setting a pickup group", facts);
	if (!rc && !number[0])
		rc = db_error_set(err, DB_ENOTFOUND, "There is no number '%s'.", dn);
	db_pkid(db, pkid);
	if (!rc &&
	    (db_exec(db, DB_S_PICKUP_LEAVE, "s", number) ||
	     (group_pkid[0] && db_exec(db, DB_S_PICKUP_JOIN, "sss", pkid, group_pkid, number))))
		rc = db_explain(db, err, "Setting a pickup group", facts);
	return db_write_end(db, rc, err);
}
