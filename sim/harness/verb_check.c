/* Are the arguments of a verb possible? Asked before anything is done. */
#include "sim/harness/verb.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/msg/messages.h"

/* The parts of a target: a node, or node:program, or app:NAME, or phones. */
static bool target_known(const char *text, const struct sim_topology *t,
			 bool (*app_known)(void *arg, const char *name), void *arg)
{
	const char *colon = strchr(text, ':');
	char head[SIM_NAME_SIZE];

	if (!strcmp(text, "phones"))
		return true;
	if (!colon)
		return sim_topology_node(t, text) > 0;
	if (!strncmp(text, "app:", 4))
		return app_known && app_known(arg, text + 4);
	snprintf(head, sizeof(head), "%.*s", (int)(colon - text), text);
	return sim_topology_node(t, head) > 0 &&
	       (!strcmp(colon + 1, "callmanager") || !strcmp(colon + 1, "ctimanager"));
}

static int no_target(const char *text, const struct sim_topology *t, struct sim_error *err)
{
	char names[400] = "";
	size_t n = 0;

	for (size_t i = 0; i < t->nodes_n && n < sizeof(names) - 80; i++)
		n += (size_t)snprintf(names + n, sizeof(names) - n, "%s%.40s", i ? ", " : "",
				      t->nodes[i].name);
	return sim_fail(err, SIM_USAGE,
			"there is no target '%s': nodes are %s; NODE:callmanager, NODE:ctimanager, "
			"app:NAME and phones are others",
			text, names);
}

static bool chosen(const char *text, const char *choices)
{
	size_t n = strlen(text);

	for (const char *c = choices; c && *c;) {
		size_t k = strcspn(c, " ");

		if (k == n && !strncmp(c, text, n))
			return true;
		c += k + (c[k] == ' ');
	}
	return false;
}

int sim_arg_check(const struct sim_arg *arg, const char *text, const struct sim_topology *topology,
		  bool (*app_known)(void *arg, const char *name), void *app_arg,
		  struct sim_error *err)
{
	char *end;

	switch (arg->type) {
	case SIM_ARG_TARGET:
		if (topology && !target_known(text, topology, app_known, app_arg))
			return no_target(text, topology, err);
		return 0;
	case SIM_ARG_NODE:
		if (topology && !sim_topology_node(topology, text))
			return sim_fail(err, SIM_USAGE, "there is no node '%s' in %s", text,
					topology->name);
		return 0;
	case SIM_ARG_DEVICE:
		if (topology && !sim_topology_device(topology, text))
			return sim_fail(err, SIM_USAGE, "there is no device '%s' in %s", text,
					topology->name);
		return 0;
	case SIM_ARG_DIGITS:
		if (!*text || strlen(text) > 50 || strspn(text, "0123456789*#+") != strlen(text))
			return sim_fail(err, SIM_USAGE,
					"%s '%s' is not a number to dial: 1 to 50 of 0-9 * # +",
					arg->name, text);
		return 0;
	case SIM_ARG_COUNT:
		strtoull(text, &end, 10);
		if (!isdigit((unsigned char)*text) || *end || strlen(text) > 19)
			return sim_fail(err, SIM_USAGE, "%s '%s' is not a whole number", arg->name,
					text);
		return 0;
	case SIM_ARG_TIME:
		if (sim_time_parse(text) < 0)
			return sim_fail(err, SIM_USAGE,
					"%s '%s' is not a time: write 500ms, 2s or 1m", arg->name,
					text);
		return 0;
	case SIM_ARG_SIGNAL:
		if (signal_by_name(text) == SIG_NONE)
			return sim_fail(
				err, SIM_USAGE,
				"there is no signal '%s'; 'rehome process TYPE' shows those "
				"that a process handles",
				text);
		return 0;
	case SIM_ARG_CHOICE:
		if (!chosen(text, arg->choices))
			return sim_fail(err, SIM_USAGE, "%s '%s': allowed are %s", arg->name, text,
					arg->choices);
		return 0;
	default:
		return 0;
	}
}

int sim_verb_check(const struct sim_verb *verb, const char *const *args,
		   const struct sim_topology *topology,
		   bool (*app_known)(void *arg, const char *name), void *arg, struct sim_error *err)
{
	char usage[300];

	for (unsigned i = 0; i < sim_verb_args(verb); i++) {
		struct sim_error why = { 0 };

		if (!args[i] && verb->args[i].use == SIM_NEEDED) {
			sim_verb_usage(verb, usage, sizeof(usage));
			return sim_fail(err, SIM_USAGE, "%s: %s is missing; usage: %s", verb->name,
					verb->args[i].name, usage);
		}
		if (args[i] &&
		    sim_arg_check(&verb->args[i], args[i], topology, app_known, arg, &why) < 0)
			return sim_fail(err, SIM_USAGE, "%s: %.900s", verb->name, why.text);
	}
	return 0;
}
