/* ParkManager: gives out the park numbers of its node, is the door to the calls parked there, and tells
 * CTIManagers of them (GRP-02): each change as it comes, and all that is parked when a link comes into
 * service. */
#include "callmanager/park_numbers.h"
#include "callmanager/process.h"

#include <string.h>

enum { READY, LOADING };

static const struct sdl_state states[] = {
	[READY] = { "ready", 0, PARAM_NONE, "" },
	[LOADING] = { "loading", 0, PARAM_NONE, "the park numbers from Db, which always answers" },
};

static sdl_handler on_load, on_numbers, on_reserve, on_over, on_setup, on_status, on_link;

static const struct sdl_row rows[] = {
	{ READY, SIG_CcParkLoadReq, on_load, TO(LOADING) },
	{ LOADING, SIG_CcParkLoadReq, sdl_save, 0 },
	{ LOADING, SIG_DbParkNumbersRes, on_numbers, TO(READY) },
	{ SDL_ANY, SIG_CcParkNumberReq, on_reserve, 0 },
	{ SDL_ANY, SIG_CcParkOverInd, on_over, 0 },
	{ SDL_ANY, SIG_CcSetupReq, on_setup, 0 },
	{ SDL_ANY, SIG_CcParkStatusInd, on_status, 0 },
	{ SDL_ANY, SIG_SdlLinkInService, on_link, 0 },
	{ SDL_ANY, SIG_SdlLinkOutOfService, sdl_ignore, 0 },
};

struct place {
	struct sdl_pid slot;
	char number[CM_DN_SIZE];
	CcParkStatus *status; /* of the call that is parked there, own copy; NULL: none is yet */
};

struct park_manager {
	struct cm_park_numbers *numbers;
	struct place *places; /* taken ones */
	size_t n;
};

static int start(struct sdl_process *self)
{
	struct park_manager *m = sdl_data(self);

	sdl_watch(self, 0, SDL_APP_CTIMANAGER);
	m->numbers = cm_park_numbers_new();
	cm_context(self)->park_numbers = m->numbers;
	return READY;
}

static void forget_status(struct place *place)
{
	if (place->status)
		cc_park_status__free_unpacked(place->status, NULL);
	place->status = NULL;
}

static void stop(struct sdl_process *self)
{
	struct park_manager *m = sdl_data(self);

	for (size_t i = 0; i < m->n; i++)
		forget_status(&m->places[i]);
	cm_context(self)->park_numbers = NULL;
	cm_park_numbers_destroy(&m->numbers);
	free(m->places);
}

/* ---- numbers -------------------------------------------------------------------------------- */

static int on_load(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	sdl_send(self, sdl_local(self, CM_DB), SIG_DbParkNumbersReq, NULL);
	return LOADING;
}

static int on_numbers(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_manager *m = sdl_data(self);
	const DbParkNumbersRes *res = sig->msg;

	if (res->result != DB_RESULT__DB_OK) /* what is known stays */
		return READY;
	cm_park_numbers_begin(m->numbers);
	for (size_t i = 0; i < res->n_number; i++)
		if (!cm_park_numbers_add(m->numbers, res->number[i]->pattern,
					 (uint8_t)res->number[i]->node))
			sdl_info(self, "%s is no range of park numbers", res->number[i]->pattern);
	cm_park_numbers_end(m->numbers);
	return READY;
}

static bool taken(void *arg, const char *number)
{
	const struct park_manager *m = arg;

	for (size_t i = 0; i < m->n; i++)
		if (strcmp(m->places[i].number, number) == 0)
			return true;
	return false;
}

/* ---- calls ---------------------------------------------------------------------------------- */

/* The number stays taken until its slot says that it is over. */
static int on_reserve(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_manager *m = sdl_data(self);
	CcParkNumber res = CC_PARK_NUMBER__INIT;
	struct place place = { .slot = sig->from };

	if (cm_park_numbers_free(m->numbers, sdl_self(self).node, place.number, sizeof place.number,
				 taken, m)) {
		m->places = realloc(m->places, (m->n + 1) * sizeof *m->places);
		if (!m->places)
			abort();
		m->places[m->n++] = place;
		res.number = place.number;
	}
	sdl_send(self, sig->from, SIG_CcParkNumberRes, &res);
	return sdl_state(self);
}

static int on_over(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_manager *m = sdl_data(self);

	for (size_t i = 0; i < m->n; i++) {
		if (!sdl_pid_equal(m->places[i].slot, sig->from))
			continue;
		forget_status(&m->places[i]);
		m->places[i] = m->places[--m->n];
		break;
	}
	sdl_send(self, sig->from, SIG_CcParkOverAck, NULL); /* no caller is sent to it any more */
	return sdl_state(self);
}

/* ---- who watches ---------------------------------------------------------------------------- */

static void tell(struct sdl_process *self, uint8_t node, const char *number,
		 const CcParkStatus *status, bool existing)
{
	struct sdl_pid monitor = {
		.node = node, .app = SDL_APP_CTIMANAGER, .type = CTIM_PARK_MONITOR, .inst = 1
	};
	CtiCallParkNotify notify = CTI_CALL_PARK_NOTIFY__INIT;

	notify.number = (char *)(uintptr_t)number;
	notify.status = status->status;
	notify.has_gci = status->has_gci;
	notify.gci = status->gci;
	notify.parked = status->parked;
	notify.parked_by = status->parked_by;
	notify.retrieved_by = status->retrieved_by;
	notify.has_cause = status->has_cause;
	notify.cause = status->cause;
	notify.has_existing = notify.existing = existing;
	sdl_send(self, monitor, SIG_CtiCallParkNotify, &notify);
}

static int on_status(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_manager *m = sdl_data(self);
	const CcParkStatus *status = sig->msg;
	struct place *place = m->places;

	while (place < m->places + m->n && !sdl_pid_equal(place->slot, sig->from))
		place++;
	if (place == m->places + m->n)
		return sdl_state(self);
	forget_status(place);
	if (status->status == PARK_STATUS__CALLPARK)
		place->status = cm_copy(&status->base);
	for (uint8_t node = 1; node <= SDL_NODES_MAX; node++)
		if (sdl_link_up(self, node, SDL_APP_CTIMANAGER))
			tell(self, node, place->number, status, false);
	return sdl_state(self);
}

static int on_link(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct park_manager *m = sdl_data(self);
	const SdlLinkStatus *link = sig->msg;

	for (size_t i = 0; i < m->n && sdl_link_up(self, (uint8_t)link->node, SDL_APP_CTIMANAGER);
	     i++)
		if (m->places[i].status)
			tell(self, (uint8_t)link->node, m->places[i].number, m->places[i].status,
			     true);
	return sdl_state(self);
}

/* Somebody has dialled one of this node's park numbers. */
static int on_setup(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct park_manager *m = sdl_data(self);
	const CcSetup *setup = sig->msg;
	CcSetupRej rej = CC_SETUP_REJ__INIT;

	for (size_t i = 0; i < m->n; i++) {
		if (strcmp(m->places[i].number, setup->called) != 0)
			continue;
		sdl_relay(self, m->places[i].slot, sig);
		return sdl_state(self);
	}
	rej.setup = setup->setup;
	rej.cause = CAUSE_CALL_UNALLOCATEDNUMBER;
	rej.dn = setup->called;
	sdl_send(self, sig->from, SIG_CcSetupRej, &rej);
	return sdl_state(self);
}

const struct sdl_type cm_park_manager = {
	.name = "ParkManager",
	.number = CM_PARK_MANAGER,
	.at_start = true,
	.size = sizeof(struct park_manager),
	.states = states,
	.states_n = sizeof states / sizeof states[0],
	.rows = rows,
	.rows_n = sizeof rows / sizeof rows[0],
	.start = start,
	.stop = stop,
};
