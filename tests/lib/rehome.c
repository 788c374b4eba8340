#include "tests/lib/rehome.h"

#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define OUTPUT (1 << 20)

char rehome_place[] = "/tmp/rehome-e2e-XXXXXX";
char rehome_output[OUTPUT];
const char *rehome_in;
static char program[1024];

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

/* The words of a line, cut in place. */
static void cut(char *line, char *argv[40])
{
	int argc = 1;

	for (char *p = line; *p && argc < 39;) {
		char end = *p == '\'' ? '\'' : ' ';

		p += *p == '\'';
		argv[argc++] = p;
		p += strcspn(p, end == ' ' ? " " : "'");
		if (*p)
			*p++ = '\0';
		p += strspn(p, " ");
	}
	argv[argc] = NULL;
}

static void child(char **argv, int to)
{
	const int in = open(rehome_in ? rehome_in : "/dev/null", O_RDONLY | O_CLOEXEC);

	dup2(in, 0);
	dup2(to, 1);
	dup2(to, 2);
	execv(program, argv);
	_exit(127);
}

int rehome_run(const char *format, ...)
{
	char line[4096];
	char *argv[40] = { program };
	int fds[2];
	size_t n = 0;
	ssize_t got;
	int status;
	pid_t pid;
	va_list ap;

	va_start(ap, format);
	vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	cut(line, argv);
	ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0)
		child(argv, fds[1]);
	close(fds[1]);
	while (n < OUTPUT - 1 && (got = read(fds[0], rehome_output + n, OUTPUT - 1 - n)) > 0)
		n += (size_t)got;
	rehome_output[n] = '\0';
	close(fds[0]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFEXITED(status), "rehome died: %s", rehome_output);
	return WEXITSTATUS(status);
}

bool rehome_said(const char *what)
{
	return strstr(rehome_output, what) != NULL;
}

void rehome_says(const char *what)
{
	ck_assert_msg(rehome_said(what), "this does not say '%s':\n%s", what, rehome_output);
}

void rehome_set_up(void)
{
	const char *build = getenv("REHOME_BUILD");

	ck_assert_ptr_nonnull(realpath(build ? build : "build", program));
	strcat(program, "/rehome");
	ck_assert_msg(access(program, X_OK) == 0, "%s is not there", program);
	ck_assert_ptr_nonnull(mkdtemp(rehome_place));
	setenv("XDG_RUNTIME_DIR", rehome_place, 1);
}

void rehome_tear_down(void)
{
	rehome_run("down");
	nftw(rehome_place, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
