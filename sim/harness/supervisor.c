#include "sim/harness/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/db/db.h"
#include "sim/harness/activation.h"
#include "sim/harness/control.h"
#include "sim/harness/run_dir.h"

#define READY_NS 30000000000LL
#define LOOK_MS	 1000 /* how often foreign changes of the database are looked for */

struct supervisor {
	const struct sim_up *up;
	struct sim_run_dir dir;
	struct db *db;
	struct sim_host *host;
	int control;
	int signals;
	int held;	  /* the file that it runs on, locked; -1 = its own */
	int64_t ready_ns; /* how long readiness took */
};

/* What the supervisor tells the command that started it: readiness, or why not. */
struct report {
	int64_t ready_ns;
	struct sim_error err; /* status 0: ready */
	char dir[SIM_RUN_DIR_SIZE];
	int cluster;
	size_t programs;
};

struct db *sim_database_make(const char *dir, const struct sim_topology *topology,
			     struct sim_error *err)
{
	struct db_error e = { 0 };
	char path[256];
	struct db *db;

	snprintf(path, sizeof(path), "%s/cluster.db", dir);
	if (db_create(&db, path, &e) < 0) {
		sim_fail(err, SIM_USAGE, "%s: %s", path, e.text);
		return NULL;
	}
	if (sim_topology_fill(topology, db, err) < 0)
		db_close(&db);
	return db;
}

/* The run directory's database is the file itself; while the cluster runs no other one may have it. */
static struct db *database_of(struct supervisor *s, const char *file, struct sim_error *err)
{
	struct db_error e = { 0 };
	char path[256];
	struct db *db;

	s->held = open(file, O_RDONLY | O_CLOEXEC);
	if (s->held < 0 || flock(s->held, LOCK_EX | LOCK_NB) < 0) {
		sim_fail(err, SIM_USAGE, "%s: %s", file,
			 errno == EWOULDBLOCK ? "another cluster runs on it" : strerror(errno));
		return NULL;
	}
	snprintf(path, sizeof(path), "%s/cluster.db", s->dir.path);
	if (symlink(file, path) < 0) {
		sim_fail(err, SIM_UNKNOWN, "%s: %s", path, strerror(errno));
		return NULL;
	}
	if (db_open(&db, path, DB_READ_WRITE, &e) < 0)
		sim_fail(err, SIM_USAGE, "%s: %s", file, e.text);
	return db;
}

static int signals_open(struct sim_error *err)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd >= 0 ? fd : sim_fail(err, SIM_UNKNOWN, "signalfd: %s", strerror(errno));
}

static int begin(struct supervisor *s, struct sim_error *err)
{
	struct sim_host_options o = { .topology = s->up->topology, .speed = s->up->speed };
	const char *name = s->up->cluster ? s->up->cluster : SIM_CLUSTER_DEFAULT;
	int64_t start;

	s->signals = signals_open(err);
	if (s->signals < 0 || sim_run_dir_new(&s->dir, name, err) < 0)
		return -1;
	s->db = s->up->database ? database_of(s, s->up->database, err)
				: sim_database_make(s->dir.path, s->up->topology, err);
	if (!s->db)
		return -1;
	o.db = s->db;
	o.dir = s->dir.path;
	o.cluster = s->dir.cluster;
	if (sim_host_real(&s->host, &o, err) < 0)
		return -1;
	s->control = sim_control_listen(s->dir.path, err);
	if (s->control < 0)
		return -1;
	start = sim_host_now(s->host);
	if (sim_host_up(s->host, start + READY_NS, err) < 0)
		return -1;
	s->ready_ns = sim_host_now(s->host) - start;
	return 0;
}

static void end(struct supervisor *s)
{
	if (s->control >= 0)
		close(s->control);
	if (s->host)
		sim_host_destroy(&s->host);
	if (s->db)
		db_close(&s->db);
	if (s->dir.lock >= 0)
		sim_run_dir_remove(&s->dir);
	if (s->signals >= 0)
		close(s->signals);
	if (s->held >= 0)
		close(s->held);
}

/* Services may have been activated by somebody who tells nobody. What does not start is shown by
 * status. */
static void follow(struct supervisor *s, int64_t *version)
{
	int64_t now = db_data_version(s->db);
	struct sim_error unread;

	if (now != *version)
		sim_host_follow(s->host, &unread);
	*version = now;
}

/* Serves until the end. An unordered death of a program is shown by status, and ends nothing. */
static void serve(struct supervisor *s)
{
	int64_t version = db_data_version(s->db);
	bool down = false;

	while (!down) {
		struct pollfd fds[3] = {
			{ .fd = s->control, .events = POLLIN },
			{ .fd = s->signals, .events = POLLIN },
			{ .fd = sim_host_fd(s->host), .events = POLLIN },
		};

		if (poll(fds, 3, LOOK_MS) < 0 && errno != EINTR)
			break;
		if (fds[1].revents)
			break;
		sim_host_until(s->host, NULL, NULL, 0);
		while (sim_host_broken(s->host))
			;
		if (fds[0].revents)
			sim_control_serve(s->control, s->host, &down);
		follow(s, &version);
	}
}

static void fill_report(const struct supervisor *s, struct report *r)
{
	r->ready_ns = s->ready_ns;
	snprintf(r->dir, sizeof(r->dir), "%s", s->dir.path);
	r->cluster = s->dir.cluster;
	if (s->host)
		sim_host_programs(s->host, &r->programs);
}

static int show(const struct report *r, const struct sim_up *up, struct sim_error *err)
{
	*err = r->err;
	if (r->err.status)
		return r->err.status;
	printf("cluster %s is ready after %lld ms: %zu nodes, %zu programs, %s on 127.%d.0.0/24\n",
	       up->cluster ? up->cluster : SIM_CLUSTER_DEFAULT, (long long)(r->ready_ns / 1000000),
	       up->topology->nodes_n, r->programs, r->dir, r->cluster);
	return 0;
}

static struct supervisor *supervisor_new(const struct sim_up *up)
{
	struct supervisor *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	s->up = up;
	s->held = s->control = s->signals = s->dir.lock = s->dir.number = -1;
	return s;
}

/* The supervisor itself: `to` is where its report goes, -1 = it stays in the foreground. */
static int supervise(const struct sim_up *up, int to, struct sim_error *err)
{
	struct supervisor *s = supervisor_new(up);
	struct report r = { 0 };
	int status = 0;

	if (begin(s, &r.err) < 0)
		status = r.err.status;
	else
		r.err.status = 0;
	fill_report(s, &r);
	if (status)
		end(s);
	if (to >= 0) {
		if (write(to, &r, sizeof(r)) != (ssize_t)sizeof(r))
			status = SIM_UNKNOWN;
		close(to);
	} else {
		show(&r, up, err);
		fflush(stdout);
	}
	if (!status) {
		serve(s);
		end(s);
	}
	free(s);
	return status;
}

static void detach(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	setsid();
	if (null >= 0) {
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		close(null);
	}
	if (chdir("/") < 0)
		_exit(SIM_UNKNOWN);
}

int sim_up(const struct sim_up *up, struct sim_error *err)
{
	struct report r;
	int pipe_fds[2];
	pid_t pid;

	fflush(stdout);
	if (up->foreground)
		return supervise(up, -1, err);
	if (pipe2(pipe_fds, O_CLOEXEC) < 0 || (pid = fork()) < 0) {
		sim_fail(err, SIM_UNKNOWN, "no new process: %s", strerror(errno));
		return SIM_UNKNOWN;
	}
	if (pid == 0) {
		close(pipe_fds[0]);
		detach();
		_exit(supervise(up, pipe_fds[1], err));
	}
	close(pipe_fds[1]);
	if (read(pipe_fds[0], &r, sizeof(r)) != (ssize_t)sizeof(r)) {
		int status = 0;

		waitpid(pid, &status, 0);
		sim_fail(err, SIM_FAILED, "the supervisor ended before the cluster was ready");
		close(pipe_fds[0]);
		return SIM_FAILED;
	}
	close(pipe_fds[0]);
	return show(&r, up, err);
}
