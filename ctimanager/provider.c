#include "ctimanager/provider.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

static void *must_calloc(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		abort();
	return p;
}

static uint64_t new_handle(struct provider *p, uint8_t node)
{
	return (uint64_t)node << 32 | ++p->last_id;
}

/* ---- calls --------------------------------------------------------------------------------- */

struct ctim_provider_call *ctim_provider_call(const struct provider *p, uint64_t handle)
{
	struct ctim_provider_call *c;

	HASH_FIND(hh, p->calls, &handle, sizeof(handle), c);
	return c;
}

void ctim_provider_remove_call(struct provider *p, struct ctim_provider_call *c)
{
	HASH_DELETE(hh, p->calls, c);
	DL_DELETE(c->line->calls, c);
	free(c);
}

void ctim_provider_add_call(struct provider *p, struct ctim_provider_line *l, uint64_t handle)
{
	struct ctim_provider_call *c = ctim_provider_call(p, handle);

	if (c)
		ctim_provider_remove_call(p, c);
	c = must_calloc(sizeof(*c));
	c->handle = handle;
	c->line = l;
	HASH_ADD(hh, p->calls, handle, sizeof(c->handle), c);
	DL_APPEND(l->calls, c);
}

void ctim_provider_forget_ended(struct provider *p, struct ctim_provider_device *d)
{
	for (struct ctim_provider_line *l = d->lines; l; l = l->next) {
		struct ctim_provider_call *c, *next;

		DL_FOREACH_SAFE(l->calls, c, next)
		if (c->ended)
			ctim_provider_remove_call(p, c);
	}
}

/* ---- lines --------------------------------------------------------------------------------- */

struct ctim_provider_line *ctim_provider_add_line(struct provider *p, uint8_t node,
						  struct ctim_provider_device *d)
{
	struct ctim_provider_line *l = must_calloc(sizeof(*l));

	l->handle = new_handle(p, node);
	l->device = d;
	HASH_ADD(hh, p->lines, handle, sizeof(l->handle), l);
	DL_APPEND(d->lines, l);
	return l;
}

struct ctim_provider_line *ctim_provider_line(const struct provider *p, uint64_t handle)
{
	struct ctim_provider_line *l;

	HASH_FIND(hh, p->lines, &handle, sizeof(handle), l);
	return l;
}

void ctim_provider_remove_line(struct provider *p, struct ctim_provider_line *l)
{
	while (l->calls)
		ctim_provider_remove_call(p, l->calls);
	for (struct ctim_provider_pending *r = l->device->requests; r; r = r->next)
		if (r->line == l)
			r->line = NULL;
	HASH_DELETE(hh, p->lines, l);
	DL_DELETE(l->device->lines, l);
	free(l);
}

/* ---- devices ------------------------------------------------------------------------------- */

struct ctim_provider_device *ctim_provider_add_device(struct provider *p, uint8_t node,
						      const char *name)
{
	size_t length = strlen(name) + 1;
	struct ctim_provider_device *d = must_calloc(sizeof(*d) + length);

	memcpy(d->name, name, length);
	d->handle = new_handle(p, node);
	HASH_ADD(hh, p->devices, handle, sizeof(d->handle), d);
	return d;
}

struct ctim_provider_device *ctim_provider_device(const struct provider *p, uint64_t handle)
{
	struct ctim_provider_device *d;

	HASH_FIND(hh, p->devices, &handle, sizeof(handle), d);
	return d;
}

void ctim_provider_remove_device(struct provider *p, struct ctim_provider_device *d)
{
	while (d->lines)
		ctim_provider_remove_line(p, d->lines);
	HASH_DELETE(hh, p->devices, d);
	free(d);
}

/* ---- requests ------------------------------------------------------------------------------ */

struct ctim_provider_pending *ctim_provider_pending(const struct provider *p, uint32_t seq)
{
	struct ctim_provider_pending *r;

	HASH_FIND(hh, p->pending, &seq, sizeof(seq), r);
	return r;
}

bool ctim_provider_add_pending(struct provider *p, uint32_t seq, enum provider_request kind,
			       struct ctim_provider_device *d, struct ctim_provider_line *l)
{
	struct ctim_provider_pending *r;

	if (ctim_provider_pending(p, seq))
		return false;
	r = must_calloc(sizeof(*r));
	r->seq = seq;
	r->kind = kind;
	r->device = d;
	r->line = l;
	HASH_ADD(hh, p->pending, seq, sizeof(r->seq), r);
	if (d)
		DL_APPEND(d->requests, r);
	return true;
}

void ctim_provider_remove_pending(struct provider *p, struct ctim_provider_pending *r)
{
	HASH_DELETE(hh, p->pending, r);
	if (r->device)
		DL_DELETE(r->device->requests, r);
	free(r);
}

void ctim_provider_free(struct provider *p)
{
	while (p->pending)
		ctim_provider_remove_pending(p, p->pending);
	while (p->devices)
		ctim_provider_remove_device(p, p->devices);
}
