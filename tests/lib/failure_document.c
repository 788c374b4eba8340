/* docs/failure-table.md, from the table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/failure_states.h"

static const char intro[] =
	"# What becomes of a call when something dies\n\n"
	"Made by `build/tests/cluster/test_failure_table --document` from the table that the test "
	"lives "
	"through, cell by\n"
	"cell, with the real programs on the virtual host "
	"(`tests/lib/failure_states.c`).\n\n"
	"A calls B. C is whom B transfers or redirects the call to, brings into a conference or "
	"shares its "
	"line with, or who\n"
	"retrieves the parked call or picks up the ringing one; D is whom calls are forwarded to "
	"when an "
	"application fails. A,\n"
	"B and C are at nodes of their own, with one more node as the second member of their "
	"groups. An "
	"application watches\n"
	"each line; that of a port or route point also terminates its media. A cell names those "
	"for "
	"whom something changes\n"
	"and their fate, as explained below; `-` is a fault that does not concern anybody, an "
	"empty "
	"cell one that nobody notices.\n"
	"What a SIP phone shows follows from its dialogs, and is told in the words of SCCP: a BYE, "
	"a CANCEL or a final answer\n"
	"to its INVITE is `OnHook`.\n"
	"After each cell all who live hang up, and no program has a call, a leg, a stream or a "
	"process "
	"of a feature left.\n\n";

static const char ways[] =
	"\nThe death of a CallManager is lived through three times: killed, stopped in order, and "
	"frozen "
	"(noticed after three\n"
	"seconds; where that makes a difference the cell says so). *Not in the path* stands for "
	"another "
	"node and for the\n"
	"CTIManager. When the CTIManager dies, each application is told CallObservationEnded of "
	"its "
	"calls, LineOutOfService and\n"
	"DeviceOutOfService (CTIMANAGER_FAILURE) and ProviderOutOfService, and on the next "
	"CTIManager "
	"ProviderInService,\n"
	"DeviceInService, LineInService and ExistingCall with the state that the call has (CTF-01, "
	"CTF-03); the call itself\n"
	"goes on (CTF-07). When a CallManager dies with it, the snapshot has what is left of the "
	"calls (CTF-08). A dead "
	"application is\n"
	"told nothing any more.\n";

static const char *const columns[FAULTS] = {
	[NOTHING] = "not in the path",
	[NODE_A] = "A's CallManager",
	[NODE_B] = "B's CallManager",
	[NODE_C] = "C's CallManager",
	[PROGRAM] = "the phones",
	[APP_A] = "A's application",
	[APP_B] = "B's application",
	[CUT_NODES] = "A's node cut off from B's",
	[CUT_PHONES] = "phones cut off from A's node",
};

static const char *const kinds[] = {
	[ABSENT] = "",
	[PHONE] = "phone",
	[SIP_PHONE] = "SIP phone",
	[SHARED_PHONE] = "phone (shared line)",
	[PORT] = "port",
	[DYNAMIC_PORT] = "port (media per call)",
	[ROUTE_POINT] = "route point",
};

/* "A stream, B preserved": those for whom something changes. */
static void cell(FILE *out, const struct failure_row *row, const char *fates)
{
	const char *comma = "";

	for (int p = 0; p < PARTIES; p++) {
		size_t n = strcspn(fates, " ");

		if (!row->kinds[p])
			continue;
		if (*fates != '=' && *fates != '.') {
			fprintf(out, "%s%c ", comma, 'A' + p);
			for (size_t i = 0; i < n; i++)
				fprintf(out, "%s%s", i ? ", then " : "",
					failure_fate(fates[i])->word);
			comma = "; ";
		}
		fates += n + (fates[n] == ' ');
	}
}

static void line(FILE *out, const struct failure_row *row)
{
	const char *comma = "";

	fprintf(out, "| %s | ", row->state);
	for (int p = 0; p < D; p++) {
		if (row->kinds[p])
			fprintf(out, "%s%s", comma, kinds[row->kinds[p]]);
		if (row->kinds[p])
			comma = ", ";
	}
	for (int f = 0; f < FAULTS; f++) {
		const char *frozen = f >= NODE_A && f <= NODE_C ? row->frozen[f - NODE_A] : NULL;

		fputs(" | ", out);
		if (row->fates[f])
			cell(out, row, row->fates[f]);
		else
			fputs("-", out);
		if (frozen) {
			fputs(" (frozen: ", out);
			cell(out, row, frozen);
			fputs(")", out);
		}
	}
	fputs(" |\n", out);
}

static void explain(FILE *out, const struct fate *f)
{
	const char *place =
		f->place ? (*f->place ? "at the next member" : "nowhere") : "where it was";

	fprintf(out, "| %s | %s | ", f->word, f->meaning);
	if (f->cause)
		fprintf(out, "CallClosed, %s", f->cause);
	if (f->service)
		fprintf(out, "; then LineOutOfService and DeviceOutOfService, %s%s",
			strstr(f->service, "DEVICE") ? "DEVICE_FAILURE" : "CALLMANAGER_FAILURE",
			strstr(f->service, "in ccm4") ? "; then in service at the next member"
						      : "");
	fprintf(out, " | %s | %s | %s | %s |\n", f->screen,
		f->stream == SPEAKS   ? "goes on"
		: f->stream == SILENT ? "no"
				      : "as before",
		place, f->clauses);
}

char *failure_document(void)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	fputs(intro, out);
	fputs("| state | A, B, C |", out);
	for (int f = 0; f < FAULTS; f++)
		fprintf(out, " %s |", columns[f]);
	fputs("\n|---|---|", out);
	for (int f = 0; f < FAULTS; f++)
		fputs("---|", out);
	fputc('\n', out);
	for (size_t i = 0; i < failure_rows_n; i++)
		line(out, &failure_rows[i]);
	fputs(ways, out);
	fputs("\n## Fates\n\n"
	      "| fate | what it is | its application is told | its phone shows | its stream | its "
	      "phone is "
	      "registered | clauses |\n"
	      "|---|---|---|---|---|---|---|\n",
	      out);
	for (size_t i = 0; i < failure_fates_n; i++)
		if (*failure_fates[i].word)
			explain(out, &failure_fates[i]);
	fclose(out);
	return text;
}
