/* Connections of applications to a CTIManager: two-way, anonymous, supervised by the CTI heartbeats
 * and not here. The client's frames may carry CTI requests and nothing else; where they go is not
 * the client's say. */
#include "sdl/link/link.h"

#include <stdlib.h>
#include <string.h>

#include "common/msg/address.h"

static struct conn **place_of(struct links *l, uint32_t number)
{
	struct conn **at = &l->conns;

	while (*at && (*at)->number != number)
		at = &(*at)->next;
	return at;
}

static struct conn *conn_find(const struct links *l, uint32_t number)
{
	struct conn *c = l->conns;

	while (c && c->number != number)
		c = c->next;
	return c;
}

static struct conn *conn_new(struct links *l, uint32_t number, bool server)
{
	struct conn **at = place_of(l, number);

	*at = calloc(1, sizeof **at);
	if (!*at)
		abort();
	(*at)->number = number;
	(*at)->server = server;
	return *at;
}

/* One that there is. */
static void conn_free(struct links *l, uint32_t number)
{
	struct conn **at = place_of(l, number);
	struct conn *c = *at;

	*at = c->next;
	free(c->out);
	free(c);
}

void conns_free(struct links *l)
{
	while (l->conns)
		conn_free(l, l->conns->number);
}

static struct sdl_pid far_end(const struct conn *c)
{
	return (struct sdl_pid){ .node = c->node, .app = c->app, .inst = c->number };
}

/* What goes out to that program is held on command (LinkFault). */
static bool is_cut(const struct links *l, const struct conn *c)
{
	const struct peer *peer = peer_find(l, c->node, c->app);

	return peer && peer->cut;
}

/* While it is cut, frames that end a connection are lost, those that open it and data are held. */
static int transmit(struct links *l, const struct conn *c, const uint8_t *frame, size_t len)
{
	const struct sdl_config *config = &l->program->config;

	if (is_cut(l, c))
		return SDL_SENT;
	return config->world->conn_send(config->world_data, c->number, frame, len);
}

static void send_short(struct links *l, struct conn *c, uint8_t kind)
{
	const struct sdl_config *config = &l->program->config;
	struct frame f = { .kind = kind,
			   .node = config->node,
			   .app = config->app,
			   .incarnation = config->incarnation,
			   .session = 1 };

	c->held = is_cut(l, c) && kind != FRAME_GOODBYE ? kind : 0;
	if (c->held)
		return;
	f.seq = ++c->out_seq;
	if (kind == FRAME_CONNECT)
		f.body_len = frame_write_hello(l->frame + FRAME_HEADER, "", l->program->name);
	frame_write(l->frame, &f);
	transmit(l, c, l->frame, FRAME_HEADER + f.body_len);
}

static void announce(struct links *l, const struct conn *c, struct sdl_pid to, uint16_t signal,
		     const SdlConnStatus *status)
{
	SdlConnStatus s = *status;

	s.conn = c->number;
	program_notify(l->program, to, far_end(c), signal, &s);
}

/* To whoever owns the connection when the signal is handled. */
static struct sdl_pid owner_then(const struct links *l)
{
	const struct sdl_config *config = &l->program->config;

	return (struct sdl_pid){ .node = config->node, .app = config->app };
}

/* The end, told to the owner once, after what came before. The connection is kept until then. */
static void conn_over(struct links *l, struct conn *c, enum _LinkReason reason)
{
	SdlConnStatus status = SDL_CONN_STATUS__INIT;

	if (c->closed)
		return;
	c->closed = true;
	status.has_reason = true;
	status.reason = reason;
	announce(l, c, owner_then(l), SIG_SdlConnDown, &status);
}

/* ---- acts ---------------------------------------------------------------------------------- */
struct sdl_pid links_conn_open(struct links *l, struct sdl_pid owner, uint8_t node,
			       const char *identity)
{
	const struct sdl_config *config = &l->program->config;
	struct conn *c = conn_new(l, ++l->conns_made, false);

	c->node = node;
	c->app = SDL_APP_CTIMANAGER;
	c->owner = owner;
	config->world->conn_open(config->world_data, c->number, node, identity);
	return far_end(c);
}

void links_conn_own(struct links *l, uint32_t number, struct sdl_pid owner)
{
	struct conn *c = conn_find(l, number);

	if (c)
		c->owner = owner;
}

struct sdl_pid links_conn_take(struct links *l, const struct sdl_envelope *e)
{
	const struct sdl_config *config = &l->program->config;
	const struct conn *c = conn_find(l, e->from.inst);
	struct sdl_pid owner = c ? c->owner : (struct sdl_pid){ 0 };

	if (c && c->closed && e->number == SIG_SdlConnDown) {
		config->world->conn_close(config->world_data, c->number);
		conn_free(l, c->number);
	}
	return owner;
}

static void flush(struct links *l, struct conn *c)
{
	const struct sdl_config *config = &l->program->config;
	struct frame f = { .kind = FRAME_DATA,
			   .node = config->node,
			   .app = config->app,
			   .incarnation = config->incarnation,
			   .session = 1,
			   .count = c->out_count };
	size_t len = c->out_len;

	if (!c->out_count || is_cut(l, c))
		return;
	f.seq = ++c->out_seq;
	f.body_len = len - FRAME_HEADER;
	frame_write(c->out, &f);
	c->out_len = c->out_count = 0;
	if (transmit(l, c, c->out, len) == SDL_SEND_FULL)
		conn_over(l, c, LINK_REASON__LINK_QUEUE_FULL);
}

void conns_flush(struct links *l)
{
	for (struct conn *c = l->conns; c; c = c->next)
		if (!c->closed) {
			if (c->held && !is_cut(l, c))
				send_short(l, c, c->held);
			flush(l, c);
		}
}

void links_conn_send(struct links *l, const struct sdl_envelope *e)
{
	struct conn *c = conn_find(l, e->to.inst);

	if (!c || c->closed || !c->open) {
		program_note_envelope(l->program, SDL_REC_LOST, e, 0);
		return;
	}
	program_note_envelope(l->program, SDL_REC_OUT, e, 0);
	if (batch_add(&c->out, &c->out_len, &c->out_count, e))
		return;
	flush(l, c);
	if (!c->closed && !batch_add(&c->out, &c->out_len, &c->out_count, e))
		conn_over(l, c, LINK_REASON__LINK_QUEUE_FULL); /* cut, for too long */
}

void links_conn_close(struct links *l, uint32_t number)
{
	const struct sdl_config *config = &l->program->config;
	struct conn *c = conn_find(l, number);

	if (!c)
		return;
	if (c->open && !c->closed) {
		flush(l, c);
		send_short(l, c, FRAME_GOODBYE);
	}
	config->world->conn_close(config->world_data, number);
	conn_free(l, number);
}

void conns_goodbye(struct links *l)
{
	for (struct conn *c = l->conns; c; c = c->next)
		if (c->open && !c->closed) {
			flush(l, c);
			send_short(l, c, FRAME_GOODBYE);
		}
}

/* ---- events -------------------------------------------------------------------------------- */
void sdl_program_conn_up(struct sdl_program *p, uint32_t conn)
{
	struct conn *c = conn_find(p->links, conn);

	if (c && !c->server && !c->open && !c->closed)
		send_short(p->links, c, FRAME_CONNECT);
}

void sdl_program_conn_down(struct sdl_program *p, uint32_t conn)
{
	struct conn *c = conn_find(p->links, conn);

	if (c)
		conn_over(p->links, c, LINK_REASON__LINK_DISCONNECTED);
}

static void bad_frame(struct links *l, struct conn *c, const char *why)
{
	program_note_text(l->program, SDL_REC_MALFORMED, program_self(l->program), why);
	if (!c || c->closed)
		return;
	if (c->server)
		program_alarm(l->program, ALARM_InvalidQBEMessage, NULL, 0);
	send_short(l, c, FRAME_GOODBYE);
	conn_over(l, c, LINK_REASON__LINK_MALFORMED);
}

static void accept_conn(struct links *l, uint32_t number, const struct sdl_conn_peer *peer,
			const struct frame *f)
{
	const struct sdl_config *config = &l->program->config;
	char token[FRAME_TOKEN_MAX + 1];
	char name[FRAME_NAME_MAX + 1];
	SdlConnStatus status = SDL_CONN_STATUS__INIT;
	struct conn *c;
	struct sdl_pid listener = {
		.node = config->node, .type = config->accept_type, .app = config->app, .inst = 1
	};

	if (!config->accept_type || f->kind != FRAME_CONNECT || f->app != SDL_APP_CTI ||
	    f->seq != 1 || frame_read_hello(f, token, name)) {
		bad_frame(l, NULL, "first frame of a connection is no connect");
		return;
	}
	c = conn_new(l, number, true);
	c->node = f->node;
	c->app = f->app;
	c->in_seq = 1;
	c->open = true;
	c->owner = listener;
	send_short(l, c, FRAME_WELCOME);
	status.has_ip = true;
	status.ip = peer->ip;
	status.identity = (char *)(uintptr_t)peer->identity;
	status.name = name;
	announce(l, c, listener, SIG_SdlConnAccepted, &status);
}

static int check_signals(const struct conn *c, const struct frame *f)
{
	const uint8_t *at = f->body;
	size_t left = f->body_len;
	struct sdl_envelope e;

	for (uint16_t i = 0; i < f->count; i++) {
		int64_t n = envelope_read(&e, at, left);

		if (n < 0 ||
		    signal_def(e.number)->reach != (c->server ? REACH_CTI_REQ : REACH_CTI_EVENT))
			return FRAME_BAD_BODY;
		at += n;
		left -= (size_t)n;
	}
	return left ? FRAME_BAD_BODY : FRAME_OK;
}

/* Who gets it is decided when it is handled: the owner may change before. */
static void on_data(struct links *l, struct conn *c, const struct frame *f)
{
	const uint8_t *at = f->body;
	size_t left = f->body_len;
	struct sdl_envelope e;

	if (!c->open || check_signals(c, f)) {
		bad_frame(l, c, "frame with what its sender may not send");
		return;
	}
	for (uint16_t i = 0; i < f->count; i++) {
		int64_t n = envelope_read(&e, at, left);

		e.to = owner_then(l);
		e.from = far_end(c);
		program_enqueue(l->program, &e, 0); /* of no link's session */
		at += n;
		left -= (size_t)n;
	}
}

static void on_frame(struct links *l, struct conn *c, const struct frame *f)
{
	SdlConnStatus status = SDL_CONN_STATUS__INIT;

	if (f->seq != c->in_seq + 1) {
		bad_frame(l, c, "gap in a connection");
		return;
	}
	c->in_seq = f->seq;
	switch (f->kind) {
	case FRAME_DATA:
		on_data(l, c, f);
		break;
	case FRAME_WELCOME:
		if (c->server || c->open) {
			bad_frame(l, c, "unsolicited welcome");
			break;
		}
		c->open = true;
		announce(l, c, c->owner, SIG_SdlConnUp, &status);
		break;
	case FRAME_GOODBYE:
		conn_over(l, c, LINK_REASON__LINK_GOODBYE);
		break;
	default:
		bad_frame(l, c, "frame of a link on a connection");
	}
}

void sdl_program_conn_frame(struct sdl_program *p, uint32_t conn, const struct sdl_conn_peer *peer,
			    const void *frame, size_t len)
{
	struct links *l = p->links;
	struct conn *c = conn_find(l, conn);
	struct frame f;
	int error;

	if (c ? c->closed : !p->config.accept_type) /* its session has ended: dropped unparsed */
		return;
	error = frame_read(&f, frame, len);
	if (error)
		bad_frame(l, c, frame_error_text(error));
	else if (c)
		on_frame(l, c, &f);
	else
		accept_conn(l, conn, peer, &f);
}
