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
#include <uthash.h>
#include <utlist.h>

#include "common/msg/messages.h"

enum { OUT_OF_SERVICE, LINK_UP, IN_SERVICE };
enum turn { TURN_NONE, TURN_QUEUED, TURN_HELD };

struct watcher {
	uint32_t inst; /* of the CTIDeviceLineMgr */
	enum turn turn;
	struct watcher *prev, *next; /* among those that wait for their turn */
	UT_hash_handle hh;
};

struct cm_link {
	uint8_t node;
	struct watcher *watchers;
	struct watcher *waiting;
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

static struct watcher *watcher_of(struct cm_link *l, struct sdl_pid pid)
{
	struct watcher *w;

	HASH_FIND(hh, l->watchers, &pid.inst, sizeof(pid.inst), w);
	return w;
}

static void grant(struct sdl_process *self)
{
	struct cm_link *l = sdl_data(self);
	int64_t max = param_value(sdl_params(self), PARAM_OPENS_OUTSTANDING_MAX);

	while (l->waiting && l->held < max) {
		struct watcher *w = l->waiting;

		DL_DELETE(l->waiting, w);
		w->turn = TURN_HELD;
		l->held++;
		sdl_send(self, device_pid(self, w), SIG_CmOpenTurn, NULL);
	}
}

static void end_turn(struct cm_link *l, struct watcher *w)
{
	if (w->turn == TURN_QUEUED)
		DL_DELETE(l->waiting, w);
	else if (w->turn == TURN_HELD)
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
	if (!watcher_of(l, sig->from)) {
		struct watcher *w = calloc(1, sizeof(*w));

		if (!w)
			abort();
		w->inst = sig->from.inst;
		HASH_ADD(hh, l->watchers, inst, sizeof(w->inst), w);
	}
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
	HASH_DEL(l->watchers, w);
	free(w);
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
	for (struct watcher *w = l->watchers; w; w = w->hh.next)
		tell(self, device_pid(self, w), true);
	return IN_SERVICE;
}

static int on_link_out_of_service(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cm_link *l = sdl_data(self);

	(void)sig;
	sdl_count(self, COUNTER_CCM_LINK_ACTIVE, -1);
	for (struct watcher *w = l->watchers; w; w = w->hh.next) {
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
	w->turn = TURN_QUEUED;
	DL_APPEND(l->waiting, w);
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
	struct watcher *w, *next;

	HASH_ITER (hh, l->watchers, w, next) {
		HASH_DEL(l->watchers, w);
		free(w);
	}
}

static const struct sdl_state states[] = {
	[OUT_OF_SERVICE] = {"out_of_service", .waits = "the link to the CallManager"     },
	[LINK_UP] = { "link_up",	 .waits = "the CallManager's initialization"},
	[IN_SERVICE] = { "in_service",    .waits = ""				   },
};

static const struct sdl_row rows[] = {
	{SDL_ANY,	   SIG_CmWatchReq,	   on_watch_req,		 0		   },
	{ SDL_ANY,	   SIG_CmUnwatchReq,	     on_unwatch_req,	     0		       },
	{ OUT_OF_SERVICE, SIG_SdlLinkInService,	on_link_in_service,	    TO(LINK_UP)	},
	{ LINK_UP,	   SIG_CcmInService,	     on_ccm_in_service,	TO(IN_SERVICE)    },
	{ LINK_UP,	   SIG_SdlLinkOutOfService, on_link_out_of_service, TO(OUT_OF_SERVICE)},
	{ IN_SERVICE,     SIG_SdlLinkOutOfService, on_link_out_of_service, TO(OUT_OF_SERVICE)},
	{ IN_SERVICE,     SIG_CcmInService,	sdl_ignore,		    0		      },
	{ IN_SERVICE,     SIG_CmOpenTurnReq,	 on_turn_req,	      0			},
	{ IN_SERVICE,     SIG_CmOpenTurnDone,	  on_turn_done,		0		  },
 /* From devices that have not yet heard that the node is gone. */
	{ SDL_ANY,	   SIG_CmOpenTurnReq,	      sdl_ignore,		  0		    },
	{ SDL_ANY,	   SIG_CmOpenTurnDone,      sdl_ignore,		   0		     },
};

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
