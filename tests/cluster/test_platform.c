/* The platform's commands at a node: what they show is what the cluster has. */
#include "sim/shell/platform.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/db/db.h"

static struct sim_topology *topology;
static struct sim_host *host;
static struct db *db;
static char *text; /* of the last command */
static struct sim_error err;

static void set_up(void)
{
	struct sim_host_options o = { .seed = 1, .speed = 1 };
	struct db_error e;

	ck_assert_int_eq(sim_topology_generate(&topology, 3, &err), 0);
	ck_assert_int_eq(db_memory(&db, &e), 0);
	ck_assert_msg(sim_topology_fill(topology, db, &err) == 0, "%s", err.text);
	o.topology = topology;
	o.db = db;
	ck_assert_int_eq(sim_host_virtual(&host, &o, &err), 0);
	ck_assert_msg(sim_host_up(host, 10000000000, &err) == 0, "%s", err.text);
}

static void tear_down(void)
{
	sim_host_destroy(&host);
	db_close(&db);
	sim_topology_destroy(&topology);
	free(text);
}

static int do_verb(enum sim_subject subject, const char *name, const char *who, const char *first,
		   const char *second)
{
	struct sim_call call = { .verb = sim_verb(subject, name),
				 .host = host,
				 .subject = who,
				 .args = { first, second },
				 .err = &err };
	size_t size;
	int result;

	free(text);
	text = NULL;
	call.out = open_memstream(&text, &size);
	result = sim_verb_run(&call);
	fclose(call.out);
	return result;
}

static void at(const char *node, const char *line)
{
	ck_assert_msg(do_verb(SIM_ON_CLUSTER, "platform", "", node, line) == 0, "%s: %s", line,
		      err.text);
}

static void refused(const char *line, int status, const char *what)
{
	ck_assert_int_eq(do_verb(SIM_ON_CLUSTER, "platform", "", "ccm1", line), -1);
	ck_assert_int_eq(err.status, status);
	ck_assert_msg(strstr(err.text, what) != NULL, "%s: %s", line, err.text);
}

static void says(const char *what)
{
	ck_assert_msg(strstr(text, what) != NULL, "this does not say '%s':\n%s", what, text);
}

static void says_not(const char *what)
{
	ck_assert_msg(strstr(text, what) == NULL, "this says '%s':\n%s", what, text);
}

static void advance(int seconds)
{
	sim_host_until(host, NULL, NULL, sim_host_now(host) + seconds * 1000000000LL);
}

static void open_two(void)
{
	ck_assert_int_eq(do_verb(SIM_ON_CLUSTER, "start-app", "", "ivr", NULL), 0);
	ck_assert_int_eq(do_verb(SIM_ON_APP, "open", "ivr", "CTIP_6001", NULL), 0);
	ck_assert_int_eq(do_verb(SIM_ON_APP, "open", "ivr", "CTIRP_5000", NULL), 0);
	advance(2);
}

START_TEST(services_are_listed_as_they_are)
{
	at("ccm1", "utils service list");
	says("Requesting service status, please wait...\nService Manager is running\n"
	     "Getting list of all services\n>> Return code = 0\n"
	     "Cisco CTIManager[STARTED]\nCisco CallManager[STARTED]\n");
	says("Cisco Tftp[STOPPED]  Service Not Activated\n");
	says("Primary Node =true\n");
	ck_assert_int_eq(do_verb(SIM_ON_CLUSTER, "kill", "", "ccm2:callmanager", NULL), 0);
	at("ccm2", "Utils Service List page");
	says("Cisco CallManager[STOPPED]  Component is not running\n");
	says("Primary Node =false\n");
	ck_assert_int_eq(do_verb(SIM_ON_CLUSTER, "deactivate", "", "ccm3", "ctimanager"), 0);
	at("ccm3", "utils service list");
	says("Cisco CTIManager[STOPPED]  Service Not Activated\n");
	ck_assert_int_eq(do_verb(SIM_ON_CLUSTER, "platform", "", "ccm3",
				 "utils service start Cisco CTIManager"),
			 -1);
	ck_assert_ptr_nonnull(strstr(err.text, "Cisco CTIManager[STOPPED]  Service Not Activated"));
}
END_TEST

START_TEST(a_service_is_stopped_started_and_restarted_on_its_node_alone)
{
	uint64_t incarnation = sim_host_program(host, "ccm1:callmanager")->incarnation;

	at("ccm1", "utils service stop Cisco CTIManager");
	says("Service Manager is running\nCisco CTIManager[STOPPING]\n"
	     "Cisco CTIManager[STOPPED]  Command Out of Service\n");
	ck_assert_int_eq((int)sim_host_program(host, "ccm1:ctimanager")->state, SIM_DOWN);
	ck_assert_int_eq((int)sim_host_program(host, "ccm2:ctimanager")->state, SIM_READY);
	at("ccm1", "utils service stop \"Cisco CTIManager\"");
	says_not("STOPPING");
	at("ccm1", "utils service start cisco ctimanager");
	says("Cisco CTIManager[STARTING]\nCisco CTIManager[STARTED]\n");
	ck_assert_int_eq((int)sim_host_program(host, "ccm1:ctimanager")->state, SIM_READY);
	at("ccm1", "utils service restart Cisco CallManager");
	says("Cisco CallManager[STOPPING]\nCisco CallManager[STOPPED]  Command Out of Service\n"
	     "Service Manager is running\nCisco CallManager[STARTING]\n"
	     "Cisco CallManager[STARTED]\n");
	ck_assert_uint_ne(sim_host_program(host, "ccm1:callmanager")->incarnation, incarnation);
	refused("utils service start Cisco Tftp", SIM_USAGE, "'Cisco Tftp' is not one");
	refused("utils service stop", SIM_USAGE, "usage: utils service stop SERVICE");
}
END_TEST

START_TEST(risdb_has_what_is_registered_on_the_node)
{
	open_two();
	at("ccm1", "show risdb query phone");
	says("\n8, 8, 8, 0, 0\n\nDeviceName, Descr, ");
	says("\nSEP000000000001, , 127.1.0.101, 000000000001, reg, SCCP, 7, , ");
	says("\nTotal count in phone table = 8\n");
	at("ccm2", "show risdb query phone");
	says("Total count in phone table = 0\n");
	at("ccm1", "show risdb query cti ctiextn phoneextn");
	says("\nCTIP_6001, CTI Port, , devices, reg, ");
	says("\nCTIRP_5000, CTI Route Point, , devices, reg, ");
	says("Total count in cti table = 2\n");
	says("\n1, CTIP_6001, 6001, 1, , reg\n2, CTIRP_5000, 5000, 1, , reg\n\n"
	     "Total count in ctiextn table = 2\n");
	says("\n8, SEP000000000008, 1008, 1, , reg\n");
	at("ccm1", "show risdb query ctimlist");
	says("\nProvider, ivr, 16777217, ready, ");
	says("\nDevice, CTIP_6001, , in_service, ");
	says("Total count in ctimlist table = 3\n");
}
END_TEST

START_TEST(risdb_follows_a_failure)
{
	open_two();
	ck_assert_int_eq(do_verb(SIM_ON_CLUSTER, "kill", "", "ccm1:callmanager", NULL), 0);
	advance(60);
	at("ccm1", "show risdb query phone cti");
	says("Total count in phone table = 0\n");
	says("Total count in cti table = 0\n");
	at("ccm2", "show risdb query phone cti");
	says("Total count in phone table = 8\n");
	says("Total count in cti table = 2\n");
	at("ccm3", "show risdb query cmnode cmgroup");
	says("\nccm1, 1, 127.1.0.1, down, ready\n");
	says("\ndevices, 0, 1, ccm1\ndevices, 1, 2, ccm2\n");
	refused("show risdb query phone nosuch", SIM_USAGE, "there is no table 'nosuch'");
	at("ccm1", "show risdb list");
	says("\nctimlist ");
}
END_TEST

/* A script of the field looks for: blanks, "-> ", the name, anything, "= ", the value. */
START_TEST(counters_are_shown_by_class_and_by_name)
{
	open_two();
	at("ccm1", "show perf query class \"Cisco CTI Manager\"");
	says("==>query class :\n");
	says(" -> CcmLinkActive                  = 3\n");
	says(" -> CTIConnectionActive            = 1\n");
	says(" -> DevicesOpen                    = 2\n");
	says(" -> LinesOpen                      = 2\n");
	at("ccm1", "show perf query class Cisco CTIManager");
	says(" -> DevicesOpen                    = 2\n");
	at("ccm1", "show perf query class \"cisco callmanager\"");
	says(" -> RegisteredHardwarePhones       = 8\n");
	says(" -> RegisteredOtherStationDevices  = 2\n");
	says_not("QueueSignals");
	at("ccm2", "show perf query counter \"Cisco CallManager\" CallsActive");
	says(" -> CallsActive                    = 0\n");
	says_not("CallsAttempted");
	at("ccm1", "show perf list classes");
	says(" - Cisco CallManager System Performance\n");
	at("ccm1", "show perf list counters Cisco CallManager System Performance");
	says(" -> QueueSignalsProcessed Total");
	refused("show perf query class Cisco Tomcat", SIM_USAGE, "(Cisco Tomcat) is not there");
	refused("show perf query counter \"Cisco CallManager\" Nosuch", SIM_USAGE, "'Nosuch'");
	refused("show perf query counter \"Cisco CallManager\"", SIM_USAGE, "usage:");
	at("ccm1", "utils service stop Cisco CTIManager");
	refused("show perf query class Cisco CTI Manager", SIM_FAILED, "has no values on ccm1");
}
END_TEST

START_TEST(a_node_shows_itself_and_its_cluster)
{
	at("ccm2", "show status");
	says("\nHost Name          : ccm2\n");
	says("Product Ver        : 5.1.1 (Rehome ");
	says("Memory Total:");
	at("ccm2", "show version active");
	says("Active Master Version: 5.1.1 ");
	at("ccm2", "show network cluster");
	says("127.1.0.1 ccm1 Publisher\n127.1.0.2 ccm2 Subscriber\n");
	refused("show foo", SIM_USAGE, "Executed command unsuccessfully\nNo valid command entered");
	refused("", SIM_USAGE, "No valid command");
	refused("show status \"", SIM_USAGE, "a quote is not closed");
	ck_assert_int_eq(do_verb(SIM_ON_CLUSTER, "platform", "", "ccm9", "show status"), -1);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(services_are_listed_as_they_are, set_up, tear_down),
		SUITE_CASE_WITH(a_service_is_stopped_started_and_restarted_on_its_node_alone,
				set_up, tear_down),
		SUITE_CASE_WITH(risdb_has_what_is_registered_on_the_node, set_up, tear_down),
		SUITE_CASE_WITH(risdb_follows_a_failure, set_up, tear_down),
		SUITE_CASE_WITH(counters_are_shown_by_class_and_by_name, set_up, tear_down),
		SUITE_CASE_WITH(a_node_shows_itself_and_its_cluster, set_up, tear_down),
	};

	return suite_main(argc, argv, "cluster/test_platform", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
