/* main.c - a CTIManager on the real host. */
#include <stdio.h>

#include "common/msg/address.h"
#include "ctimanager/ctimanager.h"
#include "sdl/database.h"
#include "sdl/real.h"

static const struct argp about = { .doc = "The CTIManager of a node." };

int main(int argc, char **argv)
{
	struct sdl_database database = { .writes = false };
	struct sdl_real_options o;
	char why[640];

	sdl_real_options_init(&o, SDL_APP_CTIMANAGER, "ccm");
	sdl_real_parse(&o, argc, argv, &about, NULL);
	if (sdl_database_of_run(&o, &database, CTIM_CTI_MANAGER, why, sizeof(why))) {
		fprintf(stderr, "%s: %s\n", o.config.name, why);
		return SDL_EXIT_USAGE;
	}
	ctim_program(&o.config);
	return sdl_real_run(&o);
}
