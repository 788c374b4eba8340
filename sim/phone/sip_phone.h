/*
 * sip_phone.h - the parts of one SIP phone: its messages for registration (sip_phone.c), its calls, which are SIP
 * dialogs (sip_calls.c), what its user presses (sip_keys.c), and how it collects a number and
 * decides by dial rules when that is whole (sip_dial.c). Off hook, dial tone, digits and reorder are
 * its own affair: the CallManager hears of a call when there is a number to be called (DEV-06..11).
 */
#ifndef SIM_PHONE_SIP_PHONE_H
#define SIM_PHONE_SIP_PHONE_H

#include "common/base/dial_rule.h"
#include "sim/phone/registration.h"

#define SIP_DIGITS_SIZE 51

enum sip_call_state {
	SIP_CALLING,	/* INVITE sent */
	SIP_RINGBACK,	/* 180 came */
	SIP_CANCELLING, /* CANCEL sent */
	SIP_RINGING,	/* INVITE came, 180 sent */
	SIP_ANSWERED,	/* 200 sent, the ACK is to come */
	SIP_CONNECTED,
	SIP_HOLDING, /* re-INVITE, inactive, sent */
	SIP_HELD,
	SIP_RESUMING, /* re-INVITE with offer sent */
};

struct sip_call {
	uint64_t id; /* Call-ID */
	uint32_t cseq;
	uint32_t their_cseq;
	uint8_t line;
	uint8_t state;	/* enum sip_call_state */
	bool try_again; /* hold or resume met a request of the other side */
	bool offered;	/* in the last 200: the ACK to it answers */
	bool done;	/* what hold or resume asks for: an application was faster */
};

struct sip_phone {
	struct sim_phone base;
	bool udp;
	struct sip_call *calls;
	uint8_t calls_n;
	uint8_t calls_size;
	uint32_t calls_made;
	uint32_t refers;
	/* dialling */
	struct dial_rule *rules;
	uint8_t rules_n;
	uint32_t inter_digit_ms;
	bool off_hook;	/* and no call yet: collects digits */
	uint8_t line;	/* for it */
	uint32_t refer; /* of an application's makeCall that is being dialled; 0 = the user's */
	uint8_t tone;	/* StationTone */
	char digits[SIP_DIGITS_SIZE];
};

/* ---- sip_dial.c ---------------------------------------------------------------------------- */
/* What the user hears: on record as PhoneTone. */
void sim_sip_play(struct sdl_process *self, StationTone tone, uint32_t cause);
void sim_sip_off_hook(struct sdl_process *self, uint32_t line);
/* One key after the other, until the number is whole. */
void sim_sip_dial_keys(struct sdl_process *self, const char *keys);
/* The number of an application, all of it at once. */
void sim_sip_dial_number(struct sdl_process *self, const char *number, uint32_t line,
			 uint32_t refer);
/* On hook again: what was collected is forgotten. */
void sim_sip_stop_dialling(struct sdl_process *self);
/* The rules that the CallManager has sent. */
void sim_sip_take_rules(struct sip_phone *phone, const SipRegisterOk *ok);
sdl_handler sim_sip_on_dial_timer;

/* ---- sip_calls.c --------------------------------------------------------------------------- */
struct sip_call *sim_sip_call(struct sip_phone *phone, uint64_t id);
/* Its user hears it, or would but for the other side. */
bool sim_sip_active(const struct sip_call *call);
/* See struct sim_phone_protocol. */
bool sim_sip_idle(struct sdl_process *self);
bool sim_sip_streaming(struct sdl_process *self);
void sim_sip_clear_calls(struct sdl_process *self, bool keep_streaming);
void sim_sip_media_failure(struct sdl_process *self);
void sim_sip_describe(struct sdl_process *self, struct sdl_text *text);
/* INVITE to that number. */
void sim_sip_invite(struct sdl_process *self, const char *number, uint32_t line, uint32_t refer);
void sim_sip_answer(struct sdl_process *self, struct sip_call *call);
void sim_sip_hang_up(struct sdl_process *self, struct sip_call *call);
void sim_sip_hold(struct sdl_process *self, struct sip_call *call);
void sim_sip_resume(struct sdl_process *self, struct sip_call *call);
sdl_handler sim_sip_on_invite, sim_sip_on_ringing, sim_sip_on_ok, sim_sip_on_failure,
	sim_sip_on_ack, sim_sip_on_bye, sim_sip_on_cancel, sim_sip_on_refer, sim_sip_on_retry;

/* ---- sip_keys.c ---------------------------------------------------------------------------- */
/* Presses a key of a registered phone: 0, or a CTIERR code with a sentence in why. */
uint32_t sim_sip_press(struct sdl_process *self, enum phone_key key, const PhoneCommand *command,
		       char *why, size_t why_size);

#endif
