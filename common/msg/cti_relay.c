#include "common/msg/cti_relay.h"

#include <stdbool.h>
#include <string.h>

static const struct cti_relay requests[] = {
#define CTI_REQUEST(application, callmanager, subject)                                             \
	{ SIG_##application, SIG_##callmanager##Req, CTI_SUBJECT_##subject },
#include "common/msg/cti_relay.def"
};

static const struct cti_relay events[] = {
#define CTI_CALL_EVENT(application, callmanager)                                                   \
	{ SIG_##application, SIG_##callmanager, CTI_SUBJECT_CALL },
#define CTI_EVENT(application, callmanager, subject)                                               \
	{ SIG_##application, SIG_##callmanager, CTI_SUBJECT_##subject },
#include "common/msg/cti_relay.def"
};

const struct cti_relay *msg_cti_request(uint16_t application)
{
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		if (requests[i].application == application)
			return &requests[i];
	return NULL;
}

const struct cti_relay *msg_cti_event(uint16_t callmanager)
{
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (events[i].callmanager == callmanager)
			return &events[i];
	return NULL;
}

const struct cti_relay *msg_cti_event_told(uint16_t application)
{
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (events[i].application == application)
			return &events[i];
	return NULL;
}

void msg_cti_init(uint16_t signal, void *body)
{
	protobuf_c_message_init(signal_def(signal)->message, body);
}

void msg_cti_copy(const void *from, void *body)
{
	memcpy(body, from, ((const ProtobufCMessage *)from)->descriptor->sizeof_message);
}

/* Bytes of one value of a field; of a repeated one, of the pointer to its values. */
static size_t value_size(const ProtobufCFieldDescriptor *field)
{
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return sizeof(void *);
	switch (field->type) {
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_MESSAGE:
		return sizeof(void *);
	case PROTOBUF_C_TYPE_BYTES:
		return sizeof(ProtobufCBinaryData);
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		return sizeof(uint64_t);
	case PROTOBUF_C_TYPE_BOOL:
		return sizeof(protobuf_c_boolean);
	default:
		return sizeof(uint32_t);
	}
}

static bool has_quantifier(const ProtobufCFieldDescriptor *field)
{
	return field->label == PROTOBUF_C_LABEL_REPEATED ||
	       (field->label == PROTOBUF_C_LABEL_OPTIONAL && field->quantifier_offset);
}

static void carry_field(const void *from, const ProtobufCFieldDescriptor *f, void *to,
			const ProtobufCFieldDescriptor *t)
{
	const char *source = from;
	char *target = to;
	const protobuf_c_boolean there = true;

	memcpy(target + t->offset, source + f->offset, value_size(t));
	if (t->label == PROTOBUF_C_LABEL_REPEATED)
		memcpy(target + t->quantifier_offset, source + f->quantifier_offset,
		       sizeof(size_t));
	else if (has_quantifier(t))
		memcpy(target + t->quantifier_offset,
		       has_quantifier(f) ? source + f->quantifier_offset : (const char *)&there,
		       sizeof(there));
}

void msg_carry(const void *from, void *to)
{
	const ProtobufCMessageDescriptor *source = ((const ProtobufCMessage *)from)->descriptor;
	const ProtobufCMessageDescriptor *target = ((const ProtobufCMessage *)to)->descriptor;

	for (unsigned i = 0; i < target->n_fields; i++) {
		const ProtobufCFieldDescriptor *t = &target->fields[i];
		const ProtobufCFieldDescriptor *f =
			protobuf_c_message_descriptor_get_field_by_name(source, t->name);

		if (f && f->type == t->type &&
		    (f->label == PROTOBUF_C_LABEL_REPEATED) ==
			    (t->label == PROTOBUF_C_LABEL_REPEATED))
			carry_field(from, f, to, t);
	}
}
