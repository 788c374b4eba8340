/* Process types made fast, and their instances: pages of pointers, so that finding one costs the
 * same however many there are, and walking them goes by age. */
#include "sdl/core/core.h"

#include <stdlib.h>
#include <string.h>

static void *must_calloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		abort();
	return p;
}

void type_index_init(struct type_index *t, struct sdl_program *p, const struct sdl_type *def)
{
	size_t cells;

	*t = (struct type_index){ .def = def, .program = p };
	t->column = must_calloc(SIGNAL_COUNT, 1);
	t->taken = must_calloc(def->rows_n, sizeof *t->taken);
	for (uint16_t i = 0; i < def->rows_n; i++)
		if (!t->column[def->rows[i].signal])
			t->column[def->rows[i].signal] = (uint8_t)++t->columns;
	t->columns++;
	cells = (size_t)def->states_n * t->columns;
	t->row = must_calloc(cells, sizeof *t->row);
	for (uint16_t i = 0; i < def->rows_n; i++) {
		const struct sdl_row *r = &def->rows[i];

		for (uint8_t s = 0; s < def->states_n; s++) {
			uint16_t *cell = &t->row[s * t->columns + t->column[def->rows[i].signal]];

			if (r->state == s || (r->state == SDL_ANY && !*cell))
				*cell = (uint16_t)(i + 1);
		}
	}
}

void type_index_free(struct type_index *t)
{
	for (uint32_t i = 0; i < t->pages_n; i++)
		free(t->pages[i]);
	free(t->pages);
	free(t->column);
	free(t->row);
	free(t->taken);
}

const struct sdl_row *type_row(const struct type_index *t, uint8_t state, uint16_t signal)
{
	uint16_t row = t->row[state * t->columns + t->column[signal]];

	return row ? &t->def->rows[row - 1] : NULL;
}

static struct sdl_process **slot(const struct type_index *t, uint32_t inst)
{
	uint32_t page = inst / PROCESSES_PER_PAGE;

	if (page >= t->pages_n || !t->pages[page])
		return NULL;
	return &t->pages[page]->process[inst % PROCESSES_PER_PAGE];
}

static void slot_set(struct type_index *t, struct sdl_process *process)
{
	uint32_t inst = process->pid.inst;
	uint32_t page = inst / PROCESSES_PER_PAGE;

	if (page >= t->pages_n) {
		uint32_t n = page + 1 > 2 * t->pages_n ? page + 1 : 2 * t->pages_n;

		t->pages = realloc(t->pages, n * sizeof *t->pages);
		if (!t->pages)
			abort();
		memset(t->pages + t->pages_n, 0, (n - t->pages_n) * sizeof *t->pages);
		t->pages_n = n;
	}
	if (!t->pages[page]) {
		t->pages[page] = must_calloc(1, sizeof **t->pages);
		if (page && t->pages[page - 1] && !t->pages[page - 1]->live) {
			free(t->pages[page - 1]); /* emptied while more could be born in it */
			t->pages[page - 1] = NULL;
		}
	}
	t->pages[page]->process[inst % PROCESSES_PER_PAGE] = process;
	t->pages[page]->live++;
	t->live++;
}

/* A page whose processes have all ended goes, unless more are to be born in it. */
static void slot_clear(struct type_index *t, uint32_t inst)
{
	uint32_t page = inst / PROCESSES_PER_PAGE;

	t->pages[page]->process[inst % PROCESSES_PER_PAGE] = NULL;
	t->live--;
	if (--t->pages[page]->live == 0 && page < t->created / PROCESSES_PER_PAGE) {
		free(t->pages[page]);
		t->pages[page] = NULL;
	}
}

struct sdl_process *process_new(struct sdl_program *p, struct type_index *t, struct sdl_pid parent)
{
	struct sdl_process *process = must_calloc(1, sizeof *process + t->def->size);

	t->created++;
	process->pid = (struct sdl_pid){ .node = p->config.node,
					 .type = t->def->number,
					 .app = p->config.app,
					 .inst = t->created };
	process->parent = parent;
	process->type = t;
	process->since = p->now;
	slot_set(t, process);
	return process;
}

struct sdl_process *process_find(const struct sdl_program *p, struct sdl_pid pid)
{
	const struct type_index *t = p->types[pid.type];
	struct sdl_process **at = t ? slot(t, pid.inst) : NULL;

	return at ? *at : NULL;
}

void process_start(struct sdl_process *process)
{
	const struct sdl_type *def = process->type->def;
	int first = 0;

	program_note(process->type->program, SDL_REC_CREATED, process->pid, process->parent, 0, 0,
		     NULL, 0);
	if (def->start) {
		struct sdl_process *creator = process->type->program->current;

		process->type->program->current = process;
		first = def->start(process);
		process->type->program->current = creator;
	}
	if (first == SDL_STOP) {
		process_free(process);
		return;
	}
	process_enter(process, first | SDL_REENTER);
}

/* What was saved comes again, before anything newer, once the state is another. */
static void release_saved(struct sdl_process *process)
{
	struct sdl_program *p = process->type->program;
	struct queue *saved = process->saved;
	struct queued *q;

	if (!saved)
		return;
	process->saved = NULL;
	for (int k = SIGNAL_CLASSES - 1; k >= 0; k--) {
		struct queue front = { 0 };
		struct queue rest = { 0 };

		while ((q = queue_pop(saved)))
			queue_push(signal_def(q->envelope.number)->klass == k ? &front : &rest, q);
		*saved = rest;
		if (!front.head)
			continue;
		front.tail->next = p->queues[k].head;
		if (!p->queues[k].tail)
			p->queues[k].tail = front.tail;
		p->queues[k].head = front.head;
		p->queues[k].length += front.length;
	}
	free(saved);
}

void process_enter(struct sdl_process *process, int next)
{
	const struct sdl_state *states = process->type->def->states;
	uint8_t to = (uint8_t)(next & 0xff);
	uint8_t from = process->state;

	if (to == from && !(next & SDL_REENTER))
		return;
	if (to != from) {
		/* One that both states share, and the process arms: the handler just did. */
		if (states[from].timer &&
		    (states[to].timer != states[from].timer || states[to].param != PARAM_NONE))
			sdl_timer_stop(process, states[from].timer);
		process->state = to;
		process->since = process->type->program->now;
		program_note(process->type->program, SDL_REC_STATE, process->pid, process->pid,
			     from, to, NULL, 0);
		release_saved(process);
	}
	if (states[to].timer && states[to].param != PARAM_NONE)
		sdl_timer_start_param(process, states[to].timer, states[to].param);
}

static void saved_free(struct sdl_process *process)
{
	struct queued *q;

	if (!process->saved)
		return;
	while ((q = queue_pop(process->saved))) {
		program_note_envelope(process->type->program, SDL_REC_STALE, &q->envelope, 0);
		queued_free(process->type->program, q);
	}
	free(process->saved);
}

void process_free(struct sdl_process *process)
{
	struct type_index *t = process->type->program->types[process->pid.type];

	if (t->def->stop)
		t->def->stop(process);
	timer_stop_all(process);
	while (process->watches)
		sdl_unwatch(process, process->watches->node, process->watches->app);
	saved_free(process);
	program_note(process->type->program, SDL_REC_STOPPED, process->pid, process->pid, 0,
		     process->state, NULL, 0);
	slot_clear(t, process->pid.inst);
	if (process->label_longer)
		free(process->label.longer);
	free(process);
}
