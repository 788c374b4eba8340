/*
 * provider.h - the data of a CtiProvider process and its three parts: provider.c (states,
 * connection, heartbeats), provider_requests.c (requests and answers), provider_events.c (events,
 * loss, reopening).
 */
#ifndef CTIMANAGER_CLIENT_PROVIDER_H
#define CTIMANAGER_CLIENT_PROVIDER_H

#include "common/msg/messages.h"
#include "ctimanager/client/client.h"
#include "ctimanager/client/opened.h"
#include "ctimanager/client/pending.h"

enum {
	PROVIDER_NEW,
	PROVIDER_CONNECTING,
	PROVIDER_OPENING,
	PROVIDER_IN_SERVICE,
	PROVIDER_RETRY,
	PROVIDER_OUT_OF_SERVICE,
	PROVIDER_CLOSING,
};

struct provider {
	uint32_t number; /* the application's, from 1 */
	char user[CTI_USER_MAX + 1];
	char password[CTI_PASSWORD_MAX + 1];
	char instance[CTI_USER_MAX + 1];
	char key[CTI_KEY_MAX + 1]; /* "" = in the clear */
	ProviderKind kind;
	uint32_t heartbeat_s;
	uint32_t filter;
	uint8_t nodes[CTI_CTIMANAGERS_MAX];
	unsigned nodes_n;

	uint32_t open_seq;     /* the application waits for the answer; 0 = was given */
	uint32_t close_seq;    /* the same of its close */
	uint32_t last_refusal; /* of this round; 0 = nobody answered */
	unsigned current;      /* index in nodes */
	unsigned tried;	       /* set of indices, in this round */
	struct sdl_pid far;    /* none = no connection */

	int64_t beat_ns; /* a quarter of the interval granted */
	unsigned beats;	 /* since the last heartbeat was sent */
	unsigned silent; /* beats since anything came */

	struct cti_opened opened;
	struct cti_pending_table pending;
	unsigned reopening;	  /* answers outstanding */
	uint32_t *lost;		  /* devices to reopen, by number, in order */
	unsigned lost_n, lost_at; /* how many there are, and were begun */
};

/* ---- provider_requests.c */
sdl_handler cti_provider_on_get_device_info, cti_provider_on_change_filter, cti_provider_on_acquire,
	cti_provider_on_device_open, cti_provider_on_device_close, cti_provider_on_line_open,
	cti_provider_on_line_close, cti_provider_on_request, cti_provider_on_response,
	cti_provider_on_request_timer;

/* Answers a request of the application. */
void cti_provider_answer(struct sdl_process *self, uint32_t seq, uint32_t result);
/* Notes a request as sent now; the caller sends it with wire_seq. seq 0: the library's own. */
struct cti_pending *cti_provider_pending(struct sdl_process *self, uint16_t signal, uint32_t seq);
/* Answers all that is unanswered, because the CTIManager is lost or the provider ends. */
void cti_provider_fail_pending(struct sdl_process *self);
/* It is not open any more: the application is told, and the book forgets it. */
void cti_provider_device_is_closed(struct sdl_process *self, struct cti_device *device,
				   uint32_t reason);
void cti_provider_line_is_closed(struct sdl_process *self, struct cti_line *line, uint32_t reason);
void cti_provider_close_device(struct sdl_process *self, struct cti_device *device, uint32_t seq);
void cti_provider_close_line(struct sdl_process *self, struct cti_line *line, uint32_t seq);

/* ---- provider_events.c */
sdl_handler cti_provider_on_device_event, cti_provider_on_device_closed, cti_provider_on_line_event,
	cti_provider_on_line_closed, cti_provider_on_call_event, cti_provider_on_existing_completed,
	cti_provider_on_event, cti_provider_on_reopen_timer, cti_provider_on_device_changed,
	cti_provider_on_user_changed, cti_provider_on_park_status;

/* The CTIManager is lost: tells the application all that CTF-01 names but the provider itself. */
void cti_provider_lose(struct sdl_process *self);
/* Begins to reopen what was lost, or goes on with it. */
void cti_provider_reopen(struct sdl_process *self);
/* The answer to a reopening. */
void cti_provider_reopened_device(struct sdl_process *self, struct cti_device *device,
				  const Response *m);
void cti_provider_reopened_line(struct sdl_process *self, struct cti_line *line, const Response *m);

/* ---- provider.c */
void cti_provider_tell(struct sdl_process *self, uint16_t number, const void *msg);
/* Something came from the CTIManager. */
void cti_provider_heard(struct provider *p);
/* Errors of a CTIManager that may pass. */
bool cti_provider_error_passes(uint32_t result);

#endif
