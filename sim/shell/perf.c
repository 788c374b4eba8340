/* show perf ...: the counters of a node's programs, by class. */
#include "sim/shell/platform.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/harness/metrics.h"

static const char *const classes[] = {
	COUNTER_OF_CALLMANAGER,
	COUNTER_OF_SYSTEM,
	COUNTER_OF_CTIMANAGER,
};
#define CLASSES (sizeof(classes) / sizeof(classes[0]))

const char *platform_perf_choice(size_t i)
{
	static const char *const quoted[] = {
		"\"" COUNTER_OF_CALLMANAGER "\"",
		"\"" COUNTER_OF_SYSTEM "\"",
		"\"" COUNTER_OF_CTIMANAGER "\"",
	};

	return i < CLASSES ? quoted[i] : NULL;
}

int platform_perf_classes(struct platform *p)
{
	fputs("==>list classes :\n", p->out);
	for (size_t i = 0; i < CLASSES; i++)
		fprintf(p->out, " - %s\n", classes[i]);
	return 0;
}

/* The class that a name means, which the field prints in two ways; NULL with an error. */
static const char *class_of(struct platform *p, const char *name)
{
	if (!strcasecmp(name, "Cisco CTIManager"))
		return COUNTER_OF_CTIMANAGER;
	for (size_t i = 0; i < CLASSES; i++)
		if (!strcasecmp(name, classes[i]))
			return classes[i];
	sim_fail(p->call->err, SIM_USAGE,
		 "Perf class (%.60s) is not there; 'show perf list classes' shows them", name);
	return NULL;
}

/* The class's name may be typed without quotes, if nothing follows it. */
static const char *class_at_end(struct platform *p)
{
	char *name = shell_words_join(p->words, p->first);
	const char *class = class_of(p, name);

	free(name);
	return class;
}

int platform_perf_counters(struct platform *p)
{
	const char *class = class_at_end(p);

	if (!class)
		return -1;
	fprintf(p->out, "==>list counters :\n - Perf class (%s) counters:\n", class);
	for (int id = 0; id < COUNTER_COUNT; id++) {
		const struct counter_def *def = counter_def((enum counter_id)id);

		if (!strcmp(def->object, class))
			fprintf(p->out, "    -> %-30s %s\n", def->name, def->help);
	}
	return 0;
}

/* Shows the counters of a class, or the one of that name. */
static int show(struct platform *p, const char *class, const char *counter)
{
	struct sim_door door;
	uint16_t app =
		!strcmp(class, COUNTER_OF_CTIMANAGER) ? SDL_APP_CTIMANAGER : SDL_APP_CALLMANAGER;
	int shown = 0;

	if (platform_ask(p, app, SIM_DOOR_COUNTERS, &door) < 0) {
		sim_door_free(&door);
		return sim_fail(p->call->err, SIM_FAILED,
				"Perf class (%s) has no values on %s: its service does not run, or "
				"does not answer",
				class, p->node);
	}
	fprintf(p->out, "==>query %s :\n\n - Perf class (%s) has values below:\n",
		counter ? "counter" : "class", class);
	for (int id = 0; id < COUNTER_COUNT; id++) {
		const struct counter_def *def = counter_def((enum counter_id)id);

		if (strcmp(def->object, class) != 0 || (counter && strcasecmp(def->name, counter)))
			continue;
		fprintf(p->out, "    -> %-30s = %lld\n", def->name, (long long)door.counters[id]);
		shown++;
	}
	sim_door_free(&door);
	if (!shown)
		return sim_fail(p->call->err, SIM_USAGE, "Perf class (%s) has no counter '%.60s'",
				class, counter);
	return 0;
}

int platform_perf_query(struct platform *p)
{
	const char *class = class_at_end(p);

	return class ? show(p, class, NULL) : -1;
}

int platform_perf_counter(struct platform *p)
{
	const char *class = class_of(p, p->words->word[p->first]);
	char *counter;
	int result;

	if (!class)
		return -1;
	if (p->words->n == p->first + 1)
		return sim_fail(p->call->err, SIM_USAGE, "usage: %s %s", p->command->phrase,
				p->command->wants);
	counter = shell_words_join(p->words, p->first + 1);
	result = show(p, class, counter);
	free(counter);
	return result;
}
