/*
 * link.h - links between programs: sessions over whatever lines the host offers. Private to sdl.
 *
 * A link is opened by hellos in both directions. Each side has an incarnation (its program's life)
 * and a session (its life of this link); every frame names both sides' sessions, and frames are
 * numbered. A link goes out of service on disconnection, silence, a gap, a full queue, a goodbye or
 * a malformed frame, never by silently dropping; then this side's session ends, so that nothing
 * that was queued before is ever delivered, and only a new hello brings the link back. Any frame
 * counts as life; heartbeats are sent only when idle.
 */
#ifndef SDL_LINK_LINK_H
#define SDL_LINK_LINK_H

#include "sdl/core/core.h"
#include "sdl/link/frame.h"

#include "common/msg/messages.h"

struct held; /* a frame that a fault holds back */

struct peer {
	struct peer *next; /* by (node, app) */
	uint8_t node;
	uint16_t app;
	bool wanted;	/* this program keeps the line open by itself */
	bool line_open; /* asked of the host */
	bool line_up;
	bool in_service;
	bool acked;		 /* our last hello acknowledged the peer's present session */
	bool acks_us;		 /* its last hello acknowledged our present session */
	enum _LinkReason reason; /* of the last time out of service */
	uint64_t incarnation;	 /* of the peer; 0 = never heard of */
	uint32_t session;	 /* of the peer; 0 = none */
	uint32_t own_session;
	uint32_t out_seq;
	uint32_t in_seq;
	int64_t heard;
	int64_t sent;
	int64_t since;
	int64_t next_hello;
	int64_t due; /* before then there is nothing to supervise; see peer_touch() */
	struct watch *watches;
	struct held *held_first;
	struct held *held_last;
	bool cut;
	int64_t delay;
	uint16_t out_count;
	size_t out_len;
	uint8_t *out; /* frame being filled; allocated when first used */
};

struct conn {
	struct conn *next;
	uint32_t number;
	uint8_t node; /* of the far end: claimed by a client */
	uint16_t app;
	bool server;  /* accepted here */
	bool open;    /* welcomed */
	uint8_t held; /* kind of the frame that opens it, while the line is cut; 0 = none */
	bool closed;  /* over for us; what still comes is dropped unparsed; SdlConnDown is queued */
	struct sdl_pid owner;
	uint32_t out_seq;
	uint32_t in_seq;
	uint16_t out_count;
	size_t out_len;
	uint8_t *out;
};

struct links {
	struct sdl_program *program;
	struct peer *peers;
	struct peer *index[256][10]; /* by node and app / 100 */
	struct watch *wild;	     /* watches of node 0 */
	struct conn *conns;	     /* by number */
	uint32_t conns_made;
	bool said_goodbye;
	int64_t due; /* of the first peer; LINK_DUE_UNKNOWN: some peer was touched */
	uint8_t frame[SDL_FRAME_MAX]; /* for frames that are not collected */
};

static inline bool links_mutant(const struct links *l, enum mutant_id id)
{
	return l->program->config.mutants & mutant_bit(id);
}

struct links *links_new(struct sdl_program *p);
void links_destroy(struct links **links);
/* Supervision: silence, heartbeats, hellos, held frames. Before anything else in a turn. */
void links_wake(struct links *l);
int64_t links_deadline(struct links *l);
void links_flush(struct links *l);
void links_goodbye(struct links *l);

bool links_up(const struct links *l, uint8_t node, uint16_t app);
void links_send(struct links *l, const struct sdl_envelope *e);
void links_watch(struct links *l, struct sdl_process *process, uint8_t node, uint16_t app);
void links_unwatch(struct links *l, struct sdl_process *process, uint8_t node, uint16_t app);
void links_fault(struct links *l, uint8_t node, uint16_t app, bool cut, int64_t delay);

/* Between the files of a link. */
struct peer *peer_find(const struct links *l, uint8_t node, uint16_t app);
/* Made when it is not known yet. */
struct peer *peer_get(struct links *l, uint8_t node, uint16_t app);
/* What is known of when the peer is due no longer holds: something may be due earlier. Nothing has
 * to be said when it is due later: it is looked at once too often then, and no more. */
#define LINK_DUE_UNKNOWN INT64_MIN
void peer_touch(struct links *l, struct peer *peer);
void peer_send_hello(struct links *l, struct peer *peer);
void peer_in_service(struct links *l, struct peer *peer);
void peer_out_of_service(struct links *l, struct peer *peer, enum _LinkReason reason);
/* line.c */
void peer_line_open(struct links *l, struct peer *peer);
void peer_line_close(struct links *l, struct peer *peer);
/* Sends, or holds while a fault says so; a full queue ends the link. */
void peer_line_transmit(struct links *l, struct peer *peer, const uint8_t *frame, size_t len);
void peer_line_release_held(struct links *l, struct peer *peer);
void peer_line_drop_held(struct peer *peer);
/* When the next held frame goes out; INT64_MAX = none does by itself. */
int64_t peer_line_held_until(const struct peer *peer);
/* watch.c */
void peer_tell(struct links *l, const struct peer *peer, uint16_t signal);
void peer_note_state(struct links *l, const struct peer *peer);
void peer_alarm(struct links *l, const struct peer *peer, bool up);

/* conn.c */
struct sdl_pid links_conn_open(struct links *l, struct sdl_pid owner, uint8_t node,
			       const char *identity);
void links_conn_own(struct links *l, uint32_t number, struct sdl_pid owner);
/* Whose is a signal of a connection, now that it is to be handled? None once the owner has closed
 * it. With SdlConnDown the connection goes. */
struct sdl_pid links_conn_take(struct links *l, const struct sdl_envelope *e);
void links_conn_send(struct links *l, const struct sdl_envelope *e);
void links_conn_close(struct links *l, uint32_t number);
void conns_flush(struct links *l);
void conns_goodbye(struct links *l);
void conns_free(struct links *l);

/* frames that are being filled, of peers and connections alike */
/* Appends a signal; false = no room: flush first. */
bool batch_add(uint8_t **out, size_t *len, uint16_t *count, const struct sdl_envelope *e);

#endif
