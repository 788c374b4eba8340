/* Frames of peers: refused by length first, then by session, then by what they carry. */
#include "sdl/link/link.h"

#include <stdio.h>
#include <string.h>

#define SESSION_MAX (UINT32_MAX / 2) /* never reached by counting */

static void refuse(struct links *l, const char *why)
{
	program_note_text(l->program, SDL_REC_MALFORMED, program_self(l->program), why);
}

static void version_mismatch(struct links *l, const struct frame *f)
{
	char node[16];
	const struct alarm_param params[] = { { "RemoteNodeID", node } };

	snprintf(node, sizeof node, "%u", f->node);
	program_alarm(l->program, ALARM_CMVersionMismatch, params, 1);
}

static bool may_link(const struct links *l, const struct frame *f)
{
	const struct sdl_config *c = &l->program->config;

	if (f->node == c->node && f->app == c->app)
		return false;
	return f->node >= 1 && f->app % 100 == 0 && f->app / 100 < 10 && f->incarnation &&
	       f->session && f->session <= SESSION_MAX;
}

static void on_hello(struct links *l, const struct frame *f)
{
	char token[FRAME_TOKEN_MAX + 1];
	char name[FRAME_NAME_MAX + 1];
	struct peer *peer;
	bool acks_us;

	if (!may_link(l, f) || frame_read_hello(f, token, name)) {
		refuse(l, "hello whose body does not add up");
		return;
	}
	if (strcmp(token, l->program->token)) {
		refuse(l, "hello with the token of another cluster");
		return;
	}
	peer = peer_get(l, f->node, f->app);
	acks_us = f->ack_incarnation == l->program->config.incarnation &&
		  f->ack_session == peer->own_session;
	/* Somebody spoke in our name with a later session: go beyond it, or the peer never believes
	 * us. */
	if (f->ack_incarnation == l->program->config.incarnation &&
	    f->ack_session > peer->own_session && f->ack_session < SESSION_MAX)
		peer->own_session = f->ack_session + 1;
	if (f->incarnation < peer->incarnation ||
	    (f->incarnation == peer->incarnation && f->session < peer->session)) {
		refuse(l, "hello of an older incarnation or session");
		return;
	}
	if (peer->in_service) {
		if (f->incarnation == peer->incarnation && f->session == peer->session) {
			peer->heard = l->program->now;
			if (!acks_us) /* it has not heard us yet */
				peer_send_hello(l, peer);
			return;
		}
		peer_out_of_service(l, peer, LINK_REASON__LINK_PEER_RESTARTED);
		acks_us = false;
	}
	if (f->incarnation != peer->incarnation || f->session != peer->session)
		peer->acked = false;
	peer->incarnation = f->incarnation;
	peer->session = f->session;
	peer->acks_us = acks_us;
	if (!acks_us || !peer->acked)
		peer_send_hello(l, peer);
	if (acks_us && peer->acked) /* else the line is down yet: line_up goes on from here */
		peer_in_service(l, peer);
}

/* All signals of a frame are checked before the first is queued. */
static int check_signals(const struct links *l, const struct frame *f)
{
	const struct sdl_config *c = &l->program->config;
	const uint8_t *at = f->body;
	size_t left = f->body_len;
	struct sdl_envelope e;

	for (uint16_t i = 0; i < f->count; i++) {
		int64_t n = envelope_read(&e, at, left);

		if (n < 0 || e.from.node != f->node || e.from.app != f->app ||
		    e.to.node != c->node || e.to.app != c->app || e.to.type == 0 ||
		    signal_def(e.number)->reach != REACH_LINK)
			return FRAME_BAD_BODY;
		at += n;
		left -= (size_t)n;
	}
	return left ? FRAME_BAD_BODY : FRAME_OK;
}

static void on_data(struct links *l, struct peer *peer, const struct frame *f)
{
	const uint8_t *at = f->body;
	size_t left = f->body_len;
	struct sdl_envelope e;

	if (check_signals(l, f)) {
		refuse(l, frame_error_text(FRAME_BAD_BODY));
		peer_out_of_service(l, peer, LINK_REASON__LINK_MALFORMED);
		return;
	}
	for (uint16_t i = 0; i < f->count; i++) {
		int64_t n = envelope_read(&e, at, left);

		program_enqueue(l->program, &e, peer->own_session);
		at += n;
		left -= (size_t)n;
	}
}

static bool is_current(const struct links *l, const struct peer *peer, const struct frame *f)
{
	return peer->in_service && f->incarnation == peer->incarnation &&
	       f->session == peer->session &&
	       f->ack_incarnation == l->program->config.incarnation &&
	       f->ack_session == peer->own_session;
}

static void on_session_frame(struct links *l, const struct frame *f)
{
	struct peer *peer = peer_find(l, f->node, f->app);

	if (!peer || !is_current(l, peer, f)) {
		if (peer && f->kind == FRAME_DATA && links_mutant(l, MUTANT_STALE_SESSION))
			on_data(l, peer, f);
		else
			refuse(l, "frame of another session: dropped");
		return;
	}
	if (f->seq != peer->in_seq + 1) {
		peer_out_of_service(l, peer, LINK_REASON__LINK_GAP);
		return;
	}
	peer->in_seq = f->seq;
	peer->heard = l->program->now;
	if (f->kind == FRAME_DATA)
		on_data(l, peer, f);
	else if (f->kind == FRAME_GOODBYE)
		peer_out_of_service(l, peer, LINK_REASON__LINK_GOODBYE);
}

static bool is_genuine(const struct frame *f, const char *identity)
{
	char expected[sizeof(SDL_NODE_IDENTITY) + 3];

	snprintf(expected, sizeof(expected), SDL_NODE_IDENTITY, (unsigned)f->node);
	return !identity || !strcmp(identity, expected);
}

void sdl_program_frame(struct sdl_program *p, const char *identity, const void *frame, size_t len)
{
	struct links *l = p->links;
	struct frame f;
	int error = frame_read(&f, frame, len);

	if (l->said_goodbye)
		return;
	if (error) {
		refuse(l, frame_error_text(error));
		if (error == FRAME_WRONG_VERSION)
			version_mismatch(l, &f);
	} else if (!is_genuine(&f, identity)) {
		refuse(l, "frame in the name of a node by another's key");
	} else if (f.kind == FRAME_HELLO) {
		on_hello(l, &f);
	} else if (f.kind <= FRAME_GOODBYE) {
		on_session_frame(l, &f);
	} else {
		refuse(l, "frame of a connection on a link");
	}
}
