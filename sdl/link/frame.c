#include "sdl/link/frame.h"

#include <string.h>

static const uint8_t magic[4] = { 'R', 'H', 'F', '1' };

static void put(uint8_t *out, uint64_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		out[i] = (uint8_t)(value >> 8 * i);
}

static uint64_t get(const uint8_t *in, int bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < bytes; i++)
		value |= (uint64_t)in[i] << 8 * i;
	return value;
}

const char *frame_error_text(int error)
{
	switch (error) {
	case FRAME_TOO_SHORT:
		return "frame shorter than its header";
	case FRAME_TOO_LONG:
		return "frame longer than 64 KiB";
	case FRAME_NOT_OURS:
		return "not a frame of this protocol";
	case FRAME_WRONG_VERSION:
		return "frame of another version";
	case FRAME_BAD_KIND:
		return "frame of an unknown kind";
	case FRAME_BAD_BODY:
		return "frame whose body does not add up";
	default:
		return "no error";
	}
}

void frame_write(uint8_t *out, const struct frame *f)
{
	memcpy(out, magic, sizeof magic);
	put(out + 4, FRAME_VERSION, 2);
	out[6] = f->kind;
	out[7] = f->node;
	put(out + 8, f->app, 2);
	put(out + 10, f->count, 2);
	put(out + 12, f->incarnation, 8);
	put(out + 20, f->session, 4);
	put(out + 24, f->ack_session, 4);
	put(out + 28, f->seq, 4);
	put(out + 32, f->ack_incarnation, 8);
	put(out + 40, f->body_len, 4);
}

int frame_read(struct frame *f, const void *bytes, size_t len)
{
	const uint8_t *in = bytes;

	memset(f, 0, sizeof *f);
	if (len < FRAME_HEADER)
		return FRAME_TOO_SHORT;
	if (len > SDL_FRAME_MAX)
		return FRAME_TOO_LONG;
	if (memcmp(in, magic, sizeof magic))
		return FRAME_NOT_OURS;
	f->kind = in[6];
	f->node = in[7];
	f->app = (uint16_t)get(in + 8, 2);
	if (get(in + 4, 2) != FRAME_VERSION)
		return FRAME_WRONG_VERSION;
	if (f->kind < FRAME_HELLO || f->kind > FRAME_WELCOME)
		return FRAME_BAD_KIND;
	f->count = (uint16_t)get(in + 10, 2);
	f->incarnation = get(in + 12, 8);
	f->session = (uint32_t)get(in + 20, 4);
	f->ack_session = (uint32_t)get(in + 24, 4);
	f->seq = (uint32_t)get(in + 28, 4);
	f->ack_incarnation = get(in + 32, 8);
	f->body = in + FRAME_HEADER;
	f->body_len = len - FRAME_HEADER;
	return get(in + 40, 4) == f->body_len ? FRAME_OK : FRAME_BAD_BODY;
}

static size_t put_text(uint8_t *out, const char *text, size_t max)
{
	size_t len = strnlen(text, max);

	out[0] = (uint8_t)len;
	memcpy(out + 1, text, len);
	return len + 1;
}

static size_t get_text(const uint8_t *in, size_t left, char *text, size_t max)
{
	size_t len = left ? in[0] : 0;

	if (!left || len > max || len + 1 > left)
		return 0;
	memcpy(text, in + 1, len);
	text[len] = 0;
	return len + 1;
}

size_t frame_write_hello(uint8_t *out, const char *token, const char *name)
{
	size_t n = put_text(out, token, FRAME_TOKEN_MAX);

	return n + put_text(out + n, name, FRAME_NAME_MAX);
}

int frame_read_hello(const struct frame *f, char token[FRAME_TOKEN_MAX + 1],
		     char name[FRAME_NAME_MAX + 1])
{
	size_t a = get_text(f->body, f->body_len, token, FRAME_TOKEN_MAX);
	size_t b = a ? get_text(f->body + a, f->body_len - a, name, FRAME_NAME_MAX) : 0;

	return b && a + b == f->body_len ? FRAME_OK : FRAME_BAD_BODY;
}

size_t envelope_write(uint8_t *out, const struct sdl_envelope *e)
{
	put(out, e->number, 2);
	put(out + 2, 0, 2);
	put(out + 4, e->len, 4);
	put(out + 8, sdl_pid_pack(e->to), 8);
	put(out + 16, sdl_pid_pack(e->from), 8);
	put(out + 24, sdl_pid_pack(e->tag.origin), 8);
	put(out + 32, e->tag.seq, 4);
	put(out + 36, e->tag.ip, 4);
	memcpy(out + 40, e->tag.device, sizeof e->tag.device);
	if (e->len)
		memcpy(out + ENVELOPE_HEADER, e->bytes, e->len);
	return ENVELOPE_HEADER + (size_t)e->len;
}

int64_t envelope_read(struct sdl_envelope *e, const uint8_t *bytes, size_t len)
{
	if (len < ENVELOPE_HEADER)
		return FRAME_BAD_BODY;
	e->number = (uint16_t)get(bytes, 2);
	e->len = (uint32_t)get(bytes + 4, 4);
	if (e->len > SDL_SIGNAL_MAX || e->len > len - ENVELOPE_HEADER || !signal_def(e->number))
		return FRAME_BAD_BODY;
	e->to = sdl_pid_unpack(get(bytes + 8, 8));
	e->from = sdl_pid_unpack(get(bytes + 16, 8));
	e->tag.origin = sdl_pid_unpack(get(bytes + 24, 8));
	e->tag.seq = (uint32_t)get(bytes + 32, 4);
	e->tag.ip = (uint32_t)get(bytes + 36, 4);
	memcpy(e->tag.device, bytes + 40, sizeof e->tag.device);
	e->tag.device[sizeof e->tag.device - 1] = 0;
	e->bytes = bytes + ENVELOPE_HEADER;
	return ENVELOPE_HEADER + (int64_t)e->len;
}
