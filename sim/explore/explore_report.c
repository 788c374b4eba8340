/* How far it is, and what was never reached. */
#include "sim/explore/explore_private.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/harness/process_types.h"

#define APPS 4

static unsigned rules_reached(const struct watch_coverage *c)
{
	unsigned n = 0;

	for (int i = 0; i < WATCH_RULES; i++)
		n += c->reached[i] > 0;
	return n;
}

/* A row for every state counts when it was taken in one for which the signal has no row of its
 * own. */
static bool row_taken(const struct watch_coverage *c, unsigned app, const struct sdl_type *type,
		      const struct sdl_row *row)
{
	for (uint8_t state = 0; state < type->states_n && state < WATCH_STATES; state++) {
		bool own = row->state == state;

		if (row->state == SDL_ANY) {
			own = true;
			for (uint16_t i = 0; i < type->rows_n; i++)
				own = own && !(type->rows[i].state == state &&
					       type->rows[i].signal == row->signal);
		}
		if (own && c->rows[app][type->number][state][row->signal])
			return true;
	}
	return false;
}

static void count_rows(const struct watch_coverage *c, unsigned *rows, unsigned *taken, bool show)
{
	static const char *const names[APPS] = { "callmanager", "ctimanager", "phones",
						 "application" };

	*rows = *taken = 0;
	for (unsigned app = 0; app < APPS; app++)
		for (uint8_t number = 0; number < WATCH_TYPES; number++) {
			const struct sdl_type *type =
				sim_type_of(NULL, (uint16_t)((app + 1) * 100), number);

			for (uint16_t i = 0; type && !type->serve && i < type->rows_n; i++) {
				const struct sdl_row *row = &type->rows[i];

				++*rows;
				if (row_taken(c, app, type, row)) {
					++*taken;
				} else if (show) {
					printf("  %-12s %-18s %-24s %s\n", names[app], type->name,
					       row->state == SDL_ANY
						       ? "*"
						       : type->states[row->state].name,
					       signal_def(row->signal)->name);
				}
			}
		}
}

void explore_progress(const struct explore *x, int64_t began_ns)
{
	const struct explore_shared *s = x->shared;
	double seconds = (double)(explore_now() - began_ns) / 1e9;
	uint64_t done = atomic_load(&s->done);
	unsigned rows, taken;

	count_rows(&s->coverage, &rows, &taken, false);
	fprintf(stderr, "%s%llu seeds, %.1f/s, %llu failed, rules %u/%u, rows %u/%u%s",
		isatty(2) ? "\r" : "", (unsigned long long)done, (double)done / seconds,
		(unsigned long long)atomic_load(&s->broken), rules_reached(&s->coverage),
		(unsigned)WATCH_RULES, taken, rows, isatty(2) ? "  " : "\n");
}

void explore_report(const struct explore *x, int64_t began_ns, bool rows)
{
	const struct explore_shared *s = x->shared;
	double seconds = (double)(explore_now() - began_ns) / 1e9;
	uint64_t done = atomic_load(&s->done);
	unsigned all, taken;

	count_rows(&s->coverage, &all, &taken, false);
	if (rows)
		printf("\nrows never taken:\n");
	if (rows)
		count_rows(&s->coverage, &all, &taken, true);
	printf("\nrule             clause  put to the test\n");
	for (int i = 0; i < WATCH_RULES; i++)
		printf("%-16s %-7s %llu\n", watch_rule_def((enum watch_rule)i)->name,
		       watch_rule_def((enum watch_rule)i)->clause,
		       (unsigned long long)s->coverage.reached[i]);
	printf("commit %s: %llu seeds in %.1f s (%.1f/s), %llu signals, %llu failed, %u of %u rows "
	       "taken\n",
	       x->commit, (unsigned long long)done, seconds,
	       (double)done / (seconds > 0 ? seconds : 1),
	       (unsigned long long)atomic_load(&s->signals),
	       (unsigned long long)atomic_load(&s->broken), taken, all);
}
