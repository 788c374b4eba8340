/* Call pickup: a ringing call goes to who picks it up, wherever both are; and what dies with whom. */
#include "tests/lib/cm_cluster.h"
#include "tests/lib/moment.h"
#include "tests/lib/suite.h"

#include <string.h>

#define STATIC MEDIA_REGISTRATION__STATIC

static struct cm_cluster k;

static void up(void)
{
	cm_cluster_up(&k);
	cm_cluster_start(&k, 3);
	cm_plug_all(&k);
}

static void up_auto(void)
{
	char why[200];

	cm_cluster_up(&k);
	ck_assert(!param_set_parse(cluster_params(k.c), PARAM_AUTO_CALL_PICKUP_ENABLED, "True", why,
				   sizeof why));
	cm_cluster_start(&k, 3);
	cm_plug_all(&k);
}

static void up_forwarded(void)
{
	cm_cluster_up(&k);
	cm_forward(&k, PHONE_C, &(struct db_line_spec){ .index = 1, .cfa = "1001" });
	cm_cluster_start(&k, 3);
	cm_plug_all(&k);
}

static void down(void)
{
	cm_cluster_down(&k);
}

#define SEES_WITHIN(phone, what, s)                                                                \
	ck_assert_msg(cm_phone_sees(&k, phone, STATION_CALL_STATE_VALUE__##what, SECONDS(s)),      \
		      "%s does not show " #what, phone)
#define SEES(phone, what) SEES_WITHIN(phone, what, 3)
#define REFUSED		  CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE

static bool same_text(const void *msg, void *arg)
{
	return strcmp(((const StationDisplayPrompt *)msg)->text, arg) == 0;
}

static bool displays(const char *phone, const char *text, int64_t within_ns)
{
	return cluster_until_signal(k.c, "phones", phone, SIG_StationDisplayPromptStatus, same_text,
				    (void *)(uintptr_t)text, within_ns);
}

static bool from_1001(const void *msg, void *arg)
{
	const StationCallInfo *info = msg;

	(void)arg;
	return info->calling_party && strcmp(info->calling_party, "1001") == 0;
}

static void hang_up(const char *phone)
{
	cm_press(&k, phone, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
}

static void call(const char *from, const char *number, const char *to)
{
	cm_press(&k, from, "call", number);
	SEES(to, RingIn);
	cluster_advance(k.c, SECONDS(1));
}

START_TEST(cal_01_a_call_that_rings_at_one_node_is_picked_up_at_another)
{
	call(PHONE_A, "1004", PHONE_D);
	cm_press(&k, PHONE_B, "pickup", NULL);
	SEES(PHONE_B, RingIn);
	SEES(PHONE_D, OnHook);
	cm_press(&k, PHONE_B, "answer", NULL);
	SEES(PHONE_A, Connected);
	ck_assert(cm_phone_gets(&k, PHONE_A, SIG_MediaStreamStarted, SECONDS(2)));
	ck_assert(cm_phone_gets(&k, PHONE_B, SIG_MediaStreamStarted, SECONDS(2)));
	hang_up(PHONE_A);
	ck_assert_uint_eq(cm_legs(&k, 3), 0);
}
END_TEST

START_TEST(cal_01_with_auto_call_pickup_the_key_alone_answers)
{
	call(PHONE_A, "1002", PHONE_B);
	cm_press(&k, PHONE_D, "pickup", NULL);
	SEES(PHONE_D, Connected);
	SEES(PHONE_A, Connected);
	ck_assert(cm_phone_gets(&k, PHONE_D, SIG_MediaStreamStarted, SECONDS(2)));
	hang_up(PHONE_D);
}
END_TEST

START_TEST(a_call_picked_up_automatically_puts_the_one_before_on_hold)
{
	call(PHONE_D, "1003", PHONE_C);
	cm_press(&k, PHONE_C, "answer", NULL);
	SEES(PHONE_D, Connected);
	call(PHONE_A, "1002", PHONE_B);
	cm_press(&k, PHONE_C, "pickup", NULL);
	SEES(PHONE_C, Hold);
	SEES(PHONE_A, Connected);
	hang_up(PHONE_A);
	hang_up(PHONE_D);
}
END_TEST

START_TEST(the_call_that_rings_longest_is_picked_up_first)
{
	cm_open(&k, 1, 2, "CTIP_2", STATIC, 0);
	cm_open_line(&k, 1, "6002", 0);
	call(PHONE_A, "1002", PHONE_B);
	cm_initiate(&k, 1, "6002", "1004", 0);
	SEES(PHONE_D, RingIn);
	cm_press(&k, PHONE_C, "pickup", NULL);
	SEES(PHONE_C, RingIn);
	ck_assert(cluster_until_signal(k.c, "phones", PHONE_C, SIG_StationCallInfo, from_1001, NULL,
				       SECONDS(1)));
	hang_up(PHONE_A);
	hang_up(PHONE_C);
	cm_request(&k, 1, SIG_CtiLineCallDisconnectReq, k.driver[1].ci, 0);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(of_two_who_pick_up_at_once_one_gets_the_call)
{
	PhoneCommand press = PHONE_COMMAND__INIT;
	bool c, d;

	call(PHONE_A, "1002", PHONE_B);
	cm_press(&k, PHONE_C, "pickup", NULL);
	press.phone = (char *)(uintptr_t)PHONE_D;
	press.verb = (char *)(uintptr_t) "pickup";
	cluster_post(k.c, "phones", PHONES_PHONE_INIT, SIG_PhoneCommand, &press);
	cluster_advance(k.c, SECONDS(2));
	c = cm_phone_sees(&k, PHONE_C, STATION_CALL_STATE_VALUE__RingIn, 0);
	d = cm_phone_sees(&k, PHONE_D, STATION_CALL_STATE_VALUE__RingIn, 0);
	ck_assert(c || d);
	/* The second may have taken it from the first: then only one rings still. */
	ck_assert_uint_eq(cm_legs_in(&k, 1, "call_received7") + cm_legs_in(&k, 3, "call_received7"),
			  1);
	hang_up(PHONE_A);
}
END_TEST

START_TEST(a_call_picked_up_can_be_picked_up_from_the_picker)
{
	call(PHONE_A, "1002", PHONE_B);
	cm_press(&k, PHONE_C, "pickup", NULL);
	SEES(PHONE_C, RingIn);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_D, "pickup", NULL);
	SEES(PHONE_D, RingIn);
	SEES(PHONE_C, OnHook);
	hang_up(PHONE_A);
}
END_TEST

START_TEST(where_nothing_rings_but_the_own_line_there_is_nothing_to_pick_up)
{
	cm_press(&k, PHONE_B, "pickup", NULL);
	ck_assert(displays(PHONE_B, "No Call For Pickup", SECONDS(1)));
	cm_press(&k, PHONE_A, "pickup", NULL);
	ck_assert(displays(PHONE_A, "No Pickup Group", SECONDS(1)));
	call(PHONE_A, "1002", PHONE_B);
	cm_press(&k, PHONE_B, "pickup", NULL);
	ck_assert(displays(PHONE_B, "No Call For Pickup", SECONDS(1)));
	cm_press(&k, PHONE_B, "answer", NULL);
	SEES(PHONE_A, Connected);
	cm_press(&k, PHONE_C, "pickup", NULL);
	ck_assert(displays(PHONE_C, "No Call For Pickup", SECONDS(1)));
	hang_up(PHONE_A);
}
END_TEST

START_TEST(who_picks_up_gets_the_call_whatever_the_own_forward_says)
{
	call(PHONE_A, "1002", PHONE_B);
	cm_press(&k, PHONE_C, "pickup", NULL);
	SEES(PHONE_C, RingIn);
	hang_up(PHONE_A);
}
END_TEST

START_TEST(a_call_that_was_picked_up_is_not_forwarded_by_who_was_called)
{
	call(PHONE_A, "1002", PHONE_B);
	cm_press(&k, PHONE_C, "pickup", NULL);
	SEES(PHONE_C, RingIn);
	cluster_advance(k.c, SECONDS(30));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "call_received7"), 1);
	hang_up(PHONE_A);
}
END_TEST

/* ---- applications --------------------------------------------------------------------------- */

static void pickup(const char *group, uint32_t result)
{
	CtiLineNumberReq req = CTI_LINE_NUMBER_REQ__INIT;

	req.dn = (char *)(uintptr_t) "6002";
	req.number = (char *)(uintptr_t)group;
	cm_ask(&k, 1, SIG_CtiLineCallPickupReq, &req, result);
}

static bool names_the_call(const void *msg, void *arg)
{
	const CtiLineCallRes *res = msg;

	return res->result == 0 && res->has_ci && res->ci == *(const uint32_t *)arg;
}

static void port(void)
{
	cm_open(&k, 1, 2, "CTIP_2", STATIC, 0);
	cm_open_line(&k, 1, "6002", 0);
}

START_TEST(cal_01_an_application_picks_a_call_up_and_answers_it)
{
	CtiLineNumberReq req = CTI_LINE_NUMBER_REQ__INIT;
	uint32_t ci;

	port();
	call(PHONE_A, "1004", PHONE_D);
	req.dn = (char *)(uintptr_t) "6002";
	req.number = (char *)(uintptr_t) "8900";
	cm_post_ask(&k, 1, SIG_CtiLineCallPickupReq, &req);
	ci = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	ck_assert(cluster_until_signal(k.c, "ctim1", NULL, SIG_CtiLineCallPickupRes, names_the_call,
				       &ci, SECONDS(1)));
	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, ci, 0);
	SEES(PHONE_A, Connected);
	hang_up(PHONE_A);
}
END_TEST

START_TEST(cal_01_with_auto_call_pickup_a_port_answers_what_it_picks_up)
{
	CtiLineNumberReq req = CTI_LINE_NUMBER_REQ__INIT;

	port();
	call(PHONE_A, "1004", PHONE_D);
	req.dn = (char *)(uintptr_t) "6002";
	req.number = (char *)(uintptr_t) "8900";
	cm_ask(&k, 1, SIG_CtiLineCallPickupReq, &req, CTIERR_SUCCESS);
	SEES(PHONE_A, Connected);
	SEES(PHONE_D, OnHook);
	ck_assert_uint_eq(cm_legs_in(&k, 2, "active10"), 1);
	hang_up(PHONE_A);
}
END_TEST

/* Whom it has not asked, or who has answered already. */
START_TEST(who_picks_up_listens_to_the_nodes_that_it_asks_and_to_nobody_else)
{
	const struct sdl_pid ctim = {
		.node = 1, .type = CTIM_CTI_MANAGER, .app = SDL_APP_CTIMANAGER, .inst = 1
	};
	struct sdl_pid stranger = { .node = 9, .type = 20, .app = SDL_APP_CALLMANAGER, .inst = 1 };
	CtiLineNumberReq req = CTI_LINE_NUMBER_REQ__INIT;
	CcPickupQueryResult res = CC_PICKUP_QUERY_RESULT__INIT;

	port();
	call(PHONE_A, "1004", PHONE_D);
	req.async_response = 9001;
	req.dn = (char *)(uintptr_t) "6002";
	req.number = (char *)(uintptr_t) "8900";
	cluster_enqueue(k.c, "ccm2", ctim, moment_process(k.c, "ccm2", "CTIStationD", NULL, NULL),
			SIG_CtiLineCallPickupReq, &req);
	moment_until(k.c, "ccm2", "Pickup", "asking");
	res.has_leg = res.has_rings_us = true;
	res.leg = sdl_pid_pack(stranger);
	res.rings_us = UINT64_MAX;
	cluster_enqueue(k.c, "ccm2", stranger, moment_process(k.c, "ccm2", "Pickup", NULL, NULL),
			SIG_CcPickupQueryRes, &res);
	cluster_turn(k.c, "ccm2");
	cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	SEES(PHONE_D, OnHook);
	hang_up(PHONE_A);
}
END_TEST

START_TEST(an_application_is_refused_where_there_is_nothing_to_pick_up)
{
	port();
	pickup(NULL, CTIERR_INVALID_PARAMETER);
	pickup("", CTIERR_INVALID_PARAMETER);
	pickup("8900", REFUSED);
	pickup("1234", REFUSED);
	pickup("012345678901234567890123456789012345678901234567890123456789",
	       CTIERR_INVALID_PARAMETER);
}
END_TEST

START_TEST(a_port_that_is_in_a_call_cannot_take_another_one_and_it_rings_on)
{
	uint32_t ci;

	port();
	cm_press(&k, PHONE_D, "call", "6002");
	ci = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, ci, 0);
	SEES(PHONE_D, Connected);
	call(PHONE_A, "1002", PHONE_B);
	pickup("8900", CTIERR_MAXCALL_LIMIT_REACHED);
	cm_press(&k, PHONE_B, "answer", NULL);
	SEES(PHONE_A, Connected);
	hang_up(PHONE_A);
	hang_up(PHONE_D);
}
END_TEST

/* ---- failures ------------------------------------------------------------------------------- */

static bool is_taking(struct cluster *c, void *arg)
{
	(void)c;
	(void)arg;
	return cm_processes_in(&k, 2, "Pickup", "taking") > 0;
}

/* D (ccm3) calls B (ccm1); while a port at ccm2 takes the call, a node dies. */
static void dies_while_taking(const char *node)
{
	CtiLineNumberReq req = CTI_LINE_NUMBER_REQ__INIT;

	port();
	call(PHONE_D, "1002", PHONE_B);
	req.dn = (char *)(uintptr_t) "6002";
	req.number = (char *)(uintptr_t) "8900";
	cm_post_ask(&k, 1, SIG_CtiLineCallPickupReq, &req);
	ck_assert(cluster_until(k.c, is_taking, NULL, SECONDS(1)));
	cluster_kill(k.c, node);
	cluster_advance(k.c, SECONDS(5));
	ck_assert_uint_eq(strcmp(node, "ccm2") ? cm_processes(&k, 2, "Pickup") : 0, 0);
}

START_TEST(cal_03_a_call_that_is_being_picked_up_ends_with_the_node_where_it_rings)
{
	dies_while_taking("ccm1");
	ck_assert_uint_eq(cm_legs_in(&k, 2, "active10"), 0);
	hang_up(PHONE_D);
	cluster_advance(k.c, SECONDS(20));
}
END_TEST

START_TEST(cal_03_a_call_that_is_being_picked_up_ends_with_the_callers_node)
{
	dies_while_taking("ccm3");
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
	ck_assert_uint_eq(cm_legs(&k, 2), 0);
	hang_up(PHONE_D);
}
END_TEST

START_TEST(a_call_rings_on_or_ends_when_the_pickers_node_dies)
{
	dies_while_taking("ccm2");
	ck_assert_uint_eq(cm_legs(&k, 1), cm_legs_in(&k, 1, "call_received7"));
	hang_up(PHONE_D);
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
}
END_TEST

START_TEST(a_node_that_dies_while_all_are_asked_is_not_waited_for)
{
	port();
	call(PHONE_D, "1002", PHONE_B);
	cluster_freeze(k.c, "ccm3");
	cm_open(&k, 1, 2, "CTIP_2", STATIC, 0);
	cm_post_ask(&k, 1, SIG_CtiLineCallPickupReq,
		    &(CtiLineNumberReq){
			    .base = PROTOBUF_C_MESSAGE_INIT(&cti_line_number_req__descriptor),
			    .dn = (char *)(uintptr_t) "6002",
			    .number = (char *)(uintptr_t) "8900" });
	ck_assert(cm_hears(&k, 1, SIG_CtiLineCallPickupRes, SECONDS(10)));
	cluster_thaw(k.c, "ccm3");
	cluster_advance(k.c, SECONDS(20));
	hang_up(PHONE_D);
}
END_TEST

#define CASE(t) SUITE_CASE_WITH(t, up, down)

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		CASE(cal_01_a_call_that_rings_at_one_node_is_picked_up_at_another),
		SUITE_CASE_WITH(cal_01_with_auto_call_pickup_the_key_alone_answers, up_auto, down),
		SUITE_CASE_WITH(a_call_picked_up_automatically_puts_the_one_before_on_hold, up_auto,
				down),
		CASE(the_call_that_rings_longest_is_picked_up_first),
		CASE(of_two_who_pick_up_at_once_one_gets_the_call),
		CASE(a_call_picked_up_can_be_picked_up_from_the_picker),
		CASE(where_nothing_rings_but_the_own_line_there_is_nothing_to_pick_up),
		SUITE_CASE_WITH(who_picks_up_gets_the_call_whatever_the_own_forward_says,
				up_forwarded, down),
		CASE(a_call_that_was_picked_up_is_not_forwarded_by_who_was_called),
		CASE(cal_01_an_application_picks_a_call_up_and_answers_it),
		SUITE_CASE_WITH(cal_01_with_auto_call_pickup_a_port_answers_what_it_picks_up,
				up_auto, down),
		CASE(who_picks_up_listens_to_the_nodes_that_it_asks_and_to_nobody_else),
		CASE(an_application_is_refused_where_there_is_nothing_to_pick_up),
		CASE(a_port_that_is_in_a_call_cannot_take_another_one_and_it_rings_on),
		CASE(cal_03_a_call_that_is_being_picked_up_ends_with_the_node_where_it_rings),
		CASE(cal_03_a_call_that_is_being_picked_up_ends_with_the_callers_node),
		CASE(a_call_rings_on_or_ends_when_the_pickers_node_dies),
		CASE(a_node_that_dies_while_all_are_asked_is_not_waited_for),
	};

	return suite_main(argc, argv, "cluster/test_pickup", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
