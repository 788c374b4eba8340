/* The database as a file: copies, changes by others, damage, locks, a full disk. */
#include "tests/lib/db_fixture.h"
#include "tests/lib/suite.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

START_TEST(an_open_file_has_what_was_written)
{
	char path[128];
	struct db *file, *again;
	struct db_device d;

	snprintf(path, sizeof(path), "%s/cluster.db", folder);
	OK(db_create(&file, path, &err));
	OK(db_begin(file, &err));
	db_fixture_fill(file);
	OK(db_commit(file, &err));
	OK(db_open(&again, path, DB_READ_WRITE, &err));
	OK(db_device_by_name(again, "CTIP_1", &d, &err));
	db_device_free(&d);
	db_close(&again);
	OK(db_open(&again, path, DB_READ_ONLY, &err));
	ck_assert_int_eq(db_add_partition(again, "X", &err), DB_EREADONLY);
	SAYS("read-only");
	db_close(&again);
	db_close(&file);
}
END_TEST

static int add_change(void *arg, const struct db_change *c)
{
	struct names *names = arg;
	size_t n = strlen(names->text);

	snprintf(names->text + n, sizeof(names->text) - n, "%s %s %s;", c->operation, c->table,
		 c->name);
	return 0;
}

START_TEST(changes_are_notified_to_other_connections)
{
	char path[128];
	struct db *writer, *reader;
	struct names names = { "" };
	int64_t before, version;

	snprintf(path, sizeof(path), "%s/cluster.db", folder);
	OK(db_create(&writer, path, &err));
	db_fixture_fill(writer);
	OK(db_open(&reader, path, DB_READ_ONLY, &err));
	before = db_last_change(reader);
	version = db_data_version(reader);
	ck_assert_int_eq(db_data_version(reader), version);
	OK(db_dissociate(writer, "ivr", "CTIP_1", &err));
	OK(db_join_group(writer, "ivr", db_group_name(DB_GROUP_CONTROL_ALL), &err));
	ck_assert_int_ne(db_data_version(reader), version);
	OK(db_changes_since(reader, before, add_change, &names, &err));
	ck_assert_str_eq(names.text, "delete applicationuserdevicemap ivr;"
				     "insert applicationuserdirgroupmap ivr;");
	before = db_last_change(reader);
	OK(db_forget_changes(writer, &err));
	OK(db_add_partition(writer, "X", &err));
	names.text[0] = 0;
	OK(db_changes_since(reader, before, add_change, &names, &err));
	ck_assert_str_eq(names.text, "insert routepartition X;");
	db_close(&reader);
	db_close(&writer);
}
END_TEST

START_TEST(clones_are_equal_and_independent)
{
	struct db_template *t = db_template_new(db);
	struct db *one, *two;
	struct db_device d;
	char pkid[DB_PKID];

	OK(db_clone(&one, t, &err));
	OK(db_clone(&two, t, &err));
	db_template_destroy(&t);
	OK(db_device_by_name(db, "CTIP_1", &d, &err));
	memcpy(pkid, d.pkid, sizeof(pkid));
	db_device_free(&d);
	OK(db_remove_line(one, "CTIP_1", 1, &err));
	OK(db_device_by_name(one, "CTIP_1", &d, &err));
	ck_assert_uint_eq(d.n_lines, 0);
	db_device_free(&d);
	OK(db_device_by_name(two, "CTIP_1", &d, &err));
	ck_assert_uint_eq(d.n_lines, 1);
	ck_assert_str_eq(d.pkid, pkid);
	db_device_free(&d);
	ck_assert_int_eq(db_remove_device_pool(two, "P12", &err), DB_EINUSE);
	db_close(&one);
	db_close(&two);
}
END_TEST

START_TEST(a_seeded_database_is_the_same_each_time)
{
	char pkid[2][DB_PKID], secret[2][DB_SECRET];

	for (int i = 0; i < 2; i++) {
		struct db *seeded;
		struct db_device d;
		struct db_user u;

		OK(db_memory(&seeded, &err));
		db_seed(seeded, 42);
		db_fixture_fill(seeded);
		OK(db_device_by_name(seeded, "CTIP_1", &d, &err));
		memcpy(pkid[i], d.pkid, sizeof(pkid[i]));
		db_device_free(&d);
		OK(db_user_by_id(seeded, "ivr", &u, &err));
		memcpy(secret[i], u.secret, sizeof(secret[i]));
		ck_assert(db_password_matches(&u, "cisco"));
		db_close(&seeded);
	}
	ck_assert_str_eq(pkid[0], pkid[1]);
	ck_assert_str_eq(secret[0], secret[1]);
}
END_TEST

START_TEST(a_copy_is_a_whole_database)
{
	char path[128];
	struct db *copy;
	struct db_device d;

	snprintf(path, sizeof(path), "%s/copy.db", folder);
	OK(db_memory(&db, &err));
	db_fixture_fill(db);
	OK(db_copy_to(db, path, &err));
	ck_assert_int_eq(db_copy_to(db, path, &err), DB_EEXISTS);
	OK(db_open(&copy, path, DB_READ_WRITE, &err));
	OK(db_device_by_name(copy, "CTIRP_5000", &d, &err));
	db_device_free(&d);
	db_close(&copy);
	db_close(&db);
}
END_TEST

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

START_TEST(a_wrong_file_is_refused_with_its_reason)
{
	char path[128];
	struct db *file;
	sqlite3 *sq;

	snprintf(path, sizeof(path), "%s/cluster.db", folder);
	ck_assert_int_eq(db_open(&file, path, DB_READ_WRITE, &err), DB_EMISSING);
	SAYS("There is no database");
	ck_assert_ptr_null(file);
	ck_assert_int_eq(db_open(&file, folder, DB_READ_WRITE, &err), DB_ENOTDB);
	SAYS("is not a file");
	write_file(
		path,
		"This is a letter to my aunt, long enough to fill a header. Dear aunt, it rains.\n"
		"There is more of it, so that nobody takes it for an empty database. Yours.\n");
	ck_assert_int_eq(db_open(&file, path, DB_READ_WRITE, &err), DB_ENOTDB);
	SAYS("this is not a database");
	ck_assert_int_eq(db_create(&file, path, &err), DB_EEXISTS);
	unlink(path);
	ck_assert_int_eq(sqlite3_open(path, &sq), SQLITE_OK);
	sqlite3_exec(sq, "CREATE TABLE t (a)", NULL, NULL, NULL);
	ck_assert_int_eq(db_open(&file, path, DB_READ_WRITE, &err), DB_ENOTDB);
	SAYS("not one of Rehome");
	sqlite3_exec(sq, "PRAGMA application_id = 0x52656831; PRAGMA user_version = 99", NULL, NULL,
		     NULL);
	sqlite3_close(sq);
	ck_assert_int_eq(db_open(&file, path, DB_READ_WRITE, &err), DB_EVERSION);
	SAYS("has version 99, this program needs version 2");
}
END_TEST

START_TEST(a_damaged_database_says_so)
{
	char path[128], page[4096];
	struct db *file;
	int rc, fd;

	snprintf(path, sizeof(path), "%s/cluster.db", folder);
	OK(db_create(&file, path, &err));
	db_fixture_fill(file);
	db_close(&file);
	fd = open(path, O_WRONLY);
	memset(page, 0xa5, sizeof(page));
	for (int i = 1; i < 140; i++)
		ck_assert_int_eq(pwrite(fd, page, sizeof(page), i * 4096), 4096);
	close(fd);
	rc = db_open(&file, path, DB_READ_WRITE, &err);
	ck_assert_int_eq(rc, DB_ECORRUPT);
	SAYS("damaged");
}
END_TEST

START_TEST(an_unreadable_database_says_so)
{
	char path[128];
	struct db *file;

	snprintf(path, sizeof(path), "%s/cluster.db", folder);
	OK(db_create(&file, path, &err));
	db_close(&file);
	if (geteuid() == 0) /* root may read everything */
		ck_assert_int_eq(chmod(folder, 0700) | seteuid(65534), 0);
	else
		ck_assert_int_eq(chmod(path, 0), 0);
	ck_assert_int_eq(db_open(&file, path, DB_READ_WRITE, &err), DB_EACCESS);
	SAYS(path);
	if (getuid() == 0)
		ck_assert_int_eq(seteuid(0), 0);
}
END_TEST

START_TEST(a_locked_database_says_so_and_changes_nothing)
{
	char path[128];
	struct db *one, *two;
	struct db_node nodes[DB_NODES_MAX];

	snprintf(path, sizeof(path), "%s/cluster.db", folder);
	OK(db_create(&one, path, &err));
	OK(db_open(&two, path, DB_READ_WRITE, &err));
	db_busy_timeout(two, 0);
	OK(db_begin(one, &err));
	OK(db_add_partition(one, "A", &err));
	ck_assert_int_eq(db_add_partition(two, "B", &err), DB_ELOCKED);
	SAYS("another program holds it locked");
	ck_assert_int_eq(db_nodes(two, nodes, &err), 0); /* readers go on */
	OK(db_commit(one, &err));
	OK(db_add_partition(two, "B", &err));
	db_close(&one);
	db_close(&two);
}
END_TEST

START_TEST(a_full_disk_says_so_and_keeps_nothing_half_written)
{
	struct db_device_spec phone = { .model = DB_MODEL_7960, .device_pool = "P12" };
	struct db_device d;
	char name[DB_NAME];
	int rc = 0;

	OK(db_memory(&db, &err));
	db_fixture_fill(db);
	OK(db_limit_pages(db, 1, &err)); /* no more than there are now */
	OK(db_begin(db, &err));
	for (int i = 0; i < 2000 && !rc; i++) {
		snprintf(name, sizeof(name), "SEPFFFF%08d", i);
		phone.name = name;
		rc = db_add_device(db, &phone, &err);
	}
	ck_assert_int_eq(rc, DB_EFULL);
	SAYS("no space left");
	db_rollback(db);
	ck_assert_int_eq(db_device_by_name(db, "SEPFFFF00000000", &d, &err), DB_ENOTFOUND);
	OK(db_limit_pages(db, 0, &err));
	OK(db_add_device(db, &phone, &err));
	db_close(&db);
}
END_TEST

START_TEST(a_failed_writer_leaves_the_transaction_usable)
{
	OK(db_begin(db, &err));
	OK(db_add_partition(db, "A", &err));
	ck_assert_int_eq(db_add_partition(db, "A", &err), DB_ECONSTRAINT);
	SAYS("a partition 'A' exists already");
	OK(db_add_partition(db, "B", &err));
	OK(db_commit(db, &err));
	ck_assert_int_eq(db_add_partition(db, "B", &err), DB_ECONSTRAINT);
	OK(db_begin(db, &err));
	OK(db_add_partition(db, "C", &err));
	db_rollback(db);
	OK(db_add_partition(db, "C", &err));
}
END_TEST

START_TEST(every_statement_is_valid_and_sorted)
{
	/* db_open prepares all of them. */
	char path[128];
	struct db *file;

	snprintf(path, sizeof(path), "%s/cluster.db", folder);
	OK(db_create(&file, path, &err));
	db_close(&file);
	OK(db_open(&file, path, DB_READ_WRITE, &err));
	for (sqlite3_stmt *s = NULL; (s = sqlite3_next_stmt(db_sqlite(file), s));) {
		const char *sql = sqlite3_sql(s);

		ck_assert_msg(!strstr(sql, "random") && !strstr(sql, "datetime(") &&
				      !strstr(sql, "'now'"),
			      "%s", sql);
		if (!strncmp(sql, "SELECT", 6) && !strstr(sql, "ORDER BY"))
			ck_assert_msg(strstr(sql, "= ?") || strstr(sql, "max("), "%s", sql);
	}
	db_close(&file);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(an_open_file_has_what_was_written, db_fixture_folder_up,
				db_fixture_folder_down),
		SUITE_CASE_WITH(changes_are_notified_to_other_connections, db_fixture_folder_up,
				db_fixture_folder_down),
		SUITE_CASE_WITH(clones_are_equal_and_independent, db_fixture_up, db_fixture_down),
		SUITE_CASE(a_seeded_database_is_the_same_each_time),
		SUITE_CASE_WITH(a_copy_is_a_whole_database, db_fixture_folder_up,
				db_fixture_folder_down),
		SUITE_CASE_WITH(a_wrong_file_is_refused_with_its_reason, db_fixture_folder_up,
				db_fixture_folder_down),
		SUITE_CASE_WITH(a_damaged_database_says_so, db_fixture_folder_up,
				db_fixture_folder_down),
		SUITE_CASE_WITH(an_unreadable_database_says_so, db_fixture_folder_up,
				db_fixture_folder_down),
		SUITE_CASE_WITH(a_locked_database_says_so_and_changes_nothing, db_fixture_folder_up,
				db_fixture_folder_down),
		SUITE_CASE(a_full_disk_says_so_and_keeps_nothing_half_written),
		SUITE_CASE_WITH(a_failed_writer_leaves_the_transaction_usable, db_fixture_up,
				db_fixture_down),
		SUITE_CASE_WITH(every_statement_is_valid_and_sorted, db_fixture_folder_up,
				db_fixture_folder_down),
	};

	return suite_main(argc, argv, "unit/test_db_file", cases, sizeof(cases) / sizeof(cases[0]));
}
