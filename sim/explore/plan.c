#include "sim/explore/plan.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/prng.h"

#define MS_NS 1000000LL

/* What the cluster consists of, before it is written down. */
struct drawn {
	struct plan *plan;
	struct prng dice;
	unsigned nodes, phones, ports, points, users;
	char user_devices[2][24][20];
	unsigned user_devices_n[2];
};

static unsigned roll(struct prng *dice, unsigned below)
{
	return (unsigned)prng_below(dice, below);
}

static bool chance(struct prng *dice, unsigned percent)
{
	return prng_chance(dice, percent, 100);
}

/* A place in a row of weights. */
static unsigned weighted(struct prng *dice, const unsigned *weights, unsigned n)
{
	unsigned sum = 0, at;

	for (unsigned i = 0; i < n; i++)
		sum += weights[i];
	at = roll(dice, sum);
	for (unsigned i = 0; i < n; i++) {
		if (at < weights[i])
			return i;
		at -= weights[i];
	}
	return 0;
}

/* ---- the cluster --------------------------------------------------------------------- */

/* 1 to 3 different nodes in any order. */
static void write_group(struct drawn *d, FILE *f, unsigned number)
{
	unsigned order[SIM_TOPOLOGY_NODES];
	unsigned most = d->nodes < 3 ? d->nodes : 3;
	unsigned n = 1 + roll(&d->dice, most);

	for (unsigned i = 0; i < d->nodes; i++)
		order[i] = i + 1;
	fprintf(f, "\t\tg%u = {", number);
	for (unsigned i = 0; i < n; i++) {
		unsigned k = i + roll(&d->dice, d->nodes - i);
		unsigned node = order[k];

		order[k] = order[i];
		order[i] = node;
		fprintf(f, "%s \"ccm%u\"", i ? "," : "", node);
	}
	fprintf(f, " },\n");
}

/* A number that somebody has, as a rule. */
static void draw_number(struct drawn *d, struct prng *dice, char *dn, size_t size)
{
	unsigned n = roll(dice, d->phones + d->ports + d->points + 1);

	if (n < d->phones)
		snprintf(dn, size, "%u", 1001 + n);
	else if (n < d->phones + d->ports)
		snprintf(dn, size, "%u", 6001 + n - d->phones);
	else if (n < d->phones + d->ports + d->points)
		snprintf(dn, size, "%u", 5000 + n - d->phones - d->ports);
	else
		snprintf(dn, size, "777");
}

static void write_forward(struct drawn *d, FILE *f, const char *name, unsigned percent)
{
	char dn[12];
	bool set = chance(&d->dice, percent);

	draw_number(d, &d->dice, dn, sizeof(dn));
	if (set)
		fprintf(f, ", %s = \"%s\"", name, dn);
}

static void write_device(struct drawn *d, FILE *f, const char *name, unsigned dn, bool phone)
{
	fprintf(f, "\t\t{ \"%s\", dn = \"%u\", pool = \"p%u\"", name, dn, 1 + roll(&d->dice, 2));
	write_forward(d, f, "cfa", 4);
	write_forward(d, f, "cfb", 25);
	write_forward(d, f, "cfna", 40);
	write_forward(d, f, "cfof", phone ? 0 : 40);
	if (chance(&d->dice, 30))
		fprintf(f, ", ring = %u", 5 + roll(&d->dice, 60));
	if (phone && chance(&d->dice, 30))
		fprintf(f, ", max_calls = %u, busy_trigger = %u", 2 + roll(&d->dice, 2),
			1 + roll(&d->dice, 2));
	if (phone && chance(&d->dice, 30))
		fprintf(f, ", enbloc = true");
	fprintf(f, " },\n");
	for (unsigned u = 0; u < d->users; u++)
		if (chance(&d->dice, phone ? 50 : 80))
			snprintf(d->user_devices[u][d->user_devices_n[u]++], 20, "%s", name);
}

static void write_devices(struct drawn *d, FILE *f)
{
	char name[20];

	fprintf(f, "\tphones = {\n");
	for (unsigned i = 0; i < d->phones; i++) {
		snprintf(name, sizeof(name), "SEP%012u", i + 1);
		write_device(d, f, name, 1001 + i, true);
	}
	fprintf(f, "\t},\n\tports = {\n");
	for (unsigned i = 0; i < d->ports; i++) {
		snprintf(name, sizeof(name), "CTIP_%u", 6001 + i);
		write_device(d, f, name, 6001 + i, false);
	}
	fprintf(f, "\t},\n\troute_points = {\n");
	for (unsigned i = 0; i < d->points; i++) {
		snprintf(name, sizeof(name), "CTIRP_%u", 5000 + i);
		write_device(d, f, name, 5000 + i, false);
	}
	fprintf(f, "\t},\n");
}

static void write_users(struct drawn *d, FILE *f)
{
	fprintf(f, "\tusers = {\n");
	for (unsigned u = 0; u < d->users; u++) {
		fprintf(f,
			"\t\tuser%u = { application = %s, password = \"secret\",\n"
			"\t\t\tgroups = { \"Standard CTI Enabled\"%s },\n\t\t\tdevices = {",
			u + 1, chance(&d->dice, 50) ? "true" : "false",
			chance(&d->dice, 10) ? ", \"Standard CTI Allow Control of All Devices\""
					     : "");
		for (unsigned i = 0; i < d->user_devices_n[u]; i++)
			fprintf(f, "%s \"%s\"", i ? "," : "", d->user_devices[u][i]);
		fprintf(f, " } },\n");
	}
	fprintf(f, "\t},\n");
}

static void write_parameters(struct drawn *d, FILE *f)
{
	fprintf(f, "\tparameters = {\n");
	if (chance(&d->dice, 30))
		fprintf(f, "\t\t[\"Maximum Devices Per Provider\"] = %u,\n", 1 + roll(&d->dice, 3));
	if (chance(&d->dice, 30))
		fprintf(f, "\t\t[\"Maximum Devices Per Node\"] = %u,\n", 1 + roll(&d->dice, 3));
	if (chance(&d->dice, 20))
		fprintf(f, "\t\t[\"Owner Alive Timer\"] = %u,\n", 5 + roll(&d->dice, 115));
	fprintf(f, "\t},\n");
}

static int draw_cluster(struct drawn *d, struct sim_error *err)
{
	static const unsigned sizes[] = { 10, 25, 40, 15, 10 };
	size_t size = 0;
	FILE *f = open_memstream(&d->plan->source, &size);

	if (!f)
		abort();
	prng_key(&d->dice, d->plan->seed, "explore", "cluster");
	d->nodes = 1 + weighted(&d->dice, sizes, 5);
	d->phones = 1 + roll(&d->dice, 5);
	d->ports = roll(&d->dice, 4);
	d->points = roll(&d->dice, 3);
	d->users = 1 + roll(&d->dice, 2);
	fprintf(f, "return {\n\tnodes = {");
	for (unsigned i = 1; i <= d->nodes; i++)
		fprintf(f, "%s \"ccm%u\"", i > 1 ? "," : "", i);
	fprintf(f, " },\n\tgroups = {\n");
	write_group(d, f, 1);
	write_group(d, f, 2);
	fprintf(f, "\t},\n\tpools = { p1 = \"g1\", p2 = \"g2\" },\n");
	write_devices(d, f);
	write_users(d, f);
	write_parameters(d, f);
	fprintf(f, "}\n");
	fclose(f);
	return sim_topology_parse(&d->plan->topology, "explored cluster", d->plan->source, err);
}

/* ---- applications -------------------------------------------------------------------- */

static void draw_apps(struct drawn *d)
{
	static const unsigned counts[] = { 10, 50, 30, 10 };
	struct plan *p = d->plan;
	struct prng dice;

	prng_key(&dice, p->seed, "explore", "applications");
	p->apps_n = weighted(&dice, counts, 4);
	for (size_t i = 0; i < p->apps_n; i++) {
		struct plan_app *a = &p->apps[i];
		unsigned first = roll(&dice, d->nodes);

		snprintf(a->name, sizeof(a->name), "app%u", (unsigned)(i + 1) % 1000);
		snprintf(a->user, sizeof(a->user), "user%u", 1 + roll(&dice, d->users));
		a->managers_n = 1 + roll(&dice, d->nodes);
		for (size_t k = 0; k < a->managers_n; k++)
			snprintf(a->managers[k], sizeof(a->managers[k]), "ccm%u",
				 1 + (first + (unsigned)k) % d->nodes);
		a->heartbeat_s = chance(&dice, 60) ? 5 : 30;
	}
}

/* ---- steps --------------------------------------------------------------------------- */

enum kind {
	PHONE_CALL,
	PHONE_ANSWER,
	PHONE_HANGUP,
	PHONE_HOLD,
	PHONE_RESUME,
	PHONE_DIAL,
	APP_OPEN,
	APP_CLOSE,
	APP_CALL,
	APP_ANSWER,
	APP_ACCEPT,
	APP_REDIRECT,
	APP_HOLD,
	APP_RETRIEVE,
	APP_DROP,
	APP_LINE,
	APP_AUTO,
	APP_PROVIDER,
	LIFE, /* of applications */
	KILL,
	TERM,
	FREEZE,
	CUT,
	SLOW,
	RECOVER,
	KINDS
};

/* Faults have a weight of their own below the usual ones: most of the time things work. */
static const unsigned usual[KINDS] = {
	[PHONE_CALL] = 12,  [PHONE_ANSWER] = 14, [PHONE_HANGUP] = 8, [PHONE_HOLD] = 4,
	[PHONE_RESUME] = 4, [PHONE_DIAL] = 3,	 [APP_OPEN] = 8,     [APP_CLOSE] = 3,
	[APP_CALL] = 6,	    [APP_ANSWER] = 6,	 [APP_ACCEPT] = 3,   [APP_REDIRECT] = 4,
	[APP_HOLD] = 3,	    [APP_RETRIEVE] = 3,	 [APP_DROP] = 4,     [APP_LINE] = 2,
	[APP_AUTO] = 3,	    [APP_PROVIDER] = 2,	 [LIFE] = 2,	     [KILL] = 5,
	[TERM] = 3,	    [FREEZE] = 3,	 [CUT] = 3,	     [SLOW] = 2,
	[RECOVER] = 12,
};

struct steps {
	struct drawn *d;
	struct prng dice;
	unsigned weights[KINDS];
	unsigned hurry; /* 0: a second between steps or more, 2: mostly milliseconds */
	struct {
		char name[32];
		bool down, frozen;
	} programs[SIM_TOPOLOGY_NODES * 2 + 1 + PLAN_APPS_MAX];
	unsigned programs_n;
	unsigned servers_n; /* the first ones of them */
	struct {
		unsigned a, b;
		bool slow;
	} lines[PLAN_STEPS_MAX];
	unsigned lines_n;
};

/* Texts in the order of the verb's arguments, NULL at the end. */
static void add(struct steps *s, enum sim_subject subject, const char *who, const char *verb, ...)
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
	switch (roll(&s->dice, 10) + s->hurry * 2) {
	case 0:
		step->after_ns = (int64_t)roll(&s->dice, 8000) * MS_NS;
		break;
	case 1:
	case 2:
	case 3:
		step->after_ns = (int64_t)roll(&s->dice, 1000) * MS_NS;
		break;
	case 12:
	case 13:
		step->after_ns = 0;
		break;
	default:
		step->after_ns = (int64_t)roll(&s->dice, 60000) * 1000;
		break;
	}
}

static void add_phone(struct steps *s, enum kind kind)
{
	static const char *const verbs[] = { "call", "answer", "hangup", "hold", "resume" };
	char who[20], dn[12];

	snprintf(who, sizeof(who), "SEP%012u", 1 + roll(&s->dice, s->d->phones));
	draw_number(s->d, &s->dice, dn, sizeof(dn));
	if (kind == PHONE_DIAL) {
		add(s, SIM_ON_PHONE, who, "offhook", NULL);
		if (chance(&s->dice, 70))
			add(s, SIM_ON_PHONE, who, "dial", dn, NULL);
		return;
	}
	add(s, SIM_ON_PHONE, who, verbs[kind], kind == PHONE_CALL ? dn : NULL, NULL);
}

static const struct plan_app *an_app(struct steps *s)
{
	return &s->d->plan->apps[roll(&s->dice, (unsigned)s->d->plan->apps_n)];
}

/* A device of the application's user as a rule, sometimes any. */
static void draw_device(struct steps *s, const struct plan_app *a, char *device, size_t size)
{
	const struct sim_topology *t = s->d->plan->topology;
	const struct sim_user *u = sim_topology_user(t, a->user);

	if (u->devices_n && !chance(&s->dice, 3))
		snprintf(device, size, "%s", u->devices[roll(&s->dice, (unsigned)u->devices_n)]);
	else
		snprintf(device, size, "%s",
			 t->devices[roll(&s->dice, (unsigned)t->devices_n)].name);
}

static void add_open(struct steps *s, const struct plan_app *a, const char *device)
{
	static const char *const media[] = { "", "", "", "static", "dynamic", "none", "watch" };
	bool accept = chance(&s->dice, 15);
	bool phone = !strncmp(device, "SEP", 3);

	add(s, SIM_ON_APP, a->name, "open", device, "",
	    phone ? "" : media[roll(&s->dice, sizeof(media) / sizeof(media[0]))],
	    accept && !phone ? "true" : "", NULL);
}

static void add_auto(struct steps *s, const struct plan_app *a, const char *device)
{
	static const char *const what[] = { "answer", "accept", "off" };
	char redirect[20];
	unsigned i = roll(&s->dice, 4);

	/* To phones only: two route points that redirect to each other never end. */
	snprintf(redirect, sizeof(redirect), "redirect:%u", 1001 + roll(&s->dice, s->d->phones));
	add(s, SIM_ON_APP, a->name, "auto", i < 3 ? what[i] : redirect,
	    strncmp(device, "SEP", 3) != 0 ? device : "", NULL);
}

static void add_app(struct steps *s, enum kind kind)
{
	static const char *const verbs[KINDS] = {
		[APP_ANSWER] = "answer",     [APP_ACCEPT] = "accept", [APP_HOLD] = "hold",
		[APP_RETRIEVE] = "retrieve", [APP_DROP] = "drop",     [APP_CLOSE] = "close",
	};
	const struct plan_app *a;
	char device[20], dn[12];

	if (!s->d->plan->apps_n)
		return;
	a = an_app(s);
	draw_device(s, a, device, sizeof(device));
	draw_number(s->d, &s->dice, dn, sizeof(dn));
	switch (kind) {
	case APP_OPEN:
		add_open(s, a, device);
		break;
	case APP_AUTO:
		add_auto(s, a, device);
		break;
	case APP_CALL:
		add(s, SIM_ON_APP, a->name, "call", device, dn, NULL);
		break;
	case APP_REDIRECT:
		add(s, SIM_ON_APP, a->name, "redirect", device, dn, NULL);
		break;
	case APP_LINE:
		add(s, SIM_ON_APP, a->name, chance(&s->dice, 50) ? "lineclose" : "lineopen", device,
		    sim_topology_device(s->d->plan->topology, device)->lines[0].dn, NULL);
		break;
	case APP_PROVIDER:
		add(s, SIM_ON_APP, a->name,
		    chance(&s->dice, 40) ? "provider_close" : "provider_open", NULL);
		break;
	default:
		add(s, SIM_ON_APP, a->name, verbs[kind], device, NULL);
		break;
	}
}

/* ---- faults -------------------------------------------------------------------------- */

static void strike(struct steps *s, unsigned i, const char *verb)
{
	s->programs[i].down = !strcmp(verb, "kill") || !strcmp(verb, "term");
	s->programs[i].frozen = !strcmp(verb, "freeze");
	add(s, SIM_ON_CLUSTER, "", verb, s->programs[i].name, NULL);
}

static void add_strike(struct steps *s, unsigned from, unsigned to, const char *verb)
{
	unsigned i = from + roll(&s->dice, to - from);

	if (s->programs[i].down || s->programs[i].frozen)
		return;
	strike(s, i, verb);
}

/* Both programs of a node at once, as by a power failure. */
static void add_power(struct steps *s)
{
	unsigned node = roll(&s->dice, s->d->nodes);

	if (s->programs[2 * node].down || s->programs[2 * node + 1].down)
		return;
	strike(s, 2 * node, "kill");
	strike(s, 2 * node + 1, "kill");
	s->d->plan->steps[s->d->plan->steps_n - 1].after_ns = 0;
}

static void add_line(struct steps *s, bool slow)
{
	unsigned a = roll(&s->dice, s->servers_n);
	unsigned b = roll(&s->dice, s->servers_n + 1); /* the phones are the next one */
	char delay[20];

	if (a == b || s->lines_n == PLAN_STEPS_MAX)
		return;
	s->lines[s->lines_n].a = a;
	s->lines[s->lines_n].b = b;
	s->lines[s->lines_n++].slow = slow;
	snprintf(delay, sizeof(delay), "%ums", 1 + roll(&s->dice, 2000));
	if (slow)
		add(s, SIM_ON_CLUSTER, "", "slow", s->programs[a].name, s->programs[b].name, delay,
		    NULL);
	else
		add(s, SIM_ON_CLUSTER, "", "cut", s->programs[a].name, s->programs[b].name,
		    chance(&s->dice, 30) ? "true" : "", NULL);
}

static void mend_line(struct steps *s)
{
	unsigned i;
	const char *a, *b;

	if (!s->lines_n)
		return;
	i = roll(&s->dice, s->lines_n);
	a = s->programs[s->lines[i].a].name;
	b = s->programs[s->lines[i].b].name;
	if (s->lines[i].slow)
		add(s, SIM_ON_CLUSTER, "", "slow", a, b, "0", NULL);
	else
		add(s, SIM_ON_CLUSTER, "", "heal", a, b, NULL);
	s->lines[i] = s->lines[--s->lines_n];
}

static void add_recovery(struct steps *s)
{
	unsigned from = roll(&s->dice, s->programs_n);

	if (chance(&s->dice, 30)) {
		mend_line(s);
		return;
	}
	for (unsigned k = 0; k < s->programs_n; k++) {
		unsigned i = (from + k) % s->programs_n;

		if (!s->programs[i].down && !s->programs[i].frozen)
			continue;
		strike(s, i, s->programs[i].down ? "start" : "thaw");
		return;
	}
}

static void add_fault(struct steps *s, enum kind kind)
{
	unsigned all = s->servers_n + 1;

	switch (kind) {
	case LIFE:
		if (s->d->plan->apps_n)
			add_strike(s, all, s->programs_n,
				   chance(&s->dice, 50)	  ? "kill"
				   : chance(&s->dice, 50) ? "term"
							  : "freeze");
		break;
	case KILL:
		if (chance(&s->dice, 20))
			add_power(s);
		else
			add_strike(s, 0, chance(&s->dice, 10) ? all : s->servers_n, "kill");
		break;
	case TERM:
		add_strike(s, 0, s->servers_n, "term");
		break;
	case FREEZE:
		add_strike(s, 0, all, "freeze");
		break;
	case CUT:
		add_line(s, false);
		break;
	case SLOW:
		add_line(s, true);
		break;
	default:
		add_recovery(s);
		break;
	}
}

static void name_programs(struct steps *s)
{
	struct drawn *d = s->d;

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
static void draw_weights(struct steps *s)
{
	struct prng dice;
	bool calm;

	prng_key(&dice, s->d->plan->seed, "explore", "swarm");
	calm = chance(&dice, 15);
	for (unsigned i = 0; i < KINDS; i++) {
		bool off = chance(&dice, i >= KILL && i < RECOVER ? 45 : 15);
		unsigned times = 1 + roll(&dice, 4);

		s->weights[i] = off || (calm && i >= KILL) ? 0 : usual[i] * times;
	}
	s->weights[PHONE_CALL] += 1; /* never all of them are zero */
	if (!calm)
		s->weights[RECOVER] += 8;
	s->hurry = roll(&dice, 3);
}

static void draw_steps(struct drawn *d)
{
	struct steps s = { .d = d };
	unsigned n;

	prng_key(&s.dice, d->plan->seed, "explore", "steps");
	name_programs(&s);
	draw_weights(&s);
	for (size_t i = 0; i < d->plan->apps_n; i++) {
		const struct plan_app *a = &d->plan->apps[i];
		const struct sim_user *u = sim_topology_user(d->plan->topology, a->user);

		for (size_t k = 0; k < u->devices_n; k++)
			if (chance(&s.dice, 70))
				add_open(&s, a, u->devices[k]);
		if (chance(&s.dice, 50))
			add_auto(&s, a, "SEP");
	}
	n = 10 + roll(&s.dice, 90);
	for (unsigned i = 0; i < n; i++) {
		enum kind kind = weighted(&s.dice, s.weights, KINDS);

		if (kind <= PHONE_DIAL)
			add_phone(&s, kind);
		else if (kind < LIFE)
			add_app(&s, kind);
		else
			add_fault(&s, kind);
	}
}

/* ---- all of it ----------------------------------------------------------------------- */

int plan_draw(struct plan *plan, uint64_t seed, struct sim_error *err)
{
	static const int speeds[] = { 1, 4, 10, 10, 20 };
	struct drawn d = { .plan = plan };
	struct prng dice;

	memset(plan, 0, sizeof(*plan));
	plan->seed = seed;
	prng_key(&dice, seed, "explore", "speed");
	plan->speed = speeds[roll(&dice, 5)];
	if (draw_cluster(&d, err) < 0)
		return -1;
	draw_apps(&d);
	draw_steps(&d);
	return 0;
}

void plan_free(struct plan *plan)
{
	sim_topology_destroy(&plan->topology);
	free(plan->source);
	plan->source = NULL;
}
