#include "ctimanager/provider.h"

#include <stddef.h>
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

/* Each kind of entry begins with its handle or seq. */
static struct roster_key key_of_handle(const void *row)
{
	return (struct roster_key){ *(const uint64_t *const *)row, sizeof(uint64_t) };
}

static struct roster_key key_of_seq(const void *row)
{
	return (struct roster_key){ *(const uint32_t *const *)row, sizeof(uint32_t) };
}

static const struct roster_kind by_handle = { sizeof(void *), key_of_handle };
static const struct roster_kind by_seq = { sizeof(void *), key_of_seq };

static void *find(const struct roster *r, uint64_t handle)
{
	void *const *row = roster_find(&by_handle, r, &handle, sizeof(handle));

	return row ? *row : NULL;
}

static void forget(struct roster *r, uint64_t handle)
{
	roster_remove(&by_handle, r, roster_find(&by_handle, r, &handle, sizeof(handle)));
}

static uint64_t new_handle(struct provider *p, uint8_t node)
{
	return (uint64_t)node << 32 | ++p->last_id;
}

/* ---- calls --------------------------------------------------------------------------------- */

struct ctim_provider_call *ctim_provider_call(const struct provider *p, uint64_t handle)
{
	return find(&p->calls, handle);
}

void ctim_provider_remove_call(struct provider *p, struct ctim_provider_call *c)
{
	forget(&p->calls, c->handle);
	LL_DELETE(c->line->calls, c);
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
	roster_add(&by_handle, &p->calls, &c);
	LL_APPEND(l->calls, c);
}

void ctim_provider_forget_ended(struct provider *p, struct ctim_provider_device *d)
{
	for (struct ctim_provider_line *l = d->lines; l; l = l->next) {
		struct ctim_provider_call *c, *next;

		LL_FOREACH_SAFE(l->calls, c, next)
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
	roster_add(&by_handle, &p->lines, &l);
	LL_APPEND(d->lines, l);
	return l;
}

struct ctim_provider_line *ctim_provider_line(const struct provider *p, uint64_t handle)
{
	return find(&p->lines, handle);
}

void ctim_provider_remove_line(struct provider *p, struct ctim_provider_line *l)
{
	while (l->calls)
		ctim_provider_remove_call(p, l->calls);
	for (struct ctim_provider_pending *r = l->device->requests; r; r = r->next)
		if (r->line == l)
			r->line = NULL;
	forget(&p->lines, l->handle);
	LL_DELETE(l->device->lines, l);
	free(l);
}

/* ---- devices ------------------------------------------------------------------------------- */

struct ctim_provider_device *ctim_provider_add_device(struct provider *p, uint8_t node,
						      const char *name)
{
	size_t length = strlen(name) + 1;
	struct ctim_provider_device *d =
		must_calloc(offsetof(struct ctim_provider_device, name) + length);

	memcpy(d->name, name, length);
	d->handle = new_handle(p, node);
	roster_add(&by_handle, &p->devices, &d);
	return d;
}

struct ctim_provider_device *ctim_provider_device(const struct provider *p, uint64_t handle)
{
	return find(&p->devices, handle);
}

struct ctim_provider_device *ctim_provider_next_device(const struct provider *p, uint32_t *at)
{
	void *const *row = roster_next(&by_handle, &p->devices, at);

	return row ? *row : NULL;
}

void ctim_provider_remove_device(struct provider *p, struct ctim_provider_device *d)
{
	while (d->lines)
		ctim_provider_remove_line(p, d->lines);
	forget(&p->devices, d->handle);
	free(d);
}

/* ---- requests ------------------------------------------------------------------------------ */

struct ctim_provider_pending *ctim_provider_pending(const struct provider *p, uint32_t seq)
{
	void *const *row = roster_find(&by_seq, &p->pending, &seq, sizeof(seq));

	return row ? *row : NULL;
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
	roster_add(&by_seq, &p->pending, &r);
	if (d)
		LL_APPEND(d->requests, r);
	return true;
}

void ctim_provider_remove_pending(struct provider *p, struct ctim_provider_pending *r)
{
	roster_remove(&by_seq, &p->pending,
		      roster_find(&by_seq, &p->pending, &r->seq, sizeof(r->seq)));
	if (r->device)
		LL_DELETE(r->device->requests, r);
	free(r);
}

void ctim_provider_free(struct provider *p)
{
	struct ctim_provider_pending **pending;
	struct ctim_provider_device *d;

	for (uint32_t at = 0; (pending = roster_next(&by_seq, &p->pending, &at));)
		ctim_provider_remove_pending(p, *pending);
	for (uint32_t at = 0; (d = ctim_provider_next_device(p, &at));)
		ctim_provider_remove_device(p, d);
}
