/* CHK-01 to CHK-07: what the database says. */
#include <string.h>

#include "common/base/phone_model.h"
#include "sim/admin/checklist_private.h"

static int64_t seconds(const struct checklist *c, enum param_id id)
{
	return param_value(&c->params, id);
}

/* An application is held dead after two heartbeat intervals; what ends a call before hides its forward
 * on failure (APF-07). */
static void check_ringing(struct checklist *c, int64_t dead_s)
{
	const int64_t accept = seconds(c, PARAM_NEW_CALL_ACCEPT_TIMER);

	if (accept < dead_s)
		check_say(
			c, 1, CHECK_NOTE,
			"CTI New Call Accept Timer (%lld s) is shorter than two heartbeat "
			"intervals "
			"(%lld s): calls offered to an application that has died go to forward no "
			"answer, not to forward on failure",
			(long long)accept, (long long)dead_s);
	for (size_t i = 0; i < c->devices_n; i++)
		for (size_t k = 0; k < c->devices[i].n_lines; k++) {
			const struct db_line *l = &c->devices[i].lines[k];
			int64_t ring = l->forwards.cfna_duration_s
					       ? l->forwards.cfna_duration_s
					       : seconds(c, PARAM_FORWARD_NO_ANSWER_TIMER);

			if (*l->forwards.cfof && ring < dead_s)
				check_say(
					c, 1, CHECK_NOTE,
					"%s rings %lld s, less than two heartbeat intervals (%lld "
					"s): its forward on failure is seldom reached; rehome "
					"admin "
					"change line %s %d --cfnaduration %lld",
					l->dn, (long long)ring, (long long)dead_s,
					c->devices[i].name, l->index, (long long)dead_s + 1);
		}
}

void check_parameters(struct checklist *c)
{
	const int64_t least = seconds(c, PARAM_HEARTBEAT_MIN);
	const int64_t most = seconds(c, PARAM_HEARTBEAT_MAX);
	int64_t heartbeat = seconds(c, PARAM_DESIRED_SERVER_HEARTBEAT_INTERVAL);

	if (least > most)
		check_say(c, 1, CHECK_MISSING,
			  "Application Heartbeat Minimum Interval (%lld s) is above the maximum "
			  "(%lld "
			  "s); rehome admin change parameter ctimanager 'Application Heartbeat "
			  "Minimum "
			  "Interval' --paramvalue 5",
			  (long long)least, (long long)most);
	if (seconds(c, PARAM_H225_TCP_TIMER) <= seconds(c, PARAM_NEW_CALL_ACCEPT_TIMER))
		check_say(
			c, 1, CHECK_NOTE,
			"CTI New Call Accept Timer is not below the H225 TCP Timer: gateways give "
			"up before the application has to answer");
	if ((int64_t)c->devices_n > seconds(c, PARAM_MAX_DEVICES_PER_PROVIDER))
		check_say(
			c, 1, CHECK_NOTE,
			"%zu Controlled Devices are more than Maximum Devices Per Provider (%lld): "
			"an alarm will be raised",
			c->devices_n, (long long)seconds(c, PARAM_MAX_DEVICES_PER_PROVIDER));
	heartbeat = heartbeat < least ? least : heartbeat > most ? most : heartbeat;
	check_ringing(c, 2 * heartbeat);
	if (!check_said(c, 1))
		check_say(c, 1, CHECK_OK, "service parameters fit together");
}

static bool is_super(const struct checklist *c)
{
	return c->u.groups & DB_GROUP_CONTROL_ALL;
}

static const char *kind_of(const struct db_device *d)
{
	return d->device_class == DB_CLASS_ROUTE_POINT ? "routepoint"
	       : d->model == DB_MODEL_CTI_PORT	       ? "port"
						       : "phone";
}

void check_devices(struct checklist *c)
{
	if (!c->devices_n && !is_super(c)) {
		check_say(
			c, 2, CHECK_MISSING,
			"no device to control; rehome admin add port NAME --devicepool POOL, then "
			"rehome admin add controlled %s NAME",
			c->user);
		return;
	}
	for (size_t i = 0; i < c->devices_n; i++) {
		const struct db_device *d = &c->devices[i];
		const struct phone_model *m = phone_model((uint32_t)d->model);

		if (!d->allow_cti)
			check_say(c, 2, CHECK_MISSING,
				  "%s may not be controlled; rehome admin change %s %s "
				  "--allowcticontrolflag t",
				  d->name, kind_of(d), d->name);
		if (d->protocol == DB_PROTOCOL_SIP && (!m || !m->cti_over_sip))
			check_say(c, 2, CHECK_MISSING,
				  "%s is a %s over SIP, which no application can control; use "
				  "another "
				  "model, or SCCP",
				  d->name, m ? m->name : "phone");
	}
	if (!check_said(c, 2))
		check_say(c, 2, CHECK_OK, "%zu device%s can be controlled%s", c->devices_n,
			  c->devices_n == 1 ? "" : "s", is_super(c) ? ", and all others" : "");
}

void check_numbers(struct checklist *c)
{
	size_t lines = 0;

	for (size_t i = 0; i < c->devices_n; i++) {
		const struct db_device *d = &c->devices[i];

		if (!d->n_lines)
			check_say(c, 3, CHECK_MISSING,
				  "%s has no directory number; rehome admin add line %s 1 NUMBER",
				  d->name, d->name);
		for (size_t k = 0; k < d->n_lines; k++, lines++)
			if (!d->lines[k].allow_cti)
				check_say(
					c, 3, CHECK_MISSING,
					"%s of %s may not be controlled; rehome admin change line "
					"%s %d --allowcticontrolflag t",
					d->lines[k].dn, d->name, d->name, d->lines[k].index);
	}
	if (!check_said(c, 3) && lines)
		check_say(c, 3, CHECK_OK, "%zu line%s", lines, lines == 1 ? "" : "s");
	else if (!check_said(c, 3))
		check_say(c, 3, is_super(c) ? CHECK_OK : CHECK_MISSING,
			  is_super(c) ? "those of all devices" : "no device, so no number");
}

static const struct db_node *node_of(const struct checklist *c, int id)
{
	for (int i = 0; i < c->nodes_n; i++)
		if (c->nodes[i].node_id == id)
			return &c->nodes[i];
	return NULL;
}

static bool runs(const struct db_node *n, enum db_service service)
{
	return n && (n->services & (1u << service));
}

/* Of one device; said once for each group. */
static void check_group(struct checklist *c, const struct db_device *d)
{
	const struct db_group *g = &d->group;
	int serving = 0;

	for (int i = 0; i < g->n_members; i++)
		serving += runs(node_of(c, g->members[i]), DB_SERVICE_CALLMANAGER);
	if (!serving)
		check_say(c, 4, CHECK_MISSING,
			  "device pool %s: CallManager group %s has no member that runs Cisco "
			  "CallManager; rehome admin change group %s --members A,B",
			  d->device_pool, g->name, g->name);
	else if (serving == 1)
		check_say(c, 4, CHECK_NOTE,
			  "CallManager group %s has one member: when it fails, no other takes its "
			  "devices",
			  g->name);
}

void check_groups(struct checklist *c)
{
	for (size_t i = 0; i < c->devices_n; i++) {
		size_t k = 0;

		while (k < i && strcmp(c->devices[k].group.name, c->devices[i].group.name) != 0)
			k++;
		if (k == i)
			check_group(c, &c->devices[i]);
	}
	if (!check_said(c, 4))
		check_say(c, 4, c->devices_n || is_super(c) ? CHECK_OK : CHECK_MISSING,
			  c->devices_n || is_super(c)
				  ? "each device has CallManagers to register at"
				  : "no device, so no device pool");
}

void check_user(struct checklist *c)
{
	if (!c->known) {
		check_say(c, 5, CHECK_MISSING,
			  "there is no user %s; rehome admin add applicationuser %s --password -",
			  c->user, c->user);
		return;
	}
	if (!*c->u.secret)
		check_say(c, 5, CHECK_MISSING,
			  "%s has no password, so it cannot log in; rehome admin change %s %s "
			  "--password -",
			  c->user, c->u.application ? "applicationuser" : "enduser", c->user);
	if (!c->u.application && !c->u.allow_cti)
		check_say(c, 5, CHECK_MISSING,
			  "%s may not use CTI; rehome admin change enduser %s "
			  "--allowcticontrolflag t",
			  c->user, c->user);
	if (!c->devices_n && !is_super(c))
		check_say(c, 5, CHECK_MISSING,
			  "%s controls no device; rehome admin add controlled %s DEVICE", c->user,
			  c->user);
	if (!check_said(c, 5))
		check_say(c, 5, CHECK_OK, "%s %s has a password and its Controlled Devices",
			  c->u.application ? "application user" : "end user", c->user);
}

void check_user_groups(struct checklist *c)
{
	if (!(c->u.groups & DB_GROUP_CTI_ENABLED))
		check_say(c, 6, CHECK_MISSING,
			  "no provider is opened for %s; rehome admin add membership %s '%s'",
			  c->user, c->user, db_group_name(DB_GROUP_CTI_ENABLED));
	if (is_super(c) && !(c->u.groups & DB_GROUP_SECURE_CONNECTION))
		check_say(
			c, 6, CHECK_NOTE,
			"%s controls all devices over a connection in the clear; rehome admin add "
			"membership %s '%s'",
			c->user, c->user, db_group_name(DB_GROUP_SECURE_CONNECTION));
	if (!check_said(c, 6))
		check_say(c, 6, CHECK_OK, "%s is in %s", c->user,
			  db_group_name(DB_GROUP_CTI_ENABLED));
}

void check_services(struct checklist *c)
{
	int callmanagers = 0, ctimanagers = 0;

	for (int i = 0; i < c->nodes_n; i++) {
		callmanagers += runs(&c->nodes[i], DB_SERVICE_CALLMANAGER);
		ctimanagers += runs(&c->nodes[i], DB_SERVICE_CTIMANAGER);
	}
	if (!callmanagers)
		check_say(c, 7, CHECK_MISSING,
			  "no node runs Cisco CallManager; rehome admin change service NODE "
			  "callmanager --isactive t");
	if (!ctimanagers)
		check_say(c, 7, CHECK_MISSING,
			  "no node runs Cisco CTIManager; rehome admin change service NODE "
			  "ctimanager "
			  "--isactive t");
	if (ctimanagers == 1)
		check_say(c, 7, CHECK_NOTE,
			  "one node runs Cisco CTIManager: there is no backup for applications");
	if (!check_said(c, 7))
		check_say(c, 7, CHECK_OK,
			  "Cisco CTIManager runs on %d nodes, Cisco CallManager on %d", ctimanagers,
			  callmanagers);
}
