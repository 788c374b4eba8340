/* Two programs with a link on the virtual host, and a stranger who puts frames on it: in their
 * session and out of it, while they fail and come back. Nothing of that may harm a program, and
 * once the stranger is gone the link is in service again. */
#include <stdlib.h>
#include <string.h>

#include "common/msg/messages.h"
#include "sdl/link/link.h"
#include "sdl/virt.h"
#include "tests/lib/pinger.h"
#include "tests/fuzz/input.h"

#define MS_NS	     1000000LL
#define STEPS_MAX    64
#define SESSIONS_MAX (1u << 20) /* a hello with the token may claim any; far ones stay behind */

enum step {
	RAW,	 /* a frame as it comes */
	SESSION, /* a body in a frame of the present session */
	SIGNALS, /* signals in a frame of the present session: number and message */
	HELLO,	 /* with the token, and any session */
	TIME,
	KILL,
	START,
	FREEZE,
	THAW,
	SEND,
	STEP_COUNT,
};

static const char *const names[] = { "a", "b" };
static struct pinger_context contexts[2];

static void make(void *arg, struct sdl_config *config)
{
	pinger_program(config, arg);
}

static void add(struct sdl_virt *v, const struct param_set *params, int which)
{
	uint8_t peer = which ? 1 : 2;
	struct sdl_virt_program spec = { .make = make,
					 .arg = &contexts[which],
					 .name = names[which],
					 .node = (uint8_t)(which + 1),
					 .app = SDL_APP_CALLMANAGER,
					 .cluster_id = "fuzz",
					 .token = "secret",
					 .params = params,
					 .links = { { peer, SDL_APP_CALLMANAGER } },
					 .links_n = 1 };

	contexts[which] =
		(struct pinger_context){ .peer_node = peer, .peer_app = SDL_APP_CALLMANAGER };
	sdl_virt_add(v, &spec);
}

/* The header of the next frame that `to` expects from its peer. */
static struct frame expected(const struct sdl_program *to, uint8_t kind)
{
	const struct peer *peer = to->links->peers;

	return (struct frame){ .kind = kind,
			       .node = peer->node,
			       .app = peer->app,
			       .incarnation = peer->incarnation,
			       .session = peer->session,
			       .ack_incarnation = to->config.incarnation,
			       .ack_session = peer->own_session,
			       .seq = peer->in_seq + 1 };
}

static void put(struct sdl_program *to, struct frame *f, uint8_t *bytes, size_t body)
{
	f->body_len = body;
	frame_write(bytes, f);
	sdl_program_frame(to, NULL, bytes, FRAME_HEADER + body);
}

static void put_session(struct sdl_program *to, struct input *in)
{
	uint8_t bytes[SDL_FRAME_MAX];
	struct frame f = expected(to, input_byte(in));
	size_t len;
	const uint8_t *piece;

	f.count = input_byte(in);
	piece = input_piece(in, &len);
	if (len > sizeof bytes - FRAME_HEADER)
		len = sizeof bytes - FRAME_HEADER;
	memcpy(bytes + FRAME_HEADER, piece, len);
	put(to, &f, bytes, len);
}

static void put_signals(struct sdl_program *to, struct input *in)
{
	uint8_t bytes[SDL_FRAME_MAX];
	struct frame f = expected(to, FRAME_DATA);
	struct sdl_envelope e = { .to = { f.node == 1 ? 2 : 1, 0, SDL_APP_CALLMANAGER, 1 },
				  .from = { f.node, PINGER, f.app, 1 } };
	size_t at = FRAME_HEADER;
	size_t len;

	f.count = input_byte(in) % 8;
	for (unsigned i = 0; i < f.count; i++) {
		e.to.type = input_byte(in);
		e.number = input_number(in);
		e.bytes = input_piece(in, &len);
		e.len = (uint32_t)(len > 4096 ? 4096 : len);
		at += envelope_write(bytes + at, &e);
	}
	put(to, &f, bytes, at - FRAME_HEADER);
}

static void put_hello(struct sdl_program *to, struct input *in)
{
	uint8_t bytes[FRAME_HEADER + 256];
	struct frame f = expected(to, FRAME_HELLO);

	f.session += input_byte(in) % 4;
	f.ack_session += input_byte(in) % 4;
	f.seq = 0;
	put(to, &f, bytes, frame_write_hello(bytes + FRAME_HEADER, "secret", "x"));
}

static void send(struct sdl_virt *v, int from, uint16_t n)
{
	StationEnblocCall m = STATION_ENBLOC_CALL__INIT;
	uint8_t bytes[64];
	struct sdl_envelope e = { .to = { (uint8_t)(from + 1), PINGER, SDL_APP_CALLMANAGER, 1 },
				  .from = { .node = SDL_HARNESS_NODE, .app = SDL_APP_HARNESS },
				  .number = SIG_StationEnblocCall,
				  .bytes = bytes };

	m.called_party = (char *)"";
	m.has_line = true;
	m.line = n % 1000;
	e.len = (uint32_t)sdl_pack(e.number, &m, bytes, sizeof bytes);
	sdl_virt_post(v, from, &e);
}

static void put_frame(struct sdl_virt *v, enum step step, int which, struct input *in)
{
	struct sdl_program *to = sdl_virt_running(v, which);
	size_t len;
	const uint8_t *piece;

	if (!to || sdl_virt_state(v, which) == SDL_VIRT_FROZEN)
		return;
	sdl_program_wake(to, sdl_virt_now(v));
	if (step == SESSION) {
		put_session(to, in);
	} else if (step == SIGNALS) {
		put_signals(to, in);
	} else if (step == HELLO) {
		put_hello(to, in);
	} else {
		piece = input_piece(in, &len);
		sdl_program_frame(to, NULL, piece, len);
	}
}

static void do_step(struct sdl_virt *v, struct input *in)
{
	uint8_t what = input_byte(in);
	enum step step = what / 2 % STEP_COUNT;
	int which = what & 1;
	char why[256];

	switch (step) {
	case TIME:
		sdl_virt_advance(v, sdl_virt_now(v) + input_number(in) * MS_NS);
		break;
	case KILL:
		sdl_virt_kill(v, which);
		break;
	case START:
		sdl_virt_start(v, which, why, sizeof why);
		break;
	case FREEZE:
		sdl_virt_freeze(v, which);
		break;
	case THAW:
		sdl_virt_thaw(v, which);
		break;
	case SEND:
		send(v, which, input_number(in));
		break;
	default:
		put_frame(v, step, which, in);
	}
}

/* Did the stranger, who knows the token, speak of a life or a session that will not come? */
static bool is_poisoned(struct sdl_virt *v, int which)
{
	const struct sdl_program *p = sdl_virt_running(v, which);
	const struct sdl_program *far = sdl_virt_running(v, !which);
	const struct peer *peer = p->links->peers;

	return peer->incarnation > far->config.incarnation || peer->session > SESSIONS_MAX ||
	       peer->own_session > SESSIONS_MAX || p->links->peers->next;
}

static void check_alive(struct sdl_virt *v)
{
	char why[256];

	for (int i = 0; i < 2; i++) {
		sdl_virt_thaw(v, i);
		sdl_virt_start(v, i, why, sizeof why);
	}
	if (is_poisoned(v, 0) || is_poisoned(v, 1))
		return;
	sdl_virt_advance(v, sdl_virt_now(v) + 20000 * MS_NS);
	if (is_poisoned(v, 0) || is_poisoned(v, 1))
		return;
	for (int i = 0; i < 2; i++)
		if (!sdl_program_linked(sdl_virt_running(v, i), (uint8_t)(i ? 1 : 2),
					SDL_APP_CALLMANAGER))
			abort(); /* the link never came back */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct sdl_virt_options options = {
		.seed = 1, .record_size = 1, .jitter_ns = MS_NS / 5, .queue_max = 64
	};
	struct input in = { data, size };
	struct param_set params;
	struct sdl_virt *v = sdl_virt_new(&options);
	char why[256];

	param_set_defaults(&params);
	for (int i = 0; i < 2; i++)
		add(v, &params, i);
	for (int i = 0; i < 2; i++)
		sdl_virt_start(v, i, why, sizeof why);
	sdl_virt_advance(v, 100 * MS_NS);
	for (int i = 0; i < STEPS_MAX && in.left; i++)
		do_step(v, &in);
	check_alive(v);
	sdl_virt_destroy(&v);
	return 0;
}
