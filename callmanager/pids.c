#include "callmanager/pids.h"

#include <stdlib.h>
#include <string.h>

void cm_pids_free(struct cm_pids *p)
{
	if (p->room)
		free(p->many);
	*p = (struct cm_pids){ .n = 0 };
}

struct sdl_pid cm_pids_at(const struct cm_pids *p, uint32_t i)
{
	return p->room ? p->many[i] : p->one;
}

bool cm_pids_has(const struct cm_pids *p, struct sdl_pid pid)
{
	for (uint32_t i = 0; i < p->n; i++)
		if (sdl_pid_equal(cm_pids_at(p, i), pid))
			return true;
	return false;
}

void cm_pids_add(struct cm_pids *p, struct sdl_pid pid)
{
	struct sdl_pid one = p->one;

	if (!p->n && !p->room) {
		p->one = pid;
		p->n = 1;
		return;
	}
	if (!p->room || p->n == p->room) {
		uint32_t room = p->n + 3;
		struct sdl_pid *many = realloc(p->room ? p->many : NULL, room * sizeof *many);

		if (!many)
			abort();
		if (!p->room)
			many[0] = one;
		p->many = many;
		p->room = room;
	}
	p->many[p->n++] = pid;
}

void cm_pids_remove_at(struct cm_pids *p, uint32_t i)
{
	p->n--;
	if (p->room)
		memmove(&p->many[i], &p->many[i + 1], (p->n - i) * sizeof *p->many);
	if (!p->n)
		cm_pids_free(p);
}
