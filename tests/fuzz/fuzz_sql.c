/* Statements of administrators: translated, and run against a database with its standard rows. */
#include <stdlib.h>
#include <string.h>

#include "common/db/db.h"
#include "common/sql/sql.h"
#include "tests/fuzz/input.h"

static struct db_template *image(void)
{
	static struct db_template *made;
	struct db_error err;
	struct db *db;

	if (!made) {
		if (db_memory(&db, &err))
			abort();
		made = db_template_new(db);
		db_close(&db);
	}
	return made;
}

static void run(const char *statement)
{
	struct db_error err;
	struct db *db;
	FILE *out = fopen("/dev/null", "w");

	if (!out || db_clone(&db, image(), &err))
		abort();
	sql_run(db, statement, out, &err);
	fclose(out);
	db_close(&db);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *statement = malloc(size + 1);
	char *translated;
	struct db_error err;

	memcpy(statement, data, size);
	statement[size] = 0;
	translated = sql_translate(statement, &err);
	if (translated)
		run(statement);
	free(translated);
	free(statement);
	return 0;
}
