/* MediaResourceManager: the conference bridges that are registered at this node, and the
 * conferences that have one. Whoever wants something of a conference asks here, for a conference
 * may have ended meanwhile. */
#include "callmanager/pids.h"
#include "callmanager/process.h"

#include <stdio.h>

enum { READY };

static const struct sdl_state states[] = {
	[READY] = { "ready", 0, PARAM_NONE, "" },
};

static sdl_handler on_register, on_link_down, on_add, on_drop, on_gone;

static const struct sdl_row rows[] = {
	{ READY, SIG_StationRegister, on_register, 0 },
	{ READY, SIG_SdlLinkOutOfService, on_link_down, 0 },
	{ READY, SIG_SdlLinkInService, sdl_ignore, 0 },
	{ READY, SIG_CcConferenceAddReq, on_add, 0 },
	{ READY, SIG_CcConferenceDropReq, on_drop, 0 },
	{ READY, SIG_CcConferenceGoneInd, on_gone, 0 },
};

#define NAME_SIZE 16

struct media_resource_manager {
	struct sdl_pid bridge; /* none: no bridge is registered */
	char name[NAME_SIZE];
	struct cm_pids conferences;
};

static void stop(struct sdl_process *self)
{
	struct media_resource_manager *m = sdl_data(self);

	cm_pids_free(&m->conferences);
}

/* A software bridge of this node; one that comes anew takes its own place. */
static int on_register(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct media_resource_manager *m = sdl_data(self);
	const StationRegister *reg = sig->msg;

	if (sig->from.app != SDL_APP_PHONES)
		return cm_stranger(self, sig);
	if (!sdl_link_up(self, sig->from.node, sig->from.app))
		return READY;
	if (!sdl_pid_none(m->bridge))
		sdl_unwatch(self, m->bridge.node, m->bridge.app);
	m->bridge = sig->from;
	snprintf(m->name, sizeof m->name, "%.*s", NAME_SIZE - 1, reg->device_name);
	sdl_watch(self, m->bridge.node, m->bridge.app);
	sdl_info(self, "conference bridge %s is registered", m->name);
	return READY;
}

static int on_link_down(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct media_resource_manager *m = sdl_data(self);
	const SdlLinkStatus *status = sig->msg;

	if (m->bridge.node != status->node || m->bridge.app != status->app)
		return READY;
	sdl_unwatch(self, m->bridge.node, m->bridge.app);
	m->bridge = (struct sdl_pid){ 0 };
	return READY;
}

static struct sdl_pid find(const struct media_resource_manager *m, uint32_t conference)
{
	for (uint32_t i = 0; i < m->conferences.n; i++)
		if (cm_pids_at(&m->conferences, i).inst == conference)
			return cm_pids_at(&m->conferences, i);
	return (struct sdl_pid){ 0 };
}

static struct sdl_pid make(struct sdl_process *self)
{
	struct media_resource_manager *m = sdl_data(self);
	struct sdl_pid conference = sdl_create(self, &cm_conference);
	CcConferenceInit init = CC_CONFERENCE_INIT__INIT;

	init.bridge = sdl_pid_pack(m->bridge);
	init.name = m->name;
	sdl_send(self, conference, SIG_CcConferenceInit, &init);
	cm_pids_add(&m->conferences, conference);
	return conference;
}

static int on_add(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct media_resource_manager *m = sdl_data(self);
	const CcConferenceAdd *req = sig->msg;
	struct sdl_pid conference = find(m, req->conference);
	CcConferenceAdded res = CC_CONFERENCE_ADDED__INIT;

	if (!sdl_pid_equal(sig->from, sdl_pid_unpack(req->device)))
		return cm_stranger(self, sig);
	if (req->conference == 0 && !sdl_pid_none(m->bridge))
		conference = make(self);
	if (!sdl_pid_none(conference)) {
		sdl_relay(self, conference, sig);
		return READY;
	}
	if (!req->conference)
		sdl_count(self, COUNTER_SW_CONFERENCE_OUT_OF_RESOURCES, 1);
	res.result = req->conference ? CTIERR_CONFERENCE_INACTIVE : CTIERR_NO_CONFERENCE_BRIDGE;
	sdl_send(self, sdl_pid_unpack(req->joiner), SIG_CcConferenceAddRes, &res);
	return READY;
}

static int on_drop(struct sdl_process *self, const struct sdl_signal *sig)
{
	const CcConference *req = sig->msg;
	struct sdl_pid conference = find(sdl_data(self), req->conference);

	if (!sdl_pid_none(conference))
		sdl_relay(self, conference, sig);
	return READY;
}

static int on_gone(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct media_resource_manager *m = sdl_data(self);

	for (uint32_t i = 0; i < m->conferences.n; i++)
		if (sdl_pid_equal(cm_pids_at(&m->conferences, i), sig->from)) {
			cm_pids_remove_at(&m->conferences, i);
			sdl_send(self, sig->from, SIG_CcConferenceGoneAck, NULL);
			return READY;
		}
	return cm_stranger(self, sig);
}

const struct sdl_type cm_media_resource_manager = {
	.name = "MediaResourceManager",
	.number = CM_MEDIA_RESOURCE_MANAGER,
	.at_start = true,
	.size = sizeof(struct media_resource_manager),
	.states = states,
	.states_n = sizeof states / sizeof states[0],
	.rows = rows,
	.rows_n = sizeof rows / sizeof rows[0],
	.stop = stop,
};
