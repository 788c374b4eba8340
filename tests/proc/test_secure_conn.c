/* The encrypted CTI port (GRP-06) and encrypted links: keys, and what an onlooker can read. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <arpa/inet.h>

#include "sdl/real.h"
#include "tests/lib/peer.h"
#include "tests/lib/suite.h"

#define RELAY_NODE 9

static char run_dir[64];
static char keys[80];
static char why[512];

__attribute__((format(printf, 1, 2))) static void shell(const char *format, ...)
{
	char line[400];
	va_list ap;

	va_start(ap, format);
	vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	ck_assert_int_eq(system(line), 0);
}

static void setup(void)
{
	peer_cluster();
	snprintf(run_dir, sizeof(run_dir), "/tmp/rehome-keys-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(run_dir));
	snprintf(keys, sizeof(keys), "%s/keys", run_dir);
	ck_assert_int_eq(sdl_real_key_for_node(keys, 1, why, sizeof(why)), 0);
	ck_assert_int_eq(sdl_real_key_for_user(keys, "ivr", why, sizeof(why)), 0);
}

static void tear_down(void)
{
	shell("rm -r %s", run_dir);
}

static void start_both(struct peer *server, struct peer *app)
{
	peer_start(server, &(struct peer_spec){ .node = 1, .app = 200, .run_dir = run_dir });
	peer_start(app, &(struct peer_spec){ .node = 102, .app = 400, .run_dir = run_dir });
}

static void stop_both(struct peer *server, struct peer *app)
{
	peer_stop(app);
	peer_stop(server);
}

START_TEST(grp_06_a_client_with_a_key_is_let_in_and_named)
{
	struct peer server, app;

	start_both(&server, &app);
	peer_order(&app, "conn", "1.200", "ivr", 0);
	peer_expect(&app, "up", NULL);
	peer_expect(&server, "accepted", "ivr");
	peer_order(&app, "talk", "0", "", 500);
	do
		peer_expect(&server, "heard", NULL);
	while (server.result < 500);
	/* In the clear nobody has a name. */
	peer_order(&app, "conn", "1.200", "", 0);
	peer_expect(&server, "accepted", "");
	stop_both(&server, &app);
}
END_TEST

START_TEST(grp_06_a_key_that_was_taken_away_lets_nobody_in_and_one_that_is_made_does)
{
	struct peer server, app;

	start_both(&server, &app);
	shell("grep -lx ivr %s/known/* | xargs rm", keys);
	peer_order(&app, "conn", "1.200", "ivr", 0);
	peer_expect(&app, "down", NULL);
	ck_assert_int_eq(sdl_real_key_for_user(keys, "acd", why, sizeof(why)), 0);
	peer_order(&app, "conn", "1.200", "acd", 0);
	peer_expect(&server, "accepted", "acd");
	stop_both(&server, &app);
}
END_TEST

START_TEST(grp_06_without_a_key_of_its_own_a_client_gets_nowhere)
{
	struct peer server, app;

	start_both(&server, &app);
	peer_order(&app, "conn", "1.200", "nobody", 0);
	peer_expect(&app, "down", NULL);
	peer_order(&app, "conn", "1.200", "../nodes/1", 0);
	peer_expect(&app, "down", NULL);
	peer_never(&server, "accepted", NULL, 200);
	stop_both(&server, &app);
}
END_TEST

START_TEST(grp_06_a_client_does_not_talk_to_a_server_with_another_key)
{
	struct peer server, app;

	start_both(&server, &app);
	ck_assert_int_eq(sdl_real_key_for_node(keys, 2, why, sizeof(why)), 0);
	shell("cp %s/nodes/2.pub %s/nodes/1.pub", keys, keys);
	peer_order(&app, "conn", "1.200", "ivr", 0);
	peer_expect(&app, "down", NULL);
	peer_never(&server, "accepted", NULL, 200);
	stop_both(&server, &app);
}
END_TEST

START_TEST(keys_are_files_of_their_owner_alone_and_are_made_once)
{
	static const char *const bad[] = { "", "a/b", ".", "..", ".key" };
	struct stat st;
	char path[120];

	snprintf(path, sizeof(path), "%s/users/ivr.key", keys);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	shell("cp %s %s/before", path, run_dir);
	ck_assert_int_eq(sdl_real_key_for_user(keys, "ivr", why, sizeof(why)), 0);
	shell("cmp -s %s %s/before", path, run_dir);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_int_eq(sdl_real_key_for_user(keys, bad[i], why, sizeof(why)), -1);
		ck_assert_ptr_nonnull(strstr(why, "a key's name has"));
	}
	ck_assert_int_eq(sdl_real_key_for_user("/proc/keys", "ivr", why, sizeof(why)), -1);
	ck_assert_ptr_nonnull(strstr(why, "/proc/keys"));
}
END_TEST

/* ---- links ----------------------------------------------------------------------------------- */
static void start_linked(struct peer *one, struct peer *two, bool two_is_secure)
{
	peer_start(one, &(struct peer_spec){ .node = 1,
					     .app = 100,
					     .links = "2.100",
					     .run_dir = run_dir,
					     .secure_links = true });
	peer_start(two, &(struct peer_spec){ .node = 2,
					     .app = 100,
					     .links = "1.100",
					     .run_dir = run_dir,
					     .secure_links = two_is_secure });
}

START_TEST(both_ends_of_an_encrypted_link_prove_their_nodes)
{
	struct peer one, two;

	ck_assert_int_eq(sdl_real_key_for_node(keys, 2, why, sizeof(why)), 0);
	start_linked(&one, &two, true);
	peer_expect(&one, "isv", "2.100");
	peer_expect(&two, "isv", "1.100");
	peer_order(&one, "send", "2.100", "mark", 1000);
	peer_expect(&two, "got", "mark");
	stop_both(&one, &two);
}
END_TEST

START_TEST(a_program_with_the_key_of_another_node_gets_no_link)
{
	struct peer one, two;

	ck_assert_int_eq(sdl_real_key_for_node(keys, 2, why, sizeof(why)), 0);
	ck_assert_int_eq(sdl_real_key_for_node(keys, 3, why, sizeof(why)), 0);
	shell("cp %s/nodes/3.key %s/nodes/2.key", keys, keys);
	start_linked(&one, &two, true);
	peer_never(&one, "isv", NULL, 500);
	stop_both(&one, &two);
}
END_TEST

START_TEST(a_program_in_the_clear_gets_no_encrypted_link)
{
	struct peer one, two;

	ck_assert_int_eq(sdl_real_key_for_node(keys, 2, why, sizeof(why)), 0);
	start_linked(&one, &two, false);
	peer_never(&one, "isv", NULL, 500);
	stop_both(&one, &two);
}
END_TEST

START_TEST(a_program_without_its_key_does_not_start_in_the_clear)
{
	struct peer p;
	char text[512];
	int pipe_fd;

	peer_start_doomed(&p,
			  &(struct peer_spec){
				  .node = 4, .app = 100, .run_dir = run_dir, .secure_links = true },
			  &pipe_fd);
	ck_assert_int_ne(peer_end(&p, pipe_fd, text, sizeof(text)), 0);
	ck_assert_msg(strstr(text, "no key of node 4") != NULL, "%s", text);
}
END_TEST

/* ---- an onlooker ----------------------------------------------------------------------------- */
struct relay {
	int listener;
	uint16_t port;
	pthread_t thread;
	char seen[65536];
	size_t n;
};

static int connect_to_server(uint16_t port)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_port = htons(port),
				  .sin_addr.s_addr = htonl(
					  127u << 24 | (uint32_t)peer_cluster_number() << 16 | 1) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return fd >= 0 && !connect(fd, (struct sockaddr *)&in, sizeof(in)) ? fd : -1;
}

/* Both ways, and keeps all that it sees, until either end closes. */
static void *carry(void *arg)
{
	struct relay *r = arg;
	struct pollfd end[2] = { { .events = POLLIN }, { .events = POLLIN } };
	bool open = true;

	end[0].fd = accept(r->listener, NULL, NULL);
	end[1].fd = connect_to_server(r->port);
	while (open && end[0].fd >= 0 && end[1].fd >= 0 && poll(end, 2, -1) > 0)
		for (int i = 0; i < 2; i++) {
			char bytes[4096];
			ssize_t n = end[i].revents ? read(end[i].fd, bytes, sizeof(bytes)) : 0;

			if (end[i].revents && n <= 0)
				open = false;
			if (n <= 0)
				continue;
			if (r->n + (size_t)n <= sizeof(r->seen)) {
				memcpy(r->seen + r->n, bytes, (size_t)n);
				r->n += (size_t)n;
			}
			open = open && write(end[1 - i].fd, bytes, (size_t)n) == n;
		}
	close(end[0].fd);
	close(end[1].fd);
	return NULL;
}

/* What passes while an application talks to node 1 by way of the relay's node. */
static void watch(struct relay *r, uint16_t port, const char *key)
{
	struct peer server, app;
	char to[16];

	memset(r, 0, sizeof(*r));
	r->port = port;
	r->listener = peer_hold_port(port, RELAY_NODE);
	ck_assert_int_eq(pthread_create(&r->thread, NULL, carry, r), 0);
	start_both(&server, &app);
	snprintf(to, sizeof(to), "%d.200", RELAY_NODE);
	peer_order(&app, "conn", to, key, 0);
	peer_expect(&app, "up", NULL);
	peer_expect(&server, "accepted", key);
	peer_order(&app, "talk", "0", "", 50);
	do
		peer_expect(&server, "heard", NULL);
	while (server.result < 50);
	stop_both(&server, &app);
	pthread_join(r->thread, NULL);
	close(r->listener);
}

START_TEST(grp_06_nothing_that_crosses_the_encrypted_port_can_be_read)
{
	static struct relay clear, encrypted;

	shell("cp %s/nodes/1.pub %s/nodes/%d.pub", keys, keys, RELAY_NODE);
	watch(&clear, SDL_PORT_CTI, "");
	watch(&encrypted, SDL_PORT_CTI_SECURE, "ivr");
	/* The program's name is in its first frame, RHF1 before each. */
	ck_assert_ptr_nonnull(memmem(clear.seen, clear.n, "RHF1", 4));
	ck_assert_ptr_nonnull(memmem(clear.seen, clear.n, "peer102", 7));
	ck_assert_uint_gt(encrypted.n, clear.n);
	ck_assert_ptr_null(memmem(encrypted.seen, encrypted.n, "RHF1", 4));
	ck_assert_ptr_null(memmem(encrypted.seen, encrypted.n, "peer102", 7));
	ck_assert_ptr_null(memmem(encrypted.seen, encrypted.n, "ivr", 3));
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(grp_06_a_client_with_a_key_is_let_in_and_named, setup, tear_down),
		SUITE_CASE_WITH(
			grp_06_a_key_that_was_taken_away_lets_nobody_in_and_one_that_is_made_does,
			setup, tear_down),
		SUITE_CASE_WITH(grp_06_without_a_key_of_its_own_a_client_gets_nowhere, setup,
				tear_down),
		SUITE_CASE_WITH(grp_06_a_client_does_not_talk_to_a_server_with_another_key, setup,
				tear_down),
		SUITE_CASE_WITH(keys_are_files_of_their_owner_alone_and_are_made_once, setup,
				tear_down),
		SUITE_CASE_WITH(both_ends_of_an_encrypted_link_prove_their_nodes, setup, tear_down),
		SUITE_CASE_WITH(a_program_with_the_key_of_another_node_gets_no_link, setup,
				tear_down),
		SUITE_CASE_WITH(a_program_in_the_clear_gets_no_encrypted_link, setup, tear_down),
		SUITE_CASE_WITH(a_program_without_its_key_does_not_start_in_the_clear, setup,
				tear_down),
		SUITE_CASE_WITH(grp_06_nothing_that_crosses_the_encrypted_port_can_be_read, setup,
				tear_down),
	};

	peer_main(argc, argv);
	return suite_main(argc, argv, "proc/test_secure_conn", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
