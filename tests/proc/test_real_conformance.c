/* The conformance of links on the real host: two programs, real signals of the system, and a
 * stranger at their ports. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/link/link_admin.h"
#include "sdl/real.h"
#include "tests/lib/link_conformance.h"
#include "tests/lib/pinger.h"
#include "tests/lib/peer.h"

#define LIVES_MAX 8
#define COMMANDER APP_CTI_APPLICATION

/* ---- inside a started program --------------------------------------------------------------- */
/* Orders of the harness reach the pinger as the signal that it knows. */
static int on_order(struct sdl_process *self, const struct sdl_signal *sig)
{
	const AppCommand *c = sig->msg;
	StationEnblocCall m = STATION_ENBLOC_CALL__INIT;

	m.called_party = "";
	m.has_line = true;
	m.line = (uint32_t)c->call_handle;
	sdl_send(self, sdl_local(self, PINGER), SIG_StationEnblocCall, &m);
	return 0;
}

static const struct sdl_state states[] = { { .name = "commander", .waits = "" } };
static const struct sdl_row rows[] = { { 0, SIG_AppCommand, on_order, TO(0) } };
static const struct sdl_type commander = { .name = "Commander",
					   .number = COMMANDER,
					   .at_start = true,
					   .states = states,
					   .states_n = 1,
					   .rows = rows,
					   .rows_n = 1 };

static void pinger_main(int argc, char **argv)
{
	static const struct sdl_type *const types[] = { &sdl_link_admin, &commander, &pinger_type };
	struct pinger_context context = { .peer_app = SDL_APP_CALLMANAGER };
	struct sdl_real_options o;

	peer_options(&o, argc, argv);
	context.peer_node = o.links[0].node;
	o.config.types = types;
	o.config.types_n = 3;
	o.config.context = &context;
	exit(sdl_real_run(&o));
}

/* ---- the host under test -------------------------------------------------------------------- */
static struct life {
	struct sdl_record *record;
	struct sdl_record_cursor cursor;
} lives[2][LIVES_MAX];
static unsigned lives_n[2];
static struct peer peers[2];
static char dir[64];
static void *context, *stranger[2];

static void start(int which)
{
	struct peer_spec spec = { .node = (uint8_t)(which + 1),
				  .app = SDL_APP_CALLMANAGER,
				  .links = which == A ? "2.100" : "1.100",
				  .incarnation = ++lives_n[which],
				  .heartbeat_ms = 1000,
				  .silence_ms = 3000,
				  .hwm = 64,
				  .token = "token",
				  .run_dir = dir,
				  .kind = "--pinger" };

	ck_assert_uint_le(lives_n[which], LIVES_MAX);
	peer_launch(&peers[which], &spec);
}

static void up(void)
{
	peer_cluster();
	snprintf(dir, sizeof(dir), "/tmp/rehome-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	start(A);
	start(B);
	context = zmq_ctx_new();
	ck_assert_ptr_nonnull(context);
}

static void down(void)
{
	char command[96];
	int none = 0;

	for (int which = A; which <= B; which++) {
		if (peers[which].pid)
			peer_kill(&peers[which]);
		if (stranger[which]) {
			zmq_setsockopt(stranger[which], ZMQ_LINGER, &none, sizeof(none));
			zmq_close(stranger[which]);
		}
		for (unsigned i = 0; i < lives_n[which]; i++)
			sdl_record_destroy(&lives[which][i].record);
	}
	zmq_ctx_term(context);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	ck_assert_int_eq(system(command), 0);
}

static void kill_it(int which)
{
	peer_kill(&peers[which]);
}

static void term(int which)
{
	ck_assert_int_eq(kill(peers[which].pid, SIGTERM), 0);
}

static void freeze(int which)
{
	peer_freeze(&peers[which]);
}

static void thaw(int which)
{
	peer_thaw(&peers[which]);
}

static void cut(bool cut_it)
{
	LinkFault msg = LINK_FAULT__INIT;

	msg.app = SDL_APP_CALLMANAGER;
	msg.has_cut = true;
	msg.cut = cut_it;
	for (int which = A; which <= B; which++) {
		msg.node = which == A ? 2 : 1;
		peer_post(&peers[which], TYPE_LINK_ADMIN, SIG_LinkFault, &msg);
	}
}

static void send_numbered(int which, uint32_t n)
{
	peer_order(&peers[which], "send", "", "", n);
}

/* Anybody may connect; what he says is judged by the link. */
static void inject(int to, const void *frame, size_t len)
{
	if (!stranger[to]) {
		char address[32], endpoint[48];

		sdl_real_address(peer_cluster_number(), (uint8_t)(to + 1), SDL_APP_CALLMANAGER,
				 address, sizeof(address));
		snprintf(endpoint, sizeof(endpoint), "tcp://%s", address);
		stranger[to] = zmq_socket(context, ZMQ_DEALER);
		ck_assert_int_eq(zmq_connect(stranger[to], endpoint), 0);
	}
	ck_assert_int_eq(zmq_send(stranger[to], frame, len, 0), (int)len);
}

static bool until(bool (*done)(void *arg), void *arg, int64_t within_ns)
{
	int64_t end = sdl_real_now() + within_ns;

	while (!done(arg)) {
		/* What is waited for is in the records; nothing comes by these but an end. */
		struct pollfd fds[2] = { { .fd = peers[A].pid ? peers[A].control : -1 },
					 { .fd = peers[B].pid ? peers[B].control : -1 } };
		int64_t left = end - sdl_real_now();

		if (left <= 0)
			return false;
		poll(fds, 2, left < 2000000 ? 1 : 2);
	}
	return true;
}

static void read_records(int which, void (*visit)(int which, const struct sdl_record_entry *e))
{
	for (unsigned i = 0; i < lives_n[which]; i++) {
		struct life *l = &lives[which][i];
		const struct sdl_record_entry *e;
		char path[128];

		if (!l->record) {
			sdl_real_record_path(dir, which == A ? "peer1" : "peer2",
					     SDL_APP_CALLMANAGER, i + 1, path, sizeof(path));
			l->record = sdl_record_attach(path); /* or it is not there yet */
		}
		while (l->record && (e = sdl_record_next(l->record, &l->cursor)))
			visit(which, e);
	}
}

static const struct link_host real_host = { .up = up,
					    .down = down,
					    .start = start,
					    .kill = kill_it,
					    .term = term,
					    .freeze = freeze,
					    .thaw = thaw,
					    .cut = cut,
					    .send = send_numbered,
					    .inject = inject,
					    .until = until,
					    .read = read_records,
					    /* ours, and what the system's buffers hold besides */
					    .queue_max = 2000 };

int main(int argc, char **argv)
{
	struct suite_case cases[LINK_CASES_MAX];

	if (argc > 1 && !strcmp(argv[1], "--pinger"))
		pinger_main(argc, argv);
	link_host = &real_host;
	return suite_main(argc, argv, "proc/test_real_conformance", cases, link_cases(cases));
}
