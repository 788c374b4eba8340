/* SharedLine: one call to a number that several devices have. It lives at the caller's node: to the
 * caller's leg it is the called line and then the peer, to the leg of each appearance the caller. It
 * ends when the caller has taken one of them as its peer, or none is left.
 *
 *   offering --the first appearance has it--> ringing --one answers--> answering --taken--> (end)
 *      |                                      |     ^                      |
 *      |                                      |     +--its node is lost----+
 *      |                                      +--one sends it on--> redirecting --done--> (end)
 *      +--none takes it--> (end)              +--the caller, or the last one, is gone--> (end)
 *
 * The caller's leg decides: who answers is proposed to it, and told by it that it has been taken; so
 * of two that answer at once one wins. Appearances that have not said yet whether they take the call
 * are waited for at the end, too, and released. */
#include "callmanager/forwarding.h"

#include <string.h>

enum { OFFERING, RINGING, REDIRECTING, ANSWERING, ENDING };

static const struct sdl_state states[] = {
	[OFFERING] = { "offering", 0, PARAM_NONE,
		       "the appearances, whose nodes' loss it hears of" },
	[RINGING] = { "ringing", 0, PARAM_NONE, "the appearances, which have the ring timers" },
	[REDIRECTING] = { "redirecting", 0, PARAM_NONE, "the caller's leg, at this node" },
	[ANSWERING] = { "answering", 0, PARAM_NONE, "the caller's leg, at this node" },
	[ENDING] = { "ending", 0, PARAM_NONE, "appearances that have not answered yet" },
};

static sdl_handler on_init, on_ack, on_reject, on_alert, on_connect, on_released, on_winner_gone,
	on_caller_gone, on_redirect, on_redirected, on_taken, on_transfer, on_late, on_link_down;

#define ANY_END (TO(ENDING) | TO_STOP)

static const struct sdl_row rows[] = {
	{ OFFERING, SIG_CcSharedInit, on_init, TO_STOP },
	{ OFFERING, SIG_CcSetupAck, on_ack, TO(RINGING) },
	{ OFFERING, SIG_CcSetupRej, on_reject, TO_STOP },
	{ RINGING, SIG_CcSetupAck, on_ack, 0 },
	{ RINGING, SIG_CcSetupRej, on_reject, TO_STOP },
	{ RINGING, SIG_CcAlertInd, on_alert, 0 },
	{ RINGING, SIG_CcConnectInd, on_connect, TO(ANSWERING) },
	{ RINGING, SIG_CcReleaseInd, on_released, ANY_END },
	{ RINGING, SIG_CcPeerLostInd, on_released, ANY_END },
	{ RINGING, SIG_CcRedirectReq, on_redirect, TO(REDIRECTING) },
	{ RINGING, SIG_CcTakeRes, on_taken, ANY_END },
	{ REDIRECTING, SIG_CcSetupAck, on_ack, 0 },
	{ REDIRECTING, SIG_CcSetupRej, on_reject, 0 },
	{ REDIRECTING, SIG_CcAlertInd, on_alert, 0 },
	{ REDIRECTING, SIG_CcReleaseInd, on_released, ANY_END },
	{ REDIRECTING, SIG_CcPeerLostInd, on_released, ANY_END },
	{ REDIRECTING, SIG_CcRedirectRes, on_redirected, TO(RINGING) | ANY_END },
	{ REDIRECTING, SIG_CcConnectInd, sdl_save, 0 },
	{ REDIRECTING, SIG_CcRedirectReq, sdl_save, 0 },
	{ ANSWERING, SIG_CcSetupAck, on_ack, 0 },
	{ ANSWERING, SIG_CcSetupRej, on_reject, 0 },
	{ ANSWERING, SIG_CcAlertInd, on_alert, 0 },
	{ ANSWERING, SIG_CcReleaseInd, on_winner_gone, ANY_END },
	{ ANSWERING, SIG_CcPeerLostInd, on_winner_gone, ANY_END },
	{ ANSWERING, SIG_CcTakeRes, on_taken, ANY_END },
	{ ANSWERING, SIG_CcConnectInd, sdl_save, 0 },
	{ ANSWERING, SIG_CcRedirectReq, sdl_save, 0 },
	{ ENDING, SIG_CcSetupAck, on_late, TO_STOP },
	{ ENDING, SIG_CcSetupRej, on_late, TO_STOP },
	{ OFFERING, SIG_SdlLinkOutOfService, on_link_down, TO_STOP },
	{ RINGING, SIG_SdlLinkOutOfService, on_link_down, TO_STOP },
	{ REDIRECTING, SIG_SdlLinkOutOfService, on_link_down, 0 },
	{ ANSWERING, SIG_SdlLinkOutOfService, on_link_down, TO(RINGING) | TO_STOP },
	{ ENDING, SIG_SdlLinkOutOfService, on_link_down, TO_STOP },
	{ SDL_ANY, SIG_SdlLinkInService, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcTransferReq, on_transfer, 0 },
	/* Sent before their sender knew better. */
	{ SDL_ANY, SIG_CcAlertInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcConnectInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcReleaseInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcPeerLostInd, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcRedirectReq, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcRedirectRes, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcTakeRes, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcTransferCommit, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcTransferCancel, sdl_ignore, 0 },
	{ SDL_ANY, SIG_CcConsultingInd, sdl_ignore, 0 },
};

enum place { ASKED, HAS_IT, GONE };

/* A device that has the number; its set-up has its place in the list, counted from 1. */
struct appearance {
	struct sdl_pid leg; /* HAS_IT */
	enum place place;
	uint8_t node;
};

struct shared_line {
	struct sdl_pid caller;
	CcSetup *setup;	 /* own copy: the caller's */
	CcSetupRej *why; /* own copy: the rejection that says most */
	struct appearance *all;
	size_t n;
	struct appearance *chosen; /* ANSWERING, REDIRECTING */
	bool alerted;
};

static void stop(struct sdl_process *self)
{
	struct shared_line *s = sdl_data(self);

	if (s->setup)
		cc_setup__free_unpacked(s->setup, NULL);
	if (s->why)
		cc_setup_rej__free_unpacked(s->why, NULL);
	free(s->all);
}

/* ---- the appearances ------------------------------------------------------------------------ */

static struct appearance *of_setup(struct shared_line *s, uint32_t setup)
{
	return setup >= 1 && setup <= s->n ? &s->all[setup - 1] : NULL;
}

static struct appearance *of_leg(struct shared_line *s, const struct sdl_signal *sig)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->all[i].place == HAS_IT && sdl_pid_equal(s->all[i].leg, sig->from))
			return &s->all[i];
	return NULL;
}

static size_t count(const struct shared_line *s, enum place place)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += s->all[i].place == place;
	return n;
}

static void release(struct sdl_process *self, struct appearance *a, uint32_t cause)
{
	CcRelease rel = CC_RELEASE__INIT;

	rel.cause = cause;
	sdl_send(self, a->leg, SIG_CcReleaseInd, &rel);
	a->place = GONE;
}

/* All that ring, but the one. */
static void release_all(struct sdl_process *self, const struct appearance *but, uint32_t cause)
{
	struct shared_line *s = sdl_data(self);

	for (size_t i = 0; i < s->n; i++)
		if (&s->all[i] != but && s->all[i].place == HAS_IT)
			release(self, &s->all[i], cause);
}

/* Over; what has not said yet whether it takes the call is waited for. */
static int end(struct sdl_process *self)
{
	const struct shared_line *s = sdl_data(self);

	return count(s, ASKED) ? ENDING : SDL_STOP;
}

/* ---- the beginning -------------------------------------------------------------------------- */

static int nobody(struct sdl_process *self);

static void ask(struct sdl_process *self, struct appearance *a, char *device)
{
	struct shared_line *s = sdl_data(self);
	CcSetup setup = *s->setup;

	if (a->node < 1 || a->node > SDL_NODES_MAX ||
	    !sdl_link_up(self, a->node, SDL_APP_CALLMANAGER)) {
		a->place = GONE;
		return;
	}
	if (a->node != sdl_self(self).node)
		sdl_watch(self, a->node, SDL_APP_CALLMANAGER);
	setup.setup = (uint32_t)(a - s->all) + 1;
	setup.device = device;
	setup.has_shared = setup.shared = true;
	sdl_send(self, cm_singleton(a->node, CM_DA), SIG_CcSetupReq, &setup);
}

static int on_init(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct shared_line *s = sdl_data(self);
	const CcShared *init = sig->msg;

	s->caller = sig->from;
	s->setup = cm_copy(&init->setup->base);
	s->n = init->n_appearance;
	s->all = calloc(s->n + 1, sizeof *s->all);
	if (!s->all)
		abort();
	sdl_label(self, s->setup->dn ? s->setup->dn : s->setup->called);
	for (size_t i = 0; i < s->n; i++) {
		s->all[i].node = (uint8_t)init->appearance[i]->node;
		ask(self, &s->all[i], init->appearance[i]->device);
	}
	return count(s, ASKED) ? OFFERING : nobody(self);
}

/* The caller hears of it once. */
static int on_ack(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct shared_line *s = sdl_data(self);
	const CcSetupAck *ack = sig->msg;
	struct appearance *a = of_setup(s, ack->setup);
	CcSetupAck mine = CC_SETUP_ACK__INIT;

	if (!a || a->place != ASKED)
		return sdl_state(self);
	a->place = HAS_IT;
	a->leg = sig->from;
	if (sdl_state(self) != OFFERING)
		return sdl_state(self);
	mine.setup = s->setup->setup;
	mine.dn = ack->dn;
	sdl_send(self, s->caller, SIG_CcSetupAck, &mine);
	return RINGING;
}

/* Busy says more than out of order, and where to go instead more than either. */
static unsigned weight(const CcSetupRej *rej)
{
	return (rej->forward ? 2u : 0u) + (rej->cause == CAUSE_CALL_USERBUSY ? 1u : 0u);
}

/* Nobody is left. The caller goes on to where the line forwards, as long as nobody has had the
 * call. */
static int nobody(struct sdl_process *self)
{
	struct shared_line *s = sdl_data(self);
	CcSetupRej none = CC_SETUP_REJ__INIT;
	CcRelease rel = CC_RELEASE__INIT;

	none.cause = CAUSE_CALL_TEMPORARYFAILURE;
	if (!s->why)
		s->why = cm_copy(&none.base);
	if (sdl_state(self) == OFFERING) {
		s->why->setup = s->setup->setup;
		sdl_send(self, s->caller, SIG_CcSetupRej, s->why);
		return SDL_STOP;
	}
	rel.cause = s->why->cause;
	sdl_send(self, s->caller, SIG_CcReleaseInd, &rel);
	return SDL_STOP;
}

static bool none_left(const struct shared_line *s)
{
	return count(s, GONE) == s->n;
}

/* What the caller's leg is being asked decides, before that nobody is left. */
static int go_on(struct sdl_process *self)
{
	int state = sdl_state(self);

	if (!none_left(sdl_data(self)) || state == REDIRECTING || state == ANSWERING)
		return state;
	return nobody(self);
}

static void remember(struct shared_line *s, const CcSetupRej *rej)
{
	if (s->why && weight(s->why) >= weight(rej))
		return;
	if (s->why)
		cc_setup_rej__free_unpacked(s->why, NULL);
	s->why = cm_copy(&rej->base);
}

static int on_reject(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct shared_line *s = sdl_data(self);
	const CcSetupRej *rej = sig->msg;
	struct appearance *a = of_setup(s, rej->setup);

	if (!a || a->place != ASKED)
		return sdl_state(self);
	a->place = GONE;
	remember(s, rej);
	return go_on(self);
}

static int on_alert(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct shared_line *s = sdl_data(self);

	if (of_leg(s, sig) && !s->alerted)
		sdl_send(self, s->caller, SIG_CcAlertInd, NULL);
	s->alerted = true;
	return sdl_state(self);
}

/* ---- somebody answers ----------------------------------------------------------------------- */

static int on_connect(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct shared_line *s = sdl_data(self);
	CcTake take = CC_TAKE__INIT;

	s->chosen = of_leg(s, sig);
	if (!s->chosen)
		return RINGING;
	take.leg = sdl_pid_pack(s->chosen->leg);
	sdl_send(self, s->caller, SIG_CcTakeInd, &take);
	return ANSWERING;
}

/* The caller has it as its peer: the rest is between the two. */
static int on_taken(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct shared_line *s = sdl_data(self);

	if (!sdl_pid_equal(sig->from, s->caller))
		return sdl_state(self);
	if (s->chosen)
		s->chosen->place = GONE;
	if (!sdl_mutant(self, MUTANT_SHARED_LINE_RINGS_ON))
		release_all(self, NULL, CAUSE_CALL_NORMALCALLCLEARING);
	return end(self);
}

/* The caller may have taken it already: to him it is his peer that is gone. */
static int on_winner_gone(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct shared_line *s = sdl_data(self);
	struct appearance *a = of_leg(s, sig);

	if (sdl_pid_equal(sig->from, s->caller))
		return on_caller_gone(self, sig);
	if (!a)
		return ANSWERING;
	a->place = GONE;
	if (a == s->chosen)
		sdl_relay(self, s->caller, sig);
	return ANSWERING;
}

/* ---- it goes elsewhere, or ends ------------------------------------------------------------- */

static int on_redirect(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct shared_line *s = sdl_data(self);

	s->chosen = of_leg(s, sig);
	if (!s->chosen)
		return RINGING;
	sdl_forward(self, s->caller, sig);
	return REDIRECTING;
}

static int on_redirected(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct shared_line *s = sdl_data(self);
	const CcRedirectResult *res = sig->msg;

	if (!sdl_pid_equal(sig->from, s->caller))
		return REDIRECTING;
	if (s->chosen->place == HAS_IT)
		sdl_forward(self, s->chosen->leg, sig);
	if (res->cause == 0) {
		release_all(self, s->chosen, CAUSE_CALL_NORMALCALLCLEARING);
		return end(self);
	}
	s->chosen = NULL;
	return none_left(s) ? nobody(self) : RINGING;
}

static int on_caller_gone(struct sdl_process *self, const struct sdl_signal *sig)
{
	uint32_t cause = CAUSE_CALL_DESTINATIONOUTOFORDER;

	if (sig->number == SIG_CcReleaseInd)
		cause = ((const CcRelease *)sig->msg)->cause;
	release_all(self, NULL, cause);
	return end(self);
}

static int on_released(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct shared_line *s = sdl_data(self);
	struct appearance *a = of_leg(s, sig);
	CcSetupRej why = CC_SETUP_REJ__INIT;

	if (sdl_pid_equal(sig->from, s->caller))
		return on_caller_gone(self, sig);
	if (!a)
		return sdl_state(self);
	a->place = GONE;
	why.cause = CAUSE_CALL_DESTINATIONOUTOFORDER;
	if (sig->number == SIG_CcReleaseInd)
		why.cause = ((const CcRelease *)sig->msg)->cause;
	remember(s, &why);
	return go_on(self);
}

/* A call that rings at several devices cannot be handed on by who makes it. */
static int on_transfer(struct sdl_process *self, const struct sdl_signal *sig)
{
	CcTransferResult res = CC_TRANSFER_RESULT__INIT;

	res.cause = CAUSE_CALL_SWITCHINGEQUIPMENTCONGESTION;
	sdl_send(self, sig->from, SIG_CcTransferRes, &res);
	return sdl_state(self);
}

static int on_late(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct shared_line *s = sdl_data(self);
	bool has_it = sig->number == SIG_CcSetupAck;
	struct appearance *a = of_setup(s, has_it ? ((const CcSetupAck *)sig->msg)->setup
						  : ((const CcSetupRej *)sig->msg)->setup);

	if (!a || a->place != ASKED)
		return ENDING;
	a->place = GONE;
	a->leg = sig->from;
	if (has_it)
		release(self, a, CAUSE_CALL_NORMALCALLCLEARING);
	return end(self);
}

/* The appearances there are gone; the others go on. One that was proposed to the caller and not taken
 * will not be. */
static int on_link_down(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct shared_line *s = sdl_data(self);
	const SdlLinkStatus *status = sig->msg;
	bool chosen = s->chosen && s->chosen->node == status->node;
	int state = sdl_state(self);

	for (size_t i = 0; i < s->n; i++)
		if (s->all[i].node == status->node)
			s->all[i].place = GONE;
	if (state == ENDING)
		return end(self);
	if (state == ANSWERING && chosen) {
		s->chosen = NULL;
		return none_left(s) ? nobody(self) : RINGING;
	}
	return go_on(self);
}

const struct sdl_type cm_shared_line = {
	.name = "SharedLine",
	.number = CM_SHARED_LINE,
	.size = sizeof(struct shared_line),
	.states = states,
	.states_n = sizeof states / sizeof states[0],
	.rows = rows,
	.rows_n = sizeof rows / sizeof rows[0],
	.stop = stop,
};
