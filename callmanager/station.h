/* station.h - what the device processes share (StationD, CTIStationD): the device's lines with the
 * CTIManagers that watch them, its calls as they were last told, and its way out.
 *
 * Every event of a call goes from here to all who watch its line, so all see the same in the same
 * order (CAL-06); who opens a line later gets the calls as they are (CTF-03).
 *
 * Use: the struct lies in the process's data; handlers call these functions, all with the process
 * itself. cm_station_free() in the type's stop().
 *
 * The way out: lines are closed first, then digit analysis forgets the device, then its creators
 * do. Either only if no call is there or offered meanwhile (cm_station_try_leave), or whatever
 * there is (cm_station_leave).
 */
#ifndef CALLMANAGER_STATION_H
#define CALLMANAGER_STATION_H

#include "callmanager/pids.h"
#include "callmanager/process.h"
#include "callmanager/srtp.h"

struct cm_station_line {
	char *dn;
	char *partition;
	struct sdl_pid control;	 /* LineControl */
	struct cm_pids watchers; /* CTIDeviceLineMgr processes */
	char *pickup_group;	 /* NULL: in none */
	char *cfa;		 /* NULL: calls are not all forwarded */
	char **css;		 /* its calling search spaces, NULL: none */
	uint32_t index;
	uint8_t css_n;
	bool cti_allowed;
	bool auto_accept;
	bool auto_answer; /* phones */
	bool headset;	  /* not with the speaker */
	bool locked;
};

struct cm_station_media {
	bool open;    /* listens */
	bool pending; /* somebody is to say where */
	bool sending;
	uint32_t asked;	     /* number of the leg's wish */
	uint32_t unanswered; /* wishes passed on to a phone whose answers are still to come */
	uint32_t ip, port, codec;
	uint32_t far_ip, far_port;
	struct cm_srtp srtp, far_srtp; /* of what it hears, of what it sends */
	struct sdl_pid by;	       /* who said where: CTI devices */
};

struct cm_station_call {
	struct cm_station_call *next; /* oldest first */
	struct cm_station_line *line;
	struct sdl_pid leg;
	uint32_t ci;
	uint64_t gci;
	CtiCallState state;
	uint32_t cause;
	FeatureReason reason;
	uint32_t consult_of; /* ci of the call that is held for this one; 0: none */
	ConsultFor purpose;
	uint32_t conference; /* of this device's making; 0: none */
	bool selected;	     /* by the user, for a transfer or conference */
	bool outgoing;
	bool ringing;	  /* a phone's bell is on for it */
	bool tone;	  /* a tone is played for it */
	uint8_t shown_as; /* RemoteUse, at the other devices of the line */
	struct cm_station_media media;
	char calling[CM_DN_SIZE];
	char called[CM_DN_SIZE];
	char original_called[CM_DN_SIZE];
	char last_redirecting[CM_DN_SIZE];
};

/* Who has asked for something, and is to be answered. */
struct cm_station_asker {
	struct sdl_pid pid;
	uint32_t async_response;
	uint16_t answer; /* number of the answer */
};

/* A call that is up at another device of a shared line. */
struct cm_station_remote {
	struct cm_station_remote *next;
	struct cm_station_line *line;
	struct sdl_pid leg;
	uint32_t reference; /* that the phone knows it by */
	RemoteUse use;
};

struct cm_station {
	char *name; /* the process's label */
	/* NULL: it has no screen. why: 0, or why the user's wish was refused. */
	void (*show_forward)(struct sdl_process *self, const struct cm_station_line *line,
			     uint32_t why);
	struct cm_station_line *lines;
	struct cm_station_call *calls;
	struct cm_station_remote *remotes;
	uint32_t lines_n;
	uint32_t answers; /* of lines, still to come on the way out */
	uint32_t model;
	uint32_t generation;
	uint8_t kind; /* DeviceKind */
	uint8_t group[3];
	uint8_t group_n;
	bool cti_allowed;
	bool da_pending; /* the answer of digit analysis is still to come on the way out */
	bool stays;	 /* some line could not be locked */
	bool known;	 /* to digit analysis */
	bool encrypted;	 /* its streams, as far as the other side can */
};

void cm_station_setup(struct sdl_process *self, struct cm_station *s, const DeviceConfig *config,
		      uint32_t generation);
void cm_station_free(struct cm_station *s);
/* Settings of its lines have changed; they count from the next call on. */
void cm_station_configure(struct sdl_process *self, struct cm_station *s,
			  const DeviceConfig *config);
/* To digit analysis, and so to the whole cluster. orphan: nobody has it open. */
void cm_station_register(struct sdl_process *self, struct cm_station *s, bool orphan);
/* To StationInit or CTIRegistrar: up, gone. */
void cm_station_tell_registrar(struct sdl_process *self, const struct cm_station *s,
			       uint8_t registrar, uint16_t number, OutOfServiceCause cause);
/* DeviceRegistered, DeviceUnregistered; reason: enum cause of the set UNREG. */
void cm_station_alarm(struct sdl_process *self, const struct cm_station *s, uint32_t ip,
		      bool registered, int reason);

struct cm_station_line *cm_station_line(const struct cm_station *s, const char *dn);
struct cm_station_line *cm_station_line_at(const struct cm_station *s, uint32_t index);
struct cm_station_call *cm_station_call(const struct cm_station *s, uint32_t ci);

/* A leg's word. Returns the call as it is now (its state also if it is over: then it is forgotten
 * by cm_station_call_end), or NULL if the line is not known or nothing of it concerns the device. */
struct cm_station_call *cm_station_on_call(struct sdl_process *self, struct cm_station *s,
					   const struct sdl_signal *sig);
void cm_station_call_end(struct sdl_process *self, struct cm_station *s,
			 struct cm_station_call *call);
/* A request of the device itself about one of its calls, as if an application had made it. */
void cm_station_request(struct sdl_process *self, const struct cm_station_call *call,
			uint16_t number);

/* ---- CTI ------------------------------------------------------------------------------------- */
/* Handlers' bodies: open and close a line, forget who is gone. */
void cm_station_line_open(struct sdl_process *self, struct cm_station *s,
			  const struct sdl_signal *sig);
void cm_station_line_close(struct sdl_process *self, struct cm_station *s,
			   const struct sdl_signal *sig);
void cm_station_forget_watcher(struct cm_station *s, struct sdl_pid watcher);
void cm_station_forget_node(struct cm_station *s, uint8_t node);
/* A request on a call or line: checks that the asker has the line open; answers if not. Else the
 * call (line) it is about; the caller relays the request to it. */
struct cm_station_call *cm_station_asked_call(struct sdl_process *self, struct cm_station *s,
					      const struct sdl_signal *sig, uint32_t async,
					      uint32_t ci);
struct cm_station_line *cm_station_asked_line(struct sdl_process *self, struct cm_station *s,
					      const struct sdl_signal *sig);
void cm_station_answer(struct sdl_process *self, const struct sdl_signal *sig, uint32_t async,
		       uint32_t result);
/* The consult call that is under way for a call; NULL: none. */
struct cm_station_call *cm_station_consult_of(const struct cm_station *s,
					      const struct cm_station_call *call);
/* Connects the other sides of two calls of a line. asker gets the answer. */
void cm_station_transfer(struct sdl_process *self, const struct cm_station_call *call,
			 const struct cm_station_call *other, const struct cm_station_asker *asker);
/* Makes a conference of calls of a line, or brings the others into the one that exists. */
void cm_station_join(struct sdl_process *self, struct cm_station_call *call,
		     struct cm_station_call *const *other, size_t others,
		     const struct cm_station_asker *asker);
/* What calls are asked that concerns others, too, and what comes of it for those who watch the line.
 * Handlers of any device process: its data begins with the struct. */
sdl_handler cm_station_on_complete_transfer, cm_station_on_direct_transfer,
	cm_station_on_complete_conference, cm_station_on_join, cm_station_on_feature,
	cm_station_on_conference;
/* Refuses any request of cti_relay.def: the device is going (DEVICE_OUT_OF_SERVICE), or no such
 * device can do that (COMMAND_NOT_IMPLEMENTED_ON_DEVICE). */
sdl_handler cm_station_out_of_service, cm_station_not_implemented;
/* CtiStart/StopReception/Transmission, CtiOpenLogicalChannel to all who watch the line. */
/* What the other side has pressed, to all who watch the call's line. NULL: no such call. */
struct cm_station_call *cm_station_tell_dtmf(struct sdl_process *self, const struct cm_station *s,
					     const struct sdl_signal *sig);
void cm_station_tell_media(struct sdl_process *self, const struct cm_station *s,
			   const struct cm_station_call *call, uint16_t number);

/* To all who watch the line. */
void cm_station_tell(struct sdl_process *self, const struct cm_station_line *line, uint16_t number,
		     const void *msg);

/* ---- call forward all (station_forward.c) ---------------------------------------------------- */
struct cm_station_line *cm_station_line_of(const struct cm_station *s, const char *dn,
					   const char *partition);
/* It is that now (NULL: none); told if it was not so before. */
void cm_station_forwarded(struct sdl_process *self, struct cm_station *s,
			  struct cm_station_line *line, const char *number);
/* The device's user wants it so. */
void cm_station_set_forward(struct sdl_process *self, struct cm_station *s,
			    struct cm_station_line *line, const char *number);
sdl_handler cm_station_on_set_forward, cm_station_on_get_forward, cm_station_on_forward_res,
	cm_station_on_forward;

/* ---- call park (station_park.c) -------------------------------------------------------------- */
/* Parks the call; asker gets CtiLineCallParkRes. */
void cm_station_park(struct sdl_process *self, const struct cm_station_call *call,
		     struct sdl_pid asker, uint32_t async);
/* CtiLineCallParkReq. The process's data begins with its struct cm_station. */
sdl_handler cm_station_on_park;
/* CtiLineCallUnParkReq of a line that the asker has open: answers if it names no park number. */
bool cm_station_may_unpark(struct sdl_process *self, const struct sdl_signal *sig);

/* ---- call pickup (station_pickup.c) ---------------------------------------------------------- */
/* Looks for a call that rings in the group; asker gets CtiLineCallPickupRes. */
void cm_station_pickup(struct sdl_process *self, const struct cm_station *s,
		       const struct cm_station_line *line, const char *group,
		       const struct cm_station_asker *asker);
/* CtiLineCallPickupReq. The process's data begins with its struct cm_station. */
sdl_handler cm_station_on_pickup;
/* A call that was picked up is answered at once: the cluster is set so. */
bool cm_station_answers_pickup(const struct sdl_process *self, const struct cm_station_call *call);

/* ---- shared lines (station_shared.c) --------------------------------------------------------- */
/* The call is as it is now: the other devices of its line hear of it if it matters to them. */
void cm_station_share(struct sdl_process *self, struct cm_station_call *call);
/* One of them has registered just now: what is up. */
sdl_handler cm_station_on_remote_req;
struct cm_station_remote *cm_station_remote(const struct cm_station *s, uint32_t reference);
void cm_station_free_remotes(struct cm_station *s);

/* ---- media, the part that is the same -------------------------------------------------------- */
/* The device listens there (or cannot): answers the leg. */
void cm_station_listening(struct sdl_process *self, struct cm_station *s,
			  struct cm_station_call *call, bool ok);

/* ---- the way out ----------------------------------------------------------------------------- */
enum cm_leaving { CM_LEAVING, CM_STAYS, CM_LEFT };
/* Is the device, or one of its lines, to be reset? */
bool cm_station_is_meant(const struct cm_station *s, const DeviceReset *reset);
enum cm_leaving cm_station_try_leave(struct sdl_process *self, struct cm_station *s);
/* Both: LEAVING while answers of lines are to come; LEFT: all are locked, go on with leave. */
enum cm_leaving cm_station_on_locked(struct sdl_process *self, struct cm_station *s, bool locked);
/* They are not to be left after all. */
void cm_station_stay(struct sdl_process *self, struct cm_station *s);
/* ack_node: where the device goes, which has to know that it is gone here before anybody else; or
 * 0. */
void cm_station_leave(struct sdl_process *self, struct cm_station *s, uint8_t ack_node);
/* Each CcLineCloseRes; DaUnregisterRes, or the loss of the node that was to give it. LEFT: nothing
 * is left of the device but its process. */
enum cm_leaving cm_station_on_line_left(struct sdl_process *self, struct cm_station *s);
enum cm_leaving cm_station_on_da_left(struct sdl_process *self, struct cm_station *s);

#endif
