/* The steps of a plan: kinds of them by their weights, one after the other. */
#include "sim/explore/plan_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MS_NS 1000000LL

void plan_add(struct plan_steps *s, enum sim_subject subject, const char *who, const char *verb,
	      ...)
{
	struct plan *p = s->d->plan;
	struct plan_step *step;
	va_list ap;
	const char *text;
	unsigned i = 0;

	if (p->steps_n == PLAN_STEPS_MAX)
		return;
	step = &p->steps[p->steps_n++];
	memset(step, 0, sizeof(*step));
	step->verb = sim_verb(subject, verb);
	snprintf(step->subject, sizeof(step->subject), "%s", who);
	va_start(ap, verb);
	while ((text = va_arg(ap, const char *)) && i < SIM_ARGS_MAX)
		snprintf(step->args[i++], sizeof(step->args[0]), "%s", text);
	va_end(ap);
	switch (plan_roll(&s->dice, 10) + s->hurry * 2) {
	case 0:
		step->after_ns = (int64_t)plan_roll(&s->dice, 8000) * MS_NS;
		break;
	case 1:
	case 2:
	case 3:
		step->after_ns = (int64_t)plan_roll(&s->dice, 1000) * MS_NS;
		break;
	case 12:
	case 13:
		step->after_ns = 0;
		break;
	default:
		step->after_ns = (int64_t)plan_roll(&s->dice, 60000) * 1000;
		break;
	}
}

static void name_programs(struct plan_steps *s)
{
	struct plan_drawn *d = s->d;

	for (unsigned n = 1; n <= d->nodes; n++) {
		snprintf(s->programs[s->programs_n++].name, 32, "ccm%u:callmanager", n);
		snprintf(s->programs[s->programs_n++].name, 32, "ccm%u:ctimanager", n);
	}
	s->servers_n = s->programs_n;
	snprintf(s->programs[s->programs_n++].name, 32, "phones");
	for (size_t i = 0; i < d->plan->apps_n; i++)
		snprintf(s->programs[s->programs_n++].name, 32, "app:%.16s", d->plan->apps[i].name);
}

/* Swarm: each seed has its own kinds of steps at its own rates. */
static void draw_weights(struct plan_steps *s, unsigned *weights)
{
	static const unsigned off_percent[] = {
		[PLAN_WORK] = 15, [PLAN_CHANGE] = 50, [PLAN_FAULT] = 45, [PLAN_RECOVERY] = 15
	};
	const struct plan_kind *kinds;
	size_t n = plan_kinds(&kinds);
	struct prng dice;
	bool calm;

	prng_key(&dice, s->d->plan->seed, "explore", "swarm");
	calm = plan_chance(&dice, 15);
	for (size_t i = 0; i < n; i++) {
		/* By its name, so that one more kind leaves the others as they are. */
		struct prng own;
		bool off;
		unsigned times;

		prng_key(&own, s->d->plan->seed, "swarm", kinds[i].name);
		off = plan_chance(&own, off_percent[kinds[i].class]);
		times = 1 + plan_roll(&own, 4);
		off = off || (calm && kinds[i].class >= PLAN_FAULT);
		weights[i] = off ? 0 : kinds[i].weight * times;
		if (kinds[i].class == PLAN_RECOVERY && !calm)
			weights[i] += 8;
	}
	weights[0] += 1; /* never all of them are zero */
	s->hurry = plan_roll(&dice, 3);
}

void plan_steps(struct plan_drawn *d)
{
	struct plan_steps s = { .d = d };
	const struct plan_kind *kinds;
	size_t kinds_n = plan_kinds(&kinds);
	unsigned weights[PLAN_KINDS_MAX];
	unsigned n;

	prng_key(&s.dice, d->plan->seed, "explore", "steps");
	name_programs(&s);
	draw_weights(&s, weights);
	for (size_t i = 0; i < d->plan->apps_n; i++)
		plan_app_begin(&s, &d->plan->apps[i]);
	n = 10 + plan_roll(&s.dice, 90);
	for (unsigned i = 0; i < n; i++) {
		const struct plan_kind *k =
			&kinds[plan_weighted(&s.dice, weights, (unsigned)kinds_n)];

		if (!k->possible || k->possible(&s))
			k->act(&s);
	}
}
