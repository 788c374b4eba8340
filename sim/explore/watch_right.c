/* What applications are told because their user's groups allow it and they have asked for it: what is
 * parked, keys of streams. */
#include "sim/explore/watch_app_private.h"

#include <stdio.h>
#include <string.h>

#include "common/base/cti_error.h"

#define FILTER_PARK 1
#define FILTER_KEYS 2
#define MAY_PARK    64

#define PARK_GROUP "Standard CTI Allow Call Park Monitoring"
#define KEYS_GROUP "Standard CTI Allow Reception of SRTP Key Material"

static struct app_filter *filter_of(struct watch_app *a, uint32_t provider)
{
	return &a->filter[provider % WATCH_PROVIDERS];
}

void watch_parked_unknown(struct watch_app *a, uint32_t provider)
{
	for (size_t i = a->parked_n; i > 0; i--)
		if (a->parked[i - 1].provider == provider)
			a->parked[i - 1] = a->parked[--a->parked_n];
}

void watch_filter_over(struct watch_app *a, uint32_t provider)
{
	watch_parked_unknown(a, provider);
	*filter_of(a, provider) = (struct app_filter){ 0 };
}

/* It may be in force before it is answered. */
void watch_filter_asked(struct watch_app *a, const struct app_request *r)
{
	filter_of(a, r->provider)->asked |= r->filter;
}

void watch_filter_answered(struct watch_app *a, const struct app_request *r, uint32_t result)
{
	struct app_filter *f = filter_of(a, r->provider);

	if (result == CTIERR_PROVIDER_CLOSED || result == CTIERR_PROTOCOL_TIMEOUT)
		f->uncertain = true;
	if (result)
		return;
	f->uncertain = false;
	f->asked = r->filter;
	watch_parked_unknown(a, r->provider);
}

void watch_told_user(struct watch_app *a, const ProviderUserEvent *m)
{
	if (!(m->capabilities & MAY_PARK))
		watch_parked_unknown(a, (uint32_t)m->provider_id);
}

/* ---- parked calls -------------------------------------------------------------------- */

static struct app_parked *parked_at(const struct watch_app *a, const LineParkStatusEvent *m)
{
	for (size_t i = 0; i < a->parked_n; i++)
		if (a->parked[i].provider == m->provider_id && a->parked[i].node == m->node &&
		    !strcmp(a->parked[i].dn, m->dn))
			return &a->parked[i];
	return NULL;
}

static void park_told(struct watch *w, struct watch_app *a, const LineParkStatusEvent *m)
{
	const struct app_filter *f = filter_of(a, (uint32_t)m->provider_id);
	struct app_parked *known = parked_at(a, m);
	bool parks = m->status == PARK_STATUS__CALLPARK;

	watch_check(w, WATCH_PARK_ORDER,
		    f->uncertain || (parks ? m->existing || !known : known != NULL),
		    "%s: %s %s at node %u, where %s", a->name,
		    parks ? "a call is parked at" : "no call is parked any more at", m->dn, m->node,
		    known ? "one was" : "none was");
	if (parks && !known) {
		a->parked = watch_more(a->parked, a->parked_n, sizeof(*known));
		known = &a->parked[a->parked_n++];
		known->provider = (uint32_t)m->provider_id;
		known->node = m->node;
		snprintf(known->dn, sizeof(known->dn), "%s", m->dn);
	} else if (!parks && known) {
		*known = a->parked[--a->parked_n];
	}
}

void watch_told_park(struct watch *w, struct watch_app *a, const LineParkStatusEvent *m)
{
	const struct app_filter *f = filter_of(a, (uint32_t)m->provider_id);

	if (a->user)
		watch_check(w, WATCH_PARK_RIGHT,
			    watch_in_user_group(w, a->user, PARK_GROUP, w->now_ns),
			    "%s is told of park number %s, and its user may not watch it", a->name,
			    m->dn);
	watch_check(w, WATCH_ASKED, (f->asked & FILTER_PARK) != 0,
		    "%s is told of park number %s, and has not asked", a->name, m->dn);
	park_told(w, a, m);
}

/* ---- keys ---------------------------------------------------------------------------- */

/* A stream's provider is in its call's handle; the event is one of the application's providers'. */
void watch_told_media(struct watch *w, const struct watch_app *a, const MediaEvent *m)
{
	uint32_t asked = 0;

	for (size_t i = 0; i < WATCH_PROVIDERS; i++)
		asked |= a->filter[i].asked;
	watch_check(w, WATCH_KEYS,
		    !m->has_key ||
			    ((asked & FILTER_KEYS) &&
			     (!a->user || watch_in_user_group(w, a->user, KEYS_GROUP, w->now_ns))),
		    "%s is told the key of a stream of %s, and its user may not have it, or it has "
		    "not asked",
		    a->name, m->device);
}
