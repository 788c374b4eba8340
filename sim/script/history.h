/*
 * history.h - what happened, as expectations see it.
 *
 * From the records of all programs it keeps the signals that phones and applications handled, and
 * the alarms, in the order of time, each with the label of the process that it happened to. A mark
 * is a position in it: nothing between two looks is missed.
 */
#ifndef SIM_SCRIPT_HISTORY_H
#define SIM_SCRIPT_HISTORY_H

#include "sim/harness/host.h"

enum sim_event_kind {
	SIM_EVENT_SIGNAL,
	SIM_EVENT_ALARM,
	SIM_EVENT_JTAPI, /* derived from the signal before it: jtapi.h */
};

struct sim_event {
	enum sim_event_kind kind;
	int64_t time_ns;
	struct sdl_pid to;
	uint16_t number;      /* of the signal */
	const char *label;    /* of the process; "" = none */
	const uint8_t *bytes; /* the packed message, or the alarm's line (not ended by 0) */
	uint32_t len;
};

struct sim_history;
struct sim_history *sim_history_new(struct sim_host *host);
void sim_history_destroy(struct sim_history **history);

/* Takes in what the records have got since the last call. */
void sim_history_update(struct sim_history *history);
/* How many events there are; the position of the next. */
size_t sim_history_n(const struct sim_history *history);
/* Valid until the next update. */
const struct sim_event *sim_history_at(const struct sim_history *history, size_t i);
/* Bytes of records that were overwritten unseen: then nothing can be judged. */
uint64_t sim_history_lost(const struct sim_history *history);

/* One line: "12.345 s  app:ivr  DeviceInService device=CTIRP_5000 node=1". */
void sim_history_print(const struct sim_history *history, size_t i, char *buf, size_t size);

#endif
