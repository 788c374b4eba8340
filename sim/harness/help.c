/* rehome VERB --help. */
#include <stdio.h>
#include <string.h>

#include "sim/admin/admin.h"
#include "sim/call/call.h"
#include "sim/harness/command.h"

int sim_command_help(int argc, char **argv)
{
	bool phone = !strcmp(argv[0], "phone");
	bool app = !strcmp(argv[0], "app");
	const struct sim_verb *verb =
		phone || app ? sim_verb(phone ? SIM_ON_PHONE : SIM_ON_APP, argc > 3 ? argv[2] : "")
			     : sim_verb(SIM_ON_CLUSTER, argv[0]);
	char usage[300];

	if (!verb)
		return -1;
	if (verb->args[0].name && verb->args[0].type == SIM_ARG_REST) {
		sim_admin_help((const char *const *)argv + 1, (size_t)argc - 1, stdout);
		return 0;
	}
	sim_verb_usage(verb, usage, sizeof(usage));
	printf("usage: rehome %s\n\n%s\n", usage, verb->help);
	for (unsigned i = 0; i < sim_verb_args(verb); i++)
		if (verb->args[i].choices)
			printf("%s: one of %s\n", verb->args[i].name, verb->args[i].choices);
	printf("\nFor example%s: %s\n", verb->where & SIM_SCENARIO ? ", in a scenario" : "",
	       verb->example);
	if (!strcmp(verb->name, "call") && verb->subject == SIM_ON_CLUSTER) {
		puts("\nAt the prompt:");
		sim_call_help(stdout);
	}
	return 0;
}
