/* Call park: parked, retrieved at any node, given back to who parked it; and what dies with whom. */
#include "tests/lib/cm_cluster.h"
#include "tests/lib/moment.h"
#include "tests/lib/suite.h"

#include <sqlite3.h>
#include <string.h>

static struct cm_cluster k;

static void up(void)
{
	cm_cluster_up(&k);
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

static bool same_text(const void *msg, void *arg)
{
	return strcmp(((const StationDisplayPrompt *)msg)->text, arg) == 0;
}

static bool displays(const char *phone, const char *text)
{
	return cluster_until_signal(k.c, "phones", phone, SIG_StationDisplayPromptStatus, same_text,
				    (void *)(uintptr_t)text, SECONDS(1));
}

static unsigned slots(uint8_t node, const char *state)
{
	return cm_processes_in(&k, node, "ParkSlot", state);
}

/* from (at ccm3) calls a phone at ccm1, which answers. */
static void call_d_to(const char *number, const char *phone)
{
	cm_press(&k, PHONE_D, "call", number);
	SEES(phone, RingIn);
	cm_press(&k, phone, "answer", NULL);
	SEES(PHONE_D, Connected);
	cluster_advance(k.c, SECONDS(1));
}

/* D is parked by A at 8801. */
static void park_d(void)
{
	call_d_to("1001", PHONE_A);
	cm_press(&k, PHONE_A, "park", NULL);
	SEES(PHONE_A, OnHook);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(slots(1, "parked"), 1);
}

static void hang_up(const char *phone)
{
	cm_press(&k, phone, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
}

/* ---- parked and retrieved ------------------------------------------------------------------- */

START_TEST(cal_01_a_phone_parks_a_call_sees_where_and_another_phone_retrieves_it)
{
	call_d_to("1001", PHONE_A);
	cm_press(&k, PHONE_A, "park", NULL);
	ck_assert(displays(PHONE_A, "Call Park At 8801"));
	SEES(PHONE_A, OnHook);
	ck_assert(cm_phone_gets(&k, PHONE_D, SIG_StationCloseReceiveChannel, SECONDS(1)));
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
	ck_assert_uint_eq(cm_legs_in(&k, 3, "active10"), 1);
	cm_press(&k, PHONE_B, "call", "8801");
	SEES(PHONE_B, Connected);
	ck_assert(cm_phone_gets(&k, PHONE_B, SIG_MediaStreamStarted, SECONDS(2)));
	ck_assert(cm_phone_gets(&k, PHONE_D, SIG_MediaStreamStarted, SECONDS(2)));
	ck_assert_uint_eq(slots(1, NULL), 0);
	hang_up(PHONE_B);
	ck_assert_uint_eq(cm_legs(&k, 3), 0);
}
END_TEST

START_TEST(cal_01_a_call_parked_at_one_node_is_retrieved_at_another)
{
	cm_press(&k, PHONE_B, "call", "1001");
	SEES(PHONE_A, RingIn);
	cm_press(&k, PHONE_A, "answer", NULL);
	SEES(PHONE_B, Connected);
	cm_press(&k, PHONE_A, "park", NULL);
	SEES(PHONE_A, OnHook);
	cm_press(&k, PHONE_D, "call", "8801");
	SEES(PHONE_D, Connected);
	ck_assert(cm_phone_gets(&k, PHONE_D, SIG_MediaStreamStarted, SECONDS(2)));
	hang_up(PHONE_B);
	ck_assert_uint_eq(cm_legs(&k, 3), 0);
}
END_TEST

START_TEST(who_called_parks_as_well_and_may_retrieve_himself)
{
	cm_press(&k, PHONE_A, "call", "1004");
	SEES(PHONE_D, RingIn);
	cm_press(&k, PHONE_D, "answer", NULL);
	SEES(PHONE_A, Connected);
	cm_press(&k, PHONE_A, "park", NULL);
	SEES(PHONE_A, OnHook);
	cm_press(&k, PHONE_A, "call", "8801");
	SEES(PHONE_A, Connected);
	ck_assert(cm_phone_gets(&k, PHONE_D, SIG_MediaStreamStarted, SECONDS(2)));
	hang_up(PHONE_D);
}
END_TEST

START_TEST(a_parked_party_that_hangs_up_frees_the_number)
{
	park_d();
	hang_up(PHONE_D);
	ck_assert_uint_eq(slots(1, NULL), 0);
	park_d();
	hang_up(PHONE_D);
}
END_TEST

START_TEST(a_parked_party_may_hold_and_speaks_when_both_are_back)
{
	park_d();
	cm_press(&k, PHONE_D, "hold", NULL);
	SEES(PHONE_D, Hold);
	cm_press(&k, PHONE_B, "call", "8801");
	SEES(PHONE_B, Connected);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(
		cluster_count_signal(k.c, "phones", PHONE_D, SIG_MediaStreamStarted, NULL, NULL),
		0);
	cm_press(&k, PHONE_D, "resume", NULL);
	ck_assert(cm_phone_gets(&k, PHONE_D, SIG_MediaStreamStarted, SECONDS(2)));
	ck_assert(cm_phone_gets(&k, PHONE_B, SIG_MediaStreamStarted, SECONDS(2)));
	hang_up(PHONE_D);
}
END_TEST

START_TEST(keys_pressed_while_parked_are_heard_by_nobody)
{
	park_d();
	cm_press(&k, PHONE_D, "dial", "1");
	cluster_advance(k.c, SECONDS(1));
	hang_up(PHONE_D);
}
END_TEST

START_TEST(cal_01_of_two_who_retrieve_at_once_one_gets_the_call)
{
	bool b, c;

	park_d();
	cm_press(&k, PHONE_B, "call", "8801");
	cluster_post(k.c, "phones", PHONES_PHONE_INIT, SIG_PhoneCommand,
		     &(PhoneCommand){ .base = PROTOBUF_C_MESSAGE_INIT(&phone_command__descriptor),
				      .phone = (char *)(uintptr_t)PHONE_C,
				      .verb = (char *)(uintptr_t) "call",
				      .number = (char *)(uintptr_t) "8801" });
	cluster_advance(k.c, SECONDS(2));
	b = cm_phone_sees(&k, PHONE_B, STATION_CALL_STATE_VALUE__Connected, 0);
	c = cm_phone_sees(&k, PHONE_C, STATION_CALL_STATE_VALUE__Connected, 0);
	ck_assert(b != c);
	ck_assert(cm_phone_sees(&k, b ? PHONE_C : PHONE_B, STATION_CALL_STATE_VALUE__InvalidNumber,
				0));
	cm_press(&k, PHONE_B, "hangup", NULL);
	cm_press(&k, PHONE_C, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(nobody_is_found_at_a_park_number_where_no_call_is)
{
	cm_press(&k, PHONE_B, "call", "8820");
	SEES(PHONE_B, InvalidNumber);
	hang_up(PHONE_B);
	cm_press(&k, PHONE_B, "call", "8890");
	SEES(PHONE_B, InvalidNumber);
	hang_up(PHONE_B);
}
END_TEST

/* ---- the parked party transfers -------------------------------------------------------------- */

/* D, who is parked at 8801, calls that number about it. */
static void d_consults(const char *number)
{
	park_d();
	cm_press(&k, PHONE_D, "transfer", number);
}

START_TEST(cal_01_a_parked_party_transfers_its_place_to_another_one)
{
	d_consults("1003");
	SEES(PHONE_C, RingIn);
	cm_press(&k, PHONE_C, "answer", NULL);
	SEES(PHONE_D, Connected);
	cm_press(&k, PHONE_D, "transfer", NULL);
	SEES(PHONE_D, OnHook);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(slots(1, "parked"), 1);
	ck_assert_uint_eq(cm_legs(&k, 3), 0);
	cm_press(&k, PHONE_B, "call", "8801");
	SEES(PHONE_B, Connected);
	ck_assert(cm_phone_gets(&k, PHONE_C, SIG_MediaStreamStarted, SECONDS(2)));
	hang_up(PHONE_B);
}
END_TEST

START_TEST(who_rings_in_the_place_of_a_parked_party_is_not_sent_back_and_can_be_retrieved)
{
	d_consults("1003");
	SEES(PHONE_C, RingIn);
	cm_press(&k, PHONE_D, "transfer", NULL);
	SEES(PHONE_D, OnHook);
	cluster_advance(k.c, SECONDS(65));
	ck_assert_uint_eq(slots(1, "parked"), 1);
	cm_press(&k, PHONE_B, "call", "8801");
	SEES(PHONE_B, RingOut);
	cm_press(&k, PHONE_C, "answer", NULL);
	SEES(PHONE_B, Connected);
	ck_assert(cm_phone_gets(&k, PHONE_B, SIG_MediaStreamStarted, SECONDS(2)));
	hang_up(PHONE_B);
}
END_TEST

START_TEST(who_answers_in_the_place_of_a_parked_party_goes_to_who_parked_in_the_end)
{
	d_consults("1003");
	SEES(PHONE_C, RingIn);
	cm_press(&k, PHONE_D, "transfer", NULL);
	SEES(PHONE_D, OnHook);
	cm_press(&k, PHONE_C, "answer", NULL);
	SEES(PHONE_C, Connected);
	SEES_WITHIN(PHONE_A, RingIn, 130);
	ck_assert_uint_eq(slots(1, NULL), 0);
	cm_press(&k, PHONE_A, "answer", NULL);
	ck_assert(cm_phone_gets(&k, PHONE_C, SIG_MediaStreamStarted, SECONDS(2)));
	hang_up(PHONE_A);
}
END_TEST

START_TEST(two_parked_calls_are_not_connected_with_each_other)
{
	uint32_t ci;

	cm_open(&k, 1, 2, "CTIP_2", MEDIA_REGISTRATION__STATIC, 0);
	cm_open_line(&k, 1, "6002", 0);
	d_consults("6002");
	ci = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, ci, 0);
	cluster_advance(k.c, SECONDS(1));
	cm_request(&k, 1, SIG_CtiLineCallParkReq, ci, 0);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_D, "transfer", NULL);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(slots(1, "parked"), 1);
	ck_assert_uint_eq(slots(2, "parked"), 1);
	ck_assert_uint_eq(cm_legs(&k, 3), 2);
	hang_up(PHONE_D);
	hang_up(PHONE_D);
}
END_TEST

START_TEST(a_party_of_a_conference_is_not_parked_and_a_parked_party_makes_no_conference)
{
	uint32_t ci;

	cm_plug_bridge(&k, 1);
	cm_plug_bridge(&k, 3);
	cm_open(&k, 1, 2, "CTIP_2", MEDIA_REGISTRATION__STATIC, 0);
	cm_open_line(&k, 1, "6002", 0);
	call_d_to("1001", PHONE_A);
	cm_press(&k, PHONE_A, "conference", "6002");
	ci = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, ci, 0);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_A, "conference", NULL);
	cluster_advance(k.c, SECONDS(2));
	ck_assert_uint_eq(cm_processes(&k, 1, "Conference"), 1);
	cm_request(&k, 1, SIG_CtiLineCallParkReq, ci, CTIERR_UNSUPPORTED_CALL_PARK_TYPE);
	ck_assert_uint_eq(slots(2, NULL), 0);
	hang_up(PHONE_A);
	hang_up(PHONE_D);
	park_d();
	cm_press(&k, PHONE_D, "conference", "1003");
	SEES(PHONE_C, RingIn);
	cm_press(&k, PHONE_C, "answer", NULL);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_D, "conference", NULL);
	cluster_advance(k.c, SECONDS(2));
	ck_assert_uint_eq(cm_processes(&k, 3, "Conference"), 0);
	ck_assert_uint_eq(slots(1, "parked"), 1);
	hang_up(PHONE_D);
	hang_up(PHONE_D);
}
END_TEST

static bool slot_is_moving(struct cluster *c, void *arg)
{
	(void)c;
	(void)arg;
	return slots(1, "moving") > 0;
}

static void dies_while_moving(const char *node)
{
	cm_open(&k, 1, 2, "CTIP_2", MEDIA_REGISTRATION__STATIC, 0);
	cm_open_line(&k, 1, "6002", 0);
	d_consults("6002");
	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING),
		   0);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_D, "transfer", NULL);
	ck_assert(cluster_until(k.c, slot_is_moving, NULL, SECONDS(1)));
	cluster_kill(k.c, node);
	cluster_advance(k.c, SECONDS(5));
}

START_TEST(cal_03_a_parked_call_that_is_being_transferred_ends_with_the_transferring_node)
{
	dies_while_moving("ccm3");
	ck_assert_uint_eq(slots(1, NULL), 0);
	ck_assert_uint_eq(cm_legs(&k, 2), 0);
	hang_up(PHONE_D);
}
END_TEST

START_TEST(cal_03_a_parked_call_that_is_being_transferred_ends_with_the_new_partys_node)
{
	dies_while_moving("ccm2");
	ck_assert_uint_eq(slots(1, NULL), 0);
	hang_up(PHONE_D);
	hang_up(PHONE_D);
}
END_TEST

START_TEST(cal_03_a_parked_call_that_is_being_transferred_ends_with_the_slots_node)
{
	dies_while_moving("ccm1");
	ck_assert_uint_eq(cm_legs(&k, 2), 0);
	hang_up(PHONE_D);
	cluster_advance(k.c, SECONDS(20));
}
END_TEST

/* ---- applications --------------------------------------------------------------------------- */

static uint32_t answered_at_port(void)
{
	uint32_t ci;

	cm_open(&k, 1, 2, "CTIP_2", MEDIA_REGISTRATION__STATIC, 0);
	cm_open_line(&k, 1, "6002", 0);
	cm_press(&k, PHONE_A, "call", "6002");
	ci = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, ci, 0);
	SEES(PHONE_A, Connected);
	cluster_advance(k.c, SECONDS(1));
	return ci;
}

static bool at_8820(const void *msg, void *arg)
{
	const CtiLineCallRes *res = msg;

	(void)arg;
	return res->result == 0 && res->number && strcmp(res->number, "8820") == 0;
}

static uint32_t unpark(const char *number, uint32_t result)
{
	CtiLineNumberReq req = CTI_LINE_NUMBER_REQ__INIT;

	req.dn = (char *)(uintptr_t) "6002";
	req.number = (char *)(uintptr_t)number;
	if (result) {
		cm_ask(&k, 1, SIG_CtiLineCallUnParkReq, &req, result);
		return 0;
	}
	cm_post_ask(&k, 1, SIG_CtiLineCallUnParkReq, &req);
	return cm_new_call(&k, 1, CTI_CALL_STATE__DIALTONE);
}

START_TEST(cal_01_an_application_parks_and_retrieves_the_call)
{
	uint32_t ci = answered_at_port();

	cm_post_request(&k, 1, SIG_CtiLineCallParkReq, ci);
	ck_assert(cluster_until_signal(k.c, "ctim1", NULL, SIG_CtiLineCallParkRes, at_8820, NULL,
				       SECONDS(1)));
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(slots(2, "parked"), 1);
	ci = unpark("8820", 0);
	ck_assert(cm_call_state(&k, 1, ci, CTI_CALL_STATE__CONNECTED, NULL, SECONDS(1)));
	ck_assert(cm_hears(&k, 1, SIG_CtiLineCallUnParkRes, SECONDS(1)));
	ck_assert(cm_hears(&k, 1, SIG_CtiGlobalCallHandleChangedNotify, SECONDS(1)));
	cluster_advance(k.c, SECONDS(1));
	hang_up(PHONE_A);
}
END_TEST

START_TEST(a_call_is_parked_only_while_it_is_connected)
{
	uint32_t ci;

	cm_open(&k, 1, 2, "CTIP_2", MEDIA_REGISTRATION__STATIC, 0);
	cm_open_line(&k, 1, "6002", 0);
	cm_press(&k, PHONE_A, "call", "6002");
	ci = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	cm_request(&k, 1, SIG_CtiLineCallParkReq, ci,
		   CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, ci, 0);
	SEES(PHONE_A, Connected);
	cm_request(&k, 1, SIG_CtiLineCallHoldReq, ci, 0);
	cm_request(&k, 1, SIG_CtiLineCallParkReq, ci,
		   CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	cm_request(&k, 1, SIG_CtiLineCallParkReq, ci + 5, CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL);
	hang_up(PHONE_A);
}
END_TEST

START_TEST(cal_04_a_preserved_call_is_not_parked)
{
	uint32_t ci = answered_at_port();

	cluster_kill(k.c, "ccm1");
	cluster_advance(k.c, SECONDS(1));
	cm_request(&k, 1, SIG_CtiLineCallParkReq, ci,
		   CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	cm_request(&k, 1, SIG_CtiLineCallDisconnectReq, ci, 0);
	hang_up(PHONE_A);
	cluster_advance(k.c, SECONDS(20));
}
END_TEST

START_TEST(without_a_free_number_the_call_stays_where_it_is)
{
	park_d();
	cm_press(&k, PHONE_B, "call", "1003");
	SEES(PHONE_C, RingIn);
	cm_press(&k, PHONE_C, "answer", NULL);
	SEES(PHONE_B, Connected);
	cm_press(&k, PHONE_C, "park", NULL);
	ck_assert(displays(PHONE_C, "No Park Number Available"));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 2);
	cm_open(&k, 1, 1, PHONE_C, MEDIA_REGISTRATION__NO_MEDIA, 0);
	cm_open_line(&k, 1, "1003", 0);
	ck_assert(cm_hears(&k, 1, SIG_CtiExistingCallNotify, SECONDS(1)));
	cm_request(&k, 1, SIG_CtiLineCallParkReq, k.driver[1].ci, CTIERR_CALL_PARK_NO_DN);
	hang_up(PHONE_C);
	hang_up(PHONE_D);
}
END_TEST

/* The database takes patterns of all kinds; park numbers are digits and X. */
static void up_without_range(void)
{
	cm_cluster_up(&k);
	ck_assert_int_eq(sqlite3_exec(db_sqlite(k.db),
				      "UPDATE numplan SET dnorpattern = '88[1-3]' "
				      "WHERE dnorpattern = '8801'",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	cm_cluster_start(&k, 3);
	cm_plug_all(&k);
}

START_TEST(two_calls_that_are_parked_at_one_node_are_told_apart)
{
	const struct sdl_pid stranger = {
		.node = 2, .type = 13, .app = SDL_APP_CALLMANAGER, .inst = 9999
	};
	CcParkStatus status = CC_PARK_STATUS__INIT;

	cm_open(&k, 1, 2, "CTIP_2", MEDIA_REGISTRATION__STATIC, 0);
	cm_open_line(&k, 1, "6002", 0);
	for (int i = 0; i < 2; i++) {
		uint32_t ci;

		cm_press(&k, i ? PHONE_A : PHONE_D, "call", "6002");
		ci = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
		cm_request(&k, 1, SIG_CtiLineCallAnswerReq, ci, 0);
		cluster_advance(k.c, SECONDS(1));
		cm_request(&k, 1, SIG_CtiLineCallParkReq, ci, 0);
		cluster_advance(k.c, SECONDS(1));
	}
	cluster_enqueue(k.c, "ccm2", stranger,
			moment_process(k.c, "ccm2", "ParkManager", NULL, NULL), SIG_CcParkStatusInd,
			&status); /* of no slot */
	cluster_turn(k.c, "ccm2");
	ck_assert_uint_eq(slots(2, "parked"), 2);
	cm_press(&k, PHONE_B, "call", "8821");
	SEES(PHONE_B, Connected);
	ck_assert(cm_phone_gets(&k, PHONE_A, SIG_MediaStreamStarted, SECONDS(2)));
	ck_assert_uint_eq(slots(2, "parked"), 1);
	hang_up(PHONE_B);
	hang_up(PHONE_D);
}
END_TEST

START_TEST(a_pattern_that_is_no_range_of_park_numbers_gives_none)
{
	call_d_to("1001", PHONE_A);
	cm_press(&k, PHONE_A, "park", NULL);
	ck_assert(displays(PHONE_A, "No Park Number Available"));
	ck_assert_uint_eq(slots(1, NULL), 0);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 1);
	hang_up(PHONE_D);
}
END_TEST

START_TEST(what_is_no_park_number_or_holds_no_call_is_refused_by_name)
{
	cm_open(&k, 1, 2, "CTIP_2", MEDIA_REGISTRATION__STATIC, 0);
	cm_open_line(&k, 1, "6002", 0);
	unpark("1001", CTIERR_INVALID_PARK_DN);
	unpark("88", CTIERR_INVALID_PARK_DN);
	unpark("", CTIERR_INVALID_PARK_DN);
	unpark(NULL, CTIERR_INVALID_PARK_DN);
	unpark("8821", CTIERR_CALL_UNPARK_FAILED);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_legs(&k, 2), 0);
}
END_TEST

START_TEST(a_parked_party_cannot_be_sent_elsewhere)
{
	cm_open(&k, 1, 3, PHONE_D, MEDIA_REGISTRATION__NO_MEDIA, 0);
	cm_open_line(&k, 1, "1004", 0);
	park_d();
	cm_redirect(&k, 1, k.driver[1].ci, "1002",
		    CTIERR_REDIRECT_CALL_PENDING_REDIRECT_TRANSACTION);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(slots(1, "parked"), 1);
	hang_up(PHONE_D);
}
END_TEST

/* ---- reversion ------------------------------------------------------------------------------ */

START_TEST(cal_01_a_call_that_nobody_retrieves_goes_back_to_who_parked_it)
{
	park_d();
	cluster_advance(k.c, SECONDS(57));
	ck_assert_uint_eq(slots(1, "parked"), 1);
	cluster_mark(k.c);
	SEES_WITHIN(PHONE_A, RingIn, 5);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(slots(1, NULL), 0);
	cm_press(&k, PHONE_A, "answer", NULL);
	SEES(PHONE_D, Connected);
	ck_assert(cm_phone_gets(&k, PHONE_D, SIG_MediaStreamStarted, SECONDS(2)));
	hang_up(PHONE_D);
}
END_TEST

START_TEST(a_call_whose_parker_is_gone_stays_parked_and_can_be_retrieved)
{
	uint32_t ci = answered_at_port();

	cm_request(&k, 1, SIG_CtiLineCallParkReq, ci, 0);
	cm_close(&k, 1, 2, "CTIP_2");
	cluster_advance(k.c, SECONDS(130));
	ck_assert_uint_eq(slots(2, "parked"), 1);
	cm_press(&k, PHONE_D, "call", "8820");
	SEES(PHONE_D, Connected);
	hang_up(PHONE_A);
}
END_TEST

START_TEST(the_display_forgets_the_number_after_the_call_park_display_timer)
{
	call_d_to("1001", PHONE_A);
	cm_press(&k, PHONE_A, "park", NULL);
	ck_assert(displays(PHONE_A, "Call Park At 8801"));
	cluster_advance(k.c, SECONDS(9));
	ck_assert_uint_eq(
		cluster_count_signal(k.c, "phones", PHONE_A, SIG_StationPromptTimer, NULL, NULL),
		0);
	ck_assert(cm_phone_gets(&k, PHONE_A, SIG_StationPromptTimer, SECONDS(2)));
	hang_up(PHONE_D);
}
END_TEST

/* ---- failures ------------------------------------------------------------------------------- */

START_TEST(cal_03_a_parked_call_ends_with_the_node_where_it_is_parked)
{
	park_d();
	cluster_kill(k.c, "ccm1");
	SEES_WITHIN(PHONE_D, OnHook, 5);
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

START_TEST(cal_03_a_parked_call_ends_with_the_parked_partys_node)
{
	park_d();
	cluster_kill(k.c, "ccm3");
	cluster_advance(k.c, SECONDS(5));
	ck_assert_uint_eq(slots(1, NULL), 0);
	hang_up(PHONE_D);
}
END_TEST

START_TEST(cal_02_a_third_node_means_nothing_to_a_parked_call)
{
	park_d();
	cluster_kill(k.c, "ccm2");
	cluster_advance(k.c, SECONDS(5));
	cm_press(&k, PHONE_B, "call", "8801");
	SEES(PHONE_B, Connected);
	hang_up(PHONE_D);
}
END_TEST

START_TEST(cal_02_the_node_where_it_was_parked_means_nothing_to_a_retrieved_call)
{
	uint32_t ci = answered_at_port(); /* parked at ccm2 */

	cm_request(&k, 1, SIG_CtiLineCallParkReq, ci, 0);
	cm_press(&k, PHONE_D, "call", "8820");
	SEES(PHONE_D, Connected);
	cluster_advance(k.c, SECONDS(1));
	cluster_kill(k.c, "ccm2");
	cluster_advance(k.c, SECONDS(5));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 1);
	ck_assert_uint_eq(cm_legs_in(&k, 3, "active10"), 1);
	hang_up(PHONE_A);
}
END_TEST

/* Until a slot of the node is in that state. */
static bool slot_is(struct cluster *c, void *arg)
{
	const char *state = arg;

	(void)c;
	return slots(1, state) > 0;
}

static void until_slot_is(const char *state)
{
	ck_assert(cluster_until(k.c, slot_is, (void *)(uintptr_t)state, SECONDS(70)));
}

static bool is_transferring(struct cluster *c, void *arg)
{
	(void)c;
	(void)arg;
	return cm_legs_in(&k, 3, "transferring") > 0;
}

/* While the parker is being left out, and the other side knows, that node dies. */
static void dies_while_preparing(const char *node)
{
	call_d_to("1001", PHONE_A);
	cm_press(&k, PHONE_A, "park", NULL);
	ck_assert(cluster_until(k.c, is_transferring, NULL, SECONDS(1)));
	cluster_kill(k.c, node);
	cluster_advance(k.c, SECONDS(5));
}

START_TEST(cal_03_a_park_begun_and_not_completed_ends_with_the_other_sides_node)
{
	dies_while_preparing("ccm3");
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
	ck_assert_uint_eq(slots(1, NULL), 0);
	hang_up(PHONE_D);
}
END_TEST

START_TEST(cal_03_a_park_begun_and_not_completed_ends_with_the_parkers_node)
{
	dies_while_preparing("ccm1");
	ck_assert_uint_eq(cm_legs(&k, 3), 0);
	cluster_advance(k.c, SECONDS(20));
}
END_TEST

START_TEST(cal_02_a_park_begun_does_not_need_a_third_node)
{
	dies_while_preparing("ccm2");
	ck_assert_uint_eq(slots(1, "parked"), 1);
	hang_up(PHONE_D);
}
END_TEST

/* While a port at ccm2 retrieves, that node dies. */
static void dies_while_retrieving(const char *node)
{
	cm_open(&k, 1, 2, "CTIP_2", MEDIA_REGISTRATION__STATIC, 0);
	cm_open_line(&k, 1, "6002", 0);
	park_d();
	unpark("8801", 0);
	until_slot_is("retrieving");
	cluster_kill(k.c, node);
	cluster_advance(k.c, SECONDS(5));
}

START_TEST(cal_03_a_retrieval_begun_and_not_completed_ends_with_the_slots_node)
{
	dies_while_retrieving("ccm1");
	ck_assert_uint_eq(cm_legs(&k, 2), 0);
	ck_assert_uint_eq(cm_legs(&k, 3), 0);
	cluster_advance(k.c, SECONDS(20));
}
END_TEST

START_TEST(cal_03_a_retrieval_begun_and_not_completed_ends_with_the_parked_partys_node)
{
	dies_while_retrieving("ccm3");
	ck_assert_uint_eq(cm_legs(&k, 2), 0);
	ck_assert_uint_eq(slots(1, NULL), 0);
	hang_up(PHONE_D);
}
END_TEST

START_TEST(cal_03_a_retrieval_ends_with_the_retrievers_node_and_leaves_nothing)
{
	dies_while_retrieving("ccm2");
	ck_assert_uint_eq(slots(1, "retrieving"), 0);
	ck_assert_uint_eq(cm_legs(&k, 3), slots(1, "parked"));
	if (slots(1, "parked"))
		hang_up(PHONE_D);
}
END_TEST

START_TEST(cal_03_a_call_that_reverts_ends_with_the_slots_node)
{
	park_d();
	until_slot_is("reverting");
	cluster_kill(k.c, "ccm1");
	cluster_advance(k.c, SECONDS(20));
	ck_assert_uint_eq(cm_legs(&k, 3), 0);
}
END_TEST

START_TEST(a_retriever_that_hangs_up_too_early_leaves_the_call_parked)
{
	cm_open(&k, 1, 2, "CTIP_2", MEDIA_REGISTRATION__STATIC, 0);
	cm_open_line(&k, 1, "6002", 0);
	park_d();
	unpark("8801", 0);
	cm_post_request(&k, 1, SIG_CtiLineCallDisconnectReq, k.driver[1].ci);
	cluster_advance(k.c, SECONDS(3));
	if (slots(1, "parked"))
		hang_up(PHONE_D);
	ck_assert_uint_eq(slots(1, NULL), 0);
}
END_TEST

#define CASE(t) SUITE_CASE_WITH(t, up, down)

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		CASE(cal_01_a_phone_parks_a_call_sees_where_and_another_phone_retrieves_it),
		CASE(cal_01_a_call_parked_at_one_node_is_retrieved_at_another),
		CASE(who_called_parks_as_well_and_may_retrieve_himself),
		CASE(a_parked_party_that_hangs_up_frees_the_number),
		CASE(a_parked_party_may_hold_and_speaks_when_both_are_back),
		CASE(keys_pressed_while_parked_are_heard_by_nobody),
		CASE(cal_01_of_two_who_retrieve_at_once_one_gets_the_call),
		CASE(nobody_is_found_at_a_park_number_where_no_call_is),
		CASE(cal_01_a_parked_party_transfers_its_place_to_another_one),
		CASE(who_rings_in_the_place_of_a_parked_party_is_not_sent_back_and_can_be_retrieved),
		CASE(who_answers_in_the_place_of_a_parked_party_goes_to_who_parked_in_the_end),
		CASE(two_parked_calls_are_not_connected_with_each_other),
		CASE(a_party_of_a_conference_is_not_parked_and_a_parked_party_makes_no_conference),
		CASE(cal_03_a_parked_call_that_is_being_transferred_ends_with_the_transferring_node),
		CASE(cal_03_a_parked_call_that_is_being_transferred_ends_with_the_new_partys_node),
		CASE(cal_03_a_parked_call_that_is_being_transferred_ends_with_the_slots_node),
		CASE(cal_01_an_application_parks_and_retrieves_the_call),
		CASE(a_call_is_parked_only_while_it_is_connected),
		CASE(cal_04_a_preserved_call_is_not_parked),
		CASE(without_a_free_number_the_call_stays_where_it_is),
		CASE(two_calls_that_are_parked_at_one_node_are_told_apart),
		SUITE_CASE_WITH(a_pattern_that_is_no_range_of_park_numbers_gives_none,
				up_without_range, down),
		CASE(what_is_no_park_number_or_holds_no_call_is_refused_by_name),
		CASE(a_parked_party_cannot_be_sent_elsewhere),
		CASE(cal_01_a_call_that_nobody_retrieves_goes_back_to_who_parked_it),
		CASE(a_call_whose_parker_is_gone_stays_parked_and_can_be_retrieved),
		CASE(the_display_forgets_the_number_after_the_call_park_display_timer),
		CASE(cal_03_a_parked_call_ends_with_the_node_where_it_is_parked),
		CASE(cal_03_a_parked_call_ends_with_the_parked_partys_node),
		CASE(cal_02_a_third_node_means_nothing_to_a_parked_call),
		CASE(cal_02_the_node_where_it_was_parked_means_nothing_to_a_retrieved_call),
		CASE(cal_03_a_park_begun_and_not_completed_ends_with_the_other_sides_node),
		CASE(cal_03_a_park_begun_and_not_completed_ends_with_the_parkers_node),
		CASE(cal_02_a_park_begun_does_not_need_a_third_node),
		CASE(cal_03_a_retrieval_begun_and_not_completed_ends_with_the_slots_node),
		CASE(cal_03_a_retrieval_begun_and_not_completed_ends_with_the_parked_partys_node),
		CASE(cal_03_a_retrieval_ends_with_the_retrievers_node_and_leaves_nothing),
		CASE(cal_03_a_call_that_reverts_ends_with_the_slots_node),
		CASE(a_retriever_that_hangs_up_too_early_leaves_the_call_parked),
	};

	return suite_main(argc, argv, "cluster/test_park", cases, sizeof(cases) / sizeof(cases[0]));
}
