#include "sdl/view/fields.h"

#include <string.h>

#include "common/base/cti_error.h"
#include "common/msg/messages.h"
#include "sdl/sdl.h"
#include "tests/lib/suite.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))

static char text[SDL_FIELD_TEXT_MAX];
static char why[400];

static const char *text_of(const ProtobufCMessage *m, const char *field)
{
	return sdl_field_text(m, field, text, sizeof(text)) < 0 ? NULL : text;
}

START_TEST(values_look_as_people_write_them)
{
	DeviceEvent e = DEVICE_EVENT__INIT;

	e.device_handle = UINT64_C(2) << 32 | 17;
	e.device = (char *)"CTIRP_5000";
	e.has_cause = 1;
	e.cause = OUT_OF_SERVICE_CAUSE__CALLMANAGER_FAILURE;
	e.has_reason = 1;
	e.reason = CTIERR_DIRECTORY_LOGIN_FAILED;
	ck_assert_str_eq(text_of(&e.base, "device_handle"), "2|17");
	ck_assert_str_eq(text_of(&e.base, "device"), "CTIRP_5000");
	ck_assert_str_eq(text_of(&e.base, "cause"), "CALLMANAGER_FAILURE");
	ck_assert_str_eq(text_of(&e.base, "reason"), "DIRECTORY_LOGIN_FAILED");
}
END_TEST

START_TEST(addresses_processes_flags_and_causes_have_their_own_look)
{
	CtiDeviceRegisterNotifyWithLineInfo r = CTI_DEVICE_REGISTER_NOTIFY_WITH_LINE_INFO__INIT;
	StationRegister s = STATION_REGISTER__INIT;
	CallEvent c = CALL_EVENT__INIT;

	r.device_pid =
		sdl_pid_pack((struct sdl_pid){ .node = 1, .type = 12, .app = 100, .inst = 7 });
	s.has_ip = 1;
	s.ip = 127u << 24 | 1u << 16 | 101;
	c.has_cause = 1;
	c.cause = 27;
	c.has_outgoing = 1;
	c.outgoing = 1;
	ck_assert_str_eq(text_of(&r.base, "device_pid"), "1,100,12,7");
	ck_assert_str_eq(text_of(&s.base, "ip"), "127.1.0.101");
	ck_assert_str_eq(text_of(&c.base, "cause"), "DESTINATIONOUTOFORDER");
	ck_assert_str_eq(text_of(&c.base, "outgoing"), "true");
}
END_TEST

START_TEST(an_absent_or_unknown_field_has_no_text)
{
	DeviceEvent e = DEVICE_EVENT__INIT;

	ck_assert_int_eq(sdl_field_text(&e.base, "node", text, sizeof(text)), -1);
	ck_assert_str_eq(text, "");
	ck_assert_int_eq(sdl_field_text(&e.base, "nonsense", text, sizeof(text)), -1);
	ck_assert(!sdl_field_present(&e.base, "node"));
	ck_assert(!sdl_field_present(&e.base, "device"));
	ck_assert(sdl_field_is(&e.base, "node", ""));
}
END_TEST

START_TEST(a_number_matches_by_name_and_by_number)
{
	DeviceEvent e = DEVICE_EVENT__INIT;
	int64_t value = 0;

	e.has_cause = 1;
	e.cause = OUT_OF_SERVICE_CAUSE__NOCALLMANAGER_AVAILABLE;
	e.has_node = 1;
	e.node = 2;
	ck_assert(sdl_field_is(&e.base, "cause", "NOCALLMANAGER_AVAILABLE"));
	ck_assert(sdl_field_is(&e.base, "cause", "1003"));
	ck_assert(!sdl_field_is(&e.base, "cause", "1001"));
	ck_assert(sdl_field_is(&e.base, "node", "0x2"));
	ck_assert(!sdl_field_is(&e.base, "node", "2x"));
	ck_assert(!sdl_field_is(&e.base, "node", ""));
	ck_assert_int_eq(sdl_field_int(&e.base, "cause", &value), 0);
	ck_assert_int_eq(value, 1003);
}
END_TEST

START_TEST(paths_lead_into_messages_and_lists)
{
	LineConfig one = LINE_CONFIG__INIT;
	LineConfig two = LINE_CONFIG__INIT;
	LineConfig *lines[] = { &one, &two };
	DeviceConfig d = DEVICE_CONFIG__INIT;
	CtiDeviceOpenDeviceReq req = CTI_DEVICE_OPEN_DEVICE_REQ__INIT;
	uint32_t group[] = { 3, 1 };

	one.dn = (char *)"2001";
	two.dn = (char *)"2002";
	d.name = (char *)"PORT1";
	d.line = lines;
	d.n_line = 2;
	d.group = group;
	d.n_group = 2;
	req.device = &d;
	ck_assert_str_eq(text_of(&req.base, "device.name"), "PORT1");
	ck_assert_str_eq(text_of(&req.base, "device.line.2.dn"), "2002");
	ck_assert_str_eq(text_of(&req.base, "device.group"), "3,1");
	ck_assert_str_eq(text_of(&req.base, "device.group.1"), "3");
	ck_assert(sdl_field_is(&req.base, "device.group", "1"));
	ck_assert(!sdl_field_is(&req.base, "device.group", "2"));
	ck_assert(!sdl_field_present(&req.base, "device.line.3.dn"));
	ck_assert(!sdl_field_present(&req.base, "device.line.0.dn"));
	ck_assert(!sdl_field_present(&req.base, "device..name"));
	ck_assert(!sdl_field_present(&req.base, "device."));
	ck_assert(!sdl_field_present(&req.base, ""));
}
END_TEST

START_TEST(a_text_is_cut_to_the_buffer_and_its_length_told)
{
	DeviceEvent e = DEVICE_EVENT__INIT;
	char small[5];

	e.device = (char *)"SEP001122334455";
	ck_assert_int_eq(sdl_field_text(&e.base, "device", small, sizeof(small)), 15);
	ck_assert_str_eq(small, "SEP0");
}
END_TEST

START_TEST(a_password_is_never_shown_nor_guessed)
{
	ProviderOpen open = PROVIDER_OPEN__INIT;
	char line[200];

	open.user = (char *)"ivr";
	open.password = (char *)"secret";
	sdl_fields_print(&open.base, line, sizeof(line));
	ck_assert(strstr(line, "user=ivr password=***"));
	ck_assert(!strstr(line, "secret"));
	ck_assert(!sdl_field_is(&open.base, "password", "secret"));
}
END_TEST

START_TEST(a_printed_message_shows_what_is_set_and_shortens_what_is_long)
{
	StationRegisterAck ack = STATION_REGISTER_ACK__INIT;
	char *dns[20];
	char name[101];
	DeviceEvent e = DEVICE_EVENT__INIT;
	char line[400];

	for (size_t i = 0; i < N(dns); i++)
		dns[i] = (char *)"1000";
	ack.keepalive_s = 30;
	ack.n_dn = N(dns);
	ack.dn = dns;
	ack.node = 2;
	sdl_fields_print(&ack.base, line, sizeof(line));
	ck_assert_str_eq(line, "keepalive_s=30 dn=1000,1000,1000,1000,1000,1000,1000,1000,..(20) "
			       "node=2");
	memset(name, 'x', 100);
	name[0] = '\n';
	name[100] = '\0';
	e.device = name;
	sdl_fields_print(&e.base, line, sizeof(line));
	ck_assert(strstr(line, "device=.xxx"));
	ck_assert(strstr(line, "xx.."));
	ck_assert(strlen(line) < 100);
}
END_TEST

START_TEST(a_packed_signal_is_unpacked_by_its_number)
{
	StationKeypadButton b = STATION_KEYPAD_BUTTON__INIT;
	uint8_t bytes[64];

	b.button = '7';
	size_t len = protobuf_c_message_pack(&b.base, bytes);
	ProtobufCMessage *m = sdl_fields_unpack(SIG_StationKeypadButton, bytes, len);

	ck_assert_ptr_nonnull(m);
	ck_assert(sdl_field_is(m, "button", "55"));
	sdl_fields_free(&m);
	ck_assert_ptr_null(m);
	ck_assert_ptr_null(sdl_fields_unpack(SIG_StationKeypadButton, (const uint8_t *)"\xff", 1));
	ck_assert_ptr_null(sdl_fields_unpack(SIGNAL_COUNT, bytes, len));
}
END_TEST

START_TEST(wrong_fields_and_values_are_found_before_a_run)
{
	ck_assert(sdl_field_known(SIG_DeviceInService, "node"));
	ck_assert(!sdl_field_known(SIG_DeviceInService, "nod"));
	ck_assert(sdl_field_known(SIG_CtiDeviceOpenDeviceReq, "device.line.1.dn"));
	ck_assert(sdl_field_accepts(SIG_DeviceOutOfService, "cause", "CALLMANAGER_FAILURE", why,
				    sizeof(why)));
	ck_assert(sdl_field_accepts(SIG_DeviceOutOfService, "cause", "1001", why, sizeof(why)));
	ck_assert(!sdl_field_accepts(SIG_DeviceOutOfService, "cause", "CALLMANGER_FAILURE", why,
				     sizeof(why)));
	ck_assert(strstr(why, "CALLMANAGER_FAILURE, REHOME_TO_HIGHER_PRIORITY_CM"));
	ck_assert(sdl_field_accepts(SIG_Response, "result", "DEVICE_OUT_OF_SERVICE", why,
				    sizeof(why)));
	ck_assert(!sdl_field_accepts(SIG_Response, "result", "DEVICE_OUT", why, sizeof(why)));
	ck_assert(!sdl_field_accepts(SIG_DeviceInService, "node", "ccm1", why, sizeof(why)));
	ck_assert(sdl_field_accepts(SIG_NewCall, "call_handle", "2|17", why, sizeof(why)));
}
END_TEST

static void collect(void *arg, const char *field, const char *value)
{
	strcat(strcat(strcat(arg, field), ":"), value);
	strcat(arg, ";");
}

START_TEST(each_set_field_is_visited_in_order)
{
	LineEvent e = LINE_EVENT__INIT;
	char seen[200] = "";

	e.line_handle = UINT64_C(1) << 32 | 3;
	e.device = (char *)"P";
	e.dn = (char *)"1";
	sdl_fields_each(&e.base, collect, seen);
	ck_assert_str_eq(seen, "line_handle:1|3;device:P;dn:1;");
	ck_assert_str_eq(sdl_field_at(SIG_LineInService, 1), "device");
	ck_assert_ptr_null(sdl_field_at(SIG_LineInService, 99));
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(values_look_as_people_write_them),
		SUITE_CASE(addresses_processes_flags_and_causes_have_their_own_look),
		SUITE_CASE(an_absent_or_unknown_field_has_no_text),
		SUITE_CASE(a_number_matches_by_name_and_by_number),
		SUITE_CASE(paths_lead_into_messages_and_lists),
		SUITE_CASE(a_text_is_cut_to_the_buffer_and_its_length_told),
		SUITE_CASE(a_password_is_never_shown_nor_guessed),
		SUITE_CASE(a_printed_message_shows_what_is_set_and_shortens_what_is_long),
		SUITE_CASE(a_packed_signal_is_unpacked_by_its_number),
		SUITE_CASE(wrong_fields_and_values_are_found_before_a_run),
		SUITE_CASE(each_set_field_is_visited_in_order),
	};
	return suite_main(argc, argv, "unit/test_fields", cases, N(cases));
}
