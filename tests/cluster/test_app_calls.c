/* The simulated application in a whole cluster: two nodes, a phone, a route point and two ports. */
#include "tests/lib/cluster.h"
#include "tests/lib/cluster_programs.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cti_error.h"
#include "common/db/db.h"
#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sim/app.h"

#define PHONE "SEP000000000001"
/* Where calls of the route point go: CFOF, CFNA. */
#define ON_FAILURE "SEP000000000002"
#define NO_ANSWER  "SEP000000000003"
#define IVR	   "ivr"
#define RP	   "CTIRP_5000"
#define PORT	   "CTIP_6001"

#define FAR "CTIP_6002" /* a port whose first CallManager is that of the other node */

static struct cluster *c;
static struct db_template *template;
static struct sim_app *app;

/* ---- the database -------------------------------------------------------------------------- */
#define OK(call) ck_assert_msg((call) == 0, "%s", err.text)

static void add_device(struct db *db, const char *name, enum db_model model, const char *dn)
{
	struct db_device_spec spec = { .name = name,
				       .model = (int)model,
				       .device_pool = !strcmp(name, FAR) ? "P21" : "P12" };
	struct db_line_spec line = { .index = 1, .dn = dn };
	struct db_error err;

	if (model == DB_MODEL_CTI_ROUTE_POINT) {
		line.cfof = "1002";
		line.cfna = "1003";
	}
	OK(db_add_device(db, &spec, &err));
	OK(db_add_line(db, name, &line, &err));
	OK(db_associate(db, "ivr", name, &err));
}

static void make_database(void)
{
	static const char *const nodes[] = { "ccm1", "ccm2" };
	static const enum db_service services[] = { DB_SERVICE_CALLMANAGER, DB_SERVICE_CTIMANAGER };
	struct db_error err;
	struct db *db;

	OK(db_memory(&db, &err));
	db_seed(db, 1);
	OK(db_begin(db, &err));
	for (int i = 0; i < 2; i++)
		OK(db_add_node(db,
			       &(struct db_node_spec){ .name = nodes[i],
						       .node_id = i + 1,
						       .services = services,
						       .n_services = 2 },
			       &err));
	OK(db_add_group(db, &(struct db_group_spec){ .name = "G12", .nodes = nodes, .n_nodes = 2 },
			&err));
	OK(db_add_device_pool(db, "P12", "G12", &err));
	OK(db_add_group(db,
			&(struct db_group_spec){ .name = "G21",
						 .nodes = (const char *const[]){ "ccm2", "ccm1" },
						 .n_nodes = 2 },
			&err));
	OK(db_add_device_pool(db, "P21", "G21", &err));
	OK(db_add_user(db,
		       &(struct db_user_spec){ .userid = "ivr",
					       .application = true,
					       .password = "secret",
					       .cost = DB_COST_MINIMAL },
		       &err));
	OK(db_join_group(db, "ivr", "Standard CTI Enabled", &err));
	add_device(db, PHONE, DB_MODEL_7961, "1001");
	add_device(db, ON_FAILURE, DB_MODEL_7961, "1002");
	add_device(db, NO_ANSWER, DB_MODEL_7961, "1003");
	add_device(db, RP, DB_MODEL_CTI_ROUTE_POINT, "5000");
	add_device(db, PORT, DB_MODEL_CTI_PORT, "6001");
	add_device(db, FAR, DB_MODEL_CTI_PORT, "6002");
	OK(db_commit(db, &err));
	template = db_template_new(db);
	db_close(&db);
}

/* ---- the programs -------------------------------------------------------------------------- */
static void make_app(void *arg, struct sdl_config *config)
{
	struct sim_app_options options = { .cluster = 1 };

	(void)arg;
	options.provider.ctimanagers[0] = 1;
	options.provider.ctimanagers[1] = 2;
	options.provider.user = "ivr";
	options.provider.password = "secret";
	options.provider.heartbeat_s = 5;
	app = sim_app_new(&options);
	sim_app_program(config, app);
}

static void unmake_app(void *arg, void *context)
{
	(void)arg;
	(void)context;
	sim_app_destroy(&app);
}

static const char *const ccms[] = { NULL, "ccm1", "ccm2" };
static const char *const ctims[] = { NULL, "cti1", "cti2" };

static void add_node(uint8_t n)
{
	struct sdl_virt_program ccm = {
		.make = cluster_make_callmanager,
		.unmake = cluster_free_context,
		.name = ccms[n],
		.node = n,
		.app = SDL_APP_CALLMANAGER,
		.resource = cluster_database(template),
		.links = { { (uint8_t)(3 - n), SDL_APP_CALLMANAGER },
			   { 1, SDL_APP_CTIMANAGER },
			   { 2, SDL_APP_CTIMANAGER } },
		.links_n = 3,
	};
	struct sdl_virt_program ctim = {
		.make = cluster_make_ctimanager,
		.name = ctims[n],
		.node = n,
		.app = SDL_APP_CTIMANAGER,
		.resource = cluster_database(template),
		.links = { { 1, SDL_APP_CALLMANAGER }, { 2, SDL_APP_CALLMANAGER } },
		.links_n = 2,
		.serve_cti = true,
	};

	ccm.resource.notify_type = CM_DEVICE_MANAGER;
	ctim.resource.notify_type = CTIM_CTI_MANAGER;
	cluster_add(c, &ccm);
	cluster_add(c, &ctim);
	cluster_start(c, ccms[n]);
	cluster_start(c, ctims[n]);
}

/* ---- acts ---------------------------------------------------------------------------------- */
static void app_command(const char *verb, const char *device, const char *destination, int media)
{
	AppCommand m = APP_COMMAND__INIT;

	m.verb = (char *)verb;
	m.device = (char *)device;
	m.destination = (char *)destination;
	m.has_media = media >= 0;
	m.media = (MediaRegistration)media;
	cluster_post(c, IVR, APP_CTI_APPLICATION, SIG_AppCommand, &m);
}

static void phone_of(const char *name, const char *verb, const char *number)
{
	PhoneCommand m = PHONE_COMMAND__INIT;

	m.phone = (char *)name;
	m.verb = (char *)verb;
	m.number = (char *)number;
	cluster_post(c, "phones", PHONES_PHONE_INIT, SIG_PhoneCommand, &m);
}

static void phone(const char *verb, const char *number)
{
	phone_of(PHONE, verb, number);
}

static bool of_device(const void *msg, void *arg)
{
	const DeviceEvent *m = msg;

	return !strcmp(m->device, arg);
}

static bool of_line(const void *msg, void *arg)
{
	const LineEvent *m = msg;

	return !strcmp(m->device, arg);
}

static bool of_media(const void *msg, void *arg)
{
	const MediaEvent *m = msg;

	return !strcmp(m->device, arg);
}

static bool of_call(const void *msg, void *arg)
{
	const CallEvent *m = msg;

	return !strcmp(m->device, arg);
}

static bool connected(const void *msg, void *arg)
{
	const CallEvent *m = msg;

	return !strcmp(m->device, arg) && m->state == CTI_CALL_STATE__CONNECTED;
}

static bool held(const void *msg, void *arg)
{
	const CallEvent *m = msg;

	return !strcmp(m->device, arg) && m->state == CTI_CALL_STATE__ONHOLD;
}

typedef bool match(const void *msg, void *arg);

static void told(uint16_t signal, match *what, const char *device, int64_t within_ns)
{
	ck_assert_msg(cluster_until_signal(c, IVR, IVR, signal, what, (void *)device, within_ns),
		      "%s of %s did not come", signal_def(signal)->name, device ? device : "all");
}

static bool heard_at(const void *msg, void *arg)
{
	const MediaStreamEvent *m = msg;

	return !strcmp(m->device, arg);
}

static bool both_hear(struct cluster *cluster, void *device)
{
	return cluster_count_signal(cluster, IVR, NULL, SIG_MediaStreamStarted, heard_at, device) &&
	       cluster_count_signal(cluster, "phones", NULL, SIG_MediaStreamStarted, heard_at,
				    (void *)PHONE);
}

/* Since the mark. */
static void talk(const char *device)
{
	ck_assert_msg(cluster_until(c, both_hear, (void *)device, SECONDS(3)),
		      "%s and the phone do not hear each other", device);
}

static unsigned stopped(const char *program)
{
	return cluster_count_signal(c, program, NULL, SIG_MediaStreamStopped, NULL, NULL);
}

static void plug_phone(const char *name)
{
	PhonePlug m = PHONE_PLUG__INIT;
	uint32_t group[] = { 1, 2 };

	m.phone = (char *)name;
	m.model = 7961;
	m.group = group;
	m.n_group = 2;
	cluster_post(c, "phones", PHONES_PHONE_INIT, SIG_PhonePlug, &m);
	ck_assert(cluster_until_signal(c, "phones", name, SIG_StationRegisterAck, NULL, NULL,
				       SECONDS(20)));
}

static void up(void)
{
	struct sdl_virt_program phones = {
		.make = cluster_make_phones,
		.unmake = cluster_free_context,
		.name = "phones",
		.node = 101,
		.app = SDL_APP_PHONES,
		.links = { { 1, SDL_APP_CALLMANAGER }, { 2, SDL_APP_CALLMANAGER } },
		.links_n = 2,
	};
	struct sdl_virt_program ivr = {
		.make = make_app, .unmake = unmake_app, .name = IVR, .node = 102, .app = SDL_APP_CTI
	};

	make_database();
	c = cluster_new(1);
	add_node(1);
	add_node(2);
	cluster_add(c, &phones);
	cluster_add(c, &ivr);
	cluster_start(c, "phones");
	cluster_advance(c, SECONDS(2));
	plug_phone(PHONE);
	plug_phone(ON_FAILURE);
	plug_phone(NO_ANSWER);
	cluster_start(c, IVR);
	told(SIG_ProviderInService, NULL, NULL, SECONDS(3));
	app_command("open", RP, NULL, MEDIA_REGISTRATION__DYNAMIC);
	told(SIG_LineInService, of_line, RP, SECONDS(3));
	app_command("open", PORT, NULL, MEDIA_REGISTRATION__STATIC);
	told(SIG_LineInService, of_line, PORT, SECONDS(3));
	cluster_mark(c);
}

static void down(void)
{
	cluster_destroy(&c);
	db_template_destroy(&template);
}

/* The phone has called the route point, and the port has answered. */
static void redirected_call(void)
{
	phone("call", "5000");
	told(SIG_NewCall, of_call, RP, SECONDS(3));
	app_command("redirect", RP, "6001", -1);
	told(SIG_NewCall, of_call, PORT, SECONDS(3));
	app_command("answer", PORT, NULL, -1);
	talk(PORT);
	cluster_mark(c);
}

START_TEST(rtp_05_med_01_a_call_to_the_route_point_is_redirected_to_a_port_and_answered_there)
{
	redirected_call();
	cluster_advance(c, SECONDS(10));
	ck_assert_uint_eq(stopped(IVR) + stopped("phones"), 0);
	phone("hangup", NULL);
	told(SIG_CallClosed, of_call, PORT, SECONDS(2));
}
END_TEST

START_TEST(rtp_03_med_06_a_call_is_answered_at_the_route_point_with_media_per_call)
{
	phone("call", "5000");
	told(SIG_NewCall, of_call, RP, SECONDS(3));
	app_command("answer", RP, NULL, -1);
	told(SIG_DeviceCallOpenLogicalChannel, of_media, RP, SECONDS(3));
	talk(RP);
	app_command("drop", RP, NULL, -1);
	told(SIG_CallClosed, of_call, RP, SECONDS(2));
}
END_TEST

START_TEST(rtp_04_a_port_calls_another_port_with_media_between_them)
{
	app_command("open", "CTIP_6002", NULL, MEDIA_REGISTRATION__STATIC);
	told(SIG_LineInService, of_line, "CTIP_6002", SECONDS(3));
	app_command("call", PORT, "6002", -1);
	told(SIG_NewCall, of_call, "CTIP_6002", SECONDS(3));
	app_command("answer", "CTIP_6002", NULL, -1);
	ck_assert(cluster_until_signal(c, IVR, IVR, SIG_MediaStreamStarted, heard_at,
				       (void *)"CTIP_6002", SECONDS(3)));
	app_command("drop", "CTIP_6002", NULL, -1);
	told(SIG_CallClosed, of_call, PORT, SECONDS(2));
}
END_TEST

START_TEST(cal_05_cmf_14_the_stream_goes_on_when_the_callmanager_dies_and_the_port_moves)
{
	redirected_call();
	cluster_kill(c, "ccm1");
	told(SIG_CallClosed, of_call, PORT, SECONDS(3));
	told(SIG_DeviceOutOfService, of_device, PORT, SECONDS(3));
	told(SIG_DeviceInService, of_device, PORT, SECONDS(5));
	cluster_mark(c);
	cluster_advance(c, SECONDS(20));
	ck_assert_uint_eq(stopped(IVR) + stopped("phones"), 0);
	phone("hangup", NULL);
	ck_assert(
		cluster_until_signal(c, IVR, IVR, SIG_MediaStreamStopped, NULL, NULL, SECONDS(2)));
}
END_TEST

START_TEST(ctf_03_ctf_07_a_call_is_held_and_retrieved_at_the_next_ctimanager)
{
	redirected_call();
	cluster_kill(c, "cti1");
	told(SIG_CallObservationEnded, NULL, NULL, SECONDS(2));
	told(SIG_ProviderInService, NULL, NULL, SECONDS(5));
	told(SIG_ExistingCall, of_call, PORT, SECONDS(5));
	ck_assert_uint_eq(stopped(IVR) + stopped("phones"), 0);
	app_command("hold", PORT, NULL, -1);
	told(SIG_CallStateChanged, held, PORT, SECONDS(2));
	app_command("retrieve", PORT, NULL, -1);
	told(SIG_CallStateChanged, connected, PORT, SECONDS(2));
	ck_assert(cluster_until_signal(c, IVR, IVR, SIG_MediaStreamStarted, heard_at, (void *)PORT,
				       SECONDS(3)));
	phone("hangup", NULL);
	told(SIG_CallClosed, of_call, PORT, SECONDS(2));
}
END_TEST

static bool rings(const void *msg, void *arg)
{
	const StationCallState *m = msg;

	(void)arg;
	return m->state == STATION_CALL_STATE_VALUE__RingIn;
}

static bool is_cause(const void *msg, void *arg)
{
	const DeviceEvent *m = msg;

	return m->cause == *(const OutOfServiceCause *)arg && !strcmp(m->device, RP);
}

static void out_of_service(OutOfServiceCause cause, int64_t within_ns)
{
	ck_assert_msg(cluster_until_signal(c, IVR, IVR, SIG_DeviceOutOfService, is_cause, &cause,
					   within_ns),
		      "the route point does not go out of service with cause %d", (int)cause);
}

START_TEST(cmf_07_cmf_08_a_route_point_with_a_call_rehomes_when_it_is_over)
{
	OutOfServiceCause rehome = OUT_OF_SERVICE_CAUSE__REHOME_TO_HIGHER_PRIORITY_CM;

	cluster_kill(c, "ccm1");
	told(SIG_DeviceInService, of_device, RP, SECONDS(5));
	cluster_advance(c, SECONDS(150)); /* the phone has failed over */
	phone("call", "5000");
	told(SIG_NewCall, of_call, RP, SECONDS(5));
	app_command("answer", RP, NULL, -1);
	told(SIG_CallStateChanged, connected, RP, SECONDS(3));
	cluster_mark(c);
	cluster_start(c, "ccm1");
	told(SIG_DeviceOutOfService, of_device, PORT, SECONDS(5));
	told(SIG_DeviceInService, of_device, PORT, SECONDS(5));
	cluster_advance(c, SECONDS(30));
	ck_assert_uint_eq(
		cluster_count_signal(c, IVR, IVR, SIG_DeviceOutOfService, is_cause, &rehome), 0);
	phone("hangup", NULL);
	out_of_service(rehome, SECONDS(3));
	told(SIG_DeviceInService, of_device, RP, SECONDS(3));
}
END_TEST

START_TEST(ctf_05_ctf_06_the_primary_returns_the_backup_fails_and_the_call_is_still_controlled)
{
	redirected_call();
	cluster_kill(c, "cti1");
	told(SIG_ExistingCall, of_call, PORT, SECONDS(5));
	cluster_start(c, "cti1");
	cluster_advance(c, SECONDS(30));
	cluster_mark(c);
	cluster_kill(c, "cti2");
	told(SIG_ExistingCall, of_call, PORT, SECONDS(5));
	app_command("hold", PORT, NULL, -1);
	told(SIG_CallStateChanged, held, PORT, SECONDS(2));
	app_command("drop", PORT, NULL, -1);
	told(SIG_CallClosed, of_call, PORT, SECONDS(2));
}
END_TEST

START_TEST(cmf_05_cmf_10_without_a_member_devices_wait_until_one_comes_into_service)
{
	cluster_kill(c, "ccm1");
	told(SIG_DeviceInService, of_device, RP, SECONDS(5));
	cluster_kill(c, "ccm2");
	out_of_service(OUT_OF_SERVICE_CAUSE__NOCALLMANAGER_AVAILABLE, SECONDS(5));
	cluster_advance(c, SECONDS(60));
	cluster_mark(c);
	cluster_start(c, "ccm2");
	told(SIG_DeviceInService, of_device, RP, SECONDS(10));
	told(SIG_LineInService, of_line, RP, SECONDS(3));
}
END_TEST

START_TEST(
	apf_03_apf_04_of_a_frozen_application_an_accepted_call_goes_to_cfof_and_a_new_one_to_cfna)
{
	phone("call", "5000");
	told(SIG_NewCall, of_call, RP, SECONDS(3));
	app_command("accept", RP, NULL, -1);
	cluster_advance(c, SECONDS(1));
	cluster_freeze(c, IVR);
	ck_assert_msg(cluster_until_signal(c, "phones", ON_FAILURE, SIG_StationCallState, rings,
					   NULL, SECONDS(11)),
		      "CFOF does not ring");
	phone("hangup", NULL);
	cluster_advance(c, SECONDS(2));
	phone("call", "5000");
	ck_assert_msg(cluster_until_signal(c, "phones", NO_ANSWER, SIG_StationCallState, rings,
					   NULL, SECONDS(3)),
		      "CFNA does not ring");
	phone("hangup", NULL);
	cluster_advance(c, SECONDS(2));
	cluster_thaw(c, IVR);
	told(SIG_ProviderOutOfService, NULL, NULL, SECONDS(3));
	told(SIG_LineInService, of_line, RP, SECONDS(20));
}
END_TEST

START_TEST(apf_06_frozen_for_one_interval_the_application_keeps_its_call)
{
	redirected_call();
	cluster_freeze(c, IVR);
	cluster_advance(c, SECONDS(5));
	cluster_thaw(c, IVR);
	cluster_advance(c, SECONDS(20));
	ck_assert_uint_eq(cluster_count_signal(c, IVR, IVR, SIG_ProviderOutOfService, NULL, NULL),
			  0);
	ck_assert_uint_eq(cluster_count_signal(c, IVR, IVR, SIG_CallClosed, NULL, NULL), 0);
}
END_TEST

static bool refused(const void *msg, void *arg)
{
	const Response *m = msg;

	(void)arg;
	return m->result == CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE;
}

/* A call between the phone at ccm1 and the port at ccm2. */
static void call_across(void)
{
	app_command("open", FAR, NULL, MEDIA_REGISTRATION__STATIC);
	told(SIG_LineInService, of_line, FAR, SECONDS(3));
	phone("call", "6002");
	told(SIG_NewCall, of_call, FAR, SECONDS(3));
	app_command("answer", FAR, NULL, -1);
	talk(FAR);
	cluster_mark(c);
}

START_TEST(cal_04_cal_05_of_a_preserved_call_the_surviving_port_may_only_drop)
{
	call_across();
	cluster_kill(c, "ccm1");
	cluster_advance(c, SECONDS(10));
	ck_assert_uint_eq(cluster_count_signal(c, IVR, IVR, SIG_CallClosed, of_call, (void *)FAR),
			  0);
	ck_assert_uint_eq(stopped(IVR) + stopped("phones"), 0);
	app_command("hold", FAR, NULL, -1);
	told(SIG_Response, refused, NULL, SECONDS(1));
	app_command("drop", FAR, NULL, -1);
	told(SIG_CallClosed, of_call, FAR, SECONDS(1));
}
END_TEST

START_TEST(cal_04_a_preserved_call_ends_when_the_other_side_hangs_up)
{
	call_across();
	cluster_kill(c, "ccm1");
	cluster_advance(c, SECONDS(10));
	phone("hangup", NULL);
	told(SIG_CallClosed, of_call, FAR, SECONDS(4));
}
END_TEST

START_TEST(cal_04_a_preserved_call_ends_when_the_other_side_dies)
{
	call_across();
	cluster_kill(c, "ccm1");
	cluster_advance(c, SECONDS(3));
	cluster_kill(c, "phones");
	told(SIG_CallClosed, of_call, FAR, SECONDS(14));
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(
			rtp_05_med_01_a_call_to_the_route_point_is_redirected_to_a_port_and_answered_there,
			up, down),
		SUITE_CASE_WITH(
			rtp_03_med_06_a_call_is_answered_at_the_route_point_with_media_per_call, up,
			down),
		SUITE_CASE_WITH(rtp_04_a_port_calls_another_port_with_media_between_them, up, down),
		SUITE_CASE_WITH(
			cal_05_cmf_14_the_stream_goes_on_when_the_callmanager_dies_and_the_port_moves,
			up, down),
		SUITE_CASE_WITH(ctf_03_ctf_07_a_call_is_held_and_retrieved_at_the_next_ctimanager,
				up, down),
		SUITE_CASE_WITH(cmf_07_cmf_08_a_route_point_with_a_call_rehomes_when_it_is_over, up,
				down),
		SUITE_CASE_WITH(
			ctf_05_ctf_06_the_primary_returns_the_backup_fails_and_the_call_is_still_controlled,
			up, down),
		SUITE_CASE_WITH(
			cmf_05_cmf_10_without_a_member_devices_wait_until_one_comes_into_service,
			up, down),
		SUITE_CASE_WITH(
			apf_03_apf_04_of_a_frozen_application_an_accepted_call_goes_to_cfof_and_a_new_one_to_cfna,
			up, down),
		SUITE_CASE_WITH(apf_06_frozen_for_one_interval_the_application_keeps_its_call, up,
				down),
		SUITE_CASE_WITH(cal_04_cal_05_of_a_preserved_call_the_surviving_port_may_only_drop,
				up, down),
		SUITE_CASE_WITH(cal_04_a_preserved_call_ends_when_the_other_side_hangs_up, up,
				down),
		SUITE_CASE_WITH(cal_04_a_preserved_call_ends_when_the_other_side_dies, up, down),
	};

	return suite_main(argc, argv, "cluster/test_app_calls", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
