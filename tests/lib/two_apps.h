/*
 * two_apps.h - a cluster on the virtual host with two applications of the public library, and calls of
 * theirs in any state.
 *
 * Both are of user ivr, at the CTIManagers of ccm1 and ccm2. open_all(): the first terminates the media
 * of a port and a route point and controls a phone, the second one watches and controls them all. The
 * other side of the calls is the phone FAR at the other node. What applications are told is in struct
 * app; requests are made with the functions of cti.h between two rests. Everything belongs to the case
 * that runs; use cluster_up and cluster_down in it, or as its fixture.
 */
#ifndef TESTS_LIB_TWO_APPS_H
#define TESTS_LIB_TWO_APPS_H

#include "common/base/cti_error.h"
#include "ctimanager/client/cti.h"
#include "sim/harness/host.h"

#define MS(n)	   ((n)*INT64_C(1000000))
#define FAR	   "SEP000000000011"
#define FAR_NUMBER "2001"

enum { CALLS_MAX = 16, DEVICES_MAX = 4 };

/* Devices of which the states are made. */
enum { PHONE, PORT, POINT, KINDS };
extern const char *const device_names[KINDS];
extern const char *const device_numbers[KINDS];

struct call {
	uint64_t handle;
	enum cti_call_state state;
	char device[CTI_DEVICE_MAX + 1];
	bool outgoing;
	bool closed;
};

struct app {
	struct cti_app callbacks;
	struct cti *cti;
	struct call calls[CALLS_MAX];
	size_t calls_n;
	struct {
		char name[CTI_DEVICE_MAX + 1];
		uint64_t handle, line;
		bool in_service;
	} devices[DEVICES_MAX];
	size_t devices_n;
	int seq; /* of the request that is waited for */
	bool answered;
	uint32_t result;
	unsigned events; /* that say that something has changed */
	bool open;	 /* its provider */
};

extern struct app apps[2];
extern struct sim_host *host;

void cluster_up(void);
void cluster_down(void);
/* So long of the cluster's time. */
void rest(int64_t ms);
/* Until done says so; the case fails after a while. */
void until(bool (*done)(void *arg), void *arg, const char *what);
/* A user's hand; number may be NULL. */
void press(const char *phone, const char *verb, const char *number);
void strike(const char *program);
void start_again(const char *program);

void open_all(void);
/* The answer to a request, whose number the library gave, or what the library said at once. */
uint32_t answer(struct app *a, int seq);
size_t device_at(const struct app *a, const char *name);
uint64_t line_of(const struct app *a, int kind);
/* The newest call of a device that is not closed; NULL = none. */
struct call *newest(struct app *a, const char *device);

enum state {
	DIALTONE,
	DIALING,
	RINGBACK,
	OFFERING,
	ACCEPTED,
	CONNECTED,
	ONHOLD,
	REMOTE_HELD, /* connected, and held by the other side */
	REORDER,
	PRESERVED,
	GONE,
	STATES
};
extern const char *const state_names[STATES];
/* Is there such a state of a call of such a device? */
bool state_exists(int kind, enum state state);
/* A call of the first application in that state. */
struct call *make_state(int kind, enum state state);

#endif
