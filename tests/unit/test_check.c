/* What is wrong with a table of a process type is found before anything runs. */
#include "tests/lib/suite.h"

#include <string.h>

#include "common/msg/messages.h"
#include "sdl/program.h"

enum { IDLE, BUSY };

static const struct sdl_state states[] = {
	[IDLE] = { .name = "idle", .waits = "" },
	[BUSY] = { .name = "busy", .waits = "an answer" },
};
static const struct sdl_row rows[] = {
	{ IDLE, SIG_StationReset, sdl_ignore, TO(BUSY) },
	{ BUSY, SIG_StationReset, sdl_ignore, TO(IDLE) },
};
static struct sdl_state spoilt_states[40];
static struct sdl_row spoilt_rows[300];
static struct sdl_type type;

/* A type whose table is sound; the case spoils its copy. */
static void set_up(void)
{
	memcpy(spoilt_states, states, sizeof(states));
	memcpy(spoilt_rows, rows, sizeof(rows));
	type = (struct sdl_type){ .name = "Subject",
				  .number = 10,
				  .states = spoilt_states,
				  .states_n = 2,
				  .rows = spoilt_rows,
				  .rows_n = 2 };
}

static void finds(const char *what)
{
	const struct sdl_type *const types[] = { &type };
	char why[256] = "nothing";

	ck_assert_int_eq(sdl_program_check(types, 1, why, sizeof(why)), -1);
	ck_assert_msg(strstr(why, what) != NULL, "'%s' does not say '%s'", why, what);
	ck_assert_msg(strstr(why, "Subject") != NULL, "'%s' does not name the type", why);
}

START_TEST(a_sound_table_passes)
{
	const struct sdl_type *const types[] = { &type };
	char why[256];

	ck_assert_int_eq(sdl_program_check(types, 1, why, sizeof(why)), 0);
}
END_TEST

START_TEST(a_row_that_cannot_be_is_found)
{
	spoilt_rows[0].signal = SIG_NONE;
	finds("a row without a signal");
	set_up();
	spoilt_rows[0].handler = NULL;
	finds("a row without a handler: StationReset");
	set_up();
	spoilt_rows[0].state = 2;
	finds("a row for a state that is none: StationReset");
}
END_TEST

START_TEST(a_state_that_cannot_be_is_found)
{
	spoilt_states[BUSY].name = NULL;
	finds("a state without a name");
	set_up();
	spoilt_states[BUSY].timer = SIG_StationRegister;
	finds("a timer whose signal has fields, in state busy");
	set_up();
	type.states_n = 0;
	finds("no states, or more than 31");
	type.states_n = 32;
	finds("no states, or more than 31");
}
END_TEST

START_TEST(more_signals_than_a_table_can_index_are_found)
{
	ck_assert_int_gt(SIGNAL_COUNT, 256);
	for (uint16_t i = 0; i < 256; i++)
		spoilt_rows[i] = (struct sdl_row){ IDLE, (uint16_t)(i + 1), sdl_ignore, TO(BUSY) };
	type.rows_n = 256;
	finds("rows for more than 255 signals");
}
END_TEST

START_TEST(numbers_of_types_are_there_and_differ)
{
	const struct sdl_type other = { .name = "Other",
					.number = 10,
					.states = states,
					.states_n = 2,
					.rows = rows,
					.rows_n = 2 };
	const struct sdl_type *const twice[] = { &other, &type };
	char why[256];

	ck_assert_int_eq(sdl_program_check(twice, 2, why, sizeof(why)), -1);
	ck_assert_ptr_nonnull(strstr(why, "same number as Other"));
	type.number = 0;
	finds("type number 0");
}
END_TEST

#define CASE(t) SUITE_CASE_WITH(t, set_up, NULL)

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		CASE(a_sound_table_passes),
		CASE(a_row_that_cannot_be_is_found),
		CASE(a_state_that_cannot_be_is_found),
		CASE(more_signals_than_a_table_can_index_are_found),
		CASE(numbers_of_types_are_there_and_differ),
	};

	return suite_main(argc, argv, "unit/test_check", cases, sizeof(cases) / sizeof(cases[0]));
}
