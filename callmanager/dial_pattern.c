#include "callmanager/dial_pattern.h"

#include <stdlib.h>
#include <string.h>

#define DIGITS 0x3ffu /* 0 to 9 in CM_PATTERN_KEYS */

static uint32_t bit_of(char key)
{
	const char *at = key ? strchr(CM_PATTERN_KEYS, key) : NULL;

	return at ? 1u << (at - CM_PATTERN_KEYS) : 0;
}

/* ---- the language --------------------------------------------------------------------------- */

/* From behind the bracket; *end is set behind its end. 0: it is none. */
static uint32_t set_of(const char *text, const char **end)
{
	bool not = *text == '^';
	uint32_t set = 0;

	text += not ;
	for (; *text && *text != ']'; text++) {
		uint32_t from = bit_of(*text), to;

		if (!(from & (DIGITS | bit_of('*') | bit_of('#'))))
			return 0;
		if (text[1] != '-') {
			set |= from;
			continue;
		}
		to = bit_of(text[2]);
		if (to <= from || !(from & DIGITS) || !(to & DIGITS))
			return 0;
		set |= (to | (to - 1)) & ~(from - 1);
		text += 2;
	}
	if (*text != ']' || !set)
		return 0;
	*end = text + 1;
	return not ? DIGITS & ~set : set;
}

/* One element from *text on, which moves behind it. False: it is none. */
static bool element(struct cm_pattern_element *e, const char **text)
{
	const char *at = *text;

	*e = (struct cm_pattern_element){ 0 };
	*text = at + 1;
	switch (*at) {
	case 'X':
		e->set = DIGITS;
		break;
	case '!':
		e->set = DIGITS;
		e->many = true;
		break;
	case '[':
		e->set = set_of(at + 1, text);
		break;
	case '\\':
		e->set = at[1] == '+' ? bit_of('+') : 0;
		*text = at + 2;
		break;
	default:
		e->set = bit_of(*at);
		break;
	}
	return e->set != 0;
}

bool cm_pattern_parse(struct cm_pattern *p, const char *text)
{
	bool dotted = false;

	memset(p, 0, sizeof *p);
	while (*text) {
		if (p->n && p->element[p->n - 1].many && strcmp(text, "#") != 0)
			return false;
		if (*text == '.') {
			if (dotted)
				return false;
			dotted = true;
			p->dot = p->n;
			text++;
			continue;
		}
		if (p->n == CM_PATTERN_MAX || !element(&p->element[p->n++], &text))
			return false;
	}
	return p->n > 0;
}

bool cm_pattern_is_one(const char *text)
{
	return text[strspn(text, CM_PATTERN_KEYS)] != '\0';
}

size_t cm_pattern_predot(const char *text)
{
	struct cm_pattern p;

	return cm_pattern_parse(&p, text) ? p.dot : 0;
}

bool cm_pattern_mask(char *out, size_t size, const char *mask, const char *digits)
{
	size_t m = strlen(mask), d = strlen(digits);

	if (m >= size)
		return false;
	out[m] = '\0';
	while (m-- > 0) {
		char digit = d ? digits[--d] : '\0';

		out[m] = mask[m] == 'X' ? digit : mask[m];
		if (!out[m]) { /* fewer digits than X: the mask has no more to say */
			memmove(out, out + m + 1, strlen(out + m + 1) + 1);
			return true;
		}
	}
	return true;
}

/* ---- the trie ------------------------------------------------------------------------------- */

struct thing {
	struct thing *next;
	void *what;
};

struct cm_trie_node {
	struct cm_trie_node *sibling;
	struct cm_trie_node *child;
	struct thing *things; /* whose pattern ends here */
	struct cm_pattern_element element;
};

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

static struct cm_trie_node *child_of(struct cm_trie_node **children, struct cm_pattern_element e)
{
	struct cm_trie_node *node;

	for (node = *children; node; node = node->sibling)
		if (node->element.set == e.set && node->element.many == e.many)
			return node;
	node = must(calloc(1, sizeof *node));
	node->element = e;
	node->sibling = *children;
	*children = node;
	return node;
}

bool cm_trie_add(struct cm_trie *t, const char *text, void *what)
{
	struct cm_trie_node **children = &t->root, *node = NULL;
	struct cm_pattern p;
	struct thing *thing;

	if (!cm_pattern_parse(&p, text))
		return false;
	for (size_t i = 0; i < p.n; i++) {
		node = child_of(children, p.element[i]);
		children = &node->child;
	}
	thing = must(calloc(1, sizeof *thing));
	thing->what = what;
	thing->next = node->things;
	node->things = thing;
	return true;
}

static void node_free(struct cm_trie_node *node)
{
	while (node) {
		struct cm_trie_node *next = node->sibling;

		while (node->things) {
			struct thing *thing = node->things;

			node->things = thing->next;
			free(thing);
		}
		node_free(node->child);
		free(node);
		node = next;
	}
}

void cm_trie_free(struct cm_trie *t)
{
	node_free(t->root);
	t->root = NULL;
}

static bool ends_well(const struct cm_trie_node *node, const struct cm_trie_walk *walk)
{
	for (const struct thing *thing = node->things; thing; thing = thing->next)
		if (walk->counts(walk->arg, thing->what))
			return true;
	return false;
}

static bool any_below(const struct cm_trie_node *node, const struct cm_trie_walk *walk)
{
	for (; node; node = node->sibling)
		if (ends_well(node, walk) || any_below(node->child, walk))
			return true;
	return false;
}

/* The logarithm of how many keys an element could have been, as a whole number. */
static unsigned looseness(uint32_t set)
{
	static const unsigned ln[] = { 0,    0,	   693,	 1099, 1386, 1609,
				       1792, 1946, 2079, 2197, 2303, 2398 };
	unsigned n = 0;

	for (; set; set &= set - 1)
		n++;
	return ln[n < 12 ? n : 11];
}

static bool find(const struct cm_trie_node *children, const char *digits, unsigned loose,
		 const struct cm_trie_walk *walk);

/* The digits up to here have been taken, the last of them by the node. */
static bool find_from(const struct cm_trie_node *node, const char *digits, unsigned loose,
		      const struct cm_trie_walk *walk)
{
	bool more = false;

	if (!*digits)
		for (const struct thing *thing = node->things; thing; thing = thing->next)
			walk->match(walk->arg, thing->what, loose);
	if (node->element.many) {
		if (!*digits)
			more = ends_well(node, walk);
		else if (bit_of(*digits) & node->element.set)
			more = find_from(node, digits + 1, loose + looseness(node->element.set) + 1,
					 walk);
	}
	return find(node->child, digits, loose, walk) || more;
}

static bool find(const struct cm_trie_node *children, const char *digits, unsigned loose,
		 const struct cm_trie_walk *walk)
{
	bool more = false;

	if (!*digits)
		return any_below(children, walk);
	for (const struct cm_trie_node *node = children; node; node = node->sibling)
		if (bit_of(*digits) & node->element.set)
			more |= find_from(node, digits + 1,
					  loose + looseness(node->element.set) + node->element.many,
					  walk);
	return more;
}

bool cm_trie_find(const struct cm_trie *t, const char *digits, const struct cm_trie_walk *walk)
{
	return find(t->root, digits, 0, walk);
}
