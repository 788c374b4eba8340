#include "tests/lib/pinger.h"

#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/link/link_admin.h"
#include "sdl/program.h"

enum { WAIT };

static sdl_handler on_SdlLinkInService, on_SdlLinkOutOfService, on_StationEnblocCall,
	on_StationKeypadButton;

static const struct sdl_state states[] = { [WAIT] = { .name = "wait", .waits = "" } };
static const struct sdl_row rows[] = {
	{ WAIT, SIG_SdlLinkInService, on_SdlLinkInService, 0 },
	{ WAIT, SIG_SdlLinkOutOfService, on_SdlLinkOutOfService, 0 },
	{ WAIT, SIG_StationEnblocCall, on_StationEnblocCall, 0 },
	{ WAIT, SIG_StationKeypadButton, on_StationKeypadButton, 0 },
};

static int start(struct sdl_process *self)
{
	const struct pinger_context *c = sdl_context(self);

	sdl_label(self, "pinger");
	sdl_watch(self, c->peer_node, c->peer_app);
	return WAIT;
}

const struct sdl_type pinger_type = { .name = "Pinger",
				      .number = PINGER,
				      .at_start = true,
				      .states = states,
				      .states_n = 1,
				      .rows = rows,
				      .rows_n = 4,
				      .start = start };

static int on_SdlLinkInService(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct pinger_context *c = sdl_context(self);

	(void)sig;
	c->in_service++;
	return WAIT;
}

static int on_SdlLinkOutOfService(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct pinger_context *c = sdl_context(self);

	(void)sig;
	c->out_of_service++;
	return WAIT;
}

/* A command of the test: send `line` numbered signals, beginning after the number in the text. */
static int on_StationEnblocCall(struct sdl_process *self, const struct sdl_signal *sig)
{
	const StationEnblocCall *m = sig->msg;
	const struct pinger_context *c = sdl_context(self);
	StationKeypadButton b = STATION_KEYPAD_BUTTON__INIT;
	struct sdl_pid to = { .node = c->peer_node, .app = c->peer_app, .type = PINGER, .inst = 1 };

	b.has_line = true;
	b.line = c->life;
	for (uint32_t i = 1; i <= m->line; i++) {
		b.button = i;
		sdl_send(self, to, SIG_StationKeypadButton, &b);
	}
	return WAIT;
}

static int on_StationKeypadButton(struct sdl_process *self, const struct sdl_signal *sig)
{
	const StationKeypadButton *m = sig->msg;
	struct pinger_context *c = sdl_context(self);

	if (m->button != 1 && m->button != c->last + 1)
		c->out_of_order++;
	c->last = m->button;
	c->last_life = m->line;
	c->received++;
	return WAIT;
}

void pinger_program(struct sdl_config *config, struct pinger_context *context)
{
	static const struct sdl_type *const types[] = { &sdl_link_admin, &pinger_type };

	config->types = types;
	config->types_n = 2;
	config->context = context;
}
