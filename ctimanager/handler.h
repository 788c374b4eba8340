/* handler.h - a CTIHandler: its state, and the parts of it in two files. */
#ifndef CTIMANAGER_HANDLER_H
#define CTIMANAGER_HANDLER_H

#include "ctimanager/control_list.h"
#include "ctimanager/provider.h"
#include "common/msg/messages.h"

enum handler_state { INIT, AWAIT_PROVOPEN, REJECTED, AWAIT_AUTH, AUTHENTICATING, VERIFYING, READY };

/* Lengths of texts that applications send. */
#define NAME_LENGTH_MAX	  128 /* a device, an instance, a password */
#define USER_LENGTH_MAX	  31
#define NUMBER_LENGTH_MAX 50 /* a directory number, a destination, a partition */
#define CODECS_MAX	  16
#define OTHERS_MAX	  32   /* further calls in one request */
#define DATA_LENGTH_MAX	  2000 /* passed through to a device */

/* Capabilities, with the field's values for those that have one. */
#define CAPABILITY_SRTP_KEYS	1
#define CAPABILITY_SUPER	16
#define CAPABILITY_MODIFY_CGPN	32
#define CAPABILITY_PARK_MONITOR 64

/* What it knows of the user's rights (handler_control.c). */
struct handler_control {
	struct control_list known;    /* his Controlled Devices, as the application was told */
	struct control_list next;     /* as the database says now, so far */
	struct control_list acquired; /* by a super provider */
	uint32_t round;		      /* of questions to the database */
	bool complete;		      /* known is */
	bool busy;		      /* a round is under way */
	bool again;		      /* something has changed since it began */
	bool demoted;		      /* control of all devices was taken away */
};

/* What an application may ask for beside the events of what it has open (ProviderOpen.filter). */
#define FILTER_PARK 1
#define FILTER_KEYS 2

struct cti_handler {
	struct sdl_pid app;
	uint32_t ip;
	uint32_t refusal;
	char *identity; /* whose key it has; NULL = in the clear */
	bool malformed; /* its last message could not be understood */
	uint32_t provider_id;
	uint32_t open_seq; /* of the ProviderOpen under way */
	char *user;
	char *password; /* until it is checked */
	char *instance;
	char *owner; /* user and instance */
	ProviderKind kind;
	uint32_t heartbeat_s;
	uint32_t capabilities;
	uint32_t filter;  /* asked for; what the groups allow of it is sent (GRP-09) */
	bool monitors;	  /* ParkMonitor tells of park numbers */
	int64_t heard_ns; /* when the last message came */
	struct provider provider;
	struct handler_control control;
};

/* Answers a request; refuse returns the present state. */
void ctim_handler_respond(struct sdl_process *self, uint32_t seq, uint32_t result);
int ctim_handler_refuse(struct sdl_process *self, uint32_t seq, uint32_t result);
/* The application said something: it lives. */
void ctim_handler_heard(struct sdl_process *self);

/* The CTIManager ends the provider, for a reason that the application is told: the state to return. */
int ctim_handler_shut(struct sdl_process *self, uint32_t reason);
/* What a user's groups allow, as CAPABILITY_... */
uint32_t ctim_handler_capabilities(const CtiUserSettingsRes *res);

/* The user's rights and devices as they change (handler_control.c). */
void ctim_handler_control_begin(struct sdl_process *self);
void ctim_handler_control_free(struct handler_control *c);
/* True if the list is the answer to a question of its own. */
bool ctim_handler_control_listed(struct sdl_process *self, const CtiDbDeviceListRes *list);
sdl_handler ctim_handler_on_user_changed, ctim_handler_on_user_settings, ctim_handler_on_user_retry;
sdl_handler ctim_handler_on_acquire, ctim_handler_on_deacquire, ctim_handler_on_db_device;

/* What is asked for and allowed (handler_filter.c). */
bool ctim_handler_wants(struct sdl_process *self, uint32_t filter);
/* After each change of either; again: all that is parked is told anew. */
void ctim_handler_monitor_parks(struct sdl_process *self, bool again);
sdl_handler ctim_handler_on_change_filter, ctim_handler_on_park_status, ctim_handler_on_media_event;

/* Requests of an open provider, and what devices answer and tell (handler_requests.c). */
sdl_handler ctim_handler_on_get_capabilities, ctim_handler_on_get_device_info;
sdl_handler ctim_handler_on_device_list, ctim_handler_on_device_open;
sdl_handler ctim_handler_on_device_request, ctim_handler_on_line_open;
sdl_handler ctim_handler_on_line_close, ctim_handler_on_request;
sdl_handler ctim_handler_on_response;
sdl_handler ctim_handler_on_event, ctim_handler_on_device_event;
sdl_handler ctim_handler_on_line_event, ctim_handler_on_call_event;
sdl_handler ctim_handler_on_not_open;

#endif
