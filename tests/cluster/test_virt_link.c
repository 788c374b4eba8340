/* Links on the virtual host. */
#include "tests/cluster/pinger.h"
#include "tests/lib/cluster.h"
#include "tests/lib/suite.h"

#include "common/msg/messages.h"

static struct cluster *c;
static struct pinger_context a;
static struct pinger_context b;

static void make(void *arg, struct sdl_config *config)
{
	struct pinger_context *context = arg;

	context->life++;
	pinger_program(config, context);
}

static void add(const char *name, uint8_t node, uint8_t peer, struct pinger_context *context)
{
	struct sdl_virt_program spec = { .make = make,
					 .arg = context,
					 .name = name,
					 .node = node,
					 .app = SDL_APP_CALLMANAGER,
					 .links = { { peer, SDL_APP_CALLMANAGER } },
					 .links_n = 1 };

	*context = (struct pinger_context){ .peer_node = peer, .peer_app = SDL_APP_CALLMANAGER };
	cluster_add(c, &spec);
}

static bool linked(struct cluster *cluster, void *arg)
{
	(void)arg;
	return cluster_is_up(cluster, "a") && cluster_is_up(cluster, "b") &&
	       sdl_program_linked(cluster_program(cluster, "a"), 2, SDL_APP_CALLMANAGER) &&
	       sdl_program_linked(cluster_program(cluster, "b"), 1, SDL_APP_CALLMANAGER);
}

static bool unlinked(struct cluster *cluster, void *arg)
{
	return !sdl_program_linked(cluster_program(cluster, "a"), 2, SDL_APP_CALLMANAGER) && !arg;
}

static bool received(struct cluster *cluster, void *arg)
{
	(void)cluster;
	return b.received >= *(const uint32_t *)arg;
}

static void send(const char *from, uint32_t n)
{
	StationEnblocCall m = STATION_ENBLOC_CALL__INIT;

	m.called_party = "";
	m.has_line = true;
	m.line = n;
	cluster_post(c, from, PINGER, SIG_StationEnblocCall, &m);
}

static void up(void)
{
	c = cluster_new(1);
	add("a", 1, 2, &a);
	add("b", 2, 1, &b);
	cluster_start(c, "a");
	cluster_start(c, "b");
	ck_assert(cluster_until(c, linked, NULL, SECONDS(1)));
}

static void down(void)
{
	cluster_destroy(&c);
}

START_TEST(a_burst_of_50000_signals_arrives_whole_and_in_order)
{
	uint32_t n = 50000;

	send("a", n);
	ck_assert(cluster_until(c, received, &n, SECONDS(1)));
	ck_assert_uint_eq(b.out_of_order, 0);
	ck_assert_uint_eq(b.received, n);
}
END_TEST

START_TEST(cmf_12_a_killed_peer_is_known_at_once_on_disconnection)
{
	int64_t killed = cluster_now(c);

	cluster_kill(c, "b");
	ck_assert(cluster_until(c, unlinked, NULL, MS(10)));
	ck_assert_int_lt(cluster_now(c) - killed, MS(1));
	cluster_advance(c, MS(1));
	ck_assert_uint_eq(a.out_of_service, 1);
	cluster_start(c, "b");
	ck_assert(cluster_until(c, linked, NULL, SECONDS(2)));
	ck_assert_uint_eq(b.life, 2);
}
END_TEST

START_TEST(cmf_12_a_frozen_peer_is_out_of_service_after_3_s_of_silence)
{
	int64_t frozen = cluster_now(c);

	cluster_freeze(c, "b");
	ck_assert(cluster_until(c, unlinked, NULL, SECONDS(10)));
	ck_assert_int_ge(cluster_now(c) - frozen, SECONDS(2));
	ck_assert_int_le(cluster_now(c) - frozen, SECONDS(3));
}
END_TEST

START_TEST(a_thawed_peer_delivers_nothing_that_was_queued_before)
{
	send("b", 10); /* waits in b until it is thawed */
	cluster_freeze(c, "b");
	cluster_advance(c, SECONDS(5));
	send("a", 7); /* not in service: lost */
	cluster_thaw(c, "b");
	cluster_advance(c, SECONDS(5));
	ck_assert(linked(c, NULL));
	ck_assert_uint_eq(a.received, 0);
	ck_assert_uint_eq(b.received, 0);
	ck_assert_uint_eq(a.out_of_service, 1);
	ck_assert_uint_eq(b.out_of_service, 1);
}
END_TEST

START_TEST(a_short_freeze_loses_nothing)
{
	uint32_t n = 100;

	cluster_freeze(c, "b");
	send("a", n);
	cluster_advance(c, SECONDS(1));
	ck_assert_uint_eq(b.received, 0);
	cluster_thaw(c, "b");
	ck_assert(cluster_until(c, received, &n, SECONDS(1)));
	ck_assert_uint_eq(a.out_of_service, 0);
}
END_TEST

START_TEST(a_cut_ends_the_link_on_both_sides_and_healing_brings_it_back)
{
	uint32_t n = 5;

	cluster_cut(c, "a", "b");
	send("a", 3);
	cluster_advance(c, SECONDS(4));
	ck_assert_uint_eq(a.out_of_service, 1);
	ck_assert_uint_eq(b.out_of_service, 1);
	cluster_heal(c, "a", "b");
	ck_assert(cluster_until(c, linked, NULL, SECONDS(2)));
	ck_assert_uint_eq(b.received, 0); /* what was sent before the end of the session is gone */
	send("a", n);
	ck_assert(cluster_until(c, received, &n, SECONDS(1)));
}
END_TEST

START_TEST(an_orderly_stop_is_known_at_once)
{
	cluster_term(c, "b");
	ck_assert(cluster_until(c, unlinked, NULL, MS(10)));
	ck_assert(!cluster_is_up(c, "b"));
}
END_TEST

START_TEST(the_same_seed_gives_the_same_hash)
{
	uint64_t first;
	uint64_t second;

	send("a", 100);
	cluster_advance(c, SECONDS(10));
	first = sdl_record_hash(sdl_virt_record(cluster_virt(c)));
	down();
	up();
	send("a", 100);
	cluster_advance(c, SECONDS(10));
	second = sdl_record_hash(sdl_virt_record(cluster_virt(c)));
	ck_assert_uint_eq(first, second);
	down();
	up();
	send("a", 101);
	cluster_advance(c, SECONDS(10));
	ck_assert_uint_ne(first, sdl_record_hash(sdl_virt_record(cluster_virt(c))));
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(a_burst_of_50000_signals_arrives_whole_and_in_order, up, down),
		SUITE_CASE_WITH(cmf_12_a_killed_peer_is_known_at_once_on_disconnection, up, down),
		SUITE_CASE_WITH(cmf_12_a_frozen_peer_is_out_of_service_after_3_s_of_silence, up,
				down),
		SUITE_CASE_WITH(a_thawed_peer_delivers_nothing_that_was_queued_before, up, down),
		SUITE_CASE_WITH(a_short_freeze_loses_nothing, up, down),
		SUITE_CASE_WITH(a_cut_ends_the_link_on_both_sides_and_healing_brings_it_back, up,
				down),
		SUITE_CASE_WITH(an_orderly_stop_is_known_at_once, up, down),
		SUITE_CASE_WITH(the_same_seed_gives_the_same_hash, up, down),
	};

	return suite_main(argc, argv, "cluster/test_virt_link", cases,
			  sizeof cases / sizeof *cases);
}
