/* Two rosters: numbers and devices. A device has a place per node where it is registered, a place
 * has its lines, and each line hangs on its number too. Every node knows every device of the
 * cluster, so a place with its lines and their texts is one piece of memory. For "may more digits
 * come?" the numbers are also kept sorted, made anew when that is asked after a change. */
#include "callmanager/registry.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/roster.h"

struct number;

struct line {
	struct line *next_of_number;
	struct number *number;
	struct sdl_pid control;
	uint16_t index;	    /* among the lines of its place */
	uint16_t partition; /* where its text begins; 0 = none */
};

struct number {
	struct line *lines;
	char *cfna;
	char *cfa;
	uint8_t kind; /* DeviceKind */
	bool configured;
	bool seen; /* in the load under way */
	char dn[];
};

struct place {
	struct place *next; /* of the same device */
	struct cm_registration is;
	struct line lines[]; /* texts follow: the device's name, the lines' partitions */
};

struct cm_registry {
	uint8_t node;
	struct roster numbers;
	struct roster devices; /* the first place of each */
	struct number **sorted;
	size_t sorted_n;
	bool unsorted;
	size_t here; /* places at this node */
};

static struct roster_key key_of_number(const void *row)
{
	const struct number *const *number = row;

	return (struct roster_key){ (*number)->dn, strlen((*number)->dn) };
}

static struct roster_key key_of_device(const void *row)
{
	const struct place *const *place = row;

	return (struct roster_key){ (*place)->is.device, strlen((*place)->is.device) };
}

static const struct roster_kind by_dn = { sizeof(struct number *), key_of_number };
static const struct roster_kind by_name = { sizeof(struct place *), key_of_device };

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

static char *copy(const char *text)
{
	return text && text[0] ? must(strdup(text)) : NULL;
}

struct cm_registry *cm_registry_new(uint8_t node)
{
	struct cm_registry *r = must(calloc(1, sizeof *r));

	r->node = node;
	return r;
}

/* ---- numbers -------------------------------------------------------------------------------- */

static struct number *number_find(const struct cm_registry *r, const char *dn)
{
	struct number **row = roster_find(&by_dn, &r->numbers, dn, strlen(dn));

	return row ? *row : NULL;
}

static struct number *number_get(struct cm_registry *r, const char *dn)
{
	struct number *n = number_find(r, dn);
	size_t size = strlen(dn) + 1;

	if (n)
		return n;
	n = must(calloc(1, offsetof(struct number, dn) + size));
	memcpy(n->dn, dn, size);
	roster_add(&by_dn, &r->numbers, &n);
	r->unsorted = true;
	return n;
}

static void number_free(struct number *n)
{
	free(n->cfna);
	free(n->cfa);
	free(n);
}

/* Forgets a number that is neither configured nor registered. */
static void number_put(struct cm_registry *r, struct number *n)
{
	if (n->configured || n->lines)
		return;
	roster_remove(&by_dn, &r->numbers, roster_find(&by_dn, &r->numbers, n->dn, strlen(n->dn)));
	r->unsorted = true;
	number_free(n);
}

void cm_registry_load_begin(struct cm_registry *r)
{
	struct number **row;

	for (uint32_t at = 0; (row = roster_next(&by_dn, &r->numbers, &at));)
		(*row)->seen = false;
}

void cm_registry_load(struct cm_registry *r, const NumberConfig *number)
{
	struct number *n = number_get(r, number->dn);
	const char *internal = number->cfna_int && number->cfna_int[0] ? number->cfna_int : NULL;

	if (n->seen)
		return; /* the same number in another partition: the first one counts */
	n->seen = n->configured = true;
	n->kind = (uint8_t)(number->has_kind ? number->kind : DEVICE_KIND__DEVICE_UNKNOWN);
	free(n->cfna);
	free(n->cfa);
	n->cfna = copy(internal ? internal : number->cfna);
	n->cfa = copy(number->cfa);
}

void cm_registry_load_end(struct cm_registry *r)
{
	struct number **row;

	for (uint32_t at = 0; (row = roster_next(&by_dn, &r->numbers, &at));) {
		if ((*row)->seen)
			continue;
		(*row)->configured = false;
		number_put(r, *row);
	}
}

size_t cm_registry_numbers(const struct cm_registry *r)
{
	return r->numbers.n;
}

size_t cm_registry_devices_here(const struct cm_registry *r)
{
	return r->here;
}

static int by_digits(const void *a, const void *b)
{
	struct number *const *x = a;
	struct number *const *y = b;

	return strcmp((*x)->dn, (*y)->dn);
}

static void sort(struct cm_registry *r)
{
	struct number **row;
	size_t i = 0;

	if (!r->unsorted)
		return;
	r->sorted_n = r->numbers.n;
	r->sorted = must(realloc(r->sorted, (r->sorted_n + 1) * sizeof *r->sorted));
	for (uint32_t at = 0; (row = roster_next(&by_dn, &r->numbers, &at));)
		r->sorted[i++] = *row;
	qsort(r->sorted, r->sorted_n, sizeof *r->sorted, by_digits);
	r->unsorted = false;
}

/* Does a longer number begin with these digits? */
static bool longer_exists(struct cm_registry *r, const char *digits)
{
	size_t low = 0, high, len = strlen(digits);

	sort(r);
	high = r->sorted_n;
	while (low < high) { /* the first one that sorts behind digits */
		size_t mid = low + (high - low) / 2;

		if (strcmp(r->sorted[mid]->dn, digits) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < r->sorted_n && strncmp(r->sorted[low]->dn, digits, len) == 0;
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

static const struct place *place_of(const struct line *line)
{
	const void *first = line - line->index;

	return (const void *)((const char *)first - offsetof(struct place, lines));
}

static const char *partition(const struct place *p, const struct line *line)
{
	return line->partition ? p->is.device + line->partition : NULL;
}

static void line_remove(struct cm_registry *r, struct line *line)
{
	struct line **at = &line->number->lines;

	while (*at != line)
		at = &(*at)->next_of_number;
	*at = line->next_of_number;
	number_put(r, line->number);
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

static size_t texts_size(const DaRegistration *d)
{
	size_t size = strlen(d->device) + 1;

	for (size_t i = 0; i < d->n_line; i++)
		if (d->line[i]->partition && d->line[i]->partition[0])
			size += strlen(d->line[i]->partition) + 1;
	return size;
}

static char *text_add(char *end, const char *text)
{
	size_t size = strlen(text) + 1;

	memcpy(end, text, size);
	return end + size;
}

/* Its lines do not hang on their numbers yet. */
static struct place *place_new(uint8_t node, const DaRegistration *d)
{
	size_t lines_n = d->n_line < UINT16_MAX ? d->n_line : UINT16_MAX;
	struct place *p = must(calloc(1, sizeof *p + lines_n * sizeof p->lines[0] + texts_size(d)));
	char *device = (char *)&p->lines[lines_n];
	char *end = text_add(device, d->device);

	p->is.device = device;
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
		const DaLine *config = d->line[i];
		struct line *line = &p->lines[i];

		line->index = (uint16_t)i;
		line->control = sdl_pid_unpack(config->line_pid);
		if (!config->partition || !config->partition[0])
			continue;
		line->partition = (uint16_t)(end - device);
		end = text_add(end, config->partition);
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

		line->number = number_get(r, d->line[i]->dn);
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
	struct number **number;
	struct place **row;

	if (!*r)
		return;
	for (uint32_t i = 0; (row = roster_next(&by_name, &(*r)->devices, &i));)
		for (struct place *p = *row, *next; p; p = next) {
			next = p->next;
			free(p);
		}
	for (uint32_t i = 0; (number = roster_next(&by_dn, &(*r)->numbers, &i));)
		number_free(*number);
	roster_free(&(*r)->devices);
	roster_free(&(*r)->numbers);
	free((*r)->sorted);
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

static void own(struct place *p, void (*each)(void *arg, DaRegistration *d), void *arg)
{
	DaRegistration d = DA_REGISTRATION__INIT;
	DaLine *line = must(calloc(p->is.lines_n + 1u, sizeof *line));
	DaLine **at = must(calloc(p->is.lines_n + 1u, sizeof *at));
	uint32_t group[3];

	for (uint16_t i = 0; i < p->is.lines_n; i++) {
		const struct line *l = &p->lines[i];

		da_line__init(&line[i]);
		line[i].dn = l->number->dn;
		line[i].partition = (char *)partition(p, l);
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
			own(p, each, arg);
	}
}

/* ---- analysis ------------------------------------------------------------------------------- */

static const char *forward_of(const struct number *n)
{
	bool cti = n->kind == DEVICE_KIND__DEVICE_CTI_PORT ||
		   n->kind == DEVICE_KIND__DEVICE_ROUTE_POINT;

	if (n->cfa)
		return n->cfa;
	return cti ? n->cfna : NULL;
}

static struct cm_route found(const struct number *n)
{
	const struct cm_registration *best = NULL;
	struct cm_route route = { .result = DA_RESULT__DA_NONE,
				  .cause = CAUSE_CALL_DESTINATIONOUTOFORDER };

	for (const struct line *l = n->lines; l; l = l->next_of_number)
		if (!best || cm_registration_prefers(&place_of(l)->is, best))
			best = &place_of(l)->is;
	if (best) {
		route.result = DA_RESULT__DA_ROUTE;
		route.node = best->node;
	} else if (forward_of(n)) {
		route.result = DA_RESULT__DA_FORWARD;
		route.forward = forward_of(n);
	}
	return route;
}

struct cm_route cm_registry_route(struct cm_registry *r, const char *digits, bool complete)
{
	const struct number *n;

	if (!complete && longer_exists(r, digits))
		return (struct cm_route){ .result = DA_RESULT__DA_MORE };
	n = number_find(r, digits);
	if (n)
		return found(n);
	return (struct cm_route){ .result = DA_RESULT__DA_NONE,
				  .cause = CAUSE_CALL_UNALLOCATEDNUMBER };
}

static const struct line *line_here(const struct cm_registry *r, const char *dn)
{
	const struct number *n = number_find(r, dn);
	const struct line *l = n ? n->lines : NULL;

	while (l && place_of(l)->is.node != r->node)
		l = l->next_of_number;
	return l;
}

struct sdl_pid cm_registry_line(const struct cm_registry *r, const char *dn)
{
	const struct line *l = line_here(r, dn);

	return l ? l->control : (struct sdl_pid){ 0 };
}

const char *cm_registry_device_of(const struct cm_registry *r, const char *dn)
{
	const struct line *l = line_here(r, dn);

	return l ? place_of(l)->is.device : NULL;
}

const char *cm_registry_forward(const struct cm_registry *r, const char *dn)
{
	const struct number *n = number_find(r, dn);

	return n ? forward_of(n) : NULL;
}
