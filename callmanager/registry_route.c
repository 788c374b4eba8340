/* Digit analysis: who is meant by digits, as far as the caller may know. */
#include "callmanager/registry_private.h"

#include <stdio.h>
#include <string.h>

/* So many translations on the way: a circle of them ends. */
#define TRANSLATIONS_MAX 12
#define UNREACHABLE	 UINT16_MAX
#define LAST		 (UINT16_MAX - 1)

/* ---- whom the caller reaches ---------------------------------------------------------------- */

static void reach(struct cm_registry *r, const struct cm_scope *scope)
{
	r->turn++;
	r->reached_n = 0;
	for (size_t i = 0; i < scope->n; i++) {
		const struct space *space = registry_space(r, scope->css[i]);

		for (size_t k = 0; space && k < space->n; k++) {
			uint16_t id = space->partitions[k];

			if (r->turns[id] == r->turn)
				continue;
			r->turns[id] = r->turn;
			r->ranks[id] = (uint16_t)r->reached_n;
			r->reached[r->reached_n++] = id;
		}
	}
}

static uint16_t rank_of(const struct cm_registry *r, uint16_t partition)
{
	if (!partition)
		return LAST;
	return r->turns[partition] == r->turn ? r->ranks[partition] : UNREACHABLE;
}

/* ---- the closest match ---------------------------------------------------------------------- */

struct search {
	const struct cm_registry *r;
	const struct number *best;
	unsigned looseness;
	uint16_t rank;
};

static void match(void *arg, void *what, unsigned looseness)
{
	struct search *s = arg;

	for (const struct number *n = what; n; n = n->next_of_dn) {
		uint16_t rank = rank_of(s->r, n->partition);
		bool closer = !s->best || looseness < s->looseness ||
			      (looseness == s->looseness && rank < s->rank);

		if (rank == UNREACHABLE || !closer)
			continue;
		s->best = n;
		s->looseness = looseness;
		s->rank = rank;
	}
}

static bool counts(void *arg, void *what)
{
	struct search *s = arg;

	for (const struct number *n = what; n; n = n->next_of_dn)
		if (rank_of(s->r, n->partition) != UNREACHABLE)
			return true;
	return false;
}

/* Does a longer number of the partition begin with these digits? */
static bool longer_in(const struct partition *p, const char *digits)
{
	size_t low = 0, high = p->sorted_n;

	while (low < high) { /* the first one that sorts behind digits */
		size_t mid = low + (high - low) / 2;

		if (strcmp(p->sorted[mid]->dn, digits) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < p->sorted_n && strncmp(p->sorted[low]->dn, digits, strlen(digits)) == 0;
}

static bool longer_exists(const struct cm_registry *r, const char *digits)
{
	for (size_t i = 0; i < r->reached_n; i++)
		if (longer_in(r->by_id[r->reached[i]], digits))
			return true;
	return r->partitions_n && longer_in(r->by_id[0], digits);
}

/* True if more digits could make another number of it. */
static bool search(struct search *s, struct cm_registry *r, const char *digits)
{
	const struct cm_trie_walk walk = { match, counts, s };
	bool more;

	*s = (struct search){ .r = r };
	if (!cm_pattern_is_one(digits)) /* a pattern's own text is no number */
		match(s, registry_first_of(r, digits), 0);
	more = cm_trie_find(&r->trie, digits, &walk);
	return longer_exists(r, digits) || more;
}

/* ---- where it is ---------------------------------------------------------------------------- */

static struct cm_forward forward_to(const struct forwards *f, const struct forwarded *to)
{
	struct cm_forward forward = { .to = to->to };

	if (to->css) {
		forward.scope = (struct cm_scope){ .css = { to->css }, .n = 1 };
		return forward;
	}
	while (forward.scope.n < CM_SCOPE_MAX && f->css[forward.scope.n]) {
		forward.scope.css[forward.scope.n] = f->css[forward.scope.n];
		forward.scope.n++;
	}
	return forward;
}

/* Of a number that is registered nowhere. CFUR is for phones; ports and route points have CFNA for
 * that (APF-04), and CFUR where it is not set. */
static struct cm_forward forward_of(const struct number *n, FeatureReason *reason)
{
	const struct forwards *f = n->forwards;
	bool cti = n->kind == DEVICE_KIND__DEVICE_CTI_PORT ||
		   n->kind == DEVICE_KIND__DEVICE_ROUTE_POINT;

	*reason = FEATURE_REASON__FORWARDNOANSWER;
	if (!f)
		return (struct cm_forward){ .to = NULL };
	if (f->cfa.to) {
		*reason = FEATURE_REASON__FORWARDALL;
		return forward_to(f, &f->cfa);
	}
	return forward_to(f, cti && f->cfna.to ? &f->cfna : &f->cfur);
}

static const struct cm_registration *is(const struct line *l)
{
	return &registry_place_of(l)->is;
}

/* The first line of its device in the list? */
static bool first_of_device(const struct number *n, const struct line *line)
{
	for (const struct line *l = n->lines; l != line; l = l->next_of_number)
		if (strcmp(is(l)->device, is(line)->device) == 0)
			return false;
	return true;
}

static size_t devices_of(const struct number *n)
{
	size_t devices = 0;

	for (const struct line *l = n->lines; l; l = l->next_of_number)
		devices += first_of_device(n, l);
	return devices;
}

static void found(struct cm_route *route, const struct cm_registry *r, const struct number *n)
{
	const struct cm_registration *best = NULL;
	size_t devices = devices_of(n);

	route->dn = n->dn;
	route->partition = registry_partition_name(r, n->partition);
	if (devices > 1) {
		route->result = DA_RESULT__DA_SHARED;
		return;
	}
	for (const struct line *l = n->lines; l; l = l->next_of_number)
		if (!best || cm_registration_prefers(is(l), best))
			best = is(l);
	if (best) {
		route->result = DA_RESULT__DA_ROUTE;
		route->node = best->node;
		return;
	}
	route->forward = forward_of(n, &route->reason);
	route->result = route->forward.to ? DA_RESULT__DA_FORWARD : DA_RESULT__DA_NONE;
	route->cause = CAUSE_CALL_DESTINATIONOUTOFORDER;
}

/* ---- patterns ------------------------------------------------------------------------------- */

static const char *set(const char *text)
{
	return text && text[0] ? text : NULL;
}

/* Discard, mask, prefix, in this order. False: nothing that can be dialled is left. */
static bool transform(const struct number *n, char called[CM_DN_SIZE])
{
	const PatternConfig *p = n->pattern;
	char digits[CM_DN_SIZE], masked[CM_DN_SIZE];
	size_t drop = p->has_discard_predot && p->discard_predot ? cm_pattern_predot(n->dn) : 0;
	int len;

	snprintf(digits, sizeof digits, "%s", called + (drop <= strlen(called) ? drop : 0));
	snprintf(masked, sizeof masked, "%s", digits);
	if (set(p->called_mask) && !cm_pattern_mask(masked, sizeof masked, p->called_mask, digits))
		return false;
	len = snprintf(called, CM_DN_SIZE, "%s%s", p->prefix ? p->prefix : "", masked);
	return len > 0 && len < CM_DN_SIZE;
}

static void show_as(const struct number *n, char calling[CM_DN_SIZE])
{
	char masked[CM_DN_SIZE];

	if (calling[0] && set(n->pattern->calling_mask) &&
	    cm_pattern_mask(masked, sizeof masked, n->pattern->calling_mask, calling))
		snprintf(calling, CM_DN_SIZE, "%s", masked);
}

static bool is_pattern(const struct number *n)
{
	return n->pattern && (n->usage == DB_USAGE_ROUTE || n->usage == DB_USAGE_TRANSLATION);
}

static bool urgent(const struct number *n)
{
	return is_pattern(n) && n->pattern->has_urgent && n->pattern->urgent;
}

static bool blocked(const struct number *n)
{
	return n->pattern->has_block && n->pattern->block;
}

static struct cm_route nowhere(uint32_t cause)
{
	return (struct cm_route){ .result = DA_RESULT__DA_NONE, .cause = cause };
}

/* A translation's result is looked for where the translation says, a route pattern's where the caller
 * may call; once digits are enough for a pattern, no more are waited for behind it. */
static struct cm_route route(struct cm_registry *r, const struct cm_query *q, int translations)
{
	struct cm_route to = { .result = DA_RESULT__DA_NONE };
	struct cm_query next = *q;
	struct search s;
	bool more;

	reach(r, &q->scope);
	more = search(&s, r, q->digits);
	if (!q->complete && more && !(s.best && urgent(s.best)))
		return (struct cm_route){ .result = DA_RESULT__DA_MORE };
	if (!s.best)
		return nowhere(CAUSE_CALL_UNALLOCATEDNUMBER);
	snprintf(to.called, sizeof to.called, "%s", q->digits);
	snprintf(to.calling, sizeof to.calling, "%s", q->calling ? q->calling : "");
	if (!is_pattern(s.best)) {
		found(&to, r, s.best);
		return to;
	}
	if (blocked(s.best) || translations == TRANSLATIONS_MAX)
		return nowhere(CAUSE_CALL_NOROUTETODDESTINATION);
	if (!transform(s.best, to.called))
		return nowhere(CAUSE_CALL_INVALIDNUMBERFORMAT);
	show_as(s.best, to.calling);
	next.digits = to.called;
	next.calling = to.calling;
	next.complete = true;
	if (s.best->usage == DB_USAGE_TRANSLATION)
		next.scope = cm_scope((char *[]){ s.best->pattern->css },
				      set(s.best->pattern->css) ? 1 : 0);
	return route(r, &next, translations + 1);
}

struct cm_route cm_registry_route(struct cm_registry *r, const struct cm_query *q)
{
	registry_refresh(r);
	return route(r, q, 0);
}

/* ---- lines ---------------------------------------------------------------------------------- */

void cm_registry_each_appearance(const struct cm_registry *r, const char *dn, const char *partition,
				 void (*each)(void *arg, const struct cm_registration *is),
				 void *arg)
{
	const struct number *n = registry_number(r, dn, partition);

	for (const struct line *l = n ? n->lines : NULL; l; l = l->next_of_number)
		if (first_of_device(n, l))
			each(arg, cm_registry_device(r, is(l)->device, 0));
}

struct sdl_pid cm_registry_line(const struct cm_registry *r, const char *dn, const char *partition,
				const char *device)
{
	const struct number *n = registry_number(r, dn, partition);

	for (const struct line *l = n ? n->lines : NULL; l; l = l->next_of_number)
		if (is(l)->node == r->node && (!device || strcmp(is(l)->device, device) == 0))
			return l->control;
	return (struct sdl_pid){ 0 };
}

void cm_registry_each_here(const struct cm_registry *r, const char *dn,
			   void (*each)(void *arg, const char *device), void *arg)
{
	for (const struct number *n = registry_first_of(r, dn); n; n = n->next_of_dn)
		for (const struct line *l = n->lines; l; l = l->next_of_number)
			if (is(l)->node == r->node)
				each(arg, is(l)->device);
}

void cm_registry_each_of(const struct cm_registry *r, const char *dn, const char *partition,
			 void (*each)(void *arg, const struct cm_registration *is), void *arg)
{
	const struct number *n = registry_number(r, dn, partition);

	for (const struct line *l = n ? n->lines : NULL; l; l = l->next_of_number)
		if (is(l)->node == r->node)
			each(arg, is(l));
}

struct cm_forward cm_registry_forward(const struct cm_registry *r, const char *dn,
				      const char *partition, FeatureReason *reason)
{
	const struct number *n = registry_number(r, dn, partition);

	*reason = FEATURE_REASON__FORWARDNOANSWER;
	return n ? forward_of(n, reason) : (struct cm_forward){ .to = NULL };
}
