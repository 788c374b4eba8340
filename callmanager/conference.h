/* conference.h - what the files of Conference share; see conference.c. */
#ifndef CALLMANAGER_CONFERENCE_H
#define CALLMANAGER_CONFERENCE_H

#include "callmanager/process.h"

struct conference_party {
	struct conference_party *next; /* in the order in which they came */
	struct sdl_pid leg;
	uint32_t ci; /* 0: it has not joined yet */
	uint32_t asked, unanswered;
	bool confers;	/* the line that made the conference: the last of the first */
	bool leaving;	/* it was told to */
	bool preserved; /* its node is lost and its stream kept: it can only leave (CAL-04) */
};

struct conference {
	struct conference_party *parties;
	struct sdl_pid bridge;
	struct sdl_pid device; /* of who confers */
	uint32_t ci;
	uint64_t gci;
	char name[CM_DN_SIZE];
	struct sdl_pid transfer; /* connects the two that are left with each other; none: not now */
};

/* Whose leg that is; NULL: nobody's. */
struct conference_party *conference_party(const struct conference *c, struct sdl_pid leg);

/* ---- rows about the bridge (conference_bridge.c) --------------------------------------------- */
sdl_handler conference_on_media_open, conference_on_media_close, conference_on_media_send,
	conference_on_media_send_stop, conference_on_channel_open, conference_on_stream_lost,
	conference_on_link_down;

#endif
