/* The runtime of processes: tables, timers, saved signals, priorities, ends. On the virtual host.
 */
#include "tests/lib/cluster.h"
#include "tests/lib/suite.h"

#include <signal.h>
#include <string.h>

#include "common/msg/messages.h"
#include "sdl/link/link_admin.h"

/* A process for tests. Signals are borrowed from others: Register moves it on, OffHook it saves
 * while it is idle, OnHook makes it return a state that its row does not name, Unregister ends it,
 * TokenTimer, too, but its row does not say so.
 */
enum { IDLE, BUSY, DONE };
enum { SUBJECT = 20, OTHER = 21 };

static struct log {
	uint16_t order[32];
	int n;
	int64_t timer_at;
	int stopped;
} seen;

static int note(const struct sdl_process *self, const struct sdl_signal *sig)
{
	seen.order[seen.n++] = sig->number;
	return sdl_state(self);
}

static int on_note(struct sdl_process *self, const struct sdl_signal *sig)
{
	return note(self, sig);
}

static int on_label(struct sdl_process *self, const struct sdl_signal *sig)
{
	const StationRegister *m = sig->msg;
	uint8_t packed[500];
	int64_t len = sdl_pack(SIG_StationRegister, m, packed, sizeof packed);
	const StationRegister *again =
		sdl_unpack(self, &station_register__descriptor, packed, (size_t)len);

	ck_assert_str_eq(sdl_label(self, m->device_name), m->device_name);
	ck_assert_str_eq(sdl_process_label(self), again->device_name);
	return note(self, sig);
}

static int on_busy(struct sdl_process *self, const struct sdl_signal *sig)
{
	note(self, sig);
	return BUSY;
}

static int on_busy_again(struct sdl_process *self, const struct sdl_signal *sig)
{
	note(self, sig);
	return BUSY | SDL_REENTER;
}

static int on_illegal(struct sdl_process *self, const struct sdl_signal *sig)
{
	note(self, sig);
	return DONE;
}

static int on_end(struct sdl_process *self, const struct sdl_signal *sig)
{
	note(self, sig);
	return SDL_STOP;
}

static int on_too_long(struct sdl_process *self, const struct sdl_signal *sig)
{
	note(self, sig);
	seen.timer_at = sdl_now(self);
	return DONE;
}

/* One of each class, the lowest first. */
static int on_send_all(struct sdl_process *self, const struct sdl_signal *sig)
{
	StationRegister lowest = STATION_REGISTER__INIT;

	(void)sig;
	lowest.device_name = "SEP000000000001";
	sdl_send(self, sdl_self(self), SIG_StationRegister, &lowest);
	sdl_send(self, sdl_self(self), SIG_StationUnregisterAck,
		 &(StationUnregisterAck)STATION_UNREGISTER_ACK__INIT);
	sdl_send(self, sdl_self(self), SIG_StationOffHook, &(StationHook)STATION_HOOK__INIT);
	sdl_send(self, sdl_self(self), SIG_DoorEnd, &(DoorEnd)DOOR_END__INIT);
	return sdl_state(self);
}

static void on_stop(struct sdl_process *self)
{
	(void)self;
	seen.stopped++;
}

static const struct sdl_state states[] = {
	[IDLE] = { .name = "idle", .waits = "" },
	[BUSY] = { .name = "busy",
		   .timer = SIG_StationKeepAliveAck,
		   .param = PARAM_NEW_CALL_ACCEPT_TIMER },
	[DONE] = { .name = "done", .waits = "" },
};
static const struct sdl_row rows[] = {
	{ IDLE, SIG_StationKeepAlive, on_busy, TO(BUSY) },
	{ IDLE, SIG_StationOffHook, sdl_save, 0 },
	{ SDL_ANY, SIG_StationOffHook, on_note, 0 },
	{ BUSY, SIG_StationKeepAliveAck, on_too_long, TO(DONE) },
	{ BUSY, SIG_StationKeepAlive, on_busy_again, 0 },
	{ SDL_ANY, SIG_StationOnHook, on_illegal, 0 },
	{ SDL_ANY, SIG_StationUnregister, on_end, TO_STOP },
	{ SDL_ANY, SIG_StationTokenTimer, on_end, 0 }, /* wrong */
	{ SDL_ANY, SIG_StationReset, sdl_ignore, 0 },
	{ SDL_ANY, SIG_DoorQuery, on_send_all, 0 },
	{ SDL_ANY, SIG_DoorEnd, on_note, 0 },
	{ SDL_ANY, SIG_StationUnregisterAck, on_note, 0 },
	{ SDL_ANY, SIG_StationRegister, on_label, 0 },
	{ DONE, SIG_StationKeepAliveAck, on_busy, TO(BUSY) },
};
static const struct sdl_type subject = { .name = "Subject",
					 .number = SUBJECT,
					 .at_start = true,
					 .states = states,
					 .states_n = 3,
					 .rows = rows,
					 .rows_n = sizeof rows / sizeof *rows,
					 .stop = on_stop };

static struct cluster *c;

static void make(void *arg, struct sdl_config *config)
{
	static const struct sdl_type *const types[] = { &sdl_link_admin, &subject };

	(void)arg;
	config->types = types;
	config->types_n = 2;
}

static void up(void)
{
	memset(&seen, 0, sizeof seen);
	c = cluster_new(1);
	cluster_add(c, &(struct sdl_virt_program){
			       .make = make, .name = "p", .node = 1, .app = SDL_APP_CALLMANAGER });
	cluster_start(c, "p");
}

static void down(void)
{
	cluster_destroy(&c);
}

static void post(uint16_t signal, const void *msg)
{
	cluster_post(c, "p", SUBJECT, signal, msg);
	cluster_advance(c, MS(1));
}

static void post_hook(uint16_t signal)
{
	StationHook m = STATION_HOOK__INIT;

	post(signal, &m);
}

START_TEST(a_saved_signal_is_handled_when_the_state_has_changed)
{
	post_hook(SIG_StationOffHook);
	ck_assert_int_eq(seen.n, 0);
	post(SIG_StationKeepAlive, NULL);
	ck_assert_int_eq(seen.n, 2);
	ck_assert_uint_eq(seen.order[0], SIG_StationKeepAlive);
	ck_assert_uint_eq(seen.order[1], SIG_StationOffHook);
}
END_TEST

START_TEST(a_label_of_any_length_takes_the_place_of_the_last_one)
{
	static const char *const names[] = {
		"SEP000000000001",
		"SEP0000000000012",
		"a name that is longer than the name of any device should be, but who knows",
		"SEP2",
		"a name that is too long for its place",
	};
	StationRegister m = STATION_REGISTER__INIT;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		m.device_name = (char *)names[i];
		post(SIG_StationRegister, &m);
	}
	ck_assert_int_eq(seen.n, sizeof names / sizeof *names);
}
END_TEST

START_TEST(a_state_that_lasts_too_long_gets_its_timer_after_the_service_parameter)
{
	int64_t entered;

	post(SIG_StationKeepAlive, NULL);
	entered = cluster_now(c);
	cluster_advance(c, SECONDS(5));
	ck_assert_uint_eq(seen.order[1], SIG_StationKeepAliveAck);
	ck_assert_int_ge(seen.timer_at, entered + SECONDS(4) - MS(1));
	ck_assert_int_le(seen.timer_at, entered + SECONDS(4));
}
END_TEST

START_TEST(entering_a_state_again_arms_its_timer_anew)
{
	post(SIG_StationKeepAlive, NULL);
	cluster_advance(c, SECONDS(3));
	post(SIG_StationKeepAlive, NULL);
	cluster_advance(c, SECONDS(3));
	ck_assert_int_eq(seen.n, 2);
	cluster_advance(c, SECONDS(2));
	ck_assert_int_eq(seen.n, 3);
}
END_TEST

START_TEST(classes_go_before_each_other_whatever_came_first)
{
	static const uint16_t expected[] = { SIG_DoorEnd, SIG_StationOffHook,
					     SIG_StationUnregisterAck, SIG_StationRegister };
	DoorQuery m = DOOR_QUERY__INIT;

	post(SIG_StationKeepAlive, NULL); /* out of idle, where OffHook is saved */
	seen.n = 0;
	post(SIG_DoorQuery, &m);
	ck_assert_int_eq(seen.n, 4);
	for (int i = 0; i < 4; i++)
		ck_assert_uint_eq(seen.order[i], expected[i]);
}
END_TEST

START_TEST(a_signal_without_a_row_is_discarded_and_counted)
{
	cluster_allow_unexpected(c);
	post(SIG_StationKeepAliveAck, NULL);
	ck_assert_int_eq(seen.n, 0);
	ck_assert_uint_eq(sdl_virt_unexpected(cluster_virt(c)), 1);
}
END_TEST

START_TEST(a_process_that_has_ended_gets_nothing_more)
{
	post(SIG_StationUnregister, NULL);
	ck_assert_int_eq(seen.stopped, 1);
	post_hook(SIG_StationOffHook);
	ck_assert_int_eq(seen.n, 1);
	ck_assert_uint_eq(sdl_virt_unexpected(cluster_virt(c)), 0);
}
END_TEST

START_TEST(a_known_signal_that_means_nothing_is_ignored)
{
	StationReset m = STATION_RESET__INIT;

	post(SIG_StationReset, &m);
	ck_assert_uint_eq(sdl_virt_unexpected(cluster_virt(c)), 0);
}
END_TEST

START_TEST(a_handler_that_goes_where_its_row_does_not_lead_aborts)
{
	post_hook(SIG_StationOnHook);
}
END_TEST

START_TEST(a_handler_that_ends_its_process_where_its_row_does_not_say_so_aborts)
{
	post(SIG_StationTokenTimer, NULL);
}
END_TEST

/* ---- tables -------------------------------------------------------------------------------- */
static const char *breach_of(const struct sdl_type *type)
{
	static char why[256];

	return sdl_program_check(&type, 1, why, sizeof why) ? why : "";
}

START_TEST(a_sound_table_passes_the_check)
{
	ck_assert_str_eq(breach_of(&subject), "");
	ck_assert_str_eq(breach_of(&sdl_link_admin), "");
}
END_TEST

START_TEST(a_state_that_no_row_leads_to_is_found)
{
	struct sdl_type t = subject;

	t.rows_n = 3;
	t.stop = NULL;
	ck_assert_ptr_nonnull(strstr(breach_of(&t), "no row for the timer of state busy"));
	t.rows_n = 5;
	t.states_n = 3;
	const struct sdl_state island[] = {
		states[0], states[1], states[2], { .name = "island", .waits = "" }
	};

	t.states = island;
	t.states_n = 4;
	ck_assert_ptr_nonnull(strstr(breach_of(&t), "no row leads to state island"));
}
END_TEST

START_TEST(two_rows_for_one_state_and_signal_are_found)
{
	const struct sdl_row twice[] = { rows[0], rows[0] };
	struct sdl_type t = subject;

	t.rows = twice;
	t.rows_n = 2;
	ck_assert_ptr_nonnull(strstr(breach_of(&t), "two rows for one state and StationKeepAlive"));
}
END_TEST

START_TEST(a_state_that_neither_has_a_timer_nor_says_what_it_waits_for_is_found)
{
	const struct sdl_state mute[] = { { .name = "mute" } };
	const struct sdl_row row[] = { { 0, SIG_StationReset, sdl_ignore, 0 } };
	struct sdl_type t = { .name = "Mute",
			      .number = 30,
			      .states = mute,
			      .states_n = 1,
			      .rows = row,
			      .rows_n = 1 };

	ck_assert_ptr_nonnull(strstr(breach_of(&t), "nor what it waits for, in state mute"));
}
END_TEST

int main(int argc, char **argv)
{
	struct suite_case cases[] = {
		SUITE_CASE_WITH(a_saved_signal_is_handled_when_the_state_has_changed, up, down),
		SUITE_CASE_WITH(
			a_state_that_lasts_too_long_gets_its_timer_after_the_service_parameter, up,
			down),
		SUITE_CASE_WITH(a_label_of_any_length_takes_the_place_of_the_last_one, up, down),
		SUITE_CASE_WITH(entering_a_state_again_arms_its_timer_anew, up, down),
		SUITE_CASE_WITH(classes_go_before_each_other_whatever_came_first, up, down),
		SUITE_CASE_WITH(a_signal_without_a_row_is_discarded_and_counted, up, down),
		SUITE_CASE_WITH(a_process_that_has_ended_gets_nothing_more, up, down),
		SUITE_CASE_WITH(a_known_signal_that_means_nothing_is_ignored, up, down),
		SUITE_CASE(a_sound_table_passes_the_check),
		SUITE_CASE(a_state_that_no_row_leads_to_is_found),
		SUITE_CASE(two_rows_for_one_state_and_signal_are_found),
		SUITE_CASE(a_state_that_neither_has_a_timer_nor_says_what_it_waits_for_is_found),
		SUITE_SIGNAL(a_handler_that_ends_its_process_where_its_row_does_not_say_so_aborts,
			     up, down, SIGABRT),
		SUITE_SIGNAL(a_handler_that_goes_where_its_row_does_not_lead_aborts, up, down,
			     SIGABRT),
	};

	return suite_main(argc, argv, "unit/test_runtime", cases, sizeof cases / sizeof *cases);
}
