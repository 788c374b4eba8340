/*
 * line.c - the lines between programs: a DEALER to each peer, and one ROUTER where theirs arrive.
 *
 * Lines carry one way only. Each DEALER has its own monitor, so a disconnection names its peer. The
 * socket is thrown away with the line: nothing that was queued can reach a later session by it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "sdl/real/host.h"

/* Per turn; what is left comes next turn, after time and control were looked at again. */
#define FRAMES_PER_TURN 512
#define BYTES_PER_TURN	(4 * 1024 * 1024)

void sdl_real_address(uint8_t cluster, uint8_t node, uint16_t app, char *buffer, size_t size)
{
	int port = app == SDL_APP_CALLMANAGER  ? SDL_PORT_CALLMANAGER
		   : app == SDL_APP_CTIMANAGER ? SDL_PORT_CTIMANAGER
					       : SDL_PORT_OTHERS;

	snprintf(buffer, size, "127.%u.0.%u:%d", (unsigned)cluster, (unsigned)node, port);
}

int lines_listen(struct sdl_real *r, char *why, size_t why_size)
{
	char address[32];
	int yes = 1;

	sdl_real_address(r->options->cluster, r->config.node, r->config.app, address,
			 sizeof(address));
	r->lines.router = socket_new(r, ZMQ_ROUTER);
	if (!r->lines.router) {
		snprintf(why, why_size, "no ZeroMQ socket");
		return -1;
	}
	/* A peer that was killed and restarted comes under the same name. */
	zmq_setsockopt(r->lines.router, ZMQ_ROUTER_HANDOVER, &yes, sizeof(yes));
	zmq_setsockopt(r->lines.router, ZMQ_ROUTER_MANDATORY, &yes, sizeof(yes));
	if (r->options->secure_links && key_serve(r, r->lines.router, "sdl", why, why_size))
		return -1;
	if (socket_bind(r->lines.router, address, why, why_size))
		return -1;
	r->lines.arrival.ready = true;
	return real_watch(r, &r->lines.arrival, socket_fd(r->lines.router));
}

/* Where it is, or where it would be. */
static unsigned place(const struct sdl_real *r, uint8_t node, uint16_t app)
{
	unsigned i = 0;

	while (i < r->lines.n && (r->lines.line[i]->node < node ||
				  (r->lines.line[i]->node == node && r->lines.line[i]->app < app)))
		i++;
	return i;
}

static bool is_at(const struct sdl_real *r, unsigned i, uint8_t node, uint16_t app)
{
	return i < r->lines.n && r->lines.line[i]->node == node && r->lines.line[i]->app == app;
}

/* Nothing goes out in the clear because a key is missing: the program ends. */
static int encrypt_line(struct sdl_real *r, struct line *l)
{
	struct key_pair own;
	int result = key_of_node(r, r->config.node, &own);

	result = result ? result : key_connect(r, l->dealer, l->node, &own);
	explicit_bzero(&own, sizeof(own));
	if (result)
		errno = ENOKEY;
	return result;
}

/* Connects from this program's own address, so that a trace of the network shows who it is. */
static int connect_line(struct sdl_real *r, struct line *l)
{
	char id[32], address[32], endpoint[96];

	l->dealer = socket_new(r, ZMQ_DEALER);
	if (!l->dealer)
		return -1;
	snprintf(id, sizeof(id), "%u.%u", (unsigned)r->config.node, (unsigned)r->config.app);
	sdl_real_address(r->options->cluster, l->node, l->app, address, sizeof(address));
	snprintf(endpoint, sizeof(endpoint), "tcp://127.%u.0.%u:0;%s",
		 (unsigned)r->options->cluster, (unsigned)r->config.node, address);
	if ((r->options->secure_links && encrypt_line(r, l)) ||
	    zmq_setsockopt(l->dealer, ZMQ_ROUTING_ID, id, strlen(id)) ||
	    monitor_open(r, &l->monitor, l->dealer) || zmq_connect(l->dealer, endpoint)) {
		real_fail(r, SDL_EXIT_FAILED, "no line to %s: %s", address, zmq_strerror(errno));
		return -1;
	}
	return 0;
}

static void line_free(struct sdl_real *r, struct line *l, int farewell_ms)
{
	if (l->dealer) {
		zmq_setsockopt(l->dealer, ZMQ_LINGER, &farewell_ms, sizeof(farewell_ms));
		monitor_close(r, &l->monitor, l->dealer);
		zmq_close(l->dealer);
	}
	free(l);
}

void line_open(void *w, uint8_t node, uint16_t app)
{
	struct sdl_real *r = w;
	unsigned i = place(r, node, app);

	if (is_at(r, i, node, app))
		return;
	if (r->lines.n == LINES_MAX) {
		real_fail(r, SDL_EXIT_FAILED, "more than %d peers", LINES_MAX);
		return;
	}
	struct line *l = calloc(1, sizeof(*l));
	if (!l)
		abort();
	l->node = node;
	l->app = app;
	if (connect_line(r, l)) {
		line_free(r, l, 0);
		return;
	}
	memmove(&r->lines.line[i + 1], &r->lines.line[i],
		(r->lines.n - i) * sizeof(r->lines.line[0]));
	r->lines.line[i] = l;
	r->lines.n++;
	r->lines.changes++;
}

void line_close(void *w, uint8_t node, uint16_t app)
{
	struct sdl_real *r = w;
	unsigned i = place(r, node, app);

	if (!is_at(r, i, node, app))
		return;
	line_free(r, r->lines.line[i], r->ended && !r->orphaned ? GOODBYE_MS : 0);
	r->lines.n--;
	memmove(&r->lines.line[i], &r->lines.line[i + 1],
		(r->lines.n - i) * sizeof(r->lines.line[0]));
	r->lines.changes++;
}

int line_send(void *w, uint8_t node, uint16_t app, const void *frame, size_t len)
{
	struct sdl_real *r = w;
	unsigned i = place(r, node, app);

	if (!is_at(r, i, node, app) || !r->lines.line[i]->connected)
		return SDL_SEND_DOWN;
	void *dealer = r->lines.line[i]->dealer;
	if (zmq_send(dealer, frame, len, ZMQ_DONTWAIT) >= 0)
		return SDL_SENT;
	/* Room that the peer has made is only noticed when the socket is asked. */
	socket_readable(dealer);
	if (zmq_send(dealer, frame, len, ZMQ_DONTWAIT) >= 0)
		return SDL_SENT;
	return errno == EAGAIN ? SDL_SEND_FULL : SDL_SEND_DOWN;
}

/* The frame behind a routing id: true if it is one part, taken whole. */
static bool take(void *router, zmq_msg_t *frame)
{
	bool whole = false;
	int parts = 0;

	for (;;) {
		if (zmq_msg_recv(frame, router, ZMQ_DONTWAIT) < 0)
			return false;
		parts++;
		whole = parts == 2 && !zmq_msg_more(frame);
		if (!zmq_msg_more(frame))
			return whole;
	}
}

void lines_frames(struct sdl_real *r)
{
	size_t bytes = 0;
	int frames = 0;

	while (r->lines.arrival.ready && frames < FRAMES_PER_TURN && bytes < BYTES_PER_TURN) {
		zmq_msg_t frame;

		zmq_msg_init(&frame);
		if (take(r->lines.router, &frame)) {
			sdl_program_frame(r->program, key_identity(&frame), zmq_msg_data(&frame),
					  zmq_msg_size(&frame));
			bytes += zmq_msg_size(&frame);
		} else if (!socket_readable(r->lines.router)) {
			r->lines.arrival.ready = false;
		}
		frames++;
		zmq_msg_close(&frame);
	}
}

/* One line's events, up to its loss. False when the program changed the set of lines meanwhile. */
static bool line_events(struct sdl_real *r, struct line *l)
{
	uint64_t changes = r->lines.changes;
	enum monitor_event event;

	while (!l->lost && (event = monitor_next(&l->monitor)) != MONITOR_NONE) {
		if (event == MONITOR_DOWN) {
			l->lost = l->connected;
		} else if (!l->connected) {
			l->connected = true;
			socket_readable(l->dealer); /* attaches the new connection */
			sdl_program_line_up(r->program, l->node, l->app);
			if (r->lines.changes != changes)
				return false;
		}
	}
	return true;
}

/* True when some line was lost. */
static bool events_of_all(struct sdl_real *r)
{
	bool lost = false;

	for (unsigned i = 0; i < r->lines.n; i++) {
		struct line *l = r->lines.line[i];

		if (l->monitor.source.ready && !line_events(r, l))
			i = UINT32_MAX; /* from the start: the places have changed */
		else
			lost |= l->lost;
	}
	return lost;
}

static void tell_losses(struct sdl_real *r)
{
	for (unsigned i = 0; i < r->lines.n; i++) {
		struct line *l = r->lines.line[i];
		uint64_t changes = r->lines.changes;

		if (!l->lost)
			continue;
		l->lost = l->connected = false;
		sdl_program_line_down(r->program, l->node, l->app);
		if (r->lines.changes != changes)
			i = UINT32_MAX;
	}
}

void lines_events(struct sdl_real *r)
{
	while (events_of_all(r)) {
		/* What came before the loss counts. */
		r->lines.arrival.ready = r->lines.router != NULL;
		lines_frames(r);
		tell_losses(r);
	}
}

void lines_close(struct sdl_real *r, int farewell_ms)
{
	while (r->lines.n > 0)
		line_free(r, r->lines.line[--r->lines.n], farewell_ms);
	if (r->lines.router) {
		real_unwatch(r, &r->lines.arrival);
		zmq_close(r->lines.router);
		r->lines.router = NULL;
	}
}
