/*
 * figure.h - what a benchmark found: figures beside their yardsticks, as a table, as JSON, and
 * compared with those of an earlier run.
 *
 * A figure is the median of its samples. Its yardstick is the same work done by the bare means (or
 * the same thing at another size), measured in the same run on the same machine: what is told and
 * compared is how the two relate, so that figures of different machines and days can be compared.
 * The ratio is above 1 when the figure is better than its yardstick, whichever way it counts.
 *
 * Functions that take `struct sim_error` return 0, or -1 with a sentence in it.
 */
#ifndef SIM_BENCH_FIGURE_H
#define SIM_BENCH_FIGURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "sim/harness/host.h"

#define BENCH_SAMPLES_MAX 32
#define BENCH_FIGURES_MAX 128

struct bench_samples {
	double values[BENCH_SAMPLES_MAX];
	unsigned n;
};

void bench_sample(struct bench_samples *samples, double value);
double bench_median(const struct bench_samples *samples);

enum bench_better { BENCH_HIGHER, BENCH_LOWER };

struct bench_quantity {
	double median, min, max;
	unsigned n; /* samples; 0 = there is none */
};

struct bench_figure {
	char name[48]; /* "recovery.real.1000" */
	char unit[24]; /* "calls/s", "ms", "B" */
	enum bench_better better;
	struct bench_quantity value;
	char yardstick[64]; /* what it is: "bare libzmq"; "" = there is none */
	struct bench_quantity yard;
	char aim[40]; /* what the design aims for; "" = nothing said */
};

struct bench_report {
	bool quick;
	struct bench_figure figures[BENCH_FIGURES_MAX];
	size_t n;
};

/* The next figure of a report; its yardstick and aim are filled in by the caller, if it has any. */
struct bench_figure *bench_figure(struct bench_report *report, const char *name, const char *unit,
				  enum bench_better better, const struct bench_samples *samples);
void bench_yardstick(struct bench_figure *figure, const char *what,
		     const struct bench_samples *samples);
void bench_aim(struct bench_figure *figure, const char *aim);

/* Above 1: better than its yardstick. 0: it has none. */
double bench_ratio(const struct bench_figure *figure);
/* How far samples lie apart, as a share of the median: (max - min) / median. */
double bench_spread(const struct bench_quantity *quantity);

/* A spread above this is shown as min-max. */
#define BENCH_NOISY 0.10

void bench_print(const struct bench_report *report, FILE *out);
int bench_write(const struct bench_report *report, FILE *out, struct sim_error *err);
int bench_read(struct bench_report *report, const char *path, struct sim_error *err);

/* Tells each figure that both reports have: how it changed, and whether that is more than noise. A
 * figure with a yardstick in both is compared by its ratio, else by its value. Noise is what the
 * samples of both runs vary, and never below a tenth; of one or two samples it is not known and
 * counts as a factor of two. Returns how many became worse. */
size_t bench_compare(const struct bench_report *before, const struct bench_report *now, FILE *out);

#endif
