/* rehome admin as an administrator types it: on the database of a stopped cluster and on a running one,
 * and on databases that are not well. */
#include "tests/lib/rehome.h"
#include "tests/lib/suite.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>
#include <sqlite3.h>

static char file[200];

/* A database with three nodes, eight phones, four ports, a route point. */
static void database(void)
{
	snprintf(file, sizeof(file), "%s/t.db", rehome_place);
	ck_assert_msg(rehome_run("admin create %s --topology three-nodes", file) == 0, "%s",
		      rehome_output);
}

#define ADMIN(format, ...)                                                                         \
	rehome_run("admin --database %s " format, file __VA_OPT__(, ) __VA_ARGS__)
#define DONE(...) ck_assert_msg(ADMIN(__VA_ARGS__) == 0, "%s", rehome_output)

START_TEST(chk_02_a_phone_is_added_shown_changed_and_removed_on_a_stopped_cluster)
{
	database();
	DONE("add phone SEP000000000009 --model 7960 --devicepool devices --description 'Front "
	     "desk'");
	rehome_says("phone SEP000000000009: added");
	DONE("add line SEP000000000009 1 1009");
	DONE("list phone SEP*9");
	rehome_says("NAME             TKMODEL     TKDEVICEPROTOCOL  DESCRIPTION  FKDEVICEPOOL  "
		    "LINES\n"
		    "SEP000000000009  Cisco 7960  SCCP              Front desk   devices       "
		    "1:1009\n");
	DONE("change phone SEP000000000009 --description ''");
	DONE("show phone SEP000000000009");
	rehome_says("description           -\n");
	DONE("remove line SEP000000000009 1");
	DONE("remove phone SEP000000000009");
	ck_assert_int_eq(ADMIN("show phone SEP000000000009"), 2);
	rehome_says("There is no phone 'SEP000000000009'; 'rehome admin list phone' shows which");
}
END_TEST

START_TEST(everything_is_shown_as_json_too)
{
	static const char *const lists[] = { "list phone",	     "list line",
					     "list parameter",	     "show node ccm1",
					     "show enduser alice",   "kinds",
					     "add partition P9",     "remove partition P9",
					     "depends node ccm1",    "list controlled",
					     "show line CTIP_6001 1" };

	database();
	DONE("add enduser alice --password secret");
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		json_t *o;

		DONE("%s --json", lists[i]);
		o = json_loads(rehome_output, 0, NULL);
		ck_assert_msg(o != NULL, "%s: %s", lists[i], rehome_output);
		ck_assert(!strstr(rehome_output, "secret"));
		json_decref(o);
	}
}
END_TEST

START_TEST(dep_03_with_dependency_records_off_a_message_says_so_instead)
{
	database();
	DONE("depends routepoint CTIRP_5000");
	rehome_says("Dependency records are not enabled");
	ck_assert(!rehome_said("directory number"));
}
END_TEST

static void enable(void)
{
	database();
	DONE("change parameter enterprise 'Enable Dependency Records' --paramvalue True");
}

START_TEST(dep_01_of_a_route_point_the_directory_numbers_that_use_it_are_summed_up)
{
	enable();
	DONE("add line CTIRP_5000 2 5001");
	DONE("depends routepoint CTIRP_5000");
	rehome_says("COUNT  TYPE\n1      application user\n2      directory number\n");
	DONE("depends routepoint CTIRP_5000 --details");
	rehome_says("directory number  5000\n");
	rehome_says("directory number  5001\n");
}
END_TEST

START_TEST(dep_02_of_a_number_the_details_are_shown)
{
	enable();
	DONE("add line SEP000000000002 2 1001");
	DONE("depends number 1001 --details");
	rehome_says("device  SEP000000000001\n");
	rehome_says("device  SEP000000000002\n");
	DONE("add line SEP000000000003 2 1033 --cfadestination 1001 --cfbdestination 1001");
	DONE("add pickupgroup PG 7000 --members 1001");
	DONE("depends number 1001");
	rehome_says("COUNT  TYPE\n2      device\n1      forward of number\n1      pickup group\n");
	DONE("depends number 1001 --details");
	rehome_says("forward of number  1033\n");
	DONE("add number 4711");
	DONE("depends number 4711");
	rehome_says("nothing uses directory number 4711");
}
END_TEST

START_TEST(dep_04_removal_of_what_is_in_use_lists_what_depends_on_it_and_is_refused)
{
	database();
	ck_assert_int_eq(ADMIN("remove devicepool devices"), 2);
	rehome_says("device  CTIRP_5000\n");
	rehome_says("device  SEP000000000008\n");
	rehome_says(
		"device pool 'devices' is in use, as listed (13); change or remove those first");
	DONE("show devicepool devices");
	ck_assert_int_eq(ADMIN("remove routepoint CTIRP_5000"), 2);
	rehome_says("application user  ivr\n");
	rehome_says("directory number  5000\n");
	ck_assert_int_eq(ADMIN("remove node ccm1"), 2);
	rehome_says("CallManager group  devices\n");
	ck_assert_int_eq(ADMIN("remove usergroup 'Standard CTI Enabled'"), 2);
	rehome_says("can be neither renamed nor removed");
	ck_assert_int_eq(ADMIN("remove number 5000 --json"), 2);
	rehome_says("\"name\": \"CTIRP_5000\"");
}
END_TEST

START_TEST(grp_07_a_warning_goes_beside_what_was_done)
{
	database();
	DONE("add membership ivr 'Standard CTI Allow Control of All Devices'");
	rehome_says("warning: ivr may control all devices over a connection in the clear");
	rehome_says("membership ivr Standard CTI Allow Control of All Devices: added");
}
END_TEST

START_TEST(a_password_comes_from_standard_input_and_is_kept_as_a_hash)
{
	static char in[100];
	FILE *f;

	database();
	snprintf(in, sizeof(in), "%s/in", rehome_place);
	f = fopen(in, "we");
	fputs("correct horse\n", f);
	fclose(f);
	rehome_in = in;
	DONE("add enduser alice --password -");
	rehome_in = NULL;
	ck_assert_int_eq(ADMIN("add enduser bob --password -"), 2);
	rehome_says("no password on standard input");
	DONE("show enduser alice");
	ck_assert(!rehome_said("argon2") && !rehome_said("horse"));
}
END_TEST

static const char *const misspelt[][2] = {
	{ "", "What is admin to do?" },
	{ "frob", "admin does not know 'frob'" },
	{ "add", "add what?" },
	{ "add toaster x", "There is no kind 'toaster'" },
	{ "add device x", "add does not work for a device" },
	{ "add phone x --colour red", "A phone has no colour" },
	{ "add phone x --model", "--model needs a value" },
	{ "show phone x --model 7960", "There is no option --model here" },
	{ "show phone", "Which phone? It is named by: NAME" },
	{ "list phone --columns name,colour", "There is no column 'colour'" },
	{ "change phone SEP000000000001", "nothing is said to be different" },
};

START_TEST(what_cannot_be_understood_is_refused_with_a_sentence)
{
	database();
	ck_assert_int_eq(ADMIN("%s", misspelt[_i][0]), 2);
	rehome_says(misspelt[_i][1]);
}
END_TEST

START_TEST(without_a_cluster_and_without_a_file_it_is_said_how)
{
	ck_assert_int_eq(rehome_run("admin list phone"), 2);
	rehome_says("there is no cluster 'rehome'; none runs");
	rehome_says("--database FILE works on one that is stopped");
	ck_assert_int_eq(rehome_run("admin --database /nowhere/t.db list phone"), 2);
	rehome_says("There is no database");
}
END_TEST

/* ---- databases that are not well ----------------------------------------------------- */

static sqlite3 *other;

static void by_another(const char *sql)
{
	if (!other)
		ck_assert_int_eq(sqlite3_open(file, &other), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(other, sql, NULL, NULL, NULL), SQLITE_OK);
}

START_TEST(a_locked_database_is_named_as_such_and_readers_go_on)
{
	database();
	by_another("BEGIN IMMEDIATE");
	ck_assert_int_eq(ADMIN("add partition P9"), 1);
	rehome_says("another program holds it locked; try again");
	DONE("list phone");
	by_another("COMMIT");
	DONE("add partition P9");
	sqlite3_close(other);
}
END_TEST

START_TEST(a_read_only_database_is_shown_and_not_changed)
{
	database();
	DONE("list phone");
	ck_assert_int_eq(chmod(file, 0400), 0);
	if (geteuid() != 0) { /* nothing is read-only to root */
		ck_assert_int_ne(ADMIN("add partition P9"), 0);
		rehome_says("may not be written");
	}
	DONE("list phone");
}
END_TEST

START_TEST(a_damaged_database_is_named_as_such)
{
	int fd;

	database();
	fd = open(file, O_WRONLY | O_CLOEXEC);
	for (int page = 40; page < 400; page++) {
		const char noise[512] = "noise noise noise noise noise noise noise";

		ck_assert_int_eq(pwrite(fd, noise, sizeof(noise), page * 4096 / 4), sizeof(noise));
	}
	close(fd);
	ck_assert_int_ne(ADMIN("add phone SEP9 --model 7960 --devicepool devices"), 0);
	rehome_says("damaged; go back to a copy");
	fd = open(file, O_WRONLY | O_TRUNC | O_CLOEXEC);
	ck_assert_int_eq(
		write(fd, "this is a letter to the editor, not a database, and long enough", 62),
		62);
	close(fd);
	ck_assert_int_eq(ADMIN("list phone"), 2);
	rehome_says("not a database");
}
END_TEST

/* ---- a running cluster --------------------------------------------------------------- */

/* Looks until the program has recorded that. */
static void in_trace(const char *program, const char *what)
{
	for (int i = 0; i < 10000 && !(rehome_run("trace %s", program) == 0 && rehome_said(what));
	     i++)
		poll(NULL, 0, 1);
	rehome_says(what);
}

START_TEST(chk_05_usr_04_on_a_running_cluster_programs_are_told_at_once)
{
	ck_assert_msg(rehome_run("up --nodes 1") == 0, "%s", rehome_output);
	ck_assert_msg(rehome_run("start-app ivr") == 0, "%s", rehome_output);
	ck_assert_int_eq(rehome_run("app ivr open SEP000000000002"), 0);
	in_trace("app:ivr", "result=ACCESS_TO_DEVICE_DENIED");
	ck_assert_msg(rehome_run("admin add controlled ivr SEP000000000002") == 0, "%s",
		      rehome_output);
	ck_assert_int_eq(rehome_run("app ivr open SEP000000000002"), 0);
	in_trace("app:ivr", "LineInService");
	ck_assert_int_eq(rehome_run("--cluster other admin list phone"), 2);
	rehome_says("running: rehome");
}
END_TEST

/* Looks until status says that. */
static void status_says(const char *what)
{
	for (int i = 0; i < 10000 && !(rehome_run("status") == 0 && rehome_said(what)); i++)
		poll(NULL, 0, 1);
	rehome_says(what);
}

START_TEST(chk_07_mgr_10_a_service_is_activated_and_deactivated_at_once_whoever_does_it)
{
	char path[200];

	ck_assert_msg(rehome_run("up --nodes 2") == 0, "%s", rehome_output);
	ck_assert_int_eq(rehome_run("admin change service ccm2 'Cisco CTIManager' --isactive no"),
			 0);
	ck_assert_int_eq(rehome_run("status"), 0);
	rehome_says("not activated");
	ck_assert_int_ne(rehome_run("start-app ivr --ctimanagers ccm2"), 1);
	rehome_says("provider is not in service yet");
	ck_assert_int_eq(rehome_run("start ccm2:ctimanager"), 2);
	rehome_says("ccm2:ctimanager is not activated");
	ck_assert_int_eq(rehome_run("admin change service ccm2 ctimanager --isactive yes"), 0);
	ck_assert_int_eq(rehome_run("status"), 0);
	ck_assert(!rehome_said("not activated"));
	/* By the plain tool, which tells nobody. */
	snprintf(path, sizeof(path), "%s/rehome/rehome/cluster.db", rehome_place);
	snprintf(file, sizeof(file), "%s", path);
	by_another("UPDATE processnodeservice SET isactive = 'f' WHERE tkservice = 2");
	status_says("not activated");
	sqlite3_close(other);
}
END_TEST

START_TEST(a_cluster_runs_on_a_database_and_leaves_what_was_changed)
{
	database();
	DONE("add phone SEP000000000009 --model 7970 --tkdeviceprotocol SIP --devicepool devices");
	DONE("add line SEP000000000009 1 1009");
	DONE("change service ccm3 ctimanager --isactive f");
	ck_assert_msg(rehome_run("up --database %s", file) == 0, "%s", rehome_output);
	rehome_says("3 nodes, 6 programs");
	ck_assert_int_eq(rehome_run("up --database %s --cluster two", file), 2);
	rehome_says("another cluster runs on it");
	status_says("SEP000000000009  phone        1009    ccm1           registered");
	ck_assert_int_eq(rehome_run("start-app ivr"), 2);
	rehome_says("so it needs a password");
	ck_assert_msg(rehome_run("start-app ivr --password ivr") == 0, "%s", rehome_output);
	ck_assert_int_eq(rehome_run("admin change phone SEP000000000009 --description moved"), 0);
	ck_assert_int_eq(rehome_run("admin change service ccm3 ctimanager --isactive t"), 0);
	ck_assert_int_eq(rehome_run("status"), 0);
	rehome_says("ccm3:ctimanager");
	ck_assert_int_eq(rehome_run("down"), 0);
	DONE("show phone SEP000000000009");
	rehome_says("description           moved\n");
}
END_TEST

START_TEST(a_database_that_no_cluster_can_run_on_is_refused)
{
	ck_assert_int_eq(rehome_run("up --database /nowhere/x.db"), 2);
	rehome_says("'rehome admin create FILE' makes one");
	ck_assert_int_eq(rehome_run("up --database x --nodes 3"), 2);
	snprintf(file, sizeof(file), "%s/e.db", rehome_place);
	ck_assert_int_eq(rehome_run("admin create %s", file), 0);
	ck_assert_int_eq(rehome_run("up --database %s", file), 2);
	rehome_says("has no node");
	DONE("add node ccm2 2");
	ck_assert_int_eq(rehome_run("up --database %s", file), 2);
	rehome_says("node ccm2 has the number 2, and there is no node 1");
}
END_TEST

int main(int argc, char **argv)
{
#define CASE(t) SUITE_CASE_WITH(t, rehome_set_up, rehome_tear_down)
	struct suite_case cases[] = {
		CASE(what_cannot_be_understood_is_refused_with_a_sentence),
		CASE(chk_02_a_phone_is_added_shown_changed_and_removed_on_a_stopped_cluster),
		CASE(everything_is_shown_as_json_too),
		CASE(dep_03_with_dependency_records_off_a_message_says_so_instead),
		CASE(dep_01_of_a_route_point_the_directory_numbers_that_use_it_are_summed_up),
		CASE(dep_02_of_a_number_the_details_are_shown),
		CASE(dep_04_removal_of_what_is_in_use_lists_what_depends_on_it_and_is_refused),
		CASE(grp_07_a_warning_goes_beside_what_was_done),
		CASE(a_password_comes_from_standard_input_and_is_kept_as_a_hash),
		CASE(without_a_cluster_and_without_a_file_it_is_said_how),
		CASE(a_locked_database_is_named_as_such_and_readers_go_on),
		CASE(a_read_only_database_is_shown_and_not_changed),
		CASE(a_damaged_database_is_named_as_such),
		CASE(chk_05_usr_04_on_a_running_cluster_programs_are_told_at_once),
		CASE(a_cluster_runs_on_a_database_and_leaves_what_was_changed),
		CASE(a_database_that_no_cluster_can_run_on_is_refused),
		CASE(chk_07_mgr_10_a_service_is_activated_and_deactivated_at_once_whoever_does_it),
	};

	cases[0].loop_to = (int)(sizeof(misspelt) / sizeof(misspelt[0]));
	return suite_main(argc, argv, "e2e/test_admin", cases, sizeof(cases) / sizeof(cases[0]));
}
