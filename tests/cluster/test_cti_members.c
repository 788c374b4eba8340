/* A CTIManager whose CallManagers refuse a device, do not answer, or have it registered where it
 * cannot be reached. */
#include "tests/lib/cti_fixture.h"
#include "tests/lib/suite.h"

#include <stdio.h>

#include "common/base/cti_error.h"
#include "common/base/param.h"

#define STATIC	  MEDIA_REGISTRATION__STATIC
#define ELSEWHERE CTIERR_DEVICE_ALREADY_REGISTERED

static void unregistered(int node, const char *device, uint32_t target)
{
	CtiDeviceUnregisterNotify moved = CTI_DEVICE_UNREGISTER_NOTIFY__INIT;

	moved.device = (char *)(uintptr_t)device;
	moved.cause = OUT_OF_SERVICE_CAUSE__REHOME_TO_HIGHER_PRIORITY_CM;
	moved.has_target_node = true;
	moved.target_node = target;
	ccm_tell(node, SIG_CtiDeviceUnregisterNotify, &moved);
}

START_TEST(cmf_11_cmf_16_a_rehome_that_ends_nowhere_is_told_as_a_failure_before_the_close)
{
	cluster_kill(fx->c, "ccm1");
	cluster_advance(fx->c, SECONDS(1));
	app_line_open(0, 3, app_device_open(0, 2, "CTIP_1", STATIC), "4001");
	cluster_start(fx->c, "ccm1");
	cluster_advance(fx->c, SECONDS(1));
	fx->ccm[1].refuse = fx->ccm[2].refuse = CTIERR_RESOURCE_NOT_AVAILABLE;
	app_forget(0);
	unregistered(2, "CTIP_1", 1);
	ck_assert(app_told(0, "DeviceClosed"));
	app_told_exactly(0, "LineOutOfService 4001 1002\nDeviceOutOfService CTIP_1 1002\n"
			    "LineOutOfService 4001 1006\nDeviceOutOfService CTIP_1 1006\n"
			    "LineClosed 4001 RESOURCE_NOT_AVAILABLE\n"
			    "DeviceClosed CTIP_1 RESOURCE_NOT_AVAILABLE\n");
}
END_TEST

START_TEST(cmf_18_what_is_registered_out_of_reach_is_asked_for_again_until_it_is_free)
{
	/* Both members say that the other one has it. */
	fx->ccm[1].refuse = fx->ccm[2].refuse = ELSEWHERE;
	fx->ccm[1].other_node = fx->ccm[2].other_node = 3;
	cluster_kill(fx->c, "ccm3");
	cluster_advance(fx->c, SECONDS(1));
	app_device_open(0, 2, "CTIP_1", STATIC);
	ck_assert(app_told(0, "Response 2 "));
	cluster_advance(fx->c, SECONDS(30));
	fx->ccm[1].refuse = fx->ccm[2].refuse = 0;
	fx->ccm[1].other_node = fx->ccm[2].other_node = 0;
	ck_assert(app_told_within(0, "DeviceInService CTIP_1 ", SECONDS(200)));
}
END_TEST

START_TEST(cmf_11_a_phone_that_every_callmanager_refuses_is_closed)
{
	fx->ccm[1].refuse = fx->ccm[2].refuse = CTIERR_DEVICE_RESTRICTED;
	app_device_open(0, 2, "SEP000000000001", -1);
	ck_assert(app_knows(0, "Response 2 DEVICE_RESTRICTED\n"));
	cluster_advance(fx->c, SECONDS(10));
	ck_assert(!app_knows(0, "InService"));
	fx->ccm[1].refuse = fx->ccm[2].refuse = 0;
	app_device_open(0, 3, "SEP000000000001", -1);
	ck_assert(app_knows(0, "Response 3 SUCCESS"));
}
END_TEST

START_TEST(a_device_whose_callmanager_does_not_answer_the_close_can_be_opened_again)
{
	DeviceRequest close = DEVICE_REQUEST__INIT;
	uint64_t device = app_device_open(0, 2, "CTIP_1", STATIC);

	close.seq = 3;
	close.device_handle = device;
	/* Silent for less than links can stand. */
	cluster_cut(fx->c, "ccm1", "cti1");
	app_send(0, SIG_DeviceClose, &close);
	ck_assert(app_told(0, "Response 3 SUCCESS\n"));
	cluster_advance(fx->c, MS(500));
	cluster_heal(fx->c, "ccm1", "cti1");
	app_device_open(0, 4, "CTIP_1", STATIC);
	ck_assert(app_told(0, "Response 4 SUCCESS\n"));
	ck_assert(app_told(0, "DeviceInService CTIP_1 "));
}
END_TEST

START_TEST(apf_01_an_interval_out_of_bounds_is_granted_as_the_nearest_bound)
{
	const struct param_set *params = cluster_params(fx->c);
	ProviderOpen open = PROVIDER_OPEN__INIT;
	char text[64];

	cluster_start(fx->c, "app1");
	ck_assert(app_told(1, "up"));
	open.seq = 7;
	open.version = 1;
	open.user = (char *)(uintptr_t) "ivr";
	open.password = (char *)(uintptr_t) "secret";
	open.has_heartbeat_s = true;
	open.heartbeat_s = 1000000;
	app_send(1, SIG_ProviderOpen, &open);
	snprintf(text, sizeof(text), "Response 7 SUCCESS %lld\n",
		 (long long)param_value(params, PARAM_HEARTBEAT_MAX));
	ck_assert(app_told(1, text));
	cluster_start(fx->c, "app2");
	ck_assert(app_told(2, "up"));
	open.heartbeat_s = 1;
	app_send(2, SIG_ProviderOpen, &open);
	snprintf(text, sizeof(text), "Response 7 SUCCESS %lld\n",
		 (long long)param_value(params, PARAM_HEARTBEAT_MIN));
	ck_assert(app_told(2, text));
}
END_TEST

#define CASE(t) SUITE_CASE_WITH(t, cti_fixture_up, cti_fixture_down)

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		CASE(cmf_11_cmf_16_a_rehome_that_ends_nowhere_is_told_as_a_failure_before_the_close),
		CASE(cmf_18_what_is_registered_out_of_reach_is_asked_for_again_until_it_is_free),
		CASE(cmf_11_a_phone_that_every_callmanager_refuses_is_closed),
		CASE(a_device_whose_callmanager_does_not_answer_the_close_can_be_opened_again),
		CASE(apf_01_an_interval_out_of_bounds_is_granted_as_the_nearest_bound),
	};

	return suite_main(argc, argv, "cluster/test_cti_members", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
