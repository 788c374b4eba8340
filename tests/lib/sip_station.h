/*
 * sip_station.h - a CallManager that only pretends to SIP phones: it registers every one, and passes on
 * to one of them whatever SIP signal a test posts to it (type CM_SIP_STATION_INIT). It answers nothing
 * else of what the phones say; the test looks it up in the record.
 */
#ifndef TESTS_LIB_SIP_STATION_H
#define TESTS_LIB_SIP_STATION_H

#include "sdl/program.h"

#define SIP_STATION_PHONES 2

struct sip_station {
	bool mute; /* answers nothing at all */
	unsigned phones_n;
	struct sdl_pid phones[SIP_STATION_PHONES]; /* in the order in which they registered first */
	unsigned to;				   /* which of them gets what the test posts */
};

void sip_station_program(struct sdl_config *config, struct sip_station *context);

#endif
