/* DeviceManager: starts the CallManager in the order of InitializationState, and then tells whoever
 * depends on it that it takes devices. */
#include "callmanager/process.h"

#include <string.h>

enum { DATABASE, DATABASE_WAIT, DIGIT_ANALYSIS, CALL_CONTROL, COMPLETE, RELOADING };

static const struct sdl_state states[] = {
	[DATABASE] = { "database", 0, PARAM_NONE, "Db, which always answers" },
	[DATABASE_WAIT] = { "database_wait", SIG_DbRetryTimer, PARAM_DATABASE_POLL_INTERVAL, NULL },
	[DIGIT_ANALYSIS] = { "digit_analysis", 0, PARAM_NONE, "Da, which always answers" },
	[CALL_CONTROL] = { "call_control", 0, PARAM_NONE, "Cc, which always answers" },
	[COMPLETE] = { "initialization_complete", 0, PARAM_NONE, "" },
	[RELOADING] = { "reloading", 0, PARAM_NONE, "Da, which always answers" },
};

static sdl_handler on_database, on_retry, on_numbers, on_call_control, on_change, on_change_settled,
	on_reloaded, on_link_up;

static const struct sdl_row rows[] = {
	{ DATABASE, SIG_DbInitRes, on_database, TO(DATABASE_WAIT) | TO(DIGIT_ANALYSIS) },
	{ DATABASE_WAIT, SIG_DbRetryTimer, on_retry, TO(DATABASE) },
	{ DIGIT_ANALYSIS, SIG_DaLoadRes, on_numbers, TO(DATABASE_WAIT) | TO(CALL_CONTROL) },
	{ CALL_CONTROL, SIG_CcInitRes, on_call_control, TO(COMPLETE) },
	{ COMPLETE, SIG_DbReloadTimer, on_change_settled, TO(RELOADING) },
	{ RELOADING, SIG_DaLoadRes, on_reloaded, TO(COMPLETE) },
	{ RELOADING, SIG_DbReloadTimer, sdl_save, 0 },
	{ SDL_ANY, SIG_DbReloadTimer, sdl_ignore, 0 },
	{ SDL_ANY, SIG_DbChangeNotify, on_change, 0 },
	{ SDL_ANY, SIG_SdlLinkInService, on_link_up, 0 },
	{ SDL_ANY, SIG_SdlLinkOutOfService, sdl_ignore, 0 },
};

/* Changes come in swarms (a device with its lines is a dozen rows): they are read once it is quiet.
 */
#define SETTLE_NS 50000000

/* Passes the steps that have nothing to wait for in this model, and reports each. */
static void advance(struct sdl_process *self, uint32_t to)
{
	struct cm_context *ctx = cm_context(self);

	sdl_info(self, "InitializationState %u %s", to, cause_name(CAUSE_INIT, (int)to));
	sdl_count(self, COUNTER_INITIALIZATION_STATE,
		  (int64_t)to - (int64_t)ctx->initialization_state);
	ctx->initialization_state = to;
}

static int start(struct sdl_process *self)
{
	sdl_watch(self, 0, SDL_APP_CTIMANAGER);
	sdl_watch(self, 0, SDL_APP_PHONES);
	advance(self, CAUSE_INIT_DATABASE);
	sdl_send(self, sdl_local(self, CM_DB), SIG_DbInitReq, NULL);
	return DATABASE;
}

static int on_database(struct sdl_process *self, const struct sdl_signal *sig)
{
	const DbInitRes *res = sig->msg;

	if (res->result != DB_RESULT__DB_OK) {
		sdl_info(self, "database: %s", res->text ? res->text : "no answer");
		return DATABASE_WAIT;
	}
	for (uint32_t step = CAUSE_INIT_REGIONS; step <= CAUSE_INIT_DIGIT_ANALYSIS; step++)
		advance(self, step);
	sdl_send(self, sdl_local(self, CM_DA), SIG_DaLoadReq, NULL);
	return DIGIT_ANALYSIS;
}

static int on_retry(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	sdl_send(self, sdl_local(self, CM_DB), SIG_DbInitReq, NULL);
	return DATABASE;
}

static int on_numbers(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CcInitResult *res = sig->msg;

	if (!res->ok) {
		sdl_info(self, "numbers: %s", res->text ? res->text : "no answer");
		return DATABASE_WAIT;
	}
	advance(self, CAUSE_INIT_ROUTE_PLAN);
	advance(self, CAUSE_INIT_CALL_CONTROL);
	sdl_send(self, sdl_local(self, CM_CC), SIG_CcInitReq, NULL);
	return CALL_CONTROL;
}

/* To the singleton with which that kind of program takes it. */
static void announce(struct sdl_process *self, uint8_t node, uint16_t app)
{
	struct sdl_pid to = { .node = node,
			      .app = app,
			      .inst = 1,
			      .type = app == SDL_APP_PHONES ? PHONES_PHONE_INIT
							    : CTIM_CTI_MANAGER };
	CcmInService up = CCM_IN_SERVICE__INIT;

	up.initialization_state = CM_INITIALIZED;
	sdl_send(self, to, SIG_CcmInService, &up);
}

static int on_call_control(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sdl_pid harness = { .node = SDL_HARNESS_NODE, .app = SDL_APP_HARNESS };
	struct alarm_param version = { "CCMVersion", REHOME_VERSION };
	Ready ready = READY__INIT;

	(void)sig;
	for (uint32_t step = CAUSE_INIT_RSVP_SESSION_MANAGER; step <= CAUSE_INIT_DEVICE; step++)
		advance(self, step);
	advance(self, CM_INITIALIZED);
	sdl_alarm(self, ALARM_CallManagerOnline, &version, 1);
	for (unsigned node = 1; node < SDL_HARNESS_NODE; node++) {
		if (sdl_link_up(self, (uint8_t)node, SDL_APP_CTIMANAGER))
			announce(self, (uint8_t)node, SDL_APP_CTIMANAGER);
		if (sdl_link_up(self, (uint8_t)node, SDL_APP_PHONES))
			announce(self, (uint8_t)node, SDL_APP_PHONES);
	}
	ready.incarnation = cm_context(self)->incarnation;
	sdl_send(self, harness, SIG_Ready, &ready);
	return COMPLETE;
}

static int on_link_up(struct sdl_process *self, const struct sdl_signal *sig)
{
	const SdlLinkStatus *status = sig->msg;

	if (cm_context(self)->initialization_state == CM_INITIALIZED)
		announce(self, (uint8_t)status->node, (uint16_t)status->app);
	return sdl_state(self);
}

/* Numbers are read anew as a whole, forwards of users one by one; Da also looks whose line it is that
 * has changed. */
static int on_change(struct sdl_process *self, const struct sdl_signal *sig)
{
	const DbChangeNotify *change = sig->msg;

	if (cm_context(self)->initialization_state == CM_INITIALIZED)
		sdl_relay(self, sdl_local(self, CM_DA), sig);
	if (strcmp(change->table, "callforwarddynamic") != 0 &&
	    !sdl_timer_running(self, SIG_DbReloadTimer))
		sdl_timer_start(self, SIG_DbReloadTimer, SETTLE_NS);
	return sdl_state(self);
}

static int on_change_settled(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	sdl_send(self, sdl_local(self, CM_DA), SIG_DaLoadReq, NULL);
	return RELOADING;
}

static int on_reloaded(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CcInitResult *res = sig->msg;

	if (!res->ok) {
		sdl_info(self, "numbers: %s", res->text ? res->text : "no answer");
		sdl_timer_start_param(self, SIG_DbReloadTimer, PARAM_DATABASE_POLL_INTERVAL);
	}
	return COMPLETE;
}

const struct sdl_type cm_device_manager = {
	.name = "DeviceManager",
	.number = CM_DEVICE_MANAGER,
	.at_start = true,
	.states = states,
	.states_n = sizeof states / sizeof states[0],
	.rows = rows,
	.rows_n = sizeof rows / sizeof rows[0],
	.start = start,
};
