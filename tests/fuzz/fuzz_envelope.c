/* Envelopes as they come by datagrams and the control channel: read, unpacked, written into a
 * record, and rendered as a line of a trace. What was read is written the same. */
#include <stdlib.h>
#include <string.h>

#include "sdl/core/core.h"
#include "sdl/link/frame.h"
#include "sdl/link/link_admin.h"
#include "sdl/view/trace.h"
#include "tests/fuzz/input.h"

static const struct sdl_type *type_of(void *arg, uint16_t app, uint8_t number)
{
	(void)arg;
	(void)app;
	return number == sdl_link_admin.number ? &sdl_link_admin : NULL;
}

static void render(const struct sdl_envelope *e, uint8_t kind)
{
	const struct sdl_trace_options options = { .type = type_of, .details = true };
	struct sdl_record *record = sdl_record_new(1);
	struct sdl_record_entry entry = {
		.kind = kind, .to = e->to, .from = e->from, .number = e->number, .tag = e->tag
	};
	struct sdl_record_cursor cursor = { 0 };
	struct sdl_trace *trace = sdl_trace_new(&options);
	char line[4096];

	sdl_record_append(record, &entry, e->bytes, e->len);
	sdl_trace_line(trace, sdl_record_next(record, &cursor), line, sizeof line);
	sdl_trace_destroy(&trace);
	sdl_record_destroy(&record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	uint8_t kind = (uint8_t)(input_byte(&in) % SDL_REC_END + 1);
	struct sdl_envelope e;
	struct arena arena;
	int64_t n = envelope_read(&e, in.at, in.left);
	uint8_t *again;

	if (n <= 0)
		return 0;
	again = malloc((size_t)n);
	if (envelope_write(again, &e) != (size_t)n ||
	    memcmp(again + ENVELOPE_HEADER, in.at + ENVELOPE_HEADER, e.len) != 0)
		abort();
	free(again);
	arena_init(&arena);
	arena_unpack(&arena, signal_def(e.number)->message, e.bytes, e.len);
	arena_reset(&arena);
	arena_free(&arena);
	render(&e, kind);
	return 0;
}
