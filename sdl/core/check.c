/* Checks of the tables of process types, before any program runs on them. */
#include "sdl/core/core.h"

#include <stdio.h>

static int breach(char *why, size_t size, const struct sdl_type *t, const char *what,
		  const char *which)
{
	snprintf(why, size, "%s: %s%s", t->name, what, which);
	return -1;
}

static bool has_row(const struct sdl_type *t, uint8_t state, uint16_t signal)
{
	for (uint16_t i = 0; i < t->rows_n; i++)
		if (t->rows[i].signal == signal &&
		    (t->rows[i].state == state || t->rows[i].state == SDL_ANY))
			return true;
	return false;
}

/* The index of rows counts signals in a byte. */
static unsigned distinct_signals(const struct sdl_type *t)
{
	unsigned n = 0;

	for (uint16_t i = 0; i < t->rows_n; i++) {
		uint16_t j = 0;

		while (t->rows[j].signal != t->rows[i].signal)
			j++;
		n += j == i;
	}
	return n;
}

static int check_rows(const struct sdl_type *t, char *why, size_t size)
{
	if (distinct_signals(t) > UINT8_MAX)
		return breach(why, size, t, "rows for more than 255 signals", "");
	for (uint16_t i = 0; i < t->rows_n; i++) {
		const struct sdl_row *r = &t->rows[i];
		const struct signal_def *s = signal_def(r->signal);

		if (!s)
			return breach(why, size, t, "a row without a signal", "");
		if (!r->handler)
			return breach(why, size, t, "a row without a handler: ", s->name);
		if (r->state != SDL_ANY && r->state >= t->states_n)
			return breach(why, size, t, "a row for a state that is none: ", s->name);
		for (uint16_t j = 0; j < i; j++)
			if (t->rows[j].signal == r->signal && t->rows[j].state == r->state)
				return breach(why, size, t, "two rows for one state and ", s->name);
	}
	return 0;
}

static int check_states(const struct sdl_type *t, char *why, size_t size)
{
	for (uint8_t s = 0; s < t->states_n; s++) {
		const struct sdl_state *state = &t->states[s];

		if (!state->name)
			return breach(why, size, t, "a state without a name", "");
		if (state->timer && signal_def(state->timer)->message->n_fields)
			return breach(why, size, t, "a timer whose signal has fields, in state ",
				      state->name);
		if (state->timer && !has_row(t, s, state->timer))
			return breach(why, size, t, "no row for the timer of state ", state->name);
		if (!state->timer && !state->waits)
			return breach(why, size, t, "no timer, nor what it waits for, in state ",
				      state->name);
	}
	return 0;
}

static int check_reachable(const struct sdl_type *t, char *why, size_t size)
{
	uint32_t reached = 1;
	uint32_t before = 0;

	if (t->start)
		return 0; /* begins where start() says */
	while (reached != before) {
		before = reached;
		for (uint16_t i = 0; i < t->rows_n; i++)
			if (t->rows[i].state == SDL_ANY || reached & TO(t->rows[i].state))
				reached |= t->rows[i].next;
	}
	for (uint8_t s = 0; s < t->states_n; s++)
		if (!(reached & TO(s)))
			return breach(why, size, t, "no row leads to state ", t->states[s].name);
	return 0;
}

static int check_type(const struct sdl_type *t, char *why, size_t size)
{
	if (t->serve)
		return 0;
	if (!t->states_n || t->states_n > SDL_STATES_MAX)
		return breach(why, size, t, "no states, or more than 31", "");
	if (check_rows(t, why, size) || check_states(t, why, size))
		return -1;
	return check_reachable(t, why, size);
}

int sdl_program_check(const struct sdl_type *const *types, uint8_t n, char *why, size_t why_size)
{
	for (uint8_t i = 0; i < n; i++) {
		if (!types[i]->number)
			return breach(why, why_size, types[i], "type number 0", "");
		for (uint8_t j = 0; j < i; j++)
			if (types[j]->number == types[i]->number)
				return breach(why, why_size, types[i], "same number as ",
					      types[j]->name);
		if (check_type(types[i], why, why_size))
			return -1;
	}
	return 0;
}
