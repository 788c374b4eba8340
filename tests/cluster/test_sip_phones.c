/* SIP phones against CallManagers that only pretend: what they refuse, leave open or say at the wrong
 * time; and what no hand could do. */
#include "tests/lib/cluster.h"
#include "tests/lib/sip_station.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cti_error.h"
#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/view/fields.h"
#include "sim/phones.h"

#define A    "SEP00000000000A"
#define B    "SEP00000000000B"
#define OWN  (UINT64_C(1) << 32)
#define CALL 7

static struct cluster *c;
static struct sip_station cm[3];

/* ---- the cluster --------------------------------------------------------------------------- */
static void make_cm(void *arg, struct sdl_config *config)
{
	sip_station_program(config, arg);
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
	return node == 1 ? "ccm1" : "ccm2";
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
	for (uint8_t node = 1; node <= 2; node++) {
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

static void plug(const char *name)
{
	uint32_t group[] = { 1, 2 };
	PhonePlug p = PHONE_PLUG__INIT;

	p.phone = (char *)name;
	p.model = 7961;
	p.group = group;
	p.n_group = 2;
	p.has_sip = p.sip = true;
	cluster_post(c, "phones", PHONES_PHONE_INIT, SIG_PhonePlug, &p);
}

/* ---- looks --------------------------------------------------------------------------------- */
struct has {
	const char *field;
	const char *value;
};

static bool has(const void *msg, void *arg)
{
	const struct has *h = arg;

	return !h->field || sdl_field_is(msg, h->field, h->value);
}

static bool cm_gets(unsigned node, uint16_t signal, const char *field, const char *value)
{
	struct has h = { field, value };

	return cluster_until_signal(c, cm_name(node), NULL, signal, has, &h, SECONDS(10));
}

static unsigned cm_got(unsigned node, uint16_t signal)
{
	return cluster_count_signal(c, cm_name(node), NULL, signal, NULL, NULL);
}

static bool phone_gets(uint16_t signal)
{
	return cluster_until_signal(c, "phones", A, signal, NULL, NULL, SECONDS(10));
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

static bool is_in(struct cluster *cluster, void *arg)
{
	const struct state *wanted = arg;
	struct state s = { wanted->phone, "" };

	sdl_program_each(cluster_program(cluster, "phones"), see_state, &s);
	return !strcmp(s.name, wanted->name);
}

static void expect_state(const char *phone, const char *name)
{
	struct state s = { phone, name };

	ck_assert_msg(cluster_until(c, is_in, &s, SECONDS(10)), "%s is not %s", phone, name);
}

static void press(const char *phone, const char *verb, const char *number, uint32_t result)
{
	PhoneCommand p = PHONE_COMMAND__INIT;
	char text[16];
	struct has h = { "result", text };

	snprintf(text, sizeof(text), "%u", (unsigned)result);
	p.phone = (char *)phone;
	p.verb = (char *)verb;
	p.number = (char *)number;
	cluster_mark(c);
	cluster_post(c, "phones", PHONES_PHONE_INIT, SIG_PhoneCommand, &p);
	ck_assert_msg(
		cluster_until_signal(c, "phones", NULL, SIG_CommandResult, has, &h, SECONDS(1)),
		"%s: no result %s", verb, cti_error_name(result));
}

static void shows(const char *phone, const char *text)
{
	PhoneCommand p = PHONE_COMMAND__INIT;
	struct has h = { "text", text };

	p.phone = (char *)phone;
	p.verb = (char *)"show";
	cluster_mark(c);
	cluster_post(c, "phones", PHONES_PHONE_INIT, SIG_PhoneCommand, &p);
	ck_assert_msg(
		cluster_until_signal(c, "phones", NULL, SIG_CommandResult, has, &h, SECONDS(1)),
		"%s shows something else", phone);
}

/* ---- what the CallManager says --------------------------------------------------------------- */
static void say(unsigned node, uint16_t signal, const void *msg)
{
	cluster_post(c, cm_name(node), CM_SIP_STATION_INIT, signal, msg);
	cluster_advance(c, MS(20));
}

static void invite(uint64_t call, uint32_t cseq)
{
	SipInvite m = SIP_INVITE__INIT;

	m.call_id = call;
	m.cseq = cseq;
	say(1, SIG_SipInvite, &m);
}

/* port: of the other side's voice; 0: none is said. */
static void respond(uint16_t signal, uint64_t call, uint32_t cseq, uint32_t status, uint32_t port)
{
	SipResponse m = SIP_RESPONSE__INIT;
	SipSdp sdp = SIP_SDP__INIT;

	m.call_id = call;
	m.cseq = cseq;
	m.status = status;
	sdp.direction = SIP_DIRECTION__SIP_SENDRECV;
	sdp.has_ip = sdp.has_port = true;
	sdp.ip = 127u << 24 | 1u << 16 | 101;
	sdp.port = port;
	m.sdp = port ? &sdp : NULL;
	say(1, signal, &m);
}

static void dialog(uint16_t signal, uint64_t call, uint32_t cseq)
{
	SipDialog m = SIP_DIALOG__INIT;

	m.call_id = call;
	m.cseq = cseq;
	say(1, signal, &m);
}

static void refer(unsigned node, SipReferKind kind, uint64_t call, const char *to)
{
	SipRefer m = SIP_REFER__INIT;

	m.refer = 5;
	m.kind = kind;
	m.has_call_id = call != 0;
	m.call_id = call;
	m.refer_to = (char *)to;
	say(node, SIG_SipRefer, &m);
}

static void registered_at_1(void)
{
	up();
	cluster_start(c, "ccm1");
	cluster_start(c, "ccm2");
	plug(A);
	expect_state(A, "registered");
	cluster_mark(c);
}

static void registered_at_2(void)
{
	cluster_start(c, "ccm2");
	plug(A);
	expect_state(A, "registered");
	cluster_mark(c);
}

/* ---- registration ---------------------------------------------------------------------------- */
START_TEST(cmf_15_a_better_member_that_dies_before_it_answers_leaves_the_sip_phone_registered)
{
	cm[1].mute = true;
	registered_at_2();
	cluster_start(c, "ccm1");
	expect_state(A, "token");
	cluster_kill(c, "ccm1");
	expect_state(A, "registered");
	ck_assert_uint_eq(cm_got(2, SIG_SipRegister), 0);
}
END_TEST

START_TEST(cmf_15_a_sip_phone_whose_callmanager_dies_while_it_unregisters_goes_to_the_better_one)
{
	registered_at_2();
	cm[2].mute = true;
	cluster_start(c, "ccm1");
	expect_state(A, "unregistering");
	cluster_kill(c, "ccm2");
	ck_assert(cm_gets(1, SIG_SipRegister, "device_name", A));
	expect_state(A, "registered");
}
END_TEST

START_TEST(cmf_15_a_call_that_is_quicker_than_the_token_keeps_the_sip_phone)
{
	SipInvite m = SIP_INVITE__INIT;
	SipDialog cancel = SIP_DIALOG__INIT;

	cm[1].mute = true;
	registered_at_2();
	cluster_start(c, "ccm1");
	expect_state(A, "token");
	m.call_id = cancel.call_id = CALL;
	m.cseq = cancel.cseq = 1;
	say(2, SIG_SipInvite, &m);
	cm[1].phones[0] = cm[2].phones[0];
	say(1, SIG_SipTokenAccepted, NULL);
	expect_state(A, "registered");
	cm[1].mute = false;
	say(2, SIG_SipCancel, &cancel);
	ck_assert(cm_gets(1, SIG_SipRegister, "device_name", A));
}
END_TEST

START_TEST(answers_of_a_callmanager_that_was_not_asked_mean_nothing)
{
	SipRegisterOk ok = SIP_REGISTER_OK__INIT;
	SipRegisterFailure failure = SIP_REGISTER_FAILURE__INIT;

	cm[1].mute = true;
	cluster_start(c, "ccm1");
	cluster_start(c, "ccm2");
	plug(A);
	expect_state(A, "registering");
	cm[2].phones[0] = cm[1].phones[0];
	ok.expires_s = failure.status = 500;
	say(2, SIG_SipRegisterOk, &ok);
	say(2, SIG_SipRegisterFailure, &failure);
	expect_state(A, "registering");
	cluster_kill(c, "ccm1");
	expect_state(A, "registered");
	cluster_start(c, "ccm1");
	expect_state(A, "token");
	say(2, SIG_SipTokenAccepted, NULL);
	say(2, SIG_SipTokenFailure, &failure);
	expect_state(A, "token");
	cm[2].mute = true;
	cm[1].phones[0] = cm[2].phones[0];
	say(1, SIG_SipTokenAccepted, NULL);
	expect_state(A, "unregistering");
	say(1, SIG_SipRegisterOk, &ok);
	say(1, SIG_SipRegisterFailure, &failure);
	say(2, SIG_SipRegisterOk, &ok); /* to a refresh before */
	expect_state(A, "unregistering");
}
END_TEST

/* ---- calls ----------------------------------------------------------------------------------- */

/* A call of the phone's own to 1002, connected to that port. */
static void own_call(const char *phone, uint32_t port)
{
	press(phone, "call", "1002", CTIERR_SUCCESS);
	ck_assert(cm_gets(1, SIG_SipInvite, "to", "1002"));
	respond(SIG_SipRinging, OWN + 1, 1, 180, 0);
	respond(SIG_SipOk, OWN + 1, 1, 200, port);
	ck_assert(cm_gets(1, SIG_SipAck, NULL, NULL));
	cluster_mark(c);
}

START_TEST(requests_in_calls_that_are_none_are_refused)
{
	invite(CALL, 2);
	ck_assert(cm_gets(1, SIG_SipFailure, "status", "481"));
	dialog(SIG_SipBye, CALL, 1);
	dialog(SIG_SipCancel, CALL, 1);
	dialog(SIG_SipAck, CALL, 1);
	ck_assert_uint_eq(cm_got(1, SIG_SipFailure), 1); /* to the BYE */
	refer(1, SIP_REFER_KIND__SIP_REFER_ANSWER, CALL, NULL);
	ck_assert(cm_gets(1, SIG_SipReferRes, "status", "481"));
	refer(1, SIP_REFER_KIND__SIP_REFER_INITCALL, 0, "");
	ck_assert(cm_gets(1, SIG_SipReferRes, "status", "400"));
	invite(CALL, 1);
	refer(1, SIP_REFER_KIND__SIP_REFER_SOFT_KEY, CALL, NULL);
	ck_assert(cm_gets(1, SIG_SipReferRes, "status", "501"));
}
END_TEST

START_TEST(what_another_callmanager_says_of_calls_means_nothing)
{
	SipInvite m = SIP_INVITE__INIT;
	SipResponse failure = SIP_RESPONSE__INIT;

	cm[2].phones[0] = cm[1].phones[0];
	m.call_id = failure.call_id = CALL;
	m.cseq = failure.cseq = 1;
	failure.status = 500;
	say(2, SIG_SipInvite, &m);
	say(2, SIG_SipFailure, &failure);
	refer(2, SIP_REFER_KIND__SIP_REFER_INITCALL, 0, "1002");
	ck_assert_uint_eq(cm_got(1, SIG_SipRinging) + cm_got(2, SIG_SipRinging), 0);
	ck_assert_uint_eq(cm_got(1, SIG_SipReferRes) + cm_got(2, SIG_SipReferRes), 0);
}
END_TEST

START_TEST(a_call_that_was_answered_before_it_was_cancelled_is_ended)
{
	press(A, "call", "1002", CTIERR_SUCCESS);
	ck_assert(cm_gets(1, SIG_SipInvite, "to", "1002"));
	press(A, "hangup", NULL, CTIERR_SUCCESS);
	ck_assert(cm_gets(1, SIG_SipCancel, NULL, NULL));
	respond(SIG_SipOk, OWN + 1, 1, 200, 9);
	ck_assert(cm_gets(1, SIG_SipAck, NULL, NULL));
	ck_assert(cm_gets(1, SIG_SipBye, "cseq", "2"));
}
END_TEST

START_TEST(a_busy_number_gives_the_busy_tone)
{
	press(A, "call", "1002", CTIERR_SUCCESS);
	ck_assert(cm_gets(1, SIG_SipInvite, "to", "1002"));
	respond(SIG_SipFailure, OWN + 1, 1, 486, 0);
	ck_assert(phone_gets(SIG_PhoneTone));
	shows(A, "registered at 1, LineBusyTone");
}
END_TEST

START_TEST(a_resume_that_is_refused_is_tried_again_only_where_both_asked_at_once)
{
	own_call(A, 9);
	press(A, "hold", NULL, CTIERR_SUCCESS);
	ck_assert(cm_gets(1, SIG_SipInvite, "cseq", "2"));
	respond(SIG_SipOk, OWN + 1, 2, 200, 0);
	respond(SIG_SipFailure, OWN + 1, 2, 500, 0); /* was answered already */
	respond(SIG_SipOk, OWN + 1, 2, 200, 0);
	press(A, "resume", NULL, CTIERR_SUCCESS);
	ck_assert(cm_gets(1, SIG_SipInvite, "cseq", "3"));
	respond(SIG_SipFailure, OWN + 1, 3, 491, 0);
	ck_assert(cm_gets(1, SIG_SipInvite, "cseq", "4"));
	respond(SIG_SipFailure, OWN + 1, 4, 500, 0);
	cluster_mark(c);
	cluster_advance(c, SECONDS(2));
	ck_assert_uint_eq(cm_got(1, SIG_SipInvite), 0);
	press(A, "resume", NULL, CTIERR_SUCCESS);
	ck_assert(cm_gets(1, SIG_SipInvite, "cseq", "5"));
}
END_TEST

START_TEST(a_hold_that_is_refused_since_both_asked_at_once_is_tried_again_for_that_call_alone)
{
	invite(CALL, 1);
	own_call(A, 9);
	press(A, "hold", NULL, CTIERR_SUCCESS);
	ck_assert(cm_gets(1, SIG_SipInvite, "cseq", "2"));
	respond(SIG_SipFailure, OWN + 1, 2, 491, 0);
	ck_assert(cm_gets(1, SIG_SipInvite, "cseq", "3"));
	respond(SIG_SipOk, OWN + 1, 3, 200, 0);
	press(A, "offhook", NULL, CTIERR_SUCCESS);
	ck_assert(cm_gets(1, SIG_SipOk, "status", "200"));
}
END_TEST

START_TEST(an_order_to_call_ends_what_the_user_was_dialing)
{
	press(A, "offhook", NULL, CTIERR_SUCCESS);
	press(A, "dial", "8", CTIERR_SUCCESS);
	cluster_mark(c);
	refer(1, SIP_REFER_KIND__SIP_REFER_INITCALL, 0, "1002");
	ck_assert(cm_gets(1, SIG_SipInvite, "to", "1002"));
	cluster_advance(c, SECONDS(30));
	ck_assert_uint_eq(cm_got(1, SIG_SipInvite), 0);
}
END_TEST

START_TEST(a_phone_full_of_calls_takes_no_more)
{
	for (uint64_t call = 1; call <= UINT8_MAX; call++)
		invite(call, 1);
	ck_assert_uint_eq(cm_got(1, SIG_SipRinging), UINT8_MAX);
	invite(UINT8_MAX + 1, 1);
	ck_assert(cm_gets(1, SIG_SipFailure, "status", "486"));
	refer(1, SIP_REFER_KIND__SIP_REFER_INITCALL, 0, "1002");
	cluster_advance(c, SECONDS(2));
	ck_assert_uint_eq(cm_got(1, SIG_SipInvite), 0);
}
END_TEST

/* A at B's stream and B at A's. */
static void connect_both(void)
{
	plug(B);
	expect_state(B, "registered");
	cm[1].to = 0;
	own_call(A, 2);
	cm[1].to = 1;
	own_call(B, 1);
	cm[1].to = 0;
	cluster_advance(c, MS(100));
}

START_TEST(cal_04_a_sip_phone_reports_the_end_of_the_stream_that_it_hears)
{
	connect_both();
	shows(A, "registered at 1, call 4294967297 on line 1 connected, stream out in");
	cm[1].to = 1;
	dialog(SIG_SipBye, OWN + 1, 1);
	ck_assert(cm_gets(1, SIG_SipNotify, "last_tick", "true"));
}
END_TEST

START_TEST(cal_04_on_a_preserved_call_of_a_sip_phone_only_hanging_up_works)
{
	connect_both();
	cluster_kill(c, "ccm1");
	expect_state(A, "preserved");
	press(A, "hold", NULL, CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE);
	shows(A, "registered nowhere, call 4294967297 on line 1 connected, stream out in");
	press(A, "hangup", NULL, CTIERR_SUCCESS);
	expect_state(A, "registered");
}
END_TEST

/* ---- keys ------------------------------------------------------------------------------------ */
START_TEST(what_no_hand_could_do_at_a_sip_phone_is_refused)
{
	press(A, "dance", NULL, CTIERR_COMMAND_NOT_IMPLEMENTED_ON_DEVICE);
	press(A, "dial", NULL, CTIERR_INVALID_PARAMETER);
	press(A, "call", "letters", CTIERR_INVALID_DTMFDIGITS);
	press(A, "forward", "letters", CTIERR_INVALID_DTMFDIGITS);
	press(A, "join", NULL, CTIERR_ILLEGAL_CALLSTATE);
	press(A, "offhook", NULL, CTIERR_SUCCESS);
	press(A, "dial", "8#", CTIERR_SUCCESS);
	shows(A, "registered at 1, off hook: 8#");
	press(A, "offhook", NULL, CTIERR_CALL_ALREADY_EXISTS);
}
END_TEST

START_TEST(dev_12_keys_that_are_not_the_phones_own_affair_go_to_the_callmanager)
{
	own_call(A, 9);
	press(A, "select", NULL, CTIERR_SUCCESS);
	ck_assert(cm_gets(1, SIG_SipRefer, NULL, NULL));
	press(A, "join", NULL, CTIERR_SUCCESS);
	ck_assert(cm_gets(1, SIG_SipRefer, NULL, NULL));
	press(A, "rmlstc", NULL, CTIERR_SUCCESS);
	ck_assert(cm_gets(1, SIG_SipRefer, NULL, NULL));
	press(A, "dirtrfr", NULL, CTIERR_SUCCESS);
	ck_assert(cm_gets(1, SIG_SipRefer, NULL, NULL));
}
END_TEST

#define CASE(t)	     SUITE_CASE_WITH(t, up, down)
#define CALL_CASE(t) SUITE_CASE_WITH(t, registered_at_1, down)

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		CASE(cmf_15_a_better_member_that_dies_before_it_answers_leaves_the_sip_phone_registered),
		CASE(cmf_15_a_sip_phone_whose_callmanager_dies_while_it_unregisters_goes_to_the_better_one),
		CASE(cmf_15_a_call_that_is_quicker_than_the_token_keeps_the_sip_phone),
		CASE(answers_of_a_callmanager_that_was_not_asked_mean_nothing),
		CALL_CASE(requests_in_calls_that_are_none_are_refused),
		CALL_CASE(what_another_callmanager_says_of_calls_means_nothing),
		CALL_CASE(a_call_that_was_answered_before_it_was_cancelled_is_ended),
		CALL_CASE(a_busy_number_gives_the_busy_tone),
		CALL_CASE(a_resume_that_is_refused_is_tried_again_only_where_both_asked_at_once),
		CALL_CASE(
			a_hold_that_is_refused_since_both_asked_at_once_is_tried_again_for_that_call_alone),
		CALL_CASE(an_order_to_call_ends_what_the_user_was_dialing),
		CALL_CASE(a_phone_full_of_calls_takes_no_more),
		CALL_CASE(cal_04_a_sip_phone_reports_the_end_of_the_stream_that_it_hears),
		CALL_CASE(cal_04_on_a_preserved_call_of_a_sip_phone_only_hanging_up_works),
		CALL_CASE(what_no_hand_could_do_at_a_sip_phone_is_refused),
		CALL_CASE(dev_12_keys_that_are_not_the_phones_own_affair_go_to_the_callmanager),
	};

	return suite_main(argc, argv, "cluster/test_sip_phones", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
