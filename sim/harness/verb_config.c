/* Verbs that change the configuration of a running cluster, as an administrator does: written to
 * the database, from which programs hear of it (DbChangeNotify, USR-07). Each leaves a note "set
 * KEY VALUE" of what is in force from now on. */
#include "sim/harness/verb.h"

#include <stdlib.h>
#include <string.h>

#include "common/db/db.h"
#include "common/msg/address.h"
#include "common/msg/messages.h"

static struct db *database(struct sim_call *call)
{
	struct db *db = sim_host_options(call->host)->db;

	if (!db)
		sim_fail(call->err, SIM_USAGE, "%s: this cluster has no database that is open here",
			 call->verb->name);
	return db;
}

/* What was written is told at once. */
static int written(struct sim_call *call, int result, const struct db_error *e)
{
	if (result < 0)
		return sim_fail(call->err, SIM_USAGE, "%s: %s", call->verb->name, e->text);
	sim_host_poke(call->host);
	return 0;
}

int sim_do_set_group(struct sim_call *call)
{
	char names[200];
	const char *nodes[DB_GROUP_MAX + 1];
	struct db_group_spec spec = { .name = call->args[0], .nodes = nodes };
	struct db *db = database(call);
	struct db_error e = { 0 };
	char *rest = names;

	if (!db)
		return -1;
	snprintf(names, sizeof(names), "%s", call->args[1]);
	for (char *name; (name = strtok_r(rest, ", ", &rest)) && spec.n_nodes <= DB_GROUP_MAX;)
		nodes[spec.n_nodes++] = name;
	if (written(call, db_set_group(db, &spec, &e), &e) < 0)
		return -1;
	sim_host_note(call->host, "set group/%s %s", call->args[0], call->args[1]);
	return 0;
}

int sim_do_set_pool(struct sim_call *call)
{
	struct db *db = database(call);
	struct db_error e = { 0 };

	if (!db || written(call, db_add_device_pool(db, call->args[0], call->args[1], &e), &e) < 0)
		return -1;
	sim_host_note(call->host, "set pool/%s %s", call->args[0], call->args[1]);
	return 0;
}

/* Pool and restriction; the rest stays as it is. */
static int change_device(struct sim_call *call, struct db *db, struct db_error *e)
{
	struct db_device d = { 0 };
	const char *pool = call->args[1];
	const char *cti = call->args[2];
	int result = db_device_by_name(db, call->args[0], &d, e);
	struct db_device_spec spec = {
		.name = call->args[0],
		.description = d.description,
		.model = d.model,
		.protocol = d.protocol,
		.transport = d.transport,
		.device_pool = pool ? pool : d.device_pool,
		.search_space = *d.search_space ? d.search_space : NULL,
		.owner = *d.owner ? d.owner : NULL,
		.cti_restricted = cti ? !strcmp(cti, "restricted") : !d.allow_cti,
	};

	if (result < 0)
		return result;
	result = db_change_device(db, &spec, e);
	db_device_free(&d);
	return result;
}

int sim_do_set_device(struct sim_call *call)
{
	struct db *db = database(call);
	struct db_error e = { 0 };

	if (!db || written(call, change_device(call, db, &e), &e) < 0)
		return -1;
	if (call->args[1])
		sim_host_note(call->host, "set device/%s/pool %s", call->args[0], call->args[1]);
	if (call->args[2])
		sim_host_note(call->host, "set device/%s/cti %s", call->args[0], call->args[2]);
	return 0;
}

/* "off" takes a forward away. */
static const char *forward(const char *text)
{
	return text && !strcmp(text, "off") ? "" : text;
}

static int whole(const char *text)
{
	return text ? (int)strtol(text, NULL, 10) : 0;
}

int sim_do_set_line(struct sim_call *call)
{
	static const char *const names[] = { "cfa", "cfb", "cfna", "cfof" };
	const char *const *args = call->args;
	struct db_line_spec spec = { .index = 1,
				     .cfa = forward(args[1]),
				     .cfb = forward(args[2]),
				     .cfb_int = forward(args[2]),
				     .cfna = forward(args[3]),
				     .cfna_int = forward(args[3]),
				     .cfof = forward(args[4]),
				     .cfna_duration_s = whole(args[5]),
				     .max_calls = whole(args[6]),
				     .busy_trigger = whole(args[7]) };
	struct db *db = database(call);
	struct db_error e = { 0 };

	if (args[8])
		spec.index = whole(args[8]);
	if (!db || written(call, db_change_line(db, args[0], &spec, &e), &e) < 0)
		return -1;
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (args[1 + i])
			sim_host_note(call->host, "set line/%s/%d/%s %s", args[0], spec.index,
				      names[i], args[1 + i]);
	return 0;
}

int sim_do_associate(struct sim_call *call)
{
	bool on = !strcmp(call->verb->name, "associate");
	struct db *db = database(call);
	struct db_error e = { 0 };
	int result;

	if (!db)
		return -1;
	result = on ? db_associate(db, call->args[0], call->args[1], &e)
		    : db_dissociate(db, call->args[0], call->args[1], &e);
	if (written(call, result, &e) < 0)
		return -1;
	sim_host_note(call->host, "set user/%s/%s %s", call->args[0], call->args[1],
		      on ? "controls" : "not");
	return 0;
}

/* The note's value is one word, so the group is in it without its spaces. */
int sim_do_user_group(struct sim_call *call)
{
	bool in = !strcmp(call->verb->name, "join_group");
	struct db *db = database(call);
	struct db_error e = { 0 };
	char group[80];
	size_t n = 0;
	int result;

	if (!db)
		return -1;
	result = in ? db_join_group(db, call->args[0], call->args[1], &e)
		    : db_leave_group(db, call->args[0], call->args[1], &e);
	if (written(call, result, &e) < 0)
		return -1;
	for (const char *c = call->args[1]; *c && n + 1 < sizeof(group); c++)
		if (*c != ' ')
			group[n++] = *c;
	group[n] = '\0';
	sim_host_note(call->host, "set user/%s/%s %s", call->args[0], group, in ? "in" : "out");
	return 0;
}

/* Told to all CallManagers: the one that has the device does it. */
int sim_do_reset(struct sim_call *call)
{
	DeviceReset reset = DEVICE_RESET__INIT;
	struct sim_program *p;
	size_t n;

	if (!call->args[0] == !call->args[1])
		return sim_fail(call->err, SIM_USAGE, "reset: a device, or the number of a line");
	reset.device = (char *)(uintptr_t)call->args[0];
	reset.dn = (char *)(uintptr_t)call->args[1];
	p = sim_host_programs(call->host, &n);
	for (size_t i = 0; i < n; i++)
		if (p[i].app == SDL_APP_CALLMANAGER && p[i].state == SIM_READY &&
		    sim_host_post(call->host, &p[i], CM_CTI_REGISTRAR, SIG_DeviceReset, &reset,
				  call->err) < 0)
			return -1;
	return 0;
}
