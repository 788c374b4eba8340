/*
 * bench.h - rehome bench: what the parts cost, each beside a yardstick of the same run.
 *
 * A row of the table is one function that measures and adds its figures (figure.h). Rows build
 * clusters (cluster.h) with an application that opens devices and makes calls (load.h), or run bare
 * programs (link.h). Nothing here asserts a time.
 */
#ifndef SIM_BENCH_BENCH_H
#define SIM_BENCH_BENCH_H

#include "sim/bench/figure.h"
#include "sim/harness/command.h"

struct bench {
	struct bench_report report;
	bool quick;
	unsigned repeat;	      /* samples of each figure */
	size_t devices_max;	      /* largest number of devices of any row */
	struct bench_samples message; /* bare libzmq messages a second; see bench_message_rate */
};

struct bench_row {
	const char *name;
	const char *help;
	int (*run)(struct bench *bench, struct sim_error *err);
};

/* The rows in the order of the table; returns how many. */
size_t bench_rows(const struct bench_row **rows);

/* Wall clock. */
int64_t bench_now_ns(void);
/* CPU time of this process: what the virtual host and loops are measured by. They wait for nothing,
 * so it is what the wall clock shows on a machine that does nothing else. */
int64_t bench_cpu_ns(void);

/* Messages a second over bare libzmq, measured now, for machines change their mind: the yardstick
 * of whatever sends signals. NULL with *err. */
const struct bench_samples *bench_message_rate(struct bench *bench, struct sim_error *err);

/* One round trip between two programs over bare libzmq: us; and the CPU it takes for each of its
 * two messages: us. Adds to the samples. */
int bench_round_trip(struct bench *bench, struct bench_samples *us, struct sim_error *err);
int bench_message_cpu(struct bench *bench, struct bench_samples *us, struct sim_error *err);

/* Rows, by file. */
int bench_row_signals(struct bench *bench, struct sim_error *err); /* row_signals.c */
int bench_row_curve(struct bench *bench, struct sim_error *err);
int bench_row_virtual(struct bench *bench, struct sim_error *err);
int bench_row_encoding(struct bench *bench, struct sim_error *err);
int bench_row_calls(struct bench *bench, struct sim_error *err); /* row_calls.c */
int bench_row_features(struct bench *bench, struct sim_error *err);
int bench_row_latency(struct bench *bench, struct sim_error *err);
int bench_row_opens(struct bench *bench, struct sim_error *err); /* row_devices.c */
int bench_row_recovery(struct bench *bench, struct sim_error *err);
int bench_row_growth(struct bench *bench, struct sim_error *err);
int bench_row_startup(struct bench *bench, struct sim_error *err); /* row_cluster.c */
int bench_row_idle(struct bench *bench, struct sim_error *err);
int bench_row_memory(struct bench *bench, struct sim_error *err);
int bench_row_hours(struct bench *bench, struct sim_error *err);
int bench_row_database(struct bench *bench, struct sim_error *err); /* row_seeds.c */
int bench_row_seeds(struct bench *bench, struct sim_error *err);

/* The verb. Exit status 1 when --compare found something slower. */
int bench_command(struct sim_command *command, struct sim_error *err);

#endif
