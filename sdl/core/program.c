/* A program: its turn, and the handling of one signal. */
#include "sdl/core/core.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/msg/address.h"
#include "sdl/link/link.h"

int sdl_save(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	return self->state;
}

int sdl_ignore(struct sdl_process *self, const struct sdl_signal *sig)
{
	(void)sig;
	return self->state;
}

struct sdl_pid program_self(const struct sdl_program *p)
{
	return (struct sdl_pid){
		.node = p->config.node, .type = TYPE_LINK_ADMIN, .app = p->config.app, .inst = 1
	};
}

/* ---- life ---------------------------------------------------------------------------------- */
static char *copy_text(const char *text)
{
	char *copy = strdup(text ? text : "");

	if (!copy)
		abort();
	return copy;
}

static void start_types(struct sdl_program *p)
{
	for (uint8_t i = 0; i < p->config.types_n; i++) {
		const struct sdl_type *def = p->config.types[i];
		struct type_index *t = calloc(1, sizeof *t);

		if (!t)
			abort();
		type_index_init(t, p, def);
		p->types[def->number] = t;
	}
	for (uint8_t i = 0; i < p->config.types_n; i++) {
		const struct sdl_type *def = p->config.types[i];

		struct sdl_process *process;

		if (!def->at_start)
			continue;
		process = process_new(p, p->types[def->number], program_self(p));
		p->tag = (struct sdl_tag){ .origin = process->pid, .seq = ++p->triggers };
		process_start(process);
	}
}

struct sdl_program *sdl_program_new(const struct sdl_config *config, int64_t now)
{
	struct sdl_program *p = calloc(1, sizeof *p);
	struct sdl_record_entry start = { .kind = SDL_REC_START, .seq = config->incarnation };

	if (!p)
		abort();
	p->config = *config;
	p->params = *config->params;
	p->name = copy_text(config->name);
	p->cluster_id = copy_text(config->cluster_id);
	p->token = copy_text(config->token);
	p->config.name = p->name;
	p->config.cluster_id = p->cluster_id;
	p->config.token = p->token;
	p->now = p->started = now;
	arena_init(&p->arena);
	start.node = config->node;
	start.app = config->app;
	start.time_ns = now;
	sdl_record_append(config->record, &start, p->name, strlen(p->name));
	p->links = links_new(p);
	start_types(p);
	return p;
}

static void free_processes(struct type_index *t)
{
	for (uint32_t page = 0; page < t->pages_n; page++)
		for (uint32_t i = 0; t->pages[page] && i < PROCESSES_PER_PAGE; i++)
			if (t->pages[page]->process[i])
				process_free(t->pages[page]->process[i]);
}

void sdl_program_destroy(struct sdl_program **program)
{
	struct sdl_program *p = *program;
	struct queued *q;

	if (!p)
		return;
	for (int i = 0; i < 256; i++)
		if (p->types[i])
			free_processes(p->types[i]);
	for (int i = 0; i < 256; i++) /* only now: what ends may still send to others */
		if (p->types[i]) {
			type_index_free(p->types[i]);
			free(p->types[i]);
		}
	for (int k = 0; k < SIGNAL_CLASSES; k++)
		while ((q = queue_pop(&p->queues[k])))
			queued_free(p, q);
	while ((q = p->spare)) {
		p->spare = q->next;
		free(q);
	}
	links_destroy(&p->links);
	timers_free(&p->timers);
	arena_free(&p->arena);
	free(p->name);
	free(p->cluster_id);
	free(p->token);
	free(p);
	*program = NULL;
}

/* ---- record -------------------------------------------------------------------------------- */
static void note(struct sdl_program *p, struct sdl_record_entry *r, const void *payload, size_t len)
{
	if (p->crashed)
		return;
	r->node = p->config.node;
	r->app = p->config.app;
	r->time_ns = p->now;
	r->seq = ++p->seq;
	for (int k = 0; k < SIGNAL_CLASSES; k++)
		r->depth[k] = (uint16_t)(p->queues[k].length < UINT16_MAX ? p->queues[k].length
									  : UINT16_MAX);
	sdl_record_append(p->config.record, r, payload, len);
}

void program_note(struct sdl_program *p, enum sdl_record_kind kind, struct sdl_pid to,
		  struct sdl_pid from, uint16_t number, uint16_t state, const void *payload,
		  size_t len)
{
	struct sdl_record_entry r = { .kind = (uint8_t)kind,
				      .to = to,
				      .from = from,
				      .number = number,
				      .state = state,
				      .tag = p->tag };

	note(p, &r, payload, len);
}

void program_note_text(struct sdl_program *p, enum sdl_record_kind kind, struct sdl_pid to,
		       const char *text)
{
	program_note(p, kind, to, to, 0, 0, text, strlen(text));
}

void program_note_envelope(struct sdl_program *p, enum sdl_record_kind kind,
			   const struct sdl_envelope *e, uint16_t state)
{
	struct sdl_record_entry r = { .kind = (uint8_t)kind,
				      .to = e->to,
				      .from = e->from,
				      .number = e->number,
				      .state = state,
				      .tag = e->tag };

	note(p, &r, e->bytes, e->len);
}

void program_alarm(struct sdl_program *p, enum alarm_id id, const struct alarm_param *params,
		   size_t n)
{
	char line[ALARM_LINE_MAX];
	const struct alarm_origin origin = {
		.app = p->config.app == SDL_APP_CTIMANAGER    ? "Cisco CTIManager"
		       : p->config.app == SDL_APP_CALLMANAGER ? "Cisco CallManager"
							      : p->name,
		.cluster = p->cluster_id,
		.node = p->name,
	};

	p->alarms[id]++;
	alarm_format(line, id, &origin, params, n);
	program_note_text(p, SDL_REC_ALARM, program_self(p), line);
	p->config.world->alarm(p->config.world_data, line);
}

void program_crash_check(struct sdl_program *p, uint16_t signal, uint8_t when)
{
	for (int i = 0; i < CRASH_POINTS_MAX; i++) {
		struct crash_point *c = &p->crash[i];

		if (c->signal != signal || c->when != when || !c->left || --c->left)
			continue;
		c->signal = SIG_NONE;
		/* Where the host cannot kill at once, nothing more is handled, nor remembered. */
		p->halting = p->crashed = true;
		p->config.world->crash(p->config.world_data);
	}
}

/* The queue's classes and their counters have the same order. */
void program_count_handled(struct sdl_program *p, uint16_t number)
{
	p->handled++;
	p->counters[COUNTER_QUEUE_PROCESSED_HIGH + signal_def(number)->klass]++;
}

/* ---- one signal ---------------------------------------------------------------------------- */
void program_enqueue(struct sdl_program *p, const struct sdl_envelope *e, uint64_t session)
{
	struct queued *q = queued_new(p, e);

	q->session = session;
	queue_push(&p->queues[signal_def(e->number)->klass], q);
}

void program_notify(struct sdl_program *p, struct sdl_pid to, struct sdl_pid from, uint16_t number,
		    const void *msg)
{
	uint8_t bytes[256];
	int64_t len = sdl_pack(number, msg, bytes, sizeof bytes);
	struct sdl_envelope e = { .to = to,
				  .from = from,
				  .number = number,
				  .len = len < 0 ? 0 : (uint32_t)len,
				  .bytes = bytes };

	e.tag.origin = from;
	e.tag.seq = ++p->triggers;
	program_enqueue(p, &e, 0);
}

static void illegal(const struct sdl_process *process, const struct sdl_row *row, int next)
{
	fprintf(stderr,
		"%s(%u): the row of %s in state %s does not go to state %d; "
		"add TO() to the row or mend the handler\n",
		process->type->def->name, process->pid.inst, signal_def(row->signal)->name,
		process->type->def->states[process->state].name, next);
	abort();
}

static void run(struct sdl_process *process, const struct sdl_row *row,
		const struct sdl_signal *sig)
{
	struct sdl_program *p = process->type->program;
	int next;

	p->current = process;
	next = row->handler(process, sig);
	p->current = NULL;
	if (next == SDL_STOP) {
		if (!(row->next & TO_STOP))
			illegal(process, row, next);
		process_free(process);
		return;
	}
	if ((next & 0xff) >= process->type->def->states_n ||
	    ((next & 0xff) != process->state && !(row->next & TO((unsigned)next & 0xff))))
		illegal(process, row, next & 0xff);
	process_enter(process, next);
}

static void save(struct sdl_process *process, const struct sdl_envelope *e, uint64_t session)
{
	struct queued *q = queued_new(process->type->program, e);

	q->session = session;
	if (!process->saved) {
		process->saved = calloc(1, sizeof *process->saved);
		if (!process->saved)
			abort();
	}
	queue_push(process->saved, q);
	program_note_envelope(process->type->program, SDL_REC_SAVED, e, process->state);
}

static void deliver(struct sdl_program *p, const struct sdl_envelope *e, uint64_t session)
{
	bool within = e->from.node == p->config.node && e->from.app == p->config.app;
	struct sdl_process *process = process_find(p, e->to);
	struct sdl_signal sig = {
		.to = e->to, .from = e->from, .number = e->number, .tag = e->tag
	};
	const struct sdl_row *row;

	p->tag = e->tag;
	if (!process) {
		program_note_envelope(p, SDL_REC_STALE, e, 0);
		return;
	}
	row = type_row(process->type, process->state, e->number);
	if (!row) {
		p->unexpected++;
		program_note_envelope(p, SDL_REC_UNEXPECTED, e, process->state);
		return;
	}
	process->type->taken[row - process->type->def->rows]++;
	if (row->handler == sdl_save) {
		save(process, e, session);
		return;
	}
	sig.msg = arena_unpack(&p->arena, signal_def(e->number)->message, e->bytes, e->len);
	if (!sig.msg) {
		program_note_envelope(p, SDL_REC_MALFORMED, e, process->state);
		arena_reset(&p->arena);
		return;
	}
	program_crash_check(p, e->number, 2);
	if (p->crashed) {
		arena_reset(&p->arena);
		return;
	}
	program_note_envelope(p, within ? SDL_REC_SIGNAL : SDL_REC_IN, e, process->state);
	program_count_handled(p, e->number);
	run(process, row, &sig);
	arena_reset(&p->arena);
	program_crash_check(p, e->number, 3);
}

/* A timer fires when its turn has come, not before: until then it can be stopped. */
static bool step_timer(struct sdl_program *p)
{
	struct timer *t = timers_due(p);
	struct sdl_envelope e = { 0 };

	if (!t)
		return false;
	e.to = e.from = t->process->pid;
	e.number = t->number;
	e.bytes = p->scratch;
	e.tag.origin = t->process->pid;
	e.tag.seq = ++p->triggers;
	free(t);
	deliver(p, &e, 0);
	return true;
}

bool sdl_program_step(struct sdl_program *p)
{
	struct queued *q = NULL;

	if (p->halting)
		return false;
	if (step_timer(p))
		return true;
	for (int k = 0; !q && k < SIGNAL_CLASSES; k++)
		q = queue_pop(&p->queues[k]);
	if (!q)
		return false;
	if (q->envelope.to.type == 0) /* of a connection: who owns it now? */
		q->envelope.to = links_conn_take(p->links, &q->envelope);
	deliver(p, &q->envelope, q->session);
	queued_free(p, q);
	return true;
}

void sdl_program_wake(struct sdl_program *p, int64_t now)
{
	if (now > p->now)
		p->now = now;
	links_wake(p->links);
}

void sdl_program_flush(struct sdl_program *p)
{
	links_flush(p->links);
}

int64_t sdl_program_deadline(const struct sdl_program *p)
{
	int64_t timer = timers_first(&p->timers);
	int64_t link = links_deadline(p->links);

	for (int k = 0; k < SIGNAL_CLASSES; k++)
		if (p->queues[k].length)
			return p->now;
	return timer < link ? timer : link;
}

void sdl_program_post(struct sdl_program *p, const struct sdl_envelope *e)
{
	struct sdl_envelope copy = *e;

	if (!signal_def(e->number) || e->len > SDL_SIGNAL_MAX) {
		program_note_text(p, SDL_REC_MALFORMED, program_self(p),
				  "posted signal with an unknown number or too long");
		return;
	}
	if (!copy.tag.seq) {
		copy.tag.origin = e->from;
		copy.tag.seq = ++p->triggers;
	}
	program_enqueue(p, &copy, 0);
}

/* ---- looks from outside -------------------------------------------------------------------- */
const struct sdl_config *sdl_program_config(const struct sdl_program *p)
{
	return &p->config;
}

uint64_t sdl_program_signals(const struct sdl_program *p)
{
	return p->handled;
}

uint64_t sdl_program_unexpected(const struct sdl_program *p)
{
	return p->unexpected;
}

int64_t sdl_program_counter(const struct sdl_program *p, enum counter_id counter)
{
	int64_t total = 0;

	switch (counter) {
	case COUNTER_CALLMANAGER_HEARTBEAT:
		return p->config.app == SDL_APP_CALLMANAGER ? (p->now - p->started) / 1000000000
							    : 0;
	case COUNTER_QUEUE_PRESENT_HIGH:
	case COUNTER_QUEUE_PRESENT_NORMAL:
	case COUNTER_QUEUE_PRESENT_LOW:
	case COUNTER_QUEUE_PRESENT_LOWEST:
		return p->queues[counter - COUNTER_QUEUE_PRESENT_HIGH].length;
	case COUNTER_QUEUE_PROCESSED_TOTAL:
		for (int k = 0; k < SIGNAL_CLASSES; k++)
			total += p->counters[COUNTER_QUEUE_PROCESSED_HIGH + k];
		return total;
	default:
		return p->counters[counter];
	}
}

uint64_t sdl_program_alarms(const struct sdl_program *p, enum alarm_id alarm)
{
	return p->alarms[alarm];
}

bool sdl_program_linked(const struct sdl_program *p, uint8_t node, uint16_t app)
{
	return links_up(p->links, node, app);
}

void sdl_program_each(struct sdl_program *p, void (*visit)(void *arg, struct sdl_process *process),
		      void *arg)
{
	for (int i = 0; i < 256; i++) {
		const struct type_index *t = p->types[i];

		for (uint32_t page = 0; t && page < t->pages_n; page++)
			for (uint32_t j = 0; t->pages[page] && j < PROCESSES_PER_PAGE; j++)
				if (t->pages[page]->process[j])
					visit(arg, t->pages[page]->process[j]);
	}
}

const struct sdl_type *sdl_process_type(const struct sdl_process *process)
{
	return process->type->def;
}

const char *sdl_process_label(const struct sdl_process *process)
{
	return process->label_longer ? process->label.longer : process->label.shorter;
}
