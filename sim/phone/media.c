/*
 * Media - all streams of an endpoint program.
 *
 *   quiet ---- a stream starts ----> streaming --(MediaTickTimer: a tick per stream)--+
 *     ^                                |   ^                                          |
 *     +------- the last one stops -----+   +------------------------------------------+
 *
 * One timer serves all streams. Numbers of a stream begin at (how often one was started) << 16, so
 * that a tick that was overtaken by a later start is known to be old.
 */
#include "sim/media.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "common/msg/address.h"
#include "common/msg/messages.h"

enum { QUIET, STREAMING };

/* Ticks that may be missing before the other side counts as gone. */
#define MISSED_MAX 3

struct stream {
	uint32_t port; /* key */
	uint32_t ip;
	char device[16];
	struct sdl_pid owner;
	bool transmitting;
	uint32_t to_ip;
	uint32_t to_port;
	uint32_t next; /* number of the next tick sent */
	bool receiving;
	bool hearing; /* the sender below is there */
	bool ended;   /* its last tick was seen: older ones mean nothing */
	bool awaited; /* but another one is to come instead */
	uint32_t from_ip;
	uint32_t from_port;
	uint32_t newest; /* number of the newest tick heard */
	uint32_t received;
	uint32_t lost;
	unsigned silent; /* intervals since then */
	UT_hash_handle hh;
};

struct media {
	struct stream *streams;
	uint32_t starts;
};

static sdl_handler on_start_reception, on_stop_reception, on_start_transmission,
	on_stop_transmission, on_tick, on_interval;

static const struct sdl_state states[] = {
	[QUIET] = { .name = "quiet", .waits = "" },
	[STREAMING] = { .name = "streaming",
			.timer = SIG_MediaTickTimer,
			.param = PARAM_MEDIA_TICK_INTERVAL },
};

static const struct sdl_row rows[] = {
	{ SDL_ANY, SIG_MediaStartReception, on_start_reception, TO(STREAMING) },
	{ SDL_ANY, SIG_MediaStopReception, on_stop_reception, TO(QUIET) },
	{ SDL_ANY, SIG_MediaStartTransmission, on_start_transmission, TO(STREAMING) },
	{ SDL_ANY, SIG_MediaStopTransmission, on_stop_transmission, TO(QUIET) },
	{ QUIET, SIG_MediaTick, sdl_ignore, 0 },
	{ STREAMING, SIG_MediaTick, on_tick, 0 },
	{ STREAMING, SIG_MediaTickTimer, on_interval, 0 },
};

static struct stream *find(struct media *m, uint32_t port)
{
	struct stream *s;

	HASH_FIND(hh, m->streams, &port, sizeof(port), s);
	return s;
}

static struct stream *find_or_add(struct media *m, const struct sdl_signal *sig)
{
	const MediaStream *req = sig->msg;
	struct stream *s = find(m, req->port);

	if (!s) {
		s = calloc(1, sizeof(*s));
		if (!s)
			abort();
		s->port = req->port;
		HASH_ADD(hh, m->streams, port, sizeof(s->port), s);
	}
	s->owner = sig->from;
	s->ip = req->ip;
	if (req->device) {
		strncpy(s->device, req->device, sizeof(s->device) - 1);
		s->device[sizeof(s->device) - 1] = '\0';
	}
	return s;
}

/* Forgets a stream that does nothing any more. Returns the state that is left. */
static int drop_idle(struct media *m, struct stream *s)
{
	if (s && !s->receiving && !s->transmitting) {
		HASH_DEL(m->streams, s);
		free(s);
	}
	return m->streams ? STREAMING : QUIET;
}

static void send_tick(struct sdl_process *self, struct stream *s, bool last)
{
	MediaTick tick = MEDIA_TICK__INIT;
	/* Node numbers of endpoint programs are unique, so the node alone finds the program. */
	struct sdl_pid to = { .node = (uint8_t)s->to_ip, .type = ENDPOINT_MEDIA, .inst = 1 };

	tick.ip = s->to_ip;
	tick.port = s->to_port;
	tick.from_ip = s->ip;
	tick.from_port = s->port;
	tick.number = s->next++;
	tick.has_last = last;
	tick.last = last;
	sdl_datagram(self, to, SIG_MediaTick, &tick);
}

static void tell_owner(struct sdl_process *self, struct stream *s, uint16_t number,
		       MediaStopReason reason)
{
	MediaStreamEvent ev = MEDIA_STREAM_EVENT__INIT;

	ev.port = s->port;
	ev.device = s->device;
	ev.from_ip = s->from_ip;
	ev.from_port = s->from_port;
	if (number == SIG_MediaStreamStopped) {
		ev.has_reason = ev.has_received = ev.has_lost = true;
		ev.reason = reason;
		ev.received = s->received;
		ev.lost = s->lost;
	}
	sdl_send(self, s->owner, number, &ev);
}

static int on_start_reception(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct stream *s = find_or_add(sdl_data(self), sig);

	if (!s->receiving) {
		s->receiving = true;
		s->hearing = false;
		s->ended = s->awaited = false;
		s->silent = 0;
	}
	return STREAMING;
}

static int on_stop_reception(struct sdl_process *self, const struct sdl_signal *sig)
{
	const MediaStream *req = sig->msg;
	struct media *m = sdl_data(self);
	struct stream *s = find(m, req->port);

	if (s) {
		s->receiving = false;
		s->hearing = false;
	}
	return drop_idle(m, s);
}

static int on_start_transmission(struct sdl_process *self, const struct sdl_signal *sig)
{
	const MediaStream *req = sig->msg;
	struct media *m = sdl_data(self);
	struct stream *s = find_or_add(m, sig);
	bool same = s->to_ip == req->to_ip && s->to_port == req->to_port;

	if (s->transmitting && same)
		return STREAMING;
	if (s->transmitting)
		send_tick(self, s, true);
	s->awaited = s->receiving && s->ended &&
		     (s->from_ip != req->to_ip || s->from_port != req->to_port);
	s->transmitting = true;
	s->silent = 0;
	s->to_ip = req->to_ip;
	s->to_port = req->to_port;
	s->next = ++m->starts << 16;
	send_tick(self, s, false);
	return STREAMING;
}

static int on_stop_transmission(struct sdl_process *self, const struct sdl_signal *sig)
{
	const MediaStream *req = sig->msg;
	struct media *m = sdl_data(self);
	struct stream *s = find(m, req->port);

	if (s && s->transmitting) {
		send_tick(self, s, true);
		s->transmitting = false;
	}
	return drop_idle(m, s);
}

static bool not_newer(uint32_t number, uint32_t than)
{
	return (int32_t)(number - than) <= 0;
}

/* The first tick of a sender. */
static void hear(struct sdl_process *self, struct stream *s, const MediaTick *tick)
{
	s->hearing = true;
	s->ended = s->awaited = false;
	s->from_ip = tick->from_ip;
	s->from_port = tick->from_port;
	s->received = 0;
	s->lost = 0;
	s->newest = tick->number - 1;
	tell_owner(self, s, SIG_MediaStreamStarted, MEDIA_STOP_REASON__MEDIA_LAST_TICK);
}

static int on_tick(struct sdl_process *self, const struct sdl_signal *sig)
{
	const MediaTick *tick = sig->msg;
	struct stream *s = find(sdl_data(self), tick->port);
	bool same;

	if (!s || !s->receiving)
		return STREAMING;
	same = tick->from_ip == s->from_ip && tick->from_port == s->from_port;
	if (same && (s->hearing || s->ended) && not_newer(tick->number, s->newest))
		return STREAMING;
	if (tick->last && !(same && s->hearing))
		return STREAMING; /* the end of what was never heard, or is replaced already */
	if (!same || !s->hearing)
		hear(self, s, tick);
	else if (tick->number >> 16 != s->newest >> 16)
		s->newest = tick->number - 1; /* started anew: nothing is missing in between */
	s->lost += tick->number - s->newest - 1;
	s->newest = tick->number;
	s->received++;
	s->silent = 0;
	if (tick->last) {
		s->hearing = false;
		s->ended = true;
		tell_owner(self, s, SIG_MediaStreamStopped, MEDIA_STOP_REASON__MEDIA_LAST_TICK);
	}
	return STREAMING;
}

/* The other side may have ended before it was heard at all: whoever has both directions open misses
 * it, too. */
static bool is_silent(const struct stream *s)
{
	return s->hearing || (s->receiving && s->transmitting && (!s->ended || s->awaited));
}

static int on_interval(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct media *m = sdl_data(self);
	struct stream *s, *next;

	(void)sig;
	HASH_ITER (hh, m->streams, s, next) {
		if (s->transmitting)
			send_tick(self, s, false);
		if (is_silent(s) && ++s->silent == MISSED_MAX + 1) {
			s->hearing = s->awaited = false;
			s->ended = true;
			tell_owner(self, s, SIG_MediaStreamStopped,
				   MEDIA_STOP_REASON__MEDIA_SILENCE);
		}
	}
	return STREAMING | SDL_REENTER;
}

static int start(struct sdl_process *self)
{
	sdl_label(self, "media");
	return QUIET;
}

static void stop(struct sdl_process *self)
{
	struct media *m = sdl_data(self);
	struct stream *s, *next;

	HASH_ITER (hh, m->streams, s, next) {
		HASH_DEL(m->streams, s);
		free(s);
	}
}

const struct sdl_type sim_media = {
	.name = "Media",
	.number = ENDPOINT_MEDIA,
	.at_start = true,
	.size = sizeof(struct media),
	.states = states,
	.states_n = sizeof(states) / sizeof(states[0]),
	.rows = rows,
	.rows_n = sizeof(rows) / sizeof(rows[0]),
	.start = start,
	.stop = stop,
};

/* ---- for owners ---------------------------------------------------------------------------- */
uint32_t sim_media_ip(uint8_t cluster, uint8_t node)
{
	return 127u << 24 | (uint32_t)cluster << 16 | node;
}

static MediaStream request(const struct sim_stream *own)
{
	MediaStream req = MEDIA_STREAM__INIT;

	req.port = own->port;
	req.has_ip = true;
	req.ip = own->ip;
	req.device = (char *)own->device;
	return req;
}

void sim_media_receive(struct sdl_process *self, const struct sim_stream *own)
{
	MediaStream req = request(own);

	sdl_send(self, sdl_local(self, ENDPOINT_MEDIA), SIG_MediaStartReception, &req);
}

void sim_media_transmit(struct sdl_process *self, const struct sim_stream *own, uint32_t to_ip,
			uint32_t to_port)
{
	MediaStream req = request(own);

	req.has_to_ip = req.has_to_port = true;
	req.to_ip = to_ip;
	req.to_port = to_port;
	sdl_send(self, sdl_local(self, ENDPOINT_MEDIA), SIG_MediaStartTransmission, &req);
}

static void post_port(struct sdl_process *self, uint16_t number, uint32_t port)
{
	MediaStream req = MEDIA_STREAM__INIT;

	req.port = port;
	sdl_send(self, sdl_local(self, ENDPOINT_MEDIA), number, &req);
}

void sim_media_stop_receiving(struct sdl_process *self, uint32_t port)
{
	post_port(self, SIG_MediaStopReception, port);
}

void sim_media_stop_transmitting(struct sdl_process *self, uint32_t port)
{
	post_port(self, SIG_MediaStopTransmission, port);
}

void sim_media_close(struct sdl_process *self, uint32_t port)
{
	sim_media_stop_receiving(self, port);
	sim_media_stop_transmitting(self, port);
}
