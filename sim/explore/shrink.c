/* Delta debugging over the steps: larger pieces first, then single steps, until nothing more can
 * go. */
#include "sim/explore/shrink.h"

#include <stdlib.h>
#include <string.h>

#define RUNS_MAX 400

struct shrinking {
	const struct plan *plan;
	enum watch_rule rule;
	uint64_t mutants;
	unsigned runs;
};

static bool still_fails(struct shrinking *s, const bool *skip, bool *failed)
{
	struct trial t = { .plan = s->plan, .skip = skip, .failed = failed, .mutants = s->mutants };

	s->runs++;
	trial_run(&t);
	return t.breach.broken && t.breach.rule == s->rule;
}

/* Leaves out up to `piece` steps from `from` on, if it can. Returns where the next piece begins. */
static size_t leave_out(struct shrinking *s, bool *skip, size_t from, size_t piece, bool *less)
{
	bool try[PLAN_STEPS_MAX];
	size_t n = 0;

	memcpy(try, skip, sizeof(try));
	for (; from < s->plan->steps_n && n < piece; from++)
		if (!try[from]) {
			try[from] = true;
			n++;
		}
	if (n && still_fails(s, try, NULL)) {
		memcpy(skip, try, sizeof(try));
		*less = true;
	}
	return from;
}

/* What could not be done had no effect, as a rule. */
static void without_failed(struct shrinking *s, bool *skip)
{
	bool failed[PLAN_STEPS_MAX] = { false };
	bool try[PLAN_STEPS_MAX];

	if (!still_fails(s, skip, failed))
		return;
	for (size_t i = 0; i < PLAN_STEPS_MAX; i++)
		try[i] = skip[i] || failed[i];
	if (still_fails(s, try, NULL))
		memcpy(skip, try, sizeof(try));
}

size_t shrink_plan(const struct plan *plan, enum watch_rule rule, uint64_t mutants, bool *skip)
{
	struct shrinking s = { .plan = plan, .rule = rule, .mutants = mutants };
	size_t left = 0;

	memset(skip, 0, PLAN_STEPS_MAX * sizeof(*skip));
	without_failed(&s, skip);
	for (size_t piece = (plan->steps_n + 1) / 2; piece && s.runs < RUNS_MAX;) {
		bool less = false;

		for (size_t from = 0; from < plan->steps_n && s.runs < RUNS_MAX;)
			from = leave_out(&s, skip, from, piece, &less);
		if (piece == 1 && !less)
			break;
		piece = piece > 1 ? piece / 2 : 1;
	}
	without_failed(&s, skip);
	for (size_t i = 0; i < plan->steps_n; i++)
		left += !skip[i];
	return left;
}

/* ---- the scenario -------------------------------------------------------------------- */

static void write_time(FILE *out, int64_t ns)
{
	if (ns % 1000000 == 0)
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

void shrink_write(const struct plan *plan, const bool *skip, const struct watch_breach *breach,
		  FILE *out)
{
	int64_t wait_ns = 0;

	fprintf(out, "-- %s: %s.\n-- Found by exploration, seed %llu: %s.\n",
		watch_rule_clause(breach->rule), watch_rule_def(breach->rule)->text,
		(unsigned long long)plan->seed, breach->text);
	fprintf(out, "local c = cluster([[\n%s]], { seed = \"%llu\", speed = %d })\n", plan->source,
		(unsigned long long)plan->seed, plan->speed);
	for (size_t i = 0; i < plan->apps_n; i++)
		write_app(out, &plan->apps[i]);
	fputc('\n', out);
	for (size_t i = 0; i < plan->steps_n; i++) {
		wait_ns += plan->steps[i].after_ns;
		if (skip[i])
			continue;
		write_time(out, wait_ns);
		write_step(out, &plan->steps[i]);
		wait_ns = 0;
	}
	fprintf(out, "c:rest()\n");
}
