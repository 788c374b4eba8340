/* SCCP phones on real CallManagers: calls on one node and across two, and what is left of them when
 * a CallManager dies. Phones 1 and 2 belong to ccm1, ccm2; phones 3 and 4 to ccm2, ccm1. */
#include "tests/lib/cluster.h"
#include "tests/lib/cluster_programs.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/prng.h"
#include "common/db/db.h"
#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/view/fields.h"
#include "sim/harness/topology.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))
#define P1   "SEP000000000001"
#define P2   "SEP000000000002"
#define P3   "SEP000000000003"
#define P4   "SEP000000000004"

static const char topology_text[] =
	"return { nodes = { 'ccm1', 'ccm2', 'ccm3' },\n"
	"groups = { one = { 'ccm1', 'ccm2' }, two = { 'ccm2', 'ccm1' } },\n"
	"pools = { one = 'one', two = 'two' },\n"
	"phones = { { 'SEP000000000001', count = 2, model = 7960, dn = '1001', pool = 'one' },\n"
	"           { 'SEP000000000003', count = 2, model = 7960, dn = '1003', pool = 'two' } } "
	"}\n";

static struct cluster *c;
static struct db_template *template;

/* ---- the cluster --------------------------------------------------------------------------- */
static void fill_database(void)
{
	struct sim_topology *topology;
	struct sim_error error;
	struct db_error err;
	struct db *db;

	ck_assert_msg(sim_topology_parse(&topology, "test", topology_text, &error) == 0, "%s",
		      error.text);
	ck_assert_msg(db_memory(&db, &err) == 0, "%s", err.text);
	ck_assert_msg(sim_topology_fill(topology, db, &error) == 0, "%s", error.text);
	template = db_template_new(db);
	db_close(&db);
	sim_topology_destroy(&topology);
}

static void link_to(struct sdl_virt_program *spec, uint8_t node)
{
	spec->links[spec->links_n].node = node;
	spec->links[spec->links_n++].app = SDL_APP_CALLMANAGER;
}

static void plug(const char *name, uint32_t first, uint32_t second)
{
	uint32_t group[] = { first, second };
	PhonePlug p = PHONE_PLUG__INIT;

	p.phone = (char *)name;
	p.model = 7960;
	p.group = group;
	p.n_group = 2;
	cluster_post(c, "phones", PHONES_PHONE_INIT, SIG_PhonePlug, &p);
}

static bool gets(const char *phone, uint16_t signal, const char *field, const char *value);

static void up(void)
{
	static const char *const names[] = { "", "ccm1", "ccm2", "ccm3" };
	struct sdl_virt_program phones = { .make = cluster_make_phones,
					   .unmake = cluster_free_context,
					   .name = "phones",
					   .node = 101,
					   .app = SDL_APP_PHONES };

	fill_database();
	c = cluster_new(1);
	for (uint8_t node = 1; node <= 3; node++) {
		struct sdl_virt_program spec = { .make = cluster_make_callmanager,
						 .unmake = cluster_free_context,
						 .name = names[node],
						 .node = node,
						 .app = SDL_APP_CALLMANAGER,
						 .resource = cluster_database(template) };

		for (uint8_t other = 1; other <= 3; other++)
			if (other != node)
				link_to(&spec, other);
		link_to(&phones, node);
		cluster_add(c, &spec);
	}
	cluster_add(c, &phones);
	for (uint8_t node = 1; node <= 3; node++)
		cluster_start(c, names[node]);
	cluster_start(c, "phones");
	cluster_advance(c, SECONDS(2));
	plug(P1, 1, 2);
	plug(P2, 1, 2);
	plug(P3, 2, 1);
	plug(P4, 2, 1);
	ck_assert(gets(P4, SIG_StationRegisterAck, "node", "2"));
	cluster_advance(c, SECONDS(1));
}

static void down(void)
{
	cluster_destroy(&c);
	db_template_destroy(&template);
}

/* ---- hands and eyes ------------------------------------------------------------------------ */
struct has {
	const char *field;
	const char *value;
};

static bool has(const void *msg, void *arg)
{
	const struct has *h = arg;

	return !h->field || sdl_field_is(msg, h->field, h->value);
}

static bool gets(const char *phone, uint16_t signal, const char *field, const char *value)
{
	struct has h = { field, value };

	return cluster_until_signal(c, "phones", phone, signal, has, &h, SECONDS(5));
}

static unsigned had(const char *phone, uint16_t signal, const char *field, const char *value)
{
	struct has h = { field, value };

	return cluster_count_signal(c, "phones", phone, signal, has, &h);
}

/* The call shows that state on the phone's screen. */
static void expect_state(const char *phone, const char *state)
{
	ck_assert_msg(gets(phone, SIG_StationCallState, "state", state),
		      "the call never was %s at %s", state, phone);
}

static void expect_registered(const char *phone, const char *node)
{
	ck_assert_msg(gets(phone, SIG_StationRegisterAck, "node", node),
		      "%s did not register at %s", phone, node);
}

/* The mark stays before what follows from the press. */
static void press(const char *phone, const char *verb, const char *number)
{
	PhoneCommand p = PHONE_COMMAND__INIT;

	p.phone = (char *)phone;
	p.verb = (char *)verb;
	p.number = (char *)number;
	cluster_mark(c);
	cluster_post(c, "phones", PHONES_PHONE_INIT, SIG_PhoneCommand, &p);
}

static void call_and_answer(const char *from, const char *number, const char *to)
{
	press(from, "call", number);
	expect_state(to, "RingIn");
	press(to, "answer", NULL);
	ck_assert(gets(to, SIG_MediaStreamStarted, NULL, NULL));
	cluster_advance(c, MS(500));
	ck_assert_uint_eq(had(from, SIG_MediaStreamStopped, NULL, NULL), 0);
}

/* Nothing is heard, nothing is left. */
static void expect_silence(void)
{
	cluster_advance(c, SECONDS(1));
	cluster_mark(c);
	cluster_advance(c, SECONDS(3));
	ck_assert_uint_eq(cluster_count_signal(c, "phones", NULL, SIG_MediaTick, NULL, NULL), 0);
}

/* ---- calls --------------------------------------------------------------------------------- */
static const struct {
	const char *number;
	const char *phone;
} called[] = {
	{ "1002", P2 }, /* on the caller's node */
	{ "1003", P3 }, /* on another one */
};

START_TEST(cal_01_a_call_is_made_answered_held_resumed_and_ended)
{
	const char *to = called[_i].phone;

	press(P1, "call", called[_i].number);
	expect_state(P1, "OffHook");
	expect_state(to, "RingIn");
	ck_assert(gets(to, SIG_StationSetRinger, "on", "true"));
	press(to, "answer", NULL);
	ck_assert(gets(P1, SIG_StationStartMediaTransmission, NULL, NULL));
	cluster_advance(c, SECONDS(1));
	press(to, "hold", NULL);
	expect_state(to, "Hold");
	ck_assert(gets(P1, SIG_StationCloseReceiveChannel, NULL, NULL));
	expect_silence();
	press(to, "resume", NULL);
	expect_state(to, "Connected");
	ck_assert(gets(P1, SIG_MediaStreamStarted, NULL, NULL));
	press(P1, "hangup", NULL);
	expect_state(to, "OnHook");
	expect_silence();
}
END_TEST

START_TEST(cal_01_a_caller_who_gives_up_stops_the_ringing)
{
	press(P1, "call", called[_i].number);
	expect_state(called[_i].phone, "RingIn");
	press(P1, "hangup", NULL);
	expect_state(called[_i].phone, "OnHook");
	press(P1, "call", called[_i].number);
	expect_state(called[_i].phone, "RingIn");
}
END_TEST

START_TEST(cal_01_a_number_that_nobody_has_gives_reorder)
{
	press(P1, "call", "9999");
	ck_assert(gets(P1, SIG_StationStartTone, "tone", "ReorderTone"));
	press(P1, "hangup", NULL);
	expect_state(P1, "OnHook");
	call_and_answer(P1, "1002", P2);
}
END_TEST

/* ---- the death of a CallManager ------------------------------------------------------------ */
START_TEST(cal_02_cmf_14_a_call_on_a_dead_node_streams_on_until_it_is_hung_up)
{
	call_and_answer(P1, "1002", P2);
	cluster_mark(c);
	cluster_kill(c, "ccm1");
	cluster_advance(c, SECONDS(10));
	ck_assert_uint_eq(had(P1, SIG_StationRegisterAck, NULL, NULL), 0);
	ck_assert_uint_eq(had(P1, SIG_MediaStreamStopped, NULL, NULL), 0);
	ck_assert_uint_eq(had(P2, SIG_MediaStreamStopped, NULL, NULL), 0);
	press(P1, "hangup", NULL);
	expect_registered(P1, "2");
	cluster_advance(c, SECONDS(1));
	call_and_answer(P1, "1002", P2);
}
END_TEST

START_TEST(cal_04_a_preserved_call_ends_for_the_survivor_when_the_other_hangs_up)
{
	call_and_answer(P1, "1003", P3);
	cluster_kill(c, "ccm1");
	cluster_advance(c, SECONDS(1));
	press(P1, "hangup", NULL);
	expect_state(P3, "OnHook");
	expect_silence();
	call_and_answer(P3, "1001", P1);
}
END_TEST

START_TEST(cal_04_a_preserved_call_ends_for_the_orphan_when_the_survivor_hangs_up)
{
	call_and_answer(P1, "1003", P3);
	cluster_kill(c, "ccm1");
	cluster_advance(c, SECONDS(1));
	press(P3, "hangup", NULL);
	expect_registered(P1, "2");
	expect_silence();
}
END_TEST

START_TEST(cal_04_a_preserved_call_ends_with_the_phones_of_the_other_side)
{
	call_and_answer(P1, "1003", P3);
	cluster_kill(c, "ccm1");
	cluster_advance(c, SECONDS(1));
	cluster_kill(c, "phones");
	cluster_start(c, "phones");
	cluster_advance(c, SECONDS(2));
	plug(P3, 2, 1);
	expect_registered(P3, "2");
}
END_TEST

START_TEST(cal_03_a_ringing_call_ends_when_the_callers_node_dies)
{
	press(P1, "call", "1003");
	expect_state(P3, "RingIn");
	cluster_mark(c);
	cluster_kill(c, "ccm1");
	expect_state(P3, "OnHook");
	cluster_advance(c, SECONDS(1));
	call_and_answer(P3, "1001", P1);
}
END_TEST

START_TEST(cal_03_a_ringing_call_ends_when_the_called_partys_node_dies)
{
	press(P3, "call", "1001");
	expect_state(P1, "RingIn");
	cluster_mark(c);
	cluster_kill(c, "ccm1");
	expect_registered(P1, "2");
	press(P3, "hangup", NULL);
	cluster_advance(c, SECONDS(1));
	call_and_answer(P3, "1001", P1);
}
END_TEST

START_TEST(cal_03_a_held_call_ends_when_a_node_of_it_dies)
{
	call_and_answer(P1, "1003", P3);
	press(P1, "hold", NULL);
	expect_state(P1, "Hold");
	cluster_advance(c, SECONDS(1));
	cluster_mark(c);
	cluster_kill(c, "ccm1");
	expect_state(P3, "OnHook");
	cluster_advance(c, SECONDS(1));
	call_and_answer(P3, "1001", P1);
}
END_TEST

START_TEST(cal_02_the_death_of_a_node_outside_the_call_changes_nothing)
{
	call_and_answer(P1, "1003", P3);
	cluster_mark(c);
	cluster_kill(c, "ccm3");
	cluster_advance(c, SECONDS(5));
	ck_assert_uint_eq(had(P1, SIG_MediaStreamStopped, NULL, NULL), 0);
	ck_assert_uint_eq(had(P1, SIG_StationCallState, NULL, NULL), 0);
	press(P1, "hold", NULL);
	expect_state(P1, "Hold");
}
END_TEST

START_TEST(cmf_15_a_phone_goes_back_to_its_primary_when_its_call_has_ended)
{
	cluster_kill(c, "ccm1");
	expect_registered(P1, "2");
	cluster_advance(c, SECONDS(1));
	call_and_answer(P1, "1003", P3);
	cluster_mark(c);
	cluster_start(c, "ccm1");
	expect_registered(P2, "1");
	cluster_advance(c, SECONDS(10));
	ck_assert_uint_eq(had(P1, SIG_StationRegisterAck, NULL, NULL), 0);
	press(P3, "hangup", NULL);
	expect_registered(P1, "1");
	cluster_advance(c, SECONDS(1));
	call_and_answer(P3, "1001", P1);
}
END_TEST

/* ---- whatever happens ---------------------------------------------------------------------- */
static const char *const phones_all[] = { P1, P2, P3, P4 };

struct place {
	const char *phone;
	bool registered;
};

static void see_place(void *arg, struct sdl_process *process)
{
	struct place *place = arg;

	if (!strcmp(sdl_process_label(process), place->phone))
		place->registered = !strcmp(
			sdl_process_type(process)->states[sdl_state(process)].name, "registered");
}

static void press_anything(struct prng *dice)
{
	static const char *const verbs[] = { "call",   "call",	  "call",   "answer",
					     "answer", "answer",  "hangup", "hold",
					     "resume", "offhook", "dial" };
	static const char *const numbers[] = { "1001", "1002", "1003", "1004", "9999" };
	const char *phone = phones_all[prng_below(dice, N(phones_all))];
	const char *verb = verbs[prng_below(dice, N(verbs))];

	press(phone, verb, numbers[prng_below(dice, N(numbers))]);
}

enum fate { WELL, DEAD, FROZEN };

static const char *const struck[] = { "ccm1", "ccm2" };

static void mend(size_t i, enum fate *fate)
{
	if (*fate == DEAD)
		cluster_start(c, struck[i]);
	else if (*fate == FROZEN)
		cluster_thaw(c, struck[i]);
	*fate = WELL;
}

static void strike_or_mend(struct prng *dice, enum fate *fates)
{
	size_t i = prng_below(dice, N(struck));

	if (fates[i] != WELL) {
		mend(i, &fates[i]);
		return;
	}
	fates[i] = prng_below(dice, 3) ? DEAD : FROZEN;
	if (fates[i] == DEAD)
		cluster_kill(c, struck[i]);
	else
		cluster_freeze(c, struck[i]);
}

static void everybody_hangs_up(void)
{
	for (int round = 0; round < 6; round++) {
		for (size_t i = 0; i < N(phones_all); i++)
			press(phones_all[i], "hangup", NULL);
		cluster_advance(c, SECONDS(1));
	}
}

/* Keys at random, CallManagers killed and frozen at random; then peace: every phone registered, at
 * the first of its group, no call and no stream left, nothing discarded on the way. */
START_TEST(cal_04_cmf_15_after_any_faults_all_phones_come_to_rest_at_their_primary)
{
	enum fate fates[] = { WELL, WELL };
	struct prng dice;

	prng_key(&dice, (uint64_t)_i, "test", "faults");
	for (int step = 0; step < 60; step++) {
		if (prng_below(&dice, 7) == 0)
			strike_or_mend(&dice, fates);
		else
			press_anything(&dice);
		cluster_advance(c, (int64_t)(prng_below(&dice, 2) ? prng_below(&dice, 5)
								  : prng_below(&dice, 6000)) *
					   1000000);
	}
	for (size_t i = 0; i < N(fates); i++)
		mend(i, &fates[i]);
	cluster_advance(c, SECONDS(10));
	everybody_hangs_up();
	cluster_advance(c, SECONDS(200)); /* longer than anything may ring */
	everybody_hangs_up();
	cluster_advance(c, SECONDS(30));
	for (size_t i = 0; i < N(phones_all); i++) {
		struct place place = { phones_all[i], false };

		sdl_program_each(cluster_program(c, "phones"), see_place, &place);
		ck_assert_msg(place.registered, "seed %d: %s is not registered", _i, phones_all[i]);
	}
	expect_silence();
	call_and_answer(P1, "1004", P4);
	press(P1, "hangup", NULL);
	expect_state(P4, "OnHook");
	press(P2, "show", NULL);
	ck_assert(cluster_until_signal(c, "phones", P2, SIG_CommandResult, has,
				       &(struct has){ "text", "registered at 1" }, SECONDS(1)));
	press(P3, "show", NULL);
	ck_assert(cluster_until_signal(c, "phones", P3, SIG_CommandResult, has,
				       &(struct has){ "text", "registered at 2" }, SECONDS(1)));
}
END_TEST

#define WITH(t) SUITE_CASE_WITH(t, up, down)
#define BOTH(t)                                                                                    \
	{                                                                                          \
		.name = #t, .test = (t), .setup = up, .teardown = down, .loop_to = N(called)       \
	}

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		BOTH(cal_01_a_call_is_made_answered_held_resumed_and_ended),
		BOTH(cal_01_a_caller_who_gives_up_stops_the_ringing),
		WITH(cal_01_a_number_that_nobody_has_gives_reorder),
		WITH(cal_02_cmf_14_a_call_on_a_dead_node_streams_on_until_it_is_hung_up),
		WITH(cal_04_a_preserved_call_ends_for_the_survivor_when_the_other_hangs_up),
		WITH(cal_04_a_preserved_call_ends_for_the_orphan_when_the_survivor_hangs_up),
		WITH(cal_04_a_preserved_call_ends_with_the_phones_of_the_other_side),
		WITH(cal_03_a_ringing_call_ends_when_the_callers_node_dies),
		WITH(cal_03_a_ringing_call_ends_when_the_called_partys_node_dies),
		WITH(cal_03_a_held_call_ends_when_a_node_of_it_dies),
		WITH(cal_02_the_death_of_a_node_outside_the_call_changes_nothing),
		{ .name = "cal_04_cmf_15_after_any_faults_all_phones_come_to_rest_at_their_primary",
		  .test = cal_04_cmf_15_after_any_faults_all_phones_come_to_rest_at_their_primary,
		  .setup = up,
		  .teardown = down,
		  .loop_from = 1,
		  .loop_to = 21 },
		WITH(cmf_15_a_phone_goes_back_to_its_primary_when_its_call_has_ended),
	};
	return suite_main(argc, argv, "cluster/test_phone_calls", cases, N(cases));
}
