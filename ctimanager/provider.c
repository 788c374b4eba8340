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

struct provider_call *provider_call(const struct provider *p, uint64_t handle)
{
	struct provider_call *c;

	HASH_FIND(hh, p->calls, &handle, sizeof(handle), c);
	return c;
}

void provider_remove_call(struct provider *p, struct provider_call *c)
{
	HASH_DELETE(hh, p->calls, c);
	DL_DELETE(c->line->calls, c);
	free(c);
}

void provider_add_call(struct provider *p, struct provider_line *l, uint64_t handle)
{
	struct provider_call *c = provider_call(p, handle);

	if (c)
		provider_remove_call(p, c);
	c = must_calloc(sizeof(*c));
	c->handle = handle;
	c->line = l;
	HASH_ADD(hh, p->calls, handle, sizeof(c->handle), c);
	DL_APPEND(l->calls, c);
}

void provider_forget_ended(struct provider *p, struct provider_device *d)
{
	for (struct provider_line *l = d->lines; l; l = l->next) {
		struct provider_call *c, *next;

		DL_FOREACH_SAFE(l->calls, c, next)
		if (c->ended)
			provider_remove_call(p, c);
	}
}

/* ---- lines --------------------------------------------------------------------------------- */

struct provider_line *provider_add_line(struct provider *p, uint8_t node, struct provider_device *d)
{
	struct provider_line *l = must_calloc(sizeof(*l));

	l->handle = new_handle(p, node);
	l->device = d;
	HASH_ADD(hh, p->lines, handle, sizeof(l->handle), l);
	DL_APPEND(d->lines, l);
	return l;
}

struct provider_line *provider_line(const struct provider *p, uint64_t handle)
{
	struct provider_line *l;

	HASH_FIND(hh, p->lines, &handle, sizeof(handle), l);
	return l;
}

void provider_remove_line(struct provider *p, struct provider_line *l)
{
	while (l->calls)
		provider_remove_call(p, l->calls);
	for (struct provider_pending *r = l->device->requests; r; r = r->next)
		if (r->line == l)
			r->line = NULL;
	HASH_DELETE(hh, p->lines, l);
	DL_DELETE(l->device->lines, l);
	free(l);
}

/* ---- devices ------------------------------------------------------------------------------- */

struct provider_device *provider_add_device(struct provider *p, uint8_t node, const char *name)
{
	struct provider_device *d = must_calloc(sizeof(*d));

	d->name = strdup(name);
	if (!d->name)
		abort();
	d->handle = new_handle(p, node);
	HASH_ADD_KEYPTR(by_name, p->by_name, d->name, strlen(d->name), d);
	HASH_ADD(by_handle, p->by_handle, handle, sizeof(d->handle), d);
	return d;
}

struct provider_device *provider_device_named(const struct provider *p, const char *name)
{
	struct provider_device *d;

	HASH_FIND(by_name, p->by_name, name, strlen(name), d);
	return d;
}

struct provider_device *provider_device(const struct provider *p, uint64_t handle)
{
	struct provider_device *d;

	HASH_FIND(by_handle, p->by_handle, &handle, sizeof(handle), d);
	return d;
}

void provider_remove_device(struct provider *p, struct provider_device *d)
{
	while (d->lines)
		provider_remove_line(p, d->lines);
	HASH_DELETE(by_name, p->by_name, d);
	HASH_DELETE(by_handle, p->by_handle, d);
	free(d->name);
	free(d);
}

/* ---- requests ------------------------------------------------------------------------------ */

struct provider_pending *provider_pending(const struct provider *p, uint32_t seq)
{
	struct provider_pending *r;

	HASH_FIND(hh, p->pending, &seq, sizeof(seq), r);
	return r;
}

bool provider_add_pending(struct provider *p, uint32_t seq, enum provider_request kind,
			  struct provider_device *d, struct provider_line *l)
{
	struct provider_pending *r;

	if (provider_pending(p, seq))
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

void provider_remove_pending(struct provider *p, struct provider_pending *r)
{
	HASH_DELETE(hh, p->pending, r);
	if (r->device)
		DL_DELETE(r->device->requests, r);
	free(r);
}

void provider_free(struct provider *p)
{
	while (p->pending)
		provider_remove_pending(p, p->pending);
	while (p->by_name)
		provider_remove_device(p, p->by_name);
}
