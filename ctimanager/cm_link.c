/*
 * CmLink - one CallManager of the cluster as the CTIManager sees it.
 *
 *	out_of_service --SdlLinkInService--> link_up --CcmInService--> in_service
 *	       ^-------------SdlLinkOutOfService--------|--------------------'
 *
 * CtiManager hands on what it hears of that node. Devices watch: they are told at once and at each
 * change. Opens go by turns, so that a CallManager that takes over thousands of devices has at most
 * OPENS_OUTSTANDING_MAX of them in its queue; a device keeps its turn until device and lines are
 * answered. A turn ends with the link too.
 */
#include "ctimanager/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/msg/messages.h"

enum { OUT_OF_SERVICE, LINK_UP, IN_SERVICE };

static const struct sdl_state states[] = {
	[OUT_OF_SERVICE] = { "out_of_service", .waits = "the link to the CallManager" },
	[LINK_UP] = { "link_up", .waits = "the CallManager's initialization" },
	[IN_SERVICE] = { "in_service", .waits = "" },
};

static sdl_handler on_watch_req, on_unwatch_req, on_link_in_service, on_ccm_in_service,
	on_link_out_of_service, on_turn_req, on_turn_done;

static const struct sdl_row rows[] = {
	{ SDL_ANY, SIG_CmWatchReq, on_watch_req, 0 },
	{ SDL_ANY, SIG_CmUnwatchReq, on_unwatch_req, 0 },
	{ OUT_OF_SERVICE, SIG_SdlLinkInService, on_link_in_service, TO(LINK_UP) },
	{ LINK_UP, SIG_CcmInService, on_ccm_in_service, TO(IN_SERVICE) },
	{ LINK_UP, SIG_SdlLinkOutOfService, on_link_out_of_service, TO(OUT_OF_SERVICE) },
	{ IN_SERVICE, SIG_SdlLinkOutOfService, on_link_out_of_service, TO(OUT_OF_SERVICE) },
	{ IN_SERVICE, SIG_CcmInService, sdl_ignore, 0 },
	{ IN_SERVICE, SIG_CmOpenTurnReq, on_turn_req, 0 },
	{ IN_SERVICE, SIG_CmOpenTurnDone, on_turn_done, 0 },
	/* From devices that have not yet heard that the node is gone. */
	{ SDL_ANY, SIG_CmOpenTurnReq, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CmOpenTurnDone, sdl_ignore, 0 },
};

enum turn { TURN_NONE, TURN_QUEUED, TURN_HELD, TURN_GONE };

/* Thousands of devices watch each CallManager of their group, so what is kept of one is small: a
 * place in an array by instance number. New devices have the highest number, so they come last. */
struct watcher {
	uint32_t inst;	 /* of the CTIDeviceLineMgr */
	uint32_t ticket; /* while it waits for its turn */
	enum turn turn;
};

/* One that waited for its turn when it got that ticket. */
struct waiting {
	uint32_t inst;
	uint32_t ticket;
};

struct cm_link {
	uint8_t node;
	struct watcher *watchers;
	size_t watchers_n, watchers_size;
	size_t gone; /* of them, TURN_GONE */
	struct waiting *waiting;
	size_t waiting_first, waiting_n, waiting_size;
	uint32_t tickets;
	int64_t held;
};

static void tell(struct sdl_process *self, struct sdl_pid to, bool in_service)
{
	struct cm_link *l = sdl_data(self);
	CmStatusNotify status = CM_STATUS_NOTIFY__INIT;

	status.node = l->node;
	status.in_service = in_service;
	sdl_send(self, to, SIG_CmStatusNotify, &status);
}

static struct sdl_pid device_pid(const struct sdl_process *self, const struct watcher *w)
{
	struct sdl_pid pid = sdl_local(self, CTIM_CTI_DEVICE_LINE_MGR);

	pid.inst = w->inst;
	return pid;
}

/* ---- who watches ---------------------------------------------------------------------------- */

/* The first place whose instance is not below inst. */
static size_t place_of(const struct cm_link *l, uint32_t inst)
{
	size_t low = 0, high = l->watchers_n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (l->watchers[middle].inst < inst)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct watcher *watcher_of(struct cm_link *l, struct sdl_pid pid)
{
	size_t i = place_of(l, pid.inst);

	if (i == l->watchers_n || l->watchers[i].inst != pid.inst ||
	    l->watchers[i].turn == TURN_GONE)
		return NULL;
	return &l->watchers[i];
}

static void *room(void *array, size_t *size, size_t wanted, size_t each)
{
	if (wanted <= *size)
		return array;
	*size = wanted + wanted / 2 + 16;
	array = realloc(array, *size * each);
	if (!array)
		abort();
	return array;
}

static void add_watcher(struct cm_link *l, uint32_t inst)
{
	size_t i = place_of(l, inst);

	if (i < l->watchers_n && l->watchers[i].inst == inst) {
		l->gone -= l->watchers[i].turn == TURN_GONE;
		l->watchers[i].turn = TURN_NONE;
		return;
	}
	l->watchers = room(l->watchers, &l->watchers_size, l->watchers_n + 1, sizeof(*l->watchers));
	memmove(&l->watchers[i + 1], &l->watchers[i], (l->watchers_n - i) * sizeof(*l->watchers));
	l->watchers[i] = (struct watcher){ .inst = inst };
	l->watchers_n++;
}

/* Its place stays until half of them are free. */
static void remove_watcher(struct cm_link *l, struct watcher *w)
{
	size_t n = 0;

	w->turn = TURN_GONE;
	if (++l->gone * 2 <= l->watchers_n)
		return;
	for (size_t i = 0; i < l->watchers_n; i++)
		if (l->watchers[i].turn != TURN_GONE)
			l->watchers[n++] = l->watchers[i];
	l->watchers_n = n;
	l->gone = 0;
}

/* ---- turns ---------------------------------------------------------------------------------- */

static void queue_up(struct cm_link *l, struct watcher *w)
{
	w->turn = TURN_QUEUED;
	w->ticket = ++l->tickets;
	/* Moved up when that frees as much as it moves. */
	if (l->waiting_first > l->waiting_n && l->waiting_first + l->waiting_n == l->waiting_size) {
		memmove(l->waiting, l->waiting + l->waiting_first,
			l->waiting_n * sizeof(*l->waiting));
		l->waiting_first = 0;
	}
	l->waiting = room(l->waiting, &l->waiting_size, l->waiting_first + l->waiting_n + 1,
			  sizeof(*l->waiting));
	l->waiting[l->waiting_first + l->waiting_n++] = (struct waiting){ w->inst, w->ticket };
}

/* The one that has waited longest; NULL: none. */
static struct watcher *next_waiting(struct cm_link *l)
{
	while (l->waiting_n) {
		struct waiting first = l->waiting[l->waiting_first++];
		struct watcher *w = watcher_of(l, (struct sdl_pid){ .inst = first.inst });

		l->waiting_n--;
		if (w && w->turn == TURN_QUEUED && w->ticket == first.ticket)
			return w;
	}
	free(l->waiting);
	l->waiting = NULL;
	l->waiting_first = l->waiting_size = 0;
	return NULL;
}

static void grant(struct sdl_process *self)
{
	struct cm_link *l = sdl_data(self);
	int64_t max = param_value(sdl_params(self), PARAM_OPENS_OUTSTANDING_MAX);

	while (l->held < max) {
		struct watcher *w = next_waiting(l);

		if (!w)
			return;
		w->turn = TURN_HELD;
		l->held++;
		sdl_send(self, device_pid(self, w), SIG_CmOpenTurn, NULL);
	}
}

static void end_turn(struct cm_link *l, struct watcher *w)
{
	if (w->turn == TURN_HELD)
		l->held--;
	w->turn = TURN_NONE;
}

static int on_watch_req(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_link *l = sdl_data(self);
	const CmWatchReq *req = sig->msg;

	if (!l->node) {
		char label[16];

		l->node = (uint8_t)req->node;
		snprintf(label, sizeof(label), "CM %u", l->node);
		sdl_label(self, label);
	}
	if (sdl_pid_equal(sig->from, sdl_parent(self)))
		return sdl_state(self);
	if (!watcher_of(l, sig->from))
		add_watcher(l, sig->from.inst);
	tell(self, sig->from, sdl_state(self) == IN_SERVICE);
	return sdl_state(self);
}

static int on_unwatch_req(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_link *l = sdl_data(self);
	struct watcher *w = watcher_of(l, sig->from);

	if (!w)
		return sdl_state(self);
	end_turn(l, w);
	remove_watcher(l, w);
	grant(self);
	return sdl_state(self);
}

static int on_link_in_service(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	sdl_count(self, COUNTER_CCM_LINK_ACTIVE, 1);
	return LINK_UP;
}

static int on_ccm_in_service(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_link *l = sdl_data(self);

	(void)sig;
	for (size_t i = 0; i < l->watchers_n; i++)
		if (l->watchers[i].turn != TURN_GONE)
			tell(self, device_pid(self, &l->watchers[i]), true);
	return IN_SERVICE;
}

static int on_link_out_of_service(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_link *l = sdl_data(self);

	(void)sig;
	sdl_count(self, COUNTER_CCM_LINK_ACTIVE, -1);
	for (size_t i = 0; i < l->watchers_n; i++) {
		struct watcher *w = &l->watchers[i];

		if (w->turn == TURN_GONE)
			continue;
		end_turn(l, w);
		if (sdl_state(self) == IN_SERVICE)
			tell(self, device_pid(self, w), false);
	}
	return OUT_OF_SERVICE;
}

static int on_turn_req(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_link *l = sdl_data(self);
	struct watcher *w = watcher_of(l, sig->from);

	if (!w || w->turn != TURN_NONE)
		return IN_SERVICE;
	queue_up(l, w);
	grant(self);
	return IN_SERVICE;
}

static int on_turn_done(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_link *l = sdl_data(self);
	struct watcher *w = watcher_of(l, sig->from);

	if (w)
		end_turn(l, w);
	grant(self);
	return IN_SERVICE;
}

static void stop(struct sdl_process *self)
{
	struct cm_link *l = sdl_data(self);

	free(l->watchers);
	free(l->waiting);
}

const struct sdl_type ctim_cm_link = {
	.name = "CmLink",
	.number = CTIM_CM_LINK,
	.size = sizeof(struct cm_link),
	.states = states,
	.states_n = sizeof(states) / sizeof(states[0]),
	.rows = rows,
	.rows_n = sizeof(rows) / sizeof(rows[0]),
	.stop = stop,
};
