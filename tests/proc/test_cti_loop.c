/* An application's command line and its own loop: what cti_main() and cti_open() make of what they
 * are given. Mistakes end a program, so each is made in a child. */
#include "tests/lib/peer.h"
#include "tests/lib/suite.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/msg/address.h"
#include "ctimanager/client/cti.h"
#include "ctimanager/client/program.h"
#include "sdl/real.h"

#define WORDS_MAX 12

static char said[4096]; /* what the child wrote to standard error */

static void parse(struct cti_arguments *a, struct sdl_real_options *o, const char *const *words)
{
	char *argv[WORDS_MAX + 2] = { (char *)"app" };
	int argc = 1;

	for (; *words && argc <= WORDS_MAX; words++)
		argv[argc++] = (char *)(uintptr_t)*words;
	sdl_real_options_init(o, SDL_APP_CTI, "app");
	cti_parse(a, o, argc, argv);
}

/* Parses them in a child; returns its exit status. */
static int refused(const char *const *words)
{
	int fds[2], status;
	size_t n = 0;
	ssize_t got;
	pid_t pid;

	ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		struct cti_arguments a;
		struct sdl_real_options o;

		dup2(fds[1], STDERR_FILENO);
		parse(&a, &o, words);
		exit(0);
	}
	close(fds[1]);
	while (n < sizeof(said) - 1 && (got = read(fds[0], said + n, sizeof(said) - 1 - n)) > 0)
		n += (size_t)got;
	said[n] = '\0';
	close(fds[0]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

START_TEST(an_application_is_told_its_user_its_ctimanagers_and_its_kind)
{
	static const char *const words[] = { "--user=ivr",	 "--password=secret",
					     "--instance=two",	 "--heartbeat=7",
					     "--kind=TAPI",	 "--ctimanagers=127.9.0.2,3",
					     "--ctimanagers=20", NULL };
	struct cti_arguments a;
	struct sdl_real_options o;

	parse(&a, &o, words);
	ck_assert_str_eq(a.provider.user, "ivr");
	ck_assert_str_eq(a.provider.password, "secret");
	ck_assert_str_eq(a.provider.instance, "two");
	ck_assert_uint_eq(a.provider.heartbeat_s, 7);
	ck_assert_int_eq(a.provider.kind, CTI_TAPI);
	ck_assert_uint_eq(a.provider.ctimanagers[0], 2);
	ck_assert_uint_eq(a.provider.ctimanagers[1], 3);
	ck_assert_uint_eq(a.provider.ctimanagers[2], 20);
	ck_assert_int_eq(o.cluster, 9);
}
END_TEST

START_TEST(an_application_that_is_told_nothing_knows_the_first_node_and_no_user)
{
	static const char *const words[] = { NULL };
	struct cti_arguments a;
	struct sdl_real_options o;

	parse(&a, &o, words);
	ck_assert_ptr_null(a.provider.user);
	ck_assert_str_eq(a.provider.password, "");
	ck_assert_uint_eq(a.provider.ctimanagers[0], 1);
	ck_assert_uint_eq(a.provider.ctimanagers[1], 0);
	ck_assert_int_eq(o.cluster, 1);
}
END_TEST

static const struct {
	const char *word;
	const char *why;
} wrong[] = {
	{ "--ctimanagers=one", "--ctimanagers takes up to" },
	{ "--ctimanagers=0", "--ctimanagers takes up to" },
	{ "--ctimanagers=21", "--ctimanagers takes up to" },
	{ "--ctimanagers=1;2", "--ctimanagers takes up to" },
	{ "--ctimanagers=10.0.0.1", "--ctimanagers takes up to" },
	{ "--ctimanagers=127.0.0.1", "--ctimanagers takes up to" },
	{ "--ctimanagers=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,1",
	  "--ctimanagers takes up to" },
	{ "--kind=jtapi", "--kind is JTAPI, TAPI or DIRECT, not 'jtapi'" },
	{ "--heartbeat=0", "--heartbeat takes 1 to 86400 seconds, not '0'" },
	{ "--heartbeat=-5", "--heartbeat takes 1 to 86400 seconds, not '-5'" },
	{ "--heartbeat=5s", "--heartbeat takes 1 to 86400 seconds, not '5s'" },
	{ "--heartbeat=86401", "--heartbeat takes 1 to 86400 seconds, not '86401'" },
	{ "--password-file=/nowhere/at/all", "no password in /nowhere/at/all: No such file" },
	{ "--password-file=/dev/null", "no password in /dev/null" },
};

START_TEST(a_wrong_word_on_an_applications_command_line_is_refused_by_name)
{
	const char *words[] = { wrong[_i].word, NULL };

	ck_assert_int_ne(refused(words), 0);
	ck_assert_msg(strstr(said, wrong[_i].why) != NULL, "%s: %s", wrong[_i].word, said);
}
END_TEST

START_TEST(a_password_comes_from_a_file_without_its_line_end)
{
	char path[] = "/tmp/rehome-password-XXXXXX", word[100];
	const char *words[] = { word, NULL };
	struct cti_arguments a;
	struct sdl_real_options o;
	int fd = mkstemp(path);

	ck_assert_int_eq(write(fd, "secret\r\n", 8), 8);
	close(fd);
	snprintf(word, sizeof(word), "--password-file=%s", path);
	parse(&a, &o, words);
	unlink(path);
	ck_assert_str_eq(a.provider.password, "secret");
}
END_TEST

START_TEST(a_loop_of_ones_own_that_cannot_be_opened_says_why)
{
	const struct cti_app app = { .name = "app" };
	struct cti_options o = { .node = 104 };
	char why[200] = "";
	struct cti *one;

	peer_cluster();
	o.cluster = peer_cluster_number();
	one = cti_open(&app, &o, why, sizeof(why));
	ck_assert_msg(one != NULL, "%s", why);
	ck_assert_int_ge(cti_fd(one), 0);
	ck_assert(cti_dispatch(one));
	o.run_dir = "/nowhere/at/all";
	ck_assert_ptr_null(cti_open(&app, &o, why, sizeof(why)));
	ck_assert_str_ne(why, "");
	cti_close(&one);
	ck_assert_ptr_null(one);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE(an_application_is_told_its_user_its_ctimanagers_and_its_kind),
		SUITE_CASE(an_application_that_is_told_nothing_knows_the_first_node_and_no_user),
		SUITE_LOOP(a_wrong_word_on_an_applications_command_line_is_refused_by_name, 0,
			   sizeof(wrong) / sizeof(wrong[0])),
		SUITE_CASE(a_password_comes_from_a_file_without_its_line_end),
		SUITE_CASE(a_loop_of_ones_own_that_cannot_be_opened_says_why),
	};

	return suite_main(argc, argv, "proc/test_cti_loop", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
