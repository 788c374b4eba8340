/* The library on the real host: cti_main(), and a host inside the application's own loop. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctimanager/client/client.h"
#include "sdl/real.h"

struct loop {
	struct sdl_real_options options;
	struct sdl_real *real;
};

static void post_to_host(void *arg, const struct sdl_envelope *e)
{
	struct loop *loop = arg;

	sdl_real_post(loop->real, e);
}

/* ---- a loop of the application's own ------------------------------------------------------- */
struct cti *cti_open(const struct cti_app *app, const struct cti_options *options, char *why,
		     size_t why_size)
{
	struct loop *loop = calloc(1, sizeof(*loop));
	struct cti *cti = cti_new(app);

	if (!loop)
		abort();
	sdl_real_options_init(&loop->options, SDL_APP_CTI, "app");
	loop->options.config.name = app->name ? app->name : "app";
	loop->options.cluster = options && options->cluster ? options->cluster : 1;
	if (options) {
		loop->options.config.node = options->node;
		loop->options.run_dir = options->run_dir;
		loop->options.keys = options->keys;
		loop->options.speed = options->speed ? options->speed : 1;
	}
	cti_program(&loop->options.config, cti);
	cti_set_post(cti, post_to_host, loop);
	cti->loop = loop;
	loop->real = sdl_real_open(&loop->options, why, why_size);
	if (!loop->real)
		cti_close(&cti);
	return cti;
}

void cti_close(struct cti **cti)
{
	struct loop *loop = (*cti)->loop;

	if (loop->real)
		sdl_real_close(&loop->real);
	free(loop);
	cti_destroy(cti);
}

int cti_fd(const struct cti *cti)
{
	const struct loop *loop = cti->loop;

	return sdl_real_fd(loop->real);
}

bool cti_dispatch(struct cti *cti)
{
	struct loop *loop = cti->loop;

	return sdl_real_dispatch(loop->real);
}

/* ---- a loop of the library's ---------------------------------------------------------------- */
enum { KEY_PASSWORD_FILE = 0x300, KEY_INSTANCE, KEY_HEARTBEAT, KEY_KIND, KEY_KEY };

static const struct argp_option provider_options[] = {
	{ "user", 'u', "NAME", 0, "Opens a provider as this user", 0 },
	{ "password", 'p', "TEXT", 0, "The user's password", 0 },
	{ "password-file", KEY_PASSWORD_FILE, "FILE", 0, "The same, in the file's first line", 0 },
	{ "ctimanagers", 'm', "N,...", 0, "Nodes of the CTIManagers, primary first (default: 1)",
	  0 },
	{ "instance", KEY_INSTANCE, "NAME", 0, "Tells several of this application apart", 0 },
	{ "heartbeat", KEY_HEARTBEAT, "SECONDS", 0, "Heartbeat interval to ask for", 0 },
	{ "kind", KEY_KIND, "KIND", 0, "JTAPI, TAPI or DIRECT (default: JTAPI)", 0 },
	{ "key", KEY_KEY, "NAME", 0, "Connects encrypted, with the key of that name", 0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

static void read_password(struct cti_arguments *a, struct argp_state *state, const char *path)
{
	FILE *f = fopen(path, "re");

	if (!f || !fgets(a->password, sizeof(a->password), f))
		argp_failure(state, SDL_EXIT_USAGE, f ? 0 : errno, "no password in %s", path);
	else
		fclose(f);
	a->password[strcspn(a->password, "\r\n")] = '\0';
	a->provider.password = a->password;
}

/* A node's number, or its address, which tells the cluster too. Returns the length; 0 = neither. */
static int read_node(struct cti_arguments *a, const char *text, unsigned *node)
{
	unsigned cluster;
	int len = 0;

	if (sscanf(text, "127.%3u.0.%2u%n", &cluster, node, &len) == 2 && cluster >= 1 &&
	    cluster <= 254)
		a->cluster = (uint8_t)cluster;
	else if (sscanf(text, "%2u%n", node, &len) < 1)
		len = 0;
	return (!text[len] || text[len] == ',') && *node >= 1 && *node <= SDL_NODES_MAX ? len : 0;
}

static void read_nodes(struct cti_arguments *a, struct argp_state *state, const char *text)
{
	unsigned n = 0;

	while (n < CTI_CTIMANAGERS_MAX && a->provider.ctimanagers[n])
		n++; /* the option may come several times */
	for (; *text; text += *text == ',') {
		unsigned node = 0;
		int len = n < CTI_CTIMANAGERS_MAX ? read_node(a, text, &node) : 0;

		if (!len)
			break;
		a->provider.ctimanagers[n++] = (uint8_t)node;
		text += len;
	}
	if (*text)
		argp_error(state,
			   "--ctimanagers takes up to %d nodes or addresses, as 1,2 or "
			   "127.1.0.1,127.1.0.2, not '%s'",
			   CTI_CTIMANAGERS_MAX, text);
}

static void read_kind(struct cti_arguments *a, struct argp_state *state, const char *text)
{
	static const char *const kinds[] = { "JTAPI", "TAPI", "DIRECT" };

	for (int i = 0; i < 3; i++) {
		if (strcmp(text, kinds[i]) != 0)
			continue;
		a->provider.kind = (enum cti_kind)i;
		return;
	}
	argp_error(state, "--kind is JTAPI, TAPI or DIRECT, not '%s'", text);
}

static void read_heartbeat(struct cti_arguments *a, struct argp_state *state, const char *text)
{
	char *end;
	unsigned long seconds = strtoul(text, &end, 10);

	if (end == text || *end || text[0] == '-' || seconds < 1 || seconds > 86400)
		argp_error(state, "--heartbeat takes 1 to 86400 seconds, not '%s'", text);
	a->provider.heartbeat_s = (uint32_t)seconds;
}

static error_t parse_provider(int key, char *arg, struct argp_state *state)
{
	struct cti_arguments *a = state->input;

	switch (key) {
	case 'u':
		a->provider.user = arg;
		break;
	case 'p':
		a->provider.password = arg;
		break;
	case KEY_PASSWORD_FILE:
		read_password(a, state, arg);
		break;
	case 'm':
		read_nodes(a, state, arg);
		break;
	case KEY_INSTANCE:
		a->provider.instance = arg;
		break;
	case KEY_HEARTBEAT:
		read_heartbeat(a, state, arg);
		break;
	case KEY_KIND:
		read_kind(a, state, arg);
		break;
	case KEY_KEY:
		a->provider.key = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

void cti_parse(struct cti_arguments *a, struct sdl_real_options *options, int argc, char **argv)
{
	static const struct argp argp = { .options = provider_options, .parser = parse_provider };

	memset(a, 0, sizeof(*a));
	a->provider.password = "";
	options->cluster = 1;
	sdl_real_parse(options, argc, argv, &argp, a);
	if (a->cluster)
		options->cluster = a->cluster;
	if (!a->provider.ctimanagers[0])
		a->provider.ctimanagers[0] = 1;
}

int cti_main(const struct cti_app *app, int argc, char **argv)
{
	struct sdl_real_options options;
	struct cti_arguments arguments;
	struct cti *cti = cti_new(app);
	int status;

	sdl_real_options_init(&options, SDL_APP_CTI, app->name ? app->name : "app");
	cti_parse(&arguments, &options, argc, argv);
	if (arguments.provider.user)
		cti_set_provider(cti, &arguments.provider);
	cti_program(&options.config, cti);
	status = sdl_real_run(&options);
	cti_destroy(&cti);
	return status;
}
