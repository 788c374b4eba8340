/* The numbers of the registry: found by their digits, then by their partition. For "may more digits
 * come?" those of each partition are also kept sorted, and patterns in a trie; both are made anew
 * when that is asked after a change. */
#include "callmanager/registry_private.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static struct roster_key key_of_number(const void *row)
{
	const struct number *const *number = row;

	return (struct roster_key){ (*number)->dn, strlen((*number)->dn) };
}

static struct roster_key key_of_partition(const void *row)
{
	const struct partition *const *partition = row;

	return (struct roster_key){ (*partition)->name, strlen((*partition)->name) };
}

static struct roster_key key_of_space(const void *row)
{
	const struct space *const *space = row;

	return (struct roster_key){ (*space)->name, strlen((*space)->name) };
}

static const struct roster_kind by_dn = { sizeof(struct number *), key_of_number };
static const struct roster_kind by_partition = { sizeof(struct partition *), key_of_partition };
static const struct roster_kind by_space = { sizeof(struct space *), key_of_space };

static const char *set(const char *text)
{
	return text && text[0] ? text : NULL;
}

static char *copy(const char *text)
{
	return set(text) ? registry_must(strdup(text)) : NULL;
}

/* ---- partitions and spaces ------------------------------------------------------------------ */

static const struct partition *partition(const struct cm_registry *r, const char *name)
{
	struct partition **row = roster_find(&by_partition, &r->partitions, name, strlen(name));

	return row ? *row : NULL;
}

/* Once known, always known: there are few. */
static uint16_t partition_get(struct cm_registry *r, const char *name)
{
	const struct partition *known = partition(r, name);
	size_t size = strlen(name) + 1;
	struct partition *p;

	if (known)
		return known->id;
	if (r->partitions_n == UINT16_MAX)
		abort();
	p = registry_must(calloc(1, offsetof(struct partition, name) + size));
	memcpy(p->name, name, size);
	p->id = r->partitions_n ? r->partitions_n : 1;
	r->partitions_n = (uint16_t)(p->id + 1);
	roster_add(&by_partition, &r->partitions, &p);
	r->by_id = registry_must(realloc(r->by_id, r->partitions_n * sizeof(struct partition *)));
	r->turns = registry_must(realloc(r->turns, r->partitions_n * sizeof *r->turns));
	r->ranks = registry_must(realloc(r->ranks, r->partitions_n * sizeof *r->ranks));
	r->reached = registry_must(realloc(r->reached, r->partitions_n * sizeof *r->reached));
	if (p->id == 1) {
		r->by_id[0] = registry_must(calloc(1, offsetof(struct partition, name) + 1));
		r->turns[0] = 0;
	}
	r->by_id[p->id] = p;
	r->turns[p->id] = 0;
	return p->id;
}

const char *registry_partition_name(const struct cm_registry *r, uint16_t id)
{
	return id ? r->by_id[id]->name : NULL;
}

static struct space *space_find(const struct cm_registry *r, const char *name)
{
	struct space **row = roster_find(&by_space, &r->spaces, name, strlen(name));

	return row ? *row : NULL;
}

const struct space *registry_space(const struct cm_registry *r, const char *name)
{
	return space_find(r, name);
}

void cm_registry_load_space(struct cm_registry *r, const SearchSpaceConfig *config)
{
	size_t size = strlen(config->name) + 1;
	struct space *s = space_find(r, config->name);

	if (!s) {
		s = registry_must(calloc(1, offsetof(struct space, name) + size));
		memcpy(s->name, config->name, size);
		roster_add(&by_space, &r->spaces, &s);
	}
	s->seen = true;
	s->n = config->n_partition;
	s->partitions = registry_must(realloc(s->partitions, (s->n + 1) * sizeof *s->partitions));
	for (size_t i = 0; i < s->n; i++)
		s->partitions[i] = partition_get(r, config->partition[i]);
}

static void space_free(struct space *s)
{
	free(s->partitions);
	free(s);
}

/* ---- numbers -------------------------------------------------------------------------------- */

struct number *registry_first_of(const struct cm_registry *r, const char *dn)
{
	struct number **row = roster_find(&by_dn, &r->numbers, dn, strlen(dn));

	return row ? *row : NULL;
}

static struct number *of_partition(struct number *n, uint16_t id)
{
	while (n && n->partition != id)
		n = n->next_of_dn;
	return n;
}

struct number *registry_number(const struct cm_registry *r, const char *dn, const char *name)
{
	const struct partition *p = set(name) ? partition(r, name) : NULL;

	if (set(name) && !p)
		return NULL;
	return of_partition(registry_first_of(r, dn), p ? p->id : 0);
}

struct number *registry_number_get(struct cm_registry *r, const char *dn, const char *name)
{
	uint16_t id = set(name) ? partition_get(r, name) : 0;
	struct number *first = registry_first_of(r, dn);
	struct number *n = of_partition(first, id);
	size_t size = strlen(dn) + 1;

	if (n)
		return n;
	n = registry_must(calloc(1, offsetof(struct number, dn) + size));
	memcpy(n->dn, dn, size);
	n->partition = id;
	n->usage = DB_USAGE_DEVICE;
	if (first) {
		n->next_of_dn = first->next_of_dn;
		first->next_of_dn = n;
	} else {
		roster_add(&by_dn, &r->numbers, &n);
	}
	r->numbers_n++;
	r->stale = true;
	return n;
}

static void forwards_free(struct number *n)
{
	struct forwards *f = n->forwards;

	if (!f)
		return;
	free(f->cfa.to);
	free(f->cfa.css);
	free(f->cfna.to);
	free(f->cfna.css);
	free(f->cfur.to);
	free(f->cfur.css);
	for (size_t i = 0; i < CM_SCOPE_MAX; i++)
		free(f->css[i]);
	free(f);
	n->forwards = NULL;
}

static void number_free(struct number *n)
{
	forwards_free(n);
	if (n->pattern)
		pattern_config__free_unpacked(n->pattern, NULL);
	free(n);
}

void registry_number_put(struct cm_registry *r, struct number *n)
{
	struct number **row, **at;

	if (n->configured || n->lines)
		return;
	row = roster_find(&by_dn, &r->numbers, n->dn, strlen(n->dn));
	if (*row == n && !n->next_of_dn) {
		roster_remove(&by_dn, &r->numbers, row);
	} else {
		for (at = row; *at != n;)
			at = &(*at)->next_of_dn;
		*at = n->next_of_dn;
	}
	r->numbers_n--;
	r->stale = true;
	number_free(n);
}

/* ---- the load ------------------------------------------------------------------------------- */

void cm_registry_load_begin(struct cm_registry *r)
{
	struct number **row;
	struct space **space;

	for (uint32_t at = 0; (row = roster_next(&by_dn, &r->numbers, &at));)
		for (struct number *n = *row; n; n = n->next_of_dn)
			n->seen = false;
	for (uint32_t at = 0; (space = roster_next(&by_space, &r->spaces, &at));)
		(*space)->seen = false;
}

static struct forwarded forwarded(const char *to, const char *css)
{
	return (struct forwarded){ copy(to), set(to) ? copy(css) : NULL };
}

static void load_forwards(struct number *n, const NumberConfig *c)
{
	bool cfna_int = set(c->cfna_int) != NULL, cfur_int = set(c->cfur_int) != NULL;

	forwards_free(n);
	if (!set(c->cfa) && !cfna_int && !set(c->cfna) && !cfur_int && !set(c->cfur) && !c->n_css)
		return;
	n->forwards = registry_must(calloc(1, sizeof *n->forwards));
	n->forwards->cfa = forwarded(c->cfa, c->cfa_css);
	n->forwards->cfna = cfna_int ? forwarded(c->cfna_int, c->cfna_int_css)
				     : forwarded(c->cfna, c->cfna_css);
	n->forwards->cfur = cfur_int ? forwarded(c->cfur_int, c->cfur_int_css)
				     : forwarded(c->cfur, c->cfur_css);
	for (size_t i = 0; i < c->n_css && i < CM_SCOPE_MAX; i++)
		n->forwards->css[i] = copy(c->css[i]);
}

void cm_registry_set_forward_all(struct cm_registry *r, const char *dn, const char *partition,
				 const char *to, const char *css)
{
	struct number *n = registry_number(r, dn, partition);

	if (!n)
		return;
	if (!n->forwards)
		n->forwards = registry_must(calloc(1, sizeof *n->forwards));
	free(n->forwards->cfa.to);
	free(n->forwards->cfa.css);
	n->forwards->cfa = forwarded(to, css);
}

void cm_registry_mark_forward(struct cm_registry *r, const char *dn, const char *partition)
{
	struct number *n = registry_number(r, dn, partition);

	if (n)
		n->marked = true;
}

void cm_registry_each_marked(const struct cm_registry *r,
			     void (*each)(void *arg, const char *dn, const char *partition),
			     void *arg)
{
	struct number **row;

	for (uint32_t at = 0; (row = roster_next(&by_dn, &r->numbers, &at));)
		for (const struct number *n = *row; n; n = n->next_of_dn)
			if (n->marked)
				each(arg, n->dn, registry_partition_name(r, n->partition));
}

void cm_registry_each_partition(const struct cm_registry *r, const char *dn,
				void (*each)(void *arg, const char *dn, const char *partition),
				void *arg)
{
	for (const struct number *n = registry_first_of(r, dn); n; n = n->next_of_dn)
		each(arg, n->dn, registry_partition_name(r, n->partition));
}

void cm_registry_load(struct cm_registry *r, const NumberConfig *number)
{
	struct number *n = registry_number_get(r, number->dn, number->partition);

	if (n->seen)
		return; /* on a further device */
	n->seen = n->configured = true;
	n->kind = (uint8_t)(number->has_kind ? number->kind : DEVICE_KIND__DEVICE_UNKNOWN);
	n->usage = (uint8_t)(number->has_usage ? number->usage : DB_USAGE_DEVICE);
	load_forwards(n, number);
	if (n->pattern)
		pattern_config__free_unpacked(n->pattern, NULL);
	n->pattern = number->pattern ? cm_copy(&number->pattern->base) : NULL;
}

void cm_registry_load_end(struct cm_registry *r)
{
	struct number **row;
	struct space **space;

	for (uint32_t at = 0; (row = roster_next(&by_dn, &r->numbers, &at));)
		for (struct number *n = *row, *next; n; n = next) {
			next = n->next_of_dn;
			if (n->seen)
				continue;
			n->configured = false;
			registry_number_put(r, n);
		}
	for (uint32_t at = 0; (space = roster_next(&by_space, &r->spaces, &at));)
		if (!(*space)->seen) {
			struct space *gone = *space;

			roster_remove(&by_space, &r->spaces, space); /* by its name */
			space_free(gone);
		}
}

size_t cm_registry_numbers(const struct cm_registry *r)
{
	return r->numbers_n;
}

/* ---- what is made of them ------------------------------------------------------------------- */

static int by_digits(const void *a, const void *b)
{
	struct number *const *x = a;
	struct number *const *y = b;

	return strcmp((*x)->dn, (*y)->dn);
}

static void each_plain(struct cm_registry *r, bool fill)
{
	struct number **row;

	for (uint32_t at = 0; (row = roster_next(&by_dn, &r->numbers, &at));) {
		if (cm_pattern_is_one((*row)->dn))
			continue;
		for (struct number *n = *row; n; n = n->next_of_dn) {
			struct partition *p = r->by_id[n->partition];

			if (fill)
				p->sorted[p->sorted_n] = n;
			p->sorted_n++;
		}
	}
}

static void sort(struct cm_registry *r)
{
	for (size_t i = 0; i < r->partitions_n; i++)
		r->by_id[i]->sorted_n = 0;
	each_plain(r, false);
	for (size_t i = 0; i < r->partitions_n; i++) {
		struct partition *p = r->by_id[i];

		p->sorted =
			registry_must(realloc(p->sorted, (p->sorted_n + 1) * sizeof *p->sorted));
		p->sorted_n = 0;
	}
	each_plain(r, true);
	for (size_t i = 0; i < r->partitions_n; i++)
		qsort(r->by_id[i]->sorted, r->by_id[i]->sorted_n, sizeof(struct number *),
		      by_digits);
}

void registry_refresh(struct cm_registry *r)
{
	struct number **row;

	if (!r->stale)
		return;
	r->stale = false;
	if (!r->partitions_n) /* makes room for "none", too */
		partition_get(r, "");
	sort(r);
	cm_trie_free(&r->trie);
	for (uint32_t at = 0; (row = roster_next(&by_dn, &r->numbers, &at));)
		if (cm_pattern_is_one((*row)->dn))
			cm_trie_add(&r->trie, (*row)->dn, *row);
}

void registry_numbers_free(struct cm_registry *r)
{
	struct number **row;
	struct space **space;

	for (uint32_t at = 0; (row = roster_next(&by_dn, &r->numbers, &at));)
		for (struct number *n = *row, *next; n; n = next) {
			next = n->next_of_dn;
			number_free(n);
		}
	for (uint32_t at = 0; (space = roster_next(&by_space, &r->spaces, &at));)
		space_free(*space);
	for (size_t i = 0; i < r->partitions_n; i++) {
		free(r->by_id[i]->sorted);
		free(r->by_id[i]);
	}
	cm_trie_free(&r->trie);
	roster_free(&r->numbers);
	roster_free(&r->spaces);
	roster_free(&r->partitions);
	free(r->by_id);
	free(r->turns);
	free(r->ranks);
	free(r->reached);
}
