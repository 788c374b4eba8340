/* peer.c - the outside of a started program: its life, its orders, and what it tells. */
#include "tests/lib/peer.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/link/frame.h"
#include "sdl/real.h"

#define PATIENCE_MS   20000 /* far above what any step takes */
#define CONTROL_FD    3
#define CLUSTERS_FROM 128 /* away from those that users take first */
#define ARGUMENTS     24

extern char **environ;

static uint8_t cluster;

uint8_t peer_cluster_number(void)
{
	return cluster;
}

void peer_cluster(void)
{
	for (int c = CLUSTERS_FROM; c <= 254; c++) {
		struct sockaddr_un name = { .sun_family = AF_UNIX };
		int n = snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1, "rehome-%d", c);
		int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

		ck_assert_int_ge(fd, 0);
		if (!bind(fd, (struct sockaddr *)&name,
			  (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n))) {
			cluster = (uint8_t)c; /* the socket stays open as long as the test */
			return;
		}
		close(fd);
	}
	ck_abort_msg("no cluster number is free");
}

int peer_hold_port(uint16_t port, uint8_t node)
{
	struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(127u << 24 | (uint32_t)cluster << 16 | node),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	int yes = 1;

	ck_assert_int_ge(fd, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)); /* after a test before */
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	return fd;
}

struct arguments {
	char *argv[ARGUMENTS];
	char text[ARGUMENTS][64];
	int n;
};

static void add(struct arguments *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(struct arguments *a, const char *format, ...)
{
	va_list args;

	ck_assert_int_lt(a->n, ARGUMENTS - 1);
	va_start(args, format);
	vsnprintf(a->text[a->n], sizeof(a->text[0]), format, args);
	va_end(args);
	a->argv[a->n] = a->text[a->n];
	a->n++;
	a->argv[a->n] = NULL;
}

static void arguments_of(struct arguments *a, const struct peer_spec *s)
{
	a->n = 0;
	add(a, "peer");
	add(a, "%s", s->kind ? s->kind : "--peer");
	add(a, "%u", (unsigned)s->app);
	add(a, "--node=%u", (unsigned)s->node);
	add(a, "--cluster=%u", (unsigned)cluster);
	add(a, "--control-fd=%d", CONTROL_FD);
	add(a, "--parent=%d", (int)getpid());
	add(a, "--heartbeat=%u", s->heartbeat_ms ? s->heartbeat_ms : 100);
	add(a, "--silence=%u", s->silence_ms ? s->silence_ms : 1000);
	add(a, "--token=%s", s->token ? s->token : "secret");
	if (s->hwm)
		add(a, "--hwm=%u", s->hwm);
	if (s->links)
		add(a, "--link=%s", s->links);
	if (s->incarnation)
		add(a, "--incarnation=%llu", (unsigned long long)s->incarnation);
	if (s->run_dir)
		add(a, "--run=%s", s->run_dir);
	if (s->secure_links)
		add(a, "--secure-links");
}

static void spawn(struct peer *p, const struct peer_spec *spec, int stderr_fd)
{
	posix_spawn_file_actions_t actions;
	struct arguments a;
	int pair[2];

	memset(p, 0, sizeof(*p));
	p->spec = *spec;
	arguments_of(&a, spec);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pair[1], CONTROL_FD);
	if (stderr_fd >= 0)
		posix_spawn_file_actions_adddup2(&actions, stderr_fd, STDERR_FILENO);
	if (pair[1] == CONTROL_FD) /* a descriptor onto itself would keep its close-on-exec */
		fcntl(pair[1], F_SETFD, 0);
	int error = posix_spawn(&p->pid, "/proc/self/exe", &actions, NULL, a.argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	ck_assert_msg(!error, "cannot start a program: %s", strerror(error));
	close(pair[1]);
	p->control = pair[0];
}

void peer_launch(struct peer *p, const struct peer_spec *spec)
{
	spawn(p, spec, -1);
}

void peer_start(struct peer *p, const struct peer_spec *spec)
{
	spawn(p, spec, -1);
	peer_expect(p, "ready", NULL);
}

void peer_start_doomed(struct peer *p, const struct peer_spec *spec, int *stderr_fd)
{
	int fds[2];

	ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
	spawn(p, spec, fds[1]);
	close(fds[1]);
	*stderr_fd = fds[0];
}

int peer_end(struct peer *p, int stderr_fd, char *text, size_t size)
{
	size_t used = 0;
	ssize_t len;
	int status;

	while (used + 1 < size && (len = read(stderr_fd, text + used, size - used - 1)) > 0)
		used += (size_t)len;
	text[used] = '\0';
	close(stderr_fd);
	ck_assert_int_eq(waitpid(p->pid, &status, 0), p->pid);
	close(p->control);
	p->pid = 0;
	return status;
}

void peer_kill(struct peer *p)
{
	ck_assert_int_eq(kill(p->pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(p->pid, NULL, 0), p->pid);
	close(p->control);
	p->pid = 0;
}

void peer_freeze(struct peer *p)
{
	int status;

	ck_assert_int_eq(kill(p->pid, SIGSTOP), 0);
	ck_assert_int_eq(waitpid(p->pid, &status, WUNTRACED), p->pid);
	ck_assert(WIFSTOPPED(status));
}

void peer_thaw(struct peer *p)
{
	ck_assert_int_eq(kill(p->pid, SIGCONT), 0);
}

void peer_stop(struct peer *p)
{
	int status;

	ck_assert_int_eq(kill(p->pid, SIGTERM), 0);
	ck_assert_int_eq(waitpid(p->pid, &status, 0), p->pid);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0,
		      "an orderly end gave wait status %#x", (unsigned)status);
	close(p->control);
	p->pid = 0;
}

void peer_post(struct peer *p, uint8_t type, uint16_t number, const void *msg)
{
	uint8_t packed[4096], bytes[ENVELOPE_HEADER + sizeof(packed)];
	struct sdl_envelope e = {
		.to = { .node = p->spec.node, .type = type, .app = p->spec.app, .inst = 1 },
		.from = { .node = SDL_HARNESS_NODE, .app = SDL_APP_HARNESS },
		.number = number,
		.bytes = packed,
	};
	int64_t len = sdl_pack(number, msg, packed, sizeof(packed));

	ck_assert_int_ge(len, 0);
	e.len = (uint32_t)len;
	size_t size = envelope_write(bytes, &e);
	ck_assert_int_eq(send(p->control, bytes, size, MSG_NOSIGNAL), (ssize_t)size);
}

void peer_order(struct peer *p, const char *verb, const char *to, const char *mark, uint64_t count)
{
	AppCommand c = APP_COMMAND__INIT;

	c.verb = (char *)(uintptr_t)verb;
	c.destination = (char *)(uintptr_t)to;
	c.device = (char *)(uintptr_t)mark;
	c.has_call_handle = 1;
	c.call_handle = count;
	peer_post(p, APP_CTI_APPLICATION, SIG_AppCommand, &c);
}

static void take(struct peer *p, const uint8_t *bytes, size_t len)
{
	struct sdl_envelope e;

	ck_assert_int_eq(envelope_read(&e, bytes, len), (int64_t)len);
	ck_assert_uint_eq(e.number, SIG_CommandResult);
	CommandResult *r = command_result__unpack(NULL, e.len, e.bytes);
	ck_assert_ptr_nonnull(r);
	snprintf(p->verb, sizeof(p->verb), "%s", r->verb);
	snprintf(p->device, sizeof(p->device), "%s", r->device ? r->device : "");
	snprintf(p->text, sizeof(p->text), "%s", r->text ? r->text : "");
	p->result = r->result;
	command_result__free_unpacked(r, NULL);
}

bool peer_told(struct peer *p, int timeout_ms)
{
	uint8_t bytes[ENVELOPE_HEADER + SDL_FRAME_MAX];
	struct pollfd fd = { .fd = p->control, .events = POLLIN };

	if (poll(&fd, 1, timeout_ms) != 1)
		return false;
	ssize_t len = recv(p->control, bytes, sizeof(bytes), 0);
	ck_assert_msg(len > 0, "program %u.%u has ended", (unsigned)p->spec.node,
		      (unsigned)p->spec.app);
	take(p, bytes, (size_t)len);
	return true;
}

static bool is(const struct peer *p, const char *verb, const char *device)
{
	return !strcmp(p->verb, verb) && (!device || !strcmp(p->device, device));
}

void peer_expect(struct peer *p, const char *verb, const char *device)
{
	int64_t until = sdl_real_now() + PATIENCE_MS * INT64_C(1000000);

	for (;;) {
		int64_t left = (until - sdl_real_now()) / 1000000;

		if (left <= 0 || !peer_told(p, (int)left))
			break;
		if (is(p, verb, device))
			return;
		ck_assert_msg(strcmp(p->verb, "disorder") != 0,
			      "signal %u of burst '%s' came out of order", (unsigned)p->result,
			      p->device);
	}
	ck_abort_msg("program %u.%u did not tell '%s %s'; last was '%s %s'", (unsigned)p->spec.node,
		     (unsigned)p->spec.app, verb, device ? device : "", p->verb, p->device);
}

void peer_never(struct peer *p, const char *verb, const char *device, int within_ms)
{
	int64_t until = sdl_real_now() + within_ms * INT64_C(1000000);

	for (;;) {
		int64_t left = (until - sdl_real_now()) / 1000000;

		if (left <= 0 || !peer_told(p, (int)left))
			return;
		ck_assert_msg(!is(p, verb, device), "program %u.%u told '%s %s'",
			      (unsigned)p->spec.node, (unsigned)p->spec.app, p->verb, p->device);
	}
}
