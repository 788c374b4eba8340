#include "tests/lib/moment.h"

#include <check.h>
#include <string.h>

void moment_steps(struct cluster *c, const char *program, int n)
{
	while (n-- > 0 && sdl_program_step(cluster_program(c, program)))
		;
}

struct search {
	const char *type, *label, *state;
	struct sdl_pid found;
};

static void match(void *arg, struct sdl_process *process)
{
	struct search *s = arg;
	const struct sdl_type *type = sdl_process_type(process);

	if (strcmp(type->name, s->type) == 0 &&
	    (!s->label || strcmp(sdl_process_label(process), s->label) == 0) &&
	    (!s->state || strcmp(type->states[sdl_state(process)].name, s->state) == 0))
		s->found = sdl_self(process);
}

static struct sdl_pid find(struct cluster *c, const char *program, struct search s)
{
	sdl_program_each(cluster_program(c, program), match, &s);
	return s.found;
}

void moment_until(struct cluster *c, const char *program, const char *type, const char *state)
{
	const struct search s = { .type = type, .state = state };

	while (sdl_pid_none(find(c, program, s)))
		ck_assert_msg(sdl_program_step(cluster_program(c, program)),
			      "no %s of %s becomes %s", type, program, state ? state : "anything");
}

struct sdl_pid moment_process(struct cluster *c, const char *program, const char *type,
			      const char *label, const char *state)
{
	const struct search s = { .type = type, .label = label, .state = state };
	struct sdl_pid found = find(c, program, s);

	ck_assert_msg(!sdl_pid_none(found), "%s has no %s %s %s", program, type, label ? label : "",
		      state ? state : "");
	return found;
}

void moment_lose(struct cluster *c, const char *program, uint8_t node, uint16_t app)
{
	sdl_program_wake(cluster_program(c, program), cluster_now(c));
	sdl_program_line_down(cluster_program(c, program), node, app);
}
