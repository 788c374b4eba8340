/*
 * live_trace.h - the SDL trace of a virtual run, written while it runs: a watch of the host that
 * renders what has come into the record, every state, timer and draw included.
 *
 * It only looks: a run has the same trace hash with and without it (scripts/determinism asks).
 */
#ifndef SIM_SCRIPT_LIVE_TRACE_H
#define SIM_SCRIPT_LIVE_TRACE_H

#include <stdio.h>

#include "sim/harness/host.h"

struct live_trace;

/* out and next are borrowed; next is told after it, NULL = nobody. */
struct live_trace *live_trace_new(FILE *out, const struct sim_watch *next);
/* What the host is to be given; lives as long as the trace. */
const struct sim_watch *live_trace_watch(const struct live_trace *live);
/* Renders what is there and not yet written: the end of a run lies after its last signal. */
void live_trace_update(struct live_trace *live, struct sim_host *host);
void live_trace_destroy(struct live_trace **live);

#endif
