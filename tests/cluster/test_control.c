/* The control socket's requests: whatever is asked, there is one answer, and nothing breaks. */
#include "sim/harness/control.h"
#include "tests/lib/suite.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/db/db.h"

static struct sim_topology *topology;
static struct sim_host *host;
static struct db *db;

static void set_up(void)
{
	struct sim_host_options o = { .seed = 1, .speed = 1 };
	struct sim_error err;
	struct db_error e;

	ck_assert_int_eq(sim_topology_generate(&topology, 2, &err), 0);
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
}

/* The answer's status; its texts are kept for says(). */
static char answered[1 << 16];
static bool down;

static int ask(const char *line)
{
	char *text = sim_control_answer(line, strlen(line), host, &down);
	json_t *o = json_loads(text, 0, NULL);
	int status;

	ck_assert_ptr_null(strchr(text, '\n'));
	ck_assert(json_is_object(o));
	status = (int)json_integer_value(json_object_get(o, "status"));
	snprintf(answered, sizeof(answered), "%s%s",
		 json_string_value(json_object_get(o, "output")),
		 json_string_value(json_object_get(o, "error")));
	json_decref(o);
	free(text);
	return status;
}

START_TEST(a_verb_is_done_and_its_output_given_back)
{
	ck_assert_int_eq(ask("{\"verb\":\"status\"}"), 0);
	ck_assert_ptr_nonnull(strstr(answered, "ccm2:ctimanager"));
	ck_assert_int_eq(ask("{\"verb\":\"kill\",\"args\":{\"target\":\"ccm1:callmanager\"}}"), 0);
	ck_assert_int_eq((int)sim_host_program(host, "ccm1:callmanager")->state, SIM_DOWN);
	ck_assert_int_eq(
		ask("{\"verb\":\"call\",\"subject\":\"phone\",\"name\":\"SEP000000000001\","
		    "\"args\":{\"number\":\"1002\"}}"),
		0);
	ck_assert(!down);
	ck_assert_int_eq(ask("{\"verb\":\"down\"}"), 0);
	ck_assert(down);
}
END_TEST

START_TEST(a_command_that_is_refused_says_why)
{
	ck_assert_int_eq(ask("{\"verb\":\"answer\",\"subject\":\"phone\",\"name\":"
			     "\"SEP000000000001\"}"),
			 1);
	ck_assert_ptr_nonnull(strstr(answered, "SEP000000000001 answer"));
}
END_TEST

START_TEST(a_request_that_is_none_is_refused)
{
	static const char *const wrong[] = {
		"",
		"hello",
		"[]",
		"{}",
		"{\"verb\":3}",
		"{\"verb\":\"explode\"}",
		"{\"verb\":\"kill\"}",
		"{\"verb\":\"kill\",\"args\":[]}",
		"{\"verb\":\"kill\",\"args\":{\"target\":3}}",
		"{\"verb\":\"kill\",\"args\":{\"victim\":\"ccm1\"}}",
		"{\"verb\":\"kill\",\"args\":{\"target\":\"\"}}",
		"{\"verb\":\"kill\",\"subject\":\"phone\",\"args\":{\"target\":\"ccm1\"}}",
		"{\"verb\":\"up\"}",
		"{\"verb\":\"sql\",\"args\":{\"statement\":\"select 1\"}}",
		"{\"verb\":\"call\",\"subject\":\"phone\",\"name\":\"SEPX\",\"args\":{\"number\":"
		"\"1\"}}",
		"{\"verb\":\"open\",\"subject\":\"app\",\"name\":\"ivr\",\"args\":{\"device\":"
		"\"X\"}}",
		"{\"verb\":\"kill\",\"args\":{\"target\":\"ccm1\"}",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		ck_assert_msg(ask(wrong[i]) == SIM_USAGE, "%s", wrong[i]);
		ck_assert_uint_gt(strlen(answered), 10);
	}
	for (size_t i = 0; i < 5; i++)
		ck_assert_int_ne((int)sim_host_programs(host, &(size_t){ 0 })[i].state, SIM_DOWN);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(a_verb_is_done_and_its_output_given_back, set_up, tear_down),
		SUITE_CASE_WITH(a_command_that_is_refused_says_why, set_up, tear_down),
		SUITE_CASE_WITH(a_request_that_is_none_is_refused, set_up, tear_down),
	};

	return suite_main(argc, argv, "cluster/test_control", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
