/* db_fixture.h - a database in memory, or a folder for files, for the tests of common/db.
 *
 * Filled it has three nodes, a group of two (ccm1, ccm2), a pool, phone SEP000000000001 (1001), port CTIP_1
 * (6001), route point CTIRP_5000 (5000), the end user alice and the application user ivr.
 */
#ifndef TESTS_LIB_DB_FIXTURE_H
#define TESTS_LIB_DB_FIXTURE_H

#include <check.h>

#include "common/db/db.h"

extern struct db *db;
extern struct db_error err; /* of the last call that took it */
extern char folder[64];

#define OK(call)    ck_assert_msg((call) == 0, "%s", err.text)
#define FAILS(call) ck_assert_int_ne((call), 0)
#define SAYS(part)                                                                                 \
	ck_assert_msg(strstr(err.text, part) != NULL, "'%s' is not in: %s", part, err.text)

/* What callbacks of a listing have put together. */
struct names {
	char text[400];
};

void db_fixture_fill(struct db *to);
/* db, in memory and filled. */
void db_fixture_up(void);
void db_fixture_down(void);
/* An empty folder for cluster.db and copy.db. */
void db_fixture_folder_up(void);
void db_fixture_folder_down(void);

#endif
