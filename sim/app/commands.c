/* The verbs of AppCommand, from a table. A verb returns a CTIERR code: what is known at once. */
#include "sim/app/commands.h"

#include <stdio.h>
#include <string.h>

#include "common/base/cti_error.h"

#define IN(state) (1u << CTI_##state)

/* ULAW and ALAW, as DeviceOpen names them. */
static const uint32_t codecs[] = { 4, 2 };

static uint32_t outcome(int seq)
{
	if (seq > 0)
		return CTIERR_SUCCESS;
	return seq == CTI_PROVIDER_NOT_OPEN ? CTIERR_PROVIDER_NOT_OPEN : CTIERR_INVALID_PARAMETER;
}

static int provider(const struct sim_app *app)
{
	return app->provider_number ? app->provider_number : 1;
}

static const char *text(const char *t)
{
	return t ? t : "";
}

/* ---- devices and lines --------------------------------------------------------------------- */
int sim_app_open_device(struct sim_app *app, struct app_device *device)
{
	struct cti_media media = { .registration = device->registration };
	int seq;

	memcpy(media.codecs, codecs, sizeof(codecs));
	if (media.registration == CTI_STATIC_MEDIA || device->address_fixed)
		media.ip = app->streams.ip;
	if (media.registration == CTI_STATIC_MEDIA || device->port_fixed)
		media.port = device->port;
	seq = cti_device_open(app->cti, provider(app), device->name, &media);
	device->asked = seq > 0;
	sim_app_book_ask(&app->book, seq, device, NULL);
	return seq;
}

/* While the provider is being opened the device waits for it, as a person would. */
static uint32_t do_open(struct sim_app *app, const AppCommand *m)
{
	struct app_device *device;
	int seq;

	if (!m->device || strlen(m->device) > CTI_DEVICE_MAX || strlen(text(m->dn)) > CTI_DN_MAX)
		return CTIERR_INVALID_PARAMETER;
	if (sim_app_book_device(&app->book, m->device))
		return CTIERR_DEVICE_ALREADY_OPENED;
	device = sim_app_book_add_device(&app->book, m->device);
	device->registration = m->has_media ? (enum cti_registration)m->media : CTI_WATCH;
	device->address_fixed = m->fixed && !strcmp(m->fixed, "address");
	device->port_fixed = m->fixed && !strcmp(m->fixed, "port");
	if (device->registration == CTI_STATIC_MEDIA || device->port_fixed)
		device->port = sim_app_streams_port(&app->streams);
	device->auto_accept = m->auto_accept;
	snprintf(device->dn, sizeof(device->dn), "%s", text(m->dn));
	if (app->provider_opening)
		return CTIERR_SUCCESS;
	seq = sim_app_open_device(app, device);
	if (seq < 0)
		sim_app_book_remove_device(&app->book, device);
	return outcome(seq);
}

static uint32_t do_close(struct sim_app *app, const AppCommand *m)
{
	struct app_device *device = sim_app_book_device(&app->book, text(m->device));
	int seq;

	if (!device || !device->handle)
		return CTIERR_DEVICE_NOT_OPEN;
	seq = cti_device_close(app->cti, device->handle);
	sim_app_book_ask(&app->book, seq, device, NULL);
	device->closing = true;
	return outcome(seq);
}

typedef int device_choice(struct cti *cti, int provider, const char *device);

static uint32_t choose(struct sim_app *app, const AppCommand *m, device_choice *request)
{
	return outcome(request(app->cti, provider(app), text(m->device)));
}

static uint32_t do_acquire(struct sim_app *app, const AppCommand *m)
{
	return choose(app, m, cti_provider_device_acquire);
}

static uint32_t do_deacquire(struct sim_app *app, const AppCommand *m)
{
	return choose(app, m, cti_provider_device_deacquire);
}

static uint32_t do_filter(struct sim_app *app, const AppCommand *m)
{
	const char *what = text(m->destination);
	bool both = !strcmp(what, "both");

	return outcome(cti_provider_change_event_filter(app->cti, provider(app),
							both || !strcmp(what, "park"),
							both || !strcmp(what, "keys")));
}

static uint32_t do_lineopen(struct sim_app *app, const AppCommand *m)
{
	struct app_device *device = sim_app_book_device(&app->book, text(m->device));
	struct app_line *line;
	int seq;

	if (!device || !device->handle)
		return CTIERR_DEVICE_NOT_OPEN;
	if (!m->dn || !*m->dn || strlen(m->dn) > CTI_DN_MAX)
		return CTIERR_INVALID_PARAMETER;
	line = sim_app_book_add_line(device, m->dn);
	seq = cti_line_open(app->cti, device->handle, m->dn, m->auto_accept);
	sim_app_book_ask(&app->book, seq, device, line);
	return outcome(seq);
}

static uint32_t do_lineclose(struct sim_app *app, const AppCommand *m)
{
	struct app_device *device = sim_app_book_device(&app->book, text(m->device));
	struct app_line *line = device ? sim_app_book_line(device, m->dn) : NULL;
	int seq;

	if (!line || !line->handle)
		return CTIERR_ASSOCIATED_LINE_NOT_OPEN;
	seq = cti_line_close(app->cti, line->handle);
	sim_app_book_ask(&app->book, seq, device, line);
	line->closing = true;
	return outcome(seq);
}

static uint32_t do_call(struct sim_app *app, const AppCommand *m)
{
	struct app_device *device = sim_app_book_device(&app->book, text(m->device));
	struct app_line *line = device ? sim_app_book_line(device, m->dn) : NULL;

	if (!line || !line->handle)
		return CTIERR_ASSOCIATED_LINE_NOT_OPEN;
	return outcome(cti_line_call_initiate(app->cti, line->handle, m->destination));
}

static uint64_t line_of(const struct sim_app *app, const AppCommand *m)
{
	struct app_device *device = sim_app_book_device(&app->book, text(m->device));
	const struct app_line *line = device ? sim_app_book_line(device, m->dn) : NULL;

	return line ? line->handle : 0;
}

typedef int line_number(struct cti *cti, uint64_t line, const char *number);

static uint32_t ask_line(struct sim_app *app, const AppCommand *m, line_number *request)
{
	uint64_t line = line_of(app, m);

	return line ? outcome(request(app->cti, line, m->destination))
		    : CTIERR_ASSOCIATED_LINE_NOT_OPEN;
}

static uint32_t do_unpark(struct sim_app *app, const AppCommand *m)
{
	return ask_line(app, m, cti_line_call_unpark);
}

static uint32_t do_pickup(struct sim_app *app, const AppCommand *m)
{
	return ask_line(app, m, cti_line_call_pickup);
}

static uint32_t do_forward(struct sim_app *app, const AppCommand *m)
{
	return ask_line(app, m, cti_line_set_forward);
}

static uint32_t do_forwarded(struct sim_app *app, const AppCommand *m)
{
	uint64_t line = line_of(app, m);

	return line ? outcome(cti_line_get_forward_info(app->cti, line))
		    : CTIERR_ASSOCIATED_LINE_NOT_OPEN;
}

static uint32_t do_autoaccept(struct sim_app *app, const AppCommand *m)
{
	uint64_t line = line_of(app, m);
	bool on = !strcmp(text(m->destination), "on");

	return line ? outcome(cti_line_auto_accept_change(app->cti, line, on))
		    : CTIERR_ASSOCIATED_LINE_NOT_OPEN;
}

static uint32_t do_passthrough(struct sim_app *app, const AppCommand *m)
{
	const struct app_device *device = sim_app_book_device(&app->book, text(m->device));
	const char *data = text(m->destination);

	if (!device || !device->handle)
		return CTIERR_DEVICE_NOT_OPEN;
	return outcome(cti_device_data_pass_through(app->cti, device->handle, (const uint8_t *)data,
						    strlen(data)));
}

/* ---- calls --------------------------------------------------------------------------------- */
static struct app_wanted wanted(const AppCommand *m)
{
	return (struct app_wanted){ text(m->device), text(m->dn), text(m->party) };
}

/* The call that the command names or means; 0 = there is none. */
static uint64_t call_of(const struct sim_app *app, const AppCommand *m, unsigned states)
{
	const struct app_wanted which = wanted(m);
	const struct app_call *call;

	if (m->call_handle)
		return m->call_handle;
	call = sim_app_book_newest(&app->book, &which, states);
	return call ? call->handle : 0;
}

typedef int call_request(struct cti *cti, uint64_t call);

static uint32_t ask(struct sim_app *app, const AppCommand *m, unsigned states,
		    call_request *request)
{
	uint64_t call = call_of(app, m, states);

	return call ? outcome(request(app->cti, call)) : CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL;
}

static uint32_t do_accept(struct sim_app *app, const AppCommand *m)
{
	return ask(app, m, IN(OFFERING), cti_call_accept);
}

static uint32_t do_answer(struct sim_app *app, const AppCommand *m)
{
	return ask(app, m, IN(OFFERING) | IN(ACCEPTED), cti_call_answer);
}

/* Of a call whose CallManager died only the stream is left; whoever hangs up ends that (CAL-04). */
static uint32_t do_drop(struct sim_app *app, const AppCommand *m)
{
	if (!m->call_handle && m->device && !call_of(app, m, 0) &&
	    sim_app_streams_hang_up(&app->book, app->cti, m->device))
		return CTIERR_SUCCESS;
	return ask(app, m, ~(IN(IDLE) | IN(DISCONNECTED)), cti_call_disconnect);
}

static uint32_t do_hold(struct sim_app *app, const AppCommand *m)
{
	return ask(app, m, IN(CONNECTED), cti_call_hold);
}

static uint32_t do_retrieve(struct sim_app *app, const AppCommand *m)
{
	return ask(app, m, IN(ONHOLD), cti_call_retrieve);
}

#define TALKING (IN(CONNECTED) | IN(ONHOLD))

typedef int call_to(struct cti *cti, uint64_t call, const char *number);

static uint32_t ask_to(struct sim_app *app, const AppCommand *m, unsigned states, call_to *request)
{
	uint64_t call = call_of(app, m, states);

	return call ? outcome(request(app->cti, call, m->destination))
		    : CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL;
}

static uint32_t do_redirect(struct sim_app *app, const AppCommand *m)
{
	unsigned states = IN(OFFERING) | IN(ACCEPTED) | IN(CONNECTED);
	uint64_t call = call_of(app, m, states);

	if (!m->calling)
		return ask_to(app, m, states, cti_call_redirect);
	return call ? outcome(cti_call_redirect_as(app->cti, call, m->destination, m->calling))
		    : CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL;
}

static uint32_t do_transfer(struct sim_app *app, const AppCommand *m)
{
	return ask_to(app, m, TALKING, cti_call_blind_transfer);
}

/* What the consult call is for is remembered with the call that it is made for. */
static uint32_t consult(struct sim_app *app, const AppCommand *m, bool conference)
{
	struct app_call *call =
		sim_app_book_call(&app->book, call_of(app, m, IN(CONNECTED) | IN(ONHOLD)));

	if (!call)
		return CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL;
	call->conference = conference;
	return outcome((conference ? cti_call_setup_conference : cti_call_setup_transfer)(
		app->cti, call->handle, m->destination));
}

static uint32_t do_consult(struct sim_app *app, const AppCommand *m)
{
	return consult(app, m, false);
}

static uint32_t do_conference(struct sim_app *app, const AppCommand *m)
{
	return consult(app, m, true);
}

static uint32_t do_complete(struct sim_app *app, const AppCommand *m)
{
	const struct app_call *call = sim_app_book_call(&app->book, call_of(app, m, IN(ONHOLD)));

	if (!call)
		return CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL;
	return outcome((call->conference ? cti_call_complete_conference
					 : cti_call_complete_transfer)(app->cti, call->handle, 0));
}

/* The other calls of the device, besides the one that is meant. */
static size_t others_of(const struct sim_app *app, const AppCommand *m, uint64_t call,
			uint64_t *others, size_t max)
{
	const struct app_wanted all = { text(m->device), "", "" };
	size_t n = 0;

	for (const struct app_call *c = app->book.calls; c && n < max; c = c->hh.next)
		if (c->handle != call && sim_app_book_suits(c, &all) && TALKING & 1u << c->state)
			others[n++] = c->handle;
	return n;
}

static uint32_t do_direct_transfer(struct sim_app *app, const AppCommand *m)
{
	uint64_t call = call_of(app, m, IN(CONNECTED));
	uint64_t other;

	if (!call || !others_of(app, m, call, &other, 1))
		return CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL;
	return outcome(cti_call_direct_transfer(app->cti, call, other));
}

static uint32_t do_join(struct sim_app *app, const AppCommand *m)
{
	uint64_t others[CTI_OTHERS_MAX];
	uint64_t call = call_of(app, m, IN(CONNECTED));
	size_t n = others_of(app, m, call, others, CTI_OTHERS_MAX);

	return call && n ? outcome(cti_call_join(app->cti, call, others, n))
			 : CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL;
}

static uint32_t do_park(struct sim_app *app, const AppCommand *m)
{
	return ask(app, m, TALKING, cti_call_park);
}

static uint32_t do_dial(struct sim_app *app, const AppCommand *m)
{
	return ask_to(app, m, IN(DIALTONE) | IN(DIALING), cti_call_dial);
}

static uint32_t do_dtmf(struct sim_app *app, const AppCommand *m)
{
	return ask_to(app, m, IN(CONNECTED), cti_call_play_dtmf);
}

int sim_app_answer_media(struct sim_app *app, struct app_call *call)
{
	const struct app_device *device = sim_app_book_device(&app->book, call->device);

	if (!call->port)
		call->port =
			device && device->port ? device->port : sim_app_streams_port(&app->streams);
	call->asked = false;
	return cti_device_set_rtp_for_call(app->cti, call->handle,
					   device && device->address_fixed ? 0 : app->streams.ip,
					   device && device->port_fixed ? 0 : call->port);
}

static uint32_t do_setrtp(struct sim_app *app, const AppCommand *m)
{
	struct app_call *call = sim_app_book_call(&app->book, call_of(app, m, IN(CONNECTED)));

	return call ? outcome(sim_app_answer_media(app, call))
		    : CTIERR_CALLHANDLE_UNKNOWN_TO_LINECONTROL;
}

/* ---- the program --------------------------------------------------------------------------- */
static uint32_t do_provider_open(struct sim_app *app, const AppCommand *m)
{
	int seq;

	(void)m;
	if (app->provider_open)
		return CTIERR_PROVIDER_ALREADY_OPEN;
	seq = cti_provider_open(app->cti, &app->provider, &app->provider_number);
	app->provider_opening = seq > 0;
	return outcome(seq);
}

static uint32_t do_provider_close(struct sim_app *app, const AppCommand *m)
{
	(void)m;
	return outcome(cti_provider_close(app->cti, provider(app)));
}

static uint32_t do_auto(struct sim_app *app, const AppCommand *m)
{
	static const char redirect[] = "redirect:";
	const char *what = text(m->destination);
	struct app_device *device = m->device ? sim_app_book_device(&app->book, m->device) : NULL;
	struct app_rule rule = { .what = APP_AUTO_OFF };

	if (m->device && !device)
		return CTIERR_DEVICE_NOT_OPEN;
	if (!strcmp(what, "answer"))
		rule.what = APP_AUTO_ANSWER;
	else if (!strcmp(what, "accept"))
		rule.what = APP_AUTO_ACCEPT;
	else if (!strncmp(what, redirect, sizeof(redirect) - 1))
		rule.what = APP_AUTO_REDIRECT;
	else if (strcmp(what, "off") != 0)
		return CTIERR_INVALID_PARAMETER;
	if (rule.what == APP_AUTO_REDIRECT) {
		what += sizeof(redirect) - 1;
		if (!*what || strlen(what) > CTI_DN_MAX)
			return CTIERR_INVALID_PARAMETER;
		snprintf(rule.destination, sizeof(rule.destination), "%s", what);
	}
	*(device ? &device->rule : &app->rule) = rule;
	return CTIERR_SUCCESS;
}

static uint32_t do_media(struct sim_app *app, const AppCommand *m)
{
	app->hand_media = !strcmp(text(m->destination), "hand");
	return CTIERR_SUCCESS;
}

static const struct {
	const char *name;
	uint32_t (*run)(struct sim_app *app, const AppCommand *m);
} verbs[] = {
	{ "open", do_open },
	{ "close", do_close },
	{ "filter", do_filter },
	{ "acquire", do_acquire },
	{ "deacquire", do_deacquire },
	{ "lineopen", do_lineopen },
	{ "lineclose", do_lineclose },
	{ "call", do_call },
	{ "accept", do_accept },
	{ "answer", do_answer },
	{ "drop", do_drop },
	{ "hold", do_hold },
	{ "retrieve", do_retrieve },
	{ "redirect", do_redirect },
	{ "transfer", do_transfer },
	{ "consult", do_consult },
	{ "conference", do_conference },
	{ "complete", do_complete },
	{ "direct_transfer", do_direct_transfer },
	{ "join", do_join },
	{ "park", do_park },
	{ "dial", do_dial },
	{ "dtmf", do_dtmf },
	{ "unpark", do_unpark },
	{ "pickup", do_pickup },
	{ "forward", do_forward },
	{ "forwarded", do_forwarded },
	{ "autoaccept", do_autoaccept },
	{ "passthrough", do_passthrough },
	{ "setrtp", do_setrtp },
	{ "auto", do_auto },
	{ "media", do_media },
	{ "provider_open", do_provider_open },
	{ "provider_close", do_provider_close },
};

void sim_app_command(struct sim_app *app, const struct sdl_signal *sig)
{
	const AppCommand *m = sig->msg;
	CommandResult result = COMMAND_RESULT__INIT;

	result.verb = m->verb;
	result.device = m->device;
	result.result = CTIERR_OPERATION_NOT_ALLOWED;
	result.text = (char *)"an application knows no such verb";
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(verbs[i].name, m->verb) != 0)
			continue;
		result.result = verbs[i].run(app, m);
		result.text = (char *)cti_error_text(result.result);
		break;
	}
	sdl_send(cti_process(app->cti), sig->from, SIG_CommandResult, &result);
}
