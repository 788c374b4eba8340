/* What a handler may ask and do. */
#include "sdl/core/core.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sdl/link/link.h"

/* ---- asks ---------------------------------------------------------------------------------- */
void *sdl_data(struct sdl_process *self)
{
	return self->data;
}

struct sdl_pid sdl_self(const struct sdl_process *self)
{
	return self->pid;
}

struct sdl_pid sdl_parent(const struct sdl_process *self)
{
	return self->parent;
}

int sdl_state(const struct sdl_process *self)
{
	return self->state;
}

int64_t sdl_now(const struct sdl_process *self)
{
	return self->type->program->now;
}

static struct stream *stream_of(struct sdl_program *p, const char *purpose)
{
	for (uint8_t i = 0; i < p->streams_n; i++)
		if (!strcmp(p->streams[i].purpose, purpose))
			return &p->streams[i];
	if (p->streams_n == STREAMS_MAX)
		abort(); /* purposes are literals; a new one needs room in STREAMS_MAX */
	p->streams[p->streams_n].purpose = purpose;
	prng_key(&p->streams[p->streams_n].prng, p->config.seed, p->name, purpose);
	return &p->streams[p->streams_n++];
}

uint64_t sdl_random(struct sdl_process *self, const char *purpose, uint64_t below)
{
	uint64_t drawn = prng_below(&stream_of(self->type->program, purpose)->prng, below);

	program_note(self->type->program, SDL_REC_DRAW, self->pid, self->pid, 0, self->state,
		     &drawn, sizeof drawn);
	return drawn;
}

const struct param_set *sdl_params(const struct sdl_process *self)
{
	return &self->type->program->params;
}

void *sdl_context(const struct sdl_process *self)
{
	return self->type->program->config.context;
}

bool sdl_mutant(const struct sdl_process *self, enum mutant_id id)
{
	return self->type->program->config.mutants & mutant_bit(id);
}

struct sdl_pid sdl_local(const struct sdl_process *self, uint8_t type)
{
	return (struct sdl_pid){
		.node = self->pid.node, .type = type, .app = self->pid.app, .inst = 1
	};
}

bool sdl_link_up(const struct sdl_process *self, uint8_t node, uint16_t app)
{
	return (self->pid.node == node && self->pid.app == app) ||
	       links_up(self->type->program->links, node, app);
}

/* ---- sends --------------------------------------------------------------------------------- */
int64_t sdl_pack(uint16_t number, const void *msg, uint8_t *buffer, size_t size)
{
	size_t len;

	if (!msg || !signal_def(number))
		return 0;
	len = protobuf_c_message_get_packed_size(msg);
	if (len > size)
		return -1;
	return (int64_t)protobuf_c_message_pack(msg, buffer);
}

static struct sdl_tag tag_of(const struct sdl_process *self)
{
	struct sdl_tag tag = self->type->program->tag;
	const char *label = sdl_process_label(self);

	if (!tag.device[0] && label[0])
		snprintf(tag.device, sizeof tag.device, "%.15s", label);
	return tag;
}

/* The program's served types run on its host; the record shows the request as handled here. */
static void route_within(struct sdl_program *p, const struct sdl_envelope *e)
{
	const struct type_index *t = p->types[e->to.type];

	if (!t || !t->def->serve) {
		program_enqueue(p, e, 0);
		return;
	}
	program_note_envelope(p, SDL_REC_SIGNAL, e, 0);
	program_count_handled(p, e->number);
	p->config.world->serve(p->config.world_data, t->def, e);
}

void program_route(struct sdl_program *p, const struct sdl_envelope *e)
{
	program_crash_check(p, e->number, 0);
	if (e->to.app == SDL_APP_HARNESS) {
		program_note_envelope(p, SDL_REC_OUT, e, 0);
		p->config.world->control(p->config.world_data, e);
	} else if (e->to.type == 0) {
		links_conn_send(p->links, e);
	} else if (e->to.node == p->config.node && e->to.app == p->config.app) {
		route_within(p, e);
	} else {
		links_send(p->links, e);
	}
	program_crash_check(p, e->number, 1);
}

static void send_as(struct sdl_process *self, struct sdl_pid from, struct sdl_pid to,
		    uint16_t number, const void *msg)
{
	struct sdl_program *p = self->type->program;
	struct sdl_envelope e = { .to = to, .from = from, .tag = tag_of(self), .number = number };
	int64_t len = sdl_pack(number, msg, p->scratch, SDL_SIGNAL_MAX);

	if (len < 0 || sdl_pid_none(to)) {
		program_note_text(p, SDL_REC_MALFORMED, self->pid,
				  len < 0 ? "signal longer than a frame: not sent"
					  : "signal to nobody: not sent");
		return;
	}
	e.len = (uint32_t)len;
	e.bytes = p->scratch;
	program_route(p, &e);
}

void sdl_send(struct sdl_process *self, struct sdl_pid to, uint16_t number, const void *msg)
{
	send_as(self, self->pid, to, number, msg);
}

void sdl_forward(struct sdl_process *self, struct sdl_pid to, const struct sdl_signal *sig)
{
	send_as(self, self->pid, to, sig->number, sig->msg);
}

void sdl_relay(struct sdl_process *self, struct sdl_pid to, const struct sdl_signal *sig)
{
	send_as(self, sig->from, to, sig->number, sig->msg);
}

void sdl_datagram(struct sdl_process *self, struct sdl_pid to, uint16_t number, const void *msg)
{
	struct sdl_program *p = self->type->program;
	struct sdl_envelope e = {
		.to = to, .from = self->pid, .tag = tag_of(self), .number = number
	};
	int64_t len = sdl_pack(number, msg, p->scratch, SDL_SIGNAL_MAX);

	if (len < 0) {
		program_note_text(p, SDL_REC_MALFORMED, self->pid,
				  "datagram longer than a frame: not sent");
		return;
	}
	e.len = (uint32_t)len;
	e.bytes = p->scratch;
	program_note_envelope(p, SDL_REC_OUT, &e, 0);
	p->config.world->datagram(p->config.world_data, &e);
}

struct sdl_pid sdl_create(struct sdl_process *self, const struct sdl_type *type)
{
	struct sdl_program *p = self->type->program;
	struct sdl_process *process;
	struct sdl_pid pid;

	if (!p->types[type->number] || p->types[type->number]->def != type) {
		fprintf(stderr, "%s is not among the types of this program\n", type->name);
		abort();
	}
	process = process_new(p, p->types[type->number], self->pid);
	pid = process->pid;
	process_start(process);
	return pid;
}

const void *sdl_unpack(struct sdl_process *self, const ProtobufCMessageDescriptor *descriptor,
		       const uint8_t *bytes, size_t len)
{
	const void *msg = arena_unpack(&self->type->program->arena, descriptor, bytes, len);

	if (!msg)
		abort(); /* it was packed by the process itself */
	return msg;
}

const char *sdl_label(struct sdl_process *self, const char *text)
{
	size_t size = strlen(text) + 1;
	char *longer = NULL;
	char shown[64];

	if (size > sizeof self->label.shorter) {
		longer = strdup(text);
		if (!longer)
			abort();
	}
	if (self->label_longer)
		free(self->label.longer);
	self->label_longer = longer != NULL;
	if (longer)
		self->label.longer = longer;
	else
		memmove(self->label.shorter, text, size);
	snprintf(shown, sizeof shown, "%s", sdl_process_label(self));
	program_note_text(self->type->program, SDL_REC_LABEL, self->pid, shown);
	return sdl_process_label(self);
}

void sdl_info(struct sdl_process *self, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	program_note_text(self->type->program, SDL_REC_INFO, self->pid, text);
}

void sdl_alarm(struct sdl_process *self, enum alarm_id id, const struct alarm_param *params,
	       size_t n)
{
	program_alarm(self->type->program, id, params, n);
}

void sdl_answer(struct sdl_answer *a, uint16_t number, const void *msg)
{
	a->emit(a->arg, number, msg);
}

void sdl_count(struct sdl_process *self, enum counter_id counter, int64_t delta)
{
	self->type->program->counters[counter] += delta;
}

void sdl_halt(struct sdl_process *self, int status)
{
	struct sdl_program *p = self->type->program;

	if (p->halting)
		return;
	links_goodbye(p->links);
	program_note(p, SDL_REC_END, self->pid, self->pid, (uint16_t)status, 0, NULL, 0);
	p->halting = true;
	p->config.world->halt(p->config.world_data, status);
}

void sdl_watch(struct sdl_process *self, uint8_t node, uint16_t app)
{
	links_watch(self->type->program->links, self, node, app);
}

void sdl_unwatch(struct sdl_process *self, uint8_t node, uint16_t app)
{
	links_unwatch(self->type->program->links, self, node, app);
}

struct sdl_pid sdl_conn_open(struct sdl_process *self, uint8_t node, const char *identity)
{
	return links_conn_open(self->type->program->links, self->pid, node, identity);
}

void sdl_conn_own(struct sdl_process *self, struct sdl_pid far, struct sdl_pid owner)
{
	links_conn_own(self->type->program->links, far.inst, owner);
}

void sdl_conn_close(struct sdl_process *self, struct sdl_pid far)
{
	links_conn_close(self->type->program->links, far.inst);
}
