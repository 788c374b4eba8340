/* scope.h - whose calling search spaces count for a call: their names, first to last.
 *
 * A phone's line has its own, then that of its device; a CTI port or route point the other way
 * round. A forward has one of its own, or that of its line. What the names mean the digit analysis
 * of each node knows, so a scope travels with a call. Numbers without partition are in every scope.
 *
 * The names are borrowed from where they were read.
 *
 * Source: CAL-01; callingsearchspace, callingsearchspacemember of domain.md 8.
 */
#ifndef CALLMANAGER_SCOPE_H
#define CALLMANAGER_SCOPE_H

#include "common/msg/messages.h"

#define CM_SCOPE_MAX 2

struct cm_scope {
	const char *css[CM_SCOPE_MAX];
	size_t n;
};

static inline struct cm_scope cm_scope(char **css, size_t n)
{
	struct cm_scope scope = { .n = n < CM_SCOPE_MAX ? n : CM_SCOPE_MAX };

	for (size_t i = 0; i < scope.n; i++)
		scope.css[i] = css[i];
	return scope;
}

/* NULL: none. */
static inline struct cm_scope cm_scope_of(const CcScope *msg)
{
	return msg ? cm_scope(msg->css, msg->n_css) : (struct cm_scope){ .n = 0 };
}

/* To be packed while scope lives. */
static inline CcScope cm_scope_message(const struct cm_scope *scope)
{
	CcScope msg = CC_SCOPE__INIT;

	msg.css = (char **)scope->css;
	msg.n_css = scope->n;
	return msg;
}

#endif
