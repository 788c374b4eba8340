/*
 * sccp_phone.h - the parts of one SCCP phone: its messages for registration (sccp_phone.c), what the CallManager
 * shows and plays (sccp_screen.c), what the user presses (sccp_keys.c).
 */
#ifndef SIM_PHONE_SCCP_PHONE_H
#define SIM_PHONE_SCCP_PHONE_H

#include "common/msg/messages.h"
#include "sim/phone/registration.h"

/* Hung up here; the CallManager has not said OnHook yet. No value of StationCallStateValue. */
#define CALL_RELEASING 0xff

struct sccp_call {
	uint32_t reference;
	uint8_t line;
	uint8_t state; /* StationCallStateValue, or CALL_RELEASING */
	bool remote;   /* of another phone of the line */
};

struct sccp_phone {
	struct sim_phone base;
	bool enbloc;
	struct sccp_call *calls;
	uint8_t calls_n;
	uint8_t calls_size;
	bool lifted;  /* off hook was sent and no call has come of it yet */
	bool ringing; /* the ringer */
	uint8_t tone; /* StationTone */
	char *prompt; /* what the display says, NULL: nothing; owned */
	char *digits; /* to be dialled as soon as the call is there; owned */
};

/* ---- sccp_screen.c ------------------------------------------------------------------------- */
sdl_handler sim_sccp_on_call_info, sim_sccp_on_tone, sim_sccp_on_ringer, sim_sccp_on_prompt,
	sim_sccp_on_prompt_end, sim_sccp_on_shown, sim_sccp_on_open_channel,
	sim_sccp_on_close_channel, sim_sccp_on_start_transmission, sim_sccp_on_stop_transmission;

/* A call on the screen appears, changes or goes. */
void sim_sccp_show_call(struct sdl_process *self, const StationCallState *state);
/* NULL when there is none. */
struct sccp_call *sim_sccp_call(struct sccp_phone *phone, uint32_t reference);
/* See struct sim_phone_protocol. */
bool sim_sccp_idle(struct sdl_process *self);
bool sim_sccp_streaming(struct sdl_process *self);
void sim_sccp_clear_calls(struct sdl_process *self, bool keep_streaming);
void sim_sccp_media_failure(struct sdl_process *self);
void sim_sccp_describe(struct sdl_process *self, struct sdl_text *text);

/* ---- sccp_keys.c --------------------------------------------------------------------------- */
/* Presses a key of a registered phone: 0, or a CTIERR code with a sentence in why. */
uint32_t sim_sccp_press(struct sdl_process *self, enum phone_key key, const PhoneCommand *command,
			char *why, size_t why_size);
/* The call is there: dials what waits for it. */
void sim_sccp_dial_waiting(struct sdl_process *self, const struct sccp_call *call);

#endif
