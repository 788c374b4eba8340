/* Da: digit analysis. Knows every configured number and every registered line of the cluster,
 * routes, and is the door of its node for calls from other nodes. */
#include "callmanager/park_numbers.h"
#include "callmanager/registry.h"

#include <stdio.h>
#include <string.h>

enum { READY, LOADING };

static const struct sdl_state states[] = {
	[READY] = { "ready", 0, PARAM_NONE, "digits, registrations and calls" },
	[LOADING] = { "loading", 0, PARAM_NONE, "the numbers from Db, which always answers" },
};

static sdl_handler on_load, on_numbers, on_digits, on_setup, on_register, on_registered,
	on_unregister, on_unregistered, on_link_up, on_link_down, on_change, on_device,
	on_forward_set, on_forwarded, on_forward;

static const struct sdl_row rows[] = {
	{ READY, SIG_DaLoadReq, on_load, TO(LOADING) },
	{ LOADING, SIG_DaLoadReq, sdl_save, 0 },
	{ LOADING, SIG_DbNumbersRes, on_numbers, TO(READY) },
	{ SDL_ANY, SIG_DaReq, on_digits, 0 },
	{ SDL_ANY, SIG_CcSetupReq, on_setup, 0 },
	{ SDL_ANY, SIG_DaRegisterReq, on_register, 0 },
	{ SDL_ANY, SIG_DaRegisterInd, on_registered, 0 },
	{ SDL_ANY, SIG_DaUnregisterReq, on_unregister, 0 },
	{ SDL_ANY, SIG_DaUnregisterInd, on_unregistered, 0 },
	{ SDL_ANY, SIG_DaForwardReq, on_forward_set, 0 },
	{ SDL_ANY, SIG_DaForwardInd, on_forwarded, 0 },
	{ SDL_ANY, SIG_DbForwardRes, on_forward, 0 },
	{ SDL_ANY, SIG_DbChangeNotify, on_change, 0 },
	{ SDL_ANY, SIG_DbDeviceRes, on_device, 0 },
	{ SDL_ANY, SIG_SdlLinkInService, on_link_up, 0 },
	{ SDL_ANY, SIG_SdlLinkOutOfService, on_link_down, 0 },
};

struct da {
	struct cm_registry *registry;
	struct sdl_pid loader;
	bool up[SDL_NODES_MAX + 1];
};

static int start(struct sdl_process *self)
{
	struct da *da = sdl_data(self);

	da->registry = cm_registry_new(sdl_self(self).node);
	cm_context(self)->registry = da->registry;
	sdl_watch(self, 0, SDL_APP_CALLMANAGER);
	return READY;
}

static void stop(struct sdl_process *self)
{
	struct da *da = sdl_data(self);

	cm_context(self)->registry = NULL;
	cm_registry_destroy(&da->registry);
}

/* ---- numbers -------------------------------------------------------------------------------- */

static int on_load(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct da *da = sdl_data(self);
	DbNumbersReq req = DB_NUMBERS_REQ__INIT;

	da->loader = sig->from;
	cm_registry_load_begin(da->registry);
	sdl_send(self, sdl_local(self, CM_DB), SIG_DbNumbersReq, &req);
	sdl_send(self, sdl_local(self, CM_PARK_MANAGER), SIG_CcParkLoadReq, NULL);
	return LOADING;
}

static int on_numbers(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct da *da = sdl_data(self);
	const DbNumbersRes *res = sig->msg;
	CcInitResult done = CC_INIT_RESULT__INIT;

	for (size_t i = 0; i < res->n_search_space; i++)
		cm_registry_load_space(da->registry, res->search_space[i]);
	for (size_t i = 0; i < res->n_number; i++)
		cm_registry_load(da->registry, res->number[i]);
	if (res->result == DB_RESULT__DB_OK && res->more)
		return LOADING;
	done.ok = res->result == DB_RESULT__DB_OK;
	done.text = res->text;
	if (done.ok) /* else what is known stays: better old numbers than none */
		cm_registry_load_end(da->registry);
	sdl_send(self, da->loader, SIG_DaLoadRes, &done);
	return READY;
}

/* The devices of a shared line, as they are found. */
struct appearances {
	DaAppearance *rows;
	DaAppearance **list;
	size_t n;
};

static void add_appearance(void *arg, const struct cm_registration *is)
{
	struct appearances *all = arg;

	all->rows = realloc(all->rows, (all->n + 1) * sizeof *all->rows);
	if (!all->rows)
		abort();
	da_appearance__init(&all->rows[all->n]);
	all->rows[all->n].device = (char *)is->device;
	all->rows[all->n++].node = is->node;
}

static void list_appearances(struct sdl_process *self, const struct cm_route *route,
			     struct appearances *all)
{
	const struct da *da = sdl_data(self);

	if (route->result != DA_RESULT__DA_SHARED)
		return;
	cm_registry_each_appearance(da->registry, route->dn, route->partition, add_appearance, all);
	all->list = calloc(all->n, sizeof *all->list);
	if (!all->list)
		abort();
	for (size_t i = 0; i < all->n; i++)
		all->list[i] = &all->rows[i];
}

static void answer(struct sdl_process *self, const struct sdl_signal *sig,
		   const struct cm_route *route)
{
	const DaReq *req = sig->msg;
	bool forward = route->result == DA_RESULT__DA_FORWARD;
	CcScope scope = cm_scope_message(&route->forward.scope);
	struct appearances all = { .n = 0 };
	DaRes res = DA_RES__INIT;

	list_appearances(self, route, &all);
	res.digits = req->digits;
	res.result = route->result;
	res.has_node = route->result == DA_RESULT__DA_ROUTE;
	res.node = route->node;
	res.forward = (char *)route->forward.to;
	res.scope = forward ? &scope : NULL;
	res.has_reason = forward;
	res.reason = route->reason;
	res.has_cause = route->cause != 0;
	res.cause = route->cause;
	res.dn = (char *)route->dn;
	res.partition = (char *)route->partition;
	res.called = route->dn ? (char *)route->called : NULL;
	res.calling = route->dn && req->calling && strcmp(route->calling, req->calling) != 0
			      ? (char *)route->calling
			      : NULL;
	res.appearance = all.list;
	res.n_appearance = all.n;
	sdl_send(self, sig->from, SIG_DaRes, &res);
	free(all.list);
	free(all.rows);
}

/* What is nobody's number may be a park number, or become one. */
static struct cm_route route_park(struct sdl_process *self, const DaReq *req, struct cm_route route)
{
	const struct cm_park_numbers *park = cm_context(self)->park_numbers;

	if (route.result != DA_RESULT__DA_NONE || route.cause != CAUSE_CALL_UNALLOCATEDNUMBER)
		return route;
	if (!req->complete && cm_park_numbers_longer(park, req->digits))
		return (struct cm_route){ .result = DA_RESULT__DA_MORE };
	route.node = cm_park_numbers_node(park, req->digits);
	if (!route.node)
		return route;
	route.result = DA_RESULT__DA_ROUTE;
	route.cause = 0;
	route.dn = req->digits;
	snprintf(route.called, sizeof route.called, "%s", req->digits);
	snprintf(route.calling, sizeof route.calling, "%s", req->calling ? req->calling : "");
	return route;
}

static int on_digits(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct da *da = sdl_data(self);
	const DaReq *req = sig->msg;
	const struct cm_query q = { .digits = req->digits,
				    .complete = req->complete,
				    .scope = cm_scope_of(req->scope),
				    .calling = req->calling };
	struct cm_route route = route_park(self, req, cm_registry_route(da->registry, &q));

	if (route.result == DA_RESULT__DA_FORWARD && sdl_mutant(self, MUTANT_NO_CFNA_WHEN_CLOSED))
		route = (struct cm_route){ .result = DA_RESULT__DA_NONE,
					   .cause = CAUSE_CALL_UNALLOCATEDNUMBER };
	answer(self, sig, &route);
	return sdl_state(self);
}

/* A call for a line of this node. The caller may have learnt of it before it went away. */
static int on_setup(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct da *da = sdl_data(self);
	const CcSetup *setup = sig->msg;
	const char *dn = setup->dn ? setup->dn : setup->called;
	struct sdl_pid line = cm_registry_line(da->registry, dn, setup->partition, setup->device);
	CcSetupRej rej = CC_SETUP_REJ__INIT;
	struct cm_forward forward;
	CcScope scope;

	if (!sdl_pid_none(line)) {
		sdl_relay(self, line, sig);
		return sdl_state(self);
	}
	if (cm_park_numbers_node(cm_context(self)->park_numbers, setup->called) ==
	    sdl_self(self).node) {
		sdl_relay(self, sdl_local(self, CM_PARK_MANAGER), sig);
		return sdl_state(self);
	}
	forward = cm_registry_forward(da->registry, dn, setup->partition, &rej.reason);
	scope = cm_scope_message(&forward.scope);
	rej.setup = setup->setup;
	rej.cause = CAUSE_CALL_DESTINATIONOUTOFORDER;
	rej.forward = (char *)forward.to;
	rej.has_reason = rej.forward != NULL;
	rej.scope = forward.to ? &scope : NULL;
	rej.dn = setup->called;
	sdl_send(self, sig->from, SIG_CcSetupRej, &rej);
	return sdl_state(self);
}

/* ---- registrations -------------------------------------------------------------------------- */

static void tell_others(struct sdl_process *self, uint16_t number, const void *msg)
{
	const struct da *da = sdl_data(self);

	for (uint8_t node = 1; node <= SDL_NODES_MAX; node++)
		if (da->up[node])
			sdl_send(self, cm_singleton(node, CM_DA), number, msg);
}

/* Two nodes hold the device after a partition or a long sleep: the worse place gives way (CMF-17).
 */
static void resolve(struct sdl_process *self, const char *device, uint8_t other)
{
	const struct da *da = sdl_data(self);
	const struct cm_registration *best = cm_registry_device(da->registry, device, 0);
	const struct cm_registration *mine = cm_registry_here(da->registry, device);
	DaDuplicate dup = DA_DUPLICATE__INIT;

	if (!mine || !best || best->node != other || best == mine)
		return;
	dup.node = other;
	sdl_send(self, mine->device_pid, SIG_DaDuplicateInd, &dup);
}

/* Each is the best by the group that it knows: the later one knows better (USR-07). */
static void resolve_tie(struct sdl_process *self, const char *device, uint8_t later)
{
	const struct da *da = sdl_data(self);
	uint8_t here = sdl_self(self).node;
	const struct cm_registration *theirs = cm_registry_device(da->registry, device, here);
	const struct cm_registration *mine = cm_registry_here(da->registry, device);
	DaDuplicate dup = DA_DUPLICATE__INIT;

	if (!mine || !theirs || theirs->node != later || later < here ||
	    !cm_registration_ties(mine, theirs))
		return;
	dup.node = later;
	sdl_send(self, mine->device_pid, SIG_DaDuplicateInd, &dup);
}

struct newcomer {
	struct sdl_process *self;
	CcRemoteAsk ask;
	const char *device;
};

static void introduce_to(void *arg, const struct cm_registration *is)
{
	const struct newcomer *n = arg;

	/* Not of itself at its last place, where that is not yet known to be over. */
	if (strcmp(is->device, n->device) != 0)
		sdl_send(n->self, is->device_pid, SIG_CcRemoteReq, &n->ask);
}

/* To the devices of this node that share a line with it. */
static void introduce(struct sdl_process *self, const DaRegistration *d)
{
	struct da *da = sdl_data(self);
	struct newcomer n = { self, CC_REMOTE_ASK__INIT, d->device };

	n.ask.device_pid = d->device_pid;
	for (size_t i = 0; i < d->n_line; i++) {
		n.ask.dn = d->line[i]->dn;
		n.ask.partition = d->line[i]->partition;
		cm_registry_each_of(da->registry, n.ask.dn, n.ask.partition, introduce_to, &n);
	}
}

static int on_register(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct da *da = sdl_data(self);
	DaRegistration *d = (DaRegistration *)sig->msg;
	DaRegistrations all = DA_REGISTRATIONS__INIT;
	const struct cm_registration *best;

	cm_registry_add(da->registry, sdl_self(self).node, d);
	all.registration = &d;
	all.n_registration = 1;
	tell_others(self, SIG_DaRegisterInd, &all);
	introduce(self, d);
	if (d->has_orphan && d->orphan) { /* somebody may have taken it elsewhere meanwhile */
		best = cm_registry_device(da->registry, d->device, 0);
		resolve(self, d->device, best->node);
	}
	return sdl_state(self);
}

/* Whoever waits here for a phone may know that it does not belong there any more. */
static void tell_elsewhere(struct sdl_process *self, const char *device, uint8_t node)
{
	const struct cm_registration *at =
		cm_registry_device(cm_context(self)->registry, device, sdl_self(self).node);
	DaElsewhere ind = DA_ELSEWHERE__INIT;

	if (!at || !cm_is_phone(at->kind) || at->node != node)
		return;
	ind.device = (char *)(uintptr_t)device;
	ind.node = node;
	sdl_send(self, sdl_local(self, CM_CTI_REGISTRAR), SIG_DaElsewhereInd, &ind);
}

static int on_registered(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct da *da = sdl_data(self);
	const DaRegistrations *all = sig->msg;

	for (size_t i = 0; i < all->n_registration; i++) {
		cm_registry_add(da->registry, sig->from.node, all->registration[i]);
		resolve(self, all->registration[i]->device, sig->from.node);
		introduce(self, all->registration[i]);
		resolve_tie(self, all->registration[i]->device, sig->from.node);
		tell_elsewhere(self, all->registration[i]->device, sig->from.node);
	}
	return sdl_state(self);
}

static int on_unregister(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct da *da = sdl_data(self);
	DaUnregister *u = (DaUnregister *)sig->msg;
	uint8_t ack = u->has_ack_node && u->ack_node <= SDL_NODES_MAX ? (uint8_t)u->ack_node : 0;

	cm_registry_remove(da->registry, sdl_self(self).node, u->device, u->generation);
	tell_others(self, SIG_DaUnregisterInd, u);
	if (!ack || !da->up[ack])
		sdl_send(self, sig->from, SIG_DaUnregisterRes, NULL);
	return sdl_state(self);
}

static int on_unregistered(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct da *da = sdl_data(self);
	const DaUnregister *u = sig->msg;

	cm_registry_remove(da->registry, sig->from.node, u->device, u->generation);
	if (u->has_ack_node && u->ack_node == sdl_self(self).node)
		sdl_send(self, sdl_pid_unpack(u->asker), SIG_DaUnregisterRes, NULL);
	return sdl_state(self);
}

struct sync {
	struct sdl_process *self;
	uint8_t node;
};

static void sync_one(void *arg, DaRegistration *d)
{
	const struct sync *sync = arg;
	DaRegistrations all = DA_REGISTRATIONS__INIT;

	all.registration = &d;
	all.n_registration = 1;
	sdl_send(sync->self, cm_singleton(sync->node, CM_DA), SIG_DaRegisterInd, &all);
}

/* What was set while the other node could not be reached. */
static void sync_forward(void *arg, const char *dn, const char *partition)
{
	const struct sync *sync = arg;
	DaForward ind = DA_FORWARD__INIT;

	ind.dn = (char *)dn;
	ind.partition = (char *)partition;
	sdl_send(sync->self, cm_singleton(sync->node, CM_DA), SIG_DaForwardInd, &ind);
}

static int on_link_up(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct da *da = sdl_data(self);
	const SdlLinkStatus *status = sig->msg;
	struct sync sync = { .self = self, .node = (uint8_t)status->node };

	if (status->node > SDL_NODES_MAX)
		return sdl_state(self);
	da->up[status->node] = true;
	cm_registry_each_own(da->registry, sync_one, &sync);
	cm_registry_each_marked(da->registry, sync_forward, &sync);
	return sdl_state(self);
}

static int on_link_down(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct da *da = sdl_data(self);
	const SdlLinkStatus *status = sig->msg;

	if (status->node > SDL_NODES_MAX)
		return sdl_state(self);
	da->up[status->node] = false;
	cm_registry_node_lost(da->registry, (uint8_t)status->node);
	return sdl_state(self);
}

/* ---- forwards ------------------------------------------------------------------------------- */

/* What it is now the database says: who was written last wins, whoever is heard last. */
static void ask_forward(void *arg, const char *dn, const char *partition)
{
	struct sdl_process *self = arg;
	DbForwardReq req = DB_FORWARD_REQ__INIT;

	req.dn = (char *)dn;
	req.partition = (char *)partition;
	sdl_send(self, sdl_local(self, CM_DB), SIG_DbForwardReq, &req);
}

struct forward_told {
	struct sdl_process *self;
	const DaForward *forward;
};

static void tell_forward(void *arg, const struct cm_registration *is)
{
	const struct forward_told *told = arg;

	sdl_send(told->self, is->device_pid, SIG_CcForwardInd, told->forward);
}

static void forward_all(struct sdl_process *self, const DaForward *f)
{
	struct da *da = sdl_data(self);
	struct forward_told told = { self, f };

	cm_registry_set_forward_all(da->registry, f->dn, f->partition, f->number, f->css);
	cm_registry_each_of(da->registry, f->dn, f->partition, tell_forward, &told);
}

/* A user or an application has set it here (USR-02). */
static int on_forward_set(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct da *da = sdl_data(self);
	const DaForward *f = sig->msg;
	DaForward ind = DA_FORWARD__INIT;

	cm_registry_mark_forward(da->registry, f->dn, f->partition);
	forward_all(self, f);
	ind.dn = f->dn;
	ind.partition = f->partition;
	tell_others(self, SIG_DaForwardInd, &ind);
	return sdl_state(self);
}

static int on_forwarded(struct sdl_process *self, const struct sdl_signal *sig)
{
	const DaForward *ind = sig->msg;

	ask_forward(self, ind->dn, ind->partition);
	return sdl_state(self);
}

static int on_forward(struct sdl_process *self, const struct sdl_signal *sig)
{
	const DbForwardRes *res = sig->msg;
	DaForward f = DA_FORWARD__INIT;

	if (res->result != DB_RESULT__DB_OK)
		return sdl_state(self);
	f.dn = res->dn;
	f.partition = res->partition;
	f.number = res->number;
	f.css = res->css;
	forward_all(self, &f);
	return sdl_state(self);
}

/* ---- changes -------------------------------------------------------------------------------- */

static void ask_device(void *arg, const char *device)
{
	struct sdl_process *self = arg;
	DbDeviceReq req = DB_DEVICE_REQ__INIT;

	req.name = (char *)device;
	sdl_send(self, sdl_local(self, CM_DB), SIG_DbDeviceReq, &req);
}

/* A line's settings count from the next call on; what decides where a device registers waits for
 * its next registration (USR-07). */
static int on_change(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct da *da = sdl_data(self);
	const DbChangeNotify *change = sig->msg;

	if (!change->name)
		return sdl_state(self);
	if (strcmp(change->table, "devicenumplanmap") == 0 ||
	    strcmp(change->table, "device") == 0) {
		if (cm_registry_here(da->registry, change->name))
			ask_device(self, change->name);
	} else if (strcmp(change->table, "callforwarddynamic") == 0) {
		cm_registry_each_partition(da->registry, change->name, ask_forward, self);
	} else if (strcmp(change->table, "numplan") == 0 ||
		   strcmp(change->table, "pickupgrouplinemap") == 0) {
		cm_registry_each_here(da->registry, change->name, ask_device, self);
	}
	return sdl_state(self);
}

static int on_device(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct da *da = sdl_data(self);
	const DbDeviceRes *res = sig->msg;
	const struct cm_registration *mine = cm_registry_here(da->registry, res->name);
	CcConfig ind = CC_CONFIG__INIT;

	if (res->result != DB_RESULT__DB_OK || !res->device)
		return sdl_state(self);
	ind.device = res->device;
	if (mine)
		sdl_send(self, mine->device_pid, SIG_CcConfigInd, &ind);
	return sdl_state(self);
}

const struct sdl_type cm_da = {
	.name = "Da",
	.number = CM_DA,
	.at_start = true,
	.size = sizeof(struct da),
	.states = states,
	.states_n = sizeof states / sizeof states[0],
	.rows = rows,
	.rows_n = sizeof rows / sizeof rows[0],
	.start = start,
	.stop = stop,
};
