/* What CallManagers do with calls: looked at in the signals that legs and devices handle, each
 * handler's result being known before the next one begins. */
#include "sim/explore/watch_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "callmanager/cti_station_d.h"
#include "callmanager/leg.h"
#include "sdl/view/fields.h"

#define S(state) (1u << (state))

struct watched_leg {
	struct sdl_pid pid, line, device;
	uint8_t state;
	uint8_t caller;		   /* node of the leg that called this one */
	bool sends;		   /* the device was told where to: the voice goes both ways */
	bool touched;		   /* held or redirected, by whichever side */
	bool consults;		   /* one of the two legs of a consult call, whoever its peer is */
	struct sdl_pid consulting; /* the same of the peer, which has said so; none: it is not */
	bool app_lost;
	int64_t created_ns;
};

/* A port's LineControl. */
struct port_line {
	struct sdl_pid pid;
};

/* A port or route point. */
struct station {
	struct sdl_pid pid;
	uint8_t state;
	int64_t closed_ns; /* when somebody last closed it */
	uint32_t asked_ci; /* of the last answer for media */
};

/* The question for media of one call. */
struct question {
	struct sdl_pid station;
	uint32_t ci;
	bool answered;
};

struct watch_calls {
	struct watched_leg *legs;
	size_t legs_n;
	struct port_line *ports;
	size_t ports_n;
	struct station *stations;
	size_t stations_n;
	struct question *questions;
	size_t questions_n;
	uint16_t handling; /* the signal whose handler runs */
	/* Where a leg has to be when that has returned. */
	struct sdl_pid due;
	unsigned due_states;
	enum watch_rule due_rule;
};

struct watch_calls *watch_calls_new(void)
{
	struct watch_calls *c = calloc(1, sizeof(*c));

	if (!c)
		abort();
	return c;
}

void watch_calls_free(struct watch_calls *c)
{
	free(c->legs);
	free(c->ports);
	free(c->stations);
	free(c->questions);
	free(c);
}

void watch_calls_node_gone(struct watch_calls *c, uint8_t node)
{
	for (size_t i = c->legs_n; i > 0; i--)
		if (c->legs[i - 1].pid.node == node)
			c->legs[i - 1] = c->legs[--c->legs_n];
	for (size_t i = c->ports_n; i > 0; i--)
		if (c->ports[i - 1].pid.node == node)
			c->ports[i - 1] = c->ports[--c->ports_n];
	for (size_t i = c->stations_n; i > 0; i--)
		if (c->stations[i - 1].pid.node == node)
			c->stations[i - 1] = c->stations[--c->stations_n];
	for (size_t i = c->questions_n; i > 0; i--)
		if (c->questions[i - 1].station.node == node)
			c->questions[i - 1] = c->questions[--c->questions_n];
	c->due = (struct sdl_pid){ 0 };
}

static struct watched_leg *leg_of(const struct watch_calls *c, struct sdl_pid pid)
{
	for (size_t i = 0; i < c->legs_n; i++)
		if (sdl_pid_equal(c->legs[i].pid, pid))
			return &c->legs[i];
	return NULL;
}

static struct station *station_of(const struct watch_calls *c, struct sdl_pid pid)
{
	for (size_t i = 0; i < c->stations_n; i++)
		if (sdl_pid_equal(c->stations[i].pid, pid))
			return &c->stations[i];
	return NULL;
}

static const struct sim_line *line_of(const struct watch *w, const char *dn,
				      const struct sim_device **device)
{
	for (size_t i = 0; i < w->topology->devices_n; i++)
		for (size_t k = 0; k < w->topology->devices[i].lines_n; k++)
			if (!strcmp(w->topology->devices[i].lines[k].dn, dn)) {
				*device = &w->topology->devices[i];
				return &w->topology->devices[i].lines[k];
			}
	return NULL;
}

/* ---- after a handler --------------------------------------------------------------------- */

static void expect(struct watch *w, const struct watched_leg *leg, unsigned states,
		   enum watch_rule rule)
{
	w->calls->due = leg->pid;
	w->calls->due_states = states;
	w->calls->due_rule = rule;
}

static void handler_done(struct watch *w)
{
	struct watch_calls *c = w->calls;
	const struct watched_leg *leg = sdl_pid_none(c->due) ? NULL : leg_of(c, c->due);

	if (leg)
		watch_check(w, c->due_rule, c->due_states & S(leg->state),
			    "a leg of node %u is in state %u after %s", leg->pid.node, leg->state,
			    signal_def(c->handling)->name);
	c->due = (struct sdl_pid){ 0 };
}

/* ---- processes --------------------------------------------------------------------------- */

static void leg_created(struct watch *w, const struct sdl_record_entry *e)
{
	struct watch_calls *c = w->calls;

	c->legs = watch_more(c->legs, c->legs_n, sizeof(*c->legs));
	c->legs[c->legs_n].pid = e->to;
	c->legs[c->legs_n].created_ns = e->time_ns;
	c->legs[c->legs_n++].line = e->from;
}

static void labelled(struct watch *w, const struct sdl_record_entry *e)
{
	struct watch_calls *c = w->calls;
	const struct sim_device *d = NULL;
	char text[64];

	if (e->to.type != CM_LINE_CONTROL)
		return;
	snprintf(text, sizeof(text), "%.*s", (int)e->payload_len, (const char *)e->payload);
	if (!line_of(w, text, &d) || d->kind != SIM_PORT)
		return;
	c->ports = watch_more(c->ports, c->ports_n, sizeof(*c->ports));
	c->ports[c->ports_n++].pid = e->to;
}

static void created(struct watch *w, const struct sdl_record_entry *e)
{
	struct watch_calls *c = w->calls;

	if (e->to.type == CM_LINE_CDPC)
		leg_created(w, e);
	if (e->to.type != CM_CTI_STATION_D)
		return;
	c->stations = watch_more(c->stations, c->stations_n, sizeof(*c->stations));
	c->stations[c->stations_n++].pid = e->to;
}

static void stopped(struct watch_calls *c, const struct sdl_record_entry *e)
{
	struct watched_leg *leg = leg_of(c, e->to);
	struct station *s = station_of(c, e->to);

	if (leg)
		*leg = c->legs[--c->legs_n];
	if (s)
		*s = c->stations[--c->stations_n];
	for (size_t i = c->ports_n; i > 0; i--)
		if (sdl_pid_equal(c->ports[i - 1].pid, e->to))
			c->ports[i - 1] = c->ports[--c->ports_n];
}

/* CMF-08: it leaves for a better member, and not because it was closed. */
static bool moves(uint16_t handling)
{
	return handling == SIG_CtiDeviceRehomeReq || handling == SIG_SdlLinkInService ||
	       handling == SIG_CcCallInd || handling == SIG_DaDuplicateInd ||
	       handling == SIG_CcLineCloseRes;
}

static void station_state(struct watch *w, struct station *s, uint8_t state)
{
	struct watch_calls *c = w->calls;

	s->state = state;
	if (state != CTI_STATION_LEAVING || !moves(c->handling))
		return;
	for (size_t i = 0; i < c->legs_n; i++)
		if (sdl_pid_equal(c->legs[i].device, s->pid))
			watch_check(w, WATCH_REHOME_IDLE, c->legs[i].state == LEG_RELEASE_REQUEST,
				    "node %u: a device leaves on %s, and has a leg in state %u",
				    s->pid.node, signal_def(c->handling)->name, c->legs[i].state);
}

static void state(struct watch *w, const struct sdl_record_entry *e)
{
	struct watched_leg *leg = leg_of(w->calls, e->to);
	struct station *s = station_of(w->calls, e->to);

	if (leg) {
		leg->state = (uint8_t)e->state;
		leg->touched |= e->state == LEG_HOLD || e->state == LEG_REROUTING ||
				e->state == LEG_REDIRECT_REQUEST ||
				e->state == LEG_TRANSFER_REQUEST;
		if (e->state == LEG_TRANSFERRING) {
			leg->sends = false;
			leg->caller = 0;
		}
	}
	if (s)
		station_state(w, s, (uint8_t)e->state);
}

/* ---- what legs handle -------------------------------------------------------------------- */

/* There is nothing about the call but that two speak. */
static bool plain(const struct watched_leg *leg)
{
	return !leg->touched && !leg->consults && sdl_pid_none(leg->consulting);
}

static void peer_lost(struct watch *w, const struct watched_leg *leg)
{
	if (leg->state != LEG_ACTIVE10)
		return;
	if (leg->consults)
		expect(w, leg, ~S(LEG_PRESERVED), WATCH_CONSULT_LOST);
	else if (leg->sends && plain(leg))
		expect(w, leg, S(LEG_ACTIVE10) | S(LEG_PRESERVED), WATCH_LEG_KEPT);
}

static void link_lost(struct watch *w, const struct watched_leg *leg, const SdlLinkStatus *m)
{
	bool incoming = leg->state == LEG_CALL_PRESENT || leg->state == LEG_CALL_RECEIVED;

	if (incoming && m->node == leg->caller && m->app == SDL_APP_CALLMANAGER)
		expect(w, leg, S(LEG_RELEASE_REQUEST), WATCH_LEG_CLEARED);
	else
		peer_lost(w, leg);
}

/* Only who has said so can take it back: another one is not the peer. */
static void consulting(struct watched_leg *leg, struct sdl_pid from, bool consults)
{
	if (consults)
		leg->consulting = from;
	else if (sdl_pid_equal(leg->consulting, from))
		leg->consulting = (struct sdl_pid){ 0 };
}

/* The held one has it for its call even if that is sent on by the other side, and is connected. */
static void consult_begins(struct watch_calls *c, struct watched_leg *leg, struct sdl_pid from)
{
	struct watched_leg *held = leg_of(c, from);

	leg->consults = true;
	if (held)
		held->consults = true;
}

static void app_lost(struct watch *w, const struct sdl_record_entry *e, struct watched_leg *leg)
{
	const struct station *s = station_of(w->calls, leg->device);

	leg->app_lost = e->state != LEG_REDIRECT_REQUEST;
	if (s)
		watch_check(w, WATCH_CALLS_GO_ON,
			    s->state != CTI_STATION_OWNER_ALIVE || s->closed_ns == e->time_ns,
			    "node %u: a call ends because a CTIManager has", e->node);
}

static void routed(struct watch *w, const DaRes *m)
{
	const struct sim_device *d = NULL;
	const struct sim_line *l = line_of(w, m->digits, &d);

	/* Who may not reach it is refused for that. */
	if (l && !w->topology->partitions_n && d->kind != SIM_PHONE &&
	    !watch_forwarded(w, d, l, "cfna", NULL, w->now_ns))
		watch_check(w, WATCH_NOT_OPEN, m->result != DA_RESULT__DA_NONE,
			    "%s is refused, and has a CFNA", m->digits);
}

/* It is called. */
static void set_up(struct watch *w, const struct sdl_record_entry *e, struct watched_leg *leg)
{
	struct watch_calls *c = w->calls;
	bool port = false;

	leg->caller = e->from.node;
	for (size_t i = 0; i < c->ports_n; i++)
		port |= sdl_pid_equal(c->ports[i].pid, leg->line);
	for (size_t i = 0; port && i < c->legs_n; i++)
		if (sdl_pid_equal(c->legs[i].line, leg->line) && plain(&c->legs[i]))
			watch_check(w, WATCH_PORT_BUSY, c->legs[i].state != LEG_ACTIVE10,
				    "node %u: a port's line gets a second call", e->node);
}

static void leg_handles(struct watch *w, const struct sdl_record_entry *e,
			const ProtobufCMessage *m)
{
	struct watched_leg *leg = leg_of(w->calls, e->to);

	if (!leg)
		return;
	switch (e->number) {
	case SIG_CcLegInit:
		leg->device = sdl_pid_unpack(((const CcLegInit *)m)->device_pid);
		break;
	case SIG_CcSetupReq:
		set_up(w, e, leg);
		consulting(leg, e->from, ((const CcSetup *)m)->consults);
		break;
	case SIG_CcConsultInit:
		consult_begins(w->calls, leg, e->from);
		break;
	case SIG_CcConsultingInd:
		consulting(leg, e->from, ((const CcConsulting *)m)->consults);
		break;
	case SIG_CcTransferCommit: /* with another peer all begins anew */
		leg->touched = ((const CcTransferCommit *)m)->stand == LEG_STAND__STAND_HELD;
		leg->consulting = (struct sdl_pid){ 0 };
		break;
	case SIG_CcConsultEndInd:
		leg->consults = false;
		if (((const CcConsultEnd *)m)->has_lost)
			expect(w, leg, S(LEG_RELEASE_REQUEST), WATCH_CONSULT_LOST);
		break;
	case SIG_SdlLinkOutOfService:
		link_lost(w, leg, (const SdlLinkStatus *)m);
		break;
	case SIG_CcPeerLostInd:
		peer_lost(w, leg);
		break;
	case SIG_CtiNewCallAcceptTimer:
		if (leg->state == LEG_CALL_PRESENT)
			expect(w, leg, ~S(LEG_CALL_PRESENT), WATCH_OFFER_ENDS);
		break;
	case SIG_CcAppLostInd:
		app_lost(w, e, leg);
		break;
	case SIG_DaRes:
		routed(w, (const DaRes *)m);
		break;
	case SIG_CtiLineCallTransferSetupReq:
	case SIG_CtiLineCallConferenceSetupReq:
	case SIG_CcHoldInd:
	case SIG_CcRetrieveInd:
	case SIG_CcRedirectReq:
		leg->touched = true;
		break;
	default:
		break;
	}
}

/* ---- what legs say ----------------------------------------------------------------------- */

/* APF-03: forward on failure, or if there is none, no answer: as the call has found them. */
static void redirects(struct watch *w, const struct watched_leg *leg, const CcRedirect *m)
{
	const struct sim_device *d = NULL;
	const struct sim_line *l = line_of(w, m->from, &d);
	const char *to = m->destination;
	int64_t at_ns = leg->created_ns;
	bool no_cfof = l && watch_forwarded(w, d, l, "cfof", NULL, at_ns);

	if (!leg->app_lost || !l || (no_cfof && watch_forwarded(w, d, l, "cfna", NULL, at_ns)))
		return;
	watch_check(w, WATCH_APP_FAILED,
		    watch_forwarded(w, d, l, "cfof", to, at_ns) ||
			    (no_cfof && watch_forwarded(w, d, l, "cfna", to, at_ns)),
		    "a call for %s, whose application failed, goes to %s", m->from, to);
}

static void leg_says(struct watch *w, const struct sdl_record_entry *e, const ProtobufCMessage *m)
{
	struct watched_leg *leg = leg_of(w->calls, e->from);

	if (!leg)
		return;
	switch (e->number) {
	case SIG_CcMediaSendReq:
		leg->sends = true;
		break;
	case SIG_CcRedirectReq:
		redirects(w, leg, (const CcRedirect *)m);
		break;
	case SIG_CtiLineCallHoldRes:
	case SIG_CtiLineCallRetrieveRes:
	case SIG_CtiLineCallRedirectRes:
		if (leg->state == LEG_PRESERVED)
			watch_check(w, WATCH_KEPT_ONLY_ENDS, ((const CtiLineCallRes *)m)->result,
				    "%s: success on a preserved call", signal_def(e->number)->name);
		break;
	default:
		break;
	}
}

/* ---- media of ports and route points ----------------------------------------------------- */

static struct question *question_of(struct watch_calls *c, struct sdl_pid station, uint32_t ci)
{
	for (size_t i = 0; i < c->questions_n; i++)
		if (sdl_pid_equal(c->questions[i].station, station) && c->questions[i].ci == ci)
			return &c->questions[i];
	c->questions = watch_more(c->questions, c->questions_n, sizeof(*c->questions));
	c->questions[c->questions_n].station = station;
	c->questions[c->questions_n].ci = ci;
	return &c->questions[c->questions_n++];
}

static void station_handles(struct watch *w, const struct sdl_record_entry *e,
			    const ProtobufCMessage *m)
{
	struct station *s = station_of(w->calls, e->to);

	if (s && e->number == SIG_CtiDeviceCloseDeviceReq)
		s->closed_ns = e->time_ns;
	if (s && e->number == SIG_CtiDeviceSetRTPForCallReq)
		s->asked_ci = ((const CtiDeviceSetRTPForCallReq *)m)->ci;
	if (s && e->number == SIG_CcMediaOpenReq)
		question_of(w->calls, s->pid, ((const CcMediaOpen *)m)->ci)->answered = false;
}

static void station_says(struct watch *w, const struct sdl_record_entry *e,
			 const ProtobufCMessage *m)
{
	const struct station *s = station_of(w->calls, e->from);
	struct question *q;

	if (!s || e->number != SIG_CtiDeviceSetRTPForCallRes ||
	    ((const CtiLineCallRes *)m)->result != CTIERR_SUCCESS)
		return;
	q = question_of(w->calls, s->pid, s->asked_ci);
	watch_check(w, WATCH_FIRST_RTP, !q->answered,
		    "node %u: a second answer for media of call %u is taken", e->node, q->ci);
	q->answered = true;
}

/* ---- entries ----------------------------------------------------------------------------- */

static bool matters(const struct sdl_record_entry *e)
{
	switch (e->number) {
	case SIG_CcLegInit:
	case SIG_CcSetupReq:
	case SIG_CcTransferCommit:
	case SIG_CcConsultInit:
	case SIG_CcConsultingInd:
	case SIG_SdlLinkOutOfService:
	case SIG_CcPeerLostInd:
	case SIG_CcConsultEndInd:
	case SIG_CtiNewCallAcceptTimer:
	case SIG_CcAppLostInd:
	case SIG_DaRes:
	case SIG_CtiLineCallTransferSetupReq:
	case SIG_CtiLineCallConferenceSetupReq:
	case SIG_CcHoldInd:
	case SIG_CcRetrieveInd:
	case SIG_CcRedirectReq:
	case SIG_CcMediaSendReq:
	case SIG_CcMediaOpenReq:
	case SIG_CtiLineCallHoldRes:
	case SIG_CtiLineCallRetrieveRes:
	case SIG_CtiLineCallRedirectRes:
	case SIG_CtiDeviceCloseDeviceReq:
	case SIG_CtiDeviceSetRTPForCallReq:
	case SIG_CtiDeviceSetRTPForCallRes:
		return true;
	default:
		return false;
	}
}

static void heard(struct watch *w, const struct sdl_record_entry *e)
{
	ProtobufCMessage *m = sdl_fields_unpack(e->number, e->payload, e->payload_len);

	if (!m)
		return;
	if (e->kind != SDL_REC_OUT && e->to.type == CM_LINE_CDPC)
		leg_handles(w, e, m);
	if (e->kind != SDL_REC_OUT && e->to.type == CM_CTI_STATION_D)
		station_handles(w, e, m);
	/* Where it is heard here, it is not sent. */
	if (e->from.node == e->node && e->from.app == SDL_APP_CALLMANAGER) {
		if (e->from.type == CM_LINE_CDPC)
			leg_says(w, e, m);
		if (e->from.type == CM_CTI_STATION_D)
			station_says(w, e, m);
	}
	sdl_fields_free(&m);
}

void watch_call_entry(struct watch *w, const struct sdl_record_entry *e)
{
	switch (e->kind) {
	case SDL_REC_SIGNAL:
	case SDL_REC_IN:
		handler_done(w);
		w->calls->handling = e->number;
		/* fall through */
	case SDL_REC_OUT:
		if (matters(e))
			heard(w, e);
		break;
	case SDL_REC_CREATED:
		created(w, e);
		break;
	case SDL_REC_STOPPED:
		stopped(w->calls, e);
		break;
	case SDL_REC_STATE:
		state(w, e);
		break;
	case SDL_REC_LABEL:
		labelled(w, e);
		break;
	default:
		break;
	}
}
