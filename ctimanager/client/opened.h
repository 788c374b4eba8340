/*
 * opened.h - what a provider has open: devices, their lines, the calls known on them.
 *
 * A plain book without behaviour. Devices and lines have numbers of the library's own, which stay
 * the same when the provider moves to another CTIManager; `wire` is what the present one calls
 * them. Calls are named by the handle that the cluster gave them. Everything is kept in the order
 * of opening, which is the order in which it is reported and reopened.
 *
 * The book owns its entries; pointers are valid until the entry is removed.
 */
#ifndef CTIMANAGER_CLIENT_OPENED_H
#define CTIMANAGER_CLIENT_OPENED_H

#include <stdbool.h>
#include <stdint.h>

#include <uthash.h>

#include "ctimanager/client/cti.h"

enum cti_open_state {
	CTI_OPENING,   /* the application has asked, no answer yet */
	CTI_OPEN,      /* wire is valid */
	CTI_LOST,      /* was open at a CTIManager that is lost */
	CTI_REOPENING, /* asked anew, no answer yet */
};

struct cti_device;
struct cti_line;

struct cti_known_call {
	uint64_t handle;
	struct cti_line *line;
	struct cti_known_call *prev, *next;
	UT_hash_handle hh;
};

/* What the application was told of a device's or line's service. */
struct cti_service {
	bool told; /* anything at all */
	bool in_service;
	int cause; /* of the last out of service */
};

struct cti_line {
	uint32_t id;
	uint64_t wire;
	struct cti_device *device;
	enum cti_open_state state;
	struct cti_service service;
	char dn[CTI_DN_MAX + 1];
	bool auto_accept;
	uint32_t close_seq; /* the application has asked to close it while it was reopened */
	unsigned retries;
	struct cti_known_call *calls;
	struct cti_line *prev, *next;
	UT_hash_handle hh;
};

struct cti_device {
	uint32_t id;
	uint64_t wire;
	enum cti_open_state state;
	struct cti_service service;
	char name[CTI_DEVICE_MAX + 1];
	enum cti_registration registration;
	uint32_t ip;
	uint32_t port;
	uint32_t codec[CTI_CODECS_MAX];
	unsigned codecs_n;
	uint32_t close_seq;
	unsigned retries;
	struct cti_line *lines;
	UT_hash_handle hh;
	UT_hash_handle by_name;
};

struct cti_opened {
	struct cti_device *devices; /* by id, in order of opening */
	struct cti_device *names;
	struct cti_line *lines; /* by id */
	struct cti_known_call *calls;
	uint32_t last_id;
};

void cti_opened_clear(struct cti_opened *o);

/* name fits. */
struct cti_device *cti_opened_add_device(struct cti_opened *o, const char *name);
struct cti_device *cti_opened_device(const struct cti_opened *o, uint32_t id);
struct cti_device *cti_opened_device_named(const struct cti_opened *o, const char *name);
/* With its lines and calls. */
void cti_opened_remove_device(struct cti_opened *o, struct cti_device *device);

struct cti_line *cti_opened_add_line(struct cti_opened *o, struct cti_device *device,
				     const char *dn);
struct cti_line *cti_opened_line(const struct cti_opened *o, uint32_t id);
/* The line of a device that the CTIManager calls `wire`, or else the first one with that number. */
struct cti_line *cti_opened_line_of(const struct cti_device *device, uint64_t wire, const char *dn);
/* With its calls. */
void cti_opened_remove_line(struct cti_opened *o, struct cti_line *line);

/* Known already: nothing changes. */
void cti_opened_add_call(struct cti_opened *o, struct cti_line *line, uint64_t handle);
struct cti_known_call *cti_opened_call(const struct cti_opened *o, uint64_t handle);
/* Harmless where there is none. */
void cti_opened_remove_call(struct cti_opened *o, uint64_t handle);

/* Says whether the application is to be told, and notes that it was: between two times in service
 * it sees one out of service, and another only when no CallManager is left (1003) or a rehome has
 * failed (1006) (CMF-06). */
bool cti_service_in(struct cti_service *s);
bool cti_service_out(struct cti_service *s, int cause);

#endif
