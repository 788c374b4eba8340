/* The devices of the registry. A device has a place per node where it is registered, a place has its
 * lines, and each line hangs on its number too. Every node knows every device of the cluster, so a
 * place with its lines is one piece of memory. */
#include "callmanager/registry_private.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static struct roster_key key_of_device(const void *row)
{
	const struct place *const *place = row;

	return (struct roster_key){ (*place)->is.device, strlen((*place)->is.device) };
}

static const struct roster_kind by_name = { sizeof(struct place *), key_of_device };

void *registry_must(void *p)
{
	if (!p)
		abort();
	return p;
}

struct cm_registry *cm_registry_new(uint8_t node)
{
	struct cm_registry *r = registry_must(calloc(1, sizeof *r));

	r->node = node;
	return r;
}

size_t cm_registry_devices_here(const struct cm_registry *r)
{
	return r->here;
}

/* ---- devices -------------------------------------------------------------------------------- */

static struct place **places_find(const struct cm_registry *r, const char *name)
{
	return roster_find(&by_name, &r->devices, name, strlen(name));
}

static const struct place *places(const struct cm_registry *r, const char *name)
{
	struct place **row = places_find(r, name);

	return row ? *row : NULL;
}

static struct place **at_node(struct place **at, uint8_t node)
{
	while (*at && (*at)->is.node != node)
		at = &(*at)->next;
	return at;
}

static void line_remove(struct cm_registry *r, struct line *line)
{
	struct line **at = &line->number->lines;

	while (*at != line)
		at = &(*at)->next_of_number;
	*at = line->next_of_number;
	registry_number_put(r, line->number);
}

static void place_free(struct cm_registry *r, struct place *p)
{
	for (uint16_t i = 0; i < p->is.lines_n; i++)
		line_remove(r, &p->lines[i]);
	free(p);
}

/* row: of the device; at: its place there. */
static void place_remove(struct cm_registry *r, struct place **row, struct place **at)
{
	struct place *p = *at;

	r->here -= p->is.node == r->node;
	if (p == *row && !p->next)
		roster_remove(&by_name, &r->devices, row);
	else
		*at = p->next;
	place_free(r, p);
}

/* Its lines do not hang on their numbers yet. */
static struct place *place_new(uint8_t node, const DaRegistration *d)
{
	size_t lines_n = d->n_line < UINT16_MAX ? d->n_line : UINT16_MAX;
	size_t name_size = strlen(d->device) + 1;
	struct place *p =
		registry_must(calloc(1, sizeof *p + lines_n * sizeof p->lines[0] + name_size));

	p->is.device = memcpy(&p->lines[lines_n], d->device, name_size);
	p->is.node = node;
	p->is.kind = (uint8_t)d->kind;
	p->is.generation = d->generation;
	p->is.orphan = d->has_orphan && d->orphan;
	p->is.device_pid = sdl_pid_unpack(d->device_pid);
	p->is.group_n = (uint8_t)(d->n_group < 3 ? d->n_group : 3);
	for (size_t i = 0; i < p->is.group_n; i++)
		p->is.group[i] = (uint8_t)d->group[i];
	p->is.lines_n = (uint16_t)lines_n;
	for (size_t i = 0; i < lines_n; i++) {
		p->lines[i].index = (uint16_t)i;
		p->lines[i].control = sdl_pid_unpack(d->line[i]->line_pid);
	}
	return p;
}

static void place_insert(struct cm_registry *r, struct place *p)
{
	struct place **row = places_find(r, p->is.device);
	struct place **at = row ? at_node(row, p->is.node) : NULL;
	struct place *old = at ? *at : NULL;

	if (old) {
		p->next = old->next;
		*at = p;
		place_free(r, old);
		return;
	}
	r->here += p->is.node == r->node;
	if (row) {
		p->next = *row;
		*row = p;
	} else {
		roster_add(&by_name, &r->devices, &p);
	}
}

void cm_registry_add(struct cm_registry *r, uint8_t node, const DaRegistration *d)
{
	struct place *p = place_new(node, d);

	place_insert(r, p);
	for (uint16_t i = 0; i < p->is.lines_n; i++) {
		struct line *line = &p->lines[i];

		line->number = registry_number_get(r, d->line[i]->dn, d->line[i]->partition);
		line->next_of_number = line->number->lines;
		line->number->lines = line;
	}
}

void cm_registry_remove(struct cm_registry *r, uint8_t node, const char *device,
			uint32_t generation)
{
	struct place **row = places_find(r, device);
	struct place **at = row ? at_node(row, node) : NULL;

	if (at && *at && (*at)->is.generation == generation)
		place_remove(r, row, at);
}

void cm_registry_node_lost(struct cm_registry *r, uint8_t node)
{
	struct place **row;

	for (uint32_t i = 0; (row = roster_next(&by_name, &r->devices, &i));) {
		struct place **at = at_node(row, node);

		if (*at)
			place_remove(r, row, at);
	}
}

void cm_registry_destroy(struct cm_registry **r)
{
	struct place **row;

	if (!*r)
		return;
	for (uint32_t i = 0; (row = roster_next(&by_name, &(*r)->devices, &i));)
		for (struct place *p = *row, *next; p; p = next) {
			next = p->next;
			free(p);
		}
	roster_free(&(*r)->devices);
	registry_numbers_free(*r);
	free(*r);
	*r = NULL;
}

static unsigned rank(const struct cm_registration *is)
{
	unsigned i = 0;

	while (i < is->group_n && is->group[i] != is->node)
		i++;
	return i + (is->orphan ? 4 : 0);
}

bool cm_registration_ties(const struct cm_registration *a, const struct cm_registration *b)
{
	return rank(a) == rank(b);
}

bool cm_registration_prefers(const struct cm_registration *a, const struct cm_registration *b)
{
	return rank(a) != rank(b) ? rank(a) < rank(b) : a->node < b->node;
}

const struct cm_registration *cm_registry_device(const struct cm_registry *r, const char *device,
						 uint8_t without_node)
{
	const struct cm_registration *best = NULL;

	for (const struct place *p = places(r, device); p; p = p->next)
		if (p->is.node != without_node && (!best || cm_registration_prefers(&p->is, best)))
			best = &p->is;
	return best;
}

const struct cm_registration *cm_registry_here(const struct cm_registry *r, const char *device)
{
	const struct place *p = places(r, device);

	while (p && p->is.node != r->node)
		p = p->next;
	return p ? &p->is : NULL;
}

static void own(const struct cm_registry *r, struct place *p,
		void (*each)(void *arg, DaRegistration *d), void *arg)
{
	DaRegistration d = DA_REGISTRATION__INIT;
	DaLine *line = registry_must(calloc(p->is.lines_n + 1u, sizeof *line));
	DaLine **at = registry_must(calloc(p->is.lines_n + 1u, sizeof *at));
	uint32_t group[3];

	for (uint16_t i = 0; i < p->is.lines_n; i++) {
		const struct line *l = &p->lines[i];

		da_line__init(&line[i]);
		line[i].dn = l->number->dn;
		line[i].partition = (char *)registry_partition_name(r, l->number->partition);
		line[i].line_pid = sdl_pid_pack(l->control);
		at[i] = &line[i];
	}
	for (uint8_t i = 0; i < p->is.group_n; i++)
		group[i] = p->is.group[i];
	d.device = (char *)p->is.device;
	d.kind = p->is.kind;
	d.group = group;
	d.n_group = p->is.group_n;
	d.device_pid = sdl_pid_pack(p->is.device_pid);
	d.generation = p->is.generation;
	d.has_orphan = true;
	d.orphan = p->is.orphan;
	d.line = at;
	d.n_line = p->is.lines_n;
	each(arg, &d);
	free(at);
	free(line);
}

void cm_registry_each_own(struct cm_registry *r, void (*each)(void *arg, DaRegistration *d),
			  void *arg)
{
	struct place **row;

	for (uint32_t i = 0; (row = roster_next(&by_name, &r->devices, &i));) {
		struct place *p = *at_node(row, r->node);

		if (p)
			own(r, p, each, arg);
	}
}
