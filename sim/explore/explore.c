#include "sim/explore/explore.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/explore/explore_private.h"

#define SEED_NS	    120000000000LL /* of a seed with its shrinking: more is a livelock */
#define PROGRESS_NS 10000000000LL
#define LOOK_MS	    20

/* ---- what was asked ------------------------------------------------------------------ */

/* "1..1000", "7". */
static int read_seeds(struct explore *x, const char *text, struct sim_error *err)
{
	char *end;

	errno = 0;
	x->first = x->last = strtoull(text, &end, 10);
	if (end != text && !strncmp(end, "..", 2))
		x->last = strtoull(end + 2, &end, 10);
	if (errno || end == text || *end || x->last < x->first || *text == '-')
		return sim_fail(
			err, SIM_USAGE,
			"--seeds %s: write 1..1000, the smaller one first, each of 64 bits at most",
			text);
	return 0;
}

static int read_shard(struct explore *x, const char *text, struct sim_error *err)
{
	unsigned long long shard, shards;
	char rest;

	if (sscanf(text, "%llu/%llu%c", &shard, &shards, &rest) != 2 || shard < 1 || shard > shards)
		return sim_fail(err, SIM_USAGE, "--shard %s: write 1/4 .. 4/4", text);
	x->shard = shard;
	x->shards = shards;
	return 0;
}

static int open_results(struct explore *x, const struct sim_command *c, struct sim_error *err)
{
	const char *resume = sim_command_value(c, "resume");
	const char *out = sim_command_value(c, "out");

	x->out = -1;
	if (resume && explore_resume(x, resume, err) < 0)
		return -1;
	if (!out)
		out = resume;
	if (!out)
		return 0;
	x->out = open(out, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	return x->out < 0 ? sim_fail(err, SIM_USAGE, "%s: %s", out, strerror(errno)) : 0;
}

static int read_command(struct explore *x, const struct sim_command *c, struct sim_error *err)
{
	const char *seeds = sim_command_value(c, "seeds");
	const char *shard = sim_command_value(c, "shard");
	const char *jobs = sim_command_value(c, "jobs");
	const char *time = sim_command_value(c, "time");
	const char *bundles = sim_command_value(c, "bundles");

	*x = (struct explore){ .first = 1, .last = 1000, .shard = 1, .shards = 1, .jobs = 1 };
	if (time && !seeds)
		x->last = UINT64_MAX - 1;
	if ((seeds && read_seeds(x, seeds, err) < 0) || (shard && read_shard(x, shard, err) < 0))
		return -1;
	x->jobs = jobs ? (unsigned)strtoul(jobs, NULL, 10) : 1;
	if (x->jobs < 1 || x->jobs > EXPLORE_JOBS_MAX)
		return sim_fail(err, SIM_USAGE, "--jobs %s: 1 to %d", jobs, EXPLORE_JOBS_MAX);
	x->time_ns = time ? sim_time_parse(time) : 0;
	x->bundles = bundles ? bundles : "rehome-explore";
	x->leaves = sim_command_value(c, "mutant") != NULL;
	explore_commit(x->commit, sizeof(x->commit));
	return open_results(x, c, err);
}

/* ---- workers ------------------------------------------------------------------------- */

static pid_t spawn(struct explore *x, unsigned job)
{
	pid_t parent = getpid();
	pid_t pid;

	fflush(stdout);
	fflush(stderr);
	pid = fork();
	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGINT, SIG_DFL);
	if (getppid() == parent)
		explore_worker(x, job);
	_exit(0);
}

/* It died with a seed in its hand: that seed has failed. */
static void died(struct explore *x, unsigned job, int status, bool hung)
{
	uint64_t seed = atomic_load(&x->shared->job[job].seed);
	struct trial t = { .breach = { .broken = true,
				       .rule = hung ? WATCH_LIVELOCK : WATCH_CRASH } };

	snprintf(t.breach.text, sizeof(t.breach.text), "%s %d",
		 WIFSIGNALED(status) ? "signal" : "exit status",
		 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	printf("\nseed %llu: %s: %s\n", (unsigned long long)seed,
	       watch_rule_def(t.breach.rule)->name, t.breach.text);
	explore_write(x, seed, &t, 0);
	atomic_fetch_add(&x->shared->done, 1);
	atomic_fetch_add(&x->shared->broken, 1);
	atomic_store(&x->shared->job[job].since_ns, 0);
}

static bool hangs(const struct explore *x, unsigned job)
{
	int64_t since = atomic_load(&x->shared->job[job].since_ns);

	return since && explore_now() - since > SEED_NS;
}

/* Looks after one worker; false: it has ended and is not needed any more. */
static bool look_after(struct explore *x, unsigned job, pid_t *pid)
{
	bool hung = hangs(x, job);
	int status;

	if (hung)
		kill(*pid, SIGKILL);
	if (waitpid(*pid, &status, hung ? 0 : WNOHANG) != *pid)
		return true;
	if (!atomic_load(&x->shared->job[job].since_ns))
		return false;
	died(x, job, status, hung);
	*pid = spawn(x, job);
	return *pid > 0;
}

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

static void run(struct explore *x, int64_t began)
{
	pid_t pids[EXPLORE_JOBS_MAX] = { 0 };
	int64_t told = began;
	unsigned left = 0;

	for (unsigned i = 0; i < x->jobs; i++) {
		pids[i] = spawn(x, i);
		left += pids[i] > 0;
	}
	while (left) {
		int64_t now = explore_now();

		poll(NULL, 0, LOOK_MS);
		if (interrupted || (x->time_ns && now - began >= x->time_ns))
			atomic_store(&x->shared->stop, true);
		if (now - told >= (isatty(2) ? 1000000000LL : PROGRESS_NS)) {
			told = now;
			explore_progress(x, began);
		}
		for (unsigned i = 0; i < x->jobs; i++)
			if (pids[i] > 0 && !look_after(x, i, &pids[i])) {
				pids[i] = 0;
				left--;
			}
	}
}

int sim_explore_command(struct sim_command *command, struct sim_error *err)
{
	struct explore x;
	int64_t began = explore_now();
	int status;

	if (read_command(&x, command, err) < 0)
		return err->status;
	if (sim_command_value(command, "mutants") || sim_command_value(command, "mutant"))
		return explore_mutants(&x, sim_command_value(command, "mutant"),
				       sim_command_value(command, "seeds") != NULL, err);
	x.shared = mmap(NULL, sizeof(*x.shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
	if (x.shared == MAP_FAILED)
		return sim_fail(err, SIM_UNKNOWN, "no memory: %s", strerror(errno));
	signal(SIGINT, on_interrupt);
	run(&x, began);
	explore_report(&x, began, sim_command_value(command, "rows") != NULL);
	status = atomic_load(&x.shared->broken) ? SIM_FAILED : SIM_PASSED;
	munmap(x.shared, sizeof(*x.shared));
	free(x.known);
	if (x.out >= 0)
		close(x.out);
	return status;
}
