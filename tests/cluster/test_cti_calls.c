/* The CTIManager with real CallManagers: calls of ports and route points, and what is left of them
 * when a CallManager, a CTIManager or an application goes. */
#include "tests/lib/cti_fixture.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <string.h>

#include "common/base/cti_error.h"

static void initiate(uint32_t seq, uint64_t line, const char *called)
{
	LineCallInitiate call = LINE_CALL_INITIATE__INIT;
	char text[32];

	call.seq = seq;
	call.line_handle = line;
	call.called = (char *)(uintptr_t)called;
	app_send(0, SIG_LineCallInitiate, &call);
	snprintf(text, sizeof(text), "Response %u SUCCESS", seq);
	ck_assert(app_told(0, text));
}

static void set_rtp(int app, uint32_t seq, uint64_t call)
{
	DeviceSetRTPForCall rtp = DEVICE_SET_RTPFOR_CALL__INIT;

	rtp.seq = seq;
	rtp.call_handle = call;
	rtp.ip = 0x7f010065;
	rtp.port = 6000 + seq;
	app_send(app, SIG_DeviceSetRTPForCall, &rtp);
}

/* Line of port CTIP_1 (static media); route point CTIRP_1 (dynamic) with its line. */
static uint64_t open_both(void)
{
	uint64_t line = app_line_open(
		0, 3, app_device_open(0, 2, "CTIP_1", MEDIA_REGISTRATION__STATIC), "4001");

	app_line_open(0, 5, app_device_open(0, 4, "CTIRP_1", MEDIA_REGISTRATION__DYNAMIC), "5001");
	ck_assert(app_told(0, "LineInService 4001 1\n"));
	ck_assert(app_told(0, "LineInService 5001 1\n"));
	return line;
}

/* A call from the port to the route point, answered there and connected. */
static void connect_both(uint64_t line)
{
	initiate(10, line, "5001");
	ck_assert(app_told(0, "NewCall 5001 1|"));
	app_call(0, SIG_CallAnswer, 11, app_last_call(0, "5001"));
	ck_assert(app_told(0, "Response 11 SUCCESS\n"));
	ck_assert(app_told(0, "DeviceCallOpenLogicalChannel 5001\n"));
	set_rtp(0, 12, app_last_call(0, "5001"));
	ck_assert(app_told(0, "Response 12 SUCCESS\n"));
	cluster_advance(fx->c, SECONDS(1));
}

START_TEST(rtp_03_med_03_a_call_to_a_route_point_is_answered_with_media_per_call)
{
	connect_both(open_both());
	ck_assert(app_knows(0, "StartReception 5001\n"));
	ck_assert(app_knows(0, "StartReception 4001\n"));
	app_forget(0);
}
END_TEST

START_TEST(rtp_06_rtp_07_rtp_08_a_call_is_held_retrieved_and_dropped)
{
	uint64_t call;

	connect_both(open_both());
	call = app_last_call(0, "5001");
	app_forget(0);
	app_call(0, SIG_CallHold, 20, call);
	ck_assert(app_told(0, "CallStateChanged 5001 "));
	ck_assert(app_told(0, "Response 20 SUCCESS\n"));
	app_call(0, SIG_CallRetrieve, 21, call);
	ck_assert(app_told(0, "Response 21 SUCCESS\n"));
	ck_assert(app_told(0, "DeviceCallOpenLogicalChannel 5001\n"));
	set_rtp(0, 22, call);
	ck_assert(app_told(0, "Response 22 SUCCESS\n"));
	app_call(0, SIG_CallDisconnect, 23, call);
	ck_assert(app_told(0, "CallClosed 5001 "));
	ck_assert(app_told(0, "CallClosed 4001 "));
}
END_TEST

START_TEST(cmf_01_cmf_04_devices_with_a_call_move_without_it)
{
	connect_both(open_both());
	app_forget(0);
	cluster_kill(fx->c, "ccm1");
	ck_assert(app_told(0, "LineInService 4001 2\n"));
	ck_assert(app_told(0, "LineInService 5001 2\n"));
	ck_assert(app_knows(0, " 508\nCallClosed 4001 "));
	ck_assert(app_knows(0, " 508\nCallClosed 5001 "));
	ck_assert_uint_eq(app_count(0, "DeviceOutOfService CTIP_1 1001\n"), 1);
	ck_assert_uint_eq(app_count(0, "ExistingCall "), 0);
}
END_TEST

START_TEST(cmf_07_cmf_08_cmf_09_idle_devices_rehome_at_once_and_others_after_their_call)
{
	uint64_t line = open_both(), third;

	third = app_line_open(0, 7, app_device_open(0, 6, "CTIP_3", MEDIA_REGISTRATION__DYNAMIC),
			      "4011");
	(void)third;
	cluster_kill(fx->c, "ccm1");
	ck_assert(app_told(0, "LineInService 4001 2\n"));
	ck_assert(app_told(0, "LineInService 5001 2\n"));
	ck_assert(app_told(0, "LineInService 4011 2\n"));
	app_forget(0);
	initiate(10, line, "5001");
	ck_assert(app_told(0, "NewCall 5001 2|"));
	app_call(0, SIG_CallAnswer, 11, app_last_call(0, "5001"));
	ck_assert(app_told(0, "DeviceCallOpenLogicalChannel 5001\n"));
	set_rtp(0, 12, app_last_call(0, "5001"));
	ck_assert(app_told(0, "Response 12 SUCCESS\n"));
	cluster_start(fx->c, "ccm1");
	ck_assert(app_told(0, "LineInService 4011 1\n"));
	cluster_advance(fx->c, SECONDS(30));
	ck_assert(!app_knows(0, "OutOfService 5001"));
	app_call(0, SIG_CallDisconnect, 13, app_last_call(0, "5001"));
	ck_assert(app_told(0, "LineInService 5001 1\n"));
	ck_assert(app_told(0, "LineInService 4001 1\n"));
	ck_assert(app_knows(0, "DeviceOutOfService CTIRP_1 1002\n"));
}
END_TEST

START_TEST(ctf_03_ctf_09_after_the_ctimanager_died_calls_are_found_through_another_and_controlled)
{
	uint64_t call;

	connect_both(open_both());
	call = app_last_call(0, "5001");
	cluster_kill(fx->c, "cti1");
	cluster_advance(fx->c, SECONDS(5));
	fx->app[1].ctimanager = 2;
	cluster_start(fx->c, "app1");
	app_provider_open(1, "ivr", "secret");
	app_line_open(1, 3, app_device_open(1, 2, "CTIRP_1", MEDIA_REGISTRATION__DYNAMIC), "5001");
	ck_assert(app_told(1, "ExistingCallCompleted 5001\n"));
	ck_assert_uint_eq(app_last_call(1, "5001"), call);
	app_call(1, SIG_CallHold, 4, call);
	ck_assert(app_told(1, "Response 4 SUCCESS\n"));
}
END_TEST

START_TEST(ctf_09_devices_that_nobody_reopens_are_given_up_after_the_owner_alive_time)
{
	connect_both(open_both());
	cluster_kill(fx->c, "cti1");
	cluster_advance(fx->c, SECONDS(200));
	fx->app[1].ctimanager = 2;
	cluster_start(fx->c, "app1");
	app_provider_open(1, "ivr", "secret");
	app_line_open(1, 3, app_device_open(1, 2, "CTIRP_1", MEDIA_REGISTRATION__DYNAMIC), "5001");
	ck_assert(app_told(1, "ExistingCallCompleted 5001\n"));
	ck_assert(!app_knows(1, "ExistingCall 5001"));
}
END_TEST

/* A call that rings at the route point of an application that dies, made by the port of another. */
START_TEST(apf_03_apf_04_an_offered_call_of_a_dead_application_goes_to_cfof_and_a_new_one_to_cfna)
{
	uint64_t line;

	cluster_start(fx->c, "app1");
	app_provider_open(1, "super", "secret");
	app_line_open(1, 3, app_device_open(1, 2, "CTIRP_1", MEDIA_REGISTRATION__DYNAMIC), "5001");
	line = app_line_open(0, 3, app_device_open(0, 2, "CTIP_1", MEDIA_REGISTRATION__STATIC),
			     "4001");
	app_line_open(0, 5, app_device_open(0, 4, "CTIP_3", MEDIA_REGISTRATION__DYNAMIC), "4011");
	ck_assert(app_told(0, "LineInService 4011 1\n"));
	ck_assert(app_told(1, "LineInService 5001 1\n"));
	initiate(10, line, "5001");
	ck_assert(app_told(1, "NewCall 5001 1|"));
	app_call(1, SIG_CallAnswer, 4, app_last_call(1, "5001"));
	ck_assert(app_told(1, "DeviceCallOpenLogicalChannel 5001\n"));
	cluster_kill(fx->c, "app1");
	ck_assert(app_told(0, "NewCall 4011 1|"));
}
END_TEST

START_TEST(mgr_03_mgr_04_cmf_18_two_ctimanagers_share_a_device_but_not_an_applications_media)
{
	app_line_open(0, 3, app_device_open(0, 2, "CTIP_1", MEDIA_REGISTRATION__DYNAMIC), "4001");
	fx->app[1].ctimanager = 2;
	cluster_start(fx->c, "app1");
	app_provider_open(1, "ivr", "secret");
	app_device_open(1, 2, "CTIP_1", MEDIA_REGISTRATION__DYNAMIC);
	ck_assert(app_knows(1, "Response 2 MEDIA_ALREADY_TERMINATED_DYNAMIC\n"));
	app_device_open(1, 3, "CTIP_1", -1);
	ck_assert(app_told(1, "Response 3 SUCCESS\nDeviceInService CTIP_1 1\n"));
	fx->app[2].ctimanager = 3;
	cluster_start(fx->c, "app2");
	app_provider_open(2, "super", "secret");
	app_device_open(2, 2, "CTIP_1", MEDIA_REGISTRATION__DYNAMIC);
	ck_assert(app_told(2, "Response 2 SUCCESS\nDeviceInService CTIP_1 1\n"));
	app_forget(0);
	app_forget(1);
	app_forget(2);
	cluster_kill(fx->c, "ccm1");
	for (int i = 0; i < 3; i++) {
		ck_assert(app_told(i, "DeviceInService CTIP_1 2\n"));
		ck_assert_uint_eq(app_count(i, "DeviceOutOfService"), 1);
	}
	cluster_start(fx->c, "ccm1");
	for (int i = 0; i < 3; i++)
		ck_assert(app_told(i, "DeviceInService CTIP_1 1\n"));
}
END_TEST

START_TEST(
	cmf_12_a_frozen_callmanager_is_left_within_the_keepalive_time_and_takes_back_when_it_wakes)
{
	open_both();
	app_forget(0);
	cluster_freeze(fx->c, "ccm1");
	ck_assert(app_told_within(0, "LineInService 4001 2\n", SECONDS(5)));
	ck_assert(app_told_within(0, "LineInService 5001 2\n", SECONDS(5)));
	cluster_advance(fx->c, SECONDS(10));
	cluster_thaw(fx->c, "ccm1");
	ck_assert(app_told(0, "LineInService 4001 1\n"));
	ck_assert(app_told(0, "LineInService 5001 1\n"));
}
END_TEST

START_TEST(cmf_17_the_link_between_callmanagers_alone_being_cut_does_not_move_devices)
{
	open_both();
	app_forget(0);
	cluster_cut(fx->c, "ccm1", "ccm2");
	cluster_advance(fx->c, SECONDS(10));
	cluster_heal(fx->c, "ccm1", "ccm2");
	cluster_advance(fx->c, SECONDS(10));
	app_told_exactly(0, "");
}
END_TEST

START_TEST(cmf_17_a_ctimanager_cut_off_from_a_callmanager_goes_to_the_next_and_back_after_healing)
{
	open_both();
	app_forget(0);
	cluster_cut(fx->c, "cti1", "ccm1");
	ck_assert(app_told(0, "LineInService 4001 2\n"));
	cluster_advance(fx->c, SECONDS(10));
	cluster_heal(fx->c, "cti1", "ccm1");
	ck_assert(app_told(0, "LineInService 4001 1\n"));
	ck_assert(app_told(0, "LineInService 5001 1\n"));
}
END_TEST

/* Where an application thinks that a device is, from all that it was told. Fails if it was told out
 * of service twice for no reason, or in service twice. */
static unsigned node_of(int app, const char *device)
{
	const char *at = fx->app[app].log;
	char kind[40], name[24];
	unsigned last = 0, node = 0;

	for (; *at; at = strchr(at, '\n') + 1) {
		if (sscanf(at, "%39s %23s %u", kind, name, &node) != 3 || strcmp(name, device) != 0)
			continue;
		if (!strcmp(kind, "DeviceInService")) {
			ck_assert_msg(last == 0 || last >= 1001, "%s in service twice:\n%s", device,
				      fx->app[app].log);
			last = node;
		} else if (!strcmp(kind, "DeviceOutOfService")) {
			ck_assert_msg(last < 1001 ||
					      ((node == 1003 || node == 1006) && last != node),
				      "%s out of service twice:\n%s", device, fx->app[app].log);
			last = node;
		}
	}
	return last;
}

static const char *const moving[] = { "CTIP_1", "CTIRP_1", "CTIP_3" };

static bool all_home(struct cluster *c, void *arg)
{
	(void)c;
	(void)arg;
	for (int i = 0; i < 3; i++)
		if (node_of(0, moving[i]) != 1 || node_of(1, moving[i]) != 1)
			return false;
	return true;
}

static uint32_t draw;

static uint32_t drawn(uint32_t below)
{
	draw = draw * 1103515245 + 12345;
	return (draw >> 16) % below;
}

static void initiate_nothing_expected(uint32_t seq)
{
	LineCallInitiate call = LINE_CALL_INITIATE__INIT;

	call.seq = seq;
	call.line_handle = UINT64_C(1) << 32 | 2; /* the second handle given out: line 4001 */
	call.called = (char *)"5001";
	app_send(0, SIG_LineCallInitiate, &call);
}

static const char *const programs[] = { "ccm1", "ccm2", "ccm3", "cti1", "cti2" };

static void hurt_somebody(void)
{
	const char *ccm = programs[drawn(3)];

	switch (drawn(5)) {
	case 0:
	case 1:
		if (cluster_is_up(fx->c, ccm))
			cluster_kill(fx->c, ccm);
		else
			cluster_start(fx->c, ccm);
		break;
	case 2:
		if (cluster_is_up(fx->c, ccm))
			cluster_term(fx->c, ccm);
		break;
	case 3:
		cluster_cut(fx->c, drawn(2) ? "cti1" : "cti2", ccm);
		break;
	default:
		cluster_heal(fx->c, drawn(2) ? "cti1" : "cti2", ccm);
		break;
	}
	if (!drawn(3))
		initiate_nothing_expected(1000 + drawn(100000));
	cluster_advance(fx->c, MS(1) * drawn(drawn(4) ? 200 : 8000));
}

/* Two applications at two CTIManagers have the same devices open, while CallManagers die and links
 * are cut at random. When all is well again every device is at its first member, and nobody was
 * told nonsense. */
START_TEST(cmf_06_cmf_07_cmf_10_cmf_18_after_any_failures_all_devices_come_home)
{
	draw = (uint32_t)_i * 7919 + 1;
	cti_fixture_new_real((uint64_t)_i + 1);
	open_both();
	app_line_open(0, 7, app_device_open(0, 6, "CTIP_3", MEDIA_REGISTRATION__DYNAMIC), "4011");
	fx->app[1].ctimanager = 2;
	cluster_start(fx->c, "app1");
	app_provider_open(1, "super", "secret");
	for (uint32_t i = 0; i < 3; i++)
		app_device_open(1, 2 + i, moving[i], -1);
	for (int i = 0; i < 40; i++)
		hurt_somebody();
	for (int i = 0; i < 3; i++) {
		cluster_heal(fx->c, "cti1", programs[i]);
		cluster_heal(fx->c, "cti2", programs[i]);
		if (!cluster_is_up(fx->c, programs[i]))
			cluster_start(fx->c, programs[i]);
	}
	if (!cluster_until(fx->c, all_home, NULL, SECONDS(300)))
		ck_abort_msg("not home:\n%s\n%s", fx->app[0].log, fx->app[1].log);
	cti_fixture_down();
}
END_TEST

/* ---- anything in any order ------------------------------------------------------------------ */

/* Logs in and opens all without waiting for answers: handles are given in the order of the
 * requests. */
static void boot(int app)
{
	static const char *const names[] = { "app0", "app1" };
	static const char *const lines[] = { "4001", "5001", "4011" };
	ProviderOpen open = PROVIDER_OPEN__INIT;

	app_forget(app);
	cluster_start(fx->c, names[app]);
	cluster_advance(fx->c, MS(20));
	open.seq = 1;
	open.version = 1;
	open.user = app ? (char *)"super" : (char *)"ivr";
	open.password = (char *)"secret";
	app_send(app, SIG_ProviderOpen, &open);
	cluster_advance(fx->c, MS(50));
	for (uint32_t i = 0; i < 3; i++) {
		DeviceOpen device = DEVICE_OPEN__INIT;

		device.seq = 2 + i;
		device.device = (char *)(uintptr_t)moving[i];
		device.has_registration = app == 0 || drawn(2) == 1;
		device.registration = MEDIA_REGISTRATION__DYNAMIC;
		app_send(app, SIG_DeviceOpen, &device);
	}
	cluster_advance(fx->c, MS(50));
	for (uint32_t i = 0; i < 3; i++) {
		LineOpen line = LINE_OPEN__INIT;

		line.seq = 5 + i;
		line.device_handle = (uint64_t)fx->app[app].ctimanager << 32 | (i + 1);
		line.dn = (char *)(uintptr_t)lines[i];
		line.has_auto_accept = true;
		line.auto_accept = drawn(2) == 1;
		app_send(app, SIG_LineOpen, &line);
	}
	cluster_advance(fx->c, MS(20));
}

static uint64_t some_call(int app)
{
	uint64_t call = 0;

	for (const char *at = fx->app[app].log; (at = strstr(at, "NewCall ")); at++) {
		unsigned node, ci;

		if (sscanf(at, "NewCall %*s %u|%u", &node, &ci) == 2 && (!call || drawn(8)))
			call = (uint64_t)node << 32 | ci;
	}
	return call;
}

static void do_something(int app, uint32_t seq)
{
	static const uint16_t requests[] = { SIG_CallAnswer, SIG_CallAnswer, SIG_CallDisconnect,
					     SIG_CallHold, SIG_CallRetrieve };
	static const char *const numbers[] = { "4001", "5001", "4011", "4002", "9999" };
	LineCallInitiate call = LINE_CALL_INITIATE__INIT;
	CallRedirect redirect = CALL_REDIRECT__INIT;

	switch (drawn(5)) {
	case 0:
		call.seq = seq;
		call.line_handle = (uint64_t)fx->app[app].ctimanager << 32 | (4 + drawn(3));
		call.called = (char *)(uintptr_t)numbers[drawn(5)];
		app_send(app, SIG_LineCallInitiate, &call);
		break;
	case 1:
		redirect.seq = seq;
		redirect.call_handle = some_call(app);
		redirect.destination = (char *)(uintptr_t)numbers[drawn(5)];
		app_send(app, SIG_CallRedirect, &redirect);
		break;
	case 2:
		set_rtp(app, seq, some_call(app));
		break;
	default:
		app_call(app, requests[drawn(5)], seq, some_call(app));
		break;
	}
}

static void hurt(void)
{
	const char *victim = programs[drawn(5)];

	switch (drawn(4)) {
	case 0:
		cluster_cut(fx->c, programs[drawn(3)], drawn(2) ? "cti1" : "ccm2");
		break;
	case 1:
		cluster_cut(fx->c, programs[drawn(3)], "cti2");
		break;
	default:
		if (cluster_is_up(fx->c, victim))
			cluster_kill(fx->c, victim);
		break;
	}
}

static void repair(void)
{
	for (int i = 0; i < 3; i++) {
		cluster_heal(fx->c, "cti1", programs[i]);
		cluster_heal(fx->c, "cti2", programs[i]);
		if (i != 1)
			cluster_heal(fx->c, "ccm2", programs[i]);
	}
	for (int i = 0; i < 5; i++)
		if (!cluster_is_up(fx->c, programs[i]))
			cluster_start(fx->c, programs[i]);
}

static void anything(uint32_t seq)
{
	static const char *const names[] = { "app0", "app1" };
	int app = (int)drawn(2);

	if (cluster_is_up(fx->c, names[app]) && app_knows(app, "down\n"))
		cluster_kill(fx->c, names[app]);
	if (!drawn(50))
		hurt();
	if (!drawn(15))
		repair();
	if (!drawn(80) && cluster_is_up(fx->c, names[app]))
		cluster_kill(fx->c, names[app]);
	if (cluster_is_up(fx->c, names[app]))
		do_something(app, seq);
	else if (!drawn(3))
		boot(app);
	cluster_advance(fx->c, MS(1) * drawn(drawn(20) ? 60 : 9000));
}

static unsigned left;

static void count_left(void *arg, struct sdl_process *process)
{
	static const char *const mortal[] = { "CTIHandler", "CTIDeviceLineMgr", "CTIStationD",
					      "LineCdpc" };

	(void)arg;
	for (int i = 0; i < 4; i++)
		if (!strcmp(sdl_process_type(process)->name, mortal[i]))
			left++;
}

/* Whatever applications ask for and whoever dies: when nobody has anything open any more, no
 * device, leg or session is left anywhere. */
START_TEST(cal_04_ctf_09_nothing_is_left_of_calls_and_devices_when_nobody_has_them)
{
	draw = (uint32_t)_i * 104729 + 3;
	cti_fixture_new_real((uint64_t)_i + 1);
	cluster_kill(fx->c, "app0");
	fx->app[1].ctimanager = 2;
	boot(0);
	boot(1);
	for (uint32_t i = 0; i < 400; i++)
		anything(100 + i);
	repair();
	cluster_advance(fx->c, SECONDS(5));
	if (cluster_is_up(fx->c, "app0"))
		cluster_kill(fx->c, "app0");
	if (cluster_is_up(fx->c, "app1"))
		cluster_kill(fx->c, "app1");
	cluster_advance(fx->c, SECONDS(400));
	left = 0;
	for (int i = 0; i < 5; i++)
		sdl_program_each(cluster_program(fx->c, programs[i]), count_left, NULL);
	ck_assert_uint_eq(left, 0);
	cti_fixture_down();
}
END_TEST

int main(int argc, char **argv)
{
#define WITH(t) SUITE_CASE_WITH(t, cti_fixture_up_real, cti_fixture_down)
	const struct suite_case cases[] = {
		WITH(rtp_03_med_03_a_call_to_a_route_point_is_answered_with_media_per_call),
		WITH(rtp_06_rtp_07_rtp_08_a_call_is_held_retrieved_and_dropped),
		WITH(cmf_01_cmf_04_devices_with_a_call_move_without_it),
		WITH(cmf_07_cmf_08_cmf_09_idle_devices_rehome_at_once_and_others_after_their_call),
		WITH(ctf_03_ctf_09_after_the_ctimanager_died_calls_are_found_through_another_and_controlled),
		WITH(ctf_09_devices_that_nobody_reopens_are_given_up_after_the_owner_alive_time),
		WITH(apf_03_apf_04_an_offered_call_of_a_dead_application_goes_to_cfof_and_a_new_one_to_cfna),
		WITH(mgr_03_mgr_04_cmf_18_two_ctimanagers_share_a_device_but_not_an_applications_media),
		WITH(cmf_12_a_frozen_callmanager_is_left_within_the_keepalive_time_and_takes_back_when_it_wakes),
		WITH(cmf_17_the_link_between_callmanagers_alone_being_cut_does_not_move_devices),
		WITH(cmf_17_a_ctimanager_cut_off_from_a_callmanager_goes_to_the_next_and_back_after_healing),
		SUITE_LOOP(cmf_06_cmf_07_cmf_10_cmf_18_after_any_failures_all_devices_come_home, 0,
			   20),
		SUITE_LOOP(cal_04_ctf_09_nothing_is_left_of_calls_and_devices_when_nobody_has_them,
			   0, 20),
	};

	return suite_main(argc, argv, "cluster/test_cti_calls", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
