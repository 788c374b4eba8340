#include "callmanager/pids.h"

#include "tests/lib/suite.h"

static struct sdl_pid pid(uint32_t inst)
{
	return (struct sdl_pid){ .node = 1, .type = 2, .app = 3, .inst = inst };
}

START_TEST(one_process_takes_no_memory_and_goes_again)
{
	struct cm_pids p = { .n = 0 };

	ck_assert(!cm_pids_has(&p, pid(1)));
	cm_pids_add(&p, pid(1));
	ck_assert_uint_eq(p.room, 0);
	ck_assert(cm_pids_has(&p, pid(1)));
	ck_assert(!cm_pids_has(&p, pid(2)));
	cm_pids_remove_at(&p, 0);
	ck_assert_uint_eq(p.n, 0);
	ck_assert(!cm_pids_has(&p, pid(1)));
}
END_TEST

START_TEST(several_processes_keep_the_order_in_which_they_came)
{
	struct cm_pids p = { .n = 0 };

	for (uint32_t i = 1; i <= 20; i++)
		cm_pids_add(&p, pid(i));
	for (uint32_t i = 20; i-- > 0;)
		if (cm_pids_at(&p, i).inst % 2)
			cm_pids_remove_at(&p, i);
	ck_assert_uint_eq(p.n, 10);
	for (uint32_t i = 0; i < p.n; i++)
		ck_assert_uint_eq(cm_pids_at(&p, i).inst, 2 * (i + 1));
	cm_pids_free(&p);
	ck_assert_uint_eq(p.n, 0);
}
END_TEST

START_TEST(processes_that_come_after_all_have_gone_are_there)
{
	struct cm_pids p = { .n = 0 };

	for (uint32_t round = 1; round <= 3; round++) {
		cm_pids_add(&p, pid(10 * round));
		cm_pids_add(&p, pid(10 * round + 1));
		cm_pids_remove_at(&p, 0);
		ck_assert(cm_pids_has(&p, pid(10 * round + 1)));
		ck_assert_uint_eq(p.n, 1);
		cm_pids_remove_at(&p, 0);
		ck_assert_uint_eq(p.n, 0);
	}
	cm_pids_free(&p);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(one_process_takes_no_memory_and_goes_again),
		SUITE_CASE(several_processes_keep_the_order_in_which_they_came),
		SUITE_CASE(processes_that_come_after_all_have_gone_are_there),
	};

	return suite_main(argc, argv, "unit/test_pids", cases, sizeof(cases) / sizeof(cases[0]));
}
