/* Signals that cross: a call that comes while its device leaves, two redirects at once, what is
 * opened again while it closes, a line that is full when its user goes off hook. */
#include "tests/lib/cm_cluster.h"
#include "tests/lib/suite.h"

#include <stdlib.h>
#include <string.h>

static struct cm_cluster k;

static void up(void)
{
	cm_cluster_up(&k);
	cm_cluster_start(&k, 3);
	cm_plug_all(&k);
}

static void down(void)
{
	cluster_advance(k.c, SECONDS(1));
	cm_cluster_down(&k);
}

#define STATIC_MEDIA MEDIA_REGISTRATION__STATIC

static unsigned count(const char *program, const char *label, uint16_t signal)
{
	return cluster_count_signal(k.c, program, label, signal, NULL, NULL);
}

/* ---- several signals in one turn ----------------------------------------------------------- */

struct search {
	const char *type;
	const char *label;
	struct sdl_pid pid;
};

static void match(void *arg, struct sdl_process *process)
{
	struct search *s = arg;

	if (!strcmp(sdl_process_type(process)->name, s->type) &&
	    !strcmp(sdl_process_label(process), s->label))
		s->pid = sdl_self(process);
}

static struct sdl_pid find(const char *program, const char *type, const char *label)
{
	struct search s = { .type = type, .label = label };

	sdl_program_each(cluster_program(k.c, program), match, &s);
	ck_assert_msg(!sdl_pid_none(s.pid), "there is no %s %s at %s", type, label, program);
	return s.pid;
}

static const struct sdl_pid ctim1 = {
	.node = 1, .type = CTIM_CTI_MANAGER, .app = SDL_APP_CTIMANAGER, .inst = 1
};

/* As if it had just come in, whatever else is in the queues of that program. */
static void feed(const char *program, struct sdl_pid from, struct sdl_pid to, uint16_t number,
		 const void *msg)
{
	struct sdl_program *p = cluster_program(k.c, program);
	uint8_t bytes[512];
	struct sdl_envelope e = { .to = to, .from = from, .number = number, .bytes = bytes };

	e.len = (uint32_t)sdl_pack(number, msg, bytes, sizeof(bytes));
	sdl_program_wake(p, cluster_now(k.c));
	sdl_program_post(p, &e);
}

static void some_steps(const char *program, int n)
{
	while (n-- > 0)
		sdl_program_step(cluster_program(k.c, program));
}

static struct sdl_pid registrar(uint8_t node)
{
	return (struct sdl_pid){
		.node = node, .type = CM_CTI_REGISTRAR, .app = SDL_APP_CALLMANAGER, .inst = 1
	};
}

static void feed_call(void)
{
	CtiLineCallInitiateReq req = CTI_LINE_CALL_INITIATE_REQ__INIT;

	req.async_response = 9001;
	req.dn = (char *)(uintptr_t) "6002";
	req.called = (char *)(uintptr_t) "6001";
	feed("ccm2", ctim1, find("ccm2", "CTIStationD", "CTIP_2"), SIG_CtiLineCallInitiateReq,
	     &req);
}

static void feed_rehome(void)
{
	CtiDeviceRehomeReq req = CTI_DEVICE_REHOME_REQ__INIT;

	req.device = (char *)(uintptr_t) "CTIP_1";
	req.target_node = 1;
	feed("ccm2", ctim1, registrar(2), SIG_CtiDeviceRehomeReq, &req);
}

/* CTIP_2 calls CTIP_1 while that is to move: at every place of the queues between. Either it has
 * the call and stays until its end, or it has left and the call goes where its line forwards. */
START_TEST(cmf_08_cmf_16_a_call_and_a_rehome_that_cross_leave_one_of_them)
{
	bool forwarded, told;

	cm_open(&k, 1, 2, "CTIP_1", STATIC_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "6001", CTIERR_SUCCESS);
	cm_open(&k, 1, 2, "CTIP_2", STATIC_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "6002", CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(1));
	cluster_mark(k.c);
	/* Negative: the call comes so many signals after the rehome. */
	if (_i < 0)
		feed_rehome();
	else
		feed_call();
	some_steps("ccm2", abs(_i));
	if (_i < 0)
		feed_call();
	else
		feed_rehome();
	cluster_advance(k.c, MS(500));
	forwarded = count("phones", PHONE_C, SIG_StationCallState) > 0;
	told = cm_legs(&k, 2) == 2;
	ck_assert_msg(forwarded != told, "forwarded %d, told %d", forwarded, told);
	ck_assert_uint_eq(count("ctim1", NULL, SIG_CtiDeviceUnregisterNotify), forwarded ? 1 : 0);
	cluster_kill(k.c, "ctim1"); /* with it go the openers, and in time their calls */
	cluster_kill(k.c, "phones");
	cluster_advance(k.c, SECONDS(120));
}
END_TEST

/* The same with a phone that leaves: it is told that it must stay, or the call finds it gone. */
START_TEST(cmf_15_a_call_and_a_phone_that_leaves_cross)
{
	StationUnregister leaves = STATION_UNREGISTER__INIT;
	CtiLineCallInitiateReq call = CTI_LINE_CALL_INITIATE_REQ__INIT;
	struct sdl_pid phone, station, port;
	bool rings;

	cluster_allow_unexpected(k.c); /* the phone did not ask for what it is answered */
	cm_open(&k, 1, 1, "CTIP_1", STATIC_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "6001", CTIERR_SUCCESS);
	phone = find("phones", "SccpPhone", PHONE_A);
	station = find("ccm1", "StationD", PHONE_A);
	port = find("ccm1", "CTIStationD", "CTIP_1");
	call.async_response = 9001;
	call.dn = (char *)(uintptr_t) "6001";
	call.called = (char *)(uintptr_t) "1001";
	cluster_mark(k.c);
	if (_i < 0)
		feed("ccm1", phone, station, SIG_StationUnregister, &leaves);
	else
		feed("ccm1", ctim1, port, SIG_CtiLineCallInitiateReq, &call);
	some_steps("ccm1", abs(_i));
	if (_i < 0)
		feed("ccm1", ctim1, port, SIG_CtiLineCallInitiateReq, &call);
	else
		feed("ccm1", phone, station, SIG_StationUnregister, &leaves);
	cluster_advance(k.c, MS(500));
	rings = cm_legs(&k, 1) == 2;
	ck_assert_uint_eq(count("phones", PHONE_A, SIG_StationUnregisterAck), 1);
	ck_assert_uint_eq(count("ccm1", NULL, SIG_DaUnregisterReq), rings ? 0 : 1);
	cluster_kill(k.c, "ctim1");
	cluster_kill(k.c, "phones");
	cluster_advance(k.c, SECONDS(120));
}
END_TEST

/* ---- glare --------------------------------------------------------------------------------- */

START_TEST(cal_03_two_redirects_of_one_call_at_once_leave_no_half_of_it)
{
	uint32_t first, second;
	unsigned refused;

	cm_open(&k, 1, 1, "CTIP_1", STATIC_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "6001", CTIERR_SUCCESS);
	cm_open(&k, 2, 2, "CTIP_2", STATIC_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 2, "6002", CTIERR_SUCCESS);
	cm_initiate(&k, 1, "6001", "6002", CTIERR_SUCCESS);
	first = k.driver[1].ci;
	second = cm_new_call(&k, 2, CTI_CALL_STATE__OFFERING);
	cm_request(&k, 2, SIG_CtiLineCallAnswerReq, second, CTIERR_SUCCESS);
	cluster_advance(k.c, SECONDS(1));
	first = k.driver[1].ci;
	cm_post_redirect(&k, 1, first, "1001");
	cm_post_redirect(&k, 2, second, "1002");
	cluster_advance(k.c, SECONDS(2));
	refused = cm_refusals(&k, SIG_CtiLineCallRedirectRes);
	ck_assert_uint_eq(count("ctim1", NULL, SIG_CtiLineCallRedirectRes) +
				  count("ctim2", NULL, SIG_CtiLineCallRedirectRes),
			  2);
	ck_assert_uint_ge(refused, 1);
	cluster_kill(k.c, "ctim1");
	cluster_kill(k.c, "ctim2");
	cluster_kill(k.c, "phones");
	cluster_advance(k.c, SECONDS(120));
}
END_TEST

/* ---- closing and opening ------------------------------------------------------------------- */

START_TEST(a_device_opened_again_while_it_closes_is_open)
{
	cm_open(&k, 1, 1, "CTIP_1", STATIC_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "6001", CTIERR_SUCCESS);
	cm_post_close(&k, 1, 1, "CTIP_1");
	cluster_advance(k.c, _i * 50000);
	cm_open(&k, 1, 1, "CTIP_1", STATIC_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "6001", CTIERR_SUCCESS);
	cm_press(&k, PHONE_A, "call", "6001");
	cm_new_call(&k, 1, CTI_CALL_STATE__OFFERING);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

static bool is_mine(const void *msg, void *arg)
{
	(void)arg;
	return ((const CtiDeviceOpenDeviceRes *)msg)->async_response == 9002;
}

START_TEST(an_open_that_crosses_the_end_of_its_device_is_answered_once)
{
	CtiDeviceCloseDeviceReq close = CTI_DEVICE_CLOSE_DEVICE_REQ__INIT;
	CtiDeviceOpenDeviceReq open = CTI_DEVICE_OPEN_DEVICE_REQ__INIT;
	CtiLineCallInitiateReq call = CTI_LINE_CALL_INITIATE_REQ__INIT;
	DeviceConfig config = DEVICE_CONFIG__INIT;
	LineConfig line = LINE_CONFIG__INIT, *lines = &line;
	uint32_t group[] = { 1, 2 };
	struct sdl_pid station;

	cluster_allow_unexpected(k.c);
	cm_open(&k, 1, 1, "CTIP_1", STATIC_MEDIA, CTIERR_SUCCESS);
	station = find("ccm1", "CTIStationD", "CTIP_1");
	line.index = 1;
	line.dn = (char *)(uintptr_t) "6001";
	config.name = (char *)(uintptr_t) "CTIP_1";
	config.kind = DEVICE_KIND__DEVICE_CTI_PORT;
	config.group = group;
	config.n_group = 2;
	config.line = &lines;
	config.n_line = 1;
	open.async_response = 9002;
	open.device = &config;
	close.async_response = 9003;
	close.device = config.name;
	call.async_response = 9004;
	call.dn = line.dn;
	call.called = (char *)(uintptr_t) "1001";
	cluster_mark(k.c);
	feed("ccm1", ctim1, registrar(1), SIG_CtiDeviceCloseDeviceReq, &close);
	some_steps("ccm1", _i);
	feed("ccm1", ctim1, station, SIG_CtiLineCallInitiateReq, &call);
	feed("ccm1", ctim1, registrar(1), SIG_CtiDeviceOpenDeviceReq, &open);
	cluster_advance(k.c, SECONDS(1));
	ck_assert_uint_eq(
		cluster_count_signal(k.c, "ctim1", NULL, SIG_CtiDeviceOpenDeviceRes, is_mine, NULL),
		1);
	ck_assert_uint_eq(cm_legs(&k, 1), 0);
}
END_TEST

/* ---- full lines ---------------------------------------------------------------------------- */

static void up_one_call(void)
{
	cm_cluster_up(&k);
	cm_forward(&k, PHONE_A,
		   &(struct db_line_spec){
			   .index = 1, .dn = "1001", .max_calls = 1, .busy_trigger = 1 });
	cm_cluster_start(&k, 3);
	cm_plug_all(&k);
}

static bool is_idle(const void *msg, void *arg)
{
	const StationCallState *m = msg;

	(void)arg;
	return m->state == STATION_CALL_STATE_VALUE__OnHook && m->call_reference == 0;
}

START_TEST(a_line_that_is_full_takes_no_further_call_of_its_user_or_his_application)
{
	cm_open(&k, 1, 1, PHONE_A, MEDIA_REGISTRATION__NO_MEDIA, CTIERR_SUCCESS);
	cluster_advance(k.c, MS(100));
	cm_open_line(&k, 1, "1001", CTIERR_SUCCESS);
	cm_press(&k, PHONE_A, "call", "1002");
	ck_assert(cm_phone_sees(&k, PHONE_B, STATION_CALL_STATE_VALUE__RingIn, SECONDS(3)));
	cm_press(&k, PHONE_B, "answer", NULL);
	ck_assert(cm_phone_sees(&k, PHONE_A, STATION_CALL_STATE_VALUE__Connected, SECONDS(3)));
	cm_initiate(&k, 1, "1001", "1003", CTIERR_MAXCALL_LIMIT_REACHED);
	cm_press(&k, PHONE_A, "hold", NULL);
	ck_assert(cm_phone_sees(&k, PHONE_A, STATION_CALL_STATE_VALUE__Hold, SECONDS(3)));
	cm_press(&k, PHONE_A, "offhook", NULL);
	ck_assert(cluster_until_signal(k.c, "phones", PHONE_A, SIG_StationCallState, is_idle, NULL,
				       SECONDS(3)));
	cm_press(&k, PHONE_B, "hangup", NULL);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		{ .name = "cmf_08_cmf_16_a_call_and_a_rehome_that_cross_leave_one_of_them",
		  .test = cmf_08_cmf_16_a_call_and_a_rehome_that_cross_leave_one_of_them,
		  .setup = up,
		  .teardown = down,
		  .loop_from = -3,
		  .loop_to = 14 },
		{ .name = "cmf_15_a_call_and_a_phone_that_leaves_cross",
		  .test = cmf_15_a_call_and_a_phone_that_leaves_cross,
		  .setup = up,
		  .teardown = down,
		  .loop_from = -3,
		  .loop_to = 14 },
		{ .name = "an_open_that_crosses_the_end_of_its_device_is_answered_once",
		  .test = an_open_that_crosses_the_end_of_its_device_is_answered_once,
		  .setup = up,
		  .teardown = down,
		  .loop_to = 12 },
		SUITE_CASE_WITH(cal_03_two_redirects_of_one_call_at_once_leave_no_half_of_it, up,
				down),
		{ .name = "a_device_opened_again_while_it_closes_is_open",
		  .test = a_device_opened_again_while_it_closes_is_open,
		  .setup = up,
		  .teardown = down,
		  .loop_to = 20 },
		SUITE_CASE_WITH(
			a_line_that_is_full_takes_no_further_call_of_its_user_or_his_application,
			up_one_call, down),
	};

	return suite_main(argc, argv, "cluster/test_crossing", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
