/* Links of the real host: real programs, real signals of the system. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/real.h"
#include "tests/lib/peer.h"
#include "tests/lib/suite.h"

static const struct peer_spec ccm1 = { .node = 1, .app = 100, .links = "2.100" };
static const struct peer_spec ccm2 = { .node = 2, .app = 100, .links = "1.100" };

static void setup(void)
{
	peer_cluster();
}

/* Both up, with a link in service seen by both. */
static void start_two(struct peer *a, struct peer *b)
{
	peer_start(a, &ccm1);
	peer_start(b, &ccm2);
	peer_expect(a, "isv", "2.100");
	peer_expect(b, "isv", "1.100");
}

static void reconnect(struct peer *a, struct peer *b)
{
	peer_expect(a, "isv", "2.100");
	peer_expect(b, "isv", "1.100");
}

START_TEST(signals_arrive_in_order_both_ways)
{
	struct peer a, b;

	start_two(&a, &b);
	peer_order(&a, "send", "2.100", "there", 1000);
	peer_order(&b, "send", "1.100", "back", 1000);
	peer_expect(&b, "got", "there");
	peer_expect(&a, "got", "back");
	peer_stop(&a);
	peer_stop(&b);
}
END_TEST

START_TEST(a_burst_of_50000_signals_arrives_whole_and_in_order)
{
	struct peer a, b;

	start_two(&a, &b);
	peer_order(&a, "send", "2.100", "burst", 50000);
	peer_expect(&b, "got", "burst");
	peer_stop(&a);
	peer_stop(&b);
}
END_TEST

START_TEST(the_link_to_a_killed_program_goes_out_of_service_at_once)
{
	struct peer a, b;

	start_two(&a, &b);
	int64_t from = sdl_real_now();
	peer_kill(&b);
	peer_expect(&a, "oos", "2.100");
	/* By the disconnection, not by silence (1 s here). */
	ck_assert_int_lt((sdl_real_now() - from) / 1000000, 900);
	ck_assert_uint_eq(a.result, LINK_REASON__LINK_DISCONNECTED);
	peer_stop(&a);
}
END_TEST

START_TEST(a_program_that_ends_in_order_says_goodbye)
{
	struct peer a, b;

	start_two(&a, &b);
	peer_stop(&b);
	peer_expect(&a, "oos", "2.100");
	ck_assert_uint_eq(a.result, LINK_REASON__LINK_GOODBYE);
	peer_stop(&a);
}
END_TEST

START_TEST(a_program_restarted_under_the_same_name_is_linked_again)
{
	struct peer a, b;

	start_two(&a, &b);
	for (int i = 0; i < 3; i++) {
		peer_kill(&b);
		peer_start(&b, &ccm2);
		peer_expect(&a, "oos", "2.100");
		reconnect(&a, &b);
		peer_order(&a, "send", "2.100", "again", 100);
		peer_expect(&b, "got", "again");
		peer_order(&b, "send", "1.100", "answer", 100);
		peer_expect(&a, "got", "answer");
	}
	peer_stop(&a);
	peer_stop(&b);
}
END_TEST

START_TEST(nothing_that_was_queued_reaches_a_program_frozen_and_thawed)
{
	struct peer a, b;

	start_two(&a, &b);
	peer_freeze(&b);
	peer_order(&a, "send", "2.100", "queued", 5000);
	peer_expect(&a, "oos", "2.100");
	ck_assert_uint_eq(a.result, LINK_REASON__LINK_SILENCE);
	peer_thaw(&b);
	/* The thawed program, too, was out of service before it read anything. */
	peer_expect(&b, "oos", "1.100");
	ck_assert_str_ne(b.device, "queued");
	peer_expect(&b, "isv", "1.100");
	peer_expect(&a, "isv", "2.100");
	peer_order(&a, "send", "2.100", "fresh", 100);
	while (peer_told(&b, 5000) && strcmp(b.verb, "got") != 0)
		ck_assert_str_ne(b.device, "queued");
	ck_assert_str_eq(b.device, "fresh");
	peer_stop(&a);
	peer_stop(&b);
}
END_TEST

START_TEST(what_a_frozen_program_had_queued_is_not_delivered_when_it_thaws)
{
	struct peer a, b;

	start_two(&a, &b);
	/* The order reaches its control channel; it acts on it when thawed, its link being out. */
	peer_freeze(&b);
	peer_order(&b, "send", "1.100", "stale", 100);
	peer_expect(&a, "oos", "2.100");
	peer_thaw(&b);
	peer_expect(&b, "oos", "1.100");
	reconnect(&a, &b);
	peer_order(&b, "send", "1.100", "fresh", 100);
	while (peer_told(&a, 5000) && strcmp(a.verb, "got") != 0)
		ck_assert_str_ne(a.device, "stale");
	ck_assert_str_eq(a.device, "fresh");
	peer_stop(&a);
	peer_stop(&b);
}
END_TEST

static void fault(struct peer *p, uint8_t node, bool cut)
{
	LinkFault msg = LINK_FAULT__INIT;

	msg.node = node;
	msg.app = SDL_APP_CALLMANAGER;
	msg.has_cut = 1;
	msg.cut = cut;
	peer_post(p, TYPE_LINK_ADMIN, SIG_LinkFault, &msg);
}

START_TEST(a_cut_line_goes_out_of_service_by_silence_and_comes_back_when_healed)
{
	struct peer a, b;

	start_two(&a, &b);
	fault(&a, 2, true);
	peer_order(&a, "send", "2.100", "lost", 10);
	peer_expect(&b, "oos", "1.100");
	peer_expect(&a, "oos", "2.100");
	fault(&a, 2, false);
	reconnect(&a, &b);
	peer_order(&a, "send", "2.100", "healed", 10);
	while (peer_told(&b, 5000) && strcmp(b.verb, "got") != 0)
		ck_assert_str_ne(b.device, "lost");
	ck_assert_str_eq(b.device, "healed");
	peer_stop(&a);
	peer_stop(&b);
}
END_TEST

START_TEST(a_full_queue_takes_the_link_out_of_service)
{
	struct peer a, b;
	struct peer_spec small = ccm1;

	small.hwm = 4;
	small.silence_ms = 20000;
	peer_start(&a, &small);
	peer_start(&b, &ccm2);
	reconnect(&a, &b);
	peer_freeze(&b);
	/* More than the system's own buffers hold. */
	peer_order(&a, "send", "2.100", "too-much", 400000);
	peer_expect(&a, "oos", "2.100");
	ck_assert_uint_eq(a.result, LINK_REASON__LINK_QUEUE_FULL);
	peer_thaw(&b);
	peer_expect(&a, "isv", "2.100");
	peer_order(&a, "send", "2.100", "fresh", 10);
	while (peer_told(&b, 5000) && strcmp(b.verb, "got") != 0)
		;
	ck_assert_str_eq(b.device, "fresh");
	peer_stop(&a);
	peer_stop(&b);
}
END_TEST

START_TEST(a_program_with_another_token_gets_no_link)
{
	struct peer a, b;
	struct peer_spec stranger = ccm2;

	stranger.token = "another";
	peer_start(&a, &ccm1);
	peer_start(&b, &stranger);
	peer_never(&a, "isv", NULL, 500);
	peer_never(&b, "isv", NULL, 100);
	peer_stop(&a);
	peer_stop(&b);
}
END_TEST

START_TEST(mgr_02_a_second_ctimanager_on_a_node_refuses_and_leaves_the_first_alone)
{
	struct peer first, second, ccm;
	const struct peer_spec spec = { .node = 1, .app = 200, .links = "2.100" };
	char text[1024], pid[32];
	int fd;

	peer_start(&first, &spec);
	peer_start(&ccm, &ccm2);
	peer_expect(&first, "isv", "2.100");
	peer_start_doomed(&second, &spec, &fd);
	int status = peer_end(&second, fd, text, sizeof(text));
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), SDL_EXIT_USAGE);
	snprintf(pid, sizeof(pid), "process %d", (int)first.pid);
	ck_assert_msg(strstr(text, pid) && strstr(text, "already has a ctimanager"), "unclear: %s",
		      text);
	/* The first one did not even blink. */
	peer_order(&ccm, "send", "1.200", "still", 10);
	peer_expect(&first, "got", "still");
	peer_stop(&first);
	peer_stop(&ccm);
}
END_TEST

START_TEST(a_port_held_by_another_program_is_named)
{
	struct peer p;
	const struct peer_spec spec = { .node = 1, .app = 200 };
	char text[1024], address[32], other[64];
	int fd, held;

	snprintf(address, sizeof(address), "127.%u.0.1:2748", (unsigned)peer_cluster_number());
	held = peer_hold_port(SDL_PORT_CTI, 1);
	peer_start_doomed(&p, &spec, &fd);
	int status = peer_end(&p, fd, text, sizeof(text));
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), SDL_EXIT_USAGE);
	snprintf(other, sizeof(other), "%s is taken by another program", address);
	ck_assert_msg(strstr(text, other), "unclear: %s", text);
	close(held);
}
END_TEST

START_TEST(a_program_ends_with_its_supervisor)
{
	struct peer p;
	int status;

	peer_start(&p, &ccm1);
	close(p.control);
	ck_assert_int_eq(waitpid(p.pid, &status, 0), p.pid);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), SDL_EXIT_FAILED);
}
END_TEST

START_TEST(a_crash_point_kills_the_program_as_sigkill_does)
{
	struct peer a, b;
	CrashPoint msg = CRASH_POINT__INIT;
	int status;

	start_two(&a, &b);
	msg.signal = SIG_CcSetupAck;
	msg.nth = 10;
	msg.when = 2;
	peer_post(&b, TYPE_LINK_ADMIN, SIG_CrashPoint, &msg);
	peer_order(&a, "send", "2.100", "deadly", 10);
	ck_assert_int_eq(waitpid(b.pid, &status, 0), b.pid);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGKILL);
	peer_expect(&a, "oos", "2.100");
	peer_stop(&a);
}
END_TEST

START_TEST(datagrams_reach_the_endpoint_program_they_name)
{
	struct peer a, b;
	const struct peer_spec phones = { .node = 101, .app = 300 };
	const struct peer_spec app = { .node = 102, .app = 400 };

	peer_start(&a, &phones);
	peer_start(&b, &app);
	peer_order(&a, "tick", "102.400", "", 7);
	peer_expect(&b, "tick", "101.300");
	ck_assert_uint_eq(b.result, 7);
	peer_order(&b, "tick", "101.300", "", 8);
	peer_expect(&a, "tick", "102.400");
	ck_assert_uint_eq(a.result, 8);
	peer_stop(&a);
	peer_stop(&b);
}
END_TEST

int main(int argc, char **argv)
{
	peer_main(argc, argv);

	const struct suite_case cases[] = {
		SUITE_CASE_WITH(signals_arrive_in_order_both_ways, setup, NULL),
		SUITE_CASE_WITH(a_burst_of_50000_signals_arrives_whole_and_in_order, setup, NULL),
		SUITE_CASE_WITH(the_link_to_a_killed_program_goes_out_of_service_at_once, setup,
				NULL),
		SUITE_CASE_WITH(a_program_that_ends_in_order_says_goodbye, setup, NULL),
		SUITE_CASE_WITH(a_program_restarted_under_the_same_name_is_linked_again, setup,
				NULL),
		SUITE_CASE_WITH(nothing_that_was_queued_reaches_a_program_frozen_and_thawed, setup,
				NULL),
		SUITE_CASE_WITH(what_a_frozen_program_had_queued_is_not_delivered_when_it_thaws,
				setup, NULL),
		SUITE_CASE_WITH(
			a_cut_line_goes_out_of_service_by_silence_and_comes_back_when_healed, setup,
			NULL),
		SUITE_CASE_WITH(a_full_queue_takes_the_link_out_of_service, setup, NULL),
		SUITE_CASE_WITH(a_program_with_another_token_gets_no_link, setup, NULL),
		SUITE_CASE_WITH(
			mgr_02_a_second_ctimanager_on_a_node_refuses_and_leaves_the_first_alone,
			setup, NULL),
		SUITE_CASE_WITH(a_port_held_by_another_program_is_named, setup, NULL),
		SUITE_CASE_WITH(a_program_ends_with_its_supervisor, setup, NULL),
		SUITE_CASE_WITH(a_crash_point_kills_the_program_as_sigkill_does, setup, NULL),
		SUITE_CASE_WITH(datagrams_reach_the_endpoint_program_they_name, setup, NULL),
	};

	return suite_main(argc, argv, "proc/test_real_link", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
