/* park_slot.h - what the files of ParkSlot share; see park_slot.c.
 *
 * Functions here are called by its handlers, and return what those return.
 */
#ifndef CALLMANAGER_PARK_SLOT_H
#define CALLMANAGER_PARK_SLOT_H

#include "callmanager/process.h"

enum {
	SLOT_LOCKING,
	SLOT_NUMBERING,
	SLOT_PREPARING,
	SLOT_PARKED,
	SLOT_RETRIEVING,
	SLOT_REVERTING,
	SLOT_MOVING,
	SLOT_OVER
};

struct park_party {
	struct sdl_pid leg;
	bool agreed;
	LegStand stand;
	char number[CM_DN_SIZE];
};

struct park_slot {
	CcParkInit *is; /* own copy */
	bool gone;	/* the parker's leg has ended before it was left out */
	struct park_party
		parked; /* the other side's leg: peer of the parker's, then of this slot */
	struct park_party caller; /* who retrieves */
	bool rings;		  /* who was put in the parked party's place has not answered yet */
	CcTransfer *transfer;	  /* who is about to be; own copy */
	bool next_gone;		  /* and has ended already */
	uint64_t gci;
	bool told;		 /* who watches park numbers was told of the parked call */
	bool lost;		 /* it ends because a node was */
	char number[CM_DN_SIZE]; /* the park number; "" = none yet */
};

/* The call is parked no more: its number is given back. */
int park_slot_over(struct sdl_process *self);
void park_slot_release(struct sdl_process *self, const struct park_party *party, uint32_t cause);
bool park_slot_from(const struct sdl_signal *sig, const struct park_party *party);

/* ---- another party in the place of the parked one (park_slot_party.c) ------------------------ */
sdl_handler park_slot_on_transfer, park_slot_on_transfer_refused, park_slot_on_moved,
	park_slot_on_not_moved, park_slot_on_gone_moving, park_slot_on_link_down_moving,
	park_slot_on_connected;

#endif
