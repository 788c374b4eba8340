/* Scenario files, as far as the check goes that precedes every run: nothing is started. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sim/script/script.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sim_run *run = calloc(1, sizeof *run);
	struct sim_error err = { 0 };
	char path[64];
	int fd = memfd_create("scenario", 0);

	if (!run || fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (sim_scenario_check(run, path, &err) && !err.text[0])
		abort(); /* refused without a word */
	sim_run_free(run);
	free(run);
	close(fd);
	return 0;
}
