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

	plan_add(s, SIM_ON_PHONE, u.phone, "call", u.dn, NULL);
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
