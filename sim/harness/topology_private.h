/* topology_private.h - what the files of the topology share. */
#ifndef SIM_HARNESS_TOPOLOGY_PRIVATE_H
#define SIM_HARNESS_TOPOLOGY_PRIVATE_H

#include "sim/harness/topology.h"

/* Memory that lives as long as the topology; zeroed. */
void *sim_topology_alloc(struct sim_topology *topology, size_t size);
const char *sim_topology_text(struct sim_topology *topology, const char *text);

/* Where a quoted text stands in the source: the first line after that of `anchor` (NULL = the
 * beginning) that holds it; 1 when it is not found. */
int sim_topology_line(const char *source, const char *anchor, const char *quoted);

/* Checks what refers to what. */
int sim_topology_check(const struct sim_topology *topology, struct sim_error *err);

struct sim_topology *sim_topology_new(void);

#endif
