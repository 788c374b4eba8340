#include "sim/replay/step.h"

#include <string.h>
#include <strings.h>

#include "common/msg/signal.h"
#include "sdl/core/core.h"
#include "sim/harness/table.h"

struct states {
	const char *what; /* NULL = all */
	const struct sim_program *program;
	struct sim_table *table;
	int64_t now_ns;
	size_t n;
};

static void put_timers(const struct states *s, const struct sdl_process *process, char *buf,
		       size_t size)
{
	size_t n = 0;

	*buf = '\0';
	for (const struct timer *t = process->timers; t && n < size; t = t->next)
		n += (size_t)snprintf(buf + n, size - n, "%s%s in %lld ms", n ? ", " : "",
				      signal_def(t->number)->name,
				      (long long)((t->at - s->now_ns) / 1000000));
}

static void show(void *arg, struct sdl_process *process)
{
	struct states *s = arg;
	const struct sdl_type *type = sdl_process_type(process);
	const char *label = sdl_process_label(process);
	struct sdl_pid pid = sdl_self(process);
	char timers[400];

	if (s->what && strcmp(s->what, label) != 0 && strcasecmp(s->what, type->name) != 0 &&
	    strcmp(s->what, s->program->name) != 0)
		return;
	put_timers(s, process, timers, sizeof(timers));
	sim_table_row(s->table, "%s\t%s(%u,%u,%u,%u)\t%s\t%lld ms\t%s\t%s", s->program->name,
		      type->name, (unsigned)pid.node, (unsigned)pid.app, (unsigned)pid.type,
		      (unsigned)pid.inst, type->states[sdl_state(process)].name,
		      (long long)((s->now_ns - process->since) / 1000000), label, timers);
	s->n++;
}

size_t step_states(struct sim_host *host, const char *what, FILE *out)
{
	struct states s = { .what = what, .table = sim_table_new(), .now_ns = sim_host_now(host) };
	size_t n;
	struct sim_program *programs = sim_host_programs(host, &n);

	sim_table_row(s.table, "PROGRAM\tPROCESS\tSTATE\tSINCE\tLABEL\tTIMERS");
	for (size_t i = 0; i < n; i++) {
		struct sdl_program *running = sim_host_running(host, &programs[i]);

		s.program = &programs[i];
		if (running)
			sdl_program_each(running, show, &s);
	}
	sim_table_print(&s.table, out);
	return s.n;
}
