/* Signals that cross: a call that comes while its device leaves, two redirects at once, what is
 * opened again while it closes, a line that is full when its user goes off hook. */
#include "tests/lib/cm_cluster.h"
#include "tests/lib/suite.h"

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
	const char *label;
	struct sdl_pid pid;
};

static void match(void *arg, struct sdl_process *process)
{
	struct search *s = arg;

	if (!strcmp(sdl_process_type(process)->name, "CTIStationD") &&
	    !strcmp(sdl_process_label(process), s->label))
		s->pid = sdl_self(process);
}

/* As from the CTIManager of node 1, whatever else is in the queues of ccm2. */
static void feed(struct sdl_pid to, uint16_t number, const void *msg)
{
	struct sdl_program *p = cluster_program(k.c, "ccm2");
	uint8_t bytes[512];
	struct sdl_envelope e = {
		.to = to,
		.from = {.node = 1,
			  .type = CTIM_CTI_MANAGER,
			  .app = SDL_APP_CTIMANAGER,
			  .inst = 1},
		.number = number,
		.bytes = bytes,
	};

	e.len = (uint32_t)sdl_pack(number, msg, bytes, sizeof(bytes));
	sdl_program_wake(p, cluster_now(k.c));
	sdl_program_post(p, &e);
}

static void feed_call(void)
{
	struct search s = { .label = "CTIP_2" };
	CtiLineCallInitiateReq req = CTI_LINE_CALL_INITIATE_REQ__INIT;

	sdl_program_each(cluster_program(k.c, "ccm2"), match, &s);
	ck_assert(!sdl_pid_none(s.pid));
	req.async_response = 9001;
	req.dn = (char *)(uintptr_t) "6002";
	req.called = (char *)(uintptr_t) "6001";
	feed(s.pid, SIG_CtiLineCallInitiateReq, &req);
}

static void feed_rehome(void)
{
	const struct sdl_pid registrar = {
		.node = 2, .type = CM_CTI_REGISTRAR, .app = SDL_APP_CALLMANAGER, .inst = 1
	};
	CtiDeviceRehomeReq req = CTI_DEVICE_REHOME_REQ__INIT;

	req.device = (char *)(uintptr_t) "CTIP_1";
	req.target_node = 1;
	feed(registrar, SIG_CtiDeviceRehomeReq, &req);
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
	for (int i = 0; i < (_i < 0 ? -_i : _i); i++)
		sdl_program_step(cluster_program(k.c, "ccm2"));
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
		{.name = "cmf_08_cmf_16_a_call_and_a_rehome_that_cross_leave_one_of_them",
		  .test = cmf_08_cmf_16_a_call_and_a_rehome_that_cross_leave_one_of_them,
		  .setup = up,
		  .teardown = down,
		  .loop_from = -3,
		  .loop_to = 14 },
		SUITE_CASE_WITH(cal_03_two_redirects_of_one_call_at_once_leave_no_half_of_it, up,
				down),
		{ .name = "a_device_opened_again_while_it_closes_is_open",
		  .test = a_device_opened_again_while_it_closes_is_open,
		  .setup = up,
		  .teardown = down,
		  .loop_to = 20},
		SUITE_CASE_WITH(
			a_line_that_is_full_takes_no_further_call_of_its_user_or_his_application,
			up_one_call, down),
	};

	return suite_main(argc, argv, "cluster/test_crossing", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
