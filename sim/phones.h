/*
 * phones.h - the program `phones`: simulated telephones, any number of them in one program.
 *
 * Both hosts make it the same way: set name and incarnation of the config, call phones_program(),
 * link it to every CallManager of the cluster, post PhonePlug to PhoneInit (SDL_APP_PHONES, type
 * PHONES_PHONE_INIT, instance 1) for each phone and PhoneCommand for each key that a user presses.
 * A PhonePlug is answered only when it is refused, a PhoneCommand always, by CommandResult.
 *
 * Verbs of PhoneCommand are those of sim/phone/keys.c, the same on all phones: offhook, onhook, dial
 * (number: the keys one by one; an enbloc phone and a SIP phone collect them), call (number: off
 * hook and dial), answer, hangup, hold, resume, show ... hangup and onhook are the same. number is
 * of 0-9, *, #. line 0 = the line that the verb suits, else the first.
 *
 * Each phone bears its device name as label; what reaches its screen, ringer and loudspeaker are
 * the Station... or Sip... signals that it handles, and PhoneTone for the tones that a SIP phone
 * makes by itself.
 */
#ifndef SIM_PHONES_H
#define SIM_PHONES_H

#include <stdbool.h>
#include <stdint.h>

#include "sdl/program.h"

/* Zero it, then set what the host sets. Has to live as long as the program. */
struct phones_context {
	uint8_t cluster;      /* c of 127.c.0.node: where the media of the phones live; 0 = 1 */
	uint64_t incarnation; /* taken over from the config by phones_program() */
	/* Nodes whose CallManager said CcmInService over the present link; PhoneInit writes it. */
	bool in_service[SDL_NODES_MAX + 1];
};

/* Fills types, types_n, accept_type and context of the config; all else is the host's. */
void phones_program(struct sdl_config *config, struct phones_context *context);

#endif
