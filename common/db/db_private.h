/* db_private: the statement layer that the files of common/db share. Nobody else includes it. */
#ifndef COMMON_DB_DB_PRIVATE_H
#define COMMON_DB_DB_PRIVATE_H

#include "common/base/prng.h"
#include "common/db/db.h"
#include "common/db/db_statements.h"

#include <sqlite3.h>

#define DB_APPLICATION_ID 0x52656831 /* "Reh1" in the file's header */
#define DB_USER_VERSION	  2	     /* of the schema; a file of another one is refused */

#define DB_ENTERPRISE_NODE "00000000-1111-0000-0000-000000000000"

struct db {
	sqlite3 *sq;
	sqlite3_stmt *stmts[DB_S_COUNT]; /* prepared at open; in memory at first use */
	struct prng prng;		 /* of pkids */
	bool seeded;
	bool own_transaction; /* the running writer began it */
	bool bulk;	      /* between db_begin and db_commit or db_rollback */
};

/* Binds one letter per argument: s text ("" and NULL become NULL), t text as it is, i int,
 * l int64_t. The statement is reset first. NULL: it could not be prepared (see sqlite3_errcode). */
sqlite3_stmt *db_bind(struct db *db, enum db_stmt id, const char *types, ...);
/* Binds and runs a statement without rows. 0 or an SQLite code. */
int db_exec(struct db *db, enum db_stmt id, const char *types, ...);
/* True on a row; else the statement is reset, and *rc is 0 or an SQLite code. */
bool db_row(sqlite3_stmt *stmt, int *rc);
/* Prepares all statements now. 0 or an SQLite code. */
int db_prepare_all(struct db *db);

/* Column text into an array of `size`; NULL gives "". */
void db_column(sqlite3_stmt *stmt, int column, char *out, size_t size);
bool db_column_flag(sqlite3_stmt *stmt, int column);

/* Makes the sentence for the connection's last failure: "<doing>: <why and what to do>". Returns
 * the code. Call it before anything else runs on the connection. */
int db_explain(struct db *db, struct db_error *err, const char *doing,
	       const struct db_fact facts[DB_FACTS_MAX]);

/* A writer is all or nothing: db_write_begin ... db_write_end(rc), which keeps or undoes. */
int db_write_begin(struct db *db, struct db_error *err);
int db_write_end(struct db *db, int rc, struct db_error *err);

/* pkid of the object `name` by the lookup `id`, or DB_ENOTFOUND: "There is no <kind> '<name>'." */
int db_need(struct db *db, enum db_stmt id, const char *kind, const char *name, char pkid[DB_PKID],
	    struct db_error *err);
/* The same, but an empty or NULL name gives an empty pkid. */
int db_need_optional(struct db *db, enum db_stmt id, const char *kind, const char *name,
		     char pkid[DB_PKID], struct db_error *err);
/* DB_EINUSE with the dependents of the object in the sentence. */
int db_in_use(struct db *db, enum db_kind kind, const char *name, struct db_error *err);
/* Change notification triggers; run once when a database is made. 0 or an SQLite code. */
int db_make_change_triggers(struct db *db);

/* Finds an end user or application user of that id. */
int db_find_user(struct db *db, const char *userid, char pkid[DB_PKID], bool *application,
		 struct db_error *err);

/* Those of the device, into it. */
int db_read_dial_rules(struct db *db, struct db_device *dev);

#endif
