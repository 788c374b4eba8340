/* Applications when everything should be at rest. */
#include "sim/explore/watch_app_private.h"

#include <stdio.h>
#include <string.h>

void watch_each_call(const struct watch *w, uint8_t app_node,
		     void (*call)(void *arg, const char *device, uint64_t handle), void *arg)
{
	const struct watch_app *a = watch_app_at(w, app_node);

	for (size_t i = 0; a && i < a->calls_n; i++)
		call(arg, a->calls[i].device, a->calls[i].handle);
}

void watch_each_closed_line(const struct watch *w, uint8_t app_node,
			    void (*line)(void *arg, const char *device, const char *dn), void *arg)
{
	const struct watch_app *a = watch_app_at(w, app_node);

	for (size_t i = 0; a && i < a->devices_n; i++) {
		struct app_device *d = &a->devices[i];

		for (size_t k = 0; d->open && d->device && k < d->device->lines_n; k++)
			if (!watch_line_named(d, d->device->lines[k].dn))
				line(arg, d->name, d->device->lines[k].dn);
	}
}

static bool device_rests(const struct watch *w, const struct watch_app *a,
			 const struct app_device *d, char *why, size_t why_size)
{
	if (d->service != IN_SERVICE) {
		snprintf(why, why_size, "%s: %s is out of service, cause %d", a->name, d->name,
			 d->cause);
		return false;
	}
	if (!d->device ||
	    !watch_is_home(w, d->device, d->node, watch_registered(w, d->device, d->node))) {
		snprintf(why, why_size, "%s: %s is at node %u, which is not its home", a->name,
			 d->name, d->node);
		return false;
	}
	for (size_t i = 0; i < d->lines_n; i++)
		if (d->lines[i].service != IN_SERVICE) {
			snprintf(why, why_size, "%s: line %s of %s is out of service, cause %d",
				 a->name, d->lines[i].dn, d->name, d->lines[i].cause);
			return false;
		}
	return true;
}

/* USR-04: changes have been told long since. */
static const struct app_device *not_his(const struct watch *w, const struct watch_app *a)
{
	for (size_t i = 0; a->user && i < a->devices_n; i++)
		if (a->devices[i].open && !(a->alone & watch_provider_of(&a->devices[i])) &&
		    !watch_controls_now(w, a->user, a->devices[i].name))
			return &a->devices[i];
	return NULL;
}

bool watch_app_rests(const struct watch *w, uint8_t app_node, enum watch_rule *rule, char *why,
		     size_t why_size)
{
	const struct watch_app *a = watch_app_at(w, app_node);

	if (!a)
		return true;
	*rule = WATCH_REST_PROVIDERS;
	if (a->provider_asked && !a->in_service && !a->alone) {
		snprintf(why, why_size, "%s: its provider is out of service", a->name);
		return false;
	}
	*rule = WATCH_REST_ANSWERS;
	if (a->requests_n) {
		snprintf(why, why_size, "%s: %s (%s) has no answer", a->name,
			 signal_def(a->requests[0].signal)->name, a->requests[0].name);
		return false;
	}
	*rule = WATCH_REST_CALLS;
	if (a->calls_n) {
		snprintf(why, why_size, "%s: call %llx on %s, state %d", a->name,
			 (unsigned long long)a->calls[0].handle, a->calls[0].device,
			 (int)a->calls[0].state);
		return false;
	}
	*rule = WATCH_REST_PARK;
	for (size_t i = 0; i < a->parked_n; i++)
		if (!a->filter[a->parked[i].provider % WATCH_PROVIDERS].uncertain) {
			snprintf(why, why_size, "%s: a call is parked at %s of node %u", a->name,
				 a->parked[i].dn, a->parked[i].node);
			return false;
		}
	*rule = WATCH_REST_CONTROL;
	if (not_his(w, a)) {
		snprintf(why, why_size, "%s: %s is open, and its user does not control it", a->name,
			 not_his(w, a)->name);
		return false;
	}
	*rule = WATCH_REST_DEVICES;
	for (size_t i = 0; i < a->devices_n; i++)
		if (!(a->alone & watch_provider_of(&a->devices[i])) &&
		    !device_rests(w, a, &a->devices[i], why, why_size))
			return false;
	return true;
}
