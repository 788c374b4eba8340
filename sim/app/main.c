/* main.c - the program ctiapp on the real host. */
#include <stdio.h>

#include "ctimanager/client/program.h"
#include "sdl/real.h"
#include "sim/app.h"

int main(int argc, char **argv)
{
	struct sdl_real_options o;
	struct cti_arguments arguments;
	struct sim_app_options options = { 0 };
	struct sim_app *app;
	int status;

	sdl_real_options_init(&o, SDL_APP_CTI, "app");
	cti_parse(&arguments, &o, argc, argv);
	if (!arguments.provider.user) {
		fprintf(stderr, "%s: --user says who opens the provider; --help tells more\n",
			argv[0]);
		return SDL_EXIT_USAGE;
	}
	options.provider = arguments.provider;
	options.cluster = o.cluster;
	app = sim_app_new(&options);
	sim_app_program(&o.config, app);
	status = sdl_real_run(&o);
	sim_app_destroy(&app);
	return status;
}
