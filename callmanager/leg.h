/* leg.h - what the files of a leg (LineCdpc) share: the table and a call's normal course are in
 * line_cdpc.c, the way to the called line and redirects in leg_setup.c, digits and tones in
 * leg_digits.c, addresses and streams in leg_media.c, the change to another peer in leg_transfer.c,
 * consult calls in leg_consult.c, pickup in leg_pickup.c, what device and applications are told in
 * leg_view.c, the end in leg_end.c.
 *
 * A leg is one party's half of a call, at the node of the party's device. It speaks with its device
 * (StationD, CTIStationD), with its LineControl, which made it, and with the other leg. Nobody else
 * is in the path, so the death of a third node means nothing to it (CAL-02).
 *
 * Functions here are called by handlers and return what those return.
 *
 * Source: CAL-01..05, RTP-09, MED-03; states as in Q.931 where it has them.
 */
#ifndef CALLMANAGER_LEG_H
#define CALLMANAGER_LEG_H

#include "callmanager/forwarding.h"
#include "callmanager/srtp.h"

enum leg_state {
	LEG_NULL,
	LEG_CALL_INITIATED,  /* dial tone */
	LEG_OVERLAP_SENDING, /* some digits are there */
	LEG_CALL_PROCEEDING, /* on its way to the called line */
	LEG_CALL_DELIVERED,  /* the other side rings */
	LEG_CALL_PRESENT,    /* offered to an application */
	LEG_CALL_RECEIVED,   /* rings here */
	LEG_CONNECT_REQUEST, /* answered here; another device may have been faster */
	LEG_ACTIVE10,
	LEG_HOLD,
	LEG_REDIRECT_REQUEST,	/* has asked the other leg to go on without it */
	LEG_REROUTING,		/* was asked so, and looks for the new party */
	LEG_TRANSFER_REQUEST,	/* locked: the other side is about to get another peer */
	LEG_TRANSFERRING,	/* is about to get another peer */
	LEG_PRESERVED,		/* the other side's node is gone, the stream goes on */
	LEG_DISCONNECT_REQUEST, /* failed; tone until the user hangs up */
	LEG_RELEASE_REQUEST,	/* over; last answers are awaited */
};

enum leg_reception { LEG_RX_CLOSED, LEG_RX_OPENING, LEG_RX_OPEN };

struct leg_media {
	enum leg_reception rx;
	bool sending;
	bool peer_known;
	uint32_t open; /* counts what was asked of the device: late answers are told by it */
	uint32_t ip, port, codec;
	uint32_t peer_ip, peer_port, peer_codec;
	bool keyed;		  /* the device hears an encrypted stream, if the peer can */
	struct cm_srtp peer_srtp; /* of what the peer hears */
	/* Holds and retrieves of ours told to the peer, and of its known here. An address is worth
	 * something only from who knew all of ours when it was sent. */
	uint32_t told, seen;
	bool local_hold, remote_hold;
};

/* A consult call that is under way: of a held leg, or of the leg that was made for it. */
struct leg_consult {
	struct sdl_pid other;  /* none: the line has not answered yet */
	CtiLineCallToReq *req; /* until then: what was asked; own copy */
	struct sdl_pid asker;
	uint16_t answer;
	ConsultFor purpose;
	uint32_t held_ci; /* of the consult leg: the held call's; else 0 */
};

struct leg {
	CcLegInit *is; /* own copy */
	struct sdl_pid device;
	struct sdl_pid peer;
	uint8_t target;	 /* node to which a set-up is under way, 0 = none */
	uint8_t watched; /* node watched for the peer's sake */
	uint8_t watched_target;
	uint8_t watched_new;
	uint32_t setup; /* the newest set-up's number */
	uint32_t ci;
	uint64_t gci;
	bool outgoing;
	bool told;	   /* the device knows the leg */
	bool closed_known; /* and knows that it is over */
	bool connected_once;
	bool encrypted;	 /* counted as such */
	bool stays_held; /* its peer has sent it on while it was held here */
	LegUse use;
	CtiCallState cti;
	FeatureReason reason;
	uint8_t hops;
	enum leg_state before; /* a redirect, or a transfer */
	int64_t rings_until_ns;
	struct leg_media media;
	struct sdl_pid coordinator;  /* who has locked this leg */
	CcTransfer *transfer;	     /* who is to be the peer; own copy */
	uint32_t new_peer_gone;	     /* it has ended already, with that cause */
	struct leg_consult *consult; /* NULL: none */
	bool shared;		     /* called: other devices have the call, too */
	bool peer_consults;	     /* this is a consult call of the other side's */
	bool told_consults;	     /* the other side knows that it is one of this side's */
	bool setup_consults;	     /* so does who is being set up to */
	/* An unanswered redirect, blind transfer, or answer of a shared line, of an application. */
	struct sdl_pid asker;
	uint16_t answer;
	uint32_t async_response;
	bool rings_in_group; /* PickupManager knows it */
	bool pickup;	     /* the set-up under way is to one line, wherever others go */
	/* Who waits to hear whether a parked call was retrieved. */
	struct sdl_pid unparker;
	uint32_t unpark_async;
	char digits[CM_DN_SIZE]; /* dialled, or the destination being tried */
	char calling[CM_DN_SIZE];
	char called[CM_DN_SIZE];
	char original_called[CM_DN_SIZE];
	char last_redirecting[CM_DN_SIZE];
	/* What others see in place of the line's own number, if that was changed at a redirect, or
	 * by a pattern; and before the redirect under way. */
	char presented[CM_DN_SIZE];
	char presented_before[CM_DN_SIZE];
};

static inline void leg_text(char to[CM_DN_SIZE], const char *from)
{
	size_t n = 0;

	while (from && from[n] && n < CM_DN_SIZE - 1) {
		to[n] = from[n];
		n++;
	}
	to[n] = '\0';
}

/* A number that can be dialled: digits, star, pound; not too long. */
bool leg_number_valid(const char *number);

static inline bool leg_is_phone(const struct leg *leg)
{
	return cm_is_phone(leg->is->kind);
}

static inline bool leg_from_peer(const struct leg *leg, const struct sdl_signal *sig)
{
	return !sdl_pid_none(leg->peer) && sdl_pid_equal(leg->peer, sig->from);
}

/* Who is at the other side, as far as is known. */
static inline char *leg_far_number(struct leg *leg)
{
	return leg->outgoing ? leg->called : leg->calling;
}

/* ---- the device's view ----------------------------------------------------------------------- */
/* Tells the device and thereby every application: a new call, or another state, or other parties.
 */
void leg_tell(struct sdl_process *self, CtiCallState state, uint32_t cause);
/* The call has another GCI. */
void leg_tell_gci(struct sdl_process *self);
/* The device has to forget the leg, and says when it has. */
void leg_tell_closed(struct sdl_process *self, uint32_t cause);
/* Tells the line what the leg is to its limits. */
void leg_use(struct sdl_process *self, LegUse use);
/* Answers a call request. */
void leg_answer(struct sdl_process *self, const struct sdl_signal *req, uint32_t result);
/* Answers the unanswered redirect, if there is one. */
void leg_answer_redirect(struct sdl_process *self, uint32_t result);
/* Answers the unanswered CtiLineCallUnParkReq, if there is one. */
void leg_answer_unpark(struct sdl_process *self, uint32_t result);

/* ---- the end --------------------------------------------------------------------------------- */
/* Over: tells the peer (if any), the device and the line. */
int leg_clear(struct sdl_process *self, uint32_t cause);
/* Over, and told so: ends when the last answers are there. */
int leg_finish(struct sdl_process *self);
/* The call attempt came to nothing: a phone gets a tone until its user hangs up, others are
 * cleared. */
int leg_fail(struct sdl_process *self, uint32_t cause);

/* Onwards to where the line's configuration says, or else the caller is told. */
int leg_forward(struct sdl_process *self, struct cm_forward forward, FeatureReason reason,
		uint32_t cause);
sdl_handler leg_on_released, leg_on_disconnect, leg_on_peer_lost, leg_on_link_down,
	leg_on_stream_lost, leg_on_device_lost, leg_on_app_lost, leg_on_late_answer, leg_on_closed;

/* ---- set-up ---------------------------------------------------------------------------------- */
/* Begins to ring: sets the ring timer. Rings on after a redirect or transfer that came to nothing: no
 * longer than it would have without. */
void leg_rings(struct sdl_process *self);
void leg_rings_on(struct sdl_process *self);
/* Asks digit analysis where the digits lead. */
void leg_analyse(struct sdl_process *self, bool complete);
/* The new party has taken the call: it is the peer from now on. */
void leg_set_peer(struct sdl_process *self, struct sdl_pid peer);
void leg_watch(struct sdl_process *self);
/* Begins to set up to a number, from any state that may: forwards and redirects count as hops. */
void leg_route(struct sdl_process *self, const char *number, bool complete);
/* The same, complete, in the calling search spaces of somebody else. */
void leg_route_in(struct sdl_process *self, const char *number, const struct cm_scope *scope);
sdl_handler leg_on_da_res;
sdl_handler leg_on_setup_ack;
sdl_handler leg_on_setup_rej;
/* Of several devices one has answered: to the caller, and from him. */
sdl_handler leg_on_pull, leg_on_take, leg_on_taken, leg_on_taken_late;
sdl_handler leg_on_redirect_by_peer;
/* The peer could not be redirected: it stays the peer, all is as it was. Returns that state. */
int leg_stay(struct sdl_process *self, uint32_t cause);
/* Answers the peer's request to go on without it: 0, or why not (Q.850). */
void leg_redirect_res(struct sdl_process *self, uint32_t cause);
/* Asks the peer to go on to that number without this leg; as calling, if that is not NULL. */
int leg_redirect(struct sdl_process *self, const char *destination, FeatureReason reason,
		 const char *original_called, const char *calling);
/* The same, where the number is to be looked for in the forward's own calling search spaces. */
int leg_redirect_in(struct sdl_process *self, const struct cm_forward *to, FeatureReason reason);
sdl_handler leg_on_redirected;

/* The call is answered. Returns the next state. */
int leg_connected(struct sdl_process *self);
/* A call of this side's own begins, with dial tone. */
void leg_begin_outgoing(struct sdl_process *self);
/* To that number, all of it. Returns the next state. */
int leg_dial(struct sdl_process *self, const char *number);
/* The call is held; told to all. */
void leg_hold(struct sdl_process *self);

/* ---- another peer ---------------------------------------------------------------------------- */
/* What a transfer was waiting for this leg for will not come: tells the coordinator, or the new
 * peer. */
void leg_leave_transfer(struct sdl_process *self, uint32_t cause);
sdl_handler leg_on_lock, leg_on_lock_refused, leg_on_transfer_locked, leg_on_transfer_res,
	leg_on_transfer_done, leg_on_transfer_undone, leg_on_transfer_by_peer,
	leg_on_transfer_refused, leg_on_transferred, leg_on_not_transferred,
	leg_on_released_transferring, leg_on_link_down_transferring, leg_on_join, leg_on_dropped;

/* ---- call pickup (leg_pickup.c) -------------------------------------------------------------- */
/* It rings, and may be picked up if its line is in a group; it does not any more. */
void leg_pickup_rings(struct sdl_process *self);
void leg_pickup_gone(struct sdl_process *self);
/* Tells the Pickup, if this leg is made for one. */
void leg_pickup_tell(struct sdl_process *self, const CcSetup *setup);
/* Asks the peer to go on to the picker without this leg. */
int leg_redirect_to_picker(struct sdl_process *self, CcPicker *picker);
sdl_handler leg_on_pickup, leg_on_pickup_refused;

/* ---- digits ---------------------------------------------------------------------------------- */
/* Of a number, by keys or by an application; in a connected call, for the other side to hear. */
sdl_handler leg_on_digits, leg_on_no_digits, leg_on_digits_complete, leg_on_dial, leg_on_play_dtmf,
	leg_on_dtmf;

/* ---- consult calls --------------------------------------------------------------------------- */
/* This leg ends, and with it the consulting; lost: a node or device was (CAL-03). */
void leg_end_consult(struct sdl_process *self, uint32_t lost);
/* This leg was made for a consult call that is under way. */
bool leg_consults(const struct leg *leg);
/* Tells the peer whether it is so, unless it knows. */
void leg_tell_consulting(struct sdl_process *self);
sdl_handler leg_on_setup_consult, leg_on_consult_refused, leg_on_consult_granted, leg_on_consult,
	leg_on_consult_end, leg_on_consulting;

/* ---- media ----------------------------------------------------------------------------------- */
/* Starts what is to flow now: connected and held by nobody. */
void leg_media_start(struct sdl_process *self);
void leg_media_stop(struct sdl_process *self);
/* Both directions as far as this side can know. */
bool leg_media_established(const struct leg *leg);
void leg_media_new_peer(struct leg *leg);
sdl_handler leg_on_media_open;
sdl_handler leg_on_media_timeout;
sdl_handler leg_on_media_ind;
sdl_handler leg_on_remote_hold;
sdl_handler leg_on_remote_retrieve;

#endif
