#include "tests/lib/stranger.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "common/msg/messages.h"
#include "common/msg/signal.h"

#define PROCESSES_MAX 200

struct crowd {
	struct {
		struct sdl_pid pid;
		const struct sdl_type *type;
	} process[PROCESSES_MAX];
	unsigned n;
};

static ProtobufCMessage *made(const ProtobufCMessageDescriptor *d, bool all);

static void set_value(const ProtobufCFieldDescriptor *f, void *at, bool all)
{
	switch (f->type) {
	case PROTOBUF_C_TYPE_STRING:
		*(char **)at = strdup("nobody");
		break;
	case PROTOBUF_C_TYPE_BYTES:
		*(ProtobufCBinaryData *)at = (ProtobufCBinaryData){ 1, calloc(1, 1) };
		break;
	case PROTOBUF_C_TYPE_MESSAGE:
		*(ProtobufCMessage **)at = made(f->descriptor, all);
		break;
	case PROTOBUF_C_TYPE_ENUM:
		*(int *)at = ((const ProtobufCEnumDescriptor *)f->descriptor)->values[0].value;
		break;
	case PROTOBUF_C_TYPE_BOOL:
		*(protobuf_c_boolean *)at = 0;
		break;
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_INT64:
		*(uint64_t *)at = 9999;
		break;
	default:
		*(uint32_t *)at = 99;
		break;
	}
}

static ProtobufCMessage *made(const ProtobufCMessageDescriptor *d, bool all)
{
	ProtobufCMessage *m = calloc(1, d->sizeof_message);

	ck_assert_ptr_nonnull(m);
	protobuf_c_message_init(d, m);
	for (unsigned i = 0; i < d->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &d->fields[i];
		char *quantifier = (char *)m + f->quantifier_offset;

		if (f->label == PROTOBUF_C_LABEL_REPEATED ||
		    (f->label == PROTOBUF_C_LABEL_OPTIONAL && !all))
			continue;
		if (f->label == PROTOBUF_C_LABEL_OPTIONAL && f->type != PROTOBUF_C_TYPE_STRING &&
		    f->type != PROTOBUF_C_TYPE_MESSAGE)
			*(protobuf_c_boolean *)quantifier = 1;
		set_value(f, (char *)m + f->offset, all);
	}
	return m;
}

static void meet(void *arg, struct sdl_process *process)
{
	struct crowd *crowd = arg;

	if (crowd->n == PROCESSES_MAX || sdl_self(process).type == 1) /* LinkAdmin is the host's */
		return;
	crowd->process[crowd->n].pid = sdl_self(process);
	crowd->process[crowd->n++].type = sdl_process_type(process);
}

static bool is_first(const struct sdl_type *type, size_t row)
{
	for (size_t i = 0; i < row; i++)
		if (type->rows[i].signal == type->rows[row].signal)
			return false;
	return true;
}

static bool is_wanted(const char *wanted, const struct sdl_type *type, enum signal_reach reach)
{
	if (wanted)
		return reach == REACH_LOCAL && !strcmp(type->name, wanted);
	return reach == REACH_LINK || reach == REACH_MEDIA;
}

/* wanted: a type that hears what is local; NULL = all hear what comes over links. */
static unsigned say(struct cluster *c, const char *name, const char *wanted, struct sdl_pid from,
		    bool all_fields)
{
	struct crowd crowd = { .n = 0 };
	unsigned said = 0;

	sdl_program_each(cluster_program(c, name), meet, &crowd);
	for (unsigned i = 0; i < crowd.n; i++) {
		const struct sdl_type *type = crowd.process[i].type;

		for (size_t row = 0; row < type->rows_n; row++) {
			const struct signal_def *def = signal_def(type->rows[row].signal);
			ProtobufCMessage *m;

			if (!is_wanted(wanted, type, def->reach) || !is_first(type, row))
				continue;
			m = made(def->message, all_fields);
			cluster_enqueue(c, name, from, crowd.process[i].pid, type->rows[row].signal,
					m);
			protobuf_c_message_free_unpacked(m, NULL);
			said++;
		}
	}
	cluster_turn(c, name);
	return said;
}

unsigned stranger_says_all(struct cluster *c, const char *name, struct sdl_pid from,
			   bool all_fields)
{
	return say(c, name, NULL, from, all_fields);
}

unsigned stranger_says_within(struct cluster *c, const char *name, const char *type,
			      struct sdl_pid from, bool all_fields)
{
	return say(c, name, type, from, all_fields);
}
