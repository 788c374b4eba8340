/* SIPStationD and what a SIP phone may say to it that fits nothing: calls and lines that are not
 * there, old answers, refusals of every kind. Each request is answered, nothing is left over. */
#include "tests/lib/cm_cluster.h"
#include "tests/lib/moment.h"
#include "tests/lib/suite.h"

#define SIP_PHONE "SEP00000000000E"

static struct cm_cluster k;
static struct sdl_pid phone, station;

#define OK(call) ck_assert_msg((call) == 0, "%s", err.text)
#define SEES(who, what)                                                                            \
	ck_assert_msg(cm_phone_sees(&k, who, STATION_CALL_STATE_VALUE__##what, SECONDS(3)),        \
		      "%s does not show " #what, who)

/* 1005 at ccm1 has room for that many calls; B is busy with its second one. */
static void up_with(int max_calls)
{
	const struct db_device_spec device = { .name = SIP_PHONE,
					       .model = DB_MODEL_7970,
					       .protocol = DB_PROTOCOL_SIP,
					       .device_pool = "P12" };
	const struct db_line_spec line = { .index = 1, .dn = "1005", .max_calls = max_calls };
	const struct db_line_spec b = { .index = 1, .dn = "1002", .busy_trigger = 1 };
	struct db_error err = { 0 };
	uint32_t group[] = { 1, 2 };
	PhonePlug plug = PHONE_PLUG__INIT;

	cm_cluster_up(&k);
	OK(db_add_device(k.db, &device, &err));
	OK(db_add_line(k.db, SIP_PHONE, &line, &err));
	OK(db_change_line(k.db, PHONE_B, &b, &err));
	cm_cluster_start(&k, 3);
	cm_plug_all(&k);
	plug.phone = (char *)(uintptr_t)SIP_PHONE;
	plug.model = DB_MODEL_7970;
	plug.group = group;
	plug.n_group = 2;
	plug.has_sip = plug.sip = true;
	cluster_post(k.c, "phones", PHONES_PHONE_INIT, SIG_PhonePlug, &plug);
	cluster_advance(k.c, SECONDS(2));
	phone = cluster_process(k.c, "phones", SIP_PHONE);
	station = cluster_process(k.c, "ccm1", SIP_PHONE);
	cluster_mark(k.c);
}

static void up(void)
{
	up_with(1);
}

static void up_roomy(void)
{
	up_with(4);
}

static void down(void)
{
	cluster_advance(k.c, SECONDS(5));
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
	cm_cluster_down(&k);
}

/* As if the phone had said it. */
static void says(uint16_t number, const void *msg)
{
	cluster_allow_unexpected(k.c); /* it is answered, and has not asked */
	cluster_mark(k.c);
	cluster_enqueue(k.c, "ccm1", phone, station, number, msg);
	cluster_turn(k.c, "ccm1");
}

static bool has_status(const void *msg, void *arg)
{
	return ((const SipResponse *)msg)->status == *(const uint32_t *)arg;
}

static void is_refused(uint32_t status)
{
	ck_assert_msg(cluster_until_signal(k.c, "phones", SIP_PHONE, SIG_SipFailure, has_status,
					   &status, SECONDS(300)),
		      "no %u", status);
}

static bool takes_id(const void *msg, void *arg)
{
	*(uint64_t *)arg = ((const SipInvite *)msg)->call_id;
	return true;
}

static uint64_t a_calls(void)
{
	uint64_t id = 0;

	cm_press(&k, PHONE_A, "call", "1005");
	ck_assert(cluster_until_signal(k.c, "phones", SIP_PHONE, SIG_SipInvite, takes_id, &id,
				       SECONDS(2)));
	SEES(PHONE_A, RingOut);
	return id;
}

static uint64_t talks_to_a(void)
{
	uint64_t id = a_calls();

	cm_press(&k, SIP_PHONE, "answer", NULL);
	SEES(PHONE_A, Connected);
	cluster_advance(k.c, SECONDS(1));
	return id;
}

START_TEST(an_invite_that_offers_nothing_or_is_for_no_line_is_refused)
{
	SipInvite invite = SIP_INVITE__INIT;
	SipSdp sdp = SIP_SDP__INIT;

	invite.call_id = UINT64_C(1) << 40;
	invite.cseq = 1;
	says(SIG_SipInvite, &invite);
	is_refused(481);
	invite.sdp = &sdp;
	invite.has_line = true;
	invite.line = 9;
	says(SIG_SipInvite, &invite);
	is_refused(404);
}
END_TEST

START_TEST(a_request_for_a_call_that_is_not_there_is_refused_or_means_nothing)
{
	SipDialog dialog = SIP_DIALOG__INIT;
	SipInfo info = SIP_INFO__INIT;

	dialog.call_id = info.call_id = UINT64_C(1) << 40;
	dialog.cseq = 1;
	info.digits = (char *)(uintptr_t) "1";
	says(SIG_SipBye, &dialog);
	is_refused(481);
	says(SIG_SipCancel, &dialog);
	says(SIG_SipInfo, &info);
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
}
END_TEST

START_TEST(a_phone_that_refuses_the_call_ends_it_for_the_caller)
{
	SipResponse refusal = SIP_RESPONSE__INIT;

	refusal.call_id = a_calls();
	refusal.cseq = 1;
	refusal.status = 603;
	says(SIG_SipFailure, &refusal);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_legs(&k, 1), 1); /* the caller's, who hears it */
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(an_answer_to_what_was_asked_long_ago_changes_nothing)
{
	SipResponse old = SIP_RESPONSE__INIT;

	old.call_id = talks_to_a();
	old.cseq = 99;
	old.status = 200;
	says(SIG_SipOk, &old);
	says(SIG_SipFailure, &old);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 2);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(a_phone_that_hears_nothing_while_all_nodes_are_there_talks_on)
{
	SipNotify notify = SIP_NOTIFY__INIT;

	notify.call_id = talks_to_a();
	notify.event = SIP_EVENT__SIP_MEDIA_FAILURE;
	notify.has_call_id = true;
	says(SIG_SipNotify, &notify);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 2);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(a_phone_that_leaves_in_a_call_is_told_to_stay)
{
	SipRegister leaves = SIP_REGISTER__INIT;

	talks_to_a();
	leaves.device_name = (char *)(uintptr_t)SIP_PHONE;
	says(SIG_SipRegisterRefresh, &leaves);
	ck_assert(cm_phone_gets(&k, SIP_PHONE, SIG_SipRegisterFailure, SECONDS(1)));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 2);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(who_is_busy_is_refused_with_486)
{
	cm_press(&k, PHONE_A, "call", "1002");
	SEES(PHONE_B, RingIn);
	cm_press(&k, PHONE_B, "answer", NULL);
	SEES(PHONE_A, Connected);
	cm_press(&k, SIP_PHONE, "call", "1002");
	is_refused(486);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(who_does_not_answer_is_refused_with_480_in_the_end)
{
	cm_press(&k, SIP_PHONE, "call", "1003");
	ck_assert(cm_phone_sees(&k, PHONE_C, STATION_CALL_STATE_VALUE__RingIn, SECONDS(20)));
	is_refused(480);
}
END_TEST

START_TEST(a_line_without_room_for_a_call_refuses_the_phone_s_invite)
{
	SipInvite invite = SIP_INVITE__INIT;
	SipSdp sdp = SIP_SDP__INIT;

	talks_to_a();
	invite.call_id = UINT64_C(1) << 40;
	invite.cseq = 1;
	invite.sdp = &sdp;
	invite.to = (char *)(uintptr_t) "1002";
	says(SIG_SipInvite, &invite);
	is_refused(486);
	cm_press(&k, PHONE_A, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, SIP_PHONE, "hangup", NULL);
}
END_TEST

START_TEST(dev_06_an_application_s_call_without_a_number_is_refused_by_name)
{
	cm_open(&k, 1, 1, SIP_PHONE, 0, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "1005", CTIERR_SUCCESS);
	cm_initiate(&k, 1, "1005", "", CTIERR_COMMAND_NOT_IMPLEMENTED_ON_DEVICE);
	cm_initiate(&k, 1, "1005", "123456789012345678901234567890123456789012345678901234567890",
		    CTIERR_INVALID_PARAMETER);
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
}
END_TEST

START_TEST(a_line_that_is_not_open_is_not_closed)
{
	CtiLineCloseLineReq req = CTI_LINE_CLOSE_LINE_REQ__INIT;

	cm_open(&k, 1, 1, SIP_PHONE, 0, CTIERR_SUCCESS);
	req.dn = (char *)(uintptr_t) "1005";
	cm_ask(&k, 1, SIG_CtiLineCloseLineReq, &req, CTIERR_ASSOCIATED_LINE_NOT_OPEN);
	req.dn = (char *)(uintptr_t) "4711";
	cm_ask(&k, 1, SIG_CtiLineCloseLineReq, &req, CTIERR_UNDEFINED_LINE);
}
END_TEST

/* ---- within one turn ------------------------------------------------------------------------ */

static void enqueue(uint16_t number, const void *msg)
{
	cluster_allow_unexpected(k.c);
	cluster_enqueue(k.c, "ccm1", phone, station, number, msg);
}

static SipDialog bye_of(uint64_t id)
{
	SipDialog bye = SIP_DIALOG__INIT;

	bye.call_id = id;
	bye.cseq = 99;
	return bye;
}

START_TEST(keys_of_the_other_side_that_come_as_the_phone_hangs_up_reach_nobody)
{
	SipDialog bye = bye_of(talks_to_a());
	StationKeypadButton button = STATION_KEYPAD_BUTTON__INIT;

	button.button = '5';
	cluster_mark(k.c);
	cluster_enqueue(k.c, "ccm1", cluster_process(k.c, "phones", PHONE_A),
			cluster_process(k.c, "ccm1", PHONE_A), SIG_StationKeypadButton, &button);
	moment_steps(k.c, "ccm1", _i);
	enqueue(SIG_SipBye, &bye);
	cluster_turn(k.c, "ccm1");
	SEES(PHONE_A, OnHook);
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
	cm_press(&k, SIP_PHONE, "hangup", NULL);
}
END_TEST

START_TEST(cal_01_a_phone_that_resumes_and_hangs_up_at_once_has_hung_up)
{
	uint64_t id = talks_to_a();
	SipDialog bye = bye_of(id);
	SipInvite resume = SIP_INVITE__INIT;
	SipSdp sdp = SIP_SDP__INIT;

	cm_press(&k, SIP_PHONE, "hold", NULL);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(cm_legs_in(&k, 1, "hold"), 1);
	resume.call_id = id;
	resume.cseq = 98;
	resume.sdp = &sdp;
	sdp.direction = SIP_DIRECTION__SIP_SENDRECV;
	cluster_mark(k.c);
	enqueue(SIG_SipInvite, &resume);
	enqueue(SIG_SipBye, &bye);
	cluster_turn(k.c, "ccm1");
	SEES(PHONE_A, OnHook);
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
	cm_press(&k, SIP_PHONE, "hangup", NULL);
}
END_TEST

START_TEST(who_rejects_the_call_is_told_of_with_603)
{
	cm_open(&k, 1, 1, "CTIP_1", MEDIA_REGISTRATION__STATIC, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "6001", CTIERR_SUCCESS);
	cm_press(&k, SIP_PHONE, "call", "6001");
	ck_assert(cm_hears(&k, 1, SIG_CtiNewCallNotify, SECONDS(20)));
	cm_request(&k, 1, SIG_CtiLineCallDisconnectReq,
		   cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING), CTIERR_SUCCESS);
	is_refused(603);
}
END_TEST

START_TEST(apf_04_a_port_that_nobody_has_open_is_told_of_with_502)
{
	cm_press(&k, SIP_PHONE, "call", "6002");
	is_refused(502);
}
END_TEST

START_TEST(usr_02_a_forward_to_what_is_no_number_is_shown_as_such)
{
	SipRefer refer = SIP_REFER__INIT;

	refer.refer = 1;
	refer.kind = SIP_REFER_KIND__SIP_REFER_SOFT_KEY;
	refer.has_key = true;
	refer.key = STATION_SOFT_KEY__CFwdAll;
	refer.refer_to = (char *)(uintptr_t) "nobody";
	says(SIG_SipRefer, &refer);
	ck_assert(cm_phone_gets(&k, SIP_PHONE, SIG_SipNotify, SECONDS(1)));
	cm_press(&k, PHONE_A, "call", "1005");
	SEES(PHONE_A, RingOut);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(what_is_no_number_is_refused_with_484)
{
	SipInvite invite = SIP_INVITE__INIT;
	SipSdp sdp = SIP_SDP__INIT;

	invite.call_id = UINT64_C(1) << 40;
	invite.cseq = 1;
	invite.sdp = &sdp;
	invite.to = (char *)(uintptr_t) "nobody";
	says(SIG_SipInvite, &invite);
	is_refused(484);
}
END_TEST

/* The call for it comes as an INVITE that it answers at once; it has dial tone. */
START_TEST(cal_01_a_phone_dials_the_number_of_a_consult_call_that_was_made_for_it)
{
	SipInfo info = SIP_INFO__INIT;
	uint32_t ci;

	cm_open(&k, 1, 1, SIP_PHONE, 0, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "1005", CTIERR_SUCCESS);
	talks_to_a();
	cm_to(&k, 1, SIG_CtiLineCallTransferSetupReq, k.driver[1].ci, NULL, CTIERR_SUCCESS);
	ci = cm_new_call(&k, 1, CTI_CALL_STATE__DIALTONE);
	cluster_advance(k.c, SECONDS(1));
	info.call_id = ci;
	info.digits = (char *)(uintptr_t) "1003";
	says(SIG_SipInfo, &info);
	SEES(PHONE_C, RingIn);
	cm_press(&k, PHONE_C, "answer", NULL);
	SEES(PHONE_C, Connected);
	cm_press(&k, PHONE_C, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(cmf_17_a_phone_that_is_registered_where_it_belongs_better_is_told_to_restart)
{
	struct sdl_pid da = { .node = 1, .type = CM_DA, .app = SDL_APP_CALLMANAGER, .inst = 1 };
	DaDuplicate dup = DA_DUPLICATE__INIT;

	dup.node = 2;
	cluster_enqueue(k.c, "ccm1", da, station, SIG_DaDuplicateInd, &dup);
	cluster_turn(k.c, "ccm1");
	ck_assert(cm_phone_gets(&k, SIP_PHONE, SIG_SipNotify, SECONDS(1)));
	ck_assert(cm_phone_gets(&k, SIP_PHONE, SIG_SipRegisterOk, SECONDS(5)));
}
END_TEST

/* A leg whose call is not there any more, at a phone of either kind. */
START_TEST(media_of_a_call_that_is_not_there_are_asked_of_no_phone)
{
	const struct sdl_pid ended = {
		.node = 1, .type = 13, .app = SDL_APP_CALLMANAGER, .inst = 9999
	};
	const struct sdl_pid stations[] = { station, cluster_process(k.c, "ccm1", PHONE_A) };
	CcMediaOpen open = CC_MEDIA_OPEN__INIT;
	CcMediaSend send = CC_MEDIA_SEND__INIT;

	open.ci = send.ci = 99;
	for (size_t i = 0; i < 2; i++) {
		cluster_enqueue(k.c, "ccm1", ended, stations[i], SIG_CcMediaOpenReq, &open);
		cluster_enqueue(k.c, "ccm1", ended, stations[i], SIG_CcMediaSendReq, &send);
	}
	cluster_turn(k.c, "ccm1");
	cluster_advance(k.c, SECONDS(1));
	ck_assert(!cm_phone_gets(&k, SIP_PHONE, SIG_SipInvite, MS(1)));
	ck_assert(!cm_phone_gets(&k, PHONE_A, SIG_StationOpenReceiveChannel, MS(1)));
	ck_assert(!cm_phone_gets(&k, PHONE_A, SIG_StationStartMediaTransmission, MS(1)));
	a_calls();
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

/* ---- makeCall ------------------------------------------------------------------------------- */

START_TEST(dev_06_each_of_two_calls_that_are_asked_for_at_once_is_answered)
{
	uint32_t refused;

	cm_open(&k, 1, 1, SIP_PHONE, 0, CTIERR_SUCCESS);
	cm_initiate(&k, 1, "1005", "1001", CTIERR_ASSOCIATED_LINE_NOT_OPEN);
	cm_open_line(&k, 1, "1005", CTIERR_SUCCESS);
	cluster_freeze(k.c, "phones");
	cm_post_initiate(&k, 1, "1005", "1001");
	cluster_advance(k.c, MS(50));
	cm_post_initiate(&k, 1, "1005", "1003");
	cluster_advance(k.c, MS(50));
	cluster_thaw(k.c, "phones");
	cluster_advance(k.c, SECONDS(30));
	refused = cm_refusals(&k, SIG_CtiLineCallInitiateRes);
	ck_assert_uint_eq(
		cluster_count_signal(k.c, "ctim1", NULL, SIG_CtiLineCallInitiateRes, NULL, NULL),
		2);
	ck_assert_uint_ge(refused, 1);
	for (int i = 0; i < 2; i++) {
		cm_press(&k, SIP_PHONE, "hangup", NULL);
		cluster_advance(k.c, SECONDS(1));
	}
}
END_TEST

START_TEST(a_callmanager_that_dies_while_a_phone_is_to_call_takes_the_request_with_it)
{
	cm_open(&k, 1, 1, SIP_PHONE, 0, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "1005", CTIERR_SUCCESS);
	cluster_freeze(k.c, "phones");
	cm_post_initiate(&k, 1, "1005", "1001");
	cluster_advance(k.c, MS(50));
	cluster_kill(k.c, "ccm1");
	cluster_start(k.c, "ccm1");
	cluster_thaw(k.c, "phones");
	cluster_advance(k.c, SECONDS(10));
	ck_assert_uint_eq(
		cluster_count_signal(k.c, "ctim1", NULL, SIG_CtiLineCallInitiateRes, NULL, NULL),
		0);
	for (int i = 0; i < 2; i++) {
		cm_press(&k, SIP_PHONE, "hangup", NULL);
		cluster_advance(k.c, SECONDS(1));
	}
}
END_TEST

#define CASE(t) SUITE_CASE_WITH(t, up, down)

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		CASE(an_invite_that_offers_nothing_or_is_for_no_line_is_refused),
		CASE(a_request_for_a_call_that_is_not_there_is_refused_or_means_nothing),
		CASE(a_phone_that_refuses_the_call_ends_it_for_the_caller),
		CASE(an_answer_to_what_was_asked_long_ago_changes_nothing),
		CASE(a_phone_that_hears_nothing_while_all_nodes_are_there_talks_on),
		CASE(a_phone_that_leaves_in_a_call_is_told_to_stay),
		CASE(who_is_busy_is_refused_with_486),
		CASE(who_does_not_answer_is_refused_with_480_in_the_end),
		CASE(a_line_without_room_for_a_call_refuses_the_phone_s_invite),
		CASE(a_line_that_is_not_open_is_not_closed),
		CASE(dev_06_an_application_s_call_without_a_number_is_refused_by_name),
		{ .name = "keys_of_the_other_side_that_come_as_the_phone_hangs_up_reach_nobody",
		  .test = keys_of_the_other_side_that_come_as_the_phone_hangs_up_reach_nobody,
		  .setup = up,
		  .teardown = down,
		  .loop_to = 6 },
		CASE(media_of_a_call_that_is_not_there_are_asked_of_no_phone),
		CASE(cal_01_a_phone_that_resumes_and_hangs_up_at_once_has_hung_up),
		CASE(who_rejects_the_call_is_told_of_with_603),
		CASE(apf_04_a_port_that_nobody_has_open_is_told_of_with_502),
		CASE(usr_02_a_forward_to_what_is_no_number_is_shown_as_such),
		CASE(what_is_no_number_is_refused_with_484),
		SUITE_CASE_WITH(
			cal_01_a_phone_dials_the_number_of_a_consult_call_that_was_made_for_it,
			up_roomy, down),
		CASE(cmf_17_a_phone_that_is_registered_where_it_belongs_better_is_told_to_restart),
		SUITE_CASE_WITH(dev_06_each_of_two_calls_that_are_asked_for_at_once_is_answered,
				up_roomy, down),
		CASE(a_callmanager_that_dies_while_a_phone_is_to_call_takes_the_request_with_it),
	};

	return suite_main(argc, argv, "cluster/test_sip_station", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
