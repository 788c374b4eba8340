/* cause: causes, reasons and states that travel as numbers, from the one table cause.def. What
 * travels as an enumeration of a message (OutOfServiceCause, CtiCallState ...) is named there.
 *
 * Enumerators are CAUSE_<SET>_<ID>: CAUSE_CALL_USERBUSY is 17. The sets are told
 * in cause.def. Names are what applications, scenarios and traces see.
 */
#ifndef COMMON_BASE_CAUSE_H
#define COMMON_BASE_CAUSE_H

#include <stddef.h>

enum cause_set {
	CAUSE_CALL,    /* call cause: Q.850 and 200.. */
	CAUSE_UNREG,   /* device unregistered */
	CAUSE_REGFAIL, /* registration refused */
	CAUSE_INIT,    /* InitializationState of a CallManager */
	CAUSE_SETS,
};

enum cause {
#define CAUSE(set, id, name, value) CAUSE_##set##_##id = value,
#include "common/base/cause.def"
#undef CAUSE
};

/* The name of a value, "UNDEFINED" if the set has no such value. */
const char *cause_name(enum cause_set set, int value);

/* Finds a name in a set: 0 and the value, or -1. */
int cause_by_name(enum cause_set set, const char *name, int *value);

/* The i-th entry of a set, for documents and tests: its name and value, or NULL past the end. */
const char *cause_at(enum cause_set set, size_t i, int *value);

#endif
