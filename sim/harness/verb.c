#include "sim/harness/verb.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define EVERYWHERE (SIM_BOTH | SIM_COMMAND | SIM_SCENARIO)

static const struct sim_verb verbs[] = {
	/* the cluster, by the command itself */
	{ "up",
	  SIM_ON_CLUSTER,
	  SIM_REAL | SIM_HERE,
	  { { "topology", SIM_ARG_TEXT, SIM_OPTIONAL, 0 },
	    { "nodes", SIM_ARG_COUNT, SIM_OPTION, 0 },
	    { "cluster", SIM_ARG_TEXT, SIM_OPTION, 0 },
	    { "speed", SIM_ARG_COUNT, SIM_OPTION, 0 },
	    { "foreground", SIM_ARG_FLAG, SIM_OPTION, 0 } },
	  "Starts a cluster and returns when it is ready.",
	  "rehome up --nodes 3",
	  NULL },
	{ "down",
	  SIM_ON_CLUSTER,
	  SIM_REAL | SIM_HERE,
	  { { 0 } },
	  "Ends the cluster and all its programs.",
	  "rehome down",
	  NULL },
	{ "sql",
	  SIM_ON_CLUSTER,
	  SIM_REAL | SIM_HERE,
	  { { "statement", SIM_ARG_TEXT, SIM_NEEDED, 0 } },
	  "Runs an SQL statement on the cluster's database.",
	  "rehome sql 'select name from device'",
	  NULL },
	{ "alarms",
	  SIM_ON_CLUSTER,
	  SIM_REAL | SIM_HERE,
	  { { 0 } },
	  "Shows the alarms that were raised.",
	  "rehome alarms",
	  NULL },
	{ "trace",
	  SIM_ON_CLUSTER,
	  SIM_REAL | SIM_HERE,
	  { { "program", SIM_ARG_TEXT, SIM_OPTIONAL, 0 } },
	  "Shows the SDL trace of a program, or which there are.",
	  "rehome trace ccm1:callmanager",
	  NULL },
	{ "process",
	  SIM_ON_CLUSTER,
	  SIM_BOTH | SIM_HERE,
	  { { "type", SIM_ARG_TEXT, SIM_OPTIONAL, 0 }, { "dot", SIM_ARG_FLAG, SIM_OPTION, 0 } },
	  "Shows a process type as a matrix of states and signals, or for Graphviz, or which there "
	  "are.",
	  "rehome process LineCdpc --dot",
	  NULL },
	{ "clauses",
	  SIM_ON_CLUSTER,
	  SIM_BOTH | SIM_HERE,
	  { { "json", SIM_ARG_FLAG, SIM_OPTION, 0 } },
	  "Lists the clauses, what asserts each, and the last verdicts.",
	  "rehome clauses --json",
	  NULL },
	{ "manual",
	  SIM_ON_CLUSTER,
	  SIM_BOTH | SIM_HERE,
	  { { 0 } },
	  "Prints this list of verbs as Markdown: docs/verbs.md.",
	  "rehome manual >docs/verbs.md",
	  NULL },
	{ "mutants",
	  SIM_ON_CLUSTER,
	  SIM_BOTH | SIM_HERE,
	  { { 0 } },
	  "Lists the mistakes that run --mutant NAME[,NAME] makes on purpose (virtual host), and "
	  "the clauses "
	  "they break.",
	  "rehome mutants",
	  NULL },
	{ "run",
	  SIM_ON_CLUSTER,
	  SIM_BOTH | SIM_HERE,
	  { { "scenario", SIM_ARG_TEXT, SIM_NEEDED, 0 },
	    { "host", SIM_ARG_CHOICE, SIM_OPTION, "real virtual" },
	    { "seed", SIM_ARG_COUNT, SIM_OPTION, 0 },
	    { "speed", SIM_ARG_COUNT, SIM_OPTION, 0 },
	    { "junit", SIM_ARG_TEXT, SIM_OPTION, 0 },
	    { "report", SIM_ARG_TEXT, SIM_OPTION, 0 },
	    { "no-report", SIM_ARG_FLAG, SIM_OPTION, 0 },
	    { "trace", SIM_ARG_TEXT, SIM_OPTION, 0 },
	    { "record-size", SIM_ARG_COUNT, SIM_OPTION, 0 },
	    { "narrate", SIM_ARG_FLAG, SIM_OPTION, 0 },
	    { "step", SIM_ARG_FLAG, SIM_OPTION, 0 },
	    { "mutant", SIM_ARG_TEXT, SIM_OPTION, 0 } },
	  "Runs scenarios: files and folders.",
	  "rehome run sim/scenarios --host=virtual",
	  NULL },
	{ "bench",
	  SIM_ON_CLUSTER,
	  SIM_BOTH | SIM_HERE,
	  { { "rows", SIM_ARG_TEXT, SIM_OPTIONAL, 0 },
	    { "quick", SIM_ARG_FLAG, SIM_OPTION, 0 },
	    { "repeat", SIM_ARG_COUNT, SIM_OPTION, 0 },
	    { "devices", SIM_ARG_COUNT, SIM_OPTION, 0 },
	    { "json", SIM_ARG_FLAG, SIM_OPTION, 0 },
	    { "compare", SIM_ARG_TEXT, SIM_OPTION, 0 } },
	  "Measures what the parts cost, each beside a yardstick.",
	  "rehome bench signals,calls --quick",
	  NULL },

	{ "explore",
	  SIM_ON_CLUSTER,
	  SIM_VIRTUAL | SIM_HERE,
	  { { "seeds", SIM_ARG_TEXT, SIM_OPTION, 0 },
	    { "shard", SIM_ARG_TEXT, SIM_OPTION, 0 },
	    { "jobs", SIM_ARG_COUNT, SIM_OPTION, 0 },
	    { "time", SIM_ARG_TIME, SIM_OPTION, 0 },
	    { "out", SIM_ARG_TEXT, SIM_OPTION, 0 },
	    { "resume", SIM_ARG_TEXT, SIM_OPTION, 0 },
	    { "bundles", SIM_ARG_TEXT, SIM_OPTION, 0 },
	    { "rows", SIM_ARG_FLAG, SIM_OPTION, 0 },
	    { "mutants", SIM_ARG_FLAG, SIM_OPTION, 0 },
	    { "mutant", SIM_ARG_TEXT, SIM_OPTION, 0 } },
	  "Lives through whole clusters by seed and checks every event; shrinks what fails to a "
	  "scenario.",
	  "rehome explore --seeds 1..10000 -j 2",
	  NULL },

	{ "replay",
	  SIM_ON_CLUSTER,
	  SIM_VIRTUAL | SIM_HERE,
	  { { "bundle", SIM_ARG_TEXT, SIM_NEEDED, 0 }, { "step", SIM_ARG_FLAG, SIM_OPTION, 0 } },
	  "Repeats a virtual run from what it left and compares the traces, or steps through it.",
	  "rehome replay rehome-report/first-virtual-1 --step",
	  NULL },

	/* the cluster, wherever it runs */
	{ "status",
	  SIM_ON_CLUSTER,
	  SIM_BOTH | SIM_COMMAND,
	  { { 0 } },
	  "Shows programs, links, devices and providers.",
	  "rehome status",
	  sim_do_status },
	{ "poke",
	  SIM_ON_CLUSTER,
	  SIM_BOTH | SIM_COMMAND,
	  { { 0 } },
	  "Tells all programs that the database was changed; they look by themselves once a "
	  "second.",
	  "rehome poke",
	  sim_do_poke },
	{ "kill",
	  SIM_ON_CLUSTER,
	  EVERYWHERE,
	  { { "target", SIM_ARG_TARGET, SIM_NEEDED, 0 },
	    { "program", SIM_ARG_CHOICE, SIM_OPTIONAL, "callmanager ctimanager" } },
	  "Kills programs at once, as a power failure does.",
	  "c:kill(\"ccm1\", \"callmanager\")",
	  sim_do_kill },
	{ "term",
	  SIM_ON_CLUSTER,
	  EVERYWHERE,
	  { { "target", SIM_ARG_TARGET, SIM_NEEDED, 0 },
	    { "program", SIM_ARG_CHOICE, SIM_OPTIONAL, "callmanager ctimanager" } },
	  "Ends programs in order.",
	  "c:term \"ccm1:ctimanager\"",
	  sim_do_term },
	{ "crash_at",
	  SIM_ON_CLUSTER,
	  EVERYWHERE,
	  { { "target", SIM_ARG_TARGET, SIM_NEEDED, 0 },
	    { "signal", SIM_ARG_SIGNAL, SIM_NEEDED, 0 },
	    { "nth", SIM_ARG_COUNT, SIM_OPTION, 0 },
	    { "moment",
	      SIM_ARG_CHOICE,
	      SIM_OPTION,
	      "before_sent after_sent before_handled after_handled" } },
	  "Kills a program at the next signal of a name that it handles, or the nth: before it is handled, unless "
	  "told.",
	  "c:crash_at(\"ccm1:callmanager\", \"CcSetupReq\", { nth = 2 })",
	  sim_do_crash_at },
	{ "freeze",
	  SIM_ON_CLUSTER,
	  EVERYWHERE,
	  { { "target", SIM_ARG_TARGET, SIM_NEEDED, 0 },
	    { "program", SIM_ARG_CHOICE, SIM_OPTIONAL, "callmanager ctimanager" } },
	  "Stops programs where they are; they keep their connections.",
	  "c:freeze \"app:ivr\"",
	  sim_do_freeze },
	{ "thaw",
	  SIM_ON_CLUSTER,
	  EVERYWHERE,
	  { { "target", SIM_ARG_TARGET, SIM_NEEDED, 0 },
	    { "program", SIM_ARG_CHOICE, SIM_OPTIONAL, "callmanager ctimanager" } },
	  "Lets frozen programs go on.",
	  "c:thaw \"app:ivr\"",
	  sim_do_thaw },
	{ "start",
	  SIM_ON_CLUSTER,
	  EVERYWHERE,
	  { { "target", SIM_ARG_TARGET, SIM_NEEDED, 0 },
	    { "program", SIM_ARG_CHOICE, SIM_OPTIONAL, "callmanager ctimanager" } },
	  "Starts programs that are down, and waits until they are ready.",
	  "c:start \"ccm1\"",
	  sim_do_start },
	{ "cut",
	  SIM_ON_CLUSTER,
	  EVERYWHERE,
	  { { "a", SIM_ARG_TARGET, SIM_NEEDED, 0 },
	    { "b", SIM_ARG_TARGET, SIM_NEEDED, 0 },
	    { "one-way", SIM_ARG_FLAG, SIM_OPTION, 0 } },
	  "Holds what two targets send each other.",
	  "c:cut(\"ccm1\", \"ccm2\")",
	  sim_do_cut },
	{ "heal",
	  SIM_ON_CLUSTER,
	  EVERYWHERE,
	  { { "a", SIM_ARG_TARGET, SIM_NEEDED, 0 }, { "b", SIM_ARG_TARGET, SIM_NEEDED, 0 } },
	  "Ends a cut.",
	  "c:heal(\"ccm1\", \"ccm2\")",
	  sim_do_heal },
	{ "slow",
	  SIM_ON_CLUSTER,
	  EVERYWHERE,
	  { { "a", SIM_ARG_TARGET, SIM_NEEDED, 0 },
	    { "b", SIM_ARG_TARGET, SIM_NEEDED, 0 },
	    { "delay", SIM_ARG_TIME, SIM_NEEDED, 0 } },
	  "Delays what two targets send each other; 0 ends it.",
	  "c:slow(\"ccm1\", \"ccm2\", \"200ms\")",
	  sim_do_slow },
	{ "rest",
	  SIM_ON_CLUSTER,
	  SIM_VIRTUAL | SIM_SCENARIO,
	  { { 0 } },
	  "Ends all faults and calls, waits until all is as it belongs, and checks the rules of "
	  "exploration.",
	  "c:rest()",
	  sim_do_rest },
	{ "start-app",
	  SIM_ON_CLUSTER,
	  SIM_BOTH | SIM_COMMAND,
	  { { "name", SIM_ARG_TEXT, SIM_NEEDED, 0 },
	    { "user", SIM_ARG_TEXT, SIM_OPTION, 0 },
	    { "ctimanagers", SIM_ARG_TEXT, SIM_OPTION, 0 },
	    { "password", SIM_ARG_TEXT, SIM_OPTION, 0 } },
	  "Starts an application program (its name is its user, the CTIManagers all nodes, unless "
	  "told).",
	  "rehome start-app ivr --ctimanagers ccm1,ccm2",
	  sim_do_start_app },

	/* a phone's user */
	{ "offhook",
	  SIM_ON_PHONE,
	  EVERYWHERE,
	  { { "line", SIM_ARG_COUNT, SIM_OPTION, 0 } },
	  "Takes the handset off.",
	  "a:offhook()",
	  sim_do_phone },
	{ "dial",
	  SIM_ON_PHONE,
	  EVERYWHERE,
	  { { "number", SIM_ARG_DIGITS, SIM_NEEDED, 0 }, { "line", SIM_ARG_COUNT, SIM_OPTION, 0 } },
	  "Presses digits.",
	  "a:dial \"1002\"",
	  sim_do_phone },
	{ "call",
	  SIM_ON_PHONE,
	  EVERYWHERE,
	  { { "number", SIM_ARG_DIGITS, SIM_NEEDED, 0 }, { "line", SIM_ARG_COUNT, SIM_OPTION, 0 } },
	  "Goes off hook and dials.",
	  "a:call \"5000\"",
	  sim_do_phone },
	{ "answer",
	  SIM_ON_PHONE,
	  EVERYWHERE,
	  { { "line", SIM_ARG_COUNT, SIM_OPTION, 0 } },
	  "Answers what rings.",
	  "b:answer()",
	  sim_do_phone },
	{ "hangup",
	  SIM_ON_PHONE,
	  EVERYWHERE,
	  { { "line", SIM_ARG_COUNT, SIM_OPTION, 0 } },
	  "Ends the call.",
	  "a:hangup()",
	  sim_do_phone },
	{ "hold",
	  SIM_ON_PHONE,
	  EVERYWHERE,
	  { { "line", SIM_ARG_COUNT, SIM_OPTION, 0 } },
	  "Puts the call on hold.",
	  "a:hold()",
	  sim_do_phone },
	{ "resume",
	  SIM_ON_PHONE,
	  EVERYWHERE,
	  { { "line", SIM_ARG_COUNT, SIM_OPTION, 0 } },
	  "Takes the held call back.",
	  "a:resume()",
	  sim_do_phone },

	/* an application */
	{ "open",
	  SIM_ON_APP,
	  EVERYWHERE,
	  { { "device", SIM_ARG_DEVICE, SIM_NEEDED, 0 },
	    { "dn", SIM_ARG_DIGITS, SIM_OPTION, 0 },
	    { "media", SIM_ARG_CHOICE, SIM_OPTION, "none static dynamic watch" },
	    { "auto_accept", SIM_ARG_FLAG, SIM_OPTION, 0 } },
	  "Opens a device and its lines; ports with static media, route points with dynamic media, "
	  "phones to "
	  "watch, unless told.",
	  "ivr:open \"CTIRP_5000\"",
	  sim_do_app },
	{ "close",
	  SIM_ON_APP,
	  EVERYWHERE,
	  { { "device", SIM_ARG_DEVICE, SIM_NEEDED, 0 } },
	  "Closes a device.",
	  "ivr:close \"CTIRP_5000\"",
	  sim_do_app },
	{ "lineopen",
	  SIM_ON_APP,
	  EVERYWHERE,
	  { { "device", SIM_ARG_DEVICE, SIM_NEEDED, 0 },
	    { "dn", SIM_ARG_DIGITS, SIM_NEEDED, 0 },
	    { "auto_accept", SIM_ARG_FLAG, SIM_OPTION, 0 } },
	  "Opens one line of an open device.",
	  "ivr:lineopen(\"CTIRP_5000\", \"5000\")",
	  sim_do_app },
	{ "lineclose",
	  SIM_ON_APP,
	  EVERYWHERE,
	  { { "device", SIM_ARG_DEVICE, SIM_NEEDED, 0 }, { "dn", SIM_ARG_DIGITS, SIM_NEEDED, 0 } },
	  "Closes one line.",
	  "ivr:lineclose(\"CTIRP_5000\", \"5000\")",
	  sim_do_app },
	{ "accept",
	  SIM_ON_APP,
	  EVERYWHERE,
	  { { "device", SIM_ARG_DEVICE, SIM_NEEDED, 0 } },
	  "Accepts the newest call of a device: it rings.",
	  "ivr:accept \"CTIRP_5000\"",
	  sim_do_app },
	{ "answer",
	  SIM_ON_APP,
	  EVERYWHERE,
	  { { "device", SIM_ARG_DEVICE, SIM_NEEDED, 0 } },
	  "Answers the newest offered call of a device.",
	  "ivr:answer \"CTIP_6001\"",
	  sim_do_app },
	{ "redirect",
	  SIM_ON_APP,
	  EVERYWHERE,
	  { { "device", SIM_ARG_DEVICE, SIM_NEEDED, 0 },
	    { "destination", SIM_ARG_DIGITS, SIM_NEEDED, 0 } },
	  "Sends the newest call of a device elsewhere.",
	  "ivr:redirect(\"CTIRP_5000\", \"6001\")",
	  sim_do_app },
	{ "hold",
	  SIM_ON_APP,
	  EVERYWHERE,
	  { { "device", SIM_ARG_DEVICE, SIM_NEEDED, 0 } },
	  "Puts the newest call of a device on hold.",
	  "ivr:hold \"CTIP_6001\"",
	  sim_do_app },
	{ "retrieve",
	  SIM_ON_APP,
	  EVERYWHERE,
	  { { "device", SIM_ARG_DEVICE, SIM_NEEDED, 0 } },
	  "Takes a held call back.",
	  "ivr:retrieve \"CTIP_6001\"",
	  sim_do_app },
	{ "drop",
	  SIM_ON_APP,
	  EVERYWHERE,
	  { { "device", SIM_ARG_DEVICE, SIM_NEEDED, 0 } },
	  "Ends the newest call of a device.",
	  "ivr:drop \"CTIP_6001\"",
	  sim_do_app },
	{ "call",
	  SIM_ON_APP,
	  EVERYWHERE,
	  { { "device", SIM_ARG_DEVICE, SIM_NEEDED, 0 },
	    { "destination", SIM_ARG_DIGITS, SIM_NEEDED, 0 },
	    { "dn", SIM_ARG_DIGITS, SIM_OPTION, 0 } },
	  "Makes a call from a device.",
	  "ivr:call(\"CTIP_6001\", \"1001\")",
	  sim_do_app },
	{ "auto",
	  SIM_ON_APP,
	  EVERYWHERE,
	  { { "destination", SIM_ARG_TEXT, SIM_NEEDED, 0 },
	    { "device", SIM_ARG_DEVICE, SIM_OPTIONAL, 0 } },
	  "What the application does with new calls: answer, accept, redirect:NUMBER or off.",
	  "ivr:auto(\"redirect:6001\", \"CTIRP_5000\")",
	  sim_do_app },
	{ "setrtp",
	  SIM_ON_APP,
	  EVERYWHERE,
	  { { "device", SIM_ARG_DEVICE, SIM_NEEDED, 0 } },
	  "Answers a request for media that was left open.",
	  "ivr:setrtp \"CTIRP_5000\"",
	  sim_do_app },
	{ "provider_open",
	  SIM_ON_APP,
	  EVERYWHERE,
	  { { 0 } },
	  "Opens the provider again.",
	  "ivr:provider_open()",
	  sim_do_app },
	{ "provider_close",
	  SIM_ON_APP,
	  EVERYWHERE,
	  { { 0 } },
	  "Closes the provider in order.",
	  "ivr:provider_close()",
	  sim_do_app },
};

size_t sim_verbs(const struct sim_verb **table)
{
	*table = verbs;
	return sizeof(verbs) / sizeof(verbs[0]);
}

const struct sim_verb *sim_verb(enum sim_subject subject, const char *name)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (verbs[i].subject == subject && !strcmp(verbs[i].name, name))
			return &verbs[i];
	return NULL;
}

unsigned sim_verb_args(const struct sim_verb *verb)
{
	unsigned n = 0;

	while (n < SIM_ARGS_MAX && verb->args[n].name)
		n++;
	return n;
}

int64_t sim_time_parse(const char *text)
{
	static const struct {
		const char *unit;
		int64_t ns;
	} units[] = { { "", 1000000 },	   { "ms", 1000000 },	   { "us", 1000 },
		      { "s", 1000000000 }, { "m", 60000000000LL }, { "h", 3600000000000LL } };
	int64_t whole = 0;
	int64_t part = 0;
	int64_t scale = 1;

	if (!isdigit((unsigned char)*text))
		return -1;
	for (; isdigit((unsigned char)*text) && whole < 1000000000; text++)
		whole = whole * 10 + (*text - '0');
	if (*text == '.')
		for (text++; isdigit((unsigned char)*text) && scale < 1000000; text++) {
			part = part * 10 + (*text - '0');
			scale *= 10;
		}
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(text, units[i].unit) && whole <= INT64_MAX / units[i].ns / 2)
			return whole * units[i].ns + part * units[i].ns / scale;
	return -1;
}

void sim_verb_usage(const struct sim_verb *verb, char *buf, size_t size)
{
	size_t n = (size_t)snprintf(buf, size, "%s%s",
				    verb->subject == SIM_ON_PHONE ? "phone NAME "
				    : verb->subject == SIM_ON_APP ? "app NAME "
								  : "",
				    verb->name);

	for (unsigned i = 0; i < sim_verb_args(verb) && n < size; i++) {
		const struct sim_arg *a = &verb->args[i];
		char upper[40];
		size_t k = 0;

		for (; a->name[k] && k < sizeof(upper) - 1; k++)
			upper[k] = (char)toupper((unsigned char)a->name[k]);
		upper[k] = '\0';
		if (a->use == SIM_NEEDED)
			n += (size_t)snprintf(buf + n, size - n, " %s", upper);
		else if (a->use == SIM_OPTIONAL)
			n += (size_t)snprintf(buf + n, size - n, " [%s]", upper);
		else if (a->type == SIM_ARG_FLAG)
			n += (size_t)snprintf(buf + n, size - n, " [--%s]", a->name);
		else
			n += (size_t)snprintf(buf + n, size - n, " [--%s %s]", a->name, upper);
	}
}
