/*
 * object.h - what is done to one object of a kind: found, read, added, changed, removed.
 *
 * An object has a text for each column of its kind: NULL = not given (or NULL in the database), ""
 * = to be emptied. Writers are for within a transaction (db_begin ... db_commit): the caller keeps or
 * undoes. Warnings are sentences that stop nothing.
 *
 * Returns 0 or a negative code of DB_CODES with *err.
 */
#ifndef SIM_ADMIN_OBJECT_H
#define SIM_ADMIN_OBJECT_H

#include <stdint.h>
#include <stdio.h>

#include "sim/admin/kind.h"

struct sentence;
struct sqlite3_stmt;

#define ADMIN_WARNINGS_MAX 16

struct admin {
	struct db *db; /* borrowed */
	struct admin_statement *statements;
	size_t statements_n;
	char *warnings[ADMIN_WARNINGS_MAX];
	size_t warnings_n;
	struct db_fact member; /* of a list, while it is written: for sentences */
};

struct admin_object {
	const struct admin_kind *kind;
	const struct admin_object *of; /* what is changed, when this has what is to be different */
	const char *text[ADMIN_COLUMNS_MAX];
	/* Filled by the writers: what a reference or flag is bound as (a pkid, 't'), the object's own
	 * key, and that of the row in another table that it is made of. */
	char bound[ADMIN_COLUMNS_MAX][DB_PKID];
	char pkid[DB_PKID];
	char link[DB_PKID];
	bool adding;
	/* Room for texts that are made here. */
	char room[4][256];
};

void admin_open(struct admin *a, struct db *db);
void admin_close(struct admin *a);
__attribute__((format(printf, 2, 3))) void admin_warn(struct admin *a, const char *format, ...);

/* Which object the words say, in the order of the kind's keys (and, for add, of its words):
 * "1000/Internal" gives a number and its partition. The texts of o that are given already stay. */
int admin_key(struct admin_object *o, const char *const *words, size_t n, bool adding,
	      struct db_error *err);
/* "SEP000000000001", "1000/Internal", "SEP000000000001 1". */
void admin_key_text(const struct admin_object *o, char *buf, size_t size);
/* What is given for a column, by its name, or what it was; NULL. */
const char *admin_text(const struct admin_object *o, const char *column);

int admin_add(struct admin *a, struct admin_object *o, struct db_error *err);
/* `to` has what is to be different; keys of it are new names. */
int admin_change(struct admin *a, const struct admin_object *o, struct admin_object *to,
		 struct db_error *err);
int admin_remove(struct admin *a, struct admin_object *o, struct db_error *err);

/* Objects as texts. Each row lives until the callback returns; non-zero ends it and is returned. */
typedef int admin_each(void *arg, const struct admin_kind *kind, const char *const *values);
/* All whose first key matches `glob` (NULL = all). */
int admin_list_objects(struct admin *a, const struct admin_kind *kind, const char *glob,
		       admin_each *each, void *arg, struct db_error *err);
/* The one; DB_ENOTFOUND. */
int admin_read(struct admin *a, struct admin_object *o, admin_each *each, void *arg,
	       struct db_error *err);

/* ---- for kinds with functions of their own --------------------------------------------- */

/* A statement with texts bound to ?1 ... (NULL = NULL); prepared once for each sql. The statement is
 * reset by the next use. NULL with *err. */
struct sqlite3_stmt *admin_sql(struct admin *a, const char *sql, size_t n, const char *const *texts,
			       struct db_error *err);
/* Runs one without rows; refusals become sentences with the object's values: "<doing> KIND 'KEY'". */
int admin_run(struct admin *a, const struct admin_object *o, const char *doing, const char *sql,
	      size_t n, const char *const *texts, struct db_error *err);
/* The first column of the first row, or "" if there is none. */
int admin_look(struct admin *a, const char *sql, size_t n, const char *const *texts, char *out,
	       size_t size, struct db_error *err);
/* Every text of o is looked at and made what is bound: names are found, numbers are numbers. */
int admin_bind_object(struct admin *a, struct admin_object *o, struct db_error *err);
/* o->pkid by its keys, which are bound; DB_ENOTFOUND. */
int admin_find(struct admin *a, struct admin_object *o, struct db_error *err);
/* Adds " AND key = ?1 ..." for each key; returns how many texts are to be bound. */
size_t admin_match_keys(const struct admin_object *o, struct sentence *s, const char **texts);
/* UPDATE of the given columns at `place` in `table` where link = pkid. *changed: rows. */
int admin_store(struct admin *a, const struct admin_object *o, char place, const char *table,
		const char *link, const char *pkid, int *changed, struct db_error *err);
/* Rewrites the object's lists that are given. */
int admin_store_lists(struct admin *a, const struct admin_object *o, struct db_error *err);

#endif
