/*
 * cti.h - writing a CTI application: providers, devices, lines, calls and their media.
 *
 * An application is a `struct cti_app`: callbacks and whatever data it likes. The library keeps its
 * providers: it connects to the first CTIManager of the list, sends and watches heartbeats, goes to
 * the next CTIManager when one is lost, reopens devices and lines there and asks for a snapshot of
 * their calls. See docs/examples/answer.c for a whole program.
 *
 * Names are those of the field without Request, Response and Event: DeviceOpen, NewCall. What an
 * event or a request means is said in the clauses (MGR, MED, RTP, CAL, CTF, APF) named here.
 *
 * Requests are functions that return at once: a sequence number above zero, or a negative CTI_...
 * number below when the arguments are no request at all; then nothing was sent. Each request that
 * got a number gets exactly one CTI_RESPONSE event with it: result 0, the error of the CallManager
 * or CTIManager, or one of the library's own:
 *	PROVIDER_NOT_OPEN	there is no such provider, or it is out of service
 *	PROVIDER_CLOSED		its CTIManager was lost before the answer came
 *	PROTOCOL_TIMEOUT	no answer within CtiRequestTimeout (CtiRedirectRequestTimeout)
 *	ILLEGAL_HANDLE, INVALID_LINE_HANDLE, CALLHANDLE_UNKNOWN_TO_LINECONTROL	no such handle
 *	DEVICE_OUT_OF_SERVICE, LINE_OUT_OF_SERVICE	the provider is out of service, and so is it
 *
 * Handles of devices, lines and calls belong to the application; 0 is none. They stay the same when
 * the provider moves to another CTIManager (CTF-03), until CTI_DEVICE_CLOSED, CTI_LINE_CLOSED,
 * CTI_CALL_CLOSED. A call whose observation has ended and that is not in the snapshot is gone
 * (CTF-08).
 *
 * Threads: everything of one `struct cti` belongs to one thread. Callbacks run only inside
 * cti_dispatch() or cti_main(). Requests may be made in callbacks and, between two dispatches, from
 * outside. Texts given to the library are copied; texts in events last until the callback returns.
 * Addresses are host order: 127.0.0.1 is 0x7f000001. Out of memory ends the program.
 */
#ifndef CTI_H
#define CTI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CTI_API __attribute__((visibility("default")))

struct cti;

enum cti_kind { /* MGR-11 */
		CTI_JTAPI = 0,
		CTI_TAPI = 1,
		CTI_DIRECT = 2,
};

enum cti_registration {
	CTI_NO_MEDIA = 0,      /* registered, media end elsewhere */
	CTI_STATIC_MEDIA = 1,  /* address and port given at open (MED-01) */
	CTI_DYNAMIC_MEDIA = 2, /* asked per call (MED-03) */
	CTI_WATCH = 3,	       /* open to watch and control only (MED-07); the way to open phones */
};

enum cti_call_state {
	CTI_IDLE,
	CTI_OFFERING,
	CTI_ACCEPTED,
	CTI_DIALTONE,
	CTI_DIALING,
	CTI_PROCEEDING,
	CTI_RINGBACK,
	CTI_CONNECTED,
	CTI_ONHOLD,
	CTI_BUSY,
	CTI_REORDER,
	CTI_DISCONNECTED,
	CTI_UNKNOWN_CALL_STATE,
};

enum cti_device_change { CTI_DEVICE_CREATED = 1, CTI_DEVICE_REMOVED = 2 };

/* With the values of CiscoProvCallParkEv. */
enum cti_park_status { CTI_CALLPARK = 1, CTI_CALLUNPARK = 2, CTI_CALLPARKREMINDER = 3 };

enum cti_out_of_service_cause {
	CTI_CALLMANAGER_FAILURE = 1001,
	CTI_REHOME_TO_HIGHER_PRIORITY_CM = 1002,
	CTI_NOCALLMANAGER_AVAILABLE = 1003,
	CTI_DEVICE_FAILURE = 1004,
	CTI_DEVICE_UNREGISTERED = 1005,
	CTI_REHOMING_FAILURE = 1006,
	CTI_CTIMANAGER_FAILURE = 1007,
	CTI_DEVICE_RESTRICTED = 1008,
	CTI_LINE_RESTRICTED = 1009,
};

/* Returned instead of a sequence number. */
enum {
	CTI_INVALID_PARAMETER = -0xb4, /* a text is missing or too long, a number is out of range */
	CTI_PROVIDER_NOT_OPEN = -0x61, /* no such provider, or all places for providers are taken */
};

/* What a user's groups allow (GRP-02..05). */
enum {
	CTI_MAY_RECEIVE_SRTP_KEYS = 1,
	CTI_MAY_CONTROL_ALL_DEVICES = 16,
	CTI_MAY_MODIFY_CALLING_NUMBER = 32,
	CTI_MAY_MONITOR_PARK = 64,
};

/* Longest texts, without their end. */
#define CTI_USER_MAX	    31
#define CTI_KEY_MAX	    63
#define CTI_PASSWORD_MAX    127
#define CTI_DEVICE_MAX	    15
#define CTI_DN_MAX	    50
#define CTI_CTIMANAGERS_MAX 10
#define CTI_CODECS_MAX	    16
#define CTI_OTHERS_MAX	    32
#define CTI_DATA_MAX	    2000 /* bytes */
#define CTI_PROVIDERS_MAX   127

/* ---- events ----------------------------------------------------------------------------------
 * In brackets: the members of struct cti_event that are set beside kind, provider and name. */
enum cti_event_kind {
	/* [request, seq, result, text; handles of what was opened or made; heartbeat_s of a
	 * provider open; names of ProviderGetDeviceInfo (devices) and DeviceOpen (its lines, in
	 * order); more; number of CallPark and LineGetForwardInfo] */
	CTI_RESPONSE,
	/* Once per provider: it is open for the first time. [node of the CTIManager] */
	CTI_PROVIDER_OPEN_COMPLETED,
	/* After that, and after each recovery on another CTIManager. [node] */
	CTI_PROVIDER_IN_SERVICE,
	/* Its CTIManager is lost. Before it came, in this order (CTF-01):
	 * CTI_CALL_OBSERVATION_ENDED for each call, LineOutOfService and DeviceOutOfService with
	 * cause 1007. The library goes on to the next CTIManager by itself. [node, cause;
	 * no_backup: the list names no other, so the provider stays out of service until it is
	 * closed and opened anew (MGR-06)] */
	CTI_PROVIDER_OUT_OF_SERVICE,
	/* The provider has ended; its handles with it. [result, text: why] */
	CTI_PROVIDER_CLOSED,
	/* [device, device_handle; node of the CallManager] */
	CTI_DEVICE_IN_SERVICE,
	/* [device, device_handle, cause] */
	CTI_DEVICE_OUT_OF_SERVICE,
	/* Closed without being asked for: it has to be opened again (CMF-11, CTF-10, USR-04).
	 * [device, device_handle, result, text] */
	CTI_DEVICE_CLOSED,
	/* As for devices. [device, dn, device_handle, line_handle; node, cause, result and text] */
	CTI_LINE_IN_SERVICE,
	CTI_LINE_OUT_OF_SERVICE,
	CTI_LINE_CLOSED,
	/* Of a call: [device, dn, device_handle, line_handle, call, global_call, state, call_cause,
	 * reason, calling, called, original_called, last_redirecting, outgoing] */
	CTI_NEW_CALL,
	/* Part of a snapshot: after a line was opened or reopened (CTF-03). */
	CTI_EXISTING_CALL,
	/* The snapshot of a line is complete. [device, dn, device_handle, line_handle] */
	CTI_EXISTING_CALL_COMPLETED,
	CTI_CALL_STATE_CHANGED,
	CTI_CALL_PARTY_INFO_CHANGED,
	/* The call is part of another one now: after a transfer, a conference, a park. */
	CTI_GLOBAL_CALL_HANDLE_CHANGED,
	CTI_CALL_CLOSED,
	/* The CTIManager is lost; the call goes on unobserved. [as far as known, cause] */
	CTI_CALL_OBSERVATION_ENDED,
	/* Dynamic media: answer with cti_device_set_rtp_for_call() within Media Exchange Timeout
	 * (MED-03). [device, dn, call, codec] */
	CTI_DEVICE_CALL_OPEN_LOGICAL_CHANNEL,
	/* [device, dn, call, codec; ip and port: own end for reception, far end for transmission;
	 * encrypted, and to who has asked and may (GRP-05) key and salt] */
	CTI_START_RECEPTION,
	CTI_STOP_RECEPTION,
	CTI_START_TRANSMISSION,
	CTI_STOP_TRANSMISSION,
	/* Tones that came from the other side. [device, dn, call, digits] */
	CTI_DTMF,
	/* Call Forward All of the line is now that, whoever set it; "" = none. [device, dn,
	 * line_handle, number] */
	CTI_LINE_FORWARD,
	/* What changes several calls of the line at once begins, and has ended. [device, dn,
	 * line_handle, call, others; ended: result, text] */
	CTI_LINE_TRANSFER_STARTED,
	CTI_LINE_TRANSFER_ENDED,
	CTI_LINE_CONFERENCE_STARTED,
	CTI_LINE_CONFERENCE_ENDED,
	/* What a device sends to applications. [device, device_handle, data] */
	CTI_DEVICE_DATA_PASS_THROUGH,
	/* The provider may open a device from now on, or no longer: an administrator has changed the
	 * user's Controlled Devices, or a super provider has acquired it or let go of it (USR-04,
	 * SUP-02). What is open is closed after that (CTI_DEVICE_CLOSED). [device, change] */
	CTI_PROVIDER_DEVICE_CONFIGURATION_CHANGED,
	/* The user is in other groups now: what he may. Without control of all devices those are
	 * removed that are not his. [capabilities] */
	CTI_PROVIDER_USER_CHANGED,
	/* A call park number of the cluster, for who has asked and may (GRP-02): a call is parked there,
	 * is not any more (retrieved, or call_cause says why), or is back with who parked it, which ends
	 * the parking, too. existing: it was parked before that was asked for, or before a CallManager
	 * came back into reach. [dn: the number; node, park_status, global_call, parked, parked_by,
	 * retrieved_by, call_cause, existing] */
	CTI_LINE_PARK_STATUS,
	/* A timer of cti_timer_start() ran out. [timer] */
	CTI_TIMER,
	CTI_EVENT_KINDS
};

/* Texts are never NULL: "" where nothing is known. */
struct cti_event {
	enum cti_event_kind kind;
	const char *name; /* "NewCall": the field's name of the kind */
	int provider;
	/* responses */
	int seq;
	const char *request; /* name: "DeviceOpen" */
	uint32_t result;     /* 0 or a CTIERR code; see cti_error_name() */
	const char *text;    /* what the other side says about it, or the code's own text */
	uint32_t heartbeat_s;
	uint32_t capabilities; /* CTI_MAY_... */
	const char *const *names;
	size_t names_n;
	bool more; /* ask again, after the last of names */
	/* what it is about */
	const char *device;
	const char *dn;
	uint64_t device_handle;
	uint64_t line_handle;
	uint64_t call;
	uint64_t global_call;
	uint8_t node;
	bool no_backup;
	enum cti_device_change change;
	int cause; /* enum cti_out_of_service_cause */
	/* calls */
	enum cti_call_state state;
	uint32_t call_cause; /* Q.850, or 507 and 508: CTIManager, CallManager failure */
	uint32_t reason;     /* feature reason: 6 REDIRECT, 3 FORWARDNOANSWER ... */
	const char *calling;
	const char *called;
	const char *original_called;
	const char *last_redirecting;
	bool outgoing;
	/* media */
	uint32_t ip;
	uint32_t port;
	uint32_t codec;
	bool encrypted;
	const uint8_t *key; /* AES_CM_128; NULL: not told */
	size_t key_n;
	const uint8_t *salt;
	size_t salt_n;
	/* park numbers */
	enum cti_park_status park_status;
	const char *parked; /* the party that waits there */
	const char *parked_by;
	const char *retrieved_by;
	bool existing;
	/* features */
	const char *digits;
	const char *number;	/* a park number, where a line is forwarded to */
	const uint64_t *others; /* further calls */
	size_t others_n;
	const uint8_t *data;
	size_t data_n;
	uint32_t timer;
};

typedef void cti_callback(struct cti *cti, const struct cti_event *event);

/* Any of them may be NULL. on_event gets every event, before the one of its kind. */
struct cti_app {
	const char *name; /* of the application, for the command line; NULL = argv[0] */
	void *data;	  /* the application's own: cti_data() */
	/* Called once when the application begins; its first requests may be made here. */
	void (*on_start)(struct cti *cti);
	cti_callback *on_event;
	cti_callback *on_response;
	cti_callback *on_provider_open_completed;
	cti_callback *on_provider_in_service;
	cti_callback *on_provider_out_of_service;
	cti_callback *on_provider_closed;
	cti_callback *on_device_in_service;
	cti_callback *on_device_out_of_service;
	cti_callback *on_device_closed;
	cti_callback *on_line_in_service;
	cti_callback *on_line_out_of_service;
	cti_callback *on_line_closed;
	cti_callback *on_new_call;
	cti_callback *on_existing_call;
	cti_callback *on_call_state_changed;
	cti_callback *on_call_party_info_changed;
	cti_callback *on_call_closed;
	cti_callback *on_call_observation_ended;
	cti_callback *on_open_logical_channel;
	cti_callback *on_start_reception;
	cti_callback *on_stop_reception;
	cti_callback *on_start_transmission;
	cti_callback *on_stop_transmission;
	cti_callback *on_dtmf;
	cti_callback *on_line_forward;
	cti_callback *on_device_data_pass_through;
	cti_callback *on_provider_device_changed;
	cti_callback *on_provider_user_changed;
	cti_callback *on_line_park_status;
	cti_callback *on_timer;
};

/* ---- requests -------------------------------------------------------------------------------- */
struct cti_provider {
	/* Nodes of the CTIManagers, primary first (CtiManagers of jtapi.ini); ends at the first 0.
	 */
	uint8_t ctimanagers[CTI_CTIMANAGERS_MAX];
	const char *user;
	const char *password;
	const char *instance; /* an application is (user, instance) (MGR-04); NULL = "" */
	enum cti_kind kind;
	uint32_t heartbeat_s; /* asked for (APF-01); 0 = DesiredServerHeartbeatInterval */
	/* What this application understands (GRP-09): it is sent as far as the user's groups allow it, now
	 * or later. */
	bool park_monitoring;
	bool key_material;
	/* Connects encrypted (port 2749), with the key of this name among the keys of the
	 * application (cti_options); each CTIManager proves that it has its own. NULL = in the
	 * clear (2748), which is refused to users of Standard CTI Secure Connection when the cluster
	 * is secure: CONNECTION_ON_INVALID_PORT (GRP-06). The name must be the user's. */
	const char *key;
};

/* Opens a provider. *provider (may be NULL) becomes its number, 1..CTI_PROVIDERS_MAX, at once. When
 * no CTIManager takes it, the list is tried again each ProviderRetryInterval; after
 * ProviderOpenRequestTimeout the answer is PROTOCOL_TIMEOUT. A refused login is answered at once,
 * by its name (USR-05). After an answer that is an error the number means nothing any more. A
 * CTIManager counts as lost when its connection ends, or when nothing came from it for 2 1/4 of the
 * heartbeat intervals that it granted; CTIManager itself waits two intervals for the application
 * (APF-02). */
CTI_API int cti_provider_open(struct cti *cti, const struct cti_provider *how, int *provider);
/* Closes all that it has open. CTI_PROVIDER_CLOSED follows the answer. */
CTI_API int cti_provider_close(struct cti *cti, int provider);
/* The devices under the user's control, by name, after the given one ("" or NULL: from the first).
 */
CTI_API int cti_provider_get_device_info(struct cti *cti, int provider, const char *after);

/* What the application understands from now on. OPERATION_NOT_ALLOWED: the user's groups do not allow it
 * (GRP-02, GRP-05), and nothing changes. With park monitoring the calls that are parked follow. */
CTI_API int cti_provider_change_event_filter(struct cti *cti, int provider, bool park_monitoring,
					     bool key_material);
/* Control of all devices: a device becomes one of this provider's, or no longer; CTI_PROVIDER_DEVICE_
 * CONFIGURATION_CHANGED follows. Without that right: ACCESS_TO_DEVICE_DENIED. What was acquired is
 * gone when the provider moves to another CTIManager; what is open stays open (SUP-01, SUP-02). */
CTI_API int cti_provider_device_acquire(struct cti *cti, int provider, const char *device);
CTI_API int cti_provider_device_deacquire(struct cti *cti, int provider, const char *device);

struct cti_media {
	enum cti_registration registration;
	uint32_t ip; /* static media */
	uint32_t port;
	uint32_t codecs[CTI_CODECS_MAX]; /* capabilities, ends at the first 0 (MED-04); 4 = G.711
					    u-law */
};
/* media NULL: to watch and control. */
CTI_API int cti_device_open(struct cti *cti, int provider, const char *device,
			    const struct cti_media *media);
CTI_API int cti_device_close(struct cti *cti, uint64_t device_handle);
/* A line of an open device. Its existing calls follow the answer, then CTI_EXISTING_CALL_COMPLETED.
 */
CTI_API int cti_line_open(struct cti *cti, uint64_t device_handle, const char *dn,
			  bool auto_accept);
CTI_API int cti_line_close(struct cti *cti, uint64_t line_handle);
/* The answer names the call. called NULL or "": it has dial tone, and cti_call_dial() dials it. */
CTI_API int cti_line_call_initiate(struct cti *cti, uint64_t line_handle, const char *called);
CTI_API int cti_call_accept(struct cti *cti, uint64_t call);
CTI_API int cti_call_answer(struct cti *cti, uint64_t call);
CTI_API int cti_call_disconnect(struct cti *cti, uint64_t call);
CTI_API int cti_call_hold(struct cti *cti, uint64_t call);
CTI_API int cti_call_retrieve(struct cti *cti, uint64_t call);
CTI_API int cti_call_redirect(struct cti *cti, uint64_t call, const char *destination);
/* The new party is shown that calling number instead of the caller's own. Needs
 * CTI_MAY_MODIFY_CALLING_NUMBER, else REDIRECT_UNAUTHORIZED_COMMAND_USAGE (GRP-03). */
CTI_API int cti_call_redirect_as(struct cti *cti, uint64_t call, const char *destination,
				 const char *calling);
/* The other party goes to the destination; the call is over here once that is known there. */
CTI_API int cti_call_blind_transfer(struct cti *cti, uint64_t call, const char *destination);
/* The call is held, and a consult call to the destination made on the same line; the answer names
 * it. destination NULL: it has dial tone, and cti_call_dial() dials it. Completing (or a direct
 * transfer) connects the two other parties, or makes a conference of all; dropping the consult call
 * leaves the first one held. */
CTI_API int cti_call_setup_transfer(struct cti *cti, uint64_t call, const char *destination);
CTI_API int cti_call_setup_conference(struct cti *cti, uint64_t call, const char *destination);
/* consult 0: the consult call of this one. */
CTI_API int cti_call_complete_transfer(struct cti *cti, uint64_t call, uint64_t consult);
CTI_API int cti_call_complete_conference(struct cti *cti, uint64_t call, uint64_t consult);
/* Two calls of a line that know nothing of each other: their other parties are connected. */
CTI_API int cti_call_direct_transfer(struct cti *cti, uint64_t call, uint64_t other);
/* Calls of a device become one conference; others_n at most CTI_OTHERS_MAX. */
CTI_API int cti_call_join(struct cti *cti, uint64_t call, const uint64_t *others, size_t others_n);
/* The answer says the park number. */
CTI_API int cti_call_park(struct cti *cti, uint64_t call);
/* Digits for a call that has dial tone or is being dialled. */
CTI_API int cti_call_dial(struct cti *cti, uint64_t call, const char *digits);
/* Tones to the other side: 0-9 * # A-D. */
CTI_API int cti_call_play_dtmf(struct cti *cti, uint64_t call, const char *digits);
/* Both answer with the call that they make: what is parked at that number, what rings in the
 * line's own pickup group (group NULL) or in that one. */
CTI_API int cti_line_call_unpark(struct cti *cti, uint64_t line_handle, const char *park_number);
CTI_API int cti_line_call_pickup(struct cti *cti, uint64_t line_handle, const char *group);
/* Call Forward All; destination NULL cancels it (USR-02). The answer to the second says where it
 * leads. */
CTI_API int cti_line_set_forward(struct cti *cti, uint64_t line_handle, const char *destination);
CTI_API int cti_line_get_forward_info(struct cti *cti, uint64_t line_handle);
/* Ports and route points: new calls are accepted by themselves, or no longer (USR-02). */
CTI_API int cti_line_auto_accept_change(struct cti *cti, uint64_t line_handle, bool auto_accept);
/* At most CTI_DATA_MAX bytes, to a phone that can (DEV-12). */
CTI_API int cti_device_data_pass_through(struct cti *cti, uint64_t device_handle,
					 const uint8_t *data, size_t data_n);
/* ip or port 0: as given when the device was opened (MED-04). */
CTI_API int cti_device_set_rtp_for_call(struct cti *cti, uint64_t call, uint32_t ip, uint32_t port);

/* ---- time and data --------------------------------------------------------------------------- */
/* CTI_TIMER with this number comes once after delay_ms; starting it again moves it. In callbacks
 * only, for the clock is the host's: --speed does not scale it, the virtual host runs it in virtual
 * time. */
CTI_API void cti_timer_start(struct cti *cti, uint32_t timer, uint32_t delay_ms);
CTI_API void cti_timer_stop(struct cti *cti, uint32_t timer);
/* Milliseconds of the host's clock at which the callback runs; 0 outside callbacks. */
CTI_API int64_t cti_now_ms(const struct cti *cti);
CTI_API void *cti_data(const struct cti *cti);
/* Ends the application in order: cti_main() returns status, cti_dispatch() says false. In
 * callbacks. */
CTI_API void cti_end(struct cti *cti, int status);

/* ---- names ----------------------------------------------------------------------------------- */
/* Of a result: "DIRECTORY_LOGIN_FAILED". Never NULL. */
CTI_API const char *cti_error_name(uint32_t result);
CTI_API const char *cti_error_text(uint32_t result);
CTI_API const char *cti_event_name(enum cti_event_kind kind);
CTI_API const char *cti_call_state_name(enum cti_call_state state);
CTI_API const char *cti_out_of_service_cause_name(int cause);

/* ---- running an application ----------------------------------------------------------------- */
/* A loop of its own: parses the command line (--help tells it), opens the provider that it names
 * with --user, and runs until cti_end() or a signal to stop. Returns the exit status. */
CTI_API int cti_main(const struct cti_app *app, int argc, char **argv);

/* In a loop of the application's own. */
struct cti_options {
	uint8_t cluster;     /* c of 127.c.0.n; 0 = 1 */
	uint8_t node;	     /* own node number 101..253; 0 = the first that is free */
	const char *run_dir; /* where to keep the record; NULL = nowhere */
	const char *keys;    /* directory of keys, see docs/security.md; NULL = run_dir/keys */
	int speed;	     /* of the cluster's scaled timers; 0 = 1 */
};
/* app is borrowed until cti_close(). options may be NULL. NULL: one sentence in why. */
CTI_API struct cti *cti_open(const struct cti_app *app, const struct cti_options *options,
			     char *why, size_t why_size);
/* Lets go of everything at once: the CTIManagers see their connections end. *cti is NULL
 * afterwards. */
CTI_API void cti_close(struct cti **cti);
/* Becomes readable when cti_dispatch() has something to do: put it into poll, select or epoll. */
CTI_API int cti_fd(const struct cti *cti);
/* Does what is due; never blocks. False: the application has ended. */
CTI_API bool cti_dispatch(struct cti *cti);

#ifdef __cplusplus
}
#endif
#endif
