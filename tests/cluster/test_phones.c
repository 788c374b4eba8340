/* Phones against CallManagers that only pretend: registration, failover and fallback of both kinds
 * of phone; streams and keys of SCCP phones. */
#include "tests/lib/cluster.h"
#include "tests/lib/fake_cm.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cti_error.h"
#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/view/fields.h"
#include "sim/phones.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))
#define A    "SEP00000000000A"
#define B    "SEP00000000000B"

static struct cluster *c;
static struct fake_cm_context cm[4];

/* What the two kinds of phone say for the same. */
static const struct words {
	uint8_t station;
	uint16_t enrol, keepalive, leave, left, token, no_token, rings;
} kinds[] = {
	{ CM_STATION_INIT, SIG_StationRegister, SIG_StationKeepAlive, SIG_StationUnregister,
	  SIG_StationUnregisterAck, SIG_StationRegisterTokenReq, SIG_StationRegisterTokenReject,
	  SIG_StationSetRinger },
	{ CM_SIP_STATION_INIT, SIG_SipRegister, SIG_SipRegisterRefresh, SIG_SipRegisterRefresh,
	  SIG_SipRegisterFailure, SIG_SipToken, SIG_SipTokenFailure, SIG_SipInvite },
};
static const struct words *say = kinds;

/* ---- the cluster --------------------------------------------------------------------------- */
static void make_cm(void *arg, struct sdl_config *config)
{
	fake_cm_program(config, arg);
}

static void make_phones(void *arg, struct sdl_config *config)
{
	struct phones_context *context = calloc(1, sizeof(*context));

	(void)arg;
	ck_assert_ptr_nonnull(context);
	phones_program(config, context);
}

static void unmake_phones(void *arg, void *context)
{
	(void)arg;
	free(context);
}

static const char *cm_name(unsigned node)
{
	static const char *const names[] = { "", "ccm1", "ccm2", "ccm3" };

	return names[node];
}

static void up(void)
{
	struct sdl_virt_program phones = { .make = make_phones,
					   .unmake = unmake_phones,
					   .name = "phones",
					   .node = 101,
					   .app = SDL_APP_PHONES };

	c = cluster_new(1);
	memset(cm, 0, sizeof(cm));
	for (uint8_t node = 1; node <= 3; node++) {
		struct sdl_virt_program spec = { .make = make_cm,
						 .arg = &cm[node],
						 .name = cm_name(node),
						 .node = node,
						 .app = SDL_APP_CALLMANAGER };

		phones.links[phones.links_n].node = node;
		phones.links[phones.links_n++].app = SDL_APP_CALLMANAGER;
		cluster_add(c, &spec);
	}
	cluster_add(c, &phones);
	cluster_start(c, "phones");
}

static void down(void)
{
	cluster_destroy(&c);
}

static void start(unsigned node)
{
	cluster_start(c, cm_name(node));
}

static void plug(const char *name, bool enbloc, unsigned first, unsigned second)
{
	uint32_t group[] = { first, second };
	PhonePlug p = PHONE_PLUG__INIT;

	p.phone = (char *)name;
	p.model = 7960;
	p.group = group;
	p.n_group = second ? 2 : 1;
	p.has_sip = say != kinds;
	p.sip = true;
	p.has_enbloc = enbloc;
	p.enbloc = enbloc;
	cluster_post(c, "phones", PHONES_PHONE_INIT, SIG_PhonePlug, &p);
}

static void command(const char *program, uint8_t type, const char *phone, const char *verb,
		    const char *number)
{
	PhoneCommand p = PHONE_COMMAND__INIT;

	p.phone = (char *)phone;
	p.verb = (char *)verb;
	p.number = (char *)number;
	cluster_post(c, program, type, SIG_PhoneCommand, &p);
}

/* ---- looks --------------------------------------------------------------------------------- */
struct has {
	const char *field;
	const char *value;
};

static bool has(const void *msg, void *arg)
{
	const struct has *h = arg;

	return sdl_field_is(msg, h->field, h->value);
}

static bool phone_gets(const char *phone, uint16_t signal, int64_t within_ns)
{
	return cluster_until_signal(c, "phones", phone, signal, NULL, NULL, within_ns);
}

static bool cm_gets(unsigned node, uint16_t signal, const char *field, const char *value,
		    int64_t within_ns)
{
	struct has h = { field, value };

	return cluster_until_signal(c, cm_name(node), NULL, signal, field ? has : NULL, &h,
				    within_ns);
}

static void expect_result(uint32_t result)
{
	char text[16];
	struct has h = { "result", text };

	snprintf(text, sizeof(text), "%u", (unsigned)result);
	ck_assert_msg(
		cluster_until_signal(c, "phones", NULL, SIG_CommandResult, has, &h, SECONDS(1)),
		"no CommandResult %s", cti_error_name(result));
}

static void press(const char *phone, const char *verb, const char *number)
{
	command("phones", PHONES_PHONE_INIT, phone, verb, number);
	expect_result(CTIERR_SUCCESS);
}

static void press_refused(const char *phone, const char *verb, const char *number, uint32_t result)
{
	command("phones", PHONES_PHONE_INIT, phone, verb, number);
	expect_result(result);
}

struct state {
	const char *phone;
	const char *name;
};

static void see_state(void *arg, struct sdl_process *process)
{
	struct state *s = arg;

	if (!strcmp(sdl_process_label(process), s->phone))
		s->name = sdl_process_type(process)->states[sdl_state(process)].name;
}

static const char *state_of(const char *phone)
{
	struct state s = { phone, "" };

	sdl_program_each(cluster_program(c, "phones"), see_state, &s);
	return s.name;
}

static bool is_in(struct cluster *cluster, void *arg)
{
	const struct state *s = arg;

	(void)cluster;
	return !strcmp(state_of(s->phone), s->name);
}

static void expect_state(const char *phone, const char *name, int64_t within_ns)
{
	struct state s = { phone, name };

	ck_assert_msg(cluster_until(c, is_in, &s, within_ns), "%s is %s, not %s", phone,
		      state_of(phone), name);
}

/* A at B's stream and B at A's, through that CallManager. */
static void connect_both(unsigned node)
{
	command(cm_name(node), CM_STATION_INIT, A, "connect", "2");
	command(cm_name(node), CM_STATION_INIT, B, "connect", "1");
	ck_assert(phone_gets(A, SIG_MediaStreamStarted, SECONDS(2)));
	cluster_advance(c, MS(100));
}

static void both_registered_at_1(void)
{
	start(1);
	start(2);
	plug(A, false, 1, 2);
	plug(B, false, 1, 2);
	cluster_advance(c, MS(500));
	ck_assert_str_eq(state_of(A), "registered");
	ck_assert_str_eq(state_of(B), "registered");
	ck_assert_uint_eq(cluster_count_signal(c, "ccm1", NULL, say->enrol, NULL, NULL), 2);
	cluster_mark(c);
}

/* ---- registration -------------------------------------------------------------------------- */
START_TEST(the_tables_of_the_phones_program_are_sound)
{
	struct sdl_config config = { .incarnation = 1 };
	struct phones_context context = { 0 };
	char why[200] = "";

	phones_program(&config, &context);
	ck_assert_msg(sdl_program_check(config.types, config.types_n, why, sizeof(why)) == 0, "%s",
		      why);
}
END_TEST

START_TEST(a_phone_registers_at_the_first_member_of_its_group)
{
	say = &kinds[_i];
	start(1);
	start(2);
	plug(A, false, 2, 1);
	ck_assert(cm_gets(2, say->enrol, "device_name", A, SECONDS(1)));
	expect_state(A, "registered", SECONDS(1));
	ck_assert_uint_eq(cluster_count_signal(c, "ccm1", NULL, say->enrol, NULL, NULL), 0);
}
END_TEST

START_TEST(a_phone_waits_until_a_callmanager_says_that_it_takes_devices)
{
	cm[1].late = true;
	plug(A, false, 1, 0);
	start(1);
	cluster_advance(c, SECONDS(5));
	ck_assert_str_eq(state_of(A), "unregistered");
	command("ccm1", CM_STATION_INIT, A, "open", NULL);
	expect_state(A, "registered", SECONDS(1));
}
END_TEST

START_TEST(a_phone_that_is_rejected_tries_the_next_member_and_later_all_again)
{
	say = &kinds[_i];
	cm[1].reject = true;
	start(1);
	start(2);
	plug(A, false, 1, 2);
	plug(B, false, 1, 0);
	ck_assert(cm_gets(2, say->enrol, "device_name", A, SECONDS(1)));
	expect_state(A, "registered", SECONDS(1));
	expect_state(B, "unregistered", SECONDS(1));
	cm[1].reject = false;
	ck_assert(cm_gets(1, say->enrol, "device_name", B, SECONDS(6)));
	expect_state(B, "registered", SECONDS(1));
}
END_TEST

START_TEST(keepalives_go_on_and_a_callmanager_without_answers_is_left)
{
	say = &kinds[_i];
	cm[1].keepalive_s = 10;
	both_registered_at_1();
	cluster_advance(c, SECONDS(100));
	ck_assert_uint_ge(cluster_count_signal(c, "ccm1", NULL, say->keepalive, NULL, NULL), 18);
	ck_assert_uint_eq(cluster_count_signal(c, "ccm1", NULL, say->enrol, NULL, NULL), 0);
	cm[1].mute = true;
	ck_assert(cm_gets(1, say->enrol, "device_name", A, SECONDS(45)));
}
END_TEST

START_TEST(registrations_of_many_phones_are_paced)
{
	char name[16];

	cm[1].slow = true;
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "SEP%012u", i);
		plug(name, false, 1, 2);
	}
	cluster_advance(c, MS(100));
	start(1);
	expect_state("SEP000000000999", "registered", SECONDS(3));
	expect_state("SEP000000000000", "registered", 0);
	ck_assert_uint_eq(cm[1].registering_max, 256);
}
END_TEST

/* ---- failover and fallback ----------------------------------------------------------------- */
START_TEST(cmf_02_an_idle_phone_fails_over_at_once_when_its_callmanager_dies)
{
	say = &kinds[_i];
	both_registered_at_1();
	cluster_kill(c, "ccm1");
	ck_assert(cm_gets(2, say->enrol, "device_name", A, MS(100)));
	expect_state(A, "registered", MS(100));
}
END_TEST

START_TEST(cmf_03_a_phone_without_another_member_waits_for_its_own)
{
	say = &kinds[_i];
	start(1);
	start(2);
	plug(A, false, 1, 0);
	expect_state(A, "registered", SECONDS(1));
	cluster_kill(c, "ccm1");
	expect_state(A, "unregistered", SECONDS(1));
	press_refused(A, "call", "1002", CTIERR_DEVICE_OUT_OF_SERVICE);
	start(1);
	expect_state(A, "registered", SECONDS(1));
}
END_TEST

START_TEST(cmf_12_a_frozen_callmanager_is_left_within_the_silence_limit)
{
	say = &kinds[_i];
	both_registered_at_1();
	cluster_freeze(c, "ccm1");
	ck_assert(cm_gets(2, say->enrol, "device_name", A, SECONDS(4)));
	expect_state(A, "registered", MS(100));
}
END_TEST

START_TEST(cmf_15_an_idle_phone_returns_to_a_better_member_by_token)
{
	say = &kinds[_i];
	start(2);
	plug(A, false, 1, 2);
	expect_state(A, "registered", SECONDS(1));
	start(1);
	ck_assert(cm_gets(1, say->token, "device_name", A, SECONDS(1)));
	ck_assert(cm_gets(2, say->leave, NULL, NULL, SECONDS(1)));
	ck_assert(cm_gets(1, say->enrol, "device_name", A, SECONDS(1)));
	expect_state(A, "registered", SECONDS(1));
}
END_TEST

START_TEST(cmf_15_a_phone_with_a_call_stays_until_the_call_ends)
{
	say = &kinds[_i];
	start(2);
	plug(A, false, 1, 2);
	expect_state(A, "registered", SECONDS(1));
	command("ccm2", say->station, A, "ring", NULL);
	ck_assert(phone_gets(A, say->rings, SECONDS(1)));
	start(1);
	cluster_advance(c, SECONDS(20));
	ck_assert_uint_eq(cluster_count_signal(c, "ccm1", NULL, say->token, NULL, NULL), 0);
	command("ccm2", say->station, A, "release", NULL);
	ck_assert(cm_gets(1, say->enrol, "device_name", A, SECONDS(1)));
}
END_TEST

START_TEST(cmf_15_a_refused_token_is_asked_for_again_after_the_time_told)
{
	say = &kinds[_i];
	cm[1].no_token = true;
	start(2);
	plug(A, false, 1, 2);
	expect_state(A, "registered", SECONDS(1));
	start(1);
	ck_assert(cm_gets(1, say->token, NULL, NULL, SECONDS(1)));
	ck_assert(phone_gets(A, say->no_token, SECONDS(1)));
	int64_t refused = cluster_now(c);

	cm[1].no_token = false;
	ck_assert(cm_gets(1, say->token, NULL, NULL, SECONDS(3)));
	ck_assert_int_ge(cluster_now(c) - refused, SECONDS(2));
	expect_state(A, "registered", SECONDS(1));
	ck_assert(cm_gets(1, say->enrol, NULL, NULL, 0) ||
		  cluster_count_signal(c, "ccm1", NULL, say->enrol, NULL, NULL) == 1);
}
END_TEST

START_TEST(cmf_15_a_phone_that_may_not_unregister_stays_and_tries_again)
{
	say = &kinds[_i];
	cm[2].busy = true;
	start(2);
	plug(A, false, 1, 2);
	expect_state(A, "registered", SECONDS(1));
	start(1);
	ck_assert(phone_gets(A, say->left, SECONDS(1)));
	expect_state(A, "registered", 0);
	cm[2].busy = false;
	ck_assert(cm_gets(1, say->enrol, "device_name", A, SECONDS(6)));
}
END_TEST

START_TEST(cmf_15_a_better_member_that_dies_during_the_fallback_leaves_the_phone_registered)
{
	say = &kinds[_i];
	start(2);
	plug(A, false, 1, 2);
	expect_state(A, "registered", SECONDS(1));
	start(1);
	ck_assert(cm_gets(2, say->leave, NULL, NULL, SECONDS(1)));
	cluster_kill(c, "ccm1");
	cluster_mark(c);
	ck_assert(cm_gets(2, say->enrol, "device_name", A, SECONDS(1)));
	expect_state(A, "registered", SECONDS(1));
}
END_TEST

/* As from a CallManager that was asked before, and is not any more. */
static void stranger_says(uint16_t signal, const void *msg)
{
	struct sdl_pid stranger = { .node = 3, .type = 10, .app = SDL_APP_CALLMANAGER, .inst = 1 };

	cluster_enqueue(c, "phones", stranger, cluster_process(c, "phones", A), signal, msg);
	cluster_turn(c, "phones");
}

START_TEST(answers_of_a_callmanager_that_was_not_asked_mean_nothing)
{
	StationRegisterAck ack = STATION_REGISTER_ACK__INIT;
	StationRegisterReject reject = STATION_REGISTER_REJECT__INIT;
	StationRegisterTokenReject no_token = STATION_REGISTER_TOKEN_REJECT__INIT;
	StationUnregisterAck left = STATION_UNREGISTER_ACK__INIT;
	PhoneRegistration grant = PHONE_REGISTRATION__INIT;

	cm[2].slow = true;
	start(2);
	plug(A, false, 1, 2);
	ck_assert(cm_gets(2, SIG_StationRegister, "device_name", A, SECONDS(1)));
	stranger_says(SIG_StationRegisterAck, &ack);
	stranger_says(SIG_StationRegisterReject, &reject);
	ck_assert_str_eq(state_of(A), "registering");
	expect_state(A, "registered", SECONDS(1));
	grant.node = 3;
	stranger_says(SIG_PhoneRegisterGrant, &grant);
	cluster_mark(c);
	start(1);
	ck_assert(phone_gets(A, SIG_PhoneRegisterGrant, SECONDS(1)));
	cluster_freeze(c, "ccm1");
	stranger_says(SIG_StationRegisterTokenAck, NULL);
	stranger_says(SIG_StationRegisterTokenReject, &no_token);
	ck_assert_str_eq(state_of(A), "token");
	cluster_thaw(c, "ccm1");
	ck_assert(phone_gets(A, SIG_StationRegisterTokenAck, SECONDS(1)));
	cluster_freeze(c, "ccm2");
	stranger_says(SIG_StationUnregisterAck, &left);
	ck_assert_str_eq(state_of(A), "unregistering");
	cluster_thaw(c, "ccm2");
	ck_assert(cm_gets(1, SIG_StationRegister, "device_name", A, SECONDS(1)));
	expect_state(A, "registered", SECONDS(1));
}
END_TEST

START_TEST(a_reset_waits_for_the_end_of_the_call)
{
	both_registered_at_1();
	connect_both(1);
	command("ccm1", CM_STATION_INIT, A, "reset", NULL);
	ck_assert(phone_gets(A, SIG_StationReset, SECONDS(1)));
	cluster_advance(c, SECONDS(2));
	ck_assert_str_eq(state_of(A), "registered");
	press(A, "hangup", NULL);
	ck_assert(cm_gets(1, SIG_StationUnregister, NULL, NULL, SECONDS(1)));
	ck_assert(cm_gets(1, SIG_StationRegister, "device_name", A, SECONDS(1)));
	expect_state(A, "registered", SECONDS(1));
}
END_TEST

START_TEST(a_reset_of_an_idle_phone_has_it_register_anew)
{
	say = &kinds[_i];
	start(1);
	plug(A, false, 1, 2);
	expect_state(A, "registered", SECONDS(1));
	command("ccm1", say->station, A, "reset", NULL);
	ck_assert(cm_gets(1, say->leave, NULL, NULL, SECONDS(1)));
	ck_assert(cm_gets(1, say->enrol, "device_name", A, SECONDS(1)));
	expect_state(A, "registered", SECONDS(1));
}
END_TEST

START_TEST(a_reset_waits_for_the_end_of_a_call_that_rings)
{
	say = &kinds[_i];
	start(1);
	plug(A, false, 1, 2);
	expect_state(A, "registered", SECONDS(1));
	command("ccm1", say->station, A, "ring", NULL);
	ck_assert(phone_gets(A, say->rings, SECONDS(1)));
	command("ccm1", say->station, A, "reset", NULL);
	cluster_advance(c, SECONDS(2));
	ck_assert_str_eq(state_of(A), "registered");
	command("ccm1", say->station, A, "release", NULL);
	ck_assert(cm_gets(1, say->enrol, "device_name", A, SECONDS(1)));
	expect_state(A, "registered", SECONDS(1));
}
END_TEST

/* ---- preserved calls ----------------------------------------------------------------------- */
START_TEST(cmf_14_cal_02_a_streaming_phone_registers_nowhere_until_its_user_hangs_up)
{
	both_registered_at_1();
	connect_both(1);
	cluster_kill(c, "ccm1");
	expect_state(A, "preserved", MS(100));
	expect_state(B, "preserved", MS(100));
	cluster_mark(c);
	cluster_advance(c, SECONDS(20));
	ck_assert_uint_eq(cluster_count_signal(c, "ccm2", NULL, SIG_StationRegister, NULL, NULL),
			  0);
	ck_assert_uint_ge(cluster_count_signal(c, "phones", NULL, SIG_MediaTick, NULL, NULL), 70);
	press(A, "hangup", NULL);
	ck_assert(cm_gets(2, SIG_StationRegister, "device_name", A, MS(100)));
}
END_TEST

START_TEST(cal_04_a_preserved_call_ends_when_the_other_side_hangs_up)
{
	both_registered_at_1();
	connect_both(1);
	cluster_kill(c, "ccm1");
	expect_state(B, "preserved", MS(100));
	press(A, "onhook", NULL);
	ck_assert(cm_gets(2, SIG_StationRegister, "device_name", B, SECONDS(1)));
	expect_state(B, "registered", SECONDS(1));
}
END_TEST

START_TEST(cal_04_on_a_preserved_call_only_hanging_up_works)
{
	static const char *const verbs[] = { "hold", "resume", "answer", "offhook" };

	both_registered_at_1();
	connect_both(1);
	cluster_kill(c, "ccm1");
	expect_state(A, "preserved", MS(100));
	for (size_t i = 0; i < N(verbs); i++)
		press_refused(A, verbs[i], NULL, CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	press_refused(A, "call", "1002", CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	press(A, "show", NULL);
	press(A, "hangup", NULL);
}
END_TEST

START_TEST(cal_03_a_ringing_a_held_and_a_dialing_call_are_dropped_by_the_phone)
{
	both_registered_at_1();
	command("ccm1", CM_STATION_INIT, A, "ring", NULL);
	connect_both(1);
	press(B, "hold", NULL);
	ck_assert(phone_gets(B, SIG_StationCallState, SECONDS(1)));
	press(A, "hangup", NULL);
	ck_assert(phone_gets(A, SIG_StationCallState, SECONDS(1)));
	press(A, "offhook", NULL);
	ck_assert(phone_gets(A, SIG_StationStartTone, SECONDS(1)));
	cluster_kill(c, "ccm1");
	cluster_mark(c);
	cluster_advance(c, MS(100));
	ck_assert_str_eq(state_of(A), "registered");
	ck_assert_str_eq(state_of(B), "registered");
	ck_assert_uint_eq(cluster_count_signal(c, "ccm2", NULL, SIG_StationRegister, NULL, NULL),
			  2);
	press_refused(A, "hangup", NULL, CTIERR_ILLEGAL_CALLSTATE);
	press_refused(B, "resume", NULL, CTIERR_ILLEGAL_CALLSTATE);
}
END_TEST

START_TEST(cal_04_the_end_of_a_stream_is_reported_while_the_channel_is_open)
{
	both_registered_at_1();
	connect_both(1);
	cluster_cut(c, "phones", "ccm1"); /* A's hang-up gets no further than B's ears */
	press(A, "hangup", NULL);
	ck_assert(phone_gets(B, SIG_MediaStreamStopped, SECONDS(1)));
	cluster_heal(c, "phones", "ccm1");
	ck_assert(cm_gets(1, SIG_StationMediaTransmissionFailure, "last_tick", "true", SECONDS(1)));
	ck_assert_str_eq(state_of(B), "registered");
}
END_TEST

START_TEST(a_call_that_is_ended_in_order_reports_no_failure)
{
	both_registered_at_1();
	connect_both(1);
	press(A, "hangup", NULL);
	command("ccm1", CM_STATION_INIT, B, "release", NULL);
	cluster_advance(c, SECONDS(10));
	ck_assert_uint_eq(cluster_count_signal(c, "ccm1", NULL, SIG_StationMediaTransmissionFailure,
					       NULL, NULL),
			  0);
	/* and nothing streams any more */
	cluster_mark(c);
	cluster_advance(c, SECONDS(3));
	ck_assert_uint_eq(cluster_count_signal(c, "phones", NULL, SIG_MediaTick, NULL, NULL), 0);
}
END_TEST

/* ---- keys ---------------------------------------------------------------------------------- */
START_TEST(dev_04_a_phone_sends_the_digits_of_a_number_one_by_one)
{
	both_registered_at_1();
	press(A, "call", "10*2");
	ck_assert(cm_gets(1, SIG_StationOffHook, NULL, NULL, SECONDS(1)));
	ck_assert(cm_gets(1, SIG_StationKeypadButton, "button", "49", SECONDS(1)));
	ck_assert(cm_gets(1, SIG_StationKeypadButton, "button", "48", SECONDS(1)));
	ck_assert(cm_gets(1, SIG_StationKeypadButton, "button", "42", SECONDS(1)));
	ck_assert(cm_gets(1, SIG_StationKeypadButton, "button", "50", SECONDS(1)));
}
END_TEST

START_TEST(dev_05_an_enbloc_phone_sends_the_number_as_a_whole)
{
	start(1);
	plug(A, true, 1, 0);
	expect_state(A, "registered", SECONDS(1));
	press(A, "call", "1002");
	ck_assert(cm_gets(1, SIG_StationEnblocCall, "called_party", "1002", SECONDS(1)));
	ck_assert(phone_gets(A, SIG_StationCallState, SECONDS(1)));
	press(A, "hangup", NULL);
	ck_assert(phone_gets(A, SIG_StationCallState, SECONDS(1)));
	press(A, "offhook", NULL);
	press(A, "dial", "1003");
	ck_assert(cm_gets(1, SIG_StationEnblocCall, "called_party", "1003", SECONDS(1)));
}
END_TEST

START_TEST(a_user_may_hang_up_and_call_again_at_once)
{
	both_registered_at_1();
	connect_both(1);
	press(A, "hangup", NULL);
	press(A, "call", "7");
	ck_assert(cm_gets(1, SIG_StationKeypadButton, "button", "55", SECONDS(1)));
}
END_TEST

START_TEST(a_ringing_phone_is_answered_and_a_call_held_and_resumed)
{
	both_registered_at_1();
	command("ccm1", CM_STATION_INIT, A, "ring", NULL);
	ck_assert(phone_gets(A, SIG_StationSetRinger, SECONDS(1)));
	press(A, "answer", NULL);
	ck_assert(cm_gets(1, SIG_StationSoftKeyEvent, "key", "Answer", 0) ||
		  phone_gets(A, SIG_StationCallState, SECONDS(1)));
	cluster_advance(c, MS(10));
	press(A, "hold", NULL);
	cluster_advance(c, MS(10));
	press(A, "resume", NULL);
	cluster_advance(c, MS(10));
	press(A, "hangup", NULL);
}
END_TEST

START_TEST(what_no_hand_could_do_is_refused)
{
	say = &kinds[_i];
	both_registered_at_1();
	press_refused(A, "answer", NULL, CTIERR_ILLEGAL_CALLSTATE);
	press_refused(A, "hold", NULL, CTIERR_ILLEGAL_CALLSTATE);
	press_refused(A, "resume", NULL, CTIERR_ILLEGAL_CALLSTATE);
	press_refused(A, "hangup", NULL, CTIERR_ILLEGAL_CALLSTATE);
	press_refused(A, "dial", "1", CTIERR_ILLEGAL_CALLSTATE);
	press_refused(A, "call", NULL, CTIERR_INVALID_PARAMETER);
	press_refused(A, "call", "12a", CTIERR_INVALID_DTMFDIGITS);
	press_refused(A, "dial", NULL, CTIERR_INVALID_PARAMETER);
	press_refused(A, "forward", "12a", CTIERR_INVALID_DTMFDIGITS);
	press_refused(A, "levitate", NULL, CTIERR_COMMAND_NOT_IMPLEMENTED_ON_DEVICE);
	press_refused("SEP000000000999", "call", "1", CTIERR_INVALID_DEVICE_NAME);
	press(A, "offhook", NULL);
	cluster_advance(c, MS(10));
	press_refused(A, "offhook", NULL, CTIERR_CALL_ALREADY_EXISTS);
	press(A, "show", NULL);
	command("ccm1", say->station, B, "ring", NULL);
	ck_assert(phone_gets(B, say->rings, SECONDS(1)));
	press(B, "show", NULL);
	press_refused(B, "resume", NULL, CTIERR_ILLEGAL_CALLSTATE);
}
END_TEST

START_TEST(a_plug_without_sense_is_refused)
{
	PhonePlug p = PHONE_PLUG__INIT;
	uint32_t group[] = { 1, 2, 3, 4 };

	start(1);
	plug(A, false, 1, 0);
	plug(A, false, 1, 0);
	expect_result(CTIERR_DEVICE_ALREADY_REGISTERED);
	plug("SEP0000000000000001", false, 1, 0);
	expect_result(CTIERR_INVALID_DEVICE_NAME);
	plug(B, false, 21, 0);
	expect_result(CTIERR_INVALID_PARAMETER);
	p.phone = (char *)B;
	p.model = 12345;
	p.group = group;
	p.n_group = 2;
	cluster_post(c, "phones", PHONES_PHONE_INIT, SIG_PhonePlug, &p);
	expect_result(CTIERR_ILLEGAL_DEVICE_TYPE);
	p.model = 7;
	p.n_group = 4;
	cluster_post(c, "phones", PHONES_PHONE_INIT, SIG_PhonePlug, &p);
	expect_result(CTIERR_INVALID_PARAMETER);
}
END_TEST

#define WITH(t) SUITE_CASE_WITH(t, up, down)
/* Once for each kind of phone. */
#define BOTH(t)                                                                                    \
	{                                                                                          \
		.name = #t, .test = (t), .setup = up, .teardown = down, .loop_to = N(kinds)        \
	}

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(the_tables_of_the_phones_program_are_sound),
		BOTH(a_phone_registers_at_the_first_member_of_its_group),
		WITH(a_phone_waits_until_a_callmanager_says_that_it_takes_devices),
		BOTH(a_phone_that_is_rejected_tries_the_next_member_and_later_all_again),
		BOTH(keepalives_go_on_and_a_callmanager_without_answers_is_left),
		WITH(registrations_of_many_phones_are_paced),
		BOTH(cmf_02_an_idle_phone_fails_over_at_once_when_its_callmanager_dies),
		BOTH(cmf_03_a_phone_without_another_member_waits_for_its_own),
		BOTH(cmf_12_a_frozen_callmanager_is_left_within_the_silence_limit),
		BOTH(cmf_15_an_idle_phone_returns_to_a_better_member_by_token),
		BOTH(cmf_15_a_phone_with_a_call_stays_until_the_call_ends),
		BOTH(cmf_15_a_refused_token_is_asked_for_again_after_the_time_told),
		BOTH(cmf_15_a_phone_that_may_not_unregister_stays_and_tries_again),
		BOTH(cmf_15_a_better_member_that_dies_during_the_fallback_leaves_the_phone_registered),
		WITH(a_reset_waits_for_the_end_of_the_call),
		BOTH(a_reset_of_an_idle_phone_has_it_register_anew),
		BOTH(a_reset_waits_for_the_end_of_a_call_that_rings),
		WITH(cmf_14_cal_02_a_streaming_phone_registers_nowhere_until_its_user_hangs_up),
		WITH(cal_04_a_preserved_call_ends_when_the_other_side_hangs_up),
		WITH(cal_04_on_a_preserved_call_only_hanging_up_works),
		WITH(cal_03_a_ringing_a_held_and_a_dialing_call_are_dropped_by_the_phone),
		WITH(cal_04_the_end_of_a_stream_is_reported_while_the_channel_is_open),
		WITH(a_call_that_is_ended_in_order_reports_no_failure),
		WITH(dev_04_a_phone_sends_the_digits_of_a_number_one_by_one),
		WITH(dev_05_an_enbloc_phone_sends_the_number_as_a_whole),
		WITH(a_user_may_hang_up_and_call_again_at_once),
		WITH(a_ringing_phone_is_answered_and_a_call_held_and_resumed),
		BOTH(what_no_hand_could_do_is_refused),
		WITH(a_plug_without_sense_is_refused),
		WITH(answers_of_a_callmanager_that_was_not_asked_mean_nothing),
	};
	return suite_main(argc, argv, "cluster/test_phones", cases, N(cases));
}
