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

/* Elements of a repeated field, when it is wild. */
#define WILD_MESSAGES 3
#define WILD_VALUES   40
#define WILD_TEXT     "0123456789 (a long name, of nobody) \xc3\xa4%s%n<&>\"'; "

static ProtobufCMessage *made(const ProtobufCMessageDescriptor *d, enum stranger_fields fields);

static char *long_text(void)
{
	size_t len = strlen(WILD_TEXT);
	char *text = calloc(8, len);

	ck_assert_ptr_nonnull(text);
	for (size_t i = 0; i < 7; i++)
		memcpy(text + i * len, WILD_TEXT, len);
	return text;
}

static void set_value(const ProtobufCFieldDescriptor *f, void *at, enum stranger_fields fields)
{
	bool wild = fields == STRANGER_WILD;

	switch (f->type) {
	case PROTOBUF_C_TYPE_STRING:
		*(char **)at = wild ? long_text() : strdup("nobody");
		break;
	case PROTOBUF_C_TYPE_BYTES:
		*(ProtobufCBinaryData *)at =
			(ProtobufCBinaryData){ wild ? 300 : 1, calloc(1, wild ? 300 : 1) };
		break;
	case PROTOBUF_C_TYPE_MESSAGE:
		*(ProtobufCMessage **)at = made(f->descriptor, fields);
		break;
	case PROTOBUF_C_TYPE_ENUM:
		*(int *)at =
			wild ? INT32_MAX
			     : ((const ProtobufCEnumDescriptor *)f->descriptor)->values[0].value;
		break;
	case PROTOBUF_C_TYPE_BOOL:
		*(protobuf_c_boolean *)at = wild;
		break;
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_INT64:
		*(uint64_t *)at = wild ? UINT64_MAX : 9999;
		break;
	default:
		*(uint32_t *)at = wild ? UINT32_MAX : 99;
		break;
	}
}

static size_t value_size(const ProtobufCFieldDescriptor *f)
{
	switch (f->type) {
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_MESSAGE:
		return sizeof(void *);
	case PROTOBUF_C_TYPE_BYTES:
		return sizeof(ProtobufCBinaryData);
	case PROTOBUF_C_TYPE_BOOL:
		return sizeof(protobuf_c_boolean);
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_INT64:
		return sizeof(uint64_t);
	default:
		return sizeof(uint32_t);
	}
}

static void fill_repeated(const ProtobufCFieldDescriptor *f, char *message)
{
	size_t n = f->type == PROTOBUF_C_TYPE_MESSAGE ? WILD_MESSAGES : WILD_VALUES;
	size_t size = value_size(f);
	char *elements = calloc(n, size);

	ck_assert_ptr_nonnull(elements);
	for (size_t i = 0; i < n; i++)
		set_value(f, elements + i * size, STRANGER_WILD);
	*(size_t *)(void *)(message + f->quantifier_offset) = n;
	*(void **)(void *)(message + f->offset) = elements;
}

static ProtobufCMessage *made(const ProtobufCMessageDescriptor *d, enum stranger_fields fields)
{
	ProtobufCMessage *m = calloc(1, d->sizeof_message);

	ck_assert_ptr_nonnull(m);
	protobuf_c_message_init(d, m);
	for (unsigned i = 0; i < d->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &d->fields[i];
		char *quantifier = (char *)m + f->quantifier_offset;

		if (f->label == PROTOBUF_C_LABEL_REPEATED && fields == STRANGER_WILD)
			fill_repeated(f, (char *)m);
		if (f->label == PROTOBUF_C_LABEL_REPEATED ||
		    (f->label == PROTOBUF_C_LABEL_OPTIONAL && fields == STRANGER_BRIEF))
			continue;
		if (f->label == PROTOBUF_C_LABEL_OPTIONAL && f->type != PROTOBUF_C_TYPE_STRING &&
		    f->type != PROTOBUF_C_TYPE_MESSAGE)
			*(protobuf_c_boolean *)quantifier = 1;
		set_value(f, (char *)m + f->offset, fields);
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

/* Of which kind, and to whom. */
struct audience {
	const char *type; /* NULL: all */
	bool local, link;
};

static bool is_wanted(const struct audience *to, const struct sdl_type *type,
		      enum signal_reach reach)
{
	if (to->type && strcmp(type->name, to->type) != 0)
		return false;
	if (reach == REACH_LOCAL)
		return to->local;
	return to->link && (reach == REACH_LINK || reach == REACH_MEDIA);
}

static unsigned say(struct cluster *c, const char *name, const struct audience *to,
		    struct sdl_pid from, enum stranger_fields fields)
{
	struct crowd crowd = { .n = 0 };
	unsigned said = 0;

	sdl_program_each(cluster_program(c, name), meet, &crowd);
	for (unsigned i = 0; i < crowd.n; i++) {
		const struct sdl_type *type = crowd.process[i].type;

		for (size_t row = 0; row < type->rows_n; row++) {
			const struct signal_def *def = signal_def(type->rows[row].signal);
			ProtobufCMessage *m;

			if (!is_wanted(to, type, def->reach) || !is_first(type, row))
				continue;
			m = made(def->message, fields);
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
			   enum stranger_fields fields)
{
	return say(c, name, &(struct audience){ .link = true }, from, fields);
}

unsigned stranger_says_within(struct cluster *c, const char *name, const char *type,
			      struct sdl_pid from, enum stranger_fields fields)
{
	return say(c, name, &(struct audience){ type, .local = true }, from, fields);
}

unsigned stranger_says_to(struct cluster *c, const char *name, const char *type,
			  struct sdl_pid from, enum stranger_fields fields)
{
	return say(c, name, &(struct audience){ type, .local = true, .link = true }, from, fields);
}
