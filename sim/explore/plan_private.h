/* plan_private.h - the parts of drawing a plan: the cluster (plan_cluster.c), the steps (plan_step.c)
 * and the kinds of steps, by whom they are done (plan_phone.c, plan_app.c, plan_feature.c, plan_config.c,
 * plan_fault.c). */
#ifndef SIM_EXPLORE_PLAN_PRIVATE_H
#define SIM_EXPLORE_PLAN_PRIVATE_H

#include "sim/explore/plan.h"

#include <stdio.h>

#include "common/base/prng.h"

/* What the cluster consists of, before it is written down. */
struct plan_drawn {
	struct plan *plan;
	struct prng dice;
	unsigned nodes, phones, ports, points, users;
	char user_devices[2][24][20];
	unsigned user_devices_n[2];
	bool patterns; /* 9 and a number is that number, too */
	bool partitions, auto_answer;
	bool seconds; /* some devices have two lines, their numbers 500 apart */
	struct prng line_dice, second_dice;
};

/* What the steps so far have made of the cluster. */
struct plan_steps {
	struct plan_drawn *d;
	struct prng dice;
	unsigned hurry; /* 0: a second between steps or more, 2: mostly milliseconds */
	struct {
		char name[32];
		bool down, frozen;
		bool doomed; /* it has a crash point, and may be down */
	} programs[SIM_TOPOLOGY_NODES * 2 + 1 + PLAN_APPS_MAX];
	unsigned programs_n;
	unsigned servers_n; /* the first ones of them; the phones come next, then applications */
	struct {
		unsigned a, b;
		bool slow;
	} lines[PLAN_STEPS_MAX];
	unsigned lines_n;
};

enum plan_class {
	PLAN_WORK,
	PLAN_CHANGE,   /* of the configuration: half of the seeds have any one kind */
	PLAN_FAULT,    /* calm seeds have none, others not all kinds */
	PLAN_RECOVERY, /* from faults */
};

/* A kind of step. Seeds choose among them by weight, each seed with rates of its own. */
struct plan_kind {
	const char *name;
	enum plan_class class;
	unsigned weight;			      /* usually */
	bool (*possible)(const struct plan_steps *s); /* NULL = always */
	/* Adds the step, or a few; draws from s->dice only. */
	void (*act)(struct plan_steps *s);
};

/* The table of kinds (plan_kind.c); returns how many there are. */
#define PLAN_KINDS_MAX 64
size_t plan_kinds(const struct plan_kind **kinds);

/* ---- dice ---------------------------------------------------------------------------- */
unsigned plan_roll(struct prng *dice, unsigned below);
bool plan_chance(struct prng *dice, unsigned percent);
/* A place in a row of weights. */
unsigned plan_weighted(struct prng *dice, const unsigned *weights, unsigned n);
/* A number that somebody has, as a rule. */
void plan_number(const struct plan_drawn *d, struct prng *dice, char *dn, size_t size);

/* 1 to 3 different nodes in any order: "ccm2,ccm1". */
void plan_members(const struct plan_drawn *d, struct prng *dice, char *nodes, size_t size);

/* ---- the cluster (plan_cluster.c) ---------------------------------------------------- */
int plan_cluster(struct plan_drawn *d, struct sim_error *err);

/* ---- the dial plan (plan_dialing.c) -------------------------------------------------- */
/* What of it there is; first of all, for numbers are drawn by it. */
void plan_dialing(struct plan_drawn *d);
/* Writes the tables. */
void plan_dialing_tables(struct plan_drawn *d, FILE *f);
/* Writes fields of a line. */
void plan_dialing_line(struct plan_drawn *d, FILE *f, bool phone);
/* The number of the second line of the device that has dn; 0: it has one line. */
unsigned plan_dialing_second(struct plan_drawn *d, unsigned dn);

/* ---- steps (plan_step.c) ------------------------------------------------------------- */
void plan_steps(struct plan_drawn *d);
/* One more step, some time after the one before. Texts in the order of the verb's arguments, NULL
 * at the end. */
void plan_add(struct plan_steps *s, enum sim_subject subject, const char *who, const char *verb,
	      ...);

/* ---- kinds of steps ------------------------------------------------------------------ */
typedef void plan_act(struct plan_steps *s);
/* plan_phone.c: a phone's user */
plan_act plan_phone_call, plan_phone_answer, plan_phone_hangup, plan_phone_hold, plan_phone_resume,
	plan_phone_dial, plan_phone_transfer, plan_phone_conference, plan_phone_feature,
	plan_phone_forward, plan_phone_consults;
/* plan_app.c: an application */
plan_act plan_app_open, plan_app_close, plan_app_call, plan_app_answer, plan_app_accept,
	plan_app_redirect, plan_app_hold, plan_app_retrieve, plan_app_drop, plan_app_line,
	plan_app_auto, plan_app_forward, plan_app_provider, plan_app_acquire, plan_app_filter;
/* plan_park.c: calls parked and picked up, keys in calls */
plan_act plan_phone_park, plan_phone_pickup, plan_phone_keys, plan_phone_parks, plan_phone_picks_up,
	plan_app_park, plan_app_unpark, plan_app_pickup, plan_app_dtmf;
/* Some application asks that of a device, with one more argument or NULL. */
void plan_app_ask(struct plan_steps *s, const char *verb, const char *what);
/* Which application, with which device, and whom it would call. */
struct plan_asked {
	const struct plan_app *app;
	char device[20];
	char dn[12];
};
struct plan_asked plan_draw_asked(struct plan_steps *s);
/* A line of the device, as a rule the first: its place, from 1 on. */
unsigned plan_draw_line(struct plan_steps *s, const char *device);
/* plan_feature.c: applications and users of phones */
plan_act plan_app_transfer, plan_app_consult, plan_app_complete, plan_app_join, plan_app_forwarded,
	plan_app_autoaccept, plan_app_dial, plan_app_data, plan_phone_qrt;
bool plan_has_apps(const struct plan_steps *s);
/* Most open what they may open at once. */
void plan_app_begin(struct plan_steps *s, const struct plan_app *a);
/* plan_config.c: an administrator */
plan_act plan_set_group, plan_set_pool, plan_set_device_pool, plan_set_cti, plan_set_line,
	plan_associate, plan_user_group, plan_reset;
/* plan_fault.c */
plan_act plan_fault_app, plan_fault_kill, plan_fault_term, plan_fault_freeze, plan_fault_cut,
	plan_fault_cut_app, plan_fault_slow, plan_fault_crash, plan_fault_recover;

#endif
