/* media.c - datagrams between endpoint programs: one envelope each, port 16384 of either. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sdl/link/frame.h"
#include "sdl/real/host.h"

#define DATAGRAMS_PER_TURN 512

static struct sockaddr_in address_of(const struct sdl_real *r, uint8_t node)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons(SDL_PORT_MEDIA),
		.sin_addr.s_addr = htonl(127u << 24 | (uint32_t)r->options->cluster << 16 | node),
	};
}

/* 0, or a positive errno. */
int media_open(struct sdl_real *r, uint8_t node)
{
	struct sockaddr_in self = address_of(r, node);
	int room = 1024 * 1024;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	if (bind(fd, (struct sockaddr *)&self, sizeof(self)) || real_watch(r, &r->media, fd)) {
		int error = errno;

		close(fd);
		return error;
	}
	return 0;
}

void media_datagram(void *w, const struct sdl_envelope *e)
{
	struct sdl_real *r = w;
	struct sockaddr_in to = address_of(r, e->to.node);
	uint8_t bytes[ENVELOPE_HEADER + 2048];

	if (r->media.fd < 0 || e->len > sizeof(bytes) - ENVELOPE_HEADER)
		return;
	size_t len = envelope_write(bytes, e);
	/* May be lost: whoever cares counts what arrives. */
	sendto(r->media.fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&to,
	       sizeof(to));
}

void media_read(struct sdl_real *r)
{
	uint8_t bytes[ENVELOPE_HEADER + 2048];

	for (int i = 0; i < DATAGRAMS_PER_TURN; i++) {
		struct sockaddr_in from = { .sin_family = AF_INET };
		socklen_t from_len = sizeof(from);
		struct sdl_envelope e;
		ssize_t len = recvfrom(r->media.fd, bytes, sizeof(bytes), MSG_DONTWAIT | MSG_TRUNC,
				       (struct sockaddr *)&from, &from_len);

		if (len < 0) {
			r->media.ready = false;
			return;
		}
		if ((size_t)len > sizeof(bytes) ||
		    envelope_read(&e, bytes, (size_t)len) != (int64_t)len)
			continue;
		/* A stream's address names the node alone: whatever program lives there. */
		if (!e.to.app)
			e.to.app = r->config.app;
		/* From that program's own address, a medium's signal, and for this program. */
		uint32_t ip = ntohl(from.sin_addr.s_addr);
		if ((ip & 0xff) != e.from.node || (ip >> 16 & 0xff) != r->options->cluster ||
		    signal_def(e.number)->reach != REACH_MEDIA || e.to.node != r->config.node ||
		    e.to.app != r->config.app)
			continue;
		sdl_program_post(r->program, &e);
	}
}
