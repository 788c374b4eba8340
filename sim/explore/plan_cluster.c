/* The cluster that a seed means, written down as a topology. */
#include "sim/explore/plan_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void plan_members(const struct plan_drawn *d, struct prng *dice, char *nodes, size_t size)
{
	unsigned order[SIM_TOPOLOGY_NODES];
	unsigned most = d->nodes < 3 ? d->nodes : 3;
	unsigned n = 1 + plan_roll(dice, most);
	size_t used = 0;

	for (unsigned i = 0; i < d->nodes; i++)
		order[i] = i + 1;
	for (unsigned i = 0; i < n && used < size; i++) {
		unsigned k = i + plan_roll(dice, d->nodes - i);
		unsigned node = order[k];

		order[k] = order[i];
		order[i] = node;
		used += (size_t)snprintf(nodes + used, size - used, "%sccm%u", i ? "," : "", node);
	}
}

static void write_group(struct plan_drawn *d, FILE *f, unsigned number)
{
	char nodes[40];
	const char *between = "";
	char *rest = nodes;

	plan_members(d, &d->dice, nodes, sizeof(nodes));
	fprintf(f, "\t\tg%u = {", number);
	for (char *name; (name = strtok_r(rest, ",", &rest)); between = ",")
		fprintf(f, "%s \"%s\"", between, name);
	fprintf(f, " },\n");
}

static void write_forward(struct plan_drawn *d, FILE *f, const char *name, unsigned percent)
{
	char dn[12];
	bool set = plan_chance(&d->dice, percent);

	plan_number(d, &d->dice, dn, sizeof(dn));
	if (set)
		fprintf(f, ", %s = \"%s\"", name, dn);
}

/* In some clusters phones speak SIP, as models that may be controlled and others; half of them have
 * dial rules, none of which takes any number. */
static void write_sip(struct prng *dice, FILE *f)
{
	static const unsigned models[] = { 7911, 7941, 7961, 7970, 7971, 7940 };
	unsigned model = models[plan_roll(dice, sizeof(models) / sizeof(models[0]))];

	fprintf(f, ", sip = true, model = %u", model);
	if (plan_chance(dice, 30))
		fprintf(f, ", transport = \"udp\"");
	if (plan_chance(dice, 70))
		fprintf(f, ", dial_rules = \"plan\"");
}

static void write_line(struct plan_drawn *d, FILE *f, unsigned dn, bool phone)
{
	fprintf(f, "dn = \"%u\"", dn);
	write_forward(d, f, "cfa", 4);
	write_forward(d, f, "cfb", 25);
	write_forward(d, f, "cfna", 40);
	write_forward(d, f, "cfof", phone ? 0 : 40);
	if (plan_chance(&d->dice, 30))
		fprintf(f, ", ring = %u", 5 + plan_roll(&d->dice, 60));
	/* One draw a statement: compilers differ in which argument they evaluate first. */
	if (phone && plan_chance(&d->dice, 30)) {
		unsigned trigger = 1 + plan_roll(&d->dice, 2);

		fprintf(f, ", max_calls = %u, busy_trigger = %u", 2 + plan_roll(&d->dice, 2),
			trigger);
	}
	if (phone)
		fprintf(f, ", pickup_group = \"all\"");
	plan_dialing_line(d, f, phone);
}

/* Half of the devices that can in some clusters; drawn apart, too. */
static bool is_encrypted(const struct plan_drawn *d, unsigned dn)
{
	struct prng dice;
	bool some;

	prng_key(&dice, d->plan->seed, "explore", "encrypted");
	some = plan_chance(&dice, 40);
	for (unsigned i = dn % 100; i > 0; i--)
		plan_roll(&dice, 2);
	return some && plan_chance(&dice, 50);
}

static void write_device(struct plan_drawn *d, FILE *f, const char *name, unsigned dn, bool phone,
			 struct prng *sip)
{
	bool speaks_sip = sip && plan_chance(sip, 50);
	unsigned second = plan_dialing_second(d, dn);

	fprintf(f, "\t\t{ \"%s\", pool = \"p%u\"", name, 1 + plan_roll(&d->dice, 2));
	fprintf(f, second && !speaks_sip ? ", lines = { { " : ", ");
	write_line(d, f, dn, phone);
	if (second && !speaks_sip)
		fprintf(f, " }, { dn = \"%u\" } }", second);
	if (phone && plan_chance(&d->dice, 30))
		fprintf(f, ", enbloc = true");
	if (speaks_sip)
		write_sip(sip, f);
	if (!speaks_sip && is_encrypted(d, dn))
		fprintf(f, ", encrypted = true");
	fprintf(f, " },\n");
	for (unsigned u = 0; u < d->users; u++)
		if (plan_chance(&d->dice, phone ? 50 : 80))
			snprintf(d->user_devices[u][d->user_devices_n[u]++], 20, "%s", name);
}

static void write_devices(struct plan_drawn *d, FILE *f)
{
	char name[20];
	struct prng shared, sip;

	/* In some clusters phones share the first one's number; drawn apart, so that the others are as
	 * they were. */
	prng_key(&shared, d->plan->seed, "explore", "shared lines");
	bool some = plan_chance(&shared, 30);

	prng_key(&sip, d->plan->seed, "explore", "sip phones");
	bool sips = plan_chance(&sip, 40);

	fprintf(f,
		"\tdial_rules = { plan = { \"1... 0\", \"5... 0\", \"6... 0\", \"77. 2\" } },\n");
	fprintf(f, "\tphones = {\n");
	for (unsigned i = 0; i < d->phones; i++) {
		bool shares = plan_chance(&shared, 50) && some && i > 0;

		snprintf(name, sizeof(name), "SEP%012u", i + 1);
		write_device(d, f, name, shares ? 1001 : 1001 + i, true, sips ? &sip : NULL);
	}
	fprintf(f, "\t},\n\tports = {\n");
	for (unsigned i = 0; i < d->ports; i++) {
		snprintf(name, sizeof(name), "CTIP_%u", 6001 + i);
		write_device(d, f, name, 6001 + i, false, NULL);
	}
	fprintf(f, "\t},\n\troute_points = {\n");
	for (unsigned i = 0; i < d->points; i++) {
		snprintf(name, sizeof(name), "CTIRP_%u", 5000 + i);
		write_device(d, f, name, 5000 + i, false, NULL);
	}
	fprintf(f, "\t},\n");
}

/* What users may beside their devices; drawn apart, so that the others are as they were. */
static void write_rights(struct prng *dice, FILE *f)
{
	if (plan_chance(dice, 50))
		fprintf(f, ", \"Standard CTI Allow Call Park Monitoring\"");
	if (plan_chance(dice, 50))
		fprintf(f, ", \"Standard CTI Allow Reception of SRTP Key Material\"");
}

static void write_users(struct plan_drawn *d, FILE *f)
{
	struct prng rights;

	prng_key(&rights, d->plan->seed, "explore", "rights");
	fprintf(f, "\tusers = {\n");
	for (unsigned u = 0; u < d->users; u++) {
		bool all = plan_chance(&d->dice, 10);

		fprintf(f,
			"\t\tuser%u = { application = %s, password = \"secret\",\n"
			"\t\t\tgroups = { \"Standard CTI Enabled\"%s",
			u + 1, plan_chance(&d->dice, 50) ? "true" : "false",
			all ? ", \"Standard CTI Allow Control of All Devices\"" : "");
		write_rights(&rights, f);
		fprintf(f, " },\n\t\t\tdevices = {");
		for (unsigned i = 0; i < d->user_devices_n[u]; i++)
			fprintf(f, "%s \"%s\"", i ? "," : "", d->user_devices[u][i]);
		fprintf(f, " } },\n");
	}
	fprintf(f, "\t},\n");
}

/* Each node parks calls at numbers of its own, the first of them alone in some clusters; phones are one
 * pickup group. Drawn apart, so that the others are as they were. */
static void write_features(struct plan_drawn *d, FILE *f)
{
	struct prng dice;

	prng_key(&dice, d->plan->seed, "explore", "park");
	fprintf(f, "\tpark_numbers = {");
	for (unsigned i = 1; i <= d->nodes; i++)
		fprintf(f, " { \"88%u%c\", node = \"ccm%u\" },", i,
			plan_chance(&dice, 50) ? 'X' : '0', i);
	fprintf(f, " },\n\tpickup_groups = { { \"all\", number = \"7900\" } },\n");
}

static void write_park_parameters(struct plan_drawn *d, FILE *f)
{
	struct prng dice;

	prng_key(&dice, d->plan->seed, "explore", "park parameters");
	if (plan_chance(&dice, 50))
		fprintf(f, "\t\t[\"Call Park Reversion Timer\"] = %u,\n", 1 + plan_roll(&dice, 20));
	if (plan_chance(&dice, 50))
		fprintf(f, "\t\t[\"Auto Call Pickup Enabled\"] = true,\n");
}

static void write_parameters(struct plan_drawn *d, FILE *f)
{
	fprintf(f, "\tparameters = {\n");
	if (plan_chance(&d->dice, 30))
		fprintf(f, "\t\t[\"Maximum Devices Per Provider\"] = %u,\n",
			1 + plan_roll(&d->dice, 3));
	if (plan_chance(&d->dice, 30))
		fprintf(f, "\t\t[\"Maximum Devices Per Node\"] = %u,\n",
			1 + plan_roll(&d->dice, 3));
	if (plan_chance(&d->dice, 20))
		fprintf(f, "\t\t[\"Owner Alive Timer\"] = %u,\n", 5 + plan_roll(&d->dice, 115));
	write_park_parameters(d, f);
	fprintf(f, "\t},\n");
}

int plan_cluster(struct plan_drawn *d, struct sim_error *err)
{
	static const unsigned sizes[] = { 10, 25, 40, 15, 10 };
	size_t size = 0;
	FILE *f = open_memstream(&d->plan->source, &size);

	if (!f)
		abort();
	prng_key(&d->dice, d->plan->seed, "explore", "cluster");
	d->nodes = 1 + plan_weighted(&d->dice, sizes, 5);
	d->phones = 1 + plan_roll(&d->dice, 5);
	d->ports = plan_roll(&d->dice, 4);
	d->points = plan_roll(&d->dice, 3);
	d->users = 1 + plan_roll(&d->dice, 2);
	plan_dialing(d);
	fprintf(f, "return {\n\tnodes = {");
	for (unsigned i = 1; i <= d->nodes; i++)
		fprintf(f, "%s \"ccm%u\"", i > 1 ? "," : "", i);
	fprintf(f, " },\n\tgroups = {\n");
	write_group(d, f, 1);
	write_group(d, f, 2);
	fprintf(f, "\t},\n\tpools = { p1 = \"g1\", p2 = \"g2\" },\n");
	plan_dialing_tables(d, f);
	write_devices(d, f);
	write_features(d, f);
	write_users(d, f);
	write_parameters(d, f);
	fprintf(f, "}\n");
	fclose(f);
	return sim_topology_parse(&d->plan->topology, "explored cluster", d->plan->source, err);
}
