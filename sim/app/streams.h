/*
 * streams.h - the media of the simulated application's calls.
 *
 * Called by its callbacks, in their turns. A stream goes on when its call is ended by the death of
 * its CallManager, or unobserved after that of the CTIManager, until the other side's stream ends.
 */
#ifndef SIM_APP_STREAMS_H
#define SIM_APP_STREAMS_H

#include "common/msg/messages.h"
#include "ctimanager/client/program.h"
#include "sim/app/book.h"

/* Address and ports of one program. Zero it, then set ip. */
struct app_streams {
	uint32_t ip;
	uint32_t last_port;
	bool watching; /* APP_TIMER_STREAMS runs */
};

enum { APP_TIMER_STREAMS = 1 };

/* Even ones from 20000 on, in turn. */
uint32_t sim_app_streams_port(struct app_streams *s);

/* StartReception, StopReception, StartTransmission, StopTransmission. */
void sim_app_streams_event(struct app_streams *s, struct app_book *book, struct cti *cti,
			   const struct cti_event *e);
/* The call is over for CTI: its streams end, unless they outlive it. */
void sim_app_streams_call_over(struct app_book *book, struct cti *cti, struct app_call *call,
			       bool goes_on);
/* Ends the streams of the device's calls of which nothing else is left. False: there was none. */
bool sim_app_streams_hang_up(struct app_book *book, struct cti *cti, const char *device);
/* MediaStreamStarted, MediaStreamStopped. */
void sim_app_streams_heard(struct app_streams *s, struct app_book *book, struct cti *cti,
			   const MediaStreamEvent *m, bool stopped);
/* The timer: calls whose other side has been gone for too long are disconnected (CAL-04). */
void sim_app_streams_timer(struct app_streams *s, struct app_book *book, struct cti *cti);

#endif
