#include "sim/harness/process_types.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "callmanager/callmanager.h"
#include "ctimanager/ctimanager.h"
#include "sdl/view/table.h"
#include "sim/app.h"
#include "sim/harness/command.h"
#include "sim/phones.h"

/* The tables are const; the programs' own functions know which they have. */
static const struct sdl_type *find(const struct sdl_config *config, uint8_t number)
{
	for (uint8_t i = 0; i < config->types_n; i++)
		if (config->types[i]->number == number)
			return config->types[i];
	return NULL;
}

static const struct sdl_type *of_app(struct sdl_config *config, uint8_t number)
{
	struct sim_app_options o = { .provider = { .user = "", .password = "", .instance = "" },
				     .node = 102 };
	struct sim_app *app = sim_app_new(&o);
	const struct sdl_type *type;

	sim_app_program(config, app);
	type = find(config, number);
	sim_app_destroy(&app);
	return type;
}

const struct sdl_type *sim_type_of(void *arg, uint16_t app, uint8_t number)
{
	struct sdl_config config = { .node = 1, .app = app, .incarnation = 1, .name = "" };
	struct cm_context cm = { 0 };
	struct phones_context phones = { 0 };

	(void)arg;
	switch (app) {
	case SDL_APP_CALLMANAGER:
		cm_program(&config, &cm);
		return find(&config, number);
	case SDL_APP_CTIMANAGER:
		ctim_program(&config);
		return find(&config, number);
	case SDL_APP_PHONES:
		phones_program(&config, &phones);
		return find(&config, number);
	case SDL_APP_CTI:
		return of_app(&config, number);
	default:
		return NULL;
	}
}

int64_t sim_record_day_ns(void)
{
	struct timespec wall, mono;
	struct tm local;

	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_MONOTONIC, &mono);
	localtime_r(&wall.tv_sec, &local);
	return ((int64_t)local.tm_hour * 3600 + local.tm_min * 60 + local.tm_sec - mono.tv_sec) *
		       1000000000 +
	       wall.tv_nsec - mono.tv_nsec;
}

/* ---- rehome process ------------------------------------------------------------------ */
static const uint16_t apps[] = { SDL_APP_CALLMANAGER, SDL_APP_CTIMANAGER, SDL_APP_PHONES,
				 SDL_APP_CTI };
static const char *const programs[] = { "callmanager", "ctimanager", "phones", "application" };

static void list_types(void)
{
	for (size_t i = 0; i < sizeof(apps) / sizeof(apps[0]); i++) {
		printf("%s:", programs[i]);
		for (unsigned number = 1; number < 256; number++) {
			const struct sdl_type *type = sim_type_of(NULL, apps[i], (uint8_t)number);

			if (type)
				printf(" %s", type->name);
		}
		putchar('\n');
	}
}

static const struct sdl_type *by_name(const char *name)
{
	for (size_t i = 0; i < sizeof(apps) / sizeof(apps[0]); i++)
		for (unsigned number = 1; number < 256; number++) {
			const struct sdl_type *type = sim_type_of(NULL, apps[i], (uint8_t)number);

			if (type && !strcasecmp(type->name, name))
				return type;
		}
	return NULL;
}

int sim_cmd_process(struct sim_command *command, struct sim_error *err)
{
	const char *name = sim_command_value(command, "type");
	const struct sdl_type *type = name ? by_name(name) : NULL;

	if (!name) {
		list_types();
		return 0;
	}
	if (!type)
		return sim_fail(err, SIM_USAGE,
				"there is no process type '%s'; 'rehome process' lists them", name);
	if (type->serve)
		printf("%s is served by its program's database thread: it has no states\n",
		       type->name);
	else if (sim_command_value(command, "dot"))
		sdl_table_dot(type, stdout);
	else
		sdl_table_matrix(type, stdout);
	return 0;
}
