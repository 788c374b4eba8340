/*
 * ConferenceBridge - the software conference bridge of a node.
 *
 *   unplugged --PhoneStart--> ready: registers whenever its CallManager comes into service
 *
 * A party of a conference has a port here, named by its leg's call reference; ports with the same
 * Conference process as their owner hear each other: to a port is sent while at least one other
 * party of the conference is heard. The bridge itself knows nothing of calls.
 *
 * When its CallManager is lost the ports stay as they are, and go as their parties' streams end
 * (CAL-02): a party that nobody else is left for hears nothing any more and hangs up, too.
 */
#include "sim/phone/phone.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/cti_error.h"
#include "common/msg/messages.h"
#include "sim/media.h"

enum { UNPLUGGED, READY };

static const struct sdl_state states[] = {
	[UNPLUGGED] = { .name = "unplugged", .waits = "PhoneInit says what it is" },
	[READY] = { .name = "ready", .waits = "" },
};

static sdl_handler on_start, on_cm_in_service, on_link_out, on_open, on_close, on_send,
	on_send_stop, on_heard, on_stopped, on_failure, on_command;

static const struct sdl_row rows[] = {
	{ UNPLUGGED, SIG_PhoneStart, on_start, TO(READY) },
	{ READY, SIG_PhoneCmInService, on_cm_in_service, 0 },
	{ READY, SIG_SdlLinkInService, sdl_ignore, 0 },
	{ READY, SIG_SdlLinkOutOfService, on_link_out, 0 },
	{ READY, SIG_StationOpenReceiveChannel, on_open, 0 },
	{ READY, SIG_StationCloseReceiveChannel, on_close, 0 },
	{ READY, SIG_StationStartMediaTransmission, on_send, 0 },
	{ READY, SIG_StationStopMediaTransmission, on_send_stop, 0 },
	{ READY, SIG_MediaStreamStarted, on_heard, 0 },
	{ READY, SIG_MediaStreamStopped, on_stopped, 0 },
	{ READY, SIG_StationMediaFailureTimer, on_failure, 0 },
	{ READY, SIG_PhoneCommand, on_command, 0 },
};

struct port {
	uint32_t reference;
	uint32_t number;
	struct sdl_pid conference; /* none: its CallManager is lost */
	uint64_t room;		   /* who hears whom: as the conference was at first */
	uint32_t to_ip, to_port;   /* where it may send; 0: nowhere */
	bool receiving, hearing, sending;
};

struct bridge {
	char name[PHONE_NAME_MAX + 1];
	uint8_t node;
	uint32_t first; /* port of its own in this program */
	struct port port[BRIDGE_PORTS];
	unsigned ports;
};

static struct port *port_of(struct bridge *b, struct sdl_pid conference, uint32_t reference)
{
	for (unsigned i = 0; i < b->ports; i++)
		if (b->port[i].reference == reference &&
		    sdl_pid_equal(b->port[i].conference, conference))
			return &b->port[i];
	return NULL;
}

static struct port *port_numbered(struct bridge *b, uint32_t number)
{
	for (unsigned i = 0; i < b->ports; i++)
		if (b->port[i].number == number)
			return &b->port[i];
	return NULL;
}

static struct port *port_new(struct bridge *b, struct sdl_pid conference, uint32_t reference)
{
	struct port *p = &b->port[b->ports];
	uint32_t number = b->first;

	if (b->ports == BRIDGE_PORTS)
		return NULL;
	while (port_numbered(b, number))
		number++;
	b->ports++;
	*p = (struct port){ .reference = reference,
			    .number = number,
			    .conference = conference,
			    .room = sdl_pid_pack(conference) };
	return p;
}

static struct sim_stream own_end(struct sdl_process *self, const struct port *p)
{
	const struct phones_context *context = sdl_context(self);
	const struct bridge *b = sdl_data(self);

	return (struct sim_stream){ .ip = sim_media_ip(context->cluster, sdl_self(self).node),
				    .port = p->number,
				    .device = b->name };
}

static bool others_heard(const struct bridge *b, const struct port *p)
{
	for (unsigned i = 0; i < b->ports; i++)
		if (&b->port[i] != p && b->port[i].room == p->room && b->port[i].hearing)
			return true;
	return false;
}

/* Begins and ends to send, to all whom it concerns. */
static void mix(struct sdl_process *self, uint64_t room)
{
	struct bridge *b = sdl_data(self);

	for (unsigned i = 0; i < b->ports; i++) {
		struct port *p = &b->port[i];
		const struct sim_stream own = own_end(self, p);
		bool send = p->to_port && others_heard(b, p);

		if (p->room != room || send == p->sending)
			continue;
		p->sending = send;
		if (send)
			sim_media_transmit(self, &own, p->to_ip, p->to_port);
		else
			sim_media_stop_transmitting(self, p->number);
	}
}

static void port_close(struct sdl_process *self, struct port *p)
{
	struct bridge *b = sdl_data(self);
	uint64_t room = p->room;

	if (p->receiving)
		sim_media_stop_receiving(self, p->number);
	if (p->sending)
		sim_media_stop_transmitting(self, p->number);
	*p = b->port[--b->ports];
	mix(self, room);
}

/* ---- registration -------------------------------------------------------------------------- */
static void register_at_cm(struct sdl_process *self)
{
	const struct bridge *b = sdl_data(self);
	const struct sdl_pid manager = { .node = b->node,
					 .app = SDL_APP_CALLMANAGER,
					 .type = CM_MEDIA_RESOURCE_MANAGER,
					 .inst = 1 };
	StationRegister reg = STATION_REGISTER__INIT;

	reg.device_name = (char *)b->name;
	reg.has_device_type = true;
	reg.device_type = BRIDGE_MODEL;
	sdl_send(self, manager, SIG_StationRegister, &reg);
}

static int on_start(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct bridge *b = sdl_data(self);
	const PhoneStart *start = sig->msg;

	strncpy(b->name, start->phone, PHONE_NAME_MAX);
	b->node = start->n_group ? (uint8_t)start->group[0] : 0;
	b->first = start->port;
	sdl_label(self, b->name);
	sdl_watch(self, b->node, SDL_APP_CALLMANAGER);
	if (sim_phone_cm_usable(self, b->node))
		register_at_cm(self);
	return READY;
}

static int on_cm_in_service(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct bridge *b = sdl_data(self);

	if (((const PhoneCmInService *)sig->msg)->node == b->node)
		register_at_cm(self);
	return READY;
}

/* What still streams goes on without it. */
static int on_link_out(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct bridge *b = sdl_data(self);

	(void)sig;
	for (unsigned i = b->ports; i > 0; i--) {
		struct port *p = &b->port[i - 1];

		p->conference = (struct sdl_pid){ 0 };
		if (!p->hearing)
			port_close(self, p);
	}
	return READY;
}

/* ---- ports --------------------------------------------------------------------------------- */
static int on_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct bridge *b = sdl_data(self);
	const StationOpenReceiveChannel *open = sig->msg;
	struct port *p = port_of(b, sig->from, open->call_reference);
	StationOpenReceiveChannelAck ack = STATION_OPEN_RECEIVE_CHANNEL_ACK__INIT;

	if (!p)
		p = port_new(b, sig->from, open->call_reference);
	ack.call_reference = open->call_reference;
	ack.status = p ? 0 : 1;
	if (p) {
		const struct sim_stream own = own_end(self, p);

		p->receiving = true;
		ack.ip = own.ip;
		ack.port = own.port;
		sim_media_receive(self, &own);
	}
	sdl_send(self, sig->from, SIG_StationOpenReceiveChannelAck, &ack);
	return READY;
}

static int on_send(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct bridge *b = sdl_data(self);
	const StationStartMediaTransmission *start = sig->msg;
	struct port *p = port_of(b, sig->from, start->call_reference);

	if (!p)
		return READY;
	p->to_ip = start->ip;
	p->to_port = start->port;
	mix(self, p->room);
	return READY;
}

static int on_send_stop(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct bridge *b = sdl_data(self);
	const StationMediaEnd *end = sig->msg;
	struct port *p = port_of(b, sig->from, end->call_reference);

	if (!p)
		return READY;
	p->to_port = 0;
	mix(self, p->room);
	return READY;
}

static int on_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct bridge *b = sdl_data(self);
	const StationMediaEnd *end = sig->msg;
	struct port *p = port_of(b, sig->from, end->call_reference);

	if (p)
		port_close(self, p);
	return READY;
}

/* ---- what is heard ------------------------------------------------------------------------- */
static int on_heard(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct bridge *b = sdl_data(self);
	const MediaStreamEvent *event = sig->msg;
	struct port *p = port_numbered(b, event->port);

	if (!p || !p->receiving)
		return READY;
	p->hearing = true;
	mix(self, p->room);
	return READY;
}

static int on_stopped(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct bridge *b = sdl_data(self);
	const MediaStreamEvent *event = sig->msg;
	struct port *p = port_numbered(b, event->port);

	if (!p)
		return READY;
	p->hearing = false;
	if (sdl_pid_none(p->conference)) {
		port_close(self, p);
		return READY;
	}
	mix(self, p->room);
	sdl_timer_start_param(self, SIG_StationMediaFailureTimer, PARAM_MEDIA_TICK_INTERVAL);
	return READY;
}

/* As a phone does: told again and again, for the CallManager may come to know only later that the
 * party is lost. */
static int on_failure(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct bridge *b = sdl_data(self);
	StationMediaTransmissionFailure failure = STATION_MEDIA_TRANSMISSION_FAILURE__INIT;
	bool any = false;

	(void)sig;
	failure.last_tick = true;
	for (unsigned i = 0; i < b->ports; i++) {
		const struct port *p = &b->port[i];

		if (!p->receiving || p->hearing || sdl_pid_none(p->conference))
			continue;
		any = true;
		failure.call_reference = p->reference;
		sdl_send(self, p->conference, SIG_StationMediaTransmissionFailure, &failure);
	}
	if (any)
		sdl_timer_start_param(self, SIG_StationMediaFailureTimer,
				      PARAM_STATION_RETRY_INTERVAL);
	return READY;
}

static int on_command(struct sdl_process *self, const struct sdl_signal *sig)
{
	const PhoneCommand *command = sig->msg;
	const struct bridge *b = sdl_data(self);

	sim_phone_result(self, sig->from, command->verb, b->name,
			 CTIERR_COMMAND_NOT_IMPLEMENTED_ON_DEVICE, "a bridge has no keys");
	return READY;
}

const struct sdl_type sim_conference_bridge = {
	.name = "ConferenceBridge",
	.number = PHONES_CONFERENCE_BRIDGE,
	.size = sizeof(struct bridge),
	.states = states,
	.states_n = sizeof(states) / sizeof(states[0]),
	.rows = rows,
	.rows_n = sizeof(rows) / sizeof(rows[0]),
};
