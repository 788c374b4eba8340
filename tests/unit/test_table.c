#include "sdl/view/table.h"

#include <stdlib.h>
#include <string.h>

#include "tests/lib/suite.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))

enum { REST, ASKED, DONE };

static int on_any(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)self;
	(void)sig;
	return REST;
}

static const struct sdl_state states[] = {
	[REST] = { .name = "rest", .waits = "" },
	[ASKED] = { .name = "asked",
		    .timer = SIG_StationRetryTimer,
		    .param = PARAM_STATION_RETRY_INTERVAL },
	[DONE] = { .name = "done", .waits = "the end" },
};
static const struct sdl_row rows[] = {
	{ REST, SIG_StationOffHook, on_any, TO(ASKED) | TO(DONE) },
	{ ASKED, SIG_StationOffHook, sdl_save, 0 },
	{ DONE, SIG_StationOffHook, sdl_ignore, 0 },
	{ ASKED, SIG_StationRetryTimer, on_any, TO(REST) },
	{ SDL_ANY, SIG_StationOnHook, on_any, TO_STOP },
	{ DONE, SIG_StationReset, on_any, 0 },
};
static const struct sdl_type type = { .name = "Example",
				      .number = 10,
				      .states = states,
				      .states_n = N(states),
				      .rows = rows,
				      .rows_n = N(rows) };

static char *text;

static const char *drawn(void (*draw)(const struct sdl_type *type, FILE *out))
{
	size_t size = 0;
	FILE *out;

	free(text);
	text = NULL;
	out = open_memstream(&text, &size);
	draw(&type, out);
	fclose(out);
	return text;
}

START_TEST(a_matrix_has_a_line_per_signal_and_a_column_per_state)
{
	ck_assert_str_eq(drawn(sdl_table_matrix),
			 "Example (type 10)\n"
			 "   0  rest \n"
			 "   1  asked  StationRetryTimer = Station Registration Retry Interval\n"
			 "   2  done   waits: the end\n"
			 "                  | 0   | 1    | 2  \n"
			 "StationOffHook    | 1,2 | save | -  \n"
			 "StationRetryTimer |     | 0    |    \n"
			 "StationOnHook     | end | end  | end\n"
			 "StationReset      |     |      | =  \n");
}
END_TEST

START_TEST(a_graph_has_a_box_per_state_and_an_arrow_per_pair)
{
	drawn(sdl_table_dot);
	ck_assert_ptr_nonnull(strstr(text, "digraph \"Example\" {"));
	ck_assert_ptr_nonnull(strstr(text, "s1 [label=\"asked\\nStationRetryTimer\"];"));
	ck_assert_ptr_nonnull(strstr(text, "s0 -> s1 [label=\"StationOffHook\"];"));
	ck_assert_ptr_nonnull(strstr(text, "s0 -> s2 [label=\"StationOffHook\"];"));
	ck_assert_ptr_nonnull(strstr(text, "s1 -> s0 [label=\"StationRetryTimer\"];"));
	ck_assert_ptr_nonnull(strstr(text, "s2 -> s3 [label=\"StationOnHook\"];"));
	ck_assert_ptr_null(strstr(text, "s1 -> s2"));
	ck_assert_ptr_null(strstr(text, "StationReset"));
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(a_matrix_has_a_line_per_signal_and_a_column_per_state),
		SUITE_CASE(a_graph_has_a_box_per_state_and_an_arrow_per_pair),
	};
	return suite_main(argc, argv, "unit/test_table", cases, N(cases));
}
