/*
 * record.h - the one record: what a program did, in order.
 *
 * Each program appends entries to a ring of bytes. On the real host the ring is a shared mapping of
 * a file, so what was written survives SIGKILL; on the virtual host all programs share one ring in
 * memory. The record is the SDL trace (rendered by sdl/view/trace.h), the decision log and the
 * event history that expectations look at. Writing is a copy, never formatting.
 *
 * Readers follow the writer without locks: an entry counts once `head` has passed it; a reader that
 * fell more than the ring behind learns how much it lost. What was overwritten while it was read is
 * never handed out.
 */
#ifndef SDL_RECORD_H
#define SDL_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sdl/sdl.h"

enum sdl_record_kind {
	SDL_REC_START = 1,  /* program started; payload: its name; seq: its incarnation */
	SDL_REC_SIGNAL,	    /* SdlSig: handled, from this program */
	SDL_REC_IN,	    /* SdlSig-I: handled, from another program */
	SDL_REC_OUT,	    /* SdlSig-O: sent to another program */
	SDL_REC_LOST,	    /* not sent: link out of service */
	SDL_REC_UNEXPECTED, /* no row in this state: discarded */
	SDL_REC_STALE,	    /* for a process that has ended, or from an older session: discarded */
	SDL_REC_SAVED,	    /* put aside until the state changes */
	SDL_REC_CREATED,    /* to = the new process, from = its creator */
	SDL_REC_STOPPED,    /* to = the process */
	SDL_REC_STATE,	    /* to's state changed; state = the new one, number = the old one */
	SDL_REC_LABEL,	    /* to = process; payload: text */
	SDL_REC_INFO,	    /* to = process; payload: text of a decision (AppInfo) */
	SDL_REC_LINK, /* LnkState; to.node/app = peer; state: 1 in service, 0 out; number: reason */
	SDL_REC_ALARM,	   /* payload: the alarm's line */
	SDL_REC_TIMER,	   /* timer armed; number: its signal; payload: int64 delay */
	SDL_REC_DRAW,	   /* random draw; payload: uint64 value */
	SDL_REC_MALFORMED, /* a frame or envelope was refused; payload: why */
	SDL_REC_FAULT,	   /* the harness struck; payload: the verb line */
	SDL_REC_END,	   /* orderly end; number: exit status */
};

/* Entries are 8-byte aligned; len is the whole length with header and padding. */
struct sdl_record_entry {
	uint32_t len;
	uint8_t kind;
	uint8_t node; /* the program that wrote it */
	uint16_t app;
	int64_t time_ns; /* virtual: since start; real: CLOCK_MONOTONIC */
	uint64_t seq;	 /* per program; kind START: incarnation */
	struct sdl_pid to;
	struct sdl_pid from;
	uint16_t number;
	uint16_t state;	   /* of `to` when handled */
	uint16_t depth[4]; /* queue lengths, high to lowest */
	uint32_t payload_len;
	struct sdl_tag tag;
	uint8_t payload[];
};

struct sdl_record;

/* In memory. size is rounded up to a power of two. */
struct sdl_record *sdl_record_new(size_t size);
/* In a file, made anew; mapped shared. NULL with errno set. */
struct sdl_record *sdl_record_create(const char *path, size_t size);
/* Attaches to a file that another program writes, or wrote. Read only. NULL with errno set; EINVAL:
 * not a record. */
struct sdl_record *sdl_record_attach(const char *path);
void sdl_record_destroy(struct sdl_record **record);

/* entry->len and payload_len are filled in here. */
void sdl_record_append(struct sdl_record *r, struct sdl_record_entry *entry, const void *payload,
		       size_t payload_len);
/* The chained hash over (time, source, destination, number, packed bytes) of all handled signals.
 */
uint64_t sdl_record_hash(const struct sdl_record *r);

/* Writes all that is still in the ring to a file that sdl_record_attach reads. 0 or -errno. */
int sdl_record_save(const struct sdl_record *r, const char *path);

/* A reader's place. Zero = from the oldest. */
struct sdl_record_cursor {
	uint64_t at;
	uint64_t lost; /* bytes overwritten before they were read */
};
/* The position after the newest entry: a mark. */
uint64_t sdl_record_head(const struct sdl_record *r);
/* The next entry, or NULL. Valid until the next one is read from the same record; in memory, until
 * the ring wraps over it (the virtual host does not run meanwhile). The rest of a file that is
 * broken counts as lost. */
const struct sdl_record_entry *sdl_record_next(const struct sdl_record *r,
					       struct sdl_record_cursor *cursor);
#endif
