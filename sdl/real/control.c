/*
 * control.c - the channel to the supervisor: one envelope a packet.
 *
 * What goes out and finds no room waits here, in order: a supervisor that is slow, or frozen, must
 * not stop a heartbeat. It is never thrown away; the supervisor asked for it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "sdl/link/frame.h"
#include "sdl/real/host.h"

#define PACKETS_PER_TURN 256

struct packet {
	struct packet *next;
	size_t len;
	uint8_t bytes[];
};

int control_open(struct sdl_real *r, char *why, size_t why_size)
{
	int fd = r->options->control_fd;
	int type = 0;
	socklen_t size = sizeof(type);

	if (fd < 0)
		return 0;
	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) || type != SOCK_SEQPACKET) {
		snprintf(why, why_size,
			 "descriptor %d is no control channel (a SOCK_SEQPACKET socket)", fd);
		return -1;
	}
	int room = 1024 * 1024;
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	if (real_watch(r, &r->control.source, fd)) {
		snprintf(why, why_size, "cannot watch the control channel: %s", strerror(errno));
		return -1;
	}
	return 0;
}

static void want_room(struct sdl_real *r, bool want)
{
	struct epoll_event event = { .events = want ? EPOLLIN | EPOLLOUT : EPOLLIN,
				     .data.ptr = &r->control.source };

	if (r->control.writing == want)
		return;
	r->control.writing = want;
	epoll_ctl(r->epoll, EPOLL_CTL_MOD, r->control.source.fd, &event);
}

static bool send_packet(struct sdl_real *r, const uint8_t *bytes, size_t len)
{
	return send(r->control.source.fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0 ||
	       (errno != EAGAIN && errno != EWOULDBLOCK && errno != ENOBUFS);
}

static void send_waiting(struct sdl_real *r)
{
	struct packet *p;

	while ((p = r->control.first) && send_packet(r, p->bytes, p->len)) {
		r->control.first = p->next;
		if (!p->next)
			r->control.last = NULL;
		free(p);
	}
	want_room(r, r->control.first != NULL);
}

void control_send(void *w, const struct sdl_envelope *e)
{
	struct sdl_real *r = w;
	struct packet *p;

	if (r->control.source.fd < 0)
		return;
	p = malloc(sizeof(*p) + ENVELOPE_HEADER + e->len);
	if (!p)
		abort();
	p->next = NULL;
	p->len = envelope_write(p->bytes, e);
	if (r->control.last)
		r->control.last->next = p;
	else
		r->control.first = p;
	r->control.last = p;
	send_waiting(r);
}

static void take_packet(struct sdl_real *r, const uint8_t *bytes, size_t len)
{
	struct sdl_envelope e;

	if (len == 1 && bytes[0] == SDL_CONTROL_POKE) {
		database_poke(r);
		return;
	}
	if (envelope_read(&e, bytes, len) != (int64_t)len ||
	    signal_def(e.number)->reach != REACH_CONTROL) {
		fprintf(stderr, "%s: a packet of the control channel is no control signal\n",
			r->config.name);
		return;
	}
	e.to.node = r->config.node;
	e.to.app = r->config.app;
	sdl_program_post(r->program, &e);
}

void control_read(struct sdl_real *r)
{
	uint8_t bytes[SDL_FRAME_MAX + ENVELOPE_HEADER];

	for (int i = 0; i < PACKETS_PER_TURN; i++) {
		ssize_t len = recv(r->control.source.fd, bytes, sizeof(bytes), MSG_DONTWAIT);

		if (len > 0) {
			take_packet(r, bytes, (size_t)len);
			continue;
		}
		if (len < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
			break;
		r->orphaned = true;
		r->ended = true;
		r->status = SDL_EXIT_FAILED;
		break;
	}
	r->control.source.ready = false;
	if (r->control.first && !r->orphaned)
		send_waiting(r);
}

void control_close(struct sdl_real *r)
{
	struct packet *p;

	if (r->control.source.fd >= 0) {
		if (!r->orphaned)
			send_waiting(r);
		real_unwatch(r, &r->control.source);
	}
	while ((p = r->control.first)) {
		r->control.first = p->next;
		free(p);
	}
	r->control.last = NULL;
}
