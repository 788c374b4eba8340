/*
 * sccp_screen.c - what the CallManager shows and plays on an SCCP phone, and its voice path.
 *
 * Only the process that registered the phone has a say: what comes from another one is of a
 * registration that is over.
 */
#include "sim/phone/sccp_phone.h"

#include <stdlib.h>
#include <string.h>

#include "sdl/view/text.h"

struct sccp_call *sim_sccp_call(struct sccp_phone *phone, uint32_t reference)
{
	for (unsigned i = 0; i < phone->calls_n; i++)
		if (phone->calls[i].reference == reference)
			return &phone->calls[i];
	return NULL;
}

bool sim_sccp_idle(struct sdl_process *self)
{
	const struct sccp_phone *phone = sdl_data(self);

	for (unsigned i = 0; i < phone->calls_n; i++)
		if (!phone->calls[i].remote)
			return false;
	return !phone->lifted;
}

bool sim_sccp_streaming(struct sdl_process *self)
{
	struct sccp_phone *phone = sdl_data(self);
	const struct phone_voice *voice = &phone->base.voice;
	const struct sccp_call *call = sim_sccp_call(phone, (uint32_t)voice->call);

	return call && call->state == STATION_CALL_STATE_VALUE__Connected &&
	       sim_voice_streaming(voice);
}

/* ---- calls --------------------------------------------------------------------------------- */

/* NULL when the phone has more calls than any line may have. */
static struct sccp_call *add_call(struct sccp_phone *phone, uint32_t reference, uint32_t line)
{
	if (phone->calls_n == UINT8_MAX)
		return NULL;
	if (phone->calls_n == phone->calls_size) {
		unsigned size = phone->calls_size ? 2u * phone->calls_size : 2;

		phone->calls_size = size > UINT8_MAX ? UINT8_MAX : (uint8_t)size;
		phone->calls = realloc(phone->calls, phone->calls_size * sizeof(*phone->calls));
		if (!phone->calls)
			abort();
	}
	struct sccp_call *call = &phone->calls[phone->calls_n++];

	*call = (struct sccp_call){ .reference = reference, .line = (uint8_t)line };
	return call;
}

static void forget_digits(struct sccp_phone *phone)
{
	free(phone->digits);
	phone->digits = NULL;
}

static void remove_call(struct sdl_process *self, uint32_t reference)
{
	struct sccp_phone *phone = sdl_data(self);
	struct sccp_call *call = sim_sccp_call(phone, reference);

	if (!call) { /* off hook came to nothing */
		phone->lifted = false;
		forget_digits(phone);
		return;
	}
	if ((uint32_t)phone->base.voice.call == reference)
		sim_voice_close(self, &phone->base.voice);
	size_t after = (size_t)(phone->calls + phone->calls_n - (call + 1));

	memmove(call, call + 1, after * sizeof(*call));
	if (--phone->calls_n > 0)
		return;
	phone->ringing = false;
	phone->tone = STATION_TONE__Silence;
	free(phone->calls);
	phone->calls = NULL;
	phone->calls_size = 0;
}

void sim_sccp_show_call(struct sdl_process *self, const StationCallState *state)
{
	struct sccp_phone *phone = sdl_data(self);
	struct sccp_call *call = sim_sccp_call(phone, state->call_reference);
	bool rings = state->state == STATION_CALL_STATE_VALUE__RingIn ||
		     state->state == STATION_CALL_STATE_VALUE__CallWaiting;
	bool remote = !call && state->state == STATION_CALL_STATE_VALUE__CallRemoteMultiline;
	bool own = !call && !rings && !remote; /* what came of going off hook */

	if (state->state == STATION_CALL_STATE_VALUE__OnHook) {
		remove_call(self, state->call_reference);
		return;
	}
	if (!call)
		call = add_call(phone, state->call_reference, state->line);
	if (!call || call->state == CALL_RELEASING)
		return;
	call->state = (uint8_t)state->state;
	call->remote = call->remote || remote;
	if (!own)
		return;
	phone->lifted = false;
	if (call->state == STATION_CALL_STATE_VALUE__OffHook)
		sim_sccp_dial_waiting(self, call);
	forget_digits(phone);
}

void sim_sccp_clear_calls(struct sdl_process *self, bool keep_streaming)
{
	struct sccp_phone *phone = sdl_data(self);
	uint32_t kept = keep_streaming ? (uint32_t)phone->base.voice.call : 0;

	for (unsigned i = phone->calls_n; i > 0; i--)
		if (!keep_streaming || phone->calls[i - 1].reference != kept)
			remove_call(self, phone->calls[i - 1].reference);
	phone->lifted = false;
	phone->ringing = false;
	phone->tone = STATION_TONE__Silence;
	forget_digits(phone);
}

/* Who is on the other side: shown, and of no further use to a simulated user. */
int sim_sccp_on_call_info(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	return sdl_state(self);
}

/* A text takes the place of the one before; some go away by themselves. */
int sim_sccp_on_prompt(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);
	const StationDisplayPrompt *prompt = sig->msg;

	if (!sim_phone_from_station(self, sig))
		return sdl_state(self);
	free(phone->prompt);
	phone->prompt = strdup(prompt->text);
	if (!phone->prompt)
		abort();
	if (prompt->has_timeout_ms)
		sdl_timer_start(self, SIG_StationPromptTimer,
				(int64_t)prompt->timeout_ms * 1000000);
	else
		sdl_timer_stop(self, SIG_StationPromptTimer);
	return sdl_state(self);
}

int sim_sccp_on_prompt_end(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);

	(void)sig;
	free(phone->prompt);
	phone->prompt = NULL;
	return sdl_state(self);
}

/* Seen or heard, and of no further use to a simulated user. */
int sim_sccp_on_shown(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	return sdl_state(self);
}

int sim_sccp_on_tone(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);
	const StationToneMsg *tone = sig->msg;

	if (sim_phone_from_station(self, sig))
		phone->tone = sig->number == SIG_StationStopTone ? STATION_TONE__Silence
								 : (uint8_t)tone->tone;
	return sdl_state(self);
}

int sim_sccp_on_ringer(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);

	if (sim_phone_from_station(self, sig))
		phone->ringing = ((const StationSetRinger *)sig->msg)->on;
	return sdl_state(self);
}

/* ---- voice path ---------------------------------------------------------------------------- */
/* There is one voice path: another call takes it over. false: there is no such call. */
static bool take_voice(struct sdl_process *self, uint32_t reference)
{
	struct sccp_phone *phone = sdl_data(self);
	const struct sccp_call *call = sim_sccp_call(phone, reference);

	if (!call || call->state == CALL_RELEASING)
		return false;
	sim_voice_take(self, &phone->base.voice, reference);
	return true;
}

int sim_sccp_on_open_channel(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);
	const StationOpenReceiveChannel *open = sig->msg;
	StationOpenReceiveChannelAck ack = STATION_OPEN_RECEIVE_CHANNEL_ACK__INIT;

	if (!sim_phone_from_station(self, sig))
		return sdl_state(self);
	ack.call_reference = open->call_reference;
	ack.ip = sim_voice_ip(self);
	ack.port = phone->base.voice.port;
	if (take_voice(self, open->call_reference))
		sim_voice_receive(self, &phone->base.voice);
	else
		ack.status = 1;
	sim_phone_to_station(self, SIG_StationOpenReceiveChannelAck, &ack);
	return sdl_state(self);
}

int sim_sccp_on_close_channel(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);
	const StationMediaEnd *end = sig->msg;

	if (sim_phone_from_station(self, sig) && end->call_reference == phone->base.voice.call)
		sim_voice_stop_receiving(self, &phone->base.voice);
	return sdl_state(self);
}

int sim_sccp_on_start_transmission(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);
	const StationStartMediaTransmission *start = sig->msg;

	if (sim_phone_from_station(self, sig) && take_voice(self, start->call_reference))
		sim_voice_transmit(self, &phone->base.voice, start->ip, start->port);
	return sdl_state(self);
}

int sim_sccp_on_stop_transmission(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct sccp_phone *phone = sdl_data(self);
	const StationMediaEnd *end = sig->msg;

	if (sim_phone_from_station(self, sig) && end->call_reference == phone->base.voice.call)
		sim_voice_stop_transmitting(self, &phone->base.voice);
	return sdl_state(self);
}

void sim_sccp_media_failure(struct sdl_process *self)
{
	const struct sccp_phone *phone = sdl_data(self);
	StationMediaTransmissionFailure failure = STATION_MEDIA_TRANSMISSION_FAILURE__INIT;

	failure.call_reference = (uint32_t)phone->base.voice.call;
	failure.last_tick = phone->base.voice.ended;
	sim_phone_to_station(self, SIG_StationMediaTransmissionFailure, &failure);
}

/* ---- show ---------------------------------------------------------------------------------- */
static const char *name_in(const ProtobufCEnumDescriptor *names, int value)
{
	const ProtobufCEnumValue *v = protobuf_c_enum_descriptor_get_value(names, value);

	return v ? v->name : "releasing";
}

void sim_sccp_describe(struct sdl_process *self, struct sdl_text *text)
{
	const struct sccp_phone *phone = sdl_data(self);

	for (unsigned i = 0; i < phone->calls_n; i++)
		sdl_text_put(text, ", call %u on line %u %s", (unsigned)phone->calls[i].reference,
			     (unsigned)phone->calls[i].line,
			     name_in(&station_call_state_value__descriptor, phone->calls[i].state));
	sim_voice_describe(&phone->base.voice, text);
	if (phone->ringing)
		sdl_text_put(text, ", ringing");
	if (phone->prompt)
		sdl_text_put(text, ", \"%s\"", phone->prompt);
	if (phone->tone)
		sdl_text_put(text, ", %s", name_in(&station_tone__descriptor, phone->tone));
}
