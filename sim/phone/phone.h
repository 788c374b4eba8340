/*
 * phone.h - the processes of the phones program, among themselves.
 */
#ifndef SIM_PHONE_PHONE_H
#define SIM_PHONE_PHONE_H

#include "common/msg/address.h"
#include "sdl/sdl.h"
#include "sim/phones.h"

enum {
	PHONES_SCCP_PHONE = TYPE_FIRST_FREE,
	PHONES_SIP_PHONE,
	PHONES_CONFERENCE_BRIDGE,
};

/* Makes the phones and hands them what the user does. */
extern const struct sdl_type sim_phone_init;
/* One per SCCP phone. */
extern const struct sdl_type sim_sccp_phone;
/* One per SIP phone. */
extern const struct sdl_type sim_sip_phone;

/* One per conference bridge. */
extern const struct sdl_type sim_conference_bridge;

/* typemodel.enum of a conference bridge: PhonePlug with it plugs one in, for the CallManager that is
 * its group. */
#define BRIDGE_MODEL 50
/* Parties at a bridge. */
#define BRIDGE_PORTS 128
/* Media ports of bridges lie above those of phones. */
#define BRIDGE_FIRST_PORT 60001

/* Longest name of a phone, as in a device's configuration: SEP and twelve digits. */
#define PHONE_NAME_MAX 15
/* Members of a CallManager group. */
#define PHONE_GROUP_MAX 3

/* Is that CallManager to be had for registration, as far as this program knows? */
bool sim_phone_cm_usable(const struct sdl_process *self, uint8_t node);

/* Answers a PhonePlug or PhoneCommand. result is a CTIERR code. */
void sim_phone_result(struct sdl_process *self, struct sdl_pid to, const char *verb,
		      const char *phone, uint32_t result, const char *text);

#endif
