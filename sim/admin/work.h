/* work.h - one use of `rehome admin`: its words, the database, where it is shown. Private. */
#ifndef SIM_ADMIN_WORK_H
#define SIM_ADMIN_WORK_H

#include "sim/admin/object.h"
#include "sim/harness/host.h"

#define WORK_WORDS_MAX 8

struct work {
	const struct work_operation *operation;
	const struct admin_kind *kind; /* NULL: the operation is about none */
	const char *words[WORK_WORDS_MAX];
	size_t words_n;
	struct admin_object object; /* texts of the options */
	const char *cluster, *database, *columns, *topology, *ctimanagers;
	bool json, details, update;
	size_t added, changed; /* by an import */
	char path[300];	       /* of the database */
	char dir[100];	       /* of the running cluster; "" = stopped */
	struct db *db;
	struct admin admin;
	FILE *out;
	struct sim_error *err;
};

/* NAME, of what it is said, what it needs. */
struct work_operation {
	const char *name;
	unsigned can;	   /* what the kind must allow; 0: about no kind */
	bool writes;	   /* in one transaction, and the programs are told */
	bool bare;	   /* without a database */
	bool sets;	   /* --COLUMN VALUE are allowed */
	const char *done;  /* what is said afterwards: "added" */
	const char *usage; /* behind the name */
	const char *help;
	/* A negative code with *e, or the exit status. */
	int (*run)(struct work *w, struct db_error *e);
};

/* All of them; NULL name behind the last. */
extern const struct work_operation work_operations[];

/* Takes the words apart, opens, does it, closes. The exit status. */
int work_run(struct work *w, const char *const *words, size_t n);
/* The key that the words say, into w->object. */
int work_key(struct work *w, bool adding, struct db_error *e);

int work_add(struct work *w, struct db_error *e); /* operation.c */
int work_change(struct work *w, struct db_error *e);
int work_remove(struct work *w, struct db_error *e);
int work_kinds(struct work *w, struct db_error *e);
int work_create(struct work *w, struct db_error *e);
int work_list(struct work *w, struct db_error *e); /* output.c */
int work_show(struct work *w, struct db_error *e);

/* What was done, and the warnings: output.c. */
void work_done(struct work *w);
void work_imported(struct work *w);

#endif
