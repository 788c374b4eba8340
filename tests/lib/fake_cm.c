#include "tests/lib/fake_cm.h"

#include <stdlib.h>
#include <string.h>

#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/link/link_admin.h"

#define PHONES_NODE 101
#define PHONES_MAX  2000
#define REFERENCE   1

enum { READY };

struct fake_cm {
	uint32_t n;
	struct {
		char name[16];
		struct sdl_pid pid;
	} phones[PHONES_MAX];
	uint32_t waiting_n;
	struct sdl_pid waiting[PHONES_MAX];
};

static struct fake_cm *data(struct sdl_process *self)
{
	return *(struct fake_cm **)sdl_data(self);
}

static void say_in_service(struct sdl_process *self)
{
	const struct sdl_pid phones = {
		.node = PHONES_NODE, .app = SDL_APP_PHONES, .type = PHONES_PHONE_INIT, .inst = 1
	};
	CcmInService in = CCM_IN_SERVICE__INIT;

	in.initialization_state = 100;
	sdl_send(self, phones, SIG_CcmInService, &in);
}

static int on_link(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct fake_cm_context *context = sdl_context(self);

	if (sig->number == SIG_SdlLinkInService && !context->late)
		say_in_service(self);
	return READY;
}

static void ack(struct sdl_process *self, struct sdl_pid phone)
{
	const struct fake_cm_context *context = sdl_context(self);
	StationRegisterAck a = STATION_REGISTER_ACK__INIT;

	a.keepalive_s = context->keepalive_s ? context->keepalive_s : 30;
	a.node = sdl_self(self).node;
	sdl_send(self, phone, SIG_StationRegisterAck, &a);
}

static int on_register(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct fake_cm_context *context = sdl_context(self);
	const StationRegister *reg = sig->msg;
	struct fake_cm *cm = data(self);
	uint32_t i = 0;

	if (context->reject) {
		StationRegisterReject reject = STATION_REGISTER_REJECT__INIT;

		sdl_send(self, sig->from, SIG_StationRegisterReject, &reject);
		return READY;
	}
	while (i < cm->n && strcmp(cm->phones[i].name, reg->device_name))
		i++;
	if (i == cm->n && cm->n < PHONES_MAX)
		cm->n++;
	strncpy(cm->phones[i].name, reg->device_name, 15);
	cm->phones[i].pid = sig->from;
	if (!context->slow) {
		ack(self, sig->from);
		return READY;
	}
	cm->waiting[cm->waiting_n++] = sig->from;
	if (++context->registering > context->registering_max)
		context->registering_max = context->registering;
	if (!sdl_timer_running(self, SIG_StationRetryTimer))
		sdl_timer_start(self, SIG_StationRetryTimer, 10000000);
	return READY;
}

static int on_slow(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct fake_cm_context *context = sdl_context(self);
	struct fake_cm *cm = data(self);

	(void)sig;
	for (uint32_t i = 0; i < cm->waiting_n; i++)
		ack(self, cm->waiting[i]);
	cm->waiting_n = 0;
	context->registering = 0;
	return READY;
}

static int on_token(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct fake_cm_context *context = sdl_context(self);
	StationRegisterTokenReject reject = STATION_REGISTER_TOKEN_REJECT__INIT;

	reject.wait_s = 2;
	if (context->no_token)
		sdl_send(self, sig->from, SIG_StationRegisterTokenReject, &reject);
	else
		sdl_send(self, sig->from, SIG_StationRegisterTokenAck, NULL);
	return READY;
}

static int on_unregister(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct fake_cm_context *context = sdl_context(self);
	StationUnregisterAck a = STATION_UNREGISTER_ACK__INIT;

	a.status = context->busy ? STATION_UNREGISTER_STATUS__UnregisterNAK
				 : STATION_UNREGISTER_STATUS__UnregisterOK;
	sdl_send(self, sig->from, SIG_StationUnregisterAck, &a);
	return READY;
}

static int on_keepalive(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct fake_cm_context *context = sdl_context(self);

	if (!context->mute)
		sdl_send(self, sig->from, SIG_StationKeepAliveAck, NULL);
	return READY;
}

static void show(struct sdl_process *self, struct sdl_pid phone, StationCallStateValue state)
{
	StationCallState s = STATION_CALL_STATE__INIT;

	s.state = state;
	s.line = 1;
	s.call_reference = REFERENCE;
	sdl_send(self, phone, SIG_StationCallState, &s);
}

static void stop_media(struct sdl_process *self, struct sdl_pid phone)
{
	StationMediaEnd end = STATION_MEDIA_END__INIT;

	end.call_reference = REFERENCE;
	sdl_send(self, phone, SIG_StationCloseReceiveChannel, &end);
	sdl_send(self, phone, SIG_StationStopMediaTransmission, &end);
}

static int on_off_hook(struct sdl_process *self, const struct sdl_signal *sig)
{
	StationToneMsg tone = STATION_TONE_MSG__INIT;

	show(self, sig->from, STATION_CALL_STATE_VALUE__OffHook);
	tone.tone = STATION_TONE__InsideDialTone;
	sdl_send(self, sig->from, SIG_StationStartTone, &tone);
	return READY;
}

static int on_enbloc(struct sdl_process *self, const struct sdl_signal *sig)
{
	show(self, sig->from, STATION_CALL_STATE_VALUE__Proceed);
	return READY;
}

static int on_on_hook(struct sdl_process *self, const struct sdl_signal *sig)
{
	stop_media(self, sig->from);
	show(self, sig->from, STATION_CALL_STATE_VALUE__OnHook);
	return READY;
}

static int on_soft_key(struct sdl_process *self, const struct sdl_signal *sig)
{
	const StationSoftKeyEvent *event = sig->msg;

	if (event->key == STATION_SOFT_KEY__HoldKey) {
		stop_media(self, sig->from);
		show(self, sig->from, STATION_CALL_STATE_VALUE__Hold);
	} else if (event->key == STATION_SOFT_KEY__Resume ||
		   event->key == STATION_SOFT_KEY__Answer) {
		show(self, sig->from, STATION_CALL_STATE_VALUE__Connected);
	}
	return READY;
}

static int on_noted(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)self;
	(void)sig;
	return READY;
}

static void connect(struct sdl_process *self, struct sdl_pid phone, const char *port)
{
	StationOpenReceiveChannel open = STATION_OPEN_RECEIVE_CHANNEL__INIT;
	StationStartMediaTransmission start = STATION_START_MEDIA_TRANSMISSION__INIT;

	show(self, phone, STATION_CALL_STATE_VALUE__Connected);
	open.call_reference = REFERENCE;
	sdl_send(self, phone, SIG_StationOpenReceiveChannel, &open);
	start.call_reference = REFERENCE;
	start.ip = 127u << 24 | 1u << 16 | PHONES_NODE;
	start.port = (uint32_t)atoi(port);
	sdl_send(self, phone, SIG_StationStartMediaTransmission, &start);
}

static int on_command(struct sdl_process *self, const struct sdl_signal *sig)
{
	const PhoneCommand *command = sig->msg;
	StationSetRinger ringer = STATION_SET_RINGER__INIT;
	StationReset reset = STATION_RESET__INIT;
	struct fake_cm *cm = data(self);
	uint32_t i = 0;

	if (!strcmp(command->verb, "open")) {
		say_in_service(self);
		return READY;
	}
	while (i < cm->n && strcmp(cm->phones[i].name, command->phone))
		i++;
	if (i == cm->n)
		abort();
	struct sdl_pid phone = cm->phones[i].pid;

	if (!strcmp(command->verb, "ring")) {
		show(self, phone, STATION_CALL_STATE_VALUE__RingIn);
		ringer.on = true;
		sdl_send(self, phone, SIG_StationSetRinger, &ringer);
	} else if (!strcmp(command->verb, "connect")) {
		connect(self, phone, command->number);
	} else if (!strcmp(command->verb, "release")) {
		stop_media(self, phone);
		show(self, phone, STATION_CALL_STATE_VALUE__OnHook);
	} else if (!strcmp(command->verb, "reset")) {
		sdl_send(self, phone, SIG_StationReset, &reset);
	} else {
		abort();
	}
	return READY;
}

static int start(struct sdl_process *self)
{
	struct fake_cm **cm = sdl_data(self);

	*cm = calloc(1, sizeof(**cm));
	if (!*cm)
		abort();
	sdl_watch(self, PHONES_NODE, SDL_APP_PHONES);
	return READY;
}

static void stop(struct sdl_process *self)
{
	free(data(self));
}

static const struct sdl_state states[] = {
	[READY] = { .name = "ready", .waits = "" },
};

static const struct sdl_row rows[] = {
	{ READY, SIG_SdlLinkInService, on_link, 0 },
	{ READY, SIG_SdlLinkOutOfService, on_link, 0 },
	{ READY, SIG_StationRegister, on_register, 0 },
	{ READY, SIG_StationRetryTimer, on_slow, 0 },
	{ READY, SIG_StationRegisterTokenReq, on_token, 0 },
	{ READY, SIG_StationUnregister, on_unregister, 0 },
	{ READY, SIG_StationKeepAlive, on_keepalive, 0 },
	{ READY, SIG_StationOffHook, on_off_hook, 0 },
	{ READY, SIG_StationEnblocCall, on_enbloc, 0 },
	{ READY, SIG_StationOnHook, on_on_hook, 0 },
	{ READY, SIG_StationSoftKeyEvent, on_soft_key, 0 },
	{ READY, SIG_StationKeypadButton, on_noted, 0 },
	{ READY, SIG_StationOpenReceiveChannelAck, on_noted, 0 },
	{ READY, SIG_StationMediaTransmissionFailure, on_noted, 0 },
	{ READY, SIG_PhoneCommand, on_command, 0 },
};

static const struct sdl_type station = {
	.name = "StationInit",
	.number = CM_STATION_INIT,
	.at_start = true,
	.size = sizeof(struct fake_cm *),
	.states = states,
	.states_n = sizeof(states) / sizeof(states[0]),
	.rows = rows,
	.rows_n = sizeof(rows) / sizeof(rows[0]),
	.start = start,
	.stop = stop,
};

static const struct sdl_type *const types[] = { &sdl_link_admin, &station, &fake_sip_station };

void fake_cm_program(struct sdl_config *config, struct fake_cm_context *context)
{
	config->types = types;
	config->types_n = sizeof(types) / sizeof(types[0]);
	config->context = context;
}
