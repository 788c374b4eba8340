/* The dial plan of a cluster: partitions, calling search spaces, patterns. Each part is
 * in some of the clusters, drawn from a stream of its own, so that clusters without it are as they
 * would be. */
#include "sim/explore/plan_private.h"

static struct prng stream(const struct plan_drawn *d, const char *what)
{
	struct prng dice;

	prng_key(&dice, d->plan->seed, "dialing", what);
	return dice;
}

void plan_dialing(struct plan_drawn *d)
{
	struct prng dice = stream(d, "tables");

	d->partitions = plan_chance(&dice, 20);
	d->patterns = plan_chance(&dice, 20);
	d->auto_answer = plan_chance(&dice, 20);
	d->line_dice = stream(d, "lines");
	dice = stream(d, "second lines");
	d->seconds = plan_chance(&dice, 30);
	d->second_dice = dice;
}

void plan_dialing_tables(struct plan_drawn *d, FILE *f)
{
	if (d->partitions)
		fprintf(f, "\tpartitions = { \"red\", \"blue\" },\n"
			   "\tsearch_spaces = { all = { \"red\", \"blue\" }, reds = { \"red\" }, "
			   "blues = { \"blue\" } },\n");
	if (d->patterns)
		fprintf(f,
			"\ttranslations = { { \"9.XXXX\", discard = \"PreDot\"%s } },\n"
			"\troute_patterns = { { \"98.!\", discard = \"PreDot\" } },\n",
			d->partitions ? ", css = \"all\"" : "");
}

void plan_dialing_line(struct plan_drawn *d, FILE *f, bool phone)
{
	static const char *const partitions[] = { "", "red", "blue" };
	static const char *const spaces[] = { "all", "all", "all", "reds", "blues" };
	unsigned in = plan_roll(&d->line_dice, 3);
	unsigned reach = plan_roll(&d->line_dice, 5);
	bool answers = plan_chance(&d->line_dice, 30);

	if (d->partitions && in)
		fprintf(f, ", partition = \"%s\"", partitions[in]);
	if (d->partitions)
		fprintf(f, ", css = \"%s\"", spaces[reach]);
	if (d->auto_answer && answers && phone)
		fprintf(f, ", auto_answer = \"speaker\"");
}

unsigned plan_dialing_second(struct plan_drawn *d, unsigned dn)
{
	bool has = plan_chance(&d->second_dice, 50);

	return d->seconds && has ? dn + 500 : 0;
}
