/* Links to peer programs. See link.h for the rules. */
#include "sdl/link/link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND	    1000000000LL
#define SESSION_MAX (UINT32_MAX / 2) /* never reached by counting */

struct held {
	struct held *next;
	int64_t at; /* INT64_MAX: until healed */
	size_t len;
	uint8_t bytes[];
};

/* ---- peers --------------------------------------------------------------------------------- */
static struct peer **place_of(struct links *l, uint8_t node, uint16_t app)
{
	return &l->index[node][app / 100 % 10];
}

static struct peer *peer_find(const struct links *l, uint8_t node, uint16_t app)
{
	struct peer *peer = l->index[node][app / 100 % 10];

	return peer && peer->app == app ? peer : NULL;
}

static struct peer *peer_get(struct links *l, uint8_t node, uint16_t app)
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
	while (*at && ((*at)->node < node || ((*at)->node == node && (*at)->app < app)))
		at = &(*at)->next;
	peer->next = *at;
	*at = peer;
	*place_of(l, node, app) = peer;
	return peer;
}

struct links *links_new(struct sdl_program *p)
{
	struct links *l = calloc(1, sizeof *l);

	if (!l)
		abort();
	l->program = p;
	return l;
}

static void held_drop(struct peer *peer)
{
	while (peer->held_first) {
		struct held *h = peer->held_first;

		peer->held_first = h->next;
		free(h);
	}
	peer->held_last = NULL;
}

void links_destroy(struct links **links)
{
	struct links *l = *links;

	if (!l)
		return;
	while (l->peers) {
		struct peer *peer = l->peers;

		l->peers = peer->next;
		held_drop(peer);
		free(peer->out);
		free(peer);
	}
	conns_free(l);
	free(l);
	*links = NULL;
}

/* ---- lines --------------------------------------------------------------------------------- */
static void line_open(struct links *l, struct peer *peer)
{
	const struct sdl_config *c = &l->program->config;

	if (peer->line_open)
		return;
	peer->line_open = true;
	c->world->line_open(c->world_data, peer->node, peer->app);
}

static void line_close(struct links *l, struct peer *peer)
{
	const struct sdl_config *c = &l->program->config;

	if (!peer->line_open)
		return;
	peer->line_open = false;
	peer->line_up = false;
	c->world->line_close(c->world_data, peer->node, peer->app);
}

static int line_send(struct links *l, struct peer *peer, const uint8_t *frame, size_t len)
{
	const struct sdl_config *c = &l->program->config;

	return c->world->line_send(c->world_data, peer->node, peer->app, frame, len);
}

/* Keeps a frame back while the line is cut or slow. True if it did. */
static bool hold(struct links *l, struct peer *peer, const uint8_t *frame, size_t len)
{
	struct held *h;

	if (!peer->cut && !peer->delay && !peer->held_first)
		return false;
	if (peer->cut && !peer->in_service)
		held_drop(peer); /* only the newest hello matters */
	h = malloc(sizeof *h + len);
	if (!h)
		abort();
	h->next = NULL;
	h->at = peer->cut ? INT64_MAX : l->program->now + peer->delay;
	h->len = len;
	memcpy(h->bytes, frame, len);
	if (peer->held_last)
		peer->held_last->next = h;
	else
		peer->held_first = h;
	peer->held_last = h;
	return true;
}

static void out_of_service(struct links *l, struct peer *peer, enum _LinkReason reason);

static void transmit(struct links *l, struct peer *peer, const uint8_t *frame, size_t len)
{
	peer->sent = l->program->now;
	if (!hold(l, peer, frame, len) && line_send(l, peer, frame, len) == SDL_SEND_FULL)
		out_of_service(l, peer, LINK_REASON__LINK_QUEUE_FULL);
}

static void release_held(struct links *l, struct peer *peer)
{
	while (peer->held_first && peer->held_first->at <= l->program->now) {
		struct held *h = peer->held_first;

		peer->held_first = h->next;
		if (!peer->held_first)
			peer->held_last = NULL;
		if (peer->line_up)
			line_send(l, peer, h->bytes, h->len);
		free(h);
	}
}

void links_fault(struct links *l, uint8_t node, uint16_t app, bool cut, int64_t delay)
{
	struct peer *peer = peer_get(l, node, app);

	peer->cut = cut;
	peer->delay = delay;
	for (struct held *h = peer->held_first; h && !cut; h = h->next)
		if (h->at == INT64_MAX)
			h->at = l->program->now;
}

/* ---- what others are told -------------------------------------------------------------------- */
static void alarm_link(struct links *l, const struct peer *peer, bool up)
{
	char local[16], local_app[16], remote[16], remote_app[16], id[48];
	const struct sdl_config *c = &l->program->config;
	const struct alarm_param params[] = {
		{"LinkID",		    id	       },
		{ "LocalNodeId",	 local     },
		{ "LocalApplicationId",	local_app },
		{ "RemoteNodeID",	  remote	 },
		{ "RemoteApplicationId", remote_app},
	};

	if (c->app != SDL_APP_CALLMANAGER && c->app != SDL_APP_CTIMANAGER)
		return;
	snprintf(local, sizeof local, "%u", c->node);
	snprintf(local_app, sizeof local_app, "%u", c->app);
	snprintf(remote, sizeof remote, "%u", peer->node);
	snprintf(remote_app, sizeof remote_app, "%u", peer->app);
	snprintf(id, sizeof id, "%u:%u:%u:%u", c->node, c->app, peer->node, peer->app);
	program_alarm(l->program, up ? ALARM_SDLLinkISV : ALARM_SDLLinkOOS, params, 5);
}

static void tell(struct links *l, const struct peer *peer, uint16_t signal)
{
	SdlLinkStatus status = SDL_LINK_STATUS__INIT;
	struct sdl_pid from = program_self(l->program);

	status.node = peer->node;
	status.app = peer->app;
	status.has_reason = true;
	status.reason = peer->reason;
	status.has_incarnation = true;
	status.incarnation = peer->incarnation;
	for (const struct watch *w = peer->watches; w; w = w->peer_next)
		program_notify(l->program, w->process->pid, from, signal, &status);
	for (const struct watch *w = l->wild; w; w = w->peer_next)
		if (w->app == peer->app)
			program_notify(l->program, w->process->pid, from, signal, &status);
}

static void note_state(struct links *l, const struct peer *peer)
{
	struct sdl_pid to = { .node = peer->node, .app = peer->app };

	program_note(l->program, SDL_REC_LINK, to, program_self(l->program), (uint16_t)peer->reason,
		     peer->in_service, NULL, 0);
}

static bool is_from(const struct queued *q, const void *arg)
{
	const struct peer *peer = arg;

	return q->session && q->envelope.from.node == peer->node &&
	       q->envelope.from.app == peer->app;
}

/* Nothing of the old session is handled after its end, not even what was already queued or saved.
 */
static void purge_saved(void *arg, struct sdl_process *process)
{
	if (process->saved)
		queue_purge(process->program, process->saved, is_from, arg);
}

static void out_of_service(struct links *l, struct peer *peer, enum _LinkReason reason)
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
	peer->reason = reason;
	held_drop(peer);
	if (was) {
		peer->since = p->now;
		for (int k = 0; k < SIGNAL_CLASSES; k++)
			queue_purge(p, &p->queues[k], is_from, peer);
		sdl_program_each(p, purge_saved, peer);
		note_state(l, peer);
		alarm_link(l, peer, false);
		tell(l, peer, SIG_SdlLinkOutOfService);
	}
	if (!peer->wanted && reason != LINK_REASON__LINK_PEER_RESTARTED) {
		line_close(l, peer);
	} else if (reason == LINK_REASON__LINK_SILENCE || reason == LINK_REASON__LINK_QUEUE_FULL) {
		line_close(l, peer); /* throws away what waits in it */
		line_open(l, peer);
	}
}

static void in_service(struct links *l, struct peer *peer)
{
	peer->in_service = true;
	peer->reason = LINK_REASON__LINK_NONE;
	peer->heard = l->program->now;
	peer->since = l->program->now;
	note_state(l, peer);
	alarm_link(l, peer, true);
	tell(l, peer, SIG_SdlLinkInService);
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

static void send_hello(struct links *l, struct peer *peer)
{
	struct frame f = header(l, peer, FRAME_HELLO);

	peer->next_hello = l->program->now + SECOND;
	line_open(l, peer);
	if (!peer->line_up)
		return;
	f.body_len =
		frame_write_hello(l->frame + FRAME_HEADER, l->program->token, l->program->name);
	frame_write(l->frame, &f);
	peer->acked = peer->session != 0;
	transmit(l, peer, l->frame, FRAME_HEADER + f.body_len);
}

static void send_short(struct links *l, struct peer *peer, uint8_t kind)
{
	struct frame f = header(l, peer, kind);

	f.seq = ++peer->out_seq;
	frame_write(l->frame, &f);
	transmit(l, peer, l->frame, FRAME_HEADER);
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
	transmit(l, peer, peer->out, len);
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

void links_send(struct links *l, const struct sdl_envelope *e)
{
	struct peer *peer = peer_find(l, e->to.node, e->to.app);

	if (!peer || !peer->in_service) {
		program_note_envelope(l->program, SDL_REC_LOST, e, 0);
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

/* ---- frames in ----------------------------------------------------------------------------- */
static void refuse(struct links *l, const char *why)
{
	program_note_text(l->program, SDL_REC_MALFORMED, program_self(l->program), why);
}

static void version_mismatch(struct links *l, const struct frame *f)
{
	char node[16];
	const struct alarm_param params[] = {
		{"RemoteNodeID", node}
	};

	snprintf(node, sizeof node, "%u", f->node);
	program_alarm(l->program, ALARM_CMVersionMismatch, params, 1);
}

static bool may_link(const struct links *l, const struct frame *f)
{
	const struct sdl_config *c = &l->program->config;

	if (f->node == c->node && f->app == c->app)
		return false;
	return f->node >= 1 && f->app % 100 == 0 && f->app / 100 < 10 && f->incarnation &&
	       f->session;
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
				send_hello(l, peer);
			return;
		}
		out_of_service(l, peer, LINK_REASON__LINK_PEER_RESTARTED);
		acks_us = false;
	}
	if (f->incarnation != peer->incarnation || f->session != peer->session)
		peer->acked = false;
	peer->incarnation = f->incarnation;
	peer->session = f->session;
	peer->acks_us = acks_us;
	if (!acks_us || !peer->acked)
		send_hello(l, peer);
	if (acks_us && peer->acked) /* else the line is down yet: line_up goes on from here */
		in_service(l, peer);
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
		out_of_service(l, peer, LINK_REASON__LINK_MALFORMED);
		return;
	}
	for (uint16_t i = 0; i < f->count; i++) {
		int64_t n = envelope_read(&e, at, left);

		program_enqueue(l->program, &e, peer->own_session);
		at += n;
		left -= (size_t)n;
	}
}

static void on_session_frame(struct links *l, const struct frame *f)
{
	struct peer *peer = peer_find(l, f->node, f->app);

	if (!peer || !peer->in_service || f->incarnation != peer->incarnation ||
	    f->session != peer->session || f->ack_incarnation != l->program->config.incarnation ||
	    f->ack_session != peer->own_session) {
		refuse(l, "frame of another session: dropped");
		return;
	}
	if (f->seq != peer->in_seq + 1) {
		out_of_service(l, peer, LINK_REASON__LINK_GAP);
		return;
	}
	peer->in_seq = f->seq;
	peer->heard = l->program->now;
	if (f->kind == FRAME_DATA)
		on_data(l, peer, f);
	else if (f->kind == FRAME_GOODBYE)
		out_of_service(l, peer, LINK_REASON__LINK_GOODBYE);
}

void sdl_program_frame(struct sdl_program *p, const void *frame, size_t len)
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
	} else if (f.kind == FRAME_HELLO) {
		on_hello(l, &f);
	} else if (f.kind <= FRAME_GOODBYE) {
		on_session_frame(l, &f);
	} else {
		refuse(l, "frame of a connection on a link");
	}
}

void sdl_program_line_up(struct sdl_program *p, uint8_t node, uint16_t app)
{
	struct peer *peer = peer_find(p->links, node, app);

	if (!peer || !peer->line_open)
		return;
	peer->line_up = true;
	if (peer->in_service)
		return;
	send_hello(p->links, peer);
	if (peer->acks_us && peer->acked)
		in_service(p->links, peer);
}

void sdl_program_line_down(struct sdl_program *p, uint8_t node, uint16_t app)
{
	struct peer *peer = peer_find(p->links, node, app);

	if (!peer || !peer->line_open)
		return;
	peer->line_up = false;
	peer->acked = false; /* what was sent may never have arrived */
	if (peer->in_service)
		out_of_service(p->links, peer, LINK_REASON__LINK_DISCONNECTED);
	else if (!peer->wanted)
		line_close(p->links, peer);
	else
		held_drop(peer);
}

void sdl_program_link(struct sdl_program *p, uint8_t node, uint16_t app)
{
	struct peer *peer = peer_get(p->links, node, app);

	peer->wanted = true;
	line_open(p->links, peer);
}

void sdl_program_cut(struct sdl_program *p, uint8_t node, uint16_t app, bool cut)
{
	struct peer *peer = peer_get(p->links, node, app);

	links_fault(p->links, node, app, cut, peer->delay);
}

void sdl_program_slow(struct sdl_program *p, uint8_t node, uint16_t app, int64_t delay_ns)
{
	struct peer *peer = peer_get(p->links, node, app);

	links_fault(p->links, node, app, peer->cut, delay_ns);
}

/* ---- supervision --------------------------------------------------------------------------- */
static int64_t interval(const struct links *l)
{
	return param_ns(&l->program->params, PARAM_SDL_LINK_KEEPALIVE_INTERVAL);
}

static int64_t limit(const struct links *l)
{
	return param_ns(&l->program->params, PARAM_SDL_LINK_KEEPALIVE_TIMEOUT);
}

static void supervise(struct links *l, struct peer *peer)
{
	int64_t now = l->program->now;

	release_held(l, peer);
	if (peer->in_service) {
		if (now - peer->heard >= limit(l))
			out_of_service(l, peer, LINK_REASON__LINK_SILENCE);
		else if (now - peer->sent >= interval(l))
			send_short(l, peer, FRAME_HEARTBEAT);
	}
	if (!peer->in_service && peer->line_up && now >= peer->next_hello)
		send_hello(l, peer);
}

void links_wake(struct links *l)
{
	if (l->said_goodbye)
		return;
	for (struct peer *peer = l->peers; peer; peer = peer->next)
		supervise(l, peer);
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t links_deadline(const struct links *l)
{
	int64_t at = INT64_MAX;

	if (l->said_goodbye)
		return at;
	for (const struct peer *peer = l->peers; peer; peer = peer->next) {
		if (peer->in_service)
			at = earlier(at, earlier(peer->heard + limit(l), peer->sent + interval(l)));
		else if (peer->line_up)
			at = earlier(at, peer->next_hello);
		if (peer->held_first)
			at = earlier(at, peer->held_first->at);
	}
	return at;
}

bool links_up(const struct links *l, uint8_t node, uint16_t app)
{
	const struct peer *peer = peer_find(l, node, app);

	return peer && peer->in_service;
}

/* ---- watches ------------------------------------------------------------------------------- */
void links_watch(struct links *l, struct sdl_process *process, uint8_t node, uint16_t app)
{
	struct watch **first = node ? &peer_get(l, node, app)->watches : &l->wild;
	struct watch *w;

	for (w = process->watches; w; w = w->next)
		if (w->node == node && w->app == app)
			return;
	w = calloc(1, sizeof *w);
	if (!w)
		abort();
	*w = (struct watch){ .next = process->watches,
			     .peer_next = *first,
			     .peer_prev = first,
			     .process = process,
			     .node = node,
			     .app = app };
	if (*first)
		(*first)->peer_prev = &w->peer_next;
	*first = w;
	process->watches = w;
}

void links_unwatch(struct links *l, struct sdl_process *process, uint8_t node, uint16_t app)
{
	struct watch **at = &process->watches;
	struct watch *w;

	(void)l;
	while (*at && ((*at)->node != node || (*at)->app != app))
		at = &(*at)->next;
	w = *at;
	if (!w)
		return;
	*at = w->next;
	*w->peer_prev = w->peer_next;
	if (w->peer_next)
		w->peer_next->peer_prev = w->peer_prev;
	free(w);
}
