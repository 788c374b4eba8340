/* Conference: the parties of one conference. It is the device of a leg for each of them, whose
 * media is a port of the bridge, and nothing to the parties but their peers' device: what they do,
 * hold, drop, transfer, is between the legs; keys that one of them presses it passes to the others.
 * When two are left it connects them with each other, unless one is only kept for its stream; when
 * one is left that one is released. When nobody is left it ends.
 *
 *   ready --the last leg has ended--> ending --MediaResourceManager knows--> (end) */
#include "callmanager/conference.h"

#include <stdio.h>

enum { READY, ENDING };

static const struct sdl_state states[] = {
	[READY] = { "ready", 0, PARAM_NONE, "" },
	[ENDING] = { "ending", 0, PARAM_NONE, "MediaResourceManager, which always answers" },
};

static sdl_handler on_init, on_add, on_add_ending, on_drop, on_call, on_use, on_direct, on_retry,
	on_dtmf, on_gone;

static const struct sdl_row rows[] = {
	{ READY, SIG_CcConferenceInit, on_init, 0 },
	{ READY, SIG_CcConferenceAddReq, on_add, TO(ENDING) },
	{ READY, SIG_CcConferenceDropReq, on_drop, 0 },
	{ READY, SIG_CcCallInd, on_call, TO(ENDING) },
	{ READY, SIG_CcLegUseInd, on_use, TO(ENDING) },
	{ READY, SIG_CtiLineCallTransferDirectRes, on_direct, 0 },
	{ READY, SIG_ConferenceRetryTimer, on_retry, 0 },
	{ READY, SIG_SdlLinkOutOfService, conference_on_link_down, 0 },
	{ ENDING, SIG_CcConferenceAddReq, on_add_ending, 0 },
	{ ENDING, SIG_CcConferenceGoneAck, on_gone, TO_STOP },
	/* Of its legs, and of the bridge. */
	{ SDL_ANY, SIG_CcMediaOpenReq, conference_on_media_open, 0 },
	{ SDL_ANY, SIG_CcMediaCloseReq, conference_on_media_close, 0 },
	{ SDL_ANY, SIG_CcMediaSendReq, conference_on_media_send, 0 },
	{ SDL_ANY, SIG_CcMediaSendStopReq, conference_on_media_send_stop, 0 },
	{ SDL_ANY, SIG_StationOpenReceiveChannelAck, conference_on_channel_open, 0 },
	{ SDL_ANY, SIG_StationMediaTransmissionFailure, conference_on_stream_lost, 0 },
	{ SDL_ANY, SIG_CcLegUseInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcFeatureInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcDtmfInd, on_dtmf, 0 },
	{ SDL_ANY, SIG_CtiLineCallPlayDtmfRes, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CtiLineCallDisconnectRes, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CtiLineCallTransferDirectRes, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcConferenceDropReq, sdl_ignore, 0 },
	{ SDL_ANY, SIG_ConferenceRetryTimer, sdl_ignore, 0 },
	{ SDL_ANY, SIG_SdlLinkOutOfService, sdl_ignore, 0 },
	{ SDL_ANY, SIG_SdlLinkInService, sdl_ignore, 0 },
};

#define RETRY_NS 5000000000LL

static void stop(struct sdl_process *self)
{
	struct conference *c = sdl_data(self);

	while (c->parties) {
		struct conference_party *p = c->parties;

		c->parties = p->next;
		free(p);
	}
}

static int on_init(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct conference *c = sdl_data(self);
	const CcConferenceInit *init = sig->msg;

	if (!sdl_pid_equal(sig->from, sdl_parent(self)))
		return cm_stranger(self, sig);
	c->bridge = sdl_pid_unpack(init->bridge);
	snprintf(c->name, sizeof c->name, "%s", init->name);
	sdl_label(self, c->name);
	sdl_watch(self, c->bridge.node, c->bridge.app);
	sdl_count(self, COUNTER_SW_CONFERENCE_ACTIVE, 1);
	return READY;
}

struct conference_party *conference_party(const struct conference *c, struct sdl_pid leg)
{
	struct conference_party *p = c->parties;

	while (p && !sdl_pid_equal(p->leg, leg))
		p = p->next;
	return p;
}

static uint32_t parties(const struct conference *c)
{
	uint32_t n = 0;

	for (const struct conference_party *p = c->parties; p; p = p->next)
		n++;
	return n;
}

/* ---- coming --------------------------------------------------------------------------------- */

static struct sdl_pid new_party(struct sdl_process *self, bool confers)
{
	struct conference *c = sdl_data(self);
	struct conference_party **end = &c->parties;
	struct conference_party *p = calloc(1, sizeof *p);
	CcLegInit init = CC_LEG_INIT__INIT;
	LineConfig line = LINE_CONFIG__INIT;

	if (!p)
		abort();
	while (*end)
		end = &(*end)->next;
	*end = p;
	p->confers = confers;
	p->leg = sdl_create(self, &cm_line_cdpc);
	line.index = 1;
	line.dn = c->name;
	init.device = c->name;
	init.kind = DEVICE_KIND__DEVICE_CONFERENCE_BRIDGE;
	init.device_pid = sdl_pid_pack(sdl_self(self));
	init.line = &line;
	sdl_send(self, p->leg, SIG_CcLegInit, &init);
	return p->leg;
}

static int end(struct sdl_process *self)
{
	const struct conference *c = sdl_data(self);
	CcConferenceCall over = CC_CONFERENCE_CALL__INIT;
	CcConference gone = CC_CONFERENCE__INIT;

	over.ci = c->ci;
	if (!sdl_pid_none(c->device))
		sdl_send(self, c->device, SIG_CcConferenceInd, &over);
	sdl_count(self, COUNTER_SW_CONFERENCE_ACTIVE, -1);
	sdl_count(self, COUNTER_SW_CONFERENCE_COMPLETED, 1);
	gone.conference = sdl_self(self).inst;
	sdl_send(self, sdl_parent(self), SIG_CcConferenceGoneInd, &gone);
	return ENDING;
}

static int end_if_empty(struct sdl_process *self)
{
	const struct conference *c = sdl_data(self);

	return c->parties || sdl_mutant(self, MUTANT_CONFERENCE_NEVER_ENDS) ? sdl_state(self)
									    : end(self);
}

static void answer_add(struct sdl_process *self, const CcConferenceAdd *req, uint32_t result)
{
	CcConferenceAdded res = CC_CONFERENCE_ADDED__INIT;

	res.result = result;
	sdl_send(self, sdl_pid_unpack(req->joiner), SIG_CcConferenceAddRes, &res);
}

/* It is the device that confers who asks, through MediaResourceManager. */
static bool may_add(const struct conference *c, const struct sdl_signal *sig)
{
	const CcConferenceAdd *req = sig->msg;

	return sdl_pid_equal(sig->from, sdl_pid_unpack(req->device)) &&
	       (sdl_pid_none(c->device) || sdl_pid_equal(sig->from, c->device));
}

static int on_add(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct conference *c = sdl_data(self);
	const CcConferenceAdd *req = sig->msg;
	uint32_t most = (uint32_t)param_value(sdl_params(self), PARAM_MAX_AD_HOC_CONFERENCE);
	CcConferenceAdded res = CC_CONFERENCE_ADDED__INIT;
	uint64_t *legs;
	bool fresh;

	if (!may_add(c, sig))
		return cm_stranger(self, sig);
	if (req->parties > most || parties(c) + req->parties > most) {
		answer_add(self, req, CTIERR_CONFERENCE_FULL);
		return end_if_empty(self);
	}
	fresh = sdl_pid_none(c->device);
	c->device = sig->from;
	c->ci = req->ci;
	legs = calloc(req->parties + 1, sizeof *legs);
	if (!legs)
		abort();
	for (uint32_t i = 0; i < req->parties; i++)
		legs[i] = sdl_pid_pack(new_party(self, fresh && i + 1 == req->parties));
	res.result = CTIERR_SUCCESS;
	res.has_conference = true;
	res.conference = sdl_self(self).inst;
	res.has_gci = c->gci != 0;
	res.gci = c->gci;
	res.leg = legs;
	res.n_leg = req->parties;
	sdl_send(self, sdl_pid_unpack(req->joiner), SIG_CcConferenceAddRes, &res);
	free(legs);
	return READY;
}

static int on_add_ending(struct sdl_process *self, const struct sdl_signal *sig)
{
	if (!may_add(sdl_data(self), sig))
		return cm_stranger(self, sig);
	answer_add(self, sig->msg, CTIERR_CONFERENCE_INACTIVE);
	return ENDING;
}

/* ---- leaving -------------------------------------------------------------------------------- */

static void drop(struct sdl_process *self, struct conference_party *p)
{
	CtiLineCallReq req = CTI_LINE_CALL_REQ__INIT;

	p->leaving = true;
	req.ci = p->ci;
	sdl_send(self, p->leg, SIG_CtiLineCallDisconnectReq, &req);
}

/* The one that came last goes; who confers stays. */
static int on_drop(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct conference *c = sdl_data(self);
	struct conference_party *last = NULL;

	if (!sdl_pid_equal(sig->from, c->device))
		return cm_stranger(self, sig);
	for (struct conference_party *p = c->parties; p; p = p->next)
		if (p->ci && !p->leaving && !p->confers)
			last = p;
	if (last)
		drop(self, last);
	return READY;
}

/* The two legs that are left are as two calls of a line, to be transferred. */
static void connect_two(struct sdl_process *self)
{
	struct conference *c = sdl_data(self);
	const struct conference_party *a = c->parties, *b = a->next;
	CcTransferInit init = CC_TRANSFER_INIT__INIT;
	CcTransferLock lock = CC_TRANSFER_LOCK__INIT;

	c->transfer = sdl_create(self, &cm_transfer);
	init.asker = sdl_pid_pack(sdl_self(self));
	init.answer = SIG_CtiLineCallTransferDirectRes;
	init.dn = "";
	init.ci = a->ci;
	init.other_ci = b->ci;
	init.leg = sdl_pid_pack(a->leg);
	init.other_leg = sdl_pid_pack(b->leg);
	init.has_reason = true;
	init.reason = FEATURE_REASON__CONFERENCE;
	sdl_send(self, c->transfer, SIG_CcTransferInit, &init);
	lock.coordinator = sdl_pid_pack(c->transfer);
	sdl_send(self, a->leg, SIG_CcTransferLockReq, &lock);
	sdl_send(self, b->leg, SIG_CcTransferLockReq, &lock);
}

/* One whose CallManager is lost stays with the bridge for its stream: the two are connected no other
 * way, until one of them goes. */
static bool any_preserved(const struct conference *c)
{
	for (const struct conference_party *p = c->parties; p; p = p->next)
		if (p->preserved)
			return true;
	return false;
}

static void settle(struct sdl_process *self)
{
	struct conference *c = sdl_data(self);

	for (const struct conference_party *p = c->parties; p; p = p->next)
		if (!p->ci) /* somebody is about to come */
			return;
	if (!sdl_pid_none(c->transfer) || sdl_mutant(self, MUTANT_CONFERENCE_NEVER_ENDS))
		return;
	if (parties(c) == 2 && !any_preserved(c))
		connect_two(self);
	else if (parties(c) == 1 && !c->parties->leaving)
		drop(self, c->parties);
}

static int on_direct(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct conference *c = sdl_data(self);
	const CtiLineCallRes *res = sig->msg;

	if (!sdl_pid_equal(sig->from, c->transfer))
		return cm_stranger(self, sig);
	c->transfer = (struct sdl_pid){ 0 };
	if (res->result && parties(c) == 2) /* one is busy with something else */
		sdl_timer_start(self, SIG_ConferenceRetryTimer, RETRY_NS);
	else
		settle(self);
	return READY;
}

static int on_retry(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	settle(self);
	return READY;
}

static void forget(struct sdl_process *self, struct conference_party *gone)
{
	struct conference *c = sdl_data(self);
	struct conference_party **at = &c->parties;

	while (*at != gone)
		at = &(*at)->next;
	*at = gone->next;
	free(gone);
}

static int on_call(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct conference *c = sdl_data(self);
	const CcCallInd *ind = sig->msg;
	struct conference_party *p = conference_party(c, sig->from);
	bool comes;

	if (!p)
		return cm_stranger(self, sig);
	comes = !p->ci;
	p->ci = ind->call->ci;
	c->gci = ind->call->gci;
	if (ind->kind != CALL_IND_KIND__CALL_CLOSED) {
		if (comes) /* of those it came with, some may have gone before it was here */
			settle(self);
		return READY;
	}
	sdl_send(self, p->leg, SIG_CcCallClosedAck, NULL);
	forget(self, p);
	settle(self);
	return end_if_empty(self);
}

/* A leg that nobody came for ends without a word but this; and one says that it is only kept. */
static int on_use(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct conference *c = sdl_data(self);
	const CcLegUse *use = sig->msg;
	struct conference_party *p = conference_party(c, sig->from);

	if (!p)
		return sdl_state(self); /* said good-bye before */
	p->preserved = use->now == LEG_USE__LEG_PRESERVED;
	if (p->ci || use->now != LEG_USE__LEG_ENDED)
		return READY;
	forget(self, p);
	settle(self);
	return end_if_empty(self);
}

/* Keys of one party are heard by the others, as far as they hear anything at all. */
static int on_dtmf(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct conference *c = sdl_data(self);
	const struct conference_party *from = conference_party(c, sig->from);
	const CcDtmf *dtmf = sig->msg;
	CtiLineCallDigitsReq req = CTI_LINE_CALL_DIGITS_REQ__INIT;

	if (!from)
		return cm_stranger(self, sig);
	req.digits = dtmf->digits;
	for (const struct conference_party *p = c->parties; p; p = p->next) {
		req.ci = p->ci;
		if (p != from && p->ci && !p->leaving)
			sdl_send(self, p->leg, SIG_CtiLineCallPlayDtmfReq, &req);
	}
	return sdl_state(self);
}

static int on_gone(struct sdl_process *self, const struct sdl_signal *sig)
{
	if (!sdl_pid_equal(sig->from, sdl_parent(self)))
		return cm_stranger(self, sig);
	return SDL_STOP;
}

const struct sdl_type cm_conference = {
	.name = "Conference",
	.number = CM_CONFERENCE,
	.size = sizeof(struct conference),
	.states = states,
	.states_n = sizeof states / sizeof states[0],
	.rows = rows,
	.rows_n = sizeof rows / sizeof rows[0],
	.stop = stop,
};
