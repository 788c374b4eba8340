/* Users: end users and application users through one interface, and their passwords. */
#include "common/db/db_private.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const struct {
	unsigned bit;
	const char *name;
} group_names[] = {
	{ DB_GROUP_CTI_ENABLED, "Standard CTI Enabled" },
	{ DB_GROUP_CONTROL_ALL, "Standard CTI Allow Control of All Devices" },
	{ DB_GROUP_PARK_MONITORING, "Standard CTI Allow Call Park Monitoring" },
	{ DB_GROUP_CALLING_NUMBER, "Standard CTI Allow Calling Number Modification" },
	{ DB_GROUP_SRTP_KEYS, "Standard CTI Allow Reception of SRTP Key Material" },
	{ DB_GROUP_SECURE_CONNECTION, "Standard CTI Secure Connection" },
};
#define GROUP_NAMES (sizeof(group_names) / sizeof(group_names[0]))

const char *db_group_name(unsigned group)
{
	for (size_t i = 0; i < GROUP_NAMES; i++)
		if (group_names[i].bit == group)
			return group_names[i].name;
	return NULL;
}

static unsigned group_bit(const char *name)
{
	for (size_t i = 0; i < GROUP_NAMES; i++)
		if (!strcmp(group_names[i].name, name))
			return group_names[i].bit;
	return 0;
}

int db_find_user(struct db *db, const char *userid, char pkid[DB_PKID], bool *application,
		 struct db_error *err)
{
	int rc = db_need(db, DB_S_ENDUSER_PKID, "user", userid, pkid, err);

	*application = false;
	if (rc == DB_ENOTFOUND) {
		*application = true;
		rc = db_need(db, DB_S_APPUSER_PKID, "user", userid, pkid, err);
	}
	return rc;
}

static int read_groups(struct db *db, struct db_user *user)
{
	sqlite3_stmt *stmt = db_bind(
		db, user->application ? DB_S_GROUPS_APPUSER : DB_S_GROUPS_ENDUSER, "s", user->pkid);
	int rc;

	while (db_row(stmt, &rc))
		user->groups |= group_bit((const char *)sqlite3_column_text(stmt, 0));
	return rc;
}

int db_user_by_id(struct db *db, const char *userid, struct db_user *user, struct db_error *err)
{
	static const struct db_fact none[DB_FACTS_MAX];
	int rc = 0;

	memset(user, 0, sizeof(*user));
	snprintf(user->userid, sizeof(user->userid), "%s", userid);
	for (int application = 0; application < 2 && !rc; application++) {
		sqlite3_stmt *stmt = db_bind(
			db, application ? DB_S_USER_APPUSER : DB_S_USER_ENDUSER, "t", userid);

		if (!db_row(stmt, &rc))
			continue;
		db_column(stmt, 0, user->pkid, sizeof(user->pkid));
		user->allow_cti = db_column_flag(stmt, 1);
		db_column(stmt, 2, user->secret, sizeof(user->secret));
		sqlite3_reset(stmt);
		user->application = application;
		rc = read_groups(db, user);
		if (!rc)
			return 0;
	}
	return rc ? db_explain(db, err, "Reading a user", none)
		  : db_error_set(err, DB_ENOTFOUND, "There is no user '%s'.", userid);
}

bool db_password_matches(const struct db_user *user, const char *password)
{
	return user->secret[0] &&
	       crypto_pwhash_str_verify(user->secret, password, strlen(password)) == 0;
}

/* crypto_pwhash_str's format with a salt of the connection's stream, so that a seeded database is
 * the same in each run. */
static int hash_password(struct db *db, const char *password, enum db_cost cost,
			 char secret[DB_SECRET])
{
	const unsigned long long passes =
		cost == DB_COST_MINIMAL ? 1 : crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE;
	const size_t memory =
		cost == DB_COST_MINIMAL ? 8192 : crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE;
	unsigned char salt[crypto_pwhash_argon2id_SALTBYTES], hash[32];
	char salt64[32], hash64[64], pkid[DB_PKID];

	db_pkid(db, pkid);
	if (db->seeded)
		crypto_generichash(salt, sizeof(salt), (const unsigned char *)pkid, DB_PKID - 1,
				   NULL, 0);
	else
		randombytes_buf(salt, sizeof(salt));
	if (crypto_pwhash_argon2id(hash, sizeof(hash), password, strlen(password), salt, passes,
				   memory, crypto_pwhash_argon2id_ALG_ARGON2ID13))
		return -1;
	sodium_bin2base64(salt64, sizeof(salt64), salt, sizeof(salt),
			  sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	sodium_bin2base64(hash64, sizeof(hash64), hash, sizeof(hash),
			  sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	snprintf(secret, DB_SECRET, "$argon2id$v=19$m=%zu,t=%llu,p=1$%s$%s", memory / 1024, passes,
		 salt64, hash64);
	return 0;
}

static int store_password(struct db *db, const char *user_pkid, bool application,
			  const char *password, enum db_cost cost)
{
	char pkid[DB_PKID], secret[DB_SECRET];

	if (hash_password(db, password, cost, secret))
		return SQLITE_NOMEM;
	db_pkid(db, pkid);
	return db_exec(db, DB_S_CREDENTIAL_SET, "ssss", pkid, application ? NULL : user_pkid,
		       application ? user_pkid : NULL, secret);
}

static int user_failed(struct db *db, struct db_error *err, const char *what, const char *userid,
		       const char *device)
{
	const struct db_fact facts[DB_FACTS_MAX] = { { "user", userid }, { "device", device } };
	char doing[200];

	snprintf(doing, sizeof(doing), "%s '%.100s'", what, userid);
	return db_explain(db, err, doing, facts);
}

static int check_user(const struct db_user_spec *spec, struct db_error *err)
{
	if (!spec->userid || !*spec->userid || strlen(spec->userid) >= DB_NAME)
		return db_error_set(err, DB_EINPUT, "A user needs a name of 1 to %d bytes.",
				    DB_NAME - 1);
	if (!spec->password || !*spec->password)
		return db_error_set(err, DB_EINPUT, "User '%s' needs a password.", spec->userid);
	return 0;
}

int db_add_user(struct db *db, const struct db_user_spec *spec, struct db_error *err)
{
	char pkid[DB_PKID];
	int rc = check_user(spec, err);

	if (!rc)
		rc = db_write_begin(db, err);
	if (rc)
		return rc;
	db_pkid(db, pkid);
	if (spec->application)
		rc = db_exec(db, DB_S_APPUSER_ADD, "ss", pkid, spec->userid);
	else
		rc = db_exec(db, DB_S_ENDUSER_ADD, "sss", pkid, spec->userid,
			     spec->last_name ? spec->last_name : spec->userid);
	if (!rc)
		rc = store_password(db, pkid, spec->application, spec->password, spec->cost);
	if (rc)
		rc = user_failed(db, err, "Adding user", spec->userid, NULL);
	return db_write_end(db, rc, err);
}

int db_remove_user(struct db *db, const char *userid, struct db_error *err)
{
	char pkid[DB_PKID];
	bool application;
	int rc = db_write_begin(db, err);

	if (rc)
		return rc;
	rc = db_find_user(db, userid, pkid, &application, err);
	if (!rc &&
	    db_exec(db, application ? DB_S_APPUSER_REMOVE : DB_S_ENDUSER_REMOVE, "s", pkid)) {
		rc = user_failed(db, err, "Removing user", userid, NULL);
		if (rc == DB_EINUSE)
			rc = db_in_use(db, DB_KIND_USER, userid, err);
	}
	return db_write_end(db, rc, err);
}

int db_set_password(struct db *db, const char *userid, const char *password, enum db_cost cost,
		    struct db_error *err)
{
	const struct db_user_spec spec = { .userid = userid, .password = password };
	char pkid[DB_PKID];
	bool application;
	int rc = check_user(&spec, err);

	if (!rc)
		rc = db_write_begin(db, err);
	if (rc)
		return rc;
	rc = db_find_user(db, userid, pkid, &application, err);
	if (!rc && store_password(db, pkid, application, password, cost))
		rc = user_failed(db, err, "Setting the password of user", userid, NULL);
	return db_write_end(db, rc, err);
}

/* What a user is tied to, or not any more: a user group, a device. */
struct tie {
	const char *kind;
	enum db_stmt lookup;
	enum db_stmt enduser, appuser;
	bool adds; /* a row, which needs a pkid */
	const char *doing;
};

enum { JOIN, LEAVE, ASSOCIATE, DISSOCIATE };
static const struct tie ties[] = {
	[JOIN] = { "user group", DB_S_USERGROUP_PKID, DB_S_ENDUSER_JOIN, DB_S_APPUSER_JOIN, true,
		   "Adding to a user group: user" },
	[LEAVE] = { "user group", DB_S_USERGROUP_PKID, DB_S_ENDUSER_LEAVE, DB_S_APPUSER_LEAVE,
		    false, "Taking out of a user group: user" },
	[ASSOCIATE] = { "device", DB_S_DEVICE_PKID, DB_S_ENDUSER_ASSOCIATE, DB_S_APPUSER_ASSOCIATE,
			true, "Associating a device with user" },
	[DISSOCIATE] = { "device", DB_S_DEVICE_PKID, DB_S_ENDUSER_DISSOCIATE,
			 DB_S_APPUSER_DISSOCIATE, false, "Taking a device from user" },
};

static int change_tie(struct db *db, const struct tie *tie, const char *userid, const char *to,
		      struct db_error *err)
{
	char user[DB_PKID], other[DB_PKID], pkid[DB_PKID];
	enum db_stmt change;
	bool application;
	int rc = db_write_begin(db, err);

	if (rc)
		return rc;
	rc = db_find_user(db, userid, user, &application, err);
	if (!rc)
		rc = db_need(db, tie->lookup, tie->kind, to, other, err);
	if (rc)
		return db_write_end(db, rc, err);
	change = application ? tie->appuser : tie->enduser;
	if (tie->adds) {
		db_pkid(db, pkid);
		rc = db_exec(db, change, "sss", pkid, user, other);
	} else {
		rc = db_exec(db, change, "ss", user, other);
	}
	if (rc)
		rc = user_failed(db, err, tie->doing, userid,
				 tie->lookup == DB_S_DEVICE_PKID ? to : NULL);
	return db_write_end(db, rc, err);
}

int db_join_group(struct db *db, const char *userid, const char *group, struct db_error *err)
{
	return change_tie(db, &ties[JOIN], userid, group, err);
}

int db_leave_group(struct db *db, const char *userid, const char *group, struct db_error *err)
{
	return change_tie(db, &ties[LEAVE], userid, group, err);
}

int db_associate(struct db *db, const char *userid, const char *device, struct db_error *err)
{
	return change_tie(db, &ties[ASSOCIATE], userid, device, err);
}

int db_dissociate(struct db *db, const char *userid, const char *device, struct db_error *err)
{
	return change_tie(db, &ties[DISSOCIATE], userid, device, err);
}
