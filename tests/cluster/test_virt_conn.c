/* Connections of applications on the virtual host: what only shows under load. */
#include "tests/lib/cluster.h"
#include "tests/lib/suite.h"

#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/link/link_admin.h"

#define QUEUE 32

enum { WAIT };

/* ---- a server that sends a heartbeat whenever it is told, and a client that listens --------- */
static struct {
	struct sdl_pid far; /* of the server: the one connection */
	uint32_t accepted;
	uint32_t down;
	enum _LinkReason reason;
} server;
static struct {
	uint32_t heard;
	uint32_t down;
} client;

static int on_accepted(struct sdl_process *self, const struct sdl_signal *sig)
{
	server.far = sig->from;
	server.accepted++;
	sdl_conn_own(self, sig->from, sdl_self(self));
	return WAIT;
}

static int on_server_down(struct sdl_process *self, const struct sdl_signal *sig)
{
	const SdlConnStatus *m = sig->msg;

	server.down++;
	server.reason = m->reason;
	sdl_conn_close(self, sig->from);
	return WAIT;
}

static int on_told(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	sdl_send(self, server.far, SIG_ServerHeartbeat, NULL);
	return WAIT;
}

static int on_heard(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)self;
	(void)sig;
	client.heard++;
	return WAIT;
}

static int on_client_down(struct sdl_process *self, const struct sdl_signal *sig)
{
	client.down++;
	sdl_conn_close(self, sig->from);
	return WAIT;
}

static int connect_at_start(struct sdl_process *self)
{
	sdl_conn_open(self, 1, NULL);
	return WAIT;
}

static const struct sdl_state states[] = { [WAIT] = { .name = "wait", .waits = "" } };
static const struct sdl_row server_rows[] = {
	{ WAIT, SIG_SdlConnAccepted, on_accepted, 0 },
	{ WAIT, SIG_SdlConnDown, on_server_down, 0 },
	{ WAIT, SIG_DbInitReq, on_told, 0 },
};
static const struct sdl_row client_rows[] = {
	{ WAIT, SIG_SdlConnUp, sdl_ignore, 0 },
	{ WAIT, SIG_SdlConnDown, on_client_down, 0 },
	{ WAIT, SIG_ServerHeartbeat, on_heard, 0 },
};
static const struct sdl_type server_type = { .name = "Server",
					     .number = CTIM_CTI_MANAGER,
					     .at_start = true,
					     .states = states,
					     .states_n = 1,
					     .rows = server_rows,
					     .rows_n = 3 };
static const struct sdl_type client_type = { .name = "Client",
					     .number = APP_CTI_APPLICATION,
					     .at_start = true,
					     .states = states,
					     .states_n = 1,
					     .rows = client_rows,
					     .rows_n = 3,
					     .start = connect_at_start };

static void make_server(void *arg, struct sdl_config *config)
{
	static const struct sdl_type *const types[] = { &sdl_link_admin, &server_type };

	(void)arg;
	config->types = types;
	config->types_n = 2;
	config->accept_type = CTIM_CTI_MANAGER;
}

static void make_client(void *arg, struct sdl_config *config)
{
	static const struct sdl_type *const types[] = { &sdl_link_admin, &client_type };

	(void)arg;
	config->types = types;
	config->types_n = 2;
}

static struct cluster *c;

static void up(void)
{
	c = cluster_new_queue(1, QUEUE);
	cluster_add(c, &(struct sdl_virt_program){ .make = make_server,
						   .name = "server",
						   .node = 1,
						   .app = SDL_APP_CTIMANAGER,
						   .serve_cti = true });
	cluster_add(c, &(struct sdl_virt_program){ .make = make_client,
						   .name = "client",
						   .node = 101,
						   .app = SDL_APP_CTI });
	cluster_start(c, "server");
	cluster_start(c, "client");
	cluster_advance(c, MS(10));
	ck_assert_uint_eq(server.accepted, 1);
}

static void down(void)
{
	cluster_destroy(&c);
}

static void send(unsigned frames)
{
	for (unsigned i = 0; i < frames; i++) {
		cluster_post(c, "server", CTIM_CTI_MANAGER, SIG_DbInitReq, NULL);
		cluster_advance(c, MS(1)); /* a frame of its own each */
	}
}

START_TEST(what_a_frozen_application_does_not_read_waits_for_it)
{
	cluster_freeze(c, "client");
	send(QUEUE);
	ck_assert_uint_eq(client.heard, 0);
	cluster_thaw(c, "client");
	cluster_advance(c, MS(10));
	ck_assert_uint_eq(client.heard, QUEUE);
	ck_assert_uint_eq(server.down, 0);
	send(3 * QUEUE); /* what was read counts no longer */
	ck_assert_uint_eq(client.heard, 4 * QUEUE);
}
END_TEST

START_TEST(apf_05_a_full_queue_ends_the_connection_of_a_frozen_application)
{
	cluster_freeze(c, "client");
	send(QUEUE + 1);
	ck_assert_uint_eq(server.down, 1);
	ck_assert_int_eq(server.reason, LINK_REASON__LINK_QUEUE_FULL);
	cluster_thaw(c, "client");
	cluster_advance(c, MS(10));
	ck_assert_uint_eq(client.down, 1);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(what_a_frozen_application_does_not_read_waits_for_it, up, down),
		SUITE_CASE_WITH(apf_05_a_full_queue_ends_the_connection_of_a_frozen_application, up,
				down),
	};

	return suite_main(argc, argv, "cluster/test_virt_conn", cases,
			  sizeof cases / sizeof *cases);
}
