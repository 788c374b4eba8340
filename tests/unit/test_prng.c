#include "common/base/guid.h"
#include "common/base/hash.h"
#include "common/base/prng.h"
#include "tests/lib/suite.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

START_TEST(the_hash_of_known_bytes_never_changes)
{
	/* Recorded traces are compared by these values over releases, compilers and machines. */
	ck_assert_uint_eq(hash64(0, "", 0), UINT64_C(0xA7CC55C1F25F18D8));
	ck_assert_uint_eq(hash64_text(1, "SEP001122334455"), UINT64_C(0xBB43C67C76E6EB2E));
	ck_assert_uint_eq(hash64_text(1, "a text that is longer than one block of 16"),
			  UINT64_C(0x5808D27D0983720C));
	ck_assert_uint_eq(hash64_u64(7, 42), UINT64_C(0x29FA61FB7D007781));
}
END_TEST

static int bits(uint64_t x)
{
	int n = 0;

	for (; x; x &= x - 1)
		n++;
	return n;
}

START_TEST(every_bit_of_input_seed_and_length_changes_about_half_of_the_hash)
{
	unsigned char data[40];
	long changed = 0;
	int flips = 0;

	memset(data, 0, sizeof(data));
	for (size_t len = 1; len <= sizeof(data); len++) {
		uint64_t before = hash64(5, data, len);

		for (size_t bit = 0; bit < len * 8; bit++, flips++) {
			data[bit / 8] ^= (unsigned char)(1 << bit % 8);
			int n = bits(before ^ hash64(5, data, len));
			data[bit / 8] ^= (unsigned char)(1 << bit % 8);
			ck_assert_int_gt(n, 5);
			changed += n;
		}
		ck_assert_int_gt(bits(before ^ hash64(6, data, len)), 5);
		ck_assert_int_gt(bits(before ^ hash64(5, data, len - 1)), 5);
	}
	ck_assert_int_gt(changed / flips, 28);
	ck_assert_int_lt(changed / flips, 36);
}
END_TEST

START_TEST(a_stream_depends_on_seed_node_and_purpose)
{
	static const struct {
		uint64_t seed;
		const char *node;
		const char *purpose;
	} keys[] = { { 1, "ccm1", "jitter" },
		     { 2, "ccm1", "jitter" },
		     { 1, "ccm2", "jitter" },
		     { 1, "ccm1", "pkid" },
		     { 1, "ccm1j", "itter" } };
	uint64_t first[5];

	for (size_t i = 0; i < 5; i++) {
		struct prng prng;
		struct prng same;

		prng_key(&prng, keys[i].seed, keys[i].node, keys[i].purpose);
		same = prng;
		first[i] = prng_u64(&prng);
		ck_assert_uint_eq(prng_u64(&same), first[i]);
		ck_assert_uint_eq(prng_u64(&same), prng_u64(&prng));
		for (size_t k = 0; k < i; k++)
			ck_assert_uint_ne(first[k], first[i]);
	}
}
END_TEST

START_TEST(draws_below_a_bound_are_even)
{
	struct prng prng;
	int count[7] = { 0 };

	prng_key(&prng, 1, "ccm1", "test");
	for (int i = 0; i < 70000; i++)
		count[prng_below(&prng, 7)]++;
	for (int i = 0; i < 7; i++) {
		ck_assert_int_gt(count[i], 9600);
		ck_assert_int_lt(count[i], 10400);
	}
	for (int i = 0; i < 1000; i++) {
		ck_assert_uint_eq(prng_below(&prng, 1), 0);
		ck_assert_uint_lt(prng_below(&prng, UINT64_MAX), UINT64_MAX);
	}
}
END_TEST

START_TEST(draws_between_two_numbers_reach_both)
{
	struct prng prng;
	int at[5] = { 0 };

	prng_key(&prng, 1, "ccm1", "test");
	for (int i = 0; i < 1000; i++) {
		int64_t v = prng_between(&prng, -2, 2);

		ck_assert_int_ge(v, -2);
		ck_assert_int_le(v, 2);
		at[v + 2]++;
	}
	for (int i = 0; i < 5; i++)
		ck_assert_int_gt(at[i], 100);
	ck_assert_int_eq(prng_between(&prng, 9, 9), 9);
	prng_between(&prng, INT64_MIN, INT64_MAX);
}
END_TEST

START_TEST(a_chance_is_kept)
{
	struct prng prng;
	int hits = 0;

	prng_key(&prng, 1, "ccm1", "test");
	for (int i = 0; i < 10000; i++) {
		ck_assert(!prng_chance(&prng, 0, 10));
		ck_assert(prng_chance(&prng, 10, 10));
		hits += prng_chance(&prng, 1, 10);
	}
	ck_assert_int_gt(hits, 850);
	ck_assert_int_lt(hits, 1150);
}
END_TEST

static bool aborts(void (*draw)(struct prng *))
{
	struct prng unkeyed = { 0 };
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		draw(&unkeyed);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void draw_one(struct prng *prng)
{
	prng_u64(prng);
}

START_TEST(a_stream_without_a_key_aborts)
{
	ck_assert(aborts(draw_one));
}
END_TEST

START_TEST(guids_look_like_guids_and_differ)
{
	struct prng prng;
	char a[GUID_SIZE];
	char b[GUID_SIZE];

	prng_key(&prng, 1, "ccm1", "pkid");
	guid_draw(&prng, a);
	for (int i = 0; i < 1000; i++) {
		guid_draw(&prng, b);
		ck_assert(guid_valid(b));
		ck_assert_int_eq(b[14], '4');
		ck_assert_ptr_nonnull(strchr("89ab", b[19]));
		ck_assert_str_ne(a, b);
		memcpy(a, b, sizeof(a));
	}
	ck_assert(guid_valid("D13C4201-7802-11d3-bdf0-00108302ead1"));
	ck_assert(!guid_valid("d13c4201-7802-11d3-bdf0-00108302ead"));
	ck_assert(!guid_valid("d13c4201-7802-11d3-bdf0-00108302ead11"));
	ck_assert(!guid_valid("d13c4201x7802-11d3-bdf0-00108302ead1"));
	ck_assert(!guid_valid(""));
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(the_hash_of_known_bytes_never_changes),
		SUITE_CASE(every_bit_of_input_seed_and_length_changes_about_half_of_the_hash),
		SUITE_CASE(a_stream_depends_on_seed_node_and_purpose),
		SUITE_CASE(draws_below_a_bound_are_even),
		SUITE_CASE(draws_between_two_numbers_reach_both),
		SUITE_CASE(a_chance_is_kept),
		SUITE_CASE(a_stream_without_a_key_aborts),
		SUITE_CASE(guids_look_like_guids_and_differ),
	};

	return suite_main(argc, argv, "unit/test_prng", cases, sizeof(cases) / sizeof(cases[0]));
}
