/* The real host: one operating-system process per program, faults by the kernel's own means.
 *
 * Each program has a control channel (a socket of packets, descriptor 3 in the program): envelopes
 * both ways, and its end is the end of the other side. A program's death is seen on its pidfd, at
 * once. */
#include "sim/harness/arguments.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sdl/link/frame.h"
#include "sdl/real.h"
#include "sim/harness/topology.h"

extern char **environ;

#define LOOK_NS	   2000000   /* how often records are looked at while somebody waits for them */
#define POST_MS	   2000	     /* how long a program may leave its commands unread */
#define STOPS_NS   100000000 /* how often stops that nobody ordered are looked for */
#define OWN_RECORD (1u << 20)

struct child {
	int pidfd;
	int control;
};

struct host_real {
	struct sim_host host;
	int epoll;
	int64_t looked_ns; /* for stops */
	struct child children[SIM_PROGRAMS_MAX];
	char programs[PATH_MAX];
};

static struct host_real *real_of(const struct sim_host *host)
{
	return (struct host_real *)(uintptr_t)host;
}

static struct child *child_of(struct sim_host *host, const struct sim_program *p)
{
	return &real_of(host)->children[p - host->programs];
}

static int64_t real_now(const struct sim_host *host)
{
	struct timespec t;

	(void)host;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* ---- starting ------------------------------------------------------------------------ */

static int spawn(struct sim_host *host, struct sim_program *p, int control, int log,
		 struct sim_error *err)
{
	struct arguments a = { .n = 0 };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none;
	int result;

	arguments_of(host, real_of(host)->programs, p, &a);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, log, 1);
	posix_spawn_file_actions_adddup2(&actions, log, 2);
	posix_spawn_file_actions_adddup2(&actions, control, ARGUMENTS_CONTROL_FD);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
	result = posix_spawn(&p->pid, a.argv[0], &actions, &attr, a.argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	if (result != 0) {
		p->pid = 0;
		sim_fail(err, SIM_USAGE, "%s cannot be started: %s", a.argv[0], strerror(result));
	}
	arguments_free(&a);
	return result ? -1 : 0;
}

static void watch(struct host_real *r, int fd, size_t index, bool control)
{
	struct epoll_event e = { .events = EPOLLIN, .data.u64 = index * 2 + control };

	epoll_ctl(r->epoll, EPOLL_CTL_ADD, fd, &e);
}

static int open_log(const struct sim_host *host, const struct sim_program *p, struct sim_error *err)
{
	char name[SIM_NAME_SIZE];
	char path[256];
	int fd;

	arguments_file_name(p, name);
	snprintf(path, sizeof(path), "%s/%s.log", host->options.dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0)
		sim_fail(err, SIM_USAGE, "%s: %s", path, strerror(errno));
	return fd;
}

static int real_start(struct sim_host *host, struct sim_program *p, struct sim_error *err)
{
	struct host_real *r = real_of(host);
	struct child *c = child_of(host, p);
	int pair[2] = { -1, -1 };
	int log = open_log(host, p, err);
	char path[256], name[SIM_NAME_SIZE], file[SIM_NAME_SIZE + 24];
	int result;

	if (log < 0)
		return -1;
	/* Numbers above the one they are given in the program, so that none overwrites another. */
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0) {
		close(log);
		return sim_fail(err, SIM_UNKNOWN, "no control channel: %s", strerror(errno));
	}
	result = spawn(host, p, pair[1], log, err);
	close(log);
	close(pair[1]);
	if (result < 0) {
		close(pair[0]);
		return -1;
	}
	c->control = pair[0];
	c->pidfd = (int)syscall(SYS_pidfd_open, p->pid, 0);
	watch(r, c->pidfd, (size_t)(p - host->programs), false);
	watch(r, c->control, (size_t)(p - host->programs), true);
	arguments_own_name(host, p, name);
	sdl_real_record_path(host->options.dir, name, p->app, p->incarnation, path, sizeof(path));
	arguments_file_name(p, name);
	snprintf(file, sizeof(file), "%s.%llu", name, (unsigned long long)p->incarnation);
	snprintf(p->record_path, sizeof(p->record_path), "%.199s", path);
	sim_host_log(host, NULL, path, file);
	return 0;
}

/* ---- ends ---------------------------------------------------------------------------- */

/* The last line that the program printed, for whoever asks why it ended. */
static void last_words(const struct sim_host *host, const struct sim_program *p, char *text,
		       size_t size)
{
	char name[SIM_NAME_SIZE], path[256], tail[700];
	ssize_t n = 0;
	int fd;

	text[0] = '\0';
	arguments_file_name(p, name);
	snprintf(path, sizeof(path), "%s/%s.log", host->options.dir, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	lseek(fd, -(off_t)(sizeof(tail) - 1), SEEK_END);
	n = read(fd, tail, sizeof(tail) - 1);
	close(fd);
	while (n > 0 && tail[n - 1] == '\n')
		n--;
	if (n <= 0)
		return;
	tail[n] = '\0';
	snprintf(text, size, "%.129s", strrchr(tail, '\n') ? strrchr(tail, '\n') + 1 : tail);
}

static void forget(struct host_real *r, struct child *c)
{
	if (c->pidfd >= 0) {
		epoll_ctl(r->epoll, EPOLL_CTL_DEL, c->pidfd, NULL);
		close(c->pidfd);
	}
	if (c->control >= 0) {
		epoll_ctl(r->epoll, EPOLL_CTL_DEL, c->control, NULL);
		close(c->control);
	}
	c->pidfd = c->control = -1;
}

static void receive(struct sim_host *host, struct sim_program *p)
{
	static uint8_t packet[SDL_FRAME_MAX + 1024];
	struct child *c = child_of(host, p);

	while (c->control >= 0) {
		ssize_t n = recv(c->control, packet, sizeof(packet), MSG_DONTWAIT);
		struct sdl_envelope e;

		if (n == 0) {
			/* Its end is told by the pidfd, with the reason. */
			epoll_ctl(real_of(host)->epoll, EPOLL_CTL_DEL, c->control, NULL);
			close(c->control);
			c->control = -1;
		}
		if (n <= 0)
			return;
		if (envelope_read(&e, packet, (size_t)n) == n)
			sim_host_control(host, p, &e);
	}
}

static void describe(const struct sim_host *host, const struct sim_program *p, int code, int status,
		     char *text, size_t size)
{
	char words[130];

	last_words(host, p, words, sizeof(words));
	if (code == CLD_EXITED)
		snprintf(text, size, "ended with status %d%s%s", status,
			 *words && status ? ": " : "", status ? words : "");
	else
		snprintf(text, size, "killed by signal %d (%s)%s%s", status, strsignal(status),
			 *words && status != SIGKILL ? ": " : "", status != SIGKILL ? words : "");
}

/* Notes the end of a program if it has ended; waits for it if told so. */
static bool reap(struct sim_host *host, struct sim_program *p, bool wait)
{
	siginfo_t info = { 0 };
	char how[160];

	if (p->pid <= 0)
		return false;
	while (waitid(P_PID, (id_t)p->pid, &info, WEXITED | (wait ? 0 : WNOHANG)) < 0)
		if (errno != EINTR)
			return false;
	if (info.si_pid == 0)
		return false;
	receive(host, p);
	forget(real_of(host), child_of(host, p));
	describe(host, p, info.si_code, info.si_status, how, sizeof(how));
	sim_host_ended(host, p, how);
	return true;
}

static int real_kill(struct sim_host *host, struct sim_program *p, struct sim_error *err)
{
	(void)err;
	kill(p->pid, SIGKILL);
	reap(host, p, true);
	return 0;
}

static int real_term(struct sim_host *host, struct sim_program *p, struct sim_error *err)
{
	(void)host;
	if (kill(p->pid, SIGTERM) < 0)
		return sim_fail(err, SIM_UNKNOWN, "%s: %s", p->name, strerror(errno));
	return 0;
}

static int real_freeze(struct sim_host *host, struct sim_program *p, struct sim_error *err)
{
	siginfo_t info = { 0 };

	(void)host;
	if (kill(p->pid, SIGSTOP) < 0)
		return sim_fail(err, SIM_UNKNOWN, "%s: %s", p->name, strerror(errno));
	/* An end meanwhile is left for reap(), the stop is taken. */
	while (waitid(P_PID, (id_t)p->pid, &info, WSTOPPED | WEXITED | WNOWAIT) < 0)
		if (errno != EINTR)
			return 0;
	if (info.si_code == CLD_STOPPED)
		waitid(P_PID, (id_t)p->pid, &info, WSTOPPED | WNOHANG);
	return 0;
}

/* A stop that nobody ordered: somebody else's hand on the machine. */
static void look_for_stops(struct sim_host *host)
{
	for (size_t i = 0; i < host->programs_n; i++) {
		struct sim_program *p = &host->programs[i];
		siginfo_t info = { 0 };

		if (p->pid <= 0 || p->state == SIM_FROZEN ||
		    waitid(P_PID, (id_t)p->pid, &info, WSTOPPED | WNOHANG) < 0 || !info.si_pid)
			continue;
		snprintf(p->end, sizeof(p->end), "was stopped by signal %d", info.si_status);
		sim_host_state(host, p, SIM_FROZEN);
		if (!host->broken)
			host->broken = p;
	}
}

static int real_thaw(struct sim_host *host, struct sim_program *p, struct sim_error *err)
{
	(void)host;
	if (kill(p->pid, SIGCONT) < 0)
		return sim_fail(err, SIM_UNKNOWN, "%s: %s", p->name, strerror(errno));
	return 0;
}

/* ---- signals and time ---------------------------------------------------------------- */

static int real_post(struct sim_host *host, struct sim_program *p, const struct sdl_envelope *e,
		     struct sim_error *err)
{
	static uint8_t packet[ENVELOPE_HEADER + SDL_SIGNAL_MAX];
	struct child *c = child_of(host, p);
	size_t n = envelope_write(packet, e);

	if (c->control < 0)
		return sim_fail(err, SIM_UNKNOWN, "%s has ended", p->name);
	while (send(c->control, packet, n, MSG_NOSIGNAL) < 0) {
		struct pollfd room = { .fd = c->control, .events = POLLOUT };

		if (errno == EINTR)
			continue;
		if (errno != EAGAIN)
			return sim_fail(err, SIM_UNKNOWN, "%s: %s", p->name, strerror(errno));
		/* A frozen program reads nothing, and must not stop the harness. */
		if (p->state == SIM_FROZEN || poll(&room, 1, POST_MS) == 0)
			return sim_fail(err, SIM_UNKNOWN, "%s does not read its commands", p->name);
	}
	return 0;
}

static void happened(struct sim_host *host, const struct epoll_event *e)
{
	struct sim_program *p = &host->programs[e->data.u64 / 2];

	if (e->data.u64 % 2)
		receive(host, p);
	else
		reap(host, p, false);
}

static int timeout_ms(int64_t ns)
{
	if (ns <= 0)
		return 0;
	return ns > 1000000000 ? 1000 : (int)((ns + 999999) / 1000000);
}

static enum sim_until real_turn(struct sim_host *host, int64_t deadline_ns, bool watched)
{
	struct host_real *r = real_of(host);
	struct epoll_event events[32];
	int64_t now = real_now(host);
	int64_t left = deadline_ns - now;
	int timeout;
	int n;

	if (watched && left > LOOK_NS)
		left = LOOK_NS;
	timeout = timeout_ms(left);
	n = epoll_wait(r->epoll, events, 32, timeout);
	if (n == 0) {
		int64_t late = real_now(host) - now - timeout * 1000000LL;

		if (late > host->lag_ns)
			host->lag_ns = late;
	}
	for (int i = 0; i < n; i++)
		happened(host, &events[i]);
	if (real_now(host) - r->looked_ns > STOPS_NS) {
		r->looked_ns = real_now(host);
		look_for_stops(host);
	}
	return n > 0 || watched || real_now(host) < deadline_ns ? SIM_DONE : SIM_DEADLINE;
}

static void real_poke(struct sim_host *host)
{
	for (size_t i = 0; i < host->programs_n; i++) {
		const char poke = SDL_CONTROL_POKE;
		struct child *c = child_of(host, &host->programs[i]);

		/* One that has no room looks within a second by itself. */
		if (c->control >= 0)
			send(c->control, &poke, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	}
}

static int real_fd(const struct sim_host *host)
{
	return real_of(host)->epoll;
}

static char *real_alarms(struct sim_host *host)
{
	char path[256];
	char *text = calloc(1, 1);
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/alarms.log", host->options.dir);
	f = fopen(path, "re");
	while (f && !feof(f) && !ferror(f)) {
		text = realloc(text, n + 65537);
		if (!text)
			abort();
		n += fread(text + n, 1, 65536, f);
		text[n] = '\0';
	}
	if (f)
		fclose(f);
	if (!text)
		abort();
	return text;
}

static bool all_down(void *arg)
{
	struct sim_host *host = arg;

	for (size_t i = 0; i < host->programs_n; i++)
		if (host->programs[i].state != SIM_DOWN)
			return false;
	return true;
}

/* In order where a program still listens, by force where it does not. */
static void end_all(struct sim_host *host)
{
	for (size_t i = 0; i < host->programs_n; i++) {
		struct sim_program *p = &host->programs[i];

		p->ordered = true;
		if (p->pid > 0)
			kill(p->pid, p->state == SIM_FROZEN ? SIGKILL : SIGTERM);
	}
	host->broken = NULL;
	sim_host_until(host, all_down, host, real_now(host) + SIM_STRIKE_NS / 2);
	for (size_t i = 0; i < host->programs_n; i++)
		if (host->programs[i].pid > 0) {
			kill(host->programs[i].pid, SIGKILL);
			reap(host, &host->programs[i], true);
		}
}

static void real_destroy(struct sim_host *host)
{
	struct host_real *r = real_of(host);

	host->listener = NULL;
	end_all(host);
	close(r->epoll);
	sim_host_free(host);
	free(r);
}

static const struct sim_host_ops real_ops = {
	.start = real_start,
	.kill = real_kill,
	.term = real_term,
	.freeze = real_freeze,
	.thaw = real_thaw,
	.post = real_post,
	.now = real_now,
	.turn = real_turn,
	.fd = real_fd,
	.poke = real_poke,
	.alarms = real_alarms,
	.destroy = real_destroy,
};

static int find_programs(struct host_real *r, struct sim_error *err)
{
	char path[PATH_MAX + 16];
	ssize_t n;

	if (r->host.options.programs) {
		snprintf(r->programs, sizeof(r->programs), "%s", r->host.options.programs);
	} else {
		n = readlink("/proc/self/exe", r->programs, sizeof(r->programs) - 1);
		r->programs[n > 0 ? n : 0] = '\0';
		if (strrchr(r->programs, '/'))
			*strrchr(r->programs, '/') = '\0';
	}
	snprintf(path, sizeof(path), "%s/callmanager", r->programs);
	if (access(path, X_OK) < 0)
		return sim_fail(err, SIM_USAGE, "%s: %s; the programs lie beside rehome", path,
				strerror(errno));
	return 0;
}

/* Of all nodes and users (GRP-06). A user whose name cannot be a key's has none. */
static int make_keys(const struct sim_host_options *o, struct sim_error *err)
{
	const struct sim_topology *t = o->topology;
	char dir[256], why[512];

	snprintf(dir, sizeof(dir), "%s/keys", o->dir);
	for (size_t i = 0; i < t->nodes_n; i++)
		if (sdl_real_key_for_node(dir, (uint8_t)(i + 1), why, sizeof(why)))
			return sim_fail(err, SIM_UNKNOWN, "%s", why);
	if (sdl_real_key_for_node(dir, SIM_NODE_PHONES, why, sizeof(why)))
		return sim_fail(err, SIM_UNKNOWN, "%s", why);
	for (size_t i = 0; i < t->users_n; i++)
		sdl_real_key_for_user(dir, t->users[i].name, why, sizeof(why));
	return 0;
}

int sim_host_real(struct sim_host **host, const struct sim_host_options *options,
		  struct sim_error *err)
{
	struct host_real *r = calloc(1, sizeof(*r));
	char path[256];

	*host = NULL;
	if (!r)
		abort();
	for (size_t i = 0; i < SIM_PROGRAMS_MAX; i++)
		r->children[i] = (struct child){ -1, -1 };
	r->epoll = epoll_create1(EPOLL_CLOEXEC);
	sim_host_init(&r->host, &real_ops, options);
	snprintf(path, sizeof(path), "%s/harness.rec", options->dir);
	sim_host_log(&r->host, sdl_record_create(path, OWN_RECORD), path, "harness");
	if (r->epoll < 0 || find_programs(r, err) < 0 || make_keys(options, err) < 0) {
		if (r->epoll < 0)
			sim_fail(err, SIM_UNKNOWN, "epoll: %s", strerror(errno));
		real_destroy(&r->host);
		return -1;
	}
	*host = &r->host;
	return 0;
}
