/*
 * plan.h - what a seed means: a cluster, its applications, and what users, applications and faults
 * do, step by step. Nothing runs here; each draw comes from its own stream of the seed.
 */
#ifndef SIM_EXPLORE_PLAN_H
#define SIM_EXPLORE_PLAN_H

#include "sim/harness/verb.h"

#define PLAN_APPS_MAX  3
#define PLAN_STEPS_MAX 160

struct plan_app {
	char name[16];
	char user[16];
	char managers[SIM_TOPOLOGY_NODES][16];
	size_t managers_n;
	int heartbeat_s;
};

/* A verb of the table, that long after the step before it. */
struct plan_step {
	int64_t after_ns;
	const struct sim_verb *verb;
	char subject[20];
	char args[SIM_ARGS_MAX][32]; /* "" = not given */
};

struct plan {
	uint64_t seed;
	int speed;
	char *source; /* of the topology */
	struct sim_topology *topology;
	struct plan_app apps[PLAN_APPS_MAX];
	size_t apps_n;
	struct plan_step steps[PLAN_STEPS_MAX];
	size_t steps_n;
};

/* 0, or -1 with what is wrong with the cluster that was drawn: a mistake here. */
int plan_draw(struct plan *plan, uint64_t seed, struct sim_error *err);
void plan_free(struct plan *plan);

#endif
