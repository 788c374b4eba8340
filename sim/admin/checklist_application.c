/* CHK-08 and CHK-09: what the application was told, and whether it runs with it. */
#include <stdlib.h>
#include <string.h>

#include "sim/admin/checklist_private.h"
#include "sim/harness/control.h"

/* An application of the user, as the running cluster says. */
struct running {
	char name[80];
	char managers[400];
	char state[20];
	char provider[400]; /* "-": none is open */
};

/* The table of the verb applications: five words a line, a heading first. */
static int ask(struct checklist *c, struct running *found, struct db_error *e)
{
	const struct sim_verb *verb = sim_verb(SIM_ON_CLUSTER, "applications");
	const char *none[SIM_ARGS_MAX] = { 0 };
	struct sim_error err = { 0 };
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	int status, rc = 0;

	if (!f)
		abort();
	status = sim_control_ask(c->w->dir, verb, "", none, f, &err);
	fclose(f);
	if (status)
		rc = db_error_set(e, DB_EIO, "%.400s", err.text);
	for (char *save, *line = strtok_r(text, "\n", &save); line && !rc;
	     line = strtok_r(NULL, "\n", &save)) {
		struct running r;
		char user[200];

		if (sscanf(line, "%79s %199s %399s %19s %399s", r.name, user, r.managers, r.state,
			   r.provider) == 5 &&
		    !strcmp(user, c->user))
			*found = r;
	}
	free(text);
	return rc;
}

static bool has_ctimanager(const struct checklist *c, const char *name, bool *known)
{
	*known = false;
	for (int i = 0; i < c->nodes_n; i++)
		if (!strcmp(c->nodes[i].name, name)) {
			*known = true;
			return c->nodes[i].services & (1u << DB_SERVICE_CTIMANAGER);
		}
	return false;
}

static void check_list(struct checklist *c, const char *list)
{
	char names[400];
	int serving = 0;
	bool known;

	snprintf(names, sizeof(names), "%s", list);
	for (char *save, *name = strtok_r(names, ", ", &save); name;
	     name = strtok_r(NULL, ", ", &save)) {
		if (has_ctimanager(c, name, &known))
			serving++;
		else
			check_say(c, 8, known ? CHECK_NOTE : CHECK_MISSING,
				  known ? "the application's list names %s, where Cisco CTIManager "
					  "is not "
					  "activated"
					: "the application's list names %s, and there is no such "
					  "node",
				  name);
	}
	if (!serving)
		check_say(c, 8, CHECK_MISSING,
			  "no CTIManager of the application's list (%s) is activated", list);
	else if (serving == 1)
		check_say(c, 8, CHECK_NOTE,
			  "the application's list has one CTIManager that runs: when that fails, "
			  "it is "
			  "without service; give it another");
	if (!check_said(c, 8))
		check_say(c, 8, CHECK_OK, "the application's CTIManagers are %s", list);
}

static void check_run(struct checklist *c, const struct running *r)
{
	if (!*c->w->dir)
		check_say(c, 9, CHECK_NOTE,
			  "the cluster is stopped; once it runs, start the application and look "
			  "again");
	else if (!*r->name)
		check_say(c, 9, CHECK_MISSING,
			  "no application runs as %s; rehome start-app NAME --user %s", c->user,
			  c->user);
	else if (strcmp(r->state, "ready") != 0)
		check_say(c, 9, CHECK_MISSING, "application %s is %s; rehome start app:%s", r->name,
			  r->state, r->name);
	else if (!strcmp(r->provider, "-"))
		check_say(c, 9, CHECK_MISSING,
			  "application %s runs, but has no provider open; when the steps above are "
			  "complete, restart it: rehome term app:%s, rehome start app:%s",
			  r->name, r->name, r->name);
	else
		check_say(c, 9, CHECK_OK, "application %s has its provider open at %s", r->name,
			  r->provider);
}

int check_application(struct checklist *c, struct db_error *e)
{
	struct running r = { .name = "" };
	const char *list = c->w->ctimanagers;
	int rc = *c->w->dir ? ask(c, &r, e) : 0;

	if (rc)
		return rc;
	if (!list && *r.name)
		list = r.managers;
	if (list)
		check_list(c, list);
	else
		check_say(c, 8, *c->w->dir ? CHECK_MISSING : CHECK_NOTE,
			  "give the application a list of CTIManagers, and say it here to have it "
			  "checked: --ctimanagers A,B");
	check_run(c, &r);
	return 0;
}
