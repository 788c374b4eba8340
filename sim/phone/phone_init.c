/*
 * PhoneInit - makes the phones, hands them what the user does, and paces their registration.
 *
 *   ready: PhonePlug ............ a new phone
 *          PhoneCommand ......... to the phone of that name
 *          CcmInService ......... told to every phone, in the order they were plugged in
 *          PhoneRegisterReq ..... granted while fewer than REGISTRATIONS_MAX are under way at that
 *                                 CallManager, else in turn
 *
 * A lost CallManager empties its queue: the phones watch it themselves and look elsewhere.
 */
#include "sim/phone/phone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "common/base/cti_error.h"
#include "common/base/phone_model.h"
#include "common/msg/messages.h"

#define REGISTRATIONS_MAX 256
#define PORTS_MAX	  (BRIDGE_FIRST_PORT - 1)

enum { READY };

struct entry {
	char name[PHONE_NAME_MAX + 1]; /* key */
	struct sdl_pid pid;
	UT_hash_handle hh;
};

/* Registrations at one CallManager. The queue is a ring that grows. */
struct window {
	uint32_t under_way;
	uint32_t head;
	uint32_t length;
	uint32_t size;
	struct sdl_pid *queue;
};

struct phone_init {
	struct entry *phones;
	uint32_t ports; /* given out */
	uint32_t bridges;
	struct window window[SDL_NODES_MAX + 1];
};

static sdl_handler on_plug, on_command, on_ccm_in_service, on_link_in_service,
	on_link_out_of_service, on_register_req, on_register_done;

static const struct sdl_state states[] = {
	[READY] = { .name = "ready", .waits = "" },
};

static const struct sdl_row rows[] = {
	{ READY, SIG_PhonePlug, on_plug, 0 },
	{ READY, SIG_PhoneCommand, on_command, 0 },
	{ READY, SIG_CcmInService, on_ccm_in_service, 0 },
	{ READY, SIG_SdlLinkInService, on_link_in_service, 0 },
	{ READY, SIG_SdlLinkOutOfService, on_link_out_of_service, 0 },
	{ READY, SIG_PhoneRegisterReq, on_register_req, 0 },
	{ READY, SIG_PhoneRegisterDone, on_register_done, 0 },
};

static struct entry *find(struct phone_init *init, const char *name)
{
	struct entry *e;

	HASH_FIND_STR(init->phones, name, e);
	return e;
}

/* ---- PhonePlug ----------------------------------------------------------------------------- */

/* 0, or the error with a sentence in why. */
static uint32_t check_plug(struct phone_init *init, const PhonePlug *plug, char *why, size_t size)
{
	const struct phone_model *model = phone_model(plug->model);

	if (plug->phone[0] == '\0' || strlen(plug->phone) > PHONE_NAME_MAX) {
		snprintf(why, size, "a phone's name has 1 to %d characters", PHONE_NAME_MAX);
		return CTIERR_INVALID_DEVICE_NAME;
	}
	if (find(init, plug->phone)) {
		snprintf(why, size, "a phone of that name is plugged in already");
		return CTIERR_DEVICE_ALREADY_REGISTERED;
	}
	if (plug->model != BRIDGE_MODEL &&
	    (!model || !(model->protocols & (plug->sip ? PHONE_SIP : PHONE_SCCP)))) {
		snprintf(why, size, "no phone of model %u runs %s here", (unsigned)plug->model,
			 plug->sip ? "SIP" : "SCCP");
		return CTIERR_ILLEGAL_DEVICE_TYPE;
	}
	if (plug->n_group == 0 || plug->n_group > PHONE_GROUP_MAX) {
		snprintf(why, size, "a CallManager group has 1 to %d members, this one %zu",
			 PHONE_GROUP_MAX, plug->n_group);
		return CTIERR_INVALID_PARAMETER;
	}
	for (size_t i = 0; i < plug->n_group; i++)
		if (plug->group[i] == 0 || plug->group[i] > SDL_NODES_MAX) {
			snprintf(why, size, "there is no node %u", (unsigned)plug->group[i]);
			return CTIERR_INVALID_PARAMETER;
		}
	return CTIERR_SUCCESS;
}

static int on_plug(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct phone_init *init = sdl_data(self);
	const PhonePlug *plug = sig->msg;
	PhoneStart start = PHONE_START__INIT;
	char why[100];
	uint32_t refused = check_plug(init, plug, why, sizeof(why));

	if (refused) {
		sim_phone_result(self, sig->from, "plug", plug->phone, refused, why);
		return READY;
	}
	const struct phone_model *model = phone_model(plug->model);
	bool bridge = plug->model == BRIDGE_MODEL;
	struct entry *e = calloc(1, sizeof(*e));

	if (!e)
		abort();
	memcpy(e->name, plug->phone, strlen(plug->phone));
	e->pid = sdl_create(self, bridge      ? &sim_conference_bridge
				  : plug->sip ? &sim_sip_phone
					      : &sim_sccp_phone);
	HASH_ADD_STR(init->phones, name, e);
	start.phone = plug->phone;
	start.model = bridge ? BRIDGE_MODEL : model->number;
	start.group = plug->group;
	start.n_group = plug->n_group;
	start.has_enbloc = start.has_udp = true;
	start.enbloc = plug->enbloc || (!bridge && model->enbloc);
	start.udp = plug->udp;
	if (bridge)
		start.port = BRIDGE_FIRST_PORT + init->bridges++ % SDL_NODES_MAX * BRIDGE_PORTS;
	else
		start.port = init->ports++ % PORTS_MAX + 1;
	sdl_send(self, e->pid, SIG_PhoneStart, &start);
	return READY;
}

/* ---- PhoneCommand -------------------------------------------------------------------------- */
static int on_command(struct sdl_process *self, const struct sdl_signal *sig)
{
	const PhoneCommand *command = sig->msg;
	struct entry *e = find(sdl_data(self), command->phone);

	if (e)
		sdl_relay(self, e->pid, sig);
	else
		sim_phone_result(self, sig->from, command->verb, command->phone,
				 CTIERR_INVALID_DEVICE_NAME, "no phone of that name is plugged in");
	return READY;
}

/* ---- CallManagers -------------------------------------------------------------------------- */
static int on_ccm_in_service(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct phones_context *context = sdl_context(self);
	struct phone_init *init = sdl_data(self);
	PhoneCmInService news = PHONE_CM_IN_SERVICE__INIT;
	struct entry *e, *next;
	uint8_t node = sig->from.node;

	if (node == 0 || node > SDL_NODES_MAX || context->in_service[node])
		return READY;
	context->in_service[node] = true;
	news.node = node;
	HASH_ITER (hh, init->phones, e, next)
		sdl_send(self, e->pid, SIG_PhoneCmInService, &news);
	return READY;
}

/* Nothing yet: it has to say CcmInService first. */
static int on_link_in_service(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)self;
	(void)sig;
	return READY;
}

static int on_link_out_of_service(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct phones_context *context = sdl_context(self);
	struct phone_init *init = sdl_data(self);
	const SdlLinkStatus *link = sig->msg;

	if (link->node == 0 || link->node > SDL_NODES_MAX)
		return READY;
	context->in_service[link->node] = false;
	init->window[link->node].under_way = 0;
	init->window[link->node].length = 0;
	return READY;
}

/* ---- pacing -------------------------------------------------------------------------------- */
static void queue_up(struct window *w, struct sdl_pid phone)
{
	if (w->length == w->size) {
		uint32_t size = w->size ? 2 * w->size : 64;
		struct sdl_pid *queue = calloc(size, sizeof(*queue));

		if (!queue)
			abort();
		for (uint32_t i = 0; i < w->length; i++)
			queue[i] = w->queue[(w->head + i) % w->size];
		free(w->queue);
		w->queue = queue;
		w->size = size;
		w->head = 0;
	}
	w->queue[(w->head + w->length++) % w->size] = phone;
}

static void grant(struct sdl_process *self, struct window *w, uint8_t node)
{
	PhoneRegistration granted = PHONE_REGISTRATION__INIT;

	granted.node = node;
	while (w->length > 0 && w->under_way < REGISTRATIONS_MAX) {
		struct sdl_pid phone = w->queue[w->head];

		w->head = (w->head + 1) % w->size;
		w->length--;
		w->under_way++;
		sdl_send(self, phone, SIG_PhoneRegisterGrant, &granted);
	}
}

/* Phones ask for members of their groups, which were checked; whoever else asks is not heard. */
static struct window *window_of(struct sdl_process *self, const PhoneRegistration *about)
{
	struct phone_init *init = sdl_data(self);

	if (about->node > 0 && about->node <= SDL_NODES_MAX)
		return &init->window[about->node];
	sdl_info(self, "there is no node %u", (unsigned)about->node);
	return NULL;
}

static int on_register_req(struct sdl_process *self, const struct sdl_signal *sig)
{
	const PhoneRegistration *req = sig->msg;
	struct window *w = window_of(self, req);

	/* Lost since the phone asked: it has been told, or is about to be. */
	if (!w || !sim_phone_cm_usable(self, (uint8_t)req->node))
		return READY;
	queue_up(w, sig->from);
	grant(self, w, (uint8_t)req->node);
	return READY;
}

static int on_register_done(struct sdl_process *self, const struct sdl_signal *sig)
{
	const PhoneRegistration *done = sig->msg;
	struct window *w = window_of(self, done);

	if (!w)
		return READY;
	if (w->under_way > 0)
		w->under_way--;
	grant(self, w, (uint8_t)done->node);
	return READY;
}

/* ---- life ---------------------------------------------------------------------------------- */
static int start(struct sdl_process *self)
{
	const struct phones_context *context = sdl_context(self);
	const struct sdl_pid harness = { .node = SDL_HARNESS_NODE, .app = SDL_APP_HARNESS };
	Ready ready = READY__INIT;

	sdl_watch(self, 0, SDL_APP_CALLMANAGER);
	ready.incarnation = context->incarnation;
	sdl_send(self, harness, SIG_Ready, &ready);
	return READY;
}

static void stop(struct sdl_process *self)
{
	struct phone_init *init = sdl_data(self);
	struct entry *e, *next;

	HASH_ITER (hh, init->phones, e, next) {
		HASH_DEL(init->phones, e);
		free(e);
	}
	for (size_t i = 0; i <= SDL_NODES_MAX; i++)
		free(init->window[i].queue);
}

const struct sdl_type sim_phone_init = {
	.name = "PhoneInit",
	.number = PHONES_PHONE_INIT,
	.at_start = true,
	.size = sizeof(struct phone_init),
	.states = states,
	.states_n = sizeof(states) / sizeof(states[0]),
	.rows = rows,
	.rows_n = sizeof(rows) / sizeof(rows[0]),
	.start = start,
	.stop = stop,
};
