#include "sdl/view/trace.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/msg/messages.h"
#include "sdl/view/fields.h"
#include "sdl/view/text.h"

#define NS_PER_MS      1000000
#define NS_PER_DAY     (INT64_C(86400) * 1000000000)
#define TRACE_LINE_MAX 4096

/* Where the columns begin: signal 38 wide, state 31, processes 33, tag 40. */
enum { STATE_AT = 77, TO_AT = 109, FROM_AT = 143, TAG_AT = 177, DATA_AT = 218 };

/* The signal that a program is at: its texts are numbered under it. */
struct place {
	uint8_t node;
	uint16_t app;
	uint64_t seq;
	unsigned sub;
};

struct sdl_trace {
	struct sdl_trace_options options;
	struct place *places;
	size_t places_n;
};

struct sdl_trace *sdl_trace_new(const struct sdl_trace_options *options)
{
	struct sdl_trace *trace = calloc(1, sizeof(*trace));

	if (!trace)
		abort();
	trace->options = *options;
	return trace;
}

void sdl_trace_destroy(struct sdl_trace **trace)
{
	if (!*trace)
		return;
	free((*trace)->places);
	free(*trace);
	*trace = NULL;
}

static struct place *place_of(struct sdl_trace *trace, const struct sdl_record_entry *e)
{
	for (size_t i = 0; i < trace->places_n; i++)
		if (trace->places[i].node == e->node && trace->places[i].app == e->app)
			return &trace->places[i];
	trace->places = realloc(trace->places, (trace->places_n + 1) * sizeof(*trace->places));
	if (!trace->places)
		abort();
	trace->places[trace->places_n] = (struct place){ .node = e->node, .app = e->app };
	return &trace->places[trace->places_n++];
}

/* ---- columns ------------------------------------------------------------------------------- */
static const struct sdl_type *type_of(const struct sdl_trace *trace, struct sdl_pid pid)
{
	if (pid.type == 0 || !trace->options.type)
		return NULL;
	return trace->options.type(trace->options.arg, pid.app, pid.type);
}

static const char *name_of(const struct sdl_trace *trace, struct sdl_pid pid)
{
	const struct sdl_type *type = type_of(trace, pid);

	if (pid.app == SDL_APP_HARNESS)
		return "Harness";
	return type ? type->name : "UnknownProcessName";
}

static void put_process(struct sdl_text *t, const char *name, struct sdl_pid pid)
{
	sdl_text_put(t, "%s(%u,%u,%u,%u)", name, (unsigned)pid.node, (unsigned)pid.app,
		     (unsigned)pid.type, (unsigned)pid.inst);
}

static void column(struct sdl_text *t, size_t at)
{
	sdl_text_pad(t, at - 1);
	sdl_text_put(t, "|");
}

/* "seq.sub |time |Type     |" */
static void put_head(struct sdl_trace *trace, struct sdl_text *t, const struct sdl_record_entry *e,
		     const char *type, bool under_signal)
{
	struct place *place = place_of(trace, e);
	int64_t ns = (e->time_ns + trace->options.day_ns) % NS_PER_DAY;
	unsigned ms = (unsigned)((ns < 0 ? ns + NS_PER_DAY : ns) / NS_PER_MS);

	if (under_signal) {
		place->sub++;
	} else {
		place->seq = e->kind == SDL_REC_START ? 0 : e->seq;
		place->sub = 0;
	}
	sdl_text_put(t, "%08" PRIu64 ".%03u |%02u:%02u:%02u.%03u |%-9s|", place->seq, place->sub,
		     ms / 3600000, ms / 60000 % 60, ms / 1000 % 60, ms % 1000, type);
}

static void put_tag(struct sdl_text *t, const struct sdl_tag *tag)
{
	if (sdl_pid_none(tag->origin))
		sdl_text_put(t, "*^");
	else
		sdl_text_put(t, "%u,%u,%u,%u.%u^", (unsigned)tag->origin.node,
			     (unsigned)tag->origin.app, (unsigned)tag->origin.type,
			     (unsigned)tag->origin.inst, (unsigned)tag->seq);
	if (tag->ip)
		sdl_text_put(t, "%u.%u.%u.%u^", (unsigned)(tag->ip >> 24),
			     (unsigned)(tag->ip >> 16 & 255), (unsigned)(tag->ip >> 8 & 255),
			     (unsigned)(tag->ip & 255));
	else
		sdl_text_put(t, "*^");
	if (tag->device[0])
		sdl_text_put_clean(t, tag->device, strnlen(tag->device, sizeof(tag->device)));
	else
		sdl_text_put(t, "*");
}

static void put_data(struct sdl_text *t, const struct sdl_record_entry *e)
{
	ProtobufCMessage *msg = sdl_fields_unpack(e->number, e->payload, e->payload_len);
	char data[2048];

	if (!msg) {
		sdl_text_put(t, "*Malformed: %u bytes", (unsigned)e->payload_len);
		return;
	}
	sdl_fields_print(msg, data, sizeof(data));
	sdl_text_put(t, "%s", data);
	sdl_fields_free(&msg);
}

static const char *state_of(const struct sdl_trace *trace, const struct sdl_record_entry *e)
{
	const struct sdl_type *type = type_of(trace, e->to);

	if (e->kind == SDL_REC_OUT || e->kind == SDL_REC_LOST)
		return "NA RemoteSignal";
	if (e->kind == SDL_REC_STALE || !type || e->state >= type->states_n)
		return "NA";
	return type->states[e->state].name;
}

static void put_signal(struct sdl_trace *trace, struct sdl_text *t,
		       const struct sdl_record_entry *e, const char *type, const char *remark)
{
	const struct signal_def *def = signal_def(e->number);
	bool remote = e->kind == SDL_REC_OUT || e->kind == SDL_REC_LOST;

	put_head(trace, t, e, type, false);
	sdl_text_put(t, "%s", def ? def->name : "?");
	column(t, STATE_AT);
	sdl_text_put(t, "%s", state_of(trace, e));
	column(t, TO_AT);
	put_process(t, remote ? "UnknownProcessName" : name_of(trace, e->to), e->to);
	column(t, FROM_AT);
	put_process(t, name_of(trace, e->from), e->from);
	column(t, TAG_AT);
	put_tag(t, &e->tag);
	column(t, DATA_AT);
	sdl_text_put(t, "[R:%c-H:%u,N:%u,L:%u,V:%u,Z:0,D:0] %s", def ? "HNLV"[def->klass] : '?',
		     (unsigned)e->depth[0], (unsigned)e->depth[1], (unsigned)e->depth[2],
		     (unsigned)e->depth[3], remark);
	put_data(t, e);
}

static void put_birth(struct sdl_trace *trace, struct sdl_text *t, const struct sdl_record_entry *e,
		      const char *type)
{
	put_head(trace, t, e, type, false);
	column(t, STATE_AT);
	column(t, TO_AT);
	put_process(t, name_of(trace, e->to), e->to);
	column(t, FROM_AT);
	put_process(t, name_of(trace, e->from), e->from);
	column(t, TAG_AT);
	column(t, DATA_AT);
}

/* "Name - " of what the process says or does while it handles a signal. */
static void put_own(struct sdl_trace *trace, struct sdl_text *t, const struct sdl_record_entry *e,
		    const char *type)
{
	put_head(trace, t, e, type, true);
	sdl_text_put(t, "%s - ", name_of(trace, e->to));
}

static void put_payload_text(struct sdl_text *t, const struct sdl_record_entry *e)
{
	sdl_text_put_clean(t, (const char *)e->payload, e->payload_len);
}

static void put_link(struct sdl_trace *trace, struct sdl_text *t, const struct sdl_record_entry *e)
{
	const ProtobufCEnumValue *reason =
		protobuf_c_enum_descriptor_get_value(&link_reason__descriptor, (int)e->number);

	put_head(trace, t, e, "LnkState", false);
	sdl_text_put(t, "LinkAdmin - NodeId: %u Application: %u %s", (unsigned)e->to.node,
		     (unsigned)e->to.app, e->state ? "in service" : "out of service");
	if (!e->state && reason)
		sdl_text_put(t, " (%s)", reason->name);
}

/* ---- entries ------------------------------------------------------------------------------- */
static int64_t number_in(const struct sdl_record_entry *e)
{
	int64_t value = 0;

	if (e->payload_len >= sizeof(value))
		memcpy(&value, e->payload, sizeof(value));
	return value;
}

static void put_details(struct sdl_trace *trace, struct sdl_text *t,
			const struct sdl_record_entry *e)
{
	const struct sdl_type *type = type_of(trace, e->to);
	const struct signal_def *def = signal_def(e->number);

	if (!trace->options.details)
		return;
	put_own(trace, t, e, "AppInfo");
	switch (e->kind) {
	case SDL_REC_STATE:
		sdl_text_put(t, "state %s -> %s",
			     type && e->number < type->states_n ? type->states[e->number].name
								: "?",
			     type && e->state < type->states_n ? type->states[e->state].name : "?");
		break;
	case SDL_REC_LABEL:
		sdl_text_put(t, "is ");
		put_payload_text(t, e);
		break;
	case SDL_REC_TIMER:
		sdl_text_put(t, "timer %s %" PRId64 " ms", def ? def->name : "?",
			     number_in(e) / NS_PER_MS);
		break;
	default:
		sdl_text_put(t, "draws %" PRIu64, (uint64_t)number_in(e));
	}
}

static void put_program(struct sdl_trace *trace, struct sdl_text *t,
			const struct sdl_record_entry *e)
{
	static const char *const types[] = { [SDL_REC_START] = "FileHead",
					     [SDL_REC_ALARM] = "Alarm",
					     [SDL_REC_FAULT] = "Fault",
					     [SDL_REC_END] = "FileTail" };

	put_head(trace, t, e, types[e->kind], false);
	if (e->kind == SDL_REC_END)
		sdl_text_put(t, "exit status %u", (unsigned)e->number);
	else
		put_payload_text(t, e);
	if (e->kind == SDL_REC_START)
		sdl_text_put(t, " NodeId: %u Application: %u Incarnation: %" PRIu64,
			     (unsigned)e->node, (unsigned)e->app, e->seq);
}

static void put_malformed(struct sdl_trace *trace, struct sdl_text *t,
			  const struct sdl_record_entry *e)
{
	const struct signal_def *def = signal_def(e->number);

	put_own(trace, t, e, "AppError");
	if (def)
		sdl_text_put(t, "refused: %u bytes that are no %s", (unsigned)e->payload_len,
			     def->name);
	else
		put_payload_text(t, e);
}

size_t sdl_trace_line(struct sdl_trace *trace, const struct sdl_record_entry *entry, char *buf,
		      size_t size)
{
	struct sdl_text t = sdl_text_in(buf, size);

	switch ((enum sdl_record_kind)entry->kind) {
	case SDL_REC_SIGNAL:
		put_signal(trace, &t, entry, "SdlSig", "");
		break;
	case SDL_REC_IN:
		put_signal(trace, &t, entry, "SdlSig-I", "");
		break;
	case SDL_REC_OUT:
		put_signal(trace, &t, entry, "SdlSig-O", "");
		break;
	case SDL_REC_LOST:
		put_signal(trace, &t, entry, "SdlSig-O", "*NotSent ");
		break;
	case SDL_REC_UNEXPECTED:
		put_signal(trace, &t, entry, "SdlSig", "*NoRow ");
		break;
	case SDL_REC_STALE:
		put_signal(trace, &t, entry, "SdlSig", "*Stale ");
		break;
	case SDL_REC_SAVED:
		put_signal(trace, &t, entry, "SdlSig", "*Saved ");
		break;
	case SDL_REC_CREATED:
		put_birth(trace, &t, entry, "Created");
		break;
	case SDL_REC_STOPPED:
		put_birth(trace, &t, entry, "Stopped");
		break;
	case SDL_REC_INFO:
		put_own(trace, &t, entry, "AppInfo");
		put_payload_text(&t, entry);
		break;
	case SDL_REC_STATE:
	case SDL_REC_LABEL:
	case SDL_REC_TIMER:
	case SDL_REC_DRAW:
		put_details(trace, &t, entry);
		break;
	case SDL_REC_LINK:
		put_link(trace, &t, entry);
		break;
	case SDL_REC_MALFORMED:
		put_malformed(trace, &t, entry);
		break;
	case SDL_REC_START:
	case SDL_REC_ALARM:
	case SDL_REC_FAULT:
	case SDL_REC_END:
		put_program(trace, &t, entry);
		break;
	}
	return t.wanted;
}

void sdl_trace_print(struct sdl_trace *trace, const struct sdl_record *record, FILE *out)
{
	struct sdl_record_cursor cursor = { 0 };
	const struct sdl_record_entry *e;
	char line[TRACE_LINE_MAX];

	while ((e = sdl_record_next(record, &cursor)))
		if (sdl_trace_line(trace, e, line, sizeof(line)) > 0)
			fprintf(out, "%s\n", line);
	if (cursor.lost > 0)
		fprintf(out, "(%" PRIu64 " bytes of older entries are lost)\n", cursor.lost);
}
