/* Users: a password is hashed, and what is unwise is said (GRP-07, DEV-02). */
#include "sim/admin/user.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/phone_model.h"

#define PASSWORD_MAX 127

static const char *userid(const struct admin_object *o)
{
	return admin_text(o, o->kind->columns[0].name);
}

/* The first line of standard input. */
static int read_password(struct admin_object *o, size_t column, struct db_error *err)
{
	char *line = o->room[2];

	if (!fgets(line, PASSWORD_MAX + 2, stdin) || !*line || *line == '\n')
		return db_error_set(err, DB_EINPUT, "There is no password on standard input.");
	line[strcspn(line, "\n")] = '\0';
	o->text[column] = line;
	return 0;
}

int admin_user_check(struct admin *a, struct admin_object *o, struct db_error *err)
{
	const int password = admin_column(o->kind, "password", 8);
	const int last = admin_column(o->kind, "lastname", 8);
	const char *given = o->text[password];

	(void)a;
	if (last >= 0 && o->adding && !o->text[last])
		o->text[last] = userid(o);
	if (given && !strcmp(given, "-"))
		return read_password(o, (size_t)password, err);
	if (given && !*given)
		return db_error_set(err, DB_EINPUT, "User '%s' needs a password.", userid(o));
	if (given && strlen(given) > PASSWORD_MAX)
		return db_error_set(err, DB_EINPUT, "A password has at most %d bytes.",
				    PASSWORD_MAX);
	return 0;
}

/* ---- warnings ------------------------------------------------------------------------ */

/* A phone that no application can open as it is (DEV-02). */
static int warn_of_device(struct admin *a, const char *user, const char *device,
			  struct db_error *err)
{
	const struct phone_model *model;
	char number[16];
	int rc = admin_look(a,
			    "SELECT tkmodel FROM device WHERE name = ?1 AND tkdeviceprotocol = 11"
			    " AND tkclass = 1",
			    1, &device, number, sizeof(number), err);

	if (rc || !number[0])
		return rc;
	model = phone_model((uint32_t)atoi(number));
	if (!model || !model->cti_over_sip)
		admin_warn(
			a,
			"%s is a %s over SIP, which no application can control: when %s opens it "
			"that is refused; over SCCP the same model works",
			device, model ? model->name : "phone", user);
	return 0;
}

static int warn_of_groups(struct admin *a, const char *user, struct db_error *err)
{
	struct db_user u;
	int rc = db_user_by_id(a->db, user, &u, err);

	if (!rc && (u.groups & DB_GROUP_CONTROL_ALL) && !(u.groups & DB_GROUP_SECURE_CONNECTION))
		admin_warn(
			a,
			"%s may control all devices over a connection in the clear; put the user "
			"into '%s' too",
			user, db_group_name(DB_GROUP_SECURE_CONNECTION));
	return rc;
}

static int warn_of_list(struct admin *a, const struct admin_object *o, struct db_error *err)
{
	const char *devices = o->text[admin_column(o->kind, "devices", 7)];
	char *names = devices ? strdup(devices) : NULL;
	int rc = 0;

	if (devices && !names)
		abort();
	for (char *save, *name = names ? strtok_r(names, ", ", &save) : NULL; name && !rc;
	     name = strtok_r(NULL, ", ", &save))
		rc = warn_of_device(a, userid(o), name, err);
	free(names);
	if (!rc && o->text[admin_column(o->kind, "usergroups", 10)])
		rc = warn_of_groups(a, userid(o), err);
	return rc;
}

int admin_user_after(struct admin *a, struct admin_object *o, struct db_error *err)
{
	const char *password = o->text[admin_column(o->kind, "password", 8)];
	int rc = 0;

	if (password)
		rc = db_set_password(a->db, userid(o), password, DB_COST_STRONG, err);
	return rc ? rc : warn_of_list(a, o, err);
}

/* ---- what ties a user to something --------------------------------------------------- */

int admin_membership_add(struct admin *a, struct admin_object *o, struct db_error *err)
{
	int rc = db_join_group(a->db, userid(o), admin_text(o, "dirgroup"), err);

	return rc ? rc : warn_of_groups(a, userid(o), err);
}

int admin_membership_remove(struct admin *a, struct admin_object *o, struct db_error *err)
{
	int rc = db_leave_group(a->db, userid(o), admin_text(o, "dirgroup"), err);

	return rc ? rc : warn_of_groups(a, userid(o), err);
}

int admin_controlled_add(struct admin *a, struct admin_object *o, struct db_error *err)
{
	const char *device = admin_text(o, "device");
	int rc = db_associate(a->db, userid(o), device, err);

	return rc ? rc : warn_of_device(a, userid(o), device, err);
}

int admin_controlled_remove(struct admin *a, struct admin_object *o, struct db_error *err)
{
	return db_dissociate(a->db, userid(o), admin_text(o, "device"), err);
}
