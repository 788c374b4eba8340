/* The simulated application and the media between two of them, against CTIManagers that pretend. */
#include "tests/lib/ctimanager_fake.h"
#include "tests/lib/cluster.h"
#include "tests/lib/suite.h"

#include <string.h>

#include "common/base/cti_error.h"
#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sim/app.h"
#include "sim/media.h"

#define CALL   (UINT64_C(1) << 32 | 17)
#define DEVICE "CTIRP_5000"

struct side {
	const char *fake;
	const char *app;
	uint8_t fake_node;
	uint8_t app_node;
	struct fake_ctimanager context;
	struct sim_app *sim;
};

static struct cluster *c;
static struct side sides[2];

static void make_fake(void *arg, struct sdl_config *config)
{
	fake_ctimanager_program(config, arg);
}

static void make_app(void *arg, struct sdl_config *config)
{
	struct side *side = arg;
	struct sim_app_options options = { .cluster = 1 };

	options.provider.ctimanagers[0] = side->fake_node;
	options.provider.user = "ivr";
	options.provider.password = "secret";
	side->sim = sim_app_new(&options);
	sim_app_program(config, side->sim);
}

static void unmake_app(void *arg, void *context)
{
	struct side *side = arg;

	ck_assert_ptr_eq(context, side->sim);
	sim_app_destroy(&side->sim);
}

static void add(struct side *side)
{
	struct sdl_virt_program fake = { .make = make_fake,
					 .arg = &side->context,
					 .name = side->fake,
					 .node = side->fake_node,
					 .app = SDL_APP_CTIMANAGER,
					 .serve_cti = true };
	struct sdl_virt_program app = { .make = make_app,
					.unmake = unmake_app,
					.arg = side,
					.name = side->app,
					.node = side->app_node,
					.app = SDL_APP_CTI };

	cluster_add(c, &fake);
	cluster_start(c, side->fake);
	cluster_add(c, &app);
	cluster_start(c, side->app);
	ck_assert(cluster_until_signal(c, side->app, NULL, SIG_ProviderInService, NULL, NULL,
				       SECONDS(2)));
}

static void up(void)
{
	c = cluster_new(1);
	sides[0] = (struct side){ .fake = "ctim1", .app = "a", .fake_node = 1, .app_node = 102 };
	sides[1] = (struct side){ .fake = "ctim2", .app = "b", .fake_node = 2, .app_node = 103 };
	add(&sides[0]);
	add(&sides[1]);
	cluster_mark(c);
}

static void down(void)
{
	cluster_destroy(&c);
}

static bool is_result(const void *msg, void *arg)
{
	const CommandResult *m = msg;

	return m->result == *(const uint32_t *)arg;
}

static void command(const struct side *side, AppCommand *m, uint32_t expected)
{
	if (!m->device)
		m->device = (char *)DEVICE;
	cluster_post(c, side->app, APP_CTI_APPLICATION, SIG_AppCommand, m);
	ck_assert_msg(cluster_until_signal(c, side->app, NULL, SIG_CommandResult, is_result,
					   &expected, SECONDS(1)),
		      "%s: not %s", m->verb, cti_error_name(expected));
}

static void verb(const struct side *side, const char *name, uint32_t expected)
{
	AppCommand m = APP_COMMAND__INIT;

	m.verb = (char *)name;
	command(side, &m, expected);
}

static void open_device(const struct side *side, MediaRegistration registration)
{
	AppCommand m = APP_COMMAND__INIT;

	m.verb = (char *)"open";
	m.dn = (char *)"5000";
	m.has_media = true;
	m.media = registration;
	command(side, &m, 0);
	ck_assert(cluster_until_signal(c, side->app, NULL, SIG_ExistingCallCompleted, NULL, NULL,
				       SECONDS(1)));
}

static void call_event(const struct side *side, uint16_t signal, CtiCallState state, uint32_t cause)
{
	CallEvent ev = CALL_EVENT__INIT;

	ev.call_handle = CALL;
	ev.line_handle = side->context.line_handle;
	ev.device = (char *)DEVICE;
	ev.dn = (char *)"5000";
	ev.has_state = ev.has_cause = true;
	ev.state = state;
	ev.cause = cause;
	cluster_post(c, side->fake, CTIM_CTI_MANAGER, signal, &ev);
	ck_assert(cluster_until_signal(c, side->app, NULL, signal, NULL, NULL, SECONDS(1)));
}

static void media_event(const struct side *side, uint16_t signal, uint32_t ip, uint32_t port)
{
	MediaEvent ev = MEDIA_EVENT__INIT;

	ev.call_handle = CALL;
	ev.device = (char *)DEVICE;
	ev.has_ip = ev.has_port = true;
	ev.ip = ip;
	ev.port = port;
	cluster_post(c, side->fake, CTIM_CTI_MANAGER, signal, &ev);
	ck_assert(cluster_until_signal(c, side->app, NULL, signal, NULL, NULL, SECONDS(1)));
}

/* A call whose both sides are static devices at their programs' first port. */
#define PORT 20000
static void connect_media(void)
{
	for (int i = 0; i < 2; i++) {
		const struct side *far = &sides[1 - i];

		open_device(&sides[i], MEDIA_REGISTRATION__STATIC);
		call_event(&sides[i], SIG_NewCall, CTI_CALL_STATE__OFFERING, 0);
		call_event(&sides[i], SIG_CallStateChanged, CTI_CALL_STATE__CONNECTED, 0);
		media_event(&sides[i], SIG_StartReception, sim_media_ip(1, sides[i].app_node),
			    PORT);
		media_event(&sides[i], SIG_StartTransmission, sim_media_ip(1, far->app_node), PORT);
	}
	for (int i = 0; i < 2; i++)
		ck_assert(cluster_until_signal(c, sides[i].app, sides[i].app,
					       SIG_MediaStreamStarted, NULL, NULL, SECONDS(2)));
	cluster_mark(c);
}

static unsigned heard(const struct side *side, uint16_t signal)
{
	return cluster_count_signal(c, side->app, NULL, signal, NULL, NULL);
}

START_TEST(med_01_ticks_of_both_sides_of_a_call_arrive_without_a_gap)
{
	connect_media();
	cluster_advance(c, SECONDS(30));
	for (int i = 0; i < 2; i++) {
		ck_assert_uint_ge(heard(&sides[i], SIG_MediaTick), 59);
		ck_assert_uint_le(heard(&sides[i], SIG_MediaTick), 61);
		ck_assert_uint_eq(heard(&sides[i], SIG_MediaStreamStopped), 0);
	}
}
END_TEST

static bool last_and_whole(const void *msg, void *arg)
{
	const MediaStreamEvent *m = msg;

	return m->reason == MEDIA_STOP_REASON__MEDIA_LAST_TICK && m->lost == 0 &&
	       m->received >= *(const unsigned *)arg;
}

START_TEST(cal_04_the_end_of_a_stream_is_heard_at_the_other_side_with_what_was_counted)
{
	unsigned ticks = 20;

	connect_media();
	cluster_advance(c, SECONDS(10));
	media_event(&sides[0], SIG_StopTransmission, 0, 0);
	ck_assert(cluster_until_signal(c, "b", "b", SIG_MediaStreamStopped, last_and_whole, &ticks,
				       MS(100)));
}
END_TEST

static bool silence(const void *msg, void *arg)
{
	const MediaStreamEvent *m = msg;

	(void)arg;
	return m->reason == MEDIA_STOP_REASON__MEDIA_SILENCE;
}

START_TEST(cal_04_a_side_that_dies_is_noticed_after_three_missing_ticks)
{
	connect_media();
	cluster_advance(c, SECONDS(2));
	cluster_kill(c, "a");
	ck_assert(
		cluster_until_signal(c, "b", "b", SIG_MediaStreamStopped, silence, NULL, MS(2300)));
}
END_TEST

START_TEST(cal_05_the_stream_of_a_call_whose_callmanager_died_goes_on_until_the_other_side_ends)
{
	connect_media();
	call_event(&sides[0], SIG_CallStateChanged, CTI_CALL_STATE__IDLE, 508);
	call_event(&sides[0], SIG_CallClosed, CTI_CALL_STATE__IDLE, 508);
	cluster_advance(c, SECONDS(20));
	ck_assert_uint_eq(heard(&sides[1], SIG_MediaStreamStopped), 0);
	media_event(&sides[1], SIG_StopTransmission, 0, 0);
	cluster_mark(c);
	ck_assert(
		cluster_until_signal(c, "b", "b", SIG_MediaStreamStopped, NULL, NULL, SECONDS(1)));
}
END_TEST

START_TEST(cal_04_a_call_whose_other_side_has_ended_its_stream_is_disconnected)
{
	connect_media();
	sides[1].context.requests = 0;
	cluster_kill(c, "a"); /* ends nothing in order */
	cluster_advance(c, SECONDS(9));
	ck_assert_uint_eq(sides[1].context.requests, 0);
	cluster_advance(c, SECONDS(5));
	ck_assert_uint_eq(sides[1].context.requests, 1);
	ck_assert_uint_eq(sides[1].context.last_call, CALL);
}
END_TEST

START_TEST(a_call_that_ends_normally_ends_its_streams)
{
	connect_media();
	call_event(&sides[0], SIG_CallStateChanged, CTI_CALL_STATE__IDLE, 16);
	call_event(&sides[0], SIG_CallClosed, CTI_CALL_STATE__IDLE, 16);
	ck_assert(cluster_until_signal(c, "b", "b", SIG_MediaStreamStopped, NULL, NULL, MS(100)));
}
END_TEST

START_TEST(ctf_07_streams_go_on_while_no_ctimanager_watches_their_call)
{
	connect_media();
	cluster_kill(c, "ctim1");
	cluster_advance(c, SECONDS(20));
	ck_assert_uint_eq(heard(&sides[0], SIG_CallObservationEnded), 1);
	ck_assert_uint_eq(heard(&sides[1], SIG_MediaStreamStopped), 0);
	ck_assert_uint_ge(heard(&sides[1], SIG_MediaTick), 39);
}
END_TEST

static bool at_own_address(const void *msg, void *arg)
{
	const DeviceSetRTPForCall *m = msg;

	(void)arg;
	return m->ip == sim_media_ip(1, 102) && m->port >= PORT && m->call_handle == CALL;
}

START_TEST(med_03_a_dynamic_device_answers_each_request_for_media_with_a_port_of_its_own)
{
	open_device(&sides[0], MEDIA_REGISTRATION__DYNAMIC);
	call_event(&sides[0], SIG_NewCall, CTI_CALL_STATE__OFFERING, 0);
	media_event(&sides[0], SIG_DeviceCallOpenLogicalChannel, 0, 0);
	ck_assert(cluster_until_signal(c, "ctim1", NULL, SIG_DeviceSetRTPForCall, at_own_address,
				       NULL, SECONDS(1)));
}
END_TEST

START_TEST(med_03_by_hand_a_request_for_media_waits_for_setrtp)
{
	AppCommand m = APP_COMMAND__INIT;

	m.verb = (char *)"media";
	m.destination = (char *)"hand";
	command(&sides[0], &m, 0);
	open_device(&sides[0], MEDIA_REGISTRATION__DYNAMIC);
	call_event(&sides[0], SIG_NewCall, CTI_CALL_STATE__OFFERING, 0);
	media_event(&sides[0], SIG_DeviceCallOpenLogicalChannel, 0, 0);
	cluster_advance(c, SECONDS(2));
	ck_assert_uint_eq(sides[0].context.requests, 0);
	verb(&sides[0], "setrtp", 0);
	ck_assert(cluster_until_signal(c, "ctim1", NULL, SIG_DeviceSetRTPForCall, NULL, NULL,
				       SECONDS(1)));
}
END_TEST

START_TEST(each_verb_becomes_its_request)
{
	static const struct {
		const char *verb;
		uint16_t signal;
		CtiCallState state;
	} verbs[] = {
		{ "accept", SIG_CallAccept, CTI_CALL_STATE__OFFERING },
		{ "answer", SIG_CallAnswer, CTI_CALL_STATE__ACCEPTED },
		{ "hold", SIG_CallHold, CTI_CALL_STATE__CONNECTED },
		{ "retrieve", SIG_CallRetrieve, CTI_CALL_STATE__ONHOLD },
		{ "drop", SIG_CallDisconnect, CTI_CALL_STATE__CONNECTED },
	};
	AppCommand m = APP_COMMAND__INIT;

	open_device(&sides[0], MEDIA_REGISTRATION__DYNAMIC);
	call_event(&sides[0], SIG_NewCall, CTI_CALL_STATE__OFFERING, 0);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		call_event(&sides[0], SIG_CallStateChanged, verbs[i].state, 0);
		verb(&sides[0], verbs[i].verb, 0);
		ck_assert(cluster_until_signal(c, "ctim1", NULL, verbs[i].signal, NULL, NULL,
					       SECONDS(1)));
	}
	m.verb = (char *)"redirect";
	m.destination = (char *)"6001";
	command(&sides[0], &m, 0);
	ck_assert(cluster_until_signal(c, "ctim1", NULL, SIG_CallRedirect, NULL, NULL, SECONDS(1)));
	m.verb = (char *)"call";
	m.destination = (char *)"1001";
	command(&sides[0], &m, 0);
	ck_assert(cluster_until_signal(c, "ctim1", NULL, SIG_LineCallInitiate, NULL, NULL,
				       SECONDS(1)));
	verb(&sides[0], "close", 0);
	ck_assert(cluster_until_signal(c, "ctim1", NULL, SIG_DeviceClose, NULL, NULL, SECONDS(1)));
}
END_TEST

START_TEST(verbs_without_a_subject_are_refused_by_name)
{
	verb(&sides[0], "answer", CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL);
	verb(&sides[0], "close", CTIERR_DEVICE_NOT_OPEN);
	verb(&sides[0], "call", CTIERR_ASSOCIATED_LINE_NOT_OPEN);
	verb(&sides[0], "jump", CTIERR_OPERATION_NOT_ALLOWED);
}
END_TEST

START_TEST(a_provider_that_was_closed_by_command_opens_again)
{
	open_device(&sides[0], MEDIA_REGISTRATION__DYNAMIC);
	verb(&sides[0], "provider_open", CTIERR_PROVIDER_ALREADY_OPEN);
	verb(&sides[0], "provider_close", 0);
	ck_assert(cluster_until_signal(c, "a", "a", SIG_ProviderClosed, NULL, NULL, SECONDS(2)));
	verb(&sides[0], "close", CTIERR_DEVICE_NOT_OPEN);
	verb(&sides[0], "provider_open", 0);
	ck_assert(cluster_until_signal(c, "a", "a", SIG_ProviderInService, NULL, NULL, SECONDS(2)));
	open_device(&sides[0], MEDIA_REGISTRATION__DYNAMIC);
}
END_TEST

START_TEST(a_rule_says_what_happens_to_new_calls)
{
	AppCommand m = APP_COMMAND__INIT;

	open_device(&sides[0], MEDIA_REGISTRATION__DYNAMIC);
	m.verb = (char *)"auto";
	m.destination = (char *)"redirect:6001";
	command(&sides[0], &m, 0);
	call_event(&sides[0], SIG_NewCall, CTI_CALL_STATE__OFFERING, 0);
	ck_assert(cluster_until_signal(c, "ctim1", NULL, SIG_CallRedirect, NULL, NULL, SECONDS(1)));
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(med_01_ticks_of_both_sides_of_a_call_arrive_without_a_gap, up,
				down),
		SUITE_CASE_WITH(
			cal_04_the_end_of_a_stream_is_heard_at_the_other_side_with_what_was_counted,
			up, down),
		SUITE_CASE_WITH(cal_04_a_side_that_dies_is_noticed_after_three_missing_ticks, up,
				down),
		SUITE_CASE_WITH(
			cal_05_the_stream_of_a_call_whose_callmanager_died_goes_on_until_the_other_side_ends,
			up, down),
		SUITE_CASE_WITH(cal_04_a_call_whose_other_side_has_ended_its_stream_is_disconnected,
				up, down),
		SUITE_CASE_WITH(a_call_that_ends_normally_ends_its_streams, up, down),
		SUITE_CASE_WITH(ctf_07_streams_go_on_while_no_ctimanager_watches_their_call, up,
				down),
		SUITE_CASE_WITH(
			med_03_a_dynamic_device_answers_each_request_for_media_with_a_port_of_its_own,
			up, down),
		SUITE_CASE_WITH(med_03_by_hand_a_request_for_media_waits_for_setrtp, up, down),
		SUITE_CASE_WITH(each_verb_becomes_its_request, up, down),
		SUITE_CASE_WITH(verbs_without_a_subject_are_refused_by_name, up, down),
		SUITE_CASE_WITH(a_provider_that_was_closed_by_command_opens_again, up, down),
		SUITE_CASE_WITH(a_rule_says_what_happens_to_new_calls, up, down),
	};

	return suite_main(argc, argv, "cluster/test_app", cases, sizeof(cases) / sizeof(cases[0]));
}
