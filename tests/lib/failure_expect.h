/*
 * failure_expect.h - what should be seen of a party in a cell of the failure table.
 */
#ifndef TESTS_LIB_FAILURE_EXPECT_H
#define TESTS_LIB_FAILURE_EXPECT_H

#include "tests/lib/failure_states.h"

/* How a fault comes about; judged after that time. */
struct way {
	enum fault fault;
	const char *words, *verb, *a, *b;
	int64_t ms;
	enum party frozen; /* whose node; PARTIES = nobody's */
	bool both;	   /* the CTIManager dies with it */
};
struct cell {
	const struct failure_row *row;
	const struct way *way;
	struct sight before[PARTIES];
};

/* fates: its letters. */
void failure_expect(const struct cell *cell, enum party p, const char *fates, struct sight *s);

#endif
