#include "sdl/view/table.h"

#include <string.h>

#include "sdl/view/text.h"

#define CELL_MAX 64

static const char *signal_name(uint16_t signal)
{
	const struct signal_def *def = signal_def(signal);

	return def ? def->name : "?";
}

/* The row that counts for a signal in a state: its own before that for any state. */
static const struct sdl_row *row_of(const struct sdl_type *type, uint8_t state, uint16_t signal)
{
	const struct sdl_row *any = NULL;

	for (uint16_t i = 0; i < type->rows_n; i++) {
		const struct sdl_row *row = &type->rows[i];

		if (row->signal != signal)
			continue;
		if (row->state == state)
			return row;
		if (row->state == SDL_ANY)
			any = row;
	}
	return any;
}

/* Is row i the first one of its signal? So each signal gets one line, in the order of the table. */
static bool first_of_signal(const struct sdl_type *type, uint16_t i)
{
	for (uint16_t j = 0; j < i; j++)
		if (type->rows[j].signal == type->rows[i].signal)
			return false;
	return true;
}

static void put_cell(struct sdl_text *t, const struct sdl_type *type, const struct sdl_row *row)
{
	const char *comma = "";

	if (!row)
		return;
	if (row->handler == sdl_save || row->handler == sdl_ignore) {
		sdl_text_put(t, "%s", row->handler == sdl_save ? "save" : "-");
		return;
	}
	if (row->next == TO_ANY) {
		sdl_text_put(t, "any");
		return;
	}
	for (unsigned s = 0; s < type->states_n; s++)
		if (row->next & TO(s)) {
			sdl_text_put(t, "%s%u", comma, s);
			comma = ",";
		}
	if (row->next & TO_STOP) {
		sdl_text_put(t, "%send", comma);
		comma = ",";
	}
	if (*comma == '\0')
		sdl_text_put(t, "=");
}

static size_t cell(char *buf, const struct sdl_type *type, uint8_t state, uint16_t signal)
{
	struct sdl_text t = sdl_text_in(buf, CELL_MAX);

	put_cell(&t, type, row_of(type, state, signal));
	return t.wanted < CELL_MAX ? t.wanted : CELL_MAX - 1;
}

static size_t max_of(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* ---- matrix -------------------------------------------------------------------------------- */
static void print_states(const struct sdl_type *type, FILE *out)
{
	size_t width = 0;

	for (uint8_t s = 0; s < type->states_n; s++)
		width = max_of(width, strlen(type->states[s].name));
	for (uint8_t s = 0; s < type->states_n; s++) {
		const struct sdl_state *state = &type->states[s];

		fprintf(out, "%4u  %-*s", (unsigned)s, (int)width, state->name);
		if (state->timer) {
			fprintf(out, "  %s", signal_name(state->timer));
			if (state->param < PARAM_IDS)
				fprintf(out, " = %s", param_def(state->param)->name);
		} else if (state->waits && *state->waits) {
			fprintf(out, "  waits: %s", state->waits);
		}
		fputc('\n', out);
	}
}

static void print_rows(const struct sdl_type *type, FILE *out)
{
	size_t widths[SDL_STATES_MAX + 1];
	size_t name_width = 0;
	char buf[CELL_MAX];

	for (uint8_t s = 0; s < type->states_n; s++)
		widths[s] = s < 10 ? 1 : 2;
	for (uint16_t i = 0; i < type->rows_n; i++) {
		name_width = max_of(name_width, strlen(signal_name(type->rows[i].signal)));
		for (uint8_t s = 0; s < type->states_n; s++)
			widths[s] = max_of(widths[s], cell(buf, type, s, type->rows[i].signal));
	}
	fprintf(out, "%-*s", (int)name_width, "");
	for (uint8_t s = 0; s < type->states_n; s++)
		fprintf(out, " | %-*u", (int)widths[s], (unsigned)s);
	fputc('\n', out);
	for (uint16_t i = 0; i < type->rows_n; i++) {
		if (!first_of_signal(type, i))
			continue;
		fprintf(out, "%-*s", (int)name_width, signal_name(type->rows[i].signal));
		for (uint8_t s = 0; s < type->states_n; s++) {
			cell(buf, type, s, type->rows[i].signal);
			fprintf(out, " | %-*s", (int)widths[s], buf);
		}
		fputc('\n', out);
	}
}

void sdl_table_matrix(const struct sdl_type *type, FILE *out)
{
	fprintf(out, "%s (type %u)%s\n", type->name, (unsigned)type->number,
		type->serve ? ": served outside the program" : "");
	if (type->serve)
		return;
	print_states(type, out);
	print_rows(type, out);
}

/* ---- Graphviz ------------------------------------------------------------------------------ */

/* One arrow with all signals that may take it. to = states_n stands for the end. */
static void print_arrow(const struct sdl_type *type, uint8_t from, uint8_t to, FILE *out)
{
	uint32_t bit = to == type->states_n ? TO_STOP : TO(to);
	bool any = false;

	for (uint16_t i = 0; i < type->rows_n; i++) {
		const struct sdl_row *row = row_of(type, from, type->rows[i].signal);

		if (!first_of_signal(type, i) || !row || !(row->next & bit) ||
		    row->next == TO_ANY || (from == to))
			continue;
		if (!any)
			fprintf(out, "\ts%u -> s%u [label=\"", (unsigned)from, (unsigned)to);
		fprintf(out, "%s%s", any ? "\\n" : "", signal_name(row->signal));
		any = true;
	}
	if (any)
		fprintf(out, "\"];\n");
}

static bool may_end(const struct sdl_type *type)
{
	for (uint16_t i = 0; i < type->rows_n; i++)
		if (type->rows[i].next != TO_ANY && type->rows[i].next & TO_STOP)
			return true;
	return false;
}

void sdl_table_dot(const struct sdl_type *type, FILE *out)
{
	uint8_t ends = may_end(type) ? 1 : 0;

	fprintf(out, "digraph \"%s\" {\n\tnode [shape=box, style=rounded];\n", type->name);
	for (uint8_t s = 0; s < type->states_n; s++)
		fprintf(out, "\ts%u [label=\"%s%s%s\"];\n", (unsigned)s, type->states[s].name,
			type->states[s].timer ? "\\n" : "",
			type->states[s].timer ? signal_name(type->states[s].timer) : "");
	if (ends)
		fprintf(out, "\ts%u [label=\"\", shape=doublecircle, width=0.2];\n",
			(unsigned)type->states_n);
	for (uint8_t from = 0; from < type->states_n; from++)
		for (uint8_t to = 0; to < type->states_n + ends; to++)
			print_arrow(type, from, to, out);
	fprintf(out, "}\n");
}
