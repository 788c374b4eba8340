/*
 * zap.c - tells libzmq whose key a CURVE client has (ZeroMQ RFC 27). One responder for all sockets of
 * the program; in the program's own loop, so a frozen program lets nobody in.
 */
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "sdl/real/host.h"

enum { VERSION, REQUEST_ID, DOMAIN, ADDRESS, IDENTITY, MECHANISM, CREDENTIALS, PARTS };

int zap_open(struct sdl_real *r, char *why, size_t why_size)
{
	r->zap.socket = socket_new(r, ZMQ_REP);
	if (r->zap.socket && !zmq_bind(r->zap.socket, "inproc://zeromq.zap.01") &&
	    !real_watch(r, &r->zap.source, socket_fd(r->zap.socket))) {
		r->zap.source.ready = true;
		return 0;
	}
	snprintf(why, why_size, "no socket to authenticate connections: %s",
		 zmq_strerror(zmq_errno()));
	return -1;
}

/* The parts of one request, as far as they are wanted. How many there were; 0 = no request. */
static int read_request(void *socket, char request_id[64], uint8_t key[KEY_SIZE + 1], int *key_len)
{
	int more = 1;
	size_t size = sizeof(more);
	int parts = 0;

	*key_len = 0;
	request_id[0] = '\0';
	while (more) {
		uint8_t part[64];
		int n = zmq_recv(socket, part, sizeof(part) - 1, ZMQ_DONTWAIT);

		if (n < 0)
			return 0;
		n = n < (int)sizeof(part) - 1 ? n : (int)sizeof(part) - 1;
		part[n] = '\0';
		if (parts == REQUEST_ID)
			snprintf(request_id, 64, "%s", (const char *)part);
		if (parts == CREDENTIALS && n == KEY_SIZE) {
			memcpy(key, part, KEY_SIZE);
			*key_len = n;
		}
		parts++;
		if (zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size))
			return 0;
	}
	return parts;
}

static void answer(void *socket, const char *request_id, const char *owner)
{
	const char *const parts[] = { "1.0",
				      request_id,
				      owner ? "200" : "400",
				      owner ? "OK" : "this key is not known here",
				      owner ? owner : "",
				      "" };
	const int n = sizeof(parts) / sizeof(parts[0]);

	for (int i = 0; i < n; i++)
		zmq_send(socket, parts[i], strlen(parts[i]),
			 ZMQ_DONTWAIT | (i < n - 1 ? ZMQ_SNDMORE : 0));
}

void zap_requests(struct sdl_real *r)
{
	char request_id[64], owner[KEY_OWNER];
	uint8_t key[KEY_SIZE + 1];
	int key_len;

	while (r->zap.source.ready && socket_readable(r->zap.socket)) {
		int parts = read_request(r->zap.socket, request_id, key, &key_len);
		bool known = parts == PARTS && key_len == KEY_SIZE && key_owner(r, key, owner);

		answer(r->zap.socket, request_id, known ? owner : NULL);
	}
	r->zap.source.ready = false;
}

void zap_close(struct sdl_real *r)
{
	if (!r->zap.socket)
		return;
	real_unwatch(r, &r->zap.source);
	zmq_close(r->zap.socket);
	r->zap.socket = NULL;
}
