/*
 * load.h - the application of the benchmarks: it opens ports and makes calls between them.
 *
 * Ports are numbered from 0: port i is BENCH_DEVICE with the line BENCH_DN, both printed with i.
 * Pair k is the ports 2k (calls) and 2k + 1 (answers at once). A call is completed when it was set
 * up, answered, connected at both ends, dropped by the caller and closed at both ends; then its
 * pair makes the next one. What happened when is told by the wall clock.
 *
 * Transfers and conferences are made by three ports each, 3k, 3k + 1 and 3k + 2: the first calls the second,
 * which consults the third and completes. Completed is one when the three have hung up afterwards.
 */
#ifndef SIM_BENCH_LOAD_H
#define SIM_BENCH_LOAD_H

#include "ctimanager/client/cti.h"
#include "sim/bench/bench.h"

#define BENCH_DEVICE "CTIP_%07zu"
#define BENCH_DN     "4%07zu"

enum load_work { LOAD_CALLS, LOAD_TRANSFERS, LOAD_CONFERENCES };

struct load_port {
	uint64_t line;
	uint64_t call;
	uint64_t consult; /* the second of a trio */
	unsigned calls;	  /* of a trio's port */
	int64_t asked_ns; /* caller: when the call was asked for */
	bool in_service;
	bool connected;
	bool busy; /* it has a call */
};

struct load {
	struct cti_app app; /* its callbacks, for the host */
	struct cti *cti;    /* once the application runs */
	bool provider_open;
	size_t ports_n;
	struct load_port *ports;
	size_t *asked; /* by sequence number: 1 + the port that is opened, or 0 */
	size_t asked_n;
	size_t opened;	   /* devices that answered */
	size_t in_service; /* lines */
	size_t wanted;	   /* lines that are to be in service */
	size_t failures;   /* requests that were refused */
	char failure[80];  /* the first of them */
	int64_t first_out_ns, last_in_ns;
	/* calls */
	enum load_work work;
	size_t calls_max;      /* pairs or trios at work; 0 = no new calls */
	bool hold;	       /* connected calls stay */
	uint64_t calls_wanted; /* no new calls are made after so many */
	uint64_t begun, connected, completed;
	double latency_us; /* of the last call */
};

void bench_load_init(struct load *load, size_t ports);
void bench_load_free(struct load *load);
/* Opens ports [from, to). In a turn of the application, or between its turns. */
void bench_load_open(struct load *load, size_t from, size_t to);
/* Begins calls (or what work says) of the first `pairs` pairs (trios) until `wanted` were made. */
void bench_load_call(struct load *load, size_t pairs, uint64_t wanted);
/* load_trio.c: what trios do. */
void load_trio_begin(struct load *load, size_t trio);
void load_trio_new_call(struct load *load, struct load_port *port, const struct cti_event *e);
void load_trio_connected(struct load *load, struct load_port *port, const struct cti_event *e);
void load_trio_closed(struct load *load, struct load_port *port, const struct cti_event *e);
/* A request that the library did not take, or that was refused. */
void load_failed(struct load *load, const char *what, const char *why);

/* Forgets when devices went out of and into service. */
void bench_load_mark(struct load *load);

#endif
