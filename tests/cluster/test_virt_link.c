/* The conformance of links on the virtual host, and what only it can show: the same seed, the same
 * hash. */
#include "tests/lib/link_conformance.h"
#include "tests/lib/pinger.h"
#include "tests/lib/cluster.h"

#include "common/msg/messages.h"

static struct cluster *c;
static struct pinger_context contexts[2];
static struct sdl_record_cursor cursors[2];
static const char *const names[] = { "a", "b" };

static void make(void *arg, struct sdl_config *config)
{
	pinger_program(config, arg);
}

static void add(int which)
{
	uint8_t peer = which == A ? 2 : 1;
	struct sdl_virt_program spec = { .make = make,
					 .arg = &contexts[which],
					 .name = names[which],
					 .node = (uint8_t)(which + 1),
					 .app = SDL_APP_CALLMANAGER,
					 .links = { { peer, SDL_APP_CALLMANAGER } },
					 .links_n = 1 };

	contexts[which] =
		(struct pinger_context){ .peer_node = peer, .peer_app = SDL_APP_CALLMANAGER };
	cursors[which] = (struct sdl_record_cursor){ 0 };
	cluster_add(c, &spec);
}

static void up(void)
{
	c = cluster_new_queue(1, 64);
	add(A);
	add(B);
	cluster_start(c, "a");
	cluster_start(c, "b");
}

static void down(void)
{
	cluster_destroy(&c);
}

static void start(int which)
{
	cluster_start(c, names[which]);
}

static void kill(int which)
{
	cluster_kill(c, names[which]);
}

static void term(int which)
{
	cluster_term(c, names[which]);
}

static void freeze(int which)
{
	cluster_freeze(c, names[which]);
}

static void thaw(int which)
{
	cluster_thaw(c, names[which]);
}

static void cut(bool cut_it)
{
	if (cut_it)
		cluster_cut(c, "a", "b");
	else
		cluster_heal(c, "a", "b");
}

static void send(int which, uint32_t n)
{
	StationEnblocCall m = STATION_ENBLOC_CALL__INIT;

	m.called_party = "";
	m.has_line = true;
	m.line = n;
	cluster_post(c, names[which], PINGER, SIG_StationEnblocCall, &m);
}

static void inject(int to, const void *frame, size_t len)
{
	sdl_program_wake(cluster_program(c, names[to]), cluster_now(c));
	sdl_program_frame(cluster_program(c, names[to]), NULL, frame, len);
}

struct condition {
	bool (*done)(void *arg);
	void *arg;
};

static bool ask(struct cluster *cluster, void *arg)
{
	const struct condition *condition = arg;

	(void)cluster;
	return condition->done(condition->arg);
}

static bool until(bool (*done)(void *arg), void *arg, int64_t within_ns)
{
	struct condition condition = { done, arg };

	return cluster_until(c, ask, &condition, within_ns);
}

static void read_record(int which, void (*visit)(int which, const struct sdl_record_entry *e))
{
	const struct sdl_record_entry *e;

	while ((e = sdl_record_next(sdl_virt_record(cluster_virt(c)), &cursors[which])))
		if (e->node == which + 1)
			visit(which, e);
}

static const struct link_host virtual_host = { .up = up,
					       .down = down,
					       .start = start,
					       .kill = kill,
					       .term = term,
					       .freeze = freeze,
					       .thaw = thaw,
					       .cut = cut,
					       .send = send,
					       .inject = inject,
					       .until = until,
					       .read = read_record,
					       .queue_max = 64 };

static uint64_t hash_of_a_run(uint32_t signals)
{
	uint64_t hash;

	up();
	send(A, signals);
	cluster_advance(c, SECONDS(3));
	kill(B);
	cluster_advance(c, SECONDS(1));
	start(B);
	cluster_advance(c, SECONDS(10));
	hash = sdl_record_hash(sdl_virt_record(cluster_virt(c)));
	down();
	return hash;
}

START_TEST(the_same_seed_gives_the_same_hash_and_another_story_another)
{
	uint64_t first = hash_of_a_run(100);

	ck_assert_uint_eq(first, hash_of_a_run(100));
	ck_assert_uint_ne(first, hash_of_a_run(101));
}
END_TEST

/* Now and then the new life's line is up before the old one's end is noticed. */
START_TEST(a_peer_that_is_started_again_at_once_is_lost_once_and_found_once_each_time)
{
	up();
	cluster_advance(c, SECONDS(1));
	for (uint32_t lives = 1; lives <= 2000; lives++) {
		ck_assert_uint_eq(contexts[A].in_service, lives);
		kill(B);
		start(B);
		cluster_advance(c, MS(30));
		ck_assert_uint_eq(contexts[A].out_of_service, lives);
	}
	down();
}
END_TEST

int main(int argc, char **argv)
{
	struct suite_case cases[LINK_CASES_MAX + 2];
	size_t n = link_cases(cases);

	link_host = &virtual_host;
	cases[n++] = (struct suite_case)SUITE_CASE(
		the_same_seed_gives_the_same_hash_and_another_story_another);
	cases[n++] = (struct suite_case)SUITE_CASE(
		a_peer_that_is_started_again_at_once_is_lost_once_and_found_once_each_time);
	return suite_main(argc, argv, "cluster/test_virt_link", cases, n);
}
