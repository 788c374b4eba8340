/* Delta debugging: of the steps first, larger pieces before single ones, then of the waits between
 * those that are left. */
#include "sim/explore/shrink.h"

#include <stdlib.h>
#include <string.h>

#define STEP_RUNS 400
#define WAIT_RUNS 300
#define MS_NS	  1000000LL

struct shrinking {
	struct plan *plan;
	enum watch_rule rule;
	uint64_t mutants;
	unsigned runs;
};

static bool still_fails(struct shrinking *s, const struct plan *plan, bool *failed)
{
	struct trial t = { .plan = plan, .failed = failed, .mutants = s->mutants };

	s->runs++;
	trial_run(&t);
	return t.breach.broken && t.breach.rule == s->rule;
}

/* Takes the plan over if it fails as it should. */
static bool settle(struct shrinking *s, const struct plan *try)
{
	if (!still_fails(s, try, NULL))
		return false;
	*s->plan = *try;
	return true;
}

/* ---- steps --------------------------------------------------------------------------- */

/* What follows keeps its time. */
static void remove_steps(struct plan *p, size_t from, size_t n)
{
	int64_t wait_ns = 0;

	for (size_t i = from; i < from + n; i++)
		wait_ns += p->steps[i].after_ns;
	p->steps_n -= n;
	memmove(&p->steps[from], &p->steps[from + n], (p->steps_n - from) * sizeof(p->steps[0]));
	if (from < p->steps_n)
		p->steps[from].after_ns += wait_ns;
}

/* Leaves out up to `piece` steps from `from` on, if it can. Returns where the next piece begins. */
static size_t leave_out(struct shrinking *s, size_t from, size_t piece, bool *less)
{
	struct plan try = *s->plan;
	size_t n = try.steps_n - from < piece ? try.steps_n - from : piece;

	remove_steps(&try, from, n);
	if (!settle(s, &try))
		return from + n;
	*less = true;
	return from;
}

static void without_failed(struct shrinking *s)
{
	bool failed[PLAN_STEPS_MAX] = { false };
	struct plan try = *s->plan;

	if (!still_fails(s, s->plan, failed))
		return;
	for (size_t i = try.steps_n; i > 0; i--)
		if (failed[i - 1])
			remove_steps(&try, i - 1, 1);
	if (try.steps_n < s->plan->steps_n)
		settle(s, &try);
}

static void fewer_steps(struct shrinking *s)
{
	for (size_t piece = (s->plan->steps_n + 1) / 2; piece && s->runs < STEP_RUNS;) {
		bool less = false;

		for (size_t from = 0; from < s->plan->steps_n && s->runs < STEP_RUNS;)
			from = leave_out(s, from, piece, &less);
		if (piece == 1 && !less)
			break;
		piece = piece > 1 ? piece / 2 : 1;
	}
}

/* ---- waits --------------------------------------------------------------------------- */

static bool no_wait(struct shrinking *s, size_t from, size_t piece)
{
	struct plan try = *s->plan;
	int64_t sum = 0;

	for (size_t i = from; i < from + piece && i < try.steps_n; i++) {
		sum += try.steps[i].after_ns;
		try.steps[i].after_ns = 0;
	}
	return sum == 0 || settle(s, &try);
}

static bool wait_for(struct shrinking *s, size_t i, int64_t ns)
{
	struct plan try = *s->plan;

	try.steps[i].after_ns = ns;
	return settle(s, &try);
}

/* The first of these that does, or the next whole second, tenth, hundredth, millisecond. */
static void round_wait(struct shrinking *s, size_t i)
{
	static const int64_t ms[] = { 1, 10, 100, 500, 1000, 2000, 5000, 10000, 20000, 30000 };
	int64_t is = s->plan->steps[i].after_ns;

	for (size_t k = 0; k < sizeof(ms) / sizeof(ms[0]) && ms[k] * MS_NS < is; k++)
		if (wait_for(s, i, ms[k] * MS_NS))
			return;
	for (int64_t unit = 1000 * MS_NS; unit >= MS_NS && s->runs < WAIT_RUNS; unit /= 10)
		if (is % unit == 0 || wait_for(s, i, is + unit - is % unit) ||
		    (is > unit && wait_for(s, i, is - is % unit)))
			return;
}

static void shorter_waits(struct shrinking *s)
{
	s->runs = 0;
	for (size_t piece = s->plan->steps_n; piece && s->runs < WAIT_RUNS; piece /= 2)
		for (size_t from = 0; from < s->plan->steps_n && s->runs < WAIT_RUNS; from += piece)
			no_wait(s, from, piece);
	for (size_t i = 0; i < s->plan->steps_n && s->runs < WAIT_RUNS; i++)
		if (s->plan->steps[i].after_ns)
			round_wait(s, i);
}

void shrink_failed(struct plan *plan, enum watch_rule rule, uint64_t mutants)
{
	struct shrinking s = { .plan = plan, .rule = rule, .mutants = mutants };

	without_failed(&s);
}

void shrink_plan(struct plan *plan, enum watch_rule rule, uint64_t mutants)
{
	struct shrinking s = { .plan = plan, .rule = rule, .mutants = mutants };

	without_failed(&s);
	fewer_steps(&s);
	shorter_waits(&s);
	without_failed(&s);
}

/* ---- the scenario -------------------------------------------------------------------- */

static void write_time(FILE *out, int64_t ns)
{
	if (ns == 0)
		return;
	if (ns % 1000000000 == 0)
		fprintf(out, "advance \"%llds\"\n", (long long)(ns / 1000000000));
	else if (ns % 1000000 == 0)
		fprintf(out, "advance \"%lldms\"\n", (long long)(ns / 1000000));
	else
		fprintf(out, "advance \"%lldus\"\n", (long long)(ns / 1000));
}

static void write_app(FILE *out, const struct plan_app *a)
{
	fprintf(out,
		"local %s = c:app(\"%s\", { user = \"%s\", heartbeat = \"%ds\", ctimanagers = {",
		a->name, a->name, a->user, a->heartbeat_s);
	for (size_t i = 0; i < a->managers_n; i++)
		fprintf(out, "%s \"%s\"", i ? "," : "", a->managers[i]);
	fprintf(out, " }, wait = false })\n");
}

/* Options stand in a table behind the other arguments. */
static void write_args(FILE *out, const struct plan_step *s)
{
	bool options = false;
	bool first = true;

	fputc('(', out);
	for (int pass = 0; pass < 2; pass++)
		for (unsigned i = 0; i < sim_verb_args(s->verb); i++) {
			const struct sim_arg *a = &s->verb->args[i];

			if (!*s->args[i] || (a->use == SIM_OPTION) != (pass == 1))
				continue;
			fputs(first ? "" : ", ", out);
			if (pass == 1 && !options)
				fputs("{ ", out);
			options = options || pass == 1;
			first = false;
			if (pass == 1)
				fprintf(out,
					"%s = ", !strcmp(a->name, "one-way") ? "one_way" : a->name);
			if (a->type == SIM_ARG_FLAG)
				fputs("true", out);
			else
				fprintf(out, "\"%s\"", s->args[i]);
		}
	fputs(options ? " })\n" : ")\n", out);
}

static void write_step(FILE *out, const struct plan_step *s)
{
	switch (s->verb->subject) {
	case SIM_ON_CLUSTER:
		fprintf(out, "c:%s", s->verb->name);
		break;
	case SIM_ON_PHONE:
		fprintf(out, "c:phone(\"%s\"):%s", s->subject, s->verb->name);
		break;
	default:
		fprintf(out, "%s:%s", s->subject, s->verb->name);
		break;
	}
	write_args(out, s);
}

void shrink_write(const struct plan *plan, const struct watch_breach *breach, FILE *out)
{
	fprintf(out, "-- %s: %s.\n-- Found by exploration, seed %llu: %s.\n",
		watch_rule_clause(breach->rule), watch_rule_def(breach->rule)->text,
		(unsigned long long)plan->seed, breach->text);
	fprintf(out, "local c = cluster([[\n%s]], { seed = \"%llu\", speed = %d })\n", plan->source,
		(unsigned long long)plan->seed, plan->speed);
	for (size_t i = 0; i < plan->apps_n; i++)
		write_app(out, &plan->apps[i]);
	fputc('\n', out);
	for (size_t i = 0; i < plan->steps_n; i++) {
		write_time(out, plan->steps[i].after_ns);
		write_step(out, &plan->steps[i]);
	}
	fprintf(out, "c:rest()\n");
}
