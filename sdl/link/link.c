/* Links to peer programs. See link.h for the rules. */
#include "sdl/link/link.h"

#include <stdlib.h>
#include <string.h>

#define SECOND 1000000000LL

/* ---- peers --------------------------------------------------------------------------------- */
static struct peer **place_of(struct links *l, uint8_t node, uint16_t app)
{
	return &l->index[node][app / 100 % 10];
}

struct peer *peer_find(const struct links *l, uint8_t node, uint16_t app)
{
	struct peer *peer = l->index[node][app / 100 % 10];

	if (!peer || peer->app == app)
		return peer;
	/* An application number out of the ordinary shares its place with another. */
	for (peer = l->peers; peer && (peer->node != node || peer->app != app);)
		peer = peer->next;
	return peer;
}

struct peer *peer_get(struct links *l, uint8_t node, uint16_t app)
{
	struct peer *peer = peer_find(l, node, app);
	struct peer **at = &l->peers;

	if (peer)
		return peer;
	peer = calloc(1, sizeof *peer);
	if (!peer)
		abort();
	peer->node = node;
	peer->app = app;
	peer->own_session = 1;
	peer->since = l->program->now;
	peer_touch(l, peer);
	while (*at && ((*at)->node < node || ((*at)->node == node && (*at)->app < app)))
		at = &(*at)->next;
	peer->next = *at;
	*at = peer;
	*place_of(l, node, app) = peer;
	return peer;
}

void peer_touch(struct links *l, struct peer *peer)
{
	peer->due = LINK_DUE_UNKNOWN;
	l->due = LINK_DUE_UNKNOWN;
}

struct links *links_new(struct sdl_program *p)
{
	struct links *l = calloc(1, sizeof *l);

	if (!l)
		abort();
	l->program = p;
	return l;
}

void links_destroy(struct links **links)
{
	struct links *l = *links;

	while (l->peers) {
		struct peer *peer = l->peers;

		l->peers = peer->next;
		peer_line_drop_held(peer);
		free(peer->out);
		free(peer);
	}
	conns_free(l);
	free(l);
	*links = NULL;
}

static bool is_from(const struct queued *q, const void *arg)
{
	const struct peer *peer = arg;

	return q->session && q->envelope.from.node == peer->node &&
	       q->envelope.from.app == peer->app;
}

/* Whoever took it from the link may have relayed it to a process that saved it. */
static bool was_from(const struct queued *q, const void *arg)
{
	const struct peer *peer = arg;

	return q->envelope.from.node == peer->node && q->envelope.from.app == peer->app;
}

/* Nothing of the old session is handled after its end, not even what was already queued or saved.
 */
static void purge_saved(void *arg, struct sdl_process *process)
{
	if (process->saved)
		queue_purge(process->type->program, process->saved, was_from, arg);
}

void peer_out_of_service(struct links *l, struct peer *peer, enum _LinkReason reason)
{
	struct sdl_program *p = l->program;
	bool was = peer->in_service;

	peer->in_service = false;
	peer->acked = peer->acks_us = false;
	peer->session = 0;
	peer->own_session++;
	peer->out_seq = peer->in_seq = 0;
	peer->out_len = peer->out_count = 0;
	peer->next_hello = p->now;
	peer_touch(l, peer);
	peer->reason = reason;
	peer_line_drop_held(peer);
	if (was) {
		peer->since = p->now;
		for (int k = 0; k < SIGNAL_CLASSES; k++)
			queue_purge(p, &p->queues[k], is_from, peer);
		sdl_program_each(p, purge_saved, peer);
		peer_note_state(l, peer);
		peer_alarm(l, peer, false);
		peer_tell(l, peer, SIG_SdlLinkOutOfService);
	}
	if (!peer->wanted && reason != LINK_REASON__LINK_PEER_RESTARTED) {
		peer_line_close(l, peer);
	} else if (reason == LINK_REASON__LINK_SILENCE || reason == LINK_REASON__LINK_QUEUE_FULL) {
		peer_line_close(l, peer); /* throws away what waits in it */
		peer_line_open(l, peer);
	}
}

void peer_in_service(struct links *l, struct peer *peer)
{
	peer->in_service = true;
	peer->reason = LINK_REASON__LINK_NONE;
	peer->heard = l->program->now;
	peer->since = l->program->now;
	peer_touch(l, peer);
	peer_note_state(l, peer);
	peer_alarm(l, peer, true);
	peer_tell(l, peer, SIG_SdlLinkInService);
}

/* ---- frames out ---------------------------------------------------------------------------- */
static struct frame header(const struct links *l, const struct peer *peer, uint8_t kind)
{
	const struct sdl_config *c = &l->program->config;

	return (struct frame){ .kind = kind,
			       .node = c->node,
			       .app = c->app,
			       .incarnation = c->incarnation,
			       .session = peer->own_session,
			       .ack_incarnation = peer->session ? peer->incarnation : 0,
			       .ack_session = peer->session };
}

void peer_send_hello(struct links *l, struct peer *peer)
{
	struct frame f = header(l, peer, FRAME_HELLO);

	peer->next_hello = l->program->now + SECOND;
	peer_line_open(l, peer);
	if (!peer->line_up)
		return;
	f.body_len =
		frame_write_hello(l->frame + FRAME_HEADER, l->program->token, l->program->name);
	frame_write(l->frame, &f);
	peer->acked = peer->session != 0;
	peer_line_transmit(l, peer, l->frame, FRAME_HEADER + f.body_len);
}

static void send_short(struct links *l, struct peer *peer, uint8_t kind)
{
	struct frame f = header(l, peer, kind);

	f.seq = ++peer->out_seq;
	frame_write(l->frame, &f);
	peer_line_transmit(l, peer, l->frame, FRAME_HEADER);
}

static void flush(struct links *l, struct peer *peer)
{
	struct frame f;
	size_t len = peer->out_len;

	if (!peer->out_count)
		return;
	f = header(l, peer, FRAME_DATA);
	f.seq = ++peer->out_seq;
	f.count = peer->out_count;
	f.body_len = len - FRAME_HEADER;
	frame_write(peer->out, &f);
	peer->out_len = peer->out_count = 0;
	peer_line_transmit(l, peer, peer->out, len);
}

void links_flush(struct links *l)
{
	for (struct peer *peer = l->peers; peer; peer = peer->next)
		flush(l, peer);
	conns_flush(l);
}

bool batch_add(uint8_t **out, size_t *len, uint16_t *count, const struct sdl_envelope *e)
{
	if (!*out) {
		*out = malloc(SDL_FRAME_MAX);
		if (!*out)
			abort();
	}
	if (!*count)
		*len = FRAME_HEADER;
	if (*len + ENVELOPE_HEADER + e->len > SDL_FRAME_MAX || *count == UINT16_MAX)
		return false;
	*len += envelope_write(*out + *len, e);
	++*count;
	return true;
}

/* The peer ends the session over what a link does not carry: a mistake here must not go so far. */
static bool may_carry(const struct links *l, const struct sdl_envelope *e)
{
	const struct sdl_config *c = &l->program->config;

	return signal_def(e->number)->reach == REACH_LINK && e->from.node == c->node &&
	       e->from.app == c->app;
}

void links_send(struct links *l, const struct sdl_envelope *e)
{
	struct peer *peer = peer_find(l, e->to.node, e->to.app);

	if (!peer || !peer->in_service) {
		program_note_envelope(l->program, SDL_REC_LOST, e, 0);
		return;
	}
	if (!may_carry(l, e)) {
		program_note_text(l->program, SDL_REC_MALFORMED, e->from,
				  "signal that links do not carry, or in another program's name: "
				  "not sent");
		return;
	}
	program_note_envelope(l->program, SDL_REC_OUT, e, 0);
	if (batch_add(&peer->out, &peer->out_len, &peer->out_count, e))
		return;
	flush(l, peer);
	if (peer->in_service)
		batch_add(&peer->out, &peer->out_len, &peer->out_count, e);
}

void links_goodbye(struct links *l)
{
	links_flush(l);
	for (struct peer *peer = l->peers; peer; peer = peer->next)
		if (peer->in_service)
			send_short(l, peer, FRAME_GOODBYE);
	conns_goodbye(l);
	l->said_goodbye = true;
}

void sdl_program_line_up(struct sdl_program *p, uint8_t node, uint16_t app)
{
	struct peer *peer = peer_find(p->links, node, app);

	if (!peer || !peer->line_open)
		return;
	peer->line_up = true;
	peer_touch(p->links, peer);
	if (peer->in_service)
		return;
	peer_send_hello(p->links, peer);
	if (peer->acks_us && peer->acked)
		peer_in_service(p->links, peer);
}

void sdl_program_line_down(struct sdl_program *p, uint8_t node, uint16_t app)
{
	struct peer *peer = peer_find(p->links, node, app);

	if (!peer || !peer->line_open)
		return;
	peer->line_up = false;
	peer->acked = false; /* what was sent may never have arrived */
	if (peer->in_service)
		peer_out_of_service(p->links, peer, LINK_REASON__LINK_DISCONNECTED);
	else if (!peer->wanted)
		peer_line_close(p->links, peer);
	else
		peer_line_drop_held(peer);
}

void sdl_program_link(struct sdl_program *p, uint8_t node, uint16_t app)
{
	struct peer *peer = peer_get(p->links, node, app);

	peer->wanted = true;
	peer_line_open(p->links, peer);
}

/* ---- supervision --------------------------------------------------------------------------- */
static int64_t interval(const struct links *l)
{
	return param_ns(&l->program->params, PARAM_SDL_LINK_KEEPALIVE_INTERVAL);
}

static int64_t limit(const struct links *l)
{
	if (links_mutant(l, MUTANT_SILENCE_IGNORED))
		return INT64_MAX / 2;
	return param_ns(&l->program->params, PARAM_SDL_LINK_KEEPALIVE_TIMEOUT);
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* When the peer next needs supervision. */
static int64_t due_of(const struct links *l, const struct peer *peer)
{
	int64_t at = peer_line_held_until(peer);

	if (peer->in_service)
		return earlier(at, earlier(peer->heard + limit(l), peer->sent + interval(l)));
	return peer->line_up ? earlier(at, peer->next_hello) : at;
}

/* True if it sent a heartbeat. */
static bool supervise(struct links *l, struct peer *peer)
{
	int64_t now = l->program->now;
	bool beat = false;

	peer_line_release_held(l, peer);
	if (peer->in_service) {
		beat = now - peer->sent >= interval(l);
		if (now - peer->heard >= limit(l)) {
			peer_out_of_service(l, peer, LINK_REASON__LINK_SILENCE);
			beat = false;
		} else if (beat) {
			send_short(l, peer, FRAME_HEARTBEAT);
		}
	}
	if (!peer->in_service && peer->line_up && now >= peer->next_hello)
		peer_send_hello(l, peer);
	peer->due = due_of(l, peer);
	return beat;
}

/* Whoever is nearly due gets its heartbeat with the others: an idle program wakes once in an
 * interval, not once for each peer. */
static void beat_along(struct links *l)
{
	int64_t nearly = interval(l) - interval(l) / 4;

	for (struct peer *peer = l->peers; peer; peer = peer->next) {
		if (!peer->in_service || l->program->now - peer->sent < nearly)
			continue;
		send_short(l, peer, FRAME_HEARTBEAT);
		peer->due = due_of(l, peer);
	}
}

static int64_t first_due(const struct links *l)
{
	int64_t at = INT64_MAX;

	for (const struct peer *peer = l->peers; peer; peer = peer->next)
		at = earlier(at, peer->due);
	return at;
}

void links_wake(struct links *l)
{
	bool beat = false;

	if (l->said_goodbye || l->program->now < l->due)
		return;
	for (struct peer *peer = l->peers; peer; peer = peer->next)
		if (l->program->now >= peer->due)
			beat = supervise(l, peer) || beat;
	if (beat)
		beat_along(l);
	l->due = first_due(l);
}

int64_t links_deadline(struct links *l)
{
	if (l->said_goodbye)
		return INT64_MAX;
	if (l->due != LINK_DUE_UNKNOWN)
		return l->due;
	for (struct peer *peer = l->peers; peer; peer = peer->next)
		if (peer->due == LINK_DUE_UNKNOWN)
			peer->due = due_of(l, peer);
	l->due = first_due(l);
	return l->due;
}

bool links_up(const struct links *l, uint8_t node, uint16_t app)
{
	const struct peer *peer = peer_find(l, node, app);

	return peer && peer->in_service;
}
