/* The book of an application: which devices, lines and calls it has. */
#include "sim/explore/watch_app_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct watch_app *watch_app_at(const struct watch *w, uint8_t node)
{
	struct watch_app *a = w->apps;

	while (a && a->node != node)
		a = a->next;
	return a;
}

static void app_free(struct watch_app *a)
{
	for (size_t i = 0; i < a->devices_n; i++)
		free(a->devices[i].lines);
	free(a->devices);
	free(a->requests);
	free(a->calls);
	free(a->parked);
	free(a);
}

void watch_app_start(struct watch *w, uint8_t node, const char *name)
{
	struct watch_app *a = calloc(1, sizeof(*a));

	if (!a)
		abort();
	a->node = node;
	snprintf(a->name, sizeof(a->name), "%s", name);
	a->next = w->apps;
	w->apps = a;
}

void watch_app_end(struct watch *w, uint8_t node)
{
	for (struct watch_app **at = &w->apps; *at; at = &(*at)->next) {
		struct watch_app *a = *at;

		if (a->node != node)
			continue;
		*at = a->next;
		app_free(a);
		return;
	}
}

void watch_apps_free(struct watch *w)
{
	while (w->apps)
		watch_app_end(w, w->apps->node);
}

/* ---- the book ------------------------------------------------------------------------ */

struct app_device *watch_device_named(struct watch_app *a, const char *name)
{
	for (size_t i = 0; i < a->devices_n; i++)
		if (!strcmp(a->devices[i].name, name))
			return &a->devices[i];
	return NULL;
}

unsigned watch_openers(const struct watch *w, const char *device)
{
	unsigned n = 0;

	for (struct watch_app *a = w->apps; a; a = a->next)
		n += watch_device_named(a, device) != NULL;
	return n;
}

struct app_line *watch_line_named(struct app_device *d, const char *dn)
{
	for (size_t i = 0; d && i < d->lines_n; i++)
		if (!strcmp(d->lines[i].dn, dn))
			return &d->lines[i];
	return NULL;
}

struct app_call *watch_call_of(struct watch_app *a, uint64_t handle)
{
	for (size_t i = 0; i < a->calls_n; i++)
		if (a->calls[i].handle == handle)
			return &a->calls[i];
	return NULL;
}

void watch_drop_call(struct watch_app *a, struct app_call *c)
{
	*c = a->calls[--a->calls_n];
}

/* dn NULL: all of the device. */
static void drop_calls(struct watch_app *a, const char *device, const char *dn)
{
	for (size_t i = a->calls_n; i > 0; i--)
		if (!strcmp(a->calls[i - 1].device, device) &&
		    (!dn || !strcmp(a->calls[i - 1].dn, dn)))
			watch_drop_call(a, &a->calls[i - 1]);
}

void watch_drop_device(struct watch_app *a, struct app_device *d)
{
	drop_calls(a, d->name, NULL);
	free(d->lines);
	*d = a->devices[--a->devices_n];
}

void watch_drop_line(struct watch_app *a, struct app_device *d, struct app_line *l)
{
	drop_calls(a, d->name, l->dn);
	*l = d->lines[--d->lines_n];
}

const struct app_call *watch_any_call(const struct watch_app *a, const char *device, const char *dn)
{
	for (size_t i = 0; i < a->calls_n; i++)
		if (!strcmp(a->calls[i].device, device) && (!dn || !strcmp(a->calls[i].dn, dn)))
			return &a->calls[i];
	return NULL;
}

struct app_device *watch_device_by_handle(struct watch_app *a, uint64_t handle)
{
	for (size_t i = 0; i < a->devices_n; i++)
		if (a->devices[i].handle == handle)
			return &a->devices[i];
	return NULL;
}

/* Handles of the library begin with the provider's number less one. */
uint64_t watch_provider_of(const struct app_device *d)
{
	return UINT64_C(1) << ((d->handle >> 56) + 1) % 64;
}
