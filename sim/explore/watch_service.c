/* In and out of service, as applications are told. */
#include "sim/explore/watch_app_private.h"

#include <string.h>

static bool legal_cause(int cause)
{
	return cause >= 1001 && cause <= 1009;
}

/* Out of service once, and again only when it becomes 1003 or 1006. */
static bool once(enum app_service service, int before, int cause)
{
	return service != OUT_OF_SERVICE || (cause != before && (cause == 1003 || cause == 1006));
}

static void device_out(struct watch *w, struct watch_app *a, struct app_device *d, int cause)
{
	const struct app_call *c = watch_any_call(a, d->name, NULL);
	bool rehome = cause == 1002;

	watch_check(w, WATCH_OOS_CAUSE, legal_cause(cause), "%s: %s out of service with cause %d",
		    a->name, d->name, cause);
	watch_check(w, WATCH_OOS_ONCE, once(d->service, d->cause, cause),
		    "%s: %s out of service %d while it is, with %d", a->name, d->name, cause,
		    d->cause);
	watch_check(w, rehome ? WATCH_REHOME_IDLE : WATCH_OOS_ORDER, !c,
		    "%s: %s out of service %d, and call %llx has not ended", a->name, d->name,
		    cause, c ? (unsigned long long)c->handle : 0);
	for (size_t i = 0; i < d->lines_n; i++)
		watch_check(w, WATCH_OOS_ORDER, d->lines[i].service != IN_SERVICE,
			    "%s: %s out of service before its line %s", a->name, d->name,
			    d->lines[i].dn);
	d->service = OUT_OF_SERVICE;
	d->cause = cause;
}

static void device_in(struct watch *w, struct watch_app *a, struct app_device *d, uint32_t node)
{
	watch_check(w, WATCH_OOS_ONCE, d->service != IN_SERVICE, "%s: %s in service while it is",
		    a->name, d->name);
	if (d->device)
		watch_check(
			w, WATCH_IS_GROUP,
			watch_in_group(w, d->device, node, watch_registered(w, d->device, node)),
			"%s: %s in service at node %u, which is not of its group", a->name, d->name,
			node);
	d->service = IN_SERVICE;
	d->node = node;
}

void watch_told_device(struct watch *w, struct watch_app *a, uint16_t signal, const DeviceEvent *m)
{
	struct app_device *d = watch_device_named(a, m->device);

	if (!watch_check(w, WATCH_OPEN_ONLY, d != NULL, "%s: %s for %s, which is not open", a->name,
			 signal_def(signal)->name, m->device))
		return;
	if (signal == SIG_DeviceInService)
		device_in(w, a, d, m->node);
	else if (signal == SIG_DeviceOutOfService)
		device_out(w, a, d, (int)m->cause);
	else
		watch_drop_device(a, d);
}

static void line_out(struct watch *w, struct watch_app *a, struct app_device *d, struct app_line *l,
		     int cause)
{
	const struct app_call *c = watch_any_call(a, d->name, l->dn);

	watch_check(w, WATCH_OOS_CAUSE, legal_cause(cause), "%s: line %s out of service with %d",
		    a->name, l->dn, cause);
	watch_check(w, WATCH_OOS_ONCE, once(l->service, l->cause, cause),
		    "%s: line %s of %s out of service %d while it is, with %d", a->name, l->dn,
		    d->name, cause, l->cause);
	watch_check(w, cause == 1002 ? WATCH_REHOME_IDLE : WATCH_OOS_ORDER, !c,
		    "%s: line %s of %s out of service %d, and call %llx has not ended", a->name,
		    l->dn, d->name, cause, c ? (unsigned long long)c->handle : 0);
	l->service = OUT_OF_SERVICE;
	l->cause = cause;
}

void watch_told_line(struct watch *w, struct watch_app *a, uint16_t signal, const LineEvent *m)
{
	struct app_device *d = watch_device_named(a, m->device);
	struct app_line *l = watch_line_named(d, m->dn);

	if (!watch_check(w, WATCH_OPEN_ONLY, l != NULL, "%s: %s for %s of %s, which is not open",
			 a->name, signal_def(signal)->name, m->dn, m->device))
		return;
	if (signal == SIG_LineOutOfService) {
		line_out(w, a, d, l, (int)m->cause);
	} else if (signal == SIG_LineClosed) {
		watch_drop_line(a, d, l);
	} else {
		watch_check(w, WATCH_IS_ORDER, d->service == IN_SERVICE,
			    "%s: line %s in service before %s", a->name, l->dn, d->name);
		watch_check(w, WATCH_OOS_ONCE, l->service != IN_SERVICE,
			    "%s: line %s of %s in service while it is", a->name, l->dn, d->name);
		l->service = IN_SERVICE;
	}
}
