/* phones - the telephones of a cluster as a program of their own. */
#include "sdl/real.h"
#include "sim/phones.h"

int main(int argc, char **argv)
{
	struct sdl_real_options options;
	struct phones_context context = { 0 };

	sdl_real_options_init(&options, SDL_APP_PHONES, "phones");
	sdl_real_parse(&options, argc, argv, NULL, NULL);
	context.cluster = options.cluster;
	phones_program(&options.config, &context);
	return sdl_real_run(&options);
}
