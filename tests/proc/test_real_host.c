/* The host inside a loop of somebody else, its database thread and its files. */
#include <fcntl.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/msg/messages.h"
#include "sdl/database.h"
#include "sdl/link/link_admin.h"
#include "sdl/real.h"
#include "tests/lib/peer.h"
#include "tests/lib/suite.h"

#define ASKER	    4
#define SERVED	    20
#define PATIENCE_NS INT64_C(20000000000)

/* What the one Asker of a test has seen; the program runs in the test's own thread. */
static struct {
	int answers;
	int timers;
	int changes;
	char table[64];
	char operation[16];
} seen;

/* The served type waits for it: a locked database. */
static sem_t unlocked;
static int polls;

static int on_ask(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	sdl_send(self, sdl_local(self, SERVED), SIG_DbInitReq, NULL);
	sdl_timer_start(self, SIG_DbRetryTimer, 1000000);
	return 0;
}

static int on_answer(struct sdl_process *self, const struct sdl_signal *sig)
{
	const DbInitRes *res = sig->msg;

	ck_assert_str_eq(res->text, "served");
	ck_assert_uint_eq(sig->from.type, SERVED);
	seen.answers++;
	return sdl_state(self);
}

static int on_timer(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	seen.timers++;
	return sdl_state(self);
}

static int on_change(struct sdl_process *self, const struct sdl_signal *sig)
{
	const DbChangeNotify *c = sig->msg;

	snprintf(seen.table, sizeof(seen.table), "%s", c->table);
	snprintf(seen.operation, sizeof(seen.operation), "%s", c->operation);
	seen.changes++;
	return sdl_state(self);
}

static const struct sdl_state states[] = { { .name = "asking", .waits = "" } };
static const struct sdl_row rows[] = {
	{ 0, SIG_AppCommand, on_ask, TO(0) },
	{ 0, SIG_DbInitRes, on_answer, TO(0) },
	{ 0, SIG_DbRetryTimer, on_timer, TO(0) },
	{ 0, SIG_DbChangeNotify, on_change, TO(0) },
};
static const struct sdl_type asker = {
	.name = "Asker",
	.number = ASKER,
	.at_start = true,
	.states = states,
	.states_n = 1,
	.rows = rows,
	.rows_n = sizeof(rows) / sizeof(rows[0]),
};

static void serve_slowly(void *resource, const struct sdl_signal *request, struct sdl_answer *a)
{
	DbInitRes res = DB_INIT_RES__INIT;

	(void)resource;
	(void)request;
	sem_wait(&unlocked);
	res.text = (char *)(uintptr_t) "served";
	sdl_answer(a, SIG_DbInitRes, &res);
}

static const struct sdl_type served = { .name = "Served", .number = SERVED, .serve = serve_slowly };
static const struct sdl_type *const types[] = { &sdl_link_admin, &asker, &served };

static void options(struct sdl_real_options *o, uint16_t app, uint8_t node)
{
	sdl_real_options_init(o, app, "host");
	o->cluster = peer_cluster_number();
	o->config.node = node;
	o->config.types = types;
	o->config.types_n = 3;
}

static struct sdl_real *opened(struct sdl_real_options *o)
{
	char why[512];
	struct sdl_real *r = sdl_real_open(o, why, sizeof(why));

	ck_assert_msg(r != NULL, "%s", why);
	return r;
}

static void ask(struct sdl_real *r)
{
	const struct sdl_config *c = sdl_program_config(sdl_real_program(r));
	AppCommand msg = APP_COMMAND__INIT;
	uint8_t bytes[64];
	struct sdl_envelope e = { .to = { c->node, ASKER, c->app, 1 },
				  .from = { .node = SDL_HARNESS_NODE, .app = SDL_APP_HARNESS },
				  .number = SIG_AppCommand,
				  .bytes = bytes };

	msg.verb = (char *)(uintptr_t) "ask";
	e.len = (uint32_t)sdl_pack(SIG_AppCommand, &msg, bytes, sizeof(bytes));
	sdl_real_post(r, &e);
}

/* A foreign loop: dispatches only when the descriptor says so. */
static void loop_until(struct sdl_real *r, const int *count, int wanted)
{
	int64_t until = sdl_real_now() + PATIENCE_NS;

	while (*count < wanted) {
		struct pollfd fd = { .fd = sdl_real_fd(r), .events = POLLIN };

		ck_assert_int_lt(sdl_real_now(), until);
		if (poll(&fd, 1, 1000) == 1)
			ck_assert(sdl_real_dispatch(r));
	}
}

static void setup(void)
{
	peer_cluster();
	sem_init(&unlocked, 0, 0);
}

START_TEST(a_locked_database_stops_no_timer)
{
	struct sdl_real_options o;

	options(&o, SDL_APP_CALLMANAGER, 1);
	struct sdl_real *r = opened(&o);
	ask(r);
	loop_until(r, &seen.timers, 1);
	ask(r);
	loop_until(r, &seen.timers, 2);
	ck_assert_int_eq(seen.answers, 0);
	sem_post(&unlocked);
	sem_post(&unlocked);
	loop_until(r, &seen.answers, 2);
	sdl_real_close(&r);
	ck_assert_ptr_null(r);
}
END_TEST

START_TEST(a_loop_with_nothing_to_do_is_left_alone)
{
	struct sdl_real_options o;

	options(&o, SDL_APP_PHONES, 101);
	o.config.types_n = 2; /* without the served type nothing wakes it */
	struct sdl_real *r = opened(&o);
	struct pollfd fd = { .fd = sdl_real_fd(r), .events = POLLIN };
	int dispatched = 0;

	while (poll(&fd, 1, 200) == 1) {
		ck_assert(sdl_real_dispatch(r));
		ck_assert_int_lt(dispatched++, 50);
	}
	sdl_real_close(&r);
}
END_TEST

static void *refuse(void *arg, char *why, size_t why_size)
{
	(void)arg;
	snprintf(why, why_size, "no database here");
	return NULL;
}

START_TEST(a_program_whose_database_does_not_open_ends_with_status_2)
{
	struct sdl_real_options o;
	struct pollfd fd = { .events = POLLIN };

	options(&o, SDL_APP_CALLMANAGER, 1);
	o.resource.open = refuse;
	struct sdl_real *r = opened(&o);
	fd.fd = sdl_real_fd(r);
	while (sdl_real_dispatch(r))
		ck_assert_int_eq(poll(&fd, 1, 10000), 1);
	ck_assert_int_eq(sdl_real_status(r), SDL_EXIT_USAGE);
	sdl_real_close(&r);
}
END_TEST

START_TEST(a_library_takes_the_first_free_node)
{
	struct sdl_real_options o[3];
	struct sdl_real *r[3];

	for (int i = 0; i < 3; i++) {
		options(&o[i], SDL_APP_CTI, 0);
		o[i].config.types_n = 2;
		r[i] = opened(&o[i]);
		ck_assert_uint_eq(sdl_program_config(sdl_real_program(r[i]))->node,
				  (unsigned)(101 + i));
	}
	sdl_real_close(&r[1]);
	r[1] = opened(&o[1]);
	ck_assert_uint_eq(sdl_program_config(sdl_real_program(r[1]))->node, 102);
	for (int i = 0; i < 3; i++)
		sdl_real_close(&r[i]);
}
END_TEST

static void fail_on(int code, const struct db_error *err)
{
	ck_assert_msg(code >= 0, "%s", err->text);
}

START_TEST(a_change_of_the_database_is_told_within_about_a_second)
{
	char dir[] = "/tmp/rehome-test-XXXXXX";
	char path[64], command[96], why[512];
	struct sdl_real_options o;
	struct sdl_database place = { .writes = false };
	struct db_error err = { 0 };
	struct db *db;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/" SDL_DATABASE_FILE, dir);
	fail_on(db_create(&db, path, &err), &err);
	options(&o, SDL_APP_CALLMANAGER, 1);
	o.run_dir = dir;
	ck_assert_msg(!sdl_database_of_run(&o, &place, ASKER, why, sizeof(why)), "%s", why);
	struct sdl_real *r = opened(&o);
	/* An answer says that the thread has opened the database. */
	sem_post(&unlocked);
	ask(r);
	loop_until(r, &seen.answers, 1);
	ck_assert_int_eq(seen.changes, 0);
	fail_on(db_add_partition(db, "PT", &err), &err);
	loop_until(r, &seen.changes, 1);
	ck_assert_str_eq(seen.table, "routepartition");
	ck_assert_str_eq(seen.operation, "insert");
	db_close(&db);
	sdl_real_close(&r);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	ck_assert_int_eq(system(command), 0);
}
END_TEST

START_TEST(a_parameter_of_the_database_is_the_programs_own)
{
	struct param_set params;
	struct db_error err = { 0 };
	struct db *db;

	fail_on(db_memory(&db, &err), &err);
	fail_on(db_set_parameter(db, DB_SERVICE_CALLMANAGER, "CTI New Call Accept Timer", "7", NULL,
				 &err),
		&err);
	param_set_defaults(&params);
	fail_on(sdl_database_params(db, 1, &params, &err), &err);
	ck_assert_int_eq(param_value(&params, PARAM_NEW_CALL_ACCEPT_TIMER), 7);
	db_close(&db);
}
END_TEST

static void *nothing(void *arg, char *why, size_t why_size)
{
	(void)why;
	(void)why_size;
	return arg;
}

static void count_poll(void *arg, void *resource, struct sdl_answer *a)
{
	DbChangeNotify msg = DB_CHANGE_NOTIFY__INIT;

	(void)arg;
	(void)resource;
	msg.table = msg.pkid = msg.operation = (char *)(uintptr_t) "x";
	polls++;
	sdl_answer(a, SIG_DbChangeNotify, &msg);
}

START_TEST(a_poke_makes_the_program_look_at_once)
{
	struct sdl_real_options o;
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	options(&o, SDL_APP_CALLMANAGER, 1);
	o.control_fd = pair[1];
	o.resource = (struct sdl_resource){
		.open = nothing, .poll = count_poll, .notify_type = ASKER, .arg = &polls
	};
	struct sdl_real *r = opened(&o);
	loop_until(r, &seen.changes, 1); /* the first look */
	int64_t from = sdl_real_now();
	for (int i = 2; i < 12; i++) {
		char poke = SDL_CONTROL_POKE;

		ck_assert_int_eq(send(pair[0], &poke, 1, 0), 1);
		loop_until(r, &seen.changes, i);
	}
	for (int i = 12; i < 22; i++) {
		sdl_real_poke(peer_cluster_number());
		loop_until(r, &seen.changes, i);
	}
	/* Twenty looks of the clock would take twenty seconds. */
	ck_assert_int_lt((sdl_real_now() - from) / 1000000, 5000);
	sdl_real_close(&r);
	close(pair[0]);
	close(pair[1]);
}
END_TEST

START_TEST(the_record_of_a_killed_program_can_be_read)
{
	char dir[] = "/tmp/rehome-test-XXXXXX";
	char path[128], command[96];
	struct sdl_record_cursor cursor = { 0 };
	const struct sdl_record_entry *e;
	struct peer a, b;
	bool started = false, linked = false;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	const struct peer_spec one = {
		.node = 1, .app = 100, .links = "2.100", .incarnation = 7, .run_dir = dir
	};
	peer_start(&a, &one);
	peer_start(&b, &(struct peer_spec){ .node = 2, .app = 100, .links = "1.100" });
	peer_expect(&a, "isv", "2.100");
	peer_kill(&a);
	sdl_real_record_path(dir, "peer1", 100, 7, path, sizeof(path));
	struct sdl_record *record = sdl_record_attach(path);
	ck_assert_ptr_nonnull(record);
	while ((e = sdl_record_next(record, &cursor))) {
		started |= e->kind == SDL_REC_START && e->seq == 7;
		linked |= e->kind == SDL_REC_LINK && e->to.node == 2 && e->state == 1;
	}
	ck_assert(started && linked);
	sdl_record_destroy(&record);
	snprintf(path, sizeof(path), "%s/alarms.log", dir);
	char line[512] = "";
	FILE *f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	ck_assert_ptr_nonnull(fgets(line, sizeof(line), f));
	fclose(f);
	ck_assert_msg(strstr(line, "SDLLinkISV") != NULL, "alarms.log begins with: %s", line);
	peer_stop(&b);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	ck_assert_int_eq(system(command), 0);
}
END_TEST

/* A program that must not start: status 2, and a line that says why. */
static void refused(const struct peer_spec *spec, const char *why)
{
	struct peer p;
	char text[1024];
	int fd;

	peer_start_doomed(&p, spec, &fd);
	int status = peer_end(&p, fd, text, sizeof(text));
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == SDL_EXIT_USAGE,
		      "wait status %#x: %s", (unsigned)status, text);
	ck_assert_msg(strstr(text, why) != NULL, "unclear: %s", text);
}

START_TEST(mistakes_on_the_command_line_are_named)
{
	refused(&(struct peer_spec){ .node = 21, .app = 100 },
		"--node takes a number from 1 to 20");
	refused(&(struct peer_spec){ .node = 20, .app = 300 },
		"--node takes a number from 101 to 253");
	refused(&(struct peer_spec){ .node = 1, .app = 100, .links = "2" },
		"--link takes NODE.APPLICATION");
	refused(&(struct peer_spec){ .node = 1, .app = 100, .run_dir = "/nowhere" },
		"cannot make the record /nowhere/");
}
END_TEST

/* A supervisor with one program, which it has frozen; it tells its process number. */
static void supervise(int tell)
{
	struct peer p;

	peer_start(&p, &(struct peer_spec){ .node = 1, .app = 100 });
	peer_freeze(&p);
	ck_assert_int_eq(write(tell, &p.pid, sizeof(p.pid)), sizeof(p.pid));
	for (;;)
		pause();
}

START_TEST(a_killed_supervisor_leaves_no_program_behind_not_even_a_frozen_one)
{
	int fds[2];
	pid_t program, supervisor;

	ck_assert_int_eq(pipe(fds), 0);
	supervisor = fork();
	ck_assert_int_ge(supervisor, 0);
	if (!supervisor)
		supervise(fds[1]);
	ck_assert_int_eq(read(fds[0], &program, sizeof(program)), sizeof(program));
	struct pollfd end = { .fd = (int)syscall(SYS_pidfd_open, program, 0), .events = POLLIN };
	ck_assert_int_ge(end.fd, 0);
	ck_assert_int_eq(poll(&end, 1, 0), 0);
	ck_assert_int_eq(kill(supervisor, SIGKILL), 0);
	ck_assert_int_eq(waitpid(supervisor, NULL, 0), supervisor);
	ck_assert_int_eq(poll(&end, 1, 10000), 1);
	close(end.fd);
}
END_TEST

int main(int argc, char **argv)
{
	peer_main(argc, argv);

	const struct suite_case cases[] = {
		SUITE_CASE_WITH(a_locked_database_stops_no_timer, setup, NULL),
		SUITE_CASE_WITH(a_loop_with_nothing_to_do_is_left_alone, setup, NULL),
		SUITE_CASE_WITH(a_program_whose_database_does_not_open_ends_with_status_2, setup,
				NULL),
		SUITE_CASE_WITH(a_library_takes_the_first_free_node, setup, NULL),
		SUITE_CASE_WITH(a_change_of_the_database_is_told_within_about_a_second, setup,
				NULL),
		SUITE_CASE(a_parameter_of_the_database_is_the_programs_own),
		SUITE_CASE_WITH(a_poke_makes_the_program_look_at_once, setup, NULL),
		SUITE_CASE_WITH(mistakes_on_the_command_line_are_named, setup, NULL),
		SUITE_CASE_WITH(a_killed_supervisor_leaves_no_program_behind_not_even_a_frozen_one,
				setup, NULL),
		SUITE_CASE_WITH(the_record_of_a_killed_program_can_be_read, setup, NULL),
	};

	return suite_main(argc, argv, "proc/test_real_host", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
