#include "common/db/db_private.h"

#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char schema_sql[] =
#include "schema.sql.inc"
	;
static const char constraints_sql[] =
#include "constraints.sql.inc"
	;
static const char rows_sql[] =
#include "rows.sql.inc"
	;

/* Not SQLITE_OPEN_MEMORY: VACUUM INTO inherits the flags, and a copy would never reach the disk. */
#define MEMORY_FLAGS (SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)

struct db_template {
	size_t size;
	unsigned char *image;
};

/* Reading a setting back: SQLite ignores a pragma that it does not know or cannot obey. */
static bool pragma_is(sqlite3 *sq, const char *sql, const char *wanted)
{
	sqlite3_stmt *stmt;
	bool equal = false;

	if (sqlite3_prepare_v2(sq, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW) {
		const unsigned char *text = sqlite3_column_text(stmt, 0);

		equal = text && !strcmp((const char *)text, wanted);
	}
	sqlite3_finalize(stmt);
	return equal;
}

struct setting {
	const char *set;
	const char *get;
	const char *wanted;
};

static int apply(struct db *db, const struct setting *settings, size_t n, const char *path,
		 struct db_error *err)
{
	for (size_t i = 0; i < n; i++) {
		int rc = sqlite3_exec(db->sq, settings[i].set, NULL, NULL, NULL);

		if (rc) {
			static const struct db_fact none[DB_FACTS_MAX];
			char doing[256];

			snprintf(doing, sizeof(doing), "Opening database '%.200s'", path);
			return db_explain(db, err, doing, none);
		}
		if (!pragma_is(db->sq, settings[i].get, settings[i].wanted))
			return db_error_set(err, DB_EIO,
					    "Database '%s': '%s' did not take effect; this file "
					    "system may lack locks or shared memory.",
					    path, settings[i].set);
	}
	return 0;
}

static int settings_common(struct db *db, const char *path, struct db_error *err)
{
	static const struct setting settings[] = {
		{ "PRAGMA foreign_keys = 1", "PRAGMA foreign_keys", "1" },
		{ "PRAGMA temp_store = 2", "PRAGMA temp_store", "2" },
		/* Of each program: what is read often lies in the kernel's cache of the file, once
	 * for all of them. */
		{ "PRAGMA cache_size = -1024", "PRAGMA cache_size", "-1024" },
	};

	/* Informix compares case in LIKE; this pragma has no value to read back. */
	sqlite3_exec(db->sq, "PRAGMA case_sensitive_like = 1", NULL, NULL, NULL);
	return apply(db, settings, sizeof(settings) / sizeof(settings[0]), path, err);
}

static int settings_file(struct db *db, const char *path, enum db_mode mode, struct db_error *err)
{
	static const struct setting wal[] = {
		{ "PRAGMA journal_mode = wal", "PRAGMA journal_mode", "wal" },
		{ "PRAGMA synchronous = 1", "PRAGMA synchronous", "1" },
	};
	int rc = mode == DB_READ_WRITE ? apply(db, wal, 2, path, err)
				       : apply(db, wal + 1, 1, path, err);

	return rc ? rc : settings_common(db, path, err);
}

static int settings_memory(struct db *db, struct db_error *err)
{
	static const struct setting memory[] = {
		{ "PRAGMA journal_mode = memory", "PRAGMA journal_mode", "memory" },
		{ "PRAGMA synchronous = 0", "PRAGMA synchronous", "0" },
	};
	int rc = apply(db, memory, 2, "(memory)", err);

	return rc ? rc : settings_common(db, "(memory)", err);
}

static struct db *db_new(void)
{
	struct db *db = calloc(1, sizeof(*db));

	uint64_t seed;

	if (!db || sodium_init() < 0)
		abort();
	randombytes_buf(&seed, sizeof(seed));
	prng_key(&db->prng, seed, "", "pkid");
	return db;
}

static int connect_file(struct db *db, const char *path, int flags, struct db_error *err)
{
	static const struct db_fact none[DB_FACTS_MAX];
	char doing[256];

	if (sqlite3_open_v2(path, &db->sq, flags | SQLITE_OPEN_NOMUTEX, NULL)) {
		snprintf(doing, sizeof(doing), "Opening database '%.200s'", path);
		return db_explain(db, err, doing, none);
	}
	sqlite3_extended_result_codes(db->sq, 1);
	return sqlite3_busy_timeout(db->sq, DB_BUSY_MS);
}

static int install(struct db *db, struct db_error *err)
{
	static const struct db_fact none[DB_FACTS_MAX];
	char version[120];

	snprintf(version, sizeof(version), "PRAGMA application_id = %d; PRAGMA user_version = %d;",
		 DB_APPLICATION_ID, DB_USER_VERSION);
	if (sqlite3_exec(db->sq, "BEGIN EXCLUSIVE", NULL, NULL, NULL) ||
	    sqlite3_exec(db->sq, schema_sql, NULL, NULL, NULL) ||
	    sqlite3_exec(db->sq, constraints_sql, NULL, NULL, NULL) ||
	    sqlite3_exec(db->sq, rows_sql, NULL, NULL, NULL) || db_make_change_triggers(db) ||
	    sqlite3_exec(db->sq, version, NULL, NULL, NULL) ||
	    sqlite3_exec(db->sq, "COMMIT", NULL, NULL, NULL))
		return db_explain(db, err, "Making the tables of a new database", none);
	return 0;
}

int db_create(struct db **out, const char *path, struct db_error *err)
{
	struct db *db;
	int rc;

	*out = NULL;
	if (access(path, F_OK) == 0)
		return db_error_set(err, DB_EEXISTS,
				    "'%s' is there already; remove it or choose another path.",
				    path);
	db = db_new();
	rc = connect_file(db, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err);
	if (!rc)
		rc = settings_file(db, path, DB_READ_WRITE, err);
	if (!rc)
		rc = install(db, err);
	if (rc)
		db_close(&db);
	*out = db;
	return rc;
}

/* What can be said before SQLite looks at the file, in clearer words than its own. */
static int check_path(const char *path, enum db_mode mode, struct db_error *err)
{
	struct stat st;

	if (stat(path, &st)) {
		if (errno == ENOENT || errno == ENOTDIR)
			return db_error_set(err, DB_EMISSING,
					    "There is no database '%s'; `rehome up` makes one.",
					    path);
		return db_error_set(err, DB_EACCESS, "Database '%s': %s.", path, strerror(errno));
	}
	if (!S_ISREG(st.st_mode))
		return db_error_set(err, DB_ENOTDB, "'%s' is not a database: it is not a file.",
				    path);
	if (access(path, R_OK))
		return db_error_set(err, DB_EACCESS, "Database '%s' may not be read: %s.", path,
				    strerror(errno));
	if (mode == DB_READ_WRITE && access(path, W_OK))
		return db_error_set(err, errno == EROFS ? DB_EREADONLY : DB_EACCESS,
				    "Database '%s' may not be written: %s.", path, strerror(errno));
	return 0;
}

static int pragma_int(sqlite3 *sq, const char *sql, int *value)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(sq, sql, -1, &stmt, NULL);

	if (!rc) {
		rc = sqlite3_step(stmt);
		if (rc == SQLITE_ROW)
			*value = sqlite3_column_int(stmt, 0);
		rc = rc == SQLITE_ROW ? 0 : rc;
	}
	sqlite3_finalize(stmt);
	return rc;
}

static int check_kind(struct db *db, const char *path, struct db_error *err)
{
	static const struct db_fact none[DB_FACTS_MAX];
	int application = 0, version = 0;
	char doing[256];

	if (pragma_int(db->sq, "PRAGMA application_id", &application) ||
	    pragma_int(db->sq, "PRAGMA user_version", &version)) {
		snprintf(doing, sizeof(doing), "Opening database '%.200s'", path);
		return db_explain(db, err, doing, none);
	}
	if (application != DB_APPLICATION_ID)
		return db_error_set(err, DB_ENOTDB,
				    "'%s' is an SQLite database, but not one of Rehome.", path);
	if (version != DB_USER_VERSION)
		return db_error_set(
			err, DB_EVERSION,
			"Database '%s' has version %d, this program needs version %d; make "
			"a new one with the programs of this version.",
			path, version, DB_USER_VERSION);
	return 0;
}

int db_open(struct db **out, const char *path, enum db_mode mode, struct db_error *err)
{
	static const struct db_fact none[DB_FACTS_MAX];
	struct db *db;
	int rc = check_path(path, mode, err);

	*out = NULL;
	if (rc)
		return rc;
	db = db_new();
	rc = connect_file(db, path,
			  mode == DB_READ_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY,
			  err);
	if (!rc)
		rc = check_kind(db, path, err);
	if (!rc)
		rc = settings_file(db, path, mode, err);
	if (!rc && db_prepare_all(db))
		rc = db_explain(db, err, "Preparing the statements", none);
	if (rc)
		db_close(&db);
	*out = db;
	return rc;
}

void db_close(struct db **db)
{
	if (!*db)
		return;
	for (int id = 0; id < DB_S_COUNT; id++)
		sqlite3_finalize((*db)->stmts[id]);
	sqlite3_close_v2((*db)->sq);
	free(*db);
	*db = NULL;
}

void db_busy_timeout(struct db *db, int timeout_ms)
{
	sqlite3_busy_timeout(db->sq, timeout_ms);
}

int db_limit_pages(struct db *db, int pages, struct db_error *err)
{
	char sql[64];
	int now = 0;

	snprintf(sql, sizeof(sql), "PRAGMA max_page_count = %d", pages > 0 ? pages : 1073741823);
	if (pragma_int(db->sq, sql, &now))
		return db_error_set(err, DB_EIO, "The size limit was not set: %s.",
				    sqlite3_errmsg(db->sq));
	return 0;
}

struct sqlite3 *db_sqlite(struct db *db)
{
	return db->sq;
}

struct db_template *db_template_new(struct db *db)
{
	struct db_template *t = calloc(1, sizeof(*t));
	sqlite3_int64 size = 0;

	if (!t)
		abort();
	t->image = sqlite3_serialize(db->sq, "main", &size, 0);
	if (!t->image)
		abort();
	t->size = (size_t)size;
	/* Bytes 18 and 19 say WAL, which a database in memory cannot have. */
	t->image[18] = t->image[19] = 1;
	return t;
}

void db_template_destroy(struct db_template **t)
{
	if (!*t)
		return;
	sqlite3_free((*t)->image);
	free(*t);
	*t = NULL;
}

int db_clone(struct db **out, const struct db_template *t, struct db_error *err)
{
	static const struct db_fact none[DB_FACTS_MAX];
	struct db *db = db_new();
	unsigned char *image = sqlite3_malloc64(t->size);
	int rc = connect_file(db, ":memory:", MEMORY_FLAGS, err);

	if (!image)
		abort();
	memcpy(image, t->image, t->size);
	if (rc)
		sqlite3_free(image);
	else if (sqlite3_deserialize(
			 db->sq, "main", image, (sqlite3_int64)t->size, (sqlite3_int64)t->size,
			 SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE))
		rc = db_explain(db, err, "Cloning a database", none);
	if (!rc)
		rc = settings_memory(db, err);
	if (rc)
		db_close(&db);
	*out = db;
	return rc;
}

int db_copy_to(struct db *db, const char *path, struct db_error *err)
{
	static const struct db_fact none[DB_FACTS_MAX];
	sqlite3_stmt *stmt = NULL;
	char doing[256];
	int rc;

	if (access(path, F_OK) == 0)
		return db_error_set(err, DB_EEXISTS,
				    "'%s' is there already; remove it or choose another path.",
				    path);
	snprintf(doing, sizeof(doing), "Copying the database to '%.200s'", path);
	rc = sqlite3_prepare_v2(db->sq, "VACUUM INTO ?1", -1, &stmt, NULL);
	if (!rc)
		rc = sqlite3_bind_text(stmt, 1, path, -1, SQLITE_STATIC);
	if (!rc)
		rc = sqlite3_step(stmt);
	if (rc != SQLITE_DONE)
		rc = db_explain(db, err, doing, none);
	else
		rc = 0;
	sqlite3_finalize(stmt);
	return rc;
}

/* ---- in memory ------------------------------------------------------------------------------ */

/* The tables and standard rows, made once in a process: making them takes five times as long as
 * cloning them. Never changed afterwards. */
static pthread_once_t fresh_once = PTHREAD_ONCE_INIT;
static struct db_template *fresh;

static int make_memory(struct db **out, struct db_error *err)
{
	struct db *db = db_new();
	int rc = connect_file(db, ":memory:", MEMORY_FLAGS, err);

	if (!rc)
		rc = settings_memory(db, err);
	if (!rc)
		rc = install(db, err);
	if (rc)
		db_close(&db);
	*out = db;
	return rc;
}

static void make_fresh(void)
{
	struct db_error err;
	struct db *db;

	if (make_memory(&db, &err))
		return;
	fresh = db_template_new(db);
	db_close(&db);
}

int db_memory(struct db **out, struct db_error *err)
{
	pthread_once(&fresh_once, make_fresh);
	return fresh ? db_clone(out, fresh, err) : make_memory(out, err);
}
