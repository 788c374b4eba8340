/*
 * door.h - what a program holds, asked through its door: processes with states and timers, links,
 * counters, alarms.
 */
#ifndef SIM_HARNESS_DOOR_H
#define SIM_HARNESS_DOOR_H

#include "sim/harness/host.h"

struct sim_door_process {
	struct sdl_pid pid;
	char type[32];
	char state[40];
	char label[64];
	int64_t since_ns;
	char timers[160]; /* "name 1234 ms, ..." */
};

struct sim_door_link {
	uint8_t node;
	uint16_t app;
	bool in_service;
	int64_t since_ns;
	int reason; /* LinkReason */
};

struct sim_door {
	bool complete; /* the program answered to the end */
	struct sim_door_process *processes;
	size_t processes_n;
	struct sim_door_link *links;
	size_t links_n;
	int64_t counters[COUNTER_COUNT];
	uint64_t alarms[ALARM_IDS]; /* how often each was raised since the program started */
	uint64_t signals;
	uint64_t unexpected;
};

enum { SIM_DOOR_PROCESSES = 1, SIM_DOOR_LINKS = 2, SIM_DOOR_COUNTERS = 4, SIM_DOOR_ALARMS = 8 };

/* Asks one program and waits for its answer, at most until the deadline; a program that does not
 * answer leaves complete = false. Free with sim_door_free in any case. type 0, label NULL: all. */
int sim_door_ask(struct sim_host *host, struct sim_program *program, int what, uint8_t type,
		 const char *label, int64_t deadline_ns, struct sim_door *door,
		 struct sim_error *err);
void sim_door_free(struct sim_door *door);

#endif
