#include "sim/harness/command.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sim/admin/admin.h"
#include "sim/admin/completion.h"
#include "sim/bench/bench.h"
#include "sim/call/call.h"
#include "sim/harness/control.h"
#include "sim/harness/metrics.h"
#include "sim/harness/run_dir.h"
#include "sim/harness/supervisor.h"
#include "sim/explore/explore.h"
#include "sim/replay/replay.h"
#include "sim/script/script.h"
#include "sim/shell/shell.h"

#define DOWN_MS 15000

/* ---- the command line ---------------------------------------------------------------- */

static int usage_of(const struct sim_verb *verb, struct sim_error *err, const char *what)
{
	char usage[300];

	sim_verb_usage(verb, usage, sizeof(usage));
	return sim_fail(err, SIM_USAGE, "%s: %s; usage: rehome %s", verb->name, what, usage);
}

/* "--name=value" or "--name value" or a flag; *i is the place in argv. */
static int parse_option(struct sim_command *c, int argc, char **argv, int *i, struct sim_error *err)
{
	const char *text = argv[*i] + 2;
	size_t n = strcspn(text, "=");
	const char *value = text[n] ? text + n + 1 : NULL;
	bool cluster = n == 7 && !strncmp(text, "cluster", n);
	char what[200];

	for (unsigned k = 0; k < sim_verb_args(c->verb) || cluster; k++) {
		const struct sim_arg *a = &c->verb->args[k];
		bool flag = !cluster && a->type == SIM_ARG_FLAG;

		if (!cluster && (a->use != SIM_OPTION || strlen(a->name) != n ||
				 strncmp(a->name, text, n) != 0))
			continue;
		if (flag && value)
			break;
		if (!flag && !value && *i + 1 >= argc) {
			snprintf(what, sizeof(what), "%.100s needs a value", argv[*i]);
			return usage_of(c->verb, err, what);
		}
		if (!flag && !value)
			value = argv[++*i];
		if (cluster)
			c->cluster = value;
		else
			c->args[k] = flag ? "true" : value;
		return 0;
	}
	snprintf(what, sizeof(what), "there is no option %.100s", argv[*i]);
	return usage_of(c->verb, err, what);
}

/* -j4, as make has it, is short for --jobs=4; -c LINE, as shells have it, for --command=LINE. */
static bool parse_short(struct sim_command *c, int argc, char **argv, int *i)
{
	static const struct {
		const char *letter, *name;
	} letters[] = { { "-j", "jobs" }, { "-c", "command" } };

	for (size_t l = 0; l < 2; l++) {
		unsigned k = 0;

		while (k < sim_verb_args(c->verb) && strcmp(c->verb->args[k].name, letters[l].name))
			k++;
		if (strncmp(argv[*i], letters[l].letter, 2) != 0 || k == sim_verb_args(c->verb) ||
		    (!argv[*i][2] && *i + 1 >= argc))
			continue;
		c->args[k] = argv[*i][2] ? argv[*i] + 2 : argv[++*i];
		return true;
	}
	return false;
}

static int parse_word(struct sim_command *c, char *word, struct sim_error *err)
{
	char what[200];

	for (unsigned k = 0; k < sim_verb_args(c->verb); k++)
		if (c->verb->args[k].use != SIM_OPTION && !c->args[k]) {
			c->args[k] = word;
			c->rest[c->rest_n++] = word;
			return 0;
		}
	if (!strcmp(c->verb->name, "run")) {
		c->rest[c->rest_n++] = word;
		return 0;
	}
	snprintf(what, sizeof(what), "'%.100s' is one word too many", word);
	return usage_of(c->verb, err, what);
}

/* VERB, or phone NAME VERB, or app NAME VERB. */
static int parse_verb(struct sim_command *c, int argc, char **argv, int *next,
		      struct sim_error *err)
{
	bool phone = !strcmp(argv[0], "phone");
	bool app = !strcmp(argv[0], "app");
	enum sim_subject subject = phone ? SIM_ON_PHONE : app ? SIM_ON_APP : SIM_ON_CLUSTER;

	*next = 1;
	if ((phone || app) && argc < 3)
		return sim_fail(err, SIM_USAGE, "usage: rehome %s NAME VERB ...", argv[0]);
	c->subject = phone || app ? argv[1] : "";
	c->verb = sim_verb(subject, phone || app ? argv[2] : argv[0]);
	if (phone || app)
		*next = 3;
	if (!c->verb || !(c->verb->where & (SIM_COMMAND | SIM_HERE)))
		return sim_fail(err, SIM_USAGE, "there is no verb '%s'; 'rehome help' lists them",
				phone || app ? argv[2] : argv[0]);
	return 0;
}

int sim_command_parse(struct sim_command *command, int argc, char **argv, struct sim_error *err)
{
	bool words_only = false;
	int i;

	memset(command, 0, sizeof(*command));
	command->rest = calloc((size_t)argc + 1, sizeof(char *));
	if (!command->rest)
		abort();
	if (parse_verb(command, argc, argv, &i, err) < 0)
		return -1;
	if (command->verb->args[0].name && command->verb->args[0].type == SIM_ARG_REST) {
		command->args[0] = i < argc ? argv[i] : NULL;
		for (; i < argc; i++)
			command->rest[command->rest_n++] = argv[i];
	}
	for (; i < argc; i++) {
		int result;

		if (!words_only && !strcmp(argv[i], "--")) {
			words_only = true;
			continue;
		}
		if (!words_only && parse_short(command, argc, argv, &i))
			continue;
		result = !words_only && !strncmp(argv[i], "--", 2)
				 ? parse_option(command, argc, argv, &i, err)
				 : parse_word(command, argv[i], err);
		if (result < 0)
			return -1;
	}
	return sim_verb_check(command->verb, command->args, NULL, NULL, NULL, err);
}

const char *sim_command_value(const struct sim_command *command, const char *name)
{
	for (unsigned i = 0; i < sim_verb_args(command->verb); i++)
		if (!strcmp(command->verb->args[i].name, name))
			return command->args[i];
	return NULL;
}

/* ---- up and down ---------------------------------------------------------------------------- */

static int number(const struct sim_command *c, const char *name, int none)
{
	const char *text = sim_command_value(c, name);
	unsigned long value = text ? strtoul(text, NULL, 10) : (unsigned long)none;

	return value > 1000000 ? 1000000 : (int)value;
}

int sim_cmd_up(struct sim_command *command, struct sim_error *err)
{
	const char *name = sim_command_value(command, "topology");
	const char *database = sim_command_value(command, "database");
	char file[PATH_MAX];
	struct sim_topology *topology = NULL;
	struct sim_up up = { .cluster = command->cluster,
			     .speed = number(command, "speed", 1),
			     .foreground = sim_command_value(command, "foreground") != NULL };
	int status;

	if (database && (name || sim_command_value(command, "nodes")))
		return sim_fail(err, SIM_USAGE,
				"up: a database says what the cluster consists of; give one, or a "
				"topology, or --nodes");
	if (database && !realpath(database, file))
		return sim_fail(err, SIM_USAGE, "up: %s: %s; 'rehome admin create FILE' makes one",
				database, strerror(errno));
	up.database = database ? file : NULL;
	if (name && sim_command_value(command, "nodes"))
		return sim_fail(
			err, SIM_USAGE,
			"up: a topology says how many nodes there are; give one or --nodes");
	if (up.speed < 1 || up.speed > 1000)
		return sim_fail(err, SIM_USAGE, "up: --speed is 1 to 1000");
	if ((database ? sim_topology_read(&topology, file, err)
	     : name   ? sim_topology_load(&topology, name, err)
		      : sim_topology_generate(&topology, number(command, "nodes", 3), err)) < 0)
		return err->status;
	up.topology = topology;
	status = sim_up(&up, err);
	sim_topology_destroy(&topology);
	return status;
}

static int find(const struct sim_command *c, char dir[SIM_RUN_DIR_SIZE], struct sim_error *err)
{
	return sim_run_dir_find(dir, c->cluster ? c->cluster : SIM_CLUSTER_DEFAULT, err);
}

/* The process that holds the lock of the directory is the supervisor: its end is the cluster's. */
static void wait_end(int pidfd)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };

	poll(&p, 1, DOWN_MS);
}

int sim_cmd_down(struct sim_command *command, struct sim_error *err)
{
	char dir[SIM_RUN_DIR_SIZE];
	int status, supervisor;

	if (find(command, dir, err) < 0)
		return err->status;
	supervisor = sim_control_supervisor(dir, err);
	if (supervisor < 0)
		return err->status;
	status = sim_control_ask(dir, command->verb, "", command->args, stdout, err);
	if (status == 0) {
		wait_end(supervisor);
		if (access(dir, F_OK) == 0) {
			sim_fail(err, SIM_UNKNOWN, "%s is still there after 15 s", dir);
			status = SIM_UNKNOWN;
		}
	}
	close(supervisor);
	return status;
}

static int in_cluster(struct sim_command *command, struct sim_error *err)
{
	char dir[SIM_RUN_DIR_SIZE];

	if (find(command, dir, err) < 0)
		return err->status;
	return sim_control_ask(dir, command->verb, command->subject, command->args, stdout, err);
}

int sim_command_run(struct sim_command *command, struct sim_error *err)
{
	static const struct {
		const char *verb;
		int (*run)(struct sim_command *command, struct sim_error *err);
	} here[] = {
		{ "up", sim_cmd_up },
		{ "down", sim_cmd_down },
		{ "sql", sim_cmd_sql },
		{ "admin", sim_admin_command },
		{ "completion", sim_completion_command },
		{ "alarms", sim_cmd_alarms },
		{ "trace", sim_cmd_trace },
		{ "manual", sim_cmd_manual },
		{ "clauses", sim_cmd_clauses },
		{ "process", sim_cmd_process },
		{ "mutants", sim_cmd_mutants },
		{ "run", sim_script_command },
		{ "call", sim_call_command },
		{ "bench", bench_command },
		{ "explore", sim_explore_command },
		{ "replay", sim_replay_command },
		{ "shell", sim_shell_command },
	};

	if (command->verb->where & SIM_HERE)
		for (size_t i = 0; i < sizeof(here) / sizeof(here[0]); i++)
			if (!strcmp(here[i].verb, command->verb->name)) {
				int status = here[i].run(command, err);

				return status < 0 ? err->status : status;
			}
	if (!strcmp(command->verb->name, "metrics") && command->args[0]) {
		int status = sim_metrics_listen(command, err);

		return status < 0 ? err->status : status;
	}
	return in_cluster(command, err);
}
