/* rehome explore --mutants: how many seeds, and how long, until each mutant is found. Those that are
 * asked for by name leave the scenario of what they broke. */
#include "sim/explore/explore_private.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/mutant.h"
#include "sim/harness/table.h"

#define LOOK_MS 50
#define SEED_NS 120000000000LL /* more is a livelock */

/* One mutant's hunt; lies in shared memory, written by one worker. */
struct hunt {
	enum mutant_id id;
	bool done;
	bool found;
	uint64_t seeds;		   /* tried */
	_Atomic uint64_t seed;	   /* in hand */
	_Atomic int64_t since_ns;  /* of that one */
	_Atomic pid_t pid;	   /* of the worker */
	int64_t began_ns, took_ns; /* CLOCK_MONOTONIC */
	struct watch_breach breach;
};

struct hunts {
	_Atomic unsigned next;
	unsigned n;
	struct hunt hunts[MUTANTS];
};

static void end(struct hunt *h, bool found)
{
	if (!h->took_ns)
		h->took_ns = explore_now() - h->began_ns;
	h->found = found;
	h->done = true;
}

/* A breach counts if it is the mutant's own: the same seed holds without it. */
static bool breaks(const struct plan *plan, uint64_t mutants, struct watch_breach *breach)
{
	struct trial bad = { .plan = plan, .mutants = mutants };
	struct trial good = { .plan = plan };

	trial_run(&bad);
	if (!bad.breach.broken)
		return false;
	*breach = bad.breach;
	trial_run(&good);
	return !good.breach.broken;
}

/* What is left of the seed in which it was found; the plan shrinks. */
static void leave(const struct explore *x, const struct hunt *h, struct plan *plan)
{
	const char *name = mutant(h->id)->name;
	size_t steps_n = plan->steps_n;
	char path[1000];

	snprintf(path, sizeof(path), "%.900s/%s", x->bundles, name);
	if (mkdir(x->bundles, 0777) < 0 && errno != EEXIST)
		fprintf(stderr, "rehome explore: %s: %s\n", x->bundles, strerror(errno));
	else if (explore_leave(plan, &h->breach, mutant_bit(h->id), true, path))
		printf("%s: %zu of %zu steps are left; again: rehome run --mutant %s %s.lua\n",
		       name, plan->steps_n, steps_n, name, path);
	fflush(stdout);
}

static void hunt(const struct explore *x, struct hunt *h, uint64_t last)
{
	struct plan *plan = malloc(sizeof(*plan));
	struct sim_error err = { 0 };

	if (!plan)
		abort();
	h->began_ns = explore_now();
	atomic_store(&h->pid, getpid());
	for (uint64_t seed = x->first; seed <= last && !h->found; seed++) {
		atomic_store(&h->seed, seed);
		atomic_store(&h->since_ns, explore_now());
		h->seeds++;
		h->found = plan_draw(plan, seed, &err) == 0 &&
			   breaks(plan, mutant_bit(h->id), &h->breach);
		if (h->found && x->leaves) {
			h->took_ns = explore_now() - h->began_ns; /* not of the shrinking */
			leave(x, h, plan);
		}
		plan_free(plan);
	}
	atomic_store(&h->since_ns, 0);
	end(h, h->found);
	free(plan);
}

/* ---- workers ------------------------------------------------------------------------- */

static pid_t spawn(const struct explore *x, struct hunts *all, bool ranged)
{
	pid_t parent = getpid();
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	for (;;) {
		unsigned i = atomic_fetch_add(&all->next, 1);
		struct hunt *h = &all->hunts[i];

		if (i >= all->n)
			_exit(0);
		hunt(x, h, ranged ? x->last : x->first + mutant(h->id)->seeds - 1);
	}
}

static struct hunt *hunt_of(struct hunts *all, pid_t pid)
{
	for (unsigned i = 0; i < all->n; i++)
		if (!all->hunts[i].done && atomic_load(&all->hunts[i].pid) == pid)
			return &all->hunts[i];
	return NULL;
}

/* A worker that a mutant has killed has found it. */
static void died(struct hunt *h, int status, bool hung)
{
	h->breach.rule = hung ? WATCH_LIVELOCK : WATCH_CRASH;
	snprintf(h->breach.text, sizeof(h->breach.text), "%s %d",
		 WIFSIGNALED(status) ? "signal" : "exit status",
		 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	end(h, true);
}

static bool look_after(const struct explore *x, struct hunts *all, bool ranged, pid_t *pid)
{
	struct hunt *h = hunt_of(all, *pid);
	int64_t since = h ? atomic_load(&h->since_ns) : 0;
	bool hung = since && explore_now() - since > SEED_NS;
	int status;

	if (hung)
		kill(*pid, SIGKILL);
	if (waitpid(*pid, &status, hung ? 0 : WNOHANG) != *pid)
		return true;
	h = hunt_of(all, *pid);
	if (!h)
		return false;
	died(h, status, hung);
	*pid = spawn(x, all, ranged);
	return *pid > 0;
}

static void run(const struct explore *x, struct hunts *all, bool ranged)
{
	pid_t pids[EXPLORE_JOBS_MAX] = { 0 };
	unsigned left = 0, told = 0;

	for (unsigned i = 0; i < x->jobs && i < all->n; i++) {
		pids[i] = spawn(x, all, ranged);
		left += pids[i] > 0;
	}
	while (left) {
		unsigned done = 0;

		poll(NULL, 0, LOOK_MS);
		for (unsigned i = 0; i < x->jobs; i++)
			if (pids[i] > 0 && !look_after(x, all, ranged, &pids[i])) {
				pids[i] = 0;
				left--;
			}
		for (unsigned i = 0; i < all->n; i++)
			done += all->hunts[i].done;
		if (done != told)
			fprintf(stderr, "%u of %u mutants\n", told = done, all->n);
	}
}

/* ---- results ------------------------------------------------------------------------- */

static void write_line(const struct explore *x, const struct hunt *h)
{
	const struct mutant *m = mutant(h->id);
	char seed[24];
	json_t *o;
	char *text;

	snprintf(seed, sizeof(seed), "%llu", (unsigned long long)h->seed);
	o = json_pack("{s:s, s:s, s:s, s:b, s:I, s:s, s:f, s:s, s:s}", "commit", x->commit,
		      "mutant", m->name, "clause", m->clause, "found", h->found, "seeds",
		      (json_int_t)h->seeds, "seed", h->found ? seed : "", "seconds",
		      (double)h->took_ns / 1e9, "rule",
		      h->found ? watch_rule_def(h->breach.rule)->name : "", "text", h->breach.text);
	text = o ? json_dumps(o, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(6))
		 : NULL;
	if (text && x->out >= 0 && dprintf(x->out, "%s\n", text) < 0)
		perror("rehome explore: results");
	free(text);
	json_decref(o);
}

static int report(const struct explore *x, const struct hunts *all)
{
	struct sim_table *t = sim_table_new();
	unsigned lost = 0;

	sim_table_row(t, "mutant\tclause\tseeds\tseconds\tfound by");
	for (unsigned i = 0; i < all->n; i++) {
		const struct hunt *h = &all->hunts[i];
		const struct mutant *m = mutant(h->id);

		lost += !h->found;
		write_line(x, h);
		sim_table_row(t, "%s\t%s\t%llu\t%.2f\t%s%s%.90s", m->name, m->clause,
			      (unsigned long long)h->seeds, (double)h->took_ns / 1e9,
			      h->found ? watch_rule_clause(h->breach.rule) : "NOT FOUND",
			      h->found ? ": " : "", h->found ? h->breach.text : "");
	}
	sim_table_print(&t, stdout);
	printf("commit %s: %u mutants, %u found, %u not found\n", x->commit, all->n, all->n - lost,
	       lost);
	return lost ? SIM_FAILED : SIM_PASSED;
}

int explore_mutants(const struct explore *x, const char *names, bool ranged, struct sim_error *err)
{
	struct hunts *all =
		mmap(NULL, sizeof(*all), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t chosen = ~UINT64_C(0);
	const char *unknown;
	int status;

	if (all == MAP_FAILED)
		return sim_fail(err, SIM_UNKNOWN, "no memory: %s", strerror(errno));
	if (names && mutants_by_name(names, &chosen, &unknown) < 0)
		return sim_fail(err, SIM_USAGE,
				"explore: there is no mutant '%.60s'; 'rehome mutants' lists them",
				unknown);
	for (unsigned id = 0; id < MUTANTS; id++)
		if (chosen & mutant_bit((enum mutant_id)id))
			all->hunts[all->n++].id = (enum mutant_id)id;
	run(x, all, ranged);
	status = report(x, all);
	munmap(all, sizeof(*all));
	return status;
}
