/*
 * CtiApplication - the application's own process: its callbacks run in its turns.
 *
 *   starting --ClientStart--> running
 *
 * Requests come here from cti.h and go on to the CtiProvider concerned; answers and events come
 * from there. Each request is in the table of what was asked until its one answer has come.
 */
#include "ctimanager/client/client.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/cti_error.h"
#include "common/msg/cti_relay.h"
#include "sdl/link/link_admin.h"

enum { STARTING, RUNNING };

static sdl_handler on_start, on_provider_open, on_provider_close, on_get_device_info, on_acquire,
	on_change_filter, on_device_open, on_request, on_response, on_event, on_provider_closed,
	on_other;

static const struct sdl_state states[] = {
	[STARTING] = { .name = "starting", .waits = "ClientStart, which it sends itself" },
	[RUNNING] = { .name = "running", .waits = "" },
};

static const struct sdl_row rows[] = {
	{ STARTING, SIG_ClientStart, on_start, TO(RUNNING) },
	/* requests: of the application */
	{ RUNNING, SIG_ClientProviderOpen, on_provider_open, 0 },
	{ RUNNING, SIG_ClientProviderClose, on_provider_close, 0 },
	{ RUNNING, SIG_ClientGetDeviceInfo, on_get_device_info, 0 },
	{ RUNNING, SIG_ClientDeviceAcquire, on_acquire, 0 },
	{ RUNNING, SIG_ClientDeviceDeAcquire, on_acquire, 0 },
	{ RUNNING, SIG_ClientChangeEventFilter, on_change_filter, 0 },
	{ RUNNING, SIG_ClientDeviceOpen, on_device_open, 0 },
	{ RUNNING, SIG_DeviceClose, on_request, 0 },
	{ RUNNING, SIG_LineOpen, on_request, 0 },
	{ RUNNING, SIG_LineClose, on_request, 0 },
#define CTI_REQUEST(request, callmanager, subject) { RUNNING, SIG_##request, on_request, 0 },
#include "common/msg/cti_relay.def"
	/* answers and events: of a CtiProvider */
	{ RUNNING, SIG_Response, on_response, 0 },
	{ RUNNING, SIG_ProviderOpenCompleted, on_event, 0 },
	{ RUNNING, SIG_ProviderInService, on_event, 0 },
	{ RUNNING, SIG_ProviderOutOfService, on_event, 0 },
	{ RUNNING, SIG_ProviderClosed, on_provider_closed, 0 },
	{ RUNNING, SIG_ProviderDeviceConfigurationChanged, on_event, 0 },
	{ RUNNING, SIG_ProviderUserChanged, on_event, 0 },
	{ RUNNING, SIG_LineParkStatus, on_event, 0 },
	{ RUNNING, SIG_DeviceInService, on_event, 0 },
	{ RUNNING, SIG_DeviceOutOfService, on_event, 0 },
	{ RUNNING, SIG_DeviceClosed, on_event, 0 },
	{ RUNNING, SIG_LineInService, on_event, 0 },
	{ RUNNING, SIG_LineOutOfService, on_event, 0 },
	{ RUNNING, SIG_LineClosed, on_event, 0 },
	{ RUNNING, SIG_ExistingCall, on_event, 0 },
	{ RUNNING, SIG_ExistingCallCompleted, on_event, 0 },
	{ RUNNING, SIG_CallObservationEnded, on_event, 0 },
#define CTI_CALL_EVENT(event, callmanager)     { RUNNING, SIG_##event, on_event, 0 },
#define CTI_EVENT(event, callmanager, subject) { RUNNING, SIG_##event, on_event, 0 },
#include "common/msg/cti_relay.def"
	{ RUNNING, SIG_ClientTimer, cti_on_timer, 0 },
	/* of the harness and of media: for applications that know them */
	{ STARTING, SIG_AppCommand, sdl_save, 0 },
	{ RUNNING, SIG_AppCommand, on_other, 0 },
	{ RUNNING, SIG_MediaStreamStarted, on_other, 0 },
	{ RUNNING, SIG_MediaStreamStopped, on_other, 0 },
};

struct cti *cti_enter(struct sdl_process *self)
{
	struct cti *cti = cti_of(self);

	cti->process = self;
	return cti;
}

int cti_leave(struct cti *cti)
{
	cti->process = NULL;
	return RUNNING;
}

void cti_deliver(struct cti *cti, const struct cti_event *e)
{
	cti_callback *one = cti_event_callback(cti->app, e->kind);

	if (cti->app->on_event)
		cti->app->on_event(cti, e);
	if (one)
		one(cti, e);
}

static int on_start(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti *cti = cti_enter(self);
	struct sdl_pid harness = { .node = SDL_HARNESS_NODE, .app = SDL_APP_HARNESS };
	Ready ready = READY__INIT;

	(void)sig;
	ready.incarnation = cti->incarnation;
	sdl_send(self, harness, SIG_Ready, &ready);
	if (cti->app->on_start)
		cti->app->on_start(cti);
	if (cti->provider)
		cti_provider_open(cti, cti->provider, NULL);
	return cti_leave(cti);
}

/* ---- requests ------------------------------------------------------------------------------ */
/* Where requests of that provider go; none: answered here. */
static struct sdl_pid provider_of(struct sdl_process *self, uint32_t provider, uint32_t seq)
{
	struct cti *cti = cti_of(self);
	Response answer = RESPONSE__INIT;

	if (provider >= 1 && provider <= CTI_PROVIDERS_MAX && cti->providers[provider - 1].taken)
		return cti->providers[provider - 1].pid;
	answer.seq = seq;
	answer.result = CTIERR_PROVIDER_NOT_OPEN;
	sdl_send(self, sdl_self(self), SIG_Response, &answer);
	return (struct sdl_pid){ 0 };
}

static int pass_on(struct sdl_process *self, const struct sdl_signal *sig, uint32_t provider,
		   uint32_t seq)
{
	struct sdl_pid to = provider_of(self, provider, seq);

	if (!sdl_pid_none(to))
		sdl_forward(self, to, sig);
	return RUNNING;
}

static int on_provider_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	const ClientProviderOpen *m = sig->msg;
	struct cti *cti = cti_of(self);
	struct sdl_pid pid = sdl_create(self, &cti_provider_type);

	cti->providers[m->provider - 1].pid = pid;
	sdl_forward(self, pid, sig);
	return RUNNING;
}

static int on_provider_close(struct sdl_process *self, const struct sdl_signal *sig)
{
	const ClientProviderClose *m = sig->msg;

	return pass_on(self, sig, m->provider, m->seq);
}

static int on_get_device_info(struct sdl_process *self, const struct sdl_signal *sig)
{
	const ClientGetDeviceInfo *m = sig->msg;

	return pass_on(self, sig, m->provider, m->seq);
}

static int on_acquire(struct sdl_process *self, const struct sdl_signal *sig)
{
	const ClientDevice *m = sig->msg;
	struct sdl_pid to = provider_of(self, m->provider, m->device->seq);

	if (!sdl_pid_none(to))
		sdl_send(self, to,
			 sig->number == SIG_ClientDeviceAcquire ? SIG_ProviderDeviceAcquire
								: SIG_ProviderDeviceDeAcquire,
			 m->device);
	return RUNNING;
}

static int on_change_filter(struct sdl_process *self, const struct sdl_signal *sig)
{
	const ClientChangeEventFilter *m = sig->msg;
	struct sdl_pid to = provider_of(self, m->provider, m->filter->seq);

	if (!sdl_pid_none(to))
		sdl_send(self, to, SIG_ProviderChangeEventFilter, m->filter);
	return RUNNING;
}

static int on_device_open(struct sdl_process *self, const struct sdl_signal *sig)
{
	const ClientDeviceOpen *m = sig->msg;
	struct sdl_pid to = provider_of(self, m->provider, m->open->seq);

	if (!sdl_pid_none(to))
		sdl_send(self, to, SIG_DeviceOpen, m->open);
	return RUNNING;
}

/* Of a device, a line or a call: they begin with their number and its handle. */
static int on_request(struct sdl_process *self, const struct sdl_signal *sig)
{
	const struct cti_request_head *m = sig->msg;

	return pass_on(self, sig, cti_handle_provider(m->handle), m->seq);
}

/* ---- answers and events -------------------------------------------------------------------- */
static int number_of(const struct cti *cti, struct sdl_pid pid)
{
	for (int i = 0; i < CTI_PROVIDERS_MAX; i++)
		if (cti->providers[i].taken && sdl_pid_equal(cti->providers[i].pid, pid))
			return i + 1;
	return 0;
}

/* What went to it after its end is answered here: it had answered all that it had got. */
static void answer_for(struct cti *cti, int provider)
{
	for (struct cti_asked *asked = cti->asked; asked; asked = asked->hh.next) {
		Response answer = RESPONSE__INIT;

		if (asked->provider != provider)
			continue;
		answer.seq = asked->seq;
		answer.result = CTIERR_PROVIDER_CLOSED;
		sdl_send(cti->process, cti->address, SIG_Response, &answer);
	}
}

static int on_response(struct sdl_process *self, const struct sdl_signal *sig)
{
	const Response *m = sig->msg;
	struct cti *cti = cti_enter(self);
	struct cti_event e = { 0 };
	struct cti_asked *asked;
	bool opened;

	HASH_FIND(hh, cti->asked, &m->seq, sizeof(m->seq), asked);
	if (!asked)
		return cti_leave(cti);
	cti_event_fill(&e, SIG_Response, m);
	e.provider = asked->provider;
	e.request = cti_request_name(asked->signal);
	opened = asked->signal != SIG_ClientProviderOpen || m->result == CTIERR_SUCCESS;
	HASH_DELETE(hh, cti->asked, asked);
	free(asked);
	if (!opened) {
		cti->providers[e.provider - 1].taken = false;
		answer_for(cti, e.provider);
	}
	cti_deliver(cti, &e);
	return cti_leave(cti);
}

static int on_event(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti *cti = cti_enter(self);
	struct cti_event e = { 0 };

	cti_event_fill(&e, sig->number, sig->msg);
	e.provider = number_of(cti, sig->from);
	if (e.provider)
		cti_deliver(cti, &e);
	return cti_leave(cti);
}

/* Its number is free again before the callback, which may open a new one. */
static int on_provider_closed(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti *cti = cti_enter(self);
	struct cti_event e = { 0 };

	cti_event_fill(&e, sig->number, sig->msg);
	e.provider = number_of(cti, sig->from);
	if (e.provider) {
		cti->providers[e.provider - 1].taken = false;
		answer_for(cti, e.provider);
		cti_deliver(cti, &e);
	}
	return cti_leave(cti);
}

static int on_other(struct sdl_process *self, const struct sdl_signal *sig)
{
	struct cti *cti = cti_enter(self);

	if (cti->other)
		cti->other(cti, sig);
	return cti_leave(cti);
}

void cti_end(struct cti *cti, int status)
{
	if (cti->process)
		sdl_halt(cti->process, status);
}

void *cti_data(const struct cti *cti)
{
	return cti->app->data;
}

struct sdl_process *cti_process(const struct cti *cti)
{
	return cti->process;
}

/* ---- life ---------------------------------------------------------------------------------- */
static int start(struct sdl_process *self)
{
	struct cti *cti = cti_of(self);

	cti->address = sdl_self(self);
	sdl_label(self, cti->name);
	sdl_send(self, sdl_self(self), SIG_ClientStart, NULL);
	return STARTING;
}

const struct sdl_type cti_application = {
	.name = "CtiApplication",
	.number = APP_CTI_APPLICATION,
	.at_start = true,
	.states = states,
	.states_n = sizeof(states) / sizeof(states[0]),
	.rows = rows,
	.rows_n = sizeof(rows) / sizeof(rows[0]),
	.start = start,
};

struct cti *cti_new(const struct cti_app *app)
{
	struct cti *cti = calloc(1, sizeof(*cti));

	if (!cti)
		abort();
	cti->context.cti = cti;
	cti->app = app;
	cti->types[cti->types_n++] = &sdl_link_admin;
	cti->types[cti->types_n++] = &cti_application;
	cti->types[cti->types_n++] = &cti_provider_type;
	return cti;
}

void cti_destroy(struct cti **cti)
{
	struct cti *c = *cti;

	while (c->asked) {
		struct cti_asked *asked = c->asked;

		HASH_DELETE(hh, c->asked, asked);
		free(asked);
	}
	while (c->timers)
		cti_timer_stop(c, c->timers->number);
	free(c->name);
	free(c);
	*cti = NULL;
}

void cti_add_type(struct cti *cti, const struct sdl_type *type)
{
	if (cti->types_n == sizeof(cti->types) / sizeof(cti->types[0]))
		abort();
	cti->types[cti->types_n++] = type;
}

void cti_set_other(struct cti *cti, cti_other_signal *other)
{
	cti->other = other;
}

void cti_set_provider(struct cti *cti, const struct cti_provider *provider)
{
	cti->provider = provider;
}

void cti_set_post(struct cti *cti, void (*post)(void *arg, const struct sdl_envelope *e), void *arg)
{
	cti->post = post;
	cti->post_arg = arg;
}

void cti_program(struct sdl_config *config, struct cti *cti)
{
	free(cti->name);
	cti->name = strdup(config->name ? config->name : "");
	if (!cti->name)
		abort();
	cti->incarnation = config->incarnation;
	/* Known before the program runs, for requests that come first. */
	cti->address = (struct sdl_pid){
		.node = config->node, .type = APP_CTI_APPLICATION, .app = config->app, .inst = 1
	};
	config->types = cti->types;
	config->types_n = cti->types_n;
	config->accept_type = 0;
	config->context = &cti->context;
}
