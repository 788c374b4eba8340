/* Lines to peers: what the host carries, and what a fault holds back on its way out. */
#include "sdl/link/link.h"

#include <stdlib.h>
#include <string.h>

struct held {
	struct held *next;
	int64_t at; /* INT64_MAX: until healed */
	size_t len;
	uint8_t bytes[];
};

void peer_line_drop_held(struct peer *peer)
{
	while (peer->held_first) {
		struct held *h = peer->held_first;

		peer->held_first = h->next;
		free(h);
	}
	peer->held_last = NULL;
}

void peer_line_open(struct links *l, struct peer *peer)
{
	const struct sdl_config *c = &l->program->config;

	if (peer->line_open)
		return;
	peer->line_open = true;
	c->world->line_open(c->world_data, peer->node, peer->app);
}

void peer_line_close(struct links *l, struct peer *peer)
{
	const struct sdl_config *c = &l->program->config;

	if (!peer->line_open)
		return;
	peer->line_open = false;
	peer->line_up = false;
	c->world->line_close(c->world_data, peer->node, peer->app);
}

static int line_send(struct links *l, struct peer *peer, const uint8_t *frame, size_t len)
{
	const struct sdl_config *c = &l->program->config;

	return c->world->line_send(c->world_data, peer->node, peer->app, frame, len);
}

/* Keeps a frame back while the line is cut or slow. True if it did. */
static bool hold(struct links *l, struct peer *peer, const uint8_t *frame, size_t len)
{
	struct held *h;

	if (!peer->cut && !peer->delay && !peer->held_first)
		return false;
	if (peer->cut && !peer->in_service)
		peer_line_drop_held(peer); /* only the newest hello matters */
	h = malloc(sizeof *h + len);
	if (!h)
		abort();
	h->next = NULL;
	h->at = peer->cut ? INT64_MAX : l->program->now + peer->delay;
	h->len = len;
	memcpy(h->bytes, frame, len);
	if (peer->held_last)
		peer->held_last->next = h;
	else
		peer->held_first = h;
	peer->held_last = h;
	peer_touch(l, peer);
	return true;
}

void peer_line_transmit(struct links *l, struct peer *peer, const uint8_t *frame, size_t len)
{
	peer->sent = l->program->now;
	if (!hold(l, peer, frame, len) && line_send(l, peer, frame, len) == SDL_SEND_FULL)
		peer_out_of_service(l, peer, LINK_REASON__LINK_QUEUE_FULL);
}

void peer_line_release_held(struct links *l, struct peer *peer)
{
	while (peer->held_first && peer->held_first->at <= l->program->now) {
		struct held *h = peer->held_first;

		peer->held_first = h->next;
		if (!peer->held_first)
			peer->held_last = NULL;
		if (peer->line_up)
			line_send(l, peer, h->bytes, h->len);
		free(h);
	}
}

void links_fault(struct links *l, uint8_t node, uint16_t app, bool cut, int64_t delay)
{
	struct peer *peer = peer_get(l, node, app);

	peer->cut = cut;
	peer->delay = delay;
	for (struct held *h = peer->held_first; h && !cut; h = h->next)
		if (h->at == INT64_MAX)
			h->at = l->program->now;
	peer_touch(l, peer);
}

void sdl_program_cut(struct sdl_program *p, uint8_t node, uint16_t app, bool cut)
{
	struct peer *peer = peer_get(p->links, node, app);

	links_fault(p->links, node, app, cut, peer->delay);
}

int64_t peer_line_held_until(const struct peer *peer)
{
	return peer->held_first ? peer->held_first->at : INT64_MAX;
}
