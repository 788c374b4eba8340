/*
 * conn.c - connections between applications and CTIManagers, both ends.
 *
 * Each CTI port, that in the clear and the encrypted one, is a ROUTER that makes its own ids, so nobody can take over a session by a name;
 * frames of peers that bring an id of their own are dropped. It does not say who disconnected:
 * after any disconnection each connection is tried out with an empty frame, and a few times more,
 * for the socket learns of the loss later than its monitor. Nor can it close one peer: a frame of
 * one byte asks the application's end to do so, and what still comes from there is dropped unread.
 *
 * The application's end is a DEALER that connects once. Frames of the runtime are longer than
 * either of these two.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>
#include <zmq.h>

#include "sdl/real/host.h"

#define ID_LEN		5 /* of ids that a ROUTER makes: 0 and a number */
#define CLOSE_FRAME	"c"
#define FRAMES_PER_TURN 512
#define HANDSHAKE_MS	5000

struct conn {
	uint32_t number;
	uint8_t id[ID_LEN]; /* accepted: at the router */
	bool up;
	bool closed;	       /* by either side: nothing of it reaches the program any more */
	bool sent;	       /* own: since its socket was last asked for news */
	int64_t free_at;       /* a closed accepted one is remembered a while: late frames */
	bool refused;	       /* own: there is no key for it; told at the end of the turn */
	void *dealer;	       /* own: the socket */
	struct cti_port *port; /* accepted: where; NULL = own */
	struct source source;
	struct monitor monitor;
	UT_hash_handle hh;
	UT_hash_handle hh_id;
};

/* Tries after a disconnection, each at that distance from the one before. */
static const int64_t probe_after[] = { 0, 2 * MS_NS, 20 * MS_NS, 200 * MS_NS };
#define PROBES	    (sizeof(probe_after) / sizeof(probe_after[0]))
#define REMEMBER_NS (10 * SECOND_NS)

static struct conn *find(const struct sdl_real *r, uint32_t number)
{
	struct conn *c;

	HASH_FIND(hh, r->conns.by_number, &number, sizeof(number), c);
	return c;
}

static struct conn *conn_new(struct sdl_real *r, uint32_t number)
{
	struct conn *c = calloc(1, sizeof(*c));

	if (!c)
		abort();
	c->number = number;
	HASH_ADD(hh, r->conns.by_number, number, sizeof(c->number), c);
	return c;
}

static void conn_free(struct sdl_real *r, struct conn *c, int farewell_ms)
{
	HASH_DELETE(hh, r->conns.by_number, c);
	if (c->port) {
		HASH_DELETE(hh_id, c->port->by_id, c);
	} else if (c->dealer) {
		zmq_setsockopt(c->dealer, ZMQ_LINGER, &farewell_ms, sizeof(farewell_ms));
		real_unwatch(r, &c->source);
		monitor_close(r, &c->monitor, c->dealer);
		zmq_close(c->dealer);
	}
	free(c);
}

/* ---- the CTI ports -------------------------------------------------------------------------- */
static int port_listen(struct sdl_real *r, struct cti_port *port, int number, char *why,
		       size_t why_size)
{
	char address[32];
	int yes = 1;

	snprintf(address, sizeof(address), "127.%u.0.%u:%d", (unsigned)r->options->cluster,
		 (unsigned)r->config.node, number);
	port->probe_at = INT64_MAX;
	port->router = socket_new(r, ZMQ_ROUTER);
	if (!port->router) {
		snprintf(why, why_size, "no ZeroMQ socket");
		return -1;
	}
	zmq_setsockopt(port->router, ZMQ_ROUTER_MANDATORY, &yes, sizeof(yes));
	if (number == SDL_PORT_CTI_SECURE && key_serve(r, port->router, "cti", why, why_size))
		return -1;
	if (monitor_open(r, &port->monitor, port->router)) {
		snprintf(why, why_size, "no monitor of the CTI port");
		return -1;
	}
	if (socket_bind(port->router, address, why, why_size))
		return -1;
	port->source.ready = true;
	return real_watch(r, &port->source, socket_fd(port->router));
}

int conns_listen(struct sdl_real *r, char *why, size_t why_size)
{
	if (port_listen(r, &r->conns.ports[0], SDL_PORT_CTI, why, why_size))
		return -1;
	return *r->keys ? port_listen(r, &r->conns.ports[1], SDL_PORT_CTI_SECURE, why, why_size)
			: 0;
}

static int send_accepted(struct conn *c, const void *frame, size_t len)
{
	void *router = c->port->router;

	c->port->sent = true;
	for (int attempt = 0; attempt < 2; attempt++) {
		if (zmq_send(router, c->id, ID_LEN, ZMQ_DONTWAIT | ZMQ_SNDMORE) >= 0 &&
		    zmq_send(router, frame, len, ZMQ_DONTWAIT) >= 0)
			return SDL_SENT;
		if (errno != EAGAIN)
			return SDL_SEND_DOWN;
		/* Room that was made is only noticed when the socket is asked. */
		socket_readable(router);
	}
	return SDL_SEND_FULL;
}

static void remember(struct conn *c, int64_t now)
{
	c->closed = true;
	c->free_at = now + REMEMBER_NS;
}

static void probe(struct sdl_real *r, const struct cti_port *port, int64_t now)
{
	struct conn *c, *next;

	HASH_ITER (hh, r->conns.by_number, c, next) {
		if (c->port != port || c->closed || send_accepted(c, "", 0) != SDL_SEND_DOWN)
			continue;
		remember(c, now);
		sdl_program_conn_down(r->program, c->number);
	}
}

static struct conn *accept_conn(struct sdl_real *r, struct cti_port *port, const uint8_t *id)
{
	struct conn *c;

	do /* after four thousand million connections numbers come again */
		r->conns.last++;
	while (!r->conns.last || find(r, r->conns.last));
	c = conn_new(r, r->conns.last);
	memcpy(c->id, id, ID_LEN);
	c->port = port;
	c->up = true;
	HASH_ADD(hh_id, port->by_id, id, ID_LEN, c);
	return c;
}

/* What libzmq knows of who sent a frame; the names are the frame's. */
static struct sdl_conn_peer peer_of(zmq_msg_t *frame)
{
	const char *address = zmq_msg_gets(frame, "Peer-Address");
	struct sdl_conn_peer peer = { .identity = key_identity(frame) };
	struct in_addr in;

	if (address && inet_pton(AF_INET, address, &in) == 1)
		peer.ip = ntohl(in.s_addr);
	return peer;
}

/* One message of a CTI port. False when none is there. */
static bool accepted_frame(struct sdl_real *r, struct cti_port *port)
{
	zmq_msg_t id, frame;
	struct conn *c = NULL;
	bool there = false;
	bool ours = false;
	int parts = 0;

	zmq_msg_init(&id);
	zmq_msg_init(&frame);
	if (zmq_msg_recv(&id, port->router, ZMQ_DONTWAIT) >= 0) {
		there = true;
		bool more = zmq_msg_more(&id);
		while (more && zmq_msg_recv(&frame, port->router, ZMQ_DONTWAIT) >= 0) {
			parts++;
			more = zmq_msg_more(&frame);
		}
		const uint8_t *bytes = zmq_msg_data(&id);
		ours = parts == 1 && zmq_msg_size(&id) == ID_LEN && bytes[0] == 0;
		if (ours) {
			HASH_FIND(hh_id, port->by_id, bytes, ID_LEN, c);
			if (!c)
				c = accept_conn(r, port, bytes);
		}
	}
	if (ours && !c->closed && zmq_msg_size(&frame) > 1) {
		struct sdl_conn_peer peer = peer_of(&frame);

		sdl_program_conn_frame(r->program, c->number, &peer, zmq_msg_data(&frame),
				       zmq_msg_size(&frame));
	}
	zmq_msg_close(&frame);
	zmq_msg_close(&id);
	return there;
}

/* ---- an application's end ------------------------------------------------------------------- */
/* The server has to have the key that this cluster knows of it, and gets to know ours. */
static int encrypt(struct sdl_real *r, struct conn *c, uint8_t node, const char *identity)
{
	struct key_pair own;
	int result = *r->keys ? key_of_user(r, identity, &own) : -1;

	result = result ? result : key_connect(r, c->dealer, node, &own);
	explicit_bzero(&own, sizeof(own));
	return result;
}

void conn_open(void *w, uint32_t number, uint8_t node, const char *identity)
{
	struct sdl_real *r = w;
	struct conn *c;
	char endpoint[96];
	int once = -1;
	int handshake_ms = HANDSHAKE_MS;

	if (find(r, number))
		return;
	c = conn_new(r, number);
	c->dealer = socket_new(r, ZMQ_DEALER);
	snprintf(endpoint, sizeof(endpoint), "tcp://127.%u.0.%u:0;127.%u.0.%u:%d",
		 (unsigned)r->options->cluster, (unsigned)r->config.node,
		 (unsigned)r->options->cluster, (unsigned)node,
		 identity ? SDL_PORT_CTI_SECURE : SDL_PORT_CTI);
	c->refused = c->dealer && identity && encrypt(r, c, node, identity);
	if (!c->dealer || zmq_setsockopt(c->dealer, ZMQ_RECONNECT_IVL, &once, sizeof(once)) ||
	    zmq_setsockopt(c->dealer, ZMQ_HANDSHAKE_IVL, &handshake_ms, sizeof(handshake_ms)) ||
	    monitor_open(r, &c->monitor, c->dealer) ||
	    real_watch(r, &c->source, socket_fd(c->dealer)) ||
	    (!c->refused && zmq_connect(c->dealer, endpoint)))
		real_fail(r, SDL_EXIT_FAILED, "no connection to the CTIManager of node %u: %s",
			  (unsigned)node, zmq_strerror(errno));
}

/* One message of a connection of our own. False when none is there. */
static bool own_frame(struct sdl_real *r, struct conn *c)
{
	zmq_msg_t frame;
	bool more = true;
	bool there = false;
	int parts = 0;

	zmq_msg_init(&frame);
	while (more && zmq_msg_recv(&frame, c->dealer, ZMQ_DONTWAIT) >= 0) {
		there = true;
		parts++;
		more = zmq_msg_more(&frame);
	}
	size_t len = zmq_msg_size(&frame);
	if (there && parts == 1 && len > 1) {
		struct sdl_conn_peer peer = peer_of(&frame);

		sdl_program_conn_frame(r->program, c->number, &peer, zmq_msg_data(&frame), len);
	} else if (there && parts == 1 && len == 1) {
		c->closed = true;
		sdl_program_conn_down(r->program, c->number);
	}
	zmq_msg_close(&frame);
	return there;
}

/* What came in before a disconnection counts: it is read first. */
static void own_down(struct sdl_real *r, struct conn *c)
{
	while (!c->closed && own_frame(r, c))
		;
	if (c->closed)
		return;
	c->closed = true;
	sdl_program_conn_down(r->program, c->number);
}

static void own_events(struct sdl_real *r, struct conn *c)
{
	enum monitor_event event;

	if (c->refused)
		own_down(r, c);
	while (!c->closed && (event = monitor_next(&c->monitor)) != MONITOR_NONE) {
		if (event == MONITOR_DOWN) {
			own_down(r, c);
		} else if (!c->up) {
			c->up = true;
			/* Attaches the connection. */
			c->source.ready |= socket_readable(c->dealer);
			sdl_program_conn_up(r->program, c->number);
		}
	}
}

/* ---- both ----------------------------------------------------------------------------------- */
void conn_close(void *w, uint32_t number)
{
	struct sdl_real *r = w;
	struct conn *c = find(r, number);

	if (!c || c->closed)
		return;
	if (!c->port) {
		c->closed = true;
		return;
	}
	remember(c, sdl_real_now());
	send_accepted(c, CLOSE_FRAME, 1);
}

int conn_send(void *w, uint32_t number, const void *frame, size_t len)
{
	struct sdl_real *r = w;
	struct conn *c = find(r, number);

	if (!c || c->closed || !c->up)
		return SDL_SEND_DOWN;
	if (c->port)
		return send_accepted(c, frame, len);
	c->sent = true;
	if (zmq_send(c->dealer, frame, len, ZMQ_DONTWAIT) >= 0)
		return SDL_SENT;
	socket_readable(c->dealer);
	if (zmq_send(c->dealer, frame, len, ZMQ_DONTWAIT) >= 0)
		return SDL_SENT;
	return errno == EAGAIN ? SDL_SEND_FULL : SDL_SEND_DOWN;
}

static void port_events(struct cti_port *port, int64_t now)
{
	enum monitor_event event;
	bool lost = false;

	if (!port->router || !port->monitor.source.ready)
		return;
	while ((event = monitor_next(&port->monitor)) != MONITOR_NONE)
		lost |= event == MONITOR_DOWN;
	if (lost) {
		port->probes = 0;
		port->probe_at = now;
	}
}

void conns_events(struct sdl_real *r, int64_t now)
{
	struct conn *c, *next;

	HASH_ITER (hh, r->conns.by_number, c, next)
		if (!c->port && (c->monitor.source.ready || c->refused))
			own_events(r, c);
	for (int i = 0; i < CTI_PORTS; i++)
		port_events(&r->conns.ports[i], now);
}

int64_t conns_deadline(const struct sdl_real *r)
{
	int64_t at = INT64_MAX;

	for (int i = 0; i < CTI_PORTS; i++)
		if (r->conns.ports[i].router && r->conns.ports[i].probe_at < at)
			at = r->conns.ports[i].probe_at;
	return at;
}

static void probe_when_due(struct sdl_real *r, struct cti_port *port, int64_t now)
{
	if (now < port->probe_at)
		return;
	probe(r, port, now);
	port->probes++;
	port->probe_at = port->probes < PROBES ? now + probe_after[port->probes] : INT64_MAX;
}

static bool port_frames(struct sdl_real *r, struct cti_port *port)
{
	int n = 0;

	if (!port->router)
		return false;
	if (port->source.ready) {
		while (n < FRAMES_PER_TURN && accepted_frame(r, port))
			n++;
		port->source.ready = socket_readable(port->router);
	}
	/* Only now: what a connection sent before it was lost counts. */
	if (!port->source.ready)
		probe_when_due(r, port, sdl_real_now());
	return port->source.ready;
}

bool conns_frames(struct sdl_real *r)
{
	struct conn *c, *next;
	bool more = false;

	HASH_ITER (hh, r->conns.by_number, c, next) {
		int n = 0;

		if (c->port || c->closed || !c->source.ready)
			continue;
		while (n < FRAMES_PER_TURN && !c->closed && own_frame(r, c))
			n++;
		c->source.ready = !c->closed && socket_readable(c->dealer);
		more |= c->source.ready;
	}
	for (int i = 0; i < CTI_PORTS; i++)
		more |= port_frames(r, &r->conns.ports[i]);
	return more;
}

bool conns_tidy(struct sdl_real *r, int64_t now)
{
	struct conn *c, *next;
	bool more = false;

	HASH_ITER (hh, r->conns.by_number, c, next) {
		if (c->closed && (!c->port || now >= c->free_at)) {
			conn_free(r, c, GOODBYE_MS);
			continue;
		}
		/* Sending may have swallowed the news that there is something to read. */
		if (c->sent)
			c->source.ready |= socket_readable(c->dealer);
		c->sent = false;
		more |= c->source.ready || (c->refused && !c->closed);
	}
	for (int i = 0; i < CTI_PORTS; i++) {
		struct cti_port *port = &r->conns.ports[i];

		if (port->sent)
			port->source.ready |= socket_readable(port->router);
		port->sent = false;
		more |= port->source.ready;
	}
	return more;
}

static void port_close(struct sdl_real *r, struct cti_port *port, int farewell_ms)
{
	if (!port->router)
		return;
	zmq_setsockopt(port->router, ZMQ_LINGER, &farewell_ms, sizeof(farewell_ms));
	real_unwatch(r, &port->source);
	monitor_close(r, &port->monitor, port->router);
	zmq_close(port->router);
	port->router = NULL;
}

void conns_close(struct sdl_real *r, int farewell_ms)
{
	struct conn *c, *next;

	HASH_ITER (hh, r->conns.by_number, c, next)
		conn_free(r, c, farewell_ms);
	for (int i = 0; i < CTI_PORTS; i++)
		port_close(r, &r->conns.ports[i], farewell_ms);
}
