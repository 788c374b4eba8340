/* Bad input, from an application to the CallManager and back: every request in every state of a call of
 * every kind of device works, or is refused by its name and changes nothing. Handles that are somebody
 * else's, of before or made up; numbers that do not exist, lead in a circle or are too long; answering
 * twice. */
#include "tests/lib/two_apps.h"

#include <stdlib.h>
#include <string.h>

#include "tests/lib/suite.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* ---- the requests -------------------------------------------------------------------- */

struct scene {
	const struct app *app;
	uint64_t call;
	uint64_t line;
	uint64_t device;
};

static int accept(const struct scene *s)
{
	return cti_call_accept(s->app->cti, s->call);
}
static int answer_it(const struct scene *s)
{
	return cti_call_answer(s->app->cti, s->call);
}
static int disconnect(const struct scene *s)
{
	return cti_call_disconnect(s->app->cti, s->call);
}
static int hold(const struct scene *s)
{
	return cti_call_hold(s->app->cti, s->call);
}
static int retrieve(const struct scene *s)
{
	return cti_call_retrieve(s->app->cti, s->call);
}
static int redirect(const struct scene *s)
{
	return cti_call_redirect(s->app->cti, s->call, "1002");
}
static int redirect_as(const struct scene *s)
{
	return cti_call_redirect_as(s->app->cti, s->call, "1002", "9000");
}
static int blind_transfer(const struct scene *s)
{
	return cti_call_blind_transfer(s->app->cti, s->call, "1002");
}
static int setup_transfer(const struct scene *s)
{
	return cti_call_setup_transfer(s->app->cti, s->call, "1002");
}
static int complete_transfer(const struct scene *s)
{
	return cti_call_complete_transfer(s->app->cti, s->call, 0);
}
static int setup_conference(const struct scene *s)
{
	return cti_call_setup_conference(s->app->cti, s->call, "1002");
}
static int complete_conference(const struct scene *s)
{
	return cti_call_complete_conference(s->app->cti, s->call, 0);
}
static int direct_transfer_to_itself(const struct scene *s)
{
	return cti_call_direct_transfer(s->app->cti, s->call, s->call);
}
static int join_itself(const struct scene *s)
{
	return cti_call_join(s->app->cti, s->call, &s->call, 1);
}
static int dial(const struct scene *s)
{
	return cti_call_dial(s->app->cti, s->call, "0");
}
static int play_dtmf(const struct scene *s)
{
	return cti_call_play_dtmf(s->app->cti, s->call, "1#");
}
static int play_letters(const struct scene *s)
{
	return cti_call_play_dtmf(s->app->cti, s->call, "xyz");
}
static int set_rtp(const struct scene *s)
{
	return cti_device_set_rtp_for_call(s->app->cti, s->call, 0x7f000101, 20010);
}
static int park(const struct scene *s)
{
	return cti_call_park(s->app->cti, s->call);
}
static int unpark(const struct scene *s)
{
	return cti_line_call_unpark(s->app->cti, s->line, "8000");
}
static int pickup(const struct scene *s)
{
	return cti_line_call_pickup(s->app->cti, s->line, NULL);
}

static int set_forward(const struct scene *s)
{
	return cti_line_set_forward(s->app->cti, s->line, NULL);
}
static int get_forward(const struct scene *s)
{
	return cti_line_get_forward_info(s->app->cti, s->line);
}
static int auto_accept(const struct scene *s)
{
	return cti_line_auto_accept_change(s->app->cti, s->line, false);
}
static int initiate(const struct scene *s)
{
	return cti_line_call_initiate(s->app->cti, s->line, "1002");
}
static int pass_through(const struct scene *s)
{
	return cti_device_data_pass_through(s->app->cti, s->device, (const uint8_t *)"x", 1);
}

/* ---- the crossing -------------------------------------------------------------------- */

#define IN(state)    (1u << (state))
#define INCOMING     (IN(OFFERING) | IN(ACCEPTED))
#define BEFORE	     (IN(DIALTONE) | IN(DIALING) | IN(RINGBACK) | IN(REORDER))
#define TALKING	     (IN(CONNECTED) | IN(REMOTE_HELD))
#define ANY_STATE    (IN(STATES) - 1)
#define NOT_NOW	     CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE
#define NOT_INCOMING CTIERR_CALLHANDLE_NOTINCOMINGCALL

typedef int ask(const struct scene *s);
enum subject { OF_CALL, OF_LINE };

/* In which states of the call a request works; what it is refused with in the others. A request of
 * a line does not depend on the call: it works, or is refused, as its other tests say. */
static const struct request {
	const char *name;
	ask *ask;
	unsigned works;
	uint32_t otherwise;
	struct {
		unsigned states;
		uint32_t error;
	} but[2];
	enum subject subject;
	bool unseen; /* nobody is told when it works */
} requests[] = {
	{ "accept", accept, IN(OFFERING), NOT_NOW, .but = { { BEFORE, NOT_INCOMING } } },
	{ "answer", answer_it, INCOMING, NOT_NOW, .but = { { BEFORE, NOT_INCOMING } } },
	{ "disconnect", disconnect, .works = ANY_STATE & ~IN(GONE) },
	{ "hold", hold, .works = TALKING, .otherwise = NOT_NOW },
	{ "retrieve", retrieve, .works = IN(ONHOLD), .otherwise = NOT_NOW },
	{ "redirect", redirect, INCOMING | TALKING, CTIERR_REDIRECT_CALL_INCOMPATIBLE_STATE,
	  .but = { { IN(PRESERVED), NOT_NOW } } },
	{ "redirect with a calling number", redirect_as,
	  .but = { { ANY_STATE, CTIERR_REDIRECT_UNAUTHORIZED_COMMAND_USAGE } } },
	{ "blind transfer", blind_transfer, .works = TALKING | IN(ONHOLD), .otherwise = NOT_NOW },
	{ "set up transfer", setup_transfer, .works = TALKING | IN(ONHOLD), .otherwise = NOT_NOW },
	{ "complete transfer", complete_transfer, .otherwise = CTIERR_TRANSFER_INACTIVE,
	  .but = { { IN(PRESERVED), NOT_NOW } } },
	{ "set up conference", setup_conference, .works = TALKING | IN(ONHOLD),
	  .otherwise = NOT_NOW },
	{ "complete conference", complete_conference, .otherwise = CTIERR_CONFERENCE_INACTIVE,
	  .but = { { IN(PRESERVED), NOT_NOW } } },
	{ "direct transfer to itself", direct_transfer_to_itself,
	  .otherwise = CTIERR_ILLEGAL_HANDLE },
	{ "join itself", join_itself, .otherwise = CTIERR_ILLEGAL_HANDLE },
	{ "park", park, .otherwise = NOT_NOW, .but = { { TALKING, CTIERR_CALL_PARK_NO_DN } } },
	{ "dial", dial, IN(DIALTONE) | IN(DIALING), NOT_NOW, .unseen = true },
	{ "play DTMF", play_dtmf, TALKING, NOT_NOW, .unseen = true },
	{ "play letters", play_letters, .otherwise = NOT_NOW,
	  .but = { { TALKING, CTIERR_INVALID_DTMFDIGITS } } },
	{ "unpark", unpark, .subject = OF_LINE },
	{ "pick up", pickup, .subject = OF_LINE },
	{ "set forward", set_forward, .subject = OF_LINE },
	{ "get forward", get_forward, .subject = OF_LINE },
	{ "change auto-accept", auto_accept, .subject = OF_LINE },
	{ "initiate", initiate, .subject = OF_LINE },
	{ "pass data through", pass_through, .subject = OF_LINE },
};

static uint32_t expected(const struct request *r, enum state state)
{
	if (r->works & IN(state))
		return CTIERR_SUCCESS;
	for (size_t i = 0; i < N(r->but); i++)
		if (r->but[i].states & IN(state))
			return r->but[i].error;
	return state == GONE ? CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL : r->otherwise;
}

static void one_cell(const struct request *r, int kind, enum state state)
{
	const struct call *call;
	enum cti_call_state was;
	unsigned told;
	uint32_t result;
	struct scene s;

	cluster_up();
	open_all();
	call = make_state(kind, state);
	rest(300);
	was = call->state;
	told = apps[0].events + apps[1].events;
	s = (struct scene){ &apps[0], call->handle, line_of(&apps[0], kind),
			    apps[0].devices[device_at(&apps[0], device_names[kind])].handle };
	result = answer(&apps[0], r->ask(&s));
	rest(500);
	told = apps[0].events + apps[1].events - told;
	if (r->subject == OF_CALL)
		ck_assert_msg(result == expected(r, state), "%s of %s in %s: %s, not %s", r->name,
			      device_names[kind], state_names[state], cti_error_name(result),
			      cti_error_name(expected(r, state)));
	ck_assert_msg(strcmp(cti_error_name(result), "UNDEFINED") != 0, "%s: %u", r->name, result);
	if (result)
		ck_assert_msg(!told && call->state == was,
			      "%s of %s in %s was refused, and something changed", r->name,
			      device_names[kind], state_names[state]);
	else if (r->subject == OF_CALL && !r->unseen)
		ck_assert_msg(told, "%s of %s in %s: nobody is told", r->name, device_names[kind],
			      state_names[state]);
	cluster_down();
}

START_TEST(cal_01_cal_04_every_request_in_every_state_works_or_is_refused_and_changes_nothing)
{
	const struct request *r = &requests[_i / KINDS];
	int kind = _i % KINDS;

	for (int state = 0; state < STATES; state++)
		if (state_exists(kind, (enum state)state))
			one_cell(r, kind, (enum state)state);
}
END_TEST

/* An address for media is asked for once, and of whoever may be asked. */
START_TEST(med_01_med_03_med_08_addresses_that_nobody_asked_for_are_refused)
{
	static const uint32_t error[KINDS] = { CTIERR_CANNOT_TERMINATE_MEDIA_ON_PHONE,
					       CTIERR_MEDIAREGISTRATIONTYPE_DO_NOT_MATCH, NOT_NOW };
	const struct request r = { "set RTP", set_rtp, .otherwise = error[_i] };

	for (int state = 0; state < GONE; state++)
		if (state_exists(_i, (enum state)state))
			one_cell(&r, _i, (enum state)state);
}
END_TEST

/* ---- handles ------------------------------------------------------------------------- */

/* Each request with these handles is refused, with one of these names, and nobody is told anything. */
static void all_are_refused(const struct app *app, uint64_t call, uint64_t line, uint64_t device,
			    uint32_t call_error, uint32_t line_error, uint32_t device_error)
{
	const struct scene s = { app, call, line, device };
	unsigned told = apps[0].events + apps[1].events;

	for (size_t i = 0; i < N(requests); i++) {
		uint32_t result = answer(&apps[app == &apps[1]], requests[i].ask(&s));
		uint32_t want = requests[i].ask == pass_through	 ? device_error
				: requests[i].subject == OF_LINE ? line_error
								 : call_error;

		if (requests[i].ask == direct_transfer_to_itself && !call)
			want = CTIERR_INVALID_PARAMETER;
		if (requests[i].ask == redirect_as && result != want)
			want = CTIERR_REDIRECT_UNAUTHORIZED_COMMAND_USAGE;
		ck_assert_msg(result == want, "%s: %s, not %s", requests[i].name,
			      cti_error_name(result), cti_error_name(want));
	}
	rest(300);
	ck_assert_uint_eq(apps[0].events + apps[1].events, told);
}

/* Calls and lines are of who has the line open; the other application has closed it. */
START_TEST(usr_01_handles_of_another_application_are_refused)
{
	const struct call *call;
	const size_t port = 1;
	struct app *other = &apps[1];

	cluster_up();
	open_all();
	call = make_state(PORT, CONNECTED);
	ck_assert_uint_eq(answer(other, cti_device_close(other->cti, other->devices[port].handle)),
			  CTIERR_SUCCESS);
	rest(300);
	all_are_refused(other, call->handle, other->devices[port].line, other->devices[port].handle,
			CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL, CTIERR_INVALID_LINE_HANDLE,
			CTIERR_ILLEGAL_HANDLE);
	ck_assert_int_eq(call->state, CTI_CONNECTED);
	cluster_down();
}
END_TEST

START_TEST(handles_that_were_made_up_are_refused)
{
	static const struct {
		uint64_t handle;
		uint32_t call, line, device;
	} made_up[] = {
		{ 0, CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL, CTIERR_INVALID_LINE_HANDLE,
		  CTIERR_ILLEGAL_HANDLE },
		{ 12345, CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL, CTIERR_INVALID_LINE_HANDLE,
		  CTIERR_ILLEGAL_HANDLE },
		{ UINT64_C(0xffffffffffffff), CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL,
		  CTIERR_INVALID_LINE_HANDLE, CTIERR_ILLEGAL_HANDLE },
		/* of a provider that there is not */
		{ UINT64_C(5) << 56 | 1, CTIERR_PROVIDER_NOT_OPEN, CTIERR_PROVIDER_NOT_OPEN,
		  CTIERR_PROVIDER_NOT_OPEN },
		{ UINT64_MAX, CTIERR_PROVIDER_NOT_OPEN, CTIERR_PROVIDER_NOT_OPEN,
		  CTIERR_PROVIDER_NOT_OPEN },
	};

	cluster_up();
	open_all();
	make_state(PORT, CONNECTED);
	rest(300);
	all_are_refused(&apps[0], made_up[_i].handle, made_up[_i].handle, made_up[_i].handle,
			made_up[_i].call, made_up[_i].line, made_up[_i].device);
	cluster_down();
}
END_TEST

/* Its CallManager has died and is there again: the numbers begin anew, the handle does not come back
 * to life. */
START_TEST(cmf_04_the_handle_of_a_call_from_before_a_failure_means_no_other_call)
{
	const struct call *old, *now;

	cluster_up();
	open_all();
	old = make_state(PORT, CONNECTED);
	rest(300);
	strike("ccm1:callmanager");
	rest(100);
	ck_assert(old->closed);
	press(FAR, "hangup", NULL);
	start_again("ccm1:callmanager");
	rest(5000);
	now = make_state(PORT, CONNECTED);
	ck_assert_uint_ne(now->handle, old->handle);
	ck_assert_uint_eq(answer(&apps[0], cti_call_disconnect(apps[0].cti, old->handle)),
			  CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL);
	ck_assert_int_eq(now->state, CTI_CONNECTED);
	cluster_down();
}
END_TEST

/* ---- numbers ------------------------------------------------------------------------- */

static const struct number {
	const char *what, *number;
	uint32_t redirect, blind; /* what they are refused with */
} numbers[] = {
	{ "an unknown number", "9999", CTIERR_REDIRECT_CALL_UNKNOWN_DESTINATION,
	  CTIERR_TRANSFERFAILED_DESTINATION_UNALLOCATED },
	{ "a circle of forwards", "3001", CTIERR_REDIRECT_CALL_UNKNOWN_DESTINATION,
	  CTIERR_TRANSFERFAILED_DESTINATION_UNALLOCATED },
	{ "letters", "12ab", CTIERR_REDIRECT_CALL_UNKNOWN_DESTINATION,
	  CTIERR_TRANSFERFAILED_DESTINATION_UNALLOCATED },
	{ "the longest number", "11111111111111111111111111111111111111111111111111",
	  CTIERR_REDIRECT_CALL_UNKNOWN_DESTINATION, CTIERR_TRANSFERFAILED_DESTINATION_UNALLOCATED },
	{ "a longer one", "111111111111111111111111111111111111111111111111111",
	  CTIERR_INVALID_PARAMETER, CTIERR_INVALID_PARAMETER },
	{ "none", "", CTIERR_INVALID_PARAMETER, CTIERR_INVALID_PARAMETER },
	{ "itself", "5000", CTIERR_REDIRECT_ERR, CTIERR_TRANSFERFAILED },
	{ "a port that nobody has open", "6002", CTIERR_REDIRECT_CALL_DESTINATION_OUT_OF_ORDER,
	  CTIERR_TRANSFERFAILED },
};

START_TEST(cal_01_a_call_that_cannot_be_sent_there_stays_where_it_is)
{
	const struct number *n = &numbers[_i];
	unsigned told;
	struct call *call;

	for (int state = OFFERING; state <= CONNECTED; state++) {
		cluster_up();
		open_all();
		call = make_state(POINT, (enum state)state);
		rest(300);
		told = apps[0].events + apps[1].events;
		ck_assert_msg(answer(&apps[0], cti_call_redirect(apps[0].cti, call->handle,
								 n->number)) == n->redirect,
			      "redirect to %s: %s", n->what, cti_error_name(apps[0].result));
		if (state == CONNECTED)
			ck_assert_msg(
				answer(&apps[0], cti_call_blind_transfer(apps[0].cti, call->handle,
									 n->number)) == n->blind,
				"transfer to %s: %s", n->what, cti_error_name(apps[0].result));
		rest(500);
		ck_assert_msg(apps[0].events + apps[1].events == told, "%s", n->what);
		ck_assert(!call->closed);
		cluster_down();
	}
}
END_TEST

/* Making a call there is no error: it is a call that fails, and ends. */
START_TEST(cal_01_a_call_to_nowhere_ends)
{
	const struct number *n = &numbers[_i];

	cluster_up();
	open_all();
	if (n->redirect == CTIERR_INVALID_PARAMETER)
		return;
	ck_assert_uint_eq(
		answer(&apps[0],
		       cti_line_call_initiate(apps[0].cti, line_of(&apps[0], PORT), n->number)),
		CTIERR_SUCCESS);
	rest(500);
	ck_assert_uint_ge(apps[0].calls_n, 1);
	ck_assert_msg(apps[0].calls[0].closed == (strcmp(n->what, "itself") != 0), "%s", n->what);
	cluster_down();
}
END_TEST

/* ---- twice --------------------------------------------------------------------------- */

START_TEST(answering_twice_is_refused_and_two_who_answer_at_once_are_told_who_was_first)
{
	const struct call *call, *seen;
	int first, second;

	cluster_up();
	open_all();
	call = make_state(_i, _i == PHONE ? ACCEPTED : OFFERING);
	seen = newest(&apps[1], device_names[_i]);
	ck_assert_uint_eq(seen->handle, call->handle);
	first = cti_call_answer(apps[0].cti, call->handle);
	second = cti_call_answer(apps[1].cti, seen->handle);
	ck_assert_int_gt(first, 0);
	ck_assert_int_gt(second, 0);
	apps[0].seq = first;
	apps[1].seq = second;
	apps[0].answered = apps[1].answered = false;
	rest(500);
	ck_assert(apps[0].answered && apps[1].answered);
	ck_assert_msg((apps[0].result == CTIERR_SUCCESS && apps[1].result == NOT_NOW) ||
			      (apps[1].result == CTIERR_SUCCESS && apps[0].result == NOT_NOW),
		      "%s, %s", cti_error_name(apps[0].result), cti_error_name(apps[1].result));
	ck_assert_int_eq(call->state, CTI_CONNECTED);
	ck_assert_int_eq(seen->state, CTI_CONNECTED);
	ck_assert_uint_eq(answer(&apps[0], cti_call_answer(apps[0].cti, call->handle)), NOT_NOW);
	cluster_down();
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_LOOP(
			cal_01_cal_04_every_request_in_every_state_works_or_is_refused_and_changes_nothing,
			0, (int)N(requests) * KINDS),
		SUITE_LOOP(med_01_med_03_med_08_addresses_that_nobody_asked_for_are_refused, 0,
			   KINDS),
		SUITE_CASE(usr_01_handles_of_another_application_are_refused),
		SUITE_LOOP(handles_that_were_made_up_are_refused, 0, 5),
		SUITE_CASE(cmf_04_the_handle_of_a_call_from_before_a_failure_means_no_other_call),
		SUITE_LOOP(cal_01_a_call_that_cannot_be_sent_there_stays_where_it_is, 0,
			   (int)N(numbers)),
		SUITE_LOOP(cal_01_a_call_to_nowhere_ends, 0, (int)N(numbers)),
		SUITE_LOOP(
			answering_twice_is_refused_and_two_who_answer_at_once_are_told_who_was_first,
			0, KINDS),
	};

	return suite_main(argc, argv, "cluster/test_bad_requests", cases, N(cases));
}
