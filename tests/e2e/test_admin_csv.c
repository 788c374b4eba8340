/* Bulk import and export, as an administrator types them. */
#include "tests/lib/rehome.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char file[200], csv[200];

static void set_up(void)
{
	rehome_set_up();
	snprintf(file, sizeof(file), "%s/t.db", rehome_place);
	snprintf(csv, sizeof(csv), "%s/t.csv", rehome_place);
	ck_assert_int_eq(rehome_run("admin create %s --topology three-nodes", file), 0);
}

#define ADMIN(format, ...)                                                                         \
	rehome_run("admin --database %s " format, file __VA_OPT__(, ) __VA_ARGS__)
#define DONE(...) ck_assert_msg(ADMIN(__VA_ARGS__) == 0, "%s", rehome_output)

static void write_rows(const char *text)
{
	FILE *f = fopen(csv, "we");

	fputs(text, f);
	ck_assert_int_eq(fclose(f), 0);
}

START_TEST(chk_02_chk_03_thousands_of_phones_and_lines_are_imported_at_once)
{
	FILE *f = fopen(csv, "we");

	fputs("name,model,devicepool,description\n", f);
	for (int i = 0; i < 5000; i++)
		fprintf(f, "SEPA%011d,7960,devices,\"Desk %d, \"\"A\"\"\"\r\n", i, i);
	fclose(f);
	DONE("import phone %s", csv);
	rehome_says("phones: 5000 added, 0 changed");
	f = fopen(csv, "we");
	fputs("fkdevice,numplanindex,dnorpattern,cfnaintdestination\n", f);
	for (int i = 0; i < 5000; i++)
		fprintf(f, "SEPA%011d,1,%d,1001\n", i, 700000 + i);
	fclose(f);
	rehome_in = csv;
	DONE("import line --json");
	rehome_in = NULL;
	rehome_says("\"added\": 5000");
	DONE("show phone SEPA00000004999");
	rehome_says("description           Desk 4999, \"A\"\n");
	rehome_says("lines                 1:704999\n");
}
END_TEST

/* What is refused, and what is said; the first row that is right must not be kept. */
static const struct {
	const char *rows, *says;
} refused[] = {
	{ "", "The first row names the columns: there is none" },
	{ "name,colour\nX,red\n", "Column 2: a phone has no 'colour'" },
	{ "name,model,model\n", "'model' is there twice" },
	{ "name,model,devicepool\nSEP90,7960,devices\nSEP91,7960\n",
	  "Row 2 (line 3): it has 2 cells, the first row has 3. Nothing was imported" },
	{ "name,model,devicepool\nSEP90,7960,devices\n\n\"SEP91\",7960,nope\n",
	  "Row 2 (line 4): There is no device pool 'nope'" },
	{ "name,model,devicepool\nSEP90,7960,devices\nSEP91,7960,\n",
	  "Row 2 (line 3): Adding phone 'SEP91': device 'SEP91' names no device pool" },
	{ "name,model,devicepool\nSEP90,7960,devices\nSEP90,7960,devices\n",
	  "Row 2 (line 3): Adding phone 'SEP90': a device 'SEP90' exists already" },
	{ "model,devicepool\n7960,devices\n", "Row 1 (line 2): Which phone?" },
	{ "name,model,devicepool\nSEP90,7960,devices\nSEP91,\"79\n",
	  "Row 2 (line 3): its quotes do not end" },
};

START_TEST(an_import_is_all_or_nothing_and_names_the_row_that_is_bad)
{
	write_rows(refused[_i].rows);
	ck_assert_int_eq(ADMIN("import phone %s", csv), 2);
	rehome_says(refused[_i].says);
	ck_assert_int_eq(ADMIN("show phone SEP90"), 2);
}
END_TEST

START_TEST(with_update_what_exists_is_changed)
{
	write_rows("name,model,devicepool,description\nSEP000000000001,7970,devices,new\n"
		   "SEP90,7960,devices,newer\n");
	ck_assert_int_eq(ADMIN("import phone %s", csv), 2);
	DONE("import phone %s --update", csv);
	rehome_says("phones: 1 added, 1 changed");
	DONE("list phone");
	rehome_says("SEP000000000001  Cisco 7970  SCCP              new");
}
END_TEST

/* In an order in which what is referred to comes first. */
static const char *const kinds[] = { "node",	    "group",	    "partition",      "searchspace",
				     "devicepool",  "dialrules",    "phone",	      "port",
				     "routepoint",  "number",	    "line",	      "parknumber",
				     "pickupgroup", "routepattern", "translation",    "parameter",
				     "usergroup",   "enduser",	    "applicationuser" };
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

START_TEST(what_is_exported_makes_the_same_cluster_again)
{
	char other[200];
	char *was[KINDS];

	snprintf(file, sizeof(file), "%s/plan.db", rehome_place);
	ck_assert_int_eq(rehome_run("admin create %s --topology dial-plan", file), 0);
	DONE("add dialrules D '8... 0'");
	DONE("add parknumber 77XX ccm1");
	DONE("add pickupgroup PG 7100 --description 'First, floor'");
	DONE("add enduser alice --usergroups 'Standard CTI Enabled' --firstname A");
	snprintf(other, sizeof(other), "%s/other.db", rehome_place);
	ck_assert_int_eq(rehome_run("admin create %s", other), 0);
	for (size_t i = 0; i < KINDS; i++) {
		DONE("export %s", kinds[i]);
		was[i] = strdup(rehome_output);
		ck_assert_ptr_nonnull(was[i]);
		write_rows(was[i]);
		ck_assert_msg(rehome_run("admin --database %s import %s %s --update", other,
					 kinds[i], csv) == 0,
			      "%s: %s", kinds[i], rehome_output);
	}
	for (size_t i = 0; i < KINDS; i++) {
		ck_assert_int_eq(rehome_run("admin --database %s export %s", other, kinds[i]), 0);
		ck_assert_str_eq(rehome_output, was[i]);
		free(was[i]);
	}
}
END_TEST

START_TEST(files_that_cannot_be_read_or_written_are_named)
{
	ck_assert_int_eq(ADMIN("import phone /nowhere/x.csv"), 2);
	rehome_says("/nowhere/x.csv: No such file or directory");
	ck_assert_int_eq(ADMIN("export phone /nowhere/x.csv"), 2);
	ck_assert_int_eq(ADMIN("export phone /dev/full"), 1);
	rehome_says("/dev/full: No space left on device");
	ck_assert_int_eq(ADMIN("import phone a b"), 2);
	rehome_says("'b' is one word too many");
	ck_assert_int_eq(ADMIN("import service"), 2);
	rehome_says("import does not work for a service");
}
END_TEST

int main(int argc, char **argv)
{
#define CASE(t) SUITE_CASE_WITH(t, set_up, rehome_tear_down)
	struct suite_case cases[] = {
		CASE(an_import_is_all_or_nothing_and_names_the_row_that_is_bad),
		CASE(chk_02_chk_03_thousands_of_phones_and_lines_are_imported_at_once),
		CASE(with_update_what_exists_is_changed),
		CASE(what_is_exported_makes_the_same_cluster_again),
		CASE(files_that_cannot_be_read_or_written_are_named),
	};

	cases[0].loop_to = (int)(sizeof(refused) / sizeof(refused[0]));
	return suite_main(argc, argv, "e2e/test_admin_csv", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
