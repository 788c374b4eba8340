/* peer_probe.c - the inside of a started program: its Probe, and its main. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/link/link_admin.h"
#include "sdl/real.h"
#include "tests/lib/peer.h"

#define PROBE APP_CTI_APPLICATION /* a number that orders of the harness may go to */

struct probe {
	uint32_t expected;
	uint32_t heard;
	struct sdl_pid far; /* of the connection */
};

static void tell(struct sdl_process *self, const char *verb, const char *device, uint32_t result)
{
	CommandResult msg = COMMAND_RESULT__INIT;

	msg.verb = (char *)(uintptr_t)verb;
	msg.device = (char *)(uintptr_t)device;
	msg.result = result;
	sdl_send(self,
		 (struct sdl_pid){ .node = SDL_HARNESS_NODE, .app = SDL_APP_HARNESS, .type = 0 },
		 SIG_CommandResult, &msg);
}

static int start(struct sdl_process *self)
{
	sdl_watch(self, 0, SDL_APP_CALLMANAGER);
	sdl_watch(self, 0, SDL_APP_CTIMANAGER);
	sdl_watch(self, 0, SDL_APP_PHONES);
	tell(self, "ready", "", 0);
	return 0;
}

static int on_link(struct sdl_process *self, const struct sdl_signal *sig)
{
	const SdlLinkStatus *s = sig->msg;
	char peer[32];

	snprintf(peer, sizeof(peer), "%u.%u", s->node, s->app);
	tell(self, sig->number == SIG_SdlLinkInService ? "isv" : "oos", peer, (uint32_t)s->reason);
	return 0;
}

static int on_conn(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct probe *p = sdl_data(self);
	const SdlConnStatus *status = sig->msg;
	const char *verb = sig->number == SIG_SdlConnUp	    ? "up"
			   : sig->number == SIG_SdlConnDown ? "down"
							    : "accepted";

	if (sig->number != SIG_SdlConnDown)
		p->far = sig->from;
	if (sig->number == SIG_SdlConnAccepted)
		sdl_conn_own(self, sig->from, sdl_self(self));
	tell(self, verb, status->identity ? status->identity : "", sig->from.inst);
	return 0;
}

/* Numbered signals: `setup` counts down to the last, 1; dn is the mark. */
static void send_numbered(struct sdl_process *self, struct sdl_pid to, const char *mark,
			  uint64_t count)
{
	CcSetupAck msg = CC_SETUP_ACK__INIT;

	msg.dn = (char *)(uintptr_t)mark;
	for (; count > 0; count--) {
		msg.setup = (uint32_t)count;
		sdl_send(self, to, SIG_CcSetupAck, &msg);
	}
}

static int on_numbered(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct probe *p = sdl_data(self);
	const CcSetupAck *msg = sig->msg;

	if (!p->expected) { /* a burst begins */
		p->expected = msg->setup;
		tell(self, "first", msg->dn, msg->setup);
	}
	if (msg->setup != p->expected)
		tell(self, "disorder", msg->dn, msg->setup);
	p->expected = msg->setup - 1;
	if (msg->setup == 1)
		tell(self, "got", msg->dn, 1);
	return 0;
}

static int on_tick(struct sdl_process *self, const struct sdl_signal *sig)
{
	const MediaTick *tick = sig->msg;
	char from[32];

	snprintf(from, sizeof(from), "%u.%u", (unsigned)sig->from.node, (unsigned)sig->from.app);
	tell(self, "tick", from, tick->number);
	return 0;
}

/* Over a connection only signals of CTI may go. */
static int on_heartbeat(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct probe *p = sdl_data(self);

	p->heard++;
	p->far = sig->from;
	tell(self, "heard", "", p->heard);
	return 0;
}

static void talk(struct sdl_process *self, uint64_t count)
{
	struct probe *p = sdl_data(self);
	bool server = sdl_self(self).app == SDL_APP_CTIMANAGER;

	for (; count > 0; count--)
		sdl_send(self, p->far, server ? SIG_ServerHeartbeat : SIG_Heartbeat, NULL);
}

static int on_order(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct probe *p = sdl_data(self);
	const AppCommand *c = sig->msg;
	unsigned node = 0, app = 0;
	MediaTick tick = MEDIA_TICK__INIT;

	if (sscanf(c->destination, "%u.%u", &node, &app) < 1)
		return 0;
	struct sdl_pid to = { (uint8_t)node, PROBE, (uint16_t)app, 1 };
	if (!strcmp(c->verb, "send"))
		send_numbered(self, to, c->device, c->call_handle);
	else if (!strcmp(c->verb, "conn"))
		p->far = sdl_conn_open(self, to.node, *c->device ? c->device : NULL);
	else if (!strcmp(c->verb, "talk"))
		talk(self, c->call_handle);
	else if (!strcmp(c->verb, "hangup"))
		sdl_conn_close(self, p->far);
	else if (!strcmp(c->verb, "tick")) {
		tick.number = (uint32_t)c->call_handle;
		sdl_datagram(self, to, SIG_MediaTick, &tick);
	} else
		tell(self, "unknown", c->verb, 0);
	return 0;
}

static const struct sdl_state states[] = { { .name = "probe", .waits = "" } };

static const struct sdl_row rows[] = {
	{ 0, SIG_SdlLinkInService, on_link, TO(0) },
	{ 0, SIG_SdlLinkOutOfService, on_link, TO(0) },
	{ 0, SIG_SdlConnAccepted, on_conn, TO(0) },
	{ 0, SIG_SdlConnUp, on_conn, TO(0) },
	{ 0, SIG_SdlConnDown, on_conn, TO(0) },
	{ 0, SIG_CcSetupAck, on_numbered, TO(0) },
	{ 0, SIG_MediaTick, on_tick, TO(0) },
	{ 0, SIG_Heartbeat, on_heartbeat, TO(0) },
	{ 0, SIG_ServerHeartbeat, on_heartbeat, TO(0) },
	{ 0, SIG_AppCommand, on_order, TO(0) },
};

static const struct sdl_type probe = {
	.name = "Probe",
	.number = PROBE,
	.at_start = true,
	.size = sizeof(struct probe),
	.states = states,
	.states_n = 1,
	.rows = rows,
	.rows_n = sizeof(rows) / sizeof(rows[0]),
	.start = start,
};

static const struct sdl_type *const types[] = { &sdl_link_admin, &probe };

static error_t parse_extra(int key, char *arg, struct argp_state *state)
{
	struct sdl_real_options *o = state->input;
	char why[256];

	switch (key) {
	case 'h':
		if (param_set_parse(&o->params, PARAM_SDL_LINK_KEEPALIVE_INTERVAL, arg, why,
				    sizeof(why)))
			argp_error(state, "%s", why);
		return 0;
	case 's':
		if (param_set_parse(&o->params, PARAM_SDL_LINK_KEEPALIVE_TIMEOUT, arg, why,
				    sizeof(why)))
			argp_error(state, "%s", why);
		return 0;
	case 'w':
		o->hwm = atoi(arg);
		return 0;
	case 't':
		o->config.token = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option extra[] = {
	{ "heartbeat", 'h', "MS", 0, NULL, 0 }, { "silence", 's', "MS", 0, NULL, 0 },
	{ "hwm", 'w', "N", 0, NULL, 0 },	{ "token", 't', "TEXT", 0, NULL, 0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

void peer_options(struct sdl_real_options *o, int argc, char **argv)
{
	static const struct argp more = { .options = extra, .parser = parse_extra };

	if (argc < 3)
		exit(SDL_EXIT_USAGE);
	sdl_real_options_init(o, (uint16_t)atoi(argv[2]), "peer");
	argv[2] = argv[0];
	sdl_real_parse(o, argc - 2, argv + 2, &more, o);
}

void peer_main(int argc, char **argv)
{
	struct sdl_real_options o;

	if (argc < 3 || strcmp(argv[1], "--peer") != 0)
		return;
	peer_options(&o, argc, argv);
	o.config.types = types;
	o.config.types_n = sizeof(types) / sizeof(types[0]);
	o.config.accept_type = o.config.app == SDL_APP_CTIMANAGER ? PROBE : 0;
	exit(sdl_real_run(&o));
}
