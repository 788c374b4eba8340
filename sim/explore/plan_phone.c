/* What the users of phones do. */
#include "sim/explore/plan_private.h"

#include <stdio.h>

/* Who, and whom he would call. */
struct user {
	char phone[20];
	char dn[12];
};

static struct user draw_user(struct plan_steps *s)
{
	struct user u;

	snprintf(u.phone, sizeof(u.phone), "SEP%012u", 1 + plan_roll(&s->dice, s->d->phones));
	plan_number(s->d, &s->dice, u.dn, sizeof(u.dn));
	return u;
}

static void press(struct plan_steps *s, const char *verb)
{
	struct user u = draw_user(s);

	plan_add(s, SIM_ON_PHONE, u.phone, verb, NULL);
}

void plan_phone_call(struct plan_steps *s)
{
	struct user u = draw_user(s);

	bool second = plan_draw_line(s, u.phone) > 1;

	plan_add(s, SIM_ON_PHONE, u.phone, "call", u.dn, second ? "2" : NULL, NULL);
}

void plan_phone_answer(struct plan_steps *s)
{
	press(s, "answer");
}

void plan_phone_hangup(struct plan_steps *s)
{
	press(s, "hangup");
}

void plan_phone_hold(struct plan_steps *s)
{
	press(s, "hold");
}

void plan_phone_resume(struct plan_steps *s)
{
	press(s, "resume");
}

void plan_phone_dial(struct plan_steps *s)
{
	struct user u = draw_user(s);

	plan_add(s, SIM_ON_PHONE, u.phone, "offhook", NULL);
	if (plan_chance(&s->dice, 70))
		plan_add(s, SIM_ON_PHONE, u.phone, "dial", u.dn, NULL);
}

/* A key that wants a number the first time and none the second. */
static void press_twice_some_day(struct plan_steps *s, const char *verb)
{
	struct user u = draw_user(s);
	bool first = plan_chance(&s->dice, 50);

	plan_add(s, SIM_ON_PHONE, u.phone, verb, first ? u.dn : NULL, NULL);
}

void plan_phone_transfer(struct plan_steps *s)
{
	press_twice_some_day(s, "transfer");
}

void plan_phone_conference(struct plan_steps *s)
{
	press_twice_some_day(s, "conference");
}

void plan_phone_feature(struct plan_steps *s)
{
	static const char *const keys[] = { "select", "join", "dirtrfr", "rmlstc" };

	press(s, keys[plan_roll(&s->dice, 4)]);
}

/* Somebody calls somebody, who calls a third one and connects them all: chance alone would take
 * long to get there. */
void plan_phone_consults(struct plan_steps *s)
{
	unsigned n = plan_roll(&s->dice, s->d->phones);
	const char *verb = plan_chance(&s->dice, 50) ? "transfer" : "conference";
	char phone[3][20], dn[3][12];

	for (unsigned i = 0; i < 3; i++) {
		unsigned who = (n + i) % s->d->phones;

		snprintf(phone[i], sizeof(phone[i]), "SEP%012u", 1 + who);
		snprintf(dn[i], sizeof(dn[i]), "%u", 1001 + who);
	}
	plan_add(s, SIM_ON_PHONE, phone[0], "call", dn[1], NULL);
	plan_add(s, SIM_ON_PHONE, phone[1], "answer", NULL);
	plan_add(s, SIM_ON_PHONE, phone[1], verb, dn[2], NULL);
	if (plan_chance(&s->dice, 80))
		plan_add(s, SIM_ON_PHONE, phone[2], "answer", NULL);
	if (plan_chance(&s->dice, 80))
		plan_add(s, SIM_ON_PHONE, phone[1], verb, NULL);
}

void plan_phone_forward(struct plan_steps *s)
{
	struct user u = draw_user(s);
	bool set = plan_chance(&s->dice, 40);

	plan_add(s, SIM_ON_PHONE, u.phone, "forward", set ? u.dn : NULL, NULL);
}
