/* rehome metrics --listen PORT: the same text over HTTP, for this machine only. */
#include "sim/harness/metrics.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "sim/harness/control.h"
#include "sim/harness/run_dir.h"

#define CLIENTS_MAX 16
#define CLIENT_S    10

/* Who asks for a page that is not there. */
static const char elsewhere[] = "The metrics are at /metrics.\n";

struct served {
	const char *cluster;
};

/* The text as it is now, allocated; an error's sentence with its status when there is none. */
static char *look(const struct served *served, size_t *size, unsigned *status)
{
	const char *none[SIM_ARGS_MAX] = { 0 };
	char dir[SIM_RUN_DIR_SIZE];
	struct sim_error err = { 0 };
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	if (!out)
		abort();
	*status = MHD_HTTP_OK;
	if (sim_run_dir_find(dir, served->cluster, &err) < 0 ||
	    sim_control_ask(dir, sim_verb(SIM_ON_CLUSTER, "metrics"), "", none, out, &err) != 0) {
		*status = MHD_HTTP_SERVICE_UNAVAILABLE;
		fprintf(out, "%s\n", err.text);
	}
	fclose(out);
	return text;
}

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, char *text,
			      size_t size, bool owned)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(
		size, text, owned ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
	enum MHD_Result queued;

	if (!response) {
		if (owned)
			free(text);
		return MHD_NO;
	}
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
				status == MHD_HTTP_OK ? "text/plain; version=0.0.4; charset=utf-8"
						      : "text/plain; charset=utf-8");
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	queued = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return queued;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *upload,
				  size_t *upload_size, void **seen)
{
	static char nothing[] = "";
	static int first;
	unsigned status;
	char *text;
	size_t size;

	(void)version;
	(void)upload;
	if (!*seen) { /* the head alone: the request is answered when all of it is there */
		*seen = &first;
		return MHD_YES;
	}
	if (*upload_size) {
		*upload_size = 0;
		return MHD_YES;
	}
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
		return answer(connection, MHD_HTTP_METHOD_NOT_ALLOWED, nothing, 0, false);
	if (strcmp(url, "/metrics") != 0)
		return answer(connection, MHD_HTTP_NOT_FOUND, (char *)(uintptr_t)elsewhere,
			      strlen(elsewhere), false);
	text = look(arg, &size, &status);
	return answer(connection, status, text, size, true);
}

static void wait_end(void)
{
	sigset_t set;
	int number;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	while (sigwait(&set, &number) != 0)
		;
}

/* Signals that end it are waited for, so no thread may get them. */
static void hold_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

int sim_metrics_listen(struct sim_command *command, struct sim_error *err)
{
	struct served served = { command->cluster ? command->cluster : SIM_CLUSTER_DEFAULT };
	unsigned long port = strtoul(sim_command_value(command, "listen"), NULL, 10);
	struct sockaddr_in here = { .sin_family = AF_INET };
	const union MHD_DaemonInfo *info;
	struct MHD_Daemon *daemon;

	if (port > 65535)
		return sim_fail(err, SIM_USAGE, "metrics: --listen is a port, 0 to 65535 (0: any)");
	here.sin_port = htons((uint16_t)port);
	here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	hold_signals();
	daemon = MHD_start_daemon(
		MHD_USE_INTERNAL_POLLING_THREAD, (uint16_t)port, NULL, NULL, on_request, &served,
		MHD_OPTION_SOCK_ADDR, &here, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CLIENTS_MAX,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)CLIENT_S, MHD_OPTION_END);
	if (!daemon)
		return sim_fail(err, SIM_USAGE, "127.0.0.1:%lu cannot be listened at: %s", port,
				errno ? strerror(errno) : "no thread");
	info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
	printf("metrics of cluster %s at http://127.0.0.1:%u/metrics\n", served.cluster,
	       info ? info->port : (unsigned)port);
	fflush(stdout);
	wait_end();
	MHD_stop_daemon(daemon);
	return 0;
}
