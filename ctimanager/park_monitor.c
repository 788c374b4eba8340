/*
 * ParkMonitor - what is parked at the call park numbers of the cluster, for applications that may know
 * (GRP-02).
 *
 *	watching
 *
 * Each CallManager tells of its own numbers, and of all that is parked there when its link comes into
 * service. When the link goes, so do its calls here, as they do on lines (CMF-04): who watches is told.
 * Who begins to watch is told what is parked.
 */
#include "ctimanager/process.h"

#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "common/base/cause.h"
#include "common/base/roster.h"
#include "common/msg/messages.h"

enum { WATCHING };

static const struct sdl_state states[] = { [WATCHING] = { "watching", .waits = "" } };

static sdl_handler on_monitor, on_park, on_link_down;

static const struct sdl_row rows[] = {
	{ WATCHING, SIG_CtiParkMonitorReq, on_monitor, 0 },
	{ WATCHING, SIG_CtiCallParkNotify, on_park, 0 },
	{ WATCHING, SIG_SdlLinkOutOfService, on_link_down, 0 },
	{ WATCHING, SIG_SdlLinkInService, sdl_ignore, 0 },
};

/* A parked call, in the order of parking. */
struct parked {
	struct parked *prev, *next;
	uint8_t node;
	CtiCallParkNotify *call; /* own copy */
};

struct park_monitor {
	struct roster watchers; /* CTIHandlers */
	struct parked *parked;
};

static struct roster_key pid_of(const void *row)
{
	return (struct roster_key){ row, sizeof(struct sdl_pid) };
}

static const struct roster_kind by_pid = { sizeof(struct sdl_pid), pid_of };

static int start(struct sdl_process *self)
{
	sdl_watch(self, 0, SDL_APP_CALLMANAGER);
	return WATCHING;
}

/* ---- the book ------------------------------------------------------------------------------- */

static struct parked *parked_at(const struct park_monitor *m, uint8_t node, const char *number)
{
	for (struct parked *p = m->parked; p; p = p->next)
		if (p->node == node && !strcmp(p->call->number, number))
			return p;
	return NULL;
}

static void forget(struct park_monitor *m, struct parked *p)
{
	DL_DELETE(m->parked, p);
	cti_call_park_notify__free_unpacked(p->call, NULL);
	free(p);
}

static void remember(struct park_monitor *m, uint8_t node, const CtiCallParkNotify *call)
{
	struct parked *p = calloc(1, sizeof(*p));
	uint8_t *packed = malloc(cti_call_park_notify__get_packed_size(call) + 1);

	if (!p || !packed)
		abort();
	p->node = node;
	p->call = cti_call_park_notify__unpack(NULL, cti_call_park_notify__pack(call, packed),
					       packed);
	if (!p->call)
		abort();
	free(packed);
	DL_APPEND(m->parked, p);
}

/* ---- events --------------------------------------------------------------------------------- */

static void tell(struct sdl_process *self, struct sdl_pid watcher, uint8_t node,
		 const CtiCallParkNotify *call, bool existing)
{
	LineParkStatusEvent event = LINE_PARK_STATUS_EVENT__INIT;

	event.dn = call->number;
	event.node = node;
	event.status = call->status;
	event.has_global_call_handle = call->has_gci;
	event.global_call_handle = call->gci;
	event.parked = call->parked;
	event.parked_by = call->parked_by;
	event.retrieved_by = call->retrieved_by;
	event.has_cause = call->has_cause;
	event.cause = call->cause;
	event.has_existing = event.existing = existing;
	sdl_send(self, watcher, SIG_LineParkStatus, &event);
}

static void tell_all(struct sdl_process *self, uint8_t node, const CtiCallParkNotify *call)
{
	const struct park_monitor *m = sdl_data(self);
	const struct sdl_pid *watcher;

	for (uint32_t at = 0; (watcher = roster_next(&by_pid, &m->watchers, &at));)
		tell(self, *watcher, node, call, call->existing);
}

/* Told again by a link that came back before its loss was noticed here: known already. */
static int on_park(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_monitor *m = sdl_data(self);
	const CtiCallParkNotify *call = sig->msg;
	struct parked *known = parked_at(m, sig->from.node, call->number);
	bool parks = call->status == PARK_STATUS__CALLPARK;

	if (parks == (known != NULL))
		return WATCHING;
	tell_all(self, sig->from.node, call);
	if (parks)
		remember(m, sig->from.node, call);
	else
		forget(m, known);
	return WATCHING;
}

static int on_link_down(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_monitor *m = sdl_data(self);
	const SdlLinkStatus *link = sig->msg;
	struct parked *p, *next;

	DL_FOREACH_SAFE (m->parked, p, next) {
		CtiCallParkNotify over = *p->call;

		if (p->node != link->node)
			continue;
		over.status = PARK_STATUS__CALLUNPARK;
		over.has_cause = true;
		over.cause = CAUSE_CALL_CALLMANAGER_FAILURE;
		over.has_existing = over.existing = false;
		tell_all(self, p->node, &over);
		forget(m, p);
	}
	return WATCHING;
}

static int on_monitor(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_monitor *m = sdl_data(self);
	const CtiParkMonitorReq *req = sig->msg;
	struct sdl_pid *row = roster_find(&by_pid, &m->watchers, &sig->from, sizeof(sig->from));

	if (req->on && !row)
		roster_add(&by_pid, &m->watchers, &sig->from);
	else if (!req->on && row)
		roster_remove(&by_pid, &m->watchers, row);
	for (const struct parked *p = m->parked; p && req->on; p = p->next)
		tell(self, sig->from, p->node, p->call, true);
	return WATCHING;
}

static void stop(struct sdl_process *self)
{
	struct park_monitor *m = sdl_data(self);

	roster_free(&m->watchers);
	while (m->parked)
		forget(m, m->parked);
}

const struct sdl_type ctim_park_monitor = {
	.name = "ParkMonitor",
	.number = CTIM_PARK_MONITOR,
	.at_start = true,
	.size = sizeof(struct park_monitor),
	.states = states,
	.states_n = sizeof(states) / sizeof(states[0]),
	.rows = rows,
	.rows_n = sizeof(rows) / sizeof(rows[0]),
	.start = start,
	.stop = stop,
};
