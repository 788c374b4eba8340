/*
 * sip_keys.c - what the user of a SIP phone presses. Refused is what no hand could do.
 */
#include "sim/phone/sip_phone.h"

#include <stdio.h>
#include <string.h>

#include "common/base/cti_error.h"

struct press {
	struct sdl_process *self;
	struct sip_phone *phone;
	const PhoneCommand *command;
	char *why;
	size_t why_size;
};

static uint32_t refuse(const struct press *p, uint32_t result, const char *why)
{
	snprintf(p->why, p->why_size, "%s", why);
	return result;
}

static bool rings(const struct sip_call *call)
{
	return call->state == SIP_RINGING;
}

static bool held(const struct sip_call *call)
{
	return call->state == SIP_HELD;
}

static bool connected(const struct sip_call *call)
{
	return call->state == SIP_CONNECTED;
}

static bool any(const struct sip_call *call)
{
	return call->state != SIP_CANCELLING;
}

static bool talks(const struct sip_call *call)
{
	return call->state == SIP_CONNECTED || call->state == SIP_ANSWERED;
}

/* The first call in such a state, on the line that the command names if it names one. */
static struct sip_call *call_that(const struct press *p, bool (*is)(const struct sip_call *call))
{
	for (unsigned i = 0; i < p->phone->calls_n; i++) {
		struct sip_call *call = &p->phone->calls[i];

		if (is(call) && (!p->command->line || p->command->line == call->line))
			return call;
	}
	return NULL;
}

static uint32_t check_number(const struct press *p)
{
	return sim_phone_check_number(p->command->number, p->why, p->why_size);
}

static uint32_t press_off_hook(const struct press *p)
{
	struct sip_call *ringing = call_that(p, rings);

	if (p->phone->off_hook || call_that(p, sim_sip_active))
		return refuse(p, CTIERR_CALL_ALREADY_EXISTS,
			      "a call is active: hold it or hang up first");
	if (ringing)
		sim_sip_answer(p->self, ringing);
	else
		sim_sip_off_hook(p->self, p->command->line);
	return CTIERR_SUCCESS;
}

static uint32_t press_dial(const struct press *p)
{
	uint32_t wrong = check_number(p);
	struct sip_call *call = call_that(p, talks);
	SipInfo info = SIP_INFO__INIT;

	if (wrong)
		return wrong;
	if (p->phone->off_hook) {
		sim_sip_dial_keys(p->self, p->command->number);
		return CTIERR_SUCCESS;
	}
	if (!call)
		return refuse(p, CTIERR_ILLEGAL_CALLSTATE, "the phone is on hook");
	info.call_id = call->id;
	info.digits = p->command->number;
	sim_phone_to_station(p->self, SIG_SipInfo, &info);
	return CTIERR_SUCCESS;
}

static uint32_t press_call(const struct press *p)
{
	uint32_t wrong = check_number(p);

	if (wrong)
		return wrong;
	if (!p->phone->off_hook && call_that(p, sim_sip_active))
		return refuse(p, CTIERR_CALL_ALREADY_EXISTS,
			      "a call is active: hold it or hang up first");
	if (!p->phone->off_hook)
		sim_sip_off_hook(p->self, p->command->line);
	sim_sip_dial_keys(p->self, p->command->number);
	return CTIERR_SUCCESS;
}

/* A key that only the CallManager knows what to do with. */
static void send_key(const struct press *p, StationSoftKey key, const struct sip_call *call)
{
	SipRefer refer = SIP_REFER__INIT;
	uint32_t line = call ? call->line : p->command->line;

	refer.refer = ++p->phone->refers;
	refer.kind = SIP_REFER_KIND__SIP_REFER_SOFT_KEY;
	refer.has_key = true;
	refer.key = key;
	refer.has_call_id = call != NULL;
	refer.call_id = call ? call->id : 0;
	refer.has_line = line > 0;
	refer.line = line;
	refer.refer_to = p->command->number;
	sim_phone_to_station(p->self, SIG_SipRefer, &refer);
}

/* About the calls that are there; with a number, if one is given. */
static uint32_t press_key(const struct press *p, StationSoftKey key,
			  bool (*is)(const struct sip_call *call))
{
	const char *number = p->command->number;
	uint32_t wrong = number && *number ? check_number(p) : CTIERR_SUCCESS;
	struct sip_call *call = is ? call_that(p, is) : NULL;

	if (wrong)
		return wrong;
	if (is && !call)
		return refuse(p, CTIERR_ILLEGAL_CALLSTATE, "there is no call for it");
	send_key(p, key, call);
	return CTIERR_SUCCESS;
}

/* The report goes to who has the phone open, as data; not over UDP (DEV-12). */
static uint32_t press_quality(const struct press *p)
{
	char report[200];
	SipNotify notify = SIP_NOTIFY__INIT;

	if (p->phone->udp)
		return refuse(p, CTIERR_UDP_PASS_THROUGH_NOT_SUPPORTED,
			      "the quality report needs SIP over TCP");
	sim_phone_quality_report(p->phone->base.name, p->command->number,
				 p->phone->base.voice.hearing, report, sizeof(report));
	notify.event = SIP_EVENT__SIP_DEVICE_DATA;
	notify.has_body = true;
	notify.body = (ProtobufCBinaryData){ strlen(report), (uint8_t *)report };
	sim_phone_to_station(p->self, SIG_SipNotify, &notify);
	return CTIERR_SUCCESS;
}

/* Also ends a tone that the phone plays by itself. */
static uint32_t press_hang_up(const struct press *p)
{
	struct sip_call *call = call_that(p, sim_sip_active);

	if (p->phone->off_hook)
		sim_sip_stop_dialling(p->self);
	else if (call || (call = call_that(p, held)))
		sim_sip_hang_up(p->self, call);
	else if (p->phone->tone)
		sim_sip_play(p->self, STATION_TONE__Silence, 0);
	else
		return refuse(p, CTIERR_ILLEGAL_CALLSTATE, "there is no call to end");
	return CTIERR_SUCCESS;
}

static uint32_t press_on(const struct press *p, bool (*is)(const struct sip_call *call),
			 void (*act)(struct sdl_process *self, struct sip_call *call),
			 const char *otherwise)
{
	struct sip_call *call = call_that(p, is);

	if (!call)
		return refuse(p, CTIERR_ILLEGAL_CALLSTATE, otherwise);
	act(p->self, call);
	return CTIERR_SUCCESS;
}

uint32_t sim_sip_press(struct sdl_process *self, enum phone_key key, const PhoneCommand *command,
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
		return press_on(&p, rings, sim_sip_answer, "nothing rings");
	case KEY_HOLD:
		return press_on(&p, connected, sim_sip_hold, "no call is connected");
	case KEY_RESUME:
		return press_on(&p, held, sim_sip_resume, "no call is held");
	case KEY_TRANSFER:
		return press_key(&p, STATION_SOFT_KEY__Trnsfer, sim_sip_active);
	case KEY_CONFERENCE:
		return press_key(&p, STATION_SOFT_KEY__Confrn, sim_sip_active);
	case KEY_SELECT:
		return press_key(&p, STATION_SOFT_KEY__Select, any);
	case KEY_DIRECT_TRANSFER:
		return press_key(&p, STATION_SOFT_KEY__DirTrfr, any);
	case KEY_JOIN:
		return press_key(&p, STATION_SOFT_KEY__Join, any);
	case KEY_REMOVE_LAST:
		return press_key(&p, STATION_SOFT_KEY__RmLstC, any);
	case KEY_PARK:
		return press_key(&p, STATION_SOFT_KEY__Park, connected);
	case KEY_PICKUP:
		return press_key(&p, STATION_SOFT_KEY__PickUp, NULL);
	case KEY_QRT:
		return press_quality(&p);
	case KEY_FORWARD:
		return press_key(&p, STATION_SOFT_KEY__CFwdAll, NULL);
	default:
		return refuse(&p, CTIERR_COMMAND_NOT_IMPLEMENTED_ON_DEVICE, "no such key");
	}
}
