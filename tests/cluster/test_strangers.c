/* What links may carry and nobody asked for: late, doubled, about what is not there. Calls and
 * devices do not mind, or end in order; nothing is left over. */
#include "callmanager/process.h"
#include "tests/lib/cm_cluster.h"
#include "tests/lib/cti_fixture.h"
#include "tests/lib/stranger.h"
#include "tests/lib/suite.h"

static struct cm_cluster k;

/* A leg of node 2 that is not there any more. */
static const struct sdl_pid somebody = {
	.node = 2, .type = 13, .app = SDL_APP_CALLMANAGER, .inst = 9999
};

#define SIP_PHONE "SEP00000000000E"

static void plug_sip(void)
{
	uint32_t group[] = { 1, 2 };
	PhonePlug plug = PHONE_PLUG__INIT;

	plug.phone = (char *)(uintptr_t)SIP_PHONE;
	plug.model = DB_MODEL_7970;
	plug.group = group;
	plug.n_group = 2;
	plug.has_sip = plug.sip = true;
	cluster_post(k.c, "phones", PHONES_PHONE_INIT, SIG_PhonePlug, &plug);
	cluster_advance(k.c, SECONDS(1));
}

/* A talks to B, C rings at D, a SIP phone is off hook, a port of an application is offered a call by
 * nobody yet. */
static void up(void)
{
	const struct db_device_spec device = { .name = SIP_PHONE,
					       .protocol = DB_PROTOCOL_SIP,
					       .model = DB_MODEL_7970,
					       .device_pool = "P12" };
	struct db_error err = { 0 };

	cm_cluster_up(&k);
	ck_assert_int_eq(db_add_device(k.db, &device, &err), 0);
	ck_assert_int_eq(db_add_line(k.db, SIP_PHONE,
				     &(struct db_line_spec){ .index = 1, .dn = "1005" }, &err),
			 0);
	cluster_allow_unexpected(k.c);
	cm_cluster_start(&k, 3);
	cm_plug_all(&k);
	cm_plug_bridge(&k, 1);
	plug_sip();
	cm_press(&k, SIP_PHONE, "offhook", NULL);
	cm_open(&k, 1, 1, "CTIP_1", MEDIA_REGISTRATION__DYNAMIC, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "6001", CTIERR_SUCCESS);
	cm_press(&k, PHONE_A, "call", "1002");
	ck_assert(cm_phone_sees(&k, PHONE_B, STATION_CALL_STATE_VALUE__RingIn, SECONDS(2)));
	cm_press(&k, PHONE_B, "answer", NULL);
	ck_assert(cm_phone_sees(&k, PHONE_A, STATION_CALL_STATE_VALUE__Connected, SECONDS(2)));
	cm_press(&k, PHONE_C, "call", "1004");
	ck_assert(cm_phone_sees(&k, PHONE_D, STATION_CALL_STATE_VALUE__RingIn, SECONDS(2)));
	cluster_mark(k.c);
}

static void down(void)
{
	cm_cluster_down(&k);
}

/* All hang up, also what is held then; a while later everybody can be called again. */
static void comes_to_rest(void)
{
	static const char *const phones[] = { PHONE_A, PHONE_B, PHONE_C, PHONE_D, SIP_PHONE };

	for (unsigned calls = 0; calls < 2; calls++)
		for (size_t i = 0; i < sizeof(phones) / sizeof(phones[0]); i++) {
			cm_press(&k, phones[i], "hangup", NULL);
			cluster_advance(k.c, MS(100));
		}
	cluster_advance(k.c, SECONDS(300));
	for (uint8_t node = 1; node <= 3; node++)
		ck_assert_msg(cm_legs(&k, node) == 0, "%u legs at node %u", cm_legs(&k, node),
			      node);
	cm_press(&k, PHONE_A, "call", "1004");
	ck_assert(cm_phone_sees(&k, PHONE_D, STATION_CALL_STATE_VALUE__RingIn, SECONDS(2)));
	cm_press(&k, PHONE_A, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
}

START_TEST(callmanagers_take_whatever_their_links_may_bring)
{
	static const char *const ccm[] = { "ccm1", "ccm3" };

	for (size_t i = 0; i < 2; i++)
		for (enum stranger_fields f = STRANGER_BRIEF; f <= STRANGER_WILD; f++) {
			ck_assert_uint_gt(stranger_says_all(k.c, ccm[i], somebody, f), 20);
			cluster_advance(k.c, MS(100));
		}
	comes_to_rest();
}
END_TEST

/* What a leg or a line said that is not there any more, or a timer in the last moment. Lines and their
 * legs are left out: each of their questions is answered once, and they count on it. */
static const char *const cm_types[] = { "StationD", "CTIStationD", "CTIRegistrar", "StationInit",
					"Da" };

START_TEST(a_callmanager_takes_what_its_own_processes_say_too_late)
{
	struct sdl_pid ended = somebody;

	ended.node = 1;
	ck_assert_uint_gt(stranger_says_within(k.c, "ccm1", cm_types[_i], ended, STRANGER_BRIEF),
			  0);
	cluster_advance(k.c, SECONDS(1));
	stranger_says_within(k.c, "ccm1", cm_types[_i], ended, STRANGER_FULL);
	comes_to_rest();
}
END_TEST

/* ---- transfers and conferences ------------------------------------------------------------- */

/* B talks to A, and now to D, too: one more key, and it is done. */
static void consult(const char *key)
{
	up();
	cm_press(&k, PHONE_C, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_B, key, "1004");
	ck_assert(cm_phone_sees(&k, PHONE_D, STATION_CALL_STATE_VALUE__RingIn, SECONDS(2)));
	cm_press(&k, PHONE_D, "answer", NULL);
	ck_assert(cm_phone_sees(&k, PHONE_B, STATION_CALL_STATE_VALUE__Connected, SECONDS(2)));
	cluster_advance(k.c, SECONDS(1));
}

static void about_to_confer(void)
{
	consult("conference");
}

static void about_to_transfer(void)
{
	consult("transfer");
}

/* They do, and B can make the one that came last leave. */
static void they_confer(void)
{
	cluster_advance(k.c, SECONDS(2));
	ck_assert_uint_eq(cm_processes(&k, 1, "Join"), 0);
	ck_assert_uint_eq(cm_processes(&k, 1, "Conference"), 1);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 5);
	cm_press(&k, PHONE_B, "rmlstc", NULL);
	ck_assert(cm_phone_sees(&k, PHONE_D, STATION_CALL_STATE_VALUE__OnHook, SECONDS(2)));
	cluster_advance(k.c, SECONDS(2));
	ck_assert_uint_eq(cm_processes(&k, 1, "Conference"), 0);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 2);
	comes_to_rest();
}

/* As from a leg that has ended: of another node, or of this one. i: up to WAYS. */
static void says_to(const char *type, int i)
{
	struct sdl_pid ended = somebody;

	ended.node = i & 1 ? 1 : 2;
	ck_assert_uint_gt(stranger_says_to(k.c, "ccm1", type, ended, (enum stranger_fields)(i / 2)),
			  0);
}

#define WAYS 6

START_TEST(cal_01_who_manages_bridges_does_nothing_for_strangers)
{
	says_to("MediaResourceManager", _i);
	cm_press(&k, PHONE_B, "conference", NULL);
	they_confer();
}
END_TEST

START_TEST(cal_01_a_conference_does_nothing_for_strangers)
{
	cm_press(&k, PHONE_B, "conference", NULL);
	cluster_advance(k.c, SECONDS(1));
	says_to("Conference", _i);
	they_confer();
}
END_TEST

START_TEST(cal_01_a_join_that_waits_for_the_other_sides_does_nothing_for_strangers)
{
	cm_press(&k, PHONE_B, "conference", NULL);
	ck_assert(cluster_until_signal(k.c, "ccm1", NULL, SIG_CcJoinInit, NULL, NULL, SECONDS(1)));
	ck_assert_uint_eq(cm_processes_in(&k, 1, "Join", "preparing"), 1);
	says_to("Join", _i);
	they_confer();
}
END_TEST

/* All in one turn: the key, what strangers say to the Join that comes of it, and its own affairs. */
START_TEST(cal_01_a_join_that_waits_for_its_legs_does_nothing_for_strangers)
{
	static const struct sdl_pid join = {
		.node = 1, .type = CM_JOIN, .app = SDL_APP_CALLMANAGER, .inst = 1
	};
	StationSoftKeyEvent key = STATION_SOFT_KEY_EVENT__INIT;
	CcTransferLocked locked = CC_TRANSFER_LOCKED__INIT;
	CcConferenceAdded added = CC_CONFERENCE_ADDED__INIT;
	CcTransferResult result = CC_TRANSFER_RESULT__INIT;

	key.key = STATION_SOFT_KEY__Confrn;
	added.result = CTIERR_SUCCESS;
	cluster_enqueue(k.c, "ccm1", cluster_process(k.c, "phones", PHONE_B),
			cluster_process(k.c, "ccm1", PHONE_B), SIG_StationSoftKeyEvent, &key);
	cluster_enqueue(k.c, "ccm1", somebody, join, SIG_CcTransferLockRes, &locked);
	cluster_enqueue(k.c, "ccm1", somebody, join, SIG_CcConferenceAddRes, &added);
	cluster_enqueue(k.c, "ccm1", somebody, join, SIG_CcTransferRes, &result);
	cluster_turn(k.c, "ccm1");
	they_confer();
}
END_TEST

static void they_talk(void)
{
	cluster_advance(k.c, SECONDS(2));
	ck_assert_uint_eq(cm_processes(&k, 1, "Transfer"), 0);
	ck_assert_uint_eq(cm_legs_in(&k, 1, "active10"), 1);
	ck_assert_uint_eq(cm_legs_in(&k, 3, "active10"), 1);
	comes_to_rest();
}

START_TEST(cal_01_a_transfer_that_waits_for_the_other_sides_does_nothing_for_strangers)
{
	cm_press(&k, PHONE_B, "transfer", NULL);
	ck_assert(cluster_until_signal(k.c, "ccm1", NULL, SIG_CcTransferInit, NULL, NULL,
				       SECONDS(1)));
	ck_assert_uint_eq(cm_processes_in(&k, 1, "Transfer", "preparing"), 1);
	says_to("Transfer", _i);
	they_talk();
}
END_TEST

START_TEST(cal_01_a_transfer_that_waits_for_its_legs_does_nothing_for_strangers)
{
	static const struct sdl_pid transfer = {
		.node = 1, .type = CM_TRANSFER, .app = SDL_APP_CALLMANAGER, .inst = 1
	};
	StationSoftKeyEvent key = STATION_SOFT_KEY_EVENT__INIT;
	CcTransferLocked locked = CC_TRANSFER_LOCKED__INIT;
	CcTransferResult result = CC_TRANSFER_RESULT__INIT;

	key.key = STATION_SOFT_KEY__Trnsfer;
	cluster_enqueue(k.c, "ccm1", cluster_process(k.c, "phones", PHONE_B),
			cluster_process(k.c, "ccm1", PHONE_B), SIG_StationSoftKeyEvent, &key);
	cluster_enqueue(k.c, "ccm1", somebody, transfer, SIG_CcTransferLockRes, &locked);
	cluster_enqueue(k.c, "ccm1", somebody, transfer, SIG_CcTransferRes, &result);
	cluster_turn(k.c, "ccm1");
	they_talk();
}
END_TEST

/* ---- phones -------------------------------------------------------------------------------- */

START_TEST(phones_take_whatever_their_links_may_bring)
{
	struct sdl_pid station = somebody;

	station.type = 10;
	for (enum stranger_fields f = STRANGER_BRIEF; f <= STRANGER_WILD; f++) {
		ck_assert_uint_gt(stranger_says_all(k.c, "phones", station, f), 5);
		cluster_advance(k.c, MS(100));
	}
	comes_to_rest();
}
END_TEST

/* What none of them says: nodes that are none, ports and devices that are nobody's. */
static const char *const phone_types[] = { "PhoneInit", "SccpPhone", "SipPhone", "ConferenceBridge",
					   "Media" };

START_TEST(phones_take_whatever_their_own_program_may_say)
{
	struct sdl_pid ended = { .node = 101, .type = 11, .app = SDL_APP_PHONES, .inst = 9999 };

	ended.node = cluster_process(k.c, "phones", PHONE_A).node;
	for (enum stranger_fields f = STRANGER_BRIEF; f <= STRANGER_WILD; f++) {
		ck_assert_uint_gt(stranger_says_within(k.c, "phones", phone_types[_i], ended, f),
				  0);
		cluster_advance(k.c, SECONDS(1));
	}
	ck_assert(cluster_is_up(k.c, "phones"));
	comes_to_rest();
}
END_TEST

/* ---- CTIManager ---------------------------------------------------------------------------- */
static void cti_up(void)
{
	uint64_t device;

	cti_fixture_up();
	cluster_allow_unexpected(fx->c);
	device = app_device_open(0, 2, "CTIP_1", -1);
	app_line_open(0, 3, device, "4001");
	ccm_call(1, SIG_CtiNewCallNotify, "CTIP_1", "4001", 7, CTI_CALL_STATE__OFFERING);
	ck_assert(app_told(0, "NewCall 4001"));
}

static void opens_again(void)
{
	cluster_advance(fx->c, SECONDS(60));
	cluster_start(fx->c, "app1");
	app_provider_open(1, "ivr", "secret");
	ck_assert(app_told(1, "ProviderOpenCompleted"));
	app_device_open(1, 2, "CTIP_3", -1);
}

START_TEST(a_ctimanager_takes_whatever_its_links_may_bring)
{
	struct sdl_pid station = { .node = 1, .type = 10, .app = 100, .inst = 9999 };

	for (enum stranger_fields f = STRANGER_BRIEF; f <= STRANGER_WILD; f++) {
		ck_assert_uint_gt(stranger_says_all(fx->c, "cti1", station, f), 5);
		cluster_advance(fx->c, SECONDS(1));
	}
	opens_again();
}
END_TEST

/* A database process gets what is sent to its address, too. */
START_TEST(processes_that_serve_answer_only_what_is_asked_of_them)
{
	struct sdl_pid to = { .node = 1, .type = CM_DB, .app = SDL_APP_CALLMANAGER, .inst = 1 };
	struct sdl_pid ctim = { .node = 1, .app = SDL_APP_CTIMANAGER, .inst = 1 };

	cluster_enqueue(fx->c, "ccm1", ctim, to, SIG_StationKeepAlive, NULL);
	cluster_turn(fx->c, "ccm1");
	to.app = SDL_APP_CTIMANAGER;
	to.type = CTIM_DB_ACCESS;
	cluster_enqueue(fx->c, "cti1", ctim, to, SIG_StationKeepAlive, NULL);
	to.type = CTIM_DIRECTORY;
	cluster_enqueue(fx->c, "cti1", ctim, to, SIG_StationKeepAlive, NULL);
	cluster_turn(fx->c, "cti1");
	app_device_open(0, 2, "CTIP_1", -1);
}
END_TEST

/* What a CTIHandler asked that has ended, and what was answered too late for it. */
static const char *const types[] = { "CTIDeviceLineMgr", "CTIHandler", "CmLink", "CtiManager" };

START_TEST(a_ctimanager_takes_what_its_own_processes_say_too_late)
{
	struct sdl_pid handler = { .node = 1, .type = 10, .app = 200, .inst = 9999 };

	ck_assert_uint_gt(stranger_says_within(fx->c, "cti1", types[_i], handler, STRANGER_BRIEF),
			  0);
	cluster_advance(fx->c, SECONDS(1));
	stranger_says_within(fx->c, "cti1", types[_i], handler, STRANGER_FULL);
	opens_again();
}
END_TEST

#define ABOUT(to, t, n)                                                                            \
	{                                                                                          \
		.name = #t, .test = (t), .setup = about_to_##to, .teardown = down, .loop_to = (n)  \
	}

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(callmanagers_take_whatever_their_links_may_bring, up, down),
		{ .name = "a_callmanager_takes_what_its_own_processes_say_too_late",
		  .test = a_callmanager_takes_what_its_own_processes_say_too_late,
		  .setup = up,
		  .teardown = down,
		  .loop_to = sizeof(cm_types) / sizeof(cm_types[0]) },
		ABOUT(confer, cal_01_who_manages_bridges_does_nothing_for_strangers, WAYS),
		ABOUT(confer, cal_01_a_conference_does_nothing_for_strangers, WAYS),
		ABOUT(confer,
		      cal_01_a_join_that_waits_for_the_other_sides_does_nothing_for_strangers,
		      WAYS),
		ABOUT(confer, cal_01_a_join_that_waits_for_its_legs_does_nothing_for_strangers, 1),
		ABOUT(transfer,
		      cal_01_a_transfer_that_waits_for_the_other_sides_does_nothing_for_strangers,
		      WAYS),
		ABOUT(transfer,
		      cal_01_a_transfer_that_waits_for_its_legs_does_nothing_for_strangers, 1),
		SUITE_CASE_WITH(phones_take_whatever_their_links_may_bring, up, down),
		{ .name = "phones_take_whatever_their_own_program_may_say",
		  .test = phones_take_whatever_their_own_program_may_say,
		  .setup = up,
		  .teardown = down,
		  .loop_to = sizeof(phone_types) / sizeof(phone_types[0]) },
		SUITE_CASE_WITH(processes_that_serve_answer_only_what_is_asked_of_them,
				cti_fixture_up_real, cti_fixture_down),
		SUITE_CASE_WITH(a_ctimanager_takes_whatever_its_links_may_bring, cti_up,
				cti_fixture_down),
		{ .name = "a_ctimanager_takes_what_its_own_processes_say_too_late",
		  .test = a_ctimanager_takes_what_its_own_processes_say_too_late,
		  .setup = cti_up,
		  .teardown = cti_fixture_down,
		  .loop_to = sizeof(types) / sizeof(types[0]) },
	};

	return suite_main(argc, argv, "cluster/test_strangers", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
