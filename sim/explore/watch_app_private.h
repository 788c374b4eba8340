/* watch_app_private.h - what an application has asked and was told: its devices, lines, calls and
 * requests, as it sees them. */
#ifndef SIM_EXPLORE_WATCH_APP_PRIVATE_H
#define SIM_EXPLORE_WATCH_APP_PRIVATE_H

#include "sim/explore/watch_private.h"

enum app_service { UNTOLD, IN_SERVICE, OUT_OF_SERVICE };

struct app_line {
	char dn[52];
	uint64_t handle;
	enum app_service service;
	int cause;
	bool open; /* the open was answered */
};

struct app_device {
	char name[16];
	const struct sim_device *device; /* NULL: the topology has none */
	uint64_t handle;
	bool open; /* the open was answered; until then what is told of it may come first */
	bool closing;
	enum app_service service;
	int cause;
	uint32_t node;
	struct app_line *lines;
	size_t lines_n;
};

struct app_request {
	uint32_t seq;
	uint16_t signal;
	char name[52]; /* device or number */
	uint64_t handle;
	int64_t asked_ns;
};

struct app_call {
	uint64_t handle;
	char device[16];
	char dn[52];
	CtiCallState state;
	bool whole;  /* from its beginning, and still comparable with what others are told */
	size_t told; /* states so far */
};

struct watch_app {
	uint8_t node;
	char name[SIM_NAME_SIZE];
	const struct sim_user *user;
	bool provider_asked;
	/* Providers by number, as bits; there may be two when an impatient user opens one more. */
	uint64_t in_service;
	uint64_t alone; /* the list names no other CTIManager (MGR-06): told, and left so */
	struct app_device *devices;
	size_t devices_n;
	struct app_request *requests;
	size_t requests_n;
	struct app_call *calls;
	size_t calls_n;
	struct watch_app *next;
};

/* ---- the book (watch_book.c): NULL where there is none ------------------------------- */
struct watch_app *watch_app_at(const struct watch *w, uint8_t node);
struct app_device *watch_device_named(struct watch_app *a, const char *name);
struct app_device *watch_device_by_handle(struct watch_app *a, uint64_t handle);
struct app_line *watch_line_named(struct app_device *d, const char *dn);
struct app_call *watch_call_of(struct watch_app *a, uint64_t handle);
/* dn NULL: on any line. */
const struct app_call *watch_any_call(const struct watch_app *a, const char *device,
				      const char *dn);
/* With all that is on them. The last one of the list takes the place. */
void watch_drop_device(struct watch_app *a, struct app_device *d);
void watch_drop_line(struct watch_app *a, struct app_device *d, struct app_line *l);
void watch_drop_call(struct watch_app *a, struct app_call *c);
/* The provider that it was opened with, as a bit. */
uint64_t watch_provider_of(const struct app_device *d);

/* ---- events, as they are told -------------------------------------------------------- */
/* watch_service.c */
void watch_told_device(struct watch *w, struct watch_app *a, uint16_t signal, const DeviceEvent *m);
void watch_told_line(struct watch *w, struct watch_app *a, uint16_t signal, const LineEvent *m);
/* watch_told_call.c */
void watch_told_call(struct watch *w, struct watch_app *a, uint16_t signal, const CallEvent *m);
void watch_unobserved(struct watch *w, struct watch_app *a, const CallObservationEnded *m);

#endif
