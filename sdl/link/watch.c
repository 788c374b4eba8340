/* Who is told of a link: those who watch it, the record, the alarms. */
#include "sdl/link/link.h"

#include <stdio.h>
#include <stdlib.h>

void peer_alarm(struct links *l, const struct peer *peer, bool up)
{
	char local[16], local_app[16], remote[16], remote_app[16], id[48];
	const struct sdl_config *c = &l->program->config;
	const struct alarm_param params[] = {
		{ "LinkID", id },
		{ "LocalNodeId", local },
		{ "LocalApplicationId", local_app },
		{ "RemoteNodeID", remote },
		{ "RemoteApplicationId", remote_app },
	};

	if (c->app != SDL_APP_CALLMANAGER && c->app != SDL_APP_CTIMANAGER)
		return;
	snprintf(local, sizeof local, "%u", c->node);
	snprintf(local_app, sizeof local_app, "%u", c->app);
	snprintf(remote, sizeof remote, "%u", peer->node);
	snprintf(remote_app, sizeof remote_app, "%u", peer->app);
	snprintf(id, sizeof id, "%u:%u:%u:%u", c->node, c->app, peer->node, peer->app);
	program_alarm(l->program, up ? ALARM_SDLLinkISV : ALARM_SDLLinkOOS, params, 5);
}

void peer_tell(struct links *l, const struct peer *peer, uint16_t signal)
{
	SdlLinkStatus status = SDL_LINK_STATUS__INIT;
	struct sdl_pid from = program_self(l->program);

	status.node = peer->node;
	status.app = peer->app;
	status.has_reason = true;
	status.reason = peer->reason;
	status.has_incarnation = true;
	status.incarnation = peer->incarnation;
	for (const struct watch *w = peer->watches; w; w = w->peer_next)
		program_notify(l->program, w->process->pid, from, signal, &status);
	for (const struct watch *w = l->wild; w; w = w->peer_next)
		if (w->app == peer->app)
			program_notify(l->program, w->process->pid, from, signal, &status);
}

void peer_note_state(struct links *l, const struct peer *peer)
{
	struct sdl_pid to = { .node = peer->node, .app = peer->app };

	program_note(l->program, SDL_REC_LINK, to, program_self(l->program), (uint16_t)peer->reason,
		     peer->in_service, NULL, 0);
}

/* ---- watches ------------------------------------------------------------------------------- */
void links_watch(struct links *l, struct sdl_process *process, uint8_t node, uint16_t app)
{
	struct watch **first = node ? &peer_get(l, node, app)->watches : &l->wild;
	struct watch *w;

	for (w = process->watches; w; w = w->next)
		if (w->node == node && w->app == app)
			return;
	w = calloc(1, sizeof *w);
	if (!w)
		abort();
	*w = (struct watch){ .next = process->watches,
			     .peer_next = *first,
			     .peer_prev = first,
			     .process = process,
			     .node = node,
			     .app = app };
	if (*first)
		(*first)->peer_prev = &w->peer_next;
	*first = w;
	process->watches = w;
}

void links_unwatch(struct links *l, struct sdl_process *process, uint8_t node, uint16_t app)
{
	struct watch **at = &process->watches;
	struct watch *w;

	(void)l;
	while (*at && ((*at)->node != node || (*at)->app != app))
		at = &(*at)->next;
	w = *at;
	if (!w)
		return;
	*at = w->next;
	*w->peer_prev = w->peer_next;
	if (w->peer_next)
		w->peer_next->peer_prev = w->peer_prev;
	free(w);
}
