/*
 * fake_cm.h - a CallManager that only pretends: it registers every phone and puts on their screens
 * what a test tells it. For tests of phones without call processing.
 *
 * PhoneCommand to it (type CM_STATION_INIT) with the name of a phone: "ring", "connect" (number:
 * port of the other end, at node 101), "hold", "release", "reset". All calls have reference 1 of
 * line 1. The same to type CM_SIP_STATION_INIT, for the SIP phone that registered last: "ring",
 * "release" and "reset".
 */
#ifndef TESTS_LIB_FAKE_CM_H
#define TESTS_LIB_FAKE_CM_H

#include "sdl/program.h"

struct fake_cm_context {
	bool late;     /* says nothing of CcmInService until "open" */
	bool reject;   /* refuses to register */
	bool no_token; /* refuses fallback for two seconds */
	bool busy;     /* refuses to unregister */
	bool mute;     /* answers no keepalive */
	unsigned keepalive_s;
	unsigned registering;	  /* StationRegister without an answer, with `slow` */
	unsigned registering_max; /* most of them at one time */
	bool slow;		  /* answers a registration after 10 ms */
};

extern const struct sdl_type fake_sip_station;

void fake_cm_program(struct sdl_config *config, struct fake_cm_context *context);

#endif
