/* The metrics of a running cluster: printed, and served to whoever asks over HTTP. */
#include "tests/lib/suite.h"

#include <arpa/inet.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char place[] = "/tmp/rehome-e2e-XXXXXX";
static char rehome[1024];
static char output[1 << 16];

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static int run(const char *words)
{
	char line[2048];
	FILE *f;
	size_t n;
	int status;

	snprintf(line, sizeof(line), "exec 2>&1; %s %s", rehome, words);
	f = popen(line, "re");
	ck_assert_ptr_nonnull(f);
	n = fread(output, 1, sizeof(output) - 1, f);
	output[n] = '\0';
	status = pclose(f);
	ck_assert_msg(WIFEXITED(status), "rehome died: %s", output);
	return WEXITSTATUS(status);
}

static void says(const char *what)
{
	ck_assert_msg(strstr(output, what) != NULL, "this does not say '%s':\n%s", what, output);
}

static void set_up(void)
{
	const char *build = getenv("REHOME_BUILD");

	ck_assert_ptr_nonnull(realpath(build ? build : "build", rehome));
	strcat(rehome, "/rehome");
	ck_assert_ptr_nonnull(mkdtemp(place));
	setenv("XDG_RUNTIME_DIR", place, 1);
	ck_assert_msg(run("up --nodes 2") == 0, "%s", output);
}

static void tear_down(void)
{
	run("down");
	nftw(place, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- the server -------------------------------------------------------------------------- */

static pid_t serve(uint16_t *port)
{
	char line[256];
	unsigned number;
	int fds[2];
	FILE *f;
	pid_t pid;

	ck_assert_int_eq(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		dup2(fds[1], 1);
		close(fds[0]);
		close(fds[1]);
		execl(rehome, rehome, "metrics", "--listen", "0", (char *)NULL);
		_exit(127);
	}
	close(fds[1]);
	f = fdopen(fds[0], "r");
	ck_assert_ptr_nonnull(fgets(line, sizeof(line), f));
	ck_assert_msg(sscanf(line, "metrics of cluster rehome at http://127.0.0.1:%u/metrics",
			     &number) == 1,
		      "%s", line);
	fclose(f);
	*port = (uint16_t)number;
	return pid;
}

/* Into output: the whole answer to the end of the connection. */
static void request(uint16_t port, const char *words)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t n = 0;
	ssize_t got;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	ck_assert_int_eq(send(fd, words, strlen(words), MSG_NOSIGNAL), (ssize_t)strlen(words));
	while (n < sizeof(output) - 1 &&
	       (got = recv(fd, output + n, sizeof(output) - 1 - n, 0)) > 0)
		n += (size_t)got;
	output[n] = '\0';
	close(fd);
}

#define HEADERS " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

START_TEST(counters_and_alarms_of_all_nodes_are_printed)
{
	ck_assert_msg(run("metrics") == 0, "%s", output);
	says("# TYPE cisco_callmanager_registered_hardware_phones gauge\n"
	     "cisco_callmanager_registered_hardware_phones{node=\"ccm1\"} 8\n"
	     "cisco_callmanager_registered_hardware_phones{node=\"ccm2\"} 0\n");
	says("severity=\"5\",alarm=\"CallManagerOnline\"} 1\n");
	ck_assert_int_eq(run("kill ccm2:callmanager"), 0);
	ck_assert_int_eq(run("metrics"), 0);
	says("rehome_program_up{node=\"ccm2\",program=\"ccm2:callmanager\"} 0\n");
}
END_TEST

START_TEST(they_are_served_over_http_and_outlive_the_cluster)
{
	uint16_t port;
	pid_t pid = serve(&port);
	int status;

	request(port, "GET /metrics" HEADERS);
	says("HTTP/1.1 200 OK\r\n");
	says("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n");
	says("\ncisco_cti_manager_ccm_link_active{node=\"ccm1\"} 2\n");
	request(port, "GET /" HEADERS);
	says("HTTP/1.1 404 ");
	request(port, "DELETE /metrics" HEADERS);
	says("HTTP/1.1 405 ");
	request(port, "nonsense\r\n\r\n"); /* no answer is owed */
	ck_assert_int_eq(run("down"), 0);
	request(port, "GET /metrics" HEADERS);
	says("HTTP/1.1 503 ");
	says("there is no cluster 'rehome'");
	ck_assert_int_eq(run("up --nodes 1"), 0);
	request(port, "GET /metrics" HEADERS);
	says("cisco_cti_manager_ccm_link_active{node=\"ccm1\"} 1\n");
	kill(pid, SIGTERM);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
END_TEST

START_TEST(a_port_that_cannot_be_is_refused_with_its_name)
{
	char words[64];
	uint16_t port;
	pid_t pid;

	ck_assert_int_eq(run("metrics --listen 65536"), 2);
	says("0 to 65535");
	pid = serve(&port);
	snprintf(words, sizeof(words), "metrics --listen %u", port);
	ck_assert_int_eq(run(words), 2);
	says("Address already in use");
	kill(pid, SIGINT);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(counters_and_alarms_of_all_nodes_are_printed, set_up, tear_down),
		SUITE_CASE_WITH(they_are_served_over_http_and_outlive_the_cluster, set_up,
				tear_down),
		SUITE_CASE_WITH(a_port_that_cannot_be_is_refused_with_its_name, set_up, tear_down),
	};

	return suite_main(argc, argv, "e2e/test_metrics", cases, sizeof(cases) / sizeof(cases[0]));
}
