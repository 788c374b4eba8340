/* What comes while a call is being changed: at every moment of a transfer, a conference, a park, a
 * shared line's answer somebody hangs up, or one whom nobody asked says all that a link may carry.
 * In the end nothing is left over, and all can be called again. */
#include "tests/lib/cm_cluster.h"
#include "tests/lib/stranger.h"
#include "tests/lib/suite.h"

static struct cm_cluster k;

#define OK(call) ck_assert_msg((call) == 0, "%s", err.text)
#define SEES(phone, what)                                                                          \
	ck_assert_msg(cm_phone_sees(&k, phone, STATION_CALL_STATE_VALUE__##what, SECONDS(3)),      \
		      "%s does not show " #what, phone)

static const char *const phones[] = { PHONE_A, PHONE_B, PHONE_C, PHONE_D };
static const char *const ccm[] = { "ccm1", "ccm2", "ccm3" };

static void start(void)
{
	cm_cluster_start(&k, 3);
	cm_plug_bridge(&k, 1);
	cm_plug_bridge(&k, 3);
	cm_plug_all(&k);
}

static void up(void)
{
	cm_cluster_up(&k);
	start();
}

static void down(void)
{
	cm_cluster_down(&k);
}

static void talk(const char *caller, const char *number, const char *called)
{
	cm_press(&k, caller, "call", number);
	SEES(called, RingIn);
	cm_press(&k, called, "answer", NULL);
	SEES(caller, Connected);
	cluster_advance(k.c, SECONDS(1));
}

static void consult(const char *phone, const char *verb, const char *number, const char *other)
{
	cm_press(&k, phone, verb, number);
	SEES(other, RingIn);
	cm_press(&k, other, "answer", NULL);
	SEES(other, Connected);
	cluster_advance(k.c, SECONDS(1));
}

/* ---- what is being done: all but the last step of it, which follows ------------------------- */

static void a_talks_to_d(void)
{
	talk(PHONE_D, "1001", PHONE_A);
}

static void d_is_parked(void)
{
	talk(PHONE_D, "1001", PHONE_A);
	cm_press(&k, PHONE_A, "park", NULL);
	SEES(PHONE_A, OnHook);
	cluster_advance(k.c, SECONDS(1));
}

static void d_is_parked_and_asks_c(void)
{
	d_is_parked();
	consult(PHONE_D, "transfer", "1003", PHONE_C);
}

static void d_is_parked_and_calls_c(void)
{
	d_is_parked();
	cm_press(&k, PHONE_D, "transfer", "1003");
	SEES(PHONE_C, RingIn);
}

static void b_asks_d(void)
{
	talk(PHONE_A, "1002", PHONE_B);
	consult(PHONE_B, "transfer", "1004", PHONE_D);
}

static void b_calls_d(void)
{
	talk(PHONE_A, "1002", PHONE_B);
	cm_press(&k, PHONE_B, "transfer", "1004");
	SEES(PHONE_D, RingIn);
}

static void d_asks_b(void)
{
	talk(PHONE_A, "1004", PHONE_D);
	consult(PHONE_D, "transfer", "1002", PHONE_B);
}

static void b_confers_with_d(void)
{
	talk(PHONE_A, "1002", PHONE_B);
	consult(PHONE_B, "conference", "1004", PHONE_D);
}

static void three_confer(void)
{
	b_confers_with_d();
	cm_press(&k, PHONE_B, "conference", NULL);
	cluster_advance(k.c, SECONDS(2));
}

static void four_are_to_confer(void)
{
	three_confer();
	consult(PHONE_B, "conference", "1003", PHONE_C);
}

static void a_calls_b(void)
{
	cm_press(&k, PHONE_A, "call", "1002");
	SEES(PHONE_B, RingIn);
}

static const struct {
	const char *name;
	void (*before)(void);
	const char *phone, *verb, *number;
} scenes[] = {
	{ "a_talks_to_d", a_talks_to_d, PHONE_A, "park", NULL },
	{ "d_is_parked", d_is_parked, PHONE_B, "call", "8801" },
	{ "d_is_parked_and_asks_c", d_is_parked_and_asks_c, PHONE_D, "transfer", NULL },
	{ "d_is_parked_and_calls_c", d_is_parked_and_calls_c, PHONE_D, "transfer", NULL },
	{ "b_asks_d", b_asks_d, PHONE_B, "transfer", NULL },
	{ "b_calls_d", b_calls_d, PHONE_B, "transfer", NULL },
	{ "d_asks_b", d_asks_b, PHONE_D, "transfer", NULL },
	{ "b_confers_with_d", b_confers_with_d, PHONE_B, "conference", NULL },
	{ "four_are_to_confer", four_are_to_confer, PHONE_B, "conference", NULL },
	{ "three_confer", three_confer, PHONE_D, "hangup", NULL },
	{ "a_calls_b", a_calls_b, PHONE_C, "pickup", NULL },
};

#define SCENES	 ((int)(sizeof scenes / sizeof scenes[0]))
#define WITH_TWO 7  /* the first ones: no conference, in which nobody is a stranger */
#define MOMENTS	 10 /* of 150 us: longer than a signal goes to the other node and back */

static void until_moment(int scene, int moment)
{
	scenes[scene].before();
	cm_press(&k, scenes[scene].phone, scenes[scene].verb, scenes[scene].number);
	cluster_advance(k.c, moment * 150000);
}

static void comes_to_rest(const char *scene)
{
	cluster_advance(k.c, SECONDS(2));
	for (int round = 0; round < 3; round++)
		for (size_t i = 0; i < 4; i++) {
			cm_press(&k, phones[i], "hangup", NULL);
			cluster_advance(k.c, SECONDS(1));
		}
	cluster_advance(k.c, SECONDS(400));
	for (uint8_t node = 1; node <= 3; node++)
		ck_assert_msg(cm_legs(&k, node) == 0, "%s: %u legs at node %u", scene,
			      cm_legs(&k, node), node);
	for (uint8_t node = 1; node <= 3; node++)
		ck_assert_uint_eq(cm_processes(&k, node, "ParkSlot") +
					  cm_processes(&k, node, "SharedLine") +
					  cm_processes(&k, node, "Transfer") +
					  cm_processes(&k, node, "Join") +
					  cm_processes(&k, node, "Conference") +
					  cm_processes(&k, node, "Pickup"),
				  0);
	cm_press(&k, PHONE_A, "call", "1003");
	SEES(PHONE_C, RingIn);
	cm_press(&k, PHONE_A, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
}

START_TEST(cal_01_whoever_hangs_up_at_whatever_moment_leaves_nothing_half_done)
{
	until_moment(_i / MOMENTS / 4, _i % MOMENTS);
	cm_press(&k, phones[_i / MOMENTS % 4], "hangup", NULL);
	comes_to_rest(scenes[_i / MOMENTS / 4].name);
}
END_TEST

/* A leg that is not there any more. */
static const struct sdl_pid somebody = {
	.node = 2, .type = 13, .app = SDL_APP_CALLMANAGER, .inst = 9999
};

START_TEST(what_nobody_asked_for_is_taken_in_the_midst_of_everything)
{
	cluster_allow_unexpected(k.c);
	until_moment(_i / MOMENTS / 2, _i % MOMENTS);
	for (size_t i = 0; i < 3; i++)
		stranger_says_all(k.c, ccm[i], somebody, _i / MOMENTS % 2);
	comes_to_rest(scenes[_i / MOMENTS / 2].name);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		{ .name = "cal_01_whoever_hangs_up_at_whatever_moment_leaves_nothing_half_done",
		  .test = cal_01_whoever_hangs_up_at_whatever_moment_leaves_nothing_half_done,
		  .setup = up,
		  .teardown = down,
		  .loop_to = SCENES * 4 * MOMENTS },
		{ .name = "what_nobody_asked_for_is_taken_in_the_midst_of_everything",
		  .test = what_nobody_asked_for_is_taken_in_the_midst_of_everything,
		  .setup = up,
		  .teardown = down,
		  .loop_to = WITH_TWO * 2 * MOMENTS },
	};

	return suite_main(argc, argv, "cluster/test_meantime", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
