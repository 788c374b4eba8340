/*
 * device.h - what the files of a CTIDeviceLineMgr share: first what it knows of its device (who has
 * it open, which lines are open, which calls are on them, what is asked of the CallManager and not
 * answered, the members of its group), then what it does, file by file.
 *
 * All data belong to the device. Functions that take the process send signals and are called by
 * handlers; those that return int return the next state, none writes it.
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
	struct line *prev, *next;
	char *partition; /* NULL: none */
	uint32_t users;
	uint8_t state; /* enum line_state */
	bool auto_accept;
	char dn[];
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
	struct opener *prev, *next;
	struct line_user *lines;
	uint64_t handle; /* its handle of the device */
	struct sdl_pid handler;
	uint32_t id;
	uint32_t provider_id;
	uint32_t seq;		/* of its DeviceOpen */
	OutOfServiceCause told; /* the cause it was told last; CAUSE_NONE: in service, or nothing */
	uint32_t request_len;
	uint8_t state;	 /* enum opener_state */
	bool registered; /* its media are registered at the device's CallManager */
	bool registering;
	bool has_registration;
	uint8_t registration; /* MediaRegistration */
	uint8_t request[];    /* its CtiHandlerDeviceOpen, packed */
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
	uint16_t request; /* what was asked for: LineAutoAcceptChange ... */
	uint64_t handle;  /* of what */
	bool auto_accept; /* LineAutoAcceptChange */
	struct line *line;
	int64_t asked_ns;
	struct pending *prev, *next;
};

enum member_turn { TURN_NONE, TURN_ASKED, TURN_HELD };
struct member {
	struct sdl_pid link; /* its CmLink, once that has answered */
	uint8_t node;
	bool in_service;
	bool refused;	/* it answered an error in this round */
	bool elsewhere; /* it named another CallManager in this round */
	bool no_rehome; /* it has refused the device since it came into service */
	bool interest;	/* a phone: it knows that we want to hear of it */
	uint64_t phone; /* a phone: its process there, as the member told last; 0 = not there */
	bool closing;	/* a close is not answered yet */
	uint8_t turn;	/* enum member_turn */
};

/* Ordered by size: there are tens of thousands. */
struct device {
	char *name;	 /* the process's label; NULL until it is known */
	uint8_t *config; /* packed; NULL until the database has answered */
	struct opener *openers;
	struct line *lines;
	struct call *calls;
	struct pending *pending;
	struct sdl_pid pid; /* where line and call requests go */
	uint32_t config_len;
	OutOfServiceCause cause; /* why it is out of service */
	uint32_t last_error;	 /* of the last refusal */
	uint32_t last_id;	 /* of async numbers and openers */
	struct member members[GROUP_MAX];
	uint8_t members_n;
	uint8_t kind;	   /* DeviceKind */
	uint8_t node;	   /* of the CallManager that has it; 0 = none */
	uint8_t candidate; /* node that is asked now; 0 = none */
	uint8_t lost;	   /* node of a CallManager out of our reach that may still think it has the
			      device */
	uint8_t target;	   /* node to rehome to; 0 = none */
	bool stale;	   /* the configuration may have changed: ask before the next round */
};

/* ---- rules ---------------------------------------------------------------------------------- */
bool ctim_device_is_phone(const struct device *d);
/* May this opener open that device? 0 or a CTIERR code. USR-01, USR-06, GRP-04, DEV-02, PRT-04. */
uint32_t ctim_device_admits(const CtiHandlerDeviceOpen *open, const DeviceConfig *config,
			    bool controlled);
/* Is it about one application's media, and not about the device? */
bool ctim_device_error_is_media(uint32_t result);

/* Does another opener of the same application terminate media already? 0 or a CTIERR code (MGR-04).
 */
uint32_t ctim_device_media_conflict(const struct device *d, const struct opener *o);

/* ---- members -------------------------------------------------------------------------------- */
struct member *ctim_device_member(struct device *d, uint8_t node);
bool ctim_device_member_in_service(const struct device *d);
/* The configuration, unpacked anew; to be freed with device_config__free_unpacked. */
DeviceConfig *ctim_device_unpack_config(const struct device *d);
/* Takes over a configuration; members that stay keep what is known of them. */
void ctim_device_adopt(struct device *d, const DeviceConfig *config);
/* The first in service that has neither refused nor sent us elsewhere, the target before all. */
struct member *ctim_device_best_member(struct device *d);
/* The last such: a mutant's choice. */
struct member *ctim_device_last_member(struct device *d);

/* ---- openers and lines ---------------------------------------------------------------------- */
struct opener *ctim_device_add_opener(struct device *d, struct sdl_pid handler,
				      const CtiHandlerDeviceOpen *request);
/* What it asked for, unpacked anew; to be freed with cti_handler_device_open__free_unpacked. */
CtiHandlerDeviceOpen *ctim_opener_unpack(const struct opener *o);
struct opener *ctim_device_opener_of(const struct device *d, struct sdl_pid handler);
struct opener *ctim_device_opener(const struct device *d, uint32_t id);
/* Its lines go with it. */
void ctim_device_remove_opener(struct device *d, struct opener *o);

/* May this line of the device be opened? 0 or a CTIERR code. */
uint32_t ctim_device_check_line(const struct device *d, const char *dn, const char *partition);
struct line *ctim_device_line(const struct device *d, const char *dn, const char *partition);
struct line_user *ctim_device_add_line_user(struct device *d, struct opener *o,
					    const LineOpen *request, uint64_t handle);
struct line_user *ctim_opener_line(const struct opener *o, uint64_t handle);
struct line_user *ctim_opener_line_of(const struct opener *o, const struct line *l);
/* The line and its calls go with the last user. True if that was so; then `dn` of it was closed. */
bool ctim_device_remove_line_user(struct device *d, struct opener *o, struct line_user *u);

/* ---- calls ---------------------------------------------------------------------------------- */
/* The handle of a call at the present CallManager, and what that calls those of handles: a new
 * array, to be freed. */
uint64_t ctim_device_call_handle(const struct device *d, uint32_t ci);
uint32_t *ctim_device_ci_of(const uint64_t *handles, size_t n);
struct call *ctim_device_call(const struct device *d, uint32_t ci);
/* Takes over what a notify says of the call; makes it known if it is not. NULL: its line is not
 * open. While its opening is not granted, a notify is what is left of an earlier one: a call of
 * that may have ended with nobody told, and one that has not is in the snapshot. */
struct call *ctim_device_note_call(struct device *d, const CtiCallNotify *notify);
void ctim_device_remove_call(struct device *d, struct call *c);

/* ---- pending requests ----------------------------------------------------------------------- */
struct pending *ctim_device_add_pending(struct device *d, enum pending_kind kind, uint8_t node);
struct pending *ctim_device_pending(const struct device *d, uint32_t async);
void ctim_device_remove_pending(struct device *d, struct pending *p);
/* Is something still to be answered before the device is in service: further media, a line? */
bool ctim_device_opening(const struct device *d);
/* Requests to node are forgotten: openers wait as if they had not been sent. */
void ctim_device_forget_opens(struct device *d, uint8_t node);

void ctim_device_free(struct device *d);

/* ---- looking for a CallManager (device_opening.c) ------------------------------------------- */
/* CTIRegistrar of a node: where devices are opened, closed and rehomed. */
struct sdl_pid ctim_device_registrar(uint8_t node);
/* Opens go by turns; a turn lasts until the lines are open, or until there is nothing to wait for. */
void ctim_device_ask_turn(struct sdl_process *self, struct member *m);
void ctim_device_end_turn(struct sdl_process *self, struct member *m);
/* The device is opened at node, with the media of o (NULL: as an interest only). */
void ctim_device_send_open(struct sdl_process *self, uint8_t node, struct opener *o,
			   enum pending_kind kind);
/* Everybody in service may be asked again. */
void ctim_device_begin_round(struct device *d);
/* The search begins anew, with the configuration as it is now (USR-07). */
int ctim_device_seek_anew(struct sdl_process *self);
/* Asks the best member that has not answered yet in this round, or waits, or gives up. */
int ctim_device_seek(struct sdl_process *self);
/* Out of service until something happens; who waits for the device gets it as it is. */
int ctim_device_wait(struct sdl_process *self, OutOfServiceCause cause);
/* The member does not take the device, or not its lines: the next one (CMF-11). */
int ctim_device_refused(struct sdl_process *self, uint8_t node, uint32_t error);
sdl_handler ctim_device_on_retry, ctim_device_on_open_turn, ctim_device_on_open_res;

/* ---- into service (device_arriving.c) ------------------------------------------------------- */
/* The device is at node: further media and the lines follow, then service. */
int ctim_device_attach(struct sdl_process *self, uint8_t node, uint64_t pid);
/* The device is in service: the opener is answered and told, or its media follow. */
void ctim_device_settle_opener(struct sdl_process *self, struct opener *o);
/* After each answer on the way into service. */
int ctim_device_arrive(struct sdl_process *self);
/* In service, or waiting to go to a better member (CMF-07). */
int ctim_device_rehome_or_stay(struct sdl_process *self);
sdl_handler ctim_device_on_line_open_res, ctim_device_on_existing_completed;

/* ---- out of service, closed, gone (device_leaving.c) ---------------------------------------- */
/* Ends what the device has at node: one opener's media, or all of it (NULL). failed: its
 * unterminated calls are for CFOF (APF-03). */
void ctim_device_send_close(struct sdl_process *self, uint8_t node, const struct opener *o,
			    bool failed);
/* The device is nowhere any more: pending requests fail, calls end, openers are told. */
void ctim_device_leave(struct sdl_process *self, OutOfServiceCause cause, uint32_t request_error,
		       uint32_t call_cause);
/* 1001, or 1003 when no member is in service (CMF-04). */
OutOfServiceCause ctim_device_cause_of_failure(const struct device *d);
/* Nobody takes it: it is closed for all (CMF-11). */
int ctim_device_give_up(struct sdl_process *self);
/* Nobody has it open any more: every CallManager that knows of it is told, and its answer awaited,
 * so that a new open of the device cannot overtake the close. */
int ctim_device_retire(struct sdl_process *self);
sdl_handler ctim_device_on_release, ctim_device_on_close;
sdl_handler ctim_device_on_close_res, ctim_device_on_status_when_closing,
	ctim_device_on_close_timeout, ctim_device_on_opened_too_late,
	ctim_device_on_opener_too_late, ctim_device_on_idle_ack;

/* ---- requests and events of a device in service (device_requests.c): handlers --------------- */
bool ctim_device_in_service(const struct sdl_process *self);
/* Is the device known to a CallManager whose lines are opening or open? */
bool ctim_device_attached(const struct sdl_process *self);
void ctim_device_send_line_open(struct sdl_process *self, struct line *l);
/* Its last user closes a line at the CallManager. */
void ctim_device_leave_line(struct sdl_process *self, const struct line_user *u);
/* Takes a line away from an opener, in that way. */
void ctim_device_close_line(struct sdl_process *self, struct opener *o, struct line_user *u);
sdl_handler ctim_device_on_line_open, ctim_device_on_line_close, ctim_device_on_snapshot;
/* All of cti_relay.def. */
sdl_handler ctim_device_on_request, ctim_device_on_res, ctim_device_on_request_timer;
sdl_handler ctim_device_on_existing_call, ctim_device_on_call_notify, ctim_device_on_notify;

/* ---- what openers are told (device_events.c) ------------------------------------------------ */
void ctim_device_respond(struct sdl_process *self, const struct opener *o, uint32_t seq,
			 uint32_t result);
/* Answers a DeviceOpen: success, and where the device stands, or the error. */
void ctim_device_answer_open(struct sdl_process *self, struct opener *o, uint32_t result);
/* Answers a LineOpen; on an error the line is taken away from the opener again. */
void ctim_device_answer_line(struct sdl_process *self, struct opener *o, struct line_user *u,
			     uint32_t result);
/* The device is in service: device, then lines, each with a snapshot, to an opener or to all. */
void ctim_device_tell_in_service(struct sdl_process *self, struct opener *o);
void ctim_device_tell_line_in_service(struct sdl_process *self, struct opener *o,
				      struct line_user *u);
void ctim_device_tell_snapshot(struct sdl_process *self, const struct opener *o,
			       const struct line_user *u);
/* Out of service with d->cause: lines, then device, to all who do not know yet (CMF-04, CMF-06). */
void ctim_device_tell_out_of_service(struct sdl_process *self);
void ctim_device_tell_line_out_of_service(struct sdl_process *self, const struct opener *o,
					  const struct line_user *u);
/* Its lines and the device are closed for an opener; the opener is gone afterwards. */
void ctim_device_tell_closed(struct sdl_process *self, struct opener *o, uint32_t reason);
void ctim_device_tell_line_closed(struct sdl_process *self, struct opener *o, struct line_user *u,
				  uint32_t reason);
/* An event of a call to all who have its line open and in service. */
void ctim_device_tell_call(struct sdl_process *self, uint16_t event, const struct call *c,
			   const CtiCallNotify *notify);
/* An event that changes nothing here: to all who have its line open and in service; of a device
 * without line: to all who have it open. */
void ctim_device_tell(struct sdl_process *self, const struct sdl_signal *notify);
/* Every call ends with that cause, before lines go out of service. */
void ctim_device_end_calls(struct sdl_process *self, uint32_t cause);

#endif
