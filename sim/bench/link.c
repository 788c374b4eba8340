/*
 * Of the two programs: BenchPeer, one per program, sends or confirms.
 *
 *   waiting --SdlLinkInService (sender)--> running
 */
#include "sim/bench/link.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/link/frame.h"
#include "sdl/link/link_admin.h"
#include "sdl/real.h"
#include "sdl/virt.h"

#define SENDER	    101
#define RECEIVER    102
#define PATIENCE_NS INT64_C(60000000000)

/* ---- the child ----------------------------------------------------------------------- */

static pid_t child_new(void)
{
	pid_t parent = getpid();
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
	}
	return pid;
}

/* Ends the child; its CPU time. */
static int64_t child_end(pid_t pid)
{
	struct rusage u = { 0 };

	kill(pid, SIGTERM);
	wait4(pid, NULL, 0, &u);
	return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * INT64_C(1000000000) +
	       (u.ru_utime.tv_usec + u.ru_stime.tv_usec) * INT64_C(1000);
}

/* ---- bare libzmq --------------------------------------------------------------------- */

struct bare {
	void *context;
	void *router;
	void *dealer;
};

static int bare_open(struct bare *b, const struct sim_run_dir *dir, uint8_t own, uint8_t peer)
{
	int none = 0, hwm = 100000, patience_ms = (int)(PATIENCE_NS / 1000000);
	char address[40], endpoint[60];

	b->context = zmq_ctx_new();
	b->router = zmq_socket(b->context, ZMQ_ROUTER);
	b->dealer = zmq_socket(b->context, ZMQ_DEALER);
	for (int i = 0; i < 2; i++) {
		void *s = i ? b->router : b->dealer;

		zmq_setsockopt(s, ZMQ_LINGER, &none, sizeof(none));
		zmq_setsockopt(s, ZMQ_SNDHWM, &hwm, sizeof(hwm));
		zmq_setsockopt(s, ZMQ_RCVHWM, &hwm, sizeof(hwm));
		zmq_setsockopt(s, ZMQ_RCVTIMEO, &patience_ms, sizeof(patience_ms));
		zmq_setsockopt(s, ZMQ_SNDTIMEO, &patience_ms, sizeof(patience_ms));
	}
	sdl_real_address((uint8_t)dir->cluster, own, SDL_APP_PHONES, address, sizeof(address));
	snprintf(endpoint, sizeof(endpoint), "tcp://%s", address);
	if (zmq_bind(b->router, endpoint) < 0)
		return -1;
	sdl_real_address((uint8_t)dir->cluster, peer, SDL_APP_PHONES, address, sizeof(address));
	snprintf(endpoint, sizeof(endpoint), "tcp://%s", address);
	return zmq_connect(b->dealer, endpoint);
}

static void bare_close(struct bare *b)
{
	zmq_close(b->router);
	zmq_close(b->dealer);
	zmq_ctx_term(b->context);
}

static bool bare_receive(struct bare *b)
{
	char from[64], body[BENCH_MESSAGE_BYTES];

	return zmq_recv(b->router, from, sizeof(from), 0) >= 0 &&
	       zmq_recv(b->router, body, sizeof(body), 0) >= 0;
}

static bool bare_send(struct bare *b)
{
	static const char body[BENCH_MESSAGE_BYTES];

	return zmq_send(b->dealer, body, sizeof(body), 0) >= 0;
}

/* The first message is confirmed alone: both sides are connected then. */
static void bare_receiver(const struct bench_traffic *t, const struct sim_run_dir *dir)
{
	struct bare b;
	bool good = bare_open(&b, dir, RECEIVER, SENDER) == 0 && bare_receive(&b) && bare_send(&b);

	for (uint32_t i = 1; good; i++)
		good = bare_receive(&b) && (i % t->every || bare_send(&b));
	_exit(0);
}

static bool bare_sender(struct bare *b, const struct bench_traffic *t, struct bench_taken *taken)
{
	uint32_t sent = 0, confirmed = 0;
	bool good = bare_send(b) && bare_receive(b);
	int64_t start = bench_now_ns();

	while (good && confirmed < t->n) {
		while (good && sent < t->n && sent - confirmed < t->window) {
			good = bare_send(b);
			sent++;
		}
		good = good && bare_receive(b);
		confirmed += t->every;
	}
	taken->wall_ns = bench_now_ns() - start;
	return good;
}

int bench_link_zmq(const struct bench_traffic *traffic, const struct sim_run_dir *dir,
		   struct bench_taken *taken, struct sim_error *err)
{
	pid_t pid = child_new();
	int64_t cpu = bench_cpu_ns();
	struct bare b = { 0 };
	bool good;

	if (pid == 0)
		bare_receiver(traffic, dir);
	if (pid < 0)
		return sim_fail(err, SIM_UNKNOWN, "bench: no child process");
	good = bare_open(&b, dir, SENDER, RECEIVER) == 0 && bare_sender(&b, traffic, taken);
	taken->cpu_ns = bench_cpu_ns() - cpu + child_end(pid);
	bare_close(&b);
	return good ? 0 : sim_fail(err, SIM_UNKNOWN, "bench: libzmq: %s", zmq_strerror(errno));
}

/* ---- the programs -------------------------------------------------------------------- */

enum { BENCH_PEER = 20 };
enum { WAITING, RUNNING };

struct peer {
	const struct bench_traffic *traffic;
	uint8_t to;
	bool sends;
	char text[BENCH_MESSAGE_BYTES]; /* makes an envelope as long as it has to be */
	uint32_t sent, confirmed, got;
	int64_t start_ns, end_ns;
};

static sdl_handler on_SdlLinkInService, on_StationEnblocCall, on_StationKeypadButton;

static const struct sdl_state states[] = {
	[WAITING] = { .name = "waiting", .waits = "the link to the other program" },
	[RUNNING] = { .name = "running", .waits = "" },
};

static const struct sdl_row rows[] = {
	{ WAITING, SIG_SdlLinkInService, on_SdlLinkInService, TO(RUNNING) },
	{ SDL_ANY, SIG_StationEnblocCall, on_StationEnblocCall, 0 },
	{ RUNNING, SIG_StationKeypadButton, on_StationKeypadButton, 0 },
	{ RUNNING, SIG_SdlLinkInService, sdl_ignore, 0 },
	{ SDL_ANY, SIG_SdlLinkOutOfService, sdl_ignore, 0 },
};

static int start(struct sdl_process *self)
{
	const struct peer *p = sdl_context(self);

	sdl_label(self, p->sends ? "sender" : "receiver");
	sdl_watch(self, p->to, SDL_APP_PHONES);
	return WAITING;
}

static const struct sdl_type bench_peer = {
	.name = "BenchPeer",
	.number = BENCH_PEER,
	.at_start = true,
	.states = states,
	.states_n = 2,
	.rows = rows,
	.rows_n = sizeof(rows) / sizeof(rows[0]),
	.start = start,
};

static struct sdl_pid other(const struct peer *p)
{
	return (struct sdl_pid){
		.node = p->to, .app = SDL_APP_PHONES, .type = BENCH_PEER, .inst = 1
	};
}

static void send_more(struct sdl_process *self, struct peer *p)
{
	StationEnblocCall m = STATION_ENBLOC_CALL__INIT;

	m.called_party = p->text;
	while (p->sent < p->traffic->n && p->sent - p->confirmed < p->traffic->window) {
		sdl_send(self, other(p), SIG_StationEnblocCall, &m);
		p->sent++;
	}
}

static int on_SdlLinkInService(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct peer *p = sdl_context(self);

	(void)sig;
	p->start_ns = bench_now_ns();
	if (p->sends)
		send_more(self, p);
	return RUNNING;
}

static int on_StationEnblocCall(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct peer *p = sdl_context(self);
	StationKeypadButton m = STATION_KEYPAD_BUTTON__INIT;

	(void)sig;
	if (++p->got % p->traffic->every == 0)
		sdl_send(self, other(p), SIG_StationKeypadButton, &m);
	return sdl_state(self);
}

static int on_StationKeypadButton(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct peer *p = sdl_context(self);

	(void)sig;
	p->confirmed += p->traffic->every;
	if (p->confirmed >= p->traffic->n)
		p->end_ns = bench_now_ns();
	else
		send_more(self, p);
	return RUNNING;
}

static void fill_text(struct peer *p)
{
	StationEnblocCall m = STATION_ENBLOC_CALL__INIT;
	size_t bare;

	m.called_party = p->text;
	bare = ENVELOPE_HEADER + station_enbloc_call__get_packed_size(&m);
	memset(p->text, '1', BENCH_MESSAGE_BYTES - bare);
}

static void peer_init(struct peer *p, const struct bench_traffic *t, bool sends)
{
	memset(p, 0, sizeof(*p));
	p->traffic = t;
	p->sends = sends;
	p->to = sends ? RECEIVER : SENDER;
	fill_text(p);
}

static void program(struct sdl_config *config, struct peer *p)
{
	static const struct sdl_type *const types[] = { &sdl_link_admin, &bench_peer };

	config->types = types;
	config->types_n = 2;
	config->context = p;
}

/* ---- on the real host ---------------------------------------------------------------- */

static void options(struct sdl_real_options *o, const struct sim_run_dir *dir, struct peer *p)
{
	sdl_real_options_init(o, SDL_APP_PHONES, "bench");
	o->config.node = p->sends ? SENDER : RECEIVER;
	o->config.name = p->sends ? "sender" : "receiver";
	o->config.token = dir->token;
	o->cluster = (uint8_t)dir->cluster;
	o->run_dir = dir->path;
	o->secure_links = p->traffic->secure;
	o->control_fd = -1;
	o->links[0] = (struct sdl_peer){ p->to, SDL_APP_PHONES };
	o->links_n = 1;
	program(&o->config, p);
}

static void run_sender(struct sdl_real *real, const struct peer *p)
{
	int64_t deadline = bench_now_ns() + PATIENCE_NS;
	struct pollfd fd = { .fd = sdl_real_fd(real), .events = POLLIN };

	while (!p->end_ns && bench_now_ns() < deadline && sdl_real_dispatch(real))
		poll(&fd, 1, p->end_ns ? 0 : 1000);
}

static int make_keys(const struct sim_run_dir *dir, struct sim_error *err)
{
	char keys[SIM_RUN_DIR_SIZE + 8], why[512];

	snprintf(keys, sizeof(keys), "%s/keys", dir->path);
	if (sdl_real_key_for_node(keys, SENDER, why, sizeof(why)) ||
	    sdl_real_key_for_node(keys, RECEIVER, why, sizeof(why)))
		return sim_fail(err, SIM_UNKNOWN, "bench: %s", why);
	return 0;
}

int bench_link_sdl(const struct bench_traffic *traffic, const struct sim_run_dir *dir,
		   struct bench_taken *taken, struct sim_error *err)
{
	struct peer p;
	struct sdl_real_options o;
	struct sdl_real *real;
	char why[300];
	int64_t cpu;
	pid_t pid;

	if (traffic->secure && make_keys(dir, err) < 0)
		return -1;
	pid = child_new();
	cpu = bench_cpu_ns();
	peer_init(&p, traffic, pid != 0);
	options(&o, dir, &p);
	if (pid == 0)
		_exit(sdl_real_run(&o));
	if (pid < 0)
		return sim_fail(err, SIM_UNKNOWN, "bench: no child process");
	real = sdl_real_open(&o, why, sizeof(why));
	if (!real) {
		child_end(pid);
		return sim_fail(err, SIM_UNKNOWN, "bench: %s", why);
	}
	run_sender(real, &p);
	taken->wall_ns = p.end_ns - p.start_ns;
	taken->cpu_ns = bench_cpu_ns() - cpu + child_end(pid);
	sdl_real_close(&real);
	return p.end_ns ? 0 : sim_fail(err, SIM_UNKNOWN, "bench: the signals did not all arrive");
}

/* ---- on the virtual host ------------------------------------------------------------- */

static void make(void *arg, struct sdl_config *config)
{
	program(config, arg);
}

static void add(struct sdl_virt *v, const struct param_set *params, struct peer *p)
{
	struct sdl_virt_program spec = {
		.make = make,
		.arg = p,
		.name = p->sends ? "sender" : "receiver",
		.node = p->sends ? SENDER : RECEIVER,
		.app = SDL_APP_PHONES,
		.cluster_id = "bench",
		.token = "bench",
		.params = params,
		.links = { { p->to, SDL_APP_PHONES } },
		.links_n = 1,
	};
	char why[200];

	sdl_virt_start(v, sdl_virt_add(v, &spec), why, sizeof(why));
}

int bench_link_virtual(const struct bench_traffic *traffic, struct bench_taken *taken,
		       struct sim_error *err)
{
	struct sdl_virt_options o = { .seed = 1, .record_size = 16u << 20 };
	struct sdl_virt *v = sdl_virt_new(&o);
	struct param_set params;
	struct peer sender, receiver;
	int64_t cpu = bench_cpu_ns();

	param_set_defaults(&params);
	peer_init(&sender, traffic, true);
	peer_init(&receiver, traffic, false);
	add(v, &params, &sender);
	add(v, &params, &receiver);
	while (!sender.end_ns && sdl_virt_now(v) < PATIENCE_NS && sdl_virt_step(v))
		;
	taken->wall_ns = sender.end_ns - sender.start_ns;
	taken->cpu_ns = bench_cpu_ns() - cpu;
	sdl_virt_destroy(&v);
	return sender.end_ns ? 0
			     : sim_fail(err, SIM_UNKNOWN, "bench: the signals did not all arrive");
}
