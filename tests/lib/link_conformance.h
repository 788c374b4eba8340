/*
 * link_conformance.h - what every kind of link has to do, asked of both hosts by the same cases.
 *
 * A host of the suite runs two pingers, A (node 1) and B (node 2), application 100, linked to each
 * other, and lets frames be thrown at them as anybody could. Everything is judged by the programs'
 * records.
 */
#ifndef TESTS_LIB_LINK_CONFORMANCE_H
#define TESTS_LIB_LINK_CONFORMANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sdl/record.h"
#include "tests/lib/suite.h"

enum { A = 0, B = 1 };

struct link_host {
	void (*up)(void); /* both started; nothing is waited for */
	void (*down)(void);
	void (*start)(int which); /* incarnation: one more than before, 1 at first */
	void (*kill)(int which);
	void (*term)(int which);
	void (*freeze)(int which);
	void (*thaw)(int which);
	void (*cut)(bool cut); /* both directions */
	/* The pinger sends n numbered signals. */
	void (*send)(int which, uint32_t n);
	/* Bytes at its SDL port, from nobody in particular. */
	void (*inject)(int to, const void *frame, size_t len);
	/* Lets time pass until done; false after the deadline. */
	bool (*until)(bool (*done)(void *arg), void *arg, int64_t within_ns);
	/* New entries of that program's records since the last call, of all its lives. */
	void (*read)(int which, void (*visit)(int which, const struct sdl_record_entry *e));
	/* Queue limit of lines in frames, for the case that fills it. */
	uint32_t queue_max;
};

/* The host under test; set in main() before suite_main. */
extern const struct link_host *link_host;

#define LINK_CASES_MAX 32
/* Writes all cases; returns how many. */
size_t link_cases(struct suite_case *out);

#endif
