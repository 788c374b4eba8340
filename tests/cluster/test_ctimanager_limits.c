/* The limits of a CTIManager: opens under way, devices, sizes, malformed messages. */
#include "tests/lib/cti_fixture.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <string.h>

#include "common/base/cti_error.h"

/* ---- many devices --------------------------------------------------------------------------- */

static void up_with_ports(void)
{
	cti_fixture_new(1000);
	for (int n = 1; n <= 3; n++)
		fx->ccm[n].slow = true;
	cti_fixture_start();
	app_provider_open(0, "ivr", "secret");
}

static void open_many(void)
{
	for (uint32_t i = 0; i < 1000; i++) {
		DeviceOpen open = DEVICE_OPEN__INIT;
		char name[24];

		snprintf(name, sizeof(name), "CTIP_M%u", i);
		open.seq = 100 + i;
		open.device = name;
		app_send(0, SIG_DeviceOpen, &open);
	}
}

static bool all_in_service(struct cluster *c, void *arg)
{
	(void)c;
	(void)arg;
	return app_count(0, "DeviceInService") == 1000;
}

START_TEST(a_thousand_ports_move_with_at_most_256_opens_outstanding)
{
	open_many();
	ck_assert(cluster_until(fx->c, all_in_service, NULL, SECONDS(10)));
	app_forget(0);
	cluster_kill(fx->c, "ccm1");
	ck_assert(cluster_until(fx->c, all_in_service, NULL, SECONDS(10)));
	ck_assert_uint_eq(app_count(0, "DeviceOutOfService"), 1000);
	ck_assert_uint_eq(fx->ccm[2].opens_max, 256);
	ck_assert_int_eq(sdl_program_counter(cluster_program(fx->c, "cti1"), COUNTER_DEVICES_OPEN),
			 1000);
}
END_TEST

static unsigned alarms(const char *name)
{
	struct sdl_record_cursor at = { 0 };
	const struct sdl_record *r = sdl_virt_record(cluster_virt(fx->c));
	const struct sdl_record_entry *e;
	unsigned n = 0;

	while ((e = sdl_record_next(r, &at)))
		if (e->kind == SDL_REC_ALARM &&
		    memmem(e->payload, e->payload_len, name, strlen(name)))
			n++;
	return n;
}

static void up_with_limits(void)
{
	char why[256];

	cti_fixture_new(6);
	ck_assert(!param_set_parse(cluster_params(fx->c), PARAM_MAX_DEVICES_PER_PROVIDER, "3", why,
				   sizeof(why)));
	ck_assert(!param_set_parse(cluster_params(fx->c), PARAM_MAX_DEVICES_PER_NODE, "4", why,
				   sizeof(why)));
	cti_fixture_start();
	app_provider_open(0, "ivr", "secret");
}

static void close_device(int app, uint32_t seq, uint64_t device)
{
	DeviceRequest close = DEVICE_REQUEST__INIT;

	close.seq = seq;
	close.device_handle = device;
	app_send(app, SIG_DeviceClose, &close);
	cluster_advance(fx->c, MS(100));
}

START_TEST(mgr_07_mgr_09_each_crossing_of_the_providers_limit_is_one_alarm)
{
	uint64_t device = 0;

	for (uint32_t i = 0; i < 5; i++) {
		char name[24];

		snprintf(name, sizeof(name), "CTIP_M%u", i);
		device = app_device_open(0, 10 + i, name, 2);
		ck_assert_uint_eq(alarms("MaxDevicesPerProviderExceeded"), i < 3 ? 0 : 1);
	}
	ck_assert(app_knows(0, "Response 14 SUCCESS"));
	close_device(0, 20, device);
	app_device_open(0, 21, "CTIP_M4", 2);
	ck_assert_uint_eq(alarms("MaxDevicesPerProviderExceeded"), 1);
}
END_TEST

START_TEST(mgr_08_mgr_09_the_nodes_limit_counts_devices_of_all_providers)
{
	uint64_t last;

	app_device_open(0, 10, "CTIP_M0", 2);
	app_device_open(0, 11, "CTIP_M1", 2);
	cluster_start(fx->c, "app1");
	app_provider_open(1, "super", "secret");
	app_device_open(1, 10, "CTIP_M0", -1);
	app_device_open(1, 11, "CTIP_M2", 2);
	cluster_advance(fx->c, MS(100));
	ck_assert_uint_eq(alarms("MaxDevicesPerNodeExceeded"), 0);
	last = app_device_open(1, 12, "CTIP_M3", 2);
	cluster_advance(fx->c, MS(100));
	ck_assert_uint_eq(alarms("MaxDevicesPerNodeExceeded"), 1);
	close_device(1, 13, last);
	app_device_open(1, 14, "CTIP_M3", 2);
	cluster_advance(fx->c, MS(100));
	ck_assert_uint_eq(alarms("MaxDevicesPerNodeExceeded"), 2);
	cluster_kill(fx->c, "app1");
	cluster_advance(fx->c, MS(100));
	ck_assert_int_eq(sdl_program_counter(cluster_program(fx->c, "cti1"), COUNTER_DEVICES_OPEN),
			 2);
}
END_TEST

/* Bytes that no application sends, over the newest connection. */
static void send_garbage(void)
{
	struct sdl_program *program = cluster_program(fx->c, "cti1");
	struct sdl_record_cursor at = { 0 };
	const struct sdl_record_entry *e;
	uint32_t conn = 0;

	while ((e = sdl_record_next(sdl_virt_record(cluster_virt(fx->c)), &at)))
		if (e->number == SIG_SdlConnAccepted && e->to.node == 1)
			conn = e->from.inst;
	sdl_program_wake(program, cluster_now(fx->c));
	sdl_program_conn_frame(program, conn, &(struct sdl_conn_peer){ 0 }, "garbage", 7);
	while (sdl_program_step(program))
		;
	sdl_program_flush(program);
}

START_TEST(a_malformed_message_ends_its_session_and_refuses_its_sender_for_a_while)
{
	cti_open_port();
	send_garbage();
	ck_assert(app_told(0, "down\n"));
	cluster_advance(fx->c, MS(100));
	ck_assert_uint_eq(alarms("InvalidQBEMessage"), 1);
	ck_assert_str_eq(fx->ccm[1].last, "close CTIP_1 failed");
	cluster_kill(fx->c, "app0");
	app_forget(0);
	cluster_start(fx->c, "app0");
	app_provider_open(0, "ivr", "secret");
	ck_assert(app_knows(0, "Response 1 TEMPORARY_FAILURE\n"));
	cluster_kill(fx->c, "app0");
	cluster_advance(fx->c, SECONDS(5));
	app_forget(0);
	cluster_start(fx->c, "app0");
	app_provider_open(0, "ivr", "secret");
	ck_assert(app_knows(0, "Response 1 SUCCESS"));
}
END_TEST

START_TEST(texts_longer_than_the_field_knows_are_refused)
{
	static const char digits[] = "012345678901234567890123456789012345678901234567890";
	LineCallInitiate call = LINE_CALL_INITIATE__INIT;
	CallRedirect redirect = CALL_REDIRECT__INIT;
	uint64_t device = app_device_open(0, 2, "CTIP_1", 2);

	app_line_open(0, 3, device, digits);
	ck_assert(app_knows(0, "Response 3 UNDEFINED_LINE\n"));
	call.seq = 4;
	call.line_handle = app_line_open(0, 5, device, "4001");
	call.called = (char *)(uintptr_t)digits;
	app_send(0, SIG_LineCallInitiate, &call);
	ck_assert(app_told(0, "Response 4 INVALID_PARAMETER\n"));
	redirect.seq = 6;
	redirect.call_handle = 1;
	redirect.destination = (char *)(uintptr_t)digits;
	app_send(0, SIG_CallRedirect, &redirect);
	ck_assert(app_told(0, "Response 6 INVALID_PARAMETER\n"));
	cluster_start(fx->c, "app1");
	app_provider_open(1, digits, "secret");
	ck_assert(app_knows(1, "Response 1 INVALID_PARAMETER\n"));
	ck_assert_uint_eq(alarms("kCtiProviderOpenInvalidUserNameSize"), 1);
}
END_TEST

int main(int argc, char **argv)
{
#define WITH(t) SUITE_CASE_WITH(t, cti_fixture_up, cti_fixture_down)
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(a_thousand_ports_move_with_at_most_256_opens_outstanding,
				up_with_ports, cti_fixture_down),
		SUITE_CASE_WITH(mgr_07_mgr_09_each_crossing_of_the_providers_limit_is_one_alarm,
				up_with_limits, cti_fixture_down),
		SUITE_CASE_WITH(mgr_08_mgr_09_the_nodes_limit_counts_devices_of_all_providers,
				up_with_limits, cti_fixture_down),
		WITH(a_malformed_message_ends_its_session_and_refuses_its_sender_for_a_while),
		WITH(texts_longer_than_the_field_knows_are_refused),
	};

	return suite_main(argc, argv, "cluster/test_ctimanager_limits", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
