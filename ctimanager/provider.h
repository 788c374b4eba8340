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

#include "common/base/roster.h"
#include "sdl/sdl.h"

struct ctim_provider_call {
	uint64_t handle;
	struct ctim_provider_line *line;
	bool ended; /* by the failure of its CallManager: requests are refused, but it is not
		       unknown */
	struct ctim_provider_call *next; /* of the line */
};

struct ctim_provider_line {
	uint64_t handle;
	struct ctim_provider_device *device;
	bool open; /* the application has the handle */
	struct ctim_provider_call *calls;
	struct ctim_provider_line *next; /* of the device */
};

struct ctim_provider_device {
	uint64_t handle;
	struct sdl_pid mgr; /* its CTIDeviceLineMgr, once that has answered */
	struct ctim_provider_line *lines;
	struct ctim_provider_pending *requests; /* not answered yet */
	bool open;
	char name[];
};

enum provider_request {
	REQUEST_DEVICE_OPEN,
	REQUEST_DEVICE_CLOSE,
	REQUEST_LINE_OPEN,
	REQUEST_LINE_CLOSE,
	REQUEST_DEVICE_LIST,
	REQUEST_OTHER,
};

struct ctim_provider_pending {
	uint32_t seq;
	enum provider_request kind;
	struct ctim_provider_device *device; /* NULL: of none */
	struct ctim_provider_line *line;
	struct ctim_provider_pending *next; /* of the device */
};

struct provider {
	struct roster devices; /* by handle, as the others */
	struct roster lines;
	struct roster calls;
	struct roster pending; /* by seq */
	uint32_t last_id;
	uint32_t devices_open; /* MGR-07 */
};

void ctim_provider_free(struct provider *p);

struct ctim_provider_device *ctim_provider_add_device(struct provider *p, uint8_t node,
						      const char *name);
struct ctim_provider_device *ctim_provider_device(const struct provider *p, uint64_t handle);
/* Walks all devices by age: *at = 0 at first; NULL at the end. */
struct ctim_provider_device *ctim_provider_next_device(const struct provider *p, uint32_t *at);
/* With its lines and their calls. Its pending requests have been answered before. */
void ctim_provider_remove_device(struct provider *p, struct ctim_provider_device *d);

struct ctim_provider_line *ctim_provider_add_line(struct provider *p, uint8_t node,
						  struct ctim_provider_device *d);
struct ctim_provider_line *ctim_provider_line(const struct provider *p, uint64_t handle);
void ctim_provider_remove_line(struct provider *p, struct ctim_provider_line *l);

/* Remembers that the call is on the line; a known call moves. */
void ctim_provider_add_call(struct provider *p, struct ctim_provider_line *l, uint64_t handle);
struct ctim_provider_call *ctim_provider_call(const struct provider *p, uint64_t handle);
void ctim_provider_remove_call(struct provider *p, struct ctim_provider_call *c);
/* Forgets the calls of the device that ended with their CallManager. */
void ctim_provider_forget_ended(struct provider *p, struct ctim_provider_device *d);

/* False if seq is pending already. */
bool ctim_provider_add_pending(struct provider *p, uint32_t seq, enum provider_request kind,
			       struct ctim_provider_device *d, struct ctim_provider_line *l);
struct ctim_provider_pending *ctim_provider_pending(const struct provider *p, uint32_t seq);
void ctim_provider_remove_pending(struct provider *p, struct ctim_provider_pending *r);

#endif
