/* rehome manual: the verbs as Markdown, from their table. */
#include <string.h>

#include "sim/admin/man.h"
#include "sim/harness/command.h"

static void show(const struct sim_verb *verb)
{
	unsigned host = verb->where & SIM_BOTH;
	char usage[300];

	sim_verb_usage(verb, usage, sizeof(usage));
	printf("### %s\n\n%s%s\n\n", verb->name, verb->help,
	       host == SIM_REAL	     ? " Real host only."
	       : host == SIM_VIRTUAL ? " Virtual host only."
				     : "");
	if (verb->where & (SIM_COMMAND | SIM_HERE))
		printf("    rehome %s\n", usage);
	if (verb->where & SIM_SCENARIO)
		printf("    %s\n", verb->example);
	putchar('\n');
	for (unsigned i = 0; i < sim_verb_args(verb); i++)
		if (verb->args[i].choices)
			printf("`%s` is one of: %s.\n\n", verb->args[i].name,
			       verb->args[i].choices);
}

int sim_cmd_manual(struct sim_command *command, struct sim_error *err)
{
	static const char *const titles[] = {
		[SIM_ON_CLUSTER] = "The cluster",
		[SIM_ON_PHONE] = "A phone: `c:phone(NAME)`, `rehome phone NAME`",
		[SIM_ON_APP] = "An application: `c:app(NAME, {...})`, `rehome app NAME`",
	};
	const struct sim_verb *verbs;
	size_t n = sim_verbs(&verbs);

	(void)err;
	if (sim_command_value(command, "man")) {
		sim_man_page(stdout);
		return 0;
	}
	puts("# Verbs\n\nMade by `rehome manual` from the table of verbs. Each serves the command "
	     "line, scenarios and the control\nsocket alike. A target is a node (`ccm1`), a "
	     "program "
	     "(`ccm1:callmanager`, `ccm1:ctimanager`, `app:NAME`) or\n`phones`; a time is written "
	     "`500ms`, `2s` or `1m`. Options are `--name value` on the command line and\n`{ name = "
	     "value }` in a scenario.\n");
	for (int s = SIM_ON_CLUSTER; s <= SIM_ON_APP; s++) {
		printf("## %s\n\n", titles[s]);
		for (size_t i = 0; i < n; i++)
			if ((int)verbs[i].subject == s)
				show(&verbs[i]);
	}
	return 0;
}
