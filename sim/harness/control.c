#include "sim/harness/control.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#define CLIENT_MS  2000 /* how long a client may take to say its line, or to read the answer */
#define ANSWER_MAX (64u << 20)
#define ANSWER_MS  60000

static const char *const subjects[] = {
	[SIM_ON_CLUSTER] = "cluster",
	[SIM_ON_PHONE] = "phone",
	[SIM_ON_APP] = "app",
};

static int address_of(struct sockaddr_un *a, const char *dir, struct sim_error *err)
{
	int n;

	memset(a, 0, sizeof(*a));
	a->sun_family = AF_UNIX;
	n = snprintf(a->sun_path, sizeof(a->sun_path), "%s/control", dir);
	if (n < 0 || (size_t)n >= sizeof(a->sun_path))
		return sim_fail(err, SIM_USAGE, "%s: the name is too long for a socket", dir);
	return 0;
}

int sim_control_listen(const char *dir, struct sim_error *err)
{
	struct sockaddr_un a;
	int fd;

	if (address_of(&a, dir, err) < 0)
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) < 0 || listen(fd, 8) < 0) {
		sim_fail(err, SIM_UNKNOWN, "%s: %s", a.sun_path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

/* ---- server -------------------------------------------------------------------------- */

static char *reply(int status, const char *output, const char *error)
{
	json_t *o = json_pack("{s:i, s:s%, s:s}", "status", status, "output", output ? output : "",
			      output ? strlen(output) : (size_t)0, "error", error ? error : "");
	char *text;

	/* What is not UTF-8 cannot be said in JSON. */
	if (!o)
		o = json_pack("{s:i, s:s, s:s}", "status", SIM_UNKNOWN, "output", "", "error",
			      "the answer is not text");
	text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	if (!text)
		abort();
	return text;
}

static const struct sim_verb *verb_of(const json_t *request, struct sim_error *err)
{
	const char *name = json_string_value(json_object_get(request, "verb"));
	const char *on = json_string_value(json_object_get(request, "subject"));
	const struct sim_verb *verb = NULL;

	for (int s = SIM_ON_CLUSTER; name && s <= SIM_ON_APP; s++)
		if (!strcmp(on ? on : subjects[0], subjects[s]))
			verb = sim_verb((enum sim_subject)s, name);
	if (!verb)
		sim_fail(err, SIM_USAGE, "there is no verb '%.60s' here", name ? name : "");
	return verb;
}

static int read_args(const json_t *request, const struct sim_verb *verb, struct sim_call *call)
{
	const json_t *args = json_object_get(request, "args");
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)args, key, value)
	{
		unsigned i = 0;

		while (i < sim_verb_args(verb) && strcmp(verb->args[i].name, key) != 0)
			i++;
		if (i == sim_verb_args(verb) || !json_is_string(value))
			return sim_fail(call->err, SIM_USAGE, "%s has no argument '%.60s'",
					verb->name, key);
		call->args[i] = json_string_value(value);
	}
	return 0;
}

static char *do_request(const json_t *request, struct sim_host *host, bool *down)
{
	struct sim_error err = { 0 };
	struct sim_call call = { .host = host, .err = &err, .watch = true };
	char *output = NULL;
	char *text;
	size_t size;
	int result;

	call.verb = verb_of(request, &err);
	if (!call.verb)
		return reply(err.status, NULL, err.text);
	if (!strcmp(call.verb->name, "down")) {
		*down = true;
		return reply(0, NULL, NULL);
	}
	call.subject = json_string_value(json_object_get(request, "name"));
	if (!call.subject)
		call.subject = "";
	call.out = open_memstream(&output, &size);
	if (!call.out)
		abort();
	result = read_args(request, call.verb, &call);
	if (result == 0)
		result = sim_verb_run(&call);
	fclose(call.out);
	text = reply(result < 0 ? err.status : 0, output, result < 0 ? err.text : NULL);
	free(output);
	return text;
}

char *sim_control_answer(const char *line, size_t len, struct sim_host *host, bool *down)
{
	json_error_t why;
	json_t *request = json_loadb(line, len, 0, &why);
	char *text;

	if (!json_is_object(request)) {
		text = reply(SIM_USAGE, NULL, "the request is not a JSON object");
	} else {
		text = do_request(request, host, down);
	}
	json_decref(request);
	return text;
}

/* Reads up to a line feed. Returns its length, or -1: too long, too slow, or gone. */
static ssize_t read_line(int fd, char *buf, size_t size, int timeout_ms)
{
	size_t n = 0;

	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		char *end;
		ssize_t got;

		if (n == size || poll(&p, 1, timeout_ms) <= 0)
			return -1;
		got = recv(fd, buf + n, size - n, 0);
		if (got <= 0)
			return -1;
		end = memchr(buf + n, '\n', (size_t)got);
		if (end)
			return end - buf;
		n += (size_t)got;
	}
}

static bool write_all(int fd, const char *text, size_t n)
{
	while (n > 0) {
		struct pollfd p = { .fd = fd, .events = POLLOUT };
		ssize_t sent;

		if (poll(&p, 1, CLIENT_MS) <= 0)
			return false;
		sent = send(fd, text, n, MSG_NOSIGNAL);
		if (sent < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		if (sent > 0) {
			text += sent;
			n -= (size_t)sent;
		}
	}
	return true;
}

static bool is_owner(int fd)
{
	struct ucred who;
	socklen_t len = sizeof(who);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0 &&
	       (who.uid == geteuid() || who.uid == 0);
}

void sim_control_serve(int listening, struct sim_host *host, bool *down)
{
	static char line[SIM_CONTROL_MAX];
	int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	ssize_t n;
	char *text;

	if (fd < 0)
		return;
	if (!is_owner(fd)) {
		close(fd);
		return;
	}
	n = read_line(fd, line, sizeof(line), CLIENT_MS);
	text = n < 0 ? reply(SIM_USAGE, NULL, "a request is one line of at most 64 KiB")
		     : sim_control_answer(line, (size_t)n, host, down);
	if (write_all(fd, text, strlen(text)))
		write_all(fd, "\n", 1);
	free(text);
	close(fd);
}

/* ---- client -------------------------------------------------------------------------- */

static char *request_line(const struct sim_verb *verb, const char *subject, const char *const *args)
{
	json_t *o = json_pack("{s:s, s:s, s:s, s:{}}", "verb", verb->name, "subject",
			      subjects[verb->subject], "name", subject ? subject : "", "args");
	json_t *list = json_object_get(o, "args");
	char *text;

	for (unsigned i = 0; o && i < sim_verb_args(verb); i++)
		if (args[i] &&
		    json_object_set_new(list, verb->args[i].name, json_string(args[i])) < 0) {
			json_decref(o);
			return NULL;
		}
	text = o ? json_dumps(o, JSON_COMPACT) : NULL;
	json_decref(o);
	return text;
}

/* The whole answer, up to the end of the connection. */
static char *read_answer(int fd)
{
	size_t n = 0, size = 65536;
	char *text = malloc(size + 1);

	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		ssize_t got;

		if (!text)
			abort();
		if (poll(&p, 1, ANSWER_MS) <= 0)
			break;
		got = recv(fd, text + n, size - n, 0);
		if (got <= 0)
			break;
		n += (size_t)got;
		if (n == size) {
			size *= 2;
			if (size > ANSWER_MAX)
				break;
			text = realloc(text, size + 1);
		}
	}
	if (n == 0) {
		free(text);
		return NULL;
	}
	text[n] = '\0';
	return text;
}

static int exchange(int fd, const char *line, FILE *out, struct sim_error *err)
{
	char *text = NULL;
	json_t *answer;
	int status;

	if (write_all(fd, line, strlen(line)) && write_all(fd, "\n", 1))
		text = read_answer(fd);
	answer = text ? json_loads(text, 0, NULL) : NULL;
	free(text);
	if (!json_is_object(answer)) {
		json_decref(answer);
		sim_fail(err, SIM_UNKNOWN, "the cluster's supervisor does not answer");
		return SIM_UNKNOWN;
	}
	status = (int)json_integer_value(json_object_get(answer, "status"));
	fputs(json_string_value(json_object_get(answer, "output")), out);
	if (status)
		sim_fail(err, (enum sim_exit)status, "%s",
			 json_string_value(json_object_get(answer, "error")));
	json_decref(answer);
	return status;
}

int sim_control_ask(const char *dir, const struct sim_verb *verb, const char *subject,
		    const char *const *args, FILE *out, struct sim_error *err)
{
	struct sockaddr_un a;
	char *line = request_line(verb, subject, args);
	int status = SIM_UNKNOWN;
	int fd;

	if (!line || strlen(line) >= SIM_CONTROL_MAX) {
		free(line);
		sim_fail(err, SIM_USAGE, "%s: the arguments are too long, or not UTF-8",
			 verb->name);
		return SIM_USAGE;
	}
	if (address_of(&a, dir, err) < 0) {
		free(line);
		return err->status;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0)
		sim_fail(err, SIM_UNKNOWN, "%s: %s", a.sun_path, strerror(errno));
	else
		status = exchange(fd, line, out, err);
	if (fd >= 0)
		close(fd);
	free(line);
	return status;
}

int sim_control_supervisor(const char *dir, struct sim_error *err)
{
	struct sockaddr_un a;
	struct ucred who;
	socklen_t len = sizeof(who);
	int fd, pidfd = -1;

	if (address_of(&a, dir, err) < 0)
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	/* The credentials of a listening socket are those of who made it listen. */
	if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0 &&
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0)
		pidfd = (int)syscall(SYS_pidfd_open, who.pid, 0);
	if (pidfd < 0)
		sim_fail(err, SIM_UNKNOWN, "%s: %s", a.sun_path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return pidfd;
}
