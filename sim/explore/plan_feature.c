/* What applications and users do with calls beyond making and ending them: transfer, conference,
 * forwarding, data. */
#include "sim/explore/plan_private.h"

#include <stdio.h>
#include <string.h>

/* Somebody's phone calls the device, and it answers: of requests for calls that are not there one
 * learns little. */
static void talk(struct plan_steps *s, const struct plan_asked *a)
{
	const struct sim_device *d = sim_topology_device(s->d->plan->topology, a->device);
	char phone[20];

	snprintf(phone, sizeof(phone), "SEP%012u", 1 + plan_roll(&s->dice, s->d->phones));
	plan_add(s, SIM_ON_PHONE, phone, "call", d->lines[0].dn, NULL);
	if (d->kind == SIM_PHONE)
		plan_add(s, SIM_ON_PHONE, a->device, "answer", NULL);
	else
		plan_add(s, SIM_ON_APP, a->app->name, "answer", a->device, NULL);
}

static struct plan_asked talking(struct plan_steps *s, unsigned percent)
{
	struct plan_asked a = plan_draw_asked(s);

	if (plan_chance(&s->dice, percent))
		talk(s, &a);
	return a;
}

/* Who has the number answers, if it is a phone. */
static void answer(struct plan_steps *s, const char *dn)
{
	const struct sim_topology *t = s->d->plan->topology;

	for (size_t i = 0; i < t->devices_n; i++)
		if (t->devices[i].kind == SIM_PHONE && !strcmp(t->devices[i].lines[0].dn, dn)) {
			plan_add(s, SIM_ON_PHONE, t->devices[i].name, "answer", NULL);
			return;
		}
}

void plan_app_transfer(struct plan_steps *s)
{
	struct plan_asked a = talking(s, 40);

	plan_add(s, SIM_ON_APP, a.app->name, "transfer", a.device, a.dn, NULL);
}

/* For a transfer or a conference; not always with all that belongs to it. */
void plan_app_consult(struct plan_steps *s)
{
	struct plan_asked a = talking(s, 60);
	const char *verb = plan_chance(&s->dice, 50) ? "consult" : "conference";
	bool tone = plan_chance(&s->dice, 15);

	plan_add(s, SIM_ON_APP, a.app->name, verb, a.device, tone ? NULL : a.dn, NULL);
	if (tone)
		plan_add(s, SIM_ON_APP, a.app->name, "dial", a.device, a.dn, NULL);
	if (plan_chance(&s->dice, 60))
		answer(s, a.dn);
	if (plan_chance(&s->dice, 70))
		plan_add(s, SIM_ON_APP, a.app->name, "complete", a.device, NULL);
}

void plan_app_complete(struct plan_steps *s)
{
	struct plan_asked a = plan_draw_asked(s);

	plan_add(s, SIM_ON_APP, a.app->name, "complete", a.device, NULL);
}

/* Of calls that are there: a second one is held for it. */
void plan_app_join(struct plan_steps *s)
{
	struct plan_asked a = talking(s, 50);
	const char *verb = plan_chance(&s->dice, 50) ? "direct_transfer" : "join";

	if (plan_chance(&s->dice, 50)) {
		plan_add(s, SIM_ON_APP, a.app->name, "hold", a.device, NULL);
		plan_add(s, SIM_ON_APP, a.app->name, "call", a.device, a.dn, NULL);
		answer(s, a.dn);
	}
	plan_add(s, SIM_ON_APP, a.app->name, verb, a.device, NULL);
}

/* ---- lines and devices --------------------------------------------------------------- */

static void any_phone(struct plan_steps *s, char *phone, size_t size)
{
	snprintf(phone, size, "SEP%012u", 1 + plan_roll(&s->dice, s->d->phones));
}

void plan_phone_qrt(struct plan_steps *s)
{
	char phone[20];

	any_phone(s, phone, sizeof(phone));
	plan_add(s, SIM_ON_PHONE, phone, "qrt", "2", NULL);
}

void plan_app_forwarded(struct plan_steps *s)
{
	struct plan_asked a = plan_draw_asked(s);

	plan_add(s, SIM_ON_APP, a.app->name, "forwarded", a.device, NULL);
}

void plan_app_autoaccept(struct plan_steps *s)
{
	struct plan_asked a = plan_draw_asked(s);
	const char *how = plan_chance(&s->dice, 60) ? "on" : "off";

	plan_add(s, SIM_ON_APP, a.app->name, "autoaccept", a.device, how, NULL);
}

void plan_app_dial(struct plan_steps *s)
{
	struct plan_asked a = plan_draw_asked(s);

	if (plan_chance(&s->dice, 80))
		plan_add(s, SIM_ON_APP, a.app->name, "call", a.device, NULL);
	plan_add(s, SIM_ON_APP, a.app->name, "dial", a.device, a.dn, NULL);
}

void plan_app_data(struct plan_steps *s)
{
	struct plan_asked a = plan_draw_asked(s);

	plan_add(s, SIM_ON_APP, a.app->name, "passthrough", a.device, "report", NULL);
}
