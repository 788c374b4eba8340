/*
 * kind.h - the kinds of objects that an administrator knows, with their columns: one table.
 *
 * Everything that `rehome admin` does goes by it: options of the command line, what show and list
 * print, JSON, CSV, completion and the manual. Columns bear the names of the data dictionary; on the
 * command line the beginning `fk` or `tk` may be left out. What a column refers to is written and
 * shown by its name: a device pool's, a model's, "1000/Internal" for a number in a partition.
 *
 * A new kind is a row here and, if its rows are in more than one table, functions of its own.
 */
#ifndef SIM_ADMIN_KIND_H
#define SIM_ADMIN_KIND_H

#include <stdbool.h>
#include <stddef.h>

#include "common/db/db.h"

/* What a column refers to. REFERENCE(id, what it is called, SQL that finds its key from the text %s,
 * SQL that names the key %s) */
enum admin_reference {
	ADMIN_REF_NONE,
#define REFERENCE(id, what, find, name) ADMIN_REF_##id,
#include "sim/admin/reference.def"
#undef REFERENCE
};
struct admin_reference_def {
	const char *what;
	const char *find;
	const char *name;
};
const struct admin_reference_def *admin_reference(enum admin_reference reference);

enum admin_type {
	ADMIN_TEXT,
	ADMIN_WHOLE,  /* a whole number */
	ADMIN_FLAG,   /* 't' or 'f'; typed also yes, no, true, false, on, off */
	ADMIN_REFERS, /* to something by its name */
	ADMIN_LIST,   /* names, separated by commas, in order */
	ADMIN_SECRET, /* a password; never shown */
	ADMIN_SHOWN,  /* made from other tables: shown, never set */
};

enum {			 /* struct admin_column.how */
       ADMIN_KEY = 1,	 /* with the other keys it says which object; a word of the command line */
       ADMIN_WORD = 2,	 /* a word behind the keys when something is added */
       ADMIN_NEEDED = 4, /* nothing is added without it */
       ADMIN_BRIEF = 8,	 /* in lists */
       ADMIN_FIXED = 16, /* set when added, not changed */
};

/* A list's rows: each refers to the object by `link` and to the listed by `column`. */
struct admin_list {
	const char *table;
	const char *link;
	const char *column;
	enum admin_reference reference;
	const char *order; /* column that counts them, or NULL */
	int first;	   /* its first value */
	const char *fact;  /* what sentences of the database call a member */
};

struct admin_column {
	const char *name;
	enum admin_type type;
	unsigned how;
	char place; /* alias of its table in kind.from: 't' the kind's own */
	enum admin_reference reference;
	const struct admin_list *list;
	const char
		*expression; /* SQL that shows it, when that is not its name or its reference's */
	const char *match;   /* SQL that is compared when it is a key, when that is not its name */
	const char *preset;  /* text that it has when added without, or NULL */
	const char *fact;    /* what sentences of the database call it, or NULL */
	const char *help;
};

#define ADMIN_COLUMNS_MAX 48

enum {			   /* struct admin_kind.can */
       ADMIN_CAN_LIST = 1, /* and show */
       ADMIN_CAN_ADD = 2,
       ADMIN_CAN_CHANGE = 4,
       ADMIN_CAN_REMOVE = 8,
       ADMIN_CAN_ALL = 15,
};

struct admin;
struct admin_object;

struct admin_kind {
	const char *name;   /* on the command line: "phone" */
	const char *title;  /* in sentences: "phone", "device pool" */
	const char *plural; /* in headings */
	const char *help;
	unsigned can;
	const char *table;    /* its own */
	const char *constant; /* what its rows always have: "tkclass = 1, tkmodel = 72", or NULL */
	const char *link;     /* its column that refers to admin_object.link, or NULL */
	const char *from;     /* as behind FROM; its own table is t */
	const char *where;    /* or NULL */
	const char *order;
	const struct admin_column *columns; /* up to one without name */
	int depends;			    /* enum db_kind; -1: nothing can depend on it */
	/* Around (check, before, after) or in place of (add, change, remove) what is done to its own
	 * table; NULL = nothing. All within one transaction; 0 or a code with *err. */
	int (*check)(struct admin *a, struct admin_object *o, struct db_error *err); /* of texts */
	int (*before)(struct admin *a, struct admin_object *o, struct db_error *err);
	int (*add)(struct admin *a, struct admin_object *o, struct db_error *err);
	int (*change)(struct admin *a, struct admin_object *o, struct db_error *err);
	int (*remove)(struct admin *a, struct admin_object *o, struct db_error *err);
	int (*after)(struct admin *a, struct admin_object *o, struct db_error *err);
};

/* The table; NULL behind the last. */
const struct admin_kind *admin_kind_at(size_t i);
/* By name; NULL if there is none. */
const struct admin_kind *admin_kind(const char *name);
/* How many columns it has. */
size_t admin_columns(const struct admin_kind *kind);
/* The column of that name, with or without its fk or tk, or the only one that begins or ends so: its
 * place, or -1. */
int admin_column(const struct admin_kind *kind, const char *name, size_t length);
/* "PHONE NAME [NAME]": the words that say which object. */
void admin_key_usage(const struct admin_kind *kind, bool with_words, char *buf, size_t size);

/* By file: the kinds, as admin_kind_at has them. */
extern const struct admin_kind admin_device_kinds[];  /* kind_device.c */
extern const struct admin_kind admin_plan_kinds[];    /* kind_plan.c */
extern const struct admin_kind admin_cluster_kinds[]; /* kind_cluster.c */
extern const struct admin_kind admin_user_kinds[];    /* kind_user.c */

#endif
