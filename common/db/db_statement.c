#include "common/db/db_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const sql[DB_S_COUNT] = {
#define X(id, text) [DB_S_##id] = text,
	DB_STATEMENTS(X)
#undef X
};

static sqlite3_stmt *prepared(struct db *db, enum db_stmt id)
{
	if (!db->stmts[id])
		sqlite3_prepare_v3(db->sq, sql[id], -1, SQLITE_PREPARE_PERSISTENT, &db->stmts[id],
				   NULL);
	return db->stmts[id];
}

int db_prepare_all(struct db *db)
{
	for (int id = 0; id < DB_S_COUNT; id++)
		if (!prepared(db, (enum db_stmt)id))
			return sqlite3_errcode(db->sq);
	return 0;
}

static void bind_text(sqlite3_stmt *stmt, int i, const char *text)
{
	if (text)
		sqlite3_bind_text(stmt, i, text, -1, SQLITE_TRANSIENT);
	else
		sqlite3_bind_null(stmt, i);
}

static sqlite3_stmt *bind_list(struct db *db, enum db_stmt id, const char *types, va_list ap)
{
	sqlite3_stmt *stmt = prepared(db, id);
	const char *text;

	if (!stmt)
		return NULL;
	sqlite3_reset(stmt);
	for (int i = 1; types[i - 1]; i++) {
		switch (types[i - 1]) {
		case 's':
			text = va_arg(ap, const char *);
			bind_text(stmt, i, text && *text ? text : NULL);
			break;
		case 't':
			bind_text(stmt, i, va_arg(ap, const char *));
			break;
		case 'i':
			sqlite3_bind_int(stmt, i, va_arg(ap, int));
			break;
		case 'l':
			sqlite3_bind_int64(stmt, i, va_arg(ap, int64_t));
			break;
		default:
			abort();
		}
	}
	return stmt;
}

sqlite3_stmt *db_bind(struct db *db, enum db_stmt id, const char *types, ...)
{
	va_list ap;
	sqlite3_stmt *stmt;

	va_start(ap, types);
	stmt = bind_list(db, id, types, ap);
	va_end(ap);
	return stmt;
}

bool db_row(sqlite3_stmt *stmt, int *rc)
{
	*rc = stmt ? sqlite3_step(stmt) : SQLITE_ERROR;
	if (*rc == SQLITE_ROW) {
		*rc = 0;
		return true;
	}
	if (*rc == SQLITE_DONE)
		*rc = 0;
	/* After an error the reset reports it again and keeps the message; after the last row it
	 * ends the read, so that no old snapshot is held. */
	if (stmt)
		sqlite3_reset(stmt);
	return false;
}

int db_exec(struct db *db, enum db_stmt id, const char *types, ...)
{
	va_list ap;
	sqlite3_stmt *stmt;
	int rc;

	va_start(ap, types);
	stmt = bind_list(db, id, types, ap);
	va_end(ap);
	while (db_row(stmt, &rc))
		;
	return rc;
}

void db_column(sqlite3_stmt *stmt, int column, char *out, size_t size)
{
	const unsigned char *text = sqlite3_column_text(stmt, column);

	snprintf(out, size, "%s", text ? (const char *)text : "");
}

bool db_column_flag(sqlite3_stmt *stmt, int column)
{
	const unsigned char *text = sqlite3_column_text(stmt, column);

	return text && text[0] == 't';
}

int db_need(struct db *db, enum db_stmt id, const char *kind, const char *name, char pkid[DB_PKID],
	    struct db_error *err)
{
	static const struct db_fact none[DB_FACTS_MAX];
	sqlite3_stmt *stmt;
	int rc;

	pkid[0] = 0;
	if (!name || !*name)
		return db_error_set(err, DB_EINPUT, "A name is missing: which %s?", kind);
	stmt = db_bind(db, id, "t", name);
	if (db_row(stmt, &rc)) {
		db_column(stmt, 0, pkid, DB_PKID);
		sqlite3_reset(stmt);
		return 0;
	}
	if (rc)
		return db_explain(db, err, "Looking up a name", none);
	return db_error_set(err, DB_ENOTFOUND,
			    "There is no %s '%s'; add it first, or correct the name.", kind, name);
}

int db_need_optional(struct db *db, enum db_stmt id, const char *kind, const char *name,
		     char pkid[DB_PKID], struct db_error *err)
{
	pkid[0] = 0;
	return name && *name ? db_need(db, id, kind, name, pkid, err) : 0;
}

int db_begin(struct db *db, struct db_error *err)
{
	static const struct db_fact none[DB_FACTS_MAX];

	if (!sqlite3_get_autocommit(db->sq))
		return db_error_set(err, DB_EINPUT, "A transaction is open already.");
	if (db_exec(db, DB_S_BEGIN, ""))
		return db_explain(db, err, "Beginning to write", none);
	db->bulk = true;
	return 0;
}

int db_commit(struct db *db, struct db_error *err)
{
	static const struct db_fact none[DB_FACTS_MAX];
	int rc = 0;

	if (sqlite3_get_autocommit(db->sq)) {
		db->bulk = false;
		return db_error_set(err, DB_EIO,
				    "The transaction was undone by an earlier error; "
				    "nothing was kept.");
	}
	db->bulk = false;
	if (db_exec(db, DB_S_COMMIT, "")) {
		rc = db_explain(db, err, "Keeping the changes", none);
		db_rollback(db);
	}
	return rc;
}

void db_rollback(struct db *db)
{
	db->bulk = false;
	if (!sqlite3_get_autocommit(db->sq))
		db_exec(db, DB_S_ROLLBACK, "");
}

int db_write_begin(struct db *db, struct db_error *err)
{
	static const struct db_fact none[DB_FACTS_MAX];

	/* An error like a full disk can end a transaction of several writers: then the rest of them
	 * must not be kept without the first. */
	if (db->bulk && sqlite3_get_autocommit(db->sq))
		return db_error_set(err, DB_EIO, "The transaction was undone by an earlier error.");
	db->own_transaction = !db->bulk;
	if (db->own_transaction)
		return db_begin(db, err);
	if (db_exec(db, DB_S_SAVE, ""))
		return db_explain(db, err, "Beginning to write", none);
	return 0;
}

int db_write_end(struct db *db, int rc, struct db_error *err)
{
	if (db->own_transaction) {
		if (!rc)
			return db_commit(db, err);
		db_rollback(db);
		return rc;
	}
	/* A full disk may have ended the transaction already. */
	if (sqlite3_get_autocommit(db->sq))
		return rc;
	if (rc)
		db_exec(db, DB_S_UNDO, "");
	db_exec(db, DB_S_RELEASE, "");
	return rc;
}
