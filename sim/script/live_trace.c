/* The trace of a virtual run, while it runs. */
#include "sim/script/live_trace.h"

#include <inttypes.h>
#include <stdlib.h>

#include "sdl/view/trace.h"
#include "sim/harness/host_private.h"
#include "sim/harness/process_types.h"

#define LINE_SIZE 4096

struct live_trace {
	FILE *out;
	const struct sim_watch *next;
	struct sim_watch watch;
	struct sdl_trace *trace;
	struct sdl_record_cursor cursor;
	uint64_t lost; /* told so far */
};

void live_trace_update(struct live_trace *live, struct sim_host *host)
{
	const struct sdl_record *record = host->logs[0].record; /* that all share */
	const struct sdl_record_entry *e;
	char line[LINE_SIZE];

	while ((e = sdl_record_next(record, &live->cursor))) {
		if (live->cursor.lost != live->lost)
			fprintf(live->out,
				"(%" PRIu64 " bytes are lost: more in one turn than the "
				"record holds)\n",
				live->cursor.lost - live->lost);
		live->lost = live->cursor.lost;
		if (sdl_trace_line(live->trace, e, line, sizeof(line)) > 0)
			fprintf(live->out, "%s\n", line);
	}
}

static void on_stepped(void *arg, struct sim_host *host)
{
	struct live_trace *live = arg;

	live_trace_update(live, host);
	if (live->next)
		live->next->stepped(live->next->arg, host);
}

struct live_trace *live_trace_new(FILE *out, const struct sim_watch *next)
{
	struct sdl_trace_options o = { .type = sim_type_of,
				       .day_ns = SDL_TRACE_VIRTUAL_DAY_NS,
				       .details = true };
	struct live_trace *live = calloc(1, sizeof(*live));

	if (!live)
		abort();
	live->out = out;
	live->next = next;
	live->watch = (struct sim_watch){ on_stepped, live };
	live->trace = sdl_trace_new(&o);
	return live;
}

const struct sim_watch *live_trace_watch(const struct live_trace *live)
{
	return &live->watch;
}

void live_trace_destroy(struct live_trace **live)
{
	if (!*live)
		return;
	sdl_trace_destroy(&(*live)->trace);
	free(*live);
	*live = NULL;
}
