/* Call processing under everything at once: users, applications and faults at random, from a seed.
 * When they stop, nothing may be left over, and no signal may have come where nobody expects it. */
#include "tests/lib/cm_cluster.h"
#include "tests/lib/suite.h"

#include "common/base/prng.h"

#include <string.h>

static struct cm_cluster k;
static struct prng dice;

static const char *const phones[] = { PHONE_A, PHONE_B, PHONE_C, PHONE_D };
static const char *const numbers[] = {
	"1001", "1002", "1003", "1004", "5000", "6001", "6002", "777"
};
static const char *const devices[] = { "CTIP_1", "CTIP_2", "CTIRP_5000", PHONE_A, PHONE_D };
static const char *const lines[] = { "6001", "6002", "5000", "1001", "1004" };
static const char *const programs[] = { "ccm1", "ccm2", "ccm3", "ctim1", "ctim2" };

#define N(a) (sizeof(a) / sizeof((a)[0]))

static uint32_t roll(uint32_t below)
{
	return (uint32_t)prng_below(&dice, below);
}

static void plug_all(void)
{
	for (size_t i = 0; i < N(phones); i++)
		cm_plug(&k, phones[i]);
}

static void press(void)
{
	static const char *const verbs[] = { "offhook", "call", "dial",	  "answer",
					     "answer",	"hold", "resume", "hangup" };
	const char *phone = phones[roll(N(phones))];
	const char *number = numbers[roll(N(numbers))];
	const char *verb = verbs[roll(N(verbs))];

	cm_press(&k, phone, verb, number);
}

static void ask_call(unsigned ctim)
{
	static const uint16_t requests[] = {
		SIG_CtiLineCallAcceptReq, SIG_CtiLineCallAnswerReq,   SIG_CtiLineCallAnswerReq,
		SIG_CtiLineCallHoldReq,	  SIG_CtiLineCallRetrieveReq, SIG_CtiLineCallDisconnectReq,
	};
	uint32_t ci = k.driver[ctim].ci;

	switch (roll(4)) {
	case 0:
		cm_post_redirect(&k, ctim, ci, numbers[roll(N(numbers))]);
		break;
	case 1:
		cm_post_rtp(&k, ctim, ci);
		break;
	default:
		cm_post_request(&k, ctim, requests[roll(N(requests))], ci);
		break;
	}
}

static void ask_device(unsigned ctim)
{
	uint32_t i = roll(N(devices));
	uint8_t node = (uint8_t)(1 + roll(2));

	switch (roll(6)) {
	case 0:
		cm_post_close(&k, ctim, node, devices[i]);
		break;
	case 1:
		cm_post_rehome(&k, ctim, node, devices[i], (uint8_t)(3 - node));
		break;
	case 2:
		cm_post_initiate(&k, ctim, lines[i], numbers[roll(N(numbers))]);
		break;
	default:
		cm_post_open(&k, ctim, node, devices[i],
			     i == 2  ? MEDIA_REGISTRATION__DYNAMIC
			     : i < 2 ? (MediaRegistration)roll(3)
				     : MEDIA_REGISTRATION__NO_MEDIA);
		cluster_advance(k.c, MS(5));
		cm_post_open_line(&k, ctim, lines[i]);
		break;
	}
}

static void strike(void)
{
	const char *a = programs[roll(N(programs))];
	const char *b = programs[roll(N(programs))];

	switch (roll(8)) {
	case 0:
		if (cluster_is_up(k.c, a))
			cluster_kill(k.c, a);
		break;
	case 3:
		if (cluster_is_up(k.c, a))
			cluster_freeze(k.c, a);
		break;
	case 4:
		if (cluster_is_up(k.c, a))
			cluster_thaw(k.c, a);
		break;
	case 1:
		if (a != b)
			cluster_cut(k.c, a, b);
		break;
	case 2:
		if (a != b)
			cluster_heal(k.c, a, b);
		break;
	default:
		if (!cluster_is_up(k.c, a))
			cluster_start(k.c, a);
		break;
	}
}

static void calm_down(void)
{
	for (size_t i = 0; i < N(programs); i++) {
		for (size_t j = 0; j < i; j++)
			cluster_heal(k.c, programs[i], programs[j]);
		if (cluster_is_up(k.c, programs[i]))
			cluster_thaw(k.c, programs[i]);
		else
			cluster_start(k.c, programs[i]);
	}
	cluster_advance(k.c, SECONDS(30));
	for (unsigned round = 0; round < 8; round++) {
		for (size_t i = 0; i < N(phones); i++)
			cm_press(&k, phones[i], "hangup", NULL);
		cluster_advance(k.c, SECONDS(1));
	}
	for (unsigned ctim = 1; ctim <= 2; ctim++)
		for (uint8_t node = 1; node <= 3; node++)
			for (size_t i = 0; i < N(devices); i++) {
				cm_post_close(&k, ctim, node, devices[i]);
				cluster_advance(k.c, MS(5));
			}
	/* Owner alive, ring and hold: whatever waits has given up by then. */
	cluster_advance(k.c, SECONDS(400));
	for (size_t i = 0; i < N(phones); i++)
		cm_press(&k, phones[i], "hangup", NULL);
	cluster_advance(k.c, SECONDS(10));
}

struct tally {
	unsigned lines, stations, cti_stations;
};

static void tally(void *arg, struct sdl_process *process)
{
	struct tally *t = arg;
	const char *type = sdl_process_type(process)->name;

	t->lines += strcmp(type, "LineControl") == 0;
	t->stations += strcmp(type, "StationD") == 0;
	t->cti_stations += strcmp(type, "CTIStationD") == 0;
}

static void expect_nothing_left(void)
{
	struct tally t = { 0 };
	static const char *const ccm[] = { "ccm1", "ccm2", "ccm3" };
	static const enum counter_id counters[] = { COUNTER_CALLS_IN_PROGRESS, COUNTER_CALLS_ACTIVE,
						    COUNTER_REGISTERED_OTHER_STATION_DEVICES };
	int64_t registered = 0;

	for (size_t i = 0; i < N(ccm); i++) {
		struct sdl_program *p = cluster_program(k.c, ccm[i]);

		sdl_program_each(p, tally, &t);

		for (size_t j = 0; j < N(counters); j++)
			ck_assert_msg(sdl_program_counter(p, counters[j]) == 0, "%s of %s is %lld",
				      counter_def(counters[j])->name, ccm[i],
				      (long long)sdl_program_counter(p, counters[j]));
		registered += sdl_program_counter(p, COUNTER_REGISTERED_HARDWARE_PHONES);
	}
	ck_assert_int_eq(registered, (int64_t)N(phones));
	ck_assert_uint_eq(t.stations, N(phones));
	ck_assert_uint_eq(t.lines, N(phones));
	ck_assert_uint_eq(t.cti_stations, 0);
}

START_TEST(cal_04_nothing_is_left_over_whatever_users_applications_and_faults_do)
{
	prng_key(&dice, (uint64_t)_i, "storm", "test");
	cm_cluster_up(&k);
	cm_cluster_start(&k, 3);
	plug_all();
	cluster_advance(k.c, SECONDS(1));
	for (unsigned n = 0; n < 300; n++) {
		uint32_t what = roll(100);

		if (what < 45)
			press();
		else if (what < 75)
			ask_call(1 + roll(2));
		else if (what < 94)
			ask_device(1 + roll(2));
		else
			strike();
		cluster_advance(k.c, (int64_t)roll(4) ? MS(1 + roll(20)) : MS(roll(3000)));
	}
	calm_down();
	expect_nothing_left();
	cm_cluster_down(&k);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_LOOP(cal_04_nothing_is_left_over_whatever_users_applications_and_faults_do, 1,
			   31),
	};

	return suite_main(argc, argv, "cluster/test_call_storm", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
