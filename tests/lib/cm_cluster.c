#include "tests/lib/cm_cluster.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "callmanager/callmanager.h"
#include "tests/lib/db_fault.h"
#include "sim/phones.h"

#define OK(call)                                                                                   \
	do {                                                                                       \
		struct db_error err = { 0 };                                                       \
		ck_assert_msg((call) >= 0, "%s", err.text);                                        \
	} while (0)

static const char *const ccm[] = { "", "ccm1", "ccm2", "ccm3" };
static const char *const ctim[] = { "", "ctim1", "ctim2" };

/* ---- making it ----------------------------------------------------------------------------- */

static void add_device(struct db *db, const char *name, int model, const char *pool,
		       const struct db_line_spec *line)
{
	const struct db_device_spec device = { .name = name, .model = model, .device_pool = pool };

	OK(db_add_device(db, &device, &err));
	OK(db_add_line(db, name, line, &err));
}

static void fill(struct db *db)
{
	static const char *const g12[] = { "ccm1", "ccm2" };
	static const char *const g3[] = { "ccm3" };
	static const enum db_service both[] = { DB_SERVICE_CALLMANAGER, DB_SERVICE_CTIMANAGER };
	const struct db_group_spec groups[] = { { .name = "G12", .nodes = g12, .n_nodes = 2 },
						{ .name = "G3", .nodes = g3, .n_nodes = 1 } };

	for (int i = 1; i <= 3; i++) {
		const struct db_node_spec node = {
			.name = ccm[i], .node_id = i, .services = both, .n_services = 2
		};

		OK(db_add_node(db, &node, &err));
	}
	OK(db_add_group(db, &groups[0], &err));
	OK(db_add_group(db, &groups[1], &err));
	OK(db_add_park_number(db, "8801", NULL, "ccm1", &err));
	OK(db_add_park_number(db, "882X", NULL, "ccm2", &err));
	OK(db_add_park_number(db, "883X", NULL, "ccm3", &err));
	OK(db_add_device_pool(db, "P12", "G12", &err));
	OK(db_add_device_pool(db, "P3", "G3", &err));
	add_device(db, PHONE_A, DB_MODEL_7960, "P12",
		   &(struct db_line_spec){ .index = 1, .dn = "1001" });
	add_device(db, PHONE_B, DB_MODEL_7960, "P12",
		   &(struct db_line_spec){ .index = 1, .dn = "1002" });
	add_device(db, PHONE_C, DB_MODEL_7960, "P12",
		   &(struct db_line_spec){ .index = 1, .dn = "1003" });
	add_device(db, PHONE_D, DB_MODEL_7960, "P3",
		   &(struct db_line_spec){ .index = 1, .dn = "1004" });
	add_device(db, "CTIP_1", DB_MODEL_CTI_PORT, "P12",
		   &(struct db_line_spec){ .index = 1, .dn = "6001", .cfna = "1003" });
	add_device(db, "CTIP_2", DB_MODEL_CTI_PORT, "P12",
		   &(struct db_line_spec){ .index = 1, .dn = "6002" });
	add_device(
		db, "CTIRP_5000", DB_MODEL_CTI_ROUTE_POINT, "P12",
		&(struct db_line_spec){ .index = 1, .dn = "5000", .cfna = "1003", .cfof = "1002" });
	OK(db_add_pickup_group(db, "sales", "8900", &err));
	OK(db_set_pickup_group(db, "1002", NULL, "sales", &err));
	OK(db_set_pickup_group(db, "1003", NULL, "sales", &err));
	OK(db_set_pickup_group(db, "1004", NULL, "sales", &err));
}

static void *open_db(void *arg, char *why, size_t why_size)
{
	struct cm_cluster *k = arg;
	struct db_error err = { 0 };
	struct db *db = NULL;

	if (db_clone(&db, k->image, &err) == 0) {
		if (k->opened_n < 3)
			k->opened[k->opened_n++] = db;
		return db;
	}
	snprintf(why, why_size, "%s", err.text);
	return NULL;
}

static void close_db(void *resource)
{
	struct db *db = resource;

	db_close(&db);
}

static void make_cm(void *arg, struct sdl_config *config)
{
	struct cm_context *context = calloc(1, sizeof *context);

	(void)arg;
	ck_assert_ptr_nonnull(context);
	cm_program(config, context);
	db_fault_program(config);
}

static void make_phones(void *arg, struct sdl_config *config)
{
	struct phones_context *context = calloc(1, sizeof *context);

	(void)arg;
	ck_assert_ptr_nonnull(context);
	phones_program(config, context);
}

static void unmake(void *arg, void *context)
{
	(void)arg;
	free(context);
}

static void make_driver(void *arg, struct sdl_config *config)
{
	cti_driver_program(config, arg);
}

static void link_to(struct sdl_virt_program *spec, uint8_t node, uint16_t app)
{
	spec->links[spec->links_n].node = node;
	spec->links[spec->links_n++].app = app;
}

static void add_cm(struct cm_cluster *k, uint8_t node)
{
	struct sdl_virt_program spec = { .make = make_cm,
					 .unmake = unmake,
					 .name = ccm[node],
					 .node = node,
					 .app = SDL_APP_CALLMANAGER,
					 .resource = { .open = open_db,
						       .close = close_db,
						       .notify_type = CM_DEVICE_MANAGER,
						       .arg = k } };

	for (uint8_t other = 1; other <= 3; other++) {
		if (other != node)
			link_to(&spec, other, SDL_APP_CALLMANAGER);
		if (other <= 2)
			link_to(&spec, other, SDL_APP_CTIMANAGER);
	}
	cluster_add(k->c, &spec);
}

void cm_cluster_up(struct cm_cluster *k)
{
	static const char *const beside[] = { "-wal", "-shm" };
	char path[64] = "/tmp/rehome-cm-XXXXXX";
	int fd = mkstemp(path);
	struct sdl_virt_program phones = { .make = make_phones,
					   .unmake = unmake,
					   .name = "phones",
					   .node = 101,
					   .app = SDL_APP_PHONES };

	ck_assert_int_ge(fd, 0);
	remove(path);
	*k = (struct cm_cluster){ .c = cluster_new(1) };
	OK(db_create(&k->db, path, &err));
	db_seed(k->db, 1);
	fill(k->db);
	for (uint8_t node = 1; node <= 3; node++) {
		add_cm(k, node);
		link_to(&phones, node, SDL_APP_CALLMANAGER);
	}
	cluster_add(k->c, &phones);
	for (uint8_t node = 1; node <= 2; node++) {
		struct sdl_virt_program spec = { .make = make_driver,
						 .arg = &k->driver[node],
						 .name = ctim[node],
						 .node = node,
						 .app = SDL_APP_CTIMANAGER };

		for (uint8_t other = 1; other <= 3; other++)
			link_to(&spec, other, SDL_APP_CALLMANAGER);
		cluster_add(k->c, &spec);
	}
	remove(path);
	/* Open files need no names; nothing is left when the test ends, however it does. */
	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
		char other[80];

		snprintf(other, sizeof(other), "%s%s", path, beside[i]);
		remove(other);
	}
}

void cm_forward(struct cm_cluster *k, const char *device, const struct db_line_spec *forwards)
{
	OK(db_change_line(k->db, device, forwards, &err));
}

void cm_cluster_start(struct cm_cluster *k, unsigned nodes)
{
	k->image = db_template_new(k->db);
	ck_assert_ptr_nonnull(k->image);
	for (unsigned node = 1; node <= nodes; node++) {
		cluster_start(k->c, ccm[node]);
		ck_assert(cluster_until_signal(k->c, ccm[node], NULL, SIG_Ready, NULL, NULL,
					       SECONDS(2)));
	}
	cluster_start(k->c, "phones");
	cluster_start(k->c, "ctim1");
	cluster_start(k->c, "ctim2");
	cluster_advance(k->c, MS(500));
	cluster_mark(k->c);
}

/* Those that the record still has. */
static void name_unexpected(struct cm_cluster *k)
{
	struct sdl_record_cursor cursor = { 0 };
	const struct sdl_record_entry *e;

	while ((e = sdl_record_next(sdl_virt_record(cluster_virt(k->c)), &cursor)))
		if (e->kind == SDL_REC_UNEXPECTED)
			fprintf(stderr,
				"nobody expected %s at (%u,%u,%u,%u) in state %u, from "
				"(%u,%u,%u,%u)\n",
				signal_def(e->number)->name, e->to.node, e->to.app, e->to.type,
				e->to.inst, e->state, e->from.node, e->from.app, e->from.type,
				e->from.inst);
}

static void nothing_left(struct cm_cluster *k, uint8_t node)
{
	static const char *const types[] = { "LineCdpc",   "Transfer", "Join",
					     "Conference", "ParkSlot", "Pickup" };

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		ck_assert_msg(cm_processes(k, node, types[i]) == 0, "%u of %s are left at node %u",
			      cm_processes(k, node, types[i]), types[i], node);
}

void cm_cluster_down(struct cm_cluster *k)
{
	name_unexpected(k);
	for (uint8_t node = 1; node <= 3; node++)
		if (cluster_is_up(k->c, ccm[node]))
			nothing_left(k, node);
	cluster_destroy(&k->c);
	db_template_destroy(&k->image);
	db_close(&k->db);
}

/* ---- waiting ------------------------------------------------------------------------------- */

struct wait {
	const char *name;
	const char *label;
	uint16_t signal;
	bool (*match)(const void *msg, void *arg);
	void *arg;
};

static bool has_come(struct cluster *c, void *arg)
{
	const struct wait *w = arg;

	return cluster_count_signal(c, w->name, w->label, w->signal, w->match, w->arg) > 0;
}

/* Since the last stimulus: what came before an expectation counts, too. */
static bool until(struct cm_cluster *k, const char *name, const char *label, uint16_t signal,
		  bool (*match)(const void *msg, void *arg), void *arg, int64_t within_ns)
{
	struct wait w = { name, label, signal, match, arg };

	return cluster_until(k->c, has_come, &w, within_ns);
}

/* ---- phones -------------------------------------------------------------------------------- */

static void plug(struct cm_cluster *k, const char *phone, bool enbloc)
{
	uint32_t g12[] = { 1, 2 }, g3[] = { 3 };
	bool third = strcmp(phone, PHONE_D) == 0;
	PhonePlug p = PHONE_PLUG__INIT;

	p.phone = (char *)phone;
	p.model = DB_MODEL_7960;
	p.group = third ? g3 : g12;
	p.n_group = third ? 1 : 2;
	p.has_enbloc = true;
	p.enbloc = enbloc;
	cluster_post(k->c, "phones", PHONES_PHONE_INIT, SIG_PhonePlug, &p);
}

void cm_plug(struct cm_cluster *k, const char *phone)
{
	plug(k, phone, false);
}

void cm_plug_enbloc(struct cm_cluster *k, const char *phone)
{
	plug(k, phone, true);
}

void cm_plug_bridge(struct cm_cluster *k, uint8_t node)
{
	char name[] = "CFB_0";
	uint32_t group[] = { node };
	PhonePlug p = PHONE_PLUG__INIT;

	name[4] = (char)('0' + node);
	p.phone = name;
	p.model = 50;
	p.group = group;
	p.n_group = 1;
	cluster_post(k->c, "phones", PHONES_PHONE_INIT, SIG_PhonePlug, &p);
}

void cm_plug_all(struct cm_cluster *k)
{
	cm_plug(k, PHONE_A);
	cm_plug(k, PHONE_B);
	cm_plug(k, PHONE_C);
	cm_plug(k, PHONE_D);
	cluster_advance(k->c, SECONDS(1));
	cluster_mark(k->c);
}

void cm_press(struct cm_cluster *k, const char *phone, const char *verb, const char *number)
{
	PhoneCommand p = PHONE_COMMAND__INIT;

	cluster_mark(k->c);
	p.phone = (char *)phone;
	p.verb = (char *)verb;
	p.number = (char *)number;
	cluster_post(k->c, "phones", PHONES_PHONE_INIT, SIG_PhoneCommand, &p);
}

static bool is_state(const void *msg, void *arg)
{
	return ((const StationCallState *)msg)->state == *(const StationCallStateValue *)arg;
}

bool cm_phone_sees(struct cm_cluster *k, const char *phone, StationCallStateValue state,
		   int64_t within_ns)
{
	return until(k, "phones", phone, SIG_StationCallState, is_state, &state, within_ns);
}

bool cm_phone_gets(struct cm_cluster *k, const char *phone, uint16_t signal, int64_t within_ns)
{
	return until(k, "phones", phone, signal, NULL, NULL, within_ns);
}

/* ---- CTI ----------------------------------------------------------------------------------- */

static uint32_t next_async(void)
{
	static uint32_t async;

	return ++async;
}

static void post(struct cm_cluster *k, unsigned to, uint16_t number, const void *msg)
{
	cluster_mark(k->c);
	cluster_post(k->c, ctim[to], CTIM_CTI_MANAGER, number, msg);
}

struct result {
	uint32_t async;
	uint32_t result;
	bool found;
};

/* All answers begin with async_response and result. */
static bool is_answer(const void *msg, void *arg)
{
	const CtiLineCallRes *res = msg;
	struct result *r = arg;

	if (res->async_response != r->async)
		return false;
	r->result = res->result;
	r->found = true;
	return true;
}

static void expect(struct cm_cluster *k, unsigned to, uint16_t number, uint32_t async,
		   uint32_t result)
{
	struct result r = { .async = async };

	ck_assert_msg(until(k, ctim[to], NULL, number, is_answer, &r, SECONDS(2)), "no %s",
		      signal_def(number)->name);
	ck_assert_msg(r.result == result, "%s is %s, not %s", signal_def(number)->name,
		      cti_error_name(r.result), cti_error_name(result));
}

static DeviceKind kind_of(const char *device)
{
	if (strncmp(device, "CTIRP", 5) == 0)
		return DEVICE_KIND__DEVICE_ROUTE_POINT;
	return strncmp(device, "CTIP", 4) == 0 ? DEVICE_KIND__DEVICE_CTI_PORT
					       : DEVICE_KIND__DEVICE_SCCP_PHONE;
}

uint32_t cm_post_open(struct cm_cluster *k, unsigned to, uint8_t node, const char *device,
		      MediaRegistration media)
{
	CtiDeviceOpenDeviceReq req = CTI_DEVICE_OPEN_DEVICE_REQ__INIT;
	DeviceConfig config = DEVICE_CONFIG__INIT;
	LineConfig line = LINE_CONFIG__INIT, *lines = &line;
	uint32_t group[] = { 1, 2 }, codec[] = { 4 };
	char owner[24];

	snprintf(owner, sizeof owner, "ivr/%u", to);
	config.name = (char *)device;
	config.kind = kind_of(device);
	config.group = group;
	config.n_group = 2;
	line.index = 1;
	line.dn = strcmp(device, "CTIRP_5000") == 0 ? "5000"
		  : strcmp(device, "CTIP_1") == 0   ? "6001"
						    : "6002";
	line.cfna = strcmp(device, "CTIP_2") == 0 ? NULL : "1003";
	line.cfof = strcmp(device, "CTIRP_5000") == 0 ? "1002" : NULL;
	config.line = &lines;
	config.n_line = 1;
	req.device = &config;
	req.async_response = next_async();
	req.has_registration = media || config.kind != DEVICE_KIND__DEVICE_SCCP_PHONE;
	req.registration = media;
	req.has_ip = req.has_port = media == MEDIA_REGISTRATION__STATIC;
	req.ip = 0x7f010096;
	req.port = 4000;
	req.codec = codec;
	req.n_codec = 1;
	req.owner = owner;
	k->driver[to].node = node;
	post(k, to, SIG_CtiDeviceOpenDeviceReq, &req);
	return req.async_response;
}

void cm_open(struct cm_cluster *k, unsigned to, uint8_t node, const char *device,
	     MediaRegistration media, uint32_t result)
{
	expect(k, to, SIG_CtiDeviceOpenDeviceRes, cm_post_open(k, to, node, device, media), result);
}

uint32_t cm_post_open_line(struct cm_cluster *k, unsigned to, const char *dn)
{
	CtiLineOpenLineReq req = CTI_LINE_OPEN_LINE_REQ__INIT;

	req.async_response = next_async();
	req.dn = (char *)dn;
	post(k, to, SIG_CtiLineOpenLineReq, &req);
	return req.async_response;
}

void cm_open_line(struct cm_cluster *k, unsigned to, const char *dn, uint32_t result)
{
	expect(k, to, SIG_CtiLineOpenLineRes, cm_post_open_line(k, to, dn), result);
}

uint32_t cm_post_close(struct cm_cluster *k, unsigned to, uint8_t node, const char *device)
{
	CtiDeviceCloseDeviceReq req = CTI_DEVICE_CLOSE_DEVICE_REQ__INIT;

	req.async_response = next_async();
	req.device = (char *)device;
	req.has_application_failed = true;
	req.application_failed = true;
	k->driver[to].node = node;
	post(k, to, SIG_CtiDeviceCloseDeviceReq, &req);
	return req.async_response;
}

void cm_close(struct cm_cluster *k, unsigned to, uint8_t node, const char *device)
{
	expect(k, to, SIG_CtiDeviceCloseDeviceRes, cm_post_close(k, to, node, device),
	       CTIERR_SUCCESS);
}

uint32_t cm_post_initiate(struct cm_cluster *k, unsigned to, const char *dn, const char *called)
{
	CtiLineCallInitiateReq req = CTI_LINE_CALL_INITIATE_REQ__INIT;

	req.async_response = next_async();
	req.dn = (char *)dn;
	req.called = (char *)called;
	post(k, to, SIG_CtiLineCallInitiateReq, &req);
	return req.async_response;
}

void cm_initiate(struct cm_cluster *k, unsigned to, const char *dn, const char *called,
		 uint32_t result)
{
	expect(k, to, SIG_CtiLineCallInitiateRes, cm_post_initiate(k, to, dn, called), result);
}

uint32_t cm_post_request(struct cm_cluster *k, unsigned to, uint16_t number, uint32_t ci)
{
	CtiLineCallReq req = CTI_LINE_CALL_REQ__INIT;

	req.async_response = next_async();
	req.ci = ci;
	post(k, to, number, &req);
	return req.async_response;
}

void cm_request(struct cm_cluster *k, unsigned to, uint16_t number, uint32_t ci, uint32_t result)
{
	expect(k, to, (uint16_t)(number + 1), cm_post_request(k, to, number, ci), result);
}

uint32_t cm_post_ask(struct cm_cluster *k, unsigned to, uint16_t number, void *msg)
{
	CtiLineCallReq *req = msg;

	req->async_response = next_async();
	post(k, to, number, msg);
	return req->async_response;
}

void cm_ask(struct cm_cluster *k, unsigned to, uint16_t number, void *msg, uint32_t result)
{
	expect(k, to, (uint16_t)(number + 1), cm_post_ask(k, to, number, msg), result);
}

uint32_t cm_post_redirect(struct cm_cluster *k, unsigned to, uint32_t ci, const char *destination)
{
	CtiLineCallRedirectReq req = CTI_LINE_CALL_REDIRECT_REQ__INIT;

	req.async_response = next_async();
	req.ci = ci;
	req.destination = (char *)destination;
	post(k, to, SIG_CtiLineCallRedirectReq, &req);
	return req.async_response;
}

void cm_redirect(struct cm_cluster *k, unsigned to, uint32_t ci, const char *destination,
		 uint32_t result)
{
	expect(k, to, SIG_CtiLineCallRedirectRes, cm_post_redirect(k, to, ci, destination), result);
}

uint32_t cm_post_to(struct cm_cluster *k, unsigned to, uint16_t number, uint32_t ci,
		    const char *destination)
{
	CtiLineCallToReq req = CTI_LINE_CALL_TO_REQ__INIT;

	req.async_response = next_async();
	req.ci = ci;
	req.destination = (char *)destination;
	post(k, to, number, &req);
	return req.async_response;
}

void cm_to(struct cm_cluster *k, unsigned to, uint16_t number, uint32_t ci, const char *destination,
	   uint32_t result)
{
	expect(k, to, (uint16_t)(number + 1), cm_post_to(k, to, number, ci, destination), result);
}

uint32_t cm_post_others(struct cm_cluster *k, unsigned to, uint16_t number, uint32_t ci,
			const uint32_t *others)
{
	CtiLineCallOthersReq req = CTI_LINE_CALL_OTHERS_REQ__INIT;

	req.async_response = next_async();
	req.ci = ci;
	req.other_ci = (uint32_t *)others;
	while (others[req.n_other_ci])
		req.n_other_ci++;
	post(k, to, number, &req);
	return req.async_response;
}

void cm_others(struct cm_cluster *k, unsigned to, uint16_t number, uint32_t ci,
	       const uint32_t *others, uint32_t result)
{
	expect(k, to, (uint16_t)(number + 1), cm_post_others(k, to, number, ci, others), result);
}

uint32_t cm_post_rtp(struct cm_cluster *k, unsigned to, uint32_t ci)
{
	CtiDeviceSetRTPForCallReq req = CTI_DEVICE_SET_RTPFOR_CALL_REQ__INIT;

	req.async_response = next_async();
	req.ci = ci;
	req.ip = 0x7f010096;
	req.port = 4100;
	post(k, to, SIG_CtiDeviceSetRTPForCallReq, &req);
	return req.async_response;
}

void cm_set_rtp(struct cm_cluster *k, unsigned to, uint32_t ci, uint32_t result)
{
	expect(k, to, SIG_CtiDeviceSetRTPForCallRes, cm_post_rtp(k, to, ci), result);
}

void cm_post_rehome(struct cm_cluster *k, unsigned to, uint8_t node, const char *device,
		    uint8_t target)
{
	CtiDeviceRehomeReq req = CTI_DEVICE_REHOME_REQ__INIT;

	req.device = (char *)device;
	req.target_node = target;
	k->driver[to].node = node;
	post(k, to, SIG_CtiDeviceRehomeReq, &req);
}

struct call {
	uint32_t ci;
	CtiCallState state;
	uint32_t cause;
};

static bool is_new(const void *msg, void *arg)
{
	const CtiCallNotify *n = msg;
	struct call *call = arg;

	if (n->state != call->state)
		return false;
	call->ci = n->ci;
	return true;
}

uint32_t cm_new_call(struct cm_cluster *k, unsigned to, CtiCallState state)
{
	struct call call = { .state = state };

	ck_assert_msg(until(k, ctim[to], NULL, SIG_CtiNewCallNotify, is_new, &call, SECONDS(2)),
		      "no new call");
	return call.ci;
}

static bool is_call_state(const void *msg, void *arg)
{
	const CtiCallNotify *n = msg;
	struct call *call = arg;

	if (n->ci != call->ci || n->state != call->state)
		return false;
	call->cause = n->cause;
	return true;
}

bool cm_call_state(struct cm_cluster *k, unsigned to, uint32_t ci, CtiCallState state,
		   uint32_t *cause, int64_t within_ns)
{
	struct call call = { .ci = ci, .state = state };
	bool seen =
		until(k, ctim[to], NULL, SIG_CtiCallStateNotify, is_call_state, &call, within_ns);

	if (cause)
		*cause = call.cause;
	return seen;
}

bool cm_hears(struct cm_cluster *k, unsigned to, uint16_t number, int64_t within_ns)
{
	return until(k, ctim[to], NULL, number, NULL, NULL, within_ns);
}

static bool is_refusal(const void *msg, void *arg)
{
	(void)arg;
	return ((const CtiLineCallRes *)msg)->result != CTIERR_SUCCESS;
}

unsigned cm_refusals(struct cm_cluster *k, uint16_t number)
{
	unsigned first = cluster_count_signal(k->c, "ctim1", NULL, number, is_refusal, NULL);

	return first + cluster_count_signal(k->c, "ctim2", NULL, number, is_refusal, NULL);
}

struct count {
	const char *type;
	const char *state;
	unsigned n;
};

static void count_process(void *arg, struct sdl_process *process)
{
	struct count *count = arg;
	const struct sdl_type *type = sdl_process_type(process);

	if (strcmp(type->name, count->type) == 0 &&
	    (!count->state || strcmp(type->states[sdl_state(process)].name, count->state) == 0))
		count->n++;
}

unsigned cm_legs_in(struct cm_cluster *k, uint8_t node, const char *state)
{
	struct count count = { .type = "LineCdpc", .state = state };

	sdl_program_each(cluster_program(k->c, ccm[node]), count_process, &count);
	return count.n;
}

unsigned cm_processes(struct cm_cluster *k, uint8_t node, const char *type)
{
	return cm_processes_in(k, node, type, NULL);
}

unsigned cm_processes_in(struct cm_cluster *k, uint8_t node, const char *type, const char *state)
{
	struct count count = { .type = type, .state = state };

	sdl_program_each(cluster_program(k->c, ccm[node]), count_process, &count);
	return count.n;
}

unsigned cm_legs(struct cm_cluster *k, uint8_t node)
{
	return cm_legs_in(k, node, NULL);
}
