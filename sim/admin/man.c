#include "sim/admin/man.h"

#include <string.h>

#include "sim/admin/work.h"
#include "sim/harness/verb.h"

/* Text in roff: a dash is a dash, and nothing at a line's beginning is a request. */
static void put(FILE *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", out);
	for (; *text; text++)
		if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '-')
			fputs("\\-", out);
		else
			fputc(*text, out);
}

static void item(FILE *out, const char *name, const char *rest, const char *help)
{
	fputs(".TP\n.B ", out);
	put(out, name);
	if (*rest) {
		fputc(' ', out);
		put(out, rest);
	}
	fputc('\n', out);
	put(out, help);
	fputc('\n', out);
}

static void verbs(FILE *out, enum sim_subject subject, const char *title)
{
	const struct sim_verb *all;
	size_t n = sim_verbs(&all);

	fprintf(out, ".SS %s\n", title);
	for (size_t i = 0; i < n; i++) {
		char usage[300];

		if (all[i].subject != subject || !(all[i].where & (SIM_COMMAND | SIM_HERE)))
			continue;
		sim_verb_usage(&all[i], usage, sizeof(usage));
		item(out, usage, "", all[i].help);
	}
}

static void kinds(FILE *out)
{
	const struct admin_kind *k;

	for (size_t i = 0; (k = admin_kind_at(i)); i++) {
		char key[200];

		admin_key_usage(k, true, key, sizeof(key));
		item(out, k->name, key, k->help);
		fputs(".RS\n", out);
		for (size_t c = 0; k->columns[c].name; c++)
			item(out, k->columns[c].name, "", k->columns[c].help);
		fputs(".RE\n", out);
	}
}

void sim_man_page(FILE *out)
{
	fputs(".\\\" Made by rehome manual --man from the tables of verbs and of kinds of "
	      "objects.\n"
	      ".TH REHOME 1 \"\" \"rehome " REHOME_VERSION "\" \"Rehome\"\n"
	      ".SH NAME\nrehome \\- a virtual CallManager cluster, and what happens when parts of "
	      "it "
	      "fail\n"
	      ".SH SYNOPSIS\n.B rehome\n[\\fB\\-\\-cluster\\fR \\fINAME\\fR]\n\\fIVERB\\fR ...\n"
	      ".SH DESCRIPTION\nRuns CallManager and CTIManager programs, phones and CTI "
	      "applications on one machine, strikes them, and judges what happens. A target is a "
	      "node (ccm1), a program (ccm1:callmanager, ccm1:ctimanager, app:NAME) or phones; a "
	      "time is written 500ms, 2s or 1m.\n"
	      ".SH VERBS\n",
	      out);
	verbs(out, SIM_ON_CLUSTER, "The cluster");
	verbs(out, SIM_ON_PHONE, "A phone");
	verbs(out, SIM_ON_APP, "An application");
	fputs(".SH ADMINISTRATION\n.B rehome admin\nworks on the database of a running cluster, or "
	      "on a file (\\fB\\-\\-database\\fR \\fIFILE\\fR); \\fB\\-\\-json\\fR prints JSON.\n",
	      out);
	for (size_t i = 0; work_operations[i].name; i++)
		item(out, work_operations[i].name, work_operations[i].usage,
		     work_operations[i].help);
	fputs(".SS Kinds of objects and their columns\nOptions may leave out fk and tk at the "
	      "beginning, and what follows when that is clear.\n",
	      out);
	kinds(out);
	fputs(".SH EXIT STATUS\n0 passed or done, 1 failed, 2 usage or input error, 3 run but not "
	      "judgeable.\n"
	      ".SH FILES\n.TP\n.I $XDG_RUNTIME_DIR/rehome/NAME\nthe directory of a running "
	      "cluster: "
	      "cluster.db, records, alarms.log\n"
	      ".SH SEE ALSO\n.BR callmanager (1),\n.BR ctimanager (1),\n.BR phones (1),\n"
	      ".BR ctiapp (1)\n",
	      out);
}
