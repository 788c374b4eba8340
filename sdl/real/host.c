/*
 * host.c - the host of one program: what it holds, and its turn.
 *
 * The order within a turn is what the links rely on. Time comes first: a program that slept too
 * long takes its links out of service before it reads what was queued for it meanwhile. Then the
 * supervisor's word, then frames, then events of lines: a goodbye comes before the disconnection
 * that follows it. Then the program's own work until none is left or enough was done for the
 * sockets to be looked at again.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/real/host.h"

#define STEPS_PER_TURN	       2000
#define RECORD_SIZE	       ((size_t)16 * 1024 * 1024)
#define RECORD_SIZE_OF_LIBRARY ((size_t)1024 * 1024)

int64_t sdl_real_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * SECOND_NS + t.tv_nsec;
}

uint64_t sdl_real_incarnation(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

int real_watch(struct sdl_real *r, struct source *source, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = source };

	source->fd = -1;
	if (fd < 0 || epoll_ctl(r->epoll, EPOLL_CTL_ADD, fd, &event))
		return -1;
	source->fd = fd;
	return 0;
}

void real_unwatch(struct sdl_real *r, struct source *source)
{
	if (source->fd >= 0)
		epoll_ctl(r->epoll, EPOLL_CTL_DEL, source->fd, NULL);
	source->fd = -1;
	source->ready = false;
}

void real_fail(struct sdl_real *r, int status, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fprintf(stderr, "%s: %s\n", r->config.name ? r->config.name : "program", text);
	r->ended = true;
	r->status = status;
}

struct sdl_pid real_self(const struct sdl_real *r, uint8_t type)
{
	return (struct sdl_pid){
		.node = r->config.node, .type = type, .app = r->config.app, .inst = 1
	};
}

/* ---- the world of the program --------------------------------------------------------------- */
static void raise_alarm(void *w, const char *line)
{
	struct sdl_real *r = w;
	char text[ALARM_LINE_MAX + 1];
	int len = snprintf(text, sizeof(text), "%s\n", line);

	if (r->alarms < 0 || len < 0)
		return;
	if ((size_t)len >= sizeof(text)) {
		len = sizeof(text) - 1;
		text[len - 1] = '\n';
	}
	/* One write: lines of several programs do not mix. */
	if (write(r->alarms, text, (size_t)len) < 0)
		fprintf(stderr, "%s: cannot write alarms.log: %s\n", r->config.name,
			strerror(errno));
}

static void halt(void *w, int status)
{
	struct sdl_real *r = w;

	r->ended = true;
	r->status = status;
}

static void crash(void *w)
{
	(void)w;
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

static const struct sdl_world world = {
	.line_open = line_open,
	.line_close = line_close,
	.line_send = line_send,
	.conn_open = conn_open,
	.conn_close = conn_close,
	.conn_send = conn_send,
	.datagram = media_datagram,
	.serve = database_serve,
	.control = control_send,
	.alarm = raise_alarm,
	.halt = halt,
	.crash = crash,
};

/* ---- opening -------------------------------------------------------------------------------- */
static int open_basics(struct sdl_real *r, char *why, size_t why_size)
{
	r->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (r->epoll >= 0 &&
	    !real_watch(r, &r->timer,
			timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) &&
	    !real_watch(r, &r->wakeup, eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))) {
		r->zmq = zmq_ctx_new();
		if (r->zmq && !zmq_ctx_set(r->zmq, ZMQ_MAX_SOCKETS, 4096))
			return 0;
	}
	snprintf(why, why_size, "cannot set up the event loop: %s", strerror(errno));
	return -1;
}

static int media_wanted(struct sdl_real *r, uint8_t node, char *why, size_t why_size)
{
	int error = node >= SDL_NODE_OTHERS_MIN ? media_open(r, node) : 0;

	if (error)
		snprintf(
			why, why_size,
			"127.%u.0.%u:%d (UDP): %s. See who has it with `ss -lunp`; end it, or take "
			"another node or cluster number",
			(unsigned)r->options->cluster, (unsigned)node, SDL_PORT_MEDIA,
			error == EADDRINUSE ? "taken by another program" : strerror(error));
	return error;
}

/* The place of this program; a library without a node takes the first one that is free. */
static int take_place(struct sdl_real *r, char *why, size_t why_size)
{
	uint8_t first = r->config.node ? r->config.node : SDL_NODE_OTHERS_MIN;
	uint8_t last = r->config.node ? r->config.node : SDL_NODE_OTHERS_MAX;

	for (uint8_t node = first; node <= last; node++) {
		int lock = lock_take(r->options->cluster, node, r->config.app, why, why_size);

		if (lock == -2 && first != last)
			continue;
		if (lock < 0)
			return -1;
		int error = media_wanted(r, node, why, why_size);
		if (!error && !real_watch(r, &r->lock, lock)) {
			r->config.node = node;
			return 0;
		}
		close(lock);
		if (error != EADDRINUSE)
			return -1;
	}
	if (first != last)
		snprintf(why, why_size, "all nodes %d to %d of cluster %u are taken",
			 SDL_NODE_OTHERS_MIN, SDL_NODE_OTHERS_MAX, (unsigned)r->options->cluster);
	return -1;
}

static void fill_config(struct sdl_real *r)
{
	struct sdl_real_options *o = r->options;
	struct sdl_config *c = &r->config;

	if (!c->name)
		c->name = o->name_text;
	if (!c->incarnation)
		c->incarnation = sdl_real_incarnation();
	while (!c->seed)
		if (getrandom(&c->seed, sizeof(c->seed), 0) != sizeof(c->seed))
			c->seed = c->incarnation;
	o->params.speed = o->speed > 0 ? o->speed : 1;
	if (!c->params)
		c->params = &o->params;
	if (!c->cluster_id)
		c->cluster_id = param_text(c->params, PARAM_CLUSTER_ID);
	if (!c->token)
		c->token = "";
	c->mutants = 0;
	c->world = &r->world;
	c->world_data = r;
}

void sdl_real_record_path(const char *run_dir, const char *name, uint16_t app, uint64_t incarnation,
			  char *buffer, size_t size)
{
	snprintf(buffer, size, "%s/%s-%u.%llu.rec", run_dir, name, (unsigned)app,
		 (unsigned long long)incarnation);
}

static int open_files(struct sdl_real *r, char *why, size_t why_size)
{
	const struct sdl_real_options *o = r->options;
	char path[4096];

	if (!o->run_dir) {
		r->record =
			sdl_record_new(o->record_size ? o->record_size : RECORD_SIZE_OF_LIBRARY);
		return 0;
	}
	sdl_real_record_path(o->run_dir, r->config.name, r->config.app, r->config.incarnation, path,
			     sizeof(path));
	r->record = sdl_record_create(path, o->record_size ? o->record_size : RECORD_SIZE);
	if (!r->record) {
		snprintf(why, why_size, "cannot make the record %.200s: %s", path, strerror(errno));
		return -1;
	}
	snprintf(path, sizeof(path), "%s/alarms.log", o->run_dir);
	r->alarms = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (r->alarms < 0) {
		snprintf(why, why_size, "cannot write %.200s: %s", path, strerror(errno));
		return -1;
	}
	return 0;
}

/* Where there is no directory of keys there is no encrypted port either. */
static void find_keys(struct sdl_real *r)
{
	const struct sdl_real_options *o = r->options;

	if (o->keys)
		snprintf(r->keys, sizeof(r->keys), "%s", o->keys);
	else if (o->run_dir)
		snprintf(r->keys, sizeof(r->keys), "%.240s/keys", o->run_dir);
	if (access(r->keys, X_OK))
		r->keys[0] = '\0';
}

static int open_all(struct sdl_real *r, char *why, size_t why_size)
{
	const struct sdl_real_options *o = r->options;

	if (open_basics(r, why, why_size) || take_place(r, why, why_size))
		return -1;
	fill_config(r);
	find_keys(r);
	if ((*r->keys && zap_open(r, why, why_size)) ||
	    (o->listen && lines_listen(r, why, why_size)) ||
	    (o->serve_cti && conns_listen(r, why, why_size)) || open_files(r, why, why_size) ||
	    control_open(r, why, why_size))
		return -1;
	r->config.record = r->record;
	if (database_open(r, why, why_size)) /* processes ask it as soon as they are there */
		return -1;
	r->program = sdl_program_new(&r->config, sdl_real_now());
	for (unsigned i = 0; i < o->links_n; i++)
		sdl_program_link(r->program, o->links[i].node, o->links[i].app);
	sdl_real_wakeup(r);
	return 0;
}

struct sdl_real *sdl_real_open(struct sdl_real_options *o, char *why, size_t why_size)
{
	struct sdl_real *r = calloc(1, sizeof(*r));

	if (!r)
		abort();
	r->options = o;
	if (!o->cluster)
		o->cluster = 1;
	r->config = o->config;
	r->world = world;
	r->epoll = r->alarms = -1;
	r->lock.fd = r->timer.fd = r->wakeup.fd = r->signals.fd = r->media.fd = -1;
	r->control.source.fd = r->database.source.fd = -1;
	r->timer_at = INT64_MAX;
	why[0] = '\0';
	if (sdl_program_check(r->config.types, r->config.types_n, why, why_size) ||
	    open_all(r, why, why_size)) {
		r->orphaned = true; /* nobody to say farewell to */
		sdl_real_close(&r);
		return NULL;
	}
	return r;
}

static void close_source(struct sdl_real *r, struct source *source)
{
	int fd = source->fd;

	real_unwatch(r, source);
	if (fd >= 0)
		close(fd);
}

void sdl_real_close(struct sdl_real **real)
{
	struct sdl_real *r = *real;

	if (!r)
		return;
	*real = NULL;
	int farewell_ms = r->orphaned ? 0 : GOODBYE_MS;
	r->ended = true;
	database_close(r);
	sdl_program_destroy(&r->program);
	control_close(r);
	lines_close(r, farewell_ms);
	conns_close(r, farewell_ms);
	zap_close(r);
	if (r->zmq)
		zmq_ctx_term(r->zmq);
	close_source(r, &r->media);
	close_source(r, &r->signals);
	close_source(r, &r->wakeup);
	close_source(r, &r->timer);
	close_source(r, &r->lock);
	sdl_record_destroy(&r->record);
	if (r->alarms >= 0)
		close(r->alarms);
	if (r->epoll >= 0)
		close(r->epoll);
	free(r);
}

/* ---- the turn ------------------------------------------------------------------------------- */
int sdl_real_fd(const struct sdl_real *r)
{
	return r->epoll;
}

int sdl_real_status(const struct sdl_real *r)
{
	return r->status;
}

struct sdl_program *sdl_real_program(struct sdl_real *r)
{
	return r->program;
}

void sdl_real_wakeup(struct sdl_real *r)
{
	uint64_t one = 1;

	if (write(r->wakeup.fd, &one, sizeof(one)) < 0 && errno != EAGAIN)
		abort();
}

void sdl_real_post(struct sdl_real *r, const struct sdl_envelope *e)
{
	sdl_program_post(r->program, e);
	sdl_real_wakeup(r);
}

static void post_terminate(struct sdl_real *r)
{
	uint8_t bytes[64];
	Terminate msg = TERMINATE__INIT;
	struct sdl_envelope e = { .to = real_self(r, TYPE_LINK_ADMIN),
				  .from = { .node = SDL_HARNESS_NODE, .app = SDL_APP_HARNESS },
				  .number = SIG_Terminate,
				  .bytes = bytes };

	e.len = (uint32_t)sdl_pack(SIG_Terminate, &msg, bytes, sizeof(bytes));
	sdl_program_post(r->program, &e);
}

/* Marks what is ready. */
static void look(struct sdl_real *r)
{
	struct epoll_event events[64];
	int n = epoll_wait(r->epoll, events, 64, 0);

	for (int i = 0; i < n; i++)
		((struct source *)events[i].data.ptr)->ready = true;
}

/* What only had to wake the program. */
static void drain(struct sdl_real *r)
{
	struct signalfd_siginfo info;
	uint64_t count;

	if (r->timer.ready && read(r->timer.fd, &count, sizeof(count)) > 0)
		r->timer_at = INT64_MAX;
	if (r->wakeup.ready && read(r->wakeup.fd, &count, sizeof(count)) > 0)
		r->woken = false;
	while (r->signals.ready && read(r->signals.fd, &info, sizeof(info)) == sizeof(info))
		post_terminate(r);
	r->timer.ready = r->wakeup.ready = r->signals.ready = false;
}

static void arm(struct sdl_real *r)
{
	int64_t at = sdl_program_deadline(r->program);
	struct itimerspec t = { .it_value = { .tv_sec = 0 } };

	if (conns_deadline(r) < at)
		at = conns_deadline(r);
	if (at == r->timer_at)
		return;
	r->timer_at = at;
	if (at != INT64_MAX) {
		at = at > 0 ? at : 1; /* 0 would disarm */
		t.it_value.tv_sec = at / SECOND_NS;
		t.it_value.tv_nsec = at % SECOND_NS;
	}
	timerfd_settime(r->timer.fd, TFD_TIMER_ABSTIME, &t, NULL);
}

/* The program's own work: true when some is left. */
static bool work(struct sdl_real *r)
{
	int steps = 0;

	while (!r->ended && steps < STEPS_PER_TURN && sdl_program_step(r->program))
		steps++;
	sdl_program_flush(r->program);
	return steps == STEPS_PER_TURN;
}

bool sdl_real_dispatch(struct sdl_real *r)
{
	int64_t now = sdl_real_now();
	bool left = false;

	if (r->ended)
		return false;
	sdl_program_wake(r->program, now);
	look(r);
	drain(r);
	if (r->control.source.ready)
		control_read(r);
	if (r->lock.ready)
		lock_answer(r);
	database_answers(r);
	if (r->zap.source.ready)
		zap_requests(r);
	lines_frames(r);
	lines_events(r);
	conns_events(r, now);
	left |= conns_frames(r);
	if (r->media.ready)
		media_read(r);
	if (r->orphaned)
		return false;
	left |= work(r);
	left |= conns_tidy(r, now);
	left |= r->media.ready || r->lines.arrival.ready;
	arm(r);
	if (left && !r->woken && !r->ended) {
		r->woken = true;
		sdl_real_wakeup(r);
	}
	return !r->ended;
}
