/*
 * registration.h - what SccpPhone and SipPhone share: the life of a phone, whatever it speaks. Where
 * it registers, when it leaves for a better member, what it keeps when its CallManager is lost, and
 * what holds of its user's keys and its stream in each state of that life.
 *
 * Use: the process's data begins with a struct sim_phone, whose protocol is set in start(); its
 * states are sim_phone_states; its table includes registration_rows.def and has the rows of its
 * protocol, which say what a message means by the functions below. Handlers here are for such
 * processes only.
 *
 * A phone that is idle fails over at once. One whose voice streams keeps it, registers nowhere, and
 * fails over when its user hangs up or the other side's stream ends (CMF-14, CAL-02, CAL-04); calls
 * in set-up it drops itself (CAL-03). It goes back to a better member only when idle (CMF-15): it
 * asks that one for a token, unregisters, registers there.
 *
 * Each phone watches the link of the CallManager it deals with, so a request that is under way is
 * answered or followed by the loss of the link.
 */
#ifndef SIM_PHONE_REGISTRATION_H
#define SIM_PHONE_REGISTRATION_H

#include "sdl/view/text.h"
#include "sim/phone/keys.h"
#include "sim/phone/place.h"
#include "sim/phone/voice.h"

enum {
	PHONE_UNPLUGGED,
	PHONE_UNREGISTERED,
	PHONE_QUEUED,
	PHONE_REGISTERING,
	PHONE_REGISTERED,
	PHONE_TOKEN,
	PHONE_UNREGISTERING,
	PHONE_PRESERVED,
	PHONE_STATES,
};

extern const struct sdl_state sim_phone_states[PHONE_STATES];

/* Where a phone goes that looks for a member of its group. */
#define PHONE_CHOOSES (TO(PHONE_UNREGISTERED) | TO(PHONE_QUEUED))
/* Where one goes whose CallManager is lost. */
#define PHONE_LOSES (PHONE_CHOOSES | TO(PHONE_PRESERVED))

/* How the protocol says what all have to say, and what of its calls matters here. */
struct sim_phone_protocol {
	uint8_t door; /* StationInit, SIPStationInit: the type's number */
	/* What of PhoneStart is the protocol's own. */
	void (*start)(struct sdl_process *self, const PhoneStart *start);
	/* To the door of `at`: it wants to be registered. */
	void (*enrol)(struct sdl_process *self);
	/* To the door of `target`: may it come back? (CMF-15) */
	void (*ask_token)(struct sdl_process *self);
	void (*keepalive)(struct sdl_process *self);
	void (*unregister)(struct sdl_process *self, bool falls_back);
	/* The other side's stream ended while the call goes on. */
	void (*media_failure)(struct sdl_process *self);
	/* No call, no off hook: the phone may move to another CallManager. */
	bool (*idle)(struct sdl_process *self);
	/* Is there a connected call whose voice goes both ways (CAL-02)? */
	bool (*streaming)(struct sdl_process *self);
	/* The calls without their CallManager: all are gone (CAL-03), or all but the streaming one. */
	void (*clear_calls)(struct sdl_process *self, bool keep_streaming);
	/* Presses a key of a registered phone: 0, or a CTIERR code with a sentence in why. */
	uint32_t (*press)(struct sdl_process *self, enum phone_key key, const PhoneCommand *command,
			  char *why, size_t why_size);
	/* Its calls, tones and display as a user sees them, for the verb show. */
	void (*describe)(struct sdl_process *self, struct sdl_text *text);
};

struct sim_phone {
	const struct sim_phone_protocol *protocol;
	char name[PHONE_NAME_MAX + 1];
	uint16_t model;
	struct phone_place place;
	struct phone_voice voice;
};

/* ---- asks ---------------------------------------------------------------------------------- */
/* The process that phones of its protocol register with at that node. */
struct sdl_pid sim_phone_door(struct sdl_process *self, uint8_t node);
/* Is that from the process that registered the phone? */
bool sim_phone_from_station(struct sdl_process *self, const struct sdl_signal *sig);

/* ---- acts ---------------------------------------------------------------------------------- */
/* To the phone's process in its CallManager. */
void sim_phone_to_station(struct sdl_process *self, uint16_t number, const void *msg);

/* ---- what the CallManager's messages mean: each returns the next state ----------------------- */
/* Whatever may have ended a call has been handled: what waits for an idle phone goes on. */
int sim_phone_settle(struct sdl_process *self);
/* While REGISTERING: that process has registered it. */
int sim_phone_registered(struct sdl_process *self, struct sdl_pid station, const uint32_t *group,
			 size_t group_n, uint32_t keepalive_s);
/* While REGISTERING: `at` does not take it. It may belong elsewhere by now: group (USR-07). */
int sim_phone_rejected(struct sdl_process *self, const uint32_t *group, size_t group_n);
/* While in TOKEN: the better member does not want it before that. */
int sim_phone_token_refused(struct sdl_process *self, const struct sdl_signal *sig,
			    uint32_t wait_s);
/* While UNREGISTERING: it is, and registers where it wanted to. */
int sim_phone_unregistered(struct sdl_process *self);
/* While UNREGISTERING: a call was quicker; the end of that brings us back here. */
int sim_phone_stays(struct sdl_process *self);
/* It is to register anew when its calls have ended. */
int sim_phone_on_reset(struct sdl_process *self, const struct sdl_signal *sig);

/* ---- rows ---------------------------------------------------------------------------------- */
/* Of the protocol's messages that carry nothing that matters here. */
sdl_handler sim_phone_on_keepalive_ack, sim_phone_on_token;
/* registration_rows.def */
sdl_handler sim_phone_on_start, sim_phone_on_cm_in_service, sim_phone_on_retry, sim_phone_on_grant,
	sim_phone_on_fallback_grant, sim_phone_on_useless_grant, sim_phone_on_keepalive_due,
	sim_phone_on_link_out, sim_phone_on_token_retry, sim_phone_on_preserved_stream_stopped,
	sim_phone_on_stream_stopped, sim_phone_on_stream_started, sim_phone_on_media_failure,
	sim_phone_on_command;

#endif
