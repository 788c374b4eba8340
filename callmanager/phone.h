/* phone.h - what StationD and SIPStationD share: a registered phone, whatever it speaks. Its
 * registration, what applications ask of it, its way out, and keys that are the same on all.
 *
 * Use: the process's data begins with a struct cm_phone, whose protocol is set in start(); its
 * states begin with those below; its table includes phone_rows.def. Handlers here are for such
 * processes only.
 *
 * Source: CMF-14..17; DEV-01, DEV-03; domain.md 11.
 */
#ifndef CALLMANAGER_PHONE_H
#define CALLMANAGER_PHONE_H

#include "callmanager/station.h"

enum {
	STATION_INITIAL,
	STATION_REGISTERED,
	STATION_ORIGINATING, /* the user wants to call; the line has not answered yet */
	STATION_UNREGISTERING,
	STATION_LEAVING,
	STATION_STATES,
};

/* How the protocol says what all have to say. */
struct cm_phone_protocol {
	uint8_t door; /* StationInit, SIPStationInit: the type's number */
	enum param_id keepalive;
	/* It is registered. */
	void (*acknowledge)(struct sdl_process *self, const DeviceConfig *device);
	void (*leaving)(struct sdl_process *self); /* optional: it is gone, or about to go */
	void (*say_goodbye)(struct sdl_process *self, bool gone);
	/* The other side has pressed keys; NULL: such a phone shows nothing of it. */
	void (*show_dtmf)(struct sdl_process *self, const struct cm_station_call *call,
			  char *digits);
	/* On its display, for so long (0: until something else is shown); NULL: not shown. */
	void (*show_text)(struct sdl_process *self, const char *text, uint32_t ms);
	/* Data of an application, for the phone to make of them what it can: 0 or a CTIERR code. */
	uint32_t (*send_data)(struct sdl_process *self, const ProtobufCBinaryData *data);
	void (*restart)(struct sdl_process *self); /* it shall register anew */
	/* See struct cm_station; NULL: such a phone shows nothing of it. */
	void (*show_forward)(struct sdl_process *self, const struct cm_station_line *line,
			     uint32_t why);
	/* A call is up at another device of the line, or no more (the message is NULL when that node is
	 * lost); NULL: such a phone shows nothing of it. */
	void (*show_remote)(struct sdl_process *self, const struct cm_station_remote *remote,
			    const CcRemote *ind);
	/* Its speaker is switched on for a call that it answers by itself; NULL: it has none. */
	void (*speaker)(struct sdl_process *self);
};

struct cm_phone {
	struct cm_station station; /* first: so it is found */
	const struct cm_phone_protocol *protocol;
	struct sdl_pid pid; /* of the phone */
	uint32_t ip;
	OutOfServiceCause cause; /* why it goes */
	bool says_goodbye;	 /* the phone waits to be told that it is unregistered */
	bool falls_back;	 /* it leaves for a better CallManager */
};

/* ---- registration ---------------------------------------------------------------------------- */
/* The phone has said that it lives. */
void cm_phone_arm_keepalive(struct sdl_process *self);
/* The phone wants to go; only an idle one may. Returns the next state. */
int cm_phone_unregister(struct sdl_process *self, bool falls_back);
/* Out, whatever is there. reason: enum cause of the set UNREG. Returns the next state. */
int cm_phone_leave(struct sdl_process *self, OutOfServiceCause cause, int reason);

/* ---- rows (phone_rows.def) ------------------------------------------------------------------- */
sdl_handler cm_phone_on_init, cm_phone_on_remote, cm_phone_on_config, cm_phone_on_keepalive_missed,
	cm_phone_on_link_down, cm_phone_on_replaced, cm_phone_on_reset, cm_phone_on_duplicate,
	cm_phone_on_locked, cm_phone_on_call_leaving, cm_phone_on_line_open, cm_phone_on_line_close,
	cm_phone_on_close, cm_phone_on_initiate, cm_phone_on_call_request, cm_phone_on_no_rtp,
	cm_phone_on_line_open_leaving, cm_phone_on_line_left, cm_phone_on_da_left,
	cm_phone_on_stream_lost, cm_phone_on_data, cm_phone_on_no_auto_accept, cm_phone_on_dtmf,
	cm_phone_on_feature_res, cm_phone_on_park_res, cm_phone_on_parked, cm_phone_on_pickup_res;

/* ---- data of its own ------------------------------------------------------------------------- */
/* More than that at a time is refused, either way. */
#define CM_DEVICE_DATA_MAX 2000
/* What the phone says to the applications that have it open (DEV-12). */
void cm_phone_tell_data(struct sdl_process *self, const ProtobufCBinaryData *data);

/* ---- media: what is noted and told whatever is sent to the phone ----------------------------- */
/* CcMediaOpenReq. NULL: there is no such call. */
struct cm_station_call *cm_phone_media_asked(struct sdl_process *self, const CcMediaOpen *open);
void cm_phone_media_closed(struct sdl_process *self, const CcMediaEnd *end);
void cm_phone_media_sending(struct sdl_process *self, const CcMediaSend *send);
void cm_phone_media_silent(struct sdl_process *self, const CcMediaEnd *end);

/* ---- calls and keys (phone_keys.c) ----------------------------------------------------------- */
/* Offered or ringing here. */
bool cm_phone_call_waits(const struct cm_station_call *call);
/* The call the user is in: neither waiting to be answered nor held. */
struct cm_station_call *cm_phone_current(const struct cm_station *s);
/* One that waits to be answered, on that line (0: any). */
struct cm_station_call *cm_phone_incoming(const struct cm_station *s, uint32_t line);
/* A phone has one voice: what the user was in gives way to that call (NULL: to a new one). */
void cm_phone_make_way(struct sdl_process *self, const struct cm_station_call *for_call);
/* Digits of a connected call: tones for the other side. */
void cm_phone_play_dtmf(struct sdl_process *self, const struct cm_station_call *call, char *digits);
void cm_phone_answer(struct sdl_process *self, struct cm_station_call *call);
/* Those at that node are gone. */
void cm_phone_forget_remotes(struct sdl_process *self, uint8_t node);
/* A call that another device of the line holds is taken over. */
void cm_phone_resume_remote(struct sdl_process *self, const struct cm_station_remote *remote);
/* It has just come in: answered if its line does so and there is no other call. */
void cm_phone_auto_answer(struct sdl_process *self, struct cm_station_call *call);
/* A key that makes a request about a call, the same on all phones. False: it is none of those. */
bool cm_phone_soft_key(struct sdl_process *self, const StationSoftKeyEvent *key);

#endif
