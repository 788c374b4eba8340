/* rehome: the command. What it can do is in the table of verbs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/harness/command.h"
#include "sim/harness/table.h"

#define USAGE_SHOWN 46

static void help(void)
{
	const struct sim_verb *verbs;
	size_t n = sim_verbs(&verbs);
	struct sim_table *t = sim_table_new();

	puts("rehome: a virtual CallManager cluster, and what happens when parts of it fail\n\n"
	     "usage: rehome [--cluster NAME] VERB ...; rehome VERB --help tells more\n");
	for (size_t i = 0; i < n; i++) {
		char usage[300];

		if (!(verbs[i].where & (SIM_COMMAND | SIM_HERE)))
			continue;
		sim_verb_usage(&verbs[i], usage, sizeof(usage));
		if (strlen(usage) > USAGE_SHOWN) { /* whole options only */
			char *cut = usage + USAGE_SHOWN;

			while (cut > usage && (*cut != ' ' || cut[1] != '['))
				cut--;
			strcpy(cut > usage ? cut : usage + USAGE_SHOWN, " ...");
		}
		sim_table_row(t, "  %s\t%s", usage, verbs[i].help);
	}
	sim_table_print(&t, stdout);
	puts("\nTargets: ccm1 (the node), ccm1:callmanager, ccm1:ctimanager, app:NAME, phones.\n"
	     "Exit status: 0 passed, 1 failed, 2 usage or input error, 3 unknown.");
}

static int complain(const struct sim_error *err, int status)
{
	fflush(stdout);
	if (status && err->text[0])
		fprintf(stderr, "rehome: %s\n", err->text);
	return status;
}

int main(int argc, char **argv)
{
	struct sim_command command;
	struct sim_error err = { 0 };
	const char *cluster = NULL;
	int status;

	argc--;
	argv++;
	if (argc > 1 && !strcmp(argv[0], "--cluster")) {
		cluster = argv[1];
		argc -= 2;
		argv += 2;
	}
	if (argc < 1 || !strcmp(argv[0], "help") || !strcmp(argv[0], "--help")) {
		help();
		return argc < 1 ? SIM_USAGE : 0;
	}
	if (!strcmp(argv[0], "--version")) {
		puts("rehome " REHOME_VERSION);
		return 0;
	}
	if (!strcmp(argv[argc - 1], "--help") && !sim_command_help(argc, argv))
		return 0;
	if (sim_command_parse(&command, argc, argv, &err) < 0) {
		free(command.rest);
		return complain(&err, err.status);
	}
	if (!command.cluster)
		command.cluster = cluster;
	status = sim_command_run(&command, &err);
	free(command.rest);
	return complain(&err, status);
}
