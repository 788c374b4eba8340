/* rehome mutants: the table of known-bad switches. */
#include "common/base/mutant.h"
#include "sim/harness/command.h"
#include "sim/harness/table.h"

int sim_cmd_mutants(struct sim_command *command, struct sim_error *err)
{
	struct sim_table *t = sim_table_new();

	(void)command;
	(void)err;
	sim_table_row(t, "mutant\tclause\tin\tseeds\twhat it does wrong");
	for (unsigned id = 0; id < MUTANTS; id++) {
		const struct mutant *m = mutant((enum mutant_id)id);

		sim_table_row(t, "%s\t%s\t%s\t%llu\t%s", m->name, m->clause, m->program,
			      (unsigned long long)m->seeds, m->text);
	}
	sim_table_print(&t, stdout);
	return 0;
}
