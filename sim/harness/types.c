#include "sim/harness/types.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "callmanager/callmanager.h"
#include "ctimanager/ctimanager.h"
#include "sim/app.h"
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
	struct sim_app_options o = {
		.provider = {.user = "", .password = "", .instance = ""},
		    .node = 102
	};
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
