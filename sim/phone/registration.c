/*
 * registration.c - the life of a phone; its rows are in registration_rows.def.
 *
 *   unplugged --PhoneStart--> unregistered <----------------- no member to be had --------------+
 *                                  |  a member is in service                                      |
 *                                  v                                                              |
 *            +------------------ queued --granted--> registering --rejected by this one--> (next) +
 *            |                     ^                     | registered                             |
 *            |                     |                     v                                        |
 *            |     unregistering --+<-- granted-- token <--> registered --lost, no stream---------+
 *            |                                    (a better member, and idle)  |
 *            |                                                                 v lost, streaming
 *            +<----------------- hung up, or the other side's stream ended -- preserved
 */
#include "sim/phone/registration.h"

#include <stdio.h>
#include <string.h>

#include "common/base/cti_error.h"

#define NS_PER_S INT64_C(1000000000)

const struct sdl_state sim_phone_states[PHONE_STATES] = {
	[PHONE_UNPLUGGED] = { .name = "unplugged", .waits = "PhoneInit says what it is" },
	[PHONE_UNREGISTERED] = { .name = "unregistered", .waits = "" },
	[PHONE_QUEUED] = { .name = "queued", .waits = "its turn, or the loss of the CallManager" },
	[PHONE_REGISTERING] = { .name = "registering",
				.waits = "the answer, or the loss of the link" },
	[PHONE_REGISTERED] = { .name = "registered", .waits = "" },
	[PHONE_TOKEN] = { .name = "token", .waits = "the answer, or the loss of the link" },
	[PHONE_UNREGISTERING] = { .name = "unregistering",
				  .waits = "the answer, or the loss of the link" },
	[PHONE_PRESERVED] = { .name = "preserved",
			      .waits = "the user hangs up, or the other side does" },
};

struct sdl_pid sim_phone_door(struct sdl_process *self, uint8_t node)
{
	const struct sim_phone *phone = sdl_data(self);

	return (struct sdl_pid){
		.node = node, .type = phone->protocol->door, .app = SDL_APP_CALLMANAGER, .inst = 1
	};
}

bool sim_phone_from_station(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct sim_phone *phone = sdl_data(self);

	return sdl_pid_equal(sig->from, phone->place.station);
}

void sim_phone_to_station(struct sdl_process *self, uint16_t number, const void *msg)
{
	const struct sim_phone *phone = sdl_data(self);

	sdl_send(self, phone->place.station, number, msg);
}

static int choose(struct sdl_process *self)
{
	struct sim_phone *phone = sdl_data(self);

	return sim_place_choose(self, &phone->place) ? PHONE_QUEUED : PHONE_UNREGISTERED;
}

static int enrol(struct sdl_process *self)
{
	const struct sim_phone *phone = sdl_data(self);

	phone->protocol->enrol(self);
	return PHONE_REGISTERING;
}

static int unregister(struct sdl_process *self, bool falls_back)
{
	const struct sim_phone *phone = sdl_data(self);

	phone->protocol->unregister(self, falls_back);
	return PHONE_UNREGISTERING;
}

/* Registered and idle: is there something better to do than to stay? */
static int settle(struct sdl_process *self, int state)
{
	struct sim_phone *phone = sdl_data(self);

	if (state != PHONE_REGISTERED || !phone->protocol->idle(self))
		return state;
	if (phone->place.reset_due) {
		sim_place_set(self, &phone->place, &phone->place.target, 0);
		return unregister(self, false);
	}
	sim_place_improve(self, &phone->place);
	return PHONE_REGISTERED;
}

int sim_phone_settle(struct sdl_process *self)
{
	return settle(self, sdl_state(self));
}

/* The CallManager is gone, whichever way it was noticed. */
static int lose(struct sdl_process *self)
{
	struct sim_phone *phone = sdl_data(self);
	bool streaming =
		phone->protocol->streaming(self) && !sdl_mutant(self, MUTANT_PHONE_MOVES_STREAMING);
	int state = sdl_state(self);

	if (phone->place.target && (state == PHONE_TOKEN || state == PHONE_UNREGISTERING))
		sim_place_to_phone_init(self, SIG_PhoneRegisterDone, phone->place.target);
	phone->protocol->clear_calls(self, streaming);
	if (!streaming)
		return choose(self);
	sim_place_none(self, &phone->place);
	return PHONE_PRESERVED;
}

/* ---- the protocol's answers ---------------------------------------------------------------- */

int sim_phone_registered(struct sdl_process *self, struct sdl_pid station, const uint32_t *group,
			 size_t group_n, uint32_t keepalive_s)
{
	struct sim_phone *phone = sdl_data(self);

	sim_place_take_group(&phone->place, group, group_n);
	sim_place_registered(self, &phone->place, station, keepalive_s);
	/* A better member may have come into service on the way. */
	return settle(self, PHONE_REGISTERED);
}

int sim_phone_rejected(struct sdl_process *self, const uint32_t *group, size_t group_n)
{
	struct sim_phone *phone = sdl_data(self);

	sim_place_take_group(&phone->place, group, group_n);
	phone->place.refused |= 1u << phone->place.at;
	sim_place_to_phone_init(self, SIG_PhoneRegisterDone, phone->place.at);
	return choose(self);
}

int sim_phone_on_keepalive_ack(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sim_phone *phone = sdl_data(self);

	if (sim_phone_from_station(self, sig))
		phone->place.missed = 0;
	return sdl_state(self);
}

int sim_phone_on_token(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sim_phone *phone = sdl_data(self);

	if (sig->from.node != phone->place.target)
		return PHONE_TOKEN;
	if (!phone->protocol->idle(self)) {
		sim_place_to_phone_init(self, SIG_PhoneRegisterDone, phone->place.target);
		sim_place_set(self, &phone->place, &phone->place.target, 0);
		return PHONE_REGISTERED;
	}
	return unregister(self, true);
}

int sim_phone_token_refused(struct sdl_process *self, const struct sdl_signal *sig, uint32_t wait_s)
{
	struct sim_phone *phone = sdl_data(self);

	if (sig->from.node != phone->place.target)
		return PHONE_TOKEN;
	sim_place_stay(self, &phone->place, (int64_t)wait_s * NS_PER_S / sdl_params(self)->speed);
	return PHONE_REGISTERED;
}

int sim_phone_unregistered(struct sdl_process *self)
{
	struct sim_phone *phone = sdl_data(self);

	if (!phone->place.target)
		return choose(self);
	sim_place_move(self, &phone->place);
	return enrol(self);
}

int sim_phone_stays(struct sdl_process *self)
{
	struct sim_phone *phone = sdl_data(self);

	sim_place_stay(self, &phone->place,
		       param_ns(sdl_params(self), PARAM_STATION_RETRY_INTERVAL));
	return PHONE_REGISTERED;
}

int sim_phone_on_reset(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sim_phone *phone = sdl_data(self);

	if (sim_phone_from_station(self, sig))
		phone->place.reset_due = true;
	return sim_phone_settle(self);
}

/* ---- rows, in their order ------------------------------------------------------------------ */

int sim_phone_on_start(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sim_phone *phone = sdl_data(self);
	const PhoneStart *start = sig->msg;

	strncpy(phone->name, start->phone, PHONE_NAME_MAX);
	phone->model = (uint16_t)start->model;
	phone->voice.port = start->port;
	phone->voice.device = phone->name;
	phone->protocol->start(self, start);
	sim_place_take_group(&phone->place, start->group, start->n_group);
	sdl_label(self, phone->name);
	return choose(self);
}

int sim_phone_on_cm_in_service(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sim_phone *phone = sdl_data(self);
	const PhoneCmInService *news = sig->msg;
	uint8_t node = (uint8_t)news->node;
	int state = sdl_state(self);

	if (news->node == 0 || news->node > SDL_NODES_MAX) {
		sdl_info(self, "there is no node %u", (unsigned)news->node);
		return state;
	}
	phone->place.refused &= ~(1u << node); /* it may have been started anew */
	if (state == PHONE_REGISTERED)
		return settle(self, state);
	return sim_place_better(&phone->place, node, state == PHONE_QUEUED) ? choose(self) : state;
}

int sim_phone_on_retry(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sim_phone *phone = sdl_data(self);

	(void)sig;
	phone->place.refused = 0;
	return choose(self);
}

int sim_phone_on_grant(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct sim_phone *phone = sdl_data(self);
	const PhoneRegistration *granted = sig->msg;

	if (granted->node != phone->place.at)
		return sim_phone_on_useless_grant(self, sig);
	return enrol(self);
}

int sim_phone_on_fallback_grant(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sim_phone *phone = sdl_data(self);
	const PhoneRegistration *granted = sig->msg;

	if (granted->node != phone->place.target)
		return sim_phone_on_useless_grant(self, sig);
	if (!phone->protocol->idle(self)) { /* it asks again when it is */
		sim_place_set(self, &phone->place, &phone->place.target, 0);
		return sim_phone_on_useless_grant(self, sig);
	}
	phone->protocol->ask_token(self);
	return PHONE_TOKEN;
}

/* The place in the queue is of no use any more: it is given back. */
int sim_phone_on_useless_grant(struct sdl_process *self, const struct sdl_signal *sig)
{
	const PhoneRegistration *granted = sig->msg;

	sim_place_to_phone_init(self, SIG_PhoneRegisterDone, (uint8_t)granted->node);
	return sdl_state(self);
}

int sim_phone_on_token_retry(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	return sim_phone_settle(self);
}

int sim_phone_on_keepalive_due(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sim_phone *phone = sdl_data(self);

	(void)sig;
	if (!sim_place_keepalive(self, &phone->place))
		return lose(self);
	phone->protocol->keepalive(self);
	return sdl_state(self);
}

int sim_phone_on_link_out(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sim_phone *phone = sdl_data(self);
	uint8_t node = (uint8_t)((const SdlLinkStatus *)sig->msg)->node;
	int state = sdl_state(self);

	if (node == phone->place.target) {
		sim_place_set(self, &phone->place, &phone->place.target, 0);
		return state == PHONE_TOKEN ? PHONE_REGISTERED : state;
	}
	return node == phone->place.at ? lose(self) : state;
}

/* The end of a preserved call: the user has hung up, or the other side has. */
static int end_preserved(struct sdl_process *self)
{
	const struct sim_phone *phone = sdl_data(self);

	phone->protocol->clear_calls(self, false);
	return choose(self);
}

int sim_phone_on_preserved_stream_stopped(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct sim_phone *phone = sdl_data(self);

	(void)sig;
	return phone->voice.receiving ? end_preserved(self) : PHONE_PRESERVED;
}

int sim_phone_on_stream_stopped(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sim_phone *phone = sdl_data(self);

	sim_voice_stopped(self, &phone->voice, sig->msg);
	return sdl_state(self);
}

int sim_phone_on_stream_started(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sim_phone *phone = sdl_data(self);

	(void)sig;
	sim_voice_heard(self, &phone->voice);
	return sdl_state(self);
}

/* The CallManager knows whether that ends the call. */
int sim_phone_on_media_failure(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sim_phone *phone = sdl_data(self);

	(void)sig;
	if (!sdl_pid_none(phone->place.station) && sim_voice_failed(self, &phone->voice))
		phone->protocol->media_failure(self);
	return sdl_state(self);
}

/* "registered at 1, call 17 on line 1 connected": what a user sees. */
static void describe(struct sdl_process *self, char *buf, size_t size)
{
	const struct sim_phone *phone = sdl_data(self);
	struct sdl_text text = sdl_text_in(buf, size);

	if (!sdl_pid_none(phone->place.station))
		sdl_text_put(&text, "registered at %u", (unsigned)phone->place.station.node);
	else
		sdl_text_put(&text, "registered nowhere");
	phone->protocol->describe(self, &text);
}

int sim_phone_on_command(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sim_phone *phone = sdl_data(self);
	const PhoneCommand *command = sig->msg;
	enum phone_key key = sim_phone_key(command->verb);
	char text[200] = "";
	uint32_t result = CTIERR_SUCCESS;
	int next = sdl_state(self);

	if (key == KEY_NONE) {
		result = CTIERR_COMMAND_NOT_IMPLEMENTED_ON_DEVICE;
		snprintf(text, sizeof(text), "%s", sim_phone_keys());
	} else if (key == KEY_SHOW) {
		describe(self, text, sizeof(text));
	} else if (next == PHONE_PRESERVED && key != KEY_HANG_UP) {
		result = CTIERR_OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE;
		strcpy(text, "the CallManager is lost: a preserved call can only be ended");
	} else if (next == PHONE_PRESERVED) {
		next = end_preserved(self);
	} else if (next != PHONE_REGISTERED && next != PHONE_TOKEN) {
		result = CTIERR_DEVICE_OUT_OF_SERVICE;
		strcpy(text, "the phone is registered nowhere");
	} else {
		result = phone->protocol->press(self, key, command, text, sizeof(text));
		next = settle(self, next);
	}
	sim_phone_result(self, sig->from, command->verb, phone->name, result, *text ? text : NULL);
	return next;
}
