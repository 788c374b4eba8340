/* Two hashes: numbers and devices. A device has a place per node where it is registered, a place
 * has its lines, and each line hangs on its number too. For "may more digits come?" the numbers are
 * also kept sorted, made anew when that is asked after a change. */
#include "callmanager/registry.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

struct number;
struct place;

struct line {
	struct line *next_of_number;
	struct line *next_of_place;
	struct number *number;
	struct place *place;
	struct sdl_pid control;
	char *partition;
};

struct number {
	UT_hash_handle hh;
	struct line *lines;
	char *cfna;
	char *cfa;
	DeviceKind kind;
	bool configured;
	bool seen; /* in the load under way */
	char dn[];
};

struct device;

struct place {
	struct place *next; /* of the same device */
	struct device *device;
	struct cm_registration is;
	struct line *lines;
};

struct device {
	UT_hash_handle hh;
	struct place *places;
	char name[];
};

struct cm_registry {
	uint8_t node;
	struct number *numbers;
	struct device *devices;
	struct number **sorted;
	size_t sorted_n;
	bool unsorted;
	size_t here; /* places at this node */
};

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
	struct number *n;

	HASH_FIND(hh, r->numbers, dn, (unsigned)strlen(dn), n);
	return n;
}

static struct number *number_get(struct cm_registry *r, const char *dn)
{
	struct number *n = number_find(r, dn);
	size_t len = strlen(dn);

	if (n)
		return n;
	n = must(calloc(1, sizeof *n + len + 1));
	memcpy(n->dn, dn, len + 1);
	HASH_ADD_KEYPTR(hh, r->numbers, n->dn, (unsigned)len, n);
	r->unsorted = true;
	return n;
}

/* Forgets a number that is neither configured nor registered. */
static void number_put(struct cm_registry *r, struct number *n)
{
	if (n->configured || n->lines)
		return;
	HASH_DEL(r->numbers, n);
	r->unsorted = true;
	free(n->cfna);
	free(n->cfa);
	free(n);
}

void cm_registry_load_begin(struct cm_registry *r)
{
	struct number *n, *next;

	HASH_ITER (hh, r->numbers, n, next)
		n->seen = false;
}

void cm_registry_load(struct cm_registry *r, const NumberConfig *number)
{
	struct number *n = number_get(r, number->dn);
	const char *internal = number->cfna_int && number->cfna_int[0] ? number->cfna_int : NULL;

	if (n->seen)
		return; /* the same number in another partition: the first one counts */
	n->seen = n->configured = true;
	n->kind = number->has_kind ? number->kind : DEVICE_KIND__DEVICE_UNKNOWN;
	free(n->cfna);
	free(n->cfa);
	n->cfna = copy(internal ? internal : number->cfna);
	n->cfa = copy(number->cfa);
}

void cm_registry_load_end(struct cm_registry *r)
{
	struct number *n, *next;

	HASH_ITER (hh, r->numbers, n, next) {
		if (n->seen)
			continue;
		n->configured = false;
		number_put(r, n);
	}
}

size_t cm_registry_numbers(const struct cm_registry *r)
{
	return HASH_COUNT(r->numbers);
}

size_t cm_registry_devices_here(const struct cm_registry *r)
{
	return r->here;
}

static int by_dn(const void *a, const void *b)
{
	struct number *const *x = a;
	struct number *const *y = b;

	return strcmp((*x)->dn, (*y)->dn);
}

static void sort(struct cm_registry *r)
{
	struct number *n, *next;
	size_t i = 0;

	if (!r->unsorted)
		return;
	r->sorted_n = HASH_COUNT(r->numbers);
	r->sorted = must(realloc(r->sorted, (r->sorted_n + 1) * sizeof *r->sorted));
	HASH_ITER (hh, r->numbers, n, next)
		r->sorted[i++] = n;
	qsort(r->sorted, r->sorted_n, sizeof *r->sorted, by_dn);
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

static struct device *device_find(const struct cm_registry *r, const char *name)
{
	struct device *d;

	HASH_FIND(hh, r->devices, name, (unsigned)strlen(name), d);
	return d;
}

static struct device *device_get(struct cm_registry *r, const char *name)
{
	struct device *d = device_find(r, name);
	size_t len = strlen(name);

	if (d)
		return d;
	d = must(calloc(1, sizeof *d + len + 1));
	memcpy(d->name, name, len + 1);
	HASH_ADD_KEYPTR(hh, r->devices, d->name, (unsigned)len, d);
	return d;
}

static struct place *place_find(const struct device *d, uint8_t node)
{
	struct place *p = d ? d->places : NULL;

	while (p && p->is.node != node)
		p = p->next;
	return p;
}

static void line_remove(struct cm_registry *r, struct line *line)
{
	struct line **at = &line->number->lines;

	while (*at != line)
		at = &(*at)->next_of_number;
	*at = line->next_of_number;
	number_put(r, line->number);
	free(line->partition);
	free(line);
}

static void lines_remove(struct cm_registry *r, struct place *p)
{
	while (p->lines) {
		struct line *line = p->lines;

		p->lines = line->next_of_place;
		line_remove(r, line);
	}
}

static void place_remove(struct cm_registry *r, struct place *p)
{
	struct device *d = p->device;
	struct place **at = &d->places;

	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	r->here -= p->is.node == r->node;
	lines_remove(r, p);
	free(p);
	if (d->places)
		return;
	HASH_DEL(r->devices, d);
	free(d);
}

static struct place *place_get(struct cm_registry *r, uint8_t node, const char *name)
{
	struct device *d = device_get(r, name);
	struct place *p = place_find(d, node);

	if (p)
		return p;
	p = must(calloc(1, sizeof *p));
	p->device = d;
	p->is.device = d->name;
	p->is.node = node;
	p->next = d->places;
	d->places = p;
	r->here += node == r->node;
	return p;
}

static void line_add(struct cm_registry *r, struct place *p, const DaLine *config)
{
	struct line *line = must(calloc(1, sizeof *line));
	struct line **end = &p->lines;

	while (*end)
		end = &(*end)->next_of_place;
	*end = line;
	line->place = p;
	line->number = number_get(r, config->dn);
	line->next_of_number = line->number->lines;
	line->number->lines = line;
	line->control = sdl_pid_unpack(config->line_pid);
	line->partition = copy(config->partition);
}

void cm_registry_add(struct cm_registry *r, uint8_t node, const DaRegistration *d)
{
	struct place *p = place_get(r, node, d->device);

	lines_remove(r, p);
	p->is.kind = d->kind;
	p->is.generation = d->generation;
	p->is.orphan = d->has_orphan && d->orphan;
	p->is.device_pid = sdl_pid_unpack(d->device_pid);
	p->is.group_n = d->n_group < 3 ? d->n_group : 3;
	for (size_t i = 0; i < p->is.group_n; i++)
		p->is.group[i] = d->group[i];
	for (size_t i = 0; i < d->n_line; i++)
		line_add(r, p, d->line[i]);
}

void cm_registry_remove(struct cm_registry *r, uint8_t node, const char *device,
			uint32_t generation)
{
	struct place *p = place_find(device_find(r, device), node);

	if (p && p->is.generation == generation)
		place_remove(r, p);
}

void cm_registry_node_lost(struct cm_registry *r, uint8_t node)
{
	struct device *d, *next;

	HASH_ITER (hh, r->devices, d, next) {
		struct place *p = place_find(d, node);

		if (p)
			place_remove(r, p);
	}
}

void cm_registry_destroy(struct cm_registry **r)
{
	struct device *d, *next_device;
	struct number *n, *next_number;

	if (!*r)
		return;
	HASH_ITER (hh, (*r)->devices, d, next_device) {
		struct place *p = d->places;

		while (p) {
			struct place *next = p->next;

			place_remove(*r, p); /* the last one takes the device along */
			p = next;
		}
	}
	HASH_ITER (hh, (*r)->numbers, n, next_number) {
		n->configured = false;
		number_put(*r, n);
	}
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
	const struct device *d = device_find(r, device);
	const struct cm_registration *best = NULL;

	for (const struct place *p = d ? d->places : NULL; p; p = p->next)
		if (p->is.node != without_node && (!best || cm_registration_prefers(&p->is, best)))
			best = &p->is;
	return best;
}

const struct cm_registration *cm_registry_here(const struct cm_registry *r, const char *device)
{
	const struct place *p = place_find(device_find(r, device), r->node);

	return p ? &p->is : NULL;
}

static void own(struct place *p, void (*each)(void *arg, DaRegistration *d), void *arg)
{
	DaRegistration d = DA_REGISTRATION__INIT;
	size_t n = 0;

	for (struct line *l = p->lines; l; l = l->next_of_place)
		n++;

	DaLine *line = must(calloc(n + 1, sizeof *line));
	DaLine **at = must(calloc(n + 1, sizeof *at));

	n = 0;
	for (struct line *l = p->lines; l; l = l->next_of_place) {
		da_line__init(&line[n]);
		line[n].dn = l->number->dn;
		line[n].partition = l->partition;
		line[n].line_pid = sdl_pid_pack(l->control);
		at[n] = &line[n];
		n++;
	}
	d.device = p->device->name;
	d.kind = p->is.kind;
	d.group = p->is.group;
	d.n_group = p->is.group_n;
	d.device_pid = sdl_pid_pack(p->is.device_pid);
	d.generation = p->is.generation;
	d.has_orphan = true;
	d.orphan = p->is.orphan;
	d.line = at;
	d.n_line = n;
	each(arg, &d);
	free(at);
	free(line);
}

void cm_registry_each_own(struct cm_registry *r, void (*each)(void *arg, DaRegistration *d),
			  void *arg)
{
	struct device *d, *next;

	HASH_ITER (hh, r->devices, d, next) {
		struct place *p = place_find(d, r->node);

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
		if (!best || cm_registration_prefers(&l->place->is, best))
			best = &l->place->is;
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

	while (l && l->place->is.node != r->node)
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

	return l ? l->place->is.device : NULL;
}

const char *cm_registry_forward(const struct cm_registry *r, const char *dn)
{
	const struct number *n = number_find(r, dn);

	return n ? forward_of(n) : NULL;
}
