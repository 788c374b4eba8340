/* Ports and route points at the CallManager, and phones that an application controls: what a
 * CTIManager may ask, what it is told, and what becomes of calls when applications and nodes go. */
#include "tests/lib/cm_cluster.h"
#include "tests/lib/suite.h"

static struct cm_cluster k;

static void up(void)
{
	cm_cluster_up(&k);
	cm_cluster_start(&k, 3);
	cm_plug_all(&k);
}

static void down(void)
{
	cluster_advance(k.c, SECONDS(1));
	cm_cluster_down(&k);
}

#define STATIC_MEDIA  MEDIA_REGISTRATION__STATIC
#define DYNAMIC_MEDIA MEDIA_REGISTRATION__DYNAMIC
#define NO_MEDIA      MEDIA_REGISTRATION__NO_MEDIA

#define SEES(phone, what)                                                                          \
	ck_assert_msg(cm_phone_sees(&k, phone, STATION_CALL_STATE_VALUE__##what, SECONDS(3)),      \
		      "%s does not show " #what, phone)
#define TOLD(ctim, ci, what)                                                                       \
	ck_assert_msg(cm_call_state(&k, ctim, ci, CTI_CALL_STATE__##what, NULL, SECONDS(2)),       \
		      "ctim%d is not told " #what, ctim)
#define TOLD_CAUSE(ctim, ci, what, why)                                                            \
	do {                                                                                       \
		uint32_t cause_;                                                                   \
		ck_assert_msg(                                                                     \
			cm_call_state(&k, ctim, ci, CTI_CALL_STATE__##what, &cause_, SECONDS(6)),  \
			"ctim%d is not told " #what, ctim);                                        \
		ck_assert_uint_eq(cause_, CAUSE_CALL_##why);                                       \
	} while (0)
#define HEARS(ctim, what) ck_assert(cm_hears(&k, ctim, SIG_##what, SECONDS(2)))

static void open_port(void)
{
	cm_open(&k, 1, 1, "CTIP_1", STATIC_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "6001", CTIERR_SUCCESS);
}

static void open_route_point(void)
{
	cm_open(&k, 1, 1, "CTIRP_5000", DYNAMIC_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "5000", CTIERR_SUCCESS);
}

/* A calls the port, which answers. */
static uint32_t connect_port(void)
{
	uint32_t ci;

	open_port();
	cm_press(&k, PHONE_A, "call", "6001");
	ci = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, ci, CTIERR_SUCCESS);
	SEES(PHONE_A, Connected);
	cluster_advance(k.c, MS(100));
	return ci;
}

static uint32_t offer(const char *number)
{
	cm_press(&k, PHONE_A, "call", number);
	return cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
}

/* ---- calls --------------------------------------------------------------------------------- */

START_TEST(cal_01_a_port_is_called_answers_holds_retrieves_and_drops)
{
	uint32_t ci = connect_port();

	cm_request(&k, 1, SIG_CtiLineCallHoldReq, ci, CTIERR_SUCCESS);
	HEARS(1, CtiStopReceptionNotify);
	cm_request(&k, 1, SIG_CtiLineCallHoldReq, ci,
		   CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	cm_request(&k, 1, SIG_CtiLineCallRetrieveReq, ci, CTIERR_SUCCESS);
	HEARS(1, CtiStartTransmissionNotify);
	cm_request(&k, 1, SIG_CtiLineCallDisconnectReq, ci, CTIERR_SUCCESS);
	TOLD_CAUSE(1, ci, DISCONNECTED, NORMALCALLCLEARING);
	TOLD(1, ci, IDLE);
	HEARS(1, CtiCallClosedNotify);
	SEES(PHONE_A, OnHook);
	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, ci, CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL);
}
END_TEST

START_TEST(prt_03_a_port_line_carries_one_call)
{
	uint32_t ci = connect_port();

	cm_press(&k, PHONE_B, "call", "6001");
	SEES(PHONE_B, Busy);
	cm_initiate(&k, 1, "6001", "1003", CTIERR_CALL_ALREADY_EXISTS);
	cm_request(&k, 1, SIG_CtiLineCallDisconnectReq, ci, CTIERR_SUCCESS);
	cm_press(&k, PHONE_B, "hangup", NULL);
}
END_TEST

START_TEST(dev_08_a_port_calls_a_phone_of_another_node_and_is_told_each_step)
{
	uint32_t ci;

	open_port();
	cm_initiate(&k, 1, "6001", "1004", CTIERR_SUCCESS);
	ci = k.driver[1].ci;
	cluster_mark(k.c);
	TOLD(1, ci, RINGBACK);
	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, ci, CTIERR_CALLHANDLE_NOTINCOMINGCALL);
	cm_press(&k, PHONE_D, "answer", NULL);
	TOLD(1, ci, CONNECTED);
	HEARS(1, CtiStartTransmissionNotify);
	cm_press(&k, PHONE_D, "hangup", NULL);
	TOLD(1, ci, DISCONNECTED);
}
END_TEST

START_TEST(a_call_to_an_unknown_number_ends_with_its_cause)
{
	uint32_t ci;

	open_port();
	cm_initiate(&k, 1, "6001", "999", CTIERR_SUCCESS);
	ci = k.driver[1].ci;
	TOLD_CAUSE(1, ci, DISCONNECTED, UNALLOCATEDNUMBER);
	cm_initiate(&k, 1, "6001", "12x4", CTIERR_SUCCESS);
	ci = k.driver[1].ci;
	TOLD_CAUSE(1, ci, DISCONNECTED, INVALIDNUMBERFORMAT);
}
END_TEST

START_TEST(rtp_01_rtp_05_a_route_point_takes_many_calls_and_redirects_them)
{
	uint32_t first, second;

	open_route_point();
	first = offer("5000");
	cm_press(&k, PHONE_D, "call", "5000");
	second = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	cm_redirect(&k, 1, first, "1002", CTIERR_SUCCESS);
	SEES(PHONE_B, RingIn);
	cm_redirect(&k, 1, second, "777", CTIERR_REDIRECT_CALL_UNKNOWN_DESTINATION);
	cm_redirect(&k, 1, second, "1003", CTIERR_SUCCESS);
	TOLD_CAUSE(1, second, DISCONNECTED, REDIRECTED);
	SEES(PHONE_C, RingIn);
	cm_press(&k, PHONE_C, "answer", NULL);
	SEES(PHONE_D, Connected);
	cm_press(&k, PHONE_A, "hangup", NULL);
	cm_press(&k, PHONE_D, "hangup", NULL);
}
END_TEST

START_TEST(a_connected_call_is_redirected_and_a_refusal_changes_nothing)
{
	uint32_t ci = connect_port();

	cm_redirect(&k, 1, ci, "777", CTIERR_REDIRECT_CALL_UNKNOWN_DESTINATION);
	cm_redirect(&k, 1, ci, "6002", CTIERR_REDIRECT_CALL_DESTINATION_OUT_OF_ORDER);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 2);
	cm_redirect(&k, 1, ci, "1004", CTIERR_SUCCESS);
	SEES(PHONE_D, RingIn);
	cm_press(&k, PHONE_D, "answer", NULL);
	SEES(PHONE_A, Connected);
	ck_assert(cm_phone_gets(&k, PHONE_A, SIG_StationStartMediaTransmission, SECONDS(1)));
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(rtp_09_a_call_not_accepted_in_time_goes_to_cfna_and_is_unknown_then)
{
	uint32_t ci;

	open_route_point();
	ci = offer("5000");
	cluster_advance(k.c, MS(3500));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "call_present6"), 1);
	SEES(PHONE_C, RingIn);
	TOLD(1, ci, DISCONNECTED);
	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, ci, CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(rtp_09_without_cfna_the_caller_gets_reorder)
{
	cm_open(&k, 1, 1, "CTIP_2", STATIC_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "6002", CTIERR_SUCCESS);
	offer("6002");
	cluster_advance(k.c, SECONDS(3));
	SEES(PHONE_A, InvalidNumber);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(rtp_09_an_accepted_call_rings_and_goes_to_cfna_when_not_answered)
{
	uint32_t ci;

	open_route_point();
	ci = offer("5000");
	cm_request(&k, 1, SIG_CtiLineCallAcceptReq, ci, CTIERR_SUCCESS);
	SEES(PHONE_A, RingOut);
	cm_request(&k, 1, SIG_CtiLineCallAcceptReq, ci,
		   CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	cluster_advance(k.c, SECONDS(10));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "call_received7"), 1);
	SEES(PHONE_C, RingIn);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(a_rejected_call_is_busy)
{
	uint32_t ci;

	open_route_point();
	ci = offer("5000");
	cm_request(&k, 1, SIG_CtiLineCallDisconnectReq, ci, CTIERR_SUCCESS);
	SEES(PHONE_A, Busy);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

/* ---- media --------------------------------------------------------------------------------- */

START_TEST(med_03_dynamic_media_flow_when_the_application_has_said_where)
{
	uint32_t ci;

	open_route_point();
	ci = offer("5000");
	cm_set_rtp(&k, 1, ci, CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, ci, CTIERR_SUCCESS);
	HEARS(1, CtiOpenLogicalChannelNotify);
	ck_assert_uint_eq(cluster_count_signal(k.c, "phones", PHONE_A,
					       SIG_StationStartMediaTransmission, NULL, NULL),
			  0);
	cm_set_rtp(&k, 1, ci, CTIERR_SUCCESS);
	cm_set_rtp(&k, 1, ci, CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	cluster_mark(k.c);
	cluster_advance(k.c, MS(100));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 2);
	cm_press(&k, PHONE_A, "hangup", NULL);
	TOLD(1, ci, IDLE);
}
END_TEST

START_TEST(med_03_an_address_that_never_comes_costs_the_call)
{
	uint32_t ci;

	open_route_point();
	ci = offer("5000");
	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, ci, CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(11));
	TOLD_CAUSE(1, ci, DISCONNECTED, RECOVERYONTIMEREXPIRY);
}
END_TEST

START_TEST(med_02_med_05_med_06_med_07_who_may_terminate_media)
{
	cm_open(&k, 1, 1, "CTIRP_5000", STATIC_MEDIA,
		CTIERR_DEVICE_REGISTRATION_FAILED_NOT_SUPPORTED_MEDIATYPE);
	cm_open(&k, 1, 1, "CTIP_1", STATIC_MEDIA, CTIERR_SUCCESS);
	cm_open(&k, 2, 1, "CTIP_1", STATIC_MEDIA, CTIERR_MEDIA_ALREADY_TERMINATED_STATIC);
	cm_open(&k, 2, 1, "CTIP_1", DYNAMIC_MEDIA, CTIERR_MEDIA_ALREADY_TERMINATED_STATIC);
	cm_open(&k, 2, 1, "CTIP_1", NO_MEDIA, CTIERR_MEDIA_ALREADY_TERMINATED_STATIC);
	cm_open(&k, 1, 1, "CTIRP_5000", DYNAMIC_MEDIA, CTIERR_SUCCESS);
	cm_open(&k, 2, 1, "CTIRP_5000", DYNAMIC_MEDIA, CTIERR_SUCCESS);
	cm_open(&k, 1, 1, PHONE_A, STATIC_MEDIA, CTIERR_CANNOT_TERMINATE_MEDIA_ON_PHONE);
}
END_TEST

START_TEST(cmf_18_a_late_asker_is_sent_to_where_the_device_is)
{
	cm_open(&k, 1, 2, "CTIP_1", STATIC_MEDIA, CTIERR_SUCCESS);
	cluster_advance(k.c, MS(10));
	cm_open(&k, 2, 1, "CTIP_1", STATIC_MEDIA, CTIERR_DEVICE_ALREADY_REGISTERED);
	cm_open(&k, 2, 3, "CTIP_1", STATIC_MEDIA, CTIERR_CANNOT_OPEN_DEVICE);
}
END_TEST

/* ---- phones -------------------------------------------------------------------------------- */

START_TEST(cal_06_an_application_controls_a_phone_and_both_ctimanagers_are_told_the_same)
{
	uint32_t ci;

	cm_open(&k, 1, 1, PHONE_B, NO_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "1002", CTIERR_SUCCESS);
	cm_open(&k, 2, 1, PHONE_B, NO_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 2, "1002", CTIERR_SUCCESS);
	ci = offer("1002");
	SEES(PHONE_B, RingIn);
	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, ci, CTIERR_SUCCESS);
	SEES(PHONE_B, Connected);
	cm_request(&k, 2, SIG_CtiLineCallHoldReq, ci, CTIERR_SUCCESS);
	TOLD(1, ci, ONHOLD);
	SEES(PHONE_B, Hold);
	cm_request(&k, 1, SIG_CtiLineCallRetrieveReq, ci, CTIERR_SUCCESS);
	SEES(PHONE_B, Connected);
	cm_request(&k, 2, SIG_CtiLineCallDisconnectReq, ci, CTIERR_SUCCESS);
	TOLD(1, ci, IDLE);
	SEES(PHONE_A, OnHook);
	cm_initiate(&k, 1, "1002", "1004", CTIERR_SUCCESS);
	SEES(PHONE_D, RingIn);
	cm_press(&k, PHONE_B, "hangup", NULL);
}
END_TEST

START_TEST(ctf_04_a_phone_registered_nowhere_is_told_of_when_it_registers)
{
	cluster_kill(k.c, "phones");
	cluster_advance(k.c, SECONDS(1));
	cm_open(&k, 1, 1, PHONE_A, NO_MEDIA, CTIERR_SUCCESS);
	cluster_start(k.c, "phones");
	cm_plug(&k, PHONE_A);
	HEARS(1, CtiDeviceRegisterNotifyWithLineInfo);
	cm_open_line(&k, 1, "1001", CTIERR_SUCCESS);
	cluster_kill(k.c, "phones");
	HEARS(1, CtiDeviceUnregisterNotify);
}
END_TEST

/* ---- failures ------------------------------------------------------------------------------ */

START_TEST(apf_04_calls_to_what_nobody_has_open_go_to_cfna_at_once)
{
	cm_press(&k, PHONE_A, "call", "5000");
	SEES(PHONE_C, RingIn);
	cm_press(&k, PHONE_A, "hangup", NULL);
	SEES(PHONE_C, OnHook);
	cm_press(&k, PHONE_A, "call", "6002");
	SEES(PHONE_A, InvalidNumber);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(apf_03_an_accepted_call_goes_to_cfof_when_the_application_is_gone)
{
	uint32_t ci;

	open_route_point();
	ci = offer("5000");
	cm_request(&k, 1, SIG_CtiLineCallAcceptReq, ci, CTIERR_SUCCESS);
	cm_close(&k, 1, 1, "CTIRP_5000");
	SEES(PHONE_B, RingIn);
	cm_press(&k, PHONE_D, "call", "5000");
	SEES(PHONE_C, RingIn);
	cm_press(&k, PHONE_A, "hangup", NULL);
	cm_press(&k, PHONE_D, "hangup", NULL);
}
END_TEST

START_TEST(apf_03_a_connected_call_is_released_when_its_application_is_gone)
{
	connect_port();
	cm_close(&k, 1, 1, "CTIP_1");
	SEES(PHONE_A, OnHook);
}
END_TEST

START_TEST(ctf_09_a_connected_call_is_found_again_through_another_ctimanager)
{
	uint32_t ci = connect_port();

	cluster_kill(k.c, "ctim1");
	cluster_advance(k.c, SECONDS(20));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 2);
	cm_open(&k, 2, 1, "CTIP_1", STATIC_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 2, "6001", CTIERR_SUCCESS);
	HEARS(2, CtiExistingCallNotify);
	HEARS(2, CtiExistingCallCompletedNotify);
	cm_request(&k, 2, SIG_CtiLineCallHoldReq, ci, CTIERR_SUCCESS);
	cm_request(&k, 2, SIG_CtiLineCallRetrieveReq, ci, CTIERR_SUCCESS);
	cm_request(&k, 2, SIG_CtiLineCallDisconnectReq, ci, CTIERR_SUCCESS);
	SEES(PHONE_A, OnHook);
}
END_TEST

START_TEST(ctf_09_what_nobody_opens_again_in_time_is_unregistered)
{
	connect_port();
	cluster_kill(k.c, "ctim1");
	cluster_advance(k.c, SECONDS(121));
	ck_assert_int_eq(sdl_program_counter(cluster_program(k.c, "ccm1"),
					     COUNTER_REGISTERED_OTHER_STATION_DEVICES),
			 0);
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
}
END_TEST

START_TEST(cal_04_on_a_preserved_call_only_drop_works)
{
	uint32_t ci;

	open_port();
	cm_press(&k, PHONE_D, "call", "6001");
	ci = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, ci, CTIERR_SUCCESS);
	SEES(PHONE_D, Connected);
	cluster_advance(k.c, SECONDS(1));
	cluster_kill(k.c, "ccm3");
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "preserved"), 1);
	cm_request(&k, 1, SIG_CtiLineCallHoldReq, ci,
		   CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, ci,
		   CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	cm_redirect(&k, 1, ci, "1002", CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	cm_request(&k, 1, SIG_CtiLineCallDisconnectReq, ci, CTIERR_SUCCESS);
	TOLD(1, ci, IDLE);
}
END_TEST

START_TEST(cmf_08_cmf_16_a_device_moves_when_it_has_no_call_and_not_before)
{
	CtiDeviceRehomeReq req = CTI_DEVICE_REHOME_REQ__INIT;
	uint32_t ci;

	cm_open(&k, 1, 2, "CTIP_1", STATIC_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "6001", CTIERR_SUCCESS);
	ci = offer("6001");
	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, ci, CTIERR_SUCCESS);
	req.device = "CTIP_1";
	req.target_node = 1;
	cluster_post(k.c, "ctim1", CTIM_CTI_MANAGER, SIG_CtiDeviceRehomeReq, &req);
	cm_request(&k, 1, SIG_CtiLineCallHoldReq, ci, CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(30));
	ck_assert_uint_eq(
		cluster_count_signal(k.c, "ctim1", NULL, SIG_CtiDeviceUnregisterNotify, NULL, NULL),
		0);
	cm_request(&k, 1, SIG_CtiLineCallDisconnectReq, ci, CTIERR_SUCCESS);
	HEARS(1, CtiDeviceUnregisterNotify);
	cm_open(&k, 1, 1, "CTIP_1", STATIC_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "6001", CTIERR_SUCCESS);
	ci = offer("6001");
	cm_request(&k, 1, SIG_CtiLineCallDisconnectReq, ci, CTIERR_SUCCESS);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(cmf_17_after_a_partition_the_registration_at_the_better_member_wins)
{
	cluster_cut(k.c, "ccm1", "ccm2");
	cluster_advance(k.c, SECONDS(10));
	cm_open(&k, 1, 1, "CTIP_1", STATIC_MEDIA, CTIERR_SUCCESS);
	cm_open(&k, 2, 2, "CTIP_1", STATIC_MEDIA, CTIERR_SUCCESS);
	cluster_heal(k.c, "ccm1", "ccm2");
	ck_assert(cm_hears(&k, 2, SIG_CtiDeviceUnregisterNotify, SECONDS(10)));
	ck_assert_int_eq(sdl_program_counter(cluster_program(k.c, "ccm2"),
					     COUNTER_REGISTERED_OTHER_STATION_DEVICES),
			 0);
	ck_assert_int_eq(sdl_program_counter(cluster_program(k.c, "ccm1"),
					     COUNTER_REGISTERED_OTHER_STATION_DEVICES),
			 1);
}
END_TEST

START_TEST(two_who_answer_at_once_one_wins_and_the_other_is_told)
{
	uint32_t ci, first, second;

	cm_open(&k, 1, 1, "CTIRP_5000", DYNAMIC_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "5000", CTIERR_SUCCESS);
	cm_open(&k, 2, 1, "CTIRP_5000", DYNAMIC_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 2, "5000", CTIERR_SUCCESS);
	ci = offer("5000");
	first = cm_post_request(&k, 1, SIG_CtiLineCallAnswerReq, ci);
	second = cm_post_request(&k, 2, SIG_CtiLineCallAnswerReq, ci);
	cluster_advance(k.c, MS(100));
	ck_assert_uint_ne(first, second);
	ck_assert_uint_eq(cm_refusals(&k, SIG_CtiLineCallAnswerRes), 1);
	cm_set_rtp(&k, 2, ci, CTIERR_SUCCESS);
	cm_set_rtp(&k, 1, ci, CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(cal_03_a_redirect_whose_new_party_dies_with_its_node_is_refused)
{
	uint32_t ci;

	open_route_point();
	ci = offer("5000");
	cluster_cut(k.c, "ccm1", "ccm3");
	cm_post_redirect(&k, 1, ci, "1004");
	cluster_advance(k.c, MS(100));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "redirect_request"), 1);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "rerouting"), 1);
	cluster_kill(k.c, "ccm3");
	cluster_advance(k.c, MS(3500));
	ck_assert_uint_eq(cm_refusals(&k, SIG_CtiLineCallRedirectRes), 1);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "call_present6"), 1);
	cm_request(&k, 1, SIG_CtiLineCallDisconnectReq, ci, CTIERR_SUCCESS);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(cal_03_a_redirected_call_is_cleared_when_the_callers_node_dies)
{
	uint32_t ci;

	open_route_point();
	cm_press(&k, PHONE_D, "call", "5000");
	ci = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	cluster_cut(k.c, "ccm1", "ccm3");
	cm_post_redirect(&k, 1, ci, "1002");
	cluster_advance(k.c, MS(100));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "redirect_request"), 1);
	cluster_kill(k.c, "ccm3");
	TOLD_CAUSE(1, ci, DISCONNECTED, CALLMANAGER_FAILURE);
}
END_TEST

START_TEST(usr_02_a_port_with_auto_accept_rings_at_once)
{
	CtiLineOpenLineReq req = CTI_LINE_OPEN_LINE_REQ__INIT;

	cm_open(&k, 1, 1, "CTIP_1", STATIC_MEDIA, CTIERR_SUCCESS);
	req.async_response = 1000000;
	req.dn = "6001";
	req.has_auto_accept = true;
	req.auto_accept = true;
	cluster_post(k.c, "ctim1", CTIM_CTI_MANAGER, SIG_CtiLineOpenLineReq, &req);
	cluster_advance(k.c, MS(100));
	offer("6001");
	SEES(PHONE_A, RingOut);
	cluster_advance(k.c, SECONDS(6));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "call_received7"), 1);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(prt_03_rtp_07_what_is_held_is_retrieved_only_when_the_port_is_free)
{
	uint32_t first = connect_port(), second;

	cm_request(&k, 1, SIG_CtiLineCallHoldReq, first, CTIERR_SUCCESS);
	cm_press(&k, PHONE_B, "call", "6001");
	second = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, second, CTIERR_SUCCESS);
	cm_request(&k, 1, SIG_CtiLineCallRetrieveReq, first,
		   CTIERR_RETRIEVEFAILED_ACTIVE_CALL_ON_LINE);
	cm_press(&k, PHONE_B, "hangup", NULL);
	TOLD(1, second, IDLE);
	cm_request(&k, 1, SIG_CtiLineCallRetrieveReq, first, CTIERR_SUCCESS);
	cm_request(&k, 1, SIG_CtiLineCallDisconnectReq, first, CTIERR_SUCCESS);
}
END_TEST

START_TEST(cmf_17_a_callmanager_that_wakes_gives_up_what_was_opened_elsewhere)
{
	int64_t here, there;
	uint32_t ci;

	open_port();
	cluster_freeze(k.c, "ccm1");
	cluster_advance(k.c, SECONDS(10));
	cm_open(&k, 1, 2, "CTIP_1", STATIC_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "6001", CTIERR_SUCCESS);
	cluster_thaw(k.c, "ccm1");
	cluster_advance(k.c, SECONDS(10));
	here = sdl_program_counter(cluster_program(k.c, "ccm1"),
				   COUNTER_REGISTERED_OTHER_STATION_DEVICES);
	there = sdl_program_counter(cluster_program(k.c, "ccm2"),
				    COUNTER_REGISTERED_OTHER_STATION_DEVICES);
	ck_assert_int_eq(here, 0);
	ck_assert_int_eq(there, 1);
	cm_press(&k, PHONE_D, "call", "6001");
	ci = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	cm_request(&k, 1, SIG_CtiLineCallDisconnectReq, ci, CTIERR_SUCCESS);
	cm_press(&k, PHONE_D, "hangup", NULL);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(cal_01_a_port_is_called_answers_holds_retrieves_and_drops, up,
				down),
		SUITE_CASE_WITH(prt_03_a_port_line_carries_one_call, up, down),
		SUITE_CASE_WITH(dev_08_a_port_calls_a_phone_of_another_node_and_is_told_each_step,
				up, down),
		SUITE_CASE_WITH(a_call_to_an_unknown_number_ends_with_its_cause, up, down),
		SUITE_CASE_WITH(rtp_01_rtp_05_a_route_point_takes_many_calls_and_redirects_them, up,
				down),
		SUITE_CASE_WITH(a_connected_call_is_redirected_and_a_refusal_changes_nothing, up,
				down),
		SUITE_CASE_WITH(rtp_09_a_call_not_accepted_in_time_goes_to_cfna_and_is_unknown_then,
				up, down),
		SUITE_CASE_WITH(rtp_09_without_cfna_the_caller_gets_reorder, up, down),
		SUITE_CASE_WITH(rtp_09_an_accepted_call_rings_and_goes_to_cfna_when_not_answered,
				up, down),
		SUITE_CASE_WITH(a_rejected_call_is_busy, up, down),
		SUITE_CASE_WITH(med_03_dynamic_media_flow_when_the_application_has_said_where, up,
				down),
		SUITE_CASE_WITH(med_03_an_address_that_never_comes_costs_the_call, up, down),
		SUITE_CASE_WITH(med_02_med_05_med_06_med_07_who_may_terminate_media, up, down),
		SUITE_CASE_WITH(cmf_18_a_late_asker_is_sent_to_where_the_device_is, up, down),
		SUITE_CASE_WITH(
			cal_06_an_application_controls_a_phone_and_both_ctimanagers_are_told_the_same,
			up, down),
		SUITE_CASE_WITH(ctf_04_a_phone_registered_nowhere_is_told_of_when_it_registers, up,
				down),
		SUITE_CASE_WITH(apf_04_calls_to_what_nobody_has_open_go_to_cfna_at_once, up, down),
		SUITE_CASE_WITH(apf_03_an_accepted_call_goes_to_cfof_when_the_application_is_gone,
				up, down),
		SUITE_CASE_WITH(apf_03_a_connected_call_is_released_when_its_application_is_gone,
				up, down),
		SUITE_CASE_WITH(ctf_09_a_connected_call_is_found_again_through_another_ctimanager,
				up, down),
		SUITE_CASE_WITH(ctf_09_what_nobody_opens_again_in_time_is_unregistered, up, down),
		SUITE_CASE_WITH(cal_04_on_a_preserved_call_only_drop_works, up, down),
		SUITE_CASE_WITH(cmf_08_cmf_16_a_device_moves_when_it_has_no_call_and_not_before, up,
				down),
		SUITE_CASE_WITH(cmf_17_after_a_partition_the_registration_at_the_better_member_wins,
				up, down),
		SUITE_CASE_WITH(two_who_answer_at_once_one_wins_and_the_other_is_told, up, down),
		SUITE_CASE_WITH(cal_03_a_redirect_whose_new_party_dies_with_its_node_is_refused, up,
				down),
		SUITE_CASE_WITH(cal_03_a_redirected_call_is_cleared_when_the_callers_node_dies, up,
				down),
		SUITE_CASE_WITH(usr_02_a_port_with_auto_accept_rings_at_once, up, down),
		SUITE_CASE_WITH(prt_03_rtp_07_what_is_held_is_retrieved_only_when_the_port_is_free,
				up, down),
		SUITE_CASE_WITH(cmf_17_a_callmanager_that_wakes_gives_up_what_was_opened_elsewhere,
				up, down),
	};

	return suite_main(argc, argv, "cluster/test_cti_call", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
