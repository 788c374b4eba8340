/* monitor.c - ZeroMQ sockets as this host makes them, and what becomes of their connections. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "sdl/real/host.h"

/* Closed without having been up counts as down, too: a connection that never came about. */
#define EVENTS                                                                                     \
	(ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CLOSED |               \
	 ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |              \
	 ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)

void *socket_new(struct sdl_real *r, int type)
{
	int hwm = r->options->hwm > 0 ? r->options->hwm : HWM;
	const struct {
		int option;
		int value;
	} common[] = {
		{ ZMQ_LINGER, 0 },    { ZMQ_SNDHWM, hwm },	 { ZMQ_RCVHWM, hwm },
		{ ZMQ_IMMEDIATE, 1 }, { ZMQ_RECONNECT_IVL, 10 }, { ZMQ_RECONNECT_IVL_MAX, 0 },
	};
	void *socket = zmq_socket(r->zmq, type);
	int64_t message_max = MESSAGE_MAX;
	bool set = socket != NULL;

	for (size_t i = 0; set && i < sizeof(common) / sizeof(common[0]); i++)
		set = !zmq_setsockopt(socket, common[i].option, &common[i].value, sizeof(int));
	set = set && !zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &message_max, sizeof(message_max));
	if (!set)
		real_fail(r, SDL_EXIT_FAILED, "no ZeroMQ socket: %s", zmq_strerror(errno));
	return socket;
}

int socket_fd(void *socket)
{
	int fd = -1;
	size_t size = sizeof(fd);

	return zmq_getsockopt(socket, ZMQ_FD, &fd, &size) ? -1 : fd;
}

bool socket_readable(void *socket)
{
	int events = 0;
	size_t size = sizeof(events);

	return !zmq_getsockopt(socket, ZMQ_EVENTS, &events, &size) && (events & ZMQ_POLLIN);
}

int socket_bind(void *socket, const char *address, char *why, size_t why_size)
{
	char endpoint[64];

	snprintf(endpoint, sizeof(endpoint), "tcp://%s", address);
	if (!zmq_bind(socket, endpoint))
		return 0;
	if (errno == EADDRINUSE)
		snprintf(
			why, why_size,
			"%s is taken by another program. See which with `ss -ltnp src %s`; end it, "
			"or take another cluster number",
			address, address);
	else
		snprintf(why, why_size, "cannot listen at %s: %s", address, zmq_strerror(errno));
	return -1;
}

int monitor_open(struct sdl_real *r, struct monitor *m, void *watched)
{
	char endpoint[48];

	snprintf(endpoint, sizeof(endpoint), "inproc://monitor-%llu",
		 (unsigned long long)++r->monitors);
	m->socket = socket_new(r, ZMQ_PAIR);
	if (!m->socket)
		return -1;
	/* The watched side must never block on events that nobody reads fast enough. */
	if (!zmq_socket_monitor(watched, endpoint, EVENTS) && !zmq_connect(m->socket, endpoint) &&
	    !real_watch(r, &m->source, socket_fd(m->socket))) {
		m->source.ready = true;
		return 0;
	}
	real_fail(r, SDL_EXIT_FAILED, "no monitor of a ZeroMQ socket: %s", zmq_strerror(errno));
	zmq_close(m->socket);
	m->socket = NULL;
	return -1;
}

static void skip_rest(void *socket)
{
	int more = 1;
	size_t size = sizeof(more);
	char rest[8];

	while (!zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size) && more &&
	       zmq_recv(socket, rest, sizeof(rest), ZMQ_DONTWAIT) >= 0)
		;
}

enum monitor_event monitor_next(struct monitor *m)
{
	uint8_t event[6];

	if (zmq_recv(m->socket, event, sizeof(event), ZMQ_DONTWAIT) >= 0) {
		uint16_t kind;

		memcpy(&kind, event, sizeof(kind));
		skip_rest(m->socket);
		return kind == ZMQ_EVENT_HANDSHAKE_SUCCEEDED ? MONITOR_UP : MONITOR_DOWN;
	}
	m->source.ready = false;
	return MONITOR_NONE;
}

void monitor_close(struct sdl_real *r, struct monitor *m, void *watched)
{
	if (!m->socket)
		return;
	real_unwatch(r, &m->source);
	if (watched)
		zmq_socket_monitor(watched, NULL, 0);
	zmq_close(m->socket);
	m->socket = NULL;
}
