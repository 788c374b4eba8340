/* watch_app_private.h - what an application has asked and was told: its devices, lines, calls and
 * requests, as it sees them. */
#ifndef SIM_EXPLORE_WATCH_APP_PRIVATE_H
#define SIM_EXPLORE_WATCH_APP_PRIVATE_H

#include "sim/explore/watch_private.h"

#define WATCH_PROVIDERS 64

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
	uint32_t provider, filter; /* ProviderChangeEventFilter */
};

/* What a provider has asked to be told of, beside what it has open. */
struct app_filter {
	uint32_t asked; /* at most that */
	bool uncertain; /* a change of it was not answered */
};

/* A call at a park number, as a provider was told. */
struct app_parked {
	uint32_t provider, node;
	char dn[52];
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
	struct app_filter filter[WATCH_PROVIDERS]; /* by provider */
	struct app_parked *parked;
	size_t parked_n;
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
/* watch_right.c: what groups allow and filters ask for */
void watch_filter_asked(struct watch_app *a, const struct app_request *r);
void watch_filter_answered(struct watch_app *a, const struct app_request *r, uint32_t result);
/* A provider comes, goes, or has other rights: what is parked is told anew. */
void watch_parked_unknown(struct watch_app *a, uint32_t provider);
void watch_filter_over(struct watch_app *a, uint32_t provider);
void watch_told_park(struct watch *w, struct watch_app *a, const LineParkStatusEvent *m);
void watch_told_user(struct watch_app *a, const ProviderUserEvent *m);
void watch_told_media(struct watch *w, const struct watch_app *a, const MediaEvent *m);
/* watch_told_call.c */
void watch_told_call(struct watch *w, struct watch_app *a, uint16_t signal, const CallEvent *m);
void watch_unobserved(struct watch *w, struct watch_app *a, const CallObservationEnded *m);

#endif
