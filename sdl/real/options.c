/* options.c - the command line that all programs share. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sdl/real/host.h"

enum {
	KEY_RUN = 0x200,
	KEY_NAME,
	KEY_INCARNATION,
	KEY_SPEED,
	KEY_CONTROL,
	KEY_PARENT,
	KEY_LINK,
	KEY_TOKEN,
	KEY_CLUSTER_ID,
	KEY_RECORD,
	KEY_KEYS,
	KEY_SECURE_LINKS,
};

static const struct argp_option options[] = {
	{ "node", 'n', "N", 0, "This program's node: it lives on 127.C.0.N", 0 },
	{ "cluster", 'c', "C", 0, "The cluster's number, 1 to 254", 0 },
	{ "run", KEY_RUN, "DIR", 0, "Directory of the run: record, alarms, database", 0 },
	{ "name", KEY_NAME, "NAME", 0, "Name in alarms and records", 0 },
	{ "link", KEY_LINK, "NODE.APP,...", 0, "Programs to keep a link to, as 2.100 or 2.200", 0 },
	{ "incarnation", KEY_INCARNATION, "N", 0, "Number of this start (default: the clock)", 0 },
	{ "speed", KEY_SPEED, "N", 0, "Divides the long timers", 0 },
	{ "token-file", KEY_TOKEN, "FILE", 0, "The cluster's secret, in its first line", 0 },
	{ "cluster-id", KEY_CLUSTER_ID, "NAME", 0, "Cluster ID in alarms", 0 },
	{ "record-size", KEY_RECORD, "BYTES", 0, "Size of the record", 0 },
	{ "keys", KEY_KEYS, "DIR", 0, "Directory of keys (default: keys in that of the run)", 0 },
	{ "secure-links", KEY_SECURE_LINKS, NULL, 0, "Encrypts the links: Cluster Security Mode",
	  0 },
	{ "control-fd", KEY_CONTROL, "N", 0, "Descriptor of the supervisor's channel", 1 },
	{ "parent", KEY_PARENT, "PID", 0, "The supervisor; the program ends with it", 1 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

struct parse {
	struct sdl_real_options *options;
	void *more_input;
};

static uint64_t number(struct argp_state *state, const char *what, const char *text, uint64_t min,
		       uint64_t max)
{
	char *end;

	errno = 0;
	unsigned long long value = strtoull(text, &end, 10);
	if (errno || end == text || *end || text[0] == '-' || value < min || value > max)
		argp_error(state, "--%s takes a number from %llu to %llu, not '%s'", what,
			   (unsigned long long)min, (unsigned long long)max, text);
	return value;
}

/* "2.100", and several of them with commas between. */
static void add_links(struct sdl_real_options *o, struct argp_state *state, const char *text)
{
	while (*text) {
		unsigned node, app;
		int len = 0;

		if (sscanf(text, "%3u%*1[.,]%5u%n", &node, &app, &len) < 2 || node < 1 ||
		    node > 254 || app > UINT16_MAX || (text[len] && text[len] != ','))
			argp_error(state, "--link takes NODE.APPLICATION, as 2.100, not '%s'",
				   text);
		if (o->links_n == SDL_PEERS_MAX)
			argp_error(state, "--link: more than %d programs", SDL_PEERS_MAX);
		o->links[o->links_n++] = (struct sdl_peer){ (uint8_t)node, (uint16_t)app };
		text += len;
		text += *text == ',';
	}
}

static void read_token(struct sdl_real_options *o, struct argp_state *state, const char *path)
{
	FILE *f = fopen(path, "re");

	if (!f || !fgets(o->token_text, sizeof(o->token_text), f))
		argp_failure(state, SDL_EXIT_USAGE, f ? 0 : errno, "no token in %s", path);
	fclose(f);
	o->token_text[strcspn(o->token_text, "\r\n")] = '\0';
	o->config.token = o->token_text;
}

/* The name is part of the record's path. */
static void set_name(struct sdl_real_options *o, struct argp_state *state, const char *name)
{
	if (!*name || strchr(name, '/') || strlen(name) >= sizeof(o->name_text))
		argp_error(state, "--name takes up to %zu characters without '/', not '%s'",
			   sizeof(o->name_text) - 1, name);
	snprintf(o->name_text, sizeof(o->name_text), "%s", name);
	o->config.name = o->name_text;
}

static bool is_server(const struct sdl_real_options *o)
{
	return o->config.app == SDL_APP_CALLMANAGER || o->config.app == SDL_APP_CTIMANAGER;
}

static void finish(struct sdl_real_options *o, struct argp_state *state)
{
	if (o->config.app != SDL_APP_CTI && (!o->cluster || !o->config.node))
		argp_error(state, "--node and --cluster are needed");
	o->params.speed = o->speed;
	if (!o->config.name) {
		char prefix[sizeof(o->name_text)];

		snprintf(prefix, sizeof(prefix), "%s", o->name_text);
		if (o->config.node)
			snprintf(o->name_text, sizeof(o->name_text), "%.50s%u", prefix,
				 (unsigned)o->config.node);
		o->config.name = o->name_text;
	}
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct parse *parse = state->input;
	struct sdl_real_options *o = parse->options;
	bool server = is_server(o);

	switch (key) {
	case ARGP_KEY_INIT:
		if (state->root_argp->children)
			state->child_inputs[0] = parse->more_input;
		break;
	case 'n':
		o->config.node =
			(uint8_t)number(state, "node", arg, server ? 1 : SDL_NODE_OTHERS_MIN,
					server ? SDL_NODES_MAX : SDL_NODE_OTHERS_MAX);
		break;
	case 'c':
		o->cluster = (uint8_t)number(state, "cluster", arg, 1, 254);
		break;
	case KEY_RUN:
		o->run_dir = arg;
		break;
	case KEY_NAME:
		set_name(o, state, arg);
		break;
	case KEY_INCARNATION:
		o->config.incarnation = number(state, "incarnation", arg, 1, INT64_MAX);
		break;
	case KEY_SPEED:
		o->speed = (int)number(state, "speed", arg, 1, 1000);
		break;
	case KEY_CONTROL:
		o->control_fd = (int)number(state, "control-fd", arg, 0, INT32_MAX);
		break;
	case KEY_PARENT:
		o->parent = (int)number(state, "parent", arg, 1, INT32_MAX);
		break;
	case KEY_LINK:
		add_links(o, state, arg);
		break;
	case KEY_TOKEN:
		read_token(o, state, arg);
		break;
	case KEY_CLUSTER_ID:
		o->config.cluster_id = arg;
		break;
	case KEY_RECORD:
		o->record_size =
			(size_t)number(state, "record-size", arg, 65536, (uint64_t)1 << 32);
		break;
	case KEY_SECURE_LINKS:
		o->secure_links = true;
		break;
	case KEY_KEYS:
		o->keys = arg;
		break;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s' is not an option", arg);
		break;
	case ARGP_KEY_END:
		finish(o, state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

void sdl_real_options_init(struct sdl_real_options *o, uint16_t app, const char *prefix)
{
	memset(o, 0, sizeof(*o));
	param_set_defaults(&o->params);
	o->config.app = app;
	o->config.incarnation = sdl_real_incarnation();
	o->speed = 1;
	o->control_fd = -1;
	o->listen = app != SDL_APP_CTI;
	o->serve_cti = app == SDL_APP_CTIMANAGER;
	snprintf(o->name_text, sizeof(o->name_text), "%s", prefix);
}

void sdl_real_parse(struct sdl_real_options *o, int argc, char **argv, const struct argp *more,
		    void *input)
{
	struct argp_child children[] = { { more, 0, NULL, 2 }, { NULL, 0, NULL, 0 } };
	struct argp argp = { .options = options,
			     .parser = parse_option,
			     .doc = more ? more->doc : NULL,
			     .children = more ? children : NULL };
	struct parse parse = { .options = o, .more_input = input };

	o->program = argv[0];
	argp_err_exit_status = SDL_EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &parse);
}
