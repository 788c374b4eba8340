/* Digits of applications and users: dialled, or heard at the other side; and what an application
 * may change of a call or line: the calling number at a redirect, automatic acceptance. */
#include "tests/lib/cm_cluster.h"
#include "tests/lib/suite.h"

#include <string.h>

#define DYNAMIC MEDIA_REGISTRATION__DYNAMIC
#define STATIC	MEDIA_REGISTRATION__STATIC

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

#define SEES(phone, what)                                                                          \
	ck_assert_msg(cm_phone_sees(&k, phone, STATION_CALL_STATE_VALUE__##what, SECONDS(3)),      \
		      "%s does not show " #what, phone)
#define REFUSED CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE

static void digits(uint16_t number, uint32_t ci, const char *digits_, uint32_t result)
{
	CtiLineCallDigitsReq req = CTI_LINE_CALL_DIGITS_REQ__INIT;

	req.ci = ci;
	req.digits = (char *)(uintptr_t)digits_;
	cm_ask(&k, 1, number, &req, result);
}

static void play(uint32_t ci, const char *what, uint32_t result)
{
	digits(SIG_CtiLineCallPlayDtmfReq, ci, what, result);
}

static void dial(uint32_t ci, const char *what, uint32_t result)
{
	digits(SIG_CtiLineCallDialReq, ci, what, result);
}

static bool same_tones(const void *msg, void *arg)
{
	return strcmp(((const StationDtmfTone *)msg)->digits, arg) == 0;
}

static bool same_digits(const void *msg, void *arg)
{
	return strcmp(((const CtiDTMFNotify *)msg)->digits, arg) == 0;
}

static bool phone_hears(const char *phone, const char *what)
{
	return cluster_until_signal(k.c, "phones", phone, SIG_StationNotifyDtmfTone, same_tones,
				    (void *)(uintptr_t)what, SECONDS(1));
}

static void call_between_nodes(void)
{
	cm_press(&k, PHONE_A, "call", "1004");
	SEES(PHONE_D, RingIn);
	cm_press(&k, PHONE_D, "answer", NULL);
	SEES(PHONE_A, Connected);
	cluster_advance(k.c, SECONDS(1));
}

/* A calls the port, whose application answers; the call's ci at the port. */
static uint32_t call_to_port(void)
{
	uint32_t ci;

	cm_open(&k, 1, 2, "CTIP_2", STATIC, 0);
	cm_open_line(&k, 1, "6002", 0);
	cm_press(&k, PHONE_A, "call", "6002");
	ci = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	return ci;
}

static void end(void)
{
	cm_press(&k, PHONE_A, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
}

START_TEST(cal_01_keys_pressed_in_a_call_are_heard_at_the_other_phone_on_another_node)
{
	call_between_nodes();
	cm_press(&k, PHONE_A, "dial", "4#");
	ck_assert(phone_hears(PHONE_D, "4"));
	ck_assert(phone_hears(PHONE_D, "#"));
	cm_press(&k, PHONE_D, "dial", "*");
	ck_assert(phone_hears(PHONE_A, "*"));
	end();
}
END_TEST

START_TEST(cal_01_keys_reach_the_application_and_its_tones_reach_the_phone)
{
	uint32_t ci = call_to_port();

	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, ci, 0);
	SEES(PHONE_A, Connected);
	cm_press(&k, PHONE_A, "dial", "7");
	ck_assert(cluster_until_signal(k.c, "ctim1", NULL, SIG_CtiDTMFNotify, same_digits, "7",
				       SECONDS(1)));
	play(ci, "12*#AD", 0);
	ck_assert(phone_hears(PHONE_A, "12*#AD"));
	end();
}
END_TEST

START_TEST(tones_are_refused_unless_the_call_is_connected_and_they_are_tones)
{
	uint32_t ci = call_to_port();

	play(ci, "1", REFUSED);
	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, ci, 0);
	SEES(PHONE_A, Connected);
	play(ci, "", CTIERR_INVALID_DTMFDIGITS);
	play(ci, "12x", CTIERR_INVALID_DTMFDIGITS);
	play(ci, "012345678901234567890123456789012345678901234567890", CTIERR_INVALID_DTMFDIGITS);
	play(ci + 77, "1", CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL);
	cm_request(&k, 1, SIG_CtiLineCallHoldReq, ci, 0);
	play(ci, "1", REFUSED);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(
		cluster_count_signal(k.c, "phones", PHONE_A, SIG_StationNotifyDtmfTone, NULL, NULL),
		0);
	end();
}
END_TEST

START_TEST(who_has_the_call_on_hold_hears_no_keys)
{
	call_between_nodes();
	cm_press(&k, PHONE_D, "hold", NULL);
	SEES(PHONE_D, Hold);
	cm_press(&k, PHONE_A, "dial", "1");
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(
		cluster_count_signal(k.c, "phones", PHONE_D, SIG_StationNotifyDtmfTone, NULL, NULL),
		0);
	end();
}
END_TEST

START_TEST(cal_04_tones_are_refused_on_a_preserved_call)
{
	uint32_t ci = call_to_port();

	cm_request(&k, 1, SIG_CtiLineCallAnswerReq, ci, 0);
	SEES(PHONE_A, Connected);
	cluster_advance(k.c, SECONDS(1));
	cluster_kill(k.c, "ccm1");
	cluster_advance(k.c, SECONDS(1));
	play(ci, "1", REFUSED);
	end();
	cm_request(&k, 1, SIG_CtiLineCallDisconnectReq, ci, 0);
	cluster_advance(k.c, SECONDS(20));
}
END_TEST

START_TEST(cal_01_an_application_goes_off_hook_and_dials_in_parts)
{
	uint32_t ci;

	cm_open(&k, 1, 2, "CTIP_2", STATIC, 0);
	cm_open_line(&k, 1, "6002", 0);
	cm_initiate(&k, 1, "6002", "", 0);
	ci = cm_new_call(&k, 1, CTI_CALL_STATE__DIALTONE);
	dial(ci, "", CTIERR_INVALID_DTMFDIGITS);
	dial(ci, "1-", CTIERR_INVALID_DTMFDIGITS);
	dial(ci, "10", 0);
	ck_assert(cm_call_state(&k, 1, ci, CTI_CALL_STATE__DIALING, NULL, SECONDS(1)));
	dial(ci, "04", 0);
	SEES(PHONE_D, RingIn);
	dial(ci, "1", REFUSED);
	cm_press(&k, PHONE_D, "answer", NULL);
	ck_assert(cm_call_state(&k, 1, ci, CTI_CALL_STATE__CONNECTED, NULL, SECONDS(1)));
	cm_press(&k, PHONE_D, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
	dial(ci, "1", CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL);
}
END_TEST

START_TEST(an_application_dials_for_the_user_who_has_taken_the_handset_off)
{
	uint32_t ci;

	cm_open(&k, 1, 1, PHONE_A, MEDIA_REGISTRATION__NO_MEDIA, 0);
	cm_open_line(&k, 1, "1001", 0);
	cm_press(&k, PHONE_A, "offhook", NULL);
	ci = cm_new_call(&k, 1, CTI_CALL_STATE__DIALTONE);
	dial(ci, "77#", 0);
	SEES(PHONE_A, InvalidNumber);
	dial(ci, "1", REFUSED);
	end();
}
END_TEST

START_TEST(nobody_dials_on_means_the_call_attempt_ends)
{
	uint32_t ci;

	cm_open(&k, 1, 2, "CTIP_2", STATIC, 0);
	cm_open_line(&k, 1, "6002", 0);
	cm_initiate(&k, 1, "6002", "", 0);
	ci = cm_new_call(&k, 1, CTI_CALL_STATE__DIALTONE);
	ck_assert(cm_call_state(&k, 1, ci, CTI_CALL_STATE__IDLE, NULL, SECONDS(20)));
	cluster_advance(k.c, SECONDS(1));
}
END_TEST

/* ---- the calling number --------------------------------------------------------------------- */

static bool calling(const void *msg, void *arg)
{
	const StationCallInfo *info = msg;

	return info->calling_party && strcmp(info->calling_party, arg) == 0;
}

static bool shows_calling(const char *phone, const char *number)
{
	return cluster_until_signal(k.c, "phones", phone, SIG_StationCallInfo, calling,
				    (void *)(uintptr_t)number, SECONDS(2));
}

static void redirect_as(uint32_t ci, const char *to, const char *as, uint32_t result)
{
	CtiLineCallRedirectReq req = CTI_LINE_CALL_REDIRECT_REQ__INIT;

	req.ci = ci;
	req.destination = (char *)(uintptr_t)to;
	req.calling = (char *)(uintptr_t)as;
	cm_ask(&k, 1, SIG_CtiLineCallRedirectReq, &req, result);
}

START_TEST(cal_01_who_is_called_after_a_redirect_sees_the_changed_calling_number)
{
	uint32_t ci = call_to_port();

	redirect_as(ci, "1004", "4711", 0);
	SEES(PHONE_D, RingIn);
	ck_assert(shows_calling(PHONE_D, "4711"));
	end();
}
END_TEST

START_TEST(a_calling_number_of_a_redirect_that_failed_is_shown_to_nobody)
{
	uint32_t ci = call_to_port();

	redirect_as(ci, "1004", "not a number", CTIERR_ILLEGAL_CALLINGPARTY);
	redirect_as(ci, "77", "4711", CTIERR_REDIRECT_CALL_UNKNOWN_DESTINATION);
	redirect_as(ci, "1004", NULL, 0);
	SEES(PHONE_D, RingIn);
	ck_assert(shows_calling(PHONE_D, "1001"));
	ck_assert_uint_eq(
		cluster_count_signal(k.c, "phones", PHONE_D, SIG_StationCallInfo, calling, "4711"),
		0);
	end();
}
END_TEST

/* ---- automatic acceptance ------------------------------------------------------------------- */

static void auto_accept(const char *dn, bool on, uint32_t result)
{
	CtiLineAutoAcceptChangeReq req = CTI_LINE_AUTO_ACCEPT_CHANGE_REQ__INIT;

	req.dn = (char *)(uintptr_t)dn;
	req.auto_accept = on;
	cm_ask(&k, 1, SIG_CtiLineAutoAcceptChangeReq, &req, result);
}

START_TEST(usr_02_automatic_acceptance_is_switched_on_and_off_while_the_line_is_open)
{
	uint32_t ci;

	cm_open(&k, 1, 1, "CTIRP_5000", DYNAMIC, 0);
	cm_open_line(&k, 1, "5000", 0);
	auto_accept("5000", true, 0);
	cm_press(&k, PHONE_A, "call", "5000");
	ci = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	ck_assert(cm_call_state(&k, 1, ci, CTI_CALL_STATE__ACCEPTED, NULL, SECONDS(1)));
	end();
	auto_accept("5000", false, 0);
	cm_press(&k, PHONE_A, "call", "5000");
	ci = cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	ck_assert(!cm_call_state(&k, 1, ci, CTI_CALL_STATE__ACCEPTED, NULL, SECONDS(2)));
	end();
}
END_TEST

START_TEST(automatic_acceptance_is_refused_on_phones_and_lines_that_are_not_open)
{
	cm_open(&k, 1, 1, PHONE_A, MEDIA_REGISTRATION__NO_MEDIA, 0);
	auto_accept("1001", true, CTIERR_ASSOCIATED_LINE_NOT_OPEN);
	cm_open_line(&k, 1, "1001", 0);
	auto_accept("1001", true, CTIERR_ILLEGAL_DEVICE_TYPE);
	auto_accept("9999", true, CTIERR_UNDEFINED_LINE);
}
END_TEST

#define CASE(t) SUITE_CASE_WITH(t, up, down)

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		CASE(cal_01_keys_pressed_in_a_call_are_heard_at_the_other_phone_on_another_node),
		CASE(cal_01_keys_reach_the_application_and_its_tones_reach_the_phone),
		CASE(tones_are_refused_unless_the_call_is_connected_and_they_are_tones),
		CASE(who_has_the_call_on_hold_hears_no_keys),
		CASE(cal_04_tones_are_refused_on_a_preserved_call),
		CASE(cal_01_an_application_goes_off_hook_and_dials_in_parts),
		CASE(an_application_dials_for_the_user_who_has_taken_the_handset_off),
		CASE(nobody_dials_on_means_the_call_attempt_ends),
		CASE(cal_01_who_is_called_after_a_redirect_sees_the_changed_calling_number),
		CASE(a_calling_number_of_a_redirect_that_failed_is_shown_to_nobody),
		CASE(usr_02_automatic_acceptance_is_switched_on_and_off_while_the_line_is_open),
		CASE(automatic_acceptance_is_refused_on_phones_and_lines_that_are_not_open),
	};

	return suite_main(argc, argv, "cluster/test_digits", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
