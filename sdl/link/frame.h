/*
 * frame.h - bytes between programs: frames of links and connections, and single envelopes
 * (datagrams, the control channel). Little endian, fixed layout.
 *
 * Decoding refuses by length first and points into the given bytes; nothing is copied.
 */
#ifndef SDL_LINK_FRAME_H
#define SDL_LINK_FRAME_H

#include "sdl/program.h"

#define FRAME_VERSION	1
#define FRAME_HEADER	44
#define ENVELOPE_HEADER 56
#define FRAME_TOKEN_MAX 64
#define FRAME_NAME_MAX	64

enum frame_kind {
	FRAME_HELLO = 1, /* opens a session; acknowledges the other's */
	FRAME_DATA,	 /* signals */
	FRAME_HEARTBEAT,
	FRAME_GOODBYE, /* orderly end */
	FRAME_CONNECT, /* application to CTIManager: first frame of a connection */
	FRAME_WELCOME, /* the answer */
};

struct frame {
	uint8_t kind;
	uint8_t node; /* of the sender */
	uint16_t app;
	uint16_t count; /* of signals */
	uint64_t incarnation;
	uint64_t ack_incarnation; /* of the receiver, as the sender knows it */
	uint32_t session;
	uint32_t ack_session;
	uint32_t seq;
	const uint8_t *body;
	size_t body_len;
};

enum frame_error {
	FRAME_OK = 0,
	FRAME_TOO_SHORT = -1,
	FRAME_TOO_LONG = -2,
	FRAME_NOT_OURS = -3,
	FRAME_WRONG_VERSION = -4,
	FRAME_BAD_KIND = -5,
	FRAME_BAD_BODY = -6,
};
const char *frame_error_text(int error);

/* Writes FRAME_HEADER bytes; body_len is what will follow. */
void frame_write(uint8_t *out, const struct frame *f);
/* FRAME_OK or a frame_error. On FRAME_WRONG_VERSION node and app are set all the same. */
int frame_read(struct frame *f, const void *bytes, size_t len);

/* The body of HELLO and CONNECT: token and name. Returns its length (at most 2 + both maxima). */
size_t frame_write_hello(uint8_t *out, const char *token, const char *name);
int frame_read_hello(const struct frame *f, char token[FRAME_TOKEN_MAX + 1],
		     char name[FRAME_NAME_MAX + 1]);

/* One envelope: ENVELOPE_HEADER + e->len bytes. */
size_t envelope_write(uint8_t *out, const struct sdl_envelope *e);
/* Reads one from bytes; returns how many it took, or FRAME_BAD_BODY: cut short, longer than a
 * signal may be, or a number that is no signal. */
int64_t envelope_read(struct sdl_envelope *e, const uint8_t *bytes, size_t len);

#endif
