/*
 * device.h - what a CTIDeviceLineMgr knows of its device: who has it open (openers), which lines
 * are open, which calls are on them, what is asked of the CallManager and not answered, and the
 * members of its group. And what openers are told of it.
 *
 * All of it belongs to the device. Functions that take the process send signals; none changes the
 * process's state.
 */
#ifndef CTIMANAGER_DEVICE_H
#define CTIMANAGER_DEVICE_H

#include "common/base/cause.h"
#include "common/base/cti_error.h"
#include "common/msg/messages.h"
#include "sdl/sdl.h"

#define GROUP_MAX 3

/* The states of a CTIDeviceLineMgr. */
enum device_state {
	LOOKING_UP,
	WATCHING,
	OPENING,
	LINES_OPENING,
	IN_SERVICE,
	AWAIT_REHOME,
	WAITING,
	CLOSING,
	GONE,
};

/* A line that at least one opener has open. */
enum line_state {
	LINE_CLOSED,   /* not open at the CallManager */
	LINE_OPENING,  /* asked for */
	LINE_SNAPSHOT, /* granted; its existing calls are being told */
	LINE_OPEN,
};
struct line {
	char *dn;
	char *partition; /* NULL: none */
	bool auto_accept;
	enum line_state state;
	uint32_t users;
	struct line *prev, *next;
};

/* A line as one opener has it. */
struct line_user {
	struct line *line;
	uint64_t handle;
	uint32_t seq; /* of the LineOpen that waits for its answer; 0 when answered */
	bool answered;
	struct line_user *prev, *next;
};

enum opener_state {
	OPENER_LOOKUP,	/* the database is asked whether it may */
	OPENER_WAITING, /* its DeviceOpen is not answered yet */
	OPENER_OPEN,
};
struct opener {
	uint32_t id;
	struct sdl_pid handler;
	enum opener_state state;
	bool registered; /* its media are registered at the device's CallManager */
	bool registering;
	OutOfServiceCause told; /* the cause it was told last; CAUSE_NONE: in service, or nothing */
	CtiHandlerDeviceOpen *request;
	struct line_user *lines;
	struct opener *prev, *next;
};

struct call {
	uint32_t ci;
	struct line *line;
	bool fresh; /* came while its line was not in service: openers hear of it as a new call */
	uint64_t gci;
	CtiCallState state;
	FeatureReason reason;
	bool outgoing;
	char *calling, *called, *original_called, *last_redirecting;
	struct call *prev, *next;
};

enum pending_kind {
	PENDING_OPEN, /* the device, with the media of `opener` */
	PENDING_JOIN, /* further media, of `opener` */
	PENDING_LINE, /* `line` */
	PENDING_CALL, /* a request of `opener`, number `seq` */
};
struct pending {
	uint32_t async;
	enum pending_kind kind;
	uint8_t node;	 /* that it was sent to */
	uint32_t opener; /* id; 0 = none */
	uint32_t seq;
	uint64_t handle; /* of the line: LineCallInitiate */
	struct line *line;
	int64_t asked_ns;
	struct pending *prev, *next;
};

enum member_turn { TURN_NONE, TURN_ASKED, TURN_HELD };
struct member {
	uint8_t node;
	struct sdl_pid link; /* its CmLink, once that has answered */
	bool in_service;
	bool refused;	/* it answered an error in this round */
	bool elsewhere; /* it named another CallManager in this round */
	bool no_rehome; /* it has refused the device since it came into service */
	bool interest;	/* a phone: it knows that we want to hear of it */
	bool closing;	/* a close is not answered yet */
	enum member_turn turn;
};

struct device {
	char *name;
	DeviceConfig *config; /* NULL until the database has answered */
	bool stale;	      /* the configuration may have changed: ask before the next round */
	struct member members[GROUP_MAX];
	uint8_t members_n;
	uint8_t node;	    /* of the CallManager that has it; 0 = none */
	struct sdl_pid pid; /* where line and call requests go */
	uint8_t candidate;  /* node that is asked now; 0 = none */
	uint8_t lost;	/* node of a CallManager out of our reach that may still think it has the
			   device */
	uint8_t target; /* node to rehome to; 0 = none */
	OutOfServiceCause cause; /* why it is out of service */
	uint32_t last_error;	 /* of the last refusal */
	uint32_t last_id;	 /* of async numbers and openers */
	struct opener *openers;
	struct line *lines;
	struct call *calls;
	struct pending *pending;
};

/* ---- rules ---------------------------------------------------------------------------------- */
bool device_is_phone(const struct device *d);
/* May this opener open that device? 0 or a CTIERR code. USR-01, USR-06, GRP-04, DEV-02, PRT-04. */
uint32_t device_admits(const CtiHandlerDeviceOpen *open, const DeviceConfig *config,
		       bool controlled);
/* Is it about one application's media, and not about the device? */
bool device_error_is_media(uint32_t result);
bool opener_wants_media(const struct opener *o);

/* Does another opener of the same application terminate media already? 0 or a CTIERR code (MGR-04).
 */
uint32_t device_media_conflict(const struct device *d, const struct opener *o);

/* ---- members -------------------------------------------------------------------------------- */
struct member *device_member(struct device *d, uint8_t node);
bool device_member_in_service(const struct device *d);
/* Takes over a configuration; members that stay keep what is known of them. */
void device_adopt(struct device *d, const DeviceConfig *config);
/* The first in service that has neither refused nor sent us elsewhere, the target before all. */
struct member *device_best_member(struct device *d);

/* ---- openers and lines ------------------------------------------------------------------------
 */
struct opener *device_add_opener(struct device *d, struct sdl_pid handler,
				 const CtiHandlerDeviceOpen *request);
struct opener *device_opener_of(const struct device *d, struct sdl_pid handler);
struct opener *device_opener(const struct device *d, uint32_t id);
/* Its lines go with it. */
void device_remove_opener(struct device *d, struct opener *o);

const LineConfig *device_line_config(const struct device *d, const char *dn, const char *partition);
struct line *device_line(const struct device *d, const char *dn, const char *partition);
struct line_user *device_add_line_user(struct device *d, struct opener *o, const LineOpen *request,
				       uint64_t handle);
struct line_user *opener_line(const struct opener *o, uint64_t handle);
struct line_user *opener_line_of(const struct opener *o, const struct line *l);
/* The line and its calls go with the last user. True if that was so; then `dn` of it was closed. */
bool device_remove_line_user(struct device *d, struct opener *o, struct line_user *u);

/* ---- calls ------------------------------------------------------------------------------------
 */
struct call *device_call(const struct device *d, uint32_t ci);
/* Takes over what a notify says of the call; makes it known if it is not. NULL: its line is not
 * open. */
struct call *device_note_call(struct device *d, const CtiCallNotify *notify);
void device_remove_call(struct device *d, struct call *c);

/* ---- pending requests --------------------------------------------------------------------------
 */
struct pending *device_add_pending(struct device *d, enum pending_kind kind, uint8_t node);
struct pending *device_pending(const struct device *d, uint32_t async);
void device_remove_pending(struct device *d, struct pending *p);
/* Is something still to be answered before the device is in service: further media, a line? */
bool device_opening(const struct device *d);
/* Requests to node are forgotten: openers wait as if they had not been sent. */
void device_forget_opens(struct device *d, uint8_t node);

void device_free(struct device *d);

/* ---- requests and events of a device in service (device_requests.c): handlers
 * ---------------------- */
bool device_in_service(const struct sdl_process *self);
/* Is the device known to a CallManager whose lines are opening or open? */
bool device_attached(const struct sdl_process *self);
void device_send_line_open(struct sdl_process *self, struct line *l);
/* Takes a line away from an opener; its last user closes it at the CallManager. */
void device_close_line(struct sdl_process *self, struct opener *o, struct line_user *u);
sdl_handler device_on_line_open, device_on_line_close, device_on_snapshot;
sdl_handler device_on_call_initiate, device_on_call_request, device_on_redirect, device_on_set_rtp;
sdl_handler device_on_call_res, device_on_request_timer;
sdl_handler device_on_existing_call, device_on_call_notify, device_on_media_notify;

/* ---- what openers are told (device_events.c) ---------------------------------------------------
 */
void device_respond(struct sdl_process *self, const struct opener *o, uint32_t seq,
		    uint32_t result);
/* Answers a DeviceOpen: success, and where the device stands, or the error. */
void device_answer_open(struct sdl_process *self, struct opener *o, uint32_t result);
/* Answers a LineOpen; on an error the line is taken away from the opener again. */
void device_answer_line(struct sdl_process *self, struct opener *o, struct line_user *u,
			uint32_t result);
/* The device is in service: device, then lines, each with a snapshot, to an opener or to all. */
void device_tell_in_service(struct sdl_process *self, struct opener *o);
void device_tell_line_in_service(struct sdl_process *self, struct opener *o, struct line_user *u);
void device_tell_snapshot(struct sdl_process *self, const struct opener *o,
			  const struct line_user *u);
/* Out of service with d->cause: lines, then device, to all who do not know yet (CMF-04, CMF-06). */
void device_tell_out_of_service(struct sdl_process *self);
void device_tell_line_out_of_service(struct sdl_process *self, const struct opener *o,
				     const struct line_user *u);
/* Its lines and the device are closed for an opener; the opener is gone afterwards. */
void device_tell_closed(struct sdl_process *self, struct opener *o, uint32_t reason);
void device_tell_line_closed(struct sdl_process *self, struct opener *o, struct line_user *u,
			     uint32_t reason);
/* An event of a call to all who have its line open and in service. */
void device_tell_call(struct sdl_process *self, uint16_t event, const struct call *c,
		      const CtiCallNotify *notify);
void device_tell_media(struct sdl_process *self, uint16_t event, const CtiMediaNotify *notify);
/* Every call ends with that cause, before lines go out of service. */
void device_end_calls(struct sdl_process *self, uint32_t cause);

#endif
