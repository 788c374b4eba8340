/* run.c - a program of its own: dies with its supervisor, ends in order when told to. */
#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "sdl/real/host.h"

#define FILES_WANTED 16384

/* So many signals since the last look are a burst. */
#define BURST_SIGNALS 10000
#define SHRINK_NS     INT64_C(1000000000)

/* Dies with its supervisor: asked of the kernel first, then looked whether it had died before. */
static bool orphan(const struct sdl_real_options *o)
{
	if (o->control_fd < 0 && !o->parent)
		return false;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	return o->parent && getppid() != (pid_t)o->parent;
}

/* A CTIManager with 800 applications has as many descriptors, and those of its links. */
static void raise_files_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= FILES_WANTED)
		return;
	limit.rlim_cur = limit.rlim_max < FILES_WANTED ? limit.rlim_max : FILES_WANTED;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int watch_signals(struct sdl_real *r, const sigset_t *set)
{
	return real_watch(r, &r->signals, signalfd(-1, set, SFD_NONBLOCK | SFD_CLOEXEC));
}

struct shrunk {
	uint64_t handled;
	int64_t at;
};

/* When a burst is over, the memory that it took goes back to the system; malloc would keep it. */
static void shrink(const struct sdl_real *r, struct shrunk *last)
{
	uint64_t handled = sdl_program_signals(r->program);
	int64_t now = sdl_real_now();

	if (r->woken || handled - last->handled < BURST_SIGNALS || now - last->at < SHRINK_NS)
		return;
	malloc_trim(0);
	last->handled = handled;
	last->at = now;
}

int sdl_real_run(struct sdl_real_options *o)
{
	const char *name = o->config.name ? o->config.name : "program";
	char why[512];
	sigset_t ends;

	if (orphan(o))
		return SDL_EXIT_FAILED;
	raise_files_limit();
	/* Before any thread is made, so that all have them blocked. */
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	signal(SIGPIPE, SIG_IGN);

	struct sdl_real *r = sdl_real_open(o, why, sizeof(why));
	if (!r) {
		fprintf(stderr, "%s: %s\n", name, why);
		return SDL_EXIT_USAGE;
	}
	if (watch_signals(r, &ends))
		real_fail(r, SDL_EXIT_FAILED, "no signalfd: %s", strerror(errno));
	struct shrunk last = { 0 };
	while (sdl_real_dispatch(r)) {
		struct pollfd p = { .fd = r->epoll, .events = POLLIN };

		shrink(r, &last);
		poll(&p, 1, -1);
	}
	int status = r->status;
	sdl_real_close(&r);
	return status;
}
