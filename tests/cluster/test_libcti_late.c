/* The application library: what comes late, twice, or from somebody else than the CTIManager that it
 * has. Against CTIManagers that pretend. */
#include "tests/lib/ctimanager_fake.h"
#include "tests/lib/cluster.h"
#include "tests/lib/suite.h"

#include <string.h>

#include "common/base/cti_error.h"
#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "ctimanager/client/program.h"

#define DEVICE	"CTIRP_5000"
#define TICK_MS 10

static struct cluster *c;
static struct fake_ctimanager fakes[2];
static const char *const fake_names[] = { "ctim1", "ctim2" };
static struct cti *cti;
static struct cti_app app;
static struct cti_provider provider;
static uint64_t device, line;
static unsigned told[CTI_EVENT_KINDS], told_n;
static uint32_t results[100]; /* by number of the request; UINT32_MAX: no answer */
static void (*act)(struct cti *cti);
static int seq;

/* ---- the application ------------------------------------------------------------------------- */

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
	told_n += e->kind != CTI_TIMER;
}

static void on_provider_open_completed(struct cti *from, const struct cti_event *e)
{
	if (e->provider == 1)
		cti_device_open(from, 1, DEVICE, NULL);
}

static void on_response(struct cti *from, const struct cti_event *e)
{
	(void)from;
	ck_assert_int_lt(e->seq, 100);
	ck_assert_uint_eq(results[e->seq], UINT32_MAX);
	results[e->seq] = e->result;
	if (!e->result && e->line_handle)
		line = e->line_handle;
	if (!e->result && e->device_handle && !device)
		device = e->device_handle;
}

static void make(void (*what)(struct cti *cti))
{
	act = what;
	cluster_advance(c, MS(5 * TICK_MS));
	ck_assert_ptr_null(act);
}

/* ---- the cluster ----------------------------------------------------------------------------- */

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

static void up_closed(void)
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
	told_n = 0;
	act = NULL;
	memset(told, 0, sizeof(told));
	memset(results, 0xff, sizeof(results));
	cluster_add(c, &spec);
	cluster_start(c, "ivr");
}

static void up(void)
{
	up_closed();
	ck_assert(
		cluster_until_signal(c, "ivr", "ivr", SIG_DeviceInService, NULL, NULL, SECONDS(2)));
	cluster_advance(c, MS(100));
	ck_assert_uint_ne(device, 0);
	cluster_mark(c);
}

static void down(void)
{
	cluster_destroy(&c);
}

/* ---- processes of the library ---------------------------------------------------------------- */

struct search {
	const char *type;
	struct sdl_pid pid;
};

static void match(void *arg, struct sdl_process *process)
{
	struct search *s = arg;

	if (!strcmp(sdl_process_type(process)->name, s->type))
		s->pid = sdl_self(process);
}

static struct sdl_pid process(const char *type)
{
	struct search s = { .type = type };

	sdl_program_each(cluster_program(c, "ivr"), match, &s);
	ck_assert(!sdl_pid_none(s.pid));
	return s.pid;
}

/* A connection that is not the provider's any more, or a provider that has ended. */
static const struct sdl_pid stranger = { .node = 2, .app = SDL_APP_CTIMANAGER, .inst = 999 };

static void say(const char *type, uint16_t signal, const void *msg)
{
	cluster_enqueue(c, "ivr", stranger, process(type), signal, msg);
	cluster_advance(c, MS(1));
}

START_TEST(an_application_is_told_nothing_of_providers_that_it_does_not_have)
{
	Response res = RESPONSE__INIT;
	DeviceEvent of_device = DEVICE_EVENT__INIT;
	ProviderEvent closed = PROVIDER_EVENT__INIT;
	unsigned before = told_n;

	res.seq = 99;
	of_device.device_handle = device;
	of_device.device = (char *)(uintptr_t)DEVICE;
	say("CtiApplication", SIG_Response, &res);
	say("CtiApplication", SIG_DeviceOutOfService, &of_device);
	say("CtiApplication", SIG_ProviderClosed, &closed);
	ck_assert_uint_eq(told_n, before);
}
END_TEST

START_TEST(ctf_01_the_end_of_a_connection_that_was_left_does_not_end_the_present_one)
{
	SdlConnStatus status = SDL_CONN_STATUS__INIT;
	ProviderEvent closed = PROVIDER_EVENT__INIT;

	say("CtiProvider", SIG_SdlConnDown, &status);
	say("CtiProvider", SIG_ProviderClosed, &closed);
	cluster_advance(c, SECONDS(10));
	ck_assert_uint_eq(told[CTI_PROVIDER_OUT_OF_SERVICE], 0);
	ck_assert_uint_eq(told[CTI_PROVIDER_CLOSED], 0);
	ck_assert_uint_eq(fakes[1].providers, 0);
}
END_TEST

START_TEST(an_answer_to_another_request_does_not_end_the_open_of_a_provider)
{
	Response res = RESPONSE__INIT;

	res.seq = 4711;
	res.result = CTIERR_DIRECTORY_LOGIN_FAILED;
	ck_assert(cluster_until_signal(c, "ctim1", NULL, SIG_ProviderOpen, NULL, NULL, SECONDS(1)));
	cluster_enqueue(c, "ivr", stranger, process("CtiProvider"), SIG_Response, &res);
	ck_assert(
		cluster_until_signal(c, "ivr", "ivr", SIG_DeviceInService, NULL, NULL, SECONDS(1)));
	ck_assert_uint_eq(told[CTI_PROVIDER_CLOSED], 0);
}
END_TEST

/* ---- closing --------------------------------------------------------------------------------- */

static void close_provider(struct cti *from)
{
	seq = cti_provider_close(from, 1);
}

static void close_device(struct cti *from)
{
	seq = cti_device_close(from, device);
}

START_TEST(a_provider_that_is_being_closed_sends_no_heartbeats)
{
	unsigned before;

	fakes[0].mute = true;
	make(close_provider);
	cluster_advance(c, MS(100));
	before = fakes[0].heartbeats;
	cluster_advance(c, SECONDS(30));
	ck_assert_uint_eq(fakes[0].heartbeats, before);
	ck_assert_uint_eq(results[seq], CTIERR_SUCCESS);
	ck_assert_uint_eq(told[CTI_PROVIDER_CLOSED], 1);
}
END_TEST

static void up_beating(void)
{
	up_closed();
	fakes[0].heartbeat_s = 1;
	ck_assert(
		cluster_until_signal(c, "ivr", "ivr", SIG_DeviceInService, NULL, NULL, SECONDS(2)));
	cluster_advance(c, MS(100));
}

START_TEST(ctf_03_a_device_closed_while_it_is_opened_again_is_closed_though_that_ctimanager_dies)
{
	int again;

	fakes[1].mute = true;
	cluster_kill(c, "ctim1");
	ck_assert(cluster_until_signal(c, "ctim2", NULL, SIG_DeviceOpen, NULL, NULL, SECONDS(5)));
	make(close_device);
	again = seq;
	make(close_device);
	ck_assert_uint_eq(results[seq], CTIERR_ILLEGAL_HANDLE);
	seq = again;
	ck_assert_uint_eq(results[seq], UINT32_MAX);
	cluster_kill(c, "ctim2");
	cluster_advance(c, MS(10));
	ck_assert_uint_eq(results[seq], CTIERR_SUCCESS);
	cluster_start(c, "ctim1");
	cluster_mark(c);
	cluster_advance(c, SECONDS(30));
	ck_assert_uint_eq(cluster_count_signal(c, "ctim1", NULL, SIG_ProviderOpen, NULL, NULL), 1);
	ck_assert_uint_eq(cluster_count_signal(c, "ctim1", NULL, SIG_DeviceOpen, NULL, NULL), 0);
}
END_TEST

static void open_device(struct cti *from)
{
	seq = cti_device_open(from, 1, DEVICE, NULL);
}

START_TEST(ctf_10_a_device_that_is_closed_by_its_ctimanager_while_it_is_opened_again_is_closed_once)
{
	DeviceEvent closed = DEVICE_EVENT__INIT;

	fakes[1].late = true;
	cluster_kill(c, "ctim1");
	ck_assert(cluster_until_signal(c, "ctim2", NULL, SIG_DeviceOpen, NULL, NULL, SECONDS(5)));
	closed.device = (char *)(uintptr_t)DEVICE;
	closed.has_reason = true;
	closed.reason = CTIERR_DEVICE_RESTRICTED;
	cluster_post(c, "ctim2", CTIM_CTI_MANAGER, SIG_DeviceClosed, &closed);
	cluster_advance(c, MS(10));
	ck_assert_uint_eq(told[CTI_DEVICE_CLOSED], 1);
	fakes[1].late = false;
	cluster_advance(c, SECONDS(10));
	ck_assert_uint_eq(told[CTI_DEVICE_CLOSED], 1);
	device = 0;
	make(open_device);
	ck_assert_uint_eq(results[seq], CTIERR_SUCCESS);
}
END_TEST

START_TEST(a_provider_that_is_closed_from_both_sides_is_closed_once)
{
	ProviderEvent closed = PROVIDER_EVENT__INIT;

	fakes[0].mute = true;
	make(close_provider);
	ck_assert_uint_eq(told[CTI_PROVIDER_CLOSED], 0);
	cluster_post(c, "ctim1", CTIM_CTI_MANAGER, SIG_ProviderClosed, &closed);
	cluster_advance(c, SECONDS(60));
	ck_assert_uint_eq(told[CTI_PROVIDER_CLOSED], 1);
	ck_assert_uint_eq(told[CTI_PROVIDER_OUT_OF_SERVICE], 0);
	ck_assert_uint_eq(results[seq], CTIERR_SUCCESS);
}
END_TEST

static int twice;

static void open_line(struct cti *from)
{
	seq = cti_line_open(from, device, "5000", false);
}

static void close_line_twice(struct cti *from)
{
	seq = cti_line_close(from, line);
	twice = cti_line_close(from, line);
}

START_TEST(ctf_03_a_line_closed_twice_while_it_is_opened_again_is_closed_once)
{
	make(open_line);
	ck_assert_uint_eq(results[seq], CTIERR_SUCCESS);
	cluster_kill(c, "ctim1");
	ck_assert(
		cluster_until_signal(c, "ivr", "ivr", SIG_DeviceInService, NULL, NULL, SECONDS(5)));
	fakes[1].late = true;
	cluster_advance(c, MS(1)); /* its line is asked for */
	make(close_line_twice);
	ck_assert_uint_eq(results[twice], CTIERR_INVALID_LINE_HANDLE);
	ck_assert_uint_eq(results[seq], UINT32_MAX);
	fakes[1].late = false;
	cluster_advance(c, SECONDS(10));
	ck_assert_uint_eq(results[seq], CTIERR_SUCCESS);
}
END_TEST

static void open_another(struct cti *from)
{
	seq = cti_device_open(from, 1, "CTIP_1", NULL);
}

START_TEST(a_refusal_that_comes_after_the_application_was_told_of_a_timeout_undoes_nothing)
{
	fakes[0].late = true;
	fakes[0].refuse_device = "CTIP_1";
	fakes[0].refuse_with = CTIERR_DEVICE_RESTRICTED;
	make(open_another);
	cluster_advance(c, SECONDS(31));
	ck_assert_uint_eq(results[seq], CTIERR_PROTOCOL_TIMEOUT);
	cluster_mark(c);
	fakes[0].late = false;
	cluster_advance(c, SECONDS(10));
	ck_assert_uint_eq(cluster_count_signal(c, "ctim1", NULL, SIG_DeviceClose, NULL, NULL), 0);
	ck_assert_uint_eq(told[CTI_DEVICE_CLOSED], 0);
}
END_TEST

static int refused[4];

static void acquire_nothing(struct cti *from)
{
	refused[0] = cti_provider_device_acquire(from, 1, "");
	refused[1] = cti_provider_device_deacquire(from, 1, "a name longer than any device has");
	refused[2] = cti_provider_device_acquire(from, 9, DEVICE);
	refused[3] = cti_provider_get_device_info(from, 9, NULL);
}

static void acquire(struct cti *from)
{
	seq = cti_provider_device_acquire(from, 1, DEVICE);
}

START_TEST(sup_02_without_a_ctimanager_nothing_is_acquired)
{
	cluster_kill(c, "ctim1");
	cluster_kill(c, "ctim2");
	cluster_advance(c, SECONDS(1));
	make(acquire);
	ck_assert_uint_eq(results[seq], CTIERR_PROVIDER_NOT_OPEN);
}
END_TEST

START_TEST(sup_02_what_is_no_name_of_a_device_is_not_asked_for)
{
	make(acquire_nothing);
	ck_assert_int_lt(refused[0], 0);
	ck_assert_int_eq(refused[1], refused[0]);
	ck_assert_int_lt(refused[2], 0);
	ck_assert_int_ne(refused[2], refused[0]);
	ck_assert_int_eq(refused[3], refused[2]);
}
END_TEST

static struct cti_provider second;
static int second_seq;

static void open_second(struct cti *from)
{
	second = provider;
	second.ctimanagers[0] = 2;
	second.ctimanagers[1] = 0;
	ck_assert_int_gt(cti_provider_open(from, &second, NULL), 0);
}

static void ask_and_close(struct cti *from)
{
	second_seq = cti_provider_get_device_info(from, 2, NULL);
	seq = cti_provider_close(from, 1);
}

START_TEST(mgr_03_the_end_of_a_provider_answers_what_was_asked_of_that_one_alone)
{
	make(open_second);
	ck_assert_uint_eq(fakes[1].providers, 1);
	fakes[1].late = true;
	make(ask_and_close);
	ck_assert_uint_eq(results[seq], CTIERR_SUCCESS);
	ck_assert_uint_eq(told[CTI_PROVIDER_CLOSED], 1);
	ck_assert_uint_eq(results[second_seq], UINT32_MAX);
	fakes[1].late = false;
	cluster_advance(c, SECONDS(6));
	ck_assert_uint_eq(results[second_seq], CTIERR_SUCCESS);
}
END_TEST

#define CASE(t) SUITE_CASE_WITH(t, up, down)

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		CASE(an_application_is_told_nothing_of_providers_that_it_does_not_have),
		CASE(ctf_01_the_end_of_a_connection_that_was_left_does_not_end_the_present_one),
		SUITE_CASE_WITH(an_answer_to_another_request_does_not_end_the_open_of_a_provider,
				up_closed, down),
		SUITE_CASE_WITH(a_provider_that_is_being_closed_sends_no_heartbeats, up_beating,
				down),
		CASE(ctf_03_a_device_closed_while_it_is_opened_again_is_closed_though_that_ctimanager_dies),
		CASE(ctf_10_a_device_that_is_closed_by_its_ctimanager_while_it_is_opened_again_is_closed_once),
		CASE(a_provider_that_is_closed_from_both_sides_is_closed_once),
		CASE(ctf_03_a_line_closed_twice_while_it_is_opened_again_is_closed_once),
		CASE(a_refusal_that_comes_after_the_application_was_told_of_a_timeout_undoes_nothing),
		CASE(sup_02_without_a_ctimanager_nothing_is_acquired),
		CASE(sup_02_what_is_no_name_of_a_device_is_not_asked_for),
		CASE(mgr_03_the_end_of_a_provider_answers_what_was_asked_of_that_one_alone),
	};

	return suite_main(argc, argv, "cluster/test_libcti_late", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
