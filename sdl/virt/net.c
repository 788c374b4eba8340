/* The network of the virtual host: lines between programs, connections of applications, datagrams.
 */
#include "sdl/virt/host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sdl/link/frame.h"

#define RECONNECT_NS 10000000

static int64_t delay(struct sdl_virt *v)
{
	int64_t jitter = v->options.jitter_ns;

	return v->options.latency_ns +
	       (jitter > 0 ? (int64_t)prng_below(&v->prng, (uint64_t)jitter) : 0);
}

/* First in, first out: not before what went before. */
static int64_t arrival(struct sdl_virt *v, int64_t *last)
{
	int64_t at = v->now + delay(v);

	if (at < *last)
		at = *last;
	*last = at;
	return at;
}

/* A moment between now and the last arrival, after which nothing of a dead program arrives. */
static int64_t loss_point(struct sdl_virt *v, int64_t last)
{
	if (last <= v->now)
		return INT64_MAX;
	return v->now + (int64_t)prng_below(&v->prng, (uint64_t)(last - v->now) + 1);
}

/* ---- lines --------------------------------------------------------------------------------- */
static struct line *line_find(struct program *p, uint8_t node, uint16_t app)
{
	for (int i = 0; i < p->lines_n; i++)
		if (p->lines[i].node == node && p->lines[i].app == app)
			return &p->lines[i];
	return NULL;
}

static void line_event(struct program *p, const struct line *line, enum event_kind kind, int64_t at)
{
	struct event *e = event_new(kind, at, NULL, 0);

	e->to = p->index;
	e->life = p->life;
	e->from = sdl_virt_find(p->virt, line->node, line->app);
	e->line = line->generation;
	events_push(&p->virt->events, e);
}

static bool is_there(const struct sdl_virt *v, const struct line *line)
{
	int i = sdl_virt_find(v, line->node, line->app);

	return i >= 0 && v->programs[i].running;
}

void net_line_open(void *w, uint8_t node, uint16_t app)
{
	struct program *p = seat_program(w);
	struct line *line = line_find(p, node, app);

	if (!line) {
		p->lines = realloc(p->lines, (size_t)(p->lines_n + 1) * sizeof *p->lines);
		if (!p->lines)
			abort();
		line = &p->lines[p->lines_n++];
		*line = (struct line){ .node = node, .app = app };
	}
	line->open = true;
	line->up = false;
	line->generation++;
	line->lost_after = INT64_MAX;
	line->in_flight = 0;
	if (is_there(p->virt, line))
		line_event(p, line, EVENT_LINE_UP, p->virt->now + delay(p->virt));
}

void net_line_close(void *w, uint8_t node, uint16_t app)
{
	struct line *line = line_find(seat_program(w), node, app);

	if (line) {
		line->open = line->up = false;
		line->generation++;
	}
}

int net_line_send(void *w, uint8_t node, uint16_t app, const void *frame, size_t len)
{
	struct program *p = seat_program(w);
	struct line *line = line_find(p, node, app);
	struct event *e;

	if (p->crashed || !line || !line->up)
		return SDL_SEND_DOWN;
	if (line->in_flight >= p->virt->options.queue_max)
		return SDL_SEND_FULL;
	e = event_new(EVENT_FRAME, arrival(p->virt, &line->last), frame, len);
	e->to = sdl_virt_find(p->virt, node, app);
	e->life = p->virt->programs[e->to].life;
	e->from = p->index;
	e->from_life = p->life;
	e->line = line->generation;
	line->in_flight++;
	events_push(&p->virt->events, e);
	return SDL_SENT;
}

/* ---- connections --------------------------------------------------------------------------- */
static struct conn *conn_of(struct sdl_virt *v, const struct program *p, uint32_t number)
{
	for (uint32_t i = 0; i < v->conns_n; i++) {
		struct conn *c = &v->conns[i];

		if (c->used && ((c->client == p->index && c->client_life == p->life &&
				 c->client_number == number) ||
				(c->server == p->index && c->server_life == p->life &&
				 c->server_number == number && c->server_number)))
			return c;
	}
	return NULL;
}

static struct conn *conn_new(struct sdl_virt *v)
{
	for (uint32_t i = 0; i < v->conns_n; i++)
		if (!v->conns[i].used)
			return &v->conns[i];
	v->conns = realloc(v->conns, (v->conns_n + 1) * sizeof *v->conns);
	if (!v->conns)
		abort();
	return &v->conns[v->conns_n++];
}

static void conn_event(struct sdl_virt *v, const struct conn *c, bool to_server,
		       enum event_kind kind, int64_t at)
{
	struct event *e = event_new(kind, at, NULL, 0);

	e->to = to_server ? c->server : c->client;
	e->life = to_server ? c->server_life : c->client_life;
	e->line = to_server ? c->server_number : c->client_number;
	events_push(&v->events, e);
}

static bool has_key(const struct sdl_virt *v, const char *identity)
{
	return strlen(identity) <= SDL_IDENTITY_MAX &&
	       (!v->options.has_key || v->options.has_key(v->options.arg, identity));
}

void net_conn_open(void *w, uint32_t number, uint8_t node, const char *identity)
{
	struct program *p = seat_program(w);
	struct sdl_virt *v = p->virt;
	int server = sdl_virt_find(v, node, SDL_APP_CTIMANAGER);
	struct conn *c;

	if (server < 0 || !v->programs[server].running || !v->programs[server].spec.serve_cti ||
	    (identity && !has_key(v, identity))) {
		struct event *e = event_new(EVENT_CONN_DOWN, v->now + delay(v), NULL, 0);

		e->to = p->index;
		e->life = p->life;
		e->line = number;
		events_push(&v->events, e);
		return;
	}
	c = conn_new(v);
	*c = (struct conn){ .used = true,
			    .client = p->index,
			    .client_life = p->life,
			    .client_number = number,
			    .server = server,
			    .server_life = v->programs[server].life,
			    .server_number = ++v->conns_made,
			    .up = true,
			    .lost_after = { INT64_MAX, INT64_MAX } };
	snprintf(c->identity, sizeof(c->identity), "%s", identity ? identity : "");
	conn_event(v, c, false, EVENT_CONN_UP, arrival(v, &c->last[1]));
}

/* The other side hears of it after what was sent before. */
static void conn_end(struct sdl_virt *v, struct conn *c, bool by_client)
{
	conn_event(v, c, by_client, EVENT_CONN_DOWN, arrival(v, &c->last[by_client ? 0 : 1]));
	c->up = false;
	c->ended_by_client = by_client;
}

void net_conn_close(void *w, uint32_t number)
{
	struct program *p = seat_program(w);
	struct conn *c = conn_of(p->virt, p, number);

	if (!c)
		return;
	/* A ROUTER cannot close one peer: it asks the client to, and reads no more from it. */
	c->deaf |= c->client != p->index;
	if (c->up)
		conn_end(p->virt, c, c->client == p->index);
}

int net_conn_send(void *w, uint32_t number, const void *frame, size_t len)
{
	struct program *p = seat_program(w);
	struct sdl_virt *v = p->virt;
	struct conn *c = conn_of(v, p, number);
	bool to_server = c && c->client == p->index;
	struct event *e;

	if (p->crashed || !c || !c->up)
		return SDL_SEND_DOWN;
	if (c->in_flight[to_server ? 0 : 1] >= v->options.queue_max)
		return SDL_SEND_FULL;
	c->in_flight[to_server ? 0 : 1]++;
	e = event_new(EVENT_CONN_FRAME, arrival(v, &c->last[to_server ? 0 : 1]), frame, len);
	e->to = to_server ? c->server : c->client;
	e->life = to_server ? c->server_life : c->client_life;
	e->from = p->index;
	e->from_life = p->life;
	e->line = to_server ? c->server_number : c->client_number;
	events_push(&v->events, e);
	return SDL_SENT;
}

/* ---- datagrams, posts ---------------------------------------------------------------------- */
static void post_at(struct sdl_virt *v, struct program *p, const struct sdl_envelope *envelope,
		    int64_t at)
{
	uint8_t bytes[SDL_FRAME_MAX];
	size_t len = envelope_write(bytes, envelope);
	struct event *e = event_new(EVENT_POST, at, bytes, len);

	e->to = p->index;
	e->life = p->life;
	events_push(&v->events, e);
}

void post_later(struct sdl_virt *v, struct program *p, const struct sdl_envelope *e, int64_t *until)
{
	post_at(v, p, e, arrival(v, until));
}

void net_datagram(void *w, const struct sdl_envelope *e)
{
	struct program *p = seat_program(w);
	struct sdl_virt *v = p->virt;
	int to = -1;

	/* Endpoints are told apart by their address alone: one endpoint program per node. */
	for (int i = 0; i < v->programs_n && to < 0; i++)
		if (v->programs[i].spec.node == e->to.node)
			to = i;
	if (p->crashed || to < 0 || !v->programs[to].running)
		return;
	post_at(v, &v->programs[to], e, v->now + delay(v));
}

/* ---- lives --------------------------------------------------------------------------------- */
void net_program_up(struct sdl_virt *v, struct program *p)
{
	for (int i = 0; i < v->programs_n; i++) {
		struct program *other = &v->programs[i];
		struct line *line = line_find(other, p->spec.node, p->spec.app);

		if (!other->running || !line || !line->open || line->up || other == p)
			continue;
		line_event(other, line, EVENT_LINE_UP,
			   v->now + delay(v) + (int64_t)prng_below(&v->prng, RECONNECT_NS));
	}
}

static void lines_down(struct sdl_virt *v, const struct program *p)
{
	for (int i = 0; i < v->programs_n; i++) {
		struct program *other = &v->programs[i];
		struct line *line = line_find(other, p->spec.node, p->spec.app);

		if (!other->running || !line || !line->open || other == p)
			continue;
		line->generation++;
		if (line->up)
			line_event(other, line, EVENT_LINE_DOWN, v->now + delay(v));
		line->up = false;
		line->in_flight = 0;
	}
}

static bool is_life(const struct sdl_virt *v, int program, uint64_t life)
{
	return v->programs[program].running && v->programs[program].life == life;
}

static void conns_down(struct sdl_virt *v, const struct program *p)
{
	for (uint32_t i = 0; i < v->conns_n; i++) {
		struct conn *c = &v->conns[i];
		bool client = c->client == p->index && c->client_life == p->life;
		bool server = c->server == p->index && c->server_life == p->life;

		if (!c->used || !(client || server))
			continue;
		if (p->crashed)
			c->lost_after[client ? 0 : 1] = loss_point(v, c->last[client ? 0 : 1]);
		if (!c->up && c->ended_by_client == server) { /* it will not read of the end */
			c->used = false;
			continue;
		}
		if (c->up)
			conn_end(v, c, client);
		c->used = is_life(v, client ? c->server : c->client,
				  client ? c->server_life : c->client_life);
	}
}

void net_program_down(struct sdl_virt *v, struct program *p)
{
	v->signals += sdl_program_signals(p->running);
	v->unexpected += sdl_program_unexpected(p->running);
	for (int i = 0; i < p->lines_n; i++) {
		struct line *line = &p->lines[i];

		line->lost_after = p->crashed ? loss_point(v, line->last) : INT64_MAX;
		line->open = line->up = false;
	}
	lines_down(v, p);
	conns_down(v, p);
}

static struct line *line_of(struct sdl_virt *v, const struct event *e)
{
	const struct program *to = &v->programs[e->to];

	return line_find(&v->programs[e->from], to->spec.node, to->spec.app);
}

static bool frame_comes(struct sdl_virt *v, const struct event *e)
{
	struct line *line = line_of(v, e);

	if (line && line->generation == e->line && line->in_flight)
		line->in_flight--;
	return !(v->programs[e->from].life == e->from_life && !v->programs[e->from].running &&
		 line && e->at > line->lost_after);
}

static bool conn_frame_comes(struct sdl_virt *v, const struct event *e)
{
	struct conn *c = conn_of(v, &v->programs[e->to], e->line);

	if (c && c->in_flight[c->server == e->to ? 0 : 1])
		c->in_flight[c->server == e->to ? 0 : 1]--;
	if (!c || (c->deaf && c->server == e->to))
		return false;
	return e->at <= c->lost_after[c->server == e->to ? 0 : 1];
}

bool net_still_comes(struct sdl_virt *v, const struct event *e)
{
	const struct program *p = &v->programs[e->to];

	if (e->kind == EVENT_FRAME && !frame_comes(v, e))
		return false;
	if (e->kind == EVENT_CONN_FRAME && !conn_frame_comes(v, e))
		return false;
	return p->running && p->life == e->life;
}

static void line_change(struct sdl_virt *v, struct program *p, const struct event *e)
{
	const struct program *far = &v->programs[e->from];
	struct line *line = line_find(p, far->spec.node, far->spec.app);
	bool up;

	if (!line || !line->open || line->generation != e->line)
		return;
	if (e->kind == EVENT_LINE_DOWN) {
		up = line->up; /* it has come up again meanwhile */
		sdl_program_line_down(p->running, far->spec.node, far->spec.app);
		line = line_find(p, far->spec.node, far->spec.app);
		if (up && line->open && line->generation == e->line)
			sdl_program_line_up(p->running, far->spec.node, far->spec.app);
	} else if (!line->up && far->running) {
		line->up = true;
		sdl_program_line_up(p->running, far->spec.node, far->spec.app);
	}
}

void net_deliver(struct sdl_virt *v, struct program *p, const struct event *e)
{
	struct sdl_conn_peer peer = { .ip = 0x7f010000u };
	struct sdl_envelope envelope;
	struct conn *c;

	switch (e->kind) {
	case EVENT_FRAME:
		sdl_program_frame(p->running, NULL, e->bytes, e->len);
		break;
	case EVENT_LINE_UP:
	case EVENT_LINE_DOWN:
		line_change(v, p, e);
		break;
	case EVENT_CONN_UP:
		sdl_program_conn_up(p->running, e->line);
		break;
	case EVENT_CONN_FRAME:
		c = conn_of(v, p, e->line);
		if (c && c->identity[0])
			peer.identity = c->identity;
		sdl_program_conn_frame(p->running, e->line, &peer, e->bytes, e->len);
		break;
	case EVENT_CONN_DOWN:
		sdl_program_conn_down(p->running, e->line);
		c = conn_of(v, p, e->line);
		if (c)
			c->used = false;
		break;
	case EVENT_POST:
		if (envelope_read(&envelope, e->bytes, e->len) > 0)
			sdl_program_post(p->running, &envelope);
		break;
	}
}
