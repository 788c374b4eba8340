/*
 * topology.h - what a cluster consists of: nodes, groups, pools, devices, users, parameters.
 *
 * Source is a Lua file that returns one table and does nothing else (sim/topologies/three-nodes.lua
 * shows every field), or sim_topology_generate for `up --nodes N`. It is checked as a whole when it
 * is loaded; errors name file and line. sim_topology_fill writes it into an empty database.
 *
 * Texts belong to the topology and live as long as it does.
 */
#ifndef SIM_HARNESS_TOPOLOGY_H
#define SIM_HARNESS_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/harness/host.h"

#define SIM_TOPOLOGY_NODES   20
#define SIM_TOPOLOGY_MEMBERS 3
#define SIM_TOPOLOGY_LINES   34
#define SIM_TOPOLOGY_DEVICES 200000

struct sim_node {
	const char *name; /* node i has number i + 1 */
	bool callmanager; /* activated */
	bool ctimanager;
};

struct sim_group {
	const char *name;
	const char *nodes[SIM_TOPOLOGY_MEMBERS];
	size_t nodes_n;
};

struct sim_pool {
	const char *name;
	const char *group;
};

struct sim_line {
	const char *dn;
	const char *pickup_group; /* NULL: in none */
	const char *partition;	  /* this and what follows: NULL or 0 = not set */
	const char *display;
	const char *cfa, *cfb, *cfna, *cfof, *cfur;
	const char *cfb_int, *cfna_int, *cfur_int; /* of internal calls; not set: as those above */
	const char *css; /* calling search spaces: of the line, of its forwards */
	const char *cfa_css, *cfb_css, *cfna_css, *cfur_css, *cfof_css;
	int auto_answer; /* typeautoanswer; 0 = off */
	int ring_s;	 /* Call Forward No Answer Ring Duration */
	int max_calls;
	int busy_trigger;
	bool cti_restricted;
};

enum sim_kind {
	SIM_PHONE,
	SIM_PORT,
	SIM_ROUTE_POINT,
};

struct sim_device {
	const char *name;
	enum sim_kind kind;
	int model;
	bool sip;
	bool udp;		/* SIP phones; else TCP */
	bool encrypted;		/* a security profile over TLS */
	const char *dial_rules; /* SIP phones: a set of them, or NULL */
	bool enbloc;
	bool cti_restricted;
	const char *pool;
	const char *css; /* calling search space, or NULL */
	struct sim_line *lines;
	size_t lines_n;
};

struct sim_dial_rules { /* of SIP phones; each a pattern and perhaps a time-out: "8,..... 0" */
	const char *name;
	const char **rules;
	size_t rules_n;
};

struct sim_space { /* a calling search space */
	const char *name;
	const char **partitions;
	size_t partitions_n;
};

struct sim_pattern {
	const char *pattern;
	bool route; /* a route pattern; else a translation pattern */
	const char *partition, *discard, *called_mask, *prefix, *calling_mask, *css;
	bool block, urgent;
};

struct sim_park_number {
	const char *pattern; /* a number, or a range: "77XX" */
	const char *node;
	const char *partition;
};

struct sim_pickup_group {
	const char *name;
	const char *number;
};

struct sim_user {
	const char *name;
	const char *password;
	bool application;
	const char **groups; /* "Standard CTI Enabled" ... */
	size_t groups_n;
	const char **devices; /* Controlled Devices */
	size_t devices_n;
};

struct sim_parameter {
	const char *name;
	const char *value;
};

struct sim_topology {
	const char *name;   /* "three-nodes" */
	const char *path;   /* NULL = generated */
	const char *source; /* the text of the file, for the bundle; NULL = generated */
	struct sim_node *nodes;
	size_t nodes_n;
	struct sim_group *groups;
	size_t groups_n;
	struct sim_pool *pools;
	size_t pools_n;
	const char **partitions;
	size_t partitions_n;
	struct sim_dial_rules *dial_rules;
	size_t dial_rules_n;
	struct sim_space *spaces;
	size_t spaces_n;
	struct sim_pattern *patterns;
	size_t patterns_n;
	struct sim_park_number *park_numbers;
	size_t park_numbers_n;
	struct sim_pickup_group *pickup_groups;
	size_t pickup_groups_n;
	struct sim_device *devices; /* phones, ports, route points, each in the order of the file */
	size_t devices_n;
	struct sim_user *users;
	size_t users_n;
	struct sim_parameter *parameters;
	size_t parameters_n;
	struct sim_topology_memory *memory;
};

/* A name ("three-nodes": looked for as sim/topologies/NAME.lua from the working directory upwards,
 * and beside the programs) or a path. */
int sim_topology_load(struct sim_topology **topology, const char *name, struct sim_error *err);
/* From a text; name is used in messages. */
int sim_topology_parse(struct sim_topology **topology, const char *name, const char *text,
		       struct sim_error *err);
/* n nodes ccm1 .. ccmN; a group of the first two; eight phones, a route point, four ports, the
 * application user ivr; as three-nodes.lua. */
int sim_topology_generate(struct sim_topology **topology, int nodes, struct sim_error *err);
/* What a database holds, path being that of its file. */
int sim_topology_read(struct sim_topology **topology, const char *path, struct sim_error *err);
void sim_topology_destroy(struct sim_topology **topology);

/* Writes all of it into an empty database, in one transaction. */
int sim_topology_fill(const struct sim_topology *topology, struct db *db, struct sim_error *err);

/* Looks; NULL or 0 when there is none. */
int sim_topology_node(const struct sim_topology *topology, const char *name); /* its number */
const struct sim_device *sim_topology_device(const struct sim_topology *topology, const char *name);
const struct sim_user *sim_topology_user(const struct sim_topology *topology, const char *name);
/* The group of a device, through its pool. */
const struct sim_group *sim_topology_group_of(const struct sim_topology *topology,
					      const struct sim_device *device);

#endif
