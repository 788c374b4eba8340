/* PickupManager: knows which calls ring at this node in pickup groups, and is the door to them. */
#include "callmanager/process.h"

#include <string.h>

enum { READY };

static const struct sdl_state states[] = {
	[READY] = { "ready", 0, PARAM_NONE, "" },
};

static sdl_handler on_ring, on_gone, on_query, on_take;

static const struct sdl_row rows[] = {
	{ READY, SIG_CcPickupRingInd, on_ring, 0 },
	{ READY, SIG_CcPickupGoneInd, on_gone, 0 },
	{ READY, SIG_CcPickupQueryReq, on_query, 0 },
	{ READY, SIG_CcPickupTakeReq, on_take, 0 },
};

struct ringing {
	struct sdl_pid leg;
	int64_t since;
	char group[CM_DN_SIZE];
	char device[CM_DN_SIZE];
};

/* First the one that rings longest. */
struct pickup_manager {
	struct ringing *calls;
	size_t n;
};

static void stop(struct sdl_process *self)
{
	struct pickup_manager *m = sdl_data(self);

	free(m->calls);
}

static void text(char to[CM_DN_SIZE], const char *from)
{
	strncpy(to, from, CM_DN_SIZE - 1);
	to[CM_DN_SIZE - 1] = '\0';
}

static int on_ring(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct pickup_manager *m = sdl_data(self);
	const CcPickupRing *ring = sig->msg;
	struct ringing *r;

	m->calls = realloc(m->calls, (m->n + 1) * sizeof *m->calls);
	if (!m->calls)
		abort();
	r = &m->calls[m->n++];
	r->leg = sig->from;
	r->since = sdl_now(self);
	text(r->group, ring->group);
	text(r->device, ring->device);
	return READY;
}

static int on_gone(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct pickup_manager *m = sdl_data(self);

	for (size_t i = 0; i < m->n; i++) {
		if (!sdl_pid_equal(m->calls[i].leg, sig->from))
			continue;
		memmove(&m->calls[i], &m->calls[i + 1], (m->n - i - 1) * sizeof *m->calls);
		m->n--;
		break;
	}
	return READY;
}

static int on_query(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct pickup_manager *m = sdl_data(self);
	const CcPickupQuery *query = sig->msg;
	CcPickupQueryResult res = CC_PICKUP_QUERY_RESULT__INIT;

	for (size_t i = 0; i < m->n && !res.has_leg; i++) {
		const struct ringing *r = &m->calls[i];

		if (strcmp(r->group, query->group) != 0 || strcmp(r->device, query->device) == 0)
			continue;
		res.has_leg = res.has_rings_us = true;
		res.leg = sdl_pid_pack(r->leg);
		res.rings_us = (uint64_t)(sdl_now(self) - r->since) / 1000;
	}
	sdl_send(self, sig->from, SIG_CcPickupQueryRes, &res);
	return READY;
}

/* A leg that has not said that it has gone is there to answer. */
static int on_take(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct pickup_manager *m = sdl_data(self);
	const CcPickupTake *take = sig->msg;
	struct sdl_pid leg = sdl_pid_unpack(take->leg);
	CtiLineCallRes res = CTI_LINE_CALL_RES__INIT;

	for (size_t i = 0; i < m->n; i++) {
		if (!sdl_pid_equal(m->calls[i].leg, leg))
			continue;
		sdl_relay(self, leg, sig);
		return READY;
	}
	res.result = CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL;
	sdl_send(self, sig->from, SIG_CcPickupTakeRes, &res);
	return READY;
}

const struct sdl_type cm_pickup_manager = {
	.name = "PickupManager",
	.number = CM_PICKUP_MANAGER,
	.at_start = true,
	.size = sizeof(struct pickup_manager),
	.states = states,
	.states_n = sizeof states / sizeof states[0],
	.rows = rows,
	.rows_n = sizeof rows / sizeof rows[0],
	.stop = stop,
};
