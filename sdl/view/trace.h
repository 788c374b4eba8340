/*
 * trace.h - the record as an SDL trace, in the field's layout:
 *
 *	seq.sub |HH:MM:SS.mmm |Type |SignalName |State |Dest process |Source process |Tag |[queues]
 *	        data
 *
 * The state is that of the destination when it handles the signal; destination stands before
 * source; a process is Name(node,application,type,instance). seq is the program's; texts written
 * while a signal was handled are its .001, .002 ...
 *
 * Types: FileHead, SdlSig, SdlSig-I (came from another program), SdlSig-O (went to one), Created,
 * Stopped, LnkState, AppInfo, AppError, Alarm, Fault, FileTail. Data begins with *NoRow, *Stale,
 * *Saved or *NotSent where a signal was not handled. In the brackets stands the class of the signal,
 * then the queue lengths: H, N, L as in the field, V the lowest class.
 *
 * Source: public descriptions of CallManager SDL traces.
 */
#ifndef SDL_VIEW_TRACE_H
#define SDL_VIEW_TRACE_H

#include <stdio.h>

#include "sdl/record.h"

/* Time 0 of the virtual host is 10:00:00.000. */
#define SDL_TRACE_VIRTUAL_DAY_NS (INT64_C(36000) * 1000000000)

struct sdl_trace_options {
	/* The process type of that number in programs of that application, NULL if unknown: names
	 * and states come from it. */
	const struct sdl_type *(*type)(void *arg, uint16_t app, uint8_t number);
	void *arg;
	int64_t day_ns; /* the time of day, since midnight, at the record's time 0 */
	bool details;	/* also changes of state, timers, labels and draws, as AppInfo */
};

struct sdl_trace;

/* The options are copied. A trace belongs to one reading of the records, in their order; programs
 * may be mixed. */
struct sdl_trace *sdl_trace_new(const struct sdl_trace_options *options);
void sdl_trace_destroy(struct sdl_trace **trace);

/* The line of an entry, without line feed, cut to the buffer. Returns its whole length; 0 = this
 * entry has no line. */
size_t sdl_trace_line(struct sdl_trace *trace, const struct sdl_record_entry *entry, char *buf,
		      size_t size);
/* All that is in the record, a line each. Says so where the ring has lost entries. */
void sdl_trace_print(struct sdl_trace *trace, const struct sdl_record *record, FILE *out);

#endif
