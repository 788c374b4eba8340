/* main.c - a CallManager on the real host. */
#include <stdio.h>

#include "callmanager/callmanager.h"
#include "common/msg/address.h"
#include "sdl/database.h"
#include "sdl/real.h"

static const struct argp about = { .doc = "The call-processing program of a node." };

int main(int argc, char **argv)
{
	struct cm_context context = { 0 };
	struct sdl_database database = { .writes = true };
	struct sdl_real_options o;
	char why[640];

	sdl_real_options_init(&o, SDL_APP_CALLMANAGER, "ccm");
	sdl_real_parse(&o, argc, argv, &about, NULL);
	if (sdl_database_of_run(&o, &database, CM_DEVICE_MANAGER, why, sizeof(why))) {
		fprintf(stderr, "%s: %s\n", o.config.name, why);
		return SDL_EXIT_USAGE;
	}
	cm_program(&o.config, &context);
	return sdl_real_run(&o);
}
