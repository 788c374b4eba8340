/* Calls parked, picked up, and keys pressed in them. */
#include "sim/explore/plan_private.h"

#include <stdio.h>

static void phone_name(char name[20], unsigned n)
{
	snprintf(name, 20, "SEP%012u", 1 + n);
}

static void press(struct plan_steps *s, const char *verb)
{
	char phone[20];

	phone_name(phone, plan_roll(&s->dice, s->d->phones));
	plan_add(s, SIM_ON_PHONE, phone, verb, NULL);
}

/* The first number of a node, as a rule: where the first call is parked. */
static void park_number(struct plan_steps *s, char dn[12])
{
	unsigned node = 1 + plan_roll(&s->dice, s->d->nodes);
	unsigned place = plan_chance(&s->dice, 80) ? 0 : plan_roll(&s->dice, 10);

	snprintf(dn, 12, "88%u%u", node, place);
}

void plan_phone_park(struct plan_steps *s)
{
	press(s, "park");
}

void plan_phone_pickup(struct plan_steps *s)
{
	press(s, "pickup");
}

void plan_phone_keys(struct plan_steps *s)
{
	char phone[20];

	phone_name(phone, plan_roll(&s->dice, s->d->phones));
	plan_add(s, SIM_ON_PHONE, phone, "dial", "5*", NULL);
}

/* Somebody calls somebody, who parks the call, and a third one retrieves it, or nobody. */
void plan_phone_parks(struct plan_steps *s)
{
	unsigned n = plan_roll(&s->dice, s->d->phones);
	char phone[3][20], dn[12];

	for (unsigned i = 0; i < 3; i++)
		phone_name(phone[i], (n + i) % s->d->phones);
	snprintf(dn, sizeof(dn), "%u", 1001 + (n + 1) % s->d->phones);
	plan_add(s, SIM_ON_PHONE, phone[0], "call", dn, NULL);
	plan_add(s, SIM_ON_PHONE, phone[1], "answer", NULL);
	plan_add(s, SIM_ON_PHONE, phone[1], "park", NULL);
	park_number(s, dn);
	if (plan_chance(&s->dice, 60))
		plan_add(s, SIM_ON_PHONE, phone[2], "call", dn, NULL);
}

/* Somebody calls somebody, and a third one picks up. */
void plan_phone_picks_up(struct plan_steps *s)
{
	unsigned n = plan_roll(&s->dice, s->d->phones);
	char phone[3][20], dn[12];

	for (unsigned i = 0; i < 3; i++)
		phone_name(phone[i], (n + i) % s->d->phones);
	snprintf(dn, sizeof(dn), "%u", 1001 + (n + 1) % s->d->phones);
	plan_add(s, SIM_ON_PHONE, phone[0], "call", dn, NULL);
	plan_add(s, SIM_ON_PHONE, phone[2], "pickup", NULL);
	if (plan_chance(&s->dice, 60))
		plan_add(s, SIM_ON_PHONE, phone[2], "answer", NULL);
}

/* ---- applications -------------------------------------------------------------------- */

void plan_app_park(struct plan_steps *s)
{
	plan_app_ask(s, "park", NULL);
}

void plan_app_unpark(struct plan_steps *s)
{
	char dn[12];

	park_number(s, dn);
	plan_app_ask(s, "unpark", dn);
}

void plan_app_pickup(struct plan_steps *s)
{
	plan_app_ask(s, "pickup", "7900");
}

void plan_app_dtmf(struct plan_steps *s)
{
	plan_app_ask(s, "dtmf", "12#");
}
