/* Lines and numbers: a line makes its number if it must; forwards of all calls have a table of their
 * own; pickup groups have a number. */
#include "sim/admin/number.h"

#include <stdlib.h>
#include <string.h>

/* A number and the row of its call forward all. */
static int make_number(struct admin *a, const struct admin_object *o, const char *dn,
		       const char *partition, const char *usage, char pkid[DB_PKID],
		       struct db_error *err)
{
	char forward[DB_PKID];
	const char *number[4] = { pkid, dn, partition, usage };
	const char *forwards[2] = { forward, pkid };
	int rc;

	db_pkid(a->db, pkid);
	db_pkid(a->db, forward);
	rc = admin_run(a, o, "Making the number of",
		       "INSERT INTO numplan (pkid, dnorpattern, fkroutepartition, tkpatternusage)"
		       " VALUES (?1, ?2, ?3, ?4)",
		       4, number, err);
	if (rc)
		return rc;
	return admin_run(a, o, "Making the number of",
			 "INSERT INTO callforwarddynamic (pkid, fknumplan) VALUES (?1, ?2)", 2,
			 forwards, err);
}

static int find_number(struct admin *a, const char *dn, const char *partition, char pkid[DB_PKID],
		       struct db_error *err)
{
	const char *texts[2] = { dn, partition };

	return admin_look(a,
			  "SELECT pkid FROM numplan WHERE dnorpattern = ?1 AND"
			  " coalesce(fkroutepartition, '') = coalesce(?2, '')",
			  2, texts, pkid, DB_PKID, err);
}

/* Route points take many calls; a busy trigger is never above the maximum. */
static int set_limits(struct admin *a, struct admin_object *o, struct db_error *err)
{
	const int max = admin_column(o->kind, "maxnumcalls", 11);
	const int busy = admin_column(o->kind, "busytrigger", 11);
	const char *device = admin_text(o, "fkdevice");
	char class[16];
	bool route_point;
	int rc = admin_look(a, "SELECT tkclass FROM device WHERE name = ?1", 1, &device, class,
			    sizeof(class), err);

	if (rc)
		return rc;
	route_point = !strcmp(class, "10");
	if (!o->text[max] || !*o->text[max])
		o->text[max] = route_point ? "5000" : "4";
	if (!o->text[busy] || !*o->text[busy]) {
		const char *usual = route_point ? "4500" : "2";

		o->text[busy] = atoi(usual) > atoi(o->text[max]) ? o->text[max] : usual;
	}
	return 0;
}

int admin_line_before(struct admin *a, struct admin_object *o, struct db_error *err)
{
	const int dn = admin_column(o->kind, "dnorpattern", 11);
	const int partition = dn + 1;
	const char *pkid[1] = { o->pkid };
	int rc;

	if (!o->adding && !o->text[dn] && !o->text[partition])
		return admin_look(a, "SELECT fknumplan FROM devicenumplanmap WHERE pkid = ?1", 1,
				  pkid, o->link, sizeof(o->link), err);
	if (!o->text[dn] || !*o->text[dn])
		return db_error_set(err, DB_EINPUT,
				    "A line's partition is changed with its number: give "
				    "--dnorpattern too.");
	rc = find_number(a, o->text[dn], o->bound[partition], o->link, err);
	if (!rc && !o->link[0])
		rc = make_number(a, o, o->text[dn], o->bound[partition], "2", o->link, err);
	if (!rc && o->adding)
		rc = set_limits(a, o, err);
	return rc;
}

static int store_forward_all(struct admin *a, struct admin_object *o, const char *number,
			     struct db_error *err)
{
	char forward[DB_PKID];
	const char *texts[2] = { forward, number };
	int changed = 0;
	int rc = admin_store(a, o, 'c', "callforwarddynamic", "fknumplan", number, &changed, err);

	if (rc || changed)
		return rc;
	db_pkid(a->db, forward);
	rc = admin_run(a, o, "Making the forward of",
		       "INSERT INTO callforwarddynamic (pkid, fknumplan) VALUES (?1, ?2)", 2, texts,
		       err);
	return rc ? rc
		  : admin_store(a, o, 'c', "callforwarddynamic", "fknumplan", number, &changed,
				err);
}

int admin_line_after(struct admin *a, struct admin_object *o, struct db_error *err)
{
	const char *texts[2] = { o->pkid, o->link };
	int changed, rc = 0;

	if (!o->adding && o->text[admin_column(o->kind, "dnorpattern", 11)])
		rc = admin_run(a, o, "Changing",
			       "UPDATE devicenumplanmap SET fknumplan = ?2 WHERE pkid = ?1", 2,
			       texts, err);
	if (!rc)
		rc = admin_store(a, o, 'n', "numplan", "pkid", o->link, &changed, err);
	return rc ? rc : store_forward_all(a, o, o->link, err);
}

int admin_number_after(struct admin *a, struct admin_object *o, struct db_error *err)
{
	char forward[DB_PKID];
	const char *texts[2] = { forward, o->pkid };
	int rc = 0;

	if (o->adding) {
		db_pkid(a->db, forward);
		rc = admin_run(a, o, "Making the forward of",
			       "INSERT INTO callforwarddynamic (pkid, fknumplan) VALUES (?1, ?2)",
			       2, texts, err);
	}
	return rc ? rc : store_forward_all(a, o, o->pkid, err);
}

/* ---- pickup groups ------------------------------------------------------------------- */

int admin_pickup_before(struct admin *a, struct admin_object *o, struct db_error *err)
{
	if (!o->adding)
		return 0;
	return make_number(a, o, admin_text(o, "dnorpattern"), NULL, "4", o->link, err);
}

int admin_pickup_after(struct admin *a, struct admin_object *o, struct db_error *err)
{
	const char *pkid[1] = { o->pkid };
	int changed;
	int rc;

	if (o->adding)
		return 0;
	rc = admin_look(a, "SELECT fknumplan_pickup FROM pickupgroup WHERE pkid = ?1", 1, pkid,
			o->link, sizeof(o->link), err);
	return rc ? rc : admin_store(a, o, 'n', "numplan", "pkid", o->link, &changed, err);
}

/* It goes with its number. One that has members is in use. */
int admin_pickup_remove(struct admin *a, struct admin_object *o, struct db_error *err)
{
	const char *pkid[1] = { o->pkid };
	char member[DB_PKID];
	int rc = admin_look(a, "SELECT pkid FROM pickupgrouplinemap WHERE fkpickupgroup = ?1", 1,
			    pkid, member, sizeof(member), err);

	if (!rc && member[0])
		return db_error_set(err, DB_EINUSE, "The pickup group has members.");
	if (rc)
		return rc;
	return admin_run(a, o, "Removing",
			 "DELETE FROM numplan WHERE pkid ="
			 " (SELECT fknumplan_pickup FROM pickupgroup WHERE pkid = ?1)",
			 1, pkid, err);
}
