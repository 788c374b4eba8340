/* The signal table, and every message in it sent both ways. */
#include "tests/lib/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/msg/messages.h"
#include "common/msg/signal.h"

#define REPEATED 2

static ProtobufCMessage *filled(const ProtobufCMessageDescriptor *d, unsigned *salt);

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
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_MESSAGE:
		return sizeof(void *);
	case PROTOBUF_C_TYPE_BYTES:
		return sizeof(ProtobufCBinaryData);
	case PROTOBUF_C_TYPE_BOOL:
		return sizeof(protobuf_c_boolean);
	default:
		return 4;
	}
}

static void fill_value(const ProtobufCFieldDescriptor *f, void *at, unsigned *salt)
{
	const ProtobufCEnumDescriptor *e;
	uint64_t number = 0x0101010101010101u * (++*salt % 100 + 1);
	char text[16];

	switch (f->type) {
	case PROTOBUF_C_TYPE_STRING:
		snprintf(text, sizeof text, "text %u", *salt);
		*(char **)at = strdup(text);
		break;
	case PROTOBUF_C_TYPE_MESSAGE:
		*(ProtobufCMessage **)at = filled(f->descriptor, salt);
		break;
	case PROTOBUF_C_TYPE_ENUM:
		e = f->descriptor;
		*(int *)at = e->values[*salt % e->n_values].value;
		break;
	case PROTOBUF_C_TYPE_BOOL:
		*(protobuf_c_boolean *)at = 1;
		break;
	case PROTOBUF_C_TYPE_BYTES:
		snprintf(text, sizeof text, "bytes %u", *salt);
		*(ProtobufCBinaryData *)at =
			(ProtobufCBinaryData){ strlen(text), (uint8_t *)strdup(text) };
		break;
	default:
		memcpy(at, &number, size_of(f->type) < 8 ? 4 : 8);
	}
}

static void fill_field(ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, unsigned *salt)
{
	char *at = (char *)m + f->offset;
	char *quantifier = (char *)m + f->quantifier_offset;

	if (f->label == PROTOBUF_C_LABEL_REPEATED) {
		char *array = calloc(REPEATED, size_of(f->type));

		for (size_t i = 0; i < REPEATED; i++)
			fill_value(f, array + i * size_of(f->type), salt);
		*(void **)at = array;
		*(size_t *)quantifier = REPEATED;
		return;
	}
	if (f->label == PROTOBUF_C_LABEL_OPTIONAL && f->type != PROTOBUF_C_TYPE_STRING &&
	    f->type != PROTOBUF_C_TYPE_MESSAGE)
		*(protobuf_c_boolean *)quantifier = 1;
	fill_value(f, at, salt);
}

static ProtobufCMessage *filled(const ProtobufCMessageDescriptor *d, unsigned *salt)
{
	ProtobufCMessage *m = calloc(1, d->sizeof_message);

	protobuf_c_message_init(d, m);
	for (unsigned i = 0; i < d->n_fields; i++)
		fill_field(m, &d->fields[i], salt);
	return m;
}

static void check_both_ways(const struct signal_def *s)
{
	unsigned salt = 0;
	ProtobufCMessage *m = filled(s->message, &salt);
	size_t len = protobuf_c_message_get_packed_size(m);
	uint8_t *bytes = malloc(len + 1);
	uint8_t *again = malloc(len + 1);
	ProtobufCMessage *back;

	ck_assert_uint_eq(protobuf_c_message_pack(m, bytes), len);
	back = protobuf_c_message_unpack(s->message, NULL, len, bytes);
	ck_assert_msg(back != NULL, "%s does not unpack", s->name);
	ck_assert_uint_eq(protobuf_c_message_pack(back, again), len);
	ck_assert_mem_eq(bytes, again, len);
	protobuf_c_message_free_unpacked(back, NULL);
	protobuf_c_message_free_unpacked(m, NULL);
	free(bytes);
	free(again);
}

START_TEST(every_signal_survives_the_way_there_and_back_with_all_its_fields)
{
	for (uint16_t i = SIG_NONE + 1; i < SIGNAL_COUNT; i++)
		check_both_ways(signal_def(i));
}
END_TEST

START_TEST(every_signal_has_a_name_of_its_own)
{
	for (uint16_t i = SIG_NONE + 1; i < SIGNAL_COUNT; i++)
		ck_assert_uint_eq(signal_by_name(signal_def(i)->name), i);
	ck_assert_uint_eq(signal_by_name("NoSuchSignal"), SIG_NONE);
	ck_assert_ptr_null(signal_def(SIG_NONE));
	ck_assert_ptr_null(signal_def(SIGNAL_COUNT));
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(every_signal_survives_the_way_there_and_back_with_all_its_fields),
		SUITE_CASE(every_signal_has_a_name_of_its_own),
	};

	return suite_main(argc, argv, "unit/test_signal", cases, sizeof cases / sizeof *cases);
}
