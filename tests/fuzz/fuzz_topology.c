/* Topology files: a table of data in Lua, or an error with its place. */
#include <stdlib.h>
#include <string.h>

#include "sim/harness/topology.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct sim_topology *topology = NULL;
	struct sim_error err = { 0 };

	memcpy(text, data, size);
	text[size] = 0;
	if (sim_topology_parse(&topology, "fuzz", text, &err) == 0) {
		if (!topology || sim_topology_node(topology, "no such node"))
			abort();
	} else if (topology || !err.text[0] || err.status == SIM_PASSED) {
		abort(); /* refused without a word */
	}
	sim_topology_destroy(&topology);
	free(text);
	return 0;
}
