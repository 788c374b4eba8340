#include "sdl/view/meaning.h"

#include <string.h>
#include <strings.h>

#include "common/base/cause.h"
#include "common/base/cti_error.h"
#include "common/msg/signal.h"

static const struct {
	const char *message; /* NULL = any */
	const char *field;
	enum meaning meaning;
} meanings[] = {
	{ NULL, "password", SECRET },
	{ "StationRegisterReject", "reason", CAUSE_OF_REFUSAL },
	{ NULL, "reason", RESULT },
	{ NULL, "result", RESULT },
	{ NULL, "cause", CAUSE_OF_CALL },
	{ NULL, "ip", ADDRESS },
	{ NULL, "from_ip", ADDRESS },
	{ NULL, "to_ip", ADDRESS },
	{ NULL, "far_ip", ADDRESS },
	{ NULL, "gci", HANDLE },
	{ NULL, "call_handle", HANDLE },
	{ NULL, "line_handle", HANDLE },
	{ NULL, "device_handle", HANDLE },
	{ NULL, "global_call_handle", HANDLE },
	{ "CrashPoint", "signal", SIGNAL_NUMBER },
};

enum meaning sdl_meaning(const ProtobufCMessageDescriptor *type,
			 const ProtobufCFieldDescriptor *field)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (!strcmp(meanings[i].field, field->name) &&
		    (!meanings[i].message || !strcmp(meanings[i].message, type->short_name)))
			return meanings[i].meaning;
	return PLAIN;
}

const char *sdl_meaning_name(const ProtobufCMessageDescriptor *type,
			     const ProtobufCFieldDescriptor *field, int64_t value)
{
	const char *name = NULL;

	if (field->type == PROTOBUF_C_TYPE_ENUM) {
		const ProtobufCEnumValue *e =
			protobuf_c_enum_descriptor_get_value(field->descriptor, (int)value);

		return e ? e->name : NULL;
	}
	if (field->type != PROTOBUF_C_TYPE_UINT32)
		return NULL;
	switch (sdl_meaning(type, field)) {
	case RESULT:
		name = cti_error_name((uint32_t)value);
		return strcmp(name, "UNKNOWN") ? name : NULL;
	case CAUSE_OF_CALL:
		name = cause_name(CAUSE_CALL, (int)value);
		return strcmp(name, "UNDEFINED") ? name : NULL;
	case CAUSE_OF_REFUSAL:
		name = cause_name(CAUSE_REGFAIL, (int)value);
		return strcmp(name, "UNDEFINED") ? name : NULL;
	case SIGNAL_NUMBER:
		return signal_def((uint16_t)value) ? signal_def((uint16_t)value)->name : NULL;
	default:
		return NULL;
	}
}

bool sdl_meaning_accepts(const ProtobufCMessageDescriptor *type,
			 const ProtobufCFieldDescriptor *field, const char *text)
{
	uint32_t error;
	int cause;

	if (field->type == PROTOBUF_C_TYPE_ENUM)
		return protobuf_c_enum_descriptor_get_value_by_name(field->descriptor, text);
	if (field->type == PROTOBUF_C_TYPE_BOOL)
		return !strcmp(text, "true") || !strcmp(text, "false");
	if (field->type == PROTOBUF_C_TYPE_FIXED64)
		return strspn(text, "0123456789,") == strlen(text);
	switch (sdl_meaning(type, field)) {
	case HANDLE:
		return strspn(text, "0123456789|") == strlen(text);
	case ADDRESS:
		return strspn(text, "0123456789.") == strlen(text);
	case RESULT: /* matched by the full name only: no CTIERR_ in front */
		return cti_error_by_name(text, &error) == 0 &&
		       !strcasecmp(cti_error_name(error), text);
	case CAUSE_OF_CALL:
		return cause_by_name(CAUSE_CALL, text, &cause) == 0;
	case CAUSE_OF_REFUSAL:
		return cause_by_name(CAUSE_REGFAIL, text, &cause) == 0;
	case SIGNAL_NUMBER:
		return signal_by_name(text) != SIG_NONE;
	default:
		return false;
	}
}
