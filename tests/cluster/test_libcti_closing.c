/* The application library: what an application closes, at whatever moment, and what is closed under
 * it. Against CTIManagers that pretend. */
#include "tests/lib/ctimanager_fake.h"
#include "tests/lib/cluster.h"
#include "tests/lib/suite.h"

#include <string.h>

#include "common/base/cti_error.h"
#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "ctimanager/client/program.h"

#define CALL	    (UINT64_C(1) << 32 | 17)
#define TICK_MS	    10
#define ANSWERS_MAX 64

static struct cluster *c;
static struct fake_ctimanager fakes[2];
static const char *const fake_names[] = { "ctim1", "ctim2" };
static struct cti *cti;
static struct cti_app app;
static struct cti_provider provider;
static uint64_t device, line;
static unsigned told[CTI_EVENT_KINDS];
static struct {
	int seq;
	uint32_t result;
	size_t names_n;
} answers[ANSWERS_MAX];
static size_t answers_n;
static void (*act)(struct cti *cti); /* run in the next callback */
static int seq[16];

/* ---- the application --------------------------------------------------------------------- */

static void on_start(struct cti *from)
{
	cti_timer_start(from, 1, TICK_MS);
}

static void on_timer(struct cti *from, const struct cti_event *e)
{
	void (*now)(struct cti *) = act;

	act = NULL;
	if (now)
		now(from);
	cti_timer_start(from, e->timer, TICK_MS);
}

static void on_event(struct cti *from, const struct cti_event *e)
{
	(void)from;
	told[e->kind]++;
	ck_assert_str_eq(e->name, cti_event_name(e->kind));
}

static void on_provider_open_completed(struct cti *from, const struct cti_event *e)
{
	struct cti_media media = { .registration = CTI_DYNAMIC_MEDIA, .codecs = { 4 } };

	cti_device_open(from, e->provider, "CTIRP_5000", &media);
}

static void on_response(struct cti *from, const struct cti_event *e)
{
	ck_assert_uint_lt(answers_n, ANSWERS_MAX);
	answers[answers_n].seq = e->seq;
	answers[answers_n].names_n = e->names_n;
	answers[answers_n++].result = e->result;
	if (e->result)
		return;
	if (e->line_handle) {
		line = e->line_handle;
	} else if (e->device_handle && !device) {
		device = e->device_handle;
		cti_line_open(from, device, "5000", false);
	}
}

/* Does it in a callback, and lets the answers come. */
static void make(void (*what)(struct cti *cti))
{
	act = what;
	cluster_advance(c, MS(5 * TICK_MS));
	ck_assert_ptr_null(act);
}

/* The answer to seq[i]; there is exactly one. */
static uint32_t answer(int i)
{
	uint32_t result = UINT32_MAX;
	unsigned n = 0;

	ck_assert_int_gt(seq[i], 0);
	for (size_t k = 0; k < answers_n; k++)
		if (answers[k].seq == seq[i]) {
			result = answers[k].result;
			n++;
		}
	ck_assert_msg(n == 1, "%u answers to request %d", n, i);
	return result;
}

static void no_answer(int i)
{
	for (size_t k = 0; k < answers_n; k++)
		ck_assert_int_ne(answers[k].seq, seq[i]);
}

/* ---- the cluster ------------------------------------------------------------------------- */

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

static void up(void)
{
	struct sdl_virt_program spec = { .make = make_app,
					 .unmake = unmake_app,
					 .name = "ivr",
					 .node = 102,
					 .app = SDL_APP_CTI };

	c = cluster_new(1);
	memset(fakes, 0, sizeof(fakes));
	for (uint8_t i = 0; i < 2; i++) {
		struct sdl_virt_program fake = { .make = make_fake,
						 .arg = &fakes[i],
						 .name = fake_names[i],
						 .node = (uint8_t)(i + 1),
						 .app = SDL_APP_CTIMANAGER,
						 .serve_cti = true };

		cluster_add(c, &fake);
		cluster_start(c, fake_names[i]);
	}
	app = (struct cti_app){ .on_start = on_start,
				.on_timer = on_timer,
				.on_event = on_event,
				.on_response = on_response,
				.on_provider_open_completed = on_provider_open_completed };
	provider = (struct cti_provider){
		.ctimanagers = { 1, 2 }, .user = "ivr", .password = "secret", .heartbeat_s = 5
	};
	device = line = 0;
	answers_n = 0;
	memset(told, 0, sizeof(told));
	memset(seq, 0, sizeof(seq));
	act = NULL;
	cluster_add(c, &spec);
}

static bool until(uint16_t signal, int64_t within_ns)
{
	return cluster_until_signal(c, "ivr", "ivr", signal, NULL, NULL, within_ns);
}

static void up_open(void)
{
	up();
	cluster_start(c, "ivr");
	ck_assert(until(SIG_ExistingCallCompleted, SECONDS(2)));
	cluster_advance(c, MS(100));
	ck_assert_uint_ne(line, 0);
	cluster_mark(c);
}

static void down(void)
{
	cluster_destroy(&c);
}

/* ---- requests ---------------------------------------------------------------------------- */

static void close_line(struct cti *from)
{
	seq[0] = cti_line_close(from, line);
}

static void close_device(struct cti *from)
{
	seq[0] = cti_device_close(from, device);
}

static void close_device_too(struct cti *from)
{
	seq[1] = cti_device_close(from, device);
}

static void use_what_is_closed(struct cti *from)
{
	seq[1] = cti_line_call_initiate(from, line, "1001");
	seq[2] = cti_line_close(from, line);
	seq[3] = cti_device_close(from, device);
	seq[4] = cti_line_open(from, device, "5000", false);
}

static void ask_all(struct cti *from)
{
	seq[1] = cti_provider_get_device_info(from, 1, NULL);
	seq[2] = cti_device_open(from, 1, "CTIP_1", NULL);
	seq[3] = cti_line_open(from, device, "5001", false);
	seq[4] = cti_line_call_initiate(from, line, "1001");
}

START_TEST(a_closed_line_is_answered_and_its_handle_means_nothing_any_more)
{
	make(close_line);
	ck_assert_uint_eq(answer(0), CTIERR_SUCCESS);
	make(use_what_is_closed);
	ck_assert_uint_eq(answer(1), CTIERR_INVALID_LINE_HANDLE);
	ck_assert_uint_eq(answer(2), CTIERR_INVALID_LINE_HANDLE);
	ck_assert_uint_eq(answer(3), CTIERR_SUCCESS);
}
END_TEST

START_TEST(a_device_is_closed_with_its_lines)
{
	make(close_device);
	ck_assert_uint_eq(answer(0), CTIERR_SUCCESS);
	make(use_what_is_closed);
	ck_assert_uint_eq(answer(1), CTIERR_INVALID_LINE_HANDLE);
	ck_assert_uint_eq(answer(2), CTIERR_INVALID_LINE_HANDLE);
	ck_assert_uint_eq(answer(3), CTIERR_ILLEGAL_HANDLE);
	ck_assert_uint_eq(answer(4), CTIERR_DEVICE_NOT_OPEN);
}
END_TEST

START_TEST(the_devices_under_control_are_listed_while_the_provider_is_in_service)
{
	make(ask_all);
	ck_assert_uint_eq(answer(1), CTIERR_SUCCESS);
	for (size_t i = 0; i < answers_n; i++)
		if (answers[i].seq == seq[1])
			ck_assert_uint_eq(answers[i].names_n, 2);
}
END_TEST

START_TEST(ctf_01_without_any_ctimanager_requests_are_refused_by_name)
{
	cluster_kill(c, "ctim1");
	cluster_kill(c, "ctim2");
	cluster_advance(c, SECONDS(1));
	make(ask_all);
	ck_assert_uint_eq(answer(1), CTIERR_PROVIDER_NOT_OPEN);
	ck_assert_uint_eq(answer(2), CTIERR_PROVIDER_NOT_OPEN);
	ck_assert_uint_eq(answer(3), CTIERR_DEVICE_OUT_OF_SERVICE);
	ck_assert_uint_eq(answer(4), CTIERR_LINE_OUT_OF_SERVICE);
}
END_TEST

START_TEST(ctf_03_a_line_closed_while_no_ctimanager_is_there_is_not_opened_again)
{
	cluster_kill(c, "ctim1");
	cluster_kill(c, "ctim2");
	cluster_advance(c, SECONDS(1));
	make(close_line);
	ck_assert_uint_eq(answer(0), CTIERR_SUCCESS);
	cluster_start(c, "ctim2");
	ck_assert(until(SIG_DeviceInService, SECONDS(100)));
	cluster_advance(c, SECONDS(5));
	ck_assert_uint_eq(fakes[1].devices, 1);
	ck_assert_uint_eq(fakes[1].lines, 0);
}
END_TEST

START_TEST(ctf_03_a_device_closed_while_no_ctimanager_is_there_is_not_opened_again)
{
	cluster_kill(c, "ctim1");
	cluster_kill(c, "ctim2");
	cluster_advance(c, SECONDS(1));
	make(close_device);
	ck_assert_uint_eq(answer(0), CTIERR_SUCCESS);
	cluster_start(c, "ctim2");
	ck_assert(until(SIG_ProviderInService, SECONDS(100)));
	cluster_advance(c, SECONDS(5));
	ck_assert_uint_eq(fakes[1].devices, 0);
}
END_TEST

START_TEST(ctf_03_a_device_closed_while_it_is_opened_again_is_closed_when_that_is_answered)
{
	fakes[1].mute = true;
	cluster_kill(c, "ctim1");
	ck_assert(cluster_until_signal(c, "ctim2", NULL, SIG_DeviceOpen, NULL, NULL, SECONDS(5)));
	make(close_device);
	no_answer(0);
	cluster_advance(c, SECONDS(31)); /* the open times out */
	ck_assert_uint_eq(answer(0), CTIERR_SUCCESS);
	make(use_what_is_closed);
	ck_assert_uint_eq(answer(3), CTIERR_ILLEGAL_HANDLE);
}
END_TEST

/* The line's open reaches the CTIManager, its answer the application only later. */
START_TEST(ctf_03_a_line_closed_while_it_is_opened_again_is_closed_when_that_is_answered)
{
	cluster_kill(c, "ctim1");
	ck_assert(until(SIG_DeviceInService, SECONDS(5)));
	fakes[1].mute = true;
	cluster_advance(c, MS(1));
	make(close_line);
	no_answer(0);
	cluster_advance(c, SECONDS(31));
	ck_assert_uint_eq(answer(0), CTIERR_SUCCESS);
	make(use_what_is_closed);
	ck_assert_uint_eq(answer(2), CTIERR_INVALID_LINE_HANDLE);
}
END_TEST

START_TEST(ctf_03_a_device_closed_while_it_is_opened_again_is_closed_as_soon_as_it_is_open)
{
	fakes[1].late = true;
	cluster_kill(c, "ctim1");
	ck_assert(cluster_until_signal(c, "ctim2", NULL, SIG_DeviceOpen, NULL, NULL, SECONDS(5)));
	make(close_device);
	no_answer(0);
	fakes[1].late = false;
	ck_assert(cluster_until_signal(c, "ctim2", NULL, SIG_DeviceClose, NULL, NULL, SECONDS(10)));
	cluster_advance(c, SECONDS(1));
	ck_assert_uint_eq(answer(0), CTIERR_SUCCESS);
	make(use_what_is_closed);
	ck_assert_uint_eq(answer(3), CTIERR_ILLEGAL_HANDLE);
}
END_TEST

START_TEST(ctf_03_a_line_closed_while_it_is_opened_again_is_closed_as_soon_as_it_is_open)
{
	cluster_kill(c, "ctim1");
	ck_assert(until(SIG_DeviceInService, SECONDS(5)));
	fakes[1].late = true;
	cluster_advance(c, MS(1));
	make(close_line);
	no_answer(0);
	fakes[1].late = false;
	ck_assert(cluster_until_signal(c, "ctim2", NULL, SIG_LineClose, NULL, NULL, SECONDS(10)));
	cluster_advance(c, SECONDS(1));
	ck_assert_uint_eq(answer(0), CTIERR_SUCCESS);
	make(use_what_is_closed);
	ck_assert_uint_eq(answer(2), CTIERR_INVALID_LINE_HANDLE);
}
END_TEST

START_TEST(ctf_03_a_line_that_is_refused_for_the_moment_is_asked_for_again)
{
	fakes[1].refuse_line_with = CTIERR_TEMPORARY_FAILURE;
	fakes[1].refuse_line_times = 2;
	cluster_kill(c, "ctim1");
	ck_assert(until(SIG_LineInService, SECONDS(120)));
	ck_assert_uint_eq(fakes[1].lines, 1);
	ck_assert_uint_eq(told[CTI_LINE_CLOSED], 0);
}
END_TEST

START_TEST(ctf_10_a_line_that_is_refused_after_a_failover_is_closed_and_said_to_be)
{
	fakes[1].refuse_line_with = CTIERR_LINE_RESTRICTED;
	cluster_kill(c, "ctim1");
	ck_assert(until(SIG_LineClosed, SECONDS(10)));
	cluster_advance(c, SECONDS(100));
	ck_assert_uint_eq(told[CTI_LINE_CLOSED], 1);
	make(use_what_is_closed);
	ck_assert_uint_eq(answer(2), CTIERR_INVALID_LINE_HANDLE);
}
END_TEST

/* ---- answered late, or never -------------------------------------------------------------- */

#define REQUEST_TIMEOUT SECONDS(31)

static void use_the_line(struct cti *from)
{
	seq[2] = cti_line_close(from, line);
}

START_TEST(a_line_whose_close_is_answered_too_late_is_told_to_be_closed)
{
	fakes[0].late = true;
	make(close_line);
	cluster_advance(c, REQUEST_TIMEOUT);
	ck_assert_uint_eq(answer(0), CTIERR_PROTOCOL_TIMEOUT);
	ck_assert_uint_eq(told[CTI_LINE_CLOSED], 0);
	fakes[0].late = false;
	ck_assert(until(SIG_LineClosed, SECONDS(10)));
	make(use_the_line);
	ck_assert_uint_eq(answer(2), CTIERR_INVALID_LINE_HANDLE);
	ck_assert_uint_eq(told[CTI_LINE_CLOSED], 1);
}
END_TEST

START_TEST(a_device_whose_close_is_answered_too_late_is_told_to_be_closed_with_its_lines)
{
	fakes[0].late = true;
	make(close_device);
	cluster_advance(c, REQUEST_TIMEOUT);
	ck_assert_uint_eq(answer(0), CTIERR_PROTOCOL_TIMEOUT);
	fakes[0].late = false;
	ck_assert(until(SIG_DeviceClosed, SECONDS(10)));
	make(use_what_is_closed);
	ck_assert_uint_eq(answer(3), CTIERR_ILLEGAL_HANDLE);
	ck_assert_uint_eq(told[CTI_LINE_CLOSED], 1);
	ck_assert_uint_eq(told[CTI_DEVICE_CLOSED], 1);
}
END_TEST

START_TEST(ctf_03_what_was_to_be_closed_when_its_ctimanager_died_is_not_opened_again)
{
	fakes[0].mute = true;
	make(close_line);
	make(close_device_too);
	no_answer(0);
	cluster_kill(c, "ctim1");
	ck_assert(until(SIG_ProviderInService, SECONDS(5)));
	cluster_advance(c, SECONDS(5));
	ck_assert_uint_eq(answer(0), CTIERR_SUCCESS);
	ck_assert_uint_eq(answer(1), CTIERR_SUCCESS);
	ck_assert_uint_eq(fakes[1].devices, 0);
}
END_TEST

START_TEST(ctf_03_a_close_that_timed_out_is_done_when_its_ctimanager_dies)
{
	fakes[0].mute = true;
	make(close_line);
	cluster_advance(c, REQUEST_TIMEOUT);
	ck_assert_uint_eq(answer(0), CTIERR_PROTOCOL_TIMEOUT);
	cluster_kill(c, "ctim1");
	ck_assert(until(SIG_LineClosed, SECONDS(5)));
	cluster_advance(c, SECONDS(5));
	ck_assert_uint_eq(fakes[1].devices, 1);
	ck_assert_uint_eq(fakes[1].lines, 0);
}
END_TEST

static void open_another_line(struct cti *from)
{
	seq[5] = cti_line_open(from, device, "5001", false);
}

static void open_another_device(struct cti *from)
{
	seq[6] = cti_device_open(from, 1, "CTIP_1", NULL);
}

START_TEST(what_opens_after_the_application_was_told_of_a_timeout_is_closed_again)
{
	unsigned in_service = told[CTI_DEVICE_IN_SERVICE] + told[CTI_LINE_IN_SERVICE];

	fakes[0].late = true;
	make(open_another_line);
	make(open_another_device);
	cluster_advance(c, REQUEST_TIMEOUT);
	ck_assert_uint_eq(answer(5), CTIERR_PROTOCOL_TIMEOUT);
	ck_assert_uint_eq(answer(6), CTIERR_PROTOCOL_TIMEOUT);
	fakes[0].late = false;
	ck_assert(cluster_until_signal(c, "ctim1", NULL, SIG_LineClose, NULL, NULL, SECONDS(10)));
	ck_assert(cluster_until_signal(c, "ctim1", NULL, SIG_DeviceClose, NULL, NULL, SECONDS(1)));
	ck_assert_uint_eq(told[CTI_DEVICE_IN_SERVICE] + told[CTI_LINE_IN_SERVICE], in_service);
	cluster_advance(c, SECONDS(1));
	make(open_another_line);
	make(open_another_device);
	ck_assert_uint_eq(answer(5), CTIERR_SUCCESS);
	ck_assert_uint_eq(answer(6), CTIERR_SUCCESS);
}
END_TEST

START_TEST(ctf_03_what_is_closed_while_it_is_opened_again_is_closed_though_that_ctimanager_dies_too)
{
	cluster_kill(c, "ctim1");
	ck_assert(until(SIG_DeviceInService, SECONDS(5)));
	fakes[1].mute = true;
	cluster_advance(c, MS(1));
	make(close_line);
	no_answer(0);
	cluster_start(c, "ctim1");
	cluster_kill(c, "ctim2");
	ck_assert(cluster_until_signal(c, "ctim1", NULL, SIG_DeviceOpen, NULL, NULL, SECONDS(5)));
	ck_assert_uint_eq(answer(0), CTIERR_SUCCESS);
	fakes[0].mute = true;
	make(close_device_too);
	no_answer(1);
	cluster_kill(c, "ctim1");
	cluster_advance(c, SECONDS(1));
	ck_assert_uint_eq(answer(1), CTIERR_SUCCESS);
	make(use_what_is_closed);
	ck_assert_uint_eq(answer(2), CTIERR_INVALID_LINE_HANDLE);
	ck_assert_uint_eq(answer(3), CTIERR_ILLEGAL_HANDLE);
}
END_TEST

START_TEST(cmf_10_a_device_without_a_callmanager_is_asked_for_as_long_as_it_takes)
{
	fakes[1].refuse_device = "CTIRP_5000";
	fakes[1].refuse_with = CTIERR_CALL_MANAGER_NOT_AVAILABLE;
	fakes[1].refuse_times = 40;
	cluster_kill(c, "ctim1");
	ck_assert(until(SIG_LineInService, SECONDS(300)));
	ck_assert_uint_eq(told[CTI_DEVICE_CLOSED], 0);
}
END_TEST

START_TEST(ctf_03_a_device_closed_while_its_line_is_opened_again_is_closed_with_it)
{
	cluster_kill(c, "ctim1");
	ck_assert(until(SIG_DeviceInService, SECONDS(5)));
	fakes[1].mute = true;
	cluster_advance(c, MS(1)); /* its line is asked for, in vain */
	fakes[1].mute = false;
	make(close_device);
	ck_assert_uint_eq(answer(0), CTIERR_SUCCESS);
	cluster_advance(c, REQUEST_TIMEOUT);
	ck_assert_uint_eq(told[CTI_LINE_CLOSED], 0);
	make(open_another_device);
	ck_assert_uint_eq(answer(6), CTIERR_SUCCESS);
}
END_TEST

static void close_provider(struct cti *from)
{
	seq[0] = cti_provider_close(from, 1);
}

START_TEST(a_closing_provider_asks_for_no_device_again)
{
	fakes[1].refuse_device = "CTIRP_5000";
	fakes[1].refuse_with = CTIERR_TEMPORARY_FAILURE;
	fakes[1].refuse_times = 1;
	cluster_kill(c, "ctim1");
	ck_assert(cluster_until_signal(c, "ctim2", NULL, SIG_DeviceOpen, NULL, NULL, SECONDS(5)));
	cluster_advance(c, MS(1));
	fakes[1].mute = true;
	make(close_provider);
	cluster_advance(c, SECONDS(10));
	ck_assert_uint_eq(answer(0), CTIERR_SUCCESS);
	ck_assert_uint_eq(fakes[1].devices, 0);
}
END_TEST

static unsigned told_in_all(void)
{
	unsigned n = 0;

	for (size_t i = 0; i < CTI_EVENT_KINDS; i++)
		n += i == CTI_TIMER ? 0 : told[i];
	return n;
}

START_TEST(what_is_told_of_devices_and_lines_that_are_not_open_is_passed_over)
{
	LineEvent line_event = LINE_EVENT__INIT;
	DeviceEvent device_event = DEVICE_EVENT__INIT;
	MediaEvent media = MEDIA_EVENT__INIT;
	CallEvent call = CALL_EVENT__INIT;
	ExistingCallCompleted done = EXISTING_CALL_COMPLETED__INIT;
	unsigned before = told_in_all();

	device_event.device = line_event.device = media.device = call.device = done.device =
		(char *)"CTIP_9";
	line_event.dn = call.dn = done.dn = (char *)"9999";
	cluster_post(c, "ctim1", CTIM_CTI_MANAGER, SIG_DeviceInService, &device_event);
	cluster_post(c, "ctim1", CTIM_CTI_MANAGER, SIG_LineInService, &line_event);
	cluster_post(c, "ctim1", CTIM_CTI_MANAGER, SIG_NewCall, &call);
	cluster_post(c, "ctim1", CTIM_CTI_MANAGER, SIG_StartReception, &media);
	cluster_post(c, "ctim1", CTIM_CTI_MANAGER, SIG_ExistingCallCompleted, &done);
	cluster_advance(c, MS(10 * TICK_MS));
	ck_assert_uint_eq(told_in_all(), before);
}
END_TEST

/* ---- closed by the other side ------------------------------------------------------------ */

START_TEST(ctf_10_what_ctimanager_closes_is_told_once_and_gone)
{
	DeviceEvent device_closed = DEVICE_EVENT__INIT;
	LineEvent line_closed = LINE_EVENT__INIT;

	line_closed.line_handle = fakes[0].line_handle;
	line_closed.device = device_closed.device = (char *)"CTIRP_5000";
	line_closed.dn = (char *)"5000";
	device_closed.device_handle = fakes[0].device_handle;
	line_closed.has_reason = device_closed.has_reason = true;
	line_closed.reason = CTIERR_LINE_RESTRICTED;
	device_closed.reason = CTIERR_DEVICE_RESTRICTED;
	for (int i = 0; i < 2; i++)
		cluster_post(c, "ctim1", CTIM_CTI_MANAGER, SIG_LineClosed, &line_closed);
	cluster_advance(c, MS(100));
	ck_assert_uint_eq(told[CTI_LINE_CLOSED], 1);
	for (int i = 0; i < 2; i++)
		cluster_post(c, "ctim1", CTIM_CTI_MANAGER, SIG_DeviceClosed, &device_closed);
	cluster_advance(c, MS(100));
	ck_assert_uint_eq(told[CTI_DEVICE_CLOSED], 1);
	make(use_what_is_closed);
	ck_assert_uint_eq(answer(1), CTIERR_INVALID_LINE_HANDLE);
	ck_assert_uint_eq(answer(3), CTIERR_ILLEGAL_HANDLE);
}
END_TEST

/* ---- providers --------------------------------------------------------------------------- */

static void close_provider_twice(struct cti *from)
{
	seq[0] = cti_provider_close(from, 1);
	seq[1] = cti_provider_close(from, 1);
}

START_TEST(a_provider_is_closed_once_even_by_a_ctimanager_that_does_not_answer)
{
	fakes[0].mute = true;
	make(close_provider_twice);
	ck_assert_uint_eq(answer(1), CTIERR_PROVIDER_NOT_OPEN);
	no_answer(0);
	cluster_advance(c, SECONDS(60));
	ck_assert_uint_eq(answer(0), CTIERR_SUCCESS);
	ck_assert_uint_eq(told[CTI_PROVIDER_CLOSED], 1);
}
END_TEST

START_TEST(a_provider_is_closed_while_no_ctimanager_is_there)
{
	cluster_kill(c, "ctim1");
	cluster_kill(c, "ctim2");
	cluster_advance(c, SECONDS(1));
	make(close_provider_twice);
	ck_assert_uint_eq(answer(0), CTIERR_SUCCESS);
	cluster_start(c, "ctim1");
	cluster_advance(c, SECONDS(100));
	ck_assert_uint_eq(fakes[0].providers, 1);
}
END_TEST

START_TEST(ctf_02_a_ctimanager_that_takes_connections_and_says_nothing_is_passed_over)
{
	cluster_freeze(c, "ctim1");
	cluster_start(c, "ivr");
	ck_assert(until(SIG_ExistingCallCompleted, SECONDS(60)));
	ck_assert_uint_eq(fakes[1].lines, 1);
}
END_TEST

START_TEST(ctf_02_a_ctimanager_that_falls_silent_before_it_answers_the_login_is_passed_over)
{
	cluster_start(c, "ivr");
	ck_assert(cluster_until_signal(c, "ctim1", NULL, SIG_SdlConnAccepted, NULL, NULL,
				       SECONDS(5)));
	cluster_freeze(c, "ctim1");
	ck_assert(until(SIG_ExistingCallCompleted, SECONDS(60)));
	ck_assert_uint_eq(fakes[0].providers, 0);
	ck_assert_uint_eq(fakes[1].lines, 1);
}
END_TEST

static void end(struct cti *from)
{
	cti_end(from, 3);
}

START_TEST(an_application_ends_itself_in_order)
{
	act = end;
	cluster_advance(c, SECONDS(1));
	ck_assert(!cluster_is_up(c, "ivr"));
	ck_assert_uint_eq(sdl_pid_pack(fakes[0].far), 0);
}
END_TEST

static void open_too_many(struct cti *from)
{
	for (int i = 1; i < CTI_PROVIDERS_MAX; i++)
		ck_assert_int_gt(cti_provider_open(from, &provider, NULL), 0);
	ck_assert_int_eq(cti_provider_open(from, &provider, NULL), CTI_PROVIDER_NOT_OPEN);
}

START_TEST(an_application_has_no_more_providers_than_there_are_places)
{
	make(open_too_many);
}
END_TEST

START_TEST(nothing_is_asked_of_a_library_that_does_not_run)
{
	const struct cti_app nothing = { 0 };
	const struct cti_provider how = { .ctimanagers = { 1 }, .user = "ivr", .password = "x" };
	struct cti *idle = cti_new(&nothing);

	ck_assert_int_eq(cti_provider_open(idle, &how, NULL), CTI_PROVIDER_NOT_OPEN);
	ck_assert_int_eq(cti_call_hold(idle, CALL), CTI_PROVIDER_NOT_OPEN);
	cti_timer_start(idle, 1, TICK_MS);
	cti_timer_stop(idle, 1);
	cti_destroy(&idle);
	ck_assert_ptr_null(idle);
}
END_TEST

START_TEST(names_of_states_causes_and_events_are_those_of_the_field)
{
	ck_assert_str_eq(cti_call_state_name(CTI_CONNECTED), "CONNECTED");
	ck_assert_str_eq(cti_call_state_name((enum cti_call_state)99), "UNDEFINED");
	ck_assert_str_eq(cti_out_of_service_cause_name(1001), "CALLMANAGER_FAILURE");
	ck_assert_str_eq(cti_out_of_service_cause_name(1), "UNDEFINED");
	ck_assert_str_eq(cti_event_name(CTI_NEW_CALL), "NewCall");
	ck_assert_str_eq(cti_event_name(CTI_EVENT_KINDS), "UNDEFINED");
}
END_TEST

#define CASE(t) SUITE_CASE_WITH(t, up_open, down)

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		CASE(a_closed_line_is_answered_and_its_handle_means_nothing_any_more),
		CASE(a_device_is_closed_with_its_lines),
		CASE(the_devices_under_control_are_listed_while_the_provider_is_in_service),
		CASE(ctf_01_without_any_ctimanager_requests_are_refused_by_name),
		CASE(ctf_03_a_line_closed_while_no_ctimanager_is_there_is_not_opened_again),
		CASE(ctf_03_a_device_closed_while_no_ctimanager_is_there_is_not_opened_again),
		CASE(ctf_03_a_device_closed_while_it_is_opened_again_is_closed_when_that_is_answered),
		CASE(ctf_03_a_line_closed_while_it_is_opened_again_is_closed_when_that_is_answered),
		CASE(ctf_03_a_device_closed_while_it_is_opened_again_is_closed_as_soon_as_it_is_open),
		CASE(ctf_03_a_line_closed_while_it_is_opened_again_is_closed_as_soon_as_it_is_open),
		CASE(ctf_03_a_line_that_is_refused_for_the_moment_is_asked_for_again),
		CASE(ctf_10_a_line_that_is_refused_after_a_failover_is_closed_and_said_to_be),
		CASE(a_line_whose_close_is_answered_too_late_is_told_to_be_closed),
		CASE(a_device_whose_close_is_answered_too_late_is_told_to_be_closed_with_its_lines),
		CASE(ctf_03_what_was_to_be_closed_when_its_ctimanager_died_is_not_opened_again),
		CASE(ctf_03_a_close_that_timed_out_is_done_when_its_ctimanager_dies),
		CASE(what_opens_after_the_application_was_told_of_a_timeout_is_closed_again),
		CASE(ctf_03_what_is_closed_while_it_is_opened_again_is_closed_though_that_ctimanager_dies_too),
		CASE(cmf_10_a_device_without_a_callmanager_is_asked_for_as_long_as_it_takes),
		CASE(ctf_03_a_device_closed_while_its_line_is_opened_again_is_closed_with_it),
		CASE(a_closing_provider_asks_for_no_device_again),
		CASE(what_is_told_of_devices_and_lines_that_are_not_open_is_passed_over),
		CASE(ctf_10_what_ctimanager_closes_is_told_once_and_gone),
		CASE(a_provider_is_closed_once_even_by_a_ctimanager_that_does_not_answer),
		CASE(a_provider_is_closed_while_no_ctimanager_is_there),
		SUITE_CASE_WITH(
			ctf_02_a_ctimanager_that_takes_connections_and_says_nothing_is_passed_over,
			up, down),
		SUITE_CASE_WITH(
			ctf_02_a_ctimanager_that_falls_silent_before_it_answers_the_login_is_passed_over,
			up, down),
		CASE(an_application_ends_itself_in_order),
		CASE(an_application_has_no_more_providers_than_there_are_places),
		SUITE_CASE(nothing_is_asked_of_a_library_that_does_not_run),
		SUITE_CASE(names_of_states_causes_and_events_are_those_of_the_field),
	};

	return suite_main(argc, argv, "cluster/test_libcti_closing", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
