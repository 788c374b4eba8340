/* Readers: configuration as the programs need it. */
#include "common/db/db_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int unreadable(struct db *db, struct db_error *err)
{
	static const struct db_fact none[DB_FACTS_MAX];

	return db_explain(db, err, "Reading the configuration", none);
}

int db_each_parameter(struct db *db, int (*each)(void *arg, const struct db_parameter *p),
		      void *arg, struct db_error *err)
{
	sqlite3_stmt *stmt = db_bind(db, DB_S_PARAMETERS, "");
	int rc;

	while (db_row(stmt, &rc)) {
		const unsigned char *value = sqlite3_column_text(stmt, 2);
		const struct db_parameter p = {
			.service = (enum db_service)sqlite3_column_int(stmt, 0),
			.name = (const char *)sqlite3_column_text(stmt, 1),
			.value = value ? (const char *)value : "",
			.node_id = sqlite3_column_int(stmt, 3),
		};

		rc = each(arg, &p);
		if (rc) {
			sqlite3_reset(stmt);
			return rc;
		}
	}
	return rc ? unreadable(db, err) : 0;
}

int db_nodes(struct db *db, struct db_node nodes[DB_NODES_MAX], struct db_error *err)
{
	sqlite3_stmt *stmt = db_bind(db, DB_S_NODES, "");
	int n = 0, rc;

	while (db_row(stmt, &rc)) {
		if (n == DB_NODES_MAX)
			continue; /* the schema allows no more */
		db_column(stmt, 0, nodes[n].name, sizeof(nodes[n].name));
		nodes[n].node_id = sqlite3_column_int(stmt, 1);
		nodes[n].services = (unsigned)sqlite3_column_int64(stmt, 2);
		n++;
	}
	return rc ? unreadable(db, err) : n;
}

static int read_members(struct db *db, const char *group_pkid, struct db_group *group)
{
	sqlite3_stmt *stmt = db_bind(db, DB_S_MEMBERS, "s", group_pkid);
	int rc;

	group->n_members = 0;
	while (db_row(stmt, &rc))
		if (group->n_members < DB_GROUP_MAX)
			group->members[group->n_members++] = sqlite3_column_int(stmt, 0);
	return rc;
}

int db_group_by_name(struct db *db, const char *name, struct db_group *group, struct db_error *err)
{
	char pkid[DB_PKID];
	int rc = db_need(db, DB_S_GROUP_PKID, "CallManager group", name, pkid, err);

	memset(group, 0, sizeof(*group));
	if (rc)
		return rc;
	snprintf(group->name, sizeof(group->name), "%s", name);
	return read_members(db, pkid, group) ? unreadable(db, err) : 0;
}

int db_each_group(struct db *db, int (*each)(void *arg, const struct db_group *g), void *arg,
		  struct db_error *err)
{
	sqlite3_stmt *stmt = db_bind(db, DB_S_GROUPS, "");
	int rc;

	while (db_row(stmt, &rc)) {
		struct db_group group = { 0 };
		char pkid[DB_PKID];

		db_column(stmt, 0, pkid, sizeof(pkid));
		db_column(stmt, 1, group.name, sizeof(group.name));
		if (read_members(db, pkid, &group))
			rc = unreadable(db, err);
		else
			rc = each(arg, &group);
		if (rc) {
			sqlite3_reset(stmt);
			return rc;
		}
	}
	return rc ? unreadable(db, err) : 0;
}

/* From DB_FORWARD_COLUMNS, which start at `column`. */
static void read_forwards(sqlite3_stmt *stmt, int column, struct db_forwards *f)
{
	db_column(stmt, column, f->cfa, DB_DN);
	db_column(stmt, column + 1, f->cfb, DB_DN);
	db_column(stmt, column + 2, f->cfb_int, DB_DN);
	db_column(stmt, column + 3, f->cfna, DB_DN);
	db_column(stmt, column + 4, f->cfna_int, DB_DN);
	db_column(stmt, column + 5, f->cfur, DB_DN);
	db_column(stmt, column + 6, f->cfur_int, DB_DN);
	db_column(stmt, column + 7, f->cfof, DB_DN);
	f->cfna_duration_s = sqlite3_column_int(stmt, column + 8);
	db_column(stmt, column + 9, f->cfa_css, DB_NAME);
	db_column(stmt, column + 10, f->cfb_css, DB_NAME);
	db_column(stmt, column + 11, f->cfb_int_css, DB_NAME);
	db_column(stmt, column + 12, f->cfna_css, DB_NAME);
	db_column(stmt, column + 13, f->cfna_int_css, DB_NAME);
	db_column(stmt, column + 14, f->cfur_css, DB_NAME);
	db_column(stmt, column + 15, f->cfur_int_css, DB_NAME);
	db_column(stmt, column + 16, f->cfof_css, DB_NAME);
	db_column(stmt, column + 17, f->line_css, DB_NAME);
}

static void read_line(sqlite3_stmt *stmt, struct db_line *line)
{
	memset(line, 0, sizeof(*line));
	db_column(stmt, 0, line->pkid, sizeof(line->pkid));
	line->index = sqlite3_column_int(stmt, 1);
	db_column(stmt, 2, line->dn, sizeof(line->dn));
	db_column(stmt, 3, line->partition, sizeof(line->partition));
	db_column(stmt, 4, line->display, sizeof(line->display));
	db_column(stmt, 5, line->label, sizeof(line->label));
	db_column(stmt, 6, line->alerting_name, sizeof(line->alerting_name));
	line->max_calls = sqlite3_column_int(stmt, 7);
	line->busy_trigger = sqlite3_column_int(stmt, 8);
	line->auto_answer = sqlite3_column_int(stmt, 9);
	line->allow_cti = db_column_flag(stmt, 10);
	read_forwards(stmt, 11, &line->forwards);
	db_column(stmt, 29, line->pickup_group, sizeof(line->pickup_group));
}

static int read_lines(struct db *db, struct db_device *dev)
{
	sqlite3_stmt *stmt = db_bind(db, DB_S_LINES, "s", dev->pkid);
	size_t room = 0;
	int rc;

	while (db_row(stmt, &rc)) {
		if (dev->n_lines == room) {
			room = room ? 2 * room : 1;
			dev->lines = realloc(dev->lines, room * sizeof(*dev->lines));
			if (!dev->lines)
				abort();
		}
		read_line(stmt, &dev->lines[dev->n_lines++]);
	}
	return rc;
}

/* From DB_DEVICE_COLUMNS, and the members of its group. */
static int read_device(struct db *db, sqlite3_stmt *stmt, struct db_device *dev)
{
	char group[DB_PKID];

	memset(dev, 0, sizeof(*dev));
	db_column(stmt, 0, dev->pkid, sizeof(dev->pkid));
	db_column(stmt, 1, dev->name, sizeof(dev->name));
	db_column(stmt, 2, dev->description, sizeof(dev->description));
	dev->model = sqlite3_column_int(stmt, 3);
	dev->protocol = (enum db_protocol)sqlite3_column_int(stmt, 4);
	dev->transport = sqlite3_column_type(stmt, 5) == SQLITE_NULL
				 ? DB_TRANSPORT_TCP
				 : (enum db_transport)sqlite3_column_int(stmt, 5);
	dev->device_class = sqlite3_column_int(stmt, 6);
	db_column(stmt, 7, dev->device_pool, sizeof(dev->device_pool));
	db_column(stmt, 8, dev->search_space, sizeof(dev->search_space));
	db_column(stmt, 9, dev->owner, sizeof(dev->owner));
	dev->allow_cti = db_column_flag(stmt, 10);
	db_column(stmt, 11, dev->group.name, sizeof(dev->group.name));
	db_column(stmt, 12, group, sizeof(group));
	return read_members(db, group, &dev->group);
}

int db_device_by_name(struct db *db, const char *name, struct db_device *dev, struct db_error *err)
{
	sqlite3_stmt *stmt = db_bind(db, DB_S_DEVICE, "t", name);
	int rc;

	memset(dev, 0, sizeof(*dev));
	if (!db_row(stmt, &rc))
		return rc ? unreadable(db, err)
			  : db_error_set(err, DB_ENOTFOUND, "There is no device '%s'.", name);
	rc = read_device(db, stmt, dev);
	sqlite3_reset(stmt);
	if (!rc)
		rc = read_lines(db, dev);
	if (!rc && dev->protocol == DB_PROTOCOL_SIP)
		rc = db_read_dial_rules(db, dev);
	if (rc) {
		rc = unreadable(db, err);
		db_device_free(dev);
	}
	return rc;
}

void db_device_free(struct db_device *dev)
{
	free(dev->lines);
	dev->lines = NULL;
	dev->n_lines = 0;
	free(dev->dial_rules);
	dev->dial_rules = NULL;
	dev->n_dial_rules = 0;
}

int db_each_device(struct db *db, int (*each)(void *arg, const struct db_device *d), void *arg,
		   struct db_error *err)
{
	sqlite3_stmt *stmt = db_bind(db, DB_S_DEVICES, "");
	struct db_device dev;
	int rc;

	while (db_row(stmt, &rc)) {
		rc = read_device(db, stmt, &dev) ? unreadable(db, err) : each(arg, &dev);
		if (rc) {
			sqlite3_reset(stmt);
			return rc;
		}
	}
	return rc ? unreadable(db, err) : 0;
}

int db_each_number(struct db *db, int (*each)(void *arg, const struct db_number *n), void *arg,
		   struct db_error *err)
{
	sqlite3_stmt *stmt = db_bind(db, DB_S_NUMBERS, "");
	struct db_number number;
	int rc;

	memset(&number, 0, sizeof(number));
	while (db_row(stmt, &rc)) {
		db_column(stmt, 0, number.dn, sizeof(number.dn));
		db_column(stmt, 1, number.partition, sizeof(number.partition));
		db_column(stmt, 2, number.device, sizeof(number.device));
		number.device_class = sqlite3_column_int(stmt, 3);
		number.line_index = sqlite3_column_int(stmt, 4);
		number.usage = (enum db_usage)sqlite3_column_int(stmt, 5);
		number.node_id = sqlite3_column_int(stmt, 6);
		number.model = sqlite3_column_int(stmt, 7);
		number.protocol = (enum db_protocol)sqlite3_column_int(stmt, 8);
		db_column(stmt, 9, number.device_css, sizeof(number.device_css));
		read_forwards(stmt, 10, &number.forwards);
		rc = each(arg, &number);
		if (rc) {
			sqlite3_reset(stmt);
			return rc;
		}
	}
	return rc ? unreadable(db, err) : 0;
}

static int each_name(struct db *db, sqlite3_stmt *stmt, int (*each)(void *arg, const char *name),
		     void *arg, struct db_error *err)
{
	int rc;

	while (db_row(stmt, &rc)) {
		rc = each(arg, (const char *)sqlite3_column_text(stmt, 0));
		if (rc) {
			sqlite3_reset(stmt);
			return rc;
		}
	}
	return rc ? unreadable(db, err) : 0;
}

int db_each_pattern(struct db *db, int (*each)(void *arg, const struct db_pattern *p), void *arg,
		    struct db_error *err)
{
	sqlite3_stmt *stmt = db_bind(db, DB_S_PATTERNS, "");
	struct db_pattern p;
	char discard[DB_NAME];
	int rc;

	memset(&p, 0, sizeof(p));
	while (db_row(stmt, &rc)) {
		db_column(stmt, 0, p.pattern, sizeof(p.pattern));
		db_column(stmt, 1, p.partition, sizeof(p.partition));
		p.usage = (enum db_usage)sqlite3_column_int(stmt, 2);
		db_column(stmt, 3, discard, sizeof(discard));
		p.discard_predot = strcmp(discard, "PreDot") == 0;
		db_column(stmt, 4, p.prefix, sizeof(p.prefix));
		p.block = db_column_flag(stmt, 5);
		db_column(stmt, 6, p.called_mask, sizeof(p.called_mask));
		db_column(stmt, 7, p.calling_mask, sizeof(p.calling_mask));
		p.urgent = db_column_flag(stmt, 8);
		db_column(stmt, 9, p.css, sizeof(p.css));
		rc = each(arg, &p);
		if (rc) {
			sqlite3_reset(stmt);
			return rc;
		}
	}
	return rc ? unreadable(db, err) : 0;
}

int db_each_search_space(struct db *db,
			 int (*each)(void *arg, const char *css, const char *partition), void *arg,
			 struct db_error *err)
{
	sqlite3_stmt *stmt = db_bind(db, DB_S_SEARCH_SPACES, "");
	char css[DB_NAME], partition[DB_NAME];
	int rc;

	while (db_row(stmt, &rc)) {
		db_column(stmt, 0, css, sizeof(css));
		db_column(stmt, 1, partition, sizeof(partition));
		rc = each(arg, css, partition);
		if (rc) {
			sqlite3_reset(stmt);
			return rc;
		}
	}
	return rc ? unreadable(db, err) : 0;
}

int db_each_reachable(struct db *db, const char *search_space,
		      int (*each)(void *arg, const char *partition), void *arg,
		      struct db_error *err)
{
	return each_name(db, db_bind(db, DB_S_REACHABLE, "t", search_space), each, arg, err);
}

int db_each_controlled(struct db *db, const char *userid,
		       int (*each)(void *arg, const char *device), void *arg, struct db_error *err)
{
	char pkid[DB_PKID];
	bool application;
	int rc = db_find_user(db, userid, pkid, &application, err);

	if (rc)
		return rc;
	return each_name(db,
			 db_bind(db,
				 application ? DB_S_CONTROLLED_APPUSER : DB_S_CONTROLLED_ENDUSER,
				 "s", pkid),
			 each, arg, err);
}

int db_controls(struct db *db, const char *userid, const char *device, struct db_error *err)
{
	char pkid[DB_PKID];
	bool application;
	sqlite3_stmt *stmt;
	int rc = db_find_user(db, userid, pkid, &application, err);
	int count = 0;

	if (rc)
		return rc;
	stmt = db_bind(db, DB_S_CONTROLS, "ss", pkid, device);
	if (db_row(stmt, &rc)) {
		count = sqlite3_column_int(stmt, 0);
		sqlite3_reset(stmt);
	}
	return rc ? unreadable(db, err) : count;
}
