/*
 * failure_bed.h - a call with its parties, each on a node of its own, and what everybody sees when
 * something of it is struck: the fixture of the failure table.
 *
 * The real programs on the virtual host. Parties A, B and C live at ccm1, ccm2 and ccm3; ccm4 is the
 * second member of all three groups and in nobody's path; D, who lives there, is where calls are
 * forwarded to. CTIManagers run on ccm5 and ccm6, the first of which serves all applications.
 * Each party has a phone, a port, and an application of its own that opens what the party uses; B
 * has a route point, too. Timers of calls are long, so that only the fault ends anything.
 *
 * One bed at a time, in the process of a test case. What cannot be done fails the test.
 */
#ifndef TESTS_LIB_FAILURE_BED_H
#define TESTS_LIB_FAILURE_BED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum party { A, B, C, D, PARTIES };

enum party_kind {
	ABSENT,
	PHONE, /* SCCP; its application watches the line */
	SIP_PHONE,
	SHARED_PHONE, /* B and C: one number on two phones */
	PORT,	      /* static media */
	DYNAMIC_PORT, /* its application gives no address until told to */
	ROUTE_POINT,  /* B only */
};

bool bed_is_phone(enum party_kind kind);

void bed_up(void);
void bed_down(void);

/* The party's application opens that device; awaited. */
void bed_join(enum party p, enum party_kind kind);
/* The party does it: on its phone, or with its application. */
void bed_do(enum party p, const char *verb, const char *arg);
/* The application does it, of a phone, too. */
void bed_app_do(enum party p, const char *verb, const char *arg);
/* "1001": the number of what the party uses. */
const char *bed_number(enum party p);
/* A verb about the cluster; what it does not need is NULL. */
void bed_strike(const char *verb, const char *a, const char *b, const char *delay);
void bed_advance(int64_t ms);

/* Waits for an event of the party's application (a call state, or an event's name), of its phone's
 * screen, or for both parties hearing each other. Events count once, from bed_mark on. */
void bed_told(enum party p, const char *what);
void bed_shown(enum party p, const char *state);
void bed_talk(enum party a, enum party b);
void bed_mark(void);

/* The application asks that of its call and is answered so: a CTIERR name. */
void bed_asks(enum party p, const char *verb, const char *result);

/* What there was since the mark, and what there is. */
struct sight {
	char app[400];	  /* "ended CALLMANAGER_FAILURE, out CALLMANAGER_FAILURE, in ccm4" */
	char screen[200]; /* states that the phone showed, in order; "" for ports */
	char calls[120];  /* states of the application's calls now: "ONHOLD, RINGBACK" */
	char place[16];	  /* the phone's CallManager; "" = none, or no phone */
	bool speaks;	  /* its stream reached somebody in the last two seconds */
};
void bed_look(enum party p, struct sight *sight);
/* The same in full, an event a line; valid until the next call here. */
const char *bed_events(enum party p);

/* Everybody who lives hangs up, and nothing is healed. Whatever living programs then still hold is
 * told in words; "" = nothing. */
const char *bed_leaks(void);
/* Faults end, and all comes to rest under the rules of exploration: "" or the breach. */
const char *bed_rest(void);

#endif
