#include "sim/harness/verb.h"
#include "tests/lib/suite.h"

#include <stdlib.h>
#include <string.h>

#include "sim/harness/command.h"

static struct sim_topology *topology;

static void set_up(void)
{
	struct sim_error err;

	ck_assert_msg(sim_topology_load(&topology, "three-nodes", &err) == 0, "%s", err.text);
}

static void tear_down(void)
{
	sim_topology_destroy(&topology);
}

static bool knows_ivr(void *arg, const char *name)
{
	(void)arg;
	return !strcmp(name, "ivr");
}

START_TEST(each_verb_is_there_once_and_has_help_and_an_example)
{
	const struct sim_verb *verbs;
	size_t n = sim_verbs(&verbs);

	for (size_t i = 0; i < n; i++) {
		ck_assert_ptr_eq(sim_verb(verbs[i].subject, verbs[i].name), &verbs[i]);
		ck_assert_uint_gt(strlen(verbs[i].help), 10);
		ck_assert_ptr_nonnull(strstr(verbs[i].example, verbs[i].name));
		/* What is not done by the command itself has a function. */
		ck_assert((verbs[i].run != NULL) == !(verbs[i].where & SIM_HERE));
	}
	ck_assert_uint_gt(n, 30);
}
END_TEST

START_TEST(times_are_read_with_their_units)
{
	ck_assert_int_eq(sim_time_parse("2s"), 2000000000);
	ck_assert_int_eq(sim_time_parse("500ms"), 500000000);
	ck_assert_int_eq(sim_time_parse("250"), 250000000);
	ck_assert_int_eq(sim_time_parse("1.5s"), 1500000000);
	ck_assert_int_eq(sim_time_parse("1m"), 60000000000);
	ck_assert_int_eq(sim_time_parse("-1s"), -1);
	ck_assert_int_eq(sim_time_parse("2 s"), -1);
	ck_assert_int_eq(sim_time_parse(""), -1);
	ck_assert_int_eq(sim_time_parse("s"), -1);
	ck_assert_int_eq(sim_time_parse("99999999999999999999h"), -1);
}
END_TEST

static bool target(const char *text)
{
	const struct sim_arg arg = { "target", SIM_ARG_TARGET, SIM_NEEDED, NULL };
	struct sim_error err;

	return sim_arg_check(&arg, text, topology, knows_ivr, NULL, &err) == 0;
}

START_TEST(a_target_is_a_node_a_program_an_application_or_the_phones)
{
	ck_assert(target("ccm1"));
	ck_assert(target("ccm3:ctimanager"));
	ck_assert(target("app:ivr"));
	ck_assert(target("phones"));
	ck_assert(!target("ccm4"));
	ck_assert(!target("ccm1:sshd"));
	ck_assert(!target("app:other"));
	ck_assert(!target(""));
	ck_assert(!target("ccm1:"));
}
END_TEST

START_TEST(arguments_that_cannot_be_are_refused_with_a_sentence)
{
	const char *none[SIM_ARGS_MAX] = { 0 };
	const char *letters[SIM_ARGS_MAX] = { "12a" };
	const char *choice[SIM_ARGS_MAX] = { "ccm1", "kernel" };
	struct sim_error err;

	ck_assert_int_eq(
		sim_verb_check(sim_verb(SIM_ON_CLUSTER, "kill"), none, topology, NULL, NULL, &err),
		-1);
	ck_assert_ptr_nonnull(strstr(err.text, "target is missing"));
	ck_assert_int_eq(
		sim_verb_check(sim_verb(SIM_ON_PHONE, "call"), letters, topology, NULL, NULL, &err),
		-1);
	ck_assert_ptr_nonnull(strstr(err.text, "not a number to dial"));
	ck_assert_int_eq(sim_verb_check(sim_verb(SIM_ON_CLUSTER, "kill"), choice, topology, NULL,
					NULL, &err),
			 -1);
	ck_assert_ptr_nonnull(strstr(err.text, "callmanager ctimanager"));
	ck_assert_int_eq(sim_verb_check(sim_verb(SIM_ON_CLUSTER, "crash_at"), choice, topology,
					NULL, NULL, &err),
			 -1);
	ck_assert_ptr_nonnull(strstr(err.text, "no signal 'kernel'"));
}
END_TEST

static int parse(struct sim_command *c, struct sim_error *err, int argc, const char *const *words)
{
	char *argv[16];

	for (int i = 0; i < argc; i++)
		argv[i] = (char *)(uintptr_t)words[i];
	return sim_command_parse(c, argc, argv, err);
}

START_TEST(a_command_line_becomes_a_verb_with_its_arguments)
{
	const char *const words[] = { "cut", "ccm1", "--one-way", "ccm2", "--cluster=two" };
	const char *const phone[] = { "phone", "SEP000000000001", "dial", "12" };
	struct sim_command c;
	struct sim_error err;

	ck_assert_msg(parse(&c, &err, 5, words) == 0, "%s", err.text);
	ck_assert_str_eq(c.verb->name, "cut");
	ck_assert_str_eq(sim_command_value(&c, "a"), "ccm1");
	ck_assert_str_eq(sim_command_value(&c, "b"), "ccm2");
	ck_assert_ptr_nonnull(sim_command_value(&c, "one-way"));
	ck_assert_str_eq(c.cluster, "two");
	free(c.rest);
	ck_assert_int_eq(parse(&c, &err, 4, phone), 0);
	ck_assert_int_eq((int)c.verb->subject, SIM_ON_PHONE);
	ck_assert_str_eq(c.subject, "SEP000000000001");
	ck_assert_str_eq(sim_command_value(&c, "number"), "12");
	free(c.rest);
}
END_TEST

START_TEST(a_command_line_that_is_wrong_is_refused)
{
	static const char *const wrong[][4] = {
		{ "explode", NULL },
		{ "kill", NULL },
		{ "kill", "ccm1", "callmanager", "more" },
		{ "kill", "--hard", "ccm1", NULL },
		{ "up", "--nodes", NULL },
		{ "up", "--nodes", "x", NULL },
		{ "phone", "SEP1", NULL },
		{ "app", "ivr", "frob", NULL },
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct sim_command c;
		struct sim_error err = { 0 };
		int n = 0;

		while (n < 4 && wrong[i][n])
			n++;
		ck_assert_msg(parse(&c, &err, n, wrong[i]) == -1, "case %zu", i);
		ck_assert_int_eq(err.status, SIM_USAGE);
		ck_assert_uint_gt(strlen(err.text), 10);
		free(c.rest);
	}
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(each_verb_is_there_once_and_has_help_and_an_example),
		SUITE_CASE(times_are_read_with_their_units),
		SUITE_CASE_WITH(a_target_is_a_node_a_program_an_application_or_the_phones, set_up,
				tear_down),
		SUITE_CASE_WITH(arguments_that_cannot_be_are_refused_with_a_sentence, set_up,
				tear_down),
		SUITE_CASE(a_command_line_becomes_a_verb_with_its_arguments),
		SUITE_CASE(a_command_line_that_is_wrong_is_refused),
	};

	return suite_main(argc, argv, "unit/test_verb", cases, sizeof(cases) / sizeof(cases[0]));
}
