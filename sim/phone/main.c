/* main.c - the program phones on the real host. */
#include "sdl/real.h"
#include "sim/phones.h"

static const struct argp about = { .doc = "Simulated telephones." };

int main(int argc, char **argv)
{
	struct phones_context context = { 0 };
	struct sdl_real_options o;

	sdl_real_options_init(&o, SDL_APP_PHONES, "phones");
	sdl_real_parse(&o, argc, argv, &about, NULL);
	context.cluster = o.cluster;
	phones_program(&o.config, &context);
	return sdl_real_run(&o);
}
