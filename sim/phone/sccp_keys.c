/*
 * sccp_keys.c - what the user of an SCCP phone presses.
 *
 * The phone only sends keys; what comes of them the CallManager shows. It refuses what no hand
 * could do: to answer when nothing rings, to hang up when there is no call.
 */
#include "sim/phone/sccp_phone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cti_error.h"

/* What a press needs to know. */
struct press {
	struct sdl_process *self;
	struct sccp_phone *phone;
	const PhoneCommand *command;
	char *why;
	size_t why_size;
};

static uint32_t refuse(const struct press *p, uint32_t result, const char *why)
{
	snprintf(p->why, p->why_size, "%s", why);
	return result;
}

/* ---- which call ---------------------------------------------------------------------------- */
static bool rings(uint8_t state)
{
	return state == STATION_CALL_STATE_VALUE__RingIn ||
	       state == STATION_CALL_STATE_VALUE__CallWaiting;
}

static bool held(uint8_t state)
{
	return state == STATION_CALL_STATE_VALUE__Hold;
}

static bool connected(uint8_t state)
{
	return state == STATION_CALL_STATE_VALUE__Connected;
}

/* The one that the user hears. */
static bool active(uint8_t state)
{
	return state != CALL_RELEASING && !rings(state) && !held(state) &&
	       state != STATION_CALL_STATE_VALUE__CallRemoteMultiline;
}

/* The first call in such a state, on the line that the command names if it names one. */
static struct sccp_call *call_that(const struct press *p, bool (*is)(uint8_t state))
{
	for (unsigned i = 0; i < p->phone->calls_n; i++) {
		struct sccp_call *call = &p->phone->calls[i];

		if (is(call->state) && (!p->command->line || p->command->line == call->line))
			return call;
	}
	return NULL;
}

/* ---- to the CallManager -------------------------------------------------------------------- */
static void send_hook(const struct press *p, uint16_t number, const struct sccp_call *call)
{
	StationHook hook = STATION_HOOK__INIT;
	uint32_t line = call ? call->line : p->command->line;

	hook.has_line = line > 0;
	hook.line = line;
	hook.has_call_reference = call != NULL;
	hook.call_reference = call ? call->reference : 0;
	sim_phone_to_station(p->self, number, &hook);
}

static void send_soft_key(const struct press *p, StationSoftKey key, const struct sccp_call *call)
{
	StationSoftKeyEvent event = STATION_SOFT_KEY_EVENT__INIT;
	uint32_t line = call ? call->line : p->command->line;

	event.key = key;
	event.has_line = line > 0;
	event.line = line;
	event.has_call_reference = call != NULL;
	event.call_reference = call ? call->reference : 0;
	event.digits = p->command->number;
	sim_phone_to_station(p->self, SIG_StationSoftKeyEvent, &event);
}

static void send_enbloc(struct sdl_process *self, const char *number, uint32_t line)
{
	StationEnblocCall enbloc = STATION_ENBLOC_CALL__INIT;

	enbloc.called_party = (char *)number;
	enbloc.has_line = line > 0;
	enbloc.line = line;
	sim_phone_to_station(self, SIG_StationEnblocCall, &enbloc);
}

static void send_digits(struct sdl_process *self, const char *number, const struct sccp_call *call)
{
	StationKeypadButton button = STATION_KEYPAD_BUTTON__INIT;

	button.has_line = true;
	button.line = call->line;
	button.has_call_reference = true;
	button.call_reference = call->reference;
	for (; *number; number++) {
		button.button = (uint32_t)(unsigned char)*number;
		sim_phone_to_station(self, SIG_StationKeypadButton, &button);
	}
}

/* An enbloc phone sends a number as a whole while the call has none yet. */
static void dial_on(struct sdl_process *self, const char *number, const struct sccp_call *call)
{
	struct sccp_phone *phone = sdl_data(self);

	if (phone->enbloc && call->state == STATION_CALL_STATE_VALUE__OffHook)
		send_enbloc(self, number, call->line);
	else
		send_digits(self, number, call);
}

void sim_sccp_dial_waiting(struct sdl_process *self, const struct sccp_call *call)
{
	struct sccp_phone *phone = sdl_data(self);

	if (!phone->digits)
		return;
	dial_on(self, phone->digits, call);
	free(phone->digits);
	phone->digits = NULL;
}

/* ---- keys ---------------------------------------------------------------------------------- */
static uint32_t check_number(const struct press *p)
{
	return sim_phone_check_number(p->command->number, p->why, p->why_size);
}

static void keep_digits(struct sccp_phone *phone, const char *number)
{
	size_t before = phone->digits ? strlen(phone->digits) : 0;
	size_t more = strlen(number);

	phone->digits = realloc(phone->digits, before + more + 1);
	if (!phone->digits)
		abort();
	memcpy(phone->digits + before, number, more + 1);
}

/* On a phone that rings, taking the handset up answers. */
static uint32_t press_off_hook(const struct press *p)
{
	struct sccp_call *ringing = call_that(p, rings);

	if (p->phone->lifted || call_that(p, active))
		return refuse(p, CTIERR_CALL_ALREADY_EXISTS,
			      "a call is active: hold it or hang up first");
	p->phone->lifted = !ringing;
	send_hook(p, SIG_StationOffHook, ringing);
	return CTIERR_SUCCESS;
}

static uint32_t press_dial(const struct press *p)
{
	uint32_t wrong = check_number(p);
	struct sccp_call *call = call_that(p, active);

	if (wrong)
		return wrong;
	if (call)
		dial_on(p->self, p->command->number, call);
	else if (p->phone->lifted)
		keep_digits(p->phone, p->command->number);
	else
		return refuse(p, CTIERR_ILLEGAL_CALLSTATE, "the phone is on hook");
	return CTIERR_SUCCESS;
}

static uint32_t press_call(const struct press *p)
{
	uint32_t wrong = check_number(p);
	struct sccp_call *call = call_that(p, active);

	if (wrong)
		return wrong;
	if (p->phone->lifted || (call && call->state == STATION_CALL_STATE_VALUE__OffHook))
		return press_dial(p);
	if (call)
		return refuse(p, CTIERR_CALL_ALREADY_EXISTS,
			      "a call is active: hold it or hang up first");
	p->phone->lifted = true;
	if (p->phone->enbloc) {
		send_enbloc(p->self, p->command->number, p->command->line);
		return CTIERR_SUCCESS;
	}
	keep_digits(p->phone, p->command->number);
	if (call_that(p, rings))
		send_soft_key(p, STATION_SOFT_KEY__NewCall, NULL);
	else
		send_hook(p, SIG_StationOffHook, NULL);
	return CTIERR_SUCCESS;
}

/* The phone itself ends its voice at once; the CallManager confirms with OnHook. */
static uint32_t press_hang_up(const struct press *p)
{
	struct sccp_call *call = call_that(p, active);
	struct sccp_call *waiting = call_that(p, held);

	if (waiting && waiting->remote)
		waiting = NULL; /* somebody else's */
	if (call || p->phone->lifted) {
		send_hook(p, SIG_StationOnHook, call);
	} else if (waiting) {
		call = waiting;
		send_soft_key(p, STATION_SOFT_KEY__EndCall, call);
	} else {
		return refuse(p, CTIERR_ILLEGAL_CALLSTATE, "there is no call to end");
	}
	p->phone->lifted = false;
	free(p->phone->digits);
	p->phone->digits = NULL;
	if (call) {
		call->state = CALL_RELEASING;
		if (p->phone->base.voice.call == call->reference)
			sim_voice_close(p->self, &p->phone->base.voice);
	}
	return CTIERR_SUCCESS;
}

/* The report goes to who has the phone open, as data (DEV-12). */
static uint32_t press_quality(const struct press *p)
{
	char report[200];
	StationDeviceData msg = STATION_DEVICE_DATA__INIT;

	sim_phone_quality_report(p->phone->base.name, p->command->number,
				 p->phone->base.voice.hearing, report, sizeof(report));
	msg.data = (ProtobufCBinaryData){ strlen(report), (uint8_t *)report };
	sim_phone_to_station(p->self, SIG_StationDeviceToUserData, &msg);
	return CTIERR_SUCCESS;
}

/* With a number: all calls go there; without: here again. */
static uint32_t press_forward(const struct press *p)
{
	const char *number = p->command->number;
	StationSoftKeyEvent event = STATION_SOFT_KEY_EVENT__INIT;
	uint32_t wrong = number && *number ? check_number(p) : CTIERR_SUCCESS;

	if (wrong)
		return wrong;
	event.key = STATION_SOFT_KEY__CFwdAll;
	event.has_line = p->command->line > 0;
	event.line = p->command->line;
	event.digits = (char *)number;
	sim_phone_to_station(p->self, SIG_StationSoftKeyEvent, &event);
	return CTIERR_SUCCESS;
}

static uint32_t press_soft_key(const struct press *p, StationSoftKey key, bool (*is)(uint8_t state),
			       const char *otherwise)
{
	struct sccp_call *call = call_that(p, is);

	if (!call)
		return refuse(p, CTIERR_ILLEGAL_CALLSTATE, otherwise);
	send_soft_key(p, key, call);
	return CTIERR_SUCCESS;
}

static bool any(uint8_t state)
{
	return state != CALL_RELEASING;
}

/* A key about the calls that are there; with a number, if one is given. */
static uint32_t press_feature(const struct press *p, StationSoftKey key, bool (*is)(uint8_t state))
{
	const char *number = p->command->number;
	uint32_t wrong = number ? sim_phone_check_number(number, p->why, p->why_size) : 0;

	return wrong ? wrong : press_soft_key(p, key, is, "there is no call for it");
}

uint32_t sim_sccp_press(struct sdl_process *self, enum phone_key key, const PhoneCommand *command,
			char *why, size_t why_size)
{
	const struct press p = { self, sdl_data(self), command, why, why_size };

	switch (key) {
	case KEY_OFF_HOOK:
		return press_off_hook(&p);
	case KEY_HANG_UP:
		return press_hang_up(&p);
	case KEY_DIAL:
		return press_dial(&p);
	case KEY_CALL:
		return press_call(&p);
	case KEY_ANSWER:
		return press_soft_key(&p, STATION_SOFT_KEY__Answer, rings, "nothing rings");
	case KEY_QRT:
		return press_quality(&p);
	case KEY_FORWARD:
		return press_forward(&p);
	case KEY_HOLD:
		return press_soft_key(&p, STATION_SOFT_KEY__HoldKey, connected,
				      "no call is connected");
	case KEY_RESUME:
		return press_soft_key(&p, STATION_SOFT_KEY__Resume, held, "no call is held");
	case KEY_TRANSFER:
		return press_feature(&p, STATION_SOFT_KEY__Trnsfer, active);
	case KEY_CONFERENCE:
		return press_feature(&p, STATION_SOFT_KEY__Confrn, active);
	case KEY_SELECT:
		return press_feature(&p, STATION_SOFT_KEY__Select, any);
	case KEY_DIRECT_TRANSFER:
		return press_feature(&p, STATION_SOFT_KEY__DirTrfr, any);
	case KEY_JOIN:
		return press_feature(&p, STATION_SOFT_KEY__Join, any);
	case KEY_REMOVE_LAST:
		return press_feature(&p, STATION_SOFT_KEY__RmLstC, any);
	case KEY_PICKUP:
		send_soft_key(&p, STATION_SOFT_KEY__PickUp, NULL);
		return CTIERR_SUCCESS;
	case KEY_PARK:
		return press_soft_key(&p, STATION_SOFT_KEY__Park, connected,
				      "no call is connected");
	default:
		return refuse(&p, CTIERR_COMMAND_NOT_IMPLEMENTED_ON_DEVICE, "no such key");
	}
}
