/* Counters and alarms of a cluster, as Prometheus reads them: the form of the text, and that each
 * number is the program's own. */
#include "sim/harness/metrics.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/db/db.h"

static struct sim_topology *topology;
static struct sim_host *host;
static struct db *db;
static char *text; /* of the last look */

static void begin(void)
{
	struct sim_host_options o = { .seed = 1, .speed = 1 };
	struct sim_error err;
	struct db_error e;

	ck_assert_int_eq(db_memory(&db, &e), 0);
	ck_assert_msg(sim_topology_fill(topology, db, &err) == 0, "%s", err.text);
	o.topology = topology;
	o.db = db;
	ck_assert_int_eq(sim_host_virtual(&host, &o, &err), 0);
	ck_assert_msg(sim_host_up(host, 10000000000, &err) == 0, "%s", err.text);
}

static void set_up(void)
{
	struct sim_error err;

	ck_assert_int_eq(sim_topology_generate(&topology, 2, &err), 0);
	begin();
}

/* The topology with a device of each kind. */
static void set_up_devices(void)
{
	struct sim_error err;

	ck_assert_msg(sim_topology_load(&topology, "devices", &err) == 0, "%s", err.text);
	begin();
}

static void tear_down(void)
{
	sim_host_destroy(&host);
	db_close(&db);
	sim_topology_destroy(&topology);
	free(text);
}

static void do_verb(enum sim_subject subject, const char *name, const char *who, const char *first,
		    const char *second)
{
	struct sim_error err = { 0 };
	struct sim_call call = { .verb = sim_verb(subject, name),
				 .host = host,
				 .subject = who,
				 .args = { first, second },
				 .err = &err };
	size_t size;

	free(text);
	text = NULL;
	call.out = open_memstream(&text, &size);
	ck_assert_msg(sim_verb_run(&call) == 0, "%s: %s", name, err.text);
	fclose(call.out);
}

static void look(void)
{
	do_verb(SIM_ON_CLUSTER, "metrics", "", NULL, NULL);
}

static void advance(int seconds)
{
	sim_host_until(host, NULL, NULL, sim_host_now(host) + seconds * 1000000000LL);
}

/* The value behind the one sample that begins with this; -1: there is none. */
static long long value(const char *sample)
{
	const char *at = text;
	size_t n = strlen(sample);

	for (; at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
		if (!strncmp(at, sample, n) && at[n] == ' ')
			return atoll(at + n + 1);
	return -1;
}

/* Every line is HELP, the TYPE of the same name, or a sample of that name; a name comes once. */
static void well_formed(void)
{
	char *copy = strdup(text), *save = NULL;
	char name[128] = "", seen[16384] = "\n";
	bool typed = false;

	for (char *l = strtok_r(copy, "\n", &save); l; l = strtok_r(NULL, "\n", &save)) {
		size_t n = strlen(name);

		if (!strncmp(l, "# HELP ", 7)) {
			char mark[140];

			ck_assert_uint_lt((size_t)snprintf(name, sizeof(name), "%.*s",
							   (int)strcspn(l + 7, " "), l + 7),
					  sizeof(name));
			ck_assert_uint_gt(strlen(l), 7 + strlen(name) + 5);
			snprintf(mark, sizeof(mark), "\n%s\n", name);
			ck_assert_msg(!strstr(seen, mark), "%s comes twice", name);
			strcat(strcat(seen, name), "\n");
			typed = false;
		} else if (!strncmp(l, "# TYPE ", 7)) {
			ck_assert_int_eq(strncmp(l + 7, name, n), 0);
			ck_assert(!strcmp(l + 7 + n, " gauge") ||
				  (!strcmp(l + 7 + n, " counter") &&
				   !strcmp(name + n - 6, "_total")));
			typed = true;
		} else {
			ck_assert_msg(typed && !strncmp(l, name, n) && l[n] == '{', "%s", l);
			ck_assert_ptr_nonnull(strstr(l, "} "));
			ck_assert_uint_eq(strspn(strstr(l, "} ") + 2, "0123456789"),
					  strlen(strstr(l, "} ") + 2));
		}
		ck_assert_uint_eq(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_"),
				  strlen(name));
	}
	free(copy);
}

START_TEST(each_counter_has_a_name_of_its_own_help_and_type)
{
	char name[SIM_METRIC_SIZE];

	look();
	well_formed();
	for (int id = 0; id < COUNTER_COUNT; id++) {
		const struct counter_def *def = counter_def((enum counter_id)id);

		sim_metric_name(def, name);
		ck_assert_msg(strstr(text, def->name) != NULL, "%s", def->name);
		ck_assert_msg(strstr(text, name) != NULL, "%s", name);
	}
	sim_metric_name(counter_def(COUNTER_CTI_CONNECTION_ACTIVE), name);
	ck_assert_str_eq(name, "cisco_cti_manager_cti_connection_active");
	sim_metric_name(counter_def(COUNTER_CALLS_ATTEMPTED), name);
	ck_assert_str_eq(name, "cisco_callmanager_calls_attempted_total");
	sim_metric_name(counter_def(COUNTER_QUEUE_PROCESSED_TOTAL), name);
	ck_assert_str_eq(name,
			 "cisco_callmanager_system_performance_queue_signals_processed_total");
}
END_TEST

START_TEST(each_number_is_the_programs_own)
{
	const char *devices[] = { "CTIP_6001", NULL };

	do_verb(SIM_ON_CLUSTER, "start-app", "", "ivr", NULL);
	do_verb(SIM_ON_APP, "open", "ivr", devices[0], NULL);
	advance(2);
	do_verb(SIM_ON_PHONE, "call", "SEP000000000001", "1002", NULL);
	advance(1);
	do_verb(SIM_ON_PHONE, "answer", "SEP000000000002", NULL, NULL);
	advance(1);
	look();
	well_formed();
	for (int id = 0; id < COUNTER_COUNT; id++) {
		const struct counter_def *def = counter_def((enum counter_id)id);

		for (int node = 1; node <= 2; node++) {
			struct sim_program *p =
				sim_host_program_at(host, (uint8_t)node, sim_counter_app(def));
			char name[SIM_METRIC_SIZE], sample[128];
			long long got, own = sdl_program_counter(sim_host_running(host, p),
								 (enum counter_id)id);

			sim_metric_name(def, name);
			snprintf(sample, sizeof(sample), "%s{node=\"ccm%d\"}", name, node);
			got = value(sample);
			/* The answer to the look is itself a signal that is handled. */
			if (strcmp(def->object, COUNTER_OF_SYSTEM) != 0)
				ck_assert_msg(got == own, "%s is %lld, told %lld", sample, own,
					      got);
			else
				ck_assert_msg(got >= 0 && got <= own + 1, "%s", sample);
		}
	}
	ck_assert_int_eq(value("cisco_callmanager_calls_active{node=\"ccm1\"}"), 1);
	ck_assert_int_eq(value("cisco_callmanager_calls_attempted_total{node=\"ccm1\"}"), 1);
	ck_assert_int_eq(value("cisco_cti_manager_devices_open{node=\"ccm1\"}"), 1);
	ck_assert_int_eq(value("cisco_cti_manager_lines_open{node=\"ccm1\"}"), 1);
	ck_assert_int_eq(value("cisco_cti_manager_ccm_link_active{node=\"ccm2\"}"), 2);
	ck_assert_int_gt(
		value("cisco_callmanager_system_performance_queue_signals_processed_2_normal_"
		      "total{node=\"ccm1\"}"),
		10);
	ck_assert_int_ge(value("cisco_callmanager_call_manager_heart_beat_total{node=\"ccm1\"}"),
			 4);
}
END_TEST

/* Phones 21 and 22 are encrypted, 1 is not. */
START_TEST(encrypted_calls_are_counted_while_both_streams_are)
{
	static const char active[] = "cisco_callmanager_encrypted_calls_active{node=\"ccm1\"}";
	static const char completed[] =
		"cisco_callmanager_encrypted_calls_completed_total{node=\"ccm1\"}";
	static const char all[] = "cisco_callmanager_calls_active{node=\"ccm1\"}";

	do_verb(SIM_ON_PHONE, "call", "SEP000000000021", "3002", NULL);
	advance(1);
	look();
	ck_assert_int_eq(value(active), 0);
	do_verb(SIM_ON_PHONE, "answer", "SEP000000000022", NULL, NULL);
	advance(1);
	look();
	ck_assert_int_eq(value(active), 1);
	ck_assert_int_eq(value(all), 1);
	do_verb(SIM_ON_PHONE, "hold", "SEP000000000022", NULL, NULL);
	advance(1);
	do_verb(SIM_ON_PHONE, "resume", "SEP000000000022", NULL, NULL);
	advance(1);
	look();
	ck_assert_int_eq(value(active), 1);
	do_verb(SIM_ON_PHONE, "hangup", "SEP000000000021", NULL, NULL);
	advance(1);
	do_verb(SIM_ON_PHONE, "call", "SEP000000000021", "1001", NULL);
	advance(1);
	do_verb(SIM_ON_PHONE, "answer", "SEP000000000001", NULL, NULL);
	advance(1);
	look();
	ck_assert_int_eq(value(active), 0);
	ck_assert_int_eq(value(completed), 1);
	ck_assert_int_eq(value(all), 1);
}
END_TEST

#define ISV(n)                                                                                     \
	"rehome_alarms_raised_total{node=\"" n "\",app=\"Cisco CTIManager\",facility="             \
	"\"UC_CALLMANAGER\",severity=\"5\",alarm=\"SDLLinkISV\"}"
#define OOS(n)                                                                                     \
	"rehome_alarms_raised_total{node=\"" n "\",app=\"Cisco CTIManager\",facility="             \
	"\"UC_CALLMANAGER\",severity=\"1\",alarm=\"SDLLinkOOS\"}"

START_TEST(alarms_are_counted_by_name_and_severity_where_they_were_raised)
{
	look();
	ck_assert_int_eq(value(ISV("ccm1")), 2);
	ck_assert_int_eq(value(OOS("ccm1")), -1);
	do_verb(SIM_ON_CLUSTER, "kill", "", "ccm2:callmanager", NULL);
	advance(5);
	look();
	well_formed();
	ck_assert_int_eq(value(OOS("ccm1")), 1);
	do_verb(SIM_ON_CLUSTER, "start", "", "ccm2:callmanager", NULL);
	advance(5);
	look();
	ck_assert_int_eq(value(ISV("ccm1")), 3);
}
END_TEST

START_TEST(what_does_not_run_is_down_and_tells_nothing)
{
	do_verb(SIM_ON_CLUSTER, "kill", "", "ccm2:callmanager", NULL);
	do_verb(SIM_ON_CLUSTER, "freeze", "", "ccm1:ctimanager", NULL);
	look();
	well_formed();
	ck_assert_int_eq(value("rehome_program_up{node=\"ccm2\",program=\"ccm2:callmanager\"}"), 0);
	ck_assert_int_eq(value("rehome_program_up{node=\"ccm1\",program=\"ccm1:ctimanager\"}"), 0);
	ck_assert_int_eq(value("rehome_program_up{node=\"ccm1\",program=\"ccm1:callmanager\"}"), 1);
	ck_assert_int_eq(value("cisco_callmanager_calls_active{node=\"ccm2\"}"), -1);
	ck_assert_int_eq(value("cisco_callmanager_calls_active{node=\"ccm1\"}"), 0);
	ck_assert_int_eq(value("cisco_cti_manager_qbe_version{node=\"ccm1\"}"), -1);
	ck_assert_int_eq(value("cisco_cti_manager_qbe_version{node=\"ccm2\"}"), 1);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(each_counter_has_a_name_of_its_own_help_and_type, set_up,
				tear_down),
		SUITE_CASE_WITH(each_number_is_the_programs_own, set_up, tear_down),
		SUITE_CASE_WITH(encrypted_calls_are_counted_while_both_streams_are, set_up_devices,
				tear_down),
		SUITE_CASE_WITH(alarms_are_counted_by_name_and_severity_where_they_were_raised,
				set_up, tear_down),
		SUITE_CASE_WITH(what_does_not_run_is_down_and_tells_nothing, set_up, tear_down),
	};

	return suite_main(argc, argv, "cluster/test_metrics", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
