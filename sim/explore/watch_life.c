/* Who holds whom for alive: links, heartbeats, CTIManagers, and what phones and requests make of a
 * loss. */
#include "sim/explore/watch_private.h"

#include <stdlib.h>
#include <string.h>

#include "common/msg/address.h"
#include "common/msg/cti_relay.h"
#include "ctimanager/client/provider.h"
#include "ctimanager/device.h"
#include "ctimanager/process.h"
#include "sdl/view/fields.h"
#include "sim/phone/phone.h"

/* The keepalive limit is 3 s, whatever the speed; the interval and what is on its way come on top.
 */
#define SILENT_NS     5000000000LL
#define HANDLER_READY 6 /* of a CTIHandler: its provider is open */

struct program {
	uint8_t node;
	uint16_t app;
	int64_t frozen_ns; /* since; 0 = it is not */
	int64_t runs_ns;   /* since it was started or thawed */
};

/* A link as one side holds it. */
struct link {
	uint8_t node, peer_node;
	uint16_t app, peer_app;
	bool up;
};

/* Who hears heartbeats: a CTIHandler its application, a CtiProvider its CTIManager. */
struct hearer {
	struct sdl_pid pid;
	int64_t interval_ns;
	int64_t heard_ns;
};

/* What a phone would see of its one voice path, by call. */
struct voice {
	struct sdl_pid pid;
	uint32_t hears, speaks, connected;
};

/* A request about a call that a CTIDeviceLineMgr has passed on. */
struct request {
	struct sdl_pid mgr, handler;
	uint32_t seq;
	bool due; /* the device is out of service: the answer comes before that is told */
};

struct watch_lives {
	struct program *programs;
	size_t programs_n;
	struct link *links;
	size_t links_n;
	struct hearer *hearers;
	size_t hearers_n;
	struct voice *voices;
	size_t voices_n;
	struct request *requests;
	size_t requests_n;
	/* The handler that runs. */
	struct sdl_pid running;
	uint16_t handling;
	int64_t silence_ns; /* of a heartbeat timer */
	int64_t interval_ns;
	bool must_end, may_end; /* that timer */
	bool must_keep;		/* a phone its stream */
};

struct watch_lives *watch_lives_new(void)
{
	struct watch_lives *l = calloc(1, sizeof(*l));

	if (!l)
		abort();
	return l;
}

void watch_lives_free(struct watch_lives *l)
{
	free(l->programs);
	free(l->links);
	free(l->hearers);
	free(l->voices);
	free(l->requests);
	free(l);
}

static bool is_of(struct sdl_pid pid, uint8_t node, uint16_t app)
{
	return pid.node == node && pid.app == app;
}

void watch_life_gone(struct watch_lives *l, uint8_t node, uint16_t app)
{
	for (size_t i = l->programs_n; i > 0; i--)
		if (l->programs[i - 1].node == node && l->programs[i - 1].app == app)
			l->programs[i - 1] = l->programs[--l->programs_n];
	for (size_t i = l->links_n; i > 0; i--)
		if (l->links[i - 1].node == node && l->links[i - 1].app == app)
			l->links[i - 1] = l->links[--l->links_n];
	for (size_t i = l->hearers_n; i > 0; i--)
		if (is_of(l->hearers[i - 1].pid, node, app))
			l->hearers[i - 1] = l->hearers[--l->hearers_n];
	for (size_t i = l->voices_n; i > 0; i--)
		if (is_of(l->voices[i - 1].pid, node, app))
			l->voices[i - 1] = l->voices[--l->voices_n];
	for (size_t i = l->requests_n; i > 0; i--)
		if (is_of(l->requests[i - 1].mgr, node, app))
			l->requests[i - 1] = l->requests[--l->requests_n];
	l->must_end = l->must_keep = false;
	l->running = (struct sdl_pid){ 0 };
}

/* ---- links ------------------------------------------------------------------------------- */

static struct program *program_at(struct watch_lives *l, uint8_t node, uint16_t app)
{
	for (size_t i = 0; i < l->programs_n; i++)
		if (l->programs[i].node == node && l->programs[i].app == app)
			return &l->programs[i];
	l->programs = watch_more(l->programs, l->programs_n, sizeof(*l->programs));
	l->programs[l->programs_n].node = node;
	l->programs[l->programs_n].app = app;
	return &l->programs[l->programs_n++];
}

static struct link *link_of(struct watch_lives *l, uint8_t node, uint16_t app, struct sdl_pid peer)
{
	for (size_t i = 0; i < l->links_n; i++) {
		struct link *k = &l->links[i];

		if (k->node == node && k->app == app && k->peer_node == peer.node &&
		    k->peer_app == peer.app)
			return k;
	}
	return NULL;
}

static void link_changed(struct watch_lives *l, const struct sdl_record_entry *e)
{
	struct link *k = link_of(l, e->node, e->app, e->to);

	if (!k) {
		l->links = watch_more(l->links, l->links_n, sizeof(*l->links));
		k = &l->links[l->links_n++];
		k->node = e->node;
		k->app = e->app;
		k->peer_node = e->to.node;
		k->peer_app = e->to.app;
	}
	k->up = e->state == 1;
}

/* Who has run all the time must have noticed. */
static void was_silent(struct watch *w, const struct program *p)
{
	struct watch_lives *l = w->lives;
	int64_t since = p->frozen_ns;

	if (!since || w->now_ns - since < SILENT_NS)
		return;
	for (size_t i = 0; i < l->links_n; i++) {
		const struct link *k = &l->links[i];
		const struct program *q;

		if (k->peer_node != p->node || k->peer_app != p->app)
			continue;
		q = program_at(l, k->node, k->app);
		if (q->frozen_ns || q->runs_ns > w->now_ns - SILENT_NS)
			continue;
		watch_check(w, WATCH_LINK_SILENT, !k->up,
			    "node %u application %u keeps its link to node %u application %u, "
			    "frozen for %lld ms",
			    k->node, k->app, k->peer_node, k->peer_app,
			    (long long)(w->now_ns - since) / 1000000);
	}
}

void watch_life_struck(struct watch *w, const char *verb, uint8_t node, uint16_t app)
{
	struct program p = *program_at(w->lives, node, app);

	if (!strcmp(verb, "freeze")) {
		program_at(w->lives, node, app)->frozen_ns = w->now_ns;
		return;
	}
	was_silent(w, &p);
	program_at(w->lives, node, app)->frozen_ns = 0;
	program_at(w->lives, node, app)->runs_ns = w->now_ns;
}

static void came_in(struct watch *w, const struct sdl_record_entry *e)
{
	const struct link *k = link_of(w->lives, e->node, e->app, e->from);

	if (k && signal_def(e->number)->reach == REACH_LINK)
		watch_check(w, WATCH_LINK_OVER, k->up,
			    "node %u application %u handles %s of node %u application %u, whose "
			    "link is over",
			    e->node, e->app, signal_def(e->number)->name, e->from.node,
			    e->from.app);
}

/* ---- heartbeats -------------------------------------------------------------------------- */

static struct hearer *hearer_of(struct watch_lives *l, struct sdl_pid pid)
{
	for (size_t i = 0; i < l->hearers_n; i++)
		if (sdl_pid_equal(l->hearers[i].pid, pid))
			return &l->hearers[i];
	l->hearers = watch_more(l->hearers, l->hearers_n, sizeof(*l->hearers));
	l->hearers[l->hearers_n].pid = pid;
	return &l->hearers[l->hearers_n++];
}

static bool is_handler(struct sdl_pid pid)
{
	return pid.app == SDL_APP_CTIMANAGER && pid.type == CTIM_CTI_HANDLER;
}

static bool is_provider(struct sdl_pid pid)
{
	return pid.app == SDL_APP_CTI && pid.type == CTI_TYPE_PROVIDER;
}

/* The interval that was granted. */
static void granted(struct watch *w, const struct sdl_record_entry *e, struct sdl_pid pid)
{
	ProtobufCMessage *m = sdl_fields_unpack(e->number, e->payload, e->payload_len);
	const Response *r = (const Response *)m;

	if (r && r->has_heartbeat_s && r->heartbeat_s)
		hearer_of(w->lives, pid)->interval_ns =
			(int64_t)r->heartbeat_s * 1000000000 / sim_host_options(w->host)->speed;
	sdl_fields_free(&m);
}

static void timer_fires(struct watch *w, const struct sdl_record_entry *e)
{
	struct watch_lives *l = w->lives;
	const struct hearer *h = hearer_of(l, e->to);
	bool open = is_handler(e->to) ? e->state == HANDLER_READY : e->state == PROVIDER_IN_SERVICE;

	l->silence_ns = e->time_ns - h->heard_ns;
	if (!open || !h->interval_ns)
		return;
	l->interval_ns = h->interval_ns;
	l->may_end = l->silence_ns >= 2 * h->interval_ns;
	/* A CTIManager that stood still listens once more. */
	l->must_end = is_handler(e->to) && l->may_end && l->silence_ns < 3 * h->interval_ns;
}

static void ends_on_timer(struct watch *w, enum watch_rule rule)
{
	const struct watch_lives *l = w->lives;

	if (l->interval_ns)
		watch_check(w, rule, l->may_end,
			    "node %u: held dead after %lld ms of silence, the interval is %lld ms",
			    l->running.node, (long long)(l->silence_ns / 1000000),
			    (long long)(l->interval_ns / 1000000));
}

/* ---- phones ------------------------------------------------------------------------------ */

static bool is_phone(struct sdl_pid pid)
{
	return pid.app == SDL_APP_PHONES &&
	       (pid.type == PHONES_SCCP_PHONE || pid.type == PHONES_SIP_PHONE);
}

static struct voice *voice_of(struct watch_lives *l, struct sdl_pid pid)
{
	for (size_t i = 0; i < l->voices_n; i++)
		if (sdl_pid_equal(l->voices[i].pid, pid))
			return &l->voices[i];
	l->voices = watch_more(l->voices, l->voices_n, sizeof(*l->voices));
	l->voices[l->voices_n].pid = pid;
	return &l->voices[l->voices_n++];
}

static const char *state_name(struct watch *w, const struct sdl_record_entry *e)
{
	const struct sdl_type *type = watch_type_of(w, e);

	return type && e->state < type->states_n ? type->states[e->state].name : "";
}

static uint8_t place_of(const struct watch *w, struct sdl_pid pid)
{
	for (size_t i = 0; i < w->topology->devices_n; i++)
		if (w->places[i].pid == sdl_pid_pack(pid))
			return w->places[i].node;
	return 0;
}

static bool is_hang_up(const ProtobufCMessage *m)
{
	const char *verb = ((const PhoneCommand *)m)->verb;

	return !strcmp(verb, "hangup") || !strcmp(verb, "onhook");
}

/* A SIP phone speaks (there is a call that it has not ended) and hears from an answer on that has
 * an address, until anything else happens. */
static void sip_handles(struct voice *v, const struct sdl_record_entry *e,
			const ProtobufCMessage *m)
{
	const SipSdp *sdp = NULL;

	if (e->number == SIG_SipAck)
		sdp = ((const SipDialog *)m)->sdp;
	else if (e->number == SIG_SipOk)
		sdp = ((const SipResponse *)m)->sdp;
	v->hears = sdp && sdp->direction == SIP_DIRECTION__SIP_SENDRECV;
	if (e->number == SIG_SipInvite || e->number == SIG_SipTrying)
		v->speaks = 1;
	else if (e->number == SIG_SipBye || e->number == SIG_SipCancel ||
		 e->number == SIG_SipFailure || (e->number == SIG_PhoneCommand && is_hang_up(m)))
		v->speaks = 0;
	v->connected = v->hears;
}

static void phone_handles(struct watch *w, const struct sdl_record_entry *e,
			  const ProtobufCMessage *m)
{
	struct watch_lives *l = w->lives;
	struct voice *v = voice_of(l, e->to);

	if (e->to.type == PHONES_SIP_PHONE && e->number != SIG_SdlLinkOutOfService) {
		sip_handles(v, e, m);
		return;
	}
	switch (e->number) {
	case SIG_StationOpenReceiveChannel:
		v->hears = ((const StationOpenReceiveChannel *)m)->call_reference;
		break;
	case SIG_StationStartMediaTransmission:
		v->speaks = ((const StationStartMediaTransmission *)m)->call_reference;
		break;
	case SIG_StationCallState: {
		const StationCallState *s = (const StationCallState *)m;

		if (s->state == STATION_CALL_STATE_VALUE__Connected)
			v->connected = s->call_reference;
		else if (v->connected == s->call_reference)
			v->connected = 0;
		break;
	}
	case SIG_SdlLinkOutOfService:
		l->must_keep = ((const SdlLinkStatus *)m)->node == place_of(w, e->to) &&
			       !strcmp(state_name(w, e), "registered") && v->connected &&
			       v->hears == v->connected && v->speaks == v->connected;
		break;
	default: /* keys, ends of streams: whether it still speaks is not known */
		v->hears = v->speaks = v->connected = 0;
		break;
	}
}

static bool phone_matters(uint16_t number)
{
	switch (number) {
	case SIG_StationOpenReceiveChannel:
	case SIG_StationStartMediaTransmission:
	case SIG_StationCallState:
	case SIG_SdlLinkOutOfService:
	case SIG_StationCloseReceiveChannel:
	case SIG_StationStopMediaTransmission:
	case SIG_StationMediaFailureTimer:
	case SIG_MediaStreamStopped:
	case SIG_PhoneCommand:
	case SIG_SipTrying:
	case SIG_SipInvite:
	case SIG_SipOk:
	case SIG_SipFailure:
	case SIG_SipAck:
	case SIG_SipBye:
	case SIG_SipCancel:
	case SIG_SipRefer:
	case SIG_SipDialTimer:
		return true;
	default:
		return false;
	}
}

/* ---- requests ---------------------------------------------------------------------------- */

static bool is_mgr(struct sdl_pid pid)
{
	return pid.app == SDL_APP_CTIMANAGER && pid.type == CTIM_CTI_DEVICE_LINE_MGR;
}

static void forget_requests(struct watch_lives *l, struct sdl_pid mgr, struct sdl_pid handler)
{
	for (size_t i = l->requests_n; i > 0; i--)
		if (sdl_pid_equal(l->requests[i - 1].mgr, mgr) &&
		    sdl_pid_equal(l->requests[i - 1].handler, handler))
			l->requests[i - 1] = l->requests[--l->requests_n];
}

static void mgr_handles(struct watch *w, const struct sdl_record_entry *e)
{
	struct watch_lives *l = w->lives;
	ProtobufCMessage *m;

	if (msg_cti_request(e->number)) {
		m = sdl_fields_unpack(e->number, e->payload, e->payload_len);
		if (!m)
			return;
		l->requests = watch_more(l->requests, l->requests_n, sizeof(*l->requests));
		l->requests[l->requests_n].mgr = e->to;
		l->requests[l->requests_n].handler = e->from;
		/* They all begin with their number. */
		l->requests[l->requests_n++].seq = ((const struct cti_request_head *)m)->seq;
		sdl_fields_free(&m);
	} else if (e->number == SIG_DeviceClose || e->number == SIG_CtiHandlerDeviceRelease) {
		forget_requests(l, e->to, e->from);
	}
}

static void handler_is_told(struct watch *w, const struct sdl_record_entry *e)
{
	struct watch_lives *l = w->lives;
	ProtobufCMessage *m = NULL;

	if (e->number == SIG_Response)
		m = sdl_fields_unpack(e->number, e->payload, e->payload_len);
	for (size_t i = l->requests_n; i > 0; i--) {
		struct request *r = &l->requests[i - 1];

		if (!sdl_pid_equal(r->mgr, e->from) || !sdl_pid_equal(r->handler, e->to))
			continue;
		if (m && r->seq == ((const Response *)m)->seq) {
			if (r->due)
				watch_check(w, WATCH_ANSWERED_OOS, true, "in time");
			*r = l->requests[--l->requests_n];
		} else if (e->number == SIG_DeviceOutOfService)
			watch_check(w, WATCH_ANSWERED_OOS, !r->due,
				    "node %u: out of service is told before request %u is answered",
				    e->node, r->seq);
	}
	sdl_fields_free(&m);
}

static void mgr_state(struct watch_lives *l, const struct sdl_record_entry *e)
{
	bool was = e->number == IN_SERVICE || e->number == AWAIT_REHOME;
	bool is = e->state == IN_SERVICE || e->state == AWAIT_REHOME;

	for (size_t i = 0; was && !is && i < l->requests_n; i++)
		if (sdl_pid_equal(l->requests[i].mgr, e->to))
			l->requests[i].due = true;
}

/* ---- entries ----------------------------------------------------------------------------- */

static void handler_done(struct watch *w)
{
	struct watch_lives *l = w->lives;

	if (l->must_end)
		watch_check(w, WATCH_APP_SILENT, false,
			    "node %u: not held dead after %lld ms of silence, the interval is %lld",
			    l->running.node, (long long)(l->silence_ns / 1000000),
			    (long long)(l->interval_ns / 1000000));
	l->must_end = l->must_keep = false;
	l->interval_ns = 0;
}

static void begins(struct watch *w, const struct sdl_record_entry *e)
{
	struct watch_lives *l = w->lives;

	handler_done(w);
	l->running = e->to;
	l->handling = e->number;
	if (e->kind == SDL_REC_IN)
		came_in(w, e);
	if (e->kind == SDL_REC_IN && (is_handler(e->to) || is_provider(e->to)))
		hearer_of(l, e->to)->heard_ns = e->time_ns;
	if (e->number == SIG_Response && is_provider(e->to))
		granted(w, e, e->to);
	if (e->number == SIG_CtiHeartbeatTimer || e->number == SIG_ClientHeartbeatTimer)
		timer_fires(w, e);
	if (is_phone(e->to) && phone_matters(e->number)) {
		ProtobufCMessage *m = sdl_fields_unpack(e->number, e->payload, e->payload_len);

		if (m)
			phone_handles(w, e, m);
		sdl_fields_free(&m);
	}
	if (is_mgr(e->to))
		mgr_handles(w, e);
	if (is_handler(e->to) && is_mgr(e->from))
		handler_is_told(w, e);
}

static void changes(struct watch *w, const struct sdl_record_entry *e)
{
	struct watch_lives *l = w->lives;
	bool own = sdl_pid_equal(e->to, l->running);

	if (is_mgr(e->to))
		mgr_state(l, e);
	if (is_provider(e->to) && e->state == PROVIDER_IN_SERVICE)
		hearer_of(l, e->to)->heard_ns = e->time_ns;
	if (is_handler(e->to) && e->state == HANDLER_READY)
		hearer_of(l, e->to)->heard_ns = e->time_ns;
	if (own && is_provider(e->to) && e->number == PROVIDER_IN_SERVICE &&
	    l->handling == SIG_ClientHeartbeatTimer)
		ends_on_timer(w, WATCH_APP_STAYS);
	if (own && is_phone(e->to) && l->must_keep) {
		watch_check(w, WATCH_STREAM_STAYS, !strcmp(state_name(w, e), "preserved"),
			    "a phone with a stream loses its CallManager and is %s",
			    state_name(w, e));
		l->must_keep = false;
	}
}

static void ends(struct watch *w, const struct sdl_record_entry *e)
{
	struct watch_lives *l = w->lives;
	struct hearer *h;

	if (!is_handler(e->to) && !is_provider(e->to))
		return;
	if (sdl_pid_equal(e->to, l->running) && l->handling == SIG_CtiHeartbeatTimer)
		ends_on_timer(w, WATCH_APP_LIVES);
	if (l->must_end)
		watch_check(w, WATCH_APP_SILENT, true, "held dead");
	l->must_end = false;
	h = hearer_of(l, e->to); /* may move the list */
	*h = l->hearers[--l->hearers_n];
}

void watch_life_entry(struct watch *w, const struct sdl_record_entry *e)
{
	switch (e->kind) {
	case SDL_REC_START:
		program_at(w->lives, e->node, e->app)->runs_ns = e->time_ns;
		break;
	case SDL_REC_SIGNAL:
	case SDL_REC_IN:
		begins(w, e);
		break;
	case SDL_REC_OUT:
		if (e->number == SIG_Response && is_handler(e->from))
			granted(w, e, e->from);
		break;
	case SDL_REC_LINK:
		link_changed(w->lives, e);
		break;
	case SDL_REC_STATE:
		changes(w, e);
		break;
	case SDL_REC_STOPPED:
		ends(w, e);
		break;
	default:
		break;
	}
}
