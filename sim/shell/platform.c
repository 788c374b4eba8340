#include "sim/shell/platform.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/db/db.h"
#include "common/sql/sql.h"

#define ANSWER_NS 2000000000LL

static const struct platform_command commands[] = {
	{ "show network cluster", "", NULL, "Shows the nodes of the cluster.",
	  platform_show_cluster },
	{ "show perf list classes", "", NULL, "Shows the classes of counters.",
	  platform_perf_classes },
	{ "show perf list counters", "CLASS", platform_perf_choice,
	  "Shows the counters of a class.", platform_perf_counters },
	{ "show perf query class", "CLASS", platform_perf_choice,
	  "Shows the counters of a class with their values on this node.", platform_perf_query },
	{ "show perf query counter", "CLASS COUNTER", platform_perf_choice,
	  "Shows the value of one counter on this node.", platform_perf_counter },
	{ "show risdb list", "", NULL, "Shows the tables of what is registered.",
	  platform_risdb_list },
	{ "show risdb query", "TABLE ...", platform_risdb_choice,
	  "Shows what is registered on this node.", platform_risdb_query },
	{ "show status", "", NULL, "Shows the node, its load and its memory.",
	  platform_show_status },
	{ "show version active", "", NULL, "Shows the version.", platform_show_version },
	{ "utils service list", "", NULL, "Shows the services of this node.",
	  platform_service_list },
	{ "utils service restart", "SERVICE", platform_service_choice,
	  "Ends a service of this node in order and starts it again.", platform_service_restart },
	{ "utils service start", "SERVICE", platform_service_choice,
	  "Starts a service of this node.", platform_service_start },
	{ "utils service stop", "SERVICE", platform_service_choice,
	  "Ends a service of this node in order.", platform_service_stop },
};
#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

size_t platform_commands(const struct platform_command **list)
{
	*list = commands;
	return COMMANDS;
}

const struct platform_command *platform_find(const struct shell_words *words)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (shell_words_begin(words, commands[i].phrase) ==
		    shell_phrase_length(commands[i].phrase))
			return &commands[i];
	return NULL;
}

/* The platform's words for what it does not know. */
static int unknown(struct platform *p, const char *line)
{
	return sim_fail(p->call->err, SIM_USAGE,
			"Executed command unsuccessfully\nNo valid command entered: %.200s", line);
}

static int run(struct platform *p, const char *line)
{
	p->command = platform_find(p->words);
	if (!p->command)
		return unknown(p, line);
	p->first = shell_phrase_length(p->command->phrase);
	if (*p->command->wants && p->first == p->words->n)
		return sim_fail(p->call->err, SIM_USAGE, "usage: %s %s", p->command->phrase,
				p->command->wants);
	return p->command->run(p);
}

int sim_do_platform(struct sim_call *call)
{
	const struct sim_topology *t = sim_host_options(call->host)->topology;
	struct platform p = { .call = call, .node = call->args[0], .out = call->out };
	struct shell_words words;
	const char *why;
	int result;

	p.number = (uint8_t)sim_topology_node(t, p.node);
	p.words = &words;
	result = shell_words_read(&words, call->args[1], &why) < 0
			 ? sim_fail(call->err, SIM_USAGE, "%s", why)
			 : run(&p, call->args[1]);
	shell_words_free(&words);
	return result;
}

struct sim_program *platform_program(const struct platform *p, uint16_t app)
{
	return sim_host_program_at(p->call->host, p->number, app);
}

int platform_ask(const struct platform *p, uint16_t app, int what, struct sim_door *door)
{
	struct sim_program *program = platform_program(p, app);
	struct sim_host *host = p->call->host;

	memset(door, 0, sizeof(*door));
	if (!program || (program->state != SIM_READY && program->state != SIM_STARTING))
		return -1;
	if (sim_door_ask(host, program, what, 0, NULL, sim_host_now(host) + ANSWER_NS, door,
			 p->call->err) < 0)
		return -1;
	return door->complete ? 0 : -1;
}

char *platform_rows(const struct platform *p, const char *statement)
{
	struct db_error err = { 0 };
	char *text = NULL, *at;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	if (!sim_host_options(p->call->host)->db)
		sim_fail(p->call->err, SIM_FAILED,
			 "this cluster has no database that is open here");
	else if (sql_run(sim_host_options(p->call->host)->db, statement, out, &err) < 0)
		sim_fail(p->call->err, SIM_FAILED, "%s", err.text);
	fclose(out);
	at = strchr(text, '\n');
	at = at ? strchr(at + 1, '\n') : NULL;
	if (at) {
		memmove(text, at + 1, strlen(at + 1) + 1);
		return text;
	}
	free(text);
	return NULL;
}

void platform_address(const struct platform *p, uint8_t node, char text[32])
{
	int cluster = sim_host_options(p->call->host)->cluster;

	snprintf(text, 32, "127.%d.0.%u", cluster ? cluster : 1, node);
}

long long platform_epoch(const struct platform *p, int64_t at_ns)
{
	const struct sim_host *host = p->call->host;

	if (sim_host_is_virtual(host))
		return 36000 + at_ns / 1000000000;
	return (long long)time(NULL) - (sim_host_now(host) - at_ns) / 1000000000;
}
