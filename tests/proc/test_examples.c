/* The programs of docs/examples: compiled as they stand against the library, and run against a
 * CTIManager that pretends. */
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sdl/real.h"
#include "tests/lib/ctimanager_fake.h"
#include "tests/lib/peer.h"
#include "tests/lib/suite.h"

extern char **environ;

static const struct peer_spec fake = { .node = 1, .app = SDL_APP_CTIMANAGER, .kind = "--fake" };

/* ctimanager_fake as a program of the real host. */
static void fake_main(int argc, char **argv)
{
	struct fake_ctimanager context = { .offer = true };
	struct sdl_real_options o;

	if (argc < 3 || strcmp(argv[1], "--fake") != 0)
		return;
	peer_options(&o, argc, argv);
	fake_ctimanager_program(&o.config, &context);
	exit(sdl_real_run(&o));
}

static const char *build(void)
{
	const char *b = getenv("REHOME_BUILD");

	return b ? b : "build";
}

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZERS "-fsanitize=address,undefined"
#elif defined(REHOME_COVERAGE)
#define SANITIZERS "--coverage"
#else
#define SANITIZERS ""
#endif

/* lib: what to link after -Lbuild. */
static void compile(const char *name, const char *lib, char *program, size_t size)
{
	const char *cc = getenv("CC");
	char command[1000];

	snprintf(program, size, "%s/tests/example_%s", build(), name);
	snprintf(command, sizeof(command),
		 "%s -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror %s "
		 "-Ictimanager/client "
		 "-o %s docs/examples/%s.c -L%s %s -Wl,-rpath,'%s'",
		 cc ? cc : "gcc", SANITIZERS, program, name, build(), lib, build());
	ck_assert_msg(system(command) == 0, "%s", command);
}

static pid_t spawn(const char *program, const char *const *arguments, int input)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	if (input >= 0)
		posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	ck_assert_int_eq(
		posix_spawn(&pid, program, &actions, NULL, (char *const *)arguments, environ), 0);
	posix_spawn_file_actions_destroy(&actions);
	return pid;
}

static int status_of(pid_t pid)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return status;
}

/* lib: as for compile(). */
static void answer(const char *lib)
{
	char program[200], address[32];
	struct peer server;
	pid_t pid;

	compile("answer", lib, program, sizeof(program));
	peer_cluster();
	snprintf(address, sizeof(address), "127.%u.0.1", (unsigned)peer_cluster_number());
	peer_start(&server, &fake);
	pid = spawn(program,
		    (const char *const[]){ program, "--user", "ivr", "--password", "secret",
					   "--ctimanagers", address, NULL },
		    -1);
	peer_expect(&server, "CallAnswer", NULL);
	peer_expect(&server, "DeviceSetRTPForCall", NULL);
	kill(pid, SIGTERM);
	ck_assert_int_eq(status_of(pid), 0);
	peer_stop(&server);
}

START_TEST(the_example_answers_calls_at_a_route_point_with_the_shared_library)
{
	answer("-lcti");
}
END_TEST

START_TEST(the_example_answers_calls_at_a_route_point_with_the_static_library)
{
	answer("-l:libcti.a -lzmq -lprotobuf-c -pthread");
}
END_TEST

START_TEST(the_example_with_a_loop_of_its_own_calls_what_it_reads)
{
	char program[200], cluster[8];
	struct peer server;
	int in[2];
	pid_t pid;

	compile("own_loop", "-lcti", program, sizeof(program));
	peer_cluster();
	snprintf(cluster, sizeof(cluster), "%u", (unsigned)peer_cluster_number());
	peer_start(&server, &fake);
	ck_assert_int_eq(pipe2(in, O_CLOEXEC), 0);
	pid = spawn(program, (const char *const[]){ program, cluster, "ivr", "secret", "1", NULL },
		    in[0]);
	close(in[0]);
	peer_expect(&server, "LineOpen", NULL);
	/* It may not have been told yet that the line is open: ask until it calls. */
	do
		ck_assert_int_eq(write(in[1], "1002\n", 5), 5);
	while (!peer_told(&server, 200) || strcmp(server.verb, "1002") != 0);
	close(in[1]);
	ck_assert_int_eq(status_of(pid), 0);
	peer_stop(&server);
}
END_TEST

static char *contents(const char *path)
{
	FILE *f = fopen(path, "re");
	char *text = calloc(1, 1 << 20);

	ck_assert_msg(f && text, "%s", path);
	ck_assert_uint_gt(fread(text, 1, (1 << 20) - 1, f), 0);
	fclose(f);
	return text;
}

START_TEST(the_readme_shows_this_very_program_in_at_most_40_lines)
{
	static const char mark[] = "<!-- program: docs/examples/answer.c -->\n```c\n";
	char *readme = contents("README.md");
	char *program = contents("docs/examples/answer.c");
	char *shown = strstr(readme, mark);
	size_t lines = 0;

	ck_assert_ptr_nonnull(shown);
	shown += strlen(mark);
	ck_assert_ptr_nonnull(strstr(shown, "```"));
	*strstr(shown, "```") = '\0';
	ck_assert_str_eq(shown, program);
	for (const char *p = program; *p; p++)
		lines += *p == '\n';
	ck_assert_uint_le(lines, 40);
	free(program);
	free(readme);
}
END_TEST

START_TEST(the_library_is_found_with_pkg_config_once_it_is_installed)
{
	char command[1500];

	snprintf(command, sizeof(command),
		 "p=$PWD/%s/tests/installed; rm -rf \"$p\"; unset MAKEFLAGS MAKELEVEL; "
		 "make -s install B=%s SAN='%s' PREFIX=\"$p\" && "
		 "PKG_CONFIG_PATH=$p/lib/pkgconfig && export PKG_CONFIG_PATH && "
		 "cd \"$p\" && ${CC:-gcc} %s -o answer \"$OLDPWD/docs/examples/answer.c\" "
		 "$(pkg-config --cflags --libs libcti) && LD_LIBRARY_PATH=$p/lib ./answer --help "
		 ">out "
		 "&& grep -q ctimanagers out",
		 build(), build(), SANITIZERS, SANITIZERS);
	ck_assert_msg(system(command) == 0, "%s", command);
}
END_TEST

#ifndef REHOME_COVERAGE
START_TEST(the_shared_library_shows_cti_names_only)
{
	char command[300];

	snprintf(command, sizeof(command),
		 "nm -D --defined-only %s/libcti.so | grep -v ' cti_' | grep -q .", build());
	ck_assert_int_ne(system(command), 0);
}
END_TEST
#endif

int main(int argc, char **argv)
{
	fake_main(argc, argv);

	const struct suite_case cases[] = {
		SUITE_CASE(the_example_answers_calls_at_a_route_point_with_the_shared_library),
		SUITE_CASE(the_example_answers_calls_at_a_route_point_with_the_static_library),
		SUITE_CASE(the_example_with_a_loop_of_its_own_calls_what_it_reads),
		SUITE_CASE(the_readme_shows_this_very_program_in_at_most_40_lines),
		SUITE_CASE(the_library_is_found_with_pkg_config_once_it_is_installed),
#ifndef REHOME_COVERAGE /* which adds names of its own */
		SUITE_CASE(the_shared_library_shows_cti_names_only),
#endif
	};

	return suite_main(argc, argv, "proc/test_examples", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
