/* Verbs of phones and applications: a control signal to the program that plays them. */
#include "sim/harness/verb.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/cti_error.h"
#include "common/msg/address.h"
#include "common/msg/messages.h"
#include "sdl/view/fields.h"
#include "sim/script/history.h"

#define READY_NS    20000000000LL
#define ANSWER_NS   2000000000LL
#define PROVIDER_NS 5000000000LL

static const char *value(const struct sim_call *call, const char *name)
{
	for (unsigned i = 0; i < sim_verb_args(call->verb); i++)
		if (!strcmp(call->verb->args[i].name, name))
			return call->args[i];
	return NULL;
}

/* The generated messages take texts that are not const; they are only read. */
static char *text(const struct sim_call *call, const char *name)
{
	return (char *)(uintptr_t)value(call, name);
}

/* ---- what came of a command ---------------------------------------------------------- */

struct answer {
	struct sim_call *call;
	bool came;
	uint32_t result;
	char text[160];
};

static void hear(void *arg, struct sim_program *program, const struct sdl_envelope *e)
{
	struct answer *a = arg;
	ProtobufCMessage *m;

	if (program != a->call->program || e->number != SIG_CommandResult || a->came)
		return;
	m = sdl_fields_unpack(e->number, e->bytes, e->len);
	if (m && !strcmp(((CommandResult *)m)->verb, a->call->verb->name)) {
		const CommandResult *r = (CommandResult *)m;

		a->came = true;
		a->result = r->result;
		snprintf(a->text, sizeof(a->text), "%s", r->text ? r->text : "");
	}
	sdl_fields_free(&m);
}

static bool came(void *arg)
{
	const struct answer *a = arg;

	return a->came || a->call->program->state == SIM_DOWN;
}

/* Posts the command; where somebody waits for it, what it came to is told. */
static int command(struct sim_call *call, uint8_t type, uint16_t number, const void *msg)
{
	struct answer a = { .call = call };
	int result;

	if (call->watch)
		sim_host_listen(call->host, hear, &a);
	result = sim_host_post(call->host, call->program, type, number, msg, call->err);
	if (result == 0 && call->watch && call->program->state != SIM_FROZEN)
		sim_host_until(call->host, came, &a, sim_host_now(call->host) + ANSWER_NS);
	if (call->watch)
		sim_host_listen(call->host, NULL, NULL);
	if (result == 0 && a.came && a.result)
		return sim_fail(call->err, SIM_FAILED, "%s %s: %s%s%s", call->subject,
				call->verb->name, cti_error_name(a.result), *a.text ? ": " : "",
				a.text);
	return result;
}

int sim_do_phone(struct sim_call *call)
{
	PhoneCommand m = PHONE_COMMAND__INIT;

	m.phone = (char *)(uintptr_t)call->subject;
	m.verb = (char *)(uintptr_t)call->verb->name;
	m.number = text(call, "number");
	m.has_line = value(call, "line") != NULL;
	m.line = m.has_line ? (uint32_t)strtoul(value(call, "line"), NULL, 10) : 0;
	return command(call, PHONES_PHONE_INIT, SIG_PhoneCommand, &m);
}

/* What a device is opened with unless it is said; false: to watch and control only. */
static bool media_of(const struct sim_call *call, MediaRegistration *media)
{
	const struct sim_topology *t = sim_host_options(call->host)->topology;
	const struct sim_device *d = sim_topology_device(t, value(call, "device"));
	const char *said = value(call, "media");

	if (!said)
		said = !d || d->kind == SIM_PHONE ? "watch"
		       : d->kind == SIM_PORT	  ? "static"
						  : "dynamic";
	*media = !strcmp(said, "static")    ? MEDIA_REGISTRATION__STATIC
		 : !strcmp(said, "dynamic") ? MEDIA_REGISTRATION__DYNAMIC
					    : MEDIA_REGISTRATION__NO_MEDIA;
	return strcmp(said, "watch") != 0;
}

/* What a verb is to do it with, whatever its table calls that. */
static char *destination(const struct sim_call *call)
{
	static const char *const names[] = { "destination", "digits", "number",
					     "group",	    "switch", "data" };
	char *found = NULL;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !found; i++)
		found = text(call, names[i]);
	return found;
}

int sim_do_app(struct sim_call *call)
{
	AppCommand m = APP_COMMAND__INIT;

	m.verb = (char *)(uintptr_t)call->verb->name;
	m.device = text(call, "device");
	m.dn = text(call, "dn");
	m.destination = destination(call);
	m.party = text(call, "party");
	m.fixed = text(call, "fixed");
	m.calling = text(call, "calling");
	if (!strcmp(call->verb->name, "open"))
		m.has_media = media_of(call, &m.media);
	m.has_auto_accept = m.auto_accept = value(call, "auto_accept") != NULL;
	return command(call, APP_CTI_APPLICATION, SIG_AppCommand, &m);
}

static bool left_start(void *arg)
{
	const struct sim_program *p = arg;

	return p->state != SIM_STARTING;
}

/* Waits for the provider: in service, or refused by name. */
struct opening {
	struct sim_history *history;
	struct sim_program *program;
	size_t next;
	bool open;
	uint32_t refused; /* a CTIERR */
};

static void look_at(struct opening *o, const struct sim_event *e)
{
	ProtobufCMessage *m;

	if (e->kind != SIM_EVENT_SIGNAL || e->to.node != o->program->node ||
	    e->to.app != o->program->app || e->to.type != APP_CTI_APPLICATION)
		return;
	if (e->number == SIG_ProviderInService)
		o->open = true;
	if (e->number != SIG_Response)
		return;
	m = sdl_fields_unpack(e->number, e->bytes, e->len);
	if (m && ((Response *)m)->result)
		o->refused = ((Response *)m)->result;
	sdl_fields_free(&m);
}

static bool open_or_refused(void *arg)
{
	struct opening *o = arg;

	sim_history_update(o->history);
	for (; o->next < sim_history_n(o->history); o->next++)
		look_at(o, sim_history_at(o->history, o->next));
	return o->open || o->refused || o->program->state == SIM_DOWN;
}

static int wait_provider(struct sim_call *call, struct sim_program *p, const char *user)
{
	struct opening o = { .history = sim_history_new(call->host), .program = p };
	int result = 0;

	sim_host_until(call->host, open_or_refused, &o, sim_host_now(call->host) + PROVIDER_NS);
	if (o.refused)
		result = sim_fail(call->err, SIM_FAILED, "%s: user %s is refused: %s, %s", p->name,
				  user, cti_error_name(o.refused), cti_error_text(o.refused));
	else if (!o.open)
		fprintf(call->out, "%s runs; its provider is not in service yet\n", p->name);
	sim_history_destroy(&o.history);
	return result;
}

/* "ccm1,ccm2" cut in place; all nodes with a CTIManager when it is NULL. */
static size_t managers(const struct sim_topology *t, char *list, const char *names[10])
{
	size_t n = 0;

	if (!list) {
		for (size_t i = 0; i < t->nodes_n && n < 10; i++)
			if (t->nodes[i].ctimanager)
				names[n++] = t->nodes[i].name;
		return n;
	}
	for (char *save, *name = strtok_r(list, ", ", &save); name && n < 10;
	     name = strtok_r(NULL, ", ", &save))
		names[n++] = name;
	return n;
}

int sim_do_start_app(struct sim_call *call)
{
	const char *names[10];
	const char *list = value(call, "ctimanagers");
	char *own = list ? strdup(list) : NULL;
	struct sim_app_spec spec = { .name = value(call, "name"),
				     .user = value(call, "user"),
				     .password = value(call, "password"),
				     .kind = value(call, "kind"),
				     .key = value(call, "key"),
				     .ctimanagers = names };
	struct sim_program *p;
	int result;

	if (!spec.user)
		spec.user = spec.name;
	spec.ctimanagers_n = managers(sim_host_options(call->host)->topology, own, names);
	result = sim_host_app(call->host, &spec, &p, call->err);
	free(own);
	if (result < 0)
		return -1;
	sim_host_until(call->host, left_start, p, sim_host_now(call->host) + READY_NS);
	if (p->state == SIM_READY)
		return call->watch ? wait_provider(call, p, spec.user) : 0;
	sim_host_broken(call->host);
	return sim_fail(call->err, SIM_FAILED, "%s did not start: %s", p->name, p->end);
}

/* ---- finding the subject ------------------------------------------------------------- */

static bool app_known(void *arg, const char *name)
{
	char full[SIM_NAME_SIZE + 4];

	snprintf(full, sizeof(full), "app:%.50s", name);
	return sim_host_program(arg, full) != NULL;
}

static int find_subject(struct sim_call *call)
{
	const struct sim_topology *t = sim_host_options(call->host)->topology;
	const struct sim_device *d;
	char name[SIM_NAME_SIZE + 4];

	if (call->verb->subject == SIM_ON_CLUSTER)
		return 0;
	if (call->verb->subject == SIM_ON_APP) {
		snprintf(name, sizeof(name), "app:%.50s", call->subject);
		call->program = sim_host_program(call->host, name);
		return call->program ? 0
				     : sim_fail(call->err, SIM_USAGE,
						"there is no application '%s'; 'start-app %s' "
						"starts one",
						call->subject, call->subject);
	}
	d = sim_topology_device(t, call->subject);
	if (!d || d->kind != SIM_PHONE)
		return sim_fail(call->err, SIM_USAGE, "there is no phone '%s' in %s", call->subject,
				t->name);
	call->program = sim_host_program(call->host, "phones");
	return call->program ? 0 : sim_fail(call->err, SIM_USAGE, "there are no phones");
}

int sim_verb_run(struct sim_call *call)
{
	const struct sim_topology *t = sim_host_options(call->host)->topology;
	unsigned host = sim_host_is_virtual(call->host) ? SIM_VIRTUAL : SIM_REAL;

	if (!call->verb->run || !(call->verb->where & host))
		return sim_fail(call->err, SIM_USAGE, "%s does not work on the %s host",
				call->verb->name, host == SIM_REAL ? "real" : "virtual");
	if (find_subject(call) < 0 ||
	    sim_verb_check(call->verb, call->args, t, app_known, call->host, call->err) < 0)
		return -1;
	return call->verb->run(call);
}
