#include "ctimanager/client/opened.h"

#include <stdlib.h>
#include <string.h>

#include <utlist.h>

static void *new_entry(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		abort();
	return p;
}

void cti_opened_clear(struct cti_opened *o)
{
	while (o->devices)
		cti_opened_remove_device(o, o->devices);
}

struct cti_device *cti_opened_add_device(struct cti_opened *o, const char *name)
{
	struct cti_device *device = new_entry(sizeof(*device));

	device->id = ++o->last_id;
	strncpy(device->name, name, sizeof(device->name) - 1);
	HASH_ADD(hh, o->devices, id, sizeof(device->id), device);
	HASH_ADD_KEYPTR(by_name, o->names, device->name, (unsigned)strlen(device->name), device);
	return device;
}

struct cti_device *cti_opened_device(const struct cti_opened *o, uint32_t id)
{
	struct cti_device *device;

	HASH_FIND(hh, o->devices, &id, sizeof(id), device);
	return device;
}

struct cti_device *cti_opened_device_named(const struct cti_opened *o, const char *name)
{
	struct cti_device *device;

	HASH_FIND(by_name, o->names, name, (unsigned)strlen(name), device);
	return device;
}

void cti_opened_remove_device(struct cti_opened *o, struct cti_device *device)
{
	while (device->lines)
		cti_opened_remove_line(o, device->lines);
	HASH_DELETE(hh, o->devices, device);
	HASH_DELETE(by_name, o->names, device);
	free(device);
}

struct cti_line *cti_opened_add_line(struct cti_opened *o, struct cti_device *device,
				     const char *dn)
{
	struct cti_line *line = new_entry(sizeof(*line));

	line->id = ++o->last_id;
	line->device = device;
	strncpy(line->dn, dn, sizeof(line->dn) - 1);
	DL_APPEND(device->lines, line);
	HASH_ADD(hh, o->lines, id, sizeof(line->id), line);
	return line;
}

struct cti_line *cti_opened_line(const struct cti_opened *o, uint32_t id)
{
	struct cti_line *line;

	HASH_FIND(hh, o->lines, &id, sizeof(id), line);
	return line;
}

struct cti_line *cti_opened_line_of(const struct cti_device *device, uint64_t wire, const char *dn)
{
	struct cti_line *line;

	DL_FOREACH(device->lines, line)
	if (wire && line->wire == wire)
		return line;
	DL_FOREACH(device->lines, line)
	if (!strcmp(line->dn, dn))
		return line;
	return NULL;
}

static void remove_known_call(struct cti_opened *o, struct cti_known_call *call)
{
	HASH_DELETE(hh, o->calls, call);
	DL_DELETE(call->line->calls, call);
	free(call);
}

void cti_opened_remove_line(struct cti_opened *o, struct cti_line *line)
{
	while (line->calls)
		remove_known_call(o, line->calls);
	DL_DELETE(line->device->lines, line);
	HASH_DELETE(hh, o->lines, line);
	free(line);
}

struct cti_known_call *cti_opened_call(const struct cti_opened *o, uint64_t handle)
{
	struct cti_known_call *call;

	HASH_FIND(hh, o->calls, &handle, sizeof(handle), call);
	return call;
}

void cti_opened_add_call(struct cti_opened *o, struct cti_line *line, uint64_t handle)
{
	struct cti_known_call *call = cti_opened_call(o, handle);

	if (call)
		return;
	call = new_entry(sizeof(*call));
	call->handle = handle;
	call->line = line;
	DL_APPEND(line->calls, call);
	HASH_ADD(hh, o->calls, handle, sizeof(call->handle), call);
}

void cti_opened_remove_call(struct cti_opened *o, uint64_t handle)
{
	struct cti_known_call *call = cti_opened_call(o, handle);

	if (call)
		remove_known_call(o, call);
}

bool cti_service_in(struct cti_service *s)
{
	s->told = true;
	s->in_service = true;
	s->cause = 0;
	return true;
}

bool cti_service_out(struct cti_service *s, int cause)
{
	bool again = cause != s->cause &&
		     (cause == CTI_NOCALLMANAGER_AVAILABLE || cause == CTI_REHOMING_FAILURE);
	bool tell = !s->told || s->in_service || again;

	s->told = true;
	s->in_service = false;
	if (tell)
		s->cause = cause;
	return tell;
}
