/*
 * report_private.h - what the parts of the report share.
 *
 * history.c brings records and faults into one order; ladder.c makes rows of it (flight.c finds
 * what arrived), fold.c folds the keepalives among them; device.c derives where devices were;
 * page.c writes all that as JSON into the page. Texts are numbered once (names.c) and referred to
 * by number everywhere.
 */
#ifndef SIM_REPORT_REPORT_PRIVATE_H
#define SIM_REPORT_REPORT_PRIVATE_H

#include <stdbool.h>
#include <stdio.h>
#include <uthash.h>

#include "sim/report/report.h"

/* ---- texts, numbered; 0 is the empty one --------------------------------------------------- */
struct report_name {
	uint32_t number;
	UT_hash_handle hh;
	char text[];
};

struct report_names {
	struct report_name *table;
	struct report_name **at;
	size_t n, size;
};

uint32_t report_name(struct report_names *names, const char *text);
uint32_t report_name_n(struct report_names *names, const char *text, size_t len);
const char *report_text(const struct report_names *names, uint32_t number);
void report_names_free(struct report_names *names);

/* Makes room for one more; aborts when there is no memory. */
void *report_grow(void *array, size_t n, size_t *size, size_t element);
#define REPORT_GROW(array, n, size) ((array) = report_grow((array), (n), &(size), sizeof(*(array))))

/* ---- what happened, in order --------------------------------------------------------------- */
struct report_item {
	int64_t at_ns;
	const struct sdl_record_entry *entry; /* NULL: a fault that the caller listed */
	const char *text;
	size_t order;
};

struct report_history {
	struct report_item *items;
	size_t n, size;
	uint64_t lost; /* bytes of records that were overwritten */
};

void report_history_read(struct report_history *history, const struct sim_report *in);
void report_history_free(struct report_history *history);

/* ---- programs and their processes ---------------------------------------------------------- */
enum report_life {
	REPORT_DOWN,
	REPORT_UP,
	REPORT_FROZEN,
};

struct report_change {
	int64_t at_ns;
	enum report_life life;
};

struct report_program {
	uint8_t node;
	uint16_t app;
	uint32_t name;
	uint32_t starts;
	struct report_change *changes;
	size_t changes_n, changes_size;
};

/* A process as it was called at the time. */
struct report_process {
	struct {
		uint64_t pid;
		uint64_t label;
	} key;
	uint32_t number;
	uint32_t type; /* its name */
	UT_hash_handle hh;
};

struct report_label {
	uint64_t pid;
	uint32_t starts; /* of its program: a label dies with it */
	uint32_t label;
	UT_hash_handle hh;
};

/* ---- rows of the ladder -------------------------------------------------------------------- */
enum report_kind {		     /* the page's script knows these numbers */
		   REPORT_SIGNAL,    /* handled, from another program */
		   REPORT_INSIDE,    /* handled, from the same program */
		   REPORT_VANISHED,  /* sent, and never handled */
		   REPORT_NOT_SENT,  /* the link was out of service */
		   REPORT_DISCARDED, /* arrived, and was refused; text says why */
		   REPORT_FOLD,	     /* extra: fold */
		   REPORT_FAULT,     /* extra: fault */
		   REPORT_NARRATION,
		   REPORT_VERDICT, /* extra: verdict */
		   REPORT_LINK,	   /* from: whose, to: peer; state: 1 in service */
		   REPORT_PROGRAM, /* from: that starts or ends */
		   REPORT_ALARM,
		   REPORT_INFO,
		   REPORT_GONE, /* not shown */
};

#define REPORT_NONE UINT32_MAX

struct report_row {
	int64_t at_ns;
	int64_t sent_ns; /* -1 = not known */
	uint64_t leg;	 /* node << 32 | ci, 0 = none */
	uint64_t gci;
	uint32_t from, to; /* processes */
	uint32_t name, text, state, device, chain;
	uint32_t call;
	uint32_t extra;
	uint32_t next; /* in flight behind this one */
	uint8_t kind;
	uint8_t rank; /* among rows of one order */
	bool keepalive;
	uint32_t order; /* within an instant */
};

/* Keepalives of one kind between two programs, within a fold. */
struct report_fold_part {
	uint32_t name, from, to; /* programs */
	uint32_t handled, vanished;
};

struct report_fold {
	int64_t to_ns;
	uint32_t parts_at, parts_n;
};

#define REPORT_STRUCK_MAX 32
struct report_fault {
	uint32_t text;
	uint32_t row; /* before the rows are sorted */
	uint8_t verb; /* enum report_verb */
	uint8_t a_n, b_n;
	uint8_t a[REPORT_STRUCK_MAX], b[REPORT_STRUCK_MAX]; /* programs */
};

enum report_verb { /* the page's script knows these numbers */
		   REPORT_OTHER,
		   REPORT_KILL,
		   REPORT_TERM,
		   REPORT_FREEZE,
		   REPORT_THAW,
		   REPORT_START,
		   REPORT_CUT,
		   REPORT_HEAL,
		   REPORT_SLOW,
};

/* ---- devices ------------------------------------------------------------------------------- */
enum report_service {		   /* the page's script knows these numbers */
		      REPORT_HELD, /* a CallManager has it registered */
		      REPORT_IN,   /* in service, says who looks */
		      REPORT_OUT,  /* out of service; why */
		      REPORT_CLOSED,
		      REPORT_NOTHING, /* nothing is known from here on */
};

struct report_span {
	int64_t from_ns, to_ns; /* to -1: until the end */
	enum report_service service;
	uint8_t node;
	uint32_t why;
};

/* Who says so: the CallManagers (program -1), the phone itself, an application. */
struct report_track {
	int program;
	struct report_span *spans;
	size_t n, size;
};

struct report_move {
	int64_t at_ns;
	uint8_t from, to;
	bool home; /* to a member of higher priority: a rehome; else a failover */
};

struct report_device {
	uint32_t name;
	uint32_t kind; /* enum DeviceKind */
	struct report_track *tracks;
	size_t tracks_n, tracks_size;
	struct report_move *moves;
	size_t moves_n, moves_size;
	uint8_t last_node;
	UT_hash_handle hh;
};

/* ---- all of it ----------------------------------------------------------------------------- */
struct report_model {
	const struct sim_report *in;
	struct report_names names;
	struct report_history history;
	int64_t from_ns, to_ns;
	struct report_program *programs;
	size_t programs_n, programs_size;
	struct report_process *processes;
	struct report_process **process_at;
	size_t processes_n, processes_size;
	struct report_label *labels;
	struct report_flight *flights;
	struct report_row *rows;
	size_t rows_n, rows_size;
	struct report_fold *folds;
	size_t folds_n, folds_size;
	struct report_fold_part *parts;
	size_t parts_n, parts_size;
	struct report_fault *faults;
	size_t faults_n, faults_size;
	struct report_device *devices; /* in the order of their first mention */
	size_t left_out;	       /* rows beyond the limit */
};

/* The number of a program, made when it is new: the array may move then. */
size_t report_program(struct report_model *m, uint8_t node, uint16_t app);
struct report_program *report_program_of(struct report_model *m, const struct sdl_record_entry *e);
void report_life_change(struct report_program *p, int64_t at_ns, enum report_life life);
/* What a process is called at this place of the history; 0 = nothing. */
uint32_t report_label(const struct report_model *m, struct sdl_pid pid);
void report_label_set(struct report_model *m, const struct sdl_record_entry *entry);
/* What a verb line struck; the programs of a target are found by their names. */
void report_fault_read(struct report_model *m, const char *text, struct report_fault *fault);

/* A signal that was sent, whose row may be found again by what its receiver recorded. */
void report_flight_begin(struct report_model *m, const struct sdl_record_entry *e,
			 struct report_row *row);
/* The row of the oldest like it that is still under way, which it no longer is; NULL = none. */
struct report_row *report_flight_end(struct report_model *m, const struct sdl_record_entry *e);
/* What is under way between these programs never arrives. app 0: from or to anybody. */
void report_flights_forget(struct report_model *m, struct sdl_pid from, struct sdl_pid to);

void report_ladder(struct report_model *m);
void report_calls(struct report_model *m);
void report_fold(struct report_model *m);
void report_devices(struct report_model *m);
void report_devices_free(struct report_model *m);

/* ---- output -------------------------------------------------------------------------------- */
/* A JSON string that is safe inside a script element too. */
void report_json_text(FILE *f, const char *text);
/* Text between tags. */
void report_html_text(FILE *f, const char *text);
void report_json(FILE *f, const struct report_model *m);

#endif
