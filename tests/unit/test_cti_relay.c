/* What CTIManager passes on: every pair of signals fits, and nothing is lost between them. */
#include "tests/lib/suite.h"

#include <stdbool.h>
#include <string.h>

#include "common/msg/cti_relay.h"

static const char *const requests[] = {
#define CTI_REQUEST(request, callmanager, subject) #request,
#include "common/msg/cti_relay.def"
};

static const char *const notifies[] = {
#define CTI_CALL_EVENT(event, callmanager)     #callmanager,
#define CTI_EVENT(event, callmanager, subject) #callmanager,
#include "common/msg/cti_relay.def"
};

#define N(array) (sizeof(array) / sizeof((array)[0]))

static const ProtobufCMessageDescriptor *of(uint16_t signal)
{
	return signal_def(signal)->message;
}

static const ProtobufCFieldDescriptor *field(uint16_t signal, const char *name)
{
	return protobuf_c_message_descriptor_get_field_by_name(of(signal), name);
}

static void check_field(uint16_t signal, const char *name, size_t offset, ProtobufCType type)
{
	const ProtobufCFieldDescriptor *f = field(signal, name);

	ck_assert_msg(f != NULL, "%s has no %s", of(signal)->name, name);
	ck_assert_msg(f->offset == offset && f->type == type, "%s has %s elsewhere",
		      of(signal)->name, name);
}

START_TEST(requests_begin_as_those_who_pass_them_on_take_for_granted)
{
	static const char *const handle[] = { [CTI_SUBJECT_CALL] = "call_handle",
					      [CTI_SUBJECT_LINE] = "line_handle",
					      [CTI_SUBJECT_DEVICE] = "device_handle" };

	for (size_t i = 0; i < N(requests); i++) {
		const struct cti_relay *r = msg_cti_request(signal_by_name(requests[i]));

		ck_assert_ptr_nonnull(r);
		check_field(r->application, "seq", offsetof(struct cti_request_head, seq),
			    PROTOBUF_C_TYPE_UINT32);
		check_field(r->application, handle[r->subject],
			    offsetof(struct cti_request_head, handle), PROTOBUF_C_TYPE_UINT64);
		check_field(r->callmanager, "async_response",
			    offsetof(CtiLineCallReq, async_response), PROTOBUF_C_TYPE_UINT32);
		if (r->subject == CTI_SUBJECT_CALL)
			check_field(r->callmanager, "ci", offsetof(CtiLineCallReq, ci),
				    PROTOBUF_C_TYPE_UINT32);
		else if (r->subject == CTI_SUBJECT_LINE)
			check_field(r->callmanager, "dn", offsetof(CtiLineNumberReq, dn),
				    PROTOBUF_C_TYPE_STRING);
		ck_assert_uint_le(of(r->application)->sizeof_message,
				  sizeof(union cti_request_body));
		ck_assert_uint_le(of(r->callmanager)->sizeof_message,
				  sizeof(union cti_cm_request_body));
		/* The answer is the signal after it. */
		ck_assert_ptr_eq(of((uint16_t)(r->callmanager + 1)),
				 &cti_line_call_res__descriptor);
	}
}
END_TEST

/* What a notify has and its event does not: identities, and keys, which not everybody may have
 * (GRP-05). */
START_TEST(events_begin_with_a_handle_and_carry_all_that_was_notified)
{
	for (size_t i = 0; i < N(notifies); i++) {
		const struct cti_relay *r = msg_cti_event(signal_by_name(notifies[i]));

		ck_assert_ptr_nonnull(r);
		ck_assert_ptr_eq(msg_cti_event_told(r->application), r);
		ck_assert_uint_eq(of(r->application)->fields[0].offset,
				  offsetof(struct cti_event_head, handle));
		ck_assert_uint_le(of(r->application)->sizeof_message, sizeof(union cti_event_body));
		for (unsigned k = 0; k < of(r->callmanager)->n_fields; k++) {
			const char *name = of(r->callmanager)->fields[k].name;

			if (strcmp(name, "ci") != 0 && strcmp(name, "other_ci") != 0 &&
			    strcmp(name, "gci") != 0 && strcmp(name, "key") != 0 &&
			    strcmp(name, "salt") != 0)
				ck_assert_msg(field(r->application, name) != NULL, "%s: %s",
					      notifies[i], name);
		}
	}
}
END_TEST

START_TEST(what_both_sides_name_alike_is_carried_over)
{
	CallRedirect redirect = CALL_REDIRECT__INIT;
	DeviceDataPassThrough data = DEVICE_DATA_PASS_THROUGH__INIT;
	CtiMediaNotify media = CTI_MEDIA_NOTIFY__INIT;
	union cti_cm_request_body cm;
	union cti_event_body event;

	redirect.destination = (char *)"5000";
	redirect.calling = (char *)"9999";
	msg_cti_init(SIG_CtiLineCallRedirectReq, &cm);
	msg_carry(&redirect, &cm);
	ck_assert_str_eq(cm.redirect.destination, "5000");
	ck_assert_str_eq(cm.redirect.calling, "9999");
	ck_assert_ptr_null(cm.redirect.original_called);

	data.data.len = 3;
	data.data.data = (uint8_t *)"abc";
	msg_cti_init(SIG_CtiDeviceDataPassThroughReq, &cm);
	msg_carry(&data, &cm);
	ck_assert_uint_eq(cm.data.data.len, 3);
	ck_assert_ptr_eq(cm.data.data.data, data.data.data);

	media.device = (char *)"CTIP_1";
	media.dn = (char *)"4001";
	media.has_port = true;
	media.port = 20000;
	msg_cti_init(SIG_StartReception, &event);
	msg_carry(&media, &event);
	ck_assert_str_eq(event.media.dn, "4001");
	ck_assert(event.media.has_port && !event.media.has_ip);
	ck_assert_uint_eq(event.media.port, 20000);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(requests_begin_as_those_who_pass_them_on_take_for_granted),
		SUITE_CASE(events_begin_with_a_handle_and_carry_all_that_was_notified),
		SUITE_CASE(what_both_sides_name_alike_is_carried_over),
	};

	return suite_main(argc, argv, "unit/test_cti_relay", cases, N(cases));
}
