/* Set-up of a leg: from digits to the other leg, with forwards on the way, and redirects, which are
 * a set-up made anew by the leg that stays. */
#include "callmanager/leg.h"

#include <string.h>

bool leg_number_valid(const char *number)
{
	size_t n = number ? strspn(number, "0123456789*#+ABCD") : 0;

	return n > 0 && n < CM_DN_SIZE && number[n] == '\0';
}

static void analyse(struct sdl_process *self, bool complete, const struct cm_scope *scope)
{
	struct leg *leg = sdl_data(self);
	DaReq req = DA_REQ__INIT;
	CcScope msg = cm_scope_message(scope);

	req.digits = leg->digits;
	req.complete = complete;
	req.scope = scope->n ? &msg : NULL;
	req.calling = leg->presented[0] ? leg->presented : leg->is->line->dn;
	sdl_send(self, sdl_local(self, CM_DA), SIG_DaReq, &req);
}

void leg_analyse(struct sdl_process *self, bool complete)
{
	struct leg *leg = sdl_data(self);
	struct cm_scope own = cm_scope(leg->is->line->css, leg->is->line->n_css);

	analyse(self, complete, &own);
}

void leg_route(struct sdl_process *self, const char *number, bool complete)
{
	struct leg *leg = sdl_data(self);

	leg_text(leg->digits, number);
	leg_analyse(self, complete);
}

void leg_route_in(struct sdl_process *self, const char *number, const struct cm_scope *scope)
{
	struct leg *leg = sdl_data(self);

	leg_text(leg->digits, number);
	analyse(self, true, scope);
}

static bool watches(const struct leg *leg, uint8_t node)
{
	return leg->watched == node || leg->watched_target == node || leg->watched_new == node;
}

/* Three nodes can matter: the peer's, the one that a set-up is under way to, and that of who is to
 * be the peer. */
static void watch(struct sdl_process *self, uint8_t *slot, uint8_t node)
{
	const struct leg *leg = sdl_data(self);
	uint8_t before = *slot;

	if (node == sdl_self(self).node)
		node = 0;
	if (node == before)
		return;
	if (node && !watches(leg, node))
		sdl_watch(self, node, SDL_APP_CALLMANAGER);
	*slot = node;
	if (before && !watches(leg, before))
		sdl_unwatch(self, before, SDL_APP_CALLMANAGER);
}

void leg_watch(struct sdl_process *self)
{
	struct leg *leg = sdl_data(self);

	watch(self, &leg->watched_target, leg->target);
	watch(self, &leg->watched_new,
	      leg->transfer ? sdl_pid_unpack(leg->transfer->new_peer).node : 0);
	watch(self, &leg->watched, leg->peer.node);
}

void leg_set_peer(struct sdl_process *self, struct sdl_pid peer)
{
	struct leg *leg = sdl_data(self);

	leg->peer = peer;
	leg->target = 0;
	leg_media_new_peer(leg);
	leg_watch(self);
}

void leg_redirect_res(struct sdl_process *self, uint32_t cause)
{
	struct leg *leg = sdl_data(self);
	CcRedirectResult res = CC_REDIRECT_RESULT__INIT;

	res.cause = cause;
	sdl_send(self, leg->peer, SIG_CcRedirectRes, &res);
}

int leg_stay(struct sdl_process *self, uint32_t cause)
{
	struct leg *leg = sdl_data(self);

	leg->pickup = false;
	leg_text(leg->presented, leg->presented_before);
	leg_redirect_res(self, cause);
	return (int)leg->before;
}

/* No (further) line takes the call. */
static int not_routed(struct sdl_process *self, uint32_t cause)
{
	struct leg *leg = sdl_data(self);

	leg->target = 0;
	leg_watch(self);
	if (sdl_state(self) != LEG_REROUTING)
		return leg_fail(self, cause);
	return leg_stay(self, cause);
}

/* from: who forwards. */
static int hop(struct sdl_process *self, const struct cm_forward *to, FeatureReason reason,
	       const char *from)
{
	struct leg *leg = sdl_data(self);
	char number[CM_DN_SIZE];

	leg_text(number, from);
	if (!leg->original_called[0])
		leg_text(leg->original_called, number);
	if (++leg->hops > CM_FORWARD_HOPS_MAX && !sdl_mutant(self, MUTANT_FORWARDED_FOR_EVER)) {
		sdl_info(self, "forwarded too often, last to %s", to->to);
		return not_routed(self, CAUSE_CALL_NOROUTETODDESTINATION);
	}
	leg->reason = reason;
	leg_text(leg->last_redirecting, number);
	leg_route_in(self, to->to, &to->scope);
	return sdl_state(self);
}

/* The rest says which line it is for. */
static void fill_setup(struct leg *leg, CcSetup *setup, const DaRes *res)
{
	setup->setup = ++leg->setup;
	setup->gci = leg->gci;
	setup->calling = leg->presented[0] ? leg->presented : leg->is->line->dn;
	setup->called = leg->digits;
	setup->dn = strcmp(res->dn, leg->digits) != 0 ? res->dn : NULL;
	setup->partition = res->partition;
	setup->original_called = leg->original_called[0] ? leg->original_called : leg->digits;
	setup->last_redirecting = leg->last_redirecting[0] ? leg->last_redirecting : NULL;
	setup->has_reason = true;
	setup->reason = leg->reason;
	setup->has_hops = true;
	setup->hops = leg->hops;
	setup->has_consults = setup->consults = leg->setup_consults = leg_consults(leg);
}

static int set_up(struct sdl_process *self, const DaRes *res)
{
	struct leg *leg = sdl_data(self);
	CcSetup setup = CC_SETUP__INIT;

	if (res->node > SDL_NODES_MAX ||
	    !sdl_link_up(self, (uint8_t)res->node, SDL_APP_CALLMANAGER))
		return not_routed(self, CAUSE_CALL_TEMPORARYFAILURE);
	leg->target = (uint8_t)res->node;
	leg_watch(self);
	fill_setup(leg, &setup, res);
	sdl_send(self, cm_singleton(leg->target, CM_DA), SIG_CcSetupReq, &setup);
	return sdl_state(self);
}

/* Several devices have the number: a process of this node is the called line for all of them. */
static int set_up_shared(struct sdl_process *self, const DaRes *res)
{
	struct leg *leg = sdl_data(self);
	CcSetup setup = CC_SETUP__INIT;
	CcShared init = CC_SHARED__INIT;

	leg->target = sdl_self(self).node;
	leg_watch(self);
	fill_setup(leg, &setup, res);
	init.setup = &setup;
	init.appearance = res->appearance;
	init.n_appearance = res->n_appearance;
	sdl_send(self, sdl_create(self, &cm_shared_line), SIG_CcSharedInit, &init);
	return sdl_state(self);
}

int leg_on_da_res(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const DaRes *res = sig->msg;
	struct cm_forward forward = { .to = res->forward, .scope = cm_scope_of(res->scope) };

	if (leg->target || strcmp(res->digits, leg->digits) != 0)
		return sdl_state(self); /* for digits to which others came meanwhile */
	if (res->called)
		leg_text(leg->digits, res->called);
	if (res->calling)
		leg_text(leg->presented, res->calling);
	switch (res->result) {
	case DA_RESULT__DA_ROUTE:
		return set_up(self, res);
	case DA_RESULT__DA_SHARED:
		return set_up_shared(self, res);
	case DA_RESULT__DA_FORWARD:
		return hop(self, &forward, res->reason, leg->digits);
	case DA_RESULT__DA_NONE:
		return not_routed(self, res->cause);
	default:
		return sdl_state(self);
	}
}

int leg_on_setup_rej(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const CcSetupRej *rej = sig->msg;
	struct cm_forward forward = { .to = rej->forward, .scope = cm_scope_of(rej->scope) };

	if (!leg->target || rej->setup != leg->setup)
		return sdl_state(self);
	leg->target = 0;
	leg_watch(self);
	if (!rej->forward || leg->pickup)
		return not_routed(self, rej->cause);
	return hop(self, &forward, rej->reason, rej->dn ? rej->dn : leg->digits);
}

/* Somebody has the call: the one party is left, the other joined, in one step. */
int leg_on_setup_ack(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const CcSetupAck *ack = sig->msg;

	if (!leg->target || ack->setup != leg->setup)
		return sdl_state(self);
	if (sdl_state(self) == LEG_REROUTING) {
		leg_media_stop(self);
		leg_redirect_res(self, 0);
		leg->stays_held = leg->stays_held || leg->before == LEG_HOLD;
		if (!leg->stays_held)
			leg_use(self, LEG_USE__LEG_ACTIVE);
	}
	leg->pickup = false;
	leg_set_peer(self, sig->from);
	leg->peer_consults = false;
	leg->told_consults = leg->setup_consults;
	leg_tell_consulting(self);
	leg_text(leg->called, ack->dn);
	if (!leg->original_called[0])
		leg_text(leg->original_called, ack->dn);
	leg_tell(self, CTI_CALL_STATE__PROCEEDING, 0);
	return LEG_CALL_PROCEEDING;
}

/* ---- several devices ------------------------------------------------------------------------ */

/* Should its node have been lost just now, the SharedLine hears of it, too, and goes on. */
int leg_on_take(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	struct sdl_pid winner = sdl_pid_unpack(((const CcTake *)sig->msg)->leg);

	if (!leg_from_peer(leg, sig) || !sdl_link_up(self, winner.node, SDL_APP_CALLMANAGER))
		return sdl_state(self);
	leg_set_peer(self, winner);
	sdl_send(self, winner, SIG_CcTakeRes, NULL);
	sdl_send(self, sig->from, SIG_CcTakeRes, NULL);
	leg->told_consults = leg->setup_consults;
	leg_tell_consulting(self);
	return leg_connected(self);
}

int leg_on_taken(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);

	leg->shared = false;
	leg_set_peer(self, sig->from);
	leg_answer_redirect(self, CTIERR_SUCCESS);
	return leg_connected(self);
}

/* It has hung up before it knew that it had got the call. */
int leg_on_taken_late(struct sdl_process *self, const struct sdl_signal *sig)
{
	CcRelease rel = CC_RELEASE__INIT;

	rel.cause = CAUSE_CALL_NORMALCALLCLEARING;
	sdl_send(self, sig->from, SIG_CcReleaseInd, &rel);
	return sdl_state(self);
}

/* ---- redirect ------------------------------------------------------------------------------- */

/* Straight to that line of that device, wherever calls to its number go. */
static int to_line(struct sdl_process *self, const CcPicker *picker, bool resume)
{
	struct leg *leg = sdl_data(self);
	CcSetup setup = CC_SETUP__INIT;
	DaRes res = DA_RES__INIT;

	if (picker->node > SDL_NODES_MAX ||
	    !sdl_link_up(self, (uint8_t)picker->node, SDL_APP_CALLMANAGER))
		return leg_stay(self, CAUSE_CALL_TEMPORARYFAILURE);
	leg_text(leg->digits, picker->dn);
	leg->pickup = true;
	leg->target = (uint8_t)picker->node;
	leg_watch(self);
	res.dn = picker->dn;
	res.partition = picker->partition;
	fill_setup(leg, &setup, &res);
	setup.device = picker->device;
	setup.has_pickup = !resume;
	setup.pickup = picker->pickup;
	setup.has_resume = setup.resume = resume;
	sdl_send(self, cm_singleton(leg->target, CM_DA), SIG_CcSetupReq, &setup);
	return LEG_REROUTING;
}

/* By a line's configuration, and not by an application or a user. */
static bool forwarded(FeatureReason reason)
{
	return reason == FEATURE_REASON__FORWARDALL || reason == FEATURE_REASON__FORWARDBUSY ||
	       reason == FEATURE_REASON__FORWARDNOANSWER;
}

/* The peer leaves. Until somebody new has taken the call it stays the peer. */
int leg_on_redirect_by_peer(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const CcRedirect *req = sig->msg;

	if (!leg_from_peer(leg, sig))
		return sdl_state(self);
	/* Forwards add up; whom somebody sends where is his own affair. */
	leg->hops = forwarded(req->reason) ? (uint8_t)(leg->hops + 1) : 0;
	if (leg->hops > CM_FORWARD_HOPS_MAX) {
		leg_redirect_res(self, CAUSE_CALL_NOROUTETODDESTINATION);
		return sdl_state(self);
	}
	leg->before = (enum leg_state)sdl_state(self);
	leg->reason = req->reason;
	leg_text(leg->presented_before, leg->presented);
	if (req->calling)
		leg_text(leg->presented, req->calling);
	leg_text(leg->last_redirecting, req->from);
	leg_text(leg->original_called, req->original_called ? req->original_called : req->from);
	if (req->picker)
		return to_line(self, req->picker, req->has_resume && req->resume);
	if (req->scope) {
		struct cm_scope scope = cm_scope_of(req->scope);

		leg_route_in(self, req->destination, &scope);
	} else {
		leg_route(self, req->destination, true);
	}
	return LEG_REROUTING;
}

/* The rest of req says where to. */
static int ask_redirect(struct sdl_process *self, CcRedirect *req, FeatureReason reason)
{
	struct leg *leg = sdl_data(self);

	leg->before = (enum leg_state)sdl_state(self);
	leg->reason = reason;
	req->reason = reason;
	req->from = leg->is->line->dn;
	if (!req->original_called && leg->original_called[0] && !leg->outgoing)
		req->original_called = leg->original_called;
	sdl_send(self, leg->peer, SIG_CcRedirectReq, req);
	return LEG_REDIRECT_REQUEST;
}

int leg_redirect(struct sdl_process *self, const char *destination, FeatureReason reason,
		 const char *original_called, const char *calling)
{
	CcRedirect req = CC_REDIRECT__INIT;

	req.destination = (char *)destination;
	req.original_called = (char *)original_called;
	req.calling = (char *)calling;
	return ask_redirect(self, &req, reason);
}

int leg_redirect_in(struct sdl_process *self, const struct cm_forward *to, FeatureReason reason)
{
	CcScope scope = cm_scope_message(&to->scope);
	CcRedirect req = CC_REDIRECT__INIT;

	req.destination = (char *)to->to;
	req.scope = &scope;
	return ask_redirect(self, &req, reason);
}

/* Another device of the line goes on with the call that is held here. */
int leg_on_pull(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const CcPull *pull = sig->msg;
	CcRedirect req = CC_REDIRECT__INIT;
	CcPicker to = CC_PICKER__INIT;

	if (leg->consult)
		return LEG_HOLD;
	req.destination = to.dn = leg->is->line->dn;
	to.partition = leg->is->line->partition;
	to.device = pull->device;
	to.node = pull->node;
	req.picker = &to;
	req.has_resume = req.resume = true;
	return ask_redirect(self, &req, FEATURE_REASON__NORMAL);
}

static uint32_t redirect_error(uint32_t cause)
{
	switch (cause) {
	case CAUSE_CALL_USERBUSY:
		return CTIERR_REDIRECT_CALL_DESTINATION_BUSY;
	case CAUSE_CALL_UNALLOCATEDNUMBER:
	case CAUSE_CALL_NOROUTETODDESTINATION:
		return CTIERR_REDIRECT_CALL_UNKNOWN_DESTINATION;
	case CAUSE_CALL_DESTINATIONOUTOFORDER:
		return CTIERR_REDIRECT_CALL_DESTINATION_OUT_OF_ORDER;
	case CAUSE_CALL_SWITCHINGEQUIPMENTCONGESTION:
		return CTIERR_REDIRECT_CALL_PENDING_REDIRECT_TRANSACTION;
	default:
		return CTIERR_REDIRECT_CALL_UNKNOWN_ERROR;
	}
}

int leg_redirect_to_picker(struct sdl_process *self, CcPicker *picker)
{
	CcRedirect req = CC_REDIRECT__INIT;

	req.destination = picker->dn;
	req.picker = picker;
	return ask_redirect(self, &req, FEATURE_REASON__CALLPICKUP);
}

void leg_rings(struct sdl_process *self)
{
	struct leg *leg = sdl_data(self);
	int64_t duration_ns = cm_ring_duration_ns(sdl_params(self), leg->is->line);

	leg->rings_until_ns = sdl_now(self) + duration_ns;
	sdl_timer_start(self, SIG_ForwardNoAnswerTimer, duration_ns);
}

void leg_rings_on(struct sdl_process *self)
{
	struct leg *leg = sdl_data(self);
	int64_t left_ns = leg->rings_until_ns - sdl_now(self);

	sdl_timer_start(self, SIG_ForwardNoAnswerTimer, left_ns > 1 ? left_ns : 1);
}

int leg_on_redirected(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct leg *leg = sdl_data(self);
	const CcRedirectResult *res = sig->msg;

	if (!leg_from_peer(leg, sig))
		return sdl_state(self);
	if (res->cause == 0) {
		leg->peer = (struct sdl_pid){ 0 };
		leg_watch(self);
		leg_answer_redirect(self, CTIERR_SUCCESS);
		return leg_clear(self, CAUSE_CALL_REDIRECTED);
	}
	if (sdl_pid_none(leg->asker)) /* our own forward: there is no other way out */
		return leg_clear(self, res->cause);
	leg_answer_redirect(self, redirect_error(res->cause));
	leg->reason = FEATURE_REASON__NORMAL;
	if (leg->before == LEG_CALL_RECEIVED)
		leg_rings_on(self);
	return (int)leg->before;
}
