/*
 * fields.c - reflection over protobuf-c descriptors.
 *
 * A path is first resolved to a place (message, field, element), then the value there is shown.
 */
#include "sdl/view/fields.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/msg/signal.h"
#include "sdl/view/meaning.h"
#include "sdl/view/text.h"

#define ALL	      SIZE_MAX
#define PATH_PART_MAX 64
#define SHORT_TEXT    64 /* of a value in a printed message */
#define SHORT_LIST    8

struct place {
	const ProtobufCMessage *owner; /* NULL: only the type is known */
	const ProtobufCMessageDescriptor *type;
	const ProtobufCFieldDescriptor *field;
	size_t element; /* ALL, or from 0 */
};

static size_t count_of(const struct place *p)
{
	const char *base = (const char *)p->owner;
	const void *at = base + p->field->offset;

	if (p->field->label == PROTOBUF_C_LABEL_REPEATED)
		return *(const size_t *)(const void *)(base + p->field->quantifier_offset);
	if (p->field->type == PROTOBUF_C_TYPE_STRING || p->field->type == PROTOBUF_C_TYPE_MESSAGE)
		return *(const void *const *)at != NULL;
	if (p->field->label == PROTOBUF_C_LABEL_REQUIRED)
		return 1;
	return *(const protobuf_c_boolean *)(const void *)(base + p->field->quantifier_offset) != 0;
}

static size_t size_of(ProtobufCType type)
{
	switch (type) {
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_DOUBLE:
		return 8;
	case PROTOBUF_C_TYPE_BYTES:
		return sizeof(ProtobufCBinaryData);
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_MESSAGE:
		return sizeof(void *);
	default:
		return 4;
	}
}

static const void *value_at(const struct place *p, size_t element)
{
	const char *at = (const char *)p->owner + p->field->offset;

	if (p->field->label != PROTOBUF_C_LABEL_REPEATED)
		return at;
	return *(const char *const *)(const void *)at + element * size_of(p->field->type);
}

/* Takes "name" or "name.2" off the path. The field, or NULL. */
static const ProtobufCFieldDescriptor *take_field(const ProtobufCMessageDescriptor *type,
						  const char **path, size_t *element)
{
	char name[PATH_PART_MAX];
	size_t len = strcspn(*path, ".");

	*element = ALL;
	if (len == 0 || len >= sizeof(name))
		return NULL;
	memcpy(name, *path, len);
	name[len] = '\0';
	*path += len;
	const ProtobufCFieldDescriptor *field =
		protobuf_c_message_descriptor_get_field_by_name(type, name);

	if (field && field->label == PROTOBUF_C_LABEL_REPEATED && (*path)[0] == '.' &&
	    strspn(*path + 1, "0123456789") > 0) {
		char *end;
		unsigned long long n = strtoull(*path + 1, &end, 10);

		if (n == 0)
			return NULL;
		*element = (size_t)n - 1;
		*path = end;
	}
	return field;
}

static bool resolve(const ProtobufCMessage *message, const ProtobufCMessageDescriptor *type,
		    const char *path, struct place *p)
{
	*p = (struct place){ .owner = message, .type = type };
	for (;;) {
		p->field = take_field(p->type, &path, &p->element);
		if (!p->field)
			return false;
		if (*path == '\0')
			return true;
		if (*path++ != '.' || p->field->type != PROTOBUF_C_TYPE_MESSAGE)
			return false;
		if (p->owner) {
			size_t element = p->element == ALL ? 0 : p->element;

			p->owner = element < count_of(p)
					   ? *(const ProtobufCMessage *const *)value_at(p, element)
					   : NULL;
			if (!p->owner)
				return false;
		}
		p->type = p->field->descriptor;
	}
}

/* Where the path leads to in this message, if anything is set there. */
static bool find(const ProtobufCMessage *message, const char *path, struct place *p)
{
	if (!message || !resolve(message, message->descriptor, path, p))
		return false;
	size_t n = count_of(p);

	return p->element == ALL ? n > 0 : p->element < n;
}

static bool number_of(const struct place *p, size_t element, int64_t *value)
{
	const void *at = value_at(p, element);

	switch (p->field->type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_ENUM:
		*value = *(const int32_t *)at;
		return true;
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		*value = *(const uint32_t *)at;
		return true;
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		*value = *(const int64_t *)at;
		return true;
	case PROTOBUF_C_TYPE_BOOL:
		*value = *(const protobuf_c_boolean *)at != 0;
		return true;
	default:
		return false;
	}
}

static void put_number(struct sdl_text *t, const struct place *p, int64_t value)
{
	enum meaning meaning = sdl_meaning(p->type, p->field);
	const char *name = sdl_meaning_name(p->type, p->field, value);
	uint64_t v = (uint64_t)value;

	if (name)
		sdl_text_put(t, "%s", name);
	else if (p->field->type == PROTOBUF_C_TYPE_BOOL)
		sdl_text_put(t, "%s", value ? "true" : "false");
	else if (p->field->type == PROTOBUF_C_TYPE_FIXED64) /* a process: see struct sdl_pid */
		sdl_text_put(t, "%u,%u,%u,%u", (unsigned)(v >> 56), (unsigned)(v >> 32 & 0xffff),
			     (unsigned)(v >> 48 & 0xff), (unsigned)(v & 0xffffffff));
	else if (meaning == HANDLE)
		sdl_text_put(t, "%" PRIu64 "|%" PRIu64, v >> 32, v & 0xffffffff);
	else if (meaning == ADDRESS)
		sdl_text_put(t, "%u.%u.%u.%u", (unsigned)(v >> 24 & 255), (unsigned)(v >> 16 & 255),
			     (unsigned)(v >> 8 & 255), (unsigned)(v & 255));
	else if (p->field->type == PROTOBUF_C_TYPE_UINT64)
		sdl_text_put(t, "%" PRIu64, v);
	else
		sdl_text_put(t, "%" PRId64, value);
}

static void put_fields(struct sdl_text *t, const ProtobufCMessage *message, int depth);

static void put_bytes(struct sdl_text *t, const ProtobufCBinaryData *data)
{
	for (size_t i = 0; i < data->len; i++)
		sdl_text_put(t, "%02x", (unsigned)data->data[i]);
}

static void put_element(struct sdl_text *t, const struct place *p, size_t element, int depth)
{
	const void *at = value_at(p, element);
	int64_t value;

	if (sdl_meaning(p->type, p->field) == SECRET) {
		sdl_text_put(t, "***");
	} else if (p->field->type == PROTOBUF_C_TYPE_STRING) {
		const char *text = *(const char *const *)at;

		sdl_text_put_clean(t, text, strlen(text));
	} else if (p->field->type == PROTOBUF_C_TYPE_BYTES) {
		put_bytes(t, at);
	} else if (p->field->type == PROTOBUF_C_TYPE_MESSAGE) {
		sdl_text_put(t, "{");
		if (depth < 4)
			put_fields(t, *(const ProtobufCMessage *const *)at, depth + 1);
		sdl_text_put(t, "}");
	} else if (number_of(p, element, &value)) {
		put_number(t, p, value);
	}
}

static void put_value(struct sdl_text *t, const struct place *p, size_t elements_max, int depth)
{
	if (p->element != ALL) {
		put_element(t, p, p->element, depth);
		return;
	}
	size_t n = count_of(p);

	for (size_t i = 0; i < n && i < elements_max; i++) {
		if (i > 0)
			sdl_text_put(t, ",");
		put_element(t, p, i, depth);
	}
	if (n > elements_max)
		sdl_text_put(t, ",..(%zu)", n);
}

/* "field=value ...": values shortened, so that one long text does not hide the
 * rest. */
static void put_fields(struct sdl_text *t, const ProtobufCMessage *message, int depth)
{
	struct place p = { .owner = message, .type = message->descriptor, .element = ALL };
	bool first = true;

	for (unsigned i = 0; i < p.type->n_fields; i++) {
		char value[SHORT_TEXT + 1];
		struct sdl_text v = sdl_text_in(value, sizeof(value));

		p.field = &p.type->fields[i];
		if (count_of(&p) == 0)
			continue;
		sdl_text_put(t, "%s%s=", first ? "" : " ", p.field->name);
		first = false;
		if (p.field->type == PROTOBUF_C_TYPE_MESSAGE) {
			put_value(t, &p, SHORT_LIST, depth);
			continue;
		}
		put_value(&v, &p, SHORT_LIST, depth);
		sdl_text_put(t, "%s%s", value, v.wanted > SHORT_TEXT ? ".." : "");
	}
}

ProtobufCMessage *sdl_fields_unpack(uint16_t signal, const uint8_t *bytes, size_t len)
{
	const struct signal_def *def = signal_def(signal);

	return def ? protobuf_c_message_unpack(def->message, NULL, len, bytes) : NULL;
}

void sdl_fields_free(ProtobufCMessage **message)
{
	if (*message)
		protobuf_c_message_free_unpacked(*message, NULL);
	*message = NULL;
}

int sdl_field_text(const ProtobufCMessage *message, const char *field, char *buf, size_t size)
{
	struct sdl_text t = sdl_text_in(buf, size);
	struct place p;

	if (!find(message, field, &p))
		return -1;
	put_value(&t, &p, ALL, 0);
	return (int)t.wanted;
}

int sdl_field_int(const ProtobufCMessage *message, const char *field, int64_t *value)
{
	struct place p;

	if (!find(message, field, &p))
		return -1;
	if (p.field->label == PROTOBUF_C_LABEL_REPEATED && p.element == ALL)
		return -1;
	return number_of(&p, p.element == ALL ? 0 : p.element, value) ? 0 : -1;
}

bool sdl_field_present(const ProtobufCMessage *message, const char *field)
{
	struct place p;

	return find(message, field, &p);
}

static bool parse_number(const char *text, int64_t *value)
{
	char *end;

	if (*text == '\0' || strchr(" \t\n", *text))
		return false;
	errno = 0;
	*value = *text == '-' ? (int64_t)strtoll(text, &end, 0) : (int64_t)strtoull(text, &end, 0);
	return *end == '\0' && errno == 0;
}

static bool element_is(const struct place *p, size_t element, const char *wanted)
{
	char buf[SDL_FIELD_TEXT_MAX];
	struct sdl_text t = sdl_text_in(buf, sizeof(buf));
	int64_t number, value;

	if (p->field->type == PROTOBUF_C_TYPE_STRING)
		return sdl_meaning(p->type, p->field) != SECRET &&
		       !strcmp(*(const char *const *)value_at(p, element), wanted);
	put_element(&t, p, element, 0);
	if (t.wanted < sizeof(buf) && !strcmp(buf, wanted))
		return true;
	if (!parse_number(wanted, &number) || !number_of(p, element, &value))
		return false;
	return value == number;
}

bool sdl_field_is(const ProtobufCMessage *message, const char *field, const char *wanted)
{
	struct place p;

	if (!find(message, field, &p))
		return *wanted == '\0';
	if (p.element != ALL)
		return element_is(&p, p.element, wanted);
	size_t n = count_of(&p);

	for (size_t i = 0; i < n; i++)
		if (element_is(&p, i, wanted))
			return true;
	return false;
}

void sdl_fields_each(const ProtobufCMessage *message,
		     void (*visit)(void *arg, const char *field, const char *text), void *arg)
{
	struct place p = { .owner = message, .type = message->descriptor, .element = ALL };

	for (unsigned i = 0; i < p.type->n_fields; i++) {
		char value[SDL_FIELD_TEXT_MAX];
		struct sdl_text v = sdl_text_in(value, sizeof(value));

		p.field = &p.type->fields[i];
		if (count_of(&p) == 0)
			continue;
		put_value(&v, &p, ALL, 0);
		visit(arg, p.field->name, value);
	}
}

size_t sdl_fields_print(const ProtobufCMessage *message, char *buf, size_t size)
{
	struct sdl_text t = sdl_text_in(buf, size);

	put_fields(&t, message, 0);
	return t.wanted;
}

bool sdl_field_known(uint16_t signal, const char *field)
{
	const struct signal_def *def = signal_def(signal);
	struct place p;

	return def && resolve(NULL, def->message, field, &p);
}

static void put_enum_names(struct sdl_text *t, const ProtobufCEnumDescriptor *e)
{
	for (unsigned i = 0; i < e->n_values; i++)
		sdl_text_put(t, "%s%s", i > 0 ? ", " : "", e->values[i].name);
}

bool sdl_field_accepts(uint16_t signal, const char *field, const char *value, char *why,
		       size_t why_size)
{
	const struct signal_def *def = signal_def(signal);
	struct sdl_text t = sdl_text_in(why, why_size);
	struct place p;
	int64_t number;

	if (!def || !resolve(NULL, def->message, field, &p)) {
		sdl_text_put(&t, "%s has no field %s", def ? def->name : "nothing", field);
		return false;
	}
	if (*value == '\0' || p.field->type == PROTOBUF_C_TYPE_STRING ||
	    p.field->type == PROTOBUF_C_TYPE_BYTES || p.field->type == PROTOBUF_C_TYPE_MESSAGE ||
	    parse_number(value, &number) || sdl_meaning_accepts(p.type, p.field, value))
		return true;
	sdl_text_put(&t, "%s of %s is never \"%s\"", field, def->name, value);
	if (p.field->type == PROTOBUF_C_TYPE_ENUM) {
		sdl_text_put(&t, "; it is one of ");
		put_enum_names(&t, p.field->descriptor);
	}
	return false;
}

const char *sdl_field_at(uint16_t signal, unsigned i)
{
	const struct signal_def *def = signal_def(signal);

	return def && i < def->message->n_fields ? def->message->fields[i].name : NULL;
}
