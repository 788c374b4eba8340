#include "common/log/alarm.h"
#include "tests/lib/suite.h"

#include <ctype.h>
#include <string.h>

static const struct alarm_origin origin = { "Cisco CTIManager", "StandAloneCluster", "ccm1" };

START_TEST(an_alarm_is_one_line_in_the_fields_layout)
{
	char line[ALARM_LINE_MAX];
	const struct alarm_param params[] = { { "LoginUserId", "ivr" },
					      { "CTIconnectionId", "7" },
					      { "Limit", "2000" } };

	size_t len = alarm_format(line, ALARM_MaxDevicesPerProviderExceeded, &origin, params, 3);
	ck_assert_uint_eq(len, strlen(line));
	ck_assert_str_eq(line,
			 "%UC_CTI-4-MaxDevicesPerProviderExceeded: "
			 "%[CTIconnectionId=7][LoginUserId=ivr][Limit=2000]"
			 "[AppID=Cisco CTIManager][ClusterID=StandAloneCluster][NodeID=ccm1]: "
			 "One application has more devices open than the limit; it goes on");
}
END_TEST

START_TEST(every_alarm_comes_back_as_it_was_given)
{
	for (int id = 0; id < ALARM_IDS; id++) {
		const struct alarm_def *def = alarm_def((enum alarm_id)id);
		struct alarm_param params[ALARM_PARAMS_MAX];
		char line[ALARM_LINE_MAX];
		struct alarm_line alarm;
		size_t n = 0;

		for (; n < ALARM_PARAMS_MAX && def->params[n]; n++) {
			params[n].name = def->params[n];
			params[n].value = def->params[n] + 1;
		}
		alarm_format(line, (enum alarm_id)id, &origin, params, n);
		ck_assert_int_eq(alarm_parse(&alarm, line), 0);
		ck_assert_int_eq((int)alarm.id, id);
		ck_assert_int_eq((int)alarm_by_name(def->name), id);
		ck_assert_int_eq(alarm.severity, def->severity);
		ck_assert_str_eq(alarm.facility, alarm_facility_name(def->facility));
		ck_assert_str_eq(alarm.text, def->text);
		ck_assert_uint_eq(alarm.params_n, n + 3);
		for (size_t i = 0; i < n; i++)
			ck_assert_str_eq(alarm_value(&alarm, params[i].name), params[i].value);
		ck_assert_str_eq(alarm_value(&alarm, "NodeID"), "ccm1");
		ck_assert_ptr_null(alarm_value(&alarm, "NoSuchParameter"));
	}
}
END_TEST

START_TEST(a_value_cannot_forge_a_parameter_a_text_or_a_second_line)
{
	static const char evil[] =
		"x][Reason=0][NodeID=ccm9]: all is well\n%UC_CTI-0-\\x5D: \x1b[2J";
	const struct alarm_param params[] = { { "DeviceName", evil }, { "Reason", "77" } };
	char line[ALARM_LINE_MAX];
	struct alarm_line alarm;

	alarm_format(line, ALARM_CtiDeviceOpenFailure, &origin, params, 2);
	for (const char *s = line; *s; s++)
		ck_assert(isprint((unsigned char)*s));
	ck_assert_int_eq(alarm_parse(&alarm, line), 0);
	ck_assert_uint_eq(alarm.params_n, 5);
	ck_assert_str_eq(alarm_value(&alarm, "DeviceName"), evil);
	ck_assert_str_eq(alarm_value(&alarm, "Reason"), "77");
	ck_assert_str_eq(alarm_value(&alarm, "NodeID"), "ccm1");
	ck_assert_str_eq(alarm.text, "Device could not be opened");
}
END_TEST

START_TEST(the_longest_values_are_cut_and_fit_every_line)
{
	char value[4000];
	struct alarm_origin wide = { value, value, value };
	char line[ALARM_LINE_MAX];
	struct alarm_line alarm;

	memset(value, _i ? '\n' : 'x', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	for (int id = 0; id < ALARM_IDS; id++) {
		const struct alarm_def *def = alarm_def((enum alarm_id)id);
		struct alarm_param params[ALARM_PARAMS_MAX];
		size_t n = 0;

		for (; n < ALARM_PARAMS_MAX && def->params[n]; n++) {
			params[n].name = def->params[n];
			params[n].value = value;
		}
		ck_assert_uint_lt(alarm_format(line, (enum alarm_id)id, &wide, params, n),
				  ALARM_LINE_MAX);
		ck_assert_int_eq(alarm_parse(&alarm, line), 0);
		for (size_t i = 0; i < alarm.params_n; i++) {
			const char *got = alarm.params[i].value;

			ck_assert_uint_le(strlen(got), ALARM_VALUE_MAX);
			ck_assert_str_eq(got + strlen(got) - 3, "...");
		}
	}
}
END_TEST

START_TEST(a_value_of_exactly_the_longest_length_is_whole)
{
	char value[ALARM_VALUE_MAX + 2];
	const struct alarm_param params[] = { { "Port", value } };
	char line[ALARM_LINE_MAX];
	struct alarm_line alarm;

	memset(value, 'x', sizeof(value));
	value[ALARM_VALUE_MAX] = '\0';
	alarm_format(line, ALARM_ServicePortOnline, &origin, params, 1);
	ck_assert_int_eq(alarm_parse(&alarm, line), 0);
	ck_assert_str_eq(alarm_value(&alarm, "Port"), value);
	value[ALARM_VALUE_MAX] = 'x';
	value[ALARM_VALUE_MAX + 1] = '\0';
	alarm_format(line, ALARM_ServicePortOnline, &origin, params, 1);
	ck_assert_int_eq(alarm_parse(&alarm, line), 0);
	ck_assert_uint_eq(strlen(alarm_value(&alarm, "Port")), ALARM_VALUE_MAX);
	ck_assert_str_eq(alarm_value(&alarm, "Port") + ALARM_VALUE_MAX - 3, "...");
}
END_TEST

START_TEST(what_is_no_alarm_line_is_refused)
{
	static const char *const lines[] = {
		"",
		"hello",
		"%",
		"%UC_CTI",
		"%UC_CTI-4",
		"%UC_CTI-x-Name: %[A=b]: t",
		"%UC_CTI-4-Name",
		"%UC_CTI-4-Name: %[A=b",
		"%UC_CTI-4-Name: %[A]: t",
		"%UC_CTI-4-Name: %[A=b]",
		"%UC_CTI-4-Name: %[A=\\x5]: t",
		"%UC_CTI-4-Name: %[A=\\]: t",
		"%UC_CTI-4-N: %[a=][a=][a=][a=][a=][a=][a=][a=][a=][a=][a=][a=]: t",
	};
	struct alarm_line alarm;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		ck_assert_msg(alarm_parse(&alarm, lines[i]) == -1, "taken: %s", lines[i]);
	ck_assert_int_eq(alarm_parse(&alarm, "%UC_CTI-4-Name: %[A=b]: t\n"), 0);
	ck_assert_int_eq(alarm.id, ALARM_IDS);
	ck_assert_str_eq(alarm.name, "Name");
	ck_assert_str_eq(alarm.text, "t");
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(an_alarm_is_one_line_in_the_fields_layout),
		SUITE_CASE(every_alarm_comes_back_as_it_was_given),
		SUITE_CASE(a_value_cannot_forge_a_parameter_a_text_or_a_second_line),
		SUITE_LOOP(the_longest_values_are_cut_and_fit_every_line, 0, 2),
		SUITE_CASE(a_value_of_exactly_the_longest_length_is_whole),
		SUITE_CASE(what_is_no_alarm_line_is_refused),
	};

	return suite_main(argc, argv, "unit/test_alarm", cases, sizeof(cases) / sizeof(cases[0]));
}
