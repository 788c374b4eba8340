/*
 * cluster.h - a cluster to measure, with one application (load.h) that has its ports open.
 *
 * Nodes ccm1 .. ccmN with a CallManager and a CTIManager each. Port i has ccm(i mod spread + 1) as
 * its first CallManager and the next one as its second. Service parameters allow any number of
 * devices.
 */
#ifndef SIM_BENCH_CLUSTER_H
#define SIM_BENCH_CLUSTER_H

#include "sim/bench/load.h"
#include "sim/harness/run_dir.h"

struct bench_cluster_spec {
	int nodes;
	size_t ports;
	int spread; /* over how many nodes the ports are spread; 0 = 1 */
	bool real;
	bool bridges;	    /* there are conference bridges, and a phone beside them */
	size_t record_size; /* virtual host: 0 = its default */
};

struct bench_cluster {
	struct bench_cluster_spec spec;
	struct sim_topology *topology;
	struct db *db;
	struct sim_run_dir dir;
	struct sim_host *host;
	struct load load;
	struct sim_reader *reader; /* of bench_cluster_messages */
	int64_t ready_ns;	   /* how long it took until all programs were ready and had met */
};

/* All programs are ready; with ports, the application has its provider open. NULL with *err. */
struct bench_cluster *bench_cluster_new(const struct bench_cluster_spec *spec,
					struct sim_error *err);
void bench_cluster_destroy(struct bench_cluster **cluster);

/* Lets the cluster live until done; an error after a minute of its time, when a program died, or
 * when the application was refused something. */
int bench_cluster_until(struct bench_cluster *cluster, bool (*done)(struct bench_cluster *cluster),
			struct sim_error *err);
/* So long of its own time. */
int bench_cluster_rest(struct bench_cluster *cluster, int64_t ns, struct sim_error *err);

/* Opens ports [from, to) and waits until all lines open so far are in service. */
int bench_cluster_open(struct bench_cluster *cluster, size_t from, size_t to,
		       struct sim_error *err);
/* Makes so many calls with so many pairs at work, and waits for their end. */
int bench_cluster_call(struct bench_cluster *cluster, size_t pairs, uint64_t calls,
		       struct sim_error *err);

/* Signals that programs have sent each other since the last look; virtual host. */
uint64_t bench_cluster_messages(struct bench_cluster *cluster);

/* Bytes of memory of its own (anonymous pages) of all programs with that application number; real
 * host. */
double bench_cluster_memory(struct bench_cluster *cluster, uint16_t app);

#endif
