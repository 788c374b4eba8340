/* When a cluster is up: not only does every program say so, but all that belong together have met.
 * A device opened before would land on whichever CallManager its CTIManager happened to know first.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/harness/host_private.h"

struct mesh {
	struct sim_host *host;
	struct sim_reader *reader;
	/* met[a][b]: a has its link to b in service, and heard CcmInService over it where that is
	 * said. */
	bool (*met)[SIM_PROGRAMS_MAX];
};

static size_t index_at(const struct mesh *m, uint8_t node, uint16_t app)
{
	struct sim_program *p = sim_host_program_at(m->host, node, app);

	return p ? (size_t)(p - m->host->programs) : SIM_PROGRAMS_MAX;
}

/* A CallManager says CcmInService to CTIManagers and phones; among themselves the link is all. */
static void visit(void *arg, const struct sdl_record_entry *e)
{
	struct mesh *m = arg;
	size_t a = index_at(m, e->node, e->app);
	size_t b = SIM_PROGRAMS_MAX;

	if (e->kind == SDL_REC_LINK && e->state == 1 && e->app == SDL_APP_CALLMANAGER)
		b = index_at(m, e->to.node, e->to.app);
	else if (e->kind == SDL_REC_IN && e->number == SIG_CcmInService)
		b = index_at(m, e->from.node, e->from.app);
	if (a < SIM_PROGRAMS_MAX && b < SIM_PROGRAMS_MAX)
		m->met[a][b] = true;
}

static bool all_met(void *arg)
{
	struct mesh *m = arg;
	struct sim_host *host = m->host;

	sim_reader_read(m->reader, visit, m);
	for (size_t i = 0; i < host->programs_n; i++) {
		struct sdl_pid peers[SIM_PROGRAMS_MAX];
		unsigned n = sim_host_links(host, &host->programs[i], peers, SIM_PROGRAMS_MAX);

		for (unsigned k = 0; k < n; k++)
			if (!m->met[i][index_at(m, peers[k].node, peers[k].app)])
				return false;
	}
	return true;
}

enum sim_until sim_host_meet(struct sim_host *host, int64_t deadline_ns)
{
	struct mesh m = { .host = host, .reader = sim_reader_new(host) };
	enum sim_until until;

	m.met = calloc(SIM_PROGRAMS_MAX, sizeof(*m.met));
	if (!m.met)
		abort();
	until = sim_host_until(host, all_met, &m, deadline_ns);
	free(m.met);
	sim_reader_destroy(&m.reader);
	return until;
}
