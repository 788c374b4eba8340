/*
 * media.h - the streams of an endpoint program: phones, CTI applications.
 *
 * A stream is one end of a call's media: our address (ip, port), what we send to the other end and
 * what we hear from it. Voice is not simulated; a transmitting end sends a numbered tick at once
 * and then one per Media Tick Interval (500 ms), directly to the other program, never through a
 * CallManager. So a stream goes on when CallManagers die (CAL-02), and its end travels the same way
 * (CAL-04): the last tick says that it is the last, and three missing ticks mean the same, also
 * when both directions are open and nothing was heard yet.
 *
 * Use: list `&sim_media` among the program's types. A process that owns a stream (a phone, the
 * application) calls the functions below; each posts one signal to the Media process of its
 * program. It gets back, as signals with a MediaStreamEvent:
 *	MediaStreamStarted	the first tick from the other side was heard
 *	MediaStreamStopped	the other side's stream ended (reason), with what was counted
 * Neither is sent after reception was stopped (one may still be under way). Another sender at the
 * same port gives a new MediaStreamStarted. Hold and retrieve stop and start both directions.
 *
 * ip is in host order, 127.c.0.node; its low byte finds the program. port is 1..65535 and names the
 * stream within the program: the owner chooses it and must not use it twice at a time. An owner
 * that ends has to close its streams first.
 */
#ifndef SIM_MEDIA_H
#define SIM_MEDIA_H

#include "sdl/sdl.h"

/* Type number ENDPOINT_MEDIA, one per program, created with it. */
extern const struct sdl_type sim_media;

struct sim_stream {
	uint32_t ip;
	uint32_t port;
	const char *device; /* borrowed; for the events */
};

/* 127.cluster.0.node. */
uint32_t sim_media_ip(uint8_t cluster, uint8_t node);

void sim_media_receive(struct sdl_process *self, const struct sim_stream *own);
/* Anew with another far end: the old one gets its last tick first. */
void sim_media_transmit(struct sdl_process *self, const struct sim_stream *own, uint32_t to_ip,
			uint32_t to_port);
void sim_media_stop_receiving(struct sdl_process *self, uint32_t port);
/* The far end gets the last tick. */
void sim_media_stop_transmitting(struct sdl_process *self, uint32_t port);
/* Both. Harmless where there is no such stream. */
void sim_media_close(struct sdl_process *self, uint32_t port);

#endif
