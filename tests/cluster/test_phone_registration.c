/* The life of a phone of either kind: what comes at one instant while it registers or goes back to a
 * better CallManager, and answers of others than the one that was asked. */
#include "tests/lib/cluster.h"
#include "tests/lib/fake_cm.h"
#include "tests/lib/suite.h"

#include <stdlib.h>
#include <string.h>

#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sim/phones.h"

#define A    "SEP00000000000A"
#define CALL 1

static struct cluster *c;
static struct fake_cm_context cm[3];
static bool sip;

/* ---- the cluster ----------------------------------------------------------------------------- */

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

static void up(void)
{
	static const char *const names[] = { "", "ccm1", "ccm2" };
	struct sdl_virt_program phones = { .make = make_phones,
					   .unmake = unmake_phones,
					   .name = "phones",
					   .node = 101,
					   .app = SDL_APP_PHONES };

	c = cluster_new(1);
	memset(cm, 0, sizeof(cm));
	sip = false;
	for (uint8_t node = 1; node <= 2; node++) {
		struct sdl_virt_program spec = { .make = make_cm,
						 .arg = &cm[node],
						 .name = names[node],
						 .node = node,
						 .app = SDL_APP_CALLMANAGER };

		phones.links[phones.links_n].node = node;
		phones.links[phones.links_n++].app = SDL_APP_CALLMANAGER;
		cluster_add(c, &spec);
	}
	cluster_add(c, &phones);
	cluster_start(c, "phones");
}

static void up_sip(void)
{
	up();
	sip = true;
}

static void down(void)
{
	cluster_destroy(&c);
}

/* ---- what is said ---------------------------------------------------------------------------- */

static const struct sdl_pid init = {
	.node = 101, .type = PHONES_PHONE_INIT, .app = SDL_APP_PHONES, .inst = 1
};

static struct sdl_pid door(uint8_t node)
{
	return (struct sdl_pid){ .node = node,
				 .type = sip ? CM_SIP_STATION_INIT : CM_STATION_INIT,
				 .app = SDL_APP_CALLMANAGER,
				 .inst = 1 };
}

static PhonePlug plug(void)
{
	static uint32_t group[] = { 1, 2 };
	PhonePlug p = PHONE_PLUG__INIT;

	p.phone = (char *)(uintptr_t)A;
	p.model = 7961;
	p.group = group;
	p.n_group = 2;
	p.has_sip = true;
	p.sip = sip;
	return p;
}

static void say(struct sdl_pid from, uint16_t signal, const void *msg)
{
	cluster_enqueue(c, "phones", from, cluster_process(c, "phones", A), signal, msg);
}

static bool step(void)
{
	return sdl_program_step(cluster_program(c, "phones"));
}

static void settle(void)
{
	while (step())
		;
}

static void rings(uint8_t node, bool begins)
{
	StationCallState state = STATION_CALL_STATE__INIT;
	SipInvite invite = SIP_INVITE__INIT;
	SipDialog cancel = SIP_DIALOG__INIT;

	state.state = begins ? STATION_CALL_STATE_VALUE__RingIn : STATION_CALL_STATE_VALUE__OnHook;
	state.line = 1;
	state.call_reference = CALL;
	invite.call_id = cancel.call_id = CALL;
	invite.cseq = cancel.cseq = 1;
	if (!sip)
		say(door(node), SIG_StationCallState, &state);
	else if (begins)
		say(door(node), SIG_SipInvite, &invite);
	else
		say(door(node), SIG_SipCancel, &cancel);
}

/* ---- looks ----------------------------------------------------------------------------------- */

static void see_state(void *arg, struct sdl_process *process)
{
	if (!strcmp(sdl_process_label(process), A))
		*(const char **)arg = sdl_process_type(process)->states[sdl_state(process)].name;
}

static const char *state(void)
{
	const char *name = "";

	sdl_program_each(cluster_program(c, "phones"), see_state, &name);
	return name;
}

static bool is_in(struct cluster *cluster, void *arg)
{
	(void)cluster;
	return !strcmp(state(), arg);
}

static void expect_state(const char *name)
{
	ck_assert_msg(cluster_until(c, is_in, (void *)(uintptr_t)name, SECONDS(10)),
		      "it is %s, not %s", state(), name);
}

static unsigned enrolled(const char *ccm)
{
	return cluster_count_signal(c, ccm, NULL, sip ? SIG_SipRegister : SIG_StationRegister, NULL,
				    NULL);
}

static unsigned asked(void)
{
	return cluster_count_signal(c, "ccm1", NULL,
				    sip ? SIG_SipToken : SIG_StationRegisterTokenReq, NULL, NULL);
}

/* ---- registering ----------------------------------------------------------------------------- */

START_TEST(a_turn_at_another_callmanager_is_given_back_by_a_phone_that_waits_for_its_own)
{
	PhonePlug p;
	PhoneRegistration granted = PHONE_REGISTRATION__INIT;
	PhoneCmInService news = PHONE_CM_IN_SERVICE__INIT;

	if (_i)
		sip = true;
	p = plug();
	cluster_start(c, "ccm1");
	cluster_start(c, "ccm2");
	cluster_advance(c, SECONDS(1));
	cluster_mark(c);
	cluster_enqueue(c, "phones", init, init, SIG_PhonePlug, &p);
	while (strcmp(state(), "queued"))
		ck_assert(step());
	granted.node = news.node = 2;
	say(init, SIG_PhoneRegisterGrant, &granted);
	say(init, SIG_PhoneCmInService, &news); /* it waits for a better one */
	expect_state("registered");
	ck_assert_uint_eq(enrolled("ccm1"), 1);
	ck_assert_uint_eq(enrolled("ccm2"), 0);
	cluster_advance(c, SECONDS(1));
	cluster_kill(c, "ccm1"); /* the turn there was not lost */
	cluster_advance(c, SECONDS(1));
	ck_assert_uint_eq(enrolled("ccm2"), 1);
}
END_TEST

static void registers(void)
{
	PhonePlug p = plug();

	cluster_start(c, "ccm1");
	cluster_advance(c, SECONDS(1));
	cluster_enqueue(c, "phones", init, init, SIG_PhonePlug, &p);
	settle();
	ck_assert_str_eq(state(), "registering");
}

START_TEST(a_phone_that_registers_hears_only_the_callmanager_that_it_has_asked)
{
	StationRegisterAck ack = STATION_REGISTER_ACK__INIT;
	StationRegisterReject reject = STATION_REGISTER_REJECT__INIT;
	SipRegisterOk ok = SIP_REGISTER_OK__INIT;
	SipRegisterFailure failure = SIP_REGISTER_FAILURE__INIT;

	sip = _i;
	registers();
	failure.status = 404;
	say(door(2), sip ? SIG_SipRegisterOk : SIG_StationRegisterAck,
	    sip ? (void *)&ok : (void *)&ack);
	say(door(2), sip ? SIG_SipRegisterFailure : SIG_StationRegisterReject,
	    sip ? (void *)&failure : (void *)&reject);
	settle();
	ck_assert_str_eq(state(), "registering");
	expect_state("registered");
}
END_TEST

/* ---- going back ------------------------------------------------------------------------------ */

/* Registered at the second one of its group. The first one is linked and not ready yet. */
static void registered_at_2(void)
{
	PhonePlug p = plug();

	cm[1].late = true;
	cluster_start(c, "ccm1");
	cluster_start(c, "ccm2");
	cluster_advance(c, SECONDS(1));
	cluster_post(c, "phones", PHONES_PHONE_INIT, SIG_PhonePlug, &p);
	expect_state("registered");
	cluster_advance(c, SECONDS(1));
	cluster_mark(c);
}

/* It says so now. */
static void first_is_ready(void)
{
	CcmInService ready = CCM_IN_SERVICE__INIT;

	ready.initialization_state = 100;
	cluster_enqueue(c, "phones", door(1), init, SIG_CcmInService, &ready);
}

/* At every place of what a phone does to go back: it stays as long as there is a call. */
START_TEST(cmf_15_a_call_that_comes_while_the_phone_goes_back_keeps_it_until_its_end)
{
	registered_at_2();
	first_is_ready();
	for (int i = 0; i < _i; i++)
		step();
	rings(2, true);
	cluster_advance(c, MS(500));
	ck_assert_str_eq(state(), "registered");
	ck_assert_uint_eq(enrolled("ccm1"), 0);
	rings(2, false);
	cluster_advance(c, SECONDS(20));
	ck_assert_uint_eq(enrolled("ccm1"), 1);
	ck_assert_str_eq(state(), "registered");
}
END_TEST

START_TEST(cmf_15_a_better_member_is_asked_once_however_often_it_comes_into_service)
{
	PhoneCmInService news = PHONE_CM_IN_SERVICE__INIT;

	sip = _i;
	registered_at_2();
	cm[1].no_token = true;
	news.node = 1;
	first_is_ready();
	for (int i = 0; i < 8; i++) {
		step();
		say(init, SIG_PhoneCmInService, &news);
	}
	cluster_advance(c, SECONDS(1));
	ck_assert_uint_eq(asked(), 1);
	say(init, SIG_PhoneCmInService, &news); /* it was told to wait */
	cluster_advance(c, MS(500));
	ck_assert_uint_eq(asked(), 1);
	cluster_advance(c, SECONDS(2));
	ck_assert_uint_eq(asked(), 2);
}
END_TEST

START_TEST(cmf_15_only_its_own_callmanager_lets_a_phone_go)
{
	StationUnregisterAck left = STATION_UNREGISTER_ACK__INIT;
	SipRegisterOk ok = SIP_REGISTER_OK__INIT;
	SipRegisterFailure stay = SIP_REGISTER_FAILURE__INIT;

	sip = _i;
	registered_at_2();
	first_is_ready();
	expect_state("unregistering");
	stay.status = 486;
	say(door(1), sip ? SIG_SipRegisterOk : SIG_StationUnregisterAck,
	    sip ? (void *)&ok : (void *)&left);
	if (sip)
		say(door(1), SIG_SipRegisterFailure, &stay);
	settle();
	ck_assert_str_eq(state(), "unregistering");
	expect_state("registered");
	ck_assert_uint_eq(enrolled("ccm1"), 1);
}
END_TEST

#define STEPS 8
#define BOTH(t)                                                                                    \
	{                                                                                          \
		.name = #t, .test = (t), .setup = up, .teardown = down, .loop_to = 2               \
	}

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		BOTH(a_turn_at_another_callmanager_is_given_back_by_a_phone_that_waits_for_its_own),
		BOTH(a_phone_that_registers_hears_only_the_callmanager_that_it_has_asked),
		{ .name = "cmf_15_a_call_that_comes_while_the_phone_goes_back_keeps_it_until_its_"
			  "end",
		  .test = cmf_15_a_call_that_comes_while_the_phone_goes_back_keeps_it_until_its_end,
		  .setup = up,
		  .teardown = down,
		  .loop_to = STEPS },
		{ .name = "cmf_15_a_call_that_comes_while_a_sip_phone_goes_back_keeps_it_until_its_"
			  "end",
		  .test = cmf_15_a_call_that_comes_while_the_phone_goes_back_keeps_it_until_its_end,
		  .setup = up_sip,
		  .teardown = down,
		  .loop_to = STEPS },
		BOTH(cmf_15_a_better_member_is_asked_once_however_often_it_comes_into_service),
		BOTH(cmf_15_only_its_own_callmanager_lets_a_phone_go),
	};

	return suite_main(argc, argv, "cluster/test_phone_registration", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
