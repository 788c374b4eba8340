/* The simulated application, through the library, at real CTIManagers whose CallManagers pretend.
 */
#include "tests/lib/cti_fixture.h"
#include "tests/lib/suite.h"

#include <string.h>

#include "common/base/cti_error.h"
#include "common/msg/address.h"
#include "sim/app.h"

#define IVR "ivr"

static struct sim_app *app;
static const char *password;

static void make(void *arg, struct sdl_config *config)
{
	struct sim_app_options options = { .cluster = 1 };

	(void)arg;
	options.provider.ctimanagers[0] = 1;
	options.provider.ctimanagers[1] = 2;
	options.provider.user = "ivr";
	options.provider.password = password;
	options.provider.instance = "one";
	options.provider.heartbeat_s = 5;
	app = sim_app_new(&options);
	sim_app_program(config, app);
}

static void unmake(void *arg, void *context)
{
	(void)arg;
	(void)context;
	sim_app_destroy(&app);
}

static void up(void)
{
	struct sdl_virt_program spec = {
		.make = make, .unmake = unmake, .name = IVR, .node = 150, .app = SDL_APP_CTI
	};

	password = "secret";
	cti_fixture_new(0);
	for (int n = 1; n <= 3; n++)
		cti_start_node(n);
	cluster_advance(fx->c, SECONDS(1));
	cluster_add(fx->c, &spec);
}

static bool told_within(uint16_t signal, bool (*match)(const void *, void *), void *arg, int64_t ns)
{
	return cluster_until_signal(fx->c, IVR, IVR, signal, match, arg, ns);
}

static bool told(uint16_t signal)
{
	return told_within(signal, NULL, NULL, SECONDS(5));
}

static unsigned count(uint16_t signal)
{
	return cluster_count_signal(fx->c, IVR, IVR, signal, NULL, NULL);
}

static bool of_node(const void *msg, void *arg)
{
	const DeviceEvent *m = msg;

	return m->node == *(const uint32_t *)arg;
}

static bool with_cause(const void *msg, void *arg)
{
	const DeviceEvent *m = msg;

	return m->cause == *(const OutOfServiceCause *)arg;
}

static bool with_result(const void *msg, void *arg)
{
	const Response *m = msg;

	return m->result == *(const uint32_t *)arg;
}

static void open_device(const char *name, int media)
{
	AppCommand m = APP_COMMAND__INIT;

	m.verb = (char *)"open";
	m.device = (char *)name;
	m.has_media = media >= 0;
	m.media = (MediaRegistration)media;
	cluster_post(fx->c, IVR, APP_CTI_APPLICATION, SIG_AppCommand, &m);
}

/* CTIP_1 is open with its line, at the CallManager of node 1. */
static void open_port(void)
{
	cluster_start(fx->c, IVR);
	ck_assert(told(SIG_ProviderInService));
	open_device("CTIP_1", MEDIA_REGISTRATION__STATIC);
	ck_assert(told(SIG_ExistingCallCompleted));
	cluster_advance(fx->c, MS(50));
	cluster_mark(fx->c);
}

START_TEST(usr_05_a_wrong_password_is_told_by_name)
{
	uint32_t failed = CTIERR_DIRECTORY_LOGIN_FAILED;

	password = "wrong";
	cluster_start(fx->c, IVR);
	ck_assert(told_within(SIG_Response, with_result, &failed, SECONDS(30)));
	ck_assert_uint_eq(count(SIG_ProviderInService), 0);
}
END_TEST

START_TEST(a_device_opens_with_all_its_lines)
{
	uint32_t node = 1;

	cluster_start(fx->c, IVR);
	ck_assert(told(SIG_ProviderInService));
	open_device("CTIP_1", MEDIA_REGISTRATION__STATIC);
	ck_assert(told_within(SIG_DeviceInService, of_node, &node, SECONDS(2)));
	ck_assert(told(SIG_LineInService));
}
END_TEST

START_TEST(cmf_04_cmf_06_a_port_moves_with_its_group_while_the_provider_stays)
{
	OutOfServiceCause cause = OUT_OF_SERVICE_CAUSE__CALLMANAGER_FAILURE;
	uint32_t node = 2;

	open_port();
	cluster_kill(fx->c, "ccm1");
	ck_assert(told_within(SIG_DeviceOutOfService, with_cause, &cause, SECONDS(1)));
	ck_assert(told_within(SIG_DeviceInService, of_node, &node, SECONDS(2)));
	ck_assert(told(SIG_LineInService));
	ck_assert_uint_eq(count(SIG_ProviderOutOfService), 0);
}
END_TEST

START_TEST(ctf_01_ctf_03_a_killed_ctimanager_is_followed_by_the_next_with_device_line_and_snapshot)
{
	open_port();
	fx->ccm[1].existing = true;
	cluster_kill(fx->c, "cti1");
	ck_assert(told(SIG_ProviderOutOfService));
	ck_assert(told(SIG_ProviderInService));
	ck_assert(told(SIG_DeviceInService));
	ck_assert(told(SIG_ExistingCall));
	ck_assert(told(SIG_ExistingCallCompleted));
}
END_TEST

START_TEST(ctf_08_both_programs_of_a_node_lost_the_port_comes_back_at_the_next_member)
{
	uint32_t node = 2;

	open_port();
	cluster_kill(fx->c, "ccm1");
	cluster_kill(fx->c, "cti1");
	ck_assert(told(SIG_ProviderOutOfService));
	ck_assert(told_within(SIG_DeviceInService, of_node, &node, SECONDS(10)));
}
END_TEST

START_TEST(ctf_04_a_phone_that_is_registered_nowhere_opens_and_stays_out_of_service)
{
	cluster_start(fx->c, IVR);
	ck_assert(told(SIG_ProviderInService));
	open_device("SEP000000000001", -1);
	ck_assert(told(SIG_Response));
	cluster_advance(fx->c, SECONDS(2));
	ck_assert_uint_eq(count(SIG_DeviceInService), 0);
	ck_assert_uint_eq(count(SIG_DeviceClosed), 0);
}
END_TEST

START_TEST(apf_02_a_frozen_application_is_closed_and_comes_back_when_it_wakes)
{
	open_port();
	cluster_freeze(fx->c, IVR);
	cluster_advance(fx->c, SECONDS(16));
	cluster_thaw(fx->c, IVR);
	ck_assert(told(SIG_ProviderOutOfService));
	ck_assert(told(SIG_ProviderInService));
	ck_assert(told_within(SIG_DeviceInService, NULL, NULL, SECONDS(20)));
}
END_TEST

START_TEST(apf_06_an_application_frozen_for_one_interval_notices_nothing)
{
	open_port();
	for (int i = 0; i < 8; i++) {
		cluster_freeze(fx->c, IVR);
		cluster_advance(fx->c, SECONDS(5));
		cluster_thaw(fx->c, IVR);
		cluster_advance(fx->c, MS(5100 + 300 * i));
	}
	ck_assert_uint_eq(count(SIG_ProviderOutOfService), 0);
}
END_TEST

START_TEST(ctf_05_a_frozen_ctimanager_is_left_for_good)
{
	open_port();
	cluster_freeze(fx->c, "cti1");
	ck_assert(told_within(SIG_ProviderInService, NULL, NULL, SECONDS(30)));
	ck_assert(told_within(SIG_DeviceInService, NULL, NULL, SECONDS(30)));
	cluster_thaw(fx->c, "cti1");
	cluster_mark(fx->c);
	cluster_advance(fx->c, SECONDS(60));
	ck_assert_uint_eq(count(SIG_ProviderOutOfService), 0);
}
END_TEST

START_TEST(apf_05_an_application_cut_off_from_its_ctimanager_goes_to_the_backup)
{
	open_port();
	cluster_cut(fx->c, IVR, "cti1");
	ck_assert(told_within(SIG_ProviderOutOfService, NULL, NULL, MS(11500)));
	ck_assert(told_within(SIG_LineInService, NULL, NULL, SECONDS(20)));
	cluster_heal(fx->c, IVR, "cti1");
	cluster_mark(fx->c);
	cluster_advance(fx->c, SECONDS(60));
	ck_assert_uint_eq(count(SIG_ProviderOutOfService), 0);
}
END_TEST

START_TEST(apf_06_a_short_cut_loses_nothing)
{
	open_port();
	cluster_cut(fx->c, IVR, "cti1");
	cluster_advance(fx->c, SECONDS(4));
	cluster_heal(fx->c, IVR, "cti1");
	cluster_advance(fx->c, SECONDS(60));
	ck_assert_uint_eq(count(SIG_ProviderOutOfService), 0);
}
END_TEST

START_TEST(an_hour_of_rest_costs_heartbeats_only)
{
	open_port();
	cluster_advance(fx->c, SECONDS(3600));
	ck_assert_uint_eq(count(SIG_ProviderOutOfService), 0);
	ck_assert_uint_eq(count(SIG_DeviceOutOfService), 0);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(usr_05_a_wrong_password_is_told_by_name, up, cti_fixture_down),
		SUITE_CASE_WITH(a_device_opens_with_all_its_lines, up, cti_fixture_down),
		SUITE_CASE_WITH(cmf_04_cmf_06_a_port_moves_with_its_group_while_the_provider_stays,
				up, cti_fixture_down),
		SUITE_CASE_WITH(
			ctf_01_ctf_03_a_killed_ctimanager_is_followed_by_the_next_with_device_line_and_snapshot,
			up, cti_fixture_down),
		SUITE_CASE_WITH(
			ctf_08_both_programs_of_a_node_lost_the_port_comes_back_at_the_next_member,
			up, cti_fixture_down),
		SUITE_CASE_WITH(
			ctf_04_a_phone_that_is_registered_nowhere_opens_and_stays_out_of_service,
			up, cti_fixture_down),
		SUITE_CASE_WITH(apf_02_a_frozen_application_is_closed_and_comes_back_when_it_wakes,
				up, cti_fixture_down),
		SUITE_CASE_WITH(apf_06_an_application_frozen_for_one_interval_notices_nothing, up,
				cti_fixture_down),
		SUITE_CASE_WITH(ctf_05_a_frozen_ctimanager_is_left_for_good, up, cti_fixture_down),
		SUITE_CASE_WITH(
			apf_05_an_application_cut_off_from_its_ctimanager_goes_to_the_backup, up,
			cti_fixture_down),
		SUITE_CASE_WITH(apf_06_a_short_cut_loses_nothing, up, cti_fixture_down),
		SUITE_CASE_WITH(an_hour_of_rest_costs_heartbeats_only, up, cti_fixture_down),
	};

	return suite_main(argc, argv, "cluster/test_app_ctimanager", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
