/* Calls the numbers that it reads, a line each, from the port CTIP_6001: libcti in a loop of one's
 * own. usage: own_loop CLUSTER USER PASSWORD CTIMANAGER... */
#include <cti.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static uint64_t line; /* 0 = not open */

static void on_open(struct cti *cti, const struct cti_event *e)
{
	struct cti_media media = {
		.registration = CTI_STATIC_MEDIA, .ip = 0x7f000001, .port = 24000, .codecs = { 4 }
	};

	cti_device_open(cti, e->provider, "CTIP_6001", &media);
}

static void on_response(struct cti *cti, const struct cti_event *e)
{
	if (e->result) {
		fprintf(stderr, "%s: %s\n", e->request, e->text);
		if (!strcmp(e->request, "ProviderOpen"))
			cti_end(cti, 1);
	} else if (e->line_handle) {
		line = e->line_handle;
	} else if (e->device_handle) {
		cti_line_open(cti, e->device_handle, "6001", false);
	}
}

static void on_call_state_changed(struct cti *cti, const struct cti_event *e)
{
	(void)cti;
	printf("%s: %s\n", e->called, cti_call_state_name(e->state));
	fflush(stdout);
}

/* What the loop does besides: here it reads a number. */
static void on_input(struct cti *cti)
{
	char number[32];
	ssize_t n = read(STDIN_FILENO, number, sizeof(number) - 1);

	if (n <= 0)
		exit(0);
	number[n] = '\0';
	number[strcspn(number, "\n")] = '\0';
	if (!line || cti_line_call_initiate(cti, line, number) < 0)
		fprintf(stderr, "cannot call '%s' now\n", number);
}

int main(int argc, char **argv)
{
	struct cti_app app = { .on_provider_open_completed = on_open,
			       .on_response = on_response,
			       .on_call_state_changed = on_call_state_changed };
	struct cti_options options = { 0 };
	struct cti_provider provider = { 0 };
	char why[200];
	struct cti *cti;

	if (argc < 5 || argc > 4 + CTI_CTIMANAGERS_MAX)
		return 2;
	options.cluster = (uint8_t)atoi(argv[1]);
	provider.user = argv[2];
	provider.password = argv[3];
	for (int i = 4; i < argc; i++)
		provider.ctimanagers[i - 4] = (uint8_t)atoi(argv[i]);
	cti = cti_open(&app, &options, why, sizeof(why));
	if (!cti || cti_provider_open(cti, &provider, NULL) < 0) {
		fprintf(stderr, "%s\n", cti ? "not a provider" : why);
		return 1;
	}
	while (cti_dispatch(cti)) {
		struct pollfd fds[] = { { .fd = cti_fd(cti), .events = POLLIN },
					{ .fd = STDIN_FILENO, .events = POLLIN } };

		poll(fds, 2, -1);
		if (fds[1].revents)
			on_input(cti);
	}
	cti_close(&cti);
	return 0;
}
