/* CmLink: turns at a CallManager, in the order in which devices asked for them. */
#include "tests/lib/cti_fixture.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <string.h>

#include "common/base/param.h"
#include "common/msg/address.h"

#define PORTS 40

/* One turn at a time. */
static void up(void)
{
	char why[100];

	cti_fixture_new(PORTS);
	ck_assert_int_eq(param_set_parse(cluster_params(fx->c), PARAM_OPENS_OUTSTANDING_MAX, "1",
					 why, sizeof(why)),
			 0);
	cti_fixture_start();
	app_provider_open(0, "ivr", "secret");
	app_forget(0);
	cluster_mark(fx->c);
}

static void post_open(unsigned i)
{
	DeviceOpen open = DEVICE_OPEN__INIT;
	char name[16];

	snprintf(name, sizeof(name), "CTIP_M%u", i);
	open.seq = 10 + i;
	open.device = name;
	app_send(0, SIG_DeviceOpen, &open);
}

/* Some wait all the time, and others come for whom room is made. */
START_TEST(devices_are_opened_in_the_order_in_which_they_asked_for_their_turn)
{
	const char *at = fx->app[0].log;
	char text[48];

	fx->ccm[1].slow = true;
	for (unsigned i = 0; i < PORTS; i++) {
		post_open(i);
		cluster_advance(fx->c, i < 8 ? 0 : MS(2));
	}
	cluster_advance(fx->c, SECONDS(1));
	for (unsigned i = 0; i < PORTS; i++) {
		snprintf(text, sizeof(text), "DeviceInService CTIP_M%u 1\n", i);
		at = strstr(at, text);
		ck_assert_msg(at != NULL, "CTIP_M%u is not the next one:\n%s", i, fx->app[0].log);
	}
	ck_assert_uint_eq(fx->ccm[1].opens_max, 1);
}
END_TEST

static struct sdl_pid link_of(uint8_t node)
{
	char label[8];

	snprintf(label, sizeof(label), "CM %u", node);
	return cluster_process(fx->c, "cti1", label);
}

/* A device that is gone, or was never there. */
START_TEST(who_does_not_watch_a_callmanager_gets_no_turn_there)
{
	struct sdl_pid nobody = { .node = 1, .type = 99, .app = SDL_APP_CTIMANAGER, .inst = 999 };
	struct sdl_pid link;

	app_device_open(0, 2, "CTIP_1", -1);
	ck_assert(app_told(0, "DeviceInService CTIP_1 1\n"));
	link = link_of(1);
	cluster_enqueue(fx->c, "cti1", nobody, link, SIG_CmUnwatchReq, NULL);
	cluster_enqueue(fx->c, "cti1", nobody, link, SIG_CmOpenTurnReq, NULL);
	cluster_advance(fx->c, MS(10));
	app_device_open(0, 3, "CTIP_3", -1); /* the only turn is free */
	ck_assert(app_told(0, "DeviceInService CTIP_3 1\n"));
}
END_TEST

START_TEST(who_has_its_turn_or_waits_for_it_does_not_get_a_second_one)
{
	struct sdl_pid device, other;

	fx->ccm[1].mute = true;
	post_open(0);
	post_open(1);
	cluster_advance(fx->c, MS(100));
	device = cluster_process(fx->c, "cti1", "CTIP_M0");
	other = cluster_process(fx->c, "cti1", "CTIP_M1");
	cluster_enqueue(fx->c, "cti1", device, link_of(1), SIG_CmOpenTurnReq, NULL);
	cluster_enqueue(fx->c, "cti1", other, link_of(1), SIG_CmOpenTurnReq, NULL);
	cluster_enqueue(fx->c, "cti1", device, link_of(1), SIG_CmOpenTurnDone, NULL);
	cluster_enqueue(fx->c, "cti1", other, link_of(1), SIG_CmOpenTurnDone, NULL);
	cluster_advance(fx->c, MS(100));
	ck_assert_uint_eq(
		cluster_count_signal(fx->c, "cti1", "CTIP_M0", SIG_CmOpenTurn, NULL, NULL), 1);
	ck_assert_uint_eq(
		cluster_count_signal(fx->c, "cti1", "CTIP_M1", SIG_CmOpenTurn, NULL, NULL), 1);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(devices_are_opened_in_the_order_in_which_they_asked_for_their_turn,
				up, cti_fixture_down),
		SUITE_CASE_WITH(who_does_not_watch_a_callmanager_gets_no_turn_there, up,
				cti_fixture_down),
		SUITE_CASE_WITH(who_has_its_turn_or_waits_for_it_does_not_get_a_second_one, up,
				cti_fixture_down),
	};

	return suite_main(argc, argv, "cluster/test_cm_link", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
