/*
 * failure_states.h - the failure table as data: in which states a call is struck, by what, and what
 * becomes of each party.
 *
 * A row is a state of a call or an operation in progress, a column a fault. A cell has one word for
 * each party that takes part, in the order A, B, C, D: the letters of its fates (struct fate), one
 * after the other; "." = not looked at.
 */
#ifndef TESTS_LIB_FAILURE_STATES_H
#define TESTS_LIB_FAILURE_STATES_H

#include "tests/lib/failure_bed.h"

enum fault {
	NOTHING, /* or what is not in the call's path: another node, the CTIManager */
	NODE_A,	 /* the CallManager of A's node */
	NODE_B,
	NODE_C,
	PROGRAM, /* the phones program: all phones at once */
	APP_A,
	APP_B,
	CUT_NODES,  /* the nodes of A and B live and do not hear each other */
	CUT_PHONES, /* nor do the phones and A's node */
	FAULTS,
};

struct failure_row {
	const char *state;
	enum party_kind kinds[PARTIES];
	void (*begin)(void);
	const char *fates[FAULTS];   /* NULL: does not apply */
	const char *frozen[PARTIES]; /* node of that party frozen: NULL = as if it died */
	const char *both; /* A's node and the CTIManager: NULL = as if only the node died */
};
extern const struct failure_row failure_rows[];
extern const size_t failure_rows_n;

/* How a party fares, and what is seen of it. */
struct fate {
	char letter;
	const char *word; /* in the table of docs/failure-table.md */
	/* Its calls end with that cause, and its device changes service; NULL = not so. */
	const char *cause, *service;
	/* Each call leaves that on its phone's screen. */
	const char *screen;
	enum { AS_BEFORE, SPEAKS, SILENT } stream;
	const char *place;   /* the phone's CallManager; NULL = as before */
	const char *meaning; /* a sentence */
	const char *clauses;
};
const struct fate *failure_fate(char letter); /* NULL = there is none */
extern const struct fate failure_fates[];
extern const size_t failure_fates_n;

/* The document, as Markdown; the caller frees it. */
char *failure_document(void);

#endif
