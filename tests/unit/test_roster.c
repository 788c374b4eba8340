#include "common/base/roster.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/prng.h"
#include "tests/lib/suite.h"

struct city {
	char name[24];
	uint32_t inhabitants;
};

static struct roster_key name_of(const void *row)
{
	const struct city *const *city = row;

	return (struct roster_key){ (*city)->name, strlen((*city)->name) };
}

static const struct roster_kind by_name = { sizeof(struct city *), name_of };

struct pair {
	uint32_t number;
	uint32_t value;
};

static struct roster_key number_of(const void *row)
{
	const struct pair *pair = row;

	return (struct roster_key){ &pair->number, sizeof pair->number };
}

static const struct roster_kind by_number = { sizeof(struct pair), number_of };

static struct pair *find(const struct roster *r, uint32_t number)
{
	return roster_find(&by_number, r, &number, sizeof number);
}

START_TEST(a_row_is_found_by_its_key_and_by_no_other)
{
	struct city paris = { "Paris", 2 }, par = { "Par", 1 };
	struct city *row = &paris;
	struct roster r = { 0 };

	ck_assert_ptr_null(roster_find(&by_name, &r, "Paris", 5));
	roster_add(&by_name, &r, &row);
	row = &par;
	roster_add(&by_name, &r, &row);
	ck_assert_uint_eq(r.n, 2);
	ck_assert_ptr_eq(*(struct city **)roster_find(&by_name, &r, "Paris", 5), &paris);
	ck_assert_ptr_eq(*(struct city **)roster_find(&by_name, &r, "Par", 3), &par);
	ck_assert_ptr_null(roster_find(&by_name, &r, "Pari", 4));
	roster_free(&r);
}
END_TEST

START_TEST(rows_are_walked_in_the_order_in_which_they_came)
{
	struct roster r = { 0 };
	struct pair *p;
	uint32_t expected = 0;

	for (uint32_t i = 0; i < 1000; i++)
		roster_add(&by_number, &r, &(struct pair){ i * 7919 % 1000 + 1, i });
	for (uint32_t at = 0; (p = roster_next(&by_number, &r, &at));)
		ck_assert_uint_eq(p->value, expected++);
	ck_assert_uint_eq(expected, 1000);
	roster_free(&r);
}
END_TEST

START_TEST(what_is_removed_while_walking_is_gone_and_the_rest_is_walked_once)
{
	struct roster r = { 0 };
	struct pair *p;
	uint32_t walked = 0;

	for (uint32_t i = 1; i <= 500; i++)
		roster_add(&by_number, &r, &(struct pair){ i, i });
	for (uint32_t at = 0; (p = roster_next(&by_number, &r, &at)); walked++)
		if (p->number % 3)
			roster_remove(&by_number, &r, p);
	ck_assert_uint_eq(walked, 500);
	ck_assert_uint_eq(r.n, 166);
	for (uint32_t i = 1; i <= 500; i++)
		ck_assert_int_eq(find(&r, i) != NULL, i % 3 == 0);
	roster_free(&r);
}
END_TEST

START_TEST(with_its_last_row_a_roster_gives_up_its_memory_and_can_be_used_again)
{
	struct roster r = { 0 };
	struct pair *p;

	for (uint32_t i = 1; i <= 100; i++)
		roster_add(&by_number, &r, &(struct pair){ i, i });
	for (uint32_t at = 0; (p = roster_next(&by_number, &r, &at));)
		roster_remove(&by_number, &r, p);
	ck_assert_ptr_null(r.rows);
	ck_assert_ptr_null(r.slots);
	roster_add(&by_number, &r, &(struct pair){ 5, 55 });
	ck_assert_uint_eq(find(&r, 5)->value, 55);
	roster_free(&r);
}
END_TEST

/* A device that comes and goes must not make its table larger each time. */
START_TEST(rows_that_come_and_go_for_ever_take_no_more_room)
{
	struct roster r = { 0 };

	for (uint32_t i = 1; i <= 100; i++)
		roster_add(&by_number, &r, &(struct pair){ i, i });
	for (uint32_t i = 101; i <= 100000; i++) {
		roster_remove(&by_number, &r, find(&r, i - 100));
		roster_add(&by_number, &r, &(struct pair){ i, i });
	}
	ck_assert_uint_eq(r.n, 100);
	ck_assert_uint_le(r.rows_size, 250);
	ck_assert_uint_le(r.slots_n, 256);
	roster_free(&r);
}
END_TEST

/* Against an array indexed by the key. */
START_TEST(any_order_of_adding_and_removing_leaves_what_it_should)
{
	enum { KEYS = 300 };
	uint32_t have[KEYS + 1] = { 0 }, age[KEYS + 1] = { 0 }, last = 0, n = 0;
	struct roster r = { 0 };
	struct prng prng;
	struct pair *p;

	prng_key(&prng, 1, "roster", "test");
	for (uint32_t i = 1; i <= 20000; i++) {
		uint32_t key = (uint32_t)prng_below(&prng, KEYS) + 1;

		if (have[key]) {
			ck_assert_uint_eq(find(&r, key)->value, age[key]);
			roster_remove(&by_number, &r, find(&r, key));
		} else {
			ck_assert_ptr_null(find(&r, key));
			roster_add(&by_number, &r, &(struct pair){ key, i });
			age[key] = i;
		}
		have[key] = !have[key];
	}
	for (uint32_t at = 0; (p = roster_next(&by_number, &r, &at)); n++) {
		ck_assert(have[p->number]);
		ck_assert_uint_gt(p->value, last);
		last = p->value;
	}
	ck_assert_uint_eq(n, r.n);
	roster_free(&r);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(a_row_is_found_by_its_key_and_by_no_other),
		SUITE_CASE(rows_are_walked_in_the_order_in_which_they_came),
		SUITE_CASE(what_is_removed_while_walking_is_gone_and_the_rest_is_walked_once),
		SUITE_CASE(with_its_last_row_a_roster_gives_up_its_memory_and_can_be_used_again),
		SUITE_CASE(rows_that_come_and_go_for_ever_take_no_more_room),
		SUITE_CASE(any_order_of_adding_and_removing_leaves_what_it_should),
	};

	return suite_main(argc, argv, "unit/test_roster", cases, sizeof cases / sizeof cases[0]);
}
