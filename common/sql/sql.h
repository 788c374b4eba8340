/* sql: the statements that administrators type, as `run sql` of the platform's command line takes
 * and prints them.
 *
 * The database is SQLite; published statements are written for Informix. sql_translate() rewrites
 * what differs, token by token; what stands in quotes, single or double, is never touched (but for
 * the pattern of MATCHES). It knows:
 *	SELECT [SKIP n] [FIRST n | LIMIT n] ...   SELECT UNIQUE ...   MINUS
 *	x [NOT] MATCHES 'pattern' [ESCAPE 'c']    reserved words as aliases (AS group, group.name)
 *	UPDATE t alias SET alias.c = ...          DELETE FROM t alias, DELETE t
 *	value::type                               comments in { }
 *	substring(x FROM 1 FOR 3)                 x[1,3]
 * Names of columns are folded to lower case, unless quoted. sql_run() adds Informix's functions: see
 * sql_function.h.
 *
 * The text is untrusted: one statement, at most SQL_STATEMENT_MAX bytes, rows only (no change of
 * tables, no settings, no other files), bounded work and bounded result.
 *
 * Source: domain facts 8.5; published queries.
 */
#ifndef COMMON_SQL_SQL_H
#define COMMON_SQL_SQL_H

#include <stdio.h>

struct db;
struct db_error;

#define SQL_STATEMENT_MAX 65536	      /* bytes of a statement */
#define SQL_RESULT_MAX	  (64u << 20) /* bytes of a printed result */

/* Runs one statement and prints its result to `out`: header, ruler, rows; or "Rows: n" for a
 * statement that changes rows. Prints nothing when it fails: DB_ESQL with the words that the field
 * knows ("Routine (concat) can not be resolved."), DB_ELIMIT, or what the database refused. */
int sql_run(struct db *db, const char *statement, FILE *out, struct db_error *err);

/* The statement for SQLite, to be freed by the caller; NULL with err on DB_ESQL, DB_ELIMIT. */
char *sql_translate(const char *statement, struct db_error *err);

#endif
