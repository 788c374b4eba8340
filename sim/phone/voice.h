/*
 * voice.h - the one voice path of a phone: which call has it, and what flows. For phones of any
 * protocol; the streams themselves are those of sim/media.h.
 */
#ifndef SIM_PHONE_VOICE_H
#define SIM_PHONE_VOICE_H

#include "common/msg/messages.h"
#include "sdl/view/text.h"
#include "sim/phone/phone.h"

struct phone_voice {
	const char *device; /* borrowed: the phone's name */
	uint32_t port;	    /* its own in this program */
	uint64_t call;	    /* that it belongs to; 0 = none */
	bool receiving;	    /* our channel is open */
	bool transmitting;
	bool hearing;		     /* the other side's stream arrives */
	bool silent;		     /* it has ended, and nothing came instead */
	uint32_t to_ip, to_port;     /* where ours goes: whose stream is awaited */
	uint32_t from_ip, from_port; /* whose has ended */
	bool ended;		     /* it ended by a last tick, not by silence */
};

/* Where it listens. */
uint32_t sim_voice_ip(const struct sdl_process *self);
/* Another call takes the path over: what flowed for the one before ends. */
void sim_voice_take(struct sdl_process *self, struct phone_voice *v, uint64_t call);
void sim_voice_receive(struct sdl_process *self, struct phone_voice *v);
void sim_voice_transmit(struct sdl_process *self, struct phone_voice *v, uint32_t ip,
			uint32_t port);
void sim_voice_stop_receiving(struct sdl_process *self, struct phone_voice *v);
void sim_voice_stop_transmitting(struct sdl_process *self, struct phone_voice *v);
void sim_voice_close(struct sdl_process *self, struct phone_voice *v);
/* Voice goes both ways, as far as is known here. */
bool sim_voice_streaming(const struct phone_voice *v);
/* MediaStreamStarted. */
void sim_voice_heard(struct sdl_process *self, struct phone_voice *v);
/* MediaStreamStopped: the other side's stream ended while ours may go on. As a rule the CallManager
 * is about to end the call: it gets the time to, then StationMediaFailureTimer fires. */
void sim_voice_stopped(struct sdl_process *self, struct phone_voice *v,
		       const MediaStreamEvent *event);
/* That timer: is something to be told? It fires again until the call has ended, for the CallManager
 * may come to know only later that the other side is lost. */
bool sim_voice_failed(struct sdl_process *self, struct phone_voice *v);
/* ", stream out in", or nothing: for the verb show. */
void sim_voice_describe(const struct phone_voice *v, struct sdl_text *text);

#endif
