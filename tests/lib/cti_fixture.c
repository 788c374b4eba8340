#include "tests/lib/cti_fixture_programs.h"
#include "tests/lib/cluster_programs.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cti_error.h"
#include "common/db/db.h"
#include "common/msg/address.h"
#include "tests/lib/db_fault.h"

struct cti_fixture *fx;
static struct db_template *template;
static bool real_ccm;
static uint64_t seed = 1;

/* ---- the cluster ---------------------------------------------------------------------------- */

#define OK(call) ck_assert_msg((call) == 0, "%s", err.text)

static void add_device(struct db *db, const char *user, const struct db_device_spec *spec,
		       const char *dn)
{
	struct db_error err;

	OK(db_add_device(db, spec, &err));
	OK(db_add_line(db, spec->name, &(struct db_line_spec){ .index = 1, .dn = dn }, &err));
	if (user)
		OK(db_associate(db, user, spec->name, &err));
}

static void add_user(struct db *db, const char *name, const char *group, const char *second)
{
	struct db_error err;

	OK(db_add_user(db,
		       &(struct db_user_spec){ .userid = name,
					       .application = true,
					       .password = "secret",
					       .cost = DB_COST_MINIMAL },
		       &err));
	if (group)
		OK(db_join_group(db, name, group, &err));
	if (second)
		OK(db_join_group(db, name, second, &err));
}

static void add_devices(struct db *db, unsigned ports)
{
	struct db_error err;
	struct db_device_spec port = { .name = "CTIP_1",
				       .model = DB_MODEL_CTI_PORT,
				       .device_pool = "P12" };
	struct db_device_spec phone = { .name = "SEP000000000001",
					.model = DB_MODEL_7961,
					.device_pool = "P12" };

	add_device(db, "ivr", &port, "4001");
	port.name = "CTIP_2";
	add_device(db, NULL, &port, "4002");
	OK(db_add_line(db, "CTIP_2",
		       &(struct db_line_spec){ .index = 2, .dn = "4003", .cti_restricted = true },
		       &err));
	port.name = "CTIP_R";
	port.cti_restricted = true;
	add_device(db, "ivr", &port, "4005");
	port.cti_restricted = false;
	port.name = "CTIP_3";
	port.device_pool = "P123";
	add_device(db, "ivr", &port, "4011");
	port.device_pool = "P12";
	port.name = "CTIRP_1";
	port.model = DB_MODEL_CTI_ROUTE_POINT;
	add_device(db, "ivr", &port, "5001");
	OK(db_change_line(db, "CTIRP_1",
			  &(struct db_line_spec){ .index = 1,
						  .dn = "5001",
						  .cfof = "4011",
						  .cfna = "4002",
						  .cfna_int = "4002" },
			  &err));
	add_device(db, "ivr", &phone, "1001");
	phone.protocol = DB_PROTOCOL_SIP;
	phone.name = "SEP000000007961";
	add_device(db, "ivr", &phone, "1061");
	phone.name = "SEP000000007960";
	phone.model = DB_MODEL_7960;
	add_device(db, "ivr", &phone, "1060");
	port.model = DB_MODEL_CTI_PORT;
	for (unsigned i = 0; i < ports; i++) {
		char name[24], dn[16];

		snprintf(name, sizeof(name), "CTIP_M%u", i);
		snprintf(dn, sizeof(dn), "%u", 7000000 + i);
		port.name = name;
		add_device(db, "ivr", &port, dn);
	}
}

static void make_database(unsigned ports)
{
	static const char *const names[] = { "ccm1", "ccm2", "ccm3" };
	static const enum db_service services[] = { DB_SERVICE_CALLMANAGER, DB_SERVICE_CTIMANAGER };
	struct db_error err;
	struct db *db;

	OK(db_memory(&db, &err));
	db_seed(db, 1);
	OK(db_begin(db, &err));
	for (int i = 0; i < 3; i++)
		OK(db_add_node(db,
			       &(struct db_node_spec){ .name = names[i],
						       .node_id = i + 1,
						       .services = services,
						       .n_services = 2 },
			       &err));
	OK(db_add_group(db, &(struct db_group_spec){ .name = "G12", .nodes = names, .n_nodes = 2 },
			&err));
	OK(db_add_group(db, &(struct db_group_spec){ .name = "G123", .nodes = names, .n_nodes = 3 },
			&err));
	OK(db_add_device_pool(db, "P12", "G12", &err));
	OK(db_add_device_pool(db, "P123", "G123", &err));
	add_user(db, "ivr", "Standard CTI Enabled", NULL);
	add_user(db, "super", "Standard CTI Enabled", "Standard CTI Allow Control of All Devices");
	add_user(db, "nobody", NULL, NULL);
	add_devices(db, ports);
	OK(db_commit(db, &err));
	template = db_template_new(db);
	db_close(&db);
}

static const char *const ccm_names[] = { NULL, "ccm1", "ccm2", "ccm3" };
static const char *const ctim_names[] = { NULL, "cti1", "cti2", "cti3" };
static const char *const app_names[] = { "app0", "app1", "app2" };

static void add_programs(void)
{
	for (uint8_t n = 1; n <= 3; n++) {
		struct sdl_virt_program ctim = {
			.make = cluster_make_ctimanager,
			.name = ctim_names[n],
			.node = n,
			.app = SDL_APP_CTIMANAGER,
			.resource = cluster_database(template),
			.links = { { 1, SDL_APP_CALLMANAGER },
				   { 2, SDL_APP_CALLMANAGER },
				   { 3, SDL_APP_CALLMANAGER } },
			.links_n = 3,
			.serve_cti = true,
		};
		struct sdl_virt_program ccm = {
			.make = fake_ccm_make,
			.arg = &fx->ccm[n],
			.name = ccm_names[n],
			.node = n,
			.app = SDL_APP_CALLMANAGER,
			.links = { { 1, SDL_APP_CTIMANAGER },
				   { 2, SDL_APP_CTIMANAGER },
				   { 3, SDL_APP_CTIMANAGER } },
			.links_n = 3,
		};

		if (real_ccm) {
			ccm.make = cluster_make_callmanager;
			ccm.unmake = cluster_free_context;
			ccm.resource = cluster_database(template);
			for (uint8_t peer = 1; peer <= 3; peer++) {
				if (peer == n)
					continue;
				ccm.links[ccm.links_n].node = peer;
				ccm.links[ccm.links_n++].app = SDL_APP_CALLMANAGER;
			}
		}
		fx->ccm[n].node = n;
		cluster_add(fx->c, &ctim);
		cluster_add(fx->c, &ccm);
	}
	for (int i = 0; i < 3; i++) {
		struct sdl_virt_program app = { .make = raw_app_make,
						.arg = &fx->app[i],
						.name = app_names[i],
						.node = (uint8_t)(101 + i),
						.app = SDL_APP_CTI };

		fx->app[i].ctimanager = 1;
		cluster_add(fx->c, &app);
	}
}

void cti_fixture_new(unsigned ports)
{
	fx = calloc(1, sizeof(*fx));
	ck_assert_ptr_nonnull(fx);
	make_database(ports);
	fx->c = cluster_new(seed);
	add_programs();
}

void cti_start_node(int node)
{
	cluster_start(fx->c, ccm_names[node]);
	cluster_start(fx->c, ctim_names[node]);
}

void cti_fixture_start(void)
{
	for (int n = 1; n <= 3; n++)
		cti_start_node(n);
	cluster_advance(fx->c, SECONDS(1));
	cluster_start(fx->c, "app0");
}

void cti_fixture_up(void)
{
	cti_fixture_new(0);
	cti_fixture_start();
	app_provider_open(0, "ivr", "secret");
	ck_assert(app_told(0, "ProviderOpenCompleted"));
	app_forget(0);
}

void cti_fixture_new_real(uint64_t with_seed)
{
	real_ccm = true;
	seed = with_seed;
	cti_fixture_up();
}

void cti_fixture_up_real(void)
{
	real_ccm = true;
	cti_fixture_up();
}

void cti_fixture_down(void)
{
	cluster_destroy(&fx->c);
	db_template_destroy(&template);
	free(fx);
	fx = NULL;
	real_ccm = false;
	seed = 1;
}

/* ---- verbs ---------------------------------------------------------------------------------- */

void app_send(int app, uint16_t signal, const void *msg)
{
	cluster_post(fx->c, app_names[app], APP_CTI_APPLICATION, signal, msg);
}

void app_provider_open(int app, const char *user, const char *password)
{
	ProviderOpen open = PROVIDER_OPEN__INIT;

	ck_assert(app_told(app, "up"));
	open.seq = 1;
	open.version = 1;
	open.user = (char *)(uintptr_t)user;
	open.password = (char *)(uintptr_t)password;
	open.has_heartbeat_s = true;
	open.heartbeat_s = 10;
	open.has_kind = true;
	open.kind = fx->app[app].kind;
	app_send(app, SIG_ProviderOpen, &open);
	ck_assert(app_told(app, "Response 1 "));
}

uint64_t app_device_open(int app, uint32_t seq, const char *device, int media)
{
	DeviceOpen open = DEVICE_OPEN__INIT;
	char text[32];

	open.seq = seq;
	open.device = (char *)(uintptr_t)device;
	open.has_registration = media >= 0;
	open.registration = (MediaRegistration)(media < 0 ? 0 : media);
	open.has_ip = open.has_port = media == MEDIA_REGISTRATION__STATIC;
	open.ip = 0x7f010065;
	open.port = 5000 + seq;
	app_send(app, SIG_DeviceOpen, &open);
	snprintf(text, sizeof(text), "Response %u ", seq);
	fx->app[app].device_handle = 0;
	ck_assert(app_told(app, text));
	return fx->app[app].device_handle;
}

uint64_t app_line_open(int app, uint32_t seq, uint64_t device, const char *dn)
{
	LineOpen open = LINE_OPEN__INIT;
	char text[32];

	open.seq = seq;
	open.device_handle = device;
	open.dn = (char *)(uintptr_t)dn;
	app_send(app, SIG_LineOpen, &open);
	snprintf(text, sizeof(text), "Response %u ", seq);
	fx->app[app].line_handle = 0;
	ck_assert(app_told(app, text));
	return fx->app[app].line_handle;
}

void cti_open_port(void)
{
	app_line_open(0, 3, app_device_open(0, 2, "CTIP_1", 2), "4001");
	ck_assert(app_told(0, "ExistingCallCompleted 4001\n"));
	app_forget(0);
}

void app_call(int app, uint16_t signal, uint32_t seq, uint64_t call)
{
	CallRequest req = CALL_REQUEST__INIT;

	req.seq = seq;
	req.call_handle = call;
	app_send(app, signal, &req);
}

struct telling {
	int app;
	const char *text;
};

bool app_knows(int app, const char *text)
{
	return strstr(fx->app[app].log, text) != NULL;
}

static bool told(struct cluster *c, void *arg)
{
	const struct telling *t = arg;

	(void)c;
	return app_knows(t->app, t->text);
}

bool app_told_within(int app, const char *text, int64_t ns)
{
	struct telling t = { app, text };

	return cluster_until(fx->c, told, &t, ns);
}

bool app_told(int app, const char *text)
{
	bool is = app_told_within(app, text, SECONDS(60));

	if (!is)
		fprintf(stderr, "never told: %s\nbut:\n%s", text, fx->app[app].log);
	return is;
}

void app_told_exactly(int app, const char *text)
{
	ck_assert_str_eq(fx->app[app].log, text);
}

void app_forget(int app)
{
	fx->app[app].log_n = 0;
	fx->app[app].log[0] = '\0';
}

uint64_t app_last_call(int app, const char *dn)
{
	char text[64];
	unsigned node = 0, ci = 0;

	snprintf(text, sizeof(text), "Call %s ", dn);
	for (const char *at = fx->app[app].log; (at = strstr(at, text)); at++)
		sscanf(at + strlen(text), "%u|%u", &node, &ci);
	ck_assert_msg(node, "no call at %s:\n%s", dn, fx->app[app].log);
	return (uint64_t)node << 32 | ci;
}

unsigned app_count(int app, const char *text)
{
	unsigned n = 0;

	for (const char *at = fx->app[app].log; (at = strstr(at, text)); at++)
		n++;
	return n;
}

void ccm_tell(int node, uint16_t signal, const void *msg)
{
	cluster_post(fx->c, ccm_names[node], CM_CTI_REGISTRAR, signal, msg);
}

void ccm_call(int node, uint16_t signal, const char *device, const char *dn, uint32_t ci, int state)
{
	CtiCallNotify notify = CTI_CALL_NOTIFY__INIT;

	notify.device = (char *)(uintptr_t)device;
	notify.dn = (char *)(uintptr_t)dn;
	notify.ci = ci;
	notify.has_state = true;
	notify.state = (CtiCallState)state;
	ccm_tell(node, signal, &notify);
}
