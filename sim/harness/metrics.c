#include "sim/harness/metrics.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sim/harness/door.h"

#define ANSWER_NS 2000000000LL

/* One of a node's services, with what its door said. */
struct service {
	const struct sim_program *program;
	const char *node;
	struct sim_door door;
};

struct metrics {
	FILE *out;
	struct service service[SIM_PROGRAMS_MAX];
	size_t n;
};

/* ---- names ------------------------------------------------------------------------------- */

/* "CTIConnectionActive" -> "cti_connection_active"; what is no letter or digit parts words. */
static size_t snake(const char *text, char *out, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; text[i] && n + 2 < size; i++) {
		bool upper = isupper((unsigned char)text[i]);
		bool begins = i && upper &&
			      (islower((unsigned char)text[i - 1]) ||
			       (isupper((unsigned char)text[i - 1]) &&
				islower((unsigned char)text[i + 1])));

		if ((begins || !isalnum((unsigned char)text[i])) && n && out[n - 1] != '_')
			out[n++] = '_';
		if (isalnum((unsigned char)text[i]))
			out[n++] = (char)tolower((unsigned char)text[i]);
	}
	out[n] = '\0';
	return n;
}

void sim_metric_name(const struct counter_def *def, char name[SIM_METRIC_SIZE])
{
	static const char total[] = "_total";
	const char *object = def->object;
	size_t n;

	/* The one word that is not written as it is said. */
	if (!strncmp(object, COUNTER_OF_CALLMANAGER, strlen(COUNTER_OF_CALLMANAGER))) {
		n = (size_t)snprintf(name, SIM_METRIC_SIZE, "cisco_callmanager_");
		n += snake(object + strlen(COUNTER_OF_CALLMANAGER), name + n, SIM_METRIC_SIZE - n);
	} else {
		n = snake(object, name, SIM_METRIC_SIZE);
	}
	if (name[n - 1] != '_')
		name[n++] = '_';
	n += snake(def->name, name + n, SIM_METRIC_SIZE - n);
	if (def->kind == COUNTER_IS_COUNT &&
	    (n < strlen(total) || strcmp(name + n - strlen(total), total) != 0))
		snprintf(name + n, SIM_METRIC_SIZE - n, "%s", total);
}

uint16_t sim_counter_app(const struct counter_def *def)
{
	return strcmp(def->object, COUNTER_OF_CTIMANAGER) ? SDL_APP_CALLMANAGER
							  : SDL_APP_CTIMANAGER;
}

/* ---- what is asked ----------------------------------------------------------------------- */

static void ask(struct metrics *m, struct sim_host *host)
{
	const struct sim_topology *t = sim_host_options(host)->topology;
	size_t n;
	struct sim_program *programs = sim_host_programs(host, &n);

	for (size_t i = 0; i < n; i++) {
		struct service *s = &m->service[m->n];
		struct sim_error err;

		if (programs[i].node > t->nodes_n)
			continue;
		s->program = &programs[i];
		s->node = t->nodes[programs[i].node - 1].name;
		if (programs[i].state == SIM_READY || programs[i].state == SIM_STARTING)
			sim_door_ask(host, &programs[i], SIM_DOOR_COUNTERS | SIM_DOOR_ALARMS, 0,
				     NULL, sim_host_now(host) + ANSWER_NS, &s->door, &err);
		m->n++;
	}
}

/* ---- what is told ------------------------------------------------------------------------ */

static void head(const struct metrics *m, const char *name, const char *type, const char *help)
{
	fprintf(m->out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void tell_programs(const struct metrics *m)
{
	head(m, "rehome_program_up", "gauge", "1 if the program runs and answers, else 0");
	for (size_t i = 0; i < m->n; i++)
		fprintf(m->out, "rehome_program_up{node=\"%s\",program=\"%s\"} %d\n",
			m->service[i].node, m->service[i].program->name,
			m->service[i].door.complete);
}

static void tell_counter(const struct metrics *m, enum counter_id id)
{
	const struct counter_def *def = counter_def(id);
	char name[SIM_METRIC_SIZE], help[256];

	sim_metric_name(def, name);
	snprintf(help, sizeof(help), "%s: %s", def->name, def->help);
	head(m, name, def->kind == COUNTER_IS_COUNT ? "counter" : "gauge", help);
	for (size_t i = 0; i < m->n; i++) {
		const struct service *s = &m->service[i];

		if (s->door.complete && s->program->app == sim_counter_app(def))
			fprintf(m->out, "%s{node=\"%s\"} %lld\n", name, s->node,
				(long long)s->door.counters[id]);
	}
}

static void tell_alarms(const struct metrics *m)
{
	head(m, "rehome_alarms_raised_total", "counter",
	     "Alarms that the program has raised since it started, by name and severity");
	for (size_t i = 0; i < m->n; i++) {
		const struct service *s = &m->service[i];

		for (int id = 0; s->door.complete && id < ALARM_IDS; id++) {
			const struct alarm_def *def = alarm_def((enum alarm_id)id);

			if (s->door.alarms[id])
				fprintf(m->out,
					"rehome_alarms_raised_total{node=\"%s\",app=\"%s\","
					"facility=\"%s\",severity=\"%d\",alarm=\"%s\"} %llu\n",
					s->node,
					s->program->app == SDL_APP_CALLMANAGER ? "Cisco CallManager"
									       : "Cisco CTIManager",
					alarm_facility_name(def->facility), def->severity,
					def->name, (unsigned long long)s->door.alarms[id]);
		}
	}
}

int sim_do_metrics(struct sim_call *call)
{
	struct metrics *m = calloc(1, sizeof(*m));

	if (!m)
		abort();
	m->out = call->out;
	ask(m, call->host);
	tell_programs(m);
	for (int id = 0; id < COUNTER_COUNT; id++)
		tell_counter(m, (enum counter_id)id);
	tell_alarms(m);
	for (size_t i = 0; i < m->n; i++)
		sim_door_free(&m->service[i].door);
	free(m);
	return 0;
}
