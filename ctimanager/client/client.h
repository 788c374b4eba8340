/*
 * client.h - inside the application library.
 *
 * `struct cti` is the context of the program. CtiApplication writes it in its turns; the functions
 * of cti.h write it in the turns of CtiApplication or between turns, in the same thread.
 */
#ifndef CTIMANAGER_CLIENT_CLIENT_H
#define CTIMANAGER_CLIENT_CLIENT_H

#include <uthash.h>

#include "common/msg/address.h"
#include "ctimanager/client/program.h"

enum { CTI_TYPE_PROVIDER = TYPE_FIRST_FREE };

extern const struct sdl_type cti_application; /* APP_CTI_APPLICATION, instance 1 */
extern const struct sdl_type cti_provider_type;

/* The application's handles: which provider, and its number or the cluster's call handle. */
#define CTI_HANDLE_BITS 56
static inline uint64_t cti_handle(uint32_t provider, uint64_t id)
{
	return (uint64_t)(provider - 1) << CTI_HANDLE_BITS | id;
}
static inline uint32_t cti_handle_provider(uint64_t handle)
{
	return (uint32_t)(handle >> CTI_HANDLE_BITS) + 1;
}
static inline uint64_t cti_handle_id(uint64_t handle)
{
	return handle & ((UINT64_C(1) << CTI_HANDLE_BITS) - 1);
}

/* A request that was not answered yet. */
struct cti_asked {
	uint32_t seq;
	uint16_t signal;
	uint8_t provider;
	UT_hash_handle hh;
};

struct cti_timer {
	uint32_t number;
	int64_t due_ns;
	UT_hash_handle hh;
};

struct cti {
	struct cti_context context;
	const struct cti_app *app;
	char *name;
	uint64_t incarnation;
	uint32_t last_seq;
	struct {
		bool taken;
		struct sdl_pid pid; /* none: not created yet */
	} providers[CTI_PROVIDERS_MAX];
	struct cti_asked *asked;
	struct cti_timer *timers;
	struct sdl_process *process;	     /* while in a turn of CtiApplication */
	const struct cti_provider *provider; /* to open at the start; may be NULL */
	cti_other_signal *other;
	void (*post)(void *arg, const struct sdl_envelope *e);
	void *post_arg;
	struct sdl_pid address; /* of CtiApplication */
	const struct sdl_type *types[CTI_MORE_TYPES + 3];
	uint8_t types_n;
	void *loop; /* of loop.c */
};

static inline struct cti *cti_of(const struct sdl_process *self)
{
	const struct cti_context *context = sdl_context(self);

	return context->cti;
}

/* ---- application.c: a turn of CtiApplication in which callbacks may run */
struct cti *cti_enter(struct sdl_process *self);
/* Returns the state to stay in. */
int cti_leave(struct cti *cti);
void cti_deliver(struct cti *cti, const struct cti_event *e);

/* ---- timer.c */
sdl_handler cti_on_timer;

/* ---- event.c */
/* Fills an event from a signal that a CtiProvider sent; e is zeroed before. Texts and names are
 * borrowed from msg. */
void cti_event_fill(struct cti_event *e, uint16_t signal, const void *msg);
/* The callback of app for that kind, or NULL. */
cti_callback *cti_event_callback(const struct cti_app *app, enum cti_event_kind kind);
/* The name of a request as the application knows it: "DeviceOpen". */
const char *cti_request_name(uint16_t signal);

#endif
