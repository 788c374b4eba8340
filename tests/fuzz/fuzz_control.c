/* Requests of the control socket, to a host that only pretends to do what it is told. */
#include <stdlib.h>
#include <string.h>

#include "sim/harness/control.h"
#include "sim/harness/host_private.h"
#include "sim/harness/topology.h"
#include "tests/fuzz/input.h"

static int64_t now_ns;

static int strike(struct sim_host *host, struct sim_program *program, struct sim_error *err)
{
	(void)host;
	(void)program;
	(void)err;
	return 0;
}

static int post(struct sim_host *host, struct sim_program *program, const struct sdl_envelope *e,
		struct sim_error *err)
{
	(void)host;
	(void)program;
	(void)e;
	(void)err;
	return 0;
}

static int64_t now(const struct sim_host *host)
{
	(void)host;
	return now_ns;
}

static enum sim_until turn(struct sim_host *host, int64_t deadline_ns, bool watched)
{
	(void)host;
	(void)watched;
	if (deadline_ns > now_ns)
		now_ns = deadline_ns;
	return SIM_DEADLINE;
}

static void poke(struct sim_host *host)
{
	(void)host;
}

static char *alarms(struct sim_host *host)
{
	(void)host;
	return strdup("");
}

static const struct sim_host_ops ops = { .is_virtual = true,
					 .start = strike,
					 .kill = strike,
					 .term = strike,
					 .freeze = strike,
					 .thaw = strike,
					 .post = post,
					 .now = now,
					 .turn = turn,
					 .poke = poke,
					 .alarms = alarms };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sim_topology *topology;
	struct sim_error err = { 0 };
	struct sim_host_options options = { 0 };
	struct sim_host *host = calloc(1, sizeof *host);
	bool down = false;
	char *answer;

	if (!topology && sim_topology_generate(&topology, 3, &err))
		abort();
	now_ns = 0;
	options.topology = topology;
	sim_host_init(host, &ops, &options);
	sim_host_log(host, sdl_record_new(1), "", "cluster");
	for (size_t i = 0; i < host->programs_n; i++)
		host->programs[i].state = SIM_READY;
	answer = sim_control_answer((const char *)data, size, host, &down);
	if (!answer || strchr(answer, '\n'))
		abort(); /* one line answers */
	free(answer);
	sim_host_free(host);
	free(host);
	return 0;
}
