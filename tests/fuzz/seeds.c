/* Writes what the fuzzers begin with, for the targets whose input is no text: one file for each way
 * of going on, into DIRECTORY/<target>/. Usage: seeds DIRECTORY */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/msg/messages.h"
#include "sdl/link/frame.h"

struct seed {
	uint8_t bytes[4096];
	size_t len;
};

static void add(struct seed *s, const void *bytes, size_t len)
{
	memcpy(s->bytes + s->len, bytes, len);
	s->len += len;
}

static void add_byte(struct seed *s, unsigned value)
{
	s->bytes[s->len++] = (uint8_t)value;
}

static void add_number(struct seed *s, unsigned value)
{
	add_byte(s, value & 0xff);
	add_byte(s, value >> 8);
}

static void add_piece(struct seed *s, const void *bytes, size_t len)
{
	add_number(s, (unsigned)len);
	add(s, bytes, len);
}

static int save(const struct seed *s, const char *dir, const char *target, const char *name)
{
	char path[4096];
	FILE *f;
	int failed;

	snprintf(path, sizeof path, "%s/%s", dir, target);
	mkdir(path, 0777);
	snprintf(path, sizeof path, "%s/%s/%s", dir, target, name);
	f = fopen(path, "wb");
	if (!f) {
		perror(path);
		return 1;
	}
	failed = fwrite(s->bytes, 1, s->len, f) != s->len;
	return fclose(f) || failed;
}

/* A message of any kind with each field of a number or a text set. */
static size_t message(const ProtobufCMessageDescriptor *d, uint8_t *out)
{
	size_t n = 0;

	for (unsigned i = 0; i < d->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &d->fields[i];
		bool text = f->type == PROTOBUF_C_TYPE_STRING || f->type == PROTOBUF_C_TYPE_BYTES;

		if (f->id > 15 || f->type == PROTOBUF_C_TYPE_MESSAGE)
			continue;
		out[n++] = (uint8_t)(f->id << 3 | (text ? 2 : 0));
		out[n++] = 1;
		if (text)
			out[n++] = '1';
	}
	return n;
}

static int seed_requests(const char *dir)
{
	int failed = 0;

	for (unsigned i = 1; i < SIGNAL_COUNT; i++) {
		const struct signal_def *def = signal_def((uint16_t)i);
		struct seed s = { .len = 0 };
		uint8_t bytes[512];

		if (def->reach != REACH_CTI_REQ)
			continue;
		add_byte(&s, 3); /* log in */
		add_byte(&s, 4); /* time */
		add_byte(&s, 50);
		add_byte(&s, 2); /* a request */
		add_byte(&s, 1);
		add_number(&s, i);
		add_piece(&s, bytes, message(def->message, bytes));
		failed |= save(&s, dir, "connection", def->name);
	}
	return failed;
}

static int seed_links(const char *dir)
{
	struct seed s = { .len = 0 };
	uint8_t bytes[256];
	int failed;

	add_byte(&s, 2 << 1); /* signals to a */
	add_byte(&s, 1);
	add_byte(&s, 20);
	add_number(&s, SIG_StationKeypadButton);
	add_piece(&s, bytes, message(signal_def(SIG_StationKeypadButton)->message, bytes));
	add_byte(&s, 1 << 1 | 1); /* a heartbeat to b */
	add_byte(&s, FRAME_HEARTBEAT);
	add_byte(&s, 0);
	add_number(&s, 0);
	failed = save(&s, dir, "link", "session");

	s.len = 0;
	add_byte(&s, 3 << 1); /* a hello to a */
	add_byte(&s, 1);
	add_byte(&s, 0);
	add_byte(&s, 4 << 1); /* time */
	add_number(&s, 500);
	add_byte(&s, 7 << 1); /* a freezes, and thaws too late */
	add_byte(&s, 4 << 1);
	add_number(&s, 3500);
	add_byte(&s, 8 << 1);
	failed |= save(&s, dir, "link", "hello");

	s.len = 0;
	add_byte(&s, 9 << 1); /* a sends */
	add_number(&s, 500);
	add_byte(&s, 5 << 1 | 1); /* b is killed, and starts */
	add_byte(&s, 4 << 1);
	add_number(&s, 100);
	add_byte(&s, 6 << 1 | 1);
	failed |= save(&s, dir, "link", "kill");

	s.len = 0;
	add_byte(&s, 0); /* a frame as it comes */
	const struct frame f = { .kind = FRAME_HELLO,
				 .node = 2,
				 .app = SDL_APP_CALLMANAGER,
				 .incarnation = 1,
				 .session = 1,
				 .body_len =
					 frame_write_hello(bytes + FRAME_HEADER, "secret", "b") };

	frame_write(bytes, &f);
	add_piece(&s, bytes, FRAME_HEADER + f.body_len);
	return failed | save(&s, dir, "link", "raw");
}

static int seed_envelopes(const char *dir)
{
	int failed = 0;

	for (unsigned i = 1; i < SIGNAL_COUNT; i += 7) {
		const struct signal_def *def = signal_def((uint16_t)i);
		struct seed s = { .len = 1 };
		uint8_t bytes[512];
		struct sdl_envelope e = { .to = { 1, 1, 100, 1 },
					  .from = { 2, 1, 200, 1 },
					  .number = (uint16_t)i,
					  .len = (uint32_t)message(def->message, bytes),
					  .bytes = bytes };

		s.bytes[0] = SDL_REC_SIGNAL;
		s.len += envelope_write(s.bytes + 1, &e);
		failed |= save(&s, dir, "envelope", def->name);
	}
	return failed;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: seeds DIRECTORY\n");
		return 2;
	}
	return seed_requests(argv[1]) | seed_links(argv[1]) | seed_envelopes(argv[1]);
}
