/* rehome admin checklist: each step of setting up an application, done and verified from the command line,
 * on a stopped and on a running cluster (CHK-01..09). */
#include "tests/lib/rehome.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

static char where[200]; /* "--database FILE", or nothing: the running cluster */

static void set_up(void)
{
	rehome_set_up();
	snprintf(where, sizeof(where), "--database %s/t.db", rehome_place);
	ck_assert_int_eq(rehome_run("admin create %s/t.db", rehome_place), 0);
}

#define DONE(...)                                                                                  \
	do {                                                                                       \
		char words[600];                                                                   \
                                                                                                   \
		snprintf(words, sizeof(words), __VA_ARGS__);                                       \
		ck_assert_msg(rehome_run("admin %s %s", where, words) == 0, "%s: %s", words,       \
			      rehome_output);                                                      \
	} while (0)

/* What the checklist says of a clause: the worst of its lines. Its exit status agrees with it. */
static const char *state_of(const char *user, const char *clause)
{
	static const char *const order[] = { "missing", "note", "ok" };
	static bool said[3];
	int status =
		rehome_run("admin %s checklist %s --json --ctimanagers ccm1,ccm2", where, user);
	json_t *array = json_loads(rehome_output, 0, NULL), *line;
	bool missing = false;
	size_t i;

	ck_assert_msg(array != NULL, "%s", rehome_output);
	memset(said, 0, sizeof(said));
	json_array_foreach(array, i, line)
	{
		const char *state = json_string_value(json_object_get(line, "state"));

		missing = missing || !strcmp(state, "missing");
		for (size_t k = 0; k < 3; k++)
			if (!strcmp(json_string_value(json_object_get(line, "clause")), clause) &&
			    !strcmp(state, order[k]))
				said[k] = true;
	}
	json_decref(array);
	ck_assert_int_eq(status, missing ? 1 : 0);
	return said[0] ? order[0] : said[1] ? order[1] : said[2] ? order[2] : "not said";
}

#define STATE(clause, state) ck_assert_str_eq(state_of("ivr", clause), state)

/* A cluster of nothing: two nodes with their CallManagers. */
static void nodes(void)
{
	DONE("add node ccm1");
	DONE("add node ccm2");
}

static void one_device(void)
{
	nodes();
	DONE("add group g ccm1,ccm2");
	DONE("add devicepool p g");
	DONE("add applicationuser ivr --password ivr");
	DONE("add port CTIP_1 --devicepool p");
}

START_TEST(chk_01_parameters_that_do_not_fit_are_named_and_mended)
{
	one_device();
	/* By default an offered call ends before the application is found dead. */
	STATE("CHK-01", "note");
	DONE("change parameter callmanager 'CTI New Call Accept Timer' --paramvalue 61");
	STATE("CHK-01", "note"); /* now it is above the H225 TCP Timer */
	DONE("change parameter callmanager 'H225 TCP Timer' --paramvalue 62");
	STATE("CHK-01", "ok");
	DONE("change parameter ctimanager 'Application Heartbeat Minimum Interval' --paramvalue "
	     "3600");
	DONE("change parameter ctimanager 'Application Heartbeat Maximum Interval' --paramvalue 5");
	STATE("CHK-01", "missing");
	DONE("remove parameter ctimanager 'Application Heartbeat Minimum Interval'");
	DONE("remove parameter ctimanager 'Application Heartbeat Maximum Interval'");
	STATE("CHK-01", "ok");
}
END_TEST

START_TEST(chk_02_dev_02_devices_are_there_and_can_be_controlled)
{
	one_device();
	STATE("CHK-02", "missing");
	DONE("add controlled ivr CTIP_1");
	STATE("CHK-02", "ok");
	DONE("change port CTIP_1 --allowcticontrolflag f");
	STATE("CHK-02", "missing");
	rehome_says("rehome admin change port CTIP_1 --allowcticontrolflag t");
	DONE("change port CTIP_1 --allowcticontrolflag t");
	DONE("add phone SEP1 --model 7940 --tkdeviceprotocol SIP --devicepool p");
	DONE("add controlled ivr SEP1");
	STATE("CHK-02", "missing");
	rehome_says("SEP1 is a Cisco 7940 over SIP");
	DONE("remove controlled ivr SEP1");
	STATE("CHK-02", "ok");
}
END_TEST

START_TEST(chk_03_each_device_has_a_directory_number)
{
	one_device();
	DONE("add controlled ivr CTIP_1");
	STATE("CHK-03", "missing");
	DONE("add line CTIP_1 1 6001");
	STATE("CHK-03", "ok");
	DONE("change line CTIP_1 1 --allowcticontrolflag f");
	STATE("CHK-03", "missing");
}
END_TEST

START_TEST(chk_04_the_group_of_each_device_has_callmanagers_that_run)
{
	one_device();
	STATE("CHK-04", "missing");
	DONE("add controlled ivr CTIP_1");
	STATE("CHK-04", "ok");
	DONE("change service ccm2 callmanager --isactive f");
	STATE("CHK-04", "note");
	DONE("change service ccm1 callmanager --isactive f");
	STATE("CHK-04", "missing");
	rehome_says("has no member that runs Cisco CallManager");
}
END_TEST

START_TEST(chk_05_the_user_is_there_with_a_password_and_devices)
{
	nodes();
	STATE("CHK-05", "missing");
	rehome_says("there is no user ivr");
	DONE("add group g ccm1,ccm2");
	DONE("add devicepool p g");
	DONE("add port CTIP_1 --devicepool p");
	DONE("add enduser ivr");
	STATE("CHK-05", "missing");
	rehome_says("ivr has no password");
	DONE("change enduser ivr --password secret");
	STATE("CHK-05", "missing");
	DONE("change enduser ivr --devices CTIP_1");
	STATE("CHK-05", "ok");
	DONE("change enduser ivr --allowcticontrolflag no");
	STATE("CHK-05", "missing");
}
END_TEST

START_TEST(chk_06_grp_07_the_user_is_in_the_groups_it_needs)
{
	one_device();
	STATE("CHK-06", "missing");
	DONE("add membership ivr 'Standard CTI Enabled'");
	STATE("CHK-06", "ok");
	DONE("add membership ivr 'Standard CTI Allow Control of All Devices'");
	STATE("CHK-06", "note");
	DONE("add membership ivr 'Standard CTI Secure Connection'");
	STATE("CHK-06", "ok");
	/* Such a user needs no list of devices. */
	STATE("CHK-02", "ok");
	STATE("CHK-05", "ok");
}
END_TEST

START_TEST(chk_07_the_services_are_activated)
{
	one_device();
	STATE("CHK-07", "missing");
	DONE("change service ccm1 ctimanager --isactive t");
	STATE("CHK-07", "note");
	DONE("change service ccm2 ctimanager --isactive t");
	STATE("CHK-07", "ok");
}
END_TEST

START_TEST(chk_08_the_ctimanagers_that_the_application_was_told_run)
{
	one_device();
	STATE("CHK-08", "missing");
	DONE("change service ccm1 ctimanager --isactive t");
	STATE("CHK-08", "note");
	DONE("change service ccm2 ctimanager --isactive t");
	STATE("CHK-08", "ok");
	rehome_run("admin %s checklist ivr --ctimanagers ccm1,ccm7", where);
	rehome_says("names ccm7, and there is no such node");
	rehome_run("admin %s checklist ivr", where);
	rehome_says("CHK-08  application set-up           note");
}
END_TEST

START_TEST(chk_08_chk_09_a_running_cluster_knows_what_its_applications_do)
{
	where[0] = '\0';
	ck_assert_msg(rehome_run("up --nodes 2") == 0, "%s", rehome_output);
	ck_assert_int_eq(rehome_run("admin checklist ivr"), 1);
	rehome_says("no application runs as ivr; rehome start-app NAME --user ivr");
	ck_assert_int_eq(rehome_run("start-app billing --user ivr --ctimanagers ccm2,ccm1"), 0);
	ck_assert_int_eq(rehome_run("admin checklist ivr"), 0);
	rehome_says("the application's CTIManagers are ccm2,ccm1");
	rehome_says("application billing has its provider open at ccm2");
	ck_assert_int_eq(rehome_run("applications"), 0);
	rehome_says("billing      ivr   ccm2,ccm1    ready  ccm2");
	ck_assert_int_eq(rehome_run("app billing provider_close"), 0);
	for (int i = 0; i < 1000 && !rehome_said("has no provider open"); i++)
		rehome_run("admin checklist ivr");
	rehome_says("restart it: rehome term app:billing, rehome start app:billing");
	ck_assert_int_eq(rehome_run("term app:billing"), 0);
	ck_assert_int_eq(rehome_run("admin checklist ivr"), 1);
	rehome_says("application billing is down; rehome start app:billing");
}
END_TEST

START_TEST(a_checklist_is_of_one_user)
{
	ck_assert_int_eq(rehome_run("admin %s checklist", where), 2);
	rehome_says("Whose application? checklist USER");
}
END_TEST

int main(int argc, char **argv)
{
#define CASE(t) SUITE_CASE_WITH(t, set_up, rehome_tear_down)
	const struct suite_case cases[] = {
		CASE(chk_01_parameters_that_do_not_fit_are_named_and_mended),
		CASE(chk_02_dev_02_devices_are_there_and_can_be_controlled),
		CASE(chk_03_each_device_has_a_directory_number),
		CASE(chk_04_the_group_of_each_device_has_callmanagers_that_run),
		CASE(chk_05_the_user_is_there_with_a_password_and_devices),
		CASE(chk_06_grp_07_the_user_is_in_the_groups_it_needs),
		CASE(chk_07_the_services_are_activated),
		CASE(chk_08_the_ctimanagers_that_the_application_was_told_run),
		CASE(chk_08_chk_09_a_running_cluster_knows_what_its_applications_do),
		CASE(a_checklist_is_of_one_user),
	};

	return suite_main(argc, argv, "e2e/test_admin_checklist", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
