/*
 * link.h - two bare programs that send each other signals, and the same over bare libzmq.
 *
 * The sender is in this process, the receiver in a child of it, each with its own ZeroMQ context,
 * connected as two programs of a cluster are: a ROUTER bound on each side, a DEALER to the other.
 * The receiver confirms every `every` messages; the sender keeps at most `window` unconfirmed. Both
 * kinds move BENCH_MESSAGE_BYTES for each: a libzmq message of that size, or a signal whose
 * envelope has it, packed, sent, recorded on both sides, unpacked and handled.
 *
 * No thread may run in this process: the child is forked.
 */
#ifndef SIM_BENCH_LINK_H
#define SIM_BENCH_LINK_H

#include "sim/bench/bench.h"
#include "sim/harness/run_dir.h"

#define BENCH_MESSAGE_BYTES 100

struct bench_traffic {
	uint32_t n;	 /* messages */
	uint32_t window; /* at least `every` */
	uint32_t every;
	bool secure; /* the programs' line is encrypted (bench_link_sdl) */
};

struct bench_taken {
	int64_t wall_ns;
	int64_t cpu_ns; /* of both sides */
};

int bench_link_zmq(const struct bench_traffic *traffic, const struct sim_run_dir *dir,
		   struct bench_taken *taken, struct sim_error *err);
int bench_link_sdl(const struct bench_traffic *traffic, const struct sim_run_dir *dir,
		   struct bench_taken *taken, struct sim_error *err);
/* The same two programs on the virtual host. */
int bench_link_virtual(const struct bench_traffic *traffic, struct bench_taken *taken,
		       struct sim_error *err);

#endif
