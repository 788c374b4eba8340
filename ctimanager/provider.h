/*
 * provider.h - what a CTIHandler keeps of its provider: the devices, lines and calls that it gave
 * handles for, and the requests that are not answered yet.
 *
 * Entries belong to the provider; a device owns its lines, a line's calls go with it. Lookups that
 * find nothing return NULL. Handles are (node of the CTIManager << 32 | number) for devices and
 * lines, (node of the CallManager << 32 | ci) for calls.
 */
#ifndef CTIMANAGER_PROVIDER_H
#define CTIMANAGER_PROVIDER_H

#include <uthash.h>

#include "sdl/sdl.h"

struct provider_call {
	uint64_t handle;
	struct provider_line *line;
	bool ended; /* by the failure of its CallManager: requests are refused, but it is not
		       unknown */
	struct provider_call *prev, *next; /* of the line */
	UT_hash_handle hh;
};

struct provider_line {
	uint64_t handle;
	struct provider_device *device;
	bool open; /* the application has the handle */
	struct provider_call *calls;
	struct provider_line *prev, *next; /* of the device */
	UT_hash_handle hh;
};

struct provider_device {
	char *name;
	uint64_t handle;
	struct sdl_pid mgr; /* its CTIDeviceLineMgr, once that has answered */
	bool open;
	struct provider_line *lines;
	struct provider_pending *requests; /* not answered yet */
	UT_hash_handle by_name;
	UT_hash_handle by_handle;
};

enum provider_request {
	REQUEST_DEVICE_OPEN,
	REQUEST_DEVICE_CLOSE,
	REQUEST_LINE_OPEN,
	REQUEST_LINE_CLOSE,
	REQUEST_DEVICE_LIST,
	REQUEST_OTHER,
};

struct provider_pending {
	uint32_t seq;
	enum provider_request kind;
	struct provider_device *device; /* NULL: of none */
	struct provider_line *line;
	struct provider_pending *prev, *next; /* of the device */
	UT_hash_handle hh;
};

struct provider {
	struct provider_device *by_name;
	struct provider_device *by_handle;
	struct provider_line *lines;
	struct provider_call *calls;
	struct provider_pending *pending;
	uint32_t last_id;
	uint32_t devices_open; /* MGR-07 */
};

void provider_free(struct provider *p);

struct provider_device *provider_add_device(struct provider *p, uint8_t node, const char *name);
struct provider_device *provider_device_named(const struct provider *p, const char *name);
struct provider_device *provider_device(const struct provider *p, uint64_t handle);
/* With its lines and their calls. Its pending requests have been answered before. */
void provider_remove_device(struct provider *p, struct provider_device *d);

struct provider_line *provider_add_line(struct provider *p, uint8_t node,
					struct provider_device *d);
struct provider_line *provider_line(const struct provider *p, uint64_t handle);
void provider_remove_line(struct provider *p, struct provider_line *l);

/* Remembers that the call is on the line; a known call moves. */
void provider_add_call(struct provider *p, struct provider_line *l, uint64_t handle);
struct provider_call *provider_call(const struct provider *p, uint64_t handle);
void provider_remove_call(struct provider *p, struct provider_call *c);
/* Forgets the calls of the device that ended with their CallManager. */
void provider_forget_ended(struct provider *p, struct provider_device *d);

/* False if seq is pending already. */
bool provider_add_pending(struct provider *p, uint32_t seq, enum provider_request kind,
			  struct provider_device *d, struct provider_line *l);
struct provider_pending *provider_pending(const struct provider *p, uint32_t seq);
void provider_remove_pending(struct provider *p, struct provider_pending *r);

#endif
