/* What `rehome admin --help` prints, from the tables. */
#include <string.h>

#include "sim/admin/admin.h"
#include "sim/admin/work.h"
#include "sim/harness/table.h"

static const char *const types[] = {
	[ADMIN_TEXT] = "text",	 [ADMIN_WHOLE] = "number", [ADMIN_FLAG] = "t|f",
	[ADMIN_REFERS] = "name", [ADMIN_LIST] = "a,b,...", [ADMIN_SECRET] = "text",
	[ADMIN_SHOWN] = "shown",
};

static void help_of_kind(const struct admin_kind *kind, FILE *out)
{
	struct sim_table *t = sim_table_new();
	char key[200];

	admin_key_usage(kind, true, key, sizeof(key));
	fprintf(out, "%s: %s\n\nusage: rehome admin add|show|change|remove ... %s %s\n\n",
		kind->title, kind->help, kind->name, key);
	for (size_t i = 0; kind->columns[i].name; i++) {
		const struct admin_column *c = &kind->columns[i];
		bool is_short = !strncmp(c->name, "fk", 2) || !strncmp(c->name, "tk", 2);

		sim_table_row(t, "  --%s\t%s\t%s%s%s", c->name + (is_short ? 2 : 0), types[c->type],
			      c->help, c->preset ? "; preset: " : "", c->preset ? c->preset : "");
	}
	sim_table_print(&t, out);
}

void sim_admin_help(const char *const *words, size_t n, FILE *out)
{
	struct sim_table *t;

	for (size_t i = 0; i < n; i++)
		if (admin_kind(words[i])) {
			help_of_kind(admin_kind(words[i]), out);
			return;
		}
	fputs("usage: rehome admin OPERATION ... [--cluster NAME | --database FILE] [--json]\n\n"
	      "Works on the database of a running cluster, or of a stopped one (--database FILE).\n"
	      "\n",
	      out);
	t = sim_table_new();
	for (size_t i = 0; work_operations[i].name; i++)
		sim_table_row(t, "  %s %s\t%s", work_operations[i].name, work_operations[i].usage,
			      work_operations[i].help);
	sim_table_print(&t, out);
	fputs("\nKinds of objects ('rehome admin add KIND --help' shows the columns):\n", out);
	t = sim_table_new();
	for (size_t i = 0; admin_kind_at(i); i++) {
		char key[200];

		admin_key_usage(admin_kind_at(i), false, key, sizeof(key));
		sim_table_row(t, "  %s %s\t%s", admin_kind_at(i)->name, key,
			      admin_kind_at(i)->help);
	}
	sim_table_print(&t, out);
}
