#include "sim/explore/plan_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- dice ---------------------------------------------------------------------------- */

unsigned plan_roll(struct prng *dice, unsigned below)
{
	return (unsigned)prng_below(dice, below);
}

bool plan_chance(struct prng *dice, unsigned percent)
{
	return prng_chance(dice, percent, 100);
}

unsigned plan_weighted(struct prng *dice, const unsigned *weights, unsigned n)
{
	unsigned sum = 0, at;

	for (unsigned i = 0; i < n; i++)
		sum += weights[i];
	at = plan_roll(dice, sum);
	for (unsigned i = 0; i < n; i++) {
		if (at < weights[i])
			return i;
		at -= weights[i];
	}
	return 0;
}

void plan_number(const struct plan_drawn *d, struct prng *dice, char *dn, size_t size)
{
	unsigned n = plan_roll(dice, d->phones + d->ports + d->points + 1);

	if (n < d->phones)
		snprintf(dn, size, "%u", 1001 + n);
	else if (n < d->phones + d->ports)
		snprintf(dn, size, "%u", 6001 + n - d->phones);
	else if (n < d->phones + d->ports + d->points)
		snprintf(dn, size, "%u", 5000 + n - d->phones - d->ports);
	else
		snprintf(dn, size, "777");
	if (d->seconds && n < d->phones + d->ports + d->points && plan_chance(dice, 20))
		snprintf(dn, size, "%lu", strtoul(dn, NULL, 10) + 500);
	if (d->patterns && plan_chance(dice, 15))
		snprintf(dn, size, "9%u", 1001 + plan_roll(dice, d->phones));
	if (plan_chance(dice, 4))
		snprintf(dn, size, "88%u0", 1 + plan_roll(dice, d->nodes));
}

/* ---- applications -------------------------------------------------------------------- */

static void draw_apps(struct plan_drawn *d)
{
	static const unsigned counts[] = { 10, 50, 30, 10 };
	struct plan *p = d->plan;
	struct prng dice;

	prng_key(&dice, p->seed, "explore", "applications");
	p->apps_n = plan_weighted(&dice, counts, 4);
	for (size_t i = 0; i < p->apps_n; i++) {
		struct plan_app *a = &p->apps[i];
		unsigned first = plan_roll(&dice, d->nodes);

		snprintf(a->name, sizeof(a->name), "app%u", (unsigned)(i + 1) % 1000);
		snprintf(a->user, sizeof(a->user), "user%u", 1 + plan_roll(&dice, d->users));
		a->managers_n = 1 + plan_roll(&dice, d->nodes);
		for (size_t k = 0; k < a->managers_n; k++)
			snprintf(a->managers[k], sizeof(a->managers[k]), "ccm%u",
				 1 + (first + (unsigned)k) % d->nodes);
		a->heartbeat_s = plan_chance(&dice, 60) ? 5 : 30;
	}
}

/* ---- all of it ----------------------------------------------------------------------- */

int plan_draw(struct plan *plan, uint64_t seed, struct sim_error *err)
{
	static const int speeds[] = { 1, 4, 10, 10, 20 };
	struct plan_drawn d = { .plan = plan };
	struct prng dice;

	memset(plan, 0, sizeof(*plan));
	plan->seed = seed;
	prng_key(&dice, seed, "explore", "speed");
	plan->speed = speeds[plan_roll(&dice, 5)];
	if (plan_cluster(&d, err) < 0)
		return -1;
	draw_apps(&d);
	plan_steps(&d);
	return 0;
}

void plan_free(struct plan *plan)
{
	sim_topology_destroy(&plan->topology);
	free(plan->source);
	plan->source = NULL;
}
