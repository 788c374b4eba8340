/* What applications do. */
#include "sim/explore/plan_private.h"

#include <stdio.h>
#include <string.h>

static const struct plan_app *an_app(struct plan_steps *s)
{
	return &s->d->plan->apps[plan_roll(&s->dice, (unsigned)s->d->plan->apps_n)];
}

/* A device of the application's user as a rule, sometimes any. */
static void draw_device(struct plan_steps *s, const struct plan_app *a, char *device, size_t size)
{
	const struct sim_topology *t = s->d->plan->topology;
	const struct sim_user *u = sim_topology_user(t, a->user);

	if (u->devices_n && !plan_chance(&s->dice, 3))
		snprintf(device, size, "%s",
			 u->devices[plan_roll(&s->dice, (unsigned)u->devices_n)]);
	else
		snprintf(device, size, "%s",
			 t->devices[plan_roll(&s->dice, (unsigned)t->devices_n)].name);
}

static void add_open(struct plan_steps *s, const struct plan_app *a, const char *device)
{
	static const char *const media[] = { "", "", "", "static", "dynamic", "none", "watch" };
	bool accept = plan_chance(&s->dice, 15);
	bool phone = !strncmp(device, "SEP", 3);

	plan_add(s, SIM_ON_APP, a->name, "open", device, "",
		 phone ? "" : media[plan_roll(&s->dice, sizeof(media) / sizeof(media[0]))],
		 accept && !phone ? "true" : "", NULL);
}

static void add_auto(struct plan_steps *s, const struct plan_app *a, const char *device)
{
	static const char *const what[] = { "answer", "accept", "off" };
	char redirect[20];
	unsigned i = plan_roll(&s->dice, 4);

	/* To phones only: two route points that redirect to each other never end. */
	snprintf(redirect, sizeof(redirect), "redirect:%u",
		 1001 + plan_roll(&s->dice, s->d->phones));
	plan_add(s, SIM_ON_APP, a->name, "auto", i < 3 ? what[i] : redirect,
		 strncmp(device, "SEP", 3) != 0 ? device : "", NULL);
}

struct plan_asked plan_draw_asked(struct plan_steps *s)
{
	struct plan_asked a = { .app = an_app(s) };

	draw_device(s, a.app, a.device, sizeof(a.device));
	plan_number(s->d, &s->dice, a.dn, sizeof(a.dn));
	return a;
}

static void ask(struct plan_steps *s, const char *verb)
{
	plan_app_ask(s, verb, NULL);
}

void plan_app_ask(struct plan_steps *s, const char *verb, const char *what)
{
	struct plan_asked a = plan_draw_asked(s);

	plan_add(s, SIM_ON_APP, a.app->name, verb, a.device, what, NULL);
}

bool plan_has_apps(const struct plan_steps *s)
{
	return s->d->plan->apps_n > 0;
}

static bool user_in(const struct sim_user *u, const char *group)
{
	for (size_t i = 0; i < u->groups_n; i++)
		if (!strcmp(u->groups[i], group))
			return true;
	return false;
}

/* Most ask for what their groups allow. */
static void add_filter(struct plan_steps *s, const struct plan_app *a, const struct sim_user *u)
{
	bool park = user_in(u, "Standard CTI Allow Call Park Monitoring");
	bool keys = user_in(u, "Standard CTI Allow Reception of SRTP Key Material");

	if ((park || keys) && plan_chance(&s->dice, 70))
		plan_add(s, SIM_ON_APP, a->name, "filter",
			 park && keys ? "both"
			 : park	      ? "park"
				      : "keys",
			 NULL);
}

void plan_app_begin(struct plan_steps *s, const struct plan_app *a)
{
	const struct sim_user *u = sim_topology_user(s->d->plan->topology, a->user);

	add_filter(s, a, u);

	for (size_t k = 0; k < u->devices_n; k++)
		if (plan_chance(&s->dice, 70))
			add_open(s, a, u->devices[k]);
	if (plan_chance(&s->dice, 50))
		add_auto(s, a, "SEP");
}

void plan_app_open(struct plan_steps *s)
{
	struct plan_asked a = plan_draw_asked(s);

	add_open(s, a.app, a.device);
}

void plan_app_auto(struct plan_steps *s)
{
	struct plan_asked a = plan_draw_asked(s);

	add_auto(s, a.app, a.device);
}

/* More often cancelled than set: else soon nothing rings any more. */
void plan_app_forward(struct plan_steps *s)
{
	struct plan_asked a = plan_draw_asked(s);
	bool set = plan_chance(&s->dice, 40);

	plan_add(s, SIM_ON_APP, a.app->name, "forward", a.device, set ? a.dn : NULL, NULL);
}

unsigned plan_draw_line(struct plan_steps *s, const char *device)
{
	const struct sim_device *d = sim_topology_device(s->d->plan->topology, device);

	return d->lines_n > 1 && plan_chance(&s->dice, 30) ? 2 : 1;
}

void plan_app_call(struct plan_steps *s)
{
	struct plan_asked a = plan_draw_asked(s);

	unsigned line = plan_draw_line(s, a.device);
	const struct sim_device *d = sim_topology_device(s->d->plan->topology, a.device);

	plan_add(s, SIM_ON_APP, a.app->name, "call", a.device, a.dn,
		 line > 1 ? d->lines[line - 1].dn : NULL, NULL);
}

void plan_app_redirect(struct plan_steps *s)
{
	struct plan_asked a = plan_draw_asked(s);

	plan_add(s, SIM_ON_APP, a.app->name, "redirect", a.device, a.dn, NULL);
}

void plan_app_line(struct plan_steps *s)
{
	struct plan_asked a = plan_draw_asked(s);
	const char *verb = plan_chance(&s->dice, 50) ? "lineclose" : "lineopen";

	unsigned line = plan_draw_line(s, a.device);

	plan_add(s, SIM_ON_APP, a.app->name, verb, a.device,
		 sim_topology_device(s->d->plan->topology, a.device)->lines[line - 1].dn, NULL);
}

void plan_app_provider(struct plan_steps *s)
{
	struct plan_asked a = plan_draw_asked(s);
	const char *verb = plan_chance(&s->dice, 40) ? "provider_close" : "provider_open";

	plan_add(s, SIM_ON_APP, a.app->name, verb, NULL);
}

/* What its user may not, is refused. */
void plan_app_acquire(struct plan_steps *s)
{
	struct plan_asked a = plan_draw_asked(s);
	const struct sim_topology *t = s->d->plan->topology;
	const char *device = t->devices[plan_roll(&s->dice, (unsigned)t->devices_n)].name;
	const char *verb = plan_chance(&s->dice, 60) ? "acquire" : "deacquire";

	plan_add(s, SIM_ON_APP, a.app->name, verb, device, NULL);
}

void plan_app_filter(struct plan_steps *s)
{
	static const char *const what[] = { "none", "park", "keys", "both", "park", "both" };
	struct plan_asked a = plan_draw_asked(s);
	unsigned i = plan_roll(&s->dice, sizeof(what) / sizeof(what[0]));

	plan_add(s, SIM_ON_APP, a.app->name, "filter", what[i], NULL);
}

void plan_app_close(struct plan_steps *s)
{
	ask(s, "close");
}

void plan_app_answer(struct plan_steps *s)
{
	ask(s, "answer");
}

void plan_app_accept(struct plan_steps *s)
{
	ask(s, "accept");
}

void plan_app_hold(struct plan_steps *s)
{
	ask(s, "hold");
}

void plan_app_retrieve(struct plan_steps *s)
{
	ask(s, "retrieve");
}

void plan_app_drop(struct plan_steps *s)
{
	ask(s, "drop");
}
