/* The simulated application: callbacks of libcti, and the harness's commands. */
#include "sim/app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "common/base/cti_error.h"
#include "sim/app/book.h"
#include "sim/app/commands.h"
#include "sim/app/streams.h"
#include "sim/media.h"

#define CAUSE_CALLMANAGER_DIED 508

static struct sim_app *app_of(struct cti *cti)
{
	return cti_data(cti);
}

/* ---- devices and lines --------------------------------------------------------------------- */
static void open_line(struct sim_app *app, struct app_device *device, const char *dn)
{
	struct app_line *line = sim_app_book_add_line(device, dn);

	if (!line->handle)
		sim_app_book_ask(&app->book,
				 cti_line_open(app->cti, device->handle, dn, device->auto_accept),
				 device, line);
}

static void device_opened(struct sim_app *app, struct app_device *device, const struct cti_event *e)
{
	device->handle = e->device_handle;
	if (*device->dn)
		open_line(app, device, device->dn);
	else
		for (size_t i = 0; i < e->names_n; i++)
			open_line(app, device, e->names[i]);
}

/* A device or line (dn NULL: all lines) is not open any more: its calls are told of no more, and
 * what the other side's stream did decides about ours. released: CallManager ends them now, as
 * after a close of ours; then so do we. */
static void calls_over(struct sim_app *app, const char *device, const char *dn, bool released)
{
	struct app_call *call, *next;

	HASH_ITER (hh, app->book.calls, call, next) {
		if (call->ended || strcmp(call->device, device) != 0 ||
		    (dn && strcmp(call->dn, dn) != 0))
			continue;
		sim_app_streams_call_over(&app->book, app->cti, call, !released);
	}
}

static void remove_device(struct sim_app *app, struct app_device *device, bool released)
{
	calls_over(app, device->name, NULL, released);
	sim_app_book_remove_device(&app->book, device);
}

static void on_device_answer(struct sim_app *app, struct app_device *device,
			     const struct cti_event *e)
{
	bool closed = device->closing && !e->result;
	bool refused = !device->closing && e->result;

	if (closed || (refused && !device->handle))
		remove_device(app, device, true);
	else if (device->closing || refused)
		device->closing = false;
	else
		device_opened(app, device, e);
}

static void on_line_answer(struct sim_app *app, struct app_line *line, const struct cti_event *e)
{
	bool closed = line->closing && !e->result;
	bool refused = !line->closing && e->result;

	if (e->result == CTIERR_LINE_ALREADY_OPENED)
		return; /* asked twice: the first answer counts */
	if (closed || (refused && !line->handle)) {
		calls_over(app, line->device->name, line->dn, false);
		sim_app_book_remove_line(&app->book, line);
		return;
	}
	line->closing = false;
	line->handle = line->handle ? line->handle : e->line_handle;
}

static void on_provider_answer(struct sim_app *app, const struct cti_event *e)
{
	struct app_device *device, *next;

	app->provider_opening = false;
	app->provider_open = e->result == CTIERR_SUCCESS;
	HASH_ITER (hh, app->book.devices, device, next) {
		if (device->asked)
			continue;
		if (!app->provider_open || sim_app_open_device(app, device) < 0)
			sim_app_book_remove_device(&app->book, device);
	}
}

static void on_response(struct cti *cti, const struct cti_event *e)
{
	struct sim_app *app = app_of(cti);
	struct app_asked asked;

	if (sim_app_book_answered(&app->book, e->seq, &asked)) {
		if (asked.line)
			on_line_answer(app, asked.line, e);
		else
			on_device_answer(app, asked.device, e);
	} else if (!strcmp(e->request, "ProviderOpen")) {
		on_provider_answer(app, e);
	}
}

static void on_device_closed(struct cti *cti, const struct cti_event *e)
{
	struct sim_app *app = app_of(cti);
	struct app_device *device = sim_app_book_device(&app->book, e->device);

	if (device)
		remove_device(app, device, false);
}

static void on_line_closed(struct cti *cti, const struct cti_event *e)
{
	struct sim_app *app = app_of(cti);
	struct app_device *device = sim_app_book_device(&app->book, e->device);
	struct app_line *line = device ? sim_app_book_line(device, e->dn) : NULL;

	if (line) {
		calls_over(app, e->device, e->dn, false);
		sim_app_book_remove_line(&app->book, line);
	}
}

/* Its devices are gone with it, and their calls are released (APF-03); streams of calls whose
 * CallManager died may go on. */
static void on_provider_closed(struct cti *cti, const struct cti_event *e)
{
	struct sim_app *app = app_of(cti);

	(void)e;
	app->provider_open = app->provider_opening = false;
	while (app->book.devices)
		remove_device(app, app->book.devices, true);
}

/* ---- calls --------------------------------------------------------------------------------- */
static struct app_call *note_call(struct sim_app *app, const struct cti_event *e)
{
	struct app_call *call = sim_app_book_add_call(&app->book, e->call, e->device, e->dn);

	call->ended = false;
	call->state = e->state;
	snprintf(call->calling, sizeof(call->calling), "%s", e->calling);
	snprintf(call->called, sizeof(call->called), "%s", e->called);
	return call;
}

static void apply_rule(struct sim_app *app, const struct cti_event *e)
{
	const struct app_device *device = sim_app_book_device(&app->book, e->device);
	const struct app_rule *rule = device ? &device->rule : &app->rule;

	/* A rule for all is for devices whose calls are the application's own affair. */
	if (rule->what == APP_AUTO_UNSET && device && device->registration != CTI_WATCH)
		rule = &app->rule;
	switch (rule->what) {
	case APP_AUTO_ACCEPT:
		cti_call_accept(app->cti, e->call);
		break;
	case APP_AUTO_ANSWER:
		cti_call_answer(app->cti, e->call);
		break;
	case APP_AUTO_REDIRECT:
		cti_call_redirect(app->cti, e->call, rule->destination);
		break;
	default:
		break;
	}
}

static void on_new_call(struct cti *cti, const struct cti_event *e)
{
	struct sim_app *app = app_of(cti);

	note_call(app, e);
	if (!e->outgoing)
		apply_rule(app, e);
}

static void on_call(struct cti *cti, const struct cti_event *e)
{
	note_call(app_of(cti), e);
}

/* The stream of a call whose CallManager died goes on (CAL-05, CMF-14). */
static void on_call_closed(struct cti *cti, const struct cti_event *e)
{
	struct sim_app *app = app_of(cti);
	struct app_call *call = sim_app_book_call(&app->book, e->call);

	if (call)
		sim_app_streams_call_over(&app->book, cti, call,
					  e->call_cause == CAUSE_CALLMANAGER_DIED || call->orphan);
}

static void on_call_state(struct cti *cti, const struct cti_event *e)
{
	struct app_call *call = note_call(app_of(cti), e);

	call->orphan = e->call_cause == CAUSE_CALLMANAGER_DIED;
}

/* The call goes on, and so do its streams; a snapshot may bring it back. */
static void on_observation_ended(struct cti *cti, const struct cti_event *e)
{
	struct sim_app *app = app_of(cti);
	struct app_call *call = sim_app_book_call(&app->book, e->call);

	if (call)
		sim_app_streams_call_over(&app->book, cti, call, true);
}

/* ---- media --------------------------------------------------------------------------------- */
static void on_open_logical_channel(struct cti *cti, const struct cti_event *e)
{
	struct sim_app *app = app_of(cti);
	struct app_call *call = sim_app_book_add_call(&app->book, e->call, e->device, e->dn);

	call->asked = true;
	if (!app->hand_media)
		sim_app_answer_media(app, call);
}

static void on_media(struct cti *cti, const struct cti_event *e)
{
	struct sim_app *app = app_of(cti);

	sim_app_streams_event(&app->streams, &app->book, cti, e);
}

static void on_timer(struct cti *cti, const struct cti_event *e)
{
	struct sim_app *app = app_of(cti);

	if (e->timer == APP_TIMER_STREAMS)
		sim_app_streams_timer(&app->streams, &app->book, cti);
}

static void on_other(struct cti *cti, const struct sdl_signal *sig)
{
	struct sim_app *app = app_of(cti);

	if (sig->number == SIG_AppCommand)
		sim_app_command(app, sig);
	else
		sim_app_streams_heard(&app->streams, &app->book, cti, sig->msg,
				      sig->number == SIG_MediaStreamStopped);
}

/* The node may have been found only when the program began. */
static void on_start(struct cti *cti)
{
	struct sim_app *app = app_of(cti);

	uint8_t node = app->node ? app->node : sdl_self(cti_process(cti)).node;

	app->streams.ip = sim_media_ip(app->cluster, node);
	app->provider_opening = *app->provider.user != '\0'; /* the library does that next */
}

/* ---- life ---------------------------------------------------------------------------------- */
static const struct cti_app callbacks = {
	.on_start = on_start,
	.on_response = on_response,
	.on_provider_closed = on_provider_closed,
	.on_device_closed = on_device_closed,
	.on_line_closed = on_line_closed,
	.on_new_call = on_new_call,
	.on_existing_call = on_call,
	.on_call_state_changed = on_call_state,
	.on_call_party_info_changed = on_call,
	.on_call_closed = on_call_closed,
	.on_call_observation_ended = on_observation_ended,
	.on_open_logical_channel = on_open_logical_channel,
	.on_start_reception = on_media,
	.on_stop_reception = on_media,
	.on_start_transmission = on_media,
	.on_stop_transmission = on_media,
	.on_timer = on_timer,
};

static const char *copy(const char *text)
{
	char *own = strdup(text ? text : "");

	if (!own)
		abort();
	return own;
}

struct sim_app *sim_app_new(const struct sim_app_options *options)
{
	struct sim_app *app = calloc(1, sizeof(*app));

	if (!app)
		abort();
	app->callbacks = callbacks;
	app->callbacks.data = app;
	app->provider = options->provider;
	app->provider.user = copy(options->provider.user);
	app->provider.password = copy(options->provider.password);
	app->provider.instance = copy(options->provider.instance);
	app->provider.key = options->provider.key ? copy(options->provider.key) : NULL;
	app->hand_media = options->hand_media;
	app->cluster = options->cluster;
	app->node = options->node;
	app->cti = cti_new(&app->callbacks);
	app->context.cti = app->cti;
	cti_add_type(app->cti, &sim_media);
	cti_set_other(app->cti, on_other);
	cti_set_provider(app->cti, &app->provider);
	return app;
}

void sim_app_destroy(struct sim_app **app)
{
	struct sim_app *a = *app;

	sim_app_book_clear(&a->book);
	cti_destroy(&a->cti);
	free((char *)a->provider.user);
	free((char *)a->provider.password);
	free((char *)a->provider.instance);
	free((char *)a->provider.key);
	free(a);
	*app = NULL;
}

void sim_app_program(struct sdl_config *config, struct sim_app *app)
{
	cti_program(config, app->cti);
	config->context = app;
}
