#include "common/base/phone_model.h"

#include "common/db/db.h"
#include "tests/lib/suite.h"

#include <sqlite3.h>
#include <string.h>

START_TEST(each_model_is_one_of_typemodel_by_its_number_and_name)
{
	const struct phone_model *m;
	struct db_error err;
	struct db *db;
	sqlite3_stmt *stmt;

	ck_assert_int_eq(db_memory(&db, &err), 0);
	ck_assert_int_eq(sqlite3_prepare_v2(db_sqlite(db),
					    "SELECT name FROM typemodel WHERE enum = ?1", -1, &stmt,
					    NULL),
			 SQLITE_OK);
	for (size_t i = 0; (m = phone_model_at(i)); i++) {
		sqlite3_bind_int(stmt, 1, m->number);
		ck_assert_msg(sqlite3_step(stmt) == SQLITE_ROW, "%s", m->name);
		ck_assert_str_eq((const char *)sqlite3_column_text(stmt, 0), m->name);
		sqlite3_reset(stmt);
	}
	sqlite3_finalize(stmt);
	db_close(&db);
}
END_TEST

START_TEST(a_model_is_found_by_its_number_and_by_what_is_on_the_case)
{
	const struct phone_model *m;

	for (size_t i = 0; (m = phone_model_at(i)); i++) {
		ck_assert_ptr_eq(phone_model(m->number), m);
		if (m->box)
			ck_assert_ptr_eq(phone_model(m->box), m);
		ck_assert_uint_gt(m->lines, 0);
		ck_assert_uint_ge(m->buttons, m->lines);
	}
	ck_assert_ptr_null(phone_model(0));
	ck_assert_ptr_null(phone_model(72)); /* a port is no phone */
}
END_TEST

START_TEST(dev_02_as_sip_phones_five_families_can_be_controlled)
{
	static const uint32_t can[] = { 7911, 7941, 7961, 7970, 7971, 308, 309 };
	unsigned n = 0;
	const struct phone_model *m;

	for (size_t i = 0; i < sizeof(can) / sizeof(can[0]); i++)
		ck_assert_msg(phone_model(can[i])->cti_over_sip, "%u", (unsigned)can[i]);
	for (size_t i = 0; (m = phone_model_at(i)); i++) {
		n += m->cti_over_sip;
		ck_assert(!m->cti_over_sip || m->protocols & PHONE_SIP);
	}
	ck_assert_uint_eq(n, sizeof(can) / sizeof(can[0]));
	ck_assert(!phone_model(7940)->cti_over_sip && !phone_model(7960)->cti_over_sip);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(each_model_is_one_of_typemodel_by_its_number_and_name),
		SUITE_CASE(a_model_is_found_by_its_number_and_by_what_is_on_the_case),
		SUITE_CASE(dev_02_as_sip_phones_five_families_can_be_controlled),
	};

	return suite_main(argc, argv, "unit/test_phone_model", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
