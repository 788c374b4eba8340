/* Connections of applications to CTIManagers on the real host. */
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "common/msg/messages.h"
#include "sdl/real.h"
#include "tests/lib/peer.h"
#include "tests/lib/suite.h"

static const struct peer_spec ctimanager = { .node = 1, .app = 200 };
static const struct peer_spec ivr = { .node = 102, .app = 400 };
static const struct peer_spec acd = { .node = 103, .app = 400 };

static void setup(void)
{
	peer_cluster();
}

static void connect_to(struct peer *app, struct peer *server)
{
	peer_order(app, "conn", "1.200", "", 0);
	peer_expect(app, "up", NULL);
	peer_expect(server, "accepted", NULL);
}

static void heard(struct peer *p, uint32_t count)
{
	do
		peer_expect(p, "heard", NULL);
	while (p->result < count);
}

START_TEST(an_application_and_its_ctimanager_talk_both_ways)
{
	struct peer server, app;

	peer_start(&server, &ctimanager);
	peer_start(&app, &ivr);
	connect_to(&app, &server);
	peer_order(&app, "talk", "0", "", 1000);
	heard(&server, 1000);
	peer_order(&server, "talk", "0", "", 1000);
	heard(&app, 1000);
	peer_stop(&app);
	peer_stop(&server);
}
END_TEST

START_TEST(an_application_hears_that_nobody_is_there)
{
	struct peer app;

	peer_start(&app, &ivr);
	peer_order(&app, "conn", "1.200", "", 0);
	peer_expect(&app, "down", NULL);
	peer_stop(&app);
}
END_TEST

START_TEST(an_application_hears_at_once_that_its_ctimanager_was_killed)
{
	struct peer server, app;

	peer_start(&server, &ctimanager);
	peer_start(&app, &ivr);
	connect_to(&app, &server);
	peer_kill(&server);
	peer_expect(&app, "down", NULL);
	/* It stays down, also when there is a CTIManager again: no silent reconnection. */
	peer_start(&server, &ctimanager);
	peer_never(&server, "accepted", NULL, 300);
	connect_to(&app, &server);
	peer_stop(&app);
	peer_stop(&server);
}
END_TEST

START_TEST(a_ctimanager_hears_which_of_its_applications_was_killed)
{
	struct peer server, one, two;

	peer_start(&server, &ctimanager);
	peer_start(&one, &ivr);
	connect_to(&one, &server);
	peer_start(&two, &acd);
	connect_to(&two, &server);
	uint32_t conn = server.result;
	peer_kill(&two);
	peer_expect(&server, "down", NULL);
	ck_assert_uint_eq(server.result, conn);
	peer_order(&one, "talk", "0", "", 3);
	heard(&server, 3);
	peer_stop(&one);
	peer_expect(&server, "down", NULL);
	ck_assert_uint_ne(server.result, conn);
	peer_stop(&server);
}
END_TEST

START_TEST(an_application_that_hangs_up_is_heard)
{
	struct peer server, app;

	peer_start(&server, &ctimanager);
	peer_start(&app, &ivr);
	connect_to(&app, &server);
	peer_order(&app, "hangup", "0", "", 0);
	peer_expect(&server, "down", NULL);
	connect_to(&app, &server);
	peer_stop(&app);
	peer_stop(&server);
}
END_TEST

START_TEST(an_application_whose_connection_the_ctimanager_closes_hears_it)
{
	struct peer server, app;

	peer_start(&server, &ctimanager);
	peer_start(&app, &ivr);
	connect_to(&app, &server);
	peer_order(&app, "talk", "0", "", 5);
	heard(&server, 5);
	peer_order(&server, "hangup", "0", "", 0);
	peer_expect(&app, "down", NULL);
	peer_never(&server, "down", NULL, 300);
	connect_to(&app, &server);
	peer_stop(&app);
	peer_stop(&server);
}
END_TEST

/* A client that is none of ours. */
static void *stranger(void *context, const char *id)
{
	void *socket = zmq_socket(context, ZMQ_DEALER);
	char endpoint[48];
	int linger_ms = 1000;

	ck_assert_ptr_nonnull(socket);
	snprintf(endpoint, sizeof(endpoint), "tcp://127.%u.0.1:%d", (unsigned)peer_cluster_number(),
		 SDL_PORT_CTI);
	zmq_setsockopt(socket, ZMQ_LINGER, &linger_ms, sizeof(linger_ms));
	if (id)
		ck_assert_int_eq(zmq_setsockopt(socket, ZMQ_ROUTING_ID, id, strlen(id)), 0);
	ck_assert_int_eq(zmq_connect(socket, endpoint), 0);
	return socket;
}

START_TEST(strangers_at_the_cti_port_disturb_nobody)
{
	static const char *const ids[] = { NULL, "ivr" };
	static char large[2 * 1024 * 1024];
	void *context = zmq_ctx_new();
	struct peer server, app;

	peer_start(&server, &ctimanager);
	peer_start(&app, &ivr);
	connect_to(&app, &server);
	for (int i = 0; i < 2; i++) {
		void *socket = stranger(context, ids[i]);

		zmq_send(socket, "", 0, 0);
		zmq_send(socket, "c", 1, 0);
		zmq_send(socket, "GET / HTTP/1.1", 14, 0);
		zmq_send(socket, "two", 3, ZMQ_SNDMORE);
		zmq_send(socket, "parts", 5, 0);
		zmq_send(socket, large, 65537, 0);
		zmq_send(socket, large, sizeof(large), 0); /* ends the connection */
		zmq_close(socket);
	}
	zmq_ctx_term(context);
	peer_never(&server, "accepted", NULL, 300);
	peer_order(&app, "talk", "0", "", 10);
	heard(&server, 10);
	peer_stop(&app);
	peer_stop(&server);
}
END_TEST

int main(int argc, char **argv)
{
	peer_main(argc, argv);

	const struct suite_case cases[] = {
		SUITE_CASE_WITH(an_application_and_its_ctimanager_talk_both_ways, setup, NULL),
		SUITE_CASE_WITH(an_application_hears_that_nobody_is_there, setup, NULL),
		SUITE_CASE_WITH(an_application_hears_at_once_that_its_ctimanager_was_killed, setup,
				NULL),
		SUITE_CASE_WITH(a_ctimanager_hears_which_of_its_applications_was_killed, setup,
				NULL),
		SUITE_CASE_WITH(an_application_that_hangs_up_is_heard, setup, NULL),
		SUITE_CASE_WITH(strangers_at_the_cti_port_disturb_nobody, setup, NULL),
		SUITE_CASE_WITH(an_application_whose_connection_the_ctimanager_closes_hears_it,
				setup, NULL),
	};

	return suite_main(argc, argv, "proc/test_real_conn", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
