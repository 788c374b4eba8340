/* The application library against CTIManagers that pretend. */
#include "tests/lib/ctimanager_fake.h"
#include "tests/lib/cluster.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <string.h>

#include "common/base/cti_error.h"
#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "ctimanager/client/program.h"

#define CALL	(UINT64_C(1) << 32 | 17)
#define LOG_MAX 400

static struct cluster *c;
static struct fake_ctimanager fakes[3];
static struct cti *cti;
static struct cti_app app;
static struct cti_provider provider;
static struct cti_event said[LOG_MAX]; /* texts replaced by the copies below */
static char texts[LOG_MAX][3][32];
static size_t said_n;
static uint64_t device_handle, line_handle;
static void (*in_turn)(struct cti *cti); /* run at the next event */

static void copy(size_t i, int which, const char *text)
{
	snprintf(texts[i][which], sizeof(texts[i][which]), "%s", text);
}

static void on_event(struct cti *from, const struct cti_event *e)
{
	ck_assert_uint_lt(said_n, LOG_MAX);
	said[said_n] = *e;
	copy(said_n, 0, e->device);
	copy(said_n, 1, e->dn);
	copy(said_n, 2, e->request);
	said_n++;
	if (in_turn) {
		void (*act)(struct cti *) = in_turn;

		in_turn = NULL;
		act(from);
	}
}

static void on_provider_open_completed(struct cti *from, const struct cti_event *e)
{
	struct cti_media media = { .registration = CTI_DYNAMIC_MEDIA, .codecs = { 4 } };

	ck_assert_int_gt(cti_device_open(from, e->provider, "CTIRP_5000", &media), 0);
	ck_assert_int_gt(cti_device_open(from, e->provider, "SEP000000000001", NULL), 0);
}

static void on_response(struct cti *from, const struct cti_event *e)
{
	if (e->result)
		return;
	if (e->line_handle)
		line_handle = e->line_handle;
	else if (e->device_handle && !device_handle) {
		device_handle = e->device_handle;
		cti_line_open(from, e->device_handle, "5000", false);
	}
}

static void make_fake(void *arg, struct sdl_config *config)
{
	fake_ctimanager_program(config, arg);
}

static void make_app(void *arg, struct sdl_config *config)
{
	(void)arg;
	cti = cti_new(&app);
	cti_set_provider(cti, &provider);
	cti_program(config, cti);
}

static void unmake_app(void *arg, void *context)
{
	(void)arg;
	(void)context;
	cti_destroy(&cti);
}

static const char *const fake_names[] = { "ctim1", "ctim2", "ctim3" };

static void up(void)
{
	struct sdl_virt_program spec = { .make = make_app,
					 .unmake = unmake_app,
					 .name = "ivr",
					 .node = 102,
					 .app = SDL_APP_CTI };

	c = cluster_new(1);
	memset(fakes, 0, sizeof(fakes));
	for (uint8_t i = 0; i < 3; i++) {
		struct sdl_virt_program fake = { .make = make_fake,
						 .arg = &fakes[i],
						 .name = fake_names[i],
						 .node = (uint8_t)(i + 1),
						 .app = SDL_APP_CTIMANAGER,
						 .serve_cti = true };

		cluster_add(c, &fake);
		cluster_start(c, fake_names[i]);
	}
	app = (struct cti_app){ .on_event = on_event,
				.on_provider_open_completed = on_provider_open_completed,
				.on_response = on_response };
	provider = (struct cti_provider){
		.ctimanagers = { 1, 2 }, .user = "ivr", .password = "secret", .heartbeat_s = 5
	};
	said_n = 0;
	device_handle = line_handle = 0;
	in_turn = NULL;
	cluster_add(c, &spec);
}

static void down(void)
{
	cluster_destroy(&c);
}

static bool until(uint16_t signal, int64_t within_ns)
{
	return cluster_until_signal(c, "ivr", "ivr", signal, NULL, NULL, within_ns);
}

/* Both devices and the line are open and in service. */
static void open_all(void)
{
	cluster_start(c, "ivr");
	ck_assert(until(SIG_ExistingCallCompleted, SECONDS(2)));
	cluster_advance(c, MS(100));
	ck_assert_uint_ne(line_handle, 0);
	cluster_mark(c);
}

static void new_call(const char *fake, uint64_t handle)
{
	CallEvent ev = CALL_EVENT__INIT;

	ev.call_handle = handle;
	ev.line_handle = fakes[0].line_handle;
	ev.device = (char *)"CTIRP_5000";
	ev.dn = (char *)"5000";
	ev.has_state = true;
	ev.state = CTI_CALL_STATE__OFFERING;
	ev.calling = (char *)"1001";
	cluster_post(c, fake, CTIM_CTI_MANAGER, SIG_NewCall, &ev);
	ck_assert(until(SIG_NewCall, SECONDS(1)));
}

static size_t find_from(size_t from, enum cti_event_kind kind, const char *device)
{
	for (size_t i = from; i < said_n; i++)
		if (said[i].kind == kind && (!device || !strcmp(texts[i][0], device)))
			return i;
	return SIZE_MAX;
}

static size_t count(enum cti_event_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < said_n; i++)
		n += said[i].kind == kind;
	return n;
}

static size_t answers_to(int seq)
{
	size_t n = 0;

	for (size_t i = 0; i < said_n; i++)
		n += said[i].kind == CTI_RESPONSE && said[i].seq == seq;
	return n;
}

static uint32_t answer_to(int seq)
{
	for (size_t i = 0; i < said_n; i++)
		if (said[i].kind == CTI_RESPONSE && said[i].seq == seq)
			return said[i].result;
	ck_abort_msg("no answer to request %d", seq);
	return 0;
}

START_TEST(usr_05_a_refused_login_is_told_by_name_and_no_other_ctimanager_is_asked)
{
	fakes[0].refuse_provider = CTIERR_DIRECTORY_LOGIN_FAILED;
	cluster_start(c, "ivr");
	ck_assert(until(SIG_Response, SECONDS(2)));
	cluster_advance(c, SECONDS(60));
	ck_assert_uint_eq(said_n, 1);
	ck_assert_uint_eq(said[0].result, CTIERR_DIRECTORY_LOGIN_FAILED);
	ck_assert_str_eq(texts[0][2], "ProviderOpen");
	ck_assert_uint_eq(fakes[1].providers, 0);
}
END_TEST

START_TEST(a_provider_opens_at_the_first_of_the_list_with_devices_and_lines)
{
	open_all();
	ck_assert_uint_eq(fakes[0].providers, 1);
	ck_assert_uint_eq(fakes[1].providers, 0);
	ck_assert_uint_eq(find_from(0, CTI_RESPONSE, NULL), 0);
	ck_assert_uint_eq(find_from(0, CTI_PROVIDER_OPEN_COMPLETED, NULL), 1);
	ck_assert_uint_eq(find_from(0, CTI_PROVIDER_IN_SERVICE, NULL), 2);
	ck_assert_uint_eq(count(CTI_DEVICE_IN_SERVICE), 2);
	ck_assert_uint_eq(count(CTI_LINE_IN_SERVICE), 1);
}
END_TEST

START_TEST(ctf_01_calls_lines_devices_and_provider_go_out_in_this_order_with_cause_1007)
{
	size_t from, ended, line, device;

	open_all();
	new_call("ctim1", CALL);
	from = said_n;
	cluster_kill(c, "ctim1");
	ck_assert(until(SIG_ProviderOutOfService, SECONDS(1)));
	ended = find_from(from, CTI_CALL_OBSERVATION_ENDED, "CTIRP_5000");
	line = find_from(from, CTI_LINE_OUT_OF_SERVICE, "CTIRP_5000");
	device = find_from(from, CTI_DEVICE_OUT_OF_SERVICE, "CTIRP_5000");
	ck_assert_uint_eq(ended, from);
	ck_assert_uint_eq(line, from + 1);
	ck_assert_uint_eq(device, from + 2);
	ck_assert_uint_eq(find_from(from, CTI_DEVICE_OUT_OF_SERVICE, "SEP000000000001"), from + 3);
	ck_assert_uint_eq(find_from(from, CTI_PROVIDER_OUT_OF_SERVICE, NULL), from + 4);
	ck_assert_uint_eq(said[ended].call, CALL);
	ck_assert_int_eq(said[line].cause, CTI_CTIMANAGER_FAILURE);
	ck_assert_int_eq(said[device].cause, CTI_CTIMANAGER_FAILURE);
	ck_assert(!said[from + 4].no_backup);
}
END_TEST

START_TEST(ctf_02_ctf_03_the_next_of_the_list_takes_devices_lines_and_a_snapshot_under_old_handles)
{
	size_t from, call;

	open_all();
	new_call("ctim1", CALL);
	fakes[1].existing_call = CALL;
	fakes[1].devices = 50; /* so that its handles are others */
	from = said_n;
	cluster_kill(c, "ctim1");
	ck_assert(until(SIG_ExistingCallCompleted, SECONDS(1)));
	ck_assert_uint_eq(said[find_from(from, CTI_PROVIDER_IN_SERVICE, NULL)].node, 2);
	ck_assert_uint_eq(said[find_from(from, CTI_DEVICE_IN_SERVICE, "CTIRP_5000")].device_handle,
			  device_handle);
	ck_assert_uint_eq(said[find_from(from, CTI_LINE_IN_SERVICE, NULL)].line_handle,
			  line_handle);
	call = find_from(from, CTI_EXISTING_CALL, "CTIRP_5000");
	ck_assert_uint_eq(said[call].call, CALL);
	ck_assert_uint_eq(said[call].line_handle, line_handle);
	ck_assert_uint_eq(count(CTI_PROVIDER_OPEN_COMPLETED), 1);
	ck_assert_uint_eq(fakes[2].providers, 0);
}
END_TEST

static int hold_seq;
static void hold(struct cti *from)
{
	hold_seq = cti_call_hold(from, CALL);
}

START_TEST(ctf_03_a_call_of_the_snapshot_is_controlled_through_the_new_ctimanager)
{
	open_all();
	new_call("ctim1", CALL);
	fakes[1].existing_call = CALL;
	cluster_kill(c, "ctim1");
	in_turn = NULL;
	ck_assert(until(SIG_ProviderInService, SECONDS(1)));
	in_turn = hold;
	ck_assert(until(SIG_ExistingCallCompleted, SECONDS(1)));
	cluster_advance(c, MS(100));
	ck_assert_uint_eq(answer_to(hold_seq), 0);
	ck_assert_uint_eq(fakes[1].last_call, CALL);
}
END_TEST

START_TEST(ctf_05_ctf_06_it_stays_on_the_backup_until_that_fails)
{
	open_all();
	cluster_kill(c, "ctim1");
	ck_assert(until(SIG_ProviderInService, SECONDS(1)));
	cluster_start(c, "ctim1");
	fakes[0].providers = 0;
	cluster_advance(c, SECONDS(300));
	ck_assert_uint_eq(fakes[0].providers, 0);
	cluster_kill(c, "ctim2");
	ck_assert(until(SIG_ProviderInService, SECONDS(1)));
	ck_assert_uint_eq(fakes[0].providers, 1);
}
END_TEST

START_TEST(ctf_02_when_all_have_failed_the_list_is_tried_again_each_retry_interval)
{
	int64_t lost;

	open_all();
	cluster_kill(c, "ctim2");
	lost = cluster_now(c);
	cluster_kill(c, "ctim1");
	cluster_advance(c, SECONDS(45));
	cluster_start(c, "ctim2");
	ck_assert(until(SIG_ProviderInService, SECONDS(60)));
	ck_assert_int_ge(cluster_now(c) - lost, SECONDS(60));
	ck_assert_int_le(cluster_now(c) - lost, SECONDS(62));
	ck_assert_uint_eq(count(CTI_PROVIDER_OUT_OF_SERVICE), 1);
	ck_assert_uint_eq(count(CTI_DEVICE_OUT_OF_SERVICE), 2);
}
END_TEST

START_TEST(mgr_06_without_a_backup_the_provider_stays_out_of_service_and_says_so)
{
	size_t out;

	memset(provider.ctimanagers, 0, sizeof(provider.ctimanagers));
	provider.ctimanagers[0] = 1;
	open_all();
	cluster_kill(c, "ctim1");
	ck_assert(until(SIG_ProviderOutOfService, SECONDS(1)));
	out = find_from(0, CTI_PROVIDER_OUT_OF_SERVICE, NULL);
	ck_assert(said[out].no_backup);
	cluster_start(c, "ctim1");
	cluster_advance(c, SECONDS(300));
	ck_assert_uint_eq(fakes[0].providers, 1);
	ck_assert_uint_eq(count(CTI_PROVIDER_IN_SERVICE), 1);
}
END_TEST

START_TEST(usr_05_a_provider_whose_user_may_no_longer_log_in_is_closed_and_told_why)
{
	size_t closed;

	open_all();
	fakes[1].refuse_provider = CTIERR_DIRECTORY_LOGIN_NOT_ALLOWED;
	cluster_kill(c, "ctim1");
	ck_assert(until(SIG_ProviderClosed, SECONDS(2)));
	closed = find_from(0, CTI_PROVIDER_CLOSED, NULL);
	ck_assert_uint_eq(said[closed].result, CTIERR_DIRECTORY_LOGIN_NOT_ALLOWED);
	ck_assert_uint_lt(find_from(0, CTI_PROVIDER_OUT_OF_SERVICE, NULL), closed);
}
END_TEST

START_TEST(ctf_02_a_ctimanager_that_cannot_take_it_now_is_passed_over)
{
	provider.ctimanagers[2] = 3;
	fakes[1].refuse_provider = CTIERR_MAX_NUMBER_OF_CTI_CONNECTIONS_REACHED;
	open_all();
	cluster_kill(c, "ctim1");
	ck_assert(until(SIG_ProviderInService, SECONDS(2)));
	ck_assert_uint_eq(fakes[1].providers, 1);
	ck_assert_uint_eq(fakes[2].providers, 1);
}
END_TEST

START_TEST(ctf_10_a_device_that_cannot_be_reopened_is_closed_and_the_application_told)
{
	size_t closed;

	open_all();
	fakes[1].refuse_device = "CTIRP_5000";
	fakes[1].refuse_with = CTIERR_ACCESS_TO_DEVICE_DENIED;
	cluster_kill(c, "ctim1");
	ck_assert(until(SIG_DeviceClosed, SECONDS(2)));
	closed = find_from(0, CTI_DEVICE_CLOSED, "CTIRP_5000");
	ck_assert_uint_eq(said[closed].result, CTIERR_ACCESS_TO_DEVICE_DENIED);
	ck_assert_uint_lt(find_from(0, CTI_LINE_CLOSED, "CTIRP_5000"), closed);
	cluster_advance(c, SECONDS(1));
	ck_assert_uint_eq(count(CTI_DEVICE_IN_SERVICE), 3); /* the phone again */
}
END_TEST

START_TEST(ctf_03_a_device_still_held_through_the_lost_ctimanager_is_asked_for_again)
{
	open_all();
	fakes[1].refuse_device = "CTIRP_5000";
	fakes[1].refuse_with = CTIERR_MEDIA_ALREADY_TERMINATED_DYNAMIC;
	fakes[1].refuse_times = 4;
	cluster_kill(c, "ctim1");
	ck_assert(until(SIG_ExistingCallCompleted, SECONDS(15)));
	ck_assert_uint_eq(count(CTI_DEVICE_CLOSED), 0);
}
END_TEST

START_TEST(ctf_01_a_frozen_ctimanager_is_left_after_two_and_a_quarter_intervals)
{
	int64_t frozen;

	open_all();
	cluster_advance(c, SECONDS(42));
	ck_assert_uint_eq(count(CTI_PROVIDER_OUT_OF_SERVICE), 0);
	frozen = cluster_now(c);
	cluster_freeze(c, "ctim1");
	ck_assert(until(SIG_ProviderInService, SECONDS(20)));
	ck_assert_int_ge(cluster_now(c) - frozen, SECONDS(5));
	ck_assert_int_le(cluster_now(c) - frozen, MS(11300));
	ck_assert_uint_eq(fakes[1].providers, 1);
}
END_TEST

START_TEST(apf_06_an_application_frozen_for_one_interval_keeps_its_provider)
{
	open_all();
	for (int i = 0; i < 20; i++) {
		cluster_advance(c, MS(5300 + i * 170));
		cluster_freeze(c, "ivr");
		cluster_advance(c, SECONDS(5));
		cluster_thaw(c, "ivr");
		cluster_advance(c, MS(50));
		ck_assert_uint_eq(count(CTI_PROVIDER_OUT_OF_SERVICE), 0);
	}
}
END_TEST

START_TEST(apf_01_heartbeats_go_out_more_often_than_the_interval_granted)
{
	open_all();
	cluster_advance(c, SECONDS(60));
	ck_assert_uint_ge(fakes[0].heartbeats, 12);
	ck_assert_uint_le(fakes[0].heartbeats, 17);
}
END_TEST

START_TEST(
	cmf_06_between_two_in_service_one_out_of_service_is_told_and_another_only_for_1003_and_1006)
{
	static const OutOfServiceCause causes[] = {
		OUT_OF_SERVICE_CAUSE__CALLMANAGER_FAILURE,
		OUT_OF_SERVICE_CAUSE__DEVICE_UNREGISTERED,
		OUT_OF_SERVICE_CAUSE__NOCALLMANAGER_AVAILABLE,
		OUT_OF_SERVICE_CAUSE__NOCALLMANAGER_AVAILABLE,
	};
	DeviceEvent ev = DEVICE_EVENT__INIT;

	open_all();
	ev.device_handle = fakes[0].device_handle;
	ev.device = (char *)"CTIRP_5000";
	ev.has_cause = true;
	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++) {
		ev.cause = causes[i];
		cluster_post(c, "ctim1", CTIM_CTI_MANAGER, SIG_DeviceOutOfService, &ev);
		cluster_advance(c, MS(20));
	}
	ck_assert_uint_eq(count(CTI_DEVICE_OUT_OF_SERVICE), 2);
}
END_TEST

static int seqs[16];
static int seqs_n;
static void ask_everything(struct cti *from)
{
	seqs_n = 0;
	seqs[seqs_n++] = cti_call_answer(from, CALL);
	seqs[seqs_n++] = cti_call_redirect(from, CALL, "2000");
	seqs[seqs_n++] = cti_line_call_initiate(from, line_handle, "1002");
	seqs[seqs_n++] = cti_device_open(from, 1, "CTIP_1", NULL);
	seqs[seqs_n++] = cti_line_open(from, device_handle, "5001", true);
	seqs[seqs_n++] = cti_device_set_rtp_for_call(from, CALL, 0x7f000001, 4000);
	seqs[seqs_n++] = cti_provider_close(from, 1);
}

START_TEST(each_request_is_answered_once_when_its_ctimanager_dies)
{
	open_all();
	fakes[0].mute = true;
	in_turn = ask_everything;
	new_call("ctim1", CALL);
	cluster_kill(c, "ctim1");
	cluster_advance(c, SECONDS(200));
	for (int i = 0; i < seqs_n; i++) {
		ck_assert_int_gt(seqs[i], 0);
		ck_assert_uint_eq(answers_to(seqs[i]), 1);
	}
}
END_TEST

START_TEST(each_request_that_is_never_answered_times_out_once)
{
	open_all();
	fakes[0].mute = true;
	in_turn = hold;
	new_call("ctim1", CALL);
	cluster_advance(c, SECONDS(29));
	ck_assert_uint_eq(answers_to(hold_seq), 0);
	cluster_advance(c, SECONDS(2));
	ck_assert_uint_eq(answer_to(hold_seq), CTIERR_PROTOCOL_TIMEOUT);
	cluster_advance(c, SECONDS(200));
	ck_assert_uint_eq(answers_to(hold_seq), 1);
}
END_TEST

static void ask_nonsense(struct cti *from)
{
	const struct cti_provider nobody = { .ctimanagers = { 1 }, .password = "secret" };
	uint64_t others[CTI_OTHERS_MAX + 1] = { 0 };
	uint64_t strangers_call = UINT64_C(99) << 56 | 1;
	char endless[300];

	memset(endless, '1', sizeof(endless) - 1);
	endless[sizeof(endless) - 1] = '\0';
	ck_assert_int_eq(cti_device_open(from, 1, "", NULL), CTI_INVALID_PARAMETER);
	ck_assert_int_eq(cti_device_open(from, 1, endless, NULL), CTI_INVALID_PARAMETER);
	ck_assert_int_eq(cti_device_open(from, 2, "CTIP_1", NULL), CTI_PROVIDER_NOT_OPEN);
	ck_assert_int_eq(cti_device_open(from, -1, "CTIP_1", NULL), CTI_PROVIDER_NOT_OPEN);
	ck_assert_int_eq(cti_line_call_initiate(from, line_handle, endless), CTI_INVALID_PARAMETER);
	ck_assert_int_eq(cti_line_open(from, device_handle, "", true), CTI_INVALID_PARAMETER);
	ck_assert_int_eq(cti_call_redirect(from, CALL, NULL), CTI_INVALID_PARAMETER);
	ck_assert_int_eq(cti_call_blind_transfer(from, CALL, endless), CTI_INVALID_PARAMETER);
	ck_assert_int_eq(cti_call_join(from, CALL, others, CTI_OTHERS_MAX + 1),
			 CTI_INVALID_PARAMETER);
	ck_assert_int_eq(cti_call_dial(from, CALL, ""), CTI_INVALID_PARAMETER);
	ck_assert_int_eq(cti_line_call_pickup(from, line_handle, ""), CTI_INVALID_PARAMETER);
	ck_assert_int_eq(cti_device_data_pass_through(from, device_handle, NULL, 0),
			 CTI_INVALID_PARAMETER);
	ck_assert_int_eq(cti_device_set_rtp_for_call(from, CALL, 0, 0), CTI_INVALID_PARAMETER);
	ck_assert_int_eq(cti_provider_get_device_info(from, 2, NULL), CTI_PROVIDER_NOT_OPEN);
	ck_assert_int_eq(cti_provider_get_device_info(from, 1, endless), CTI_INVALID_PARAMETER);
	ck_assert_int_eq(cti_provider_open(from, &nobody, NULL), CTI_INVALID_PARAMETER);
	seqs_n = 0;
	seqs[seqs_n++] = cti_device_close(from, 4711);
	seqs[seqs_n++] = cti_line_close(from, 4712);
	seqs[seqs_n++] = cti_line_open(from, UINT64_MAX, "5000", false);
	seqs[seqs_n++] = cti_device_open(from, 1, "CTIRP_5000", NULL);
	seqs[seqs_n++] = cti_line_open(from, device_handle, "5000", false);
	seqs[seqs_n++] = cti_call_hold(from, strangers_call);
	seqs[seqs_n++] = cti_call_join(from, CALL, &strangers_call, 1);
}

START_TEST(handles_that_are_none_are_refused_by_name)
{
	static const uint32_t expected[] = {
		CTIERR_ILLEGAL_HANDLE,
		CTIERR_INVALID_LINE_HANDLE,
		CTIERR_PROVIDER_NOT_OPEN,
		CTIERR_DEVICE_ALREADY_OPENED,
		CTIERR_LINE_ALREADY_OPENED,
		CTIERR_PROVIDER_NOT_OPEN,
		CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL,
	};

	open_all();
	in_turn = ask_nonsense;
	new_call("ctim1", CALL);
	cluster_advance(c, SECONDS(1));
	for (int i = 0; i < seqs_n; i++)
		ck_assert_uint_eq(answer_to(seqs[i]), expected[i]);
}
END_TEST

static void close_provider(struct cti *from)
{
	seqs[0] = cti_provider_close(from, 1);
}

START_TEST(a_closed_provider_is_answered_then_told_and_may_be_opened_again)
{
	open_all();
	in_turn = close_provider;
	new_call("ctim1", CALL);
	ck_assert(until(SIG_ProviderClosed, SECONDS(1)));
	ck_assert_uint_eq(answer_to(seqs[0]), 0);
	ck_assert_uint_eq(count(CTI_PROVIDER_CLOSED), 1);
	cluster_advance(c, SECONDS(60));
	ck_assert_uint_eq(count(CTI_PROVIDER_OUT_OF_SERVICE), 0);
}
END_TEST

START_TEST(ctf_06_a_restarted_application_begins_with_the_primary)
{
	open_all();
	cluster_kill(c, "ctim1");
	ck_assert(until(SIG_ProviderInService, SECONDS(1)));
	cluster_start(c, "ctim1");
	cluster_kill(c, "ivr");
	device_handle = line_handle = 0;
	fakes[0].providers = 0;
	cluster_start(c, "ivr");
	ck_assert(until(SIG_ProviderInService, SECONDS(2)));
	ck_assert_uint_eq(fakes[0].providers, 1);
}
END_TEST

START_TEST(mgr_06_a_primary_that_is_down_at_the_start_is_passed_over)
{
	cluster_kill(c, "ctim1");
	cluster_start(c, "ivr");
	ck_assert(until(SIG_ProviderInService, SECONDS(2)));
	ck_assert_uint_eq(fakes[1].providers, 1);
}
END_TEST

START_TEST(an_open_that_nobody_takes_is_answered_after_provider_open_request_timeout)
{
	cluster_kill(c, "ctim1");
	cluster_kill(c, "ctim2");
	cluster_start(c, "ivr");
	cluster_advance(c, SECONDS(199));
	ck_assert_uint_eq(said_n, 0);
	cluster_advance(c, SECONDS(2));
	ck_assert_uint_eq(said_n, 1);
	ck_assert_uint_eq(said[0].result, CTIERR_PROTOCOL_TIMEOUT);
}
END_TEST

static int second_provider;
static void open_second(struct cti *from)
{
	struct cti_provider second = provider;

	memset(second.ctimanagers, 0, sizeof(second.ctimanagers));
	second.ctimanagers[0] = 3;
	ck_assert_int_gt(cti_provider_open(from, &second, &second_provider), 0);
}

START_TEST(an_open_that_every_ctimanager_refuses_for_now_is_answered_with_the_last_reason)
{
	fakes[0].refuse_provider = CTIERR_MAX_NUMBER_OF_CTI_CONNECTIONS_REACHED;
	fakes[1].refuse_provider = CTIERR_NOT_INITIALIZED;
	cluster_start(c, "ivr");
	ck_assert(until(SIG_Response, SECONDS(2)));
	cluster_advance(c, SECONDS(60));
	ck_assert_uint_eq(said_n, 1);
	ck_assert_uint_eq(said[0].result, CTIERR_NOT_INITIALIZED);
}
END_TEST

START_TEST(ctf_02_a_ctimanager_that_closes_what_is_being_opened_is_passed_over)
{
	ProviderEvent closed = PROVIDER_EVENT__INIT;

	cluster_start(c, "ivr");
	ck_assert(cluster_until_signal(c, "ctim1", NULL, SIG_SdlConnAccepted, NULL, NULL,
				       SECONDS(1)));
	closed.has_reason = true;
	closed.reason = CTIERR_ILLEGAL_MESSAGE_FORMAT;
	cluster_post(c, "ctim1", CTIM_CTI_MANAGER, SIG_ProviderClosed, &closed);
	ck_assert(until(SIG_ExistingCallCompleted, SECONDS(5)));
	ck_assert_uint_eq(fakes[0].devices, 0);
	ck_assert_uint_eq(fakes[1].lines, 1);
}
END_TEST

START_TEST(mgr_03_an_application_has_several_providers_that_fail_apart)
{
	size_t out;

	open_all();
	in_turn = open_second;
	device_handle = 0; /* its devices as well, with a line */
	new_call("ctim1", CALL);
	ck_assert(until(SIG_ExistingCallCompleted, SECONDS(1)));
	ck_assert_int_eq(second_provider, 2);
	ck_assert_uint_eq(device_handle >> 56, 1);
	ck_assert_uint_eq(fakes[2].lines, 1);
	cluster_kill(c, "ctim3");
	ck_assert(until(SIG_ProviderOutOfService, SECONDS(1)));
	cluster_advance(c, SECONDS(60));
	ck_assert_uint_eq(count(CTI_PROVIDER_OUT_OF_SERVICE), 1);
	out = find_from(0, CTI_PROVIDER_OUT_OF_SERVICE, NULL);
	ck_assert_int_eq(said[out].provider, 2);
	ck_assert_uint_eq(count(CTI_CALL_OBSERVATION_ENDED), 0);
}
END_TEST

static size_t timers_at;
static void start_timers(struct cti *from)
{
	timers_at = said_n;
	cti_timer_start(from, 7, 3000);
	cti_timer_start(from, 8, 1000);
	cti_timer_start(from, 9, 2000);
	cti_timer_start(from, 8, 4000);
	cti_timer_stop(from, 9);
}

START_TEST(timers_of_the_application_come_in_order_of_their_times_and_once)
{
	open_all();
	in_turn = start_timers;
	new_call("ctim1", CALL);
	cluster_advance(c, SECONDS(20));
	ck_assert_uint_eq(count(CTI_TIMER), 2);
	ck_assert_uint_eq(said[find_from(timers_at, CTI_TIMER, NULL)].timer, 7);
	ck_assert_uint_eq(said[find_from(timers_at, CTI_TIMER, NULL) + 1].timer, 8);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(
			usr_05_a_refused_login_is_told_by_name_and_no_other_ctimanager_is_asked, up,
			down),
		SUITE_CASE_WITH(a_provider_opens_at_the_first_of_the_list_with_devices_and_lines,
				up, down),
		SUITE_CASE_WITH(
			ctf_01_calls_lines_devices_and_provider_go_out_in_this_order_with_cause_1007,
			up, down),
		SUITE_CASE_WITH(
			ctf_02_ctf_03_the_next_of_the_list_takes_devices_lines_and_a_snapshot_under_old_handles,
			up, down),
		SUITE_CASE_WITH(
			ctf_03_a_call_of_the_snapshot_is_controlled_through_the_new_ctimanager, up,
			down),
		SUITE_CASE_WITH(ctf_05_ctf_06_it_stays_on_the_backup_until_that_fails, up, down),
		SUITE_CASE_WITH(
			ctf_02_when_all_have_failed_the_list_is_tried_again_each_retry_interval, up,
			down),
		SUITE_CASE_WITH(
			mgr_06_without_a_backup_the_provider_stays_out_of_service_and_says_so, up,
			down),
		SUITE_CASE_WITH(
			usr_05_a_provider_whose_user_may_no_longer_log_in_is_closed_and_told_why,
			up, down),
		SUITE_CASE_WITH(ctf_02_a_ctimanager_that_cannot_take_it_now_is_passed_over, up,
				down),
		SUITE_CASE_WITH(
			ctf_10_a_device_that_cannot_be_reopened_is_closed_and_the_application_told,
			up, down),
		SUITE_CASE_WITH(
			ctf_03_a_device_still_held_through_the_lost_ctimanager_is_asked_for_again,
			up, down),
		SUITE_CASE_WITH(
			ctf_01_a_frozen_ctimanager_is_left_after_two_and_a_quarter_intervals, up,
			down),
		SUITE_CASE_WITH(apf_06_an_application_frozen_for_one_interval_keeps_its_provider,
				up, down),
		SUITE_CASE_WITH(apf_01_heartbeats_go_out_more_often_than_the_interval_granted, up,
				down),
		SUITE_CASE_WITH(
			cmf_06_between_two_in_service_one_out_of_service_is_told_and_another_only_for_1003_and_1006,
			up, down),
		SUITE_CASE_WITH(each_request_is_answered_once_when_its_ctimanager_dies, up, down),
		SUITE_CASE_WITH(each_request_that_is_never_answered_times_out_once, up, down),
		SUITE_CASE_WITH(handles_that_are_none_are_refused_by_name, up, down),
		SUITE_CASE_WITH(a_closed_provider_is_answered_then_told_and_may_be_opened_again, up,
				down),
		SUITE_CASE_WITH(ctf_06_a_restarted_application_begins_with_the_primary, up, down),
		SUITE_CASE_WITH(mgr_06_a_primary_that_is_down_at_the_start_is_passed_over, up,
				down),
		SUITE_CASE_WITH(
			an_open_that_nobody_takes_is_answered_after_provider_open_request_timeout,
			up, down),
		SUITE_CASE_WITH(
			an_open_that_every_ctimanager_refuses_for_now_is_answered_with_the_last_reason,
			up, down),
		SUITE_CASE_WITH(ctf_02_a_ctimanager_that_closes_what_is_being_opened_is_passed_over,
				up, down),
		SUITE_CASE_WITH(mgr_03_an_application_has_several_providers_that_fail_apart, up,
				down),
		SUITE_CASE_WITH(timers_of_the_application_come_in_order_of_their_times_and_once, up,
				down),
	};

	return suite_main(argc, argv, "cluster/test_libcti", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
