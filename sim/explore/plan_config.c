/* What an administrator changes while the cluster runs. */
#include "sim/explore/plan_private.h"

#include <stdio.h>
#include <string.h>

static const struct sim_device *any_device(struct plan_steps *s)
{
	const struct sim_topology *t = s->d->plan->topology;

	return &t->devices[plan_roll(&s->dice, (unsigned)t->devices_n)];
}

/* Other members, or the same ones in another order. */
void plan_set_group(struct plan_steps *s)
{
	char name[20], nodes[32];
	int group = 1 + (int)plan_roll(&s->dice, 2);

	snprintf(name, sizeof(name), "g%d", group);
	plan_members(s->d, &s->dice, nodes, sizeof(nodes));
	plan_add(s, SIM_ON_CLUSTER, "", "set_group", name, nodes, NULL);
}

void plan_set_pool(struct plan_steps *s)
{
	const char *pool = plan_chance(&s->dice, 50) ? "p1" : "p2";
	const char *group = plan_chance(&s->dice, 50) ? "g1" : "g2";

	plan_add(s, SIM_ON_CLUSTER, "", "set_pool", pool, group, NULL);
}

void plan_set_device_pool(struct plan_steps *s)
{
	const char *name = any_device(s)->name;
	const char *pool = plan_chance(&s->dice, 50) ? "p1" : "p2";

	plan_add(s, SIM_ON_CLUSTER, "", "set_device", name, pool, NULL);
}

void plan_set_cti(struct plan_steps *s)
{
	const char *name = any_device(s)->name;
	const char *cti = plan_chance(&s->dice, 50) ? "restricted" : "allowed";

	plan_add(s, SIM_ON_CLUSTER, "", "set_device", name, "", cti, NULL);
}

/* A forward is set, or taken away. */
static void draw_forward(struct plan_steps *s, unsigned percent, char *dn, size_t size)
{
	bool there = plan_chance(&s->dice, percent);

	plan_number(s->d, &s->dice, dn, size);
	if (!there)
		snprintf(dn, size, "off");
}

/* One setting, or all of them. */
void plan_set_line(struct plan_steps *s)
{
	const struct sim_device *d = any_device(s);
	char value[7][12];
	unsigned only = plan_roll(&s->dice, 8);
	unsigned calls = 1 + plan_roll(&s->dice, 4);

	draw_forward(s, 20, value[0], sizeof(value[0]));
	for (unsigned i = 1; i < 4; i++)
		draw_forward(s, 60, value[i], sizeof(value[i]));
	snprintf(value[4], sizeof(value[4]), "%u", 1 + plan_roll(&s->dice, 60));
	snprintf(value[5], sizeof(value[5]), "%u", calls);
	snprintf(value[6], sizeof(value[6]), "%u", 1 + plan_roll(&s->dice, calls));
	for (unsigned i = 0; i < 7; i++)
		if (only < 6 && i != only && (only != 5 || i != 6))
			value[i][0] = '\0';
	plan_add(s, SIM_ON_CLUSTER, "", "set_line", d->name, value[0], value[1], value[2], value[3],
		 value[4], value[5], value[6], NULL);
}

void plan_reset(struct plan_steps *s)
{
	const struct sim_device *d = any_device(s);

	plan_add(s, SIM_ON_CLUSTER, "", "reset", d->name, NULL);
}

/* A right is given, or taken away. */
void plan_user_group(struct plan_steps *s)
{
	static const char *const groups[] = {
		"Standard CTI Allow Control of All Devices",
		"Standard CTI Allow Control of All Devices",
		"Standard CTI Allow Call Park Monitoring",
		"Standard CTI Allow Reception of SRTP Key Material",
	};
	const struct sim_topology *t = s->d->plan->topology;
	const char *user = t->users[plan_roll(&s->dice, (unsigned)t->users_n)].name;
	const char *verb = plan_chance(&s->dice, 50) ? "join_group" : "leave_group";

	unsigned group = plan_roll(&s->dice, sizeof(groups) / sizeof(groups[0]));

	plan_add(s, SIM_ON_CLUSTER, "", verb, user, groups[group], NULL);
}

void plan_associate(struct plan_steps *s)
{
	const struct sim_topology *t = s->d->plan->topology;
	const char *device = any_device(s)->name;
	const char *user = t->users[plan_roll(&s->dice, (unsigned)t->users_n)].name;
	const char *verb = plan_chance(&s->dice, 50) ? "associate" : "dissociate";

	plan_add(s, SIM_ON_CLUSTER, "", verb, user, device, NULL);
}
