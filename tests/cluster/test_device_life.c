/* Devices that come twice, change while they are registered, or are asked while they go: phones at
 * StationD, ports at CTIStationD. */
#include "tests/lib/cm_cluster.h"
#include "tests/lib/suite.h"

#include <stdlib.h>
#include <string.h>

#include "sim/phones.h"

static struct cm_cluster k;
static struct db_error err;

/* ---- a second program of phones -------------------------------------------------------------- */
static void make_phones(void *arg, struct sdl_config *config)
{
	struct phones_context *context = calloc(1, sizeof(*context));

	(void)arg;
	ck_assert_ptr_nonnull(context);
	phones_program(config, context);
}

static void unmake(void *arg, void *context)
{
	(void)arg;
	free(context);
}

/* One that has a link to that CallManager only. */
static void add_others(const char *name, uint8_t node, uint8_t ccm)
{
	struct sdl_virt_program phones = { .make = make_phones,
					   .unmake = unmake,
					   .name = name,
					   .node = node,
					   .app = SDL_APP_PHONES,
					   .links = { { ccm, SDL_APP_CALLMANAGER } },
					   .links_n = 1 };

	cluster_add(k.c, &phones);
}

static void up(void)
{
	cm_cluster_up(&k);
	add_others("others", 102, 1);
	add_others("far", 103, 2);
	cm_cluster_start(&k, 3);
	cluster_start(k.c, "others");
	cluster_start(k.c, "far");
	cluster_advance(k.c, MS(500));
	cm_plug_all(&k);
}

static void down(void)
{
	cluster_advance(k.c, SECONDS(2));
	cm_cluster_down(&k);
}

static void plug_other(const char *others, const char *phone, uint32_t node)
{
	PhonePlug p = PHONE_PLUG__INIT;

	p.phone = (char *)(uintptr_t)phone;
	p.model = DB_MODEL_7960;
	p.group = &node;
	p.n_group = 1;
	cluster_post(k.c, others, PHONES_PHONE_INIT, SIG_PhonePlug, &p);
}

static bool far_gets(const char *phone, uint16_t signal)
{
	return cluster_until_signal(k.c, "far", phone, signal, NULL, NULL, SECONDS(5));
}

static bool ccm_handles(const char *ccm, uint16_t signal)
{
	return cluster_until_signal(k.c, ccm, NULL, signal, NULL, NULL, SECONDS(5));
}

START_TEST(a_phone_that_registers_again_from_elsewhere_replaces_its_former_registration)
{
	cm_press(&k, PHONE_A, "call", "1002");
	ck_assert(cm_phone_sees(&k, PHONE_B, STATION_CALL_STATE_VALUE__RingIn, SECONDS(2)));
	cluster_mark(k.c);
	plug_other("others", PHONE_A, 1);
	ck_assert(ccm_handles("ccm1", SIG_CcReplacedInd));
	/* The calls of the former one have ended with it. */
	ck_assert(cm_phone_sees(&k, PHONE_B, STATION_CALL_STATE_VALUE__OnHook, SECONDS(2)));
}
END_TEST

/* Each side of a partition serves the phone that it sees; healed, only one of them may. */
START_TEST(cmf_17_a_phone_that_is_registered_on_both_sides_of_a_partition_is_told_to_restart)
{
	cluster_cut(k.c, "ccm1", "ccm2");
	cluster_advance(k.c, SECONDS(6));
	plug_other("far", PHONE_A, 2);
	ck_assert(far_gets(PHONE_A, SIG_StationRegisterAck));
	cluster_mark(k.c);
	cluster_heal(k.c, "ccm1", "ccm2");
	ck_assert(ccm_handles("ccm2", SIG_DaDuplicateInd));
	ck_assert(far_gets(PHONE_A, SIG_StationReset));
	cluster_kill(k.c, "far");
}
END_TEST

/* ---- changes --------------------------------------------------------------------------------- */
static void change_forward(const char *device, const char *dn, const char *cfa)
{
	const struct db_line_spec line = { .index = 1, .dn = dn, .cfa = cfa };
	DbChangeNotify change = DB_CHANGE_NOTIFY__INIT;

	ck_assert_msg(db_change_line(k.opened[0], device, &line, &err) == 0, "%s", err.text);
	change.table = (char *)"numplan";
	change.name = (char *)(uintptr_t)dn;
	cluster_mark(k.c);
	cluster_post(k.c, "ccm1", CM_DEVICE_MANAGER, SIG_DbChangeNotify, &change);
	ck_assert(ccm_handles("ccm1", SIG_CcConfigInd));
}

START_TEST(usr_07_a_changed_forward_of_an_open_port_counts_from_the_next_call_on)
{
	cm_open(&k, 1, 1, "CTIP_2", MEDIA_REGISTRATION__DYNAMIC, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "6002", CTIERR_SUCCESS);
	change_forward("CTIP_2", "6002", "1002");
	cm_press(&k, PHONE_A, "call", "6002");
	ck_assert(cm_phone_sees(&k, PHONE_B, STATION_CALL_STATE_VALUE__RingIn, SECONDS(2)));
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

START_TEST(usr_07_a_changed_forward_of_a_registered_phone_counts_from_the_next_call_on)
{
	change_forward(PHONE_C, "1003", "1002");
	cm_press(&k, PHONE_A, "call", "1003");
	ck_assert(cm_phone_sees(&k, PHONE_B, STATION_CALL_STATE_VALUE__RingIn, SECONDS(2)));
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

/* What it has, it keeps; a new line comes with the next registration (USR-07). */
START_TEST(usr_07_a_line_that_a_registered_phone_is_given_comes_with_its_next_registration)
{
	const struct db_line_spec line = { .index = 2, .dn = "1013" };
	DbChangeNotify change = DB_CHANGE_NOTIFY__INIT;

	ck_assert_msg(db_add_line(k.opened[0], PHONE_C, &line, &err) == 0, "%s", err.text);
	change.table = (char *)"devicenumplanmap";
	change.name = (char *)(uintptr_t)PHONE_C;
	cluster_mark(k.c);
	cluster_post(k.c, "ccm1", CM_DEVICE_MANAGER, SIG_DbChangeNotify, &change);
	ck_assert(ccm_handles("ccm1", SIG_CcConfigInd));
	cm_press(&k, PHONE_A, "call", "1013");
	cluster_advance(k.c, SECONDS(20));
	ck_assert(!cm_phone_sees(&k, PHONE_C, STATION_CALL_STATE_VALUE__RingIn, MS(1)));
	cm_press(&k, PHONE_A, "hangup", NULL);
	cluster_advance(k.c, SECONDS(1));
	cm_press(&k, PHONE_A, "call", "1003");
	ck_assert(cm_phone_sees(&k, PHONE_C, STATION_CALL_STATE_VALUE__RingIn, SECONDS(2)));
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

/* Who has it open hears of the end of the former one, and of the end of nothing else. */
START_TEST(ctf_04_a_phone_that_is_up_anew_has_left_its_former_place)
{
	struct sdl_pid registrar = {
		.node = 1, .type = CM_CTI_REGISTRAR, .app = SDL_APP_CALLMANAGER, .inst = 1
	};
	struct sdl_pid former, anew;
	CcDevice d = CC_DEVICE__INIT;

	cm_open(&k, 1, 1, PHONE_A, MEDIA_REGISTRATION__NO_MEDIA, CTIERR_SUCCESS);
	cluster_advance(k.c, MS(100));
	former = anew = cluster_process(k.c, "ccm1", PHONE_A);
	anew.inst += 100;
	d.device = (char *)(uintptr_t)PHONE_A;
	d.device_pid = sdl_pid_pack(anew);
	cluster_mark(k.c);
	cluster_enqueue(k.c, "ccm1", anew, registrar, SIG_CcDeviceUpInd, &d);
	d.device_pid = sdl_pid_pack(former);
	cluster_enqueue(k.c, "ccm1", former, registrar, SIG_CcDeviceGoneInd, &d);
	cluster_turn(k.c, "ccm1");
	ck_assert_uint_eq(
		cluster_count_signal(k.c, "ctim1", NULL, SIG_CtiDeviceUnregisterNotify, NULL, NULL),
		1);
	ck_assert_uint_eq(cluster_count_signal(k.c, "ctim1", NULL,
					       SIG_CtiDeviceRegisterNotifyWithLineInfo, NULL, NULL),
			  1);
}
END_TEST

/* ---- on the way out --------------------------------------------------------------------------- */

/* In one moment A's phone has missed its last keepalive, and somebody asks something of it. */
struct asked {
	struct sdl_pid ctim, station;
	uint32_t ci;
};

static struct asked watched(void)
{
	struct asked a = { .ctim = { .node = 1,
				     .type = CTIM_CTI_MANAGER,
				     .app = SDL_APP_CTIMANAGER,
				     .inst = 1 } };

	cm_open(&k, 1, 1, PHONE_A, MEDIA_REGISTRATION__NO_MEDIA, CTIERR_SUCCESS);
	cm_open_line(&k, 1, "1001", CTIERR_SUCCESS);
	cm_press(&k, PHONE_A, "call", "1002");
	ck_assert(cm_phone_sees(&k, PHONE_B, STATION_CALL_STATE_VALUE__RingIn, SECONDS(2)));
	a.ci = k.driver[1].ci;
	a.station = cluster_process(k.c, "ccm1", PHONE_A);
	cluster_mark(k.c);
	cluster_enqueue(k.c, "ccm1", a.station, a.station, SIG_StationKeepAliveTimer, NULL);
	return a;
}

static bool is_out_of_service(const void *msg, void *arg)
{
	(void)arg;
	return ((const CtiLineCallRes *)msg)->result == CTIERR_DEVICE_OUT_OF_SERVICE;
}

static void refused(uint16_t answer)
{
	cluster_turn(k.c, "ccm1");
	ck_assert(cluster_until_signal(k.c, "ctim1", NULL, answer, is_out_of_service, NULL,
				       SECONDS(1)));
	/* The phone finds out by its keepalives. */
	ck_assert(cm_phone_gets(&k, PHONE_A, SIG_StationRegisterAck, SECONDS(200)));
}

START_TEST(a_line_of_a_phone_that_leaves_is_not_opened)
{
	struct asked a = watched();
	CtiLineOpenLineReq req = CTI_LINE_OPEN_LINE_REQ__INIT;

	req.dn = (char *)"1001";
	cluster_enqueue(k.c, "ccm1", a.ctim, a.station, SIG_CtiLineOpenLineReq, &req);
	refused(SIG_CtiLineOpenLineRes);
}
END_TEST

START_TEST(a_phone_that_leaves_makes_no_call)
{
	struct asked a = watched();
	CtiLineCallInitiateReq req = CTI_LINE_CALL_INITIATE_REQ__INIT;

	req.dn = (char *)"1001";
	req.called = (char *)"1003";
	cluster_enqueue(k.c, "ccm1", a.ctim, a.station, SIG_CtiLineCallInitiateReq, &req);
	refused(SIG_CtiLineCallInitiateRes);
}
END_TEST

START_TEST(a_call_of_a_phone_that_leaves_takes_no_requests)
{
	struct asked a = watched();
	CtiLineCallReq req = CTI_LINE_CALL_REQ__INIT;

	req.ci = a.ci;
	cluster_enqueue(k.c, "ccm1", a.ctim, a.station, SIG_CtiLineCallDisconnectReq, &req);
	refused(SIG_CtiLineCallDisconnectRes);
}
END_TEST

START_TEST(a_call_of_a_phone_that_leaves_is_not_redirected)
{
	struct asked a = watched();
	CtiLineCallRedirectReq req = CTI_LINE_CALL_REDIRECT_REQ__INIT;

	req.ci = a.ci;
	req.destination = (char *)"1003";
	cluster_enqueue(k.c, "ccm1", a.ctim, a.station, SIG_CtiLineCallRedirectReq, &req);
	refused(SIG_CtiLineCallRedirectRes);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(
			a_phone_that_registers_again_from_elsewhere_replaces_its_former_registration,
			up, down),
		SUITE_CASE_WITH(
			cmf_17_a_phone_that_is_registered_on_both_sides_of_a_partition_is_told_to_restart,
			up, down),
		SUITE_CASE_WITH(
			usr_07_a_changed_forward_of_an_open_port_counts_from_the_next_call_on, up,
			down),
		SUITE_CASE_WITH(
			usr_07_a_line_that_a_registered_phone_is_given_comes_with_its_next_registration,
			up, down),
		SUITE_CASE_WITH(ctf_04_a_phone_that_is_up_anew_has_left_its_former_place, up, down),
		SUITE_CASE_WITH(
			usr_07_a_changed_forward_of_a_registered_phone_counts_from_the_next_call_on,
			up, down),
		SUITE_CASE_WITH(a_line_of_a_phone_that_leaves_is_not_opened, up, down),
		SUITE_CASE_WITH(a_phone_that_leaves_makes_no_call, up, down),
		SUITE_CASE_WITH(a_call_of_a_phone_that_leaves_takes_no_requests, up, down),
		SUITE_CASE_WITH(a_call_of_a_phone_that_leaves_is_not_redirected, up, down),
	};

	return suite_main(argc, argv, "cluster/test_device_life", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
